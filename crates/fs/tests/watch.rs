//! Watchers: options, errors, how they end.

#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

mod common;

use std::cell::{Cell, RefCell};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use common::Scratch;
use nodecore_buffer::Encoding;
use nodecore_error::{Class, Code, Error};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_events::{AbortController, AbortSignal};
use nodecore_fs::{self as fs, FsWatcher, Overflow, WatchFileOptions, WatchOptions};

type Log = Rc<RefCell<Vec<String>>>;

/// A watcher whose events are logged.
fn watched(lp: &EventLoop, path: &Path, options: &WatchOptions) -> (FsWatcher, Log) {
    let watcher = fs::watch(lp, path, options).unwrap();
    let log = Log::default();
    let sink = Rc::clone(&log);
    watcher.on_change(move |event| {
        sink.borrow_mut().push(format!("{} {}", event.kind().name(), event.filename_as(Encoding::Utf8)));
    });
    let sink = Rc::clone(&log);
    watcher.on_error(move |error| sink.borrow_mut().push(format!("error {error}")));
    let sink = Rc::clone(&log);
    watcher.on_close(move || sink.borrow_mut().push("close".to_owned()));
    (watcher, log)
}

/// Runs the loop until `done`.
fn until(lp: &EventLoop, done: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !done() {
        lp.run(RunMode::NoWait);
        assert!(Instant::now() < deadline, "it does not come");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn shown(error: &Error) -> String {
    let path = error.path().map(|path| String::from_utf8_lossy(path).into_owned());
    format!(
        "{} {:?} {:?} {error}",
        error.code().name(),
        error.syscall().unwrap_or(""),
        path.unwrap_or_default()
    )
}

// Expected values here and below: Node 26.10.
#[test]
fn what_cannot_be_watched() {
    let dir = Scratch::new("watch-errors");
    let lp = EventLoop::new().unwrap();
    std::fs::write(dir.0.join("f"), "").unwrap();
    for (recursive, syscall) in [(false, "watch"), (true, "stat")] {
        let options = WatchOptions::default().recursive(recursive);
        let refused = |path: &str, options: &WatchOptions| shown(&fs::watch(&lp, path, options).unwrap_err());
        for (name, code, text) in
            [("none", "ENOENT", "no such file or directory"), ("f/x", "ENOTDIR", "not a directory")]
        {
            let path = dir.0.join(name);
            let path = path.to_str().unwrap();
            assert_eq!(
                refused(path, &options),
                format!("{code} \"{syscall}\" \"{path}\" {code}: {text}, {syscall} '{path}'")
            );
            // Nothing is watched, and it can be closed.
            let lenient = options.clone().throw_if_no_entry(false);
            let (watcher, log) = watched(&lp, Path::new(path), &lenient);
            watcher.close();
            assert!(!lp.run(RunMode::Default));
            assert_eq!(*log.borrow(), ["close"]);
        }
        let nul =
            "The argument 'path' must be a string, Uint8Array, or URL without null bytes. Received 'a\\x00b'";
        assert_eq!(refused("a\0b", &options), format!("ERR_INVALID_ARG_VALUE \"\" \"\" {nul}"));
        for (globs, name) in [(&[""][..], ""), (&["a", ""][..], "[1]")] {
            let options = globs.iter().fold(options.clone(), |options, glob| options.ignore(glob));
            assert_eq!(
                refused("/", &options),
                format!(
                    "ERR_INVALID_ARG_VALUE \"\" \"\" The property 'options.ignore{name}' must be a non-empty string. \
                     Received ''"
                )
            );
        }
    }
    let empty = fs::watch(&lp, "", &WatchOptions::default()).unwrap_err();
    assert_eq!(shown(&empty), "ENOENT \"watch\" \"\" ENOENT: no such file or directory, watch");
}

#[test]
fn close_comes_from_a_tick_or_at_once() {
    let dir = Scratch::new("watch-close");
    let lp = EventLoop::new().unwrap();
    for recursive in [false, true] {
        let (watcher, log) = watched(&lp, &dir.0, &WatchOptions::default().recursive(recursive));
        std::fs::write(dir.0.join(if recursive { "a" } else { "b" }), "").unwrap();
        watcher.close();
        watcher.close();
        assert_eq!(log.borrow().len(), usize::from(recursive));
        assert!(!lp.run(RunMode::Default), "nothing of it is left");
        assert_eq!(*log.borrow(), ["close"], "nothing follows, and it comes once");
    }
}

#[test]
fn closing_inside_a_listener_is_the_end() {
    let dir = Scratch::new("watch-inside");
    for recursive in [false, true] {
        let lp = EventLoop::new().unwrap();
        let (watcher, log) = watched(&lp, &dir.0, &WatchOptions::default().recursive(recursive));
        let own = watcher.clone();
        watcher.on_change(move |_| own.close());
        for name in ["1", "2", "3"] {
            std::fs::create_dir_all(dir.0.join(format!("{recursive}{name}/deep"))).unwrap();
        }
        assert!(!lp.run(RunMode::Default));
        assert_eq!(*log.borrow(), [format!("rename {recursive}1"), "close".to_owned()]);
    }
}

#[test]
fn a_signal_closes() {
    let dir = Scratch::new("watch-signal");
    let lp = EventLoop::new().unwrap();
    for recursive in [false, true] {
        let options = WatchOptions::default().recursive(recursive);
        let (_watcher, log) = watched(&lp, &dir.0, &options.clone().signal(&AbortSignal::abort(None)));
        assert!(log.borrow().is_empty());
        assert!(!lp.run(RunMode::Default));
        assert_eq!(*log.borrow(), ["close"]);
        let controller = AbortController::new();
        let (watcher, log) = watched(&lp, &dir.0, &options.signal(&controller.signal()));
        controller.abort();
        assert!(!lp.run(RunMode::Default));
        assert_eq!(*log.borrow(), ["close"]);
        watcher.close();
        // A watcher that is closed listens to its signal no more.
        let controller = AbortController::new();
        let (watcher, _) = watched(&lp, &dir.0, &WatchOptions::default().signal(&controller.signal()));
        assert_eq!(controller.signal().listener_count("abort"), 1);
        watcher.close();
        assert_eq!(controller.signal().listener_count("abort"), 0);
        lp.run(RunMode::Default);
    }
}

#[test]
fn it_keeps_the_loop_alive_or_not() {
    let dir = Scratch::new("watch-ref");
    std::fs::create_dir(dir.0.join("sub")).unwrap();
    for recursive in [false, true] {
        let lp = EventLoop::new().unwrap();
        let options = WatchOptions::default().recursive(recursive);
        let idle = fs::watch(&lp, &dir.0, &options.clone().persistent(false)).unwrap();
        assert!(!lp.run(RunMode::NoWait));
        idle.ref_();
        assert!(lp.run(RunMode::NoWait));
        let alive = fs::watch(&lp, &dir.0, &options).unwrap();
        idle.unref();
        assert!(lp.run(RunMode::NoWait));
        alive.unref();
        assert!(!lp.run(RunMode::NoWait));
        // What comes later is as what was there.
        let name = format!("later{recursive}");
        std::fs::create_dir(dir.0.join(&name)).unwrap();
        let seen = Rc::new(Cell::new(false));
        let flag = Rc::clone(&seen);
        alive.on_change(move |_| flag.set(true));
        let guard = lp.keep_alive();
        until(&lp, || seen.get());
        drop(guard);
        assert!(!lp.run(RunMode::NoWait));
    }
}

#[test]
fn names_are_bytes() {
    let dir = Scratch::new("watch-bytes");
    let name = std::ffi::OsStr::from_bytes(b"\xffa\xe9");
    for recursive in [false, true] {
        let lp = EventLoop::new().unwrap();
        let watcher = fs::watch(&lp, &dir.0, &WatchOptions::default().recursive(recursive)).unwrap();
        let names = Rc::new(RefCell::new(Vec::new()));
        let sink = Rc::clone(&names);
        watcher.on_change(move |event| {
            let encoded = [Encoding::Latin1, Encoding::Hex].map(|encoding| event.filename_as(encoding));
            sink.borrow_mut().push((event.filename().to_vec(), encoded));
        });
        std::fs::create_dir(dir.0.join(name)).unwrap();
        until(&lp, || !names.borrow().is_empty());
        std::fs::remove_dir(dir.0.join(name)).unwrap();
        let (bytes, [latin1, hex]) = names.borrow()[0].clone();
        assert_eq!((&*bytes, &*latin1, &*hex), (name.as_bytes(), "\u{ff}a\u{e9}", "ff61e9"));
    }
}

#[test]
fn functions_ignore_names() {
    let dir = Scratch::new("watch-ignore");
    std::fs::create_dir_all(dir.0.join("s/skipped")).unwrap();
    let lp = EventLoop::new().unwrap();
    let options =
        WatchOptions::default().recursive(true).ignore_if(|name| name == b"s/skipped" || name == b"t");
    let (watcher, log) = watched(&lp, &dir.0, &options);
    for name in ["t", "s/skipped/in", "s/t"] {
        std::fs::create_dir(dir.0.join(name)).unwrap();
    }
    until(&lp, || !log.borrow().is_empty());
    watcher.close();
    assert_eq!(*log.borrow(), ["rename s/t", "close"]);
}

/// Where Node 26 loses sight of something, or throws an exception that nobody catches.
#[test]
fn what_takes_the_place_of_something_else_is_watched() {
    let dir = Scratch::new("watch-replaced");
    let at = |name: &str| dir.0.join(name);
    std::fs::create_dir_all(at("d/old")).unwrap();
    std::fs::write(at("f"), "").unwrap();
    std::os::unix::fs::symlink("f", at("l")).unwrap();
    let lp = EventLoop::new().unwrap();
    let (_watcher, log) = watched(&lp, &dir.0, &WatchOptions::default().recursive(true));
    let count = Cell::new(0);
    let step = |act: &dyn Fn()| {
        act();
        count.set(count.get() + 1);
        let name = format!("sentinel{}", count.get());
        std::fs::create_dir(at(&name)).unwrap();
        until(&lp, || log.borrow().last().is_some_and(|last| last.ends_with(&name)));
        let mut events = log.take();
        events.pop();
        events
    };
    let replaced = step(&|| {
        std::fs::remove_dir_all(at("d")).unwrap();
        std::fs::create_dir_all(at("d/new")).unwrap();
    });
    assert_eq!(replaced, ["rename d/old", "rename d/new"]);
    assert_eq!(step(&|| std::fs::create_dir(at("d/new/x")).unwrap()), ["rename d/new/x"]);
    let file = step(&|| {
        std::fs::remove_dir_all(at("d")).unwrap();
        std::fs::write(at("d"), "1").unwrap();
    });
    assert_eq!(file[..3], ["rename d/new/x", "rename d/new", "change d"]);
    let link = step(&|| {
        std::fs::remove_file(at("l")).unwrap();
        std::os::unix::fs::symlink("d", at("l")).unwrap();
    });
    assert_eq!(link, ["rename l", "rename l"]);
    assert_eq!(step(&|| std::fs::write(at("d"), "22").unwrap())[..2], ["change d", "rename l"]);
    // Links that lead round in circles.
    assert_eq!(step(&|| std::os::unix::fs::symlink("loop", at("loop")).unwrap()), ["rename loop"]);
}

/// A tree deeper than a recursive walk could bear, and than a path can be long.
#[test]
fn a_deep_tree() {
    let dir = Scratch::new("watch-deep");
    let mut deep = dir.0.clone();
    for _ in 0..900 {
        deep.push("d");
    }
    std::fs::create_dir_all(&deep).unwrap();
    let lp = EventLoop::new().unwrap();
    let (watcher, log) = watched(&lp, &dir.0, &WatchOptions::default().recursive(true));
    std::fs::write(deep.join("f"), "").unwrap();
    until(&lp, || !log.borrow().is_empty());
    assert_eq!(log.borrow()[0], format!("rename {}f", "d/".repeat(900)));
    std::fs::rename(dir.0.join("d"), dir.0.join("e")).unwrap();
    until(&lp, || log.borrow().len() > 900);
    watcher.close();
}

#[test]
fn a_stream_of_events() {
    let dir = Scratch::new("watch-stream");
    let lp = EventLoop::new().unwrap();
    let make = |names: &[&str]| names.iter().for_each(|name| std::fs::create_dir(dir.0.join(name)).unwrap());
    let signal = AbortSignal::abort(None);
    let refused = fs::promises::watch(&lp, &dir.0, &WatchOptions::default().signal(&signal)).unwrap_err();
    assert_eq!((refused.code(), refused.class()), (Code::Abort, Class::AbortError));
    for (recursive, names) in [(false, ["a", "b", "c"]), (true, ["d", "e", "f"])] {
        let controller = AbortController::new();
        let options = WatchOptions::default().recursive(recursive).signal(&controller.signal());
        let mut events = fs::promises::watch(&lp, &dir.0, &options).unwrap();
        make(&names);
        lp.run(RunMode::Once);
        lp.block_on(async {
            let first = events.next().await.unwrap().unwrap();
            assert_eq!((first.kind().name(), first.filename()), ("rename", names[0].as_bytes()));
            // The rest waits, and comes before the error.
            controller.abort_with(Error::new(Code::Uncoded, "why"));
            for name in &names[1..] {
                assert_eq!(events.next().await.unwrap().unwrap().filename(), name.as_bytes());
            }
            let error = events.next().await.unwrap().unwrap_err();
            assert_eq!((error.code(), error.class()), (Code::Abort, Class::AbortError));
            assert_eq!(error.cause().unwrap().to_string(), "why");
            assert!(events.next().await.is_none());
        });
        assert!(!lp.run(RunMode::Default));
    }
    // A queue that overflows.
    let full = WatchOptions::default().max_queue(2);
    let mut events = fs::promises::watch(&lp, &dir.0, &full).unwrap();
    make(&["g", "h", "i", "j", "k"]);
    until(&lp, || events.lost() == 3);
    lp.block_on(async {
        for name in ["g", "h"] {
            assert_eq!(events.next().await.unwrap().unwrap().filename(), name.as_bytes());
        }
    });
    events.close();
    assert!(lp.block_on(events.next()).is_none());
    let mut events = fs::promises::watch(&lp, &dir.0, &full.overflow(Overflow::Error)).unwrap();
    make(&["l", "m", "n"]);
    std::thread::sleep(Duration::from_millis(1));
    lp.run(RunMode::Once);
    let error = lp.block_on(events.next()).unwrap().unwrap_err();
    assert_eq!(error.code().name(), "ERR_FS_WATCH_QUEUE_OVERFLOW");
    assert_eq!(error.to_string(), "fs.watch() queued more than 2 events");
    assert!(lp.block_on(events.next()).is_none());
    drop(events);
    assert!(!lp.run(RunMode::Default), "a stream that is dropped watches no more");
}

#[test]
fn watch_file_tells_what_was_and_is() {
    let dir = Scratch::new("watch-file");
    let path = dir.0.join("f");
    let lp = EventLoop::new().unwrap();
    let seen = Rc::new(RefCell::new(Vec::new()));
    let sink = Rc::clone(&seen);
    let options = WatchFileOptions::default().interval(2);
    let (watcher, first) = fs::watch_file(&lp, &path, &options, move |now, before| {
        let shown = |stats: fs::Stats| (stats.mode() & 0o170_000, stats.size() * u64::from(stats.is_file()));
        sink.borrow_mut().push((shown(now), shown(before)));
    })
    .unwrap();
    let (none, file, directory) = ((0, 0), 0o100_000, (0o040_000, 0));
    let next = |expected: ((u64, u64), (u64, u64))| {
        until(&lp, || !seen.borrow().is_empty());
        assert_eq!(seen.take(), [expected]);
    };
    next((none, none));
    std::fs::write(&path, "1").unwrap();
    until(&lp, || seen.borrow().last().is_some_and(|(now, _)| now.1 == 1));
    seen.take();
    std::fs::remove_file(&path).unwrap();
    next((none, (file, 1)));
    // As libuv has it, what was before an absence is what was there last.
    std::fs::create_dir(&path).unwrap();
    next((directory, (file, 1)));
    std::fs::remove_dir(&path).unwrap();
    next((none, directory));

    // The same path is the same watcher, whatever the options.
    let count = Rc::new(Cell::new(0));
    let counter = Rc::clone(&count);
    let relative = path.join("../f");
    let (same, second) = fs::watch_file(&lp, relative, &WatchFileOptions::default(), move |_, _| {
        counter.set(counter.get() + 1)
    })
    .unwrap();
    let stopped = Rc::new(Cell::new(0));
    let stops = Rc::clone(&stopped);
    same.on_stop(move || stops.set(stops.get() + 1));
    std::fs::create_dir(&path).unwrap();
    until(&lp, || count.get() > 0 && !seen.borrow().is_empty());
    seen.take();
    fs::unwatch_file(&lp, &path, Some(first)).unwrap();
    std::fs::remove_dir(&path).unwrap();
    until(&lp, || count.get() > 1);
    assert!(seen.borrow().is_empty());
    fs::unwatch_file(&lp, &path, Some(second)).unwrap();
    assert_eq!(stopped.get(), 0);
    assert!(!lp.run(RunMode::Default));
    assert_eq!(stopped.get(), 1);
    watcher.stop();
    assert!(!lp.run(RunMode::Default));
    assert_eq!(stopped.get(), 1);

    // Another one from here on; and unreferenced ones.
    let (again, id) = fs::watch_file(&lp, &path, &options.persistent(false), |_, _| ()).unwrap();
    // A look that is under way is waited for.
    assert!(!lp.run(RunMode::Default));
    again.ref_();
    assert!(lp.run(RunMode::NoWait));
    again.unref();
    assert!(again.off(id) && !again.off(id));
    fs::watch_file(&lp, &path, &options, |_, _| ()).unwrap();
    assert!(lp.run(RunMode::NoWait));
    fs::unwatch_file(&lp, &path, None).unwrap();
    fs::unwatch_file(&lp, "/nothing", None).unwrap();
    assert!(!lp.run(RunMode::Default));

    // Another loop has watchers of its own, which go with it.
    let other = EventLoop::new().unwrap();
    let (one, _) = fs::watch_file(&lp, &path, &options, |_, _| ()).unwrap();
    fs::watch_file(&other, &path, &options, |_, _| ()).unwrap();
    fs::unwatch_file(&other, &path, None).unwrap();
    assert!(lp.run(RunMode::NoWait), "the other loop's is not this one's");
    fs::watch_file(&other, &path, &options, |_, _| ()).unwrap();
    drop(other);
    one.stop();
    assert!(!lp.run(RunMode::Default));
    let refused = fs::watch_file(&lp, "a\0b", &options, |_, _| ()).unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgValue);
}
