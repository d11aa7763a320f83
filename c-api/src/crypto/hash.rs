//! `nodecore/crypto_hash.h`.

use std::ffi::{c_char, c_void};

use ::nodecore_error::{Code, Error, Result};
use ::nodecore_stream::Duplex;
use nodecore_crypto::{Hash, HashStream};

use crate::boundary::{Castable, arg, entry};
use crate::chunk::Item;
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop};
use crate::str::nodecore_buf;
use crate::stream::nodecore_stream;

#[derive(Debug)]
pub struct nodecore_hash(State);
impl Castable for nodecore_hash {}

#[expect(clippy::large_enum_variant, reason = "it is always boxed")]
/// A hash belongs to one thread until it is made a stream, then to that stream.
#[derive(Debug)]
enum State {
    Own(Hash),
    Streamed(HashStream<Item>),
}

impl nodecore_hash {
    fn own(&mut self) -> Result<&mut Hash> {
        match &mut self.0 {
            State::Own(hash) => Ok(hash),
            State::Streamed(_) => Err(Error::from_template(Code::InvalidState, &[&"The hash is a stream"])),
        }
    }

    fn digest(&mut self) -> Result<Vec<u8>> {
        match &mut self.0 {
            State::Own(hash) => hash.digest(),
            State::Streamed(stream) => stream.digest(),
        }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `algorithm` is null or text as [`arg::bytes`] asks; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_hash_new(
    algorithm: *const c_char,
    algorithm_len: usize,
    out: *mut *mut nodecore_hash,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let hash = nodecore_crypto::create_hash(arg::text(algorithm, algorithm_len, "algorithm")?)?;
            out.set(nodecore_hash(State::Own(hash)).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `hash` is null or a hash that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_hash_free(hash: *mut nodecore_hash) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(hash) };
}

/// Declared in the header.
///
/// # Safety
/// - `hash` is null or a live hash; `data` is null or points to `len` readable bytes; `err` is null or writable.
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
            arg::object_mut(hash, "hash")?.own()?.update(arg::data(data, len, "data")?)?;
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `hash` is null or a live hash; `out` and `err` are null or writable.
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
/// - `lp` is null or a live loop, on its own thread; `hash` is null or a live hash; `out` and `err` are null or
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
            let hash = arg::object_mut(hash, "hash")?;
            // A copy, because it fails where the hash is finalized.
            let stream = hash.own()?.copy()?.into_stream_of(event_loop(lp)?);
            out.set(nodecore_stream::from(Duplex::clone(&stream)).into_raw());
            hash.0 = State::Streamed(stream);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `algorithm` is null or text as [`arg::bytes`] asks; `data` is null or points to `len` readable bytes; `out`
///   and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_hash(
    algorithm: *const c_char,
    algorithm_len: usize,
    data: *const c_void,
    len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let algorithm = arg::text(algorithm, algorithm_len, "algorithm")?;
            out.set(nodecore_crypto::hash(algorithm, arg::data(data, len, "data")?)?.into());
            Ok(())
        })
    }
}
