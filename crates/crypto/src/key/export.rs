//! `keyObject.export`.

use std::fmt;

use nodecore_error::{Code, Error, Result};

use super::import::RawFormat;
use super::{Jwk, Key, KeyEncoding, KeyObject, details, invalid_property, raw};
use crate::engine::Encryption;

/// How a key is to be written. Node: the options of `keyObject.export`.
#[derive(Clone)]
pub struct KeyExport<'a> {
    form: Form,
    cipher: Option<&'a str>,
    passphrase: Option<&'a [u8]>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Bytes,
    Pem(KeyEncoding),
    Der(KeyEncoding),
    Jwk,
    Raw { format: RawFormat, compressed: bool },
}

/// A key written down.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExportedKey {
    /// PEM, DER, or bytes without a frame. The caller clears them.
    Bytes(Vec<u8>),
    /// A JSON Web Key.
    Jwk(Jwk),
}

impl ExportedKey {
    /// The bytes; of a JSON Web Key its text.
    pub fn into_bytes(self) -> Vec<u8> {
        match self {
            ExportedKey::Bytes(bytes) => bytes,
            ExportedKey::Jwk(jwk) => jwk.to_json().into_bytes(),
        }
    }
}

/// What it shows is the form, never the bytes.
impl fmt::Debug for ExportedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ExportedKey::Bytes(_) => "ExportedKey::Bytes(..)",
            ExportedKey::Jwk(_) => "ExportedKey::Jwk(..)",
        })
    }
}

impl<'a> KeyExport<'a> {
    fn new(form: Form) -> KeyExport<'a> {
        KeyExport { form, cipher: None, passphrase: None }
    }

    /// The bytes of a secret key. Node: `keyObject.export()`.
    pub fn bytes() -> KeyExport<'a> {
        KeyExport::new(Form::Bytes)
    }

    /// PEM, of a public or private key.
    pub fn pem(encoding: KeyEncoding) -> KeyExport<'a> {
        KeyExport::new(Form::Pem(encoding))
    }

    /// DER, of a public or private key.
    pub fn der(encoding: KeyEncoding) -> KeyExport<'a> {
        KeyExport::new(Form::Der(encoding))
    }

    /// A JSON Web Key.
    pub fn jwk() -> KeyExport<'a> {
        KeyExport::new(Form::Jwk)
    }

    /// The bytes of a public key, of one on an elliptic curve its point. Node: `format: 'raw-public'`.
    pub fn raw_public() -> KeyExport<'a> {
        KeyExport::new(Form::Raw { format: RawFormat::Public, compressed: false })
    }

    /// As [`KeyExport::raw_public`], a point in short. Node: `type: 'compressed'`.
    pub fn raw_public_compressed() -> KeyExport<'a> {
        KeyExport::new(Form::Raw { format: RawFormat::Public, compressed: true })
    }

    /// The bytes of a private key. Node: `format: 'raw-private'`.
    pub fn raw_private() -> KeyExport<'a> {
        KeyExport::new(Form::Raw { format: RawFormat::Private, compressed: false })
    }

    /// The seed of a private key of ML-DSA or ML-KEM. Node: `format: 'raw-seed'`.
    pub fn raw_seed() -> KeyExport<'a> {
        KeyExport::new(Form::Raw { format: RawFormat::Seed, compressed: false })
    }

    /// Encrypts a private key, with a cipher such as `aes-256-cbc`. PKCS#8 takes it in PEM and DER; PKCS#1 and SEC1 in
    /// PEM only.
    #[must_use]
    pub fn encrypted(
        mut self,
        cipher: &'a str,
        passphrase: &'a (impl AsRef<[u8]> + ?Sized),
    ) -> KeyExport<'a> {
        self.cipher = Some(cipher);
        self.passphrase = Some(passphrase.as_ref());
        self
    }
}

/// What it shows has no passphrase.
impl fmt::Debug for KeyExport<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = match self.form {
            Form::Bytes => "bytes",
            Form::Pem(_) => "pem",
            Form::Der(_) => "der",
            Form::Jwk => "jwk",
            Form::Raw { format, .. } => format.name(),
        };
        f.debug_struct("KeyExport").field("form", &form).field("cipher", &self.cipher).finish_non_exhaustive()
    }
}

impl KeyObject {
    /// Writes the key. Node: `keyObject.export(options)`
    /// (<https://nodejs.org/api/crypto.html#keyobjectexportoptions>).
    ///
    /// # Errors
    /// [`Code::CryptoIncompatibleKeyOptions`] and [`Code::InvalidArgValue`] for a form that the key has not;
    /// [`Code::CryptoUnknownCipher`]; [`Code::CryptoJwkUnsupportedKeyType`]; [`Code::CryptoJwkUnsupportedCurve`]; what OpenSSL
    /// says.
    pub fn export(&self, options: &KeyExport<'_>) -> Result<ExportedKey> {
        match options.form {
            Form::Jwk if options.cipher.is_some() => Err(only("jwk", "does not support encryption")),
            Form::Jwk => Jwk::of(self).map(ExportedKey::Jwk),
            Form::Bytes => match self.secret_bytes() {
                Some(bytes) => Ok(ExportedKey::Bytes(bytes.to_vec())),
                None => Err(Error::new(
                    Code::InvalidArgType,
                    "The \"options\" argument must be of type object. Received undefined",
                )),
            },
            Form::Raw { format, compressed } => raw::export(self, format, compressed).map(ExportedKey::Bytes),
            Form::Pem(encoding) => self.framed(encoding, true, options).map(ExportedKey::Bytes),
            Form::Der(encoding) => self.framed(encoding, false, options).map(ExportedKey::Bytes),
        }
    }

    fn framed(&self, encoding: KeyEncoding, pem: bool, options: &KeyExport<'_>) -> Result<Vec<u8>> {
        let check = |pkey| match (encoding, details::asymmetric_key_type(pkey)) {
            (KeyEncoding::Pkcs1, name) if name != Some("rsa") => {
                Err(only("pkcs1", "can only be used for RSA keys"))
            }
            (KeyEncoding::Sec1, name) if name != Some("ec") => {
                Err(only("sec1", "can only be used for EC keys"))
            }
            _ => Ok(()),
        };
        match &*self.0 {
            Key::Secret(_) => Err(invalid_property("options.format", if pem { "pem" } else { "der" })),
            Key::Public(pkey) => {
                if matches!(encoding, KeyEncoding::Pkcs8 | KeyEncoding::Sec1) {
                    return Err(invalid_property("options.type", encoding.name()));
                }
                check(pkey)?;
                pkey.write_public(encoding.frame(), pem)
            }
            Key::Private(pkey) => {
                if encoding == KeyEncoding::Spki {
                    return Err(invalid_property("options.type", encoding.name()));
                }
                if options.cipher.is_some() && !pem && encoding != KeyEncoding::Pkcs8 {
                    return Err(only(encoding.name(), "does not support encryption"));
                }
                check(pkey)?;
                let encryption = options
                    .cipher
                    .map(|cipher| Encryption { cipher, passphrase: options.passphrase.unwrap_or_default() });
                pkey.write_private(encoding.frame(), pem, encryption)
            }
        }
    }
}

fn only(encoding: &str, text: &str) -> Error {
    Error::from_template(Code::CryptoIncompatibleKeyOptions, &[&encoding, &text])
}
