//! `glob`, one entry after another.

use std::cell::RefCell;
use std::ffi::c_void;
use std::rc::Rc;

use nodecore_fs::{GlobEntries, GlobEntry};

use super::Call;
use super::dir::{finish_entry, nodecore_dir_cb};
use super::directories::nodecore_dirent;
use super::glob::{glob_options, nodecore_fs_glob_options, texts};
use crate::boundary::{Castable, Foreign, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release};
use crate::str::nodecore_str;

#[derive(Debug)]
pub struct nodecore_glob_search {
    entries: GlobEntries,
    /// The entry that came last.
    last: Rc<RefCell<Option<Rc<GlobEntry>>>>,
}
impl Castable for nodecore_glob_search {}

/// Declared in the header.
///
/// # Safety
/// - patterns and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_glob_search(
    patterns: *const nodecore_str,
    count: usize,
    opts: *const nodecore_fs_glob_options,
    out: *mut *mut nodecore_glob_search,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let patterns = texts(patterns, count, "patterns")?;
            let entries = nodecore_fs::glob_entries(patterns, &glob_options(opts)?)?;
            out.set(nodecore_glob_search { entries, last: Rc::default() }.into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `search` is null or a live search and `lp` null or a live loop, on this thread; `cb` and `release` may be called
///   with `user`; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_glob_search_next(
    search: *mut nodecore_glob_search,
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
            let search = arg::object(search.cast_const(), "search")?;
            let last = Rc::clone(&search.last);
            search.entries.next(event_loop(lp)?, move |result| {
                // The callback may ask for another entry, or free the search: this one stays until it returns.
                let shown = result.map(|found| {
                    let found = found.map(Rc::new);
                    last.replace(found.clone());
                    found
                });
                if shown.is_err() {
                    last.replace(None);
                }
                let view = |found: &Rc<GlobEntry>| nodecore_dirent::of(found.entry());
                finish_entry(&call, shown.as_ref().map(|found| found.as_ref().map(view)));
            });
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `search` is null or a live search, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_glob_search_path(search: *const nodecore_glob_search) -> nodecore_str {
    // SAFETY: as the caller vouches.
    let search = unsafe { arg::nullable(search) };
    total(nodecore_str::NONE, || {
        let last = search.and_then(|search| search.last.borrow().clone());
        nodecore_str::nullable(last.as_deref().map(GlobEntry::path_bytes))
    })
}

/// Declared in the header.
///
/// # Safety
/// - `search` is null or a search that was not freed, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_glob_search_free(search: *mut nodecore_glob_search) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(search) };
}
