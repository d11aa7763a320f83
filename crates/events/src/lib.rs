//! Node's EventEmitter and AbortSignal.

#![forbid(unsafe_code)]

mod abort;
mod listeners;
mod uncaught;

pub use abort::{AbortController, AbortSignal};
pub use listeners::{Listener, ListenerId, Listeners, listener_mut};
pub use uncaught::{set_uncaught_handler, uncaught};
