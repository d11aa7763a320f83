//! `nodecore/crypto_ecdh.h`.

use std::ffi::{c_char, c_void};

use ::nodecore_error::{Code, Error, Result};
use nodecore_crypto::{Ecdh, PointFormat};

use super::constants::{
    NODECORE_CRYPTO_POINT_CONVERSION_COMPRESSED, NODECORE_CRYPTO_POINT_CONVERSION_HYBRID,
    NODECORE_CRYPTO_POINT_CONVERSION_UNCOMPRESSED,
};
use crate::boundary::{Castable, arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::nodecore_buf;

#[derive(Debug)]
pub struct nodecore_ecdh(Ecdh);
impl Castable for nodecore_ecdh {}

fn point_format(value: i32) -> Result<PointFormat> {
    match value {
        0 | NODECORE_CRYPTO_POINT_CONVERSION_UNCOMPRESSED => Ok(PointFormat::Uncompressed),
        NODECORE_CRYPTO_POINT_CONVERSION_COMPRESSED => Ok(PointFormat::Compressed),
        NODECORE_CRYPTO_POINT_CONVERSION_HYBRID => Ok(PointFormat::Hybrid),
        other => Err(Error::from_template(Code::CryptoEcdhInvalidFormat, &[&other])),
    }
}

/// Declared in the header.
///
/// # Safety
/// - `curve` is null or text as [`arg::bytes`] asks; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_ecdh_new(
    curve: *const c_char,
    curve_len: usize,
    out: *mut *mut nodecore_ecdh,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let ecdh = nodecore_crypto::create_ecdh(arg::text(curve, curve_len, "curve")?)?;
            out.set(nodecore_ecdh(ecdh).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `ecdh` is null or was given by the library and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_ecdh_free(ecdh: *mut nodecore_ecdh) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(ecdh) };
}

/// Declared in the header.
///
/// # Safety
/// - `ecdh` is null or live; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_ecdh_generate_keys(
    ecdh: *mut nodecore_ecdh,
    format: i32,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(arg::object_mut(ecdh, "ecdh")?.0.generate_keys(point_format(format)?)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `ecdh` is null or live; `other` is null or points to `other_len` readable bytes; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_ecdh_compute_secret(
    ecdh: *const nodecore_ecdh,
    other: *const c_void,
    other_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(
                arg::object(ecdh, "ecdh")?.0.compute_secret(arg::data(other, other_len, "other")?)?.into(),
            );
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `ecdh` is null or live; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_ecdh_public_key(
    ecdh: *const nodecore_ecdh,
    format: i32,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(arg::object(ecdh, "ecdh")?.0.get_public_key(point_format(format)?)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `ecdh` is null or live; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_ecdh_private_key(
    ecdh: *const nodecore_ecdh,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(arg::object(ecdh, "ecdh")?.0.get_private_key()?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `ecdh` is null or live; `key` is null or points to `len` readable bytes; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_ecdh_set_private_key(
    ecdh: *mut nodecore_ecdh,
    key: *const c_void,
    len: usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            arg::object_mut(ecdh, "ecdh")?.0.set_private_key(arg::data(key, len, "key")?)?;
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `ecdh` is null or live; `key` is null or points to `len` readable bytes; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_ecdh_set_public_key(
    ecdh: *mut nodecore_ecdh,
    key: *const c_void,
    len: usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            arg::object_mut(ecdh, "ecdh")?.0.set_public_key(arg::data(key, len, "key")?)?;
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `key` is null or points to `len` readable bytes; `curve` is null or text as [`arg::bytes`] asks; `out` and `err`
///   are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_ecdh_convert_key(
    key: *const c_void,
    len: usize,
    curve: *const c_char,
    curve_len: usize,
    format: i32,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let (key, curve) = (arg::data(key, len, "key")?, arg::text(curve, curve_len, "curve")?);
            out.set(Ecdh::convert_key(key, curve, point_format(format)?)?.into());
            Ok(())
        })
    }
}
