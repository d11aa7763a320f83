//! Event targets, events and abort signals, where one program at a time says it best.

#![allow(clippy::unwrap_used)]

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use nodecore_error::{Class, Code, Error};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_events::{
    AbortController, AbortSignal, Event, EventHandler, EventListenerOptions, EventOptions, EventTarget,
    add_abort_listener, set_warning_handler,
};

fn counter() -> (Rc<Cell<u32>>, impl Fn() + Clone) {
    let count = Rc::new(Cell::new(0));
    let own = Rc::clone(&count);
    (count, move || own.set(own.get() + 1))
}

#[test]
fn an_event_says_what_it_is() {
    let event =
        Event::with_options("save", EventOptions::default().bubbles(true).composed(true).detail(4_u8));
    assert!(event.bubbles() && event.composed() && !event.cancelable() && !event.is_trusted());
    assert_eq!(
        (&*event.kind(), event.detail::<u8>().as_deref(), event.detail::<u16>()),
        ("save", Some(&4), None)
    );
    assert_eq!((event.event_phase(), event.target(), event.composed_path().len()), (0, None, 0));
    assert!(event.time_stamp() <= Event::new("later").time_stamp());
    event.prevent_default();
    assert!(event.return_value());
    event.init_event("other", false, true);
    event.prevent_default();
    assert!(event.default_prevented() && &*event.kind() == "other" && !event.bubbles());
    event.stop_propagation();
    assert!(event.cancel_bubble());
}

#[test]
fn an_event_is_dispatched_once_at_a_time() {
    let target = EventTarget::new();
    let (count, add) = counter();
    for _ in 0..2 {
        let (own, add) = (target.clone(), add.clone());
        target.add_event_listener("x", EventListenerOptions::default(), move |event| {
            add();
            let error = own.dispatch_event(event).unwrap_err();
            assert_eq!(error.code(), Code::EventRecursion);
            assert_eq!(error.to_string(), "The event \"x\" is already being dispatched");
            assert_eq!((event.event_phase(), event.current_target().as_ref()), (2, Some(&own)));
            event.init_event("y", true, true);
        });
    }
    let event = Event::new("x");
    assert!(target.dispatch_event(&event).unwrap());
    assert_eq!((count.get(), &*event.kind(), event.event_phase()), (2, "x", 0));
    assert!(event.target() == Some(target) && event.current_target().is_none());
}

#[test]
fn a_target_warns_of_too_many_listeners() {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let sink = Rc::clone(&seen);
    set_warning_handler(Some(Rc::new(move |text: &str| sink.borrow_mut().push(text.to_owned()))));
    let target = EventTarget::new();
    for _ in 0..12 {
        target.add_event_listener("x", EventListenerOptions::default(), |_| ());
    }
    let signal = AbortController::new().signal();
    for _ in 0..12 {
        signal.on_abort(|| ());
    }
    set_warning_handler(None);
    assert_eq!(
        *seen.borrow(),
        [
            "Possible EventTarget memory leak detected. 11 x listeners added to EventTarget. MaxListeners is 10. Use \
          events.setMaxListeners() to increase limit"
        ]
    );
    assert_eq!(signal.max_listeners(), 0);
}

#[test]
fn a_hundred_thousand_listeners_go_without_recursion() {
    let target = EventTarget::new();
    target.set_max_listeners(0);
    let (count, add) = counter();
    for _ in 0..100_000 {
        let add = add.clone();
        target.add_event_listener("x", EventListenerOptions::default(), move |_| add());
    }
    target.dispatch_event(&Event::new("x")).unwrap();
    drop(target);
    assert_eq!((count.get(), Rc::strong_count(&count)), (100_000, 2));
}

#[test]
fn a_signal_removes_its_listener_and_forgets_it() {
    let (target, controller) = (EventTarget::new(), AbortController::new());
    let (count, add) = counter();
    let options = || EventListenerOptions::default().signal(&controller.signal());
    let (one, two) = (add.clone(), add.clone());
    let id = target.add_event_listener("x", options(), move |_| one());
    target.add_event_listener("x", options(), move |_| two());
    target.dispatch_event(&Event::new("x")).unwrap();
    assert!(target.off(id));
    assert_eq!(controller.signal().listener_count("abort"), 1);
    controller.abort();
    target.dispatch_event(&Event::new("x")).unwrap();
    target.add_event_listener("x", options(), move |_| add());
    target.dispatch_event(&Event::new("x")).unwrap();
    assert_eq!((count.get(), target.listener_count("x")), (2, 0));
}

#[test]
fn onabort_keeps_its_place() {
    let controller = AbortController::new();
    let signal = controller.signal();
    let log = Rc::new(RefCell::new(String::new()));
    let named = |name: &'static str| -> EventHandler {
        let log = Rc::clone(&log);
        Rc::new(move |event: &Event| {
            assert!(event.is_trusted());
            log.borrow_mut().push_str(name);
        })
    };
    signal.set_onabort(Some(named("1")));
    signal.add_handler("abort", EventListenerOptions::default(), &named("L"));
    signal.set_onabort(None);
    assert!(signal.handler("abort").is_none());
    signal.set_onabort(Some(named("2")));
    controller.abort();
    assert_eq!(*log.borrow(), "2L");
}

#[test]
fn aborts_once_and_keeps_the_first_reason() {
    let controller = AbortController::new();
    let (count, add) = counter();
    controller.signal().on_abort(add);
    assert!(controller.signal().throw_if_aborted().is_ok());
    controller.abort_with(Error::system_code(Code::EIO, "read"));
    controller.abort();
    assert_eq!(count.get(), 1);
    assert_eq!(controller.signal().reason().unwrap().code(), Code::EIO);
    assert_eq!(controller.signal().error().cause().unwrap().code(), Code::EIO);
    assert_eq!(controller.signal().throw_if_aborted().unwrap_err().code(), Code::EIO);
    let aborted = AbortSignal::abort(None).reason().unwrap();
    assert_eq!((aborted.class(), aborted.code()), (Class::AbortError, Code::Abort));
    assert_eq!(aborted.to_string(), "This operation was aborted");
}

#[test]
fn any_follows_the_first_and_is_forgotten_by_the_others() {
    let (a, b) = (AbortController::new(), AbortController::new());
    let any = AbortSignal::any(&[a.signal(), b.signal()]);
    let of_any = AbortSignal::any(&[any.clone(), any.clone()]);
    assert!(!any.aborted());
    b.abort_with(Error::abort());
    a.abort();
    assert_eq!((any.reason(), of_any.reason()), (Some(Error::abort()), Some(Error::abort())));
    assert!(AbortSignal::any(&[any]).aborted());
    assert!(!AbortSignal::any(&[]).aborted());
}

#[test]
fn signals_with_listeners_live_as_long_as_they_can_be_aborted() {
    let lp = EventLoop::new().unwrap();
    let (count, add) = counter();
    let controller = AbortController::new();
    AbortSignal::any(&[controller.signal()]).on_abort(add.clone());
    AbortSignal::timeout(&lp, 1.0).unwrap().on_abort(add.clone());
    AbortSignal::any(&[AbortSignal::timeout(&lp, 1.0).unwrap(), controller.signal()]).on_abort(add.clone());
    drop(AbortSignal::timeout(&lp, 1.0).unwrap());
    let removed = AbortSignal::any(&[controller.signal()]);
    let id = removed.on_abort(add.clone());
    assert!(removed.off(id));
    drop(removed);
    let _keep = lp.set_timeout(20.0, || ());
    lp.run(RunMode::Default);
    assert_eq!(count.get(), 2, "two timeouts");
    controller.abort();
    assert_eq!(count.get(), 3);
    drop((controller, add));
    assert_eq!(Rc::strong_count(&count), 1, "every listener is gone");
}

#[test]
fn nothing_is_kept_when_nobody_can_abort_any_more() {
    let (count, add) = counter();
    let lp = EventLoop::new().unwrap();
    let timeout = AbortSignal::timeout(&lp, 1e6).unwrap();
    AbortSignal::any(std::slice::from_ref(&timeout)).on_abort(add.clone());
    timeout.on_abort(add.clone());
    let controller = AbortController::new();
    AbortSignal::any(&[controller.signal()]).on_abort(add);
    drop((controller, timeout));
    assert_eq!(Rc::strong_count(&count), 3);
    lp.close().unwrap();
    drop(lp);
    assert_eq!((count.get(), Rc::strong_count(&count)), (0, 1));
}

#[test]
fn a_timeout_has_an_error_of_its_own() {
    let lp = EventLoop::new().unwrap();
    let signal = AbortSignal::timeout(&lp, 1.0).unwrap();
    let _keep = lp.set_timeout(10.0, || ());
    lp.run(RunMode::Default);
    let reason = signal.reason().unwrap();
    assert_eq!(reason.class(), Class::TimeoutError);
    assert_eq!(reason.to_string(), "The operation was aborted due to timeout");
}

#[test]
fn a_timeout_is_a_whole_number_of_32_bits() {
    let lp = EventLoop::new().unwrap();
    let range = ">= 0 && <= 4294967295";
    for (delay, must, received) in [
        (-1.0, range, "-1"),
        (f64::NAN, "an integer", "NaN"),
        (1.5, "an integer", "1.5"),
        (-0.5, "an integer", "-0.5"),
        (f64::INFINITY, "an integer", "Infinity"),
        (4_294_967_295.5, "an integer", "4294967295.5"),
        (4_294_967_296.0, range, "4294967296"),
        (9_007_199_254_740_992.0, range, "9_007_199_254_740_992"),
        (-9_007_199_254_740_992.0, range, "-9_007_199_254_740_992"),
        (1e21, range, "1e_+21"),
    ] {
        let error = AbortSignal::timeout(&lp, delay).unwrap_err();
        assert_eq!((error.code().name(), error.class()), ("ERR_OUT_OF_RANGE", Class::RangeError));
        let text = format!("The value of \"delay\" is out of range. It must be {must}. Received {received}");
        assert_eq!(error.to_string(), text);
    }
    for delay in [0.0, -0.0, 4_294_967_295.0] {
        assert!(!AbortSignal::timeout(&lp, delay).unwrap().aborted());
    }
}

#[test]
fn abort_listeners_resist() {
    let lp = EventLoop::new().unwrap();
    let controller = AbortController::new();
    let (count, add) = counter();
    let signal = controller.signal();
    signal.add_event_listener("abort", EventListenerOptions::default(), Event::stop_immediate_propagation);
    let never = add.clone();
    signal.add_event_listener("abort", EventListenerOptions::default(), move |_| never());
    let guard = add_abort_listener(&lp, &signal, add.clone());
    add_abort_listener(&lp, &signal, || panic!("disposed")).dispose();
    controller.abort();
    assert_eq!(count.get(), 1);
    drop(guard);
    add_abort_listener(&lp, &signal, add).forget();
    assert_eq!(count.get(), 1);
    lp.run(RunMode::Default);
    assert_eq!(count.get(), 2);
}
