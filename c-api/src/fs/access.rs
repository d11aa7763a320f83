//! `access` and `exists`.

use std::ffi::{c_char, c_void};

use super::{finish, nodecore_fs_cb, path_arg, submit};
use crate::boundary::{entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{nodecore_loop, nodecore_release, nodecore_request};

pub type nodecore_fs_exists_cb = Option<unsafe extern "C" fn(found: bool, user: *mut c_void)>;

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_access_sync(
    path: *const c_char,
    path_len: usize,
    mode: i32,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            nodecore_fs::access_sync(path_arg(path, path_len, "path")?, mode)?;
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
pub unsafe extern "C" fn nodecore_fs_access(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    mode: i32,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            nodecore_fs::access(lp, path_arg(path, path_len, "path")?, mode, move |result| {
                finish(call, result)
            })
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or as its length says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_exists_sync(path: *const c_char, path_len: usize) -> bool {
    total(false, || {
        // SAFETY: as the caller vouches.
        unsafe { path_arg(path, path_len, "path") }.is_ok_and(nodecore_fs::exists_sync)
    })
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err`
///   are null or writable; paths, data and options are null or as their types and
///   lengths say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_exists(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    cb: nodecore_fs_exists_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            let path = path_arg(path, path_len, "path")?;
            Ok(nodecore_fs::exists(lp, path, move |found| (call.cb)(found, call.user())))
        })
    }
}
