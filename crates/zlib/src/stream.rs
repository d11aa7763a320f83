//! Codecs as streams: each step runs on the loop's pool, where the codec goes for it, and comes back.

use std::any::Any;
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
    AnyStream, AsReadable, AsWritable, Both, ByteChunk, DestroyDone, Done, Duplex, DuplexOptions, Event,
    FinishedOptions, Readable, WeakDone, Writable, finished,
};

use crate::codec::{Codec, Flush, no_memory, trailing_junk};
use crate::constants::Z_DEFAULT_COMPRESSION;
use crate::options::{Family, Mode, Options, Own, Settings, checked, level, strategy, within};
use crate::parallel_stream::Parallel;

/// What one trip to the pool may give out, in bytes, unless `chunk_size` is more.
const TRIP: usize = 64 * 1024;

/// A stream that compresses or decompresses what is written to it. Node: the classes that share `ZlibBase`
/// (<https://nodejs.org/api/zlib.html#class-zlibzlibbase>), which differ in their [`Mode`] alone.
///
/// It is a [`Duplex`], whose methods it has. Output comes in pieces of at most
/// [`chunk_size`](crate::ZlibOptions::chunk_size) bytes, and no more of it is made than the reader takes: a stream
/// holds its codec, what has been written to it and about 64 KiB of output, however far the input expands.
///
/// As in Node, `finish` means that the input has been taken; the last output may follow it.
///
/// What flows is [`Bytes`], or another [`ByteChunk`]; a chunk that is not bytes fails the stream with
/// `ERR_INVALID_ARG_TYPE`.
pub struct ZlibStream<T: ByteChunk = Bytes> {
    duplex: Duplex<T, T>,
    shared: Rc<Shared>,
}

/// What the handles of a stream and its functions share.
pub(crate) struct Shared {
    settings: Settings,
    pub(crate) bytes_written: Cell<u64>,
    /// The level and the strategy, as they will be when all that is written has been taken.
    latest: Cell<(i32, i32)>,
    /// Of calls of `params` whose markers are on their way.
    params: RefCell<VecDeque<(i32, i32)>>,
    /// Gone where several codecs work at once.
    single: Option<Rc<State>>,
}

impl<T: ByteChunk> ZlibStream<T> {
    /// A stream of any mode, with chunks of any type. The functions that are named for one mode, such as
    /// [`create_gzip`](crate::create_gzip), make it for bytes.
    ///
    /// # Errors
    /// Those that the options of such a function have; [`Code::InvalidArgValue`] for options of another family.
    ///
    /// # Examples
    /// ```
    /// use bytes::Bytes;
    /// use nodecore_event_loop::{EventLoop, RunMode};
    /// use nodecore_zlib::{Mode, ZlibOptions, ZlibStream, deflate_sync};
    ///
    /// let (lp, options) = (EventLoop::new()?, ZlibOptions::new());
    /// let inflate = ZlibStream::<Bytes>::new(&lp, Mode::Inflate, &options)?;
    /// inflate.on_data(|chunk| assert_eq!(chunk, "hello"));
    /// let packed = Bytes::from(deflate_sync(b"hello", &options)?);
    /// inflate.end_chunk(packed.clone());
    /// lp.run(RunMode::Default);
    /// assert_eq!(inflate.bytes_written(), packed.len() as u64);
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn new(lp: &EventLoop, mode: Mode, options: &impl Options) -> Result<ZlibStream<T>> {
        let settings = checked(mode, options)?;
        let latest = match &settings.own {
            Own::Zlib(own) => (own.level, own.strategy),
            Own::Brotli(_) | Own::Zstd(_) => (Z_DEFAULT_COMPRESSION, 0),
        };
        let plain = (settings.flush, settings.finish) == (Flush::No, Flush::Finish);
        let parallel = mode == Mode::Gzip && settings.threads > 1 && plain;
        let single = if parallel { None } else { Some(Rc::new(State::new(&settings)?)) };
        let shared = Rc::new(Shared {
            settings,
            bytes_written: Cell::new(0),
            latest: Cell::new(latest),
            params: RefCell::default(),
            single,
        });
        let duplex = match (&shared.single, &shared.settings.own) {
            (None, Own::Zlib(own)) => {
                let both = Parallel::new(own, &shared.settings, Rc::clone(&shared));
                Duplex::new(lp, DuplexOptions::default(), both)
            }
            _ => Duplex::new(lp, DuplexOptions::default(), Single(Rc::clone(&shared))),
        };
        Ok(ZlibStream { duplex, shared })
    }

    /// The stream of this kind that a [`Duplex`] is, if it is one. Clones, and what events give, are the same stream.
    ///
    /// ```
    /// use nodecore_event_loop::EventLoop;
    /// use nodecore_stream::Duplex;
    /// use nodecore_zlib::{Mode, ZlibOptions, ZlibStream, create_gzip};
    ///
    /// let gzip = create_gzip(&EventLoop::new()?, &ZlibOptions::new())?;
    /// let duplex = Duplex::clone(&gzip);
    /// assert_eq!(ZlibStream::of(&duplex).map(|stream| stream.mode()), Some(Mode::Gzip));
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn of(stream: &Duplex<T, T>) -> Option<ZlibStream<T>> {
        let shared = stream.origin()?.downcast().ok()?;
        Some(ZlibStream { duplex: stream.clone(), shared })
    }

    /// What it does.
    pub fn mode(&self) -> Mode {
        self.shared.settings.mode
    }

    /// The bytes that the codec has taken so far. Node: `zlib.bytesWritten`.
    pub fn bytes_written(&self) -> u64 {
        self.shared.bytes_written.get()
    }

    /// Brings out what has been written so far, as far as `kind` asks for it: one of this codec's flushes, by its number
    /// in [`constants`](crate::constants); where none is given `Z_FULL_FLUSH`, `BROTLI_OPERATION_FLUSH` or
    /// `ZSTD_e_flush`. `done` is called when the codec has done so. Node: `zlib.flush([kind, ][callback])`
    /// (<https://nodejs.org/api/zlib.html#zlibflushkind-callback>).
    ///
    /// Flushing often makes the output larger.
    ///
    /// # Errors
    /// [`Code::OutOfRange`] for a kind that this codec has not. `done` gets the error of a stream that has failed.
    ///
    /// # Examples
    /// ```
    /// use std::{cell::RefCell, rc::Rc};
    ///
    /// use bytes::Bytes;
    /// use nodecore_event_loop::{EventLoop, RunMode};
    /// use nodecore_zlib::{ZlibOptions, constants, create_deflate, inflate_sync};
    ///
    /// let lp = EventLoop::new()?;
    /// let deflate = create_deflate(&lp, &ZlibOptions::new())?;
    /// let packed = Rc::new(RefCell::new(Vec::new()));
    /// let sink = Rc::clone(&packed);
    /// deflate.on_data(move |chunk| sink.borrow_mut().extend_from_slice(&chunk));
    /// deflate.write(Bytes::from("hello"));
    /// deflate.flush(None, |flushed| assert!(flushed.is_ok()))?;
    /// lp.run(RunMode::Default);
    /// // The stream has not ended, but all that was written can be read.
    /// let options = ZlibOptions::new().finish_flush(constants::Z_SYNC_FLUSH);
    /// assert_eq!(inflate_sync(&packed.borrow(), &options)?, b"hello");
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn flush(&self, kind: Option<i32>, done: impl FnOnce(Result<()>) + 'static) -> Result<()> {
        let family = self.shared.settings.mode.family();
        let kind = kind.unwrap_or(family.full_flush());
        within("kind", kind, 0, family.last_flush())?;
        self.write_marker(Marker::Flush(family.flush(kind)), done);
        Ok(())
    }

    /// Changes level and strategy for what is written from here on, after a flush of what was written before. `done` is
    /// called when that is so. Node: `zlib.params(level, strategy, callback)`
    /// (<https://nodejs.org/api/zlib.html#zlibparamslevel-strategy-callback>).
    ///
    /// # Differences from Node
    /// What is written after the call is compressed with the new ones, before `done` too. Node does so when it calls
    /// back; that may be in the midst of what was written after, and then fails.
    ///
    /// # Errors
    /// [`Code::OutOfRange`]; [`Code::MethodNotImplemented`] for a stream that is not of the deflate family, where Node's
    /// end early, and for one of several threads. `done` gets the error of a stream that has failed.
    pub fn params(
        &self,
        new_level: i32,
        new_strategy: i32,
        done: impl FnOnce(Result<()>) + 'static,
    ) -> Result<()> {
        let latest = (level(new_level, "level")?, strategy(new_strategy, "strategy")?);
        let family = self.shared.settings.mode.family();
        if family != Family::Zlib || self.shared.single.is_none() {
            return Err(Error::from_template(Code::MethodNotImplemented, &[&"params()"]));
        }
        if self.shared.latest.replace(latest) == latest {
            self.event_loop().next_tick(|| done(Ok(())));
            return Ok(());
        }
        if self.takes_markers() {
            self.shared.params.borrow_mut().push_back(latest);
        }
        self.write_marker(Marker::Params, done);
        Ok(())
    }

    /// Starts over: what comes next is a new stream of compressed data, with the parameters that it began with. What the
    /// codec held back of the old one is lost. Node: `zlib.reset()` (<https://nodejs.org/api/zlib.html#zlibreset>).
    ///
    /// # Errors
    /// While a write is being worked on, with Node's text; [`Code::StreamDestroyed`], where Node has an internal
    /// assertion; [`Code::MethodNotImplemented`] for a stream of several threads; and those of the options, of which
    /// only memory that is not there can be.
    pub fn reset(&self) -> Result<()> {
        let Some(single) = &self.shared.single else {
            return Err(Error::from_template(Code::MethodNotImplemented, &[&"reset()"]));
        };
        if self.destroyed() {
            return Err(Error::from_template(Code::StreamDestroyed, &[&"reset"]));
        }
        single.reset(&self.shared.settings)?;
        if let Own::Zlib(own) = &self.shared.settings.own {
            self.shared.latest.set((own.level, own.strategy));
        }
        Ok(())
    }

    /// Destroys the stream; `done` is called when it is closed, with an error if it had not come to its end. Node:
    /// `zlib.close([callback])` (<https://nodejs.org/api/zlib.html#zlibclosecallback>).
    pub fn close(&self, done: impl FnOnce(Result<()>) + 'static) {
        let _ = finished(self, FinishedOptions::default(), done);
        self.destroy(None);
    }

    /// Whether what is written still comes to the codec.
    fn takes_markers(&self) -> bool {
        !self.writable_ended() && !self.destroyed()
    }

    /// Writes a marker; behind the end, calls when there is nothing more to come.
    fn write_marker(&self, marker: Marker, done: impl FnOnce(Result<()>) + 'static) {
        if self.takes_markers() {
            self.duplex.write_with(marker.chunk().into(), done);
        } else if self.readable_ended() || self.destroyed() {
            self.event_loop().next_tick(|| done(Ok(())));
        } else {
            self.once(Event::End, || done(Ok(())));
        }
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
        ZlibStream { duplex: self.duplex.clone(), shared: Rc::clone(&self.shared) }
    }
}

impl<T: ByteChunk> fmt::Debug for ZlibStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ZlibStream").field(&self.duplex).finish()
    }
}

/// What stands for something else among the chunks that are written: one with no bytes, that is known by its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marker {
    Flush(Flush),
    Params,
}

/// The markers, each at its own place.
const MARKERS: [Marker; 8] = [
    Marker::Flush(Flush::No),
    Marker::Flush(Flush::Block),
    Marker::Flush(Flush::Partial),
    Marker::Flush(Flush::Sync),
    Marker::Flush(Flush::Full),
    Marker::Flush(Flush::Metadata),
    Marker::Flush(Flush::Finish),
    Marker::Params,
];

static PLACES: [u8; MARKERS.len()] = [0; MARKERS.len()];

impl Marker {
    fn chunk(self) -> Bytes {
        let place = MARKERS.iter().position(|&marker| marker == self).unwrap_or_default();
        Bytes::from_static(&PLACES[place..place])
    }

    /// The marker that a chunk is.
    pub(crate) fn of(chunk: &Bytes) -> Option<Marker> {
        if !chunk.is_empty() {
            return None;
        }
        let place = chunk.as_ptr().addr().wrapping_sub(PLACES.as_ptr().addr());
        MARKERS.get(place).copied()
    }
}

/// One codec, which does one step after the other.
struct Single(Rc<Shared>);

pub(crate) struct State {
    /// Elsewhere while it works, and gone when it has failed.
    work: Cell<Option<Work>>,
    request: RefCell<Option<Request>>,
    /// The write that is being worked on. It waits for the reader, who has the stream; work in the pool has it too.
    done: Cell<Option<WeakDone>>,
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
}

/// What goes to the pool and comes back.
struct Work {
    codec: Box<dyn Codec>,
    input: VecDeque<Item>,
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

/// What is to be done, in order.
enum Item {
    Chunk(Bytes, Flush),
    Params(i32, i32),
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

impl Work {
    /// Does steps until the input is used up, or enough output is there.
    fn steps(&mut self, slice: &Slice) -> Result<()> {
        let mut left = TRIP.max(self.chunk_size);
        (self.read, self.next) = (0, Next::Room);
        while left > 0 && !slice.aborted() {
            let (chunk, flush) = match self.input.front_mut() {
                None => {
                    self.next = Next::Input;
                    return Ok(());
                }
                Some(Item::Params(level, strategy)) => {
                    self.codec.params(*level, *strategy)?;
                    self.input.pop_front();
                    continue;
                }
                Some(Item::Chunk(chunk, flush)) => (chunk, *flush),
            };
            if self.room.capacity() == 0 {
                self.room = BytesMut::with_capacity(self.chunk_size);
            }
            let space = self.room.capacity().min(self.chunk_size);
            self.room.resize(space, 0);
            let step = self.codec.step(chunk, &mut self.room, flush)?;
            self.read += step.read as u64;
            chunk.advance(step.read);
            if step.written > 0 {
                self.pieces.push(self.room.split_to(step.written).freeze());
                left = left.saturating_sub(step.written);
            }
            self.room.clear();
            if step.ended {
                let rest = !chunk.is_empty();
                self.input.pop_front();
                if step.garbage && self.reject_garbage {
                    return Err(trailing_junk());
                }
                self.next = if rest { Next::Less } else { Next::Nothing };
                if rest || self.input.is_empty() {
                    return Ok(());
                }
                self.next = Next::Room;
            } else if step.written < space {
                self.input.pop_front();
                if self.input.is_empty() {
                    self.next = Next::Input;
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

struct Trip(Option<Work>);

impl Operation for Trip {
    type Output = Work;

    fn advance(&mut self, slice: &mut Slice) -> Poll<Result<Work>> {
        let Some(mut work) = self.0.take() else {
            return Poll::Ready(Err(Error::from_template(Code::ZStreamError, &[])));
        };
        work.error = work.steps(slice).err();
        Poll::Ready(Ok(work))
    }
}

impl State {
    fn new(settings: &Settings) -> Result<State> {
        let work = Work {
            codec: settings.codec()?,
            input: VecDeque::new(),
            chunk_size: settings.chunk_size,
            reject_garbage: settings.reject_garbage,
            room: BytesMut::new(),
            pieces: Vec::new(),
            read: 0,
            next: Next::Input,
            error: None,
        };
        Ok(State {
            work: Cell::new(Some(work)),
            request: RefCell::new(None),
            done: Cell::new(None),
            blocked: Cell::new(false),
            wanted: Cell::new(false),
            pushing: Cell::new(false),
            complete: Cell::new(false),
            finishing: Cell::new(false),
            ended: Cell::new(false),
        })
    }

    fn reset(&self, settings: &Settings) -> Result<()> {
        let Some(mut work) = self.work.take() else {
            let text = "Cannot reset zlib stream while a write is in progress";
            return Err(Error::new(Code::Uncoded, text));
        };
        let made = settings.codec().map(|codec| work.codec = codec);
        self.work.set(Some(work));
        self.complete.set(false);
        made
    }
}

impl State {
    /// Adds input and sends the codec to the pool.
    fn feed<T: ByteChunk>(
        &self,
        stream: &Duplex<T, T>,
        shared: &Rc<Shared>,
        input: impl IntoIterator<Item = Item>,
    ) {
        // Without a codec the stream has failed, and is being destroyed.
        let Some(mut work) = self.work.take() else { return };
        work.input.extend(input);
        self.start(stream, shared, work);
    }

    fn start<T: ByteChunk>(&self, stream: &Duplex<T, T>, shared: &Rc<Shared>, work: Work) {
        let (single, to) = (Single(Rc::clone(shared)), stream.clone());
        let back = move |result| {
            if let Some(state) = single.state() {
                state.back(&to, &single.0, result);
            }
        };
        let request = Trip(Some(work)).spawn(&stream.event_loop(), back);
        self.request.replace(Some(request));
    }

    /// The codec has come back from the pool.
    fn back<T: ByteChunk>(&self, stream: &Duplex<T, T>, shared: &Rc<Shared>, result: Result<Work>) {
        self.request.replace(None);
        if stream.destroyed() {
            // As in Node, where the write is done with all the same.
            return self.accepted();
        }
        let mut work = match result {
            Ok(work) => work,
            Err(error) => return self.fail(stream, error),
        };
        shared.bytes_written.set(shared.bytes_written.get() + work.read);
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
            return self.start(stream, shared, work);
        }
        if next == Next::Room && more {
            return self.start(stream, shared, work);
        }
        self.work.set(Some(work));
        match next {
            Next::Room => {
                self.blocked.set(true);
                return;
            }
            // The end was asked for in another way than to finish.
            Next::Input if self.finishing.get() => self.end(stream),
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
    fn resume<T: ByteChunk>(&self, stream: &Duplex<T, T>, shared: &Rc<Shared>) {
        self.wanted.set(true);
        if self.pushing.get() || !self.blocked.replace(false) {
            return;
        }
        match self.work.take() {
            Some(work) if work.next == Next::Room => self.start(stream, shared, work),
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

    fn accepted(&self) {
        if let Some(done) = self.written() {
            done.ok();
        }
    }

    fn written(&self) -> Option<Done> {
        self.done.take().and_then(|done| done.upgrade())
    }

    fn fail<T: ByteChunk>(&self, stream: &Duplex<T, T>, error: Error) {
        match self.written() {
            Some(done) => done.fail(error),
            None => stream.destroy(Some(error)),
        }
    }
}

impl Single {
    /// Always there: a stream without it has other functions.
    fn state(&self) -> Option<&Rc<State>> {
        self.0.single.as_ref()
    }

    /// Takes chunks that have been written. With the last of all the codec may end, as in Node.
    fn take<T: ByteChunk>(&self, stream: &Duplex<T, T>, chunks: Vec<Bytes>, done: Done) {
        let Some(state) = self.state() else { return done.fail(no_memory()) };
        state.done.set(Some(done.downgrade()));
        let Settings { flush, finish, .. } = self.0.settings;
        let bytes = chunks.iter().map(Bytes::len).sum();
        let ends = stream.writable_ended() && stream.writable_length() == bytes;
        let last = chunks.len().saturating_sub(1);
        let mut params = self.0.params.borrow_mut();
        let mut items = Vec::with_capacity(chunks.len());
        for (index, chunk) in chunks.into_iter().enumerate() {
            let marker = Marker::of(&chunk);
            let kind = match marker {
                Some(Marker::Flush(kind)) => kind,
                Some(Marker::Params) => Flush::Sync,
                None => flush,
            };
            items.push(Item::Chunk(chunk, if ends && index == last { kind.max(finish) } else { kind }));
            if marker == Some(Marker::Params)
                && let Some((level, strategy)) = params.pop_front()
            {
                items.push(Item::Params(level, strategy));
            }
        }
        drop(params);
        state.feed(stream, &self.0, items);
    }
}

impl<T: ByteChunk> Both<T, T> for Single {
    fn origin(&self) -> Option<Rc<dyn Any>> {
        Some(Rc::<Shared>::clone(&self.0))
    }

    fn read(&self, stream: &Duplex<T, T>, _size: usize) {
        if let Some(state) = self.state() {
            state.resume(stream, &self.0);
        }
    }

    fn write(&self, stream: &Duplex<T, T>, chunk: T, done: Done) {
        match chunk.into_bytes() {
            Ok(chunk) => self.take(stream, vec![chunk], done),
            Err(error) => done.fail(error),
        }
    }

    fn has_writev(&self) -> bool {
        true
    }

    fn writev(&self, stream: &Duplex<T, T>, chunks: Vec<T>, done: Done) {
        match bytes_of(chunks) {
            Ok(chunks) => self.take(stream, chunks, done),
            Err(error) => done.fail(error),
        }
    }

    fn final_(&self, stream: &Duplex<T, T>, done: Done) {
        let Some(state) = self.state() else { return done.ok() };
        state.finishing.set(true);
        done.ok();
        if state.complete.get() {
            state.end(stream);
        } else if !state.ended.get() {
            state.feed(stream, &self.0, [Item::Chunk(Bytes::new(), self.0.settings.finish)]);
        }
    }

    fn destroy(&self, _stream: &Duplex<T, T>, error: Option<Error>, done: DestroyDone) {
        if let Some(state) = self.state() {
            state.work.set(None);
            match state.request.take() {
                // It comes back all the same.
                Some(request) => _ = request.cancel(),
                None => drop(state.done.take()),
            }
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
