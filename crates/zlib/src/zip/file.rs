//! Archives on disk.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Poll, Waker};

use bytes::Bytes;
#[allow(unused_imports, reason = "the docs name it")]
use nodecore_error::Code;
use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, JoinHandle, Operation, OperationExt, Request, blocking};
use nodecore_stream::Readable;

use super::append::{append, append_stream};
use super::archive::{Chunks, Entries, ZipArchiveChunks, ZipArchiveOptions};
use super::content::ZipContentOptions;
use super::create::{ZipEntryOptions, operation};
use super::disk::FileCore;
use super::entry::{Item, Part, ZipEntry};
use super::fault::not_found;
use super::records::{Member, Place};
use super::text;

/// Options of [`ZipFile::open_sync`].
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ZipFileOptions {
    writable: bool,
}

impl ZipFileOptions {
    /// Every option as Node has it where it is not given.
    pub fn new() -> ZipFileOptions {
        ZipFileOptions::default()
    }

    /// Opens the file for writing too.
    #[must_use]
    pub fn writable(mut self, writable: bool) -> ZipFileOptions {
        self.writable = writable;
        self
    }
}

/// An archive on disk. Only its directory is read; contents are read when they are asked for. Opened for
/// writing, entries can be added (behind the last, over the directory, which is written anew behind them) and
/// removed (the directory is written anew; the data stays as dead space, until
/// [`compact`](ZipFile::compact)). Node: `zlib.ZipFile`
/// (<https://nodejs.org/api/zlib.html#class-zlibzipfile>).
///
/// Clones are the same file. Dropping the last handle, and the last entry, closes it. Changes that were asked
/// for asynchronously are made one after the other, even if nobody waits for them; what is synchronous is
/// [`Code::InvalidState`] until they are done.
///
/// A change that fails half-way, because the disk is full or the process ends, can leave the file without a
/// directory. Work on a copy where that matters.
///
/// ```
/// use nodecore_zlib::zip::{
///     ZipArchiveOptions, ZipBuffer, ZipContentOptions, ZipEntryOptions, ZipFile, ZipFileOptions,
/// };
///
/// # let folder = std::env::temp_dir().join(format!("nodecore-zip-doc-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder).unwrap();
/// let path = folder.join("archive.zip");
/// # std::fs::write(&path, ZipBuffer::default().to_buffer_sync(&ZipArchiveOptions::new())?).unwrap();
/// let zip = ZipFile::open_sync(&path, &ZipFileOptions::new().writable(true))?;
/// zip.add_sync("a.txt", "hello", &ZipEntryOptions::new())?;
/// assert_eq!(zip.get("a.txt")?.content_sync(&ZipContentOptions::new())?, b"hello");
/// assert!(zip.delete_sync("a.txt")?);
/// assert_eq!(zip.size(), 0);
/// zip.close_sync()?;
/// # std::fs::remove_dir_all(&folder).unwrap();
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone)]
pub struct ZipFile {
    core: Arc<FileCore>,
    turns: Rc<Turns>,
}

/// Changes, in the order in which they were asked for.
#[derive(Default)]
struct Turns(RefCell<Waiting>);

#[derive(Default)]
struct Waiting {
    queue: VecDeque<(u64, Option<Waker>)>,
    next: u64,
}

/// A change that waits for its turn, or has it. Dropping it lets the next one begin.
struct Turn {
    turns: Rc<Turns>,
    core: Arc<FileCore>,
    number: u64,
}

impl Turn {
    async fn come(&self) {
        poll_fn(|cx| {
            let mut waiting = self.turns.0.borrow_mut();
            if waiting.queue.front().is_some_and(|&(first, _)| first == self.number) {
                return Poll::Ready(());
            }
            if let Some((_, waker)) = waiting.queue.iter_mut().find(|(number, _)| *number == self.number) {
                *waker = Some(cx.waker().clone());
            }
            Poll::Pending
        })
        .await;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut waiting = self.turns.0.borrow_mut();
        waiting.queue.retain(|&(number, _)| number != self.number);
        let waker = waiting.queue.front_mut().and_then(|(_, waker)| waker.take());
        drop(waiting);
        self.core.pending.fetch_sub(1, Ordering::Release);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// A change that goes on whether or not its future is awaited.
async fn joined<T>(task: JoinHandle<Result<T>>) -> Result<T> {
    task.await?
}

impl ZipFile {
    fn with(core: FileCore) -> ZipFile {
        ZipFile { core: Arc::new(core), turns: Rc::default() }
    }

    fn turn(&self) -> Turn {
        let mut waiting = self.turns.0.borrow_mut();
        let number = waiting.next;
        waiting.next += 1;
        waiting.queue.push_back((number, None));
        self.core.pending.fetch_add(1, Ordering::Release);
        Turn { turns: Rc::clone(&self.turns), core: Arc::clone(&self.core), number }
    }

    fn opening(path: &Path, options: &ZipFileOptions) -> impl Operation<Output = FileCore> + use<> {
        let (path, writable) = (path.as_os_str().as_encoded_bytes().to_vec(), options.writable);
        blocking(move || FileCore::open(&path, writable))
    }

    /// Opens an archive and reads its directory, blocking. Node: `ZipFile.openSync(filename[, options])`.
    ///
    /// # Errors
    /// Those of [`ZipBuffer::new`](super::ZipBuffer::new); [`Code::ZipArchiveTooLarge`] for a directory that
    /// no memory holds; [`Code::InvalidArgValue`] for a path with a NUL; the system's.
    pub fn open_sync(path: impl AsRef<Path>, options: &ZipFileOptions) -> Result<ZipFile> {
        ZipFile::opening(path.as_ref(), options).run_sync().map(ZipFile::with)
    }

    /// As [`ZipFile::open_sync`], on the pool; `done` is called once from `lp`, never before this returns.
    pub fn open(
        lp: &EventLoop,
        path: impl AsRef<Path>,
        options: &ZipFileOptions,
        done: impl FnOnce(Result<ZipFile>) + 'static,
    ) -> Request {
        let wrap = move |result: Result<FileCore>| done(result.map(ZipFile::with));
        ZipFile::opening(path.as_ref(), options).spawn(lp, wrap)
    }

    /// As [`ZipFile::open_sync`], on the pool; dropping the future cancels.
    ///
    /// # Errors
    /// As there.
    pub async fn open_future(
        lp: &EventLoop,
        path: impl AsRef<Path>,
        options: &ZipFileOptions,
    ) -> Result<ZipFile> {
        ZipFile::opening(path.as_ref(), options).future(lp).await.map(ZipFile::with)
    }

    /// Whether it was opened for writing.
    pub fn writable(&self) -> bool {
        self.core.writable
    }

    /// The comment.
    pub fn comment(&self) -> String {
        text::decode(&self.core.index().comment, 0)
    }

    /// Whether there is an entry of this name.
    ///
    /// # Errors
    /// [`Code::InvalidState`] once it is closed.
    pub fn has(&self, name: &str) -> Result<bool> {
        self.core.check_open()?;
        Ok(self.core.index().names.get(name).is_some())
    }

    /// The number of entries.
    pub fn size(&self) -> usize {
        self.core.index().names.len()
    }

    /// An entry by its name. It reads nothing before it is asked for its content. Node: `zipFile.get(name)`.
    ///
    /// # Errors
    /// [`Code::ZipEntryNotFound`]; [`Code::InvalidState`] once the file is closed.
    pub fn get(&self, name: &str) -> Result<ZipEntry> {
        self.core.check_open()?;
        let found = self.core.index().names.get(name).cloned();
        let (member, place) = found.ok_or_else(|| not_found(name))?;
        Ok(ZipEntry::in_file(member, Arc::clone(&self.core), place))
    }

    /// As [`ZipFile::get`], but refuses while changes are under way. Node: `zipFile.getSync(name)`.
    ///
    /// # Errors
    /// As there.
    pub fn get_sync(&self, name: &str) -> Result<ZipEntry> {
        self.core.check_idle()?;
        self.get(name)
    }

    /// The names, in the order of the directory.
    ///
    /// # Errors
    /// [`Code::InvalidState`] once the file is closed.
    pub fn keys(&self) -> Result<Vec<String>> {
        self.core.check_open()?;
        Ok(self.core.index().names.iter().map(|(name, _)| name.to_string()).collect())
    }

    /// Names and entries as they are now, in the order of the directory. Node: `zipFile.entries()`.
    ///
    /// # Errors
    /// [`Code::InvalidState`] once the file is closed.
    pub fn entries(&self) -> Result<Vec<(String, ZipEntry)>> {
        self.core.check_open()?;
        let index = self.core.index();
        let entry = |(name, (member, place)): (&Arc<str>, &(Arc<Member>, Place))| {
            (name.to_string(), ZipEntry::in_file(Arc::clone(member), Arc::clone(&self.core), *place))
        };
        Ok(index.names.iter().map(entry).collect())
    }

    /// As [`ZipFile::entries`], but refuses while changes are under way. Node: `zipFile.entriesSync()`, and
    /// iterating over it.
    ///
    /// # Errors
    /// As there.
    pub fn entries_sync(&self) -> Result<Vec<(String, ZipEntry)>> {
        self.core.check_idle()?;
        self.entries()
    }

    /// The entries as they are now, in the order of the directory. Node: `zipFile.values()`.
    ///
    /// # Errors
    /// [`Code::InvalidState`] once the file is closed.
    pub fn values(&self) -> Result<Vec<ZipEntry>> {
        Ok(self.entries()?.into_iter().map(|(_, entry)| entry).collect())
    }

    /// As [`ZipFile::values`], but refuses while changes are under way. Node: `zipFile.valuesSync()`.
    ///
    /// # Errors
    /// As there.
    pub fn values_sync(&self) -> Result<Vec<ZipEntry>> {
        self.core.check_idle()?;
        self.values()
    }

    /// Calls a function with every entry and name. Node: `zipFile.forEach(callback)`.
    ///
    /// # Errors
    /// [`Code::InvalidState`] once the file is closed.
    pub fn for_each(&self, mut f: impl FnMut(&ZipEntry, &str)) -> Result<()> {
        self.entries()?.iter().for_each(|(name, entry)| f(entry, name));
        Ok(())
    }

    /// As [`ZipFile::for_each`], but refuses while changes are under way. Node:
    /// `zipFile.forEachSync(callback)`.
    ///
    /// # Errors
    /// As there.
    pub fn for_each_sync(&self, f: impl FnMut(&ZipEntry, &str)) -> Result<()> {
        self.core.check_idle()?;
        self.for_each(f)
    }

    /// The content of an entry as a stream that reads and decompresses on the pool.
    /// Node: `zipFile.stream(name[, options])`.
    ///
    /// # Errors
    /// As [`ZipFile::get`] and [`ZipEntry::content_iterator`].
    pub fn stream(&self, lp: &EventLoop, name: &str, options: &ZipContentOptions) -> Result<Readable> {
        Ok(self.get(name)?.content_iterator(options)?.stream(lp))
    }

    /// Writes an entry into the file, in the place of the one with its name if there is one, blocking.
    /// Node: `zipFile.addEntrySync(entry)`.
    ///
    /// # Errors
    /// [`Code::ZipNotWritable`]; [`Code::InvalidState`] for a streaming entry, a file that is closed, and
    /// while changes are under way; the system's.
    pub fn add_entry_sync(&self, entry: &ZipEntry) -> Result<()> {
        self.core.check_idle()?;
        self.core.check_open()?;
        self.core.check_writable()?;
        append(&self.core, entry.part_sync()?)
    }

    /// As [`ZipFile::add_entry_sync`], on the pool, and of a streaming entry too, which becomes one of this
    /// file; `done` is called once from `lp`, never before this returns. Node: `zipFile.addEntry(entry)`.
    pub fn add_entry(&self, lp: &EventLoop, entry: &ZipEntry, done: impl FnOnce(Result<()>) + 'static) {
        self.change(lp, self.adding(lp, entry), done);
    }

    /// As [`ZipFile::add_entry`], as a future. It goes on if that is dropped.
    ///
    /// # Errors
    /// As [`ZipFile::add_entry_sync`], and those of a source.
    pub fn add_entry_future(
        &self,
        lp: &EventLoop,
        entry: &ZipEntry,
    ) -> impl Future<Output = Result<()>> + use<> {
        joined(lp.spawn_local(self.adding(lp, entry)))
    }

    fn adding(&self, lp: &EventLoop, entry: &ZipEntry) -> impl Future<Output = Result<()>> + use<> {
        let (turn, core, entry, lp) = (self.turn(), Arc::clone(&self.core), entry.clone(), lp.clone());
        async move {
            turn.come().await;
            core.check_open()?;
            core.check_writable()?;
            match entry.part()? {
                Part::Item(item) => blocking(move || append(&core, item)).future(&lp).await,
                Part::Source(member, source) => append_stream(&lp, &core, &entry, &member, source).await,
            }
        }
    }

    /// Makes an entry and writes it into the file, blocking. Node: `zipFile.addSync(filename, data[,
    /// options])`.
    ///
    /// # Errors
    /// As [`ZipEntry::create_sync`] and [`ZipFile::add_entry_sync`].
    pub fn add_sync(
        &self,
        name: &str,
        data: impl Into<Bytes>,
        options: &ZipEntryOptions,
    ) -> Result<ZipEntry> {
        self.core.check_idle()?;
        self.core.check_open()?;
        self.core.check_writable()?;
        let entry = ZipEntry::create_sync(name, data, options)?;
        self.add_entry_sync(&entry)?;
        Ok(entry)
    }

    /// As [`ZipFile::add_sync`], on the pool; `done` is called once from `lp`, never before this returns.
    /// Node: `zipFile.add(filename, data[, options])`.
    pub fn add(
        &self,
        lp: &EventLoop,
        name: &str,
        data: impl Into<Bytes>,
        options: &ZipEntryOptions,
        done: impl FnOnce(Result<ZipEntry>) + 'static,
    ) {
        self.change(lp, self.making(lp, name, data.into(), options), done);
    }

    /// As [`ZipFile::add`], as a future. It goes on if that is dropped.
    ///
    /// # Errors
    /// As [`ZipFile::add_sync`].
    pub fn add_future<D: Into<Bytes>>(
        &self,
        lp: &EventLoop,
        name: &str,
        data: D,
        options: &ZipEntryOptions,
    ) -> impl Future<Output = Result<ZipEntry>> + use<D> {
        joined(lp.spawn_local(self.making(lp, name, data.into(), options)))
    }

    fn making(
        &self,
        lp: &EventLoop,
        name: &str,
        data: Bytes,
        options: &ZipEntryOptions,
    ) -> impl Future<Output = Result<ZipEntry>> + use<> {
        let (turn, core, lp) = (self.turn(), Arc::clone(&self.core), lp.clone());
        let making = operation(name, data, options);
        async move {
            turn.come().await;
            core.check_open()?;
            core.check_writable()?;
            let (member, bytes) = making.future(&lp).await?;
            let item = Item::memory(Arc::new(member.clone()), bytes.clone());
            blocking(move || append(&core, item)).future(&lp).await?;
            Ok(ZipEntry::in_memory(member, bytes))
        }
    }

    /// Removes an entry from the directory, blocking; whether there was one. Node:
    /// `zipFile.deleteSync(name)`.
    ///
    /// # Errors
    /// [`Code::ZipNotWritable`]; [`Code::InvalidState`] for a file that is closed, and while changes are
    /// under way; the system's.
    pub fn delete_sync(&self, name: &str) -> Result<bool> {
        self.core.check_idle()?;
        self.core.delete(name)
    }

    /// As [`ZipFile::delete_sync`], on the pool; `done` is called once from `lp`, never before this returns.
    /// Node: `zipFile.delete(name)`.
    pub fn delete(&self, lp: &EventLoop, name: &str, done: impl FnOnce(Result<bool>) + 'static) {
        self.change(lp, self.deleting(lp, name), done);
    }

    /// As [`ZipFile::delete`], as a future. It goes on if that is dropped.
    ///
    /// # Errors
    /// As [`ZipFile::delete_sync`].
    pub fn delete_future(&self, lp: &EventLoop, name: &str) -> impl Future<Output = Result<bool>> + use<> {
        joined(lp.spawn_local(self.deleting(lp, name)))
    }

    fn deleting(&self, lp: &EventLoop, name: &str) -> impl Future<Output = Result<bool>> + use<> {
        let (turn, core, lp, name) = (self.turn(), Arc::clone(&self.core), lp.clone(), name.to_owned());
        async move {
            turn.come().await;
            blocking(move || core.delete(&name)).future(&lp).await
        }
    }

    fn change<T: 'static>(
        &self,
        lp: &EventLoop,
        work: impl Future<Output = Result<T>> + 'static,
        done: impl FnOnce(Result<T>) + 'static,
    ) {
        drop(lp.spawn_local(async move { done(work.await) }));
    }

    /// A fresh archive of the entries as they are now, without dead space, as a stream; the file is not
    /// changed. `comment` is in the place of its own. Node: `zipFile.compact([comment])`.
    ///
    /// # Errors
    /// [`Code::InvalidState`] once the file is closed; [`Code::ZipArchiveTooLarge`] for a comment that is too
    /// long.
    pub fn compact(&self, lp: &EventLoop, comment: Option<&str>) -> Result<Readable> {
        let entries = Entries::Iter(Box::new(self.values()?.into_iter().map(Ok)));
        let serializer = self.compacted(comment).serializer(&self.core.index().comment)?;
        Ok(Chunks { serializer, entries, current: None }.readable(lp))
    }

    /// As [`ZipFile::compact`], blocking. Node: `zipFile.compactSync([comment])`.
    ///
    /// # Errors
    /// As there; [`Code::InvalidState`] while changes are under way.
    pub fn compact_sync(&self, comment: Option<&str>) -> Result<Vec<u8>> {
        let entries = self.values_sync()?;
        let serializer = self.compacted(comment).serializer(&self.core.index().comment)?;
        ZipArchiveChunks::new(Box::new(entries.into_iter()), serializer).collect_all()
    }

    fn compacted(&self, comment: Option<&str>) -> ZipArchiveOptions {
        comment.map_or_else(ZipArchiveOptions::new, |comment| ZipArchiveOptions::new().comment(comment))
    }

    /// Closes the file, blocking; nothing if it is closed. Node: `zipFile.closeSync()`.
    ///
    /// # Errors
    /// [`Code::InvalidState`] while changes are under way; the system's.
    pub fn close_sync(&self) -> Result<()> {
        self.core.check_idle()?;
        self.core.close()
    }

    /// As [`ZipFile::close_sync`], on the pool, behind the changes that are under way; `done` is called once
    /// from `lp`, never before this returns. Node: `zipFile.close()`.
    pub fn close(&self, lp: &EventLoop, done: impl FnOnce(Result<()>) + 'static) {
        self.change(lp, self.closing(lp), done);
    }

    /// As [`ZipFile::close`], as a future. It goes on if that is dropped.
    ///
    /// # Errors
    /// The system's.
    pub fn close_future(&self, lp: &EventLoop) -> impl Future<Output = Result<()>> + use<> {
        joined(lp.spawn_local(self.closing(lp)))
    }

    fn closing(&self, lp: &EventLoop) -> impl Future<Output = Result<()>> + use<> {
        let (turn, core, lp) = (self.turn(), Arc::clone(&self.core), lp.clone());
        async move {
            turn.come().await;
            blocking(move || core.close()).future(&lp).await
        }
    }
}

impl fmt::Debug for ZipFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ZipFile").field("core", &self.core).finish_non_exhaustive()
    }
}
