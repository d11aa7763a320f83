//! `cargo xtask fuzz`: the targets of `fuzz/src/bin`, each a parser with what has to hold for it, under libFuzzer and
//! AddressSanitizer.
//!
//! A target `MODULE_WHAT` takes its dictionary from `fuzz/dictionaries/MODULE.dict` and its first inputs from
//! `fuzz/seeds/MODULE.txt` (one a line, with the dictionaries' escapes), and those of `url` and `path` from the standards'
//! data too. What it learns stays in `fuzz/corpus` of the target folder; what it finds goes to `fuzz/artifacts`.

use crate::kit::{self, Args, Outcome, Result};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What libFuzzer needs of the compiler: coverage counters, their places, and the operands of comparisons.
const FLAGS: &[&str] = &[
    "--cfg=fuzzing",
    "-Zsanitizer=address",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cllvm-args=-simplifycfg-branch-fold-threshold=0",
    "-Ccodegen-units=1",
    "-Cforce-frame-pointers=yes",
];
/// An input is taken for endless past this; the sanitizer makes all twenty times as slow.
const TIMEOUT_SECONDS: u32 = 60;
const MEMORY_MIB: u32 = 2048;
/// The longest inputs; longer ones find little more, slower.
const LENGTH: u32 = 4096;
/// How much is shown of a line of a finding.
const LINE: usize = 400;

#[derive(Debug)]
struct Plan {
    /// How long or how much, and from which seed: libFuzzer's own options.
    limits: Vec<String>,
    folder: PathBuf,
    programs: PathBuf,
    corpus: PathBuf,
}

/// What one target's run came to.
#[derive(Debug)]
struct Report {
    runs: u64,
    seconds: u64,
    coverage: u64,
    findings: Vec<PathBuf>,
    /// The end of what the target printed, if it did not end well.
    trouble: Option<String>,
}

pub(crate) fn run(mut args: Args) -> Outcome {
    let list = args.flag("--list");
    let limits = limits(args.number("--seconds")?, args.number("--runs")?, args.number("--seed")?);
    let jobs = match args.number("--jobs")? {
        Some(number) => number,
        None => std::thread::available_parallelism()?.get(),
    };
    let input = args.value("--input")?;
    let wanted = args.rest()?;
    let folder = kit::root().join("fuzz");
    let targets = select(&folder, &wanted)?;
    if list {
        for target in &targets {
            println!("{target:<22} {}", about(&folder, target)?);
        }
        return Ok(true);
    }
    if input.is_some() && targets.len() != 1 {
        return Err("--input goes with one target".into());
    }
    let target_dir = kit::target_dir()?.join("fuzz");
    let programs = build(&folder, &target_dir, &targets)?;
    let plan = Plan { limits, corpus: target_dir.join("corpus"), folder, programs };
    if let Some(input) = input {
        let mut command = Command::new(plan.programs.join(&targets[0]));
        let status =
            options(&mut command).env("RUST_BACKTRACE", "1").arg(std::path::absolute(input)?).status()?;
        return Ok(status.success());
    }

    let (next, good) = (AtomicUsize::new(0), Mutex::new(true));
    println!("{:<22} {:>12} {:>8} {:>9} {:>9}", "target", "runs", "seconds", "coverage", "findings");
    std::thread::scope(|scope| {
        for _ in 0..jobs.min(targets.len()) {
            scope.spawn(|| {
                while let Some(target) = targets.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let result = one(&plan, target);
                    let mut good = good.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    *good &= show(target, result);
                }
            });
        }
    });
    Ok(good.into_inner().map_err(|_| "a worker panicked")?)
}

/// 60 seconds, unless told otherwise. A number of runs from a seed is the same run every time.
fn limits(seconds: Option<usize>, runs: Option<usize>, seed: Option<usize>) -> Vec<String> {
    let seconds = seconds.or(if runs.is_none() { Some(60) } else { None });
    [("max_total_time", seconds), ("runs", runs), ("seed", seed)]
        .iter()
        .filter_map(|(name, value)| Some(format!("-{name}={}", (*value)?)))
        .collect()
}

/// The names of the files in `src/bin`, or those of them that are wanted: whole names, or beginnings.
fn select(folder: &Path, wanted: &[String]) -> Result<Vec<String>> {
    let names: Vec<String> = kit::files(&folder.join("src/bin"), "rs", false)?
        .iter()
        .filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned()))
        .collect();
    if let Some(none) = wanted.iter().find(|word| !names.iter().any(|name| name.starts_with(*word))) {
        return Err(format!("no target '{none}'; there are {}", names.join(", ")).into());
    }
    let is_wanted = |name: &String| {
        wanted.is_empty()
            || wanted.contains(name)
            || wanted.iter().any(|word| !names.contains(word) && name.starts_with(word))
    };
    Ok(names.iter().filter(|name| is_wanted(name)).cloned().collect())
}

/// The first line of a target's `//!`.
fn about(folder: &Path, target: &str) -> Result<String> {
    let text = kit::read(&folder.join("src/bin").join(format!("{target}.rs")))?;
    Ok(text.lines().next().unwrap_or_default().trim_start_matches("//!").trim().to_owned())
}

/// Builds the targets with the sanitizer, and returns the folder they are in.
fn build(folder: &Path, target_dir: &Path, targets: &[String]) -> Result<PathBuf> {
    let rustc = kit::must(Command::new("rustc").arg("-vV"))?;
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc names no host")?;
    let mut cargo = kit::cargo();
    cargo
        .args(["build", "--release", "--locked", "--quiet", "--target", host, "--target-dir"])
        .arg(target_dir)
        .current_dir(folder)
        // The sanitizer and the coverage pass are not for the stable compiler, which has them all the same.
        .env("RUSTC_BOOTSTRAP", "1")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env("RUSTFLAGS", FLAGS.join(" "))
        // `cc` hands the sanitizer on to the C compiler, whose own may not agree with that of rustc.
        .env("CFLAGS", "-fno-sanitize=address");
    for target in targets {
        cargo.args(["--bin", target]);
    }
    if !cargo.stdin(Stdio::null()).status()?.success() {
        return Err("the targets do not build".into());
    }
    Ok(target_dir.join(host).join("release"))
}

/// Limits that hold for a fuzzing run and for a single input.
fn options(command: &mut Command) -> &mut Command {
    command
        .arg(format!("-timeout={TIMEOUT_SECONDS}"))
        .arg(format!("-rss_limit_mb={MEMORY_MIB}"))
        .env("ASAN_OPTIONS", "detect_odr_violation=0")
        .env("RUST_BACKTRACE", "0")
}

fn one(plan: &Plan, target: &str) -> Result<Report> {
    let module = target.split('_').next().unwrap_or(target);
    let (corpus, artifacts) = (plan.corpus.join(target), plan.folder.join("artifacts").join(target));
    fs::create_dir_all(&corpus)?;
    fs::create_dir_all(&artifacts)?;
    let seeds = plan.corpus.join(format!("{target}.seeds"));
    kit::fresh_dir(&seeds)?;
    for (index, seed) in seeds_of(&plan.folder, module)?.iter().enumerate() {
        fs::write(seeds.join(index.to_string()), seed)?;
    }
    let mut command = Command::new(plan.programs.join(target));
    options(&mut command)
        .args(&plan.limits)
        .arg(format!("-max_len={LENGTH}"))
        .arg(format!("-artifact_prefix={}/", artifacts.display()))
        .args(["-print_final_stats=1", "-use_value_profile=1", "-reload=0"]);
    let dictionary = plan.folder.join("dictionaries").join(format!("{module}.dict"));
    if dictionary.exists() {
        command.arg(format!("-dict={}", dictionary.display()));
    }
    Ok(report(&kit::run(command.arg(&corpus).arg(&seeds))?))
}

/// Reads libFuzzer's lines: `stat::number_of_executed_units: N`, `#N … cov: N …`, `Done N runs in N second(s)`, and
/// `Test unit written to FILE`.
fn report(ran: &kit::Ran) -> Report {
    let last = |label: &str| {
        ran.err
            .lines()
            .filter_map(|line| line.split_once(label)?.1.split_whitespace().next()?.parse().ok())
            .next_back()
            .unwrap_or(0)
    };
    let lines: Vec<&str> = ran.err.lines().collect();
    // What a panic or the sanitizer says stands above the statistics.
    let start = lines
        .iter()
        .position(|line| line.contains("panicked at") || line.contains("ERROR:") || line.starts_with("Error"))
        .unwrap_or(lines.len().saturating_sub(20));
    let is_noise = |line: &&&str| line.starts_with("note: run with") || line.trim_start().starts_with('#');
    let trouble = (!ran.good).then(|| {
        let told: Vec<&str> = lines[start..].iter().filter(|line| !is_noise(line)).take(8).copied().collect();
        told.join("\n")
    });
    let seconds = ran
        .err
        .lines()
        .filter_map(|line| {
            line.strip_prefix("Done ")?.split_once(" runs in ")?.1.split(' ').next()?.parse().ok()
        })
        .next_back()
        .unwrap_or(0);
    Report {
        runs: last("stat::number_of_executed_units:").max(last("stat::executed:")),
        seconds,
        coverage: last(" cov: "),
        findings: ran
            .err
            .lines()
            .filter_map(|line| Some(line.split_once("Test unit written to ")?.1.into()))
            .collect(),
        trouble,
    }
}

/// Prints a target's closing line, and how to repeat what was found. True if there is nothing.
fn show(target: &str, result: Result<Report>) -> bool {
    let report = match result {
        Ok(report) => report,
        Err(problem) => {
            println!("{target:<22} did not run: {problem}");
            return false;
        }
    };
    let Report { runs, seconds, coverage, findings, trouble } = report;
    let count = findings.len().max(usize::from(trouble.is_some()));
    println!("{target:<22} {runs:>12} {seconds:>8} {coverage:>9} {count:>9}");
    let mut text = String::new();
    for line in trouble.iter().flat_map(|trouble| trouble.lines()) {
        let line: String = line.chars().take(LINE).collect();
        _ = writeln!(text, "    {line}");
    }
    for file in &findings {
        let file = file.strip_prefix(kit::root()).unwrap_or(file);
        _ = writeln!(text, "    repeat: cargo xtask fuzz {target} --input {}", file.display());
    }
    print!("{text}");
    count == 0
}

/// The module's own seeds, and what the standards' data has for it.
fn seeds_of(folder: &Path, module: &str) -> Result<Vec<Vec<u8>>> {
    let own = folder.join("seeds").join(format!("{module}.txt"));
    let mut seeds = Vec::new();
    if own.exists() {
        for line in kit::read(&own)?.lines().filter(|line| !line.is_empty()) {
            seeds.push(unescape(line).ok_or_else(|| format!("{}: escape in '{line}'", own.display()))?);
        }
    }
    let data = kit::conformance_dir();
    match module {
        "url" => {
            for name in ["urltestdata.json", "setters_tests.json", "toascii.json"] {
                let file = data.join("wpt/url").join(name);
                if file.exists() {
                    collect(&serde_json::from_str(&kit::read(&file)?)?, 0, &mut seeds);
                }
            }
            lines(&data.join("urls/kasztp.txt"), &mut seeds)?;
        }
        "path" | "querystring" => lines(&data.join("urls/node_files.txt"), &mut seeds)?,
        _ => {}
    }
    Ok(seeds)
}

/// A few lines of a long list, if it is there.
fn lines(file: &Path, seeds: &mut Vec<Vec<u8>>) -> Result<()> {
    if file.exists() {
        let text = kit::read(file)?;
        let step = (text.lines().count() / 200).max(1);
        seeds.extend(text.lines().step_by(step).map(|line| line.as_bytes().to_vec()));
    }
    Ok(())
}

/// The setters in the order in which the target `url_setters` numbers them.
const SETTERS: [&str; 10] =
    ["protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "hash", "href"];

/// Each object's input with its base, or a URL with the setter, by its number, and the new value, as the targets part
/// their fields; other objects and lists are looked into.
fn collect(value: &serde_json::Value, setter: u8, seeds: &mut Vec<Vec<u8>>) {
    match value {
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, setter, seeds)),
        serde_json::Value::Object(fields) => {
            let text = |name: &str| fields.get(name).and_then(serde_json::Value::as_str).map(str::as_bytes);
            if let (Some(href), Some(new)) = (text("href"), text("new_value")) {
                seeds.push([href, &[0xFF, setter, 0xFF], new].concat());
            } else if let Some(input) = text("input") {
                seeds.push(
                    text("base").map_or_else(|| input.to_vec(), |base| [input, &[0xFF], base].concat()),
                );
            }
            for (name, item) in fields {
                let setter =
                    (0..).zip(SETTERS).find(|(_, setter)| setter == name).map_or(0, |(number, _)| number);
                collect(item, setter, seeds);
            }
        }
        _ => {}
    }
}

/// `\\` and `\xAB`.
fn unescape(line: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(line.len());
    let mut rest = line.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'\\' {
            out.push(byte);
        } else if let Some(after) = rest.strip_prefix(b"\\") {
            out.push(b'\\');
            rest = after;
        } else {
            let digits = rest.get(1..3).filter(|_| rest[0] == b'x')?;
            out.push(u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?);
            rest = &rest[3..];
        }
    }
    Some(out)
}
