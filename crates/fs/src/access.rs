//! `access` and `exists`.

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};

use crate::path_arg::{PathArg, c_path};

/// Asks whether this process may use `path` as `mode` says: `F_OK` (is it there), or `R_OK`, `W_OK`, `X_OK` of
/// [`constants`](crate::constants) combined.
///
/// Node: [`fs.accessSync`](https://nodejs.org/api/fs.html#fsaccesssyncpath-mode).
///
/// # Errors
/// [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue) for a path with NUL,
/// [`Code::OutOfRange`](nodecore_error::Code::OutOfRange) for a mode that is none; otherwise the system's.
pub fn access_sync(path: impl PathArg, mode: i32) -> Result<()> {
    access_op(&path, mode)?.run_sync()
}

/// As [`access_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn access(
    lp: &EventLoop,
    path: impl PathArg,
    mode: i32,
    done: impl FnOnce(Result<()>) + 'static,
) -> Result<Request> {
    Ok(access_op(&path, mode)?.spawn(lp, done))
}

pub(crate) mod promises {
    use nodecore_event_loop::EventLoop;

    use crate::path_arg::PathArg;
    use crate::promise::{Promise, promise};

    /// As [`access_sync`](crate::access_sync()), as a future.
    pub fn access(lp: &EventLoop, path: impl PathArg, mode: i32) -> Promise<()> {
        promise(lp, super::access_op(&path, mode))
    }
}

fn access_op(path: &impl PathArg, mode: i32) -> Result<impl Operation<Output = ()>> {
    let path = c_path(path, "path")?;
    let mode = valid_mode(mode)?;
    Ok(blocking(move || uv::access(&path, mode).map_err(|error| error.with_path(path.as_bytes()))))
}

/// Whether there is anything at `path`, symbolic links followed. Any failure means no.
///
/// Node: [`fs.existsSync`](https://nodejs.org/api/fs.html#fsexistssyncpath).
pub fn exists_sync(path: impl PathArg) -> bool {
    c_path(&path, "path").is_ok_and(|path| uv::accessible(&path, 0))
}

/// As [`exists_sync`]; `done` is called once, later, from the loop.
///
/// Node: [`fs.exists`](https://nodejs.org/api/fs.html#fsexistspath-callback), deprecated there.
pub fn exists(lp: &EventLoop, path: impl PathArg, done: impl FnOnce(bool) + 'static) -> Request {
    let path = c_path(&path, "path");
    let operation = blocking(move || Ok(path.is_ok_and(|path| uv::accessible(&path, 0))));
    operation.spawn(lp, |found| done(found.unwrap_or(false)))
}

/// Node checks the modes of `access` and `copyFile` alike, in the same words.
pub(crate) fn valid_mode(mode: i32) -> Result<i32> {
    if (0..=7).contains(&mode) {
        return Ok(mode);
    }
    Err(Error::new(Code::OutOfRange, "mode is out of range: >= 0 && <= 7"))
}
