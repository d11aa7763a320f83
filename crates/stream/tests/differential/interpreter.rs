//! Runs a program here.

mod hooks;

use std::cell::{Cell, RefCell};
use std::fmt::Write as _;
use std::rc::{Rc, Weak};

use bytes::Bytes;
use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_stream::{
    AbortController, AnyStream, Duplex, DuplexOptions, Event, FinishedOptions, ListenerId, PipeOptions,
    Pipeline, PipelineOptions, Readable, ReadableOptions, Transform, Writable, WritableOptions,
    add_abort_signal, compose, duplex_pair, finished, is_disturbed, is_errored, is_readable, is_writable,
};

use crate::program::{Act, Kind, Program, Stream, When};
use hooks::Hooks;

#[derive(Clone)]
enum Any {
    R(Readable),
    W(Writable),
    D(Duplex),
}

macro_rules! each {
    ($any:expr, $it:ident => $body:expr) => {
        match $any {
            Any::R($it) => $body,
            Any::W($it) => $body,
            Any::D($it) => $body,
        }
    };
}
use each;

impl Any {
    fn readable(&self) -> Readable {
        match self {
            Any::R(it) => it.clone(),
            Any::D(it) => it.readable(),
            Any::W(_) => panic!("not readable"),
        }
    }

    fn writable(&self) -> Writable {
        match self {
            Any::W(it) => it.clone(),
            Any::D(it) => it.writable(),
            Any::R(_) => panic!("not writable"),
        }
    }
}

pub(crate) struct World {
    lp: EventLoop,
    trace: RefCell<Vec<String>>,
    counter: Cell<usize>,
    waits: Cell<usize>,
    streams: RefCell<Vec<Any>>,
    listeners: RefCell<Vec<Vec<ListenerId>>>,
    controller: AbortController,
    this: Weak<World>,
}

pub(crate) fn run(program: &Program) -> Vec<String> {
    let lp = EventLoop::new().unwrap();
    let world = Rc::new_cyclic(|this: &Weak<World>| World {
        lp: lp.clone(),
        trace: RefCell::default(),
        counter: Cell::new(0),
        waits: Cell::new(0),
        streams: RefCell::default(),
        listeners: RefCell::default(),
        controller: AbortController::new(),
        this: this.clone(),
    });
    let (start, program) = (Rc::clone(&world), program.clone());
    lp.set_immediate(move || start.start(&program));
    lp.run(RunMode::Default);
    let count = world.streams.borrow().len();
    (0..count).for_each(|s| world.state(s));
    world.streams.take();
    // Streams that were not closed own each other, and the loop.
    lp.close().unwrap();
    world.trace.take()
}

fn show(chunk: &Bytes) -> String {
    match chunk.first() {
        Some(first) => format!("{}/{first}", chunk.len()),
        None => "0/-".to_owned(),
    }
}

fn show_error(error: Option<&Error>) -> String {
    error.map_or("ok".to_owned(), |error| format!("{}:{error}", error.code().name()))
}

fn show_result(result: &Result<()>) -> String {
    show_error(result.as_ref().err())
}

fn make_error(number: u32) -> Error {
    Error::new(Code::EIO, format!("E{number}"))
}

fn or_null(size: Option<usize>) -> String {
    size.map_or("null".to_owned(), |size| size.to_string())
}

impl World {
    fn me(&self) -> Rc<World> {
        self.this.upgrade().unwrap()
    }

    fn log(&self, line: impl Into<String>) {
        self.trace.borrow_mut().push(line.into());
    }

    fn chunk(&self, size: usize) -> Bytes {
        let from = self.counter.get();
        self.counter.set(from + size);
        (from..from + size).map(|n| u8::try_from(n % 251).unwrap()).collect()
    }

    fn letters(&self, size: usize) -> Bytes {
        let from = self.counter.get();
        self.counter.set(from + size);
        (from..from + size).map(|n| b'a' + u8::try_from(n % 26).unwrap()).collect()
    }

    fn stream(&self, s: usize) -> Any {
        self.streams.borrow()[s].clone()
    }

    fn later(&self, when: Option<When>, f: impl FnOnce() + 'static) {
        match when {
            None | Some(When::Sync) => f(),
            Some(When::Tick) => self.lp.next_tick(f),
            Some(When::Micro) => self.lp.queue_microtask(f),
            Some(When::Immediate) => drop(self.lp.set_immediate(f)),
        }
    }

    fn start(&self, program: &Program) {
        for (s, spec) in program.streams.iter().enumerate() {
            let stream = self.make(spec, s);
            let me = self.me();
            each!(&stream, it => it.on_error(move |error| me.log(format!("s{s}:error({})", show_error(Some(error))))));
            self.streams.borrow_mut().push(stream);
            self.listeners.borrow_mut().push(Vec::new());
        }
        self.act(&program.acts);
    }

    fn make(&self, spec: &Stream, s: usize) -> Any {
        let hooks = Hooks {
            world: self.this.clone(),
            s,
            spec: Rc::new(spec.clone()),
            reads: Cell::new(0),
            writes: Cell::new(0),
        };
        let mut read = ReadableOptions::default()
            .object_mode(spec.object_mode)
            .auto_destroy(spec.auto_destroy)
            .emit_close(spec.emit_close);
        read.high_water_mark = spec.mark;
        let mut write = WritableOptions::default()
            .object_mode(spec.object_mode)
            .auto_destroy(spec.auto_destroy)
            .emit_close(spec.emit_close);
        write.high_water_mark = spec.mark;
        let mut both = DuplexOptions::default()
            .object_mode(spec.object_mode)
            .auto_destroy(spec.auto_destroy)
            .emit_close(spec.emit_close)
            .allow_half_open(spec.half_open);
        both.high_water_mark = spec.mark;
        match spec.kind {
            Kind::Readable => Any::R(Readable::new(&self.lp, read, hooks)),
            Kind::Writable => Any::W(Writable::new(&self.lp, write, hooks)),
            Kind::Duplex => Any::D(Duplex::new(&self.lp, both, hooks)),
            Kind::Transform => {
                let transform: Transform = Transform::new(&self.lp, both, hooks);
                Any::D((*transform).clone())
            }
            Kind::Composed => {
                let first: Transform = Transform::pass_through(&self.lp, both.clone());
                let last: Transform = Transform::new(&self.lp, both, hooks);
                Any::D(compose((&first, &last)).unwrap())
            }
            Kind::Pair => {
                let (end, other) = duplex_pair(&self.lp, both);
                other.on_error(|_| ());
                let echo = other.clone();
                other.on_data_shared(move |chunk| {
                    echo.write(chunk);
                });
                let ended = other.clone();
                other.on_end(move || ended.end());
                Any::D(end)
            }
            Kind::Sides => {
                let items: Vec<Bytes> = spec.items.iter().map(|&size| self.chunk(size)).collect();
                let read = read.high_water_mark(spec.mark.unwrap_or(1));
                let readable = Readable::from_iter_with(&self.lp, read, items);
                Any::D(Duplex::from_sides(&readable, &Writable::new(&self.lp, write, hooks)))
            }
            Kind::From => {
                let items: Vec<Bytes> = spec.items.iter().map(|&size| self.chunk(size)).collect();
                let read = read.high_water_mark(spec.mark.unwrap_or(1));
                Any::R(Readable::from_iter_with(&self.lp, read, items))
            }
        }
    }

    fn act(&self, acts: &[Act]) {
        for act in acts {
            self.perform(act);
        }
    }

    fn push(&self, s: usize, size: Option<usize>) {
        self.log(format!("s{s}.push({})", or_null(size)));
        let chunk = size.map(|size| self.chunk(size));
        let more = self.stream(s).readable().push(chunk);
        self.log(format!("s{s}.push={more}"));
    }

    fn next_wait(&self) -> usize {
        let n = self.waits.get();
        self.waits.set(n + 1);
        n
    }

    fn perform(&self, act: &Act) {
        match act {
            &Act::Push { s, size } => self.push(s, size),
            &Act::Unshift { s, size } => {
                self.log(format!("s{s}.unshift({})", or_null(size)));
                let readable = self.stream(s).readable();
                let text = readable.readable_encoding().is_some();
                let chunk = size.map(|size| if text { self.letters(size) } else { self.chunk(size) });
                let more = readable.unshift(chunk);
                self.log(format!("s{s}.unshift={more}"));
            }
            Act::SetEncoding { s, encoding } => {
                let readable = self.stream(*s).readable();
                if !readable.readable_object_mode() {
                    self.log(format!("s{s}.setEncoding({encoding})"));
                    readable.set_encoding(encoding.parse().unwrap());
                }
            }
            Act::WriteText { s, text, encoding } => {
                let writable = self.stream(*s).writable();
                if !writable.writable_object_mode() {
                    self.log(format!("s{s}.writeText({encoding})"));
                    let more = writable.write_text(text, Some(encoding.parse().unwrap()));
                    self.log(format!("s{s}.writeText={more}"));
                }
            }
            &Act::AddSignal { s } => {
                self.log(format!("s{s}.signal"));
                each!(&self.stream(s), it => add_abort_signal(&self.controller.signal(), it));
            }
            Act::Abort => {
                self.log("abort");
                self.controller.abort();
                self.log("aborted");
            }
            &Act::Read { s, size } => {
                self.log(format!("s{s}.read({})", or_null(size)));
                let chunk = self.stream(s).readable().read(size);
                self.log(format!("s{s}.read={}", chunk.as_ref().map_or("null".to_owned(), show)));
            }
            &Act::Pause { s } => {
                self.log(format!("s{s}.pause()"));
                self.stream(s).readable().pause();
            }
            &Act::Resume { s } => {
                self.log(format!("s{s}.resume()"));
                self.stream(s).readable().resume();
            }
            &Act::Pipe { s, to, end } => {
                self.log(format!("s{s}.pipe(s{to})"));
                self.stream(s).readable().pipe(&self.stream(to).writable(), PipeOptions::default().end(end));
            }
            &Act::Unpipe { s, to } => {
                self.log(format!("s{s}.unpipe({})", or_null(to)));
                let dest = to.map(|to| self.stream(to).writable());
                self.stream(s).readable().unpipe(dest.as_ref());
            }
            Act::Write { s, size, callback } => {
                self.log(format!("s{s}.write({size})"));
                let wait = self.next_wait();
                let (stream, chunk) = (self.stream(*s).writable(), self.chunk(*size));
                let more = match callback.clone() {
                    None => stream.write(chunk),
                    Some(acts) => {
                        let (me, name) = (self.me(), format!("s{s}.cb{wait}"));
                        stream.write_with(chunk, move |result| {
                            me.log(format!("{name}({})", show_result(&result)));
                            me.act(&acts);
                        })
                    }
                };
                self.log(format!("s{s}.write={more}"));
            }
            &Act::End { s, size, callback } => {
                self.log(format!("s{s}.end({})", or_null(size)));
                let wait = self.next_wait();
                let (stream, chunk) = (self.stream(s).writable(), size.map(|size| self.chunk(size)));
                if callback {
                    let (me, name) = (self.me(), format!("s{s}.cb{wait}"));
                    stream.end_with(chunk, move |result| me.log(format!("{name}({})", show_result(&result))));
                } else if let Some(chunk) = chunk {
                    stream.end_chunk(chunk);
                } else {
                    stream.end();
                }
                self.log(format!("s{s}.end."));
            }
            &Act::Cork { s } => {
                self.log(format!("s{s}.cork()"));
                self.stream(s).writable().cork();
            }
            &Act::Uncork { s } => {
                self.log(format!("s{s}.uncork()"));
                self.stream(s).writable().uncork();
                self.log(format!("s{s}.uncork."));
            }
            &Act::Destroy { s, error } => {
                let name = error.map_or("null".to_owned(), |error| error.to_string());
                self.log(format!("s{s}.destroy({name})"));
                each!(self.stream(s), it => it.destroy(error.map(make_error)));
                self.log(format!("s{s}.destroy."));
            }
            Act::On { s, event, once, calls } => self.on(*s, event, *once, calls.clone()),
            &Act::Off { s, index } => {
                let id = self.listeners.borrow()[s].get(index).copied();
                if let Some(id) = id {
                    self.log(format!("s{s}.off({index})"));
                    each!(self.stream(s), it => it.off(id));
                }
            }
            &Act::State { s } => self.state(s),
            &Act::Finished { s, readable, writable } => {
                let name = format!("finished{}", self.next_wait());
                self.log(format!("{name} of s{s}"));
                let mut options = FinishedOptions::default();
                options.readable = readable;
                options.writable = writable;
                let me = self.me();
                let stream: AnyStream = each!(&self.stream(s), it => it.into());
                finished(stream, options, move |result| me.log(format!("{name}({})", show_result(&result))));
            }
            Act::Pipeline { streams, end } => self.pipeline(streams, *end),
            Act::Later { when, acts } => {
                let (me, acts) = (self.me(), acts.clone());
                self.later(Some(*when), move || me.act(&acts));
            }
        }
    }

    fn pipeline(&self, streams: &[usize], end: bool) {
        let name = format!("pipeline{}", self.next_wait());
        let list: Vec<String> = streams.iter().map(ToString::to_string).collect();
        self.log(format!("{name} of {}", list.join(",")));
        let (me, told, lp) = (self.me(), name.clone(), self.lp.clone());
        let done = move |result: Result<()>| {
            let line = format!("{told}({})", show_result(&result));
            if end {
                me.log(line);
            } else {
                // Node's form with options is a promise.
                lp.queue_microtask(move || me.log(line));
            }
        };
        let mut chain = match self.stream(streams[0]) {
            Any::R(it) => Pipeline::from(&it),
            Any::D(it) => Pipeline::from(&it),
            Any::W(_) => panic!("not readable"),
        };
        let (last, middle) = streams[1..].split_last().unwrap();
        for &s in middle {
            let Any::D(it) = self.stream(s) else { panic!("not a duplex") };
            chain = chain.through(&it);
        }
        let options = PipelineOptions::default().end(end);
        let result = match self.stream(*last) {
            Any::W(it) => chain.to(&it, options, done),
            Any::D(it) => chain.to(&it, options, done),
            Any::R(_) => panic!("not writable"),
        };
        if let Err(error) = result {
            if end {
                self.log(format!("{name} throws {}", show_error(Some(&error))));
            } else {
                let (me, line) = (self.me(), format!("{name}({})", show_error(Some(&error))));
                self.lp.queue_microtask(move || me.log(line));
            }
        }
    }

    fn on(&self, s: usize, event: &str, once: bool, calls: Vec<Vec<Act>>) {
        let index = self.listeners.borrow()[s].len();
        let (me, name, count) = (self.me(), event.to_owned(), Cell::new(0));
        let listener = Rc::new(move |text: &str| {
            me.log(format!("s{s}:{name}#{index}({text})"));
            let n = count.get();
            count.set(n + 1);
            if let Some(acts) = calls.get(n) {
                me.act(acts);
            }
        });
        self.log(format!("s{s}.on({event})"));
        let stream = self.stream(s);
        // The id is known only afterwards, and the listener may be called before that.
        let slot = self.listeners.borrow()[s].len();
        let set = |id: ListenerId| self.listeners.borrow_mut()[s].insert(slot, id);
        match event {
            "data" => {
                let readable = stream.readable();
                set(if once {
                    readable.once_data(move |chunk| listener(&show(&chunk)))
                } else {
                    readable.on_data_shared(move |chunk| listener(&show(&chunk)))
                });
            }
            "pipe" | "unpipe" => {
                let writable = stream.writable();
                let me = self.me();
                let fired = Cell::new(false);
                let call = move |source: &Readable| {
                    if once && fired.replace(true) {
                        return;
                    }
                    listener(&me.name_of(source));
                };
                set(if event == "pipe" { writable.on_pipe(call) } else { writable.on_unpipe(call) });
            }
            plain => {
                let event = match plain {
                    "close" => Event::Close,
                    "readable" => Event::Readable,
                    "end" => Event::End,
                    "pause" => Event::Pause,
                    "resume" => Event::Resume,
                    "drain" => Event::Drain,
                    "finish" => Event::Finish,
                    "prefinish" => Event::Prefinish,
                    other => panic!("unknown event {other}"),
                };
                set(if once {
                    each!(&stream, it => it.once(event, move || listener("")))
                } else {
                    each!(&stream, it => it.on_shared(event, move || listener("")))
                });
            }
        }
    }

    fn name_of(&self, source: &Readable) -> String {
        let all = self.streams.borrow();
        let position = all.iter().position(|any| match any {
            Any::R(it) => it.is_same(source),
            Any::D(it) => it.readable().is_same(source),
            Any::W(_) => false,
        });
        format!("s{}", position.unwrap())
    }

    fn state(&self, s: usize) {
        let stream = self.stream(s);
        let mut text = each!(&stream, it => format!(
            "s{s}: destroyed={} closed={} errored={}",
            it.destroyed(), it.closed(), show_error(it.errored().as_ref())
        ));
        if !matches!(stream, Any::W(_)) {
            let it = stream.readable();
            let flowing = match it.readable_flowing() {
                // Depends on listeners, which are let go of here.
                _ if it.closed() => "-".to_owned(),
                None => "null".to_owned(),
                Some(flowing) => flowing.to_string(),
            };
            let _ = write!(
                text,
                " r={} rlen={} flowing={flowing} paused={} ended={} raborted={} did={} rhwm={} pipes={}",
                it.is_readable(),
                it.readable_length(),
                if it.closed() { "-".to_owned() } else { it.is_paused().to_string() },
                it.readable_ended(),
                it.readable_aborted(),
                it.readable_did_read(),
                it.readable_high_water_mark(),
                it.pipe_count(),
            );
        }
        if !matches!(stream, Any::R(_)) {
            let it = stream.writable();
            let _ = write!(
                text,
                " w={} wlen={} drain={} wended={} finished={} corked={}",
                it.is_writable(),
                it.writable_length(),
                it.writable_need_drain(),
                it.writable_ended(),
                it.writable_finished(),
                it.writable_corked(),
            );
            if matches!(stream, Any::W(_)) {
                let _ = write!(text, " waborted={}", it.writable_aborted());
            }
        }
        let or_nothing = |is: Option<bool>| is.map_or(String::new(), |is| is.to_string());
        each!(&stream, it => {
            let (errored, disturbed) = (is_errored(it), is_disturbed(it));
            let (readable, writable) = (or_nothing(is_readable(it)), or_nothing(is_writable(it)));
            let _ = write!(text, " is={errored},{disturbed},{readable},{writable}");
        });
        if !matches!(stream, Any::W(_)) {
            let encoding = stream.readable().readable_encoding();
            let _ = write!(text, " encoding={}", encoding.map_or("null", |encoding| encoding.name()));
        }
        self.log(text);
    }
}
