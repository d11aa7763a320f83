//! Errors that nobody listens to.

use std::cell::RefCell;
use std::rc::Rc;

use nodecore_error::Error;

type Handler = Rc<dyn Fn(Error)>;

thread_local!(static HANDLER: RefCell<Option<Handler>> = const { RefCell::new(None) });

/// Sets what is done on this thread with an `error` event that has no listener; `None` restores the default.
/// Gives back the handler that it replaces.
///
/// Without a handler [`uncaught`] panics, as an uncaught exception ends a Node process; the panic of a callback
/// comes out of the event loop's `run`.
///
/// ```
/// use nodecore_error::{Code, Error};
/// use std::{cell::RefCell, rc::Rc};
///
/// let seen = Rc::new(RefCell::new(None));
/// let slot = Rc::clone(&seen);
/// nodecore_events::set_uncaught_handler(Some(Rc::new(move |error| *slot.borrow_mut() = Some(error))));
/// nodecore_events::uncaught(Error::abort());
/// assert_eq!(seen.take().unwrap().code(), Code::Abort);
/// ```
pub fn set_uncaught_handler(handler: Option<Rc<dyn Fn(Error)>>) -> Option<Rc<dyn Fn(Error)>> {
    HANDLER.with_borrow_mut(|slot| std::mem::replace(slot, handler))
}

/// Reports an error that nobody listens to.
///
/// # Panics
/// Unless a handler was set with [`set_uncaught_handler`].
pub fn uncaught(error: Error) {
    let handler = HANDLER.with_borrow(Clone::clone);
    match handler {
        Some(handler) => handler(error),
        None => panic!("Unhandled 'error' event: {} ({})", error, error.code().name()),
    }
}
