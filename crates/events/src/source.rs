//! What `once` and `on` wait for: emitters and targets alike.

use std::fmt;
use std::rc::Rc;

use nodecore_error::Error;

use crate::emitter::{EventEmitter, ListenOptions};
use crate::event::Event;
use crate::handler::Handler;
use crate::listeners::ListenerId;
use crate::target::{EventListenerOptions, EventTarget};

/// Something whose events [`once`](crate::once()) and [`on`](crate::on()) can wait for. A type of your own joins in by
/// passing the calls on to the emitter inside it.
pub trait EventSource: Clone + 'static {
    /// What an event brings.
    type Item: 'static;

    /// Calls `listener` on each `event`, or on the next one.
    fn listen(&self, event: &str, once: bool, listener: Rc<dyn Fn(Self::Item)>) -> ListenerId;

    /// Calls `listener` on each error; `None` for a source whose `error` is an event like others.
    fn listen_error(&self, once: bool, listener: Rc<dyn Fn(Error)>) -> Option<ListenerId>;

    /// Removes a listener of either kind.
    fn unlisten(&self, id: ListenerId);
}

impl<A: Clone + fmt::Debug + 'static> EventSource for EventEmitter<A> {
    type Item = A;

    fn listen(&self, event: &str, once: bool, listener: Rc<dyn Fn(A)>) -> ListenerId {
        self.add_listener(event, &Handler::new(move |arg| listener(arg)), ListenOptions::default().once(once))
    }

    fn listen_error(&self, once: bool, listener: Rc<dyn Fn(Error)>) -> Option<ListenerId> {
        let handler = Handler::error(move |error| listener(error.clone()));
        Some(self.add_listener("error", &handler, ListenOptions::default().once(once)))
    }

    fn unlisten(&self, id: ListenerId) {
        self.off(id);
    }
}

impl EventSource for EventTarget {
    type Item = Event;

    fn listen(&self, event: &str, once: bool, listener: Rc<dyn Fn(Event)>) -> ListenerId {
        let options = EventListenerOptions::default().once(once);
        self.add_event_listener(event.to_owned(), options, move |event| listener(event.clone()))
    }

    fn listen_error(&self, _: bool, _: Rc<dyn Fn(Error)>) -> Option<ListenerId> {
        None
    }

    fn unlisten(&self, id: ListenerId) {
        self.off(id);
    }
}
