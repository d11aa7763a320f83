//! The Rust bodies of streams.

use super::{file, measure_once, must, stop};
use bytes::Bytes;
use futures_core::Stream;
use nodecore::event_loop::{EventLoop, RunMode};
use nodecore::fs::{self, ReadStreamOptions};
use nodecore::stream::web::{
    Promise, QueuingStrategy, ReadableStream, ReadableStreamDefaultController, TransformStream,
    TransformStreamDefaultController, Transformer, UnderlyingSink, UnderlyingSource, WritableStream,
    WritableStreamDefaultController,
};
use nodecore::stream::{
    Chunks, FinishedOptions, PipeOptions, Pipeline, PipelineOptions, Readable, ReadableOptions, Transform,
    TransformOptions, Writable, WritableOptions, finished, pipeline,
};
use nodecore::zlib::{ZlibOptions, ZlibStream, create_gunzip, create_gzip, gzip_sync};
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;

pub(super) const BODIES: &[(&str, fn())] = &[
    ("stream-pipeline-objects", pipeline_objects),
    ("stream-pass-through-1g", pass_through),
    ("stream-pipe-1g", pipe),
    ("stream-write-small", write_small),
    ("stream-iterate", iterate),
    ("stream-finished", ended),
    ("stream-web-pipe", web_pipe),
    ("stream-peak-memory", peak_memory),
    ("gzip-10g-memory", gzip_memory),
    ("gunzip-10g-memory", gunzip_memory),
    ("create-read-stream-8m", || create_read_stream(&file("source"), &ReadStreamOptions::default())),
    ("create-read-stream-1g", read_zeros),
    ("create-read-stream-file-1g", || create_read_stream(&file("1g"), &ReadStreamOptions::default())),
    ("create-read-stream-memory", read_stream_memory),
];

const OBJECTS: usize = 65536;
const CHUNK: usize = 64 << 10;
const STAGES: usize = 5;

/// The numbers from 0, as many as there are objects.
fn numbers(lp: &EventLoop) -> Readable<usize> {
    let next = Cell::new(0);
    Readable::from_fn(lp, ReadableOptions::default().object_mode(true), move |stream, _| {
        let value = next.get();
        next.set(value + 1);
        stream.push((value < OBJECTS).then_some(value));
    })
}

/// A source of `bytes` bytes in chunks that `make` makes.
fn chunks(lp: &EventLoop, bytes: usize, make: impl Fn() -> Bytes + 'static) -> Readable {
    let left = Cell::new(bytes / CHUNK);
    Readable::from_fn(lp, ReadableOptions::default(), move |stream: &Readable, _| {
        let n = left.get();
        left.set(n.saturating_sub(1));
        stream.push((n > 0).then(&make));
    })
}

/// A source of `data` in chunks of `size` bytes.
pub(super) fn chunks_of(lp: &EventLoop, data: Bytes, size: usize) -> Readable {
    let rest = RefCell::new(data);
    Readable::from_fn(lp, ReadableOptions::default(), move |stream: &Readable, _| {
        let mut rest = rest.borrow_mut();
        let size = size.min(rest.len());
        let chunk = (size > 0).then(|| rest.split_to(size));
        drop(rest);
        stream.push(chunk);
    })
}

/// A sink that counts bytes into `sum`.
pub(super) fn counter(lp: &EventLoop, sum: &Rc<Cell<usize>>) -> Writable {
    let sum = Rc::clone(sum);
    Writable::from_fn(lp, WritableOptions::default(), move |_, chunk: Bytes, done| {
        sum.set(sum.get() + chunk.len());
        done.ok();
    })
}

fn pipeline_objects() {
    let lp = must(EventLoop::new());
    measure_once(|| {
        let sum = Rc::new(Cell::new(0));
        let double = Transform::from_fn(&lp, TransformOptions::default(), |_, value: usize, done| {
            done.push(value * 2)
        });
        let total = Rc::clone(&sum);
        let sink = Writable::from_fn(&lp, WritableOptions::default(), move |_, value: usize, done| {
            total.set(total.get() + value);
            done.ok();
        });
        must(pipeline((&numbers(&lp), &double, &sink), must));
        lp.run(RunMode::Default);
        sum.get()
    });
}

/// Sends what `source` has through five stages into `sink`.
fn send(lp: &EventLoop, source: &Readable, sink: &Writable) {
    let mut chain = Pipeline::from(source);
    for _ in 0..STAGES {
        chain = chain.through(&Transform::pass_through(lp, TransformOptions::default()));
    }
    must(chain.to(sink, PipelineOptions::default(), must));
    lp.run(RunMode::Default);
}

fn pass_through() {
    let (lp, chunk) = (must(EventLoop::new()), Bytes::from(vec![7; CHUNK]));
    measure_once(|| {
        let (sum, chunk) = (Rc::new(Cell::new(0)), chunk.clone());
        send(&lp, &chunks(&lp, 1 << 30, move || chunk.clone()), &counter(&lp, &sum));
        sum.get()
    });
}

fn pipe() {
    let (lp, chunk) = (must(EventLoop::new()), Bytes::from(vec![7; CHUNK]));
    measure_once(|| {
        let (sum, chunk) = (Rc::new(Cell::new(0)), chunk.clone());
        chunks(&lp, 1 << 30, move || chunk.clone()).pipe(&counter(&lp, &sum), PipeOptions::default());
        lp.run(RunMode::Default);
        sum.get()
    });
}

fn write_small() {
    let (lp, chunk) = (must(EventLoop::new()), Bytes::from(vec![7; 16]));
    measure_once(|| {
        let sum = Rc::new(Cell::new(0));
        let sink = counter(&lp, &sum);
        for _ in 0..65536 {
            sink.write(chunk.clone());
        }
        sink.end();
        lp.run(RunMode::Default);
        sum.get()
    });
}

fn iterate() {
    let lp = must(EventLoop::new());
    measure_once(|| {
        let mut items = Chunks::new(&numbers(&lp));
        lp.block_on(async {
            let mut sum = 0;
            while let Some(value) = poll_fn(|context| Pin::new(&mut items).poll_next(context)).await {
                sum += must(value);
            }
            sum
        })
    });
}

fn ended() {
    let (lp, chunk) = (must(EventLoop::new()), Bytes::from(vec![7; 16]));
    measure_once(|| {
        let (sum, told) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(false)));
        let (sink, seen) = (counter(&lp, &sum), Rc::clone(&told));
        finished(&sink, FinishedOptions::default(), move |result| seen.set(result.is_ok()));
        sink.end_chunk(chunk.clone());
        lp.run(RunMode::Default);
        if told.get() { sum.get() } else { stop("the end was not told") }
    });
}

fn web_pipe() {
    struct Numbers(Cell<usize>);
    impl UnderlyingSource<usize> for Numbers {
        fn pull(&self, controller: &ReadableStreamDefaultController<usize>) -> Promise<()> {
            let value = self.0.get();
            self.0.set(value + 1);
            let done = if value < OBJECTS { controller.enqueue(value) } else { controller.close() };
            done.map_or_else(Promise::rejected, Promise::resolved)
        }
    }
    struct Double;
    impl Transformer<usize, usize> for Double {
        fn transform(
            &self,
            chunk: usize,
            controller: &TransformStreamDefaultController<usize, usize>,
        ) -> Promise<()> {
            controller.enqueue(chunk * 2).map_or_else(Promise::rejected, Promise::resolved)
        }
    }
    struct Sum(Rc<Cell<usize>>);
    impl UnderlyingSink<usize> for Sum {
        fn write(&self, chunk: usize, _: &WritableStreamDefaultController<usize>) -> Promise<()> {
            self.0.set(self.0.get() + chunk);
            Promise::resolved(())
        }
    }
    let lp = must(EventLoop::new());
    measure_once(|| {
        let sum = Rc::new(Cell::new(0));
        let source = must(ReadableStream::new(&lp, Numbers(Cell::new(0)), QueuingStrategy::new()));
        let double = must(TransformStream::new(&lp, Double, Default::default(), Default::default()));
        let sink = must(WritableStream::new(&lp, Sum(Rc::clone(&sum)), Default::default()));
        let piped = must(source.pipe_through(&double, Default::default())).pipe_to(&sink, Default::default());
        must(lp.block_on(piped));
        sum.get()
    });
}

/// The most memory that the process takes while 256 MiB go to a sink that is slower than its source.
fn peak_memory() {
    let lp = must(EventLoop::new());
    let (sum, later) = (Rc::new(Cell::new(0)), lp.clone());
    let total = Rc::clone(&sum);
    let sink = Writable::from_fn(&lp, WritableOptions::default(), move |_, chunk: Bytes, done| {
        total.set(total.get() + chunk.len());
        later.set_immediate(move || done.ok());
    });
    send(&lp, &chunks(&lp, 256 << 20, || Bytes::from(vec![7; CHUNK])), &sink);
    print_bytes(memory("VmHWM:"), sum.get());
}

/// How far the process's memory rises while `source` goes through `codec`.
fn codec_memory(lp: &EventLoop, source: &Readable, codec: &ZlibStream) -> (Option<usize>, usize) {
    let (before, sum) = (memory("VmRSS:"), Rc::new(Cell::new(0)));
    must(pipeline((source, codec, &counter(lp, &sum)), must));
    lp.run(RunMode::Default);
    (memory("VmHWM:").zip(before).map(|(peak, before)| peak.saturating_sub(before)), sum.get())
}

fn gzip_memory() {
    let (lp, chunk) = (must(EventLoop::new()), Bytes::from(vec![0; CHUNK]));
    let gzip = must(create_gzip(&lp, &ZlibOptions::new()));
    let (most, _) = codec_memory(&lp, &chunks(&lp, 10 << 30, move || chunk.clone()), &gzip);
    print_bytes(most, super::length(gzip.bytes_written()));
}

/// A gzip member of a MiB, 10,240 times.
fn gunzip_memory() {
    let lp = must(EventLoop::new());
    let member = Bytes::from(must(gzip_sync(&vec![0; 1 << 20], &ZlibOptions::new())));
    let gunzip = must(create_gunzip(&lp, &ZlibOptions::new()));
    let (most, size) = codec_memory(&lp, &chunks(&lp, (10 << 10) * CHUNK, move || member.clone()), &gunzip);
    print_bytes(most, size);
}

/// What the system says of this process's memory, in bytes.
fn memory(what: &str) -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = status.lines().find_map(|line| line.strip_prefix(what)?.trim().strip_suffix(" kB"));
    Some(kilobytes?.parse::<usize>().ok()? * 1024)
}

fn print_bytes(bytes: Option<usize>, check: usize) {
    let bytes = bytes.map_or_else(|| "null".to_owned(), |bytes| bytes.to_string());
    println!("{{\"bytes\": {bytes}, \"check\": \"{check}\"}}");
}

/// How far the process's memory rises while a file is drained.
fn read_stream_memory() {
    let lp = must(EventLoop::new());
    let before = memory("VmRSS:");
    let check = drain(&lp, &file("1g"), &ReadStreamOptions::default());
    print_bytes(memory("VmHWM:").zip(before).map(|(peak, before)| peak.saturating_sub(before)), check);
}

fn read_zeros() {
    let mut options = ReadStreamOptions::default();
    options.end = Some((1 << 30) - 1);
    create_read_stream("/dev/zero", &options);
}

fn create_read_stream(path: &str, options: &ReadStreamOptions) {
    let lp = must(EventLoop::new());
    measure_once(|| drain(&lp, path, options));
}

fn drain(lp: &EventLoop, path: &str, options: &ReadStreamOptions) -> usize {
    let bytes = Rc::new(Cell::new(0));
    let sum = Rc::clone(&bytes);
    let stream = must(fs::create_read_stream(lp, path, options));
    stream.on_data(move |chunk| sum.set(sum.get() + chunk.len()));
    lp.run(RunMode::Default);
    bytes.get()
}
