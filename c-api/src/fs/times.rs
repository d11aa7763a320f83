//! Times of access and change: `utimes` and its kin.

use std::ffi::{c_char, c_void};

use nodecore_fs::{FileTime, RawTime};

use super::metadata::nodecore_time;
use super::{finish, nodecore_fd, nodecore_fs_cb, path_arg, submit};
use crate::boundary::entry;
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{nodecore_loop, nodecore_release, nodecore_request};

pub const NODECORE_FS_TIME_NOW: i32 = -1;
pub const NODECORE_FS_TIME_KEEP: i32 = -2;

fn file_time(time: nodecore_time) -> FileTime {
    match time.nsec {
        NODECORE_FS_TIME_NOW => FileTime::NOW,
        NODECORE_FS_TIME_KEEP => FileTime::KEEP,
        nsec => RawTime { sec: time.sec, nsec }.into(),
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_utimes_sync(
    path: *const c_char,
    path_len: usize,
    atime: nodecore_time,
    mtime: nodecore_time,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            nodecore_fs::utimes_sync(path_arg(path, path_len, "path")?, file_time(atime), file_time(mtime))?;
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err`
///   are null or writable; paths, data and options are null or as their types and
///   lengths say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_utimes(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    atime: nodecore_time,
    mtime: nodecore_time,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            nodecore_fs::utimes(
                lp,
                path_arg(path, path_len, "path")?,
                file_time(atime),
                file_time(mtime),
                move |result| finish(call, result),
            )
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_futimes_sync(
    fd: nodecore_fd,
    atime: nodecore_time,
    mtime: nodecore_time,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            nodecore_fs::futimes_sync(fd, file_time(atime), file_time(mtime))?;
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err`
///   are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_futimes(
    lp: *mut nodecore_loop,
    fd: nodecore_fd,
    atime: nodecore_time,
    mtime: nodecore_time,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            nodecore_fs::futimes(lp, fd, file_time(atime), file_time(mtime), move |result| {
                finish(call, result)
            })
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_lutimes_sync(
    path: *const c_char,
    path_len: usize,
    atime: nodecore_time,
    mtime: nodecore_time,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            nodecore_fs::lutimes_sync(path_arg(path, path_len, "path")?, file_time(atime), file_time(mtime))?;
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err`
///   are null or writable; paths, data and options are null or as their types and
///   lengths say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_lutimes(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    atime: nodecore_time,
    mtime: nodecore_time,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            nodecore_fs::lutimes(
                lp,
                path_arg(path, path_len, "path")?,
                file_time(atime),
                file_time(mtime),
                move |result| finish(call, result),
            )
        })
    }
}
