//! `nodecore/stream_machine.h`: values of a host's that flow through its machines.

use std::collections::VecDeque;
use std::ffi::{c_char, c_void};
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use ::nodecore_error::Result;
use ::nodecore_stream::Chunk;
use nodecore_buffer::StringDecoder;

use crate::boundary::arg;
use crate::str::nodecore_str;

/// A value, owned or lent.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_stream_value {
    pub object: *mut c_void,
    pub size: usize,
}

/// What the values of a host have in common.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_stream_value_type {
    pub retain: Option<unsafe extern "C" fn(object: *mut c_void)>,
    pub release: Option<unsafe extern "C" fn(object: *mut c_void)>,
    pub slice:
        Option<unsafe extern "C" fn(object: *mut c_void, start: usize, end: usize) -> nodecore_stream_value>,
    pub join:
        Option<unsafe extern "C" fn(objects: *const *mut c_void, count: usize) -> nodecore_stream_value>,
    pub bytes: Option<unsafe extern "C" fn(object: *mut c_void) -> nodecore_str>,
    pub text: Option<unsafe extern "C" fn(data: *const c_char, len: usize) -> nodecore_stream_value>,
}

impl nodecore_stream_value_type {
    /// Checks that all functions are there.
    ///
    /// # Safety
    /// - `type_` is null or readable.
    pub(super) unsafe fn check(type_: *const nodecore_stream_value_type) -> Result<()> {
        // SAFETY: as the caller vouches.
        let type_ = unsafe { arg::object(type_, "host.values") }?;
        arg::callback(type_.retain, "values.retain")?;
        arg::callback(type_.release, "values.release")?;
        arg::callback(type_.slice, "values.slice")?;
        arg::callback(type_.join, "values.join")?;
        arg::callback(type_.bytes, "values.bytes")?;
        arg::callback(type_.text, "values.text")?;
        Ok(())
    }
}

/// A reference to a value of the host's, which knows how to count, split and join them.
#[derive(Debug)]
pub(super) struct Value {
    object: NonNull<c_void>,
    size: usize,
    type_: &'static nodecore_stream_value_type,
}

impl Value {
    /// Takes a reference of its own; none of a value that is not there.
    ///
    /// # Safety
    /// - `type_` has been checked, outlives every value, and its functions may be called with the object.
    pub(super) unsafe fn retain(
        value: nodecore_stream_value,
        type_: *const nodecore_stream_value_type,
    ) -> Option<Value> {
        // SAFETY: as the caller vouches.
        let value = unsafe { Value::given(value, &*type_) }?;
        value.count();
        Some(value)
    }

    /// Owns a reference that is given.
    fn given(value: nodecore_stream_value, type_: &'static nodecore_stream_value_type) -> Option<Value> {
        NonNull::new(value.object).map(|object| Value { object, size: value.size, type_ })
    }

    fn count(&self) {
        if let Some(retain) = self.type_.retain {
            // SAFETY: whoever made the first reference vouched for the type and its functions; so below.
            unsafe { retain(self.object.as_ptr()) };
        }
    }

    /// The value as a function of the host's may look at it, without a reference.
    pub(super) fn view(&self) -> nodecore_stream_value {
        nodecore_stream_value { object: self.object.as_ptr(), size: self.size }
    }

    /// Gives the reference away.
    pub(super) fn into_view(self) -> nodecore_stream_value {
        ManuallyDrop::new(self).view()
    }

    fn slice(&self, start: usize, end: usize) -> Option<Value> {
        // SAFETY: as in `count`; the range is inside.
        let part = unsafe { (self.type_.slice?)(self.object.as_ptr(), start, end) };
        Value::given(part, self.type_)
    }

    fn joined(parts: &[Value]) -> Option<Value> {
        let first = parts.first()?;
        let objects: Vec<*mut c_void> = parts.iter().map(|part| part.object.as_ptr()).collect();
        // SAFETY: as in `count`.
        let whole = unsafe { (first.type_.join?)(objects.as_ptr(), objects.len()) };
        Value::given(whole, first.type_)
    }

    fn text(text: &str, type_: &'static nodecore_stream_value_type) -> Option<Value> {
        // SAFETY: as in `count`; the text is lent for the call.
        let value = unsafe { (type_.text?)(text.as_ptr().cast(), text.len()) };
        Value::given(value, type_)
    }
}

impl Clone for Value {
    fn clone(&self) -> Value {
        self.count();
        Value { object: self.object, size: self.size, type_: self.type_ }
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        if let Some(release) = self.type_.release {
            // SAFETY: as in `count`; each reference is released once.
            unsafe { release(self.object.as_ptr()) };
        }
    }
}

impl Chunk for Value {
    const SPLITS: bool = true;

    fn size(&self) -> usize {
        self.size
    }

    fn take(queue: &mut VecDeque<Value>, size: usize) -> Option<Value> {
        let first = queue.front()?;
        if size == usize::MAX || size == first.size {
            return queue.pop_front();
        }
        if size < first.size {
            return split_front(queue, size);
        }
        let (mut parts, mut wanted) = (Vec::new(), size);
        while let Some(next) = queue.front()
            && wanted > 0
        {
            let whole = next.size <= wanted;
            let part = if whole { queue.pop_front() } else { split_front(queue, wanted) };
            let Some(part) = part else { break };
            wanted = wanted.saturating_sub(part.size.max(1));
            parts.push(part);
        }
        Value::joined(&parts)
    }

    fn decode(self, decoder: &mut StringDecoder) -> Value {
        // SAFETY: as in `count`; the bytes are readable until the value is released.
        let bytes = self.type_.bytes.map(|bytes| unsafe { bytes(self.object.as_ptr()) });
        let text = bytes.and_then(|bytes| {
            // SAFETY: as above.
            let bytes = unsafe { arg::readable(bytes.data, bytes.len) }?;
            Value::text(&decoder.write(bytes), self.type_)
        });
        text.unwrap_or(self)
    }

    fn join(chunks: VecDeque<Value>) -> VecDeque<Value> {
        let parts: Vec<Value> = chunks.into_iter().filter(|part| part.size > 0).collect();
        if parts.len() < 2 {
            return parts.into();
        }
        Value::joined(&parts).into_iter().collect()
    }

    fn take_text(queue: &mut VecDeque<Value>, size: usize) -> Option<Value> {
        Value::take(queue, size)
    }
}

/// Takes the first `size` units, fewer than there are, of the value at the front.
fn split_front(queue: &mut VecDeque<Value>, size: usize) -> Option<Value> {
    let first = queue.front_mut()?;
    let (head, tail) = (first.slice(0, size)?, first.slice(size, first.size)?);
    *first = tail;
    Some(head)
}

/// What `decoder` has kept, as a value of the host's.
pub(super) fn decode_rest(
    decoder: &mut StringDecoder,
    type_: *const nodecore_stream_value_type,
) -> Option<Value> {
    let text = decoder.end();
    // SAFETY: the type was checked when the machine was made, and outlives it.
    let type_ = unsafe { type_.as_ref() }?;
    if text.is_empty() { None } else { Value::text(&text, type_) }
}
