//! `pipeTo`: from a readable to a writable stream, with errors and ends going both ways.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use nodecore_error::{Error, Result};
use nodecore_event_loop::EventLoop;
use nodecore_events::{AbortSignal, ListenerId};

use super::promise::Promise;
use super::readable::{self, Read, ReadableStream, invalid_state};
use super::reader::ReadableStreamDefaultReader;
use super::writable::{self, WritableStream};
use super::writer::WritableStreamDefaultWriter;
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

struct Pipe<T: Chunk, U: Chunk> {
    source: ReadableStream<T>,
    dest: WritableStream<U>,
    reader: ReadableStreamDefaultReader<T>,
    writer: WritableStreamDefaultWriter<U>,
    options: PipeToOptions,
    shutting_down: Cell<bool>,
    /// The last write that was begun.
    write: RefCell<Promise<()>>,
    listener: Cell<Option<ListenerId>>,
    outcome: Promise<()>,
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
    let reader = source.get_reader()?;
    let writer = dest.get_writer()?;
    source.0.disturbed.set(true);
    let pipe = Rc::new(Pipe {
        source: source.clone(),
        dest: dest.clone(),
        reader,
        writer,
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
    pipe.watch();
    Ok(outcome)
}

impl<T: Chunk, U: Chunk + From<T>> Pipe<T, U> {
    /// Looks at the two ends, now and when they change.
    fn watch(self: &Rc<Self>) {
        let lp = &self.source.0.lp;
        let source = self.source.state();
        let dest = self.dest.state();
        if source == readable::State::Errored {
            self.source_errored(self.source.stored_error());
        }
        if dest == writable::State::Errored {
            self.dest_errored(self.dest.stored_error());
        }
        if source == readable::State::Closed {
            self.source_closed();
        }
        if dest == writable::State::Closed || self.dest.is_closing() {
            self.dest_closed();
        }
        let me = Rc::clone(self);
        self.reader.closed().then(lp, move |result| match result {
            Ok(()) => me.source_closed(),
            Err(error) => me.source_errored(error),
        });
        let me = Rc::clone(self);
        self.writer.closed().then(lp, move |result| {
            // An end that the pipe did not ask for is told by the next write.
            if let Err(error) = result {
                me.dest_errored(error);
            }
        });
    }

    fn source_errored(self: &Rc<Self>, error: Error) {
        let action: Option<Action> = if self.options.prevent_abort {
            None
        } else {
            let (dest, reason) = (self.dest.clone(), error.clone());
            Some(Box::new(move || dest.abort_now(Some(reason))))
        };
        self.shut_down(action, Some(error));
    }

    fn source_closed(self: &Rc<Self>) {
        let action: Option<Action> = if self.options.prevent_close {
            None
        } else {
            let me = Rc::clone(self);
            Some(Box::new(move || me.writer.close_with_error_propagation()))
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
                done.push(match me.dest.state() {
                    writable::State::Writable => me.dest.abort_now(Some(told.clone())),
                    _ => Promise::resolved(()),
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
        if !self.dest.has_backpressure() {
            return self.pass_on();
        }
        let lp = self.source.event_loop();
        self.writer.ready().then(&lp, move |room| {
            if room.is_ok() && !self.shutting_down.get() {
                self.pass_on();
            }
        });
    }

    fn pass_on(self: Rc<Self>) {
        let lp = self.source.event_loop();
        let me = Rc::clone(&self);
        let controller =
            self.source.controller().filter(|_| self.source.state() == readable::State::Readable);
        if let Some(controller) = controller
            && controller.drain(&mut |chunk| me.write_on(chunk))
        {
            if self.source.state() != readable::State::Closed {
                // Between two batches events get their turn.
                lp.queue_microtask(move || self.step());
            }
            return;
        }
        let written = Promise::pending();
        let (settled, then_lp) = (written.clone(), lp.clone());
        self.reader.reader.read(Box::new(move |read| match read {
            // Never inside the source's own `enqueue`.
            Read::Chunk(chunk) => then_lp.queue_microtask(move || {
                me.write_on(chunk);
                settled.settle(Ok(()));
            }),
            Read::Closed => {}
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
        let write = self.writer.write(chunk.into());
        drop(self.write.replace(write));
        !self.shutting_down.get()
            && !self.dest.has_backpressure()
            && self.dest.state() == writable::State::Writable
            && !self.dest.is_closing()
    }

    fn shut_down(self: &Rc<Self>, action: Option<Action>, error: Option<Error>) {
        if self.shutting_down.replace(true) {
            return;
        }
        let me = Rc::clone(self);
        let act = move || match action {
            None => me.finish(error),
            Some(action) => {
                let lp = me.source.event_loop();
                action().then(&lp, move |result| me.finish(result.err().or(error)));
            }
        };
        if self.dest.state() != writable::State::Writable || self.dest.is_closing() {
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
        write.clone().then(&self.source.0.lp, move |result| {
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
        self.writer.release_lock();
        self.reader.release_lock();
        if let (Some(signal), Some(id)) = (&self.options.signal, self.listener.take()) {
            signal.off(id);
        }
        self.outcome.settle(error.map_or(Ok(()), Err));
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
