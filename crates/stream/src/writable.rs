//! Streams to write to.

use std::any::Any;
use std::cell::Cell;
use std::convert::Infallible;
use std::fmt;
use std::rc::Rc;

use bytes::Bytes;
use nodecore_error::{Error, Result};
use nodecore_event_loop::EventLoop;
use nodecore_events::{ListenOptions, ListenerId, listener_mut};

use crate::chunk::Chunk;
use crate::duplex::Duplex;
use crate::finished::AnyStream;
use crate::host::{DestroyDone, Done, Event, Hook};
use crate::machine::{Inner, Lent, Machine, flag, write};
use crate::methods::{stream_methods, writable_methods};
use crate::native::{Hooks, How, Native, PipeEvent, StreamObject, WritableObject, tag};
use crate::options::{WritableOptions, set_up};
use crate::readable::Readable;

/// What a [`Writable`] writes to: the functions that Node's `Writable` is made with.
///
/// They take `&self`, because each may be called while another runs; state goes into cells. A [`Done`] may be
/// called at once or at any later time; the next chunk comes after it.
pub trait Sink<T: Chunk>: 'static {
    /// What [`Writable::origin`] gives. Default: nothing.
    fn origin(&self) -> Option<Rc<dyn Any>> {
        None
    }

    /// Whether [`construct`](Sink::construct) is to be called.
    fn has_construct(&self) -> bool {
        false
    }

    /// Opens what is written to, before the first `write`. Node: `_construct`.
    fn construct(&self, stream: &Writable<T>, done: Done) {
        let _ = stream;
        done.ok();
    }

    /// Writes a chunk. Node: `_write`.
    fn write(&self, stream: &Writable<T>, chunk: T, done: Done);

    /// Whether [`writev`](Sink::writev) is to be called where several chunks wait.
    fn has_writev(&self) -> bool {
        false
    }

    /// Writes several chunks. Node: `_writev`.
    fn writev(&self, stream: &Writable<T>, chunks: Vec<T>, done: Done) {
        let _ = (stream, chunks);
        done.ok();
    }

    /// Whether [`final_`](Sink::final_) is to be called.
    fn has_final(&self) -> bool {
        true
    }

    /// All has been written; `finish` waits for `done`. Node: `_final`.
    fn final_(&self, stream: &Writable<T>, done: Done) {
        let _ = stream;
        done.ok();
    }

    /// Releases what was opened, and passes `error` on. Node: `_destroy`.
    fn destroy(&self, stream: &Writable<T>, error: Option<Error>, done: DestroyDone) {
        let _ = stream;
        done.with(error);
    }
}

/// A stream to write to. Node: [`stream.Writable`](https://nodejs.org/api/stream.html#writable-streams).
///
/// Clones are the same stream.
///
/// ```
/// use bytes::Bytes;
/// use nodecore_event_loop::{EventLoop, RunMode};
/// use nodecore_stream::{Writable, WritableOptions};
/// use std::{cell::Cell, rc::Rc};
///
/// let lp = EventLoop::new()?;
/// let total = Rc::new(Cell::new(0));
/// let sum = Rc::clone(&total);
/// let stream = Writable::from_fn(&lp, WritableOptions::default(), move |_, chunk: Bytes, done| {
///     sum.set(sum.get() + chunk.len());
///     done.ok();
/// });
/// stream.write(Bytes::from("hello "));
/// stream.end_chunk(Bytes::from("world"));
/// lp.run(RunMode::Default);
/// assert_eq!(total.get(), 11);
/// assert!(stream.writable_finished());
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub struct Writable<T: Chunk = Bytes>(pub(crate) Rc<dyn WritableObject<T>>);

impl<T: Chunk> Writable<T> {
    /// A stream that writes to `sink`.
    pub fn new(lp: &EventLoop, options: WritableOptions, sink: impl Sink<T>) -> Writable<T> {
        let host = Native::<T, Infallible>::new(lp, Sinked(sink));
        let machine = Machine::new(host, &options.machine::<T>());
        set_up(&machine, None, options.default_encoding, options.signal.as_ref());
        Writable(machine.0)
    }

    /// A stream whose `write` is a function, which may be re-entered.
    pub fn from_fn(
        lp: &EventLoop,
        options: WritableOptions,
        write: impl Fn(&Writable<T>, T, Done) + 'static,
    ) -> Writable<T> {
        struct Function<F>(F);
        impl<T: Chunk, F: Fn(&Writable<T>, T, Done) + 'static> Sink<T> for Function<F> {
            fn write(&self, stream: &Writable<T>, chunk: T, done: Done) {
                (self.0)(stream, chunk, done);
            }
            fn has_final(&self) -> bool {
                false
            }
        }
        Writable::new(lp, options, Function(write))
    }

    /// What its [`Sink`] says it is of, such as the file of a file stream, for who was given the stream alone.
    pub fn origin(&self) -> Option<Rc<dyn Any>> {
        self.0.origin()
    }

    pub(crate) fn object(&self) -> &dyn StreamObject {
        &*self.0
    }

    pub(crate) fn write_side(&self) -> &dyn WritableObject<T> {
        &*self.0
    }

    /// The address of the stream, which tells it from others.
    pub(crate) fn address(&self) -> usize {
        Rc::as_ptr(&self.0).cast::<()>().addr()
    }

    stream_methods!();
    writable_methods!(T);
}

/// A stream that has a writable side for chunks of type `T`.
pub trait AsWritable<T: Chunk> {
    /// Its writable side, the same stream.
    fn to_writable(&self) -> Writable<T>;
}

impl<T: Chunk> AsWritable<T> for Writable<T> {
    fn to_writable(&self) -> Writable<T> {
        self.clone()
    }
}

/// The functions of a [`Sink`] as those of any stream.
struct Sinked<S>(S);

impl<T: Chunk, S: Sink<T>> Hooks<T, Infallible> for Sinked<S> {
    fn origin(&self) -> Option<Rc<dyn Any>> {
        self.0.origin()
    }
    fn has_construct(&self) -> bool {
        self.0.has_construct()
    }
    fn construct(&self, stream: Duplex<T, Infallible>, done: Done) {
        self.0.construct(&whole(stream), done);
    }
    fn write(&self, stream: Lent<'_, Native<T, Infallible>>, chunk: T) {
        let machine = stream.machine();
        let done = machine.done(Hook::Write);
        self.0.write(&whole(Duplex(machine)), chunk, done);
    }
    fn has_writev(&self) -> bool {
        self.0.has_writev()
    }
    fn writev(&self, stream: Duplex<T, Infallible>, chunks: Vec<T>, done: Done) {
        self.0.writev(&whole(stream), chunks, done);
    }
    fn has_final(&self) -> bool {
        self.0.has_final()
    }
    fn final_(&self, stream: Duplex<T, Infallible>) {
        let done = stream.0.done(Hook::Final);
        self.0.final_(&whole(stream), done);
    }
    fn destroy(&self, stream: Duplex<T, Infallible>, error: Option<Error>, done: Done) {
        self.0.destroy(&whole(stream), error, done);
    }
}

fn whole<T: Chunk>(stream: Duplex<T, Infallible>) -> Writable<T> {
    let inner: Rc<Inner<Native<T, Infallible>>> = stream.0.0;
    Writable(inner)
}

impl<T: Chunk> Clone for Writable<T> {
    fn clone(&self) -> Writable<T> {
        Writable(Rc::clone(&self.0))
    }
}

impl<T: Chunk> From<&Writable<T>> for AnyStream {
    fn from(stream: &Writable<T>) -> AnyStream {
        AnyStream(stream.clone().0)
    }
}

impl<T: Chunk> fmt::Debug for Writable<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Writable").field(self.0.state()).finish()
    }
}
