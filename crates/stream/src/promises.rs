//! The functions that call back, as futures (<https://nodejs.org/api/stream.html#streams-promises-api>).

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use nodecore_error::Result;

use crate::finished::{AnyStream, Finished, FinishedOptions};
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
pub fn finished(stream: impl Into<AnyStream>, options: FinishedOptions) -> impl Future<Output = Result<()>> {
    let outcome = Outcome::new();
    let told = outcome.clone();
    let waiting = Waiting(crate::finished(stream, options, move |result| told.set(result)));
    poll_fn(move |context| {
        let _ = &waiting;
        outcome.poll(context)
    })
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
pub(crate) struct Outcome(Rc<Promised>);

#[derive(Default)]
pub(crate) struct Promised {
    result: RefCell<Option<Result<()>>>,
    waker: Cell<Option<Waker>>,
}

impl Outcome {
    pub(crate) fn new() -> Outcome {
        Outcome::default()
    }

    pub(crate) fn set(&self, result: Result<()>) {
        *self.0.result.borrow_mut() = Some(result);
        self.wake();
    }

    pub(crate) fn wake(&self) {
        if let Some(waker) = self.0.waker.take() {
            waker.wake();
        }
    }

    pub(crate) fn poll(&self, context: &mut Context<'_>) -> Poll<Result<()>> {
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
