//! A walk through a tree, for native callers.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ffi::CString;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::uv::fs::{Directory, EntryKind, RawEntries};
use nodecore_event_loop::{EventLoop, OperationExt, blocking};

use crate::constants::{S_IFDIR, S_IFMT};
use crate::dir::DirFuture;
use crate::dirent::DirEntry;
use crate::path_arg::{PathArg, c_path};
use crate::readdir::{joined, kind_of};

/// How [`walk`] goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WalkOptions {
    /// Whether to look into what links to directories point to. One that leads to a directory above is not.
    pub follow_symlinks: bool,
    /// How many levels to go down; 1 is the directory itself. All, if not given.
    pub max_depth: Option<usize>,
    /// Whether the entries of a directory come sorted by the bytes of their names, and not in the system's order.
    pub sorted: bool,
}

impl WalkOptions {
    /// Sets whether links to directories are followed.
    #[must_use]
    pub fn follow_symlinks(mut self, follow: bool) -> WalkOptions {
        self.follow_symlinks = follow;
        self
    }

    /// Sets how many levels to go down.
    #[must_use]
    pub fn max_depth(mut self, depth: usize) -> WalkOptions {
        self.max_depth = Some(depth);
        self
    }

    /// Sets whether the entries of a directory come sorted.
    #[must_use]
    pub fn sorted(mut self, sorted: bool) -> WalkOptions {
        self.sorted = sorted;
        self
    }
}

/// Walks through the tree at `path`, blocking: every directory before what is in it. The directory itself is not among
/// the entries. Beyond Node; for a whole list at once there is `readdir` with `recursive`, and [`AsyncWalk`] for what
/// does not block.
///
/// # Errors
/// [`Code::InvalidArgValue`] for a path with NUL. The walk's own come from the iterator, which goes on behind what
/// cannot be read.
///
/// # Examples
/// ```
/// let mut walk = nodecore_fs::walk(".", &Default::default())?;
/// while let Some(entry) = walk.next() {
///     let entry = entry?;
///     if entry.name() == b"target" {
///         walk.skip_directory();
///     }
/// }
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn walk(path: impl PathArg, options: &WalkOptions) -> Result<Walk> {
    let root = c_path(&path, "path")?;
    Ok(Walk {
        options: *options,
        pending: (options.max_depth != Some(0)).then_some((root, EntryKind::Directory)),
        entries: RawEntries::default(),
        levels: Vec::new(),
    })
}

/// The entries of a tree: see [`walk`].
#[derive(Debug)]
pub struct Walk {
    options: WalkOptions,
    /// What was given last, if it is to be looked into.
    pending: Option<(CString, EntryKind)>,
    entries: RawEntries,
    levels: Vec<Level>,
}

#[derive(Debug)]
struct Level {
    first: usize,
    next: usize,
    path: CString,
    parent: Arc<[u8]>,
    /// Which directory it is, if links are followed.
    identity: Option<(u64, u64)>,
}

impl Walk {
    /// Does not look into the directory that came last.
    pub fn skip_directory(&mut self) {
        self.pending = None;
    }

    /// How many levels down the entry that came last is; 1 is in the directory itself.
    pub fn depth(&self) -> usize {
        self.levels.len()
    }

    /// Whether the next entry takes more than memory.
    fn must_read(&self) -> bool {
        if self.pending.is_some() {
            return true;
        }
        let mut end = self.entries.len();
        for level in self.levels.iter().rev() {
            if level.next < end {
                return matches!(self.entries.get(level.next), Some((_, EntryKind::Unknown)));
            }
            end = level.first;
        }
        false
    }

    fn enter(&mut self, path: CString, kind: EntryKind) -> Result<()> {
        let mut identity = None;
        if self.options.follow_symlinks {
            let found = uv::stat(&path).map_err(|error| error.with_path(path.as_bytes()));
            let found = match found {
                // A link to nothing, or in a circle, is an entry like any other.
                Err(error) if kind == EntryKind::Link && is_dead_end(error.code()) => return Ok(()),
                found => found?,
            };
            let is_dir = found.mode & u64::from(S_IFMT) == u64::from(S_IFDIR);
            identity = Some((found.dev, found.ino));
            if !is_dir || self.levels.iter().any(|level| level.identity == identity) {
                return Ok(());
            }
        }
        let first = self.entries.len();
        let open = match kind == EntryKind::Directory && !self.levels.is_empty() {
            // What has become a link since is not followed by mistake.
            true => Directory::open_no_follow(&path, "scandir"),
            false => Directory::open(&path, "scandir"),
        };
        let at = |error: Error| error.with_path(path.as_bytes());
        let mut directory = open.map_err(at)?;
        loop {
            match directory.read(&mut self.entries) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    self.entries.truncate(first);
                    return Err(at(error));
                }
            }
        }
        if self.options.sorted {
            self.entries.sort_from(first);
        }
        let parent = path.as_bytes().into();
        self.levels.push(Level { first, next: first, path, parent, identity });
        Ok(())
    }
}

fn is_dead_end(code: Code) -> bool {
    matches!(code, Code::ENOENT | Code::ELOOP | Code::ENOTDIR)
}

impl Iterator for Walk {
    type Item = Result<DirEntry>;

    fn next(&mut self) -> Option<Result<DirEntry>> {
        if let Some((path, kind)) = self.pending.take()
            && let Err(error) = self.enter(path, kind)
        {
            return Some(Err(error));
        }
        loop {
            let level = self.levels.last_mut()?;
            let Some((name, mut kind)) = self.entries.get(level.next) else {
                self.entries.truncate(level.first);
                self.levels.pop();
                continue;
            };
            level.next += 1;
            if kind == EntryKind::Unknown {
                match kind_of(&level.path, name) {
                    Ok(found) => kind = found,
                    Err(error) => return Some(Err(error)),
                }
            }
            let entry = DirEntry::new(name, kind, Arc::clone(&level.parent));
            let deeper =
                kind == EntryKind::Directory || (kind == EntryKind::Link && self.options.follow_symlinks);
            if deeper {
                match joined(&level.path, name) {
                    Ok(path) => self.pending = Some((path, kind)),
                    Err(error) => return Some(Err(error)),
                }
            }
            if self.options.max_depth.is_some_and(|depth| self.levels.len() >= depth) {
                self.pending = None;
            }
            return Some(Ok(entry));
        }
    }
}

/// A [`Walk`] whose entries come from the loop: directories are read on the pool. Clones are the same walk.
///
/// Any number of entries may be waited for; they come in order, each when the callback of the one before has returned,
/// so that it can say [`skip_directory`](AsyncWalk::skip_directory).
///
/// ```
/// use nodecore_event_loop::EventLoop;
/// use nodecore_fs::AsyncWalk;
///
/// let lp = EventLoop::new()?;
/// let files = lp.block_on(async {
///     let walk = AsyncWalk::from(nodecore_fs::walk("src", &Default::default())?);
///     let mut files = 0;
///     while let Some(entry) = walk.next_future(&lp).await? {
///         files += usize::from(entry.is_file());
///     }
///     Ok::<_, nodecore_error::Error>(files)
/// })?;
/// assert!(files > 1);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone)]
pub struct AsyncWalk(Rc<Shared>);

struct Shared {
    /// None while it is on the pool.
    walk: Cell<Option<Box<Walk>>>,
    /// Whether an entry is on its way.
    busy: Cell<bool>,
    depth: Cell<usize>,
    waiting: RefCell<VecDeque<Done>>,
}

type Done = Box<dyn FnOnce(Result<Option<DirEntry>>)>;

impl From<Walk> for AsyncWalk {
    fn from(walk: Walk) -> AsyncWalk {
        AsyncWalk(Rc::new(Shared {
            depth: Cell::new(walk.depth()),
            walk: Cell::new(Some(Box::new(walk))),
            busy: Cell::new(false),
            waiting: RefCell::default(),
        }))
    }
}

impl AsyncWalk {
    /// Gives the next entry, `None` at the end; `done` is called once, later, from the loop. It goes on behind what
    /// cannot be read.
    pub fn next(&self, lp: &EventLoop, done: impl FnOnce(Result<Option<DirEntry>>) + 'static) {
        self.0.waiting.borrow_mut().push_back(Box::new(done));
        Rc::clone(&self.0).serve(lp);
    }

    /// As [`next`](AsyncWalk::next), as a future.
    pub fn next_future(&self, lp: &EventLoop) -> DirFuture<Option<DirEntry>> {
        let future = DirFuture::default();
        self.next(lp, future.settle());
        future
    }

    /// As [`next`](AsyncWalk::next), blocking.
    ///
    /// # Errors
    /// [`Code::DirConcurrentOperation`] while another entry is waited for; otherwise as [`walk`] says.
    pub fn next_sync(&self) -> Result<Option<DirEntry>> {
        let walk = if self.0.busy.get() { None } else { self.0.walk.take() };
        let Some(mut walk) = walk else {
            return Err(Error::from_template(Code::DirConcurrentOperation, &[]));
        };
        let entry = walk.next().transpose();
        self.0.put_back(walk);
        entry
    }

    /// Does not look into the directory that came last. Nothing happens while another entry is waited for.
    pub fn skip_directory(&self) {
        if self.0.busy.get() {
            return;
        }
        if let Some(mut walk) = self.0.walk.take() {
            walk.skip_directory();
            self.0.walk.set(Some(walk));
        }
    }

    /// How many levels down the entry that came last is; 1 is in the directory itself.
    pub fn depth(&self) -> usize {
        self.0.depth.get()
    }
}

impl Shared {
    fn put_back(&self, walk: Box<Walk>) {
        self.depth.set(walk.depth());
        self.walk.set(Some(walk));
    }

    /// Sets out for the entry that is waited for first, unless one is on its way.
    fn serve(self: Rc<Self>, lp: &EventLoop) {
        if self.busy.get() {
            return;
        }
        let Some(done) = self.waiting.borrow_mut().pop_front() else { return };
        let weak = lp.downgrade();
        let me = Rc::clone(&self);
        let arrive = move |walk: Option<Box<Walk>>, entry| {
            if let Some(walk) = walk {
                me.put_back(walk);
            }
            me.busy.set(false);
            done(entry);
            if let Some(lp) = weak.upgrade() {
                me.serve(&lp);
            }
        };
        self.busy.set(true);
        match self.walk.take() {
            // The trip to the pool that it was on has failed.
            None => lp.next_tick(move || arrive(None, Ok(None))),
            Some(mut walk) if walk.must_read() => {
                let work = blocking(move || {
                    let entry = walk.next();
                    Ok((walk, entry))
                });
                work.spawn(lp, move |outcome| match outcome {
                    Ok((walk, entry)) => arrive(Some(walk), entry.transpose()),
                    Err(error) => arrive(None, Err(error)),
                });
            }
            Some(mut walk) => {
                let entry = walk.next().transpose();
                lp.next_tick(move || arrive(Some(walk), entry));
            }
        }
    }
}

impl fmt::Debug for AsyncWalk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncWalk").field("depth", &self.depth()).field("busy", &self.0.busy.get()).finish()
    }
}
