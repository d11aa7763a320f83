//! What `watch` tells of the same doings here and in a real Node: of files, of directories, of trees.
//!
//! `nodecore_testdata::node` says how Node is found; `NODECORE_SEED` chooses the random programs, and
//! `NODECORE_CASES` how many there are.

#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

mod common;

use std::cell::RefCell;
use std::collections::HashSet;
use std::fs as std_fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use common::Scratch;
use nodecore_buffer::Encoding;
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_fs::{self as fs, WatchOptions};
use nodecore_testdata::node::{self, Comparison, Node};
use serde_json::{Value, json};

fn rmtree(at: &Path) -> std::io::Result<()> {
    if !std_fs::symlink_metadata(at)?.is_dir() {
        return std_fs::remove_file(at);
    }
    let mut names: Vec<_> = std_fs::read_dir(at)?.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    for name in names {
        rmtree(&at.join(name))?;
    }
    std_fs::remove_dir(at)
}

fn perform(dir: &Path, call: &Value) {
    let text = |index: usize| call[index].as_str().unwrap_or_default();
    let at = |index: usize| dir.join(text(index));
    let number = || call[2].as_u64().unwrap();
    // The other side fails in the same way.
    let _ = match text(0) {
        "write" => std_fs::write(at(1), text(2)),
        "mkdir" => std_fs::create_dir(at(1)),
        "rename" => std_fs::rename(at(1), at(2)),
        "move" if std_fs::symlink_metadata(at(2)).is_ok() => Ok(()),
        "move" => std_fs::rename(at(1), at(2)),
        "unlink" => std_fs::remove_file(at(1)),
        "rmdir" => std_fs::remove_dir(at(1)),
        "rmtree" => rmtree(&at(1)),
        "symlink" => symlink(text(1), at(2)),
        "link" => std_fs::hard_link(at(1), at(2)),
        "chmod" => {
            std_fs::set_permissions(at(1), std_fs::Permissions::from_mode(u32::try_from(number()).unwrap()))
        }
        "truncate" => {
            std_fs::OpenOptions::new().write(true).open(at(1)).and_then(|file| file.set_len(number()))
        }
        "utimes" => {
            let _ = fs::utimes_sync(at(1), number() as f64, number() as f64);
            Ok(())
        }
        verb => panic!("no such verb: {verb}"),
    };
}

/// What is told of each step.
fn run(lp: &EventLoop, dir: &Path, program: &Value) -> Value {
    std_fs::create_dir(dir).unwrap();
    for call in program["prepare"].as_array().unwrap() {
        perform(dir, call);
    }
    let mut options =
        WatchOptions::default().recursive(program["options"]["recursive"].as_bool().unwrap_or(false));
    for glob in program["options"]["ignore"].as_array().into_iter().flatten() {
        options = options.ignore(glob.as_str().unwrap());
    }
    let target = program["target"].as_str().unwrap();
    let watcher = fs::watch(lp, dir.join(target), &options).unwrap();
    let events = Rc::new(RefCell::new(Vec::new()));
    let sentinel = Rc::new(RefCell::new(String::new()));
    let (sink, last) = (Rc::clone(&events), Rc::clone(&sentinel));
    watcher.on_change(move |event| {
        let name = event.filename_as(Encoding::Utf8);
        if name.starts_with("sentinel") {
            *last.borrow_mut() = name;
        } else {
            sink.borrow_mut().push(format!("{} {name}", event.kind().name()));
        }
    });
    let mut outcomes = Vec::new();
    for (index, step) in program["steps"].as_array().unwrap().iter().enumerate() {
        for call in step.as_array().unwrap() {
            perform(dir, call);
        }
        let name = format!("sentinel{index}");
        let deadline = Instant::now() + Duration::from_secs(if target.is_empty() { 30 } else { 0 });
        if target.is_empty() {
            std_fs::create_dir(dir.join(&name)).unwrap();
        }
        loop {
            lp.run(RunMode::NoWait);
            if *sentinel.borrow() == name || (Instant::now() > deadline && !target.is_empty()) {
                break;
            }
            assert!(Instant::now() < deadline || !target.is_empty(), "the end of a step is not told of");
            std::thread::sleep(Duration::from_millis(1));
        }
        outcomes.push(json!(events.take()));
    }
    watcher.close();
    lp.run(RunMode::Default);
    json!(outcomes)
}

fn compare(name: &str, programs: Vec<Value>) {
    let Some(node) = Node::find() else { return };
    let scratch = Scratch::new(&format!("watch-{name}"));
    let spec = scratch.0.join("spec.json");
    std_fs::write(&spec, json!(programs).to_string()).unwrap();
    for side in ["ours", "theirs"] {
        std_fs::create_dir(scratch.0.join(side)).unwrap();
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/watch_events.js");
    let output = node.feed(node.command().arg(script).arg(&spec).arg(scratch.0.join("theirs")), []);
    let expected: Value = serde_json::from_str(&output).unwrap();
    let mut comparison = Comparison::new("fs", &format!("watch {name}"));
    let lp = EventLoop::new().unwrap();
    for (index, program) in programs.iter().enumerate() {
        let ours = run(&lp, &scratch.0.join("ours").join(index.to_string()), program);
        for (step, calls) in program["steps"].as_array().unwrap().iter().enumerate() {
            let (ours, theirs) = (&ours[step], &expected[index][step]);
            comparison.expect(ours == theirs, || {
                let length = |list: &Value| list.as_array().map_or(0, Vec::len);
                let at = (0..length(theirs)).find(|&at| ours[at] != theirs[at]).unwrap_or(length(theirs));
                let [ours, theirs] =
                    [ours, theirs].map(|list| &list.as_array().unwrap()[at.min(length(list))..]);
                let [ours, theirs] = [ours, theirs].map(|list| json!(list[..list.len().min(9)]));
                format!(
                    "{name} {index}.{step} {calls:.500}, from event {at} on\n  here {ours}\n  Node {theirs}"
                )
            });
        }
    }
    comparison.close();
}

fn program(options: Value, target: &str, prepare: Value, steps: Value) -> Value {
    json!({ "options": options, "target": target, "prepare": prepare, "steps": steps })
}

#[test]
fn single_events() {
    let everything = json!([
        [["write", "a", "1"]],
        [["write", "a", "22"]],
        [["chmod", "a", 0o600]],
        [["rename", "a", "b"]],
        [["mkdir", "d"]],
        [["write", "d/f", "1"]],
        [["write", "d/f", "22"]],
        [["mkdir", "d/e"]],
        [["write", "d/e/g", "1"]],
        [["rename", "d/f", "d/h"]],
        [["truncate", "d/h", 0]],
        [["rename", "d", "d2"]],
        [["write", "d2/k", "1"]],
        [["write", "d2/h", "333"]],
        [["chmod", "d2", 0o700]],
        [["chmod", "d2/e", 0o700]],
        [["utimes", "d2/e/g", 1]],
        [["link", "d2/h", "d2/i"]],
        [["write", "d2/i", "4"]],
        [["unlink", "d2/h"]],
        [["rename", "d2/e", "e"]],
        [["write", "e/g", "x"]],
        [["rmtree", "d2"]],
        [["unlink", "b"]],
        [["write", "t", "1"], ["unlink", "t"]],
        [["mkdir", "p"], ["mkdir", "p/q"], ["mkdir", "p/q/r"], ["write", "p/q/r/s", "1"]],
        [["write", "p/q/r/s", "22"], ["unlink", "p/q/r/s"]],
        [["write", "p/q/r/s", "1"]],
        [["write", "n", "1"]],
        [["write", "o", "1"]],
        [["rename", "n", "o"]],
        [["unlink", "o"], ["write", "o", "1"]],
        [["rename", "p/q", "q"], ["write", "q/r/u", "1"]],
        [["write", "q/r/s", "8"]],
        [["symlink", "q", "ln"]],
        [["symlink", "q/r/s", "lf"]],
        [["symlink", "nowhere", "l0"]],
        [["write", "ln/z", "1"]],
        [["write", "q/r/s", "99"]],
        [["write", "nowhere", "1"]],
        [["utimes", "q", 1]],
        [["unlink", "lf"]],
        [["write", "q/r/s", "7"]],
        [["rename", "ln", "q/ln"]],
        [["write", "q/y", "1"]],
        [["mkdir", "same"], ["mkdir", "same/same"]],
        [["chmod", "same", 0o700]],
        [["chmod", "same/same", 0o700]],
        [["write", "same/same/same", "1"]],
        [["rmtree", "same"]],
    ]);
    let there = json!([
        ["mkdir", "x"],
        ["mkdir", "x/y"],
        ["write", "x/y/f", "1"],
        ["write", "top", "1"],
        ["symlink", "x", "sl"],
        ["symlink", "top", "sf"],
        ["symlink", "none", "s0"],
    ]);
    let mut old = vec![json!([["write", "top", "22"]]), json!([["write", "x/y/f", "22"]])];
    old.extend([json!([["write", "x/y/n", "1"]]), json!([["chmod", "x", 0o700]]), json!([["rmtree", "x"]])]);
    let ignored = json!([
        [["write", "a.log", "1"]],
        [["write", "s/a.log", "1"]],
        [["write", "s/.a.log", "1"]],
        [["write", "a.txt", "1"]],
        [["mkdir", "s/skip"], ["write", "s/skip/1", "1"]],
        [["mkdir", "skip"], ["write", "skip/1", "1"]],
        [["write", "s/t/deep", "1"]],
        [["write", "!a", "1"]],
        [["write", "#a", "1"]],
        [["write", "a", "1"]],
        [["write", "s/ax", "1"]],
        [["write", "by", "1"]],
        [["rmtree", "s"]],
    ]);
    let own = json!([
        [["write", "a", "22"]],
        [["chmod", "a", 0o600]],
        [["link", "a", "c"]],
        [["write", "c", "333"]],
        [["unlink", "c"]],
        [["rename", "a", "b"]],
        [["write", "b", "1"]],
        [["unlink", "b"]],
        [["write", "a", "1"]],
    ]);
    let root = json!([
        [["chmod", "r", 0o700]],
        [["write", "r/f", "1"]],
        [["unlink", "r/f"], ["rmdir", "r"]],
        [["mkdir", "r"]],
        [["write", "r/f", "1"]],
    ]);
    let moved = json!([
        [["rename", "r", "r2"]],
        [["write", "r2/f", "1"]],
        [["rename", "r2", "r"]],
        [["write", "r/f", "22"]],
    ]);
    let mut programs = Vec::new();
    for recursive in [false, true] {
        let options = json!({ "recursive": recursive });
        programs.push(program(options.clone(), "", json!([]), everything.clone()));
        programs.push(program(options.clone(), "", there.clone(), json!(old)));
        programs.push(program(options.clone(), "", there.clone(), everything.clone()));
        programs.push(program(options.clone(), "a", json!([["write", "a", "1"]]), own.clone()));
        programs.push(program(
            options.clone(),
            "l",
            json!([["write", "a", "1"], ["symlink", "a", "l"]]),
            own.clone(),
        ));
        programs.push(program(options.clone(), "r", json!([["mkdir", "r"]]), root.clone()));
        programs.push(program(options.clone(), "r", json!([["mkdir", "r"]]), moved.clone()));
        programs.push(program(options, "l", json!([["mkdir", "r"], ["symlink", "r", "l"]]), moved.clone()));
        for globs in [
            json!(["*.log"]),
            json!(["skip"]),
            json!(["**/skip/**", "s/t/*"]),
            json!(["s/**"]),
            json!(["!a", "#a"]),
            json!(["{a,b}[x-z]"]),
        ] {
            let options = json!({ "recursive": recursive, "ignore": globs });
            let prepare = json!([["mkdir", "s"], ["mkdir", "s/t"]]);
            programs.push(program(options, "", prepare, ignored.clone()));
        }
    }
    compare("single events", programs);
}

/// Where a directory takes the place of another in one step Node 26 loses sight of it; so no step uses the
/// name of a directory or link twice, or moves one to where one is.
fn random_step(random: &mut Random) -> Value {
    const DIRS: &[&str] = &["d0", "d1", "d0/d2", "d1/d2", "d1/d2/d3", "d0/d2/d3", "d4"];
    const FILES: &[&str] = &["f", "d0/f", "d1/f", "d0/d2/f", "d1/d2/f", "d1/d2/d3/f", "d4/f", "g", "d0/g"];
    const LINKS: &[&str] = &["l0", "d0/l1", "d1/d2/l2"];
    const TARGETS: &[&str] = &["d0", "f", "../d1", "../f", "d2", "nothing", "."];
    let mut used = HashSet::new();
    let mut calls = Vec::new();
    for _ in 0..1 + random.below(4) {
        let (from, to) = (random.pick(FILES), random.pick(FILES));
        let (dir, other, link) = (random.pick(DIRS), random.pick(DIRS), random.pick(LINKS));
        let last = |path: &str| path.rsplit('/').next().unwrap().to_owned();
        let (call, names) = match random.below(16) {
            0..=2 => (json!(["write", from, "some"]), vec![]),
            3 => (json!(["truncate", from, random.below(9)]), vec![]),
            4 => (json!(["chmod", from, 0o600 + random.below(64)]), vec![]),
            5 | 6 => (json!(["unlink", from]), vec![]),
            7 => (json!(["rename", from, to]), vec![]),
            8 => (json!(["link", from, to]), vec![]),
            9 | 10 => (json!(["mkdir", dir]), vec![dir]),
            11 => (json!(["rmtree", dir]), vec![dir]),
            12 => (json!(["move", dir, other]), vec![dir, other]),
            13 => (json!(["chmod", dir, 0o700 + random.below(64)]), vec![]),
            14 => (json!(["symlink", random.pick(TARGETS), link]), vec![link]),
            _ => (json!(["unlink", link]), vec![link]),
        };
        if names.iter().all(|name| used.insert(last(name))) {
            calls.push(call);
        }
    }
    json!(calls)
}

/// Xorshift: the programs are the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }
    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

#[test]
fn random_programs() {
    let mut random = Random(node::seed().max(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let programs = (0..node::programs(60)).map(|index| {
        let steps: Vec<_> = (0..25).map(|_| random_step(&mut random)).collect();
        let prepare: Vec<_> =
            (0..3).flat_map(|_| random_step(&mut random).as_array().unwrap().clone()).collect();
        program(json!({ "recursive": index % 4 != 0 }), "", json!(prepare), json!(steps))
    });
    let programs = programs.collect();
    compare("random", programs);
}

/// 10 directories in each of 10 in each of 10, a file in each.
#[test]
fn a_tree_of_a_thousand_directories() {
    let mut prepare = Vec::new();
    let mut dirs = Vec::new();
    let mut add = |path: String| {
        prepare.push(json!(["mkdir", path]));
        prepare.push(json!(["write", format!("{path}/file"), "1"]));
        dirs.push(path);
    };
    for a in 0..10 {
        add(format!("a{a}"));
        for b in 0..10 {
            add(format!("a{a}/b{b}"));
            for c in 0..10 {
                add(format!("a{a}/b{b}/c{c}"));
            }
        }
    }
    assert!(dirs.len() > 1000);
    let each = |every: usize, verb: &dyn Fn(&str) -> Value| -> Value {
        dirs.iter().step_by(every).map(|dir| verb(dir)).collect()
    };
    let steps = json!([
        each(3, &|dir| json!(["write", format!("{dir}/new"), "1"])),
        each(2, &|dir| json!(["write", format!("{dir}/file"), "22"])),
        each(5, &|dir| json!(["mkdir", format!("{dir}/sub")])),
        each(5, &|dir| json!(["write", format!("{dir}/sub/f"), "1"])),
        each(4, &|dir| json!(["rename", format!("{dir}/file"), format!("{dir}/moved")])),
        each(7, &|dir| json!(["rename", format!("{dir}/sub"), format!("{dir}/sub2")])),
        each(3, &|dir| json!(["unlink", format!("{dir}/new")])),
        each(11, &|dir| json!(["symlink", "moved", format!("{dir}/link")])),
        each(4, &|dir| json!(["write", format!("{dir}/moved"), "22"])),
        [["rename", "a3", "z3"]],
        [["write", "z3/b1/c1/file", "333"], ["mkdir", "z3/b1/c1/more"], ["write", "z3/b1/c1/more/1", "1"]],
        [["rename", "a4/b2", "a5/b99"], ["write", "a5/b99/c0/x", "1"]],
        [["rmtree", "a6"], ["rmtree", "z3"]],
        [["rmtree", "a0/b0"], ["write", "a0/b1/c1/last", "1"]],
    ]);
    compare("1,000 directories", vec![program(json!({ "recursive": true }), "", json!(prepare), steps)]);
}
