//! `pipeTo`: from a readable to a writable stream, with errors and ends going both ways.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use nodecore_error::{Error, Result};
use nodecore_event_loop::EventLoop;
use nodecore_events::{AbortSignal, ListenerId};

use super::held::{Held, drop_in_turn};
use super::promise::Promise;
use super::readable::{self, Read, ReadableStream, invalid_state};
use super::reader::{Reader, ReaderKind};
use super::writable::{self, WritableStream};
use super::writer::Writer;
use crate::chunk::Chunk;

/// Options of [`ReadableStream::pipe_to`] and [`ReadableStream::pipe_through`].
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct PipeToOptions {
    /// The end of the source does not close the destination.
    pub prevent_close: bool,
    /// An error of the source does not abort the destination.
    pub prevent_abort: bool,
    /// An error of the destination does not cancel the source.
    pub prevent_cancel: bool,
    /// Stops the pipe.
    pub signal: Option<AbortSignal>,
}

impl PipeToOptions {
    /// Sets [`prevent_close`](PipeToOptions::prevent_close).
    #[must_use]
    pub fn prevent_close(mut self, prevent: bool) -> PipeToOptions {
        self.prevent_close = prevent;
        self
    }

    /// Sets [`prevent_abort`](PipeToOptions::prevent_abort).
    #[must_use]
    pub fn prevent_abort(mut self, prevent: bool) -> PipeToOptions {
        self.prevent_abort = prevent;
        self
    }

    /// Sets [`prevent_cancel`](PipeToOptions::prevent_cancel).
    #[must_use]
    pub fn prevent_cancel(mut self, prevent: bool) -> PipeToOptions {
        self.prevent_cancel = prevent;
        self
    }

    /// Sets [`signal`](PipeToOptions::signal).
    #[must_use]
    pub fn signal(mut self, signal: &AbortSignal) -> PipeToOptions {
        self.signal = Some(signal.clone());
        self
    }
}

/// A pipe is held by what it waits for. While that is the destination, it leaves the destination to others; while it
/// is the source, it holds both.
struct Pipe<T: Chunk, U: Chunk> {
    source: ReadableStream<T>,
    dest: Held<writable::Inner<U>>,
    reader: Rc<Reader<T>>,
    /// Weak, because what waits for it holds this.
    writer: Weak<Writer<U>>,
    options: PipeToOptions,
    shutting_down: Cell<bool>,
    /// The last write that was begun.
    write: RefCell<Promise<()>>,
    listener: Cell<Option<ListenerId>>,
    outcome: Promise<()>,
}

/// What comes of a destination that is gone.
fn released() -> Promise<()> {
    Promise::rejected(invalid_state("Writer is not bound to a WritableStream"))
}

/// What is done to the two ends before the pipe is over.
type Action = Box<dyn FnOnce() -> Promise<()>>;

/// Starts the pipe.
///
/// # Errors
/// A `TypeError` if either end is locked.
pub(super) fn pipe<T: Chunk, U: Chunk + From<T>>(
    source: &ReadableStream<T>,
    dest: &WritableStream<U>,
    options: PipeToOptions,
) -> Result<Promise<()>> {
    if source.locked() {
        return Err(invalid_state("The ReadableStream is locked"));
    }
    if dest.locked() {
        return Err(invalid_state("The WritableStream is locked"));
    }
    let reader = source.acquire(ReaderKind::Default)?;
    let writer = dest.acquire()?;
    source.0.disturbed.set(true);
    let pipe = Rc::new(Pipe {
        source: source.clone(),
        dest: Held::new(Rc::clone(&dest.0)),
        reader,
        writer: Rc::downgrade(&writer),
        options,
        shutting_down: Cell::new(false),
        write: RefCell::new(Promise::resolved(())),
        listener: Cell::new(None),
        outcome: Promise::pending(),
    });
    let outcome = pipe.outcome.clone();
    if let Some(signal) = pipe.options.signal.clone() {
        if signal.aborted() {
            pipe.aborted(&signal);
            return Ok(outcome);
        }
        let (me, told) = (Rc::downgrade(&pipe), signal.clone());
        pipe.listener.set(Some(signal.on_abort(move || {
            if let Some(pipe) = me.upgrade() {
                pipe.aborted(&told);
            }
        })));
    }
    Rc::clone(&pipe).step();
    pipe.watch(&writer);
    Ok(outcome)
}

impl<T: Chunk, U: Chunk + From<T>> Pipe<T, U> {
    /// Looks at the two ends, now and when they change.
    fn watch(self: &Rc<Self>, writer: &Writer<U>) {
        let lp = &self.source.0.lp;
        let source = self.source.state();
        let dest = self.dest_state();
        if source == readable::State::Errored {
            self.source_errored(self.source.stored_error());
        }
        if dest == writable::State::Errored {
            self.dest_errored(self.dest().map_or_else(Error::abort, |dest| dest.stored_error()));
        }
        if source == readable::State::Closed {
            self.source_closed();
        }
        if dest == writable::State::Closed || self.dest().is_some_and(|dest| dest.is_closing()) {
            self.dest_closed();
        }
        let me = Rc::downgrade(self);
        self.reader.closed().then(lp, move |result| {
            let Some(me) = me.upgrade() else { return };
            match result {
                Ok(()) => me.source_closed(),
                Err(error) => me.source_errored(error),
            }
        });
        let me = Rc::downgrade(self);
        writer.closed().then(lp, move |result| {
            // An end that the pipe did not ask for is told by the next write.
            if let (Err(error), Some(me)) = (result, me.upgrade()) {
                me.dest_errored(error);
            }
        });
    }

    fn dest(&self) -> Option<WritableStream<U>> {
        self.dest.get().map(WritableStream)
    }

    fn writer(&self) -> Option<Rc<Writer<U>>> {
        self.writer.upgrade()
    }

    /// That of one which is gone is that of one which takes nothing.
    fn dest_state(&self) -> writable::State {
        self.dest().map_or(writable::State::Errored, |dest| dest.state())
    }

    fn source_errored(self: &Rc<Self>, error: Error) {
        let action: Option<Action> = if self.options.prevent_abort {
            None
        } else {
            let (me, reason) = (Rc::clone(self), error.clone());
            Some(Box::new(move || {
                me.dest().map_or_else(|| Promise::resolved(()), |dest| dest.abort_now(Some(reason)))
            }))
        };
        self.shut_down(action, Some(error));
    }

    fn source_closed(self: &Rc<Self>) {
        let action: Option<Action> = if self.options.prevent_close {
            None
        } else {
            let me = Rc::clone(self);
            Some(Box::new(move || {
                me.writer().map_or_else(released, |writer| writer.close_with_error_propagation())
            }))
        };
        self.shut_down(action, None);
    }

    fn dest_errored(self: &Rc<Self>, error: Error) {
        let action: Option<Action> = if self.options.prevent_cancel {
            None
        } else {
            let (source, reason) = (self.source.clone(), error.clone());
            Some(Box::new(move || source.cancel_now(Some(reason))))
        };
        self.shut_down(action, Some(error));
    }

    fn dest_closed(self: &Rc<Self>) {
        self.dest_errored(invalid_state("Destination WritableStream is closed"));
    }

    fn aborted(self: &Rc<Self>, signal: &AbortSignal) {
        let reason = signal.reason().unwrap_or_else(Error::abort);
        let (me, told) = (Rc::clone(self), reason.clone());
        let action = move || {
            let mut done = Vec::new();
            if !me.options.prevent_abort {
                done.push(match me.dest().filter(|dest| dest.state() == writable::State::Writable) {
                    Some(dest) => dest.abort_now(Some(told.clone())),
                    None => Promise::resolved(()),
                });
            }
            if !me.options.prevent_cancel {
                done.push(match me.source.state() {
                    readable::State::Readable => me.source.cancel_now(Some(told)),
                    _ => Promise::resolved(()),
                });
            }
            all(&me.source.0.lp, done)
        };
        self.shut_down(Some(Box::new(action)), Some(reason));
    }

    /// One turn: waits for room, then passes on what is queued, or else the next chunk to come.
    fn step(self: Rc<Self>) {
        if self.shutting_down.get() {
            return;
        }
        let (Some(writer), Some(dest)) =
            (self.writer(), self.dest().filter(WritableStream::has_backpressure))
        else {
            return self.pass_on();
        };
        let lp = self.source.event_loop();
        self.dest.release();
        writer.ready().then(&lp, move |room| {
            self.dest.hold();
            if self.shutting_down.get() {
                return;
            }
            if room.is_ok() {
                return self.pass_on();
            }
            // It is told of the error by `closed`, and has to be there for that.
            self.dest.release();
            let lp = self.source.event_loop();
            match self.writer() {
                Some(writer) => writer.closed().then(&lp, move |_| drop(self)),
                None => lp.queue_microtask(move || drop(self)),
            }
        });
        drop(dest);
    }

    fn pass_on(self: Rc<Self>) {
        let lp = self.source.event_loop();
        let me = Rc::clone(&self);
        let controller =
            self.source.controller().filter(|_| self.source.state() == readable::State::Readable);
        if let Some(controller) = controller
            && controller.drain(&mut |chunk| me.write_on(chunk))
        {
            // Between two batches events get their turn; that of the end has to find the pipe.
            let over = self.source.state() == readable::State::Closed;
            lp.queue_microtask(move || if over { drop(self) } else { self.step() });
            return;
        }
        let written = Promise::pending();
        let (settled, then_lp) = (written.clone(), lp.clone());
        self.reader.read(Box::new(move |read| match read {
            // Never inside the source's own `enqueue`.
            Read::Chunk(chunk) => then_lp.queue_microtask(move || {
                me.write_on(chunk);
                settled.settle(Ok(()));
            }),
            // As above.
            Read::Closed => then_lp.queue_microtask(move || drop(me)),
            Read::Failed(error) => settled.settle(Err(error)),
        }));
        let then_lp = lp.clone();
        lp.queue_microtask(move || {
            let step_lp = then_lp.clone();
            written.then(&then_lp, move |written| {
                if written.is_ok() {
                    step_lp.queue_microtask(move || self.step());
                }
            });
        });
    }

    /// Writes a chunk; whether the next one may follow at once.
    fn write_on(&self, chunk: T) -> bool {
        let write = self.writer().map_or_else(released, |writer| writer.write(chunk.into()));
        drop(self.write.replace(write));
        !self.shutting_down.get() && self.dest().is_some_and(|dest| dest.takes_more())
    }

    fn shut_down(self: &Rc<Self>, action: Option<Action>, error: Option<Error>) {
        if self.shutting_down.replace(true) {
            return;
        }
        let me = Rc::clone(self);
        let act = move || match action {
            None => me.finish(error),
            Some(action) => {
                let (lp, done) = (me.source.event_loop(), action());
                me.dest.release();
                done.then(&lp, move |result| me.finish(result.err().or(error)));
            }
        };
        self.dest.hold();
        let open = |dest: &WritableStream<U>| dest.state() == writable::State::Writable && !dest.is_closing();
        if !self.dest().as_ref().is_some_and(open) {
            return act();
        }
        let me = Rc::clone(self);
        self.written().then(&self.source.0.lp, move |result| match result {
            Ok(()) => act(),
            Err(error) => me.finish(Some(error)),
        });
    }

    /// Fulfilled once what has been read is written.
    fn written(self: &Rc<Self>) -> Promise<()> {
        let write = self.write.borrow().clone();
        let done = Promise::pending();
        let (me, settled) = (Rc::clone(self), done.clone());
        let lp = self.source.event_loop();
        if !write.is_settled() {
            self.dest.release();
        }
        write.clone().then(&self.source.0.lp, move |result| {
            me.dest.hold();
            let same = me.write.borrow().is(&write);
            if same || result.is_err() {
                settled.settle(result);
            } else {
                me.written().then(&lp, move |result| settled.settle(result));
            }
        });
        done
    }

    fn finish(&self, error: Option<Error>) {
        self.let_go();
        self.outcome.settle(error.map_or(Ok(()), Err));
    }
}

impl<T: Chunk, U: Chunk> Pipe<T, U> {
    /// Gives up both locks, and the signal.
    fn let_go(&self) {
        if let Some(writer) = self.writer.upgrade() {
            writer.release();
        }
        self.reader.release();
        if let (Some(signal), Some(id)) = (&self.options.signal, self.listener.take()) {
            signal.off(id);
        }
    }
}

impl<T: Chunk, U: Chunk> Drop for Pipe<T, U> {
    fn drop(&mut self) {
        self.let_go();
        // It may be that of another pipe, and so on.
        let none = ReadableStream::empty(&self.source.0.lp);
        drop_in_turn(Box::new(std::mem::replace(&mut self.source, none)));
    }
}

/// Fulfilled once all are; rejected with the first.
fn all(lp: &EventLoop, promises: Vec<Promise<()>>) -> Promise<()> {
    let outcome = if promises.is_empty() { Promise::resolved(()) } else { Promise::pending() };
    let left = Rc::new(Cell::new(promises.len()));
    for promise in promises {
        let (left, settled) = (Rc::clone(&left), outcome.clone());
        promise.then(lp, move |result| {
            left.set(left.get() - 1);
            if result.is_err() || left.get() == 0 {
                settled.settle(result);
            }
        });
    }
    outcome
}
