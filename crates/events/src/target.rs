//! EventTarget.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::{Rc, Weak};

use nodecore_error::{Code, Error, Result};

use crate::abort::AbortSignal;
use crate::event::Event;
use crate::limits::{MaxListeners, default_max_listeners, warn_of_too_many};
use crate::listeners::ListenerId;

/// A listener of an [`EventTarget`]. Clones of the `Rc` are the same listener.
pub type EventHandler = Rc<dyn Fn(&Event)>;

/// How a listener is added to an [`EventTarget`].
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct EventListenerOptions {
    /// Whether it is removed just before its first call.
    pub once: bool,
    /// Whether its [`Event::prevent_default`] has no effect.
    pub passive: bool,
    /// Part of what tells two listeners with the same handler apart; without further effect.
    pub capture: bool,
    /// Removes the listener when it is aborted.
    pub signal: Option<AbortSignal>,
    /// Whether [`Event::stop_immediate_propagation`] does not keep it from being called.
    pub(crate) resists: bool,
}

impl EventListenerOptions {
    /// Sets [`once`](EventListenerOptions::once).
    #[must_use]
    pub fn once(mut self, once: bool) -> EventListenerOptions {
        self.once = once;
        self
    }

    /// Sets [`passive`](EventListenerOptions::passive).
    #[must_use]
    pub fn passive(mut self, passive: bool) -> EventListenerOptions {
        self.passive = passive;
        self
    }

    /// Sets [`capture`](EventListenerOptions::capture).
    #[must_use]
    pub fn capture(mut self, capture: bool) -> EventListenerOptions {
        self.capture = capture;
        self
    }

    /// Sets [`signal`](EventListenerOptions::signal).
    #[must_use]
    pub fn signal(mut self, signal: &AbortSignal) -> EventListenerOptions {
        self.signal = Some(signal.clone());
        self
    }
}

/// Dispatches [`Event`]s to listeners. Clones are the same target.
///
/// Node: [`EventTarget`](https://nodejs.org/api/events.html#class-eventtarget), with its order: a dispatch goes along
/// the list as it is, so that a listener that is removed before its turn is not called, and one that is added is,
/// unless the last listener adds it.
///
/// # Differences from Node
/// A listener cannot throw; one that panics ends the dispatch. Closures are told apart by their ids, handlers by
/// what they are, as functions in Node. Where Node departs from the standard by mistake, this does not: an event is
/// being dispatched until its last listener has run, not its first one only; a signal removes the listener that it
/// was given for, not another one with the same handler.
///
/// ```
/// use nodecore_events::{Event, EventTarget};
/// use std::{cell::Cell, rc::Rc};
///
/// let target = EventTarget::new();
/// let count = Rc::new(Cell::new(0));
/// let seen = Rc::clone(&count);
/// let id = target.add_event_listener("ping", Default::default(), move |_| seen.set(seen.get() + 1));
/// target.dispatch_event(&Event::new("ping"))?;
/// assert!(target.off(id));
/// target.dispatch_event(&Event::new("ping"))?;
/// assert_eq!(count.get(), 1);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct EventTarget(Rc<Inner>);

#[derive(Default)]
struct Inner {
    roots: RefCell<Vec<Root>>,
    attributes: RefCell<Vec<(String, Attribute)>>,
    max_listeners: Cell<Option<usize>>,
    warned: Cell<bool>,
    total: Cell<usize>,
    /// Told when the first listener comes and when the last one goes.
    population: RefCell<Option<PopulationWatcher>>,
}

type PopulationWatcher = Rc<dyn Fn(bool)>;
type Attribute = Rc<RefCell<Option<EventHandler>>>;

/// The listeners of one type of event, linked as in Node, whose order under changes comes from the links.
struct Root {
    kind: Cow<'static, str>,
    first: Option<Rc<Link>>,
    last: Weak<Link>,
    size: usize,
}

struct Link {
    id: ListenerId,
    handler: EventHandler,
    once: bool,
    passive: bool,
    capture: bool,
    resists: bool,
    removed: Cell<bool>,
    /// Stays when the listener is removed: a dispatch may be here.
    next: RefCell<Option<Rc<Link>>>,
    previous: RefCell<Weak<Link>>,
    /// The signal that removes it, and what it listens there with.
    signal: Cell<Option<(AbortSignal, ListenerId)>>,
}

impl Drop for Link {
    /// Drops a long chain without recursion.
    fn drop(&mut self) {
        let mut next = self.next.take();
        while let Some(link) = next {
            next = Rc::into_inner(link).and_then(|link| link.next.take());
        }
    }
}

impl EventTarget {
    /// A target without listeners.
    pub fn new() -> EventTarget {
        EventTarget::default()
    }

    /// Calls `listener` on each event of the type `kind`. With a signal that is aborted already it is not added.
    /// Node: `addEventListener`.
    pub fn add_event_listener(
        &self,
        kind: impl Into<Cow<'static, str>>,
        options: EventListenerOptions,
        listener: impl Fn(&Event) + 'static,
    ) -> ListenerId {
        self.add(kind.into(), options, Rc::new(listener))
    }

    /// Adds a handler; `None` if it is there already, with the same `capture`, or if the signal is aborted. Node:
    /// `addEventListener` with a function that may have been added before.
    pub fn add_handler(
        &self,
        kind: impl Into<Cow<'static, str>>,
        options: EventListenerOptions,
        handler: &EventHandler,
    ) -> Option<ListenerId> {
        let kind = kind.into();
        if options.signal.as_ref().is_some_and(AbortSignal::aborted)
            || self.find(&kind, handler, options.capture).is_some()
        {
            return None;
        }
        Some(self.add(kind, options, Rc::clone(handler)))
    }

    /// Removes a handler; false if it is not there with this `capture`. Node: `removeEventListener`.
    pub fn remove_handler(&self, kind: &str, handler: &EventHandler, capture: bool) -> bool {
        self.find(kind, handler, capture).is_some_and(|id| self.off(id))
    }

    /// Removes a listener; false if it is not there. Node: `removeEventListener`.
    pub fn off(&self, id: ListenerId) -> bool {
        let link = {
            let roots = self.0.roots.borrow();
            roots.get(id.tag() as usize).and_then(|root| root.links().find(|link| link.id == id))
        };
        link.is_some_and(|link| self.unlink(&link))
    }

    /// Calls the listeners of the event's type, in order; false if one of them prevented the event's default.
    /// Node: `dispatchEvent`.
    ///
    /// # Errors
    /// [`Code::EventRecursion`] if the event is being dispatched already.
    pub fn dispatch_event(&self, event: &Event) -> Result<bool> {
        let kind = event.kind();
        if event.is_dispatched() {
            return Err(Error::from_template(Code::EventRecursion, &[&kind]));
        }
        let _dispatched = event.begin(self);
        let mut next = {
            let roots = self.0.roots.borrow();
            roots.iter().find(|root| root.kind == kind).and_then(|root| root.first.clone())
        };
        while let Some(link) = next {
            next = link.next.borrow().clone();
            if link.removed.get() || (event.is_stopped() && !link.resists) {
                continue;
            }
            if link.once {
                self.unlink(&link);
            }
            event.set_passive(link.passive);
            (link.handler)(event);
        }
        Ok(!event.default_prevented())
    }

    /// Sets the handler that is an attribute, such as a signal's `onabort`. It keeps the place in the order that its
    /// first handler got.
    pub fn set_handler(&self, kind: impl Into<Cow<'static, str>>, handler: Option<EventHandler>) {
        let kind = kind.into();
        let attribute = {
            let attributes = self.0.attributes.borrow();
            attributes.iter().find(|(name, _)| *name == kind).map(|(_, attribute)| Rc::clone(attribute))
        };
        if let Some(attribute) = attribute {
            let replaced = attribute.replace(handler);
            drop(replaced);
            return;
        }
        let attribute = Attribute::new(RefCell::new(handler));
        self.0.attributes.borrow_mut().push((kind.to_string(), Rc::clone(&attribute)));
        self.add_event_listener(kind, EventListenerOptions::default(), move |event| {
            let handler = attribute.borrow().clone();
            if let Some(handler) = handler {
                handler(event);
            }
        });
    }

    /// The handler that [`set_handler`](EventTarget::set_handler) set.
    pub fn handler(&self, kind: &str) -> Option<EventHandler> {
        let attributes = self.0.attributes.borrow();
        attributes.iter().find(|(name, _)| name == kind).and_then(|(_, attribute)| attribute.borrow().clone())
    }

    /// How many listen to events of the type `kind`. Node: `events.listenerCount(target, type)`.
    pub fn listener_count(&self, kind: &str) -> usize {
        let roots = self.0.roots.borrow();
        roots.iter().find(|root| root.kind == kind).map_or(0, |root| root.size)
    }

    /// Their ids, in order. Node: `events.getEventListeners(target, type)`.
    pub fn listener_ids(&self, kind: &str) -> Vec<ListenerId> {
        let roots = self.0.roots.borrow();
        roots
            .iter()
            .filter(|root| root.kind == kind)
            .flat_map(|root| root.links().map(|link| link.id))
            .collect()
    }

    /// How many listeners a type may have before a warning. Node: `events.getMaxListeners(target)`.
    pub fn max_listeners(&self) -> usize {
        self.0.max_listeners.get().unwrap_or_else(default_max_listeners)
    }

    /// Sets it; 0 is no limit. The warning, once given, is given again only after this. Node:
    /// `events.setMaxListeners(n, target)`.
    pub fn set_max_listeners(&self, count: usize) {
        self.0.warned.set(false);
        self.0.max_listeners.set(Some(count));
    }

    /// Sets who is told when the first listener comes (true) and when the last one goes.
    pub(crate) fn watch_population(&self, watcher: impl Fn(bool) + 'static) {
        self.0.population.replace(Some(Rc::new(watcher)));
    }

    pub(crate) fn has_listeners(&self) -> bool {
        self.0.total.get() > 0
    }

    fn find(&self, kind: &str, handler: &EventHandler, capture: bool) -> Option<ListenerId> {
        let roots = self.0.roots.borrow();
        let root = roots.iter().find(|root| root.kind == kind)?;
        let same = |link: &Rc<Link>| {
            std::ptr::addr_eq(Rc::as_ptr(&link.handler), Rc::as_ptr(handler)) && link.capture == capture
        };
        root.links().find(same).map(|link| link.id)
    }

    fn add(
        &self,
        kind: Cow<'static, str>,
        options: EventListenerOptions,
        handler: EventHandler,
    ) -> ListenerId {
        let aborted = options.signal.as_ref().is_some_and(AbortSignal::aborted);
        let mut roots = self.0.roots.borrow_mut();
        let known = roots.iter().position(|root| root.kind == kind);
        let index = known.or_else(|| roots.iter().position(|root| root.size == 0)).unwrap_or(roots.len());
        let id = ListenerId::new(u32::try_from(index).unwrap_or(u32::MAX));
        if aborted {
            return id;
        }
        if known.is_none() {
            let root = Root { kind, first: None, last: Weak::new(), size: 0 };
            match roots.get_mut(index) {
                Some(unused) => *unused = root,
                None => roots.push(root),
            }
        }
        let root = &mut roots[index];
        let link = Rc::new(Link {
            id,
            handler,
            once: options.once,
            passive: options.passive,
            capture: options.capture,
            resists: options.resists,
            removed: Cell::new(false),
            next: RefCell::new(None),
            previous: RefCell::new(root.last.clone()),
            signal: Cell::new(None),
        });
        match root.last.upgrade() {
            Some(last) => _ = last.next.replace(Some(Rc::clone(&link))),
            None => root.first = Some(Rc::clone(&link)),
        }
        root.last = Rc::downgrade(&link);
        root.size += 1;
        let (size, most) = (root.size, self.max_listeners());
        let excess = most > 0 && size > most && !self.0.warned.replace(true);
        let warned = excess.then(|| root.kind.clone());
        drop(roots);
        if let Some(kind) = warned {
            warn_of_too_many(true, &kind, size, most);
        }
        if let Some(signal) = options.signal {
            let weak = Rc::downgrade(&self.0);
            let listening = signal.on_abort(move || {
                if let Some(inner) = weak.upgrade() {
                    EventTarget(inner).off(id);
                }
            });
            link.signal.set(Some((signal, listening)));
        }
        self.count(1);
        id
    }

    /// Takes a listener out of its list; false if it is not there any more.
    fn unlink(&self, link: &Rc<Link>) -> bool {
        if link.removed.replace(true) {
            return false;
        }
        let mut roots = self.0.roots.borrow_mut();
        let Some(root) = roots.get_mut(link.id.tag() as usize) else { return false };
        let (next, previous) = (link.next.borrow().clone(), link.previous.borrow().clone());
        match &next {
            Some(next) => _ = next.previous.replace(previous.clone()),
            None => root.last = previous.clone(),
        }
        let replaced = match previous.upgrade() {
            Some(previous) => previous.next.replace(next),
            None => std::mem::replace(&mut root.first, next),
        };
        root.size -= 1;
        drop(roots);
        drop(replaced);
        if let Some((signal, id)) = link.signal.take() {
            signal.off(id);
        }
        self.count(-1);
        true
    }

    fn count(&self, change: isize) {
        let before = self.0.total.get();
        let after = before.saturating_add_signed(change);
        self.0.total.set(after);
        if (before == 0) != (after == 0) {
            let watcher = self.0.population.borrow().clone();
            if let Some(watcher) = watcher {
                watcher(after != 0);
            }
        }
    }
}

impl Root {
    fn links(&self) -> impl Iterator<Item = Rc<Link>> + use<> {
        std::iter::successors(self.first.clone(), |link| link.next.borrow().clone())
    }
}

impl PartialEq for EventTarget {
    fn eq(&self, other: &EventTarget) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for EventTarget {}

impl MaxListeners for EventTarget {
    fn max_listeners(&self) -> usize {
        EventTarget::max_listeners(self)
    }

    fn set_max_listeners(&self, count: usize) {
        EventTarget::set_max_listeners(self, count);
    }
}

impl fmt::Debug for EventTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let roots = self.0.roots.borrow();
        let kinds: Vec<&str> = roots.iter().filter(|root| root.size > 0).map(|root| &*root.kind).collect();
        f.debug_struct("EventTarget").field("events", &kinds).finish()
    }
}
