//! `watch`.

use std::ffi::{c_char, c_void};

use ::nodecore_error::Result;
use nodecore_buffer::Encoding;
use nodecore_events::ListenerId;
use nodecore_fs::{FsEventKind, FsWatcher, WatchEvent, WatchOptions};

use super::directories::name_encoding;
use super::glob::texts;
use super::path_arg;
use crate::abort::nodecore_abort_signal;
use crate::boundary::{Castable, Foreign, SizedOptions, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_loop_cb, nodecore_release};
use crate::events::{nodecore_error_cb, nodecore_listener_id};
use crate::str::nodecore_str;
use crate::stream::lend_error;

pub const NODECORE_FS_EVENT_RENAME: i32 = 1;
pub const NODECORE_FS_EVENT_CHANGE: i32 = 2;

pub type nodecore_fs_watch_cb =
    Option<unsafe extern "C" fn(event: i32, name: nodecore_str, user: *mut c_void)>;
pub type nodecore_fs_watch_ignore =
    Option<unsafe extern "C" fn(name: nodecore_str, user: *mut c_void) -> bool>;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_fs_watch_options {
    pub struct_size: usize,
    pub no_persistent: bool,
    pub recursive: bool,
    pub no_throw_if_no_entry: bool,
    pub encoding: nodecore_str,
    pub ignore: *const nodecore_str,
    pub ignore_count: usize,
    pub ignore_fn: nodecore_fs_watch_ignore,
    pub signal: *const nodecore_abort_signal,
    pub user: *mut c_void,
}

impl SizedOptions for nodecore_fs_watch_options {
    const ZERO: Self = nodecore_fs_watch_options {
        struct_size: 0,
        no_persistent: false,
        recursive: false,
        no_throw_if_no_entry: false,
        encoding: nodecore_str::NONE,
        ignore: std::ptr::null(),
        ignore_count: 0,
        ignore_fn: None,
        signal: std::ptr::null(),
        user: std::ptr::null_mut(),
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

#[derive(Clone, Debug)]
pub struct nodecore_fs_watcher {
    watcher: FsWatcher,
    encoding: Option<Encoding>,
}
impl Castable for nodecore_fs_watcher {}

impl nodecore_fs_watcher {
    fn on_change(
        &self,
        cb: unsafe extern "C" fn(i32, nodecore_str, *mut c_void),
        foreign: Foreign,
    ) -> ListenerId {
        let encoding = self.encoding;
        self.watcher.on_change(move |event: WatchEvent| {
            let kind = match event.kind() {
                FsEventKind::Rename => NODECORE_FS_EVENT_RENAME,
                FsEventKind::Change => NODECORE_FS_EVENT_CHANGE,
            };
            let text = encoding.map(|encoding| event.filename_as(encoding));
            let name = text.as_ref().map_or(event.filename(), String::as_bytes);
            // SAFETY: the caller gave `cb` for this user, which is not released yet.
            unsafe { cb(kind, nodecore_str::new(name), foreign.user()) };
        })
    }

    /// The watcher behind a handle, which a callback may free.
    ///
    /// # Safety
    /// - `watcher` is null or a live handle, on its loop's thread.
    unsafe fn object(watcher: *const nodecore_fs_watcher) -> Result<nodecore_fs_watcher> {
        // SAFETY: as the caller vouches.
        unsafe { arg::object(watcher, "watcher") }.cloned()
    }
}

/// # Safety
/// - `opts` is null or a struct of the size it says, whose pointers are null or as it says.
unsafe fn watch_options(opts: *const nodecore_fs_watch_options) -> Result<(WatchOptions, Option<Encoding>)> {
    // SAFETY: as the caller vouches.
    unsafe {
        let opts = nodecore_fs_watch_options::read(opts, "opts")?;
        let mut options = WatchOptions::default()
            .persistent(!opts.no_persistent)
            .recursive(opts.recursive)
            .throw_if_no_entry(!opts.no_throw_if_no_entry);
        for glob in texts(opts.ignore, opts.ignore_count, "ignore")? {
            options = options.ignore(glob);
        }
        if let Some(ignore) = opts.ignore_fn {
            let user = opts.user;
            // SAFETY: the caller gave the function for this user, for as long as it is watched.
            options = options.ignore_if(move |name| ignore(nodecore_str::new(name), user));
        }
        options.signal = nodecore_abort_signal::nullable(opts.signal);
        Ok((options, name_encoding(opts.encoding)?))
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; path and options are null or as their types and lengths say;
///   `cb` and `release` may be called with `user`; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_watch(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_fs_watch_options,
    cb: nodecore_fs_watch_cb,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_fs_watcher,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let out = arg::out(out, "out")?;
            let (options, encoding) = watch_options(opts)?;
            let watcher = nodecore_fs::watch(event_loop(lp)?, path_arg(path, path_len, "path")?, &options)?;
            let watcher = nodecore_fs_watcher { watcher, encoding };
            if let Some(cb) = cb {
                watcher.on_change(cb, foreign);
            }
            out.set(watcher.into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `watcher` is null or a live handle, on its loop's thread; `cb` and `release` may be called with `user`; `id` is
///   null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_watcher_on_change(
    watcher: *mut nodecore_fs_watcher,
    cb: nodecore_fs_watch_cb,
    user: *mut c_void,
    release: nodecore_release,
    id: *mut nodecore_listener_id,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(std::ptr::null_mut(), move || {
            let cb = arg::callback(cb, "cb")?;
            let added = nodecore_fs_watcher::object(watcher)?.on_change(cb, foreign);
            nodecore_listener_id::from(added).give(id);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_fs_watcher_on_change`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_watcher_on_error(
    watcher: *mut nodecore_fs_watcher,
    cb: nodecore_error_cb,
    user: *mut c_void,
    release: nodecore_release,
    id: *mut nodecore_listener_id,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(std::ptr::null_mut(), move || {
            let cb = arg::callback(cb, "cb")?;
            let added = nodecore_fs_watcher::object(watcher)?.watcher.on_error(move |error| {
                lend_error(Some(&error), |err| cb(err, foreign.user()));
            });
            nodecore_listener_id::from(added).give(id);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_fs_watcher_on_change`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_watcher_on_close(
    watcher: *mut nodecore_fs_watcher,
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
            let added = nodecore_fs_watcher::object(watcher)?.watcher.on_close(move || cb(foreign.user()));
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
pub unsafe extern "C" fn nodecore_fs_watcher_off(
    watcher: *mut nodecore_fs_watcher,
    id: nodecore_listener_id,
) -> bool {
    // SAFETY: as the caller vouches.
    unsafe { nodecore_fs_watcher::object(watcher) }
        .is_ok_and(|watcher| total(false, || watcher.watcher.off(id.into())))
}

/// Declared in the header.
///
/// # Safety
/// - `watcher` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_watcher_close(watcher: *mut nodecore_fs_watcher) {
    // SAFETY: as the caller vouches.
    if let Ok(watcher) = unsafe { nodecore_fs_watcher::object(watcher) } {
        total((), || watcher.watcher.close());
    }
}

/// Declared in the header.
///
/// # Safety
/// - `watcher` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_watcher_ref(watcher: *mut nodecore_fs_watcher) {
    // SAFETY: as the caller vouches.
    if let Ok(watcher) = unsafe { nodecore_fs_watcher::object(watcher) } {
        total((), || _ = watcher.watcher.ref_());
    }
}

/// Declared in the header.
///
/// # Safety
/// - `watcher` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_watcher_unref(watcher: *mut nodecore_fs_watcher) {
    // SAFETY: as the caller vouches.
    if let Ok(watcher) = unsafe { nodecore_fs_watcher::object(watcher) } {
        total((), || _ = watcher.watcher.unref());
    }
}

/// Declared in the header.
///
/// # Safety
/// - `watcher` is null or a handle that was not freed, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_watcher_free(watcher: *mut nodecore_fs_watcher) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(watcher) };
}
