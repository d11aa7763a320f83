//! `cargo xtask conformance node`: Node's own tests, unchanged, with our modules in place of Node's.
//!
//! Takes any checkout of Node. A file is run twice, a process each: on the stock runtime as it is, and with
//! the addon's `replace.js` preloaded. What the stock runtime itself passes is what counts (*eligible*); a
//! file passes here if it ends as it should and proves that it ran on our modules ([`proof`]).

mod expect;
mod files;
mod output;
mod page;
mod proof;
mod report;
mod run;
mod status;
mod stock;

use crate::kit::{self, Args, Outcome, Result};
use expect::{Expectations, Surprises};
use files::{Apart, Suite, TestFile};
use indicatif::{ProgressBar, ProgressStyle};
use run::{Attempt, Runner, Verdict};
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use stock::Cache;

/// The files that may be run again before it is no matter of a busy machine any more.
const SECOND_TRIES: usize = 20;
/// The seconds a file may take where nothing else is said.
const LIMIT: usize = 60;

/// A file and how it went.
#[derive(Debug)]
struct Row<'a> {
    file: &'a TestFile,
    /// Why it is not counted.
    apart: Option<Apart>,
    /// None where that was known before.
    stock: Option<Attempt>,
    /// None where the file is not eligible.
    nodecore: Option<Attempt>,
    /// Passed on nodecore only when it was run again, alone.
    again: bool,
}

impl Row<'_> {
    fn eligible(&self) -> bool {
        self.apart.is_none() && self.stock.as_ref().is_some_and(|attempt| attempt.verdict == Verdict::Passed)
    }

    fn passed(&self) -> bool {
        self.nodecore.as_ref().is_some_and(|attempt| attempt.verdict == Verdict::Passed)
    }
}

/// What a run was asked to do.
#[derive(Debug)]
struct Plan {
    /// `replace.js`; none for a run on the stock runtime only.
    replace: Option<PathBuf>,
    jobs: usize,
    fresh: bool,
}

pub(crate) fn run(mut args: Args) -> Outcome {
    let (stock_only, fresh) = (args.flag("--stock-only"), args.flag("--fresh"));
    let suite = args.value("--suite")?.map(PathBuf::from);
    let runtime = args.value("--runtime")?.unwrap_or_else(|| "node".to_owned());
    let addon = args.value("--addon")?.map_or_else(|| kit::root().join("examples/node-addon"), PathBuf::from);
    let module = args.value("--module")?;
    let (json, html) = (args.value("--json")?.map(PathBuf::from), args.value("--html")?.map(PathBuf::from));
    let jobs = match args.number("--jobs")? {
        Some(number) => number,
        None => std::thread::available_parallelism()?.get(),
    };
    let seconds = args.number("--timeout")?.unwrap_or(LIMIT);
    let filters = args.rest()?;
    if let Some(module) = module.as_deref().filter(|module| !files::modules().any(|name| name == *module)) {
        let names: Vec<&str> = files::modules().collect();
        return Err(format!("no module '{module}'; there are {}", names.join(", ")).into());
    }
    let replace = if stock_only { None } else { Some(addon.join("replace.js")) };
    let replace = match replace {
        Some(path) => Some(fs::canonicalize(&path).map_err(|error| format!("{}: {error}", path.display()))?),
        None => None,
    };
    let target = kit::target_dir()?;
    let suite = match suite {
        Some(folder) => Suite::open(&folder)?,
        None if target.join("node-suite").is_dir() => Suite::open(&target.join("node-suite"))?,
        None => {
            return Err(
                "no suite: name a checkout of Node by --suite, or let scripts/node-suite fetch one".into()
            );
        }
    };
    let runtime = Runtime::find(&runtime)?;
    let list = kit::root().join("tests/conformance/expected-failures.toml");
    let expected = if list.exists() { kit::read(&list)? } else { String::new() };
    let expected = Expectations::parse(&expected, &suite.version, &runtime.version)
        .map_err(|error| format!("expected-failures.toml: {error}"))?;

    let wanted = |file: &&TestFile| {
        module.as_deref().is_none_or(|module| file.module == module)
            && (filters.is_empty() || filters.iter().any(|word| file.name.contains(word)))
    };
    let chosen: Vec<&TestFile> = suite.files.iter().filter(wanted).collect();
    if chosen.is_empty() {
        println!("no file matches");
        return Ok(false);
    }
    let mut runner = Runner {
        runtime: runtime.program,
        suite: suite.root.clone(),
        // Short, because tests make sockets in it.
        work: fs::canonicalize(std::env::temp_dir())?.join(format!("nodecore-{}", std::process::id())),
        limit: Duration::from_secs(seconds as u64),
        leaks: true,
        swapped: BTreeSet::new(),
        serial: AtomicUsize::new(0),
        stop: Arc::new(AtomicBool::new(false)),
    };
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&runner.stop))?;
    }
    let kept = format!("conformance/stock-{}-{}.json", runtime.version, suite.version);
    let cache = Mutex::new(Cache::open(target.join(kept)));
    let start = Instant::now();
    let plan = Plan { replace, jobs, fresh };
    let rows = run_plan(&mut runner, &plan, &expected, &chosen, &cache);
    cache.into_inner().map_err(|_| "a thread panicked")?.save()?;
    // A test may leave what only its owner's permission, set anew, can remove.
    if fs::remove_dir_all(&runner.work).is_err() {
        let _ = kit::run(Command::new("chmod").args(["-R", "u+rwx"]).arg(&runner.work));
        let _ = fs::remove_dir_all(&runner.work);
    }
    let rows = rows?;

    let mut surprises = Surprises::default();
    if !stock_only {
        for row in &rows {
            if let Some(attempt) = &row.nodecore {
                expected.check(&row.file.name, row.file.module, attempt, &mut surprises);
            }
        }
        let counted = |file: &&TestFile| file.apart.is_none();
        let mut names: BTreeSet<&str> =
            suite.files.iter().filter(counted).map(|file| file.name.as_str()).collect();
        for row in rows.iter().filter(|row| row.apart.is_some()) {
            names.remove(row.file.name.as_str());
        }
        expected.check_names(&names, &mut surprises);
    }
    let run = report::Run {
        suite: &suite.version,
        runtime: &runtime.version,
        stock_only,
        leaks: runner.leaks,
        swapped: &runner.swapped,
        seconds: start.elapsed().as_secs_f64(),
        rows: &rows,
        expected: &expected,
        surprises: &surprises,
    };
    if let Some(path) = json {
        kit::write(&path, serde_json::to_string_pretty(&run.json())? + "\n")?;
    }
    if let Some(path) = html {
        kit::write(&path, page::page(&run))?;
    }
    run.print(module.is_some() || !filters.is_empty());
    Ok(surprises.is_empty())
}

/// Asks what there is to know first, then runs everything.
fn run_plan<'a>(
    runner: &mut Runner,
    plan: &Plan,
    expected: &Expectations,
    chosen: &[&'a TestFile],
    cache: &Mutex<Cache>,
) -> Result<Vec<Row<'a>>> {
    runner.probe()?;
    if let Some(replace) = &plan.replace {
        runner.swapped = runner.swapped_by(replace)?;
    }
    let mut rows = run_all(runner, plan, chosen, cache)?;
    try_again(runner, plan, expected, &mut rows)?;
    Ok(rows)
}

/// The runtime that the tests run on.
#[derive(Debug)]
struct Runtime {
    program: PathBuf,
    /// Without the `v`.
    version: String,
}

impl Runtime {
    /// Asks the program; Bun, which calls itself Node, does not take what the tests are started with.
    fn find(named: &str) -> Result<Runtime> {
        let say = "process.execPath + '\\n' + (process.versions.bun ? 'Bun' : process.version)";
        let text = kit::must(Command::new(named).args(["-p", say]))?;
        let (program, version) =
            text.trim().split_once('\n').ok_or("the runtime does not say where it is")?;
        let version = version.strip_prefix('v').ok_or_else(|| format!("{named} is not Node"))?;
        Ok(Runtime { program: PathBuf::from(program), version: version.to_owned() })
    }
}

/// Runs the files, `jobs` at a time; rows come in the order of the files.
fn run_all<'a>(
    runner: &Runner,
    plan: &Plan,
    chosen: &[&'a TestFile],
    cache: &Mutex<Cache>,
) -> Result<Vec<Row<'a>>> {
    let style = ProgressStyle::with_template("  {spinner} {bar:40} {pos}/{len} files  {eta} left  {msg}")?;
    let bar = ProgressBar::new(chosen.len() as u64).with_style(style);
    bar.enable_steady_tick(Duration::from_millis(100));
    let (next, failed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let rows: Mutex<Vec<Option<Row<'a>>>> = Mutex::new(chosen.iter().map(|_| None).collect());
    let problem: Mutex<Option<String>> = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..plan.jobs.min(chosen.len()) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(file) = chosen.get(at) else { break };
                    match run_one(runner, plan, file, cache) {
                        Ok(row) => {
                            if row.eligible() && plan.replace.is_some() && !row.passed() {
                                failed.fetch_add(1, Ordering::Relaxed);
                            }
                            bar.set_message(format!(
                                "{} failed  {}",
                                failed.load(Ordering::Relaxed),
                                file.name
                            ));
                            bar.inc(1);
                            if let Ok(mut rows) = rows.lock() {
                                rows[at] = Some(row);
                            }
                        }
                        Err(error) => {
                            if let Ok(mut problem) = problem.lock() {
                                problem.get_or_insert_with(|| format!("{}: {error}", file.name));
                            }
                            next.store(chosen.len(), Ordering::Relaxed);
                            runner.stop.store(true, Ordering::Relaxed);
                        }
                    }
                }
            });
        }
    });
    bar.finish_and_clear();
    if let Some(problem) = problem.into_inner().map_err(|_| "a thread panicked")? {
        return Err(problem.into());
    }
    let rows = rows.into_inner().map_err(|_| "a thread panicked")?;
    let rows: Vec<Row<'a>> = rows.into_iter().flatten().collect();
    if rows.len() < chosen.len() { Err("not all files were run".into()) } else { Ok(rows) }
}

fn run_one<'a>(runner: &Runner, plan: &Plan, file: &'a TestFile, cache: &Mutex<Cache>) -> Result<Row<'a>> {
    let mut row = Row { file, apart: file.apart, stock: None, nodecore: None, again: false };
    if row.apart.is_some() {
        return Ok(row);
    }
    let locked = || cache.lock().map_err(|_| "a thread panicked");
    let known = if plan.fresh { None } else { locked()?.get(file, runner.limit) };
    let (stock, loads_none) = match known {
        Some(kept) => kept,
        None => {
            let mut attempt = runner.run(file, None)?;
            // What fails here does not count, and that is kept: not because the machine was busy.
            if !matches!(attempt.verdict, Verdict::Passed | Verdict::Skipped) {
                attempt = runner.run(file, None)?;
            }
            let passed = attempt.verdict == Verdict::Passed;
            let loads_none = passed && proof::may_load_none(file) && runner.loads_none(file)?;
            locked()?.put(file, &attempt, loads_none);
            (attempt, loads_none)
        }
    };
    row.stock = Some(stock);
    row.apart = loads_none.then_some(Apart::Unused);
    if row.eligible() && plan.replace.is_some() {
        row.nodecore = Some(runner.run(file, plan.replace.as_deref())?);
    }
    Ok(row)
}

/// Runs again, one after the other, what failed on nodecore though it was not to: some tests measure time,
/// and on a busy machine that says little. What passes then is reported as such.
fn try_again(runner: &Runner, plan: &Plan, expected: &Expectations, rows: &mut [Row]) -> Result<()> {
    let mut failed: Vec<&mut Row> = rows
        .iter_mut()
        .filter(|row| {
            let Some(attempt) = &row.nodecore else { return false };
            matches!(attempt.verdict, Verdict::Failed | Verdict::TimedOut | Verdict::Crashed)
                && expected.reason(&row.file.name, row.file.module, attempt).is_none()
        })
        .collect();
    if failed.len() > SECOND_TRIES {
        return Ok(());
    }
    for row in &mut failed {
        let attempt = runner.run(row.file, plan.replace.as_deref())?;
        if attempt.verdict == Verdict::Passed {
            row.nodecore = Some(attempt);
            row.again = true;
        }
    }
    Ok(())
}
