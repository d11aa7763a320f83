//! `nodecore/crypto_x509.h`: certificates and their properties.

use std::ffi::c_void;
use std::time::SystemTime;

use nodecore_crypto::X509Certificate;

use super::key::nodecore_key;
use crate::boundary::{Castable, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::nodecore_str;

/// A certificate. What its properties need is behind its own locks, so that a const pointer may be shared.
#[derive(Clone, Debug)]
pub struct nodecore_x509(X509Certificate);
impl Castable for nodecore_x509 {}

impl nodecore_x509 {
    pub(super) fn certificate(&self) -> &X509Certificate {
        &self.0
    }
}

const _: () = {
    const fn assert_sync<T: Send + Sync>() {}
    assert_sync::<nodecore_x509>();
};

pub(super) fn view(text: Option<&str>) -> nodecore_str {
    nodecore_str::nullable(text.map(str::as_bytes))
}

/// A text of the certificate; `{NULL, 0}` for a null pointer, too.
///
/// # Safety
/// - `cert` is null or a live certificate.
unsafe fn text_of(
    cert: *const nodecore_x509,
    get: impl for<'a> FnOnce(&'a X509Certificate) -> Option<&'a str>,
) -> nodecore_str {
    // SAFETY: as the caller vouches.
    let cert = unsafe { arg::nullable(cert) };
    total(nodecore_str::NONE, || view(cert.and_then(|cert| get(&cert.0))))
}

/// Declared in the header.
///
/// # Safety
/// - `data` is null or points to `len` readable bytes; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_new(
    data: *const c_void,
    len: usize,
    out: *mut *mut nodecore_x509,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let certificate = X509Certificate::new(arg::data(data, len, "data")?)?;
            out.set(nodecore_x509(certificate).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a certificate that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_free(cert: *mut nodecore_x509) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(cert) };
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_copy(cert: *const nodecore_x509) -> *mut nodecore_x509 {
    // SAFETY: as the caller vouches.
    let cert = unsafe { arg::nullable(cert) };
    total(std::ptr::null_mut(), || cert.map_or(std::ptr::null_mut(), |cert| cert.clone().into_raw()))
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_subject(cert: *const nodecore_x509) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { text_of(cert, X509Certificate::subject) }
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_subject_alt_name(cert: *const nodecore_x509) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { text_of(cert, X509Certificate::subject_alt_name) }
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_issuer(cert: *const nodecore_x509) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { text_of(cert, X509Certificate::issuer) }
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_info_access(cert: *const nodecore_x509) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { text_of(cert, X509Certificate::info_access) }
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_valid_from(cert: *const nodecore_x509) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { text_of(cert, |cert| Some(cert.valid_from())) }
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_valid_to(cert: *const nodecore_x509) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { text_of(cert, |cert| Some(cert.valid_to())) }
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_fingerprint(cert: *const nodecore_x509) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { text_of(cert, |cert| Some(cert.fingerprint())) }
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_fingerprint256(cert: *const nodecore_x509) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { text_of(cert, |cert| Some(cert.fingerprint256())) }
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_fingerprint512(cert: *const nodecore_x509) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { text_of(cert, |cert| Some(cert.fingerprint512())) }
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_serial_number(cert: *const nodecore_x509) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { text_of(cert, X509Certificate::serial_number) }
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_signature_algorithm(cert: *const nodecore_x509) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { text_of(cert, |cert| cert.signature_algorithm()) }
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_signature_algorithm_oid(cert: *const nodecore_x509) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { text_of(cert, X509Certificate::signature_algorithm_oid) }
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_to_string(cert: *const nodecore_x509) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { text_of(cert, |cert| Some(cert.to_json())) }
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_raw(cert: *const nodecore_x509) -> nodecore_str {
    // SAFETY: as the caller vouches.
    let cert = unsafe { arg::nullable(cert) };
    total(nodecore_str::NONE, || nodecore_str::nullable(cert.map(|cert| cert.0.raw())))
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate; `seconds` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_valid_from_date(
    cert: *const nodecore_x509,
    seconds: *mut i64,
) -> bool {
    // SAFETY: as the caller vouches.
    unsafe { date(cert, seconds, X509Certificate::valid_from_date) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_x509_valid_from_date`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_valid_to_date(cert: *const nodecore_x509, seconds: *mut i64) -> bool {
    // SAFETY: as the caller vouches.
    unsafe { date(cert, seconds, X509Certificate::valid_to_date) }
}

/// # Safety
/// - as for [`nodecore_x509_valid_from_date`].
unsafe fn date(
    cert: *const nodecore_x509,
    seconds: *mut i64,
    get: impl FnOnce(&X509Certificate) -> Option<SystemTime>,
) -> bool {
    // SAFETY: as the caller vouches.
    let cert = unsafe { arg::nullable(cert) };
    let date = total(None, || {
        let time = get(&cert?.0)?;
        match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_secs()).ok(),
            Err(before) => i64::try_from(before.duration().as_secs()).ok().map(|seconds| -seconds),
        }
    });
    if let Some(date) = date.filter(|_| !seconds.is_null()) {
        // SAFETY: as the caller vouches, and not null.
        unsafe { seconds.write(date) };
    }
    date.is_some()
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_ca(cert: *const nodecore_x509) -> bool {
    // SAFETY: as the caller vouches.
    let cert = unsafe { arg::nullable(cert) };
    total(false, || cert.is_some_and(|cert| cert.0.ca()))
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_has_key_usage(cert: *const nodecore_x509) -> bool {
    // SAFETY: as the caller vouches.
    let cert = unsafe { arg::nullable(cert) };
    total(false, || cert.is_some_and(|cert| cert.0.key_usage().is_some()))
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_key_usage(cert: *const nodecore_x509, index: usize) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { text_of(cert, |cert| cert.key_usage()?.get(index).map(String::as_str)) }
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_public_key(
    cert: *const nodecore_x509,
    out: *mut *mut nodecore_key,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(nodecore_key::from(arg::object(cert, "cert")?.0.public_key()?).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_issuer_certificate(cert: *const nodecore_x509) -> *mut nodecore_x509 {
    // SAFETY: as the caller vouches.
    let cert = unsafe { arg::nullable(cert) };
    let issuer = || cert.and_then(|cert| cert.0.issuer_certificate()).cloned();
    total(std::ptr::null_mut(), || {
        issuer().map_or(std::ptr::null_mut(), |cert| nodecore_x509(cert).into_raw())
    })
}
