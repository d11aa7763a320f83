//! What an EventTarget dispatches.

use std::any::Any;
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;
use std::sync::OnceLock;
use std::time::Instant;

use crate::target::EventTarget;

/// Options of [`Event::with_options`].
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct EventOptions {
    /// Kept, but without effect: targets here, as in Node, have no parents.
    pub bubbles: bool,
    /// Whether [`Event::prevent_default`] has an effect.
    pub cancelable: bool,
    /// Kept, but without effect.
    pub composed: bool,
    /// What a `CustomEvent` carries.
    pub detail: Option<Rc<dyn Any>>,
}

impl EventOptions {
    /// Sets [`bubbles`](EventOptions::bubbles).
    #[must_use]
    pub fn bubbles(mut self, bubbles: bool) -> EventOptions {
        self.bubbles = bubbles;
        self
    }

    /// Sets [`cancelable`](EventOptions::cancelable).
    #[must_use]
    pub fn cancelable(mut self, cancelable: bool) -> EventOptions {
        self.cancelable = cancelable;
        self
    }

    /// Sets [`composed`](EventOptions::composed).
    #[must_use]
    pub fn composed(mut self, composed: bool) -> EventOptions {
        self.composed = composed;
        self
    }

    /// Sets [`detail`](EventOptions::detail).
    #[must_use]
    pub fn detail(mut self, detail: impl Any) -> EventOptions {
        self.detail = Some(Rc::new(detail));
        self
    }
}

impl fmt::Debug for EventOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventOptions")
            .field("bubbles", &self.bubbles)
            .field("cancelable", &self.cancelable)
            .field("composed", &self.composed)
            .field("detail", &self.detail.is_some())
            .finish()
    }
}

/// An event of an [`EventTarget`]. Clones are the same event.
///
/// Node: [`Event`](https://nodejs.org/api/events.html#class-event), and
/// [`CustomEvent`](https://nodejs.org/api/events.html#class-customevent) where it has a detail.
///
/// ```
/// use nodecore_events::{Event, EventOptions, EventTarget};
///
/// let target = EventTarget::new();
/// target.add_event_listener("save", Default::default(), |event| {
///     if *event.detail::<u32>().unwrap() == 7 {
///         event.prevent_default();
///     }
/// });
/// let save = |n: u32| Event::with_options("save", EventOptions::default().cancelable(true).detail(n));
/// assert!(target.dispatch_event(&save(1))?);
/// assert!(!target.dispatch_event(&save(7))?);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone)]
pub struct Event(Rc<State>);

struct State {
    kind: RefCell<Cow<'static, str>>,
    bubbles: Cell<bool>,
    cancelable: Cell<bool>,
    composed: bool,
    trusted: bool,
    detail: Option<Rc<dyn Any>>,
    time_stamp: f64,
    prevented: Cell<bool>,
    propagation_stopped: Cell<bool>,
    stopped: Cell<bool>,
    dispatched: Cell<bool>,
    passive: Cell<bool>,
    target: RefCell<Option<EventTarget>>,
}

impl Event {
    /// An event of the type `kind`. Node: `new Event(type)`.
    pub fn new(kind: impl Into<Cow<'static, str>>) -> Event {
        Event::with_options(kind, EventOptions::default())
    }

    /// The same, with options. Node: `new Event(type, options)`, `new CustomEvent(type, options)`.
    pub fn with_options(kind: impl Into<Cow<'static, str>>, options: EventOptions) -> Event {
        Event::build(kind.into(), options, false)
    }

    /// An event of the library's own.
    pub(crate) fn trusted(kind: &'static str) -> Event {
        Event::build(Cow::Borrowed(kind), EventOptions::default(), true)
    }

    fn build(kind: Cow<'static, str>, options: EventOptions, trusted: bool) -> Event {
        static START: OnceLock<Instant> = OnceLock::new();
        let start = START.get_or_init(Instant::now);
        Event(Rc::new(State {
            kind: RefCell::new(kind),
            bubbles: Cell::new(options.bubbles),
            cancelable: Cell::new(options.cancelable),
            composed: options.composed,
            trusted,
            detail: options.detail,
            time_stamp: start.elapsed().as_secs_f64() * 1e3,
            prevented: Cell::new(false),
            propagation_stopped: Cell::new(false),
            stopped: Cell::new(false),
            dispatched: Cell::new(false),
            passive: Cell::new(false),
            target: RefCell::new(None),
        }))
    }

    /// Its name. Node: `event.type`.
    pub fn kind(&self) -> Cow<'static, str> {
        self.0.kind.borrow().clone()
    }

    /// Its detail, if it has one of this type. Node: `customEvent.detail`.
    pub fn detail<T: Any>(&self) -> Option<Rc<T>> {
        self.0.detail.clone()?.downcast().ok()
    }

    /// What it was created with.
    pub fn bubbles(&self) -> bool {
        self.0.bubbles.get()
    }

    /// What it was created with.
    pub fn cancelable(&self) -> bool {
        self.0.cancelable.get()
    }

    /// What it was created with.
    pub fn composed(&self) -> bool {
        self.0.composed
    }

    /// Whether the library made it, such as the `abort` of a signal.
    pub fn is_trusted(&self) -> bool {
        self.0.trusted
    }

    /// When it was created, in milliseconds since this process made its first event.
    pub fn time_stamp(&self) -> f64 {
        self.0.time_stamp
    }

    /// The target that it was dispatched to last.
    pub fn target(&self) -> Option<EventTarget> {
        self.0.target.borrow().clone()
    }

    /// The target that it is being dispatched to.
    pub fn current_target(&self) -> Option<EventTarget> {
        if self.0.dispatched.get() { self.target() } else { None }
    }

    /// The targets that it goes through: at most one. Node: `event.composedPath()`.
    pub fn composed_path(&self) -> Vec<EventTarget> {
        self.current_target().into_iter().collect()
    }

    /// 2 (`Event.AT_TARGET`) while it is being dispatched, else 0 (`Event.NONE`).
    pub fn event_phase(&self) -> u16 {
        if self.0.dispatched.get() { 2 } else { 0 }
    }

    /// Makes [`EventTarget::dispatch_event`] return false, if the event is cancelable and the listener not passive.
    pub fn prevent_default(&self) {
        if self.cancelable() && !self.0.passive.get() {
            self.0.prevented.set(true);
        }
    }

    /// Whether that was done.
    pub fn default_prevented(&self) -> bool {
        self.0.prevented.get()
    }

    /// The opposite. Node: `event.returnValue`.
    pub fn return_value(&self) -> bool {
        !self.default_prevented()
    }

    /// Keeps the listeners that have not been called yet from being called, now and whenever it is dispatched.
    pub fn stop_immediate_propagation(&self) {
        self.0.stopped.set(true);
    }

    /// Has no effect but on [`cancel_bubble`](Event::cancel_bubble).
    pub fn stop_propagation(&self) {
        self.0.propagation_stopped.set(true);
    }

    /// Whether [`stop_propagation`](Event::stop_propagation) was called.
    pub fn cancel_bubble(&self) -> bool {
        self.0.propagation_stopped.get()
    }

    /// Renames it, unless it is being dispatched. Node: `event.initEvent(type[, bubbles[, cancelable]])`.
    pub fn init_event(&self, kind: impl Into<Cow<'static, str>>, bubbles: bool, cancelable: bool) {
        if !self.0.dispatched.get() {
            self.0.kind.replace(kind.into());
            self.0.bubbles.set(bubbles);
            self.0.cancelable.set(cancelable);
        }
    }

    pub(crate) fn is_dispatched(&self) -> bool {
        self.0.dispatched.get()
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.0.stopped.get()
    }

    /// Notes whether the listener that runs is passive.
    pub(crate) fn set_passive(&self, passive: bool) {
        self.0.passive.set(passive);
    }

    /// Is being dispatched to `target` until the guard goes.
    pub(crate) fn begin(&self, target: &EventTarget) -> impl Drop + use<> {
        struct Ended(Event);
        impl Drop for Ended {
            fn drop(&mut self) {
                self.0.0.dispatched.set(false);
                self.0.0.passive.set(false);
            }
        }
        let replaced = self.0.target.replace(Some(target.clone()));
        drop(replaced);
        self.0.dispatched.set(true);
        Ended(self.clone())
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("type", &*self.0.kind.borrow())
            .field("default_prevented", &self.default_prevented())
            .field("event_phase", &self.event_phase())
            .finish_non_exhaustive()
    }
}
