//! `nodecore/path.h`: posix paths of bytes.

use std::ffi::c_char;

use nodecore_path::posix;

use crate::boundary::{arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::path::{built, directory, nodecore_path_parsed, part, pieces, texts, with_parts};
use crate::str::{nodecore_buf, nodecore_str};

/// Declared in the header.
///
/// # Safety
/// - `path` and `suffix` are null or point to as many readable bytes as their lengths say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_basename(
    path: *const c_char,
    path_len: usize,
    suffix: *const c_char,
    suffix_len: usize,
) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe {
        part(path, path_len, |path| {
            // Null, or not to be read: none.
            let suffix = if suffix.is_null() { None } else { arg::readable(suffix, suffix_len) };
            posix::basename(path, suffix)
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_dirname(path: *const c_char, path_len: usize) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(path, path_len, |path| posix::dirname(path)) }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_extname(path: *const c_char, path_len: usize) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(path, path_len, |path| posix::extname(path)) }
}

/// Declared in the header.
///
/// # Safety
/// - `parsed` is null or points to pieces each of which is null or readable; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_format(
    parsed: *const nodecore_path_parsed,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { built(out, err, || Ok(posix::format(&pieces(parsed)?))) }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_is_absolute(path: *const c_char, path_len: usize) -> bool {
    // SAFETY: as the caller vouches.
    let path = unsafe { arg::readable(path, path_len) };
    total(false, || path.is_some_and(posix::is_absolute))
}

/// Declared in the header.
///
/// # Safety
/// - `parts` is null or points to `count` strings, each null or readable; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_join(
    parts: *const nodecore_str,
    count: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { built(out, err, || with_parts(parts, count, |parts| Ok(posix::join(parts)))) }
}

/// Declared in the header.
///
/// # Safety
/// - `path` and `pattern` are null or point to as many readable bytes as their lengths say; `out` and `err`
///   are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_matches_glob(
    path: *const c_char,
    path_len: usize,
    pattern: *const c_char,
    pattern_len: usize,
    out: *mut bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let path = arg::bytes(path, path_len, "path")?;
            let pattern = arg::bytes(pattern, pattern_len, "pattern")?;
            out.set(match texts(path, pattern) {
                Some((path, pattern)) => posix::matches_glob(path, pattern)?,
                None => posix::matches_glob(path, pattern)?,
            });
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable bytes; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_normalize(
    path: *const c_char,
    path_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { built(out, err, || Ok(posix::normalize(arg::bytes(path, path_len, "path")?))) }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_parse(
    path: *const c_char,
    path_len: usize,
) -> nodecore_path_parsed {
    // SAFETY: as the caller vouches.
    let path = unsafe { arg::readable(path, path_len) };
    total(nodecore_path_parsed::NONE, || {
        path.map_or(nodecore_path_parsed::NONE, |path| posix::parse(path).into())
    })
}

/// Declared in the header.
///
/// # Safety
/// - `from`, `to` and `cwd` are null or point to as many readable bytes as their lengths say; `out` and
///   `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_relative(
    from: *const c_char,
    from_len: usize,
    to: *const c_char,
    to_len: usize,
    cwd: *const c_char,
    cwd_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        built(out, err, || {
            let from = arg::bytes(from, from_len, "from")?;
            let to = arg::bytes(to, to_len, "to")?;
            Ok(match directory(cwd, cwd_len)? {
                Some(cwd) => posix::relative_in(cwd, from, to),
                None => posix::relative(from, to)?,
            })
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `parts` is null or points to `count` strings, each null or readable; `cwd` is null or points to
///   `cwd_len` readable bytes; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_resolve(
    parts: *const nodecore_str,
    count: usize,
    cwd: *const c_char,
    cwd_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        built(out, err, || {
            with_parts(parts, count, |parts| {
                Ok(match directory(cwd, cwd_len)? {
                    Some(cwd) => posix::resolve_in(cwd, parts),
                    None => posix::resolve(parts)?,
                })
            })
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_to_namespaced_path(
    path: *const c_char,
    path_len: usize,
) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(path, path_len, |path| path) }
}
