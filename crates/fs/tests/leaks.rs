//! No outcome of an operation leaves a descriptor open. One test, as the count is the whole process's.

#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

mod common;

use std::time::{Duration, Instant};

use common::{Scratch, open_descriptors};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_fs as fs;

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

fn promises_of_a_tree(lp: &EventLoop, dir: &std::path::Path) -> impl Sized + use<> {
    let options = fs::RmOptions::default().recursive(true).force(true);
    (
        fs::promises::opendir(lp, dir, &fs::OpendirOptions::default()),
        fs::promises::rm(lp, dir.join("copy"), &options),
    )
}

#[test]
fn descriptors() {
    let dir = Scratch::new("leaks");
    let big = dir.0.join("big");
    std::fs::write(&big, vec![1; 4_000_000]).unwrap();
    let lp = EventLoop::new().unwrap();
    // The pool starts, and what it needs stays open.
    lp.block_on(fs::promises::stat(&lp, &big)).unwrap();
    let before = open_descriptors();

    for round in 0..200 {
        // Cancelled before, while or after it runs.
        let request = fs::open(&lp, &big, "r", 0, |opened| {
            if let Ok(fd) = opened {
                fs::close_sync(fd).unwrap();
            }
        });
        let read = fs::read_file(&lp, &big, &fs::ReadFileOptions::default(), |_| ());
        let listed = fs::readdir(&lp, &dir.0, &fs::ReaddirOptions::default(), |_| ());
        if round % 3 == 0 {
            lp.run(RunMode::NoWait);
        }
        for request in [request, read] {
            request.unwrap().cancel();
        }
        listed.unwrap().cancel();
        lp.run(RunMode::Default);
        // A future that is dropped at some point.
        let mut write =
            Box::pin(fs::promises::write_file(&lp, dir.0.join("w"), vec![1; 2_000_000], &Default::default()));
        for _ in 0..round % 4 {
            let _ =
                Future::poll(write.as_mut(), &mut std::task::Context::from_waker(std::task::Waker::noop()));
            lp.run(RunMode::NoWait);
        }
        drop(write);
        lp.run(RunMode::Default);
        // A handle that is dropped, with and without something under way.
        lp.block_on(async {
            let file = fs::promises::open(&lp, &big, "r", 0).await.unwrap();
            let reading = file.read_file(&fs::ReadFileOptions::default());
            if round % 2 == 0 {
                drop(file.close());
            }
            drop((file, reading));
        });
        drop(fs::promises::open(&lp, &big, "r", 0));
        lp.run(RunMode::Default);
        // Trees and directories that are given up.
        let copy = fs::cp(&lp, &big, dir.0.join("copy"), &fs::CpOptions::default(), |_| ());
        let search = fs::glob(&lp, "/proc/self/**", &fs::GlobOptions::default(), |_| ());
        let opened = fs::opendir(&lp, &dir.0, &fs::OpendirOptions::default(), |_| ());
        for _ in 0..round % 3 {
            lp.run(RunMode::NoWait);
        }
        opened.unwrap().cancel();
        for request in [copy, search] {
            request.unwrap().cancel();
        }
        lp.run(RunMode::Default);
        drop(promises_of_a_tree(&lp, &dir.0));
        lp.run(RunMode::Default);
        // Errors after opening.
        assert!(fs::read_file_sync(&dir.0, &Default::default()).is_err());
        assert!(fs::write_file_sync("/dev/full", "x", &Default::default()).is_err());
        assert!(fs::truncate_sync(&big, u64::MAX).is_err());
    }
    assert!(settles_at(before), "{} descriptors at first, {} now", before, open_descriptors());

    // A loop that goes while files are being opened for it.
    for _ in 0..50 {
        let lp = EventLoop::new().unwrap();
        for _ in 0..8 {
            fs::open(&lp, &big, "r", 0, |_| panic!("called after the loop went")).unwrap();
            fs::read_file(&lp, &big, &Default::default(), |_| ()).unwrap();
        }
        drop(lp);
    }
    assert!(settles_at(before), "{} descriptors at first, {} now", before, open_descriptors());

    // Watchers that are closed, dropped, cannot be started, or go with their loop.
    for round in 0..20 {
        let lp = EventLoop::new().unwrap();
        let options = fs::WatchOptions::default().recursive(round % 2 == 0);
        let watcher = fs::watch(&lp, &dir.0, &options).unwrap();
        drop(fs::promises::watch(&lp, &dir.0, &options).unwrap());
        assert!(fs::watch(&lp, dir.0.join("none"), &options).is_err());
        let looking = fs::WatchFileOptions::default().interval(1);
        let (looker, _) = fs::watch_file(&lp, &big, &looking, |_, _| ()).unwrap();
        fs::watch_file(&lp, dir.0.join("none"), &looking, |_, _| ()).unwrap();
        lp.run(RunMode::NoWait);
        if round % 3 == 0 {
            watcher.close();
            looker.stop();
        }
    }
    assert!(settles_at(before), "{} descriptors at first, {} now", before, open_descriptors());
}
