//! Ciphers as streams.

use std::rc::Rc;

use bytes::Bytes;
#[cfg(doc)]
use nodecore_error::Code;
use nodecore_error::Result;
use nodecore_event_loop::EventLoop;
use nodecore_stream::{ByteChunk, Transform};

use super::{Cipheriv, Decipheriv};
use crate::stream::{Shared, Work, is_stream};

/// A [`Cipheriv`] that is fed by writing to it, and whose output is read from it. Node: a `Cipheriv` as a
/// stream (<https://nodejs.org/api/crypto.html#class-cipheriv>).
///
/// It is a [`Transform`], whose methods it has. Clones are the same stream.
///
/// # Examples
/// ```
/// use std::cell::RefCell;
/// use std::rc::Rc;
///
/// use bytes::Bytes;
/// use nodecore_crypto::{CipherOptions, create_cipheriv};
/// use nodecore_event_loop::{EventLoop, RunMode};
///
/// let lp = EventLoop::new()?;
/// let cipher = create_cipheriv("aes-128-gcm", [0; 16], [0; 12], &CipherOptions::default())?;
/// let stream = cipher.into_stream(&lp);
/// let sealed = Rc::new(RefCell::new(Vec::new()));
/// let to = Rc::clone(&sealed);
/// stream.on_data(move |chunk| to.borrow_mut().extend_from_slice(&chunk));
/// stream.write(Bytes::from_static(&[0; 16]));
/// stream.end();
/// lp.run(RunMode::Default);
/// assert_eq!(sealed.borrow()[..4], [0x03, 0x88, 0xda, 0xce]);
/// assert_eq!(stream.get_auth_tag()?[..4], [0xab, 0x6e, 0x47, 0xd4]);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
///
/// # Differences from Node
/// Large chunks are encrypted on the pool. Until that is done, the methods of the cipher fail with
/// `ERR_INVALID_STATE`. Data that the cipher does not take fails the stream, where Node throws from `write`.
///
/// What flows is [`Bytes`], or another [`ByteChunk`]; a chunk that is not bytes fails the stream with
/// `ERR_INVALID_ARG_TYPE`.
pub struct CipherStream<T: ByteChunk = Bytes> {
    transform: Transform<T, T>,
    shared: Rc<Shared<Cipheriv>>,
}

/// A [`Decipheriv`] as a stream: see [`CipherStream`]. A tag that is wrong or missing fails the stream at its
/// end; what was read before is not to be trusted then.
///
/// # Differences from Node
/// As [`CipherStream`].
pub struct DecipherStream<T: ByteChunk = Bytes> {
    transform: Transform<T, T>,
    shared: Rc<Shared<Decipheriv>>,
}

is_stream!(CipherStream);
is_stream!(DecipherStream);

impl Work for Cipheriv {
    fn update(&mut self, chunk: &[u8]) -> Result<Vec<u8>> {
        Cipheriv::update(self, chunk)
    }

    fn flush(&mut self) -> Result<Vec<u8>> {
        self.finish()
    }
}

impl Work for Decipheriv {
    fn update(&mut self, chunk: &[u8]) -> Result<Vec<u8>> {
        Decipheriv::update(self, chunk)
    }

    fn flush(&mut self) -> Result<Vec<u8>> {
        self.finish()
    }
}

impl Cipheriv {
    /// Makes a stream of it, which goes on where it stands.
    pub fn into_stream(self, lp: &EventLoop) -> CipherStream {
        self.into_stream_of(lp)
    }

    /// As [`into_stream`](Cipheriv::into_stream), with chunks of any type.
    pub fn into_stream_of<T: ByteChunk>(self, lp: &EventLoop) -> CipherStream<T> {
        let (transform, shared) = Shared::stream(lp, self);
        CipherStream { transform, shared }
    }
}

impl Decipheriv {
    /// Makes a stream of it, which goes on where it stands.
    pub fn into_stream(self, lp: &EventLoop) -> DecipherStream {
        self.into_stream_of(lp)
    }

    /// As [`into_stream`](Decipheriv::into_stream), with chunks of any type.
    pub fn into_stream_of<T: ByteChunk>(self, lp: &EventLoop) -> DecipherStream<T> {
        let (transform, shared) = Shared::stream(lp, self);
        DecipherStream { transform, shared }
    }
}

impl<T: ByteChunk> CipherStream<T> {
    /// As [`Cipheriv::set_auto_padding`].
    ///
    /// # Errors
    /// As there; [`Code::InvalidState`] while a chunk is on the pool.
    pub fn set_auto_padding(&self, padding: bool) -> Result<()> {
        self.shared.with(|cipher| cipher.set_auto_padding(padding).map(drop))
    }

    /// As [`Cipheriv::set_aad`].
    ///
    /// # Errors
    /// As there; [`Code::InvalidState`] while a chunk is on the pool.
    pub fn set_aad(&self, data: &[u8], plaintext_length: Option<u32>) -> Result<()> {
        self.shared.with(|cipher| cipher.set_aad(data, plaintext_length).map(drop))
    }

    /// As [`Cipheriv::get_auth_tag`].
    ///
    /// # Errors
    /// As there; [`Code::InvalidState`] while a chunk is on the pool.
    pub fn get_auth_tag(&self) -> Result<Vec<u8>> {
        self.shared.with(|cipher| cipher.get_auth_tag())
    }
}

impl<T: ByteChunk> DecipherStream<T> {
    /// As [`Decipheriv::set_auto_padding`].
    ///
    /// # Errors
    /// As there; [`Code::InvalidState`] while a chunk is on the pool.
    pub fn set_auto_padding(&self, padding: bool) -> Result<()> {
        self.shared.with(|decipher| decipher.set_auto_padding(padding).map(drop))
    }

    /// As [`Decipheriv::set_aad`].
    ///
    /// # Errors
    /// As there; [`Code::InvalidState`] while a chunk is on the pool.
    pub fn set_aad(&self, data: &[u8], plaintext_length: Option<u32>) -> Result<()> {
        self.shared.with(|decipher| decipher.set_aad(data, plaintext_length).map(drop))
    }

    /// As [`Decipheriv::set_auth_tag`].
    ///
    /// # Errors
    /// As there; [`Code::InvalidState`] while a chunk is on the pool.
    pub fn set_auth_tag(&self, tag: &[u8]) -> Result<()> {
        self.shared.with(|decipher| decipher.set_auth_tag(tag).map(drop))
    }
}
