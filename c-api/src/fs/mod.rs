//! `nodecore/fs.h`, a file for each family of verbs; here is what they share.

pub(crate) mod access;
pub(crate) mod blob;
pub(crate) mod constants;
pub(crate) mod descriptors;
pub(crate) mod dir;
pub(crate) mod directories;
pub(crate) mod files;
pub(crate) mod glob;
pub(crate) mod glob_search;
pub(crate) mod handle;
mod lent;
pub(crate) mod metadata;
pub(crate) mod names;
pub(crate) mod perms;
pub(crate) mod stream_hooks;
pub(crate) mod streams;
pub(crate) mod sync;
pub(crate) mod temp_dir;
pub(crate) mod times;
pub(crate) mod tree;
pub(crate) mod truncate;
pub(crate) mod utf8_stream;
pub(crate) mod walk;
pub(crate) mod watch;
pub(crate) mod watch_file;

use std::borrow::Cow;
use std::ffi::{c_char, c_void};
use std::path::PathBuf;

use ::nodecore_error::Result;
use nodecore_event_loop::EventLoop;
use nodecore_fs::{EntryKind, FileArg, FileTarget, PathArg, RangeOptions, constants as fs_constants};

use crate::boundary::{Foreign, arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release, nodecore_request};
use crate::str::nodecore_buf;
use crate::stream::{lend, lend_error};

pub type nodecore_fd = i32;

pub const NODECORE_FS_UNKNOWN: i32 = fs_constants::UV_DIRENT_UNKNOWN;
pub const NODECORE_FS_FILE: i32 = fs_constants::UV_DIRENT_FILE;
pub const NODECORE_FS_DIRECTORY: i32 = fs_constants::UV_DIRENT_DIR;
pub const NODECORE_FS_SYMLINK: i32 = fs_constants::UV_DIRENT_LINK;
pub const NODECORE_FS_FIFO: i32 = fs_constants::UV_DIRENT_FIFO;
pub const NODECORE_FS_SOCKET: i32 = fs_constants::UV_DIRENT_SOCKET;
pub const NODECORE_FS_CHARACTER_DEVICE: i32 = fs_constants::UV_DIRENT_CHAR;
pub const NODECORE_FS_BLOCK_DEVICE: i32 = fs_constants::UV_DIRENT_BLOCK;

/// What a file is, as C is told.
fn kind_number(kind: EntryKind) -> i32 {
    match kind {
        EntryKind::File => NODECORE_FS_FILE,
        EntryKind::Directory => NODECORE_FS_DIRECTORY,
        EntryKind::Link => NODECORE_FS_SYMLINK,
        EntryKind::Fifo => NODECORE_FS_FIFO,
        EntryKind::Socket => NODECORE_FS_SOCKET,
        EntryKind::CharacterDevice => NODECORE_FS_CHARACTER_DEVICE,
        EntryKind::BlockDevice => NODECORE_FS_BLOCK_DEVICE,
        EntryKind::Unknown => NODECORE_FS_UNKNOWN,
    }
}

pub type nodecore_fs_cb = Option<unsafe extern "C" fn(err: *const nodecore_error, user: *mut c_void)>;
pub type nodecore_fs_io_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, n: usize, user: *mut c_void)>;
pub type nodecore_fs_data_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, data: *mut nodecore_buf, user: *mut c_void)>;

/// A path of the caller's: shown as text in messages, whatever its bytes.
struct Path<'a>(&'a [u8]);

impl PathArg for Path<'_> {
    fn path_bytes(&self) -> Result<Cow<'_, [u8]>> {
        Ok(Cow::Borrowed(self.0))
    }
}

impl FileArg for Path<'_> {
    fn file(&self) -> Result<FileTarget<'_>> {
        Ok(FileTarget::Path { bytes: Cow::Borrowed(self.0), text: true })
    }
}

/// # Safety
/// - as for [`arg::bytes`].
unsafe fn path_arg<'a>(path: *const c_char, len: usize, name: &str) -> Result<Path<'a>> {
    // SAFETY: as the caller vouches.
    Ok(Path(unsafe { arg::bytes(path, len, name) }?))
}

/// A path of the caller's, as one of Rust's.
pub(crate) fn path_of(bytes: &[u8]) -> PathBuf {
    #[cfg(unix)]
    return <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes).into();
    #[cfg(not(unix))]
    return String::from_utf8_lossy(bytes).into_owned().into();
}

/// Permission bits, `default` where the caller gave 0.
fn mode_or(mode: i32, default: u32) -> Result<u32> {
    if mode == 0 { Ok(default) } else { arg::number("mode", mode) }
}

/// A negative position is the current one.
fn range(position: i64) -> RangeOptions {
    match u64::try_from(position) {
        Ok(position) => RangeOptions::default().position(position),
        Err(_) => RangeOptions::default(),
    }
}

/// A callback of the caller's with its `user`; `cb` was checked not to be null.
pub(crate) struct Call<F> {
    pub(crate) cb: F,
    foreign: Foreign,
}

impl<F> Call<F> {
    pub(crate) fn user(&self) -> *mut c_void {
        self.foreign.user()
    }
}

/// What the functions with a callback share: the guard first, then the checks, then `start`.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err`
///   are null or writable.
unsafe fn submit<F, R: Into<nodecore_request>>(
    lp: *mut nodecore_loop,
    cb: Option<F>,
    (user, release): (*mut c_void, nodecore_release),
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
    start: impl FnOnce(&EventLoop, Call<F>) -> Result<R>,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let call = Call { cb: arg::callback(cb, "cb")?, foreign };
            nodecore_request::give(start(event_loop(lp)?, call)?, req);
            Ok(())
        })
    }
}

/// Calls a callback that gets nothing but an error.
pub(crate) fn finish(
    call: Call<unsafe extern "C" fn(*const nodecore_error, *mut c_void)>,
    result: Result<()>,
) {
    // SAFETY: the caller gave the callback for this user, which is not released yet.
    lend_error(result.err().as_ref(), |err| unsafe { (call.cb)(err, call.user()) });
}

/// Calls a callback that gets a number of bytes.
fn finish_io(
    call: Call<unsafe extern "C" fn(*const nodecore_error, usize, *mut c_void)>,
    result: Result<usize>,
) {
    let (n, error) = result.map_or_else(|error| (0, Some(error)), |n| (n, None));
    // SAFETY: the caller gave the callback for this user, which is not released yet.
    lend_error(error.as_ref(), |err| unsafe { (call.cb)(err, n, call.user()) });
}

/// Calls a callback that is lent bytes.
pub(crate) fn finish_data(
    call: Call<unsafe extern "C" fn(*const nodecore_error, *mut nodecore_buf, *mut c_void)>,
    result: Result<impl Into<nodecore_buf>>,
) {
    // SAFETY: the caller gave the callback for this user, which is not released yet.
    let run = |err, data| unsafe { (call.cb)(err, data, call.user()) };
    match result {
        Ok(data) => lend(data, |data| run(std::ptr::null(), data)),
        Err(error) => lend_error(Some(&error), |err| run(err, std::ptr::null_mut())),
    }
}
