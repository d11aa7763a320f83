//! `Duplex.from`: duplexes made of two streams, and streams made of functions that read their input.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use nodecore_error::{Error, Result};
use nodecore_event_loop::EventLoop;

use crate::bridge::Bridge;
use crate::chunk::Chunk;
use crate::duplex::{Both, Duplex};
use crate::from::Shared;
use crate::host::{DestroyDone, Done};
use crate::options::{DuplexOptions, WritableOptions};
use crate::readable::Readable;
use crate::writable::{Sink, Writable};

impl<W: Chunk, R: Chunk> Duplex<W, R> {
    /// A stream that writes to `writable` and reads from `readable`. When one of them fails, all are destroyed.
    ///
    /// Node: [`Duplex.from({ readable, writable })`](https://nodejs.org/api/stream.html#streamduplexfromsrc).
    ///
    /// ```
    /// use nodecore_event_loop::EventLoop;
    /// use nodecore_stream::{Duplex, HelperOptions, Readable, Writable, WritableOptions};
    ///
    /// let lp = EventLoop::new()?;
    /// let sink = Writable::from_fn(&lp, WritableOptions::default(), |_, n: u32, done| {
    ///     assert_eq!(n, 7);
    ///     done.ok();
    /// });
    /// let duplex = Duplex::from_sides(&Readable::from_iter(&lp, ["a", "b"]), &sink);
    /// duplex.end_chunk(7);
    /// assert_eq!(lp.block_on(duplex.readable().to_array(HelperOptions::default()))?, ["a", "b"]);
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn from_sides(readable: &Readable<R>, writable: &Writable<W>) -> Duplex<W, R> {
        let lp = readable.event_loop();
        Bridge::new(Some(writable.clone()), Some(readable.clone()), None).duplex(&lp)
    }

    /// A stream that reads what `f` makes of what is written to it: the native form of Node's
    /// `Duplex.from(async function* (source) { … })`.
    ///
    /// `f` is called at once. A write is done when the function takes the next chunk. When the stream is destroyed,
    /// the input ends with an `AbortError` and what `f` gave is dropped.
    ///
    /// # Differences from Node
    /// When the function lets go of its input, what is written after that is dropped; in Node those writes are never
    /// done.
    ///
    /// ```
    /// use futures_core::Stream;
    /// use nodecore_event_loop::EventLoop;
    /// use nodecore_stream::{Duplex, HelperOptions, Input};
    /// use std::{pin::Pin, task::{Context, Poll}};
    ///
    /// /// What is written, plus one.
    /// struct Next(Input<u32>);
    /// impl Stream for Next {
    ///     type Item = nodecore_error::Result<u32>;
    ///     fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
    ///         Pin::new(&mut self.0).poll_next(context).map_ok(|n| n + 1)
    ///     }
    /// }
    ///
    /// let lp = EventLoop::new()?;
    /// let duplex = Duplex::from_fn(&lp, Next);
    /// duplex.write(1);
    /// duplex.end_chunk(2);
    /// assert_eq!(lp.block_on(duplex.readable().to_array(HelperOptions::default()))?, [2, 3]);
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn from_fn<S>(lp: &EventLoop, f: impl FnOnce(Input<W>) -> S) -> Duplex<W, R>
    where
        S: Stream<Item = Result<R>> + 'static,
    {
        let input = Rc::new(Handover::new(lp));
        let output = Rc::new(Shared::new(f(Input(Rc::clone(&input)))));
        let options = DuplexOptions::default().object_mode(true).high_water_mark(1);
        Duplex::new(lp, options, Through { input, output })
    }
}

impl<R: Chunk> Duplex<Infallible, R> {
    /// `readable` as a duplex that cannot be written to. Node: `Duplex.from(readable)`.
    pub fn from_readable(readable: &Readable<R>) -> Duplex<Infallible, R> {
        Bridge::new(None, Some(readable.clone()), None).duplex(&readable.event_loop())
    }
}

impl<W: Chunk> Duplex<W, Infallible> {
    /// `writable` as a duplex that cannot be read from. Node: `Duplex.from(writable)`.
    pub fn from_writable(writable: &Writable<W>) -> Duplex<W, Infallible> {
        Bridge::new(Some(writable.clone()), None, None).duplex(&writable.event_loop())
    }
}

impl<T: Chunk> Writable<T> {
    /// A stream whose input goes to an asynchronous function; `finish` waits for it, and its error is the stream's.
    ///
    /// `f` is called at once. Node: `Duplex.from(async function (source) { … })`.
    ///
    /// # Differences from Node
    /// When the function returns early, what is written after that is dropped; in Node those writes are never done.
    ///
    /// ```
    /// use futures_core::Stream;
    /// use nodecore_event_loop::{EventLoop, RunMode};
    /// use nodecore_stream::Writable;
    /// use std::{future::poll_fn, pin::Pin};
    ///
    /// let lp = EventLoop::new()?;
    /// let sink = Writable::from_async_fn(&lp, |mut input| async move {
    ///     let mut sum = 0;
    ///     while let Some(n) = poll_fn(|context| Pin::new(&mut input).poll_next(context)).await {
    ///         sum += n?;
    ///     }
    ///     assert_eq!(sum, 3);
    ///     Ok(())
    /// });
    /// sink.write(1);
    /// sink.end_chunk(2);
    /// lp.run(RunMode::Default);
    /// assert!(sink.writable_finished());
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn from_async_fn<F: Future<Output = Result<()>> + 'static>(
        lp: &EventLoop,
        f: impl FnOnce(Input<T>) -> F,
    ) -> Writable<T> {
        let input = Rc::new(Handover::new(lp));
        let mut future = Box::pin(f(Input(Rc::clone(&input))));
        let outcome = Rc::new(Returned::default());
        let options = WritableOptions::default().object_mode(true).high_water_mark(1);
        let into = FunctionSink { input: Rc::clone(&input), outcome: Rc::clone(&outcome) };
        let stream = Writable::new(lp, options, into);
        let target = stream.clone();
        let run = poll_fn(move |context| {
            let returned = future.as_mut().poll(context);
            if let Poll::Ready(result) = returned {
                outcome.set(&target, &input, result);
                return Poll::Ready(());
            }
            Poll::Pending
        });
        lp.spawn_local(run);
        stream
    }
}

/// What is written to a stream that was made with a function: a [`Stream`] of chunks, which ends when the stream is
/// ended, and with an `AbortError` when it is destroyed.
pub struct Input<T: Chunk>(Rc<Handover<T>>);

/// One chunk on its way from `write` to the function.
struct Handover<T> {
    lp: EventLoop,
    chunk: RefCell<Option<T>>,
    done: Cell<Option<Done>>,
    ended: Cell<bool>,
    aborted: Cell<bool>,
    /// Nobody takes any more.
    dropped: Cell<bool>,
    waker: Cell<Option<Waker>>,
}

impl<T> Handover<T> {
    fn new(lp: &EventLoop) -> Handover<T> {
        Handover {
            lp: lp.clone(),
            chunk: RefCell::default(),
            done: Cell::default(),
            ended: Cell::new(false),
            aborted: Cell::new(false),
            dropped: Cell::new(false),
            waker: Cell::default(),
        }
    }

    fn give(&self, chunk: Option<T>, done: Done) {
        if self.dropped.get() {
            return self.tell(done);
        }
        self.ended.set(chunk.is_none());
        *self.chunk.borrow_mut() = chunk;
        self.done.set(Some(done));
        self.wake();
    }

    fn wake(&self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// Writing goes on a tick later, as in Node.
    fn tell(&self, done: Done) {
        self.lp.next_tick(move || done.ok());
    }

    fn abort(&self) {
        self.aborted.set(true);
        self.wake();
    }
}

impl<T: Chunk> Stream for Input<T> {
    type Item = Result<T>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let input = &self.0;
        if input.aborted.replace(false) {
            input.ended.set(true);
            return Poll::Ready(Some(Err(Error::abort())));
        }
        if let Some(done) = input.done.take() {
            input.tell(done);
        }
        let chunk = input.chunk.take();
        if chunk.is_some() || input.ended.get() {
            return Poll::Ready(chunk.map(Ok));
        }
        input.waker.set(Some(context.waker().clone()));
        Poll::Pending
    }
}

impl<T: Chunk> Drop for Input<T> {
    fn drop(&mut self) {
        self.0.dropped.set(true);
        if let Some(done) = self.0.done.take() {
            self.0.tell(done);
        }
    }
}

impl<T: Chunk> fmt::Debug for Input<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input").field("ended", &self.0.ended).finish_non_exhaustive()
    }
}

/// A function between what is written and what is read.
struct Through<W, S> {
    input: Rc<Handover<W>>,
    output: Rc<Shared<S>>,
}

impl<W: Chunk, R: Chunk, S: Stream<Item = Result<R>> + 'static> Both<W, R> for Through<W, S> {
    fn read(&self, stream: &Duplex<W, R>, _size: usize) {
        self.output.read(&stream.readable());
    }

    fn write(&self, _: &Duplex<W, R>, chunk: W, done: Done) {
        self.input.give(Some(chunk), done);
    }

    fn final_(&self, _: &Duplex<W, R>, done: Done) {
        self.input.give(None, done);
    }

    fn destroy(&self, _: &Duplex<W, R>, error: Option<Error>, done: DestroyDone) {
        self.input.abort();
        self.output.close();
        done.with(error);
    }
}

/// What an asynchronous function gave.
#[derive(Default)]
struct Returned {
    result: RefCell<Option<Result<()>>>,
    finish: Cell<Option<Done>>,
}

impl Returned {
    fn set<T: Chunk>(&self, stream: &Writable<T>, input: &Handover<T>, result: Result<()>) {
        match (self.finish.take(), result) {
            (Some(done), result) => input.lp.next_tick(move || done.call(result)),
            (None, Err(error)) => stream.destroy(Some(error)),
            (None, Ok(())) => *self.result.borrow_mut() = Some(Ok(())),
        }
    }
}

/// An asynchronous function as a sink.
struct FunctionSink<T> {
    input: Rc<Handover<T>>,
    outcome: Rc<Returned>,
}

impl<T: Chunk> Sink<T> for FunctionSink<T> {
    fn write(&self, _: &Writable<T>, chunk: T, done: Done) {
        self.input.give(Some(chunk), done);
    }

    fn final_(&self, _: &Writable<T>, done: Done) {
        let result = self.outcome.result.take();
        match result {
            Some(result) => self.input.lp.next_tick(move || done.call(result)),
            None => {
                self.outcome.finish.set(Some(done));
                self.input.ended.set(true);
                self.input.wake();
            }
        }
    }

    fn destroy(&self, _: &Writable<T>, error: Option<Error>, done: DestroyDone) {
        self.input.abort();
        done.with(error);
    }
}
