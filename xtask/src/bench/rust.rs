//! `bench-rs NAME`: the Rust bodies of the benchmarks, a process each, timed as `benches/js/harness.mjs` does.

#![allow(clippy::disallowed_methods, reason = "a developer's tool, not the library")]

use nodecore::path::posix;
use nodecore::url::Url;
use std::hint::black_box;
use std::time::{Duration, Instant};

const BATCH: Duration = Duration::from_millis(5);
const TOTAL: Duration = Duration::from_millis(500);
const WARM_UP: Duration = Duration::from_millis(200);

/// The work by name; what is not here is "not yet" in the table.
const BODIES: &[(&str, fn())] = &[
    ("path-join", path_join),
    ("path-normalize", path_normalize),
    ("path-relative", path_relative),
    ("path-parse", path_parse),
    ("url-parse", url_parse),
];

fn main() {
    let name = std::env::args().nth(1).unwrap_or_default();
    if name == "--list" {
        for (name, _) in BODIES {
            println!("{name}");
        }
    } else if let Some((_, body)) = BODIES.iter().find(|(known, _)| *known == name) {
        body();
    } else {
        eprintln!("bench-rs: no body '{name}'");
        std::process::exit(2);
    }
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

fn path_join() {
    let lines = inputs("path-join");
    let lines: Vec<Vec<&str>> = lines.iter().map(|line| line.iter().map(String::as_str).collect()).collect();
    measure_each(&lines, |line| posix::join(line).len());
}

fn path_normalize() {
    measure_each(&inputs("path-normalize"), |line| posix::normalize(line[0].as_str()).len());
}

fn path_relative() {
    measure_each(&inputs("path-relative"), |line| {
        posix::relative(line[0].as_str(), line[1].as_str())
            .map_or_else(|error| stop(&error.to_string()), |path| path.len())
    });
}

fn path_parse() {
    measure_each(&inputs("path-parse"), |line| {
        let parsed = posix::parse(line[0].as_str());
        parsed.root.len() + parsed.dir.len() + parsed.base.len() + parsed.ext.len() + parsed.name.len()
    });
}

fn url_parse() {
    let text = match std::env::var("NODECORE_BENCH_URLS") {
        Ok(file) => read(&file),
        Err(_) => read(&format!("{}/urls.txt", variable("NODECORE_BENCH_INPUTS"))),
    };
    let lines: Vec<&str> = text.lines().filter(|line| Url::can_parse(*line, None)).collect();
    measure_each(&lines, |line| Url::parse(*line).map_or(0, |url| url.href().len()));
}
