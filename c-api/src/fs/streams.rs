//! `createReadStream`, `createWriteStream`.

use std::ffi::c_char;

use ::nodecore_stream::{Readable, Writable};
use nodecore_fs::{Flags, ReadStreamOptions, WriteStreamOptions};

use super::{mode_or, path_arg};
use crate::boundary::{Castable, SizedOptions, arg, entry};
use crate::chunk::Item;
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop};
use crate::stream::nodecore_stream;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_fs_stream_options {
    pub struct_size: usize,
    pub high_water_mark: usize,
    pub flags: i32,
    pub mode: i32,
    pub start: u64,
    pub has_end: bool,
    pub end: u64,
}

impl SizedOptions for nodecore_fs_stream_options {
    const ZERO: Self = nodecore_fs_stream_options {
        struct_size: 0,
        high_water_mark: 0,
        flags: 0,
        mode: 0,
        start: 0,
        has_end: false,
        end: 0,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `path` and `opts` are null or as their lengths say; `out` and
///   `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_create_read_stream(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_fs_stream_options,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let opts = nodecore_fs_stream_options::read(opts, "opts")?;
            let mut options = ReadStreamOptions::default().mode(mode_or(opts.mode, 0o666)?);
            if opts.flags != 0 {
                options = options.flags(Flags::from(opts.flags));
            }
            if opts.high_water_mark != 0 {
                options = options.high_water_mark(opts.high_water_mark);
            }
            if opts.start != 0 {
                options = options.start(opts.start);
            }
            if opts.has_end {
                options = options.end(opts.end);
            }
            let path = path_arg(path, path_len, "path")?;
            let stream = nodecore_fs::ReadStream::<Item>::new(event_loop(lp)?, path, &options)?;
            out.set(nodecore_stream::from(Readable::clone(&stream)).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `path` and `opts` are null or as their lengths say; `out` and
///   `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_create_write_stream(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_fs_stream_options,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let opts = nodecore_fs_stream_options::read(opts, "opts")?;
            let mut options = WriteStreamOptions::default().mode(mode_or(opts.mode, 0o666)?);
            if opts.flags != 0 {
                options = options.flags(Flags::from(opts.flags));
            }
            if opts.high_water_mark != 0 {
                options = options.high_water_mark(opts.high_water_mark);
            }
            if opts.start != 0 {
                options = options.start(opts.start);
            }
            let path = path_arg(path, path_len, "path")?;
            let stream = nodecore_fs::WriteStream::<Item>::new(event_loop(lp)?, path, &options)?;
            out.set(nodecore_stream::from(Writable::clone(&stream)).into_raw());
            Ok(())
        })
    }
}
