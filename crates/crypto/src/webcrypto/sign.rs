//! `subtle.sign` and `subtle.verify`: HMAC, KMAC, RSA, ECDSA, EdDSA and ML-DSA.

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, Request};

use super::algorithm::{Algorithm, AlgorithmName, HashAlgorithm, Op, need};
use super::digest::bytes;
use super::error::{failed, invalid_access, operation};
use super::job::{Job, spawn};
use super::keccak::kmac;
use super::key::{CryptoKey, KeyUsage};
use crate::algorithm::{Algorithm as Digest, room, unsupported};
use crate::constants::{RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING};
use crate::create_hmac;
use crate::engine::{self, Signing, equal};

/// The longest context (RFC 8032, FIPS 204).
const CONTEXT: usize = 255;
/// The longest key and customization of KMAC that Node's OpenSSL takes.
const KMAC: usize = 512;

#[derive(Clone)]
pub(super) enum Params {
    /// All there is to know is with the key.
    Plain,
    Kmac {
        bits: u32,
        customization: Vec<u8>,
    },
    Pss {
        salt: u32,
    },
    Ecdsa {
        hash: HashAlgorithm,
    },
    Context(Vec<u8>),
}

pub(super) fn params(algorithm: &Algorithm<'_>) -> Result<(AlgorithmName, Params)> {
    use AlgorithmName as A;
    let name = algorithm.named(Op::Sign)?;
    let params = match name {
        A::Kmac128 | A::Kmac256 => {
            let bits = need(algorithm.get_output_length(), "outputLength", "KmacParams")?;
            if bits > u32::MAX - 7 {
                return Err(operation("Invalid KmacParams outputLength"));
            }
            Params::Kmac { bits, customization: algorithm.get_customization().unwrap_or_default().to_vec() }
        }
        A::RsaPss => Params::Pss { salt: need(algorithm.get_salt_length(), "saltLength", "RsaPssParams")? },
        A::Ecdsa => Params::Ecdsa { hash: algorithm.need_hash("EcdsaParams")? },
        A::Ed448 | A::MlDsa44 | A::MlDsa65 | A::MlDsa87 => {
            let context = algorithm.get_context().unwrap_or_default();
            if context.len() > CONTEXT {
                return Err(operation(&format!("ContextParams.context must be at most {CONTEXT} bytes")));
            }
            Params::Context(context.to_vec())
        }
        _ => Params::Plain,
    };
    Ok((name, params))
}

fn checked(algorithm: &Algorithm<'_>, key: &CryptoKey, usage: KeyUsage) -> Result<Params> {
    let (name, params) = params(algorithm)?;
    if key.name() != name {
        return Err(invalid_access("Key algorithm mismatch"));
    }
    if !key.usage_set().has(usage) {
        return Err(invalid_access(&format!("Unable to use this key to {}", usage.name())));
    }
    Ok(params)
}

fn no_reason() -> Error {
    Error::from_template(Code::CryptoOperationFailed, &[&"Deriving bits failed"])
}

fn mac(key: &CryptoKey, params: &Params, data: &[u8]) -> Result<Vec<u8>> {
    let bytes_of_key = key.key_object().secret_bytes().unwrap_or_default();
    let Params::Kmac { bits, customization } = params else {
        let hash = key.algorithm().hash.unwrap_or(HashAlgorithm::Sha1);
        return create_hmac(hash.digest_name(), bytes_of_key)?.update(data)?.digest();
    };
    if bytes_of_key.len() > KMAC || customization.len() > KMAC {
        return Err(no_reason());
    }
    let strength = if key.name() == AlgorithmName::Kmac128 { 128 } else { 256 };
    let key_bits = key.algorithm().length.unwrap_or_default() as usize;
    let mut out = room(bytes(*bits))?;
    kmac(strength, (bytes_of_key, key_bits), customization, data, (&mut out, *bits as usize))?;
    Ok(out)
}

/// Gives `then` what the engine is to be told; `None` for a salt that is longer than any key.
fn with_signing<T>(
    key: &CryptoKey,
    params: &Params,
    then: impl FnOnce(&engine::Pkey, &Signing<'_>) -> Result<T>,
) -> Result<Option<T>> {
    let hash = match params {
        Params::Ecdsa { hash } => Some(*hash),
        _ => key.algorithm().hash,
    };
    let refused = || unsupported("Digest method not supported");
    let digest = hash.map(|hash| Digest::parse(hash.digest_name()).ok_or_else(refused)?.md()).transpose()?;
    let mut how = Signing { digest, p1363: matches!(params, Params::Ecdsa { .. }), ..Signing::default() };
    match params {
        Params::Pss { salt } => {
            let Ok(salt) = i32::try_from(*salt) else { return Ok(None) };
            how.salt = Some(salt);
            how.padding = Some(RSA_PKCS1_PSS_PADDING);
        }
        Params::Context(context) => how.context = context,
        _ if hash.is_some() && !how.p1363 => how.padding = Some(RSA_PKCS1_PADDING),
        _ => {}
    }
    then(key.key_object().pkey().ok_or_else(refused)?, &how).map(Some)
}

pub(super) fn sign_job(algorithm: &Algorithm<'_>, key: &CryptoKey) -> Result<Job<Vec<u8>>> {
    let params = checked(algorithm, key, KeyUsage::Sign)?;
    let key = key.clone();
    Ok(Job::new(move |data| {
        if key.name().key_type().is_none() {
            return mac(&key, &params, data).map_err(failed);
        }
        let signed =
            with_signing(&key, &params, |pkey, how| engine::sign(pkey, data, how)).map_err(failed)?;
        signed.ok_or_else(|| Error::from_template(Code::DomOperation, &[]))
    }))
}

pub(super) fn verify_job(algorithm: &Algorithm<'_>, key: &CryptoKey, signature: &[u8]) -> Result<Job<bool>> {
    let params = checked(algorithm, key, KeyUsage::Verify)?;
    let (key, signature) = (key.clone(), signature.to_vec());
    Ok(Job::new(move |data| {
        if key.name().key_type().is_none() {
            return Ok(equal(&mac(&key, &params, data).map_err(failed)?, &signature));
        }
        let good = with_signing(&key, &params, |pkey, how| engine::verify(pkey, data, &signature, how))
            .map_err(failed)?;
        Ok(good.unwrap_or(false))
    }))
}

/// Signs `data`: `HMAC`, `KMAC128`, `KMAC256`, `RSASSA-PKCS1-v1_5`, `RSA-PSS`, `ECDSA` (the two numbers, not DER), `Ed25519`,
/// `Ed448` or `ML-DSA-*`. Node: `subtle.sign`
/// (<https://nodejs.org/api/webcrypto.html#subtlesignalgorithm-key-data>).
///
/// # Errors
/// As [`encrypt_sync`](super::encrypt_sync).
///
/// # Examples
/// ```
/// use nodecore_crypto::webcrypto::{Algorithm, KeyUsage, generate_key_sync, sign_sync, verify_sync};
///
/// let usages = [KeyUsage::Sign, KeyUsage::Verify];
/// let pair = generate_key_sync(&Algorithm::new("Ed25519"), false, &usages)?.into_pair()?;
/// let signature = sign_sync(&Algorithm::new("Ed25519"), &pair.private_key, b"text")?;
/// assert!(verify_sync(&Algorithm::new("Ed25519"), &pair.public_key, &signature, b"text")?);
/// assert!(!verify_sync(&Algorithm::new("Ed25519"), &pair.public_key, &signature, b"test")?);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn sign_sync(algorithm: &Algorithm<'_>, key: &CryptoKey, data: &[u8]) -> Result<Vec<u8>> {
    sign_job(algorithm, key)?.run(data)
}

/// As [`sign_sync`], on the pool; `done` is called once, later.
///
/// # Errors
/// As there: what is wrong with an argument is returned, the rest is given to `done`.
pub fn sign(
    lp: &EventLoop,
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    data: &[u8],
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    Ok(spawn(lp, sign_job(algorithm, key)?, data, done))
}

/// Whether `signature` is one of `data`. Codes are compared in constant time. Node: `subtle.verify`
/// (<https://nodejs.org/api/webcrypto.html#subtleverifyalgorithm-key-signature-data>).
///
/// # Errors
/// As [`sign_sync`].
pub fn verify_sync(
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    signature: &[u8],
    data: &[u8],
) -> Result<bool> {
    verify_job(algorithm, key, signature)?.run(data)
}

/// As [`verify_sync`], on the pool; `done` is called once, later.
///
/// # Errors
/// As there: what is wrong with an argument is returned, the rest is given to `done`.
pub fn verify(
    lp: &EventLoop,
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    signature: &[u8],
    data: &[u8],
    done: impl FnOnce(Result<bool>) + 'static,
) -> Result<Request> {
    Ok(spawn(lp, verify_job(algorithm, key, signature)?, data, done))
}
