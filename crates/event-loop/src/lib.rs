//! Node's event loop on real libuv.
//!
//! [`EventLoop`] owns a `uv_loop_t` and gives it Node's order of execution
//! (<https://nodejs.org/en/learn/asynchronous-work/event-loop-timers-and-nexttick>): timers, pending, poll,
//! immediates, close; and after **every** callback the [`EventLoop::next_tick`] queue, then microtasks, until
//! both are empty.
//!
//! Blocking work is written once, as an [`Operation`], and has three forms: [`OperationExt::run_sync`],
//! [`OperationExt::spawn`] with a callback, and [`OperationExt::future`].
//!
//! ```
//! use std::cell::RefCell;
//! use std::rc::Rc;
//!
//! use nodecore_event_loop::{EventLoop, OperationExt, RunMode, blocking};
//!
//! # fn main() -> nodecore_error::Result<()> {
//! let lp = EventLoop::new()?;
//! let trace = Rc::new(RefCell::new(Vec::new()));
//! let log = |what: &'static str| {
//!     let trace = Rc::clone(&trace);
//!     move || trace.borrow_mut().push(what)
//! };
//!
//! let timer = lp.set_timeout(20.0, log("timeout"));
//! lp.set_immediate(log("immediate"));
//! lp.queue_microtask(log("microtask"));
//! lp.next_tick(log("tick"));
//! let pooled = log("pool");
//! blocking(|| Ok(6 * 7)).spawn(&lp, move |answer| {
//!     assert_eq!(answer, Ok(42));
//!     pooled();
//! });
//! assert!(timer.has_ref());
//!
//! let alive = lp.run(RunMode::Default);
//! assert!(!alive);
//! let trace = trace.borrow();
//! assert_eq!(trace[..2], ["tick", "microtask"]);
//! assert_eq!(trace[4], "timeout");
//! # Ok(())
//! # }
//! ```
//!
//! # Keeping the loop alive
//!
//! Referenced timers and immediates, pool operations and [`KeepAlive`] guards do; ticks, microtasks and futures
//! by themselves do not, as in Node.
//!
//! # Reentrancy
//!
//! A callback may do anything: start, clear or cancel anything, drop the last [`EventLoop`] (the loop closes
//! when `run` returns), panic ([`EventLoop::run`] re-raises it and can be called again). Only running the same
//! loop again from inside is refused.
//!
//! # Ownership
//!
//! The last clone of an [`EventLoop`] closes it. A pending callback that holds a clone keeps the loop from
//! closing until it has run or been cleared, or [`EventLoop::close`] drops it. Dropping a loop with operations
//! out cancels those that wait, waits for those that run (they see [`Slice::aborted`]), and drops their callbacks
//! uncalled.
//!
//! # Threads
//!
//! Everything here belongs to the loop's thread, except [`LoopWaker`], the wakers of futures, and operations
//! themselves. A process may have any number of loops; they share libuv's pool (`UV_THREADPOOL_SIZE`, 4 threads).

mod event_loop;
mod executor;
mod feed;
mod host;
mod immediate;
mod mailbox;
mod operation;
mod ticks;
mod timers;
pub mod uv;
mod watch;
mod work;

pub use event_loop::{EventLoop, KeepAlive, LoopWaker, RunMode, WeakEventLoop};
pub use executor::JoinHandle;
pub use feed::pool_threads;
pub use host::{HostHooks, Run, Task};
pub use immediate::Immediate;
pub use operation::{Blocking, Operation, OperationExt, OperationFuture, Slice, blocking};
pub use timers::Timeout;
pub use watch::{FsEvent, FsEventKind, FsPoll};
pub use work::{PoolFeed, Request};
