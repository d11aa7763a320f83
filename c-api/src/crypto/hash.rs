//! `nodecore/crypto_hash.h`.

use std::ffi::{c_char, c_void};

use ::nodecore_error::Result;
use nodecore_buffer::decode;
use nodecore_crypto::{Hash, HashOptions};

use super::state::{State, is_stream};
use crate::boundary::{Castable, SizedOptions, arg, entry, total};
use crate::buffer::encoding_of;
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop};
use crate::str::{nodecore_buf, nodecore_str};
use crate::stream::nodecore_stream;

#[derive(Debug)]
pub struct nodecore_hash(State<Hash>);
impl Castable for nodecore_hash {}

impl nodecore_hash {
    fn digest(&mut self) -> Result<Vec<u8>> {
        match &mut self.0 {
            State::Own(hash) => hash.digest(),
            State::Streamed(stream) => stream.digest(),
            State::Moving => Err(is_stream()),
        }
    }
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_hash_options {
    pub struct_size: usize,
    pub output_length: u32,
    pub has_output_length: bool,
}

impl SizedOptions for nodecore_hash_options {
    const ZERO: Self = nodecore_hash_options { struct_size: 0, output_length: 0, has_output_length: false };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// # Safety
/// - as for [`SizedOptions::read`].
unsafe fn options(opts: *const nodecore_hash_options) -> Result<HashOptions> {
    // SAFETY: as the caller vouches.
    let given = unsafe { SizedOptions::read(opts, "opts") }?;
    let mut options = HashOptions::default();
    if given.has_output_length || given.output_length != 0 {
        options = options.output_length(given.output_length);
    }
    Ok(options)
}

/// Declared in the header.
///
/// # Safety
/// - `algorithm` is null or text as [`arg::bytes`] asks; `opts` is null or as long as it says; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_hash_new(
    algorithm: *const c_char,
    algorithm_len: usize,
    opts: *const nodecore_hash_options,
    out: *mut *mut nodecore_hash,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let (out, options) = (arg::out(out, "out")?, options(opts)?);
            let algorithm = arg::text(algorithm, algorithm_len, "algorithm")?;
            let hash = nodecore_crypto::create_hash_with(algorithm, &options)?;
            out.set(nodecore_hash(State::Own(hash)).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `hash` is null or was given by the library and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_hash_free(hash: *mut nodecore_hash) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(hash) };
}

/// Declared in the header.
///
/// # Safety
/// - `hash` is null or live; `data` is null or points to `len` readable bytes; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_hash_update(
    hash: *mut nodecore_hash,
    data: *const c_void,
    len: usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            arg::object_mut(hash, "hash")?.0.own()?.update(arg::data(data, len, "data")?)?;
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `hash` is null or live; `out` and `err` are null or writable.
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
            out.set(arg::object_mut(hash, "hash")?.digest()?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `hash` is null or live; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_hash_digest_encoded(
    hash: *mut nodecore_hash,
    encoding: i32,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let (out, encoding) = (arg::out(out, "out")?, encoding_of(encoding)?);
            out.set(decode(&arg::object_mut(hash, "hash")?.digest()?, encoding).into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `hash` is null or live; `opts` is null or as long as it says; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_hash_copy(
    hash: *mut nodecore_hash,
    opts: *const nodecore_hash_options,
    out: *mut *mut nodecore_hash,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let (out, options) = (arg::out(out, "out")?, options(opts)?);
            let copy = arg::object_mut(hash, "hash")?.0.own()?.copy_with(&options)?;
            out.set(nodecore_hash(State::Own(copy)).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `hash` is null or live; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_hash_stream(
    lp: *mut nodecore_loop,
    hash: *mut nodecore_hash,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let (hash, lp) = (arg::object_mut(hash, "hash")?, event_loop(lp)?);
            // Only to learn whether the digest has been taken.
            hash.0.own()?.copy()?;
            out.set(hash.0.stream(|hash| hash.into_stream_of(lp))?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `algorithm` is null or text as [`arg::bytes`] asks; `data` is null or points to `len` readable bytes; `opts` is
///   null or as long as it says; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_hash(
    algorithm: *const c_char,
    algorithm_len: usize,
    data: *const c_void,
    len: usize,
    opts: *const nodecore_hash_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let (out, options) = (arg::out(out, "out")?, options(opts)?);
            let algorithm = arg::text(algorithm, algorithm_len, "algorithm")?;
            out.set(nodecore_crypto::hash_with(algorithm, arg::data(data, len, "data")?, &options)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `algorithm` is null or text as [`arg::bytes`] asks; `data` is null or points to `len` readable bytes; `opts` is
///   null or as long as it says; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_hash_encoded(
    algorithm: *const c_char,
    algorithm_len: usize,
    data: *const c_void,
    len: usize,
    encoding: i32,
    opts: *const nodecore_hash_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let (out, options, encoding) = (arg::out(out, "out")?, options(opts)?, encoding_of(encoding)?);
            let algorithm = arg::text(algorithm, algorithm_len, "algorithm")?;
            let data = arg::data(data, len, "data")?;
            out.set(nodecore_crypto::hash_encoded_with(algorithm, data, encoding, &options)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `algorithm` is null or text as [`arg::bytes`] asks; `data` is null or points to `len` readable bytes; `room` is
///   null or points to `size` writable bytes apart from `data`; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_hash_into(
    algorithm: *const c_char,
    algorithm_len: usize,
    data: *const c_void,
    len: usize,
    room: *mut c_void,
    size: usize,
    out: *mut usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let algorithm = arg::text(algorithm, algorithm_len, "algorithm")?;
            let (data, room) = (arg::data(data, len, "data")?, arg::data_mut(room, size, "room")?);
            out.set(nodecore_crypto::hash_into(algorithm, data, room)?);
            Ok(())
        })
    }
}

/// Declared in the header.
#[unsafe(no_mangle)]
pub extern "C" fn nodecore_crypto_hash_name(index: usize) -> nodecore_str {
    total(nodecore_str::NONE, || {
        nodecore_str::nullable(nodecore_crypto::get_hashes().get(index).map(|name| name.as_bytes()))
    })
}
