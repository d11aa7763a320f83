//! Node's `fs` on libuv (<https://nodejs.org/api/fs.html>).
//!
//! Every operation has three forms, made of one body:
//!
//! | form | blocks | errors |
//! |---|---|---|
//! | [`stat_sync`] | the caller | returned |
//! | [`stat()`] | a thread of libuv's pool | those of the arguments returned, then `done` is not called; the system's given to `done` |
//! | [`promises::stat`] | a thread of libuv's pool | the future's result |
//!
//! Errors have Node's codes and Node's texts. Paths are bytes: see [`PathArg`].
//!
//! ```
//! use nodecore_event_loop::{EventLoop, RunMode};
//! use nodecore_fs as fs;
//!
//! # fn main() -> nodecore_error::Result<()> {
//! let lp = EventLoop::new()?;
//! fs::read_file(&lp, "Cargo.toml", &Default::default(), |data| {
//!     println!("{} bytes", data.map_or(0, |data| data.len()));
//! })?;
//! lp.run(RunMode::Default);
//!
//! let stats = lp.block_on(fs::promises::stat(&lp, "Cargo.toml"))?;
//! assert!(stats.is_file());
//! # Ok(())
//! # }
//! ```
//!
//! # Cancellation
//!
//! A [`Request`](nodecore_event_loop::Request) can be cancelled, and dropping a future cancels. What has not begun does
//! not happen; what is one system call is not interrupted; `read_file`, `write_file` and `readdir` stop where they would
//! have left the pool to others. No outcome leaks a descriptor: one that is opened for nobody is closed.
//!
//! Where Node takes an [`AbortSignal`](nodecore_events::AbortSignal) so do the options here. An operation
//! whose signal is aborted before it is done fails with an `AbortError`, whose cause is the signal's reason;
//! what it has done stays done.

#![forbid(unsafe_code)]

mod abort;
mod access;
mod blob;
pub mod constants;
mod copy;
mod cp;
mod crew;
mod descriptor;
mod dir;
mod dirent;
mod flags;
mod glob;
mod handle;
mod link;
mod mkdir;
mod mkdtemp;
mod open;
mod path_arg;
mod perms;
mod promise;
mod read;
mod read_file;
mod readdir;
mod realpath;
mod remove;
mod rename;
mod rm;
mod stat;
mod stats;
mod streams;
mod sync;
mod target;
mod times;
mod tree;
mod truncate;
mod utf8_stream;
mod walk;
mod watch;
mod watch_file;
mod write;
mod write_file;

pub use nodecore_event_loop::FsEventKind;
pub use nodecore_event_loop::uv::fs::{EntryKind, RawStat, RawTime};

pub use access::{access, access_sync, exists, exists_sync};
pub use blob::{Blob, open_as_blob_sync};
pub use copy::{copy_file, copy_file_sync};
pub use cp::{CpOptions, cp, cp_sync};
pub use descriptor::Fd;
pub use dir::{Dir, DirEntries, DirFuture, Opendir, OpendirOptions, opendir, opendir_sync};
pub use dirent::{DirEntry, Dirent, Entries};
pub use flags::{Flags, FlagsArg};
pub use glob::{GlobArg, GlobEntries, GlobEntry, GlobOptions, glob, glob_entries, glob_sync};
pub use handle::Lines;
pub use link::{SymlinkKind, link, link_sync, readlink, readlink_sync, symlink, symlink_sync};
pub use mkdir::{MkdirOptions, mkdir, mkdir_sync};
pub use mkdtemp::{TempDir, mkdtemp, mkdtemp_disposable, mkdtemp_disposable_sync, mkdtemp_sync};
pub use open::{close, close_sync, open, open_sync};
pub use path_arg::{FileArg, FileTarget, PathArg};
pub use perms::{
    chmod, chmod_sync, chown, chown_sync, fchmod, fchmod_sync, fchown, fchown_sync, lchown, lchown_sync,
};
pub use read::{RangeOptions, read, read_sync, readv, readv_sync};
pub use read_file::{ReadFileOptions, read_file, read_file_into, read_file_into_sync, read_file_sync};
pub use readdir::{ReaddirOptions, readdir, readdir_sync};
pub use realpath::{realpath, realpath_native, realpath_native_sync, realpath_sync};
pub use remove::{rmdir, rmdir_sync, unlink, unlink_sync};
pub use rename::{rename, rename_sync};
pub use rm::{RmOptions, rm, rm_sync};
pub use stat::{
    fstat, fstat_sync, fstat_until, if_there, lstat, lstat_sync, lstat_until, stat, stat_sync, stat_until,
    statfs, statfs_sync,
};
pub use stats::{StatFs, Stats};
pub use streams::{
    HookFuture, ReadFs, ReadStream, ReadStreamOptions, StreamFs, WriteFs, WriteStream, WriteStreamOptions,
    create_read_stream, create_write_stream,
};
pub use sync::{fdatasync, fdatasync_sync, fsync, fsync_sync};
pub use times::{FileTime, futimes, futimes_sync, lutimes, lutimes_sync, utimes, utimes_sync};
pub use tree::{Progress, TreeRequest};
pub use truncate::{ftruncate, ftruncate_sync, truncate, truncate_sync};
pub use utf8_stream::{Utf8Stream, Utf8StreamOptions};
pub use walk::{AsyncWalk, Walk, WalkOptions, walk};
pub use watch::{FsWatcher, Overflow, WatchEvent, WatchOptions, WatchStream, watch};
pub use watch_file::{StatWatcher, WatchFileOptions, unwatch_file, watch_file};
pub use write::{write, write_sync, writev, writev_sync};
pub use write_file::{WriteFileOptions, append_file, append_file_sync, write_file, write_file_sync};

/// The operations as futures, Node's `fs/promises` (<https://nodejs.org/api/fs.html#promises-api>).
///
/// Node has what takes a descriptor as methods of `FileHandle` only; here it is there as well.
pub mod promises {
    pub use crate::access::promises::access;
    pub use crate::blob::promises::open_as_blob;
    pub use crate::copy::promises::copy_file;
    pub use crate::cp::promises::cp;
    pub use crate::dir::promises::opendir;
    pub use crate::glob::promises::glob;
    pub use crate::handle::{Close, FileHandle, open};
    pub use crate::link::promises::{link, readlink, symlink};
    pub use crate::mkdir::promises::mkdir;
    pub use crate::mkdtemp::promises::{mkdtemp, mkdtemp_disposable};
    pub use crate::perms::promises::{chmod, chown, fchmod, fchown, lchown};
    pub use crate::promise::Promise;
    pub use crate::read_file::promises::{read_file, read_file_into};
    pub use crate::readdir::promises::readdir;
    pub use crate::realpath::promises::realpath;
    pub use crate::remove::promises::{rmdir, unlink};
    pub use crate::rename::promises::rename;
    pub use crate::rm::promises::rm;
    pub use crate::stat::promises::{fstat, fstat_until, lstat, lstat_until, stat, stat_until, statfs};
    pub use crate::sync::promises::{fdatasync, fsync};
    pub use crate::times::promises::{futimes, lutimes, utimes};
    pub use crate::truncate::promises::{ftruncate, truncate};
    pub use crate::watch::promises::watch;
    pub use crate::write_file::promises::{append_file, write_file};
}
