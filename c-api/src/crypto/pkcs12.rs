//! `nodecore/crypto_pkcs12.h`.

use std::ffi::{c_char, c_void};

use nodecore_crypto::Pkcs12;

use super::key::nodecore_key;
use crate::boundary::{Castable, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::nodecore_str;

#[derive(Debug)]
pub struct nodecore_pkcs12(Pkcs12);
impl Castable for nodecore_pkcs12 {}

const _: () = {
    const fn assert_sync<T: Send + Sync>() {}
    assert_sync::<nodecore_pkcs12>();
};

/// Declared in the header.
///
/// # Safety
/// - `bundle` is null or points to `len` readable bytes; `passphrase` is null or text as [`arg::bytes`] asks; `out` and
///   `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_parse_pkcs12(
    bundle: *const c_void,
    len: usize,
    passphrase: *const c_char,
    passphrase_len: usize,
    out: *mut *mut nodecore_pkcs12,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let bundle = arg::data(bundle, len, "bundle")?;
            let passphrase = match passphrase.is_null() {
                true => &[],
                false => arg::bytes(passphrase, passphrase_len, "passphrase")?,
            };
            out.set(nodecore_pkcs12(nodecore_crypto::parse_pkcs12(bundle, passphrase)?).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `pkcs12` is null or was given by the library and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_pkcs12_free(pkcs12: *mut nodecore_pkcs12) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(pkcs12) };
}

/// Declared in the header.
///
/// # Safety
/// - `pkcs12` is null or live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_pkcs12_private_key(pkcs12: *const nodecore_pkcs12) -> *mut nodecore_key {
    // SAFETY: as the caller vouches.
    total(std::ptr::null_mut(), || unsafe {
        let key = arg::nullable(pkcs12).and_then(|pkcs12| pkcs12.0.private_key.clone());
        key.map_or(std::ptr::null_mut(), |key| nodecore_key::from(key).into_raw())
    })
}

/// Declared in the header.
///
/// # Safety
/// - `pkcs12` is null or live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_pkcs12_certificate(pkcs12: *const nodecore_pkcs12) -> nodecore_str {
    // SAFETY: as the caller vouches.
    total(nodecore_str::NONE, || unsafe {
        let certificate = arg::nullable(pkcs12).and_then(|pkcs12| pkcs12.0.certificate.as_deref());
        nodecore_str::nullable(certificate)
    })
}

/// Declared in the header.
///
/// # Safety
/// - `pkcs12` is null or live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_pkcs12_additional_certificate(
    pkcs12: *const nodecore_pkcs12,
    index: usize,
) -> nodecore_str {
    // SAFETY: as the caller vouches.
    total(nodecore_str::NONE, || unsafe {
        let pkcs12 = arg::nullable(pkcs12);
        let certificate = pkcs12.and_then(|pkcs12| pkcs12.0.additional_certificates.get(index));
        nodecore_str::nullable(certificate.map(Vec::as_slice))
    })
}
