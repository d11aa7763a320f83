//! The writable side.

use nodecore_buffer::Encoding;
use nodecore_error::{Code, Error, Result};

use super::{Inner, Machine, flag, write};
use crate::chunk::Chunk;
use crate::host::{Callback, Event, Host, TickKind};

impl<H: Host> Machine<H> {
    /// Writes a chunk; whether more is welcome before `drain`.
    pub fn write(&self, chunk: H::Write) -> bool {
        self.0.write(chunk, None).unwrap_or(false)
    }

    /// As [`Machine::write`]; `done` is called when the chunk has been written.
    pub fn write_with(&self, chunk: H::Write, done: impl FnOnce(Result<()>) + 'static) -> bool {
        self.0.write(chunk, Some(Box::new(done))).unwrap_or(false)
    }

    /// Holds writes back until [`Machine::uncork`].
    pub fn cork(&self) {
        self.0.cork();
    }

    /// Undoes one [`Machine::cork`].
    pub fn uncork(&self) {
        self.0.uncork();
    }

    /// No more will be written.
    pub fn end(&self) {
        self.0.end(None);
    }

    /// Writes a last chunk.
    pub fn end_chunk(&self, chunk: H::Write) {
        self.0.end_with(chunk, None);
    }

    /// As [`Machine::end`], after a last chunk if there is one; `done` is called when all has been written.
    pub fn end_with(&self, chunk: Option<H::Write>, done: impl FnOnce(Result<()>) + 'static) {
        let done: Callback = Box::new(done);
        match chunk {
            Some(chunk) => self.0.end_with(chunk, Some(done)),
            None => self.0.end(Some(done)),
        }
    }

    /// The encoding of text that is written without one.
    pub fn default_encoding(&self) -> Encoding {
        self.0.w.default_encoding.get()
    }

    /// Sets it.
    pub fn set_default_encoding(&self, encoding: Encoding) {
        self.0.w.default_encoding.set(encoding);
    }
}

impl<H: Host> Inner<H> {
    // ---- Input -------------------------------------------------------------------------------------------

    /// `Err` is what is reported to the stream as well.
    #[inline(always)]
    pub(crate) fn write(&self, chunk: H::Write, callback: Option<Callback>) -> Result<bool> {
        let w = &self.w;
        if w.flags.any(write::ENDING | flag::DESTROYED) {
            return Err(self.refuse_late(callback));
        }
        if H::Write::SPLITS
            && !w.flags.any(flag::OBJECT_MODE)
            && let Err(error) = chunk.check_units()
        {
            return Err(self.refuse(self.host.made(error), callback));
        }
        w.pending.set(w.pending.get() + 1);
        Ok(self.write_or_buffer(chunk, callback))
    }

    #[cold]
    fn refuse_late(&self, callback: Option<Callback>) -> Error {
        let error = if self.w.flags.any(write::ENDING) {
            Error::from_template(Code::StreamWriteAfterEnd, &[])
        } else {
            destroyed("write")
        };
        self.refuse(self.host.made(error), callback)
    }

    #[cold]
    fn refuse(&self, error: Error, callback: Option<Callback>) -> Error {
        self.call_later(callback, Err(error.clone()));
        self.error_or_destroy(error.clone(), true);
        error
    }

    #[inline(always)]
    fn write_or_buffer(&self, chunk: H::Write, callback: Option<Callback>) -> bool {
        let w = &self.w;
        let size = w.size_of(&chunk);
        w.length.set(w.length.get().saturating_add(size));
        let idle = write::WRITING | write::CORKED | flag::ERRORED | flag::CONSTRUCTED;
        if w.flags.only(idle, flag::CONSTRUCTED) {
            self.begin_write(size, callback);
            self.host.write(self.lent(), chunk);
            w.flags.clear(flag::SYNC);
        } else {
            self.buffer_write(chunk, callback);
        }
        let length = w.length.get();
        let below = length < w.high_water_mark.get() || length == 0;
        if !below {
            w.flags.set(write::NEED_DRAIN);
        }
        below && !w.flags.any(flag::DESTROYED | flag::ERRORED)
    }

    #[inline(never)]
    fn buffer_write(&self, chunk: H::Write, callback: Option<Callback>) {
        self.w.flags.set(write::BUFFERED);
        self.w.buffer.borrow_mut().push_back((chunk, callback));
    }

    pub(crate) fn cork(&self) {
        self.w.flags.set(write::CORKED);
        self.w.corked.set(self.w.corked.get() + 1);
    }

    pub(crate) fn uncork(&self) {
        let w = &self.w;
        let corked = w.corked.get();
        if corked == 0 {
            return;
        }
        w.corked.set(corked - 1);
        if corked == 1 {
            w.flags.clear(write::CORKED);
        }
        if !w.flags.any(write::WRITING) {
            self.write_buffered();
        }
    }

    pub(crate) fn end(&self, callback: Option<Callback>) {
        self.end_after(Ok(()), callback);
    }

    /// Writes a last chunk, then ends.
    pub(crate) fn end_with(&self, chunk: H::Write, callback: Option<Callback>) {
        let wrote = self.write(chunk, None);
        self.end_after(wrote.map(drop), callback);
    }

    fn end_after(&self, wrote: Result<()>, callback: Option<Callback>) {
        let w = &self.w;
        if w.flags.any(write::CORKED) {
            w.corked.set(1);
            self.uncork();
        }
        let outcome = wrote.and_then(|()| {
            if !w.flags.any(write::ENDING | flag::ERRORED) {
                w.flags.set(write::ENDING);
                self.finish_maybe(true);
                w.flags.set(write::ENDED);
            } else if w.flags.any(write::FINISHED) {
                return Err(self.host.made(Error::from_template(Code::StreamAlreadyFinished, &[&"end"])));
            } else if w.flags.any(flag::DESTROYED) {
                return Err(self.host.made(destroyed("end")));
            }
            Ok(())
        });
        let Some(callback) = callback else { return };
        if outcome.is_err() {
            self.call_later(Some(callback), outcome);
        } else if w.flags.any(flag::ERRORED) {
            let error = w.errored.borrow().clone();
            self.call_later(Some(callback), error.map_or(Ok(()), Err));
        } else if w.flags.any(write::FINISHED) {
            self.call_later(Some(callback), Ok(()));
        } else {
            w.flags.set(write::ON_FINISHED);
            w.on_finished.borrow_mut().push(callback);
        }
    }

    // ---- Writing -----------------------------------------------------------------------------------------

    #[inline(always)]
    fn begin_write(&self, size: usize, callback: Option<Callback>) {
        let w = &self.w;
        w.writing_length.set(size);
        if callback.is_some() {
            w.callback.set(callback);
        }
        w.flags.set(write::WRITING | write::EXPECT_CALLBACK | flag::SYNC);
    }

    /// Hands the buffer on, in one `_writev` or chunk by chunk.
    pub(super) fn write_buffered(&self) {
        let w = &self.w;
        let busy = flag::DESTROYED | write::PROCESSING | write::CORKED;
        let ready = write::BUFFERED | flag::CONSTRUCTED;
        if !w.flags.only(busy | ready, ready) || w.buffer.borrow().is_empty() {
            return;
        }
        w.flags.set(write::PROCESSING);
        if w.buffer.borrow().len() > 1 && self.host.has_writev() {
            self.write_vector();
        } else {
            loop {
                let Some((chunk, callback)) = w.buffer.borrow_mut().pop_front() else { break };
                self.begin_write(w.size_of(&chunk), callback);
                if w.flags.any(flag::DESTROYED) {
                    self.written(Some(self.host.made(destroyed("write"))));
                } else {
                    self.host.write(self.lent(), chunk);
                }
                w.flags.clear(flag::SYNC);
                if w.flags.any(write::WRITING) {
                    break;
                }
            }
        }
        if w.buffer.borrow().is_empty() {
            w.flags.clear(write::BUFFERED);
        }
        w.flags.clear(write::PROCESSING);
    }

    fn write_vector(&self) {
        let w = &self.w;
        let buffer = w.buffer.take();
        w.pending.set(w.pending.get() - buffer.len().cast_signed() + 1);
        let mut callbacks: Vec<Callback> = Vec::new();
        let chunks = buffer
            .into_iter()
            .map(|(chunk, callback)| {
                callbacks.extend(callback);
                chunk
            })
            .collect();
        let callback: Option<Callback> = if callbacks.is_empty() {
            None
        } else {
            Some(Box::new(move |result: Result<()>| {
                callbacks.into_iter().for_each(|callback| callback(result.clone()));
            }))
        };
        self.begin_write(w.length.get(), callback);
        self.host.writev(self.lend(), chunks);
        w.flags.clear(flag::SYNC);
    }

    /// `_write` or `_writev` called back.
    pub(crate) fn written(&self, error: Option<Error>) {
        self.written_here(error);
    }

    /// As `written`, without a call of its own: nearly every chunk is done with this way.
    #[inline(always)]
    pub(crate) fn written_here(&self, error: Option<Error>) {
        let w = &self.w;
        if !w.flags.any(write::EXPECT_CALLBACK) {
            return self.written_twice();
        }
        w.length.set(w.length.get().saturating_sub(w.writing_length.replace(0)));
        let callback = w.callback.take();
        let noticed = flag::SYNC | write::BUFFERED | write::ENDING;
        let after =
            w.flags.any(write::AFTER_WRITE_PENDING) || !w.flags.any(flag::OBJECT_MODE | write::NEED_DRAIN);
        w.flags.clear(write::WRITING | write::EXPECT_CALLBACK);
        if error.is_none() && callback.is_none() && after && w.flags.only(noticed, flag::SYNC) {
            // The way of most chunks: nobody waits for this one.
            w.pending.set(w.pending.get() - 1);
        } else {
            self.tell_written(error, callback);
        }
    }

    #[cold]
    fn written_twice(&self) {
        self.error_or_destroy(self.multiple_callback(), false);
    }

    #[inline(never)]
    fn tell_written(&self, error: Option<Error>, callback: Option<Callback>) {
        let w = &self.w;
        let sync = w.flags.any(flag::SYNC);
        if let Some(error) = error {
            self.remember(&error);
            return if sync {
                self.tick(TickKind::WriteError(error, callback));
            } else {
                self.write_failed(error, callback);
            };
        }
        if w.flags.any(write::BUFFERED) {
            self.write_buffered();
        }
        if !sync {
            return self.after_write(callback);
        }
        // Node looks at the wrong bit for "destroyed" here, and finds object mode.
        let drain = w.flags.any(write::NEED_DRAIN) && w.length.get() == 0;
        let tick = callback.is_some()
            || ((drain || w.flags.any(flag::OBJECT_MODE)) && !w.flags.any(write::AFTER_WRITE_PENDING));
        if tick {
            w.flags.set(write::AFTER_WRITE_PENDING);
            self.tick(TickKind::AfterWrite(callback));
        } else {
            w.pending.set(w.pending.get() - 1);
            if w.flags.any(write::ENDING) {
                self.finish_maybe(true);
            }
        }
    }

    pub(super) fn after_write(&self, callback: Option<Callback>) {
        let w = &self.w;
        w.flags.clear(write::AFTER_WRITE_PENDING);
        let drain = write::ENDING | write::NEED_DRAIN | flag::DESTROYED;
        if w.length.get() == 0 && w.flags.only(drain, write::NEED_DRAIN) {
            w.flags.clear(write::NEED_DRAIN);
            self.host.emit(Event::Drain);
        }
        w.pending.set(w.pending.get() - 1);
        if let Some(callback) = callback {
            callback(Ok(()));
        }
        if w.flags.any(flag::DESTROYED) {
            self.drop_buffer();
        }
        if w.flags.any(write::ENDING) {
            self.finish_maybe(true);
        }
    }

    pub(super) fn write_failed(&self, error: Error, callback: Option<Callback>) {
        self.w.pending.set(self.w.pending.get() - 1);
        if let Some(callback) = callback {
            callback(Err(error.clone()));
        }
        self.drop_buffer();
        self.error_or_destroy(error, false);
    }

    /// What is buffered will not be written: its callbacks, and those of `end`, get the error.
    pub(super) fn drop_buffer(&self) {
        let w = &self.w;
        if w.flags.any(write::WRITING) {
            return;
        }
        loop {
            let Some((chunk, callback)) = w.buffer.borrow_mut().pop_front() else { break };
            w.length.set(w.length.get().saturating_sub(w.size_of(&chunk)));
            drop(chunk);
            if let Some(callback) = callback {
                callback(Err(self.write_error("write")));
            }
        }
        self.call_finished(Some(self.write_error("end")));
        w.flags.clear(write::BUFFERED);
    }

    fn write_error(&self, verb: &str) -> Error {
        let errored = self.w.errored.borrow().clone();
        errored.unwrap_or_else(|| self.host.made(destroyed(verb)))
    }

    // ---- The end -----------------------------------------------------------------------------------------

    fn needs_finish(&self) -> bool {
        let w = &self.w;
        let wanted = write::ENDING | flag::CONSTRUCTED;
        let unwanted = flag::DESTROYED
            | flag::ERRORED
            | flag::ERROR_EMITTED
            | flag::CLOSE_EMITTED
            | write::FINISHED
            | write::WRITING
            | write::BUFFERED;
        w.length.get() == 0 && w.flags.only(wanted | unwanted, wanted)
    }

    pub(super) fn finish_maybe(&self, sync: bool) {
        let w = &self.w;
        if !self.needs_finish() {
            return;
        }
        self.prefinish();
        if w.pending.get() != 0 {
            return;
        }
        if sync {
            w.pending.set(w.pending.get() + 1);
            self.tick(TickKind::FinishIfNeeded);
        } else if self.needs_finish() {
            w.pending.set(w.pending.get() + 1);
            self.finish();
        }
    }

    fn prefinish(&self) {
        let w = &self.w;
        if w.flags.any(write::PREFINISHED | write::FINAL_CALLED) {
            return;
        }
        if !self.host.has_final() || w.flags.any(flag::DESTROYED) {
            w.flags.set(write::FINAL_CALLED | write::PREFINISHED);
            self.host.emit(Event::Prefinish);
            return;
        }
        w.flags.set(write::FINAL_CALLED | flag::SYNC);
        w.pending.set(w.pending.get() + 1);
        if let Err(error) = self.host.final_(self.lend()) {
            self.finalized(Some(error));
        }
        w.flags.clear(flag::SYNC);
    }

    /// `_final` called back.
    pub(super) fn finalized(&self, error: Option<Error>) {
        let w = &self.w;
        if w.flags.any(write::PREFINISHED) {
            return self.error_or_destroy(error.unwrap_or_else(|| self.multiple_callback()), false);
        }
        w.pending.set(w.pending.get() - 1);
        if let Some(error) = error {
            self.call_finished(Some(error.clone()));
            self.error_or_destroy(error, w.flags.any(flag::SYNC));
        } else if self.needs_finish() {
            w.flags.set(write::PREFINISHED);
            self.host.emit(Event::Prefinish);
            w.pending.set(w.pending.get() + 1);
            self.tick(TickKind::Finish);
        }
    }

    pub(super) fn finish_if_needed(&self) {
        if self.needs_finish() {
            self.finish();
        } else {
            self.w.pending.set(self.w.pending.get() - 1);
        }
    }

    pub(super) fn finish(&self) {
        let w = &self.w;
        w.pending.set(w.pending.get() - 1);
        w.flags.set(write::FINISHED);
        self.call_finished(None);
        self.host.emit(Event::Finish);
        if w.flags.any(flag::AUTO_DESTROY) {
            let r = &self.r.flags;
            let other_done = !r.any(flag::PRESENT)
                || (r.any(flag::AUTO_DESTROY) && r.any(super::read::END_EMITTED | flag::OFF));
            if other_done {
                self.destroy(None);
            }
        }
    }

    fn call_finished(&self, error: Option<Error>) {
        let w = &self.w;
        if !w.flags.any(write::ON_FINISHED) {
            return;
        }
        w.flags.clear(write::ON_FINISHED);
        let callbacks = w.on_finished.take();
        for callback in callbacks {
            callback(error.clone().map_or(Ok(()), Err));
        }
    }

    /// Node's `stream.writable`.
    pub(crate) fn is_writable(&self) -> bool {
        let gone = flag::OFF | flag::DESTROYED | flag::ERRORED | write::ENDING | write::ENDED;
        self.w.flags.only(flag::PRESENT | gone, flag::PRESENT)
    }

    /// Node's `writableNeedDrain`.
    pub(crate) fn needs_drain(&self) -> bool {
        let bits = flag::DESTROYED | write::ENDING | write::NEED_DRAIN;
        self.w.flags.only(bits, write::NEED_DRAIN)
    }
}

fn destroyed(verb: &str) -> Error {
    Error::from_template(Code::StreamDestroyed, &[&verb])
}
