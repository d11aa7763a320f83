//! `nodecore/crypto_agreement.h`.

use std::ffi::c_void;

use nodecore_crypto::KeyInput;

use super::general::{BytesCall, nodecore_crypto_bytes_cb};
use super::key::nodecore_key;
use crate::boundary::{Foreign, arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release, nodecore_request};
use crate::str::nodecore_buf;

/// Declared in the header.
///
/// # Safety
/// - the keys are null or live; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_diffie_hellman_sync(
    private_key: *const nodecore_key,
    public_key: *const nodecore_key,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let private = KeyInput::from(&arg::object(private_key, "private_key")?.key);
            let public = KeyInput::from(&arg::object(public_key, "public_key")?.key);
            out.set(nodecore_crypto::diffie_hellman_sync(&private, &public)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; the keys are null or live; `cb` and `release` may be called with `user`;
///   `req` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_diffie_hellman(
    lp: *mut nodecore_loop,
    private_key: *const nodecore_key,
    public_key: *const nodecore_key,
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
            let lp = event_loop(lp)?;
            let private = KeyInput::from(&arg::object(private_key, "private_key")?.key);
            let public = KeyInput::from(&arg::object(public_key, "public_key")?.key);
            let done = move |secret| call.run(secret);
            nodecore_request::give(nodecore_crypto::diffie_hellman(lp, &private, &public, done)?, req);
            Ok(())
        })
    }
}
