//! Files as streams to read from.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use nodecore_buffer::Encoding;
use nodecore_error::{Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, OperationExt, blocking};
use nodecore_events::ListenerId;
use nodecore_stream::{
    AbortSignal, AnyStream, AsReadable, ByteChunk, DestroyDone, Done, FinishedOptions, Readable,
    ReadableOptions, Source, finished,
};

use super::file::{FileSettings, Lent, StreamFile};
use super::hooks::{ReadFs, StreamFs};
use crate::descriptor::Fd;
use crate::flags::Flags;
use crate::handle::FileHandle;
use crate::path_arg::FileArg;

/// How [`create_read_stream`] reads.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReadStreamOptions {
    /// How the file is opened. Default `'r'`.
    pub flags: Flags,
    /// The permissions of a file that is made. Default `0o666`.
    pub mode: u32,
    /// Where to begin. Default: where the file stands.
    pub start: Option<u64>,
    /// The last byte to read, itself included. Default: the file's end.
    pub end: Option<u64>,
    /// Bytes to a chunk, and to buffer. Default 64 KiB.
    pub high_water_mark: usize,
    /// Whether to close the file at the end or after an error. If false the caller closes it.
    pub auto_close: bool,
    /// Whether to emit `close`.
    pub emit_close: bool,
    /// What is read is text; see [`set_encoding`](Readable::set_encoding).
    pub encoding: Option<Encoding>,
    /// Destroys the stream, with an `AbortError`.
    pub signal: Option<AbortSignal>,
    /// What opens, reads and closes in place of the system. Not for a handle.
    pub fs: Option<Rc<dyn ReadFs>>,
}

impl Default for ReadStreamOptions {
    fn default() -> ReadStreamOptions {
        ReadStreamOptions {
            flags: Flags::R,
            mode: 0o666,
            start: None,
            end: None,
            high_water_mark: 64 * 1024,
            auto_close: true,
            emit_close: true,
            encoding: None,
            signal: None,
            fs: None,
        }
    }
}

impl ReadStreamOptions {
    super::setters! {
        /// Sets how the file is opened.
        flags: Flags;
        /// Sets the permissions of a file that is made.
        mode: u32;
        /// Sets where to begin.
        start: u64 => Some;
        /// Sets the last byte to read.
        end: u64 => Some;
        /// Sets the bytes to a chunk.
        high_water_mark: usize;
        /// Sets whether to close the file.
        auto_close: bool;
        /// Sets whether to emit `close`.
        emit_close: bool;
        /// Sets the encoding of the text that is read.
        encoding: Encoding => Some;
        /// Sets what destroys the stream.
        signal: AbortSignal => Some;
        /// Sets what reads in place of the system.
        fs: Rc<dyn ReadFs> => Some;
    }
}

/// A stream of a file's bytes: of a path, which is opened at once, or of an open descriptor.
///
/// Node: [`fs.createReadStream`](https://nodejs.org/api/fs.html#fscreatereadstreampath-options).
///
/// # Errors
/// [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue) for a path with NUL;
/// [`Code::OutOfRange`](nodecore_error::Code::OutOfRange) for a negative descriptor or a `start` behind
/// `end`. That the file cannot be opened is the stream's `error`.
///
/// # Differences from Node
/// A regular file is read up to 256 KiB ahead of the chunks that are delivered. Without `auto_close` an error in
/// reading is followed by `close`.
///
/// # Examples
/// ```
/// use nodecore_event_loop::{EventLoop, RunMode};
/// use nodecore_fs::{ReadStreamOptions, create_read_stream};
///
/// let lp = EventLoop::new()?;
/// let stream = create_read_stream(&lp, "Cargo.toml", &ReadStreamOptions::default().end(8))?;
/// stream.on_data(|chunk| assert_eq!(chunk, "[package]"));
/// lp.run(RunMode::Default);
/// assert_eq!(stream.bytes_read(), 9);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn create_read_stream(
    lp: &EventLoop,
    file: impl FileArg,
    options: &ReadStreamOptions,
) -> Result<ReadStream> {
    ReadStream::new(lp, file, options)
}

/// A [`Readable`] of a file. Node: [`fs.ReadStream`](https://nodejs.org/api/fs.html#class-fsreadstream).
///
/// What flows is [`Bytes`], or another [`ByteChunk`], as its reader wants it.
pub struct ReadStream<T: ByteChunk = Bytes> {
    stream: Readable<T>,
    shared: Rc<Shared>,
}

impl<T: ByteChunk> ReadStream<T> {
    /// As [`create_read_stream`], with chunks of any type.
    ///
    /// # Errors
    /// As [`create_read_stream`].
    pub fn new(lp: &EventLoop, file: impl FileArg, options: &ReadStreamOptions) -> Result<ReadStream<T>> {
        super::checked_range(options)?;
        let (settings, fs) = parts(options);
        Ok(ReadStream::with(StreamFile::new(lp, &file, settings, fs)?, options))
    }

    /// As [`FileHandle::create_read_stream`], with chunks of any type.
    ///
    /// # Errors
    /// As [`FileHandle::create_read_stream`].
    pub fn from_handle(handle: &FileHandle, options: &ReadStreamOptions) -> Result<ReadStream<T>> {
        super::checked_range(options)?;
        let (settings, fs) = parts(options);
        Ok(ReadStream::with(StreamFile::of_handle(handle, settings, fs)?, options))
    }

    /// The file stream that a [`Readable`] is, if it is one. Clones, and what events give, are the same stream.
    pub fn of(stream: &Readable<T>) -> Option<ReadStream<T>> {
        let shared = stream.origin()?.downcast().ok()?;
        Some(ReadStream { stream: stream.clone(), shared })
    }

    fn with(file: StreamFile, options: &ReadStreamOptions) -> ReadStream<T> {
        let lp = file.lp().clone();
        let left = options.end.map_or(u64::MAX, |end| (end - options.start.unwrap_or(0)).saturating_add(1));
        let shared = Rc::new(Shared {
            file: Rc::new(file),
            fs: options.fs.clone(),
            start: options.start,
            end_at: options.end,
            position: Cell::new(options.start),
            left: Cell::new(left),
            bytes_read: Cell::new(0),
            wanted: Cell::new(0),
            stash: RefCell::default(),
            end: RefCell::new(Ending::NotYet),
            batch: Cell::new(1),
            buffers: Arc::default(),
        });
        let mut readable = ReadableOptions::default()
            .high_water_mark(options.high_water_mark)
            .emit_close(options.emit_close)
            .auto_destroy(options.auto_close);
        readable.encoding = options.encoding;
        readable.signal = options.signal.clone();
        ReadStream { stream: Readable::new(&lp, readable, File(Rc::clone(&shared))), shared }
    }

    /// Calls `listener` when the file has been opened.
    pub fn on_open(&self, listener: impl FnMut(Fd) + 'static) -> ListenerId {
        self.shared.file.on_open(listener)
    }

    /// Calls `listener` right after `open`.
    pub fn on_ready(&self, listener: impl FnMut() + 'static) -> ListenerId {
        self.shared.file.on_ready(listener)
    }

    /// Removes a listener of any event; false if it is not there.
    pub fn off(&self, id: ListenerId) -> bool {
        self.shared.file.off(id) || self.stream.off(id)
    }

    /// The bytes delivered so far.
    pub fn bytes_read(&self) -> u64 {
        self.shared.bytes_read.get()
    }

    /// Destroys the stream; `done` is called when it is closed, with `ERR_STREAM_PREMATURE_CLOSE` if it had not ended.
    pub fn close(&self, done: impl FnOnce(Result<()>) + 'static) {
        finished(&self.stream, FinishedOptions::default(), done);
        self.stream.destroy(None);
    }

    /// Whether the file is closed at the end or after an error.
    pub fn auto_close(&self) -> bool {
        self.shared.file.settings().auto_close
    }

    /// How the file is opened.
    pub fn flags(&self) -> Flags {
        self.shared.file.settings().flags
    }

    /// The permissions of a file that is made.
    pub fn mode(&self) -> u32 {
        self.shared.file.settings().mode
    }

    /// Where it begins; `None`: where the file stands.
    pub fn start(&self) -> Option<u64> {
        self.shared.start
    }

    /// The last byte it reads; `None`: the file's last.
    pub fn end(&self) -> Option<u64> {
        self.shared.end_at
    }

    /// The path it was made with, if it was a path.
    pub fn path(&self) -> Option<&[u8]> {
        self.shared.file.path()
    }

    /// The descriptor, while there is one.
    pub fn fd(&self) -> Option<Fd> {
        self.shared.file.fd()
    }

    /// Whether the file is not open: not yet, or no more.
    pub fn pending(&self) -> bool {
        self.fd().is_none()
    }
}

impl<T: ByteChunk> Deref for ReadStream<T> {
    type Target = Readable<T>;
    fn deref(&self) -> &Readable<T> {
        &self.stream
    }
}

impl<T: ByteChunk> AsReadable for ReadStream<T> {
    type Item = T;
    fn to_readable(&self) -> Readable<T> {
        self.stream.clone()
    }
}

impl<T: ByteChunk> From<&ReadStream<T>> for AnyStream {
    fn from(stream: &ReadStream<T>) -> AnyStream {
        AnyStream::from(&stream.stream)
    }
}

impl<T: ByteChunk> Clone for ReadStream<T> {
    fn clone(&self) -> ReadStream<T> {
        ReadStream { stream: self.stream.clone(), shared: Rc::clone(&self.shared) }
    }
}

impl<T: ByteChunk> fmt::Debug for ReadStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadStream")
            .field("fd", &self.fd())
            .field("bytes_read", &self.bytes_read())
            .field("stream", &self.stream)
            .finish()
    }
}

fn parts(options: &ReadStreamOptions) -> (FileSettings, Option<Rc<dyn StreamFs>>) {
    let settings = FileSettings {
        flags: options.flags,
        mode: options.mode,
        auto_close: options.auto_close,
        flush: false,
    };
    (settings, options.fs.clone().map(|fs| fs as Rc<dyn StreamFs>))
}

/// The most chunks that one trip to the pool fetches.
const MAX_BATCH: usize = 4;

struct Shared {
    file: Rc<StreamFile>,
    fs: Option<Rc<dyn ReadFs>>,
    start: Option<u64>,
    end_at: Option<u64>,
    /// Where the next fetch reads; None: where the file stands.
    position: Cell<Option<u64>>,
    /// Bytes still to be fetched.
    left: Cell<u64>,
    bytes_read: Cell<u64>,
    /// The size asked for by a `_read` that has not been answered, or 0.
    wanted: Cell<usize>,
    /// Fetched and not yet delivered.
    stash: RefCell<VecDeque<Bytes>>,
    /// What comes behind the stash.
    end: RefCell<Ending>,
    /// How many chunks the next fetch is for: it grows while the reader keeps up.
    batch: Cell<usize>,
    buffers: Arc<Buffers>,
}

enum Ending {
    NotYet,
    Reached,
    Failed(Error),
    /// Told.
    Over,
}

struct File(Rc<Shared>);

impl<T: ByteChunk> Source<T> for File {
    fn origin(&self) -> Option<Rc<dyn Any>> {
        Some(Rc::<Shared>::clone(&self.0))
    }

    fn has_construct(&self) -> bool {
        true
    }

    fn construct(&self, _stream: &Readable<T>, done: Done) {
        self.0.file.open(done);
    }

    fn read(&self, stream: &Readable<T>, size: usize) {
        self.0.wanted.set(size.max(1));
        self.0.serve(stream);
    }

    fn destroy(&self, _stream: &Readable<T>, error: Option<Error>, done: DestroyDone) {
        *self.0.end.borrow_mut() = Ending::Over;
        self.0.stash.take();
        self.0.file.destroy(error, done);
    }
}

impl Shared {
    /// Delivers what is there, says what has happened, and fetches what will be needed.
    fn serve<T: ByteChunk>(self: &Rc<Self>, stream: &Readable<T>) {
        while self.wanted.get() > 0 {
            let Some(chunk) = self.stash.borrow_mut().pop_front() else { break };
            let size = self.wanted.replace(0);
            // The next `_read` may come before `push` returns, and ask for another size.
            self.fetch_ahead(stream, size);
            self.bytes_read.set(self.bytes_read.get() + chunk.len() as u64);
            stream.push(Some(chunk.into()));
        }
        if self.wanted.get() == 0 || !self.stash.borrow().is_empty() {
            return;
        }
        let end = self.end.replace(Ending::Over);
        match end {
            Ending::NotYet => {
                *self.end.borrow_mut() = Ending::NotYet;
                if !self.file.is_lent() {
                    self.fetch(stream, self.wanted.get());
                }
            }
            Ending::Reached => {
                self.wanted.set(0);
                stream.push(None);
            }
            Ending::Failed(error) => {
                self.wanted.set(0);
                self.file.reading_failed();
                stream.destroy(Some(error));
            }
            Ending::Over => {}
        }
    }

    /// Has the pool work on the next chunks while the loop delivers these, if the reader has shown that it keeps up.
    fn fetch_ahead<T: ByteChunk>(self: &Rc<Self>, stream: &Readable<T>, size: usize) {
        let low = self.stash.borrow().len() * 2 <= self.batch.get();
        let more = matches!(*self.end.borrow(), Ending::NotYet);
        if low && more && self.batch.get() > 1 && !self.file.is_lent() {
            self.fetch(stream, size);
        }
    }

    fn fetch<T: ByteChunk>(self: &Rc<Self>, stream: &Readable<T>, size: usize) {
        if let Some(fs) = &self.fs {
            return self.fetch_by(fs, stream, size);
        }
        let Some(file) = self.file.lend() else {
            if self.file.is_gone() {
                stream.destroy(None);
            }
            return;
        };
        let count = self.batch.get();
        if self.file.can_read_ahead() {
            self.batch.set((count * 2).min(MAX_BATCH));
        }
        let plan = Plan { file, size, count, position: self.position.get(), left: self.left.get() };
        let buffers = Arc::clone(&self.buffers);
        let (this, stream) = (Rc::clone(self), stream.clone());
        let operation = blocking(move || Ok(plan.carry_out(&buffers)));
        operation.spawn(self.file.lp(), move |fetched| {
            let failed = |error| Fetched { chunks: Vec::new(), end: Ending::Failed(error) };
            this.fetched(&stream, fetched.unwrap_or_else(failed));
        });
    }

    /// As `fetch`, by the caller's function.
    fn fetch_by<T: ByteChunk>(self: &Rc<Self>, fs: &Rc<dyn ReadFs>, stream: &Readable<T>, size: usize) {
        let Some(fd) = self.file.lend_fd() else { return };
        let size = usize::try_from(self.left.get()).map_or(size, |left| left.min(size));
        let reading = (size > 0).then(|| fs.read(fd, size, self.position.get()));
        let (this, stream) = (Rc::clone(self), stream.clone());
        self.file.lp().spawn_local(async move {
            let read = match reading {
                Some(reading) => reading.await,
                None => Ok(Bytes::new()),
            };
            let (chunks, end) = match read {
                Ok(chunk) if chunk.is_empty() => (Vec::new(), Ending::Reached),
                Ok(chunk) => (vec![chunk], Ending::NotYet),
                Err(error) => (Vec::new(), Ending::Failed(error)),
            };
            this.fetched(&stream, Fetched { chunks, end });
        });
    }

    fn fetched<T: ByteChunk>(self: &Rc<Self>, stream: &Readable<T>, fetched: Fetched) {
        let Fetched { chunks, end } = fetched;
        let error = if let Ending::Failed(error) = &end { Some(error.clone()) } else { None };
        if !matches!(*self.end.borrow(), Ending::Over) {
            let bytes: u64 = chunks.iter().map(|chunk| chunk.len() as u64).sum();
            self.position.set(self.position.get().map(|position| position.saturating_add(bytes)));
            self.left.set(self.left.get().saturating_sub(bytes));
            self.stash.borrow_mut().extend(chunks);
            *self.end.borrow_mut() = end;
        }
        self.file.give_back(error.as_ref());
        self.serve(stream);
    }
}

/// One trip to the pool.
struct Plan {
    file: Lent,
    size: usize,
    count: usize,
    position: Option<u64>,
    left: u64,
}

struct Fetched {
    chunks: Vec<Bytes>,
    end: Ending,
}

impl Plan {
    fn carry_out(mut self, buffers: &Arc<Buffers>) -> Fetched {
        let mut chunks = Vec::with_capacity(self.count);
        let end = loop {
            let size = usize::try_from(self.left).map_or(self.size, |left| left.min(self.size));
            if size == 0 {
                break Ending::Reached;
            }
            if chunks.len() == self.count {
                break Ending::NotYet;
            }
            let mut buffer = buffers.take();
            match uv::read_to_vec(self.file.fd(), &mut buffer, size, self.position) {
                Ok(0) => {
                    buffers.give(buffer);
                    break Ending::Reached;
                }
                Ok(read) => {
                    chunks.push(buffers.freeze(buffer));
                    self.left -= read as u64;
                    self.position = self.position.map(|position| position + read as u64);
                }
                Err(error) => {
                    buffers.give(buffer);
                    break Ending::Failed(error);
                }
            }
        };
        Fetched { chunks, end }
    }
}

/// Buffers that have been read and may be filled again, so that memory fresh from the system, which costs more than
/// reading into it, is not needed for every chunk.
#[derive(Default)]
struct Buffers(Mutex<Vec<Vec<u8>>>);

/// How many are kept.
const MAX_BUFFERS: usize = 2 * MAX_BATCH;

impl Buffers {
    fn take(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    fn give(&self, mut buffer: Vec<u8>) {
        buffer.clear();
        let mut buffers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buffers.len() < MAX_BUFFERS {
            buffers.push(buffer);
        }
    }

    /// The content of a buffer, which comes back when the last handle to it goes. A short content is copied, lest a
    /// few bytes that somebody keeps hold the whole buffer.
    fn freeze(self: &Arc<Self>, buffer: Vec<u8>) -> Bytes {
        struct Lent(Vec<u8>, Arc<Buffers>);
        impl AsRef<[u8]> for Lent {
            fn as_ref(&self) -> &[u8] {
                &self.0
            }
        }
        impl Drop for Lent {
            fn drop(&mut self) {
                self.1.give(std::mem::take(&mut self.0));
            }
        }
        if buffer.len() < buffer.capacity() / 2 {
            let copy = Bytes::copy_from_slice(&buffer);
            self.give(buffer);
            return copy;
        }
        Bytes::from_owner(Lent(buffer, Arc::clone(self)))
    }
}
