//! `nodecore/buffer.h`.

use std::ffi::{c_char, c_void};

use ::nodecore_buffer::{Encoding, JsStr};
use ::nodecore_error::Result;

use crate::boundary::{arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::{nodecore_buf, nodecore_buf16, nodecore_str};

pub const NODECORE_ENCODING_UTF8: i32 = 0;
pub const NODECORE_ENCODING_UTF16LE: i32 = 1;
pub const NODECORE_ENCODING_LATIN1: i32 = 2;
pub const NODECORE_ENCODING_ASCII: i32 = 3;
pub const NODECORE_ENCODING_BASE64: i32 = 4;
pub const NODECORE_ENCODING_BASE64URL: i32 = 5;
pub const NODECORE_ENCODING_HEX: i32 = 6;

fn known(number: i32) -> Option<Encoding> {
    Some(match number {
        NODECORE_ENCODING_UTF8 => Encoding::Utf8,
        NODECORE_ENCODING_UTF16LE => Encoding::Utf16le,
        NODECORE_ENCODING_LATIN1 => Encoding::Latin1,
        NODECORE_ENCODING_ASCII => Encoding::Ascii,
        NODECORE_ENCODING_BASE64 => Encoding::Base64,
        NODECORE_ENCODING_BASE64URL => Encoding::Base64Url,
        NODECORE_ENCODING_HEX => Encoding::Hex,
        _ => return None,
    })
}

/// The encoding of a number.
pub(crate) fn encoding_of(number: i32) -> Result<Encoding> {
    known(number).ok_or_else(|| Encoding::unknown(number))
}

/// The number of an encoding.
pub(crate) fn number_of(encoding: Encoding) -> i32 {
    match encoding {
        Encoding::Utf8 => NODECORE_ENCODING_UTF8,
        Encoding::Utf16le => NODECORE_ENCODING_UTF16LE,
        Encoding::Latin1 => NODECORE_ENCODING_LATIN1,
        Encoding::Ascii => NODECORE_ENCODING_ASCII,
        Encoding::Base64 => NODECORE_ENCODING_BASE64,
        Encoding::Base64Url => NODECORE_ENCODING_BASE64URL,
        Encoding::Hex => NODECORE_ENCODING_HEX,
    }
}

/// Declared in the header.
///
/// # Safety
/// - `name` is null or points to text as [`arg::bytes`] asks; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_buffer_encoding(
    name: *const c_char,
    name_len: usize,
    out: *mut i32,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let name = String::from_utf8_lossy(arg::bytes(name, name_len, "name")?);
            out.set(number_of(name.parse()?));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `name` is null or points to text as [`arg::bytes`] asks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_buffer_is_encoding(name: *const c_char, name_len: usize) -> bool {
    total(false, || {
        // SAFETY: as the caller vouches.
        let name = unsafe { arg::bytes(name, name_len, "name") };
        name.is_ok_and(|name| std::str::from_utf8(name).is_ok_and(|name| Encoding::parse(name).is_some()))
    })
}

/// Declared in the header.
#[unsafe(no_mangle)]
pub extern "C" fn nodecore_buffer_encoding_name(encoding: i32) -> nodecore_str {
    known(encoding).map_or(nodecore_str::NONE, |encoding| nodecore_str::new(encoding.name().as_bytes()))
}

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to text as [`arg::text`] asks; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_buffer_from(
    text: *const c_char,
    text_len: usize,
    encoding: i32,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let text = JsStr::Utf8(arg::text(text, text_len, "text")?);
            out.set(nodecore_buffer::encode(text, encoding_of(encoding)?).into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to `text_len` readable units; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_buffer_from_utf16(
    text: *const u16,
    text_len: usize,
    encoding: i32,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let text = JsStr::Utf16(arg::units(text, text_len, "text")?);
            out.set(nodecore_buffer::encode(text, encoding_of(encoding)?).into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to text as [`arg::bytes`] asks; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_buffer_from_latin1(
    text: *const c_char,
    text_len: usize,
    encoding: i32,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let text = JsStr::Latin1(arg::bytes(text, text_len, "text")?);
            out.set(nodecore_buffer::encode(text, encoding_of(encoding)?).into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to text as [`arg::text`] asks;
/// - `room` is null or points to `room_len` writable, initialised
///   bytes; `written` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_buffer_write(
    text: *const c_char,
    text_len: usize,
    encoding: i32,
    room: *mut c_void,
    room_len: usize,
    written: *mut usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let written = arg::out(written, "written")?;
            let text = JsStr::Utf8(arg::text(text, text_len, "text")?);
            let encoding = encoding_of(encoding)?;
            written.set(nodecore_buffer::write(text, arg::data_mut(room, room_len, "room")?, encoding));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to `text_len` readable units;
/// - `room` is null or points to `room_len` writable, initialised
///   bytes; `written` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_buffer_write_utf16(
    text: *const u16,
    text_len: usize,
    encoding: i32,
    room: *mut c_void,
    room_len: usize,
    written: *mut usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let written = arg::out(written, "written")?;
            let text = JsStr::Utf16(arg::units(text, text_len, "text")?);
            let encoding = encoding_of(encoding)?;
            written.set(nodecore_buffer::write(text, arg::data_mut(room, room_len, "room")?, encoding));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to text as [`arg::bytes`] asks;
/// - `room` is null or points to `room_len` writable, initialised
///   bytes; `written` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_buffer_write_latin1(
    text: *const c_char,
    text_len: usize,
    encoding: i32,
    room: *mut c_void,
    room_len: usize,
    written: *mut usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let written = arg::out(written, "written")?;
            let text = JsStr::Latin1(arg::bytes(text, text_len, "text")?);
            let encoding = encoding_of(encoding)?;
            written.set(nodecore_buffer::write(text, arg::data_mut(room, room_len, "room")?, encoding));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to text as [`arg::text`] asks; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_buffer_byte_length(
    text: *const c_char,
    text_len: usize,
    encoding: i32,
    out: *mut usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let text = JsStr::Utf8(arg::text(text, text_len, "text")?);
            out.set(nodecore_buffer::byte_length(text, encoding_of(encoding)?));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to `text_len` readable units; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_buffer_byte_length_utf16(
    text: *const u16,
    text_len: usize,
    encoding: i32,
    out: *mut usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let text = JsStr::Utf16(arg::units(text, text_len, "text")?);
            out.set(nodecore_buffer::byte_length(text, encoding_of(encoding)?));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to text as [`arg::bytes`] asks; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_buffer_byte_length_latin1(
    text: *const c_char,
    text_len: usize,
    encoding: i32,
    out: *mut usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let text = JsStr::Latin1(arg::bytes(text, text_len, "text")?);
            out.set(nodecore_buffer::byte_length(text, encoding_of(encoding)?));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `data` is null or points to `len` readable bytes; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_buffer_to_string(
    data: *const c_void,
    len: usize,
    encoding: i32,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let data = arg::data(data, len, "data")?;
            out.set(nodecore_buffer::decode(data, encoding_of(encoding)?).into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `data` is null or points to `len` readable bytes; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_buffer_to_string_utf16(
    data: *const c_void,
    len: usize,
    encoding: i32,
    out: *mut nodecore_buf16,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let data = arg::data(data, len, "data")?;
            out.set(nodecore_buffer::decode_utf16(data, encoding_of(encoding)?).into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `data` is null or points to `len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_buffer_is_utf8(data: *const c_void, len: usize) -> bool {
    total(false, || {
        // SAFETY: as the caller vouches.
        unsafe { arg::data(data, len, "data") }.is_ok_and(nodecore_buffer::is_utf8)
    })
}

/// Declared in the header.
///
/// # Safety
/// - `data` is null or points to `len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_buffer_is_ascii(data: *const c_void, len: usize) -> bool {
    total(false, || {
        // SAFETY: as the caller vouches.
        unsafe { arg::data(data, len, "data") }.is_ok_and(nodecore_buffer::is_ascii)
    })
}

/// Declared in the header.
///
/// # Safety
/// - `data` is null or points to `len` readable bytes; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_buffer_transcode(
    data: *const c_void,
    len: usize,
    from_encoding: i32,
    to_encoding: i32,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let data = arg::data(data, len, "data")?;
            out.set(nodecore_buffer::transcode(data, known(from_encoding), known(to_encoding))?.into());
            Ok(())
        })
    }
}
