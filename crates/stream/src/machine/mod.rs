//! The state machine: Node's streams with no I/O, no events and no clock of their own.
//!
//! Inputs are methods (`push`, `read`, `write`, a [`Done`] that is called, `destroy` …); effects go to the
//! [`Host`]. State lives in cells and no borrow is held across a call to the host.

mod destroy;
mod readable;
mod state;
mod view;
mod writable;

use std::cell::Cell;
use std::fmt;
use std::rc::{Rc, Weak};

use nodecore_error::{Error, Result};

pub(crate) use readable::check_read_size;
pub(crate) use state::{Flags, ReadState, WriteState, flag, read, write};
pub use view::{ReadView, SideView, WriteView};

use crate::host::{Callback, Completion, Done, Hook, Host, Tick, TickKind};

/// How a [`Machine`] is to behave; the fields are Node's options.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MachineOptions {
    /// The readable side, if it has one.
    pub readable: Option<SideOptions>,
    /// The writable side, if it has one.
    pub writable: Option<SideOptions>,
    /// `allowHalfOpen`.
    pub allow_half_open: bool,
    /// `emitClose`.
    pub emit_close: bool,
    /// `autoDestroy`.
    pub auto_destroy: bool,
}

impl Default for MachineOptions {
    fn default() -> MachineOptions {
        MachineOptions {
            readable: None,
            writable: None,
            allow_half_open: true,
            emit_close: true,
            auto_destroy: true,
        }
    }
}

/// One side of a [`Machine`].
#[derive(Clone, Copy, Debug)]
pub struct SideOptions {
    /// `highWaterMark`, in units or objects.
    pub high_water_mark: usize,
    /// `objectMode`.
    pub object_mode: bool,
    /// Whether the side is usable: a duplex may be made with `readable: false` or `writable: false`.
    pub open: bool,
    /// Whether the first `_read` is guarded as synchronous; false for a Transform.
    pub sync: bool,
}

/// A stream's state machine over a [`Host`]. Clones are the same machine.
pub struct Machine<H: Host>(pub(crate) Rc<Inner<H>>);

/// A [`Machine`] for as long as a hook of its host runs: a handle is only made where one is kept.
pub struct Lent<'a, H: Host>(pub(crate) &'a Inner<H>);

pub(crate) struct Inner<H: Host> {
    this: Weak<Inner<H>>,
    pub(crate) r: ReadState<H::Read>,
    pub(crate) w: WriteState<H::Write>,
    pub(crate) allow_half_open: bool,
    construct_called: Cell<bool>,
    destroy_called: Cell<bool>,
    /// The error of a `destroy` that waits for `_construct`.
    destroy_waiting: Cell<Option<Error>>,
    /// Of a transform: the chunk in `_transform` is done with when more is read.
    pub(crate) held: Cell<bool>,
    pub(crate) host: H,
}

impl<H: Host> Machine<H> {
    /// A new machine; `_construct`, if the host has one, runs in the next tick.
    pub fn new(host: H, options: &MachineOptions) -> Machine<H> {
        let machine = Machine(Rc::new_cyclic(|this| Inner {
            this: this.clone(),
            r: ReadState::new(options),
            w: WriteState::new(options),
            allow_half_open: options.allow_half_open,
            construct_called: Cell::new(false),
            destroy_called: Cell::new(false),
            destroy_waiting: Cell::new(None),
            held: Cell::new(false),
            host,
        }));
        machine.0.begin_construct();
        machine
    }

    /// The host.
    pub fn host(&self) -> &H {
        &self.0.host
    }

    /// What a hook calls when it is done.
    pub fn done(&self, hook: Hook) -> Done {
        Done { to: Rc::clone(&self.0) as Rc<dyn Completion>, hook }
    }

    /// A hook is done.
    pub fn complete(&self, hook: Hook, error: Option<Error>) {
        self.0.complete(hook, error);
    }

    /// Switches the readable side off, or on again: one that is off is not waited for. Node: `stream.readable = …`.
    pub fn set_readable(&self, readable: bool) {
        self.0.r.flags.switch(flag::OFF, !readable);
    }

    /// Switches the writable side off, or on again. Node: `stream.writable = …`.
    pub fn set_writable(&self, writable: bool) {
        self.0.w.flags.switch(flag::OFF, !writable);
    }

    /// Does what [`Host::next_tick`] was asked to do later.
    pub fn run_tick(&self, tick: Tick) {
        self.0.run_tick(tick.0);
    }
}

impl<H: Host> Lent<'_, H> {
    /// The machine, to keep.
    pub fn machine(&self) -> Machine<H> {
        self.0.machine()
    }

    /// A hook is done.
    pub fn complete(&self, hook: Hook, error: Option<Error>) {
        self.0.complete(hook, error);
    }
}

impl<H: Host> Inner<H> {
    /// The machine itself, for what outlives this call. Whoever calls a method holds one already.
    pub(crate) fn machine(&self) -> Machine<H> {
        match self.this.upgrade() {
            Some(inner) => Machine(inner),
            None => unreachable!("a method of a stream runs while the stream is owned"),
        }
    }

    #[inline(never)]
    pub(crate) fn tick(&self, kind: TickKind) {
        self.host.next_tick(self.machine(), Tick(kind));
    }

    /// The machine, to hand to one of the host's hooks.
    fn lend(&self) -> Machine<H> {
        self.lent().machine()
    }

    /// As `lend`, to a hook that may do without a handle. Whoever calls a method keeps the machine meanwhile.
    #[inline(always)]
    fn lent(&self) -> Lent<'_, H> {
        debug_assert!(self.r.is_free() && self.w.is_free(), "a borrow is held across a call of user code");
        Lent(self)
    }

    fn run_tick(&self, kind: TickKind) {
        match kind {
            TickKind::Construct => self.construct(),
            TickKind::Constructed(error) => self.constructed(error),
            TickKind::EmitReadable => self.emit_readable(),
            TickKind::ReadMore => self.read_more(),
            TickKind::Resume => self.resumed(),
            TickKind::ReadZero => drop(self.read(Some(0))),
            TickKind::ReadableListeners => self.recount_readable_listeners(),
            TickKind::EndReadable => self.ended(),
            TickKind::EndWritable => self.end_other_half(),
            TickKind::AfterWrite(callback) => self.after_write(callback),
            TickKind::WriteError(error, callback) => self.write_failed(error, callback),
            TickKind::DropBuffer => self.drop_buffer(),
            TickKind::Finish => self.finish(),
            TickKind::FinishIfNeeded => self.finish_if_needed(),
            TickKind::EmitError(error) => self.emit_error(error),
            TickKind::Close(error) => self.emit_close(error),
            TickKind::Callback(callback, result) => callback(result),
            TickKind::Written => self.written(None),
        }
    }

    #[inline(never)]
    fn completed(&self, hook: Hook, error: Option<Error>) {
        match hook {
            Hook::Construct => self.tick(TickKind::Constructed(error)),
            Hook::Write => self.written(error),
            Hook::Final => self.finalized(error),
            Hook::Destroy => self.torn_down(error),
        }
    }

    /// Calls back in a tick of its own.
    pub(crate) fn call_later(&self, callback: Option<Callback>, result: Result<()>) {
        if let Some(callback) = callback {
            self.tick(TickKind::Callback(callback, result));
        }
    }
}

impl<H: Host> Completion for Inner<H> {
    fn complete(&self, hook: Hook, error: Option<Error>) {
        if hook == Hook::Write { self.written_here(error) } else { self.completed(hook, error) }
    }
}

impl<H: Host> Clone for Machine<H> {
    fn clone(&self) -> Machine<H> {
        Machine(Rc::clone(&self.0))
    }
}

impl<H: Host> fmt::Debug for Lent<'_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lent").field("readable", &self.0.r).field("writable", &self.0.w).finish()
    }
}

impl<H: Host> fmt::Debug for Machine<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Machine").field("readable", &self.0.r).field("writable", &self.0.w).finish()
    }
}
