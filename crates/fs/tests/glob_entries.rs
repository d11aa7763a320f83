//! `glob_entries`: what `glob` finds, one by one.

#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

mod common;

use std::cell::RefCell;
use std::rc::Rc;

use common::Scratch;
use nodecore_error::{Code, Error};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_events::AbortController;
use nodecore_fs::{GlobEntries, GlobEntry, GlobOptions, glob_entries, glob_sync};

fn tree(name: &str) -> Scratch {
    let scratch = Scratch::new(name);
    for outer in 0..6 {
        std::fs::create_dir_all(scratch.0.join(format!("{outer}/deep"))).unwrap();
        for file in 0..90 {
            std::fs::write(scratch.0.join(format!("{outer}/f{file}.txt")), "").unwrap();
            std::fs::write(scratch.0.join(format!("{outer}/deep/g{file}")), "").unwrap();
        }
    }
    scratch
}

fn all(lp: &EventLoop, entries: &GlobEntries) -> Vec<GlobEntry> {
    lp.block_on(async {
        let mut found = Vec::new();
        while let Some(entry) = entries.next_future(lp).await.unwrap() {
            found.push(entry);
        }
        found
    })
}

#[test]
fn they_are_those_of_glob() {
    let (scratch, lp) = (tree("glob-entries"), EventLoop::new().unwrap());
    let plain = GlobOptions::default().cwd(&scratch.0);
    let options = [
        plain.clone(),
        plain.clone().exclude(["2", "**/g*"]),
        plain.clone().exclude_fn(|entry| Ok(entry.name().ends_with(b"7.txt") || entry.name() == b"4")),
    ];
    for options in options {
        for patterns in [&["**"][..], &["*/*.txt", "3/**"], &["{1,5}/deep/g*1"], &["none/*"]] {
            let expected = glob_sync(patterns, &options).unwrap();
            let entries = glob_entries(patterns, &options).unwrap();
            assert_eq!(all(&lp, &entries), expected, "{patterns:?} {options:?}");
            assert_eq!(lp.block_on(entries.next_future(&lp)).unwrap(), None);
        }
    }
}

#[test]
fn nothing_is_looked_at_too_early() {
    let (scratch, lp) = (tree("glob-lazy"), EventLoop::new().unwrap());
    let entries = glob_entries("*/*.txt", &GlobOptions::default().cwd(&scratch.0)).unwrap();
    std::fs::write(scratch.0.join("5/early.txt"), "").unwrap();
    let first = lp.block_on(entries.next_future(&lp)).unwrap().unwrap();
    assert_eq!(first.path_bytes(), b"5/early.txt");
    // The last directory comes first, and fills what is kept.
    std::fs::write(scratch.0.join("0/late.txt"), "").unwrap();
    // Those that are waited for together come in order.
    let told = Rc::new(RefCell::new(Vec::new()));
    for _ in 0..700 {
        let told = Rc::clone(&told);
        entries.next(&lp, move |entry| told.borrow_mut().extend(entry.unwrap()));
    }
    assert!(told.borrow().is_empty());
    lp.run(RunMode::Default);
    let rest = glob_sync("*/*.txt", &GlobOptions::default().cwd(&scratch.0)).unwrap();
    assert_eq!(*told.borrow(), rest[1..]);
    assert!(rest.iter().any(|entry| entry.path_bytes() == b"0/late.txt"));
}

#[test]
fn it_ends_with_an_error() {
    let (scratch, lp) = (tree("glob-ends"), EventLoop::new().unwrap());
    let controller = AbortController::new();
    let options = GlobOptions::default().cwd(&scratch.0);
    let entries = glob_entries("**", &options.clone().signal(&controller.signal())).unwrap();
    assert!(lp.block_on(entries.next_future(&lp)).unwrap().is_some());
    controller.abort();
    let ended = lp.block_on(async {
        loop {
            match entries.next_future(&lp).await {
                Ok(Some(_)) => {}
                ended => return ended,
            }
        }
    });
    assert_eq!(ended.unwrap_err().code(), Code::Abort);
    assert_eq!(lp.block_on(entries.next_future(&lp)).unwrap(), None);

    let refusing = options.exclude_fn(|entry| match entry.name() {
        b"3" => Err(Error::new(Code::Uncoded, "not three")),
        _ => Ok(false),
    });
    let entries = glob_entries("*", &refusing).unwrap();
    assert_eq!(lp.block_on(entries.next_future(&lp)).unwrap_err().to_string(), "not three");
    assert_eq!(lp.block_on(entries.next_future(&lp)).unwrap(), None);
    assert_eq!(glob_entries("a".repeat(65_537), &refusing).unwrap_err().code(), Code::InvalidArgValue);
}
