//! `stat`, `lstat`, `fstat` and `statfs`.

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};
use nodecore_events::AbortSignal;

use crate::abort;
use crate::descriptor::{Fd, valid};
use crate::path_arg::{PathArg, c_path};
use crate::stats::{StatFs, Stats};

/// Information about an open file.
///
/// Node: [`fs.fstatSync`](https://nodejs.org/api/fs.html#fsfstatsyncfd-options).
///
/// # Errors
/// [`Code::OutOfRange`](nodecore_error::Code::OutOfRange) for a negative descriptor; otherwise the system's.
pub fn fstat_sync(fd: Fd) -> Result<Stats> {
    fstat_op(fd)?.run_sync()
}

/// As [`fstat_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn fstat(lp: &EventLoop, fd: Fd, done: impl FnOnce(Result<Stats>) + 'static) -> Result<Request> {
    Ok(fstat_op(fd)?.spawn(lp, done))
}

/// As [`fstat`], until `signal` is aborted; `done` then gets an [`AbortError`](nodecore_error::Code::Abort). Node: the option
/// `signal`.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn fstat_until(
    lp: &EventLoop,
    fd: Fd,
    signal: &AbortSignal,
    done: impl FnOnce(Result<Stats>) + 'static,
) -> Result<Request> {
    Ok(abort::spawn(lp, Some(signal), fstat_op(fd)?, done))
}

/// Information about `path`, about the link itself if it is a symbolic link.
///
/// Node: [`fs.lstatSync`](https://nodejs.org/api/fs.html#fslstatsyncpath-options).
///
/// # Errors
/// [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue) for a path with NUL; otherwise the system's.
pub fn lstat_sync(path: impl PathArg) -> Result<Stats> {
    lstat_op(&path)?.run_sync()
}

/// As [`lstat_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn lstat(
    lp: &EventLoop,
    path: impl PathArg,
    done: impl FnOnce(Result<Stats>) + 'static,
) -> Result<Request> {
    Ok(lstat_op(&path)?.spawn(lp, done))
}

/// As [`lstat`], until `signal` is aborted; `done` then gets an [`AbortError`](nodecore_error::Code::Abort). Node: the option
/// `signal`.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn lstat_until(
    lp: &EventLoop,
    path: impl PathArg,
    signal: &AbortSignal,
    done: impl FnOnce(Result<Stats>) + 'static,
) -> Result<Request> {
    Ok(abort::spawn(lp, Some(signal), lstat_op(&path)?, done))
}

/// Information about `path`, symbolic links followed.
///
/// Node: [`fs.statSync`](https://nodejs.org/api/fs.html#fsstatsyncpath-options).
///
/// # Errors
/// [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue) for a path with NUL; otherwise the system's.
///
/// # Examples
/// ```
/// let stats = nodecore_fs::stat_sync("Cargo.toml")?;
/// assert!(stats.is_file() && stats.size() > 0);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn stat_sync(path: impl PathArg) -> Result<Stats> {
    stat_op(&path)?.run_sync()
}

/// As [`stat_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn stat(
    lp: &EventLoop,
    path: impl PathArg,
    done: impl FnOnce(Result<Stats>) + 'static,
) -> Result<Request> {
    Ok(stat_op(&path)?.spawn(lp, done))
}

/// As [`stat`], until `signal` is aborted; `done` then gets an [`AbortError`](nodecore_error::Code::Abort). Node: the option
/// `signal`.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn stat_until(
    lp: &EventLoop,
    path: impl PathArg,
    signal: &AbortSignal,
    done: impl FnOnce(Result<Stats>) + 'static,
) -> Result<Request> {
    Ok(abort::spawn(lp, Some(signal), stat_op(&path)?, done))
}

/// Information about the file system that holds `path`.
///
/// Node: [`fs.statfsSync`](https://nodejs.org/api/fs.html#fsstatfssyncpath-options).
///
/// # Errors
/// [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue) for a path with NUL; otherwise the system's.
pub fn statfs_sync(path: impl PathArg) -> Result<StatFs> {
    statfs_op(&path)?.run_sync()
}

/// As [`statfs_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn statfs(
    lp: &EventLoop,
    path: impl PathArg,
    done: impl FnOnce(Result<StatFs>) + 'static,
) -> Result<Request> {
    Ok(statfs_op(&path)?.spawn(lp, done))
}

pub(crate) mod promises {
    use nodecore_event_loop::EventLoop;
    use nodecore_events::AbortSignal;

    use crate::descriptor::Fd;
    use crate::path_arg::PathArg;
    use crate::promise::{Promise, abortable, promise};
    use crate::stats::{StatFs, Stats};

    /// As [`fstat_sync`](crate::fstat_sync()), as a future.
    pub fn fstat(lp: &EventLoop, fd: Fd) -> Promise<Stats> {
        promise(lp, super::fstat_op(fd))
    }

    /// As [`fstat_until`](crate::fstat_until()), as a future.
    pub fn fstat_until(lp: &EventLoop, fd: Fd, signal: &AbortSignal) -> Promise<Stats> {
        abortable(lp, Some(signal), super::fstat_op(fd))
    }

    /// As [`lstat_sync`](crate::lstat_sync()), as a future.
    pub fn lstat(lp: &EventLoop, path: impl PathArg) -> Promise<Stats> {
        promise(lp, super::lstat_op(&path))
    }

    /// As [`lstat_until`](crate::lstat_until()), as a future.
    pub fn lstat_until(lp: &EventLoop, path: impl PathArg, signal: &AbortSignal) -> Promise<Stats> {
        abortable(lp, Some(signal), super::lstat_op(&path))
    }

    /// As [`stat_sync`](crate::stat_sync()), as a future.
    pub fn stat(lp: &EventLoop, path: impl PathArg) -> Promise<Stats> {
        promise(lp, super::stat_op(&path))
    }

    /// As [`stat_until`](crate::stat_until()), as a future.
    pub fn stat_until(lp: &EventLoop, path: impl PathArg, signal: &AbortSignal) -> Promise<Stats> {
        abortable(lp, Some(signal), super::stat_op(&path))
    }

    /// As [`statfs_sync`](crate::statfs_sync()), as a future.
    pub fn statfs(lp: &EventLoop, path: impl PathArg) -> Promise<StatFs> {
        promise(lp, super::statfs_op(&path))
    }
}

pub(crate) fn fstat_op(fd: Fd) -> Result<impl Operation<Output = Stats>> {
    let fd = valid(fd)?;
    Ok(blocking(move || uv::fstat(fd).map(Stats::from)))
}

fn lstat_op(path: &impl PathArg) -> Result<impl Operation<Output = Stats>> {
    let path = c_path(path, "path")?;
    Ok(blocking(move || uv::lstat(&path).map_err(|error| error.with_path(path.as_bytes())).map(Stats::from)))
}

fn stat_op(path: &impl PathArg) -> Result<impl Operation<Output = Stats>> {
    let path = c_path(path, "path")?;
    Ok(blocking(move || uv::stat(&path).map_err(|error| error.with_path(path.as_bytes())).map(Stats::from)))
}

fn statfs_op(path: &impl PathArg) -> Result<impl Operation<Output = StatFs>> {
    let path = c_path(path, "path")?;
    Ok(blocking(move || {
        uv::statfs(&path).map_err(|error| error.with_path(path.as_bytes())).map(StatFs::from)
    }))
}

/// What Node gives with `throwIfNoEntry: false`: None where nothing is there.
///
/// ```
/// use nodecore_fs::{if_there, stat_sync};
///
/// assert_eq!(if_there(stat_sync("Cargo.toml/none"))?, None);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
///
/// # Errors
/// Every other error of `result`.
pub fn if_there(result: Result<Stats>) -> Result<Option<Stats>> {
    match result {
        Ok(stats) => Ok(Some(stats)),
        Err(error) if is_absence(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether an error means that nothing is there.
pub(crate) fn is_absence(error: &Error) -> bool {
    matches!(error.code(), Code::ENOENT | Code::ENOTDIR)
}
