//! Timers as futures. Node: [`timers/promises`](https://nodejs.org/api/timers.html#timers-promises-api).
//!
//! Timers with callbacks are methods of [`EventLoop`](nodecore_event_loop::EventLoop). These are here because they
//! take an [`AbortSignal`](crate::AbortSignal).

pub mod promises;
