//! Promises, as the streams standard needs them: settled once, and what waits for them runs as a microtask.

use std::cell::{OnceCell, RefCell};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use nodecore_error::{Error, Result};
use nodecore_event_loop::EventLoop;

/// A result that comes once, perhaps later. Clones are the same promise; it is a future too.
///
/// What is told of it is told in a microtask of its own, in the order of asking, as JavaScript does.
///
/// ```
/// use nodecore_event_loop::EventLoop;
/// use nodecore_stream::web::Promise;
///
/// let lp = EventLoop::new()?;
/// let promise = Promise::pending();
/// let settled = promise.clone();
/// lp.set_timeout(1.0, move || settled.settle(Ok(42)));
/// assert_eq!(lp.block_on(promise)?, 42);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[must_use = "a promise that nobody waits for hides its error"]
pub struct Promise<T>(Rc<Shared<T>>);

/// The result is apart from who waits, so that it is cloned, which is the user's code, without a borrow.
struct Shared<T> {
    result: OnceCell<Result<T>>,
    waiting: RefCell<Waiting<T>>,
}

struct Waiting<T> {
    reactions: Vec<Reaction<T>>,
    wakers: Vec<Waker>,
}

struct Reaction<T> {
    lp: EventLoop,
    run: Box<dyn FnOnce(Result<T>)>,
}

impl<T> Default for Waiting<T> {
    fn default() -> Waiting<T> {
        Waiting { reactions: Vec::new(), wakers: Vec::new() }
    }
}

impl<T: Clone + 'static> Promise<T> {
    fn with(result: OnceCell<Result<T>>) -> Promise<T> {
        Promise(Rc::new(Shared { result, waiting: RefCell::default() }))
    }

    /// A promise that [`settle`](Promise::settle) will settle.
    pub fn pending() -> Promise<T> {
        Promise::with(OnceCell::new())
    }

    /// A fulfilled promise.
    pub fn resolved(value: T) -> Promise<T> {
        Promise::with(OnceCell::from(Ok(value)))
    }

    /// A rejected promise.
    pub fn rejected(error: Error) -> Promise<T> {
        Promise::with(OnceCell::from(Err(error)))
    }

    /// The promise of a future, which runs on `lp` from the next microtask on.
    pub fn from_future(lp: &EventLoop, future: impl Future<Output = Result<T>> + 'static) -> Promise<T> {
        let promise = Promise::pending();
        let settled = promise.clone();
        lp.spawn_local(async move { settled.settle(future.await) });
        promise
    }

    /// Fulfils or rejects it, unless that has happened.
    pub fn settle(&self, result: Result<T>) {
        if self.0.result.set(result).is_err() {
            return;
        }
        let Waiting { reactions, wakers } = self.0.waiting.take();
        for Reaction { lp, run } in reactions {
            self.react(&lp, run);
        }
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Whether it has been fulfilled or rejected.
    pub fn is_settled(&self) -> bool {
        self.0.result.get().is_some()
    }

    /// Calls `f` with the result, in a microtask of `lp`.
    pub fn then(&self, lp: &EventLoop, f: impl FnOnce(Result<T>) + 'static) {
        if self.is_settled() {
            self.react(lp, f);
        } else {
            let reaction = Reaction { lp: lp.clone(), run: Box::new(f) };
            self.0.waiting.borrow_mut().reactions.push(reaction);
        }
    }

    fn react(&self, lp: &EventLoop, f: impl FnOnce(Result<T>) + 'static) {
        let promise = self.clone();
        lp.queue_microtask(move || {
            if let Some(result) = promise.into_result() {
                f(result);
            }
        });
    }

    /// The result: moved where nobody else can ask, which spares a copy of a buffer.
    fn into_result(self) -> Option<Result<T>> {
        match Rc::try_unwrap(self.0) {
            Ok(shared) => shared.result.into_inner(),
            Err(shared) => shared.result.get().cloned(),
        }
    }

    /// Whether the two are the same promise.
    pub(super) fn is(&self, other: &Promise<T>) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// What an async function that returns this promise returns: later by the turns that JavaScript takes to look
    /// into it, if it is not settled yet.
    pub(super) fn adopted(self, lp: &EventLoop) -> Promise<T> {
        if self.is_settled() {
            return self;
        }
        let outer = Promise::pending();
        let (settled, then_lp) = (outer.clone(), lp.clone());
        lp.queue_microtask(move || self.then(&then_lp, move |result| settled.settle(result)));
        outer
    }

    /// The promise of what `f` makes of the result.
    pub(super) fn map<U: Clone + 'static>(
        &self,
        lp: &EventLoop,
        f: impl FnOnce(Result<T>) -> Result<U> + 'static,
    ) -> Promise<U> {
        let mapped = Promise::pending();
        let settled = mapped.clone();
        self.then(lp, move |result| settled.settle(f(result)));
        mapped
    }

    /// Takes over the result of `other`: at once if there is one.
    pub(super) fn follow(&self, lp: &EventLoop, other: &Promise<T>) {
        match other.0.result.get().cloned() {
            Some(result) => self.settle(result),
            None => {
                let me = self.clone();
                other.then(lp, move |result| me.settle(result));
            }
        }
    }
}

impl<T> Clone for Promise<T> {
    fn clone(&self) -> Promise<T> {
        Promise(Rc::clone(&self.0))
    }
}

impl<T: Clone + 'static> Future for Promise<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T>> {
        if let Some(result) = Rc::get_mut(&mut self.0).and_then(|shared| shared.result.take()) {
            return Poll::Ready(result);
        }
        if let Some(result) = self.0.result.get() {
            return Poll::Ready(result.clone());
        }
        let wakers = &mut self.0.waiting.borrow_mut().wakers;
        if !wakers.iter().any(|waker| waker.will_wake(context.waker())) {
            wakers.push(context.waker().clone());
        }
        Poll::Pending
    }
}

impl<T: fmt::Debug> fmt::Debug for Promise<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.result.get() {
            None => f.write_str("Promise(pending)"),
            Some(result) => f.debug_tuple("Promise").field(result).finish(),
        }
    }
}
