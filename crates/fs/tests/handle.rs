//! `FileHandle`: its streams, its end, and what it refuses.

#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

mod common;

use std::cell::RefCell;
use std::rc::Rc;

use bytes::{Bytes, BytesMut};
use common::{Scratch, open_descriptors};
use nodecore_error::{Class, Code, Error};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_events::{AbortController, AbortSignal};
use nodecore_fs::promises::{self, FileHandle};
use nodecore_fs::{
    self as fs, RangeOptions, ReadFileOptions, ReadStreamOptions, RmOptions, WriteFileOptions,
    WriteStreamOptions,
};
use nodecore_stream::Event;

type Log = Rc<RefCell<Vec<String>>>;

fn opened(lp: &EventLoop, path: &std::path::Path, flags: &str) -> FileHandle {
    lp.block_on(promises::open(lp, path, flags, 0o666)).unwrap()
}

fn logger(log: &Log, what: &str) -> impl FnMut() + 'static + use<> {
    let (log, what) = (Rc::clone(log), what.to_owned());
    move || log.borrow_mut().push(what.clone())
}

/// One test, as the descriptors are the whole process's.
#[test]
fn nothing_is_left_open() {
    drop(EventLoop::new().unwrap());
    let scratch = Scratch::new("handle");
    {
        let lp = EventLoop::new().unwrap();
        lp.block_on(promises::stat(&lp, "/")).unwrap();
    }
    let before = open_descriptors();
    for case in [closing, closed_handles, reading, writing, lines, web, failing, signals, callbacks] {
        let lp = EventLoop::new().unwrap();
        case(&lp, &scratch);
        lp.run(RunMode::Default);
        drop(lp);
        assert_eq!(open_descriptors(), before);
    }
}

fn closing(lp: &EventLoop, scratch: &Scratch) {
    let path = scratch.0.join("closing");
    // Idle, and while something is under way.
    for busy in [false, true] {
        let file = opened(lp, &path, "w+");
        let log = Log::default();
        file.on_close(logger(&log, "close"));
        let removed = file.on_close(logger(&log, "never"));
        assert!(file.off(removed) && !file.off(removed));
        let writing = busy.then(|| file.write_file(vec![b'x'; 3_000_000], &WriteFileOptions::default()));
        assert!(!file.is_closed());
        let (first, second) = (file.close(), file.close());
        assert!(file.is_closed() && log.borrow().is_empty());
        lp.block_on(async {
            if let Some(writing) = writing {
                writing.await.unwrap();
            }
            first.await.unwrap();
            second.await.unwrap();
            file.close().await.unwrap();
        });
        assert!(!lp.run(RunMode::Default));
        assert_eq!((&*log.borrow(), file.fd()), (&vec!["close".to_owned()], -1));
        assert_eq!(std::fs::metadata(&path).unwrap().len(), if busy { 3_000_000 } else { 0 });
    }
    // One that is dropped says nothing.
    let file = opened(lp, &path, "r");
    let log = Log::default();
    file.on_close(logger(&log, "close"));
    drop(file);
    assert!(!lp.run(RunMode::Default));
    assert!(log.borrow().is_empty());
}

// Expected values here and below: Node 26.10.
fn closed_handles(lp: &EventLoop, scratch: &Scratch) {
    let path = scratch.0.join("closed");
    let file = opened(lp, &path, "w+");
    lp.block_on(file.close()).unwrap();
    let range = RangeOptions::default();
    let refusal = |name: &str, error: Error| {
        let shown = (error.code(), error.to_string(), error.syscall().unwrap_or("").to_owned());
        assert_eq!(shown, (Code::EBADF, "file closed".to_owned(), name.to_owned()));
    };
    lp.block_on(async {
        refusal("fstat", file.stat().await.unwrap_err());
        refusal("fsync", file.sync().await.unwrap_err());
        refusal("fdatasync", file.datasync().await.unwrap_err());
        refusal("readFile", file.read_file(&ReadFileOptions::default()).await.unwrap_err());
        refusal("fchmod", file.chmod(0o600).await.unwrap_err());
        refusal("fchown", file.chown(0, 0).await.unwrap_err());
        refusal("ftruncate", file.truncate(0).await.unwrap_err());
        refusal("futimes", file.utimes(1.0, 1.0).await.unwrap_err());
        refusal("writeFile", file.write_file("x", &WriteFileOptions::default()).await.unwrap_err());
        refusal("writeFile", file.append_file("x", &WriteFileOptions::default()).await.unwrap_err());
        refusal("read", file.read(vec![0], &range).await.unwrap_err());
        refusal("write", file.write("x", &range).await.unwrap_err());
        refusal("readv", file.readv(vec![vec![0]], None).await.unwrap_err());
        refusal("writev", file.writev(vec!["x"], None).await.unwrap_err());
    });
    let range = "The value of \"fd\" is out of range. It must be >= 0 && <= 2147483647. Received -1";
    for error in [
        file.create_read_stream(&ReadStreamOptions::default()).unwrap_err(),
        file.create_write_stream(&WriteStreamOptions::default()).unwrap_err(),
        file.read_lines(&ReadStreamOptions::default()).unwrap_err(),
    ] {
        assert_eq!((error.code(), error.to_string()), (Code::OutOfRange, range.to_owned()));
    }
    let error = file.readable_web_stream(false).unwrap_err();
    assert_eq!((error.code(), error.class()), (Code::InvalidState, Class::Error));
    assert_eq!(error.to_string(), "Invalid state: The FileHandle is closed");
}

fn reading(lp: &EventLoop, scratch: &Scratch) {
    let path = scratch.0.join("reading");
    std::fs::write(&path, "hello\nworld\nlast").unwrap();
    let read = |options: &ReadStreamOptions, skipped: usize| {
        let file = opened(lp, &path, "r");
        lp.block_on(file.read(vec![0; skipped], &RangeOptions::default())).unwrap();
        let log = Log::default();
        file.on_close(logger(&log, "handle close"));
        let stream = file.create_read_stream(options).unwrap();
        let sink = Rc::clone(&log);
        stream.on_data(move |chunk| sink.borrow_mut().push(String::from_utf8(chunk.to_vec()).unwrap()));
        stream.on(Event::End, logger(&log, "end"));
        stream.on(Event::Close, logger(&log, "close"));
        lp.run(RunMode::Default);
        log.borrow_mut().push(format!("{} {}", stream.bytes_read(), file.is_closed()));
        log.take().join("|")
    };
    let plain = ReadStreamOptions::default;
    assert_eq!(read(&plain(), 0), "hello\nworld\nlast|end|handle close|close|16 true");
    assert_eq!(read(&plain(), 6), "world\nlast|end|handle close|close|10 true");
    assert_eq!(read(&plain().start(6).end(10).auto_close(false), 2), "world|end|5 false");
    assert_eq!(read(&plain().end(4).high_water_mark(3), 0), "hel|lo|end|handle close|close|5 true");
    assert_eq!(read(&plain().emit_close(false).start(14), 0), "st|end|handle close|2 true");
    let file = opened(lp, &path, "r");
    let error = file.create_read_stream(&plain().start(5).end(4)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "The value of \"start\" is out of range. It must be <= \"end\" (here: 4). Received 5"
    );
    // Destroyed, and closed by somebody else.
    let log = Log::default();
    let stream = file.create_read_stream(&plain()).unwrap();
    let own = stream.clone();
    stream.on_data(move |_| {
        own.destroy(None);
    });
    stream.on(Event::Close, logger(&log, "close"));
    lp.run(RunMode::Default);
    assert!(file.is_closed() && *log.borrow() == ["close"]);
    let file = opened(lp, &path, "r");
    let (log, stream) = (Log::default(), file.create_read_stream(&plain()).unwrap());
    stream.on_error(|error| panic!("{error}"));
    stream.on(Event::Close, logger(&log, "close"));
    stream.on(Event::End, logger(&log, "end"));
    drop(file.close());
    stream.resume();
    lp.run(RunMode::Default);
    assert_eq!(*log.borrow(), ["close"]);
}

fn writing(lp: &EventLoop, scratch: &Scratch) {
    let path = scratch.0.join("writing");
    let write = |options: &WriteStreamOptions, chunks: &[&'static str]| {
        let file = opened(lp, &path, "w+");
        let log = Log::default();
        file.on_close(logger(&log, "handle close"));
        let stream = file.create_write_stream(options).unwrap();
        stream.on(Event::Finish, logger(&log, "finish"));
        stream.on(Event::Close, logger(&log, "close"));
        for chunk in chunks {
            stream.write(Bytes::from_static(chunk.as_bytes()));
        }
        stream.end();
        lp.run(RunMode::Default);
        let content = std::fs::read_to_string(&path).unwrap();
        log.borrow_mut().push(format!("{content:?} {} {}", stream.bytes_written(), file.is_closed()));
        log.take().join("|")
    };
    let plain = WriteStreamOptions::default;
    assert_eq!(write(&plain().start(2), &["abc"]), "finish|handle close|close|\"\\0\\0abc\" 3 true");
    assert_eq!(write(&plain().flush(true), &["ab", "", "c"]), "finish|handle close|close|\"abc\" 3 true");
    assert_eq!(write(&plain().auto_close(false), &["a"]), "finish|\"a\" 1 false");
    assert_eq!(write(&plain(), &[]), "finish|handle close|close|\"\" 0 true");
    let full = opened(lp, std::path::Path::new("/dev/full"), "w");
    let stream = full.create_write_stream(&plain()).unwrap();
    let errors = Log::default();
    let sink = Rc::clone(&errors);
    stream.on_error(move |error| sink.borrow_mut().push(error.to_string()));
    stream.write(Bytes::from_static(b"x"));
    lp.run(RunMode::Default);
    assert!(full.is_closed() && *errors.borrow() == ["ENOSPC: no space left on device, write"]);
}

fn lines(lp: &EventLoop, scratch: &Scratch) {
    let path = scratch.0.join("lines");
    std::fs::write(&path, "hello\nworld\nlast").unwrap();
    let all = |options: &ReadStreamOptions| {
        let file = opened(lp, &path, "r");
        let mut lines = file.read_lines(options).unwrap();
        let mut all = Vec::new();
        lp.block_on(async {
            while let Some(line) = lines.next().await {
                all.push(line.unwrap());
            }
        });
        lp.run(RunMode::Default);
        (all.join(" "), file.is_closed())
    };
    assert_eq!(all(&ReadStreamOptions::default()), ("hello world last".to_owned(), true));
    let part = ReadStreamOptions::default().start(3).end(8).auto_close(false).high_water_mark(1);
    assert_eq!(all(&part), ("lo wor".to_owned(), false));
    // Left before the end.
    let file = opened(lp, &path, "r");
    let mut lines = file.read_lines(&ReadStreamOptions::default()).unwrap();
    lp.block_on(lines.next()).unwrap().unwrap();
    drop(lines);
    lp.run(RunMode::Default);
    assert!(file.is_closed());
    let directory = opened(lp, &scratch.0, "r");
    let mut lines = directory.read_lines(&ReadStreamOptions::default()).unwrap();
    assert_eq!(lp.block_on(lines.next()).unwrap().unwrap_err().code(), Code::EISDIR);
    assert!(lp.block_on(lines.next()).is_none());
}

fn web(lp: &EventLoop, scratch: &Scratch) {
    let path = scratch.0.join("web");
    std::fs::write(&path, vec![b'w'; 40_000]).unwrap();
    for auto_close in [false, true] {
        let file = opened(lp, &path, "r");
        lp.block_on(file.read(vec![0; 1], &RangeOptions::default())).unwrap();
        let stream = file.readable_web_stream(auto_close).unwrap();
        let locked = file.readable_web_stream(auto_close).unwrap_err();
        assert_eq!(locked.to_string(), "Invalid state: The FileHandle is locked");
        let reader = stream.get_reader().unwrap();
        let sizes = lp.block_on(async {
            let mut sizes = Vec::new();
            while let Some(chunk) = reader.read().await.unwrap() {
                sizes.push(chunk.len());
            }
            sizes
        });
        lp.run(RunMode::Default);
        assert_eq!((sizes, file.is_closed()), (vec![16384, 16384, 7231], auto_close));
        assert!(file.is_closed() || file.readable_web_stream(false).is_err());
        // Cancelled.
        let file = opened(lp, &path, "r");
        let stream = file.readable_web_stream(auto_close).unwrap();
        lp.block_on(stream.cancel(None)).unwrap();
        assert_eq!(file.is_closed(), auto_close);
    }
    // Into the reader's memory; then somebody closes the handle.
    let file = opened(lp, &path, "r");
    let reader = file.readable_web_stream(false).unwrap().get_byob_reader().unwrap();
    lp.block_on(async {
        let read = reader.read(BytesMut::zeroed(4), 1).await.unwrap();
        assert_eq!((read.value.as_deref(), read.done), (Some(&b"wwww"[..]), false));
        file.close().await.unwrap();
        let read = reader.read(BytesMut::zeroed(4), 1).await.unwrap();
        assert!(read.done);
    });
}

fn failing(lp: &EventLoop, scratch: &Scratch) {
    let directory = opened(lp, &scratch.0, "r");
    let reader = directory.readable_web_stream(false).unwrap().get_reader().unwrap();
    let error = lp.block_on(async { reader.read().await }).unwrap_err();
    assert_eq!(error.to_string(), "EISDIR: illegal operation on a directory, read");
    let stream = opened(lp, &scratch.0, "r").create_read_stream(&ReadStreamOptions::default()).unwrap();
    let errors = Log::default();
    let sink = Rc::clone(&errors);
    stream.on_error(move |error| sink.borrow_mut().push(error.to_string()));
    stream.resume();
    lp.run(RunMode::Default);
    assert_eq!(*errors.borrow(), ["EISDIR: illegal operation on a directory, read"]);
    // Streams that are dropped unread.
    let path = scratch.0.join("lines");
    drop(opened(lp, &path, "r").create_read_stream(&ReadStreamOptions::default()).unwrap());
    drop(opened(lp, &path, "r").readable_web_stream(true).unwrap());
    drop(opened(lp, &path, "r").read_lines(&ReadStreamOptions::default()).unwrap());
}

fn is_abort(error: &Error, cause: &str) {
    assert_eq!((error.code(), error.class()), (Code::Abort, Class::AbortError));
    assert_eq!(error.to_string(), "The operation was aborted");
    assert_eq!(error.cause().unwrap().to_string(), cause);
}

fn signals(lp: &EventLoop, scratch: &Scratch) {
    let handle = opened(lp, &scratch.0, "r");
    let controller = AbortController::new();
    assert!(lp.block_on(handle.stat_until(&controller.signal())).unwrap().is_directory());
    let stat = handle.stat_until(&controller.signal());
    controller.abort();
    let refused = handle.stat_until(&controller.signal());
    for error in [lp.block_on(stat).unwrap_err(), lp.block_on(refused).unwrap_err()] {
        assert_eq!(error.code().name(), "ABORT_ERR");
    }
    let late = AbortController::new();
    let under_way = [
        promises::stat_until(lp, &scratch.0, &late.signal()),
        promises::lstat_until(lp, &scratch.0, &late.signal()),
        promises::fstat_until(lp, 0, &late.signal()),
        promises::stat_until(lp, "a\0", &late.signal()),
    ];
    let fine = lp.block_on(promises::lstat_until(lp, &scratch.0, &late.signal())).unwrap();
    assert!(fine.is_directory());
    late.abort();
    let codes = under_way.map(|stat| lp.block_on(stat).unwrap_err().code());
    assert_eq!(codes, [Code::Abort, Code::Abort, Code::Abort, Code::InvalidArgValue]);
    let told = Rc::new(RefCell::new(Vec::new()));
    let note = || {
        let told = Rc::clone(&told);
        move |result: nodecore_error::Result<nodecore_fs::Stats>| {
            told.borrow_mut().push(result.unwrap_err().code())
        }
    };
    nodecore_fs::stat_until(lp, &scratch.0, &late.signal(), note()).unwrap();
    nodecore_fs::lstat_until(lp, &scratch.0, &late.signal(), note()).unwrap();
    nodecore_fs::fstat_until(lp, 0, &late.signal(), note()).unwrap();
    assert!(nodecore_fs::stat_until(lp, "a\0", &late.signal(), note()).is_err() && told.borrow().is_empty());
    lp.run(RunMode::Default);
    assert_eq!(*told.borrow(), [Code::Abort; 3]);
    let (path, out) = (scratch.0.join("lines"), scratch.0.join("out"));
    let why = || Error::new(Code::Uncoded, "why");
    let before = AbortSignal::abort(Some(why()));
    let read = |signal: &AbortSignal| ReadFileOptions::default().signal(signal);
    let write = |signal: &AbortSignal| WriteFileOptions::default().signal(signal);
    let data = || vec![1; 3_000_000];
    lp.block_on(async {
        // Before: nothing is done, and nothing else is looked at.
        is_abort(&promises::read_file(lp, "none", &read(&before)).await.unwrap_err(), "why");
        is_abort(&promises::write_file(lp, &out, data(), &write(&before)).await.unwrap_err(), "why");
        is_abort(&promises::append_file(lp, &out, data(), &write(&before)).await.unwrap_err(), "why");
        assert!(!out.exists());
        let file = promises::open(lp, &path, "r+", 0o666).await.unwrap();
        is_abort(&file.read_file(&read(&before)).await.unwrap_err(), "why");
        is_abort(&file.write_file("y", &write(&before)).await.unwrap_err(), "why");
        is_abort(&file.append_file("y", &write(&before)).await.unwrap_err(), "why");
        // Meanwhile.
        let controller = AbortController::new();
        let signal = controller.signal();
        let reading = promises::read_file(lp, &path, &read(&signal));
        let writing = promises::write_file(lp, &out, data(), &write(&signal));
        let appending = promises::append_file(lp, &out, data(), &write(&signal));
        let handled = file.read_file(&read(&signal));
        drop(file.read_file(&read(&signal)));
        assert_eq!(signal.listener_count("abort"), 4);
        controller.abort_with(why());
        is_abort(&reading.await.unwrap_err(), "why");
        is_abort(&writing.await.unwrap_err(), "why");
        is_abort(&appending.await.unwrap_err(), "why");
        is_abort(&handled.await.unwrap_err(), "why");
        // Not at all.
        let signal = AbortController::new().signal();
        let content = promises::read_file(lp, &path, &read(&signal)).await.unwrap();
        assert_eq!((&*content, signal.listener_count("abort")), (&b"hello\nworld\nlast"[..], 0));
        assert!(promises::read_file(lp, "none", &read(&signal)).await.unwrap_err().code() == Code::ENOENT);
        file.close().await.unwrap();
    });
    // The sync form takes no notice, as in Node.
    assert!(fs::read_file_sync(&path, &read(&before)).is_ok());
    assert!(fs::write_file_sync(&out, "x", &write(&before)).is_ok());
}

fn callbacks(lp: &EventLoop, scratch: &Scratch) {
    let file = scratch.0.join("callback");
    std::fs::write(&file, "some text").unwrap();
    let handle = Rc::new(RefCell::new(None));
    let slot = Rc::clone(&handle);
    FileHandle::open(lp, &file, "r", 0, move |opened| *slot.borrow_mut() = opened.ok()).unwrap();
    assert!(FileHandle::open(lp, "a\0", "r", 0, |_| panic!()).is_err());
    lp.run(RunMode::Default);
    let handle = handle.take().unwrap();
    let log = Log::default();
    let note = |name: &'static str| {
        let log = Rc::clone(&log);
        move |text: Result<String, Error>| {
            log.borrow_mut()
                .push(text.map_or_else(|error| format!("{name} {error}"), |text| format!("{name} {text}")));
        }
    };
    let told = note("read");
    let reading = handle.read_file(&ReadFileOptions::default());
    let request = reading.then(lp, move |data| told(data.map(|data| String::from_utf8(data).unwrap())));
    assert!(request.unwrap().is_some() && log.borrow().is_empty());
    lp.run(RunMode::Default);
    assert_eq!(log.take(), ["read some text"]);
    // Refused, of which nobody is told, and cancelled, of which somebody is.
    lp.block_on(handle.close()).unwrap();
    let error = handle.stat().then(lp, |_| panic!()).unwrap_err();
    assert_eq!(error.to_string(), "file closed");
    let walk = promises::rm(lp, scratch.0.join("none"), &RmOptions::default().force(true));
    let told = note("rm");
    assert!(walk.then(lp, move |done| told(done.map(|()| String::new()))).unwrap().is_none());
    lp.run(RunMode::Default);
    assert_eq!(log.take(), ["rm "]);
    let path = scratch.0.join("lines");
    for early in [true, false] {
        let controller = AbortController::new();
        let signal = controller.signal();
        let errors = Rc::new(RefCell::new(Vec::new()));
        let sink = || {
            let errors = Rc::clone(&errors);
            move |error: Option<Error>| errors.borrow_mut().push(error.unwrap())
        };
        if early {
            controller.abort();
        }
        let (read, write) =
            (ReadFileOptions::default().signal(&signal), WriteFileOptions::default().signal(&signal));
        let (one, two, three) = (sink(), sink(), sink());
        fs::read_file(lp, &path, &read, move |result| one(result.err())).unwrap();
        fs::write_file(lp, scratch.0.join("c"), vec![1; 2_000_000], &write, move |result| two(result.err()))
            .unwrap();
        fs::append_file(lp, scratch.0.join("c"), "x", &write, move |result| three(result.err())).unwrap();
        assert!(errors.borrow().is_empty());
        assert_eq!(signal.listener_count("abort"), if early { 0 } else { 3 });
        controller.abort();
        lp.run(RunMode::Default);
        assert_eq!(errors.borrow().len(), 3);
        errors.borrow().iter().for_each(|error| is_abort(error, "This operation was aborted"));
    }
    // A signal nobody aborts is let go; so is one whose request is cancelled otherwise, or whose loop goes.
    let signal = AbortController::new().signal();
    let options = ReadFileOptions::default().signal(&signal);
    fs::read_file(lp, &path, &options, |result| assert!(result.is_ok())).unwrap();
    let request = fs::read_file(lp, &path, &options, |_| ()).unwrap();
    request.cancel();
    lp.run(RunMode::Default);
    assert_eq!(signal.listener_count("abort"), 0);
    let other = EventLoop::new().unwrap();
    fs::read_file(&other, &path, &options, |_| panic!("called after the loop went")).unwrap();
    drop(other);
    assert_eq!(signal.listener_count("abort"), 0);
}
