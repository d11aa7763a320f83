//! `nodecore/fs_stream.h`: `createReadStream`, `createWriteStream`, and what their streams tell of the file.

use std::ffi::{c_char, c_void};
use std::ptr::null_mut;
use std::rc::Rc;

use ::nodecore_error::{Code, Error, Result};
use ::nodecore_stream::{Readable, Writable};
use nodecore_event_loop::EventLoop;
use nodecore_fs::{Fd, Flags, ReadStream, ReadStreamOptions, WriteStream, WriteStreamOptions};

use super::files::encoding;
use super::stream_hooks::{Hooks, nodecore_fs_stream_hooks};
use super::{mode_or, nodecore_fd, path_arg};
use crate::abort::nodecore_abort_signal;
use crate::boundary::{Castable, Foreign, SizedOptions, SizedOut, arg, entry, total};
use crate::chunk::Item;
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_loop_cb, nodecore_release};
use crate::events::nodecore_listener_id;
use crate::str::nodecore_str;
use crate::stream::{DoneCall, nodecore_done_cb, nodecore_stream};

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

/// # Safety
/// - `opts` is a struct that was read from the caller, whose encoding and signal are as it says.
pub(super) unsafe fn read_options(opts: &nodecore_fs_stream_options) -> Result<ReadStreamOptions> {
    let mut options = ReadStreamOptions::default()
        .mode(mode_or(opts.mode, 0o666)?)
        .auto_close(!opts.no_auto_close)
        .emit_close(!opts.no_emit_close);
    if opts.flags != 0 {
        options = options.flags(Flags::from(opts.flags));
    }
    if opts.high_water_mark != 0 {
        options = options.high_water_mark(opts.high_water_mark);
    }
    options.start = opts.first();
    options.end = opts.has_end.then_some(opts.end);
    // SAFETY: as the caller vouches.
    unsafe {
        options.encoding = encoding(opts.encoding)?;
        options.signal = nodecore_abort_signal::nullable(opts.signal);
    }
    Ok(options)
}

/// # Safety
/// - as for [`read_options`].
pub(super) unsafe fn write_options(opts: &nodecore_fs_stream_options) -> Result<WriteStreamOptions> {
    let mut options = WriteStreamOptions::default()
        .mode(mode_or(opts.mode, 0o666)?)
        .auto_close(!opts.no_auto_close)
        .emit_close(!opts.no_emit_close)
        .flush(opts.flush);
    if opts.flags != 0 {
        options = options.flags(Flags::from(opts.flags));
    }
    if opts.high_water_mark != 0 {
        options = options.high_water_mark(opts.high_water_mark);
    }
    options.start = opts.first();
    // SAFETY: as the caller vouches.
    unsafe {
        options.encoding = encoding(opts.encoding)?.unwrap_or(options.encoding);
        options.signal = nodecore_abort_signal::nullable(opts.signal);
    }
    Ok(options)
}

/// # Safety
/// - `path` is null or as its length says.
unsafe fn read_stream(
    lp: &EventLoop,
    path: *const c_char,
    path_len: usize,
    opts: &nodecore_fs_stream_options,
    options: &ReadStreamOptions,
) -> Result<*mut nodecore_stream> {
    let stream: ReadStream<Item> = if opts.has_fd {
        ReadStream::new(lp, Fd::from(opts.fd), options)?
    } else {
        // SAFETY: as the caller vouches.
        ReadStream::new(lp, unsafe { path_arg(path, path_len, "path") }?, options)?
    };
    Ok(nodecore_stream::from(Readable::clone(&stream)).into_raw())
}

/// # Safety
/// - as for [`read_stream`].
unsafe fn write_stream(
    lp: &EventLoop,
    path: *const c_char,
    path_len: usize,
    opts: &nodecore_fs_stream_options,
    options: &WriteStreamOptions,
) -> Result<*mut nodecore_stream> {
    let stream: WriteStream<Item> = if opts.has_fd {
        WriteStream::new(lp, Fd::from(opts.fd), options)?
    } else {
        // SAFETY: as the caller vouches.
        WriteStream::new(lp, unsafe { path_arg(path, path_len, "path") }?, options)?
    };
    Ok(nodecore_stream::from(Writable::clone(&stream)).into_raw())
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
            let options = read_options(&opts)?;
            out.set(read_stream(event_loop(lp)?, path, path_len, &opts, &options)?);
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
            let options = write_options(&opts)?;
            out.set(write_stream(event_loop(lp)?, path, path_len, &opts, &options)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_fs_create_read_stream`]; `hooks` is null or a struct of the size it says, whose functions may be
///   called with `user`, as `release`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_create_read_stream_with(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_fs_stream_options,
    hooks: *const nodecore_fs_stream_hooks,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let out = arg::out(out, "out")?;
            let opts = nodecore_fs_stream_options::read(opts, "opts")?;
            let hooks = Hooks::read(hooks, foreign)?;
            hooks.check_read(&opts)?;
            let options = read_options(&opts)?.fs(Rc::new(hooks));
            out.set(read_stream(event_loop(lp)?, path, path_len, &opts, &options)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_fs_create_write_stream`]; `hooks` is null or a struct of the size it says, whose functions may be
///   called with `user`, as `release`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_create_write_stream_with(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_fs_stream_options,
    hooks: *const nodecore_fs_stream_hooks,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let out = arg::out(out, "out")?;
            let opts = nodecore_fs_stream_options::read(opts, "opts")?;
            let hooks = Hooks::read(hooks, foreign)?;
            hooks.check_write(&opts)?;
            let options = write_options(&opts)?.fs(Rc::new(hooks));
            out.set(write_stream(event_loop(lp)?, path, path_len, &opts, &options)?);
            Ok(())
        })
    }
}

// ---- What a stream tells of its file ----

/// A stream over a file, of either kind.
enum FileStream {
    Read(ReadStream<Item>),
    Write(WriteStream<Item>),
}

/// Does the same with a stream of either kind.
macro_rules! of_either {
    ($stream:expr, $name:ident => $body:expr) => {
        match $stream {
            FileStream::Read($name) => $body,
            FileStream::Write($name) => $body,
        }
    };
}

impl FileStream {
    /// # Safety
    /// - `stream` is null or a live handle, on its loop's thread.
    unsafe fn object(stream: *const nodecore_stream) -> Result<FileStream> {
        // SAFETY: as the caller vouches.
        let found = match unsafe { nodecore_stream::object(stream) }? {
            nodecore_stream::Readable(stream) => ReadStream::of(&stream).map(FileStream::Read),
            nodecore_stream::Writable(stream) => WriteStream::of(&stream).map(FileStream::Write),
            nodecore_stream::Duplex(_) => None,
        };
        found.ok_or_else(|| {
            let expected = "an instance of fs.ReadStream or fs.WriteStream";
            Error::from_template(Code::InvalidArgType, &[&"stream", &expected, &"another stream"])
        })
    }

    fn start(&self) -> Option<u64> {
        of_either!(self, stream => stream.start())
    }

    fn path(&self) -> Option<&[u8]> {
        of_either!(self, stream => stream.path())
    }
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_fs_stream_state {
    pub struct_size: usize,
    pub bytes_read: u64,
    pub bytes_written: u64,
    pub path: nodecore_str,
    pub fd: nodecore_fd,
    pub flags: i32,
    pub mode: u32,
    pub pending: bool,
    pub auto_close: bool,
    pub has_start: bool,
    pub has_end: bool,
    pub start: u64,
    pub end: u64,
}

impl nodecore_fs_stream_state {
    fn of(stream: &FileStream) -> nodecore_fs_stream_state {
        let (bytes_read, bytes_written, end) = match stream {
            FileStream::Read(stream) => (stream.bytes_read(), 0, stream.end()),
            FileStream::Write(stream) => (0, stream.bytes_written(), None),
        };
        let start = stream.start();
        nodecore_fs_stream_state {
            struct_size: 0,
            bytes_read,
            bytes_written,
            path: nodecore_str::nullable(stream.path()),
            fd: of_either!(stream, stream => stream.fd()).unwrap_or(-1),
            flags: of_either!(stream, stream => stream.flags()).bits(),
            mode: of_either!(stream, stream => stream.mode()),
            pending: of_either!(stream, stream => stream.pending()),
            auto_close: of_either!(stream, stream => stream.auto_close()),
            has_start: start.is_some(),
            has_end: end.is_some(),
            start: start.unwrap_or(0),
            end: end.unwrap_or(0),
        }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `out` is null or a struct of the size it says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_stream_get_state(
    stream: *const nodecore_stream,
    out: *mut nodecore_fs_stream_state,
) -> nodecore_status {
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), || {
            let out = SizedOut::new(out, size_of::<nodecore_fs_stream_state>(), "out")?;
            out.set(&nodecore_fs_stream_state::of(&FileStream::object(stream)?));
            Ok(())
        })
    }
}

pub type nodecore_fs_fd_cb = Option<unsafe extern "C" fn(fd: nodecore_fd, user: *mut c_void)>;

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `cb` and `release` may be called with `user`; `id` is
///   null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_stream_on_open(
    stream: *mut nodecore_stream,
    cb: nodecore_fs_fd_cb,
    user: *mut c_void,
    release: nodecore_release,
    id: *mut nodecore_listener_id,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), move || {
            let (cb, stream) = (arg::callback(cb, "cb")?, FileStream::object(stream)?);
            let added = of_either!(stream, stream => stream.on_open(move |fd| cb(fd, foreign.user())));
            nodecore_listener_id::from(added).give(id);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_fs_stream_on_open`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_stream_on_ready(
    stream: *mut nodecore_stream,
    cb: nodecore_loop_cb,
    user: *mut c_void,
    release: nodecore_release,
    id: *mut nodecore_listener_id,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), move || {
            let (cb, stream) = (arg::callback(cb, "cb")?, FileStream::object(stream)?);
            let added = of_either!(stream, stream => stream.on_ready(move || cb(foreign.user())));
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
pub unsafe extern "C" fn nodecore_fs_stream_off(
    stream: *mut nodecore_stream,
    id: nodecore_listener_id,
) -> bool {
    // SAFETY: as the caller vouches.
    unsafe { FileStream::object(stream) }
        .is_ok_and(|stream| total(false, || of_either!(stream, stream => stream.off(id.into()))))
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `cb` and `release` may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_stream_close(
    stream: *mut nodecore_stream,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    let call = DoneCall::new(cb, Foreign::new(user, release));
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), move || {
            match FileStream::object(stream)? {
                FileStream::Read(stream) => stream.close(move |result| call.run(result.err().as_ref())),
                FileStream::Write(stream) => stream.close(move || call.run(None)),
            }
            Ok(())
        })
    }
}
