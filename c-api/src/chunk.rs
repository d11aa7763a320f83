//! `nodecore/chunk.h`.

use std::collections::VecDeque;
use std::ffi::c_void;
use std::mem::ManuallyDrop;
use std::ptr::{null, null_mut};

use ::nodecore_error::{Code, Error, Result};
use bytes::Bytes;
use nodecore_buffer::{Encoding, StringDecoder};
use nodecore_stream::{ByteChunk, Chunk, FromText};

use crate::boundary::{arg, total};
use crate::str::{nodecore_buf, nodecore_str};

/// What the caller's objects have in common.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_object_type {
    pub retain: Option<unsafe extern "C" fn(object: *mut c_void)>,
    pub release: Option<unsafe extern "C" fn(object: *mut c_void)>,
}

/// Bytes or an object, owned, lent or given; given bytes may be text.
#[derive(Debug)]
#[repr(C)]
pub struct nodecore_chunk {
    pub bytes: nodecore_buf,
    pub object: *mut c_void,
    pub type_: *const nodecore_object_type,
    pub encoding: nodecore_str,
}

/// A chunk of the caller's: text is made what it stands for by the stream, which has a default encoding and may have
/// one of its own.
#[derive(Debug)]
pub(crate) enum Given<'a> {
    Item(Item),
    Text(&'a str, Option<Encoding>),
}

impl nodecore_chunk {
    pub(crate) const EMPTY: nodecore_chunk = nodecore_chunk {
        bytes: nodecore_buf::EMPTY,
        object: null_mut(),
        type_: null(),
        encoding: nodecore_str::NONE,
    };

    /// What the caller gives, who keeps the chunk.
    ///
    /// # Safety
    /// - the fields say what is there: readable bytes, or an object of the type.
    ///
    /// # Errors
    /// [`Code::UnknownEncoding`]; [`Code::InvalidArgValue`] for text that is not UTF-8.
    pub(crate) unsafe fn given(&mut self) -> Result<Given<'_>> {
        if !self.object.is_null() {
            // SAFETY: as the caller vouches.
            return Ok(Given::Item(Item::Object(unsafe { Object::retain(self.object, self.type_) })));
        }
        if self.encoding.data.is_null() {
            return Ok(Given::Item(Item::Bytes(self.bytes.share())));
        }
        // SAFETY: as the caller vouches.
        let (encoding, text) = unsafe {
            (
                arg::text(self.encoding.data, self.encoding.len, "encoding")?,
                arg::text(self.bytes.data, self.bytes.len, "chunk")?,
            )
        };
        Ok(Given::Text(text, if encoding.is_empty() { None } else { Some(encoding.parse()?) }))
    }

    /// Gives back what it owns.
    ///
    /// # Safety
    /// - it came from an [`Item`], and what it owns was not freed.
    unsafe fn release(self) {
        if !self.object.is_null() {
            drop(Object { object: self.object, type_: self.type_ });
        }
        // A caller may have moved bytes of its own into a chunk that it was lent.
        drop(self.bytes.into_bytes());
    }
}

impl From<Item> for nodecore_chunk {
    fn from(item: Item) -> nodecore_chunk {
        match item {
            Item::Bytes(bytes) => nodecore_chunk { bytes: bytes.into(), ..nodecore_chunk::EMPTY },
            Item::Object(object) => {
                let object = ManuallyDrop::new(object);
                nodecore_chunk { object: object.object, type_: object.type_, ..nodecore_chunk::EMPTY }
            }
        }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `chunk` is null or one that the library lent, or an empty one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_chunk_take(chunk: *mut nodecore_chunk) -> nodecore_chunk {
    // SAFETY: the caller vouches for a non-null `chunk`.
    unsafe { chunk.as_mut() }
        .map_or(nodecore_chunk::EMPTY, |chunk| std::mem::replace(chunk, nodecore_chunk::EMPTY))
}

/// Declared in the header.
///
/// # Safety
/// - `chunk` is null or one that the library gave and that was not freed, or an empty one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_chunk_free(chunk: *mut nodecore_chunk) {
    // SAFETY: as the caller vouches.
    unsafe {
        let chunk = nodecore_chunk_take(chunk);
        total((), || chunk.release());
    }
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
    unsafe fn retain(object: *mut c_void, type_: *const nodecore_object_type) -> Object {
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
    /// The item as a callback may look at it, without a reference.
    pub(crate) fn view(&self) -> nodecore_chunk {
        match self {
            Item::Bytes(bytes) => {
                let (data, len) = (bytes.as_ptr().cast(), bytes.len());
                let bytes = nodecore_buf { data, len, ..nodecore_buf::EMPTY };
                nodecore_chunk { bytes, ..nodecore_chunk::EMPTY }
            }
            Item::Object(Object { object, type_ }) => {
                nodecore_chunk { object: *object, type_: *type_, ..nodecore_chunk::EMPTY }
            }
        }
    }

    /// Lends the item to a callback; what it did not take is released after it.
    pub(crate) fn lend(self, call: impl FnOnce(*mut nodecore_chunk)) {
        let mut chunk = nodecore_chunk::from(self);
        call(&raw mut chunk);
        // SAFETY: it came from an item; what the callback took is not in it any more.
        unsafe { chunk.release() };
    }

    /// As [`lend`](Item::lend), of several.
    pub(crate) fn lend_all(items: Vec<Item>, call: impl FnOnce(*mut nodecore_chunk, usize)) {
        let mut chunks: Vec<nodecore_chunk> = items.into_iter().map(nodecore_chunk::from).collect();
        call(chunks.as_mut_ptr(), chunks.len());
        // SAFETY: as in `lend`.
        chunks.into_iter().for_each(|chunk| unsafe { chunk.release() });
    }
}

/// What Node throws where a stream of bytes gets an object.
fn no_bytes() -> Error {
    Error::from_template(
        Code::InvalidArgType,
        &[
            &"chunk",
            &"of type string or an instance of Buffer, TypedArray, or DataView",
            &"an instance of Object",
        ],
    )
}

impl ByteChunk for Item {
    fn into_bytes(self) -> Result<Bytes> {
        match self {
            Item::Bytes(bytes) => Ok(bytes),
            Item::Object(_) => Err(no_bytes()),
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

    fn check_units(&self) -> Result<()> {
        match self {
            Item::Bytes(_) => Ok(()),
            Item::Object(_) => Err(no_bytes()),
        }
    }

    fn take(queue: &mut VecDeque<Item>, size: usize) -> Option<Item> {
        match queue.front_mut() {
            Some(Item::Bytes(first)) if size < first.len() => Some(Item::Bytes(first.split_to(size))),
            Some(Item::Bytes(first)) if size != usize::MAX && size > first.len() => {
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
