//! `std::io` and iterators. What reads from or writes to a stream runs its event loop while it waits; what a stream
//! reads from or writes to blocks a thread of the pool.

use std::cell::Cell;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::rc::Rc;

use bytes::{Buf, Bytes};
use futures_core::Stream;
use futures_sink::Sink as FuturesSink;
use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, OperationExt, blocking};

use super::futures::ChunkSink;
use crate::chunk::Chunk;
use crate::chunks::Chunks;
use crate::host::Done;
use crate::options::{ReadableOptions, WritableOptions};
use crate::readable::{Readable, Source};
use crate::writable::{Sink, Writable};

/// The error of `std::io`, as far as it has a number.
pub(super) fn from_io(error: &io::Error, syscall: &'static str) -> Error {
    if let Some(own) = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        return own.clone();
    }
    match error.raw_os_error() {
        Some(number) if cfg!(unix) => Error::system(-number, syscall),
        _ => Error::new(Code::EIO, error.to_string()),
    }
}

/// A [`Readable`] as a blocking iterator: it runs the event loop while it waits, and is not for use in a callback.
///
/// ```
/// use nodecore_event_loop::EventLoop;
/// use nodecore_stream::{BlockingIter, Readable};
///
/// let lp = EventLoop::new()?;
/// let sum: u32 = BlockingIter::new(&Readable::from_iter(&lp, 1..=4)).map(Result::unwrap).sum();
/// assert_eq!(sum, 10);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Debug)]
pub struct BlockingIter<T: Chunk> {
    lp: EventLoop,
    chunks: Chunks<T>,
}

impl<T: Chunk> BlockingIter<T> {
    /// Reads from `stream`.
    pub fn new(stream: &Readable<T>) -> BlockingIter<T> {
        BlockingIter { lp: stream.event_loop(), chunks: Chunks::new(stream) }
    }
}

impl<T: Chunk> Iterator for BlockingIter<T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        let chunks = &mut self.chunks;
        self.lp.block_on(poll_fn(|context| Pin::new(&mut *chunks).poll_next(context)))
    }
}

/// A [`Readable`] as a blocking [`std::io::Read`]: it runs the event loop while it waits.
///
/// For programs that are not written with callbacks; it is not for use inside one.
///
/// ```
/// use bytes::Bytes;
/// use nodecore_event_loop::EventLoop;
/// use nodecore_stream::{Readable, Reader};
/// use std::io::Read;
///
/// let lp = EventLoop::new()?;
/// let stream = Readable::from_iter(&lp, [Bytes::from("Hello, "), Bytes::from("world")]);
/// let mut text = String::new();
/// Reader::new(&stream).read_to_string(&mut text).unwrap();
/// assert_eq!(text, "Hello, world");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Debug)]
pub struct Reader {
    chunks: BlockingIter<Bytes>,
    rest: Bytes,
}

impl Reader {
    /// Reads from `stream`.
    pub fn new(stream: &Readable) -> Reader {
        Reader { chunks: BlockingIter::new(stream), rest: Bytes::new() }
    }
}

impl io::Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() && !buffer.is_empty() {
            match self.chunks.next() {
                None => return Ok(0),
                Some(Err(error)) => return Err(io::Error::other(error)),
                Some(Ok(chunk)) => self.rest = chunk,
            }
        }
        let count = self.rest.len().min(buffer.len());
        self.rest.copy_to_slice(&mut buffer[..count]);
        Ok(count)
    }
}

/// A [`Writable`] as a blocking [`std::io::Write`]: it runs the event loop while it waits, and is not for use in a
/// callback.
///
/// A write waits until the stream has room, `flush` until all is written, [`finish`](Writer::finish) until the stream
/// has finished. Dropped without that, it leaves the stream open.
///
/// ```
/// use bytes::Bytes;
/// use nodecore_event_loop::EventLoop;
/// use nodecore_stream::{Writable, WritableOptions, Writer};
/// use std::io::Write;
///
/// let lp = EventLoop::new()?;
/// let sink = Writable::from_fn(&lp, WritableOptions::default(), |_, chunk: Bytes, done| {
///     assert_eq!(chunk, "4 + 5");
///     done.ok();
/// });
/// let mut writer = Writer::new(&sink);
/// writer.write_all(b"4 + 5").unwrap();
/// writer.finish()?;
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Debug)]
pub struct Writer {
    lp: EventLoop,
    sink: ChunkSink<Bytes>,
}

impl Writer {
    /// Writes to `stream`.
    pub fn new(stream: &Writable) -> Writer {
        Writer { lp: stream.event_loop(), sink: ChunkSink::new(stream) }
    }

    /// Ends the stream, and waits until it has finished.
    ///
    /// # Errors
    /// The stream's.
    pub fn finish(mut self) -> Result<()> {
        let sink = &mut self.sink;
        self.lp.block_on(poll_fn(|context| Pin::new(&mut *sink).poll_close(context)))
    }
}

impl io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        let sink = &mut self.sink;
        self.lp
            .block_on(poll_fn(|context| Pin::new(&mut *sink).poll_ready(context)))
            .and_then(|()| Pin::new(&mut *sink).start_send(Bytes::copy_from_slice(bytes)))
            .map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let sink = &mut self.sink;
        self.lp
            .block_on(poll_fn(|context| Pin::new(&mut *sink).poll_flush(context)))
            .map_err(io::Error::other)
    }
}

/// The longest read that is asked for at a time.
const MOST: usize = 1 << 20;

/// Something blocking that is used on the pool, by one call at a time.
struct Pooled<X>(Rc<Cell<Option<X>>>);

impl<X: Send + 'static> Pooled<X> {
    fn new(inner: X) -> Pooled<X> {
        Pooled(Rc::new(Cell::new(Some(inner))))
    }

    fn run<T: Send + 'static>(
        &self,
        lp: &EventLoop,
        syscall: &'static str,
        mut work: impl FnMut(&mut X) -> io::Result<T> + Send + 'static,
        done: impl FnOnce(Result<T>) + 'static,
    ) {
        let Some(mut inner) = self.0.take() else { return };
        let call = blocking(move || {
            let result = loop {
                match work(&mut inner) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    result => break result.map_err(|error| from_io(&error, syscall)),
                }
            };
            Ok((inner, result))
        });
        let slot = Rc::clone(&self.0);
        drop(call.spawn(lp, move |outcome| match outcome {
            Ok((inner, result)) => {
                slot.set(Some(inner));
                done(result);
            }
            Err(error) => done(Err(error)),
        }));
    }
}

impl Readable<Bytes> {
    /// A stream of what a blocking reader reads, on the pool.
    ///
    /// ```
    /// use nodecore_event_loop::EventLoop;
    /// use nodecore_stream::{Readable, ReadableOptions, consumers};
    ///
    /// let lp = EventLoop::new()?;
    /// let stream = Readable::from_read(&lp, ReadableOptions::default(), &b"some bytes"[..]);
    /// assert_eq!(lp.block_on(consumers::text(&stream))?, "some bytes");
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn from_read(
        lp: &EventLoop,
        options: ReadableOptions,
        reader: impl io::Read + Send + 'static,
    ) -> Readable<Bytes> {
        Readable::new(lp, options, Pooled::new(reader))
    }
}

impl<X: io::Read + Send + 'static> Source<Bytes> for Pooled<X> {
    fn read(&self, stream: &Readable<Bytes>, size: usize) {
        let read = move |reader: &mut X| {
            let mut buffer = vec![0; size.clamp(1, MOST)];
            let count = reader.read(&mut buffer)?;
            // A short read does not hold on to a long buffer.
            if count < buffer.len() / 2 {
                return Ok(Bytes::copy_from_slice(&buffer[..count]));
            }
            buffer.truncate(count);
            Ok(Bytes::from(buffer))
        };
        let target = stream.clone();
        self.run(&stream.event_loop(), "read", read, move |bytes| match bytes {
            Err(error) => target.destroy(Some(error)),
            Ok(bytes) => drop(target.push((!bytes.is_empty()).then_some(bytes))),
        });
    }
}

impl Writable<Bytes> {
    /// A stream that writes to a blocking writer, on the pool, and flushes it at the end.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use nodecore_event_loop::{EventLoop, RunMode};
    /// use nodecore_stream::{Writable, WritableOptions};
    ///
    /// let lp = EventLoop::new()?;
    /// let stream = Writable::to_write(&lp, WritableOptions::default(), Vec::new());
    /// stream.end_chunk(Bytes::from("some bytes"));
    /// lp.run(RunMode::Default);
    /// assert!(stream.writable_finished());
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn to_write(
        lp: &EventLoop,
        options: WritableOptions,
        writer: impl io::Write + Send + 'static,
    ) -> Writable<Bytes> {
        Writable::new(lp, options, Pooled::new(writer))
    }
}

impl<X: io::Write + Send + 'static> Sink<Bytes> for Pooled<X> {
    fn write(&self, stream: &Writable<Bytes>, mut chunk: Bytes, done: Done) {
        // Not `write_all`: after an interruption it would begin again.
        let write = move |writer: &mut X| {
            while !chunk.is_empty() {
                match writer.write(&chunk)? {
                    0 => return Err(io::ErrorKind::WriteZero.into()),
                    count => chunk.advance(count.min(chunk.len())),
                }
            }
            Ok(())
        };
        self.run(&stream.event_loop(), "write", write, move |result| done.call(result));
    }

    fn final_(&self, stream: &Writable<Bytes>, done: Done) {
        self.run(&stream.event_loop(), "write", X::flush, move |result| done.call(result));
    }
}
