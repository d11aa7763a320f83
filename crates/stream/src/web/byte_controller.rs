//! The controller of byte streams: a queue of bytes, and the buffers that wait to be filled.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::rc::{Rc, Weak};

use bytes::{Buf, Bytes, BytesMut};
use nodecore_error::{Class, Code, Error, Result};
use nodecore_event_loop::EventLoop;

use super::byob_request::ReadableStreamByobRequest;
use super::promise::Promise;
use super::readable::{self, Inner, Read, ReadRequest, ReadableStream, State, invalid_state};
use super::reader::IntoRequest;
use super::tee::Half;

/// What a byte stream reads from: as [`UnderlyingSource`](super::UnderlyingSource), with
/// [`byob_request`](ReadableByteStreamController::byob_request) to fill the reader's own buffer.
pub trait UnderlyingByteSource: 'static {
    /// As [`UnderlyingSource::start`](super::UnderlyingSource::start).
    ///
    /// # Errors
    /// What it returns becomes the constructor's error.
    fn start(&self, controller: &ReadableByteStreamController) -> Result<Promise<()>> {
        let _ = controller;
        Ok(Promise::resolved(()))
    }

    /// As [`UnderlyingSource::pull`](super::UnderlyingSource::pull).
    fn pull(&self, controller: &ReadableByteStreamController) -> Promise<()> {
        let _ = controller;
        Promise::resolved(())
    }

    /// The consumer wants no more.
    fn cancel(&self, reason: Option<Error>) -> Promise<()> {
        let _ = reason;
        Promise::resolved(())
    }
}

/// A byte source that enqueues nothing by itself.
impl UnderlyingByteSource for () {}

/// Fills a byte stream. Node:
/// [`ReadableByteStreamController`](https://nodejs.org/api/webstreams.html#class-readablebytestreamcontroller).
///
/// Clones are the same controller, and keep the stream.
#[derive(Clone)]
pub struct ReadableByteStreamController {
    pub(super) stream: ReadableStream<Bytes>,
    pub(super) controller: Rc<Controller>,
}

/// Who waits for a buffer to be filled.
#[derive(Clone, Copy, PartialEq)]
enum For {
    Default,
    Byob,
    /// A reader that released its lock: the bytes go into the queue.
    Nobody,
}

pub(super) struct PullInto {
    pub(super) buffer: BytesMut,
    pub(super) filled: usize,
    min: usize,
    reader: For,
}

impl PullInto {
    pub(super) fn room(&self) -> usize {
        self.buffer.len().saturating_sub(self.filled)
    }

    /// The filled part.
    fn view(mut self) -> BytesMut {
        self.buffer.truncate(self.filled);
        self.buffer
    }
}

pub(super) struct Controller {
    stream: Weak<Inner<Bytes>>,
    queue: RefCell<VecDeque<Bytes>>,
    total: Cell<usize>,
    pub(super) pending: RefCell<VecDeque<PullInto>>,
    /// Counts the requests made: one that was answered is told from the next.
    pub(super) request: Cell<u64>,
    /// The length of what the source has taken out of the first pending buffer.
    pub(super) taken: Cell<Option<usize>>,
    auto_allocate: Option<usize>,
    started: Cell<bool>,
    close_requested: Cell<bool>,
    pulling: Cell<bool>,
    pull_again: Cell<bool>,
    mark: f64,
    source: RefCell<Option<Rc<dyn UnderlyingByteSource>>>,
}

pub(super) fn set_up(
    stream: &ReadableStream<Bytes>,
    source: Rc<dyn UnderlyingByteSource>,
    auto_allocate: Option<usize>,
    mark: f64,
) -> Result<()> {
    let controller = Rc::new(Controller {
        stream: Rc::downgrade(&stream.0),
        queue: RefCell::default(),
        total: Cell::new(0),
        pending: RefCell::default(),
        request: Cell::new(0),
        taken: Cell::new(None),
        auto_allocate,
        started: Cell::new(false),
        close_requested: Cell::new(false),
        pulling: Cell::new(false),
        pull_again: Cell::new(false),
        mark,
        source: RefCell::new(Some(Rc::clone(&source))),
    });
    let _ = stream.0.controller.set(Rc::<Controller>::clone(&controller));
    let handle = ReadableByteStreamController { stream: stream.clone(), controller };
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
    Ok(())
}

impl Controller {
    fn clear_algorithms(&self) {
        let source = self.source.take();
        drop(source);
    }

    fn desired_size(&self, stream: &ReadableStream<Bytes>) -> Option<f64> {
        match stream.state() {
            State::Errored => None,
            State::Closed => Some(0.0),
            #[allow(clippy::cast_precision_loss, reason = "no queue has 2^53 bytes")]
            State::Readable => Some(self.mark - self.total.get() as f64),
        }
    }

    fn should_pull(&self, stream: &ReadableStream<Bytes>) -> bool {
        stream.state() == State::Readable
            && !self.close_requested.get()
            && self.started.get()
            && (stream.waiting_reads() > 0
                || stream.waiting_into_reads() > 0
                || self.desired_size(stream).is_some_and(|size| size > 0.0))
    }

    fn pull_if_needed(self: &Rc<Self>, stream: &ReadableStream<Bytes>) {
        if !self.should_pull(stream) {
            return;
        }
        if self.pulling.get() {
            self.pull_again.set(true);
            return;
        }
        let Some(source) = self.source.borrow().clone() else { return };
        self.pulling.set(true);
        let handle = ReadableByteStreamController { stream: stream.clone(), controller: Rc::clone(self) };
        // Weak, as that of a default controller.
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

    fn enqueue_bytes(&self, chunk: Bytes) {
        self.total.set(self.total.get() + chunk.len());
        self.queue.borrow_mut().push_back(chunk);
    }

    fn reset_queue(&self) {
        let queue = self.queue.take();
        self.total.set(0);
        drop(queue);
    }

    /// The request that was out can no longer be answered.
    fn invalidate_request(&self) {
        self.request.set(self.request.get() + 1);
        if let Some(len) = self.taken.take()
            && let Some(first) = self.pending.borrow_mut().front_mut()
        {
            // The source keeps what it took: the reader gets other memory.
            let whole = first.buffer.len().saturating_add(len);
            first.buffer.resize(whole, 0);
        }
    }

    fn clear_pending(&self) {
        // No memory to make up for: the reader gets none.
        self.taken.set(None);
        self.invalidate_request();
        let pending = self.pending.take();
        drop(pending);
    }

    fn shift_pending(&self) -> Option<PullInto> {
        self.invalidate_request();
        self.pending.borrow_mut().pop_front()
    }

    /// Moves queued bytes into `into`; whether it has as many as it needs.
    fn fill(&self, into: &mut PullInto) -> bool {
        let mut queue = self.queue.borrow_mut();
        while into.room() > 0 {
            let Some(chunk) = queue.front_mut() else { break };
            let count = into.room().min(chunk.len());
            let end = into.filled + count;
            if let Some(room) = into.buffer.get_mut(into.filled..end) {
                chunk.copy_to_slice(room);
            }
            into.filled = end;
            self.total.set(self.total.get().saturating_sub(count));
            if chunk.is_empty() {
                queue.pop_front();
            }
        }
        into.filled >= into.min
    }

    /// Fills the buffers that wait, as far as the queue reaches.
    fn fill_pending(&self) -> Vec<PullInto> {
        let mut filled = Vec::new();
        while self.total.get() > 0 {
            let done = match self.pending.borrow_mut().front_mut() {
                Some(first) => self.fill(first),
                None => break,
            };
            if !done {
                break;
            }
            filled.extend(self.shift_pending());
        }
        filled
    }

    fn commit(&self, stream: &ReadableStream<Bytes>, into: PullInto) {
        let closed = stream.state() == State::Closed;
        match into.reader {
            For::Default => {
                if let Some(request) = stream.next_request() {
                    request(if closed { Read::Closed } else { Read::Chunk(into.view().freeze()) });
                }
            }
            For::Byob => {
                if let Some(request) = stream.next_into_request() {
                    if closed { request.closed(Some(into.view())) } else { request.filled(into.view()) }
                }
            }
            For::Nobody => {}
        }
    }

    /// A queue that ran dry: the end, if it was asked for, or more.
    fn queue_drained(self: &Rc<Self>, stream: &ReadableStream<Bytes>) {
        if self.total.get() == 0 && self.close_requested.get() {
            self.clear_algorithms();
            stream.close();
        } else {
            self.pull_if_needed(stream);
        }
    }

    /// Gives the first queued chunk to a read.
    fn read_from_queue(self: &Rc<Self>, stream: &ReadableStream<Bytes>, request: ReadRequest<Bytes>) {
        let chunk = self.queue.borrow_mut().pop_front().unwrap_or_default();
        self.total.set(self.total.get().saturating_sub(chunk.len()));
        self.queue_drained(stream);
        request(Read::Chunk(chunk));
    }

    pub(super) fn pull_into(
        self: &Rc<Self>,
        stream: &ReadableStream<Bytes>,
        view: BytesMut,
        min: usize,
        request: Box<dyn IntoRequest>,
    ) {
        let mut into = PullInto { buffer: view, filled: 0, min, reader: For::Byob };
        if !self.pending.borrow().is_empty() {
            self.pending.borrow_mut().push_back(into);
            stream.add_into_request(request);
            return;
        }
        if stream.state() == State::Closed {
            return request.closed(Some(into.view()));
        }
        if self.total.get() > 0 {
            if self.fill(&mut into) {
                self.queue_drained(stream);
                return request.filled(into.view());
            }
            if self.close_requested.get() {
                let error = invalid_state("ReadableStream closed");
                self.error(stream, error.clone());
                return request.failed(error);
            }
        }
        self.pending.borrow_mut().push_back(into);
        stream.add_into_request(request);
        self.pull_if_needed(stream);
    }

    fn error(&self, stream: &ReadableStream<Bytes>, error: Error) {
        if stream.state() == State::Readable {
            self.clear_pending();
            self.reset_queue();
            self.clear_algorithms();
            stream.error(error);
        }
    }

    /// `count` more bytes of the first pending buffer have been written.
    pub(super) fn respond(self: &Rc<Self>, stream: &ReadableStream<Bytes>, count: usize) -> Result<()> {
        let room = self.pending.borrow().front().map(PullInto::room);
        let Some(room) = room else { return Err(invalidated()) };
        match stream.state() {
            State::Closed if count != 0 => return Err(bad_count(count, Class::TypeError)),
            State::Readable if count == 0 => return Err(bad_count(count, Class::TypeError)),
            _ if count > room => return Err(bad_count(count, Class::RangeError)),
            _ => {}
        }
        self.invalidate_request();
        if stream.state() == State::Closed {
            self.respond_closed(stream);
        } else {
            self.respond_readable(stream, count);
        }
        self.pull_if_needed(stream);
        Ok(())
    }

    fn respond_closed(&self, stream: &ReadableStream<Bytes>) {
        if self.pending.borrow().front().is_some_and(|first| first.reader == For::Nobody) {
            self.shift_pending();
        }
        if stream.has_byob_reader() {
            let mut filled = Vec::new();
            for _ in 0..stream.waiting_into_reads() {
                filled.extend(self.shift_pending());
            }
            filled.into_iter().for_each(|into| self.commit(stream, into));
        }
    }

    fn respond_readable(&self, stream: &ReadableStream<Bytes>, count: usize) {
        let enough = match self.pending.borrow_mut().front_mut() {
            Some(first) => {
                first.filled += count;
                first.reader == For::Nobody || first.filled >= first.min
            }
            None => false,
        };
        if !enough {
            return;
        }
        let Some(first) = self.shift_pending() else { return };
        if first.reader == For::Nobody {
            if first.filled > 0 {
                self.enqueue_bytes(first.view().freeze());
            }
            self.fill_pending().into_iter().for_each(|into| self.commit(stream, into));
            return;
        }
        let filled = self.fill_pending();
        self.commit(stream, first);
        filled.into_iter().for_each(|into| self.commit(stream, into));
    }
}

impl readable::Controller<Bytes> for Controller {
    fn pull_steps(self: Rc<Self>, request: ReadRequest<Bytes>) {
        let Some(stream) = self.stream.upgrade().map(ReadableStream) else { return request(Read::Closed) };
        if self.total.get() > 0 {
            return self.read_from_queue(&stream, request);
        }
        if let Some(size) = self.auto_allocate {
            let mut buffer = BytesMut::new();
            if buffer.try_reserve_zeroed(size).is_err() {
                return request(Read::Failed(too_large(size)));
            }
            let into = PullInto { buffer, filled: 0, min: 1, reader: For::Default };
            self.pending.borrow_mut().push_back(into);
        }
        stream.add_request(request);
        self.pull_if_needed(&stream);
    }

    fn cancel_steps(&self, reason: Option<Error>) -> Promise<()> {
        self.clear_pending();
        self.reset_queue();
        let source = self.source.borrow().clone();
        let result = source.map_or_else(|| Promise::resolved(()), |source| source.cancel(reason));
        self.clear_algorithms();
        result
    }

    fn release_steps(&self) {
        let mut pending = self.pending.borrow_mut();
        if let Some(first) = pending.front_mut() {
            first.reader = For::Nobody;
        }
        pending.truncate(1);
    }

    fn branch(&self, lp: &EventLoop, half: Half<Bytes>) -> ReadableStream<Bytes> {
        let stream = ReadableStream::empty(lp);
        // A source whose start cannot fail.
        if let Err(error) = set_up(&stream, Rc::new(half), None, 0.0) {
            stream.error(error);
        }
        stream
    }

    fn bytes(self: Rc<Self>) -> Option<Rc<Controller>> {
        Some(self)
    }
}

/// A zeroed buffer whose size was asked for from outside.
trait TryReserveZeroed {
    fn try_reserve_zeroed(&mut self, size: usize) -> std::result::Result<(), ()>;
}

impl TryReserveZeroed for BytesMut {
    fn try_reserve_zeroed(&mut self, size: usize) -> std::result::Result<(), ()> {
        let mut memory = Vec::new();
        memory.try_reserve_exact(size).map_err(|_| ())?;
        memory.resize(size, 0);
        *self = BytesMut::from(Bytes::from(memory));
        Ok(())
    }
}

fn too_large(size: usize) -> Error {
    Error::from_template(Code::OutOfRange, &[&"autoAllocateChunkSize", &"allocatable", &size])
}

pub(super) fn invalidated() -> Error {
    invalid_state("This BYOB request has been invalidated")
}

pub(super) fn bad_count(count: usize, class: Class) -> Error {
    Error::new(Code::InvalidArgValue, format!("The argument 'bytesWritten' is invalid. Received {count}"))
        .with_class(class)
}

/// A controller whose stream may be gone.
pub(super) struct WeakByteController(Weak<Controller>);

impl WeakByteController {
    pub(super) fn get(&self) -> Option<ReadableByteStreamController> {
        let controller = self.0.upgrade()?;
        let stream = ReadableStream(controller.stream.upgrade()?);
        Some(ReadableByteStreamController { stream, controller })
    }
}

impl ReadableByteStreamController {
    pub(super) fn downgrade(&self) -> WeakByteController {
        WeakByteController(Rc::downgrade(&self.controller))
    }

    /// The buffer of the read that waits longest, if there is one to fill.
    pub fn byob_request(&self) -> Option<ReadableStreamByobRequest> {
        if self.controller.pending.borrow().is_empty() {
            return None;
        }
        Some(ReadableStreamByobRequest::new(self.clone()))
    }

    /// How much room there is, in bytes: negative if the queue is over-full, `None` once errored, 0 once closed.
    pub fn desired_size(&self) -> Option<f64> {
        self.controller.desired_size(&self.stream)
    }

    /// Queues bytes, or gives them to reads that wait.
    ///
    /// # Errors
    /// [`Code::InvalidState`] (`TypeError`) for an empty chunk, and once closed or errored.
    pub fn enqueue(&self, chunk: Bytes) -> Result<()> {
        let (controller, stream) = (&self.controller, &self.stream);
        if chunk.is_empty() {
            return Err(invalid_state("chunk ArrayBuffer is zero-length or detached"));
        }
        self.check_open()?;
        controller.invalidate_request();
        let orphan = controller.pending.borrow().front().is_some_and(|first| first.reader == For::Nobody);
        if orphan
            && let Some(first) = controller.shift_pending()
            && first.filled > 0
        {
            controller.enqueue_bytes(first.view().freeze());
        }
        if stream.has_default_reader() {
            while controller.total.get() > 0
                && let Some(request) = stream.next_request()
            {
                controller.read_from_queue(stream, request);
            }
            match stream.next_request() {
                None => controller.enqueue_bytes(chunk),
                Some(request) => {
                    controller.shift_pending();
                    request(Read::Chunk(chunk));
                }
            }
        } else {
            controller.enqueue_bytes(chunk);
            if stream.has_byob_reader() {
                controller.fill_pending().into_iter().for_each(|into| controller.commit(stream, into));
            }
        }
        controller.pull_if_needed(stream);
        Ok(())
    }

    /// Ends the stream, once what is queued has been read.
    ///
    /// A buffer that waits is given back by answering its request with 0, or when the reader cancels.
    ///
    /// # Errors
    /// [`Code::InvalidState`] (`TypeError`) once closed or errored.
    pub fn close(&self) -> Result<()> {
        self.check_open()?;
        if self.controller.total.get() > 0 {
            self.controller.close_requested.set(true);
            return Ok(());
        }
        self.controller.clear_algorithms();
        self.stream.close();
        Ok(())
    }

    /// Errors the stream. Without effect once closed or errored.
    pub fn error(&self, error: Error) {
        self.controller.error(&self.stream, error);
    }

    fn check_open(&self) -> Result<()> {
        if self.controller.close_requested.get() {
            return Err(invalid_state("Controller is already closed"));
        }
        if self.stream.state() != State::Readable {
            return Err(invalid_state("ReadableStream is already closed"));
        }
        Ok(())
    }
}

impl fmt::Debug for ReadableByteStreamController {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadableByteStreamController")
            .field("desired_size", &self.desired_size())
            .finish_non_exhaustive()
    }
}
