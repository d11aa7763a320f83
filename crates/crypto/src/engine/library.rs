//! What belongs to libcrypto as a whole.

use std::ffi::CStr;

use openssl_sys as ffi;

use super::{init, sys};

/// Overwrites with zeroes, also what is not read again.
pub(crate) fn cleanse(bytes: &mut [u8]) {
    // SAFETY: a slice with its length.
    unsafe { sys::OPENSSL_cleanse(bytes.as_mut_ptr().cast(), bytes.len()) };
}

/// Whether two slices are equal, in a time that depends on their lengths alone.
pub(crate) fn equal(a: &[u8], b: &[u8]) -> bool {
    // SAFETY: `a.len()` readable bytes in both.
    a.len() == b.len() && unsafe { ffi::CRYPTO_memcmp(a.as_ptr().cast(), b.as_ptr().cast(), a.len()) } == 0
}

/// Text of ASCII characters; the top bit of a byte is left out.
pub(crate) fn ascii<const N: usize>(bytes: [u8; N]) -> String {
    let bytes = bytes.map(|byte| byte & 0x7f).to_vec();
    // SAFETY: each byte below 0x80 is a character.
    unsafe { String::from_utf8_unchecked(bytes) }
}

/// The short names of the elliptic curves.
pub(crate) fn curves() -> Vec<&'static str> {
    init();
    // SAFETY: without room it says how many there are.
    let count = unsafe { sys::EC_get_builtin_curves(std::ptr::null_mut(), 0) };
    let mut curves = vec![sys::BuiltinCurve { nid: 0, comment: std::ptr::null() }; count];
    // SAFETY: room for `count` curves.
    let written = unsafe { sys::EC_get_builtin_curves(curves.as_mut_ptr(), count) };
    curves.truncate(written);
    let name = |curve: &sys::BuiltinCurve| {
        // SAFETY: any number is allowed.
        let name = unsafe { ffi::OBJ_nid2sn(curve.nid) };
        // SAFETY: null, or the static NUL-terminated name of a builtin object.
        if name.is_null() { None } else { unsafe { CStr::from_ptr(name) }.to_str().ok() }
    };
    curves.iter().filter_map(name).collect()
}

/// What became of a secure heap that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecureHeap {
    /// There is none.
    Failed,
    /// It is there; the system has not locked it in memory, or not put guards around it.
    Open,
    /// It is there, locked and guarded.
    Locked,
}

/// Makes the secure heap. No other thread uses libcrypto yet. Both numbers are powers of 2, and the heap has at least
/// four of the smallest pieces and not so many that there is no memory for its lists, when OpenSSL ends the process.
pub(super) fn make_secure_heap(size: usize, min: usize) -> SecureHeap {
    // SAFETY: numbers that OpenSSL's assertions allow.
    match unsafe { sys::CRYPTO_secure_malloc_init(size, min) } {
        1 => SecureHeap::Locked,
        0 => SecureHeap::Failed,
        _ => SecureHeap::Open,
    }
}

/// Bytes of the secure heap that are taken.
pub(crate) fn secure_heap_taken() -> usize {
    init();
    // SAFETY: takes no arguments.
    unsafe { sys::CRYPTO_secure_used() }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_byte_is_a_character() {
        assert_eq!(super::ascii(*b"a-\xff\x80"), "a-\x7f\0");
    }

    #[test]
    fn the_version_is_the_constant() {
        // SAFETY: takes no arguments.
        let version = unsafe { openssl_sys::OpenSSL_version_num() };
        assert_eq!(version.to_string(), crate::constants::OPENSSL_VERSION_NUMBER.to_string());
    }
}
