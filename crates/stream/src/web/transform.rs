//! `TransformStream`: a writable side whose chunks come out of a readable side, changed.

use std::cell::{Cell, OnceCell, RefCell};
use std::fmt;
use std::rc::{Rc, Weak};

use bytes::Bytes;
use nodecore_error::{Error, Result};
use nodecore_event_loop::EventLoop;

use super::controller::{self, ReadableStreamDefaultController, UnderlyingSource, WeakController};
use super::held::Held;
use super::promise::Promise;
use super::readable::{self, ReadableStream, invalid_state};
use super::strategy::QueuingStrategy;
use super::writable::{self, WeakWritable, WritableStream};
use super::writable_controller::{UnderlyingSink, WritableStreamDefaultController};
use crate::chunk::Chunk;

/// What a [`TransformStream`] does to chunks: Node's `transformer`.
///
/// Its functions take `&self`; state goes into cells.
pub trait Transformer<I: Chunk, O: Chunk>: 'static {
    /// Called once, by the constructor.
    ///
    /// # Errors
    /// What it returns becomes the constructor's error.
    fn start(&self, controller: &TransformStreamDefaultController<I, O>) -> Result<Promise<()>> {
        let _ = controller;
        Ok(Promise::resolved(()))
    }

    /// Takes a chunk, and enqueues what becomes of it. The next one waits for the promise.
    fn transform(&self, chunk: I, controller: &TransformStreamDefaultController<I, O>) -> Promise<()>;

    /// All has been transformed: the last chance to enqueue.
    fn flush(&self, controller: &TransformStreamDefaultController<I, O>) -> Promise<()> {
        let _ = controller;
        Promise::resolved(())
    }

    /// The readable side was cancelled or the writable side aborted: `flush` will not be called.
    fn cancel(&self, reason: Option<Error>) -> Promise<()> {
        let _ = reason;
        Promise::resolved(())
    }
}

/// Lets everything through unchanged: Node's `new TransformStream()`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Identity;

impl<T: Chunk> Transformer<T, T> for Identity {
    fn transform(&self, chunk: T, controller: &TransformStreamDefaultController<T, T>) -> Promise<()> {
        controller.enqueue(chunk).map_or_else(Promise::rejected, Promise::resolved)
    }
}

/// A readable and a writable stream that belong together.
#[derive(Debug)]
pub struct ReadableWritablePair<R: Chunk, W: Chunk> {
    /// What comes out.
    pub readable: ReadableStream<R>,
    /// What goes in.
    pub writable: WritableStream<W>,
}

impl<R: Chunk, W: Chunk> Clone for ReadableWritablePair<R, W> {
    fn clone(&self) -> ReadableWritablePair<R, W> {
        ReadableWritablePair { readable: self.readable.clone(), writable: self.writable.clone() }
    }
}

/// A stream that changes what passes. Node:
/// [`TransformStream`](https://nodejs.org/api/webstreams.html#class-transformstream),
/// <https://streams.spec.whatwg.org/#ts-class>.
///
/// ```
/// use nodecore_event_loop::EventLoop;
/// use nodecore_stream::web::{
///     Promise, ReadableStream, TransformStream, TransformStreamDefaultController, Transformer,
/// };
///
/// struct Double;
/// impl Transformer<i32, i32> for Double {
///     fn transform(&self, chunk: i32, controller: &TransformStreamDefaultController<i32, i32>) -> Promise<()> {
///         controller.enqueue(chunk * 2).map_or_else(Promise::rejected, Promise::resolved)
///     }
/// }
///
/// let lp = EventLoop::new()?;
/// let double = TransformStream::new(&lp, Double, Default::default(), Default::default())?;
/// let doubled = ReadableStream::from_iter(&lp, [1, 2]).pipe_through(&double, Default::default())?;
/// let reader = doubled.get_reader()?;
/// assert_eq!(lp.block_on(reader.read())?, Some(2));
/// assert_eq!(lp.block_on(reader.read())?, Some(4));
/// assert_eq!(lp.block_on(reader.read())?, None);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub struct TransformStream<I: Chunk = Bytes, O: Chunk = Bytes> {
    readable: ReadableStream<O>,
    writable: WritableStream<I>,
}

impl<I: Chunk, O: Chunk> TransformStream<I, O> {
    /// A stream that `transformer` changes. The high-water mark of the writable side is 1 by default, that of the
    /// readable side 0.
    ///
    /// # Errors
    /// [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue) (`RangeError`) for a bad mark; what `start`
    /// fails with.
    pub fn new(
        lp: &EventLoop,
        transformer: impl Transformer<I, O>,
        writable_strategy: QueuingStrategy<I>,
        readable_strategy: QueuingStrategy<O>,
    ) -> Result<TransformStream<I, O>> {
        let readable_mark = readable_strategy.mark(0.0)?;
        let writable_mark = writable_strategy.mark(1.0)?;
        let transformer: Rc<dyn Transformer<I, O>> = Rc::new(transformer);
        let state = Rc::new_cyclic(|me| State {
            me: Weak::clone(me),
            lp: lp.clone(),
            readable: OnceCell::new(),
            writable: OnceCell::new(),
            backpressure: Cell::new(true),
            change: RefCell::new(Promise::pending()),
            waiting: RefCell::new(None),
            finish: RefCell::new(None),
            transformer: RefCell::new(Some(Rc::clone(&transformer))),
        });
        let started = Promise::pending();
        let held = Rc::new(Held::new(Rc::clone(&state)));
        let sink = TransformSink { lp: lp.clone(), state: held, started: Cell::new(Some(started.clone())) };
        let writable =
            WritableStream::with_sink(lp, Rc::new(sink), writable_mark, writable_strategy.size_fn())?;
        let readable = ReadableStream::empty(lp);
        let source = TransformSource { state: Rc::clone(&state), started: Cell::new(Some(started.clone())) };
        let handle =
            controller::set_up(&readable, Rc::new(source), readable_mark, readable_strategy.size_fn())?;
        let _ = state.writable.set(WeakWritable::new(&writable));
        let _ = state.readable.set(handle.downgrade());
        started.follow(lp, &transformer.start(&TransformStreamDefaultController(state))?);
        Ok(TransformStream { readable, writable })
    }

    /// The side that is read.
    pub fn readable(&self) -> &ReadableStream<O> {
        &self.readable
    }

    /// The side that is written to.
    pub fn writable(&self) -> &WritableStream<I> {
        &self.writable
    }
}

impl<I: Chunk, O: Chunk> From<&TransformStream<I, O>> for ReadableWritablePair<O, I> {
    fn from(stream: &TransformStream<I, O>) -> ReadableWritablePair<O, I> {
        ReadableWritablePair { readable: stream.readable.clone(), writable: stream.writable.clone() }
    }
}

impl<I: Chunk, O: Chunk> fmt::Debug for TransformStream<I, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransformStream")
            .field("readable", &self.readable)
            .field("writable", &self.writable)
            .finish()
    }
}

/// Empty while a write waits, which leads to the writable side and so would hold it for ever.
type Waiting<I, O> = Rc<OnceCell<Rc<State<I, O>>>>;

/// What the two sides share.
struct State<I: Chunk, O: Chunk> {
    me: Weak<State<I, O>>,
    lp: EventLoop,
    /// Either side's user may have dropped it: then what is told to it goes nowhere.
    readable: OnceCell<WeakController<O>>,
    writable: OnceCell<WeakWritable<I>>,
    backpressure: Cell<bool>,
    /// Settled when `backpressure` changes.
    change: RefCell<Promise<()>>,
    /// Of the write that waits for `change`: what this is put into when it comes.
    waiting: RefCell<Option<Waiting<I, O>>>,
    /// How the end that has begun will come out, whichever side began it.
    finish: RefCell<Option<Promise<()>>>,
    transformer: RefCell<Option<Rc<dyn Transformer<I, O>>>>,
}

impl<I: Chunk, O: Chunk> State<I, O> {
    fn readable(&self) -> Option<ReadableStreamDefaultController<O>> {
        self.readable.get().and_then(WeakController::get)
    }

    fn writable(&self) -> Option<WritableStream<I>> {
        self.writable.get().and_then(WeakWritable::get)
    }

    fn transformer(&self) -> Option<Rc<dyn Transformer<I, O>>> {
        self.transformer.borrow().clone()
    }

    fn clear_algorithms(&self) {
        let transformer = self.transformer.take();
        drop(transformer);
    }

    fn set_backpressure(&self, backpressure: bool) {
        let was = self.change.replace(Promise::pending());
        self.backpressure.set(backpressure);
        let waiting = self.waiting.take();
        if let (Some(waiting), Some(me)) = (waiting, self.me.upgrade()) {
            let _ = waiting.set(me);
        }
        was.settle(Ok(()));
    }

    fn unblock_write(&self) {
        if self.backpressure.get() {
            self.set_backpressure(false);
        }
    }

    fn error(&self, error: &Error) {
        if let Some(readable) = self.readable() {
            readable.error(error.clone());
        }
        self.error_writable(error.clone());
    }

    fn error_writable(&self, error: Error) {
        self.clear_algorithms();
        if let Some(writable) = self.writable() {
            writable.error_if_needed(error);
        }
        self.unblock_write();
    }

    fn perform_transform(self: &Rc<Self>, chunk: I) -> Promise<()> {
        let Some(transformer) = self.transformer() else { return Promise::resolved(()) };
        let me = Rc::clone(self);
        let done = transformer.transform(chunk, &TransformStreamDefaultController(Rc::clone(self)));
        let done = done.adopted(&self.lp);
        done.map(&self.lp, move |result| {
            if let Err(error) = &result {
                me.error(error);
            }
            result
        })
    }

    /// Begins the end: the transformer's last word, then what each side makes of it.
    fn finish(
        self: &Rc<Self>,
        last: impl FnOnce(&dyn Transformer<I, O>) -> Promise<()>,
        then: impl FnOnce(&State<I, O>, Result<()>) -> Result<()> + 'static,
    ) -> Promise<()> {
        if let Some(finish) = &*self.finish.borrow() {
            return finish.clone();
        }
        let finish = Promise::pending();
        *self.finish.borrow_mut() = Some(finish.clone());
        let result =
            self.transformer().map_or_else(|| Promise::resolved(()), |t| last(&*t).adopted(&self.lp));
        self.clear_algorithms();
        let (me, settled) = (Rc::clone(self), finish.clone());
        result.then(&self.lp, move |result| settled.settle(then(&me, result)));
        finish
    }
}

struct TransformSink<I: Chunk, O: Chunk> {
    lp: EventLoop,
    /// Left to the readable side while a write waits for that.
    state: Rc<Held<State<I, O>>>,
    /// Not kept any longer than until it is asked for: it leads to the stream.
    started: Cell<Option<Promise<()>>>,
}

impl<I: Chunk, O: Chunk> UnderlyingSink<I> for TransformSink<I, O> {
    fn start(&self, _: &WritableStreamDefaultController<I>) -> Result<Promise<()>> {
        Ok(self.started.take().map_or_else(|| Promise::resolved(()), |started| started.adopted(&self.lp)))
    }

    fn write(&self, chunk: I, _: &WritableStreamDefaultController<I>) -> Promise<()> {
        let Some(state) = self.state.get() else { return Promise::resolved(()) };
        if !state.backpressure.get() {
            return state.perform_transform(chunk);
        }
        let written = Promise::pending();
        let (waiting, settled, held) = (Waiting::default(), written.clone(), Rc::downgrade(&self.state));
        *state.waiting.borrow_mut() = Some(Rc::clone(&waiting));
        let change = state.change.borrow().clone();
        change.then(&state.lp, move |_| {
            let Some(state) = waiting.get() else { return };
            if let Some(held) = held.upgrade() {
                held.hold();
            }
            let erroring = state.writable().filter(|writable| writable.state() == writable::State::Erroring);
            match erroring {
                Some(writable) => settled.settle(Err(writable.stored_error())),
                None => {
                    let done = state.perform_transform(chunk);
                    done.then(&state.lp, move |result| settled.settle(result));
                }
            }
        });
        self.state.release();
        written
    }

    fn close(&self) -> Promise<()> {
        let Some(state) = self.state.get() else { return Promise::resolved(()) };
        let handle = TransformStreamDefaultController(Rc::clone(&state));
        state.finish(
            |transformer| transformer.flush(&handle),
            |state, result| {
                let Some(readable) = state.readable() else { return result };
                if let Err(error) = &result {
                    readable.error(error.clone());
                    return result;
                }
                if readable.stream.state() == readable::State::Errored {
                    return Err(readable.stream.stored_error());
                }
                if readable.controller.can_enqueue(&readable.stream) { readable.close() } else { Ok(()) }
            },
        )
    }

    fn abort(&self, reason: Error) -> Promise<()> {
        let Some(state) = self.state.get() else { return Promise::resolved(()) };
        let told = reason.clone();
        state.finish(
            |transformer| transformer.cancel(Some(told)),
            |state, result| {
                let Some(readable) = state.readable() else { return result };
                match result {
                    Ok(()) if readable.stream.state() == readable::State::Errored => {
                        Err(readable.stream.stored_error())
                    }
                    Ok(()) => {
                        readable.error(reason);
                        Ok(())
                    }
                    Err(error) => {
                        readable.error(error.clone());
                        Err(error)
                    }
                }
            },
        )
    }
}

struct TransformSource<I: Chunk, O: Chunk> {
    state: Rc<State<I, O>>,
    /// Not kept any longer than until it is asked for: it leads to the stream.
    started: Cell<Option<Promise<()>>>,
}

impl<I: Chunk, O: Chunk> UnderlyingSource<O> for TransformSource<I, O> {
    fn start(&self, _: &ReadableStreamDefaultController<O>) -> Result<Promise<()>> {
        let started = self.started.take();
        Ok(started.map_or_else(|| Promise::resolved(()), |started| started.adopted(&self.state.lp)))
    }

    fn pull(&self, _: &ReadableStreamDefaultController<O>) -> Promise<()> {
        self.state.set_backpressure(false);
        self.state.change.borrow().clone()
    }

    fn cancel(&self, reason: Option<Error>) -> Promise<()> {
        let told = reason.clone();
        self.state.finish(
            |transformer| transformer.cancel(told),
            |state, result| {
                let Some(writable) = state.writable() else { return result };
                match result {
                    Ok(()) if writable.state() == writable::State::Errored => Err(writable.stored_error()),
                    Ok(()) => {
                        writable.error_if_needed(reason.unwrap_or_else(Error::abort));
                        state.unblock_write();
                        Ok(())
                    }
                    Err(error) => {
                        writable.error_if_needed(error.clone());
                        state.unblock_write();
                        Err(error)
                    }
                }
            },
        )
    }
}

/// Gives out what a transformer makes. Node:
/// [`TransformStreamDefaultController`](https://nodejs.org/api/webstreams.html#class-transformstreamdefaultcontroller).
///
/// Clones are the same controller.
pub struct TransformStreamDefaultController<I: Chunk, O: Chunk>(Rc<State<I, O>>);

impl<I: Chunk, O: Chunk> TransformStreamDefaultController<I, O> {
    /// The room on the readable side; `None` once errored.
    pub fn desired_size(&self) -> Option<f64> {
        self.0.readable().map_or(Some(0.0), |readable| readable.desired_size())
    }

    /// Gives a chunk to the readable side.
    ///
    /// # Errors
    /// [`Code::InvalidState`](nodecore_error::Code::InvalidState) (`TypeError`) once the readable side is closed or
    /// errored; the error of its strategy's `size`, which errors both sides.
    pub fn enqueue(&self, chunk: O) -> Result<()> {
        let Some(readable) = self.0.readable() else { return Ok(()) };
        if !readable.controller.can_enqueue(&readable.stream) {
            return Err(invalid_state("Unable to enqueue"));
        }
        if let Err(error) = readable.enqueue(chunk) {
            self.0.error_writable(error);
            return Err(readable.stream.stored_error());
        }
        let backpressure = !readable.controller.should_pull(&readable.stream);
        if backpressure != self.0.backpressure.get() {
            self.0.set_backpressure(true);
        }
        Ok(())
    }

    /// Errors both sides.
    pub fn error(&self, error: Error) {
        self.0.error(&error);
    }

    /// Closes the readable side and errors the writable one: the transformer has seen enough.
    pub fn terminate(&self) {
        if let Some(readable) = self.0.readable()
            && readable.controller.can_enqueue(&readable.stream)
        {
            // It can be closed, as was just asked.
            let _ = readable.close();
        }
        self.0.error_writable(invalid_state("TransformStream has been terminated"));
    }
}

impl<I: Chunk, O: Chunk> Clone for TransformStreamDefaultController<I, O> {
    fn clone(&self) -> TransformStreamDefaultController<I, O> {
        TransformStreamDefaultController(Rc::clone(&self.0))
    }
}

impl<I: Chunk, O: Chunk> fmt::Debug for TransformStreamDefaultController<I, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransformStreamDefaultController")
            .field("desired_size", &self.desired_size())
            .finish_non_exhaustive()
    }
}
