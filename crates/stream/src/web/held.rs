//! A reference that is given up while what it leads to holds its holder.

use std::any::Any;
use std::cell::RefCell;
use std::rc::{Rc, Weak};

/// What a stream holds, but for the time in which that holds the stream: no circle keeps the two.
pub(super) struct Held<S: ?Sized> {
    strong: RefCell<Option<Rc<S>>>,
    weak: Weak<S>,
}

impl<S: ?Sized> Held<S> {
    pub(super) fn new(held: Rc<S>) -> Held<S> {
        let weak = Rc::downgrade(&held);
        Held { strong: RefCell::new(Some(held)), weak }
    }

    /// It, unless it was given up and is gone.
    pub(super) fn get(&self) -> Option<Rc<S>> {
        self.weak.upgrade()
    }

    /// Leaves it to others.
    pub(super) fn release(&self) {
        let dropped = self.strong.take();
        drop(dropped);
    }

    /// Holds it again.
    pub(super) fn hold(&self) {
        let again = self.weak.upgrade();
        let before = self.strong.replace(again);
        drop(before);
    }
}

/// Drops a link of a chain that may be long: the next ones, which its own end drops, after it instead of inside.
pub(super) fn drop_in_turn(link: Box<dyn Any>) {
    thread_local!(static LINKS: RefCell<Option<Vec<Box<dyn Any>>>> = const { RefCell::new(None) });
    /// Who began, until it is done or a destructor panics.
    struct Begun;
    impl Drop for Begun {
        fn drop(&mut self) {
            let left = LINKS.take();
            drop(left);
        }
    }
    let mut link = Some(link);
    let begun = LINKS.try_with(|links| match &mut *links.borrow_mut() {
        Some(links) => {
            links.extend(link.take());
            None
        }
        none => {
            *none = Some(Vec::new());
            Some(Begun)
        }
    });
    // Without the list, at the end of the thread, it is dropped inside.
    while let Some(dropped) = link {
        drop(dropped);
        link = begun.as_ref().ok().and_then(|_| LINKS.with_borrow_mut(|links| links.as_mut()?.pop()));
    }
}
