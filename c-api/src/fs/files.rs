//! Whole files: `readFile`, `writeFile`, `appendFile`.

use std::borrow::Cow;
use std::ffi::{c_char, c_void};

use ::nodecore_error::{Code, Error, Result, inspect};
use bytes::Bytes;
use nodecore_buffer::{Encoding, decode, encode, is_utf8};
use nodecore_fs::{FileArg, FileTarget, Flags, ReadFileOptions, WriteFileOptions};

use super::lent::Lent;
use super::{
    Path, finish, finish_data, finish_io, mode_or, nodecore_fd, nodecore_fs_cb, nodecore_fs_data_cb,
    nodecore_fs_io_cb, path_arg, submit,
};
use crate::abort::nodecore_abort_signal;
use crate::boundary::{SizedOptions, arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{nodecore_loop, nodecore_release, nodecore_request};
use crate::str::{nodecore_buf, nodecore_str};

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_fs_read_file_options {
    pub struct_size: usize,
    pub flags: i32,
    pub has_fd: bool,
    pub fd: nodecore_fd,
    pub encoding: nodecore_str,
    pub signal: *const nodecore_abort_signal,
}

impl SizedOptions for nodecore_fs_read_file_options {
    const ZERO: Self = nodecore_fs_read_file_options {
        struct_size: 0,
        flags: 0,
        has_fd: false,
        fd: 0,
        encoding: nodecore_str::NONE,
        signal: std::ptr::null(),
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_fs_write_file_options {
    pub struct_size: usize,
    pub flags: i32,
    pub mode: i32,
    pub flush: bool,
    pub has_fd: bool,
    pub fd: nodecore_fd,
    pub encoding: nodecore_str,
    pub signal: *const nodecore_abort_signal,
}

impl SizedOptions for nodecore_fs_write_file_options {
    const ZERO: Self = nodecore_fs_write_file_options {
        struct_size: 0,
        flags: 0,
        mode: 0,
        flush: false,
        has_fd: false,
        fd: 0,
        encoding: nodecore_str::NONE,
        signal: std::ptr::null(),
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// What the caller names: a path, or a descriptor.
enum File<'a> {
    Path(Path<'a>),
    Fd(nodecore_fd),
}

impl FileArg for File<'_> {
    fn file(&self) -> Result<FileTarget<'_>> {
        match self {
            File::Path(path) => path.file(),
            File::Fd(fd) => fd.file(),
        }
    }
}

/// # Safety
/// - as for [`arg::bytes`], unless there is a descriptor.
unsafe fn file<'a>(path: *const c_char, len: usize, fd: Option<nodecore_fd>) -> Result<File<'a>> {
    match fd {
        Some(fd) => Ok(File::Fd(fd)),
        // SAFETY: as the caller vouches.
        None => Ok(File::Path(unsafe { path_arg(path, len, "path") }?)),
    }
}

/// The encoding of that name, with the error that Node's `fs` has; none for null.
///
/// # Safety
/// - as for [`arg::bytes`].
pub(super) unsafe fn encoding(name: nodecore_str) -> Result<Option<Encoding>> {
    if name.data.is_null() {
        return Ok(None);
    }
    // SAFETY: as the caller vouches.
    let name = unsafe { arg::bytes(name.data, name.len, "encoding") }?;
    // What Node's Buffer says of it: a name that `fs` lets pass, and no encoding of text.
    if name == b"buffer" {
        return Err(Error::from_template(Code::UnknownEncoding, &[&"buffer"]));
    }
    let known = arg::as_text(name).and_then(Encoding::parse);
    known.map(Some).ok_or_else(|| {
        Error::from_template(Code::InvalidArgValue, &[&"encoding", &"is invalid encoding", &inspect(name)])
    })
}

/// A caller's request to read: the file and how. The signal is for the callback form alone, which is on its thread.
struct Read<'a> {
    file: File<'a>,
    options: ReadFileOptions,
    encoding: Option<Encoding>,
    signal: *const nodecore_abort_signal,
}

impl<'a> Read<'a> {
    /// # Safety
    /// - `opts` is null or a struct of the size it says; `path` is as [`arg::bytes`] asks, unless they name a
    ///   descriptor.
    unsafe fn new(
        path: *const c_char,
        path_len: usize,
        opts: *const nodecore_fs_read_file_options,
    ) -> Result<Read<'a>> {
        // SAFETY: as the caller vouches.
        unsafe {
            let opts = nodecore_fs_read_file_options::read(opts, "opts")?;
            Ok(Read {
                file: file(path, path_len, opts.has_fd.then_some(opts.fd))?,
                options: ReadFileOptions::default().flag(Flags::from(opts.flags)),
                encoding: encoding(opts.encoding)?,
                signal: opts.signal,
            })
        }
    }

    /// As [`Read::new`], of bytes only.
    ///
    /// # Safety
    /// - as for [`Read::new`].
    unsafe fn bytes(
        path: *const c_char,
        path_len: usize,
        opts: *const nodecore_fs_read_file_options,
    ) -> Result<Read<'a>> {
        // SAFETY: as the caller vouches.
        let read = unsafe { Read::new(path, path_len, opts) }?;
        if let Some(encoding) = read.encoding {
            let received = inspect(encoding.name().as_bytes());
            let why = "must be absent, as a buffer gets bytes";
            return Err(Error::from_template(Code::InvalidArgValue, &[&"opts.encoding", &why, &received]));
        }
        Ok(read)
    }
}

/// What was read, as UTF-8 if an encoding was named.
fn shown(data: Vec<u8>, encoding: Option<Encoding>) -> Vec<u8> {
    match encoding {
        None => data,
        Some(Encoding::Utf8) if is_utf8(&data) => data,
        Some(encoding) => decode(&data, encoding).into_bytes(),
    }
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
            let Read { file, options, encoding, .. } = Read::new(path, path_len, opts)?;
            out.set(shown(nodecore_fs::read_file_sync(file, &options)?, encoding).into());
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
            let Read { file, mut options, encoding, signal } = Read::new(path, path_len, opts)?;
            options.signal = nodecore_abort_signal::nullable(signal);
            nodecore_fs::read_file(lp, file, &options, move |result| {
                finish_data(call, result.map(|data| shown(data, encoding)))
            })
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_read_file_into_sync(
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_fs_read_file_options,
    buffer: *mut c_void,
    len: usize,
    out: *mut usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let Read { file, options, .. } = Read::bytes(path, path_len, opts)?;
            let buffer = arg::data_mut(buffer, len, "buffer")?;
            out.set(nodecore_fs::read_file_into_sync(file, buffer, &options)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err`
///   are null or writable; paths, data and options are null or as their types and
///   lengths say, `buffer` until the callback has run.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_read_file_into(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_fs_read_file_options,
    buffer: *mut c_void,
    len: usize,
    cb: nodecore_fs_io_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            let Read { file, mut options, signal, .. } = Read::bytes(path, path_len, opts)?;
            options.signal = nodecore_abort_signal::nullable(signal);
            let buffer = Lent::new(buffer, len, "buffer")?;
            nodecore_fs::read_file_into(lp, file, buffer, &options, move |result| {
                finish_io(call, result.map(|(n, _)| n))
            })
        })
    }
}

/// A caller's request to write: the file, what and how; the signal as in [`Read`].
struct Write<'a> {
    file: File<'a>,
    data: Cow<'a, [u8]>,
    options: WriteFileOptions,
    signal: *const nodecore_abort_signal,
}

impl<'a> Write<'a> {
    /// # Safety
    /// - as for [`Read::new`]; `data` is null or points to `len` readable bytes.
    unsafe fn new(
        path: *const c_char,
        path_len: usize,
        (data, len): (*const c_void, usize),
        opts: *const nodecore_fs_write_file_options,
    ) -> Result<Write<'a>> {
        // SAFETY: as the caller vouches.
        unsafe {
            let opts = nodecore_fs_write_file_options::read(opts, "opts")?;
            let mut options = WriteFileOptions::default().mode(mode_or(opts.mode, 0o666)?).flush(opts.flush);
            options.flag = (opts.flags != 0).then(|| Flags::from(opts.flags));
            let file = file(path, path_len, opts.has_fd.then_some(opts.fd))?;
            let data = arg::data(data, len, "data")?;
            let data = match encoding(opts.encoding)? {
                None => Cow::Borrowed(data),
                Some(encoding) => written(data, encoding)?,
            };
            Ok(Write { file, data, options, signal: opts.signal })
        }
    }

    /// What outlives the call.
    fn kept(data: Cow<'_, [u8]>) -> Bytes {
        match data {
            Cow::Borrowed(data) => Bytes::copy_from_slice(data),
            Cow::Owned(data) => data.into(),
        }
    }
}

/// UTF-8 text in another encoding.
fn written(text: &[u8], encoding: Encoding) -> Result<Cow<'_, [u8]>> {
    let text = arg::as_text(text).ok_or_else(|| {
        Error::from_template(Code::InvalidArgValue, &[&"data", &"must be valid UTF-8", &"bytes"])
    })?;
    Ok(match encoding {
        Encoding::Utf8 => Cow::Borrowed(text.as_bytes()),
        encoding => Cow::Owned(encode(text, encoding)),
    })
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
            let Write { file, data, options, .. } = Write::new(path, path_len, (data, len), opts)?;
            nodecore_fs::write_file_sync(file, data, &options)?;
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
            let Write { file, data, mut options, signal } = Write::new(path, path_len, (data, len), opts)?;
            options.signal = nodecore_abort_signal::nullable(signal);
            nodecore_fs::write_file(lp, file, Write::kept(data), &options, move |result| finish(call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_append_file_sync(
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
            let Write { file, data, options, .. } = Write::new(path, path_len, (data, len), opts)?;
            nodecore_fs::append_file_sync(file, data, &options)?;
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
pub unsafe extern "C" fn nodecore_fs_append_file(
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
            let Write { file, data, mut options, signal } = Write::new(path, path_len, (data, len), opts)?;
            options.signal = nodecore_abort_signal::nullable(signal);
            nodecore_fs::append_file(lp, file, Write::kept(data), &options, move |result| {
                finish(call, result)
            })
        })
    }
}
