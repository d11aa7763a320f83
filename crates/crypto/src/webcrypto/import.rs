//! `subtle.importKey`, and keys of a `KeyObject`.

use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, OperationExt, Request};

use super::algorithm::{Algorithm, AlgorithmName, Op};
use super::error::{data as data_error, invalid_key_data, not_supported, operation, syntax, unrecognized};
use super::jwk;
use super::keccak::mask;
use super::key::{CryptoKey, KeyAlgorithm, KeyUsage, Usages, check_usages};
use super::{KeyData, KeyFormat, OwnedKeyData};
use crate::engine::Pkey;
use crate::key::seeded;
use crate::secret::Secret;
use crate::{KeyEncoding, KeyInput, KeyObject, KeyType, create_private_key, create_public_key};

/// What a key is imported as, checked.
#[derive(Clone)]
pub(super) struct Importing {
    pub(super) algorithm: KeyAlgorithm,
    pub(super) extractable: bool,
    pub(super) usages: Usages,
}

impl Importing {
    pub(super) fn new(
        algorithm: &Algorithm<'_>,
        extractable: bool,
        usages: &[KeyUsage],
    ) -> Result<Importing> {
        Ok(Importing { algorithm: params(algorithm)?, extractable, usages: Usages::of(usages) })
    }

    fn name(&self) -> AlgorithmName {
        self.algorithm.name
    }
}

/// The algorithm with its parameters, checked in Node's order.
pub(super) fn params(algorithm: &Algorithm<'_>) -> Result<KeyAlgorithm> {
    use AlgorithmName as A;
    let name = algorithm.named(Op::Import)?;
    let mut params = KeyAlgorithm::new(name);
    match name {
        A::Hmac => {
            params.hash = Some(algorithm.need_hash("HmacImportParams")?);
            params.length = algorithm.get_length();
            if params.length == Some(0) {
                return Err(data_error("HmacImportParams.length cannot be 0"));
            }
        }
        A::Kmac128 | A::Kmac256 => params.length = algorithm.get_length(),
        A::RsaSsaPkcs1 | A::RsaPss | A::RsaOaep => {
            params.hash = Some(algorithm.need_hash("RsaHashedImportParams")?);
        }
        A::Ecdsa | A::Ecdh => params.named_curve = Some(algorithm.need_curve("EcKeyImportParams")?),
        _ => {}
    }
    Ok(params)
}

/// Reads the key.
pub(super) fn run(importing: &Importing, format: KeyFormat, data: KeyData<'_>) -> Result<CryptoKey> {
    match importing.name().key_type() {
        None => secret(importing, format, data),
        Some(kind) => pair(importing, kind, format, data),
    }
}

fn unable(name: AlgorithmName, format: KeyFormat) -> nodecore_error::Error {
    not_supported(&format!("Unable to import {name} using {} format", format.name()))
}

fn secret(importing: &Importing, format: KeyFormat, data: KeyData<'_>) -> Result<CryptoKey> {
    use AlgorithmName as A;
    let name = importing.name();
    let supported = match format {
        KeyFormat::RawSecret => true,
        KeyFormat::Raw => {
            !matches!(name, A::AesOcb | A::ChaCha20Poly1305 | A::Argon2d | A::Argon2i | A::Argon2id)
                && !name.is_kmac()
        }
        KeyFormat::Jwk => !name.is_kdf(),
        _ => false,
    };
    if !supported && name.name().starts_with("Argon2") {
        return Err(unable(name, format));
    }
    check_secret(importing)?;
    if !supported {
        return Err(unable(name, format));
    }
    match data {
        KeyData::Jwk(key) if format == KeyFormat::Jwk => {
            let bytes = jwk::secret(importing, key)?;
            of_secret(importing, KeyObject::secret(bytes), key.get("alg"))
        }
        KeyData::Bytes(bytes) if format != KeyFormat::Jwk => {
            of_secret(importing, KeyObject::secret(bytes.to_vec()), None)
        }
        _ => Err(data_error("Invalid keyData")),
    }
}

/// What is refused of a secret key before it is looked at.
fn check_secret(importing: &Importing) -> Result<()> {
    let name = importing.name();
    if name.is_kdf() && importing.extractable {
        return Err(syntax(&format!("{name} keys are not extractable")));
    }
    check_usages(name, KeyType::Secret, importing.usages).map_err(|error| match name.is_kdf() {
        true => syntax(&format!("Unsupported key usage for a {name} key")),
        false => error,
    })?;
    Ok(())
}

/// A secret key, if it is as long as it has to be; `alg` is what a JSON Web Key says that it is for.
fn of_secret(importing: &Importing, key: KeyObject, alg: Option<&str>) -> Result<CryptoKey> {
    let mut algorithm = importing.algorithm.clone();
    let name = algorithm.name;
    let bytes = key.secret_bytes().unwrap_or_default();
    let bits = u32::try_from(bytes.len()).ok().and_then(|len| len.checked_mul(8));
    let bits = bits.ok_or_else(|| data_error("Invalid key length"))?;
    // Only for AES the length is part of the name.
    if !name.is_aes() {
        jwk::check_alg(&algorithm, alg)?;
    }
    let mut key = key.clone();
    let fits = match name {
        AlgorithmName::Hmac | AlgorithmName::Kmac128 | AlgorithmName::Kmac256 => {
            if name == AlgorithmName::Hmac && bits == 0 {
                return Err(data_error("Zero-length key is not supported"));
            }
            let length = algorithm.length.unwrap_or(bits);
            algorithm.length = Some(length);
            let fits = length.div_ceil(8) == bits / 8;
            if fits && !length.is_multiple_of(8) {
                let mut masked = bytes.to_vec();
                mask(&mut masked, length as usize);
                key = KeyObject::secret(masked);
            }
            fits
        }
        AlgorithmName::ChaCha20Poly1305 => bits == 256,
        _ if name.is_aes() => {
            algorithm.length = Some(bits);
            matches!(bits, 128 | 192 | 256)
        }
        _ => true,
    };
    if !fits {
        return Err(data_error("Invalid key length"));
    }
    if name.is_aes() {
        jwk::check_alg(&algorithm, alg)?;
    }
    CryptoKey::new(key, algorithm, importing.extractable, importing.usages)
}

fn pair(
    importing: &Importing,
    kind: &'static str,
    format: KeyFormat,
    data: KeyData<'_>,
) -> Result<CryptoKey> {
    let name = importing.name();
    let supported = match format {
        KeyFormat::Spki | KeyFormat::Pkcs8 | KeyFormat::Jwk => true,
        KeyFormat::Raw => !name.is_rsa() && !name.is_lattice(),
        KeyFormat::RawPublic => !name.is_rsa(),
        KeyFormat::RawSeed => name.is_lattice(),
        KeyFormat::RawSecret | KeyFormat::RawPrivate => false,
    };
    if !supported {
        return Err(unable(name, format));
    }
    let half = match (format, data) {
        (KeyFormat::Pkcs8 | KeyFormat::RawSeed, _) => KeyType::Private,
        (KeyFormat::Jwk, KeyData::Jwk(key)) => jwk::half(name, key),
        _ => KeyType::Public,
    };
    let wrong = || data_error("Invalid keyData");
    if (format == KeyFormat::Jwk) != matches!(data, KeyData::Jwk(_)) {
        return Err(wrong());
    }
    check_usages(name, half, importing.usages)?;
    let key = match (format, data) {
        (KeyFormat::Jwk, KeyData::Jwk(key)) => jwk::pair(importing, half, key)?,
        (KeyFormat::Spki, KeyData::Bytes(bytes)) => {
            create_public_key(&KeyInput::der(bytes, KeyEncoding::Spki)).map_err(invalid_key_data)?
        }
        (KeyFormat::Pkcs8, KeyData::Bytes(bytes)) => {
            create_private_key(&KeyInput::der(bytes, KeyEncoding::Pkcs8)).map_err(invalid_key_data)?
        }
        (KeyFormat::RawSeed, KeyData::Bytes(bytes)) => {
            create_private_key(&KeyInput::raw_seed(bytes, kind)).map_err(invalid_key_data)?
        }
        (_, KeyData::Bytes(bytes)) => {
            let curve = importing.algorithm.named_curve.map_or("", |curve| curve.name());
            let input = KeyInput::raw_public(bytes, kind).named_curve(curve);
            create_public_key(&input).map_err(invalid_key_data)?
        }
        _ => return Err(wrong()),
    };
    if format == KeyFormat::Pkcs8
        && name.is_lattice()
        && key.asymmetric_key_type() == Some(kind)
        && !seeded(&key)
    {
        return Err(not_supported(
            "Importing an ML-DSA or ML-KEM PKCS#8 key without a seed is not supported",
        ));
    }
    of_pair(importing, kind, key)
}

/// A key of two halves, if it is of the kind that the algorithm has.
fn of_pair(importing: &Importing, kind: &str, key: KeyObject) -> Result<CryptoKey> {
    let mut algorithm = importing.algorithm.clone();
    if key.asymmetric_key_type() != Some(kind) {
        return Err(data_error("Invalid key type"));
    }
    let on_curve = algorithm.named_curve.is_some() && key.key_type() == KeyType::Private;
    if on_curve && !key.pkey().is_some_and(Pkey::is_sound) {
        return Err(data_error("Invalid keyData"));
    }
    let details = key.asymmetric_key_details().unwrap_or_default();
    if algorithm.named_curve.is_some_and(|curve| details.named_curve.as_deref() != Some(curve.openssl())) {
        return Err(data_error("Named curve mismatch"));
    }
    if algorithm.name.is_rsa() {
        algorithm.modulus_length = details.modulus_length;
        algorithm.public_exponent = details.public_exponent;
    }
    CryptoKey::new(key, algorithm, importing.extractable, importing.usages)
}

pub(super) fn import_operation(
    format: KeyFormat,
    data: KeyData<'_>,
    algorithm: &Algorithm<'_>,
    extractable: bool,
    usages: &[KeyUsage],
) -> Result<impl OperationExt<Output = CryptoKey> + use<>> {
    let importing = Importing::new(algorithm, extractable, usages)?;
    let data = match data {
        KeyData::Bytes(bytes) => OwnedKeyData::Bytes(Secret::copy(bytes)),
        KeyData::Jwk(jwk) => OwnedKeyData::Jwk(jwk.clone()),
    };
    Ok(nodecore_event_loop::blocking(move || run(&importing, format, data.lent())))
}

/// Reads a key. Which formats an algorithm has is in Node's table
/// (<https://nodejs.org/api/webcrypto.html#subtleimportkeyformat-keydata-algorithm-extractable-keyusages>). Node:
/// `subtle.importKey`.
///
/// # Errors
/// `NotSupportedError` for an algorithm or a format that there is not; `SyntaxError` for usages that the key cannot have;
/// `DataError` for data that is no such key, with the reason as the cause.
///
/// # Examples
/// See [`CryptoKey`].
///
/// # Differences from Node
/// A wrapped or imported JSON Web Key whose members are of another type is refused; Node converts them to text.
pub fn import_key_sync(
    format: KeyFormat,
    data: KeyData<'_>,
    algorithm: &Algorithm<'_>,
    extractable: bool,
    usages: &[KeyUsage],
) -> Result<CryptoKey> {
    run(&Importing::new(algorithm, extractable, usages)?, format, data)
}

/// As [`import_key_sync`], on the pool; `done` is called once, later.
///
/// # Errors
/// As there: what is wrong with the algorithm is returned, the rest is given to `done`.
pub fn import_key(
    lp: &EventLoop,
    format: KeyFormat,
    data: KeyData<'_>,
    algorithm: &Algorithm<'_>,
    extractable: bool,
    usages: &[KeyUsage],
    done: impl FnOnce(Result<CryptoKey>) + 'static,
) -> Result<Request> {
    Ok(import_operation(format, data, algorithm, extractable, usages)?.spawn(lp, done))
}

impl KeyObject {
    /// The key for WebCrypto. Node: `keyObject.toCryptoKey(algorithm, extractable, keyUsages)`
    /// (<https://nodejs.org/api/crypto.html#keyobjecttocryptokeyalgorithm-extractable-keyusages>).
    ///
    /// # Errors
    /// As [`import_key_sync`]; `NotSupportedError` for an algorithm that has no such keys.
    ///
    /// # Examples
    /// ```
    /// use nodecore_crypto::create_secret_key;
    /// use nodecore_crypto::webcrypto::{Algorithm, KeyUsage};
    ///
    /// let key = create_secret_key(&[7; 16]);
    /// let crypto_key = key.to_crypto_key(&Algorithm::new("AES-GCM"), true, &[KeyUsage::Encrypt])?;
    /// assert_eq!(crypto_key.key_object(), &key);
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn to_crypto_key(
        &self,
        algorithm: &Algorithm<'_>,
        extractable: bool,
        usages: &[KeyUsage],
    ) -> Result<CryptoKey> {
        let importing = Importing::new(algorithm, extractable, usages)?;
        match (importing.name().key_type(), self.key_type()) {
            (None, KeyType::Secret) => {
                check_secret(&importing)?;
                of_secret(&importing, self.clone(), None)
            }
            (Some(kind), half) if half != KeyType::Secret => {
                check_usages(importing.name(), half, importing.usages)?;
                of_pair(&importing, kind, self.clone())
            }
            _ => Err(unrecognized()),
        }
    }
}

/// Bits that a key of that algorithm is derived from; `None` for as many as there are. Node: `get key length`.
pub(super) fn key_length(algorithm: &Algorithm<'_>) -> Result<Option<u32>> {
    use AlgorithmName as A;
    let name = algorithm.named(Op::KeyLength)?;
    Ok(match name {
        A::ChaCha20Poly1305 => Some(256),
        A::Kmac128 => Some(algorithm.get_length().unwrap_or(128)),
        A::Kmac256 => Some(algorithm.get_length().unwrap_or(256)),
        A::Hmac => {
            let hash = algorithm.need_hash("HmacImportParams")?;
            Some(match algorithm.get_length() {
                Some(0) => return Err(data_error("HmacImportParams.length cannot be 0")),
                Some(length) => length,
                None => hash.block_bits()?,
            })
        }
        _ if name.is_aes() => Some(aes_length(super::algorithm::need(
            algorithm.get_length(),
            "length",
            "AesDerivedKeyParams",
        )?)?),
        _ => None,
    })
}

/// A length that AES has.
pub(super) fn aes_length(length: u32) -> Result<u32> {
    match length {
        128 | 192 | 256 => Ok(length),
        _ => Err(operation("AES key length must be 128, 192, or 256 bits")),
    }
}
