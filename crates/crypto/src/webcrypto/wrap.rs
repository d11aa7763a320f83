//! `subtle.wrapKey` and `subtle.unwrapKey`.

use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, Request};

use super::algorithm::{Algorithm, AlgorithmName, Op};
use super::cipher;
use super::error::data as data_error;
use super::export;
use super::import::{self, Importing};
use super::job::{Job, spawn};
use super::key::{CryptoKey, KeyUsage};
use super::{KeyData, KeyFormat};
use crate::Jwk;
use crate::secret::Secret;

/// What AES-KW wraps is a multiple of this.
const BLOCK: usize = 8;

pub(super) fn wrap_job(
    format: KeyFormat,
    key: &CryptoKey,
    wrapping_key: &CryptoKey,
    algorithm: &Algorithm<'_>,
) -> Result<Job<Vec<u8>>> {
    let params = cipher::params(algorithm, Op::Wrap)?;
    let pads = params.0 == AlgorithmName::AesKw && format == KeyFormat::Jwk;
    let encrypt = cipher::checked(params, wrapping_key, KeyUsage::WrapKey)?;
    let key = key.clone();
    Ok(Job::new(move |_| {
        let mut bytes = export::run(format, &key)?.into_bytes();
        if pads {
            // Room first, as a text that is moved would be left behind.
            let len = bytes.len().next_multiple_of(BLOCK);
            let mut padded = Vec::with_capacity(len);
            padded.extend_from_slice(&Secret::from(std::mem::take(&mut bytes)));
            padded.resize(len, b' ');
            bytes = padded;
        }
        encrypt.run(&Secret::from(bytes))
    }))
}

pub(super) fn unwrap_job(
    format: KeyFormat,
    unwrapping_key: &CryptoKey,
    algorithm: &Algorithm<'_>,
    unwrapped: &Algorithm<'_>,
    extractable: bool,
    usages: &[KeyUsage],
) -> Result<Job<CryptoKey>> {
    let params = cipher::params(algorithm, Op::Wrap)?;
    let importing = Importing::new(unwrapped, extractable, usages)?;
    let decrypt = cipher::checked(params, unwrapping_key, KeyUsage::UnwrapKey)?;
    Ok(Job::new(move |wrapped| {
        let bytes = Secret::from(decrypt.run(wrapped)?);
        if format != KeyFormat::Jwk {
            return import::run(&importing, format, KeyData::Bytes(&bytes));
        }
        let jwk = str::from_utf8(&bytes).ok().and_then(|text| Jwk::parse(text).ok());
        let jwk = jwk.ok_or_else(|| data_error("Invalid wrapped JWK key"))?;
        import::run(&importing, format, KeyData::Jwk(&jwk))
    }))
}

/// Exports `key`, and encrypts what comes of it: with `AES-KW`, or an algorithm of [`encrypt_sync`](super::encrypt_sync). Node:
/// `subtle.wrapKey`
/// (<https://nodejs.org/api/webcrypto.html#subtlewrapkeyformat-key-wrappingkey-wrapalgo>).
///
/// # Errors
/// As [`export_key_sync`](super::export_key_sync) and [`encrypt_sync`](super::encrypt_sync).
///
/// # Examples
/// ```
/// use nodecore_crypto::webcrypto::{
///     Algorithm, KeyFormat, KeyUsage, generate_key_sync, unwrap_key_sync, wrap_key_sync,
/// };
///
/// let kw = Algorithm::new("AES-KW").length(256);
/// let wrapping = generate_key_sync(&kw, false, &[KeyUsage::WrapKey, KeyUsage::UnwrapKey])?.into_secret()?;
/// let gcm = Algorithm::new("AES-GCM").length(128);
/// let key = generate_key_sync(&gcm, true, &[KeyUsage::Encrypt])?.into_secret()?;
/// let wrapped = wrap_key_sync(KeyFormat::Raw, &key, &wrapping, &kw)?;
/// let read = unwrap_key_sync(KeyFormat::Raw, &wrapped, &wrapping, &kw, &gcm, true, &[KeyUsage::Encrypt])?;
/// assert_eq!(read.key_object(), key.key_object());
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn wrap_key_sync(
    format: KeyFormat,
    key: &CryptoKey,
    wrapping_key: &CryptoKey,
    algorithm: &Algorithm<'_>,
) -> Result<Vec<u8>> {
    wrap_job(format, key, wrapping_key, algorithm)?.run(&[])
}

/// As [`wrap_key_sync`], on the pool; `done` is called once, later.
///
/// # Errors
/// As there: what is wrong with an argument is returned, the rest is given to `done`.
pub fn wrap_key(
    lp: &EventLoop,
    format: KeyFormat,
    key: &CryptoKey,
    wrapping_key: &CryptoKey,
    algorithm: &Algorithm<'_>,
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    Ok(spawn(lp, wrap_job(format, key, wrapping_key, algorithm)?, &[], done))
}

/// Decrypts `wrapped`, and imports what comes of it as a key of the algorithm `unwrapped`. Node: `subtle.unwrapKey`
/// (<https://nodejs.org/api/webcrypto.html#subtleunwrapkeyformat-wrappedkey-unwrappingkey-unwrapalgo-unwrappedkeyalgo-extractable-keyusages>).
///
/// # Errors
/// As [`decrypt_sync`](super::decrypt_sync) and [`import_key_sync`](super::import_key_sync).
pub fn unwrap_key_sync(
    format: KeyFormat,
    wrapped: &[u8],
    unwrapping_key: &CryptoKey,
    algorithm: &Algorithm<'_>,
    unwrapped: &Algorithm<'_>,
    extractable: bool,
    usages: &[KeyUsage],
) -> Result<CryptoKey> {
    unwrap_job(format, unwrapping_key, algorithm, unwrapped, extractable, usages)?.run(wrapped)
}

/// As [`unwrap_key_sync`], on the pool; `done` is called once, later.
///
/// # Errors
/// As there: what is wrong with an argument is returned, the rest is given to `done`.
#[expect(clippy::too_many_arguments, reason = "Node's, with the loop and the callback")]
pub fn unwrap_key(
    lp: &EventLoop,
    format: KeyFormat,
    wrapped: &[u8],
    unwrapping_key: &CryptoKey,
    algorithm: &Algorithm<'_>,
    unwrapped: &Algorithm<'_>,
    extractable: bool,
    usages: &[KeyUsage],
    done: impl FnOnce(Result<CryptoKey>) + 'static,
) -> Result<Request> {
    let job = unwrap_job(format, unwrapping_key, algorithm, unwrapped, extractable, usages)?;
    Ok(spawn(lp, job, wrapped, done))
}
