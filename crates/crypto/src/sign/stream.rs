//! `Sign` and `Verify` as streams.

use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use bytes::Bytes;
use nodecore_buffer::{Encoding, decode};
#[cfg(doc)]
use nodecore_error::Code;
use nodecore_error::Result;
use nodecore_event_loop::EventLoop;
use nodecore_stream::{AnyStream, AsWritable, ByteChunk, Writable};

use super::{Sign, SignOptions, Verify};
use crate::key::KeyInput;
use crate::stream::{Shared, Work};

/// A [`Sign`] as a stream. Node: <https://nodejs.org/api/crypto.html#class-sign>.
pub type SignStream<T = Bytes> = SignatureStream<Sign, T>;

/// A [`Verify`] as a stream. Node: <https://nodejs.org/api/crypto.html#class-verify>.
pub type VerifyStream<T = Bytes> = SignatureStream<Verify, T>;

/// A [`SignStream`] or [`VerifyStream`]: the message is written to it, and then it is asked for the signature or for what it
/// thinks of one.
///
/// It is a [`Writable`], whose methods it has. Clones are the same stream.
///
/// # Examples
/// ```
/// use bytes::Bytes;
/// use nodecore_crypto::{KeyPairOptions, SignOptions, create_sign, generate_key_pair_sync, verify_sync};
/// use nodecore_event_loop::{EventLoop, RunMode};
///
/// let lp = EventLoop::new()?;
/// let pair = generate_key_pair_sync("rsa", &KeyPairOptions::new().modulus_length(1024))?;
/// let sign = create_sign("sha256")?.into_stream(&lp);
/// sign.write(Bytes::from("hel"));
/// sign.end_chunk(Bytes::from("lo"));
/// lp.run(RunMode::Default);
/// let options = SignOptions::new();
/// let signature = sign.sign(&pair.private_key, &options)?;
/// assert!(verify_sync(Some("sha256"), b"hello", &pair.public_key, &signature, &options)?);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
///
/// # Differences from Node
/// Large chunks are hashed on the pool. Until that is done, the methods fail with `ERR_INVALID_STATE`; after `finish` they do
/// not. A chunk that comes after the signature fails the stream, where Node throws from `write`.
///
/// What flows is [`Bytes`], or another [`ByteChunk`]; a chunk that is not bytes fails the stream with
/// `ERR_INVALID_ARG_TYPE`.
pub struct SignatureStream<S, T: ByteChunk = Bytes> {
    writable: Writable<T>,
    shared: Rc<Shared<S>>,
}

impl Work for Sign {
    fn update(&mut self, chunk: &[u8]) -> Result<Vec<u8>> {
        Sign::update(self, chunk).map(|_| Vec::new())
    }

    fn flush(&mut self) -> Result<Vec<u8>> {
        Ok(Vec::new())
    }
}

impl Work for Verify {
    fn update(&mut self, chunk: &[u8]) -> Result<Vec<u8>> {
        Verify::update(self, chunk).map(|_| Vec::new())
    }

    fn flush(&mut self) -> Result<Vec<u8>> {
        Ok(Vec::new())
    }
}

impl Sign {
    /// Makes a stream of it, which goes on where it stands.
    pub fn into_stream(self, lp: &EventLoop) -> SignStream {
        self.into_stream_of(lp)
    }

    /// As [`into_stream`](Sign::into_stream), with chunks of any type.
    pub fn into_stream_of<T: ByteChunk>(self, lp: &EventLoop) -> SignStream<T> {
        let (writable, shared) = Shared::writable(lp, self);
        SignatureStream { writable, shared }
    }
}

impl Verify {
    /// Makes a stream of it, which goes on where it stands.
    pub fn into_stream(self, lp: &EventLoop) -> VerifyStream {
        self.into_stream_of(lp)
    }

    /// As [`into_stream`](Verify::into_stream), with chunks of any type.
    pub fn into_stream_of<T: ByteChunk>(self, lp: &EventLoop) -> VerifyStream<T> {
        let (writable, shared) = Shared::writable(lp, self);
        SignatureStream { writable, shared }
    }
}

impl<T: ByteChunk> SignStream<T> {
    /// The signature of all that was written. Node: `sign.sign(privateKey)`.
    ///
    /// # Errors
    /// As [`Sign::sign`]; [`Code::InvalidState`] while a chunk is on the pool.
    pub fn sign<'a>(&self, key: impl Into<KeyInput<'a>>, options: &SignOptions) -> Result<Vec<u8>> {
        self.shared.with(|sign| sign.sign(key, options))
    }

    /// As [`sign`](SignStream::sign), as text. Node: `sign.sign(privateKey, outputEncoding)`.
    ///
    /// # Errors
    /// As [`sign`](SignStream::sign).
    pub fn sign_encoded<'a>(
        &self,
        key: impl Into<KeyInput<'a>>,
        options: &SignOptions,
        encoding: Encoding,
    ) -> Result<String> {
        Ok(decode(&self.sign(key, options)?, encoding))
    }
}

impl<T: ByteChunk> VerifyStream<T> {
    /// Whether `signature` is one of all that was written. Node: `verify.verify(object, signature)`.
    ///
    /// # Errors
    /// As [`Verify::verify`]; [`Code::InvalidState`] while a chunk is on the pool.
    pub fn verify<'a>(
        &self,
        key: impl Into<KeyInput<'a>>,
        signature: &[u8],
        options: &SignOptions,
    ) -> Result<bool> {
        self.shared.with(|verify| verify.verify(key, signature, options))
    }
}

impl<S, T: ByteChunk> Deref for SignatureStream<S, T> {
    type Target = Writable<T>;
    fn deref(&self) -> &Writable<T> {
        &self.writable
    }
}

impl<S, T: ByteChunk> AsWritable<T> for SignatureStream<S, T> {
    fn to_writable(&self) -> Writable<T> {
        self.writable.clone()
    }
}

impl<S, T: ByteChunk> From<&SignatureStream<S, T>> for AnyStream {
    fn from(stream: &SignatureStream<S, T>) -> AnyStream {
        (&stream.writable).into()
    }
}

impl<S, T: ByteChunk> Clone for SignatureStream<S, T> {
    fn clone(&self) -> SignatureStream<S, T> {
        SignatureStream { writable: self.writable.clone(), shared: Rc::clone(&self.shared) }
    }
}

impl<S, T: ByteChunk> fmt::Debug for SignatureStream<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SignatureStream").field(&self.writable).finish()
    }
}
