//! `block_on`, `spawn_local`, wakers.

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn, ready};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

use nodecore_error::Code;
use nodecore_event_loop::{EventLoop, JoinHandle, OperationExt, RunMode, blocking};

use crate::{Trace, finish, new_loop, panic_of};

/// A future that waits for a timer.
async fn sleep(lp: &EventLoop, ms: f64) {
    let state: Rc<RefCell<(bool, Option<Waker>)>> = Rc::default();
    let set = Rc::clone(&state);
    lp.set_timeout(ms, move || {
        let mut state = set.borrow_mut();
        state.0 = true;
        if let Some(waker) = state.1.take() {
            waker.wake();
        }
    });
    poll_fn(|cx| {
        let mut state = state.borrow_mut();
        state.1 = Some(cx.waker().clone());
        if state.0 { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// A future another thread completes after `work`.
async fn from_thread(work: impl FnOnce() + Send + 'static) {
    let state: Arc<Mutex<(bool, Option<Waker>)>> = Arc::default();
    let set = Arc::clone(&state);
    let mut thread = Some(move || {
        work();
        let waker = {
            let mut state = set.lock().unwrap();
            state.0 = true;
            state.1.take()
        };
        waker.unwrap().wake();
    });
    poll_fn(|cx| {
        let mut state = state.lock().unwrap();
        state.1 = Some(cx.waker().clone());
        if let Some(thread) = thread.take() {
            std::thread::spawn(thread);
        }
        if state.0 { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

#[test]
fn block_on_borrows_and_waits_for_anything() {
    let lp = new_loop();
    let mut text = String::from("a");
    let result = lp.block_on(async {
        text.push('b');
        sleep(&lp, 2.0).await;
        blocking(|| Ok(())).future(&lp).await.unwrap();
        from_thread(|| std::thread::sleep(std::time::Duration::from_millis(2))).await;
        text.push('c');
        text.len()
    });
    assert_eq!((result, text.as_str()), (3, "abc"));
    assert_eq!(lp.block_on(ready(5)), 5);
    finish(&lp);
}

#[test]
fn continuations_run_as_microtasks() {
    let (lp, trace) = (new_loop(), Trace::default());
    lp.block_on(async {
        let gate: Rc<RefCell<Option<Waker>>> = Rc::default();
        let (open, trace2) = (Rc::clone(&gate), trace.clone());
        let (lp2, trace3) = (lp.clone(), trace.clone());
        lp.set_immediate(move || {
            open.take().unwrap().wake();
            trace3.push("immediate 1");
            lp2.next_tick(trace3.log("tick"));
        });
        lp.set_immediate(trace.log("immediate 2"));
        let mut first = true;
        poll_fn(|cx| {
            if std::mem::take(&mut first) {
                *gate.borrow_mut() = Some(cx.waker().clone());
                return Poll::Pending;
            }
            Poll::Ready(())
        })
        .await;
        trace2.push("continuation");
    });
    trace.assert(&["immediate 1", "tick", "continuation", "immediate 2"]);
}

#[test]
fn spawned_futures_run_and_are_joined() {
    let (lp, trace) = (new_loop(), Trace::default());
    let (lp2, log) = (lp.clone(), trace.log("spawned"));
    let handle = lp.spawn_local(async move {
        log();
        sleep(&lp2, 1.0).await;
        "result"
    });
    trace.assert(&[]);
    assert!(!handle.is_finished());
    assert_eq!(lp.block_on(handle), Ok("result"));
    trace.assert(&["spawned"]);
    // Nobody joins this one.
    drop(lp.spawn_local({
        let (lp, log) = (lp.clone(), trace.log("detached"));
        async move {
            blocking(|| Ok(())).future(&lp).await.unwrap();
            log();
        }
    }));
    finish(&lp);
    trace.assert(&["spawned", "detached"]);
}

#[test]
fn a_pending_future_does_not_keep_the_loop_alive() {
    let lp = new_loop();
    let handle = lp.spawn_local(pending::<()>());
    assert!(!lp.run(RunMode::Default));
    assert!(!handle.is_finished());
    lp.close().unwrap();
    assert!(handle.is_finished());
    let other = new_loop();
    assert_eq!(other.block_on(handle).unwrap_err().code(), Code::ECANCELED);
}

#[test]
fn aborted_futures_are_dropped() {
    struct Dropped(Rc<Cell<bool>>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.set(true);
        }
    }
    let lp = new_loop();
    let dropped = Rc::new(Cell::new(false));
    let guard = Dropped(Rc::clone(&dropped));
    let handle = lp.spawn_local(async move {
        let _guard = guard;
        pending::<()>().await;
    });
    lp.run_ticks();
    assert!(!dropped.get());
    handle.abort();
    assert!(dropped.get() && handle.is_finished());
    assert_eq!(lp.block_on(handle).unwrap_err().code(), Code::ECANCELED);

    let own: Rc<RefCell<Option<JoinHandle<()>>>> = Rc::default();
    let own2 = Rc::clone(&own);
    let after = Rc::new(Cell::new(false));
    let after2 = Rc::clone(&after);
    *own.borrow_mut() = Some(lp.spawn_local(async move {
        own2.take().unwrap().abort();
        let mut yielded = false;
        poll_fn(|cx| {
            cx.waker().wake_by_ref();
            if std::mem::replace(&mut yielded, true) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        after2.set(true);
    }));
    finish(&lp);
    assert!(!after.get(), "it ended at its first await");
}

#[test]
fn a_panicking_future_continues_in_run_and_in_the_handle() {
    let lp = new_loop();
    let handle = lp.spawn_local(async { panic!("future") });
    assert_eq!(panic_of(|| lp.run(RunMode::Default)), "future");
    let result: Result<(), _> = lp.block_on(handle);
    assert_eq!(result.unwrap_err().code(), Code::Panic);
    assert_eq!(panic_of(|| lp.block_on(async { panic!("root") })), "root");
    lp.set_immediate(|| panic!("callback"));
    assert_eq!(panic_of(|| lp.block_on(pending::<()>())), "callback");
    finish(&lp);
}

#[test]
fn wakes_from_many_threads() {
    let lp = new_loop();
    let handles: Vec<_> = (0..64).map(|_| lp.spawn_local(from_thread(std::thread::yield_now))).collect();
    lp.block_on(async {
        for handle in handles {
            handle.await.unwrap();
        }
    });
    finish(&lp);
}

#[test]
fn block_on_inside_a_callback_is_for_what_is_ready() {
    let lp = new_loop();
    let lp2 = lp.clone();
    let seen = Rc::new(Cell::new(0));
    let seen2 = Rc::clone(&seen);
    lp.set_immediate(move || seen2.set(lp2.block_on(ready(4))));
    finish_open(&lp);
    assert_eq!(seen.get(), 4);
    let lp2 = lp.clone();
    lp.set_immediate(move || lp2.block_on(pending::<()>()));
    assert_eq!(panic_of(|| lp.run(RunMode::Default)), "block_on inside a callback of the same loop");
    // Another loop is another matter.
    let other = new_loop();
    lp.set_immediate(move || other.block_on(sleep(&other, 1.0)));
    finish(&lp);
    assert_eq!(panic_of(|| lp.block_on(pending::<()>())), "block_on on a closed loop");
}

fn finish_open(lp: &EventLoop) {
    assert!(!lp.run(RunMode::Default));
}

#[test]
fn a_waker_kept_beyond_its_loop_does_nothing() {
    let lp = new_loop();
    let kept: Arc<Mutex<Option<Waker>>> = Arc::default();
    let keep = Arc::clone(&kept);
    drop(lp.spawn_local(poll_fn(move |cx| {
        *keep.lock().unwrap() = Some(cx.waker().clone());
        Poll::<()>::Pending
    })));
    lp.run_ticks();
    drop(lp);
    let waker = kept.lock().unwrap().take().unwrap();
    waker.wake_by_ref();
    std::thread::spawn(move || waker.wake()).join().unwrap();
}
