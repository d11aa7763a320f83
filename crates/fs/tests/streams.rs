//! File streams: events, ends, errors, and no descriptor left open. The expected traces are Node 26.10's.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]
#![allow(clippy::cast_possible_truncation)]

mod common;

use std::cell::RefCell;
use std::os::fd::IntoRawFd;
use std::path::Path;
use std::rc::Rc;

use bytes::Bytes;
use common::{Scratch, open_descriptors};
use nodecore_buffer::Encoding;
use nodecore_error::{Code, Error};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_fs::{
    self as fs, Flags, ReadStream, ReadStreamOptions, WriteStream, WriteStreamOptions, create_read_stream,
    create_write_stream,
};
use nodecore_stream::{AbortController, ByteChunk, Chunk, pipeline};

type Trace = Rc<RefCell<Vec<String>>>;

fn log(trace: &Trace, what: impl Into<String>) {
    trace.borrow_mut().push(what.into());
}

fn watch_read(stream: &ReadStream) -> Trace {
    let trace = Trace::default();
    let note = |what: &'static str| {
        let trace = Rc::clone(&trace);
        move || log(&trace, what)
    };
    let open = Rc::clone(&trace);
    stream.on_open(move |fd| log(&open, if fd >= 0 { "open" } else { "open?" }));
    stream.on_ready(note("ready"));
    stream.on_end(note("end"));
    stream.on_close(note("close"));
    let error = Rc::clone(&trace);
    stream.on_error(move |e| log(&error, format!("error {e}")));
    let data = Rc::clone(&trace);
    stream.on_data(move |chunk| log(&data, format!("data {}", chunk.len())));
    trace
}

fn watch_write(stream: &WriteStream) -> Trace {
    let trace = Trace::default();
    let note = |what: &'static str| {
        let trace = Rc::clone(&trace);
        move || log(&trace, what)
    };
    stream.on_open({
        let open = note("open");
        move |_| open()
    });
    stream.on_ready(note("ready"));
    stream.on_drain(note("drain"));
    stream.on_finish(note("finish"));
    stream.on_close(note("close"));
    let error = Rc::clone(&trace);
    stream.on_error(move |e| log(&error, format!("error {e}")));
    trace
}

fn reading<T>(
    path: impl AsRef<Path>,
    options: &ReadStreamOptions,
    then: impl FnOnce(&ReadStream) -> T,
) -> String {
    let lp = EventLoop::new().unwrap();
    let stream = create_read_stream(&lp, path.as_ref(), options).unwrap();
    let trace = watch_read(&stream);
    then(&stream);
    lp.run(RunMode::Default);
    trace.take().join(", ")
}

fn writing(
    path: impl AsRef<Path>,
    options: &WriteStreamOptions,
    then: impl FnOnce(&WriteStream, &Trace),
) -> String {
    let lp = EventLoop::new().unwrap();
    let stream = create_write_stream(&lp, path.as_ref(), options).unwrap();
    let trace = watch_write(&stream);
    then(&stream, &trace);
    lp.run(RunMode::Default);
    trace.take().join(", ")
}

fn descriptor(path: &Path, write: bool) -> i32 {
    std::fs::OpenOptions::new().read(!write).write(write).open(path).unwrap().into_raw_fd()
}

/// One test, as descriptors are the whole process's.
#[test]
fn streams() {
    // The first use of the pool opens what stays open.
    let lp = EventLoop::new().unwrap();
    lp.block_on(fs::promises::stat(&lp, ".")).unwrap();
    drop(lp);
    let before = open_descriptors();
    let parts: [(&str, fn()); 10] = [
        ("read_events", read_events),
        ("read_descriptors", read_descriptors),
        ("write_events", write_events),
        ("write_descriptors", write_descriptors),
        ("content", content),
        ("piping", piping),
        ("abandoned", abandoned),
        ("busy", busy),
        ("signals_and_encodings", signals_and_encodings),
        ("any_chunks", any_chunks),
    ];
    for (name, part) in parts {
        part();
        assert_eq!(open_descriptors(), before, "after {name}");
    }
}

fn read_events() {
    let dir = Scratch::new("read-events");
    let path = dir.0.join("f");
    std::fs::write(&path, "x".repeat(200_000)).unwrap();
    let plain = ReadStreamOptions::default;
    let nothing = |_: &ReadStream| ();

    let whole = "data 65536, data 65536, data 65536, data 3392, end, close";
    assert_eq!(reading(&path, &plain(), nothing), format!("open, ready, {whole}"));
    let part = reading(&path, &plain().start(10).end(19), nothing);
    assert_eq!(part, "open, ready, data 10, end, close");
    assert_eq!(reading(&path, &plain().end(3), nothing), "open, ready, data 4, end, close");
    assert_eq!(reading(&path, &plain().start(300_000), nothing), "open, ready, end, close");
    assert_eq!(
        reading(&path, &plain().high_water_mark(100_000), nothing),
        "open, ready, data 100000, data 100000, end, close"
    );
    assert_eq!(reading(&path, &plain().end(1).emit_close(false), nothing), "open, ready, data 2, end");
    assert_eq!(reading("/dev/null", &plain(), nothing), "open, ready, end, close");

    let missing = "error ENOENT: no such file or directory, open 'none'";
    assert_eq!(reading("none", &plain(), nothing), format!("{missing}, close"));
    assert_eq!(reading("none", &plain().auto_close(false), nothing), missing);
    assert_eq!(
        reading(&dir.0, &plain(), nothing),
        "open, ready, error EISDIR: illegal operation on a directory, read, close"
    );

    assert_eq!(reading(&path, &plain(), |stream| stream.destroy(None)), "open, ready, close");
    let boom = || Some(Error::new(Code::Uncoded, "boom"));
    assert_eq!(reading(&path, &plain(), |stream| stream.destroy(boom())), "open, ready, error boom, close");
    let in_data = reading(&path, &plain(), |stream| {
        let again = stream.clone();
        stream.on_data(move |_| again.destroy(None));
    });
    assert_eq!(in_data, "open, ready, data 65536, close");

    let lp = EventLoop::new().unwrap();
    let stream = create_read_stream(&lp, &path, &plain()).unwrap();
    assert!(stream.pending() && stream.fd().is_none() && stream.bytes_read() == 0);
    assert_eq!(stream.path(), Some(path.as_os_str().as_encoded_bytes()));
    let seen = Rc::new(RefCell::new(None));
    let slot = Rc::clone(&seen);
    let opened = stream.clone();
    let id = stream.on_open(move |fd| *slot.borrow_mut() = Some((fd, opened.fd(), opened.pending())));
    let removed = stream.on_ready(|| panic!("removed"));
    assert!(stream.off(removed) && !stream.off(removed));
    stream.resume();
    lp.run(RunMode::Default);
    let (fd, while_open, pending) = seen.borrow_mut().take().unwrap();
    assert_eq!((while_open, pending), (Some(fd), false));
    assert!(stream.pending() && stream.closed());
    assert_eq!(stream.bytes_read(), 200_000);
    stream.off(id);

    let refused =
        |options: ReadStreamOptions| create_read_stream(&lp, &path, &options).unwrap_err().to_string();
    assert_eq!(
        refused(plain().start(5).end(1)),
        "The value of \"start\" is out of range. It must be <= \"end\" (here: 1). Received 5"
    );
    assert_eq!(
        refused(plain().start(1 << 53)),
        "The value of \"start\" is out of range. It must be >= 0 && <= 9007199254740991. \
         Received 9_007_199_254_740_992"
    );
    assert_eq!(create_read_stream(&lp, "a\0", &plain()).unwrap_err().code(), Code::InvalidArgValue);
    assert_eq!(create_read_stream(&lp, -1, &plain()).unwrap_err().code(), Code::OutOfRange);
}

fn read_descriptors() {
    let dir = Scratch::new("read-fd");
    let path = dir.0.join("f");
    std::fs::write(&path, "x".repeat(100_000)).unwrap();
    let lp = EventLoop::new().unwrap();
    let run = |options: &ReadStreamOptions| {
        let fd = descriptor(&path, false);
        let stream = create_read_stream(&lp, fd, options).unwrap();
        let trace = watch_read(&stream);
        assert_eq!(stream.fd(), Some(fd));
        lp.run(RunMode::Default);
        (trace.take().join(", "), fd)
    };
    assert_eq!(run(&ReadStreamOptions::default()).0, "data 65536, data 34464, end, close");
    let (trace, fd) = run(&ReadStreamOptions::default().auto_close(false));
    assert_eq!(trace, "data 65536, data 34464, end");
    fs::close_sync(fd).unwrap();
    // One that is let go before it was read leaves the caller's descriptor as it said it would.
    let fd = descriptor(&path, false);
    drop(create_read_stream(&lp, fd, &ReadStreamOptions::default().auto_close(false)).unwrap());
    lp.run(RunMode::Default);
    fs::close_sync(fd).unwrap();
}

fn write_events() {
    let dir = Scratch::new("write-events");
    let path = dir.0.join("f");
    let plain = WriteStreamOptions::default;

    let trace = writing(&path, &plain(), |stream, _| {
        assert!(stream.write(Bytes::from("hello")));
        assert!(stream.pending() && stream.bytes_written() == 0);
        stream.write(Bytes::from("x".repeat(70_000)));
        stream.end_chunk(Bytes::from("!"));
    });
    assert_eq!(trace, "open, ready, finish, close");
    assert_eq!(std::fs::metadata(&path).unwrap().len(), 70_006);
    assert_eq!(writing(&path, &plain(), |stream, _| stream.end()), "open, ready, finish, close");
    assert_eq!(std::fs::read(&path).unwrap(), b"");

    let write_one = |stream: &WriteStream, trace: &Trace| {
        let trace = Rc::clone(trace);
        stream.write_with(Bytes::from("a"), move |result| {
            log(&trace, format!("done {}", result.map_or_else(|error| error.to_string(), |()| "ok".into())));
        });
    };
    let missing = "ENOENT: no such file or directory, open 'none/x'";
    assert_eq!(writing("none/x", &plain(), write_one), format!("done {missing}, error {missing}, close"));
    let full = "ENOSPC: no space left on device, write";
    assert_eq!(
        writing("/dev/full", &plain(), write_one),
        format!("open, ready, done {full}, error {full}, close")
    );
    let destroyed = writing(&path, &plain().flags(Flags::A), |stream, trace| {
        write_one(stream, trace);
        stream.destroy(None);
    });
    assert_eq!(destroyed, "done Cannot call write after a stream was destroyed, open, ready, close");
    assert_eq!(
        writing(&path, &plain().flush(true), |stream, _| stream.end_chunk(Bytes::from("q"))),
        "open, ready, finish, close"
    );
    std::fs::write(&path, "hello").unwrap();
    let options = plain().start(2).flags(Flags::R_PLUS);
    writing(&path, &options, |stream, _| {
        stream.write(Bytes::from("L"));
        stream.end_chunk(Bytes::from("LL"));
    });
    assert_eq!(std::fs::read(&path).unwrap(), b"heLLL");
}

fn write_descriptors() {
    let dir = Scratch::new("write-fd");
    let path = dir.0.join("f");
    std::fs::write(&path, "").unwrap();
    let lp = EventLoop::new().unwrap();
    let run = |fd: i32, options: &WriteStreamOptions| {
        let stream = create_write_stream(&lp, fd, options).unwrap();
        let trace = watch_write(&stream);
        stream.end_chunk(Bytes::from("zz"));
        lp.run(RunMode::Default);
        trace.take().join(", ")
    };
    assert_eq!(run(descriptor(&path, true), &WriteStreamOptions::default()), "finish, close");
    let fd = descriptor(&path, true);
    assert_eq!(run(fd, &WriteStreamOptions::default().auto_close(false)), "finish");
    fs::close_sync(fd).unwrap();
    let bad = run(999_999, &WriteStreamOptions::default());
    assert_eq!(bad, "error EBADF: bad file descriptor, close, close");
}

/// What is read is what is there, whatever the sizes and however slowly it is taken.
fn content() {
    let dir = Scratch::new("content");
    let path = dir.0.join("f");
    for size in [0usize, 1, 65_535, 65_536, 65_537, 262_144, 1_000_003] {
        let data: Vec<u8> = (0..size).map(|at| (at * 31 % 251) as u8).collect();
        std::fs::write(&path, &data).unwrap();
        for mark in [1000, 65_536, 200_000] {
            for start in [None, Some(size as u64 / 3)] {
                let lp = EventLoop::new().unwrap();
                let mut options = ReadStreamOptions::default().high_water_mark(mark);
                options.start = start;
                let stream = create_read_stream(&lp, &path, &options).unwrap();
                let got = Rc::new(RefCell::new(Vec::new()));
                let kept = Rc::new(RefCell::new(Vec::new()));
                let (sink, keep, paused, again) = (got.clone(), kept.clone(), stream.clone(), lp.clone());
                stream.on_data(move |chunk| {
                    sink.borrow_mut().extend_from_slice(&chunk);
                    // Some chunks are kept, so that their buffers must not be filled again.
                    if sink.borrow().len() % 3 == 0 {
                        keep.borrow_mut().push((sink.borrow().len() - chunk.len(), chunk));
                        paused.pause();
                        let stream = paused.clone();
                        again.set_immediate(move || stream.resume());
                    }
                });
                lp.run(RunMode::Default);
                let skipped = start.unwrap_or(0) as usize;
                assert!(got.borrow()[..] == data[skipped..], "{size} {mark} {start:?}");
                for (at, chunk) in kept.borrow().iter() {
                    assert!(chunk[..] == data[skipped + at..][..chunk.len()]);
                }
                assert_eq!(stream.bytes_read(), (size - skipped) as u64);
            }
        }
    }
    // A file that shrinks and grows under the reader ends where it ends.
    std::fs::write(&path, vec![1; 300_000]).unwrap();
    let lp = EventLoop::new().unwrap();
    let stream = create_read_stream(&lp, &path, &ReadStreamOptions::default()).unwrap();
    let (cut, first) = (path.clone(), Rc::new(RefCell::new(true)));
    stream.on_data(move |_| {
        if first.replace(false) {
            std::fs::File::options().write(true).open(&cut).unwrap().set_len(1).unwrap();
        }
    });
    lp.run(RunMode::Default);
    assert!(stream.readable_ended() && stream.bytes_read() <= 300_000);
}

fn piping() {
    let dir = Scratch::new("piping");
    let (from, to) = (dir.0.join("from"), dir.0.join("to"));
    let data: Vec<u8> = (0..3_000_000).map(|at| (at % 253) as u8).collect();
    std::fs::write(&from, &data).unwrap();
    let lp = EventLoop::new().unwrap();
    let source = create_read_stream(&lp, &from, &Default::default()).unwrap();
    let sink = create_write_stream(&lp, &to, &Default::default()).unwrap();
    let outcome = Rc::new(RefCell::new(None));
    let slot = Rc::clone(&outcome);
    pipeline((&source, &sink), move |result| *slot.borrow_mut() = Some(result)).unwrap();
    lp.run(RunMode::Default);
    assert_eq!(*outcome.borrow(), Some(Ok(())));
    assert!(std::fs::read(&to).unwrap() == data);
    assert_eq!((source.bytes_read(), sink.bytes_written()), (3_000_000, 3_000_000));
}

/// Streams that are destroyed, or let go, at every moment.
fn abandoned() {
    let dir = Scratch::new("abandoned");
    let path = dir.0.join("f");
    std::fs::write(&path, vec![1; 2_000_000]).unwrap();
    for rounds in 0..30 {
        let lp = EventLoop::new().unwrap();
        let source = create_read_stream(&lp, &path, &Default::default()).unwrap();
        let sink = create_write_stream(&lp, dir.0.join("out"), &Default::default()).unwrap();
        source.on_data(|_| ());
        sink.write(Bytes::from(vec![2; 1_000_000]));
        for _ in 0..rounds {
            lp.run(RunMode::NoWait);
        }
        if rounds % 2 == 0 {
            source.destroy(None);
            sink.destroy(None);
            lp.run(RunMode::Default);
            assert!(source.closed() && sink.closed());
        } else {
            // Nobody holds them any more; what the pool has comes back all the same.
            drop((source, sink));
            lp.run(RunMode::Default);
        }
    }
}

/// A stream that is destroyed while the pool reads for it closes when that has come back, not before.
fn busy() {
    use std::io::Write;
    let dir = Scratch::new("busy");
    let path = dir.0.join("fifo");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    // Open at both ends, so that neither opening nor the end of the file comes into play.
    let mut writer = std::fs::OpenOptions::new().read(true).write(true).open(&path).unwrap();
    let lp = EventLoop::new().unwrap();
    let stream = create_read_stream(&lp, &path, &ReadStreamOptions::default()).unwrap();
    let trace = watch_read(&stream);
    while stream.fd().is_none() {
        lp.run(RunMode::NoWait);
    }
    stream.destroy(None);
    for _ in 0..100 {
        lp.run(RunMode::NoWait);
    }
    assert!(stream.destroyed() && !stream.closed() && stream.fd().is_some());
    writer.write_all(b"x").unwrap();
    lp.run(RunMode::Default);
    assert!(stream.closed() && stream.pending());
    assert_eq!(trace.take().join(", "), "open, ready, close");
}

fn signals_and_encodings() {
    let dir = Scratch::new("signals");
    let path = dir.0.join("f");
    std::fs::write(&path, "abcdef").unwrap();
    let aborted = "error The operation was aborted, close";

    let controller = AbortController::new();
    let options = ReadStreamOptions::default().high_water_mark(2).signal(controller.signal());
    let read = reading(&path, &options, |stream| stream.once_data(move |_| controller.abort()).number());
    assert_eq!(read, format!("open, ready, data 2, {aborted}"));

    // Node reports that first, and opens the file all the same.
    let controller = AbortController::new();
    controller.abort();
    let read = reading(&path, &ReadStreamOptions::default().signal(controller.signal()), |_| 0);
    assert!(read.ends_with(aborted) && !read.contains("data"), "{read}");

    let controller = AbortController::new();
    let options = WriteStreamOptions::default().signal(controller.signal());
    let wrote = writing(dir.0.join("w"), &options, |stream, _| {
        stream.write_with(Bytes::from("xx"), move |_| controller.abort());
    });
    assert_eq!(wrote, format!("open, ready, {aborted}"));

    let options = ReadStreamOptions::default().high_water_mark(3).encoding(Encoding::Hex);
    assert_eq!(reading(&path, &options, |_| 0), "open, ready, data 6, data 6, end, close");

    let options = WriteStreamOptions::default().encoding(Encoding::Hex);
    writing(dir.0.join("hex"), &options, |stream, _| stream.end_text("cafe", None));
    assert_eq!(std::fs::read(dir.0.join("hex")).unwrap(), [0xca, 0xfe]);
}

/// Bytes, or something that no file takes.
#[derive(Clone, Debug, PartialEq)]
enum Any {
    Bytes(Bytes),
    Other,
}

impl Chunk for Any {
    const SPLITS: bool = true;
    fn size(&self) -> usize {
        if let Any::Bytes(bytes) = self { bytes.len() } else { 1 }
    }
}

impl From<Bytes> for Any {
    fn from(bytes: Bytes) -> Any {
        Any::Bytes(bytes)
    }
}

impl ByteChunk for Any {
    fn into_bytes(self) -> nodecore_error::Result<Bytes> {
        match self {
            Any::Bytes(bytes) => Ok(bytes),
            Any::Other => Err(Error::from_template(Code::InvalidArgType, &[&"chunk", &"bytes", &"another"])),
        }
    }
}

fn any_chunks() {
    let dir = Scratch::new("any");
    let path = dir.0.join("f");
    std::fs::write(&path, "abcdef").unwrap();
    let lp = EventLoop::new().unwrap();
    let from = ReadStream::<Any>::new(&lp, path.as_path(), &ReadStreamOptions::default()).unwrap();
    let copy = dir.0.join("copy");
    let to = WriteStream::<Any>::new(&lp, copy.as_path(), &WriteStreamOptions::default()).unwrap();
    pipeline((&from, &to), |result| assert!(result.is_ok())).unwrap();
    lp.run(RunMode::Default);
    assert_eq!(std::fs::read(&copy).unwrap(), b"abcdef");
    assert_eq!((from.bytes_read(), to.bytes_written()), (6, 6));

    // Also where it comes with others, in one writev.
    for before in 0..3 {
        let to = WriteStream::<Any>::new(&lp, copy.as_path(), &WriteStreamOptions::default()).unwrap();
        let error = Rc::new(RefCell::new(None));
        let told = Rc::clone(&error);
        to.on_error(move |error| *told.borrow_mut() = Some(error.code()));
        (0..before).for_each(|_| _ = to.write(Any::Bytes(Bytes::from("x"))));
        to.write(Any::Other);
        lp.run(RunMode::Default);
        assert_eq!(error.take(), Some(Code::InvalidArgType));
        assert!(to.closed());
    }
}
