//! `nodecore/fs.h`.

use std::borrow::Cow;
use std::ffi::{c_char, c_void};

use ::nodecore_error::Result;
use bytes::Bytes;
use nodecore_event_loop::{EventLoop, Request};
use nodecore_fs::{
    Entries, EntryKind, FileArg, FileTarget, Flags, MkdirOptions, PathArg, RangeOptions, ReadFileOptions,
    ReadStreamOptions, ReaddirOptions, Stats, WriteFileOptions, WriteStreamOptions,
};
use nodecore_stream::{Readable, Writable};

use crate::boundary::{Castable, Foreign, SizedOptions, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release, nodecore_request};
use crate::str::{nodecore_buf, nodecore_str};
use crate::stream::{lend, lend_error, nodecore_readable, nodecore_writable};

pub type nodecore_fd = i32;

pub const NODECORE_FS_UNKNOWN: i32 = 0;
pub const NODECORE_FS_FILE: i32 = 1;
pub const NODECORE_FS_DIRECTORY: i32 = 2;
pub const NODECORE_FS_SYMLINK: i32 = 3;
pub const NODECORE_FS_FIFO: i32 = 4;
pub const NODECORE_FS_SOCKET: i32 = 5;
pub const NODECORE_FS_CHARACTER_DEVICE: i32 = 6;
pub const NODECORE_FS_BLOCK_DEVICE: i32 = 7;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_time {
    pub sec: i64,
    pub nsec: i32,
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_stats {
    pub struct_size: usize,
    pub type_: i32,
    pub mode: u32,
    pub dev: u64,
    pub ino: u64,
    pub nlink: u64,
    pub uid: u64,
    pub gid: u64,
    pub rdev: u64,
    pub size: u64,
    pub blksize: u64,
    pub blocks: u64,
    pub atime: nodecore_time,
    pub mtime: nodecore_time,
    pub ctime: nodecore_time,
    pub birthtime: nodecore_time,
}

impl nodecore_stats {
    /// The size at the first release; never grows.
    const MIN_SIZE: usize = size_of::<Self>();

    fn new(stats: &Stats) -> nodecore_stats {
        nodecore_stats {
            struct_size: size_of::<nodecore_stats>(),
            type_: kind_of(stats),
            mode: u32::try_from(stats.mode()).unwrap_or(u32::MAX),
            dev: stats.dev(),
            ino: stats.ino(),
            nlink: stats.nlink(),
            uid: stats.uid(),
            gid: stats.gid(),
            rdev: stats.rdev(),
            size: stats.size(),
            blksize: stats.blksize(),
            blocks: stats.blocks(),
            atime: time(stats.atime_ns()),
            mtime: time(stats.mtime_ns()),
            ctime: time(stats.ctime_ns()),
            birthtime: time(stats.birthtime_ns()),
        }
    }
}

/// Where a result goes whose struct may be older and shorter than ours.
struct StatsOut(*mut nodecore_stats, usize);

impl StatsOut {
    /// # Safety
    /// - `out` is null or points to as many writable bytes as its first field says.
    unsafe fn new(out: *mut nodecore_stats) -> Result<StatsOut> {
        // SAFETY: as the caller vouches.
        let size = unsafe { arg::object(out.cast_const().cast::<usize>(), "out") }?;
        arg::struct_size("out.struct_size", *size, nodecore_stats::MIN_SIZE)?;
        Ok(StatsOut(out, *size))
    }

    fn set(self, stats: &Stats) {
        let mut value = nodecore_stats::new(stats);
        let len = self.1.min(size_of::<nodecore_stats>());
        value.struct_size = self.1;
        // SAFETY: `new`'s caller vouched for that many writable bytes.
        unsafe { std::ptr::copy_nonoverlapping((&raw const value).cast::<u8>(), self.0.cast(), len) };
    }
}

fn kind_of(stats: &Stats) -> i32 {
    let kinds = [
        (stats.is_file(), NODECORE_FS_FILE),
        (stats.is_directory(), NODECORE_FS_DIRECTORY),
        (stats.is_symbolic_link(), NODECORE_FS_SYMLINK),
        (stats.is_fifo(), NODECORE_FS_FIFO),
        (stats.is_socket(), NODECORE_FS_SOCKET),
        (stats.is_character_device(), NODECORE_FS_CHARACTER_DEVICE),
        (stats.is_block_device(), NODECORE_FS_BLOCK_DEVICE),
    ];
    kinds.iter().find(|(is, _)| *is).map_or(NODECORE_FS_UNKNOWN, |&(_, kind)| kind)
}

fn time(ns: i128) -> nodecore_time {
    const SECOND: i128 = 1_000_000_000;
    nodecore_time {
        sec: i64::try_from(ns.div_euclid(SECOND)).unwrap_or(i64::MAX),
        nsec: i32::try_from(ns.rem_euclid(SECOND)).unwrap_or(0),
    }
}

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

pub type nodecore_fs_cb = Option<unsafe extern "C" fn(err: *const nodecore_error, user: *mut c_void)>;
pub type nodecore_fs_open_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, fd: nodecore_fd, user: *mut c_void)>;
pub type nodecore_fs_io_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, n: usize, user: *mut c_void)>;
pub type nodecore_fs_data_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, data: *mut nodecore_buf, user: *mut c_void)>;
pub type nodecore_fs_stat_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, stats: *const nodecore_stats, user: *mut c_void)>;
pub type nodecore_fs_readdir_cb = Option<
    unsafe extern "C" fn(err: *const nodecore_error, dirents: *mut nodecore_dirents, user: *mut c_void),
>;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_fs_read_file_options {
    pub struct_size: usize,
    pub flags: i32,
}
impl SizedOptions for nodecore_fs_read_file_options {
    const ZERO: Self = nodecore_fs_read_file_options { struct_size: 0, flags: 0 };
    const MIN_SIZE: usize = size_of::<Self>();
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_fs_write_file_options {
    pub struct_size: usize,
    pub flags: i32,
    pub mode: i32,
    pub flush: bool,
}
impl SizedOptions for nodecore_fs_write_file_options {
    const ZERO: Self = nodecore_fs_write_file_options { struct_size: 0, flags: 0, mode: 0, flush: false };
    const MIN_SIZE: usize = size_of::<Self>();
}

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

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_fs_stream_options {
    pub struct_size: usize,
    pub high_water_mark: usize,
    pub flags: i32,
    pub mode: i32,
    pub start: u64,
    pub has_end: bool,
    pub end: u64,
}
impl SizedOptions for nodecore_fs_stream_options {
    const ZERO: Self = nodecore_fs_stream_options {
        struct_size: 0,
        high_water_mark: 0,
        flags: 0,
        mode: 0,
        start: 0,
        has_end: false,
        end: 0,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

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
struct Call<F> {
    cb: F,
    foreign: Foreign,
}

impl<F> Call<F> {
    fn user(&self) -> *mut c_void {
        self.foreign.user()
    }
}

/// What the functions with a callback share: the guard first, then the checks, then `start`.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err`
///   are null or writable.
unsafe fn submit<F>(
    lp: *mut nodecore_loop,
    cb: Option<F>,
    (user, release): (*mut c_void, nodecore_release),
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
    start: impl FnOnce(&EventLoop, Call<F>) -> Result<Request>,
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
fn finish(call: Call<unsafe extern "C" fn(*const nodecore_error, *mut c_void)>, result: Result<()>) {
    // SAFETY: the caller gave the callback for this user, which is not released yet.
    lend_error(result.err().as_ref(), |err| unsafe { (call.cb)(err, call.user()) });
}

/// Calls a callback that is lent bytes.
fn finish_data(
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

/// Calls a callback that is shown stats.
fn finish_stat(
    call: Call<unsafe extern "C" fn(*const nodecore_error, *const nodecore_stats, *mut c_void)>,
    result: Result<Stats>,
) {
    // SAFETY: the caller gave the callback for this user, which is not released yet.
    let run = |err, stats| unsafe { (call.cb)(err, stats, call.user()) };
    match result {
        Ok(stats) => {
            let stats = nodecore_stats::new(&stats);
            run(std::ptr::null(), &raw const stats);
        }
        Err(error) => lend_error(Some(&error), |err| run(err, std::ptr::null())),
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_open_sync(
    path: *const c_char,
    path_len: usize,
    flags: i32,
    mode: i32,
    out: *mut nodecore_fd,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(nodecore_fs::open_sync(path_arg(path, path_len, "path")?, flags, mode_or(mode, 0o666)?)?);
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
pub unsafe extern "C" fn nodecore_fs_open(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    flags: i32,
    mode: i32,
    cb: nodecore_fs_open_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            nodecore_fs::open(
                lp,
                path_arg(path, path_len, "path")?,
                flags,
                mode_or(mode, 0o666)?,
                move |result| {
                    let (fd, error) = result.map_or_else(|error| (-1, Some(error)), |fd| (fd, None));
                    lend_error(error.as_ref(), |err| (call.cb)(err, fd, call.user()));
                },
            )
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_close_sync(
    fd: nodecore_fd,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            nodecore_fs::close_sync(fd)?;
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
pub unsafe extern "C" fn nodecore_fs_close(
    lp: *mut nodecore_loop,
    fd: nodecore_fd,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            nodecore_fs::close(lp, fd, move |result| finish(call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_read_sync(
    fd: nodecore_fd,
    buffer: *mut c_void,
    len: usize,
    position: i64,
    out: *mut usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let buffer = arg::data_mut(buffer, len, "buffer")?;
            out.set(nodecore_fs::read_sync(fd, buffer, &range(position))?);
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
pub unsafe extern "C" fn nodecore_fs_read(
    lp: *mut nodecore_loop,
    fd: nodecore_fd,
    len: usize,
    position: i64,
    cb: nodecore_fs_data_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            let buffer = arg::reserve("len", len)?;
            nodecore_fs::read(lp, fd, buffer, &range(position), move |result| {
                let data = result.map(|(n, mut buffer)| {
                    buffer.truncate(n);
                    buffer
                });
                finish_data(call, data);
            })
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_write_sync(
    fd: nodecore_fd,
    data: *const c_void,
    len: usize,
    position: i64,
    out: *mut usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let data = arg::data(data, len, "data")?;
            out.set(nodecore_fs::write_sync(fd, data, &range(position))?);
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
pub unsafe extern "C" fn nodecore_fs_write(
    lp: *mut nodecore_loop,
    fd: nodecore_fd,
    data: *const c_void,
    len: usize,
    position: i64,
    cb: nodecore_fs_io_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            let data = Bytes::copy_from_slice(arg::data(data, len, "data")?);
            nodecore_fs::write(lp, fd, data, &range(position), move |result| {
                let (n, error) = result.map_or_else(|error| (0, Some(error)), |(n, _)| (n, None));
                lend_error(error.as_ref(), |err| (call.cb)(err, n, call.user()));
            })
        })
    }
}

/// # Safety
/// - `opts` is null or a struct of the size it says.
unsafe fn read_file_options(opts: *const nodecore_fs_read_file_options) -> Result<ReadFileOptions> {
    // SAFETY: as the caller vouches.
    let opts = unsafe { nodecore_fs_read_file_options::read(opts, "opts") }?;
    Ok(ReadFileOptions::default().flag(Flags::from(opts.flags)))
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_read_file_sync(
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_fs_read_file_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let options = read_file_options(opts)?;
            out.set(nodecore_fs::read_file_sync(path_arg(path, path_len, "path")?, &options)?.into());
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
pub unsafe extern "C" fn nodecore_fs_read_file(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_fs_read_file_options,
    cb: nodecore_fs_data_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            let options = read_file_options(opts)?;
            nodecore_fs::read_file(lp, path_arg(path, path_len, "path")?, &options, move |result| {
                finish_data(call, result)
            })
        })
    }
}

/// # Safety
/// - `opts` is null or a struct of the size it says.
unsafe fn write_file_options(opts: *const nodecore_fs_write_file_options) -> Result<WriteFileOptions> {
    // SAFETY: as the caller vouches.
    let opts = unsafe { nodecore_fs_write_file_options::read(opts, "opts") }?;
    let options = WriteFileOptions::default().mode(mode_or(opts.mode, 0o666)?).flush(opts.flush);
    Ok(if opts.flags == 0 { options } else { options.flag(Flags::from(opts.flags)) })
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_write_file_sync(
    path: *const c_char,
    path_len: usize,
    data: *const c_void,
    len: usize,
    opts: *const nodecore_fs_write_file_options,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let options = write_file_options(opts)?;
            let data = arg::data(data, len, "data")?;
            nodecore_fs::write_file_sync(path_arg(path, path_len, "path")?, data, &options)?;
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
pub unsafe extern "C" fn nodecore_fs_write_file(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    data: *const c_void,
    len: usize,
    opts: *const nodecore_fs_write_file_options,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            let options = write_file_options(opts)?;
            let data = Bytes::copy_from_slice(arg::data(data, len, "data")?);
            nodecore_fs::write_file(lp, path_arg(path, path_len, "path")?, data, &options, move |result| {
                finish(call, result)
            })
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_stat_sync(
    path: *const c_char,
    path_len: usize,
    out: *mut nodecore_stats,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = StatsOut::new(out)?;
            out.set(&nodecore_fs::stat_sync(path_arg(path, path_len, "path")?)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_lstat_sync(
    path: *const c_char,
    path_len: usize,
    out: *mut nodecore_stats,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = StatsOut::new(out)?;
            out.set(&nodecore_fs::lstat_sync(path_arg(path, path_len, "path")?)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_fstat_sync(
    fd: nodecore_fd,
    out: *mut nodecore_stats,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = StatsOut::new(out)?;
            out.set(&nodecore_fs::fstat_sync(fd)?);
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
pub unsafe extern "C" fn nodecore_fs_stat(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    cb: nodecore_fs_stat_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            nodecore_fs::stat(lp, path_arg(path, path_len, "path")?, move |result| finish_stat(call, result))
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
pub unsafe extern "C" fn nodecore_fs_lstat(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    cb: nodecore_fs_stat_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            nodecore_fs::lstat(lp, path_arg(path, path_len, "path")?, move |result| finish_stat(call, result))
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
pub unsafe extern "C" fn nodecore_fs_fstat(
    lp: *mut nodecore_loop,
    fd: nodecore_fd,
    cb: nodecore_fs_stat_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            nodecore_fs::fstat(lp, fd, move |result| finish_stat(call, result))
        })
    }
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

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_rename_sync(
    from: *const c_char,
    from_len: usize,
    to: *const c_char,
    to_len: usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let (from, to) = (path_arg(from, from_len, "from")?, path_arg(to, to_len, "to")?);
            nodecore_fs::rename_sync(from, to)?;
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
pub unsafe extern "C" fn nodecore_fs_rename(
    lp: *mut nodecore_loop,
    from: *const c_char,
    from_len: usize,
    to: *const c_char,
    to_len: usize,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            let (from, to) = (path_arg(from, from_len, "from")?, path_arg(to, to_len, "to")?);
            nodecore_fs::rename(lp, from, to, move |result| finish(call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_unlink_sync(
    path: *const c_char,
    path_len: usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            nodecore_fs::unlink_sync(path_arg(path, path_len, "path")?)?;
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
pub unsafe extern "C" fn nodecore_fs_unlink(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            nodecore_fs::unlink(lp, path_arg(path, path_len, "path")?, move |result| finish(call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_readlink_sync(
    path: *const c_char,
    path_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(target(nodecore_fs::readlink_sync(path_arg(path, path_len, "path")?)?).into());
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
pub unsafe extern "C" fn nodecore_fs_readlink(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    cb: nodecore_fs_data_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            nodecore_fs::readlink(lp, path_arg(path, path_len, "path")?, move |result| {
                finish_data(call, result.map(target))
            })
        })
    }
}

/// A path's bytes.
fn target(path: std::path::PathBuf) -> Vec<u8> {
    path.into_os_string().into_encoded_bytes()
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `path` and `opts` are null or as their lengths say; `out` and
///   `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_create_read_stream(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_fs_stream_options,
    out: *mut *mut nodecore_readable,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let opts = nodecore_fs_stream_options::read(opts, "opts")?;
            let mut options = ReadStreamOptions::default().mode(mode_or(opts.mode, 0o666)?);
            if opts.flags != 0 {
                options = options.flags(Flags::from(opts.flags));
            }
            if opts.high_water_mark != 0 {
                options = options.high_water_mark(opts.high_water_mark);
            }
            if opts.start != 0 {
                options = options.start(opts.start);
            }
            if opts.has_end {
                options = options.end(opts.end);
            }
            let path = path_arg(path, path_len, "path")?;
            let stream = nodecore_fs::create_read_stream(event_loop(lp)?, path, &options)?;
            out.set(nodecore_readable(Readable::clone(&stream)).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `path` and `opts` are null or as their lengths say; `out` and
///   `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_create_write_stream(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_fs_stream_options,
    out: *mut *mut nodecore_writable,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let opts = nodecore_fs_stream_options::read(opts, "opts")?;
            let mut options = WriteStreamOptions::default().mode(mode_or(opts.mode, 0o666)?);
            if opts.flags != 0 {
                options = options.flags(Flags::from(opts.flags));
            }
            if opts.high_water_mark != 0 {
                options = options.high_water_mark(opts.high_water_mark);
            }
            if opts.start != 0 {
                options = options.start(opts.start);
            }
            let path = path_arg(path, path_len, "path")?;
            let stream = nodecore_fs::create_write_stream(event_loop(lp)?, path, &options)?;
            out.set(nodecore_writable(Writable::clone(&stream)).into_raw());
            Ok(())
        })
    }
}
