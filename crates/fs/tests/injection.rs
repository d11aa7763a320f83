//! Every system call that an operation makes fails once, at every place: `cargo xtask faults` builds the library that
//! does it (`tests/faults/preload.c` of the repository) and runs this. Without that library it says that it was skipped.
//!
//! For each operation, in each form, for each kind of call, the first, second, third … of that kind fails with each
//! errno, until no call is left to fail. After each case:
//!
//! - either the error is the one injected, with Node's code, with the system call and the path that Node names,
//! - or the operation has got over it, which is only right where `RECOVERS` says why, and its result is whole;
//! - as many descriptors are open as before, and nothing has panicked.
//!
//! Then reads and writes move a few bytes at a time: results are the same.
//!
//! `NODECORE_FAULTS=short` leaves out all errnos but one.

#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

mod common;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use common::{Form, Runner, Scratch, open_descriptors};
use nodecore_error::Result;
use nodecore_fs::{
    self as fs, CpOptions, GlobOptions, MkdirOptions, OpendirOptions, ReadFileOptions, ReaddirOptions,
    RmOptions, SymlinkKind, WriteFileOptions,
};

/// The kinds of calls there are to fail, by their names in `preload.c`.
const CALLS: &[&str] = &[
    "open", "close", "read", "write", "stat", "fstat", "getdents", "mkdir", "rmdir", "unlink", "rename",
    "link", "symlink", "readlink", "realpath", "access", "chmod", "fchmod", "chown", "utimes", "futimes",
    "truncate", "sync", "mkdtemp", "copy", "sendfile", "statfs",
];
const ERRNOS: &[(i32, &str)] = &[
    (libc::EIO, "EIO"),
    (libc::EACCES, "EACCES"),
    (libc::ENOSPC, "ENOSPC"),
    (libc::EMFILE, "EMFILE"),
    (libc::ENOMEM, "ENOMEM"),
];
/// Longer than what is moved at once, so that there are several calls of a kind.
const SIZE: usize = 1_100_000;

fn data() -> Vec<u8> {
    static DATA: OnceLock<Vec<u8>> = OnceLock::new();
    DATA.get_or_init(|| (0..SIZE).map(|at| u8::try_from(at % 251).unwrap()).collect()).clone()
}

/// An operation on what `set_up` makes in an empty directory.
struct Op {
    name: &'static str,
    /// Gives something to look at.
    run: fn(&Runner, &Path) -> Result<String>,
    /// What the error of it may name as the system call.
    syscalls: &'static [&'static str],
    /// What is right after a success: what `run` gave, and what is there.
    whole: fn(&Path, &str) -> bool,
}

/// Where an operation gets over a failure: operation, call, why that is right.
const RECOVERS: &[(&str, &str, &str)] = &[
    ("copyFile", "chown", "libuv keeps the owner where it may, as in Node"),
    ("cp", "chown", "libuv keeps the owner where it may, as in Node"),
    ("copyFile", "futimes", "libuv keeps the times where it may, as in Node"),
    ("cp", "futimes", "libuv keeps the times where it may, as in Node; preserveTimestamps sets them by name"),
    ("copyFile", "copy", "libuv goes on to sendfile where the system cannot copy"),
    ("cp", "copy", "libuv goes on to sendfile where the system cannot copy"),
    ("copyFile", "truncate", "libuv goes on with EACCES where the copy is empty"),
    ("cp", "truncate", "libuv goes on with EACCES where the copy is empty"),
    ("cp", "access", "asked only whether the directory above is there: making it says the rest"),
    ("glob", "open", "what cannot be read counts as empty, as in Node"),
    ("glob", "getdents", "what cannot be read counts as empty, as in Node"),
    ("glob", "close", "of a directory, through which nothing was written"),
    ("opendir", "close", "of a directory, through which nothing was written"),
    ("readdir", "close", "of a directory, through which nothing was written"),
    ("rm", "close", "of a directory, through which nothing was written"),
    ("cp", "close", "of a directory, through which nothing was written"),
    (
        "realpath",
        "realpath",
        "Node's own realpath goes step by step, and so does this where the library's fails",
    ),
];

fn set_up(op: &Op, dir: &Path) {
    if matches!(op.name, "readFile" | "copyFile") {
        std::fs::write(dir.join("big"), data()).unwrap();
    }
    std::fs::write(dir.join("small"), "small").unwrap();
    std::fs::create_dir_all(dir.join("tree/a/b")).unwrap();
    std::fs::create_dir(dir.join("empty")).unwrap();
    for (name, text) in [("tree/f", "f"), ("tree/a/g", "g"), ("tree/a/b/h", "h")] {
        std::fs::write(dir.join(name), text).unwrap();
    }
    std::os::unix::fs::symlink("f", dir.join("tree/l")).unwrap();
    std::os::unix::fs::symlink("small", dir.join("link")).unwrap();
}

fn names(dir: &Path) -> Vec<String> {
    fn add(dir: &Path, prefix: &str, out: &mut Vec<String>) {
        for entry in std::fs::read_dir(dir).into_iter().flatten() {
            let entry = entry.unwrap();
            let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                add(&entry.path(), &format!("{name}/"), out);
            }
            out.push(name);
        }
    }
    let mut out = Vec::new();
    add(dir, "", &mut out);
    out.sort();
    out
}

fn is(path: &Path, text: &[u8]) -> bool {
    std::fs::read(path).is_ok_and(|found| found == text)
}

const TREE: [&str; 6] = ["a", "a/b", "a/b/h", "a/g", "f", "l"];

const OPS: &[Op] = &[
    Op {
        name: "readFile",
        run: |run, dir| {
            let data = op!(run, read_file_sync / read_file(dir.join("big"), &ReadFileOptions::default()))?;
            Ok((data == self::data()).to_string())
        },
        syscalls: &["open", "fstat", "read", "close"],
        whole: |_, found| found == "true",
    },
    Op {
        name: "writeFile",
        run: |run, dir| {
            let options = WriteFileOptions::default().flush(true);
            op!(run, write_file_sync / write_file(dir.join("new"), data(), &options)).map(|()| String::new())
        },
        syscalls: &["open", "write", "fsync", "close"],
        whole: |dir, _| is(&dir.join("new"), &data()),
    },
    Op {
        name: "appendFile",
        run: |run, dir| {
            op!(run, append_file_sync / append_file(dir.join("small"), data(), &WriteFileOptions::default()))
                .map(|()| String::new())
        },
        syscalls: &["open", "write", "close"],
        whole: |dir, _| is(&dir.join("small"), &[b"small", &data()[..]].concat()),
    },
    Op {
        name: "copyFile",
        run: |run, dir| {
            op!(run, copy_file_sync / copy_file(dir.join("big"), dir.join("new"), 0)).map(|()| String::new())
        },
        syscalls: &["copyfile"],
        whole: |dir, _| is(&dir.join("new"), &data()),
    },
    Op {
        name: "truncate",
        run: |run, dir| op!(run, truncate_sync / truncate(dir.join("small"), 2)).map(|()| String::new()),
        syscalls: &["open", "ftruncate", "close"],
        whole: |dir, _| is(&dir.join("small"), b"sm"),
    },
    Op {
        name: "stat",
        run: |run, dir| op!(run, stat_sync / stat(dir.join("small"))).map(|found| found.size().to_string()),
        syscalls: &["stat"],
        whole: |_, found| found == "5",
    },
    Op {
        name: "lstat",
        run: |run, dir| {
            op!(run, lstat_sync / lstat(dir.join("link"))).map(|found| found.is_symbolic_link().to_string())
        },
        syscalls: &["lstat"],
        whole: |_, found| found == "true",
    },
    Op {
        name: "statfs",
        run: |run, dir| {
            op!(run, statfs_sync / statfs(dir.join("small"))).map(|found| (found.bsize() > 0).to_string())
        },
        syscalls: &["statfs"],
        whole: |_, found| found == "true",
    },
    Op {
        name: "access",
        run: |run, dir| op!(run, access_sync / access(dir.join("small"), 4)).map(|()| String::new()),
        syscalls: &["access"],
        whole: |_, _| true,
    },
    Op {
        name: "chmod",
        run: |run, dir| op!(run, chmod_sync / chmod(dir.join("small"), 0o600)).map(|()| String::new()),
        syscalls: &["chmod"],
        whole: |_, _| true,
    },
    Op {
        name: "chown",
        run: |run, dir| {
            let found = fs::stat_sync(dir)?;
            let [uid, gid] = [found.uid(), found.gid()].map(|id| u32::try_from(id).unwrap());
            op!(run, chown_sync / chown(dir.join("small"), uid, gid))?;
            op!(run, lchown_sync / lchown(dir.join("link"), uid, gid)).map(|()| String::new())
        },
        syscalls: &["chown", "lchown", "stat"],
        whole: |_, _| true,
    },
    Op {
        name: "utimes",
        run: |run, dir| {
            op!(run, utimes_sync / utimes(dir.join("small"), 1.0, 2.0))?;
            op!(run, lutimes_sync / lutimes(dir.join("link"), 1.0, 2.0)).map(|()| String::new())
        },
        syscalls: &["utime", "lutime"],
        whole: |dir, _| fs::stat_sync(dir.join("small")).is_ok_and(|found| found.mtime_ns() == 2_000_000_000),
    },
    Op {
        name: "names",
        run: |run, dir| {
            op!(run, rename_sync / rename(dir.join("small"), dir.join("new")))?;
            op!(run, link_sync / link(dir.join("new"), dir.join("hard")))?;
            op!(run, symlink_sync / symlink("hard", dir.join("soft"), SymlinkKind::File))?;
            op!(run, unlink_sync / unlink(dir.join("new")))?;
            op!(run, readlink_sync / readlink(dir.join("soft"))).map(|to| to.display().to_string())
        },
        syscalls: &["rename", "link", "symlink", "unlink", "readlink"],
        whole: |dir, found| found == "hard" && is(&dir.join("soft"), b"small") && !dir.join("new").exists(),
    },
    Op {
        name: "realpath",
        run: |run, dir| {
            op!(run, realpath_sync / realpath(dir.join("link"))).map(|found| found.display().to_string())
        },
        syscalls: &["realpath", "lstat", "stat", "readlink"],
        whole: |dir, found| Path::new(found) == dir.canonicalize().unwrap().join("small"),
    },
    Op {
        name: "mkdir",
        run: |run, dir| {
            let options = MkdirOptions::default().recursive(true);
            op!(run, mkdir_sync / mkdir(dir.join("tree/x/y/z"), &options))
                .map(|made| made.unwrap().display().to_string())
        },
        syscalls: &["mkdir"],
        whole: |dir, found| Path::new(found) == dir.join("tree/x") && dir.join("tree/x/y/z").is_dir(),
    },
    Op {
        name: "rmdir",
        run: |run, dir| op!(run, rmdir_sync / rmdir(dir.join("empty"))).map(|()| String::new()),
        syscalls: &["rmdir"],
        whole: |dir, _| !dir.join("empty").exists(),
    },
    Op {
        name: "mkdtemp",
        run: |run, dir| {
            op!(run, mkdtemp_sync / mkdtemp(dir.join("t-"))).map(|made| made.display().to_string())
        },
        syscalls: &["mkdtemp"],
        whole: |_, found| Path::new(found).is_dir(),
    },
    Op {
        name: "readdir",
        run: |run, dir| {
            let options = ReaddirOptions::default().recursive(true);
            let entries = op!(run, readdir_sync / readdir(dir.join("tree"), &options))?;
            let mut all = entries.to_strings(nodecore_buffer::Encoding::Utf8);
            all.sort();
            Ok(all.join(" "))
        },
        syscalls: &["scandir"],
        whole: |_, found| found == TREE.join(" "),
    },
    Op {
        name: "opendir",
        run: |run, dir| {
            let options = OpendirOptions::default().recursive(true);
            let dir = op!(run, opendir_sync / opendir(dir.join("tree"), &options))?;
            let mut all = Vec::new();
            while let Some(found) = dir.read_sync()? {
                all.push(found.name_as(nodecore_buffer::Encoding::Utf8));
            }
            dir.close_sync()?;
            all.sort();
            Ok(all.join(" "))
        },
        syscalls: &["opendir", "scandir"],
        whole: |_, found| found == "a b f g h l",
    },
    Op {
        name: "rm",
        run: |run, dir| {
            let options = RmOptions::default().recursive(true);
            op!(run, rm_sync / rm(dir.join("tree"), &options)).map(|()| String::new())
        },
        syscalls: &["lstat", "rmdir", "unlink", "scandir", "rm"],
        whole: |dir, _| !dir.join("tree").exists(),
    },
    Op {
        name: "cp",
        run: |run, dir| {
            let options = CpOptions::default().recursive(true).preserve_timestamps(true);
            op!(run, cp_sync / cp(dir.join("tree"), dir.join("copy/tree"), &options)).map(|()| String::new())
        },
        syscalls: &[
            "lstat", "stat", "mkdir", "opendir", "copyfile", "readlink", "symlink", "chmod", "utime",
            "unlink",
        ],
        whole: |dir, _| names(&dir.join("copy/tree")) == TREE && is(&dir.join("copy/tree/a/b/h"), b"h"),
    },
    Op {
        name: "glob",
        run: |run, dir| {
            let found = op!(run, glob_sync / glob("tree/**/h", &GlobOptions::default().cwd(dir)))?;
            Ok(found.iter().map(|one| one.path().display().to_string()).collect::<Vec<_>>().join(" "))
        },
        syscalls: &[],
        whole: |_, found| found == "tree/a/b/h" || found.is_empty(),
    },
    Op {
        name: "files",
        run: |run, dir| {
            let (path, range) = (dir.join("small"), fs::RangeOptions::default());
            if run.form != Form::Promise {
                let fd = match run.form {
                    Form::Sync => fs::open_sync(&path, "r+", 0)?,
                    _ => run.wait(|lp, done| fs::open(lp, &path, "r+", 0, done))?,
                };
                let result = (|| {
                    let found = op!(run, fstat_sync / fstat(fd))?;
                    let mut buffer = [0; 5];
                    let read = fs::read_sync(fd, &mut buffer, &range.position(0))?;
                    let written = fs::write_sync(fd, b"other", &range.position(5))?;
                    op!(run, ftruncate_sync / ftruncate(fd, 10))?;
                    op!(run, futimes_sync / futimes(fd, 1.0, 2.0))?;
                    op!(run, fchmod_sync / fchmod(fd, 0o600))?;
                    op!(run, fsync_sync / fsync(fd))?;
                    op!(run, fdatasync_sync / fdatasync(fd))?;
                    Ok(format!("{} {read} {written}", found.size()))
                })();
                // As every caller must, whatever failed.
                let closed = match run.form {
                    Form::Sync => fs::close_sync(fd),
                    _ => run.wait(|lp, done| fs::close(lp, fd, done)),
                };
                return closed.and(result);
            }
            run.lp.block_on(async {
                let handle = fs::promises::open(&run.lp, &path, "r+", 0).await?;
                let result = async {
                    let found = handle.stat().await?;
                    let read = handle.read(vec![0; 5], &range.position(0)).await?.0;
                    let written = handle.write(b"other".to_vec(), &range.position(5)).await?.0;
                    handle.truncate(10).await?;
                    handle.utimes(1.0, 2.0).await?;
                    handle.chmod(0o600).await?;
                    handle.sync().await?;
                    handle.datasync().await?;
                    Ok(format!("{} {read} {written}", found.size()))
                };
                let result = result.await;
                handle.close().await.and(result)
            })
        },
        syscalls: &[
            "open",
            "fstat",
            "read",
            "write",
            "ftruncate",
            "futime",
            "fchmod",
            "fsync",
            "fdatasync",
            "close",
        ],
        whole: |dir, found| found == "5 5 5" && is(&dir.join("small"), b"smallother"),
    },
];

/// Tells the library that is loaded what to do; what it says.
fn order(what: &str) -> String {
    let answer = std::fs::read_link(format!("/nodecore-faults/{what}")).unwrap();
    answer.to_str().unwrap().to_owned()
}

/// The errors of which the path is the caller's to add, and was.
const OF_PATHS: &[&str] = &[
    "open", "stat", "lstat", "statfs", "access", "chmod", "chown", "lchown", "utime", "lutime", "rename",
    "link", "symlink", "unlink", "readlink", "realpath", "mkdir", "rmdir", "mkdtemp", "scandir", "opendir",
    "copyfile", "rm",
];

struct Walk<'a> {
    run: &'a Runner,
    root: &'a Path,
    cases: usize,
    recovered: BTreeSet<(&'static str, &'static str)>,
    wrong: Vec<String>,
}

impl Walk<'_> {
    /// One case. False: there was no such call.
    fn case(&mut self, op: &Op, call: &'static str, n: usize, errno: i32, code: &str) -> bool {
        let dir = self.root.join("w");
        std::fs::create_dir(&dir).unwrap();
        set_up(op, &dir);
        let before = open_descriptors();
        order(&format!("fail/{call}/{n}/{errno}"));
        let result = (op.run)(self.run, &dir);
        let hit = !order("off").starts_with('0');
        let case = format!("{} in {:?}, {call} {n} fails with {code}", op.name, self.run.form);
        if hit {
            self.cases += 1;
            match &result {
                Ok(found) => {
                    self.recovered.insert((op.name, call));
                    if !(op.whole)(&dir, found) {
                        self.wrong.push(format!("{case}: success, but not whole: {found}"));
                    }
                }
                Err(error) => {
                    let syscall = error.syscall().unwrap_or("");
                    let named =
                        error.path().is_some_and(|path| path.starts_with(dir.to_str().unwrap().as_bytes()));
                    let at_hand = syscall == "symlink";
                    if error.errno() != Some(-errno)
                        || error.code().name() != code
                        || !op.syscalls.contains(&syscall)
                        || OF_PATHS.contains(&syscall) && !named && !at_hand
                    {
                        self.wrong.push(format!("{case}: {error} ({:?}, syscall {syscall:?})", error.path()));
                    }
                }
            }
            let after = open_descriptors();
            if after != before {
                self.wrong.push(format!("{case}: {before} descriptors before, {after} after"));
            }
        } else if let Err(error) = &result {
            self.wrong.push(format!("{case}, which it did not: {error}"));
        }
        std::fs::remove_dir_all(&dir).unwrap();
        hit
    }

    /// Reads and writes that move a few bytes at a time.
    fn short(&mut self, op: &Op, call: &'static str, bytes: usize) {
        let dir = self.root.join("w");
        std::fs::create_dir(&dir).unwrap();
        set_up(op, &dir);
        order(&format!("short/{call}/1/{bytes}"));
        let result = (op.run)(self.run, &dir);
        if !order("off").starts_with('0') {
            self.cases += 1;
            // What moves what it can, and tells how much, is not to go on by itself.
            let tells = op.name == "files";
            match result {
                Ok(found) if tells || (op.whole)(&dir, &found) => {}
                other => self
                    .wrong
                    .push(format!("{} in {:?}, {call} moves {bytes}: {other:?}", op.name, self.run.form)),
            }
        }
        std::fs::remove_dir_all(&dir).unwrap();
    }
}

fn walk(root: &Path, errnos: &[(i32, &str)]) {
    let mut cases = 0;
    let mut wrong = Vec::new();
    let mut recovered = BTreeSet::new();
    for form in [Form::Sync, Form::Callback, Form::Promise] {
        let run = Runner::new(form);
        // The pool starts, and what it needs stays open.
        run.lp.block_on(fs::promises::stat(&run.lp, root)).unwrap();
        let mut walk = Walk { run: &run, root, cases: 0, recovered: BTreeSet::new(), wrong: Vec::new() };
        for op in OPS {
            for &call in CALLS {
                for &(errno, code) in errnos {
                    let mut n = 1;
                    while walk.case(op, call, n, errno, code) {
                        n += 1;
                        assert!(n < 1000, "{} makes {call} without end", op.name);
                    }
                }
            }
            for call in ["read", "write", "copy", "sendfile"] {
                walk.short(op, call, 700);
            }
        }
        cases += walk.cases;
        wrong.append(&mut walk.wrong);
        recovered.append(&mut walk.recovered);
    }
    let excused = |(op, call): &(&str, &str)| RECOVERS.iter().any(|(of, by, _)| of == op && by == call);
    for (op, call) in recovered.iter().filter(|pair| !excused(pair)) {
        wrong.push(format!("{op} gets over a {call} that fails: no reason is known"));
    }
    // With one errno alone not every failure that is got over comes up.
    for (op, call, why) in RECOVERS.iter().filter(|_| errnos.len() == ERRNOS.len()) {
        if !recovered.iter().any(|(of, by)| of == op && by == call) {
            wrong.push(format!("{op} does not get over a {call} that fails, though: {why}"));
        }
    }
    println!("{cases} cases, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Interrupted calls: made again, or told.
fn interrupted(root: &Path) {
    for form in [Form::Sync, Form::Callback, Form::Promise] {
        let run = Runner::new(form);
        let mut walk = Walk { run: &run, root, cases: 0, recovered: BTreeSet::new(), wrong: Vec::new() };
        for op in OPS.iter().filter(|op| op.name != "opendir") {
            for call in ["open", "read", "write", "getdents", "close"] {
                let mut n = 1;
                while walk.case(op, call, n, libc::EINTR, "EINTR") {
                    n += 1;
                }
            }
        }
        println!("{form:?}: {} interrupted calls, {} wrong", walk.cases, walk.wrong.len());
        assert!(walk.wrong.is_empty(), "{}", walk.wrong.join("\n"));
    }
}

#[test]
fn every_call_fails_once() {
    if std::env::var_os("NODECORE_FAULTS_ROOT").is_some() {
        let root = std::env::var("NODECORE_FAULTS_ROOT").unwrap();
        let short = std::env::var("NODECORE_FAULTS").is_ok_and(|how| how == "short");
        walk(Path::new(&root), if short { &ERRNOS[..1] } else { ERRNOS });
        interrupted(Path::new(&root));
        return;
    }
    let Some(library) = std::env::var_os("NODECORE_FAULTS_LIBRARY") else {
        // Past the test harness, which keeps what tests print to itself.
        _ = writeln!(std::io::stderr(), "skipped every_call_fails_once: run by `cargo xtask faults`");
        return;
    };
    // A process of its own, as the library is loaded when one starts.
    let scratch = Scratch::new("injection");
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "every_call_fails_once", "--nocapture", "--test-threads=1"])
        .env("LD_PRELOAD", library)
        .env("NODECORE_FAULTS_ROOT", scratch.0.canonicalize().unwrap())
        .status()
        .unwrap();
    assert!(status.success(), "{status}");
}
