//! Names: `rename`, `unlink`, `copyFile`, links, `realpath`, `mkdtemp`.

use std::ffi::{c_char, c_void};

use ::nodecore_error::{Code, Error, Result};
use nodecore_fs::{SymlinkKind, constants};

use super::{finish, finish_data, nodecore_fs_cb, nodecore_fs_data_cb, path_arg, submit};
use crate::boundary::{arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{nodecore_loop, nodecore_release, nodecore_request};
use crate::str::nodecore_buf;

pub const NODECORE_FS_SYMLINK_FILE: i32 = 0;
pub const NODECORE_FS_SYMLINK_DIR: i32 = constants::UV_FS_SYMLINK_DIR;
pub const NODECORE_FS_SYMLINK_JUNCTION: i32 = constants::UV_FS_SYMLINK_JUNCTION;

/// A path's bytes.
fn target(path: std::path::PathBuf) -> Vec<u8> {
    path.into_os_string().into_encoded_bytes()
}

fn symlink_kind(kind: i32) -> Result<SymlinkKind> {
    match kind {
        NODECORE_FS_SYMLINK_FILE => Ok(SymlinkKind::File),
        NODECORE_FS_SYMLINK_DIR => Ok(SymlinkKind::Dir),
        NODECORE_FS_SYMLINK_JUNCTION => Ok(SymlinkKind::Junction),
        _ => Err(Error::from_template(Code::OutOfRange, &[&"type", &">= 0 && <= 2", &kind])),
    }
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
/// - paths, data and options are null or as their types and lengths say; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_copy_file_sync(
    from: *const c_char,
    from_len: usize,
    to: *const c_char,
    to_len: usize,
    mode: i32,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let (from, to) = (path_arg(from, from_len, "from")?, path_arg(to, to_len, "to")?);
            nodecore_fs::copy_file_sync(from, to, mode)?;
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
pub unsafe extern "C" fn nodecore_fs_copy_file(
    lp: *mut nodecore_loop,
    from: *const c_char,
    from_len: usize,
    to: *const c_char,
    to_len: usize,
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
            let (from, to) = (path_arg(from, from_len, "from")?, path_arg(to, to_len, "to")?);
            nodecore_fs::copy_file(lp, from, to, mode, move |result| finish(call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_link_sync(
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
            nodecore_fs::link_sync(from, to)?;
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
pub unsafe extern "C" fn nodecore_fs_link(
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
            nodecore_fs::link(lp, from, to, move |result| finish(call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_symlink_sync(
    target: *const c_char,
    target_len: usize,
    path: *const c_char,
    path_len: usize,
    kind: i32,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let (target, path) = (path_arg(target, target_len, "target")?, path_arg(path, path_len, "path")?);
            nodecore_fs::symlink_sync(target, path, symlink_kind(kind)?)?;
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
pub unsafe extern "C" fn nodecore_fs_symlink(
    lp: *mut nodecore_loop,
    target: *const c_char,
    target_len: usize,
    path: *const c_char,
    path_len: usize,
    kind: i32,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            let (target, path) = (path_arg(target, target_len, "target")?, path_arg(path, path_len, "path")?);
            nodecore_fs::symlink(lp, target, path, symlink_kind(kind)?, move |result| finish(call, result))
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

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_realpath_sync(
    path: *const c_char,
    path_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;

            out.set(target(nodecore_fs::realpath_sync(path_arg(path, path_len, "path")?)?).into());
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
pub unsafe extern "C" fn nodecore_fs_realpath(
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
            nodecore_fs::realpath(lp, path_arg(path, path_len, "path")?, move |result| {
                finish_data(call, result.map(target))
            })
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_realpath_native_sync(
    path: *const c_char,
    path_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;

            out.set(target(nodecore_fs::realpath_native_sync(path_arg(path, path_len, "path")?)?).into());
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
pub unsafe extern "C" fn nodecore_fs_realpath_native(
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
            nodecore_fs::realpath_native(lp, path_arg(path, path_len, "path")?, move |result| {
                finish_data(call, result.map(target))
            })
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_mkdtemp_sync(
    prefix: *const c_char,
    prefix_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;

            out.set(target(nodecore_fs::mkdtemp_sync(path_arg(prefix, prefix_len, "prefix")?)?).into());
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
pub unsafe extern "C" fn nodecore_fs_mkdtemp(
    lp: *mut nodecore_loop,
    prefix: *const c_char,
    prefix_len: usize,
    cb: nodecore_fs_data_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            nodecore_fs::mkdtemp(lp, path_arg(prefix, prefix_len, "prefix")?, move |result| {
                finish_data(call, result.map(target))
            })
        })
    }
}
