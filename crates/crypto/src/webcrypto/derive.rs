//! `subtle.deriveBits` and `subtle.deriveKey`: HKDF, PBKDF2, Argon2, ECDH, X25519 and X448.

use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, Request};

use super::algorithm::{Algorithm, AlgorithmName, HashAlgorithm, Op, need};
use super::digest::bytes;
use super::error::{failed, invalid_access, operation};
use super::import::{self, Importing};
use super::job::{Job, spawn};
use super::keccak::mask;
use super::key::{CryptoKey, KeyUsage};
use super::{KeyData, KeyFormat};
use crate::KeyType;
use crate::algorithm::{Algorithm as Method, unsupported};
use crate::engine::{self, Argon2};
use crate::kdf::extract_and_expand;
use crate::secret::Secret;

/// The longest `info` of HKDF that OpenSSL takes.
const INFO: usize = 1024;
/// The most lanes of Argon2 (RFC 9106, 3.1).
const LANES: u32 = (1 << 24) - 1;

pub(super) enum Params {
    Hkdf { hash: HashAlgorithm, salt: Secret, info: Vec<u8> },
    Pbkdf2 { hash: HashAlgorithm, salt: Secret, iterations: i32 },
    Argon2 { nonce: Vec<u8>, secret: Secret, data: Vec<u8>, lanes: u32, memory: u32, passes: u32 },
    Agree(CryptoKey),
}

pub(super) fn params(algorithm: &Algorithm<'_>) -> Result<(AlgorithmName, Params)> {
    use AlgorithmName as A;
    let name = algorithm.named(Op::Derive)?;
    let params = match name {
        A::Hkdf => {
            let hash = algorithm.need_hash("HkdfParams")?;
            let info = need(algorithm.get_info(), "info", "HkdfParams")?;
            if info.len() > INFO {
                return Err(operation(&format!("algorithm.info must be at most {INFO} bytes")));
            }
            let salt = Secret::copy(need(algorithm.get_salt(), "salt", "HkdfParams")?);
            Params::Hkdf { hash, salt, info: info.to_vec() }
        }
        A::Pbkdf2 => {
            let hash = algorithm.need_hash("Pbkdf2Params")?;
            let iterations = need(algorithm.get_iterations(), "iterations", "Pbkdf2Params")?;
            if iterations == 0 {
                return Err(operation("iterations cannot be zero"));
            }
            let salt = Secret::copy(need(algorithm.get_salt(), "salt", "Pbkdf2Params")?);
            let iterations = i32::try_from(iterations).map_err(|_| operation("iterations is too large"))?;
            Params::Pbkdf2 { hash, salt, iterations }
        }
        A::Argon2d | A::Argon2i | A::Argon2id => argon2_params(algorithm)?,
        _ => {
            let public = need(algorithm.get_public(), "public", "EcdhKeyDeriveParams")?;
            if public.key_type() != KeyType::Public {
                return Err(invalid_access("algorithm.public must be a public key"));
            }
            Params::Agree(public.clone())
        }
    };
    Ok((name, params))
}

fn argon2_params(algorithm: &Algorithm<'_>) -> Result<Params> {
    let dictionary = "Argon2Params";
    let memory = need(algorithm.get_memory(), "memory", dictionary)?;
    let nonce = need(algorithm.get_nonce(), "nonce", dictionary)?;
    if nonce.len() < 8 {
        return Err(operation("nonce must be at least 8 bytes"));
    }
    let lanes = need(algorithm.get_parallelism(), "parallelism", dictionary)?;
    let passes = need(algorithm.get_passes(), "passes", dictionary)?;
    if u64::from(memory) < 8 * u64::from(lanes) {
        return Err(operation("memory must be at least 8 times the degree of parallelism"));
    }
    if !(1..=LANES).contains(&lanes) {
        return Err(operation(&format!("parallelism must be > 0 and <= {LANES}")));
    }
    if passes == 0 {
        return Err(operation("passes must be > 0"));
    }
    if let Some(version) = algorithm.get_version().filter(|version| *version != 0x13) {
        return Err(operation(&format!("{version} is not a valid Argon2 version")));
    }
    Ok(Params::Argon2 {
        nonce: nonce.to_vec(),
        secret: Secret::copy(algorithm.get_secret_value().unwrap_or_default()),
        data: algorithm.get_associated_data().unwrap_or_default().to_vec(),
        lanes,
        memory,
        passes,
    })
}

/// How many bits an algorithm can give, if its length is a matter of choice.
pub(super) fn check_length((name, params): &(AlgorithmName, Params), bits: Option<u32>) -> Result<()> {
    if matches!(params, Params::Agree(_)) {
        return Ok(());
    }
    let bits = bits.ok_or_else(|| operation("length cannot be null"))?;
    if !bits.is_multiple_of(8) {
        return Err(operation("length must be a multiple of 8"));
    }
    match params {
        // RFC 5869, 2.3.
        Params::Hkdf { hash, .. } if method(*hash)?.length() * 255 < bytes(bits) => {
            Err(operation("length exceeds the maximum derived bit length"))
        }
        Params::Argon2 { .. } if bits < 32 => Err(operation("length must be >= 32")),
        _ if i32::try_from(bytes(bits)).is_err() => Err(operation(&format!("{name} length is too large"))),
        _ => Ok(()),
    }
}

fn method(hash: HashAlgorithm) -> Result<Method> {
    Method::parse(hash.digest_name()).ok_or_else(|| unsupported("Digest method not supported"))
}

fn checked(
    (name, params): (AlgorithmName, Params),
    key: &CryptoKey,
    usage: KeyUsage,
    bits: Option<u32>,
) -> Result<impl FnOnce() -> Result<Secret> + Send + use<>> {
    if !key.usage_set().has(usage) {
        return Err(invalid_access(&format!("baseKey does not have {} usage", usage.name())));
    }
    if key.name() != name {
        return Err(invalid_access("Key algorithm mismatch"));
    }
    if let Params::Agree(public) = &params {
        if public.name() != name {
            return Err(invalid_access("key algorithm mismatch"));
        }
        if public.algorithm().named_curve != key.algorithm().named_curve {
            return Err(invalid_access("Named curve mismatch"));
        }
    }
    let checked = (name, params);
    check_length(&checked, bits)?;
    let key = key.clone();
    Ok(move || derive(&checked, &key, bits))
}

fn derive((name, params): &(AlgorithmName, Params), key: &CryptoKey, bits: Option<u32>) -> Result<Secret> {
    if let Params::Agree(public) = params {
        return agree(key, public, bits);
    }
    let base = key.key_object().secret_bytes().unwrap_or_default();
    let mut out = Secret::zeroed(bytes(bits.unwrap_or_default())).map_err(failed)?;
    if out.is_empty() {
        return Ok(out);
    }
    let done = match params {
        Params::Hkdf { hash, salt, info } => {
            method(*hash).and_then(|method| extract_and_expand(method, base, salt, info, &mut out))
        }
        Params::Pbkdf2 { hash, salt, iterations } => method(*hash)
            .and_then(Method::md)
            .and_then(|md| engine::pbkdf2(md, base, salt, *iterations, &mut out)),
        Params::Argon2 { nonce, secret, data, lanes, memory, passes } => {
            let variant = match name {
                AlgorithmName::Argon2d => c"ARGON2D",
                AlgorithmName::Argon2i => c"ARGON2I",
                _ => c"ARGON2ID",
            };
            let argon2 = Argon2 {
                variant,
                message: base,
                nonce,
                secret,
                associated_data: data,
                parallelism: *lanes,
                memory: *memory,
                passes: *passes,
            };
            engine::argon2(argon2, &mut out)
        }
        Params::Agree(_) => Ok(()),
    };
    done.map_err(failed)?;
    Ok(out)
}

/// The first `bits` of what both have in common, or all.
fn agree(key: &CryptoKey, public: &CryptoKey, bits: Option<u32>) -> Result<Secret> {
    let short = || operation("derived bit length is too small");
    let (Some(private), Some(public)) = (key.key_object().pkey(), public.key_object().pkey()) else {
        return Err(short());
    };
    let secret = engine::derive(private, public).map_err(failed)?;
    let Some(bits) = bits else { return Ok(secret) };
    let mut out = Secret::copy(secret.get(..bytes(bits)).ok_or_else(short)?);
    mask(&mut out, bits as usize);
    Ok(out)
}

pub(super) fn bits_job(
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    length: Option<u32>,
) -> Result<Job<Vec<u8>>> {
    let derive = checked(params(algorithm)?, key, KeyUsage::DeriveBits, length)?;
    Ok(Job::new(move |_| derive().map(Secret::into_vec)))
}

pub(super) fn key_job(
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    derived: &Algorithm<'_>,
    extractable: bool,
    usages: &[KeyUsage],
) -> Result<Job<CryptoKey>> {
    let params = params(algorithm)?;
    // Keys of two halves can be imported, and not derived.
    derived.named(Op::KeyLength)?;
    let importing = Importing::new(derived, extractable, usages)?;
    let length = import::key_length(derived)?;
    let derive = checked(params, key, KeyUsage::DeriveKey, length)?;
    Ok(Job::new(move |_| import::run(&importing, KeyFormat::RawSecret, KeyData::Bytes(&derive()?))))
}

/// Derives `length` bits; of `ECDH`, `X25519` and `X448` all there are for `None`. Node: `subtle.deriveBits`
/// (<https://nodejs.org/api/webcrypto.html#subtlederivebitsalgorithm-basekey-length>).
///
/// # Errors
/// `NotSupportedError` for another algorithm than these, `HKDF`, `PBKDF2` and `Argon2*`; `InvalidAccessError` for a key of
/// another algorithm or use; `OperationError` for a parameter or a length.
///
/// # Examples
/// ```
/// use nodecore_crypto::webcrypto::{Algorithm, KeyData, KeyFormat, KeyUsage, derive_bits_sync, import_key_sync};
///
/// let pbkdf2 = Algorithm::new("PBKDF2");
/// let key = import_key_sync(KeyFormat::Raw, KeyData::Bytes(b"password"), &pbkdf2, false, &[KeyUsage::DeriveBits])?;
/// let bits = derive_bits_sync(&pbkdf2.hash("SHA-1").salt(b"salt").iterations(2), &key, Some(160))?;
/// assert_eq!(bits[..4], [0xea, 0x6c, 0x01, 0x4d]);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn derive_bits_sync(algorithm: &Algorithm<'_>, key: &CryptoKey, length: Option<u32>) -> Result<Vec<u8>> {
    bits_job(algorithm, key, length)?.run(&[])
}

/// As [`derive_bits_sync`], on the pool; `done` is called once, later.
///
/// # Errors
/// As there: what is wrong with an argument is returned, the rest is given to `done`.
pub fn derive_bits(
    lp: &EventLoop,
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    length: Option<u32>,
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    Ok(spawn(lp, bits_job(algorithm, key, length)?, &[], done))
}

/// Derives a key of the algorithm `derived`, as long as that asks for. Node: `subtle.deriveKey`
/// (<https://nodejs.org/api/webcrypto.html#subtlederivekeyalgorithm-basekey-derivedkeyalgorithm-extractable-keyusages>).
///
/// # Errors
/// As [`derive_bits_sync`] and [`import_key_sync`](super::import_key_sync).
pub fn derive_key_sync(
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    derived: &Algorithm<'_>,
    extractable: bool,
    usages: &[KeyUsage],
) -> Result<CryptoKey> {
    key_job(algorithm, key, derived, extractable, usages)?.run(&[])
}

/// As [`derive_key_sync`], on the pool; `done` is called once, later.
///
/// # Errors
/// As there: what is wrong with an argument is returned, the rest is given to `done`.
pub fn derive_key(
    lp: &EventLoop,
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    derived: &Algorithm<'_>,
    extractable: bool,
    usages: &[KeyUsage],
    done: impl FnOnce(Result<CryptoKey>) + 'static,
) -> Result<Request> {
    Ok(spawn(lp, key_job(algorithm, key, derived, extractable, usages)?, &[], done))
}
