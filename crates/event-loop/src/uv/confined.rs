//! A value that crosses threads but is touched on one only.

use std::fmt;
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicU64, Ordering};

/// A number this process gives out once.
pub(crate) fn unique_number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A number no other thread of this process has or will have.
pub(crate) fn thread_number() -> u64 {
    thread_local!(static NUMBER: u64 = unique_number());
    NUMBER.try_with(|&number| number).unwrap_or(0)
}

/// Holds a value of the thread that made it. Elsewhere it can be moved, but neither read nor dropped.
pub(crate) struct Confined<T> {
    value: ManuallyDrop<Option<T>>,
    thread: u64,
}

// SAFETY: the value is reached and dropped only on the thread that made it, checked at run time; thread
// numbers are never reused.
unsafe impl<T> Send for Confined<T> {}

impl<T> Confined<T> {
    pub(crate) fn new(value: T) -> Confined<T> {
        Confined { value: ManuallyDrop::new(Some(value)), thread: thread_number() }
    }

    /// The value, the first time it is asked for on its own thread.
    pub(crate) fn take(&mut self) -> Option<T> {
        if thread_number() == self.thread { self.value.take() } else { None }
    }
}

impl<T> Drop for Confined<T> {
    fn drop(&mut self) {
        // Elsewhere an untaken value is leaked, which is safe; the event loop takes every value.
        let at_home = thread_number() == self.thread;
        debug_assert!(
            at_home || self.value.is_none(),
            "a confined value is taken before its last owner goes"
        );
        if at_home {
            // SAFETY: dropped once, here, on its own thread.
            unsafe { ManuallyDrop::drop(&mut self.value) }
        }
    }
}

impl<T> fmt::Debug for Confined<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Confined").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    #[test]
    fn only_its_own_thread_gets_the_value() {
        let mut confined = Confined::new(Rc::new(7));
        confined = std::thread::spawn(move || {
            assert!(confined.take().is_none());
            confined
        })
        .join()
        .unwrap();
        assert_eq!(confined.take().as_deref(), Some(&7));
        assert!(confined.take().is_none());
    }
}
