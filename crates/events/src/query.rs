//! What an emitter tells about its listeners.

use std::fmt;
use std::rc::{Rc, Weak};

use nodecore_error::Result;

use crate::emitter::{ERROR_MONITOR, EventEmitter, Inner};
use crate::handler::Handler;
use crate::limits::default_max_listeners;
use crate::list::Entry;
use crate::listeners::ListenerId;

impl<A: Clone + fmt::Debug + 'static> EventEmitter<A> {
    /// How many listen to `event`.
    pub fn listener_count(&self, event: &str) -> usize {
        self.0.slots.borrow().find(event).map_or(0, |slot| slot.list.entries().len())
    }

    /// How often `handler` listens to `event`. Node: `listenerCount(eventName, listener)`.
    pub fn listener_count_of(&self, event: &str, handler: &Handler<A>) -> usize {
        let slots = self.0.slots.borrow();
        let list = slots.find(event).map_or(&[][..], |slot| slot.list.entries());
        list.iter().filter(|entry| entry.call.is(handler)).count()
    }

    /// The listeners of `event`, in order. Node: `listeners`, and `events.getEventListeners`.
    pub fn listeners(&self, event: &str) -> Vec<Handler<A>> {
        let slots = self.0.slots.borrow();
        slots
            .find(event)
            .iter()
            .flat_map(|slot| slot.list.entries())
            .map(|entry| entry.call.clone())
            .collect()
    }

    /// Their ids.
    pub fn listener_ids(&self, event: &str) -> Vec<ListenerId> {
        let slots = self.0.slots.borrow();
        slots.find(event).iter().flat_map(|slot| slot.list.entries()).map(|entry| entry.id).collect()
    }

    /// The listeners of `event` with what makes them run once. Node: `rawListeners`.
    pub fn raw_listeners(&self, event: &str) -> Vec<RawListener<A>> {
        let slots = self.0.slots.borrow();
        let Some(slot) = slots.find(event) else { return Vec::new() };
        let raw = |entry: &Entry<Handler<A>>| RawListener {
            emitter: Rc::downgrade(&self.0),
            event: Rc::clone(&slot.name),
            entry: entry.clone(),
        };
        slot.list.entries().iter().map(raw).collect()
    }

    /// The events that have listeners, in Node's order: array indices by their value, then the others as they got
    /// their first listener, then [`ERROR_MONITOR`], which is a symbol there.
    pub fn event_names(&self) -> Vec<Rc<str>> {
        let slots = self.0.slots.borrow();
        let mut names: Vec<_> = slots
            .live()
            .map(|slot| {
                let rank = match array_index(&slot.name) {
                    Some(index) => (0, u64::from(index)),
                    None if &*slot.name == ERROR_MONITOR => (2, slot.since),
                    None => (1, slot.since),
                };
                (rank, Rc::clone(&slot.name))
            })
            .collect();
        names.sort_unstable_by_key(|(rank, _)| *rank);
        names.into_iter().map(|(_, name)| name).collect()
    }

    /// How many listeners an event may have before a warning.
    pub fn max_listeners(&self) -> usize {
        self.0.max_listeners.get().unwrap_or_else(default_max_listeners)
    }

    /// Sets it; 0 is no limit.
    pub fn set_max_listeners(&self, count: usize) {
        self.0.max_listeners.set(Some(count));
    }
}

/// A listener of [`EventEmitter::raw_listeners`].
pub struct RawListener<A> {
    emitter: Weak<Inner<A>>,
    event: Rc<str>,
    entry: Entry<Handler<A>>,
}

impl<A: Clone + fmt::Debug + 'static> RawListener<A> {
    /// The listener's id.
    pub fn id(&self) -> ListenerId {
        self.entry.id
    }

    /// Whether it runs once: what Node gives is then a wrapper.
    pub fn is_once(&self) -> bool {
        self.entry.is_once()
    }

    /// The listener itself. Node: the wrapper's `listener`, which calls it and leaves it there.
    pub fn handler(&self) -> &Handler<A> {
        &self.entry.call
    }

    /// Calls it as an emission would: one that runs once is removed first, and not called twice.
    ///
    /// # Errors
    /// What a [fallible](Handler::fallible) one returns.
    pub fn call(&self, arg: A) -> Result<()> {
        let claimed = match self.emitter.upgrade() {
            Some(inner) => EventEmitter(inner).claim(&self.event, &self.entry),
            None => self.entry.claim(),
        };
        if claimed { self.entry.call.call(arg) } else { Ok(()) }
    }
}

impl<A> fmt::Debug for RawListener<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawListener")
            .field("event", &self.event)
            .field("id", &self.entry.id)
            .field("once", &self.entry.is_once())
            .finish()
    }
}

/// The value of a name that JavaScript treats as an array index.
fn array_index(name: &str) -> Option<u32> {
    let digits = name.len() <= 10 && name.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || (name.len() > 1 && name.starts_with('0')) {
        return None;
    }
    name.parse().ok().filter(|&index| index != u32::MAX)
}
