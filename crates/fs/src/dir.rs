//! `opendir` and `Dir`.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ffi::CString;
use std::fmt;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::uv::fs::{Directory, EntryKind, RawEntries};
use nodecore_event_loop::{EventLoop, OperationExt, Request, blocking};
use nodecore_path as path;

use crate::dirent::{DirEntry, below};
use crate::path_arg::{PathArg, c_path, path_buf};
use crate::promise::Promise;
use crate::readdir::kind_of;

/// How [`opendir`] reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OpendirOptions {
    /// How many entries are read ahead at least, in one trip to the pool. Default 32.
    pub buffer_size: u32,
    /// Whether to read the directories within as well, level by level. Links are not followed.
    pub recursive: bool,
}

impl Default for OpendirOptions {
    fn default() -> OpendirOptions {
        OpendirOptions { buffer_size: 32, recursive: false }
    }
}

impl OpendirOptions {
    /// Sets how many entries are read ahead.
    #[must_use]
    pub fn buffer_size(mut self, entries: u32) -> OpendirOptions {
        self.buffer_size = entries;
        self
    }

    /// Sets whether to read the directories within as well.
    #[must_use]
    pub fn recursive(mut self, recursive: bool) -> OpendirOptions {
        self.recursive = recursive;
        self
    }
}

/// Opens a directory, to read its entries one by one.
///
/// Node: [`fs.opendirSync`](https://nodejs.org/api/fs.html#fsopendirsyncpath-options).
///
/// # Errors
/// [`Code::InvalidArgValue`] for a path with NUL, [`Code::OutOfRange`] for a buffer of nothing; otherwise the system's.
///
/// # Differences from Node
/// The error has the path, which that of `opendirSync` lacks. Names in an encoding: [`DirEntry::name_as`].
///
/// # Examples
/// ```
/// let dir = nodecore_fs::opendir_sync("src", &Default::default())?;
/// while let Some(entry) = dir.read_sync()? {
///     println!("{}", String::from_utf8_lossy(entry.name()));
/// }
/// dir.close_sync()?;
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn opendir_sync(path: impl PathArg, options: &OpendirOptions) -> Result<Dir> {
    Ok(Dir::new(Reader::new(&path, options)?.opened()?))
}

/// As [`opendir_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn opendir(
    lp: &EventLoop,
    path: impl PathArg,
    options: &OpendirOptions,
    done: impl FnOnce(Result<Dir>) + 'static,
) -> Result<Request> {
    let reader = Reader::new(&path, options)?;
    Ok(blocking(|| reader.opened()).spawn(lp, |reader| done(reader.map(Dir::new))))
}

pub(crate) mod promises {
    use nodecore_event_loop::{EventLoop, blocking};

    use super::{Opendir, OpendirOptions, Reader};
    use crate::path_arg::PathArg;
    use crate::promise::promise;

    /// As [`opendir_sync`](crate::opendir_sync()), as a future.
    pub fn opendir(lp: &EventLoop, path: impl PathArg, options: &OpendirOptions) -> Opendir {
        let reader = Reader::new(&path, options);
        Opendir(promise(lp, reader.map(|reader| blocking(|| reader.opened()))))
    }
}

/// The future of [`promises::opendir`](crate::promises::opendir).
#[must_use = "dropping it cancels the operation"]
#[derive(Debug)]
pub struct Opendir(Promise<Reader>);

impl Future for Opendir {
    type Output = Result<Dir>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Dir>> {
        Pin::new(&mut self.0).poll(cx).map(|reader| reader.map(Dir::new))
    }
}

/// What is read, wherever that happens.
pub(crate) struct Reader {
    root: CString,
    options: OpendirOptions,
    directory: Option<Directory>,
    /// The directory being read: its path below the root, and as Node gives it.
    below: Box<[u8]>,
    parent: Arc<[u8]>,
    /// Directories still to be read, below the root.
    queue: VecDeque<Box<[u8]>>,
    batch: RawEntries,
    next: usize,
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("root", &self.root).field("open", &self.directory.is_some()).finish()
    }
}

impl Reader {
    pub(crate) fn new(path: &impl PathArg, options: &OpendirOptions) -> Result<Reader> {
        let root = c_path(path, "path")?;
        if options.buffer_size == 0 {
            let args: [&dyn fmt::Display; 3] = [&"options.bufferSize", &">= 1 && <= 4294967295", &0];
            return Err(Error::from_template(Code::OutOfRange, &args));
        }
        Ok(Reader {
            options: *options,
            directory: None,
            below: Box::default(),
            parent: root.as_bytes().into(),
            queue: VecDeque::new(),
            batch: RawEntries::default(),
            next: 0,
            root,
        })
    }

    fn opened(mut self) -> Result<Reader> {
        self.directory = Some(open(&self.root)?);
        Ok(self)
    }

    /// An entry that was read ahead.
    fn ready(&mut self) -> Option<DirEntry> {
        let (name, kind) = self.batch.get(self.next)?;
        self.next += 1;
        if self.options.recursive && kind == EntryKind::Directory {
            self.queue.push_back(below(&self.below, name).into());
        }
        Some(DirEntry::new(name, kind, Arc::clone(&self.parent)))
    }

    /// Reads ahead; false at the end of all.
    fn fill(&mut self) -> Result<bool> {
        if self.next < self.batch.len() {
            return Ok(true);
        }
        self.batch.truncate(0);
        self.next = 0;
        let enough = usize::try_from(self.options.buffer_size).unwrap_or(usize::MAX);
        loop {
            while let Some(directory) = &mut self.directory {
                if self.batch.len() >= enough {
                    break;
                }
                let more = directory.read(&mut self.batch);
                if !more.map_err(|error| error.with_path(&self.parent))? {
                    self.directory = None;
                }
            }
            if !self.batch.is_empty() {
                self.find_kinds()?;
                return Ok(true);
            }
            let Some(below) = self.queue.pop_front() else { return Ok(false) };
            let within = path::join(&[self.root.as_bytes(), &*below]);
            self.directory = Some(open(&c_path(&within, "path")?)?);
            self.parent = within.into();
            self.below = below;
        }
    }

    /// Where the file system does not tell them.
    fn find_kinds(&mut self) -> Result<()> {
        for index in 0..self.batch.len() {
            if let Some((name, EntryKind::Unknown)) = self.batch.get(index) {
                let parent = c_path(&&*self.parent, "path")?;
                let kind = kind_of(&parent, name)?;
                self.batch.set_kind(index, kind);
            }
        }
        Ok(())
    }

    fn read(&mut self) -> Result<Option<DirEntry>> {
        if let Some(entry) = self.ready() {
            return Ok(Some(entry));
        }
        Ok(if self.fill()? { self.ready() } else { None })
    }
}

fn open(path: &CString) -> Result<Directory> {
    Directory::open(path, "opendir").map_err(|error| error.with_path(path.as_bytes()))
}

/// An open directory, Node's `fs.Dir` (<https://nodejs.org/api/fs.html#class-fsdir>). Clones are the same one; it is
/// closed when the last goes, which is what Node's `Symbol.dispose` is for.
///
/// Any number of asynchronous reads may wait; they are served in order, a close after the reads before it.
///
/// ```
/// use nodecore_event_loop::EventLoop;
/// use nodecore_fs::promises;
///
/// let lp = EventLoop::new()?;
/// let count = lp.block_on(async {
///     let mut entries = promises::opendir(&lp, "src", &Default::default()).await?.entries(&lp);
///     let mut count = 0;
///     while let Some(entry) = entries.next().await? {
///         count += usize::from(entry.is_file());
///     }
///     Ok::<_, nodecore_error::Error>(count)
/// })?;
/// assert!(count > 1);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone)]
pub struct Dir(Rc<Inner>);

struct Inner {
    path: PathBuf,
    /// None while it is on the pool, and after closing.
    reader: Cell<Option<Box<Reader>>>,
    closed: Cell<bool>,
    /// Whether something is on the pool.
    busy: Cell<bool>,
    wanted: RefCell<VecDeque<Wanted>>,
}

enum Wanted {
    Read(Done<Option<DirEntry>>),
    Close(Done<()>),
}

type Done<T> = Box<dyn FnOnce(Result<T>)>;

fn closed() -> Error {
    Error::from_template(Code::DirClosed, &[])
}

impl Dir {
    fn new(reader: Reader) -> Dir {
        Dir(Rc::new(Inner {
            path: path_buf(reader.root.as_bytes().to_vec()),
            reader: Cell::new(Some(Box::new(reader))),
            closed: Cell::new(false),
            busy: Cell::new(false),
            wanted: RefCell::default(),
        }))
    }

    /// The path it was opened with.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    fn check_sync(&self) -> Result<()> {
        if self.0.closed.get() {
            return Err(closed());
        }
        if self.0.busy.get() || !self.0.wanted.borrow().is_empty() {
            return Err(Error::from_template(Code::DirConcurrentOperation, &[]));
        }
        Ok(())
    }

    /// The next entry, in the system's order and without `.` and `..`; `None` at the end. Node: `dir.readSync()`.
    ///
    /// # Errors
    /// [`Code::DirClosed`], [`Code::DirConcurrentOperation`] while an asynchronous read waits; otherwise the system's.
    pub fn read_sync(&self) -> Result<Option<DirEntry>> {
        self.check_sync()?;
        let Some(mut reader) = self.0.reader.take() else { return Err(closed()) };
        let entry = reader.read();
        self.0.reader.set(Some(reader));
        entry
    }

    /// Closes it. Node: `dir.closeSync()`.
    ///
    /// # Errors
    /// [`Code::DirClosed`], [`Code::DirConcurrentOperation`] while an asynchronous read waits.
    pub fn close_sync(&self) -> Result<()> {
        self.check_sync()?;
        self.0.closed.set(true);
        drop(self.0.reader.take());
        Ok(())
    }

    /// As [`read_sync`](Dir::read_sync); `done` is called once, later, from the loop. Node: `dir.read(callback)`.
    pub fn read(&self, lp: &EventLoop, done: impl FnOnce(Result<Option<DirEntry>>) + 'static) {
        if self.0.closed.get() {
            lp.next_tick(|| done(Err(closed())));
            return;
        }
        self.0.wanted.borrow_mut().push_back(Wanted::Read(Box::new(done)));
        Rc::clone(&self.0).serve(lp);
    }

    /// Closes it when the reads before have been served; `done` is called once, later, from the loop.
    /// Node: `dir.close(callback)`.
    pub fn close(&self, lp: &EventLoop, done: impl FnOnce(Result<()>) + 'static) {
        if self.0.closed.replace(true) {
            lp.next_tick(|| done(Err(closed())));
            return;
        }
        self.0.wanted.borrow_mut().push_back(Wanted::Close(Box::new(done)));
        Rc::clone(&self.0).serve(lp);
    }

    /// As [`read`](Dir::read); where there is no entry, at the end or after an error, it is closed before `done` is
    /// called. Node: a step of `for await (const entry of dir)`.
    ///
    /// ```
    /// use nodecore_event_loop::{EventLoop, RunMode};
    ///
    /// let lp = EventLoop::new()?;
    /// let dir = nodecore_fs::opendir_sync("src", &Default::default())?;
    /// dir.next(&lp, |entry| assert!(entry.is_ok_and(|entry| entry.is_some())));
    /// lp.run(RunMode::Default);
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn next(&self, lp: &EventLoop, done: impl FnOnce(Result<Option<DirEntry>>) + 'static) {
        // What waits is kept by the directory itself, which it must not keep in turn.
        let (dir, lp_weak) = (Rc::downgrade(&self.0), lp.downgrade());
        self.read(lp, move |entry| {
            let over = matches!(entry, Ok(None) | Err(_));
            let open = dir.upgrade().filter(|dir| over && !dir.closed.get()).map(Dir);
            match (open, lp_weak.upgrade()) {
                (Some(dir), Some(lp)) => dir.close(&lp, move |closed| done(closed.and(entry))),
                _ => done(entry),
            }
        });
    }

    /// As [`read`](Dir::read), as a future. Node: `dir.read()`.
    pub fn read_future(&self, lp: &EventLoop) -> DirFuture<Option<DirEntry>> {
        let future = DirFuture::default();
        self.read(lp, future.settle());
        future
    }

    /// As [`close`](Dir::close), as a future; it is closed whether or not that is waited for. Node: `dir.close()`.
    pub fn close_future(&self, lp: &EventLoop) -> DirFuture<()> {
        let future = DirFuture::default();
        self.close(lp, future.settle());
        future
    }

    /// Its entries one by one, after which, or when this is dropped, it is closed. Node: `dir.entries()` and
    /// `for await (const entry of dir)`.
    pub fn entries(self, lp: &EventLoop) -> DirEntries {
        DirEntries { dir: self, lp: lp.clone() }
    }
}

impl Inner {
    /// Serves what is wanted as far as that needs no trip to the pool, and sends the rest there.
    fn serve(self: Rc<Self>, lp: &EventLoop) {
        while !self.busy.get() {
            let Some(wanted) = self.wanted.borrow_mut().pop_front() else { return };
            let Some(mut reader) = self.reader.take() else { return };
            match wanted {
                Wanted::Read(done) => match reader.ready() {
                    Some(entry) => {
                        self.reader.set(Some(reader));
                        lp.next_tick(|| done(Ok(Some(entry))));
                    }
                    None => self.fill(lp, reader, done),
                },
                Wanted::Close(done) => {
                    blocking(move || {
                        drop(reader);
                        Ok(())
                    })
                    .spawn(lp, done);
                }
            }
        }
    }

    fn fill(self: &Rc<Self>, lp: &EventLoop, mut reader: Box<Reader>, done: Done<Option<DirEntry>>) {
        self.busy.set(true);
        let (me, weak) = (Rc::clone(self), lp.downgrade());
        let work = blocking(move || {
            let filled = reader.fill();
            Ok((reader, filled))
        });
        work.spawn(lp, move |outcome| {
            me.busy.set(false);
            let entry = outcome.and_then(|(mut reader, filled)| {
                let entry = filled.map(|more| if more { reader.ready() } else { None });
                me.reader.set(Some(reader));
                entry
            });
            if let Some(lp) = weak.upgrade() {
                Rc::clone(&me).serve(&lp);
            }
            done(entry);
        });
    }
}

impl fmt::Debug for Dir {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dir").field("path", &self.0.path).field("closed", &self.0.closed.get()).finish()
    }
}

/// What [`Dir::read_future`], [`Dir::close_future`], [`AsyncWalk::next_future`](crate::AsyncWalk::next_future) and
/// [`GlobEntries::next_future`](crate::GlobEntries::next_future) return.
pub struct DirFuture<T>(Rc<Settled<T>>);

struct Settled<T> {
    outcome: Cell<Option<Result<T>>>,
    waker: Cell<Option<Waker>>,
}

impl<T> Default for DirFuture<T> {
    fn default() -> DirFuture<T> {
        DirFuture(Rc::new(Settled { outcome: Cell::new(None), waker: Cell::new(None) }))
    }
}

impl<T> DirFuture<T> {
    pub(crate) fn settle(&self) -> impl FnOnce(Result<T>) + 'static
    where
        T: 'static,
    {
        let told = Rc::clone(&self.0);
        move |outcome| {
            told.outcome.set(Some(outcome));
            if let Some(waker) = told.waker.take() {
                waker.wake();
            }
        }
    }
}

impl<T> Future for DirFuture<T> {
    type Output = Result<T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T>> {
        match self.0.outcome.take() {
            Some(outcome) => Poll::Ready(outcome),
            None => {
                self.0.waker.set(Some(cx.waker().clone()));
                Poll::Pending
            }
        }
    }
}

impl<T> fmt::Debug for DirFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DirFuture").finish_non_exhaustive()
    }
}

/// The entries of a [`Dir`], one by one.
pub struct DirEntries {
    dir: Dir,
    lp: EventLoop,
}

impl DirEntries {
    /// The next entry; `None` at the end, when the directory has been closed.
    ///
    /// # Errors
    /// As [`Dir::read`]; after one the directory is closed.
    pub async fn next(&mut self) -> Result<Option<DirEntry>> {
        // What was read ahead needs no turn of the loop.
        if self.dir.check_sync().is_ok()
            && let Some(mut reader) = self.dir.0.reader.take()
        {
            let entry = reader.ready();
            self.dir.0.reader.set(Some(reader));
            if entry.is_some() {
                return Ok(entry);
            }
        }
        let future = DirFuture::default();
        self.dir.next(&self.lp, future.settle());
        future.await
    }
}

impl Drop for DirEntries {
    fn drop(&mut self) {
        if !self.dir.0.closed.get() {
            self.dir.close(&self.lp, |_| ());
        }
    }
}

impl fmt::Debug for DirEntries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DirEntries").field("dir", &self.dir).finish_non_exhaustive()
    }
}
