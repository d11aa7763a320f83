//! A pipeline that runs: what its streams tell it, and what it does about it.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;

use nodecore_error::{Class, Code, Error, Result};
use nodecore_events::{AbortSignal, ListenerId};

use crate::finished::{Finished, FinishedOptions, finished_peer};
use crate::host::Callback;
use crate::peer::{Peer, PeerEvent, Task, TaskQueues};
use crate::pipeline::PipelineOptions;

/// A [`pipeline`](crate::pipeline()) of streams of any make, put together by a binding: [`add`](PeerPipeline::add) each
/// stream in its order, connect it to the one before by [`pipe`](PeerPipeline::pipe), or by a [`Pump`] where one of them
/// is no stream, then [`complete`](PeerPipeline::complete).
///
/// ```
/// use nodecore_event_loop::{EventLoop, RunMode};
/// use nodecore_stream::{AnyStream, PeerPipeline, PipelineOptions, Place, Writable, WritableOptions};
/// use std::rc::Rc;
///
/// let lp = EventLoop::new()?;
/// let sink = Writable::from_fn(&lp, WritableOptions::default(), |_, n: u32, done| {
///     assert!(n < 3);
///     done.ok();
/// });
/// let line = PeerPipeline::new(Rc::new(lp.clone()), PipelineOptions::default(), || (), |result| assert!(result.is_ok()));
/// line.add(&AnyStream::from(&sink).to_peer(), None, Place { first: false, last: true })?;
/// let pump = line.pump();
/// line.complete();
/// (0..3).for_each(|n| drop(sink.write(n)));
/// sink.end();
/// pump.done(Ok(()));
/// lp.run(RunMode::Default);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone)]
pub struct PeerPipeline(Rc<Running>);

/// Where a stream is in a pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Nothing is written to it.
    pub first: bool,
    /// Nothing is read from it.
    pub last: bool,
}

/// What all listeners of a pipeline share.
struct Running {
    /// No stream is kept here but for those of `destroys`: listeners of streams that never close keep this.
    queues: Rc<dyn TaskQueues>,
    end: bool,
    error: RefCell<Option<Error>>,
    /// Ends that are still to come.
    awaited: Cell<isize>,
    destroys: RefCell<VecDeque<Guard>>,
    /// Listeners to take off the last stream, where it can be read on.
    cleanups: RefCell<Vec<Task>>,
    stopped: Cell<Option<Task>>,
    callback: Cell<Option<Callback>>,
    signal: RefCell<Option<(AbortSignal, ListenerId)>>,
    aborted: Option<AbortSignal>,
}

/// Destroys a stream, unless it is done.
struct Guard {
    stream: Rc<dyn Peer>,
    done: Rc<Cell<bool>>,
}

/// What carries values from one part of a pipeline to the next where one of the two is no stream. It reports once that
/// it is done; one that is dropped instead leaves the pipeline waiting.
pub struct Pump(Rc<Running>);

impl Pump {
    /// All has been carried, or not.
    pub fn done(self, result: Result<()>) {
        self.0.finish(result.err());
    }
}

impl PeerPipeline {
    /// A pipeline without streams. `stopped` is called when streams are first destroyed because one has failed, or when
    /// all is done; `done` a tick later than that which was awaited last.
    pub fn new(
        queues: Rc<dyn TaskQueues>,
        options: PipelineOptions,
        stopped: impl FnOnce() + 'static,
        done: impl FnOnce(Result<()>) + 'static,
    ) -> PeerPipeline {
        let run = Rc::new(Running {
            queues,
            end: options.end,
            error: RefCell::default(),
            awaited: Cell::new(0),
            destroys: RefCell::default(),
            cleanups: RefCell::default(),
            stopped: Cell::new(Some(Box::new(stopped))),
            callback: Cell::new(Some(Box::new(done))),
            signal: RefCell::default(),
            aborted: options.signal.clone().filter(AbortSignal::aborted),
        });
        if let Some(signal) = &options.signal {
            run.watch(signal);
        }
        PeerPipeline(run)
    }

    /// Adds a stream; `next` is the one that will be added after it.
    ///
    /// # Errors
    /// `ERR_STREAM_UNABLE_TO_PIPE` if `next` is closed or destroyed already.
    pub fn add(&self, stream: &Rc<dyn Peer>, next: Option<&Rc<dyn Peer>>, place: Place) -> Result<()> {
        let run = &self.0;
        if next.map(|next| next.sides()).is_some_and(|next| next.is_closed() || next.is_destroyed()) {
            return Err(Error::from_template(Code::StreamUnableToPipe, &[]));
        }
        let readable_last = readable_last(stream, place);
        if !place.last || run.end {
            let waiting = run.guard(stream, place);
            if readable_last {
                run.clean_up(waiting.canceller());
            }
        }
        let this = Rc::clone(run);
        let failed = move |error: Option<Error>| {
            let real = error.filter(|error| {
                error.class() != Class::AbortError && error.code() != Code::StreamPrematureClose
            });
            if real.is_some() {
                this.settle(real, false);
            }
        };
        let id = stream.listen(PeerEvent::Error, false, Rc::new(failed));
        if readable_last {
            let stream = Rc::clone(stream);
            run.clean_up(move || stream.forget(id));
        }
        Ok(())
    }

    /// Pipes a stream into the one added last, whose `place` this is; `connect` does it, without ending it.
    pub fn pipe(&self, source: &Rc<dyn Peer>, dest: &Rc<dyn Peer>, place: Place, connect: impl FnOnce()) {
        let readable_last = readable_last(dest, place);
        let waiting = self.0.pipe(source, dest, connect, !place.last || self.0.end);
        if readable_last {
            self.0.clean_up(waiting.canceller());
        }
    }

    /// One more thing that is awaited.
    pub fn pump(&self) -> Pump {
        self.0.awaited.set(self.0.awaited.get() + 1);
        Pump(Rc::clone(&self.0))
    }

    /// Stops the pipeline because something outside of it failed.
    pub fn fail(&self, error: Error) {
        self.0.settle(Some(error), false);
    }

    /// All parts have been added.
    pub fn complete(&self) {
        if let Some(signal) = &self.0.aborted {
            let (this, error) = (Rc::clone(&self.0), signal.error());
            self.0.queues.next_tick(Box::new(move || this.settle(Some(error), false)));
        }
    }
}

impl fmt::Debug for PeerPipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PeerPipeline").field("awaited", &self.0.awaited.get()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Pump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pump").finish_non_exhaustive()
    }
}

/// Whether the stream is the last, and what comes out of it can be read on.
fn readable_last(stream: &Rc<dyn Peer>, place: Place) -> bool {
    place.last && stream.sides().can_read() == Some(true)
}

impl Running {
    fn watch(self: &Rc<Self>, signal: &AbortSignal) {
        let (this, reason) = (Rc::clone(self), signal.clone());
        let abort = move || this.settle(Some(reason.error()), false);
        if signal.aborted() {
            self.queues.queue_microtask(Box::new(abort));
        } else {
            let id = signal.on_abort(abort);
            *self.signal.borrow_mut() = Some((signal.clone(), id));
        }
    }

    fn clean_up(&self, task: impl FnOnce() + 'static) {
        self.cleanups.borrow_mut().push(Box::new(task));
    }

    /// Destroys `stream` when another fails, unless it is done.
    fn guard(&self, stream: &Rc<dyn Peer>, place: Place) -> Finished {
        let done = Rc::new(Cell::new(false));
        let closed = Rc::clone(&done);
        stream.listen(PeerEvent::Close, false, Rc::new(move |_| closed.set(true)));
        let finished = Rc::clone(&done);
        let options = FinishedOptions::default().readable(!place.last).writable(!place.first);
        let waiting = finished_peer(stream, options, move |result| finished.set(result.is_ok()));
        self.destroys.borrow_mut().push_back(Guard { stream: Rc::clone(stream), done });
        waiting
    }

    fn pipe(
        self: &Rc<Self>,
        source: &Rc<dyn Peer>,
        dest: &Rc<dyn Peer>,
        connect: impl FnOnce(),
        end: bool,
    ) -> Finished {
        self.awaited.set(self.awaited.get() + 2);
        let ended = Rc::new(Cell::new(false));
        let (this, has_ended) = (Rc::clone(self), Rc::clone(&ended));
        let closed = move |_| {
            if !has_ended.get() {
                this.settle(Some(Error::from_template(Code::StreamPrematureClose, &[])), false);
            }
        };
        dest.listen(PeerEvent::Close, false, Rc::new(closed));
        connect();
        if !end {
            self.finish(None);
        } else {
            let to = Rc::downgrade(dest);
            let end_dest = move || {
                ended.set(true);
                if let Some(dest) = to.upgrade() {
                    dest.end();
                }
            };
            if source.sides().has_emitted_end() {
                self.queues.next_tick(Box::new(end_dest));
            } else {
                source.listen(PeerEvent::End, true, Rc::new(move |_| end_dest()));
            }
        }

        let (this, from) = (Rc::clone(self), Rc::downgrade(source));
        let options = FinishedOptions::default().readable(true).writable(false);
        finished_peer(source, options, move |result| {
            let early = matches!(&result, Err(error) if error.code() == Code::StreamPrematureClose);
            let waits = from.upgrade().filter(|source| {
                let read = source.sides().read;
                early && read.ended && !read.errored && !read.error_emitted
            });
            let Some(source) = waits else { return this.finish(result.err()) };
            // Closed before `end`: that may still come, and all is well then.
            let done = Rc::clone(&this);
            source.listen(PeerEvent::End, true, Rc::new(move |_| done.finish(None)));
            source.listen(PeerEvent::Error, true, Rc::new(move |error| this.finish(error)));
        });
        let this = Rc::clone(self);
        let options = FinishedOptions::default().readable(false).writable(true);
        finished_peer(dest, options, move |result| this.finish(result.err()))
    }

    /// One of the ends that are awaited.
    fn finish(&self, error: Option<Error>) {
        let awaited = self.awaited.get() - 1;
        self.awaited.set(awaited);
        self.settle(error, awaited == 0);
    }

    fn settle(&self, error: Option<Error>, last: bool) {
        if let Some(error) = error {
            let replace = self.error.borrow().as_ref().is_none_or(|known| {
                known.code() == Code::StreamPrematureClose || known.class() == Class::AbortError
            });
            if replace {
                let error = self.queues.made(error);
                *self.error.borrow_mut() = Some(error);
            }
        }
        if !last && self.error.borrow().is_none() {
            return;
        }
        loop {
            let Some(guard) = self.destroys.borrow_mut().pop_front() else { break };
            if guard.done.replace(true) || guard.stream.sides().is_destroyed() {
                continue;
            }
            let error = self.error.borrow().clone();
            guard.stream.destroy(Some(
                error.unwrap_or_else(|| Error::from_template(Code::StreamDestroyed, &[&"pipe"])),
            ));
        }
        let signal = self.signal.take();
        if let Some((signal, id)) = signal {
            signal.off(id);
        }
        if let Some(stopped) = self.stopped.take() {
            stopped();
        }
        if last {
            let cleanups = self.cleanups.take();
            let error = self.error.borrow().clone();
            if error.is_none() {
                cleanups.into_iter().for_each(|cleanup| cleanup());
            }
            if let Some(callback) = self.callback.take() {
                self.queues.next_tick(Box::new(move || callback(error.map_or(Ok(()), Err))));
            }
        }
    }
}
