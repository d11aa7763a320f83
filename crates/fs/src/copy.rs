//! `copyFile`.

use nodecore_error::Result;
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};

use crate::access::valid_mode;
use crate::path_arg::{PathArg, c_path};

/// Copies the file `src` to `dest`, contents and permissions. `mode` is 0, or `COPYFILE_*` of
/// [`constants`](crate::constants) combined.
///
/// Node: [`fs.copyFileSync`](https://nodejs.org/api/fs.html#fscopyfilesyncsrc-dest-mode).
///
/// # Errors
/// [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue) for a path with NUL,
/// [`Code::OutOfRange`](nodecore_error::Code::OutOfRange) for a mode that is none; otherwise the system's.
pub fn copy_file_sync(src: impl PathArg, dest: impl PathArg, mode: i32) -> Result<()> {
    copy_file_op(&src, &dest, mode)?.run_sync()
}

/// As [`copy_file_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn copy_file(
    lp: &EventLoop,
    src: impl PathArg,
    dest: impl PathArg,
    mode: i32,
    done: impl FnOnce(Result<()>) + 'static,
) -> Result<Request> {
    Ok(copy_file_op(&src, &dest, mode)?.spawn(lp, done))
}

pub(crate) mod promises {
    use nodecore_event_loop::EventLoop;

    use crate::path_arg::PathArg;
    use crate::promise::{Promise, promise};

    /// As [`copy_file_sync`](crate::copy_file_sync()), as a future.
    pub fn copy_file(lp: &EventLoop, src: impl PathArg, dest: impl PathArg, mode: i32) -> Promise<()> {
        promise(lp, super::copy_file_op(&src, &dest, mode))
    }
}

fn copy_file_op(src: &impl PathArg, dest: &impl PathArg, mode: i32) -> Result<impl Operation<Output = ()>> {
    let (src, dest) = (c_path(src, "src")?, c_path(dest, "dest")?);
    let mode = valid_mode(mode)?;
    Ok(blocking(move || {
        uv::copyfile(&src, &dest, mode)
            .map_err(|error| error.with_path(src.as_bytes()).with_dest(dest.as_bytes()))
    }))
}
