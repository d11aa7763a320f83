//! Readers: the lock on a `ReadableStream`, and the reads that wait.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::rc::{Rc, Weak};

use bytes::{Bytes, BytesMut};
use nodecore_error::{Class, Code, Error, Result};

use super::byte_controller;
use super::promise::Promise;
use super::readable::{Inner, Read, ReadRequest, ReadableStream, State, invalid_state};
use crate::chunk::Chunk;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum ReaderKind {
    Default,
    Byob,
}

/// A read into the caller's buffer that waits.
pub(super) trait IntoRequest {
    fn filled(self: Box<Self>, view: BytesMut);
    fn closed(self: Box<Self>, view: Option<BytesMut>);
    fn failed(self: Box<Self>, error: Error);
}

/// What a stream holds of its reader.
pub(super) struct Reader<T: Chunk> {
    pub(super) kind: ReaderKind,
    /// Weak, because the stream owns this; whoever reads holds the stream besides.
    stream: RefCell<Weak<Inner<T>>>,
    closed: RefCell<Promise<()>>,
    requests: RefCell<VecDeque<ReadRequest<T>>>,
    into_requests: RefCell<VecDeque<Box<dyn IntoRequest>>>,
}

impl<T: Chunk> Reader<T> {
    pub(super) fn new(stream: &ReadableStream<T>, kind: ReaderKind) -> Reader<T> {
        let closed = match stream.state() {
            State::Readable => Promise::pending(),
            State::Closed => Promise::resolved(()),
            State::Errored => Promise::rejected(stream.stored_error()),
        };
        Reader {
            kind,
            stream: RefCell::new(Rc::downgrade(&stream.0)),
            closed: RefCell::new(closed),
            requests: RefCell::default(),
            into_requests: RefCell::default(),
        }
    }

    pub(super) fn closed(&self) -> Promise<()> {
        self.closed.borrow().clone()
    }

    /// The stream, unless it was released.
    pub(super) fn stream(&self) -> Result<ReadableStream<T>> {
        let stream = self.stream.borrow().upgrade().map(ReadableStream);
        stream.ok_or_else(|| invalid_state("The reader is not attached to a stream"))
    }

    pub(super) fn waiting_reads(&self) -> usize {
        self.requests.borrow().len()
    }

    pub(super) fn waiting_into_reads(&self) -> usize {
        self.into_requests.borrow().len()
    }

    pub(super) fn next_request(&self) -> Option<ReadRequest<T>> {
        self.requests.borrow_mut().pop_front()
    }

    pub(super) fn next_into_request(&self) -> Option<Box<dyn IntoRequest>> {
        self.into_requests.borrow_mut().pop_front()
    }

    pub(super) fn add_request(&self, request: ReadRequest<T>) {
        self.requests.borrow_mut().push_back(request);
    }

    pub(super) fn add_into_request(&self, request: Box<dyn IntoRequest>) {
        self.into_requests.borrow_mut().push_back(request);
    }

    pub(super) fn take_requests(&self) -> VecDeque<ReadRequest<T>> {
        self.requests.take()
    }

    pub(super) fn take_into_requests(&self) -> VecDeque<Box<dyn IntoRequest>> {
        self.into_requests.take()
    }

    pub(super) fn fail_requests(&self, error: &Error) {
        for request in self.take_requests() {
            request(Read::Failed(error.clone()));
        }
        for request in self.take_into_requests() {
            request.failed(error.clone());
        }
    }

    /// Reads a chunk; `request` is told of it, in place or later.
    pub(super) fn read(&self, request: ReadRequest<T>) {
        let stream = match self.stream() {
            Ok(stream) => stream,
            Err(error) => return request(Read::Failed(error)),
        };
        stream.0.disturbed.set(true);
        match stream.state() {
            State::Closed => request(Read::Closed),
            State::Errored => request(Read::Failed(stream.stored_error())),
            State::Readable => match stream.controller() {
                Some(controller) => controller.pull_steps(request),
                None => request(Read::Closed),
            },
        }
    }

    fn cancel(&self, reason: Option<Error>) -> Promise<()> {
        match self.stream() {
            Ok(stream) => stream.cancel_now(reason),
            Err(error) => Promise::rejected(error),
        }
    }

    /// Gives up the lock: reads that wait fail.
    pub(super) fn release(&self) {
        let Ok(stream) = self.stream() else { return };
        let released = invalid_state("Reader released");
        let closed = self.closed();
        if closed.is_settled() {
            *self.closed.borrow_mut() = Promise::rejected(released);
        } else {
            closed.settle(Err(released));
        }
        if let Some(controller) = stream.controller() {
            controller.release_steps();
        }
        let lock = stream.0.reader.take();
        self.stream.replace(Weak::new());
        self.fail_requests(&invalid_state("Releasing reader"));
        drop(lock);
    }
}

/// Reads a stream chunk by chunk. Node:
/// [`ReadableStreamDefaultReader`](https://nodejs.org/api/webstreams.html#class-readablestreamdefaultreader).
///
/// Dropping it releases the lock, as [`release_lock`](ReadableStreamDefaultReader::release_lock) does.
pub struct ReadableStreamDefaultReader<T: Chunk = Bytes> {
    pub(super) reader: Rc<Reader<T>>,
    /// Keeps the stream.
    #[allow(dead_code, reason = "only held")]
    stream: ReadableStream<T>,
}

impl<T: Chunk> ReadableStreamDefaultReader<T> {
    pub(super) fn new(stream: &ReadableStream<T>) -> Result<ReadableStreamDefaultReader<T>> {
        let reader = stream.acquire(ReaderKind::Default)?;
        Ok(ReadableStreamDefaultReader { reader, stream: stream.clone() })
    }

    /// The next chunk; `None` at the end.
    ///
    /// # Errors
    /// Rejects with the stream's error; with [`Code::InvalidState`] (`TypeError`) once released.
    pub fn read(&self) -> Promise<Option<T>> {
        let promise = Promise::pending();
        let settled = promise.clone();
        self.reader.read(Box::new(move |read| {
            settled.settle(match read {
                Read::Chunk(chunk) => Ok(Some(chunk)),
                Read::Closed => Ok(None),
                Read::Failed(error) => Err(error),
            });
        }));
        promise
    }

    /// As [`ReadableStream::cancel`], by who holds the lock.
    ///
    /// # Errors
    /// As there; rejects with [`Code::InvalidState`] (`TypeError`) once released.
    pub fn cancel(&self, reason: Option<Error>) -> Promise<()> {
        self.reader.cancel(reason)
    }

    /// Fulfilled when the stream closes; rejected when it errors, or the lock is released first.
    pub fn closed(&self) -> Promise<()> {
        self.reader.closed()
    }

    /// Releases the lock. Reads that wait are rejected with [`Code::InvalidState`] (`TypeError`).
    pub fn release_lock(&self) {
        self.reader.release();
    }
}

impl<T: Chunk> Drop for ReadableStreamDefaultReader<T> {
    fn drop(&mut self) {
        self.reader.release();
    }
}

impl<T: Chunk> fmt::Debug for ReadableStreamDefaultReader<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadableStreamDefaultReader")
            .field("waiting", &self.reader.waiting_reads())
            .finish_non_exhaustive()
    }
}

/// What a read into the caller's buffer gives back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByobRead {
    /// The caller's buffer, cut to what was filled; `None` if the stream was cancelled, which keeps the buffer.
    pub value: Option<BytesMut>,
    /// Whether the stream has ended.
    pub done: bool,
}

/// Reads a byte stream into the caller's buffers. Node:
/// [`ReadableStreamBYOBReader`](https://nodejs.org/api/webstreams.html#class-readablestreambyobreader).
///
/// ```
/// use bytes::{Bytes, BytesMut};
/// use nodecore_event_loop::EventLoop;
/// use nodecore_stream::web::{Promise, ReadableByteStreamController, ReadableStream, UnderlyingByteSource};
///
/// struct Letters;
/// impl UnderlyingByteSource for Letters {
///     fn pull(&self, controller: &ReadableByteStreamController) -> Promise<()> {
///         let result = controller.byob_request().map(|request| {
///             let filled = request.with_view(|view| {
///                 view.fill(b'a');
///                 view.len()
///             });
///             request.respond(filled)
///         });
///         result.unwrap_or(Ok(())).map_or_else(Promise::rejected, Promise::resolved)
///     }
/// }
///
/// let lp = EventLoop::new()?;
/// let stream = ReadableStream::bytes(&lp, Letters, None, 0.0)?;
/// let reader = stream.get_byob_reader()?;
/// let read = lp.block_on(reader.read(BytesMut::zeroed(4), 1))?;
/// assert_eq!(read.value.as_deref(), Some(&b"aaaa"[..]));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub struct ReadableStreamByobReader {
    pub(super) reader: Rc<Reader<Bytes>>,
    /// Keeps the stream.
    #[allow(dead_code, reason = "only held")]
    pub(super) stream: ReadableStream<Bytes>,
    pub(super) controller: Rc<byte_controller::Controller>,
}

impl ReadableStreamByobReader {
    /// Reads at least `min` bytes into `view`, whose length says how many fit. Fewer come only at the end.
    ///
    /// # Errors
    /// Rejects with [`Code::InvalidState`] for an empty `view`, [`Code::InvalidArgValue`] for a `min` of 0,
    /// [`Code::OutOfRange`] for one beyond the view; otherwise as
    /// [`ReadableStreamDefaultReader::read`].
    pub fn read(&self, view: BytesMut, min: usize) -> Promise<ByobRead> {
        struct Request(Promise<ByobRead>);
        impl IntoRequest for Request {
            fn filled(self: Box<Self>, view: BytesMut) {
                self.0.settle(Ok(ByobRead { value: Some(view), done: false }));
            }
            fn closed(self: Box<Self>, view: Option<BytesMut>) {
                self.0.settle(Ok(ByobRead { value: view, done: true }));
            }
            fn failed(self: Box<Self>, error: Error) {
                self.0.settle(Err(error));
            }
        }
        if let Err(error) = check_view(&view, min) {
            return Promise::rejected(error);
        }
        let promise = Promise::pending();
        let request = Box::new(Request(promise.clone()));
        match self.reader.stream() {
            Err(error) => request.failed(error),
            Ok(stream) => {
                stream.0.disturbed.set(true);
                if stream.state() == State::Errored {
                    request.failed(stream.stored_error());
                } else {
                    self.controller.pull_into(&stream, view, min, request);
                }
            }
        }
        promise
    }

    /// As [`ReadableStreamDefaultReader::cancel`].
    ///
    /// # Errors
    /// As there.
    pub fn cancel(&self, reason: Option<Error>) -> Promise<()> {
        self.reader.cancel(reason)
    }

    /// As [`ReadableStreamDefaultReader::closed`].
    pub fn closed(&self) -> Promise<()> {
        self.reader.closed()
    }

    /// As [`ReadableStreamDefaultReader::release_lock`].
    pub fn release_lock(&self) {
        self.reader.release();
    }
}

fn check_view(view: &BytesMut, min: usize) -> Result<()> {
    if view.is_empty() {
        return Err(invalid_state("View or Viewed ArrayBuffer is zero-length or detached"));
    }
    if min == 0 {
        let message = "The property 'options.min' must be greater than 0. Received 0";
        return Err(Error::new(Code::InvalidArgValue, message).with_class(Class::TypeError));
    }
    if min > view.len() {
        return Err(Error::from_template(Code::OutOfRange, &[&"options.min", &"<= view.length", &min]));
    }
    Ok(())
}

impl Drop for ReadableStreamByobReader {
    fn drop(&mut self) {
        self.reader.release();
    }
}

impl fmt::Debug for ReadableStreamByobReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadableStreamByobReader")
            .field("waiting", &self.reader.waiting_into_reads())
            .finish_non_exhaustive()
    }
}
