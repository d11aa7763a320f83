//! `nodecore/chunk.h`.

use std::collections::VecDeque;
use std::ffi::c_void;
use std::fmt;
use std::mem::ManuallyDrop;
use std::ptr::{NonNull, null, null_mut};

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
    #[inline(always)]
    pub(crate) unsafe fn given(&mut self) -> Result<Given<'_>> {
        // SAFETY: as the caller vouches.
        match unsafe { self.given_object() } {
            Some(object) => Ok(Given::Item(object)),
            // SAFETY: as the caller vouches.
            None => unsafe { self.given_bytes() },
        }
    }

    /// As [`given`](nodecore_chunk::given), if it is an object.
    ///
    /// # Safety
    /// - as for `given`.
    #[inline(always)]
    pub(crate) unsafe fn given_object(&self) -> Option<Item> {
        // SAFETY: as the caller vouches.
        NonNull::new(self.object).map(|object| unsafe { Item::retain(object, self.type_) })
    }

    /// Of [`given`](nodecore_chunk::given), what is no object.
    ///
    /// # Safety
    /// - as for `given`.
    #[inline(never)]
    unsafe fn given_bytes(&mut self) -> Result<Given<'_>> {
        if self.encoding.data.is_null() {
            return Ok(Given::Item(self.bytes.share().into()));
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
    /// - it came from an [`Item`], what it owns was not freed, and it is not used any more.
    #[inline]
    unsafe fn release(&mut self) {
        if let Some(data) = NonNull::new(self.object) {
            drop(Item { data, type_: self.type_ });
        }
        // A caller may have moved bytes of its own into a chunk that it was lent.
        self.bytes.free();
    }
}

impl From<Item> for nodecore_chunk {
    #[inline]
    fn from(item: Item) -> nodecore_chunk {
        match item.unpack() {
            Unpacked::Bytes(bytes) => nodecore_chunk { bytes: bytes.into(), ..nodecore_chunk::EMPTY },
            Unpacked::Object(object, type_) => {
                nodecore_chunk { object: object.as_ptr(), type_, ..nodecore_chunk::EMPTY }
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
        let mut chunk = nodecore_chunk_take(chunk);
        total((), || chunk.release());
    }
}

/// What flows through the streams of the C API: bytes, or a reference to an object of the caller's, which `retain`
/// took. Two words, none of which is zero at times: chunks are handed on a dozen times, and mostly in registers.
pub struct Item {
    /// The object, or what `Box::into_raw` made of [`Bytes`].
    data: NonNull<c_void>,
    /// The caller's type of the object, or [`BYTES`].
    type_: *const nodecore_object_type,
}

/// By its address, the type of bytes.
static BYTES: nodecore_object_type = nodecore_object_type { retain: None, release: None };

/// What an [`Item`] is made of, with all that it owns.
enum Unpacked {
    Bytes(Box<Bytes>),
    Object(NonNull<c_void>, *const nodecore_object_type),
}

impl Item {
    /// Takes a reference to an object.
    ///
    /// # Safety
    /// - `type_` is null or outlives every reference, and its functions may be called with `object`.
    #[inline]
    unsafe fn retain(object: NonNull<c_void>, type_: *const nodecore_object_type) -> Item {
        // SAFETY: as the caller vouches.
        if let Some(retain) = unsafe { type_.as_ref() }.and_then(|type_| type_.retain) {
            // SAFETY: as the caller vouches.
            unsafe { retain(object.as_ptr()) };
        }
        Item { data: object, type_ }
    }

    #[inline]
    pub(crate) fn is_object(&self) -> bool {
        !std::ptr::eq(self.type_, &raw const BYTES)
    }

    /// The bytes, unless it is an object.
    #[inline]
    pub(crate) fn bytes(&self) -> Option<&Bytes> {
        // SAFETY: an item of type `BYTES` owns a `Box<Bytes>`.
        if self.is_object() { None } else { Some(unsafe { self.data.cast().as_ref() }) }
    }

    fn bytes_mut(&mut self) -> Option<&mut Bytes> {
        // SAFETY: as in `bytes`.
        if self.is_object() { None } else { Some(unsafe { self.data.cast().as_mut() }) }
    }

    #[inline]
    fn unpack(self) -> Unpacked {
        let item = ManuallyDrop::new(self);
        if item.is_object() {
            Unpacked::Object(item.data, item.type_)
        } else {
            // SAFETY: as in `bytes`; the item, which is not dropped, owned the box.
            Unpacked::Bytes(unsafe { Box::from_raw(item.data.as_ptr().cast()) })
        }
    }

    /// What its drop does.
    ///
    /// # Safety
    /// - the item is not used any more, and its type is not null.
    #[inline(never)]
    unsafe fn release(&mut self) {
        if !self.is_object() {
            // SAFETY: as in `unpack`.
            drop(unsafe { Box::<Bytes>::from_raw(self.data.as_ptr().cast()) });
        // SAFETY: as in `clone`.
        } else if let Some(release) = unsafe { (*self.type_).release } {
            // SAFETY: as in `clone`; each reference is released once.
            unsafe { release(self.data.as_ptr()) };
        }
    }

    /// The item as a callback may look at it, without a reference.
    pub(crate) fn view(&self) -> nodecore_chunk {
        match self.bytes() {
            Some(bytes) => {
                let (data, len) = (bytes.as_ptr().cast(), bytes.len());
                let bytes = nodecore_buf { data, len, ..nodecore_buf::EMPTY };
                nodecore_chunk { bytes, ..nodecore_chunk::EMPTY }
            }
            None => nodecore_chunk { object: self.data.as_ptr(), type_: self.type_, ..nodecore_chunk::EMPTY },
        }
    }

    /// Lends the item to a callback; what it did not take is released after it.
    #[inline(always)]
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
        chunks.iter_mut().for_each(|chunk| unsafe { chunk.release() });
    }
}

impl Clone for Item {
    fn clone(&self) -> Item {
        match self.bytes() {
            Some(bytes) => bytes.clone().into(),
            // SAFETY: whoever made the first reference vouched for the type and its functions.
            None => unsafe { Item::retain(self.data, self.type_) },
        }
    }
}

impl Drop for Item {
    #[inline]
    fn drop(&mut self) {
        if !self.type_.is_null() {
            // SAFETY: the item goes, and drops once what it owns.
            unsafe { self.release() };
        }
    }
}

impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.bytes() {
            Some(bytes) => f.debug_tuple("Bytes").field(bytes).finish(),
            None => f.debug_tuple("Object").field(&self.data).finish(),
        }
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
    fn into_bytes(mut self) -> Result<Bytes> {
        self.bytes_mut().map(std::mem::take).ok_or_else(no_bytes)
    }
}

impl From<Bytes> for Item {
    fn from(bytes: Bytes) -> Item {
        let bytes = NonNull::from(Box::leak(Box::new(bytes)));
        Item { data: bytes.cast(), type_: &raw const BYTES }
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
        && let Some(bytes) = queue.front_mut().and_then(Item::bytes_mut)
    {
        length += bytes.len();
        run.push_back(std::mem::take(bytes));
        queue.pop_front();
    }
    if run.is_empty() {
        return queue.pop_front();
    }
    let taken = f(&mut run);
    run.into_iter().rev().for_each(|bytes| queue.push_front(bytes.into()));
    taken.map(Item::from)
}

impl Chunk for Item {
    const SPLITS: bool = true;

    #[inline]
    fn size(&self) -> usize {
        self.bytes().map_or(1, Bytes::len)
    }

    fn check_units(&self) -> Result<()> {
        if self.is_object() { Err(no_bytes()) } else { Ok(()) }
    }

    fn take(queue: &mut VecDeque<Item>, size: usize) -> Option<Item> {
        match queue.front_mut().and_then(Item::bytes_mut) {
            Some(first) if size < first.len() => Some(first.split_to(size).into()),
            Some(first) if size != usize::MAX && size > first.len() => {
                of_bytes(queue, size, |run| Bytes::take(run, size))
            }
            _ => queue.pop_front(),
        }
    }

    fn decode(mut self, decoder: &mut StringDecoder) -> Item {
        if let Some(bytes) = self.bytes_mut() {
            *bytes = std::mem::take(bytes).decode(decoder);
        }
        self
    }

    fn decode_rest(decoder: &mut StringDecoder) -> Option<Item> {
        Bytes::decode_rest(decoder).map(Item::from)
    }

    fn join(chunks: VecDeque<Item>) -> VecDeque<Item> {
        let mut joined: VecDeque<Item> = VecDeque::new();
        let mut run = VecDeque::new();
        let end = |run: &mut VecDeque<Bytes>, joined: &mut VecDeque<Item>| {
            joined.extend(Bytes::join(std::mem::take(run)).into_iter().map(Item::from));
        };
        for mut chunk in chunks {
            if let Some(bytes) = chunk.bytes_mut() {
                run.push_back(std::mem::take(bytes));
            } else {
                end(&mut run, &mut joined);
                joined.push_back(chunk);
            }
        }
        end(&mut run, &mut joined);
        joined
    }

    fn text_size(&self) -> usize {
        self.bytes().map_or(1, Bytes::text_size)
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
        Bytes::from_text(text, encoding).into()
    }
}
