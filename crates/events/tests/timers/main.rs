//! `timers::promises`: single cases, and random programs that run here and in a real Node, whose tasks must wake in
//! the same order with the same results.
//!
//! `nodecore_testdata::node` says how Node is found; `NODECORE_SEED` and `NODECORE_CASES` choose the programs. One of
//! the kind `timed` leaves 5 ms between what is due at different times; where its traces differ it is run again, and
//! counts only if they differ every time.

#![allow(clippy::unwrap_used)]

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;

use futures_core::Stream as _;
use nodecore_error::{Class, Code, Error, Result};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_events::timers::promises::{TimerOptions, scheduler, set_immediate, set_interval, set_timeout};
use nodecore_events::{AbortController, AbortSignal};
use nodecore_testdata::node::{self, Case, Exam, Node, Random};
use serde_json::json;

const ATTEMPTS: usize = 12;
/// The most programs of the kind `timed`, which take a tenth of a second each.
const TIMED: u64 = 50;

#[derive(Clone, Copy, Debug)]
struct Step {
    kind: &'static str,
    ms: u32,
    signal: Option<usize>,
    count: usize,
}

#[derive(Clone, Debug)]
struct Program {
    /// Each begins after so many milliseconds.
    tasks: Vec<(u32, Vec<Step>)>,
}

const SIGNALS: usize = 3;

fn burst(random: &mut Random) -> Program {
    let kinds = ["immediate", "immediate", "yield", "abort", "immediate"];
    let tasks = (0..2 + random.below(5)).map(|_| (0, steps(random, &kinds))).collect();
    Program { tasks }
}

fn timed(random: &mut Random) -> Program {
    let kinds = ["timeout", "timeout", "wait", "interval", "immediate", "abort"];
    Program { tasks: (0..4).map(|task| (1 + 5 * task, steps(random, &kinds))).collect() }
}

fn steps(random: &mut Random, kinds: &[&'static str]) -> Vec<Step> {
    let step = |random: &mut Random| Step {
        kind: kinds[random.below(kinds.len())],
        ms: [20, 40][random.below(2)],
        signal: random.below(SIGNALS * 2).checked_sub(SIGNALS),
        count: 1 + random.below(3),
    };
    (0..1 + random.below(4)).map(|_| step(random)).collect()
}

impl Program {
    fn question(&self) -> String {
        let tasks: Vec<_> = self
            .tasks
            .iter()
            .map(|(start, steps)| {
                let steps: Vec<_> =
                    steps.iter().map(|step| json!([step.kind, step.ms, step.signal, step.count])).collect();
                json!([start, steps])
            })
            .collect();
        json!(tasks).to_string()
    }
}

fn failure(error: &Error) -> String {
    let cause = error.cause().map_or_else(String::new, |cause| format!("{} {cause}", cause.class().name()));
    format!("{} {} {error} ({cause})", error.class().name(), error.code().name())
}

/// The turn that JavaScript takes to look into a promise that is settled.
async fn turn() {
    let taken = Cell::new(false);
    poll_fn(|context| {
        if taken.replace(true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

fn shown(result: Result<String>) -> String {
    result.unwrap_or_else(|error| failure(&error))
}

async fn task(
    lp: EventLoop,
    number: usize,
    (start, steps): (u32, Vec<Step>),
    controllers: Rc<Vec<AbortController>>,
    log: Rc<RefCell<Vec<String>>>,
) {
    if start > 0 {
        set_timeout(&lp, start.into(), (), &TimerOptions::default()).await.unwrap();
    }
    for (index, step) in steps.into_iter().enumerate() {
        let mut options = TimerOptions::default();
        let mut early = false;
        if let Some(signal) = step.signal.map(|signal| controllers[signal].signal()) {
            options = options.signal(&signal);
            early = signal.aborted();
        }
        let told = |outcome: String| log.borrow_mut().push(format!("{number}.{index}={outcome}"));
        let name = format!("v{index}");
        match step.kind {
            "abort" => {
                if let Some(controller) = step.signal {
                    controllers[controller].abort();
                }
                told("done".to_owned());
                continue;
            }
            "interval" => {
                let mut ticks = set_interval(&lp, step.ms.into(), name, &options);
                for _ in 0..step.count {
                    let outcome = ticks.next().await.map_or_else(|| "end".to_owned(), shown);
                    if std::mem::take(&mut early) {
                        turn().await;
                    }
                    told(outcome);
                }
                ticks.close();
                assert!(ticks.next().await.is_none());
                continue;
            }
            "timeout" => told(shown(set_timeout(&lp, step.ms.into(), name, &options).await)),
            "wait" => {
                told(shown(scheduler::wait(&lp, step.ms.into(), &options).await.map(|()| "none".to_owned())))
            }
            "yield" => {
                early = false;
                told(shown(scheduler::yield_(&lp).await.map(|()| "none".to_owned())));
            }
            _ if early => {
                let refused = set_immediate(&lp, name, &options);
                turn().await;
                told(shown(refused.await));
                continue;
            }
            _ => told(shown(set_immediate(&lp, name, &options).await)),
        }
        if early {
            turn().await;
        }
    }
}

fn run(program: &Program) -> String {
    let lp = EventLoop::new().unwrap();
    let controllers: Rc<Vec<AbortController>> =
        Rc::new((0..SIGNALS).map(|_| AbortController::new()).collect());
    let log = Rc::new(RefCell::new(Vec::new()));
    let (own, to, tasks) = (lp.clone(), Rc::clone(&log), program.tasks.clone());
    lp.set_immediate(move || {
        for (number, steps) in tasks.into_iter().enumerate() {
            own.spawn_local(task(own.clone(), number, steps, Rc::clone(&controllers), Rc::clone(&to)));
        }
    });
    assert!(!lp.run(RunMode::Default));
    log.take().join("|")
}

#[test]
fn programs_agree_with_node() {
    let Some(node) = Node::find() else { return };
    let mut exam = Exam::new(
        node.clone(),
        "timers/promises",
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/timers/programs.js"),
    );
    let mut random = Random::new("timers");
    let ask = |kind: &str, program: &Program| format!("{kind}\t{}", program.question());
    let bursts: Vec<Case> = (0..node::cases(1000))
        .map(|_| burst(&mut random))
        .map(|program| Case { question: ask("burst", &program), answer: run(&program) })
        .collect();
    exam.ask(&bursts, |_, _| false);
    let mut rest: Vec<Program> = (0..node::programs(20).min(TIMED)).map(|_| timed(&mut random)).collect();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/timers/programs.js");
    for _ in 1..ATTEMPTS {
        let input: String = rest.iter().map(|program| ask("timed", program) + "\n").collect();
        let theirs = node.run(script, input);
        let mut theirs = theirs.lines();
        rest.retain(|program| run(program) != theirs.next().unwrap());
    }
    let last: Vec<Case> =
        rest.iter().map(|program| Case { question: ask("timed", program), answer: run(program) }).collect();
    exam.ask(&last, |_, _| false);
    exam.close();
}

#[test]
fn an_aborted_signal_refuses() {
    let lp = EventLoop::new().unwrap();
    let options = TimerOptions::default().signal(&AbortSignal::abort(Some(Error::new(Code::EIO, "why"))));
    let mut ticks = set_interval(&lp, 1.0, (), &options);
    for error in [
        lp.block_on(set_timeout(&lp, 1.0, (), &options)).unwrap_err(),
        lp.block_on(set_immediate(&lp, (), &options)).unwrap_err(),
        lp.block_on(scheduler::wait(&lp, 1.0, &options)).unwrap_err(),
        lp.block_on(ticks.next()).unwrap().unwrap_err(),
    ] {
        assert_eq!((error.class(), error.code().name()), (Class::AbortError, "ABORT_ERR"));
        assert_eq!(error.to_string(), "The operation was aborted");
        assert_eq!(error.cause().unwrap().to_string(), "why");
    }
    assert!(lp.block_on(ticks.next()).is_none());
    assert!(!lp.alive(), "nothing was started");
}

#[test]
fn timers_start_at_once_and_intervals_when_polled() {
    let lp = EventLoop::new().unwrap();
    let mut ticks = set_interval(&lp, 1.0, 7, &TimerOptions::default());
    assert!(!lp.alive());
    let promise = set_timeout(&lp, 1.0, 1, &TimerOptions::default());
    assert!(lp.alive());
    lp.run(RunMode::Default);
    assert_eq!(lp.block_on(promise), Ok(1), "it fired unpolled");
    let next = poll_fn(|context| Pin::new(&mut ticks).poll_next(context));
    assert_eq!(lp.block_on(next), Some(Ok(7)));
    assert!(lp.alive());
    drop(ticks);
    assert!(!lp.alive(), "dropped, it stops");
}

#[test]
fn dropping_clears_and_unref_lets_the_loop_end() {
    let lp = EventLoop::new().unwrap();
    drop(set_timeout(&lp, 1e6, (), &TimerOptions::default()));
    drop(set_immediate(&lp, (), &TimerOptions::default()));
    let controller = AbortController::new();
    let loose = TimerOptions::default().ref_(false).signal(&controller.signal());
    let _timeout = set_timeout(&lp, 1e6, (), &loose);
    let _immediate = set_immediate(&lp, (), &loose);
    assert!(!lp.alive());
    let kept = Rc::new(());
    let promise =
        set_timeout(&lp, 1.0, Rc::clone(&kept), &TimerOptions::default().signal(&controller.signal()));
    assert_eq!(controller.signal().listener_count("abort"), 3);
    drop(promise);
    assert_eq!((controller.signal().listener_count("abort"), Rc::strong_count(&kept)), (2, 1));
}

#[test]
fn what_an_interval_gave_comes_before_its_abort() {
    let lp = EventLoop::new().unwrap();
    let controller = AbortController::new();
    let mut ticks = set_interval(&lp, 2.0, (), &TimerOptions::default().signal(&controller.signal()));
    let rest = lp.block_on(async {
        ticks.next().await.unwrap().unwrap();
        set_timeout(&lp, 30.0, (), &TimerOptions::default()).await.unwrap();
        controller.abort();
        // An abort ends the timer.
        set_timeout(&lp, 10.0, (), &TimerOptions::default()).await.unwrap();
        let mut rest = 0;
        loop {
            match ticks.next().await {
                Some(Ok(())) => rest += 1,
                Some(Err(error)) => {
                    assert_eq!(error.code(), Code::Abort);
                    break rest;
                }
                None => panic!("no error"),
            }
        }
    });
    assert!((1..=15).contains(&rest), "{rest}");
    assert!(lp.block_on(ticks.next()).is_none());
    assert!(!lp.alive());
}
