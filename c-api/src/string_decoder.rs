//! `nodecore/string_decoder.h`.

use std::ffi::c_void;

use ::nodecore_buffer::StringDecoder;

use crate::boundary::{Castable, arg, entry, total};
use crate::buffer::{NODECORE_ENCODING_UTF8, encoding_of, number_of};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::{nodecore_buf, nodecore_buf16, nodecore_str};

#[derive(Debug)]
pub struct nodecore_string_decoder(StringDecoder);
impl Castable for nodecore_string_decoder {}

const _: () = {
    const fn assert_sync<T: Sync>() {}
    assert_sync::<nodecore_string_decoder>();
};

/// Declared in the header.
///
/// # Safety
/// - `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_string_decoder_new(
    encoding: i32,
    out: *mut *mut nodecore_string_decoder,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(nodecore_string_decoder(StringDecoder::new(encoding_of(encoding)?)).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `decoder` is null or a decoder that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_string_decoder_free(decoder: *mut nodecore_string_decoder) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(decoder) };
}

/// Declared in the header.
///
/// # Safety
/// - `decoder` is null or a live decoder; `data` is null or points to `len` readable bytes; `out` and `err` are null
///   or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_string_decoder_write(
    decoder: *mut nodecore_string_decoder,
    data: *const c_void,
    len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let decoder = arg::object_mut(decoder, "decoder")?;
            out.set(decoder.0.write(arg::data(data, len, "data")?).into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `decoder` is null or a live decoder; `data` is null or points to `len` readable bytes; `out` and `err` are null
///   or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_string_decoder_write_utf16(
    decoder: *mut nodecore_string_decoder,
    data: *const c_void,
    len: usize,
    out: *mut nodecore_buf16,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let decoder = arg::object_mut(decoder, "decoder")?;
            out.set(decoder.0.write_utf16(arg::data(data, len, "data")?).into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `decoder` is null or a live decoder; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_string_decoder_end(
    decoder: *mut nodecore_string_decoder,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(arg::object_mut(decoder, "decoder")?.0.end().into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `decoder` is null or a live decoder; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_string_decoder_end_utf16(
    decoder: *mut nodecore_string_decoder,
    out: *mut nodecore_buf16,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(arg::object_mut(decoder, "decoder")?.0.end_utf16().into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `decoder` is null or a live decoder.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_string_decoder_encoding(decoder: *const nodecore_string_decoder) -> i32 {
    // SAFETY: as the caller vouches.
    let decoder = unsafe { arg::nullable(decoder) };
    total(NODECORE_ENCODING_UTF8, || {
        decoder.map_or(NODECORE_ENCODING_UTF8, |decoder| number_of(decoder.0.encoding()))
    })
}

/// Declared in the header.
///
/// # Safety
/// - `decoder` is null or a live decoder.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_string_decoder_last_char(
    decoder: *const nodecore_string_decoder,
) -> nodecore_str {
    // SAFETY: as the caller vouches.
    let decoder = unsafe { arg::nullable(decoder) };
    total(nodecore_str::NONE, || {
        decoder.map_or(nodecore_str::NONE, |decoder| nodecore_str::new(decoder.0.last_char()))
    })
}

/// Declared in the header.
///
/// # Safety
/// - `decoder` is null or a live decoder.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_string_decoder_last_need(decoder: *const nodecore_string_decoder) -> usize {
    // SAFETY: as the caller vouches.
    let decoder = unsafe { arg::nullable(decoder) };
    total(0, || decoder.map_or(0, |decoder| decoder.0.last_need()))
}

/// Declared in the header.
///
/// # Safety
/// - `decoder` is null or a live decoder.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_string_decoder_last_total(
    decoder: *const nodecore_string_decoder,
) -> usize {
    // SAFETY: as the caller vouches.
    let decoder = unsafe { arg::nullable(decoder) };
    total(0, || decoder.map_or(0, |decoder| decoder.0.last_total()))
}
