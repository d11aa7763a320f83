//! What flows through a stream.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::convert::Infallible;
use std::rc::Rc;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};

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

    /// Takes `size` units off the front of `queue`, which holds at least as many, joining and splitting
    /// chunks as needed; in object mode (`size` is [`usize::MAX`]) takes one chunk.
    fn take(queue: &mut VecDeque<Self>, size: usize) -> Option<Self> {
        let _ = size;
        queue.pop_front()
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
}
