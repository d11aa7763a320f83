//! Whole files: `readFile`, `writeFile`.

use std::ffi::{c_char, c_void};

use ::nodecore_error::Result;
use bytes::Bytes;
use nodecore_fs::{Flags, ReadFileOptions, WriteFileOptions};

use super::{finish, finish_data, mode_or, nodecore_fs_cb, nodecore_fs_data_cb, path_arg, submit};
use crate::boundary::{SizedOptions, arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{nodecore_loop, nodecore_release, nodecore_request};
use crate::str::nodecore_buf;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_fs_read_file_options {
    pub struct_size: usize,
    pub flags: i32,
}

impl SizedOptions for nodecore_fs_read_file_options {
    const ZERO: Self = nodecore_fs_read_file_options { struct_size: 0, flags: 0 };
    const MIN_SIZE: usize = size_of::<Self>();
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_fs_write_file_options {
    pub struct_size: usize,
    pub flags: i32,
    pub mode: i32,
    pub flush: bool,
}

impl SizedOptions for nodecore_fs_write_file_options {
    const ZERO: Self = nodecore_fs_write_file_options { struct_size: 0, flags: 0, mode: 0, flush: false };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// # Safety
/// - `opts` is null or a struct of the size it says.
unsafe fn read_file_options(opts: *const nodecore_fs_read_file_options) -> Result<ReadFileOptions> {
    // SAFETY: as the caller vouches.
    let opts = unsafe { nodecore_fs_read_file_options::read(opts, "opts") }?;
    Ok(ReadFileOptions::default().flag(Flags::from(opts.flags)))
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_read_file_sync(
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_fs_read_file_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let options = read_file_options(opts)?;
            out.set(nodecore_fs::read_file_sync(path_arg(path, path_len, "path")?, &options)?.into());
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
pub unsafe extern "C" fn nodecore_fs_read_file(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_fs_read_file_options,
    cb: nodecore_fs_data_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            let options = read_file_options(opts)?;
            nodecore_fs::read_file(lp, path_arg(path, path_len, "path")?, &options, move |result| {
                finish_data(call, result)
            })
        })
    }
}

/// # Safety
/// - `opts` is null or a struct of the size it says.
unsafe fn write_file_options(opts: *const nodecore_fs_write_file_options) -> Result<WriteFileOptions> {
    // SAFETY: as the caller vouches.
    let opts = unsafe { nodecore_fs_write_file_options::read(opts, "opts") }?;
    let options = WriteFileOptions::default().mode(mode_or(opts.mode, 0o666)?).flush(opts.flush);
    Ok(if opts.flags == 0 { options } else { options.flag(Flags::from(opts.flags)) })
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_write_file_sync(
    path: *const c_char,
    path_len: usize,
    data: *const c_void,
    len: usize,
    opts: *const nodecore_fs_write_file_options,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let options = write_file_options(opts)?;
            let data = arg::data(data, len, "data")?;
            nodecore_fs::write_file_sync(path_arg(path, path_len, "path")?, data, &options)?;
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
pub unsafe extern "C" fn nodecore_fs_write_file(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    data: *const c_void,
    len: usize,
    opts: *const nodecore_fs_write_file_options,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            let options = write_file_options(opts)?;
            let data = Bytes::copy_from_slice(arg::data(data, len, "data")?);
            nodecore_fs::write_file(lp, path_arg(path, path_len, "path")?, data, &options, move |result| {
                finish(call, result)
            })
        })
    }
}
