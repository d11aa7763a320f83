//! Asks a real Node the same as this crate and compares every answer: see `nodecore_testdata::node`.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

mod support;

use bytes::Bytes;
use nodecore_event_loop::EventLoop;
use nodecore_testdata::node::{self, Case, Exam, Node};
use nodecore_zlib::{ZlibOptions, create_gunzip, gunzip_sync, gzip_sync};
use support::{Random, failure, hex, run};

/// How many random inputs go in one round.
const ROUND: usize = 1500;

/// Options for both sides, from `(key, value)`.
fn options(given: &[(&str, i64)]) -> (String, ZlibOptions) {
    let fields: Vec<_> = given.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
    let options = given.iter().fold(ZlibOptions::new(), |options, &(key, value)| match key {
        "level" => options.level(value as i32),
        "windowBits" => options.window_bits(value as i32),
        "memLevel" => options.mem_level(value as i32),
        "strategy" => options.strategy(value as i32),
        "chunkSize" => options.chunk_size(value as usize),
        "maxOutputLength" => options.max_output_length(value as u64),
        "rejectGarbageAfterEnd" => options.reject_garbage_after_end(value != 0),
        other => panic!("{other}"),
    });
    let json = format!("{{{}}}", fields.join(",")).replace("AfterEnd\":1", "AfterEnd\":true");
    (json, options)
}

fn shown(result: nodecore_error::Result<Vec<u8>>) -> String {
    result.map_or_else(|error| failure(&error), |bytes| hex(&bytes))
}

fn gunzip_cases(
    lp: &EventLoop,
    packed: &[u8],
    given: &[(&str, i64)],
    random: &mut Random,
    cases: &mut Vec<Case>,
) {
    let (json, options) = options(given);
    let question = format!("gunzip\t{json}\t{}", hex(packed));
    cases.push(Case { question, answer: shown(gunzip_sync(packed, &options)) });
    let parts = match random.below(3) {
        0 => vec![Bytes::copy_from_slice(packed)],
        1 => random.chunks(packed, 3),
        _ => random.chunks(packed, packed.len().max(1)),
    };
    let mut question = format!("gunzipStream\t{json}");
    parts.iter().for_each(|part| question += &format!("\t{}", hex(part)));
    let answer = match create_gunzip(lp, &options) {
        Err(error) => failure(&error),
        Ok(stream) => {
            let outcome = run(lp, &stream, parts);
            format!("{} {}", hex(&outcome.data), outcome.events.join("|"))
        }
    };
    cases.push(Case { question, answer });
}

#[test]
fn agrees_with_node() {
    let Some(node) = Node::find() else { return };
    let mut exam = Exam::new(node, "zlib", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node/zlib.js"));
    let mut random = Random(node::seed() | 1);
    let lp = EventLoop::new().unwrap();
    let mut cases = vec![];
    bad_options(&mut cases);

    let small = gzip_sync(b"hello", &ZlibOptions::new()).unwrap();
    for end in 0..=small.len() {
        gunzip_cases(&lp, &small[..end], &[], &mut random, &mut cases);
    }
    for index in 0..small.len() {
        let mut flipped = small.clone();
        flipped[index] ^= 0xff;
        gunzip_cases(&lp, &flipped, &[], &mut random, &mut cases);
    }
    let tails: [&[u8]; 12] = [
        &[0],
        &[0, 0, 0],
        &[1],
        &[1, 2, 3],
        &[0x1f],
        &[0x1f, 0x8b],
        &[0x1f, 0x8b, 8],
        &[0x1f, 0],
        &[0x1f, 0x8b, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9],
        &[0, 0x1f, 0x8b],
        &[0, 0, 1],
        &small,
    ];
    for tail in tails {
        for given in [&[][..], &[("rejectGarbageAfterEnd", 1)]] {
            gunzip_cases(&lp, &[&small, tail].concat(), given, &mut random, &mut cases);
        }
    }
    let mut left = node::cases(ROUND);
    while left > 0 {
        let count = left.min(ROUND);
        left -= count;
        for _ in 0..count {
            one_random(&lp, &mut random, &mut cases);
        }
        exam.ask(&cases, same);
        cases.clear();
    }
    exam.close();
}

/// Whether a stream's answers are the same for all that counts: zlib-rs does not tell three errors apart, and where
/// there is an error, how much comes out before it depends on how far the codec looks ahead.
fn same(case: &Case, answer: &str) -> bool {
    let (Some((here, events)), Some((there, expected))) =
        (case.answer.split_once(' '), answer.split_once(' '))
    else {
        return false;
    };
    let plain = |events: &str| {
        let vague = ["invalid literal/length code", "invalid distance code"];
        vague
            .iter()
            .fold(events.to_owned(), |events, text| events.replace(text, "invalid distance too far back"))
    };
    case.question.starts_with("gunzipStream")
        && plain(events) == plain(expected)
        && events.contains("error")
        && (here.starts_with(there) || there.starts_with(here))
}

fn one_random(lp: &EventLoop, random: &mut Random, cases: &mut Vec<Case>) {
    let size = [0, 1, 40, 900, 20_000][random.below(5)];
    let size = random.below(size + 1);
    let data = random.data(size);
    let mut given = Vec::new();
    if random.below(2) == 0 {
        given.push(("level", random.below(11) as i64 - 1));
    }
    if random.below(3) == 0 {
        given.push(("windowBits", 9 + random.below(7) as i64));
    }
    if random.below(3) == 0 {
        given.push(("memLevel", 1 + random.below(9) as i64));
    }
    if random.below(4) == 0 {
        given.push(("strategy", random.below(5) as i64));
    }
    let (json, mut ours) = options(&given);
    if random.below(4) == 0 {
        ours = ours.threads(3);
    }
    let mut packed = gzip_sync(&data, &ours).unwrap();
    let question = format!("header\t{json}\t{}", hex(&data));
    cases.push(Case { question, answer: hex(&packed[..10]) });
    match random.below(8) {
        0..2 => {
            let index = random.below(packed.len());
            packed[index] ^= 1 << random.below(8);
        }
        2 => packed.truncate(random.below(packed.len())),
        3 => packed.extend(gzip_sync(&random.data(300), &ours).unwrap()),
        4 => (0..random.below(4)).for_each(|_| packed.push(random.below(3) as u8)),
        _ => {}
    }
    let mut back = Vec::new();
    if random.below(4) == 0 {
        // Node refuses what needs a larger window than it was told; this crate does not.
        back.push(("windowBits", [0, 15][random.below(2)]));
    }
    if random.below(3) == 0 {
        back.push(("chunkSize", 64 + random.below(2000) as i64));
    }
    if random.below(4) == 0 {
        back.push(("maxOutputLength", 1 + random.below(data.len() + 2) as i64));
    }
    gunzip_cases(lp, &packed, &back, random, cases);
}

fn bad_options(cases: &mut Vec<Case>) {
    let packed = gzip_sync(b"hello", &ZlibOptions::new()).unwrap();
    for (key, values) in [
        ("level", &[-2, -1, 0, 9, 10][..]),
        ("windowBits", &[-1, 0, 7, 8, 9, 15, 16]),
        ("memLevel", &[0, 1, 9, 10]),
        ("strategy", &[-1, 0, 4, 5]),
        ("chunkSize", &[0, 63, 64, 1 << 40]),
        ("maxOutputLength", &[0, 1, 4, 5, 1 << 53, (1 << 53) - 1]),
    ] {
        for &value in values {
            let (json, options) = options(&[(key, value)]);
            let question = format!("gunzip\t{json}\t{}", hex(&packed));
            cases.push(Case { question, answer: shown(gunzip_sync(&packed, &options)) });
            // Node's round trip shows its errors; the bytes between may differ.
            let there = gzip_sync(b"hello", &options);
            let back = there.and_then(|packed| gunzip_sync(&packed, &ZlibOptions::new()));
            let question = format!("gzip\t{json}\t{}", hex(b"hello"));
            cases.push(Case { question, answer: shown(back) });
        }
    }
}
