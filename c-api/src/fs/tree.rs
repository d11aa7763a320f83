//! `rm` and `cp`, and what operations on trees share.

use std::ffi::{c_char, c_void};
use std::path::Path;

use ::nodecore_error::{Code, Error, Result};
use nodecore_fs::{CpOptions, Progress, RmOptions};

use super::{finish, nodecore_fs_cb, path_arg, submit};
use crate::abort::nodecore_abort_signal;
use crate::boundary::{SizedOptions, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{nodecore_loop, nodecore_release, nodecore_request};
use crate::events::listener_result;
use crate::str::nodecore_str;
use crate::stream::nodecore_done;
use crate::stream::promise::Promise;

pub type nodecore_fs_progress_cb =
    Option<unsafe extern "C" fn(entries: u64, path: nodecore_str, user: *mut c_void)>;

/// Tells the caller how far it is.
pub(super) fn teller(
    tell: unsafe extern "C" fn(u64, nodecore_str, *mut c_void),
    user: *mut c_void,
) -> impl Fn(&Progress) + 'static {
    // SAFETY: the caller gave the function for this user, for as long as the operation goes on.
    move |progress| unsafe { tell(progress.entries, shown(&progress.path), user) }
}

fn shown(path: &Path) -> nodecore_str {
    nodecore_str::new(path.as_os_str().as_encoded_bytes())
}

/// Sets the options that every operation on a tree has.
macro_rules! with_hooks {
    ($options:expr, $opts:expr) => {{
        let mut options = $options;
        if let Some(signal) = $crate::abort::nodecore_abort_signal::nullable($opts.signal) {
            options = options.signal(&signal);
        }
        if let Some(tell) = $opts.progress {
            options = options.on_progress($crate::fs::tree::teller(tell, $opts.user));
        }
        options
    }};
}
pub(super) use with_hooks;

/// Two of the caller's options of which only one can be heeded.
pub(super) fn not_both(one: &str, other: &str) -> Error {
    Error::from_template(Code::IncompatibleOptionPair, &[&one, &other])
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_fs_rm_options {
    pub struct_size: usize,
    pub force: bool,
    pub recursive: bool,
    pub has_retry_delay: bool,
    pub max_retries: u32,
    pub retry_delay: u32,
    pub signal: *const nodecore_abort_signal,
    pub progress: nodecore_fs_progress_cb,
    pub user: *mut c_void,
}

impl SizedOptions for nodecore_fs_rm_options {
    const ZERO: Self = nodecore_fs_rm_options {
        struct_size: 0,
        force: false,
        recursive: false,
        has_retry_delay: false,
        max_retries: 0,
        retry_delay: 0,
        signal: std::ptr::null(),
        progress: None,
        user: std::ptr::null_mut(),
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// # Safety
/// - `opts` is null or a struct of the size it says, whose signal is null or live.
unsafe fn rm_options(opts: *const nodecore_fs_rm_options) -> Result<RmOptions> {
    // SAFETY: as the caller vouches.
    unsafe {
        let opts = nodecore_fs_rm_options::read(opts, "opts")?;
        let mut options =
            RmOptions::default().force(opts.force).recursive(opts.recursive).max_retries(opts.max_retries);
        if opts.has_retry_delay || opts.retry_delay != 0 {
            options = options.retry_delay(opts.retry_delay);
        }
        Ok(with_hooks!(options, opts))
    }
}

/// Declared in the header.
///
/// # Safety
/// - path and options are null or as their types and lengths say; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_rm_sync(
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_fs_rm_options,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { entry(err, || nodecore_fs::rm_sync(path_arg(path, path_len, "path")?, &rm_options(opts)?)) }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err`
///   are null or writable; path and options are null or as their types and lengths say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_rm(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_fs_rm_options,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            nodecore_fs::rm(lp, path_arg(path, path_len, "path")?, &rm_options(opts)?, move |result| {
                finish(call, result)
            })
        })
    }
}

pub type nodecore_fs_cp_filter = Option<
    unsafe extern "C" fn(
        src: nodecore_str,
        dest: nodecore_str,
        copy: *mut bool,
        user: *mut c_void,
    ) -> nodecore_status,
>;
pub type nodecore_fs_cp_filter_async = Option<
    unsafe extern "C" fn(src: nodecore_str, dest: nodecore_str, done: *mut nodecore_done, user: *mut c_void),
>;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_fs_cp_options {
    pub struct_size: usize,
    pub dereference: bool,
    pub error_on_exist: bool,
    pub no_force: bool,
    pub preserve_timestamps: bool,
    pub recursive: bool,
    pub verbatim_symlinks: bool,
    pub mode: i32,
    pub signal: *const nodecore_abort_signal,
    pub filter: nodecore_fs_cp_filter,
    pub filter_async: nodecore_fs_cp_filter_async,
    pub progress: nodecore_fs_progress_cb,
    pub user: *mut c_void,
}

impl SizedOptions for nodecore_fs_cp_options {
    const ZERO: Self = nodecore_fs_cp_options {
        struct_size: 0,
        dereference: false,
        error_on_exist: false,
        no_force: false,
        preserve_timestamps: false,
        recursive: false,
        verbatim_symlinks: false,
        mode: 0,
        signal: std::ptr::null(),
        filter: None,
        filter_async: None,
        progress: None,
        user: std::ptr::null_mut(),
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// # Safety
/// - `opts` is null or a struct of the size it says, whose signal is null or live.
unsafe fn cp_options(opts: *const nodecore_fs_cp_options) -> Result<CpOptions> {
    // SAFETY: as the caller vouches.
    let opts = unsafe { nodecore_fs_cp_options::read(opts, "opts") }?;
    let user = opts.user;
    let mut options = CpOptions::default()
        .dereference(opts.dereference)
        .error_on_exist(opts.error_on_exist)
        .force(!opts.no_force)
        .preserve_timestamps(opts.preserve_timestamps)
        .recursive(opts.recursive)
        .verbatim_symlinks(opts.verbatim_symlinks)
        .mode(opts.mode);
    match (opts.filter, opts.filter_async) {
        (Some(_), Some(_)) => return Err(not_both("filter", "filter_async")),
        (Some(filter), None) => {
            options = options.filter(move |src, dest| {
                let mut copy = false;
                // SAFETY: the caller gave the function for this user, for as long as the operation goes on.
                listener_result(unsafe { filter(shown(src), shown(dest), &raw mut copy, user) })?;
                Ok(copy)
            });
        }
        (None, Some(filter)) => {
            options = options.filter_async(move |src, dest| {
                let promise = Promise::default();
                // SAFETY: as above; `done` is ended once.
                unsafe { filter(shown(&src), shown(&dest), promise.done(), user) };
                async move { Ok(promise.await?.is_some()) }
            });
        }
        (None, None) => {}
    }
    // SAFETY: as the caller vouches.
    Ok(unsafe { with_hooks!(options, opts) })
}

/// Declared in the header.
///
/// # Safety
/// - paths and options are null or as their types and lengths say; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_cp_sync(
    src: *const c_char,
    src_len: usize,
    dest: *const c_char,
    dest_len: usize,
    opts: *const nodecore_fs_cp_options,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let (src, dest) = (path_arg(src, src_len, "src")?, path_arg(dest, dest_len, "dest")?);
            nodecore_fs::cp_sync(src, dest, &cp_options(opts)?)
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err`
///   are null or writable; paths and options are null or as their types and lengths say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_cp(
    lp: *mut nodecore_loop,
    src: *const c_char,
    src_len: usize,
    dest: *const c_char,
    dest_len: usize,
    opts: *const nodecore_fs_cp_options,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            let (src, dest) = (path_arg(src, src_len, "src")?, path_arg(dest, dest_len, "dest")?);
            nodecore_fs::cp(lp, src, dest, &cp_options(opts)?, move |result| finish(call, result))
        })
    }
}
