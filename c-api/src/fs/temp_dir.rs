//! `mkdtempDisposable`.

use std::ffi::{c_char, c_void};
use std::path::{Path, PathBuf};
use std::ptr::{null, null_mut};

use nodecore_fs::TempDir;

use super::{Call, finish, nodecore_fs_cb, path_arg, submit};
use crate::boundary::{Castable, Foreign, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release, nodecore_request};
use crate::str::nodecore_str;
use crate::stream::lend_error;

#[derive(Debug)]
pub enum nodecore_temp_dir {
    There(TempDir),
    Kept(PathBuf),
}
impl Castable for nodecore_temp_dir {}

impl nodecore_temp_dir {
    fn path(&self) -> &Path {
        match self {
            nodecore_temp_dir::There(dir) => dir.path(),
            nodecore_temp_dir::Kept(path) => path,
        }
    }
}

pub type nodecore_fs_temp_dir_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, dir: *mut nodecore_temp_dir, user: *mut c_void)>;

/// Declared in the header.
///
/// # Safety
/// - `prefix` is null or as its length says; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_mkdtemp_disposable_sync(
    prefix: *const c_char,
    prefix_len: usize,
    out: *mut *mut nodecore_temp_dir,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let made = nodecore_fs::mkdtemp_disposable_sync(path_arg(prefix, prefix_len, "prefix")?)?;
            out.set(nodecore_temp_dir::There(made).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err`
///   are null or writable; `prefix` is null or as its length says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_mkdtemp_disposable(
    lp: *mut nodecore_loop,
    prefix: *const c_char,
    prefix_len: usize,
    cb: nodecore_fs_temp_dir_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            let prefix = path_arg(prefix, prefix_len, "prefix")?;
            nodecore_fs::mkdtemp_disposable(lp, prefix, move |result| {
                let run = |err, dir| (call.cb)(err, dir, call.user());
                match result {
                    Ok(made) => run(null(), nodecore_temp_dir::There(made).into_raw()),
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
pub unsafe extern "C" fn nodecore_temp_dir_path(dir: *const nodecore_temp_dir) -> nodecore_str {
    // SAFETY: as the caller vouches.
    let dir = unsafe { arg::nullable(dir) };
    nodecore_str::nullable(dir.map(|dir| dir.path().as_os_str().as_encoded_bytes()))
}

/// Declared in the header.
///
/// # Safety
/// - `dir` is null or a live directory, on its thread; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_temp_dir_remove_sync(
    dir: *mut nodecore_temp_dir,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || match arg::object(dir.cast_const(), "dir")? {
            nodecore_temp_dir::There(dir) => dir.remove_sync(),
            nodecore_temp_dir::Kept(_) => Ok(()),
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `dir` is null or a live directory and `lp` null or a live loop, on this thread; `cb` and `release` may be
///   called with `user`; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_temp_dir_remove(
    dir: *mut nodecore_temp_dir,
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
            let (dir, lp) = (arg::object(dir.cast_const(), "dir")?, event_loop(lp)?);
            match dir {
                nodecore_temp_dir::There(dir) => {
                    let removing = dir.remove(lp);
                    lp.spawn_local(async move { finish(call, removing.await) });
                }
                nodecore_temp_dir::Kept(_) => lp.next_tick(move || finish(call, Ok(()))),
            }
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `dir` is null or a live directory, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_temp_dir_keep(dir: *mut nodecore_temp_dir) {
    // SAFETY: as the caller vouches.
    let Some(dir) = (unsafe { dir.as_mut() }) else { return };
    total((), || {
        let path = dir.path().to_owned();
        if let nodecore_temp_dir::There(dir) = std::mem::replace(dir, nodecore_temp_dir::Kept(path)) {
            dir.keep();
        }
    });
}

/// Declared in the header.
///
/// # Safety
/// - `dir` is null or a directory that was not freed, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_temp_dir_free(dir: *mut nodecore_temp_dir) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(dir) };
}
