//! `walk`.

use std::ffi::c_char;

use nodecore_fs::{DirEntry, Walk, WalkOptions};

use super::directories::nodecore_dirent;
use super::path_arg;
use crate::boundary::{Castable, SizedOptions, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::nodecore_str;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_fs_walk_options {
    pub struct_size: usize,
    pub follow_symlinks: bool,
    pub sorted: bool,
    pub max_depth: usize,
}

impl SizedOptions for nodecore_fs_walk_options {
    const ZERO: Self =
        nodecore_fs_walk_options { struct_size: 0, follow_symlinks: false, sorted: false, max_depth: 0 };
    const MIN_SIZE: usize = size_of::<Self>();
}

#[derive(Debug)]
pub struct nodecore_walk {
    walk: Walk,
    last: Option<DirEntry>,
    /// Of `last`, once it was asked for.
    path: Option<Vec<u8>>,
}
impl Castable for nodecore_walk {}

const _: () = {
    const fn assert_send<T: Send>() {}
    assert_send::<nodecore_walk>();
};

/// Declared in the header.
///
/// # Safety
/// - path and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_walk(
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_fs_walk_options,
    out: *mut *mut nodecore_walk,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let opts = nodecore_fs_walk_options::read(opts, "opts")?;
            let mut options =
                WalkOptions::default().follow_symlinks(opts.follow_symlinks).sorted(opts.sorted);
            if opts.max_depth != 0 {
                options = options.max_depth(opts.max_depth);
            }
            let walk = nodecore_fs::walk(path_arg(path, path_len, "path")?, &options)?;
            out.set(nodecore_walk { walk, last: None, path: None }.into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `walk` is null or a live walk that nobody else uses meanwhile; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_walk_next(
    walk: *mut nodecore_walk,
    out: *mut nodecore_dirent,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let walk = arg::object_mut(walk, "walk")?;
            (walk.last, walk.path) = (None, None);
            walk.last = walk.walk.next().transpose()?;
            out.set(walk.last.as_ref().map_or(nodecore_dirent::NONE, nodecore_dirent::of));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `walk` is null or a live walk that nobody else uses meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_walk_path(walk: *mut nodecore_walk) -> nodecore_str {
    // SAFETY: as the caller vouches.
    let Some(walk) = (unsafe { walk.as_mut() }) else { return nodecore_str::NONE };
    total(nodecore_str::NONE, || {
        if walk.path.is_none() {
            walk.path = walk.last.as_ref().map(|entry| entry.path().into_os_string().into_encoded_bytes());
        }
        nodecore_str::nullable(walk.path.as_deref())
    })
}

/// Declared in the header.
///
/// # Safety
/// - `walk` is null or a live walk that nobody writes to meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_walk_depth(walk: *const nodecore_walk) -> usize {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(walk) }.map_or(0, |walk| walk.walk.depth())
}

/// Declared in the header.
///
/// # Safety
/// - `walk` is null or a live walk that nobody else uses meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_walk_skip_directory(walk: *mut nodecore_walk) {
    // SAFETY: as the caller vouches.
    if let Some(walk) = unsafe { walk.as_mut() } {
        total((), || walk.walk.skip_directory());
    }
}

/// Declared in the header.
///
/// # Safety
/// - `walk` is null or a walk that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_walk_free(walk: *mut nodecore_walk) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(walk) };
}
