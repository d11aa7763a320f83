//! `createReadStream`, `createWriteStream`.

use std::ffi::c_char;

use ::nodecore_stream::{Readable, Writable};
use nodecore_fs::{Fd, Flags, ReadStream, ReadStreamOptions, WriteStream, WriteStreamOptions};

use super::{mode_or, path_arg};
use crate::abort::nodecore_abort_signal;
use crate::boundary::{Castable, SizedOptions, arg, entry};
use crate::chunk::Item;
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop};
use crate::str::nodecore_str;
use crate::stream::create::encoding_of;
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
    pub has_start: bool,
    pub has_fd: bool,
    pub fd: i32,
    pub no_auto_close: bool,
    pub no_emit_close: bool,
    pub flush: bool,
    pub encoding: nodecore_str,
    pub signal: *const nodecore_abort_signal,
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
        has_start: false,
        has_fd: false,
        fd: 0,
        no_auto_close: false,
        no_emit_close: false,
        flush: false,
        encoding: nodecore_str::NONE,
        signal: std::ptr::null(),
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

impl nodecore_fs_stream_options {
    /// Where to begin; none: where the file stands.
    fn first(&self) -> Option<u64> {
        (self.has_start || self.start != 0).then_some(self.start)
    }
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
            options = options.auto_close(!opts.no_auto_close).emit_close(!opts.no_emit_close);
            options.start = opts.first();
            options.end = opts.has_end.then_some(opts.end);
            options.encoding = encoding_of(opts.encoding.data, opts.encoding.len)?;
            options.signal = nodecore_abort_signal::nullable(opts.signal);
            let lp = event_loop(lp)?;
            let stream: ReadStream<Item> = if opts.has_fd {
                ReadStream::new(lp, Fd::from(opts.fd), &options)?
            } else {
                ReadStream::new(lp, path_arg(path, path_len, "path")?, &options)?
            };
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
            options =
                options.auto_close(!opts.no_auto_close).emit_close(!opts.no_emit_close).flush(opts.flush);
            options.start = opts.first();
            options.encoding =
                encoding_of(opts.encoding.data, opts.encoding.len)?.unwrap_or(options.encoding);
            options.signal = nodecore_abort_signal::nullable(opts.signal);
            let lp = event_loop(lp)?;
            let stream: WriteStream<Item> = if opts.has_fd {
                WriteStream::new(lp, Fd::from(opts.fd), &options)?
            } else {
                WriteStream::new(lp, path_arg(path, path_len, "path")?, &options)?
            };
            out.set(nodecore_stream::from(Writable::clone(&stream)).into_raw());
            Ok(())
        })
    }
}
