//! `unlink` and `rmdir`.

use nodecore_error::Result;
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};

use crate::path_arg::{PathArg, c_path};

/// Removes the empty directory `path`.
///
/// Node: [`fs.rmdirSync`](https://nodejs.org/api/fs.html#fsrmdirsyncpath-options).
///
/// # Errors
/// [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue) for a path with NUL; otherwise the system's.
pub fn rmdir_sync(path: impl PathArg) -> Result<()> {
    rmdir_op(&path)?.run_sync()
}

/// As [`rmdir_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn rmdir(lp: &EventLoop, path: impl PathArg, done: impl FnOnce(Result<()>) + 'static) -> Result<Request> {
    Ok(rmdir_op(&path)?.spawn(lp, done))
}

/// Removes a file or a symbolic link.
///
/// Node: [`fs.unlinkSync`](https://nodejs.org/api/fs.html#fsunlinksyncpath).
///
/// # Errors
/// [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue) for a path with NUL; otherwise the system's.
pub fn unlink_sync(path: impl PathArg) -> Result<()> {
    unlink_op(&path)?.run_sync()
}

/// As [`unlink_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn unlink(
    lp: &EventLoop,
    path: impl PathArg,
    done: impl FnOnce(Result<()>) + 'static,
) -> Result<Request> {
    Ok(unlink_op(&path)?.spawn(lp, done))
}

pub(crate) mod promises {
    use nodecore_event_loop::EventLoop;

    use crate::path_arg::PathArg;
    use crate::promise::{Promise, promise};

    /// As [`rmdir_sync`](crate::rmdir_sync()), as a future.
    pub fn rmdir(lp: &EventLoop, path: impl PathArg) -> Promise<()> {
        promise(lp, super::rmdir_op(&path))
    }

    /// As [`unlink_sync`](crate::unlink_sync()), as a future.
    pub fn unlink(lp: &EventLoop, path: impl PathArg) -> Promise<()> {
        promise(lp, super::unlink_op(&path))
    }
}

fn rmdir_op(path: &impl PathArg) -> Result<impl Operation<Output = ()>> {
    let path = c_path(path, "path")?;
    Ok(blocking(move || uv::rmdir(&path).map_err(|error| error.with_path(path.as_bytes()))))
}

fn unlink_op(path: &impl PathArg) -> Result<impl Operation<Output = ()>> {
    let path = c_path(path, "path")?;
    Ok(blocking(move || uv::unlink(&path).map_err(|error| error.with_path(path.as_bytes()))))
}
