//! `nodecore/crypto_encrypt.h`.

use std::ffi::c_void;

use ::nodecore_error::Result;
use nodecore_crypto::{KeyObject, RsaOptions};

use super::key::{given, given_text, nodecore_key};
use crate::boundary::{SizedOptions, arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::{nodecore_buf, nodecore_str};

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_crypto_rsa_options {
    pub struct_size: usize,
    pub padding: i32,
    pub oaep_hash: nodecore_str,
    pub oaep_label: nodecore_str,
}

impl SizedOptions for nodecore_crypto_rsa_options {
    const ZERO: Self = nodecore_crypto_rsa_options {
        struct_size: 0,
        padding: 0,
        oaep_hash: nodecore_str::NONE,
        oaep_label: nodecore_str::NONE,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// The arguments of all four, which differ in `run` alone.
///
/// # Safety
/// - `key` is null or live; `data` is null or points to `len` readable bytes; `opts` is null or a struct of the size it says,
///   whose views are of readable bytes; `out` and `err` are null or writable.
unsafe fn convert(
    key: *const nodecore_key,
    data: *const c_void,
    len: usize,
    opts: *const nodecore_crypto_rsa_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
    run: impl FnOnce(&KeyObject, &[u8], &RsaOptions) -> Result<Vec<u8>>,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let (key, data) = (nodecore_key::object(key)?, arg::data(data, len, "data")?);
            let opts = nodecore_crypto_rsa_options::read(opts, "opts")?;
            let mut options = RsaOptions::new().padding(opts.padding);
            if let Some(hash) = given_text(opts.oaep_hash, "opts.oaep_hash")? {
                options = options.oaep_hash(hash);
            }
            if let Some(label) = given(opts.oaep_label, "opts.oaep_label")? {
                options = options.oaep_label(label);
            }
            out.set(run(key, data, &options)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`convert`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_public_encrypt(
    key: *const nodecore_key,
    data: *const c_void,
    len: usize,
    opts: *const nodecore_crypto_rsa_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        convert(key, data, len, opts, out, err, |key, data, options| {
            nodecore_crypto::public_encrypt(key, data, options)
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`convert`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_private_decrypt(
    key: *const nodecore_key,
    data: *const c_void,
    len: usize,
    opts: *const nodecore_crypto_rsa_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        convert(key, data, len, opts, out, err, |key, data, options| {
            nodecore_crypto::private_decrypt(key, data, options)
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`convert`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_private_encrypt(
    key: *const nodecore_key,
    data: *const c_void,
    len: usize,
    opts: *const nodecore_crypto_rsa_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        convert(key, data, len, opts, out, err, |key, data, options| {
            nodecore_crypto::private_encrypt(key, data, options)
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`convert`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_public_decrypt(
    key: *const nodecore_key,
    data: *const c_void,
    len: usize,
    opts: *const nodecore_crypto_rsa_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        convert(key, data, len, opts, out, err, |key, data, options| {
            nodecore_crypto::public_decrypt(key, data, options)
        })
    }
}
