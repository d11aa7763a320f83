//! Open files: `open`, `close`, `read`, `write`.

use std::ffi::{c_char, c_void};

use bytes::Bytes;

use super::{
    finish, finish_data, mode_or, nodecore_fd, nodecore_fs_cb, nodecore_fs_data_cb, nodecore_fs_io_cb,
    path_arg, range, submit,
};
use crate::boundary::{arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{nodecore_loop, nodecore_release, nodecore_request};
use crate::stream::lend_error;

pub type nodecore_fs_open_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, fd: nodecore_fd, user: *mut c_void)>;

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_open_sync(
    path: *const c_char,
    path_len: usize,
    flags: i32,
    mode: i32,
    out: *mut nodecore_fd,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(nodecore_fs::open_sync(path_arg(path, path_len, "path")?, flags, mode_or(mode, 0o666)?)?);
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
pub unsafe extern "C" fn nodecore_fs_open(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    flags: i32,
    mode: i32,
    cb: nodecore_fs_open_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            nodecore_fs::open(
                lp,
                path_arg(path, path_len, "path")?,
                flags,
                mode_or(mode, 0o666)?,
                move |result| {
                    let (fd, error) = result.map_or_else(|error| (-1, Some(error)), |fd| (fd, None));
                    lend_error(error.as_ref(), |err| (call.cb)(err, fd, call.user()));
                },
            )
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_close_sync(
    fd: nodecore_fd,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            nodecore_fs::close_sync(fd)?;
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
pub unsafe extern "C" fn nodecore_fs_close(
    lp: *mut nodecore_loop,
    fd: nodecore_fd,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            nodecore_fs::close(lp, fd, move |result| finish(call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_read_sync(
    fd: nodecore_fd,
    buffer: *mut c_void,
    len: usize,
    position: i64,
    out: *mut usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let buffer = arg::data_mut(buffer, len, "buffer")?;
            out.set(nodecore_fs::read_sync(fd, buffer, &range(position))?);
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
pub unsafe extern "C" fn nodecore_fs_read(
    lp: *mut nodecore_loop,
    fd: nodecore_fd,
    len: usize,
    position: i64,
    cb: nodecore_fs_data_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            let buffer = arg::reserve("len", len)?;
            nodecore_fs::read(lp, fd, buffer, &range(position), move |result| {
                let data = result.map(|(n, mut buffer)| {
                    buffer.truncate(n);
                    buffer
                });
                finish_data(call, data);
            })
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_write_sync(
    fd: nodecore_fd,
    data: *const c_void,
    len: usize,
    position: i64,
    out: *mut usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let data = arg::data(data, len, "data")?;
            out.set(nodecore_fs::write_sync(fd, data, &range(position))?);
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
pub unsafe extern "C" fn nodecore_fs_write(
    lp: *mut nodecore_loop,
    fd: nodecore_fd,
    data: *const c_void,
    len: usize,
    position: i64,
    cb: nodecore_fs_io_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            let data = Bytes::copy_from_slice(arg::data(data, len, "data")?);
            nodecore_fs::write(lp, fd, data, &range(position), move |result| {
                let (n, error) = result.map_or_else(|error| (0, Some(error)), |(n, _)| (n, None));
                lend_error(error.as_ref(), |err| (call.cb)(err, n, call.user()));
            })
        })
    }
}
