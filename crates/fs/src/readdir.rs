//! `readdir`.

use std::collections::VecDeque;
use std::ffi::{CStr, CString};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use nodecore_error::{Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::uv::fs::{Directory, EntryKind, RawEntries};
use nodecore_event_loop::{EventLoop, Slice};

use crate::constants::{S_IFDIR, S_IFMT};
use crate::crew::{self, Crew, Hand, Helper};
use crate::dirent::{Entries, Run, below, kind_of_mode};
use crate::path_arg::{PathArg, c_path};
use crate::tree::{self, Ask, Budget, Hooks, Prepared, Progress, Task, TreeRequest, Turn};

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
/// The callback and future forms of a small tree are one trip to the pool, which they leave to others now and then; that is
/// also where a cancelled one stops. A large tree several of the pool's threads read together. The sync form has no loop
/// to send them by.
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
    let Prepared { task, hooks, .. } = Readdir::prepare(&path, options)?;
    tree::run_sync(task, &hooks, &mut |()| Ok(()))
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
) -> Result<TreeRequest> {
    Ok(tree::start(lp, Readdir::prepare(&path, options)?, done))
}

pub(crate) mod promises {
    use nodecore_event_loop::EventLoop;

    use super::{Entries, Readdir, ReaddirOptions};
    use crate::path_arg::PathArg;
    use crate::promise::{Promise, tree_promise};

    /// As [`readdir_sync`](crate::readdir_sync()), as a future.
    pub fn readdir(lp: &EventLoop, path: impl PathArg, options: &ReaddirOptions) -> Promise<Entries> {
        tree_promise(lp, Readdir::prepare(&path, options))
    }
}

/// Reads one directory after another; which of the threads reads which, and when, the result does not show.
struct Readdir {
    options: ReaddirOptions,
    root: Arc<CStr>,
    /// Directories still to be read here.
    queue: VecDeque<Place>,
    open: Option<Reading>,
    found: Arc<Found>,
    crew: Option<Arc<Crew<Place>>>,
    cost: usize,
}

/// Where a directory is.
struct Place {
    /// Its number: directories in the same one have numbers in a row.
    id: usize,
    level: usize,
    /// Its path below the root, empty for that itself.
    below: Box<[u8]>,
}

/// The directory being read.
struct Reading {
    directory: Directory,
    path: CString,
    place: Place,
    entries: RawEntries,
}

/// What all who read have found.
struct Found {
    listings: Mutex<Vec<Listing>>,
    /// How many numbers have been given.
    ids: AtomicUsize,
    /// Directories that have not been read to their end.
    left: AtomicUsize,
    /// The highest level with an error: what is below it nobody will ask for.
    failed: AtomicUsize,
}

/// A directory that has been read.
struct Listing {
    id: usize,
    outcome: Result<Run>,
    /// The numbers of the directories in it, in order.
    within: Range<usize>,
}

impl Readdir {
    fn prepare(path: &impl PathArg, options: &ReaddirOptions) -> Result<Prepared<Readdir>> {
        let found = Found {
            listings: Mutex::default(),
            ids: AtomicUsize::new(1),
            left: AtomicUsize::new(1),
            failed: AtomicUsize::new(usize::MAX),
        };
        let task = Readdir {
            options: *options,
            root: c_path(path, "path")?.into(),
            queue: VecDeque::from([Place { id: 0, level: 0, below: Box::default() }]),
            open: None,
            found: Arc::new(found),
            crew: None,
            cost: 0,
        };
        Ok(Prepared { task, hooks: Hooks::default(), ask: Ask::Nobody })
    }

    fn open(&mut self, place: Place) -> Result<()> {
        if place.level > self.found.failed.load(Ordering::Relaxed) {
            self.leave();
            return Ok(());
        }
        let path = match place.below.is_empty() {
            true => CString::from(&*self.root),
            false => joined(&self.root, &place.below)?,
        };
        match Directory::open(&path, "scandir") {
            Ok(directory) => {
                self.open = Some(Reading { directory, path, place, entries: RawEntries::default() });
                Ok(())
            }
            Err(error) => self.fail(&place, error.with_path(path.as_bytes())),
        }
    }

    /// One who is alone goes in order, so that his first error is the one to tell. Of several it is the one of the
    /// directory that comes first.
    fn fail(&mut self, place: &Place, error: Error) -> Result<()> {
        if self.crew.is_none() {
            return Err(error);
        }
        self.found.failed.fetch_min(place.level, Ordering::Relaxed);
        self.found.add(Listing { id: place.id, outcome: Err(error), within: 0..0 });
        self.leave();
        Ok(())
    }

    /// A directory is done.
    fn leave(&self) {
        if self.found.left.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.crew.iter().for_each(|crew| crew.finish());
        }
    }

    /// All entries of a directory are there: puts them in order and looks for directories among them.
    fn close(&mut self, Reading { path, place, mut entries, .. }: Reading) -> Result<()> {
        entries.sort_from(0);
        let queued = self.queue.len();
        if self.options.with_file_types || self.options.recursive {
            let mut calls = 0;
            for index in 0..entries.len() {
                let Some((name, mut kind)) = entries.get(index) else { break };
                if kind == EntryKind::Unknown {
                    calls += 1;
                    kind = match kind_of(&path, name) {
                        Ok(kind) => kind,
                        Err(error) => {
                            self.queue.truncate(queued);
                            return self.fail(&place, error);
                        }
                    };
                }
                if self.options.recursive {
                    let mut descend = kind == EntryKind::Directory;
                    if kind == EntryKind::Link {
                        calls += 1;
                        descend = leads_to_directory(&path, name);
                    }
                    if descend {
                        let below = below(&place.below, name).into();
                        self.queue.push_back(Place { id: 0, level: place.level + 1, below });
                    }
                }
                entries.set_kind(index, kind);
            }
            self.cost += calls * Slice::CALL;
        }
        let fresh = self.queue.len() - queued;
        let first = self.found.ids.fetch_add(fresh, Ordering::Relaxed);
        for (place, id) in self.queue.range_mut(queued..).zip(first..) {
            place.id = id;
        }
        self.found.left.fetch_add(fresh, Ordering::Relaxed);
        let run = Run::new(self.root.to_bytes(), place.below, entries);
        self.found.add(Listing { id: place.id, outcome: Ok(run), within: first..first + fresh });
        self.leave();
        Ok(())
    }
}

impl Found {
    fn add(&self, listing: Listing) {
        self.listings.lock().unwrap_or_else(PoisonError::into_inner).push(listing);
    }
}

/// With so many directories waiting others are sent for: what they take is about what waking a thread and the loop does.
const HELP: usize = 8;

impl Hand for Readdir {
    type Job = Place;

    fn crew(&mut self) -> &mut Option<Arc<Crew<Place>>> {
        &mut self.crew
    }

    fn wants_help(&self) -> bool {
        self.queue.len() >= HELP
    }

    fn another(&self) -> Readdir {
        Readdir {
            options: self.options,
            root: Arc::clone(&self.root),
            queue: VecDeque::new(),
            open: None,
            found: Arc::clone(&self.found),
            crew: None,
            cost: 0,
        }
    }

    fn is_idle(&self) -> bool {
        self.open.is_none() && self.queue.is_empty()
    }

    fn question(&mut self) -> Option<()> {
        None
    }

    /// Reads some entries.
    fn step(&mut self) -> Result<()> {
        self.cost = Slice::CALL;
        let Some(reading) = &mut self.open else {
            while let Some(crew) = self.crew.as_ref().filter(|crew| crew.wants() && self.queue.len() > 1)
                && let Some(place) = self.queue.pop_back()
            {
                crew.give(place);
            }
            return self.queue.pop_front().map_or(Ok(()), |place| self.open(place));
        };
        match reading.directory.read(&mut reading.entries) {
            Ok(true) => {
                self.cost = Slice::CALL * 8;
                Ok(())
            }
            Ok(false) => self.open.take().map_or(Ok(()), |reading| self.close(reading)),
            Err(error) => {
                let error = error.with_path(reading.path.as_bytes());
                self.open.take().map_or(Ok(()), |Reading { place, .. }| self.fail(&place, error))
            }
        }
    }

    fn cost(&self) -> usize {
        self.cost
    }

    fn begin(&mut self, place: Place) -> Result<()> {
        self.cost = Slice::CALL;
        self.open(place)
    }

    /// The entries in Node's order: those of a directory, then those of each directory within, level by level.
    fn finish(&mut self) -> Result<Entries> {
        let listings =
            std::mem::take(&mut *self.found.listings.lock().unwrap_or_else(PoisonError::into_inner));
        let mut by_id = Vec::new();
        by_id.resize_with(self.found.ids.load(Ordering::Relaxed), || None);
        for listing in listings {
            let id = listing.id;
            by_id[id] = Some(listing);
        }
        let mut entries = Entries::default();
        let mut levels = VecDeque::new();
        levels.push_back(0..1);
        while let Some(ids) = levels.pop_front() {
            for id in ids {
                let listing = by_id.get_mut(id).and_then(Option::take).ok_or_else(tree::canceled)?;
                entries.push(listing.outcome?);
                if !listing.within.is_empty() {
                    levels.push_back(listing.within);
                }
            }
        }
        Ok(entries)
    }
}

impl Task for Readdir {
    type Output = Entries;
    type Question = ();
    type Answer = ();
    type Helper = Helper<Readdir>;

    fn run(&mut self, budget: &mut Budget<'_, '_>) -> Poll<Result<Turn<Readdir>>> {
        crew::work(self, budget)
    }

    fn answer(&mut self, (): ()) {}

    fn progress(&self) -> Progress {
        Progress::default()
    }

    fn helper(&mut self) -> Option<Helper<Readdir>> {
        crew::helper(self)
    }
}

pub(crate) fn joined(parent: &CStr, name: &[u8]) -> Result<CString> {
    // No name has NUL in it; if one did, nothing could be said about it.
    CString::new(below(parent.to_bytes(), name))
        .map_err(|_| Error::system_code(nodecore_error::Code::EINVAL, "scandir"))
}

/// For file systems whose directories do not tell.
pub(crate) fn kind_of(parent: &CStr, name: &[u8]) -> Result<EntryKind> {
    let path = joined(parent, name)?;
    match uv::lstat(&path) {
        Ok(found) => Ok(kind_of_mode(found.mode)),
        // Gone since: what it was nobody can tell any more.
        Err(error) if crate::stat::is_absence(&error) => Ok(EntryKind::Unknown),
        Err(error) => Err(error.with_path(path.as_bytes())),
    }
}

fn leads_to_directory(parent: &CStr, name: &[u8]) -> bool {
    joined(parent, name)
        .and_then(|path| uv::stat(&path))
        .is_ok_and(|found| found.mode & u64::from(S_IFMT) == u64::from(S_IFDIR))
}
