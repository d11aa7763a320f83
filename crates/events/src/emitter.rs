//! EventEmitter: events by name.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use nodecore_error::{Code, Error};

use crate::listeners::{Listener, ListenerId, Listeners, listener_mut};
use crate::uncaught::uncaught;

/// Gets the text of a warning.
pub type WarningHandler = Rc<dyn Fn(&str)>;

thread_local! {
    static DEFAULT_MAX_LISTENERS: Cell<usize> = const { Cell::new(10) };
    static WARN: RefCell<Option<WarningHandler>> = const { RefCell::new(None) };
}

/// How many listeners an event may have before a warning: 10 at first. Node: `events.defaultMaxListeners`.
pub fn default_max_listeners() -> usize {
    DEFAULT_MAX_LISTENERS.get()
}

/// Sets it for this thread's emitters that have no limit of their own; 0 is no limit.
pub fn set_default_max_listeners(count: usize) {
    DEFAULT_MAX_LISTENERS.set(count);
}

/// Sets who gets this thread's warnings; they go to standard error at first.
pub fn set_warning_handler(handler: Option<WarningHandler>) {
    WARN.with_borrow_mut(|slot| *slot = handler);
}

type Watcher = (Rc<str>, ListenerId);

/// An emitter of events that are named at run time and carry an `A`.
///
/// Clones are the same emitter. Node:
/// [`EventEmitter`](https://nodejs.org/api/events.html#class-eventemitter).
///
/// # Differences from Node
/// A listener is removed by its id, not by its function. `newListener`, `removeListener`, `error` and
/// `errorMonitor` have methods of their own, because they carry something else.
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
pub struct EventEmitter<A: Clone + fmt::Debug + 'static>(Rc<Inner<A>>);

struct Inner<A> {
    /// In the order in which the events got their first listener; a slot's index is the tag of its ids.
    slots: RefCell<Vec<Named<A>>>,
    max_listeners: Cell<Option<usize>>,
    new_listener: Listeners<Watcher>,
    remove_listener: Listeners<Watcher>,
    error: Listeners<Error>,
    error_monitor: Listeners<Error>,
}

type Named<A> = (Rc<str>, Rc<Slot<A>>);

struct Slot<A> {
    listeners: Listeners<A>,
    warned: Cell<bool>,
}

impl<A: Clone + fmt::Debug + 'static> EventEmitter<A> {
    /// An emitter without listeners.
    pub fn new() -> EventEmitter<A> {
        EventEmitter(Rc::new(Inner {
            slots: RefCell::default(),
            max_listeners: Cell::new(None),
            new_listener: Listeners::new(),
            remove_listener: Listeners::new(),
            error: Listeners::new(),
            error_monitor: Listeners::new(),
        }))
    }

    /// Calls `listener` on each `event`.
    pub fn on(&self, event: &str, listener: impl FnMut(A) + 'static) -> ListenerId {
        self.add(event, |listeners, id| listeners.append(id, listener_mut(listener)))
    }

    /// As [`on`](EventEmitter::on), for a listener that may run again while it runs.
    pub fn on_shared(&self, event: &str, listener: impl Fn(A) + 'static) -> ListenerId {
        self.add(event, |listeners, id| listeners.append(id, Rc::new(listener)))
    }

    /// Calls `listener` on the next `event`.
    pub fn once(&self, event: &str, listener: impl FnOnce(A) + 'static) -> ListenerId {
        self.add_once(event, listener, Listeners::append_once)
    }

    /// As [`on`](EventEmitter::on), before all other listeners.
    pub fn prepend_listener(&self, event: &str, listener: impl FnMut(A) + 'static) -> ListenerId {
        self.add(event, |listeners, id| listeners.prepend(id, listener_mut(listener)))
    }

    /// As [`once`](EventEmitter::once), before all other listeners.
    pub fn prepend_once_listener(&self, event: &str, listener: impl FnOnce(A) + 'static) -> ListenerId {
        self.add_once(event, listener, Listeners::prepend_once)
    }

    /// Removes a listener; false if it is not there. Node: `off`, `removeListener`.
    pub fn off(&self, id: ListenerId) -> bool {
        let found = self.0.slots.borrow().get(id.tag() as usize).cloned();
        if let Some((event, slot)) = found
            && slot.listeners.remove(id)
        {
            self.0.remove_listener.emit((event, id));
            return true;
        }
        let others = &self.0;
        others.error.remove(id)
            || others.error_monitor.remove(id)
            || others.new_listener.remove(id)
            || others.remove_listener.remove(id)
    }

    /// Removes all listeners of `event`, or of every event: the newest first, as Node does.
    pub fn remove_all_listeners(&self, event: Option<&str>) {
        let slots = self.0.slots.borrow().clone();
        for (name, slot) in slots {
            if event.is_none_or(|event| *event == *name) {
                for id in slot.listeners.ids().into_iter().rev() {
                    self.off(id);
                }
            }
        }
        if event.is_none_or(|event| event == "error") {
            self.0.error.clear();
        }
    }

    /// Calls the listeners of `event`, those that are there now; false if there are none.
    ///
    /// An `error` that nobody listens to is `ERR_UNHANDLED_ERROR`, and goes to
    /// [`uncaught`](crate::uncaught()); see [`emit_error`](EventEmitter::emit_error) for a real [`Error`].
    pub fn emit(&self, event: &str, arg: A) -> bool {
        if let Some(slot) = self.slot(event)
            && !slot.listeners.is_empty()
        {
            return slot.listeners.emit(arg);
        }
        if event == "error" {
            uncaught(Error::from_template(Code::UnhandledError, &[&format_args!("{arg:?}")]));
        }
        false
    }

    /// Calls the monitors of errors, then the listeners of `error`; without one, `error` goes to
    /// [`uncaught`](crate::uncaught()).
    pub fn emit_error(&self, error: Error) -> bool {
        self.0.error_monitor.emit(error.clone());
        if self.0.error.is_empty() {
            uncaught(error);
            return false;
        }
        self.0.error.emit(error)
    }

    /// Calls `listener` with each error of [`emit_error`](EventEmitter::emit_error).
    pub fn on_error(&self, mut listener: impl FnMut(&Error) + 'static) -> ListenerId {
        let id = ListenerId::new(u32::MAX);
        self.0.error.append(id, listener_mut(move |error: Error| listener(&error)));
        id
    }

    /// Calls `listener` with each error before the listeners of `error`, without counting as one. Node:
    /// [`events.errorMonitor`](https://nodejs.org/api/events.html#eventserrormonitor).
    pub fn on_error_monitor(&self, mut listener: impl FnMut(&Error) + 'static) -> ListenerId {
        let id = ListenerId::new(u32::MAX);
        self.0.error_monitor.append(id, listener_mut(move |error: Error| listener(&error)));
        id
    }

    /// Calls `listener` before a listener is added, with the event and the listener's id. Node: `newListener`.
    pub fn on_new_listener(&self, listener: impl Fn(&str, ListenerId) + 'static) -> ListenerId {
        let id = ListenerId::new(u32::MAX);
        self.0.new_listener.append(id, Rc::new(move |(event, id): Watcher| listener(&event, id)));
        id
    }

    /// Calls `listener` after a listener was removed. Node: `removeListener`.
    pub fn on_remove_listener(&self, listener: impl Fn(&str, ListenerId) + 'static) -> ListenerId {
        let id = ListenerId::new(u32::MAX);
        self.0.remove_listener.append(id, Rc::new(move |(event, id): Watcher| listener(&event, id)));
        id
    }

    /// How many listen to `event`.
    pub fn listener_count(&self, event: &str) -> usize {
        self.slot(event).map_or(0, |slot| slot.listeners.len())
    }

    /// The events that have listeners, in the order in which they got their first.
    pub fn event_names(&self) -> Vec<Rc<str>> {
        let slots = self.0.slots.borrow();
        slots.iter().filter(|(_, slot)| !slot.listeners.is_empty()).map(|(name, _)| Rc::clone(name)).collect()
    }

    /// How many listeners an event may have before a warning.
    pub fn max_listeners(&self) -> usize {
        self.0.max_listeners.get().unwrap_or_else(default_max_listeners)
    }

    /// Sets it; 0 is no limit.
    pub fn set_max_listeners(&self, count: usize) {
        self.0.max_listeners.set(Some(count));
    }

    fn slot(&self, event: &str) -> Option<Rc<Slot<A>>> {
        self.0.slots.borrow().iter().find(|(name, _)| **name == *event).map(|(_, slot)| Rc::clone(slot))
    }

    fn add(&self, event: &str, insert: impl FnOnce(&Listeners<A>, ListenerId)) -> ListenerId {
        let mut slots = self.0.slots.borrow_mut();
        let index = slots.iter().position(|(name, _)| **name == *event).unwrap_or_else(|| {
            let slot = Slot { listeners: Listeners::new(), warned: Cell::new(false) };
            slots.push((event.into(), Rc::new(slot)));
            slots.len() - 1
        });
        let (name, slot) = slots[index].clone();
        drop(slots);
        let id = ListenerId::new(u32::try_from(index).unwrap_or(u32::MAX - 1));
        self.0.new_listener.emit((Rc::clone(&name), id));
        insert(&slot.listeners, id);
        let (count, most) = (slot.listeners.len(), self.max_listeners());
        if most > 0 && count > most && !slot.warned.replace(true) {
            warn(&format!(
                "Possible EventEmitter memory leak detected. {count} {name} listeners added to [EventEmitter]. \
                 MaxListeners is {most}. Use emitter.setMaxListeners() to increase limit"
            ));
        }
        id
    }

    fn add_once(
        &self,
        event: &str,
        listener: impl FnOnce(A) + 'static,
        insert: fn(&Listeners<A>, ListenerId, Listener<A>),
    ) -> ListenerId {
        let listener = Cell::new(Some(listener));
        let emitter = Rc::downgrade(&self.0);
        self.add(event, |listeners, id| {
            let call = move |arg| {
                // The list has let go of it already; the watchers learn it here.
                if let Some(inner) = emitter.upgrade() {
                    let name = inner.slots.borrow().get(id.tag() as usize).map(|(name, _)| Rc::clone(name));
                    if let Some(name) = name {
                        inner.remove_listener.emit((name, id));
                    }
                }
                if let Some(listener) = listener.take() {
                    listener(arg);
                }
            };
            insert(listeners, id, Rc::new(call));
        })
    }
}

fn warn(text: &str) {
    let handler = WARN.with_borrow(Clone::clone);
    match handler {
        Some(handler) => handler(text),
        None => eprintln!("MaxListenersExceededWarning: {text}"),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::set_uncaught_handler;

    #[test]
    fn watchers_see_listeners_come_and_go() {
        let emitter = EventEmitter::<u32>::new();
        let log = Rc::new(RefCell::new(Vec::new()));
        let (added, removed) = (Rc::clone(&log), Rc::clone(&log));
        emitter.on_new_listener(move |event, _| added.borrow_mut().push(format!("+{event}")));
        emitter.on_remove_listener(move |event, _| removed.borrow_mut().push(format!("-{event}")));
        let a = emitter.on("a", |_| ());
        let heard = Rc::clone(&log);
        emitter.once("b", move |n| heard.borrow_mut().push(format!("b{n}")));
        emitter.emit("b", 7);
        assert!(emitter.off(a) && !emitter.off(a));
        assert_eq!(*log.borrow(), ["+a", "+b", "-b", "b7", "-a"]);
        assert!(emitter.event_names().is_empty());
    }

    #[test]
    fn an_error_needs_a_listener() {
        let seen = Rc::new(RefCell::new(Vec::new()));
        let slot = Rc::clone(&seen);
        set_uncaught_handler(Some(Rc::new(move |error: Error| slot.borrow_mut().push(error.to_string()))));
        let emitter = EventEmitter::<u32>::new();
        assert!(!emitter.emit("error", 5));
        let monitored = Rc::new(Cell::new(0));
        let count = Rc::clone(&monitored);
        emitter.on_error_monitor(move |_| count.set(count.get() + 1));
        assert!(!emitter.emit_error(Error::abort()));
        emitter.on_error(|error| assert_eq!(error.code(), Code::Abort));
        assert!(emitter.emit_error(Error::abort()));
        set_uncaught_handler(None);
        assert_eq!(*seen.borrow(), ["Unhandled error. (5)", "The operation was aborted"]);
        assert_eq!(monitored.get(), 2);
    }

    #[test]
    fn too_many_listeners_warn_once() {
        let warnings = Rc::new(RefCell::new(Vec::new()));
        let sink = Rc::clone(&warnings);
        set_warning_handler(Some(Rc::new(move |text: &str| sink.borrow_mut().push(text.to_owned()))));
        let emitter = EventEmitter::<()>::new();
        for _ in 0..12 {
            emitter.on("x", |()| ());
        }
        set_warning_handler(None);
        assert_eq!(warnings.borrow().len(), 1);
        assert!(warnings.borrow()[0].contains("11 x listeners added"), "{warnings:?}");
        emitter.remove_all_listeners(None);
        assert_eq!(emitter.listener_count("x"), 0);
    }
}
