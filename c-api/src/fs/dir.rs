//! `opendir` and `Dir`.

use std::ffi::{c_char, c_void};
use std::ptr::{null, null_mut};

use ::nodecore_error::{Error, Result};
use nodecore_buffer::Encoding;
use nodecore_event_loop::EventLoop;
use nodecore_fs::{Dir, DirEntry, OpendirOptions};

use super::directories::{name_encoding, nodecore_dirent};
use super::{Call, finish, nodecore_fs_cb, path_arg, submit};
use crate::boundary::{Castable, Foreign, SizedOptions, arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release, nodecore_request};
use crate::str::nodecore_str;
use crate::stream::lend_error;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_fs_opendir_options {
    pub struct_size: usize,
    pub buffer_size: u32,
    pub recursive: bool,
    pub encoding: nodecore_str,
}

impl SizedOptions for nodecore_fs_opendir_options {
    const ZERO: Self = nodecore_fs_opendir_options {
        struct_size: 0,
        buffer_size: 0,
        recursive: false,
        encoding: nodecore_str::NONE,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

#[derive(Debug)]
pub struct nodecore_dir {
    dir: Dir,
    encoding: Option<Encoding>,
    /// What the last blocking read gave.
    last: Option<Shown>,
}
impl Castable for nodecore_dir {}

/// An entry with its name as it was asked for.
#[derive(Debug)]
struct Shown {
    entry: DirEntry,
    text: Option<String>,
}

impl Shown {
    fn new(entry: DirEntry, encoding: Option<Encoding>) -> Shown {
        let text = encoding.map(|encoding| entry.name_as(encoding));
        Shown { entry, text }
    }

    fn view(&self) -> nodecore_dirent {
        let mut view = nodecore_dirent::of(&self.entry);
        if let Some(text) = &self.text {
            view.name = nodecore_str::new(text.as_bytes());
        }
        view
    }
}

pub type nodecore_fs_opendir_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, dir: *mut nodecore_dir, user: *mut c_void)>;
pub type nodecore_dir_cb = Option<
    unsafe extern "C" fn(err: *const nodecore_error, dirent: *const nodecore_dirent, user: *mut c_void),
>;

/// # Safety
/// - `opts` is null or a struct of the size it says.
unsafe fn opendir_options(
    opts: *const nodecore_fs_opendir_options,
) -> Result<(OpendirOptions, Option<Encoding>)> {
    // SAFETY: as the caller vouches.
    let (opts, encoding) = unsafe {
        let opts = nodecore_fs_opendir_options::read(opts, "opts")?;
        (opts, name_encoding(opts.encoding)?)
    };
    let mut options = OpendirOptions::default().recursive(opts.recursive);
    if opts.buffer_size != 0 {
        options = options.buffer_size(opts.buffer_size);
    }
    Ok((options, encoding))
}

/// Declared in the header.
///
/// # Safety
/// - path and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_opendir_sync(
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_fs_opendir_options,
    out: *mut *mut nodecore_dir,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let (options, encoding) = opendir_options(opts)?;
            let dir = nodecore_fs::opendir_sync(path_arg(path, path_len, "path")?, &options)?;
            out.set(nodecore_dir { dir, encoding, last: None }.into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err`
///   are null or writable; path and options are null or as their types and lengths say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_opendir(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_fs_opendir_options,
    cb: nodecore_fs_opendir_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            let (options, encoding) = opendir_options(opts)?;
            nodecore_fs::opendir(lp, path_arg(path, path_len, "path")?, &options, move |result| {
                let run = |err, dir| (call.cb)(err, dir, call.user());
                match result {
                    Ok(dir) => run(null(), nodecore_dir { dir, encoding, last: None }.into_raw()),
                    Err(error) => lend_error(Some(&error), |err| run(err, null_mut())),
                }
            })
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `dir` is null or a live directory, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dir_path(dir: *const nodecore_dir) -> nodecore_str {
    // SAFETY: as the caller vouches.
    let dir = unsafe { arg::nullable(dir) };
    nodecore_str::nullable(dir.map(|dir| dir.dir.path().as_os_str().as_encoded_bytes()))
}

/// Declared in the header.
///
/// # Safety
/// - `dir` is null or a live directory, on its thread; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dir_read_sync(
    dir: *mut nodecore_dir,
    out: *mut nodecore_dirent,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let dir = arg::object_mut(dir, "dir")?;
            let entry = dir.dir.read_sync()?;
            dir.last = entry.map(|entry| Shown::new(entry, dir.encoding));
            out.set(dir.last.as_ref().map_or(nodecore_dirent::NONE, Shown::view));
            Ok(())
        })
    }
}

/// Calls a callback that is shown an entry, or none.
pub(super) fn finish_entry(
    call: &Call<unsafe extern "C" fn(*const nodecore_error, *const nodecore_dirent, *mut c_void)>,
    result: Result<Option<nodecore_dirent>, &Error>,
) {
    // SAFETY: the caller gave the callback for this user, which is not released yet.
    let run = |err, dirent| unsafe { (call.cb)(err, dirent, call.user()) };
    match result {
        Ok(entry) => run(null(), entry.as_ref().map_or(null(), std::ptr::from_ref)),
        Err(error) => lend_error(Some(error), |err| run(err, null())),
    }
}

/// What reading with a callback has in common.
///
/// # Safety
/// - `dir` is null or a live directory and `lp` null or a live loop, on this thread; `cb` and `release` may be
///   called with `user`; `err` is null or writable.
unsafe fn read(
    dir: *mut nodecore_dir,
    lp: *mut nodecore_loop,
    cb: nodecore_dir_cb,
    foreign: Foreign,
    err: *mut *mut nodecore_error,
    start: impl FnOnce(&Dir, &EventLoop, Box<dyn FnOnce(Result<Option<DirEntry>>)>),
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let call = Call { cb: arg::callback(cb, "cb")?, foreign };
            let handle = arg::object(dir.cast_const(), "dir")?;
            let encoding = handle.encoding;
            let done = move |result: Result<Option<DirEntry>>| {
                let shown = result.map(|entry| entry.map(|entry| Shown::new(entry, encoding)));
                finish_entry(&call, shown.as_ref().map(|shown| shown.as_ref().map(Shown::view)));
            };
            start(&handle.dir, event_loop(lp)?, Box::new(done));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `dir` is null or a live directory and `lp` null or a live loop, on this thread; `cb` and `release` may be
///   called with `user`; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dir_read(
    dir: *mut nodecore_dir,
    lp: *mut nodecore_loop,
    cb: nodecore_dir_cb,
    user: *mut c_void,
    release: nodecore_release,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { read(dir, lp, cb, Foreign::new(user, release), err, |dir, lp, done| dir.read(lp, done)) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_dir_read`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dir_next(
    dir: *mut nodecore_dir,
    lp: *mut nodecore_loop,
    cb: nodecore_dir_cb,
    user: *mut c_void,
    release: nodecore_release,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { read(dir, lp, cb, Foreign::new(user, release), err, |dir, lp, done| dir.next(lp, done)) }
}

/// Declared in the header.
///
/// # Safety
/// - `dir` is null or a live directory, on its thread; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dir_close_sync(
    dir: *mut nodecore_dir,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { entry(err, || arg::object(dir.cast_const(), "dir")?.dir.close_sync()) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_dir_read`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dir_close(
    dir: *mut nodecore_dir,
    lp: *mut nodecore_loop,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let call = Call { cb: arg::callback(cb, "cb")?, foreign };
            let handle = arg::object(dir.cast_const(), "dir")?;
            handle.dir.close(event_loop(lp)?, move |result| finish(call, result));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `dir` is null or a directory that was not freed, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dir_free(dir: *mut nodecore_dir) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(dir) };
}
