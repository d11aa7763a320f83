//! `once` and `on`.

#![allow(clippy::unwrap_used)]

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use nodecore_error::{Code, Error};
use nodecore_event_loop::EventLoop;
use nodecore_events::{
    AbortController, AbortSignal, Event, EventEmitter, EventTarget, OnOptions, OnceOptions, on, once,
    once_error,
};

fn names(emitter: &EventEmitter<u32>) -> String {
    emitter.event_names().join(" ")
}

#[test]
fn once_gives_the_next_event() {
    let lp = EventLoop::new().unwrap();
    let emitter = EventEmitter::<u32>::new();
    let next = once(&emitter, "x", OnceOptions::default());
    assert_eq!(names(&emitter), "x error");
    emitter.emit("x", 1);
    emitter.emit("x", 2);
    assert_eq!(names(&emitter), "");
    assert_eq!(lp.block_on(next), Ok(1));

    let next = once(&emitter, "x", OnceOptions::default());
    emitter.emit_error(Error::abort());
    assert_eq!(lp.block_on(next), Err(Error::abort()));
    assert_eq!(names(&emitter), "");

    let error = once_error(&emitter, OnceOptions::default());
    emitter.emit_error(Error::abort());
    assert_eq!(lp.block_on(error), Ok(Error::abort()));

    drop(once(&emitter, "x", OnceOptions::default()));
    assert_eq!(names(&emitter), "");
}

#[test]
fn once_on_a_target_takes_error_for_an_event() {
    let lp = EventLoop::new().unwrap();
    let target = EventTarget::new();
    let next = once(&target, "x", OnceOptions::default());
    target.dispatch_event(&Event::new("error")).unwrap();
    target.dispatch_event(&Event::new("x")).unwrap();
    assert_eq!(&*lp.block_on(next).unwrap().kind(), "x");
    assert_eq!(target.listener_count("x"), 0);
}

#[test]
fn once_ends_with_its_signal() {
    let lp = EventLoop::new().unwrap();
    let emitter = EventEmitter::<u32>::new();
    let controller = AbortController::new();
    let next = once(&emitter, "x", OnceOptions::default().signal(&controller.signal()));
    controller.abort_with(Error::system_code(Code::EIO, "read"));
    assert_eq!(names(&emitter), "");
    let error = lp.block_on(next).unwrap_err();
    assert_eq!((error.code(), error.cause().unwrap().code()), (Code::Abort, Code::EIO));
    assert_eq!(error.to_string(), "The operation was aborted");
    let late = once(&emitter, "x", OnceOptions::default().signal(&controller.signal()));
    assert_eq!((names(&emitter), lp.block_on(late).unwrap_err().code()), (String::new(), Code::Abort));
    let unused = AbortController::new();
    let next = once(&emitter, "x", OnceOptions::default().signal(&unused.signal()));
    emitter.emit("x", 1);
    assert_eq!((unused.signal().listener_count("abort"), lp.block_on(next)), (0, Ok(1)));
}

#[test]
fn on_pauses_and_resumes() {
    let lp = EventLoop::new().unwrap();
    let emitter = EventEmitter::<u32>::new();
    let log = Rc::new(RefCell::new(Vec::new()));
    let say = |text: String| log.borrow_mut().push(text);
    let (paused, resumed) = (Rc::clone(&log), Rc::clone(&log));
    let options = OnOptions::default().high_water_mark(2).close("end").flow(
        move || paused.borrow_mut().push("pause".to_owned()),
        move || resumed.borrow_mut().push("resume".to_owned()),
    );
    let mut stream = on(&emitter, "x", options).unwrap();
    say(names(&emitter));
    (0..5).for_each(|n| _ = emitter.emit("x", n));
    assert!(stream.is_paused());
    lp.block_on(async {
        for _ in 0..5 {
            let item = stream.next().await.unwrap().unwrap();
            say(item.to_string());
        }
    });
    (0..4).for_each(|n| _ = emitter.emit("x", n));
    emitter.emit("end", 0);
    assert_eq!(names(&emitter), "");
    emitter.emit("x", 9);
    let rest = lp.block_on(async {
        let mut rest = 0;
        while let Some(item) = stream.next().await {
            item.unwrap();
            rest += 1;
        }
        rest
    });
    assert_eq!(rest, 4);
    // The order is what Node prints for the same program.
    let expected = ["x error end", "pause", "0", "1", "2", "3", "resume", "4", "pause"];
    assert_eq!(*log.borrow(), expected);
}

#[test]
fn a_reader_who_waits_does_not_count_as_waiting_events() {
    let lp = EventLoop::new().unwrap();
    let emitter = EventEmitter::<u32>::new();
    let pauses = Rc::new(Cell::new(0));
    let count = Rc::clone(&pauses);
    let options = OnOptions::default().high_water_mark(2).flow(move || count.set(count.get() + 1), || ());
    let mut stream = on(&emitter, "x", options).unwrap();
    let own = emitter.clone();
    lp.set_immediate(move || (0..3).for_each(|n| _ = own.emit("x", n)));
    assert_eq!(lp.block_on(stream.next()), Some(Ok(0)));
    assert_eq!((pauses.get(), stream.len()), (0, 2));
    emitter.emit("x", 3);
    assert_eq!(pauses.get(), 1);
}

#[test]
fn on_ends_with_errors_and_signals() {
    let lp = EventLoop::new().unwrap();
    let emitter = EventEmitter::<u32>::new();
    let mut stream = on(&emitter, "x", OnOptions::default()).unwrap();
    emitter.emit("x", 1);
    emitter.emit_error(Error::abort());
    assert_eq!(names(&emitter), "");
    let read = |stream: &mut nodecore_events::EventStream<u32>| lp.block_on(stream.next());
    assert_eq!(read(&mut stream), Some(Ok(1)));
    assert_eq!(read(&mut stream), Some(Err(Error::abort())));
    assert_eq!(read(&mut stream), None);

    let controller = AbortController::new();
    let mut stream = on(&emitter, "x", OnOptions::default().signal(&controller.signal())).unwrap();
    controller.abort();
    assert_eq!(
        read(&mut stream).unwrap().unwrap_err().cause().unwrap().to_string(),
        "This operation was aborted"
    );
    assert_eq!(read(&mut stream), None);

    let mut stream = on(&emitter, "x", OnOptions::default()).unwrap();
    emitter.emit("x", 1);
    stream.fail(Error::abort());
    assert_eq!((read(&mut stream), read(&mut stream)), (Some(Ok(1)), Some(Err(Error::abort()))));
    let mut stream = on(&emitter, "x", OnOptions::default()).unwrap();
    stream.close();
    assert_eq!(read(&mut stream), None);
    drop(on(&emitter, "x", OnOptions::default()).unwrap());
    assert_eq!(names(&emitter), "");
}

#[test]
fn on_refuses_what_node_refuses() {
    let emitter = EventEmitter::<u32>::new();
    let error = on(&emitter, "x", OnOptions::default().high_water_mark(0)).unwrap_err();
    assert_eq!(error.code(), Code::OutOfRange);
    assert_eq!(
        error.to_string(),
        "The value of \"options.highWaterMark\" is out of range. It must be >= 1 && <= 9007199254740991. Received 0"
    );
    assert!(on(&emitter, "x", OnOptions::default().low_water_mark(0)).is_err());
    let aborted = AbortSignal::abort(None);
    let error = on(&emitter, "x", OnOptions::default().signal(&aborted)).unwrap_err();
    assert_eq!(error.code(), Code::Abort);
    assert_eq!(names(&emitter), "");
}
