//! `rename`.

use nodecore_error::Result;
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};

use crate::path_arg::{PathArg, c_path};

/// Renames `old_path` to `new_path`, which is replaced if it is there.
///
/// Node: [`fs.renameSync`](https://nodejs.org/api/fs.html#fsrenamesyncoldpath-newpath).
///
/// # Errors
/// [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue) for a path with NUL; otherwise the system's.
pub fn rename_sync(old_path: impl PathArg, new_path: impl PathArg) -> Result<()> {
    rename_op(&old_path, &new_path)?.run_sync()
}

/// As [`rename_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn rename(
    lp: &EventLoop,
    old_path: impl PathArg,
    new_path: impl PathArg,
    done: impl FnOnce(Result<()>) + 'static,
) -> Result<Request> {
    Ok(rename_op(&old_path, &new_path)?.spawn(lp, done))
}

pub(crate) mod promises {
    use nodecore_event_loop::EventLoop;

    use crate::path_arg::PathArg;
    use crate::promise::{Promise, promise};

    /// As [`rename_sync`](crate::rename_sync()), as a future.
    pub fn rename(lp: &EventLoop, old_path: impl PathArg, new_path: impl PathArg) -> Promise<()> {
        promise(lp, super::rename_op(&old_path, &new_path))
    }
}

fn rename_op(old_path: &impl PathArg, new_path: &impl PathArg) -> Result<impl Operation<Output = ()>> {
    let (old_path, new_path) = (c_path(old_path, "oldPath")?, c_path(new_path, "newPath")?);
    Ok(blocking(move || {
        uv::rename(&old_path, &new_path)
            .map_err(|error| error.with_path(old_path.as_bytes()).with_dest(new_path.as_bytes()))
    }))
}
