//! The default controller: a queue of chunks between a source and its reader.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::Poll;

use futures_core::Stream;
use nodecore_error::{Error, Result};
use nodecore_event_loop::{EventLoop, JoinHandle};

use super::promise::Promise;
use super::queue::SizedQueue;
use super::readable::{self, Inner, Read, ReadRequest, ReadableStream, State, invalid_state};
use super::strategy::{SizeFn, checked_size};
use crate::chunk::Chunk;

/// What a [`ReadableStream`] reads from: Node's `underlyingSource`.
///
/// Its functions take `&self`, since each may be called while another waits; state goes into cells. It is dropped
/// as soon as the stream closes, errors or is cancelled; until then a controller that it keeps keeps the stream.
pub trait UnderlyingSource<T: Chunk>: 'static {
    /// Called once, by the constructor. `pull` waits for the promise.
    ///
    /// # Errors
    /// What it returns becomes the constructor's error.
    fn start(&self, controller: &ReadableStreamDefaultController<T>) -> Result<Promise<()>> {
        let _ = controller;
        Ok(Promise::resolved(()))
    }

    /// Called when the queue has room: enqueues a chunk, or closes. It is called again once the promise is
    /// fulfilled and there still is room; a rejection errors the stream.
    fn pull(&self, controller: &ReadableStreamDefaultController<T>) -> Promise<()> {
        let _ = controller;
        Promise::resolved(())
    }

    /// The consumer wants no more.
    fn cancel(&self, reason: Option<Error>) -> Promise<()> {
        let _ = reason;
        Promise::resolved(())
    }
}

/// A stream's source that enqueues nothing by itself: for use with a controller kept from `start`.
impl<T: Chunk> UnderlyingSource<T> for () {}

/// Fills the queue of a [`ReadableStream`]. Node:
/// [`ReadableStreamDefaultController`](https://nodejs.org/api/webstreams.html#class-readablestreamdefaultcontroller).
///
/// Clones are the same controller, and keep the stream.
pub struct ReadableStreamDefaultController<T: Chunk> {
    pub(super) stream: ReadableStream<T>,
    pub(super) controller: Rc<Controller<T>>,
}

pub(super) struct Controller<T: Chunk> {
    stream: Weak<Inner<T>>,
    queue: SizedQueue<T>,
    started: Cell<bool>,
    close_requested: Cell<bool>,
    pulling: Cell<bool>,
    pull_again: Cell<bool>,
    mark: f64,
    size: RefCell<Option<SizeFn<T>>>,
    source: RefCell<Option<Rc<dyn UnderlyingSource<T>>>>,
}

pub(super) fn set_up<T: Chunk>(
    stream: &ReadableStream<T>,
    source: Rc<dyn UnderlyingSource<T>>,
    mark: f64,
    size: Option<SizeFn<T>>,
) -> Result<ReadableStreamDefaultController<T>> {
    let controller = Rc::new(Controller {
        stream: Rc::downgrade(&stream.0),
        queue: SizedQueue::new(),
        started: Cell::new(false),
        close_requested: Cell::new(false),
        pulling: Cell::new(false),
        pull_again: Cell::new(false),
        mark,
        size: RefCell::new(size),
        source: RefCell::new(Some(Rc::clone(&source))),
    });
    let _ = stream.0.controller.set(Rc::<Controller<T>>::clone(&controller));
    let handle = ReadableStreamDefaultController { stream: stream.clone(), controller };
    let started = source.start(&handle)?;
    let told = handle.downgrade();
    started.then(&stream.0.lp, move |result| {
        let Some(told) = told.get() else { return };
        match result {
            Ok(()) => {
                told.controller.started.set(true);
                told.controller.pull_if_needed(&told.stream);
            }
            Err(error) => told.error(error),
        }
    });
    Ok(handle)
}

impl<T: Chunk> Controller<T> {
    fn clear_algorithms(&self) {
        let dropped = (self.source.take(), self.size.take());
        drop(dropped);
    }

    fn desired_size(&self, stream: &ReadableStream<T>) -> Option<f64> {
        match stream.state() {
            State::Errored => None,
            State::Closed => Some(0.0),
            State::Readable => Some(self.mark - self.queue.total()),
        }
    }

    pub(super) fn can_enqueue(&self, stream: &ReadableStream<T>) -> bool {
        !self.close_requested.get() && stream.state() == State::Readable
    }

    pub(super) fn should_pull(&self, stream: &ReadableStream<T>) -> bool {
        self.can_enqueue(stream)
            && self.started.get()
            && (stream.waiting_reads() > 0 || self.desired_size(stream).is_some_and(|size| size > 0.0))
    }

    fn pull_if_needed(self: &Rc<Self>, stream: &ReadableStream<T>) {
        if !self.should_pull(stream) {
            return;
        }
        if self.pulling.get() {
            self.pull_again.set(true);
            return;
        }
        let Some(source) = self.source.borrow().clone() else { return };
        self.pulling.set(true);
        let handle = ReadableStreamDefaultController { stream: stream.clone(), controller: Rc::clone(self) };
        // Weak, because the source may keep the promise. A stream that nobody holds is not read any more.
        let told = handle.downgrade();
        source.pull(&handle).then(&stream.0.lp, move |result| {
            let Some(told) = told.get() else { return };
            match result {
                Ok(()) => {
                    told.controller.pulling.set(false);
                    if told.controller.pull_again.replace(false) {
                        told.controller.pull_if_needed(&told.stream);
                    }
                }
                Err(error) => told.error(error),
            }
        });
    }

    fn size_of(&self, chunk: &T) -> Result<f64> {
        let size = self.size.borrow().clone();
        size.map_or(Ok(1.0), |size| size(chunk)).and_then(checked_size)
    }
}

impl<T: Chunk> readable::Controller<T> for Controller<T> {
    fn pull_steps(self: Rc<Self>, request: ReadRequest<T>) {
        let Some(stream) = self.stream.upgrade().map(ReadableStream) else { return request(Read::Closed) };
        match self.queue.pop() {
            Some(chunk) => {
                if self.close_requested.get() && self.queue.is_empty() {
                    self.clear_algorithms();
                    stream.close();
                } else {
                    self.pull_if_needed(&stream);
                }
                request(Read::Chunk(chunk));
            }
            None => {
                stream.add_request(request);
                self.pull_if_needed(&stream);
            }
        }
    }

    fn cancel_steps(&self, reason: Option<Error>) -> Promise<()> {
        self.queue.clear();
        let source = self.source.borrow().clone();
        let result = source.map_or_else(|| Promise::resolved(()), |source| source.cancel(reason));
        self.clear_algorithms();
        result
    }

    fn release_steps(&self) {}

    fn drain(self: Rc<Self>, each: &mut dyn FnMut(T) -> bool) -> bool {
        let Some(stream) = self.stream.upgrade().map(ReadableStream) else { return false };
        let Some(mut chunk) = self.queue.pop() else { return false };
        loop {
            if self.close_requested.get() && self.queue.is_empty() {
                self.clear_algorithms();
                stream.close();
            }
            if !each(chunk) {
                break;
            }
            match self.queue.pop() {
                Some(next) => chunk = next,
                None => break,
            }
        }
        self.pull_if_needed(&stream);
        true
    }
}

/// A controller whose stream may be gone: what is held by those that the stream itself holds.
pub(super) struct WeakController<T: Chunk>(Weak<Controller<T>>);

impl<T: Chunk> WeakController<T> {
    pub(super) fn get(&self) -> Option<ReadableStreamDefaultController<T>> {
        let controller = self.0.upgrade()?;
        let stream = ReadableStream(controller.stream.upgrade()?);
        Some(ReadableStreamDefaultController { stream, controller })
    }
}

impl<T: Chunk> ReadableStreamDefaultController<T> {
    pub(super) fn downgrade(&self) -> WeakController<T> {
        WeakController(Rc::downgrade(&self.controller))
    }

    /// How much room there is: negative if the queue is over-full, `None` once errored, 0 once closed.
    pub fn desired_size(&self) -> Option<f64> {
        self.controller.desired_size(&self.stream)
    }

    /// Queues a chunk, or gives it to a read that waits.
    ///
    /// # Errors
    /// [`Code::InvalidState`](nodecore_error::Code::InvalidState) (`TypeError`) once closed or errored; the error of
    /// the strategy's `size`, which errors the stream.
    pub fn enqueue(&self, chunk: T) -> Result<()> {
        if !self.controller.can_enqueue(&self.stream) {
            return Err(invalid_state("Controller is already closed"));
        }
        match self.stream.next_request() {
            Some(request) => request(Read::Chunk(chunk)),
            None => match self.controller.size_of(&chunk) {
                Ok(size) => self.controller.queue.push(chunk, size),
                Err(error) => {
                    self.error(error.clone());
                    return Err(error);
                }
            },
        }
        self.controller.pull_if_needed(&self.stream);
        Ok(())
    }

    /// Ends the stream, once what is queued has been read.
    ///
    /// # Errors
    /// [`Code::InvalidState`](nodecore_error::Code::InvalidState) (`TypeError`) once closed or errored.
    pub fn close(&self) -> Result<()> {
        if !self.controller.can_enqueue(&self.stream) {
            return Err(invalid_state("Controller is already closed"));
        }
        self.controller.close_requested.set(true);
        if self.controller.queue.is_empty() {
            self.controller.clear_algorithms();
            self.stream.close();
        }
        Ok(())
    }

    /// Errors the stream: what is queued goes, reads fail with `error`. Without effect once closed or errored.
    pub fn error(&self, error: Error) {
        if self.stream.state() == State::Readable {
            self.controller.queue.clear();
            self.controller.clear_algorithms();
            self.stream.error(error);
        }
    }
}

impl<T: Chunk> Clone for ReadableStreamDefaultController<T> {
    fn clone(&self) -> ReadableStreamDefaultController<T> {
        ReadableStreamDefaultController {
            stream: self.stream.clone(),
            controller: Rc::clone(&self.controller),
        }
    }
}

impl<T: Chunk> fmt::Debug for ReadableStreamDefaultController<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadableStreamDefaultController")
            .field("desired_size", &self.desired_size())
            .finish_non_exhaustive()
    }
}

/// The items of an iterator.
pub(super) struct Items<I>(RefCell<Option<I>>);

impl<I> Items<I> {
    pub(super) fn new(items: I) -> Items<I> {
        Items(RefCell::new(Some(items)))
    }
}

impl<T: Chunk, I: Iterator<Item = T> + 'static> UnderlyingSource<T> for Items<I> {
    fn pull(&self, controller: &ReadableStreamDefaultController<T>) -> Promise<()> {
        // Out of the cell while it runs: it may look at the stream.
        let taken = self.0.take();
        let Some(mut items) = taken else { return Promise::resolved(()) };
        let result = match items.next() {
            Some(item) => {
                *self.0.borrow_mut() = Some(items);
                controller.enqueue(item)
            }
            None => controller.close(),
        };
        result.map_or_else(Promise::rejected, Promise::resolved)
    }

    fn cancel(&self, _: Option<Error>) -> Promise<()> {
        let dropped = self.0.take();
        drop(dropped);
        Promise::resolved(())
    }
}

/// The items of a `futures` stream.
pub(super) struct Polled<S> {
    lp: EventLoop,
    items: Rc<RefCell<Option<Pin<Box<S>>>>>,
    pulling: RefCell<Option<JoinHandle<()>>>,
}

impl<S> Polled<S> {
    pub(super) fn new(lp: &EventLoop, items: S) -> Polled<S> {
        let items = Rc::new(RefCell::new(Some(Box::pin(items))));
        Polled { lp: lp.clone(), items, pulling: RefCell::new(None) }
    }
}

impl<T: Chunk, S: Stream<Item = Result<T>> + 'static> UnderlyingSource<T> for Polled<S> {
    fn pull(&self, controller: &ReadableStreamDefaultController<T>) -> Promise<()> {
        let (items, controller) = (Rc::clone(&self.items), controller.downgrade());
        let promise = Promise::pending();
        let settled = promise.clone();
        let pulling = self.lp.spawn_local(async move {
            let next = poll_fn(|context| {
                let taken = items.take();
                let Some(mut stream) = taken else { return Poll::Ready(None) };
                let polled = stream.as_mut().poll_next(context);
                *items.borrow_mut() = Some(stream);
                polled
            });
            let next = next.await;
            let Some(controller) = controller.get() else { return };
            settled.settle(match next {
                Some(Ok(item)) => controller.enqueue(item),
                Some(Err(error)) => Err(error),
                None => controller.close(),
            });
        });
        *self.pulling.borrow_mut() = Some(pulling);
        promise
    }

    fn cancel(&self, _: Option<Error>) -> Promise<()> {
        let pulling = self.pulling.take();
        if let Some(pulling) = pulling {
            pulling.abort();
        }
        let dropped = self.items.take();
        drop(dropped);
        Promise::resolved(())
    }
}
