//! `WritableStream`: the stream itself.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::rc::{Rc, Weak};

use bytes::Bytes;
use nodecore_error::{Error, Result};
use nodecore_event_loop::EventLoop;
use nodecore_events::AbortController;

use super::promise::Promise;
use super::queue::SizedQueue;
use super::readable::invalid_state;
use super::strategy::{QueuingStrategy, SizeFn, checked_size};
use super::writable_controller::{Controller, Entry, UnderlyingSink, WritableStreamDefaultController};
use super::writer::{WritableStreamDefaultWriter, Writer};
use crate::chunk::Chunk;

/// A sink of the user's, whose promises are looked into as those of JavaScript functions are.
struct Adopting<S> {
    lp: EventLoop,
    sink: S,
}

impl<T: Chunk, S: UnderlyingSink<T>> UnderlyingSink<T> for Adopting<S> {
    fn start(&self, controller: &WritableStreamDefaultController<T>) -> Result<Promise<()>> {
        self.sink.start(controller)
    }
    fn write(&self, chunk: T, controller: &WritableStreamDefaultController<T>) -> Promise<()> {
        self.sink.write(chunk, controller).adopted(&self.lp)
    }
    fn close(&self) -> Promise<()> {
        self.sink.close().adopted(&self.lp)
    }
    fn abort(&self, reason: Error) -> Promise<()> {
        self.sink.abort(reason).adopted(&self.lp)
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum State {
    Writable,
    Erroring,
    Errored,
    Closed,
}

struct PendingAbort {
    promise: Promise<()>,
    reason: Error,
    was_erroring: bool,
}

pub(super) struct Inner<T: Chunk> {
    pub(super) lp: EventLoop,
    state: Cell<State>,
    error: RefCell<Option<Error>>,
    backpressure: Cell<bool>,
    writes: RefCell<VecDeque<Promise<()>>>,
    writing: RefCell<Option<Promise<()>>>,
    close_request: RefCell<Option<Promise<()>>>,
    closing: RefCell<Option<Promise<()>>>,
    abort: RefCell<Option<PendingAbort>>,
    pub(super) writer: RefCell<Option<Rc<Writer<T>>>>,
    controller: OnceCell<Rc<Controller<T>>>,
}

/// A destination of chunks. Node:
/// [`WritableStream`](https://nodejs.org/api/webstreams.html#class-writablestream),
/// <https://streams.spec.whatwg.org/#ws-class>.
///
/// Clones are the same stream.
///
/// ```
/// use nodecore_event_loop::EventLoop;
/// use nodecore_stream::web::{Promise, UnderlyingSink, WritableStream, WritableStreamDefaultController};
/// use std::{cell::Cell, rc::Rc};
///
/// struct Sum(Rc<Cell<i32>>);
/// impl UnderlyingSink<i32> for Sum {
///     fn write(&self, chunk: i32, _: &WritableStreamDefaultController<i32>) -> Promise<()> {
///         self.0.set(self.0.get() + chunk);
///         Promise::resolved(())
///     }
/// }
///
/// let lp = EventLoop::new()?;
/// let sum = Rc::new(Cell::new(0));
/// let stream = WritableStream::new(&lp, Sum(Rc::clone(&sum)), Default::default())?;
/// let writer = stream.get_writer()?;
/// let (_, _) = (writer.write(40), writer.write(2));
/// lp.block_on(writer.close())?;
/// assert_eq!(sum.get(), 42);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub struct WritableStream<T: Chunk = Bytes>(pub(super) Rc<Inner<T>>);

impl<T: Chunk> WritableStream<T> {
    /// A stream that writes to `sink`. The high-water mark is 1 by default.
    ///
    /// # Errors
    /// [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue) (`RangeError`) for a bad mark; what `start`
    /// fails with.
    pub fn new(
        lp: &EventLoop,
        sink: impl UnderlyingSink<T>,
        strategy: QueuingStrategy<T>,
    ) -> Result<WritableStream<T>> {
        let sink = Adopting { lp: lp.clone(), sink };
        WritableStream::with_sink(lp, Rc::new(sink), strategy.mark(1.0)?, strategy.size_fn())
    }

    pub(super) fn with_sink(
        lp: &EventLoop,
        sink: Rc<dyn UnderlyingSink<T>>,
        mark: f64,
        size: Option<SizeFn<T>>,
    ) -> Result<WritableStream<T>> {
        let stream = WritableStream(Rc::new(Inner {
            lp: lp.clone(),
            state: Cell::new(State::Writable),
            error: RefCell::new(None),
            backpressure: Cell::new(false),
            writes: RefCell::default(),
            writing: RefCell::new(None),
            close_request: RefCell::new(None),
            closing: RefCell::new(None),
            abort: RefCell::new(None),
            writer: RefCell::new(None),
            controller: OnceCell::new(),
        }));
        let controller = Rc::new(Controller {
            queue: SizedQueue::new(),
            started: Cell::new(false),
            mark,
            size: RefCell::new(size),
            sink: RefCell::new(Some(Rc::clone(&sink))),
            aborter: AbortController::new(),
        });
        stream.update_backpressure(controller.backpressure());
        let _ = stream.0.controller.set(controller);
        let started = sink.start(&WritableStreamDefaultController(stream.clone()))?;
        let told = stream.clone();
        started.then(lp, move |result| {
            if let Some(controller) = told.0.controller.get() {
                controller.started.set(true);
            }
            match result {
                Ok(()) => told.advance(),
                Err(error) => told.deal_with_rejection(error),
            }
        });
        Ok(stream)
    }

    /// Whether it has a writer, or is piped to.
    pub fn locked(&self) -> bool {
        self.0.writer.borrow().is_some()
    }

    /// The loop that it lives on.
    pub fn event_loop(&self) -> EventLoop {
        self.0.lp.clone()
    }

    /// Gives up writing: what is queued is lost, and the sink is told. Without a reason it is an `AbortError`.
    ///
    /// # Errors
    /// Rejects with [`Code::InvalidState`](nodecore_error::Code::InvalidState) (`TypeError`) if locked; with what the
    /// sink fails with.
    ///
    /// # Differences from Node
    /// The stream's error is never `undefined`.
    pub fn abort(&self, reason: Option<Error>) -> Promise<()> {
        if self.locked() {
            return Promise::rejected(invalid_state("WritableStream is locked"));
        }
        self.abort_now(reason)
    }

    /// Closes it, once what is queued has been written.
    ///
    /// # Errors
    /// Rejects with [`Code::InvalidState`](nodecore_error::Code::InvalidState) (`TypeError`) if locked or closed
    /// already; with the stream's error.
    pub fn close(&self) -> Promise<()> {
        if self.locked() {
            return Promise::rejected(invalid_state("WritableStream is locked"));
        }
        if self.is_closing() {
            return Promise::rejected(invalid_state("Failure closing WritableStream"));
        }
        self.close_now()
    }

    /// Locks it for writing.
    ///
    /// # Errors
    /// [`Code::InvalidState`](nodecore_error::Code::InvalidState) (`TypeError`) if locked.
    pub fn get_writer(&self) -> Result<WritableStreamDefaultWriter<T>> {
        Ok(WritableStreamDefaultWriter::new(self.acquire()?, self))
    }

    pub(super) fn acquire(&self) -> Result<Rc<Writer<T>>> {
        if self.locked() {
            return Err(invalid_state("WritableStream is locked"));
        }
        let (closed, ready) = match self.state() {
            State::Writable if !self.is_closing() && self.0.backpressure.get() => {
                (Promise::pending(), Promise::pending())
            }
            State::Writable => (Promise::pending(), Promise::resolved(())),
            State::Erroring => (Promise::pending(), Promise::rejected(self.stored_error())),
            State::Closed => (Promise::resolved(()), Promise::resolved(())),
            State::Errored => {
                (Promise::rejected(self.stored_error()), Promise::rejected(self.stored_error()))
            }
        };
        let writer = Rc::new(Writer::new(self, closed, ready));
        *self.0.writer.borrow_mut() = Some(Rc::clone(&writer));
        Ok(writer)
    }

    pub(super) fn state(&self) -> State {
        self.0.state.get()
    }

    pub(super) fn stored_error(&self) -> Error {
        self.0.error.borrow().clone().unwrap_or_else(Error::abort)
    }

    /// Whether it is to be closed, or being closed.
    pub(super) fn is_closing(&self) -> bool {
        self.0.close_request.borrow().is_some() || self.0.closing.borrow().is_some()
    }

    /// Whether a chunk may be written at once.
    pub(super) fn takes_more(&self) -> bool {
        !self.has_backpressure() && self.state() == State::Writable && !self.is_closing()
    }

    pub(super) fn has_backpressure(&self) -> bool {
        self.0.backpressure.get()
    }

    fn writer(&self) -> Option<Rc<Writer<T>>> {
        self.0.writer.borrow().clone()
    }

    pub(super) fn controller(&self) -> Option<&Rc<Controller<T>>> {
        self.0.controller.get()
    }

    pub(super) fn abort_now(&self, reason: Option<Error>) -> Promise<()> {
        if matches!(self.state(), State::Closed | State::Errored) {
            return Promise::resolved(());
        }
        let reason = reason.unwrap_or_else(Error::abort);
        if let Some(controller) = self.controller() {
            controller.aborter.abort_with(reason.clone());
        }
        // The signal's listeners may have done anything.
        if matches!(self.state(), State::Closed | State::Errored) {
            return Promise::resolved(());
        }
        if let Some(abort) = &*self.0.abort.borrow() {
            return abort.promise.clone();
        }
        let was_erroring = self.state() == State::Erroring;
        let promise = Promise::pending();
        let abort = PendingAbort { promise: promise.clone(), reason: reason.clone(), was_erroring };
        *self.0.abort.borrow_mut() = Some(abort);
        if !was_erroring {
            self.start_erroring(reason);
        }
        promise
    }

    pub(super) fn close_now(&self) -> Promise<()> {
        if matches!(self.state(), State::Closed | State::Errored) {
            return Promise::rejected(invalid_state("WritableStream is closed"));
        }
        let promise = Promise::pending();
        *self.0.close_request.borrow_mut() = Some(promise.clone());
        if let Some(writer) = self.writer()
            && self.0.backpressure.get()
            && self.state() == State::Writable
        {
            writer.ready().settle(Ok(()));
        }
        if let Some(controller) = self.controller() {
            controller.queue.push(Entry::Close, 0.0);
        }
        self.advance();
        promise
    }

    fn update_backpressure(&self, backpressure: bool) {
        let was = self.0.backpressure.replace(backpressure);
        if let Some(writer) = self.writer()
            && was != backpressure
        {
            if backpressure {
                writer.unready();
            } else {
                writer.ready().settle(Ok(()));
            }
        }
    }

    fn has_operation(&self) -> bool {
        self.0.writing.borrow().is_some() || self.0.closing.borrow().is_some()
    }

    fn start_erroring(&self, reason: Error) {
        self.0.state.set(State::Erroring);
        *self.0.error.borrow_mut() = Some(reason.clone());
        if let Some(writer) = self.writer() {
            writer.reject_ready(reason);
        }
        if !self.has_operation() && self.controller().is_some_and(|controller| controller.started.get()) {
            self.finish_erroring();
        }
    }

    fn finish_erroring(&self) {
        self.0.state.set(State::Errored);
        let controller = self.controller();
        if let Some(controller) = controller {
            controller.queue.clear();
        }
        let error = self.stored_error();
        let writes = self.0.writes.take();
        for write in writes {
            write.settle(Err(error.clone()));
        }
        let Some(abort) = self.0.abort.take() else { return self.reject_close_and_closed() };
        if abort.was_erroring {
            abort.promise.settle(Err(error));
            return self.reject_close_and_closed();
        }
        let aborted = controller.map_or_else(
            || Promise::resolved(()),
            |controller| {
                let sink = controller.sink.borrow().clone();
                let aborted = sink.map_or_else(|| Promise::resolved(()), |sink| sink.abort(abort.reason));
                controller.clear_algorithms();
                aborted
            },
        );
        let me = self.clone();
        aborted.then(&self.0.lp, move |result| {
            abort.promise.settle(result);
            me.reject_close_and_closed();
        });
    }

    fn reject_close_and_closed(&self) {
        let error = self.stored_error();
        let close = self.0.close_request.take();
        if let Some(close) = close {
            close.settle(Err(error.clone()));
        }
        if let Some(writer) = self.writer() {
            writer.closed().settle(Err(error));
        }
    }

    fn deal_with_rejection(&self, error: Error) {
        if self.state() == State::Writable {
            self.start_erroring(error);
        } else {
            self.finish_erroring();
        }
    }

    pub(super) fn error_if_needed(&self, error: Error) {
        if self.state() == State::Writable {
            if let Some(controller) = self.controller() {
                controller.clear_algorithms();
            }
            self.start_erroring(error);
        }
    }

    pub(super) fn write_now(&self, chunk: T) -> Promise<()> {
        let Some(controller) = self.controller().cloned() else { return Promise::resolved(()) };
        let size = controller.size_of(&chunk).unwrap_or_else(|error| {
            self.error_if_needed(error);
            1.0
        });
        if !self.locked() {
            // `size` released the lock.
            return Promise::rejected(invalid_state("Mismatched WritableStreams"));
        }
        match self.state() {
            State::Errored => return Promise::rejected(self.stored_error()),
            State::Closed => return Promise::rejected(invalid_state("WritableStream is closed")),
            _ if self.is_closing() => return Promise::rejected(invalid_state("WritableStream is closed")),
            State::Erroring => return Promise::rejected(self.stored_error()),
            State::Writable => {}
        }
        let promise = Promise::pending();
        self.0.writes.borrow_mut().push_back(promise.clone());
        match checked_size(size) {
            Ok(size) => {
                controller.queue.push(Entry::Write(Some(chunk)), size);
                if !self.is_closing() && self.state() == State::Writable {
                    self.update_backpressure(controller.backpressure());
                }
                self.advance();
            }
            Err(error) => self.error_if_needed(error),
        }
        promise
    }

    fn advance(&self) {
        let Some(controller) = self.controller().cloned() else { return };
        if !controller.started.get() || self.0.writing.borrow().is_some() {
            return;
        }
        if self.state() == State::Erroring {
            return self.finish_erroring();
        }
        match controller.queue.peek(Entry::take) {
            None => {}
            Some(None) => self.process_close(&controller),
            Some(Some(chunk)) => self.process_write(&controller, chunk),
        }
    }

    fn process_close(&self, controller: &Controller<T>) {
        let closing = self.0.close_request.take();
        *self.0.closing.borrow_mut() = closing;
        controller.queue.pop();
        let sink = controller.sink.borrow().clone();
        let closed = sink.map_or_else(|| Promise::resolved(()), |sink| sink.close());
        controller.clear_algorithms();
        let me = self.clone();
        closed.then(&self.0.lp, move |result| me.finish_close(result));
    }

    fn finish_close(&self, result: Result<()>) {
        let closing = self.0.closing.take();
        if let Some(closing) = closing {
            closing.settle(result.clone());
        }
        let abort =
            if result.is_err() || self.state() == State::Erroring { self.0.abort.take() } else { None };
        if let Some(abort) = abort {
            abort.promise.settle(result.clone());
        }
        match result {
            Ok(()) => {
                self.0.error.take();
                self.0.state.set(State::Closed);
                if let Some(writer) = self.writer() {
                    writer.closed().settle(Ok(()));
                }
            }
            Err(error) => self.deal_with_rejection(error),
        }
    }

    fn process_write(&self, controller: &Rc<Controller<T>>, chunk: T) {
        let write = self.0.writes.borrow_mut().pop_front();
        *self.0.writing.borrow_mut() = write;
        let sink = controller.sink.borrow().clone();
        let written = sink.map_or_else(
            || Promise::resolved(()),
            |sink| sink.write(chunk, &WritableStreamDefaultController(self.clone())),
        );
        let (me, controller) = (self.clone(), Rc::clone(controller));
        written.then(&self.0.lp, move |result| {
            if result.is_err() && me.state() == State::Writable {
                controller.clear_algorithms();
            }
            let writing = me.0.writing.take();
            if let Some(writing) = writing {
                writing.settle(result.clone());
            }
            match result {
                Ok(()) => {
                    let state = me.state();
                    controller.queue.pop();
                    if !me.is_closing() && state == State::Writable {
                        me.update_backpressure(controller.backpressure());
                    }
                    me.advance();
                }
                Err(error) => me.deal_with_rejection(error),
            }
            // A pipe that was told just now holds it again once it runs.
            if Rc::strong_count(&me.0) == 1 {
                me.event_loop().queue_microtask(move || drop(me));
            }
        });
    }
}

impl<T: Chunk> Clone for WritableStream<T> {
    fn clone(&self) -> WritableStream<T> {
        WritableStream(Rc::clone(&self.0))
    }
}

impl<T: Chunk> fmt::Debug for WritableStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WritableStream")
            .field("locked", &self.locked())
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}

/// A stream that may be gone: what the two sides of a transform hold of each other.
pub(super) struct WeakWritable<T: Chunk>(Weak<Inner<T>>);

impl<T: Chunk> WeakWritable<T> {
    pub(super) fn new(stream: &WritableStream<T>) -> WeakWritable<T> {
        WeakWritable(Rc::downgrade(&stream.0))
    }

    pub(super) fn get(&self) -> Option<WritableStream<T>> {
        self.0.upgrade().map(WritableStream)
    }
}
