//! The writer: the lock on a `WritableStream`.

use std::cell::RefCell;
use std::fmt;
use std::rc::{Rc, Weak};

use bytes::Bytes;
use nodecore_error::{Error, Result};

use super::promise::Promise;
use super::readable::invalid_state;
use super::writable::{Inner, State, WritableStream};
use crate::chunk::Chunk;

/// What a stream holds of its writer.
pub(super) struct Writer<T: Chunk> {
    /// Weak, because the stream owns this; whoever writes holds the stream besides.
    stream: RefCell<Weak<Inner<T>>>,
    closed: RefCell<Promise<()>>,
    ready: RefCell<Promise<()>>,
}

impl<T: Chunk> Writer<T> {
    pub(super) fn new(stream: &WritableStream<T>, closed: Promise<()>, ready: Promise<()>) -> Writer<T> {
        let stream = RefCell::new(Rc::downgrade(&stream.0));
        Writer { stream, closed: RefCell::new(closed), ready: RefCell::new(ready) }
    }

    /// The stream, unless it was released.
    fn stream(&self) -> Result<WritableStream<T>> {
        let stream = self.stream.borrow().upgrade().map(WritableStream);
        stream.ok_or_else(|| invalid_state("Writer is not bound to a WritableStream"))
    }

    pub(super) fn write(&self, chunk: T) -> Promise<()> {
        match self.stream() {
            Ok(stream) => stream.write_now(chunk),
            Err(error) => Promise::rejected(error),
        }
    }

    /// Closes for a pipe: an end that has come already is no error.
    pub(super) fn close_with_error_propagation(&self) -> Promise<()> {
        let stream = match self.stream() {
            Ok(stream) => stream,
            Err(error) => return Promise::rejected(error),
        };
        match stream.state() {
            State::Errored => Promise::rejected(stream.stored_error()),
            State::Closed => Promise::resolved(()),
            _ if stream.is_closing() => Promise::resolved(()),
            _ => stream.close_now(),
        }
    }

    /// Gives up the lock.
    pub(super) fn release(&self) {
        let Ok(stream) = self.stream() else { return };
        let released = invalid_state("Writer has been released");
        self.reject_ready(released.clone());
        reject(&self.closed, released);
        let lock = stream.0.writer.take();
        self.stream.replace(Weak::new());
        drop(lock);
    }

    pub(super) fn closed(&self) -> Promise<()> {
        self.closed.borrow().clone()
    }

    pub(super) fn ready(&self) -> Promise<()> {
        self.ready.borrow().clone()
    }

    /// There is no room any more.
    pub(super) fn unready(&self) {
        drop(self.ready.replace(Promise::pending()));
    }

    pub(super) fn reject_ready(&self, error: Error) {
        reject(&self.ready, error);
    }
}

/// Rejects the promise, or puts a rejected one into its place.
fn reject(promise: &RefCell<Promise<()>>, error: Error) {
    let current = promise.borrow().clone();
    if current.is_settled() {
        *promise.borrow_mut() = Promise::rejected(error);
    } else {
        current.settle(Err(error));
    }
}

/// Writes to a stream. Node:
/// [`WritableStreamDefaultWriter`](https://nodejs.org/api/webstreams.html#class-writablestreamdefaultwriter).
///
/// Dropping it releases the lock.
pub struct WritableStreamDefaultWriter<T: Chunk = Bytes> {
    pub(super) writer: Rc<Writer<T>>,
    /// Keeps the stream.
    #[allow(dead_code, reason = "only held")]
    stream: WritableStream<T>,
}

impl<T: Chunk> WritableStreamDefaultWriter<T> {
    pub(super) fn new(writer: Rc<Writer<T>>, stream: &WritableStream<T>) -> WritableStreamDefaultWriter<T> {
        WritableStreamDefaultWriter { writer, stream: stream.clone() }
    }

    /// Queues a chunk; the promise is fulfilled once the sink has written it.
    ///
    /// # Errors
    /// Rejects with the stream's error; with [`Code::InvalidState`](nodecore_error::Code::InvalidState)
    /// (`TypeError`) once closed or released.
    pub fn write(&self, chunk: T) -> Promise<()> {
        self.writer.write(chunk)
    }

    /// As [`WritableStream::close`], by who holds the lock.
    ///
    /// # Errors
    /// As there.
    pub fn close(&self) -> Promise<()> {
        match self.writer.stream() {
            Ok(stream) if stream.is_closing() => {
                Promise::rejected(invalid_state("Failure to close WritableStream"))
            }
            Ok(stream) => stream.close_now(),
            Err(error) => Promise::rejected(error),
        }
    }

    /// As [`WritableStream::abort`], by who holds the lock.
    ///
    /// # Errors
    /// As there.
    pub fn abort(&self, reason: Option<Error>) -> Promise<()> {
        match self.writer.stream() {
            Ok(stream) => stream.abort_now(reason),
            Err(error) => Promise::rejected(error),
        }
    }

    /// How much room there is; `None` once errored, 0 once closed.
    ///
    /// # Errors
    /// [`Code::InvalidState`](nodecore_error::Code::InvalidState) (`TypeError`) once released.
    pub fn desired_size(&self) -> Result<Option<f64>> {
        let stream = self.writer.stream()?;
        Ok(match stream.state() {
            State::Errored | State::Erroring => None,
            State::Closed => Some(0.0),
            State::Writable => stream.controller().map(|controller| controller.desired_size()),
        })
    }

    /// Fulfilled when there is room; a new promise each time it fills up.
    pub fn ready(&self) -> Promise<()> {
        self.writer.ready()
    }

    /// Fulfilled when the stream has closed; rejected when it errors, or the lock is released first.
    pub fn closed(&self) -> Promise<()> {
        self.writer.closed()
    }

    /// Releases the lock. What was written stays queued.
    pub fn release_lock(&self) {
        self.writer.release();
    }
}

impl<T: Chunk> Drop for WritableStreamDefaultWriter<T> {
    fn drop(&mut self) {
        self.release_lock();
    }
}

impl<T: Chunk> fmt::Debug for WritableStreamDefaultWriter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WritableStreamDefaultWriter").field("ready", &self.ready()).finish_non_exhaustive()
    }
}
