//! Random programs, run here and in a real Node: their callbacks must run in the same order.
//!
//! A program is a tree of callbacks. Each logs its number and starts others: ticks, microtasks, immediates,
//! timeouts, intervals, pool work; or clears or refreshes earlier ones. One Node process runs all programs, one
//! after another, and so does one loop here.
//!
//! So that the trace does not depend on the machine, a callback that started timers or pool work does not
//! return before they are due: whatever phase comes next finds them so. What is left to chance is being
//! preempted for milliseconds at the wrong moment. A callback that sees it happen says so; a program whose
//! traces differ is run again, and counts only if they differ every time.
//!
//! `NODECORE_PROGRAMS` is how many (100), `NODECORE_SEED` where they start; `nodecore_testdata::node` says how Node is
//! found. One before Node 26 would not do: it brings a libuv that runs a timer again in the phase that started it.

#![allow(clippy::unwrap_used)]

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use nodecore_event_loop::{EventLoop, Immediate, OperationExt, RunMode, Timeout, blocking};
use nodecore_testdata::node::{self, Comparison, Node};

/// The durations, in ms. Timers of one callback may start this much apart ...
const DURATIONS: [u32; 3] = [1, 4, 7];
/// ... before their order is in doubt.
const JITTER: Duration = Duration::from_micros(1500);
/// Past its duration by this much, a timer is due however the clocks round.
const ROUNDING: Duration = Duration::from_micros(2500);
/// From the end of pool work until its completion is surely posted.
const POSTED: Duration = Duration::from_micros(300);
const ATTEMPTS: usize = 6;

struct Body {
    id: u32,
    actions: Vec<Action>,
}

enum Action {
    Tick(Rc<Body>),
    Microtask(Rc<Body>),
    Immediate(Rc<Body>),
    Timeout(u32, Rc<Body>),
    /// Clears itself at its nth call.
    Interval(u32, u32, Rc<Body>),
    Pool(Rc<Body>),
    Clear(u32),
    /// At most once each, so that programs end.
    Refresh(u32),
}

struct Random(u64);

impl Random {
    fn below(&mut self, n: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(n)).unwrap()
    }

    /// A program of up to `budget` callbacks.
    fn program(&mut self) -> Rc<Body> {
        let mut budget = 3 + self.below(14);
        let mut next_id = 0;
        self.body(&mut budget, &mut next_id, 0)
    }

    fn body(&mut self, budget: &mut u32, next_id: &mut u32, depth: u32) -> Rc<Body> {
        let id = *next_id;
        *next_id += 1;
        let mut actions = Vec::new();
        let wanted = if depth == 0 { 3 + self.below(4) } else { self.below(4) };
        for _ in 0..wanted {
            let kind = self.below(16);
            let ms = DURATIONS[self.below(3) as usize];
            if kind >= 14 {
                let id = self.below(*next_id);
                actions.push(if kind == 14 { Action::Clear(id) } else { Action::Refresh(id) });
            } else if *budget > 0 {
                *budget -= 1;
                let times = 1 + self.below(3);
                let body = self.body(budget, next_id, depth + 1);
                actions.push(match kind {
                    0..2 => Action::Tick(body),
                    2..4 => Action::Microtask(body),
                    4..7 => Action::Immediate(body),
                    7..10 => Action::Timeout(ms, body),
                    10 => Action::Interval(ms, times, body),
                    _ => Action::Pool(body),
                });
            }
        }
        Rc::new(Body { id, actions })
    }
}

impl Body {
    fn write(&self, out: &mut String) {
        write!(out, "[{},[", self.id).unwrap();
        for (index, action) in self.actions.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            let (name, numbers, body) = match action {
                Action::Tick(body) => ("tick", vec![], Some(body)),
                Action::Microtask(body) => ("microtask", vec![], Some(body)),
                Action::Immediate(body) => ("immediate", vec![], Some(body)),
                Action::Timeout(ms, body) => ("timeout", vec![ms], Some(body)),
                Action::Interval(ms, times, body) => ("interval", vec![ms, times], Some(body)),
                Action::Pool(body) => ("pool", vec![], Some(body)),
                Action::Clear(id) => ("clear", vec![id], None),
                Action::Refresh(id) => ("refresh", vec![id], None),
            };
            write!(out, "[\"{name}\"").unwrap();
            if let Some(body) = body {
                out.push(',');
                body.write(out);
            }
            for number in numbers {
                write!(out, ",{number}").unwrap();
            }
            out.push(']');
        }
        out.push_str("]]");
    }
}

/// What a program did: the numbers of its callbacks in order, and whether a callback was preempted for long.
#[derive(Clone, Debug, Default)]
struct Trace {
    ids: Vec<u32>,
    preempted: bool,
}

/// The same as [`Run`], in JavaScript. Reads programs, one a line; prints traces, one a line.
const NODE: &str = r#"
const { randomFill } = require('crypto');
const [JITTER, ROUNDING, POSTED] = process.argv.slice(1).map(Number);
const programs = require('fs').readFileSync(0, 'utf8').trim().split('\n').map(JSON.parse);
const traces = [];
const spin = (until) => { while (performance.now() < until); };
function run(program, finished) {
  const ids = [], handles = new Map(), refreshed = new Set();
  let live = 0, preempted = 0;
  const ended = () => { if (--live === 0) { traces.push([preempted, ...ids]); finished(); } };
  function execute([id, actions]) {
    ids.push(id);
    const begin = performance.now();
    let due = begin;
    const armed = (ms) => { due = Math.max(due, performance.now() + ms + ROUNDING); };
    const filled = [];
    for (const action of actions) {
      const [kind, body, ms, times] = action;
      const then = () => { execute(body); ended(); };
      switch (kind) {
        case 'tick': live++; process.nextTick(then); break;
        case 'microtask': live++; queueMicrotask(then); break;
        case 'immediate': {
          live++;
          const handle = { live: true };
          const immediate = setImmediate(() => { handle.live = false; then(); });
          handle.clear = () => clearImmediate(immediate);
          handles.set(body[0], handle);
          break;
        }
        case 'timeout': {
          live++;
          const handle = { live: true, ms };
          const timeout = setTimeout(() => { handle.live = false; then(); }, ms);
          handle.clear = () => clearTimeout(timeout);
          handle.refresh = () => timeout.refresh();
          handles.set(body[0], handle);
          armed(ms);
          break;
        }
        case 'interval': {
          live++;
          const handle = { live: true, ms };
          let calls = 0;
          const interval = setInterval(() => {
            const until = performance.now() + ms + ROUNDING;
            live++;
            execute(body);
            spin(until);
            calls++;
            if (calls === times && handle.live) {
              handle.live = false;
              handle.cleared = true;
              clearInterval(interval);
              ended();
            }
            ended();
          }, ms);
          handle.clear = () => clearInterval(interval);
          handle.refresh = () => interval.refresh();
          handles.set(body[0], handle);
          armed(ms);
          break;
        }
        case 'pool': {
          live++;
          const bytes = new Uint8Array(64);
          filled.push(bytes);
          randomFill(bytes, then);
          break;
        }
        case 'clear': {
          const handle = handles.get(body);
          if (handle && !handle.cleared) {
            handle.cleared = true;
            handle.clear();
            if (handle.live) { handle.live = false; ended(); }
          }
          break;
        }
        case 'refresh': {
          const handle = handles.get(body);
          if (handle?.refresh && !handle.cleared && !refreshed.has(action)) {
            refreshed.add(action);
            if (!handle.live) { handle.live = true; live++; }
            handle.refresh();
            armed(handle.ms);
          }
          break;
        }
      }
    }
    if (performance.now() - begin > JITTER) preempted = 1;
    for (const bytes of filled) while (bytes.every((byte) => byte === 0));
    if (filled.length) due = Math.max(due, performance.now() + POSTED);
    spin(due);
  }
  live++;
  execute(program);
  ended();
}
let index = 0;
const next = () => {
  if (index < programs.length) run(programs[index++], () => setImmediate(next));
  else console.log(traces.map((trace) => trace.join(' ')).join('\n'));
};
setImmediate(next);
"#;

/// One program running on a loop.
struct Run {
    lp: EventLoop,
    trace: RefCell<Trace>,
    live: Cell<usize>,
    handles: RefCell<HashMap<u32, Rc<Handle>>>,
    refreshed: RefCell<Vec<*const Action>>,
    finished: Cell<Option<Finished>>,
}

type Finished = Box<dyn FnOnce(Trace)>;

/// Something a program can clear.
struct Handle {
    live: Cell<bool>,
    cleared: Cell<bool>,
    ms: u32,
    kind: RefCell<Option<Kind>>,
}

enum Kind {
    Immediate(Immediate),
    Timer(Timeout),
}

fn spin(until: Instant) {
    while Instant::now() < until {
        std::hint::spin_loop();
    }
}

fn millis(ms: u32) -> Duration {
    Duration::from_millis(ms.into())
}

impl Run {
    fn start(lp: &EventLoop, program: &Rc<Body>, finished: impl FnOnce(Trace) + 'static) {
        let run = Rc::new(Run {
            lp: lp.clone(),
            trace: RefCell::default(),
            live: Cell::new(1),
            handles: RefCell::default(),
            refreshed: RefCell::default(),
            finished: Cell::new(Some(Box::new(finished))),
        });
        run.execute(program);
        run.ended();
    }

    fn ended(&self) {
        self.live.set(self.live.get() - 1);
        if self.live.get() == 0 {
            self.handles.borrow_mut().clear();
            self.finished.take().unwrap()(self.trace.take());
        }
    }

    fn begun(&self) {
        self.live.set(self.live.get() + 1);
    }

    fn then(self: &Rc<Run>, body: &Rc<Body>) -> impl FnOnce() + use<> {
        let (run, body) = (Rc::clone(self), Rc::clone(body));
        move || {
            run.execute(&body);
            run.ended();
        }
    }

    fn handle(&self, id: u32, ms: u32) -> Rc<Handle> {
        let handle = Rc::new(Handle {
            live: Cell::new(true),
            cleared: Cell::new(false),
            ms,
            kind: RefCell::new(None),
        });
        self.handles.borrow_mut().insert(id, Rc::clone(&handle));
        handle
    }

    fn execute(self: &Rc<Run>, body: &Body) {
        self.trace.borrow_mut().ids.push(body.id);
        let begin = Instant::now();
        let mut due = begin;
        let mut pool = Vec::new();
        for action in &body.actions {
            let mut armed = |ms| due = due.max(Instant::now() + millis(ms) + ROUNDING);
            match action {
                Action::Tick(body) => {
                    self.begun();
                    self.lp.next_tick(self.then(body));
                }
                Action::Microtask(body) => {
                    self.begun();
                    self.lp.queue_microtask(self.then(body));
                }
                Action::Immediate(body) => {
                    self.begun();
                    let handle = self.handle(body.id, 0);
                    let (fired, then) = (Rc::clone(&handle), self.then(body));
                    let immediate = self.lp.set_immediate(move || {
                        fired.live.set(false);
                        then();
                    });
                    handle.kind.replace(Some(Kind::Immediate(immediate)));
                }
                &Action::Timeout(ms, ref body) => {
                    self.begun();
                    let handle = self.handle(body.id, ms);
                    let (fired, run, body) = (Rc::downgrade(&handle), Rc::clone(self), Rc::clone(body));
                    // Refreshable after it ran, as Node's.
                    let timeout = self.lp.set_timeout_mut(ms.into(), move || {
                        if let Some(fired) = fired.upgrade() {
                            fired.live.set(false);
                        }
                        run.then(&body)();
                    });
                    handle.kind.replace(Some(Kind::Timer(timeout)));
                    armed(ms);
                }
                &Action::Interval(ms, times, ref body) => {
                    self.begun();
                    let handle = self.handle(body.id, ms);
                    let (own, run, body) = (Rc::clone(&handle), Rc::clone(self), Rc::clone(body));
                    let mut calls = 0;
                    let interval = self.lp.set_interval(ms.into(), move || {
                        let until = Instant::now() + millis(ms) + ROUNDING;
                        run.begun();
                        run.execute(&body);
                        spin(until);
                        calls += 1;
                        if calls == times && own.live.get() {
                            run.clear(&own);
                        }
                        run.ended();
                    });
                    handle.kind.replace(Some(Kind::Timer(interval)));
                    armed(ms);
                }
                Action::Pool(body) => {
                    self.begun();
                    let flag = Arc::new(AtomicBool::new(false));
                    pool.push(Arc::clone(&flag));
                    let work = blocking(move || {
                        flag.store(true, Ordering::Release);
                        Ok(())
                    });
                    let then = self.then(body);
                    work.spawn(&self.lp, move |_| then());
                }
                Action::Clear(id) => {
                    let handle = self.handles.borrow().get(id).cloned();
                    if let Some(handle) = handle.filter(|handle| !handle.cleared.get()) {
                        self.clear(&handle);
                    }
                }
                Action::Refresh(id) => {
                    let handle = self.handles.borrow().get(id).cloned();
                    let once = !self.refreshed.borrow().contains(&std::ptr::from_ref(action));
                    if let Some(handle) = handle.filter(|handle| once && !handle.cleared.get()) {
                        let kind = handle.kind.borrow();
                        let Some(Kind::Timer(timer)) = &*kind else { continue };
                        self.refreshed.borrow_mut().push(action);
                        if !handle.live.replace(true) {
                            self.begun();
                        }
                        timer.refresh();
                        armed(handle.ms);
                    }
                }
            }
        }
        if begin.elapsed() > JITTER {
            self.trace.borrow_mut().preempted = true;
        }
        for flag in &pool {
            while !flag.load(Ordering::Acquire) {
                std::hint::spin_loop();
            }
        }
        if !pool.is_empty() {
            due = due.max(Instant::now() + POSTED);
        }
        spin(due);
    }

    fn clear(&self, handle: &Handle) {
        handle.cleared.set(true);
        match handle.kind.borrow().as_ref() {
            Some(Kind::Immediate(immediate)) => immediate.clear(),
            Some(Kind::Timer(timer)) => timer.clear(),
            None => {}
        }
        if handle.live.replace(false) {
            self.ended();
        }
    }
}

/// Runs all programs on one loop, each from an immediate once the one before has ended.
fn run_here(programs: &[Rc<Body>]) -> Vec<Trace> {
    fn next(lp: &EventLoop, mut rest: VecDeque<Rc<Body>>, traces: &Rc<RefCell<Vec<Trace>>>) {
        let (own, traces) = (lp.clone(), Rc::clone(traces));
        lp.set_immediate(move || {
            let Some(program) = rest.pop_front() else { return };
            let lp = own.clone();
            Run::start(&own, &program, move |trace| {
                traces.borrow_mut().push(trace);
                next(&lp, rest, &traces);
            });
        });
    }
    let lp = EventLoop::new().unwrap();
    let traces = Rc::default();
    next(&lp, programs.iter().cloned().collect(), &traces);
    assert!(!lp.run(RunMode::Default), "every program has ended");
    traces.take()
}

/// Starts them in Node.
fn start_node(node: &Node, programs: &[Rc<Body>]) -> std::process::Child {
    let ms = |duration: Duration| (duration.as_secs_f64() * 1e3).to_string();
    let mut child = node
        .command()
        .args(["-e", NODE, &ms(JITTER), &ms(ROUNDING), &ms(POSTED)])
        .env("UV_THREADPOOL_SIZE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut text = String::new();
    for program in programs {
        program.write(&mut text);
        text.push('\n');
    }
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    child
}

fn end_node(child: std::process::Child) -> Vec<Trace> {
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "Node ran the programs");
    let text = String::from_utf8(output.stdout).unwrap();
    let trace = |line: &str| {
        let mut numbers = line.split(' ').map(|number| number.parse::<u32>().unwrap());
        Trace { preempted: numbers.next() == Some(1), ids: numbers.collect() }
    };
    text.lines().map(trace).collect()
}

/// Compares; runs in a process of its own, whose pool has one thread, so that pool work ends in order.
fn compare() {
    let Some(judge) = Node::find() else { return };
    let count: u64 = node::setting("NODECORE_PROGRAMS", node::programs(100));
    let seed = node::seed();
    let all: Vec<Rc<Body>> =
        (0..count).map(|n| Random((seed + n).wrapping_mul(0x9E37_79B9_7F4A_7C15)).program()).collect();
    let mut rest: Vec<usize> = (0..all.len()).collect();
    let mut comparison = Comparison::new("event-loop", "programs");
    let (mut callbacks, mut again) = (0, 0);
    for attempt in 1..=ATTEMPTS {
        let programs: Vec<Rc<Body>> = rest.iter().map(|&index| Rc::clone(&all[index])).collect();
        let node = start_node(&judge, &programs);
        let here = run_here(&programs);
        let there = end_node(node);
        assert_eq!((here.len(), there.len()), (programs.len(), programs.len()));
        let mut different = Vec::new();
        for ((&index, here), there) in rest.iter().zip(&here).zip(&there) {
            if here.ids == there.ids {
                callbacks += here.ids.len();
            } else {
                different.push(index);
                if attempt == ATTEMPTS {
                    let mut text = String::new();
                    all[index].write(&mut text);
                    println!("seed {}: {text}", seed + index as u64);
                    println!("  here {:?}{}", here.ids, if here.preempted { " (preempted)" } else { "" });
                    println!("  Node {:?}{}", there.ids, if there.preempted { " (preempted)" } else { "" });
                }
            }
        }
        rest = different;
        if rest.is_empty() {
            break;
        }
        again += rest.len();
    }
    println!("{callbacks} callbacks, {again} programs run again");
    comparison.add(all.len(), rest.len());
    comparison.close();
}

#[test]
fn programs_run_as_in_node() {
    if std::env::var_os("NODECORE_PROGRAMS_CHILD").is_some() {
        compare();
        return;
    }
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "programs_run_as_in_node", "--nocapture"])
        .env("NODECORE_PROGRAMS_CHILD", "1")
        .env("UV_THREADPOOL_SIZE", "1")
        .status()
        .unwrap();
    assert!(status.success());
}
