//! Node's events: [`EventEmitter`], [`EventTarget`], [`AbortSignal`], and the lists of listeners that streams are
//! made with.
//!
//! | Node | here |
//! |---|---|
//! | `emitter.on`, `once`, `off`, `prependListener` … | the methods of [`EventEmitter`] |
//! | the same with a function that is known elsewhere | [`Handler`] |
//! | `error`, `events.errorMonitor` | [`EventEmitter::on_error`], [`EventEmitter::on_error_monitor`] |
//! | an exception in a listener | [`Handler::fallible`], [`EventEmitter::try_emit`] |
//! | a listener that returns a promise, `captureRejections` | [`EventEmitter::on_async`], [`EventEmitter::reject`] |
//! | `events.once`, `events.on` | [`once()`], [`on()`] |
//! | `Event`, `CustomEvent` | [`Event`] |
//! | `timers/promises` | [`timers::promises`] |
//!
//! Node's reference: <https://nodejs.org/api/events.html>.

#![forbid(unsafe_code)]

mod abort;
mod emitter;
mod event;
mod handler;
mod limits;
mod list;
mod listeners;
mod names;
mod on;
mod once;
mod query;
mod rejections;
mod source;
mod target;
pub mod timers;
mod uncaught;

pub use abort::{AbortController, AbortListener, AbortSignal, add_abort_listener};
pub use emitter::{ERROR_MONITOR, EventEmitter, EventEmitterOptions, ListenOptions};
pub use event::{Event, EventOptions};
pub use handler::Handler;
pub use limits::{
    MaxListeners, WarningHandler, default_max_listeners, set_default_max_listeners, set_max_listeners,
    set_warning_handler,
};
pub use listeners::{Callee, Listener, ListenerId, ListenerList, Listeners, listener_mut};
pub use on::{EventStream, OnOptions, on};
pub use once::{Once, OnceOptions, once, once_error};
pub use query::RawListener;
pub use rejections::{RejectionHandler, capture_rejections, set_capture_rejections};
pub use source::EventSource;
pub use target::{EventHandler, EventListenerOptions, EventTarget};
pub use uncaught::{set_uncaught_handler, uncaught};
