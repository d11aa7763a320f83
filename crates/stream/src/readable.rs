//! Streams to read from.

use std::any::Any;
use std::cell::Cell;
use std::convert::Infallible;
use std::fmt;
use std::rc::Rc;

use bytes::Bytes;
use nodecore_buffer::Encoding;
use nodecore_error::{Error, Result};
use nodecore_event_loop::EventLoop;
use nodecore_events::{ListenOptions, ListenerId, listener_mut};

use crate::chunk::Chunk;
use crate::chunks::{Chunks, IteratorOptions};
use crate::duplex::Duplex;
use crate::finished::AnyStream;
use crate::host::{DestroyDone, Done, Event};
use crate::machine::{Inner, Machine, check_read_size, flag, read};
use crate::methods::{readable_methods, stream_methods};
use crate::native::{Hooks, How, Native, ReadableObject, StreamObject, tag};
use crate::options::{ReadableOptions, set_up};
use crate::pipe::{self, PipeOptions};
use crate::writable::{AsWritable, Writable};

/// What a [`Readable`] reads from: the functions that Node's `Readable` is made with.
///
/// They take `&self`, because each may be called while another runs; state goes into cells. A [`Done`] may be
/// called at once or at any later time.
pub trait Source<T: Chunk>: 'static {
    /// What [`Readable::origin`] gives. Default: nothing.
    fn origin(&self) -> Option<Rc<dyn Any>> {
        None
    }

    /// Whether [`construct`](Source::construct) is to be called.
    fn has_construct(&self) -> bool {
        false
    }

    /// Opens what is read from, before the first `read`. Node: `_construct`.
    fn construct(&self, stream: &Readable<T>, done: Done) {
        let _ = stream;
        done.ok();
    }

    /// Fetches about `size` bytes or objects and [`push`](Readable::push)es them, now or later; pushes `None` at
    /// the end. It is called again after a push. Node: `_read`.
    fn read(&self, stream: &Readable<T>, size: usize);

    /// Releases what was opened, and passes `error` on. Node: `_destroy`.
    fn destroy(&self, stream: &Readable<T>, error: Option<Error>, done: DestroyDone) {
        let _ = stream;
        done.with(error);
    }
}

/// A stream to read from. Node: [`stream.Readable`](https://nodejs.org/api/stream.html#readable-streams).
///
/// Clones are the same stream. It flows when it has a `data` listener, is piped or resumed; otherwise
/// [`read`](Readable::read) takes what there is.
///
/// ```
/// use bytes::Bytes;
/// use nodecore_event_loop::{EventLoop, RunMode};
/// use nodecore_stream::{Readable, ReadableOptions};
/// use std::{cell::RefCell, rc::Rc};
///
/// let lp = EventLoop::new()?;
/// let stream = Readable::from_fn(&lp, ReadableOptions::default(), |stream, _size| {
///     stream.push(Some(Bytes::from("hello")));
///     stream.push(None);
/// });
/// let text = Rc::new(RefCell::new(Vec::new()));
/// let sink = Rc::clone(&text);
/// stream.on_data(move |chunk| sink.borrow_mut().extend_from_slice(&chunk));
/// lp.run(RunMode::Default);
/// assert_eq!(*text.borrow(), b"hello");
/// assert!(stream.readable_ended());
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub struct Readable<T: Chunk = Bytes>(pub(crate) Rc<dyn ReadableObject<T>>);

impl<T: Chunk> Readable<T> {
    /// A stream that reads from `source`.
    pub fn new(lp: &EventLoop, options: ReadableOptions, source: impl Source<T>) -> Readable<T> {
        let host = Native::<Infallible, T>::new(lp, Sourced(source));
        let machine = Machine::new(host, &options.machine::<T>());
        set_up(&machine, options.encoding, Encoding::Utf8, options.signal.as_ref());
        Readable(machine.0)
    }

    /// A stream whose `read` is a function, which may be re-entered.
    pub fn from_fn(
        lp: &EventLoop,
        options: ReadableOptions,
        read: impl Fn(&Readable<T>, usize) + 'static,
    ) -> Readable<T> {
        struct Function<F>(F);
        impl<T: Chunk, F: Fn(&Readable<T>, usize) + 'static> Source<T> for Function<F> {
            fn read(&self, stream: &Readable<T>, size: usize) {
                (self.0)(stream, size);
            }
        }
        Readable::new(lp, options, Function(read))
    }

    /// A stream that only gets what is [`push`](Readable::push)ed from outside.
    pub fn pushed(lp: &EventLoop, options: ReadableOptions) -> Readable<T> {
        Readable::from_fn(lp, options, |_, _| ())
    }

    /// What its [`Source`] says it is of, such as the file of a file stream, for who was given the stream alone.
    pub fn origin(&self) -> Option<Rc<dyn Any>> {
        self.0.origin()
    }

    /// Whether both are the same stream.
    pub fn is_same(&self, other: &Readable<T>) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    pub(crate) fn object(&self) -> &dyn StreamObject {
        &*self.0
    }

    pub(crate) fn read_side(&self) -> &dyn ReadableObject<T> {
        &*self.0
    }

    fn to_readable(&self) -> Readable<T> {
        self.clone()
    }

    stream_methods!();
    readable_methods!(T);
}

/// A stream that has a readable side.
pub trait AsReadable {
    /// What is read from it.
    type Item: Chunk;
    /// Its readable side, the same stream.
    fn to_readable(&self) -> Readable<Self::Item>;
}

impl<T: Chunk> AsReadable for Readable<T> {
    type Item = T;
    fn to_readable(&self) -> Readable<T> {
        self.clone()
    }
}

/// The functions of a [`Source`] as those of any stream.
struct Sourced<S>(S);

impl<T: Chunk, S: Source<T>> Hooks<Infallible, T> for Sourced<S> {
    fn origin(&self) -> Option<Rc<dyn Any>> {
        self.0.origin()
    }
    fn has_construct(&self) -> bool {
        self.0.has_construct()
    }
    fn construct(&self, stream: Duplex<Infallible, T>, done: Done) {
        self.0.construct(&whole(stream), done);
    }
    fn read(&self, stream: Duplex<Infallible, T>, size: usize) {
        self.0.read(&whole(stream), size);
    }
    fn destroy(&self, stream: Duplex<Infallible, T>, error: Option<Error>, done: Done) {
        self.0.destroy(&whole(stream), error, done);
    }
}

fn whole<T: Chunk>(stream: Duplex<Infallible, T>) -> Readable<T> {
    let inner: Rc<Inner<Native<Infallible, T>>> = stream.0.0;
    Readable(inner)
}

impl<T: Chunk> Clone for Readable<T> {
    fn clone(&self) -> Readable<T> {
        Readable(Rc::clone(&self.0))
    }
}

impl<T: Chunk> From<&Readable<T>> for AnyStream {
    fn from(stream: &Readable<T>) -> AnyStream {
        AnyStream(stream.clone().0)
    }
}

impl<T: Chunk> fmt::Debug for Readable<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Readable").field(self.0.state()).finish()
    }
}
