//! Every call of the crate, from outside.

#![allow(clippy::unwrap_used)]

mod futures;
mod host;
mod immediates;
mod lifetime;
mod pool;
mod ticks;
mod timers;
mod watch;

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use nodecore_event_loop::{EventLoop, RunMode};

/// What happened, in order.
#[derive(Clone, Default)]
struct Trace(Rc<RefCell<Vec<String>>>);

impl Trace {
    fn push(&self, what: impl ToString) {
        self.0.borrow_mut().push(what.to_string());
    }

    /// A callback that logs `what`.
    fn log(&self, what: &str) -> impl FnOnce() + use<> {
        let (trace, what) = (self.clone(), what.to_string());
        move || trace.push(what)
    }

    /// A callback that logs `what` whenever it is called.
    fn log_each(&self, what: &str) -> impl FnMut() + use<> {
        let (trace, what) = (self.clone(), what.to_string());
        move || trace.push(&what)
    }

    #[track_caller]
    fn assert(&self, expected: &[&str]) {
        assert_eq!(*self.0.borrow(), expected);
    }

    fn take(&self) -> Vec<String> {
        self.0.take()
    }
}

fn new_loop() -> EventLoop {
    EventLoop::new().unwrap()
}

/// The message `f` panics with.
#[track_caller]
fn panic_of<T>(f: impl FnOnce() -> T) -> String {
    let payload = catch_unwind(AssertUnwindSafe(f)).map(drop).unwrap_err();
    payload.downcast_ref::<&str>().map_or_else(
        || payload.downcast_ref::<String>().cloned().unwrap_or_default(),
        |text| (*text).to_string(),
    )
}

/// Runs the loop to its end and closes it, which must work.
#[track_caller]
fn finish(lp: &EventLoop) {
    assert!(!lp.run(RunMode::Default));
    assert!(!lp.alive());
    assert_eq!(lp.close(), Ok(()));
}
