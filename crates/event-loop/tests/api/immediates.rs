//! `set_immediate`.

use std::cell::RefCell;
use std::rc::Rc;

use nodecore_event_loop::{Immediate, RunMode};

use crate::{Trace, finish, new_loop, panic_of};

#[test]
fn ticks_run_between_them_and_new_ones_wait() {
    let (lp, trace) = (new_loop(), Trace::default());
    let (lp2, trace2) = (lp.clone(), trace.clone());
    lp.set_immediate(move || {
        trace2.push("i1");
        lp2.queue_microtask(trace2.log("i1 micro"));
        lp2.next_tick(trace2.log("i1 tick"));
        lp2.set_immediate(trace2.log("i3"));
    });
    lp.set_immediate(trace.log("i2"));
    assert!(lp.run(RunMode::Once));
    trace.assert(&["i1", "i1 tick", "i1 micro", "i2"]);
    finish(&lp);
    trace.assert(&["i1", "i1 tick", "i1 micro", "i2", "i3"]);
}

#[test]
fn cleared_ones_do_not_run_even_within_the_phase() {
    let (lp, trace) = (new_loop(), Trace::default());
    let late: Rc<RefCell<Option<Immediate>>> = Rc::default();
    let (lp2, late2) = (lp.clone(), Rc::clone(&late));
    lp.set_immediate(move || {
        // From a tick, between two immediates of one phase.
        lp2.next_tick(move || late2.borrow().as_ref().unwrap().clear());
    });
    *late.borrow_mut() = Some(lp.set_immediate(trace.log("cleared late")));
    let early = lp.set_immediate(trace.log("cleared early"));
    early.clear();
    early.clear();
    assert!(!early.has_ref());
    lp.set_immediate(trace.log("kept"));
    finish(&lp);
    trace.assert(&["kept"]);
}

#[test]
fn unreferenced_ones_do_not_keep_the_loop_alive() {
    let (lp, trace) = (new_loop(), Trace::default());
    let immediate = lp.set_immediate(trace.log("unreferenced"));
    assert!(immediate.has_ref() && lp.alive());
    immediate.unref().unref();
    assert!(!immediate.has_ref() && !lp.alive());
    assert!(!lp.run(RunMode::Default));
    trace.assert(&[]);
    immediate.ref_().ref_();
    assert!(lp.alive());
    finish(&lp);
    trace.assert(&["unreferenced"]);
    assert!(!immediate.ref_().has_ref());
}

#[test]
fn unreferenced_ones_run_if_the_loop_turns_anyway() {
    let (lp, trace) = (new_loop(), Trace::default());
    lp.set_immediate(trace.log("unreferenced")).unref();
    lp.set_immediate(trace.log("referenced"));
    finish(&lp);
    trace.assert(&["unreferenced", "referenced"]);
}

#[test]
fn after_a_panic_the_rest_runs_first() {
    let (lp, trace) = (new_loop(), Trace::default());
    let (lp2, trace2) = (lp.clone(), trace.clone());
    lp.set_immediate(move || {
        lp2.set_immediate(trace2.log("new"));
        panic!("first");
    });
    let cleared = lp.set_immediate(trace.log("cleared"));
    lp.set_immediate(trace.log("second"));
    assert_eq!(panic_of(|| lp.run(RunMode::Default)), "first");
    trace.assert(&[]);
    cleared.clear();
    finish(&lp);
    trace.assert(&["second", "new"]);
}
