//! What the tests of this crate share.
#![allow(dead_code, unreachable_pub)]

pub mod peer;

use std::cell::RefCell;
use std::rc::Rc;

use bytes::Bytes;
use nodecore_error::{Error, Result};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_stream::Event;
use nodecore_zlib::{BrotliOptions, Mode, Output, ZlibOptions, ZlibStream, ZstdOptions, constants, run_sync};

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

/// Each mode that compresses, and those that decompress what it gives.
pub const PAIRS: [(Mode, &[Mode]); 5] = [
    (Mode::Deflate, &[Mode::Inflate, Mode::Unzip]),
    (Mode::Gzip, &[Mode::Gunzip, Mode::Unzip]),
    (Mode::DeflateRaw, &[Mode::InflateRaw]),
    (Mode::BrotliCompress, &[Mode::BrotliDecompress]),
    (Mode::ZstdCompress, &[Mode::ZstdDecompress]),
];

/// Options for any mode, here and for the Node script.
#[derive(Clone, Debug, Default)]
pub struct Given {
    pub numbers: Vec<(&'static str, i64)>,
    pub params: Vec<(i32, i64)>,
    pub dictionary: Option<Vec<u8>>,
}

/// What was made of them for a family.
pub enum Made {
    Zlib(ZlibOptions),
    Brotli(BrotliOptions),
    Zstd(ZstdOptions),
}

macro_rules! common {
    ($options:expr, $key:expr, $value:expr) => {
        match $key {
            "chunkSize" => $options.chunk_size($value as usize),
            "maxOutputLength" => $options.max_output_length($value as u64),
            "flush" => $options.flush($value as i32),
            "finishFlush" => $options.finish_flush($value as i32),
            "rejectGarbageAfterEnd" => $options.reject_garbage_after_end($value != 0),
            other => panic!("{other}"),
        }
    };
}

impl Given {
    pub fn new(numbers: &[(&'static str, i64)]) -> Given {
        Given { numbers: numbers.to_vec(), ..Given::default() }
    }

    pub fn param(mut self, key: i32, value: i64) -> Given {
        self.params.push((key, value));
        self
    }

    pub fn dictionary(mut self, dictionary: &[u8]) -> Given {
        self.dictionary = Some(dictionary.to_vec());
        self
    }

    /// For the Node script, which makes bytes of the dictionary's digits.
    pub fn json(&self) -> String {
        let mut fields: Vec<_> =
            self.numbers.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
        if !self.params.is_empty() {
            let params: Vec<_> =
                self.params.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
            fields.push(format!("\"params\":{{{}}}", params.join(",")));
        }
        if let Some(dictionary) = &self.dictionary {
            fields.push(format!("\"dictionary\":\"{}\"", hex(dictionary)));
        }
        format!("{{{}}}", fields.join(",")).replace("AfterEnd\":1", "AfterEnd\":true")
    }

    pub fn make(&self, mode: Mode) -> Made {
        let dictionary = Bytes::from(self.dictionary.clone().unwrap_or_default());
        match mode {
            Mode::BrotliCompress | Mode::BrotliDecompress => {
                let options = BrotliOptions::new().dictionary(dictionary);
                let options = self.params.iter().fold(options, |all, &(key, value)| all.param(key, value));
                Made::Brotli(self.numbers.iter().fold(options, |all, &(key, value)| common!(all, key, value)))
            }
            Mode::ZstdCompress | Mode::ZstdDecompress => {
                let options = ZstdOptions::new().dictionary(dictionary);
                let options = self.params.iter().fold(options, |all, &(key, value)| all.param(key, value));
                Made::Zstd(self.numbers.iter().fold(options, |all, &(key, value)| match key {
                    "pledgedSrcSize" => all.pledged_src_size(value),
                    "threads" => all.threads(value as u32),
                    _ => common!(all, key, value),
                }))
            }
            _ => {
                let options = ZlibOptions::new().dictionary(dictionary);
                Made::Zlib(self.numbers.iter().fold(options, |all, &(key, value)| match key {
                    "level" => all.level(value as i32),
                    "windowBits" => all.window_bits(value as i32),
                    "memLevel" => all.mem_level(value as i32),
                    "strategy" => all.strategy(value as i32),
                    "threads" => all.threads(value as u32),
                    _ => common!(all, key, value),
                }))
            }
        }
    }

    pub fn run(&self, mode: Mode, input: &[u8]) -> Result<Output> {
        match self.make(mode) {
            Made::Zlib(options) => run_sync(mode, input, &options),
            Made::Brotli(options) => run_sync(mode, input, &options),
            Made::Zstd(options) => run_sync(mode, input, &options),
        }
    }

    pub fn stream(&self, lp: &EventLoop, mode: Mode) -> Result<ZlibStream> {
        match self.make(mode) {
            Made::Zlib(options) => ZlibStream::new(lp, mode, &options),
            Made::Brotli(options) => ZlibStream::new(lp, mode, &options),
            Made::Zstd(options) => ZlibStream::new(lp, mode, &options),
        }
    }
}

/// Random options of a compressor.
pub fn random_options(mode: Mode, size: usize, random: &mut Random) -> Given {
    let mut given = Given::default();
    let mut some = |random: &mut Random, key, from: i64, count: usize| {
        if random.below(3) == 0 {
            given.numbers.push((key, from + random.below(count) as i64));
        }
    };
    match mode {
        Mode::BrotliCompress => {
            some(random, "flush", 0, 2);
            given = given.param(
                constants::BROTLI_PARAM_QUALITY,
                random.below(if size > 5000 { 7 } else { 12 }) as i64,
            );
            if random.below(2) == 0 {
                given = given.param(constants::BROTLI_PARAM_LGWIN, 10 + random.below(15) as i64);
            }
            if random.below(3) == 0 {
                given = given.param(constants::BROTLI_PARAM_MODE, random.below(3) as i64);
                given = given.param(constants::BROTLI_PARAM_SIZE_HINT, random.below(size + 1) as i64);
            }
        }
        Mode::ZstdCompress => {
            some(random, "flush", 0, 2);
            if random.below(3) == 0 {
                given.numbers.push(("pledgedSrcSize", size as i64));
            }
            given = given.param(constants::ZSTD_c_compressionLevel, random.below(20) as i64 - 5);
            for key in [constants::ZSTD_c_checksumFlag, constants::ZSTD_c_contentSizeFlag] {
                given = given.param(key, random.below(2) as i64);
            }
            if random.below(4) == 0 {
                given = given.param(constants::ZSTD_c_windowLog, 10 + random.below(12) as i64);
            }
        }
        _ => {
            some(random, "flush", 0, 4);
            some(random, "level", -1, 11);
            some(random, "windowBits", 9, 7);
            some(random, "memLevel", 1, 9);
            some(random, "strategy", 0, 5);
        }
    }
    if random.below(3) == 0 {
        given.numbers.push(("chunkSize", 64 + random.below(5000) as i64));
    }
    if random.below(4) == 0 {
        let size = 1 + random.below(400);
        given.dictionary = Some(random.data(size));
    }
    given
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
