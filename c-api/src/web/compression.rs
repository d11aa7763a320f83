//! `nodecore/web_compression.h`.

use std::ffi::c_char;

use ::nodecore_error::Result;
use nodecore_event_loop::EventLoop;
use nodecore_stream::web::ReadableWritablePair;
use nodecore_zlib::web::{CompressionStream, DecompressionStream};

use super::transform::nodecore_web_transform;
use crate::boundary::{Castable, arg, entry};
use crate::chunk::Item;
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop};

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `format` is null or points to `format_len` readable bytes, or to
///   a string; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_compression_new(
    lp: *mut nodecore_loop,
    format: *const c_char,
    format_len: usize,
    out: *mut *mut nodecore_web_transform,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        create(lp, format, format_len, out, err, |lp, format| {
            Ok((&CompressionStream::new_of(lp, format)?).into())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_web_compression_new`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_decompression_new(
    lp: *mut nodecore_loop,
    format: *const c_char,
    format_len: usize,
    out: *mut *mut nodecore_web_transform,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        create(lp, format, format_len, out, err, |lp, format| {
            Ok((&DecompressionStream::new_of(lp, format)?).into())
        })
    }
}

/// # Safety
/// - as for [`nodecore_web_compression_new`].
unsafe fn create(
    lp: *mut nodecore_loop,
    format: *const c_char,
    format_len: usize,
    out: *mut *mut nodecore_web_transform,
    err: *mut *mut nodecore_error,
    body: impl FnOnce(&EventLoop, &str) -> Result<ReadableWritablePair<Item, Item>>,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let pair = body(event_loop(lp)?, arg::text(format, format_len, "format")?)?;
            out.set(nodecore_web_transform::from(pair).into_raw());
            Ok(())
        })
    }
}
