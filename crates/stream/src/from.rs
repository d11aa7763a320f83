//! `Readable.from`: streams made of iterators, of `futures` streams, and of what is there already.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use nodecore_error::{Error, Result};
use nodecore_event_loop::{EventLoop, JoinHandle};

use crate::chunk::Chunk;
use crate::host::DestroyDone;
use crate::options::ReadableOptions;
use crate::readable::{Readable, Source};

/// What Node makes such streams with.
fn default_options() -> ReadableOptions {
    ReadableOptions::default().object_mode(true).high_water_mark(1)
}

impl<T: Chunk> Readable<T> {
    /// A stream of what an iterator yields, one item ahead of its reader.
    ///
    /// Node: [`Readable.from`](https://nodejs.org/api/stream.html#streamreadablefromiterable-options): in object
    /// mode with a high-water mark of 1.
    ///
    /// ```
    /// # use nodecore_event_loop::{EventLoop, RunMode};
    /// # use nodecore_stream::Readable;
    /// let lp = EventLoop::new()?;
    /// let stream = Readable::from_iter(&lp, 1..=3);
    /// stream.on_data(|n: i32| assert!((1..=3).contains(&n)));
    /// lp.run(RunMode::Default);
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn from_iter<I>(lp: &EventLoop, items: I) -> Readable<T>
    where
        I: IntoIterator<Item = T>,
        I::IntoIter: 'static,
    {
        Readable::from_iter_with(lp, default_options(), items)
    }

    /// As [`from_iter`](Readable::from_iter), with options.
    pub fn from_iter_with<I>(lp: &EventLoop, options: ReadableOptions, items: I) -> Readable<T>
    where
        I: IntoIterator<Item = T>,
        I::IntoIter: 'static,
    {
        let items = RefCell::new(Some(items.into_iter()));
        Readable::new(lp, options, Items { items, reading: Cell::new(false) })
    }

    /// A stream of what a `futures` stream yields; its first error is the stream's.
    ///
    /// When the stream is destroyed, `items` is dropped. Node: `Readable.from(asyncIterable)`.
    ///
    /// ```
    /// # use nodecore_event_loop::EventLoop;
    /// # use nodecore_stream::{Chunks, HelperOptions, Readable};
    /// let lp = EventLoop::new()?;
    /// let numbers = Chunks::new(&Readable::from_iter(&lp, 1..=3));
    /// let stream = Readable::from_stream(&lp, numbers);
    /// assert_eq!(lp.block_on(stream.to_array(HelperOptions::default()))?, [1, 2, 3]);
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn from_stream(lp: &EventLoop, items: impl Stream<Item = Result<T>> + 'static) -> Readable<T> {
        Readable::from_stream_with(lp, default_options(), items)
    }

    /// As [`from_stream`](Readable::from_stream), with options.
    pub fn from_stream_with(
        lp: &EventLoop,
        options: ReadableOptions,
        items: impl Stream<Item = Result<T>> + 'static,
    ) -> Readable<T> {
        Readable::new(lp, options, Pulled(Rc::new(Shared::new(items))))
    }

    /// A stream of the one value that `value` gives, or of its error. Node: `Duplex.from(promise)`.
    pub fn from_future(lp: &EventLoop, value: impl Future<Output = Result<T>> + 'static) -> Readable<T> {
        struct Once<F>(Option<Pin<Box<F>>>);
        impl<T, F: Future<Output = Result<T>>> Stream for Once<F> {
            type Item = Result<T>;
            fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
                let Some(future) = &mut self.0 else { return Poll::Ready(None) };
                future.as_mut().poll(context).map(|value| {
                    self.0 = None;
                    Some(value)
                })
            }
        }
        Readable::from_stream(lp, Once(Some(Box::pin(value))))
    }
}

impl Readable<Bytes> {
    /// A stream of one chunk. Node: `Readable.from(string)` and `Readable.from(buffer)`, which do not take them apart.
    pub fn from_bytes(lp: &EventLoop, bytes: impl Into<Bytes>) -> Readable<Bytes> {
        Readable::from_iter_with(lp, ReadableOptions::default().object_mode(true), [bytes.into()])
    }
}

/// An iterator as a source.
struct Items<I> {
    /// Taken while `next` runs, and gone after the end.
    items: RefCell<Option<I>>,
    reading: Cell<bool>,
}

impl<T: Chunk, I: Iterator<Item = T> + 'static> Source<T> for Items<I> {
    fn read(&self, stream: &Readable<T>, _size: usize) {
        if self.reading.replace(true) {
            return;
        }
        loop {
            let Some(mut items) = self.items.take() else { return };
            let Some(item) = items.next() else {
                stream.push(None);
                return;
            };
            *self.items.borrow_mut() = Some(items);
            if !stream.push(Some(item)) {
                break;
            }
        }
        self.reading.set(false);
    }

    fn destroy(&self, stream: &Readable<T>, error: Option<Error>, done: DestroyDone) {
        close_later(stream, error, done);
    }
}

/// Node closes its iterator in a promise: the rest follows a microtask and a tick later.
fn close_later<T: Chunk>(stream: &Readable<T>, error: Option<Error>, done: DestroyDone) {
    let lp = stream.event_loop();
    let next = lp.clone();
    lp.queue_microtask(move || next.next_tick(move || done.with(error)));
}

/// A `futures` stream that is being read.
pub(crate) struct Shared<S> {
    /// Taken while it is polled, and gone after the end.
    items: RefCell<Option<Pin<Box<S>>>>,
    reading: Cell<bool>,
    task: Cell<Option<JoinHandle<()>>>,
}

/// A `futures` stream as a source.
struct Pulled<S>(Rc<Shared<S>>);

impl<T: Chunk, S: Stream<Item = Result<T>> + 'static> Source<T> for Pulled<S> {
    fn read(&self, stream: &Readable<T>, _size: usize) {
        self.0.read(stream);
    }

    fn destroy(&self, stream: &Readable<T>, error: Option<Error>, done: DestroyDone) {
        self.0.close();
        close_later(stream, error, done);
    }
}

impl<S> Shared<S> {
    pub(crate) fn new(items: S) -> Shared<S> {
        Shared {
            items: RefCell::new(Some(Box::pin(items))),
            reading: Cell::new(false),
            task: Cell::new(None),
        }
    }

    /// Reads on in a task of its own, unless that is under way.
    pub(crate) fn read<T: Chunk>(self: &Rc<Self>, stream: &Readable<T>)
    where
        S: Stream<Item = Result<T>> + 'static,
    {
        if self.reading.replace(true) {
            return;
        }
        let (shared, target) = (Rc::clone(self), stream.clone());
        let task = stream.event_loop().spawn_local(poll_fn(move |context| shared.pull(&target, context)));
        self.task.set(Some(task));
    }

    /// Drops the items, and the task that waits for one.
    pub(crate) fn close(&self) {
        let items = self.items.take();
        if let (Some(task), true) = (self.task.take(), items.is_some()) {
            // Nothing is being polled, so that there is nothing else to end the task.
            task.abort();
        }
    }

    /// Pushes what there is, until the stream has enough.
    fn pull<T: Chunk>(&self, stream: &Readable<T>, context: &mut Context<'_>) -> Poll<()>
    where
        S: Stream<Item = Result<T>>,
    {
        loop {
            let Some(mut items) = self.items.take() else { return Poll::Ready(()) };
            let polled = items.as_mut().poll_next(context);
            if stream.destroyed() {
                return Poll::Ready(());
            }
            match polled {
                Poll::Pending => {
                    *self.items.borrow_mut() = Some(items);
                    return Poll::Pending;
                }
                Poll::Ready(Some(Ok(item))) => {
                    *self.items.borrow_mut() = Some(items);
                    if !stream.push(Some(item)) {
                        self.reading.set(false);
                        return Poll::Ready(());
                    }
                }
                Poll::Ready(Some(Err(error))) => {
                    drop(items);
                    stream.destroy(Some(error));
                    return Poll::Ready(());
                }
                Poll::Ready(None) => {
                    drop(items);
                    stream.push(None);
                    return Poll::Ready(());
                }
            }
        }
    }
}
