//! Node's [`timers/promises`](https://nodejs.org/api/timers.html#timers-promises-api).
//!
//! | Node | here |
//! |---|---|
//! | `setTimeout(delay, value, options)` | [`set_timeout`] |
//! | `setImmediate(value, options)` | [`set_immediate`] |
//! | `setInterval(delay, value, options)` | [`set_interval`] |
//! | `scheduler.wait`, `scheduler.yield` | [`scheduler::wait`], [`scheduler::yield_`] |
//!
//! ```
//! use nodecore_event_loop::EventLoop;
//! use nodecore_events::AbortController;
//! use nodecore_events::timers::promises::{TimerOptions, scheduler, set_timeout};
//!
//! let lp = EventLoop::new()?;
//! let controller = AbortController::new();
//! let never = set_timeout(&lp, 1e6, "never", &TimerOptions::default().signal(&controller.signal()));
//! let error = lp.block_on(async {
//!     assert_eq!(set_timeout(&lp, 1.0, "value", &TimerOptions::default()).await?, "value");
//!     scheduler::yield_(&lp).await?;
//!     controller.abort();
//!     Ok::<_, nodecore_error::Error>(never.await.unwrap_err())
//! })?;
//! assert_eq!(error.to_string(), "The operation was aborted");
//! assert_eq!(error.cause(), controller.signal().reason().as_ref());
//! # Ok::<(), nodecore_error::Error>(())
//! ```
//!
//! # Differences from Node
//! Dropping a future or a stream clears its timer.

use std::cell::Cell;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, Immediate, Timeout};

use crate::abort::AbortSignal;
use crate::listeners::ListenerId;

/// Options of the functions here.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TimerOptions {
    /// Whether the timer keeps the loop alive, as it does at first. Node: `ref`.
    pub ref_: bool,
    /// Clears the timer and ends the wait.
    pub signal: Option<AbortSignal>,
}

impl Default for TimerOptions {
    fn default() -> TimerOptions {
        TimerOptions { ref_: true, signal: None }
    }
}

impl TimerOptions {
    /// Sets [`ref_`](TimerOptions::ref_).
    #[must_use]
    pub fn ref_(mut self, on: bool) -> TimerOptions {
        self.ref_ = on;
        self
    }

    /// Sets [`signal`](TimerOptions::signal).
    #[must_use]
    pub fn signal(mut self, signal: &AbortSignal) -> TimerOptions {
        self.signal = Some(signal.clone());
        self
    }
}

/// Gives `value` after `delay` milliseconds, which are read as by [`EventLoop::set_timeout`]. The timer starts now.
/// Node: [`timersPromises.setTimeout`](https://nodejs.org/api/timers.html#timerspromisessettimeoutdelay-value-options).
///
/// # Errors
/// The future gives an `AbortError`, whose cause is the reason, once the signal is aborted.
pub fn set_timeout<T: 'static>(
    lp: &EventLoop,
    delay: f64,
    value: T,
    options: &TimerOptions,
) -> TimerPromise<T> {
    TimerPromise::start(lp, value, options, |fire| Timer::Timeout(lp.set_timeout(delay, fire)))
}

/// Gives `value` in the next check phase. Node:
/// [`timersPromises.setImmediate`](https://nodejs.org/api/timers.html#timerspromisessetimmediatevalue-options).
///
/// # Errors
/// As [`set_timeout`].
pub fn set_immediate<T: 'static>(lp: &EventLoop, value: T, options: &TimerOptions) -> TimerPromise<T> {
    TimerPromise::start(lp, value, options, |fire| Timer::Immediate(lp.set_immediate(fire)))
}

/// Gives `value` every `delay` milliseconds. Node:
/// [`timersPromises.setInterval`](https://nodejs.org/api/timers.html#timerspromisessetintervaldelay-value-options).
///
/// As in Node the timer starts when the stream is first polled, and what it gave while nobody read is given at once
/// then. After an abort that comes too, before the `AbortError` that ends the stream.
///
/// ```
/// use nodecore_event_loop::EventLoop;
/// use nodecore_events::timers::promises::{TimerOptions, set_interval};
///
/// let lp = EventLoop::new()?;
/// let mut ticks = set_interval(&lp, 1.0, "tick", &TimerOptions::default());
/// lp.block_on(async {
///     assert_eq!(ticks.next().await, Some(Ok("tick")));
///     assert_eq!(ticks.next().await, Some(Ok("tick")));
///     ticks.close();
///     assert_eq!(ticks.next().await, None);
/// });
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn set_interval<T: Clone + Unpin + 'static>(
    lp: &EventLoop,
    delay: f64,
    value: T,
    options: &TimerOptions,
) -> Interval<T> {
    let state = Rc::new(Ticks::default());
    Interval { lp: lp.clone(), delay, value, options: options.clone(), state }
}

/// Node's [`scheduler`](https://nodejs.org/api/timers.html#timerspromisesschedulerwaitdelay-options).
pub mod scheduler {
    use super::{EventLoop, TimerOptions, TimerPromise, set_immediate, set_timeout};

    /// As [`set_timeout`], without a value. Node: `scheduler.wait`.
    ///
    /// # Errors
    /// As there.
    pub fn wait(lp: &EventLoop, delay: f64, options: &TimerOptions) -> TimerPromise<()> {
        set_timeout(lp, delay, (), options)
    }

    /// As [`set_immediate`], without a value. Node: `scheduler.yield`.
    ///
    /// # Errors
    /// None: it has no signal.
    pub fn yield_(lp: &EventLoop) -> TimerPromise<()> {
        set_immediate(lp, (), &TimerOptions::default())
    }
}

enum Timer {
    Timeout(Timeout),
    Immediate(Immediate),
}

impl Timer {
    fn clear(&self) {
        match self {
            Timer::Timeout(timer) => timer.clear(),
            Timer::Immediate(immediate) => immediate.clear(),
        }
    }

    fn unref(&self) {
        match self {
            Timer::Timeout(timer) => _ = timer.unref(),
            Timer::Immediate(immediate) => _ = immediate.unref(),
        }
    }
}

/// What waits: a timer, perhaps a signal, and who is to be told.
#[derive(Default)]
struct Wait {
    timer: Cell<Option<Timer>>,
    signal: Cell<Option<(AbortSignal, ListenerId)>>,
    waker: Cell<Option<Waker>>,
}

impl Wait {
    fn start(&self, timer: Timer, options: &TimerOptions, aborted: impl FnOnce(&AbortSignal) + 'static) {
        if !options.ref_ {
            timer.unref();
        }
        self.timer.set(Some(timer));
        if let Some(signal) = &options.signal {
            let own = signal.clone();
            let id = signal.on_abort(move || aborted(&own));
            self.signal.set(Some((signal.clone(), id)));
        }
    }

    fn stop(&self) {
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
        if let Some((signal, id)) = self.signal.take() {
            signal.off(id);
        }
    }

    fn wake(&self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

/// The future of [`set_timeout`] and [`set_immediate`].
#[must_use = "dropping it clears the timer"]
pub struct TimerPromise<T>(Rc<State<T>>);

struct State<T> {
    /// Until the timer fires.
    value: Cell<Option<T>>,
    result: Cell<Option<Result<T>>>,
    wait: Wait,
}

impl<T: 'static> TimerPromise<T> {
    fn start(
        lp: &EventLoop,
        value: T,
        options: &TimerOptions,
        set: impl FnOnce(Box<dyn FnOnce()>) -> Timer,
    ) -> TimerPromise<T> {
        let state =
            Rc::new(State { value: Cell::new(Some(value)), result: Cell::new(None), wait: Wait::default() });
        if let Some(signal) = options.signal.as_ref().filter(|signal| signal.aborted()) {
            state.result.set(Some(Err(signal.error())));
            return TimerPromise(state);
        }
        let (fired, aborted) = (Rc::downgrade(&state), Rc::downgrade(&state));
        let (own, turns) = (lp.clone(), if options.signal.is_some() { SIGNAL_TURNS } else { 0 });
        let timer = set(Box::new(move || {
            if let Some(state) = fired.upgrade()
                && let Some(value) = state.value.take()
            {
                settle(&own, state, Ok(value), turns);
            }
        }));
        let own = lp.clone();
        state.wait.start(timer, options, move |signal| {
            if let Some(state) = aborted.upgrade() {
                settle(&own, state, Err(signal.error()), turns);
            }
        });
        TimerPromise(state)
    }
}

/// By so many turns Node's promises are later where there is a signal, whose listener they remove first.
const SIGNAL_TURNS: u32 = 5;

/// Tells the result, `turns` microtasks later.
fn settle<T: 'static>(lp: &EventLoop, state: Rc<State<T>>, result: Result<T>, turns: u32) {
    state.wait.stop();
    if let Some(left) = turns.checked_sub(1) {
        let own = lp.clone();
        lp.queue_microtask(move || settle(&own, state, result, left));
        return;
    }
    state.result.set(Some(result));
    state.wait.wake();
}

impl<T> Future for TimerPromise<T> {
    type Output = Result<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T>> {
        match self.0.result.take() {
            Some(result) => Poll::Ready(result),
            None => {
                self.0.wait.waker.set(Some(context.waker().clone()));
                Poll::Pending
            }
        }
    }
}

impl<T> Drop for TimerPromise<T> {
    fn drop(&mut self) {
        self.0.wait.stop();
    }
}

impl<T> fmt::Debug for TimerPromise<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimerPromise").finish_non_exhaustive()
    }
}

/// The stream of [`set_interval`].
#[must_use = "the timer starts when it is polled"]
pub struct Interval<T> {
    lp: EventLoop,
    delay: f64,
    value: T,
    options: TimerOptions,
    state: Rc<Ticks>,
}

#[derive(Default)]
struct Ticks {
    started: Cell<bool>,
    ended: Cell<bool>,
    /// How often the timer has fired that was not told yet.
    count: Cell<usize>,
    wait: Wait,
}

impl<T: Clone + Unpin> Interval<T> {
    /// The value, when it is time; `None` at the end. Node: `iterator.next()`.
    ///
    /// # Errors
    /// The `AbortError` of the signal, which ends the stream.
    pub async fn next(&mut self) -> Option<Result<T>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Ends the stream. Node: `iterator.return()`.
    pub fn close(&mut self) {
        self.state.ended.set(true);
        self.state.wait.stop();
        self.state.wait.wake();
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let state = &self.state;
        if state.ended.get() {
            return Poll::Ready(None);
        }
        let aborted = self.options.signal.as_ref().filter(|signal| signal.aborted());
        if !state.started.replace(true) && aborted.is_none() {
            self.start();
        }
        if let Some(left) = state.count.get().checked_sub(1) {
            state.count.set(left);
            return Poll::Ready(Some(Ok(self.value.clone())));
        }
        if let Some(signal) = aborted {
            state.ended.set(true);
            return Poll::Ready(Some(Err(signal.error())));
        }
        state.wait.waker.set(Some(context.waker().clone()));
        Poll::Pending
    }

    fn start(&self) {
        let (ticked, aborted) = (Rc::downgrade(&self.state), Rc::downgrade(&self.state));
        let timer = self.lp.set_interval(self.delay, move || {
            if let Some(state) = ticked.upgrade() {
                state.count.set(state.count.get().saturating_add(1));
                state.wait.wake();
            }
        });
        self.state.wait.start(Timer::Timeout(timer), &self.options, move |_| {
            if let Some(state) = aborted.upgrade() {
                state.wait.stop();
                state.wait.wake();
            }
        });
    }
}

impl<T: Clone + Unpin> Stream for Interval<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        self.poll(context)
    }
}

impl<T> Drop for Interval<T> {
    fn drop(&mut self) {
        self.state.wait.stop();
    }
}

impl<T> fmt::Debug for Interval<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interval")
            .field("delay", &self.delay)
            .field("options", &self.options)
            .field("waiting", &self.state.count.get())
            .field("ended", &self.state.ended.get())
            .finish_non_exhaustive()
    }
}
