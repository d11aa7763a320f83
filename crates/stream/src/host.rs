//! What the state machine asks of the world: one trait.

use std::fmt;
use std::rc::{Rc, Weak};

use nodecore_buffer::StringDecoder;
use nodecore_error::{Error, Result};

use crate::chunk::Chunk;
use crate::machine::{Lent, Machine};

/// The events of a stream that carry nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum Event {
    /// There is something to read, or the end has been reached.
    Readable,
    /// All has been read.
    End,
    /// Reading was paused.
    Pause,
    /// Reading was resumed.
    Resume,
    /// Writing may go on.
    Drain,
    /// All has been written and `_final` is done.
    Prefinish,
    /// As `prefinish`, a tick later.
    Finish,
    /// Nothing more will happen.
    Close,
}

impl Event {
    /// Node's name of it.
    pub const fn name(self) -> &'static str {
        match self {
            Event::Readable => "readable",
            Event::End => "end",
            Event::Pause => "pause",
            Event::Resume => "resume",
            Event::Drain => "drain",
            Event::Prefinish => "prefinish",
            Event::Finish => "finish",
            Event::Close => "close",
        }
    }
}

/// All effects of a [`Machine`]: the user's functions, events and time.
///
/// The Rust API implements it with lists of closures on an event loop; the C API can do so with a table of
/// function pointers, a JavaScript binding with the JavaScript object. The machine holds no borrow while it
/// calls any of these, so each may call the machine again.
///
/// A hook that is to call back does so through [`Machine::done`] or [`Machine::complete`], at once or later. One
/// that returns `Err` stands for a function that throws in Node.
pub trait Host: Sized + 'static {
    /// What is written to the stream; [`std::convert::Infallible`] where it is not writable.
    type Write: Chunk;
    /// What is read from the stream; [`std::convert::Infallible`] where it is not readable.
    type Read: Chunk;

    /// Whether [`Host::construct`] is there.
    fn has_construct(&self) -> bool {
        false
    }

    /// `_construct`.
    ///
    /// # Errors
    /// What the user's function threw.
    fn construct(&self, machine: Machine<Self>) -> Result<()> {
        machine.complete(Hook::Construct, None);
        Ok(())
    }

    /// `_read`.
    ///
    /// # Errors
    /// What the user's function threw.
    fn read(&self, machine: Machine<Self>, size: usize) -> Result<()>;

    /// `_write`. A host that does not keep the machine spares each chunk a handle of its own.
    fn write(&self, machine: Lent<'_, Self>, chunk: Self::Write);

    /// Whether [`Host::writev`] is there.
    fn has_writev(&self) -> bool {
        false
    }

    /// `_writev`; it calls back as [`Hook::Write`].
    fn writev(&self, machine: Machine<Self>, chunks: Vec<Self::Write>) {
        drop(chunks);
        machine.complete(Hook::Write, None);
    }

    /// Whether [`Host::final_`] is there.
    fn has_final(&self) -> bool {
        false
    }

    /// `_final`.
    ///
    /// # Errors
    /// What the user's function threw.
    fn final_(&self, machine: Machine<Self>) -> Result<()> {
        machine.complete(Hook::Final, None);
        Ok(())
    }

    /// `_destroy`.
    ///
    /// # Errors
    /// What the user's function threw.
    fn destroy(&self, machine: Machine<Self>, error: Option<Error>) -> Result<()> {
        machine.complete(Hook::Destroy, error);
        Ok(())
    }

    /// Ends the writable side, because the readable side has ended and half of the stream is not to stay open.
    fn end(&self, machine: Machine<Self>) {
        machine.end();
    }

    /// What the machine is about to report of its own accord, such as a write after the end: a host may attach an object
    /// to it ([`Error::with_object`]), which then is the same wherever the error is seen.
    fn made(&self, error: Error) -> Error {
        error
    }

    /// The text of what `decoder` has kept, at the end of the stream.
    fn decode_rest(&self, decoder: &mut StringDecoder) -> Option<Self::Read> {
        Self::Read::decode_rest(decoder)
    }

    /// Emits an event without an argument.
    fn emit(&self, event: Event);

    /// Emits `data`.
    fn emit_data(&self, chunk: Self::Read);

    /// Emits `error`.
    fn emit_error(&self, error: Error);

    /// Whether anyone listens to `readable`.
    fn listens_readable(&self) -> bool;

    /// Whether anyone listens to `data`.
    fn listens_data(&self) -> bool;

    /// Runs [`Machine::run_tick`] with `tick` later, in Node's `nextTick` queue.
    fn next_tick(&self, machine: Machine<Self>, tick: Tick);

    /// `close` has been emitted, or would have been: no event follows.
    fn closed(&self) {}
}

/// What a function of the user's calls when it is done. Node's `callback`.
///
/// It may be called at once or at any later time, and keeps the stream alive until then. It is called once:
/// only a clone makes it possible to call it again, which is `ERR_MULTIPLE_CALLBACK`.
#[derive(Clone)]
pub struct Done {
    pub(crate) to: Rc<dyn Completion>,
    pub(crate) hook: Hook,
}

/// What the user's `destroy` calls when it is done; [`Done::with`] passes the error on.
pub type DestroyDone = Done;

/// A function of the user's that calls back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hook {
    /// `_construct`.
    Construct,
    /// `_write` and `_writev`.
    Write,
    /// `_final`.
    Final,
    /// `_destroy`.
    Destroy,
}

pub(crate) trait Completion {
    fn complete(&self, hook: Hook, error: Option<Error>);
}

impl Done {
    /// Reports the outcome.
    #[inline]
    pub fn call(self, result: Result<()>) {
        self.to.complete(self.hook, result.err());
    }

    /// Reports success.
    pub fn ok(self) {
        self.to.complete(self.hook, None);
    }

    /// Reports a failure.
    pub fn fail(self, error: Error) {
        self.to.complete(self.hook, Some(error));
    }

    /// Reports `error`, if any: what a `destroy` does with the error that it was given.
    pub fn with(self, error: Option<Error>) {
        self.to.complete(self.hook, error);
    }

    /// As a closure, for functions that want one.
    pub fn into_fn(self) -> impl FnOnce(Result<()>) + 'static {
        move |result| self.call(result)
    }
}

impl Done {
    /// The same without keeping the stream, for functions that are a part of it and wait for who reads from it.
    pub fn downgrade(&self) -> WeakDone {
        WeakDone { to: Rc::downgrade(&self.to), hook: self.hook }
    }
}

/// A [`Done`] that does not keep the stream.
#[derive(Clone)]
pub struct WeakDone {
    to: Weak<dyn Completion>,
    hook: Hook,
}

impl WeakDone {
    /// What is to be called, if the stream is still there.
    pub fn upgrade(&self) -> Option<Done> {
        Some(Done { to: self.to.upgrade()?, hook: self.hook })
    }
}

impl fmt::Debug for WeakDone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("WeakDone").field(&self.hook).finish()
    }
}

impl fmt::Debug for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Done").field(&self.hook).finish()
    }
}

/// A callback of `write` or `end`.
pub(crate) type Callback = Box<dyn FnOnce(Result<()>)>;

/// Something the machine has to do in a tick of its own. Opaque; see [`Host::next_tick`].
#[derive(Debug)]
pub struct Tick(pub(crate) TickKind);

pub(crate) enum TickKind {
    Construct,
    Constructed(Option<Error>),
    EmitReadable,
    ReadMore,
    Resume,
    ReadZero,
    ReadableListeners,
    EndReadable,
    EndWritable,
    AfterWrite(Option<Callback>),
    WriteError(Error, Option<Callback>),
    DropBuffer,
    Finish,
    FinishIfNeeded,
    EmitError(Error),
    Close(Option<Error>),
    Callback(Callback, Result<()>),
    Written,
}

impl fmt::Debug for TickKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TickKind")
    }
}
