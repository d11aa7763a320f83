//! `nodecore/crypto_cipher.h`: whole messages, in place.

use std::ffi::{c_char, c_void};

use nodecore_crypto::Aead;

use crate::boundary::{Castable, arg, entry};
use crate::error::{nodecore_error, nodecore_status};

#[allow(dead_code, reason = "cargo xtask abi holds it against the header")]
pub const NODECORE_AEAD_TAG: u32 = 16;
#[allow(dead_code, reason = "cargo xtask abi holds it against the header")]
pub const NODECORE_AEAD_IV: u32 = 12;

#[derive(Debug)]
pub struct nodecore_aead(Aead);
impl Castable for nodecore_aead {}

/// Declared in the header.
///
/// # Safety
/// - `algorithm` is null or text as [`arg::bytes`] asks; `key` is null or has `key_len` readable bytes; `out`
///   and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_aead_new(
    algorithm: *const c_char,
    algorithm_len: usize,
    key: *const c_void,
    key_len: usize,
    out: *mut *mut nodecore_aead,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let algorithm = arg::text(algorithm, algorithm_len, "algorithm")?;
            out.set(nodecore_aead(Aead::new(algorithm, arg::data(key, key_len, "key")?)?).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `aead` is null or one that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_aead_free(aead: *mut nodecore_aead) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(aead) };
}

/// Declared in the header.
///
/// # Safety
/// - `aead` is null or live; `iv` is null or has 12 readable bytes; `aad` is null or has `aad_len` readable
///   bytes; `data` is null or has `len` other, readable and writable bytes; `tag` is null or has 16 writable
///   bytes; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_aead_seal(
    aead: *mut nodecore_aead,
    iv: *const c_void,
    aad: *const c_void,
    aad_len: usize,
    data: *mut c_void,
    len: usize,
    tag: *mut c_void,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(tag.cast::<[u8; 16]>(), "tag")?;
            let aead = arg::object_mut(aead, "aead")?;
            let (iv, aad) = (arg::data(iv, 12, "iv")?, arg::data(aad, aad_len, "aad")?);
            out.set(aead.0.seal(iv, aad, arg::data_mut(data, len, "data")?)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `aead` is null or live; `iv` is null or has 12 readable bytes; `aad` is null or has `aad_len` readable
///   bytes; `data` is null or has `len` other, readable and writable bytes; `tag` is null or has 16 readable
///   bytes; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_aead_open(
    aead: *mut nodecore_aead,
    iv: *const c_void,
    aad: *const c_void,
    aad_len: usize,
    data: *mut c_void,
    len: usize,
    tag: *const c_void,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let aead = arg::object_mut(aead, "aead")?;
            let (iv, tag) = (arg::data(iv, 12, "iv")?, arg::data(tag, 16, "tag")?);
            let aad = arg::data(aad, aad_len, "aad")?;
            aead.0.open(iv, aad, arg::data_mut(data, len, "data")?, tag)
        })
    }
}
