//! The two sides' state.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;

use nodecore_buffer::{Encoding, StringDecoder};
use nodecore_error::Error;

use super::{MachineOptions, SideOptions};
use crate::chunk::Chunk;
use crate::host::Callback;

/// Flags that both sides have.
pub(crate) mod flag {
    /// The stream has this side.
    pub(crate) const PRESENT: u32 = 1;
    pub(crate) const OBJECT_MODE: u32 = 1 << 1;
    pub(crate) const EMIT_CLOSE: u32 = 1 << 2;
    pub(crate) const AUTO_DESTROY: u32 = 1 << 3;
    pub(crate) const CONSTRUCTED: u32 = 1 << 4;
    pub(crate) const DESTROYED: u32 = 1 << 5;
    pub(crate) const CLOSED: u32 = 1 << 6;
    pub(crate) const CLOSE_EMITTED: u32 = 1 << 7;
    pub(crate) const ERRORED: u32 = 1 << 8;
    pub(crate) const ERROR_EMITTED: u32 = 1 << 9;
    /// A hook is being called: what it completes now, it completes synchronously.
    pub(crate) const SYNC: u32 = 1 << 10;
    /// The side was switched off when the stream was made.
    pub(crate) const OFF: u32 = 1 << 11;
}

/// Flags of the readable side.
pub(crate) mod read {
    pub(crate) const ENDED: u32 = 1 << 12;
    pub(crate) const END_EMITTED: u32 = 1 << 13;
    pub(crate) const END_SCHEDULED: u32 = 1 << 14;
    pub(crate) const READING: u32 = 1 << 15;
    pub(crate) const READING_MORE: u32 = 1 << 16;
    pub(crate) const NEED_READABLE: u32 = 1 << 17;
    pub(crate) const EMITTED_READABLE: u32 = 1 << 18;
    pub(crate) const READABLE_LISTENING: u32 = 1 << 19;
    pub(crate) const DATA_LISTENING: u32 = 1 << 20;
    pub(crate) const DATA_EMITTED: u32 = 1 << 21;
    pub(crate) const RESUME_SCHEDULED: u32 = 1 << 22;
    /// Flowing has been decided, one way or the other: Node's `readableFlowing !== null`.
    pub(crate) const FLOW_DECIDED: u32 = 1 << 23;
    pub(crate) const FLOWING: u32 = 1 << 24;
    pub(crate) const PAUSE_DECIDED: u32 = 1 << 25;
    pub(crate) const PAUSED: u32 = 1 << 26;
    /// The end came while nobody waited for it.
    pub(crate) const END_PENDING: u32 = 1 << 27;
    /// Has had two pipes, so that any number of destinations may be waited for.
    pub(crate) const MANY_PIPES: u32 = 1 << 28;
    /// At least one destination is waited for.
    pub(crate) const AWAITING: u32 = 1 << 29;
    /// There is an encoding, and what is buffered is text.
    pub(crate) const TEXT: u32 = 1 << 30;
}

/// Flags of the writable side.
pub(crate) mod write {
    pub(crate) const WRITING: u32 = 1 << 12;
    pub(crate) const EXPECT_CALLBACK: u32 = 1 << 13;
    pub(crate) const NEED_DRAIN: u32 = 1 << 14;
    pub(crate) const ENDING: u32 = 1 << 15;
    pub(crate) const ENDED: u32 = 1 << 16;
    pub(crate) const FINAL_CALLED: u32 = 1 << 17;
    pub(crate) const PREFINISHED: u32 = 1 << 18;
    pub(crate) const FINISHED: u32 = 1 << 19;
    pub(crate) const CORKED: u32 = 1 << 20;
    pub(crate) const BUFFERED: u32 = 1 << 21;
    pub(crate) const PROCESSING: u32 = 1 << 22;
    pub(crate) const AFTER_WRITE_PENDING: u32 = 1 << 23;
    pub(crate) const ON_FINISHED: u32 = 1 << 24;
}

/// A set of flags.
pub(crate) struct Flags(Cell<u32>);

impl Flags {
    fn of(side: Option<&SideOptions>, options: &MachineOptions) -> Flags {
        let Some(side) = side else { return Flags(Cell::new(0)) };
        let mut flags = flag::PRESENT | flag::CONSTRUCTED;
        for (on, bit) in [
            (side.object_mode, flag::OBJECT_MODE),
            (options.emit_close, flag::EMIT_CLOSE),
            (options.auto_destroy, flag::AUTO_DESTROY),
            (side.sync, flag::SYNC),
            (!side.open, flag::OFF),
        ] {
            if on {
                flags |= bit;
            }
        }
        Flags(Cell::new(flags))
    }

    #[inline]
    pub(crate) fn any(&self, bits: u32) -> bool {
        self.0.get() & bits != 0
    }

    /// Whether, of `bits`, exactly `wanted` are set.
    #[inline]
    pub(crate) fn only(&self, bits: u32, wanted: u32) -> bool {
        self.0.get() & bits == wanted
    }

    #[inline]
    pub(crate) fn set(&self, bits: u32) {
        self.0.set(self.0.get() | bits);
    }

    #[inline]
    pub(crate) fn clear(&self, bits: u32) {
        self.0.set(self.0.get() & !bits);
    }

    pub(crate) fn switch(&self, bits: u32, on: bool) {
        if on { self.set(bits) } else { self.clear(bits) }
    }
}

pub(crate) struct ReadState<T> {
    pub(crate) flags: Flags,
    pub(crate) high_water_mark: Cell<usize>,
    /// Units buffered.
    pub(crate) length: Cell<usize>,
    pub(crate) buffer: RefCell<VecDeque<T>>,
    pub(crate) errored: RefCell<Option<Error>>,
    /// The destinations that have to drain before reading goes on, by address.
    pub(crate) awaiting: RefCell<Vec<usize>>,
    pub(crate) decoder: RefCell<Option<Box<StringDecoder>>>,
}

pub(crate) struct WriteState<T> {
    pub(crate) flags: Flags,
    pub(crate) high_water_mark: Cell<usize>,
    /// Units written and not yet taken, the chunk in `_write` among them.
    pub(crate) length: Cell<usize>,
    pub(crate) corked: Cell<usize>,
    /// Units of what is in `_write` or `_writev`.
    pub(crate) writing_length: Cell<usize>,
    pub(crate) callback: Cell<Option<Callback>>,
    pub(crate) buffer: RefCell<VecDeque<(T, Option<Callback>)>>,
    /// Callbacks that have to run before `finish`.
    pub(crate) pending: Cell<isize>,
    pub(crate) on_finished: RefCell<Vec<Callback>>,
    pub(crate) errored: RefCell<Option<Error>>,
    pub(crate) default_encoding: Cell<Encoding>,
}

impl<T: Chunk> ReadState<T> {
    pub(crate) fn new(options: &MachineOptions) -> ReadState<T> {
        let side = options.readable.as_ref();
        let flags = Flags::of(side, options);
        if flags.any(flag::OFF) {
            flags.set(read::ENDED | read::END_EMITTED);
        }
        ReadState {
            flags,
            high_water_mark: Cell::new(side.map_or(0, |side| side.high_water_mark)),
            length: Cell::new(0),
            buffer: RefCell::default(),
            errored: RefCell::default(),
            awaiting: RefCell::default(),
            decoder: RefCell::default(),
        }
    }

    #[inline]
    pub(crate) fn size_of(&self, chunk: &T) -> usize {
        if !T::SPLITS || self.flags.any(flag::OBJECT_MODE) {
            1
        } else if self.flags.any(read::TEXT) {
            chunk.text_size()
        } else {
            chunk.size()
        }
    }

    /// `chunk` as text, if the stream has an encoding.
    #[inline]
    pub(crate) fn decode(&self, chunk: T) -> T {
        if !self.flags.any(read::TEXT) {
            return chunk;
        }
        match &mut *self.decoder.borrow_mut() {
            Some(decoder) => chunk.decode(decoder),
            None => chunk,
        }
    }

    /// Forgets the destinations that were waited for.
    #[inline]
    pub(crate) fn await_none(&self) {
        if self.flags.any(read::AWAITING) {
            self.flags.clear(read::AWAITING);
            self.awaiting.borrow_mut().clear();
        }
    }

    /// There is a pipe besides the `before` that there were.
    pub(crate) fn piped(&self, before: usize) {
        if before == 1 {
            self.flags.set(read::MANY_PIPES);
        }
    }

    /// Waits for `dest`, one of `pipes` destinations.
    pub(crate) fn await_drain(&self, dest: usize, pipes: usize) {
        let mut awaiting = self.awaiting.borrow_mut();
        if pipes == 1 {
            awaiting.clear();
            self.flags.clear(read::MANY_PIPES);
        }
        if !awaiting.contains(&dest) {
            awaiting.push(dest);
        }
        self.flags.set(read::AWAITING);
    }

    /// Waits for `dest` no longer; whether to flow again.
    pub(crate) fn drained(&self, dest: usize) -> bool {
        let mut awaiting = self.awaiting.borrow_mut();
        awaiting.retain(|&other| other != dest);
        if awaiting.is_empty() {
            self.flags.clear(read::AWAITING);
        }
        self.flags.only(read::AWAITING | read::DATA_LISTENING, read::DATA_LISTENING)
    }

    pub(crate) fn is_free(&self) -> bool {
        self.buffer.try_borrow_mut().is_ok() && self.awaiting.try_borrow_mut().is_ok()
    }
}

impl<T: Chunk> WriteState<T> {
    pub(crate) fn new(options: &MachineOptions) -> WriteState<T> {
        let side = options.writable.as_ref();
        let flags = Flags::of(side, options);
        if flags.any(flag::OFF) {
            flags.set(write::ENDING | write::ENDED | write::FINISHED);
        }
        flags.set(if side.is_some() { flag::SYNC } else { 0 });
        WriteState {
            flags,
            high_water_mark: Cell::new(side.map_or(0, |side| side.high_water_mark)),
            length: Cell::new(0),
            corked: Cell::new(0),
            writing_length: Cell::new(0),
            callback: Cell::new(None),
            buffer: RefCell::default(),
            pending: Cell::new(0),
            on_finished: RefCell::default(),
            errored: RefCell::default(),
            default_encoding: Cell::new(Encoding::Utf8),
        }
    }

    #[inline]
    pub(crate) fn size_of(&self, chunk: &T) -> usize {
        if !T::SPLITS || self.flags.any(flag::OBJECT_MODE) { 1 } else { chunk.size() }
    }

    pub(crate) fn is_free(&self) -> bool {
        self.buffer.try_borrow_mut().is_ok() && self.on_finished.try_borrow_mut().is_ok()
    }
}

impl<T> fmt::Debug for ReadState<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadState")
            .field("flags", &format_args!("{:#x}", self.flags.0.get()))
            .field("length", &self.length.get())
            .field("high_water_mark", &self.high_water_mark.get())
            .finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for WriteState<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WriteState")
            .field("flags", &format_args!("{:#x}", self.flags.0.get()))
            .field("length", &self.length.get())
            .field("high_water_mark", &self.high_water_mark.get())
            .field("pending", &self.pending.get())
            .finish_non_exhaustive()
    }
}
