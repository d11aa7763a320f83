//! Node's own streams as web streams, and back: `toWeb` and `fromWeb`.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::{Rc, Weak};

use nodecore_error::{Class, Code, Error, Result};
use nodecore_event_loop::EventLoop;

use super::controller::{ReadableStreamDefaultController, UnderlyingSource};
use super::held::Held;
use super::promise::Promise;
use super::readable::ReadableStream;
use super::reader::ReadableStreamDefaultReader;
use super::strategy::QueuingStrategy;
use super::transform::ReadableWritablePair;
use super::writable::{WeakWritable, WritableStream};
use super::writable_controller::{UnderlyingSink, WritableStreamDefaultController};
use super::writer::WritableStreamDefaultWriter;
use crate::chunk::Chunk;
use crate::duplex::{Both, Duplex};
use crate::finished::{FinishedOptions, finished};
use crate::host::{DestroyDone, Done};
use crate::native::WritableObject;
use crate::options::{DuplexOptions, ReadableOptions, WritableOptions};
use crate::peer::Peer;
use crate::readable::{Readable, Source};
use crate::writable::{Sink, Writable};

/// As much as the stream itself holds, counted as it counts.
#[allow(clippy::cast_precision_loss, reason = "no mark reaches 2^53 but those that mean: no limit")]
fn same_strategy<T: Chunk>(high_water_mark: usize, object_mode: bool) -> QueuingStrategy<T> {
    let strategy = QueuingStrategy::new().high_water_mark(high_water_mark as f64);
    if object_mode { strategy } else { strategy.size(|chunk: &T| Ok(chunk.size() as f64)) }
}

/// How the end of a Node stream is told to a web stream: what zlib's and brotli's codecs fail with is a `TypeError` there.
fn told(result: Result<()>) -> Option<Error> {
    let error = result.err()?;
    let code = error.code();
    if code == Code::StreamPrematureClose {
        return Some(Error::abort().with_cause(error));
    }
    if ["Z_", "ERR__ERROR_"].iter().any(|start| code.name().starts_with(start)) {
        return Some(Error::new(code, "").with_class(Class::TypeError).with_cause(error));
    }
    Some(error)
}

struct FromReadable<T: Chunk>(Readable<T>, Rc<Cell<bool>>);

impl<T: Chunk> UnderlyingSource<T> for FromReadable<T> {
    fn start(&self, controller: &ReadableStreamDefaultController<T>) -> Result<Promise<()>> {
        let FromReadable(stream, cancelled) = self;
        stream.pause();
        // The stream's listeners hold neither it nor the web stream, which holds it.
        let (end, over) = (controller.downgrade(), Rc::clone(cancelled));
        let waiting = finished(stream, FinishedOptions::default().writable(false), move |result| {
            let Some(end) = end.get().filter(|_| !over.get()) else { return };
            match told(result) {
                Some(error) => end.error(error),
                // It may be closed already, by who read it to its end.
                None => drop(end.close()),
            }
        });
        // Failures are the web stream's from here on.
        stream.on_error(|_| ());
        let (fill, source, over) = (controller.downgrade(), Rc::downgrade(&stream.0), Rc::clone(cancelled));
        stream.on_data(move |chunk| {
            let Some(source) = source.upgrade().map(Readable).filter(|_| !over.get()) else { return };
            // What nobody can read is not fetched.
            let Some(fill) = fill.get() else { return source.pause() };
            match fill.enqueue(chunk) {
                Ok(()) if fill.desired_size().is_some_and(|size| size <= 0.0) => source.pause(),
                Ok(()) => {}
                Err(error) => source.destroy(Some(error)),
            }
        });
        drop(waiting);
        Ok(Promise::resolved(()))
    }

    fn pull(&self, _: &ReadableStreamDefaultController<T>) -> Promise<()> {
        self.0.resume();
        Promise::resolved(())
    }

    fn cancel(&self, reason: Option<Error>) -> Promise<()> {
        self.1.set(true);
        self.0.destroy(reason);
        Promise::resolved(())
    }
}

impl<T: Chunk> Readable<T> {
    /// The stream as a web stream. Node:
    /// [`Readable.toWeb`](https://nodejs.org/api/stream.html#streamreadabletowebstreamreadable-options). Without a
    /// strategy it queues as much as the stream itself. One that cannot be read from is closed from the start.
    ///
    /// # Errors
    /// [`Code::InvalidArgValue`] for a bad high-water mark.
    ///
    /// ```
    /// # use nodecore_event_loop::EventLoop;
    /// # use nodecore_stream::Readable;
    /// let lp = EventLoop::new()?;
    /// let web = Readable::from_iter(&lp, 0..3).to_web(None)?;
    /// let reader = web.get_reader()?;
    /// assert_eq!(lp.block_on(reader.read())?, Some(0));
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn to_web(&self, strategy: Option<QueuingStrategy<T>>) -> Result<ReadableStream<T>> {
        let lp = self.event_loop();
        if self.destroyed() || !self.is_readable() {
            let closed = ReadableStream::new(&lp, (), QueuingStrategy::new())?;
            let _fulfilled = closed.cancel(None);
            return Ok(closed);
        }
        let strategy = strategy
            .unwrap_or_else(|| same_strategy(self.readable_high_water_mark(), self.readable_object_mode()));
        ReadableStream::new(&lp, FromReadable(self.clone(), Rc::default()), strategy)
    }

    /// A stream that reads a web stream, which is locked for good. Node:
    /// [`Readable.fromWeb`](https://nodejs.org/api/stream.html#streamreadablefromwebreadablestream-options).
    ///
    /// # Errors
    /// [`Code::InvalidState`] if it is locked.
    pub fn from_web(stream: &ReadableStream<T>, options: ReadableOptions) -> Result<Readable<T>> {
        Readable::from_web_of(stream, options)
    }

    /// As [`from_web`](Readable::from_web), of a web stream of another kind of chunk. Node's streams have one kind.
    ///
    /// # Errors
    /// [`Code::InvalidState`] if it is locked.
    pub fn from_web_of<U: Chunk>(stream: &ReadableStream<U>, options: ReadableOptions) -> Result<Readable<T>>
    where
        T: From<U>,
    {
        let reader = stream.get_reader()?;
        let (lp, ended) = (stream.event_loop(), reader.closed());
        let closed = Rc::new(Cell::new(false));
        let source = WebSource { lp: lp.clone(), reader, closed: Rc::clone(&closed) };
        let readable = Readable::new(&lp, options, source);
        // Weak, because it holds what it waits for.
        let broken = Rc::downgrade(&readable.0);
        ended.then(&lp, move |result| {
            closed.set(true);
            if let (Err(error), Some(broken)) = (result, broken.upgrade()) {
                broken.destroy(Some(error));
            }
        });
        Ok(readable)
    }
}

struct WebSource<T: Chunk> {
    lp: EventLoop,
    reader: ReadableStreamDefaultReader<T>,
    closed: Rc<Cell<bool>>,
}

impl<T: Chunk> WebSource<T> {
    fn read_into<U: From<T>>(
        &self,
        push: impl FnOnce(Option<U>) + 'static,
        fail: impl FnOnce(Error) + 'static,
    ) {
        self.reader.read().then(&self.lp, move |read| match read {
            Ok(chunk) => push(chunk.map(U::from)),
            Err(error) => fail(error),
        });
    }

    /// Tells the web stream that nobody reads on, then calls `then`.
    fn give_up(&self, error: Option<Error>, then: impl FnOnce() + 'static) {
        if self.closed.get() {
            return then();
        }
        self.reader.cancel(error).then(&self.lp, move |_| then());
    }
}

impl<T: Chunk + From<U>, U: Chunk> Source<T> for WebSource<U> {
    fn read(&self, stream: &Readable<T>, _size: usize) {
        let (to, broken) = (stream.clone(), stream.clone());
        let push = move |chunk| {
            to.push(chunk);
        };
        self.read_into(push, move |error| broken.destroy(Some(error)));
    }

    fn destroy(&self, _: &Readable<T>, error: Option<Error>, done: DestroyDone) {
        self.give_up(error.clone(), move || done.with(error));
    }
}

/// Something to be told of the end.
type Slot = RefCell<Option<Promise<()>>>;

/// What the web stream waits for. The Node stream's listeners hold it, and through it the web stream, whose sink leaves
/// the Node stream to others meanwhile: what is queued is written after all handles of the web stream are gone, and
/// neither is kept by a wait that nobody can end.
struct Waits {
    /// Settled when there is room again.
    drained: Slot,
    closed: Slot,
}

struct FromWritable<T: Chunk> {
    stream: Rc<Held<dyn WritableObject<T>>>,
    waits: OnceCell<Weak<Waits>>,
}

fn settle(slot: &Slot, result: Result<()>) -> bool {
    let promise = slot.take();
    let waited = promise.is_some();
    if let Some(promise) = promise {
        promise.settle(result);
    }
    waited
}

impl<T: Chunk> FromWritable<T> {
    fn stream(&self) -> Option<Writable<T>> {
        self.stream.get().map(Writable)
    }

    /// A promise in one of the slots.
    fn wait(&self, slot: impl FnOnce(&Waits) -> &Slot) -> Promise<()> {
        let promise = Promise::pending();
        if let Some(waits) = self.waits.get().and_then(Weak::upgrade) {
            let before = slot(&waits).replace(Some(promise.clone()));
            drop(before);
        }
        promise
    }
}

impl<T: Chunk> UnderlyingSink<T> for FromWritable<T> {
    fn start(&self, controller: &WritableStreamDefaultController<T>) -> Result<Promise<()>> {
        let Some(stream) = self.stream() else { return Ok(Promise::resolved(())) };
        let waits = Rc::new(Waits { drained: Slot::default(), closed: Slot::default() });
        let _ = self.waits.set(Rc::downgrade(&waits));
        let (ends, web) = (Rc::clone(&waits), WeakWritable::new(&controller.0));
        let error_web = move |error| {
            if let Some(web) = web.get() {
                web.error_if_needed(error);
            }
        };
        // Of a duplex both sides, as in Node: what it still reads may fail.
        let options = FinishedOptions::default();
        let waiting = finished(&stream, options, move |result| match told(result) {
            Some(error) => {
                settle(&ends.drained, Err(error.clone()));
                settle(&ends.closed, Err(error.clone()));
                error_web(error);
            }
            None => {
                if !settle(&ends.closed, Ok(())) {
                    error_web(Error::abort());
                }
            }
        });
        drop(waiting);
        stream.on_error(|_| ());
        let held = Rc::downgrade(&self.stream);
        stream.on_drain(move || {
            if let Some(held) = held.upgrade() {
                held.hold();
            }
            settle(&waits.drained, Ok(()));
        });
        Ok(Promise::resolved(()))
    }

    fn write(&self, chunk: T, _: &WritableStreamDefaultController<T>) -> Promise<()> {
        let Some(stream) = self.stream() else { return Promise::resolved(()) };
        let object_mode = stream.writable_object_mode();
        let refused = if object_mode { None } else { chunk.check_units().err() };
        let more = stream.write(chunk);
        if let Some(error) = refused {
            return Promise::rejected(error);
        }
        if more || !stream.writable_need_drain() {
            return Promise::resolved(());
        }
        self.stream.release();
        self.wait(|waits| &waits.drained)
    }

    fn close(&self) -> Promise<()> {
        let Some(stream) = self.stream() else { return Promise::resolved(()) };
        if stream.writable_finished() {
            return Promise::resolved(());
        }
        let closed = self.wait(|waits| &waits.closed);
        stream.end();
        closed
    }

    fn abort(&self, reason: Error) -> Promise<()> {
        if let Some(stream) = self.stream() {
            stream.destroy(Some(reason));
        }
        Promise::resolved(())
    }
}

impl<T: Chunk> Writable<T> {
    /// The stream as a web stream. Node:
    /// [`Writable.toWeb`](https://nodejs.org/api/stream.html#streamwritabletowebstreamwritable). One that cannot be
    /// written to is closed from the start.
    ///
    /// # Errors
    /// [`Code::InvalidArgValue`] if the stream's high-water mark is no number that a web stream takes.
    ///
    /// # Differences from Node
    /// A chunk that is written while the stream waits for `drain` is written, where Node drops it.
    pub fn to_web(&self) -> Result<WritableStream<T>> {
        let lp = self.event_loop();
        if self.destroyed() || !self.is_writable() {
            let closed = WritableStream::new(&lp, (), QueuingStrategy::new())?;
            let _fulfilled = closed.close();
            return Ok(closed);
        }
        let strategy = same_strategy(self.writable_high_water_mark(), self.writable_object_mode());
        let sink = FromWritable { stream: Rc::new(Held::new(Rc::clone(&self.0))), waits: OnceCell::new() };
        WritableStream::new(&lp, sink, strategy)
    }

    /// A stream that writes to a web stream, which is locked for good. Node:
    /// [`Writable.fromWeb`](https://nodejs.org/api/stream.html#streamwritablefromwebwritablestream-options).
    ///
    /// # Errors
    /// [`Code::InvalidState`] if it is locked.
    pub fn from_web(stream: &WritableStream<T>, options: WritableOptions) -> Result<Writable<T>> {
        let writer = stream.get_writer()?;
        let (lp, ended) = (stream.event_loop(), writer.closed());
        let closed = Rc::new(Cell::new(false));
        let sink = WebSink { lp: lp.clone(), writer, closed: Rc::clone(&closed) };
        let writable = Writable::new(&lp, options, sink);
        let broken = Rc::downgrade(&writable.0);
        ended.then(&lp, move |result| {
            closed.set(true);
            if let Some(broken) = broken.upgrade().map(Writable) {
                stopped(&broken, result);
            }
        });
        Ok(writable)
    }
}

/// The web stream that is written to has ended, which the Node stream did not ask for if it can still be written to.
fn stopped<T: Chunk>(stream: &Writable<T>, result: Result<()>) {
    match result {
        Err(error) => stream.destroy(Some(error)),
        Ok(()) if !stream.writable_ended() => {
            stream.destroy(Some(Error::from_template(Code::StreamPrematureClose, &[])));
        }
        Ok(()) => {}
    }
}

struct WebSink<T: Chunk> {
    lp: EventLoop,
    writer: WritableStreamDefaultWriter<T>,
    closed: Rc<Cell<bool>>,
}

impl<T: Chunk> WebSink<T> {
    fn write_chunk(&self, chunk: T, done: Done) {
        // A failed `ready` is told by the write.
        self.writer.write(chunk).then(&self.lp, move |result| done.call(result));
    }

    fn close(&self, done: Done) {
        if self.closed.get() {
            return done.ok();
        }
        self.writer.close().then(&self.lp, move |result| done.call(result));
    }

    fn give_up(&self, error: Option<Error>, then: impl FnOnce() + 'static) {
        if self.closed.get() {
            return then();
        }
        let told = match error {
            Some(error) => self.writer.abort(Some(error)),
            None => self.writer.close(),
        };
        told.then(&self.lp, move |_| then());
    }
}

impl<T: Chunk> Sink<T> for WebSink<T> {
    fn write(&self, _: &Writable<T>, chunk: T, done: Done) {
        self.write_chunk(chunk, done);
    }

    fn final_(&self, _: &Writable<T>, done: Done) {
        self.close(done);
    }

    fn destroy(&self, _: &Writable<T>, error: Option<Error>, done: DestroyDone) {
        self.give_up(error.clone(), move || done.with(error));
    }
}

impl<W: Chunk, R: Chunk> Duplex<W, R> {
    /// The two sides as web streams. Node:
    /// [`Duplex.toWeb`](https://nodejs.org/api/stream.html#streamduplextowebstreamduplex-options).
    ///
    /// # Errors
    /// As [`Readable::to_web`].
    pub fn to_web(&self) -> Result<ReadableWritablePair<R, W>> {
        Ok(ReadableWritablePair {
            readable: self.readable().to_web(None)?,
            writable: self.writable().to_web()?,
        })
    }

    /// A stream over two web streams, which are locked for good. Node:
    /// [`Duplex.fromWeb`](https://nodejs.org/api/stream.html#streamduplexfromwebpair-options).
    ///
    /// # Errors
    /// [`Code::InvalidState`] if either is locked.
    pub fn from_web(
        pair: impl Into<ReadableWritablePair<R, W>>,
        options: DuplexOptions,
    ) -> Result<Duplex<W, R>> {
        let ReadableWritablePair { readable, writable } = pair.into();
        Duplex::from_web_of(&readable, &writable, options)
    }

    /// As [`from_web`](Duplex::from_web), over a readable stream of another kind of chunk. Node's streams have one
    /// kind.
    ///
    /// # Errors
    /// [`Code::InvalidState`] if either is locked.
    pub fn from_web_of<U: Chunk>(
        readable: &ReadableStream<U>,
        writable: &WritableStream<W>,
        options: DuplexOptions,
    ) -> Result<Duplex<W, R>>
    where
        R: From<U>,
    {
        let (reader, writer) = (readable.get_reader()?, writable.get_writer()?);
        let lp = readable.event_loop();
        let (read_end, write_end) = (reader.closed(), writer.closed());
        let (read_closed, write_closed) = (Rc::new(Cell::new(false)), Rc::new(Cell::new(false)));
        let source = WebSource { lp: lp.clone(), reader, closed: Rc::clone(&read_closed) };
        let sink = WebSink { lp: lp.clone(), writer, closed: Rc::clone(&write_closed) };
        let duplex = Duplex::new(&lp, options, WebPair { source, sink });
        let broken = Rc::downgrade(&duplex.0.0);
        read_end.then(&lp, move |result| {
            read_closed.set(true);
            if let (Err(error), Some(broken)) = (result, broken.upgrade()) {
                Peer::destroy(&*broken, Some(error));
            }
        });
        let broken = Rc::downgrade(&duplex.0.0);
        write_end.then(&lp, move |result| {
            write_closed.set(true);
            if let Some(broken) = broken.upgrade() {
                stopped(&Writable(broken), result);
            }
        });
        Ok(duplex)
    }
}

struct WebPair<W: Chunk, U: Chunk> {
    source: WebSource<U>,
    sink: WebSink<W>,
}

impl<W: Chunk, R: Chunk + From<U>, U: Chunk> Both<W, R> for WebPair<W, U> {
    fn read(&self, stream: &Duplex<W, R>, _size: usize) {
        let (to, broken) = (stream.clone(), stream.clone());
        let push = move |chunk| {
            to.push(chunk);
        };
        self.source.read_into(push, move |error| broken.destroy(Some(error)));
    }

    fn write(&self, _: &Duplex<W, R>, chunk: W, done: Done) {
        self.sink.write_chunk(chunk, done);
    }

    fn final_(&self, _: &Duplex<W, R>, done: Done) {
        self.sink.close(done);
    }

    fn destroy(&self, _: &Duplex<W, R>, error: Option<Error>, done: DestroyDone) {
        let (closing, passed) = (Rc::clone(&self.sink.closed), error.clone());
        let told = if closing.get() {
            Promise::resolved(())
        } else {
            match &error {
                Some(error) => self.sink.writer.abort(Some(error.clone())),
                None => self.sink.writer.close(),
            }
        };
        let both = Promise::pending();
        let settled = both.clone();
        self.source.give_up(error, move || settled.settle(Ok(())));
        let lp = self.sink.lp.clone();
        told.then(&self.sink.lp, move |_| both.then(&lp, move |_| done.with(passed)));
    }
}
