//! `truncate` and `ftruncate`.

use nodecore_error::Result;
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};

use crate::descriptor::{Fd, valid};
use crate::flags::Flags;
use crate::open::open_path;
use crate::path_arg::{PathArg, c_path};

/// Makes an open file `len` bytes long: cut, or filled up with zeros.
///
/// Node: [`fs.ftruncateSync`](https://nodejs.org/api/fs.html#fsftruncatesyncfd-len).
///
/// # Errors
/// [`Code::OutOfRange`](nodecore_error::Code::OutOfRange) for a negative descriptor; otherwise the system's.
pub fn ftruncate_sync(fd: Fd, len: u64) -> Result<()> {
    ftruncate_op(fd, len)?.run_sync()
}

/// As [`ftruncate_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn ftruncate(
    lp: &EventLoop,
    fd: Fd,
    len: u64,
    done: impl FnOnce(Result<()>) + 'static,
) -> Result<Request> {
    Ok(ftruncate_op(fd, len)?.spawn(lp, done))
}

/// Makes the file `path` `len` bytes long: cut, or filled up with zeros.
///
/// Node: [`fs.truncateSync`](https://nodejs.org/api/fs.html#fstruncatesyncpath-len).
///
/// # Errors
/// [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue) for a path with NUL; otherwise the system's.
pub fn truncate_sync(path: impl PathArg, len: u64) -> Result<()> {
    truncate_op(&path, len)?.run_sync()
}

/// As [`truncate_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn truncate(
    lp: &EventLoop,
    path: impl PathArg,
    len: u64,
    done: impl FnOnce(Result<()>) + 'static,
) -> Result<Request> {
    Ok(truncate_op(&path, len)?.spawn(lp, done))
}

pub(crate) mod promises {
    use nodecore_event_loop::EventLoop;

    use crate::descriptor::Fd;
    use crate::path_arg::PathArg;
    use crate::promise::{Promise, promise};

    /// As [`ftruncate_sync`](crate::ftruncate_sync()), as a future.
    pub fn ftruncate(lp: &EventLoop, fd: Fd, len: u64) -> Promise<()> {
        promise(lp, super::ftruncate_op(fd, len))
    }

    /// As [`truncate_sync`](crate::truncate_sync()), as a future.
    pub fn truncate(lp: &EventLoop, path: impl PathArg, len: u64) -> Promise<()> {
        promise(lp, super::truncate_op(&path, len))
    }
}

pub(crate) fn ftruncate_op(fd: Fd, len: u64) -> Result<impl Operation<Output = ()>> {
    let fd = valid(fd)?;
    Ok(blocking(move || uv::ftruncate(fd, len)))
}

fn truncate_op(path: &impl PathArg, len: u64) -> Result<impl Operation<Output = ()>> {
    let path = c_path(path, "path")?;
    Ok(blocking(move || {
        let file = open_path(&path, Flags::R_PLUS, 0o666)?;
        uv::ftruncate(file.fd(), len)?;
        file.close()
    }))
}
