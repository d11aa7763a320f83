//! `createSecretKey`, `createPublicKey` and `createPrivateKey`.

use std::fmt;

use nodecore_error::{Code, Error, Result};

use super::{Jwk, KeyEncoding, KeyObject, KeyType, invalid_property, raw};
use crate::engine::{Pkey, is_rsa_private};

/// A key as it was written down. Node: the first argument of `crypto.createPrivateKey` and `createPublicKey`.
#[derive(Clone)]
pub struct KeyInput<'a> {
    source: Source<'a>,
    passphrase: Option<&'a [u8]>,
}

#[derive(Clone)]
enum Source<'a> {
    Pem(&'a [u8]),
    Der(&'a [u8], KeyEncoding),
    Jwk(&'a Jwk),
    Raw { format: RawFormat, data: &'a [u8], name: &'a str, curve: Option<&'a str> },
    Key(&'a KeyObject),
}

/// The bytes of a key without a frame. Node: the formats `raw-public`, `raw-private` and `raw-seed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RawFormat {
    Public,
    Private,
    Seed,
}

impl RawFormat {
    pub(super) fn name(self) -> &'static str {
        match self {
            RawFormat::Public => "raw-public",
            RawFormat::Private => "raw-private",
            RawFormat::Seed => "raw-seed",
        }
    }
}

impl<'a> KeyInput<'a> {
    fn new(source: Source<'a>) -> KeyInput<'a> {
        KeyInput { source, passphrase: None }
    }

    /// PEM, of any kind of key; for a public key also a certificate or a private key.
    pub fn pem(text: &'a (impl AsRef<[u8]> + ?Sized)) -> KeyInput<'a> {
        KeyInput::new(Source::Pem(text.as_ref()))
    }

    /// DER, framed as `encoding` says.
    pub fn der(data: &'a (impl AsRef<[u8]> + ?Sized), encoding: KeyEncoding) -> KeyInput<'a> {
        KeyInput::new(Source::Der(data.as_ref(), encoding))
    }

    /// A JSON Web Key.
    pub fn jwk(jwk: &'a Jwk) -> KeyInput<'a> {
        KeyInput::new(Source::Jwk(jwk))
    }

    /// The public bytes of a key of the type `name`, such as `ed25519`, or a point of `ec`. Node: `format:
    /// 'raw-public'`.
    pub fn raw_public(data: &'a (impl AsRef<[u8]> + ?Sized), name: &'a str) -> KeyInput<'a> {
        KeyInput::new(Source::Raw { format: RawFormat::Public, data: data.as_ref(), name, curve: None })
    }

    /// The private bytes. Node: `format: 'raw-private'`.
    pub fn raw_private(data: &'a (impl AsRef<[u8]> + ?Sized), name: &'a str) -> KeyInput<'a> {
        KeyInput::new(Source::Raw { format: RawFormat::Private, data: data.as_ref(), name, curve: None })
    }

    /// The seed of a key of ML-DSA or ML-KEM. Node: `format: 'raw-seed'`.
    pub fn raw_seed(data: &'a (impl AsRef<[u8]> + ?Sized), name: &'a str) -> KeyInput<'a> {
        KeyInput::new(Source::Raw { format: RawFormat::Seed, data: data.as_ref(), name, curve: None })
    }

    /// The curve of raw bytes of the type `ec`. Node: `namedCurve`.
    #[must_use]
    pub fn named_curve(mut self, name: &'a str) -> KeyInput<'a> {
        if let Source::Raw { curve, .. } = &mut self.source {
            *curve = Some(name);
        }
        self
    }

    /// What an encrypted private key is decrypted with, up to 1024 bytes.
    #[must_use]
    pub fn passphrase(mut self, passphrase: &'a (impl AsRef<[u8]> + ?Sized)) -> KeyInput<'a> {
        self.passphrase = Some(passphrase.as_ref());
        self
    }

    /// Refuses a [`KeyObject`] that has not the half wanted.
    pub(crate) fn check_kind(&self, wanted: KeyType) -> Result<()> {
        let Source::Key(key) = &self.source else { return Ok(()) };
        match (wanted, key.key_type()) {
            (KeyType::Public, KeyType::Secret) => Err(unexpected(key, "private or public")),
            (KeyType::Private, KeyType::Secret | KeyType::Public) => Err(unexpected(key, "private")),
            _ => Ok(()),
        }
    }

    /// Refuses a form that no private key has, which Node does before it reads any. `name` is Node's name of the argument.
    pub(crate) fn check_form(&self, name: &str) -> Result<()> {
        match &self.source {
            Source::Der(_, KeyEncoding::Spki) => Err(invalid_property(&format!("{name}.type"), "spki")),
            Source::Raw { format: RawFormat::Public, .. } => {
                Err(invalid_property(&format!("{name}.format"), "raw-public"))
            }
            _ => Ok(()),
        }
    }

    /// The private key, read unless it is there.
    pub(crate) fn to_private(&self) -> Result<Pkey> {
        self.check_form("key")?;
        match &self.source {
            Source::Pem(text) => Pkey::private_from_pem(text, self.passphrase),
            Source::Der(data, encoding) => Pkey::private_from_der(data, encoding.frame(), self.passphrase),
            Source::Jwk(jwk) => jwk.private_key(),
            Source::Raw { format, data, name, curve } => raw::import(*format, data, name, *curve),
            Source::Key(key) => key.pkey().map(Pkey::share).ok_or_else(|| unexpected(key, "private")),
        }
    }

    /// A key that has the public half, read unless it is there.
    pub(crate) fn to_public(&self) -> Result<Pkey> {
        match &self.source {
            Source::Pem(text) => Pkey::from_pem(text, self.passphrase),
            Source::Der(data, encoding) => match encoding {
                KeyEncoding::Spki => Pkey::public_from_der(data, encoding.frame()),
                KeyEncoding::Pkcs1 if !is_rsa_private(data) => Pkey::public_from_der(data, encoding.frame()),
                _ => Pkey::private_from_der(data, encoding.frame(), self.passphrase),
            },
            Source::Jwk(jwk) => jwk.public_key(),
            Source::Raw { format, data, name, curve } => raw::import(*format, data, name, *curve),
            Source::Key(key) => {
                key.pkey().map(Pkey::share).ok_or_else(|| unexpected(key, "private or public"))
            }
        }
    }

    /// The key, if it is there already.
    pub(crate) fn key_object(&self) -> Option<&KeyObject> {
        match &self.source {
            Source::Key(key) => Some(key),
            _ => None,
        }
    }
}

impl KeyInput<'_> {
    /// The private key that an operation is to use.
    ///
    /// # Errors
    /// As [`create_private_key`]; [`Code::CryptoInvalidKeyObjectType`] for a [`KeyObject`] that is not private.
    pub(crate) fn private(&self) -> Result<KeyObject> {
        match &self.source {
            Source::Key(key) if key.key_type() == KeyType::Private => Ok((*key).clone()),
            Source::Key(key) => Err(unexpected(key, "private")),
            _ => create_private_key(self),
        }
    }

    /// The key of which an operation is to use the public half.
    ///
    /// # Errors
    /// As [`create_public_key`]; [`Code::CryptoInvalidKeyObjectType`] for a [`KeyObject`] that is secret.
    pub(crate) fn either(&self) -> Result<KeyObject> {
        match &self.source {
            Source::Key(key) if key.key_type() != KeyType::Secret => Ok((*key).clone()),
            Source::Key(key) => Err(unexpected(key, "private or public")),
            _ => create_public_key(self),
        }
    }
}

/// The public half of a private key; where a key is to be used, the key.
impl<'a> From<&'a KeyObject> for KeyInput<'a> {
    fn from(key: &'a KeyObject) -> KeyInput<'a> {
        KeyInput::new(Source::Key(key))
    }
}

/// What it shows is the form, never the bytes.
impl fmt::Debug for KeyInput<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = match &self.source {
            Source::Pem(_) => "pem",
            Source::Der(..) => "der",
            Source::Jwk(_) => "jwk",
            Source::Raw { format, .. } => format.name(),
            Source::Key(_) => "KeyObject",
        };
        f.debug_struct("KeyInput").field("form", &form).finish_non_exhaustive()
    }
}

/// A secret key of these bytes, which may be none. Node: `crypto.createSecretKey(key)`
/// (<https://nodejs.org/api/crypto.html#cryptocreatesecretkeykey-encoding>).
///
/// ```
/// let key = nodecore_crypto::create_secret_key(b"abc");
/// assert_eq!(key.symmetric_key_size(), Some(3));
/// ```
pub fn create_secret_key(key: &[u8]) -> KeyObject {
    KeyObject::secret(key.to_vec())
}

/// Reads a private key. Node: `crypto.createPrivateKey(key)`
/// (<https://nodejs.org/api/crypto.html#cryptocreateprivatekeykey>).
///
/// # Errors
/// What OpenSSL says of bytes that are no key, or of a wrong passphrase ([`Code::Openssl`], with Node's code, library and
/// reason); [`Code::MissingPassphrase`]; [`Code::CryptoInvalidJwk`]; [`Code::CryptoInvalidCurve`];
/// [`Code::InvalidArgValue`]; [`Code::CryptoIncompatibleKeyOptions`].
pub fn create_private_key(key: &KeyInput<'_>) -> Result<KeyObject> {
    if key.key_object().is_some() {
        let text = "The \"key\" argument must be of type string or an instance of ArrayBuffer, Buffer, TypedArray, \
                    DataView, or URL. Received an instance of KeyObject";
        return Err(Error::new(Code::InvalidArgType, text));
    }
    key.to_private().map(KeyObject::private)
}

/// Reads a public key, or takes the public half of a private key or a certificate. Node: `crypto.createPublicKey(key)`
/// (<https://nodejs.org/api/crypto.html#cryptocreatepublickeykey>).
///
/// # Errors
/// As [`create_private_key`]; [`Code::CryptoInvalidKeyObjectType`] for a [`KeyObject`] that is not private.
pub fn create_public_key(key: &KeyInput<'_>) -> Result<KeyObject> {
    if let Some(key) = key.key_object().filter(|key| key.key_type() != KeyType::Private) {
        return Err(unexpected(key, "private"));
    }
    key.to_public().map(KeyObject::public)
}

/// Node's error for a key of another kind.
fn unexpected(key: &KeyObject, expected: &str) -> Error {
    Error::from_template(Code::CryptoInvalidKeyObjectType, &[&key.key_type().name(), &expected])
}
