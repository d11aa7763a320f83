//! Streams whose output is made from their input.

use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use bytes::Bytes;
use nodecore_error::{Error, Result};
use nodecore_event_loop::EventLoop;

use crate::chunk::Chunk;
use crate::duplex::Duplex;
use crate::finished::AnyStream;
use crate::host::{Completion, DestroyDone, Done, Hook, Host, TickKind};
use crate::machine::{Inner, Lent, Machine, read, write};
use crate::native::{Hooks, Native};
use crate::options::TransformOptions;
use crate::readable::{AsReadable, Readable};
use crate::writable::{AsWritable, Writable};

/// What a [`Transform`] does: the functions that Node's `Transform` is made with.
pub trait Transformer<W: Chunk, R: Chunk>: 'static {
    /// Whether [`construct`](Transformer::construct) is to be called.
    fn has_construct(&self) -> bool {
        false
    }

    /// Prepares, before the first `transform`. Node: `_construct`.
    fn construct(&self, stream: &Transform<W, R>, done: Done) {
        let _ = stream;
        done.ok();
    }

    /// Turns a chunk into any number of others: [`push`](Duplex::push) some, and give `done` the last.
    /// Node: `_transform`.
    fn transform(&self, stream: &Transform<W, R>, chunk: W, done: TransformDone<R>);

    /// The input has ended: push what is left, and give `done` the last. Node: `_flush`.
    fn flush(&self, stream: &Transform<W, R>, done: TransformDone<R>) {
        let _ = stream;
        done.ok();
    }

    /// Releases what it holds, and passes `error` on. Node: `_destroy`.
    fn destroy(&self, stream: &Transform<W, R>, error: Option<Error>, done: DestroyDone) {
        let _ = stream;
        done.with(error);
    }
}

/// A stream whose output is made from its input: `W` is written, `R` is read.
///
/// It has all methods of [`Duplex`]. Node:
/// [`stream.Transform`](https://nodejs.org/api/stream.html#class-streamtransform).
///
/// ```
/// use bytes::Bytes;
/// use nodecore_event_loop::{EventLoop, RunMode};
/// use nodecore_stream::{Transform, TransformOptions};
///
/// let lp = EventLoop::new()?;
/// let upper = Transform::from_fn(&lp, TransformOptions::default(), |_, chunk: Bytes, done| {
///     done.push(Bytes::from(chunk.to_ascii_uppercase()));
/// });
/// upper.end_chunk(Bytes::from("hello"));
/// upper.on_data(|chunk: Bytes| assert_eq!(chunk, "HELLO"));
/// lp.run(RunMode::Default);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub struct Transform<W: Chunk = Bytes, R: Chunk = Bytes>(Duplex<W, R>);

impl<W: Chunk, R: Chunk> Transform<W, R> {
    /// A stream over `transformer`.
    pub fn new(
        lp: &EventLoop,
        options: TransformOptions,
        transformer: impl Transformer<W, R>,
    ) -> Transform<W, R> {
        let host = Native::new(lp, Transformed(transformer));
        Transform(Duplex::set_up(Machine::new(host, &options.transform::<W, R>()), &options))
    }

    /// A stream whose `transform` is a function, which may be re-entered.
    pub fn from_fn(
        lp: &EventLoop,
        options: TransformOptions,
        transform: impl Fn(&Transform<W, R>, W, TransformDone<R>) + 'static,
    ) -> Transform<W, R> {
        struct Function<F>(F);
        impl<W: Chunk, R: Chunk, F: Fn(&Transform<W, R>, W, TransformDone<R>) + 'static> Transformer<W, R>
            for Function<F>
        {
            fn transform(&self, stream: &Transform<W, R>, chunk: W, done: TransformDone<R>) {
                (self.0)(stream, chunk, done);
            }
        }
        Transform::new(lp, options, Function(transform))
    }
}

impl<T: Chunk> Transform<T, T> {
    /// A stream that passes its input on. Node: `stream.PassThrough`.
    pub fn pass_through(lp: &EventLoop, options: TransformOptions) -> Transform<T, T> {
        let machine = Machine::new(Native::new(lp, Passed), &options.transform::<T, T>());
        Transform(Duplex::set_up(machine, &options))
    }
}

/// What a [`Transformer`]'s function calls when it is done with a chunk, or with flushing.
///
/// It may be called at once or at any later time, and keeps the stream alive until then.
pub struct TransformDone<R: Chunk> {
    to: Rc<dyn TransformTarget<R>>,
    /// What could be read before, to see whether the transform made any output; `None` of a flush.
    length: Option<usize>,
}

/// Only a clone makes it possible to call it twice, which is `ERR_MULTIPLE_CALLBACK`.
impl<R: Chunk> Clone for TransformDone<R> {
    fn clone(&self) -> TransformDone<R> {
        TransformDone { to: Rc::clone(&self.to), length: self.length }
    }
}

impl<R: Chunk> TransformDone<R> {
    /// Reports the outcome, with a last chunk of output if there is one.
    #[inline]
    pub fn call(self, result: Result<Option<R>>) {
        match result {
            Ok(Some(chunk)) => self.to.transformed_to(chunk, self.length),
            Ok(None) => self.to.transformed(Ok(()), self.length),
            Err(error) => self.to.transformed(Err(error), self.length),
        }
    }

    /// Done, with no more output.
    pub fn ok(self) {
        self.call(Ok(None));
    }

    /// Done, with this last chunk of output.
    pub fn push(self, chunk: R) {
        self.to.transformed_to(chunk, self.length);
    }

    /// Reports a failure.
    pub fn fail(self, error: Error) {
        self.call(Err(error));
    }
}

trait TransformTarget<R> {
    /// Without more output.
    fn transformed(&self, result: Result<()>, length: Option<usize>);
    /// With a last chunk.
    fn transformed_to(&self, chunk: R, length: Option<usize>);
}

impl<W: Chunk, R: Chunk> TransformTarget<R> for Inner<Native<W, R>> {
    fn transformed(&self, result: Result<()>, length: Option<usize>) {
        match result {
            Ok(()) => self.transform_done(length),
            Err(error) => {
                let hook = if length.is_some() { Hook::Write } else { Hook::Final };
                self.complete(hook, Some(error));
            }
        }
    }

    #[inline(always)]
    fn transformed_to(&self, chunk: R, length: Option<usize>) {
        self.push_chunk(chunk, false);
        self.transform_done(length);
    }
}

impl<H: Host> Machine<H> {
    /// A transform's `_transform` has called back: its input is done with now, or when what it has made of it is read.
    /// `before` is what could be read when it was called; `None`: it was `_flush`, and the readable side ends.
    pub fn transformed(&self, before: Option<usize>) {
        self.0.transform_done(before);
    }

    /// A transform's `_read` is called.
    pub fn transform_more(&self) {
        self.0.transform_held();
    }
}

impl<H: Host> Inner<H> {
    #[inline(always)]
    fn transform_done(&self, length: Option<usize>) {
        let Some(before) = length else {
            self.push(None);
            return self.complete(Hook::Final, None);
        };
        let r = &self.r;
        let now = r.length.get();
        if r.flags.any(read::ENDED) {
            // Let what the end causes come first.
            self.tick(TickKind::Written);
        } else if now == before || now < r.high_water_mark.get() || self.w.flags.any(write::ENDED) {
            self.written_here(None);
        } else {
            self.held.set(true);
        }
    }

    /// More is read: the chunk that waited for it is done with.
    fn transform_held(&self) {
        if self.held.take() {
            self.written(None);
        }
    }
}

/// The functions of a stream that passes its input on, which needs no handle of itself to call back.
struct Passed;

impl<T: Chunk> Hooks<T, T> for Passed {
    fn read(&self, stream: Duplex<T, T>, _size: usize) {
        stream.0.0.transform_held();
    }

    fn write(&self, stream: Lent<'_, Native<T, T>>, chunk: T) {
        stream.0.transformed_to(chunk, Some(stream.0.r.length.get()));
    }

    fn has_final(&self) -> bool {
        true
    }

    fn final_(&self, stream: Duplex<T, T>) {
        stream.0.0.transform_done(None);
    }
}

/// The functions of a [`Transformer`] as those of any stream.
struct Transformed<X>(X);

impl<W: Chunk, R: Chunk, X: Transformer<W, R>> Hooks<W, R> for Transformed<X> {
    fn has_construct(&self) -> bool {
        self.0.has_construct()
    }
    fn construct(&self, stream: Duplex<W, R>, done: Done) {
        self.0.construct(&Transform(stream), done);
    }

    fn read(&self, stream: Duplex<W, R>, _size: usize) {
        stream.0.0.transform_held();
    }

    fn write(&self, stream: Lent<'_, Native<W, R>>, chunk: W) {
        let length = Some(stream.0.r.length.get());
        let stream = Transform(Duplex(stream.machine()));
        let done = TransformDone { to: Rc::clone(&stream.0.0.0) as Rc<dyn TransformTarget<R>>, length };
        self.0.transform(&stream, chunk, done);
    }

    fn has_final(&self) -> bool {
        true
    }

    fn final_(&self, stream: Duplex<W, R>) {
        let to = Rc::clone(&stream.0.0) as Rc<dyn TransformTarget<R>>;
        self.0.flush(&Transform(stream), TransformDone { to, length: None });
    }

    fn destroy(&self, stream: Duplex<W, R>, error: Option<Error>, done: Done) {
        self.0.destroy(&Transform(stream), error, done);
    }
}

impl<W: Chunk, R: Chunk> Deref for Transform<W, R> {
    type Target = Duplex<W, R>;
    fn deref(&self) -> &Duplex<W, R> {
        &self.0
    }
}

impl<W: Chunk, R: Chunk> AsReadable for Transform<W, R> {
    type Item = R;
    fn to_readable(&self) -> Readable<R> {
        self.readable()
    }
}

impl<W: Chunk, R: Chunk> AsWritable<W> for Transform<W, R> {
    fn to_writable(&self) -> Writable<W> {
        self.writable()
    }
}

impl<W: Chunk, R: Chunk> Clone for Transform<W, R> {
    fn clone(&self) -> Transform<W, R> {
        Transform(self.0.clone())
    }
}

impl<W: Chunk, R: Chunk> From<&Transform<W, R>> for AnyStream {
    fn from(stream: &Transform<W, R>) -> AnyStream {
        AnyStream::from(&stream.0)
    }
}

impl<W: Chunk, R: Chunk> fmt::Debug for Transform<W, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Transform").field(&self.0.0).finish()
    }
}

impl<R: Chunk> fmt::Debug for TransformDone<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransformDone").field("flush", &self.length.is_none()).finish_non_exhaustive()
    }
}
