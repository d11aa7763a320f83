//! `nodecore/stream_writable.h`: what is done with the writable side of a stream.

use std::ffi::{c_char, c_void};
use std::ptr::null_mut;

use ::nodecore_error::Result;
use ::nodecore_stream::{Chunk, FromText, Writable};
use bytes::Bytes;
use nodecore_buffer::Encoding;

use super::create::encoding_of;
use super::readable::each;
use super::{DoneCall, nodecore_data_cb, nodecore_done_cb, nodecore_stream, writable};
use crate::boundary::{Foreign, arg, entry, total};
use crate::chunk::{Given, Item, nodecore_chunk};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::nodecore_release;

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `data` is null or points to `len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_write(
    stream: *mut nodecore_stream,
    data: *const c_void,
    len: usize,
) -> bool {
    // SAFETY: as the caller vouches.
    match unsafe { (writable(stream), arg::data(data, len, "data")) } {
        (Ok(stream), Ok(data)) => total(false, || stream.write(Bytes::copy_from_slice(data).into())),
        _ => false,
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `chunk` is null or says what is there; `cb` and
///   `release` may be called with `user`; `more` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_write_chunk(
    stream: *mut nodecore_stream,
    chunk: *mut nodecore_chunk,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
    more: *mut bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let call = DoneCall::new(cb, Foreign::new(user, release));
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let stream = writable(stream)?;
            let item = fitting(&stream, arg::object_mut(chunk, "chunk")?)?;
            let wanted = if call.is_some() {
                stream.write_with(item, move |result| call.run(result.err().as_ref()))
            } else {
                stream.write(item)
            };
            if !more.is_null() {
                more.write(wanted);
            }
            Ok(())
        })
    }
}

/// What a chunk of the caller's is for this stream.
///
/// # Safety
/// - the fields say what is there.
unsafe fn fitting(stream: &Writable<Item>, chunk: &mut nodecore_chunk) -> Result<Item> {
    // SAFETY: as the caller vouches.
    match unsafe { chunk.given() }? {
        Given::Item(item) => {
            // Here and now, as Node throws it.
            if item.is_object() && !stream.writable_object_mode() {
                item.check_units()?;
            }
            Ok(item)
        }
        Given::Text(text, encoding) => {
            Ok(Item::from_text(text, encoding.unwrap_or_else(|| stream.writable_default_encoding())))
        }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_end(stream: *mut nodecore_stream) {
    // SAFETY: as the caller vouches.
    if let Ok(stream) = unsafe { writable(stream) } {
        total((), || stream.end());
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_stream_write_chunk`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_end_chunk(
    stream: *mut nodecore_stream,
    chunk: *mut nodecore_chunk,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let call = DoneCall::new(cb, Foreign::new(user, release));
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let stream = writable(stream)?;
            let item = chunk.as_mut().map(|chunk| fitting(&stream, chunk)).transpose()?;
            match item {
                _ if call.is_some() => {
                    stream.end_with(item, move |result| call.run(result.err().as_ref()));
                }
                Some(item) => stream.end_chunk(item),
                None => stream.end(),
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
pub unsafe extern "C" fn nodecore_stream_cork(stream: *mut nodecore_stream) {
    // SAFETY: as the caller vouches.
    if let Ok(stream) = unsafe { writable(stream) } {
        total((), || stream.cork());
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_uncork(stream: *mut nodecore_stream) {
    // SAFETY: as the caller vouches.
    if let Ok(stream) = unsafe { writable(stream) } {
        total((), || stream.uncork());
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `encoding` is null or text as its length says;
///   `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_set_default_encoding(
    stream: *mut nodecore_stream,
    encoding: *const c_char,
    encoding_len: usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let encoding = encoding_of(encoding, encoding_len)?.unwrap_or(Encoding::Utf8);
            writable(stream)?.set_default_encoding(encoding);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `cb` may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_writable_buffer(
    stream: *const nodecore_stream,
    cb: nodecore_data_cb,
    user: *mut c_void,
) -> nodecore_status {
    // SAFETY: as the caller vouches; `err` is null.
    unsafe { entry(null_mut(), || each(writable(stream)?.writable_buffer(), cb, user)) }
}
