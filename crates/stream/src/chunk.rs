//! What flows through a stream.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::convert::Infallible;
use std::rc::Rc;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use nodecore_buffer::StringDecoder;
use nodecore_error::Result;

/// What flows through a stream: [`Bytes`], or in object mode any value.
///
/// A type of your own needs one line, `impl Chunk for MyType {}`. A chunk is cloned only where it has several
/// receivers (two `data` listeners, two pipes); put what is costly to clone in an [`Rc`].
///
/// ```
/// use nodecore_stream::Chunk;
///
/// #[derive(Clone)]
/// struct Row(Vec<String>);
/// impl Chunk for Row {}
/// ```
pub trait Chunk: Clone + 'static {
    /// Whether this is a run of units that may be split and joined, so that a stream of it counts units
    /// instead of chunks unless it is told to be in object mode.
    const SPLITS: bool = false;

    /// The units in it: bytes, of [`Bytes`].
    fn size(&self) -> usize {
        1
    }

    /// Whether a stream that is not in object mode takes it, of a type of which [`SPLITS`](Chunk::SPLITS) is true.
    ///
    /// # Errors
    /// What such a stream fails with when it is written or pushed: `ERR_INVALID_ARG_TYPE` in Node.
    fn check_units(&self) -> Result<()> {
        Ok(())
    }

    /// Takes `size` units off the front of `queue`, which holds at least as many, joining and splitting
    /// chunks as needed; in object mode (`size` is [`usize::MAX`]) takes one chunk.
    fn take(queue: &mut VecDeque<Self>, size: usize) -> Option<Self> {
        let _ = size;
        queue.pop_front()
    }

    /// The text of it, in a stream that has an encoding; what cannot be text stays as it is.
    #[must_use]
    fn decode(self, decoder: &mut StringDecoder) -> Self {
        let _ = decoder;
        self
    }

    /// The text of what `decoder` has kept, at the end of the stream.
    fn decode_rest(decoder: &mut StringDecoder) -> Option<Self> {
        let _ = decoder;
        None
    }

    /// One chunk out of several chunks of text, for [`Machine::set_encoding`](crate::Machine::set_encoding).
    fn join(chunks: VecDeque<Self>) -> VecDeque<Self> {
        chunks
    }

    /// The length of text: UTF-16 units, as Node counts.
    fn text_size(&self) -> usize {
        self.size()
    }

    /// As [`Chunk::take`], of text.
    fn take_text(queue: &mut VecDeque<Self>, size: usize) -> Option<Self> {
        Self::take(queue, size)
    }
}

/// Chunks that streams of bytes can carry: those of files, codecs and hashes.
///
/// They are [`Bytes`] themselves, and types of which bytes are one case, so that a stream of such chunks can be piped
/// into a file without a stage in between.
pub trait ByteChunk: Chunk + From<Bytes> {
    /// The bytes.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG_TYPE` for a chunk that is something else, as Node throws where a stream of bytes gets one.
    fn into_bytes(self) -> Result<Bytes>;
}

impl ByteChunk for Bytes {
    fn into_bytes(self) -> Result<Bytes> {
        Ok(self)
    }
}

impl Chunk for Bytes {
    const SPLITS: bool = true;

    fn size(&self) -> usize {
        self.len()
    }

    fn take(queue: &mut VecDeque<Bytes>, size: usize) -> Option<Bytes> {
        let first = queue.front_mut()?;
        if size == usize::MAX || size == first.len() {
            return queue.pop_front();
        }
        if size < first.len() {
            return Some(first.split_to(size));
        }
        let mut joined = BytesMut::with_capacity(size);
        while joined.len() < size {
            let Some(chunk) = queue.front_mut() else { break };
            let wanted = size - joined.len();
            if wanted < chunk.len() {
                joined.extend_from_slice(&chunk.split_to(wanted));
            } else {
                joined.extend_from_slice(chunk);
                queue.pop_front();
            }
        }
        Some(joined.freeze())
    }

    fn decode(self, decoder: &mut StringDecoder) -> Bytes {
        Bytes::from(decoder.write(&self))
    }

    fn decode_rest(decoder: &mut StringDecoder) -> Option<Bytes> {
        let text = decoder.end();
        (!text.is_empty()).then(|| Bytes::from(text))
    }

    fn join(chunks: VecDeque<Bytes>) -> VecDeque<Bytes> {
        let mut joined = BytesMut::with_capacity(chunks.iter().map(Bytes::len).sum());
        chunks.iter().for_each(|chunk| joined.extend_from_slice(chunk));
        if joined.is_empty() { VecDeque::new() } else { VecDeque::from([joined.freeze()]) }
    }

    #[inline(never)]
    fn text_size(&self) -> usize {
        self.iter().map(|&byte| units_at(byte)).sum()
    }

    fn take_text(queue: &mut VecDeque<Bytes>, size: usize) -> Option<Bytes> {
        let first = queue.front_mut()?;
        let (length, mut units) = prefix(first, size);
        if size == usize::MAX || (length == first.len() && units == size) {
            return queue.pop_front();
        }
        if length < first.len() {
            return Some(first.split_to(length));
        }
        let mut joined = BytesMut::new();
        joined.extend_from_slice(first);
        queue.pop_front();
        while units < size {
            let Some(chunk) = queue.front_mut() else { break };
            let (length, more) = prefix(chunk, size - units);
            if more > size - units {
                break;
            }
            units += more;
            if length == chunk.len() {
                joined.extend_from_slice(chunk);
                queue.pop_front();
            } else {
                joined.extend_from_slice(&chunk.split_to(length));
            }
        }
        Some(joined.freeze())
    }
}

/// The UTF-16 units of the character of UTF-8 text that starts at `byte`; none, if none starts there.
fn units_at(byte: u8) -> usize {
    match byte {
        0x80..=0xbf => 0,
        0xf0.. => 2,
        _ => 1,
    }
}

/// The bytes and units of the first characters of `text` that have at most `size` units together, but at least
/// one character.
fn prefix(text: &[u8], size: usize) -> (usize, usize) {
    let mut units = 0usize;
    for (at, &byte) in text.iter().enumerate() {
        let more = units_at(byte);
        if more > 0 && units > 0 && units.saturating_add(more) > size {
            return (at, units);
        }
        units += more;
    }
    (text.len(), units)
}

/// The chunk of the side that a stream does not have.
impl Chunk for Infallible {}

macro_rules! objects {
    ($($name:ty),*) => { $(impl Chunk for $name {})* };
}
objects!(
    u8,
    u16,
    u32,
    u64,
    u128,
    usize,
    i8,
    i16,
    i32,
    i64,
    i128,
    isize,
    f32,
    f64,
    bool,
    char,
    String,
    &'static str
);

impl Chunk for () {}
impl<T: Clone + 'static> Chunk for Vec<T> {}
impl<T: Clone + 'static> Chunk for Option<T> {}
impl<T: Clone + 'static> Chunk for Box<T> {}
impl<T: Clone + 'static, const N: usize> Chunk for [T; N] {}
impl<T: ?Sized + 'static> Chunk for Rc<T> {}
impl<T: ?Sized + 'static> Chunk for Arc<T> {}
impl<A: Clone + 'static, B: Clone + 'static> Chunk for (A, B) {}
impl<A: Clone + 'static, B: Clone + 'static, C: Clone + 'static> Chunk for (A, B, C) {}
impl<A: Clone + 'static, E: Clone + 'static> Chunk for Result<A, E> {}
impl<K: Clone + 'static, V: Clone + 'static, S: Clone + 'static> Chunk for HashMap<K, V, S> {}
impl<K: Clone + 'static, V: Clone + 'static> Chunk for BTreeMap<K, V> {}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(parts: &[&'static str]) -> VecDeque<Bytes> {
        parts.iter().map(|part| Bytes::from_static(part.as_bytes())).collect()
    }

    #[test]
    fn bytes_are_split_and_joined() {
        let mut chunks = queue(&["abc", "de", "fgh"]);
        assert_eq!(Bytes::take(&mut chunks, 2).unwrap(), "ab");
        assert_eq!(Bytes::take(&mut chunks, 1).unwrap(), "c");
        assert_eq!(Bytes::take(&mut chunks, 4).unwrap(), "defg");
        assert_eq!(Bytes::take(&mut chunks, usize::MAX).unwrap(), "h");
        assert!(Bytes::take(&mut chunks, 1).is_none());
    }

    #[test]
    fn a_split_copies_nothing() {
        let whole = Bytes::from(vec![7; 64]);
        let mut chunks = VecDeque::from([whole.clone()]);
        assert_eq!(Bytes::take(&mut chunks, 10).unwrap().as_ptr(), whole.as_ptr());
        assert_eq!(Bytes::take(&mut chunks, 54).unwrap().as_ptr(), whole[10..].as_ptr());
    }

    #[test]
    fn text_is_counted_and_split_by_utf16_units() {
        assert_eq!(Bytes::from("a€😀").text_size(), 4);
        let mut chunks = queue(&["a€", "😀x", "y"]);
        assert_eq!(Bytes::take_text(&mut chunks, 1).unwrap(), "a");
        assert_eq!(Bytes::take_text(&mut chunks, 2).unwrap(), "€");
        // Half of a pair is no text: the whole of it is taken.
        assert_eq!(Bytes::take_text(&mut chunks, 1).unwrap(), "😀");
        assert_eq!(Bytes::take_text(&mut chunks, 2).unwrap(), "xy");
        assert!(Bytes::take_text(&mut chunks, 1).is_none());
        // What is no UTF-8 is taken all the same.
        let mut broken = VecDeque::from([Bytes::from_static(&[0x80, 0x80, 0xff])]);
        assert_eq!(Bytes::take_text(&mut broken, 1).unwrap().len(), 3);
    }
}
