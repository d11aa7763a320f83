//! How other threads reach the loop: finished operations and woken futures, and one wake-up for all.
//!
//! A thread leaves its message, sets `pending` and then looks whether the loop is `awake`. The loop clears
//! `awake` before it blocks and then looks at `pending`. Both are sequentially consistent, so one of the two
//! sees the other, and a loop that is busy anyway costs nobody a system call.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::uv::Sender;
use crate::work::Slot;

pub(crate) struct Mailbox {
    sender: Sender,
    pending: AtomicBool,
    awake: AtomicBool,
    finished: Mutex<Vec<Arc<dyn Slot>>>,
    woken: Mutex<Vec<u64>>,
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Mailbox {
    pub(crate) fn new(sender: Sender) -> Mailbox {
        Mailbox {
            sender,
            pending: AtomicBool::new(false),
            awake: AtomicBool::new(false),
            finished: Mutex::default(),
            woken: Mutex::default(),
        }
    }

    /// Any thread: this operation is to be delivered.
    pub(crate) fn finish(&self, slot: Arc<dyn Slot>) {
        lock(&self.finished).push(slot);
        self.notify();
    }

    /// Any thread: this future is to be polled.
    pub(crate) fn wake(&self, task: u64) {
        lock(&self.woken).push(task);
        self.notify();
    }

    fn notify(&self) {
        if !self.pending.swap(true, Ordering::SeqCst) && !self.awake.load(Ordering::SeqCst) {
            self.sender.send();
        }
    }

    /// The loop's thread: whether something has come.
    pub(crate) fn is_pending(&self) -> bool {
        self.pending.load(Ordering::SeqCst)
    }

    /// The loop's thread: from here on it will look by itself, or no longer.
    pub(crate) fn set_awake(&self, awake: bool) {
        self.awake.store(awake, Ordering::SeqCst);
    }

    /// The loop's thread: moves everything that has come to the ends of these.
    pub(crate) fn take(&self, finished: &mut VecDeque<Arc<dyn Slot>>, woken: &mut VecDeque<u64>) {
        self.pending.store(false, Ordering::SeqCst);
        finished.extend(lock(&self.finished).drain(..));
        woken.extend(lock(&self.woken).drain(..));
    }

    pub(crate) fn sender(&self) -> &Sender {
        &self.sender
    }
}
