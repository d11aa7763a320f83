//! Setting the times of a file.

use std::ffi::CStr;
use std::ptr;

use libuv_sys2 as uv;
use nodecore_error::Result;

use super::{Fd, RawTime, call};

/// A time to set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NewTime {
    /// Seconds since the epoch. A number of today's size tells some 200 nanoseconds apart.
    Seconds(f64),
    /// To the nanosecond, which is 0 to 999,999,999.
    Exact(RawTime),
    /// When the system sets it.
    Now,
    /// As it is.
    Keep,
}

impl NewTime {
    /// As libuv takes it.
    #[allow(clippy::cast_precision_loss, reason = "libuv's number is a double")]
    fn seconds(self) -> f64 {
        match self {
            NewTime::Seconds(seconds) => seconds,
            NewTime::Exact(time) => time.sec as f64 + f64::from(time.nsec) / 1e9,
            NewTime::Now => f64::INFINITY,
            NewTime::Keep => f64::NAN,
        }
    }

    /// As the system takes it, rounded as libuv rounds.
    #[cfg(unix)]
    fn spec(self) -> libc::timespec {
        let time = match self {
            NewTime::Exact(time) => time,
            NewTime::Seconds(seconds) if seconds.is_finite() => {
                let (whole, part) = (seconds.trunc(), (seconds.fract() * 1e9) as i32);
                let borrow = part < 0;
                RawTime {
                    sec: whole as i64 - i64::from(borrow),
                    nsec: part + if borrow { 1_000_000_000 } else { 0 },
                }
            }
            _ => {
                let keep = self == NewTime::Keep || self.seconds().is_nan();
                let nsec = if keep { libc::UTIME_OMIT } else { libc::UTIME_NOW };
                RawTime { sec: 0, nsec: nsec as i32 }
            }
        };
        libc::timespec { tv_sec: time.sec as _, tv_nsec: time.nsec as _ }
    }
}

/// What libuv cannot express, as the system takes it.
#[cfg(unix)]
fn specs(times: [NewTime; 2]) -> Option<[libc::timespec; 2]> {
    times.iter().any(|time| matches!(time, NewTime::Exact(_))).then(|| times.map(NewTime::spec))
}

/// The outcome of a call of the C library's.
#[cfg(unix)]
fn outcome(result: std::ffi::c_int, syscall: &'static str) -> Result<()> {
    if result == 0 {
        return Ok(());
    }
    let errno = std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO);
    Err(super::failed(-errno, syscall))
}

#[cfg(unix)]
fn set(path: &CStr, specs: [libc::timespec; 2], flags: std::ffi::c_int, syscall: &'static str) -> Result<()> {
    // SAFETY: the path is NUL-terminated, there are two times, and both outlive the call.
    outcome(unsafe { libc::utimensat(libc::AT_FDCWD, path.as_ptr(), specs.as_ptr(), flags) }, syscall)
}

/// Sets when `path` was last read and last written to.
///
/// # Errors
/// The system's code, syscall `utime`, as Node names it.
pub fn utime(path: &CStr, times: [NewTime; 2]) -> Result<()> {
    #[cfg(unix)]
    if let Some(specs) = specs(times) {
        return set(path, specs, 0, "utime");
    }
    let [atime, mtime] = times.map(NewTime::seconds);
    plain!("utime", uv_fs_utime, path.as_ptr(), atime, mtime)
}

/// As [`utime`], of what `fd` refers to.
///
/// # Errors
/// The system's code, syscall `futime`.
pub fn futime(fd: Fd, times: [NewTime; 2]) -> Result<()> {
    #[cfg(unix)]
    if let Some(specs) = specs(times) {
        // SAFETY: there are two times, and they outlive the call.
        return outcome(unsafe { libc::futimens(fd, specs.as_ptr()) }, "futime");
    }
    let [atime, mtime] = times.map(NewTime::seconds);
    plain!("futime", uv_fs_futime, fd, atime, mtime)
}

/// As [`utime`], of a symbolic link itself if `path` is one.
///
/// # Errors
/// The system's code, syscall `lutime`.
pub fn lutime(path: &CStr, times: [NewTime; 2]) -> Result<()> {
    #[cfg(unix)]
    if let Some(specs) = specs(times) {
        return set(path, specs, libc::AT_SYMLINK_NOFOLLOW, "lutime");
    }
    let [atime, mtime] = times.map(NewTime::seconds);
    plain!("lutime", uv_fs_lutime, path.as_ptr(), atime, mtime)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn seconds_become_what_libuv_makes_of_them() {
        let spec = |time: NewTime| {
            let spec = time.spec();
            (spec.tv_sec, spec.tv_nsec)
        };
        assert_eq!(spec(NewTime::Seconds(1.25)), (1, 250_000_000));
        assert_eq!(spec(NewTime::Seconds(-1.5)), (-2, 500_000_000));
        assert_eq!(spec(NewTime::Seconds(-2.0)), (-2, 0));
        assert_eq!(spec(NewTime::Exact(RawTime { sec: -2, nsec: 1 })), (-2, 1));
        for now in [NewTime::Now, NewTime::Seconds(f64::INFINITY)] {
            assert_eq!(now.spec().tv_nsec, libc::UTIME_NOW);
        }
        for keep in [NewTime::Keep, NewTime::Seconds(f64::NAN)] {
            assert_eq!(keep.spec().tv_nsec, libc::UTIME_OMIT);
        }
    }
}
