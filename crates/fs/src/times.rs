//! Times of access and change: `utimes` and its kin.

use std::time::SystemTime;

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::uv::fs::{NewTime, RawTime};
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};

use crate::descriptor::{Fd, valid};
use crate::path_arg::{PathArg, c_path};

/// A time to set: seconds since the epoch as `f64`, a [`SystemTime`], a [`RawTime`] as
/// [`Stats::raw`](crate::Stats::raw) gives it, [`FileTime::NOW`] or [`FileTime::KEEP`].
///
/// As in Node a negative number means now, and what is no finite number is refused.
///
/// # Differences from Node
/// Node knows numbers and dates only. Times that are no `f64` are set to the nanosecond.
///
/// # Examples
/// ```
/// use nodecore_fs::{FileTime, mkdtemp_sync, rmdir_sync, stat_sync, utimes_sync};
///
/// let dir = mkdtemp_sync(std::env::temp_dir().join("example-"))?;
/// let found = stat_sync("Cargo.toml")?;
/// utimes_sync(&dir, FileTime::KEEP, found.raw().mtime)?;
/// assert_eq!(stat_sync(&dir)?.mtime_ns(), found.mtime_ns());
/// rmdir_sync(dir)?;
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FileTime(NewTime);

impl From<f64> for FileTime {
    fn from(seconds: f64) -> FileTime {
        FileTime(NewTime::Seconds(seconds))
    }
}

impl From<SystemTime> for FileTime {
    fn from(time: SystemTime) -> FileTime {
        FileTime(NewTime::Exact(since_epoch(time)))
    }
}

impl From<RawTime> for FileTime {
    fn from(time: RawTime) -> FileTime {
        FileTime(NewTime::Exact(time))
    }
}

impl FileTime {
    /// When the system sets it.
    pub const NOW: FileTime = FileTime(NewTime::Now);
    /// Leaves the time as it is.
    pub const KEEP: FileTime = FileTime(NewTime::Keep);

    /// `name` is Node's name of the argument, for the error.
    fn checked(self, name: &'static str) -> Result<NewTime> {
        match self.0 {
            NewTime::Seconds(seconds) if !seconds.is_finite() => {
                let received = match seconds {
                    f64::INFINITY => "type number (Infinity)",
                    f64::NEG_INFINITY => "type number (-Infinity)",
                    _ => "type number (NaN)",
                };
                let expected = "an instance of Date or an Time in seconds";
                Err(Error::from_template(Code::InvalidArgType, &[&name, &expected, &received]))
            }
            NewTime::Seconds(seconds) if seconds < 0.0 => Ok(NewTime::Exact(since_epoch(SystemTime::now()))),
            NewTime::Exact(time) if !(0..1_000_000_000).contains(&time.nsec) => {
                Err(Error::from_template(Code::OutOfRange, &[&"nsec", &">= 0 && <= 999999999", &time.nsec]))
            }
            time => Ok(time),
        }
    }
}

fn since_epoch(time: SystemTime) -> RawTime {
    let (since, before) = match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => (after, false),
        Err(error) => (error.duration(), true),
    };
    let sec = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
    let nsec = i32::try_from(since.subsec_nanos()).unwrap_or(0);
    match (before, nsec) {
        (false, _) => RawTime { sec, nsec },
        (true, 0) => RawTime { sec: -sec, nsec },
        (true, _) => RawTime { sec: -sec - 1, nsec: 1_000_000_000 - nsec },
    }
}

/// Sets the times of access and of change of `path`.
///
/// Node: [`fs.utimesSync`](https://nodejs.org/api/fs.html#fsutimessyncpath-atime-mtime).
///
/// # Errors
/// [`Code::InvalidArgType`](nodecore_error::Code::InvalidArgType) for what is no finite
/// number;
/// [`Code::OutOfRange`](nodecore_error::Code::OutOfRange) for a [`RawTime`] whose nanoseconds are a second or more;
/// for a path with NUL [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue); otherwise the system's.
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
/// [`Code::InvalidArgType`](nodecore_error::Code::InvalidArgType) for what is no finite
/// number;
/// [`Code::OutOfRange`](nodecore_error::Code::OutOfRange) for a negative descriptor, or a [`RawTime`] whose
/// nanoseconds are a second or more; otherwise the system's.
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
/// [`Code::InvalidArgType`](nodecore_error::Code::InvalidArgType) for what is no finite
/// number;
/// [`Code::OutOfRange`](nodecore_error::Code::OutOfRange) for a [`RawTime`] whose nanoseconds are a second or more;
/// for a path with NUL [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue); otherwise the system's.
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
    let times = [atime.checked("time")?, mtime.checked("time")?];
    Ok(blocking(move || uv::utime(&path, times).map_err(|error| error.with_path(path.as_bytes()))))
}

pub(crate) fn futimes_op(fd: Fd, atime: FileTime, mtime: FileTime) -> Result<impl Operation<Output = ()>> {
    let times = [atime.checked("atime")?, mtime.checked("mtime")?];
    let fd = valid(fd)?;
    Ok(blocking(move || uv::futime(fd, times)))
}

fn lutimes_op(path: &impl PathArg, atime: FileTime, mtime: FileTime) -> Result<impl Operation<Output = ()>> {
    let path = c_path(path, "path")?;
    let times = [atime.checked("time")?, mtime.checked("time")?];
    Ok(blocking(move || uv::lutime(&path, times).map_err(|error| error.with_path(path.as_bytes()))))
}
