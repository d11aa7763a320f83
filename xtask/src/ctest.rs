//! `cargo xtask ctest`: the C and C++ tests, a process and a timeout each.
//!
//! A test is one file, `tests/c/NAME.c` or `tests/cpp/NAME.cc`, with its own `main`: 0 is a pass, 77 a skip (last line
//! of its output: why), all else a failure. It runs in an empty folder of its own and finds the project's files
//! through `NODECORE_ROOT` and the standards' data through `NODECORE_CONFORMANCE`. A comment `ctest: timeout=SECONDS`
//! among its first lines changes its timeout. Files in folders below, and headers, are shared by the tests.

use crate::kit::{self, Args, Outcome, Problem, Result, Tally};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const TIMEOUT: Duration = Duration::from_secs(30);
/// How many times longer a test may take under valgrind.
const VALGRIND_FACTOR: u32 = 20;
const SANITIZERS: &[&str] =
    &["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"];
/// What the static library needs of the system on Linux.
const SYSTEM_LIBRARIES: &[&str] = &["-lpthread", "-ldl", "-lm", "-lrt"];

#[derive(Debug)]
struct Plan {
    valgrind: bool,
    asan: bool,
    timeout: Option<Duration>,
    root: PathBuf,
    work: PathBuf,
    link: Vec<String>,
}

enum Verdict {
    Passed(Duration),
    Skipped(String),
    Failed(String),
}

pub(crate) fn run(mut args: Args) -> Outcome {
    let (valgrind, asan) = (args.flag("--valgrind"), args.flag("--asan"));
    let (asan_lib, release) = (args.flag("--asan-lib"), args.flag("--release"));
    if valgrind && asan {
        return Err("--valgrind and --asan exclude each other".into());
    }
    if asan_lib && !asan {
        return Err("--asan-lib goes with --asan".into());
    }
    let jobs = match args.number("--jobs")? {
        Some(number) => number,
        None => std::thread::available_parallelism()?.get(),
    };
    let timeout = args.number("--timeout")?.map(|seconds| Duration::from_secs(seconds as u64));
    let filters = args.rest()?;

    let root = kit::root();
    let tests = select(&root, &filters)?;
    if tests.is_empty() {
        println!("no test matches");
        return Ok(Tally::default().close() && filters.is_empty());
    }
    let work = kit::target_dir()?.join("ctest");
    fs::create_dir_all(&work)?;
    let library = build_library(release, asan, asan_lib, &work)?;
    let plan = Plan { valgrind, asan, timeout, root, link: link_flags(&library, &work)?, work };

    let (next, tally) = (AtomicUsize::new(0), Mutex::new(Tally::default()));
    std::thread::scope(|scope| {
        for _ in 0..jobs.min(tests.len()) {
            scope.spawn(|| {
                while let Some(test) = tests.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let verdict =
                        one(&plan, test).unwrap_or_else(|problem| Verdict::Failed(problem.to_string()));
                    let name = label(test);
                    let mut tally = tally.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    match verdict {
                        Verdict::Passed(took) => tally.pass(&format!("{name}  ({} ms)", took.as_millis())),
                        Verdict::Skipped(why) => tally.skip(&name, &why),
                        Verdict::Failed(why) => tally.fail(&name, &why),
                    }
                }
            });
        }
    });
    Ok(tally.into_inner().map_err(|_| "a worker panicked")?.close())
}

fn select(root: &Path, filters: &[String]) -> Result<Vec<PathBuf>> {
    let mut tests = kit::files(&root.join("tests/c"), "c", false)?;
    tests.extend(kit::files(&root.join("tests/cpp"), "cc", false)?);
    tests.retain(|test| filters.is_empty() || filters.iter().any(|filter| label(test).contains(filter)));
    Ok(tests)
}

/// `c/NAME` or `cpp/NAME`.
fn label(test: &Path) -> String {
    let folder = test.parent().and_then(Path::file_name).unwrap_or_default();
    format!("{}/{}", folder.display(), test.file_stem().unwrap_or_default().display())
}

/// Builds libnodecore and returns the file to link: the shared library, or the static one for the sanitizers.
pub(crate) fn build_library(release: bool, asan: bool, asan_lib: bool, work: &Path) -> Result<PathBuf> {
    let mut cargo = kit::cargo();
    cargo.args(["build", "--package", "nodecore-capi", "--lib"]);
    if release {
        cargo.arg("--release");
    }
    if asan_lib {
        let rustc = kit::must(Command::new("rustc").arg("-vV"))?;
        let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc names no host")?;
        cargo
            .args(["--target", host, "--target-dir"])
            .arg(work.join("asan-lib"))
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTFLAGS", "-Zsanitizer=address")
            .env("CFLAGS", "-fsanitize=address -fno-omit-frame-pointer");
    }
    let built = kit::build(&mut cargo)?;
    let suffixes: &[&str] = if asan { &[".a"] } else { &[".so", ".dylib"] };
    built
        .files
        .values()
        .flatten()
        .find(|file| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            suffixes.iter().any(|suffix| name == format!("libnodecore{suffix}"))
        })
        .cloned()
        .ok_or_else(|| format!("cargo build made no libnodecore{}", suffixes[0]).into())
}

/// The arguments that link a program with `library` and let it find it at run time.
pub(crate) fn link_flags(library: &Path, work: &Path) -> Result<Vec<String>> {
    if library.extension().is_some_and(|extension| extension == "a") {
        let mut flags = vec![library.display().to_string()];
        flags.extend(SYSTEM_LIBRARIES.iter().map(|flag| (*flag).to_owned()));
        return Ok(flags);
    }
    // The loader looks for the soname, which cargo does not give the file.
    let folder = work.join("lib");
    kit::fresh_dir(&folder)?;
    let mut names = vec![library.file_name().unwrap_or_default().to_string_lossy().into_owned()];
    names.extend(soname(library)?);
    names.dedup();
    for name in names {
        std::os::unix::fs::symlink(library, folder.join(name))?;
    }
    let folder = folder.display();
    Ok(vec![format!("-L{folder}"), "-lnodecore".into(), format!("-Wl,-rpath,{folder}")])
}

/// The soname recorded in a shared library, if any.
pub(crate) fn soname(library: &Path) -> Result<Option<String>> {
    let text = kit::must(Command::new("readelf").arg("-dW").arg(library))?;
    Ok(text
        .lines()
        .find(|line| line.contains("(SONAME)"))
        .and_then(|line| Some(line.split_once('[')?.1.split_once(']')?.0.to_owned())))
}

fn one(plan: &Plan, test: &Path) -> std::result::Result<Verdict, Problem> {
    let name = label(test).replace('/', "-");
    let program = plan.work.join(if plan.asan { format!("{name}.asan") } else { name.clone() });
    let compiled = kit::run(&mut compile(plan, test, &program))?;
    if !compiled.good {
        return Ok(Verdict::Failed(format!("does not compile\n{}", tail(&compiled.err, 30))));
    }
    let folder = plan.work.join("run").join(&name);
    kit::fresh_dir(&folder)?;
    let log = plan.work.join(format!("{name}.log"));
    let output = File::create(&log)?;
    let limit = limit(plan, test)?;
    let start = Instant::now();
    let mut child = command(plan, &program)
        .current_dir(&folder)
        .env("NODECORE_ROOT", &plan.root)
        .env("NODECORE_CONFORMANCE", kit::conformance_dir())
        .env("UBSAN_OPTIONS", "print_stacktrace=1")
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        .spawn()?;
    let status = kit::wait(&mut child, limit)?;
    let took = start.elapsed();
    let text = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    Ok(match status {
        None => Verdict::Failed(format!("still running after {} s\n{}", limit.as_secs(), tail(&text, 20))),
        Some(status) if status.success() => Verdict::Passed(took),
        Some(status) if status.code() == Some(77) => Verdict::Skipped(tail(&text, 1)),
        Some(status) => Verdict::Failed(format!("{status}\n{}", tail(&text, 40))),
    })
}

fn compile(plan: &Plan, test: &Path, program: &Path) -> Command {
    let cpp = test.extension().is_some_and(|extension| extension == "cc");
    let mut command = if cpp { kit::tool("CXX", "c++") } else { kit::tool("CC", "cc") };
    command
        .args([if cpp { "-std=c++17" } else { "-std=c11" }, "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror"])
        .args(["-g", "-O1", "-I"])
        .arg(plan.root.join("include"));
    if plan.asan {
        command.args(SANITIZERS);
    }
    command.arg(test).arg("-o").arg(program).args(&plan.link).arg("-lpthread");
    command
}

fn command(plan: &Plan, program: &Path) -> Command {
    if !plan.valgrind {
        return Command::new(program);
    }
    let mut command = Command::new("valgrind");
    command.args(["--quiet", "--leak-check=full", "--error-exitcode=99", "--num-callers=30"]);
    let suppressions = plan.root.join("tests/valgrind.supp");
    if suppressions.exists() {
        command.arg(format!("--suppressions={}", suppressions.display()));
    }
    // Valgrind takes what OpenSSL's AES-NI and PCLMULQDQ code computes for uninitialised.
    command.env("OPENSSL_ia32cap", "~0x200000200000000").arg(program);
    command
}

fn limit(plan: &Plan, test: &Path) -> Result<Duration> {
    let wanted = match plan.timeout {
        Some(limit) => limit,
        None => match kit::read(test)?.lines().take(10).find_map(|line| line.split_once("ctest: timeout=")) {
            None => TIMEOUT,
            Some((_, text)) => {
                let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
                Duration::from_secs(digits.parse().map_err(|_| "ctest: timeout= wants seconds")?)
            }
        },
    };
    Ok(if plan.valgrind { wanted * VALGRIND_FACTOR } else { wanted })
}

/// The last `count` lines of a text.
fn tail(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}
