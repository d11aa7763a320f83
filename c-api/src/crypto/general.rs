//! `nodecore/crypto.h`.

use std::ffi::{c_char, c_void};

use ::nodecore_error::Result;

use crate::boundary::{Foreign, SizedOut, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::{nodecore_buf, nodecore_str};
use crate::stream::lend_error;

pub type nodecore_crypto_bytes_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, result: *mut nodecore_buf, user: *mut c_void)>;

/// A callback that gets a key or the like.
pub(super) struct BytesCall {
    pub(super) cb: nodecore_crypto_bytes_cb,
    pub(super) foreign: Foreign,
}

impl BytesCall {
    pub(super) fn run(&self, result: Result<Vec<u8>>) {
        let Some(cb) = self.cb else { return };
        // SAFETY: the caller gave `cb` for this user, which is not released yet.
        let call = |err, buf| unsafe { cb(err, buf, self.foreign.user()) };
        match result {
            Ok(bytes) => {
                let mut buf = nodecore_buf::from(bytes);
                call(std::ptr::null(), &raw mut buf);
                // What the callback has not taken is cleared.
                if let Ok(mut bytes) = buf.into_bytes().try_into_mut() {
                    nodecore_crypto::cleanse(&mut bytes);
                }
            }
            Err(error) => lend_error(Some(&error), |err| call(err, std::ptr::null_mut())),
        }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `a` and `b` are null or point to as many readable bytes as their lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_timing_safe_equal(
    a: *const c_void,
    a_len: usize,
    b: *const c_void,
    b_len: usize,
    out: *mut bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let (a, b) = (arg::data(a, a_len, "a")?, arg::data(b, b_len, "b")?);
            out.set(nodecore_crypto::timing_safe_equal(a, b)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `data` is null or points to `len` writable bytes that nobody else uses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_cleanse(data: *mut c_void, len: usize) {
    total((), || {
        // SAFETY: as the caller vouches.
        if let Ok(data) = unsafe { arg::data_mut(data, len, "data") } {
            nodecore_crypto::cleanse(data);
        }
    });
}

/// The names of the curves, which live for good.
fn curves() -> &'static [&'static str] {
    static CURVES: std::sync::OnceLock<Vec<&'static str>> = std::sync::OnceLock::new();
    CURVES.get_or_init(nodecore_crypto::get_curves)
}

/// Declared in the header.
#[unsafe(no_mangle)]
pub extern "C" fn nodecore_crypto_curve_count() -> usize {
    total(0, || curves().len())
}

/// Declared in the header.
#[unsafe(no_mangle)]
pub extern "C" fn nodecore_crypto_curve_at(index: usize) -> nodecore_str {
    total(nodecore_str::NONE, || {
        curves().get(index).map_or(nodecore_str::NONE, |name| nodecore_str::new(name.as_bytes()))
    })
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_crypto_secure_heap {
    pub struct_size: usize,
    pub total: usize,
    pub used: usize,
    pub utilization: f64,
    pub min: usize,
}

/// Declared in the header.
///
/// # Safety
/// - `locked` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_secure_heap_init(
    size: usize,
    min: usize,
    locked: *mut bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let made = nodecore_crypto::secure_heap_init(size, min)?;
            if !locked.is_null() {
                arg::out(locked, "locked")?.set(made);
            }
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `out` is null or a struct of the size it says; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_secure_heap_used(
    out: *mut nodecore_crypto_secure_heap,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = SizedOut::new(out, size_of::<nodecore_crypto_secure_heap>(), "out")?;
            let heap = nodecore_crypto::secure_heap_used();
            out.set(&nodecore_crypto_secure_heap {
                struct_size: 0,
                total: heap.total,
                used: heap.used,
                utilization: heap.utilization,
                min: heap.min,
            });
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `id` is null or text as [`arg::bytes`] asks; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_set_engine(
    id: *const c_char,
    id_len: usize,
    flags: u32,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            nodecore_crypto::set_engine(arg::text(id, id_len, "id")?, flags)?;
            Ok(())
        })
    }
}

/// Declared in the header.
#[unsafe(no_mangle)]
pub extern "C" fn nodecore_crypto_get_fips() -> u32 {
    nodecore_crypto::get_fips()
}

/// Declared in the header.
///
/// # Safety
/// - `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_set_fips(
    enable: bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            nodecore_crypto::set_fips(enable)?;
            Ok(())
        })
    }
}
