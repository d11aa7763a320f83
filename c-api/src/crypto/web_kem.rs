//! `nodecore/crypto_web.h`: encapsulation.

use std::ffi::c_void;

use ::nodecore_error::Result;
use nodecore_crypto::webcrypto::{self, EncapsulatedBits, EncapsulatedKey};

use super::general::{BytesCall, nodecore_crypto_bytes_cb};
use super::web::{
    algorithm, give_key, nodecore_crypto_algorithm, nodecore_crypto_key, nodecore_crypto_key_cb,
    nodecore_subtle_encapsulated_bits_cb, nodecore_subtle_encapsulated_key_cb, usages,
};
use crate::boundary::{Castable, Foreign, arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release, nodecore_request};
use crate::str::nodecore_buf;
use crate::stream::lend_error;

/// Lends bytes for a call; a secret that the callee has not taken is cleared.
fn lend(bytes: Vec<u8>, call: impl FnOnce(*mut nodecore_buf)) {
    let mut buf = nodecore_buf::from(bytes);
    call(&raw mut buf);
    if let Ok(mut bytes) = buf.into_bytes().try_into_mut() {
        nodecore_crypto::cleanse(&mut bytes);
    }
}

/// Lends a callback both parts.
fn lend_bits(
    cb: unsafe extern "C" fn(*const nodecore_error, *mut nodecore_buf, *mut nodecore_buf, *mut c_void),
    foreign: &Foreign,
    result: Result<EncapsulatedBits>,
) {
    // SAFETY: the caller gave `cb` for this user, which is not released yet.
    let call = |err, ciphertext, shared| unsafe { cb(err, ciphertext, shared, foreign.user()) };
    let null = std::ptr::null_mut;
    match result {
        Ok(sent) => lend(sent.ciphertext, |ciphertext| {
            lend(sent.shared_key, |shared| call(std::ptr::null(), ciphertext, shared));
        }),
        Err(error) => lend_error(Some(&error), |err| call(err, null(), null())),
    }
}

/// Lends a callback the ciphertext, and gives it the key.
fn lend_key(
    cb: unsafe extern "C" fn(*const nodecore_error, *mut nodecore_buf, *mut nodecore_crypto_key, *mut c_void),
    foreign: &Foreign,
    result: Result<EncapsulatedKey>,
) {
    // SAFETY: the caller gave `cb` for this user, which is not released yet.
    let call = |err, ciphertext, shared| unsafe { cb(err, ciphertext, shared, foreign.user()) };
    match result {
        Ok(sent) => {
            let shared = nodecore_crypto_key(sent.shared_key).into_raw();
            lend(sent.ciphertext, |ciphertext| call(std::ptr::null(), ciphertext, shared));
        }
        Err(error) => {
            lend_error(Some(&error), |err| call(err, std::ptr::null_mut(), std::ptr::null_mut()));
        }
    }
}

/// Declared in the header.
///
/// # Safety
/// - Algorithms are null or structs of the sizes they say, whose views are of readable bytes and whose keys
///   are live; keys are null or live; `out_ciphertext`, `out_shared` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_encapsulate_bits_sync(
    alg: *const nodecore_crypto_algorithm,
    key: *const nodecore_crypto_key,
    out_ciphertext: *mut nodecore_buf,
    out_shared: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out_ciphertext = arg::out(out_ciphertext, "out_ciphertext")?;
            let out_shared = arg::out(out_shared, "out_shared")?;
            let alg = algorithm(alg, "alg")?;
            let key = &arg::object(key, "key")?.0;
            let sent = webcrypto::encapsulate_bits_sync(&alg, key)?;
            out_ciphertext.set(sent.ciphertext.into());
            out_shared.set(sent.shared_key.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - Algorithms are null or structs of the sizes they say, whose views are of readable bytes and whose keys
///   are live; keys are null or live; `lp` is null or a live loop, on its own thread; `cb` and `release` may
///   be called with `user`; `req` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_encapsulate_bits(
    lp: *mut nodecore_loop,
    alg: *const nodecore_crypto_algorithm,
    key: *const nodecore_crypto_key,
    cb: nodecore_subtle_encapsulated_bits_cb,
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
            let done = move |result| lend_bits(cb, &foreign, result);
            nodecore_request::give(webcrypto::encapsulate_bits(event_loop(lp)?, &alg, key, done)?, req);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - Algorithms are null or structs of the sizes they say, whose views are of readable bytes and whose keys
///   are live; keys are null or live; `out_ciphertext`, `out_shared` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_encapsulate_key_sync(
    alg: *const nodecore_crypto_algorithm,
    key: *const nodecore_crypto_key,
    shared: *const nodecore_crypto_algorithm,
    extractable: bool,
    usages: u32,
    out_ciphertext: *mut nodecore_buf,
    out_shared: *mut *mut nodecore_crypto_key,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out_ciphertext = arg::out(out_ciphertext, "out_ciphertext")?;
            let out_shared = arg::out(out_shared, "out_shared")?;
            let alg = algorithm(alg, "alg")?;
            let key = &arg::object(key, "key")?.0;
            let shared = algorithm(shared, "shared")?;
            let usages = self::usages(usages)?;
            let sent = webcrypto::encapsulate_key_sync(&alg, key, &shared, extractable, &usages)?;
            out_ciphertext.set(sent.ciphertext.into());
            out_shared.set(nodecore_crypto_key(sent.shared_key).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - Algorithms are null or structs of the sizes they say, whose views are of readable bytes and whose keys
///   are live; keys are null or live; `lp` is null or a live loop, on its own thread; `cb` and `release` may
///   be called with `user`; `req` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_encapsulate_key(
    lp: *mut nodecore_loop,
    alg: *const nodecore_crypto_algorithm,
    key: *const nodecore_crypto_key,
    shared: *const nodecore_crypto_algorithm,
    extractable: bool,
    usages: u32,
    cb: nodecore_subtle_encapsulated_key_cb,
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
            let shared = algorithm(shared, "shared")?;
            let usages = self::usages(usages)?;
            let done = move |result| lend_key(cb, &foreign, result);
            nodecore_request::give(
                webcrypto::encapsulate_key(event_loop(lp)?, &alg, key, &shared, extractable, &usages, done)?,
                req,
            );
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - Algorithms are null or structs of the sizes they say, whose views are of readable bytes and whose keys
///   are live; keys are null or live; `ciphertext` is null or points to `ciphertext_len` readable bytes;
///   `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_decapsulate_bits_sync(
    alg: *const nodecore_crypto_algorithm,
    key: *const nodecore_crypto_key,
    ciphertext: *const c_void,
    ciphertext_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let alg = algorithm(alg, "alg")?;
            let key = &arg::object(key, "key")?.0;
            let ciphertext = arg::data(ciphertext, ciphertext_len, "ciphertext")?;
            out.set(webcrypto::decapsulate_bits_sync(&alg, key, ciphertext)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - Algorithms are null or structs of the sizes they say, whose views are of readable bytes and whose keys
///   are live; keys are null or live; `ciphertext` is null or points to `ciphertext_len` readable bytes; `lp`
///   is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err`
///   are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_decapsulate_bits(
    lp: *mut nodecore_loop,
    alg: *const nodecore_crypto_algorithm,
    key: *const nodecore_crypto_key,
    ciphertext: *const c_void,
    ciphertext_len: usize,
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
            let ciphertext = arg::data(ciphertext, ciphertext_len, "ciphertext")?;
            let call = BytesCall { cb: Some(cb), foreign };
            let done = move |bytes| call.run(bytes);
            nodecore_request::give(
                webcrypto::decapsulate_bits(event_loop(lp)?, &alg, key, ciphertext, done)?,
                req,
            );
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - Algorithms are null or structs of the sizes they say, whose views are of readable bytes and whose keys
///   are live; keys are null or live; `ciphertext` is null or points to `ciphertext_len` readable bytes;
///   `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_decapsulate_key_sync(
    alg: *const nodecore_crypto_algorithm,
    key: *const nodecore_crypto_key,
    ciphertext: *const c_void,
    ciphertext_len: usize,
    shared: *const nodecore_crypto_algorithm,
    extractable: bool,
    usages: u32,
    out: *mut *mut nodecore_crypto_key,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let alg = algorithm(alg, "alg")?;
            let key = &arg::object(key, "key")?.0;
            let ciphertext = arg::data(ciphertext, ciphertext_len, "ciphertext")?;
            let shared = algorithm(shared, "shared")?;
            let usages = self::usages(usages)?;
            out.set(
                nodecore_crypto_key(webcrypto::decapsulate_key_sync(
                    &alg,
                    key,
                    ciphertext,
                    &shared,
                    extractable,
                    &usages,
                )?)
                .into_raw(),
            );
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - Algorithms are null or structs of the sizes they say, whose views are of readable bytes and whose keys
///   are live; keys are null or live; `ciphertext` is null or points to `ciphertext_len` readable bytes; `lp`
///   is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err`
///   are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_decapsulate_key(
    lp: *mut nodecore_loop,
    alg: *const nodecore_crypto_algorithm,
    key: *const nodecore_crypto_key,
    ciphertext: *const c_void,
    ciphertext_len: usize,
    shared: *const nodecore_crypto_algorithm,
    extractable: bool,
    usages: u32,
    cb: nodecore_crypto_key_cb,
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
            let ciphertext = arg::data(ciphertext, ciphertext_len, "ciphertext")?;
            let shared = algorithm(shared, "shared")?;
            let usages = self::usages(usages)?;
            let done = move |result| give_key(cb, &foreign, result);
            nodecore_request::give(
                webcrypto::decapsulate_key(
                    event_loop(lp)?,
                    &alg,
                    key,
                    ciphertext,
                    &shared,
                    extractable,
                    &usages,
                    done,
                )?,
                req,
            );
            Ok(())
        })
    }
}
