//! One body per operation, and the three forms it is run in.

use std::cell::Cell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use nodecore_error::{Code, Error, Result};

use crate::event_loop::EventLoop;
use crate::work::Request;

/// Blocking work, described but not started. What it does is written once, in [`Operation::advance`];
/// [`OperationExt`] runs it in place, with a callback, or as a future.
///
/// ```
/// use std::task::Poll;
/// use nodecore_error::Result;
/// use nodecore_event_loop::{EventLoop, Operation, OperationExt, Slice};
///
/// /// Counts to `end`, leaving the pool thread to others now and then.
/// struct Count { at: usize, end: usize }
///
/// impl Operation for Count {
///     type Output = usize;
///     fn advance(&mut self, slice: &mut Slice) -> Poll<Result<usize>> {
///         while self.at < self.end {
///             self.at += 1;
///             if !slice.spend(1) {
///                 return Poll::Pending;
///             }
///         }
///         Poll::Ready(Ok(self.at))
///     }
/// }
///
/// let count = || Count { at: 0, end: 2_000_000 };
/// assert_eq!(count().run_sync(), Ok(2_000_000));
/// let lp = EventLoop::new()?;
/// assert_eq!(lp.block_on(count().future(&lp)), Ok(2_000_000));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub trait Operation: Send + 'static {
    /// What it gives when it succeeds.
    type Output: Send + 'static;

    /// Does one stretch of the work, blocking.
    ///
    /// `Poll::Pending` puts the operation back into the queue, behind what waits there; it is meant for when
    /// [`Slice::spend`] has said no. There is no waker: it is called again when its turn comes, perhaps on
    /// another thread, until it is ready or cancelled, and then no more.
    fn advance(&mut self, slice: &mut Slice) -> Poll<Result<Self::Output>>;
}

/// What one call of [`Operation::advance`] may use up.
#[derive(Debug)]
pub struct Slice<'a> {
    left: usize,
    flags: Option<[&'a AtomicBool; 2]>,
    /// How many operations wait for a thread.
    queued: Option<&'a AtomicUsize>,
}

impl<'a> Slice<'a> {
    /// What one slice has on the pool: 512 KiB, after which Node's `fs.promises.readFile` yields too.
    pub const UNITS: usize = 512 * 1024;
    /// What it has while other operations wait for a thread.
    pub const SHARE: usize = Slice::UNITS / 4;
    /// The worth of a system call, beside the bytes it moves: a slice has room for 128.
    pub const CALL: usize = 4096;

    pub(crate) fn limited(
        aborted: &'a AtomicBool,
        closing: &'a AtomicBool,
        queued: &'a AtomicUsize,
    ) -> Slice<'a> {
        Slice { left: Slice::UNITS, flags: Some([aborted, closing]), queued: Some(queued) }
    }

    fn unlimited() -> Slice<'a> {
        Slice { left: usize::MAX, flags: None, queued: None }
    }

    /// Counts work done: a unit for a byte, [`Slice::CALL`] for a system call. False: yield now, by returning
    /// `Poll::Pending`. Never false in the sync form.
    pub fn spend(&mut self, units: usize) -> bool {
        if self.flags.is_some() {
            self.left = self.left.saturating_sub(units);
        }
        let others = self.queued.is_some_and(|queued| queued.load(Ordering::Relaxed) > 0);
        self.left > if others { Slice::UNITS - Slice::SHARE } else { 0 }
    }

    /// Whether somebody cancelled the operation, or the loop is going. One that takes long looks here and ends
    /// with an error of its choice; one that yields need not, as it will not be called again.
    pub fn aborted(&self) -> bool {
        self.flags.is_some_and(|flags| flags.iter().any(|flag| flag.load(Ordering::Relaxed)))
    }
}

/// The operation that calls a function once. See [`blocking`].
pub struct Blocking<F>(Option<F>);

impl<F> fmt::Debug for Blocking<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blocking").finish_non_exhaustive()
    }
}

impl<T: Send + 'static, F: FnOnce() -> Result<T> + Send + 'static> Operation for Blocking<F> {
    type Output = T;

    fn advance(&mut self, _slice: &mut Slice) -> Poll<Result<T>> {
        Poll::Ready(match self.0.take() {
            Some(f) => f(),
            None => Err(canceled()),
        })
    }
}

/// Makes an operation of a function that needs no slices.
pub fn blocking<T, F>(f: F) -> Blocking<F>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T> + Send + 'static,
{
    Blocking(Some(f))
}

/// The error of an operation that was cancelled.
pub(crate) fn canceled() -> Error {
    Error::system_code(Code::ECANCELED, "uv_cancel")
}

/// The three forms of every [`Operation`].
pub trait OperationExt: Operation + Sized {
    /// Runs it here and now, blocking.
    ///
    /// # Errors
    /// The operation's own.
    fn run_sync(mut self) -> Result<Self::Output> {
        let mut slice = Slice::unlimited();
        loop {
            if let Poll::Ready(result) = self.advance(&mut slice) {
                return result;
            }
        }
    }

    /// Runs it on the pool; `done` is called once, later, from the loop. The loop stays alive until then.
    ///
    /// `done` gets [`Code::ECANCELED`] if the request was cancelled, and [`Code::Panic`] if the operation
    /// panicked. It is dropped uncalled if the loop closes first, or has closed.
    fn spawn(self, lp: &EventLoop, done: impl FnOnce(Result<Self::Output>) + 'static) -> Request {
        lp.inner().submit(self, done)
    }

    /// Starts it on the pool, as [`OperationExt::spawn`] does; the future gives the result. Dropping the future
    /// cancels.
    fn future(self, lp: &EventLoop) -> OperationFuture<Self::Output> {
        let state = Rc::new(FutureState { result: Cell::new(None), waker: Cell::new(None) });
        let done = Rc::clone(&state);
        let request = self.spawn(lp, move |result| {
            done.result.set(Some(result));
            if let Some(waker) = done.waker.take() {
                waker.wake();
            }
        });
        OperationFuture { state, request: Some(request) }
    }
}

impl<O: Operation> OperationExt for O {}

/// An operation under way on the pool. Dropping it cancels the operation, if it has not finished.
pub struct OperationFuture<T> {
    state: Rc<FutureState<T>>,
    request: Option<Request>,
}

struct FutureState<T> {
    result: Cell<Option<Result<T>>>,
    waker: Cell<Option<Waker>>,
}

impl<T> OperationFuture<T> {
    /// What cancels the operation, if it has not given its result.
    pub fn request(&self) -> Option<Request> {
        self.request.clone()
    }
}

impl<T> Future for OperationFuture<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T>> {
        match self.state.result.take() {
            Some(result) => {
                self.request = None;
                Poll::Ready(result)
            }
            None => {
                self.state.waker.set(Some(cx.waker().clone()));
                Poll::Pending
            }
        }
    }
}

impl<T> Drop for OperationFuture<T> {
    fn drop(&mut self) {
        if let Some(request) = &self.request {
            request.cancel();
        }
    }
}

impl<T> fmt::Debug for OperationFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OperationFuture").field("request", &self.request).finish()
    }
}
