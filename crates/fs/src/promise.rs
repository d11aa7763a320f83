//! The future form of an operation.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use nodecore_error::{Error, Result};
use nodecore_event_loop::{EventLoop, Operation, OperationExt, OperationFuture, Request};
use nodecore_events::AbortSignal;

use crate::abort::Heeding;
use crate::tree::{self, Prepared, Task, TreeFuture};

/// What the functions of [`promises`](crate::promises) return. As in Node the work starts when the function is
/// called, not when the future is first polled. Dropping it cancels what has not been done.
#[must_use = "dropping it cancels the operation"]
pub struct Promise<T>(State<T>);

enum State<T> {
    Started(OperationFuture<T>),
    Heeding(OperationFuture<T>, Heeding),
    Tree(TreeFuture<T>),
    Refused(Option<Error>),
}

/// Starts `operation`; an error in an argument becomes the future's result, as a promise rejects.
pub(crate) fn promise<O: Operation>(lp: &EventLoop, operation: Result<O>) -> Promise<O::Output> {
    Promise(match operation {
        Ok(operation) => State::Started(operation.future(lp)),
        Err(error) => State::Refused(Some(error)),
    })
}

/// As [`promise`], until `signal` is aborted.
pub(crate) fn abortable<O: Operation>(
    lp: &EventLoop,
    signal: Option<&AbortSignal>,
    operation: Result<O>,
) -> Promise<O::Output> {
    let Some(signal) = signal else { return promise(lp, operation) };
    if signal.aborted() {
        return Promise(State::Refused(Some(signal.error())));
    }
    match promise(lp, operation).0 {
        State::Started(future) => {
            let heeding = Heeding::new(signal, future.request());
            Promise(State::Heeding(future, heeding))
        }
        refused => Promise(refused),
    }
}

/// As [`promise`], of an operation on a tree.
pub(crate) fn tree_promise<T: Task>(lp: &EventLoop, prepared: Result<Prepared<T>>) -> Promise<T::Output> {
    Promise(match prepared {
        Ok(prepared) => State::Tree(tree::future(lp, prepared)),
        Err(error) => State::Refused(Some(error)),
    })
}

impl<T: 'static> Promise<T> {
    /// Has `done` called once, later, from the loop, in place of the future being awaited: the callback form of what
    /// has futures only. The request cancels it; there is none for what has ended, or goes over a tree.
    ///
    /// # Errors
    /// Those of the arguments, a signal that was aborted among them; `done` is then not called.
    pub fn then(self, lp: &EventLoop, done: impl FnOnce(Result<T>) + 'static) -> Result<Option<Request>> {
        let request = match &self.0 {
            State::Refused(Some(error)) => return Err(error.clone()),
            State::Started(future) | State::Heeding(future, _) => future.request(),
            State::Tree(_) | State::Refused(None) => None,
        };
        lp.spawn_local(async move { done(self.await) });
        Ok(request)
    }
}

// Nothing in it is pinned: the future of the operation is itself free to move.
impl<T> Unpin for Promise<T> {}

impl<T> Future for Promise<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T>> {
        match &mut self.0 {
            State::Started(future) => Pin::new(future).poll(cx),
            State::Heeding(future, heeding) => {
                Pin::new(future).poll(cx).map(|result| heeding.outcome(result))
            }
            State::Tree(future) => Pin::new(future).poll(cx),
            State::Refused(error) => error.take().map_or(Poll::Pending, |error| Poll::Ready(Err(error))),
        }
    }
}

impl<T> fmt::Debug for Promise<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            State::Started(future) | State::Heeding(future, _) => {
                f.debug_tuple("Promise").field(future).finish()
            }
            State::Tree(future) => f.debug_tuple("Promise").field(future).finish(),
            State::Refused(error) => f.debug_tuple("Promise").field(error).finish(),
        }
    }
}
