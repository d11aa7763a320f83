//! The emitter: order, errors, watchers, limits, and what a listener may do to it.

#![allow(clippy::unwrap_used)]

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use nodecore_error::{Code, Error};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_events::{
    ERROR_MONITOR, EventEmitter, EventEmitterOptions, Handler, ListenOptions, capture_rejections,
    default_max_listeners, set_capture_rejections, set_default_max_listeners, set_max_listeners,
    set_uncaught_handler, set_warning_handler,
};

type Log = Rc<RefCell<Vec<String>>>;

fn log() -> (Log, impl Fn(&str) + Clone) {
    let log = Log::default();
    let sink = Rc::clone(&log);
    (log, move |text: &str| sink.borrow_mut().push(text.to_owned()))
}

#[test]
fn listeners_run_in_order() {
    let emitter = EventEmitter::<u32>::new();
    let (log, say) = log();
    let named = |name: &'static str| {
        let say = say.clone();
        move |n: u32| say(&format!("{name}{n}"))
    };
    emitter.on("x", named("b"));
    emitter.once("x", named("c"));
    emitter.prepend_listener("x", named("a"));
    emitter.prepend_once_listener("x", named("0"));
    assert!(emitter.emit("x", 1));
    assert!(emitter.emit("x", 2));
    assert!(!emitter.emit("y", 3));
    assert_eq!(*log.take(), ["01", "a1", "b1", "c1", "a2", "b2"]);
}

#[test]
fn watchers_see_listeners_come_and_go() {
    let emitter = EventEmitter::<u32>::new();
    let (log, say) = log();
    let (added, removed, heard) = (say.clone(), say.clone(), say);
    emitter.on_new_listener(move |event, _| added(&format!("+{event}")));
    emitter.on_remove_listener(move |event, _| removed(&format!("-{event}")));
    let a = emitter.on("a", |_| ());
    emitter.once("b", move |n| heard(&format!("b{n}")));
    emitter.emit("b", 7);
    assert!(emitter.off(a) && !emitter.off(a));
    assert_eq!(*log.take(), ["+removeListener", "+a", "+b", "-b", "b7", "-a"]);
    assert_eq!(
        emitter.event_names().iter().map(|name| &**name).collect::<Vec<_>>(),
        ["newListener", "removeListener"]
    );
    emitter.remove_all_listeners(None);
    assert_eq!(*log.take(), ["-newListener"]);
    assert!(emitter.event_names().is_empty());
}

#[test]
fn a_watcher_that_adds_and_removes_names_does_not_move_the_listener_it_is_told_of() {
    let emitter = EventEmitter::<u32>::new();
    let old = emitter.on("old", |_| ());
    emitter.off(old);
    let own = emitter.clone();
    let busy = Rc::new(Cell::new(false));
    emitter.on_new_listener(move |_, _| {
        if !busy.replace(true) {
            for name in ["p", "q", "r"] {
                own.on(name, |_| ());
            }
        }
    });
    let id = emitter.on("old", |_| ());
    assert_eq!(emitter.listener_count("old"), 1);
    assert!(emitter.off(id));
    assert_eq!(emitter.event_names().len(), 4);
}

#[test]
fn errors() {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let slot = Rc::clone(&seen);
    set_uncaught_handler(Some(Rc::new(move |error: Error| slot.borrow_mut().push(error.to_string()))));
    let emitter = EventEmitter::<u32>::new();
    assert!(!emitter.emit("error", 5));
    let monitored = Rc::new(Cell::new(0));
    let count = Rc::clone(&monitored);
    emitter.on_error_monitor(move |_| count.set(count.get() + 1));
    assert!(!emitter.emit_error(Error::abort()));
    assert_eq!(emitter.try_emit_error(Error::abort()), Err(Error::abort()));
    emitter.on_error(|error| assert_eq!(error.code(), Code::Abort));
    assert_eq!(emitter.listener_count("error"), 1);
    assert_eq!(emitter.listener_count(ERROR_MONITOR), 1);
    assert!(emitter.emit_error(Error::abort()));
    emitter.remove_all_listeners(Some("error"));
    emitter.once_error(|_| ());
    assert!(emitter.emit_error(Error::abort()) && !emitter.emit_error(Error::abort()));
    emitter.on_fallible("x", |_| Err(Error::abort()));
    assert!(emitter.emit("x", 1), "it was heard, and failed");
    set_uncaught_handler(None);
    let abort = "The operation was aborted";
    assert_eq!(*seen.borrow(), ["Unhandled error. (5)", abort, abort, abort]);
    assert_eq!(monitored.get(), 5);
}

#[test]
fn an_emission_leaves_listeners_of_the_other_kind_alone() {
    let emitter = EventEmitter::<u32>::new();
    let sum = Rc::new(Cell::new(0));
    let (args, errors) = (Rc::clone(&sum), Rc::clone(&sum));
    emitter.once_error(move |_| errors.set(errors.get() + 100));
    assert!(emitter.try_emit("error", 1).is_err(), "nobody takes numbers");
    emitter.on("error", move |n| args.set(args.get() + n));
    assert!(emitter.emit("error", 1));
    assert_eq!((sum.get(), emitter.listener_count("error")), (1, 2));
    assert!(emitter.emit_error(Error::abort()));
    assert_eq!((sum.get(), emitter.listener_count("error")), (101, 1));
}

#[test]
fn a_listener_that_panics_ends_the_emission_and_nothing_else() {
    let emitter = EventEmitter::<u32>::new();
    let (log, say) = log();
    let last = say.clone();
    emitter.once("x", |_| panic!("on purpose"));
    emitter.on("x", move |n| last(&n.to_string()));
    let own = emitter.clone();
    assert!(catch_unwind(AssertUnwindSafe(move || own.emit("x", 1))).is_err());
    assert!(log.borrow().is_empty());
    emitter.emit("x", 2);
    assert_eq!(*log.take(), ["2"]);
}

#[test]
fn the_last_handle_may_go_inside_a_listener() {
    let emitter = Rc::new(RefCell::new(Some(EventEmitter::<u32>::new())));
    let own = emitter.borrow().clone().unwrap();
    let slot = Rc::clone(&emitter);
    own.once("x", move |_| drop(slot.take()));
    let heard = Rc::new(Cell::new(0));
    let count = Rc::clone(&heard);
    own.on("x", move |n| count.set(count.get() + n));
    own.emit("x", 3);
    drop(own);
    assert_eq!((heard.get(), emitter.borrow().is_some(), Rc::strong_count(&heard)), (3, false, 1));
}

#[test]
fn handlers_are_known_by_what_they_are() {
    let emitter = EventEmitter::<u32>::new();
    let (log, say) = log();
    let handler = Handler::new(move |n: u32| say(&n.to_string()));
    let other = Handler::new_mut(|_| ());
    let options = ListenOptions::default();
    emitter.add_listener("x", &handler, options);
    emitter.add_listener("x", &other, options);
    emitter.add_listener("x", &handler, options.once(true));
    assert_eq!(emitter.listener_count_of("x", &handler), 2);
    assert_eq!(emitter.listeners("x"), [handler.clone(), other.clone(), handler.clone()]);
    let raw = emitter.raw_listeners("x");
    assert_eq!(raw.iter().map(|raw| raw.is_once()).collect::<Vec<_>>(), [false, false, true]);
    raw[2].handler().call(1).unwrap();
    assert_eq!(emitter.listener_count("x"), 3);
    raw[2].call(2).unwrap();
    raw[2].call(3).unwrap();
    assert_eq!(emitter.listener_ids("x"), [raw[0].id(), raw[1].id()]);
    assert_eq!(*log.take(), ["1", "2"]);
    assert!(emitter.remove_listener("x", &handler) && !emitter.remove_listener("x", &handler));
    assert!(!emitter.remove_listener("y", &other));
}

#[test]
fn names_in_nodes_order() {
    let emitter = EventEmitter::<()>::new();
    let names = |emitter: &EventEmitter<()>| emitter.event_names().join(" ");
    emitter.on_error_monitor(|_| ());
    let b = emitter.on("b", |()| ());
    for name in ["a", "10", "9", "09", "4294967295", "4294967294", ""] {
        emitter.on(name, |()| ());
    }
    assert_eq!(names(&emitter), format!("9 10 4294967294 b a 09 4294967295  {ERROR_MONITOR}"));
    emitter.off(b);
    emitter.on("b", |()| ());
    assert_eq!(names(&emitter), format!("9 10 4294967294 a 09 4294967295  b {ERROR_MONITOR}"));
}

#[test]
fn many_names_come_and_go() {
    let emitter = EventEmitter::<usize>::new();
    let sum = Rc::new(Cell::new(0));
    for round in 0..3 {
        let mut ids = Vec::new();
        for index in 0..2000 {
            let total = Rc::clone(&sum);
            ids.push(
                emitter.on(&format!("round {round}, event {index}"), move |n| total.set(total.get() + n)),
            );
        }
        assert_eq!(emitter.event_names().len(), 2000);
        for index in 0..2000 {
            assert!(emitter.emit(&format!("round {round}, event {index}"), index));
        }
        assert!(ids.into_iter().all(|id| emitter.off(id)));
        assert!(!emitter.emit(&format!("round {round}, event 7"), 1));
    }
    assert_eq!(sum.get(), 3 * 1999 * 2000 / 2);
}

#[test]
fn too_many_listeners_warn_once() {
    let (log, say) = log();
    set_warning_handler(Some(Rc::new(move |text: &str| say(text))));
    let emitter = EventEmitter::<()>::new();
    for _ in 0..12 {
        emitter.on("x", |()| ());
    }
    assert_eq!(
        *log.take(),
        [
            "Possible EventEmitter memory leak detected. 11 x listeners added to [EventEmitter]. MaxListeners is 10. Use \
          emitter.setMaxListeners() to increase limit"
        ]
    );
    emitter.remove_all_listeners(None);
    for _ in 0..11 {
        emitter.on("x", |()| ());
    }
    assert_eq!(log.take().len(), 1, "Node's note went with the listeners");
    assert_eq!(default_max_listeners(), 10);
    set_max_listeners(1, &[&emitter]);
    emitter.on("y", |()| ());
    emitter.on("y", |()| ());
    assert!(log.take()[0].contains("2 y listeners"));
    set_max_listeners(2, &[]);
    assert_eq!((EventEmitter::<()>::new().max_listeners(), emitter.max_listeners()), (2, 1));
    set_default_max_listeners(10);
    emitter.set_max_listeners(0);
    for _ in 0..50 {
        emitter.on("z", |()| ());
    }
    set_warning_handler(None);
    assert!(log.borrow().is_empty());
}

#[test]
fn rejections_are_captured_where_asked() {
    let lp = EventLoop::new().unwrap();
    let (log, say) = log();
    let options = EventEmitterOptions::default().capture_rejections(true);
    let emitter = EventEmitter::<u32>::with_options(options);
    let (started, errors, tick) = (say.clone(), say.clone(), say.clone());
    let own = lp.clone();
    emitter.on_async(&lp, "x", move |n| {
        started(&format!("start {n}"));
        let (turn, own) = (Rc::new(Cell::new(false)), own.clone());
        async move {
            if n == 2 {
                let waited = Rc::clone(&turn);
                std::future::poll_fn(move |context| {
                    if waited.replace(true) {
                        return std::task::Poll::Ready(());
                    }
                    let waker = context.waker().clone();
                    own.set_immediate(move || waker.wake());
                    std::task::Poll::Pending
                })
                .await;
            }
            if n == 0 { Ok(()) } else { Err(Error::new(Code::Uncoded, format!("failed {n}"))) }
        }
    });
    emitter.on_error(move |error| errors(&error.to_string()));
    for n in 0..3 {
        emitter.emit("x", n);
    }
    say("sync");
    lp.next_tick(move || tick("tick"));
    lp.run(RunMode::Default);
    assert_eq!(*log.take(), ["start 0", "start 1", "start 2", "sync", "tick", "failed 1", "failed 2"]);

    let rejected = say.clone();
    emitter.on_rejection(Some(Rc::new(move |error: &Error, event: &str, n: u32| {
        rejected(&format!("{event} {n}: {error}"));
    })));
    emitter.emit("x", 1);
    lp.run(RunMode::Default);
    assert_eq!(*log.take(), ["start 1", "x 1: failed 1"]);
}

#[test]
fn rejections_in_listeners_of_error_and_of_others_are_uncaught() {
    let lp = EventLoop::new().unwrap();
    let (log, say) = log();
    let uncaught = say.clone();
    set_uncaught_handler(Some(Rc::new(move |error: Error| uncaught(&error.to_string()))));
    let failing = |text: &'static str| move |_: u32| async move { Err(Error::new(Code::Uncoded, text)) };
    set_capture_rejections(true);
    assert!(capture_rejections());
    let emitter = EventEmitter::<u32>::new();
    set_capture_rejections(false);
    assert!(emitter.captures_rejections() && !EventEmitter::<u32>::new().captures_rejections());
    emitter.on_async(&lp, "x", failing("x failed"));
    let own = emitter.clone();
    let loop_of_errors = lp.clone();
    emitter.on_error(move |_| {
        assert!(!own.captures_rejections());
        own.on_async(&loop_of_errors, "y", failing("inside"));
        own.emit("y", 1);
    });
    emitter.emit("x", 1);
    lp.run(RunMode::Default);
    assert!(emitter.captures_rejections());
    let plain = EventEmitter::<u32>::new();
    plain.on_async(&lp, "x", failing("not captured"));
    plain.emit("x", 1);
    lp.run(RunMode::Default);
    set_uncaught_handler(None);
    assert_eq!(*log.take(), ["inside", "not captured"]);
}
