//! `nodecore/version.h`.

use std::ffi::{CStr, c_char};

const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
    Ok(version) => version,
    Err(_) => panic!("Cargo's version has no NUL"),
};

/// The number between the dots, at compile time.
const fn number(text: &str) -> u32 {
    let (bytes, mut index, mut value) = (text.as_bytes(), 0, 0);
    while index < bytes.len() {
        value = value * 10 + (bytes[index] - b'0') as u32;
        index += 1;
    }
    value
}

const HEX: u32 = (number(env!("CARGO_PKG_VERSION_MAJOR")) << 16)
    | (number(env!("CARGO_PKG_VERSION_MINOR")) << 8)
    | number(env!("CARGO_PKG_VERSION_PATCH"));

/// Declared in the header.
#[unsafe(no_mangle)]
pub extern "C" fn nodecore_version() -> u32 {
    HEX
}

/// Declared in the header.
#[unsafe(no_mangle)]
pub extern "C" fn nodecore_version_string() -> *const c_char {
    VERSION.as_ptr()
}
