//! Blocking file system calls: libuv's `uv_fs_*` with a null loop and a null callback, as safe functions.
//!
//! Any thread may call them. A failed call gives the [`Error`] with libuv's code and Node's name of the
//! system call; the paths are added by the caller, who knows how they were spelled.

#![allow(unsafe_code)]
// libuv takes flags, modes and counts as C integers; each narrowing below is checked or bit-preserving.
#![allow(clippy::cast_possible_truncation)]

use std::ffi::{CStr, CString, c_char, c_int};
use std::io::{IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::ptr;

use libuv_sys2 as uv;
use nodecore_error::{Error, Result};

mod dir;

pub use dir::{Directory, EntryKind, RawEntries};

/// A file descriptor.
pub type Fd = i32;

/// The most bytes one read or write moves, libuv's own bound.
pub const IO_MAX_BYTES: usize = 0x7fff_f000;

/// A point in time: seconds since the epoch (negative before it) and nanoseconds into that second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RawTime {
    /// Whole seconds since the epoch.
    pub sec: i64,
    /// Nanoseconds, 0 to 999,999,999.
    pub nsec: i32,
}

/// What `stat` tells, as libuv gives it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RawStat {
    /// The device that holds the file.
    pub dev: u64,
    /// Type and permissions.
    pub mode: u64,
    /// Hard links to the file.
    pub nlink: u64,
    /// The owner.
    pub uid: u64,
    /// The owner's group.
    pub gid: u64,
    /// The device that the file is, if it is one.
    pub rdev: u64,
    /// The inode's number.
    pub ino: u64,
    /// Bytes.
    pub size: u64,
    /// The preferred size of one read or write, in bytes.
    pub blksize: u64,
    /// Blocks of 512 bytes allocated.
    pub blocks: u64,
    /// When the file was last read.
    pub atime: RawTime,
    /// When its content last changed.
    pub mtime: RawTime,
    /// When its inode last changed.
    pub ctime: RawTime,
    /// When it was created.
    pub birthtime: RawTime,
}

/// What `statfs` tells, as libuv gives it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RawStatFs {
    /// The type of the file system, the system's number.
    pub kind: u64,
    /// The preferred size of a transfer, in bytes.
    pub bsize: u64,
    /// The size of a fragment, in bytes.
    pub frsize: u64,
    /// Blocks in all.
    pub blocks: u64,
    /// Blocks that are free.
    pub bfree: u64,
    /// Blocks that are free to users without privileges.
    pub bavail: u64,
    /// Inodes in all.
    pub files: u64,
    /// Inodes that are free.
    pub ffree: u64,
}

/// Frees what libuv allocated for a request, when the request goes out of use.
struct Cleanup(*mut uv::uv_fs_t);

impl Drop for Cleanup {
    fn drop(&mut self) {
        // SAFETY: `call` makes this only of a request that a uv_fs_ function has initialised and that
        // outlives it at the same address.
        unsafe { uv::uv_fs_req_cleanup(self.0) }
    }
}

/// Runs `start` on a fresh request, then `finish` on its outcome, with the request at one address
/// throughout (libuv keeps pointers into it) and cleaned up after.
///
/// # Safety
///
/// - `start` calls exactly one `uv_fs_*` function on the request, with a null callback, and returns
///   what that returned. (All of them initialise the request before anything can fail.)
#[inline(always)]
unsafe fn call<R>(
    syscall: &'static str,
    start: impl FnOnce(*mut uv::uv_fs_t) -> c_int,
    finish: impl FnOnce(*mut uv::uv_fs_t, c_int) -> R,
) -> Result<R> {
    let mut request = MaybeUninit::<uv::uv_fs_t>::uninit();
    let request = request.as_mut_ptr();
    let result = start(request);
    let _cleanup = Cleanup(request);
    if result < 0 {
        return Err(failed(result, syscall));
    }
    Ok(finish(request, result))
}

#[cold]
fn failed(errno: c_int, syscall: &'static str) -> Error {
    Error::system(errno, syscall)
}

/// A call of which only success matters: `plain!("unlink", uv_fs_unlink, path.as_ptr())`.
macro_rules! plain {
    ($syscall:literal, $function:ident $(, $arg:expr)*) => {
        // SAFETY: one uv_fs_ function, null callback; paths are NUL-terminated and outlive the call.
        unsafe {
            call(
                $syscall,
                |request| uv::$function(ptr::null_mut(), request $(, $arg)*, None),
                |_, _| (),
            )
        }
    };
}

mod times;

pub use times::{NewTime, futime, lutime, utime};

/// Opens `path`. The descriptor is closed on exec.
///
/// # Errors
/// The system's code, syscall `open`.
#[inline]
pub fn open(path: &CStr, flags: i32, mode: u32) -> Result<Fd> {
    // SAFETY: one uv_fs_ function, null callback; the path is NUL-terminated and outlives the call.
    unsafe {
        call(
            "open",
            |request| uv::uv_fs_open(ptr::null_mut(), request, path.as_ptr(), flags, mode as c_int, None),
            |_, fd| fd,
        )
    }
}

/// Closes `fd`. An interrupted close counts as done.
///
/// # Errors
/// The system's code, syscall `close`.
#[inline]
pub fn close(fd: Fd) -> Result<()> {
    plain!("close", uv_fs_close, fd)
}

/// libuv's offset: negative reads and writes at the file's own position.
fn offset(position: Option<u64>) -> i64 {
    position.map_or(-1, |position| i64::try_from(position).unwrap_or(i64::MAX))
}

fn buffer(base: *mut u8, len: usize) -> uv::uv_buf_t {
    uv::uv_buf_t { base: base.cast::<c_char>(), len: len.min(IO_MAX_BYTES) as _ }
}

/// Reads into `target`, at `position` or where the file stands. Returns the bytes read, 0 at the end.
///
/// # Errors
/// The system's code, syscall `read`. `EINTR` is passed on, as libuv does.
#[inline]
pub fn read(fd: Fd, target: &mut [u8], position: Option<u64>) -> Result<usize> {
    let target = buffer(target.as_mut_ptr(), target.len());
    // SAFETY: the buffer is borrowed exclusively for this call, and its length is not above the slice's.
    unsafe { read_raw(fd, &target, 1, offset(position)) }
}

/// Reads at most `max` bytes behind the content of `target`, into memory that need not be initialised.
/// Returns the bytes read, by which `target` has grown; 0 at the end of the file.
///
/// # Errors
/// The system's code, syscall `read`; `ENOMEM` where the buffer cannot grow.
#[inline]
pub fn read_to_vec(fd: Fd, target: &mut Vec<u8>, max: usize, position: Option<u64>) -> Result<usize> {
    if target.capacity() - target.len() < max && target.try_reserve(max).is_err() {
        return Err(Error::system_code(nodecore_error::Code::ENOMEM, "read"));
    }
    let spare = target.spare_capacity_mut();
    let free = buffer(spare.as_mut_ptr().cast::<u8>(), max.min(spare.len()));
    // SAFETY: the spare capacity is borrowed exclusively for this call; the kernel only writes to it.
    let count = unsafe { read_raw(fd, &free, 1, offset(position)) }?;
    // SAFETY: the kernel has initialised `count` bytes behind `len`, and `count` is within the spare room.
    unsafe { target.set_len(target.len() + count) };
    Ok(count)
}

/// Reads into several buffers in turn. Returns the bytes read.
///
/// # Errors
/// The system's code, syscall `read`, as Node names it.
pub fn readv(fd: Fd, targets: &mut [IoSliceMut<'_>], position: Option<u64>) -> Result<usize> {
    let buffers: Vec<_> = targets.iter_mut().map(|t| buffer(t.as_mut_ptr(), t.len())).collect();
    // SAFETY: every buffer is borrowed exclusively for this call.
    unsafe { read_raw(fd, buffers.as_ptr(), buffers.len(), offset(position)) }
}

/// # Safety
///
/// - `buffers` points to `count` descriptions of memory that is valid for writes and not otherwise used.
#[inline]
unsafe fn read_raw(fd: Fd, buffers: *const uv::uv_buf_t, count: usize, offset: i64) -> Result<usize> {
    // SAFETY: one uv_fs_ function, null callback; the caller vouches for the buffers.
    unsafe {
        call(
            "read",
            |request| uv::uv_fs_read(ptr::null_mut(), request, fd, buffers, clamp(count), offset, None),
            |_, read| read as usize,
        )
    }
}

/// Writes `source` at `position` or where the file stands. Returns the bytes written, which are fewer
/// than asked for where the device took fewer (libuv tries again until an error or nothing is taken).
///
/// # Errors
/// The system's code, syscall `write`.
#[inline]
pub fn write(fd: Fd, source: &[u8], position: Option<u64>) -> Result<usize> {
    let source = buffer(source.as_ptr().cast_mut(), source.len());
    // SAFETY: the bytes are borrowed for this call, and a write only reads them.
    unsafe { write_raw(fd, &source, 1, offset(position)) }
}

/// Writes several buffers in turn. Returns the bytes written.
///
/// # Errors
/// The system's code, syscall `write`, as Node names it.
pub fn writev(fd: Fd, sources: &[IoSlice<'_>], position: Option<u64>) -> Result<usize> {
    let buffers: Vec<_> = sources.iter().map(|s| buffer(s.as_ptr().cast_mut(), s.len())).collect();
    // SAFETY: the bytes are borrowed for this call, and a write only reads them.
    unsafe { write_raw(fd, buffers.as_ptr(), buffers.len(), offset(position)) }
}

/// # Safety
///
/// - `buffers` points to `count` descriptions of memory that is valid for reads.
#[inline]
unsafe fn write_raw(fd: Fd, buffers: *const uv::uv_buf_t, count: usize, offset: i64) -> Result<usize> {
    // SAFETY: one uv_fs_ function, null callback; the caller vouches for the buffers.
    unsafe {
        call(
            "write",
            |request| uv::uv_fs_write(ptr::null_mut(), request, fd, buffers, clamp(count), offset, None),
            |_, written| written as usize,
        )
    }
}

fn clamp(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Removes the name `path`.
///
/// # Errors
/// The system's code, syscall `unlink`.
pub fn unlink(path: &CStr) -> Result<()> {
    plain!("unlink", uv_fs_unlink, path.as_ptr())
}

/// Makes the directory `path`.
///
/// # Errors
/// The system's code, syscall `mkdir`.
pub fn mkdir(path: &CStr, mode: u32) -> Result<()> {
    plain!("mkdir", uv_fs_mkdir, path.as_ptr(), mode as c_int)
}

/// Removes the empty directory `path`.
///
/// # Errors
/// The system's code, syscall `rmdir`.
pub fn rmdir(path: &CStr) -> Result<()> {
    plain!("rmdir", uv_fs_rmdir, path.as_ptr())
}

/// Makes a directory of a name of its own: the six `X` at the end of `template` are replaced.
///
/// # Errors
/// The system's code, syscall `mkdtemp`.
pub fn mkdtemp(template: &CStr) -> Result<CString> {
    // SAFETY: one uv_fs_ function, null callback; libuv copies the template and puts the name, NUL-terminated,
    // into the request's `path`.
    unsafe {
        call(
            "mkdtemp",
            |request| uv::uv_fs_mkdtemp(ptr::null_mut(), request, template.as_ptr(), None),
            |request, _| CStr::from_ptr((*request).path).to_owned(),
        )
    }
}

/// Makes and opens a file of a name of its own: the six `X` at the end of `template` are replaced.
///
/// # Errors
/// The system's code, syscall `mkstemp`.
pub fn mkstemp(template: &CStr) -> Result<(Fd, CString)> {
    // SAFETY: as `mkdtemp`.
    unsafe {
        call(
            "mkstemp",
            |request| uv::uv_fs_mkstemp(ptr::null_mut(), request, template.as_ptr(), None),
            |request, fd| (fd, CStr::from_ptr((*request).path).to_owned()),
        )
    }
}

/// Renames `from` to `to`.
///
/// # Errors
/// The system's code, syscall `rename`.
pub fn rename(from: &CStr, to: &CStr) -> Result<()> {
    plain!("rename", uv_fs_rename, from.as_ptr(), to.as_ptr())
}

/// Copies the file `from` to `to`; `flags` are `UV_FS_COPYFILE_*`.
///
/// # Errors
/// The system's code, syscall `copyfile`.
pub fn copyfile(from: &CStr, to: &CStr, flags: i32) -> Result<()> {
    plain!("copyfile", uv_fs_copyfile, from.as_ptr(), to.as_ptr(), flags)
}

/// What is at `path`, symbolic links followed.
///
/// # Errors
/// The system's code, syscall `stat`.
#[inline]
pub fn stat(path: &CStr) -> Result<RawStat> {
    // SAFETY: one uv_fs_ function, null callback; on success libuv has filled the request's `statbuf`.
    unsafe {
        call(
            "stat",
            |request| uv::uv_fs_stat(ptr::null_mut(), request, path.as_ptr(), None),
            |request, _| raw_stat(&(*request).statbuf),
        )
    }
}

/// What is at `path`, a symbolic link itself if it is one.
///
/// # Errors
/// The system's code, syscall `lstat`.
#[inline]
pub fn lstat(path: &CStr) -> Result<RawStat> {
    // SAFETY: as `stat`.
    unsafe {
        call(
            "lstat",
            |request| uv::uv_fs_lstat(ptr::null_mut(), request, path.as_ptr(), None),
            |request, _| raw_stat(&(*request).statbuf),
        )
    }
}

/// What `fd` refers to.
///
/// # Errors
/// The system's code, syscall `fstat`.
#[inline]
pub fn fstat(fd: Fd) -> Result<RawStat> {
    // SAFETY: as `stat`.
    unsafe {
        call(
            "fstat",
            |request| uv::uv_fs_fstat(ptr::null_mut(), request, fd, None),
            |request, _| raw_stat(&(*request).statbuf),
        )
    }
}

// `tv_sec` is a C long, narrower than this on 32-bit systems.
#[allow(clippy::unnecessary_cast)]
pub(super) fn raw_stat(stat: &uv::uv_stat_t) -> RawStat {
    let time = |t: &uv::uv_timespec_t| RawTime { sec: t.tv_sec as i64, nsec: t.tv_nsec as i32 };
    RawStat {
        dev: stat.st_dev,
        mode: stat.st_mode,
        nlink: stat.st_nlink,
        uid: stat.st_uid,
        gid: stat.st_gid,
        rdev: stat.st_rdev,
        ino: stat.st_ino,
        size: stat.st_size,
        blksize: stat.st_blksize,
        blocks: stat.st_blocks,
        atime: time(&stat.st_atim),
        mtime: time(&stat.st_mtim),
        ctime: time(&stat.st_ctim),
        birthtime: time(&stat.st_birthtim),
    }
}

/// The file system that holds `path`.
///
/// # Errors
/// The system's code, syscall `statfs`.
pub fn statfs(path: &CStr) -> Result<RawStatFs> {
    // SAFETY: one uv_fs_ function, null callback; on success `ptr` is a uv_statfs_t until the cleanup.
    unsafe {
        call(
            "statfs",
            |request| uv::uv_fs_statfs(ptr::null_mut(), request, path.as_ptr(), None),
            |request, _| {
                let found = &*(*request).ptr.cast::<uv::uv_statfs_t>();
                RawStatFs {
                    kind: found.f_type,
                    bsize: found.f_bsize,
                    frsize: found.f_frsize,
                    blocks: found.f_blocks,
                    bfree: found.f_bfree,
                    bavail: found.f_bavail,
                    files: found.f_files,
                    ffree: found.f_ffree,
                }
            },
        )
    }
}

/// Makes `to` a second name of the file `from`.
///
/// # Errors
/// The system's code, syscall `link`.
pub fn link(from: &CStr, to: &CStr) -> Result<()> {
    plain!("link", uv_fs_link, from.as_ptr(), to.as_ptr())
}

/// Makes a symbolic link `path` to `target`; `flags` matter on Windows only.
///
/// # Errors
/// The system's code, syscall `symlink`.
pub fn symlink(target: &CStr, path: &CStr, flags: i32) -> Result<()> {
    plain!("symlink", uv_fs_symlink, target.as_ptr(), path.as_ptr(), flags)
}

/// Where the symbolic link `path` points to.
///
/// # Errors
/// The system's code, syscall `readlink`.
pub fn readlink(path: &CStr) -> Result<Vec<u8>> {
    // SAFETY: one uv_fs_ function, null callback; on success `ptr` is a NUL-terminated string until the cleanup.
    unsafe {
        call(
            "readlink",
            |request| uv::uv_fs_readlink(ptr::null_mut(), request, path.as_ptr(), None),
            |request, _| CStr::from_ptr((*request).ptr.cast()).to_bytes().to_vec(),
        )
    }
}

/// The absolute path of `path` with every link resolved.
///
/// # Errors
/// The system's code, syscall `realpath`.
pub fn realpath(path: &CStr) -> Result<Vec<u8>> {
    // SAFETY: as `readlink`.
    unsafe {
        call(
            "realpath",
            |request| uv::uv_fs_realpath(ptr::null_mut(), request, path.as_ptr(), None),
            |request, _| CStr::from_ptr((*request).ptr.cast()).to_bytes().to_vec(),
        )
    }
}

/// Sets the permissions of `path`.
///
/// # Errors
/// The system's code, syscall `chmod`.
pub fn chmod(path: &CStr, mode: u32) -> Result<()> {
    plain!("chmod", uv_fs_chmod, path.as_ptr(), mode as c_int)
}

/// Sets the permissions of what `fd` refers to.
///
/// # Errors
/// The system's code, syscall `fchmod`.
pub fn fchmod(fd: Fd, mode: u32) -> Result<()> {
    plain!("fchmod", uv_fs_fchmod, fd, mode as c_int)
}

/// Sets the owner and group of `path`.
///
/// # Errors
/// The system's code, syscall `chown`.
pub fn chown(path: &CStr, uid: u32, gid: u32) -> Result<()> {
    plain!("chown", uv_fs_chown, path.as_ptr(), uid as _, gid as _)
}

/// Sets the owner and group of what `fd` refers to.
///
/// # Errors
/// The system's code, syscall `fchown`.
pub fn fchown(fd: Fd, uid: u32, gid: u32) -> Result<()> {
    plain!("fchown", uv_fs_fchown, fd, uid as _, gid as _)
}

/// Sets the owner and group of `path`, of a symbolic link itself if it is one.
///
/// # Errors
/// The system's code, syscall `lchown`.
pub fn lchown(path: &CStr, uid: u32, gid: u32) -> Result<()> {
    plain!("lchown", uv_fs_lchown, path.as_ptr(), uid as _, gid as _)
}

/// Whether this process may use `path` as `mode` (`R_OK`, `W_OK`, `X_OK`) says; 0 asks whether it is there.
///
/// # Errors
/// The system's code, syscall `access`.
#[inline]
pub fn access(path: &CStr, mode: i32) -> Result<()> {
    plain!("access", uv_fs_access, path.as_ptr(), mode)
}

/// As [`access`], without an error to allocate.
#[inline]
pub fn accessible(path: &CStr, mode: i32) -> bool {
    let mut request = MaybeUninit::<uv::uv_fs_t>::uninit();
    let request = request.as_mut_ptr();
    // SAFETY: the path is NUL-terminated and outlives the call; with a null callback libuv works in place
    // and initialises the request, which stays at this address until it is cleaned up.
    unsafe {
        let result = uv::uv_fs_access(ptr::null_mut(), request, path.as_ptr(), mode, None);
        drop(Cleanup(request));
        result == 0
    }
}

/// Makes what `fd` refers to `len` bytes long.
///
/// # Errors
/// The system's code, syscall `ftruncate`.
pub fn ftruncate(fd: Fd, len: u64) -> Result<()> {
    plain!("ftruncate", uv_fs_ftruncate, fd, i64::try_from(len).unwrap_or(i64::MAX))
}

/// Waits until data and metadata of `fd` are on the device.
///
/// # Errors
/// The system's code, syscall `fsync`.
pub fn fsync(fd: Fd) -> Result<()> {
    plain!("fsync", uv_fs_fsync, fd)
}

/// Waits until the data of `fd` are on the device.
///
/// # Errors
/// The system's code, syscall `fdatasync`.
pub fn fdatasync(fd: Fd) -> Result<()> {
    plain!("fdatasync", uv_fs_fdatasync, fd)
}

/// Copies `len` bytes from `from` at `position` to `to`. Returns the bytes copied.
///
/// # Errors
/// The system's code, syscall `sendfile`.
pub fn sendfile(to: Fd, from: Fd, position: u64, len: usize) -> Result<usize> {
    let position = i64::try_from(position).unwrap_or(i64::MAX);
    let len = len.min(IO_MAX_BYTES);
    // SAFETY: one uv_fs_ function, null callback; only integers are passed.
    unsafe {
        call(
            "sendfile",
            |request| uv::uv_fs_sendfile(ptr::null_mut(), request, to, from, position, len, None),
            |_, sent| sent as usize,
        )
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::CString;

    use nodecore_error::Code;

    use super::*;

    struct Scratch(CString);

    impl Scratch {
        fn new() -> Scratch {
            let template = std::env::temp_dir().join("nodecore-uv-fs-XXXXXX");
            Scratch(mkdtemp(&CString::new(template.to_str().unwrap()).unwrap()).unwrap())
        }
        fn at(&self, name: &str) -> CString {
            CString::new(format!("{}/{name}", self.0.to_str().unwrap())).unwrap()
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            rmdir(&self.0).unwrap();
        }
    }

    const CREATE: i32 = libc::O_CREAT | libc::O_RDWR | libc::O_EXCL;

    #[test]
    fn bytes_go_in_and_come_out() {
        let dir = Scratch::new();
        let path = dir.at("f");
        let fd = open(&path, CREATE, 0o600).unwrap();
        assert_eq!(write(fd, b"hello", None), Ok(5));
        assert_eq!(writev(fd, &[IoSlice::new(b", "), IoSlice::new(b"world")], None), Ok(7));
        assert_eq!(write(fd, b"W", Some(7)), Ok(1));
        assert_eq!(write(fd, b"", None), Ok(0));
        let mut all = Vec::from(*b">");
        assert_eq!(read_to_vec(fd, &mut all, 100, Some(0)), Ok(12));
        assert_eq!(all, b">hello, World");
        assert_eq!(read_to_vec(fd, &mut all, 100, Some(12)), Ok(0));
        assert_eq!(read_to_vec(fd, &mut all, 3, Some(0)), Ok(3));
        assert_eq!(all.len(), 16);
        let (mut a, mut b) = ([0; 2], [0; 20]);
        assert_eq!(readv(fd, &mut [IoSliceMut::new(&mut a), IoSliceMut::new(&mut b)], Some(1)), Ok(11));
        assert_eq!((&a, &b[..9]), (b"el", &b"lo, World"[..]));
        assert_eq!(readv(fd, &mut [], None).unwrap_err().code(), Code::EINVAL);
        ftruncate(fd, 3).unwrap();
        fsync(fd).unwrap();
        fdatasync(fd).unwrap();
        fchmod(fd, 0o640).unwrap();
        futime(fd, [-1.5, 1e9].map(NewTime::Seconds)).unwrap();
        let found = fstat(fd).unwrap();
        assert_eq!((found.size, found.mode & 0o777), (3, 0o640));
        assert_eq!(found.atime, RawTime { sec: -2, nsec: 500_000_000 });
        assert_eq!(found.mtime, RawTime { sec: 1_000_000_000, nsec: 0 });
        close(fd).unwrap();
        assert_eq!(close(fd).unwrap_err().to_string(), "EBADF: bad file descriptor, close");
        assert_eq!(read(fd, &mut a, None).unwrap_err().to_string(), "EBADF: bad file descriptor, read");
        unlink(&path).unwrap();
    }

    #[test]
    fn names_come_and_go() {
        let dir = Scratch::new();
        let (a, b, c) = (dir.at("a"), dir.at("b"), dir.at("c"));
        let (fd, made) = mkstemp(&dir.at("tXXXXXX")).unwrap();
        close(fd).unwrap();
        rename(&made, &a).unwrap();
        link(&a, &b).unwrap();
        assert_eq!(stat(&a).unwrap().nlink, 2);
        symlink(c"a", &c, 0).unwrap();
        assert_eq!(readlink(&c).unwrap(), b"a");
        assert_eq!(realpath(&c).unwrap(), realpath(&a).unwrap());
        assert_ne!(lstat(&c).unwrap().ino, stat(&c).unwrap().ino);
        assert!(accessible(&c, 0) && !accessible(&dir.at("none"), 0));
        assert_eq!(access(&dir.at("none"), 0).unwrap_err().code(), Code::ENOENT);
        unlink(&b).unwrap();
        copyfile(&a, &b, 0).unwrap();
        assert_eq!(copyfile(&a, &b, 1).unwrap_err().code(), Code::EEXIST);
        assert_eq!(copyfile(&a, &b, 64).unwrap_err().code(), Code::EINVAL);
        mkdir(&dir.at("d"), 0o700).unwrap();
        assert_eq!(mkdir(&dir.at("d"), 0o700).unwrap_err().code(), Code::EEXIST);
        rmdir(&dir.at("d")).unwrap();
        chmod(&a, 0o400).unwrap();
        utime(&a, [1.0, 2.0].map(NewTime::Seconds)).unwrap();
        lutime(&c, [3.0, 4.0].map(NewTime::Seconds)).unwrap();
        assert_eq!((stat(&a).unwrap().mtime.sec, lstat(&c).unwrap().mtime.sec), (2, 4));
        assert!(statfs(&a).unwrap().bsize > 0);
        for path in [a, b, c] {
            unlink(&path).unwrap();
        }
    }

    #[test]
    fn sendfile_copies() {
        let dir = Scratch::new();
        let (from, name) = mkstemp(&dir.at("tXXXXXX")).unwrap();
        let (to, other) = mkstemp(&dir.at("tXXXXXX")).unwrap();
        write(from, b"abcdef", None).unwrap();
        assert_eq!(sendfile(to, from, 2, 3), Ok(3));
        let mut copied = [0; 9];
        assert_eq!(read(to, &mut copied, Some(0)), Ok(3));
        assert_eq!(&copied[..3], b"cde");
        for (fd, name) in [(from, name), (to, other)] {
            close(fd).unwrap();
            unlink(&name).unwrap();
        }
    }
}
