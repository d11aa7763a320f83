//! `nodecore/path.h`: win32 paths of UTF-16.

use nodecore_path::win32;

use crate::boundary::{arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::path_utf16::{built16, directory16, nodecore_path_parsed16, part16, pieces16, with_parts16};
use crate::str::{nodecore_buf16, nodecore_str16};

/// Declared in the header.
///
/// # Safety
/// - `path` and `suffix` are null or point to as many readable units as their lengths say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_basename_utf16(
    path: *const u16,
    path_len: usize,
    suffix: *const u16,
    suffix_len: usize,
) -> nodecore_str16 {
    // SAFETY: as the caller vouches.
    unsafe {
        part16(path, path_len, |path| {
            // Null, or not to be read: none.
            let suffix = if suffix.is_null() { None } else { arg::units(suffix, suffix_len, "suffix").ok() };
            win32::basename(path, suffix)
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable units.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_dirname_utf16(
    path: *const u16,
    path_len: usize,
) -> nodecore_str16 {
    // SAFETY: as the caller vouches.
    unsafe { part16(path, path_len, |path| win32::dirname(path)) }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable units.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_extname_utf16(
    path: *const u16,
    path_len: usize,
) -> nodecore_str16 {
    // SAFETY: as the caller vouches.
    unsafe { part16(path, path_len, |path| win32::extname(path)) }
}

/// Declared in the header.
///
/// # Safety
/// - `parsed` is null or points to pieces each of which is null or readable; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_format_utf16(
    parsed: *const nodecore_path_parsed16,
    out: *mut nodecore_buf16,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { built16(out, err, || Ok(win32::format(&pieces16(parsed)?))) }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable units.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_is_absolute_utf16(path: *const u16, path_len: usize) -> bool {
    // SAFETY: as the caller vouches.
    let path = unsafe { arg::units(path, path_len, "path") };
    total(false, || path.is_ok_and(win32::is_absolute))
}

/// Declared in the header.
///
/// # Safety
/// - `parts` is null or points to `count` strings, each null or readable; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_join_utf16(
    parts: *const nodecore_str16,
    count: usize,
    out: *mut nodecore_buf16,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { built16(out, err, || with_parts16(parts, count, |parts| Ok(win32::join(parts)))) }
}

/// Declared in the header.
///
/// # Safety
/// - `path` and `pattern` are null or point to as many readable units as their lengths say; `out` and `err`
///   are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_matches_glob_utf16(
    path: *const u16,
    path_len: usize,
    pattern: *const u16,
    pattern_len: usize,
    out: *mut bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let path = arg::units(path, path_len, "path")?;
            let pattern = arg::units(pattern, pattern_len, "pattern")?;
            out.set(win32::matches_glob(path, pattern)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable units; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_normalize_utf16(
    path: *const u16,
    path_len: usize,
    out: *mut nodecore_buf16,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { built16(out, err, || Ok(win32::normalize(arg::units(path, path_len, "path")?))) }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable units.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_parse_utf16(
    path: *const u16,
    path_len: usize,
) -> nodecore_path_parsed16 {
    // SAFETY: as the caller vouches.
    let path = unsafe { arg::units(path, path_len, "path") };
    total(nodecore_path_parsed16::NONE, || {
        path.map_or(nodecore_path_parsed16::NONE, |path| win32::parse(path).into())
    })
}

/// Declared in the header.
///
/// # Safety
/// - `from`, `to` and `cwd` are null or point to as many readable units as their lengths say; `out` and
///   `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_relative_utf16(
    from: *const u16,
    from_len: usize,
    to: *const u16,
    to_len: usize,
    cwd: *const u16,
    cwd_len: usize,
    out: *mut nodecore_buf16,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        built16(out, err, || {
            let from = arg::units(from, from_len, "from")?;
            let to = arg::units(to, to_len, "to")?;
            Ok(match directory16(cwd, cwd_len)? {
                Some(cwd) => win32::relative_in(cwd, from, to),
                None => win32::relative(from, to)?,
            })
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `parts` is null or points to `count` strings, each null or readable; `cwd` is null or points to
///   `cwd_len` readable units; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_resolve_utf16(
    parts: *const nodecore_str16,
    count: usize,
    cwd: *const u16,
    cwd_len: usize,
    out: *mut nodecore_buf16,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        built16(out, err, || {
            with_parts16(parts, count, |parts| {
                Ok(match directory16(cwd, cwd_len)? {
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
/// - `path` and `cwd` are null or point to as many readable units as their lengths say; `out` and `err` are
///   null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_to_namespaced_path_utf16(
    path: *const u16,
    path_len: usize,
    cwd: *const u16,
    cwd_len: usize,
    out: *mut nodecore_buf16,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        built16(out, err, || {
            let path = arg::units(path, path_len, "path")?;
            Ok(match directory16(cwd, cwd_len)? {
                Some(cwd) => win32::to_namespaced_path_in(cwd, path).into_owned(),
                None => win32::to_namespaced_path(path)?.into_owned(),
            })
        })
    }
}
