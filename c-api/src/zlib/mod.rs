//! `nodecore/zlib.h` and the headers it includes, a file for each family of verbs; here is what has no options.

pub(crate) mod constants;
pub(crate) mod oneshot;
pub(crate) mod options;
pub(crate) mod stream;
pub(crate) mod zip;

use std::ffi::{c_char, c_void};

use nodecore_zlib::constants::{CODES, code_name};

use crate::boundary::{arg, total};
use crate::str::nodecore_str;

/// Declared in the header.
///
/// # Safety
/// - `data` is null or points to `len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_crc32(data: *const c_void, len: usize, value: u32) -> u32 {
    // SAFETY: as the caller vouches.
    let data = unsafe { arg::data(data, len, "data") };
    total(value, || data.map_or(value, |data| nodecore_zlib::crc32(data, value)))
}

/// Declared in the header.
#[unsafe(no_mangle)]
pub extern "C" fn nodecore_zlib_code_name(number: i32) -> nodecore_str {
    total(nodecore_str::NONE, || nodecore_str::nullable(code_name(number).map(str::as_bytes)))
}

/// Declared in the header.
///
/// # Safety
/// - `name` is null or points to `name_len` readable bytes, or to a string; `number` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_code_number(
    name: *const c_char,
    name_len: usize,
    number: *mut i32,
) -> bool {
    // SAFETY: as the caller vouches.
    let name = unsafe { arg::readable(name, name_len) };
    let found = CODES.iter().find(|(known, _)| name == Some(known.as_bytes()));
    if let (Some((_, found)), false) = (found, number.is_null()) {
        // SAFETY: as the caller vouches.
        unsafe { number.write(*found) };
    }
    found.is_some()
}
