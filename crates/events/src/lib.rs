//! Node's EventEmitter and AbortSignal.

#![forbid(unsafe_code)]

mod listeners;

pub use listeners::{Listener, ListenerId, Listeners, listener_mut};
