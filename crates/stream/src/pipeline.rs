//! `pipeline`: pipes with errors passed on and everything cleaned up.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;

use nodecore_error::{Class, Code, Error, Result};
use nodecore_event_loop::EventLoop;
use nodecore_events::{AbortSignal, ListenerId};

use crate::chunk::Chunk;
use crate::finished::{AnyStream, Finished, FinishedOptions, finished};
use crate::host::{Callback, Event};
use crate::machine::{flag, read};
use crate::native::{How, tag};
use crate::pipe::PipeOptions;
use crate::readable::{AsReadable, Readable};
use crate::writable::AsWritable;

/// Options of a [`pipeline`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PipelineOptions {
    /// Whether the last stream is ended when the first has ended; true by default.
    pub end: bool,
    /// Destroys all streams, with an `AbortError`.
    pub signal: Option<AbortSignal>,
}

impl Default for PipelineOptions {
    fn default() -> PipelineOptions {
        PipelineOptions { end: true, signal: None }
    }
}

impl PipelineOptions {
    /// Sets `end`.
    #[must_use]
    pub fn end(mut self, end: bool) -> PipelineOptions {
        self.end = end;
        self
    }

    /// Sets `signal`.
    #[must_use]
    pub fn signal(mut self, signal: &AbortSignal) -> PipelineOptions {
        self.signal = Some(signal.clone());
        self
    }
}

/// Streams that fit one behind the other: a tuple of references, the first readable, the last writable, those
/// between both. See [`Pipeline`] for a number of streams that is not known when the program is written.
pub trait Chain {
    /// Connects them.
    fn run(self, options: PipelineOptions, done: impl FnOnce(Result<()>) + 'static) -> Result<()>;
}

/// Pipes a readable through any number of transforms or duplexes into a writable, and calls `done` when all is
/// written, or when one of them has failed and all are destroyed.
///
/// Iterators and functions take part as streams: [`Readable::from_iter`], [`Duplex::from_fn`](crate::Duplex::from_fn),
/// [`Writable::from_async_fn`](crate::Writable::from_async_fn).
///
/// Node: [`stream.pipeline`](https://nodejs.org/api/stream.html#streampipelinesource-transforms-destination-callback).
///
/// # Errors
/// `ERR_STREAM_UNABLE_TO_PIPE` if a stream is closed or destroyed already; then `done` is not called.
/// `done` gets the first error of any stream.
///
/// ```
/// use nodecore_event_loop::{EventLoop, RunMode};
/// use nodecore_stream::{Readable, Transform, TransformOptions, Writable, WritableOptions, pipeline};
/// use std::{cell::Cell, rc::Rc};
///
/// let lp = EventLoop::new()?;
/// let numbers = Readable::from_iter(&lp, 1..=100u32);
/// let squares = Transform::from_fn(&lp, TransformOptions::default(), |_, n: u32, done| done.push(n * n));
/// let sum = Rc::new(Cell::new(0));
/// let total = Rc::clone(&sum);
/// let sink = Writable::from_fn(&lp, WritableOptions::default(), move |_, n: u32, done| {
///     total.set(total.get() + n);
///     done.ok();
/// });
/// pipeline((&numbers, &squares, &sink), |result| assert!(result.is_ok()))?;
/// lp.run(RunMode::Default);
/// assert_eq!(sum.get(), 338_350);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn pipeline(streams: impl Chain, done: impl FnOnce(Result<()>) + 'static) -> Result<()> {
    streams.run(PipelineOptions::default(), done)
}

/// As [`pipeline`], with options.
///
/// # Errors
/// As [`pipeline`].
pub fn pipeline_with(
    streams: impl Chain,
    options: PipelineOptions,
    done: impl FnOnce(Result<()>) + 'static,
) -> Result<()> {
    streams.run(options, done)
}

/// A [`pipeline`] that is put together stream by stream; `T` comes out of it so far.
///
/// ```
/// # use nodecore_event_loop::{EventLoop, RunMode};
/// # use nodecore_stream::{Pipeline, PipelineOptions, Readable, Transform, TransformOptions, Writable, WritableOptions};
/// let lp = EventLoop::new()?;
/// let mut chain = Pipeline::from(&Readable::from_iter(&lp, 0..10));
/// for _ in 0..5 {
///     chain = chain.through(&Transform::pass_through(&lp, TransformOptions::default()));
/// }
/// let sink = Writable::from_fn(&lp, WritableOptions::default(), |_, n: i32, done| {
///     assert!(n < 10);
///     done.ok();
/// });
/// chain.to(&sink, PipelineOptions::default(), |result| assert!(result.is_ok()))?;
/// lp.run(RunMode::Default);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub struct Pipeline<T: Chunk> {
    stages: Vec<Stage>,
    last: Readable<T>,
}

struct Stage {
    stream: AnyStream,
    /// Pipes the stage before into this one, without ending it.
    connect: Option<Box<dyn FnOnce()>>,
}

impl<T: Chunk> Pipeline<T> {
    /// Begins with `source`.
    pub fn from<S>(source: &S) -> Pipeline<T>
    where
        S: AsReadable<Item = T>,
        for<'a> &'a S: Into<AnyStream>,
    {
        let stages = vec![Stage { stream: source.into(), connect: None }];
        Pipeline { stages, last: source.to_readable() }
    }

    /// Goes on through `stream`.
    #[must_use]
    pub fn through<D>(mut self, stream: &D) -> Pipeline<D::Item>
    where
        D: AsWritable<T> + AsReadable,
        for<'a> &'a D: Into<AnyStream>,
    {
        self.add(stream);
        Pipeline { stages: self.stages, last: stream.to_readable() }
    }

    /// Ends in `dest`, and starts.
    ///
    /// # Errors
    /// As [`pipeline`].
    pub fn to<D>(
        mut self,
        dest: &D,
        options: PipelineOptions,
        done: impl FnOnce(Result<()>) + 'static,
    ) -> Result<()>
    where
        D: AsWritable<T>,
        for<'a> &'a D: Into<AnyStream>,
    {
        self.add(dest);
        run(self.stages, options, Box::new(done))
    }

    /// How many streams it has so far.
    pub(crate) fn len(&self) -> usize {
        self.stages.len()
    }

    /// Starts with what there is: the last stream is not only written to but also read from.
    pub(crate) fn end_here(self, done: Callback) -> Result<()> {
        run(self.stages, PipelineOptions::default(), done)
    }

    fn add<D>(&mut self, dest: &D)
    where
        D: AsWritable<T>,
        for<'a> &'a D: Into<AnyStream>,
    {
        let (source, to) = (self.last.clone(), dest.to_writable());
        let connect = move || source.pipe(&to, PipeOptions::default().end(false));
        self.stages.push(Stage { stream: dest.into(), connect: Some(Box::new(connect)) });
    }
}

impl<T: Chunk> fmt::Debug for Pipeline<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pipeline").field("stages", &self.stages.len()).finish_non_exhaustive()
    }
}

macro_rules! chains {
    ($(($($middle:ident: $before:ident),*) $last:ident;)*) => { $(
        #[allow(non_snake_case, reason = "one name serves as type and as variable")]
        impl<Src, $($middle,)* Dest> Chain for (&Src, $(&$middle,)* &Dest)
        where
            Src: AsReadable,
            for<'a> &'a Src: Into<AnyStream>,
            $(
                $middle: AsWritable<<$before as AsReadable>::Item> + AsReadable,
                for<'a> &'a $middle: Into<AnyStream>,
            )*
            Dest: AsWritable<<$last as AsReadable>::Item>,
            for<'a> &'a Dest: Into<AnyStream>,
        {
            fn run(self, options: PipelineOptions, done: impl FnOnce(Result<()>) + 'static) -> Result<()> {
                let (source, $($middle,)* dest) = self;
                Pipeline::from(source)$(.through($middle))*.to(dest, options, done)
            }
        }
    )* };
}
chains! {
    () Src;
    (A: Src) A;
    (A: Src, B: A) B;
    (A: Src, B: A, C: B) C;
    (A: Src, B: A, C: B, D: C) D;
    (A: Src, B: A, C: B, D: C, E: D) E;
    (A: Src, B: A, C: B, D: C, E: D, F: E) F;
    (A: Src, B: A, C: B, D: C, E: D, F: E, G: F) G;
    (A: Src, B: A, C: B, D: C, E: D, F: E, G: F, H: G) H;
}

/// What all listeners of a pipeline share.
struct Running {
    /// No stream is kept here but for those of `destroys`: listeners of streams that never close keep this.
    event_loop: EventLoop,
    error: RefCell<Option<Error>>,
    /// Ends that are still to come.
    awaited: Cell<isize>,
    destroys: RefCell<VecDeque<Guard>>,
    /// Listeners to take off the last stream, where it can be read on.
    cleanups: RefCell<Vec<Box<dyn FnOnce()>>>,
    callback: Cell<Option<Callback>>,
    signal: RefCell<Option<(AbortSignal, ListenerId)>>,
}

/// Destroys a stream, unless it is done.
struct Guard {
    stream: AnyStream,
    done: Rc<Cell<bool>>,
}

fn run(stages: Vec<Stage>, options: PipelineOptions, callback: Callback) -> Result<()> {
    let Some(first) = stages.first().map(|stage| stage.stream.clone()) else { return Ok(()) };
    let run = Rc::new(Running {
        event_loop: first.0.event_loop().clone(),
        error: RefCell::default(),
        awaited: Cell::new(0),
        destroys: RefCell::default(),
        cleanups: RefCell::default(),
        callback: Cell::new(Some(callback)),
        signal: RefCell::default(),
    });
    if let Some(signal) = &options.signal {
        run.watch(signal);
    }

    let count = stages.len();
    let ahead: Vec<AnyStream> = stages.iter().skip(1).map(|stage| stage.stream.clone()).collect();
    let mut previous: Option<AnyStream> = None;
    for (index, Stage { stream, connect }) in stages.into_iter().enumerate() {
        let (reading, writing) = (index + 1 < count, index > 0);
        let end = reading || options.end;
        if ahead.get(index).is_some_and(|next| next.closed() || next.destroyed()) {
            return Err(Error::from_template(Code::StreamUnableToPipe, &[]));
        }
        let readable_last = !reading && stream.0.can_read() == Some(true);
        if end {
            let waiting = run.guard(&stream, reading, writing);
            if readable_last {
                run.cleanups.borrow_mut().push(Box::new(move || waiting.cancel()));
            }
        }
        let this = Rc::clone(&run);
        let id = on_error(&stream, move |error| {
            if error.class() != Class::AbortError && error.code() != Code::StreamPrematureClose {
                this.settle(Some(error), false);
            }
        });
        if readable_last {
            let stream = stream.clone();
            run.cleanups.borrow_mut().push(Box::new(move || {
                stream.0.off(id);
            }));
        }
        if let (Some(source), Some(connect)) = (previous, connect) {
            let waiting = run.pipe(&source, &stream, connect, end);
            if readable_last {
                run.cleanups.borrow_mut().push(Box::new(move || waiting.cancel()));
            }
        }
        previous = Some(stream);
    }

    if options.signal.as_ref().is_some_and(AbortSignal::aborted) {
        let this = Rc::clone(&run);
        let signal = options.signal;
        first.0.event_loop().next_tick(move || this.settle(signal.map(|signal| signal.error()), false));
    }
    Ok(())
}

fn on_error(stream: &AnyStream, listener: impl Fn(Error) + 'static) -> ListenerId {
    let id = ListenerId::new(tag::ERROR);
    stream.0.events().error.append(id, Rc::new(listener));
    id
}

impl Running {
    fn watch(self: &Rc<Self>, signal: &AbortSignal) {
        let (this, reason) = (Rc::clone(self), signal.clone());
        let abort = move || this.settle(Some(reason.error()), false);
        if signal.aborted() {
            self.event_loop.queue_microtask(abort);
        } else {
            let id = signal.on_abort(abort);
            *self.signal.borrow_mut() = Some((signal.clone(), id));
        }
    }

    /// Destroys `stream` when another fails, unless it is done.
    fn guard(&self, stream: &AnyStream, reading: bool, writing: bool) -> Finished {
        let done = Rc::new(Cell::new(false));
        let closed = Rc::clone(&done);
        stream.0.on(Event::Close, How::Append, Rc::new(move |()| closed.set(true)));
        let finished_ = Rc::clone(&done);
        let options = FinishedOptions::default().readable(reading).writable(writing);
        let waiting = finished(stream.clone(), options, move |result| finished_.set(result.is_ok()));
        self.destroys.borrow_mut().push_back(Guard { stream: stream.clone(), done });
        waiting
    }

    fn pipe(
        self: &Rc<Self>,
        source: &AnyStream,
        dest: &AnyStream,
        connect: Box<dyn FnOnce()>,
        end: bool,
    ) -> Finished {
        self.awaited.set(self.awaited.get() + 2);
        let ended = Rc::new(Cell::new(false));
        let (this, has_ended) = (Rc::clone(self), Rc::clone(&ended));
        let closed = move |()| {
            if !has_ended.get() {
                this.settle(Some(Error::from_template(Code::StreamPrematureClose, &[])), false);
            }
        };
        dest.0.on(Event::Close, How::Append, Rc::new(closed));
        connect();
        if !end {
            self.finish(None);
        } else {
            let to = Rc::downgrade(&dest.0);
            let end_dest = move || {
                ended.set(true);
                if let Some(dest) = to.upgrade() {
                    dest.end();
                }
            };
            if source.0.has_emitted_end() {
                source.0.event_loop().next_tick(end_dest);
            } else {
                source.0.on(Event::End, How::Once, Rc::new(move |()| end_dest()));
            }
        }

        let (this, from) = (Rc::clone(self), Rc::downgrade(&source.0));
        let options = FinishedOptions::default().readable(true).writable(false);
        finished(source.clone(), options, move |result| {
            let early = matches!(&result, Err(error) if error.code() == Code::StreamPrematureClose);
            match from.upgrade() {
                // Closed before `end`: that may still come, and all is well then.
                Some(source)
                    if early
                        && source
                            .read_flags()
                            .only(read::ENDED | flag::ERRORED | flag::ERROR_EMITTED, read::ENDED) =>
                {
                    let done = Rc::clone(&this);
                    source.on(Event::End, How::Once, Rc::new(move |()| done.finish(None)));
                    let id = ListenerId::new(tag::ERROR);
                    let failed = move |error| this.finish(Some(error));
                    source.events().error.append_once(id, Rc::new(failed));
                }
                _ => this.finish(result.err()),
            }
        });
        let this = Rc::clone(self);
        let options = FinishedOptions::default().readable(false).writable(true);
        finished(dest.clone(), options, move |result| this.finish(result.err()))
    }

    /// One of the ends that are awaited.
    fn finish(&self, error: Option<Error>) {
        let awaited = self.awaited.get() - 1;
        self.awaited.set(awaited);
        self.settle(error, awaited == 0);
    }

    fn settle(&self, error: Option<Error>, last: bool) {
        if let Some(error) = error {
            let mut slot = self.error.borrow_mut();
            let replace = slot.as_ref().is_none_or(|known| {
                known.code() == Code::StreamPrematureClose || known.class() == Class::AbortError
            });
            if replace {
                *slot = Some(error);
            }
        }
        if !last && self.error.borrow().is_none() {
            return;
        }
        loop {
            let Some(guard) = self.destroys.borrow_mut().pop_front() else { break };
            if guard.done.replace(true) || guard.stream.destroyed() {
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
        if last {
            let cleanups = self.cleanups.take();
            let error = self.error.borrow().clone();
            if error.is_none() {
                cleanups.into_iter().for_each(|cleanup| cleanup());
            }
            if let Some(callback) = self.callback.take() {
                self.event_loop.next_tick(move || callback(error.map_or(Ok(()), Err)));
            }
        }
    }
}
