//! Permissions and owners: `chmod`, `chown` and their kin.

use nodecore_error::Result;
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};

use crate::descriptor::{Fd, valid};
use crate::path_arg::{PathArg, c_path};

/// Sets the permissions of `path`.
///
/// Node: [`fs.chmodSync`](https://nodejs.org/api/fs.html#fschmodsyncpath-mode).
///
/// # Errors
/// [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue) for a path with NUL; otherwise the system's.
pub fn chmod_sync(path: impl PathArg, mode: u32) -> Result<()> {
    chmod_op(&path, mode)?.run_sync()
}

/// As [`chmod_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn chmod(
    lp: &EventLoop,
    path: impl PathArg,
    mode: u32,
    done: impl FnOnce(Result<()>) + 'static,
) -> Result<Request> {
    Ok(chmod_op(&path, mode)?.spawn(lp, done))
}

/// Sets the permissions of an open file.
///
/// Node: [`fs.fchmodSync`](https://nodejs.org/api/fs.html#fsfchmodsyncfd-mode).
///
/// # Errors
/// [`Code::OutOfRange`](nodecore_error::Code::OutOfRange) for a negative descriptor; otherwise the system's.
pub fn fchmod_sync(fd: Fd, mode: u32) -> Result<()> {
    fchmod_op(fd, mode)?.run_sync()
}

/// As [`fchmod_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn fchmod(lp: &EventLoop, fd: Fd, mode: u32, done: impl FnOnce(Result<()>) + 'static) -> Result<Request> {
    Ok(fchmod_op(fd, mode)?.spawn(lp, done))
}

/// Sets the owner and group of `path`; `u32::MAX` leaves one as it is, as -1 does in Node.
///
/// Node: [`fs.chownSync`](https://nodejs.org/api/fs.html#fschownsyncpath-uid-gid).
///
/// # Errors
/// [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue) for a path with NUL; otherwise the system's.
pub fn chown_sync(path: impl PathArg, uid: u32, gid: u32) -> Result<()> {
    chown_op(&path, uid, gid)?.run_sync()
}

/// As [`chown_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn chown(
    lp: &EventLoop,
    path: impl PathArg,
    uid: u32,
    gid: u32,
    done: impl FnOnce(Result<()>) + 'static,
) -> Result<Request> {
    Ok(chown_op(&path, uid, gid)?.spawn(lp, done))
}

/// As [`chown_sync`], of an open file.
///
/// Node: [`fs.fchownSync`](https://nodejs.org/api/fs.html#fsfchownsyncfd-uid-gid).
///
/// # Errors
/// [`Code::OutOfRange`](nodecore_error::Code::OutOfRange) for a negative descriptor; otherwise the system's.
pub fn fchown_sync(fd: Fd, uid: u32, gid: u32) -> Result<()> {
    fchown_op(fd, uid, gid)?.run_sync()
}

/// As [`fchown_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn fchown(
    lp: &EventLoop,
    fd: Fd,
    uid: u32,
    gid: u32,
    done: impl FnOnce(Result<()>) + 'static,
) -> Result<Request> {
    Ok(fchown_op(fd, uid, gid)?.spawn(lp, done))
}

/// As [`chown_sync`], of a symbolic link itself.
///
/// Node: [`fs.lchownSync`](https://nodejs.org/api/fs.html#fslchownsyncpath-uid-gid).
///
/// # Errors
/// [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue) for a path with NUL; otherwise the system's.
pub fn lchown_sync(path: impl PathArg, uid: u32, gid: u32) -> Result<()> {
    lchown_op(&path, uid, gid)?.run_sync()
}

/// As [`lchown_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn lchown(
    lp: &EventLoop,
    path: impl PathArg,
    uid: u32,
    gid: u32,
    done: impl FnOnce(Result<()>) + 'static,
) -> Result<Request> {
    Ok(lchown_op(&path, uid, gid)?.spawn(lp, done))
}

pub(crate) mod promises {
    use nodecore_event_loop::EventLoop;

    use crate::descriptor::Fd;
    use crate::path_arg::PathArg;
    use crate::promise::{Promise, promise};

    /// As [`chmod_sync`](crate::chmod_sync()), as a future.
    pub fn chmod(lp: &EventLoop, path: impl PathArg, mode: u32) -> Promise<()> {
        promise(lp, super::chmod_op(&path, mode))
    }

    /// As [`fchmod_sync`](crate::fchmod_sync()), as a future.
    pub fn fchmod(lp: &EventLoop, fd: Fd, mode: u32) -> Promise<()> {
        promise(lp, super::fchmod_op(fd, mode))
    }

    /// As [`chown_sync`](crate::chown_sync()), as a future.
    pub fn chown(lp: &EventLoop, path: impl PathArg, uid: u32, gid: u32) -> Promise<()> {
        promise(lp, super::chown_op(&path, uid, gid))
    }

    /// As [`fchown_sync`](crate::fchown_sync()), as a future.
    pub fn fchown(lp: &EventLoop, fd: Fd, uid: u32, gid: u32) -> Promise<()> {
        promise(lp, super::fchown_op(fd, uid, gid))
    }

    /// As [`lchown_sync`](crate::lchown_sync()), as a future.
    pub fn lchown(lp: &EventLoop, path: impl PathArg, uid: u32, gid: u32) -> Promise<()> {
        promise(lp, super::lchown_op(&path, uid, gid))
    }
}

fn chmod_op(path: &impl PathArg, mode: u32) -> Result<impl Operation<Output = ()>> {
    let path = c_path(path, "path")?;
    Ok(blocking(move || uv::chmod(&path, mode).map_err(|error| error.with_path(path.as_bytes()))))
}

pub(crate) fn fchmod_op(fd: Fd, mode: u32) -> Result<impl Operation<Output = ()>> {
    let fd = valid(fd)?;
    Ok(blocking(move || uv::fchmod(fd, mode)))
}

fn chown_op(path: &impl PathArg, uid: u32, gid: u32) -> Result<impl Operation<Output = ()>> {
    let path = c_path(path, "path")?;
    Ok(blocking(move || uv::chown(&path, uid, gid).map_err(|error| error.with_path(path.as_bytes()))))
}

pub(crate) fn fchown_op(fd: Fd, uid: u32, gid: u32) -> Result<impl Operation<Output = ()>> {
    let fd = valid(fd)?;
    Ok(blocking(move || uv::fchown(fd, uid, gid)))
}

fn lchown_op(path: &impl PathArg, uid: u32, gid: u32) -> Result<impl Operation<Output = ()>> {
    let path = c_path(path, "path")?;
    Ok(blocking(move || uv::lchown(&path, uid, gid).map_err(|error| error.with_path(path.as_bytes()))))
}
