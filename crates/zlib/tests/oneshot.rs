//! One-shot gzip and gunzip, through all three forms.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

mod support;

use nodecore_error::{Code, Result};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_zlib::{ZlibOptions, gunzip, gunzip_sync, gzip, gzip_sync, promises};
use std::cell::RefCell;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::rc::Rc;
use std::thread;
use support::{Random, failure};

/// Both functions in one form: compress, decompress.
type Form =
    (&'static str, fn(&[u8], &ZlibOptions) -> Result<Vec<u8>>, fn(&[u8], &ZlibOptions) -> Result<Vec<u8>>);

const FORMS: [Form; 3] = [
    ("sync", gzip_sync, gunzip_sync),
    (
        "callback",
        |input, options| called(|lp, done| gzip(lp, input.to_vec(), options, done).map(drop)),
        |input, options| called(|lp, done| gunzip(lp, input.to_vec(), options, done).map(drop)),
    ),
    (
        "future",
        |input, options| {
            let lp = EventLoop::new()?;
            lp.block_on(promises::gzip(&lp, input.to_vec(), options))
        },
        |input, options| {
            let lp = EventLoop::new()?;
            lp.block_on(promises::gunzip(&lp, input.to_vec(), options))
        },
    ),
];

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

#[test]
fn round_trips() {
    let mut random = Random(1);
    for size in [0, 1, 10, 1000, 65_535, 65_536, 300_000] {
        let data = random.data(size);
        for level in -1..=9 {
            for options in [
                ZlibOptions::new().level(level),
                ZlibOptions::new().level(level).mem_level(1 + (size % 9) as i32).window_bits(10),
                ZlibOptions::new().level(level).strategy((size % 5) as i32),
                ZlibOptions::new().level(level).threads(2),
            ] {
                let packed = gzip_sync(&data, &options).unwrap();
                assert!(gunzip_sync(&packed, &ZlibOptions::new()).unwrap() == data, "{size} {options:?}");
            }
        }
        for (form, gzip, gunzip) in FORMS {
            let packed = gzip(&data, &ZlibOptions::new()).unwrap();
            assert!(gunzip(&packed, &ZlibOptions::new()).unwrap() == data, "{form} {size}");
            // Without its length at the end libdeflate does not get it.
            let padded = [&packed[..], &[0; 9]].concat();
            assert!(gunzip(&padded, &ZlibOptions::new()).unwrap() == data, "{form} {size}, padded");
            let two = [&packed[..], &packed].concat();
            assert!(gunzip(&two, &ZlibOptions::new()).unwrap() == data.repeat(2), "{form} {size}, twice");
        }
    }
}

#[test]
fn the_header_is_nodes() {
    for (level, flags) in [(-1, 0), (0, 4), (1, 4), (2, 0), (6, 0), (9, 2)] {
        for threads in [1, 2] {
            let packed = gzip_sync(b"hello", &ZlibOptions::new().level(level).threads(threads)).unwrap();
            assert_eq!(packed[..10], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, flags, 3], "level {level}");
        }
    }
}

#[test]
fn every_truncation_is_an_error() {
    let data = Random(2).data(400);
    for options in [ZlibOptions::new(), ZlibOptions::new().level(0), ZlibOptions::new().threads(2)] {
        let packed = gzip_sync(&data, &options).unwrap();
        for end in 0..packed.len() {
            for (form, _, gunzip) in FORMS {
                let error = gunzip(&packed[..end], &ZlibOptions::new()).unwrap_err();
                let expected = "error Error Z_BUF_ERROR -5 unexpected end of file";
                assert_eq!(failure(&error), expected, "{form} {end}");
            }
        }
    }
}

#[test]
fn every_flipped_byte_is_an_error_or_harmless() {
    let data = Random(3).data(300);
    let packed = gzip_sync(&data, &ZlibOptions::new()).unwrap();
    for index in 0..packed.len() {
        for bit in 0..8 {
            let mut flipped = packed.clone();
            flipped[index] ^= 1 << bit;
            match gunzip_sync(&flipped, &ZlibOptions::new()) {
                Ok(back) => assert!(back == data, "byte {index}, bit {bit}"),
                Err(error) => assert!(matches!(error.errno(), Some(-3 | -5)), "byte {index}: {error:?}"),
            }
        }
    }
}

#[test]
fn the_limit_holds() {
    let zeros = vec![0; 3_000_000];
    let mut bomb = gzip_sync(&zeros, &ZlibOptions::new().level(9)).unwrap();
    let options = |limit| ZlibOptions::new().max_output_length(limit);
    for lie in [None, Some(0_u32), Some(5), Some(u32::MAX)] {
        if let Some(size) = lie {
            let start = bomb.len() - 4;
            bomb[start..].copy_from_slice(&size.to_le_bytes());
        }
        for (form, gzip, gunzip) in FORMS {
            let error = gunzip(&bomb, &options(100_000)).unwrap_err();
            let expected = "error RangeError ERR_BUFFER_TOO_LARGE undefined Cannot create a Buffer larger than 100000 bytes";
            assert_eq!(failure(&error), expected, "{form}, {lie:?}");
            let error = gzip(&zeros, &options(50)).unwrap_err();
            assert_eq!(error.code(), Code::BufferTooLarge, "{form}");
        }
    }
    let text = b"hello hello hello hello hello hello hello";
    let packed = gzip_sync(text, &ZlibOptions::new()).unwrap();
    for threads in [1, 2] {
        let packed = gzip_sync(text, &ZlibOptions::new().threads(threads)).unwrap();
        let size = packed.len() as u64;
        let fitting = gzip_sync(text, &options(size).threads(threads)).unwrap();
        assert_eq!(fitting.len(), packed.len());
        let error = gzip_sync(text, &options(size - 1).threads(threads)).unwrap_err();
        assert_eq!(error.code(), Code::BufferTooLarge);
    }
    assert_eq!(gunzip_sync(&packed, &options(41)).unwrap(), text);
    assert_eq!(gunzip_sync(&packed, &options(40)).unwrap_err().code(), Code::BufferTooLarge);
}

#[test]
fn threads_give_the_same_bytes() {
    let data = Random(4).data(1_500_000);
    for level in [1, 6, 9] {
        let options = ZlibOptions::new().level(level);
        let two = gzip_sync(&data, &options.clone().threads(2)).unwrap();
        for threads in [3, 7] {
            assert!(gzip_sync(&data, &options.clone().threads(threads)).unwrap() == two);
        }
    }
    let error = gzip_sync(b"", &ZlibOptions::new().threads(257)).unwrap_err();
    let expected =
        "The value of \"options.threads\" is out of range. It must be >= 0 and <= 256. Received 257";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn the_gzip_program_reads_it() {
    let data = Random(5).data(2_000_000);
    for (level, threads) in [(0, 2), (1, 1), (1, 2), (6, 1), (6, 2), (9, 3)] {
        let packed = gzip_sync(&data, &ZlibOptions::new().level(level).threads(threads)).unwrap();
        let Ok(mut child) =
            Command::new("gzip").arg("-dc").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()
        else {
            println!("skipped: no gzip");
            return;
        };
        let mut input = child.stdin.take().unwrap();
        let writer = thread::spawn(move || input.write_all(&packed).unwrap());
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        assert!(output.status.success() && output.stdout == data, "level {level}, {threads} threads");
    }
}

#[test]
fn a_cancelled_call_reports_it() {
    let lp = EventLoop::new().unwrap();
    let slot = Rc::new(RefCell::new(Vec::new()));
    let requests: Vec<_> = (0..20)
        .map(|_| {
            let to = Rc::clone(&slot);
            gzip(&lp, vec![7; 1_000_000], &ZlibOptions::new(), move |result| to.borrow_mut().push(result))
                .unwrap()
        })
        .collect();
    let asked = requests.iter().filter(|request| request.cancel()).count();
    assert!(asked > 0);
    lp.run(RunMode::Default);
    let results = slot.take();
    assert_eq!(results.len(), 20);
    // The first few may have been done already, or on their way.
    assert!(results.iter().any(|result| result.as_ref().is_err_and(|error| error.code() == Code::ECANCELED)));
}
