//! A listener as a value.

use std::fmt;
use std::rc::Rc;

use nodecore_error::{Error, Result};

use crate::ListenerId;
use crate::listeners::{Listener, listener_mut};

/// A listener that may be added several times, to several events, and be removed by what it is: what a function
/// object is to Node's `addListener` and `removeListener`. Clones are the same listener.
///
/// ```
/// use nodecore_events::{EventEmitter, Handler, ListenOptions};
///
/// let emitter = EventEmitter::<u32>::new();
/// let handler = Handler::new(|n| assert_eq!(n, 7));
/// emitter.add_listener("x", &handler, ListenOptions::default());
/// emitter.add_listener("x", &handler, ListenOptions::default().once(true));
/// assert_eq!(emitter.listener_count_of("x", &handler), 2);
/// emitter.emit("x", 7);
/// assert!(emitter.remove_listener("x", &handler));
/// assert!(!emitter.remove_listener("x", &handler));
/// ```
pub struct Handler<A>(pub(crate) Call<A>);

type Watcher = Rc<dyn Fn(&str, ListenerId)>;

/// What a listener is called with, and whether it may fail.
pub(crate) enum Call<A> {
    Plain(Listener<A>),
    Fallible(Rc<dyn Fn(A) -> Result<()>>),
    Error(Rc<dyn Fn(&Error)>),
    /// Of `newListener` and `removeListener`.
    Watch(Watcher),
}

impl<A: 'static> Handler<A> {
    /// A listener that may run again while it runs.
    pub fn new(f: impl Fn(A) + 'static) -> Handler<A> {
        Handler(Call::Plain(Rc::new(f)))
    }

    /// A listener with state of its own; see [`listener_mut`].
    pub fn new_mut(f: impl FnMut(A) + 'static) -> Handler<A> {
        Handler(Call::Plain(listener_mut(f)))
    }

    /// A listener that may fail, which is what throwing is in Node: the listeners behind it are not called, and
    /// [`try_emit`](crate::EventEmitter::try_emit) gives the error to its caller.
    pub fn fallible(f: impl Fn(A) -> Result<()> + 'static) -> Handler<A> {
        Handler(Call::Fallible(Rc::new(f)))
    }

    /// A listener of errors, for `error` and [`ERROR_MONITOR`](crate::ERROR_MONITOR).
    pub fn error(f: impl Fn(&Error) + 'static) -> Handler<A> {
        Handler(Call::Error(Rc::new(f)))
    }

    /// Calls it; an error handler and a watcher do nothing.
    ///
    /// # Errors
    /// What a fallible one returns.
    pub fn call(&self, arg: A) -> Result<()> {
        match &self.0 {
            Call::Plain(call) => call(arg),
            Call::Fallible(call) => return call(arg),
            Call::Error(_) | Call::Watch(_) => {}
        }
        Ok(())
    }
}

impl<A> Handler<A> {
    /// Whether it is called with what an event carries.
    pub(crate) fn takes_args(&self) -> bool {
        matches!(self.0, Call::Plain(_) | Call::Fallible(_))
    }

    pub(crate) fn is(&self, other: &Handler<A>) -> bool {
        let address = |handler: &Handler<A>| match &handler.0 {
            Call::Plain(call) => Rc::as_ptr(call).cast::<()>(),
            Call::Fallible(call) => Rc::as_ptr(call).cast(),
            Call::Error(call) => Rc::as_ptr(call).cast(),
            Call::Watch(call) => Rc::as_ptr(call).cast(),
        };
        std::ptr::eq(address(self), address(other))
    }
}

impl<A> PartialEq for Handler<A> {
    fn eq(&self, other: &Handler<A>) -> bool {
        self.is(other)
    }
}

impl<A> Eq for Handler<A> {}

impl<A> Clone for Handler<A> {
    #[inline]
    fn clone(&self) -> Handler<A> {
        Handler(match &self.0 {
            Call::Plain(call) => Call::Plain(Rc::clone(call)),
            Call::Fallible(call) => Call::Fallible(Rc::clone(call)),
            Call::Error(call) => Call::Error(Rc::clone(call)),
            Call::Watch(call) => Call::Watch(Rc::clone(call)),
        })
    }
}

impl<A> fmt::Debug for Handler<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Call::Plain(_) => "Handler",
            Call::Fallible(_) => "Handler::fallible",
            Call::Error(_) => "Handler::error",
            Call::Watch(_) => "Handler (watcher)",
        })
    }
}
