//! `cargo xtask differential`: every function on generated inputs, here and in a real Node 26.
//!
//! The comparisons are tests of the crates; this builds them for speed, gives them Node, the seed and the number of
//! cases, and gathers their closing lines (`nodecore_testdata::node::Comparison` prints them).

use crate::bench::peers;
use crate::ctest;
use crate::kit::{self, Args, Outcome, Result};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// The modules with such a test, and its name.
const TESTS: &[(&str, &str)] = &[
    ("path", "differential"),
    ("querystring", "differential"),
    ("url", "differential"),
    ("url", "urlpattern_differential"),
    ("buffer", "node"),
    ("buffer", "text_decoder"),
    ("zlib", "node"),
    ("zlib", "web"),
    ("zlib", "modes"),
    ("zlib", "round_trips"),
    ("crypto", "node"),
    ("crypto", "node_kdf"),
    ("crypto", "agree_node"),
    ("crypto", "sign_node"),
    ("event-loop", "random_programs"),
    ("events", "random_programs"),
    ("events", "timers"),
    ("stream", "differential"),
    ("stream", "web"),
    ("fs", "node"),
    ("fs", "differential"),
];
/// The lines kept to be shown when a test fails without a closing line.
const KEPT: usize = 40;

#[derive(Debug)]
struct Plan {
    seed: usize,
    cases: usize,
    node: PathBuf,
}

/// What closing lines came to.
#[derive(Debug, Default)]
struct Sum {
    functions: usize,
    cases: u64,
    different: u64,
    broken: usize,
}

pub(crate) fn run(mut args: Args) -> Outcome {
    let seed = args.number("--seed")?.unwrap_or(1);
    let cases = args.number("--cases")?.unwrap_or(10_000);
    let node = args.value("--node")?.map(PathBuf::from);
    let wanted = args.rest()?;
    let plan = Plan { seed, cases, node: find(node)? };
    let mut chosen: Vec<(&str, &str, Option<&str>)> = Vec::new();
    for word in &wanted {
        let (module, function) = match word.split_once("::") {
            Some((module, function)) => (module, Some(function)),
            None => (word.as_str(), None),
        };
        let tests = TESTS.iter().filter(|(name, _)| *name == module);
        let before = chosen.len();
        chosen.extend(tests.map(|(module, test)| (*module, *test, function)));
        if chosen.len() == before {
            let mut names: Vec<&str> = TESTS.iter().map(|(name, _)| *name).collect();
            names.dedup();
            return Err(format!("no module '{module}'; there are {}", names.join(", ")).into());
        }
    }
    if wanted.is_empty() {
        chosen.extend(TESTS.iter().map(|(module, test)| (*module, *test, None)));
    }

    println!("{:<34} {:>12} {:>10} {:>9}", "function", "cases", "differ", "seconds");
    let mut sum = Sum::default();
    for (module, test, function) in chosen {
        one(&plan, module, test, function, &mut sum)?;
    }
    let Sum { functions, cases, different, broken } = sum;
    let failed = if broken > 0 { format!(", {broken} did not end well") } else { String::new() };
    println!("{functions} functions, {cases} cases, {different} differ{failed}; seed {}", plan.seed);
    Ok(different == 0 && broken == 0 && functions > 0)
}

/// The Node named, or the peers' one, if it is Node 26.
fn find(named: Option<PathBuf>) -> Result<PathBuf> {
    if let Some(named) = named.or_else(|| std::env::var_os("NODECORE_NODE").map(PathBuf::from)) {
        let ran = kit::run(Command::new(&named).arg("--version"))?;
        if !ran.out.starts_with("v26.") {
            return Err(format!("{} is {}, not Node 26", named.display(), ran.out.trim()).into());
        }
        return Ok(named);
    }
    let found = peers::find(None)?.into_iter().flatten().find(|peer| peer.name == "Node 26");
    found.map(|peer| peer.program).ok_or_else(|| "no Node 26 (cargo xtask peers installs it)".into())
}

fn one(plan: &Plan, module: &str, test: &str, function: Option<&str>, sum: &mut Sum) -> Result<()> {
    let program = build(module, test)?;
    let mut command = Command::new(program);
    command
        .args(["--nocapture", "--test-threads=1"])
        .current_dir(kit::root().join("crates").join(module))
        .env("NODECORE_NODE", &plan.node)
        .env("NODECORE_SEED", plan.seed.to_string())
        .env("NODECORE_CASES", plan.cases.to_string())
        .env_remove("NODECORE_PROGRAMS")
        .env_remove("NODECORE_ONLY");
    if (module, test) == ("fs", "differential") {
        command.env("NODECORE_FS_PROGRAMS", fs_programs()?);
    }
    if let Some(function) = function {
        command.env("NODECORE_ONLY", function);
    }
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    let output = child.stdout.take().ok_or("no output")?;
    let before = sum.functions;
    let mut kept: Vec<String> = Vec::new();
    let mut start = Instant::now();
    for line in BufReader::new(output).lines() {
        let line = line?;
        let Some((name, cases, different)) = closing(&line) else {
            kept.push(line);
            continue;
        };
        let seconds = start.elapsed().as_secs_f64();
        start = Instant::now();
        println!("{name:<34} {cases:>12} {different:>10} {seconds:>9.1}");
        if different > 0 {
            let last = kept.iter().position(|line| line.starts_with(name)).unwrap_or(kept.len());
            kept[last..].iter().for_each(|line| println!("    {line}"));
            let Plan { seed, cases, .. } = plan;
            println!("    repeat: cargo xtask differential --seed {seed} --cases {cases} {name}");
        }
        kept.clear();
        sum.functions += 1;
        sum.cases += cases;
        sum.different += different;
    }
    let good = child.wait()?.success();
    // Where a function was named, another test of the module may be the one that has it.
    if sum.functions == before && function.is_none() {
        return Err(format!("{module} compared nothing:\n{}", tail(&kept)).into());
    }
    if !good && sum.different == 0 {
        sum.broken += 1;
        println!("{module} did not end well:\n{}", tail(&kept));
    }
    Ok(())
}

/// The C program that runs the same programs over files.
fn fs_programs() -> Result<PathBuf> {
    let work = kit::target_dir()?.join("differential");
    std::fs::create_dir_all(&work)?;
    let library = ctest::build_library(false, false, false, &work)?;
    let (root, program) = (kit::root(), work.join("fs_programs"));
    let mut cc = kit::tool("CC", "cc");
    cc.args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-g", "-O1", "-I"])
        .arg(root.join("include"))
        .args(["fs_programs.c", "fs_programs_calls.c"].map(|file| root.join("tests/differential").join(file)))
        .arg("-o")
        .arg(&program)
        .args(ctest::link_flags(&library, &work)?);
    kit::must(&mut cc)?;
    Ok(program)
}

/// The name, cases and differences of a line such as `path::posix.join: 3000 cases, 0 differ, NODECORE_SEED=1`.
fn closing(line: &str) -> Option<(&str, u64, u64)> {
    let (name, rest) = line.split_once(": ")?;
    let (cases, rest) = rest.split_once(" cases, ")?;
    let (different, _) = rest.split_once(" differ, NODECORE_SEED=")?;
    // The harness starts a test's line and leaves it open.
    let name = name.rsplit(' ').next()?;
    Some((name, cases.parse().ok()?, different.parse().ok()?))
}

fn tail(lines: &[String]) -> String {
    lines[lines.len().saturating_sub(KEPT)..].join("\n")
}

/// Builds one test and returns its program.
fn build(module: &str, test: &str) -> Result<PathBuf> {
    let package = format!("nodecore-{module}");
    let mut cargo = kit::cargo();
    cargo.args(["test", "--release", "--quiet", "--no-run", "--package", &package, "--test", test]);
    let built = kit::build(&mut cargo)?;
    let is_test = |file: &&PathBuf| {
        file.extension().is_none()
            && file.file_stem().is_some_and(|stem| stem.to_string_lossy().starts_with(&format!("{test}-")))
            && file.parent().and_then(Path::file_name).is_some_and(|folder| folder == "deps")
    };
    let found = built.files.values().flatten().find(is_test).cloned();
    found.ok_or_else(|| format!("cargo made no test {test} of {package}").into())
}
