//! `openAsBlob`: a file as a Blob.

use std::cell::Cell;
use std::ffi::CString;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;

use bytes::Bytes;
use nodecore_buffer::{Encoding, TextDecoderOptions, decode};
use nodecore_error::{Class, Code, Error, Result};
use nodecore_event_loop::uv::fs::{self as uv, RawTime};
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Slice, blocking};
use nodecore_stream::web::{
    PipeToOptions, Promise as WebPromise, ReadableByteStreamController, ReadableStream, TextDecoderStream,
    UnderlyingByteSource,
};

use crate::descriptor::Descriptor;
use crate::flags::Flags;
use crate::open::open_path;
use crate::path_arg::{PathArg, c_path};
use crate::promise::{Promise, promise};

/// The file `path` as a [`Blob`] of the type `kind`, which may be empty. Nothing is read before it is asked
/// for.
///
/// Node: [`fs.openAsBlob`](https://nodejs.org/api/fs.html#fsopenasblobpath-options), which has a form that
/// blocks as well.
///
/// # Errors
/// [`Code::InvalidArgValue`] for a path with NUL; otherwise the system's, syscall `stat`.
///
/// # Examples
/// ```
/// let blob = nodecore_fs::open_as_blob_sync("Cargo.toml", "text/plain")?;
/// assert_eq!(blob.slice(0, Some(9), "").bytes_sync()?, b"[package]");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn open_as_blob_sync(path: impl PathArg, kind: &str) -> Result<Blob> {
    open_op(&path, kind)?.run_sync()
}

pub(crate) mod promises {
    use super::{Blob, EventLoop, PathArg, Promise, promise};

    /// As [`open_as_blob_sync`](crate::open_as_blob_sync()), as a future.
    pub fn open_as_blob(lp: &EventLoop, path: impl PathArg, kind: &str) -> Promise<Blob> {
        promise(lp, super::open_op(&path, kind))
    }
}

fn open_op(path: &impl PathArg, kind: &str) -> Result<impl Operation<Output = Blob>> {
    let path = c_path(path, "path")?;
    let kind = kind.to_owned();
    Ok(blocking(move || {
        let found = uv::stat(&path).map_err(|error| error.with_path(path.as_bytes()))?;
        let file = Arc::new(File { path, size: found.size, mtime: found.mtime });
        Ok(Blob { file, start: 0, size: found.size, kind })
    }))
}

/// A file, or a part of one, as it was when the blob was made: once the file has been changed the blob cannot
/// be read.
///
/// Node: [`Blob`](https://nodejs.org/api/buffer.html#class-blob), of a file.
///
/// # Differences from Node
/// It is a view of a file only. The type of a file's blob is what was given; [`slice`](Blob::slice) has the
/// rules of the standard for it, as in Node.
#[derive(Clone)]
pub struct Blob {
    file: Arc<File>,
    start: u64,
    size: u64,
    kind: String,
}

#[derive(Debug)]
struct File {
    path: CString,
    size: u64,
    mtime: RawTime,
}

impl File {
    /// Opens it, if it is what it was.
    fn open(&self) -> Result<Descriptor> {
        let file = open_path(&self.path, Flags::R, 0)?;
        let found = uv::fstat(file.fd())?;
        if (found.size, found.mtime) == (self.size, self.mtime) { Ok(file) } else { Err(unreadable()) }
    }
}

fn unreadable() -> Error {
    Error::new(Code::Uncoded, "The blob could not be read").with_class(Class::NotReadableError)
}

/// What went wrong is the cause.
fn because(error: Error) -> Error {
    if error.class() == Class::NotReadableError { error } else { unreadable().with_cause(error) }
}

impl Blob {
    /// Bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The type, such as `text/plain`, or nothing. Node: `type`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The part from `start` to `end`, both counted from the end if negative. A type that is not of printable
    /// ASCII is none; letters become small ones.
    #[must_use]
    pub fn slice(&self, start: i64, end: Option<i64>, kind: &str) -> Blob {
        let at = |place: i64| match place {
            0.. => place.unsigned_abs().min(self.size),
            _ => self.size.saturating_sub(place.unsigned_abs()),
        };
        let (start, end) = (at(start), end.map_or(self.size, at));
        let printable = kind.bytes().all(|byte| (0x20..=0x7e).contains(&byte));
        Blob {
            file: Arc::clone(&self.file),
            start: self.start + start,
            size: end.saturating_sub(start),
            kind: if printable { kind.to_ascii_lowercase() } else { String::new() },
        }
    }

    /// All its bytes, blocking.
    ///
    /// # Errors
    /// A `NotReadableError` if the file has been changed or cannot be read; its cause is the system's error.
    pub fn bytes_sync(&self) -> Result<Vec<u8>> {
        self.read(self.start, self.size).run_sync()
    }

    /// All its bytes. Node: `bytes`, `arrayBuffer`. The future fails as [`bytes_sync`](Blob::bytes_sync).
    pub fn bytes(&self, lp: &EventLoop) -> Promise<Vec<u8>> {
        promise(lp, Ok(self.read(self.start, self.size)))
    }

    /// All its bytes as text. The future fails as [`bytes_sync`](Blob::bytes_sync).
    pub fn text(&self, lp: &EventLoop) -> Promise<String> {
        promise(lp, Ok(Text(self.read(self.start, self.size))))
    }

    /// Its bytes as a byte stream, in chunks of 64 KiB, which fails as [`bytes_sync`](Blob::bytes_sync).
    ///
    /// # Errors
    /// None that it could cause.
    pub fn stream(&self, lp: &EventLoop) -> Result<ReadableStream<Bytes>> {
        let source = Source { lp: lp.clone(), blob: self.clone(), read: Rc::default() };
        // Nothing is read ahead of who asks.
        ReadableStream::bytes(lp, source, None, 0.0)
    }

    /// Its text as a stream: its bytes decoded as UTF-8, without a mark at the beginning. Node: `textStream`.
    ///
    /// # Errors
    /// None that it could cause; the stream fails as [`bytes_sync`](Blob::bytes_sync).
    pub fn text_stream(&self, lp: &EventLoop) -> Result<ReadableStream<String>> {
        let decoder = TextDecoderStream::new(lp, "utf-8", TextDecoderOptions::default())?;
        self.stream(lp)?.pipe_through(&decoder, PipeToOptions::default())
    }

    fn read(&self, start: u64, size: u64) -> Read {
        Read { source: Arc::clone(&self.file), file: None, start, size, data: Vec::new() }
    }
}

/// Reads a part of the file.
struct Read {
    source: Arc<File>,
    file: Option<Descriptor>,
    start: u64,
    size: u64,
    data: Vec<u8>,
}

impl Operation for Read {
    type Output = Vec<u8>;

    fn advance(&mut self, slice: &mut Slice) -> Poll<Result<Vec<u8>>> {
        self.step(slice).map_err(because)
    }
}

impl Read {
    fn step(&mut self, slice: &mut Slice) -> Poll<Result<Vec<u8>>> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(self.source.open()?),
        };
        loop {
            let done = self.data.len() as u64;
            let left = usize::try_from(self.size - done).unwrap_or(usize::MAX).min(Slice::UNITS);
            if left == 0 {
                return Poll::Ready(Ok(std::mem::take(&mut self.data)));
            }
            match uv::read_to_vec(file.fd(), &mut self.data, left, Some(self.start + done)) {
                // Somebody has cut it meanwhile.
                Ok(0) => return Poll::Ready(Err(unreadable())),
                Ok(read) if !slice.spend(read) && (self.data.len() as u64) < self.size => {
                    return Poll::Pending;
                }
                Ok(_) => {}
                Err(error) if error.code() == Code::EINTR => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

/// As [`Read`], decoded on the pool.
struct Text(Read);

impl Operation for Text {
    type Output = String;

    fn advance(&mut self, slice: &mut Slice) -> Poll<Result<String>> {
        self.0
            .advance(slice)
            .map_ok(|bytes| decode(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes), Encoding::Utf8))
    }
}

/// Bytes to a chunk of a stream.
const CHUNK: u64 = 64 * 1024;

struct Source {
    lp: EventLoop,
    blob: Blob,
    /// The bytes read so far.
    read: Rc<Cell<u64>>,
}

impl UnderlyingByteSource for Source {
    fn pull(&self, controller: &ReadableByteStreamController) -> WebPromise<()> {
        let at = self.read.get();
        let size = (self.blob.size - at).min(CHUNK);
        if size == 0 {
            let waiting = controller.byob_request();
            let closed =
                controller.close().and_then(|()| waiting.map_or(Ok(()), |request| request.respond(0)));
            return closed.map_or_else(WebPromise::rejected, WebPromise::resolved);
        }
        let reading = self.blob.read(self.blob.start + at, size).future(&self.lp);
        let (controller, read) = (controller.clone(), Rc::clone(&self.read));
        WebPromise::from_future(&self.lp, async move {
            let chunk = reading.await?;
            read.set(at + size);
            controller.enqueue(Bytes::from(chunk))
        })
    }
}

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blob")
            .field("path", &self.file.path)
            .field("start", &self.start)
            .field("size", &self.size)
            .field("type", &self.kind)
            .finish()
    }
}
