//! Encryption with RSA.

use nodecore_error::{Code, Error, OpensslError, Result};

use crate::algorithm::c_text;
use crate::check;
use crate::constants::{RSA_PKCS1_OAEP_PADDING, RSA_PKCS1_PADDING};
use crate::engine::{Md, RsaOperation, RsaPadding, rsa};
use crate::key::{KeyInput, KeyObject};
use crate::sign::pkey;

/// How RSA encrypts. Node: the options beside `key` in `crypto.publicEncrypt` and its like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RsaOptions {
    padding: Option<i32>,
    oaep_hash: Option<String>,
    oaep_label: Vec<u8>,
}

impl RsaOptions {
    /// No options.
    pub fn new() -> RsaOptions {
        RsaOptions::default()
    }

    /// `RSA_PKCS1_OAEP_PADDING`, the default for [`public_encrypt`] and [`private_decrypt`], `RSA_PKCS1_PADDING`, that for
    /// [`private_encrypt`] and [`public_decrypt`], or `RSA_NO_PADDING`, all in [`constants`](crate::constants). 0 is the default.
    #[must_use]
    pub fn padding(mut self, padding: i32) -> Self {
        self.padding = Some(padding);
        self
    }

    /// The digest of OAEP, and of its mask. Default: `sha1`.
    #[must_use]
    pub fn oaep_hash(mut self, name: &str) -> Self {
        self.oaep_hash = Some(name.to_owned());
        self
    }

    /// The label of OAEP. Default: none.
    #[must_use]
    pub fn oaep_label(mut self, label: impl AsRef<[u8]>) -> Self {
        self.oaep_label = label.as_ref().to_vec();
        self
    }
}

/// Encrypts `data` for the owner of the private key, of which `key` has the public half. Node: `crypto.publicEncrypt(key,
/// buffer)` (<https://nodejs.org/api/crypto.html#cryptopublicencryptkey-buffer>).
///
/// # Errors
/// As [`create_public_key`](crate::create_public_key) for the key; [`Code::CryptoInvalidKeyObjectType`] for a secret one;
/// [`Code::OutOfRange`] for 2^31 bytes and more; [`Code::Openssl`] for a key that is not of RSA, an unknown digest, and data
/// that there is no room for.
///
/// # Examples
/// ```
/// use nodecore_crypto::{
///     KeyPairOptions, RsaOptions, generate_key_pair_sync, private_decrypt, public_encrypt,
/// };
///
/// let pair = generate_key_pair_sync("rsa", &KeyPairOptions::new().modulus_length(1024))?;
/// let options = RsaOptions::new().oaep_hash("sha256").oaep_label(b"for you");
/// let sealed = public_encrypt(&pair.public_key, b"hello", &options)?;
/// assert_eq!(private_decrypt(&pair.private_key, &sealed, &options)?, b"hello");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn public_encrypt<'a>(
    key: impl Into<KeyInput<'a>>,
    data: &[u8],
    options: &RsaOptions,
) -> Result<Vec<u8>> {
    run(&key.into().either()?, RsaOperation::PublicEncrypt, data, options)
}

/// Decrypts what [`public_encrypt`] gives. Node: `crypto.privateDecrypt(privateKey, buffer)`
/// (<https://nodejs.org/api/crypto.html#cryptoprivatedecryptprivatekey-buffer>).
///
/// With `RSA_PKCS1_PADDING` what is not padded well gives other bytes, the same each time, and no error (implicit rejection), so
/// that nobody learns how it is padded.
///
/// # Errors
/// As [`public_encrypt`]; [`Code::Openssl`] for data that is not encrypted for this key, as far as this can be told.
pub fn private_decrypt<'a>(
    key: impl Into<KeyInput<'a>>,
    data: &[u8],
    options: &RsaOptions,
) -> Result<Vec<u8>> {
    run(&key.into().private()?, RsaOperation::PrivateDecrypt, data, options)
}

/// Encrypts `data` with the private key, for all who have the public one: a signature without a digest. Node:
/// `crypto.privateEncrypt(privateKey, buffer)`
/// (<https://nodejs.org/api/crypto.html#cryptoprivateencryptprivatekey-buffer>).
///
/// # Errors
/// As [`public_encrypt`], for a private key.
pub fn private_encrypt<'a>(
    key: impl Into<KeyInput<'a>>,
    data: &[u8],
    options: &RsaOptions,
) -> Result<Vec<u8>> {
    run(&key.into().private()?, RsaOperation::PrivateEncrypt, data, options)
}

/// Decrypts what [`private_encrypt`] gives. Node: `crypto.publicDecrypt(key, buffer)`
/// (<https://nodejs.org/api/crypto.html#cryptopublicdecryptkey-buffer>).
///
/// # Errors
/// As [`public_encrypt`]; [`Code::Openssl`] for data that is not padded well.
pub fn public_decrypt<'a>(
    key: impl Into<KeyInput<'a>>,
    data: &[u8],
    options: &RsaOptions,
) -> Result<Vec<u8>> {
    run(&key.into().either()?, RsaOperation::PublicDecrypt, data, options)
}

fn run(key: &KeyObject, operation: RsaOperation, data: &[u8], options: &RsaOptions) -> Result<Vec<u8>> {
    let default = match operation {
        RsaOperation::PublicEncrypt | RsaOperation::PrivateDecrypt => RSA_PKCS1_OAEP_PADDING,
        RsaOperation::PrivateEncrypt | RsaOperation::PublicDecrypt => RSA_PKCS1_PADDING,
    };
    check::input("buffer is too long", data)?;
    let hash = options.oaep_hash.as_deref().map(digest).transpose()?;
    check::input("oaepLabel is too big", &options.oaep_label)?;
    let how = RsaPadding {
        padding: options.padding.filter(|padding| *padding != 0).unwrap_or(default),
        oaep_hash: hash.as_ref(),
        oaep_label: &options.oaep_label,
    };
    rsa(pkey(key)?, operation, &how, data)
}

fn digest(name: &str) -> Result<Md> {
    let name = c_text(name);
    Md::fetch(name).or_else(|| Md::legacy(name)).ok_or_else(|| {
        let details = OpensslError::new("", "").with_code("ERR_OSSL_EVP_INVALID_DIGEST");
        Error::new(Code::Openssl, "Invalid digest used").with_openssl(details)
    })
}
