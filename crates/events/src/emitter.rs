//! EventEmitter: events by name.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use nodecore_error::{Code, Error, Result};

use crate::handler::{Call, Handler};
use crate::limits::{MaxListeners, warn_of_too_many};
use crate::list::{Entry, List};
use crate::listeners::{ListenerId, listener_mut};
use crate::names::Slots;
use crate::rejections::{RejectionHandler, capture_rejections};
use crate::uncaught::uncaught;

const NEW_LISTENER: &str = "newListener";
const REMOVE_LISTENER: &str = "removeListener";

/// The event of those who only watch errors: the text of Node's symbol
/// [`events.errorMonitor`](https://nodejs.org/api/events.html#eventserrormonitor).
pub const ERROR_MONITOR: &str = "Symbol(events.errorMonitor)";

/// How a listener is added.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct ListenOptions {
    /// Whether it is removed just before its first call.
    pub once: bool,
    /// Whether it goes before the listeners that are there.
    pub prepend: bool,
}

impl ListenOptions {
    /// Sets [`once`](ListenOptions::once).
    #[must_use]
    pub fn once(mut self, once: bool) -> ListenOptions {
        self.once = once;
        self
    }

    /// Sets [`prepend`](ListenOptions::prepend).
    #[must_use]
    pub fn prepend(mut self, prepend: bool) -> ListenOptions {
        self.prepend = prepend;
        self
    }
}

/// Options of [`EventEmitter::with_options`].
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct EventEmitterOptions {
    /// Whether rejections of asynchronous listeners become `error` events; `None` is the thread's default, which
    /// [`set_capture_rejections`](crate::set_capture_rejections) sets.
    pub capture_rejections: Option<bool>,
}

impl EventEmitterOptions {
    /// Sets [`capture_rejections`](EventEmitterOptions::capture_rejections).
    #[must_use]
    pub fn capture_rejections(mut self, capture: bool) -> EventEmitterOptions {
        self.capture_rejections = Some(capture);
        self
    }
}

/// An emitter of events that are named at run time and carry an `A`.
///
/// Clones are the same emitter. Node:
/// [`EventEmitter`](https://nodejs.org/api/events.html#class-eventemitter).
///
/// Emission runs over a snapshot, in order: a listener that is removed meanwhile is still called, one that is added
/// is not. Inside a listener the emitter may be used in every way. A listener that panics ends the emission, as an
/// exception does in Node; the emitter can be used on. An emission allocates nothing.
///
/// # Differences from Node
/// A closure is removed by its id; a [`Handler`] by what it is, as a function in Node. What carries something other
/// than an `A` has methods of its own: [`on_error`](EventEmitter::on_error),
/// [`on_error_monitor`](EventEmitter::on_error_monitor), [`on_new_listener`](EventEmitter::on_new_listener),
/// [`on_remove_listener`](EventEmitter::on_remove_listener). They are listeners of the events `error`,
/// [`ERROR_MONITOR`], `newListener` and `removeListener` all the same: counted, listed, removed with the others. A
/// listener of `error` that a monitor removes is not called, and `remove_all_listeners` removes what was there when it
/// began; Node in these two cases may go on with a list that is no more.
///
/// ```
/// use nodecore_events::EventEmitter;
/// use std::{cell::RefCell, rc::Rc};
///
/// let emitter = EventEmitter::new();
/// let text = Rc::new(RefCell::new(String::new()));
/// let sink = Rc::clone(&text);
/// emitter.on("greet", move |name: &str| sink.borrow_mut().push_str(name));
/// assert!(emitter.emit("greet", "world"));
/// assert!(!emitter.emit("part", "world"));
/// assert_eq!(*text.borrow(), "world");
/// ```
pub struct EventEmitter<A: Clone + fmt::Debug + 'static>(pub(crate) Rc<Inner<A>>);

pub(crate) struct Inner<A> {
    pub(crate) slots: RefCell<Slots<Handler<A>>>,
    pub(crate) max_listeners: Cell<Option<usize>>,
    /// Whether anybody ever watched for new and for removed listeners.
    new_watched: Cell<bool>,
    remove_watched: Cell<bool>,
    pub(crate) capture_rejections: Cell<bool>,
    pub(crate) rejection: RefCell<Option<RejectionHandler<A>>>,
}

/// Why an emission failed.
enum Failure {
    /// An `error` that nobody listens to.
    Unheard(Error),
    /// The error of a listener.
    Thrown(Error),
}

impl<A: Clone + fmt::Debug + 'static> EventEmitter<A> {
    /// An emitter without listeners.
    pub fn new() -> EventEmitter<A> {
        EventEmitter::with_options(EventEmitterOptions::default())
    }

    /// The same, with options. Node:
    /// [`new EventEmitter([options])`](https://nodejs.org/api/events.html#capture-rejections-of-promises).
    pub fn with_options(options: EventEmitterOptions) -> EventEmitter<A> {
        EventEmitter(Rc::new(Inner {
            slots: RefCell::new(Slots::new()),
            max_listeners: Cell::new(None),
            new_watched: Cell::new(false),
            remove_watched: Cell::new(false),
            capture_rejections: Cell::new(options.capture_rejections.unwrap_or_else(capture_rejections)),
            rejection: RefCell::new(None),
        }))
    }

    /// Calls `listener` on each `event`. Node: `on`, `addListener`.
    pub fn on(&self, event: &str, listener: impl FnMut(A) + 'static) -> ListenerId {
        self.add(event, Handler::new_mut(listener), ListenOptions::default())
    }

    /// As [`on`](EventEmitter::on), for a listener that may run again while it runs.
    pub fn on_shared(&self, event: &str, listener: impl Fn(A) + 'static) -> ListenerId {
        self.add(event, Handler::new(listener), ListenOptions::default())
    }

    /// As [`on_shared`](EventEmitter::on_shared), for a listener that may fail; see [`Handler::fallible`].
    pub fn on_fallible(&self, event: &str, listener: impl Fn(A) -> Result<()> + 'static) -> ListenerId {
        self.add(event, Handler::fallible(listener), ListenOptions::default())
    }

    /// Calls `listener` on the next `event`.
    pub fn once(&self, event: &str, listener: impl FnOnce(A) + 'static) -> ListenerId {
        self.add(event, handler_once(listener), ListenOptions::default().once(true))
    }

    /// As [`on`](EventEmitter::on), before all other listeners.
    pub fn prepend_listener(&self, event: &str, listener: impl FnMut(A) + 'static) -> ListenerId {
        self.add(event, Handler::new_mut(listener), ListenOptions::default().prepend(true))
    }

    /// As [`once`](EventEmitter::once), before all other listeners.
    pub fn prepend_once_listener(&self, event: &str, listener: impl FnOnce(A) + 'static) -> ListenerId {
        self.add(event, handler_once(listener), ListenOptions::default().once(true).prepend(true))
    }

    /// Adds a [`Handler`], which may have been added before. Node: `addListener` and its kin with a function.
    pub fn add_listener(&self, event: &str, handler: &Handler<A>, options: ListenOptions) -> ListenerId {
        self.add(event, handler.clone(), options)
    }

    /// Removes the newest listener of `event` that is this `handler`; false if there is none. Node:
    /// `removeListener`.
    pub fn remove_listener(&self, event: &str, handler: &Handler<A>) -> bool {
        let mut slots = self.0.slots.borrow_mut();
        let Some(index) = slots.position(event) else { return false };
        let Some(slot) = slots.get_mut(index) else { return false };
        let place = slot.list.entries().iter().rposition(|entry| entry.call.is(handler));
        let Some(place) = place else { return false };
        let removed = slot.list.take_at(place);
        slots.lost(index);
        drop(slots);
        if let Some(entry) = &removed {
            self.tell_removed(event, entry.id);
        }
        removed.is_some()
    }

    /// Removes a listener; false if it is not there. Node: `off`, `removeListener`.
    pub fn off(&self, id: ListenerId) -> bool {
        let mut slots = self.0.slots.borrow_mut();
        let index = id.tag() as usize;
        let Some(removed) = slots.get_mut(index).and_then(|slot| slot.list.remove(id)) else { return false };
        slots.lost(index);
        if self.0.remove_watched.get() {
            let name = slots.get(index).map(|slot| Rc::clone(&slot.name));
            drop(slots);
            if let Some(name) = name {
                self.tell_removed(&name, id);
            }
        } else {
            drop(slots);
        }
        drop(removed);
        true
    }

    /// Removes all listeners of `event`, or of every event: the newest first, as Node does.
    pub fn remove_all_listeners(&self, event: Option<&str>) {
        if self.listener_count(REMOVE_LISTENER) == 0 {
            return self.forget(event);
        }
        let Some(event) = event else {
            for name in self.event_names() {
                if &*name != REMOVE_LISTENER {
                    self.remove_all_listeners(Some(&name));
                }
            }
            self.remove_all_listeners(Some(REMOVE_LISTENER));
            return self.forget(None);
        };
        for id in self.listener_ids(event).into_iter().rev() {
            self.off(id);
        }
    }

    /// Drops listeners without telling anybody.
    fn forget(&self, event: Option<&str>) {
        let mut slots = self.0.slots.borrow_mut();
        let mut index = 0;
        let mut dropped = Vec::new();
        while let Some(slot) = slots.get_mut(index) {
            if !slot.list.is_empty() && event.is_none_or(|event| *event == *slot.name) {
                dropped.push(std::mem::take(&mut slot.list));
                slots.lost(index);
            }
            index += 1;
        }
        drop(slots);
    }

    /// Calls the listeners of `event`, those that are there now; false if there are none.
    ///
    /// The error of a [fallible](Handler::fallible) listener, and the `ERR_UNHANDLED_ERROR` of an `error` that nobody
    /// listens to, go to [`uncaught`](crate::uncaught()); see [`try_emit`](EventEmitter::try_emit) to get them, and
    /// [`emit_error`](EventEmitter::emit_error) for a real [`Error`].
    #[inline]
    pub fn emit(&self, event: &str, arg: A) -> bool {
        let sole = match self.0.slots.borrow().find(event).and_then(|slot| slot.list.sole()) {
            Some(Handler(Call::Plain(call))) => Some(Rc::clone(call)),
            _ => None,
        };
        match sole {
            Some(call) => {
                call(arg);
                true
            }
            None => self.dispatch(event, arg).unwrap_or_else(Failure::report),
        }
    }

    /// As [`emit`](EventEmitter::emit), giving an error to the caller, to whom Node throws it.
    ///
    /// # Errors
    /// The error of the first listener that fails; those behind it are not called.
    /// [`Code::UnhandledError`] for an `error` that nobody listens to.
    ///
    /// ```
    /// use nodecore_error::{Code, Error};
    /// use nodecore_events::EventEmitter;
    ///
    /// let emitter = EventEmitter::<u32>::new();
    /// assert_eq!(emitter.try_emit("error", 5).unwrap_err().to_string(), "Unhandled error. (5)");
    /// emitter.on_fallible("x", |n| if n == 1 { Ok(()) } else { Err(Error::abort()) });
    /// assert_eq!(emitter.try_emit("x", 1), Ok(true));
    /// assert_eq!(emitter.try_emit("x", 2).unwrap_err().code(), Code::Abort);
    /// ```
    pub fn try_emit(&self, event: &str, arg: A) -> Result<bool> {
        let sole = match self.0.slots.borrow().find(event).and_then(|slot| slot.list.sole()) {
            Some(handler) if handler.takes_args() => Some(handler.clone()),
            _ => None,
        };
        match sole {
            Some(handler) => handler.call(arg).map(|()| true),
            None => self.dispatch(event, arg).map_err(Failure::into_error),
        }
    }

    /// Calls the monitors of errors, then the listeners of `error`; without one, `error` goes to
    /// [`uncaught`](crate::uncaught()).
    pub fn emit_error(&self, error: Error) -> bool {
        match self.try_emit_error(error) {
            Ok(()) => true,
            Err(error) => {
                uncaught(error);
                false
            }
        }
    }

    /// As [`emit_error`](EventEmitter::emit_error), giving an error that nobody listens to back to the caller, to
    /// whom Node throws it.
    ///
    /// # Errors
    /// `error`, without a listener of [`on_error`](EventEmitter::on_error).
    pub fn try_emit_error(&self, error: Error) -> Result<()> {
        self.dispatch_error(ERROR_MONITOR, &error);
        if self.dispatch_error("error", &error) { Ok(()) } else { Err(error) }
    }

    /// Calls `listener` with each error of [`emit_error`](EventEmitter::emit_error).
    pub fn on_error(&self, listener: impl FnMut(&Error) + 'static) -> ListenerId {
        self.add("error", error_handler(listener), ListenOptions::default())
    }

    /// Calls `listener` with the next error.
    pub fn once_error(&self, listener: impl FnOnce(&Error) + 'static) -> ListenerId {
        let listener = Cell::new(Some(listener));
        let handler = Handler::error(move |error| {
            if let Some(listener) = listener.take() {
                listener(error);
            }
        });
        self.add("error", handler, ListenOptions::default().once(true))
    }

    /// Calls `listener` with each error before the listeners of `error`, without counting as one. Node:
    /// [`events.errorMonitor`](https://nodejs.org/api/events.html#eventserrormonitor).
    pub fn on_error_monitor(&self, listener: impl FnMut(&Error) + 'static) -> ListenerId {
        self.add(ERROR_MONITOR, error_handler(listener), ListenOptions::default())
    }

    /// Calls `listener` before a listener is added, with the event and the listener's id. Node: `newListener`.
    pub fn on_new_listener(&self, listener: impl Fn(&str, ListenerId) + 'static) -> ListenerId {
        let id = self.add(NEW_LISTENER, Handler(Call::Watch(Rc::new(listener))), ListenOptions::default());
        self.0.new_watched.set(true);
        id
    }

    /// Calls `listener` after a listener was removed. Node: `removeListener`.
    pub fn on_remove_listener(&self, listener: impl Fn(&str, ListenerId) + 'static) -> ListenerId {
        let id = self.add(REMOVE_LISTENER, Handler(Call::Watch(Rc::new(listener))), ListenOptions::default());
        self.0.remove_watched.set(true);
        id
    }

    fn add(&self, event: &str, handler: Handler<A>, options: ListenOptions) -> ListenerId {
        let mut slots = self.0.slots.borrow_mut();
        let index = slots.place(event);
        let id = ListenerId::new(u32::try_from(index).unwrap_or(u32::MAX));
        if self.0.new_watched.get() {
            slots.reserve(index);
            drop(slots);
            self.watch(NEW_LISTENER, event, id);
            slots = self.0.slots.borrow_mut();
            slots.release(index);
        }
        if slots.get(index).is_some_and(|slot| slot.list.is_empty()) {
            slots.begin(index);
        }
        let Some(slot) = slots.get_mut(index) else { return id };
        slot.list.insert(Entry::new(id, options.once, handler), options.prepend);
        let count = slot.list.entries().len();
        if count > 1 && !slot.warned {
            let most = self.max_listeners();
            if most > 0 && count > most {
                slot.warned = true;
                drop(slots);
                warn_of_too_many(false, event, count, most);
            }
        }
        id
    }

    #[inline(never)]
    fn dispatch(&self, event: &str, arg: A) -> Result<bool, Failure> {
        let list = self.0.slots.borrow().find(event).map_or(List::Empty, |slot| slot.list.clone());
        let entries = list.entries();
        let Some(last) = entries.iter().rposition(|entry| entry.call.takes_args()) else {
            return unheard(event, &arg);
        };
        for entry in &entries[..last] {
            match &entry.call.0 {
                Call::Plain(call) if self.claim(event, entry) => call(arg.clone()),
                Call::Fallible(call) if self.claim(event, entry) => {
                    call(arg.clone()).map_err(Failure::Thrown)?;
                }
                _ => {}
            }
        }
        if self.claim(event, &entries[last]) {
            entries[last].call.call(arg).map_err(Failure::Thrown)?;
        }
        Ok(true)
    }

    fn dispatch_error(&self, event: &str, error: &Error) -> bool {
        let list = self.0.slots.borrow().find(event).map_or(List::Empty, |slot| slot.list.clone());
        let mut heard = false;
        for entry in list.entries() {
            if let Call::Error(call) = &entry.call.0 {
                heard = true;
                if self.claim(event, entry) {
                    call(error);
                }
            }
        }
        heard
    }

    /// Whether a listener may run; one that runs once is removed first.
    #[inline]
    pub(crate) fn claim(&self, event: &str, entry: &Entry<Handler<A>>) -> bool {
        !entry.is_once() || self.claim_once(event, entry)
    }

    fn claim_once(&self, event: &str, entry: &Entry<Handler<A>>) -> bool {
        let claimed = entry.claim();
        if claimed {
            let mut slots = self.0.slots.borrow_mut();
            let index = entry.id.tag() as usize;
            let removed = slots.get_mut(index).and_then(|slot| slot.list.remove(entry.id));
            if removed.is_some() {
                slots.lost(index);
                drop(slots);
                self.tell_removed(event, entry.id);
            }
        }
        claimed
    }

    fn tell_removed(&self, event: &str, id: ListenerId) {
        if self.0.remove_watched.get() {
            self.watch(REMOVE_LISTENER, event, id);
        }
    }

    fn watch(&self, watcher: &str, event: &str, id: ListenerId) {
        let list = self.0.slots.borrow().find(watcher).map_or(List::Empty, |slot| slot.list.clone());
        for entry in list.entries() {
            if let Call::Watch(call) = &entry.call.0 {
                call(event, id);
            }
        }
    }
}

impl Failure {
    fn into_error(self) -> Error {
        match self {
            Failure::Unheard(error) | Failure::Thrown(error) => error,
        }
    }

    /// What `emit` does with it; gives what that returns.
    #[cold]
    fn report(self) -> bool {
        let heard = matches!(self, Failure::Thrown(_));
        uncaught(self.into_error());
        heard
    }
}

/// The end of an emission that nobody listens to.
fn unheard<A: fmt::Debug>(event: &str, arg: &A) -> Result<bool, Failure> {
    if event == "error" {
        let error = Error::from_template(Code::UnhandledError, &[&format_args!("{arg:?}")]);
        return Err(Failure::Unheard(error));
    }
    Ok(false)
}

fn handler_once<A: 'static>(listener: impl FnOnce(A) + 'static) -> Handler<A> {
    let listener = Cell::new(Some(listener));
    Handler::new(move |arg| {
        if let Some(listener) = listener.take() {
            listener(arg);
        }
    })
}

fn error_handler<A: 'static>(mut listener: impl FnMut(&Error) + 'static) -> Handler<A> {
    let listener = listener_mut(move |error: Error| listener(&error));
    Handler::error(move |error| listener(error.clone()))
}

impl<A: Clone + fmt::Debug + 'static> MaxListeners for EventEmitter<A> {
    fn max_listeners(&self) -> usize {
        EventEmitter::max_listeners(self)
    }

    fn set_max_listeners(&self, count: usize) {
        EventEmitter::set_max_listeners(self, count);
    }
}

impl<A: Clone + fmt::Debug + 'static> Default for EventEmitter<A> {
    fn default() -> EventEmitter<A> {
        EventEmitter::new()
    }
}

impl<A: Clone + fmt::Debug + 'static> Clone for EventEmitter<A> {
    fn clone(&self) -> EventEmitter<A> {
        EventEmitter(Rc::clone(&self.0))
    }
}

impl<A: Clone + fmt::Debug + 'static> fmt::Debug for EventEmitter<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventEmitter").field("events", &self.event_names()).finish()
    }
}
