//! `tee`: one stream read once, for two.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use bytes::Bytes;
use nodecore_error::{Error, Result};

use super::byte_controller::{ReadableByteStreamController, UnderlyingByteSource, WeakByteController};
use super::controller::{ReadableStreamDefaultController, UnderlyingSource, WeakController};
use super::promise::Promise;
use super::readable::{Read, ReadableStream};
use super::reader::{Reader, ReaderKind};
use crate::chunk::Chunk;

/// A branch, which its user may have dropped: then nothing happens.
trait Branch<T> {
    fn enqueue(&self, chunk: T) -> Result<()>;
    fn close(&self) -> Result<()>;
    fn error(&self, error: Error);
}

impl<T: Chunk> Branch<T> for WeakController<T> {
    fn enqueue(&self, chunk: T) -> Result<()> {
        self.get().map_or(Ok(()), |branch| branch.enqueue(chunk))
    }
    fn close(&self) -> Result<()> {
        self.get().map_or(Ok(()), |branch| branch.close())
    }
    fn error(&self, error: Error) {
        if let Some(branch) = self.get() {
            branch.error(error);
        }
    }
}

impl Branch<Bytes> for WeakByteController {
    fn enqueue(&self, chunk: Bytes) -> Result<()> {
        match self.get() {
            Some(branch) if !chunk.is_empty() => branch.enqueue(chunk),
            _ => Ok(()),
        }
    }
    fn close(&self) -> Result<()> {
        let Some(branch) = self.get() else { return Ok(()) };
        branch.close()?;
        // A buffer that waits is given back empty.
        branch.byob_request().map_or(Ok(()), |request| request.respond(0))
    }
    fn error(&self, error: Error) {
        if let Some(branch) = self.get() {
            branch.error(error);
        }
    }
}

struct Tee<T: Chunk> {
    stream: ReadableStream<T>,
    reader: Rc<Reader<T>>,
    reading: Cell<bool>,
    sides: [Side<T>; 2],
    /// Settled when both have cancelled, or there is nothing left to cancel.
    cancelled: Promise<()>,
}

struct Side<T> {
    branch: OnceCell<Box<dyn Branch<T>>>,
    cancelled: Cell<bool>,
    reason: RefCell<Option<Error>>,
}

impl<T> Side<T> {
    fn new() -> Side<T> {
        Side { branch: OnceCell::new(), cancelled: Cell::new(false), reason: RefCell::new(None) }
    }

    /// The branch, unless it was cancelled.
    fn open(&self) -> Option<&dyn Branch<T>> {
        self.branch.get().map(AsRef::as_ref).filter(|_| !self.cancelled.get())
    }
}

/// The source of one branch.
pub(super) struct Half<T: Chunk> {
    tee: Rc<Tee<T>>,
    second: bool,
}

impl<T: Chunk> Half<T> {
    fn side(&self) -> &Side<T> {
        let [first, second] = &self.tee.sides;
        if self.second { second } else { first }
    }

    fn cancel_side(&self, reason: Option<Error>) -> Promise<()> {
        self.side().cancelled.set(true);
        *self.side().reason.borrow_mut() = reason;
        let tee = &self.tee;
        if tee.sides.iter().all(|side| side.cancelled.get()) {
            let reason = tee.sides.iter().find_map(|side| side.reason.borrow().clone());
            tee.cancelled.follow(&tee.stream.0.lp, &tee.stream.cancel_now(reason));
        }
        tee.cancelled.clone()
    }
}

impl<T: Chunk> UnderlyingSource<T> for Half<T> {
    fn start(&self, handle: &ReadableStreamDefaultController<T>) -> Result<Promise<()>> {
        let _ = self.side().branch.set(Box::new(handle.downgrade()));
        Ok(Promise::resolved(()))
    }
    fn pull(&self, _: &ReadableStreamDefaultController<T>) -> Promise<()> {
        self.tee.pull();
        Promise::resolved(())
    }
    fn cancel(&self, reason: Option<Error>) -> Promise<()> {
        self.cancel_side(reason)
    }
}

impl UnderlyingByteSource for Half<Bytes> {
    fn start(&self, handle: &ReadableByteStreamController) -> Result<Promise<()>> {
        let _ = self.side().branch.set(Box::new(handle.downgrade()));
        Ok(Promise::resolved(()))
    }
    fn pull(&self, _: &ReadableByteStreamController) -> Promise<()> {
        self.tee.pull();
        Promise::resolved(())
    }
    fn cancel(&self, reason: Option<Error>) -> Promise<()> {
        self.cancel_side(reason)
    }
}

impl<T: Chunk> Tee<T> {
    fn pull(self: &Rc<Self>) {
        if self.reading.replace(true) {
            return;
        }
        // Weak, because a read that waits is owned by the stream that this owns.
        let me = Rc::downgrade(self);
        self.reader.read(Box::new(move |read| {
            if let Some(me) = me.upgrade() {
                me.got(read);
            }
        }));
    }

    fn got(self: Rc<Self>, read: Read<T>) {
        match read {
            Read::Chunk(chunk) => {
                let lp = self.stream.event_loop();
                lp.queue_microtask(move || {
                    // Before the chunk is given on, since that asks for the next.
                    self.reading.set(false);
                    for side in &self.sides {
                        if let Some(branch) = side.open() {
                            // A branch that closed or errored by itself takes no more.
                            let _ = branch.enqueue(chunk.clone());
                        }
                    }
                });
            }
            Read::Closed => {
                let lp = self.stream.event_loop();
                lp.next_tick(move || {
                    self.reading.set(false);
                    for side in &self.sides {
                        if let Some(branch) = side.open() {
                            let _ = branch.close();
                        }
                    }
                    self.end();
                });
            }
            Read::Failed(_) => self.reading.set(false),
        }
    }

    fn fail(&self, error: &Error) {
        for side in &self.sides {
            if let Some(branch) = side.branch.get() {
                branch.error(error.clone());
            }
        }
    }

    fn end(&self) {
        if self.sides.iter().any(|side| !side.cancelled.get()) {
            self.cancelled.settle(Ok(()));
        }
    }
}

pub(super) fn tee<T: Chunk>(stream: &ReadableStream<T>) -> Result<(ReadableStream<T>, ReadableStream<T>)> {
    let reader = stream.acquire(ReaderKind::Default)?;
    let tee = Rc::new(Tee {
        stream: stream.clone(),
        reader,
        reading: Cell::new(false),
        sides: [Side::new(), Side::new()],
        cancelled: Promise::pending(),
    });
    let lp = &stream.0.lp;
    let branch = |second| {
        let half = Half { tee: Rc::clone(&tee), second };
        match stream.controller() {
            Some(controller) => controller.branch(lp, half),
            None => ReadableStream::infallible(lp, Rc::new(half), 1.0),
        }
    };
    let branches = (branch(false), branch(true));
    let watching = Rc::downgrade(&tee);
    tee.reader.closed().then(lp, move |result| {
        if let (Err(error), Some(tee)) = (result, watching.upgrade()) {
            tee.fail(&error);
            tee.end();
        }
    });
    Ok(branches)
}
