//! `nodecore/crypto_kem.h`.

use std::ffi::c_void;

use ::nodecore_error::Result;
use nodecore_crypto::Encapsulated;

use super::general::{BytesCall, nodecore_crypto_bytes_cb};
use super::key::nodecore_key;
use crate::boundary::{Foreign, arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release, nodecore_request};
use crate::str::nodecore_buf;
use crate::stream::lend_error;

pub type nodecore_crypto_encapsulate_cb = Option<
    unsafe extern "C" fn(
        err: *const nodecore_error,
        shared_key: *mut nodecore_buf,
        ciphertext: *mut nodecore_buf,
        user: *mut c_void,
    ),
>;

/// Declared in the header.
///
/// # Safety
/// - `key` is null or live; the others are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_encapsulate_sync(
    key: *const nodecore_key,
    out_shared_key: *mut nodecore_buf,
    out_ciphertext: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let secret = arg::out(out_shared_key, "out_shared_key")?;
            let sealed = arg::out(out_ciphertext, "out_ciphertext")?;
            let made = nodecore_crypto::encapsulate_sync(nodecore_key::object(key)?)?.into_parts();
            secret.set(made.0.into());
            sealed.set(made.1.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `key` is null or live; `cb` and `release` may be called with `user`;
///   `req` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_encapsulate(
    lp: *mut nodecore_loop,
    key: *const nodecore_key,
    cb: nodecore_crypto_encapsulate_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let cb = arg::callback(cb, "cb")?;
            let done = move |made: Result<Encapsulated>| match made {
                Ok(made) => {
                    let (secret, sealed) = made.into_parts();
                    let (mut secret, mut sealed) = (nodecore_buf::from(secret), nodecore_buf::from(sealed));
                    // SAFETY: the caller gave `cb` for this user, which is not released yet.
                    cb(std::ptr::null(), &raw mut secret, &raw mut sealed, foreign.user());
                    drop(sealed.into_bytes());
                    // What the callback has not taken is cleared.
                    if let Ok(mut bytes) = secret.into_bytes().try_into_mut() {
                        nodecore_crypto::cleanse(&mut bytes);
                    }
                }
                Err(error) => lend_error(Some(&error), |err| {
                    // SAFETY: as above.
                    cb(err, std::ptr::null_mut(), std::ptr::null_mut(), foreign.user());
                }),
            };
            let request = nodecore_crypto::encapsulate(event_loop(lp)?, nodecore_key::object(key)?, done)?;
            nodecore_request::give(request, req);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `key` is null or live; `ciphertext` is null or points to `len` readable bytes; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_decapsulate_sync(
    key: *const nodecore_key,
    ciphertext: *const c_void,
    len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let sealed = arg::data(ciphertext, len, "ciphertext")?;
            out.set(nodecore_crypto::decapsulate_sync(nodecore_key::object(key)?, sealed)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_crypto_decapsulate_sync`] and [`nodecore_crypto_encapsulate`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_decapsulate(
    lp: *mut nodecore_loop,
    key: *const nodecore_key,
    ciphertext: *const c_void,
    len: usize,
    cb: nodecore_crypto_bytes_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let call = BytesCall { cb, foreign: Foreign::new(user, release) };
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            arg::callback(call.cb, "cb")?;
            let (lp, key) = (event_loop(lp)?, nodecore_key::object(key)?);
            let sealed = arg::data(ciphertext, len, "ciphertext")?;
            let request = nodecore_crypto::decapsulate(lp, key, sealed, move |secret| call.run(secret))?;
            nodecore_request::give(request, req);
            Ok(())
        })
    }
}
