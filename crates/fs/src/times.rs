//! Times of access and change: `utimes` and its kin.

use std::time::SystemTime;

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};

use crate::descriptor::{Fd, valid};
use crate::path_arg::{PathArg, c_path};

/// A time to set: seconds since the epoch as `f64`, or a [`SystemTime`].
///
/// As in Node a negative number means now, and what is no finite number is refused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FileTime(Given);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Given {
    Number(f64),
    Date(f64),
}

impl From<f64> for FileTime {
    fn from(seconds: f64) -> FileTime {
        FileTime(Given::Number(seconds))
    }
}

impl From<SystemTime> for FileTime {
    fn from(time: SystemTime) -> FileTime {
        FileTime(Given::Date(since_epoch(time)))
    }
}

impl FileTime {
    /// `name` is Node's name of the argument, for the error.
    fn seconds(self, name: &'static str) -> Result<f64> {
        match self.0 {
            Given::Date(seconds) => Ok(seconds),
            Given::Number(seconds) if !seconds.is_finite() => {
                let received = match seconds {
                    f64::INFINITY => "type number (Infinity)",
                    f64::NEG_INFINITY => "type number (-Infinity)",
                    _ => "type number (NaN)",
                };
                let expected = "an instance of Date or an Time in seconds";
                Err(Error::from_template(Code::InvalidArgType, &[&name, &expected, &received]))
            }
            Given::Number(seconds) if seconds < 0.0 => Ok(since_epoch(SystemTime::now())),
            Given::Number(seconds) => Ok(seconds),
        }
    }
}

fn since_epoch(time: SystemTime) -> f64 {
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => after.as_secs_f64(),
        Err(before) => -before.duration().as_secs_f64(),
    }
}

/// Sets the times of access and of change of `path`.
///
/// Node: [`fs.utimesSync`](https://nodejs.org/api/fs.html#fsutimessyncpath-atime-mtime).
///
/// # Errors
/// [`Code::InvalidArgType`](nodecore_error::Code::InvalidArgType) for what is no finite number; for a path with NUL
/// [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue); otherwise the system's.
pub fn utimes_sync(path: impl PathArg, atime: impl Into<FileTime>, mtime: impl Into<FileTime>) -> Result<()> {
    utimes_op(&path, atime.into(), mtime.into())?.run_sync()
}

/// As [`utimes_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn utimes(
    lp: &EventLoop,
    path: impl PathArg,
    atime: impl Into<FileTime>,
    mtime: impl Into<FileTime>,
    done: impl FnOnce(Result<()>) + 'static,
) -> Result<Request> {
    Ok(utimes_op(&path, atime.into(), mtime.into())?.spawn(lp, done))
}

/// As [`utimes_sync`], of an open file.
///
/// Node: [`fs.futimesSync`](https://nodejs.org/api/fs.html#fsfutimessyncfd-atime-mtime).
///
/// # Errors
/// [`Code::InvalidArgType`](nodecore_error::Code::InvalidArgType) for what is no finite number,
/// [`Code::OutOfRange`](nodecore_error::Code::OutOfRange) for a negative descriptor; otherwise the system's.
pub fn futimes_sync(fd: Fd, atime: impl Into<FileTime>, mtime: impl Into<FileTime>) -> Result<()> {
    futimes_op(fd, atime.into(), mtime.into())?.run_sync()
}

/// As [`futimes_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn futimes(
    lp: &EventLoop,
    fd: Fd,
    atime: impl Into<FileTime>,
    mtime: impl Into<FileTime>,
    done: impl FnOnce(Result<()>) + 'static,
) -> Result<Request> {
    Ok(futimes_op(fd, atime.into(), mtime.into())?.spawn(lp, done))
}

/// As [`utimes_sync`], of a symbolic link itself.
///
/// Node: [`fs.lutimesSync`](https://nodejs.org/api/fs.html#fslutimessyncpath-atime-mtime).
///
/// # Errors
/// [`Code::InvalidArgType`](nodecore_error::Code::InvalidArgType) for what is no finite number; for a path with NUL
/// [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue); otherwise the system's.
pub fn lutimes_sync(
    path: impl PathArg,
    atime: impl Into<FileTime>,
    mtime: impl Into<FileTime>,
) -> Result<()> {
    lutimes_op(&path, atime.into(), mtime.into())?.run_sync()
}

/// As [`lutimes_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn lutimes(
    lp: &EventLoop,
    path: impl PathArg,
    atime: impl Into<FileTime>,
    mtime: impl Into<FileTime>,
    done: impl FnOnce(Result<()>) + 'static,
) -> Result<Request> {
    Ok(lutimes_op(&path, atime.into(), mtime.into())?.spawn(lp, done))
}

pub(crate) mod promises {
    use nodecore_event_loop::EventLoop;

    use crate::descriptor::Fd;
    use crate::path_arg::PathArg;
    use crate::promise::{Promise, promise};
    use crate::times::FileTime;

    /// As [`utimes_sync`](crate::utimes_sync()), as a future.
    pub fn utimes(
        lp: &EventLoop,
        path: impl PathArg,
        atime: impl Into<FileTime>,
        mtime: impl Into<FileTime>,
    ) -> Promise<()> {
        promise(lp, super::utimes_op(&path, atime.into(), mtime.into()))
    }

    /// As [`futimes_sync`](crate::futimes_sync()), as a future.
    pub fn futimes(
        lp: &EventLoop,
        fd: Fd,
        atime: impl Into<FileTime>,
        mtime: impl Into<FileTime>,
    ) -> Promise<()> {
        promise(lp, super::futimes_op(fd, atime.into(), mtime.into()))
    }

    /// As [`lutimes_sync`](crate::lutimes_sync()), as a future.
    pub fn lutimes(
        lp: &EventLoop,
        path: impl PathArg,
        atime: impl Into<FileTime>,
        mtime: impl Into<FileTime>,
    ) -> Promise<()> {
        promise(lp, super::lutimes_op(&path, atime.into(), mtime.into()))
    }
}

fn utimes_op(path: &impl PathArg, atime: FileTime, mtime: FileTime) -> Result<impl Operation<Output = ()>> {
    let path = c_path(path, "path")?;
    let (atime, mtime) = (atime.seconds("time")?, mtime.seconds("time")?);
    Ok(blocking(move || uv::utime(&path, atime, mtime).map_err(|error| error.with_path(path.as_bytes()))))
}

pub(crate) fn futimes_op(fd: Fd, atime: FileTime, mtime: FileTime) -> Result<impl Operation<Output = ()>> {
    let (atime, mtime) = (atime.seconds("atime")?, mtime.seconds("mtime")?);
    let fd = valid(fd)?;
    Ok(blocking(move || uv::futime(fd, atime, mtime)))
}

fn lutimes_op(path: &impl PathArg, atime: FileTime, mtime: FileTime) -> Result<impl Operation<Output = ()>> {
    let path = c_path(path, "path")?;
    let (atime, mtime) = (atime.seconds("time")?, mtime.seconds("time")?);
    Ok(blocking(move || uv::lutime(&path, atime, mtime).map_err(|error| error.with_path(path.as_bytes()))))
}
