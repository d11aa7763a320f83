//! `setImmediate`: callbacks of the check phase.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::rc::{Rc, Weak};

use crate::event_loop::{EventLoop, Inner};
use crate::host::Task;

/// A callback waiting for the check phase. Node: `Immediate`
/// (<https://nodejs.org/api/timers.html#class-immediate>). Dropping the handle clears nothing.
#[derive(Clone)]
pub struct Immediate {
    lp: Weak<Inner>,
    cell: Rc<ImmediateCell>,
}

struct ImmediateCell {
    callback: Cell<Option<Task>>,
    /// Meaningful while the callback waits.
    refed: Cell<bool>,
    waiting: Cell<bool>,
}

#[derive(Default)]
pub(crate) struct Immediates {
    queue: RefCell<VecDeque<Rc<ImmediateCell>>>,
    /// What is left of the phase that runs, or of one that a panic cut short.
    outstanding: RefCell<VecDeque<Rc<ImmediateCell>>>,
    count: Cell<usize>,
    ref_count: Cell<usize>,
}

impl Immediates {
    pub(crate) fn is_borrowed(&self) -> bool {
        self.queue.try_borrow_mut().is_err() || self.outstanding.try_borrow_mut().is_err()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.count.get() == 0
    }

    pub(crate) fn is_referenced(&self) -> bool {
        self.ref_count.get() > 0
    }

    /// Empties the queues; what they held is dropped by the caller, outside any borrow.
    pub(crate) fn take(&self) -> impl Sized {
        self.count.set(0);
        self.ref_count.set(0);
        let queues = (self.queue.take(), self.outstanding.take());
        let all = queues.0.iter().chain(&queues.1);
        let callbacks: Vec<_> = all
            .map(|cell| {
                cell.waiting.set(false);
                cell.callback.take()
            })
            .collect();
        callbacks
    }
}

impl EventLoop {
    /// Runs `f` in the next check phase. Node: `setImmediate`
    /// (<https://nodejs.org/api/timers.html#setimmediatecallback-args>). One that is set while immediates run
    /// waits for the next iteration.
    pub fn set_immediate(&self, f: impl FnOnce() + 'static) -> Immediate {
        let inner = self.inner();
        let cell = Rc::new(ImmediateCell {
            callback: Cell::new(None),
            refed: Cell::new(false),
            waiting: Cell::new(false),
        });
        let immediate = Immediate { lp: inner.weak(), cell };
        if !inner.is_closed() {
            immediate.cell.callback.set(Some(Task::new(f)));
            immediate.cell.waiting.set(true);
            inner.immediates.count.set(inner.immediates.count.get() + 1);
            inner.immediates.queue.borrow_mut().push_back(Rc::clone(&immediate.cell));
            immediate.ref_();
        }
        immediate
    }
}

impl Immediate {
    /// Forgets the callback. Node: `clearImmediate`.
    pub fn clear(&self) {
        let Some(inner) = self.lp.upgrade() else { return };
        if self.cell.waiting.replace(false) {
            inner.immediates.leave(&self.cell);
            inner.update_idle();
            drop(self.cell.callback.take());
        }
    }

    /// Keeps the loop alive until it has run, as it does from the start. Node: `immediate.ref()`.
    pub fn ref_(&self) -> &Immediate {
        self.set_ref(true)
    }

    /// Lets the loop end without running it. Node: `immediate.unref()`.
    pub fn unref(&self) -> &Immediate {
        self.set_ref(false)
    }

    fn set_ref(&self, on: bool) -> &Immediate {
        if let Some(inner) = self.lp.upgrade()
            && self.cell.waiting.get()
            && self.cell.refed.replace(on) != on
        {
            let count = &inner.immediates.ref_count;
            count.set(if on { count.get() + 1 } else { count.get() - 1 });
            inner.update_idle();
        }
        self
    }

    /// Whether it keeps the loop alive. Node: `immediate.hasRef()`.
    pub fn has_ref(&self) -> bool {
        self.cell.waiting.get() && self.cell.refed.get()
    }
}

impl fmt::Debug for Immediate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Immediate");
        debug.field("waiting", &self.cell.waiting.get()).field("has_ref", &self.has_ref()).finish()
    }
}

impl Immediates {
    /// Takes one that waits no more out of the counts.
    fn leave(&self, cell: &ImmediateCell) {
        self.count.set(self.count.get() - 1);
        if cell.refed.get() {
            self.ref_count.set(self.ref_count.get() - 1);
        }
    }

    fn next(&self) -> Option<Rc<ImmediateCell>> {
        self.outstanding.borrow_mut().pop_front()
    }
}

impl Inner {
    /// The check phase: runs what was queued when it began.
    pub(crate) fn run_immediates(&self) {
        /// Lets the loop sleep again, whatever a callback did.
        struct Leave<'a>(&'a Inner);
        impl Drop for Leave<'_> {
            fn drop(&mut self) {
                self.0.update_idle();
            }
        }
        let immediates = &self.immediates;
        if immediates.count.get() == 0 {
            // Nothing but cleared ones can be left.
            immediates.queue.borrow_mut().clear();
            immediates.outstanding.borrow_mut().clear();
            return;
        }
        immediates.outstanding.borrow_mut().retain(|cell| cell.waiting.get());
        if immediates.outstanding.borrow().is_empty() {
            immediates.outstanding.swap(&immediates.queue);
        }
        let _leave = Leave(self);
        while let Some(cell) = immediates.next() {
            if cell.waiting.replace(false) {
                immediates.leave(&cell);
                if let Some(callback) = cell.callback.take() {
                    self.scope(|| {
                        self.assert_unborrowed();
                        callback.run();
                    });
                }
            }
        }
    }
}
