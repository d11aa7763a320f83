//! Node's [`EventEmitter`] and [`AbortSignal`], and the lists of listeners that streams are made with.

#![forbid(unsafe_code)]

mod abort;
mod emitter;
mod listeners;
mod uncaught;

pub use abort::{AbortController, AbortSignal};
pub use emitter::{
    EventEmitter, WarningHandler, default_max_listeners, set_default_max_listeners, set_warning_handler,
};
pub use listeners::{Listener, ListenerId, Listeners, listener_mut};
pub use uncaught::{set_uncaught_handler, uncaught};
