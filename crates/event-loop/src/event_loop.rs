//! The loop itself: opening, running, closing.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::panic::resume_unwind;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use nodecore_error::{Code, Error, Result};

use crate::executor::Executor;
use crate::host::HostHooks;
use crate::immediate::Immediates;
use crate::mailbox::Mailbox;
use crate::ticks::Ticks;
use crate::timers::Timers;
use crate::uv::{self, Sender};
use crate::work::Pool;

/// Node's event loop, on a `uv_loop_t` of its own. Clones are handles to the same loop.
///
/// A loop belongs to the thread that made it; a process may have any number. See the [crate's
/// page](crate) for order, lifetime and reentrancy.
///
/// ```
/// use nodecore_event_loop::{EventLoop, RunMode};
///
/// let lp = EventLoop::new()?;
/// lp.set_timeout(1.0, || println!("hello"));
/// lp.run(RunMode::Default);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone)]
pub struct EventLoop(Rc<Inner>);

/// A loop that may have gone: what something the loop owns holds of it. See [`EventLoop::downgrade`].
#[derive(Clone, Debug)]
pub struct WeakEventLoop(Weak<Inner>);

impl WeakEventLoop {
    /// The loop, if somebody still holds it and it is open.
    pub fn upgrade(&self) -> Option<EventLoop> {
        self.0.upgrade().filter(|inner| !inner.is_closed()).map(EventLoop)
    }

    /// Whether it is a handle to the same loop.
    pub fn is_of(&self, lp: &EventLoop) -> bool {
        std::ptr::eq(self.0.as_ptr(), Rc::as_ptr(&lp.0))
    }
}

/// How long [`EventLoop::run`] runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunMode {
    /// Until nothing keeps the loop alive, or [`EventLoop::stop`].
    Default,
    /// One iteration, waiting for an event if none is due.
    Once,
    /// One iteration, without waiting.
    NoWait,
}

/// Keeps a loop alive, as a referenced handle does in Node, until it is dropped.
pub struct KeepAlive(Weak<Inner>);

/// Wakes a loop from any thread. See [`EventLoop::waker`].
#[derive(Clone, Debug)]
pub struct LoopWaker(Sender);

pub(crate) struct Inner {
    pub(crate) uv: uv::Loop,
    me: Weak<Inner>,
    number: u64,
    closed: Cell<bool>,
    running: Cell<bool>,
    stopping: Cell<bool>,
    depth: Cell<usize>,
    keep_alive: Cell<usize>,
    panic: Cell<Option<Box<dyn Any + Send>>>,
    hooks: RefCell<Option<Rc<HostHooks>>>,
    pub(crate) ticks: Ticks,
    pub(crate) timers: Timers,
    pub(crate) immediates: Immediates,
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) pool: Pool,
    pub(crate) executor: Executor,
}

thread_local! {
    /// This thread's loops, by number.
    static LOOPS: RefCell<Vec<(u64, Weak<Inner>)>> = const { RefCell::new(Vec::new()) };
}

impl EventLoop {
    pub(crate) fn of(inner: &Rc<Inner>) -> EventLoop {
        EventLoop(Rc::clone(inner))
    }

    /// Opens a loop.
    ///
    /// # Errors
    /// The system's, when it has no descriptor or memory left.
    pub fn new() -> Result<EventLoop> {
        let uv = uv::Loop::new()?;
        let mailbox = Arc::new(Mailbox::new(uv.sender()));
        let number = uv::confined::unique_number();
        let inner = Rc::new_cyclic(|me: &Weak<Inner>| Inner {
            me: Weak::clone(me),
            number,
            closed: Cell::new(false),
            running: Cell::new(false),
            stopping: Cell::new(false),
            depth: Cell::new(0),
            keep_alive: Cell::new(0),
            panic: Cell::new(None),
            hooks: RefCell::new(None),
            ticks: Ticks::default(),
            timers: Timers::default(),
            immediates: Immediates::default(),
            pool: Pool::new(Arc::clone(&mailbox)),
            executor: Executor::default(),
            mailbox,
            uv,
        });
        let phases: Weak<dyn uv::Phases> = inner.weak();
        inner.uv.bind(phases);
        LOOPS.with_borrow_mut(|loops| loops.push((number, inner.weak())));
        Ok(EventLoop(inner))
    }

    pub(crate) fn inner(&self) -> &Rc<Inner> {
        &self.0
    }

    /// Drains the tick queues, then runs the loop's phases. True: something still keeps it alive.
    ///
    /// A panic of a callback stops the loop and continues here; what had not run yet runs when the loop is run
    /// again. From inside one of the loop's own callbacks nothing is run.
    pub fn run(&self, mode: RunMode) -> bool {
        let inner = Rc::clone(&self.0);
        if inner.running.get() || inner.is_closed() {
            return inner.alive();
        }
        let _running = Running::enter(&inner);
        inner.scope(|| ());
        inner.run_uv(mode);
        inner.alive()
    }

    /// Makes [`EventLoop::run`] return after the current iteration, or at once when it is called next.
    pub fn stop(&self) {
        self.0.stop();
    }

    /// Whether anything keeps the loop alive, or ticks wait.
    pub fn alive(&self) -> bool {
        self.0.alive()
    }

    /// The loop's time in milliseconds, from an arbitrary start, as of this iteration. Starting a timer
    /// brings it up to date, as in Node.
    pub fn now(&self) -> u64 {
        self.0.uv.now()
    }

    /// Brings [`EventLoop::now`] up to date.
    pub fn update_time(&self) {
        self.0.uv.update_time();
    }

    /// For what waits on the loop itself, and would keep it from closing with a clone.
    ///
    /// ```
    /// let lp = nodecore_event_loop::EventLoop::new()?;
    /// let weak = lp.downgrade();
    /// assert!(weak.upgrade().is_some());
    /// drop(lp);
    /// assert!(weak.upgrade().is_none());
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn downgrade(&self) -> WeakEventLoop {
        WeakEventLoop(self.0.weak())
    }

    /// Closes the loop: pending ticks, timers, immediates and futures are dropped without running. Later calls
    /// on it do nothing. Idempotent. The last clone does this by itself.
    ///
    /// # Errors
    /// [`Code::EBUSY`] while pool operations are out, or from inside a callback of the loop.
    pub fn close(&self) -> Result<()> {
        let inner = Rc::clone(&self.0);
        if inner.is_closed() {
            return Ok(());
        }
        if inner.running.get() || inner.depth.get() > 0 || inner.pool.in_flight() > 0 {
            return Err(Error::system_code(Code::EBUSY, "uv_loop_close"));
        }
        inner.shut();
        Ok(())
    }

    /// Wakes this loop from any thread.
    ///
    /// ```
    /// # use nodecore_event_loop::{EventLoop, RunMode};
    /// let lp = EventLoop::new()?;
    /// let waker = lp.waker();
    /// let _alive = lp.keep_alive();
    /// std::thread::spawn(move || waker.wake());
    /// lp.run(RunMode::Once); // until woken
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn waker(&self) -> LoopWaker {
        LoopWaker(self.0.mailbox.sender().clone())
    }

    /// Keeps the loop alive until the guard is dropped, for instance while another thread is to wake it.
    pub fn keep_alive(&self) -> KeepAlive {
        self.0.count_keep_alive(true);
        KeepAlive(self.0.weak())
    }

    /// The descriptor a host polls for reading, then calls [`EventLoop::run`] with [`RunMode::NoWait`]. It
    /// waits no longer than [`EventLoop::backend_timeout`] says. -1 once closed.
    pub fn backend_fd(&self) -> i32 {
        self.0.uv.backend_fd()
    }

    /// Milliseconds until the loop has something to do by itself; 0: now; -1: nothing but [events on the
    /// descriptor](EventLoop::backend_fd).
    pub fn backend_timeout(&self) -> i32 {
        if self.0.ticks.is_empty() { self.0.uv.backend_timeout() } else { 0 }
    }

    /// Replaces the loop's tick or microtask queue by a host's from here on. Callbacks that wait in the
    /// loop's own queues still run there.
    pub fn set_host_hooks(&self, hooks: HostHooks) {
        let previous = self.0.hooks.replace(Some(Rc::new(hooks)));
        drop(previous);
    }
}

impl fmt::Debug for EventLoop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        f.debug_struct("EventLoop")
            .field("number", &inner.number)
            .field("closed", &inner.is_closed())
            .field("running", &inner.running.get())
            .field("alive", &inner.alive())
            .field("operations", &inner.pool.in_flight())
            .finish()
    }
}

impl LoopWaker {
    /// Makes the loop's poll return: `run(Once)` ends its wait. Does nothing once the loop has closed.
    pub fn wake(&self) {
        self.0.send();
    }
}

impl Drop for KeepAlive {
    fn drop(&mut self) {
        if let Some(inner) = self.0.upgrade() {
            inner.count_keep_alive(false);
        }
    }
}

impl fmt::Debug for KeepAlive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeepAlive").finish_non_exhaustive()
    }
}

/// Marks the loop as running; callbacks inside it are outermost ones whatever scope `run` was called in.
pub(crate) struct Running<'a> {
    inner: &'a Inner,
    depth: usize,
}

impl<'a> Running<'a> {
    pub(crate) fn enter(inner: &'a Inner) -> Running<'a> {
        inner.running.set(true);
        Running { inner, depth: inner.depth.replace(0) }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.inner.running.set(false);
        self.inner.depth.set(self.depth);
    }
}

impl Inner {
    pub(crate) fn weak(&self) -> Weak<Inner> {
        Weak::clone(&self.me)
    }

    /// The loop of this thread with this number.
    pub(crate) fn find(number: u64) -> Option<Rc<Inner>> {
        let find = |loops: &RefCell<Vec<(u64, Weak<Inner>)>>| {
            loops.borrow().iter().find(|entry| entry.0 == number)?.1.upgrade()
        };
        LOOPS.try_with(find).ok().flatten()
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.get()
    }

    pub(crate) fn is_running(&self) -> bool {
        self.running.get()
    }

    pub(crate) fn is_in_callback(&self) -> bool {
        self.depth.get() > 0
    }

    fn alive(&self) -> bool {
        !self.is_closed() && (self.uv.alive() || !self.ticks.is_empty())
    }

    pub(crate) fn hooks(&self) -> Option<Rc<HostHooks>> {
        self.hooks.borrow().clone()
    }

    /// As [`EventLoop::stop`].
    pub(crate) fn stop(&self) {
        self.stopping.set(true);
        self.uv.stop();
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.get()
    }

    pub(crate) fn has_panicked(&self) -> bool {
        let panic = self.panic.take();
        let has = panic.is_some();
        self.panic.set(panic);
        has
    }

    /// Runs `f`; if no callback runs around it, drains the queues after it.
    pub(crate) fn scope<R>(&self, f: impl FnOnce() -> R) -> R {
        struct Leave<'a>(&'a Cell<usize>);
        impl Drop for Leave<'_> {
            fn drop(&mut self) {
                self.0.set(self.0.get() - 1);
            }
        }
        self.depth.set(self.depth.get() + 1);
        let _leave = Leave(&self.depth);
        let result = f();
        if self.depth.get() == 1 {
            self.drain();
        }
        result
    }

    /// One `uv_run`, inside [`Running`]. Continues the panic of a callback.
    pub(crate) fn run_uv(&self, mode: RunMode) {
        self.pool.run_begins(mode);
        self.uv.run(mode);
        self.stopping.set(false);
        self.mailbox.set_awake(false);
        if self.pool.has_mail() {
            // Nobody told the poller, because the loop was awake: the next poll, or the host's, must see it.
            self.mailbox.sender().send();
        }
        if let Some(payload) = self.panic.take() {
            resume_unwind(payload);
        }
    }

    pub(crate) fn count_keep_alive(&self, on: bool) {
        let count = &self.keep_alive;
        count.set(if on { count.get() + 1 } else { count.get() - 1 });
        self.update_ref();
    }

    /// The async handle keeps the loop alive while other threads owe it something.
    pub(crate) fn update_ref(&self) {
        self.uv.ref_wakeup(self.keep_alive.get() > 0 || self.pool.in_flight() > 0);
    }

    /// The idle handle keeps the loop from blocking while referenced immediates wait.
    pub(crate) fn update_idle(&self) {
        self.uv.set_idle(self.immediates.is_referenced() || self.pool.wants_no_wait());
    }

    /// No borrow may be held when user code is called.
    #[inline]
    pub(crate) fn assert_unborrowed(&self) {
        debug_assert!(!self.ticks.is_borrowed(), "the tick queues are borrowed across a callback");
        debug_assert!(!self.timers.is_borrowed(), "the timers are borrowed across a callback");
        debug_assert!(!self.immediates.is_borrowed(), "the immediates are borrowed across a callback");
        debug_assert!(!self.executor.is_borrowed(), "the futures are borrowed across a callback");
        debug_assert!(!self.pool.is_borrowed(), "the pool is borrowed across a callback");
        debug_assert!(self.hooks.try_borrow_mut().is_ok(), "the hooks are borrowed across a callback");
    }

    /// Drops all that waits and closes the handles.
    fn shut(&self) {
        if self.closed.replace(true) {
            return;
        }
        let _ = LOOPS.try_with(|loops| loops.borrow_mut().retain(|entry| entry.0 != self.number));
        self.pool.shut();
        drop(self.ticks.take());
        drop(self.timers.take());
        drop(self.immediates.take());
        drop(self.executor.take());
        drop(self.hooks.take());
        self.uv.close();
        self.pool.discard();
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.shut();
    }
}

impl uv::Phases for Inner {
    fn timers(&self) {
        if self.has_panicked() {
            self.rearm_timer();
        } else {
            self.run_timers();
        }
    }

    fn prepare(&self) {
        if self.has_panicked() {
            self.mailbox.set_awake(false);
        } else {
            self.before_poll();
        }
    }

    fn check(&self) {
        self.mailbox.set_awake(true);
        if !self.has_panicked() {
            self.after_poll();
            self.run_immediates();
        }
    }

    fn wakeup(&self) {
        if !self.has_panicked() {
            self.woken_in_poll();
        }
    }

    fn panicked(&self, payload: Box<dyn Any + Send>) {
        // The first one counts; a second can only come from what runs while the first unwinds.
        let first = self.panic.take();
        self.panic.set(Some(first.unwrap_or(payload)));
        self.stop();
    }
}
