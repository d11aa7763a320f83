//! `nodecore/crypto_spkac.h`.

use std::ffi::c_void;

use ::nodecore_error::Result;
use nodecore_crypto::Certificate;

use crate::boundary::{arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::nodecore_buf;

/// Hands out what was found, if it was.
///
/// # Safety
/// - `found` and `out` are null or writable.
unsafe fn give(part: Option<Vec<u8>>, found: *mut bool, out: *mut nodecore_buf) -> Result<()> {
    // SAFETY: as the caller vouches.
    let (found, out) = unsafe { (arg::out(found, "found")?, arg::out(out, "out")?) };
    found.set(part.is_some());
    out.set(part.unwrap_or_default().into());
    Ok(())
}

/// Declared in the header.
///
/// # Safety
/// - `spkac` is null or points to `len` readable bytes; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_spkac_verify(
    spkac: *const c_void,
    len: usize,
    out: *mut bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(Certificate::verify_spkac(arg::data(spkac, len, "spkac")?)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `spkac` is null or points to `len` readable bytes; `found`, `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_spkac_export_public_key(
    spkac: *const c_void,
    len: usize,
    found: *mut bool,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let part = Certificate::export_public_key(arg::data(spkac, len, "spkac")?)?;
            give(part, found, out)?;
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `spkac` is null or points to `len` readable bytes; `found`, `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_spkac_export_challenge(
    spkac: *const c_void,
    len: usize,
    found: *mut bool,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let part = Certificate::export_challenge(arg::data(spkac, len, "spkac")?)?;
            give(part, found, out)?;
            Ok(())
        })
    }
}
