//! `readdir`.

use std::collections::VecDeque;
use std::ffi::CString;
use std::task::Poll;

use nodecore_error::{Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::uv::fs::{Directory, EntryKind};
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, Slice};

use crate::constants::{S_IFDIR, S_IFMT};
use crate::dirent::{Entries, below, kind_of_mode};
use crate::path_arg::{PathArg, c_path};

/// What [`readdir`] reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReaddirOptions {
    /// Whether what each entry is must be known. (It mostly is in any case; some file systems do not tell, and
    /// then this costs an `lstat` an entry.)
    pub with_file_types: bool,
    /// Whether to read the directories within as well.
    pub recursive: bool,
}

impl ReaddirOptions {
    /// Sets whether what each entry is must be known.
    #[must_use]
    pub fn with_file_types(mut self, with_file_types: bool) -> ReaddirOptions {
        self.with_file_types = with_file_types;
        self
    }

    /// Sets whether to read the directories within as well.
    #[must_use]
    pub fn recursive(mut self, recursive: bool) -> ReaddirOptions {
        self.recursive = recursive;
        self
    }
}

/// Reads a directory, without `.` and `..`, sorted by the bytes of the names. With `recursive` its entries come
/// first, then those of each directory within, level by level; as in Node symbolic links to directories are followed.
///
/// The callback and future forms are one trip to the pool, which they leave to others now and then; that is also where
/// a cancelled one stops.
///
/// Node: [`fs.readdirSync`](https://nodejs.org/api/fs.html#fsreaddirsyncpath-options). Names in an encoding:
/// [`Entries::to_strings`].
///
/// # Errors
/// [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue) for a path with NUL; otherwise the system's.
///
/// # Examples
/// ```
/// use nodecore_fs::{ReaddirOptions, readdir_sync};
///
/// let options = ReaddirOptions::default().recursive(true);
/// for entry in readdir_sync("src", &options)?.iter() {
///     println!("{}", String::from_utf8_lossy(&entry.relative_path()));
/// }
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn readdir_sync(path: impl PathArg, options: &ReaddirOptions) -> Result<Entries> {
    Readdir::new(&path, options)?.run_sync()
}

/// As [`readdir_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn readdir(
    lp: &EventLoop,
    path: impl PathArg,
    options: &ReaddirOptions,
    done: impl FnOnce(Result<Entries>) + 'static,
) -> Result<Request> {
    Ok(Readdir::new(&path, options)?.spawn(lp, done))
}

pub(crate) mod promises {
    use nodecore_event_loop::EventLoop;

    use super::{Entries, Readdir, ReaddirOptions};
    use crate::path_arg::PathArg;
    use crate::promise::{Promise, promise};

    /// As [`readdir_sync`](crate::readdir_sync()), as a future.
    pub fn readdir(lp: &EventLoop, path: impl PathArg, options: &ReaddirOptions) -> Promise<Entries> {
        promise(lp, Readdir::new(&path, options))
    }
}

struct Readdir {
    options: ReaddirOptions,
    root: CString,
    entries: Entries,
    /// Directories still to be read, below the root.
    queue: VecDeque<Box<[u8]>>,
    open: Option<Reading>,
}

/// The directory being read.
struct Reading {
    directory: Directory,
    path: CString,
    below: Box<[u8]>,
    first: usize,
}

impl Readdir {
    fn new(path: &impl PathArg, options: &ReaddirOptions) -> Result<Readdir> {
        let root = c_path(path, "path")?;
        let entries = Entries::new(root.as_bytes());
        let queue = VecDeque::from([Box::default()]);
        Ok(Readdir { options: *options, root, entries, queue, open: None })
    }

    /// Opens the next directory, if there is one.
    fn next(&mut self) -> Result<bool> {
        let Some(below) = self.queue.pop_front() else { return Ok(false) };
        let path = if below.is_empty() { self.root.clone() } else { joined(&self.root, &below)? };
        let directory =
            Directory::open(&path, "scandir").map_err(|error| error.with_path(path.as_bytes()))?;
        if !below.is_empty() {
            self.entries.enter(below.clone());
        }
        self.open = Some(Reading { directory, path, below, first: self.entries.len() });
        Ok(true)
    }

    /// All entries of a directory are there: puts them in order and looks for directories among them. Returns what
    /// that cost, in units of a slice.
    fn finish(&mut self, done: &Reading) -> Result<usize> {
        let raw = self.entries.raw_mut();
        raw.sort_from(done.first);
        if !self.options.with_file_types && !self.options.recursive {
            return Ok(0);
        }
        let mut calls = 0;
        for index in done.first..raw.len() {
            let Some((name, mut kind)) = raw.get(index) else { break };
            let name_below = || below(&done.below, name);
            if kind == EntryKind::Unknown {
                calls += 1;
                kind = kind_of(&done.path, name)?;
            }
            if self.options.recursive {
                let mut descend = kind == EntryKind::Directory;
                if kind == EntryKind::Link {
                    calls += 1;
                    descend = leads_to_directory(&done.path, name);
                }
                if descend {
                    self.queue.push_back(name_below().into());
                }
            }
            raw.set_kind(index, kind);
        }
        Ok(calls * Slice::CALL)
    }
}

impl Operation for Readdir {
    type Output = Entries;

    fn advance(&mut self, slice: &mut Slice) -> Poll<Result<Entries>> {
        loop {
            let Some(reading) = &mut self.open else {
                if self.next()? {
                    continue;
                }
                return Poll::Ready(Ok(std::mem::replace(&mut self.entries, Entries::new(b""))));
            };
            let more = reading.directory.read(self.entries.raw_mut());
            let mut cost = Slice::CALL * 8;
            if !more.map_err(|error| error.with_path(reading.path.as_bytes()))? {
                if let Some(done) = self.open.take() {
                    cost = Slice::CALL + self.finish(&done)?;
                }
                if self.queue.is_empty() {
                    continue;
                }
            }
            if !slice.spend(cost) {
                return Poll::Pending;
            }
        }
    }
}

pub(crate) fn joined(parent: &CString, name: &[u8]) -> Result<CString> {
    // No name has NUL in it; if one did, nothing could be said about it.
    CString::new(below(parent.as_bytes(), name))
        .map_err(|_| Error::system_code(nodecore_error::Code::EINVAL, "scandir"))
}

/// For file systems whose directories do not tell.
pub(crate) fn kind_of(parent: &CString, name: &[u8]) -> Result<EntryKind> {
    let path = joined(parent, name)?;
    match uv::lstat(&path) {
        Ok(found) => Ok(kind_of_mode(found.mode)),
        // Gone since: what it was nobody can tell any more.
        Err(error) if crate::stat::is_absence(&error) => Ok(EntryKind::Unknown),
        Err(error) => Err(error.with_path(path.as_bytes())),
    }
}

fn leads_to_directory(parent: &CString, name: &[u8]) -> bool {
    joined(parent, name)
        .and_then(|path| uv::stat(&path))
        .is_ok_and(|found| found.mode & u64::from(S_IFMT) == u64::from(S_IFDIR))
}
