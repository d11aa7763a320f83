//! `nodecore/crypto_web.h`: keys made, read, written, derived and wrapped.

use std::ffi::c_void;

use ::nodecore_error::Result;
use nodecore_crypto::{ExportedKey, webcrypto};

use super::general::{BytesCall, nodecore_crypto_bytes_cb};
use super::web::{
    algorithm, format, give_key, give_pair, given_length, key_data, nodecore_crypto_algorithm,
    nodecore_crypto_key, nodecore_crypto_key_cb, nodecore_crypto_key_pair_cb, parsed, split, usages,
};
use crate::boundary::{Castable, Foreign, arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release, nodecore_request};
use crate::str::nodecore_buf;

/// Declared in the header.
///
/// # Safety
/// - Algorithms are null or structs of the sizes they say, whose views are of readable bytes and whose keys
///   are live; `out_public`, `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_generate_key_sync(
    alg: *const nodecore_crypto_algorithm,
    extractable: bool,
    usages: u32,
    out_public: *mut *mut nodecore_crypto_key,
    out: *mut *mut nodecore_crypto_key,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out_public = arg::out(out_public, "out_public")?;
            let out = arg::out(out, "out")?;
            let alg = algorithm(alg, "alg")?;
            let usages = self::usages(usages)?;
            let (public, key) = split(webcrypto::generate_key_sync(&alg, extractable, &usages)?)?;
            out_public.set(public);
            out.set(key);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - Algorithms are null or structs of the sizes they say, whose views are of readable bytes and whose keys
///   are live; `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`;
///   `req` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_generate_key(
    lp: *mut nodecore_loop,
    alg: *const nodecore_crypto_algorithm,
    extractable: bool,
    usages: u32,
    cb: nodecore_crypto_key_pair_cb,
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
            let usages = self::usages(usages)?;
            let done = move |result| give_pair(cb, &foreign, result);
            nodecore_request::give(
                webcrypto::generate_key(event_loop(lp)?, &alg, extractable, &usages, done)?,
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
///   are live; `data` is null or points to `data_len` readable bytes; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_import_key_sync(
    format: i32,
    data: *const c_void,
    data_len: usize,
    alg: *const nodecore_crypto_algorithm,
    extractable: bool,
    usages: u32,
    out: *mut *mut nodecore_crypto_key,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let format = self::format(format)?;
            let data = arg::data(data, data_len, "data")?;
            let jwk = parsed(format, data)?;
            let alg = algorithm(alg, "alg")?;
            let usages = self::usages(usages)?;
            out.set(
                nodecore_crypto_key(webcrypto::import_key_sync(
                    format,
                    key_data(jwk.as_ref(), data),
                    &alg,
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
///   are live; `data` is null or points to `data_len` readable bytes; `lp` is null or a live loop, on its own
///   thread; `cb` and `release` may be called with `user`; `req` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_import_key(
    lp: *mut nodecore_loop,
    format: i32,
    data: *const c_void,
    data_len: usize,
    alg: *const nodecore_crypto_algorithm,
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
            let format = self::format(format)?;
            let data = arg::data(data, data_len, "data")?;
            let jwk = parsed(format, data)?;
            let alg = algorithm(alg, "alg")?;
            let usages = self::usages(usages)?;
            let done = move |result| give_key(cb, &foreign, result);
            nodecore_request::give(
                webcrypto::import_key(
                    event_loop(lp)?,
                    format,
                    key_data(jwk.as_ref(), data),
                    &alg,
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

/// Declared in the header.
///
/// # Safety
/// - Keys are null or live; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_export_key_sync(
    format: i32,
    key: *const nodecore_crypto_key,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let format = self::format(format)?;
            let key = &arg::object(key, "key")?.0;
            out.set(webcrypto::export_key_sync(format, key)?.into_bytes().into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - Keys are null or live; `lp` is null or a live loop, on its own thread; `cb` and `release` may be called
///   with `user`; `req` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_export_key(
    lp: *mut nodecore_loop,
    format: i32,
    key: *const nodecore_crypto_key,
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
            let format = self::format(format)?;
            let key = &arg::object(key, "key")?.0;
            let call = BytesCall { cb: Some(cb), foreign };
            let done = move |written: Result<ExportedKey>| call.run(written.map(ExportedKey::into_bytes));
            nodecore_request::give(webcrypto::export_key(event_loop(lp)?, format, key, done), req);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - Keys are null or live; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_get_public_key_sync(
    key: *const nodecore_crypto_key,
    usages: u32,
    out: *mut *mut nodecore_crypto_key,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let key = &arg::object(key, "key")?.0;
            let usages = self::usages(usages)?;
            out.set(nodecore_crypto_key(webcrypto::get_public_key_sync(key, &usages)?).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - Keys are null or live; `lp` is null or a live loop, on its own thread; `cb` and `release` may be called
///   with `user`; `req` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_get_public_key(
    lp: *mut nodecore_loop,
    key: *const nodecore_crypto_key,
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
            let key = &arg::object(key, "key")?.0;
            let usages = self::usages(usages)?;
            let done = move |result| give_key(cb, &foreign, result);
            nodecore_request::give(webcrypto::get_public_key(event_loop(lp)?, key, &usages, done), req);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - Algorithms are null or structs of the sizes they say, whose views are of readable bytes and whose keys
///   are live; keys are null or live; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_derive_bits_sync(
    alg: *const nodecore_crypto_algorithm,
    key: *const nodecore_crypto_key,
    length: i64,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let alg = algorithm(alg, "alg")?;
            let key = &arg::object(key, "key")?.0;
            let length = given_length(length)?;
            out.set(webcrypto::derive_bits_sync(&alg, key, length)?.into());
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
pub unsafe extern "C" fn nodecore_subtle_derive_bits(
    lp: *mut nodecore_loop,
    alg: *const nodecore_crypto_algorithm,
    key: *const nodecore_crypto_key,
    length: i64,
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
            let length = given_length(length)?;
            let call = BytesCall { cb: Some(cb), foreign };
            let done = move |bytes| call.run(bytes);
            nodecore_request::give(webcrypto::derive_bits(event_loop(lp)?, &alg, key, length, done)?, req);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - Algorithms are null or structs of the sizes they say, whose views are of readable bytes and whose keys
///   are live; keys are null or live; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_derive_key_sync(
    alg: *const nodecore_crypto_algorithm,
    key: *const nodecore_crypto_key,
    derived: *const nodecore_crypto_algorithm,
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
            let derived = algorithm(derived, "derived")?;
            let usages = self::usages(usages)?;
            out.set(
                nodecore_crypto_key(webcrypto::derive_key_sync(&alg, key, &derived, extractable, &usages)?)
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
///   are live; keys are null or live; `lp` is null or a live loop, on its own thread; `cb` and `release` may
///   be called with `user`; `req` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_derive_key(
    lp: *mut nodecore_loop,
    alg: *const nodecore_crypto_algorithm,
    key: *const nodecore_crypto_key,
    derived: *const nodecore_crypto_algorithm,
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
            let derived = algorithm(derived, "derived")?;
            let usages = self::usages(usages)?;
            let done = move |result| give_key(cb, &foreign, result);
            nodecore_request::give(
                webcrypto::derive_key(event_loop(lp)?, &alg, key, &derived, extractable, &usages, done)?,
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
///   are live; keys are null or live; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_wrap_key_sync(
    format: i32,
    key: *const nodecore_crypto_key,
    wrapping_key: *const nodecore_crypto_key,
    alg: *const nodecore_crypto_algorithm,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let format = self::format(format)?;
            let key = &arg::object(key, "key")?.0;
            let wrapping_key = &arg::object(wrapping_key, "wrapping_key")?.0;
            let alg = algorithm(alg, "alg")?;
            out.set(webcrypto::wrap_key_sync(format, key, wrapping_key, &alg)?.into());
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
pub unsafe extern "C" fn nodecore_subtle_wrap_key(
    lp: *mut nodecore_loop,
    format: i32,
    key: *const nodecore_crypto_key,
    wrapping_key: *const nodecore_crypto_key,
    alg: *const nodecore_crypto_algorithm,
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
            let format = self::format(format)?;
            let key = &arg::object(key, "key")?.0;
            let wrapping_key = &arg::object(wrapping_key, "wrapping_key")?.0;
            let alg = algorithm(alg, "alg")?;
            let call = BytesCall { cb: Some(cb), foreign };
            let done = move |bytes| call.run(bytes);
            nodecore_request::give(
                webcrypto::wrap_key(event_loop(lp)?, format, key, wrapping_key, &alg, done)?,
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
///   are live; keys are null or live; `wrapped` is null or points to `wrapped_len` readable bytes; `out` and
///   `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_unwrap_key_sync(
    format: i32,
    wrapped: *const c_void,
    wrapped_len: usize,
    unwrapping_key: *const nodecore_crypto_key,
    alg: *const nodecore_crypto_algorithm,
    unwrapped: *const nodecore_crypto_algorithm,
    extractable: bool,
    usages: u32,
    out: *mut *mut nodecore_crypto_key,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let format = self::format(format)?;
            let wrapped = arg::data(wrapped, wrapped_len, "wrapped")?;
            let unwrapping_key = &arg::object(unwrapping_key, "unwrapping_key")?.0;
            let alg = algorithm(alg, "alg")?;
            let unwrapped = algorithm(unwrapped, "unwrapped")?;
            let usages = self::usages(usages)?;
            out.set(
                nodecore_crypto_key(webcrypto::unwrap_key_sync(
                    format,
                    wrapped,
                    unwrapping_key,
                    &alg,
                    &unwrapped,
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
///   are live; keys are null or live; `wrapped` is null or points to `wrapped_len` readable bytes; `lp` is
///   null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err`
///   are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_unwrap_key(
    lp: *mut nodecore_loop,
    format: i32,
    wrapped: *const c_void,
    wrapped_len: usize,
    unwrapping_key: *const nodecore_crypto_key,
    alg: *const nodecore_crypto_algorithm,
    unwrapped: *const nodecore_crypto_algorithm,
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
            let format = self::format(format)?;
            let wrapped = arg::data(wrapped, wrapped_len, "wrapped")?;
            let unwrapping_key = &arg::object(unwrapping_key, "unwrapping_key")?.0;
            let alg = algorithm(alg, "alg")?;
            let unwrapped = algorithm(unwrapped, "unwrapped")?;
            let usages = self::usages(usages)?;
            let done = move |result| give_key(cb, &foreign, result);
            nodecore_request::give(
                webcrypto::unwrap_key(
                    event_loop(lp)?,
                    format,
                    wrapped,
                    unwrapping_key,
                    &alg,
                    &unwrapped,
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
