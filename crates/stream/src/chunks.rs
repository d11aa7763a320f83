//! Readables as `futures` streams: Node's `for await (const chunk of readable)`.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use nodecore_error::Result;
use nodecore_events::ListenerId;

use crate::chunk::Chunk;
use crate::finished::{Finished, FinishedOptions, finished};
use crate::host::Event;
use crate::machine::flag;
use crate::promises::Outcome;
use crate::readable::Readable;
use crate::utilities;

/// A [`Readable`] as a [`futures_core::Stream`]: Node's `for await (const chunk of readable)`.
///
/// It does nothing before it is polled. Dropped after that and before the end, it destroys the stream with an
/// `AbortError`, as Node does when the loop is left; see
/// [`IteratorOptions::destroy_on_return`]. That error is not one that somebody has to listen to.
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
    /// What is there once it has been polled.
    listening: Option<Listening>,
    destroy_on_return: bool,
    done: bool,
}

struct Listening {
    outcome: Outcome,
    on_readable: ListenerId,
    waiting: Finished,
}

/// Options of [`Readable::iterator`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct IteratorOptions {
    /// `destroyOnReturn`: whether the stream is destroyed when the iterator is dropped before the end; true by
    /// default. A stream that has failed is destroyed in any case.
    pub destroy_on_return: bool,
}

impl Default for IteratorOptions {
    fn default() -> IteratorOptions {
        IteratorOptions { destroy_on_return: true }
    }
}

impl IteratorOptions {
    /// Sets `destroyOnReturn`.
    #[must_use]
    pub fn destroy_on_return(mut self, destroy: bool) -> IteratorOptions {
        self.destroy_on_return = destroy;
        self
    }
}

impl<T: Chunk> Chunks<T> {
    /// Reads from `stream`, from the first poll on.
    pub fn new(stream: &Readable<T>) -> Chunks<T> {
        Chunks::with(stream, IteratorOptions::default())
    }

    /// As [`Chunks::new`], with options.
    pub fn with(stream: &Readable<T>, options: IteratorOptions) -> Chunks<T> {
        let destroy_on_return = options.destroy_on_return;
        Chunks { stream: stream.clone(), listening: None, destroy_on_return, done: false }
    }

    fn listen(&mut self) -> Listening {
        let outcome = Outcome::new();
        let woken = outcome.clone();
        let on_readable = self.stream.on(Event::Readable, move || woken.wake());
        let told = outcome.clone();
        let options = FinishedOptions::default().writable(false);
        let waiting = finished(&self.stream, options, move |result| told.set(result));
        Listening { outcome, on_readable, waiting }
    }

    /// Takes the listeners off the stream.
    fn leave(&self) {
        if let Some(listening) = &self.listening {
            self.stream.off(listening.on_readable);
            listening.waiting.cancel();
        }
    }
}

impl<T: Chunk> Unpin for Chunks<T> {}

impl<T: Chunk> Stream for Chunks<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        if self.done {
            return Poll::Ready(None);
        }
        let listening = match self.listening.take() {
            Some(listening) => listening,
            None => self.listen(),
        };
        let outcome = listening.outcome.clone();
        self.listening = Some(listening);
        let chunk = if self.stream.destroyed() { None } else { self.stream.read(None) };
        if let Some(chunk) = chunk {
            return Poll::Ready(Some(Ok(chunk)));
        }
        outcome.poll(context).map(|result| {
            self.done = true;
            let destroys = self.destroy_on_return || result.is_err();
            if destroys && self.stream.object().read_flags().any(flag::AUTO_DESTROY) {
                self.stream.destroy(None);
            } else {
                self.leave();
            }
            result.err().map(Err)
        })
    }
}

impl<T: Chunk> Drop for Chunks<T> {
    fn drop(&mut self) {
        let Some(listening) = &self.listening else { return };
        if self.done {
            return;
        }
        if !self.destroy_on_return {
            return self.leave();
        }
        if self.stream.readable_ended() {
            self.leave();
            self.stream.destroy(None);
        } else {
            // The error that follows has a listener: the one that waits for the end.
            self.stream.off(listening.on_readable);
            utilities::destroy(&self.stream, None);
        }
    }
}

impl<T: Chunk> fmt::Debug for Chunks<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunks").field("stream", &self.stream).finish_non_exhaustive()
    }
}
