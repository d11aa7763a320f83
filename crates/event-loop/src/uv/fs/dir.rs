//! Directories, read step by step into one arena.
//!
//! Node sorts what `readdir` gives by bytes (libuv's `uv_fs_scandir` does). On Linux the records are taken
//! from the kernel directly: `uv_fs_scandir` allocates every name twice and is 1.7 times slower.

#![allow(unsafe_code)]

use std::ffi::CStr;

use nodecore_error::Result;

#[cfg(target_os = "linux")]
use getdents::Source;
#[cfg(not(target_os = "linux"))]
use portable::Source;

/// What kind of thing a directory entry is; libuv's `uv_dirent_type_t`, with its numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum EntryKind {
    /// The file system does not tell: `lstat` does.
    #[default]
    Unknown = 0,
    /// A regular file.
    File = 1,
    /// A directory.
    Directory = 2,
    /// A symbolic link.
    Link = 3,
    /// A FIFO.
    Fifo = 4,
    /// A socket.
    Socket = 5,
    /// A character device.
    CharacterDevice = 6,
    /// A block device.
    BlockDevice = 7,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    start: usize,
    len: u32,
    kind: EntryKind,
}

/// Names and kinds of directory entries, all in one piece of memory.
#[derive(Clone, Debug, Default)]
pub struct RawEntries {
    names: Vec<u8>,
    spans: Vec<Span>,
}

impl RawEntries {
    /// Entries held.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The name and kind of entry `index`, if there is one.
    #[inline]
    pub fn get(&self, index: usize) -> Option<(&[u8], EntryKind)> {
        let span = self.spans.get(index)?;
        Some((self.name(span), span.kind))
    }

    /// Replaces what is known of the kind of entry `index`.
    pub fn set_kind(&mut self, index: usize, kind: EntryKind) {
        if let Some(span) = self.spans.get_mut(index) {
            span.kind = kind;
        }
    }

    /// Drops the entries from `len` on.
    pub fn truncate(&mut self, len: usize) {
        if let Some(first) = self.spans.get(len) {
            self.names.truncate(first.start);
            self.spans.truncate(len);
        }
    }

    #[inline]
    fn name(&self, span: &Span) -> &[u8] {
        &self.names[span.start..span.start + span.len as usize]
    }

    #[inline]
    fn push(&mut self, name: &[u8], kind: EntryKind) {
        // A name is a path component: no file system has any near 4 GiB.
        let len = u32::try_from(name.len()).unwrap_or(u32::MAX);
        let name = &name[..len as usize];
        self.spans.push(Span { start: self.names.len(), len, kind });
        self.names.extend_from_slice(name);
    }

    /// Sorts the entries from `first` on by the bytes of their names.
    pub fn sort_from(&mut self, first: usize) {
        let Some(unsorted) = self.spans.get(first..) else { return };
        let Some(shared) = unsorted.first().map(|span| self.name(span)) else { return };
        // Names in one directory tend to begin alike, so the eight bytes behind what they share tell most
        // of them apart and are compared as one number.
        let mut skip = shared.len();
        for span in unsorted {
            let name = self.name(span);
            if name.len() < skip || name[..skip] != shared[..skip] {
                skip = name.iter().zip(shared).take_while(|(a, b)| a == b).count();
            }
        }
        let mut keyed: Vec<(u64, Span)> =
            unsorted.iter().map(|span| (key(&self.name(span)[skip..]), *span)).collect();
        keyed.sort_unstable_by(|(a, left), (b, right)| {
            a.cmp(b).then_with(|| self.name(left).cmp(self.name(right)))
        });
        self.spans.truncate(first);
        self.spans.extend(keyed.into_iter().map(|(_, span)| span));
    }
}

/// The first eight bytes as a number that orders as they do. A shorter name equals one that goes on with
/// NUL, which no name has.
#[inline]
fn key(name: &[u8]) -> u64 {
    match name.first_chunk::<8>() {
        Some(first) => u64::from_be_bytes(*first),
        None => name.iter().fold(0, |key, &byte| key << 8 | u64::from(byte)) << (8 * (8 - name.len()) % 64),
    }
}

#[cfg(target_os = "linux")]
const NO_FOLLOW: i32 = libc::O_NOFOLLOW;
#[cfg(not(target_os = "linux"))]
const NO_FOLLOW: i32 = 0;

/// An open directory, closed when dropped.
#[derive(Debug)]
pub struct Directory(Source);

impl Directory {
    /// Opens `path`. `syscall` is what an error names: Node says `scandir` or `opendir`.
    ///
    /// # Errors
    /// The system's code.
    pub fn open(path: &CStr, syscall: &'static str) -> Result<Directory> {
        Source::open(path, syscall, 0).map(Directory)
    }

    /// As [`Directory::open`], but of a symbolic link it is `ENOTDIR` or `ELOOP`, whichever the system says
    /// (where it can tell: on Linux).
    ///
    /// # Errors
    /// The system's code.
    pub fn open_no_follow(path: &CStr, syscall: &'static str) -> Result<Directory> {
        Source::open(path, syscall, NO_FOLLOW).map(Directory)
    }

    /// Adds some more entries, in the system's order and without `.` and `..`. False: there were no more.
    ///
    /// # Errors
    /// The system's code.
    pub fn read(&mut self, entries: &mut RawEntries) -> Result<bool> {
        self.0.read(entries)
    }
}

/// The kernel's records, through a descriptor that libuv opened.
#[cfg(target_os = "linux")]
mod getdents {
    use std::ffi::CStr;
    use std::mem::{MaybeUninit, offset_of};

    use nodecore_error::{Code, Error, Result};

    use super::{EntryKind, RawEntries};
    use crate::uv::fs::{Fd, close, open};

    /// As large as the C library's: 32 KiB hold about 800 entries.
    const WORDS: usize = 4096;

    #[derive(Debug)]
    pub(super) struct Source {
        fd: Fd,
        syscall: &'static str,
        buffer: Box<[MaybeUninit<u64>]>,
    }

    impl Drop for Source {
        fn drop(&mut self) {
            // Nothing was written through it: closing cannot lose anything.
            let _ = close(self.fd);
        }
    }

    impl Source {
        pub(super) fn open(path: &CStr, syscall: &'static str, flags: i32) -> Result<Source> {
            let flags = libc::O_RDONLY | libc::O_DIRECTORY | libc::O_NONBLOCK | flags;
            let fd = open(path, flags, 0).map_err(|error| renamed(&error, syscall))?;
            Ok(Source { fd, syscall, buffer: Box::new_uninit_slice(WORDS) })
        }

        pub(super) fn read(&mut self, entries: &mut RawEntries) -> Result<bool> {
            let filled = loop {
                // SAFETY: the buffer is ours, writable and as long as said; the call takes no other memory.
                let filled = unsafe {
                    libc::syscall(
                        libc::SYS_getdents64,
                        self.fd,
                        self.buffer.as_mut_ptr(),
                        size_of_val::<[_]>(&self.buffer),
                    )
                };
                if filled >= 0 {
                    break filled.unsigned_abs() as usize;
                }
                match std::io::Error::last_os_error().raw_os_error().unwrap_or(0) {
                    libc::EINTR => {}
                    // The directory itself was removed meanwhile: the C library says "end", and so libuv.
                    libc::ENOENT => break 0,
                    errno => return Err(Error::system(-errno, self.syscall)),
                }
            };
            // SAFETY: the kernel has initialised the first `filled` bytes, which are within the buffer, and
            // any byte is a valid `u8`.
            let records = unsafe { std::slice::from_raw_parts(self.buffer.as_ptr().cast::<u8>(), filled) };
            each(records, |name, kind| entries.push(name, kind))
                .ok_or_else(|| Error::system_code(Code::EIO, self.syscall))?;
            Ok(filled > 0)
        }
    }

    fn renamed(error: &Error, syscall: &'static str) -> Error {
        error.errno().map_or_else(|| error.clone(), |errno| Error::system(errno, syscall))
    }

    /// Takes records apart: inode, offset, `u16` length, type, NUL-terminated name. None: they do not fit.
    fn each(mut records: &[u8], mut visit: impl FnMut(&[u8], EntryKind)) -> Option<()> {
        const LENGTH: usize = offset_of!(libc::dirent64, d_reclen);
        const TYPE: usize = offset_of!(libc::dirent64, d_type);
        const NAME: usize = offset_of!(libc::dirent64, d_name);
        while !records.is_empty() {
            let length = u16::from_ne_bytes([*records.get(LENGTH)?, *records.get(LENGTH + 1)?]);
            let (record, rest) = records.split_at_checked(usize::from(length))?;
            let name = CStr::from_bytes_until_nul(record.get(NAME..)?).ok()?.to_bytes();
            if name != b"." && name != b".." {
                visit(name, kind(record[TYPE]));
            }
            records = rest;
        }
        Some(())
    }

    fn kind(kind: u8) -> EntryKind {
        match kind {
            libc::DT_REG => EntryKind::File,
            libc::DT_DIR => EntryKind::Directory,
            libc::DT_LNK => EntryKind::Link,
            libc::DT_FIFO => EntryKind::Fifo,
            libc::DT_SOCK => EntryKind::Socket,
            libc::DT_CHR => EntryKind::CharacterDevice,
            libc::DT_BLK => EntryKind::BlockDevice,
            _ => EntryKind::Unknown,
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn records_that_do_not_fit_are_refused() {
            let mut record = vec![0u8; 24];
            record[16] = 25;
            assert_eq!(each(&record, |_, _| ()), None);
            record[16] = 0;
            assert_eq!(each(&record, |_, _| ()), None);
            record[16] = 24;
            record[19] = b'a';
            let mut seen = Vec::new();
            assert_eq!(each(&record, |name, _| seen.push(name.to_vec())), Some(()));
            assert_eq!(seen, [b"a".to_vec()]);
            record[19..].fill(b'a');
            assert_eq!(each(&record, |_, _| ()), None);
        }
    }
}

/// libuv's own directory reading, for systems other than Linux.
#[cfg(any(test, not(target_os = "linux")))]
mod portable {
    use std::ffi::CStr;
    use std::ptr::{self, NonNull};

    use libuv_sys2 as uv;
    use nodecore_error::Result;

    use super::{EntryKind, RawEntries};
    use crate::uv::fs::call;

    const BATCH: usize = 256;

    #[derive(Debug)]
    pub(super) struct Source {
        dir: NonNull<uv::uv_dir_t>,
        syscall: &'static str,
    }

    // SAFETY: libuv binds a directory to no thread; `&mut` keeps its use to one at a time.
    unsafe impl Send for Source {}

    impl Drop for Source {
        fn drop(&mut self) {
            // SAFETY: one uv_fs_ function, null callback; the directory is open and is not used again.
            let _ = unsafe {
                call(
                    "closedir",
                    |request| uv::uv_fs_closedir(ptr::null_mut(), request, self.dir.as_ptr(), None),
                    |_, _| (),
                )
            };
        }
    }

    impl Source {
        pub(super) fn open(path: &CStr, syscall: &'static str, _flags: i32) -> Result<Source> {
            // SAFETY: one uv_fs_ function, null callback; on success `ptr` is the directory, which the
            // cleanup leaves alone.
            let dir = unsafe {
                call(
                    syscall,
                    |request| uv::uv_fs_opendir(ptr::null_mut(), request, path.as_ptr(), None),
                    |request, _| NonNull::new((*request).ptr.cast::<uv::uv_dir_t>()),
                )
            }?;
            let dir = dir.ok_or_else(|| nodecore_error::Error::system(-libc::ENOMEM, syscall))?;
            Ok(Source { dir, syscall })
        }

        pub(super) fn read(&mut self, entries: &mut RawEntries) -> Result<bool> {
            let mut batch = [const {
                uv::uv_dirent_t { name: ptr::null(), type_: uv::uv_dirent_type_t_UV_DIRENT_UNKNOWN }
            }; BATCH];
            // SAFETY: the directory is open; the batch outlives the call and its cleanup, which frees the
            // names; libuv has filled as many entries as it says.
            let count = unsafe {
                (*self.dir.as_ptr()).dirents = batch.as_mut_ptr();
                (*self.dir.as_ptr()).nentries = BATCH;
                call(
                    self.syscall,
                    |request| uv::uv_fs_readdir(ptr::null_mut(), request, self.dir.as_ptr(), None),
                    |_, count| {
                        let count = usize::try_from(count).unwrap_or(0);
                        for index in 0..count {
                            let entry = *(*self.dir.as_ptr()).dirents.add(index);
                            entries.push(CStr::from_ptr(entry.name).to_bytes(), kind(entry.type_));
                        }
                        count
                    },
                )
            };
            Ok(count? > 0)
        }
    }

    fn kind(kind: uv::uv_dirent_type_t) -> EntryKind {
        match kind {
            uv::uv_dirent_type_t_UV_DIRENT_FILE => EntryKind::File,
            uv::uv_dirent_type_t_UV_DIRENT_DIR => EntryKind::Directory,
            uv::uv_dirent_type_t_UV_DIRENT_LINK => EntryKind::Link,
            uv::uv_dirent_type_t_UV_DIRENT_FIFO => EntryKind::Fifo,
            uv::uv_dirent_type_t_UV_DIRENT_SOCKET => EntryKind::Socket,
            uv::uv_dirent_type_t_UV_DIRENT_CHAR => EntryKind::CharacterDevice,
            uv::uv_dirent_type_t_UV_DIRENT_BLOCK => EntryKind::BlockDevice,
            _ => EntryKind::Unknown,
        }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, clippy::disallowed_types)]
mod tests {
    use std::ffi::CString;

    use super::*;

    fn scratch(name: &str) -> std::path::PathBuf {
        let dir = std::env::temp_dir().join(format!("nodecore-uv-dir-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).unwrap();
        dir
    }

    fn list(entries: &RawEntries) -> Vec<(Vec<u8>, EntryKind)> {
        (0..entries.len()).filter_map(|i| entries.get(i)).map(|(n, k)| (n.to_vec(), k)).collect()
    }

    #[test]
    fn both_back_ends_find_the_same() {
        let dir = scratch("both");
        for number in 0..3000u32 {
            std::fs::write(dir.join(format!("{}-{number}", "n".repeat(number as usize % 60))), "").unwrap();
        }
        std::fs::create_dir(dir.join("sub")).unwrap();
        let path = CString::new(dir.to_str().unwrap()).unwrap();
        let (mut ours, mut theirs) = (RawEntries::default(), RawEntries::default());
        let mut directory = Directory::open(&path, "scandir").unwrap();
        while directory.read(&mut ours).unwrap() {}
        let mut directory = portable::Source::open(&path, "scandir", 0).unwrap();
        while directory.read(&mut theirs).unwrap() {}
        ours.sort_from(0);
        theirs.sort_from(0);
        assert_eq!(list(&ours).len(), 3001);
        assert_eq!(list(&ours), list(&theirs));
        assert!(list(&ours).is_sorted_by(|a, b| a.0 < b.0));
        std::fs::remove_dir_all(&dir).unwrap();
    }

    #[test]
    fn sorting_is_by_bytes_and_leaves_what_is_before() {
        let mut entries = RawEntries::default();
        for name in ["zz", "ab", "abc", "a", "abcdefghij", "abcdefghi", "b", "\u{e9}", "abcdefghijk", "B"] {
            entries.push(name.as_bytes(), EntryKind::Unknown);
        }
        entries.sort_from(1);
        let names: Vec<_> =
            list(&entries).into_iter().map(|(name, _)| String::from_utf8(name).unwrap()).collect();
        assert_eq!(names, ["zz", "B", "a", "ab", "abc", "abcdefghi", "abcdefghij", "abcdefghijk", "b", "é"]);
        entries.sort_from(10);
        entries.sort_from(99);
        entries.truncate(1);
        assert_eq!(list(&entries), [(b"zz".to_vec(), EntryKind::Unknown)]);
    }

    #[test]
    fn an_error_names_the_call_asked_for() {
        let error = Directory::open(c"/does/not/exist", "opendir").unwrap_err();
        assert_eq!(error.to_string(), "ENOENT: no such file or directory, opendir");
        let error = portable::Source::open(c"/does/not/exist", "scandir", 0).unwrap_err();
        assert_eq!(error.to_string(), "ENOENT: no such file or directory, scandir");
    }
}
