//! `bench-rs NAME`: the Rust bodies of the benchmarks, a process each, timed as `benches/js/harness.mjs` does;
//! `bench-rs PEER@NAME`: those of native libraries.

#![allow(clippy::disallowed_methods, reason = "a developer's tool, not the library")]

mod cells;
mod codecs;
mod crypto;
mod dirs;
mod native;
mod path;
mod query;
mod signatures;
mod streams;
mod url_bodies;
mod x509;

use nodecore::event_loop::{EventLoop, RunMode};
use nodecore::events::{EventEmitter, Handler, ListenOptions};
use nodecore::fs::{self, ReadFileOptions};
use nodecore::url::Url;
use nodecore::zlib::{self, ZlibOptions};
use std::cell::Cell;
use std::hint::black_box;
use std::rc::Rc;
use std::time::{Duration, Instant};

const BATCH: Duration = Duration::from_millis(5);
const TOTAL: Duration = Duration::from_millis(500);
const WARM_UP: Duration = Duration::from_millis(200);

/// The work by name; what is neither here nor in `codecs`, `crypto`, `query`, `signatures`, `streams` or `x509` is "not yet" in the table.
const BODIES: &[(&str, fn())] = &[
    ("path-basename", path::posix::basename),
    ("path-dirname", path::posix::dirname),
    ("path-extname", path::posix::extname),
    ("path-format", path::posix::format),
    ("path-is-absolute", path::posix::is_absolute),
    ("path-join", path::posix::join),
    ("path-matches-glob", path::posix::matches_glob),
    ("path-normalize", path::posix::normalize),
    ("path-parse", path::posix::parse),
    ("path-relative", path::posix::relative),
    ("path-resolve", path::posix::resolve),
    ("path-to-namespaced-path", path::posix::to_namespaced_path),
    ("path-win32-basename", path::win32::basename),
    ("path-win32-dirname", path::win32::dirname),
    ("path-win32-extname", path::win32::extname),
    ("path-win32-format", path::win32::format),
    ("path-win32-is-absolute", path::win32::is_absolute),
    ("path-win32-join", path::win32::join),
    ("path-win32-matches-glob", path::win32::matches_glob),
    ("path-win32-normalize", path::win32::normalize),
    ("path-win32-parse", path::win32::parse),
    ("path-win32-relative", path::win32::relative),
    ("path-win32-resolve", path::win32::resolve),
    ("path-win32-to-namespaced-path", path::win32::to_namespaced_path),
    ("url-parse", url_parse),
    ("url-reparse", url_bodies::reparse),
    ("url-can-parse", url_bodies::can_parse),
    ("url-awkward", url_bodies::awkward),
    ("url-latin1", url_bodies::latin1),
    ("url-utf16", url_bodies::utf16),
    ("url-awkward-latin1", url_bodies::awkward_latin1),
    ("url-awkward-utf16", url_bodies::awkward_utf16),
    ("url-set-pathname", url_bodies::set_pathname),
    ("url-domain-to-ascii", url_bodies::domain_to_ascii),
    ("file-url-to-path", url_bodies::file_url_to_path),
    ("path-to-file-url", url_bodies::path_to_file_url),
    ("url-legacy-parse", url_bodies::legacy_parse),
    ("url-legacy-format", url_bodies::legacy_format),
    ("url-legacy-resolve", url_bodies::legacy_resolve),
    ("url-pattern", url_bodies::pattern),
    ("events-emit-1", || events_emit(1)),
    ("events-emit-10", || events_emit(10)),
    ("events-add-remove", events_add_remove),
    ("gzip-8m", gzip),
    ("gunzip-8m", gunzip),
    ("zlib", || cells::run(cells::ours)),
    ("zlib-256m", || cells::run(cells::ours)),
    ("readfile-sync-4k", read_file_sync),
    ("stat-sync", stat_sync),
    ("exists-sync", exists_sync),
    ("readfile-64-parallel", read_file_parallel),
    ("readfile-64-serial", read_file_serial),
    ("readfile-64-beside-1g", read_file_beside),
    ("stat-64-parallel", stat_parallel),
    ("readdir-4000-types", dirs::readdir_types),
    ("readdir-recursive", dirs::readdir_recursive),
    ("glob", dirs::glob),
    ("cp-20000", dirs::cp),
    ("rm-20000", dirs::rm),
];

fn main() {
    let name = std::env::args().nth(1).unwrap_or_default();
    if name == "--list" {
        for (name, _) in ours() {
            println!("{name}");
        }
        for (peer, work, _) in natives() {
            println!("{peer}@{work}");
        }
    } else if let Some((peer, work)) = name.split_once('@') {
        match natives().find(|body| body.0 == peer && body.1 == work) {
            Some((_, _, body)) => body(),
            None => stop(&format!("no body '{name}'")),
        }
    } else if let Some((_, body)) = ours().find(|(known, _)| *known == name) {
        body();
    } else {
        eprintln!("bench-rs: no body '{name}'");
        std::process::exit(2);
    }
}

/// All work of ours, by name.
fn ours() -> impl Iterator<Item = &'static (&'static str, fn())> {
    [BODIES, codecs::BODIES, crypto::BODIES, query::BODIES, signatures::BODIES, streams::BODIES, x509::BODIES]
        .into_iter()
        .flatten()
}

/// That of native libraries.
fn natives() -> impl Iterator<Item = &'static (&'static str, &'static str, fn())> {
    native::BODIES.iter().chain(signatures::PEERS)
}

/// Ends the process: a benchmark that cannot run must not print a figure.
fn stop(what: &str) -> ! {
    eprintln!("bench-rs: {what}");
    std::process::exit(1);
}

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| stop(&format!("{path}: {error}")))
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| stop(&format!("{name} is not set")))
}

/// The lines of `benches/inputs/NAME.txt`, split at tabs.
fn inputs(name: &str) -> Vec<Vec<String>> {
    let text = read(&format!("{}/{name}.txt", variable("NODECORE_BENCH_INPUTS")));
    text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

/// Times `run(n)`, which does the work `n` times, and prints the median.
fn measure(check: &str, mut run: impl FnMut(usize)) {
    let mut batch = |times: usize| {
        let start = Instant::now();
        run(times);
        start.elapsed()
    };
    let (mut times, warm) = (1, Instant::now());
    loop {
        if batch(times) < BATCH {
            times *= 2;
        } else if warm.elapsed() > WARM_UP {
            break;
        }
    }
    let mut samples = Vec::new();
    let start = Instant::now();
    while samples.len() < 5 || start.elapsed() < TOTAL {
        samples.push(batch(times).as_secs_f64() * 1e9 / times as f64);
    }
    samples.sort_by(f64::total_cmp);
    println!("{{\"ns\": {:.3}, \"check\": \"{check}\"}}", samples[samples.len() / 2]);
}

/// As `measureAfter` of harness.mjs: times `run` alone, five times, with what it needs made before each.
fn measure_after(mut before: impl FnMut(), mut run: impl FnMut() -> usize) {
    let mut samples = Vec::new();
    let mut check = 0;
    for _ in 0..5 {
        before();
        let start = Instant::now();
        check = run();
        samples.push(start.elapsed().as_secs_f64() * 1e9);
    }
    print_median(samples, check);
}

fn print_median(mut samples: Vec<f64>, check: usize) {
    samples.sort_by(f64::total_cmp);
    println!("{{\"ns\": {:.3}, \"check\": \"{check}\"}}", samples[samples.len() / 2]);
}

/// The same, for a function of one input that returns a length.
fn measure_each<T>(inputs: &[T], work: impl Fn(&T) -> usize) {
    let check: usize = inputs.iter().map(&work).sum();
    let mut next = inputs.iter().cycle();
    measure(&check.to_string(), |times| {
        for input in next.by_ref().take(times) {
            black_box(work(black_box(input)));
        }
    });
}

/// The real URLs where the conformance data is at hand, our own otherwise.
fn urls() -> String {
    match std::env::var("NODECORE_BENCH_URLS") {
        Ok(file) => read(&file),
        Err(_) => read(&format!("{}/urls.txt", variable("NODECORE_BENCH_INPUTS"))),
    }
}

fn url_parse() {
    let text = urls();
    let lines: Vec<&str> = text.lines().filter(|line| Url::can_parse(*line, None)).collect();
    measure_each(&lines, |line| Url::parse(*line).map_or(0, |url| url.href().len()));
}

/// An emitter and a sum, to which each of `count` listeners adds what an event carries.
fn summing(count: usize) -> (EventEmitter<u64>, Rc<Cell<u64>>, Handler<u64>) {
    let (emitter, sum) = (EventEmitter::new(), Rc::new(Cell::new(0)));
    let total = Rc::clone(&sum);
    let handler = Handler::new(move |n| total.set(total.get() + n));
    for _ in 0..count {
        let total = Rc::clone(&sum);
        emitter.on_shared("data", move |n| total.set(total.get() + n));
    }
    (emitter, sum, handler)
}

fn events_emit(count: usize) {
    let (emitter, sum, _) = summing(count);
    emitter.emit("data", 7);
    let check = sum.get();
    measure(&check.to_string(), |times| {
        for n in 0..times {
            black_box(&emitter).emit(black_box("data"), n as u64);
        }
    });
}

fn events_add_remove() {
    let (emitter, sum, handler) = summing(0);
    let once = || {
        emitter.add_listener(black_box("data"), &handler, ListenOptions::default());
        emitter.remove_listener(black_box("data"), &handler);
    };
    once();
    emitter.emit("data", 7);
    let check = sum.get() + emitter.listener_count("data") as u64;
    measure(&check.to_string(), |times| (0..times).for_each(|_| once()));
}

/// The value, or the end of the process.
fn must<T, E: std::fmt::Display>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| stop(&error.to_string()))
}

/// A file that xtask made for the benchmarks.
fn file(name: &str) -> String {
    format!("{}/{name}", variable("NODECORE_BENCH_DATA"))
}

fn many() -> Vec<String> {
    (0..64).map(|i| file(&format!("many/{i}"))).collect()
}

/// Times `once`, which returns what shows that it did the work.
fn measure_once(mut once: impl FnMut() -> usize) {
    let check = once();
    measure(&check.to_string(), |times| {
        for _ in 0..times {
            black_box(once());
        }
    });
}

fn gzip() {
    let data = must(fs::read_file_sync(file("source").as_str(), &ReadFileOptions::default()));
    let options = ZlibOptions::default();
    let check = must(zlib::gunzip_sync(&must(zlib::gzip_sync(&data, &options)), &options)).len();
    measure(&check.to_string(), |times| {
        for _ in 0..times {
            black_box(must(zlib::gzip_sync(&data, &options)));
        }
    });
}

fn gunzip() {
    let data = must(fs::read_file_sync(file("source.gz").as_str(), &ReadFileOptions::default()));
    measure_once(|| must(zlib::gunzip_sync(&data, &ZlibOptions::default())).len());
}

fn read_file_sync() {
    let path = file("4k");
    measure_once(|| must(fs::read_file_sync(path.as_str(), &ReadFileOptions::default())).len());
}

fn stat_sync() {
    let path = file("4k");
    measure_once(|| length(must(fs::stat_sync(path.as_str())).size()));
}

fn read_file_parallel() {
    let (lp, paths, bytes) = (must(EventLoop::new()), many(), Rc::new(Cell::new(0)));
    measure_once(|| {
        bytes.set(0);
        for path in &paths {
            let bytes = Rc::clone(&bytes);
            must(fs::read_file(&lp, path.as_str(), &ReadFileOptions::default(), move |data| {
                bytes.set(bytes.get() + must(data).len());
            }));
        }
        lp.run(RunMode::Default);
        bytes.get()
    });
}

fn read_file_serial() {
    let (lp, paths) = (must(EventLoop::new()), many());
    measure_once(|| {
        lp.block_on(async {
            let mut bytes = 0;
            for path in &paths {
                bytes += must(fs::promises::read_file(&lp, path.as_str(), &ReadFileOptions::default()).await)
                    .len();
            }
            bytes
        })
    });
}

/// Times the small ones alone, again and again while the large one is under way.
fn read_file_beside() {
    let (lp, paths, large) = (must(EventLoop::new()), many(), file("1g"));
    let options = ReadFileOptions::default();
    let whole = Rc::new(Cell::new(None));
    let told = Rc::clone(&whole);
    must(fs::read_file(&lp, large.as_str(), &options, move |data| told.set(Some(must(data).len()))));
    let mut samples = Vec::new();
    loop {
        let start = Instant::now();
        let small: Vec<_> =
            paths.iter().map(|path| fs::promises::read_file(&lp, path.as_str(), &options)).collect();
        let bytes = lp.block_on(async {
            let mut bytes = 0;
            for one in small {
                bytes += must(one.await).len();
            }
            bytes
        });
        samples.push(start.elapsed().as_secs_f64() * 1e9);
        if let Some(whole) = whole.get() {
            return print_median(samples, bytes + whole);
        }
    }
}

fn exists_sync() {
    let path = file("4k");
    measure_once(|| usize::from(fs::exists_sync(path.as_str())));
}

fn stat_parallel() {
    let (lp, paths, bytes) = (must(EventLoop::new()), many(), Rc::new(Cell::new(0)));
    measure_once(|| {
        bytes.set(0);
        for path in &paths {
            let bytes = Rc::clone(&bytes);
            must(fs::stat(&lp, path.as_str(), move |stats| {
                bytes.set(bytes.get() + length(must(stats).size()));
            }));
        }
        lp.run(RunMode::Default);
        bytes.get()
    });
}

fn length(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}
