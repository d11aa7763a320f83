//! Random trees and what is done to them, here and in a real Node, in each form: results, errors and the tree that is
//! left. How Node is found, and what chooses the programs, is as in `node.rs`.

#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

mod common;

use std::cell::RefCell;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::rc::Rc;

use common::{Form, Runner, Scratch, open_descriptors};
use nodecore_buffer::Encoding;
use nodecore_error::{Error, Result};
use nodecore_fs::{self as fs, CpOptions, DirEntry, GlobOptions, OpendirOptions, RmOptions};
use nodecore_testdata::node::{self, Comparison, Node, Random};
use serde_json::{Value, json};

const NAMES: &[&str] = &["a", "b", "c", "d", "x.js", "y.ts", ".h", "caf\u{e9}"];

fn a_path(random: &mut Random) -> String {
    let depth = 1 + random.below(3);
    (0..depth).map(|_| random.pick(NAMES)).collect::<Vec<_>>().join("/")
}

/// `wild` trees have links to directories and loops, which some calls walk for ever.
fn a_tree(random: &mut Random, wild: bool) -> Value {
    let mut tree = Vec::new();
    let mut files = Vec::new();
    for _ in 0..4 + random.below(16) {
        let at = a_path(random);
        if let Some((above, _)) = at.rsplit_once('/') {
            tree.push(json!([above, "dir", null]));
        }
        match random.below(6) {
            0 => tree.push(json!([at, "dir", null])),
            1 if wild => {
                let to = ["../b", ".", "../a", "none", "a", "b/c", "x.js"][random.below(7)];
                tree.push(json!([at, "link", to]));
            }
            1 if !files.is_empty() => {
                let up = "../".repeat(at.matches('/').count());
                let file: &String = &files[random.below(files.len())];
                tree.push(json!([at, "link", format!("{up}{file}")]));
            }
            _ => {
                let mode = [0o644, 0o600, 0o755, 0o444][random.below(4)];
                let what =
                    json!({ "text": random.pick(NAMES), "mode": mode, "time": 1000 + random.below(99) });
                tree.push(json!([at, "file", what]));
                files.push(at);
            }
        }
    }
    json!(tree)
}

fn a_call(random: &mut Random, wild: bool) -> Value {
    let mut flip = || random.below(2) == 0;
    let [force, recursive, other, third, fourth] = [flip(), flip(), flip(), flip(), flip()];
    match random.below(10) {
        3 | 4 => a_search(random, wild),
        0 | 1 => json!(["rm", a_path(random), { "force": force, "recursive": recursive || other }]),
        2 => {
            let what = random.pick(&[".", "a", "./b/", "x.js", "none"]);
            json!(["opendir", what, { "recursive": recursive }])
        }
        _ => {
            let mut options = json!({
                "force": force || other, "recursive": recursive || third || fourth,
                "errorOnExist": third, "preserveTimestamps": fourth,
            });
            match random.below(4) {
                0 => options["verbatimSymlinks"] = json!(true),
                1 if !wild => options["dereference"] = json!(true),
                _ => {}
            }
            if random.below(3) == 0 {
                options["not"] = json!(random.pick(NAMES));
                options["slow"] = json!(other);
            }
            let dot = if random.below(4) == 0 { "./" } else { "" };
            json!(["cp", format!("{dot}{}", a_path(random)), a_path(random), options])
        }
    }
}

const PATTERNS: &[&str] = &[
    "*",
    "**",
    "**/*",
    "*/",
    "**/",
    "*.js",
    "**/*.js",
    "a/**",
    "a/*",
    "./b/*",
    "*/*",
    "{a,b}/*",
    "{a,x.js}",
    "a/b/c",
    "**/a",
    "**/a/**",
    "a/../*",
    "a/./b",
    ".*",
    "**/.h",
    "[ab]/**/*.{js,ts}",
    "!(a)",
    "@(a|b)/*",
    "*/../*",
    "none/*",
    "x.js/**",
    "a/",
    "b",
    "caf?",
    "*\u{e9}",
    "**/**/c",
    "**/{a,b}/c",
    "*/b/**",
    "c/**/",
    "../nothing*",
    ".",
    "",
];

fn a_search(random: &mut Random, wild: bool) -> Value {
    let mut options = json!({ "withFileTypes": random.below(3) == 0 });
    match random.below(6) {
        0 => options["exclude"] = json!([random.pick(PATTERNS)]),
        1 => options["excludeNames"] = json!(random.pick(NAMES)),
        2 => options["cwd"] = json!(random.pick(&["a", "b/", "none"])),
        3 if !wild => options["followSymlinks"] = json!(true),
        _ => {}
    }
    // What Node asks about depends on the pattern, and with an answer, or following links, it looks into `.h`.
    let patterns = match (options["excludeNames"].is_null(), options["followSymlinks"].is_null()) {
        (true, true) => PATTERNS,
        (true, false) => &["**", "**/*.js", "a/**", "*/*"],
        _ => &["**"],
    };
    match random.below(4) {
        0 => json!(["glob", [random.pick(patterns), random.pick(patterns)], options]),
        _ => json!(["glob", random.pick(patterns), options]),
    }
}

fn text(bytes: &[u8]) -> String {
    let here = std::env::current_dir().unwrap();
    let root = here.parent().unwrap().to_str().unwrap();
    String::from_utf8_lossy(bytes).replace(here.to_str().unwrap(), "$").replace(root, "^")
}

fn fault(error: &Error) -> Value {
    json!({
        "name": error.class().name(), "code": error.code().name(), "errno": error.errno().unwrap_or(0),
        "syscall": error.syscall().unwrap_or(""), "path": text(error.path().unwrap_or(b"")),
        "dest": text(error.dest().unwrap_or(b"")), "message": text(error.to_string().as_bytes()),
    })
}

fn os(path: &Path) -> String {
    text(path.as_os_str().as_encoded_bytes())
}

fn perform(run: &Runner, call: &Value) -> Result<Value> {
    let string = |index: usize| call[index].as_str().unwrap_or_default().to_owned();
    let options = call.as_array().unwrap().last().unwrap();
    let flag = |name: &str| options[name].as_bool().unwrap_or(false);
    match call[0].as_str().unwrap() {
        "rm" => {
            let options = RmOptions::default().force(flag("force")).recursive(flag("recursive"));
            op!(run, rm_sync / rm(string(1), &options)).map(|()| json!([]))
        }
        "cp" => {
            let mut cp = CpOptions::default()
                .force(flag("force"))
                .recursive(flag("recursive"))
                .error_on_exist(flag("errorOnExist"))
                .preserve_timestamps(flag("preserveTimestamps"))
                .verbatim_symlinks(flag("verbatimSymlinks"))
                .dereference(flag("dereference"));
            let asked = Rc::new(RefCell::new(Vec::new()));
            if let Some(not) = options["not"].as_str() {
                let (not, asked) = (not.to_owned(), Rc::clone(&asked));
                let filter = move |src: &Path, dest: &Path| {
                    asked.borrow_mut().push(json!([os(src), os(dest)]));
                    !src.file_name().is_some_and(|name| name.to_string_lossy().contains(&not))
                };
                cp = if flag("slow") && run.form != Form::Sync {
                    cp.filter_async(move |src, dest| {
                        let answer = filter(&src, &dest);
                        async move { Ok(answer) }
                    })
                } else {
                    cp.filter(move |src, dest| Ok(filter(src, dest)))
                };
            }
            op!(run, cp_sync / cp(string(1), string(2), &cp))?;
            let asked = asked.take();
            Ok(json!(asked))
        }
        "opendir" => {
            let options = OpendirOptions::default().recursive(flag("recursive")).buffer_size(3);
            let dir = op!(run, opendir_sync / opendir(string(1), &options))?;
            let mut all = Vec::new();
            match run.form {
                Form::Sync => {
                    while let Some(found) = dir.read_sync()? {
                        all.push(entry(&found));
                    }
                    dir.close_sync()?;
                }
                Form::Callback => loop {
                    let read = run.wait(|lp, done| {
                        dir.read(lp, done);
                        Ok(())
                    });
                    let Some(found) = read? else {
                        run.wait(|lp, done| {
                            dir.close(lp, done);
                            Ok(())
                        })?;
                        break;
                    };
                    all.push(entry(&found));
                },
                Form::Promise => {
                    let mut entries = dir.entries(&run.lp);
                    while let Some(found) = run.lp.block_on(entries.next())? {
                        all.push(entry(&found));
                    }
                }
            }
            // As JavaScript sorts arrays: by their texts.
            all.sort_by_key(|entry| {
                entry.as_array().unwrap().iter().map(joinable).collect::<Vec<_>>().join(",")
            });
            Ok(json!(all))
        }
        "glob" => {
            let list = |value: &Value| match value {
                Value::Array(all) => all.iter().map(|one| one.as_str().unwrap().to_owned()).collect(),
                one => vec![one.as_str().unwrap().to_owned()],
            };
            let mut glob = GlobOptions::default().follow_symlinks(flag("followSymlinks"));
            if let Some(cwd) = options["cwd"].as_str() {
                glob = glob.cwd(cwd);
            }
            if !options["exclude"].is_null() {
                glob = glob.exclude(list(&options["exclude"]));
            }
            if let Some(names) = options["excludeNames"].as_str() {
                let names = names.to_owned();
                glob =
                    glob.exclude_fn(move |entry| Ok(String::from_utf8_lossy(entry.name()).contains(&names)));
            }
            let found = op!(run, glob_sync / glob(list(&call[1]), &glob))?;
            let show = |one: &fs::GlobEntry| match flag("withFileTypes") {
                true => entry(one.entry()),
                false => json!(text(one.path_bytes())),
            };
            Ok(found.iter().map(show).collect())
        }
        other => Err(Error::new(nodecore_error::Code::Uncoded, format!("no such call: {other}"))),
    }
}

fn entry(found: &DirEntry) -> Value {
    let kinds = (found.is_file(), found.is_directory(), found.is_symbolic_link());
    json!([found.name_as(Encoding::Utf8), text(found.parent_path()), kinds.0, kinds.1, kinds.2])
}

fn joinable(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn build(tree: &Value) {
    for made in tree.as_array().unwrap() {
        let (at, what) = (made[0].as_str().unwrap(), &made[2]);
        // Where something of another kind is, there is nothing to build, as in the script.
        match made[1].as_str().unwrap() {
            "dir" => drop(std::fs::create_dir_all(at)),
            "link" => drop(std::os::unix::fs::symlink(what.as_str().unwrap(), at)),
            _ => {
                let content = what["text"].as_str().unwrap().to_owned();
                let options = fs::WriteFileOptions::default().flag(fs::Flags::WX);
                if fs::write_file_sync(at, content, &options).is_ok() {
                    let mode = u32::try_from(what["mode"].as_u64().unwrap()).unwrap();
                    fs::chmod_sync(at, mode).unwrap();
                    let time = what["time"].as_f64().unwrap();
                    fs::utimes_sync(at, time, time).unwrap();
                }
            }
        }
    }
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
            out.push(json!([below, "link", os(&std::fs::read_link(&at).unwrap())]));
        } else if found.is_dir() {
            out.push(json!([below, "dir", mode]));
            tree(&at, &format!("{below}/"), out);
        } else {
            let old = if found.mtime() < 1_000_000_000 { json!(found.mtime() * 1000) } else { json!("new") };
            out.push(json!([below, "file", mode, std::fs::read_to_string(&at).unwrap(), old]));
        }
    }
}

/// Node asks about both paths of `cp` at once, and which of two errors it gives is chance.
fn both_at_once(call: &Value, ours: &Value, theirs: &Value) -> bool {
    let of_stat = |error: &Value| matches!(error["syscall"].as_str(), Some("stat" | "lstat"));
    call[0] == "cp" && of_stat(ours) && of_stat(theirs) && ours["path"] != theirs["path"]
}

/// One test, as the current directory is the whole process's, and so is the count of descriptors.
#[test]
fn trees_as_in_node() {
    let Some(node) = Node::find() else { return };
    let mut random = Random::new("trees");
    let programs: Vec<Value> = (0..node::programs(100))
        .map(|_| {
            let wild = random.below(2) == 0;
            let tree = a_tree(&mut random, wild);
            let calls: Vec<_> = (0..2 + random.below(8)).map(|_| a_call(&mut random, wild)).collect();
            json!({ "tree": tree, "calls": calls })
        })
        .collect();
    let scratch = Scratch::new("trees");
    let spec = scratch.0.join("spec.json");
    std::fs::write(&spec, json!(programs).to_string()).unwrap();
    let theirs = scratch.0.join("theirs");
    std::fs::create_dir(&theirs).unwrap();
    let ours = scratch.0.join("ours");
    std::fs::create_dir(&ours).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node_trees.js");
    let output = node.feed(node.command().arg(script).arg(&spec).arg(&theirs), []);
    let expected: Value = serde_json::from_str(&output).unwrap();

    let mut comparison = Comparison::new("fs", "trees");
    for form in [Form::Sync, Form::Callback, Form::Promise] {
        let run = Runner::new(form);
        for (index, program) in programs.iter().enumerate() {
            let dir = ours.join(format!("{form:?}-{index}"));
            std::fs::create_dir(&dir).unwrap();
            std::env::set_current_dir(&dir).unwrap();
            build(&program["tree"]);
            let expected = &expected[format!("{form:?}")][index];
            for (number, call) in program["calls"].as_array().unwrap().iter().enumerate() {
                let before = open_descriptors();
                let ours = perform(&run, call).unwrap_or_else(|error| fault(&error));
                let theirs = &expected["outcomes"][number];
                comparison.expect(ours == *theirs || both_at_once(call, &ours, theirs), || {
                    format!("{form:?} {index}.{number} {call}\n  here {ours}\n  Node {theirs}")
                });
                let opened = open_descriptors() - before.min(open_descriptors());
                // The pool and the loop may open what they keep, in the first of all programs.
                assert!(index == 0 || opened == 0, "{form:?} {index}.{number} {call}: {opened} left open");
            }
            let mut left = Vec::new();
            tree(Path::new("."), "", &mut left);
            comparison.expect(json!(left) == expected["tree"], || {
                let (ours, theirs) = (json!(left), &expected["tree"]);
                format!("{form:?} {index}: another tree is left\n  here {ours}\n  Node {theirs}")
            });
            std::env::set_current_dir(&scratch.0).unwrap();
            std::fs::remove_dir_all(&dir).unwrap();
        }
    }
    std::env::set_current_dir("/").unwrap();
    comparison.close();
}
