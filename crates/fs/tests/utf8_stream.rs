//! `Utf8Stream`. Expected values: Node 26.10.

#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

mod common;

use std::cell::{Cell, RefCell};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use common::{Scratch, open_descriptors};
use nodecore_error::{Class, Code, Error};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_fs::{self as fs, Utf8Stream, Utf8StreamOptions};

type Log = Rc<RefCell<Vec<String>>>;

struct Case {
    lp: EventLoop,
    stream: Utf8Stream,
    log: Log,
    path: PathBuf,
}

impl Case {
    fn new(path: &Path, options: &Utf8StreamOptions) -> Case {
        let lp = EventLoop::new().unwrap();
        let stream = Utf8Stream::new(&lp, path, options).unwrap();
        let log = Log::default();
        listen(&stream, &log);
        Case { lp, stream, log, path: path.to_owned() }
    }

    fn content(&self) -> String {
        std::fs::read_to_string(&self.path).unwrap()
    }

    /// What happens until nothing more does.
    fn events(&self) -> String {
        self.lp.run(RunMode::Default);
        self.log.take().join(" ")
    }
}

fn listen(stream: &Utf8Stream, log: &Log) {
    let plain = |what: &'static str| {
        let log = Rc::clone(log);
        move || log.borrow_mut().push(what.to_owned())
    };
    stream.on_ready(plain("ready"));
    stream.on_drain(plain("drain"));
    stream.on_finish(plain("finish"));
    stream.on_close(plain("close"));
    let sink = Rc::clone(log);
    stream.on_drop(move |data| sink.borrow_mut().push(format!("drop:{}", String::from_utf8_lossy(&data))));
    let sink = Rc::clone(log);
    stream.on_write(move |bytes| sink.borrow_mut().push(format!("write:{bytes}")));
    let sink = Rc::clone(log);
    stream.on_error(move |error| sink.borrow_mut().push(format!("error:{error}")));
}

fn plain() -> Utf8StreamOptions {
    Utf8StreamOptions::default()
}

/// One test, as descriptors are the whole process's.
#[test]
fn nothing_is_left_open() {
    drop(EventLoop::new().unwrap());
    let scratch = Scratch::new("utf8-stream");
    {
        let lp = EventLoop::new().unwrap();
        lp.block_on(fs::promises::stat(&lp, "/")).unwrap();
    }
    let before = open_descriptors();
    for case in [writing, blocking, lengths, paths, failing, reopening, descriptors, flushing, retrying] {
        case(&scratch.0);
        assert_eq!(open_descriptors(), before);
    }
}

fn writing(dir: &Path) {
    let case = Case::new(&dir.join("writing"), &plain());
    assert!(case.stream.writing() && case.stream.file().is_none() && case.stream.fd() == -1);
    assert_eq!(case.stream.write("hello"), Ok(true));
    assert_eq!((case.events(), case.content()), ("ready write:5 drain".to_owned(), "hello".to_owned()));
    assert!(!case.stream.writing() && case.stream.fd() > 2);
    assert_eq!(case.stream.file().unwrap(), case.path.as_os_str().as_encoded_bytes());
    assert_eq!((case.stream.write("x".repeat(20_000)), case.stream.write(b"y")), (Ok(false), Ok(false)));
    assert_eq!(case.events(), "write:20000 write:1 drain");
    case.stream.end().unwrap();
    assert_eq!(case.events(), "finish close");
    let destroyed = |error: Error| {
        let shown = (error.code(), error.class(), error.to_string());
        assert_eq!(
            shown,
            (Code::InvalidState, Class::Error, "Invalid state: Utf8Stream is destroyed".to_owned())
        );
    };
    destroyed(case.stream.write("z").unwrap_err());
    destroyed(case.stream.flush(|_| ()).unwrap_err());
    destroyed(case.stream.flush_sync().unwrap_err());
    destroyed(case.stream.reopen(None).unwrap_err());
    destroyed(case.stream.end().unwrap_err());
    case.stream.destroy();
    assert_eq!((case.events(), case.stream.fd()), (String::new(), -1));
    // End and destroy before it is open, and while it writes; and no end at all.
    let case = Case::new(&dir.join("early"), &plain().fsync(true));
    case.stream.write("some").unwrap();
    case.stream.end().unwrap();
    assert_eq!((case.events(), case.content()), ("ready write:4 finish close".to_owned(), "some".to_owned()));
    let case = Case::new(&dir.join("destroyed"), &plain());
    case.stream.write("some").unwrap();
    case.stream.destroy();
    assert_eq!((case.events(), case.content()), ("ready close".to_owned(), String::new()));
    let case = Case::new(&dir.join("dropped"), &plain());
    case.stream.write("some").unwrap();
    assert!(case.stream.off(case.stream.on_drain(|| panic!("removed"))));
    let Case { lp, stream, .. } = case;
    drop(stream);
    lp.run(RunMode::Default);
}

fn blocking(dir: &Path) {
    let case = Case::new(&dir.join("sync"), &plain().sync(true));
    assert!(case.stream.fd() > 2 && !case.stream.writing() && case.stream.options().sync);
    assert_eq!((case.stream.write("hello"), case.content()), (Ok(true), "hello".to_owned()));
    assert_eq!(case.events(), "write:5 ready drain");
    case.stream.destroy();
    assert_eq!(case.events(), "close");
    let lp = EventLoop::new().unwrap();
    let none = dir.join("none/file");
    let error = Utf8Stream::new(&lp, &none, &plain().sync(true)).unwrap_err();
    let text = format!("ENOENT: no such file or directory, open '{}'", none.display());
    assert_eq!(error.to_string(), text);
}

fn lengths(dir: &Path) {
    let case = Case::new(&dir.join("minimum"), &plain().min_length(10));
    case.stream.write("abc").unwrap();
    assert_eq!((case.events(), case.content()), ("ready".to_owned(), String::new()));
    case.stream.write("0123456789").unwrap();
    assert_eq!((case.events(), case.content()), ("write:13 drain".to_owned(), "abc0123456789".to_owned()));
    case.stream.write("rest").unwrap();
    case.stream.end().unwrap();
    assert_eq!(
        (case.events(), case.content()),
        ("write:4 finish close".to_owned(), "abc0123456789rest".to_owned())
    );
    let case = Case::new(&dir.join("maximum"), &plain().max_length(10));
    assert_eq!((case.stream.write("12345"), case.stream.write("1234567890")), (Ok(true), Ok(true)));
    assert_eq!(
        (case.events(), case.content()),
        ("drop:1234567890 ready write:5 drain".to_owned(), "12345".to_owned())
    );
    case.stream.end().unwrap();
    case.events();
    let case = Case::new(&dir.join("pieces"), &plain().max_write(4));
    for piece in ["123456789\u{e9}\u{20ac}", "a", "bc", "d", "e"] {
        case.stream.write(piece).unwrap();
    }
    assert_eq!(case.events(), "ready write:14 write:4 write:1 drain");
    case.stream.end().unwrap();
    assert_eq!(
        (case.events(), case.content()),
        ("finish close".to_owned(), "123456789\u{e9}\u{20ac}abcde".to_owned())
    );
    let lp = EventLoop::new().unwrap();
    for min_length in [16_384, 20_000] {
        let error = Utf8Stream::new(&lp, "x", &plain().min_length(min_length)).unwrap_err();
        let text = format!(
            "The argument 'minLength' should be smaller than maxWrite (16384). Received {min_length}"
        );
        assert_eq!((error.class(), error.to_string()), (Class::RangeError, text));
    }
}

fn paths(dir: &Path) {
    let deep = dir.join("n/o/p");
    let case = Case::new(&deep, &plain().mkdir(true).mode(0o600));
    case.stream.end().unwrap();
    assert_eq!(case.events(), "ready finish close");
    assert_eq!(std::fs::metadata(&deep).unwrap().permissions().mode() & 0o777, 0o600);
    for (append, expected) in [(true, "oldnew"), (false, "new")] {
        let path = dir.join("append");
        std::fs::write(&path, "old").unwrap();
        let case = Case::new(&path, &plain().append(append));
        case.stream.write("new").unwrap();
        case.stream.end().unwrap();
        case.events();
        assert_eq!(case.content(), expected);
    }
}

fn failing(dir: &Path) {
    let none = dir.join("none/file");
    let text = format!("error:ENOENT: no such file or directory, open '{}'", none.display());
    let case = Case::new(&none, &plain());
    assert_eq!(case.events(), text);
    let range = "The value of \"fd\" is out of range. It must be >= 0 && <= 2147483647. Received -1";
    assert_eq!(case.stream.write("x").unwrap_err().to_string(), range);
    assert_eq!(case.stream.flush(|_| ()).unwrap_err().to_string(), range);
    assert_eq!(case.stream.flush_sync().unwrap_err().to_string(), "Invalid state: Invalid file descriptor");
    case.stream.end().unwrap();
    assert_eq!(case.events(), "close");
    let case = Case::new(&none, &plain());
    case.stream.end().unwrap();
    assert_eq!(case.events(), format!("{text} close"));
    let full = "error:ENOSPC: no space left on device, write";
    for (sync, expected) in [(false, format!("ready {full}")), (true, format!("{full} ready {full}"))] {
        let case = Case::new(Path::new("/dev/full"), &plain().sync(sync));
        case.stream.write("q").unwrap();
        let events = case.events();
        assert!(events == expected || (sync && events == format!("{full} ready")), "{events}");
        case.stream.destroy();
        assert_eq!(case.events(), "close");
    }
    // Who waits for a flush is told.
    let case = Case::new(Path::new("/dev/full"), &plain().min_length(10));
    case.stream.write("q").unwrap();
    let told = Rc::clone(&case.log);
    case.stream
        .flush(move |result| told.borrow_mut().push(result.unwrap_err().code().name().to_owned()))
        .unwrap();
    assert_eq!(case.events(), format!("ready ENOSPC {full}"));
    case.stream.end().unwrap();
    assert_eq!(case.events(), format!("{full} close"), "what cannot be written is not finished");
    let lp = EventLoop::new().unwrap();
    assert_eq!(Utf8Stream::new(&lp, "a\0b", &plain()).unwrap_err().code(), Code::InvalidArgValue);
    assert_eq!(Utf8Stream::new(&lp, -1, &plain()).unwrap_err().code(), Code::OutOfRange);
}

fn reopening(dir: &Path) {
    let (path, moved, other) = (dir.join("re"), dir.join("re1"), dir.join("re2"));
    let case = Case::new(&path, &plain());
    case.stream.write("one").unwrap();
    assert_eq!(case.events(), "ready write:3 drain");
    std::fs::rename(&path, &moved).unwrap();
    case.stream.reopen(None).unwrap();
    case.stream.write("two").unwrap();
    assert_eq!(case.events(), "ready write:3 drain");
    assert_eq!(
        (case.content(), std::fs::read_to_string(&moved).unwrap()),
        ("two".to_owned(), "one".to_owned())
    );
    // While something is being written, which still goes to the old one.
    case.stream.write("old").unwrap();
    case.stream.reopen(Some(&other)).unwrap();
    case.stream.write("new").unwrap();
    assert_eq!(case.events(), "write:3 ready write:3 drain");
    assert_eq!(
        (case.content(), std::fs::read_to_string(&other).unwrap()),
        ("twoold".to_owned(), "new".to_owned())
    );
    assert_eq!(case.stream.file().unwrap(), other.as_os_str().as_encoded_bytes());
    // Without a path it is the one that is being opened, or was asked for before.
    let (third, fourth) = (dir.join("re3"), dir.join("re4"));
    case.stream.reopen(Some(&third)).unwrap();
    case.stream.write("three").unwrap();
    case.stream.reopen(None).unwrap();
    assert_eq!(case.events(), "ready ready write:5 drain");
    case.stream.reopen(Some(&third)).unwrap();
    case.stream.reopen(Some(&fourth)).unwrap();
    case.stream.reopen(None).unwrap();
    assert_eq!(case.events(), "ready ready");
    assert_eq!(case.stream.file().unwrap(), fourth.as_os_str().as_encoded_bytes());
    assert_eq!(std::fs::read_to_string(&third).unwrap(), "three");
    case.stream.reopen(Some(&other)).unwrap();
    assert_eq!(case.events(), "ready");
    // Where that fails it goes on with what it has.
    case.stream.reopen(Some(&dir.join("none/x"))).unwrap();
    case.stream.write("er").unwrap();
    case.events();
    case.stream.write("!").unwrap();
    case.stream.end().unwrap();
    assert!(case.events().ends_with("finish close"));
    assert_eq!(std::fs::read_to_string(&other).unwrap(), "newer!");
}

fn descriptors(dir: &Path) {
    let path = dir.join("fd");
    let fd = fs::open_sync(&path, "w", 0o666).unwrap();
    let lp = EventLoop::new().unwrap();
    let stream = Utf8Stream::new(&lp, fd, &plain()).unwrap();
    let log = Log::default();
    listen(&stream, &log);
    assert!(!stream.writing() && stream.fd() == fd);
    stream.write("n").unwrap();
    lp.run(RunMode::Default);
    assert_eq!(log.take().join(" "), "ready write:1 drain");
    assert_eq!(stream.reopen(None).unwrap_err().code(), Code::InvalidState);
    stream.end().unwrap();
    lp.run(RunMode::Default);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "n");
    // Standard error stays open.
    let stream = Utf8Stream::new(&lp, 2, &plain()).unwrap();
    stream.end().unwrap();
    lp.run(RunMode::Default);
    drop(Utf8Stream::new(&lp, 2, &plain()).unwrap());
    lp.run(RunMode::Default);
    assert!(fs::fstat_sync(2).is_ok());
}

fn flushing(dir: &Path) {
    let case = Case::new(&dir.join("flush"), &plain().min_length(100));
    let error = case.stream.flush_sync().unwrap_err();
    assert_eq!(error.to_string(), "Invalid state: Invalid file descriptor");
    case.stream.write("early").unwrap();
    let flushed = |case: &Case| {
        let (log, path) = (Rc::clone(&case.log), case.path.clone());
        move |result: Result<(), Error>| {
            result.unwrap();
            log.borrow_mut().push(format!("flushed:{}", std::fs::read_to_string(&path).unwrap()));
        }
    };
    case.stream.flush(flushed(&case)).unwrap();
    assert_eq!(case.events(), "ready write:5 drain flushed:early");
    case.stream.flush(flushed(&case)).unwrap();
    assert_eq!(case.events(), "flushed:early");
    case.stream.write("q").unwrap();
    case.stream.flush_sync().unwrap();
    assert_eq!((case.content(), case.events()), ("earlyq".to_owned(), String::new()));
    case.stream.write("w").unwrap();
    case.stream.flush(flushed(&case)).unwrap();
    case.stream.end().unwrap();
    let events = case.events();
    assert!(events.contains("write:1") && events.ends_with("finish close"), "{events}");
    // Again and again.
    let case = Case::new(&dir.join("periodic"), &plain().min_length(100).periodic_flush(5));
    case.stream.write("p").unwrap();
    let written = Rc::new(Cell::new(0));
    let (count, lp) = (Rc::clone(&written), case.lp.clone());
    case.stream.on_write(move |bytes| {
        count.set(count.get() + bytes);
        lp.stop();
    });
    let alive = case.lp.keep_alive();
    case.lp.run(RunMode::Default);
    drop(alive);
    assert_eq!((written.get(), case.content()), (1, "p".to_owned()));
    assert!(!case.lp.run(RunMode::Default), "it does not keep the loop alive");
    case.stream.end().unwrap();
    assert!(case.events().ends_with("finish close"));
}

/// A pipe that is full, until somebody reads.
fn retrying(dir: &Path) {
    let path = dir.join("fifo");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    let flags = fs::constants::O_RDWR | fs::constants::O_NONBLOCK;
    let fd = fs::open_sync(&path, fs::Flags::from(flags), 0).unwrap();
    let full = vec![b'f'; 65_536];
    assert_eq!(fs::write_sync(fd, &full, &Default::default()), Ok(65_536));
    let reader = fs::open_sync(&path, "r", 0).unwrap();
    let lp = EventLoop::new().unwrap();
    let asked = Rc::new(RefCell::new(Vec::new()));
    let sink = Rc::clone(&asked);
    let options = plain().retry_eagain(move |error, length, behind| {
        sink.borrow_mut().push((error.code(), length, behind));
        fs::read_sync(reader, &mut vec![0; 65_536], &Default::default()).unwrap();
        true
    });
    let stream = Utf8Stream::new(&lp, fd, &options).unwrap();
    stream.write("abc").unwrap();
    stream.write("defgh").unwrap();
    lp.run(RunMode::Default);
    assert_eq!(*asked.borrow(), [(Code::EAGAIN, 3, 5)]);
    let mut read = [0; 9];
    assert_eq!(fs::read_sync(reader, &mut read, &Default::default()), Ok(8));
    assert_eq!(&read[..8], b"abcdefgh");
    stream.end().unwrap();
    lp.run(RunMode::Default);
    fs::close_sync(reader).unwrap();
}
