//! Directories and whole trees.

use nodecore::event_loop::EventLoop;
use nodecore::fs::{CpOptions, GlobOptions, ReaddirOptions, RmOptions, promises};

use super::{file, measure_after, measure_once, must};

pub(super) fn readdir_types() {
    let (lp, dir) = (must(EventLoop::new()), file("dir"));
    let options = ReaddirOptions::default().with_file_types(true);
    measure_once(|| {
        let entries = must(lp.block_on(promises::readdir(&lp, &dir, &options)));
        entries.iter().filter(|entry| entry.is_file()).count()
    });
}

pub(super) fn readdir_recursive() {
    let (lp, dir) = (must(EventLoop::new()), file("tree"));
    let options = ReaddirOptions::default().recursive(true);
    measure_once(|| must(lp.block_on(promises::readdir(&lp, &dir, &options))).len());
}

pub(super) fn glob() {
    let lp = must(EventLoop::new());
    let options = GlobOptions::default().cwd(file("tree"));
    measure_once(|| must(lp.block_on(promises::glob(&lp, "**/*7.txt", &options))).len());
}

fn copy(lp: &EventLoop, to: &str) {
    must(lp.block_on(promises::cp(lp, file("tree"), to, &CpOptions::default().recursive(true))));
}

/// For a peer that is to remove it.
pub(super) fn copy_tree(to: &str) {
    must(nodecore::fs::cp_sync(file("tree"), to, &CpOptions::default().recursive(true)));
}

fn remove(lp: &EventLoop, dir: &str) {
    must(lp.block_on(promises::rm(lp, dir, &RmOptions::default().recursive(true).force(true))));
}

pub(super) fn cp() {
    let (lp, to) = (must(EventLoop::new()), file(&format!("copy-{}", std::process::id())));
    let count = || {
        let options = ReaddirOptions::default().recursive(true);
        must(lp.block_on(promises::readdir(&lp, &to, &options))).len()
    };
    copy(&lp, &to);
    let check = count();
    measure_after(
        || remove(&lp, &to),
        || {
            copy(&lp, &to);
            check
        },
    );
    remove(&lp, &to);
}

pub(super) fn rm() {
    let (lp, to) = (must(EventLoop::new()), file(&format!("copy-{}", std::process::id())));
    measure_after(
        || copy(&lp, &to),
        || {
            remove(&lp, &to);
            0
        },
    );
}
