//! Hashes, HMACs and MACs as streams.

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
use crate::hmac::Hmac;
use crate::mac::Mac;

/// Chunks from this size on are hashed on the pool: below it the way there takes longer than the hashing, in bytes.
const POOL: usize = 16 * 1024;

/// What turns bytes into a digest at their end: [`Hash`](struct@Hash), [`Hmac`] and [`Mac`].
pub trait Digester: Send + 'static {
    /// Adds a chunk; an error is the stream's.
    #[doc(hidden)]
    fn add(&mut self, chunk: &[u8]) -> Result<()>;

    /// The digest at the stream's end, empty if it has been taken already; an error is the stream's.
    #[doc(hidden)]
    fn end(&mut self) -> Result<Vec<u8>>;
}

impl Digester for Hash {
    fn add(&mut self, chunk: &[u8]) -> Result<()> {
        self.update(chunk).map(drop).map_err(|_| update_failed())
    }

    fn end(&mut self) -> Result<Vec<u8>> {
        Ok(self.finish().unwrap_or_default())
    }
}

impl Digester for Hmac {
    fn add(&mut self, chunk: &[u8]) -> Result<()> {
        self.update(chunk).map(drop).map_err(|_| update_failed())
    }

    fn end(&mut self) -> Result<Vec<u8>> {
        self.digest()
    }
}

impl Digester for Mac {
    fn add(&mut self, chunk: &[u8]) -> Result<()> {
        self.update(chunk).map(drop)
    }

    fn end(&mut self) -> Result<Vec<u8>> {
        self.finish()
    }
}

/// A [`Hash`](struct@Hash) as a stream. Node: <https://nodejs.org/api/crypto.html#class-hash>.
pub type HashStream<T = Bytes> = DigestStream<Hash, T>;

/// An [`Hmac`] as a stream: the digest flows, and is empty when asked for later. Node:
/// <https://nodejs.org/api/crypto.html#class-hmac>.
pub type HmacStream<T = Bytes> = DigestStream<Hmac, T>;

/// A [`Mac`] as a stream: the MAC flows, and cannot be asked for later. Node:
/// <https://nodejs.org/api/crypto.html#class-mac>.
pub type MacStream<T = Bytes> = DigestStream<Mac, T>;

/// A [`HashStream`], [`HmacStream`] or [`MacStream`]: it is fed by writing to it, and the digest is read from it. That of
/// a hash can, from `finish` on, be asked for with [`digest`](HashStream::digest) as well.
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
pub struct DigestStream<H: Digester, T: ByteChunk = Bytes> {
    transform: Transform<T, T>,
    state: Rc<State<H>>,
}

struct State<H> {
    /// On the pool while a large chunk is added.
    hash: RefCell<Option<H>>,
    request: Cell<Option<Request>>,
}

impl Hash {
    /// Makes a stream of it, which goes on where it stands.
    pub fn into_stream(self, lp: &EventLoop) -> HashStream {
        self.into_stream_of(lp)
    }

    /// As [`into_stream`](Hash::into_stream), with chunks of any type.
    pub fn into_stream_of<T: ByteChunk>(self, lp: &EventLoop) -> HashStream<T> {
        DigestStream::new(lp, self)
    }
}

impl Hmac {
    /// Makes a stream of it, which goes on where it stands.
    pub fn into_stream(self, lp: &EventLoop) -> HmacStream {
        self.into_stream_of(lp)
    }

    /// As [`into_stream`](Hmac::into_stream), with chunks of any type.
    pub fn into_stream_of<T: ByteChunk>(self, lp: &EventLoop) -> HmacStream<T> {
        DigestStream::new(lp, self)
    }
}

impl Mac {
    /// Makes a stream of it, which goes on where it stands.
    pub fn into_stream(self, lp: &EventLoop) -> MacStream {
        self.into_stream_of(lp)
    }

    /// As [`into_stream`](Mac::into_stream), with chunks of any type.
    pub fn into_stream_of<T: ByteChunk>(self, lp: &EventLoop) -> MacStream<T> {
        DigestStream::new(lp, self)
    }
}

impl<H: Digester, T: ByteChunk> DigestStream<H, T> {
    fn new(lp: &EventLoop, hash: H) -> DigestStream<H, T> {
        let state = Rc::new(State { hash: RefCell::new(Some(hash)), request: Cell::new(None) });
        let hasher = Hasher(Rc::clone(&state));
        DigestStream { transform: Transform::new(lp, TransformOptions::default(), hasher), state }
    }

    fn with<V>(&self, f: impl FnOnce(&mut H) -> Result<V>) -> Result<V> {
        match &mut *self.state.hash.borrow_mut() {
            Some(hash) => f(hash),
            None => Err(busy()),
        }
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
}

impl<T: ByteChunk> HmacStream<T> {
    /// The digest of all that was written, empty once it has flowed or been taken. Node: `hmac.digest()`.
    ///
    /// # Errors
    /// [`Code::InvalidState`] while a chunk is on the pool.
    pub fn digest(&self) -> Result<Vec<u8>> {
        self.with(Hmac::digest)
    }
}

impl<T: ByteChunk> MacStream<T> {
    /// The MAC of all that was written, which then does not flow any more. Node: `mac.final()`.
    ///
    /// # Errors
    /// [`Code::CryptoMacFinalized`] once it has flowed or been taken; [`Code::InvalidState`] while a chunk is on the pool.
    pub fn finish(&self) -> Result<Vec<u8>> {
        self.with(Mac::finish)
    }
}

fn busy() -> Error {
    Error::from_template(Code::InvalidState, &[&"A chunk is being hashed"])
}

fn ended<T: ByteChunk>(done: TransformDone<T>, added: Result<()>) {
    match added {
        Ok(()) => done.ok(),
        Err(error) => done.fail(error),
    }
}

struct Hasher<H>(Rc<State<H>>);

impl<H: Digester, T: ByteChunk> Transformer<T, T> for Hasher<H> {
    fn transform(&self, stream: &Transform<T, T>, chunk: T, done: TransformDone<T>) {
        let chunk = match chunk.into_bytes() {
            Ok(chunk) => chunk,
            Err(error) => return done.fail(error),
        };
        let state = &self.0;
        if chunk.len() < POOL {
            let added = state.hash.borrow_mut().as_mut().map(|hash| hash.add(&chunk));
            return ended(done, added.unwrap_or_else(|| Err(busy())));
        }
        let Some(mut hash) = state.hash.take() else { return done.fail(busy()) };
        let work = blocking(move || {
            // What was added to in vain has to come back too.
            let added = hash.add(&chunk);
            Ok((hash, added))
        });
        let home = Rc::clone(state);
        let request = work.spawn(&stream.event_loop(), move |result| {
            home.request.set(None);
            let added = result.and_then(|(hash, added)| {
                home.hash.replace(Some(hash));
                added
            });
            ended(done, added);
        });
        state.request.set(Some(request));
    }

    fn flush(&self, _stream: &Transform<T, T>, done: TransformDone<T>) {
        let digest = self.0.hash.borrow_mut().as_mut().map_or_else(|| Err(busy()), H::end);
        match digest {
            Ok(digest) if digest.is_empty() => done.ok(),
            Ok(digest) => done.push(Bytes::from(digest).into()),
            Err(error) => done.fail(error),
        }
    }

    fn destroy(&self, _stream: &Transform<T, T>, error: Option<Error>, done: DestroyDone) {
        if let Some(request) = self.0.request.take() {
            request.cancel();
        }
        done.with(error);
    }
}

impl<H: Digester, T: ByteChunk> Deref for DigestStream<H, T> {
    type Target = Transform<T, T>;
    fn deref(&self) -> &Transform<T, T> {
        &self.transform
    }
}

impl<H: Digester, T: ByteChunk> AsReadable for DigestStream<H, T> {
    type Item = T;
    fn to_readable(&self) -> Readable<T> {
        self.transform.to_readable()
    }
}

impl<H: Digester, T: ByteChunk> AsWritable<T> for DigestStream<H, T> {
    fn to_writable(&self) -> Writable<T> {
        self.transform.to_writable()
    }
}

impl<H: Digester, T: ByteChunk> From<&DigestStream<H, T>> for AnyStream {
    fn from(stream: &DigestStream<H, T>) -> AnyStream {
        AnyStream::from(&stream.transform)
    }
}

impl<H: Digester, T: ByteChunk> Clone for DigestStream<H, T> {
    fn clone(&self) -> DigestStream<H, T> {
        DigestStream { transform: self.transform.clone(), state: Rc::clone(&self.state) }
    }
}

impl<H: Digester, T: ByteChunk> fmt::Debug for DigestStream<H, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DigestStream").field(&self.transform).finish()
    }
}
