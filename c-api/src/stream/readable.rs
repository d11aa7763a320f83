//! `nodecore/stream_readable.h`: what is done with the readable side of a stream.

use std::ffi::{c_char, c_void};
use std::ptr::null_mut;

use ::nodecore_error::Result;
use ::nodecore_stream::{Chunk, PipeOptions, Readable};
use bytes::Bytes;
use nodecore_buffer::Encoding;

use super::create::encoding_of;
use super::{nodecore_data_cb, nodecore_stream, readable};
use crate::boundary::{arg, entry, total};
use crate::chunk::{Given, Item, nodecore_chunk};
use crate::error::{nodecore_error, nodecore_status};

pub const NODECORE_READ_ANY: usize = usize::MAX;

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `data` is null or points to `len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_push(
    stream: *mut nodecore_stream,
    data: *const c_void,
    len: usize,
) -> bool {
    // SAFETY: as the caller vouches.
    match unsafe { (readable(stream), arg::data(data, len, "data")) } {
        (Ok(stream), Ok(data)) => total(false, || stream.push(Some(Bytes::copy_from_slice(data).into()))),
        _ => false,
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `chunk` is null or says what is there; `more` and
///   `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_push_chunk(
    stream: *mut nodecore_stream,
    chunk: *mut nodecore_chunk,
    more: *mut bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        let item = |stream: &Readable<Item>, item| match item {
            Some(item) => stream.try_push(item),
            None => Ok(stream.push(None)),
        };
        add(stream, chunk, more, err, item, Readable::push_text)
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_stream_push_chunk`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_unshift(
    stream: *mut nodecore_stream,
    chunk: *mut nodecore_chunk,
    more: *mut bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        let item = |stream: &Readable<Item>, item: Option<Item>| {
            if let Some(item) = &item
                && !stream.readable_object_mode()
            {
                item.check_units()?;
            }
            Ok(stream.unshift(item))
        };
        add(stream, chunk, more, err, item, Readable::unshift_text)
    }
}

/// # Safety
/// - as for [`nodecore_stream_push_chunk`].
#[inline(always)]
unsafe fn add(
    stream: *mut nodecore_stream,
    chunk: *mut nodecore_chunk,
    more: *mut bool,
    err: *mut *mut nodecore_error,
    item: impl FnOnce(&Readable<Item>, Option<Item>) -> Result<bool>,
    text: impl FnOnce(&Readable<Item>, &str, Encoding) -> bool,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let stream = readable(stream)?;
            let wanted = match chunk.as_mut() {
                None => item(&stream, None)?,
                Some(chunk) => match chunk.given()? {
                    Given::Item(given) => item(&stream, Some(given))?,
                    Given::Text(given, encoding) => text(&stream, given, encoding.unwrap_or(Encoding::Utf8)),
                },
            };
            if !more.is_null() {
                more.write(wanted);
            }
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_push_end(stream: *mut nodecore_stream) {
    // SAFETY: as the caller vouches.
    if let Ok(stream) = unsafe { readable(stream) } {
        total((), || _ = stream.push(None));
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `out`, `found` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_read(
    stream: *mut nodecore_stream,
    n: usize,
    out: *mut nodecore_chunk,
    found: *mut bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let (out, found) = (arg::out(out, "out")?, arg::out(found, "found")?);
            let stream = readable(stream)?;
            let item = if n == NODECORE_READ_ANY { stream.read(None) } else { stream.try_read(n)? };
            found.set(item.is_some());
            if let Some(item) = item {
                out.set(item.into());
            }
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_pause(stream: *mut nodecore_stream) {
    // SAFETY: as the caller vouches.
    if let Ok(stream) = unsafe { readable(stream) } {
        total((), || stream.pause());
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_resume(stream: *mut nodecore_stream) {
    // SAFETY: as the caller vouches.
    if let Ok(stream) = unsafe { readable(stream) } {
        total((), || stream.resume());
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `encoding` is null or text as its length says;
///   `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_set_encoding(
    stream: *mut nodecore_stream,
    encoding: *const c_char,
    encoding_len: usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            // As in Node, none means UTF-8.
            let encoding = encoding_of(encoding, encoding_len)?.unwrap_or(Encoding::Utf8);
            readable(stream)?.set_encoding(encoding);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` and `dest` are null or live handles, on their loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_pipe(
    stream: *mut nodecore_stream,
    dest: *mut nodecore_stream,
    keep_open: bool,
) -> nodecore_status {
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), || {
            let dest = arg::object(dest, "dest")?.to_writable("dest")?;
            readable(stream)?.pipe(&dest, PipeOptions::default().end(!keep_open));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` and `dest` are null or live handles, on their loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_unpipe(
    stream: *mut nodecore_stream,
    dest: *mut nodecore_stream,
) -> nodecore_status {
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), || {
            let dest = arg::nullable(dest).map(|dest| dest.to_writable("dest")).transpose()?;
            readable(stream)?.unpipe(dest.as_ref());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `cb` may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_readable_buffer(
    stream: *const nodecore_stream,
    cb: nodecore_data_cb,
    user: *mut c_void,
) -> nodecore_status {
    // SAFETY: as the caller vouches; `err` is null.
    unsafe { entry(null_mut(), || each(readable(stream)?.readable_buffer(), cb, user)) }
}

/// Lends every chunk of a buffer.
///
/// # Safety
/// - `cb` may be called with `user`.
pub(super) unsafe fn each(items: Vec<Item>, cb: nodecore_data_cb, user: *mut c_void) -> Result<()> {
    let cb = arg::callback(cb, "cb")?;
    // SAFETY: as the caller vouches.
    items.into_iter().for_each(|item| item.lend(|chunk| unsafe { cb(chunk, user) }));
    Ok(())
}
