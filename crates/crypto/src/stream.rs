//! Hashes, HMACs and MACs as streams, and what all that changes bytes piece by piece needs to be one.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use bytes::Bytes;
use nodecore_buffer::{Encoding, decode};
use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, OperationExt, Request, blocking};
use nodecore_stream::{
    ByteChunk, DestroyDone, Done, Sink, Transform, TransformDone, TransformOptions, Transformer, Writable,
    WritableOptions,
};

use crate::hash::{Hash, update_failed};
use crate::hmac::Hmac;
use crate::mac::Mac;

/// Chunks from this size on go to the pool: below it the way there takes longer than the work, in bytes.
const POOL: usize = 16 * 1024;

/// What a stream does to the bytes that are written to it.
pub(crate) trait Work: Send + 'static {
    /// Takes a chunk, and gives what is to be read for it; nothing is read for an empty result.
    fn update(&mut self, chunk: &[u8]) -> Result<Vec<u8>>;

    /// What is to be read at the end.
    fn flush(&mut self) -> Result<Vec<u8>>;
}

/// The work of a stream, which both the stream and its owner reach.
pub(crate) struct Shared<W> {
    /// On the pool while it takes a large chunk.
    work: RefCell<Option<W>>,
    request: Cell<Option<Request>>,
}

impl<W: Work> Shared<W> {
    /// A stream that does `work`, and the way to the work.
    pub(crate) fn stream<T: ByteChunk>(lp: &EventLoop, work: W) -> (Transform<T, T>, Rc<Shared<W>>) {
        let shared = Rc::new(Shared { work: RefCell::new(Some(work)), request: Cell::new(None) });
        (Transform::new(lp, TransformOptions::default(), Worker(Rc::clone(&shared))), shared)
    }

    /// As [`Shared::stream`], for work that there is nothing to be read of.
    pub(crate) fn writable<T: ByteChunk>(lp: &EventLoop, work: W) -> (Writable<T>, Rc<Shared<W>>) {
        let shared = Rc::new(Shared { work: RefCell::new(Some(work)), request: Cell::new(None) });
        (Writable::new(lp, WritableOptions::default(), Worker(Rc::clone(&shared))), shared)
    }

    /// # Errors
    /// [`Code::InvalidState`] while a chunk is on the pool.
    pub(crate) fn with<V>(&self, f: impl FnOnce(&mut W) -> Result<V>) -> Result<V> {
        match &mut *self.work.borrow_mut() {
            Some(work) => f(work),
            None => Err(away()),
        }
    }
}

fn away() -> Error {
    Error::from_template(Code::InvalidState, &[&"A chunk is on the pool"])
}

struct Worker<W>(Rc<Shared<W>>);

impl<W: Work> Worker<W> {
    /// Takes a chunk, here or on the pool, and gives `done` what is to be read for it.
    fn take<T: ByteChunk>(&self, lp: &EventLoop, chunk: T, done: impl FnOnce(Result<Vec<u8>>) + 'static) {
        let chunk = match chunk.into_bytes() {
            Ok(chunk) => chunk,
            Err(error) => return done(Err(error)),
        };
        let shared = &self.0;
        if chunk.len() < POOL {
            return done(shared.with(|work| work.update(&chunk)));
        }
        let Some(mut work) = shared.work.take() else { return done(Err(away())) };
        let operation = blocking(move || {
            // Work that has failed has to come back too.
            let result = work.update(&chunk);
            Ok((work, result))
        });
        let home = Rc::clone(shared);
        let request = operation.spawn(lp, move |result| {
            home.request.set(None);
            done(result.and_then(|(work, result)| {
                home.work.replace(Some(work));
                result
            }));
        });
        shared.request.set(Some(request));
    }

    /// Asks for what is on the pool to be given up.
    fn cancel(&self) {
        if let Some(request) = self.0.request.take() {
            request.cancel();
        }
    }
}

impl<W: Work, T: ByteChunk> Transformer<T, T> for Worker<W> {
    fn transform(&self, stream: &Transform<T, T>, chunk: T, done: TransformDone<T>) {
        self.take(&stream.event_loop(), chunk, |result| finish(done, result));
    }

    fn flush(&self, _stream: &Transform<T, T>, done: TransformDone<T>) {
        finish(done, self.0.with(W::flush));
    }

    fn destroy(&self, _stream: &Transform<T, T>, error: Option<Error>, done: DestroyDone) {
        self.cancel();
        done.with(error);
    }
}

impl<W: Work, T: ByteChunk> Sink<T> for Worker<W> {
    fn write(&self, stream: &Writable<T>, chunk: T, done: Done) {
        self.take(&stream.event_loop(), chunk, |result| done.call(result.map(drop)));
    }

    fn has_final(&self) -> bool {
        false
    }

    fn destroy(&self, _stream: &Writable<T>, error: Option<Error>, done: DestroyDone) {
        self.cancel();
        done.with(error);
    }
}

fn finish<T: ByteChunk>(done: TransformDone<T>, result: Result<Vec<u8>>) {
    match result {
        Ok(bytes) if bytes.is_empty() => done.ok(),
        Ok(bytes) => done.push(Bytes::from(bytes).into()),
        Err(error) => done.fail(error),
    }
}

/// What makes a struct with a `transform` and a `shared` the stream that it holds.
macro_rules! is_stream {
    ($name:ident $(<$of:ident: $bound:path>)?) => {
        impl<$($of: $bound,)? T: nodecore_stream::ByteChunk> std::ops::Deref for $name<$($of,)? T> {
            type Target = nodecore_stream::Transform<T, T>;
            fn deref(&self) -> &nodecore_stream::Transform<T, T> {
                &self.transform
            }
        }

        impl<$($of: $bound,)? T: nodecore_stream::ByteChunk> nodecore_stream::AsReadable for $name<$($of,)? T> {
            type Item = T;
            fn to_readable(&self) -> nodecore_stream::Readable<T> {
                self.transform.to_readable()
            }
        }

        impl<$($of: $bound,)? T: nodecore_stream::ByteChunk> nodecore_stream::AsWritable<T> for $name<$($of,)? T> {
            fn to_writable(&self) -> nodecore_stream::Writable<T> {
                self.transform.to_writable()
            }
        }

        impl<$($of: $bound,)? T: nodecore_stream::ByteChunk> From<&$name<$($of,)? T>> for nodecore_stream::AnyStream {
            fn from(stream: &$name<$($of,)? T>) -> nodecore_stream::AnyStream {
                (&stream.transform).into()
            }
        }

        impl<$($of: $bound,)? T: nodecore_stream::ByteChunk> Clone for $name<$($of,)? T> {
            fn clone(&self) -> $name<$($of,)? T> {
                $name { transform: self.transform.clone(), shared: std::rc::Rc::clone(&self.shared) }
            }
        }

        impl<$($of: $bound,)? T: nodecore_stream::ByteChunk> std::fmt::Debug for $name<$($of,)? T> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.transform).finish()
            }
        }
    };
}
pub(crate) use is_stream;

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
    shared: Rc<Shared<H>>,
}

is_stream!(DigestStream<H: Digester>);

impl<H: Digester> Work for H {
    fn update(&mut self, chunk: &[u8]) -> Result<Vec<u8>> {
        self.add(chunk).map(|()| Vec::new())
    }

    fn flush(&mut self) -> Result<Vec<u8>> {
        self.end()
    }
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
    fn new(lp: &EventLoop, digester: H) -> DigestStream<H, T> {
        let (transform, shared) = Shared::stream(lp, digester);
        DigestStream { transform, shared }
    }
}

impl<T: ByteChunk> HashStream<T> {
    /// The digest of all that was written; ends the hash. Node: `hash.digest()`.
    ///
    /// # Errors
    /// [`Code::CryptoHashFinalized`] the second time; [`Code::InvalidState`] while a chunk is on the pool.
    pub fn digest(&self) -> Result<Vec<u8>> {
        self.shared.with(Hash::digest)
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
        self.shared.with(|hash| hash.copy())
    }
}

impl<T: ByteChunk> HmacStream<T> {
    /// The digest of all that was written, empty once it has flowed or been taken. Node: `hmac.digest()`.
    ///
    /// # Errors
    /// [`Code::InvalidState`] while a chunk is on the pool.
    pub fn digest(&self) -> Result<Vec<u8>> {
        self.shared.with(Hmac::digest)
    }
}

impl<T: ByteChunk> MacStream<T> {
    /// The MAC of all that was written, which then does not flow any more. Node: `mac.final()`.
    ///
    /// # Errors
    /// [`Code::CryptoMacFinalized`] once it has flowed or been taken; [`Code::InvalidState`] while a chunk is on the pool.
    pub fn finish(&self) -> Result<Vec<u8>> {
        self.shared.with(Mac::finish)
    }
}
