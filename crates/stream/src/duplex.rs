//! Streams to read from and to write to.

use std::any::Any;
use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

use bytes::Bytes;
use nodecore_buffer::Encoding;
use nodecore_error::{Error, Result};
use nodecore_event_loop::EventLoop;
use nodecore_events::{ListenOptions, ListenerId, listener_mut};

use crate::chunk::Chunk;
use crate::chunks::{Chunks, IteratorOptions};
use crate::finished::AnyStream;
use crate::host::{DestroyDone, Done, Event, Hook};
use crate::machine::{Lent, Machine, check_read_size, flag, read, write};
use crate::methods::{readable_methods, stream_methods, writable_methods};
use crate::native::{Hooks, How, Native, PipeEvent, ReadableObject, StreamObject, WritableObject, tag};
use crate::options::{DuplexOptions, set_up};
use crate::pipe::{self, PipeOptions};
use crate::readable::{AsReadable, Readable};
use crate::writable::{AsWritable, Writable};

/// What a [`Duplex`] reads from and writes to; see [`Source`](crate::Source) and [`Sink`](crate::Sink).
pub trait Both<W: Chunk, R: Chunk>: 'static {
    /// What [`Duplex::origin`] gives. Default: nothing.
    fn origin(&self) -> Option<Rc<dyn Any>> {
        None
    }

    /// Whether [`construct`](Both::construct) is to be called.
    fn has_construct(&self) -> bool {
        false
    }

    /// Opens what is read from and written to. Node: `_construct`.
    fn construct(&self, stream: &Duplex<W, R>, done: Done) {
        let _ = stream;
        done.ok();
    }

    /// Fetches about `size` bytes or objects and pushes them, now or later. Node: `_read`.
    fn read(&self, stream: &Duplex<W, R>, size: usize);

    /// Writes a chunk. Node: `_write`.
    fn write(&self, stream: &Duplex<W, R>, chunk: W, done: Done);

    /// Whether [`writev`](Both::writev) is to be called where several chunks wait.
    fn has_writev(&self) -> bool {
        false
    }

    /// Writes several chunks. Node: `_writev`.
    fn writev(&self, stream: &Duplex<W, R>, chunks: Vec<W>, done: Done) {
        let _ = (stream, chunks);
        done.ok();
    }

    /// Whether [`final_`](Both::final_) is to be called.
    fn has_final(&self) -> bool {
        true
    }

    /// All has been written; `finish` waits for `done`. Node: `_final`.
    fn final_(&self, stream: &Duplex<W, R>, done: Done) {
        let _ = stream;
        done.ok();
    }

    /// Releases what was opened, and passes `error` on. Node: `_destroy`.
    fn destroy(&self, stream: &Duplex<W, R>, error: Option<Error>, done: DestroyDone) {
        let _ = stream;
        done.with(error);
    }
}

/// A stream to read from and to write to, such as a socket: `W` is written, `R` is read.
///
/// Clones are the same stream. Node:
/// [`stream.Duplex`](https://nodejs.org/api/stream.html#duplex-and-transform-streams).
pub struct Duplex<W: Chunk = Bytes, R: Chunk = Bytes>(pub(crate) Machine<Native<W, R>>);

impl<W: Chunk, R: Chunk> Duplex<W, R> {
    /// A stream over `both`.
    pub fn new(lp: &EventLoop, options: DuplexOptions, both: impl Both<W, R>) -> Duplex<W, R> {
        let machine = Machine::new(Native::new(lp, Bothed(both)), &options.machine::<W, R>());
        Duplex::set_up(machine, &options)
    }

    pub(crate) fn set_up(machine: Machine<Native<W, R>>, options: &DuplexOptions) -> Duplex<W, R> {
        set_up(&machine, options.encoding, options.default_encoding, options.signal.as_ref());
        Duplex(machine)
    }

    /// The readable side, the same stream.
    pub fn readable(&self) -> Readable<R> {
        Readable(Rc::clone(&self.0.0) as Rc<dyn ReadableObject<R>>)
    }

    /// The writable side, the same stream.
    pub fn writable(&self) -> Writable<W> {
        Writable(Rc::clone(&self.0.0) as Rc<dyn WritableObject<W>>)
    }

    /// What its [`Both`] says it is of, such as the codec of a zlib stream, for who was given the stream alone.
    pub fn origin(&self) -> Option<Rc<dyn Any>> {
        self.0.0.origin()
    }

    /// Node: `allowHalfOpen`.
    pub fn allow_half_open(&self) -> bool {
        self.0.0.allow_half_open
    }

    pub(crate) fn object(&self) -> &dyn StreamObject {
        &*self.0.0
    }

    pub(crate) fn read_side(&self) -> &dyn ReadableObject<R> {
        &*self.0.0
    }

    pub(crate) fn write_side(&self) -> &dyn WritableObject<W> {
        &*self.0.0
    }

    fn to_readable(&self) -> Readable<R> {
        self.readable()
    }

    stream_methods!();
    readable_methods!(R);
    writable_methods!(W);
}

impl<W: Chunk, R: Chunk> AsReadable for Duplex<W, R> {
    type Item = R;
    fn to_readable(&self) -> Readable<R> {
        self.readable()
    }
}

impl<W: Chunk, R: Chunk> AsWritable<W> for Duplex<W, R> {
    fn to_writable(&self) -> Writable<W> {
        self.writable()
    }
}

/// The functions of a [`Both`] as those of any stream.
struct Bothed<B>(B);

impl<W: Chunk, R: Chunk, B: Both<W, R>> Hooks<W, R> for Bothed<B> {
    fn origin(&self) -> Option<Rc<dyn Any>> {
        self.0.origin()
    }
    fn has_construct(&self) -> bool {
        self.0.has_construct()
    }
    fn construct(&self, stream: Duplex<W, R>, done: Done) {
        self.0.construct(&stream, done);
    }
    fn read(&self, stream: Duplex<W, R>, size: usize) {
        self.0.read(&stream, size);
    }
    fn write(&self, stream: Lent<'_, Native<W, R>>, chunk: W) {
        let stream = Duplex(stream.machine());
        let done = stream.0.done(Hook::Write);
        self.0.write(&stream, chunk, done);
    }
    fn has_writev(&self) -> bool {
        self.0.has_writev()
    }
    fn writev(&self, stream: Duplex<W, R>, chunks: Vec<W>, done: Done) {
        self.0.writev(&stream, chunks, done);
    }
    fn has_final(&self) -> bool {
        self.0.has_final()
    }
    fn final_(&self, stream: Duplex<W, R>) {
        let done = stream.0.done(Hook::Final);
        self.0.final_(&stream, done);
    }
    fn destroy(&self, stream: Duplex<W, R>, error: Option<Error>, done: Done) {
        self.0.destroy(&stream, error, done);
    }
}

impl<W: Chunk, R: Chunk> Clone for Duplex<W, R> {
    fn clone(&self) -> Duplex<W, R> {
        Duplex(self.0.clone())
    }
}

impl<W: Chunk, R: Chunk> From<&Duplex<W, R>> for AnyStream {
    fn from(stream: &Duplex<W, R>) -> AnyStream {
        AnyStream(stream.0.clone().0)
    }
}

impl<W: Chunk, R: Chunk> fmt::Debug for Duplex<W, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Duplex").field(&self.0).finish()
    }
}
