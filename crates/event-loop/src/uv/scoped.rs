//! A borrowed closure that others may call for as long as the borrow lasts.

use std::cell::Cell;
use std::fmt;
use std::ptr::NonNull;

/// A place for one `&mut dyn FnMut()`, filled by [`Scoped::with`] for the length of a call.
#[derive(Default)]
pub(crate) struct Scoped(Cell<Option<NonNull<dyn FnMut()>>>);

impl Scoped {
    /// Runs `body`, during which [`Scoped::call`] calls `f`. Calls of `with` may nest.
    pub(crate) fn with<R>(&self, f: &mut dyn FnMut(), body: impl FnOnce() -> R) -> R {
        struct Restore<'a>(&'a Scoped, Option<NonNull<dyn FnMut()>>);
        impl Drop for Restore<'_> {
            fn drop(&mut self) {
                self.0.0.set(self.1);
            }
        }
        let pointer: NonNull<dyn FnMut() + '_> = NonNull::from(f);
        // SAFETY: only the lifetime changes. `Restore` clears the place before this call ends, however it
        // ends, so nobody calls through the pointer after the borrow.
        let pointer: NonNull<dyn FnMut()> = unsafe { std::mem::transmute(pointer) };
        let _restore = Restore(self, self.0.replace(Some(pointer)));
        body()
    }

    /// Calls the closure, if there is one and it is not running.
    pub(crate) fn call(&self) {
        struct Restore<'a>(&'a Scoped, NonNull<dyn FnMut()>);
        impl Drop for Restore<'_> {
            fn drop(&mut self) {
                self.0.0.set(Some(self.1));
            }
        }
        let Some(pointer) = self.0.take() else { return };
        let _restore = Restore(self, pointer);
        // SAFETY: set by `with`, whose borrow still lasts; taken out meanwhile, so there is no other user.
        unsafe { (*pointer.as_ptr())() }
    }
}

impl fmt::Debug for Scoped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Scoped").finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_within_the_scope_only() {
        let scoped = Scoped::default();
        let mut count = 0;
        scoped.call();
        scoped.with(
            &mut || {
                scoped.call();
                count += 1;
            },
            || {
                scoped.call();
                scoped.call();
            },
        );
        scoped.call();
        assert_eq!(count, 2);
    }
}
