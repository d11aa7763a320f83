//! `Sign` and `Verify`.

use std::fmt;

use nodecore_buffer::{Encoding, decode};
use nodecore_error::{Code, Error, Result};

use super::{Digest, SignOptions, pkey};
use crate::algorithm::{Algorithm, Engine, c_text};
use crate::check;
use crate::engine::{self, Family, LegacyMd, Md, Pkey, Raised};
use crate::key::{KeyInput, KeyObject};

/// The message of a signature, of which the digest is made piece by piece.
struct Message {
    algorithm: Algorithm,
    /// `None` once it has been used.
    engine: Option<Engine>,
}

impl Message {
    fn new(algorithm: &str) -> Result<Message> {
        match Digest::find(algorithm) {
            Some(Digest::Known(algorithm)) => {
                Ok(Message { algorithm, engine: Some(Engine::new(algorithm)?) })
            }
            Some(Digest::Legacy(_)) => Err(legacy(algorithm)),
            None => Err(invalid()),
        }
    }

    fn update(&mut self, data: &[u8]) -> Result<()> {
        check::input("data is too long", data)?;
        self.engine.as_mut().ok_or_else(used)?.update(data)
    }

    /// Ends the message; gives `work` its digest and with what to sign or verify it.
    fn finish<T>(
        &mut self,
        key: &KeyObject,
        work: impl FnOnce(&Pkey, &[u8], &'static Md) -> Result<T>,
    ) -> Result<T> {
        let key = pkey(key)?;
        // Those that need the message twice.
        if let Family::Ed25519 | Family::Ed448 | Family::MlDsa | Family::SlhDsa = key.family() {
            let text = "Unsupported crypto operation";
            return Err(Error::from_template(Code::CryptoUnsupportedOperation, &[&text]));
        }
        let mut engine = self.engine.take().ok_or_else(used)?;
        if self.algorithm.is_xof() {
            return Err(Raised::MallocFailure.error());
        }
        let mut digest = vec![0; self.algorithm.length()];
        engine.finish(&mut digest)?;
        work(key, &digest, self.algorithm.md()?)
    }
}

fn invalid() -> Error {
    Error::new(Code::CryptoInvalidDigest, "Invalid digest")
}

fn legacy(algorithm: &str) -> Error {
    LegacyMd::find(c_text(algorithm)).map_or_else(invalid, LegacyMd::begin)
}

fn used() -> Error {
    Error::new(Code::CryptoInvalidState, "Not initialised")
}

/// A signature of a message that comes piece by piece. Node: `crypto.Sign`
/// (<https://nodejs.org/api/crypto.html#class-sign>). It may be moved to another thread;
/// [`into_stream`](Sign::into_stream) makes a stream of it.
///
/// ```
/// use nodecore_crypto::{KeyPairOptions, SignOptions, create_sign, create_verify, generate_key_pair_sync};
///
/// let pair = generate_key_pair_sync("ec", &KeyPairOptions::new().named_curve("P-256"))?;
/// let options = SignOptions::new();
/// let mut sign = create_sign("sha256")?;
/// let signature = sign.update(b"hel")?.update(b"lo")?.sign(&pair.private_key, &options)?;
/// assert_eq!(sign.update(b"!").unwrap_err().code().name(), "ERR_CRYPTO_INVALID_STATE");
///
/// let mut verify = create_verify("sha256")?;
/// assert!(verify.update(b"hello")?.verify(&pair.public_key, &signature, &options)?);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub struct Sign(Message);

/// Begins a signature. Node: `crypto.createSign(algorithm)`
/// (<https://nodejs.org/api/crypto.html#cryptocreatesignalgorithm-options>).
///
/// `algorithm` is as for [`create_hash`](crate::create_hash()): `RSA-SHA256` is the digest of that name, whatever the key. Ed25519,
/// Ed448, ML-DSA and SLH-DSA sign whole messages only: see [`sign_sync`](crate::sign_sync).
///
/// # Errors
/// [`Code::CryptoInvalidDigest`]; [`Code::Openssl`] for a digest of OpenSSL's legacy provider.
pub fn create_sign(algorithm: &str) -> Result<Sign> {
    Message::new(algorithm).map(Sign)
}

impl Sign {
    /// Adds `data`. Node: `sign.update(data)`.
    ///
    /// # Errors
    /// [`Code::CryptoInvalidState`] after [`sign`](Sign::sign); [`Code::OutOfRange`] for 2^31 bytes and more.
    pub fn update(&mut self, data: &[u8]) -> Result<&mut Sign> {
        self.0.update(data)?;
        Ok(self)
    }

    /// The signature of all that was added. Node: `sign.sign(privateKey)`.
    ///
    /// # Errors
    /// As [`sign_sync`](crate::sign_sync), a context being left alone; [`Code::CryptoUnsupportedOperation`] for a key that
    /// signs whole messages only; [`Code::CryptoInvalidState`] the second time. After an error of OpenSSL's, but not after one of the
    /// key, it is the second time.
    pub fn sign<'a>(&mut self, key: impl Into<KeyInput<'a>>, options: &SignOptions) -> Result<Vec<u8>> {
        let key = key.into().private()?;
        self.0.finish(&key, |key, digest, md| engine::sign_digest(key, digest, &options.signing(Some(md))))
    }

    /// As [`sign`](Sign::sign), as text. Node: `sign.sign(privateKey, outputEncoding)`.
    ///
    /// # Errors
    /// As [`sign`](Sign::sign).
    pub fn sign_encoded<'a>(
        &mut self,
        key: impl Into<KeyInput<'a>>,
        options: &SignOptions,
        encoding: Encoding,
    ) -> Result<String> {
        Ok(decode(&self.sign(key, options)?, encoding))
    }
}

/// A verification of a message that comes piece by piece. Node: `crypto.Verify`
/// (<https://nodejs.org/api/crypto.html#class-verify>). It may be moved to another thread;
/// [`into_stream`](Verify::into_stream) makes a stream of it. See [`Sign`] for an example.
pub struct Verify(Message);

/// Begins a verification. Node: `crypto.createVerify(algorithm)`
/// (<https://nodejs.org/api/crypto.html#cryptocreateverifyalgorithm-options>).
///
/// # Errors
/// As [`create_sign`].
pub fn create_verify(algorithm: &str) -> Result<Verify> {
    Message::new(algorithm).map(Verify)
}

impl Verify {
    /// Adds `data`. Node: `verify.update(data)`.
    ///
    /// # Errors
    /// As [`Sign::update`].
    pub fn update(&mut self, data: &[u8]) -> Result<&mut Verify> {
        self.0.update(data)?;
        Ok(self)
    }

    /// Whether `signature` is one of all that was added. Node: `verify.verify(object, signature)`.
    ///
    /// # Errors
    /// As [`Sign::sign`], but for the key as [`create_public_key`](crate::create_public_key);
    /// [`Code::CryptoOperationFailed`], `Malformed signature`, for one of [`DsaEncoding::IeeeP1363`](super::DsaEncoding) that is not
    /// as long as it has to be.
    pub fn verify<'a>(
        &mut self,
        key: impl Into<KeyInput<'a>>,
        signature: &[u8],
        options: &SignOptions,
    ) -> Result<bool> {
        let key = key.into().either()?;
        check::input("buffer is too big", signature)?;
        self.0.finish(&key, |key, digest, md| {
            engine::verify_digest(key, digest, signature, &options.signing(Some(md)))
        })
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.engine.is_some() { self.algorithm.fmt(f) } else { f.write_str("used") }
    }
}

impl fmt::Debug for Sign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sign").field(&self.0).finish()
    }
}

impl fmt::Debug for Verify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Verify").field(&self.0).finish()
    }
}
