//! Random programs over a scratch tree, here in each form, through C, and on a real Node in each form: the same
//! results, the same errors (name, code, errno, syscall, path, dest, message), the same tree in the end.
//!
//! `nodecore_testdata::node` says how Node is found; `NODECORE_SEED` and `NODECORE_PROGRAMS` (300) choose the programs,
//! `NODECORE_SHOW` shows those that differ. Where Node is another program than itself in another form, or documented as
//! different, a rule below says so and why; how often each was needed is printed.
//!
//! A user without privileges sees refusals that root does not: run the test program by `setpriv --reuid` as well.

#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;
mod interpreter;
mod program;
mod rules;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::{Form, Runner, Scratch, open_descriptors};
use nodecore_testdata::node::{self, Comparison, Node, Random};

use program::{Grammar, Program, escape};

/// How many programs are under way at once: their trees are on the disk together.
const BATCH: usize = 125;
/// How long Node and the C program may take for a batch.
const LIMIT: Duration = Duration::from_secs(300);

const FORMS: [(Form, &str); 3] =
    [(Form::Sync, "sync"), (Form::Callback, "callback"), (Form::Promise, "promise")];

/// A process that runs programs in the folders of `root`, its trace in a file.
struct Running {
    child: Child,
    trace: PathBuf,
    root: PathBuf,
}

impl Running {
    /// `root` has the folders of the programs when this returns.
    fn start(mut command: Command, root: &Path, programs: usize) -> Running {
        for number in 0..programs {
            std::fs::create_dir_all(root.join(number.to_string()).join("w/w/w")).unwrap();
        }
        let trace = root.join("trace");
        let child = command.stdout(File::create(&trace).unwrap()).stdin(Stdio::null()).spawn();
        Running {
            child: child.unwrap_or_else(|error| panic!("{command:?}: {error}")),
            trace,
            root: root.to_owned(),
        }
    }

    /// The traces, program by program.
    fn finish(mut self) -> Vec<Vec<String>> {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if start.elapsed() > LIMIT {
                _ = self.child.kill();
                break self.child.wait().unwrap();
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        let traces = split(&std::fs::read_to_string(&self.trace).unwrap());
        assert!(status.success(), "{:?}: {status} after {} programs", self.root, traces.len());
        traces
    }
}

fn split(text: &str) -> Vec<Vec<String>> {
    let mut programs: Vec<Vec<String>> = Vec::new();
    for line in text.lines() {
        if line == "program" {
            programs.push(Vec::new());
        }
        programs.last_mut().unwrap().push(line.to_owned());
    }
    programs
}

/// What is left below `dir`: a line for each name. Where a mode lets nobody look, as root does, it is changed.
fn tree(dir: &Path, prefix: &str, (here, base): (&str, &str), out: &mut Vec<String>) {
    use std::os::unix::ffi::OsStrExt;
    // What was copied into itself is as deep as paths can be long, and deeper.
    let Ok(entries) = std::fs::read_dir(dir) else {
        out.push(format!("{prefix} cannot be read"));
        return;
    };
    let mut entries: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
    entries.sort();
    for name in entries {
        let at = dir.join(&name);
        let below = format!("{prefix}{}", escape(name.as_bytes()));
        let Ok(found) = std::fs::symlink_metadata(&at) else {
            out.push(format!("{below} cannot be asked about"));
            continue;
        };
        let mode = found.permissions().mode() & 0o7777;
        let time = match found.mtime() {
            ..1_000_000_000 => format!("{}.{:09}", found.mtime(), found.mtime_nsec()),
            _ => "new".to_owned(),
        };
        if found.is_symlink() {
            let target = std::fs::read_link(&at).unwrap();
            let target = target.to_str().unwrap().replace(here, "$").replace(base, "^");
            // Now and then, as chance has it, Node's `cp` writes a slash behind the name of a directory.
            let target = if target.len() > 1 { target.trim_end_matches('/') } else { &target };
            out.push(format!("{below} link {} {time}", escape(target.as_bytes())));
        } else if found.is_dir() {
            out.push(format!("{below} dir {mode:o} {time}"));
            _ = std::fs::set_permissions(&at, std::fs::Permissions::from_mode(0o700));
            tree(&at, &format!("{below}/"), (here, base), out);
        } else {
            _ = std::fs::set_permissions(&at, std::fs::Permissions::from_mode(0o600));
            let head = interpreter::content(&std::fs::read(&at).unwrap());
            let (links, size) = (found.nlink(), found.len());
            out.push(format!("{below} file {mode:o} {links} {size} {} {time}", escape(&head)));
        }
    }
}

fn tree_of(base: &Path) -> Vec<String> {
    let mut out = Vec::new();
    let here = base.join("w/w/w");
    tree(base, "", (here.to_str().unwrap(), base.to_str().unwrap()), &mut out);
    out
}

/// Counts what agrees, what a rule lets pass, and what differs.
struct Verdict {
    comparison: Comparison,
    rules: BTreeMap<&'static str, usize>,
    /// The differences by form and call, and the first of each.
    kinds: BTreeMap<(String, String), (usize, String)>,
    calls: usize,
}

impl Verdict {
    /// Compares one program: its calls up to the first that a rule says may have left another tree behind, and then
    /// the tree.
    fn compare(&mut self, form: &str, number: u64, program: &Program, ours: &Side, theirs: &Side) {
        let mut parted = false;
        // The first line is no call.
        for at in 1..ours.trace.len().max(theirs.trace.len()) {
            let [here, node] =
                [ours, theirs].map(|side| side.trace.get(at).map_or("(nothing)", String::as_str));
            let call = program.0.get(at - 1);
            let shown = call.map_or_else(|| "(the end)".to_owned(), ToString::to_string);
            self.calls += 1;
            if here == node {
                if call.is_some_and(|call| rules::leaves_chance(call, here)) {
                    parted = true;
                    break;
                }
                continue;
            }
            if let Some(rule) = call.and_then(|call| rules::find(form, call, here, node)) {
                *self.rules.entry(rule.name).or_default() += 1;
                if rule.parts {
                    parted = true;
                    break;
                }
                continue;
            }
            let name = call.map_or("(the end)", |call| &call.0[0]);
            self.differs(
                form,
                name,
                || format!("{form} {number}.{at}\n  {shown}\n  here {here}\n  Node {node}"),
                program,
            );
            return;
        }
        if parted || ours.tree == theirs.tree {
            return self.comparison.expect(true, String::new);
        }
        let only = |of: &Side, not: &Side| -> String {
            let lines = of.tree.iter().filter(|line| !not.tree.contains(line));
            lines.map(|line| format!("\n    {line}")).collect()
        };
        let (here, node) = (only(ours, theirs), only(theirs, ours));
        self.differs(
            form,
            "(the tree)",
            || format!("{form} {number}: another tree is left\n  here{here}\n  Node{node}"),
            program,
        );
    }

    fn differs(&mut self, form: &str, name: &str, describe: impl Fn() -> String, program: &Program) {
        self.comparison.add(1, 1);
        let whole = || std::env::var_os("NODECORE_SHOW").map(|_| format!("\n{program}")).unwrap_or_default();
        let kind = self.kinds.entry((form.to_owned(), name.to_owned()));
        kind.or_insert_with(|| (0, describe() + &whole())).0 += 1;
    }
}

struct Side {
    trace: Vec<String>,
    tree: Vec<String>,
}

fn side(trace: Option<&Vec<String>>, base: &Path) -> Side {
    Side { trace: trace.cloned().unwrap_or_default(), tree: tree_of(base) }
}

fn node_command(node: &Node, form: &str, spec: &Path, root: &Path) -> Command {
    let mut command = node.command();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/differential/interpreter.js");
    command.args(["--no-deprecation", "--no-warnings", script, form]).arg(spec).arg(root);
    command
}

/// A batch in every form. The roots' names have the same length: links that `cp` writes hold them.
fn batch(node: &Node, scratch: &Path, first: u64, programs: &[Program], verdict: &mut Verdict) {
    let spec = scratch.join("programs");
    std::fs::write(&spec, programs.iter().map(ToString::to_string).collect::<String>()).unwrap();
    let roots = |side: &str, form: &str| scratch.join(format!("{side}-{form}"));
    let nodes: Vec<Running> = FORMS
        .iter()
        .map(|(_, form)| {
            let root = roots("node", form);
            std::fs::create_dir_all(&root).unwrap();
            let command = node_command(node, form, &spec, &root);
            Running::start(command, &root, programs.len())
        })
        .collect();
    let mut ours = Vec::new();
    for (form, name) in FORMS {
        let run = Runner::new(form);
        let mut before = 0;
        for (number, program) in programs.iter().enumerate() {
            let base = roots("ours", name).join(number.to_string());
            std::fs::create_dir_all(base.join("w/w/w")).unwrap();
            let trace = interpreter::run(&run, &base, program);
            std::env::set_current_dir("/").unwrap();
            ours.push(side(Some(&trace), &base));
            // The pool and the loop open what they keep, in the first of all programs.
            if number > 0 {
                assert_eq!(
                    open_descriptors(),
                    before,
                    "{name} {} left descriptors open",
                    first + number as u64
                );
            }
            before = open_descriptors();
        }
    }
    let mut ours = ours.iter();
    for (node, (_, form)) in nodes.into_iter().zip(FORMS) {
        let root = node.root.clone();
        let traces = node.finish();
        for (number, program) in programs.iter().enumerate() {
            let theirs = side(traces.get(number), &root.join(number.to_string()));
            verdict.compare(form, first + number as u64, program, ours.next().unwrap(), &theirs);
        }
    }
    for (_, form) in FORMS {
        for side in ["node", "ours"] {
            std::fs::remove_dir_all(roots(side, form)).unwrap();
        }
    }
}

/// As [`batch`], through C: the forms it has, in a process each.
fn batch_of_c(node: &Node, driver: &Path, scratch: &Path, programs: &[Program], verdict: &mut Verdict) {
    let spec = scratch.join("programs");
    std::fs::write(&spec, programs.iter().map(ToString::to_string).collect::<String>()).unwrap();
    for form in ["sync", "callback"] {
        let roots = ["node", "ours"].map(|side| scratch.join(format!("{side}-{form}")));
        for root in &roots {
            std::fs::create_dir_all(root).unwrap();
        }
        let mut c = Command::new(driver);
        c.arg(form).arg(&spec).arg(&roots[1]);
        let commands = [node_command(node, form, &spec, &roots[0]), c];
        let mut index = 0;
        let running = commands.map(|command| {
            index += 1;
            Running::start(command, &roots[index - 1], programs.len())
        });
        let [theirs, ours] = running.map(Running::finish);
        for (number, program) in programs.iter().enumerate() {
            let [node, here] = [(&theirs, &roots[0]), (&ours, &roots[1])]
                .map(|(traces, root)| side(traces.get(number), &root.join(number.to_string())));
            verdict.compare(&format!("C {form}"), number as u64, program, &here, &node);
        }
        for root in roots {
            std::fs::remove_dir_all(root).unwrap();
        }
    }
}

/// The C program, if it was built: what calls it has, and where it is.
fn driver() -> Option<(Vec<String>, PathBuf)> {
    let Some(driver) = std::env::var_os("NODECORE_FS_PROGRAMS").map(PathBuf::from) else {
        // Past the test harness, which keeps what tests print to itself.
        _ = writeln!(std::io::stderr(), "skipped programs through C: run by `cargo xtask differential fs`");
        return None;
    };
    let output = Command::new(&driver).arg("--calls").output().unwrap();
    let calls = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    assert!(output.status.success(), "{}: {}", driver.display(), output.status);
    Some((calls, driver))
}

/// One test, as the current directory is the whole process's, and so is the count of descriptors.
#[test]
fn programs_as_on_node() {
    let Some(node) = Node::find() else { return };
    let count: u64 = node::setting("NODECORE_PROGRAMS", node::programs(300));
    let scratch = Scratch::new("differential");
    let root = scratch.0.canonicalize().unwrap();
    let mut verdict = Verdict {
        comparison: Comparison::new("fs", "programs"),
        rules: BTreeMap::new(),
        kinds: BTreeMap::new(),
        calls: 0,
    };
    let mut random = Random::new("fs programs");
    let grammar = Grammar { calls: None };
    let mut all = program::searches().chain((0..count).map(|_| grammar.program(&mut random)));
    let mut first = 0;
    loop {
        let programs: Vec<Program> = all.by_ref().take(BATCH).collect();
        if programs.is_empty() {
            break;
        }
        batch(&node, &root, first, &programs, &mut verdict);
        first += programs.len() as u64;
    }
    if let Some((calls, driver)) = driver() {
        let grammar = Grammar { calls: Some(&calls) };
        let mut left = count;
        while left > 0 {
            let programs: Vec<Program> =
                (0..left.min(BATCH as u64)).map(|_| grammar.program(&mut random)).collect();
            left -= programs.len() as u64;
            batch_of_c(&node, &driver, &root, &programs, &mut verdict);
        }
    }
    for ((form, name), (times, first)) in &verdict.kinds {
        println!("{form} {name} differs {times} times, first in {first}");
    }
    for (rule, times) in &verdict.rules {
        println!("rule {rule}: {times} times");
    }
    println!("{} calls", verdict.calls);
    verdict.comparison.close();
}
