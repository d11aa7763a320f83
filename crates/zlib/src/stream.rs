//! Codecs as streams: each step runs on the loop's pool, where the codec goes for it, and comes back.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;
use std::task::Poll;

use bytes::{Buf, Bytes, BytesMut};
use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, Slice};
use nodecore_stream::{
    AnyStream, AsReadable, AsWritable, Both, ByteChunk, DestroyDone, Done, Duplex, DuplexOptions, Readable,
    Writable,
};

use crate::deflate::{Codec, Flush, Gunzip, Gzip, trailing_junk};
use crate::options::{Settings, ZlibOptions};
use crate::parallel_stream::Parallel;

/// What one trip to the pool may give out, in bytes, unless `chunk_size` is more.
const TRIP: usize = 64 * 1024;

/// A stream that compresses or decompresses what is written to it. Node: the classes that share `ZlibBase`
/// (<https://nodejs.org/api/zlib.html#class-zlibzlibbase>).
///
/// It is a [`Duplex`], whose methods it has. Output comes in pieces of at most
/// [`chunk_size`](ZlibOptions::chunk_size) bytes, and no more of it is made than the reader takes: a stream holds
/// its codec, what has been written to it and about 64 KiB of output, however far the input expands.
///
/// As in Node, `finish` means that the input has been taken; the last output may follow it.
///
/// What flows is [`Bytes`], or another [`ByteChunk`]; a chunk that is not bytes fails the stream with
/// `ERR_INVALID_ARG_TYPE`.
pub struct ZlibStream<T: ByteChunk = Bytes> {
    duplex: Duplex<T, T>,
    bytes_written: Rc<Cell<u64>>,
}

/// Makes a stream that compresses into one gzip member. Node: `zlib.createGzip([options])`
/// (<https://nodejs.org/api/zlib.html#zlibcreategzipoptions>).
///
/// # Errors
/// [`Code::OutOfRange`] for an option; [`Code::MemoryAllocationFailed`] for a `chunk_size` beyond all memory.
///
/// # Examples
/// ```
/// use std::{cell::RefCell, rc::Rc};
///
/// use bytes::Bytes;
/// use nodecore_event_loop::{EventLoop, RunMode};
/// use nodecore_zlib::{ZlibOptions, create_gzip, gunzip_sync};
///
/// let (lp, options) = (EventLoop::new()?, ZlibOptions::new());
/// let gzip = create_gzip(&lp, &options)?;
/// let packed = Rc::new(RefCell::new(Vec::new()));
/// let sink = Rc::clone(&packed);
/// gzip.on_data(move |chunk| sink.borrow_mut().extend_from_slice(&chunk));
/// gzip.write(Bytes::from("hello "));
/// gzip.end_chunk(Bytes::from("world"));
/// lp.run(RunMode::Default);
/// assert_eq!(gunzip_sync(&packed.borrow(), &options)?, b"hello world");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn create_gzip(lp: &EventLoop, options: &ZlibOptions) -> Result<ZlibStream> {
    ZlibStream::gzip(lp, options)
}

/// Makes a stream that decompresses gzip members. Node: `zlib.createGunzip([options])`
/// (<https://nodejs.org/api/zlib.html#zlibcreategunzipoptions>).
///
/// It fails with the errors of [`gunzip_sync`](crate::gunzip_sync). What follows the last member and begins with a
/// zero byte is ignored.
///
/// # Errors
/// As [`create_gzip`].
pub fn create_gunzip(lp: &EventLoop, options: &ZlibOptions) -> Result<ZlibStream> {
    ZlibStream::gunzip(lp, options)
}

impl<T: ByteChunk> ZlibStream<T> {
    /// As [`create_gzip`], with chunks of any type.
    ///
    /// # Errors
    /// As [`create_gzip`].
    pub fn gzip(lp: &EventLoop, options: &ZlibOptions) -> Result<ZlibStream<T>> {
        let settings = options.for_deflate()?;
        if settings.threads > 1 {
            return Ok(ZlibStream::new(lp, |count| Parallel::new(settings, count)));
        }
        Ok(ZlibStream::new(lp, |count| Single::new(Gzip::new(&settings), &settings, count)))
    }

    /// As [`create_gunzip`], with chunks of any type.
    ///
    /// # Errors
    /// As [`create_gzip`].
    pub fn gunzip(lp: &EventLoop, options: &ZlibOptions) -> Result<ZlibStream<T>> {
        let settings = options.for_inflate()?;
        Ok(ZlibStream::new(lp, |count| Single::new(Gunzip::new(&settings), &settings, count)))
    }

    fn new<B: Both<T, T>>(lp: &EventLoop, both: impl FnOnce(Rc<Cell<u64>>) -> B) -> ZlibStream<T> {
        let bytes_written = Rc::new(Cell::new(0));
        let duplex = Duplex::new(lp, DuplexOptions::default(), both(Rc::clone(&bytes_written)));
        ZlibStream { duplex, bytes_written }
    }

    /// The bytes that the codec has taken so far. Node: `zlib.bytesWritten`.
    pub fn bytes_written(&self) -> u64 {
        self.bytes_written.get()
    }
}

impl<T: ByteChunk> Deref for ZlibStream<T> {
    type Target = Duplex<T, T>;
    fn deref(&self) -> &Duplex<T, T> {
        &self.duplex
    }
}

impl<T: ByteChunk> AsReadable for ZlibStream<T> {
    type Item = T;
    fn to_readable(&self) -> Readable<T> {
        self.duplex.readable()
    }
}

impl<T: ByteChunk> AsWritable<T> for ZlibStream<T> {
    fn to_writable(&self) -> Writable<T> {
        self.duplex.writable()
    }
}

impl<T: ByteChunk> From<&ZlibStream<T>> for AnyStream {
    fn from(stream: &ZlibStream<T>) -> AnyStream {
        AnyStream::from(&stream.duplex)
    }
}

impl<T: ByteChunk> Clone for ZlibStream<T> {
    fn clone(&self) -> ZlibStream<T> {
        ZlibStream { duplex: self.duplex.clone(), bytes_written: Rc::clone(&self.bytes_written) }
    }
}

impl<T: ByteChunk> fmt::Debug for ZlibStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ZlibStream").field(&self.duplex).finish()
    }
}

/// One codec, which does one step after the other.
struct Single<C: Codec>(Rc<State<C>>);

struct State<C: Codec> {
    /// Elsewhere while it works, and gone when it has failed.
    work: Cell<Option<Work<C>>>,
    request: RefCell<Option<Request>>,
    /// The write that is being worked on.
    done: Cell<Option<Done>>,
    /// The reader has had enough: what is left waits for its `read`.
    blocked: Cell<bool>,
    /// The reader has asked for more since the last push.
    wanted: Cell<bool>,
    pushing: Cell<bool>,
    /// The codec has ended together with its input.
    complete: Cell<bool>,
    /// All has been written.
    finishing: Cell<bool>,
    /// The end has been pushed.
    ended: Cell<bool>,
    bytes_written: Rc<Cell<u64>>,
}

/// What goes to the pool and comes back.
struct Work<C> {
    codec: C,
    input: VecDeque<Bytes>,
    flush: Flush,
    chunk_size: usize,
    reject_garbage: bool,
    /// Room for output that the last piece did not use.
    room: BytesMut,
    pieces: Vec<Bytes>,
    read: u64,
    next: Next,
    /// What it failed with, after these pieces.
    error: Option<Error>,
}

/// What a codec needs after a trip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Input,
    Room,
    /// Nothing: all input has been taken.
    Nothing,
    /// Nothing: it wants none of what is left of this chunk.
    Less,
}

impl<C: Codec> Work<C> {
    /// Does steps until the input is used up, or enough output is there.
    fn steps(&mut self, slice: &Slice) -> Result<()> {
        let mut left = TRIP.max(self.chunk_size);
        (self.read, self.next) = (0, Next::Room);
        while left > 0 && !slice.aborted() {
            if self.room.capacity() == 0 {
                self.room = BytesMut::with_capacity(self.chunk_size);
            }
            let space = self.room.capacity().min(self.chunk_size);
            self.room.resize(space, 0);
            let input = self.input.front().map_or(&[][..], |chunk| chunk);
            // Only the last chunk of the input can be the end of it.
            let flush = if self.input.len() > 1 { Flush::No } else { self.flush };
            let given = input.len();
            let step = self.codec.step(input, &mut self.room, flush)?;
            self.read += step.read as u64;
            if let Some(chunk) = self.input.front_mut() {
                chunk.advance(step.read);
                if chunk.is_empty() {
                    self.input.pop_front();
                }
            }
            let full = step.written == space;
            if step.written > 0 {
                self.pieces.push(self.room.split_to(step.written).freeze());
                left = left.saturating_sub(step.written);
            }
            self.room.clear();
            if step.ended {
                // The chunk that it has not taken whole, if there is one, is still at the front.
                let rest = step.read < given;
                self.next = if rest { Next::Less } else { Next::Nothing };
                if rest {
                    self.input.pop_front();
                }
                let junk = self.reject_garbage && self.next == Next::Less;
                return if junk { Err(trailing_junk()) } else { Ok(()) };
            }
            if self.input.is_empty() && !full {
                self.next = Next::Input;
                return Ok(());
            }
        }
        Ok(())
    }
}

struct Trip<C>(Option<Work<C>>);

impl<C: Codec> Operation for Trip<C> {
    type Output = Work<C>;

    fn advance(&mut self, slice: &mut Slice) -> Poll<Result<Work<C>>> {
        let Some(mut work) = self.0.take() else {
            return Poll::Ready(Err(Error::from_template(Code::ZStreamError, &[])));
        };
        work.error = work.steps(slice).err();
        Poll::Ready(Ok(work))
    }
}

impl<C: Codec> Single<C> {
    fn new(codec: C, settings: &Settings, bytes_written: Rc<Cell<u64>>) -> Single<C> {
        let work = Work {
            codec,
            input: VecDeque::new(),
            flush: Flush::No,
            chunk_size: settings.chunk_size,
            reject_garbage: settings.reject_garbage,
            room: BytesMut::new(),
            pieces: Vec::new(),
            read: 0,
            next: Next::Input,
            error: None,
        };
        Single(Rc::new(State {
            work: Cell::new(Some(work)),
            request: RefCell::new(None),
            done: Cell::new(None),
            blocked: Cell::new(false),
            wanted: Cell::new(false),
            pushing: Cell::new(false),
            complete: Cell::new(false),
            finishing: Cell::new(false),
            ended: Cell::new(false),
            bytes_written,
        }))
    }
}

impl<C: Codec> State<C> {
    /// Adds input and sends the codec to the pool.
    fn feed<T: ByteChunk>(
        self: &Rc<Self>,
        stream: &Duplex<T, T>,
        input: impl IntoIterator<Item = Bytes>,
        flush: Flush,
    ) {
        // Without a codec the stream has failed, and is being destroyed.
        let Some(mut work) = self.work.take() else { return };
        work.input.extend(input.into_iter().filter(|chunk| !chunk.is_empty()));
        work.flush = flush;
        self.start(stream, work);
    }

    fn start<T: ByteChunk>(self: &Rc<Self>, stream: &Duplex<T, T>, work: Work<C>) {
        let (state, to) = (Rc::clone(self), stream.clone());
        let request = Trip(Some(work)).spawn(&stream.event_loop(), move |result| state.back(&to, result));
        self.request.replace(Some(request));
    }

    /// The codec has come back from the pool.
    fn back<T: ByteChunk>(self: &Rc<Self>, stream: &Duplex<T, T>, result: Result<Work<C>>) {
        self.request.replace(None);
        if stream.destroyed() {
            return;
        }
        let mut work = match result {
            Ok(work) => work,
            Err(error) => return self.fail(stream, error),
        };
        self.bytes_written.set(self.bytes_written.get() + work.read);
        let mut more = true;
        self.wanted.set(false);
        self.pushing.set(true);
        for piece in std::mem::take(&mut work.pieces) {
            more = stream.push(Some(piece.into()));
        }
        self.pushing.set(false);
        if stream.destroyed() {
            return;
        }
        if let Some(error) = work.error {
            return self.fail(stream, error);
        }
        more |= self.wanted.get();
        let next = work.next;
        if next == Next::Less && !work.input.is_empty() {
            self.end(stream);
            return self.start(stream, work);
        }
        if next == Next::Room && more {
            return self.start(stream, work);
        }
        self.work.set(Some(work));
        match next {
            Next::Room => {
                self.blocked.set(true);
                return;
            }
            Next::Input => {}
            Next::Nothing => {
                self.complete.set(true);
                if self.finishing.get() {
                    self.end(stream);
                }
            }
            Next::Less => self.end(stream),
        }
        if more || stream.writable_ended() || self.ended.get() {
            self.accepted();
        } else {
            self.blocked.set(true);
        }
    }

    /// The reader wants more.
    fn resume<T: ByteChunk>(self: &Rc<Self>, stream: &Duplex<T, T>) {
        self.wanted.set(true);
        if self.pushing.get() || !self.blocked.replace(false) {
            return;
        }
        match self.work.take() {
            Some(work) if work.next == Next::Room => self.start(stream, work),
            work => {
                self.work.set(work);
                self.accepted();
            }
        }
    }

    /// Nothing more comes out.
    fn end<T: ByteChunk>(&self, stream: &Duplex<T, T>) {
        if !self.ended.replace(true) {
            stream.push(None);
        }
    }

    /// Whether what is given to `write` now is the last: then the codec may end with it, as in Node.
    fn flush_with<T: ByteChunk>(stream: &Duplex<T, T>, bytes: usize) -> Flush {
        let last = stream.writable_ended() && stream.writable_length() == bytes;
        if last { Flush::Finish } else { Flush::No }
    }

    fn accepted(&self) {
        if let Some(done) = self.done.take() {
            done.ok();
        }
    }

    fn fail<T: ByteChunk>(&self, stream: &Duplex<T, T>, error: Error) {
        match self.done.take() {
            Some(done) => done.fail(error),
            None => stream.destroy(Some(error)),
        }
    }
}

impl<C: Codec, T: ByteChunk> Both<T, T> for Single<C> {
    fn read(&self, stream: &Duplex<T, T>, _size: usize) {
        self.0.resume(stream);
    }

    fn write(&self, stream: &Duplex<T, T>, chunk: T, done: Done) {
        let chunk = match chunk.into_bytes() {
            Ok(chunk) => chunk,
            Err(error) => return done.fail(error),
        };
        self.0.done.set(Some(done));
        let flush = State::<C>::flush_with(stream, chunk.len());
        self.0.feed(stream, [chunk], flush);
    }

    fn has_writev(&self) -> bool {
        true
    }

    fn writev(&self, stream: &Duplex<T, T>, chunks: Vec<T>, done: Done) {
        let chunks = match bytes_of(chunks) {
            Ok(chunks) => chunks,
            Err(error) => return done.fail(error),
        };
        self.0.done.set(Some(done));
        let flush = State::<C>::flush_with(stream, chunks.iter().map(Bytes::len).sum());
        self.0.feed(stream, chunks, flush);
    }

    fn final_(&self, stream: &Duplex<T, T>, done: Done) {
        self.0.finishing.set(true);
        done.ok();
        if self.0.complete.get() {
            self.0.end(stream);
        } else if !self.0.ended.get() {
            self.0.feed(stream, [], Flush::Finish);
        }
    }

    fn destroy(&self, _stream: &Duplex<T, T>, error: Option<Error>, done: DestroyDone) {
        self.0.work.set(None);
        if let Some(request) = self.0.request.take() {
            request.cancel();
        }
        done.with(error);
    }
}

/// The bytes of chunks that are written.
///
/// # Errors
/// [`Code::InvalidArgType`] for a chunk that is something else.
pub(crate) fn bytes_of<T: ByteChunk>(chunks: Vec<T>) -> Result<Vec<Bytes>> {
    chunks.into_iter().map(T::into_bytes).collect()
}
