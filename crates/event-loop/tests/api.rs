//! Every call of the crate, from outside.

#![allow(clippy::unwrap_used)]

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use nodecore_error::{Code, Error};
use nodecore_event_loop::{EventLoop, OperationExt, RunMode, blocking};

type Trace = Rc<RefCell<Vec<&'static str>>>;

fn log(trace: &Trace, what: &'static str) -> impl FnOnce() + use<> {
    let trace = Rc::clone(trace);
    move || trace.borrow_mut().push(what)
}

#[test]
fn ticks_and_microtasks_follow_every_callback() {
    let lp = EventLoop::new().unwrap();
    let trace = Trace::default();
    for (a, b, c) in [("i1", "i1 tick", "i1 micro"), ("i2", "i2 tick", "i2 micro")] {
        let (lp2, trace2) = (lp.clone(), Rc::clone(&trace));
        lp.set_immediate(move || {
            trace2.borrow_mut().push(a);
            lp2.queue_microtask(log(&trace2, c));
            lp2.next_tick(log(&trace2, b));
        });
    }
    assert!(!lp.run(RunMode::Default));
    assert_eq!(*trace.borrow(), ["i1", "i1 tick", "i1 micro", "i2", "i2 tick", "i2 micro"]);
    assert_eq!(lp.close(), Ok(()));
}

#[test]
fn pool_results_arrive_once() {
    let lp = EventLoop::new().unwrap();
    let sum = Rc::new(Cell::new(0));
    for i in 0..100 {
        let sum = Rc::clone(&sum);
        blocking(move || Ok(i)).spawn(&lp, move |i| sum.set(sum.get() + i.unwrap()));
    }
    assert_eq!(lp.close().unwrap_err().code(), Code::EBUSY);
    assert!(!lp.run(RunMode::Default));
    assert_eq!(sum.get(), 4950);
    let failed = lp.block_on(blocking(|| Err::<(), _>(Error::system_code(Code::ENOENT, "open"))).future(&lp));
    assert_eq!(failed.unwrap_err().code(), Code::ENOENT);
}

#[test]
fn futures_and_panics() {
    let lp = EventLoop::new().unwrap();
    let answer = lp.block_on(async {
        let a = lp.spawn_local(blocking(|| Ok(20)).future(&lp));
        let b = blocking(|| Ok(22)).future(&lp);
        a.await.unwrap().unwrap() + b.await.unwrap()
    });
    assert_eq!(answer, 42);
    lp.set_immediate(|| panic!("first"));
    let ran = Rc::new(Cell::new(false));
    let set = Rc::clone(&ran);
    lp.set_immediate(move || set.set(true));
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| lp.run(RunMode::Default)));
    assert_eq!(caught.unwrap_err().downcast_ref::<&str>(), Some(&"first"));
    assert!(!ran.get());
    assert!(!lp.run(RunMode::Default));
    assert!(ran.get());
}
