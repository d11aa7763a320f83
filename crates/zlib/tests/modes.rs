//! Every mode here and in Node: options, corrupt data, and round trips both ways.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

mod support;

use bytes::Bytes;
use nodecore_error::{Code, Error};
use nodecore_event_loop::EventLoop;
use nodecore_testdata::node::{self, Case, Exam, Node};
use nodecore_zlib::{Mode, Output, ZstdOptions, constants, zstd_compress_sync, zstd_decompress_sync};
use support::{Given, PAIRS, Random, failure, hex, random_options, run};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node/modes.js");
/// How many random inputs go in one round.
const ROUND: usize = 1000;

fn shown(result: Result<Output, Error>) -> String {
    match result {
        Ok(output) => format!("{} {}", hex(&output.buffer), output.bytes_written),
        Err(error) => failure(&error),
    }
}

/// What Node's codec says of `data`, in one call.
fn once(mode: Mode, given: &Given, data: &[u8]) -> Case {
    let question = format!("run\t{mode:?}\t{}\t{}", given.json(), hex(data));
    Case { question, answer: shown(given.run(mode, data)) }
}

/// As [`once`], as a stream of chunks.
fn streamed(lp: &EventLoop, mode: Mode, given: &Given, parts: Vec<Bytes>) -> Case {
    let mut question = format!("stream\t{mode:?}\t{}", given.json());
    parts.iter().for_each(|part| question += &format!("\t{}", hex(part)));
    let answer = match given.stream(lp, mode) {
        Err(error) => failure(&error),
        Ok(stream) => {
            let outcome = run(lp, &stream, parts);
            format!("{} {} {}", hex(&outcome.data), outcome.events.join("|"), stream.bytes_written())
        }
    };
    Case { question, answer }
}

/// Both forms.
fn read(lp: &EventLoop, mode: Mode, given: &Given, data: &[u8], random: &mut Random, cases: &mut Vec<Case>) {
    cases.push(once(mode, given, data));
    let parts = match random.below(3) {
        0 => vec![Bytes::copy_from_slice(data)],
        1 => random.chunks(data, 3),
        _ => random.chunks(data, data.len().max(1)),
    };
    cases.push(streamed(lp, mode, given, parts));
}

/// Whether a stream's answers are the same for all that counts: zlib-rs does not tell three errors apart, and where
/// there is an error, how much is taken and comes out before it depends on how far the codec looks ahead.
fn same(case: &Case, answer: &str) -> bool {
    let parts = |text: &str| -> Option<(String, String)> {
        let (data, rest) = text.split_once(' ')?;
        let (events, _taken) = rest.rsplit_once(' ')?;
        let vague = ["invalid literal/length code", "invalid distance code"];
        let plain = |text: String, vague: &&str| text.replace(vague, "invalid distance too far back");
        Some((data.to_owned(), vague.iter().fold(events.to_owned(), plain)))
    };
    let (Some((here, events)), Some((there, expected))) = (parts(&case.answer), parts(answer)) else {
        return false;
    };
    case.question.starts_with("stream")
        && events == expected
        && events.contains("error")
        && (here.starts_with(&there) || there.starts_with(&here))
}

fn packed(mode: Mode, given: &Given, data: &[u8]) -> Vec<u8> {
    given.run(mode, data).unwrap_or_else(|error| panic!("{mode:?} {given:?}: {error}")).buffer
}

#[test]
fn options_are_checked_as_in_node() {
    let Some(node) = Node::find() else { return };
    let mut exam = Exam::new(node, "zlib", SCRIPT);
    let mut cases = Vec::new();
    let text = b"hello hello hello hello";
    for (compress, decompressors) in PAIRS {
        let small = packed(compress, &Given::default(), text);
        let modes = [compress].into_iter().chain(decompressors.iter().copied());
        for mode in modes {
            let (verb, input) = if mode == compress { ("options", &text[..]) } else { ("run", &small[..]) };
            let mut ask = |given: Given| {
                let result = given.run(mode, input);
                let answer = if verb == "run" {
                    shown(result)
                } else {
                    let dictionary = Given { dictionary: given.dictionary.clone(), ..Given::default() };
                    let back = result.and_then(|output| dictionary.run(decompressors[0], &output.buffer));
                    back.map_or_else(|error| failure(&error), |output| hex(&output.buffer))
                };
                let question = format!("{verb}\t{mode:?}\t{}\t{}", given.json(), hex(input));
                cases.push(Case { question, answer });
            };
            for (key, values) in [
                ("chunkSize", &[0, 63, 64, 1 << 40][..]),
                ("maxOutputLength", &[0, 1, 22, 23, 1 << 53, (1 << 53) - 1]),
                ("flush", &[-1, 0, 2, 3, 4, 5, 6]),
                ("finishFlush", &[-1, 6]),
            ] {
                values.iter().for_each(|&value| ask(Given::new(&[(key, value)])));
            }
            ask(Given::default().dictionary(b""));
            if matches!(mode, Mode::BrotliCompress | Mode::BrotliDecompress) {
                ask(Given::new(&[("chunkSize", 1)]).param(4, 2));
                for key in -1..10 {
                    [-1, 0, 1, 2, 3, 11, 16, 31].iter().for_each(|&value| {
                        // A large window needs a decompressor that is told so.
                        if key != 6 {
                            ask(Given::default().param(key, value));
                        }
                    });
                }
                ask(Given::default().param(0, 1).param(1, 5).param(7, 2).param(8, 12));
            } else if matches!(mode, Mode::ZstdCompress | Mode::ZstdDecompress) {
                ask(Given::new(&[("chunkSize", 1)]).param(101, 1));
                for key in [-1, 0, 99, 165, 203, 300, 403]
                    .into_iter()
                    .chain(100..108)
                    .chain(160..165)
                    .chain(200..203)
                {
                    for value in [-1, 0, 1, 5, 10, 27, 31, 32, 1000, (1 << 31) - 1, 1 << 31, (1 << 32) + 5] {
                        ask(Given::default().param(key, value));
                    }
                }
                for size in [-1, 0, 5, 23, 24, (1 << 53) - 1, 1 << 53] {
                    ask(Given::new(&[("pledgedSrcSize", size)]));
                }
                ask(Given::new(&[("pledgedSrcSize", -1)]).param(999, 1));
            } else {
                for (key, values) in [
                    ("level", &[-2, -1, 0, 9, 10][..]),
                    ("windowBits", &[-1, 0, 7, 8, 9, 15, 16]),
                    ("memLevel", &[0, 1, 9, 10]),
                    ("strategy", &[-1, 0, 4, 5]),
                ] {
                    values.iter().for_each(|&value| ask(Given::new(&[(key, value)])));
                }
                let order =
                    ["windowBits", "level", "memLevel", "strategy", "chunkSize", "flush", "finishFlush"];
                for first in 0..order.len() {
                    let wrong: Vec<_> = order[first..].iter().map(|&key| (key, 60)).collect();
                    ask(Given::new(&wrong));
                }
                ask(Given::new(&[("maxOutputLength", 0), ("finishFlush", 60)]));
            }
        }
    }
    exam.ask(&cases, |_, _| false);
    exam.close();
}

#[test]
fn corrupt_data_fails_as_in_node() {
    let Some(node) = Node::find() else { return };
    let mut exam = Exam::new(node, "zlib", SCRIPT);
    let (lp, mut random) = (EventLoop::new().unwrap(), Random(node::seed() | 1));
    let mut cases = Vec::new();
    for (compress, decompressors) in PAIRS {
        let checksum = (compress == Mode::ZstdCompress).then_some((constants::ZSTD_c_checksumFlag, 1));
        for size in [0, 23, 300] {
            let given = Given { params: checksum.into_iter().collect(), ..Given::default() };
            let data = random.data(size);
            let small = packed(compress, &given, &data);
            for &mode in decompressors {
                let mut ask = |data: &[u8], given: &Given| {
                    read(&lp, mode, given, data, &mut random, &mut cases);
                };
                let plain = Given::default();
                for end in 0..=small.len() {
                    ask(&small[..end], &plain);
                }
                for index in 0..small.len() {
                    for mask in [0xff, 1, 0x10, 0x80] {
                        let mut flipped = small.clone();
                        flipped[index] ^= mask;
                        ask(&flipped, &plain);
                    }
                }
                let magic = [0x28, 0xb5, 0x2f, 0xfd];
                let skip = [0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 7, 7];
                for tail in [
                    &[0][..],
                    &[0, 0, 0],
                    &[0; 20],
                    &[1],
                    &[1, 2, 3],
                    &[0x1f],
                    &[0x1f, 0x8b, 8],
                    &[0x1f, 0],
                    &[0, 0x1f, 0x8b],
                    &magic[..1],
                    &magic[..3],
                    &magic,
                    &skip,
                    &skip[..9],
                    &[&skip[..], &small].concat(),
                    &small[..small.len() / 2],
                    &small,
                ] {
                    let data = [&small[..], tail].concat();
                    ask(&data, &plain);
                    ask(&data, &Given::new(&[("rejectGarbageAfterEnd", 1)]));
                }
            }
        }
    }
    exam.ask(&cases, same);
    exam.close();
}

#[test]
fn dictionaries_are_nodes() {
    let Some(node) = Node::find() else { return };
    let mut exam = Exam::new(node, "zlib", SCRIPT);
    let (lp, mut random) = (EventLoop::new().unwrap(), Random(node::seed() | 1));
    let mut cases = Vec::new();
    let data = random.data(500);
    for (compress, decompressors) in PAIRS {
        for dictionary in [&data[..], &data[100..200], b"hello", b""] {
            let given = Given::default().dictionary(dictionary);
            let small = packed(compress, &given, &data);
            if dictionary == data && compress != Mode::Gzip {
                assert!(small.len() < 60, "{compress:?}: {} bytes", small.len());
            }
            for &mode in decompressors {
                let others =
                    [Given::default(), Given::default().dictionary(b"something quite other than that")];
                for given in [given.clone()].iter().chain(&others) {
                    read(&lp, mode, given, &small, &mut random, &mut cases);
                }
            }
        }
    }
    exam.ask(&cases, same);
    exam.close();
}

/// Compresses in one of the two forms, with flushes and empty chunks in between.
fn compressed(lp: &EventLoop, mode: Mode, given: &Given, data: &[u8], random: &mut Random) -> Vec<u8> {
    if random.below(2) == 0 {
        return packed(mode, given, data);
    }
    let stream = given.stream(lp, mode).unwrap();
    let largest = [1, 50, data.len()][random.below(3)].max(data.len() / 40);
    let outcome = support::watch(&stream);
    for chunk in random.chunks(data, largest.max(1)) {
        stream.write(chunk);
        if random.below(4) == 0 {
            stream.flush(None, |done| assert!(done.is_ok())).unwrap();
        }
    }
    stream.end();
    lp.run(nodecore_event_loop::RunMode::Default);
    let outcome = outcome.take();
    assert!(outcome.error.is_none(), "{mode:?} {given:?}: {:?}", outcome.error);
    assert_eq!(stream.bytes_written(), data.len() as u64);
    outcome.data
}

#[test]
fn round_trips_with_node_both_ways() {
    let Some(node) = Node::find() else { return };
    let mut exam = Exam::new(node.clone(), "zlib", SCRIPT);
    let (lp, mut random) = (EventLoop::new().unwrap(), Random(node::seed() | 1));
    let mut left = node::cases(ROUND);
    while left > 0 {
        let count = left.min(ROUND);
        left -= count;
        let (mut cases, mut questions, mut expected) = (Vec::new(), String::new(), Vec::new());
        for _ in 0..count {
            let (mode, decompressors) = PAIRS[random.below(PAIRS.len())];
            let back = decompressors[random.below(decompressors.len())];
            let size = [0, 1, 40, 900, 20_000][random.below(5)];
            let size = random.below(size + 1);
            let data = random.data(size);
            let given = random_options(mode, size, &mut random);
            let reading = Given { dictionary: given.dictionary.clone(), ..Given::default() };
            let here = compressed(&lp, mode, &given, &data, &mut random);
            let question = format!("read\t{back:?}\t{}\t{}", reading.json(), hex(&here));
            cases.push(Case { question, answer: hex(&data) });
            if matches!(mode, Mode::BrotliCompress | Mode::ZstdCompress) {
                // The same libraries, given as much room at a time, give the same bytes.
                let answer = hex(&packed(mode, &given, &data));
                let question = format!("pack\t{mode:?}\t{}\t{}", given.json(), hex(&data));
                cases.push(Case { question, answer });
            }
            questions += &format!("pack\t{mode:?}\t{}\t{}\n", given.json(), hex(&data));
            expected.push((back, reading, data));
        }
        exam.ask(&cases, |_, _| false);
        let answers = node.run(SCRIPT, questions);
        for (line, (mode, given, data)) in answers.lines().zip(&expected) {
            let there: Vec<u8> = (0..line.len() / 2)
                .map(|index| u8::from_str_radix(&line[2 * index..2 * index + 2], 16).unwrap())
                .collect();
            assert!(packed(*mode, given, &there) == *data, "{mode:?} {line}");
            let largest = [1, 60, there.len()][random.below(3)].max(1 + there.len() / 50);
            let outcome = run(&lp, &given.stream(&lp, *mode).unwrap(), random.chunks(&there, largest));
            assert!(outcome.error.is_none() && outcome.data == *data, "{mode:?} {line}");
        }
    }
    exam.close();
}

/// Recorded from Node 26.10: the size of the content, `ZSTD_d_windowLogMax`, and whether it is refused. Where the
/// content fits into a chunk of the default size the window is not looked at.
#[test]
fn zstd_refuses_windows_as_node() {
    let cases = [
        (1_025, 10, false),
        (5_000, 10, false),
        (100_000, 10, true),
        (100_000, 12, true),
        (100_000, 17, false),
        (300_000, 18, true),
        (300_000, 19, false),
        (3_000_000, 20, true),
        (3_000_000, 0, false),
    ];
    for (size, log, refused) in cases {
        let data: Vec<u8> = b"abcdefghij".iter().copied().cycle().take(size).collect();
        let packed = zstd_compress_sync(&data, &ZstdOptions::new()).unwrap();
        let options = ZstdOptions::new().param(constants::ZSTD_d_windowLogMax, log);
        match zstd_decompress_sync(&packed, &options) {
            Ok(given) => assert!(!refused && given == data, "{size} {log}"),
            Err(error) => {
                assert!(refused, "{size} {log}");
                assert_eq!(error.code(), Code::ZstdFrameParameterWindowTooLarge);
            }
        }
    }
}
