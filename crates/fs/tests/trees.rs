//! The verbs of directories and trees, each option and each error, in every form. No case leaves a descriptor open.

#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

mod common;

use std::cell::{Cell, RefCell};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;

use common::{Form, Runner, Scratch, in_each_form};
use nodecore_error::{Class, Code, Error};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_events::AbortController;
use nodecore_fs::{
    self as fs, AsyncWalk, CpOptions, Dir, GlobOptions, OpendirOptions, RmOptions, WalkOptions, promises,
};

fn make(dir: &Path, files: &[&str]) {
    for file in files {
        let at = dir.join(file);
        std::fs::create_dir_all(at.parent().unwrap()).unwrap();
        match file.ends_with('/') {
            true => std::fs::create_dir_all(at).unwrap(),
            false => std::fs::write(at, file).unwrap(),
        }
    }
}

fn all(dir: &Path) -> Vec<String> {
    let walk = fs::walk(dir, &WalkOptions::default().sorted(true)).unwrap();
    walk.map(|entry| entry.unwrap().path().strip_prefix(dir).unwrap().to_str().unwrap().to_owned()).collect()
}

fn recursive() -> RmOptions {
    RmOptions::default().recursive(true)
}

fn tree() -> CpOptions {
    CpOptions::default().recursive(true)
}

fn text(error: &Error, dir: &Path) -> String {
    error.to_string().replace(dir.to_str().unwrap(), "$")
}

#[test]
fn rm_removes_what_it_may() {
    in_each_form("rm", |run, dir| {
        make(dir, &["f", "d/a/b", "d/c", "keep/me"]);
        symlink("keep", dir.join("l")).unwrap();
        symlink("../keep", dir.join("d/l")).unwrap();
        let rm = |name: &str, options: &RmOptions| op!(run, rm_sync / rm(dir.join(name), options));
        let plain = RmOptions::default();

        let missing = rm("none", &plain).unwrap_err();
        assert_eq!(text(&missing, dir), "ENOENT: no such file or directory, lstat '$/none'");
        assert_eq!(rm("none", &plain.clone().force(true)), Ok(()));
        let refused = rm("d", &plain.clone().force(true)).unwrap_err();
        assert_eq!((refused.code(), refused.class()), (Code::FsEisdir, Class::SystemError));
        assert_eq!((refused.syscall(), refused.errno()), (Some("rm"), Some(libc::EISDIR)));
        assert_eq!(text(&refused, dir), "Path is a directory: rm returned EISDIR (is a directory) $/d");
        let slash = rm("l/", &recursive()).unwrap_err();
        assert_eq!(text(&slash, dir), "ENOTDIR: not a directory, rmdir '$/l/'");

        rm("f", &plain).unwrap();
        rm("l", &plain).unwrap();
        rm("d", &recursive()).unwrap();
        assert_eq!(all(dir), ["keep", "keep/me"]);

        let late = rm("keep", &plain.retry_delay(1 << 31)).unwrap_err();
        let range = "The value of \"options.retryDelay\" is out of range. It must be >= 0 && <= 2147483647. Received 2147483648";
        assert_eq!(late.to_string(), range);
        assert_eq!(rm("a\0b", &recursive()).unwrap_err().code(), Code::InvalidArgValue);
    });
}

#[test]
fn rm_tries_again() {
    in_each_form("rm-retry", |run, _| {
        // Nobody can remove anything there.
        let begun = std::time::Instant::now();
        let options = recursive().max_retries(2).retry_delay(20);
        let refused = op!(run, rm_sync / rm("/proc/self/attr", &options)).unwrap_err();
        assert!(matches!(refused.code(), Code::EPERM | Code::EACCES), "{refused}");
        if refused.code() == Code::EPERM {
            assert!(begun.elapsed().as_millis() >= 50, "20 ms, then 40 ms, by the loop's clock");
        }
    });
}

/// Deep, long and odd names; nothing here may recurse.
#[test]
fn trees_of_every_shape() {
    in_each_form("shapes", |run, dir| {
        let deep = dir.join("deep");
        let mut at = deep.clone();
        while at.as_os_str().len() < 1300 {
            at.push("d");
        }
        std::fs::create_dir_all(&at).unwrap();
        std::fs::write(at.join("f"), "x").unwrap();
        let depth = fs::walk(&deep, &WalkOptions::default()).unwrap().map(Result::unwrap).count();
        assert!(depth > 500);
        op!(run, cp_sync / cp(&deep, dir.join("copy"), &tree())).unwrap();
        let copied = fs::walk(dir.join("copy"), &WalkOptions::default()).unwrap();
        assert_eq!(copied.map(Result::unwrap).count(), depth);
        // Beyond PATH_MAX the system says so, here as in Node, and what was copied stays.
        let further = (0..12).fold(dir.join("far"), |at, _| at.join("x".repeat(250)));
        let long = op!(run, cp_sync / cp(&deep, &further, &tree())).unwrap_err();
        assert_eq!(long.code(), Code::ENAMETOOLONG);
        for name in ["deep", "copy", "far"] {
            op!(run, rm_sync / rm(dir.join(name), &recursive())).unwrap();
        }

        let odd = OsStr::from_bytes(b"\xff\xfe not UTF-8\n");
        make(dir, &["o/"]);
        std::fs::write(dir.join("o").join(odd), "x").unwrap();
        symlink(odd, dir.join("o/l")).unwrap();
        symlink("loop", dir.join("o/loop")).unwrap();
        op!(run, cp_sync / cp(dir.join("o"), dir.join("p"), &tree().verbatim_symlinks(true))).unwrap();
        assert_eq!(std::fs::read(dir.join("p").join(odd)).unwrap(), b"x");
        assert_eq!(std::fs::read_link(dir.join("p/l")).unwrap(), odd);
        let found = op!(run, glob_sync / glob("*UTF*", &GlobOptions::default().cwd(dir.join("p")))).unwrap();
        assert_eq!(found.iter().map(|entry| entry.path()).collect::<Vec<_>>(), [Path::new(odd)]);
        let looped =
            op!(run, cp_sync / cp(dir.join("o"), dir.join("q"), &tree().dereference(true))).unwrap_err();
        assert_eq!((looped.code(), looped.syscall()), (Code::ELOOP, Some("stat")));
        op!(run, rm_sync / rm(dir.join("p"), &recursive())).unwrap();
        assert!(!dir.join("p").exists());
    });
}

#[test]
fn cp_refuses() {
    in_each_form("cp-refuses", |run, dir| {
        make(dir, &["f", "g", "d/e/f", "full/f"]);
        symlink("d", dir.join("l")).unwrap();
        assert!(Command::new("mkfifo").arg(dir.join("fifo")).status().unwrap().success());
        let _socket = std::os::unix::net::UnixListener::bind(dir.join("socket")).unwrap();
        let plain = CpOptions::default();
        let refusals: &[(&str, &str, CpOptions, Code, &str)] = &[
            (
                "f",
                "f",
                plain.clone(),
                Code::FsCpEinval,
                "Invalid src or dest: cp returned EINVAL (src and dest cannot be the same) $/f",
            ),
            (
                "d",
                "d/x",
                tree(),
                Code::FsCpEinval,
                "Invalid src or dest: cp returned EINVAL (cannot copy $/d to a subdirectory of self $/d/x) $/d/x",
            ),
            (
                "d",
                "l/x",
                tree(),
                Code::FsCpEinval,
                "Invalid src or dest: cp returned EINVAL (cannot copy $/d to a subdirectory of self $/l/x) $/l/x",
            ),
            (
                "d",
                "f",
                tree(),
                Code::FsCpDirToNonDir,
                "Cannot overwrite non-directory with directory: cp returned EISDIR (cannot overwrite non-directory $/f with directory $/d) $/f",
            ),
            (
                "f",
                "d",
                tree(),
                Code::FsCpNonDirToDir,
                "Cannot overwrite directory with non-directory: cp returned ENOTDIR (cannot overwrite directory $/d with non-directory $/f) $/d",
            ),
            (
                "d",
                "n",
                plain.clone(),
                Code::FsEisdir,
                "Path is a directory: cp returned EISDIR ($/d is a directory (not copied)) $/d",
            ),
            (
                "f",
                "g",
                plain.clone().force(false).error_on_exist(true),
                Code::FsCpEexist,
                "Target already exists: cp returned EEXIST ($/g already exists) $/g",
            ),
            (
                "fifo",
                "n",
                plain.clone(),
                Code::FsCpFifoPipe,
                "Cannot copy a FIFO pipe: cp returned EINVAL (cannot copy a FIFO pipe: $/n) $/n",
            ),
            (
                "socket",
                "n",
                plain.clone(),
                Code::FsCpSocket,
                "Cannot copy a socket file: cp returned EINVAL (cannot copy a socket file: $/n) $/n",
            ),
            ("none", "n", plain.clone(), Code::ENOENT, "ENOENT: no such file or directory, lstat '$/none'"),
            ("f", "g/x", plain.clone(), Code::ENOTDIR, "ENOTDIR: not a directory, lstat '$/g/x'"),
            ("l", "f", plain.clone(), Code::EEXIST, "EEXIST: file already exists, symlink '$/d' -> '$/f'"),
            ("f", "n", plain.clone().mode(8), Code::OutOfRange, ""),
            (
                "f",
                "n",
                plain.clone().dereference(true).verbatim_symlinks(true),
                Code::IncompatibleOptionPair,
                "Option \"dereference\" cannot be used in combination with option \"verbatimSymlinks\"",
            ),
        ];
        for (src, dest, options, code, expected) in refusals {
            let error = op!(run, cp_sync / cp(dir.join(src), dir.join(dest), options)).unwrap_err();
            assert_eq!(error.code(), *code, "{src} to {dest}: {error}");
            assert!(expected.is_empty() || text(&error, dir) == *expected, "{}", text(&error, dir));
            assert!(!dir.join("n").exists());
        }
        // A link to a directory above its own target.
        make(dir, &["a/b/", "m/", "n/"]);
        symlink("../a", dir.join("m/l")).unwrap();
        symlink("../a/b", dir.join("n/l")).unwrap();
        let above = op!(run, cp_sync / cp(dir.join("n"), dir.join("m"), &tree())).unwrap_err();
        assert_eq!(above.code(), Code::FsCpSymlinkToSubdirectory);
        let below = op!(run, cp_sync / cp(dir.join("m"), dir.join("n"), &tree())).unwrap_err();
        assert_eq!(below.code(), Code::FsCpEinval);
    });
}

#[test]
fn cp_copies_as_asked() {
    in_each_form("cp", |run, dir| {
        make(dir, &["d/f", "d/e/x", "old/f", "old/e/y"]);
        std::fs::write(dir.join("old/f"), "old").unwrap();
        std::fs::set_permissions(dir.join("d/f"), std::fs::Permissions::from_mode(0o444)).unwrap();
        std::fs::set_permissions(dir.join("d/e"), std::fs::Permissions::from_mode(0o750)).unwrap();
        fs::utimes_sync(dir.join("d/f"), 1000.0, 2000.0).unwrap();
        symlink("f", dir.join("d/l")).unwrap();
        fs::utimes_sync(dir.join("d/e"), 1000.0, 3000.0).unwrap();
        let cp = |src: &str, dest: &str, options: &CpOptions| {
            op!(run, cp_sync / cp(dir.join(src), dir.join(dest), options))
        };
        let mode = |name: &str| fs::stat_sync(dir.join(name)).unwrap().mode() & 0o777;

        cp("d", "up/above/new", &tree().preserve_timestamps(true)).unwrap();
        assert_eq!(all(&dir.join("up/above/new")), ["e", "e/x", "f", "l"]);
        assert_eq!((mode("up/above/new/f"), mode("up/above/new/e")), (0o444, 0o750));
        let stats = fs::stat_sync(dir.join("up/above/new/f")).unwrap();
        // Reading it may have been the last access.
        assert_eq!(stats.mtime_ms(), 2_000_000.0);
        assert_eq!(fs::stat_sync(dir.join("up/above/new/e")).unwrap().mtime_ms(), 3_000_000.0);
        // One that was there as well.
        std::fs::create_dir_all(dir.join("up/there/e")).unwrap();
        cp("d", "up/there", &tree().preserve_timestamps(true)).unwrap();
        assert_eq!(fs::stat_sync(dir.join("up/there/e")).unwrap().mtime_ms(), 3_000_000.0);
        assert_eq!(std::fs::read_link(dir.join("up/above/new/l")).unwrap(), dir.join("d/f"));

        cp("d", "verbatim", &tree().verbatim_symlinks(true)).unwrap();
        assert_eq!(std::fs::read_link(dir.join("verbatim/l")).unwrap(), Path::new("f"));
        assert!(fs::stat_sync(dir.join("verbatim/f")).unwrap().mtime_ms() > 1e12, "times are new");
        cp("d", "plain", &tree().dereference(true)).unwrap();
        assert!(!fs::lstat_sync(dir.join("plain/l")).unwrap().is_symbolic_link());

        cp("d", "old", &tree().force(false)).unwrap();
        assert_eq!(std::fs::read(dir.join("old/f")).unwrap(), b"old");
        cp("d", "old", &tree()).unwrap();
        assert_eq!(std::fs::read(dir.join("old/f")).unwrap(), b"d/f");
        assert_eq!(all(&dir.join("old")), ["e", "e/x", "e/y", "f", "l"]);
        let exists = cp("d", "old", &tree().force(false).error_on_exist(true)).unwrap_err();
        assert_eq!(exists.code(), Code::FsCpEexist);
    });
}

#[test]
fn cp_filters() {
    in_each_form("cp-filter", |run, dir| {
        make(dir, &["d/a/x", "d/b/y", "d/f"]);
        let asked = Rc::new(RefCell::new(Vec::new()));
        let log = Rc::clone(&asked);
        let wanted = move |src: &Path, _dest: &Path| {
            log.borrow_mut().push(src.file_name().unwrap().to_str().unwrap().to_owned());
            !src.ends_with("b")
        };
        let wanted = Rc::new(wanted);
        let now = Rc::clone(&wanted);
        let options = tree().filter(move |src, dest| Ok(now(src, dest)));
        op!(run, cp_sync / cp(dir.join("d"), dir.join("n"), &options)).unwrap();
        assert_eq!(all(&dir.join("n")), ["a", "a/x", "f"]);
        let mut seen = asked.take();
        assert_eq!(seen[0], "d");
        seen.sort();
        assert_eq!(seen, ["a", "b", "d", "f", "x"]);

        // Nothing is looked at if it says no; its errors are the copy's.
        let no = tree().filter(|_, _| Ok(false));
        op!(run, cp_sync / cp(dir.join("none"), dir.join("m"), &no)).unwrap();
        let fails = tree().filter(|src, _| match src.ends_with("d") {
            true => Ok(true),
            false => Err(Error::new(Code::OperationFailed, "no")),
        });
        let error = op!(run, cp_sync / cp(dir.join("d"), dir.join("m"), &fails)).unwrap_err();
        assert_eq!((error.code(), all(&dir.join("m")).len()), (Code::OperationFailed, 0));

        let lp = run.lp.clone();
        let later = tree().filter_async(move |src, dest| {
            let (lp, wanted) = (lp.clone(), Rc::clone(&wanted));
            async move {
                // Somewhere else for a while.
                promises::stat(&lp, &src).await?;
                Ok(wanted(&src, &dest))
            }
        });
        let outcome = op!(run, cp_sync / cp(dir.join("d"), dir.join("later"), &later));
        if run.form == Form::Sync {
            let error = outcome.unwrap_err();
            assert_eq!(error.code(), Code::InvalidReturnValue);
            let promise = "Expected boolean to be returned from the \"filter\" function but got an instance of Promise.";
            assert_eq!(error.to_string(), promise);
        }
    });
}

/// The loop must not be in a callback, nor in `block_on`, to run another form: so by hand.
#[test]
fn an_asynchronous_filter_is_waited_for() {
    let dir = Scratch::new("cp-later");
    make(&dir.0, &["d/a/x", "d/b/y"]);
    let lp = EventLoop::new().unwrap();
    let inner = lp.clone();
    let options = tree().filter_async(move |src, dest| {
        let lp = inner.clone();
        async move {
            promises::stat(&lp, &src).await?;
            assert!(!dest.exists());
            Ok(!src.ends_with("b"))
        }
    });
    lp.block_on(promises::cp(&lp, dir.0.join("d"), dir.0.join("n"), &options)).unwrap();
    assert_eq!(all(&dir.0.join("n")), ["a", "a/x"]);
}

#[test]
fn aborting_and_progress() {
    let dir = Scratch::new("abort");
    let many: Vec<String> = (0..60).map(|n| format!("d/{}/{n}", n % 7)).collect();
    make(&dir.0, &many.iter().map(String::as_str).collect::<Vec<_>>());
    let lp = EventLoop::new().unwrap();
    lp.block_on(promises::stat(&lp, "/")).unwrap();

    // Aborted before it began, and while it asks.
    let aborted = AbortController::new();
    aborted.abort();
    let early = tree().signal(&aborted.signal());
    let error = lp.block_on(promises::cp(&lp, dir.0.join("d"), dir.0.join("n"), &early)).unwrap_err();
    assert_eq!((error.code(), error.class()), (Code::Abort, Class::AbortError));
    assert!(error.cause().is_some() && !dir.0.join("n").exists());
    let controller = AbortController::new();
    let asked = Rc::new(Cell::new(0));
    let (count, stop) = (Rc::clone(&asked), controller.clone());
    let midway = tree().signal(&controller.signal()).filter(move |_, _| {
        count.set(count.get() + 1);
        if count.get() == 5 {
            stop.abort();
        }
        Ok(true)
    });
    let error = lp.block_on(promises::cp(&lp, dir.0.join("d"), dir.0.join("n"), &midway)).unwrap_err();
    assert_eq!((error.code(), asked.get()), (Code::Abort, 5));

    // A request that is cancelled calls back all the same, once.
    let outcome = Rc::new(Cell::new(None));
    let told = Rc::clone(&outcome);
    let never = tree().filter_async(|_, _| std::future::pending());
    let request = fs::cp(&lp, dir.0.join("d"), dir.0.join("m"), &never, move |result| {
        assert!(told.replace(Some(result)).is_none());
    });
    let request = Rc::new(request.unwrap());
    let later = Rc::clone(&request);
    lp.set_timeout(20.0, move || assert!(later.cancel()));
    lp.run(RunMode::Default);
    assert_eq!(outcome.take().unwrap().unwrap_err().code(), Code::ECANCELED);
    assert!(!request.cancel());
    drop(promises::rm(&lp, dir.0.join("d"), &recursive()));
    lp.run(RunMode::Default);

    // Progress comes at the end at least.
    let told = Rc::new(RefCell::new(Vec::new()));
    let log = Rc::clone(&told);
    let listening = recursive().force(true).on_progress(move |progress| {
        log.borrow_mut().push((progress.entries, progress.path.clone()));
    });
    make(&dir.0, &["p/a", "p/b/c"]);
    lp.block_on(promises::rm(&lp, dir.0.join("p"), &listening)).unwrap();
    assert_eq!(told.take(), [(4, dir.0.join("p"))]);
    make(&dir.0, &["p/a", "p/b/c"]);
    fs::rm_sync(dir.0.join("p"), &listening).unwrap();
    assert_eq!(told.take().len(), 1);

    // A loop that goes with a tree under way drops the callback.
    for _ in 0..20 {
        let other = EventLoop::new().unwrap();
        let search =
            fs::glob(&other, "/usr/**", &GlobOptions::default(), |_| panic!("called after the loop went"));
        drop((search.unwrap(), other));
    }
}

fn names(dir: &Dir) -> Vec<String> {
    let mut all = Vec::new();
    while let Some(entry) = dir.read_sync().unwrap() {
        all.push(String::from_utf8(entry.name().to_vec()).unwrap());
    }
    all.sort();
    all
}

#[test]
fn dir_reads_and_closes() {
    in_each_form("dir", |run, dir| {
        make(dir, &["a", "b/c/d", "e"]);
        let open =
            |name: &str, options: OpendirOptions| op!(run, opendir_sync / opendir(dir.join(name), &options));
        let plain = OpendirOptions::default();
        let missing = open("none", plain).unwrap_err();
        assert_eq!(text(&missing, dir), "ENOENT: no such file or directory, opendir '$/none'");
        assert_eq!(open("a", plain).unwrap_err().code(), Code::ENOTDIR);
        let nothing = open("b", plain.buffer_size(0)).unwrap_err();
        assert_eq!(
            nothing.to_string(),
            "The value of \"options.bufferSize\" is out of range. It must be >= 1 && <= 4294967295. Received 0"
        );
        let all = open(".", plain.buffer_size(1)).unwrap();
        assert_eq!(all.path(), dir.join("."));
        assert_eq!(names(&all), ["a", "b", "e"]);
        assert_eq!(all.read_sync(), Ok(None));
        all.close_sync().unwrap();
        let text = "Directory handle was closed";
        assert_eq!(all.read_sync().unwrap_err().to_string(), text);
        assert_eq!(all.close_sync().unwrap_err().code(), Code::DirClosed);
        assert_eq!(names(&open(".", plain.recursive(true)).unwrap()), ["a", "b", "c", "d", "e"]);
    });
}

#[test]
fn dir_serves_in_order() {
    let scratch = Scratch::new("dir-order");
    make(&scratch.0, &["a", "b", "c"]);
    let lp = EventLoop::new().unwrap();
    let dir = lp.block_on(promises::opendir(&lp, &scratch.0, &OpendirOptions::default())).unwrap();
    let log = Rc::new(RefCell::new(Vec::new()));
    for _ in 0..4 {
        let log = Rc::clone(&log);
        dir.read(&lp, move |entry| log.borrow_mut().push(entry.unwrap().map_or(0, |entry| entry.name()[0])));
    }
    let text = "Cannot do synchronous work on directory handle with concurrent asynchronous operations";
    assert_eq!(dir.read_sync().unwrap_err().to_string(), text);
    assert_eq!(dir.close_sync().unwrap_err().code(), Code::DirConcurrentOperation);
    let closed = Rc::clone(&log);
    dir.close(&lp, move |outcome| {
        outcome.unwrap();
        closed.borrow_mut().push(1);
    });
    let late = Rc::new(Cell::new(None));
    let told = Rc::clone(&late);
    dir.read(&lp, move |entry| told.set(Some(entry.unwrap_err().code())));
    assert!(log.borrow().is_empty() && late.get().is_none(), "called back before the function returned");
    lp.run(RunMode::Default);
    let mut log = log.take();
    assert_eq!(log[3..], [0, 1]);
    log[..3].sort_unstable();
    assert_eq!(log[..3], *b"abc");
    assert_eq!(late.get(), Some(Code::DirClosed));

    // An iteration that ends, or is dropped, closes.
    for whole in [true, false] {
        let dir = lp.block_on(promises::opendir(&lp, &scratch.0, &OpendirOptions::default())).unwrap();
        let mut entries = dir.clone().entries(&lp);
        let count = lp.block_on(async {
            let mut count = 0;
            while let Some(_entry) = entries.next().await.unwrap() {
                count += 1;
                if !whole {
                    break;
                }
            }
            count
        });
        assert_eq!(count, if whole { 3 } else { 1 });
        drop(entries);
        assert_eq!(dir.close_sync().unwrap_err().code(), Code::DirClosed);
        lp.run(RunMode::Default);
    }
    drop(promises::opendir(&lp, &scratch.0, &OpendirOptions::default()));
    lp.run(RunMode::Default);
}

#[test]
fn dir_goes_step_by_step() {
    let scratch = Scratch::new("dir-next");
    make(&scratch.0, &["a", "b"]);
    let lp = EventLoop::new().unwrap();
    let dir = fs::opendir_sync(&scratch.0, &OpendirOptions::default()).unwrap();
    let names = Rc::new(RefCell::new(Vec::new()));
    for _ in 0..3 {
        let (names, own) = (Rc::clone(&names), dir.clone());
        dir.next(&lp, move |entry| {
            let entry = entry.unwrap();
            let closed = own.close_sync().is_err_and(|error| error.code() == Code::DirClosed);
            names.borrow_mut().push((entry.map_or(0, |entry| entry.name()[0]), closed));
        });
    }
    lp.run(RunMode::Default);
    let mut names = names.take();
    assert_eq!(names.pop(), Some((0, true)), "closed before the end is told");
    names.sort_unstable();
    assert_eq!(names, [(b'a', false), (b'b', false)]);
    let code = Rc::new(Cell::new(None));
    let told = Rc::clone(&code);
    dir.next(&lp, move |entry| told.set(entry.err().map(|error| error.code())));
    lp.run(RunMode::Default);
    assert_eq!(code.get(), Some(Code::DirClosed));

    // What waits when the loop goes does not keep the directory, nor itself.
    let kept = Rc::new(());
    let dir = fs::opendir_sync(&scratch.0, &OpendirOptions::default()).unwrap();
    for _ in 0..3 {
        let kept = Rc::clone(&kept);
        dir.next(&lp, move |_| drop(kept));
    }
    drop((lp, dir));
    assert_eq!(Rc::strong_count(&kept), 1);
}

#[test]
fn temporary_directories_go() {
    let scratch = Scratch::new("temp");
    let lp = EventLoop::new().unwrap();
    let prefix = scratch.0.join("t-");
    let made = fs::mkdtemp_disposable_sync(&prefix).unwrap();
    make(made.path(), &["a/b"]);
    let path = made.path().to_owned();
    assert_eq!(path.to_str().unwrap().len(), prefix.to_str().unwrap().len() + 6);
    made.remove_sync().unwrap();
    made.remove_sync().unwrap();
    assert!(!path.exists());
    let made = lp.block_on(promises::mkdtemp_disposable(&lp, &prefix)).unwrap();
    make(made.path(), &["a/b"]);
    lp.block_on(made.remove(&lp)).unwrap();
    assert!(!made.path().exists());
    let given = Rc::new(Cell::new(None));
    let told = Rc::clone(&given);
    fs::mkdtemp_disposable(&lp, &prefix, move |made| told.set(Some(made.unwrap()))).unwrap();
    assert!(given.take().is_none(), "called back before the function returned");
    lp.run(RunMode::Default);
    let made = given.take().unwrap();
    let path = made.path().to_owned();
    assert!(path.exists());
    drop(made);
    assert!(!path.exists());
    let kept = fs::mkdtemp_disposable_sync(&prefix).unwrap().keep();
    assert!(kept.exists());
    let error = lp.block_on(promises::mkdtemp_disposable(&lp, scratch.0.join("none/t-"))).unwrap_err();
    assert!(text(&error, &scratch.0).starts_with("ENOENT: no such file or directory, mkdtemp '$/none/t-"));
}

#[test]
fn glob_finds() {
    in_each_form("glob", |run, dir| {
        make(dir, &["a/f.js", "a/b/g.js", "f.js", ".h.js", "z/"]);
        symlink("a", dir.join("l")).unwrap();
        symlink("..", dir.join("a/up")).unwrap();
        let options = GlobOptions::default().cwd(dir);
        let find = |patterns: &[&str], options: &GlobOptions| -> Vec<String> {
            let found = op!(run, glob_sync / glob(patterns, options)).unwrap();
            found.iter().map(|entry| entry.path().to_str().unwrap().to_owned()).collect()
        };
        assert_eq!(find(&["*"], &options), ["a", "f.js", "l", "z"]);
        assert_eq!(find(&["**/*.js"], &options), ["f.js", "a/f.js", "a/b/g.js"]);
        assert_eq!(find(&["*.js", "a/*", "f.js"], &options), ["f.js", "a/b", "a/f.js", "a/up"]);
        assert_eq!(find(&["**/"], &options), [".", "z", "a", "a/b"]);
        assert_eq!(find(&["l/*"], &options), ["l/b", "l/f.js", "l/up"]);
        assert_eq!(find(&[], &options), [""; 0]);
        let follow = options.clone().follow_symlinks(true);
        assert_eq!(
            find(&["**/*.js"], &follow),
            ["f.js", "l/f.js", "l/b/g.js", "a/f.js", "a/b/g.js"],
            "the link to the directory above is not gone through"
        );
        let without = options.clone().exclude(["a/b", "z/**"]);
        assert_eq!(find(&["**"], &without), [".", "f.js", "l", "a", "a/f.js", "a/up"]);
        let asked = Rc::new(RefCell::new(Vec::new()));
        let log = Rc::clone(&asked);
        let chosen = options.clone().exclude_fn(move |entry| {
            log.borrow_mut().push(entry.path());
            Ok(entry.is_directory() && entry.name() == b"b")
        });
        assert_eq!(find(&["**/*.js"], &chosen), ["f.js", "a/f.js"]);
        let mut expected: Vec<PathBuf> =
            ["a", "f.js", "z", "a/b", "a/f.js"].map(|name| dir.join(name)).into();
        let mut seen = asked.take();
        seen.sort();
        expected.sort();
        assert_eq!(seen, expected, "each once, and only what a pattern can match");
        let failing = options.clone().exclude_fn(|_| Err(Error::new(Code::OperationFailed, "no")));
        let error = op!(run, glob_sync / glob("**", &failing)).unwrap_err();
        assert_eq!(error.code(), Code::OperationFailed);
        let found = op!(run, glob_sync / glob("a/b", &options)).unwrap();
        let entry = found[0].entry();
        assert!(entry.is_directory() && entry.parent_path() == dir.join("a").as_os_str().as_bytes());
        let long = op!(run, glob_sync / glob("x".repeat(70_000), &options)).unwrap_err();
        assert_eq!(long.to_string(), "pattern is too long");
        assert_eq!(
            op!(run, glob_sync / glob("*", &options.clone().cwd("a\0"))).unwrap_err().code(),
            Code::InvalidArgValue
        );
    });
}

#[test]
fn walks() {
    let scratch = Scratch::new("walk");
    let dir = &scratch.0;
    make(dir, &["a/b/c", "a/d", "e"]);
    symlink("..", dir.join("a/up")).unwrap();
    symlink("a", dir.join("l")).unwrap();
    symlink("none", dir.join("broken")).unwrap();
    assert_eq!(all(dir), ["a", "a/b", "a/b/c", "a/d", "a/up", "broken", "e", "l"]);
    let list = |options: WalkOptions, skip: &str| {
        let mut walk = fs::walk(dir, &options.sorted(true)).unwrap();
        let mut all = Vec::new();
        while let Some(entry) = walk.next() {
            let entry = entry.unwrap();
            assert_eq!(walk.depth(), entry.path().strip_prefix(dir).unwrap().components().count());
            if entry.name() == skip.as_bytes() {
                walk.skip_directory();
            }
            all.push(String::from_utf8(entry.name().to_vec()).unwrap());
        }
        all.join(" ")
    };
    let plain = WalkOptions::default();
    assert_eq!(list(plain, "b"), "a b d up broken e l");
    assert_eq!(list(plain.max_depth(1), ""), "a broken e l");
    assert_eq!(list(plain.max_depth(0), ""), "");
    assert_eq!(list(plain.follow_symlinks(true), ""), "a b c d up broken e l b c d up");
    // The same from a loop, in all forms.
    let lp = EventLoop::new().unwrap();
    let list_from_loop = |options: WalkOptions, skip: &str| {
        let walk = AsyncWalk::from(fs::walk(dir, &options.sorted(true)).unwrap());
        let mut all = Vec::new();
        loop {
            let entry = match all.len() % 2 {
                0 => lp.block_on(walk.next_future(&lp)),
                _ => walk.next_sync(),
            };
            let Some(entry) = entry.unwrap() else { break };
            assert_eq!(walk.depth(), entry.path().strip_prefix(dir).unwrap().components().count());
            if entry.name() == skip.as_bytes() {
                walk.skip_directory();
            }
            all.push(String::from_utf8(entry.name().to_vec()).unwrap());
        }
        all.join(" ")
    };
    for (options, skip) in [
        (plain, "b"),
        (plain, "a"),
        (plain.max_depth(1), ""),
        (plain.max_depth(0), ""),
        (plain.follow_symlinks(true), "l"),
    ] {
        assert_eq!(list_from_loop(options, skip), list(options, skip));
    }
    let walk = AsyncWalk::from(fs::walk(dir, &plain.sorted(true)).unwrap());
    let names = Rc::new(RefCell::new(Vec::new()));
    for _ in 0..8 {
        let (names, own) = (Rc::clone(&names), walk.clone());
        walk.next(&lp, move |entry| {
            let entry = entry.unwrap();
            if entry.as_ref().is_some_and(|entry| entry.name() == b"a") {
                own.skip_directory();
            }
            names.borrow_mut().push(entry.map_or(0, |entry| entry.name()[0]));
        });
    }
    assert_eq!(walk.next_sync().unwrap_err().code(), Code::DirConcurrentOperation);
    assert!(names.borrow().is_empty(), "called back before the function returned");
    lp.run(RunMode::Default);
    assert_eq!(names.take(), *b"abel\0\0\0\0", "each may skip before the next sets out");
    let lost = AsyncWalk::from(fs::walk(dir.join("none"), &plain).unwrap());
    assert_eq!(lp.block_on(lost.next_future(&lp)).unwrap_err().syscall(), Some("scandir"));
    assert!(lp.block_on(lost.next_future(&lp)).unwrap().is_none());
    let kept = Rc::new(());
    for _ in 0..3 {
        let kept = Rc::clone(&kept);
        lost.next(&lp, move |_| drop(kept));
    }
    drop((lp, lost));
    assert_eq!(Rc::strong_count(&kept), 1, "what waits goes with the loop and the walk");

    let mut none = fs::walk(dir.join("none"), &plain).unwrap();
    assert_eq!(none.next().unwrap().unwrap_err().syscall(), Some("scandir"));
    assert!(none.next().is_none());
    assert_eq!(fs::walk("a\0b", &plain).unwrap_err().code(), Code::InvalidArgValue);
}

/// Somebody else removes the same tree, or adds to it.
#[test]
fn trees_that_change() {
    in_each_form("change", |run, dir| {
        for round in 0..5 {
            let many: Vec<String> = (0..300).map(|n| format!("d/{}/{n}", n % 10)).collect();
            make(dir, &many.iter().map(String::as_str).collect::<Vec<_>>());
            let at = dir.join("d");
            let other = std::thread::spawn({
                let at = at.clone();
                move || fs::rm_sync(at, &recursive().force(true))
            });
            let copied = op!(run, cp_sync / cp(&at, dir.join(format!("c{round}")), &tree()));
            let ours = op!(run, rm_sync / rm(&at, &recursive().force(true)));
            assert_eq!((other.join().unwrap(), ours), (Ok(()), Ok(())));
            assert!(copied.is_ok() || copied.is_err_and(|error| error.code() == Code::ENOENT));
            assert!(!at.exists());
        }
    });
}

#[test]
fn permission_refused_half_way() {
    // For root nothing is refused.
    if std::fs::read_dir("/root").is_ok() {
        eprintln!("permission_refused_half_way: skipped, since this is root");
        return;
    }
    in_each_form("refused", |run: &Runner, dir| {
        make(dir, &["d/a/f", "d/b/f"]);
        let set =
            |mode| std::fs::set_permissions(dir.join("d/a"), std::fs::Permissions::from_mode(mode)).unwrap();
        set(0o555);
        let error = op!(run, rm_sync / rm(dir.join("d"), &recursive())).unwrap_err();
        assert_eq!(text(&error, dir), "EACCES: permission denied, unlink '$/d/a/f'");
        set(0);
        let error = op!(run, rm_sync / rm(dir.join("d"), &recursive())).unwrap_err();
        assert_eq!(text(&error, dir), "EACCES: permission denied, scandir '$/d/a'");
        let error = op!(run, cp_sync / cp(dir.join("d"), dir.join("n"), &tree())).unwrap_err();
        assert_eq!(error.code(), Code::EACCES);
        set(0o755);
    });
}
