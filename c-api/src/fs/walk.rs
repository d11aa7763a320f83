//! `walk`.

use std::cell::{OnceCell, RefCell};
use std::ffi::{c_char, c_void};
use std::rc::Rc;

use nodecore_fs::{AsyncWalk, DirEntry, WalkOptions};

use super::dir::{finish_entry, nodecore_dir_cb};
use super::directories::nodecore_dirent;
use super::{Call, path_arg};
use crate::boundary::{Castable, Foreign, SizedOptions, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release};
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
    walk: AsyncWalk,
    last: Rc<RefCell<Option<Rc<Last>>>>,
}
impl Castable for nodecore_walk {}

/// The entry that came last.
#[derive(Debug)]
struct Last {
    entry: DirEntry,
    /// Its path, once that was asked for.
    path: OnceCell<Vec<u8>>,
}

/// Keeps what came, for as long as it is the last.
fn keep(last: &RefCell<Option<Rc<Last>>>, entry: Option<DirEntry>) -> Option<Rc<Last>> {
    let kept = entry.map(|entry| Rc::new(Last { entry, path: OnceCell::new() }));
    last.replace(kept.clone());
    kept
}

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
            out.set(nodecore_walk { walk: walk.into(), last: Rc::default() }.into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `walk` is null or a live walk, on its thread; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_walk_next_sync(
    walk: *mut nodecore_walk,
    out: *mut nodecore_dirent,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let walk = arg::object(walk.cast_const(), "walk")?;
            keep(&walk.last, None);
            let last = keep(&walk.last, walk.walk.next_sync()?);
            out.set(last.map_or(nodecore_dirent::NONE, |last| nodecore_dirent::of(&last.entry)));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `walk` is null or a live walk and `lp` null or a live loop, on this thread; `cb` and `release` may be called
///   with `user`; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_walk_next(
    walk: *mut nodecore_walk,
    lp: *mut nodecore_loop,
    cb: nodecore_dir_cb,
    user: *mut c_void,
    release: nodecore_release,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let call = Call { cb: arg::callback(cb, "cb")?, foreign };
            let walk = arg::object(walk.cast_const(), "walk")?;
            let last = Rc::clone(&walk.last);
            walk.walk.next(event_loop(lp)?, move |result| {
                // The callback may ask for another entry, or free the walk: this one stays until it returns.
                keep(&last, None);
                let shown = result.map(|entry| keep(&last, entry));
                let view = |last: &Rc<Last>| nodecore_dirent::of(&last.entry);
                finish_entry(&call, shown.as_ref().map(|shown| shown.as_ref().map(view)));
            });
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `walk` is null or a live walk, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_walk_path(walk: *const nodecore_walk) -> nodecore_str {
    // SAFETY: as the caller vouches.
    let walk = unsafe { arg::nullable(walk) };
    total(nodecore_str::NONE, || {
        let last = walk.and_then(|walk| walk.last.borrow().clone());
        nodecore_str::nullable(last.as_ref().map(|last| {
            let path = || last.entry.path().into_os_string().into_encoded_bytes();
            last.path.get_or_init(path).as_slice()
        }))
    })
}

/// Declared in the header.
///
/// # Safety
/// - `walk` is null or a live walk, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_walk_depth(walk: *const nodecore_walk) -> usize {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(walk) }.map_or(0, |walk| walk.walk.depth())
}

/// Declared in the header.
///
/// # Safety
/// - `walk` is null or a live walk, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_walk_skip_directory(walk: *mut nodecore_walk) {
    // SAFETY: as the caller vouches.
    if let Some(walk) = unsafe { arg::nullable(walk.cast_const()) } {
        total((), || walk.walk.skip_directory());
    }
}

/// Declared in the header.
///
/// # Safety
/// - `walk` is null or a walk that was not freed, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_walk_free(walk: *mut nodecore_walk) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(walk) };
}
