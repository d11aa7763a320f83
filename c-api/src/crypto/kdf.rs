//! `nodecore/crypto_kdf.h`.

use std::ffi::{c_char, c_void};

use ::nodecore_error::Result;
use nodecore_crypto::{Argon2Parameters, ScryptOptions};

use super::general::{BytesCall, nodecore_crypto_bytes_cb};
use crate::boundary::{Foreign, SizedOptions, arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release, nodecore_request};
use crate::str::nodecore_buf;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_crypto_scrypt_options {
    pub struct_size: usize,
    pub cost: u32,
    pub block_size: u32,
    pub parallelization: u32,
    pub maxmem: u64,
}
impl SizedOptions for nodecore_crypto_scrypt_options {
    const ZERO: Self = nodecore_crypto_scrypt_options {
        struct_size: 0,
        cost: 0,
        block_size: 0,
        parallelization: 0,
        maxmem: 0,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

impl nodecore_crypto_scrypt_options {
    /// # Safety
    /// - `opts` is null or a struct of the size it says.
    unsafe fn convert(opts: *const nodecore_crypto_scrypt_options) -> Result<ScryptOptions> {
        // SAFETY: as the caller vouches.
        let opts = unsafe { nodecore_crypto_scrypt_options::read(opts, "opts") }?;
        Ok(ScryptOptions::new()
            .cost(opts.cost)
            .block_size(opts.block_size)
            .parallelization(opts.parallelization)
            .maxmem(opts.maxmem))
    }
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct nodecore_crypto_argon2_parameters {
    pub struct_size: usize,
    pub message: *const c_void,
    pub message_len: usize,
    pub nonce: *const c_void,
    pub nonce_len: usize,
    pub parallelism: u32,
    pub tag_length: u32,
    pub memory: u32,
    pub passes: u32,
    pub secret: *const c_void,
    pub secret_len: usize,
    pub associated_data: *const c_void,
    pub associated_data_len: usize,
}
impl SizedOptions for nodecore_crypto_argon2_parameters {
    const ZERO: Self = nodecore_crypto_argon2_parameters {
        struct_size: 0,
        message: std::ptr::null(),
        message_len: 0,
        nonce: std::ptr::null(),
        nonce_len: 0,
        parallelism: 0,
        tag_length: 0,
        memory: 0,
        passes: 0,
        secret: std::ptr::null(),
        secret_len: 0,
        associated_data: std::ptr::null(),
        associated_data_len: 0,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

impl std::fmt::Debug for nodecore_crypto_argon2_parameters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("nodecore_crypto_argon2_parameters").finish_non_exhaustive()
    }
}

impl nodecore_crypto_argon2_parameters {
    /// # Safety
    /// - `parameters` is null or a struct of the size it says, whose pointers are null or point to as many readable bytes
    ///   as it says, during `'a`.
    unsafe fn convert<'a>(
        parameters: *const nodecore_crypto_argon2_parameters,
    ) -> Result<Argon2Parameters<'a>> {
        // SAFETY: as the caller vouches.
        unsafe {
            arg::object(parameters, "parameters")?;
            let it = nodecore_crypto_argon2_parameters::read(parameters, "parameters")?;
            let message = arg::data(it.message, it.message_len, "parameters.message")?;
            let nonce = arg::data(it.nonce, it.nonce_len, "parameters.nonce")?;
            Ok(Argon2Parameters::new(message, nonce)
                .parallelism(it.parallelism)
                .tag_length(it.tag_length)
                .memory(it.memory)
                .passes(it.passes)
                .secret(arg::data(it.secret, it.secret_len, "parameters.secret")?)
                .associated_data(arg::data(
                    it.associated_data,
                    it.associated_data_len,
                    "parameters.associated_data",
                )?))
        }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `password` and `salt` are null or point to as many readable bytes as their lengths say; `digest` is null
///   or text as [`arg::bytes`] asks; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_pbkdf2_sync(
    password: *const c_void,
    password_len: usize,
    salt: *const c_void,
    salt_len: usize,
    iterations: u32,
    keylen: usize,
    digest: *const c_char,
    digest_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let password = arg::data(password, password_len, "password")?;
            let salt = arg::data(salt, salt_len, "salt")?;
            let digest = arg::text(digest, digest_len, "digest")?;
            out.set(nodecore_crypto::pbkdf2_sync(password, salt, iterations, keylen, digest)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err` are null
///   or writable; the rest is as for [`nodecore_crypto_pbkdf2_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_pbkdf2(
    lp: *mut nodecore_loop,
    password: *const c_void,
    password_len: usize,
    salt: *const c_void,
    salt_len: usize,
    iterations: u32,
    keylen: usize,
    digest: *const c_char,
    digest_len: usize,
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
            let password = arg::data(password, password_len, "password")?;
            let salt = arg::data(salt, salt_len, "salt")?;
            let digest = arg::text(digest, digest_len, "digest")?;
            let done = move |key| call.run(key);
            nodecore_request::give(
                nodecore_crypto::pbkdf2(lp, password, salt, iterations, keylen, digest, done)?,
                req,
            );
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `password` and `salt` are null or point to as many readable bytes as their lengths say; `opts` is null or
///   a struct of the size it says; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_scrypt_sync(
    password: *const c_void,
    password_len: usize,
    salt: *const c_void,
    salt_len: usize,
    keylen: usize,
    opts: *const nodecore_crypto_scrypt_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let password = arg::data(password, password_len, "password")?;
            let salt = arg::data(salt, salt_len, "salt")?;
            let options = nodecore_crypto_scrypt_options::convert(opts)?;
            out.set(nodecore_crypto::scrypt_sync(password, salt, keylen, &options)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err` are null
///   or writable; the rest is as for [`nodecore_crypto_scrypt_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_scrypt(
    lp: *mut nodecore_loop,
    password: *const c_void,
    password_len: usize,
    salt: *const c_void,
    salt_len: usize,
    keylen: usize,
    opts: *const nodecore_crypto_scrypt_options,
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
            let password = arg::data(password, password_len, "password")?;
            let salt = arg::data(salt, salt_len, "salt")?;
            let options = nodecore_crypto_scrypt_options::convert(opts)?;
            let done = move |key| call.run(key);
            nodecore_request::give(nodecore_crypto::scrypt(lp, password, salt, keylen, &options, done)?, req);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `digest` is null or text as [`arg::bytes`] asks; `key`, `salt` and `info` are null or point to as many readable
///   bytes as their lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_hkdf_sync(
    digest: *const c_char,
    digest_len: usize,
    key: *const c_void,
    key_len: usize,
    salt: *const c_void,
    salt_len: usize,
    info: *const c_void,
    info_len: usize,
    length: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let digest = arg::text(digest, digest_len, "digest")?;
            let key = arg::data(key, key_len, "key")?;
            let salt = arg::data(salt, salt_len, "salt")?;
            let info = arg::data(info, info_len, "info")?;
            out.set(nodecore_crypto::hkdf_sync(digest, key, salt, info, length)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err` are null
///   or writable; the rest is as for [`nodecore_crypto_hkdf_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_hkdf(
    lp: *mut nodecore_loop,
    digest: *const c_char,
    digest_len: usize,
    key: *const c_void,
    key_len: usize,
    salt: *const c_void,
    salt_len: usize,
    info: *const c_void,
    info_len: usize,
    length: usize,
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
            let digest = arg::text(digest, digest_len, "digest")?;
            let key = arg::data(key, key_len, "key")?;
            let salt = arg::data(salt, salt_len, "salt")?;
            let info = arg::data(info, info_len, "info")?;
            let done = move |key| call.run(key);
            nodecore_request::give(nodecore_crypto::hkdf(lp, digest, key, salt, info, length, done)?, req);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `algorithm` is null or text as [`arg::bytes`] asks; `parameters` is null or a struct of the size it says, whose
///   pointers are null or point to as many readable bytes as it says; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_argon2_sync(
    algorithm: *const c_char,
    algorithm_len: usize,
    parameters: *const nodecore_crypto_argon2_parameters,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let algorithm = arg::text(algorithm, algorithm_len, "algorithm")?;
            let parameters = nodecore_crypto_argon2_parameters::convert(parameters)?;
            out.set(nodecore_crypto::argon2_sync(algorithm, &parameters)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err` are null
///   or writable; the rest is as for [`nodecore_crypto_argon2_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_argon2(
    lp: *mut nodecore_loop,
    algorithm: *const c_char,
    algorithm_len: usize,
    parameters: *const nodecore_crypto_argon2_parameters,
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
            let algorithm = arg::text(algorithm, algorithm_len, "algorithm")?;
            let parameters = nodecore_crypto_argon2_parameters::convert(parameters)?;
            let done = move |key| call.run(key);
            nodecore_request::give(nodecore_crypto::argon2(lp, algorithm, &parameters, done)?, req);
            Ok(())
        })
    }
}
