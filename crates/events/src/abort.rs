//! AbortController and AbortSignal.

use std::cell::{Cell, OnceCell, RefCell};
use std::fmt;
use std::ops::Deref;
use std::rc::{Rc, Weak};

use nodecore_error::{Class, Code, Error, Result};
use nodecore_event_loop::{EventLoop, Timeout};

use crate::event::Event;
use crate::limits::MaxListeners;
use crate::listeners::ListenerId;
use crate::target::{EventHandler, EventListenerOptions, EventTarget};

const ABORT: &str = "abort";

/// Aborts what was given its [`signal`](AbortController::signal).
///
/// Node: [`AbortController`](https://nodejs.org/api/globals.html#class-abortcontroller).
///
/// ```
/// use nodecore_events::AbortController;
/// use std::{cell::Cell, rc::Rc};
///
/// let controller = AbortController::new();
/// let signal = controller.signal();
/// let told = Rc::new(Cell::new(false));
/// let flag = Rc::clone(&told);
/// signal.on_abort(move || flag.set(true));
/// controller.abort();
/// assert!(told.get() && signal.aborted());
/// assert_eq!(signal.reason().unwrap().to_string(), "This operation was aborted");
/// ```
#[derive(Clone, Debug, Default)]
pub struct AbortController {
    signal: AbortSignal,
}

impl AbortController {
    /// A controller with a new signal.
    pub fn new() -> AbortController {
        AbortController::default()
    }

    /// Its signal.
    pub fn signal(&self) -> AbortSignal {
        self.signal.clone()
    }

    /// Aborts, with the reason that Node gives by default.
    pub fn abort(&self) {
        self.signal.abort_now(default_reason());
    }

    /// Aborts, with a reason.
    pub fn abort_with(&self, reason: Error) {
        self.signal.abort_now(reason);
    }
}

/// Tells when to give up. Clones are the same signal.
///
/// It is an [`EventTarget`], whose event is `abort`; [`on_abort`](AbortSignal::on_abort) is the short way. A signal
/// that has listeners stays alive as long as it can be aborted, whoever drops it.
///
/// Node: [`AbortSignal`](https://nodejs.org/api/globals.html#class-abortsignal).
///
/// ```
/// use nodecore_events::AbortController;
/// use std::{cell::Cell, rc::Rc};
///
/// let controller = AbortController::new();
/// let kind = Rc::new(Cell::new(None));
/// let seen = Rc::clone(&kind);
/// controller.signal().add_event_listener("abort", Default::default(), move |event| seen.set(Some(event.kind())));
/// controller.abort();
/// assert_eq!(kind.take().unwrap(), "abort");
/// ```
#[derive(Clone, Default)]
pub struct AbortSignal(Rc<Inner>);

struct Inner {
    reason: RefCell<Option<Error>>,
    target: EventTarget,
    /// Of a signal of [`AbortSignal::timeout`].
    timer: OnceCell<Timeout>,
    /// Of a signal of [`AbortSignal::any`]: what aborts it.
    sources: RefCell<Vec<Source>>,
    composite: Cell<bool>,
    /// The signals of [`AbortSignal::any`] that this one aborts, in the order in which they were made.
    dependents: RefCell<Vec<Dependent>>,
}

impl Default for Inner {
    fn default() -> Inner {
        let target = EventTarget::new();
        // Node has no limit for signals.
        target.set_max_listeners(0);
        Inner {
            reason: RefCell::default(),
            target,
            timer: OnceCell::new(),
            sources: RefCell::default(),
            composite: Cell::new(false),
            dependents: RefCell::default(),
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(timer) = self.timer.get() {
            timer.clear();
        }
        self.unfollow();
    }
}

struct Source {
    signal: Weak<Inner>,
    /// A signal that a timer aborts lives as long as who waits for it.
    _kept: Option<AbortSignal>,
}

struct Dependent {
    signal: Weak<Inner>,
    /// Set while the dependent signal has listeners.
    pinned: Option<Rc<Inner>>,
}

impl Inner {
    /// Waits for its sources no more.
    fn unfollow(&self) {
        for source in self.sources.take() {
            if let Some(source) = source.signal.upgrade() {
                let mut dependents = source.dependents.borrow_mut();
                let place = dependents.iter().position(|known| std::ptr::eq(known.signal.as_ptr(), self));
                let removed = place.map(|place| dependents.remove(place));
                drop(dependents);
                drop(removed);
            }
        }
    }
}

impl AbortSignal {
    /// A signal that is aborted already. Node: `AbortSignal.abort`.
    pub fn abort(reason: Option<Error>) -> AbortSignal {
        let signal = AbortSignal::default();
        signal.abort_now(reason.unwrap_or_else(default_reason));
        signal
    }

    /// A signal that is aborted after `ms` milliseconds, with a `TimeoutError`; it does not keep the loop alive.
    /// More than 2147483647 counts as 1, as of any timer. Node: `AbortSignal.timeout`.
    ///
    /// # Errors
    /// [`Code::OutOfRange`] for what is not a whole number from 0 to 4294967295.
    pub fn timeout(lp: &EventLoop, ms: f64) -> Result<AbortSignal> {
        check_delay(ms)?;
        let signal = AbortSignal::default();
        let pin = Rc::new(Pin { signal: Rc::downgrade(&signal.0), pinned: Cell::new(None) });
        let weak = Rc::downgrade(&pin);
        let timer = lp.set_timeout(ms, move || {
            if let Some(inner) = pin.signal.upgrade() {
                AbortSignal(inner).abort_now(timeout_reason());
            }
        });
        timer.unref();
        _ = signal.0.timer.set(timer);
        signal.0.target.watch_population(move |populated| {
            if let Some(pin) = weak.upgrade() {
                let replaced = pin.pinned.replace(if populated { pin.signal.upgrade() } else { None });
                drop(replaced);
            }
        });
        Ok(signal)
    }

    /// A signal that is aborted when the first of `signals` is. Node: `AbortSignal.any`.
    pub fn any(signals: &[AbortSignal]) -> AbortSignal {
        let any = AbortSignal::default();
        if let Some(reason) = signals.iter().find_map(AbortSignal::reason) {
            any.abort_now(reason);
            return any;
        }
        any.0.composite.set(true);
        for signal in signals {
            if signal.0.composite.get() {
                let sources: Vec<Rc<Inner>> =
                    signal.0.sources.borrow().iter().filter_map(|source| source.signal.upgrade()).collect();
                for source in sources {
                    any.follow(&AbortSignal(source));
                }
            } else {
                any.follow(signal);
            }
        }
        let weak = Rc::downgrade(&any.0);
        any.0.target.watch_population(move |populated| {
            if let Some(inner) = weak.upgrade() {
                AbortSignal(inner).pin(populated);
            }
        });
        any
    }

    /// Lets `source` abort this signal.
    fn follow(&self, source: &AbortSignal) {
        let weak = Rc::downgrade(&source.0);
        if self.0.sources.borrow().iter().any(|known| Weak::ptr_eq(&known.signal, &weak)) {
            return;
        }
        let kept = source.0.timer.get().map(|_| source.clone());
        self.0.sources.borrow_mut().push(Source { signal: weak, _kept: kept });
        let dependent = Dependent { signal: Rc::downgrade(&self.0), pinned: None };
        source.0.dependents.borrow_mut().push(dependent);
    }

    /// Lets the sources keep this signal alive, or not.
    fn pin(&self, pinned: bool) {
        let sources: Vec<Rc<Inner>> =
            self.0.sources.borrow().iter().filter_map(|source| source.signal.upgrade()).collect();
        for source in sources {
            let mut dependents = source.dependents.borrow_mut();
            let known =
                dependents.iter_mut().find(|known| Weak::as_ptr(&known.signal) == Rc::as_ptr(&self.0));
            let replaced = known
                .and_then(|known| std::mem::replace(&mut known.pinned, pinned.then(|| Rc::clone(&self.0))));
            drop(dependents);
            drop(replaced);
        }
    }

    /// Whether it has been aborted.
    pub fn aborted(&self) -> bool {
        self.0.reason.borrow().is_some()
    }

    /// Why, once it has been.
    pub fn reason(&self) -> Option<Error> {
        self.0.reason.borrow().clone()
    }

    /// Node: `throwIfAborted`.
    ///
    /// # Errors
    /// The reason, once it has been aborted.
    pub fn throw_if_aborted(&self) -> Result<()> {
        self.reason().map_or(Ok(()), Err)
    }

    /// The `AbortError` that an aborted operation fails with: its cause is the reason.
    pub fn error(&self) -> Error {
        match self.reason() {
            Some(reason) => Error::abort().with_cause(reason),
            None => Error::abort(),
        }
    }

    /// Calls `listener` when it is aborted; never if it is already. [`Event::stop_immediate_propagation`] does not
    /// keep it from being called. Node: what `events.addAbortListener` does with a signal that is not aborted.
    pub fn on_abort(&self, listener: impl FnOnce() + 'static) -> ListenerId {
        if self.aborted() {
            return ListenerId::new(0);
        }
        let listener = Cell::new(Some(listener));
        let call = move |_: &Event| {
            if let Some(listener) = listener.take() {
                listener();
            }
        };
        let options = EventListenerOptions { once: true, resists: true, ..Default::default() };
        self.0.target.add_event_listener(ABORT, options, call)
    }

    /// Removes a listener; false if it is not there.
    pub fn off(&self, id: ListenerId) -> bool {
        self.0.target.off(id)
    }

    /// Sets the handler that is an attribute. Node: `signal.onabort`.
    pub fn set_onabort(&self, handler: Option<EventHandler>) {
        self.0.target.set_handler(ABORT, handler);
    }

    fn abort_now(&self, reason: Error) {
        if self.aborted() {
            return;
        }
        *self.0.reason.borrow_mut() = Some(reason.clone());
        // All are aborted before the first listener runs.
        let mut aborted = Vec::new();
        for dependent in self.0.dependents.take() {
            if let Some(inner) = dependent.signal.upgrade()
                && inner.reason.borrow().is_none()
            {
                *inner.reason.borrow_mut() = Some(reason.clone());
                aborted.push(AbortSignal(inner));
            }
        }
        self.dispatch_abort();
        for signal in aborted {
            signal.0.unfollow();
            signal.dispatch_abort();
        }
    }

    fn dispatch_abort(&self) {
        if self.0.target.has_listeners() {
            // A new event is not being dispatched.
            _ = self.0.target.dispatch_event(&Event::trusted(ABORT));
        }
    }
}

impl Deref for AbortSignal {
    type Target = EventTarget;

    fn deref(&self) -> &EventTarget {
        &self.0.target
    }
}

impl MaxListeners for AbortSignal {
    fn max_listeners(&self) -> usize {
        self.0.target.max_listeners()
    }

    fn set_max_listeners(&self, count: usize) {
        self.0.target.set_max_listeners(count);
    }
}

impl fmt::Debug for AbortSignal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AbortSignal").field("aborted", &self.aborted()).finish()
    }
}

/// What a timer holds of the signal that it aborts.
struct Pin {
    signal: Weak<Inner>,
    /// Set while the signal has listeners.
    pinned: Cell<Option<Rc<Inner>>>,
}

impl Drop for Pin {
    /// The timer has fired or is gone: nobody can abort the signal any more, so nothing may be kept for that.
    fn drop(&mut self) {
        if let Some(signal) = self.signal.upgrade() {
            let dependents = signal.dependents.take();
            drop(dependents);
        }
    }
}

/// Calls a listener of [`add_abort_listener`] no more when it is dropped or [disposed](AbortListener::dispose).
#[derive(Debug)]
#[must_use = "dropping it removes the listener"]
pub struct AbortListener {
    signal: AbortSignal,
    id: Option<ListenerId>,
}

impl AbortListener {
    /// Removes the listener. Node: `disposable[Symbol.dispose]()`.
    pub fn dispose(self) {}

    /// Leaves the listener where it is.
    pub fn forget(mut self) {
        self.id = None;
    }
}

impl Drop for AbortListener {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            self.signal.off(id);
        }
    }
}

/// Calls `listener` when `signal` is aborted, whatever other listeners do; as a microtask of `lp` if it is already.
/// Node: [`events.addAbortListener`](https://nodejs.org/api/events.html#eventsaddabortlistenersignal-listener).
///
/// ```
/// use nodecore_events::{AbortController, add_abort_listener};
/// use std::{cell::Cell, rc::Rc};
///
/// let lp = nodecore_event_loop::EventLoop::new()?;
/// let controller = AbortController::new();
/// let count = Rc::new(Cell::new(0));
/// let seen = Rc::clone(&count);
/// let guard = add_abort_listener(&lp, &controller.signal(), move || seen.set(seen.get() + 1));
/// guard.dispose();
/// controller.abort();
/// let seen = Rc::clone(&count);
/// add_abort_listener(&lp, &controller.signal(), move || seen.set(seen.get() + 10)).forget();
/// assert_eq!(count.get(), 0);
/// lp.run(nodecore_event_loop::RunMode::Default);
/// assert_eq!(count.get(), 10);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn add_abort_listener(
    lp: &EventLoop,
    signal: &AbortSignal,
    listener: impl FnOnce() + 'static,
) -> AbortListener {
    let id = if signal.aborted() {
        lp.queue_microtask(listener);
        None
    } else {
        Some(signal.on_abort(listener))
    };
    AbortListener { signal: signal.clone(), id }
}

fn check_delay(ms: f64) -> Result<()> {
    let whole = ms.is_finite() && ms.fract() == 0.0;
    if whole && (0.0..=f64::from(u32::MAX)).contains(&ms) {
        return Ok(());
    }
    let range = if whole { ">= 0 && <= 4294967295" } else { "an integer" };
    let mut buffer = ryu_js::Buffer::new();
    let number = buffer.format(ms);
    let mut shown = number.to_owned();
    if whole && ms.abs() > 4_294_967_296.0 {
        // Node parts large numbers in threes, whatever is in them: 1e_+21.
        let mut at = number.len();
        while at >= 4 + usize::from(ms < 0.0) {
            at -= 3;
            shown.insert(at, '_');
        }
    }
    Err(Error::from_template(Code::OutOfRange, &[&"delay", &range, &shown]))
}

fn default_reason() -> Error {
    Error::new(Code::Abort, "This operation was aborted")
}

fn timeout_reason() -> Error {
    Error::new(Code::Abort, "The operation was aborted due to timeout").with_class(Class::TimeoutError)
}
