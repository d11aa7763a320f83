//! Node's core modules as a native library.
//!
//! Each module is a crate of its own; this one gathers them, one feature per module (all on by default).

#![forbid(unsafe_code)]

pub use nodecore_error::{Class, Code, Error, Result};

#[cfg(feature = "buffer")]
pub use nodecore_buffer as buffer;
#[cfg(feature = "crypto")]
pub use nodecore_crypto as crypto;
#[cfg(feature = "event-loop")]
pub use nodecore_event_loop as event_loop;
#[cfg(feature = "events")]
pub use nodecore_events as events;
#[cfg(feature = "fs")]
pub use nodecore_fs as fs;
#[cfg(feature = "path")]
pub use nodecore_path as path;
#[cfg(feature = "querystring")]
pub use nodecore_querystring as querystring;
#[cfg(feature = "stream")]
pub use nodecore_stream as stream;
/// Node's [`timers`](https://nodejs.org/api/timers.html): those with callbacks are methods of
/// [`EventLoop`](nodecore_event_loop::EventLoop).
#[cfg(all(feature = "event-loop", feature = "events"))]
pub mod timers {
    pub use nodecore_event_loop::{Immediate, Timeout};
    pub use nodecore_events::timers::promises;
}
#[cfg(feature = "url")]
pub use nodecore_url as url;
#[cfg(feature = "zlib")]
pub use nodecore_zlib as zlib;

/// Runs the examples of README.md.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
