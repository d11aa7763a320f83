//! A queue that knows the sum of its entries' sizes.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

pub(super) struct SizedQueue<E> {
    entries: RefCell<VecDeque<(E, f64)>>,
    total: Cell<f64>,
}

impl<E> SizedQueue<E> {
    pub(super) fn new() -> SizedQueue<E> {
        SizedQueue { entries: RefCell::default(), total: Cell::new(0.0) }
    }

    pub(super) fn total(&self) -> f64 {
        self.total.get()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.borrow().is_empty()
    }

    /// `size` is finite and not negative.
    pub(super) fn push(&self, entry: E, size: f64) {
        self.entries.borrow_mut().push_back((entry, size));
        self.total.set(self.total.get() + size);
    }

    pub(super) fn pop(&self) -> Option<E> {
        let (entry, size) = self.entries.borrow_mut().pop_front()?;
        // Sums of fractions need not come back to zero.
        self.total.set((self.total.get() - size).max(0.0));
        Some(entry)
    }

    /// What `f` makes of the first entry, which stays.
    pub(super) fn peek<R>(&self, f: impl FnOnce(&mut E) -> R) -> Option<R> {
        self.entries.borrow_mut().front_mut().map(|(entry, _)| f(entry))
    }

    /// Empties it; what it held is dropped outside any borrow.
    pub(super) fn clear(&self) {
        let entries = self.entries.take();
        self.total.set(0.0);
        drop(entries);
    }
}
