//! How fast objects and bytes go through a chain of streams. Prints medians and spread of several rounds.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Instant;

use bytes::Bytes;
use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_stream::{
    Pipeline, PipelineOptions, Readable, ReadableOptions, Transform, TransformOptions, Writable,
    WritableOptions, pipeline,
};

const OBJECTS: u32 = 65_536;

fn main() -> Result<()> {
    measure("65,536 objects, Readable → Transform → Writable", 21, objects)?;
    measure("65,536 objects, from_iter → Transform → Writable", 21, iterated)?;
    measure("1 GiB in 64 KiB chunks through 5 PassThrough", 9, || bytes(5))?;
    measure("64 MiB in 64 KiB chunks through 200 PassThrough", 5, || chain(200, 1024))
}

fn measure(what: &str, rounds: usize, run: impl Fn() -> Result<f64>) -> Result<()> {
    let mut times = Vec::new();
    for _ in 0..rounds {
        times.push(run()?);
    }
    times.sort_by(f64::total_cmp);
    println!("{what}: {:.3} ms (best {:.3}, worst {:.3})", times[rounds / 2], times[0], times[rounds - 1]);
    Ok(())
}

/// The sink, which checks that all arrived.
fn count<T: nodecore_stream::Chunk>(lp: &EventLoop) -> (Writable<T>, Rc<Cell<u32>>) {
    let count = Rc::new(Cell::new(0));
    let seen = Rc::clone(&count);
    let sink = Writable::from_fn(lp, WritableOptions::default(), move |_, _, done| {
        seen.set(seen.get() + 1);
        done.ok();
    });
    (sink, count)
}

fn through(lp: &EventLoop, source: &Readable<u32>) -> Result<f64> {
    let transform =
        Transform::from_fn(lp, TransformOptions::default(), |_, n: u32, done| done.push(n.wrapping_mul(3)));
    let (sink, seen) = count::<u32>(lp);
    let started = Instant::now();
    pipeline((source, &transform, &sink), |result| assert!(result.is_ok(), "{result:?}"))?;
    lp.run(RunMode::Default);
    let elapsed = started.elapsed().as_secs_f64() * 1e3;
    assert_eq!(seen.get(), OBJECTS);
    Ok(elapsed)
}

fn objects() -> Result<f64> {
    let lp = EventLoop::new()?;
    let next = Cell::new(0);
    let source = Readable::from_fn(&lp, ReadableOptions::default(), move |stream: &Readable<u32>, _| {
        let n = next.get();
        next.set(n + 1);
        stream.push((n < OBJECTS).then_some(n));
    });
    through(&lp, &source)
}

fn iterated() -> Result<f64> {
    let lp = EventLoop::new()?;
    let source = Readable::from_iter(&lp, 0..OBJECTS);
    through(&lp, &source)
}

fn bytes(stages: usize) -> Result<f64> {
    chain(stages, 16 * 1024)
}

fn chain(stages: usize, chunks: u32) -> Result<f64> {
    let lp = EventLoop::new()?;
    let chunk = Bytes::from(vec![7; 64 << 10]);
    let left = Cell::new(chunks);
    let source = Readable::from_fn(&lp, ReadableOptions::default(), move |stream: &Readable, _| {
        let n = left.get();
        left.set(n.saturating_sub(1));
        stream.push((n > 0).then(|| chunk.clone()));
    });
    let (sink, seen) = count::<Bytes>(&lp);
    let mut line = Pipeline::from(&source);
    for _ in 0..stages {
        line = line.through(&Transform::pass_through(&lp, TransformOptions::default()));
    }
    let started = Instant::now();
    line.to(&sink, PipelineOptions::default(), |result| assert!(result.is_ok(), "{result:?}"))?;
    lp.run(RunMode::Default);
    let elapsed = started.elapsed().as_secs_f64() * 1e3;
    assert_eq!(seen.get(), chunks);
    Ok(elapsed)
}
