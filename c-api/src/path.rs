//! `nodecore/path.h`.

use std::ffi::c_char;

use ::nodecore_error::Result;

use crate::boundary::{arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::{nodecore_buf, nodecore_str};

/// The part of a borrowed path that `pick` returns; no path, no part.
///
/// # Safety
/// - `path` is null or points to `len` readable bytes.
unsafe fn part<'a>(path: *const c_char, len: usize, pick: impl FnOnce(&'a [u8]) -> &'a [u8]) -> nodecore_str {
    // SAFETY: as the caller vouches.
    let path = unsafe { arg::bytes(path, len, "path") };
    total(nodecore_str::NONE, || path.map_or(nodecore_str::NONE, |path| nodecore_str::new(pick(path))))
}

/// Declared in the header.
///
/// # Safety
/// - `path` and `suffix` are null or point to as many readable bytes as their lengths say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_basename(
    path: *const c_char,
    path_len: usize,
    suffix: *const c_char,
    suffix_len: usize,
) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe {
        let suffix = if suffix.is_null() { None } else { arg::bytes(suffix, suffix_len, "suffix").ok() };
        part(path, path_len, |path| nodecore_path::basename(path, suffix))
    }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_dirname(path: *const c_char, path_len: usize) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(path, path_len, |path| nodecore_path::dirname(path)) }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_extname(path: *const c_char, path_len: usize) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(path, path_len, |path| nodecore_path::extname(path)) }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_is_absolute(path: *const c_char, path_len: usize) -> bool {
    // SAFETY: as the caller vouches.
    let path = unsafe { arg::bytes(path, path_len, "path") };
    total(false, || path.is_ok_and(nodecore_path::is_absolute))
}

/// Declared in the header.
///
/// # Safety
/// - `parts` points to `count` strings, each as [`arg::bytes`] asks; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_join(
    parts: *const nodecore_str,
    count: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            with_parts(parts, count, |parts| {
                out.set(nodecore_path::join(parts).into());
                Ok(())
            })
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable bytes; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_normalize(
    path: *const c_char,
    path_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(nodecore_path::normalize(arg::bytes(path, path_len, "path")?).into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `from` and `to` are null or point to as many readable bytes as their lengths say; `out` and `err` are
///   null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_relative(
    from: *const c_char,
    from_len: usize,
    to: *const c_char,
    to_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let from = arg::bytes(from, from_len, "from")?;
            out.set(nodecore_path::relative(from, arg::bytes(to, to_len, "to")?)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_path_join`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_resolve(
    parts: *const nodecore_str,
    count: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            with_parts(parts, count, |parts| {
                out.set(nodecore_path::resolve(parts)?.into());
                Ok(())
            })
        })
    }
}

/// Calls `body` with the caller's parts, which stay on the stack if they are few.
///
/// # Safety
/// - `parts` is null or points to `count` strings, each as [`arg::bytes`] asks.
unsafe fn with_parts(
    parts: *const nodecore_str,
    count: usize,
    body: impl FnOnce(&[&[u8]]) -> Result<()>,
) -> Result<()> {
    const FEW: usize = 8;
    // SAFETY: as the caller vouches.
    let parts = unsafe { arg::slice(parts, count, "parts") }?;
    // SAFETY: as the caller vouches for each part.
    let bytes = |part: &nodecore_str| unsafe { arg::bytes(part.data, part.len, "path") };
    if parts.len() <= FEW {
        let mut few: [&[u8]; FEW] = [&[]; FEW];
        for (slot, part) in few.iter_mut().zip(parts) {
            *slot = bytes(part)?;
        }
        body(&few[..parts.len()])
    } else {
        body(&parts.iter().map(bytes).collect::<Result<Vec<_>>>()?)
    }
}
