//! `readdir` of trees that several threads read: what one finds alone, in the same order.

#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

mod common;

use std::cell::Cell;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use common::{Form, Runner, Scratch, open_descriptors};
use nodecore_error::{Code, Result};
use nodecore_event_loop::RunMode;
use nodecore_fs::{self as fs, ReaddirOptions};

/// One after another, as they count the descriptors that are open.
#[test]
fn whole_trees() {
    many_threads_find_what_one_does();
    the_first_error_in_order_is_told();
    cancelled_while_several_read();
}

const FORMS: [Form; 3] = [Form::Sync, Form::Callback, Form::Promise];

/// 14 directories, of which each has 14, of which most have files.
fn wide(dir: &Path) {
    for outer in 0..14 {
        for inner in 0..14 {
            let at = dir.join(format!("{outer}/{inner}"));
            std::fs::create_dir_all(&at).unwrap();
            for file in 0..(outer * inner) % 37 {
                std::fs::write(at.join(format!("file-{file}")), "").unwrap();
            }
        }
        symlink("1", dir.join(format!("{outer}/link"))).unwrap();
    }
}

fn list(run: &Runner, dir: &Path) -> Result<Vec<String>> {
    let options = ReaddirOptions::default().recursive(true).with_file_types(true);
    let entries = op!(run, readdir_sync / readdir(dir, &options))?;
    assert_eq!(entries.len(), entries.iter().count());
    let shown: Vec<_> = entries
        .iter()
        .map(|entry| {
            let (path, parent) = (entry.relative_path(), entry.parent_path());
            format!(
                "{} {:?} {}",
                String::from_utf8_lossy(&path),
                entry.kind(),
                String::from_utf8_lossy(parent)
            )
        })
        .collect();
    for (index, entry) in entries.iter().enumerate().step_by(97) {
        let same = entries.get(index).unwrap();
        assert_eq!((same.relative_path(), same.parent_path()), (entry.relative_path(), entry.parent_path()));
    }
    assert!(entries.get(entries.len()).is_none());
    Ok(shown)
}

fn many_threads_find_what_one_does() {
    let scratch = Scratch::new("readdir-wide");
    wide(&scratch.0);
    // Level by level: directories of one level in order, and within each by name.
    let mut expected = Vec::new();
    let mut level = vec![PathBuf::new()];
    while !level.is_empty() {
        for below in std::mem::take(&mut level) {
            let mut names: Vec<_> =
                std::fs::read_dir(scratch.0.join(&below)).unwrap().map(|entry| entry.unwrap()).collect();
            names.sort_by_key(std::fs::DirEntry::file_name);
            for name in names {
                let path = below.join(name.file_name());
                let kind = name.file_type().unwrap();
                let shown = if kind.is_dir() { "Directory" } else { "File" };
                let shown = if kind.is_symlink() { "Link" } else { shown };
                let parent = scratch.0.join(&below);
                let parent = parent.to_str().unwrap().trim_end_matches('/');
                expected.push(format!("{} {shown} {parent}", path.display()));
                if scratch.0.join(&path).is_dir() {
                    level.push(path);
                }
            }
        }
    }
    for form in FORMS {
        let run = Runner::new(form);
        for _ in 0..12 {
            assert_eq!(list(&run, &scratch.0).unwrap(), expected, "{form:?}");
        }
    }
}

/// Of several directories that cannot be read the error names the first, whoever finds out first.
fn the_first_error_in_order_is_told() {
    let scratch = Scratch::new("readdir-errors");
    wide(&scratch.0);
    let long = "n".repeat(40);
    for place in ["3/7", "9/2", "13/13", "2/1/deeper"] {
        std::fs::create_dir_all(scratch.0.join(place).join(&long)).unwrap();
    }
    // So near the longest path that only what has the long name in it is beyond.
    let mut root = scratch.0.to_str().unwrap().to_owned();
    while root.len() < 4095 - 40 {
        root.push_str("/.");
    }
    let before = open_descriptors();
    for form in FORMS {
        let run = Runner::new(form);
        for _ in 0..4 {
            let error = list(&run, Path::new(&root)).unwrap_err();
            assert_eq!(error.code(), Code::ENAMETOOLONG, "{form:?}: {error}");
            let path = error.path().unwrap();
            assert!(path.ends_with(format!("/13/13/{long}").as_bytes()), "{form:?}: {error}");
        }
    }
    assert!(open_descriptors() <= before + 16);
}

/// Cancelled at any time, it ends once, and nothing stays open.
fn cancelled_while_several_read() {
    let scratch = Scratch::new("readdir-cancel");
    wide(&scratch.0);
    let lp = nodecore_event_loop::EventLoop::new().unwrap();
    let options = ReaddirOptions::default().recursive(true);
    lp.block_on(fs::promises::readdir(&lp, &scratch.0, &options)).unwrap();
    let before = open_descriptors();
    let (ended, canceled) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    for round in 0..60_u64 {
        let (told, stopped) = (Rc::clone(&ended), Rc::clone(&canceled));
        let request = fs::readdir(&lp, &scratch.0, &options, move |result| {
            told.set(told.get() + 1);
            if let Err(error) = result {
                assert_eq!(error.code(), Code::ECANCELED);
                stopped.set(stopped.get() + 1);
            }
        })
        .unwrap();
        std::thread::sleep(std::time::Duration::from_micros(round * 10));
        if round % 2 == 0 {
            lp.run(RunMode::NoWait);
        }
        request.cancel();
        lp.run(RunMode::Default);
        assert_eq!(ended.get(), round + 1);
        drop(fs::promises::readdir(&lp, &scratch.0, &options));
        lp.run(RunMode::Default);
    }
    assert!(canceled.get() > 0);
    assert_eq!(open_descriptors(), before);
}
