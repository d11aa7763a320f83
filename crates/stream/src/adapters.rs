//! Streams as futures, as `futures` streams and as blocking readers.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use bytes::{Buf, Bytes};
use futures_core::Stream;
use nodecore_error::Result;
use nodecore_event_loop::EventLoop;
use nodecore_events::ListenerId;

use crate::chunk::Chunk;
use crate::finished::{Finished, FinishedOptions, finished};
use crate::host::Event;
use crate::readable::Readable;

/// Node's `stream/promises`: the functions that call back, as futures.
pub mod promises {
    use super::{Future, Outcome, Result, Waiting, poll_fn};
    use crate::finished::{AnyStream, FinishedOptions};
    use crate::pipeline::{Chain, PipelineOptions};

    /// As [`pipeline`](crate::pipeline()), as a future. It starts at once; dropping the future stops nothing.
    ///
    /// # Errors
    /// As [`pipeline`](crate::pipeline()).
    ///
    /// ```
    /// # use nodecore_event_loop::EventLoop;
    /// # use nodecore_stream::{Readable, Writable, WritableOptions, promises};
    /// let lp = EventLoop::new()?;
    /// let source = Readable::from_iter(&lp, 0..3);
    /// let sink = Writable::from_fn(&lp, WritableOptions::default(), |_, n: i32, done| {
    ///     assert!(n < 3);
    ///     done.ok();
    /// });
    /// lp.block_on(promises::pipeline((&source, &sink), Default::default()))?;
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn pipeline(streams: impl Chain, options: PipelineOptions) -> impl Future<Output = Result<()>> {
        let outcome = Outcome::new();
        let told = outcome.clone();
        if let Err(error) = streams.run(options, move |result| told.set(result)) {
            outcome.set(Err(error));
        }
        poll_fn(move |context| outcome.poll(context))
    }

    /// As [`finished`](crate::finished()), as a future. Dropping it removes the listeners.
    ///
    /// # Errors
    /// As [`finished`](crate::finished()).
    pub fn finished(
        stream: impl Into<AnyStream>,
        options: FinishedOptions,
    ) -> impl Future<Output = Result<()>> {
        let outcome = Outcome::new();
        let told = outcome.clone();
        let waiting = Waiting(crate::finished(stream, options, move |result| told.set(result)));
        poll_fn(move |context| {
            let _ = &waiting;
            outcome.poll(context)
        })
    }
}

/// A [`finished`] that is given up when dropped.
struct Waiting(Finished);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// A result that comes once, and who waits for it.
#[derive(Clone, Default)]
struct Outcome(Rc<Promised>);

#[derive(Default)]
struct Promised {
    result: RefCell<Option<Result<()>>>,
    waker: Cell<Option<Waker>>,
}

impl Outcome {
    fn new() -> Outcome {
        Outcome::default()
    }

    fn set(&self, result: Result<()>) {
        *self.0.result.borrow_mut() = Some(result);
        self.wake();
    }

    fn wake(&self) {
        if let Some(waker) = self.0.waker.take() {
            waker.wake();
        }
    }

    fn poll(&self, context: &mut Context<'_>) -> Poll<Result<()>> {
        let result = self.0.result.take();
        match result {
            Some(result) => Poll::Ready(result),
            None => {
                self.0.waker.set(Some(context.waker().clone()));
                Poll::Pending
            }
        }
    }
}

/// A [`Readable`] as a [`futures_core::Stream`]: Node's `for await (const chunk of readable)`.
///
/// Dropped before the end, it destroys the stream.
///
/// ```
/// use nodecore_event_loop::EventLoop;
/// use nodecore_stream::{Chunks, Readable};
/// use std::{future::poll_fn, pin::Pin};
/// use futures_core::Stream;
///
/// let lp = EventLoop::new()?;
/// let mut chunks = Chunks::new(&Readable::from_iter(&lp, 1..=3));
/// let mut sum = 0;
/// while let Some(n) = lp.block_on(poll_fn(|context| Pin::new(&mut chunks).poll_next(context))) {
///     sum += n?;
/// }
/// assert_eq!(sum, 6);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub struct Chunks<T: Chunk> {
    stream: Readable<T>,
    outcome: Outcome,
    on_readable: ListenerId,
    waiting: Finished,
    done: bool,
}

impl<T: Chunk> Chunks<T> {
    /// Reads from `stream`.
    pub fn new(stream: &Readable<T>) -> Chunks<T> {
        let outcome = Outcome::new();
        let woken = outcome.clone();
        let on_readable = stream.on(Event::Readable, move || woken.wake());
        let told = outcome.clone();
        let options = FinishedOptions::default().writable(false);
        let waiting = finished(stream, options, move |result| told.set(result));
        Chunks { stream: stream.clone(), outcome, on_readable, waiting, done: false }
    }
}

impl<T: Chunk> Unpin for Chunks<T> {}

impl<T: Chunk> Stream for Chunks<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        if self.done {
            return Poll::Ready(None);
        }
        let chunk = if self.stream.destroyed() { None } else { self.stream.read(None) };
        if let Some(chunk) = chunk {
            return Poll::Ready(Some(Ok(chunk)));
        }
        self.outcome.poll(context).map(|result| {
            self.done = true;
            self.stream.destroy(None);
            result.err().map(Err)
        })
    }
}

impl<T: Chunk> Drop for Chunks<T> {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        self.stream.off(self.on_readable);
        if self.stream.readable_ended() {
            self.waiting.cancel();
        }
        self.stream.destroy(None);
    }
}

impl<T: Chunk> fmt::Debug for Chunks<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunks").field("stream", &self.stream).finish_non_exhaustive()
    }
}

/// A [`Readable`] as a blocking [`std::io::Read`]: it runs the event loop while it waits.
///
/// For programs that are not written with callbacks; it is not for use inside one.
///
/// ```
/// use bytes::Bytes;
/// use nodecore_event_loop::EventLoop;
/// use nodecore_stream::{Readable, Reader};
/// use std::io::Read;
///
/// let lp = EventLoop::new()?;
/// let stream = Readable::from_iter(&lp, [Bytes::from("Hello, "), Bytes::from("world")]);
/// let mut text = String::new();
/// Reader::new(&stream).read_to_string(&mut text).unwrap();
/// assert_eq!(text, "Hello, world");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Debug)]
pub struct Reader {
    lp: EventLoop,
    chunks: Chunks<Bytes>,
    rest: Bytes,
}

impl Reader {
    /// Reads from `stream`.
    pub fn new(stream: &Readable) -> Reader {
        Reader { lp: stream.event_loop(), chunks: Chunks::new(stream), rest: Bytes::new() }
    }
}

impl io::Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            let chunks = &mut self.chunks;
            let next = self.lp.block_on(poll_fn(|context| Pin::new(&mut *chunks).poll_next(context)));
            match next {
                None => return Ok(0),
                Some(Err(error)) => return Err(io::Error::other(error)),
                Some(Ok(chunk)) => self.rest = chunk,
            }
        }
        let count = self.rest.len().min(buffer.len());
        self.rest.copy_to_slice(&mut buffer[..count]);
        Ok(count)
    }
}
