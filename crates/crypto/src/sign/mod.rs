//! `sign` and `verify` in one go, and `Sign` and `Verify`.

mod objects;
pub(crate) mod promises;
mod stream;

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};

use crate::algorithm::{Algorithm, c_text};
use crate::check;
use crate::engine::{self, Md, Pkey, Signing};
use crate::key::{KeyInput, KeyObject};

pub use objects::{Sign, Verify, create_sign, create_verify};
pub use stream::{SignStream, SignatureStream, VerifyStream};

/// How a signature of two numbers (DSA, ECDSA) is written. Node: `dsaEncoding`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DsaEncoding {
    /// DER of both.
    #[default]
    Der,
    /// One after the other, each as long as the curve's order or as q.
    IeeeP1363,
}

impl DsaEncoding {
    /// Node's name of it.
    pub const fn name(self) -> &'static str {
        match self {
            DsaEncoding::Der => "der",
            DsaEncoding::IeeeP1363 => "ieee-p1363",
        }
    }

    /// The encoding of that name.
    pub fn parse(name: &str) -> Option<DsaEncoding> {
        [DsaEncoding::Der, DsaEncoding::IeeeP1363].into_iter().find(|encoding| encoding.name() == name)
    }
}

/// How something is signed. Node: the options beside `key` in `crypto.sign`, `crypto.verify`, `sign.sign` and
/// `verify.verify`; each is looked at for the keys that have it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignOptions {
    padding: Option<i32>,
    salt_length: Option<i32>,
    dsa_encoding: DsaEncoding,
    context: Vec<u8>,
}

impl SignOptions {
    /// No options.
    pub fn new() -> SignOptions {
        SignOptions::default()
    }

    /// How RSA pads: [`RSA_PKCS1_PADDING`](crate::constants::RSA_PKCS1_PADDING), the default, or
    /// [`RSA_PKCS1_PSS_PADDING`](crate::constants::RSA_PKCS1_PSS_PADDING), that of keys of the type `rsa-pss`.
    #[must_use]
    pub fn padding(mut self, padding: i32) -> Self {
        self.padding = Some(padding);
        self
    }

    /// Bytes of salt (PSS), or one of `RSA_PSS_SALTLEN_*`. Default: as many as there is room for when signing, as many as
    /// there are when verifying; for a key of the type `rsa-pss` without [`padding`](SignOptions::padding) as the key says.
    #[must_use]
    pub fn salt_length(mut self, bytes: i32) -> Self {
        self.salt_length = Some(bytes);
        self
    }

    /// How signatures of two numbers are written.
    #[must_use]
    pub fn dsa_encoding(mut self, encoding: DsaEncoding) -> Self {
        self.dsa_encoding = encoding;
        self
    }

    /// What the signature is bound to besides the message (Ed25519, Ed448, ML-DSA, SLH-DSA): up to 255 bytes. Ed25519 with
    /// a context is Ed25519ctx of RFC 8032. Of [`sign_sync`] and its like only.
    #[must_use]
    pub fn context(mut self, context: impl AsRef<[u8]>) -> Self {
        self.context = context.as_ref().to_vec();
        self
    }

    fn signing<'a>(&'a self, digest: Option<&'a Md>) -> Signing<'a> {
        Signing {
            digest,
            padding: self.padding,
            salt: self.salt_length,
            context: &self.context,
            p1363: self.dsa_encoding == DsaEncoding::IeeeP1363,
        }
    }
}

/// A digest by name.
enum Digest {
    Known(Algorithm),
    /// One that OpenSSL knows the name of only, and fails with.
    Legacy(Md),
}

impl Digest {
    fn find(name: &str) -> Option<Digest> {
        let known = Algorithm::parse(name).map(Digest::Known);
        known.or_else(|| Md::legacy(c_text(name)).map(Digest::Legacy))
    }

    fn md(&self) -> Result<&Md> {
        match self {
            Digest::Known(algorithm) => algorithm.md(),
            Digest::Legacy(md) => Ok(md),
        }
    }
}

/// A signature or a verification, all of it but the message.
struct Job {
    key: KeyObject,
    digest: Option<Digest>,
    options: SignOptions,
}

impl Job {
    fn new(algorithm: Option<&str>, key: KeyObject, options: &SignOptions) -> Result<Job> {
        const MAX_CONTEXT: usize = 255;
        let invalid = |name: &str| Error::from_template(Code::CryptoInvalidDigest, &[&name]);
        let digest = algorithm.map(|name| Digest::find(name).ok_or_else(|| invalid(name))).transpose()?;
        if options.context.len() > MAX_CONTEXT {
            return Err(Error::new(Code::OutOfRange, "context string must be at most 255 bytes"));
        }
        let mut options = options.clone();
        // Node has -1 stand for none here.
        options.padding = options.padding.filter(|padding| *padding != -1);
        Ok(Job { key, digest, options })
    }

    fn with<T>(&self, work: impl FnOnce(&Pkey, &Signing<'_>) -> Result<T>) -> Result<T> {
        let md = self.digest.as_ref().map(Digest::md).transpose()?;
        work(pkey(&self.key)?, &self.options.signing(md))
    }

    fn sign(&self, data: &[u8]) -> Result<Vec<u8>> {
        self.with(|key, how| engine::sign(key, data, how))
    }

    fn verify(&self, data: &[u8], signature: &[u8]) -> Result<bool> {
        self.with(|key, how| engine::verify(key, data, signature, how))
    }
}

/// The key of OpenSSL's in a key that is known not to be secret.
pub(crate) fn pkey(key: &KeyObject) -> Result<&Pkey> {
    let secret =
        || Error::from_template(Code::CryptoInvalidKeyObjectType, &[&"secret", &"private or public"]);
    key.pkey().ok_or_else(secret)
}

fn sign_job(algorithm: Option<&str>, data: &[u8], key: &KeyInput<'_>, options: &SignOptions) -> Result<Job> {
    let key = key.private()?;
    check::input("data is too big", data)?;
    Job::new(algorithm, key, options)
}

fn verify_job(
    algorithm: Option<&str>,
    data: &[u8],
    key: &KeyInput<'_>,
    signature: &[u8],
    options: &SignOptions,
) -> Result<Job> {
    let key = key.either()?;
    check::input("data is too big", data)?;
    check::input("signature is too big", signature)?;
    Job::new(algorithm, key, options)
}

/// Signs `data`. Node: `crypto.sign(algorithm, data, key)`
/// (<https://nodejs.org/api/crypto.html#cryptosignalgorithm-data-key-callback>).
///
/// `algorithm` is a digest, as for [`create_hash`](crate::create_hash()), and `None` for Ed25519, Ed448, ML-DSA and SLH-DSA,
/// which need none; for other keys `None` is what OpenSSL has as their default.
///
/// # Errors
/// As [`create_private_key`](crate::create_private_key) for the key; [`Code::CryptoInvalidKeyObjectType`] for one that is not
/// private; [`Code::CryptoInvalidDigest`]; [`Code::OutOfRange`] for a context over 255 bytes,
/// [`Code::CryptoOperationFailed`] for one that the key has no use for; [`Code::Openssl`] for a key, a digest, a padding or a salt
/// that do not go together.
///
/// # Examples
/// ```
/// use nodecore_crypto::{KeyPairOptions, SignOptions, generate_key_pair_sync, sign_sync, verify_sync};
///
/// let pair = generate_key_pair_sync("ed25519", &KeyPairOptions::new())?;
/// let options = SignOptions::new();
/// let signature = sign_sync(None, b"hello", &pair.private_key, &options)?;
/// assert!(verify_sync(None, b"hello", &pair.public_key, &signature, &options)?);
/// assert!(!verify_sync(None, b"hullo", &pair.public_key, &signature, &options)?);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn sign_sync<'a>(
    algorithm: Option<&str>,
    data: &[u8],
    key: impl Into<KeyInput<'a>>,
    options: &SignOptions,
) -> Result<Vec<u8>> {
    sign_job(algorithm, data, &key.into(), options)?.sign(data)
}

/// As [`sign_sync`], on the pool. Node: `crypto.sign(algorithm, data, key, callback)`.
///
/// # Errors
/// What is refused at once: the key, the digest, the length of the context; the rest goes to `done`.
pub fn sign<'a>(
    lp: &EventLoop,
    algorithm: Option<&str>,
    data: &[u8],
    key: impl Into<KeyInput<'a>>,
    options: &SignOptions,
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    Ok(sign_operation(algorithm, data, &key.into(), options)?.spawn(lp, done))
}

pub(crate) fn sign_operation(
    algorithm: Option<&str>,
    data: &[u8],
    key: &KeyInput<'_>,
    options: &SignOptions,
) -> Result<impl Operation<Output = Vec<u8>> + use<>> {
    let job = sign_job(algorithm, data, key, options)?;
    let data = data.to_vec();
    Ok(blocking(move || job.sign(&data)))
}

/// Whether `signature` is one of `data` with `key`, of which the public half is used. Node: `crypto.verify(algorithm, data,
/// key, signature)` (<https://nodejs.org/api/crypto.html#cryptoverifyalgorithm-data-key-signature-callback>).
///
/// # Errors
/// As [`sign_sync`], but for the key as [`create_public_key`](crate::create_public_key). A signature that cannot be read is only
/// wrong.
pub fn verify_sync<'a>(
    algorithm: Option<&str>,
    data: &[u8],
    key: impl Into<KeyInput<'a>>,
    signature: &[u8],
    options: &SignOptions,
) -> Result<bool> {
    verify_job(algorithm, data, &key.into(), signature, options)?.verify(data, signature)
}

/// As [`verify_sync`], on the pool. Node: `crypto.verify(algorithm, data, key, signature, callback)`.
///
/// # Errors
/// What is refused at once, as in [`sign`]; the rest goes to `done`.
pub fn verify<'a>(
    lp: &EventLoop,
    algorithm: Option<&str>,
    data: &[u8],
    key: impl Into<KeyInput<'a>>,
    signature: &[u8],
    options: &SignOptions,
    done: impl FnOnce(Result<bool>) + 'static,
) -> Result<Request> {
    Ok(verify_operation(algorithm, data, &key.into(), signature, options)?.spawn(lp, done))
}

pub(crate) fn verify_operation(
    algorithm: Option<&str>,
    data: &[u8],
    key: &KeyInput<'_>,
    signature: &[u8],
    options: &SignOptions,
) -> Result<impl Operation<Output = bool> + use<>> {
    let job = verify_job(algorithm, data, key, signature, options)?;
    let (data, signature) = (data.to_vec(), signature.to_vec());
    Ok(blocking(move || job.verify(&data, &signature)))
}
