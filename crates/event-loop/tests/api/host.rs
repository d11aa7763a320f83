//! For those who have a loop or queues of their own.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use nodecore_event_loop::{EventLoop, HostHooks, OperationExt, RunMode, Task, blocking, uv};

use crate::{Trace, finish, new_loop};

#[derive(Clone, Default)]
struct Host {
    ticks: Rc<RefCell<VecDeque<Task>>>,
    microtasks: Rc<RefCell<VecDeque<Task>>>,
}

impl Host {
    fn hooks(&self) -> HostHooks {
        let (ticks, microtasks, own) = (Rc::clone(&self.ticks), Rc::clone(&self.microtasks), self.clone());
        HostHooks::new()
            .next_tick(move |task| ticks.borrow_mut().push_back(task))
            .queue_microtask(move |task| microtasks.borrow_mut().push_back(task))
            .checkpoint(move || own.drain())
    }

    fn drain(&self) {
        loop {
            let tick = self.ticks.borrow_mut().pop_front();
            let task = tick.or_else(|| self.microtasks.borrow_mut().pop_front());
            let Some(task) = task else { return };
            task.run();
        }
    }
}

#[test]
fn the_hosts_queues_replace_ours() {
    let (lp, trace, host) = (new_loop(), Trace::default(), Host::default());
    lp.next_tick(trace.log("own, before"));
    lp.set_host_hooks(host.hooks());
    lp.next_tick(trace.log("tick"));
    lp.queue_microtask(trace.log("microtask"));
    assert_eq!((host.ticks.borrow().len(), host.microtasks.borrow().len()), (1, 1));
    let (lp2, trace2) = (lp.clone(), trace.clone());
    lp.set_immediate(move || {
        trace2.push("immediate");
        lp2.queue_microtask(trace2.log("its microtask"));
        lp2.next_tick(trace2.log("its tick"));
    });
    finish_open(&lp);
    trace.assert(&["own, before", "tick", "microtask", "immediate", "its tick", "its microtask"]);
    // Continuations of futures are the host's microtasks, too.
    let (lp2, log) = (lp.clone(), trace.log("future"));
    let handle = lp.spawn_local(async move {
        blocking(|| Ok(())).future(&lp2).await.unwrap();
        log();
    });
    assert_eq!(host.microtasks.borrow().len(), 1);
    assert_eq!(lp.block_on(handle), Ok(()));
    finish(&lp);
    assert_eq!(trace.take().last().unwrap(), "future");
}

fn finish_open(lp: &EventLoop) {
    assert!(!lp.run(RunMode::Default));
}

#[test]
fn a_checkpoint_alone_runs_after_our_queues() {
    let (lp, trace) = (new_loop(), Trace::default());
    lp.set_host_hooks(HostHooks::new().checkpoint({
        let trace = trace.clone();
        move || trace.push("checkpoint")
    }));
    lp.callback_scope(|| lp.next_tick(trace.log("tick")));
    trace.assert(&["tick", "checkpoint"]);
}

/// A host that polls by itself and runs the loop when there is something to do.
#[test]
fn driven_from_another_poll_loop() {
    let (lp, trace) = (new_loop(), Trace::default());
    let log = trace.log("pool");
    blocking(|| {
        std::thread::sleep(std::time::Duration::from_millis(3));
        Ok(())
    })
    .spawn(&lp, move |_| log());
    assert!(uv::poll_readable(lp.backend_fd(), 5000), "readable before the loop has ever run");
    let polls = Cell::new(0);
    let drive = |lp: &EventLoop| {
        while lp.run(RunMode::NoWait) {
            polls.set(polls.get() + 1);
            let timeout = lp.backend_timeout();
            if timeout != 0 {
                uv::poll_readable(lp.backend_fd(), if timeout < 0 { 5000 } else { timeout });
            }
        }
    };
    drive(&lp);
    trace.assert(&["pool"]);
    lp.set_timeout(30.0, trace.log("timer"));
    let (lp2, log) = (lp.clone(), trace.log("chained"));
    blocking(|| Ok(())).spawn(&lp, move |_| {
        blocking(|| Ok(())).spawn(&lp2, move |_| log());
    });
    lp.set_immediate(trace.log("immediate"));
    assert_eq!(lp.backend_timeout(), 0);
    drive(&lp);
    let mut events = trace.take();
    assert_eq!(events.pop().as_deref(), Some("timer"));
    assert_eq!(events.len(), 3);
    assert!(polls.get() < 500, "the host slept: {} polls", polls.get());
    assert_eq!(lp.close(), Ok(()));
    assert_eq!((lp.backend_fd(), lp.backend_timeout()), (-1, 0));
}

#[test]
fn woken_from_another_thread() {
    let lp = new_loop();
    let waker = lp.waker();
    // Without anything alive there is nothing to wait for.
    assert!(!lp.run(RunMode::Once));
    let alive = lp.keep_alive();
    assert!(lp.alive());
    let thread = std::thread::spawn({
        let waker = waker.clone();
        move || {
            std::thread::sleep(std::time::Duration::from_millis(3));
            waker.wake();
        }
    });
    assert!(lp.run(RunMode::Once), "it waited, and is still alive");
    thread.join().unwrap();
    waker.wake();
    assert!(uv::poll_readable(lp.backend_fd(), 5000));
    drop(alive);
    finish(&lp);
    waker.wake();
}

#[test]
fn stop_ends_the_run() {
    let (lp, trace) = (new_loop(), Trace::default());
    let lp2 = lp.clone();
    let mut log = trace.log_each("interval");
    let interval = lp.set_interval(1.0, move || {
        log();
        lp2.stop();
    });
    assert!(lp.run(RunMode::Default));
    trace.assert(&["interval"]);
    lp.stop();
    assert!(lp.run(RunMode::Default), "stopped before it began");
    trace.assert(&["interval"]);
    interval.clear();
    finish(&lp);
}
