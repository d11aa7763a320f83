//! `nodecore/path.h`: paths of Latin-1, where they are something else than bytes.

use std::ffi::c_char;

use ::nodecore_error::Result;
use nodecore_path::{Latin1, posix, win32};

use crate::boundary::{arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::path::{built, directory, with_parts};
use crate::str::{nodecore_buf, nodecore_str};

/// As [`with_parts`].
///
/// # Safety
/// - as for [`with_parts`].
unsafe fn with_parts_latin1<T>(
    parts: *const nodecore_str,
    count: usize,
    body: impl FnOnce(&[Latin1<'_>]) -> Result<T>,
) -> Result<T> {
    // SAFETY: as the caller vouches.
    unsafe {
        with_parts(parts, count, |parts| {
            const FEW: usize = 8;
            if parts.len() <= FEW {
                let mut few = [Latin1::default(); FEW];
                for (slot, part) in few.iter_mut().zip(parts) {
                    *slot = Latin1(part);
                }
                body(&few[..parts.len()])
            } else {
                body(&parts.iter().map(|part| Latin1(part)).collect::<Vec<_>>())
            }
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `path` and `pattern` are null or point to as many readable bytes as their lengths say; `out` and `err`
///   are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_matches_glob_latin1(
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
            out.set(posix::matches_glob(Latin1(path), Latin1(pattern))?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `from`, `to` and `cwd` are null or point to as many readable bytes as their lengths say; `out` and
///   `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_relative_latin1(
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
            let from = Latin1(arg::bytes(from, from_len, "from")?);
            let to = Latin1(arg::bytes(to, to_len, "to")?);
            Ok(match directory(cwd, cwd_len)? {
                Some(cwd) => posix::relative_in(Latin1(cwd), from, to),
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
pub unsafe extern "C" fn nodecore_path_posix_resolve_latin1(
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
            with_parts_latin1(parts, count, |parts| {
                Ok(match directory(cwd, cwd_len)? {
                    Some(cwd) => posix::resolve_in(Latin1(cwd), parts),
                    None => posix::resolve(parts)?,
                })
            })
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `parts` is null or points to `count` strings, each null or readable; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_join_latin1(
    parts: *const nodecore_str,
    count: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { built(out, err, || with_parts_latin1(parts, count, |parts| Ok(win32::join(parts)))) }
}

/// Declared in the header.
///
/// # Safety
/// - `path` and `pattern` are null or point to as many readable bytes as their lengths say; `out` and `err`
///   are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_matches_glob_latin1(
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
            out.set(win32::matches_glob(Latin1(path), Latin1(pattern))?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable bytes; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_normalize_latin1(
    path: *const c_char,
    path_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { built(out, err, || Ok(win32::normalize(Latin1(arg::bytes(path, path_len, "path")?)))) }
}

/// Declared in the header.
///
/// # Safety
/// - `from`, `to` and `cwd` are null or point to as many readable bytes as their lengths say; `out` and
///   `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_win32_relative_latin1(
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
            let from = Latin1(arg::bytes(from, from_len, "from")?);
            let to = Latin1(arg::bytes(to, to_len, "to")?);
            Ok(match directory(cwd, cwd_len)? {
                Some(cwd) => win32::relative_in(Latin1(cwd), from, to),
                None => win32::relative(from, to)?,
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
pub unsafe extern "C" fn nodecore_path_win32_resolve_latin1(
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
            with_parts_latin1(parts, count, |parts| {
                Ok(match directory(cwd, cwd_len)? {
                    Some(cwd) => win32::resolve_in(Latin1(cwd), parts),
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
pub unsafe extern "C" fn nodecore_path_win32_to_namespaced_path_latin1(
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
            let path = Latin1(arg::bytes(path, path_len, "path")?);
            Ok(match directory(cwd, cwd_len)? {
                Some(cwd) => win32::to_namespaced_path_in(Latin1(cwd), path).into_owned(),
                None => win32::to_namespaced_path(path)?.into_owned(),
            })
        })
    }
}
