//! `rename`, `unlink`, `readlink`.

use std::ffi::{c_char, c_void};

use super::{finish, finish_data, nodecore_fs_cb, nodecore_fs_data_cb, path_arg, submit};
use crate::boundary::{arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{nodecore_loop, nodecore_release, nodecore_request};
use crate::str::nodecore_buf;

/// A path's bytes.
fn target(path: std::path::PathBuf) -> Vec<u8> {
    path.into_os_string().into_encoded_bytes()
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_rename_sync(
    from: *const c_char,
    from_len: usize,
    to: *const c_char,
    to_len: usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let (from, to) = (path_arg(from, from_len, "from")?, path_arg(to, to_len, "to")?);
            nodecore_fs::rename_sync(from, to)?;
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
pub unsafe extern "C" fn nodecore_fs_rename(
    lp: *mut nodecore_loop,
    from: *const c_char,
    from_len: usize,
    to: *const c_char,
    to_len: usize,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            let (from, to) = (path_arg(from, from_len, "from")?, path_arg(to, to_len, "to")?);
            nodecore_fs::rename(lp, from, to, move |result| finish(call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_unlink_sync(
    path: *const c_char,
    path_len: usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            nodecore_fs::unlink_sync(path_arg(path, path_len, "path")?)?;
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
pub unsafe extern "C" fn nodecore_fs_unlink(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            nodecore_fs::unlink(lp, path_arg(path, path_len, "path")?, move |result| finish(call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_readlink_sync(
    path: *const c_char,
    path_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(target(nodecore_fs::readlink_sync(path_arg(path, path_len, "path")?)?).into());
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
pub unsafe extern "C" fn nodecore_fs_readlink(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    cb: nodecore_fs_data_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            nodecore_fs::readlink(lp, path_arg(path, path_len, "path")?, move |result| {
                finish_data(call, result.map(target))
            })
        })
    }
}
