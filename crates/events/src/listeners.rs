//! The ordered list of listeners of one event.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;

use crate::list::{Entry, List};

/// Names one listener, so that it can be removed again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ListenerId {
    tag: u32,
    number: u64,
}

impl ListenerId {
    /// A new id; `tag` is the owner's own, such as the number of the event.
    pub fn new(tag: u32) -> ListenerId {
        thread_local!(static NEXT: Cell<u64> = const { Cell::new(1) });
        let number = NEXT.get();
        NEXT.set(number + 1);
        ListenerId { tag, number }
    }

    /// What the owner passed to [`ListenerId::new`].
    pub fn tag(self) -> u32 {
        self.tag
    }

    /// What tells it from all other ids of this thread; never 0.
    pub fn number(self) -> u64 {
        self.number
    }

    /// The id with this tag and number, for a binding that passed them on.
    pub fn from_parts(tag: u32, number: u64) -> ListenerId {
        ListenerId { tag, number }
    }
}

/// A listener: called with `&self`, because the event may be emitted again inside it.
pub type Listener<A> = Rc<dyn Fn(A)>;

/// What a [`ListenerList`] holds: a [`Listener`], or a type of its owner's that spares the most common listeners a
/// call through a pointer. Clones are the same listener.
pub trait Callee: Clone {
    /// What the event carries.
    type Arg;

    /// Calls it.
    fn call(&self, arg: Self::Arg);
}

impl<A: 'static> Callee for Listener<A> {
    type Arg = A;

    #[inline]
    fn call(&self, arg: A) {
        self(arg);
    }
}

/// The listeners of one event whose argument is `A`, in the order in which they are called.
///
/// Emission runs over a snapshot, as Node's does: a listener that is removed meanwhile is still called, one
/// that is added is not. An empty list costs two words and an emission to it one test.
///
/// ```
/// use nodecore_events::{ListenerId, Listeners};
/// use std::{cell::Cell, rc::Rc};
///
/// let listeners = Listeners::new();
/// let sum = Rc::new(Cell::new(0));
/// let total = Rc::clone(&sum);
/// let id = ListenerId::new(0);
/// listeners.append(id, Rc::new(move |n: i32| total.set(total.get() + n)));
/// assert!(listeners.emit(40));
/// assert!(listeners.emit(2));
/// assert_eq!(sum.get(), 42);
/// assert!(listeners.remove(id));
/// assert!(!listeners.emit(1));
/// ```
pub type Listeners<A> = ListenerList<Listener<A>>;

/// As [`Listeners`], of listeners of any kind.
pub struct ListenerList<C: Callee> {
    list: RefCell<Option<Box<List<C>>>>,
}

impl<C: Callee> ListenerList<C> {
    /// No listeners.
    pub const fn new() -> ListenerList<C> {
        ListenerList { list: RefCell::new(None) }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.borrow().as_ref().map_or(0, |list| list.entries().len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.borrow().is_none()
    }

    /// Adds a listener behind the others.
    pub fn append(&self, id: ListenerId, call: C) {
        self.insert(Entry::new(id, false, call), false);
    }

    /// Adds a listener before the others.
    pub fn prepend(&self, id: ListenerId, call: C) {
        self.insert(Entry::new(id, false, call), true);
    }

    /// Adds a listener that is removed just before its first call.
    pub fn append_once(&self, id: ListenerId, call: C) {
        self.insert(Entry::new(id, true, call), false);
    }

    /// As [`ListenerList::append_once`], before the others.
    pub fn prepend_once(&self, id: ListenerId, call: C) {
        self.insert(Entry::new(id, true, call), true);
    }

    /// Removes a listener; false if it is not there.
    pub fn remove(&self, id: ListenerId) -> bool {
        let mut slot = self.list.borrow_mut();
        let Some(list) = slot.as_mut() else { return false };
        let removed = list.remove(id);
        let emptied = if list.is_empty() { slot.take() } else { None };
        // What is dropped may be the last owner of anything, so it is dropped without the borrow.
        drop(slot);
        drop(emptied);
        removed.is_some()
    }

    /// Removes all.
    pub fn clear(&self) {
        let list = self.list.borrow_mut().take();
        drop(list);
    }

    /// Removes those whose id does not satisfy `keep`.
    pub fn retain(&self, keep: impl Fn(ListenerId) -> bool) {
        let mut slot = self.list.borrow_mut();
        let Some(list) = slot.as_mut() else { return };
        let removed = list.retain(keep);
        let emptied = if list.is_empty() { slot.take() } else { None };
        drop(slot);
        drop((removed, emptied));
    }

    /// The ids, in order.
    pub fn ids(&self) -> Vec<ListenerId> {
        self.list.borrow().iter().flat_map(|list| list.entries().iter().map(|entry| entry.id)).collect()
    }

    fn insert(&self, entry: Entry<C>, front: bool) {
        self.list.borrow_mut().get_or_insert_default().insert(entry, front);
    }

    fn call(&self, entry: &Entry<C>, arg: C::Arg) {
        if entry.is_once() {
            if !entry.claim() {
                return;
            }
            self.remove(entry.id);
        }
        entry.call.call(arg);
    }
}

impl<C: Callee<Arg: Clone>> ListenerList<C> {
    /// Calls every listener that is there now; false if there is none. The last one gets `arg` itself.
    #[inline(always)]
    pub fn emit(&self, arg: C::Arg) -> bool {
        let sole = match self.list.borrow().as_deref() {
            Some(list) => list.sole().cloned(),
            None => return false,
        };
        match sole {
            Some(call) => call.call(arg),
            None => self.emit_to_all(arg),
        }
        true
    }

    #[inline(never)]
    fn emit_to_all(&self, arg: C::Arg) {
        let Some(snapshot) = self.list.borrow().as_deref().cloned() else { return };
        if let Some((last, others)) = snapshot.entries().split_last() {
            for entry in others {
                self.call(entry, arg.clone());
            }
            self.call(last, arg);
        }
    }
}

impl<C: Callee> Default for ListenerList<C> {
    fn default() -> ListenerList<C> {
        ListenerList::new()
    }
}

impl<C: Callee> fmt::Debug for ListenerList<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listeners").field("len", &self.len()).finish()
    }
}

/// Makes a listener of a closure with state of its own.
///
/// Where the event is emitted again while `f` runs, `f` cannot be entered a second time: that call is made as
/// soon as the running one returns. Nothing is lost and nothing panics; only a listener that emits its own
/// event can tell the difference from Node, and it may be written as an `Fn` instead.
pub fn listener_mut<A: 'static>(f: impl FnMut(A) + 'static) -> Listener<A> {
    let f = RefCell::new(f);
    let waiting = RefCell::new(VecDeque::new());
    Rc::new(move |arg| {
        let Ok(mut f) = f.try_borrow_mut() else {
            waiting.borrow_mut().push_back(arg);
            return;
        };
        f(arg);
        loop {
            let next = waiting.borrow_mut().pop_front();
            match next {
                Some(arg) => f(arg),
                None => break,
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log() -> (Rc<RefCell<String>>, impl Fn(&'static str) -> Listener<()>) {
        let log = Rc::new(RefCell::new(String::new()));
        let sink = Rc::clone(&log);
        (log, move |name| {
            let sink = Rc::clone(&sink);
            Rc::new(move |()| sink.borrow_mut().push_str(name))
        })
    }

    #[test]
    fn order_and_once() {
        let (log, named) = log();
        let listeners = Listeners::new();
        listeners.append(ListenerId::new(0), named("b"));
        listeners.append_once(ListenerId::new(0), named("c"));
        listeners.prepend(ListenerId::new(0), named("a"));
        assert!(listeners.emit(()));
        assert!(listeners.emit(()));
        assert_eq!(*log.borrow(), "abcab");
        assert_eq!(listeners.len(), 2);
    }

    #[test]
    fn removal_during_emission_is_too_late_for_it() {
        let (log, named) = log();
        let listeners = Rc::new(Listeners::new());
        let (first, second) = (ListenerId::new(0), ListenerId::new(0));
        let inner = Rc::clone(&listeners);
        listeners.append(first, Rc::new(move |()| assert!(inner.remove(second) && inner.remove(first))));
        listeners.append(second, named("second"));
        listeners.emit(());
        assert_eq!(*log.borrow(), "second");
        assert!(listeners.is_empty() && !listeners.remove(first));
    }

    #[test]
    fn once_runs_once_when_emitted_again_before_its_turn() {
        let (log, named) = log();
        let listeners = Rc::new(Listeners::new());
        let inner = Rc::clone(&listeners);
        listeners.append_once(ListenerId::new(0), Rc::new(move |()| assert!(inner.emit(()))));
        listeners.append_once(ListenerId::new(0), named("x"));
        listeners.emit(());
        assert_eq!(*log.borrow(), "x");
    }

    #[test]
    fn a_mutable_listener_may_emit_its_own_event() {
        let listeners = Rc::new(Listeners::new());
        let inner = Rc::downgrade(&listeners);
        let seen = Rc::new(RefCell::new(Vec::new()));
        let sink = Rc::clone(&seen);
        listeners.append(
            ListenerId::new(0),
            listener_mut(move |n: u32| {
                if n < 3 {
                    inner.upgrade().unwrap().emit(n + 1);
                }
                sink.borrow_mut().push(n);
            }),
        );
        listeners.emit(1);
        assert_eq!(*seen.borrow(), [1, 2, 3]);
    }
}
