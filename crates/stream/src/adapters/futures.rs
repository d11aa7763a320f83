//! `futures::Sink`, `AsyncRead` and `AsyncWrite`, both ways. `futures::Stream` is [`Chunks`] and
//! [`Readable::from_stream`].

use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes, BytesMut};
use futures_core::Stream;
use futures_io::{AsyncRead, AsyncWrite};
use futures_sink::Sink as FuturesSink;
use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, JoinHandle};
use nodecore_events::ListenerId;

use super::blocking::from_io;
use crate::chunk::Chunk;
use crate::chunks::Chunks;
use crate::finished::{Finished, FinishedOptions, finished};
use crate::host::{DestroyDone, Done, Event};
use crate::options::{ReadableOptions, WritableOptions};
use crate::promises::Outcome;
use crate::readable::Readable;
use crate::writable::{Sink, Writable};

/// A [`Writable`] as a [`futures_sink::Sink`].
///
/// It is ready when the stream has room, flushed when all that was sent is written, and closed when the stream has
/// finished. Dropped before that, it leaves the stream open.
///
/// ```
/// use futures_sink::Sink;
/// use nodecore_event_loop::EventLoop;
/// use nodecore_stream::{ChunkSink, Writable, WritableOptions};
/// use std::{future::poll_fn, pin::Pin};
///
/// let lp = EventLoop::new()?;
/// let stream = Writable::from_fn(&lp, WritableOptions::default(), |_, n: u32, done| {
///     assert_eq!(n, 7);
///     done.ok();
/// });
/// let mut sink = ChunkSink::new(&stream);
/// lp.block_on(poll_fn(|context| Pin::new(&mut sink).poll_ready(context)))?;
/// Pin::new(&mut sink).start_send(7)?;
/// lp.block_on(poll_fn(|context| Pin::new(&mut sink).poll_close(context)))?;
/// assert!(stream.writable_finished());
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub struct ChunkSink<T: Chunk> {
    stream: Writable<T>,
    outcome: Outcome,
    on_drain: ListenerId,
    waiting: Finished,
    /// What was sent and is not written.
    under_way: Rc<Cell<usize>>,
    /// The outcome, once it is known.
    done: Option<Result<()>>,
}

impl<T: Chunk> ChunkSink<T> {
    /// Writes to `stream`.
    pub fn new(stream: &Writable<T>) -> ChunkSink<T> {
        let outcome = Outcome::new();
        let woken = outcome.clone();
        let on_drain = stream.on(Event::Drain, move || woken.wake());
        let told = outcome.clone();
        let options = FinishedOptions::default().readable(false);
        let waiting = finished(stream, options, move |result| told.set(result));
        ChunkSink { stream: stream.clone(), outcome, on_drain, waiting, under_way: Rc::default(), done: None }
    }

    /// The outcome if there is one; otherwise the context is woken when anything changes.
    fn poll_done(&mut self, context: &mut Context<'_>) -> Option<Result<()>> {
        if self.done.is_none()
            && let Poll::Ready(result) = self.outcome.poll(context)
        {
            self.done = Some(result);
        }
        self.done.clone()
    }

    /// Why nothing more can be written.
    fn failure(&self) -> Error {
        let destroyed = || Error::from_template(Code::StreamDestroyed, &[&"write"]);
        self.stream.errored().unwrap_or_else(destroyed)
    }

    /// Pending while `busy`, unless the stream is done.
    fn poll_until(&mut self, context: &mut Context<'_>, busy: impl Fn(&Self) -> bool) -> Poll<Result<()>> {
        match self.poll_done(context) {
            Some(Err(error)) => Poll::Ready(Err(error)),
            // The stream tells it a tick later.
            None if self.stream.writable_aborted() => Poll::Ready(Err(self.failure())),
            _ if busy(self) => Poll::Pending,
            _ => Poll::Ready(Ok(())),
        }
    }
}

impl<T: Chunk> Unpin for ChunkSink<T> {}

impl<T: Chunk> FuturesSink<T> for ChunkSink<T> {
    type Error = Error;

    fn poll_ready(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        self.poll_until(context, |sink| sink.stream.writable_need_drain())
    }

    fn start_send(self: Pin<&mut Self>, chunk: T) -> Result<()> {
        if let Some(Err(error)) = &self.done {
            return Err(error.clone());
        }
        if self.stream.writable_aborted() {
            return Err(self.failure());
        }
        if self.stream.writable_ended() {
            return Err(Error::from_template(Code::StreamWriteAfterEnd, &[]));
        }
        self.under_way.set(self.under_way.get() + 1);
        let (under_way, woken) = (Rc::clone(&self.under_way), self.outcome.clone());
        self.stream.write_with(chunk, move |_| {
            under_way.set(under_way.get() - 1);
            woken.wake();
        });
        Ok(())
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        self.poll_until(context, |sink| sink.under_way.get() > 0)
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        if !self.stream.writable_ended() && !self.stream.destroyed() {
            self.stream.end();
        }
        self.poll_done(context).map_or(Poll::Pending, Poll::Ready)
    }
}

impl<T: Chunk> Drop for ChunkSink<T> {
    fn drop(&mut self) {
        self.stream.off(self.on_drain);
        self.waiting.cancel();
    }
}

impl<T: Chunk> fmt::Debug for ChunkSink<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChunkSink").field("stream", &self.stream).finish_non_exhaustive()
    }
}

/// A [`Readable`] as a [`futures_io::AsyncRead`].
#[derive(Debug)]
pub struct AsyncReader {
    chunks: Chunks<Bytes>,
    rest: Bytes,
}

impl AsyncReader {
    /// Reads from `stream`.
    pub fn new(stream: &Readable) -> AsyncReader {
        AsyncReader { chunks: Chunks::new(stream), rest: Bytes::new() }
    }
}

impl AsyncRead for AsyncReader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        while self.rest.is_empty() && !buffer.is_empty() {
            match ready!(Pin::new(&mut self.chunks).poll_next(context)) {
                None => return Poll::Ready(Ok(0)),
                Some(Err(error)) => return Poll::Ready(Err(io::Error::other(error))),
                Some(Ok(chunk)) => self.rest = chunk,
            }
        }
        let count = self.rest.len().min(buffer.len());
        self.rest.copy_to_slice(&mut buffer[..count]);
        Poll::Ready(Ok(count))
    }
}

/// A [`Writable`] as a [`futures_io::AsyncWrite`]; see [`ChunkSink`].
#[derive(Debug)]
pub struct AsyncWriter(ChunkSink<Bytes>);

impl AsyncWriter {
    /// Writes to `stream`.
    pub fn new(stream: &Writable) -> AsyncWriter {
        AsyncWriter(ChunkSink::new(stream))
    }
}

impl AsyncWrite for AsyncWriter {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(Pin::new(&mut self.0).poll_ready(context)).map_err(io::Error::other)?;
        Pin::new(&mut self.0).start_send(Bytes::copy_from_slice(bytes)).map_err(io::Error::other)?;
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context).map_err(io::Error::other)
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_close(context).map_err(io::Error::other)
    }
}

/// The longest read that is asked for at a time.
const MOST: usize = 1 << 20;

impl Readable<Bytes> {
    /// A stream of what an asynchronous reader reads.
    ///
    /// ```
    /// use nodecore_event_loop::EventLoop;
    /// use nodecore_stream::{AsyncReader, Readable, ReadableOptions, consumers};
    ///
    /// let lp = EventLoop::new()?;
    /// let reader = AsyncReader::new(&Readable::from_bytes(&lp, "some bytes"));
    /// let stream = Readable::from_async_read(&lp, ReadableOptions::default().high_water_mark(4), reader);
    /// assert_eq!(lp.block_on(consumers::text(&stream))?, "some bytes");
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn from_async_read(
        lp: &EventLoop,
        options: ReadableOptions,
        reader: impl AsyncRead + 'static,
    ) -> Readable<Bytes> {
        struct Read<X> {
            reader: Pin<Box<X>>,
            size: usize,
            buffer: BytesMut,
        }
        impl<X: AsyncRead> Stream for Read<X> {
            type Item = Result<Bytes>;
            fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
                let Read { reader, size, buffer } = self.get_mut();
                if buffer.len() < size.div_ceil(2) {
                    *buffer = BytesMut::zeroed(*size);
                }
                let result = ready!(reader.as_mut().poll_read(context, buffer));
                Poll::Ready(match result {
                    Ok(0) => None,
                    Ok(count) => Some(Ok(buffer.split_to(count.min(buffer.len())).freeze())),
                    Err(error) => Some(Err(from_io(&error, "read"))),
                })
            }
        }
        let mark = options.high_water_mark.unwrap_or_else(|| crate::get_default_high_water_mark(false));
        let read = Read { reader: Box::pin(reader), size: mark.clamp(1, MOST), buffer: BytesMut::new() };
        Readable::from_stream_with(lp, options, read)
    }
}

/// Something asynchronous that a stream writes to, and the call that is under way.
struct Polled<X> {
    inner: Rc<RefCell<Option<Pin<Box<X>>>>>,
    task: Cell<Option<JoinHandle<()>>>,
}

impl<X: 'static> Polled<X> {
    fn new(inner: X) -> Polled<X> {
        Polled { inner: Rc::new(RefCell::new(Some(Box::pin(inner)))), task: Cell::new(None) }
    }

    /// Polls `work` to its end. What is polled is not borrowed meanwhile.
    fn run(
        &self,
        lp: &EventLoop,
        done: Done,
        mut work: impl FnMut(Pin<&mut X>, &mut Context<'_>) -> Poll<Result<()>> + 'static,
    ) {
        let shared = Rc::clone(&self.inner);
        let call = poll_fn(move |context| {
            let Some(mut inner) = shared.take() else { return Poll::Ready(Err(Error::abort())) };
            let polled = work(inner.as_mut(), context);
            *shared.borrow_mut() = Some(inner);
            polled
        });
        self.task.set(Some(lp.spawn_local(tell(call, done))));
    }
}

async fn tell(call: impl Future<Output = Result<()>>, done: Done) {
    done.call(call.await);
}

/// Drops what is written to when the stream is destroyed.
fn close<X>(polled: &Polled<X>, error: Option<Error>, done: DestroyDone) {
    if let Some(task) = polled.task.take() {
        task.abort();
    }
    let inner = polled.inner.take();
    drop(inner);
    done.with(error);
}

impl<T: Chunk> Writable<T> {
    /// A stream that writes to a [`futures_sink::Sink`], which is closed at the end.
    ///
    /// ```
    /// use nodecore_event_loop::{EventLoop, RunMode};
    /// use nodecore_stream::{ChunkSink, Writable, WritableOptions};
    ///
    /// let lp = EventLoop::new()?;
    /// let last = Writable::from_fn(&lp, WritableOptions::default(), |_, n: u32, done| {
    ///     assert_eq!(n, 7);
    ///     done.ok();
    /// });
    /// let stream = Writable::from_sink(&lp, WritableOptions::default(), ChunkSink::new(&last));
    /// stream.end_chunk(7);
    /// lp.run(RunMode::Default);
    /// assert!(last.writable_finished() && stream.writable_finished());
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn from_sink(
        lp: &EventLoop,
        options: WritableOptions,
        sink: impl FuturesSink<T, Error = Error> + 'static,
    ) -> Writable<T> {
        Writable::new(lp, options, ToSink(Polled::new(sink)))
    }
}

struct ToSink<X>(Polled<X>);

impl<T: Chunk, X: FuturesSink<T, Error = Error> + 'static> Sink<T> for ToSink<X> {
    fn write(&self, stream: &Writable<T>, chunk: T, done: Done) {
        let mut chunk = Some(chunk);
        self.0.run(&stream.event_loop(), done, move |mut sink, context| {
            ready!(sink.as_mut().poll_ready(context))?;
            Poll::Ready(chunk.take().map_or(Ok(()), |chunk| sink.start_send(chunk)))
        });
    }

    fn final_(&self, stream: &Writable<T>, done: Done) {
        self.0.run(&stream.event_loop(), done, X::poll_close);
    }

    fn destroy(&self, _: &Writable<T>, error: Option<Error>, done: DestroyDone) {
        close(&self.0, error, done);
    }
}

impl Writable<Bytes> {
    /// A stream that writes to an asynchronous writer, which is closed at the end.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use nodecore_event_loop::{EventLoop, RunMode};
    /// use nodecore_stream::{AsyncWriter, Writable, WritableOptions};
    ///
    /// let lp = EventLoop::new()?;
    /// let last = Writable::from_fn(&lp, WritableOptions::default(), |_, chunk: Bytes, done| {
    ///     assert_eq!(chunk, "some bytes");
    ///     done.ok();
    /// });
    /// let stream = Writable::from_async_write(&lp, WritableOptions::default(), AsyncWriter::new(&last));
    /// stream.end_chunk(Bytes::from("some bytes"));
    /// lp.run(RunMode::Default);
    /// assert!(last.writable_finished() && stream.writable_finished());
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn from_async_write(
        lp: &EventLoop,
        options: WritableOptions,
        writer: impl AsyncWrite + 'static,
    ) -> Writable<Bytes> {
        Writable::new(lp, options, ToWriter(Polled::new(writer)))
    }
}

struct ToWriter<X>(Polled<X>);

impl<X: AsyncWrite + 'static> Sink<Bytes> for ToWriter<X> {
    fn write(&self, stream: &Writable<Bytes>, mut chunk: Bytes, done: Done) {
        self.0.run(&stream.event_loop(), done, move |mut writer, context| {
            while !chunk.is_empty() {
                match ready!(writer.as_mut().poll_write(context, &chunk)) {
                    Err(error) => return Poll::Ready(Err(from_io(&error, "write"))),
                    Ok(0) => return Poll::Ready(Err(from_io(&io::ErrorKind::WriteZero.into(), "write"))),
                    Ok(count) => chunk.advance(count.min(chunk.len())),
                }
            }
            Poll::Ready(Ok(()))
        });
    }

    fn final_(&self, stream: &Writable<Bytes>, done: Done) {
        self.0.run(&stream.event_loop(), done, |writer, context| {
            writer.poll_close(context).map_err(|error| from_io(&error, "write"))
        });
    }

    fn destroy(&self, _: &Writable<Bytes>, error: Option<Error>, done: DestroyDone) {
        close(&self.0, error, done);
    }
}
