//! `next_tick`, `queue_microtask`, `callback_scope`, `run_ticks`.

use nodecore_event_loop::RunMode;

use crate::{Trace, finish, new_loop, panic_of};

#[test]
fn all_ticks_run_before_microtasks_and_again() {
    let (lp, trace) = (new_loop(), Trace::default());
    let (lp2, trace2) = (lp.clone(), trace.clone());
    lp.next_tick(move || {
        trace2.push("t1");
        lp2.next_tick(trace2.log("t1 tick"));
        lp2.queue_microtask(trace2.log("t1 micro"));
    });
    let (lp2, trace2) = (lp.clone(), trace.clone());
    lp.queue_microtask(move || {
        trace2.push("m1");
        lp2.next_tick(trace2.log("m1 tick"));
        lp2.queue_microtask(trace2.log("m1 micro"));
    });
    lp.next_tick(trace.log("t2"));
    lp.run_ticks();
    // Node 26 prints the same.
    trace.assert(&["t1", "t2", "t1 tick", "m1", "t1 micro", "m1 micro", "m1 tick"]);
    finish(&lp);
}

#[test]
fn queued_before_run_they_come_first() {
    let (lp, trace) = (new_loop(), Trace::default());
    lp.set_immediate(trace.log("immediate"));
    lp.queue_microtask(trace.log("micro"));
    lp.next_tick(trace.log("tick"));
    assert!(lp.alive());
    assert_eq!(lp.backend_timeout(), 0);
    finish(&lp);
    trace.assert(&["tick", "micro", "immediate"]);
}

#[test]
fn ticks_alone_run_and_end_the_loop() {
    let (lp, trace) = (new_loop(), Trace::default());
    lp.next_tick(trace.log("tick"));
    assert!(lp.alive());
    assert!(!lp.run(RunMode::NoWait));
    trace.assert(&["tick"]);
}

#[test]
fn only_the_outermost_scope_drains() {
    let (lp, trace) = (new_loop(), Trace::default());
    let result = lp.callback_scope(|| {
        lp.next_tick(trace.log("tick"));
        lp.callback_scope(|| trace.push("inner"));
        lp.run_ticks();
        trace.push("outer");
        7
    });
    assert_eq!(result, 7);
    trace.assert(&["inner", "outer", "tick"]);
}

#[test]
fn a_panicking_tick_leaves_the_rest_for_later() {
    let (lp, trace) = (new_loop(), Trace::default());
    lp.next_tick(|| panic!("tick"));
    lp.next_tick(trace.log("next"));
    lp.queue_microtask(trace.log("micro"));
    assert_eq!(panic_of(|| lp.run(RunMode::Default)), "tick");
    trace.assert(&[]);
    assert_eq!(panic_of(|| lp.callback_scope(|| panic!("scope"))), "scope");
    finish(&lp);
    trace.assert(&["next", "micro"]);
}
