//! BYOB requests: a reader's buffer, lent to the source.

use std::fmt;

use bytes::BytesMut;
use nodecore_error::{Class, Result};

use super::byte_controller::{PullInto, ReadableByteStreamController, bad_count, invalidated};
use super::readable::State;

/// A reader's buffer that waits to be filled. Node:
/// [`ReadableStreamBYOBRequest`](https://nodejs.org/api/webstreams.html#class-readablestreambyobrequest).
///
/// It is answered once, in place ([`with_view`](ReadableStreamByobRequest::with_view) and
/// [`respond`](ReadableStreamByobRequest::respond)), or later with the memory itself
/// ([`take_view`](ReadableStreamByobRequest::take_view) and
/// [`respond_with_new_view`](ReadableStreamByobRequest::respond_with_new_view)).
#[derive(Clone)]
pub struct ReadableStreamByobRequest {
    handle: ReadableByteStreamController,
    request: u64,
}

impl ReadableStreamByobRequest {
    /// For the first buffer that waits.
    pub(super) fn new(handle: ReadableByteStreamController) -> ReadableStreamByobRequest {
        let request = handle.controller.request.get();
        ReadableStreamByobRequest { handle, request }
    }

    fn is_valid(&self) -> bool {
        self.request == self.handle.controller.request.get()
    }

    /// The bytes that there is room for; 0 once answered.
    pub fn view_len(&self) -> usize {
        let pending = self.handle.controller.pending.borrow();
        pending.front().filter(|_| self.is_valid()).map_or(0, PullInto::room)
    }

    /// Lends the room to be filled to `f`; it is empty once answered or taken.
    pub fn with_view<R>(&self, f: impl FnOnce(&mut [u8]) -> R) -> R {
        let Some(mut view) = self.cut() else { return f(&mut []) };
        let result = f(&mut view);
        self.put_back(view);
        result
    }

    /// Takes the room to be filled out of the stream, such as for a read on another thread. It comes back by
    /// [`respond_with_new_view`](ReadableStreamByobRequest::respond_with_new_view).
    ///
    /// # Errors
    /// [`Code::InvalidState`](nodecore_error::Code::InvalidState) (`TypeError`) once answered or taken.
    pub fn take_view(&self) -> Result<BytesMut> {
        let view = self.cut().ok_or_else(invalidated)?;
        self.handle.controller.taken.set(Some(view.len()));
        Ok(view)
    }

    /// Gives back the memory of [`take_view`](ReadableStreamByobRequest::take_view) without an answer, so that it can
    /// be taken again. Without effect once answered.
    pub fn put_view(&self, view: BytesMut) {
        if self.is_valid()
            && let Some(len) = self.handle.controller.taken.take()
        {
            self.restore(view, len);
        }
    }

    /// Says that `count` bytes were written to the front of the view: 0 once the stream was closed, and only then.
    ///
    /// # Errors
    /// [`Code::InvalidState`](nodecore_error::Code::InvalidState) (`TypeError`) once answered; [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue) for a `count` that is too large
    /// (`RangeError`), 0 before the end or more than 0 after it (`TypeError`).
    pub fn respond(&self, count: usize) -> Result<()> {
        if !self.is_valid() {
            return Err(invalidated());
        }
        self.handle.controller.respond(&self.handle.stream, count)
    }

    /// Gives back the memory of [`take_view`](ReadableStreamByobRequest::take_view), cut to what was written; memory
    /// of one's own is copied.
    ///
    /// # Errors
    /// As [`respond`](ReadableStreamByobRequest::respond), of the view's length.
    pub fn respond_with_new_view(&self, view: BytesMut) -> Result<()> {
        if !self.is_valid() {
            return Err(invalidated());
        }
        let (controller, count) = (&self.handle.controller, view.len());
        let taken = controller.taken.get();
        if count > taken.unwrap_or_else(|| self.view_len()) {
            return Err(bad_count(count, Class::RangeError));
        }
        if count == 0 && self.handle.stream.state() == State::Readable {
            return Err(bad_count(0, Class::TypeError));
        }
        match taken {
            Some(len) => {
                controller.taken.set(None);
                self.restore(view, len);
            }
            None => self.with_view(|memory| memory.iter_mut().zip(&view).for_each(|(to, from)| *to = *from)),
        }
        controller.respond(&self.handle.stream, count)
    }

    /// The unfilled part of the first buffer, cut off it.
    fn cut(&self) -> Option<BytesMut> {
        if !self.is_valid() || self.handle.controller.taken.get().is_some() {
            return None;
        }
        let mut pending = self.handle.controller.pending.borrow_mut();
        let first = pending.front_mut()?;
        Some(first.buffer.split_off(first.filled))
    }

    /// Puts taken memory back; what was cut off it is memory to be filled by the next answer.
    fn restore(&self, mut view: BytesMut, len: usize) {
        view.resize(len, 0);
        if let Some(first) = self.handle.controller.pending.borrow_mut().front_mut() {
            first.buffer.unsplit(view);
        }
    }

    fn put_back(&self, view: BytesMut) {
        // Its buffer is gone if `f` answered or cancelled.
        if self.is_valid()
            && let Some(first) = self.handle.controller.pending.borrow_mut().front_mut()
        {
            first.buffer.unsplit(view);
        }
    }
}

impl fmt::Debug for ReadableStreamByobRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadableStreamByobRequest")
            .field("view_len", &self.view_len())
            .finish_non_exhaustive()
    }
}
