//! `nodecore/crypto.h`.

use std::ffi::{c_char, c_void};

use nodecore_crypto::Hash;

use crate::boundary::{Castable, arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop};
use crate::str::nodecore_buf;
use crate::stream::nodecore_writable;

#[derive(Debug)]
pub struct nodecore_hash(Hash);
impl Castable for nodecore_hash {}

/// Declared in the header.
///
/// # Safety
/// - `algorithm` is null or text as [`arg::bytes`] asks; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_hash_new(
    algorithm: *const c_char,
    algorithm_len: usize,
    out: *mut *mut nodecore_hash,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let hash = nodecore_crypto::create_hash(arg::text(algorithm, algorithm_len, "algorithm")?)?;
            out.set(nodecore_hash(hash).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `hash` is null or a hash that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_hash_free(hash: *mut nodecore_hash) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(hash) };
}

/// Declared in the header.
///
/// # Safety
/// - `hash` is null or a live hash; `data` is null or points to `len` readable bytes; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_hash_update(
    hash: *mut nodecore_hash,
    data: *const c_void,
    len: usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { entry(err, || arg::object(hash, "hash")?.0.update(arg::data(data, len, "data")?)) }
}

/// Declared in the header.
///
/// # Safety
/// - `hash` is null or a live hash; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_hash_digest(
    hash: *mut nodecore_hash,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(arg::object(hash, "hash")?.0.digest()?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `hash` is null or a live hash; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_hash_writable(
    lp: *mut nodecore_loop,
    hash: *mut nodecore_hash,
    out: *mut *mut nodecore_writable,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let stream = arg::object(hash, "hash")?.0.writable(event_loop(lp)?)?;
            out.set(nodecore_writable(stream).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `algorithm` is null or text as [`arg::bytes`] asks; `data` is null or points to `len` readable bytes; `out`
///   and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_hash(
    algorithm: *const c_char,
    algorithm_len: usize,
    data: *const c_void,
    len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let algorithm = arg::text(algorithm, algorithm_len, "algorithm")?;
            out.set(nodecore_crypto::hash(algorithm, arg::data(data, len, "data")?)?.into());
            Ok(())
        })
    }
}
