//! What the tests of this crate share.
#![allow(dead_code, unreachable_pub)]

use std::cell::RefCell;
use std::rc::Rc;

use bytes::Bytes;
use nodecore_error::Error;
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_stream::Event;
use nodecore_zlib::ZlibStream;

/// xorshift64*.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() >> 11) as usize % end
    }

    /// Bytes that compress: words of few letters, runs and some noise.
    pub fn data(&mut self, size: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(size + 300);
        while out.len() < size {
            match self.below(12) {
                0 => {
                    let byte = self.next() as u8;
                    let run = self.below(300);
                    out.extend(std::iter::repeat_n(byte, run));
                }
                1 => (0..self.below(40)).for_each(|_| out.push(self.next() as u8)),
                _ => {
                    (0..1 + self.below(8)).for_each(|_| out.push(b'a' + self.below(6) as u8));
                    out.push(b' ');
                }
            }
        }
        out.truncate(size);
        out
    }

    /// `data` in chunks of 0 to `largest` bytes.
    pub fn chunks(&mut self, data: &[u8], largest: usize) -> Vec<Bytes> {
        let mut data = Bytes::copy_from_slice(data);
        let mut chunks = Vec::new();
        while !data.is_empty() {
            let size = self.below(largest + 1).min(data.len());
            chunks.push(data.split_to(size));
        }
        chunks
    }
}

/// What came out of a stream.
#[derive(Default)]
pub struct Outcome {
    pub data: Vec<u8>,
    pub sizes: Vec<usize>,
    pub events: Vec<String>,
    pub error: Option<Error>,
}

/// Writes all `parts` at once, ends, runs the loop and says what happened.
pub fn run(lp: &EventLoop, stream: &ZlibStream, parts: impl IntoIterator<Item = Bytes>) -> Outcome {
    let outcome = watch(stream);
    for part in parts {
        stream.write(part);
    }
    stream.end();
    assert!(!lp.run(RunMode::Default));
    outcome.take()
}

/// Collects what comes out of `stream`.
pub fn watch(stream: &ZlibStream) -> Rc<RefCell<Outcome>> {
    let outcome = Rc::new(RefCell::new(Outcome::default()));
    let to = Rc::clone(&outcome);
    stream.on_data(move |chunk| {
        to.borrow_mut().sizes.push(chunk.len());
        to.borrow_mut().data.extend_from_slice(&chunk);
    });
    for event in [Event::End, Event::Finish] {
        let to = Rc::clone(&outcome);
        stream.on(event, move || to.borrow_mut().events.push(event.name().into()));
    }
    let to = Rc::clone(&outcome);
    stream.on_error(move |error| {
        to.borrow_mut().events.push(failure(error));
        to.borrow_mut().error = Some(error.clone());
    });
    outcome
}

/// An error as the Node script shows it.
pub fn failure(error: &Error) -> String {
    let errno = error.errno().map_or("undefined".into(), |errno| errno.to_string());
    format!("error {} {} {errno} {error}", error.class().name(), error.code().name())
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
