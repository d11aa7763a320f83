//! `nodecore/crypto_x509.h`: `toLegacyObject`.

use nodecore_crypto::{X509Attributes, X509LegacyObject};

use super::x509::{nodecore_x509, view};
use crate::boundary::{Castable, arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::nodecore_str;

pub const NODECORE_X509_LEGACY_SUBJECT: i32 = 0;
pub const NODECORE_X509_LEGACY_ISSUER: i32 = 1;
pub const NODECORE_X509_LEGACY_INFO_ACCESS: i32 = 2;

/// What `toLegacyObject` gives, its lists flat.
#[derive(Debug)]
pub struct nodecore_x509_legacy {
    object: X509LegacyObject,
    lists: [Vec<(String, String)>; 3],
}
impl Castable for nodecore_x509_legacy {}

const _: () = {
    const fn assert_sync<T: Send + Sync>() {}
    assert_sync::<nodecore_x509_legacy>();
};

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_x509_attribute {
    pub name: nodecore_str,
    pub value: nodecore_str,
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_x509_legacy_fields {
    pub subjectaltname: nodecore_str,
    pub modulus: nodecore_str,
    pub exponent: nodecore_str,
    pub pubkey: nodecore_str,
    pub valid_from: nodecore_str,
    pub valid_to: nodecore_str,
    pub fingerprint: nodecore_str,
    pub fingerprint256: nodecore_str,
    pub fingerprint512: nodecore_str,
    pub serial_number: nodecore_str,
    pub raw: nodecore_str,
    pub asn1_curve: nodecore_str,
    pub nist_curve: nodecore_str,
    pub bits: u32,
    pub ca: bool,
    pub has_info_access: bool,
    pub has_ext_key_usage: bool,
}

fn flat(attributes: &X509Attributes) -> Vec<(String, String)> {
    let each = |(name, values): (&str, &[String])| -> Vec<_> {
        values.iter().map(|value| (name.to_owned(), value.clone())).collect()
    };
    attributes.iter().flat_map(each).collect()
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_to_legacy_object(
    cert: *const nodecore_x509,
    out: *mut *mut nodecore_x509_legacy,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let object = arg::object(cert, "cert")?.certificate().to_legacy_object();
            let access = object.info_access.as_ref().map(flat).unwrap_or_default();
            let lists = [flat(&object.subject), flat(&object.issuer), access];
            out.set(nodecore_x509_legacy { object, lists }.into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `legacy` is null or an object that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_legacy_free(legacy: *mut nodecore_x509_legacy) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(legacy) };
}

/// Declared in the header.
///
/// # Safety
/// - `legacy` is null or live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_legacy_get(
    legacy: *const nodecore_x509_legacy,
) -> nodecore_x509_legacy_fields {
    // SAFETY: as the caller vouches.
    let of = unsafe { arg::nullable(legacy) }.map(|legacy| &legacy.object);
    let text = |get: fn(&X509LegacyObject) -> Option<&str>| view(of.and_then(get));
    let bytes = |get: fn(&X509LegacyObject) -> Option<&[u8]>| nodecore_str::nullable(of.and_then(get));
    nodecore_x509_legacy_fields {
        subjectaltname: text(|of| of.subjectaltname.as_deref()),
        modulus: text(|of| of.modulus.as_deref()),
        exponent: text(|of| of.exponent.as_deref()),
        pubkey: bytes(|of| of.pubkey.as_deref()),
        valid_from: text(|of| Some(&of.valid_from)),
        valid_to: text(|of| Some(&of.valid_to)),
        fingerprint: text(|of| Some(&of.fingerprint)),
        fingerprint256: text(|of| Some(&of.fingerprint256)),
        fingerprint512: text(|of| Some(&of.fingerprint512)),
        serial_number: text(|of| of.serial_number.as_deref()),
        raw: bytes(|of| Some(&of.raw)),
        asn1_curve: text(|of| of.asn1_curve.as_deref()),
        nist_curve: text(|of| of.nist_curve.as_deref()),
        bits: of.and_then(|of| of.bits).unwrap_or(0),
        ca: of.is_some_and(|of| of.ca),
        has_info_access: of.is_some_and(|of| of.info_access.is_some()),
        has_ext_key_usage: of.is_some_and(|of| of.ext_key_usage.is_some()),
    }
}

/// Declared in the header.
///
/// # Safety
/// - `legacy` is null or live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_legacy_attribute(
    legacy: *const nodecore_x509_legacy,
    list: i32,
    index: usize,
) -> nodecore_x509_attribute {
    // SAFETY: as the caller vouches.
    let legacy = unsafe { arg::nullable(legacy) };
    let list = match list {
        NODECORE_X509_LEGACY_SUBJECT | NODECORE_X509_LEGACY_ISSUER | NODECORE_X509_LEGACY_INFO_ACCESS => {
            usize::try_from(list).ok()
        }
        _ => None,
    };
    let found = legacy.and_then(|legacy| legacy.lists.get(list?)?.get(index));
    nodecore_x509_attribute {
        name: view(found.map(|(name, _)| name.as_str())),
        value: view(found.map(|(_, value)| value.as_str())),
    }
}

/// Declared in the header.
///
/// # Safety
/// - `legacy` is null or live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_legacy_ext_key_usage(
    legacy: *const nodecore_x509_legacy,
    index: usize,
) -> nodecore_str {
    // SAFETY: as the caller vouches.
    let legacy = unsafe { arg::nullable(legacy) };
    view(legacy.and_then(|legacy| legacy.object.ext_key_usage.as_ref()?.get(index).map(String::as_str)))
}
