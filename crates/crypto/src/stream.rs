//! A hash as a stream.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use bytes::Bytes;
use nodecore_buffer::{Encoding, decode};
use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, OperationExt, Request, blocking};
use nodecore_stream::{
    AnyStream, AsReadable, AsWritable, ByteChunk, DestroyDone, Readable, Transform, TransformDone,
    TransformOptions, Transformer, Writable,
};

use crate::hash::{Hash, update_failed};

/// Chunks from this size on are hashed on the pool: below it the way there takes longer than the hashing, in bytes.
const POOL: usize = 16 * 1024;

/// A [`Hash`](struct@Hash) that is fed by writing to it, and whose digest is read from it or, from `finish` on, asked for with
/// [`digest`](HashStream::digest). Node: a `Hash` as a stream (<https://nodejs.org/api/crypto.html#class-hash>).
///
/// It is a [`Transform`], whose methods it has. Clones are the same stream.
///
/// # Examples
/// ```
/// use bytes::Bytes;
/// use nodecore_buffer::Encoding;
/// use nodecore_crypto::create_hash;
/// use nodecore_event_loop::{EventLoop, RunMode};
/// use nodecore_stream::{Pipeline, PipeOptions, Readable};
///
/// let lp = EventLoop::new()?;
/// let hash = create_hash("sha1")?.into_stream(&lp);
/// let source = Readable::from_iter(&lp, [Bytes::from("a"), Bytes::from("bc")]);
/// source.pipe(&hash.to_writable(), PipeOptions::default());
/// lp.run(RunMode::Default);
/// assert_eq!(hash.digest_encoded(Encoding::Hex)?, "a9993e364706816aba3e25717850c26c9cd0d89d");
/// # use nodecore_stream::AsWritable;
/// # Ok::<(), nodecore_error::Error>(())
/// ```
///
/// # Differences from Node
/// Large chunks are hashed on the pool. Until that is done, [`digest`](HashStream::digest) and
/// [`copy`](HashStream::copy) fail with `ERR_INVALID_STATE`; after `finish` they do not. After `finish`
/// [`copy`](HashStream::copy) gives a hash with the same digest, where Node's copy fails.
///
/// What flows is [`Bytes`], or another [`ByteChunk`]; a chunk that is not bytes fails the stream with
/// `ERR_INVALID_ARG_TYPE`.
pub struct HashStream<T: ByteChunk = Bytes> {
    transform: Transform<T, T>,
    state: Rc<State>,
}

struct State {
    /// On the pool while a large chunk is added.
    hash: RefCell<Option<Hash>>,
    request: Cell<Option<Request>>,
}

impl Hash {
    /// Makes a stream of it, which goes on where it stands.
    pub fn into_stream(self, lp: &EventLoop) -> HashStream {
        self.into_stream_of(lp)
    }

    /// As [`into_stream`](Hash::into_stream), with chunks of any type.
    pub fn into_stream_of<T: ByteChunk>(self, lp: &EventLoop) -> HashStream<T> {
        let state = Rc::new(State { hash: RefCell::new(Some(self)), request: Cell::new(None) });
        let hasher = Hasher(Rc::clone(&state));
        HashStream { transform: Transform::new(lp, TransformOptions::default(), hasher), state }
    }
}

impl<T: ByteChunk> HashStream<T> {
    /// The digest of all that was written; ends the hash. Node: `hash.digest()`.
    ///
    /// # Errors
    /// [`Code::CryptoHashFinalized`] the second time; [`Code::InvalidState`] while a chunk is on the pool.
    pub fn digest(&self) -> Result<Vec<u8>> {
        self.with(Hash::digest)
    }

    /// As [`digest`](HashStream::digest), as text. Node: `hash.digest(encoding)`.
    ///
    /// # Errors
    /// As [`digest`](HashStream::digest).
    pub fn digest_encoded(&self, encoding: Encoding) -> Result<String> {
        Ok(decode(&self.digest()?, encoding))
    }

    /// A hash in the same state. Node: `hash.copy()`.
    ///
    /// # Errors
    /// As [`digest`](HashStream::digest).
    pub fn copy(&self) -> Result<Hash> {
        self.with(|hash| hash.copy())
    }

    fn with<V>(&self, f: impl FnOnce(&mut Hash) -> Result<V>) -> Result<V> {
        match &mut *self.state.hash.borrow_mut() {
            Some(hash) => f(hash),
            None => Err(Error::from_template(Code::InvalidState, &[&"A chunk is being hashed"])),
        }
    }
}

struct Hasher(Rc<State>);

impl<T: ByteChunk> Transformer<T, T> for Hasher {
    fn transform(&self, stream: &Transform<T, T>, chunk: T, done: TransformDone<T>) {
        let chunk = match chunk.into_bytes() {
            Ok(chunk) => chunk,
            Err(error) => return done.fail(error),
        };
        let state = &self.0;
        if chunk.len() < POOL {
            let added = state.hash.borrow_mut().as_mut().map(|hash| hash.update(&chunk).is_ok());
            return if added == Some(true) { done.ok() } else { done.fail(update_failed()) };
        }
        let Some(mut hash) = state.hash.take() else { return done.fail(update_failed()) };
        let work = blocking(move || {
            // A hash that is closed has to come back too.
            let added = hash.update(&chunk).is_ok();
            Ok((hash, added))
        });
        let home = Rc::clone(state);
        let request = work.spawn(&stream.event_loop(), move |result| {
            home.request.set(None);
            match result {
                Ok((hash, added)) => {
                    home.hash.replace(Some(hash));
                    if added { done.ok() } else { done.fail(update_failed()) }
                }
                Err(error) => done.fail(error),
            }
        });
        state.request.set(Some(request));
    }

    fn flush(&self, _stream: &Transform<T, T>, done: TransformDone<T>) {
        let digest = self.0.hash.borrow_mut().as_mut().map(Hash::finish);
        match digest {
            Some(Ok(digest)) => done.push(Bytes::from(digest).into()),
            // The digest has been taken already.
            _ => done.ok(),
        }
    }

    fn destroy(&self, _stream: &Transform<T, T>, error: Option<Error>, done: DestroyDone) {
        if let Some(request) = self.0.request.take() {
            request.cancel();
        }
        done.with(error);
    }
}

impl<T: ByteChunk> Deref for HashStream<T> {
    type Target = Transform<T, T>;
    fn deref(&self) -> &Transform<T, T> {
        &self.transform
    }
}

impl<T: ByteChunk> AsReadable for HashStream<T> {
    type Item = T;
    fn to_readable(&self) -> Readable<T> {
        self.transform.to_readable()
    }
}

impl<T: ByteChunk> AsWritable<T> for HashStream<T> {
    fn to_writable(&self) -> Writable<T> {
        self.transform.to_writable()
    }
}

impl<T: ByteChunk> From<&HashStream<T>> for AnyStream {
    fn from(stream: &HashStream<T>) -> AnyStream {
        AnyStream::from(&stream.transform)
    }
}

impl<T: ByteChunk> Clone for HashStream<T> {
    fn clone(&self) -> HashStream<T> {
        HashStream { transform: self.transform.clone(), state: Rc::clone(&self.state) }
    }
}

impl<T: ByteChunk> fmt::Debug for HashStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("HashStream").field(&self.transform).finish()
    }
}
