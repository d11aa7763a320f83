//! `subtle.encapsulateBits`, `encapsulateKey`, `decapsulateBits` and `decapsulateKey`: ML-KEM.

use std::fmt;

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, Request};

use super::algorithm::{Algorithm, Op};
use super::error::{failed, invalid_access};
use super::import::{self, Importing};
use super::job::{Job, spawn};
use super::key::{CryptoKey, KeyUsage};
use super::{KeyData, KeyFormat};
use crate::engine;

/// A shared secret, and what the other side makes it of. Node: `EncapsulatedBits`
/// (<https://nodejs.org/api/webcrypto.html#class-encapsulatedbits>).
#[derive(Clone)]
#[non_exhaustive]
pub struct EncapsulatedBits {
    /// What is sent.
    pub ciphertext: Vec<u8>,
    /// The secret, which the caller clears.
    pub shared_key: Vec<u8>,
}

/// As [`EncapsulatedBits`], as a key. Node: `EncapsulatedKey`
/// (<https://nodejs.org/api/webcrypto.html#class-encapsulatedkey>).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EncapsulatedKey {
    /// What is sent.
    pub ciphertext: Vec<u8>,
    /// The key.
    pub shared_key: CryptoKey,
}

/// What it shows is not the secret.
impl fmt::Debug for EncapsulatedBits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncapsulatedBits").field("ciphertext", &self.ciphertext).finish_non_exhaustive()
    }
}

/// The key, if it is one of that algorithm that may be used so.
fn checked(algorithm: &Algorithm<'_>, key: &CryptoKey, usage: KeyUsage) -> Result<CryptoKey> {
    let name = algorithm.named(Op::Encapsulate)?;
    if key.name() != name {
        return Err(invalid_access("key algorithm mismatch"));
    }
    if !key.usage_set().has(usage) {
        let which = if matches!(usage, KeyUsage::EncapsulateBits | KeyUsage::EncapsulateKey) {
            "encapsulationKey"
        } else {
            "decapsulationKey"
        };
        return Err(invalid_access(&format!("{which} does not have {} usage", usage.name())));
    }
    Ok(key.clone())
}

fn pkey(key: &CryptoKey) -> Result<&engine::Pkey> {
    let refused = || Error::from_template(Code::CryptoOperationFailed, &[&"Encapsulation failed"]);
    key.key_object().pkey().ok_or_else(refused)
}

fn encapsulated(key: &CryptoKey) -> Result<(crate::secret::Secret, Vec<u8>)> {
    engine::encapsulate(pkey(key)?)
}

fn shared(importing: &Importing, secret: &[u8]) -> Result<CryptoKey> {
    import::run(importing, KeyFormat::RawSecret, KeyData::Bytes(secret))
}

pub(super) fn encapsulate_bits_job(
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
) -> Result<Job<EncapsulatedBits>> {
    let key = checked(algorithm, key, KeyUsage::EncapsulateBits)?;
    Ok(Job::new(move |_| {
        let (secret, ciphertext) = encapsulated(&key).map_err(failed)?;
        Ok(EncapsulatedBits { ciphertext, shared_key: secret.into_vec() })
    }))
}

pub(super) fn encapsulate_key_job(
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    shared_key: &Algorithm<'_>,
    extractable: bool,
    usages: &[KeyUsage],
) -> Result<Job<EncapsulatedKey>> {
    algorithm.named(Op::Encapsulate)?;
    let importing = Importing::new(shared_key, extractable, usages)?;
    let key = checked(algorithm, key, KeyUsage::EncapsulateKey)?;
    Ok(Job::new(move |_| {
        let (secret, ciphertext) = encapsulated(&key).map_err(failed)?;
        Ok(EncapsulatedKey { ciphertext, shared_key: shared(&importing, &secret)? })
    }))
}

pub(super) fn decapsulate_bits_job(algorithm: &Algorithm<'_>, key: &CryptoKey) -> Result<Job<Vec<u8>>> {
    let key = checked(algorithm, key, KeyUsage::DecapsulateBits)?;
    Ok(Job::new(move |ciphertext| {
        let secret = pkey(&key).and_then(|pkey| engine::decapsulate(pkey, ciphertext)).map_err(failed)?;
        Ok(secret.into_vec())
    }))
}

pub(super) fn decapsulate_key_job(
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    shared_key: &Algorithm<'_>,
    extractable: bool,
    usages: &[KeyUsage],
) -> Result<Job<CryptoKey>> {
    algorithm.named(Op::Encapsulate)?;
    let importing = Importing::new(shared_key, extractable, usages)?;
    let key = checked(algorithm, key, KeyUsage::DecapsulateKey)?;
    Ok(Job::new(move |ciphertext| {
        let secret = pkey(&key).and_then(|pkey| engine::decapsulate(pkey, ciphertext)).map_err(failed)?;
        shared(&importing, &secret)
    }))
}

/// A new secret for the owner of the private key: `ML-KEM-512`, `ML-KEM-768` or `ML-KEM-1024`. Node:
/// `subtle.encapsulateBits`
/// (<https://nodejs.org/api/webcrypto.html#subtleencapsulatebitsencapsulationalgorithm-encapsulationkey>).
///
/// # Errors
/// `NotSupportedError` for another algorithm; `InvalidAccessError` for a key of another algorithm or use;
/// `OperationError`.
///
/// # Examples
/// ```
/// use nodecore_crypto::webcrypto::{
///     Algorithm, KeyUsage, decapsulate_bits_sync, encapsulate_bits_sync, generate_key_sync,
/// };
///
/// let kem = Algorithm::new("ML-KEM-768");
/// let usages = [KeyUsage::EncapsulateBits, KeyUsage::DecapsulateBits];
/// let pair = generate_key_sync(&kem, false, &usages)?.into_pair()?;
/// let sent = encapsulate_bits_sync(&kem, &pair.public_key)?;
/// assert_eq!(decapsulate_bits_sync(&kem, &pair.private_key, &sent.ciphertext)?, sent.shared_key);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn encapsulate_bits_sync(algorithm: &Algorithm<'_>, key: &CryptoKey) -> Result<EncapsulatedBits> {
    encapsulate_bits_job(algorithm, key)?.run(&[])
}

/// As [`encapsulate_bits_sync`], on the pool; `done` is called once, later.
///
/// # Errors
/// As there: what is wrong with an argument is returned, the rest is given to `done`.
pub fn encapsulate_bits(
    lp: &EventLoop,
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    done: impl FnOnce(Result<EncapsulatedBits>) + 'static,
) -> Result<Request> {
    Ok(spawn(lp, encapsulate_bits_job(algorithm, key)?, &[], done))
}

/// As [`encapsulate_bits_sync`], with the secret as a key of the algorithm `shared_key`. Node: `subtle.encapsulateKey`
/// (<https://nodejs.org/api/webcrypto.html#subtleencapsulatekeyencapsulationalgorithm-encapsulationkey-sharedkeyalgorithm-extractable-usages>).
///
/// # Errors
/// As there, and as [`import_key_sync`](super::import_key_sync).
pub fn encapsulate_key_sync(
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    shared_key: &Algorithm<'_>,
    extractable: bool,
    usages: &[KeyUsage],
) -> Result<EncapsulatedKey> {
    encapsulate_key_job(algorithm, key, shared_key, extractable, usages)?.run(&[])
}

/// As [`encapsulate_key_sync`], on the pool; `done` is called once, later.
///
/// # Errors
/// As there: what is wrong with an argument is returned, the rest is given to `done`.
pub fn encapsulate_key(
    lp: &EventLoop,
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    shared_key: &Algorithm<'_>,
    extractable: bool,
    usages: &[KeyUsage],
    done: impl FnOnce(Result<EncapsulatedKey>) + 'static,
) -> Result<Request> {
    let job = encapsulate_key_job(algorithm, key, shared_key, extractable, usages)?;
    Ok(spawn(lp, job, &[], done))
}

/// The secret that `ciphertext` was made with. Node: `subtle.decapsulateBits`
/// (<https://nodejs.org/api/webcrypto.html#subtledecapsulatebitsdecapsulationalgorithm-decapsulationkey-ciphertext>).
///
/// # Errors
/// As [`encapsulate_bits_sync`]; a ciphertext of the right length that was changed gives another secret, and no error.
pub fn decapsulate_bits_sync(
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    ciphertext: &[u8],
) -> Result<Vec<u8>> {
    decapsulate_bits_job(algorithm, key)?.run(ciphertext)
}

/// As [`decapsulate_bits_sync`], on the pool; `done` is called once, later.
///
/// # Errors
/// As there: what is wrong with an argument is returned, the rest is given to `done`.
pub fn decapsulate_bits(
    lp: &EventLoop,
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    ciphertext: &[u8],
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    Ok(spawn(lp, decapsulate_bits_job(algorithm, key)?, ciphertext, done))
}

/// As [`decapsulate_bits_sync`], as a key of the algorithm `shared_key`. Node: `subtle.decapsulateKey`
/// (<https://nodejs.org/api/webcrypto.html#subtledecapsulatekeydecapsulationalgorithm-decapsulationkey-ciphertext-sharedkeyalgorithm-extractable-usages>).
///
/// # Errors
/// As there, and as [`import_key_sync`](super::import_key_sync).
pub fn decapsulate_key_sync(
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    ciphertext: &[u8],
    shared_key: &Algorithm<'_>,
    extractable: bool,
    usages: &[KeyUsage],
) -> Result<CryptoKey> {
    decapsulate_key_job(algorithm, key, shared_key, extractable, usages)?.run(ciphertext)
}

/// As [`decapsulate_key_sync`], on the pool; `done` is called once, later.
///
/// # Errors
/// As there: what is wrong with an argument is returned, the rest is given to `done`.
#[expect(clippy::too_many_arguments, reason = "Node's, with the loop and the callback")]
pub fn decapsulate_key(
    lp: &EventLoop,
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    ciphertext: &[u8],
    shared_key: &Algorithm<'_>,
    extractable: bool,
    usages: &[KeyUsage],
    done: impl FnOnce(Result<CryptoKey>) + 'static,
) -> Result<Request> {
    let job = decapsulate_key_job(algorithm, key, shared_key, extractable, usages)?;
    Ok(spawn(lp, job, ciphertext, done))
}
