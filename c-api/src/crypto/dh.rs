//! `nodecore/crypto_dh.h`.

use std::ffi::{c_char, c_void};

use ::nodecore_error::{Code, Error, Result};
use nodecore_crypto::{DiffieHellman, DiffieHellmanGroup};

use crate::boundary::{Castable, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::nodecore_buf;

/// A pair in a group of one's own or in a known one, whose keys cannot be set.
#[derive(Debug)]
pub enum nodecore_dh {
    Own(DiffieHellman),
    Known(DiffieHellmanGroup),
}
impl Castable for nodecore_dh {}

impl nodecore_dh {
    fn settable(&mut self) -> Result<&mut DiffieHellman> {
        match self {
            nodecore_dh::Own(dh) => Ok(dh),
            nodecore_dh::Known(_) => {
                Err(Error::from_template(Code::InvalidState, &[&"The keys of a known group cannot be set"]))
            }
        }
    }

    fn generate_keys(&mut self) -> Result<Vec<u8>> {
        match self {
            nodecore_dh::Own(dh) => dh.generate_keys(),
            nodecore_dh::Known(dh) => dh.generate_keys(),
        }
    }

    fn compute_secret(&self, other: &[u8]) -> Result<Vec<u8>> {
        match self {
            nodecore_dh::Own(dh) => dh.compute_secret(other),
            nodecore_dh::Known(dh) => dh.compute_secret(other),
        }
    }

    fn prime(&self) -> Result<Vec<u8>> {
        match self {
            nodecore_dh::Own(dh) => dh.get_prime(),
            nodecore_dh::Known(dh) => dh.get_prime(),
        }
    }

    fn generator(&self) -> Result<Vec<u8>> {
        match self {
            nodecore_dh::Own(dh) => dh.get_generator(),
            nodecore_dh::Known(dh) => dh.get_generator(),
        }
    }

    fn public_key(&self) -> Result<Vec<u8>> {
        match self {
            nodecore_dh::Own(dh) => dh.get_public_key(),
            nodecore_dh::Known(dh) => dh.get_public_key(),
        }
    }

    fn private_key(&self) -> Result<Vec<u8>> {
        match self {
            nodecore_dh::Own(dh) => dh.get_private_key(),
            nodecore_dh::Known(dh) => dh.get_private_key(),
        }
    }

    fn verify_error(&self) -> u32 {
        match self {
            nodecore_dh::Own(dh) => dh.verify_error(),
            nodecore_dh::Known(dh) => dh.verify_error(),
        }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `prime` and `generator` are null or point to as many readable bytes as is said; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dh_new(
    prime: *const c_void,
    prime_len: usize,
    generator: *const c_void,
    generator_len: usize,
    out: *mut *mut nodecore_dh,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let prime = arg::data(prime, prime_len, "prime")?;
            let given = arg::data(generator, generator_len, "generator")?;
            let dh = nodecore_crypto::create_diffie_hellman(prime, (!generator.is_null()).then_some(given))?;
            out.set(nodecore_dh::Own(dh).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dh_new_of_length(
    prime_length: u32,
    generator: u32,
    out: *mut *mut nodecore_dh,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let dh = nodecore_crypto::create_diffie_hellman_of_length(prime_length, Some(generator))?;
            out.set(nodecore_dh::Own(dh).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `name` is null or text as [`arg::bytes`] asks; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dh_new_group(
    name: *const c_char,
    name_len: usize,
    out: *mut *mut nodecore_dh,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let dh = nodecore_crypto::create_diffie_hellman_group(arg::text(name, name_len, "name")?)?;
            out.set(nodecore_dh::Known(dh).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `dh` is null or was given by the library and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dh_free(dh: *mut nodecore_dh) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(dh) };
}

/// Declared in the header.
///
/// # Safety
/// - `dh` is null or live; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dh_generate_keys(
    dh: *mut nodecore_dh,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(arg::object_mut(dh, "dh")?.generate_keys()?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `dh` is null or live; `other` is null or points to `other_len` readable bytes; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dh_compute_secret(
    dh: *const nodecore_dh,
    other: *const c_void,
    other_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(arg::object(dh, "dh")?.compute_secret(arg::data(other, other_len, "other")?)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `dh` is null or live; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dh_prime(
    dh: *const nodecore_dh,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(arg::object(dh, "dh")?.prime()?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `dh` is null or live; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dh_generator(
    dh: *const nodecore_dh,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(arg::object(dh, "dh")?.generator()?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `dh` is null or live; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dh_public_key(
    dh: *const nodecore_dh,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(arg::object(dh, "dh")?.public_key()?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `dh` is null or live; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dh_private_key(
    dh: *const nodecore_dh,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(arg::object(dh, "dh")?.private_key()?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `dh` is null or live; `key` is null or points to `len` readable bytes; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dh_set_public_key(
    dh: *mut nodecore_dh,
    key: *const c_void,
    len: usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            arg::object_mut(dh, "dh")?.settable()?.set_public_key(arg::data(key, len, "key")?)?;
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `dh` is null or live; `key` is null or points to `len` readable bytes; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dh_set_private_key(
    dh: *mut nodecore_dh,
    key: *const c_void,
    len: usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            arg::object_mut(dh, "dh")?.settable()?.set_private_key(arg::data(key, len, "key")?)?;
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `dh` is null or live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dh_verify_error(dh: *const nodecore_dh) -> u32 {
    // SAFETY: as the caller vouches.
    total(0, || unsafe { arg::nullable(dh) }.map_or(0, nodecore_dh::verify_error))
}
