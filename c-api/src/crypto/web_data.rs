//! `nodecore/crypto_web.h`: digests, ciphers and signatures.

use std::ffi::c_void;

use ::nodecore_error::Result;
use nodecore_crypto::webcrypto;

use super::general::{BytesCall, nodecore_crypto_bytes_cb};
use super::web::{algorithm, nodecore_crypto_algorithm, nodecore_crypto_key, nodecore_subtle_verify_cb};
use crate::boundary::{Foreign, arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release, nodecore_request};
use crate::str::nodecore_buf;
use crate::stream::lend_error;

/// Gives a callback what `verify` says.
fn lend_bool(
    cb: unsafe extern "C" fn(*const nodecore_error, bool, *mut c_void),
    foreign: &Foreign,
    result: Result<bool>,
) {
    // SAFETY: the caller gave `cb` for this user, which is not released yet.
    let call = |err, valid| unsafe { cb(err, valid, foreign.user()) };
    match result {
        Ok(valid) => call(std::ptr::null(), valid),
        Err(error) => lend_error(Some(&error), |err| call(err, false)),
    }
}

/// Declared in the header.
///
/// # Safety
/// - Algorithms are null or structs of the sizes they say, whose views are of readable bytes and whose keys
///   are live; `data` is null or points to `data_len` readable bytes; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_digest_sync(
    alg: *const nodecore_crypto_algorithm,
    data: *const c_void,
    data_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let alg = algorithm(alg, "alg")?;
            let data = arg::data(data, data_len, "data")?;
            out.set(webcrypto::digest_sync(&alg, data)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - Algorithms are null or structs of the sizes they say, whose views are of readable bytes and whose keys
///   are live; `data` is null or points to `data_len` readable bytes; `lp` is null or a live loop, on its own
///   thread; `cb` and `release` may be called with `user`; `req` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_digest(
    lp: *mut nodecore_loop,
    alg: *const nodecore_crypto_algorithm,
    data: *const c_void,
    data_len: usize,
    cb: nodecore_crypto_bytes_cb,
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
            let alg = algorithm(alg, "alg")?;
            let data = arg::data(data, data_len, "data")?;
            let call = BytesCall { cb: Some(cb), foreign };
            let done = move |bytes| call.run(bytes);
            nodecore_request::give(webcrypto::digest(event_loop(lp)?, &alg, data, done)?, req);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - Algorithms are null or structs of the sizes they say, whose views are of readable bytes and whose keys
///   are live; keys are null or live; `data` is null or points to `data_len` readable bytes; `out` and `err`
///   are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_encrypt_sync(
    alg: *const nodecore_crypto_algorithm,
    key: *const nodecore_crypto_key,
    data: *const c_void,
    data_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let alg = algorithm(alg, "alg")?;
            let key = &arg::object(key, "key")?.0;
            let data = arg::data(data, data_len, "data")?;
            out.set(webcrypto::encrypt_sync(&alg, key, data)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - Algorithms are null or structs of the sizes they say, whose views are of readable bytes and whose keys
///   are live; keys are null or live; `data` is null or points to `data_len` readable bytes; `lp` is null or
///   a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err` are null
///   or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_encrypt(
    lp: *mut nodecore_loop,
    alg: *const nodecore_crypto_algorithm,
    key: *const nodecore_crypto_key,
    data: *const c_void,
    data_len: usize,
    cb: nodecore_crypto_bytes_cb,
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
            let alg = algorithm(alg, "alg")?;
            let key = &arg::object(key, "key")?.0;
            let data = arg::data(data, data_len, "data")?;
            let call = BytesCall { cb: Some(cb), foreign };
            let done = move |bytes| call.run(bytes);
            nodecore_request::give(webcrypto::encrypt(event_loop(lp)?, &alg, key, data, done)?, req);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - Algorithms are null or structs of the sizes they say, whose views are of readable bytes and whose keys
///   are live; keys are null or live; `data` is null or points to `data_len` readable bytes; `out` and `err`
///   are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_decrypt_sync(
    alg: *const nodecore_crypto_algorithm,
    key: *const nodecore_crypto_key,
    data: *const c_void,
    data_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let alg = algorithm(alg, "alg")?;
            let key = &arg::object(key, "key")?.0;
            let data = arg::data(data, data_len, "data")?;
            out.set(webcrypto::decrypt_sync(&alg, key, data)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - Algorithms are null or structs of the sizes they say, whose views are of readable bytes and whose keys
///   are live; keys are null or live; `data` is null or points to `data_len` readable bytes; `lp` is null or
///   a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err` are null
///   or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_decrypt(
    lp: *mut nodecore_loop,
    alg: *const nodecore_crypto_algorithm,
    key: *const nodecore_crypto_key,
    data: *const c_void,
    data_len: usize,
    cb: nodecore_crypto_bytes_cb,
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
            let alg = algorithm(alg, "alg")?;
            let key = &arg::object(key, "key")?.0;
            let data = arg::data(data, data_len, "data")?;
            let call = BytesCall { cb: Some(cb), foreign };
            let done = move |bytes| call.run(bytes);
            nodecore_request::give(webcrypto::decrypt(event_loop(lp)?, &alg, key, data, done)?, req);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - Algorithms are null or structs of the sizes they say, whose views are of readable bytes and whose keys
///   are live; keys are null or live; `data` is null or points to `data_len` readable bytes; `out` and `err`
///   are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_sign_sync(
    alg: *const nodecore_crypto_algorithm,
    key: *const nodecore_crypto_key,
    data: *const c_void,
    data_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let alg = algorithm(alg, "alg")?;
            let key = &arg::object(key, "key")?.0;
            let data = arg::data(data, data_len, "data")?;
            out.set(webcrypto::sign_sync(&alg, key, data)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - Algorithms are null or structs of the sizes they say, whose views are of readable bytes and whose keys
///   are live; keys are null or live; `data` is null or points to `data_len` readable bytes; `lp` is null or
///   a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err` are null
///   or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_sign(
    lp: *mut nodecore_loop,
    alg: *const nodecore_crypto_algorithm,
    key: *const nodecore_crypto_key,
    data: *const c_void,
    data_len: usize,
    cb: nodecore_crypto_bytes_cb,
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
            let alg = algorithm(alg, "alg")?;
            let key = &arg::object(key, "key")?.0;
            let data = arg::data(data, data_len, "data")?;
            let call = BytesCall { cb: Some(cb), foreign };
            let done = move |bytes| call.run(bytes);
            nodecore_request::give(webcrypto::sign(event_loop(lp)?, &alg, key, data, done)?, req);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - Algorithms are null or structs of the sizes they say, whose views are of readable bytes and whose keys
///   are live; keys are null or live; `signature` is null or points to `signature_len` readable bytes; `data`
///   is null or points to `data_len` readable bytes; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_verify_sync(
    alg: *const nodecore_crypto_algorithm,
    key: *const nodecore_crypto_key,
    signature: *const c_void,
    signature_len: usize,
    data: *const c_void,
    data_len: usize,
    out: *mut bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let alg = algorithm(alg, "alg")?;
            let key = &arg::object(key, "key")?.0;
            let signature = arg::data(signature, signature_len, "signature")?;
            let data = arg::data(data, data_len, "data")?;
            out.set(webcrypto::verify_sync(&alg, key, signature, data)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - Algorithms are null or structs of the sizes they say, whose views are of readable bytes and whose keys
///   are live; keys are null or live; `signature` is null or points to `signature_len` readable bytes; `data`
///   is null or points to `data_len` readable bytes; `lp` is null or a live loop, on its own thread; `cb` and
///   `release` may be called with `user`; `req` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_verify(
    lp: *mut nodecore_loop,
    alg: *const nodecore_crypto_algorithm,
    key: *const nodecore_crypto_key,
    signature: *const c_void,
    signature_len: usize,
    data: *const c_void,
    data_len: usize,
    cb: nodecore_subtle_verify_cb,
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
            let alg = algorithm(alg, "alg")?;
            let key = &arg::object(key, "key")?.0;
            let signature = arg::data(signature, signature_len, "signature")?;
            let data = arg::data(data, data_len, "data")?;
            let done = move |result| lend_bool(cb, &foreign, result);
            nodecore_request::give(
                webcrypto::verify(event_loop(lp)?, &alg, key, signature, data, done)?,
                req,
            );
            Ok(())
        })
    }
}
