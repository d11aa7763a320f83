//! The controller of writable streams: a queue of chunks between a writer and its sink.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use nodecore_error::{Error, Result};
use nodecore_events::{AbortController, AbortSignal};

use super::promise::Promise;
use super::queue::SizedQueue;
use super::strategy::SizeFn;
use super::writable::WritableStream;
use crate::chunk::Chunk;

/// What a [`WritableStream`] writes to: Node's `underlyingSink`.
///
/// Its functions take `&self`; state goes into cells. It is dropped as soon as the stream closes or errors.
pub trait UnderlyingSink<T: Chunk>: 'static {
    /// Called once, by the constructor. The first `write` waits for the promise.
    ///
    /// # Errors
    /// What it returns becomes the constructor's error.
    fn start(&self, controller: &WritableStreamDefaultController<T>) -> Result<Promise<()>> {
        let _ = controller;
        Ok(Promise::resolved(()))
    }

    /// Writes a chunk; the next one waits for the promise. A rejection errors the stream.
    fn write(&self, chunk: T, controller: &WritableStreamDefaultController<T>) -> Promise<()> {
        let _ = (chunk, controller);
        Promise::resolved(())
    }

    /// All has been written.
    fn close(&self) -> Promise<()> {
        Promise::resolved(())
    }

    /// Writing was given up. What is being written is waited for; see
    /// [`signal`](WritableStreamDefaultController::signal).
    fn abort(&self, reason: Error) -> Promise<()> {
        let _ = reason;
        Promise::resolved(())
    }
}

/// A sink that takes everything and keeps nothing.
impl<T: Chunk> UnderlyingSink<T> for () {}

pub(super) enum Entry<T> {
    /// The chunk is taken when it is written; its place is kept until it has been.
    Write(Option<T>),
    Close,
}

impl<T> Entry<T> {
    pub(super) fn take(&mut self) -> Option<T> {
        match self {
            Entry::Write(chunk) => chunk.take(),
            Entry::Close => None,
        }
    }
}

pub(super) struct Controller<T: Chunk> {
    pub(super) queue: SizedQueue<Entry<T>>,
    pub(super) started: Cell<bool>,
    pub(super) mark: f64,
    pub(super) size: RefCell<Option<SizeFn<T>>>,
    pub(super) sink: RefCell<Option<Rc<dyn UnderlyingSink<T>>>>,
    pub(super) aborter: AbortController,
}

impl<T: Chunk> Controller<T> {
    pub(super) fn clear_algorithms(&self) {
        let dropped = (self.sink.take(), self.size.take());
        drop(dropped);
    }

    pub(super) fn desired_size(&self) -> f64 {
        self.mark - self.queue.total()
    }

    pub(super) fn backpressure(&self) -> bool {
        self.desired_size() <= 0.0
    }

    pub(super) fn size_of(&self, chunk: &T) -> Result<f64> {
        let size = self.size.borrow().clone();
        size.map_or(Ok(1.0), |size| size(chunk))
    }
}

/// What a sink knows of its stream. Node:
/// [`WritableStreamDefaultController`](https://nodejs.org/api/webstreams.html#class-writablestreamdefaultcontroller).
///
/// Clones are the same controller, and keep the stream.
pub struct WritableStreamDefaultController<T: Chunk>(pub(super) WritableStream<T>);

impl<T: Chunk> WritableStreamDefaultController<T> {
    /// Errors the stream. Without effect once it is not writable.
    pub fn error(&self, error: Error) {
        self.0.error_if_needed(error);
    }

    /// Aborted when the stream is: tells a write that takes long to give up.
    pub fn signal(&self) -> AbortSignal {
        self.0.controller().map_or_else(|| AbortController::new().signal(), |c| c.aborter.signal())
    }
}

impl<T: Chunk> Clone for WritableStreamDefaultController<T> {
    fn clone(&self) -> WritableStreamDefaultController<T> {
        WritableStreamDefaultController(self.0.clone())
    }
}

impl<T: Chunk> fmt::Debug for WritableStreamDefaultController<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("WritableStreamDefaultController").field(&self.0).finish()
    }
}
