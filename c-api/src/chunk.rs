//! `nodecore/chunk.h`.

use std::collections::VecDeque;
use std::ffi::c_void;
use std::ptr::{null, null_mut};

use ::nodecore_error::{Code, Error, Result};
use bytes::Bytes;
use nodecore_buffer::{Encoding, StringDecoder};
use nodecore_stream::{Chunk, FromText};

use crate::str::nodecore_buf;

/// What the caller's objects have in common.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_object_type {
    pub retain: Option<unsafe extern "C" fn(object: *mut c_void)>,
    pub release: Option<unsafe extern "C" fn(object: *mut c_void)>,
}

/// What is lent to a callback: bytes or an object.
#[derive(Debug)]
#[repr(C)]
pub struct nodecore_chunk {
    pub bytes: nodecore_buf,
    pub object: *mut c_void,
    pub type_: *const nodecore_object_type,
}

/// A reference to an object of the caller's, which `retain` took.
#[derive(Debug)]
pub struct Object {
    object: *mut c_void,
    type_: *const nodecore_object_type,
}

impl Object {
    /// Takes a reference.
    ///
    /// # Safety
    /// - `type_` is null or outlives every reference, and its functions may be called with `object`.
    pub(crate) unsafe fn retain(object: *mut c_void, type_: *const nodecore_object_type) -> Object {
        // SAFETY: as the caller vouches.
        if let Some(retain) = unsafe { type_.as_ref() }.and_then(|type_| type_.retain) {
            // SAFETY: as the caller vouches.
            unsafe { retain(object) };
        }
        Object { object, type_ }
    }
}

impl Clone for Object {
    fn clone(&self) -> Object {
        // SAFETY: whoever made the first reference vouched for the type and its functions.
        unsafe { Object::retain(self.object, self.type_) }
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        // SAFETY: as in `clone`.
        if let Some(release) = unsafe { self.type_.as_ref() }.and_then(|type_| type_.release) {
            // SAFETY: as in `clone`; each reference is released once.
            unsafe { release(self.object) };
        }
    }
}

/// What flows through the streams of the C API.
#[derive(Clone, Debug)]
pub enum Item {
    Bytes(Bytes),
    Object(Object),
}

impl Item {
    /// What the caller gave: bytes of the library's are shared, others copied, an object is retained.
    ///
    /// # Safety
    /// - the bytes, or the object and its type, are what the caller says.
    pub(crate) unsafe fn share(chunk: &mut nodecore_chunk) -> Item {
        if chunk.object.is_null() {
            return Item::Bytes(chunk.bytes.share());
        }
        // SAFETY: as the caller vouches.
        Item::Object(unsafe { Object::retain(chunk.object, chunk.type_) })
    }

    /// What the caller made for the library: bytes are moved, or copied if they are not the library's, and with an
    /// object comes a reference.
    ///
    /// # Safety
    /// - as for [`Item::share`].
    pub(crate) unsafe fn take(mut chunk: nodecore_chunk) -> Item {
        let item = match chunk.object.is_null() {
            true => Item::Bytes(chunk.bytes.share()),
            false => Item::Object(Object { object: chunk.object, type_: chunk.type_ }),
        };
        drop(chunk.bytes.into_bytes());
        item
    }

    /// The item as a callback may look at it, without a reference.
    pub(crate) fn view(&self) -> nodecore_chunk {
        match self {
            Item::Bytes(bytes) => {
                let (data, len) = (bytes.as_ptr().cast(), bytes.len());
                let bytes = nodecore_buf { data, len, ..nodecore_buf::EMPTY };
                nodecore_chunk { bytes, object: null_mut(), type_: null() }
            }
            Item::Object(Object { object, type_ }) => {
                nodecore_chunk { bytes: nodecore_buf::EMPTY, object: *object, type_: *type_ }
            }
        }
    }

    /// Lends the item to a callback; what it did not take is released after it.
    pub(crate) fn lend(self, call: impl FnOnce(*mut nodecore_chunk)) {
        match self {
            Item::Bytes(bytes) => {
                let mut chunk = nodecore_chunk { bytes: bytes.into(), object: null_mut(), type_: null() };
                call(&raw mut chunk);
                drop(chunk.bytes.into_bytes());
            }
            Item::Object(object) => {
                let mut chunk =
                    nodecore_chunk { bytes: nodecore_buf::EMPTY, object: object.object, type_: object.type_ };
                call(&raw mut chunk);
                // A caller may have put bytes of its own there.
                drop(chunk.bytes.into_bytes());
            }
        }
    }

    /// The bytes.
    ///
    /// # Errors
    /// [`Code::InvalidArgType`] for an object, as Node throws where a stream of bytes gets one.
    pub(crate) fn into_bytes(self) -> Result<Bytes> {
        match self {
            Item::Bytes(bytes) => Ok(bytes),
            Item::Object(_) => Err(Error::from_template(
                Code::InvalidArgType,
                &[
                    &"chunk",
                    &"of type string or an instance of Buffer, TypedArray, or DataView",
                    &"an object",
                ],
            )),
        }
    }
}

impl From<Bytes> for Item {
    fn from(bytes: Bytes) -> Item {
        Item::Bytes(bytes)
    }
}

/// Does with the bytes at the front of `queue` what `f` does with bytes, of which it needs at most `limit`; an
/// object is taken whole.
fn of_bytes(
    queue: &mut VecDeque<Item>,
    limit: usize,
    f: impl FnOnce(&mut VecDeque<Bytes>) -> Option<Bytes>,
) -> Option<Item> {
    let mut run = VecDeque::new();
    let mut length = 0;
    while length < limit
        && let Some(Item::Bytes(bytes)) = queue.front_mut()
    {
        length += bytes.len();
        run.push_back(std::mem::take(bytes));
        queue.pop_front();
    }
    if run.is_empty() {
        return queue.pop_front();
    }
    let taken = f(&mut run);
    run.into_iter().rev().for_each(|bytes| queue.push_front(Item::Bytes(bytes)));
    taken.map(Item::Bytes)
}

impl Chunk for Item {
    const SPLITS: bool = true;

    fn size(&self) -> usize {
        match self {
            Item::Bytes(bytes) => bytes.len(),
            Item::Object(_) => 1,
        }
    }

    fn take(queue: &mut VecDeque<Item>, size: usize) -> Option<Item> {
        match queue.front() {
            Some(Item::Bytes(first)) if size != usize::MAX && first.len() != size => {
                of_bytes(queue, size, |run| Bytes::take(run, size))
            }
            _ => queue.pop_front(),
        }
    }

    fn decode(self, decoder: &mut StringDecoder) -> Item {
        match self {
            Item::Bytes(bytes) => Item::Bytes(bytes.decode(decoder)),
            Item::Object(_) => self,
        }
    }

    fn decode_rest(decoder: &mut StringDecoder) -> Option<Item> {
        Bytes::decode_rest(decoder).map(Item::Bytes)
    }

    fn join(chunks: VecDeque<Item>) -> VecDeque<Item> {
        let mut joined: VecDeque<Item> = VecDeque::new();
        let mut run = VecDeque::new();
        let end = |run: &mut VecDeque<Bytes>, joined: &mut VecDeque<Item>| {
            joined.extend(Bytes::join(std::mem::take(run)).into_iter().map(Item::Bytes));
        };
        for chunk in chunks {
            match chunk {
                Item::Bytes(bytes) => run.push_back(bytes),
                Item::Object(_) => {
                    end(&mut run, &mut joined);
                    joined.push_back(chunk);
                }
            }
        }
        end(&mut run, &mut joined);
        joined
    }

    fn text_size(&self) -> usize {
        match self {
            Item::Bytes(bytes) => bytes.text_size(),
            Item::Object(_) => 1,
        }
    }

    fn take_text(queue: &mut VecDeque<Item>, size: usize) -> Option<Item> {
        // The bytes of `size` units are at least `size`, and at most three times as many.
        if size == usize::MAX {
            return queue.pop_front();
        }
        // A unit has at most three bytes, and a character is taken whole.
        of_bytes(queue, size.saturating_mul(3).saturating_add(3), |run| Bytes::take_text(run, size))
    }
}

impl FromText for Item {
    fn from_text(text: &str, encoding: Encoding) -> Item {
        Item::Bytes(Bytes::from_text(text, encoding))
    }
}
