//! `ReadableStream`: the stream itself, whatever its controller.

use std::cell::{Cell, OnceCell, RefCell};
use std::fmt;
use std::rc::Rc;

use bytes::Bytes;
use nodecore_error::{Class, Code, Error, Result};
use nodecore_event_loop::EventLoop;

use super::byte_controller::{self, ReadableByteStreamController, UnderlyingByteSource};
use super::controller::{self, ReadableStreamDefaultController, UnderlyingSource};
use super::pipe::{PipeToOptions, pipe};
use super::promise::Promise;
use super::reader::{IntoRequest, ReadableStreamByobReader, ReadableStreamDefaultReader, Reader, ReaderKind};
use super::strategy::QueuingStrategy;
use super::tee::{Half, tee};
use super::transform::ReadableWritablePair;
use super::values::Values;
use super::writable::WritableStream;
use crate::chunk::Chunk;

/// The `TypeError` of a call that the state forbids.
pub(super) fn invalid_state(text: &str) -> Error {
    Error::from_template(Code::InvalidState, &[&text]).with_class(Class::TypeError)
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum State {
    Readable,
    Closed,
    Errored,
}

/// What a read comes to.
pub(super) enum Read<T> {
    Chunk(T),
    Closed,
    Failed(Error),
}

/// Told once, in place: whoever asked decides what becomes a microtask.
pub(super) type ReadRequest<T> = Box<dyn FnOnce(Read<T>)>;

/// What a stream asks of its controller.
pub(super) trait Controller<T: Chunk> {
    fn pull_steps(self: Rc<Self>, request: ReadRequest<T>);
    fn cancel_steps(&self, reason: Option<Error>) -> Promise<()>;
    fn release_steps(&self);
    /// Gives queued chunks to `each` as long as it wants more; false if there are none, or they cannot be taken so.
    fn drain(self: Rc<Self>, each: &mut dyn FnMut(T) -> bool) -> bool {
        let _ = each;
        false
    }
    /// A stream of the same kind, for a branch of a tee.
    fn branch(&self, lp: &EventLoop, half: Half<T>) -> ReadableStream<T> {
        ReadableStream::infallible(lp, Rc::new(half), 1.0)
    }
    fn bytes(self: Rc<Self>) -> Option<Rc<byte_controller::Controller>> {
        None
    }
}

/// A source of the user's, whose promises are looked into as those of JavaScript functions are.
struct Adopting<S> {
    lp: EventLoop,
    source: S,
}

impl<T: Chunk, S: UnderlyingSource<T>> UnderlyingSource<T> for Adopting<S> {
    fn start(&self, controller: &ReadableStreamDefaultController<T>) -> Result<Promise<()>> {
        self.source.start(controller)
    }
    fn pull(&self, controller: &ReadableStreamDefaultController<T>) -> Promise<()> {
        self.source.pull(controller).adopted(&self.lp)
    }
    fn cancel(&self, reason: Option<Error>) -> Promise<()> {
        self.source.cancel(reason).adopted(&self.lp)
    }
}

impl<S: UnderlyingByteSource> UnderlyingByteSource for Adopting<S> {
    fn start(&self, controller: &ReadableByteStreamController) -> Result<Promise<()>> {
        self.source.start(controller)
    }
    fn pull(&self, controller: &ReadableByteStreamController) -> Promise<()> {
        self.source.pull(controller).adopted(&self.lp)
    }
    fn cancel(&self, reason: Option<Error>) -> Promise<()> {
        self.source.cancel(reason).adopted(&self.lp)
    }
}

pub(super) struct Inner<T: Chunk> {
    pub(super) lp: EventLoop,
    pub(super) state: Cell<State>,
    pub(super) error: RefCell<Option<Error>>,
    pub(super) disturbed: Cell<bool>,
    pub(super) reader: RefCell<Option<Rc<Reader<T>>>>,
    pub(super) controller: OnceCell<Rc<dyn Controller<T>>>,
}

/// A source of chunks to be read one by one. Node:
/// [`ReadableStream`](https://nodejs.org/api/webstreams.html#class-readablestream),
/// <https://streams.spec.whatwg.org/#rs-class>.
///
/// Clones are the same stream.
///
/// ```
/// use nodecore_event_loop::EventLoop;
/// use nodecore_stream::web::ReadableStream;
///
/// let lp = EventLoop::new()?;
/// let stream = ReadableStream::from_iter(&lp, 1..=3);
/// let reader = stream.get_reader()?;
/// let sum = lp.block_on(async {
///     let mut sum = 0;
///     while let Some(n) = reader.read().await? {
///         sum += n;
///     }
///     Ok::<_, nodecore_error::Error>(sum)
/// })?;
/// assert_eq!(sum, 6);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub struct ReadableStream<T: Chunk = Bytes>(pub(super) Rc<Inner<T>>);

impl<T: Chunk> ReadableStream<T> {
    /// A stream of what `source` enqueues. The high-water mark is 1 by default.
    ///
    /// # Errors
    /// [`Code::InvalidArgValue`] (`RangeError`) for a bad mark; what `start` fails with.
    pub fn new(
        lp: &EventLoop,
        source: impl UnderlyingSource<T>,
        strategy: impl Into<QueuingStrategy<T>>,
    ) -> Result<ReadableStream<T>> {
        let strategy = strategy.into();
        let mark = strategy.mark(1.0)?;
        let stream = ReadableStream::empty(lp);
        let source = Adopting { lp: lp.clone(), source };
        controller::set_up(&stream, Rc::new(source), mark, strategy.size_fn())?;
        Ok(stream)
    }

    /// A stream of what an iterator yields, asked one at a time. Node: `ReadableStream.from`.
    #[allow(clippy::should_implement_trait, reason = "it is Node's `from`, and takes the loop")]
    pub fn from_iter<I>(lp: &EventLoop, items: I) -> ReadableStream<T>
    where
        I: IntoIterator<Item = T>,
        I::IntoIter: 'static,
    {
        let items = controller::Items::new(items.into_iter());
        ReadableStream::infallible(lp, Rc::new(items), 0.0)
    }

    /// A stream of what a `futures` stream yields; cancelling drops it. Node: `ReadableStream.from`.
    pub fn from_stream<S>(lp: &EventLoop, items: S) -> ReadableStream<T>
    where
        S: futures_core::Stream<Item = Result<T>> + 'static,
    {
        let items = controller::Polled::new(lp, items);
        ReadableStream::infallible(lp, Rc::new(items), 0.0)
    }

    pub(super) fn infallible(
        lp: &EventLoop,
        source: Rc<dyn UnderlyingSource<T>>,
        mark: f64,
    ) -> ReadableStream<T> {
        let stream = ReadableStream::empty(lp);
        // A source whose start cannot fail.
        if let Err(error) = controller::set_up(&stream, source, mark, None) {
            stream.error(error);
        }
        stream
    }

    pub(super) fn empty(lp: &EventLoop) -> ReadableStream<T> {
        ReadableStream(Rc::new(Inner {
            lp: lp.clone(),
            state: Cell::new(State::Readable),
            error: RefCell::new(None),
            disturbed: Cell::new(false),
            reader: RefCell::new(None),
            controller: OnceCell::new(),
        }))
    }

    /// Whether it has a reader, is piped or teed.
    pub fn locked(&self) -> bool {
        self.0.reader.borrow().is_some()
    }

    /// The loop that it lives on.
    pub fn event_loop(&self) -> EventLoop {
        self.0.lp.clone()
    }

    /// Says that nobody wants the rest: what is queued goes, and the source is told. The promise is the source's.
    ///
    /// # Errors
    /// Rejects with [`Code::InvalidState`] (`TypeError`) if locked; with the stream's error if errored.
    pub fn cancel(&self, reason: Option<Error>) -> Promise<()> {
        if self.locked() {
            return Promise::rejected(invalid_state("ReadableStream is locked"));
        }
        self.cancel_now(reason)
    }

    /// Locks it and reads chunks.
    ///
    /// # Errors
    /// [`Code::InvalidState`] (`TypeError`) if locked.
    pub fn get_reader(&self) -> Result<ReadableStreamDefaultReader<T>> {
        ReadableStreamDefaultReader::new(self)
    }

    /// Pipes it through the writable side of `pair`, whose readable side is returned. How the pipe ends is told by
    /// the two sides.
    ///
    /// # Errors
    /// [`Code::InvalidState`] (`TypeError`) if either is locked.
    pub fn pipe_through<U: Chunk>(
        &self,
        pair: impl Into<ReadableWritablePair<U, T>>,
        options: PipeToOptions,
    ) -> Result<ReadableStream<U>> {
        let ReadableWritablePair { readable, writable } = pair.into();
        let _outcome = self.pipe_into(&writable, options)?;
        Ok(readable)
    }

    /// Pipes it into `dest`. The promise is fulfilled once all is written and `dest` closed. A pipe that waits for
    /// this stream keeps both; one that waits for room in `dest` ends with the last handle that leads to `dest`.
    ///
    /// # Errors
    /// Rejects with [`Code::InvalidState`] (`TypeError`) if either is locked; with the error of either; with the
    /// signal's reason.
    pub fn pipe_to(&self, dest: &WritableStream<T>, options: PipeToOptions) -> Promise<()> {
        self.pipe_into(dest, options).unwrap_or_else(Promise::rejected)
    }

    /// As [`pipe_to`](ReadableStream::pipe_to), into a stream of another kind of chunk. Node's streams have one kind.
    ///
    /// # Errors
    /// [`Code::InvalidState`] (`TypeError`) if either is locked; the promise rejects as there.
    ///
    /// ```
    /// use nodecore_event_loop::EventLoop;
    /// use nodecore_stream::web::{QueuingStrategy, ReadableStream, WritableStream};
    ///
    /// let lp = EventLoop::new()?;
    /// let wide = WritableStream::new(&lp, (), QueuingStrategy::<i64>::new())?;
    /// lp.block_on(ReadableStream::from_iter(&lp, 0..3_i32).pipe_into(&wide, Default::default())?)?;
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn pipe_into<W: Chunk + From<T>>(
        &self,
        dest: &WritableStream<W>,
        options: PipeToOptions,
    ) -> Result<Promise<()>> {
        pipe(self, dest, options)
    }

    /// Locks it, and gives two streams that each get every chunk. Cancelling both cancels it.
    ///
    /// # Errors
    /// [`Code::InvalidState`] (`TypeError`) if locked.
    ///
    /// # Differences from Node
    /// The branches of a byte stream are byte streams that read whole chunks: a branch's own buffer is filled by a
    /// copy. Where both are cancelled with a reason, the source is told the first one.
    pub fn tee(&self) -> Result<(ReadableStream<T>, ReadableStream<T>)> {
        tee(self)
    }

    /// Locks it, and reads it as a `futures` stream. Dropped before its end it cancels, unless `prevent_cancel`.
    /// Node: `values({ preventCancel })`.
    ///
    /// # Errors
    /// [`Code::InvalidState`] (`TypeError`) if locked.
    pub fn values(&self, prevent_cancel: bool) -> Result<Values<T>> {
        Ok(Values::new(self.event_loop(), self.get_reader()?, prevent_cancel))
    }

    pub(super) fn acquire(&self, kind: ReaderKind) -> Result<Rc<Reader<T>>> {
        if self.locked() {
            return Err(invalid_state("ReadableStream is locked"));
        }
        let reader = Rc::new(Reader::new(self, kind));
        *self.0.reader.borrow_mut() = Some(Rc::clone(&reader));
        Ok(reader)
    }

    pub(super) fn state(&self) -> State {
        self.0.state.get()
    }

    pub(super) fn stored_error(&self) -> Error {
        self.0.error.borrow().clone().unwrap_or_else(Error::abort)
    }

    pub(super) fn controller(&self) -> Option<Rc<dyn Controller<T>>> {
        self.0.controller.get().cloned()
    }

    fn reader(&self) -> Option<Rc<Reader<T>>> {
        self.0.reader.borrow().clone()
    }

    pub(super) fn cancel_now(&self, reason: Option<Error>) -> Promise<()> {
        self.0.disturbed.set(true);
        match self.state() {
            State::Closed => return Promise::resolved(()),
            State::Errored => return Promise::rejected(self.stored_error()),
            State::Readable => {}
        }
        self.close();
        if let Some(reader) = self.reader() {
            for request in reader.take_into_requests() {
                request.closed(None);
            }
        }
        match self.controller() {
            Some(controller) => controller.cancel_steps(reason).map(&self.0.lp, |result| result),
            None => Promise::resolved(()),
        }
    }

    pub(super) fn close(&self) {
        self.0.state.set(State::Closed);
        let Some(reader) = self.reader() else { return };
        reader.closed().settle(Ok(()));
        for request in reader.take_requests() {
            request(Read::Closed);
        }
    }

    pub(super) fn error(&self, error: Error) {
        self.0.state.set(State::Errored);
        *self.0.error.borrow_mut() = Some(error.clone());
        let Some(reader) = self.reader() else { return };
        reader.closed().settle(Err(error.clone()));
        reader.fail_requests(&error);
    }

    /// How many reads wait.
    pub(super) fn waiting_reads(&self) -> usize {
        self.reader().map_or(0, |reader| reader.waiting_reads())
    }

    pub(super) fn waiting_into_reads(&self) -> usize {
        self.reader().map_or(0, |reader| reader.waiting_into_reads())
    }

    pub(super) fn has_default_reader(&self) -> bool {
        self.reader().is_some_and(|reader| reader.kind == ReaderKind::Default)
    }

    pub(super) fn has_byob_reader(&self) -> bool {
        self.reader().is_some_and(|reader| reader.kind == ReaderKind::Byob)
    }

    /// The read that has waited longest.
    pub(super) fn next_request(&self) -> Option<ReadRequest<T>> {
        self.reader()?.next_request()
    }

    pub(super) fn next_into_request(&self) -> Option<Box<dyn IntoRequest>> {
        self.reader()?.next_into_request()
    }

    pub(super) fn add_request(&self, request: ReadRequest<T>) {
        match self.reader() {
            Some(reader) => reader.add_request(request),
            None => request(Read::Closed),
        }
    }

    pub(super) fn add_into_request(&self, request: Box<dyn IntoRequest>) {
        match self.reader() {
            Some(reader) => reader.add_into_request(request),
            None => request.closed(None),
        }
    }
}

impl ReadableStream<Bytes> {
    /// A byte stream: its reader may bring the memory that is read into. Node: `type: 'bytes'`.
    ///
    /// `auto_allocate` gives the source a buffer of that size where the reader brought none
    /// (`autoAllocateChunkSize`). The high-water mark, in bytes, is 0 by default.
    ///
    /// # Errors
    /// [`Code::InvalidArgValue`] for a bad mark (`RangeError`) or an `auto_allocate` of 0 (`TypeError`); what `start`
    /// fails with.
    pub fn bytes(
        lp: &EventLoop,
        source: impl UnderlyingByteSource,
        auto_allocate: Option<usize>,
        high_water_mark: f64,
    ) -> Result<ReadableStream<Bytes>> {
        let mark = QueuingStrategy::<Bytes>::new().high_water_mark(high_water_mark).mark(0.0)?;
        if auto_allocate == Some(0) {
            let message = "The property 'source.autoAllocateChunkSize' is invalid. Received 0";
            return Err(Error::new(Code::InvalidArgValue, message));
        }
        let stream = ReadableStream::empty(lp);
        let source = Adopting { lp: lp.clone(), source };
        byte_controller::set_up(&stream, Rc::new(source), auto_allocate, mark)?;
        Ok(stream)
    }

    /// Locks a byte stream and reads into the caller's buffers. Node: `getReader({ mode: 'byob' })`.
    ///
    /// # Errors
    /// [`Code::InvalidState`] (`TypeError`) if locked; [`Code::InvalidArgValue`] if it is no byte stream.
    pub fn get_byob_reader(&self) -> Result<ReadableStreamByobReader> {
        if self.locked() {
            return Err(invalid_state("ReadableStream is locked"));
        }
        let Some(controller) = self.controller().and_then(Controller::bytes) else {
            let received = "ReadableStream";
            return Err(Error::from_template(
                Code::InvalidArgValue,
                &[&"stream", &"must be a byte stream", &received],
            ));
        };
        let reader = self.acquire(ReaderKind::Byob)?;
        Ok(ReadableStreamByobReader { reader, stream: self.clone(), controller })
    }
}

impl<T: Chunk> Clone for ReadableStream<T> {
    fn clone(&self) -> ReadableStream<T> {
        ReadableStream(Rc::clone(&self.0))
    }
}

impl<T: Chunk> fmt::Debug for ReadableStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadableStream")
            .field("locked", &self.locked())
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}
