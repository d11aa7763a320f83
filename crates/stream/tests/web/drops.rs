//! Streams of which all handles are dropped, in any state, are freed: counted by who is held by their ends.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use bytes::Bytes;
use nodecore_error::{Code, Error};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_stream::web::{
    Identity, PipeToOptions, Promise, QueuingStrategy, ReadableStream, TransformStream,
    TransformStreamDefaultController, Transformer, UnderlyingSink, UnderlyingSource, WritableStream,
    WritableStreamDefaultController,
};
use nodecore_stream::{
    Done, Duplex, DuplexOptions, Readable, ReadableOptions, Sink, Source, Transform, TransformDone, Writable,
    WritableOptions,
};

/// What is held: the ends of the streams have clones of it.
struct Held(Rc<()>);

impl Held {
    fn new() -> (Held, Weak<()>) {
        let held = Rc::new(());
        let weak = Rc::downgrade(&held);
        (Held(held), weak)
    }
    fn more(&self) -> Held {
        Held(Rc::clone(&self.0))
    }
}

/// Gives three chunks when it is asked, and nothing after that.
struct Three(#[allow(dead_code, reason = "only held")] Held, RefCell<i32>);

impl Three {
    fn new(held: &Held) -> Three {
        Three(held.more(), RefCell::new(0))
    }
}

impl Source<Bytes> for Three {
    fn read(&self, stream: &Readable, _size: usize) {
        let next = self.1.replace_with(|count| *count + 1);
        if next < 3 {
            stream.push(Some(Bytes::from_static(b"abc")));
        }
    }
}

/// Takes what it is given at once, a turn later, or never.
#[derive(Clone, Copy, PartialEq)]
enum Pace {
    AtOnce,
    Later,
    Never,
}

struct Taking(#[allow(dead_code, reason = "only held")] Held, EventLoop, Pace);

impl Sink<Bytes> for Taking {
    fn write(&self, _: &Writable, _: Bytes, done: Done) {
        match self.2 {
            Pace::AtOnce => done.ok(),
            Pace::Later => drop(self.1.set_timeout(1.0, move || done.ok())),
            Pace::Never => drop(done),
        }
    }
}

/// Makes each chunk four.
struct Fourfold(#[allow(dead_code, reason = "only held")] Held);

impl nodecore_stream::Transformer<Bytes, Bytes> for Fourfold {
    fn transform(&self, stream: &Transform, chunk: Bytes, done: TransformDone<Bytes>) {
        for _ in 0..4 {
            stream.push(Some(chunk.clone()));
        }
        done.ok();
    }
}

impl Transformer<Bytes, Bytes> for Held {
    fn transform(
        &self,
        chunk: Bytes,
        controller: &TransformStreamDefaultController<Bytes, Bytes>,
    ) -> Promise<()> {
        controller.enqueue(chunk).map_or_else(Promise::rejected, Promise::resolved)
    }
}
impl UnderlyingSource<Bytes> for Held {}

/// A web sink whose promises are settled by `Pace`.
struct WebTaking(#[allow(dead_code, reason = "only held")] Held, EventLoop, Pace);

impl UnderlyingSink<Bytes> for WebTaking {
    fn write(&self, _: Bytes, _: &WritableStreamDefaultController<Bytes>) -> Promise<()> {
        match self.2 {
            Pace::AtOnce => Promise::resolved(()),
            Pace::Never => Promise::pending(),
            Pace::Later => {
                let promise = Promise::pending();
                let settled = promise.clone();
                self.1.set_timeout(1.0, move || settled.settle(Ok(())));
                promise
            }
        }
    }
}

fn chunk() -> Bytes {
    Bytes::from_static(b"0123456789")
}

fn transform(lp: &EventLoop, held: Held) -> Transform {
    let options = DuplexOptions::default().readable_high_water_mark(8).writable_high_water_mark(8);
    Transform::new(lp, options, Fourfold(held))
}

fn writable(lp: &EventLoop, held: &Held, pace: Pace) -> Writable {
    let options = WritableOptions::default().high_water_mark(8);
    Writable::new(lp, options, Taking(held.more(), lp.clone(), pace))
}

/// Chunks whose source is held as well.
fn counted(held: &Held, count: usize) -> impl Iterator<Item = Bytes> + use<> {
    let held = held.more();
    (0..count).map(move |_| {
        let _ = &held;
        chunk()
    })
}

/// Runs `build` with the loop turning never, a little or until nothing is left to do before and after the handles go.
fn freed(name: &str, build: impl Fn(&EventLoop, &Held) -> Box<dyn std::any::Any>) {
    for turns in 0..4 {
        let lp = EventLoop::new().unwrap();
        let (held, weak) = Held::new();
        let handles = build(&lp, &held);
        match turns {
            0 => {}
            1 => lp.run_ticks(),
            2 => {
                lp.run(RunMode::NoWait);
            }
            _ => {
                lp.run(RunMode::Default);
            }
        }
        drop((handles, held));
        lp.run(RunMode::Default);
        assert_eq!(weak.strong_count(), 0, "{name}, dropped after step {turns}");
    }
}

#[test]
fn node_streams_as_web_streams() {
    freed("readable, never read", |lp, held| {
        Box::new(Readable::new(lp, ReadableOptions::default(), Three::new(held)).to_web(None).unwrap())
    });
    freed("readable with its own handle", |lp, held| {
        let stream = Readable::new(lp, ReadableOptions::default(), Three::new(held));
        Box::new((stream.to_web(None).unwrap(), stream))
    });
    freed("readable, being read", |lp, held| {
        let stream = Readable::new(lp, ReadableOptions::default(), Three::new(held)).to_web(None).unwrap();
        let reader = stream.get_reader().unwrap();
        let reads: Vec<_> = (0..5).map(|_| reader.read()).collect();
        Box::new((reader, reads))
    });
    freed("readable, teed", |lp, held| {
        let stream = Readable::new(lp, ReadableOptions::default(), Three::new(held)).to_web(None).unwrap();
        let (a, b) = stream.tee().unwrap();
        let reader = a.get_reader().unwrap();
        Box::new((reader.read(), reader, a, b))
    });
    for pace in [Pace::AtOnce, Pace::Later, Pace::Never] {
        for writes in 0..4 {
            freed("writable", |lp, held| {
                let web = writable(lp, held, pace).to_web().unwrap();
                let writer = web.get_writer().unwrap();
                let told: Vec<_> = (0..writes).map(|_| writer.write(chunk())).collect();
                Box::new((web, writer, told))
            });
            freed("writable, closing", |lp, held| {
                let web = writable(lp, held, pace).to_web().unwrap();
                let writer = web.get_writer().unwrap();
                let told: Vec<_> = (0..writes).map(|_| writer.write(chunk())).collect();
                Box::new((told, writer.close(), writer))
            });
            freed("writable, aborted", |lp, held| {
                let web = writable(lp, held, pace).to_web().unwrap();
                let writer = web.get_writer().unwrap();
                let told: Vec<_> = (0..writes).map(|_| writer.write(chunk())).collect();
                Box::new((told, writer.abort(None), writer))
            });
        }
    }
    freed("corked writable", |lp, held| {
        let stream = writable(lp, held, Pace::AtOnce);
        stream.cork();
        let web = stream.to_web().unwrap();
        let writer = web.get_writer().unwrap();
        Box::new((writer.write(chunk()), writer.write(chunk()), writer))
    });
}

#[test]
fn duplexes_as_web_streams() {
    for writes in 0..4 {
        for reads in 0..3 {
            for keep in 0..3 {
                freed("transform", |lp, held| {
                    let pair = transform(lp, held.more()).to_web().unwrap();
                    let (writer, reader) =
                        (pair.writable.get_writer().unwrap(), pair.readable.get_reader().unwrap());
                    let told: Vec<_> = (0..writes).map(|_| writer.write(chunk())).collect();
                    let read: Vec<_> = (0..reads).map(|_| reader.read()).collect();
                    // One side may go before the loop turns.
                    match keep {
                        0 => Box::new((told, read, writer, reader)),
                        1 => Box::new((told, read, writer)),
                        _ => Box::new((told, read, reader)),
                    }
                });
            }
        }
    }
}

#[test]
fn web_streams_as_node_streams() {
    freed("readable, never read", |lp, held| {
        let web = ReadableStream::new(lp, held.more(), QueuingStrategy::new()).unwrap();
        Box::new(Readable::from_web(&web, ReadableOptions::default()).unwrap())
    });
    for pace in [Pace::AtOnce, Pace::Later] {
        for writes in 0..3 {
            freed("writable", |lp, held| {
                let sink = WebTaking(held.more(), lp.clone(), pace);
                let web = WritableStream::new(lp, sink, QueuingStrategy::new()).unwrap();
                let stream = Writable::from_web(&web, WritableOptions::default()).unwrap();
                for _ in 0..writes {
                    stream.write(chunk());
                }
                Box::new(stream)
            });
        }
    }
    freed("duplex", |lp, held| {
        let source = ReadableStream::new(lp, held.more(), QueuingStrategy::new()).unwrap();
        let sink = WebTaking(held.more(), lp.clone(), Pace::Later);
        let sink = WritableStream::new(lp, sink, QueuingStrategy::new()).unwrap();
        let stream = Duplex::<Bytes, Bytes>::from_web_of(&source, &sink, DuplexOptions::default()).unwrap();
        stream.write(chunk());
        Box::new(stream)
    });
}

#[test]
fn transform_streams() {
    for writes in 0..4 {
        for reads in 0..3 {
            freed("transform stream", |lp, held| {
                let through =
                    TransformStream::new(lp, held.more(), QueuingStrategy::new(), QueuingStrategy::new())
                        .unwrap();
                let (writer, reader) =
                    (through.writable().get_writer().unwrap(), through.readable().get_reader().unwrap());
                let told: Vec<_> = (0..writes).map(|_| writer.write(chunk())).collect();
                let read: Vec<_> = (0..reads).map(|_| reader.read()).collect();
                Box::new((told, read, writer, reader))
            });
        }
    }
    struct NeverStarts(#[allow(dead_code, reason = "only held")] Held);
    impl Transformer<Bytes, Bytes> for NeverStarts {
        fn start(
            &self,
            _: &TransformStreamDefaultController<Bytes, Bytes>,
        ) -> nodecore_error::Result<Promise<()>> {
            Ok(Promise::pending())
        }
        fn transform(&self, _: Bytes, _: &TransformStreamDefaultController<Bytes, Bytes>) -> Promise<()> {
            Promise::resolved(())
        }
    }
    freed("transform stream that never starts", |lp, held| {
        let never = NeverStarts(held.more());
        let through =
            TransformStream::new(lp, never, QueuingStrategy::new(), QueuingStrategy::new()).unwrap();
        Box::new((through.readable().clone(), through))
    });
}

#[test]
fn pipes_that_wait_for_room() {
    for count in [1, 3, 50] {
        freed("pipe into a transform stream", |lp, held| {
            let through =
                TransformStream::new(lp, held.more(), QueuingStrategy::new(), QueuingStrategy::new())
                    .unwrap();
            let source = ReadableStream::from_iter(lp, counted(held, count));
            Box::new(source.pipe_through(&through, PipeToOptions::default()).unwrap())
        });
        freed("pipe into a transform", |lp, held| {
            let pair = transform(lp, held.more()).to_web().unwrap();
            let source = ReadableStream::from_iter(lp, counted(held, count));
            Box::new(source.pipe_through(pair, PipeToOptions::default()).unwrap())
        });
        freed("pipe into a sink that stops", |lp, held| {
            let sink = WebTaking(held.more(), lp.clone(), Pace::Never);
            let dest = WritableStream::new(lp, sink, QueuingStrategy::new()).unwrap();
            let source = ReadableStream::from_iter(lp, counted(held, count));
            Box::new(source.pipe_to(&dest, PipeToOptions::default()))
        });
    }
}

/// What was written before the handles went is written all the same.
#[test]
fn what_is_queued_is_written() {
    struct Count(Rc<RefCell<usize>>, EventLoop);
    impl Sink<Bytes> for Count {
        fn write(&self, _: &Writable, chunk: Bytes, done: Done) {
            *self.0.borrow_mut() += chunk.len();
            self.1.set_timeout(1.0, move || done.ok());
        }
    }
    let lp = EventLoop::new().unwrap();
    let total = Rc::new(RefCell::new(0));
    let options = WritableOptions::default().high_water_mark(8);
    let web = Writable::new(&lp, options, Count(Rc::clone(&total), lp.clone())).to_web().unwrap();
    let writer = web.get_writer().unwrap();
    let told: Vec<_> = (0..20).map(|_| writer.write(chunk())).collect();
    drop((web, writer));
    lp.run(RunMode::Default);
    assert_eq!(*total.borrow(), 200);
    assert!(told.iter().all(Promise::is_settled));
    assert_eq!(Rc::strong_count(&total), 1);

    // Through a pipe as well, whose stages nobody holds.
    let options = WritableOptions::default().high_water_mark(8);
    let web = Writable::new(&lp, options, Count(Rc::clone(&total), lp.clone())).to_web().unwrap();
    let through =
        TransformStream::new(&lp, Identity, QueuingStrategy::new(), QueuingStrategy::new()).unwrap();
    let source = ReadableStream::from_iter(&lp, std::iter::repeat_n(chunk(), 30));
    let piped = source
        .pipe_through(&through, PipeToOptions::default())
        .unwrap()
        .pipe_to(&web, PipeToOptions::default());
    drop((source, through, web));
    lp.run(RunMode::Default);
    assert_eq!(*total.borrow(), 500);
    assert!(piped.is_settled());
    assert_eq!(Rc::strong_count(&total), 1);
}

/// A stream that nobody reads does not hold up one who is told of the end.
#[test]
fn a_source_outlives_its_web_stream() {
    let lp = EventLoop::new().unwrap();
    let stream = Readable::<Bytes>::pushed(&lp, ReadableOptions::default());
    let web = stream.to_web(None).unwrap();
    lp.run_ticks();
    drop(web);
    stream.push(Some(chunk()));
    lp.run(RunMode::Default);
    assert!(stream.is_paused(), "nobody can read it");
    stream.destroy(Some(Error::new(Code::EIO, "bad")));
    lp.run(RunMode::Default);
    assert!(stream.closed());
}

/// Freeing a long chain of pipes takes no stack for each of them.
#[test]
fn long_chains() {
    for stages in [2, 3, 10] {
        let lp = EventLoop::new().unwrap();
        let (held, weak) = Held::new();
        let mut stream = ReadableStream::from_iter(&lp, counted(&held, 5000));
        for _ in 0..stages {
            let through =
                TransformStream::new(&lp, held.more(), QueuingStrategy::new(), QueuingStrategy::new())
                    .unwrap();
            stream = stream.pipe_through(&through, PipeToOptions::default()).unwrap();
        }
        lp.run(RunMode::Default);
        drop((stream, held));
        lp.run(RunMode::Default);
        assert_eq!(weak.strong_count(), 0, "{stages}");
    }
    let thread = std::thread::Builder::new().stack_size(512 * 1024).spawn(|| {
        let lp = EventLoop::new().unwrap();
        let (held, weak) = Held::new();
        let mut stream = ReadableStream::from_iter(&lp, counted(&held, 5000));
        for _ in 0..1000 {
            let through =
                TransformStream::new(&lp, held.more(), QueuingStrategy::new(), QueuingStrategy::new())
                    .unwrap();
            stream = stream.pipe_through(&through, PipeToOptions::default()).unwrap();
        }
        lp.run(RunMode::Default);
        drop((stream, held));
        lp.run(RunMode::Default);
        assert_eq!(weak.strong_count(), 0);
    });
    thread.unwrap().join().unwrap();
}
