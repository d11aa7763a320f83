//! What passes through streams is not copied, and backpressure bounds memory: allocations are counted.
//!
//! `NODECORE_MEBIBYTES` says how much is sent (default 64; the figure in the documentation is 1024).

#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]

use std::cell::Cell;
use std::rc::Rc;

use allocation_counter::measure;
use bytes::Bytes;
use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_stream::{
    Pipeline, PipelineOptions, Readable, ReadableOptions, Transform, TransformOptions, Writable,
    WritableOptions, pipeline,
};

const CHUNK: usize = 64 << 10;
const STAGES: usize = 5;

fn mebibytes() -> usize {
    std::env::var("NODECORE_MEBIBYTES").ok().and_then(|value| value.parse().ok()).unwrap_or(64)
}

/// Sends `count` chunks that `make` makes through the stages; `slow` takes a turn of the loop for each.
fn send(lp: &EventLoop, count: usize, make: impl Fn() -> Bytes + 'static, slow: bool) -> Result<usize> {
    let left = Cell::new(count);
    let source = Readable::from_fn(lp, ReadableOptions::default(), move |stream: &Readable, _| {
        let n = left.get();
        left.set(n.saturating_sub(1));
        stream.push((n > 0).then(&make));
    });
    let mut chain = Pipeline::from(&source);
    for _ in 0..STAGES {
        chain = chain.through(&Transform::pass_through(lp, TransformOptions::default()));
    }
    let (taken, later) = (Rc::new(Cell::new(0)), lp.clone());
    let seen = Rc::clone(&taken);
    let sink = Writable::from_fn(lp, WritableOptions::default(), move |_, chunk: Bytes, done| {
        seen.set(seen.get() + chunk.len());
        if slow {
            later.set_immediate(move || done.ok());
        } else {
            done.ok();
        }
    });
    chain.to(&sink, PipelineOptions::default(), |result| assert!(result.is_ok()))?;
    lp.run(RunMode::Default);
    Ok(taken.get())
}

#[test]
fn no_byte_is_copied() -> Result<()> {
    let lp = EventLoop::new()?;
    let chunk = Bytes::from(vec![7; CHUNK]);
    let count = (mebibytes() << 20) / CHUNK;
    let mut taken = Ok(0);
    let used = measure(|| taken = send(&lp, count, move || chunk.clone(), false));
    assert_eq!(taken?, count * CHUNK);
    let (per_chunk, bytes) = (used.count_total / count as u64, used.bytes_total / count as u64);
    println!(
        "{} MiB through {STAGES} stages: {} allocations of {} bytes in all, {per_chunk} of {bytes} bytes a chunk",
        mebibytes(),
        used.count_total,
        used.bytes_total
    );
    // A copy in any one stage would be 65,536 bytes a chunk.
    assert!(bytes < 4096, "{bytes} bytes are allocated for each chunk");
    assert!(used.count_total < SET_UP, "{} allocations", used.count_total);
    Ok(())
}

/// More than it takes to make, connect and close the streams of a pipeline, however much flows through them.
const SET_UP: u64 = 800;

#[test]
fn objects_are_passed_on_without_an_allocation() -> Result<()> {
    const COUNT: usize = 65536;
    let lp = EventLoop::new()?;
    let sum = Rc::new(Cell::new(0));
    let total = Rc::clone(&sum);
    let used = measure(|| {
        let source = Readable::from_iter(&lp, 0..COUNT);
        let double =
            Transform::from_fn(&lp, TransformOptions::default(), |_, n: usize, done| done.push(n * 2));
        let sink = Writable::from_fn(&lp, WritableOptions::default(), move |_, n: usize, done| {
            total.set(total.get() + n);
            done.ok();
        });
        pipeline((&source, &double, &sink), |result| assert!(result.is_ok())).unwrap();
        lp.run(RunMode::Default);
    });
    assert_eq!(sum.get(), COUNT * (COUNT - 1));
    println!("{COUNT} objects: {} allocations", used.count_total);
    assert!(used.count_total < SET_UP, "{} allocations", used.count_total);
    Ok(())
}

#[test]
fn writes_and_listeners_of_data_allocate_nothing() -> Result<()> {
    let lp = EventLoop::new()?;
    let sink = Writable::from_fn(&lp, WritableOptions::default(), |_, _: Bytes, done| done.ok());
    let chunk = Bytes::from(vec![7; 16]);
    sink.write(chunk.clone());
    lp.run(RunMode::Default);
    let writes = measure(|| {
        for _ in 0..1000 {
            assert!(sink.write(chunk.clone()));
        }
    });
    assert_eq!(writes.count_total, 0);

    let source = Readable::pushed(&lp, ReadableOptions::default());
    let seen = Rc::new(Cell::new(0));
    let sum = Rc::clone(&seen);
    source.on_data(move |chunk: Bytes| sum.set(sum.get() + chunk.len()));
    lp.run(RunMode::Default);
    source.push(Some(chunk.clone()));
    lp.run(RunMode::Default);
    let pushes = measure(|| {
        for _ in 0..1000 {
            source.push(Some(chunk.clone()));
        }
    });
    assert_eq!(seen.get(), 1001 * 16);
    // One tick, to see whether more is to be read.
    assert!(pushes.count_total <= 2, "{} allocations", pushes.count_total);
    Ok(())
}

#[test]
fn backpressure_bounds_memory() -> Result<()> {
    let lp = EventLoop::new()?;
    let count = (mebibytes() << 20) / CHUNK;
    let mut taken = Ok(0);
    let used = measure(|| taken = send(&lp, count, || Bytes::from(vec![7; CHUNK]), true));
    assert_eq!(taken?, count * CHUNK);
    let most = usize::try_from(used.bytes_max).unwrap();
    // Source and sink have one buffer each, the others two; and one chunk for each stage.
    let marks = (1 + 2 * STAGES + 1) * nodecore_stream::get_default_high_water_mark(false);
    let bound = marks + (STAGES + 2) * CHUNK;
    println!(
        "{} MiB sent, {most} bytes at most at a time; the bound is {bound}; {} allocations a chunk",
        mebibytes(),
        used.count_total / count as u64
    );
    // What is not chunks is the streams themselves.
    assert!(most <= bound + (256 << 10), "{most} bytes were held");
    Ok(())
}
