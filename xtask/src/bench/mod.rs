//! `cargo xtask bench`: a named piece of work here (Rust and C) and on every peer, in one run.
//!
//! A piece of work is `benches/js/NAME.mjs` (all three runtimes run the same file), a body in `bench/rust.rs`, and
//! `benches/c/NAME.c`; each has the same inputs, times itself in the same way, and prints its nanoseconds per
//! operation and a word that shows that it did the same work. Every measurement is a process of its own; the order of
//! the runners rotates from round to round, so that none always runs on a warm or a throttled machine.

mod data;
pub(crate) mod peers;
mod report;
mod sheet;

use crate::kit::{self, Args, Outcome, Result};
use crate::{ctest, kit::Ran};
use peers::Peer;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A piece of work: its name, what one operation is, and what is measured.
pub(super) struct Work {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) figure: Figure,
    /// So long that it has to be named.
    pub(super) long: bool,
}

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    /// The time of an operation, in nanoseconds.
    Time,
    /// The same, of work on so many bytes: throughput says more.
    Bulk(usize),
    /// The most memory that the process took, in bytes.
    Peak,
    /// Many pieces of work in one process, each a row of its own; their data are so long at most.
    Sheet(usize),
}

const fn work(name: &'static str, about: &'static str) -> Work {
    Work { name, about, figure: Figure::Time, long: false }
}

const fn bulk(name: &'static str, about: &'static str, bytes: usize) -> Work {
    Work { name, about, figure: Figure::Bulk(bytes), long: false }
}

const fn peak(name: &'static str, about: &'static str) -> Work {
    Work { name, about, figure: Figure::Peak, long: false }
}

const fn sheet(name: &'static str, about: &'static str, bytes: usize) -> Work {
    Work { name, about, figure: Figure::Sheet(bytes), long: false }
}

const fn long(work: Work) -> Work {
    Work { long: true, ..work }
}

const WORKS: &[Work] = &[
    work("path-basename", "path.basename"),
    work("path-dirname", "path.dirname"),
    work("path-extname", "path.extname"),
    work("path-format", "path.format, read once so that ropes become strings"),
    work("path-is-absolute", "path.isAbsolute"),
    work("path-join", "path.join, 5 segments"),
    work("path-matches-glob", "path.matchesGlob"),
    work("path-normalize", "path.normalize"),
    work("path-parse", "path.parse"),
    work("path-relative", "path.relative"),
    work("path-resolve", "path.resolve, current directory kept"),
    work("path-to-namespaced-path", "path.toNamespacedPath"),
    work("path-win32-basename", "path.win32.basename"),
    work("path-win32-dirname", "path.win32.dirname"),
    work("path-win32-extname", "path.win32.extname"),
    work("path-win32-format", "path.win32.format, read once so that ropes become strings"),
    work("path-win32-is-absolute", "path.win32.isAbsolute"),
    work("path-win32-join", "path.win32.join, 5 segments"),
    work("path-win32-matches-glob", "path.win32.matchesGlob"),
    work("path-win32-normalize", "path.win32.normalize"),
    work("path-win32-parse", "path.win32.parse"),
    work("path-win32-relative", "path.win32.relative"),
    work("path-win32-resolve", "path.win32.resolve, current directory kept"),
    work("path-win32-to-namespaced-path", "path.win32.toNamespacedPath"),
    work("querystring-parse", "querystring.parse, 4 pairs"),
    work("querystring-stringify", "querystring.stringify, 4 pairs"),
    work("querystring-escape", "querystring.escape"),
    work("querystring-unescape", "querystring.unescape"),
    work("urlsearchparams-parse", "new URLSearchParams(string)"),
    work("urlsearchparams-to-string", "URLSearchParams: a set, toString"),
    work("urlsearchparams-parse-to-string", "new URLSearchParams(string).toString()"),
    work("urlsearchparams-get", "URLSearchParams.get and .has"),
    work("urlsearchparams-iterate", "all pairs of a URLSearchParams"),
    work("urlsearchparams-sort", "new URLSearchParams(string), sorted"),
    work("urlsearchparams-append-delete", "URLSearchParams: two append, a set, a delete"),
    work("url-parse", "new URL(…).href, real URLs"),
    work("url-reparse", "url.href = …, real URLs into one object"),
    work("url-can-parse", "URL.canParse, real URLs"),
    work("url-awkward", "new URL(…[, base]).href, 21,000 awkward URLs"),
    work("url-latin1", "URL of Latin-1, real URLs"),
    work("url-utf16", "URL of UTF-16, real URLs"),
    work("url-awkward-latin1", "URL of Latin-1, the awkward URLs that are Latin-1"),
    work("url-awkward-utf16", "URL of UTF-16, awkward URLs"),
    work("url-set-pathname", "url.pathname = …"),
    work("url-domain-to-ascii", "url.domainToASCII"),
    work("file-url-to-path", "url.fileURLToPath"),
    work("path-to-file-url", "url.pathToFileURL(…).href"),
    work("url-legacy-parse", "url.parse(…).href, real URLs"),
    work("url-legacy-format", "url.format of a legacy object"),
    work("url-legacy-resolve", "url.resolve"),
    work("url-pattern", "URLPattern.test and .exec"),
    work("events-emit-1", "emit to 1 listener"),
    work("events-emit-10", "emit to 10 listeners"),
    work("events-add-remove", "on and off of one listener"),
    work("sha256-64", "SHA-256 of 64 bytes"),
    bulk("sha256-1m", "SHA-256 of 1 MiB", 1 << 20),
    work("aes-256-gcm-64", "createCipheriv, AES-256-GCM of 64 bytes, with the tag"),
    bulk("aes-256-gcm-1m", "createCipheriv, AES-256-GCM of 1 MiB, with the tag", 1 << 20),
    work("chacha20-poly1305-64", "createCipheriv, ChaCha20-Poly1305 of 64 bytes, with the tag"),
    bulk("chacha20-poly1305-1m", "createCipheriv, ChaCha20-Poly1305 of 1 MiB, with the tag", 1 << 20),
    bulk("sha1-1m", "SHA-1 of 1 MiB", 1 << 20),
    bulk("sha512-1m", "SHA-512 of 1 MiB", 1 << 20),
    bulk("sha3-256-1m", "SHA3-256 of 1 MiB", 1 << 20),
    bulk("md5-1m", "MD5 of 1 MiB", 1 << 20),
    bulk("blake2b-1m", "BLAKE2b-512 of 1 MiB", 1 << 20),
    work("hmac-sha256-64", "HMAC-SHA-256 of 64 bytes"),
    work("random-bytes-16", "randomBytes of 16 bytes"),
    work("random-uuid", "randomUUID"),
    work("hkdf-sha256", "hkdfSync, SHA-256, a key of 32 bytes"),
    work("pbkdf2-sha256", "pbkdf2Sync, SHA-256, 1,000 rounds"),
    work("scrypt-1024", "scryptSync, N = 1,024"),
    work("pbkdf2-8-parallel", "pbkdf2 of 8 keys at once, SHA-256, 10,000 rounds each"),
    work("rsa-2048-sign", "sign, RSA-2048 with SHA-256, 64 bytes"),
    work("rsa-2048-verify", "verify, RSA-2048 with SHA-256, 64 bytes"),
    work("p256-sign", "sign, ECDSA on P-256 with SHA-256, 64 bytes"),
    work("p256-verify", "verify, ECDSA on P-256 with SHA-256, 64 bytes"),
    work("ed25519-sign", "sign, Ed25519, 64 bytes"),
    work("ed25519-verify", "verify, Ed25519, 64 bytes"),
    work("ml-dsa-65-sign", "sign, ML-DSA-65, 64 bytes"),
    work("ml-dsa-65-verify", "verify, ML-DSA-65, 64 bytes"),
    work("x25519-agree", "diffieHellman, X25519"),
    work("p256-agree", "diffieHellman, P-256"),
    work("ml-kem-768-encapsulate", "encapsulate, ML-KEM-768"),
    work("ml-kem-768-decapsulate", "decapsulate, ML-KEM-768"),
    work("private-key-pem", "createPrivateKey of PEM, P-256"),
    work("rsa-2048-sign-64-parallel", "64 × sign, RSA-2048, at once on the pool"),
    work("x509-parse-pem", "new X509Certificate of PEM"),
    work("x509-to-legacy-object", "new X509Certificate of PEM, toLegacyObject"),
    work("x509-check-host", "x509.checkHost"),
    bulk("gzip-8m", "gzip, default level, 8 MiB of source text", data::SOURCE_BYTES),
    bulk("gunzip-8m", "gunzip of 8 MiB of source text", data::SOURCE_BYTES),
    work("gzip-256", "gzip, default level, 256 bytes of source text"),
    work("gzip-1k", "gzip, default level, 1 KiB of source text"),
    work("gunzip-1k", "gunzip of 1 KiB of source text"),
    work("inflate-raw-1k", "inflateRaw of 1 KiB of source text"),
    work("zstd-1k", "zstdCompress, default level, 1 KiB of source text"),
    bulk("zstd-8m", "zstdCompress, default level, 8 MiB of source text", data::SOURCE_BYTES),
    bulk("zstd-decompress-8m", "zstdDecompress of 8 MiB of source text", data::SOURCE_BYTES),
    bulk("brotli-5-8m", "brotliCompress, quality 5, 8 MiB of source text", data::SOURCE_BYTES),
    bulk("brotli-decompress-8m", "brotliDecompress of 8 MiB of source text", data::SOURCE_BYTES),
    sheet("zlib", "zlib by codec, level, kind and size of the data", data::SOURCE_BYTES),
    long(sheet("zlib-256m", "zlib, 256 MiB", 256 << 20)),
    long(peak("gzip-10g-memory", "peak memory above start, 10 GiB of zeros through createGzip")),
    long(peak("gunzip-10g-memory", "peak memory above start, 10 GiB of zeros out of createGunzip")),
    work("readfile-sync-4k", "readFileSync, 4 KiB"),
    work("stat-sync", "statSync"),
    work("exists-sync", "existsSync of a file that is there"),
    work("readfile-64-parallel", "readFile of 64 files of 4 KiB at once"),
    work("readfile-64-serial", "readFile of 64 files of 4 KiB one after another"),
    work("readfile-64-beside-1g", "readFile of 64 files of 4 KiB at once, while one of 1 GiB is read"),
    work("stat-64-parallel", "stat of 64 files at once"),
    work("readdir-4000-types", "readdir of 4,000 files, asked what each is"),
    work("readdir-recursive", "readdir, recursive, of 20,000 files in 220 directories"),
    work("glob", "glob of **/*7.txt among 20,000 files in 220 directories"),
    work("cp-20000", "cp of 20,000 files in 220 directories"),
    work("rm-20000", "rm of 20,000 files in 220 directories"),
    work("stream-pipeline-objects", "pipeline of 65,536 objects through a Transform"),
    bulk("stream-pass-through-1g", "1 GiB in 64 KiB chunks through 5 PassThrough", 1 << 30),
    bulk("stream-pipe-1g", "pipe of 1 GiB in 64 KiB chunks", 1 << 30),
    work("stream-write-small", "Writable.write of 65,536 chunks of 16 bytes"),
    work("stream-iterate", "for await over a Readable of 65,536 objects"),
    work("stream-finished", "finished of a Writable that is ended"),
    work("stream-web-pipe", "65,536 objects through a web TransformStream"),
    peak("stream-peak-memory", "peak memory, 256 MiB through 5 PassThrough to a slow sink"),
    bulk("create-read-stream-8m", "createReadStream of 8 MiB, drained", data::SOURCE_BYTES),
    bulk("create-read-stream-1g", "createReadStream of 1 GiB of /dev/zero, drained", 1 << 30),
    bulk(
        "create-read-stream-file-1g",
        "createReadStream of a file of 1 GiB in the page cache, drained",
        1 << 30,
    ),
    peak("create-read-stream-memory", "peak memory above start, a file of 1 GiB drained by createReadStream"),
];

/// What runs a piece of work.
pub(super) enum Runner {
    Rust {
        program: PathBuf,
    },
    C {
        work: PathBuf,
        link: Vec<String>,
    },
    /// A native library, in the same program as our Rust bodies.
    Native {
        program: PathBuf,
        name: String,
    },
    Js(Peer),
}

impl Runner {
    pub(super) fn name(&self) -> &str {
        match self {
            Runner::Rust { .. } => "nodecore (Rust)",
            Runner::C { .. } => "nodecore (C)",
            Runner::Native { name, .. } => name,
            Runner::Js(peer) => &peer.name,
        }
    }

    pub(super) fn version(&self) -> &str {
        match self {
            Runner::Rust { .. } | Runner::C { .. } => env!("CARGO_PKG_VERSION"),
            Runner::Native { .. } => "of Cargo.lock",
            Runner::Js(peer) => &peer.version,
        }
    }

    pub(super) fn is_ours(&self) -> bool {
        matches!(self, Runner::Rust { .. } | Runner::C { .. })
    }
}

/// What a harness prints.
#[derive(Debug, Deserialize)]
struct Measured {
    #[serde(default)]
    ns: Option<f64>,
    #[serde(default)]
    bytes: Option<f64>,
    #[serde(default)]
    check: String,
    /// What this runtime would need for the work, and has not.
    #[serde(default)]
    lacks: Option<String>,
}

/// The rounds of one piece of work on one runner, in the unit of its [`Figure`].
pub(super) struct Series {
    pub(super) runner: usize,
    pub(super) rounds: Vec<f64>,
    /// The length of what came out, where that may differ.
    pub(super) size: Option<f64>,
}

impl Series {
    pub(super) fn median(&self) -> f64 {
        let mut sorted = self.rounds.clone();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        if sorted.len() % 2 == 1 { sorted[middle] } else { f64::midpoint(sorted[middle - 1], sorted[middle]) }
    }

    pub(super) fn min(&self) -> f64 {
        self.rounds.iter().copied().fold(f64::INFINITY, f64::min)
    }

    pub(super) fn max(&self) -> f64 {
        self.rounds.iter().copied().fold(0.0, f64::max)
    }
}

/// One row of the table.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) figure: Figure,
    pub(super) series: Vec<Series>,
}

impl Row {
    /// The fastest of ours or of the peers, by median.
    pub(super) fn best(&self, runners: &[Runner], ours: bool) -> Option<&Series> {
        self.series
            .iter()
            .filter(|series| runners[series.runner].is_ours() == ours)
            .min_by(|a, b| a.median().total_cmp(&b.median()))
    }

    /// How many times faster, or smaller, our best is than the best peer.
    pub(super) fn ratio(&self, runners: &[Runner]) -> Option<f64> {
        Some(self.best(runners, false)?.median() / self.best(runners, true)?.median())
    }
}

pub(crate) fn run(mut args: Args) -> Outcome {
    if args.flag("--list") {
        for work in WORKS {
            println!("{:<24} {}", work.name, work.about);
        }
        return Ok(true);
    }
    let rounds = args.number("--rounds")?.unwrap_or(5);
    let folder = args.value("--peers")?.map(PathBuf::from);
    let place = args.value("--data")?.map(PathBuf::from);
    let (json, svg) = (args.value("--json")?, args.value("--svg")?);
    let works = select(&args.rest()?)?;

    let root = kit::root();
    let scratch = kit::target_dir()?.join("bench");
    let data = data::prepare(place.as_deref().unwrap_or(&scratch))?;
    let runners = runners(&scratch, folder.as_deref())?;
    let ours = rust_bodies(&runners)?;
    let mut rows = Vec::new();
    let mut good = true;
    for work in works {
        let bench = Bench { root: &root, data: &data, runners: &runners, rust: &ours, work, rounds };
        let more = match work.figure {
            Figure::Sheet(bytes) => bench.sheet(bytes),
            _ => bench.row().map(|row| {
                report::print(&row, &runners);
                vec![row]
            }),
        };
        match more {
            Ok(more) => rows.extend(more),
            Err(problem) => {
                good = false;
                println!("\n{}: {problem}", work.name);
            }
        }
    }
    let target = kit::target_dir()?;
    let json = json.map_or_else(|| target.join("bench.json"), PathBuf::from);
    let svg = svg.map_or_else(|| target.join("bench.svg"), PathBuf::from);
    kit::write(&json, report::json(&rows, &runners, rounds)?)?;
    kit::write(&svg, report::svg(&rows, &runners))?;
    println!("\n{} rows; {} and {} written", rows.len(), json.display(), svg.display());
    Ok(good)
}

fn select(names: &[String]) -> Result<Vec<&'static Work>> {
    let unknown = names.iter().find(|name| !WORKS.iter().any(|work| work.name.contains(name.as_str())));
    if let Some(name) = unknown {
        return Err(format!("no work is called '{name}'; --list shows them").into());
    }
    let wanted = |work: &&Work| {
        names.is_empty() && !work.long || names.iter().any(|name| work.name.contains(name.as_str()))
    };
    // An exact name means that one alone.
    if let Some(exact) = WORKS.iter().find(|work| names.len() == 1 && work.name == names[0]) {
        return Ok(vec![exact]);
    }
    Ok(WORKS.iter().filter(wanted).collect())
}

/// Ours, built for release, and the peers that are there.
fn runners(scratch: &Path, folder: Option<&Path>) -> Result<Vec<Runner>> {
    let built = kit::build(kit::cargo().args([
        "build",
        "--release",
        "--package",
        "xtask",
        "--bin",
        "bench-rs",
        "--features",
        "bench-rs",
    ]))?;
    let program = built.files.values().flatten().find(|file| file.ends_with("bench-rs")).cloned();
    let program = program.ok_or("cargo build made no bench-rs")?;
    let library = ctest::build_library(true, false, false, scratch)?;
    let link = ctest::link_flags(&library, scratch)?;
    let bodies = kit::must(Command::new(&program).arg("--list"))?;
    let mut natives: Vec<&str> = bodies.lines().filter_map(|body| Some(body.split_once('@')?.0)).collect();
    natives.sort_unstable();
    natives.dedup();
    let native = |name: &str| Runner::Native { program: program.clone(), name: name.to_owned() };
    let natives: Vec<Runner> = natives.into_iter().map(native).collect();
    let mut runners = vec![Runner::Rust { program }, Runner::C { work: scratch.to_path_buf(), link }];
    runners.extend(natives);
    for found in peers::find(folder)? {
        match found {
            Ok(peer) => {
                println!("{} {}: {}", peer.name, peer.version, peer.program.display());
                runners.push(Runner::Js(peer));
            }
            Err(missing) => println!("{missing}"),
        }
    }
    Ok(runners)
}

/// The names that `bench-rs` has a body for.
fn rust_bodies(runners: &[Runner]) -> Result<Vec<String>> {
    for runner in runners {
        if let Runner::Rust { program } = runner {
            let text = kit::must(Command::new(program).arg("--list"))?;
            return Ok(text.lines().map(str::to_owned).collect());
        }
    }
    Ok(Vec::new())
}

struct Bench<'a> {
    root: &'a Path,
    data: &'a Path,
    runners: &'a [Runner],
    rust: &'a [String],
    work: &'static Work,
    rounds: usize,
}

impl Bench<'_> {
    /// A process for each runner that has this work.
    fn commands(&self) -> Result<BTreeMap<usize, Command>> {
        println!("\n{}: {}", self.work.name, self.work.about);
        let mut commands = BTreeMap::new();
        for (index, runner) in self.runners.iter().enumerate() {
            match self.command(runner)? {
                Ok(command) => drop(commands.insert(index, command)),
                // A native library that has nothing to do with this work is no news.
                Err(why) if why.is_empty() => {}
                Err(why) => println!("  {:<18} {why}", runner.name()),
            }
        }
        Ok(commands)
    }

    fn row(&self) -> Result<Row> {
        let mut commands = self.commands()?;
        let mut series: BTreeMap<usize, Series> = BTreeMap::new();
        let mut check: Option<(String, usize)> = None;
        let order: Vec<usize> = commands.keys().copied().collect();
        for round in 0..self.rounds {
            for step in 0..order.len() {
                let index = order[(round + step) % order.len()];
                let Some(command) = commands.get_mut(&index) else { continue };
                let measured = measured(&kit::run(command)?, self.runners[index].name())?;
                if let Some(what) = measured.lacks {
                    println!("  {:<18} has no {what}", self.runners[index].name());
                    commands.remove(&index);
                    continue;
                }
                let value = match self.work.figure {
                    Figure::Peak => measured.bytes,
                    _ => measured.ns,
                };
                let value = value.ok_or("the system does not tell it")?;
                match &check {
                    None => check = Some((measured.check, index)),
                    Some((expected, first)) if *expected != measured.check => {
                        let (a, b) = (self.runners[*first].name(), self.runners[index].name());
                        return Err(
                            format!("different work: {a} got {expected}, {b} {}", measured.check).into()
                        );
                    }
                    Some(_) => {}
                }
                series
                    .entry(index)
                    .or_insert_with(|| Series { runner: index, rounds: Vec::new(), size: None })
                    .rounds
                    .push(value);
            }
        }
        let Work { name, about, figure, .. } = *self.work;
        let series = series.into_values().collect();
        Ok(Row { name: name.to_owned(), about: about.to_owned(), figure, series })
    }

    /// The process that does this work, or why there is none.
    fn command(&self, runner: &Runner) -> Result<std::result::Result<Command, String>> {
        let name = self.work.name;
        let mut command = match runner {
            Runner::Rust { program } => {
                if !self.rust.iter().any(|body| body == name) {
                    return Ok(Err("not yet".into()));
                }
                let mut command = Command::new(program);
                command.arg(name);
                command
            }
            Runner::Native { program, name: peer } => {
                let body = format!("{peer}@{name}");
                if !self.rust.contains(&body) {
                    return Ok(Err(String::new()));
                }
                let mut command = Command::new(program);
                command.arg(body);
                command
            }
            Runner::C { work, link } => match compile_c(self.root, work, link, name)? {
                Ok(program) => Command::new(program),
                Err(why) => return Ok(Err(why)),
            },
            Runner::Js(peer) => {
                let script = self.root.join("benches/js").join(format!("{name}.mjs"));
                if !script.exists() {
                    return Ok(Err("no benches/js file".into()));
                }
                let mut command = Command::new(&peer.program);
                command.args(peer.arguments).arg(script);
                command
            }
        };
        command
            .env("NODECORE_BENCH_DATA", self.data)
            .env("NODECORE_BENCH_INPUTS", self.root.join("benches/inputs"));
        let urls = kit::conformance_dir().join("urls/kasztp.txt");
        if urls.exists() {
            command.env("NODECORE_BENCH_URLS", urls);
        }
        Ok(Ok(command))
    }
}

fn measured(ran: &Ran, runner: &str) -> Result<Measured> {
    let line = ran.out.lines().last().unwrap_or_default();
    match serde_json::from_str(line) {
        Ok(measured) if ran.good => Ok(measured),
        _ => Err(format!("{runner} failed:\n{}{}", ran.out, ran.err).into()),
    }
}

/// Compiles `benches/c/NAME.c`; a function that the library does not have yet is no failure.
fn compile_c(
    root: &Path,
    work: &Path,
    link: &[String],
    name: &str,
) -> Result<std::result::Result<PathBuf, String>> {
    let source = root.join("benches/c").join(format!("{name}.c"));
    if !source.exists() {
        return Ok(Err("not yet".into()));
    }
    let program = work.join(format!("{name}.c.bench"));
    let mut compiler = kit::tool("CC", "cc");
    compiler.args(["-std=c11", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra", "-I"]).arg(root.join("include"));
    let ran = kit::run(compiler.arg(&source).arg("-o").arg(&program).args(link))?;
    if ran.good {
        return Ok(Ok(program));
    }
    if ran.err.contains("undefined reference to `nodecore_") {
        return Ok(Err("not yet: libnodecore lacks its functions".into()));
    }
    Err(format!("{} does not compile:\n{}", source.display(), ran.err).into())
}

impl Figure {
    /// A value in the unit that suits it.
    pub(super) fn show(self, value: f64) -> String {
        match value {
            _ if self == Figure::Peak => format!("{:.1} MB", value / 1e6),
            _ if value < 1e3 => format!("{value:.1} ns"),
            _ if value < 1e6 => format!("{:.2} µs", value / 1e3),
            _ => format!("{:.2} ms", value / 1e6),
        }
    }

    /// Throughput, for work on many bytes.
    pub(super) fn throughput(self, ns: f64) -> Option<String> {
        match self {
            Figure::Bulk(bytes) => Some(format!("{:.0} MB/s", bytes as f64 * 1e3 / ns)),
            _ => None,
        }
    }

    /// What the ratio of a peer to us says.
    pub(super) fn better(self) -> &'static str {
        if self == Figure::Peak { "times as little as" } else { "times as fast as" }
    }
}
