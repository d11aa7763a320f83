//! `escape`, `unescape`, `unescapeBuffer`.

use std::ffi::c_char;

use ::nodecore_querystring::{Latin1, Latin1Text, escape, unescape, unescape_buffer};

use crate::boundary::{arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::{nodecore_buf, nodecore_buf16};

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to text as [`arg::text`] asks; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_escape(
    text: *const c_char,
    text_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(escape(arg::text(text, text_len, "text")?)?.into_owned().into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to `text_len` readable units; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_escape_utf16(
    text: *const u16,
    text_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(escape(arg::units(text, text_len, "text")?)?.into_owned().into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to `text_len` readable units; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_escape_latin1(
    text: *const c_char,
    text_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(escape(Latin1(arg::bytes(text, text_len, "text")?))?.into_owned().into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to `text_len` readable units; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_unescape(
    text: *const c_char,
    text_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(unescape(arg::text(text, text_len, "text")?).into_owned().into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to `text_len` readable units; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_unescape_utf16(
    text: *const u16,
    text_len: usize,
    out: *mut nodecore_buf16,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(unescape(arg::units(text, text_len, "text")?).into_owned().into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to `text_len` readable units; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_unescape_latin1(
    text: *const c_char,
    text_len: usize,
    out: *mut nodecore_buf16,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let units = match unescape(Latin1(arg::bytes(text, text_len, "text")?)) {
                Latin1Text::Latin1(bytes) => bytes.iter().map(|&byte| byte.into()).collect(),
                Latin1Text::Utf16(units) => units,
            };
            out.set(units.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to `text_len` readable units; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_unescape_buffer(
    text: *const c_char,
    text_len: usize,
    decode_spaces: bool,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(unescape_buffer(arg::text(text, text_len, "text")?, decode_spaces).into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to `text_len` readable units; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_unescape_buffer_utf16(
    text: *const u16,
    text_len: usize,
    decode_spaces: bool,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(unescape_buffer(arg::units(text, text_len, "text")?, decode_spaces).into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to `text_len` readable units; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_unescape_buffer_latin1(
    text: *const c_char,
    text_len: usize,
    decode_spaces: bool,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(unescape_buffer(Latin1(arg::bytes(text, text_len, "text")?), decode_spaces).into());
            Ok(())
        })
    }
}
