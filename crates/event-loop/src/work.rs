//! Operations on libuv's pool.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Weak;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, TryLockError};
use std::task::Poll;
use std::time::Instant;

use nodecore_error::{Code, Error, Result};

use crate::RunMode;
use crate::event_loop::{EventLoop, Inner};
use crate::feed::{Estimate, Feed, spin_until};
use crate::mailbox::{Mailbox, lock};
use crate::operation::{Operation, Slice, canceled};
use crate::uv::confined::Confined;

/// How operations get to libuv's pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PoolFeed {
    /// Through a queue of the loop's own, which a few pool jobs drain.
    #[default]
    Queue,
    /// One `uv_queue_work` each, as a plain user of libuv would; for comparison.
    Plain,
}

/// An operation given to [`OperationExt::spawn`](crate::OperationExt::spawn). Clones are the same
/// request. Dropping it cancels nothing.
#[derive(Clone)]
pub struct Request {
    slot: Arc<dyn Slot>,
    lp: Weak<Inner>,
}

impl Request {
    /// Asks the operation to end. One that waits, or has yielded, is taken out of the queue; one that runs sees
    /// [`Slice::aborted`]. `done` still runs, later, with [`Code::ECANCELED`], or with the operation's own result
    /// if it came to its end all the same. False: it has finished already.
    pub fn cancel(&self) -> bool {
        let Some(inner) = self.lp.upgrade() else { return false };
        match self.slot.cancel() {
            Cancel::Removed => {
                inner.mailbox.finish(Arc::clone(&self.slot));
                true
            }
            Cancel::Asked => true,
            Cancel::TooLate => false,
        }
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("state", &self.slot.state()).finish()
    }
}

/// One operation between submission and delivery, whatever its type.
pub(crate) trait Slot: Send + Sync {
    /// On the pool: one slice.
    fn advance(&self, feed: &Feed) -> Step;
    /// On the loop's thread: asks it to end.
    fn cancel(&self) -> Cancel;
    /// On the loop's thread: calls `before` and then `done`, if that has not happened.
    fn deliver(&self, before: &dyn Fn());
    /// On the loop's thread: drops `done` and what else is left.
    fn discard(&self);
    /// For `Debug`.
    fn state(&self) -> State;
}

/// What became of a slot that was advanced.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Finished,
    Again,
    /// Cancelled before; somebody else delivers it.
    Gone,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Cancel {
    Removed,
    Asked,
    TooLate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum State {
    Queued,
    Running,
    Finished,
    Delivered,
}

struct Entry<O: Operation, D> {
    /// Written under the lock of `body`.
    state: AtomicU8,
    aborted: AtomicBool,
    body: Mutex<Body<O, D>>,
}

struct Body<O: Operation, D> {
    operation: Option<O>,
    result: Option<Result<O::Output>>,
    done: Confined<D>,
}

impl<O: Operation, D> Entry<O, D> {
    fn set(&self, state: State) {
        self.state.store(state as u8, Ordering::Release);
    }
}

impl<O: Operation, D: FnOnce(Result<O::Output>)> Slot for Entry<O, D> {
    fn advance(&self, feed: &Feed) -> Step {
        let mut body = lock(&self.body);
        if self.state() != State::Queued {
            return Step::Gone;
        }
        self.set(State::Running);
        let mut slice = Slice::limited(&self.aborted, &feed.closing, &feed.queued);
        let result = match &mut body.operation {
            Some(operation) if !slice.aborted() => {
                match catch_unwind(AssertUnwindSafe(|| operation.advance(&mut slice))) {
                    Ok(Poll::Ready(result)) => result,
                    Ok(Poll::Pending) => {
                        self.set(State::Queued);
                        return Step::Again;
                    }
                    Err(payload) => Err(panic_error(&*payload)),
                }
            }
            _ => Err(canceled()),
        };
        body.result = Some(result);
        self.set(State::Finished);
        let operation = body.operation.take();
        drop(body);
        // A panic of its destructor has nowhere to go: the result stands.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(operation)));
        Step::Finished
    }

    fn cancel(&self) -> Cancel {
        let mut body = match self.body.try_lock() {
            Ok(body) => body,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => {
                self.aborted.store(true, Ordering::Relaxed);
                return if self.state() < State::Finished { Cancel::Asked } else { Cancel::TooLate };
            }
        };
        if self.state() != State::Queued {
            return Cancel::TooLate;
        }
        body.result = Some(Err(canceled()));
        self.set(State::Finished);
        let operation = body.operation.take();
        drop(body);
        drop(operation);
        Cancel::Removed
    }

    fn deliver(&self, before: &dyn Fn()) {
        let mut body = lock(&self.body);
        if self.state() != State::Finished {
            return;
        }
        self.set(State::Delivered);
        let (result, done) = (body.result.take(), body.done.take());
        drop(body);
        before();
        if let (Some(result), Some(done)) = (result, done) {
            done(result);
        }
    }

    fn discard(&self) {
        let mut body = lock(&self.body);
        self.set(State::Delivered);
        let left = (body.operation.take(), body.result.take(), body.done.take());
        drop(body);
        drop(left);
    }

    fn state(&self) -> State {
        match self.state.load(Ordering::Acquire) {
            0 => State::Queued,
            1 => State::Running,
            2 => State::Finished,
            _ => State::Delivered,
        }
    }
}

impl PartialOrd for State {
    fn partial_cmp(&self, other: &State) -> Option<std::cmp::Ordering> {
        (*self as u8).partial_cmp(&(*other as u8))
    }
}

/// The error of an operation that panicked with `payload`.
fn panic_error(payload: &(dyn Any + Send)) -> Error {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    Error::from_template(Code::Panic, &[&text.unwrap_or("no message")])
}

/// The loop's side.
pub(crate) struct Pool {
    feed: Arc<Feed>,
    kind: Cell<PoolFeed>,
    in_flight: Cell<usize>,
    /// Finished, and being delivered.
    batch: RefCell<VecDeque<Arc<dyn Slot>>>,
    woken: RefCell<VecDeque<u64>>,
    mode: Cell<RunMode>,
    /// Whether this iteration has delivered: what finishes later waits for the next, after the immediates.
    delivered: Cell<bool>,
    no_wait: Cell<bool>,
    /// Since when the loop has nothing to do but wait for an operation, and how long that lasts as a rule.
    waiting_since: Cell<Option<Instant>>,
    wait: Cell<Estimate>,
}

/// How often the loop may deliver before one poll. Each time stands for an iteration in which only operations
/// finish; now and then the poller must see to the rest.
const PASSES: usize = 32;

impl EventLoop {
    /// Chooses how later operations get to the pool.
    pub fn set_pool_feed(&self, feed: PoolFeed) {
        self.inner().pool.kind.set(feed);
    }
}

impl Pool {
    pub(crate) fn new(mailbox: Arc<Mailbox>) -> Pool {
        Pool {
            feed: Arc::new(Feed::new(mailbox)),
            kind: Cell::default(),
            in_flight: Cell::new(0),
            batch: RefCell::default(),
            woken: RefCell::default(),
            mode: Cell::new(RunMode::NoWait),
            delivered: Cell::new(false),
            no_wait: Cell::new(false),
            waiting_since: Cell::new(None),
            wait: Cell::default(),
        }
    }

    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight.get()
    }

    pub(crate) fn is_borrowed(&self) -> bool {
        self.batch.try_borrow_mut().is_err() || self.woken.try_borrow_mut().is_err()
    }

    pub(crate) fn wants_no_wait(&self) -> bool {
        self.no_wait.get()
    }

    pub(crate) fn run_begins(&self, mode: RunMode) {
        self.mode.set(mode);
        self.delivered.set(false);
        self.feed.mailbox.set_awake(true);
    }

    /// Stops what runs and takes out what waits; `discard` follows when the pool has let go.
    pub(crate) fn shut(&self) {
        self.feed.closing.store(true, Ordering::Relaxed);
        self.feed.take().iter().for_each(|slot| slot.discard());
    }

    pub(crate) fn discard(&self) {
        let (mut batch, queue) = (self.batch.take(), self.feed.take());
        self.feed.mailbox.take(&mut batch, &mut VecDeque::new());
        batch.iter().chain(&queue).for_each(|slot| slot.discard());
        self.in_flight.set(0);
    }

    /// Whether something is to be delivered.
    pub(crate) fn has_mail(&self) -> bool {
        self.feed.mailbox.is_pending() || !self.batch.borrow().is_empty() || !self.woken.borrow().is_empty()
    }

    /// The loop waits for operations from now on, if it did not before.
    fn begin_wait(&self) {
        if self.in_flight.get() > 0 && self.waiting_since.get().is_none() {
            self.waiting_since.set(Some(Instant::now()));
        }
    }

    fn end_wait(&self) {
        if let Some(since) = self.waiting_since.take() {
            let mut wait = self.wait.get();
            wait.add_wait(since.elapsed());
            self.wait.set(wait);
        }
    }
}

impl Inner {
    pub(crate) fn submit<O, D>(&self, operation: O, done: D) -> Request
    where
        O: Operation,
        D: FnOnce(Result<O::Output>) + 'static,
    {
        let slot: Arc<dyn Slot> = Arc::new(Entry {
            state: AtomicU8::new(State::Queued as u8),
            aborted: AtomicBool::new(false),
            body: Mutex::new(Body { operation: Some(operation), result: None, done: Confined::new(done) }),
        });
        let request = Request { slot: Arc::clone(&slot), lp: self.weak() };
        if self.is_closed() {
            slot.discard();
            return request;
        }
        let pool = &self.pool;
        pool.in_flight.set(pool.in_flight.get() + 1);
        if pool.in_flight.get() == 1 {
            self.update_ref();
        }
        match pool.kind.get() {
            PoolFeed::Plain => self.submit_plain(slot),
            PoolFeed::Queue => {
                if pool.feed.push(slot) {
                    self.submit_drainer();
                }
            }
        }
        request
    }

    fn submit_drainer(&self) {
        let (feed, me) = (Arc::clone(&self.pool.feed), self.weak());
        self.uv.queue_work(
            move || feed.drain(),
            move || {
                if let Some(inner) = me.upgrade().filter(|inner| !inner.is_closed()) {
                    inner.submit_drainers();
                }
            },
        );
    }

    /// As many drainers as what waits deserves.
    fn submit_drainers(&self) {
        while self.pool.feed.wants_drainer() {
            self.submit_drainer();
        }
    }

    fn submit_plain(&self, slot: Arc<dyn Slot>) {
        let (feed, work, me) = (Arc::clone(&self.pool.feed), Arc::clone(&slot), self.weak());
        self.uv.queue_work(
            move || while work.advance(&feed) == Step::Again {},
            move || match me.upgrade().filter(|inner| !inner.is_closed()) {
                Some(inner) if inner.has_panicked() => inner.pool.batch.borrow_mut().push_back(slot),
                Some(inner) => inner.deliver(&slot),
                None => slot.discard(),
            },
        );
    }

    /// Before the poll: what has finished, or is about to, is delivered without a trip through it.
    pub(crate) fn before_poll(&self) {
        let pool = &self.pool;
        let mut passes = 0;
        while pool.has_mail() || self.spin_for_mail() {
            self.deliver_mail();
            passes += 1;
            if passes == PASSES || !self.may_deliver_again() {
                break;
            }
        }
        self.mailbox.set_awake(false);
        let delivered_once = pool.delivered.get() && pool.mode.get() == RunMode::Once;
        if pool.has_mail() || passes == PASSES || delivered_once {
            pool.no_wait.set(true);
            self.update_idle();
        } else if pool.in_flight.get() > 0 {
            self.submit_drainers();
        }
    }

    /// Whether an iteration without any other event would come straight back to the poll.
    fn may_deliver_again(&self) -> bool {
        self.uv.update_time();
        self.pool.mode.get() == RunMode::Default
            && !self.is_stopping()
            && self.immediates.is_empty()
            && self.uv.backend_timeout() != 0
    }

    fn spin_for_mail(&self) -> bool {
        let pool = &self.pool;
        let queue = pool.kind.get() == PoolFeed::Queue && pool.in_flight.get() > 0;
        if !queue || pool.mode.get() == RunMode::NoWait || self.uv.backend_timeout() == 0 {
            return false;
        }
        pool.begin_wait();
        pool.wait.get().spin().is_some_and(|limit| spin_until(limit, || self.mailbox.is_pending()))
    }

    pub(crate) fn woken_in_poll(&self) {
        self.mailbox.set_awake(true);
        if !self.pool.delivered.get() {
            self.deliver_mail();
        }
        self.scope(|| ());
    }

    pub(crate) fn after_poll(&self) {
        self.pool.delivered.set(false);
        if self.pool.no_wait.replace(false) {
            self.update_idle();
        }
    }

    /// Delivers what has finished so far, each in a callback of its own.
    fn deliver_mail(&self) {
        let pool = &self.pool;
        pool.delivered.set(true);
        pool.end_wait();
        self.mailbox.take(&mut pool.batch.borrow_mut(), &mut pool.woken.borrow_mut());
        loop {
            let Some(slot) = pool.batch.borrow_mut().pop_front() else { break };
            self.deliver(&slot);
        }
        loop {
            let Some(id) = pool.woken.borrow_mut().pop_front() else { break };
            self.scope(|| self.poll_task(id));
        }
    }

    fn deliver(&self, slot: &Arc<dyn Slot>) {
        let count = &self.pool.in_flight;
        self.scope(|| {
            slot.deliver(&|| {
                count.set(count.get() - 1);
                if count.get() == 0 {
                    self.update_ref();
                }
                self.assert_unborrowed();
            });
        });
    }
}
