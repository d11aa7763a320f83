//! `nodecore/path.h`: win32 paths of bytes.

use std::ffi::c_char;

use nodecore_path::win32;

use crate::boundary::{arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::path::{built, directory, nodecore_path_parsed, part, pieces, texts, with_parts};
use crate::str::{nodecore_buf, nodecore_str};

/// Declared in the header.
///
/// # Safety
/// - `path` and `suffix` are null or point to as many readable bytes as their lengths say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_basename(
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
            win32::basename(path, suffix)
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_dirname(path: *const c_char, path_len: usize) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(path, path_len, |path| win32::dirname(path)) }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_extname(path: *const c_char, path_len: usize) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(path, path_len, |path| win32::extname(path)) }
}

/// Declared in the header.
///
/// # Safety
/// - `parsed` is null or points to pieces each of which is null or readable; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_format(
    parsed: *const nodecore_path_parsed,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { built(out, err, || Ok(win32::format(&pieces(parsed)?))) }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_is_absolute(path: *const c_char, path_len: usize) -> bool {
    // SAFETY: as the caller vouches.
    let path = unsafe { arg::readable(path, path_len) };
    total(false, || path.is_some_and(win32::is_absolute))
}

/// Declared in the header.
///
/// # Safety
/// - `parts` is null or points to `count` strings, each null or readable; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_join(
    parts: *const nodecore_str,
    count: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { built(out, err, || with_parts(parts, count, |parts| Ok(win32::join(parts)))) }
}

/// Declared in the header.
///
/// # Safety
/// - `path` and `pattern` are null or point to as many readable bytes as their lengths say; `out` and `err`
///   are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_matches_glob(
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
                Some((path, pattern)) => win32::matches_glob(path, pattern)?,
                None => win32::matches_glob(path, pattern)?,
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
pub unsafe extern "C" fn nodecore_path_win32_normalize(
    path: *const c_char,
    path_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { built(out, err, || Ok(win32::normalize(arg::bytes(path, path_len, "path")?))) }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_parse(
    path: *const c_char,
    path_len: usize,
) -> nodecore_path_parsed {
    // SAFETY: as the caller vouches.
    let path = unsafe { arg::readable(path, path_len) };
    total(nodecore_path_parsed::NONE, || {
        path.map_or(nodecore_path_parsed::NONE, |path| win32::parse(path).into())
    })
}

/// Declared in the header.
///
/// # Safety
/// - `from`, `to` and `cwd` are null or point to as many readable bytes as their lengths say; `out` and
///   `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_relative(
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
            let cwd = directory(cwd, cwd_len)?;
            // Letter case does not count, and only of text it is known beyond ASCII.
            if let Some((from, to)) = texts(from, to) {
                match cwd.map(std::str::from_utf8) {
                    None => return Ok(win32::relative(from, to)?.into_bytes()),
                    Some(Ok(cwd)) => return Ok(win32::relative_in(cwd, from, to).into_bytes()),
                    Some(Err(_)) => {}
                }
            }
            match cwd {
                Some(cwd) => Ok(win32::relative_in(cwd, from, to)),
                None => win32::relative(from, to),
            }
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `parts` is null or points to `count` strings, each null or readable; `cwd` is null or points to
///   `cwd_len` readable bytes; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_resolve(
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
                    Some(cwd) => win32::resolve_in(cwd, parts),
                    None => win32::resolve(parts)?,
                })
            })
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `path` and `cwd` are null or point to as many readable bytes as their lengths say; `out` and `err` are
///   null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_to_namespaced_path(
    path: *const c_char,
    path_len: usize,
    cwd: *const c_char,
    cwd_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        built(out, err, || {
            let path = arg::bytes(path, path_len, "path")?;
            Ok(match directory(cwd, cwd_len)? {
                Some(cwd) => win32::to_namespaced_path_in(cwd, path).into_owned(),
                None => win32::to_namespaced_path(path)?.into_owned(),
            })
        })
    }
}
