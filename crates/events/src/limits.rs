//! How many listeners an event may have before a warning.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

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
    let replaced = WARN.with_borrow_mut(|slot| std::mem::replace(slot, handler));
    drop(replaced);
}

/// Gives Node's `MaxListenersExceededWarning`: of an [`EventEmitter`](crate::EventEmitter) or, where `is_target`,
/// of an [`EventTarget`](crate::EventTarget).
pub(crate) fn warn_of_too_many(is_target: bool, event: &str, count: usize, most: usize) {
    let (kind, owner, setter) = if is_target {
        ("EventTarget", "EventTarget", "events")
    } else {
        ("EventEmitter", "[EventEmitter]", "emitter")
    };
    let text = format!(
        "Possible {kind} memory leak detected. {count} {event} listeners added to {owner}. MaxListeners is {most}. \
         Use {setter}.setMaxListeners() to increase limit"
    );
    let handler = WARN.with_borrow(Clone::clone);
    match handler {
        Some(handler) => handler(&text),
        None => eprintln!("MaxListenersExceededWarning: {text}"),
    }
}

/// What has a limit of listeners: an emitter, an event target, an abort signal.
pub trait MaxListeners {
    /// How many listeners an event may have before a warning; 0 is no limit. Node: `events.getMaxListeners`.
    fn max_listeners(&self) -> usize;

    /// Sets it.
    fn set_max_listeners(&self, count: usize);
}

/// Sets the limit of all `targets`; without any, the default. Node:
/// [`events.setMaxListeners`](https://nodejs.org/api/events.html#eventssetmaxlistenersn-eventtargets).
///
/// ```
/// use nodecore_events::{EventEmitter, EventTarget, set_max_listeners};
///
/// let (emitter, target) = (EventEmitter::<()>::new(), EventTarget::new());
/// set_max_listeners(5, &[&emitter, &target]);
/// assert_eq!((emitter.max_listeners(), target.max_listeners()), (5, 5));
/// ```
pub fn set_max_listeners(count: usize, targets: &[&dyn MaxListeners]) {
    if targets.is_empty() {
        set_default_max_listeners(count);
    }
    for target in targets {
        target.set_max_listeners(count);
    }
}
