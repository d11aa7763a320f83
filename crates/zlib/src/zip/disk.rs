//! The file of an archive, as any thread sees it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use bytes::Bytes;
use nodecore_error::{Code, Error, Result};
use nodecore_fs::{
    Fd, RangeOptions, close_sync, fstat_sync, ftruncate_sync, open_sync, read_sync, write_sync,
};

use super::build;
use super::fault::{invalid, invalid_state};
use super::names::Names;
use super::records::{Archive, DESCRIPTOR_FLAG, Directory, Member, Place, read_file};

const CLOSED: &str = "the ZipFile has been closed";
const ENTRY_CLOSED: &str = "cannot read a ZipEntry after its backing ZipFile has been closed";
const BUSY: &str = "cannot call a synchronous ZipFile method while an asynchronous add(), addEntry(), delete(), \
                    or close() call has not settled yet";

/// An open archive: the descriptor, and what is in it.
#[derive(Debug)]
pub(crate) struct FileCore {
    /// Whoever reads or writes holds it, so that it is not closed, and its number given to another file,
    /// meanwhile.
    fd: RwLock<Option<Fd>>,
    pub(crate) writable: bool,
    /// How many changes were asked for and are not done.
    pub(crate) pending: AtomicUsize,
    index: Mutex<Index>,
}

/// What the archive holds.
#[derive(Debug, Default)]
pub(crate) struct Index {
    pub(crate) names: Names<(Arc<Member>, Place)>,
    /// Where the directory is, which is where the next member goes.
    pub(crate) directory: u64,
    pub(crate) comment: Bytes,
}

/// The descriptor while the archive is being opened.
struct Opening {
    fd: Fd,
    size: u64,
    keep: bool,
}

impl Drop for Opening {
    fn drop(&mut self) {
        if !self.keep {
            _ = close_sync(self.fd);
        }
    }
}

fn read_into(fd: Fd, at: u64, out: &mut [u8]) -> Result<()> {
    let mut done = 0;
    while done < out.len() {
        let options = RangeOptions::default().offset(done).position(at + done as u64);
        match read_sync(fd, out, &options)? {
            0 => return Err(invalid("unexpected end of file")),
            count => done += count,
        }
    }
    Ok(())
}

fn read_at(fd: Fd, at: u64, len: usize) -> Result<Bytes> {
    let mut out = Vec::new();
    out.try_reserve_exact(len).map_err(|_| crate::codec::no_memory())?;
    out.resize(len, 0);
    read_into(fd, at, &mut out)?;
    Ok(out.into())
}

impl Archive for Opening {
    fn size(&self) -> u64 {
        self.size
    }

    fn bytes(&self, at: u64, len: usize) -> Result<Bytes> {
        // Before memory is taken.
        if at.checked_add(len as u64).is_none_or(|end| end > self.size) {
            return Err(invalid("unexpected end of file"));
        }
        read_at(self.fd, at, len)
    }
}

impl Archive for FileCore {
    fn size(&self) -> u64 {
        u64::MAX
    }

    fn bytes(&self, at: u64, len: usize) -> Result<Bytes> {
        self.read_exact(at, len)
    }
}

impl FileCore {
    /// Opens an archive and reads its directory. Blocks.
    pub(crate) fn open(path: &[u8], writable: bool) -> Result<FileCore> {
        let fd = open_sync(path, if writable { "r+" } else { "r" }, 0o666)?;
        let mut opening = Opening { fd, size: 0, keep: false };
        let stats = fstat_sync(fd)?;
        if stats.is_directory() {
            // The system's own error.
            read_sync(fd, &mut [0], &RangeOptions::default())?;
        }
        opening.size = stats.size();
        let (Directory { start, comment, .. }, members) = read_file(&opening)?;
        let mut names = Names::default();
        for (member, place) in members {
            names.insert(Arc::clone(&member.text), (Arc::new(member), place));
        }
        opening.keep = true;
        Ok(FileCore {
            fd: RwLock::new(Some(fd)),
            writable,
            pending: AtomicUsize::new(0),
            index: Mutex::new(Index { names, directory: start, comment }),
        })
    }

    /// Closes the file; nothing if it is closed. Blocks until nobody reads.
    pub(crate) fn close(&self) -> Result<()> {
        let fd = self.fd.write().unwrap_or_else(PoisonError::into_inner).take();
        fd.map_or(Ok(()), close_sync)
    }

    fn with_fd<T>(&self, closed: &'static str, f: impl FnOnce(Fd) -> Result<T>) -> Result<T> {
        let fd = self.fd.read().unwrap_or_else(PoisonError::into_inner);
        f(fd.ok_or_else(|| invalid_state(closed))?)
    }

    pub(crate) fn check_open(&self) -> Result<()> {
        self.with_fd(CLOSED, |_| Ok(()))
    }

    pub(crate) fn check_writable(&self) -> Result<()> {
        if self.writable { Ok(()) } else { Err(Error::from_template(Code::ZipNotWritable, &[])) }
    }

    /// Refuses what is synchronous while changes are under way.
    pub(crate) fn check_idle(&self) -> Result<()> {
        if self.pending.load(Ordering::Acquire) == 0 { Ok(()) } else { Err(invalid_state(BUSY)) }
    }

    /// Reads for an entry.
    pub(crate) fn read_exact(&self, at: u64, len: usize) -> Result<Bytes> {
        self.with_fd(ENTRY_CLOSED, |fd| read_at(fd, at, len))
    }

    pub(crate) fn check_entry_open(&self) -> Result<()> {
        self.with_fd(ENTRY_CLOSED, |_| Ok(()))
    }

    pub(crate) fn write_all(&self, mut at: u64, bytes: &[u8]) -> Result<()> {
        self.with_fd(CLOSED, |fd| {
            let mut rest = bytes;
            while !rest.is_empty() {
                let count = write_sync(fd, rest, &RangeOptions::default().position(at))?;
                rest = &rest[count..];
                at += count as u64;
            }
            Ok(())
        })
    }

    pub(crate) fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the directory of `names` at `at`, and cuts the file behind it.
    pub(crate) fn write_directory(
        &self,
        names: &Names<(Arc<Member>, Place)>,
        at: u64,
        comment: &[u8],
    ) -> Result<()> {
        let mut directory = Vec::new();
        for (_, (member, place)) in names.iter() {
            let behind = member.flags & DESCRIPTOR_FLAG != 0;
            let member = build::fresh(member, member.told(), behind)?;
            build::central(&mut directory, &member, place.header)?;
        }
        let end = build::end(names.len() as u64, directory.len() as u64, at, 0, comment);
        directory.extend_from_slice(&end);
        self.write_all(at, &directory)?;
        let size = at + directory.len() as u64;
        self.with_fd(CLOSED, |fd| ftruncate_sync(fd, size))
    }

    /// Makes `names`, with the directory at `at`, what the archive holds.
    pub(crate) fn commit(&self, names: Names<(Arc<Member>, Place)>, at: u64) -> Result<()> {
        let comment = self.index().comment.clone();
        self.write_directory(&names, at, &comment)?;
        let mut index = self.index();
        (index.names, index.directory) = (names, at);
        Ok(())
    }

    /// Writes the directory again where it was, after a change that failed, as far as that can be done.
    pub(crate) fn restore(&self) {
        let (names, at) = {
            let index = self.index();
            (index.names.clone(), index.directory)
        };
        _ = self.commit(names, at);
    }

    /// Removes a member. Blocks.
    pub(crate) fn delete(&self, name: &str) -> Result<bool> {
        self.check_open()?;
        self.check_writable()?;
        let (mut names, at) = {
            let index = self.index();
            (index.names.clone(), index.directory)
        };
        if names.remove(name).is_none() {
            return Ok(false);
        }
        self.commit(names, at)?;
        Ok(true)
    }
}

impl Drop for FileCore {
    fn drop(&mut self) {
        _ = self.close();
    }
}
