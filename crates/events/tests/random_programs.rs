//! Random programs of an emitter, and of event targets and abort signals, run here and in a real Node: the traces
//! must be the same.
//!
//! A program is a list of actions, some of which add listeners; a listener logs what it is called with and performs
//! actions of its own, up to a number of calls. One Node process runs all programs.
//!
//! `NODECORE_PROGRAMS` is how many (default 2,000), `NODECORE_SEED` where they start; `nodecore_testdata::node` says how
//! Node is found.

#![allow(clippy::unwrap_used)]

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use nodecore_error::{Code, Error, Result};
use nodecore_events::{
    AbortController, AbortSignal, ERROR_MONITOR, Event, EventEmitter, EventHandler, EventListenerOptions,
    EventOptions, EventTarget, Handler, ListenOptions, ListenerId, set_warning_handler,
};
use nodecore_testdata::node::{self, Comparison, Node};
use serde_json::{Value, json};

/// How many listeners a program may call.
const CALLS: usize = 60;
const LISTENERS: u64 = 6;

struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn pick(&mut self, names: &[&'static str]) -> &'static str {
        names[usize::try_from(self.below(names.len() as u64)).unwrap()]
    }

    fn actions(&mut self, most: u64, one: fn(&mut Random) -> Value) -> Value {
        (0..self.below(most + 1)).map(|_| one(self)).collect()
    }

    fn emitter_action(&mut self) -> Value {
        let (event, k) = (self.pick(&["a", "b", "cc", "7", "3", "a longer name"]), self.below(LISTENERS));
        match self.below(40) {
            0..6 => json!(["add", event, k, false, false]),
            6..9 => json!(["add", event, k, true, false]),
            9..11 => json!(["add", event, k, false, true]),
            11 => json!(["add", event, k, true, true]),
            12..16 => json!(["off", event, k]),
            16 => json!(["removeAll", event]),
            17 => json!(["removeAll", null]),
            18..27 => json!(["emit", event, self.below(10)]),
            27..29 => json!(["emitError", self.below(10)]),
            29 => json!(["onError", k, self.below(2) == 0, false]),
            30 => json!(["onError", k, self.below(2) == 0, true]),
            31 => json!(["offError", k, self.below(2) == 0]),
            32 => json!(["count", event, k]),
            33 => json!(["names"]),
            34 => json!(["max", self.below(4)]),
            35 => json!(["raw", event, self.below(3)]),
            36 => json!(["listeners", event]),
            37 => json!(["hookNew", k]),
            38 => json!(["hookRemove", k]),
            _ => json!(["unhook", k]),
        }
    }

    /// What a listener of `removeListener` and a monitor do: nothing that changes a list while Node's
    /// `removeAllListeners` or `emit` goes on with the old one, in which case Node skips or repeats listeners, or throws.
    fn harmless_action(&mut self) -> Value {
        let (event, k) = (self.pick(&["a", "b", "7"]), self.below(LISTENERS));
        if self.below(2) == 0 { json!(["names"]) } else { json!(["count", event, k]) }
    }

    fn emitter_program(&mut self) -> Value {
        let listeners: Vec<Value> = (0..LISTENERS)
            .map(|_| json!([self.actions(4, Random::emitter_action), self.below(8) == 0]))
            .collect();
        let hooks: Vec<Value> = (0..LISTENERS).map(|_| self.actions(2, Random::harmless_action)).collect();
        let main: Vec<Value> = (0..8 + self.below(25)).map(|_| self.emitter_action()).collect();
        json!({ "kind": "emitter", "listeners": listeners, "hooks": hooks, "main": main })
    }

    fn target_action(&mut self) -> Value {
        let (t, kind, k) = (self.below(2), self.pick(&["x", "y", "abort"]), self.below(LISTENERS));
        let mut flag = || self.below(3) == 0;
        let (once, passive, capture) = (flag(), flag(), flag());
        let signal = self.below(4);
        match self.below(30) {
            0..6 => json!(["add", t, kind, k, once, passive, capture, null]),
            6..8 => json!(["add", t, kind, k, once, passive, capture, signal]),
            8..10 => json!(["rm", t, kind, k, capture]),
            10..15 => json!(["dispatch", t, kind, once]),
            15 => json!(["redispatch", t]),
            16 => json!(["prevent"]),
            17 => json!(["stopNow"]),
            18 => json!(["stop"]),
            19 => json!(["abort", self.below(2)]),
            20 => json!(["onabort", signal, if once { Value::Null } else { json!(k) }]),
            21..23 => json!(["addSignal", signal, k, once]),
            23 => json!(["rmSignal", signal, k]),
            24 => json!(["abortListener", signal, k]),
            25 => json!(["any", [signal, self.below(4)]]),
            26 => json!(["state", signal]),
            27 => json!(["max", t, self.below(4)]),
            28 => json!(["init", kind]),
            _ => json!(["count", t, kind]),
        }
    }

    fn target_program(&mut self) -> Value {
        let listeners: Vec<Value> = (0..LISTENERS).map(|_| self.actions(4, Random::target_action)).collect();
        let main: Vec<Value> = (0..8 + self.below(30)).map(|_| self.target_action()).collect();
        json!({ "kind": "target", "listeners": listeners, "main": main })
    }
}

/// The interpreter in JavaScript. Reads programs, one a line; prints traces, one a line.
const NODE: &str = r#"
const events = require('events');
const programs = require('fs').readFileSync(0, 'utf8').trim().split('\n').map(JSON.parse);
let log;
process.emitWarning = (warning) => log.push('W[' + warning.message + ']');
function emitterProgram(program) {
  const emitter = new events.EventEmitter();
  let calls = CALLS;
  const plain = program.listeners.map(([actions, fails], k) => (arg) => {
    log.push(`${k}(${arg})`);
    if (calls === 0) return;
    calls--;
    run(actions, false);
    if (fails) throw new Error('t' + k);
  });
  const errors = program.listeners.map(([actions], k) => (error) => {
    log.push(`E${k}(${error.message})`);
    if (calls === 0) return;
    calls--;
    run(actions, true);
  });
  const news = program.listeners.map(([actions], k) => (event) => {
    log.push(`N${k}(${String(event)})`);
    if (calls === 0) return;
    calls--;
    run(actions, true);
  });
  const removes = program.hooks.map((actions, k) => (event) => {
    log.push(`R${k}(${String(event)})`);
    if (calls === 0) return;
    calls--;
    run(actions, true);
  });
  function run(actions, catches) {
    for (const action of actions) {
      try { perform(action); } catch (error) {
        if (!catches) throw error;
        log.push('caught ' + error.message);
      }
    }
  }
  const monitors = program.hooks.map((actions, k) => (error) => {
    log.push(`M${k}(${error.message})`);
    if (calls === 0) return;
    calls--;
    run(actions, true);
  });
  const add = (event, f, once, front) => {
    if (front) emitter[once ? 'prependOnceListener' : 'prependListener'](event, f);
    else emitter[once ? 'once' : 'on'](event, f);
  };
  const number = (f) => {
    const bare = f.listener ?? f;
    const name = (list) => list.indexOf(bare);
    return (bare === f ? '' : 'o') + Math.max(name(plain), name(errors), name(news), name(removes));
  };
  function perform([kind, a, b, c, d]) {
    switch (kind) {
      case 'add': add(a, plain[b], c, d); break;
      case 'off': emitter.off(a, plain[b]); break;
      case 'removeAll': if (a === null) emitter.removeAllListeners(); else emitter.removeAllListeners(a); break;
      case 'emit': log.push('=' + emitter.emit(a, b)); break;
      case 'emitError': log.push('=' + emitter.emit('error', new Error('e' + a))); break;
      case 'onError': add(c ? events.errorMonitor : 'error', (c ? monitors : errors)[a], b, false); break;
      case 'offError': emitter.off(b ? events.errorMonitor : 'error', (b ? monitors : errors)[a]); break;
      case 'count': log.push(emitter.listenerCount(a) + '/' + emitter.listenerCount(a, plain[b])); break;
      case 'names': log.push('[' + emitter.eventNames().map(String).join() + ']'); break;
      case 'max': emitter.setMaxListeners(a); log.push('max' + emitter.getMaxListeners()); break;
      case 'raw': { const raw = emitter.rawListeners(a)[b]; if (raw) raw(100); break; }
      case 'listeners':
        log.push('{' + emitter.rawListeners(a).map(number).join() + '|' + emitter.listeners(a).map(number).join() + '}');
        break;
      case 'hookNew': if (!emitter.listeners('newListener').includes(news[a])) emitter.on('newListener', news[a]); break;
      case 'hookRemove':
        if (!emitter.listeners('removeListener').includes(removes[a])) emitter.on('removeListener', removes[a]);
        break;
      case 'unhook': emitter.off('newListener', news[a]); emitter.off('removeListener', removes[a]); break;
    }
  }
  run(program.main, true);
}
function targetProgram(program) {
  const targets = [new EventTarget(), new EventTarget()];
  const controllers = [new AbortController(), new AbortController()];
  const signals = controllers.map((controller) => controller.signal);
  let calls = CALLS;
  let last;
  const stack = [];
  const name = (target) => targets.includes(target) ? 't' + targets.indexOf(target) : 's';
  const plain = program.listeners.map((actions, k) => (event) => {
    log.push(`${k}(${event.type},${name(event.target)},${event.isTrusted},${event.defaultPrevented})`);
    if (calls === 0) return;
    calls--;
    stack.push(event);
    run(actions);
    stack.pop();
  });
  const told = program.listeners.map((actions, k) => () => {
    log.push(`A${k}`);
    if (calls === 0) return;
    calls--;
    stack.push(undefined);
    run(actions);
    stack.pop();
  });
  const run = (actions) => {
    for (const action of actions) {
      try { perform(action); } catch (error) { log.push(error.code); }
    }
  };
  function perform([kind, a, b, c, d, e, f, g]) {
    const event = stack.at(-1);
    const signal = signals[a];
    switch (kind) {
      case 'add': {
        const options = { once: d, passive: e, capture: f };
        if (g === null) targets[a].addEventListener(b, plain[c], options);
        else if (signals[g]) targets[a].addEventListener(b, (event) => plain[c](event), { ...options, signal: signals[g] });
        break;
      }
      case 'rm': targets[a].removeEventListener(b, plain[c], { capture: d }); break;
      case 'dispatch': last = new Event(b, { cancelable: c }); log.push('=' + targets[a].dispatchEvent(last)); break;
      case 'redispatch': if (last && !stack.includes(last)) log.push('=' + targets[a].dispatchEvent(last)); break;
      case 'prevent': event?.preventDefault(); break;
      case 'stopNow': event?.stopImmediatePropagation(); break;
      case 'stop': event?.stopPropagation(); log.push('c' + event?.cancelBubble); break;
      case 'init': if (last && !stack.includes(last)) { last.initEvent(a, true, true); log.push('i' + last.type + last.bubbles); } break;
      case 'abort': controllers[a].abort(new Error('why' + a)); break;
      case 'onabort': if (signal) signal.onabort = b === null ? null : plain[b]; break;
      case 'addSignal': signal?.addEventListener('abort', plain[b], { once: c }); break;
      case 'rmSignal': signal?.removeEventListener('abort', plain[b]); break;
      case 'abortListener': if (signal && !signal.aborted) events.addAbortListener(signal, () => told[b]()); break;
      case 'any': signals.push(AbortSignal.any(a.map((index) => signals[index]).filter(Boolean))); break;
      case 'state': if (signal) log.push(signal.aborted ? signal.reason.message : 'open'); break;
      case 'max': events.setMaxListeners(b, targets[a]); log.push('max' + events.getMaxListeners(targets[a])); break;
      case 'count': log.push('#' + events.getEventListeners(targets[a], b).length); break;
    }
  }
  run(program.main);
}
const traces = programs.map((program) => {
  log = [];
  (program.kind === 'emitter' ? emitterProgram : targetProgram)(program);
  return log.join(' ');
});
console.log(traces.join('\n'));
"#;

type Log = Rc<RefCell<Vec<String>>>;

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn index(value: &Value) -> usize {
    value.as_u64().map_or(usize::MAX, |n| usize::try_from(n).unwrap())
}

fn is(value: &Value) -> bool {
    value.as_bool().unwrap_or(false)
}

/// An emitter program running here.
struct Emitter {
    emitter: EventEmitter<u64>,
    program: Value,
    log: Log,
    calls: Cell<usize>,
    plain: RefCell<Vec<Handler<u64>>>,
    errors: RefCell<Vec<Handler<u64>>>,
    monitors: RefCell<Vec<Handler<u64>>>,
    news: RefCell<Vec<Option<ListenerId>>>,
    removes: RefCell<Vec<Option<ListenerId>>>,
}

impl Emitter {
    fn run_program(program: &Value, log: &Log) {
        let count = program["listeners"].as_array().unwrap().len();
        let run = Rc::new(Emitter {
            emitter: EventEmitter::new(),
            program: program.clone(),
            log: Rc::clone(log),
            calls: Cell::new(CALLS),
            plain: RefCell::default(),
            errors: RefCell::default(),
            monitors: RefCell::default(),
            news: RefCell::new(vec![None; count]),
            removes: RefCell::new(vec![None; count]),
        });
        for k in 0..count {
            let own = Rc::downgrade(&run);
            let plain = Handler::fallible(move |arg: u64| {
                let run = own.upgrade().unwrap();
                let body = run.program["listeners"][k].clone();
                if !run.called(format!("{k}({arg})")) {
                    return Ok(());
                }
                run.run(&body[0], false)?;
                if is(&body[1]) { Err(Error::new(Code::Uncoded, format!("t{k}"))) } else { Ok(()) }
            });
            run.plain.borrow_mut().push(plain);
            let own = Rc::downgrade(&run);
            let errors = Handler::error(move |error| {
                let run = own.upgrade().unwrap();
                if run.called(format!("E{k}({error})")) {
                    run.run(&run.program["listeners"][k][0], true).unwrap();
                }
            });
            run.errors.borrow_mut().push(errors);
            let own = Rc::downgrade(&run);
            let monitor = Handler::error(move |error| {
                let run = own.upgrade().unwrap();
                if run.called(format!("M{k}({error})")) {
                    run.run(&run.program["hooks"][k], true).unwrap();
                }
            });
            run.monitors.borrow_mut().push(monitor);
        }
        run.run(&program["main"], true).unwrap();
    }

    fn say(&self, what: impl Into<String>) {
        self.log.borrow_mut().push(what.into());
    }

    fn called(&self, what: String) -> bool {
        self.say(what);
        let calls = self.calls.get();
        self.calls.set(calls.saturating_sub(1));
        calls > 0
    }

    fn run(self: &Rc<Self>, actions: &Value, catches: bool) -> Result<()> {
        for action in actions.as_array().unwrap() {
            if let Err(error) = self.perform(action) {
                if !catches {
                    return Err(error);
                }
                self.say(format!("caught {error}"));
            }
        }
        Ok(())
    }

    fn number(&self, handler: &Handler<u64>) -> String {
        self.plain.borrow().iter().position(|plain| plain == handler).unwrap().to_string()
    }

    fn perform(self: &Rc<Self>, action: &Value) -> Result<()> {
        let emitter = &self.emitter;
        let (event, options) = (text(&action[1]), ListenOptions::default());
        let plain = |value: &Value| self.plain.borrow()[index(value)].clone();
        let errors = |k: &Value, monitor: &Value| {
            let (event, handlers) =
                if is(monitor) { (ERROR_MONITOR, &self.monitors) } else { ("error", &self.errors) };
            (event, handlers.borrow()[index(k)].clone())
        };
        match text(&action[0]) {
            "add" => {
                let options = options.once(is(&action[3])).prepend(is(&action[4]));
                emitter.add_listener(event, &plain(&action[2]), options);
            }
            "off" => _ = emitter.remove_listener(event, &plain(&action[2])),
            "removeAll" => emitter.remove_all_listeners(action[1].as_str()),
            "emit" => {
                let heard = emitter.try_emit(event, action[2].as_u64().unwrap())?;
                self.say(format!("={heard}"));
            }
            "emitError" => {
                emitter.try_emit_error(Error::new(Code::Uncoded, format!("e{}", action[1])))?;
                self.say("=true");
            }
            "onError" => {
                let options = options.once(is(&action[2]));
                let (event, handler) = errors(&action[1], &action[3]);
                emitter.add_listener(event, &handler, options);
            }
            "offError" => {
                let (event, handler) = errors(&action[1], &action[2]);
                emitter.remove_listener(event, &handler);
            }
            "count" => {
                let of = emitter.listener_count_of(event, &plain(&action[2]));
                self.say(format!("{}/{of}", emitter.listener_count(event)));
            }
            "names" => self.say(format!("[{}]", emitter.event_names().join(","))),
            "max" => {
                emitter.set_max_listeners(index(&action[1]));
                self.say(format!("max{}", emitter.max_listeners()));
            }
            "raw" => {
                if let Some(raw) = emitter.raw_listeners(event).get(index(&action[2])) {
                    raw.call(100)?;
                }
            }
            "listeners" => {
                let raw = emitter.raw_listeners(event);
                let raw: Vec<String> = raw
                    .iter()
                    .map(|raw| {
                        format!("{}{}", if raw.is_once() { "o" } else { "" }, self.number(raw.handler()))
                    })
                    .collect();
                let bare: Vec<String> =
                    emitter.listeners(event).iter().map(|handler| self.number(handler)).collect();
                self.say(format!("{{{}|{}}}", raw.join(","), bare.join(",")));
            }
            "hookNew" => {
                let k = index(&action[1]);
                let own = Rc::downgrade(self);
                self.hook("newListener", &self.news, k, || {
                    emitter.on_new_listener(move |event, _| {
                        let run = own.upgrade().unwrap();
                        if run.called(format!("N{k}({event})")) {
                            run.run(&run.program["listeners"][k][0], true).unwrap();
                        }
                    })
                });
            }
            "hookRemove" => {
                let k = index(&action[1]);
                let own = Rc::downgrade(self);
                self.hook("removeListener", &self.removes, k, || {
                    emitter.on_remove_listener(move |event, _| {
                        let run = own.upgrade().unwrap();
                        if run.called(format!("R{k}({event})")) {
                            run.run(&run.program["hooks"][k], true).unwrap();
                        }
                    })
                });
            }
            "unhook" => {
                for hooks in [&self.news, &self.removes] {
                    let hook = hooks.borrow()[index(&action[1])];
                    if let Some(id) = hook {
                        emitter.off(id);
                    }
                }
            }
            other => panic!("no action {other}"),
        }
        Ok(())
    }

    /// Adds a hook unless it is there. Its id is known once it has been added, which may call other hooks.
    fn hook(
        &self,
        event: &str,
        hooks: &RefCell<Vec<Option<ListenerId>>>,
        k: usize,
        add: impl FnOnce() -> ListenerId,
    ) {
        let known = hooks.borrow()[k];
        if !known.is_some_and(|id| self.emitter.listener_ids(event).contains(&id)) {
            let id = add();
            hooks.borrow_mut()[k] = Some(id);
        }
    }
}

/// A program of targets and signals running here.
struct Targets {
    program: Value,
    log: Log,
    calls: Cell<usize>,
    targets: [EventTarget; 2],
    controllers: [AbortController; 2],
    signals: RefCell<Vec<AbortSignal>>,
    plain: RefCell<Vec<EventHandler>>,
    stack: RefCell<Vec<Option<Event>>>,
    last: RefCell<Option<Event>>,
}

impl Targets {
    fn run_program(program: &Value, log: &Log) {
        let controllers = [AbortController::new(), AbortController::new()];
        let run = Rc::new(Targets {
            program: program.clone(),
            log: Rc::clone(log),
            calls: Cell::new(CALLS),
            targets: [EventTarget::new(), EventTarget::new()],
            signals: RefCell::new(controllers.iter().map(AbortController::signal).collect()),
            controllers,
            plain: RefCell::default(),
            stack: RefCell::default(),
            last: RefCell::default(),
        });
        for k in 0..program["listeners"].as_array().unwrap().len() {
            let own = Rc::downgrade(&run);
            let handler: EventHandler = Rc::new(move |event: &Event| {
                let run = own.upgrade().unwrap();
                let target = event.target().unwrap();
                let place = run.targets.iter().position(|known| *known == target);
                let what = format!(
                    "{k}({},{},{},{})",
                    event.kind(),
                    place.map_or("s".to_owned(), |index| format!("t{index}")),
                    event.is_trusted(),
                    event.default_prevented()
                );
                run.called(what, Some(event), k);
            });
            run.plain.borrow_mut().push(handler);
        }
        run.run(&program["main"]);
        // Listeners that nobody calls any more may hold what holds them.
        for target in &run.targets {
            for kind in ["x", "y", "abort"] {
                for id in target.listener_ids(kind) {
                    target.off(id);
                }
            }
        }
    }

    fn say(&self, what: impl Into<String>) {
        self.log.borrow_mut().push(what.into());
    }

    fn called(self: &Rc<Self>, what: String, event: Option<&Event>, k: usize) {
        self.say(what);
        let calls = self.calls.get();
        if calls > 0 {
            self.calls.set(calls - 1);
            self.stack.borrow_mut().push(event.cloned());
            self.run(&self.program["listeners"][k]);
            self.stack.borrow_mut().pop();
        }
    }

    /// The event that was dispatched last, unless it still is: Node forgets that after the first listener.
    fn idle_event(&self) -> Option<Event> {
        self.last.borrow().clone().filter(|event| event.event_phase() == 0)
    }

    fn run(self: &Rc<Self>, actions: &Value) {
        for action in actions.as_array().unwrap() {
            if let Err(error) = self.perform(action) {
                self.say(error.code().name());
            }
        }
    }

    fn perform(self: &Rc<Self>, action: &Value) -> Result<()> {
        let event = self.stack.borrow().last().cloned().flatten();
        let signal = |value: &Value| self.signals.borrow().get(index(value)).cloned();
        let target = || &self.targets[index(&action[1])];
        let plain = |value: &Value| Rc::clone(&self.plain.borrow()[index(value)]);
        let options = EventListenerOptions::default();
        match text(&action[0]) {
            "add" => {
                let options = options.once(is(&action[4])).passive(is(&action[5])).capture(is(&action[6]));
                let (kind, handler) = (text(&action[2]).to_owned(), plain(&action[3]));
                if action[7].is_null() {
                    target().add_handler(kind, options, &handler);
                } else if let Some(signal) = signal(&action[7]) {
                    // A listener of its own: Node's signal removes any with the same function.
                    target().add_event_listener(kind, options.signal(&signal), move |event| handler(event));
                }
            }
            "rm" => _ = target().remove_handler(text(&action[2]), &plain(&action[3]), is(&action[4])),
            "dispatch" => {
                let options = EventOptions::default().cancelable(is(&action[3]));
                let event = Event::with_options(text(&action[2]).to_owned(), options);
                self.last.replace(Some(event.clone()));
                self.say(format!("={}", target().dispatch_event(&event)?));
            }
            "redispatch" => {
                if let Some(event) = self.idle_event() {
                    self.say(format!("={}", target().dispatch_event(&event)?));
                }
            }
            "prevent" => event.iter().for_each(Event::prevent_default),
            "stopNow" => event.iter().for_each(Event::stop_immediate_propagation),
            "stop" => {
                event.iter().for_each(Event::stop_propagation);
                self.say(match event {
                    Some(event) => format!("c{}", event.cancel_bubble()),
                    None => "cundefined".to_owned(),
                });
            }
            "init" => {
                if let Some(event) = self.idle_event() {
                    event.init_event(text(&action[1]).to_owned(), true, true);
                    self.say(format!("i{}{}", event.kind(), event.bubbles()));
                }
            }
            "abort" => {
                let reason = Error::new(Code::Uncoded, format!("why{}", action[1]));
                self.controllers[index(&action[1])].abort_with(reason);
            }
            "onabort" => {
                if let Some(signal) = signal(&action[1]) {
                    signal.set_onabort(if action[2].is_null() { None } else { Some(plain(&action[2])) });
                }
            }
            "addSignal" => {
                if let Some(signal) = signal(&action[1]) {
                    signal.add_handler("abort", options.once(is(&action[3])), &plain(&action[2]));
                }
            }
            "rmSignal" => {
                if let Some(signal) = signal(&action[1]) {
                    signal.remove_handler("abort", &plain(&action[2]), false);
                }
            }
            "abortListener" => {
                if let Some(signal) = signal(&action[1]) {
                    let (own, k) = (Rc::downgrade(self), index(&action[2]));
                    signal.on_abort(move || own.upgrade().unwrap().called(format!("A{k}"), None, k));
                }
            }
            "any" => {
                let sources: Vec<AbortSignal> =
                    action[1].as_array().unwrap().iter().filter_map(signal).collect();
                let any = AbortSignal::any(&sources);
                self.signals.borrow_mut().push(any);
            }
            "state" => {
                if let Some(signal) = signal(&action[1]) {
                    self.say(signal.reason().map_or("open".to_owned(), |reason| reason.to_string()));
                }
            }
            "max" => {
                target().set_max_listeners(index(&action[2]));
                self.say(format!("max{}", target().max_listeners()));
            }
            "count" => self.say(format!("#{}", target().listener_count(text(&action[2])))),
            other => panic!("no action {other}"),
        }
        Ok(())
    }
}

fn run_here(program: &Value) -> String {
    let log = Log::default();
    let warnings = Rc::clone(&log);
    set_warning_handler(Some(Rc::new(move |text: &str| warnings.borrow_mut().push(format!("W[{text}]")))));
    if program["kind"] == "emitter" {
        Emitter::run_program(program, &log);
    } else {
        Targets::run_program(program, &log);
    }
    set_warning_handler(None);
    log.take().join(" ")
}

fn run_in_node(node: &Node, programs: &[Value]) -> Vec<String> {
    let script = format!("const CALLS = {CALLS};{NODE}");
    let text: String = programs.iter().map(|program| format!("{program}\n")).collect();
    node.feed(node.command().args(["-e", &script]), text).lines().map(str::to_owned).collect()
}

#[test]
fn programs_run_as_in_node() {
    let Some(node) = Node::find() else { return };
    let (count, seed) = (node::setting("NODECORE_PROGRAMS", node::programs(2000)), node::seed());
    let programs: Vec<Value> = (0..count)
        .map(|n| {
            let mut random = Random((seed + n).wrapping_mul(0x9E37_79B9_7F4A_7C15));
            if random.below(2) == 0 { random.emitter_program() } else { random.target_program() }
        })
        .collect();
    let there = run_in_node(&node, &programs);
    assert_eq!(there.len(), programs.len());
    let mut comparison = Comparison::new("events", "programs");
    let mut steps = 0;
    for (n, (program, there)) in programs.iter().zip(&there).enumerate() {
        let here = run_here(program);
        steps += there.split(' ').count();
        comparison.expect(here == *there, || {
            format!("seed {}: {program}\n  here {here}\n  Node {there}", seed + n as u64)
        });
    }
    println!("{steps} steps");
    comparison.close();
}
