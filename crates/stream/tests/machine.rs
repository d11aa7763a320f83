//! A machine over a host of its own: what it shows, and what it asks for.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
use nodecore_error::{Code, Error, Result};
use nodecore_stream::{Event, Hook, Host, Lent, Machine, MachineOptions, SideOptions, Tick};

type Ticks = Rc<RefCell<VecDeque<(Machine<Recorder>, Tick)>>>;

#[derive(Default)]
struct Recorder {
    trace: Rc<RefCell<Vec<String>>>,
    ticks: Ticks,
    flowing: Cell<bool>,
    object: Cell<u32>,
}

impl Recorder {
    fn note(&self, what: impl Into<String>) {
        self.trace.borrow_mut().push(what.into());
    }
}

impl Host for Recorder {
    type Write = Bytes;
    type Read = Bytes;

    fn read(&self, _: Machine<Self>, _: usize) -> Result<()> {
        Ok(())
    }

    fn write(&self, _: Lent<'_, Self>, chunk: Bytes) {
        self.note(format!("write {}", chunk.len()));
    }

    fn end(&self, machine: Machine<Self>) {
        self.note("end the other half");
        machine.end();
    }

    fn made(&self, error: Error) -> Error {
        self.object.set(self.object.get() + 1);
        error.with_object(Arc::new(self.object.get()))
    }

    fn emit(&self, event: Event) {
        self.note(event.name());
    }

    fn emit_data(&self, chunk: Bytes) {
        self.note(format!("data {}", chunk.len()));
    }

    fn emit_error(&self, error: Error) {
        let object = error.object().and_then(|object| object.downcast_ref::<u32>());
        self.note(format!("error {} {object:?}", error.code_name()));
    }

    fn listens_readable(&self) -> bool {
        false
    }

    fn listens_data(&self) -> bool {
        self.flowing.get()
    }

    fn next_tick(&self, machine: Machine<Self>, tick: Tick) {
        self.ticks.borrow_mut().push_back((machine, tick));
    }
}

fn side(high_water_mark: usize) -> Option<SideOptions> {
    Some(SideOptions { high_water_mark, object_mode: false, open: true, sync: true })
}

fn run(ticks: &Ticks) {
    loop {
        let Some((machine, tick)) = ({ ticks.borrow_mut().pop_front() }) else {
            return;
        };
        machine.run_tick(tick);
    }
}

fn duplex(options: impl FnOnce(&mut MachineOptions)) -> (Machine<Recorder>, Rc<RefCell<Vec<String>>>, Ticks) {
    let host = Recorder::default();
    let (trace, ticks) = (Rc::clone(&host.trace), Rc::clone(&host.ticks));
    let mut given = MachineOptions::default();
    given.readable = side(8);
    given.writable = side(8);
    options(&mut given);
    (Machine::new(host, &given), trace, ticks)
}

#[test]
fn shows_its_two_sides() {
    let (machine, _, ticks) = duplex(|_| ());
    machine.push(Some(Bytes::from_static(b"abc")));
    machine.cork();
    machine.write(Bytes::from_static(b"12"));
    machine.write(Bytes::from_static(b"34"));
    let (read, write) = (machine.readable_state().unwrap(), machine.writable_state().unwrap());
    assert_eq!((read.side.length, read.side.high_water_mark, read.flowing, read.paused), (3, 8, None, false));
    assert!(read.readable && !read.ended && !read.side.destroyed && read.side.constructed);
    assert_eq!((write.side.length, write.corked, write.pending), (4, 1, 2));
    assert!(write.writable && !write.writing && !write.need_drain);
    assert_eq!((machine.readable_chunks(), machine.writable_chunks()), (1, 2));
    assert_eq!(machine.readable_chunk(0).unwrap(), "abc");
    assert_eq!(machine.writable_chunk(1).unwrap(), "34");
    assert!(machine.readable_chunk(1).is_none() && machine.readable_error().is_none());
    machine.pause();
    assert_eq!(machine.readable_state().unwrap().flowing, Some(false));
    assert!(machine.readable_state().unwrap().paused);
    machine.destroy(Some(Error::abort()));
    assert_eq!(machine.writable_error().unwrap().code(), Code::Abort);
    assert!(machine.writable_state().unwrap().side.errored);
    run(&ticks);
    assert!(machine.readable_state().unwrap().side.close_emitted);
}

#[test]
fn has_no_state_of_a_side_that_is_not_there() {
    let (machine, _, _) = duplex(|options| options.writable = None);
    assert!(machine.readable_state().is_some() && machine.writable_state().is_none());
}

#[test]
fn asks_its_host_to_end_the_other_half() {
    let (machine, trace, ticks) = duplex(|options| options.allow_half_open = false);
    machine.host().flowing.set(true);
    machine.data_listener_added();
    machine.push(None);
    run(&ticks);
    let seen = trace.borrow().join(", ");
    assert_eq!(seen, "resume, readable, end, end the other half, prefinish, finish, close");
}

#[test]
fn does_not_wait_for_a_side_that_is_switched_off() {
    for (off, seen) in [(false, "prefinish, finish"), (true, "prefinish, finish, close")] {
        let (machine, trace, ticks) = duplex(|_| ());
        machine.set_readable(!off);
        assert_eq!(machine.readable_state().unwrap().readable, !off);
        machine.end();
        run(&ticks);
        assert_eq!(trace.borrow().join(", "), seen);
        machine.set_readable(true);
        machine.set_writable(true);
        assert_eq!(machine.readable_state().unwrap().readable, !off);
    }
}

#[test]
fn errors_of_its_own_have_the_object_of_the_host() {
    let (machine, trace, ticks) = duplex(|_| ());
    machine.end();
    let failed = Rc::new(Cell::new(None));
    let told = Rc::clone(&failed);
    machine.write_with(Bytes::from_static(b"late"), move |result| {
        let error = result.unwrap_err();
        told.set(error.object().and_then(|object| object.downcast_ref::<u32>().copied()));
    });
    run(&ticks);
    assert_eq!(failed.get(), Some(1));
    assert!(trace.borrow().iter().any(|event| event == "error ERR_STREAM_WRITE_AFTER_END Some(1)"));
}

#[test]
fn flows_again_when_the_last_destination_has_drained() {
    let (machine, _, ticks) = duplex(|_| ());
    machine.host().flowing.set(true);
    machine.piped(0);
    machine.data_listener_added();
    machine.piped(1);
    assert!(machine.readable_state().unwrap().many_pipes);
    machine.await_drain(1, 2);
    machine.await_drain(2, 2);
    machine.await_drain(3, 0);
    assert_eq!(machine.awaiting(), [1, 2]);
    machine.drained(1);
    assert_eq!(machine.readable_state().unwrap().flowing, Some(false));
    machine.drained(2);
    assert_eq!(machine.readable_state().unwrap().flowing, Some(true));
    run(&ticks);
}

#[test]
fn a_transforms_input_is_done_when_its_output_is_wanted() {
    let (machine, trace, ticks) = duplex(|options| options.readable = side(1));
    machine.write(Bytes::from_static(b"in"));
    machine.push(Some(Bytes::from_static(b"out")));
    machine.transformed(Some(0));
    assert!(machine.writable_state().unwrap().writing);
    machine.transform_more();
    assert!(!machine.writable_state().unwrap().writing);
    machine.end_chunk(Bytes::from_static(b"last"));
    machine.complete(Hook::Write, None);
    run(&ticks);
    assert_eq!(trace.borrow().join(", "), "write 2, write 4, prefinish, finish");
}
