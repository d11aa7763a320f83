//! `readdir` and `mkdir`.

use std::ffi::{c_char, c_void};

use ::nodecore_error::Result;
use nodecore_fs::{Entries, EntryKind, MkdirOptions, ReaddirOptions};

use super::{
    NODECORE_FS_BLOCK_DEVICE, NODECORE_FS_CHARACTER_DEVICE, NODECORE_FS_DIRECTORY, NODECORE_FS_FIFO,
    NODECORE_FS_FILE, NODECORE_FS_SOCKET, NODECORE_FS_SYMLINK, NODECORE_FS_UNKNOWN, finish, mode_or,
    nodecore_fs_cb, path_arg, submit,
};
use crate::boundary::{Castable, SizedOptions, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{nodecore_loop, nodecore_release, nodecore_request};
use crate::str::nodecore_str;
use crate::stream::lend_error;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_dirent {
    pub name: nodecore_str,
    pub type_: i32,
}

#[derive(Debug)]
pub struct nodecore_dirents(Entries);
impl Castable for nodecore_dirents {}

const _: () = {
    const fn assert_sync<T: Send + Sync>() {}
    assert_sync::<nodecore_dirents>();
};

pub type nodecore_fs_readdir_cb = Option<
    unsafe extern "C" fn(err: *const nodecore_error, dirents: *mut nodecore_dirents, user: *mut c_void),
>;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_fs_mkdir_options {
    pub struct_size: usize,
    pub mode: i32,
    pub recursive: bool,
}

impl SizedOptions for nodecore_fs_mkdir_options {
    const ZERO: Self = nodecore_fs_mkdir_options { struct_size: 0, mode: 0, recursive: false };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// Declared in the header.
///
/// # Safety
/// - `dirents` is null or a list that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dirents_free(dirents: *mut nodecore_dirents) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(dirents) };
}

/// Declared in the header.
///
/// # Safety
/// - `dirents` is null or a live list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dirents_count(dirents: *const nodecore_dirents) -> usize {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(dirents) }.map_or(0, |dirents| dirents.0.len())
}

/// Declared in the header.
///
/// # Safety
/// - `dirents` is null or a live list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dirents_get(
    dirents: *const nodecore_dirents,
    index: usize,
) -> nodecore_dirent {
    const NONE: nodecore_dirent = nodecore_dirent { name: nodecore_str::NONE, type_: NODECORE_FS_UNKNOWN };
    // SAFETY: as the caller vouches.
    let dirents = unsafe { arg::nullable(dirents) };
    total(NONE, || {
        let dirent = dirents.and_then(|dirents| dirents.0.get(index));
        dirent.map_or(NONE, |dirent| nodecore_dirent {
            name: nodecore_str::new(dirent.name()),
            type_: match dirent.kind() {
                EntryKind::File => NODECORE_FS_FILE,
                EntryKind::Directory => NODECORE_FS_DIRECTORY,
                EntryKind::Link => NODECORE_FS_SYMLINK,
                EntryKind::Fifo => NODECORE_FS_FIFO,
                EntryKind::Socket => NODECORE_FS_SOCKET,
                EntryKind::CharacterDevice => NODECORE_FS_CHARACTER_DEVICE,
                EntryKind::BlockDevice => NODECORE_FS_BLOCK_DEVICE,
                _ => NODECORE_FS_UNKNOWN,
            },
        })
    })
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_readdir_sync(
    path: *const c_char,
    path_len: usize,
    out: *mut *mut nodecore_dirents,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let entries =
                nodecore_fs::readdir_sync(path_arg(path, path_len, "path")?, &ReaddirOptions::default())?;
            out.set(nodecore_dirents(entries).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err`
///   are null or writable; paths, data and options are null or as their types and
///   lengths say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_readdir(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    cb: nodecore_fs_readdir_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            nodecore_fs::readdir(
                lp,
                path_arg(path, path_len, "path")?,
                &ReaddirOptions::default(),
                move |result| {
                    let run = |err, dirents| (call.cb)(err, dirents, call.user());
                    match result {
                        Ok(entries) => run(std::ptr::null(), nodecore_dirents(entries).into_raw()),
                        Err(error) => lend_error(Some(&error), |err| run(err, std::ptr::null_mut())),
                    }
                },
            )
        })
    }
}

/// # Safety
/// - `opts` is null or a struct of the size it says.
unsafe fn mkdir_options(opts: *const nodecore_fs_mkdir_options) -> Result<MkdirOptions> {
    // SAFETY: as the caller vouches.
    let opts = unsafe { nodecore_fs_mkdir_options::read(opts, "opts") }?;
    Ok(MkdirOptions::default().mode(mode_or(opts.mode, 0o777)?).recursive(opts.recursive))
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_mkdir_sync(
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_fs_mkdir_options,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            nodecore_fs::mkdir_sync(path_arg(path, path_len, "path")?, &mkdir_options(opts)?)?;
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err`
///   are null or writable; paths, data and options are null or as their types and
///   lengths say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_mkdir(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_fs_mkdir_options,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            nodecore_fs::mkdir(lp, path_arg(path, path_len, "path")?, &mkdir_options(opts)?, move |result| {
                finish(call, result.map(|_| ()))
            })
        })
    }
}
