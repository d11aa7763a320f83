//! `glob`.

use std::ffi::c_void;

use ::nodecore_error::Result;
use nodecore_fs::GlobOptions;

use super::directories::{finish_list, nodecore_dirent, nodecore_dirents, nodecore_fs_readdir_cb};
use super::tree::{nodecore_fs_progress_cb, not_both, with_hooks};
use super::{path_of, submit};
use crate::abort::nodecore_abort_signal;
use crate::boundary::{Castable, SizedOptions, arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{nodecore_loop, nodecore_release, nodecore_request};
use crate::events::listener_result;
use crate::str::nodecore_str;

pub type nodecore_fs_glob_exclude = Option<
    unsafe extern "C" fn(
        dirent: *const nodecore_dirent,
        exclude: *mut bool,
        user: *mut c_void,
    ) -> nodecore_status,
>;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_fs_glob_options {
    pub struct_size: usize,
    pub follow_symlinks: bool,
    pub cwd: nodecore_str,
    pub exclude: *const nodecore_str,
    pub exclude_count: usize,
    pub exclude_fn: nodecore_fs_glob_exclude,
    pub signal: *const nodecore_abort_signal,
    pub progress: nodecore_fs_progress_cb,
    pub user: *mut c_void,
}

impl SizedOptions for nodecore_fs_glob_options {
    const ZERO: Self = nodecore_fs_glob_options {
        struct_size: 0,
        follow_symlinks: false,
        cwd: nodecore_str::NONE,
        exclude: std::ptr::null(),
        exclude_count: 0,
        exclude_fn: None,
        signal: std::ptr::null(),
        progress: None,
        user: std::ptr::null_mut(),
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// Texts of the caller's.
///
/// # Safety
/// - `texts` is null or points to `count` views of readable bytes.
pub(super) unsafe fn texts<'a>(texts: *const nodecore_str, count: usize, name: &str) -> Result<Vec<&'a str>> {
    // SAFETY: as the caller vouches.
    unsafe {
        let texts = arg::slice(texts, count, name)?;
        texts.iter().map(|text| arg::text(text.data, text.len, name)).collect()
    }
}

/// # Safety
/// - `opts` is null or a struct of the size it says, whose pointers are null or as it says.
pub(super) unsafe fn glob_options(opts: *const nodecore_fs_glob_options) -> Result<GlobOptions> {
    // SAFETY: as the caller vouches.
    unsafe {
        let opts = nodecore_fs_glob_options::read(opts, "opts")?;
        let mut options = GlobOptions::default().follow_symlinks(opts.follow_symlinks);
        if !opts.cwd.data.is_null() {
            options = options.cwd(path_of(arg::bytes(opts.cwd.data, opts.cwd.len, "cwd")?));
        }
        match (opts.exclude_count, opts.exclude_fn) {
            (0, None) => {}
            (0, Some(exclude)) => {
                let user = opts.user;
                options = options.exclude_fn(move |entry| {
                    let mut excluded = false;
                    let view = nodecore_dirent::of(entry);
                    // SAFETY: the caller gave the function for this user, for as long as the operation goes on.
                    listener_result(exclude(&raw const view, &raw mut excluded, user))?;
                    Ok(excluded)
                });
            }
            (count, None) => options = options.exclude(texts(opts.exclude, count, "exclude")?),
            _ => return Err(not_both("exclude", "exclude_fn")),
        }
        Ok(with_hooks!(options, opts))
    }
}

/// Declared in the header.
///
/// # Safety
/// - patterns and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_glob_sync(
    patterns: *const nodecore_str,
    count: usize,
    opts: *const nodecore_fs_glob_options,
    out: *mut *mut nodecore_dirents,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let found = nodecore_fs::glob_sync(texts(patterns, count, "patterns")?, &glob_options(opts)?)?;
            out.set(nodecore_dirents::found(found).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err`
///   are null or writable; patterns and options are null or as their types and lengths say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_glob(
    lp: *mut nodecore_loop,
    patterns: *const nodecore_str,
    count: usize,
    opts: *const nodecore_fs_glob_options,
    cb: nodecore_fs_readdir_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            let (patterns, options) = (texts(patterns, count, "patterns")?, glob_options(opts)?);
            nodecore_fs::glob(lp, patterns, &options, move |result| {
                finish_list(call, result.map(nodecore_dirents::found));
            })
        })
    }
}
