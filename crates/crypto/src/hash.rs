//! `Hash` and the one-shot functions.

use std::fmt;

use nodecore_buffer::{Encoding, decode};
use nodecore_error::{Code, Error, Result};

use crate::algorithm::{Algorithm, Engine, c_text, room, unsupported};
use crate::engine::{LegacyMd, Raised};

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
    algorithm: Algorithm,
    /// Bytes of output.
    length: usize,
    state: State,
}

enum State {
    Open(Engine),
    /// A stream's end has come: the digest is there, and may be asked for once.
    Ended(Vec<u8>),
    Finalized,
}

/// Options of digests. Node: the options of `crypto.createHash` and `crypto.hash`.
///
/// # Differences from Node
/// There are no `functionName` and `customization`: the OpenSSL of Node 26 has no cSHAKE, and refuses them at every
/// digest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HashOptions {
    /// How many bytes an XOF, such as `shake256`, gives. Of all others only the number that they give anyway is accepted.
    pub output_length: Option<u32>,
}

impl HashOptions {
    /// Sets how many bytes an XOF gives.
    #[must_use]
    pub fn output_length(mut self, bytes: u32) -> HashOptions {
        self.output_length = Some(bytes);
        self
    }
}

/// Begins a digest. Node: `crypto.createHash(algorithm)`
/// (<https://nodejs.org/api/crypto.html#cryptocreatehashalgorithm-options>).
///
/// `algorithm` is one of [`get_hashes`](crate::get_hashes) in any case, or another of OpenSSL's names, such as
/// `2.16.840.1.101.3.4.2.1`. `shake128` and `shake256` give 16 and 32 bytes, which Node deprecates: there
/// [`create_hash_with`] says how many.
///
/// # Errors
/// [`Code::Uncoded`], `Digest method not supported`; [`Code::Openssl`] for a digest of OpenSSL's legacy provider.
pub fn create_hash(algorithm: &str) -> Result<Hash> {
    create_hash_with(algorithm, &HashOptions::default())
}

/// As [`create_hash`], with options. Node: `crypto.createHash(algorithm, options)`.
///
/// # Errors
/// As [`create_hash`]; [`Code::Openssl`], `not XOF or invalid length`, for an output length that the digest cannot have.
///
/// # Examples
/// ```
/// use nodecore_crypto::{HashOptions, create_hash_with};
///
/// let mut hash = create_hash_with("shake128", &HashOptions::default().output_length(5))?;
/// assert_eq!(hash.update(b"abc")?.digest()?, [0x58, 0x81, 0x09, 0x2d, 0xd8]);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn create_hash_with(algorithm: &str, options: &HashOptions) -> Result<Hash> {
    match Algorithm::parse(algorithm) {
        Some(algorithm) => {
            let length = output(algorithm, options)?;
            Ok(Hash { algorithm, length, state: State::Open(Engine::new(algorithm)?) })
        }
        None => Err(LegacyMd::find(c_text(algorithm))
            .map_or_else(|| unsupported("Digest method not supported"), LegacyMd::begin)),
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
#[inline]
pub fn hash(algorithm: &str, data: &[u8]) -> Result<Vec<u8>> {
    hash_with(algorithm, data, &HashOptions::default())
}

/// As [`hash`], with options. Node: `crypto.hash(algorithm, data, options)`.
///
/// # Errors
/// As [`hash`]; [`Code::Uncoded`] for an output length that the digest cannot have; [`Code::Openssl`], `malloc failure`,
/// for one over 2^31 - 1.
///
/// # Examples
/// ```
/// use nodecore_crypto::{HashOptions, hash_with};
///
/// assert_eq!(hash_with("shake128", b"abc", &HashOptions::default().output_length(2))?, [0x58, 0x81]);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn hash_with(algorithm: &str, data: &[u8], options: &HashOptions) -> Result<Vec<u8>> {
    let (method, length) = one_shot(algorithm, options)?;
    method.digest_vec(data, length)
}

/// As [`hash`], as text. Node: `crypto.hash(algorithm, data[, outputEncoding])`.
///
/// # Errors
/// As [`hash`].
pub fn hash_encoded(algorithm: &str, data: &[u8], encoding: Encoding) -> Result<String> {
    hash_encoded_with(algorithm, data, encoding, &HashOptions::default())
}

/// As [`hash_with`], as text. Node: `crypto.hash(algorithm, data, { outputEncoding, outputLength })`.
///
/// # Errors
/// As [`hash_with`].
pub fn hash_encoded_with(
    algorithm: &str,
    data: &[u8],
    encoding: Encoding,
    options: &HashOptions,
) -> Result<String> {
    Ok(decode(&hash_with(algorithm, data, options)?, encoding))
}

/// As [`hash`], into memory of the caller's; gives the number of bytes. Nothing is allocated for the common digests.
///
/// # Errors
/// As [`hash`]; [`Code::OutOfRange`] if `out` has no room for the digest.
///
/// # Examples
/// ```
/// let mut digest = [0; 64];
/// let length = nodecore_crypto::hash_into("sha1", b"abc", &mut digest)?;
/// assert_eq!((length, digest[0]), (20, 0xa9));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn hash_into(algorithm: &str, data: &[u8], out: &mut [u8]) -> Result<usize> {
    let (method, length) = one_shot(algorithm, &HashOptions::default())?;
    let len = out.len();
    let Some(out) = out.get_mut(..length) else {
        return Err(Error::from_template(
            Code::OutOfRange,
            &[&"out.len()", &format_args!(">= {length}"), &len],
        ));
    };
    method.digest(data, out)?;
    Ok(length)
}

/// The algorithm and the length of its output.
#[inline]
fn one_shot(name: &str, options: &HashOptions) -> Result<(Algorithm, usize)> {
    let Some(algorithm) = Algorithm::parse(name) else { return Err(unknown(name, options)) };
    match algorithm.output(options.output_length) {
        Some(length) if i32::try_from(length).is_err() => Err(Raised::MallocFailure.error()),
        Some(length) => Ok((algorithm, length)),
        None => Err(bad_length(name, options)),
    }
}

#[cold]
fn unknown(name: &str, options: &HashOptions) -> Error {
    match LegacyMd::find(c_text(name)) {
        Some(md) if options.output_length.is_some_and(|asked| asked as usize != md.size()) => {
            bad_length(name, options)
        }
        Some(md) => md.begin(),
        None => unsupported(&format!("Digest method {name} is not supported")),
    }
}

#[cold]
fn bad_length(name: &str, options: &HashOptions) -> Error {
    // Node shows the number as one with a sign.
    let asked = options.output_length.unwrap_or_default().cast_signed();
    unsupported(&format!("Output length {asked} is invalid for {name}, which does not support XOF"))
}

fn output(algorithm: Algorithm, options: &HashOptions) -> Result<usize> {
    algorithm.output(options.output_length).ok_or_else(|| Raised::NotXofOrInvalidLength.error())
}

impl Hash {
    /// Adds `data`. Node: `hash.update(data)`.
    ///
    /// # Errors
    /// [`Code::CryptoHashFinalized`] after [`digest`](Hash::digest).
    pub fn update(&mut self, data: &[u8]) -> Result<&mut Hash> {
        match &mut self.state {
            State::Open(engine) => engine.update(data)?,
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
            State::Open(mut engine) => {
                let mut out = room(self.length)?;
                engine.finish(&mut out)?;
                Ok(out)
            }
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
    /// As in Node the copy of an XOF gives the number of bytes that it gives unasked.
    ///
    /// # Errors
    /// [`Code::CryptoHashFinalized`] after [`digest`](Hash::digest).
    pub fn copy(&self) -> Result<Hash> {
        self.copy_with(&HashOptions::default())
    }

    /// As [`copy`](Hash::copy), with options. Node: `hash.copy(options)`.
    ///
    /// # Errors
    /// As [`copy`](Hash::copy) and, for the options, as [`create_hash_with`].
    pub fn copy_with(&self, options: &HashOptions) -> Result<Hash> {
        let state = match &self.state {
            State::Open(engine) => State::Open(engine.try_clone()?),
            State::Ended(digest) => State::Ended(digest.clone()),
            State::Finalized => return Err(finalized()),
        };
        Ok(Hash { algorithm: self.algorithm, length: output(self.algorithm, options)?, state })
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
            State::Open(_) => &self.algorithm,
            State::Ended(_) => &"ended",
            State::Finalized => &"finalized",
        };
        f.debug_tuple("Hash").field(state).finish()
    }
}

/// What Node throws once the digest has been taken.
pub(crate) fn finalized() -> Error {
    Error::from_template(Code::CryptoHashFinalized, &[])
}

/// What a stream fails with then.
pub(crate) fn update_failed() -> Error {
    Error::from_template(Code::CryptoHashUpdateFailed, &[])
}
