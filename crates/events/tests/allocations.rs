//! An emission allocates nothing, nor does adding and removing a listener that exists.

#![allow(clippy::unwrap_used)]

use std::cell::Cell;
use std::rc::Rc;

use allocation_counter::measure;
use nodecore_error::Error;
use nodecore_events::{AbortController, Event, EventEmitter, EventTarget, Handler, ListenOptions, Listeners};

fn allocations(work: impl FnOnce()) -> u64 {
    measure(work).count_total
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| drop(std::hint::black_box(Box::new(1)))), 1);
}

#[test]
fn emissions_allocate_nothing() {
    let emitter = EventEmitter::<u64>::new();
    let sum = Rc::new(Cell::new(0));
    let adding = || {
        let sum = Rc::clone(&sum);
        move |n: u64| sum.set(sum.get() + n)
    };
    emitter.on("one", adding());
    for _ in 0..10 {
        emitter.on_shared("ten", adding());
    }
    emitter.once("once", adding());
    let count = allocations(|| {
        for n in 0..100 {
            assert!(emitter.emit("one", n) && emitter.emit("ten", n) && !emitter.emit("none", n));
        }
        emitter.emit("once", 1);
    });
    assert_eq!((count, sum.get()), (0, 11 * 4950 + 1));
}

#[test]
fn adding_and_removing_a_handler_allocates_nothing() {
    let emitter = EventEmitter::<u64>::new();
    let handler = Handler::new(|_| ());
    let cycle = || {
        emitter.add_listener("data", &handler, ListenOptions::default());
        assert!(emitter.remove_listener("data", &handler));
    };
    cycle();
    assert_eq!(allocations(|| (0..100).for_each(|_| cycle())), 0);
}

#[test]
fn lists_and_errors_allocate_little() {
    let listeners = Listeners::<u32>::new();
    listeners.append(nodecore_events::ListenerId::new(0), Rc::new(|_| ()));
    assert_eq!(allocations(|| assert!(listeners.emit(1))), 0);

    let emitter = EventEmitter::<u64>::new();
    let handler = Handler::error(|_| ());
    emitter.add_listener("error", &handler, ListenOptions::default());
    let error = Error::abort();
    assert_eq!(allocations(|| assert!(emitter.emit_error(error))), 0);

    let target = EventTarget::new();
    target.add_event_listener("x", Default::default(), |_| ());
    assert_eq!(allocations(|| assert!(target.dispatch_event(&Event::new("x")).unwrap())), 1, "the event");
    let controller = AbortController::new();
    let signal = controller.signal();
    assert_eq!(allocations(|| drop(signal.clone())), 0);
}
