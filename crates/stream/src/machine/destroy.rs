//! Construction, errors and the end of a stream: what both sides have in common.

use nodecore_error::{Code, Error};

use super::{Inner, Machine, flag, read, write};
use crate::host::{Event, Host, TickKind};

impl<H: Host> Machine<H> {
    /// Destroys the stream: `_destroy` is called, then `error` (if any) and `close` are emitted.
    pub fn destroy(&self, error: Option<Error>) {
        self.0.destroy(error);
    }

    /// Reports an error as Node does for one that a function of the user's throws or reports.
    pub fn error_or_destroy(&self, error: Error, sync: bool) {
        self.0.error_or_destroy(error, sync);
    }
}

impl<H: Host> Inner<H> {
    pub(crate) fn either(&self, bits: u32) -> bool {
        self.r.flags.any(bits) || self.w.flags.any(bits)
    }

    pub(super) fn multiple_callback(&self) -> Error {
        self.host.made(Error::from_template(Code::MultipleCallback, &[]))
    }

    fn set_both(&self, bits: u32) {
        if self.r.flags.any(flag::PRESENT) {
            self.r.flags.set(bits);
        }
        if self.w.flags.any(flag::PRESENT) {
            self.w.flags.set(bits);
        }
    }

    /// Whether `_construct` is done.
    pub(crate) fn is_constructed(&self) -> bool {
        self.either(flag::CONSTRUCTED)
    }

    pub(super) fn begin_construct(&self) {
        if self.host.has_construct() {
            self.r.flags.clear(flag::CONSTRUCTED);
            self.w.flags.clear(flag::CONSTRUCTED);
            self.tick(TickKind::Construct);
        }
    }

    pub(super) fn construct(&self) {
        if let Err(error) = self.host.construct(self.lend()) {
            self.tick(TickKind::Constructed(Some(error)));
        }
    }

    pub(super) fn constructed(&self, error: Option<Error>) {
        if self.construct_called.replace(true) {
            let error = error.unwrap_or_else(|| self.multiple_callback());
            return self.error_or_destroy(error, false);
        }
        self.set_both(flag::CONSTRUCTED);
        if self.either(flag::DESTROYED) {
            let outer = self.destroy_waiting.take();
            return self.tear_down(both(error, outer));
        }
        if let Some(error) = error {
            return self.error_or_destroy(error, true);
        }
        if self.r.flags.any(read::NEED_READABLE) {
            self.maybe_read_more();
        }
        if self.w.flags.any(flag::PRESENT) {
            if !self.w.flags.any(write::WRITING) {
                self.write_buffered();
            }
            if self.w.flags.any(write::ENDING) {
                self.finish_maybe(false);
            }
        }
    }

    /// Keeps the first error of each side.
    pub(super) fn remember(&self, error: &Error) {
        for (flags, slot) in [(&self.w.flags, &self.w.errored), (&self.r.flags, &self.r.errored)] {
            if flags.only(flag::PRESENT | flag::ERRORED, flag::PRESENT) {
                flags.set(flag::ERRORED);
                let _ = slot.replace(Some(error.clone()));
            }
        }
    }

    pub(crate) fn destroy(&self, error: Option<Error>) {
        if self.w.flags.any(write::BUFFERED | write::ON_FINISHED) && !self.w.flags.any(flag::DESTROYED) {
            self.tick(TickKind::DropBuffer);
        }
        if self.either(flag::DESTROYED) {
            return;
        }
        if let Some(error) = &error {
            self.remember(error);
        }
        self.set_both(flag::DESTROYED);
        if self.is_constructed() {
            self.tear_down(error);
        } else {
            self.destroy_waiting.set(error);
        }
    }

    fn tear_down(&self, error: Option<Error>) {
        if let Err(error) = self.host.destroy(self.lend(), error) {
            self.torn_down(Some(error));
        }
    }

    /// `_destroy` called back.
    pub(super) fn torn_down(&self, error: Option<Error>) {
        if self.destroy_called.replace(true) {
            return;
        }
        if let Some(error) = &error {
            self.remember(error);
        }
        self.set_both(flag::CLOSED);
        self.tick(TickKind::Close(error));
    }

    pub(super) fn emit_close(&self, error: Option<Error>) {
        if let Some(error) = error {
            self.emit_error(error);
        }
        self.set_both(flag::CLOSE_EMITTED);
        if self.either(flag::EMIT_CLOSE) {
            self.host.emit(Event::Close);
        }
        self.host.closed();
    }

    pub(super) fn emit_error(&self, error: Error) {
        if self.either(flag::ERROR_EMITTED) {
            return;
        }
        self.set_both(flag::ERROR_EMITTED);
        self.host.emit_error(error);
    }

    pub(crate) fn error_or_destroy(&self, error: Error, sync: bool) {
        if self.either(flag::DESTROYED) {
            return;
        }
        if self.either(flag::AUTO_DESTROY) {
            return self.destroy(Some(error));
        }
        self.remember(&error);
        if sync {
            self.tick(TickKind::EmitError(error));
        } else {
            self.emit_error(error);
        }
    }
}

/// One error of two: Node's `AggregateError` has the text and code of the outer one.
fn both(inner: Option<Error>, outer: Option<Error>) -> Option<Error> {
    match (inner, outer) {
        (Some(inner), Some(outer)) if outer.cause().is_none() => Some(outer.with_cause(inner)),
        (inner, outer) => outer.or(inner),
    }
}
