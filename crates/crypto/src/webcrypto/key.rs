//! `CryptoKey`.

use std::fmt;
use std::sync::Arc;

use nodecore_error::{Code, Error, Result};

use super::algorithm::{AlgorithmName, HashAlgorithm, NamedCurve};
use super::error::{syntax, unsupported_usage};
use crate::{KeyObject, KeyType};

/// What a key may be used for. Node: one of `usages`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum KeyUsage {
    /// `encrypt`
    Encrypt = 1,
    /// `decrypt`
    Decrypt = 1 << 1,
    /// `sign`
    Sign = 1 << 2,
    /// `verify`
    Verify = 1 << 3,
    /// `deriveKey`
    DeriveKey = 1 << 4,
    /// `deriveBits`
    DeriveBits = 1 << 5,
    /// `wrapKey`
    WrapKey = 1 << 6,
    /// `unwrapKey`
    UnwrapKey = 1 << 7,
    /// `encapsulateKey`
    EncapsulateKey = 1 << 8,
    /// `encapsulateBits`
    EncapsulateBits = 1 << 9,
    /// `decapsulateKey`
    DecapsulateKey = 1 << 10,
    /// `decapsulateBits`
    DecapsulateBits = 1 << 11,
}

impl KeyUsage {
    /// All of them, in the order in which Node lists them.
    pub const ALL: [KeyUsage; 12] = [
        KeyUsage::Encrypt,
        KeyUsage::Decrypt,
        KeyUsage::Sign,
        KeyUsage::Verify,
        KeyUsage::DeriveKey,
        KeyUsage::DeriveBits,
        KeyUsage::WrapKey,
        KeyUsage::UnwrapKey,
        KeyUsage::EncapsulateKey,
        KeyUsage::EncapsulateBits,
        KeyUsage::DecapsulateKey,
        KeyUsage::DecapsulateBits,
    ];

    /// Node's name of it.
    pub const fn name(self) -> &'static str {
        match self {
            KeyUsage::Encrypt => "encrypt",
            KeyUsage::Decrypt => "decrypt",
            KeyUsage::Sign => "sign",
            KeyUsage::Verify => "verify",
            KeyUsage::DeriveKey => "deriveKey",
            KeyUsage::DeriveBits => "deriveBits",
            KeyUsage::WrapKey => "wrapKey",
            KeyUsage::UnwrapKey => "unwrapKey",
            KeyUsage::EncapsulateKey => "encapsulateKey",
            KeyUsage::EncapsulateBits => "encapsulateBits",
            KeyUsage::DecapsulateKey => "decapsulateKey",
            KeyUsage::DecapsulateBits => "decapsulateBits",
        }
    }

    /// The usage of that name.
    pub fn parse(name: &str) -> Option<KeyUsage> {
        KeyUsage::ALL.into_iter().find(|usage| usage.name() == name)
    }
}

/// A set of usages.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Usages(u16);

impl Usages {
    pub(super) fn of(list: &[KeyUsage]) -> Usages {
        Usages(list.iter().fold(0, |set, usage| set | *usage as u16))
    }

    pub(super) fn has(self, usage: KeyUsage) -> bool {
        self.0 & usage as u16 != 0
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn within(self, other: Usages) -> bool {
        self.0 & !other.0 == 0
    }

    pub(super) fn and(self, other: Usages) -> Usages {
        Usages(self.0 & other.0)
    }

    pub(super) fn or(self, other: Usages) -> Usages {
        Usages(self.0 | other.0)
    }

    pub(super) fn list(self) -> Vec<KeyUsage> {
        KeyUsage::ALL.into_iter().filter(|usage| self.has(*usage)).collect()
    }
}

/// What the public half of a key of that algorithm may be used for, or a secret key, and the private half.
pub(super) fn allowed(name: AlgorithmName) -> (Usages, Usages) {
    use KeyUsage as U;
    let halves = |public: &[U], private: &[U]| (Usages::of(public), Usages::of(private));
    match name {
        AlgorithmName::RsaOaep => halves(&[U::Encrypt, U::WrapKey], &[U::Decrypt, U::UnwrapKey]),
        AlgorithmName::Ecdh | AlgorithmName::X25519 | AlgorithmName::X448 => {
            halves(&[], &[U::DeriveKey, U::DeriveBits])
        }
        AlgorithmName::MlKem512 | AlgorithmName::MlKem768 | AlgorithmName::MlKem1024 => {
            halves(&[U::EncapsulateKey, U::EncapsulateBits], &[U::DecapsulateKey, U::DecapsulateBits])
        }
        AlgorithmName::AesKw => halves(&[U::WrapKey, U::UnwrapKey], &[]),
        AlgorithmName::Hmac | AlgorithmName::Kmac128 | AlgorithmName::Kmac256 => {
            halves(&[U::Sign, U::Verify], &[])
        }
        _ if name.key_type().is_some() => halves(&[U::Verify], &[U::Sign]),
        _ if name.is_kdf() => halves(&[U::DeriveKey, U::DeriveBits], &[]),
        _ => halves(&[U::Encrypt, U::Decrypt, U::WrapKey, U::UnwrapKey], &[]),
    }
}

/// `SyntaxError`, unless a key of that kind may be used so.
pub(super) fn check_usages(name: AlgorithmName, kind: KeyType, usages: Usages) -> Result<()> {
    let (public, private) = allowed(name);
    let allowed = if kind == KeyType::Private { private } else { public };
    if usages.within(allowed) { Ok(()) } else { Err(unsupported_usage(name)) }
}

/// The algorithm that a key is for. Node: `cryptoKey.algorithm`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyAlgorithm {
    /// Which it is.
    pub name: AlgorithmName,
    /// Bits of the key (AES, HMAC, KMAC).
    pub length: Option<u32>,
    /// The digest (HMAC, RSA).
    pub hash: Option<HashAlgorithm>,
    /// Bits of the modulus (RSA).
    pub modulus_length: Option<u32>,
    /// The public exponent, its most significant byte first (RSA).
    pub public_exponent: Option<Vec<u8>>,
    /// The curve (ECDSA, ECDH).
    pub named_curve: Option<NamedCurve>,
}

impl KeyAlgorithm {
    pub(super) fn new(name: AlgorithmName) -> KeyAlgorithm {
        KeyAlgorithm {
            name,
            length: None,
            hash: None,
            modulus_length: None,
            public_exponent: None,
            named_curve: None,
        }
    }
}

/// A key that is bound to an algorithm and to what it may be used for. Node: `CryptoKey`
/// (<https://nodejs.org/api/webcrypto.html#class-cryptokey>).
///
/// It never changes, and may be shared between threads; clones are the same key.
///
/// ```
/// use nodecore_crypto::webcrypto::{Algorithm, KeyData, KeyFormat, KeyUsage, import_key_sync};
///
/// let hmac = Algorithm::new("HMAC").hash("SHA-256");
/// let key = import_key_sync(KeyFormat::Raw, KeyData::Bytes(&[7; 32]), &hmac, false, &[KeyUsage::Sign])?;
/// assert_eq!(key.algorithm().length, Some(256));
/// assert_eq!((key.extractable(), key.usages()), (false, vec![KeyUsage::Sign]));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone)]
pub struct CryptoKey(Arc<Inner>);

struct Inner {
    key: KeyObject,
    algorithm: KeyAlgorithm,
    extractable: bool,
    usages: Usages,
}

impl CryptoKey {
    /// A key, if it may be used at all: a public one may be for nothing.
    pub(super) fn new(
        key: KeyObject,
        algorithm: KeyAlgorithm,
        extractable: bool,
        usages: Usages,
    ) -> Result<CryptoKey> {
        if usages.is_empty() && key.key_type() != KeyType::Public {
            let kind = key.key_type().name();
            return Err(syntax(&format!("Usages cannot be empty when importing a {kind} key.")));
        }
        Ok(CryptoKey(Arc::new(Inner { key, algorithm, extractable, usages })))
    }

    /// What kind of key it is. Node: `cryptoKey.type`.
    pub fn key_type(&self) -> KeyType {
        self.0.key.key_type()
    }

    /// Whether it may be exported. Node: `cryptoKey.extractable`.
    pub fn extractable(&self) -> bool {
        self.0.extractable
    }

    /// The algorithm it is for. Node: `cryptoKey.algorithm`.
    pub fn algorithm(&self) -> &KeyAlgorithm {
        &self.0.algorithm
    }

    /// What it may be used for, in Node's order. Node: `cryptoKey.usages`.
    pub fn usages(&self) -> Vec<KeyUsage> {
        self.0.usages.list()
    }

    /// The key itself, also of one that is not extractable. Node: `KeyObject.from(key)`
    /// (<https://nodejs.org/api/crypto.html#static-method-keyobjectfromkey>).
    pub fn key_object(&self) -> &KeyObject {
        &self.0.key
    }

    pub(super) fn usage_set(&self) -> Usages {
        self.0.usages
    }

    pub(super) fn name(&self) -> AlgorithmName {
        self.0.algorithm.name
    }
}

/// Node: `KeyObject.from(key)`.
impl From<&CryptoKey> for KeyObject {
    fn from(key: &CryptoKey) -> KeyObject {
        key.key_object().clone()
    }
}

/// What it shows has no secret.
impl fmt::Debug for CryptoKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CryptoKey")
            .field("type", &self.key_type())
            .field("extractable", &self.0.extractable)
            .field("algorithm", &self.0.algorithm)
            .field("usages", &self.usages())
            .finish()
    }
}

/// A private key and its public half. Node: `CryptoKeyPair`
/// (<https://nodejs.org/api/webcrypto.html#class-cryptokeypair>).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CryptoKeyPair {
    /// The half that may be told, which is always extractable.
    pub public_key: CryptoKey,
    /// Both halves.
    pub private_key: CryptoKey,
}

/// What `generate_key` makes, which depends on the algorithm.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum GeneratedKey {
    /// A secret key.
    Secret(CryptoKey),
    /// A pair.
    Pair(CryptoKeyPair),
}

impl GeneratedKey {
    /// The secret key.
    ///
    /// # Errors
    /// [`Code::CryptoInvalidKeyObjectType`] if it is a pair.
    pub fn into_secret(self) -> Result<CryptoKey> {
        match self {
            GeneratedKey::Secret(key) => Ok(key),
            GeneratedKey::Pair(_) => Err(unexpected(KeyType::Private, KeyType::Secret)),
        }
    }

    /// The pair.
    ///
    /// # Errors
    /// [`Code::CryptoInvalidKeyObjectType`] if it is a secret key.
    pub fn into_pair(self) -> Result<CryptoKeyPair> {
        match self {
            GeneratedKey::Pair(pair) => Ok(pair),
            GeneratedKey::Secret(_) => Err(unexpected(KeyType::Secret, KeyType::Private)),
        }
    }
}

fn unexpected(found: KeyType, expected: KeyType) -> Error {
    Error::from_template(Code::CryptoInvalidKeyObjectType, &[&found.name(), &expected.name()])
}
