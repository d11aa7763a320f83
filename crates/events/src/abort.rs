//! AbortController and AbortSignal.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::EventLoop;

use crate::listeners::{ListenerId, Listeners};

/// Aborts what was given its [`signal`](AbortController::signal).
///
/// Node: [`AbortController`](https://nodejs.org/api/globals.html#class-abortcontroller).
///
/// ```
/// use nodecore_events::AbortController;
/// use std::{cell::Cell, rc::Rc};
///
/// let controller = AbortController::new();
/// let signal = controller.signal();
/// let told = Rc::new(Cell::new(false));
/// let flag = Rc::clone(&told);
/// signal.on_abort(move || flag.set(true));
/// controller.abort();
/// assert!(told.get() && signal.aborted());
/// assert_eq!(signal.reason().unwrap().to_string(), "This operation was aborted");
/// ```
#[derive(Clone, Debug, Default)]
pub struct AbortController {
    signal: AbortSignal,
}

impl AbortController {
    /// A controller with a new signal.
    pub fn new() -> AbortController {
        AbortController::default()
    }

    /// Its signal.
    pub fn signal(&self) -> AbortSignal {
        self.signal.clone()
    }

    /// Aborts, with the reason that Node gives by default.
    pub fn abort(&self) {
        self.signal.abort_now(default_reason());
    }

    /// Aborts, with a reason.
    pub fn abort_with(&self, reason: Error) {
        self.signal.abort_now(reason);
    }
}

/// Tells when to give up. Clones are the same signal.
///
/// Node: [`AbortSignal`](https://nodejs.org/api/globals.html#class-abortsignal).
#[derive(Clone, Debug, Default)]
pub struct AbortSignal(Rc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    reason: RefCell<Option<Error>>,
    listeners: Listeners<()>,
}

impl AbortSignal {
    /// A signal that is aborted already. Node: `AbortSignal.abort`.
    pub fn abort(reason: Option<Error>) -> AbortSignal {
        let signal = AbortSignal::default();
        signal.abort_now(reason.unwrap_or_else(default_reason));
        signal
    }

    /// A signal that is aborted after `ms` milliseconds; it does not keep the loop alive. Node:
    /// `AbortSignal.timeout`.
    pub fn timeout(lp: &EventLoop, ms: f64) -> AbortSignal {
        let signal = AbortSignal::default();
        let weak = Rc::downgrade(&signal.0);
        let timer = lp.set_timeout(ms, move || {
            if let Some(inner) = weak.upgrade() {
                let reason = Error::new(Code::Abort, "The operation was aborted due to timeout");
                AbortSignal(inner).abort_now(reason);
            }
        });
        timer.unref();
        signal
    }

    /// A signal that is aborted when the first of `signals` is. Node: `AbortSignal.any`.
    pub fn any(signals: &[AbortSignal]) -> AbortSignal {
        let any = AbortSignal::default();
        for signal in signals {
            if let Some(reason) = signal.reason() {
                any.abort_now(reason);
                return any;
            }
        }
        for signal in signals {
            let (weak, source) = (Rc::downgrade(&any.0), Rc::downgrade(&signal.0));
            signal.on_abort(move || {
                if let (Some(any), Some(source)) = (weak.upgrade(), source.upgrade()) {
                    let reason = AbortSignal(source).reason().unwrap_or_else(default_reason);
                    AbortSignal(any).abort_now(reason);
                }
            });
        }
        any
    }

    /// Whether it has been aborted.
    pub fn aborted(&self) -> bool {
        self.0.reason.borrow().is_some()
    }

    /// Why, once it has been.
    pub fn reason(&self) -> Option<Error> {
        self.0.reason.borrow().clone()
    }

    /// Node: `throwIfAborted`.
    ///
    /// # Errors
    /// The reason, once it has been aborted.
    pub fn throw_if_aborted(&self) -> Result<()> {
        self.reason().map_or(Ok(()), Err)
    }

    /// The `AbortError` that an aborted operation fails with: its cause is the reason.
    pub fn error(&self) -> Error {
        match self.reason() {
            Some(reason) => Error::abort().with_cause(reason),
            None => Error::abort(),
        }
    }

    /// Calls `listener` when it is aborted; never if it is already.
    pub fn on_abort(&self, listener: impl FnOnce() + 'static) -> ListenerId {
        let id = ListenerId::new(0);
        let listener = Cell::new(Some(listener));
        let call = move |()| {
            if let Some(listener) = listener.take() {
                listener();
            }
        };
        self.0.listeners.append_once(id, Rc::new(call));
        id
    }

    /// Removes a listener; false if it is not there.
    pub fn off(&self, id: ListenerId) -> bool {
        self.0.listeners.remove(id)
    }

    fn abort_now(&self, reason: Error) {
        if self.aborted() {
            return;
        }
        *self.0.reason.borrow_mut() = Some(reason);
        self.0.listeners.emit(());
        self.0.listeners.clear();
    }
}

fn default_reason() -> Error {
    Error::new(Code::Abort, "This operation was aborted")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aborts_once_and_keeps_the_first_reason() {
        let controller = AbortController::new();
        let count = Rc::new(Cell::new(0));
        let seen = Rc::clone(&count);
        controller.signal().on_abort(move || seen.set(seen.get() + 1));
        controller.abort_with(Error::system_code(Code::EIO, "read"));
        controller.abort();
        assert_eq!(count.get(), 1);
        assert_eq!(controller.signal().reason().unwrap().code(), Code::EIO);
        assert_eq!(controller.signal().error().cause().unwrap().code(), Code::EIO);
        assert!(controller.signal().throw_if_aborted().is_err());
    }

    #[test]
    fn any_follows_the_first() {
        let (a, b) = (AbortController::new(), AbortController::new());
        let any = AbortSignal::any(&[a.signal(), b.signal()]);
        assert!(!any.aborted());
        b.abort_with(Error::abort());
        a.abort();
        assert_eq!(any.reason(), Some(Error::abort()));
        assert!(AbortSignal::any(&[any]).aborted());
    }
}
