//! `nodecore/crypto_key.h`: keys made.

use std::ffi::{c_char, c_void};

use ::nodecore_error::Result;
use nodecore_crypto::{KeyObject, KeyPair, KeyPairOptions};

use super::key::{given, given_text, nodecore_key};
use crate::boundary::{Castable, Foreign, SizedOptions, arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release, nodecore_request};
use crate::str::nodecore_str;
use crate::stream::lend_error;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_key_pair_options {
    pub struct_size: usize,
    pub modulus_length: u32,
    pub public_exponent: u32,
    pub has_salt_length: bool,
    pub explicit_curve: bool,
    pub salt_length: u32,
    pub divisor_length: u32,
    pub prime_length: u32,
    pub generator: u32,
    pub hash_algorithm: nodecore_str,
    pub mgf1_hash_algorithm: nodecore_str,
    pub named_curve: nodecore_str,
    pub prime: nodecore_str,
    pub group: nodecore_str,
}

impl SizedOptions for nodecore_key_pair_options {
    const ZERO: Self = nodecore_key_pair_options {
        struct_size: 0,
        modulus_length: 0,
        public_exponent: 0,
        has_salt_length: false,
        explicit_curve: false,
        salt_length: 0,
        divisor_length: 0,
        prime_length: 0,
        generator: 0,
        hash_algorithm: nodecore_str::NONE,
        mgf1_hash_algorithm: nodecore_str::NONE,
        named_curve: nodecore_str::NONE,
        prime: nodecore_str::NONE,
        group: nodecore_str::NONE,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

pub type nodecore_key_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, key: *mut nodecore_key, user: *mut c_void)>;
pub type nodecore_key_pair_cb = Option<
    unsafe extern "C" fn(
        err: *const nodecore_error,
        public_key: *mut nodecore_key,
        private_key: *mut nodecore_key,
        user: *mut c_void,
    ),
>;

/// # Safety
/// - `opts` is null or a struct of the size it says, whose views are of readable bytes.
unsafe fn pair_options(opts: *const nodecore_key_pair_options) -> Result<KeyPairOptions> {
    // SAFETY: as the caller vouches.
    let opts = unsafe { nodecore_key_pair_options::read(opts, "opts") }?;
    let mut options = KeyPairOptions::new().explicit_curve(opts.explicit_curve);
    if opts.modulus_length != 0 {
        options = options.modulus_length(opts.modulus_length);
    }
    if opts.public_exponent != 0 {
        options = options.public_exponent(opts.public_exponent);
    }
    if opts.has_salt_length {
        options = options.salt_length(opts.salt_length);
    }
    if opts.divisor_length != 0 {
        options = options.divisor_length(opts.divisor_length);
    }
    if opts.prime_length != 0 {
        options = options.prime_length(opts.prime_length);
    }
    if opts.generator != 0 {
        options = options.generator(opts.generator);
    }
    // SAFETY: as the caller vouches.
    unsafe {
        if let Some(name) = given_text(opts.hash_algorithm, "opts.hash_algorithm")? {
            options = options.hash_algorithm(name);
        }
        if let Some(name) = given_text(opts.mgf1_hash_algorithm, "opts.mgf1_hash_algorithm")? {
            options = options.mgf1_hash_algorithm(name);
        }
        if let Some(name) = given_text(opts.named_curve, "opts.named_curve")? {
            options = options.named_curve(name);
        }
        if let Some(prime) = given(opts.prime, "opts.prime")? {
            options = options.prime(prime);
        }
        if let Some(name) = given_text(opts.group, "opts.group")? {
            options = options.group(name);
        }
    }
    Ok(options)
}

/// Declared in the header.
///
/// # Safety
/// - `type_` is null or text as [`arg::text`] asks; `opts` is null or a struct of the size it says, whose views are of
///   readable bytes; the others are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_generate_key_pair_sync(
    type_: *const c_char,
    type_len: usize,
    opts: *const nodecore_key_pair_options,
    out_public: *mut *mut nodecore_key,
    out_private: *mut *mut nodecore_key,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let (public, private) =
                (arg::out(out_public, "out_public")?, arg::out(out_private, "out_private")?);
            let type_ = arg::text(type_, type_len, "type")?;
            let pair = nodecore_crypto::generate_key_pair_sync(type_, &pair_options(opts)?)?;
            public.set(nodecore_key::from(pair.public_key).into_raw());
            private.set(nodecore_key::from(pair.private_key).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` is null or
///   writable; the others as for [`nodecore_crypto_generate_key_pair_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_generate_key_pair(
    lp: *mut nodecore_loop,
    type_: *const c_char,
    type_len: usize,
    opts: *const nodecore_key_pair_options,
    cb: nodecore_key_pair_cb,
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
            let type_ = arg::text(type_, type_len, "type")?;
            let done = move |pair: Result<KeyPair>| match pair {
                Ok(pair) => {
                    let key = |key| nodecore_key::from(key).into_raw();
                    let (public, private) = (key(pair.public_key), key(pair.private_key));
                    // SAFETY: the caller gave `cb` for this user, which is not released yet.
                    cb(std::ptr::null(), public, private, foreign.user());
                }
                Err(error) => lend_error(Some(&error), |err| {
                    // SAFETY: as above.
                    cb(err, std::ptr::null_mut(), std::ptr::null_mut(), foreign.user());
                }),
            };
            let request =
                nodecore_crypto::generate_key_pair(event_loop(lp)?, type_, &pair_options(opts)?, done)?;
            nodecore_request::give(request, req);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `type_` is null or text as [`arg::text`] asks; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_generate_key_sync(
    type_: *const c_char,
    type_len: usize,
    length: u32,
    out: *mut *mut nodecore_key,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let key = nodecore_crypto::generate_key_sync(arg::text(type_, type_len, "type")?, length)?;
            out.set(nodecore_key::from(key).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `type_` is null or text as [`arg::text`] asks; `cb` and `release` may
///   be called with `user`; `req` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_generate_key(
    lp: *mut nodecore_loop,
    type_: *const c_char,
    type_len: usize,
    length: u32,
    cb: nodecore_key_cb,
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
            let type_ = arg::text(type_, type_len, "type")?;
            let done = move |key: Result<KeyObject>| match key {
                // SAFETY: the caller gave `cb` for this user, which is not released yet.
                Ok(key) => cb(std::ptr::null(), nodecore_key::from(key).into_raw(), foreign.user()),
                // SAFETY: as above.
                Err(error) => lend_error(Some(&error), |err| cb(err, std::ptr::null_mut(), foreign.user())),
            };
            let request = nodecore_crypto::generate_key(event_loop(lp)?, type_, length, done)?;
            nodecore_request::give(request, req);
            Ok(())
        })
    }
}
