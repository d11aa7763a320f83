//! `watchFile`.

use std::ffi::{c_char, c_void};

use ::nodecore_error::Result;
use nodecore_fs::{StatWatcher, Stats, WatchFileOptions};

use super::metadata::nodecore_stats;
use super::path_arg;
use crate::boundary::{Castable, Foreign, SizedOptions, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_loop_cb, nodecore_release};
use crate::events::nodecore_listener_id;

pub type nodecore_fs_watch_file_cb = Option<
    unsafe extern "C" fn(now: *const nodecore_stats, before: *const nodecore_stats, user: *mut c_void),
>;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_fs_watch_file_options {
    pub struct_size: usize,
    pub no_persistent: bool,
    pub interval: u32,
}

impl SizedOptions for nodecore_fs_watch_file_options {
    const ZERO: Self = nodecore_fs_watch_file_options { struct_size: 0, no_persistent: false, interval: 0 };
    const MIN_SIZE: usize = size_of::<Self>();
}

#[derive(Clone, Debug)]
pub struct nodecore_stat_watcher(StatWatcher);
impl Castable for nodecore_stat_watcher {}

impl nodecore_stat_watcher {
    /// The watcher behind a handle, which a callback may free.
    ///
    /// # Safety
    /// - `watcher` is null or a live handle, on its loop's thread.
    unsafe fn object(watcher: *const nodecore_stat_watcher) -> Result<StatWatcher> {
        // SAFETY: as the caller vouches.
        Ok(unsafe { arg::object(watcher, "watcher") }?.0.clone())
    }
}

/// A listener of the caller's, with its `user`.
fn listener(
    cb: unsafe extern "C" fn(*const nodecore_stats, *const nodecore_stats, *mut c_void),
    foreign: Foreign,
) -> impl FnMut(Stats, Stats) + 'static {
    move |now, before| {
        let (now, before) = (nodecore_stats::new(&now), nodecore_stats::new(&before));
        // SAFETY: the caller gave `cb` for this user, which is not released yet.
        unsafe { cb(&raw const now, &raw const before, foreign.user()) };
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; path and options are null or as their types and lengths say;
///   `cb` and `release` may be called with `user`; `out`, `id` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_watch_file(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_fs_watch_file_options,
    cb: nodecore_fs_watch_file_cb,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_stat_watcher,
    id: *mut nodecore_listener_id,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let cb = arg::callback(cb, "cb")?;
            let opts = nodecore_fs_watch_file_options::read(opts, "opts")?;
            let mut options = WatchFileOptions::default().persistent(!opts.no_persistent);
            if opts.interval != 0 {
                options = options.interval(opts.interval);
            }
            let path = path_arg(path, path_len, "path")?;
            let (watcher, added) =
                nodecore_fs::watch_file(event_loop(lp)?, path, &options, listener(cb, foreign))?;
            if !out.is_null() {
                out.write(nodecore_stat_watcher(watcher).into_raw());
            }
            nodecore_listener_id::from(added).give(id);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `path` is null or as its length says; `id` is null or readable;
///   `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_unwatch_file(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    id: *const nodecore_listener_id,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let id = arg::nullable(id).map(|&id| id.into());
            nodecore_fs::unwatch_file(event_loop(lp)?, path_arg(path, path_len, "path")?, id)
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `watcher` is null or a live handle, on its loop's thread; `cb` and `release` may be called with `user`; `id` is
///   null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stat_watcher_on_change(
    watcher: *mut nodecore_stat_watcher,
    cb: nodecore_fs_watch_file_cb,
    user: *mut c_void,
    release: nodecore_release,
    id: *mut nodecore_listener_id,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(std::ptr::null_mut(), move || {
            let cb = arg::callback(cb, "cb")?;
            let added = nodecore_stat_watcher::object(watcher)?.on_change(listener(cb, foreign));
            nodecore_listener_id::from(added).give(id);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_stat_watcher_on_change`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stat_watcher_on_stop(
    watcher: *mut nodecore_stat_watcher,
    cb: nodecore_loop_cb,
    user: *mut c_void,
    release: nodecore_release,
    id: *mut nodecore_listener_id,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(std::ptr::null_mut(), move || {
            let cb = arg::callback(cb, "cb")?;
            let added = nodecore_stat_watcher::object(watcher)?.on_stop(move || cb(foreign.user()));
            nodecore_listener_id::from(added).give(id);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `watcher` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stat_watcher_off(
    watcher: *mut nodecore_stat_watcher,
    id: nodecore_listener_id,
) -> bool {
    // SAFETY: as the caller vouches.
    unsafe { nodecore_stat_watcher::object(watcher) }
        .is_ok_and(|watcher| total(false, || watcher.off(id.into())))
}

/// Declared in the header.
///
/// # Safety
/// - `watcher` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stat_watcher_stop(watcher: *mut nodecore_stat_watcher) {
    // SAFETY: as the caller vouches.
    if let Ok(watcher) = unsafe { nodecore_stat_watcher::object(watcher) } {
        total((), || watcher.stop());
    }
}

/// Declared in the header.
///
/// # Safety
/// - `watcher` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stat_watcher_ref(watcher: *mut nodecore_stat_watcher) {
    // SAFETY: as the caller vouches.
    if let Ok(watcher) = unsafe { nodecore_stat_watcher::object(watcher) } {
        total((), || _ = watcher.ref_());
    }
}

/// Declared in the header.
///
/// # Safety
/// - `watcher` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stat_watcher_unref(watcher: *mut nodecore_stat_watcher) {
    // SAFETY: as the caller vouches.
    if let Ok(watcher) = unsafe { nodecore_stat_watcher::object(watcher) } {
        total((), || _ = watcher.unref());
    }
}

/// Declared in the header.
///
/// # Safety
/// - `watcher` is null or a handle that was not freed, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stat_watcher_free(watcher: *mut nodecore_stat_watcher) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(watcher) };
}
