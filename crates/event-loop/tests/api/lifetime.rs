//! Opening, closing, dropping at any moment; many loops.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::mpsc;
use std::time::Duration;

use nodecore_error::Code;
use nodecore_event_loop::{EventLoop, OperationExt, PoolFeed, RunMode, blocking};

use crate::{Trace, finish, new_loop};

/// Counts how many of it were dropped.
#[derive(Clone)]
struct Dropped(Rc<Cell<usize>>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

/// Something of every kind, each holding a guard; gives how many.
fn start_everything(lp: &EventLoop, guard: &Dropped) -> usize {
    let hold = || {
        let guard = guard.clone();
        move || drop(guard.clone())
    };
    lp.next_tick(hold());
    lp.queue_microtask(hold());
    lp.set_immediate(hold());
    lp.set_timeout(1000.0, hold());
    lp.set_interval(1000.0, hold());
    drop(lp.spawn_local({
        let guard = guard.clone();
        async move {
            let _guard = guard;
            std::future::pending::<()>().await;
        }
    }));
    let guard2 = guard.clone();
    blocking(|| {
        std::thread::sleep(Duration::from_millis(2));
        Ok(())
    })
    .spawn(lp, move |_| drop(guard2));
    7
}

#[test]
fn dropping_the_last_handle_drops_everything() {
    for (feed, turns) in [(PoolFeed::Queue, 0), (PoolFeed::Plain, 0), (PoolFeed::Queue, 1)] {
        let dropped = Rc::new(Cell::new(0));
        let guard = Dropped(Rc::clone(&dropped));
        let lp = new_loop();
        lp.set_pool_feed(feed);
        let count = start_everything(&lp, &guard);
        for _ in 0..turns {
            lp.run(RunMode::NoWait);
        }
        let before = dropped.get();
        assert!(turns > 0 || before == 0);
        drop(lp);
        // The three callbacks that ran dropped a clone more each.
        assert_eq!(dropped.get(), count + turns * 3);
    }
}

#[test]
fn close_is_refused_while_busy_and_then_final() {
    let (lp, trace) = (new_loop(), Trace::default());
    let (open, opened) = mpsc::channel::<()>();
    let log = trace.log("done");
    let request = blocking(move || {
        let _ = opened.recv();
        Ok(())
    })
    .spawn(&lp, move |_| log());
    let error = lp.close().unwrap_err();
    assert_eq!((error.code(), error.to_string().contains("resource busy")), (Code::EBUSY, true));
    drop(open);
    let lp2 = lp.clone();
    lp.set_immediate(move || assert_eq!(lp2.close().unwrap_err().code(), Code::EBUSY));
    assert!(!lp.run(RunMode::Default));
    trace.assert(&["done"]);
    let timeout = lp.set_timeout(1.0, trace.log("never"));
    assert_eq!(lp.callback_scope(|| lp.close()).unwrap_err().code(), Code::EBUSY);
    assert_eq!((lp.close(), lp.close()), (Ok(()), Ok(())));

    // Nothing on a closed loop does anything.
    lp.next_tick(trace.log("never"));
    lp.queue_microtask(trace.log("never"));
    let immediate = lp.set_immediate(trace.log("never"));
    let later = lp.set_timeout(1.0, trace.log("never"));
    let never = trace.log("never");
    let refused = blocking(|| Ok(())).spawn(&lp, move |_| never());
    let handle = lp.spawn_local(async {});
    assert!(handle.is_finished());
    immediate.ref_().unref().clear();
    later.refresh().ref_().clear();
    timeout.refresh().clear();
    lp.run_ticks();
    lp.stop();
    lp.update_time();
    drop(lp.keep_alive());
    assert!(!refused.cancel() && !request.cancel());
    assert!(!lp.run(RunMode::Default) && !lp.alive());
    trace.assert(&["done"]);
}

#[test]
fn close_drops_callbacks_that_hold_the_loop() {
    let dropped = Rc::new(Cell::new(0));
    let guard = Dropped(Rc::clone(&dropped));
    let lp = new_loop();
    let own = lp.clone();
    lp.set_interval(1.0, move || {
        let _ = (&own, &guard);
    });
    lp.close().unwrap();
    assert_eq!(dropped.get(), 1);
}

#[test]
fn the_last_handle_may_go_inside_a_callback() {
    let trace = Trace::default();
    let lp = Rc::new(RefCell::new(Some(new_loop())));
    let owner = Rc::clone(&lp);
    let running = lp.borrow().clone().unwrap();
    running.set_immediate(trace.log("before"));
    running.set_immediate(move || drop(owner.take()));
    running.set_immediate(trace.log("after"));
    running.set_timeout(10_000.0, || ()).unref();
    let waker = running.waker();
    running.run(RunMode::Default);
    drop(running);
    assert!(lp.borrow().is_none());
    waker.wake();
    trace.assert(&["before", "after"]);
}

#[test]
fn destructors_may_use_the_loop() {
    struct Busy(EventLoop, Trace);
    impl Drop for Busy {
        fn drop(&mut self) {
            self.0.next_tick(self.1.log("tick"));
            self.0.set_timeout(1.0, self.1.log("timeout")).unref();
            self.0.set_immediate(self.1.log("immediate")).clear();
        }
    }
    let (lp, trace) = (new_loop(), Trace::default());
    let hold = |busy: Busy| move || drop(busy);
    lp.set_timeout(1000.0, hold(Busy(lp.clone(), trace.clone()))).clear();
    lp.set_immediate(hold(Busy(lp.clone(), trace.clone()))).clear();
    let request = {
        let busy = Busy(lp.clone(), trace.clone());
        blocking(|| Ok(())).spawn(&lp, move |_| drop(busy))
    };
    request.cancel();
    assert!(!lp.run(RunMode::Default));
    assert_eq!(trace.take().iter().filter(|event| *event == "tick").count(), 3);
    lp.set_interval(1000.0, {
        let busy = Busy(lp.clone(), trace.clone());
        move || {
            let _ = &busy;
        }
    });
    assert_eq!(lp.close(), Ok(()));
    trace.assert(&[]);
}

#[test]
fn running_again_from_inside_is_refused() {
    let (lp, trace) = (new_loop(), Trace::default());
    let (lp2, trace2) = (lp.clone(), trace.clone());
    lp.set_immediate(move || {
        lp2.set_immediate(trace2.log("inner"));
        assert!(lp2.run(RunMode::Default), "there is something to run, but not now");
        trace2.push("outer");
    });
    // In a scope of the caller's own it is not: nothing of the loop's runs yet.
    lp.callback_scope(|| assert!(!lp.run(RunMode::Default)));
    trace.assert(&["outer", "inner"]);
    finish(&lp);
}

#[test]
fn two_loops_on_a_thread_do_not_mix() {
    let (one, two, trace) = (new_loop(), new_loop(), Trace::default());
    let (two2, trace2) = (two.clone(), trace.clone());
    one.set_immediate(move || {
        two2.next_tick(trace2.log("two"));
        trace2.push("one");
        two2.run(RunMode::Default);
    });
    finish(&one);
    trace.assert(&["one", "two"]);
    finish(&two);
}

#[test]
fn many_loops_on_many_threads() {
    let threads: Vec<_> = (0..64)
        .map(|i: u32| {
            std::thread::spawn(move || {
                let lp = new_loop();
                let sum = Rc::new(Cell::new(0));
                for j in 0..50 {
                    let sum2 = Rc::clone(&sum);
                    blocking(move || Ok(i + j)).spawn(&lp, move |n| sum2.set(sum2.get() + n.unwrap()));
                }
                let timers = Rc::clone(&sum);
                lp.set_timeout(f64::from(i % 5), move || timers.set(timers.get() + 1));
                let future = lp.block_on(blocking(|| Ok(1)).future(&lp)).unwrap();
                assert!(!lp.run(RunMode::Default));
                (0..50).map(|j| i + j).sum::<u32>() + 2 == sum.get() + future
            })
        })
        .collect();
    for thread in threads {
        assert!(thread.join().unwrap());
    }
}

#[test]
fn open_and_close_many() {
    for i in 0..200 {
        let lp = new_loop();
        if i % 2 == 0 {
            lp.close().unwrap();
        }
        drop(blocking(|| Ok(())).spawn(&lp, |_| ()));
    }
}

#[test]
fn everything_can_be_printed() {
    let lp = new_loop();
    let timeout = lp.set_timeout(1.0, || ());
    let immediate = lp.set_immediate(|| ());
    let request = blocking(|| Ok(())).spawn(&lp, |_| ());
    let future = blocking(|| Ok(())).future(&lp);
    let handle = lp.spawn_local(async {});
    let text = format!(
        "{lp:?} {timeout:?} {immediate:?} {request:?} {future:?} {handle:?} {:?} {:?}",
        lp.waker(),
        lp.keep_alive()
    );
    assert!(text.contains("has_ref: true") && text.contains("operations: 2"), "{text}");
}
