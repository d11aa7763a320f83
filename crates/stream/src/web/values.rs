//! `values`: a stream as an iterator.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures_core::Stream;
use nodecore_error::{Error, Result};
use nodecore_event_loop::EventLoop;

use super::promise::Promise;
use super::readable::Read;
use super::reader::ReadableStreamDefaultReader;
use crate::chunk::Chunk;

/// A [`ReadableStream`](super::ReadableStream) as a `futures` stream: Node's `for await (const chunk of stream)`.
///
/// What is asked while an answer waits is asked after it. Dropped before its end it cancels the stream, unless it was
/// made to prevent that; the lock is released either way.
#[derive(Debug)]
pub struct Values<T: Chunk> {
    iterator: Rc<Iterator<T>>,
    polled: Option<Promise<Option<T>>>,
}

#[derive(Debug)]
struct Iterator<T: Chunk> {
    lp: EventLoop,
    reader: ReadableStreamDefaultReader<T>,
    prevent_cancel: bool,
    ended: Cell<bool>,
    /// Settled when what was asked last is answered.
    turn: RefCell<Promise<()>>,
}

impl<T: Chunk> Values<T> {
    pub(super) fn new(
        lp: EventLoop,
        reader: ReadableStreamDefaultReader<T>,
        prevent_cancel: bool,
    ) -> Values<T> {
        let turn = RefCell::new(Promise::resolved(()));
        let iterator = Iterator { lp, reader, prevent_cancel, ended: Cell::new(false), turn };
        Values { iterator: Rc::new(iterator), polled: None }
    }

    /// The next chunk; `None` at the end, which releases the lock. Node: the iterator's `next()`.
    ///
    /// # Errors
    /// Rejects with the stream's error, once; after that the iterator has ended.
    pub fn next(&self) -> Promise<Option<T>> {
        self.in_turn(|iterator, answer, turn| {
            if iterator.ended.get() {
                answer.settle(Ok(None));
                return turn.settle(Ok(()));
            }
            let me = Rc::clone(iterator);
            iterator.reader.reader.read(Box::new(move |read| {
                answer.settle(match read {
                    Read::Chunk(chunk) => Ok(Some(chunk)),
                    Read::Closed => me.end(Ok(None)),
                    Read::Failed(error) => me.end(Err(error)),
                });
                turn.settle(Ok(()));
            }));
        })
    }

    /// Ends the iteration: cancels the stream, unless that is prevented, and releases the lock. Node: the iterator's
    /// `return(reason)`.
    ///
    /// # Errors
    /// Rejects with what the source fails with.
    pub fn return_(&self, reason: Option<Error>) -> Promise<()> {
        self.in_turn(move |iterator, answer: Promise<()>, turn| {
            let cancelled = if iterator.ended.get() || iterator.prevent_cancel {
                Promise::resolved(())
            } else {
                iterator.reader.cancel(reason)
            };
            let _released = iterator.end(Ok(()));
            answer.follow(&iterator.lp, &cancelled);
            turn.follow(&iterator.lp, &cancelled);
        })
    }

    /// Asks for something now, or after what waits.
    fn in_turn<R: Clone + 'static>(
        &self,
        ask: impl FnOnce(&Rc<Iterator<T>>, Promise<R>, Promise<()>) + 'static,
    ) -> Promise<R> {
        let (answer, turn) = (Promise::pending(), Promise::pending());
        let (told, done) = (answer.clone(), turn.clone());
        let before = self.iterator.turn.replace(turn);
        if before.is_settled() {
            ask(&self.iterator, told, done);
        } else {
            let iterator = Rc::clone(&self.iterator);
            before.then(&self.iterator.lp, move |_| ask(&iterator, told, done));
        }
        answer
    }
}

impl<T: Chunk> Iterator<T> {
    fn end<R>(&self, last: Result<R>) -> Result<R> {
        self.ended.set(true);
        self.reader.release_lock();
        last
    }
}

impl<T: Chunk> Unpin for Values<T> {}

impl<T: Chunk> Stream for Values<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let mut next = self.polled.take().unwrap_or_else(|| self.next());
        match Pin::new(&mut next).poll(context) {
            Poll::Pending => {
                self.polled = Some(next);
                Poll::Pending
            }
            Poll::Ready(result) => Poll::Ready(result.transpose()),
        }
    }
}

impl<T: Chunk> Drop for Values<T> {
    fn drop(&mut self) {
        let Iterator { ended, reader, prevent_cancel, .. } = &*self.iterator;
        if !ended.replace(true) {
            if !prevent_cancel {
                let _told = reader.cancel(None);
            }
            reader.release_lock();
        }
    }
}
