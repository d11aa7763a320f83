//! Promises, as the streams standard needs them: settled once, and what waits for them runs as a microtask.

use std::cell::RefCell;
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
pub struct Promise<T>(Rc<RefCell<Stage<T>>>);

enum Stage<T> {
    Pending { reactions: Vec<Reaction<T>>, wakers: Vec<Waker> },
    Settled(Result<T>),
}

struct Reaction<T> {
    lp: EventLoop,
    run: Box<dyn FnOnce(Result<T>)>,
}

impl<T: Clone + 'static> Promise<T> {
    /// A promise that [`settle`](Promise::settle) will settle.
    pub fn pending() -> Promise<T> {
        Promise(Rc::new(RefCell::new(Stage::Pending { reactions: Vec::new(), wakers: Vec::new() })))
    }

    /// A fulfilled promise.
    pub fn resolved(value: T) -> Promise<T> {
        Promise(Rc::new(RefCell::new(Stage::Settled(Ok(value)))))
    }

    /// A rejected promise.
    pub fn rejected(error: Error) -> Promise<T> {
        Promise(Rc::new(RefCell::new(Stage::Settled(Err(error)))))
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
        let waiting = match &mut *self.0.borrow_mut() {
            Stage::Settled(_) => return,
            Stage::Pending { reactions, wakers } => (std::mem::take(reactions), std::mem::take(wakers)),
        };
        for Reaction { lp, run } in waiting.0 {
            let result = result.clone();
            lp.queue_microtask(move || run(result));
        }
        *self.0.borrow_mut() = Stage::Settled(result);
        waiting.1.into_iter().for_each(Waker::wake);
    }

    /// Whether it has been fulfilled or rejected.
    pub fn is_settled(&self) -> bool {
        matches!(*self.0.borrow(), Stage::Settled(_))
    }

    /// Calls `f` with the result, in a microtask of `lp`.
    pub fn then(&self, lp: &EventLoop, f: impl FnOnce(Result<T>) + 'static) {
        let result = match &mut *self.0.borrow_mut() {
            Stage::Settled(result) => result.clone(),
            Stage::Pending { reactions, .. } => {
                reactions.push(Reaction { lp: lp.clone(), run: Box::new(f) });
                return;
            }
        };
        lp.queue_microtask(move || f(result));
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
        let result = match &*other.0.borrow() {
            Stage::Settled(result) => Some(result.clone()),
            Stage::Pending { .. } => None,
        };
        match result {
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

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T>> {
        let last = Rc::strong_count(&self.0) == 1;
        let mut stage = self.0.borrow_mut();
        match &mut *stage {
            Stage::Pending { wakers, .. } => {
                if !wakers.iter().any(|waker| waker.will_wake(context.waker())) {
                    wakers.push(context.waker().clone());
                }
                Poll::Pending
            }
            Stage::Settled(_) if last => {
                // Nobody else can ask: the value moves, which spares a copy of a buffer.
                let empty = Stage::Pending { reactions: Vec::new(), wakers: Vec::new() };
                match std::mem::replace(&mut *stage, empty) {
                    Stage::Settled(result) => Poll::Ready(result),
                    Stage::Pending { .. } => Poll::Pending,
                }
            }
            Stage::Settled(result) => Poll::Ready(result.clone()),
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Promise<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0.borrow() {
            Stage::Pending { .. } => f.write_str("Promise(pending)"),
            Stage::Settled(result) => f.debug_tuple("Promise").field(result).finish(),
        }
    }
}
