//! `nodecore/crypto_mac.h`.

use std::ffi::{c_char, c_void};

use ::nodecore_error::Result;
use nodecore_buffer::decode;
use nodecore_crypto::{Hmac, Mac, MacOptions};

use super::state::{State, is_stream};
use crate::boundary::{Castable, SizedOptions, arg, entry, total};
use crate::buffer::encoding_of;
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop};
use crate::str::{nodecore_buf, nodecore_str};
use crate::stream::nodecore_stream;

#[derive(Debug)]
pub struct nodecore_hmac(State<Hmac>);
impl Castable for nodecore_hmac {}

impl nodecore_hmac {
    fn digest(&mut self) -> Result<Vec<u8>> {
        match &mut self.0 {
            State::Own(hmac) => hmac.digest(),
            State::Streamed(stream) => stream.digest(),
            State::Moving => Err(is_stream()),
        }
    }
}

#[derive(Debug)]
pub struct nodecore_mac(State<Mac>);
impl Castable for nodecore_mac {}

impl nodecore_mac {
    fn digest(&mut self) -> Result<Vec<u8>> {
        match &mut self.0 {
            State::Own(mac) => mac.finish(),
            State::Streamed(stream) => stream.finish(),
            State::Moving => Err(is_stream()),
        }
    }
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_mac_options {
    pub struct_size: usize,
    pub digest: nodecore_str,
    pub cipher: nodecore_str,
    pub iv: nodecore_str,
    pub customization: nodecore_str,
    pub salt: nodecore_str,
    pub output_length: u32,
    pub has_output_length: bool,
}

impl SizedOptions for nodecore_mac_options {
    const ZERO: Self = nodecore_mac_options {
        struct_size: 0,
        digest: nodecore_str::NONE,
        cipher: nodecore_str::NONE,
        iv: nodecore_str::NONE,
        customization: nodecore_str::NONE,
        salt: nodecore_str::NONE,
        output_length: 0,
        has_output_length: false,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// # Safety
/// - as for [`SizedOptions::read`]; each view is null or readable.
unsafe fn options(opts: *const nodecore_mac_options) -> Result<MacOptions> {
    // SAFETY: as the caller vouches.
    let given = unsafe { SizedOptions::read(opts, "opts") }?;
    let text = |view: nodecore_str, name| {
        // SAFETY: as the caller vouches.
        (!view.data.is_null())
            .then(|| unsafe { arg::text(view.data, view.len, name) }.map(str::to_owned))
            .transpose()
    };
    let bytes = |view: nodecore_str, name| {
        // SAFETY: as the caller vouches.
        (!view.data.is_null())
            .then(|| unsafe { arg::data(view.data.cast(), view.len, name) }.map(<[u8]>::to_vec))
            .transpose()
    };
    let mut options = MacOptions::default();
    options.digest = text(given.digest, "opts.digest")?;
    options.cipher = text(given.cipher, "opts.cipher")?;
    options.iv = bytes(given.iv, "opts.iv")?;
    options.customization = bytes(given.customization, "opts.customization")?;
    options.salt = bytes(given.salt, "opts.salt")?;
    if given.has_output_length || given.output_length != 0 {
        options.output_length = Some(given.output_length);
    }
    Ok(options)
}

/// Declared in the header.
///
/// # Safety
/// - `algorithm` is null or text as [`arg::bytes`] asks; `key` is null or points to `key_len` readable bytes; `out` and
///   `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_hmac_new(
    algorithm: *const c_char,
    algorithm_len: usize,
    key: *const c_void,
    key_len: usize,
    out: *mut *mut nodecore_hmac,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let algorithm = arg::text(algorithm, algorithm_len, "algorithm")?;
            let hmac = nodecore_crypto::create_hmac(algorithm, arg::data(key, key_len, "key")?)?;
            out.set(nodecore_hmac(State::Own(hmac)).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `hmac` is null or was given by the library and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_hmac_free(hmac: *mut nodecore_hmac) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(hmac) };
}

/// Declared in the header.
///
/// # Safety
/// - `hmac` is null or live; `data` is null or points to `len` readable bytes; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_hmac_update(
    hmac: *mut nodecore_hmac,
    data: *const c_void,
    len: usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            arg::object_mut(hmac, "hmac")?.0.own()?.update(arg::data(data, len, "data")?)?;
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `hmac` is null or live; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_hmac_digest(
    hmac: *mut nodecore_hmac,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(arg::object_mut(hmac, "hmac")?.digest()?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `hmac` is null or live; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_hmac_digest_encoded(
    hmac: *mut nodecore_hmac,
    encoding: i32,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let (out, encoding) = (arg::out(out, "out")?, encoding_of(encoding)?);
            out.set(decode(&arg::object_mut(hmac, "hmac")?.digest()?, encoding).into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `hmac` is null or live; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_hmac_stream(
    lp: *mut nodecore_loop,
    hmac: *mut nodecore_hmac,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let (hmac, lp) = (arg::object_mut(hmac, "hmac")?, event_loop(lp)?);
            out.set(hmac.0.stream(|hmac| hmac.into_stream_of(lp))?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `algorithm` is null or text as [`arg::bytes`] asks; `key` is null or points to `key_len` readable bytes; `opts` is
///   null or as long as it says, and its views are null or readable; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_mac_new(
    algorithm: *const c_char,
    algorithm_len: usize,
    key: *const c_void,
    key_len: usize,
    opts: *const nodecore_mac_options,
    out: *mut *mut nodecore_mac,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let (out, options) = (arg::out(out, "out")?, options(opts)?);
            let algorithm = arg::text(algorithm, algorithm_len, "algorithm")?;
            let mac = nodecore_crypto::create_mac(algorithm, arg::data(key, key_len, "key")?, &options)?;
            out.set(nodecore_mac(State::Own(mac)).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `mac` is null or was given by the library and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_mac_free(mac: *mut nodecore_mac) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(mac) };
}

/// Declared in the header.
///
/// # Safety
/// - `mac` is null or live; `data` is null or points to `len` readable bytes; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_mac_update(
    mac: *mut nodecore_mac,
    data: *const c_void,
    len: usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            arg::object_mut(mac, "mac")?.0.own()?.update(arg::data(data, len, "data")?)?;
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `mac` is null or live; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_mac_final(
    mac: *mut nodecore_mac,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(arg::object_mut(mac, "mac")?.digest()?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `mac` is null or live; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_mac_final_encoded(
    mac: *mut nodecore_mac,
    encoding: i32,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let (out, encoding) = (arg::out(out, "out")?, encoding_of(encoding)?);
            out.set(decode(&arg::object_mut(mac, "mac")?.digest()?, encoding).into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `mac` is null or live; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_mac_stream(
    lp: *mut nodecore_loop,
    mac: *mut nodecore_mac,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let (mac, lp) = (arg::object_mut(mac, "mac")?, event_loop(lp)?);
            out.set(mac.0.stream(|mac| mac.into_stream_of(lp))?);
            Ok(())
        })
    }
}

/// Declared in the header.
#[unsafe(no_mangle)]
pub extern "C" fn nodecore_crypto_mac_name(index: usize) -> nodecore_str {
    total(nodecore_str::NONE, || {
        nodecore_str::nullable(nodecore_crypto::get_macs().get(index).map(|name| name.as_bytes()))
    })
}
