//! WebCrypto. Node: `crypto.webcrypto` (<https://nodejs.org/api/webcrypto.html>).
//!
//! What Node gives as promises is here in three forms: `digest_sync` at once, `digest` with a callback, and
//! `promises::digest` as a future. Errors are `DOMException`s, whose name is that of
//! [`Error::class`](nodecore_error::Error::class).
//!
//! | Node | here |
//! |---|---|
//! | `crypto.getRandomValues` | [`get_random_values`] |
//! | `crypto.randomUUID` | [`random_uuid`] |
//! | `subtle.digest` | [`digest`](digest()) |
//! | `subtle.encrypt`, `decrypt` | [`encrypt`], [`decrypt`] |
//! | `subtle.sign`, `verify` | [`sign`](sign()), [`verify`] |
//! | `subtle.generateKey` | [`generate_key`] |
//! | `subtle.importKey`, `exportKey`, `getPublicKey` | [`import_key`], [`export_key`], [`get_public_key`] |
//! | `subtle.deriveBits`, `deriveKey` | [`derive_bits`], [`derive_key`] |
//! | `subtle.wrapKey`, `unwrapKey` | [`wrap_key`], [`unwrap_key`] |
//! | `subtle.encapsulateBits`, `encapsulateKey` | [`encapsulate_bits`], [`encapsulate_key`] |
//! | `subtle.decapsulateBits`, `decapsulateKey` | [`decapsulate_bits`], [`decapsulate_key`] |
//! | `SubtleCrypto.supports` | [`supports`](supports()) |
//! | `KeyObject.from`, `keyObject.toCryptoKey` | [`CryptoKey::key_object`], [`KeyObject::to_crypto_key`] |
//!
//! [`KeyObject::to_crypto_key`]: crate::KeyObject::to_crypto_key

mod algorithm;
mod cipher;
mod derive;
mod digest;
mod error;
mod export;
mod generate;
mod import;
mod job;
mod jwk;
mod keccak;
mod kem;
mod key;
pub mod promises;
mod sign;
mod supports;
mod wrap;

use std::fmt;

use crate::Jwk;
use crate::secret::Secret;

pub use crate::random::{get_random_values, random_uuid};
pub use algorithm::{Algorithm, AlgorithmName, HashAlgorithm, NamedCurve};
pub use cipher::{decrypt, decrypt_sync, encrypt, encrypt_sync};
pub use derive::{derive_bits, derive_bits_sync, derive_key, derive_key_sync};
pub use digest::{digest, digest_sync};
pub use export::{export_key, export_key_sync, get_public_key, get_public_key_sync};
pub use generate::{generate_key, generate_key_sync};
pub use import::{import_key, import_key_sync};
pub use kem::{
    EncapsulatedBits, EncapsulatedKey, decapsulate_bits, decapsulate_bits_sync, decapsulate_key,
    decapsulate_key_sync, encapsulate_bits, encapsulate_bits_sync, encapsulate_key, encapsulate_key_sync,
};
pub use key::{CryptoKey, CryptoKeyPair, GeneratedKey, KeyAlgorithm, KeyUsage};
pub use sign::{sign, sign_sync, verify, verify_sync};
pub use supports::{Besides, supports};
pub use wrap::{unwrap_key, unwrap_key_sync, wrap_key, wrap_key_sync};

/// How a key is written down. Node: `format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyFormat {
    /// `raw`: the bytes of a secret key, or of a public one.
    Raw,
    /// `raw-secret`: the bytes of a secret key.
    RawSecret,
    /// `raw-public`: the bytes of a public key, of one on an elliptic curve its point.
    RawPublic,
    /// `raw-private`, which no algorithm has.
    RawPrivate,
    /// `raw-seed`: the seed of a private key of ML-DSA or ML-KEM.
    RawSeed,
    /// `spki`: a public key in DER.
    Spki,
    /// `pkcs8`: a private key in DER.
    Pkcs8,
    /// `jwk`: a JSON Web Key.
    Jwk,
}

impl KeyFormat {
    /// All of them.
    pub const ALL: [KeyFormat; 8] = [
        KeyFormat::Raw,
        KeyFormat::RawSecret,
        KeyFormat::RawPublic,
        KeyFormat::RawPrivate,
        KeyFormat::RawSeed,
        KeyFormat::Spki,
        KeyFormat::Pkcs8,
        KeyFormat::Jwk,
    ];

    /// Node's name of it.
    pub const fn name(self) -> &'static str {
        match self {
            KeyFormat::Raw => "raw",
            KeyFormat::RawSecret => "raw-secret",
            KeyFormat::RawPublic => "raw-public",
            KeyFormat::RawPrivate => "raw-private",
            KeyFormat::RawSeed => "raw-seed",
            KeyFormat::Spki => "spki",
            KeyFormat::Pkcs8 => "pkcs8",
            KeyFormat::Jwk => "jwk",
        }
    }

    /// The format of that name.
    pub fn parse(name: &str) -> Option<KeyFormat> {
        KeyFormat::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// A key written down. Node: `keyData`.
#[derive(Clone, Copy)]
pub enum KeyData<'a> {
    /// Of every format but `jwk`.
    Bytes(&'a [u8]),
    /// Of the format `jwk`.
    Jwk(&'a Jwk),
}

/// What it shows is the form, never the bytes.
impl fmt::Debug for KeyData<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            KeyData::Bytes(_) => "KeyData::Bytes(..)",
            KeyData::Jwk(_) => "KeyData::Jwk(..)",
        })
    }
}

/// As [`KeyData`], for another thread.
enum OwnedKeyData {
    Bytes(Secret),
    Jwk(Jwk),
}

impl OwnedKeyData {
    fn lent(&self) -> KeyData<'_> {
        match self {
            OwnedKeyData::Bytes(bytes) => KeyData::Bytes(bytes),
            OwnedKeyData::Jwk(jwk) => KeyData::Jwk(jwk),
        }
    }
}
