//! What a function of the caller's gives later, as a future.

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use ::nodecore_error::{Error, Result};
use ::nodecore_stream::AbortSignal;

use super::{Work, lend_error, nodecore_done};
use crate::abort::nodecore_abort_signal;
use crate::boundary::{Foreign, arg};
use crate::chunk::{Item, nodecore_chunk};
use crate::error::nodecore_error;

/// A result that comes once, a chunk or none. What comes later is ignored, as by a promise.
#[derive(Clone, Debug, Default)]
pub struct Promise(Rc<Promised>);

#[derive(Default)]
struct Promised {
    result: RefCell<Option<Result<Option<Item>>>>,
    settled: Cell<bool>,
    waker: Cell<Option<Waker>>,
}

impl std::fmt::Debug for Promised {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Promised").field("settled", &self.settled).finish_non_exhaustive()
    }
}

impl Promise {
    #[inline(never)]
    pub(super) fn settle(&self, result: Result<Option<Item>>) {
        if self.0.settled.replace(true) {
            return;
        }
        *self.0.result.borrow_mut() = Some(result);
        if let Some(waker) = self.0.waker.take() {
            waker.wake();
        }
    }

    /// What the caller's function gets to settle it.
    pub(crate) fn done(&self) -> *mut nodecore_done {
        Work::Promise(self.clone()).into_done()
    }
}

impl Future for Promise {
    type Output = Result<Option<Item>>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let result = self.0.result.take();
        if let Some(result) = result {
            return Poll::Ready(result);
        }
        self.0.waker.set(Some(context.waker().clone()));
        Poll::Pending
    }
}

pub type nodecore_chunk_fn = Option<
    unsafe extern "C" fn(
        chunk: *mut nodecore_chunk,
        signal: *const nodecore_abort_signal,
        done: *mut nodecore_done,
        user: *mut c_void,
    ),
>;

/// An asynchronous function of the caller's over chunks, with its `user`.
pub(super) struct ChunkCall {
    f: nodecore_chunk_fn,
    foreign: Foreign,
}

impl ChunkCall {
    /// Built before anything can fail.
    pub(super) fn new(f: nodecore_chunk_fn, foreign: Foreign) -> ChunkCall {
        ChunkCall { f, foreign }
    }

    /// Checks that there is a function.
    pub(super) fn checked(self) -> Result<ChunkCall> {
        arg::callback(self.f, "fn")?;
        Ok(self)
    }

    pub(super) fn call(&self, item: Item, signal: AbortSignal) -> Promise {
        let promise = Promise::default();
        let Some(f) = self.f else { return promise };
        let (signal, done) = (nodecore_abort_signal::from(signal), promise.done());
        // SAFETY: the caller gave the function for this user; chunk and signal live for the call; `done` is ended
        // once.
        item.lend(|chunk| unsafe { f(chunk, &raw const signal, done, self.foreign.user()) });
        promise
    }
}

pub type nodecore_next_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, chunk: *mut nodecore_chunk, user: *mut c_void)>;

/// A callback of the caller's that gets an error, a chunk or neither, with its `user`.
pub(super) struct NextCall {
    cb: nodecore_next_cb,
    foreign: Foreign,
}

impl NextCall {
    /// Built before anything can fail.
    pub(super) fn new(cb: nodecore_next_cb, foreign: Foreign) -> NextCall {
        NextCall { cb, foreign }
    }

    /// Checks that there is a callback.
    pub(super) fn checked(self) -> Result<NextCall> {
        arg::callback(self.cb, "cb")?;
        Ok(self)
    }

    pub(super) fn run(&self, result: Result<Option<Item>>) {
        let Some(cb) = self.cb else { return };
        // SAFETY: the caller gave `cb` for this user, which is not released yet.
        let call = |err, chunk| unsafe { cb(err, chunk, self.foreign.user()) };
        match result {
            Ok(Some(item)) => item.lend(|chunk| call(std::ptr::null(), chunk)),
            Ok(None) => call(std::ptr::null(), std::ptr::null_mut()),
            Err(error) => fail(&error, |err| call(err, std::ptr::null_mut())),
        }
    }
}

fn fail(error: &Error, call: impl FnOnce(*const nodecore_error)) {
    lend_error(Some(error), call);
}
