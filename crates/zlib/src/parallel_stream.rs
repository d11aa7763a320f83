//! Gzip streams that compress on several threads of the loop's pool; see [`crate::parallel`].

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use bytes::{Bytes, BytesMut};
use nodecore_error::{Error, Result};
use nodecore_event_loop::{OperationExt, Request, blocking};
use nodecore_stream::{Both, ByteChunk, DestroyDone, Done, Duplex, WeakDone};

use crate::deflate;
use crate::frame::{Trailer, gzip_header};
use crate::options::Settings;
use crate::parallel::{self, BLOCK, Block};
use crate::stream::{Marker, Shared, bytes_of};

/// A gzip stream of many blocks at once.
pub(crate) struct Parallel(Rc<State>);

struct State {
    settings: deflate::Settings,
    threads: usize,
    chunk_size: usize,
    inner: RefCell<Inner>,
    /// The write whose bytes do not all fit in yet, which waits for the reader, who has the stream.
    /// Blocks in the pool have it too.
    done: Cell<Option<WeakDone>>,
    /// The reader takes what it gets; false since a push said so.
    more: Cell<bool>,
    pushing: Cell<bool>,
    shared: Rc<Shared>,
}

#[derive(Default)]
struct Inner {
    /// The block that is being filled.
    filling: BytesMut,
    /// Full blocks that no thread has yet; the flag marks the last.
    full: VecDeque<(Bytes, bool)>,
    /// The end of the block before the first of `full`.
    dictionary: Bytes,
    /// Blocks that the pool has, in order, and their results.
    flying: VecDeque<Flying>,
    /// The number of the first of `flying`.
    first: u64,
    /// Output that the reader has not taken yet.
    pieces: VecDeque<Bytes>,
    trailer: Option<Trailer>,
    finishing: bool,
    failed: bool,
}

struct Flying {
    request: Option<Request>,
    block: Option<Block>,
    last: bool,
}

/// What to do next; decided under the borrow, done outside of it.
enum Next {
    Push(Bytes),
    End,
    Spawn { number: u64, dictionary: Bytes, input: Bytes, last: bool },
    Wait,
}

impl Parallel {
    pub(crate) fn new(own: &deflate::Settings, settings: &Settings, shared: Rc<Shared>) -> Parallel {
        let mut inner = Inner { trailer: Some(Trailer::default()), ..Inner::default() };
        inner.pieces.push_back(Bytes::copy_from_slice(&gzip_header(own)));
        Parallel(Rc::new(State {
            settings: own.clone(),
            threads: settings.threads,
            chunk_size: settings.chunk_size,
            inner: RefCell::new(inner),
            done: Cell::new(None),
            more: Cell::new(true),
            pushing: Cell::new(false),
            shared,
        }))
    }
}

impl Inner {
    /// Cuts `chunk` into blocks; a flush ends the one that is being filled.
    fn add(&mut self, mut chunk: Bytes) {
        if Marker::of(&chunk).is_some() && !self.filling.is_empty() {
            self.full.push_back((std::mem::take(&mut self.filling).freeze(), false));
        }
        while !chunk.is_empty() {
            if self.filling.is_empty() && chunk.len() >= BLOCK {
                self.full.push_back((chunk.split_to(BLOCK), false));
                continue;
            }
            let size = chunk.len().min(BLOCK - self.filling.len());
            self.filling.extend_from_slice(&chunk.split_to(size));
            if self.filling.len() == BLOCK {
                self.full.push_back((std::mem::take(&mut self.filling).freeze(), false));
            }
        }
    }

    fn next(&mut self, threads: usize, chunk_size: usize, more: bool) -> Next {
        if self.failed {
            return Next::Wait;
        }
        if self.flying.len() <= threads
            && let Some((input, last)) = self.full.pop_front()
        {
            let end = input.slice(parallel::dictionary_range(input.len()));
            let dictionary = std::mem::replace(&mut self.dictionary, end);
            let number = self.first + self.flying.len() as u64;
            self.flying.push_back(Flying { request: None, block: None, last });
            return Next::Spawn { number, dictionary, input, last };
        }
        if !more {
            return Next::Wait;
        }
        loop {
            if let Some(piece) = self.pieces.pop_front() {
                return Next::Push(piece);
            }
            if self.flying.front().is_none_or(|flying| flying.block.is_none()) {
                break;
            }
            self.unpack(chunk_size);
        }
        if self.finishing && self.flying.is_empty() && self.full.is_empty() { Next::End } else { Next::Wait }
    }

    /// Cuts the first block's output into pieces, and what follows the last one.
    fn unpack(&mut self, chunk_size: usize) {
        let Some(Flying { block: Some(block), last, .. }) = self.flying.pop_front() else { return };
        self.first += 1;
        if let Some(trailer) = &mut self.trailer {
            block.count(trailer);
        }
        let mut data = block.data;
        if last && let Some(trailer) = self.trailer.take() {
            data.extend_from_slice(&trailer.bytes());
        }
        let mut data = Bytes::from(data);
        while !data.is_empty() {
            self.pieces.push_back(data.split_to(chunk_size.min(data.len())));
        }
    }
}

impl State {
    /// Does all that can be done now.
    fn pump<T: ByteChunk>(self: &Rc<Self>, stream: &Duplex<T, T>) {
        // What a push causes goes on in the loop below.
        if self.pushing.replace(true) {
            return;
        }
        loop {
            if stream.destroyed() {
                break;
            }
            let (threads, chunk_size) = (self.threads, self.chunk_size);
            let next = self.inner.borrow_mut().next(threads, chunk_size, self.more.get());
            match next {
                Next::Push(piece) => {
                    // A `read` within the push says that more is wanted all the same.
                    self.more.set(false);
                    if stream.push(Some(piece.into())) {
                        self.more.set(true);
                    }
                }
                Next::End => {
                    self.inner.borrow_mut().finishing = false;
                    stream.push(None);
                }
                Next::Spawn { number, dictionary, input, last } => {
                    self.spawn(stream, number, dictionary, input, last);
                }
                Next::Wait => {
                    if !self.inner.borrow().full.is_empty() {
                        break;
                    }
                    // May write again at once, and so bring more to do.
                    match self.written() {
                        Some(done) => done.ok(),
                        None => break,
                    }
                }
            }
        }
        self.pushing.set(false);
    }

    fn spawn<T: ByteChunk>(
        self: &Rc<Self>,
        stream: &Duplex<T, T>,
        number: u64,
        dictionary: Bytes,
        input: Bytes,
        last: bool,
    ) {
        let settings = self.settings.clone();
        let work = blocking(move || parallel::block(&settings, &dictionary, &input, last));
        let (state, to) = (Rc::clone(self), stream.clone());
        let request = work.spawn(&stream.event_loop(), move |result| state.back(&to, number, result));
        let mut inner = self.inner.borrow_mut();
        if let Some(flying) = inner.flying.back_mut() {
            flying.request = Some(request);
        }
    }

    fn back<T: ByteChunk>(self: &Rc<Self>, stream: &Duplex<T, T>, number: u64, result: Result<Block>) {
        if stream.destroyed() {
            return;
        }
        match result {
            Ok(block) => {
                let written = &self.shared.bytes_written;
                written.set(written.get() + block.len as u64);
                let mut inner = self.inner.borrow_mut();
                let index = usize::try_from(number - inner.first).unwrap_or(usize::MAX);
                if let Some(flying) = inner.flying.get_mut(index) {
                    (flying.request, flying.block) = (None, Some(block));
                }
                drop(inner);
                self.pump(stream);
            }
            Err(error) => {
                self.inner.borrow_mut().failed = true;
                match self.written() {
                    Some(done) => done.fail(error),
                    None => stream.destroy(Some(error)),
                }
            }
        }
    }

    fn written(&self) -> Option<Done> {
        self.done.take().and_then(|done| done.upgrade())
    }

    fn take<T: ByteChunk>(
        self: &Rc<Self>,
        stream: &Duplex<T, T>,
        chunks: impl IntoIterator<Item = Bytes>,
        done: Done,
    ) {
        let mut inner = self.inner.borrow_mut();
        chunks.into_iter().for_each(|chunk| inner.add(chunk));
        drop(inner);
        self.done.set(Some(done.downgrade()));
        self.pump(stream);
    }
}

impl<T: ByteChunk> Both<T, T> for Parallel {
    fn origin(&self) -> Option<Rc<dyn Any>> {
        Some(Rc::<Shared>::clone(&self.0.shared))
    }

    fn read(&self, stream: &Duplex<T, T>, _size: usize) {
        self.0.more.set(true);
        self.0.pump(stream);
    }

    fn write(&self, stream: &Duplex<T, T>, chunk: T, done: Done) {
        match chunk.into_bytes() {
            Ok(chunk) => self.0.take(stream, [chunk], done),
            Err(error) => done.fail(error),
        }
    }

    fn has_writev(&self) -> bool {
        true
    }

    fn writev(&self, stream: &Duplex<T, T>, chunks: Vec<T>, done: Done) {
        match bytes_of(chunks) {
            Ok(chunks) => self.0.take(stream, chunks, done),
            Err(error) => done.fail(error),
        }
    }

    fn final_(&self, stream: &Duplex<T, T>, done: Done) {
        let mut inner = self.0.inner.borrow_mut();
        let rest = std::mem::take(&mut inner.filling).freeze();
        inner.full.push_back((rest, true));
        inner.finishing = true;
        drop(inner);
        self.0.pump(stream);
        done.ok();
    }

    fn destroy(&self, _stream: &Duplex<T, T>, error: Option<Error>, done: DestroyDone) {
        let left = self.0.inner.take();
        left.flying.iter().filter_map(|flying| flying.request.as_ref()).for_each(|request| {
            request.cancel();
        });
        drop(left);
        // A write that waits owns the stream.
        drop(self.0.done.take());
        done.with(error);
    }
}
