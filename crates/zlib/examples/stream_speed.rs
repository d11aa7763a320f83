//! Prints the throughput of gzip and gunzip streams over a file, and the longest time a 1 ms timer on the same loop
//! was late: `cargo run --release -p nodecore-zlib --example stream_speed -- FILE [LEVEL]`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Instant;

use bytes::Bytes;
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_stream::{Readable, Writable, WritableOptions, pipeline};
use nodecore_zlib::{ZlibOptions, ZlibStream, create_gunzip, create_gzip, gunzip_sync};

fn main() -> nodecore_error::Result<()> {
    let mut args = std::env::args().skip(1);
    let Some(path) = args.next() else {
        eprintln!("usage: stream_speed FILE [LEVEL]");
        std::process::exit(2);
    };
    let level = args.next().and_then(|level| level.parse().ok()).unwrap_or(6);
    let input = Bytes::from(std::fs::read(path).expect("FILE is readable"));
    let lp = EventLoop::new()?;
    for threads in [1, 2] {
        let options = ZlibOptions::new().level(level).threads(threads);
        let packed =
            pass(&lp, &format!("gzip -{level}, {threads} threads"), &input, &create_gzip(&lp, &options)?);
        println!("    {} bytes, {:.4} of the input", packed.len(), packed.len() as f64 / input.len() as f64);
        assert!(gunzip_sync(&packed, &options)? == input, "it does not give the input back");
        if threads == 1 {
            let back = pass(&lp, "gunzip, of the input's size", &packed, &create_gunzip(&lp, &options)?);
            assert!(back == input, "it does not give the input back");
        }
    }
    Ok(())
}

/// Sends `input` through `stream` in chunks of 64 KiB.
fn pass(lp: &EventLoop, name: &str, input: &Bytes, stream: &ZlibStream) -> Bytes {
    let start = Instant::now();
    let mut rest = input.clone();
    let chunks =
        std::iter::from_fn(move || (!rest.is_empty()).then(|| rest.split_to(rest.len().min(65_536))));
    let source = Readable::from_iter(lp, chunks);
    let out = Rc::new(RefCell::new(Vec::new()));
    let to = Rc::clone(&out);
    let sink = Writable::from_fn(lp, WritableOptions::default(), move |_, chunk: Bytes, done| {
        to.borrow_mut().extend_from_slice(&chunk);
        done.ok();
    });
    let (last, late) = (Cell::new(Instant::now()), Rc::new(Cell::new(0.0_f64)));
    let worst = Rc::clone(&late);
    let timer = lp.set_interval(1.0, move || {
        worst.set(worst.get().max(last.replace(Instant::now()).elapsed().as_secs_f64() * 1e3 - 1.0));
    });
    pipeline((&source, stream, &sink), move |result| {
        result.expect("the pipeline");
        timer.clear();
    })
    .expect("the pipeline starts");
    lp.run(RunMode::Default);
    let out = Bytes::from(out.take());
    let bytes = input.len().max(out.len());
    let speed = bytes as f64 / start.elapsed().as_secs_f64() / 1e6;
    println!("{name}: {speed:.0} MB/s, a 1 ms timer at most {:.1} ms late", late.get());
    out
}
