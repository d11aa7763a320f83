//! `pipeline`: pipes with errors passed on and everything cleaned up.

use std::fmt;
use std::rc::Rc;

use nodecore_error::Result;
use nodecore_events::AbortSignal;

use crate::chunk::Chunk;
use crate::finished::AnyStream;
use crate::host::Callback;
use crate::peer::Peer;
use crate::pipe::PipeOptions;
use crate::readable::{AsReadable, Readable};
use crate::running::{PeerPipeline, Place};
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

fn run(stages: Vec<Stage>, options: PipelineOptions, callback: Callback) -> Result<()> {
    let Some(first) = stages.first() else { return Ok(()) };
    let queues = Rc::new(first.stream.0.event_loop().clone());
    let line = PeerPipeline::new(queues, options, || (), callback);
    let count = stages.len();
    let peers: Vec<Rc<dyn Peer>> = stages.iter().map(|stage| stage.stream.to_peer()).collect();
    for (index, stage) in stages.into_iter().enumerate() {
        let Some(peer) = peers.get(index) else { break };
        let place = Place { first: index == 0, last: index + 1 == count };
        line.add(peer, peers.get(index + 1), place)?;
        if let (Some(source), Some(connect)) =
            (index.checked_sub(1).and_then(|at| peers.get(at)), stage.connect)
        {
            line.pipe(source, peer, place, connect);
        }
    }
    line.complete();
    Ok(())
}
