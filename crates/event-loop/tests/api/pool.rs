//! Operations: their three forms, cancellation, slices, order and fairness.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::task::Poll;
use std::time::Duration;

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, Operation, OperationExt, PoolFeed, Request, RunMode, Slice, blocking};

use crate::{Trace, finish, new_loop, panic_of};

const FEEDS: [PoolFeed; 2] = [PoolFeed::Queue, PoolFeed::Plain];

fn loop_with(feed: PoolFeed) -> EventLoop {
    let lp = new_loop();
    lp.set_pool_feed(feed);
    lp
}

/// An operation that runs until told to end, and tells when it runs.
fn gate() -> (impl Operation<Output = ()>, mpsc::Receiver<()>, mpsc::Sender<()>) {
    let (started, has_started) = mpsc::channel();
    let (open, opened) = mpsc::channel();
    let operation = blocking(move || {
        started.send(()).unwrap();
        let _ = opened.recv();
        Ok(())
    });
    (operation, has_started, open)
}

/// Fills every thread of the pool; the sender lets them go.
fn fill_pool(lp: &EventLoop) -> Vec<mpsc::Sender<()>> {
    (0..4)
        .map(|_| {
            let (operation, started, open) = gate();
            operation.spawn(lp, |result| result.unwrap());
            // Beyond the first they begin when the loop has seen that they wait.
            while started.try_recv().is_err() {
                lp.run(RunMode::NoWait);
            }
            open
        })
        .collect()
}

struct Count {
    at: usize,
    end: usize,
    slices: Arc<AtomicUsize>,
}

impl Operation for Count {
    type Output = usize;

    fn advance(&mut self, slice: &mut Slice) -> Poll<Result<usize>> {
        self.slices.fetch_add(1, Ordering::Relaxed);
        while self.at < self.end {
            self.at += 1;
            if !slice.spend(Slice::CALL) {
                return Poll::Pending;
            }
        }
        Poll::Ready(Ok(self.at))
    }
}

#[test]
fn one_body_three_forms() {
    let failing = || blocking(|| Err::<u8, _>(Error::system_code(Code::ENOENT, "open")));
    assert_eq!(blocking(|| Ok(3)).run_sync(), Ok(3));
    assert_eq!(failing().run_sync().unwrap_err().code(), Code::ENOENT);
    for feed in FEEDS {
        let lp = loop_with(feed);
        assert_eq!(lp.block_on(blocking(|| Ok(3)).future(&lp)), Ok(3));
        assert_eq!(lp.block_on(failing().future(&lp)).unwrap_err().code(), Code::ENOENT);
        let seen = Rc::new(Cell::new(None));
        let seen2 = Rc::clone(&seen);
        let request = failing().spawn(&lp, move |result| seen2.set(Some(result.unwrap_err().code())));
        assert_eq!(seen.get(), None);
        finish(&lp);
        assert_eq!(seen.get(), Some(Code::ENOENT));
        assert!(!request.cancel());
    }
}

#[test]
fn each_delivery_is_a_callback_of_its_own() {
    for feed in FEEDS {
        let (lp, trace) = (loop_with(feed), Trace::default());
        for _ in 0..20 {
            let (lp2, trace2) = (lp.clone(), trace.clone());
            blocking(|| Ok(())).spawn(&lp, move |_| {
                trace2.push("done");
                lp2.queue_microtask(trace2.log("micro"));
                lp2.next_tick(trace2.log("tick"));
            });
        }
        finish(&lp);
        assert_eq!(trace.take().join(" "), ["done tick micro"; 20].join(" "));
    }
}

#[test]
fn an_immediate_comes_before_what_finishes_later() {
    let (lp, trace) = (new_loop(), Trace::default());
    let (lp2, trace2) = (lp.clone(), trace.clone());
    blocking(|| Ok(())).spawn(&lp, move |_| {
        lp2.set_immediate(trace2.log("immediate"));
        let finished = Arc::new(AtomicBool::new(false));
        let set = Arc::clone(&finished);
        let log = trace2.log("pool");
        blocking(move || {
            set.store(true, Ordering::Release);
            Ok(())
        })
        .spawn(&lp2, move |_| log());
        while !finished.load(Ordering::Acquire) {
            std::thread::yield_now();
        }
        std::thread::sleep(Duration::from_millis(1));
    });
    finish(&lp);
    trace.assert(&["immediate", "pool"]);
}

#[test]
fn slices_are_for_the_pool_only() {
    let slices = Arc::new(AtomicUsize::new(0));
    let count = |end| Count { at: 0, end, slices: Arc::clone(&slices) };
    assert_eq!(count(1000).run_sync(), Ok(1000));
    assert_eq!(slices.swap(0, Ordering::Relaxed), 1);
    for feed in FEEDS {
        let lp = loop_with(feed);
        assert_eq!(lp.block_on(count(1000).future(&lp)), Ok(1000));
        assert_eq!(slices.swap(0, Ordering::Relaxed), 1000 / 128 + 1);
        finish(&lp);
    }
}

#[test]
fn one_that_yields_lets_others_by() {
    let (lp, trace) = (new_loop(), Trace::default());
    // One thread is left, so what yields and what is quick share it.
    let mut open = fill_pool(&lp);
    let (log, quick) = (trace.log("long"), trace.log("quick"));
    let slices = Arc::new(AtomicUsize::new(0));
    Count { at: 0, end: 128 * 50, slices: Arc::clone(&slices) }.spawn(&lp, move |_| log());
    blocking(|| Ok(())).spawn(&lp, move |_| quick());
    open.pop();
    finish_after(&lp, open);
    trace.assert(&["quick", "long"]);
    assert_eq!(slices.load(Ordering::Relaxed), 51);
}

fn finish_after(lp: &EventLoop, open: Vec<mpsc::Sender<()>>) {
    lp.set_timeout(20.0, move || drop(open));
    finish(lp);
}

#[test]
fn cancelled_in_the_queue_it_never_runs() {
    for feed in FEEDS {
        let (lp, trace) = (loop_with(feed), Trace::default());
        let open = if feed == PoolFeed::Queue { fill_pool(&lp) } else { Vec::new() };
        let ran = Arc::new(AtomicBool::new(false));
        let gates: Vec<_> = if feed == PoolFeed::Plain {
            (0..4)
                .map(|_| {
                    let (operation, started, open) = gate();
                    operation.spawn(&lp, |result| result.unwrap());
                    started.recv().unwrap();
                    open
                })
                .collect()
        } else {
            Vec::new()
        };
        let (set, trace2) = (Arc::clone(&ran), trace.clone());
        let request = blocking(move || {
            set.store(true, Ordering::Relaxed);
            Ok(())
        })
        .spawn(&lp, move |result: Result<()>| trace2.push(result.unwrap_err()));
        assert!(request.cancel());
        assert!(!request.cancel(), "it has ended");
        trace.assert(&[]);
        // Delivered although every thread of the pool is taken.
        assert!(lp.run(RunMode::Once));
        trace.assert(&["ECANCELED: operation canceled, uv_cancel"]);
        drop((open, gates));
        finish(&lp);
        assert!(!ran.load(Ordering::Relaxed));
    }
}

/// Runs until it is aborted.
struct UntilAborted(mpsc::Sender<()>);

impl Operation for UntilAborted {
    type Output = ();

    fn advance(&mut self, slice: &mut Slice) -> Poll<Result<()>> {
        self.0.send(()).unwrap();
        while !slice.aborted() {
            std::thread::yield_now();
        }
        Poll::Ready(Err(Error::abort()))
    }
}

/// Yields for ever, and never asks.
struct Endless;

impl Operation for Endless {
    type Output = ();

    fn advance(&mut self, _slice: &mut Slice) -> Poll<Result<()>> {
        Poll::Pending
    }
}

#[test]
fn cancelled_while_it_runs_it_is_told() {
    for feed in FEEDS {
        let (lp, trace) = (loop_with(feed), Trace::default());
        let (started, has_started) = mpsc::channel();
        let trace2 = trace.clone();
        let request =
            UntilAborted(started).spawn(&lp, move |result| trace2.push(result.unwrap_err().code().name()));
        has_started.recv().unwrap();
        assert!(request.cancel());
        finish_open(&lp);
        trace.assert(&["ABORT_ERR"]);
        let trace2 = trace.clone();
        let endless = Endless.spawn(&lp, move |result| trace2.push(result.unwrap_err().code().name()));
        lp.set_timeout(2.0, move || assert!(endless.cancel()));
        finish_open(&lp);
        trace.assert(&["ABORT_ERR", "ECANCELED"]);
    }
}

fn finish_open(lp: &EventLoop) {
    assert!(!lp.run(RunMode::Default));
}

#[test]
fn dropping_a_future_cancels_dropping_a_request_does_not() {
    let lp = new_loop();
    let (started, has_started) = mpsc::channel();
    let future = UntilAborted(started).future(&lp);
    has_started.recv().unwrap();
    drop(future);
    let done = Rc::new(Cell::new(false));
    let done2 = Rc::clone(&done);
    drop(blocking(|| Ok(())).spawn(&lp, move |_| done2.set(true)));
    finish(&lp);
    assert!(done.get());
}

#[test]
fn a_panicking_operation_is_an_error() {
    for feed in FEEDS {
        let lp = loop_with(feed);
        let result = lp.block_on(blocking(|| -> Result<()> { panic!("boom {}", 1) }).future(&lp));
        let error = result.unwrap_err();
        assert_eq!(error.code(), Code::Panic);
        assert!(error.to_string().contains("boom 1"), "{error}");
        finish(&lp);
    }
}

#[test]
fn a_panicking_callback_loses_no_other() {
    for feed in FEEDS {
        let (lp, trace) = (loop_with(feed), Trace::default());
        let finished = Arc::new(AtomicUsize::new(0));
        for i in 0..6 {
            let (trace2, finished) = (trace.clone(), Arc::clone(&finished));
            blocking(move || Ok(finished.fetch_add(1, Ordering::Release))).spawn(&lp, move |_| {
                trace2.push("done");
                assert_ne!(i, 2, "callback");
            });
        }
        // All in one batch.
        while finished.load(Ordering::Acquire) < 6 {
            std::thread::yield_now();
        }
        std::thread::sleep(Duration::from_millis(2));
        assert!(panic_of(|| lp.run(RunMode::Default)).contains("callback"));
        assert!(lp.alive());
        finish(&lp);
        assert_eq!(trace.take().len(), 6);
    }
}

#[test]
fn callbacks_may_submit_and_cancel() {
    let lp = new_loop();
    let count = Rc::new(Cell::new(0));
    let others: Rc<RefCell<Vec<Request>>> = Rc::default();
    for _ in 0..50 {
        let (lp2, count2, others2) = (lp.clone(), Rc::clone(&count), Rc::clone(&others));
        blocking(|| Ok(())).spawn(&lp, move |_| {
            count2.set(count2.get() + 1);
            let request = {
                let count2 = Rc::clone(&count2);
                blocking(|| Ok(())).spawn(&lp2, move |_| count2.set(count2.get() + 1))
            };
            others2.borrow_mut().push(request);
            for request in others2.borrow().iter().step_by(3) {
                request.cancel();
            }
        });
    }
    finish(&lp);
    assert_eq!(count.get(), 100, "each done ran once");
}

/// The pool's threads are not kept from others: a plain request among ours has its turn.
#[test]
fn a_busy_queue_leaves_threads_to_others() {
    let (lp, trace) = (new_loop(), Trace::default());
    for _ in 0..200 {
        let log = trace.log("ours");
        let work = blocking(|| {
            std::thread::sleep(Duration::from_micros(500));
            Ok(())
        });
        work.spawn(&lp, move |_| log());
    }
    let other = loop_with(PoolFeed::Plain);
    let log = trace.log("plain");
    let (lp2, other2) = (lp.clone(), other.clone());
    lp.set_timeout(2.0, move || {
        other2.next_tick({
            let (other, trace_log) = (other2.clone(), log);
            move || drop(blocking(|| Ok(())).spawn(&other, move |_| trace_log()))
        });
        let pump = lp2.set_interval(1.0, move || _ = other2.run(RunMode::NoWait));
        pump.unref();
    });
    assert!(!lp.run(RunMode::Default));
    let events = trace.take();
    let plain = events.iter().position(|event| event == "plain").unwrap();
    assert!(plain < 190, "the plain request came {plain}th of {}", events.len());
    finish(&other);
}

#[test]
fn everything_finishes_once_under_load() {
    let lp = new_loop();
    let runs = Arc::new(Mutex::new(vec![0_u8; 20_000]));
    let done = Rc::new(Cell::new(0));
    let cancelled = Rc::new(Cell::new(0));
    for i in 0..20_000 {
        let (runs, done, cancelled) = (Arc::clone(&runs), Rc::clone(&done), Rc::clone(&cancelled));
        let work = blocking(move || {
            runs.lock().unwrap()[i] += 1;
            Ok(i)
        });
        let request = work.spawn(&lp, move |result| match result {
            Ok(_) => done.set(done.get() + 1),
            Err(error) => {
                assert_eq!(error.code(), Code::ECANCELED);
                cancelled.set(cancelled.get() + 1);
            }
        });
        if i % 7 == 0 {
            request.cancel();
        }
        if i % 1000 == 0 {
            lp.run(RunMode::NoWait);
        }
    }
    finish(&lp);
    assert_eq!(done.get() + cancelled.get(), 20_000);
    let runs = runs.lock().unwrap();
    assert!(runs.iter().all(|&runs| runs <= 1));
    assert_eq!(runs.iter().filter(|&&runs| runs == 1).count(), done.get());
}
