//! `compose`: several streams as one.

use std::cell::OnceCell;
use std::convert::Infallible;
use std::fmt;
use std::rc::Rc;

use nodecore_error::{Code, Error, Result};

use crate::bridge::Bridge;
use crate::chunk::Chunk;
use crate::duplex::Duplex;
use crate::finished::AnyStream;
use crate::pipeline::{Pipeline, PipelineOptions};
use crate::readable::{AsReadable, Readable};
use crate::transform::Transform;
use crate::writable::{AsWritable, Writable};

/// A stream with both sides.
pub trait AsDuplex: AsReadable {
    /// What is written to it.
    type Write: Chunk;
    /// The stream.
    fn to_duplex(&self) -> Duplex<Self::Write, Self::Item>;
}

impl<W: Chunk, R: Chunk> AsDuplex for Duplex<W, R> {
    type Write = W;
    fn to_duplex(&self) -> Duplex<W, R> {
        self.clone()
    }
}

impl<W: Chunk, R: Chunk> AsDuplex for Transform<W, R> {
    type Write = W;
    fn to_duplex(&self) -> Duplex<W, R> {
        (**self).clone()
    }
}

/// A stream that writes to the first of `streams` and reads from the last: a tuple of references to duplexes or
/// transforms. See [`Composition`] for a number of streams that is not known when the program is written, and for
/// one that ends in a [`Writable`]; [`Readable::compose`] begins with a readable.
///
/// Functions take part as [`Duplex::from_fn`]. The streams are destroyed with the composed stream, and it with them;
/// until then they own it. Node:
/// [`stream.compose`](https://nodejs.org/api/stream.html#streamcomposestreams).
///
/// # Errors
/// `ERR_INVALID_ARG_VALUE` if one of them cannot be read from or written to any more.
///
/// ```
/// use bytes::Bytes;
/// use nodecore_event_loop::EventLoop;
/// use nodecore_stream::{HelperOptions, Transform, TransformOptions, compose};
///
/// let lp = EventLoop::new()?;
/// let upper = Transform::from_fn(&lp, TransformOptions::default(), |_, chunk: Bytes, done| {
///     done.push(Bytes::from(chunk.to_ascii_uppercase()));
/// });
/// let loud = Transform::from_fn(&lp, TransformOptions::default(), |stream, chunk: Bytes, done| {
///     stream.push(Some(chunk));
///     done.push(Bytes::from("!"));
/// });
/// let both = compose((&upper, &loud))?;
/// both.end_chunk(Bytes::from("hello"));
/// let parts = lp.block_on(both.readable().to_array(HelperOptions::default()))?;
/// assert_eq!(parts.concat(), b"HELLO!");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn compose<C: Composable>(streams: C) -> Result<Duplex<C::Write, C::Read>> {
    streams.compose()
}

/// Streams that fit one behind the other, as a tuple of references; see [`compose`].
pub trait Composable {
    /// What is written to the first.
    type Write: Chunk;
    /// What is read from the last.
    type Read: Chunk;
    /// Makes one of them.
    ///
    /// # Errors
    /// As [`compose`].
    fn compose(self) -> Result<Duplex<Self::Write, Self::Read>>;
}

/// Streams that are composed one by one; `W` is written to the first and `R` read from the last so far.
///
/// ```
/// # use nodecore_event_loop::{EventLoop, RunMode};
/// # use nodecore_stream::{Composition, Transform, TransformOptions, Writable, WritableOptions};
/// let lp = EventLoop::new()?;
/// let add = || Transform::from_fn(&lp, TransformOptions::default(), |_, n: u32, done| done.push(n + 1));
/// let mut chain = Composition::new(&add());
/// for _ in 0..9 {
///     chain = chain.through(&add())?;
/// }
/// let sink = Writable::from_fn(&lp, WritableOptions::default(), |_, n: u32, done| {
///     assert_eq!(n, 42);
///     done.ok();
/// });
/// chain.to(&sink)?.end_chunk(32);
/// lp.run(RunMode::Default);
/// assert!(sink.writable_finished());
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub struct Composition<W: Chunk, R: Chunk> {
    head: Option<Writable<W>>,
    last: Readable<R>,
    tail: AnyStream,
    pipeline: Pipeline<R>,
}

impl<R: Chunk> Composition<Infallible, R> {
    /// Begins with a stream that can be read from only, and so can the composed one.
    pub fn of_readable(first: &Readable<R>) -> Composition<Infallible, R> {
        Composition { head: None, last: first.clone(), tail: first.into(), pipeline: Pipeline::from(first) }
    }
}

impl<W: Chunk, R: Chunk> Composition<W, R> {
    /// Begins with `first`.
    pub fn new<D: AsDuplex<Write = W, Item = R>>(first: &D) -> Composition<W, R> {
        let duplex = first.to_duplex();
        Composition {
            head: Some(duplex.writable()),
            last: duplex.readable(),
            tail: AnyStream::from(&duplex),
            pipeline: Pipeline::from(&duplex),
        }
    }

    /// Goes on through `stream`.
    ///
    /// # Errors
    /// As [`compose`].
    pub fn through<D>(self, stream: &D) -> Result<Composition<W, D::Item>>
    where
        D: AsWritable<R> + AsReadable,
        for<'a> &'a D: Into<AnyStream>,
    {
        self.check(stream.into())?;
        Ok(Composition {
            head: self.head,
            last: stream.to_readable(),
            tail: stream.into(),
            pipeline: self.pipeline.through(stream),
        })
    }

    /// The composed stream.
    ///
    /// # Errors
    /// As [`compose`].
    pub fn duplex(self) -> Result<Duplex<W, R>> {
        let Composition { head, last, tail, pipeline } = self;
        run(head, Some(last), &tail, |done| pipeline.end_here(done))
    }

    /// Ends in `dest`: the composed stream can be written to only.
    ///
    /// # Errors
    /// As [`compose`].
    pub fn to<D>(self, dest: &D) -> Result<Writable<W>>
    where
        D: AsWritable<R>,
        for<'a> &'a D: Into<AnyStream>,
    {
        self.check(dest.into())?;
        let Composition { head, pipeline, .. } = self;
        let duplex: Duplex<W, Infallible> =
            run(head, None, &dest.into(), |done| pipeline.to(dest, PipelineOptions::default(), done))?;
        Ok(duplex.writable())
    }

    /// Whether the last stream so far can be read from, and the next can be written to.
    fn check(&self, next: AnyStream) -> Result<()> {
        let index = self.pipeline.len();
        let unfit = |index: usize, what: &str| {
            let name = format!("streams[{index}]");
            Error::from_template(Code::InvalidArgValue, &[&name, &what, &"a stream that cannot"])
        };
        if self.tail.0.can_read() != Some(true) {
            return Err(unfit(index - 1, "must be readable"));
        }
        if next.0.can_write() != Some(true) {
            return Err(unfit(index, "must be writable"));
        }
        Ok(())
    }
}

fn run<W: Chunk, R: Chunk>(
    head: Option<Writable<W>>,
    last: Option<Readable<R>>,
    tail: &AnyStream,
    start: impl FnOnce(Box<dyn FnOnce(Result<()>)>) -> Result<()>,
) -> Result<Duplex<W, R>> {
    let lp = tail.0.event_loop().clone();
    let (reads, writes) = (last.is_some(), head.is_some());
    let bridge = Bridge::new(head, last, Some(tail.clone()));
    let target = Rc::new(OnceCell::<Duplex<W, R>>::new());
    let (this, to) = (Rc::clone(&bridge), Rc::clone(&target));
    start(Box::new(move |result| {
        if let Some(duplex) = to.get() {
            this.settle(duplex, result.err(), !reads && !writes);
        }
    }))?;
    let duplex = bridge.duplex(&lp);
    // The pipeline calls back in a later tick.
    let _ = target.set(duplex.clone());
    Ok(duplex)
}

impl<T: Chunk> Readable<T> {
    /// What comes out of `stream` when all of this stream is written to it. Errors of either are the result's, and
    /// both are destroyed with it.
    ///
    /// [`add_abort_signal`](crate::add_abort_signal) to the result stands for Node's option `signal`. Node:
    /// [`readable.compose`](https://nodejs.org/api/stream.html#readablecomposestream-options).
    ///
    /// # Errors
    /// As [`compose`].
    ///
    /// ```
    /// # use nodecore_event_loop::EventLoop;
    /// # use nodecore_stream::{HelperOptions, Readable, Transform, TransformOptions};
    /// let lp = EventLoop::new()?;
    /// let twice = Transform::from_fn(&lp, TransformOptions::default(), |stream, n: u32, done| {
    ///     stream.push(Some(n));
    ///     done.push(n);
    /// });
    /// let composed = Readable::from_iter(&lp, 1..=2).compose(&twice)?;
    /// assert_eq!(lp.block_on(composed.to_array(HelperOptions::default()))?, [1, 1, 2, 2]);
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn compose<D>(&self, stream: &D) -> Result<Readable<D::Item>>
    where
        D: AsWritable<T> + AsReadable,
        for<'a> &'a D: Into<AnyStream>,
    {
        Ok(Composition::of_readable(self).through(stream)?.duplex()?.readable())
    }
}

impl<W: Chunk, R: Chunk> fmt::Debug for Composition<W, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Composition").field("streams", &self.pipeline.len()).finish_non_exhaustive()
    }
}

macro_rules! compositions {
    ($(($($middle:ident: $before:ident),*) $last:ident: $ahead:ident;)*) => { $(
        #[allow(non_snake_case, reason = "one name serves as type and as variable")]
        impl<First, $($middle,)* $last> Composable for (&First, $(&$middle,)* &$last)
        where
            First: AsDuplex,
            $(
                $middle: AsWritable<<$before as AsReadable>::Item> + AsReadable,
                for<'a> &'a $middle: Into<AnyStream>,
            )*
            $last: AsWritable<<$ahead as AsReadable>::Item> + AsReadable,
            for<'a> &'a $last: Into<AnyStream>,
        {
            type Write = First::Write;
            type Read = $last::Item;
            fn compose(self) -> Result<Duplex<First::Write, $last::Item>> {
                let (first, $($middle,)* last) = self;
                Composition::new(first)$(.through($middle)?)*.through(last)?.duplex()
            }
        }
    )* };
}
compositions! {
    () Z: First;
    (A: First) Z: A;
    (A: First, B: A) Z: B;
    (A: First, B: A, C: B) Z: C;
    (A: First, B: A, C: B, D: C) Z: D;
    (A: First, B: A, C: B, D: C, E: D) Z: E;
    (A: First, B: A, C: B, D: C, E: D, F: E) Z: F;
}
