//! The same sequences of calls here and in a real Node, in each form: results, errors and the tree that is left.
//!
//! `nodecore_testdata::node` says how Node is found; `NODECORE_SEED` chooses the sequences, and `NODECORE_CASES`
//! how many there are (200, or a thousandth of it).

#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

mod common;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use common::{Form, Runner, Scratch};
use nodecore_buffer::Encoding;
use nodecore_error::{Error, Result};
use nodecore_fs::{
    self as fs, MkdirOptions, ReadFileOptions, ReaddirOptions, Stats, SymlinkKind, WriteFileOptions,
};
use nodecore_testdata::node::{self, Comparison, Node};
use serde_json::{Value, json};

/// Xorshift: the sequences are the same on every machine.
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

/// Files and directories have names of their own, and links point to files and to nothing, so that no sequence can
/// build the loops of links that Node walks for ever.
const FILES: &[&str] = &["f", "g", "d/f", "d/e/f", "caf\u{e9}", "none/f", "f/below", "l", "m", "d/l"];
const DIRS: &[&str] = &["d", "d/", "d/e", "./d//e", "d/e/h", "d/../i/j", "f/k", "none/k", "i"];
const TARGETS: &[&str] = &["f", "g", "m", "l", "nothing", "e/f", "f/"];
const LINKS: &[&str] = &["l", "m", "d/l"];
const WRONG: &[&str] = &["", "a\0b", "it's\0", "f\0\"'"];

fn path(random: &mut Random) -> &'static str {
    match random.below(20) {
        0 => random.pick(WRONG),
        1..=6 => random.pick(DIRS),
        _ => random.pick(FILES),
    }
}

fn a_call(random: &mut Random) -> Value {
    let any = path(random);
    let other = path(random);
    let flags = ["r", "r+", "w", "wx", "w+", "a", "ax", "a+", "as", "rs+", "sr", "xa+", "zz", ""];
    match random.below(24) {
        0 => json!(["stat", any]),
        1 => json!(["lstat", any]),
        2 => json!(["readFile", any]),
        3..=5 => json!(["writeFile", any, random.pick(&["", "text", "other text"])]),
        6 => json!(["writeFile", any, { "repeat": 600_000 }]),
        7 => json!(["appendFile", any, "more"]),
        8 => json!(["mkdir", random.pick(DIRS), { "mode": 0o750 }]),
        // Node never returns from an empty path here.
        9 | 10 => json!(["mkdir", random.pick(DIRS), { "recursive": true }]),
        11 => json!(["rmdir", any]),
        12 => json!(["unlink", any]),
        13 => {
            let names = if random.below(2) == 0 { FILES } else { DIRS };
            json!(["rename", random.pick(names), random.pick(names)])
        }
        14 => json!(["link", any, other]),
        15 => json!(["symlink", random.pick(TARGETS), random.pick(LINKS)]),
        16 => json!(["readlink", any]),
        17 => json!(["realpath", any]),
        18 => json!(["access", any, random.below(10)]),
        19 => json!(["chmod", any, 0o600 + random.below(64)]),
        20 => json!(["truncate", any, random.below(9)]),
        21 => json!(["copyFile", any, other, random.below(4)]),
        22 => json!(["open", any, random.pick(&flags)]),
        _ => {
            let (types, recursive) = (random.below(2) == 0, random.below(2) == 0);
            json!(["readdir", random.pick(&[".", "d", "f", "none", "./d/"]),
                   { "withFileTypes": types, "recursive": recursive }])
        }
    }
}

fn shown(run: &Runner, call: &Value) -> Value {
    let here = std::env::current_dir().unwrap();
    let here = here.to_str().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(here, "$");
    perform(run, call, &text).unwrap_or_else(|error| {
        json!({
            "name": error.class().name(), "code": error.code().name(), "errno": error.errno().unwrap_or(0),
            "syscall": error.syscall().unwrap_or(""), "path": text(error.path().unwrap_or(b"")),
            "dest": text(error.dest().unwrap_or(b"")), "message": text(error.to_string().as_bytes()),
        })
    })
}

fn perform(run: &Runner, call: &Value, text: &dyn Fn(&[u8]) -> String) -> Result<Value> {
    let string = |index: usize| call[index].as_str().unwrap_or_default().to_owned();
    let number = |index: usize| i32::try_from(call[index].as_i64().unwrap_or(0)).unwrap();
    let flag = |index: usize, name: &str| call[index][name].as_bool().unwrap_or(false);
    let path = string(1);
    let stats = |stats: Stats| {
        let size = if stats.is_directory() { 0 } else { stats.size() };
        let kinds = (stats.is_file(), stats.is_directory(), stats.is_symbolic_link());
        json!([kinds.0, kinds.1, kinds.2, stats.mode() & 0o7777, size])
    };
    let data = match call[2]["repeat"].as_u64() {
        Some(count) => "x".repeat(usize::try_from(count).unwrap()),
        None => string(2),
    };
    let os = |path: &Path| json!(text(path.as_os_str().as_encoded_bytes()));
    let none = |()| Value::Null;
    let write = WriteFileOptions::default();
    match call[0].as_str().unwrap() {
        "stat" => op!(run, stat_sync / stat(&path)).map(stats),
        "lstat" => op!(run, lstat_sync / lstat(&path)).map(stats),
        "readFile" => op!(run, read_file_sync / read_file(&path, &ReadFileOptions::default()))
            .map(|data| content(&data)),
        "writeFile" => op!(run, write_file_sync / write_file(&path, data, &write)).map(none),
        "appendFile" => op!(run, append_file_sync / append_file(&path, data, &write)).map(none),
        "mkdir" => {
            let mode = u32::try_from(call[2]["mode"].as_u64().unwrap_or(0o777)).unwrap();
            let options = MkdirOptions::default().recursive(flag(2, "recursive")).mode(mode);
            op!(run, mkdir_sync / mkdir(&path, &options))
                .map(|made| made.map_or(Value::Null, |made| os(&made)))
        }
        "rmdir" => op!(run, rmdir_sync / rmdir(&path)).map(none),
        "unlink" => op!(run, unlink_sync / unlink(&path)).map(none),
        "rename" => op!(run, rename_sync / rename(&path, string(2))).map(none),
        "link" => op!(run, link_sync / link(&path, string(2))).map(none),
        "symlink" => op!(run, symlink_sync / symlink(&path, string(2), SymlinkKind::File)).map(none),
        "readlink" => op!(run, readlink_sync / readlink(&path)).map(|to| os(&to)),
        "realpath" => op!(run, realpath_sync / realpath(&path)).map(|to| os(&to)),
        "access" => op!(run, access_sync / access(&path, number(2))).map(none),
        "chmod" => op!(run, chmod_sync / chmod(&path, u32::try_from(number(2)).unwrap())).map(none),
        "truncate" => op!(run, truncate_sync / truncate(&path, u64::try_from(number(2)).unwrap())).map(none),
        "copyFile" => op!(run, copy_file_sync / copy_file(&path, string(2), number(3))).map(none),
        "open" => {
            let flags = &*string(2);
            let fd = match run.form {
                Form::Sync => fs::open_sync(&path, flags, 0o666),
                Form::Callback => run.wait(|lp, done| fs::open(lp, &path, flags, 0o666, done)),
                Form::Promise => {
                    let handle = run.lp.block_on(fs::promises::open(&run.lp, &path, flags, 0o666))?;
                    return run.lp.block_on(handle.close()).map(|()| json!("fd"));
                }
            }?;
            fs::close_sync(fd).map(|()| json!("fd"))
        }
        "readdir" => {
            let types = flag(2, "withFileTypes");
            let options = ReaddirOptions::default().with_file_types(types).recursive(flag(2, "recursive"));
            let entries = op!(run, readdir_sync / readdir(&path, &options))?;
            if !types {
                return Ok(json!(entries.to_strings(Encoding::Utf8)));
            }
            let entries = entries.iter().map(|entry| {
                let kinds = (entry.is_file(), entry.is_directory(), entry.is_symbolic_link());
                json!([entry.name_as(Encoding::Utf8), text(entry.parent_path()), kinds.0, kinds.1, kinds.2])
            });
            Ok(entries.collect())
        }
        other => Err(Error::new(nodecore_error::Code::Uncoded, format!("no such call: {other}"))),
    }
}

/// Long contents by their length and ends.
fn content(data: &[u8]) -> Value {
    let text = nodecore_buffer::decode(data, Encoding::Latin1);
    let ends = |text: &str| format!("{} {} {}", text.len(), &text[..50], &text[text.len() - 50..]);
    json!(if text.len() < 1000 { text } else { ends(&text) })
}

fn tree(dir: &Path, prefix: &str, out: &mut Vec<Value>) {
    let mut names: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    for name in names {
        let (at, below) = (dir.join(&name), format!("{prefix}{name}"));
        let found = std::fs::symlink_metadata(&at).unwrap();
        let mode = found.permissions().mode() & 0o7777;
        if found.is_symlink() {
            out.push(json!([below, "link", std::fs::read_link(&at).unwrap().to_str().unwrap()]));
        } else if found.is_dir() {
            out.push(json!([below, "dir", mode]));
            tree(&at, &format!("{below}/"), out);
        } else {
            out.push(json!([below, "file", mode, content(&std::fs::read(&at).unwrap())]));
        }
    }
}

/// One test, as the current directory is the whole process's.
#[test]
fn the_same_as_node() {
    let Some(node) = Node::find() else { return };
    let mut random = Random(node::seed().max(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let count = node::programs(200);
    let mut sequences = Vec::new();
    for _ in 0..count {
        let length = 5 + random.below(30);
        let calls = (0..length).map(|_| a_call(&mut random)).collect::<Vec<_>>();
        sequences.push(json!(calls));
    }
    let scratch = Scratch::new("node");
    let spec = scratch.0.join("spec.json");
    std::fs::write(&spec, json!(sequences).to_string()).unwrap();
    let theirs = scratch.0.join("theirs");
    std::fs::create_dir(&theirs).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node_calls.js");
    let output = node.feed(node.command().arg(script).arg(&spec).arg(&theirs), []);
    let expected: Value = serde_json::from_str(&output).unwrap();

    let mut comparison = Comparison::new("fs", "sequences");
    for form in [Form::Sync, Form::Callback, Form::Promise] {
        let run = Runner::new(form);
        for (index, sequence) in sequences.iter().enumerate() {
            let dir = scratch.0.join(format!("{form:?}-{index}"));
            std::fs::create_dir(&dir).unwrap();
            std::env::set_current_dir(&dir).unwrap();
            let expected = &expected[format!("{form:?}")][index];
            for (number, call) in sequence.as_array().unwrap().iter().enumerate() {
                let (ours, theirs) = (shown(&run, call), &expected["outcomes"][number]);
                comparison.expect(ours == *theirs, || {
                    format!("{form:?} {index}.{number} {call}\n  here {ours}\n  Node {theirs}")
                });
            }
            let mut left = Vec::new();
            tree(&dir, "", &mut left);
            comparison.expect(json!(left) == expected["tree"], || {
                format!("{form:?} {index}: another tree is left")
            });
            std::env::set_current_dir(&scratch.0).unwrap();
            std::fs::remove_dir_all(&dir).unwrap();
        }
    }
    std::env::set_current_dir("/").unwrap();
    comparison.close();
}
