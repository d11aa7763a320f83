//! Streams whose files the caller opens, reads and writes; what streams tell of their file; `close`. The expected traces
//! are Node 26.10's, with the same functions as its option `fs`.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

mod common;

use std::cell::{Cell, RefCell};
use std::future::{pending, ready};
use std::rc::Rc;

use bytes::Bytes;
use common::Scratch;
use nodecore_buffer::Encoding;
use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_fs::{
    Fd, Flags, HookFuture, ReadFs, ReadStream, ReadStreamOptions, StreamFs, WriteFs, WriteStream,
    WriteStreamOptions, create_read_stream, create_write_stream, promises,
};
use nodecore_stream::{AbortController, Event, Readable, ReadableOptions};

type Trace = Rc<RefCell<Vec<String>>>;

#[derive(Clone, Debug, Default)]
struct Hooks {
    trace: Trace,
    content: &'static [u8],
    /// The function that fails.
    bad: &'static str,
    /// The most bytes of a write.
    most: usize,
    several: bool,
}

impl Hooks {
    fn reply<T: 'static>(&self, name: &'static str, what: &str, value: T) -> HookFuture<T> {
        self.trace.borrow_mut().push(format!("{name}{what}"));
        let bad = (self.bad == name).then(|| Error::new(Code::EIO, format!("bad {name}")));
        Box::pin(ready(bad.map_or(Ok(value), Err)))
    }

    fn take(&self) -> String {
        self.trace.take().join(", ")
    }
}

impl StreamFs for Hooks {
    fn open(&self, path: &[u8], flags: Flags, mode: u32) -> HookFuture<Fd> {
        let path = String::from_utf8_lossy(path);
        self.reply("open", &format!(" {path} {} {mode:o}", flags == Flags::W), 98)
    }
    fn fsync(&self, fd: Fd) -> HookFuture<()> {
        self.reply("fsync", &format!(" {fd}"), ())
    }
    fn close(&self, fd: Fd) -> HookFuture<()> {
        self.reply("close", &format!(" {fd}"), ())
    }
}

impl ReadFs for Hooks {
    fn read(&self, fd: Fd, size: usize, position: Option<u64>) -> HookFuture<Bytes> {
        let at = position.map_or(0, |at| usize::try_from(at).unwrap()).min(self.content.len());
        let part = &self.content[at..];
        let part = Bytes::from_static(&part[..part.len().min(size).min(self.most)]);
        self.reply("read", &format!(" {fd} {size} {position:?}"), part)
    }
}

impl WriteFs for Hooks {
    fn write(&self, fd: Fd, data: Bytes, position: Option<u64>) -> HookFuture<usize> {
        let written = data.len().min(self.most);
        self.reply("write", &format!(" {fd} {} {position:?}", data.len()), written)
    }
    fn writev(&self, fd: Fd, chunks: &[Bytes], position: Option<u64>) -> HookFuture<usize> {
        if !self.several {
            return self.write(fd, chunks[0].clone(), position);
        }
        let lengths: Vec<_> = chunks.iter().map(Bytes::len).collect();
        let written = lengths.iter().sum::<usize>().min(self.most);
        self.reply("writev", &format!(" {fd} {lengths:?} {position:?}"), written)
    }
}

fn logger(trace: &Trace, what: &str) -> impl FnMut() + 'static + use<> {
    let (trace, what) = (Rc::clone(trace), what.to_owned());
    move || trace.borrow_mut().push(what.clone())
}

fn watch_read(stream: &ReadStream) -> Trace {
    let trace = Trace::default();
    let (open, data, error) = (Rc::clone(&trace), Rc::clone(&trace), Rc::clone(&trace));
    stream.on_open(move |fd| open.borrow_mut().push(format!("open {fd}")));
    stream.on_ready(logger(&trace, "ready"));
    stream.on_data(move |chunk| data.borrow_mut().push(format!("data {chunk:?}")));
    stream.on_error(move |e| error.borrow_mut().push(format!("error {e}")));
    stream.on_end(logger(&trace, "end"));
    stream.on_close(logger(&trace, "close"));
    trace
}

fn watch_write(stream: &WriteStream) -> Trace {
    let trace = Trace::default();
    let error = Rc::clone(&trace);
    stream.on_open({
        let mut open = logger(&trace, "open");
        move |_| open()
    });
    stream.on_ready(logger(&trace, "ready"));
    stream.on_finish(logger(&trace, "finish"));
    stream.on_error(move |e| error.borrow_mut().push(format!("error {e}")));
    stream.on_close(logger(&trace, "close"));
    trace
}

#[test]
fn reading_by_functions() {
    let lp = EventLoop::new().unwrap();
    let hooks = Hooks { content: b"-----abcabc", most: 3, ..Hooks::default() };
    let options = ReadStreamOptions::default().start(5).high_water_mark(10);
    let read = |hooks: &Hooks, options: ReadStreamOptions| {
        let stream = create_read_stream(&lp, "nope", &options.fs(Rc::new(hooks.clone()))).unwrap();
        let trace = watch_read(&stream);
        lp.run(RunMode::Default);
        assert!(stream.pending());
        (trace.take().join(", "), stream.bytes_read())
    };
    let (events, bytes) = read(&hooks, options.clone());
    assert_eq!(events, "open 98, ready, data b\"abc\", data b\"abc\", end, close");
    assert_eq!(bytes, 6);
    let calls = "open nope false 666, read 98 10 Some(5), read 98 10 Some(8), read 98 10 Some(11), close 98";
    assert_eq!(hooks.take(), calls);
    // As far as the last byte, which needs no read to be known as the end.
    let (events, _) = read(&hooks, options.clone().end(8));
    assert_eq!(events, "open 98, ready, data b\"abc\", data b\"a\", end, close");
    assert_eq!(hooks.take(), "open nope false 666, read 98 4 Some(5), read 98 1 Some(8), close 98");
    for (bad, events) in [
        ("open", "error bad open, close"),
        ("read", "open 98, ready, error bad read, close"),
        (
            "close",
            "open 98, ready, data b\"---\", data b\"--a\", data b\"bca\", data b\"bc\", end, \
                   error bad close, close",
        ),
    ] {
        assert_eq!(read(&Hooks { bad, ..hooks.clone() }, options.clone().start(0)).0, events, "{bad}");
    }
}

#[test]
fn writing_by_functions() {
    let lp = EventLoop::new().unwrap();
    let write = |hooks: &Hooks, options: WriteStreamOptions, chunks: &[&'static str]| {
        let stream = create_write_stream(&lp, "nope", &options.fs(Rc::new(hooks.clone()))).unwrap();
        let trace = watch_write(&stream);
        for chunk in chunks {
            stream.write(Bytes::from_static(chunk.as_bytes()));
        }
        stream.end();
        lp.run(RunMode::Default);
        (trace.take().join(", "), stream.bytes_written())
    };
    let plain = WriteStreamOptions::default;
    let hooks = Hooks { most: 100, several: true, ..Hooks::default() };
    let (events, bytes) = write(&hooks, plain().flush(true), &["hello", "a", "bc", "d"]);
    assert_eq!((events.as_str(), bytes), ("open, ready, finish, close", 9));
    let calls = "open nope true 666, writev 98 [5, 1, 2, 1] None, fsync 98, close 98";
    assert_eq!(hooks.take(), calls);
    for (bad, events) in [
        ("open", "error bad open, close"),
        ("write", "open, ready, error bad write, close"),
        ("close", "open, ready, finish, error bad close, close"),
        ("fsync", "open, ready, finish, error bad fsync, close"),
    ] {
        assert_eq!(write(&Hooks { bad, ..hooks.clone() }, plain().flush(true), &["xyz"]).0, events, "{bad}");
    }
    hooks.take();
    // Less than asked for: the rest follows.
    let two = Hooks { most: 2, ..hooks.clone() };
    assert_eq!(write(&two, plain().start(7).mode(0o600), &["hello"]).1, 5);
    let calls = "open nope true 600, write 98 5 Some(7), write 98 3 Some(9), write 98 1 Some(11), close 98";
    assert_eq!(two.take(), calls);
    assert_eq!(write(&two, plain(), &["abc", "", "d"]).1, 4);
    assert_eq!(
        two.take(),
        "open nope true 666, writev 98 [3, 0, 1] None, writev 98 [1, 0, 1] None, close 98"
    );
    // Without a function for several.
    let one = Hooks { several: false, ..hooks.clone() };
    assert_eq!(write(&one, plain(), &["abc", "d"]).1, 4);
    assert_eq!(one.take(), "open nope true 666, write 98 3 None, write 98 1 None, close 98");
    // One that takes nothing.
    let none = Hooks { most: 0, ..hooks };
    let (events, bytes) = write(&none, plain(), &["abc"]);
    assert_eq!((events.as_str(), bytes), ("open, ready, error writev failed, close", 0));
    assert_eq!(none.trace.borrow().len(), 8);
}

/// Functions that never reply hold nothing up, and let go of what they have.
#[derive(Debug)]
struct Silent(Rc<Cell<u32>>);

impl Silent {
    fn wait<T: 'static>(&self) -> HookFuture<T> {
        struct Count(Rc<Cell<u32>>);
        impl Drop for Count {
            fn drop(&mut self) {
                self.0.set(self.0.get() - 1);
            }
        }
        self.0.set(self.0.get() + 1);
        let count = Count(Rc::clone(&self.0));
        Box::pin(async move {
            let result = pending::<Result<T>>().await;
            drop(count);
            result
        })
    }
}

impl StreamFs for Silent {
    fn open(&self, _path: &[u8], _flags: Flags, _mode: u32) -> HookFuture<Fd> {
        self.wait()
    }
    fn close(&self, _fd: Fd) -> HookFuture<()> {
        self.wait()
    }
}

impl ReadFs for Silent {
    fn read(&self, _fd: Fd, _size: usize, _position: Option<u64>) -> HookFuture<Bytes> {
        self.wait()
    }
}

#[test]
fn functions_that_never_reply() {
    let waiting = Rc::<Cell<u32>>::default();
    let lp = EventLoop::new().unwrap();
    let options = ReadStreamOptions::default().fs(Rc::new(Silent(Rc::clone(&waiting))));
    let opening = create_read_stream(&lp, "x", &options).unwrap();
    let reading = create_read_stream(&lp, 5, &options).unwrap();
    reading.on_data(|_| ());
    assert!(!lp.run(RunMode::Default));
    assert_eq!(waiting.get(), 2);
    assert!(opening.pending() && reading.fd() == Some(5));
    reading.destroy(None);
    drop((opening, reading));
    lp.run(RunMode::Default);
    lp.close().unwrap();
    assert_eq!(waiting.get(), 0);
}

#[test]
fn what_streams_tell() {
    let dir = Scratch::new("stream-properties");
    let path = dir.0.join("f");
    std::fs::write(&path, "abcdef").unwrap();
    let lp = EventLoop::new().unwrap();
    let stream = create_read_stream(&lp, &path, &ReadStreamOptions::default().start(1).end(4)).unwrap();
    assert_eq!(stream.path(), Some(path.as_os_str().as_encoded_bytes()));
    assert_eq!((stream.flags(), stream.mode()), (Flags::R, 0o666));
    assert_eq!((stream.start(), stream.end()), (Some(1), Some(4)));
    assert!(stream.auto_close() && stream.pending() && stream.fd().is_none());
    let same = ReadStream::of(&nodecore_stream::AsReadable::to_readable(&stream)).unwrap();
    stream.resume();
    lp.run(RunMode::Default);
    assert_eq!(same.bytes_read(), 4);
    let other = Readable::<Bytes>::pushed(&lp, ReadableOptions::default());
    assert!(ReadStream::of(&other).is_none());
    let options = WriteStreamOptions::default().flags(Flags::A).mode(0o600).auto_close(false);
    let stream = create_write_stream(&lp, &path, &options).unwrap();
    assert_eq!((stream.flags(), stream.mode(), stream.start()), (Flags::A, 0o600, None));
    assert!(!stream.auto_close());
    assert_eq!(WriteStream::of(&stream).map(|same| same.flags()), Some(Flags::A));
    stream.close(|| ());
    lp.run(RunMode::Default);
    assert!(stream.closed());
}

#[test]
fn closing() {
    let dir = Scratch::new("stream-close");
    let path = dir.0.join("f");
    let lp = EventLoop::new().unwrap();
    for options in [WriteStreamOptions::default(), WriteStreamOptions::default().auto_close(false)] {
        let stream = create_write_stream(&lp, &path, &options).unwrap();
        let trace = Trace::default();
        stream.write(Bytes::from_static(b"abc"));
        stream.close(logger(&trace, "done"));
        stream.on_close(logger(&trace, "close"));
        lp.run(RunMode::Default);
        stream.close(logger(&trace, "again"));
        assert_eq!(trace.borrow().len(), 2);
        lp.run(RunMode::Default);
        assert_eq!(trace.take(), ["done", "close", "again"]);
        assert_eq!(std::fs::read(&path).unwrap(), b"abc");
    }
    let outcomes = Rc::<RefCell<Vec<Option<Code>>>>::default();
    let note = || {
        let outcomes = Rc::clone(&outcomes);
        move |result: Result<()>| outcomes.borrow_mut().push(result.err().map(|error| error.code()))
    };
    let stream = create_read_stream(&lp, &path, &ReadStreamOptions::default()).unwrap();
    stream.close(note());
    lp.run(RunMode::Default);
    stream.close(note());
    let missing = create_read_stream(&lp, dir.0.join("none"), &ReadStreamOptions::default()).unwrap();
    missing.on_error(|_| ());
    missing.close(note());
    let read = create_read_stream(&lp, &path, &ReadStreamOptions::default()).unwrap();
    read.resume();
    let (own, told) = (read.clone(), note());
    let told = Cell::new(Some(told));
    read.on(Event::End, move || {
        if let Some(told) = told.take() {
            own.close(told);
        }
    });
    lp.run(RunMode::Default);
    let premature = Some(Code::StreamPrematureClose);
    assert_eq!(outcomes.take(), [premature, premature, Some(Code::ENOENT), None]);
}

/// The streams of a handle have the options of the others.
#[test]
fn streams_of_handles() {
    let dir = Scratch::new("handle-streams");
    let path = dir.0.join("f");
    std::fs::write(&path, "root:x").unwrap();
    let lp = EventLoop::new().unwrap();
    let open = |flags| lp.block_on(promises::open(&lp, &path, flags, 0o666)).unwrap();

    let handle = open("r");
    let options = ReadStreamOptions::default().end(3).encoding(Encoding::Hex);
    let stream = handle.create_read_stream(&options).unwrap();
    assert_eq!((stream.fd(), stream.path(), stream.pending()), (Some(handle.fd()), None, false));
    let trace = watch_read(&stream);
    lp.run(RunMode::Default);
    assert_eq!(trace.take(), ["data b\"726f6f74\"", "end", "close"]);
    assert_eq!((stream.bytes_read(), stream.fd(), handle.fd(), stream.pending()), (4, None, -1, true));

    let (handle, controller) = (open("r"), AbortController::new());
    let options = ReadStreamOptions::default().signal(controller.signal());
    let stream = handle.create_read_stream(&options).unwrap();
    let trace = watch_read(&stream);
    controller.abort();
    lp.run(RunMode::Default);
    assert_eq!(trace.take(), ["error The operation was aborted", "close"]);
    assert_eq!(handle.fd(), -1);

    let (handle, controller) = (open("r+"), AbortController::new());
    let options = WriteStreamOptions::default().signal(controller.signal()).encoding(Encoding::Hex);
    let stream = handle.create_write_stream(&options).unwrap();
    let trace = watch_write(&stream);
    stream.write_text("4142", None);
    lp.run(RunMode::Default);
    controller.abort();
    lp.run(RunMode::Default);
    assert_eq!(trace.take(), ["error The operation was aborted", "close"]);
    assert_eq!((handle.fd(), stream.bytes_written()), (-1, 2));
    assert_eq!(std::fs::read(&path).unwrap(), b"ABot:x");

    // Whoever destroys it closes the handle; an error does not, without `auto_close`.
    let handle = open("r");
    let options = ReadStreamOptions::default().auto_close(false);
    handle.create_read_stream(&options).unwrap().destroy(None);
    lp.run(RunMode::Default);
    assert!(handle.is_closed());
    let directory = lp.block_on(promises::open(&lp, &dir.0, "r", 0)).unwrap();
    let stream = directory.create_read_stream(&ReadStreamOptions::default()).unwrap();
    let trace = watch_read(&stream);
    lp.run(RunMode::Default);
    assert_eq!(trace.take(), ["error EISDIR: illegal operation on a directory, read", "close"]);
    assert!(directory.is_closed());

    let handle = open("r+");
    let hooks = Rc::new(Hooks::default());
    let errors = [
        handle.create_read_stream(&ReadStreamOptions::default().fs(hooks.clone())).unwrap_err(),
        handle.create_write_stream(&WriteStreamOptions::default().fs(hooks)).unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.code(), Code::MethodNotImplemented);
        assert_eq!(error.to_string(), "The FileHandle with fs method is not implemented");
    }
}
