//! Very many operations at once. A program of its own: it measures its memory.

#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

use std::cell::Cell;
use std::rc::Rc;

use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_fs as fs;

/// The process's memory, in bytes.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().parse::<usize>().unwrap() * 1024
}

#[test]
fn a_hundred_thousand_operations_at_once() {
    const MANY: usize = 100_000;
    let lp = EventLoop::new().unwrap();
    let (answered, served) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    let seen = Rc::new(Cell::new(0));
    let before = resident();
    let mut half = 0;
    for n in 0..MANY {
        let count = Rc::clone(&answered);
        let done = move |result: nodecore_error::Result<fs::Stats>| {
            assert!(result.unwrap().is_directory());
            count.set(count.get() + 1);
        };
        fs::stat(&lp, "/", done).unwrap();
        if n + 1 == MANY / 2 {
            half = resident().saturating_sub(before);
        }
    }
    let whole = resident().saturating_sub(before);
    assert_eq!(answered.get(), 0, "nothing is called back before the loop runs");
    println!("{} bytes an operation, {} for the first half", whole / MANY, half / (MANY / 2));
    assert!(whole < MANY * 1024, "{whole} bytes");
    assert!(whole < half * 3, "{half} bytes, then {whole}");
    let (count, timers) = (Rc::clone(&answered), Rc::clone(&served));
    let (last, between) = (Rc::clone(&answered), Rc::clone(&seen));
    let again = lp.clone();
    let timer = lp.set_interval(1.0, move || {
        timers.set(timers.get() + 1);
        if (1..MANY).contains(&last.get()) {
            between.set(between.get() + 1);
        }
    });
    // An operation that is asked for in between gets its turn, and so does what comes after it.
    let asked = Rc::new(Cell::new(false));
    let told = Rc::clone(&asked);
    lp.set_immediate(move || {
        fs::stat(&again, "/", move |_| told.set(true)).unwrap();
    });
    while count.get() < MANY || !asked.get() {
        lp.run(RunMode::Once);
    }
    timer.clear();
    lp.run(RunMode::Default);
    assert_eq!(answered.get(), MANY);
    assert!(served.get() > 0 && seen.get() > 0, "no timer while they came back: {}", served.get());
}
