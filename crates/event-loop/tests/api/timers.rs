//! `set_timeout`, `set_interval` and what can be done to them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use nodecore_event_loop::{EventLoop, RunMode, Timeout};

use crate::{Trace, finish, new_loop, panic_of};

/// Lets the loop's clock pass `until`.
fn wait_until(lp: &EventLoop, until: u64) {
    while lp.now() < until {
        std::thread::sleep(Duration::from_micros(50));
        lp.update_time();
    }
}

#[test]
fn durations_are_read_as_nodes() {
    let (lp, trace) = (new_loop(), Trace::default());
    let debug = |ms: f64| format!("{:?}", lp.set_timeout(ms, || ()));
    for ms in [0.0, -5.0, f64::NAN, f64::INFINITY, 2_147_483_648.0, 0.99, 1.9] {
        assert!(debug(ms).contains("ms: 1,"), "{ms}: {}", debug(ms));
    }
    assert!(debug(2.9).contains("ms: 2,"));
    assert!(debug(2_147_483_647.0).contains("ms: 2147483647,"));
    let lp = new_loop();
    // One list, so the order of their start.
    for (name, ms) in [("zero", 0.0), ("one", 1.0), ("nan", f64::NAN), ("fraction", 1.5)] {
        lp.set_timeout(ms, trace.log(name));
    }
    finish(&lp);
    trace.assert(&["zero", "one", "nan", "fraction"]);
}

#[test]
fn not_before_their_time() {
    let lp = new_loop();
    let start = lp.now();
    let end = Rc::new(Cell::new(0));
    let (lp2, end2) = (lp.clone(), Rc::clone(&end));
    lp.set_timeout(15.0, move || end2.set(lp2.now()));
    finish(&lp);
    assert!(end.get() >= start + 15);
}

#[test]
fn by_expiry_and_then_by_the_age_of_their_list() {
    let mut ties = 0;
    while ties < 3 {
        let (lp, trace) = (new_loop(), Trace::default());
        lp.set_timeout(9.0, trace.log("nine"));
        let start = lp.now();
        lp.set_timeout(5.0, trace.log("five"));
        let together = lp.now() == start;
        wait_until(&lp, start + 8);
        lp.set_timeout(1.0, trace.log("one"));
        let tie = together && lp.now() == start + 8;
        finish(&lp);
        // If the clock went on meanwhile, this says nothing about equal expiries.
        if tie {
            ties += 1;
            trace.assert(&["five", "nine", "one"]);
        }
    }
}

#[test]
fn a_list_put_back_is_younger_than_one_made_meanwhile() {
    let mut ties = 0;
    while ties < 3 {
        let (lp, trace) = (new_loop(), Trace::default());
        let tie = Rc::new(Cell::new(false));
        let start = lp.now();
        let (lp2, trace2, tie2) = (lp.clone(), trace.clone(), Rc::clone(&tie));
        // The list of 6 waits anew when this has run, for the next one; at the same time as the list of 2.
        lp.set_timeout(6.0, move || {
            wait_until(&lp2, start + 8);
            lp2.set_timeout(2.0, trace2.log("two"));
            tie2.set(lp2.now() == start + 8);
        });
        let first_at = lp.now();
        wait_until(&lp, start + 4);
        lp.set_timeout(6.0, trace.log("six"));
        let second_at = lp.now();
        finish(&lp);
        if (first_at, second_at) == (start, start + 4) && tie.get() {
            ties += 1;
            trace.assert(&["two", "six"]);
        }
    }
}

#[test]
fn ticks_run_between_timers() {
    let (lp, trace) = (new_loop(), Trace::default());
    for name in ["a", "b"] {
        let (lp2, trace2) = (lp.clone(), trace.clone());
        lp.set_timeout(1.0, move || {
            trace2.push(name);
            lp2.next_tick(trace2.log("tick"));
        });
    }
    finish(&lp);
    trace.assert(&["a", "tick", "b", "tick"]);
}

#[test]
fn one_started_by_a_timer_waits_for_the_next_round() {
    let (lp, trace) = (new_loop(), Trace::default());
    let (lp2, trace2) = (lp.clone(), trace.clone());
    lp.set_timeout(1.0, move || {
        lp2.set_timeout(1.0, trace2.log("inner"));
        lp2.set_immediate(trace2.log("immediate"));
        wait_until(&lp2, lp2.now() + 3);
    });
    finish(&lp);
    trace.assert(&["immediate", "inner"]);
}

#[test]
fn intervals_repeat_until_cleared_by_themselves_or_others() {
    let (lp, trace) = (new_loop(), Trace::default());
    let own: Rc<RefCell<Option<Timeout>>> = Rc::default();
    let (own2, mut log, mut count) = (Rc::clone(&own), trace.log_each("own"), 0);
    *own.borrow_mut() = Some(lp.set_interval(1.0, move || {
        log();
        count += 1;
        if count == 3 {
            own2.borrow().as_ref().unwrap().clear();
        }
    }));
    let other = lp.set_interval(10_000.0, || ());
    let other2 = other.clone();
    lp.set_timeout(2.0, move || other2.clear());
    finish(&lp);
    trace.assert(&["own", "own", "own"]);
    assert!(!other.refresh().ref_().unref().has_ref());
    own.take();
}

#[test]
fn cleared_ones_do_not_run_even_when_due_together() {
    let (lp, trace) = (new_loop(), Trace::default());
    let victims: Rc<RefCell<Vec<Timeout>>> = Rc::default();
    let (lp2, victims2) = (lp.clone(), Rc::clone(&victims));
    lp.set_timeout(1.0, move || {
        let [same_list, by_tick, other_list] = victims2.take().try_into().unwrap();
        same_list.clear();
        other_list.clear();
        lp2.next_tick(move || by_tick.clear());
    });
    for ms in [1.0, 1.0, 2.0] {
        victims.borrow_mut().push(lp.set_timeout(ms, trace.log("victim")));
    }
    lp.set_timeout(1.0, trace.log("kept"));
    wait_until(&lp, lp.now() + 4);
    finish(&lp);
    trace.assert(&["kept"]);
}

#[test]
fn refresh_starts_anew() {
    let (lp, trace) = (new_loop(), Trace::default());
    let refreshed = lp.set_timeout(8.0, trace.log("refreshed"));
    wait_until(&lp, lp.now() + 5);
    refreshed.refresh();
    lp.set_timeout(5.0, trace.log("later but shorter"));
    finish(&lp);
    trace.assert(&["later but shorter", "refreshed"]);
    // It can be called once only.
    assert!(!lp.run(RunMode::Default));
    refreshed.refresh();
    assert!(!lp.alive());
}

#[test]
fn refresh_brings_a_repeatable_timeout_back() {
    let (lp, trace) = (new_loop(), Trace::default());
    let own: Rc<RefCell<Option<Timeout>>> = Rc::default();
    let (own2, mut log, mut count) = (Rc::clone(&own), trace.log_each("run"), 0);
    let timeout = lp.set_timeout_mut(1.0, move || {
        log();
        count += 1;
        if count == 1 {
            own2.borrow().as_ref().unwrap().refresh();
        }
    });
    *own.borrow_mut() = Some(timeout.clone());
    assert!(!lp.run(RunMode::Default));
    assert_eq!(trace.take().len(), 2);
    timeout.refresh();
    assert!(!lp.run(RunMode::Default));
    assert_eq!(trace.take().len(), 1);
    timeout.clear();
    timeout.refresh();
    assert!(!lp.alive());
    own.take();
}

#[test]
fn unreferenced_ones_do_not_keep_the_loop_alive() {
    let (lp, trace) = (new_loop(), Trace::default());
    let interval = lp.set_interval(1.0, trace.log_each("interval"));
    assert!(interval.has_ref() && lp.alive());
    interval.unref().unref();
    assert!(!interval.has_ref() && !lp.alive());
    assert!(!lp.run(RunMode::Default));
    trace.assert(&[]);
    let done = lp.set_timeout(5.0, trace.log("timeout"));
    assert!(!lp.run(RunMode::Default));
    let events = trace.take();
    assert!(events.iter().any(|event| event == "timeout"));
    assert!(events.len() > 1, "the interval ran while the loop was alive");
    interval.ref_().ref_();
    assert!(lp.alive());
    interval.clear();
    assert!(!lp.alive());
    assert!(done.has_ref());
    finish(&lp);
}

#[test]
fn a_panic_in_a_timer_loses_no_other() {
    let (lp, trace) = (new_loop(), Trace::default());
    let mut count = 0;
    let (trace2, own) = (trace.clone(), Rc::new(RefCell::new(None::<Timeout>)));
    let own2 = Rc::clone(&own);
    *own.borrow_mut() = Some(lp.set_interval(1.0, move || {
        count += 1;
        trace2.push(count);
        match count {
            1 => panic!("interval"),
            2 => own2.take().unwrap().clear(),
            _ => {}
        }
    }));
    lp.set_timeout(1.0, trace.log("same list"));
    assert_eq!(panic_of(|| lp.run(RunMode::Default)), "interval");
    trace.assert(&["1"]);
    finish(&lp);
    let mut rest = trace.take();
    rest.sort();
    assert_eq!(rest, ["1", "2", "same list"]);
}

#[test]
fn many_of_many_durations() {
    let lp = new_loop();
    let count = Rc::new(Cell::new(0));
    let mut cleared = Vec::new();
    for i in 0..5000 {
        let count = Rc::clone(&count);
        let timeout = lp.set_timeout(f64::from(1 + i % 17), move || count.set(count.get() + 1));
        if i % 3 == 0 {
            cleared.push(timeout);
        }
    }
    for timeout in cleared {
        timeout.clear();
    }
    finish(&lp);
    assert_eq!(count.get(), 5000 - 1667);
}
