//! Several calls of an asynchronous function under way at a time, and their results in order.

use std::cell::Cell;
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use nodecore_error::{Code, Error, Result};
use nodecore_events::{AbortController, AbortSignal, ListenerId};

use super::HelperOptions;
use crate::chunk::Chunk;
use crate::chunks::Chunks;
use crate::readable::Readable;

/// The signal that ends a helper, and the one that its function gets.
pub(super) struct Abort {
    signal: Option<(AbortSignal, ListenerId)>,
    waker: Rc<Cell<Option<Waker>>>,
    own: AbortController,
}

impl Abort {
    pub(super) fn new(signal: Option<&AbortSignal>) -> Abort {
        let waker = Rc::new(Cell::new(None::<Waker>));
        let own = AbortController::new();
        let signal = signal.map(|signal| {
            let (woken, inner, reason) = (Rc::clone(&waker), own.clone(), signal.clone());
            let id = signal.on_abort(move || {
                match reason.reason() {
                    Some(reason) => inner.abort_with(reason),
                    None => inner.abort(),
                }
                if let Some(waker) = woken.take() {
                    waker.wake();
                }
            });
            (signal.clone(), id)
        });
        Abort { signal, waker, own }
    }

    /// The function's signal.
    pub(super) fn signal(&self) -> AbortSignal {
        self.own.signal()
    }

    fn poll(&self, context: &Context<'_>) -> Result<()> {
        if let Some((signal, _)) = &self.signal {
            if signal.aborted() {
                return Err(signal.error());
            }
            self.waker.set(Some(context.waker().clone()));
        }
        Ok(())
    }

    /// `future`, unless it is given up.
    pub(super) async fn guard<T>(&mut self, future: impl Future<Output = Result<T>>) -> Result<T> {
        let mut future = pin!(future);
        poll_fn(|context| match self.poll(context) {
            Err(error) => Poll::Ready(Err(error)),
            Ok(()) => future.as_mut().poll(context),
        })
        .await
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        if let Some((signal, id)) = &self.signal {
            signal.off(*id);
        }
        self.own.abort();
    }
}

enum Slot<F, U> {
    Running(Pin<Box<F>>),
    Done(Result<Option<U>>),
}

/// The results of `f` for the chunks of a stream, without those that are `None`.
pub(super) struct Concurrent<T: Chunk, M, F, U> {
    /// Gone after the end, or an error.
    source: Option<Chunks<T>>,
    f: M,
    /// In the order of the chunks.
    slots: VecDeque<Slot<F, U>>,
    running: usize,
    concurrency: usize,
    high_water_mark: usize,
    abort: Abort,
}

impl<T: Chunk, M, F, U> Concurrent<T, M, F, U>
where
    M: FnMut(T, AbortSignal) -> F,
    F: Future<Output = Result<Option<U>>>,
{
    pub(super) fn new(stream: &Readable<T>, options: HelperOptions, f: M) -> Concurrent<T, M, F, U> {
        let mark = options.high_water_mark.unwrap_or(options.concurrency.saturating_mul(2).saturating_sub(1));
        let mut slots = VecDeque::new();
        if options.concurrency == 0 {
            let (range, got) = (">= 1 && <= 9007199254740991", 0);
            let error = Error::from_template(Code::OutOfRange, &[&"options.concurrency", &range, &got]);
            slots.push_back(Slot::Done(Err(error)));
        }
        Concurrent {
            source: Some(Chunks::new(stream)),
            f,
            slots,
            running: 0,
            concurrency: options.concurrency,
            high_water_mark: mark.max(1),
            abort: Abort::new(options.signal.as_ref()),
        }
    }

    fn may_start(&self) -> bool {
        self.running < self.concurrency && self.slots.len() < self.high_water_mark
    }

    /// Calls `f` with the chunks that are there, as far as it may; whether there may be more.
    fn start(&mut self, context: &mut Context<'_>) -> bool {
        while self.may_start() {
            let Some(source) = &mut self.source else { return false };
            match Pin::new(source).poll_next(context) {
                Poll::Pending => return false,
                Poll::Ready(None) => self.source = None,
                Poll::Ready(Some(Err(error))) => {
                    self.source = None;
                    self.slots.push_back(Slot::Done(Err(error)));
                }
                Poll::Ready(Some(Ok(chunk))) => {
                    let future = Box::pin((self.f)(chunk, self.abort.signal()));
                    self.slots.push_back(Slot::Running(future));
                    self.running += 1;
                    let last = self.slots.len() - 1;
                    self.advance(last, context);
                }
            }
        }
        self.source.is_some()
    }

    /// Polls the call at `index`, if it is under way.
    fn advance(&mut self, index: usize, context: &mut Context<'_>) {
        let Some(slot) = self.slots.get_mut(index) else { return };
        if let Slot::Running(future) = slot
            && let Poll::Ready(result) = future.as_mut().poll(context)
        {
            *slot = Slot::Done(result);
            self.running -= 1;
        }
    }

    /// The first result, if it is known; those that are `None` are passed over.
    fn first(&mut self) -> Option<Result<U>> {
        while let Some(Slot::Done(_)) = self.slots.front() {
            if let Some(Slot::Done(result)) = self.slots.pop_front()
                && let Some(result) = result.transpose()
            {
                return Some(result);
            }
        }
        None
    }
}

impl<T: Chunk, M, F, U> Unpin for Concurrent<T, M, F, U> {}

impl<T: Chunk, M, F, U> Stream for Concurrent<T, M, F, U>
where
    M: FnMut(T, AbortSignal) -> F,
    F: Future<Output = Result<Option<U>>>,
{
    type Item = Result<U>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<U>>> {
        let this = &mut *self;
        if this.source.is_none() && this.slots.is_empty() {
            return Poll::Ready(None);
        }
        let failed = |this: &mut Self, error| {
            this.source = None;
            this.slots.clear();
            Poll::Ready(Some(Err(error)))
        };
        if let Err(error) = this.abort.poll(context) {
            return failed(this, error);
        }
        (0..this.slots.len()).for_each(|index| this.advance(index, context));
        loop {
            let more = this.start(context);
            match this.first() {
                Some(Ok(value)) => return Poll::Ready(Some(Ok(value))),
                Some(Err(error)) => return failed(this, error),
                None if this.slots.is_empty() && this.source.is_none() => return Poll::Ready(None),
                None => {}
            }
            if !more || !this.may_start() {
                return Poll::Pending;
            }
        }
    }
}
