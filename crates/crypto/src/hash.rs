//! `Hash` and the one-shot functions.

use std::fmt;

use nodecore_buffer::{Encoding, decode};
use nodecore_error::{Code, Error, Result};

use crate::algorithm::{Algorithm, Engine};

/// A digest that is computed piece by piece. Node: `crypto.Hash`
/// (<https://nodejs.org/api/crypto.html#class-hash>). It may be moved to another thread;
/// [`into_stream`](Hash::into_stream) makes a stream of it.
///
/// ```
/// use nodecore_buffer::Encoding;
/// use nodecore_crypto::create_hash;
///
/// let mut hash = create_hash("sha256")?;
/// hash.update(b"a")?.update(b"bc")?;
/// let digest = hash.digest_encoded(Encoding::Hex)?;
/// assert_eq!(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
/// assert_eq!(hash.update(b"d").unwrap_err().code().name(), "ERR_CRYPTO_HASH_FINALIZED");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub struct Hash {
    state: State,
}

enum State {
    Open(Engine),
    /// A stream's end has come: the digest is there, and may be asked for once.
    Ended(Vec<u8>),
    Finalized,
}

/// Begins a digest. Node: `crypto.createHash(algorithm)`
/// (<https://nodejs.org/api/crypto.html#cryptocreatehashalgorithm-options>).
///
/// There are SHA-1, SHA-224, SHA-256, SHA-384, SHA-512, SHA-512/224 and SHA-512/256, each by all the names that
/// Node takes, in any case: `sha256`, `SHA2-256`, `RSA-SHA256`, `2.16.840.1.101.3.4.2.1` and so on.
///
/// # Errors
/// [`Code::Uncoded`], `Digest method not supported`.
///
/// # Differences from Node
/// Node ignores spaces behind some of the names.
pub fn create_hash(algorithm: &str) -> Result<Hash> {
    match Algorithm::parse(algorithm) {
        Some(algorithm) => Ok(Hash { state: State::Open(algorithm.engine()) }),
        None => Err(Error::from_template(Code::Uncoded, &[&"Digest method not supported"])),
    }
}

/// The digest of `data`. Node: `crypto.hash(algorithm, data, 'buffer')`
/// (<https://nodejs.org/api/crypto.html#cryptohashalgorithm-data-options>).
///
/// # Errors
/// [`Code::Uncoded`], `Digest method x is not supported`.
///
/// # Examples
/// ```
/// let digest = nodecore_crypto::hash("sha1", b"abc")?;
/// assert_eq!(digest[..4], [0xa9, 0x99, 0x3e, 0x36]);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn hash(algorithm: &str, data: &[u8]) -> Result<Vec<u8>> {
    match Algorithm::parse(algorithm) {
        Some(algorithm) => Ok(algorithm.digest(data)),
        None => {
            let text = format!("Digest method {algorithm} is not supported");
            Err(Error::from_template(Code::Uncoded, &[&text]))
        }
    }
}

/// As [`hash`], as text. Node: `crypto.hash(algorithm, data[, outputEncoding])`.
///
/// # Errors
/// As [`hash`].
pub fn hash_encoded(algorithm: &str, data: &[u8], encoding: Encoding) -> Result<String> {
    Ok(decode(&hash(algorithm, data)?, encoding))
}

impl Hash {
    /// Adds `data`. Node: `hash.update(data)`.
    ///
    /// # Errors
    /// [`Code::CryptoHashFinalized`] after [`digest`](Hash::digest).
    pub fn update(&mut self, data: &[u8]) -> Result<&mut Hash> {
        match &mut self.state {
            State::Open(engine) => engine.update(data),
            State::Ended(_) => return Err(update_failed()),
            State::Finalized => return Err(finalized()),
        }
        Ok(self)
    }

    /// The digest of all that was added; ends the hash. Node: `hash.digest()`.
    ///
    /// # Errors
    /// [`Code::CryptoHashFinalized`] the second time.
    pub fn digest(&mut self) -> Result<Vec<u8>> {
        match std::mem::replace(&mut self.state, State::Finalized) {
            State::Open(engine) => Ok(engine.finish()),
            State::Ended(digest) => Ok(digest),
            State::Finalized => Err(finalized()),
        }
    }

    /// As [`digest`](Hash::digest), as text. Node: `hash.digest(encoding)`.
    ///
    /// # Errors
    /// As [`digest`](Hash::digest).
    pub fn digest_encoded(&mut self, encoding: Encoding) -> Result<String> {
        Ok(decode(&self.digest()?, encoding))
    }

    /// Another hash in the same state, which goes on by itself. Node: `hash.copy()`.
    ///
    /// # Errors
    /// [`Code::CryptoHashFinalized`] after [`digest`](Hash::digest).
    pub fn copy(&self) -> Result<Hash> {
        match &self.state {
            State::Open(engine) => Ok(Hash { state: State::Open(engine.clone()) }),
            State::Ended(digest) => Ok(Hash { state: State::Ended(digest.clone()) }),
            State::Finalized => Err(finalized()),
        }
    }

    /// Ends the hash as a stream's end does: the digest can be asked for once more.
    pub(crate) fn finish(&mut self) -> Result<Vec<u8>> {
        let digest = self.digest()?;
        self.state = State::Ended(digest.clone());
        Ok(digest)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state: &dyn fmt::Debug = match &self.state {
            State::Open(engine) => &engine.algorithm(),
            State::Ended(_) => &"ended",
            State::Finalized => &"finalized",
        };
        f.debug_tuple("Hash").field(state).finish()
    }
}

/// What Node throws once the digest has been taken.
fn finalized() -> Error {
    Error::from_template(Code::CryptoHashFinalized, &[])
}

/// What a stream fails with then.
pub(crate) fn update_failed() -> Error {
    Error::from_template(Code::CryptoHashUpdateFailed, &[])
}
