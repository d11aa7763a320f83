//! What interpreter.js does, here.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use bytes::{Bytes, BytesMut};
use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::EventLoop;
use nodecore_events::AbortController;
use nodecore_stream::web::{
    PipeToOptions, Promise, QueuingStrategy, ReadableByteStreamController, ReadableStream,
    ReadableStreamByobReader, ReadableStreamDefaultController, ReadableStreamDefaultReader, TransformStream,
    TransformStreamDefaultController, Transformer, UnderlyingByteSource, UnderlyingSink, UnderlyingSource,
    WritableStream, WritableStreamDefaultController, WritableStreamDefaultWriter,
};

use crate::{Act, Behaviour, Op, Program, Stream};

fn error(text: &str) -> Error {
    Error::new(Code::EIO, text)
}

fn text(error: &Error) -> String {
    error.to_string()
}

fn reason(error: Option<&Error>) -> String {
    error.map_or_else(|| "none".to_owned(), text)
}

fn shown(chunk: &[u8]) -> String {
    chunk.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn number(size: Option<f64>) -> String {
    size.map_or_else(|| "null".to_owned(), |size| size.to_string())
}

type Due = Vec<(u32, Box<dyn FnOnce()>)>;

struct World {
    lp: EventLoop,
    trace: RefCell<Vec<String>>,
    step: Cell<u32>,
    made: Cell<u32>,
    due: RefCell<Due>,
    controllers: RefCell<Vec<AnyController>>,
}

#[derive(Clone)]
enum AnyController {
    Default(ReadableStreamDefaultController<Bytes>),
    Bytes(ReadableByteStreamController),
}

impl AnyController {
    fn enqueue(&self, chunk: Bytes) -> Result<()> {
        match self {
            AnyController::Default(c) => c.enqueue(chunk),
            AnyController::Bytes(c) => c.enqueue(chunk),
        }
    }
    fn close(&self) -> Result<()> {
        match self {
            AnyController::Default(c) => c.close(),
            AnyController::Bytes(c) => {
                c.close()?;
                c.byob_request().map_or(Ok(()), |request| request.respond(0))
            }
        }
    }
    fn error(&self, error: Error) {
        match self {
            AnyController::Default(c) => c.error(error),
            AnyController::Bytes(c) => c.error(error),
        }
    }
    fn desired_size(&self) -> Option<f64> {
        match self {
            AnyController::Default(c) => c.desired_size(),
            AnyController::Bytes(c) => c.desired_size(),
        }
    }
}

impl World {
    fn log(&self, line: &str) {
        self.trace.borrow_mut().push(format!("{} {line}", self.step.get()));
    }

    fn next_fill(&self) -> u8 {
        self.made.set(self.made.get() + 1);
        u8::try_from(128 + self.made.get() % 128).unwrap()
    }

    fn tagged(count: usize, tag: u8) -> Bytes {
        Bytes::from(vec![tag; count])
    }

    fn bytes(&self, count: usize) -> Bytes {
        Bytes::from(vec![self.next_fill(); count])
    }

    fn later(&self, delay: u32, act: impl FnOnce() -> Result<()> + 'static) -> Promise<()> {
        if delay == 0 {
            return act().map_or_else(Promise::rejected, Promise::resolved);
        }
        let promise = Promise::pending();
        let settled = promise.clone();
        self.due.borrow_mut().push((self.step.get() + delay, Box::new(move || settled.settle(act()))));
        promise
    }

    fn behave(&self, behaviour: Behaviour, name: String) -> Promise<()> {
        self.later(
            behaviour.delay,
            move || {
                if behaviour.ok { Ok(()) } else { Err(error(&format!("{name} failed"))) }
            },
        )
    }

    fn told<T: Clone + 'static>(
        self: &Rc<Self>,
        name: &str,
        promise: &Promise<T>,
        show: impl FnOnce(T) -> String + 'static,
    ) {
        let (world, name) = (Rc::clone(self), name.to_owned());
        promise.then(&self.lp, move |result| match result {
            Ok(value) => world.log(&format!("{name} = {}", show(value))),
            Err(error) => world.log(&format!("{name} ! {}", text(&error))),
        });
    }

    fn attempt<T>(&self, name: &str, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.log(&format!("{name} ! {}", text(&error)))).ok()
    }

    fn fill(to: &AnyController, act: Act, name: &str, tag: u8) -> Result<()> {
        match act.kind {
            "enqueue" => to.enqueue(World::tagged(act.count, tag)),
            "twice" => {
                to.enqueue(World::tagged(act.count, tag))?;
                to.enqueue(World::tagged(act.count, tag + 1))
            }
            "close" => to.close(),
            "last" => {
                to.enqueue(World::tagged(act.count, tag))?;
                to.close()
            }
            "error" => {
                to.error(error(&format!("{name} errored")));
                Ok(())
            }
            "reject" => Err(error(&format!("{name} rejected"))),
            "respond" => {
                let request = match to {
                    AnyController::Bytes(c) => c.byob_request(),
                    AnyController::Default(_) => None,
                };
                match request {
                    Some(request) => {
                        let count = act.count.min(request.view_len());
                        request.with_view(|view| view[..count].fill(tag));
                        request.respond(count)
                    }
                    None => to.enqueue(World::tagged(act.count, tag)),
                }
            }
            _ => Ok(()),
        }
    }
}

fn strategy(mark: u32) -> QueuingStrategy<Bytes> {
    QueuingStrategy::new().high_water_mark(f64::from(mark))
}

struct Source {
    world: Rc<World>,
    n: usize,
    start: Behaviour,
    pulls: Vec<Act>,
    pulled: Cell<usize>,
    cancel: Behaviour,
}

impl Source {
    fn started(&self, controller: AnyController) -> Promise<()> {
        self.world.controllers.borrow_mut().push(controller);
        self.world.behave(self.start, format!("start{}", self.n))
    }

    fn pull_into(&self, to: AnyController) -> Promise<()> {
        self.world.log(&format!("pull{} {}", self.n, number(to.desired_size())));
        let tag = u8::try_from(32 * self.n + 2 * self.pulled.get()).unwrap_or(u8::MAX);
        let act = self.pulls.get(self.pulled.replace(self.pulled.get() + 1)).copied();
        let Some(act) = act else { return Promise::resolved(()) };
        let name = format!("pull{}", self.n);
        self.world.later(act.delay, move || World::fill(&to, act, &name, tag))
    }

    fn cancelled(&self, why: Option<&Error>) -> Promise<()> {
        self.world.log(&format!("cancel{} {}", self.n, reason(why)));
        self.world.behave(self.cancel, format!("cancel{}", self.n))
    }
}

impl UnderlyingSource<Bytes> for Source {
    fn start(&self, controller: &ReadableStreamDefaultController<Bytes>) -> Result<Promise<()>> {
        Ok(self.started(AnyController::Default(controller.clone())))
    }
    fn pull(&self, controller: &ReadableStreamDefaultController<Bytes>) -> Promise<()> {
        self.pull_into(AnyController::Default(controller.clone()))
    }
    fn cancel(&self, reason: Option<Error>) -> Promise<()> {
        self.cancelled(reason.as_ref())
    }
}

impl UnderlyingByteSource for Source {
    fn start(&self, controller: &ReadableByteStreamController) -> Result<Promise<()>> {
        Ok(self.started(AnyController::Bytes(controller.clone())))
    }
    fn pull(&self, controller: &ReadableByteStreamController) -> Promise<()> {
        self.pull_into(AnyController::Bytes(controller.clone()))
    }
    fn cancel(&self, reason: Option<Error>) -> Promise<()> {
        self.cancelled(reason.as_ref())
    }
}

struct Sink {
    world: Rc<World>,
    n: usize,
    start: Behaviour,
    writes: Vec<Behaviour>,
    written: Cell<usize>,
    close: Behaviour,
    abort: Behaviour,
}

impl UnderlyingSink<Bytes> for Sink {
    fn start(&self, _: &WritableStreamDefaultController<Bytes>) -> Result<Promise<()>> {
        Ok(self.world.behave(self.start, format!("start{}", self.n)))
    }
    fn write(&self, chunk: Bytes, _: &WritableStreamDefaultController<Bytes>) -> Promise<()> {
        self.world.log(&format!("write{} {}", self.n, shown(&chunk)));
        let behaviour = self.writes.get(self.written.replace(self.written.get() + 1)).copied();
        behaviour.map_or_else(
            || Promise::resolved(()),
            |behaviour| self.world.behave(behaviour, format!("write{}", self.n)),
        )
    }
    fn close(&self) -> Promise<()> {
        self.world.log(&format!("close{}", self.n));
        self.world.behave(self.close, format!("close{}", self.n))
    }
    fn abort(&self, why: Error) -> Promise<()> {
        self.world.log(&format!("abort{} {}", self.n, text(&why)));
        self.world.behave(self.abort, format!("abort{}", self.n))
    }
}

struct Changer {
    world: Rc<World>,
    n: usize,
    acts: Vec<Act>,
    called: Cell<usize>,
    flush: Behaviour,
    cancel: Behaviour,
}

impl Transformer<Bytes, Bytes> for Changer {
    fn transform(
        &self,
        chunk: Bytes,
        controller: &TransformStreamDefaultController<Bytes, Bytes>,
    ) -> Promise<()> {
        let size = number(controller.desired_size());
        self.world.log(&format!("transform{} {} {size}", self.n, shown(&chunk)));
        let act = self.acts.get(self.called.replace(self.called.get() + 1)).copied();
        let Some(act) = act else {
            return controller.enqueue(chunk).map_or_else(Promise::rejected, Promise::resolved);
        };
        let (to, n) = (controller.clone(), self.n);
        self.world.later(act.delay, move || match act.kind {
            "enqueue" => to.enqueue(chunk),
            "twice" => {
                to.enqueue(chunk.clone())?;
                to.enqueue(chunk)
            }
            "error" => {
                to.error(error(&format!("transform{n} errored")));
                Ok(())
            }
            "reject" => Err(error(&format!("transform{n} rejected"))),
            "close" => {
                to.terminate();
                Ok(())
            }
            _ => Ok(()),
        })
    }
    fn flush(&self, _: &TransformStreamDefaultController<Bytes, Bytes>) -> Promise<()> {
        self.world.log(&format!("flush{}", self.n));
        self.world.behave(self.flush, format!("flush{}", self.n))
    }
    fn cancel(&self, why: Option<Error>) -> Promise<()> {
        self.world.log(&format!("tcancel{} {}", self.n, reason(why.as_ref())));
        self.world.behave(self.cancel, format!("tcancel{}", self.n))
    }
}

enum AnyReader {
    Default(ReadableStreamDefaultReader<Bytes>),
    Byob(ReadableStreamByobReader),
}

#[derive(Default)]
struct Objects {
    readables: Vec<(ReadableStream, bool)>,
    writables: Vec<WritableStream>,
    readers: Vec<AnyReader>,
    writers: Vec<WritableStreamDefaultWriter<Bytes>>,
    aborters: Vec<AbortController>,
}

fn at<T>(list: &[T], index: usize) -> Option<&T> {
    if list.is_empty() { None } else { list.get(index % list.len()) }
}

/// A start that throws is tried elsewhere.
fn startable(start: Behaviour) -> Behaviour {
    Behaviour { ok: start.ok || start.delay == 0, ..start }
}

fn build(world: &Rc<World>, program: &Program) -> Objects {
    let mut objects =
        Objects { aborters: vec![AbortController::new(), AbortController::new()], ..Objects::default() };
    for (n, stream) in program.streams.iter().enumerate() {
        let world = Rc::clone(world);
        let lp = world.lp.clone();
        match stream.clone() {
            Stream::Readable { bytes, auto, mark, start, pulls, cancel } => {
                let source =
                    Source { world, n, start: startable(start), pulls, pulled: Cell::new(0), cancel };
                let stream = if bytes {
                    ReadableStream::bytes(&lp, source, Some(auto).filter(|&auto| auto > 0), f64::from(mark))
                } else {
                    ReadableStream::new(&lp, source, strategy(mark))
                };
                objects.readables.push((stream.unwrap(), bytes));
            }
            Stream::Writable { mark, start, writes, close, abort } => {
                let sink =
                    Sink { world, n, start: startable(start), writes, written: Cell::new(0), close, abort };
                objects.writables.push(WritableStream::new(&lp, sink, strategy(mark)).unwrap());
            }
            Stream::Transform { mark, read_mark, acts, flush, cancel } => {
                let changer = Changer { world, n, acts, called: Cell::new(0), flush, cancel };
                let stream = TransformStream::new(&lp, changer, strategy(mark), strategy(read_mark)).unwrap();
                objects.readables.push((stream.readable().clone(), false));
                objects.writables.push(stream.writable().clone());
            }
        }
    }
    objects
}

fn read_op(world: &Rc<World>, objects: &mut Objects, op: Op, name: &str) {
    match op.kind {
        "reader" => {
            let Some((stream, _)) = at(&objects.readables, op.a) else { return };
            if let Some(reader) = world.attempt("reader", stream.get_reader()) {
                world.told(&format!("reader{} closed", objects.readers.len()), &reader.closed(), |()| {
                    String::new()
                });
                objects.readers.push(AnyReader::Default(reader));
            }
        }
        "byob" => {
            let Some((stream, true)) = at(&objects.readables, op.a) else { return };
            if let Some(reader) = world.attempt("byob", stream.get_byob_reader()) {
                world.told(&format!("reader{} closed", objects.readers.len()), &reader.closed(), |()| {
                    String::new()
                });
                objects.readers.push(AnyReader::Byob(reader));
            }
        }
        "read" => match at(&objects.readers, op.a) {
            Some(AnyReader::Default(reader)) => world.told(name, &reader.read(), |chunk| {
                chunk.map_or_else(|| "end".to_owned(), |chunk| shown(&chunk))
            }),
            Some(AnyReader::Byob(reader)) => {
                let size = 1 + op.b % 6;
                world.told(name, &reader.read(BytesMut::zeroed(size), 1 + op.b % size), |read| {
                    let value = read.value.map_or_else(|| "none".to_owned(), |value| shown(&value));
                    format!("{value} {}", read.done)
                });
            }
            None => {}
        },
        "release" => match at(&objects.readers, op.a) {
            Some(AnyReader::Default(reader)) => reader.release_lock(),
            Some(AnyReader::Byob(reader)) => reader.release_lock(),
            None => {}
        },
        "rcancel" => {
            let cancelled = match at(&objects.readers, op.a) {
                Some(AnyReader::Default(reader)) => reader.cancel(Some(error(name))),
                Some(AnyReader::Byob(reader)) => reader.cancel(Some(error(name))),
                None => return,
            };
            world.told(name, &cancelled, |()| String::new());
        }
        "cancel" => {
            if let Some((stream, _)) = at(&objects.readables, op.a) {
                world.told(name, &stream.cancel(Some(error(name))), |()| String::new());
            }
        }
        "tee" => {
            let Some((stream, false)) = at(&objects.readables, op.a) else { return };
            if let Some((first, second)) = world.attempt("tee", stream.tee()) {
                objects.readables.extend([(first, false), (second, false)]);
            }
        }
        "pipe" => {
            let (Some((source, _)), Some(dest)) =
                (at(&objects.readables, op.a), at(&objects.writables, op.b))
            else {
                return;
            };
            let mut options = PipeToOptions::default()
                .prevent_close(op.c & 1 != 0)
                .prevent_abort(op.c & 2 != 0)
                .prevent_cancel(op.c & 4 != 0);
            if op.c & 8 != 0 {
                options = options.signal(&objects.aborters[op.c % 2].signal());
            }
            world.told(name, &source.pipe_to(dest, options), |()| String::new());
        }
        "stop" => objects.aborters[op.a % 2].abort_with(error(name)),
        "push" => {
            let controller = at(&world.controllers.borrow(), op.a).cloned();
            if let Some(controller) = controller {
                world.attempt(name, controller.enqueue(world.bytes(1 + op.b % 5)));
            }
        }
        "finish" => {
            let controller = at(&world.controllers.borrow(), op.a).cloned();
            if let Some(controller) = controller {
                world.attempt(name, controller.close());
            }
        }
        "fail" => {
            let controller = at(&world.controllers.borrow(), op.a).cloned();
            if let Some(controller) = controller {
                controller.error(error(name));
            }
        }
        _ => write_op(world, objects, op, name),
    }
}

fn write_op(world: &Rc<World>, objects: &mut Objects, op: Op, name: &str) {
    let nothing = |()| String::new();
    match op.kind {
        "writer" => {
            let Some(stream) = at(&objects.writables, op.a) else { return };
            if let Some(writer) = world.attempt("writer", stream.get_writer()) {
                world.told(&format!("writer{} closed", objects.writers.len()), &writer.closed(), nothing);
                world.told(&format!("writer{} ready", objects.writers.len()), &writer.ready(), nothing);
                objects.writers.push(writer);
            }
        }
        "write" => {
            if let Some(writer) = at(&objects.writers, op.a) {
                world.told(name, &writer.write(world.bytes(1 + op.b % 3)), nothing);
            }
        }
        "ready" => {
            if let Some(writer) = at(&objects.writers, op.a) {
                world.told(name, &writer.ready(), nothing);
            }
        }
        "desired" => {
            if let Some(writer) = at(&objects.writers, op.a)
                && let Some(size) = world.attempt(name, writer.desired_size())
            {
                world.log(&format!("{name} {}", number(size)));
            }
        }
        "wclose" => {
            if let Some(writer) = at(&objects.writers, op.a) {
                world.told(name, &writer.close(), nothing);
            }
        }
        "wabort" => {
            if let Some(writer) = at(&objects.writers, op.a) {
                world.told(name, &writer.abort(Some(error(name))), nothing);
            }
        }
        "wrelease" => {
            if let Some(writer) = at(&objects.writers, op.a) {
                writer.release_lock();
            }
        }
        "close" => {
            if let Some(stream) = at(&objects.writables, op.a) {
                world.told(name, &stream.close(), nothing);
            }
        }
        "abort" => {
            if let Some(stream) = at(&objects.writables, op.a) {
                world.told(name, &stream.abort(Some(error(name))), nothing);
            }
        }
        _ => {}
    }
}

pub(crate) fn run(program: &Program) -> Vec<String> {
    let lp = EventLoop::new().unwrap();
    let world = Rc::new(World {
        lp: lp.clone(),
        trace: RefCell::default(),
        step: Cell::new(0),
        made: Cell::new(0),
        due: RefCell::default(),
        controllers: RefCell::default(),
    });
    let mut objects = lp.callback_scope(|| build(&world, program));
    let idle = Op { kind: "idle", a: 0, b: 0, c: 0 };
    for op in program.ops.iter().copied().chain([idle; 12]) {
        world.step.set(world.step.get() + 1);
        lp.callback_scope(|| {
            let step = world.step.get();
            loop {
                let next = world.due.borrow().iter().position(|(at, _)| *at <= step);
                let Some(next) = next else { break };
                let (_, run) = world.due.borrow_mut().remove(next);
                run();
            }
            read_op(&world, &mut objects, op, &format!("{}{step}", op.kind));
        });
    }
    let trace = world.trace.take();
    let (due, controllers) = (world.due.take(), world.controllers.take());
    drop((objects, due, controllers));
    lp.run_ticks();
    lp.close().unwrap();
    trace
}
