//! Keys. Node: `crypto.KeyObject` (<https://nodejs.org/api/crypto.html#class-keyobject>).

mod details;
mod export;
mod generate;
mod import;
mod jwk;
pub(crate) mod promises;
mod raw;

use std::fmt;
use std::sync::Arc;

use nodecore_error::{Code, Error};

use crate::engine::{Frame, Pkey, equal};
use crate::secret::Secret;

pub use details::AsymmetricKeyDetails;
pub use export::{ExportedKey, KeyExport};
pub use generate::{
    KeyPair, KeyPairOptions, generate_key, generate_key_pair, generate_key_pair_sync, generate_key_sync,
};
use generate::{generate_key_operation, generate_key_pair_operation};
pub use import::{KeyInput, create_private_key, create_public_key, create_secret_key};
pub use jwk::Jwk;

/// A key: secret bytes, or one half or both of a pair. Node: `crypto.KeyObject`
/// (<https://nodejs.org/api/crypto.html#class-keyobject>).
///
/// It never changes, and may be shared between threads; clones are the same key. What it holds is cleared when the last
/// of them is dropped.
///
/// ```
/// use nodecore_crypto::{KeyEncoding, KeyExport, KeyInput, KeyPairOptions, create_private_key, generate_key_pair_sync};
///
/// let pair = generate_key_pair_sync("ed25519", &KeyPairOptions::new())?;
/// let pem = pair.private_key.export(&KeyExport::pem(KeyEncoding::Pkcs8))?.into_bytes();
/// let read = create_private_key(&KeyInput::pem(&pem))?;
/// assert!(read.equals(&pair.private_key));
/// assert_eq!(read.asymmetric_key_type(), Some("ed25519"));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone)]
pub struct KeyObject(Arc<Key>);

pub(crate) enum Key {
    Secret(Secret),
    Public(Pkey),
    Private(Pkey),
}

/// What a [`KeyObject`] is. Node: `keyObject.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyType {
    /// Bytes that two sides share.
    Secret,
    /// The half that may be told.
    Public,
    /// The half that may not, and with it the other.
    Private,
}

impl KeyType {
    /// Node's name of it.
    pub const fn name(self) -> &'static str {
        match self {
            KeyType::Secret => "secret",
            KeyType::Public => "public",
            KeyType::Private => "private",
        }
    }
}

/// The framing of a key in PEM and DER. Node: the `type` of `createPrivateKey`, `createPublicKey` and `keyObject.export`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyEncoding {
    /// RSA keys (RFC 8017).
    Pkcs1,
    /// Private keys of any kind (RFC 5958).
    Pkcs8,
    /// Private keys on elliptic curves (RFC 5915).
    Sec1,
    /// Public keys of any kind (RFC 5280).
    Spki,
}

impl KeyEncoding {
    /// Node's name of it.
    pub const fn name(self) -> &'static str {
        match self {
            KeyEncoding::Pkcs1 => "pkcs1",
            KeyEncoding::Pkcs8 => "pkcs8",
            KeyEncoding::Sec1 => "sec1",
            KeyEncoding::Spki => "spki",
        }
    }

    /// The encoding of that name.
    pub fn parse(name: &str) -> Option<KeyEncoding> {
        [KeyEncoding::Pkcs1, KeyEncoding::Pkcs8, KeyEncoding::Sec1, KeyEncoding::Spki]
            .into_iter()
            .find(|encoding| encoding.name() == name)
    }

    fn frame(self) -> Frame {
        match self {
            KeyEncoding::Pkcs1 => Frame::Pkcs1,
            KeyEncoding::Pkcs8 => Frame::Pkcs8,
            KeyEncoding::Sec1 => Frame::Sec1,
            KeyEncoding::Spki => Frame::Spki,
        }
    }
}

impl KeyObject {
    fn secret(bytes: Vec<u8>) -> KeyObject {
        KeyObject(Arc::new(Key::Secret(Secret::from(bytes))))
    }

    pub(crate) fn public(key: Pkey) -> KeyObject {
        KeyObject(Arc::new(Key::Public(key)))
    }

    fn private(key: Pkey) -> KeyObject {
        KeyObject(Arc::new(Key::Private(key)))
    }

    /// What kind of key it is. Node: `keyObject.type`.
    pub fn key_type(&self) -> KeyType {
        match &*self.0 {
            Key::Secret(_) => KeyType::Secret,
            Key::Public(_) => KeyType::Public,
            Key::Private(_) => KeyType::Private,
        }
    }

    /// The bytes of a secret key, `None` for another. Node: `keyObject.export()` of one, without the copy.
    pub fn secret_bytes(&self) -> Option<&[u8]> {
        match &*self.0 {
            Key::Secret(secret) => Some(secret),
            _ => None,
        }
    }

    /// The size of a secret key in bytes, `None` for another. Node: `keyObject.symmetricKeySize`.
    pub fn symmetric_key_size(&self) -> Option<usize> {
        self.secret_bytes().map(<[u8]>::len)
    }

    /// The algorithm of a public or private key: `rsa`, `rsa-pss`, `dsa`, `dh`, `ec`, `ed25519`, `ed448`, `x25519`, `x448`,
    /// `ml-dsa-44`, `ml-kem-768`, `slh-dsa-sha2-128f` and so on; `None` for a secret key, and for an algorithm that Node
    /// has no name for. Node: `keyObject.asymmetricKeyType`.
    pub fn asymmetric_key_type(&self) -> Option<&'static str> {
        details::asymmetric_key_type(self.pkey()?)
    }

    /// What there is to tell of a public or private key besides, `None` for a secret one. Node:
    /// `keyObject.asymmetricKeyDetails`.
    pub fn asymmetric_key_details(&self) -> Option<AsymmetricKeyDetails> {
        self.pkey().map(AsymmetricKeyDetails::of)
    }

    /// Whether both are the same key, and of the same kind. Secret keys of the same length are compared in constant
    /// time. Node: `keyObject.equals(otherKeyObject)`.
    pub fn equals(&self, other: &KeyObject) -> bool {
        match (&*self.0, &*other.0) {
            (Key::Secret(a), Key::Secret(b)) => equal(a, b),
            (Key::Public(a), Key::Public(b)) | (Key::Private(a), Key::Private(b)) => a.equals(b),
            _ => false,
        }
    }

    pub(crate) fn pkey(&self) -> Option<&Pkey> {
        match &*self.0 {
            Key::Secret(_) => None,
            Key::Public(key) | Key::Private(key) => Some(key),
        }
    }
}

/// What it shows of a key is its kind, never its bytes.
impl fmt::Debug for KeyObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("KeyObject");
        debug.field("type", &self.key_type());
        if let Some(name) = self.asymmetric_key_type() {
            debug.field("asymmetric_key_type", &name);
        }
        debug.finish_non_exhaustive()
    }
}

/// As [`KeyObject::equals`].
impl PartialEq for KeyObject {
    fn eq(&self, other: &KeyObject) -> bool {
        self.equals(other)
    }
}

impl Eq for KeyObject {}

/// Node's error for an option whose value does not fit.
fn invalid_property(name: &str, received: &str) -> Error {
    let received = nodecore_error::inspect(received.as_bytes());
    Error::new(Code::InvalidArgValue, format!("The property '{name}' is invalid. Received {received}"))
}

/// Node's error for an option that is missing.
fn missing_property(name: &str, kind: &str) -> Error {
    let text = format!("The \"{name}\" property must be of type {kind}. Received undefined");
    Error::new(Code::InvalidArgType, text)
}

/// Node's error for a kind of key that cannot be written or read so.
fn incompatible() -> Error {
    let text = "The selected key encoding is incompatible with the key type";
    Error::new(Code::CryptoIncompatibleKeyOptions, text)
}
