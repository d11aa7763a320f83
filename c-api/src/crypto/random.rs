//! `nodecore/crypto_random.h`.

use std::ffi::c_void;

use ::nodecore_error::Result;
use nodecore_crypto::{CheckPrimeOptions, GeneratePrimeOptions, RandomUuidOptions};

use super::general::{BytesCall, nodecore_crypto_bytes_cb};
use crate::boundary::{Foreign, SizedOptions, arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release, nodecore_request};
use crate::str::nodecore_buf;
use crate::stream::lend_error;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_crypto_random_uuid_options {
    pub struct_size: usize,
    pub disable_entropy_cache: bool,
}
impl SizedOptions for nodecore_crypto_random_uuid_options {
    const ZERO: Self = nodecore_crypto_random_uuid_options { struct_size: 0, disable_entropy_cache: false };
    const MIN_SIZE: usize = size_of::<Self>();
}

impl nodecore_crypto_random_uuid_options {
    /// # Safety
    /// - `opts` is null or a struct of the size it says.
    unsafe fn convert(opts: *const nodecore_crypto_random_uuid_options) -> Result<RandomUuidOptions> {
        // SAFETY: as the caller vouches.
        let opts = unsafe { nodecore_crypto_random_uuid_options::read(opts, "opts") }?;
        Ok(RandomUuidOptions::new().disable_entropy_cache(opts.disable_entropy_cache))
    }
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_crypto_generate_prime_options {
    pub struct_size: usize,
    pub safe: bool,
    pub add: *const c_void,
    pub add_len: usize,
    pub rem: *const c_void,
    pub rem_len: usize,
}
impl SizedOptions for nodecore_crypto_generate_prime_options {
    const ZERO: Self = nodecore_crypto_generate_prime_options {
        struct_size: 0,
        safe: false,
        add: std::ptr::null(),
        add_len: 0,
        rem: std::ptr::null(),
        rem_len: 0,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

impl nodecore_crypto_generate_prime_options {
    /// # Safety
    /// - `opts` is null or a struct of the size it says, whose pointers are null or point to as many readable bytes as it
    ///   says.
    unsafe fn convert(opts: *const nodecore_crypto_generate_prime_options) -> Result<GeneratePrimeOptions> {
        // SAFETY: as the caller vouches.
        unsafe {
            let opts = nodecore_crypto_generate_prime_options::read(opts, "opts")?;
            let mut options = GeneratePrimeOptions::new().safe(opts.safe);
            if !opts.add.is_null() || opts.add_len != 0 {
                options = options.add(arg::data(opts.add, opts.add_len, "opts.add")?);
            }
            if !opts.rem.is_null() || opts.rem_len != 0 {
                options = options.rem(arg::data(opts.rem, opts.rem_len, "opts.rem")?);
            }
            Ok(options)
        }
    }
}

pub type nodecore_crypto_int_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, value: i64, user: *mut c_void)>;

pub type nodecore_crypto_prime_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, is_prime: bool, user: *mut c_void)>;

pub type nodecore_crypto_fill_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, user: *mut c_void)>;

struct IntCall {
    cb: nodecore_crypto_int_cb,
    foreign: Foreign,
}

impl IntCall {
    fn run(&self, result: Result<i64>) {
        let Some(cb) = self.cb else { return };
        let (error, value) = split(result);
        // SAFETY: the caller gave `cb` for this user, which is not released yet.
        lend_error(error.as_ref(), |err| unsafe { cb(err, value, self.foreign.user()) });
    }
}

struct PrimeCall {
    cb: nodecore_crypto_prime_cb,
    foreign: Foreign,
}

impl PrimeCall {
    fn run(&self, result: Result<bool>) {
        let Some(cb) = self.cb else { return };
        let (error, is_prime) = split(result);
        // SAFETY: the caller gave `cb` for this user, which is not released yet.
        lend_error(error.as_ref(), |err| unsafe { cb(err, is_prime, self.foreign.user()) });
    }
}

struct FillCall {
    cb: nodecore_crypto_fill_cb,
    foreign: Foreign,
    data: *mut c_void,
    len: usize,
}

impl FillCall {
    fn run(&self, result: Result<Vec<u8>>) {
        let Some(cb) = self.cb else { return };
        let filled = result.and_then(|mut bytes| {
            // SAFETY: the caller keeps the memory for us until this call.
            unsafe { arg::data_mut(self.data, self.len, "data") }?.copy_from_slice(&bytes);
            nodecore_crypto::cleanse(&mut bytes);
            Ok(())
        });
        // SAFETY: the caller gave `cb` for this user, which is not released yet.
        lend_error(filled.err().as_ref(), |err| unsafe { cb(err, self.foreign.user()) });
    }
}

fn split<T: Default>(result: Result<T>) -> (Option<::nodecore_error::Error>, T) {
    match result {
        Ok(value) => (None, value),
        Err(error) => (Some(error), T::default()),
    }
}

/// Declared in the header.
///
/// # Safety
/// - `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_random_bytes_sync(
    size: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(nodecore_crypto::random_bytes_sync(size)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err` are null
///   or writable; the rest is as for [`nodecore_crypto_random_bytes_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_random_bytes(
    lp: *mut nodecore_loop,
    size: usize,
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
            nodecore_request::give(
                nodecore_crypto::random_bytes(lp, size, move |bytes| call.run(bytes))?,
                req,
            );
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `data` is null or points to `len` writable bytes that nobody else uses; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_random_fill_sync(
    data: *mut c_void,
    len: usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            nodecore_crypto::random_fill_sync(arg::data_mut(data, len, "data")?, 0, None)?;
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err` are null or
///   writable; `data` is null or points to
///   `len` writable bytes that nobody else uses until `cb` has been called or `release` has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_random_fill(
    lp: *mut nodecore_loop,
    data: *mut c_void,
    len: usize,
    cb: nodecore_crypto_fill_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let call = FillCall { cb, foreign: Foreign::new(user, release), data, len };
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            arg::callback(call.cb, "cb")?;
            let lp = event_loop(lp)?;
            arg::data_mut(data, len, "data")?;
            nodecore_request::give(
                nodecore_crypto::random_bytes(lp, len, move |bytes| call.run(bytes))?,
                req,
            );
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_crypto_random_fill_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_get_random_values(
    data: *mut c_void,
    len: usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            nodecore_crypto::get_random_values(arg::data_mut(data, len, "data")?)?;
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_random_int_sync(
    min: i64,
    max: i64,
    out: *mut i64,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(nodecore_crypto::random_int_sync(Some(min), max)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err` are null
///   or writable; the rest is as for [`nodecore_crypto_random_int_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_random_int(
    lp: *mut nodecore_loop,
    min: i64,
    max: i64,
    cb: nodecore_crypto_int_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let call = IntCall { cb, foreign: Foreign::new(user, release) };
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            arg::callback(call.cb, "cb")?;
            let lp = event_loop(lp)?;
            nodecore_request::give(
                nodecore_crypto::random_int(lp, Some(min), max, move |value| call.run(value))?,
                req,
            );
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `opts` is null or a struct of the size it says; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_random_uuid(
    opts: *const nodecore_crypto_random_uuid_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let options = nodecore_crypto_random_uuid_options::convert(opts)?;
            out.set(nodecore_crypto::random_uuid(&options)?.into_bytes().into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `opts` is null or a struct of the size it says; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_random_uuid_v7(
    opts: *const nodecore_crypto_random_uuid_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let options = nodecore_crypto_random_uuid_options::convert(opts)?;
            out.set(nodecore_crypto::random_uuid_v7(&options)?.into_bytes().into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `opts` is null or a struct of the size it says, whose pointers are null or point to as many readable bytes as it
///   says; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_generate_prime_sync(
    size: u32,
    opts: *const nodecore_crypto_generate_prime_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let options = nodecore_crypto_generate_prime_options::convert(opts)?;
            out.set(nodecore_crypto::generate_prime_sync(size, &options)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err` are null
///   or writable; the rest is as for [`nodecore_crypto_generate_prime_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_generate_prime(
    lp: *mut nodecore_loop,
    size: u32,
    opts: *const nodecore_crypto_generate_prime_options,
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
            let options = nodecore_crypto_generate_prime_options::convert(opts)?;
            nodecore_request::give(
                nodecore_crypto::generate_prime(lp, size, &options, move |prime| call.run(prime))?,
                req,
            );
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `candidate` is null or points to `candidate_len` readable bytes; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_check_prime_sync(
    candidate: *const c_void,
    candidate_len: usize,
    checks: u32,
    out: *mut bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let candidate = arg::data(candidate, candidate_len, "candidate")?;
            let options = CheckPrimeOptions::new().checks(checks);
            out.set(nodecore_crypto::check_prime_sync(candidate, &options)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err` are null
///   or writable; the rest is as for [`nodecore_crypto_check_prime_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_check_prime(
    lp: *mut nodecore_loop,
    candidate: *const c_void,
    candidate_len: usize,
    checks: u32,
    cb: nodecore_crypto_prime_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let call = PrimeCall { cb, foreign: Foreign::new(user, release) };
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            arg::callback(call.cb, "cb")?;
            let lp = event_loop(lp)?;
            let candidate = arg::data(candidate, candidate_len, "candidate")?;
            let options = CheckPrimeOptions::new().checks(checks);
            nodecore_request::give(
                nodecore_crypto::check_prime(lp, candidate, &options, move |prime| call.run(prime))?,
                req,
            );
            Ok(())
        })
    }
}
