//! Streams as Rust's own interfaces, those as streams, `wrap`, and `stream/consumers`.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::io::{self, Read, Write};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_io::{AsyncRead, AsyncWrite};
use futures_sink::Sink;
use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_stream::{
    AsyncReader, AsyncWriter, BlockingIter, ChunkSink, OldSource, Readable, ReadableOptions, Reader, Wrapped,
    Writable, WritableOptions, Writer, consumers,
};

fn error_codes<T: nodecore_stream::Chunk>(stream: &Writable<T>) -> Rc<RefCell<Vec<Code>>> {
    let codes = Rc::new(RefCell::new(Vec::new()));
    let to = Rc::clone(&codes);
    stream.on_error(move |error| to.borrow_mut().push(error.code()));
    codes
}

/// A writable that takes a turn of the loop for each chunk.
fn slow(lp: &EventLoop) -> (Writable, Rc<RefCell<Vec<u8>>>) {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let (to, later) = (Rc::clone(&seen), lp.clone());
    let options = WritableOptions::default().high_water_mark(4);
    let stream = Writable::from_fn(lp, options, move |_, chunk: Bytes, done| {
        to.borrow_mut().extend_from_slice(&chunk);
        later.set_immediate(move || done.ok());
    });
    (stream, seen)
}

#[test]
fn blocking_both_ways() -> Result<()> {
    let lp = EventLoop::new()?;
    let stream = Readable::from_iter(&lp, ["ab", "", "cde"].map(Bytes::from));
    let mut reader = Reader::new(&stream);
    let mut two = [0; 2];
    assert_eq!(reader.read(&mut []).unwrap(), 0);
    reader.read_exact(&mut two).unwrap();
    let mut rest = String::new();
    reader.read_to_string(&mut rest).unwrap();
    assert_eq!((&two, rest.as_str()), (b"ab", "cde"));
    assert_eq!(BlockingIter::new(&Readable::from_iter(&lp, 0..5)).map(Result::unwrap).sum::<i32>(), 10);

    let (stream, seen) = slow(&lp);
    let mut writer = Writer::new(&stream);
    for _ in 0..10 {
        writer.write_all(b"123").unwrap();
        assert!(stream.writable_length() <= 4 + 3);
    }
    assert!(stream.writable_length() > 0);
    writer.flush().unwrap();
    assert_eq!((stream.writable_length(), seen.borrow().len()), (0, 30));
    writer.finish()?;
    assert!(stream.writable_finished());

    let (stream, _) = slow(&lp);
    let mut writer = Writer::new(&stream);
    stream.destroy(Some(Error::system_code(Code::EIO, "write")));
    let error = writer.write(b"x").unwrap_err();
    let inner = error.get_ref().unwrap().downcast_ref::<Error>().unwrap();
    assert_eq!(inner.code(), Code::EIO);
    Ok(())
}

/// Reads and writes at most three bytes at a time, is interrupted now and then, and may fail.
#[derive(Clone, Default)]
struct Fussy {
    data: Arc<Mutex<Vec<u8>>>,
    calls: Arc<Mutex<u32>>,
    flushed: Arc<Mutex<u32>>,
    fails: bool,
}

impl Fussy {
    fn call(&self) -> io::Result<()> {
        let mut calls = self.calls.lock().unwrap();
        *calls += 1;
        match *calls {
            2 => Err(io::ErrorKind::Interrupted.into()),
            5 if self.fails => Err(io::Error::from_raw_os_error(5)),
            _ => Ok(()),
        }
    }
}

impl Read for Fussy {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.call()?;
        let mut data = self.data.lock().unwrap();
        let count = buffer.len().min(data.len()).min(3);
        data.drain(..count).zip(buffer).for_each(|(byte, to)| *to = byte);
        Ok(count)
    }
}

impl Write for Fussy {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.call()?;
        let count = bytes.len().min(3);
        self.data.lock().unwrap().extend_from_slice(&bytes[..count]);
        Ok(count)
    }
    fn flush(&mut self) -> io::Result<()> {
        *self.flushed.lock().unwrap() += 1;
        Ok(())
    }
}

#[test]
fn blocking_readers_and_writers_on_the_pool() -> Result<()> {
    let lp = EventLoop::new()?;
    let text: String = ('a'..='z').collect();
    let fussy = Fussy { data: Arc::new(Mutex::new(text.clone().into_bytes())), ..Fussy::default() };
    let stream = Readable::from_read(&lp, ReadableOptions::default(), fussy);
    assert_eq!(lp.block_on(consumers::text(&stream))?, text);

    let fussy =
        Fussy { data: Arc::new(Mutex::new(text.clone().into_bytes())), fails: true, ..Fussy::default() };
    let stream = Readable::from_read(&lp, ReadableOptions::default(), fussy);
    assert_eq!(lp.block_on(consumers::text(&stream)).unwrap_err().code(), Code::EIO);

    let fussy = Fussy::default();
    let stream = Writable::to_write(&lp, WritableOptions::default(), fussy.clone());
    stream.write(Bytes::from(text.clone()));
    stream.end_chunk(Bytes::from("!"));
    lp.run(RunMode::Default);
    assert_eq!(fussy.data.lock().unwrap().as_slice(), format!("{text}!").as_bytes());
    assert_eq!((*fussy.flushed.lock().unwrap(), stream.writable_finished()), (1, true));

    let stream =
        Writable::to_write(&lp, WritableOptions::default(), Fussy { fails: true, ..Fussy::default() });
    let codes = error_codes(&stream);
    stream.write(Bytes::from(text));
    lp.run(RunMode::Default);
    assert_eq!(*codes.borrow(), [Code::EIO]);
    Ok(())
}

#[test]
fn asynchronous_both_ways() -> Result<()> {
    let lp = EventLoop::new()?;
    let text: Bytes = (0..100u8).collect();
    let source = Readable::from_iter(&lp, [text.slice(..7), Bytes::new(), text.slice(7..)]);
    let stream = Readable::from_async_read(
        &lp,
        ReadableOptions::default().high_water_mark(16),
        AsyncReader::new(&source),
    );
    let (last, seen) = slow(&lp);
    let dest = Writable::from_async_write(&lp, WritableOptions::default(), AsyncWriter::new(&last));
    let both = nodecore_stream::promises::pipeline((&stream, &dest), Default::default());
    lp.block_on(both)?;
    assert_eq!(*seen.borrow(), text);
    assert!(last.writable_finished());

    // A sink waits for room, and for what was sent.
    let (last, seen) = slow(&lp);
    let mut sink = ChunkSink::new(&last);
    for _ in 0..5 {
        lp.block_on(poll_fn(|context| Pin::new(&mut sink).poll_ready(context)))?;
        Pin::new(&mut sink).start_send(Bytes::from("12345"))?;
    }
    assert!(seen.borrow().len() < 25 || last.writable_length() > 0);
    lp.block_on(poll_fn(|context| Pin::new(&mut sink).poll_flush(context)))?;
    assert_eq!((last.writable_length(), seen.borrow().len()), (0, 25));
    last.destroy(Some(Error::system_code(Code::EPIPE, "write")));
    let error = lp.block_on(poll_fn(|context| Pin::new(&mut sink).poll_ready(context))).unwrap_err();
    assert_eq!(error.code(), Code::EPIPE);
    assert_eq!(Pin::new(&mut sink).start_send(Bytes::from("x")).unwrap_err().code(), Code::EPIPE);
    Ok(())
}

/// Never ready; tells that it was dropped.
struct Stuck(Rc<Cell<bool>>);

impl Drop for Stuck {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

impl AsyncWrite for Stuck {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Pending
    }
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Pending
    }
    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Pending
    }
}

impl AsyncRead for Stuck {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut [u8]) -> Poll<io::Result<usize>> {
        Poll::Pending
    }
}

#[test]
fn what_is_stuck_is_dropped_when_the_stream_is_destroyed() -> Result<()> {
    let lp = EventLoop::new()?;
    let dropped = Rc::new(Cell::new(false));
    let stream = Writable::from_async_write(&lp, WritableOptions::default(), Stuck(Rc::clone(&dropped)));
    stream.write(Bytes::from("x"));
    lp.run(RunMode::Default);
    stream.destroy(None);
    lp.run(RunMode::Default);
    assert!(stream.closed() && dropped.take());

    let stream = Readable::from_async_read(&lp, ReadableOptions::default(), Stuck(Rc::clone(&dropped)));
    stream.resume();
    lp.run(RunMode::Default);
    stream.destroy(None);
    lp.run(RunMode::Default);
    assert!(stream.closed() && dropped.take());
    Ok(())
}

#[test]
fn consumers_take_all() -> Result<()> {
    let lp = EventLoop::new()?;
    let bytes = |parts: &[&'static [u8]]| {
        Readable::from_iter(&lp, parts.iter().copied().map(Bytes::from_static).collect::<Vec<_>>())
    };
    assert_eq!(lp.block_on(consumers::buffer(&bytes(&[b"ab", b"c"])))?, "abc");
    assert_eq!(lp.block_on(consumers::text(&bytes(&[b"\xef\xbb", b"\xbfa\xff"])))?, "a\u{fffd}");
    assert_eq!(lp.block_on(consumers::text(&bytes(&[b"\xe2\x82", b"\xac"])))?, "€");
    assert_eq!(
        lp.block_on(consumers::text(&Readable::from_iter(&lp, ["a".to_owned(), "b".to_owned()])))?,
        "ab"
    );
    let failing = Readable::<Bytes>::pushed(&lp, ReadableOptions::default());
    let it = failing.clone();
    lp.set_immediate(move || it.destroy(Some(Error::system_code(Code::EIO, "read"))));
    assert_eq!(lp.block_on(consumers::buffer(&failing)).unwrap_err().code(), Code::EIO);
    Ok(())
}

#[cfg(feature = "json")]
#[test]
fn json_is_parsed() -> Result<()> {
    let lp = EventLoop::new()?;
    let value = |text: &'static [u8]| {
        let stream = Readable::from_bytes(&lp, text);
        lp.block_on(consumers::json::<_, serde_json::Value>(&stream))
    };
    assert_eq!(value(b"{\"a\":1}")?["a"], 1);
    assert_eq!(value(b"\xef\xbb\xbf1")?, 1);
    assert_eq!(value(b"{a").unwrap_err().code(), Code::Uncoded);
    assert_eq!(value(b"").unwrap_err().code(), Code::Uncoded);
    Ok(())
}

type Events = Rc<RefCell<Vec<String>>>;

struct Old {
    events: Events,
    to: Rc<RefCell<Option<Wrapped<Bytes>>>>,
}

impl OldSource<Bytes> for Old {
    fn listen(&self, to: Wrapped<Bytes>) {
        *self.to.borrow_mut() = Some(to);
    }
    fn pause(&self) {
        self.events.borrow_mut().push("pause".into());
    }
    fn resume(&self) {
        self.events.borrow_mut().push("resume".into());
    }
}

fn wrapped(lp: &EventLoop) -> (Readable, Wrapped<Bytes>, Events) {
    let (events, to) = (Events::default(), Rc::new(RefCell::new(None)));
    let old = Old { events: Rc::clone(&events), to: Rc::clone(&to) };
    let stream = Readable::wrap(lp, ReadableOptions::default().high_water_mark(2), old);
    let source = to.take().unwrap();
    for event in [nodecore_stream::Event::End, nodecore_stream::Event::Close] {
        let log = Rc::clone(&events);
        stream.on(event, move || log.borrow_mut().push(event.name().into()));
    }
    let log = Rc::clone(&events);
    stream.on_error(move |error| log.borrow_mut().push(error.code().name().into()));
    (stream, source, events)
}

/// The calls and lengths were seen in Node 26.10.
#[test]
fn an_old_source_is_paused_and_resumed() -> Result<()> {
    let lp = EventLoop::new()?;
    let (stream, source, events) = wrapped(&lp);
    source.data(Bytes::from("abc"));
    source.data(Bytes::from("def"));
    assert_eq!((stream.readable_length(), events.take().join(" ").as_str()), (6, "pause pause"));
    assert_eq!(stream.read(None).unwrap(), "abc");
    lp.run(RunMode::Default);
    assert_eq!(stream.read(None).unwrap(), "def");
    lp.run(RunMode::Default);
    source.end();
    stream.resume();
    lp.run(RunMode::Default);
    assert_eq!(events.take().join(" "), "resume end close");

    let (_stream, source, events) = wrapped(&lp);
    source.error(Error::system_code(Code::EIO, "read"));
    lp.run(RunMode::Default);
    assert_eq!(events.take().join(" "), "EIO close");

    let (_stream, source, events) = wrapped(&lp);
    source.data(Bytes::from("a"));
    source.close();
    lp.run(RunMode::Default);
    assert_eq!(events.take().join(" "), "close");

    let (stream, _source, events) = wrapped(&lp);
    stream.destroy(Some(Error::system_code(Code::EIO, "read")));
    lp.run(RunMode::Default);
    assert_eq!(events.take().join(" "), "EIO close");
    Ok(())
}
