//! Any call inside any callback: random streams whose functions and listeners call anything on any of them, destroy
//! them and let go of them. Nothing may panic, and every run has to end.
//!
//! `NODECORE_SEED` and `NODECORE_PROGRAMS` choose the runs.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]

use std::cell::{Cell, RefCell};
use std::future::ready;
use std::rc::{Rc, Weak};

use bytes::Bytes;
use nodecore_buffer::Encoding;
use nodecore_error::{Code, Error};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_events::set_uncaught_handler;
use nodecore_stream::{
    AbortController, AnyStream, Both, Chunks, Done, Duplex, DuplexOptions, Event, FinishedOptions,
    HelperOptions, ListenerId, PipeOptions, PipelineOptions, Readable, ReadableOptions, Sink, Source,
    Transform, TransformDone, TransformOptions, Transformer, Writable, WritableOptions, add_abort_signal,
    compose, duplex_pair, finished, pipeline_with,
};

/// What can be called, of whatever kind.
#[derive(Clone)]
struct Stream {
    /// Data only goes to streams with a higher number, so that it does not go round for ever.
    number: u64,
    any: AnyStream,
    readable: Option<Readable>,
    writable: Option<Writable>,
    duplex: Option<Duplex>,
}

struct World {
    lp: EventLoop,
    random: Cell<u64>,
    /// Calls that may still be made, so that a run ends.
    left: Cell<u32>,
    calls: Cell<u32>,
    hooks: Cell<u32>,
    made: Cell<u64>,
    streams: RefCell<Vec<Stream>>,
    ids: RefCell<Vec<(usize, ListenerId)>>,
    waiting: RefCell<Vec<Done>>,
    controller: AbortController,
    this: Weak<World>,
}

const EVENTS: [Event; 8] = [
    Event::Readable,
    Event::End,
    Event::Pause,
    Event::Resume,
    Event::Drain,
    Event::Prefinish,
    Event::Finish,
    Event::Close,
];

impl World {
    fn below(&self, n: u64) -> u64 {
        // splitmix64
        let state = self.random.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.random.set(state);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }

    fn chance(&self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn chunk(&self) -> Bytes {
        Bytes::from(vec![7; usize::try_from(self.below(9)).unwrap()])
    }

    fn error(&self) -> Option<Error> {
        self.chance(50).then(|| Error::system_code(Code::EIO, "read"))
    }

    fn hooks(&self) -> Hooks {
        Hooks { world: self.this.clone(), construct: self.chance(15), writev: self.chance(30) }
    }

    /// A new stream, of any kind.
    fn make(&self) -> Stream {
        let (lp, mark) = (&self.lp, usize::try_from(self.below(12)).unwrap());
        let (objects, kept) = (self.chance(30), self.chance(15));
        let read = ReadableOptions::default().high_water_mark(mark).object_mode(objects).auto_destroy(!kept);
        let write = WritableOptions::default().high_water_mark(mark).object_mode(objects).auto_destroy(!kept);
        let both = DuplexOptions::default().high_water_mark(mark).object_mode(objects).allow_half_open(!kept);
        let number = self.made.get();
        self.made.set(number + 1);
        let of_readable = |readable: Readable| Stream {
            number,
            any: (&readable).into(),
            readable: Some(readable),
            writable: None,
            duplex: None,
        };
        let of_duplex = |duplex: Duplex| Stream {
            number,
            any: (&duplex).into(),
            readable: Some(duplex.readable()),
            writable: Some(duplex.writable()),
            duplex: Some(duplex),
        };
        match self.below(9) {
            0 | 1 => of_readable(Readable::new(lp, read, self.hooks())),
            2 => {
                let world = self.this.clone();
                let count = self.below(6);
                of_readable(Readable::from_iter(
                    lp,
                    (0..count).map(move |_| {
                        world.upgrade().map_or(Bytes::new(), |world| {
                            world.poke();
                            world.chunk()
                        })
                    }),
                ))
            }
            3 | 4 => {
                let writable = Writable::new(lp, write, self.hooks());
                Stream {
                    number,
                    any: (&writable).into(),
                    readable: None,
                    writable: Some(writable),
                    duplex: None,
                }
            }
            5 => of_duplex(Duplex::new(lp, both, self.hooks())),
            6 => of_duplex((*Transform::new(lp, both, self.hooks())).clone()),
            7 => of_duplex(duplex_pair(lp, both).0),
            _ => {
                let pass = || Transform::<Bytes, Bytes>::pass_through(lp, TransformOptions::default());
                of_duplex(compose((&pass(), &pass())).unwrap())
            }
        }
    }

    fn add(&self) {
        let stream = self.make();
        let index = self.streams.borrow().len();
        if index < 8 {
            self.streams.borrow_mut().push(stream);
            return;
        }
        // The last handle of another may go.
        let slot = usize::try_from(self.below(8)).unwrap();
        let old = std::mem::replace(&mut self.streams.borrow_mut()[slot], stream);
        drop(old);
    }

    fn any(&self) -> (usize, Stream) {
        let streams = self.streams.borrow();
        let index = usize::try_from(self.below(streams.len() as u64)).unwrap();
        (index, streams[index].clone())
    }

    /// A few calls of anything.
    fn poke(&self) {
        self.hooks.set(self.hooks.get() + 1);
        assert!(self.hooks.get() < 100_000, "the run does not end");
        if !self.chance(45) {
            return;
        }
        for _ in 0..=self.below(2) {
            let Some(left) = self.left.get().checked_sub(1) else { return };
            self.left.set(left);
            self.calls.set(self.calls.get() + 1);
            self.call();
        }
    }

    fn call(&self) {
        let (index, stream) = self.any();
        let later = {
            let world = self.this.clone();
            move || {
                if let Some(world) = world.upgrade() {
                    world.poke();
                }
            }
        };
        match self.below(8) {
            0 => self.call_any(index, &stream, later),
            1..=3 => {
                if let Some(readable) = &stream.readable {
                    self.call_readable(index, &stream, readable, later);
                }
            }
            4..=6 => {
                if let Some(writable) = &stream.writable {
                    self.call_writable(index, writable, later);
                }
            }
            _ => match self.below(5) {
                0 => self.add(),
                1 => self.lp.next_tick(later),
                2 => self.lp.queue_microtask(later),
                3 => drop(self.lp.set_immediate(later)),
                _ => {
                    let done = self.waiting.borrow_mut().pop();
                    if let Some(done) = done {
                        self.finish(done);
                    }
                }
            },
        }
    }

    fn call_any(&self, index: usize, stream: &Stream, later: impl Fn() + 'static) {
        match self.below(5) {
            0 if self.chance(30) => stream.any.destroy(self.error()),
            1 => drop(finished(stream.any.clone(), FinishedOptions::default(), move |_| later())),
            2 => {
                let id = self.ids.borrow_mut().pop();
                if let Some((at, id)) = id {
                    let stream = self.streams.borrow()[at].clone();
                    if let Some(readable) = &stream.readable {
                        readable.off(id);
                    } else if let Some(writable) = &stream.writable {
                        writable.off(id);
                    }
                }
            }
            3 => add_abort_signal(&self.controller.signal(), stream.any.clone()),
            4 if self.chance(3) => self.controller.abort(),
            _ => {
                if let Some(duplex) = &stream.duplex {
                    let event = EVENTS[usize::try_from(self.below(8)).unwrap()];
                    self.ids.borrow_mut().push((index, duplex.on_shared(event, later)));
                }
            }
        }
    }

    fn call_readable(&self, index: usize, stream: &Stream, readable: &Readable, later: impl Fn() + 'static) {
        match self.below(16) {
            0..=2 => _ = readable.push(self.chance(90).then(|| self.chunk())),
            3 => _ = readable.unshift(Some(self.chunk())),
            4 | 5 => {
                let size = self.chance(50).then(|| usize::try_from(self.below(20)).unwrap());
                readable.read(size);
            }
            6 => readable.pause(),
            7 => readable.resume(),
            8 => {
                let (_, to) = self.any();
                if let Some(to) = to.writable.as_ref().filter(|_| stream.number < to.number) {
                    readable.pipe(to, PipeOptions::default().end(self.chance(70)));
                }
            }
            9 => {
                let (_, to) = self.any();
                readable.unpipe(to.writable.as_ref().filter(|_| self.chance(50)));
            }
            10 => {
                let id = if self.chance(30) {
                    readable.once_data(move |_| later())
                } else {
                    readable.on_data_shared(move |_| later())
                };
                self.ids.borrow_mut().push((index, id));
            }
            11 => {
                let event = EVENTS[usize::try_from(self.below(8)).unwrap()];
                self.ids.borrow_mut().push((index, readable.on_shared(event, later)));
            }
            12 => readable.set_encoding(Encoding::ALL[usize::try_from(self.below(7)).unwrap()]),
            13 => {
                // The items go through a function that calls anything, and may never be read to the end.
                let mapped = readable.map_with(
                    move |chunk, _| {
                        later();
                        ready(Ok(chunk))
                    },
                    HelperOptions::default().concurrency(2),
                );
                let mut left = self.below(4);
                let mut chunks = Chunks::new(&mapped);
                drop(self.lp.spawn_local(std::future::poll_fn(move |context| {
                    loop {
                        let polled = std::pin::Pin::new(&mut chunks);
                        match futures_core::Stream::poll_next(polled, context) {
                            std::task::Poll::Ready(Some(Ok(_))) if left > 0 => left -= 1,
                            std::task::Poll::Pending => return std::task::Poll::Pending,
                            std::task::Poll::Ready(_) => return std::task::Poll::Ready(()),
                        }
                    }
                })));
            }
            14 => {
                let (_, to) = self.any();
                if let Some(to) = to.writable.as_ref().filter(|_| stream.number < to.number) {
                    let options = PipelineOptions::default().end(self.chance(80));
                    let _ = pipeline_with((readable, to), options, move |_| later());
                }
            }
            _ => {
                let middle = Transform::<Bytes, Bytes>::pass_through(&self.lp, TransformOptions::default());
                if let Ok(composed) = readable.compose(&middle) {
                    composed.on_data_shared(move |_| later());
                }
            }
        }
    }

    fn call_writable(&self, index: usize, writable: &Writable, later: impl Fn() + 'static) {
        match self.below(9) {
            0..=2 => _ = writable.write(self.chunk()),
            3 => _ = writable.write_with(self.chunk(), move |_| later()),
            4 if self.chance(30) => writable.end_with(Some(self.chunk()), move |_| later()),
            5 => writable.cork(),
            6 => writable.uncork(),
            7 => _ = writable.write_text("caf\u{e9}", Some(Encoding::Latin1)),
            _ => {
                let event = EVENTS[usize::try_from(self.below(8)).unwrap()];
                self.ids.borrow_mut().push((index, writable.on_shared(event, later)));
            }
        }
    }

    /// Calls back now, later, never, with an error, or twice.
    fn finish(&self, done: Done) {
        match self.below(10) {
            0 => done.with(self.error()),
            1 => drop(self.lp.set_immediate(move || done.ok())),
            2 => self.lp.next_tick(move || done.ok()),
            3 => self.waiting.borrow_mut().push(done),
            4 if self.chance(10) => {
                done.clone().ok();
                done.ok();
            }
            _ => done.ok(),
        }
    }
}

struct Hooks {
    world: Weak<World>,
    construct: bool,
    writev: bool,
}

impl Hooks {
    fn hook(&self, done: Done) {
        let Some(world) = self.world.upgrade() else { return done.ok() };
        world.poke();
        world.finish(done);
        world.poke();
    }

    fn fill(&self, push: impl Fn(Option<Bytes>) -> bool + 'static) {
        let Some(world) = self.world.upgrade() else { return };
        world.poke();
        let chunk = world.chance(92).then(|| world.chunk());
        if world.left.get() == 0 {
            push(None);
        } else if world.chance(60) {
            push(chunk);
        } else {
            world.lp.set_immediate(move || {
                push(chunk);
            });
        }
        world.poke();
    }

    fn transform_done(&self, done: TransformDone<Bytes>) {
        let Some(world) = self.world.upgrade() else { return done.ok() };
        world.poke();
        match world.below(8) {
            0 => done.fail(Error::system_code(Code::EIO, "read")),
            1 => done.ok(),
            2 => {
                let chunk = world.chunk();
                world.lp.next_tick(move || done.push(chunk));
            }
            _ => done.push(world.chunk()),
        }
        world.poke();
    }

    fn tear_down(&self, error: Option<Error>, done: Done) {
        let Some(world) = self.world.upgrade() else { return done.with(error) };
        world.poke();
        if world.chance(30) {
            world.lp.set_immediate(move || done.with(error));
        } else {
            done.with(error);
        }
        world.poke();
    }
}

impl Source<Bytes> for Hooks {
    fn has_construct(&self) -> bool {
        self.construct
    }
    fn construct(&self, _: &Readable, done: Done) {
        self.hook(done);
    }
    fn read(&self, stream: &Readable, _size: usize) {
        let stream = stream.clone();
        self.fill(move |chunk| stream.push(chunk));
    }
    fn destroy(&self, _: &Readable, error: Option<Error>, done: Done) {
        self.tear_down(error, done);
    }
}

impl Sink<Bytes> for Hooks {
    fn has_construct(&self) -> bool {
        self.construct
    }
    fn construct(&self, _: &Writable, done: Done) {
        self.hook(done);
    }
    fn write(&self, _: &Writable, _: Bytes, done: Done) {
        self.hook(done);
    }
    fn has_writev(&self) -> bool {
        self.writev
    }
    fn writev(&self, _: &Writable, _: Vec<Bytes>, done: Done) {
        self.hook(done);
    }
    fn final_(&self, _: &Writable, done: Done) {
        self.hook(done);
    }
    fn destroy(&self, _: &Writable, error: Option<Error>, done: Done) {
        self.tear_down(error, done);
    }
}

impl Both<Bytes, Bytes> for Hooks {
    fn read(&self, stream: &Duplex, _size: usize) {
        let stream = stream.clone();
        self.fill(move |chunk| stream.push(chunk));
    }
    fn write(&self, _: &Duplex, _: Bytes, done: Done) {
        self.hook(done);
    }
    fn final_(&self, _: &Duplex, done: Done) {
        self.hook(done);
    }
    fn destroy(&self, _: &Duplex, error: Option<Error>, done: Done) {
        self.tear_down(error, done);
    }
}

impl Transformer<Bytes, Bytes> for Hooks {
    fn transform(&self, _: &Transform, _: Bytes, done: TransformDone<Bytes>) {
        self.transform_done(done);
    }
    fn flush(&self, _: &Transform, done: TransformDone<Bytes>) {
        self.transform_done(done);
    }
    fn destroy(&self, _: &Transform, error: Option<Error>, done: Done) {
        self.tear_down(error, done);
    }
}

fn run(seed: u64) -> u32 {
    let lp = EventLoop::new().unwrap();
    let world = Rc::new_cyclic(|this| World {
        lp: lp.clone(),
        random: Cell::new(seed),
        left: Cell::new(150),
        calls: Cell::new(0),
        hooks: Cell::new(0),
        made: Cell::new(0),
        streams: RefCell::default(),
        ids: RefCell::default(),
        waiting: RefCell::default(),
        controller: AbortController::new(),
        this: this.clone(),
    });
    for _ in 0..3 + world.below(4) {
        world.add();
    }
    let start = Rc::clone(&world);
    lp.set_immediate(move || (0..40).for_each(|_| start.poke()));
    // A run that does not end would spin here; a bound says so instead.
    for turn in 0.. {
        if !lp.run(RunMode::NoWait) {
            break;
        }
        assert!(turn < 100_000, "run {seed} does not end");
    }
    let calls = world.calls.get();
    lp.close().unwrap();
    world.streams.take();
    world.waiting.take();
    calls
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

#[test]
fn any_call_inside_any_callback() {
    set_uncaught_handler(Some(Rc::new(|_| ())));
    let (seed, count) = (number("NODECORE_SEED", 1), number("NODECORE_PROGRAMS", 2000));
    let mut calls = 0u64;
    for n in 0..count {
        let number = seed.wrapping_mul(1_000_003).wrapping_add(n);
        let outcome = std::panic::catch_unwind(|| run(number));
        match outcome {
            Ok(more) => calls += u64::from(more),
            Err(_) => panic!("run {n} of seed {seed} panicked"),
        }
    }
    println!("{count} runs, {calls} calls inside callbacks");
    assert!(calls > count, "too little was called");
}
