//! `streams COUNT FILE`: the same program as `streams.c`, which explains it, in Rust. Its objects are plain numbers.

use std::cell::Cell;
use std::os::unix::ffi::OsStringExt;
use std::process::ExitCode;
use std::rc::Rc;

use bytes::Bytes;
use nodecore::event_loop::{EventLoop, RunMode};
use nodecore::fs;
use nodecore::stream::{
    Readable, ReadableOptions, Transform, TransformDone, TransformOptions, Transformer, pipeline,
};
use nodecore::{Error, Result};

const MOST: u64 = 1_000_000;

fn main() -> ExitCode {
    let args: Vec<Vec<u8>> = std::env::args_os().skip(1).map(OsStringExt::into_vec).collect();
    let (count, file) = match args.as_slice() {
        [count, file] => (parse(count), file),
        _ => (None, &Vec::new()),
    };
    let Some(count) = count else {
        eprintln!("usage: streams COUNT FILE");
        return ExitCode::from(2);
    };
    match run(count, file) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let (code, message) = (error.code().name(), error.to_string());
            // A system's error says its code itself.
            let code = if message.starts_with(code) { String::new() } else { format!("{code}: ") };
            eprintln!("streams: {code}{message}");
            ExitCode::from(1)
        }
    }
}

fn parse(count: &[u8]) -> Option<u64> {
    let digits = count.iter().all(u8::is_ascii_digit).then(|| std::str::from_utf8(count).ok())??;
    digits.parse().ok().filter(|&count| count <= MOST)
}

fn run(count: u64, file: &[u8]) -> Result<()> {
    let lp = EventLoop::new()?;
    let next = Cell::new(1);
    let numbers = Readable::from_fn(&lp, ReadableOptions::default(), move |stream, _size| {
        while next.get() <= count {
            if !stream.push(Some(next.replace(next.get() + 1))) {
                return;
            }
        }
        stream.push(None);
    });
    let lines = Transform::new(&lp, TransformOptions::default(), Walk::default());
    let file = fs::create_write_stream(&lp, file, &fs::WriteStreamOptions::default())?;
    let outcome = Rc::new(Cell::new(None::<Error>));
    let told = Rc::clone(&outcome);
    pipeline((&numbers, &lines, &file), move |result| told.set(result.err()))?;
    lp.run(RunMode::Default);
    outcome.take().map_or(Ok(()), Err)
}

/// The number that takes most steps so far, and the steps.
#[derive(Default)]
struct Walk(Cell<(u64, u64)>);

impl Transformer<u64, Bytes> for Walk {
    fn transform(&self, _: &Transform<u64, Bytes>, start: u64, done: TransformDone<Bytes>) {
        let (mut at, mut steps, mut highest) = (start, 0, start);
        while at != 1 {
            at = if at % 2 == 0 { at / 2 } else { 3 * at + 1 };
            highest = highest.max(at);
            steps += 1;
        }
        let (longest, most) = self.0.get();
        if longest == 0 || steps > most {
            self.0.set((start, steps));
        }
        done.push(Bytes::from(format!("{start} {steps} {highest}\n")));
    }

    fn flush(&self, _: &Transform<u64, Bytes>, done: TransformDone<Bytes>) {
        done.push(Bytes::from(format!("longest: {}\n", self.0.get().0)));
    }
}
