//! Files as streams to write to.

use std::cell::Cell;
use std::fmt;
use std::io::IoSlice;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;

use bytes::{Buf, Bytes};
use nodecore_buffer::Encoding;
use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Slice};
use nodecore_events::ListenerId;
use nodecore_stream::{
    AbortSignal, AnyStream, AsWritable, ByteChunk, DestroyDone, Done, Sink, Writable, WritableOptions,
};

use super::file::{FileSettings, OpenFile, StreamFile};
use crate::descriptor::Fd;
use crate::flags::Flags;
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
        let settings = FileSettings {
            flags: options.flags,
            mode: options.mode,
            auto_close: options.auto_close,
            flush: options.flush,
        };
        let shared = Rc::new(Shared {
            file: Rc::new(StreamFile::new(lp, &file, settings)?),
            position: Cell::new(options.start),
            bytes_written: Cell::new(0),
        });
        let mut writable = WritableOptions::default()
            .high_water_mark(options.high_water_mark)
            .emit_close(options.emit_close)
            .auto_destroy(options.auto_close)
            .default_encoding(options.encoding);
        writable.signal = options.signal.clone();
        Ok(WriteStream { stream: Writable::new(lp, writable, File(Rc::clone(&shared))), shared })
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

struct Shared {
    file: Rc<StreamFile>,
    /// Where the next write goes; None: where the file stands.
    position: Cell<Option<u64>>,
    bytes_written: Cell<u64>,
}

struct File(Rc<Shared>);

impl<T: ByteChunk> Sink<T> for File {
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

    fn writev(&self, _stream: &Writable<T>, chunks: Vec<T>, done: Done) {
        let chunks = match chunks.into_iter().map(T::into_bytes).collect::<Result<Vec<Bytes>>>() {
            Ok(chunks) => chunks,
            Err(error) => return done.fail(error),
        };
        let Some(file) = self.0.file.lend() else {
            return done.fail(Error::system_code(Code::EBADF, "write"));
        };
        let operation =
            WriteAll { file, chunks, next: 0, position: self.0.position.get(), written: 0, idle: 0 };
        let this = Rc::clone(&self.0);
        operation.spawn(self.0.file.lp(), move |outcome| {
            let (written, error) = outcome.unwrap_or_else(|error| (0, Some(error)));
            this.bytes_written.set(this.bytes_written.get() + written);
            this.position.set(this.position.get().map(|position| position + written));
            done.with(error.clone());
            this.file.give_back(error.as_ref());
        });
    }

    fn has_final(&self) -> bool {
        false
    }

    fn destroy(&self, _stream: &Writable<T>, error: Option<Error>, done: DestroyDone) {
        self.0.file.destroy(error, done);
    }
}

/// Writes chunks to the last byte, in one trip to the pool.
struct WriteAll {
    file: Arc<OpenFile>,
    chunks: Vec<Bytes>,
    next: usize,
    position: Option<u64>,
    written: u64,
    /// How often in a row nothing could be written.
    idle: u32,
}

/// The most chunks of one `writev`, below every system's bound.
const MAX_SLICES: usize = 512;

/// How often in a row a file that takes nothing is tried, as in Node.
const MAX_IDLE: u32 = 5;

impl Operation for WriteAll {
    /// How much was written, also where that was not all.
    type Output = (u64, Option<Error>);

    fn advance(&mut self, slice: &mut Slice) -> Poll<Result<Self::Output>> {
        loop {
            let mut size = 0;
            let slices: Vec<_> = self
                .chunks
                .iter()
                .skip(self.next)
                .take(MAX_SLICES)
                .take_while(|chunk| {
                    let first = size == 0;
                    size += chunk.len();
                    first || size <= Slice::UNITS
                })
                .map(|chunk| IoSlice::new(chunk))
                .collect();
            if slices.is_empty() {
                return Poll::Ready(Ok((self.written, None)));
            }
            let written = match uv::writev(self.file.fd(), &slices, self.position) {
                Err(error) if error.code() != Code::EAGAIN => {
                    return Poll::Ready(Ok((self.written, Some(error))));
                }
                result => result.unwrap_or(0),
            };
            self.advance_by(written);
            if written == 0 && !self.is_done() {
                self.idle += 1;
                if self.idle > MAX_IDLE {
                    return Poll::Ready(Ok((self.written, Some(Error::new(Code::Uncoded, "writev failed")))));
                }
                return Poll::Pending;
            }
            self.idle = 0;
            if !slice.spend(written) && !self.is_done() {
                return Poll::Pending;
            }
        }
    }
}

impl WriteAll {
    fn is_done(&self) -> bool {
        self.chunks.get(self.next..).is_none_or(|chunks| chunks.iter().all(Bytes::is_empty))
    }

    fn advance_by(&mut self, mut written: usize) {
        self.written += written as u64;
        self.position = self.position.map(|position| position + written as u64);
        while let Some(chunk) = self.chunks.get_mut(self.next) {
            let taken = written.min(chunk.len());
            chunk.advance(taken);
            written -= taken;
            if !chunk.is_empty() {
                break;
            }
            self.next += 1;
        }
    }
}
