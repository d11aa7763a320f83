//! Open files: `open`, `close`, `read`, `readv`, `write`, `writev`, and the flags of `open`.

use std::ffi::{c_char, c_void};
use std::io::{IoSlice, IoSliceMut};

use ::nodecore_error::Result;
use bytes::Bytes;
use nodecore_fs::Flags;

use super::lent::Lent;
use super::{
    finish, finish_data, finish_io, mode_or, nodecore_fd, nodecore_fs_cb, nodecore_fs_data_cb,
    nodecore_fs_io_cb, path_arg, range, submit,
};
use crate::boundary::{arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{nodecore_loop, nodecore_release, nodecore_request};
use crate::str::nodecore_str;
use crate::stream::lend_error;

pub type nodecore_fs_open_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, fd: nodecore_fd, user: *mut c_void)>;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_fs_buffer {
    pub data: *mut c_void,
    pub len: usize,
}

/// Declared in the header.
///
/// # Safety
/// - `text` is as [`arg::bytes`] asks; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_flags(
    text: *const c_char,
    text_len: usize,
    out: *mut i32,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(Flags::parse(arg::text(text, text_len, "flags")?)?.bits());
            Ok(())
        })
    }
}

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

/// What `one` makes of every value of an array of the caller's.
///
/// # Safety
/// - `buffers` is null or points to `count` values, which live for `'a`.
unsafe fn each<'a, T: 'a, U>(
    buffers: *const T,
    count: usize,
    one: impl Fn(&'a T) -> Result<U>,
) -> Result<Vec<U>> {
    // SAFETY: as the caller vouches.
    unsafe { arg::slice(buffers, count, "buffers") }?.iter().map(one).collect()
}

/// Declared in the header.
///
/// # Safety
/// - `buffers` points to `count` values, each null or as its length says; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_readv_sync(
    fd: nodecore_fd,
    buffers: *const nodecore_fs_buffer,
    count: usize,
    position: i64,
    out: *mut usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let memory = |buffer: &nodecore_fs_buffer| {
                arg::data_mut(buffer.data, buffer.len, "buffers").map(IoSliceMut::new)
            };
            let mut buffers = each(buffers, count, memory)?;
            out.set(nodecore_fs::readv_sync(fd, &mut buffers, range(position).position)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err`
///   are null or writable; `buffers` points to `count` values, each null or writable as its length
///   says until the callback has run.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_readv(
    lp: *mut nodecore_loop,
    fd: nodecore_fd,
    buffers: *const nodecore_fs_buffer,
    count: usize,
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
            let memory = |buffer: &nodecore_fs_buffer| Lent::new(buffer.data, buffer.len, "buffers");
            let buffers = each(buffers, count, memory)?;
            nodecore_fs::readv(lp, fd, buffers, range(position).position, move |result| {
                finish_io(call, result.map(|(n, _)| n))
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
                finish_io(call, result.map(|(n, _)| n));
            })
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `buffers` points to `count` values, each null or as its length says; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_writev_sync(
    fd: nodecore_fd,
    buffers: *const nodecore_str,
    count: usize,
    position: i64,
    out: *mut usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let data = |buffer: &nodecore_str| {
                arg::data(buffer.data.cast(), buffer.len, "buffers").map(IoSlice::new)
            };
            let buffers = each(buffers, count, data)?;
            out.set(nodecore_fs::writev_sync(fd, &buffers, range(position).position)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err`
///   are null or writable; `buffers` points to `count` values, each null or as its length says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_writev(
    lp: *mut nodecore_loop,
    fd: nodecore_fd,
    buffers: *const nodecore_str,
    count: usize,
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
            let data = |buffer: &nodecore_str| {
                arg::data(buffer.data.cast(), buffer.len, "buffers").map(Bytes::copy_from_slice)
            };
            let buffers = each(buffers, count, data)?;
            nodecore_fs::writev(lp, fd, buffers, range(position).position, move |result| {
                finish_io(call, result.map(|(n, _)| n))
            })
        })
    }
}
