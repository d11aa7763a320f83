//! `nodecore/fs_utf8_stream.h`.

use std::ffi::{c_char, c_void};
use std::ptr::null_mut;

use ::nodecore_error::{Code, Error, Result};
use nodecore_fs::{Fd, PathArg, Utf8Stream, Utf8StreamOptions};

use super::{Call, finish, mode_or, nodecore_fd, nodecore_fs_cb, path_arg};
use crate::boundary::{Castable, Foreign, SizedOptions, SizedOut, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release};
use crate::events::nodecore_listener_id;
use crate::str::{nodecore_buf, nodecore_str};
use crate::stream::{DoneCall, nodecore_event_cb};

pub const NODECORE_UTF8_STREAM_READY: i32 = 1;
pub const NODECORE_UTF8_STREAM_DRAIN: i32 = 2;
pub const NODECORE_UTF8_STREAM_FINISH: i32 = 3;
pub const NODECORE_UTF8_STREAM_CLOSE: i32 = 4;
pub const NODECORE_UTF8_STREAM_ERROR: i32 = 5;

#[derive(Debug)]
pub struct nodecore_utf8_stream(Utf8Stream);
impl Castable for nodecore_utf8_stream {}

/// A handle of its own, since a callback may free the caller's.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
unsafe fn object(stream: *const nodecore_utf8_stream) -> Result<Utf8Stream> {
    // SAFETY: as the caller vouches.
    Ok(unsafe { arg::object(stream, "stream") }?.0.clone())
}

pub type nodecore_utf8_stream_retry = Option<
    unsafe extern "C" fn(err: *const nodecore_error, len: usize, behind: usize, user: *mut c_void) -> bool,
>;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_utf8_stream_options {
    pub struct_size: usize,
    pub max_length: usize,
    pub max_write: usize,
    pub min_length: usize,
    pub periodic_flush: u32,
    pub mode: i32,
    pub fd: nodecore_fd,
    pub has_fd: bool,
    pub no_append: bool,
    pub fsync: bool,
    pub mkdir: bool,
    pub sync: bool,
}

impl SizedOptions for nodecore_utf8_stream_options {
    const ZERO: Self = nodecore_utf8_stream_options {
        struct_size: 0,
        max_length: 0,
        max_write: 0,
        min_length: 0,
        periodic_flush: 0,
        mode: 0,
        fd: 0,
        has_fd: false,
        no_append: false,
        fsync: false,
        mkdir: false,
        sync: false,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

impl nodecore_utf8_stream_options {
    fn options(&self) -> Result<Utf8StreamOptions> {
        let options = Utf8StreamOptions::default()
            .append(!self.no_append)
            .fsync(self.fsync)
            .max_length(self.max_length)
            .min_length(self.min_length)
            .mkdir(self.mkdir)
            .mode(mode_or(self.mode, 0o666)?)
            .periodic_flush(self.periodic_flush)
            .sync(self.sync);
        Ok(if self.max_write == 0 { options } else { options.max_write(self.max_write) })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `path` and `opts` are null or as their sizes say; `retry_eagain`
///   and `release` may be called with `user`; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_utf8_stream_new(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_utf8_stream_options,
    retry_eagain: nodecore_utf8_stream_retry,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_utf8_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let out = arg::out(out, "out")?;
            let opts = nodecore_utf8_stream_options::read(opts, "opts")?;
            let mut options = opts.options()?;
            if let Some(retry) = retry_eagain {
                options = options.retry_eagain(move |error, len, behind| {
                    let error = nodecore_error::new(error.clone());
                    retry(&raw const error, len, behind, foreign.user())
                });
            }
            let lp = event_loop(lp)?;
            let stream = if opts.has_fd {
                Utf8Stream::new(lp, Fd::from(opts.fd), &options)?
            } else {
                Utf8Stream::new(lp, path_arg(path, path_len, "path")?, &options)?
            };
            out.set(nodecore_utf8_stream(stream).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a handle that was not freed, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_utf8_stream_free(stream: *mut nodecore_utf8_stream) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(stream) };
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `data` is null or as its length says; `more` and `err`
///   are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_utf8_stream_write(
    stream: *mut nodecore_utf8_stream,
    data: *const c_char,
    len: usize,
    more: *mut bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let room = object(stream)?.write(arg::bytes(data, len, "data")?)?;
            if !more.is_null() {
                more.write(room);
            }
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `cb` and `release` may be called with `user`; `err` is
///   null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_utf8_stream_flush(
    stream: *mut nodecore_utf8_stream,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let call = cb.map(|cb| Call { cb, foreign });
            object(stream)?.flush(move |result| {
                if let Some(call) = call {
                    finish(call, result);
                }
            })
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_utf8_stream_flush_sync(
    stream: *mut nodecore_utf8_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { entry(err, || object(stream)?.flush_sync()) }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `path` is null or as its length says; `err` is null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_utf8_stream_reopen(
    stream: *mut nodecore_utf8_stream,
    path: *const c_char,
    path_len: usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let stream = object(stream)?;
            if path.is_null() && path_len == 0 {
                return stream.reopen(None);
            }
            let path = path_arg(path, path_len, "path")?;
            let path: &dyn PathArg = &path;
            stream.reopen(Some(path))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_utf8_stream_end(
    stream: *mut nodecore_utf8_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { entry(err, || object(stream)?.end()) }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_utf8_stream_destroy(stream: *mut nodecore_utf8_stream) {
    // SAFETY: as the caller vouches.
    if let Ok(stream) = unsafe { object(stream) } {
        total((), || stream.destroy());
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `cb` and `release` may be called with `user`; `id` is
///   null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_utf8_stream_on(
    stream: *mut nodecore_utf8_stream,
    event: i32,
    cb: nodecore_event_cb,
    user: *mut c_void,
    release: nodecore_release,
    id: *mut nodecore_listener_id,
) -> nodecore_status {
    let call = DoneCall::new(cb, Foreign::new(user, release));
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), move || {
            let (call, stream) = (call.checked()?, object(stream)?);
            let added = match event {
                NODECORE_UTF8_STREAM_READY => stream.on_ready(move || call.run(None)),
                NODECORE_UTF8_STREAM_DRAIN => stream.on_drain(move || call.run(None)),
                NODECORE_UTF8_STREAM_FINISH => stream.on_finish(move || call.run(None)),
                NODECORE_UTF8_STREAM_CLOSE => stream.on_close(move || call.run(None)),
                NODECORE_UTF8_STREAM_ERROR => stream.on_error(move |error| call.run(Some(&error))),
                _ => {
                    let known = ">= 1 && <= 5";
                    return Err(Error::from_template(Code::OutOfRange, &[&"event", &known, &event]));
                }
            };
            nodecore_listener_id::from(added).give(id);
            Ok(())
        })
    }
}

pub type nodecore_utf8_stream_write_cb = Option<unsafe extern "C" fn(n: usize, user: *mut c_void)>;
pub type nodecore_utf8_stream_drop_cb = Option<unsafe extern "C" fn(data: nodecore_str, user: *mut c_void)>;

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_utf8_stream_on`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_utf8_stream_on_write(
    stream: *mut nodecore_utf8_stream,
    cb: nodecore_utf8_stream_write_cb,
    user: *mut c_void,
    release: nodecore_release,
    id: *mut nodecore_listener_id,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), move || {
            let cb = arg::callback(cb, "cb")?;
            let added = object(stream)?.on_write(move |written| cb(written, foreign.user()));
            nodecore_listener_id::from(added).give(id);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_utf8_stream_on`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_utf8_stream_on_drop(
    stream: *mut nodecore_utf8_stream,
    cb: nodecore_utf8_stream_drop_cb,
    user: *mut c_void,
    release: nodecore_release,
    id: *mut nodecore_listener_id,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), move || {
            let cb = arg::callback(cb, "cb")?;
            let added = object(stream)?.on_drop(move |data| cb(nodecore_str::new(&data), foreign.user()));
            nodecore_listener_id::from(added).give(id);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_utf8_stream_off(
    stream: *mut nodecore_utf8_stream,
    id: nodecore_listener_id,
) -> bool {
    // SAFETY: as the caller vouches.
    unsafe { object(stream) }.is_ok_and(|stream| total(false, || stream.off(id.into())))
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_utf8_stream_file(
    stream: *const nodecore_utf8_stream,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(object(stream)?.file().map_or(nodecore_buf::EMPTY, nodecore_buf::from));
            Ok(())
        })
    }
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_utf8_stream_state {
    pub struct_size: usize,
    pub max_length: usize,
    pub max_write: usize,
    pub min_length: usize,
    pub periodic_flush: u32,
    pub mode: u32,
    pub fd: nodecore_fd,
    pub writing: bool,
    pub append: bool,
    pub fsync: bool,
    pub mkdir: bool,
    pub sync: bool,
}

impl nodecore_utf8_stream_state {
    fn of(stream: &Utf8Stream) -> nodecore_utf8_stream_state {
        let options = stream.options();
        nodecore_utf8_stream_state {
            struct_size: 0,
            max_length: options.max_length,
            max_write: options.max_write,
            min_length: options.min_length,
            periodic_flush: options.periodic_flush,
            mode: options.mode,
            fd: stream.fd(),
            writing: stream.writing(),
            append: options.append,
            fsync: options.fsync,
            mkdir: options.mkdir,
            sync: options.sync,
        }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `out` is null or a struct of the size it says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_utf8_stream_get_state(
    stream: *const nodecore_utf8_stream,
    out: *mut nodecore_utf8_stream_state,
) -> nodecore_status {
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), || {
            let out = SizedOut::new(out, size_of::<nodecore_utf8_stream_state>(), "out")?;
            out.set(&nodecore_utf8_stream_state::of(&object(stream)?));
            Ok(())
        })
    }
}
