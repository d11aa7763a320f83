//! Files as streams to write to.

use std::any::Any;
use std::cell::Cell;
use std::fmt;
use std::io::IoSlice;
use std::ops::Deref;
use std::rc::Rc;
use std::task::Poll;

use bytes::{Buf, Bytes};
use nodecore_buffer::Encoding;
use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Slice};
use nodecore_events::ListenerId;
use nodecore_stream::{
    AbortSignal, AnyStream, AsWritable, ByteChunk, DestroyDone, Done, Event, Sink, Writable, WritableOptions,
};

use super::file::{FileSettings, Lent, StreamFile};
use super::hooks::{StreamFs, WriteFs};
use crate::descriptor::Fd;
use crate::flags::Flags;
use crate::handle::FileHandle;
use crate::path_arg::FileArg;

/// How [`create_write_stream`] writes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WriteStreamOptions {
    /// How the file is opened. Default `'w'`.
    pub flags: Flags,
    /// The permissions of a file that is made. Default `0o666`.
    pub mode: u32,
    /// Where to begin; needs flags such as `'r+'`. Default: where the file stands.
    pub start: Option<u64>,
    /// From how many buffered bytes on `write` returns false. Default 64 KiB.
    pub high_water_mark: usize,
    /// Whether to close the file when all is written or after an error. If false the caller closes it.
    pub auto_close: bool,
    /// Whether to emit `close`.
    pub emit_close: bool,
    /// Whether to wait until everything is on the device before closing.
    pub flush: bool,
    /// The encoding of text that is written without one. Node: `encoding`. Default UTF-8.
    pub encoding: Encoding,
    /// Destroys the stream, with an `AbortError`.
    pub signal: Option<AbortSignal>,
    /// What opens, writes and closes in place of the system. Not for a handle.
    pub fs: Option<Rc<dyn WriteFs>>,
}

impl Default for WriteStreamOptions {
    fn default() -> WriteStreamOptions {
        WriteStreamOptions {
            flags: Flags::W,
            mode: 0o666,
            start: None,
            high_water_mark: 64 * 1024,
            auto_close: true,
            emit_close: true,
            flush: false,
            encoding: Encoding::Utf8,
            signal: None,
            fs: None,
        }
    }
}

impl WriteStreamOptions {
    super::setters! {
        /// Sets how the file is opened.
        flags: Flags;
        /// Sets the permissions of a file that is made.
        mode: u32;
        /// Sets where to begin.
        start: u64 => Some;
        /// Sets from how many buffered bytes on `write` returns false.
        high_water_mark: usize;
        /// Sets whether to close the file.
        auto_close: bool;
        /// Sets whether to emit `close`.
        emit_close: bool;
        /// Sets whether to wait until everything is on the device.
        flush: bool;
        /// Sets the encoding of text that is written without one.
        encoding: Encoding;
        /// Sets what destroys the stream.
        signal: AbortSignal => Some;
        /// Sets what writes in place of the system.
        fs: Rc<dyn WriteFs> => Some;
    }
}

/// A stream that writes to a file: to a path, which is opened at once, or to an open descriptor.
///
/// Node: [`fs.createWriteStream`](https://nodejs.org/api/fs.html#fscreatewritestreampath-options).
///
/// # Errors
/// [`Code::InvalidArgValue`] for a path with NUL; [`Code::OutOfRange`] for a negative descriptor. That the file
/// cannot be opened is the stream's `error`.
///
/// # Examples
/// ```
/// use bytes::Bytes;
/// use nodecore_event_loop::{EventLoop, RunMode};
/// use nodecore_fs::{create_write_stream, mkdtemp_sync, rmdir_sync, stat_sync, unlink_sync};
///
/// let lp = EventLoop::new()?;
/// let dir = mkdtemp_sync(std::env::temp_dir().join("example-"))?;
/// let stream = create_write_stream(&lp, dir.join("a"), &Default::default())?;
/// stream.write(Bytes::from("some "));
/// stream.end_chunk(Bytes::from("text"));
/// lp.run(RunMode::Default);
/// assert_eq!(stat_sync(dir.join("a"))?.size(), stream.bytes_written());
/// unlink_sync(dir.join("a"))?;
/// rmdir_sync(dir)?;
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn create_write_stream(
    lp: &EventLoop,
    file: impl FileArg,
    options: &WriteStreamOptions,
) -> Result<WriteStream> {
    WriteStream::new(lp, file, options)
}

/// A [`Writable`] to a file. Node: [`fs.WriteStream`](https://nodejs.org/api/fs.html#class-fswritestream).
///
/// What is written is [`Bytes`], or another [`ByteChunk`]; a chunk that is not bytes fails the stream with
/// `ERR_INVALID_ARG_TYPE`.
pub struct WriteStream<T: ByteChunk = Bytes> {
    stream: Writable<T>,
    shared: Rc<Shared>,
}

impl<T: ByteChunk> WriteStream<T> {
    /// As [`create_write_stream`], with chunks of any type.
    ///
    /// # Errors
    /// As [`create_write_stream`].
    pub fn new(lp: &EventLoop, file: impl FileArg, options: &WriteStreamOptions) -> Result<WriteStream<T>> {
        super::checked_position("start", options.start)?;
        let (settings, fs) = parts(options);
        Ok(WriteStream::with(StreamFile::new(lp, &file, settings, fs)?, options))
    }

    /// As [`FileHandle::create_write_stream`], with chunks of any type.
    ///
    /// # Errors
    /// As [`FileHandle::create_write_stream`].
    pub fn from_handle(handle: &FileHandle, options: &WriteStreamOptions) -> Result<WriteStream<T>> {
        super::checked_position("start", options.start)?;
        let (settings, fs) = parts(options);
        Ok(WriteStream::with(StreamFile::of_handle(handle, settings, fs)?, options))
    }

    /// The file stream that a [`Writable`] is, if it is one.
    pub fn of(stream: &Writable<T>) -> Option<WriteStream<T>> {
        let shared = stream.origin()?.downcast().ok()?;
        Some(WriteStream { stream: stream.clone(), shared })
    }

    fn with(file: StreamFile, options: &WriteStreamOptions) -> WriteStream<T> {
        let lp = file.lp().clone();
        let shared = Rc::new(Shared {
            file: Rc::new(file),
            fs: options.fs.clone(),
            start: options.start,
            position: Cell::new(options.start),
            bytes_written: Cell::new(0),
        });
        let mut writable = WritableOptions::default()
            .high_water_mark(options.high_water_mark)
            .emit_close(options.emit_close)
            .auto_destroy(options.auto_close)
            .default_encoding(options.encoding);
        writable.signal = options.signal.clone();
        WriteStream { stream: Writable::new(&lp, writable, File(Rc::clone(&shared))), shared }
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

    /// The bytes written so far, without those that still wait.
    pub fn bytes_written(&self) -> u64 {
        self.shared.bytes_written.get()
    }

    /// Ends the stream and closes the file, also without `auto_close`; `done` is called when it is closed.
    /// Node: `close`.
    pub fn close(&self, done: impl FnOnce() + 'static) {
        if self.stream.closed() {
            self.shared.file.lp().next_tick(done);
            return;
        }
        self.stream.once(Event::Close, done);
        if !self.auto_close() {
            let stream = self.stream.clone();
            self.stream.once(Event::Finish, move || {
                stream.destroy(None);
            });
        }
        self.stream.end();
    }

    /// Whether the file is closed when all is written or after an error.
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

impl<T: ByteChunk> Deref for WriteStream<T> {
    type Target = Writable<T>;
    fn deref(&self) -> &Writable<T> {
        &self.stream
    }
}

impl<T: ByteChunk> AsWritable<T> for WriteStream<T> {
    fn to_writable(&self) -> Writable<T> {
        self.stream.clone()
    }
}

impl<T: ByteChunk> From<&WriteStream<T>> for AnyStream {
    fn from(stream: &WriteStream<T>) -> AnyStream {
        AnyStream::from(&stream.stream)
    }
}

impl<T: ByteChunk> Clone for WriteStream<T> {
    fn clone(&self) -> WriteStream<T> {
        WriteStream { stream: self.stream.clone(), shared: Rc::clone(&self.shared) }
    }
}

impl<T: ByteChunk> fmt::Debug for WriteStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WriteStream")
            .field("fd", &self.fd())
            .field("bytes_written", &self.bytes_written())
            .field("stream", &self.stream)
            .finish()
    }
}

fn parts(options: &WriteStreamOptions) -> (FileSettings, Option<Rc<dyn StreamFs>>) {
    let settings = FileSettings {
        flags: options.flags,
        mode: options.mode,
        auto_close: options.auto_close,
        flush: options.flush,
    };
    (settings, options.fs.clone().map(|fs| fs as Rc<dyn StreamFs>))
}

struct Shared {
    file: Rc<StreamFile>,
    fs: Option<Rc<dyn WriteFs>>,
    start: Option<u64>,
    /// Where the next write goes; None: where the file stands.
    position: Cell<Option<u64>>,
    bytes_written: Cell<u64>,
}

struct File(Rc<Shared>);

impl<T: ByteChunk> Sink<T> for File {
    fn origin(&self) -> Option<Rc<dyn Any>> {
        Some(Rc::<Shared>::clone(&self.0))
    }

    fn has_construct(&self) -> bool {
        true
    }

    fn construct(&self, _stream: &Writable<T>, done: Done) {
        self.0.file.open(done);
    }

    fn write(&self, stream: &Writable<T>, chunk: T, done: Done) {
        self.writev(stream, vec![chunk], done);
    }

    fn has_writev(&self) -> bool {
        true
    }

    fn writev(&self, stream: &Writable<T>, chunks: Vec<T>, done: Done) {
        let chunks = match chunks.into_iter().map(T::into_bytes).collect::<Result<Vec<Bytes>>>() {
            Ok(chunks) => chunks,
            Err(error) => return done.fail(error),
        };
        if let Some(fs) = &self.0.fs {
            return self.0.write_by(fs, chunks, done);
        }
        let Some(file) = self.0.file.lend() else {
            if self.0.file.is_gone() {
                stream.destroy(None);
            }
            return done.fail(Error::system_code(Code::EBADF, "write"));
        };
        let rest = Rest::new(chunks, self.0.position.get());
        let this = Rc::clone(&self.0);
        WriteAll { file, rest }.spawn(self.0.file.lp(), move |outcome| {
            let (written, error) = outcome.unwrap_or_else(|error| (0, Some(error)));
            this.written(written, error, done);
        });
    }

    fn has_final(&self) -> bool {
        false
    }

    fn destroy(&self, _stream: &Writable<T>, error: Option<Error>, done: DestroyDone) {
        self.0.file.destroy(error, done);
    }
}

impl Shared {
    fn written(&self, written: u64, error: Option<Error>, done: Done) {
        self.bytes_written.set(self.bytes_written.get() + written);
        self.position.set(self.position.get().map(|position| position + written));
        done.with(error.clone());
        self.file.give_back(error.as_ref());
    }

    /// By the caller's functions.
    fn write_by(self: &Rc<Self>, fs: &Rc<dyn WriteFs>, chunks: Vec<Bytes>, done: Done) {
        let Some(fd) = self.file.lend_fd() else {
            return done.fail(Error::system_code(Code::EBADF, "write"));
        };
        let (this, fs) = (Rc::clone(self), Rc::clone(fs));
        self.file.lp().spawn_local(async move {
            let mut rest = Rest::new(chunks, this.position.get());
            let error = loop {
                let result = match rest.left() {
                    [] => break None,
                    [only] => fs.write(fd, only.clone(), rest.position).await,
                    several => fs.writev(fd, several, rest.position).await,
                };
                match rest.advance(result) {
                    Ok(Wrote::All) => break None,
                    Ok(_) => {}
                    Err(error) => break Some(error),
                }
            };
            this.written(rest.written, error, done);
        });
    }
}

/// Chunks that are being written.
struct Rest {
    chunks: Vec<Bytes>,
    next: usize,
    position: Option<u64>,
    written: u64,
    /// How often in a row nothing could be written.
    idle: u32,
}

/// What a write has come to.
enum Wrote {
    Nothing,
    Some(usize),
    All,
}

/// How often in a row a file that takes nothing is tried, as in Node.
const MAX_IDLE: u32 = 5;

impl Rest {
    fn new(chunks: Vec<Bytes>, position: Option<u64>) -> Rest {
        Rest { chunks, next: 0, position, written: 0, idle: 0 }
    }

    /// What is not written, of which the first may be empty.
    fn left(&self) -> &[Bytes] {
        self.chunks.get(self.next..).unwrap_or_default()
    }

    /// Goes on behind what a write has done.
    fn advance(&mut self, result: Result<usize>) -> Result<Wrote> {
        let written = match result {
            Err(error) if error.code() != Code::EAGAIN => return Err(error),
            result => result.unwrap_or(0),
        };
        let mut left = written;
        while let Some(chunk) = self.chunks.get_mut(self.next) {
            let taken = left.min(chunk.len());
            chunk.advance(taken);
            left -= taken;
            if !chunk.is_empty() {
                break;
            }
            self.next += 1;
        }
        let written = written - left;
        self.written += written as u64;
        self.position = self.position.map(|position| position + written as u64);
        if self.left().is_empty() {
            return Ok(Wrote::All);
        }
        if written > 0 {
            self.idle = 0;
            return Ok(Wrote::Some(written));
        }
        self.idle += 1;
        if self.idle > MAX_IDLE {
            return Err(Error::new(Code::Uncoded, "writev failed"));
        }
        Ok(Wrote::Nothing)
    }
}

/// Writes chunks to the last byte, in one trip to the pool.
struct WriteAll {
    file: Lent,
    rest: Rest,
}

/// The most chunks of one `writev`, below every system's bound.
const MAX_SLICES: usize = 512;

impl Operation for WriteAll {
    /// How much was written, also where that was not all.
    type Output = (u64, Option<Error>);

    fn advance(&mut self, slice: &mut Slice) -> Poll<Result<Self::Output>> {
        loop {
            let mut size = 0;
            let slices: Vec<_> = self
                .rest
                .left()
                .iter()
                .take(MAX_SLICES)
                .take_while(|chunk| {
                    let first = size == 0;
                    size += chunk.len();
                    first || size <= Slice::UNITS
                })
                .map(|chunk| IoSlice::new(chunk))
                .collect();
            if slices.is_empty() {
                return Poll::Ready(Ok((self.rest.written, None)));
            }
            let result = uv::writev(self.file.fd(), &slices, self.rest.position);
            match self.rest.advance(result) {
                Ok(Wrote::Some(written)) if slice.spend(written) => {}
                Ok(Wrote::Some(_) | Wrote::Nothing) => return Poll::Pending,
                Ok(Wrote::All) => return Poll::Ready(Ok((self.rest.written, None))),
                Err(error) => return Poll::Ready(Ok((self.rest.written, Some(error)))),
            }
        }
    }
}
