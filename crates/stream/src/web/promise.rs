//! Promises, as the streams standard needs them: settled once, and what waits for them runs as a microtask.

use std::cell::{OnceCell, RefCell};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use nodecore_error::{Error, Result};
use nodecore_event_loop::{EventLoop, Run};

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
pub struct Promise<T>(Kind<T>);

enum Kind<T> {
    /// Settled when it was made: nobody has to be told, and nothing is shared.
    Settled(Result<T>),
    Shared(Rc<Shared<T>>),
}

/// The result is apart from who waits, so that it is cloned, which is the user's code, without a borrow.
struct Shared<T> {
    result: OnceCell<Result<T>>,
    waiting: RefCell<Waiting<T>>,
}

/// Who is to be told. Most promises have one who asks.
struct Waiting<T> {
    first: Option<Reaction<T>>,
    others: Vec<Reaction<T>>,
    wakers: Vec<Waker>,
}

struct Reaction<T> {
    lp: EventLoop,
    call: Box<dyn Tell<T>>,
}

/// A callback with a place for what settled, so that it goes into the queue as it is.
trait Tell<T>: Run {
    fn tell(&mut self, settled: Rc<Shared<T>>);
}

struct Call<T, F> {
    f: F,
    settled: Option<Rc<Shared<T>>>,
}

impl<T: Clone + 'static, F: FnOnce(Result<T>) + 'static> Run for Call<T, F> {
    fn run(self: Box<Self>) {
        let Call { f, settled } = *self;
        // Moved where nobody else can ask, which spares a copy of a buffer.
        let result = settled.and_then(|settled| match Rc::try_unwrap(settled) {
            Ok(shared) => shared.result.into_inner(),
            Err(shared) => shared.result.get().cloned(),
        });
        if let Some(result) = result {
            f(result);
        }
    }
}

impl<T: Clone + 'static, F: FnOnce(Result<T>) + 'static> Tell<T> for Call<T, F> {
    fn tell(&mut self, settled: Rc<Shared<T>>) {
        self.settled = Some(settled);
    }
}

impl<T> Default for Waiting<T> {
    fn default() -> Waiting<T> {
        Waiting { first: None, others: Vec::new(), wakers: Vec::new() }
    }
}

impl<T: Clone + 'static> Promise<T> {
    /// A promise that [`settle`](Promise::settle) will settle.
    pub fn pending() -> Promise<T> {
        Promise(Kind::Shared(Rc::new(Shared { result: OnceCell::new(), waiting: RefCell::default() })))
    }

    /// A fulfilled promise.
    pub fn resolved(value: T) -> Promise<T> {
        Promise(Kind::Settled(Ok(value)))
    }

    /// A rejected promise.
    pub fn rejected(error: Error) -> Promise<T> {
        Promise(Kind::Settled(Err(error)))
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
        let Kind::Shared(shared) = &self.0 else { return };
        if shared.result.set(result).is_err() {
            return;
        }
        let Waiting { first, others, wakers } = shared.waiting.take();
        for Reaction { lp, mut call } in first.into_iter().chain(others) {
            call.tell(Rc::clone(shared));
            lp.queue_boxed_microtask(call);
        }
        wakers.into_iter().for_each(Waker::wake);
    }

    /// The result, if there is one.
    fn result(&self) -> Option<&Result<T>> {
        match &self.0 {
            Kind::Settled(result) => Some(result),
            Kind::Shared(shared) => shared.result.get(),
        }
    }

    /// Whether it has been fulfilled or rejected.
    pub fn is_settled(&self) -> bool {
        self.result().is_some()
    }

    /// Calls `f` with the result, in a microtask of `lp`.
    pub fn then(&self, lp: &EventLoop, f: impl FnOnce(Result<T>) + 'static) {
        match &self.0 {
            Kind::Settled(result) => {
                let result = result.clone();
                lp.queue_microtask(move || f(result));
            }
            Kind::Shared(shared) if shared.result.get().is_some() => {
                lp.queue_boxed_microtask(Box::new(Call { f, settled: Some(Rc::clone(shared)) }));
            }
            Kind::Shared(shared) => {
                let reaction = Reaction { lp: lp.clone(), call: Box::new(Call { f, settled: None }) };
                let mut waiting = shared.waiting.borrow_mut();
                if waiting.first.is_none() {
                    waiting.first = Some(reaction);
                } else {
                    waiting.others.push(reaction);
                }
            }
        }
    }

    /// Whether the two are the same promise, or were settled alike when they were made.
    pub(super) fn is(&self, other: &Promise<T>) -> bool {
        match (&self.0, &other.0) {
            (Kind::Shared(this), Kind::Shared(that)) => Rc::ptr_eq(this, that),
            (Kind::Settled(this), Kind::Settled(that)) => this.is_ok() == that.is_ok(),
            _ => false,
        }
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
        if let Some(result) = other.result() {
            return self.settle(result.clone());
        }
        let me = self.clone();
        other.then(lp, move |result| me.settle(result));
    }
}

impl<T: Clone> Clone for Promise<T> {
    fn clone(&self) -> Promise<T> {
        Promise(match &self.0 {
            Kind::Settled(result) => Kind::Settled(result.clone()),
            Kind::Shared(shared) => Kind::Shared(Rc::clone(shared)),
        })
    }
}

/// It is never polled in place: nothing in it is pinned.
impl<T> Unpin for Promise<T> {}

impl<T: Clone + 'static> Future for Promise<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T>> {
        // The value moves where nobody else can ask, which spares a copy of a buffer.
        if let Kind::Shared(shared) = &mut self.0
            && let Some(result) = Rc::get_mut(shared).and_then(|shared| shared.result.take())
        {
            return Poll::Ready(result);
        }
        let shared = match &self.0 {
            Kind::Settled(result) => return Poll::Ready(result.clone()),
            Kind::Shared(shared) => shared,
        };
        if let Some(result) = shared.result.get() {
            return Poll::Ready(result.clone());
        }
        let wakers = &mut shared.waiting.borrow_mut().wakers;
        if !wakers.iter().any(|waker| waker.will_wake(context.waker())) {
            wakers.push(context.waker().clone());
        }
        Poll::Pending
    }
}

impl<T: fmt::Debug> fmt::Debug for Promise<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let result = match &self.0 {
            Kind::Settled(result) => Some(result),
            Kind::Shared(shared) => shared.result.get(),
        };
        match result {
            None => f.write_str("Promise(pending)"),
            Some(result) => f.debug_tuple("Promise").field(result).finish(),
        }
    }
}
