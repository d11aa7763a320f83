//! There and back between this crate and every other implementation that is at hand: Node, Python's zlib and gzip, and
//! the programs gzip, brotli and zstd; random inputs, options and chunks. `NODECORE_CASES` says how many each way.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, clippy::disallowed_methods)]

mod support;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fs, iter};

use bytes::Bytes;
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_testdata::node::{self, Comparison, Node};
use nodecore_zlib::{Mode, constants};
use support::peer::{Answer, Peer};
use support::{Given, PAIRS, Random, failure, random_options, watch};

const CASES: usize = 300;
/// How many are on their way at once: compressed here, and then read there, or the other way round.
const BATCH: usize = 50;

/// What is done to a codec, in order.
#[derive(Clone, Debug)]
enum Step {
    Write(Bytes),
    Flush(i32),
    Params(i32, i32),
}

/// A run of a codec, for this crate or a peer.
#[derive(Clone, Debug)]
struct Task {
    stream: bool,
    mode: Mode,
    given: Given,
    steps: Vec<Step>,
}

impl Task {
    /// For a peer.
    fn fields(&self) -> Vec<Vec<u8>> {
        let form = if self.stream { "stream" } else { "sync" };
        let mode = format!("{:?}", self.mode);
        let head = [form, &mode, &self.given.json()].map(|text| text.as_bytes().to_vec());
        let step = |step: &Step| match step {
            Step::Write(bytes) => [b"w", &bytes[..]].concat(),
            Step::Flush(kind) => format!("f{kind}").into_bytes(),
            Step::Params(level, strategy) => format!("p{level} {strategy}").into_bytes(),
        };
        head.into_iter().chain(self.steps.iter().map(step)).collect()
    }

    fn input(&self) -> Vec<u8> {
        let parts = self.steps.iter().filter_map(|step| match step {
            Step::Write(bytes) => Some(&bytes[..]),
            _ => None,
        });
        parts.collect::<Vec<_>>().concat()
    }

    fn here(&self, lp: &EventLoop) -> Answer {
        let failed = |error| Answer { events: failure(&error), ..Answer::default() };
        if !self.stream {
            return self.given.run(self.mode, &self.input()).map_or_else(failed, |output| Answer {
                data: output.buffer,
                events: String::new(),
                taken: output.bytes_written.to_string(),
            });
        }
        let stream = match self.given.stream(lp, self.mode) {
            Ok(stream) => stream,
            Err(error) => return failed(error),
        };
        let outcome = watch(&stream);
        for step in &self.steps {
            match step {
                Step::Write(bytes) => _ = stream.write(bytes.clone()),
                Step::Flush(kind) => stream.flush(Some(*kind), drop).unwrap(),
                Step::Params(level, strategy) => stream.params(*level, *strategy, drop).unwrap(),
            }
        }
        stream.end();
        assert!(!lp.run(RunMode::Default), "{self:?} does not end");
        let outcome = outcome.take();
        Answer {
            data: outcome.data,
            events: outcome.events.join("|"),
            taken: stream.bytes_written().to_string(),
        }
    }
}

/// Writes, in one piece or in many, of which some are empty.
fn writes(data: &[u8], random: &mut Random) -> Vec<Step> {
    let largest = [1, 50, data.len()][random.below(3)].max(data.len() / 40).max(1);
    let mut chunks = random.chunks(data, largest);
    // zstd takes sixteen calls for nothing for an endless loop, in Node too.
    let mut empty = 0;
    chunks.retain(|chunk| {
        empty = if chunk.is_empty() { empty + 1 } else { 0 };
        empty < 12
    });
    chunks.into_iter().map(Step::Write).collect()
}

/// A task that compresses `data`, and how the result is to be read.
fn compressing(mode: Mode, data: &[u8], is_node: bool, random: &mut Random) -> (Task, Given) {
    let mut given = random_options(mode, data.len(), random);
    let mut reading = Given { dictionary: given.dictionary.clone(), ..Given::default() };
    let family_is_zlib = !matches!(mode, Mode::BrotliCompress | Mode::ZstdCompress);
    if mode == Mode::BrotliCompress && random.below(4) == 0 {
        given.params.retain(|(key, _)| *key != constants::BROTLI_PARAM_LGWIN);
        given = given
            .param(constants::BROTLI_PARAM_LGWIN, 10 + random.below(15) as i64)
            .param(constants::BROTLI_PARAM_LGBLOCK, 16 + random.below(9) as i64)
            .param(constants::BROTLI_PARAM_NPOSTFIX, random.below(4) as i64)
            .param(constants::BROTLI_PARAM_DISABLE_LITERAL_CONTEXT_MODELING, random.below(2) as i64)
            .param(constants::BROTLI_PARAM_LARGE_WINDOW, 1);
        reading = reading.param(constants::BROTLI_DECODER_PARAM_LARGE_WINDOW, 1);
    }
    if mode == Mode::ZstdCompress && random.below(3) == 0 {
        for (key, from, count) in [
            (constants::ZSTD_c_strategy, 1, 9),
            (constants::ZSTD_c_hashLog, 6, 12),
            (constants::ZSTD_c_chainLog, 6, 12),
            (constants::ZSTD_c_searchLog, 1, 6),
            (constants::ZSTD_c_minMatch, 3, 5),
            (constants::ZSTD_c_targetLength, 0, 200),
            (constants::ZSTD_c_enableLongDistanceMatching, 0, 2),
            (constants::ZSTD_c_dictIDFlag, 0, 2),
        ] {
            if random.below(3) == 0 {
                given = given.param(key, from + random.below(count) as i64);
            }
        }
    }
    let stream = random.below(2) == 0;
    let mut steps = writes(data, random);
    if stream {
        let flushes: &[i32] = match mode {
            Mode::BrotliCompress => &[constants::BROTLI_OPERATION_FLUSH],
            Mode::ZstdCompress => &[constants::ZSTD_e_flush],
            _ => &[constants::Z_PARTIAL_FLUSH, constants::Z_SYNC_FLUSH, constants::Z_FULL_FLUSH],
        };
        for _ in 0..random.below(4) {
            let at = random.below(steps.len() + 1);
            steps.insert(at, Step::Flush(flushes[random.below(flushes.len())]));
        }
        if family_is_zlib && is_node && random.below(3) == 0 {
            let at = random.below(steps.len() + 1);
            steps.insert(at, Step::Params(random.below(11) as i32 - 1, random.below(5) as i32));
        }
    }
    if is_node && random.below(10) == 0 {
        // All comes out, but not the end.
        let sync = if family_is_zlib { constants::Z_SYNC_FLUSH } else { 1 };
        given.numbers.push(("finishFlush", sync.into()));
        reading.numbers.push(("finishFlush", sync.into()));
    }
    (Task { stream, mode, given, steps }, reading)
}

/// Does something to compressed data that is no longer what was compressed, or not alone. False if it left it.
fn mangle(packed: &mut Vec<u8>, reading: &mut Given, random: &mut Random) -> bool {
    match random.below(12) {
        0 if !packed.is_empty() => {
            let index = random.below(packed.len());
            packed[index] ^= 1 << random.below(8);
        }
        1 => {
            packed.truncate(random.below(packed.len() + 1));
            if random.below(2) == 0 {
                reading.numbers.push(("finishFlush", 1));
            }
        }
        2 => packed.extend_from_within(..),
        3 => (0..1 + random.below(12)).for_each(|_| packed.push(random.below(3) as u8)),
        4 => packed.extend(iter::repeat_n(0, 1 + random.below(600))),
        5 => {
            let size = random.below(40);
            packed.extend(random.data(size));
        }
        6 => reading.numbers.push(("maxOutputLength", 1 + random.below(2000) as i64)),
        _ => return false,
    }
    if random.below(4) == 0 {
        reading.numbers.push(("rejectGarbageAfterEnd", 1));
    }
    true
}

fn decompressing(mode: Mode, mut given: Given, packed: &[u8], random: &mut Random) -> Task {
    if random.below(3) == 0 {
        given.numbers.push(("chunkSize", 64 + random.below(5000) as i64));
    }
    let sized = matches!(mode, Mode::Inflate | Mode::Gunzip | Mode::Unzip);
    if sized && random.below(4) == 0 {
        // Node refuses what needs a larger window than it was told; this crate does not.
        given.numbers.push(("windowBits", [0, 15][random.below(2)]));
    }
    Task { stream: random.below(2) == 0, mode, given, steps: writes(packed, random) }
}

fn input(random: &mut Random) -> Vec<u8> {
    let size = [0, 1, 40, 900, 20_000, 90_000][random.below(6)];
    let size = random.below(size + 1);
    random.data(size)
}

/// Whether answers are the same for all that counts: zlib-rs does not tell three errors apart, and where a stream has
/// an error, how much is taken and comes out before it depends on how far the codec looks ahead.
fn same(task: &Task, here: &Answer, there: &Answer) -> bool {
    let plain = |events: &str| {
        let vague = ["invalid literal/length code", "invalid distance code"];
        vague
            .iter()
            .fold(events.to_owned(), |text, vague| text.replace(vague, "invalid distance too far back"))
    };
    here == there
        || task.stream
            && here.failed()
            && plain(&here.events) == plain(&there.events)
            && (here.data.starts_with(&there.data) || there.data.starts_with(&here.data))
}

/// A short picture of an answer for a message.
fn shown(answer: &Answer) -> String {
    format!("{} bytes, taken {}, {}", answer.data.len(), answer.taken, answer.events)
}

/// What a peer that does tasks can do.
struct Abilities {
    name: &'static str,
    pairs: &'static [(Mode, &'static [Mode])],
    is_node: bool,
}

/// Both ways with a peer that does tasks.
fn both_ways(mut peer: Peer, can: &Abilities) {
    let (lp, mut random) = (EventLoop::new().unwrap(), Random(node::seed() | 1));
    let mut out = Comparison::new("zlib", &format!("here_to_{}", can.name));
    let mut back = Comparison::new("zlib", &format!("{}_to_here", can.name));
    let (mut ours, mut theirs) = (0, 0);
    let mut left = node::cases(CASES);
    while left > 0 {
        let count = left.min(BATCH);
        left -= count;
        let mut begun = Vec::new();
        for _ in 0..count {
            let (mode, readers) = can.pairs[random.below(can.pairs.len())];
            let reader = readers[random.below(readers.len())];
            let data = input(&mut random);
            let (mut task, reading) = compressing(mode, &data, can.is_node, &mut random);
            if !can.is_node {
                task.given.numbers.retain(|(key, _)| !matches!(*key, "flush" | "chunkSize"));
            }
            peer.send(&task.fields());
            let here = task.here(&lp);
            assert!(!here.failed(), "{task:?}: {}", shown(&here));
            let (mut packed, mut how) = (here.data, reading.clone());
            let mangled = can.is_node && mangle(&mut packed, &mut how, &mut random);
            let unpack = decompressing(reader, how, &packed, &mut random);
            begun.push((task, reader, reading, data, unpack, mangled));
        }
        let packed: Vec<Answer> = begun.iter().map(|_| peer.answer()).collect();
        begun.iter().for_each(|(_, _, _, _, unpack, _)| peer.send(&unpack.fields()));
        for ((task, reader, reading, data, unpack, mangled), packed) in begun.into_iter().zip(packed) {
            let (there, here) = (peer.answer(), unpack.here(&lp));
            let equal = if can.is_node { same(&unpack, &here, &there) } else { here.data == there.data };
            let right = mangled || (!there.failed() && there.data == data && here.data == data);
            out.expect(equal && right, || {
                format!(
                    "{task:?}\nof {} bytes, read by\n{unpack:?}\n  there {}\n  here {}",
                    data.len(),
                    shown(&there),
                    shown(&here)
                )
            });
            let unpack = decompressing(reader, reading, &packed.data, &mut random);
            let here = unpack.here(&lp);
            back.expect(!packed.failed() && !here.failed() && here.data == data, || {
                format!("{task:?}: {}\nread by\n{unpack:?}: {}", shown(&packed), shown(&here))
            });
            if !task.stream {
                ours += task.here(&lp).data.len();
                theirs += packed.data.len();
            }
        }
    }
    println!("one-shot output: {ours} bytes here, {theirs} by {}", can.name);
    out.close();
    back.close();
}

/// A word past the test harness, which keeps what tests print to itself.
fn skipped(what: &str) {
    _ = writeln!(std::io::stderr(), "skipped: no {what}");
}

#[test]
fn node() {
    let Some(node) = Node::find() else { return };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/peer.js");
    let peer = Peer::start(node.command().arg(script)).unwrap();
    both_ways(peer, &Abilities { name: "node", pairs: &PAIRS, is_node: true });
}

#[test]
fn python() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/peer.py");
    if !has("python3") {
        return skipped("python3");
    }
    let peer = Peer::start(Command::new("python3").arg(script)).unwrap();
    both_ways(peer, &Abilities { name: "python", pairs: &PAIRS[..3], is_node: false });
}

fn has(program: &str) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

/// A program that compresses files, many in one run.
struct Program {
    name: &'static str,
    suffix: &'static str,
    modes: (Mode, Mode),
    always: &'static [&'static str],
    reading: &'static [&'static str],
    /// Random options.
    options: fn(&mut Random) -> Vec<String>,
    /// Whether it takes `-D FILE`, a dictionary.
    dictionaries: bool,
    /// Whether two behind one another are one.
    members: bool,
}

impl Program {
    /// Runs it on all `files`.
    fn run(&self, folder: &Path, arguments: &[String], files: impl Iterator<Item = String>) {
        let mut command = Command::new(self.name);
        command.current_dir(folder).args(self.always).args(arguments).args(files);
        assert!(command.status().unwrap().success(), "{command:?}");
    }

    fn both_ways(&self) {
        if !has(self.name) {
            return skipped(self.name);
        }
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!(
            "round-trips-{}-{}",
            self.name,
            std::process::id()
        ));
        let (lp, mut random) = (EventLoop::new().unwrap(), Random(node::seed() | 1));
        let mut out = Comparison::new("zlib", &format!("here_to_{}", self.name));
        let mut back = Comparison::new("zlib", &format!("{}_to_here", self.name));
        for _ in 0..node::cases(CASES).div_ceil(BATCH) {
            _ = fs::remove_dir_all(&folder);
            fs::create_dir_all(&folder).unwrap();
            let dictionary = (self.dictionaries && random.below(3) == 0).then(|| random.data(300));
            let mut options = (self.options)(&mut random);
            let mut reading: Vec<_> = self.reading.iter().map(|&word| word.to_owned()).collect();
            if let Some(dictionary) = &dictionary {
                fs::write(folder.join("dictionary"), dictionary).unwrap();
                for list in [&mut options, &mut reading] {
                    list.extend(["-D".into(), "dictionary".into()]);
                }
            }
            let given = Given { dictionary: dictionary.clone(), ..Given::default() };
            let (plain, packed) =
                (|index: usize| index.to_string(), |index: usize| format!("{index}{}", self.suffix));
            let inputs: Vec<_> = (0..BATCH).map(|_| input(&mut random)).collect();

            for (index, data) in inputs.iter().enumerate() {
                fs::write(folder.join(plain(index)), data).unwrap();
            }
            self.run(&folder, &options, (0..BATCH).map(plain));
            for (index, data) in inputs.iter().enumerate() {
                let file = fs::read(folder.join(packed(index))).unwrap();
                let task = decompressing(self.modes.1, given.clone(), &file, &mut random);
                let here = task.here(&lp);
                back.expect(!here.failed() && here.data == *data, || {
                    format!("{options:?}\nread by\n{task:?}: {}", shown(&here))
                });
                fs::remove_file(folder.join(plain(index))).unwrap();
            }

            let mut tasks = Vec::new();
            let mut expected = inputs;
            for (index, data) in expected.iter_mut().enumerate() {
                let (mut task, _) = compressing(self.modes.0, data, false, &mut random);
                task.given.dictionary.clone_from(&dictionary);
                let mut bytes = task.here(&lp).data;
                if self.members && random.below(3) == 0 {
                    bytes.extend_from_within(..);
                    data.extend_from_within(..);
                }
                fs::write(folder.join(packed(index)), bytes).unwrap();
                tasks.push(task);
            }
            self.run(&folder, &reading, (0..BATCH).map(packed));
            for (index, (task, data)) in tasks.iter().zip(&expected).enumerate() {
                let there = fs::read(folder.join(plain(index))).unwrap();
                out.expect(there == *data, || format!("{task:?}"));
            }
        }
        _ = fs::remove_dir_all(&folder);
        out.close();
        back.close();
    }
}

#[test]
fn gzip_program() {
    Program {
        name: "gzip",
        always: &["-q", "-f", "-k"],
        reading: &["-d"],
        suffix: ".gz",
        modes: (Mode::Gzip, Mode::Gunzip),
        options: |random| vec![format!("-{}", 1 + random.below(9))],
        dictionaries: false,
        members: true,
    }
    .both_ways();
}

#[test]
fn brotli_program() {
    Program {
        name: "brotli",
        always: &["-f", "-k"],
        reading: &["-d", "--large_window=30"],
        suffix: ".br",
        modes: (Mode::BrotliCompress, Mode::BrotliDecompress),
        options: |random| {
            let (quality, window) = (random.below(12), 10 + random.below(15));
            vec![format!("--quality={quality}"), format!("--lgwin={window}")]
        },
        dictionaries: false,
        members: false,
    }
    .both_ways();
}

#[test]
fn zstd_program() {
    Program {
        name: "zstd",
        always: &["-q", "-f", "-k"],
        reading: &["-d"],
        suffix: ".zst",
        modes: (Mode::ZstdCompress, Mode::ZstdDecompress),
        options: |random| {
            let check = if random.below(2) == 0 { "--check" } else { "--no-check" };
            let level = match random.below(4) {
                0 => format!("--fast={}", 1 + random.below(20)),
                _ => format!("-{}", 1 + random.below(19)),
            };
            vec![check.into(), level, "-T1".into()]
        },
        dictionaries: true,
        members: true,
    }
    .both_ways();
}
