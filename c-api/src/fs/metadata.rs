//! `stat`, `lstat`, `fstat`, `statfs`.

use std::ffi::{c_char, c_void};

use ::nodecore_error::Result;
use nodecore_fs::{RawTime, StatFs, Stats};

use super::{Call, kind_number, nodecore_fd, path_arg, submit};
use crate::abort::nodecore_abort_signal;
use crate::boundary::{SizedOut, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{nodecore_loop, nodecore_release, nodecore_request};
use crate::stream::lend_error;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_time {
    pub sec: i64,
    pub nsec: i32,
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_stats {
    pub struct_size: usize,
    pub type_: i32,
    pub mode: u32,
    pub dev: u64,
    pub ino: u64,
    pub nlink: u64,
    pub uid: u64,
    pub gid: u64,
    pub rdev: u64,
    pub size: u64,
    pub blksize: u64,
    pub blocks: u64,
    pub atime: nodecore_time,
    pub mtime: nodecore_time,
    pub ctime: nodecore_time,
    pub birthtime: nodecore_time,
}

impl nodecore_stats {
    /// The size at the first release; never grows.
    const MIN_SIZE: usize = size_of::<Self>();

    #[inline]
    pub(super) fn new(stats: &Stats) -> nodecore_stats {
        let raw = stats.raw();
        nodecore_stats {
            struct_size: size_of::<nodecore_stats>(),
            type_: kind_number(stats.kind()),
            mode: u32::try_from(stats.mode()).unwrap_or(u32::MAX),
            dev: stats.dev(),
            ino: stats.ino(),
            nlink: stats.nlink(),
            uid: stats.uid(),
            gid: stats.gid(),
            rdev: stats.rdev(),
            size: stats.size(),
            blksize: stats.blksize(),
            blocks: stats.blocks(),
            atime: time(raw.atime),
            mtime: time(raw.mtime),
            ctime: time(raw.ctime),
            birthtime: time(raw.birthtime),
        }
    }
}

fn time(time: RawTime) -> nodecore_time {
    nodecore_time { sec: time.sec, nsec: time.nsec }
}

pub type nodecore_fs_stat_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, stats: *const nodecore_stats, user: *mut c_void)>;

/// Calls a callback that is shown stats.
pub(super) fn finish_stat(
    call: Call<unsafe extern "C" fn(*const nodecore_error, *const nodecore_stats, *mut c_void)>,
    result: Result<Stats>,
) {
    // SAFETY: the caller gave the callback for this user, which is not released yet.
    let run = |err, stats| unsafe { (call.cb)(err, stats, call.user()) };
    match result {
        Ok(stats) => {
            let stats = nodecore_stats::new(&stats);
            run(std::ptr::null(), &raw const stats);
        }
        Err(error) => lend_error(Some(&error), |err| run(err, std::ptr::null())),
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_stat_sync(
    path: *const c_char,
    path_len: usize,
    out: *mut nodecore_stats,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = SizedOut::new(out, nodecore_stats::MIN_SIZE, "out")?;
            out.set(&nodecore_stats::new(&nodecore_fs::stat_sync(path_arg(path, path_len, "path")?)?));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_lstat_sync(
    path: *const c_char,
    path_len: usize,
    out: *mut nodecore_stats,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = SizedOut::new(out, nodecore_stats::MIN_SIZE, "out")?;
            out.set(&nodecore_stats::new(&nodecore_fs::lstat_sync(path_arg(path, path_len, "path")?)?));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_fstat_sync(
    fd: nodecore_fd,
    out: *mut nodecore_stats,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = SizedOut::new(out, nodecore_stats::MIN_SIZE, "out")?;
            out.set(&nodecore_stats::new(&nodecore_fs::fstat_sync(fd)?));
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
pub unsafe extern "C" fn nodecore_fs_stat(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    cb: nodecore_fs_stat_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            nodecore_fs::stat(lp, path_arg(path, path_len, "path")?, move |result| finish_stat(call, result))
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
pub unsafe extern "C" fn nodecore_fs_lstat(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    cb: nodecore_fs_stat_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            nodecore_fs::lstat(lp, path_arg(path, path_len, "path")?, move |result| finish_stat(call, result))
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
pub unsafe extern "C" fn nodecore_fs_fstat(
    lp: *mut nodecore_loop,
    fd: nodecore_fd,
    cb: nodecore_fs_stat_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            nodecore_fs::fstat(lp, fd, move |result| finish_stat(call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err`
///   are null or writable; `signal` is null or a live signal of this thread; the path is null or as its length says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_stat_until(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    signal: *const nodecore_abort_signal,
    cb: nodecore_fs_stat_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            let signal = nodecore_abort_signal::object(signal)?;
            let path = path_arg(path, path_len, "path")?;
            nodecore_fs::stat_until(lp, path, &signal, move |result| finish_stat(call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err`
///   are null or writable; `signal` is null or a live signal of this thread; the path is null or as its length says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_lstat_until(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    signal: *const nodecore_abort_signal,
    cb: nodecore_fs_stat_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            let signal = nodecore_abort_signal::object(signal)?;
            let path = path_arg(path, path_len, "path")?;
            nodecore_fs::lstat_until(lp, path, &signal, move |result| finish_stat(call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err`
///   are null or writable; `signal` is null or a live signal of this thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_fstat_until(
    lp: *mut nodecore_loop,
    fd: nodecore_fd,
    signal: *const nodecore_abort_signal,
    cb: nodecore_fs_stat_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            let signal = nodecore_abort_signal::object(signal)?;
            nodecore_fs::fstat_until(lp, fd, &signal, move |result| finish_stat(call, result))
        })
    }
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_statfs {
    pub struct_size: usize,
    pub type_: u64,
    pub bsize: u64,
    pub frsize: u64,
    pub blocks: u64,
    pub bfree: u64,
    pub bavail: u64,
    pub files: u64,
    pub ffree: u64,
}

impl nodecore_statfs {
    /// The size at the first release; never grows.
    const MIN_SIZE: usize = size_of::<Self>();

    fn new(found: &StatFs) -> nodecore_statfs {
        nodecore_statfs {
            struct_size: size_of::<nodecore_statfs>(),
            type_: found.kind(),
            bsize: found.bsize(),
            frsize: found.frsize(),
            blocks: found.blocks(),
            bfree: found.bfree(),
            bavail: found.bavail(),
            files: found.files(),
            ffree: found.ffree(),
        }
    }
}

pub type nodecore_fs_statfs_cb = Option<
    unsafe extern "C" fn(err: *const nodecore_error, found: *const nodecore_statfs, user: *mut c_void),
>;

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_statfs_sync(
    path: *const c_char,
    path_len: usize,
    out: *mut nodecore_statfs,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = SizedOut::new(out, nodecore_statfs::MIN_SIZE, "out")?;
            out.set(&nodecore_statfs::new(&nodecore_fs::statfs_sync(path_arg(path, path_len, "path")?)?));
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
pub unsafe extern "C" fn nodecore_fs_statfs(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    cb: nodecore_fs_statfs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            nodecore_fs::statfs(lp, path_arg(path, path_len, "path")?, move |result| {
                let run = |err, found| (call.cb)(err, found, call.user());
                match result {
                    Ok(found) => run(std::ptr::null(), &nodecore_statfs::new(&found)),
                    Err(error) => lend_error(Some(&error), |err| run(err, std::ptr::null())),
                }
            })
        })
    }
}
