//! Streams of an open handle.

use std::cell::Cell;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;
use std::task::Poll;

use bytes::{Buf, Bytes};
use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{Operation, OperationExt, Slice, blocking};
use nodecore_stream::{
    AnyStream, AsReadable, AsWritable, DestroyDone, Done, Readable, ReadableOptions, Sink, Source, Writable,
    WritableOptions,
};

use super::FileHandle;
use crate::descriptor::Fd;
use crate::streams::{ReadStreamOptions, WriteStreamOptions, checked_position, checked_range};

impl FileHandle {
    /// A stream of the file's bytes, from where it stands or `options.start`. It closes the handle at the end
    /// or after an error, unless `options.auto_close` is false.
    ///
    /// Node:
    /// [`filehandle.createReadStream`](https://nodejs.org/api/fs.html#filehandlecreatereadstreamoptions).
    ///
    /// # Errors
    /// [`Code::OutOfRange`] if it is closed, and for a `start` behind `end`.
    ///
    /// # Differences from Node
    /// `options.flags` and `mode` are of no use here. A stream whose handle is closed by somebody else learns
    /// of it, and is destroyed, when it would read or write next.
    pub fn create_read_stream(&self, options: &ReadStreamOptions) -> Result<HandleReadStream> {
        checked_range(options)?;
        crate::descriptor::valid(self.fd())?;
        let left = options.end.map_or(u64::MAX, |end| (end - options.start.unwrap_or(0)).saturating_add(1));
        let shared = Rc::new(Shared {
            handle: self.clone(),
            position: Cell::new(options.start),
            left: Cell::new(left),
            moved: Cell::new(0),
            auto_close: options.auto_close,
            flush: false,
        });
        let readable = ReadableOptions::default()
            .high_water_mark(options.high_water_mark)
            .emit_close(options.emit_close)
            .auto_destroy(options.auto_close);
        let stream = Readable::new(&self.0.lp, readable, File(Rc::clone(&shared)));
        Ok(HandleReadStream { stream, shared })
    }

    /// A stream that writes to the file, from where it stands or `options.start`. It closes the handle when
    /// all is written or after an error, unless `options.auto_close` is false.
    ///
    /// Node:
    /// [`filehandle.createWriteStream`](https://nodejs.org/api/fs.html#filehandlecreatewritestreamoptions).
    ///
    /// # Errors
    /// [`Code::OutOfRange`] if it is closed.
    ///
    /// # Differences from Node
    /// As [`create_read_stream`](FileHandle::create_read_stream).
    pub fn create_write_stream(&self, options: &WriteStreamOptions) -> Result<HandleWriteStream> {
        checked_position("start", options.start)?;
        crate::descriptor::valid(self.fd())?;
        let shared = Rc::new(Shared {
            handle: self.clone(),
            position: Cell::new(options.start),
            left: Cell::new(u64::MAX),
            moved: Cell::new(0),
            auto_close: options.auto_close,
            flush: options.flush,
        });
        let writable = WritableOptions::default()
            .high_water_mark(options.high_water_mark)
            .emit_close(options.emit_close)
            .auto_destroy(options.auto_close);
        let stream = Writable::new(&self.0.lp, writable, File(Rc::clone(&shared)));
        Ok(HandleWriteStream { stream, shared })
    }
}

/// A [`Readable`] of an open handle.
#[derive(Clone)]
pub struct HandleReadStream {
    stream: Readable<Bytes>,
    shared: Rc<Shared>,
}

/// A [`Writable`] to an open handle.
#[derive(Clone)]
pub struct HandleWriteStream {
    stream: Writable<Bytes>,
    shared: Rc<Shared>,
}

struct Shared {
    handle: FileHandle,
    /// Where in the file; None: where it stands.
    position: Cell<Option<u64>>,
    /// Bytes still to be read.
    left: Cell<u64>,
    moved: Cell<u64>,
    auto_close: bool,
    flush: bool,
}

impl HandleReadStream {
    /// The bytes read so far.
    pub fn bytes_read(&self) -> u64 {
        self.shared.moved.get()
    }
}

impl HandleWriteStream {
    /// The bytes written so far, without those that still wait.
    pub fn bytes_written(&self) -> u64 {
        self.shared.moved.get()
    }
}

impl Shared {
    fn moved(&self, bytes: u64) {
        self.moved.set(self.moved.get() + bytes);
        self.left.set(self.left.get().saturating_sub(bytes));
        self.position.set(self.position.get().map(|position| position + bytes));
    }

    /// The stream's `_destroy`. What the handle does meanwhile is waited for by its `close`.
    fn destroy(&self, error: Option<Error>, done: DestroyDone) {
        if !self.auto_close {
            return done.with(error);
        }
        let lp = &self.handle.0.lp;
        let (close, alive) = (self.handle.close(), lp.keep_alive());
        lp.spawn_local(async move {
            let closed = close.await.err();
            drop(alive);
            done.with(error.or(closed));
        });
    }
}

struct File(Rc<Shared>);

impl Source<Bytes> for File {
    fn read(&self, stream: &Readable<Bytes>, size: usize) {
        let size = usize::try_from(self.0.left.get()).map_or(size, |left| left.min(size));
        if size == 0 {
            stream.push(None);
            return;
        }
        let position = self.0.position.get();
        let operation = self.0.handle.hold("read", |fd| {
            Ok(blocking(move || {
                let mut bytes = Vec::new();
                uv::read_to_vec(fd, &mut bytes, size, position)?;
                Ok(Bytes::from(bytes))
            }))
        });
        let Ok(operation) = operation else {
            stream.destroy(None);
            return;
        };
        let (shared, stream) = (Rc::clone(&self.0), stream.clone());
        operation.spawn(&self.0.handle.0.lp, move |outcome| match outcome {
            Ok(bytes) => {
                shared.moved(bytes.len() as u64);
                stream.push(Some(bytes).filter(|bytes| !bytes.is_empty()));
            }
            Err(error) => {
                stream.destroy(Some(error));
            }
        });
    }

    fn destroy(&self, _stream: &Readable<Bytes>, error: Option<Error>, done: DestroyDone) {
        self.0.destroy(error, done);
    }
}

impl Sink<Bytes> for File {
    fn write(&self, stream: &Writable<Bytes>, chunk: Bytes, done: Done) {
        let position = self.0.position.get();
        let operation = self.0.handle.hold("write", |fd| Ok(WriteAll { fd, chunk, position, written: 0 }));
        let operation = match operation {
            Ok(operation) => operation,
            Err(error) => {
                stream.destroy(None);
                return done.fail(error);
            }
        };
        let shared = Rc::clone(&self.0);
        operation.spawn(&self.0.handle.0.lp, move |outcome| {
            let (written, error) = outcome.unwrap_or_else(|error| (0, Some(error)));
            shared.moved(written);
            done.with(error);
        });
    }

    fn has_final(&self) -> bool {
        self.0.flush
    }

    fn final_(&self, _stream: &Writable<Bytes>, done: Done) {
        match self.0.handle.hold("fsync", crate::sync::fsync_op) {
            Ok(operation) => {
                operation.spawn(&self.0.handle.0.lp, move |result| done.call(result));
            }
            Err(error) => done.fail(error),
        }
    }

    fn destroy(&self, _stream: &Writable<Bytes>, error: Option<Error>, done: DestroyDone) {
        self.0.destroy(error, done);
    }
}

/// Writes a chunk to its last byte.
struct WriteAll {
    fd: Fd,
    chunk: Bytes,
    position: Option<u64>,
    written: u64,
}

impl Operation for WriteAll {
    /// How much was written, also where that was not all.
    type Output = (u64, Option<Error>);

    fn advance(&mut self, slice: &mut Slice) -> Poll<Result<Self::Output>> {
        while !self.chunk.is_empty() {
            let part = &self.chunk[..self.chunk.len().min(Slice::UNITS)];
            let written = match uv::write(self.fd, part, self.position) {
                Ok(0) => {
                    return Poll::Ready(Ok((self.written, Some(Error::system_code(Code::EIO, "write")))));
                }
                Ok(written) => written,
                Err(error) => return Poll::Ready(Ok((self.written, Some(error)))),
            };
            self.chunk.advance(written);
            self.written += written as u64;
            self.position = self.position.map(|position| position + written as u64);
            if !slice.spend(written) && !self.chunk.is_empty() {
                return Poll::Pending;
            }
        }
        Poll::Ready(Ok((self.written, None)))
    }
}

impl Deref for HandleReadStream {
    type Target = Readable<Bytes>;
    fn deref(&self) -> &Readable<Bytes> {
        &self.stream
    }
}

impl Deref for HandleWriteStream {
    type Target = Writable<Bytes>;
    fn deref(&self) -> &Writable<Bytes> {
        &self.stream
    }
}

impl AsReadable for HandleReadStream {
    type Item = Bytes;
    fn to_readable(&self) -> Readable<Bytes> {
        self.stream.clone()
    }
}

impl AsWritable<Bytes> for HandleWriteStream {
    fn to_writable(&self) -> Writable<Bytes> {
        self.stream.clone()
    }
}

impl From<&HandleReadStream> for AnyStream {
    fn from(stream: &HandleReadStream) -> AnyStream {
        AnyStream::from(&stream.stream)
    }
}

impl From<&HandleWriteStream> for AnyStream {
    fn from(stream: &HandleWriteStream) -> AnyStream {
        AnyStream::from(&stream.stream)
    }
}

impl fmt::Debug for HandleReadStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HandleReadStream")
            .field("handle", &self.shared.handle)
            .field("stream", &self.stream)
            .finish()
    }
}

impl fmt::Debug for HandleWriteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HandleWriteStream")
            .field("handle", &self.shared.handle)
            .field("stream", &self.stream)
            .finish()
    }
}
