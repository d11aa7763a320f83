//! `fsync` and `fdatasync`.

use nodecore_error::Result;
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};

use crate::descriptor::{Fd, valid};

/// Waits until the data of an open file are on the device.
///
/// Node: [`fs.fdatasyncSync`](https://nodejs.org/api/fs.html#fsfdatasyncsyncfd).
///
/// # Errors
/// [`Code::OutOfRange`](nodecore_error::Code::OutOfRange) for a negative descriptor; otherwise the system's.
pub fn fdatasync_sync(fd: Fd) -> Result<()> {
    fdatasync_op(fd)?.run_sync()
}

/// As [`fdatasync_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn fdatasync(lp: &EventLoop, fd: Fd, done: impl FnOnce(Result<()>) + 'static) -> Result<Request> {
    Ok(fdatasync_op(fd)?.spawn(lp, done))
}

/// Waits until data and metadata of an open file are on the device.
///
/// Node: [`fs.fsyncSync`](https://nodejs.org/api/fs.html#fsfsyncsyncfd).
///
/// # Errors
/// [`Code::OutOfRange`](nodecore_error::Code::OutOfRange) for a negative descriptor; otherwise the system's.
pub fn fsync_sync(fd: Fd) -> Result<()> {
    fsync_op(fd)?.run_sync()
}

/// As [`fsync_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn fsync(lp: &EventLoop, fd: Fd, done: impl FnOnce(Result<()>) + 'static) -> Result<Request> {
    Ok(fsync_op(fd)?.spawn(lp, done))
}

pub(crate) mod promises {
    use nodecore_event_loop::EventLoop;

    use crate::descriptor::Fd;
    use crate::promise::{Promise, promise};

    /// As [`fdatasync_sync`](crate::fdatasync_sync()), as a future.
    pub fn fdatasync(lp: &EventLoop, fd: Fd) -> Promise<()> {
        promise(lp, super::fdatasync_op(fd))
    }

    /// As [`fsync_sync`](crate::fsync_sync()), as a future.
    pub fn fsync(lp: &EventLoop, fd: Fd) -> Promise<()> {
        promise(lp, super::fsync_op(fd))
    }
}

pub(crate) fn fdatasync_op(fd: Fd) -> Result<impl Operation<Output = ()>> {
    let fd = valid(fd)?;
    Ok(blocking(move || uv::fdatasync(fd)))
}

pub(crate) fn fsync_op(fd: Fd) -> Result<impl Operation<Output = ()>> {
    let fd = valid(fd)?;
    Ok(blocking(move || uv::fsync(fd)))
}
