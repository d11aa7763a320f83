//! `nodecore/crypto_sign.h`.

use std::ffi::{c_char, c_void};
use std::mem::replace;

use ::nodecore_error::Result;
use ::nodecore_stream::{AsWritable, Writable};
use nodecore_buffer::decode;
use nodecore_crypto::{DsaEncoding, KeyObject, Sign, SignOptions, SignatureStream, Verify};

use super::general::{BytesCall, nodecore_crypto_bytes_cb};
use super::key::{given, nodecore_key, unknown};
use super::state::is_stream;
use crate::boundary::{Castable, Foreign, SizedOptions, arg, entry};
use crate::buffer::encoding_of;
use crate::chunk::Item;
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release, nodecore_request};
use crate::str::{nodecore_buf, nodecore_str};
use crate::stream::{lend_error, nodecore_stream};

pub const NODECORE_SIGN_DER: i32 = 0;
pub const NODECORE_SIGN_IEEE_P1363: i32 = 1;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_sign_options {
    pub struct_size: usize,
    pub padding: i32,
    pub salt_length: i32,
    pub has_padding: bool,
    pub has_salt_length: bool,
    pub dsa_encoding: i32,
    pub context: nodecore_str,
}

impl SizedOptions for nodecore_sign_options {
    const ZERO: Self = nodecore_sign_options {
        struct_size: 0,
        padding: 0,
        salt_length: 0,
        has_padding: false,
        has_salt_length: false,
        dsa_encoding: 0,
        context: nodecore_str::NONE,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// # Safety
/// - `opts` is null or a struct of the size it says, whose views are of readable bytes.
unsafe fn options(opts: *const nodecore_sign_options) -> Result<SignOptions> {
    // SAFETY: as the caller vouches.
    let opts = unsafe { nodecore_sign_options::read(opts, "opts") }?;
    let mut options = SignOptions::new().dsa_encoding(match opts.dsa_encoding {
        NODECORE_SIGN_DER => DsaEncoding::Der,
        NODECORE_SIGN_IEEE_P1363 => DsaEncoding::IeeeP1363,
        other => return Err(unknown("options.dsaEncoding", other)),
    });
    if opts.has_padding || opts.padding != 0 {
        options = options.padding(opts.padding);
    }
    if opts.has_salt_length || opts.salt_length != 0 {
        options = options.salt_length(opts.salt_length);
    }
    // SAFETY: as the caller vouches.
    if let Some(context) = unsafe { given(opts.context, "opts.context") }? {
        options = options.context(context);
    }
    Ok(options)
}

/// A digest's name, if there is one.
///
/// # Safety
/// - `name` is null or text as [`arg::text`] asks.
unsafe fn digest<'a>(name: *const c_char, len: usize) -> Result<Option<&'a str>> {
    if name.is_null() {
        return Ok(None);
    }
    // SAFETY: as the caller vouches.
    unsafe { arg::text(name, len, "algorithm") }.map(Some)
}

/// Declared in the header.
///
/// # Safety
/// - `algorithm` is null or text as [`arg::text`] asks; `data` is null or points to `len` readable bytes; `key` is null or live;
///   `opts` is null or a struct of the size it says, whose views are of readable bytes; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_sign_sync(
    algorithm: *const c_char,
    algorithm_len: usize,
    data: *const c_void,
    len: usize,
    key: *const nodecore_key,
    opts: *const nodecore_sign_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let (out, options) = (arg::out(out, "out")?, options(opts)?);
            let (name, data) = (digest(algorithm, algorithm_len)?, arg::data(data, len, "data")?);
            out.set(nodecore_crypto::sign_sync(name, data, nodecore_key::object(key)?, &options)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` is null or
///   writable; the others as for [`nodecore_crypto_sign_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_sign(
    lp: *mut nodecore_loop,
    algorithm: *const c_char,
    algorithm_len: usize,
    data: *const c_void,
    len: usize,
    key: *const nodecore_key,
    opts: *const nodecore_sign_options,
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
            let (lp, options) = (event_loop(lp)?, options(opts)?);
            let (name, data) = (digest(algorithm, algorithm_len)?, arg::data(data, len, "data")?);
            let key = nodecore_key::object(key)?;
            let done = move |signature| call.run(signature);
            nodecore_request::give(nodecore_crypto::sign(lp, name, data, key, &options, done)?, req);
            Ok(())
        })
    }
}

pub type nodecore_crypto_verify_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, is_valid: bool, user: *mut c_void)>;

/// Declared in the header.
///
/// # Safety
/// - `signature` is null or points to `signature_len` readable bytes; the others as for [`nodecore_crypto_sign_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_verify_sync(
    algorithm: *const c_char,
    algorithm_len: usize,
    data: *const c_void,
    len: usize,
    key: *const nodecore_key,
    signature: *const c_void,
    signature_len: usize,
    opts: *const nodecore_sign_options,
    out: *mut bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let (out, options) = (arg::out(out, "out")?, options(opts)?);
            let (name, data) = (digest(algorithm, algorithm_len)?, arg::data(data, len, "data")?);
            let (key, signature) =
                (nodecore_key::object(key)?, arg::data(signature, signature_len, "signature")?);
            out.set(nodecore_crypto::verify_sync(name, data, key, signature, &options)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_crypto_verify_sync`] and [`nodecore_crypto_sign`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_verify(
    lp: *mut nodecore_loop,
    algorithm: *const c_char,
    algorithm_len: usize,
    data: *const c_void,
    len: usize,
    key: *const nodecore_key,
    signature: *const c_void,
    signature_len: usize,
    opts: *const nodecore_sign_options,
    cb: nodecore_crypto_verify_cb,
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
            let (lp, options) = (event_loop(lp)?, options(opts)?);
            let (name, data) = (digest(algorithm, algorithm_len)?, arg::data(data, len, "data")?);
            let (key, signature) =
                (nodecore_key::object(key)?, arg::data(signature, signature_len, "signature")?);
            let done = move |good: Result<bool>| {
                let is_valid = *good.as_ref().unwrap_or(&false);
                // SAFETY: the caller gave `cb` for this user, which is not released yet.
                lend_error(good.err().as_ref(), |err| cb(err, is_valid, foreign.user()));
            };
            let request = nodecore_crypto::verify(lp, name, data, key, signature, &options, done)?;
            nodecore_request::give(request, req);
            Ok(())
        })
    }
}

/// What belongs to one thread until it is made a stream, then to it.
#[derive(Debug)]
enum State<S> {
    Own(S),
    Streamed(SignatureStream<S, Item>),
    /// Within [`State::stream`] alone.
    Moving,
}

impl<S> State<S> {
    /// The message, as long as it is no stream.
    fn own(&mut self) -> Result<&mut S> {
        match self {
            State::Own(message) => Ok(message),
            State::Streamed(_) | State::Moving => Err(is_stream()),
        }
    }

    /// Makes a stream of it.
    fn stream(&mut self, make: impl FnOnce(S) -> SignatureStream<S, Item>) -> Result<*mut nodecore_stream> {
        self.own()?;
        let State::Own(message) = replace(self, State::Moving) else { return Err(is_stream()) };
        let stream = make(message);
        let writable: Writable<Item> = stream.to_writable();
        *self = State::Streamed(stream);
        Ok(nodecore_stream::from(writable).into_raw())
    }
}

#[derive(Debug)]
pub struct nodecore_sign(State<Sign>);
impl Castable for nodecore_sign {}

#[derive(Debug)]
pub struct nodecore_verify(State<Verify>);
impl Castable for nodecore_verify {}

impl nodecore_sign {
    fn sign(&mut self, key: &KeyObject, options: &SignOptions) -> Result<Vec<u8>> {
        match &mut self.0 {
            State::Own(sign) => sign.sign(key, options),
            State::Streamed(stream) => stream.sign(key, options),
            State::Moving => Err(is_stream()),
        }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `algorithm` is null or text as [`arg::text`] asks; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_sign_new(
    algorithm: *const c_char,
    algorithm_len: usize,
    out: *mut *mut nodecore_sign,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let sign = nodecore_crypto::create_sign(arg::text(algorithm, algorithm_len, "algorithm")?)?;
            out.set(nodecore_sign(State::Own(sign)).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `sign` is null or was given by the library and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_sign_free(sign: *mut nodecore_sign) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(sign) };
}

/// Declared in the header.
///
/// # Safety
/// - `sign` is null or live; `data` is null or points to `len` readable bytes; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_sign_update(
    sign: *mut nodecore_sign,
    data: *const c_void,
    len: usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            arg::object_mut(sign, "sign")?.0.own()?.update(arg::data(data, len, "data")?)?;
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `sign` and `key` are null or live; `opts` is null or a struct of the size it says, whose views are of readable bytes;
///   `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_sign_sign(
    sign: *mut nodecore_sign,
    key: *const nodecore_key,
    opts: *const nodecore_sign_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let (out, options) = (arg::out(out, "out")?, options(opts)?);
            let (sign, key) = (arg::object_mut(sign, "sign")?, nodecore_key::object(key)?);
            out.set(sign.sign(key, &options)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_sign_sign`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_sign_sign_encoded(
    sign: *mut nodecore_sign,
    key: *const nodecore_key,
    opts: *const nodecore_sign_options,
    encoding: i32,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let (out, options, encoding) = (arg::out(out, "out")?, options(opts)?, encoding_of(encoding)?);
            let (sign, key) = (arg::object_mut(sign, "sign")?, nodecore_key::object(key)?);
            out.set(decode(&sign.sign(key, &options)?, encoding).into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `sign` is null or live; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_sign_stream(
    lp: *mut nodecore_loop,
    sign: *mut nodecore_sign,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let (sign, lp) = (arg::object_mut(sign, "sign")?, event_loop(lp)?);
            out.set(sign.0.stream(|sign| sign.into_stream_of(lp))?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `algorithm` is null or text as [`arg::text`] asks; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_verify_new(
    algorithm: *const c_char,
    algorithm_len: usize,
    out: *mut *mut nodecore_verify,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let verify = nodecore_crypto::create_verify(arg::text(algorithm, algorithm_len, "algorithm")?)?;
            out.set(nodecore_verify(State::Own(verify)).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `verify` is null or was given by the library and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_verify_free(verify: *mut nodecore_verify) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(verify) };
}

/// Declared in the header.
///
/// # Safety
/// - `verify` is null or live; `data` is null or points to `len` readable bytes; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_verify_update(
    verify: *mut nodecore_verify,
    data: *const c_void,
    len: usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            arg::object_mut(verify, "verify")?.0.own()?.update(arg::data(data, len, "data")?)?;
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `verify` and `key` are null or live; `signature` is null or points to `len` readable bytes; `opts` is null or a struct
///   of the size it says, whose views are of readable bytes; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_verify_verify(
    verify: *mut nodecore_verify,
    key: *const nodecore_key,
    signature: *const c_void,
    len: usize,
    opts: *const nodecore_sign_options,
    out: *mut bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let (out, options) = (arg::out(out, "out")?, options(opts)?);
            let (verify, key) = (arg::object_mut(verify, "verify")?, nodecore_key::object(key)?);
            let signature = arg::data(signature, len, "signature")?;
            out.set(match &mut verify.0 {
                State::Own(verify) => verify.verify(key, signature, &options)?,
                State::Streamed(stream) => stream.verify(key, signature, &options)?,
                State::Moving => return Err(is_stream()),
            });
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `verify` is null or live; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_verify_stream(
    lp: *mut nodecore_loop,
    verify: *mut nodecore_verify,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let (verify, lp) = (arg::object_mut(verify, "verify")?, event_loop(lp)?);
            out.set(verify.0.stream(|verify| verify.into_stream_of(lp))?);
            Ok(())
        })
    }
}
