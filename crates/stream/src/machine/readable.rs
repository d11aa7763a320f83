//! The readable side.

use nodecore_buffer::{Encoding, StringDecoder};
use nodecore_error::{Code, Error, Result};

use super::{Inner, Machine, flag, read, write};
use crate::chunk::Chunk;
use crate::host::{Event, Host, TickKind};

/// The longest `read(n)` that raises the high-water mark.
const MAX_HIGH_WATER_MARK: usize = 1 << 30;

impl<H: Host> Machine<H> {
    /// Adds a chunk at the end, or ends the stream; whether more is welcome.
    pub fn push(&self, chunk: Option<H::Read>) -> bool {
        self.0.push(chunk)
    }

    /// As [`Machine::push`], of a chunk that is in the stream's encoding already.
    pub fn push_text(&self, text: H::Read) -> bool {
        self.0.push_chunk(text, true)
    }

    /// From now on what is pushed is decoded, and [`Machine::read`] gives text. What is buffered is decoded at once.
    ///
    /// A character may be spread over several chunks. What [`Machine::unshift`] puts back has to be text.
    pub fn set_encoding(&self, encoding: Encoding) {
        self.0.set_encoding(encoding);
    }

    /// The encoding that [`Machine::set_encoding`] has set.
    pub fn encoding(&self) -> Option<Encoding> {
        self.0.r.decoder.borrow().as_ref().map(|decoder| decoder.encoding())
    }

    /// Puts a chunk back at the front; whether more is welcome.
    pub fn unshift(&self, chunk: Option<H::Read>) -> bool {
        self.0.unshift(chunk)
    }

    /// Takes a chunk (`None`), or `size` units.
    pub fn read(&self, size: Option<usize>) -> Option<H::Read> {
        self.0.read(size)
    }

    /// Starts flowing.
    pub fn resume(&self) {
        self.0.resume();
    }

    /// Stops flowing.
    pub fn pause(&self) {
        self.0.pause();
    }

    /// The host has piped the stream to another destination, besides the `before` that it was piped to.
    pub fn piped(&self, before: usize) {
        self.0.r.piped(before);
    }

    /// Stops flowing until the destination `dest`, a number of the host's, has drained; `pipes` is how many destinations
    /// there are, or 0 if `dest` is none of them any more.
    pub fn await_drain(&self, dest: usize, pipes: usize) {
        if pipes > 0 {
            self.0.r.await_drain(dest, pipes);
        }
        self.0.pause();
    }

    /// The destination has drained; the stream flows again if it was the last that was waited for.
    pub fn drained(&self, dest: usize) {
        if self.0.r.drained(dest) {
            self.0.resume();
        }
    }

    /// The host has a new listener to `data`.
    pub fn data_listener_added(&self) {
        self.0.data_listener_added();
    }

    /// The host has a new listener to `readable`.
    pub fn readable_listener_added(&self) {
        self.0.readable_listener_added();
    }

    /// The host has one listener to `data` less.
    pub fn data_listener_removed(&self) {
        self.0.data_listener_removed();
    }

    /// The host has one listener to `readable` less.
    pub fn readable_listener_removed(&self) {
        self.0.tick(TickKind::ReadableListeners);
    }
}

impl<H: Host> Inner<H> {
    // ---- Input -------------------------------------------------------------------------------------------

    #[inline(always)]
    pub(crate) fn push(&self, chunk: Option<H::Read>) -> bool {
        let Some(chunk) = chunk else {
            self.r.flags.clear(read::READING);
            self.input_ended();
            return false;
        };
        self.push_chunk(chunk, false)
    }

    #[inline(always)]
    pub(crate) fn push_chunk(&self, chunk: H::Read, decoded: bool) -> bool {
        let r = &self.r;
        let open = !r.flags.any(read::ENDED | flag::DESTROYED | flag::ERRORED | read::TEXT);
        let plain = self.has_objects() || (chunk.size() > 0 && chunk.check_units().is_ok());
        let chunk = if open && plain {
            r.flags.clear(read::READING);
            chunk
        } else {
            match self.check_pushed(chunk, decoded) {
                Ok(chunk) => chunk,
                Err(more) => return more,
            }
        };
        self.add(chunk, false);
        self.wants_more()
    }

    /// What a pushed chunk is to the stream; `Err` is what `push` returns where nothing comes of it.
    #[cold]
    fn check_pushed(&self, mut chunk: H::Read, decoded: bool) -> std::result::Result<H::Read, bool> {
        let r = &self.r;
        if H::Read::SPLITS && !r.flags.any(flag::OBJECT_MODE) && chunk.size() == 0 {
            r.flags.clear(read::READING);
            self.maybe_read_more();
            return Err(self.wants_more());
        }
        if r.flags.any(read::ENDED | flag::DESTROYED | flag::ERRORED) {
            self.refuse_push();
            return Err(false);
        }
        if !self.takes(&chunk) {
            return Err(false);
        }
        r.flags.clear(read::READING);
        if r.flags.any(read::TEXT) && !decoded {
            chunk = r.decode(chunk);
            if !r.flags.any(flag::OBJECT_MODE) && chunk.size() == 0 {
                self.maybe_read_more();
                return Err(self.wants_more());
            }
        }
        Ok(chunk)
    }

    #[cold]
    fn refuse_push(&self) {
        if self.r.flags.any(read::ENDED) {
            let error = self.host.made(Error::from_template(Code::StreamPushAfterEof, &[]));
            self.error_or_destroy(error, false);
        }
    }

    pub(crate) fn unshift(&self, chunk: Option<H::Read>) -> bool {
        let r = &self.r;
        let Some(chunk) = chunk else {
            r.flags.clear(read::READING);
            self.input_ended();
            return false;
        };
        if H::Read::SPLITS && !r.flags.any(flag::OBJECT_MODE) && chunk.size() == 0 {
            return self.wants_more();
        }
        if r.flags.any(read::END_EMITTED) {
            let error = self.host.made(Error::from_template(Code::StreamUnshiftAfterEndEvent, &[]));
            self.error_or_destroy(error, false);
        } else if r.flags.any(flag::DESTROYED | flag::ERRORED) || !self.takes(&chunk) {
            return false;
        } else {
            self.add(chunk, true);
        }
        self.wants_more()
    }

    /// Fails where a chunk cannot be one of this stream's.
    #[inline(always)]
    fn takes(&self, chunk: &H::Read) -> bool {
        if !H::Read::SPLITS || self.r.flags.any(flag::OBJECT_MODE) {
            return true;
        }
        match chunk.check_units() {
            Ok(()) => true,
            Err(error) => {
                self.error_or_destroy(self.host.made(error), false);
                false
            }
        }
    }

    #[inline(always)]
    fn add(&self, chunk: H::Read, front: bool) {
        let r = &self.r;
        let direct = read::FLOWING | read::DATA_LISTENING;
        if r.length.get() == 0 && r.flags.only(direct | flag::SYNC, direct) {
            r.await_none();
            r.flags.set(read::DATA_EMITTED);
            self.host.emit_data(chunk);
        } else {
            r.length.set(r.length.get().saturating_add(r.size_of(&chunk)));
            let mut buffer = r.buffer.borrow_mut();
            if front {
                buffer.push_front(chunk);
            } else {
                buffer.push_back(chunk);
            }
            drop(buffer);
            if r.flags.any(read::NEED_READABLE) {
                self.emit_readable_soon();
            }
        }
        self.maybe_read_more();
    }

    /// The source has no more.
    fn input_ended(&self) {
        let r = &self.r;
        if r.flags.any(read::ENDED) {
            return;
        }
        if r.flags.any(read::TEXT) {
            self.decode_rest();
        }
        r.flags.set(read::ENDED);
        if !r.flags.any(flag::SYNC) {
            // Whoever waits learns it now, not a tick later.
            r.flags.clear(read::NEED_READABLE);
            r.flags.set(read::EMITTED_READABLE);
            self.emit_readable();
        } else if r.flags.any(read::FLOWING | read::NEED_READABLE) || self.host.listens_readable() {
            self.emit_readable_soon();
        } else {
            r.flags.set(read::END_PENDING);
        }
    }

    /// A character that was never completed.
    fn decode_rest(&self) {
        let r = &self.r;
        let rest = r.decoder.borrow_mut().as_mut().and_then(|decoder| self.host.decode_rest(decoder));
        if let Some(rest) = rest {
            r.length.set(r.length.get().saturating_add(r.size_of(&rest)));
            r.buffer.borrow_mut().push_back(rest);
        }
    }

    pub(crate) fn set_encoding(&self, encoding: Encoding) {
        let r = &self.r;
        let mut decoder = StringDecoder::new(encoding);
        let mut buffer = r.buffer.take();
        if !r.flags.any(read::TEXT) {
            buffer = buffer.into_iter().map(|chunk| chunk.decode(&mut decoder)).collect();
            if r.flags.any(read::ENDED) {
                buffer.extend(self.host.decode_rest(&mut decoder));
            }
        }
        if !r.flags.any(flag::OBJECT_MODE) {
            buffer = H::Read::join(buffer);
        }
        r.flags.set(read::TEXT);
        r.length.set(buffer.iter().map(|chunk| r.size_of(chunk)).sum());
        *r.buffer.borrow_mut() = buffer;
        *r.decoder.borrow_mut() = Some(Box::new(decoder));
    }

    fn wants_more(&self) -> bool {
        let r = &self.r;
        let length = r.length.get();
        !r.flags.any(read::ENDED) && (length < r.high_water_mark.get() || length == 0)
    }

    // ---- Reading -----------------------------------------------------------------------------------------

    pub(crate) fn read(&self, size: Option<usize>) -> Option<H::Read> {
        let chunk = self.take(size)?;
        if !self.may_emit_data() {
            return Some(chunk);
        }
        if self.host.listens_data() {
            self.host.emit_data(chunk.clone());
        }
        Some(chunk)
    }

    /// As [`Inner::read`], where only the event matters; whether there was a chunk.
    #[inline(always)]
    fn read_to_listeners(&self) -> bool {
        let Some(chunk) = self.take(None) else { return false };
        if self.may_emit_data() {
            self.host.emit_data(chunk);
        }
        true
    }

    #[inline]
    fn may_emit_data(&self) -> bool {
        let emits = !self.r.flags.any(flag::ERROR_EMITTED | flag::CLOSE_EMITTED);
        if emits {
            self.r.flags.set(read::DATA_EMITTED);
        }
        emits
    }

    /// All of `read` but the `data` event.
    #[inline(always)]
    fn take(&self, asked: Option<usize>) -> Option<H::Read> {
        let r = &self.r;
        if let Some(size) = asked
            && size > r.high_water_mark.get()
            && size <= MAX_HIGH_WATER_MARK
        {
            r.high_water_mark.set(size.next_power_of_two());
        }
        if asked != Some(0) {
            r.flags.clear(read::EMITTED_READABLE | read::END_PENDING);
        } else if r.flags.any(read::NEED_READABLE) && (self.is_full() || r.flags.any(read::ENDED)) {
            // Nothing to fetch: only the event was wanted.
            if r.length.get() == 0 && r.flags.any(read::ENDED) {
                self.end_soon();
            } else {
                self.emit_readable_soon();
            }
            return None;
        }

        let (mut size, mut whole) = (self.available(asked), self.takes_chunks(asked));
        if size == 0 && r.flags.any(read::ENDED) {
            if r.length.get() == 0 {
                self.end_soon();
            }
            return None;
        }

        let length = r.length.get();
        let fetch = length == 0
            || length.saturating_sub(size) < r.high_water_mark.get()
            || r.flags.any(read::NEED_READABLE);
        let idle = read::READING | read::ENDED | flag::DESTROYED | flag::ERRORED | flag::CONSTRUCTED;
        if fetch && r.flags.only(idle, flag::CONSTRUCTED) {
            r.flags.set(read::READING | flag::SYNC);
            if length == 0 {
                r.flags.set(read::NEED_READABLE);
            }
            if let Err(error) = self.host.read(self.lend(), r.high_water_mark.get()) {
                self.error_or_destroy(error, false);
            }
            r.flags.clear(flag::SYNC);
            if r.flags.any(read::READING) {
                // What was there counts, even if another chunk has been put before it.
                whole = whole && self.has_objects();
            } else {
                whole = self.takes_chunks(asked);
                size = if whole { 1 } else { self.available(asked) };
            }
        }

        let chunk = match size {
            0 => None,
            _ if whole => r.buffer.borrow_mut().pop_front(),
            size => self.take_buffered(size),
        };
        if chunk.is_none() {
            if r.length.get() <= r.high_water_mark.get() {
                r.flags.set(read::NEED_READABLE);
            }
            size = 0;
        }
        if let Some(chunk) = &chunk {
            r.length.set(r.length.get().saturating_sub(r.size_of(chunk)));
            r.await_none();
        }
        if r.length.get() == 0 {
            if !r.flags.any(read::ENDED) {
                r.flags.set(read::NEED_READABLE);
            } else if asked != Some(size) {
                self.end_soon();
            }
        }
        chunk
    }

    fn is_full(&self) -> bool {
        let (length, mark) = (self.r.length.get(), self.r.high_water_mark.get());
        if mark == 0 { length > 0 } else { length >= mark }
    }

    /// How much a read that asks for `asked` may take now.
    #[inline]
    fn available(&self, asked: Option<usize>) -> usize {
        let r = &self.r;
        let (length, ended) = (r.length.get(), r.flags.any(read::ENDED));
        if asked == Some(0) || (length == 0 && ended) {
            return 0;
        }
        if self.has_objects() {
            return 1;
        }
        match asked {
            // Text is joined where nothing flows.
            None if r.flags.only(read::TEXT | read::FLOWING, read::TEXT) => length,
            None => r.buffer.borrow().front().map_or(0, |chunk| r.size_of(chunk)),
            Some(size) if size <= length => size,
            Some(_) if ended => length,
            Some(_) => 0,
        }
    }

    #[inline]
    fn has_objects(&self) -> bool {
        !H::Read::SPLITS || self.r.flags.any(flag::OBJECT_MODE)
    }

    /// Whether a read gives a chunk as it was pushed, whatever its length.
    #[inline]
    fn takes_chunks(&self, asked: Option<usize>) -> bool {
        if self.has_objects() {
            return asked != Some(0);
        }
        asked.is_none() && !self.r.flags.only(read::TEXT | read::FLOWING, read::TEXT)
    }

    fn take_buffered(&self, size: usize) -> Option<H::Read> {
        let r = &self.r;
        let mut buffer = r.buffer.borrow_mut();
        if r.length.get() == 0 {
            return None;
        }
        let size = size.min(r.length.get());
        if r.flags.any(read::TEXT) {
            H::Read::take_text(&mut buffer, size)
        } else {
            H::Read::take(&mut buffer, size)
        }
    }

    fn flow(&self) {
        while self.r.flags.any(read::FLOWING) && self.read_to_listeners() {}
    }

    // ---- `readable`, and reading ahead -------------------------------------------------------------------

    fn emit_readable_soon(&self) {
        let r = &self.r;
        r.flags.clear(read::NEED_READABLE);
        if !r.flags.any(read::EMITTED_READABLE) {
            r.flags.set(read::EMITTED_READABLE);
            self.tick(TickKind::EmitReadable);
        }
    }

    pub(super) fn emit_readable(&self) {
        let r = &self.r;
        let something = r.length.get() > 0 || r.flags.any(read::ENDED);
        if something && !r.flags.any(flag::DESTROYED | flag::ERRORED) {
            self.host.emit(Event::Readable);
            r.flags.clear(read::EMITTED_READABLE);
        }
        if !r.flags.any(read::FLOWING | read::ENDED) && r.length.get() <= r.high_water_mark.get() {
            r.flags.set(read::NEED_READABLE);
        }
        self.flow();
    }

    #[inline]
    pub(super) fn maybe_read_more(&self) {
        let r = &self.r;
        if r.flags.only(read::READING_MORE | read::READING | flag::CONSTRUCTED, flag::CONSTRUCTED) {
            r.flags.set(read::READING_MORE);
            self.tick(TickKind::ReadMore);
        }
    }

    pub(super) fn read_more(&self) {
        let r = &self.r;
        while !r.flags.any(read::READING | read::ENDED) {
            let length = r.length.get();
            let wanted = length < r.high_water_mark.get() || (length == 0 && r.flags.any(read::FLOWING));
            if !wanted {
                break;
            }
            self.read(Some(0));
            if r.length.get() == length {
                break;
            }
        }
        r.flags.clear(read::READING_MORE);
    }

    // ---- Flowing and paused ------------------------------------------------------------------------------

    pub(crate) fn is_paused(&self) -> bool {
        let flags = &self.r.flags;
        flags.any(read::PAUSED) || flags.only(read::FLOW_DECIDED | read::FLOWING, read::FLOW_DECIDED)
    }

    pub(crate) fn resume(&self) {
        let r = &self.r;
        if r.flags.any(flag::DESTROYED) {
            return;
        }
        if !r.flags.any(read::FLOWING) {
            r.flags.set(read::FLOW_DECIDED);
            // With a `readable` listener reads are the listener's.
            if !r.flags.any(read::READABLE_LISTENING) {
                r.flags.set(read::FLOWING);
            }
            if !r.flags.any(read::RESUME_SCHEDULED) {
                r.flags.set(read::RESUME_SCHEDULED);
                self.tick(TickKind::Resume);
            }
        }
        r.flags.set(read::PAUSE_DECIDED);
        r.flags.clear(read::PAUSED);
    }

    pub(super) fn resumed(&self) {
        let r = &self.r;
        if !r.flags.any(read::READING) {
            self.read(Some(0));
        }
        r.flags.clear(read::RESUME_SCHEDULED);
        self.host.emit(Event::Resume);
        self.flow();
        if r.flags.only(read::FLOWING | read::READING, read::FLOWING) {
            self.read(Some(0));
        }
    }

    pub(crate) fn pause(&self) {
        let r = &self.r;
        if r.flags.any(flag::DESTROYED) {
            return;
        }
        if !r.flags.only(read::FLOW_DECIDED | read::FLOWING, read::FLOW_DECIDED) {
            r.flags.set(read::FLOW_DECIDED);
            r.flags.clear(read::FLOWING);
            self.host.emit(Event::Pause);
        }
        r.flags.set(read::PAUSE_DECIDED | read::PAUSED);
    }

    pub(crate) fn data_listener_added(&self) {
        let r = &self.r;
        r.flags.set(read::DATA_LISTENING);
        if self.host.listens_readable() {
            r.flags.set(read::READABLE_LISTENING);
        }
        if !r.flags.only(read::FLOW_DECIDED | read::FLOWING, read::FLOW_DECIDED) {
            self.resume();
        }
    }

    pub(crate) fn data_listener_removed(&self) {
        if !self.host.listens_data() {
            self.r.flags.clear(read::DATA_LISTENING);
        }
    }

    pub(crate) fn readable_listener_added(&self) {
        let r = &self.r;
        if r.flags.any(read::END_EMITTED | read::READABLE_LISTENING) {
            return;
        }
        r.flags.set(read::READABLE_LISTENING | read::NEED_READABLE | read::FLOW_DECIDED);
        r.flags.clear(read::FLOWING | read::EMITTED_READABLE);
        if r.length.get() > 0 {
            return self.emit_readable_soon();
        }
        if r.flags.any(read::END_PENDING) {
            r.flags.clear(read::END_PENDING);
            self.emit_readable_soon();
        }
        if !r.flags.any(read::READING) {
            self.tick(TickKind::ReadZero);
        }
    }

    pub(super) fn recount_readable_listeners(&self) {
        let r = &self.r;
        if self.host.listens_readable() {
            r.flags.set(read::READABLE_LISTENING);
        } else {
            r.flags.clear(read::READABLE_LISTENING);
        }
        let resuming = read::PAUSE_DECIDED | read::RESUME_SCHEDULED;
        if r.flags.only(resuming | read::PAUSED, resuming) {
            // Resumed while the listener was on its way out: flow after all.
            r.flags.set(read::FLOW_DECIDED | read::FLOWING);
        } else if r.flags.any(read::DATA_LISTENING) {
            self.resume();
        } else if !r.flags.any(read::READABLE_LISTENING) {
            r.flags.clear(read::FLOW_DECIDED | read::FLOWING);
        }
    }

    // ---- The end -----------------------------------------------------------------------------------------

    fn end_soon(&self) {
        let r = &self.r;
        if !r.flags.any(read::END_EMITTED | read::END_SCHEDULED) {
            r.flags.set(read::ENDED | read::END_SCHEDULED);
            self.tick(TickKind::EndReadable);
        }
    }

    pub(super) fn ended(&self) {
        let r = &self.r;
        r.flags.clear(read::END_SCHEDULED);
        if r.flags.any(flag::ERRORED | flag::CLOSE_EMITTED | read::END_EMITTED) || r.length.get() > 0 {
            return;
        }
        r.flags.set(read::END_EMITTED);
        self.host.emit(Event::End);
        if !self.allow_half_open && self.is_writable() {
            self.tick(TickKind::EndWritable);
        } else if r.flags.any(flag::AUTO_DESTROY) {
            let w = &self.w.flags;
            let other_done =
                !w.any(flag::PRESENT) || (w.any(flag::AUTO_DESTROY) && w.any(write::FINISHED | flag::OFF));
            if other_done {
                self.destroy(None);
            }
        }
    }

    pub(super) fn end_other_half(&self) {
        if self.is_writable() && !self.either(flag::DESTROYED) {
            self.host.end(self.lend());
        }
    }

    /// Node's `stream.readable`.
    pub(crate) fn is_readable(&self) -> bool {
        let gone = flag::OFF | flag::DESTROYED | flag::ERROR_EMITTED | read::END_EMITTED;
        self.r.flags.only(flag::PRESENT | gone, flag::PRESENT)
    }
}

/// What a `read(size)` that is too long fails with.
pub(crate) fn check_read_size(size: usize) -> Result<()> {
    if size > MAX_HIGH_WATER_MARK {
        return Err(Error::from_template(Code::OutOfRange, &[&"size", &"<= 1GiB", &size]));
    }
    Ok(())
}
