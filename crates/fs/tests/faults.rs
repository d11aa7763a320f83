//! Bad input and bad weather: names at and beyond the system's limits, trees that change meanwhile, no permission, no
//! descriptors, no space, files that are none, and work that is given up. Every case leaves as many descriptors open as
//! it found. What a test cannot set up here it says loudly and skips.
//!
//! One test after the other in one process: descriptors are counted, and `$TMPDIR` is shared.

#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

mod common;

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use common::{Form, Runner, Scratch, open_descriptors};
use nodecore_error::{Code, Error};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_fs::{
    self as fs, CpOptions, GlobOptions, MkdirOptions, OpendirOptions, RangeOptions, ReaddirOptions,
    RmOptions, SymlinkKind,
};

/// Past the test harness, which keeps what tests print to itself.
fn skipped(what: &str, why: &str) {
    _ = writeln!(std::io::stderr(), "skipped {what}: {why}");
}

/// Waits for pool threads to let go of what nobody waits for any more.
fn settles_at(expected: usize) -> bool {
    let deadline = Instant::now() + Duration::from_secs(10);
    while open_descriptors() != expected {
        if Instant::now() > deadline {
            return false;
        }
        std::thread::yield_now();
    }
    true
}

/// Runs a scenario in each form, each in an empty directory, and counts descriptors.
fn each_form(name: &str, scenario: impl Fn(&Runner, &Path)) {
    for form in [Form::Sync, Form::Callback, Form::Promise] {
        let scratch = Scratch::new(&format!("faults-{name}-{form:?}"));
        let run = Runner::new(form);
        // The pool starts, and what it needs stays open.
        run.lp.block_on(fs::promises::stat(&run.lp, &scratch.0)).unwrap();
        let before = open_descriptors();
        scenario(&run, &scratch.0);
        assert!(
            settles_at(before),
            "{name}, {form:?}: {before} descriptors before, {} after",
            open_descriptors()
        );
    }
}

fn all(options: RmOptions) -> RmOptions {
    options.recursive(true)
}

fn names_that_are_not_utf8() {
    each_form("bytes", |run, dir| {
        let name = OsStr::from_bytes(b"a\xff\xfe\x80");
        let path = dir.join(name);
        op!(run, write_file_sync / write_file(&path, "x", &Default::default())).unwrap();
        assert_eq!(op!(run, read_file_sync / read_file(&path, &Default::default())).unwrap(), b"x");
        let entries = op!(run, readdir_sync / readdir(dir, &ReaddirOptions::default())).unwrap();
        assert_eq!(entries.get(0).unwrap().name(), name.as_bytes());
        let link = dir.join(OsStr::from_bytes(b"l\xf0"));
        op!(run, symlink_sync / symlink(name, &link, SymlinkKind::File)).unwrap();
        assert_eq!(op!(run, readlink_sync / readlink(&link)).unwrap(), Path::new(name));
        assert_eq!(
            op!(run, realpath_sync / realpath(&link)).unwrap(),
            dir.canonicalize().unwrap().join(name)
        );
        let copy = dir.join(OsStr::from_bytes(b"c\xff"));
        op!(run, cp_sync / cp(dir, &copy, &CpOptions::default().recursive(true))).unwrap_err();
        op!(run, cp_sync / cp(&path, &copy, &CpOptions::default())).unwrap();
        let found = op!(run, glob_sync / glob("*", &GlobOptions::default().cwd(dir))).unwrap();
        assert!(found.iter().any(|one| one.path_bytes() == name.as_bytes()), "{found:?}");
        let error = op!(run, stat_sync / stat(path.join("below"))).unwrap_err();
        assert_eq!(
            (error.code(), error.path()),
            (Code::ENOTDIR, Some(path.join("below").as_os_str().as_bytes()))
        );
        assert!(error.to_string().starts_with("ENOTDIR: not a directory, stat '"));
        op!(run, rm_sync / rm(&copy, &RmOptions::default())).unwrap();
        op!(run, unlink_sync / unlink(&path)).unwrap();
    });
}

fn nul_in_names() {
    each_form("nul", |run, dir| {
        let bad = format!("{}/a\0b", dir.display());
        let refused = |error: Error| {
            assert_eq!(error.code(), Code::InvalidArgValue, "{error}");
            assert!(error.to_string().contains("without null bytes"), "{error}");
        };
        refused(op!(run, stat_sync / stat(&bad)).unwrap_err());
        refused(op!(run, read_file_sync / read_file(&bad, &Default::default())).unwrap_err());
        refused(op!(run, write_file_sync / write_file(&bad, "x", &Default::default())).unwrap_err());
        refused(op!(run, rename_sync / rename(dir, &bad)).unwrap_err());
        refused(op!(run, symlink_sync / symlink(&bad, dir.join("l"), SymlinkKind::File)).unwrap_err());
        refused(op!(run, mkdir_sync / mkdir(&bad, &MkdirOptions::default().recursive(true))).unwrap_err());
        refused(op!(run, mkdtemp_sync / mkdtemp(&bad)).unwrap_err());
        refused(op!(run, cp_sync / cp(dir, &bad, &CpOptions::default())).unwrap_err());
        refused(op!(run, rm_sync / rm(&bad, &all(RmOptions::default().force(true)))).unwrap_err());
        refused(op!(run, readdir_sync / readdir(&bad, &ReaddirOptions::default())).unwrap_err());
        assert!(!fs::exists_sync(&bad));
        assert_eq!(std::fs::read_dir(dir).unwrap().count(), 0);
    });
}

fn long_names_and_paths() {
    each_form("long", |run, dir| {
        let name = |length: usize| dir.join("n".repeat(length));
        op!(run, write_file_sync / write_file(name(255), "x", &Default::default())).unwrap();
        let too_long = |error: Error, syscall: &str| {
            assert_eq!((error.code(), error.syscall()), (Code::ENAMETOOLONG, Some(syscall)), "{error}");
        };
        too_long(
            op!(run, write_file_sync / write_file(name(256), "", &Default::default())).unwrap_err(),
            "open",
        );
        too_long(op!(run, stat_sync / stat(name(256))).unwrap_err(), "stat");
        too_long(
            op!(run, mkdir_sync / mkdir(name(256), &MkdirOptions::default().recursive(true))).unwrap_err(),
            "mkdir",
        );
        // The longest path there is has 4095 bytes.
        let start = dir.as_os_str().len();
        let path = |length: usize| {
            let mut path = dir.as_os_str().as_bytes().to_vec();
            while path.len() + 2 <= length {
                path.extend_from_slice(b"/.");
            }
            if path.len() < length {
                path.push(b'/');
            }
            assert!(path.len() == length && length > start);
            PathBuf::from(OsStr::from_bytes(&path))
        };
        assert!(op!(run, stat_sync / stat(path(4095))).unwrap().is_directory());
        too_long(op!(run, stat_sync / stat(path(4096))).unwrap_err(), "stat");
        too_long(
            op!(run, readdir_sync / readdir(path(4096), &ReaddirOptions::default())).unwrap_err(),
            "scandir",
        );
        too_long(op!(run, access_sync / access(path(5000), 0)).unwrap_err(), "access");
        assert!(!fs::exists_sync(path(4096)));
        // A tree that is deeper than paths can be long is removed all the same.
        let mut here = dir.join("deep");
        let one = "d".repeat(200);
        std::fs::create_dir(&here).unwrap();
        while here.as_os_str().len() < 3800 {
            here = here.join(&one);
            std::fs::create_dir(&here).unwrap();
        }
        let other = dir.join("e".repeat(200));
        std::fs::rename(dir.join("deep"), &other).unwrap();
        let error = op!(run, cp_sync / cp(&other, other.join("x"), &CpOptions::default().recursive(true)));
        assert_eq!(error.unwrap_err().code(), Code::FsCpEinval);
        op!(run, rm_sync / rm(&other, &all(RmOptions::default()))).unwrap();
        assert!(!other.exists());
    });
}

fn loops_of_links() {
    each_form("loops", |run, dir| {
        for (target, link) in [("a", "b"), ("b", "a"), ("self", "self"), (".", "here")] {
            std::os::unix::fs::symlink(target, dir.join(link)).unwrap();
        }
        for path in [dir.join("a"), dir.join("self/x")] {
            let looped = |error: Error, syscall: &str| {
                let (code, found) = (error.code(), error.syscall());
                assert_eq!(
                    (code, found, error.path()),
                    (Code::ELOOP, Some(syscall), Some(path.as_os_str().as_bytes()))
                );
            };
            looped(op!(run, stat_sync / stat(&path)).unwrap_err(), "stat");
            looped(op!(run, read_file_sync / read_file(&path, &Default::default())).unwrap_err(), "open");
            looped(op!(run, truncate_sync / truncate(&path, 1)).unwrap_err(), "open");
            looped(
                op!(run, opendir_sync / opendir(&path, &OpendirOptions::default())).unwrap_err(),
                "opendir",
            );
        }
        assert_eq!(op!(run, realpath_sync / realpath(dir.join("a"))).unwrap_err().code(), Code::ELOOP);
        // What goes through the tree goes through no link: there is an end.
        op!(run, cp_sync / cp(dir, dir.with_extension("copy"), &CpOptions::default().recursive(true)))
            .unwrap();
        let found =
            op!(run, glob_sync / glob("**", &GlobOptions::default().cwd(dir).follow_symlinks(true))).unwrap();
        assert!(found.len() < 20, "{}", found.len());
        op!(run, rm_sync / rm(dir.with_extension("copy"), &all(RmOptions::default()))).unwrap();
    });
}

/// Somebody makes and removes files and directories all the time. Nothing panics, hangs, or leaves a descriptor open; an
/// error is one that the change explains.
fn directories_that_change() {
    each_form("change", |run, dir| {
        let tree = dir.join("tree");
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut n = 0;
                while !stop.load(Ordering::Relaxed) {
                    n = (n + 1) % 40;
                    _ = std::fs::create_dir_all(tree.join(format!("{}/{n}", n % 7)));
                    _ = std::fs::write(tree.join(format!("{}/{n}/f", n % 7)), "x");
                    _ = std::fs::remove_dir_all(tree.join(format!("{}", (n + 3) % 7)));
                }
            });
            let changed = |what: &str, error: &Error| {
                let known = [Code::ENOENT, Code::ENOTEMPTY, Code::ENOTDIR, Code::EEXIST];
                assert!(known.contains(&error.code()), "{what}: {error}");
            };
            for round in 0..60 {
                let recursive = ReaddirOptions::default().recursive(true).with_file_types(round % 2 == 0);
                match op!(run, readdir_sync / readdir(&tree, &recursive)) {
                    Ok(entries) => assert!(entries.iter().all(|entry| !entry.name().is_empty())),
                    Err(error) => changed("readdir", &error),
                }
                let copy = dir.join("copy");
                if let Err(error) =
                    op!(run, cp_sync / cp(&tree, &copy, &CpOptions::default().recursive(true)))
                {
                    changed("cp", &error);
                }
                op!(run, rm_sync / rm(&copy, &all(RmOptions::default().force(true)))).unwrap();
                if let Err(error) = op!(run, rm_sync / rm(&tree, &all(RmOptions::default().force(true)))) {
                    changed("rm", &error);
                }
                op!(run, glob_sync / glob("**/f", &GlobOptions::default().cwd(dir))).unwrap();
            }
            stop.store(true, Ordering::Relaxed);
        });
    });
}

/// Half of a tree may not be read or removed: as the user nobody, as root may everything.
fn no_permission() {
    each_form("permission", |run, dir| {
        for (path, text) in [("t/a/f", "f"), ("t/m/locked/g", "g"), ("t/z/h", "h")] {
            std::fs::create_dir_all(dir.join(path).parent().unwrap()).unwrap();
            std::fs::write(dir.join(path), text).unwrap();
        }
        let locked = dir.join("t/m/locked");
        std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o000)).unwrap();
        let denied = |error: Error, syscalls: &[&str]| {
            assert_eq!(error.code(), Code::EACCES, "{error}");
            assert!(syscalls.contains(&error.syscall().unwrap()), "{error}");
            assert!(error.path().unwrap().starts_with(locked.as_os_str().as_bytes()), "{error}");
        };
        denied(op!(run, stat_sync / stat(locked.join("g"))).unwrap_err(), &["stat"]);
        denied(
            op!(run, write_file_sync / write_file(locked.join("n"), "", &Default::default())).unwrap_err(),
            &["open"],
        );
        denied(
            op!(run, readdir_sync / readdir(dir.join("t"), &ReaddirOptions::default().recursive(true)))
                .unwrap_err(),
            &["scandir"],
        );
        let error =
            op!(run, cp_sync / cp(dir.join("t"), dir.join("c"), &CpOptions::default().recursive(true)));
        denied(error.unwrap_err(), &["opendir"]);
        // What was copied before stays, and it is whole; how much that is, is the order of the directory.
        assert!(dir.join("c/m").is_dir());
        for (path, text) in [("c/a/f", "f"), ("c/z/h", "h")] {
            assert!(
                std::fs::read(dir.join(path)).is_ok_and(|found| found == text.as_bytes())
                    || !dir.join(path).exists()
            );
        }
        denied(
            op!(run, rm_sync / rm(dir.join("t"), &all(RmOptions::default()))).unwrap_err(),
            &["scandir", "rm"],
        );
        assert!(dir.join("t/m/locked").exists());
        assert_eq!(op!(run, glob_sync / glob("t/**/g", &GlobOptions::default().cwd(dir))).unwrap().len(), 0);
        std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o700)).unwrap();
    });
}

/// No descriptor is to be had: run with a limit that is used up.
fn no_descriptors() {
    each_form("descriptors", |run, dir| {
        std::fs::write(dir.join("f"), "text").unwrap();
        std::fs::create_dir(dir.join("d")).unwrap();
        let mut hoard = Vec::new();
        while let Ok(file) = std::fs::File::open(dir.join("f")) {
            hoard.push(file);
            assert!(hoard.len() < 10_000, "there is no limit");
        }
        let used_up = |error: Error, syscall: &str| {
            assert_eq!((error.code(), error.syscall()), (Code::EMFILE, Some(syscall)), "{error}");
        };
        used_up(
            op!(run, read_file_sync / read_file(dir.join("f"), &Default::default())).unwrap_err(),
            "open",
        );
        used_up(
            op!(run, write_file_sync / write_file(dir.join("f"), "x", &Default::default())).unwrap_err(),
            "open",
        );
        used_up(
            op!(run, copy_file_sync / copy_file(dir.join("f"), dir.join("g"), 0)).unwrap_err(),
            "copyfile",
        );
        used_up(op!(run, readdir_sync / readdir(dir, &ReaddirOptions::default())).unwrap_err(), "scandir");
        used_up(op!(run, opendir_sync / opendir(dir, &OpendirOptions::default())).unwrap_err(), "opendir");
        used_up(
            op!(run, cp_sync / cp(dir.join("d"), dir.join("e"), &CpOptions::default().recursive(true)))
                .unwrap_err(),
            "opendir",
        );
        // One that is free again is enough, for what goes one by one.
        hoard.pop();
        assert_eq!(
            op!(run, read_file_sync / read_file(dir.join("f"), &Default::default())).unwrap(),
            b"text"
        );
        drop(hoard);
    });
}

/// A file system of 1 MiB: what did not fit is no success, and what was written is there.
fn no_space() {
    each_form("space", |run, dir| {
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=1m", "none"])
            .arg(dir)
            .stderr(Stdio::null())
            .status();
        if !mounted.is_ok_and(|status| status.success()) {
            return skipped("a full tmpfs", "no file system can be mounted here");
        }
        let full = |error: Error, syscall: &str| {
            assert_eq!((error.code(), error.syscall()), (Code::ENOSPC, Some(syscall)), "{error}");
        };
        let big = vec![7; 3_000_000];
        full(
            op!(run, write_file_sync / write_file(dir.join("big"), big.clone(), &Default::default()))
                .unwrap_err(),
            "write",
        );
        // As in Node, what fitted stays.
        let left = std::fs::read(dir.join("big")).unwrap();
        assert!(!left.is_empty() && left.len() < big.len() && left.iter().all(|byte| *byte == 7));
        full(
            op!(run, append_file_sync / append_file(dir.join("big"), big, &Default::default())).unwrap_err(),
            "write",
        );
        full(
            op!(run, copy_file_sync / copy_file(dir.join("big"), dir.join("copy"), 0)).unwrap_err(),
            "copyfile",
        );
        op!(run, rm_sync / rm(dir.join("big"), &RmOptions::default())).unwrap();
        op!(run, write_file_sync / write_file(dir.join("small"), "fits", &Default::default())).unwrap();
        assert!(Command::new("umount").arg(dir).status().unwrap().success());
    });
    each_form("full", |run, _| {
        let error =
            op!(run, write_file_sync / write_file("/dev/full", "x", &Default::default())).unwrap_err();
        assert_eq!(error.to_string(), "ENOSPC: no space left on device, write");
    });
}

fn pipes_and_special_files() {
    each_form("special", |run, dir| {
        let fifo = dir.join("fifo");
        assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        assert!(op!(run, stat_sync / stat(&fifo)).unwrap().is_fifo());
        // Bytes come a few at a time, and the size is not known.
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut out = std::fs::OpenOptions::new().write(true).open(&fifo).unwrap();
                for _ in 0..500 {
                    out.write_all(b"some bytes ").unwrap();
                    std::thread::yield_now();
                }
            });
            let read = op!(run, read_file_sync / read_file(&fifo, &Default::default())).unwrap();
            assert_eq!(read, b"some bytes ".repeat(500));
        });
        // The pipe is smaller than what is written: every byte arrives.
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| std::fs::read(&fifo).unwrap());
            let data = vec![9; 1_000_000];
            op!(run, write_file_sync / write_file(&fifo, data.clone(), &Default::default())).unwrap();
            assert!(reader.join().unwrap() == data);
        });
        let error = op!(run, cp_sync / cp(&fifo, dir.join("copy"), &CpOptions::default())).unwrap_err();
        assert_eq!(error.code(), Code::FsCpFifoPipe);
        // Files that say they are empty, and are not.
        for file in ["/proc/self/status", "/proc/mounts"] {
            assert_eq!(fs::stat_sync(file).unwrap().size(), 0);
            let read = op!(run, read_file_sync / read_file(file, &Default::default())).unwrap();
            assert!(read.len() > 50 && read.ends_with(b"\n"), "{file}");
        }
    });
}

fn large_files() {
    each_form("large", |run, dir| {
        let path = dir.join("large");
        let end: u64 = 5 << 30;
        op!(run, write_file_sync / write_file(&path, "start", &Default::default())).unwrap();
        op!(run, truncate_sync / truncate(&path, end)).unwrap();
        assert_eq!(op!(run, stat_sync / stat(&path)).unwrap().size(), end);
        let fd = fs::open_sync(&path, "r+", 0).unwrap();
        let range = RangeOptions::default().position(end);
        let mut buffer = vec![0; 8];
        let read = match run.form {
            Form::Sync => {
                assert_eq!(fs::write_sync(fd, b"the end", &range).unwrap(), 7);
                fs::read_sync(fd, &mut buffer, &range).unwrap()
            }
            _ => {
                assert_eq!(run.wait(|lp, done| fs::write(lp, fd, b"the end", &range, done)).unwrap().0, 7);
                let (read, filled) = run.wait(|lp, done| fs::read(lp, fd, buffer, &range, done)).unwrap();
                buffer = filled;
                read
            }
        };
        assert_eq!((read, &buffer[..7]), (7, &b"the end"[..]));
        // Nothing is beyond the end.
        let beyond = RangeOptions::default().position(1 << 40);
        assert_eq!(fs::read_sync(fd, &mut [0; 8], &beyond).unwrap(), 0);
        fs::close_sync(fd).unwrap();
        // Node's bound, before any memory is taken.
        let error = op!(run, read_file_sync / read_file(&path, &Default::default())).unwrap_err();
        assert_eq!(error.code(), Code::FsFileTooLarge);
        assert_eq!(error.to_string(), format!("File size ({}) is greater than 2 GiB", end + 7));
    });
}

/// Work that is given up: nothing is called afterwards, and nothing stays open.
fn given_up() {
    let scratch = Scratch::new("faults-given-up");
    let big = scratch.0.join("big");
    std::fs::write(&big, vec![1; 3_000_000]).unwrap();
    let lp = EventLoop::new().unwrap();
    lp.block_on(fs::promises::stat(&lp, &big)).unwrap();
    let before = open_descriptors();
    for round in 0..60 {
        // A handle is closed with operations pending: they end as they would have, then it closes.
        lp.block_on(async {
            let handle = fs::promises::open(&lp, &big, "r+", 0).await.unwrap();
            let reading = handle.read(vec![0; 1000], &RangeOptions::default().position(0));
            let whole = handle.read_file(&Default::default());
            let closing = handle.close();
            assert_eq!(reading.await.unwrap().0, 1000);
            assert_eq!(whole.await.unwrap().len(), 3_000_000);
            closing.await.unwrap();
            assert_eq!(handle.stat().await.unwrap_err().to_string(), "file closed");
        });
        // A loop goes with operations, handles and trees pending.
        let other = EventLoop::new().unwrap();
        let handle = other.block_on(fs::promises::open(&other, &big, "r", 0)).unwrap();
        let futures = (
            handle.read_file(&Default::default()),
            fs::promises::cp(&other, &big, scratch.0.join("copy"), &CpOptions::default()),
            fs::promises::readdir(&other, "/proc/self", &ReaddirOptions::default().recursive(false)),
            fs::promises::write_file(&other, scratch.0.join("w"), vec![2; 2_000_000], &Default::default()),
        );
        fs::open(&other, &big, "r", 0, |_| panic!("called after the loop went")).unwrap();
        if round % 3 == 0 {
            drop(other);
            drop(futures);
        } else {
            if round % 3 == 1 {
                drop(handle);
            }
            drop(futures);
            drop(other);
        }
        lp.run(RunMode::NoWait);
    }
    assert!(settles_at(before), "{before} descriptors before, {} after", open_descriptors());
}

/// Runs one scenario in a process of its own, started through `wrapper`.
fn apart(name: &str, wrapper: &[&str]) -> bool {
    let program = std::env::current_exe().unwrap();
    let scratch = Scratch::new(&format!("faults-apart-{name}"));
    std::fs::set_permissions(&scratch.0, std::fs::Permissions::from_mode(0o777)).unwrap();
    // Where another user cannot go, a copy of this program can.
    let copy = scratch.0.join("program");
    std::fs::copy(program, &copy).unwrap();
    let status = Command::new(wrapper[0])
        .args(&wrapper[1..])
        .arg(&copy)
        .args(["--exact", "faults", "--nocapture"])
        .env("NODECORE_FAULT", name)
        .env("TMPDIR", &scratch.0)
        .current_dir("/")
        .status();
    match status {
        Ok(status) => {
            assert!(status.success(), "{name}: {status}");
            true
        }
        Err(_) => false,
    }
}

/// One test, as descriptors are counted for the whole process.
#[test]
fn faults() {
    match std::env::var("NODECORE_FAULT").as_deref() {
        Ok("permission") => return no_permission(),
        Ok("descriptors") => return no_descriptors(),
        _ => {}
    }
    names_that_are_not_utf8();
    nul_in_names();
    long_names_and_paths();
    loops_of_links();
    directories_that_change();
    no_space();
    pipes_and_special_files();
    large_files();
    given_up();
    let scratch = Scratch::new("faults-user");
    let root = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(&scratch.0).unwrap()) == 0;
    let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    if !apart("permission", if root { &nobody } else { &["env"] }) {
        skipped("permission refused half way", "root may everything, and setpriv is not here");
    }
    if !apart("descriptors", &["prlimit", "--nofile=64:64"]) {
        skipped("no descriptors left", "prlimit is not here");
    }
}
