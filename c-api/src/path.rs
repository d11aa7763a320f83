//! `nodecore/path.h`: the flavour of the system, and what the files of the two flavours share.

use std::ffi::c_char;

use ::nodecore_error::Result;
use nodecore_path as host;
use nodecore_path::ParsedPath;

use crate::boundary::{arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::{nodecore_buf, nodecore_str};

/// The pieces of a path.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_path_parsed {
    pub root: nodecore_str,
    pub dir: nodecore_str,
    pub base: nodecore_str,
    pub ext: nodecore_str,
    pub name: nodecore_str,
}

impl nodecore_path_parsed {
    pub(crate) const NONE: nodecore_path_parsed = nodecore_path_parsed {
        root: nodecore_str::NONE,
        dir: nodecore_str::NONE,
        base: nodecore_str::NONE,
        ext: nodecore_str::NONE,
        name: nodecore_str::NONE,
    };
}

impl From<ParsedPath<&[u8]>> for nodecore_path_parsed {
    fn from(parsed: ParsedPath<&[u8]>) -> nodecore_path_parsed {
        nodecore_path_parsed {
            root: nodecore_str::new(parsed.root),
            dir: nodecore_str::new(parsed.dir),
            base: nodecore_str::new(parsed.base),
            ext: nodecore_str::new(parsed.ext),
            name: nodecore_str::new(parsed.name),
        }
    }
}

/// The caller's pieces.
///
/// # Safety
/// - `parsed` is null or points to pieces, each as [`arg::bytes`] asks.
#[inline(always)]
pub(crate) unsafe fn pieces<'a>(parsed: *const nodecore_path_parsed) -> Result<ParsedPath<&'a [u8]>> {
    // SAFETY: as the caller vouches.
    let parsed = unsafe { arg::object(parsed, "parsed") }?;
    // SAFETY: as the caller vouches for each piece.
    let get = |piece: &nodecore_str, name| unsafe { arg::bytes(piece.data, piece.len, name) };
    Ok(ParsedPath {
        root: get(&parsed.root, "parsed.root")?,
        dir: get(&parsed.dir, "parsed.dir")?,
        base: get(&parsed.base, "parsed.base")?,
        ext: get(&parsed.ext, "parsed.ext")?,
        name: get(&parsed.name, "parsed.name")?,
    })
}

/// The part of a borrowed path that `pick` returns; no path, no part.
///
/// # Safety
/// - `path` is null or points to `len` readable bytes.
pub(crate) unsafe fn part<'a>(
    path: *const c_char,
    len: usize,
    pick: impl FnOnce(&'a [u8]) -> &'a [u8],
) -> nodecore_str {
    // SAFETY: as the caller vouches.
    let path = unsafe { arg::readable(path, len) };
    total(nodecore_str::NONE, || path.map_or(nodecore_str::NONE, |path| nodecore_str::new(pick(path))))
}

/// Gives the caller the path that `build` makes.
///
/// # Safety
/// - `out` and `err` are null or writable.
pub(crate) unsafe fn built(
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
    build: impl FnOnce() -> Result<Vec<u8>>,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(build()?.into());
            Ok(())
        })
    }
}

/// The caller's current directory; null means the process's.
///
/// # Safety
/// - `cwd` is null or points to `len` readable bytes.
pub(crate) unsafe fn directory<'a>(cwd: *const c_char, len: usize) -> Result<Option<&'a [u8]>> {
    if cwd.is_null() && len == 0 {
        return Ok(None);
    }
    // SAFETY: as the caller vouches.
    unsafe { arg::bytes(cwd, len, "cwd") }.map(Some)
}

/// Calls `body` with the caller's parts, which stay on the stack if they are few.
///
/// # Safety
/// - `parts` is null or points to `count` strings, each as [`arg::bytes`] asks.
pub(crate) unsafe fn with_parts<T>(
    parts: *const nodecore_str,
    count: usize,
    body: impl FnOnce(&[&[u8]]) -> Result<T>,
) -> Result<T> {
    const FEW: usize = 8;
    // SAFETY: as the caller vouches.
    let parts = unsafe { arg::slice(parts, count, "parts") }?;
    // SAFETY: as the caller vouches for each part.
    let get = |part: &nodecore_str| unsafe { arg::bytes(part.data, part.len, "path") };
    if parts.len() <= FEW {
        let mut few: [&[u8]; FEW] = [&[]; FEW];
        for (slot, part) in few.iter_mut().zip(parts) {
            *slot = get(part)?;
        }
        body(&few[..parts.len()])
    } else {
        body(&parts.iter().map(get).collect::<Result<Vec<_>>>()?)
    }
}

/// Both as text, if they are: of characters more is known than of bytes.
pub(crate) fn texts<'a>(a: &'a [u8], b: &'a [u8]) -> Option<(&'a str, &'a str)> {
    Some((arg::as_text(a)?, arg::as_text(b)?))
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
        part(path, path_len, |path| {
            // Null, or not to be read: none.
            let suffix = if suffix.is_null() { None } else { arg::readable(suffix, suffix_len) };
            host::basename(path, suffix)
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_dirname(path: *const c_char, path_len: usize) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(path, path_len, |path| host::dirname(path)) }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_extname(path: *const c_char, path_len: usize) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(path, path_len, |path| host::extname(path)) }
}

/// Declared in the header.
///
/// # Safety
/// - `parsed` is null or points to pieces each of which is null or readable; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_format(
    parsed: *const nodecore_path_parsed,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { built(out, err, || Ok(host::format(&pieces(parsed)?))) }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_is_absolute(path: *const c_char, path_len: usize) -> bool {
    // SAFETY: as the caller vouches.
    let path = unsafe { arg::readable(path, path_len) };
    total(false, || path.is_some_and(host::is_absolute))
}

/// Declared in the header.
///
/// # Safety
/// - `parts` is null or points to `count` strings, each null or readable; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_join(
    parts: *const nodecore_str,
    count: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { built(out, err, || with_parts(parts, count, |parts| Ok(host::join(parts)))) }
}

/// Declared in the header.
///
/// # Safety
/// - `path` and `pattern` are null or point to as many readable bytes as their lengths say; `out` and `err`
///   are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_matches_glob(
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
                Some((path, pattern)) => host::matches_glob(path, pattern)?,
                None => host::matches_glob(path, pattern)?,
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
pub unsafe extern "C" fn nodecore_path_normalize(
    path: *const c_char,
    path_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { built(out, err, || Ok(host::normalize(arg::bytes(path, path_len, "path")?))) }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_parse(path: *const c_char, path_len: usize) -> nodecore_path_parsed {
    // SAFETY: as the caller vouches.
    let path = unsafe { arg::readable(path, path_len) };
    total(nodecore_path_parsed::NONE, || {
        path.map_or(nodecore_path_parsed::NONE, |path| host::parse(path).into())
    })
}

/// Declared in the header.
///
/// # Safety
/// - `from`, `to` and `cwd` are null or point to as many readable bytes as their lengths say; `out` and
///   `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_relative(
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
        if cfg!(windows) {
            crate::path_win32::nodecore_path_win32_relative(
                from, from_len, to, to_len, cwd, cwd_len, out, err,
            )
        } else {
            crate::path_posix::nodecore_path_posix_relative(
                from, from_len, to, to_len, cwd, cwd_len, out, err,
            )
        }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `parts` is null or points to `count` strings, each null or readable; `cwd` is null or points to
///   `cwd_len` readable bytes; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_resolve(
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
                    Some(cwd) => host::resolve_in(cwd, parts),
                    None => host::resolve(parts)?,
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
pub unsafe extern "C" fn nodecore_path_to_namespaced_path(
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
                #[cfg(windows)]
                Some(cwd) => host::to_namespaced_path_in(cwd, path).into_owned(),
                _ => host::to_namespaced_path(path)?.into_owned(),
            })
        })
    }
}
