//! Trees that are large enough for several threads.

#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

mod common;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use common::{Form, Runner, Scratch, in_each_form};
use nodecore_error::Code;
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_fs::{self as fs, CpOptions, RmOptions, WalkOptions, promises};

/// Directories of every size within each other, some empty, some with odd permissions. Returns how many entries.
fn plant(root: &Path) -> u64 {
    let mut count = 1;
    let mut level = vec![root.to_path_buf()];
    std::fs::create_dir(root).unwrap();
    for depth in 0..4 {
        let mut next = Vec::new();
        for (n, dir) in level.iter().enumerate() {
            for file in 0..(n * 5 % 11) {
                std::fs::write(dir.join(format!("f{file}")), format!("{n} {file}")).unwrap();
                count += 1;
            }
            for sub in 0..(if depth < 3 { 6 - n % 3 } else { 0 }) {
                let at = dir.join(format!("d{sub}"));
                std::fs::create_dir(&at).unwrap();
                next.push(at);
                count += 1;
            }
            // None that is broken: `cp` refuses to copy that over another link, as in Node.
            if n % 5 == 0 && n % 11 > 0 {
                std::os::unix::fs::symlink("f0", dir.join("l")).unwrap();
                count += 1;
            }
        }
        level = next;
    }
    for dir in level.iter().step_by(3) {
        std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o711)).unwrap();
    }
    count
}

/// What there is: of each path the permissions, and what is in it.
fn all(root: &Path) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
    let walk = fs::walk(root, &WalkOptions::default()).unwrap();
    let entries = walk.map(|entry| {
        let entry = entry.unwrap();
        let path = entry.path();
        let mode = std::fs::symlink_metadata(&path).unwrap().permissions().mode();
        let content = match () {
            () if entry.is_file() => std::fs::read(&path).unwrap(),
            () if entry.is_symbolic_link() => {
                std::fs::read_link(&path).unwrap().into_os_string().into_encoded_bytes()
            }
            () => Vec::new(),
        };
        (path.strip_prefix(root).unwrap().to_path_buf(), (mode, content))
    });
    entries.collect()
}

fn tree() -> CpOptions {
    CpOptions::default().recursive(true).verbatim_symlinks(true)
}

fn recursive() -> RmOptions {
    RmOptions::default().recursive(true)
}

#[test]
fn large_trees_are_copied_and_removed_whole() {
    in_each_form("large", |run, dir| {
        let (from, to) = (dir.join("from"), dir.join("to"));
        let count = plant(&from);
        assert!(count > 1000, "{count}");
        let told = Rc::new(RefCell::new(Vec::new()));
        let log = Rc::clone(&told);
        let copying = tree().on_progress(move |progress| log.borrow_mut().push(progress.entries));
        op!(run, cp_sync / cp(&from, &to, &copying)).unwrap();
        assert_eq!(all(&from), all(&to));
        let log = told.take();
        assert!(log.is_sorted() && log.last() == Some(&count), "{log:?} of {count}");
        // Over what is there, and with the times.
        op!(run, cp_sync / cp(&from, &to, &tree().preserve_timestamps(true))).unwrap();
        assert_eq!(all(&from), all(&to));
        let log = Rc::clone(&told);
        let removing = recursive().on_progress(move |progress| log.borrow_mut().push(progress.entries));
        op!(run, rm_sync / rm(&to, &removing)).unwrap();
        assert!(!to.exists());
        let log = told.take();
        assert!(log.is_sorted() && log.last() == Some(&count), "{log:?} of {count}");
    });
}

/// After the callback nobody goes on, whatever thread it was.
#[test]
fn an_error_in_a_large_tree_ends_all_of_it() {
    in_each_form("large-error", |run, dir| {
        let (from, to) = (dir.join("from"), dir.join("to"));
        plant(&from);
        let bad = from.join("d3/d2/d1/pipe");
        nix_fifo(&bad);
        let error = op!(run, cp_sync / cp(&from, &to, &tree())).unwrap_err();
        assert_eq!(error.code(), Code::FsCpFifoPipe);
        assert_eq!(error.path(), Some(to.join("d3/d2/d1/pipe").as_os_str().as_encoded_bytes()));
        let left = all(&to);
        std::thread::sleep(Duration::from_millis(20));
        assert_eq!(all(&to), left);
        assert!(left.len() < all(&from).len());
        op!(run, rm_sync / rm(&from, &recursive())).unwrap();
        assert!(!from.exists());
    });
}

fn nix_fifo(path: &Path) {
    assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn a_large_tree_can_be_cancelled_at_any_time() {
    let dir = Scratch::new("large-cancel");
    let (from, to) = (dir.0.join("from"), dir.0.join("to"));
    let count = plant(&from);
    let (mut stopped, mut slow) = (0, 0.0);
    for round in 0..10 {
        let lp = EventLoop::new().unwrap();
        let outcome = Rc::new(Cell::new(None));
        let told = Rc::clone(&outcome);
        let done = move |result| assert!(told.replace(Some(result)).is_none(), "called twice");
        let removing = round % 2 == 1;
        let request = match removing {
            true => fs::rm(&lp, &to, &recursive(), done),
            false => fs::cp(&lp, &from, &to, &tree(), done),
        };
        let request = request.unwrap();
        let asked = Rc::new(Cell::new(false));
        let flag = Rc::clone(&asked);
        lp.set_timeout(slow, move || flag.set(request.cancel()));
        slow += 2.0;
        lp.run(RunMode::Default);
        let left = to.exists().then(|| all(&to));
        std::thread::sleep(Duration::from_millis(10));
        assert_eq!(to.exists().then(|| all(&to)), left, "it went on");
        match outcome.take().unwrap() {
            Ok(()) => assert_eq!(left.map(|left| left.len() as u64 + 1), (!removing).then_some(count)),
            Err(error) => {
                assert_eq!((error.code(), asked.get()), (Code::ECANCELED, true));
                stopped += 1;
            }
        }
        fs::rm_sync(&to, &recursive().force(true)).unwrap();
        if !removing {
            fs::cp_sync(&from, &to, &tree()).unwrap();
        }
    }
    assert!(stopped > 0, "none was cancelled");
    // Futures that are dropped, and a loop that goes.
    for _ in 0..4 {
        let lp = EventLoop::new().unwrap();
        drop(promises::cp(&lp, &from, &to, &tree()));
        lp.run(RunMode::Once);
        let _late = fs::rm(&lp, &to, &recursive().force(true), |_| ()).unwrap();
        lp.run(RunMode::Once);
    }
}

/// Two on the same tree: neither mistakes what the other has removed for an error.
#[test]
fn two_remove_the_same_large_tree() {
    let dir = Scratch::new("large-two");
    for _ in 0..2 {
        let at = dir.0.join("at");
        plant(&at);
        let run = Runner::new(Form::Callback);
        let options = recursive().force(true);
        let both = Rc::new(Cell::new(0));
        for _ in 0..2 {
            let count = Rc::clone(&both);
            let done = move |result: nodecore_error::Result<()>| {
                result.unwrap();
                count.set(count.get() + 1);
            };
            fs::rm(&run.lp, &at, &options, done).unwrap();
        }
        run.lp.run(RunMode::Default);
        assert_eq!((both.get(), at.exists()), (2, false));
    }
}
