//! `nodecore/path.h`: posix paths of UTF-16, and what UTF-16 paths share.

use ::nodecore_error::Result;
use nodecore_path::{ParsedPath, posix};

use crate::boundary::{arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::{nodecore_buf16, nodecore_str16};

/// The pieces of a path.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_path_parsed16 {
    pub root: nodecore_str16,
    pub dir: nodecore_str16,
    pub base: nodecore_str16,
    pub ext: nodecore_str16,
    pub name: nodecore_str16,
}

impl nodecore_path_parsed16 {
    pub(crate) const NONE: nodecore_path_parsed16 = nodecore_path_parsed16 {
        root: nodecore_str16::NONE,
        dir: nodecore_str16::NONE,
        base: nodecore_str16::NONE,
        ext: nodecore_str16::NONE,
        name: nodecore_str16::NONE,
    };
}

impl From<ParsedPath<&[u16]>> for nodecore_path_parsed16 {
    fn from(parsed: ParsedPath<&[u16]>) -> nodecore_path_parsed16 {
        nodecore_path_parsed16 {
            root: nodecore_str16::new(parsed.root),
            dir: nodecore_str16::new(parsed.dir),
            base: nodecore_str16::new(parsed.base),
            ext: nodecore_str16::new(parsed.ext),
            name: nodecore_str16::new(parsed.name),
        }
    }
}

/// The caller's pieces.
///
/// # Safety
/// - `parsed` is null or points to pieces, each as [`arg::units`] asks.
#[inline(always)]
pub(crate) unsafe fn pieces16<'a>(parsed: *const nodecore_path_parsed16) -> Result<ParsedPath<&'a [u16]>> {
    // SAFETY: as the caller vouches.
    let parsed = unsafe { arg::object(parsed, "parsed") }?;
    // SAFETY: as the caller vouches for each piece.
    let get = |piece: &nodecore_str16, name| unsafe { arg::units(piece.data, piece.len, name) };
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
/// - `path` is null or points to `len` readable units.
pub(crate) unsafe fn part16<'a>(
    path: *const u16,
    len: usize,
    pick: impl FnOnce(&'a [u16]) -> &'a [u16],
) -> nodecore_str16 {
    // SAFETY: as the caller vouches.
    let path = unsafe { arg::units(path, len, "path") };
    total(nodecore_str16::NONE, || path.map_or(nodecore_str16::NONE, |path| nodecore_str16::new(pick(path))))
}

/// Gives the caller the path that `build` makes.
///
/// # Safety
/// - `out` and `err` are null or writable.
pub(crate) unsafe fn built16(
    out: *mut nodecore_buf16,
    err: *mut *mut nodecore_error,
    build: impl FnOnce() -> Result<Vec<u16>>,
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
/// - `cwd` is null or points to `len` readable units.
pub(crate) unsafe fn directory16<'a>(cwd: *const u16, len: usize) -> Result<Option<&'a [u16]>> {
    if cwd.is_null() && len == 0 {
        return Ok(None);
    }
    // SAFETY: as the caller vouches.
    unsafe { arg::units(cwd, len, "cwd") }.map(Some)
}

/// Calls `body` with the caller's parts, which stay on the stack if they are few.
///
/// # Safety
/// - `parts` is null or points to `count` strings, each as [`arg::units`] asks.
pub(crate) unsafe fn with_parts16<T>(
    parts: *const nodecore_str16,
    count: usize,
    body: impl FnOnce(&[&[u16]]) -> Result<T>,
) -> Result<T> {
    const FEW: usize = 8;
    // SAFETY: as the caller vouches.
    let parts = unsafe { arg::slice(parts, count, "parts") }?;
    // SAFETY: as the caller vouches for each part.
    let get = |part: &nodecore_str16| unsafe { arg::units(part.data, part.len, "path") };
    if parts.len() <= FEW {
        let mut few: [&[u16]; FEW] = [&[]; FEW];
        for (slot, part) in few.iter_mut().zip(parts) {
            *slot = get(part)?;
        }
        body(&few[..parts.len()])
    } else {
        body(&parts.iter().map(get).collect::<Result<Vec<_>>>()?)
    }
}

/// Declared in the header.
///
/// # Safety
/// - `path` and `suffix` are null or point to as many readable units as their lengths say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_basename_utf16(
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
            posix::basename(path, suffix)
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable units.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_dirname_utf16(
    path: *const u16,
    path_len: usize,
) -> nodecore_str16 {
    // SAFETY: as the caller vouches.
    unsafe { part16(path, path_len, |path| posix::dirname(path)) }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable units.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_extname_utf16(
    path: *const u16,
    path_len: usize,
) -> nodecore_str16 {
    // SAFETY: as the caller vouches.
    unsafe { part16(path, path_len, |path| posix::extname(path)) }
}

/// Declared in the header.
///
/// # Safety
/// - `parsed` is null or points to pieces each of which is null or readable; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_format_utf16(
    parsed: *const nodecore_path_parsed16,
    out: *mut nodecore_buf16,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { built16(out, err, || Ok(posix::format(&pieces16(parsed)?))) }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable units.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_is_absolute_utf16(path: *const u16, path_len: usize) -> bool {
    // SAFETY: as the caller vouches.
    let path = unsafe { arg::units(path, path_len, "path") };
    total(false, || path.is_ok_and(posix::is_absolute))
}

/// Declared in the header.
///
/// # Safety
/// - `parts` is null or points to `count` strings, each null or readable; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_join_utf16(
    parts: *const nodecore_str16,
    count: usize,
    out: *mut nodecore_buf16,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { built16(out, err, || with_parts16(parts, count, |parts| Ok(posix::join(parts)))) }
}

/// Declared in the header.
///
/// # Safety
/// - `path` and `pattern` are null or point to as many readable units as their lengths say; `out` and `err`
///   are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_matches_glob_utf16(
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
            out.set(posix::matches_glob(path, pattern)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable units; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_normalize_utf16(
    path: *const u16,
    path_len: usize,
    out: *mut nodecore_buf16,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { built16(out, err, || Ok(posix::normalize(arg::units(path, path_len, "path")?))) }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable units.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_parse_utf16(
    path: *const u16,
    path_len: usize,
) -> nodecore_path_parsed16 {
    // SAFETY: as the caller vouches.
    let path = unsafe { arg::units(path, path_len, "path") };
    total(nodecore_path_parsed16::NONE, || {
        path.map_or(nodecore_path_parsed16::NONE, |path| posix::parse(path).into())
    })
}

/// Declared in the header.
///
/// # Safety
/// - `from`, `to` and `cwd` are null or point to as many readable units as their lengths say; `out` and
///   `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_relative_utf16(
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
///   `cwd_len` readable units; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_resolve_utf16(
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
/// - `path` is null or points to `path_len` readable units.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_path_posix_to_namespaced_path_utf16(
    path: *const u16,
    path_len: usize,
) -> nodecore_str16 {
    // SAFETY: as the caller vouches.
    unsafe { part16(path, path_len, |path| path) }
}
