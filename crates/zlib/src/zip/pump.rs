//! What blocks, a piece at a time, as streams.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, OperationExt, blocking};
use nodecore_stream::{Readable, ReadableOptions};

/// Gives pieces until there are no more.
pub(crate) trait Steps: Send + Unpin + 'static {
    /// The next piece. Blocks.
    fn step(&mut self) -> Result<Option<Bytes>>;
}

/// The pieces as a stream, each made on the pool when it is asked for.
pub(crate) fn readable(lp: &EventLoop, steps: impl Steps) -> Readable {
    let on = lp.clone();
    let pieces = Unfold::new(steps, move |mut steps| {
        let step = blocking(move || Ok(steps.step()?.map(|piece| (piece, steps))));
        step.future(&on)
    });
    bytes(lp, pieces)
}

/// A stream of bytes that makes no more than is asked for, as Node's.
pub(crate) fn bytes(lp: &EventLoop, pieces: impl Stream<Item = Result<Bytes>> + 'static) -> Readable {
    Readable::from_stream_with(lp, ReadableOptions::default().high_water_mark(1), pieces)
}

/// A stream out of a function that gives an item and what the next is made of, later.
pub(crate) struct Unfold<S, F, R> {
    state: Option<S>,
    next: F,
    running: Option<Pin<Box<R>>>,
}

impl<S, T, F, R> Unfold<S, F, R>
where
    F: FnMut(S) -> R,
    R: Future<Output = Result<Option<(T, S)>>>,
{
    pub(crate) fn new(state: S, next: F) -> Unfold<S, F, R> {
        Unfold { state: Some(state), next, running: None }
    }
}

impl<S, T, F, R> Stream for Unfold<S, F, R>
where
    S: Unpin,
    F: FnMut(S) -> R + Unpin,
    R: Future<Output = Result<Option<(T, S)>>>,
{
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let this = &mut *self;
        if let Some(state) = this.state.take() {
            this.running = Some(Box::pin((this.next)(state)));
        }
        let Some(running) = &mut this.running else { return Poll::Ready(None) };
        let result = ready!(running.as_mut().poll(cx));
        this.running = None;
        Poll::Ready(result.transpose().map(|item| {
            let (item, state) = item?;
            this.state = Some(state);
            Ok(item)
        }))
    }
}
