//! Ten gibibytes of zeros in ten mebibytes or less: the limit stops them, and no more memory is taken than it allows.
//! A file of its own, as the memory is that of the process.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::cast_possible_wrap,
    clippy::cast_possible_truncation
)]

mod support;

use std::cell::Cell;
use std::fmt::Write as _;
use std::rc::Rc;

use bytes::Bytes;
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_zlib::{Mode, constants};
use support::{Given, failure};

const SIZE: usize = 10 << 30;
const PIECE: usize = 1 << 20;
const LIMIT: usize = 16 << 20;
/// What the process may have taken in the end: ten times the limit, of which the bombs themselves are most.
const MEMORY: usize = 10 * LIMIT;

/// What a mode compresses a piece of zeros to, all out and at a byte's boundary, but not ended where `flush` is given.
fn piece(mode: Mode, flush: Option<i32>, size: usize) -> Vec<u8> {
    let given = Given {
        numbers: flush.map(|kind| ("finishFlush", kind.into())).into_iter().collect(),
        ..Given::default()
    };
    given.run(mode, &vec![0; size]).unwrap().buffer
}

fn bomb(mode: Mode) -> Bytes {
    let deflate = || piece(Mode::DeflateRaw, Some(constants::Z_FULL_FLUSH), PIECE).repeat(SIZE / PIECE);
    let bytes = match mode {
        Mode::InflateRaw => deflate(),
        Mode::Inflate => [&[0x78, 0x9c], &deflate()[..]].concat(),
        Mode::Gunzip | Mode::Unzip => [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3], &deflate()[..]].concat(),
        Mode::ZstdDecompress => piece(Mode::ZstdCompress, None, PIECE).repeat(SIZE / PIECE),
        _ => {
            // Its second piece, which follows zeros, may follow itself as well.
            let two = two_pieces_of_brotli();
            [&two.0, &two.1.repeat(SIZE / PIECE)[..]].concat()
        }
    };
    assert!(bytes.len() <= 11 << 20, "{mode:?}: {} bytes", bytes.len());
    bytes.into()
}

/// Two pieces of zeros, each all out.
fn two_pieces_of_brotli() -> (Vec<u8>, Vec<u8>) {
    let lp = EventLoop::new().unwrap();
    let given = Given::default().param(constants::BROTLI_PARAM_QUALITY, 5);
    let stream = given.stream(&lp, Mode::BrotliCompress).unwrap();
    let outcome = support::watch(&stream);
    let mut taken = Vec::new();
    for _ in 0..2 {
        stream.write(vec![0; PIECE].into());
        stream.flush(None, |done| assert!(done.is_ok())).unwrap();
        lp.run(RunMode::Default);
        taken.push(std::mem::take(&mut outcome.borrow_mut().data));
    }
    let second = taken.pop().unwrap();
    (taken.pop().unwrap(), second)
}

/// The most memory that this process has taken so far, where the system tells it.
fn most_memory() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: usize = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kibibytes << 10)
}

const MODES: [Mode; 6] = [
    Mode::Gunzip,
    Mode::Unzip,
    Mode::Inflate,
    Mode::InflateRaw,
    Mode::BrotliDecompress,
    Mode::ZstdDecompress,
];

#[test]
fn the_limit_bounds_memory() {
    let lp = EventLoop::new().unwrap();
    let mut report = String::new();
    for mode in MODES {
        let bomb = bomb(mode);
        let error = Given::new(&[("maxOutputLength", LIMIT as i64)]).run(mode, &bomb).unwrap_err();
        let expected = format!(
            "error RangeError ERR_BUFFER_TOO_LARGE undefined Cannot create a Buffer larger than {LIMIT} bytes"
        );
        assert_eq!(failure(&error), expected, "{mode:?}");

        // A reader that has enough after so much.
        let stream = Given::default().stream(&lp, mode).unwrap();
        let seen = Rc::new(Cell::new(0));
        let (sum, reader) = (Rc::clone(&seen), stream.clone());
        stream.on_data(move |chunk| {
            assert!(chunk.iter().all(|&byte| byte == 0));
            sum.set(sum.get() + chunk.len());
            if sum.get() >= LIMIT {
                reader.destroy(None);
            }
        });
        stream.end_chunk(bomb);
        lp.run(RunMode::Default);
        assert!((LIMIT..LIMIT + (1 << 20)).contains(&seen.get()), "{mode:?}: {}", seen.get());
        let most = most_memory();
        writeln!(report, "{mode:?}: {most:?}").unwrap();
        assert!(most.is_none_or(|most| most < MEMORY), "{report}");
    }
}
