//! The ordered list that events are made with: one listener in place, more of them behind a shared pointer.

use std::cell::Cell;
use std::rc::Rc;

use crate::ListenerId;

/// One listener.
pub(crate) struct Entry<C> {
    pub(crate) id: ListenerId,
    /// Set once it has run, for a listener that runs once.
    fired: Option<Rc<Cell<bool>>>,
    pub(crate) call: C,
}

impl<C> Entry<C> {
    pub(crate) fn new(id: ListenerId, once: bool, call: C) -> Entry<C> {
        Entry { id, fired: once.then(Rc::default), call }
    }

    pub(crate) fn is_once(&self) -> bool {
        self.fired.is_some()
    }

    /// Whether it may run: always, or once.
    pub(crate) fn claim(&self) -> bool {
        self.fired.as_ref().is_none_or(|fired| !fired.replace(true))
    }
}

impl<C: Clone> Clone for Entry<C> {
    fn clone(&self) -> Entry<C> {
        Entry { id: self.id, fired: self.fired.clone(), call: self.call.clone() }
    }
}

/// Listeners in order. A clone is a snapshot: it allocates nothing, and later changes do not reach it.
#[derive(Clone, Default)]
pub(crate) enum List<C: Clone> {
    #[default]
    Empty,
    One(Entry<C>),
    /// Never empty.
    Many(Rc<Vec<Entry<C>>>),
}

impl<C: Clone> List<C> {
    pub(crate) fn entries(&self) -> &[Entry<C>] {
        match self {
            List::Empty => &[],
            List::One(entry) => std::slice::from_ref(entry),
            List::Many(entries) => entries,
        }
    }

    /// The listener of a list of one that does not run once: the case that has to be fast.
    #[inline]
    pub(crate) fn sole(&self) -> Option<&C> {
        match self {
            List::One(entry) if !entry.is_once() => Some(&entry.call),
            _ => None,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, List::Empty)
    }

    pub(crate) fn insert(&mut self, entry: Entry<C>, front: bool) {
        if self.is_empty() {
            *self = List::One(entry);
        } else {
            self.insert_beside(entry, front);
        }
    }

    #[inline(never)]
    fn insert_beside(&mut self, entry: Entry<C>, front: bool) {
        *self = match std::mem::take(self) {
            List::Empty => List::One(entry),
            List::One(other) => {
                List::Many(Rc::new(if front { vec![entry, other] } else { vec![other, entry] }))
            }
            List::Many(mut entries) => {
                let list = Rc::make_mut(&mut entries);
                list.insert(if front { 0 } else { list.len() }, entry);
                List::Many(entries)
            }
        };
    }

    /// Takes a listener out. It may be the last owner of anything: the caller drops it without a borrow.
    pub(crate) fn remove(&mut self, id: ListenerId) -> Option<Entry<C>> {
        self.take_at(self.entries().iter().position(|entry| entry.id == id)?)
    }

    pub(crate) fn take_at(&mut self, index: usize) -> Option<Entry<C>> {
        match std::mem::take(self) {
            List::Empty => None,
            List::One(entry) => Some(entry),
            List::Many(mut entries) => {
                let removed = (index < entries.len()).then(|| Rc::make_mut(&mut entries).remove(index));
                if !entries.is_empty() {
                    *self = List::Many(entries);
                }
                removed
            }
        }
    }

    /// Keeps those whose id satisfies `keep`; gives back the list as it was, to be dropped without a borrow.
    pub(crate) fn retain(&mut self, keep: impl Fn(ListenerId) -> bool) -> List<C> {
        let mut kept: Vec<Entry<C>> = self.entries().iter().filter(|entry| keep(entry.id)).cloned().collect();
        let list = match kept.len() {
            0 => List::Empty,
            1 => kept.pop().map_or(List::Empty, List::One),
            _ => List::Many(Rc::new(kept)),
        };
        std::mem::replace(self, list)
    }
}
