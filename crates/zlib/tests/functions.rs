//! The functions by Node's names, in all forms, and CRC-32.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

mod support;

use std::cell::RefCell;
use std::rc::Rc;

use nodecore_error::{Code, Result};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_testdata::node::{self, Case, Exam, Node};
use nodecore_zlib::{
    BrotliOptions, Mode, ZlibOptions, ZstdOptions, brotli_compress, brotli_compress_sync, brotli_decompress,
    brotli_decompress_sync, crc32, deflate, deflate_raw, deflate_raw_sync, deflate_sync, gunzip, gunzip_sync,
    gzip, gzip_sync, inflate, inflate_raw, inflate_raw_sync, inflate_sync, promises, unzip, unzip_sync,
    zstd_compress, zstd_compress_sync, zstd_decompress, zstd_decompress_sync,
};
use support::{Given, PAIRS, Random, hex};

/// What a mode's function does, in a form.
type Function = fn(&[u8]) -> Result<Vec<u8>>;

fn zlib() -> ZlibOptions {
    ZlibOptions::new()
}

fn brotli() -> BrotliOptions {
    BrotliOptions::new()
}

fn zstd() -> ZstdOptions {
    ZstdOptions::new()
}

type Done = Box<dyn FnOnce(Result<Vec<u8>>)>;

fn called(start: impl FnOnce(&EventLoop, Done) -> Result<()>) -> Result<Vec<u8>> {
    let lp = EventLoop::new()?;
    let slot = Rc::new(RefCell::new(None));
    let to = Rc::clone(&slot);
    start(&lp, Box::new(move |result| *to.borrow_mut() = Some(result)))?;
    assert!(slot.borrow().is_none(), "called before it returned");
    lp.run(RunMode::Default);
    slot.take().expect("never called")
}

/// The sync form, the one with a callback, the future.
const FUNCTIONS: [(Mode, [Function; 3]); 11] = [
    (
        Mode::Deflate,
        [
            |input| deflate_sync(input, &zlib()),
            |input| called(|lp, done| deflate(lp, input.to_vec(), &zlib(), done).map(drop)),
            |input| {
                let lp = EventLoop::new()?;
                lp.block_on(promises::deflate(&lp, input.to_vec(), &zlib()))
            },
        ],
    ),
    (
        Mode::Inflate,
        [
            |input| inflate_sync(input, &zlib()),
            |input| called(|lp, done| inflate(lp, input.to_vec(), &zlib(), done).map(drop)),
            |input| {
                let lp = EventLoop::new()?;
                lp.block_on(promises::inflate(&lp, input.to_vec(), &zlib()))
            },
        ],
    ),
    (
        Mode::Gzip,
        [
            |input| gzip_sync(input, &zlib()),
            |input| called(|lp, done| gzip(lp, input.to_vec(), &zlib(), done).map(drop)),
            |input| {
                let lp = EventLoop::new()?;
                lp.block_on(promises::gzip(&lp, input.to_vec(), &zlib()))
            },
        ],
    ),
    (
        Mode::Gunzip,
        [
            |input| gunzip_sync(input, &zlib()),
            |input| called(|lp, done| gunzip(lp, input.to_vec(), &zlib(), done).map(drop)),
            |input| {
                let lp = EventLoop::new()?;
                lp.block_on(promises::gunzip(&lp, input.to_vec(), &zlib()))
            },
        ],
    ),
    (
        Mode::DeflateRaw,
        [
            |input| deflate_raw_sync(input, &zlib()),
            |input| called(|lp, done| deflate_raw(lp, input.to_vec(), &zlib(), done).map(drop)),
            |input| {
                let lp = EventLoop::new()?;
                lp.block_on(promises::deflate_raw(&lp, input.to_vec(), &zlib()))
            },
        ],
    ),
    (
        Mode::InflateRaw,
        [
            |input| inflate_raw_sync(input, &zlib()),
            |input| called(|lp, done| inflate_raw(lp, input.to_vec(), &zlib(), done).map(drop)),
            |input| {
                let lp = EventLoop::new()?;
                lp.block_on(promises::inflate_raw(&lp, input.to_vec(), &zlib()))
            },
        ],
    ),
    (
        Mode::Unzip,
        [
            |input| unzip_sync(input, &zlib()),
            |input| called(|lp, done| unzip(lp, input.to_vec(), &zlib(), done).map(drop)),
            |input| {
                let lp = EventLoop::new()?;
                lp.block_on(promises::unzip(&lp, input.to_vec(), &zlib()))
            },
        ],
    ),
    (
        Mode::BrotliDecompress,
        [
            |input| brotli_decompress_sync(input, &brotli()),
            |input| called(|lp, done| brotli_decompress(lp, input.to_vec(), &brotli(), done).map(drop)),
            |input| {
                let lp = EventLoop::new()?;
                lp.block_on(promises::brotli_decompress(&lp, input.to_vec(), &brotli()))
            },
        ],
    ),
    (
        Mode::BrotliCompress,
        [
            |input| brotli_compress_sync(input, &brotli()),
            |input| called(|lp, done| brotli_compress(lp, input.to_vec(), &brotli(), done).map(drop)),
            |input| {
                let lp = EventLoop::new()?;
                lp.block_on(promises::brotli_compress(&lp, input.to_vec(), &brotli()))
            },
        ],
    ),
    (
        Mode::ZstdCompress,
        [
            |input| zstd_compress_sync(input, &zstd()),
            |input| called(|lp, done| zstd_compress(lp, input.to_vec(), &zstd(), done).map(drop)),
            |input| {
                let lp = EventLoop::new()?;
                lp.block_on(promises::zstd_compress(&lp, input.to_vec(), &zstd()))
            },
        ],
    ),
    (
        Mode::ZstdDecompress,
        [
            |input| zstd_decompress_sync(input, &zstd()),
            |input| called(|lp, done| zstd_decompress(lp, input.to_vec(), &zstd(), done).map(drop)),
            |input| {
                let lp = EventLoop::new()?;
                lp.block_on(promises::zstd_decompress(&lp, input.to_vec(), &zstd()))
            },
        ],
    ),
];

fn forms(mode: Mode) -> [Function; 3] {
    FUNCTIONS[mode as usize - 1].1
}

#[test]
fn each_does_what_its_mode_does() {
    let mut random = Random(21);
    for (mode, _) in FUNCTIONS {
        assert_eq!(FUNCTIONS[mode as usize - 1].0, mode);
    }
    for size in [0, 1, 1000, 100_000] {
        let data = random.data(size);
        for (compress, decompressors) in PAIRS {
            let expected = Given::default().run(compress, &data).unwrap();
            assert_eq!(expected.bytes_written, size as u64);
            for pack in forms(compress) {
                let packed = pack(&data).unwrap();
                assert!(packed == expected.buffer, "{compress:?}");
                for &mode in decompressors {
                    for unpack in forms(mode) {
                        assert!(unpack(&packed).unwrap() == data, "{mode:?} {size}");
                    }
                }
            }
        }
    }
}

#[test]
fn each_fails_in_every_form() {
    for (mode, codes) in [
        (Mode::Inflate, [Code::ZDataError, Code::ZBufError]),
        (Mode::Gunzip, [Code::ZDataError, Code::ZBufError]),
        (Mode::InflateRaw, [Code::ZDataError, Code::ZBufError]),
        (Mode::Unzip, [Code::ZDataError, Code::ZBufError]),
        (Mode::BrotliDecompress, [Code::BrotliFormatClSpace, Code::ZBufError]),
        (Mode::ZstdDecompress, [Code::ZstdPrefixUnknown, Code::ZBufError]),
    ] {
        for function in forms(mode) {
            let found = [&b"hello hello hello hello"[..], b""].map(|data| function(data).unwrap_err().code());
            assert_eq!(found, codes, "{mode:?}");
        }
    }
}

#[test]
fn bytes_that_follow_are_not_taken() {
    for (compress, decompressors) in PAIRS {
        let packed = Given::default().run(compress, b"hello").unwrap().buffer;
        let longer = [&packed[..], &[0, 1, 2]].concat();
        for &mode in decompressors {
            let output = Given::default().run(mode, &longer).unwrap();
            assert_eq!((output.buffer, output.bytes_written), (b"hello".to_vec(), packed.len() as u64));
            let strict = Given::new(&[("rejectGarbageAfterEnd", 1)]);
            assert_eq!(strict.run(mode, &longer).unwrap_err().code(), Code::TrailingJunkAfterStreamEnd);
        }
    }
}

#[test]
fn crc32_is_nodes() {
    let Some(node) = Node::find() else { return };
    let mut exam = Exam::new(node, "zlib-crc32", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node/modes.js"));
    let mut random = Random(node::seed() | 1);
    let cases: Vec<Case> = (0..node::cases(300))
        .map(|_| {
            let size = random.below(300);
            let (data, value) = (random.data(size), random.next() as u32 * u32::from(random.below(4) > 0));
            let question = format!("crc32\t{value}\t{{}}\t{}", hex(&data));
            Case { question, answer: crc32(&data, value).to_string() }
        })
        .collect();
    exam.ask(&cases, |_, _| false);
    exam.close();
}
