//! `Cipheriv`, `Decipheriv`, and what makes them.

mod aead;
mod core;
mod info;
mod stream;
mod suite;

use std::fmt;

use nodecore_buffer::Encoding;
#[cfg(doc)]
use nodecore_error::Code;
use nodecore_error::Result;

use self::core::Core;

pub use aead::Aead;
pub use info::{CipherInfo, CipherInfoOptions, get_cipher_info, get_cipher_info_by_nid, get_ciphers};
pub use stream::{CipherStream, DecipherStream};
pub use suite::CipherMode;

/// Options of [`create_cipheriv`] and [`create_decipheriv`].
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct CipherOptions {
    auth_tag_length: Option<u32>,
}

impl CipherOptions {
    /// Bytes of the authentication tag. CCM and OCB cannot do without; the others' tags have 16. Node:
    /// `authTagLength`.
    #[must_use]
    pub fn auth_tag_length(mut self, bytes: u32) -> CipherOptions {
        self.auth_tag_length = Some(bytes);
        self
    }
}

/// Begins to encrypt. `iv` is empty for a cipher that takes no initialization vector. Node:
/// `crypto.createCipheriv(algorithm, key, iv[, options])`
/// (<https://nodejs.org/api/crypto.html#cryptocreatecipherivalgorithm-key-iv-options>).
///
/// There are the ciphers of [`get_ciphers`], by these names in any case, and by OpenSSL's other names for
/// them.
///
/// # Errors
/// [`Code::CryptoUnknownCipher`]; [`Code::CryptoInvalidIv`],
/// [`Code::CryptoInvalidAuthTag`] and
/// [`Code::CryptoInvalidKeylen`] for lengths that the cipher does not take;
/// [`Code::OutOfRange`] for lengths from 2^31 on; OpenSSL's, such as for XTS with two equal keys.
///
/// # Differences from Node
/// A cipher of OpenSSL's legacy provider, such as `bf-cbc`, is unknown, where Node fails with
/// `ERR_OSSL_EVP_UNSUPPORTED`. An `authTagLength` of 2^31 and more is refused as any other that is too long,
/// where Node takes one of them for none and ends the process for others.
pub fn create_cipheriv(
    algorithm: &str,
    key: impl AsRef<[u8]>,
    iv: impl AsRef<[u8]>,
    options: &CipherOptions,
) -> Result<Cipheriv> {
    Core::new(algorithm, key.as_ref(), iv.as_ref(), options, true).map(Cipheriv)
}

/// Begins to decrypt. Node: `crypto.createDecipheriv(algorithm, key, iv[, options])`
/// (<https://nodejs.org/api/crypto.html#cryptocreatedecipherivalgorithm-key-iv-options>).
///
/// # Errors
/// As [`create_cipheriv`].
///
/// # Differences from Node
/// As [`create_cipheriv`].
pub fn create_decipheriv(
    algorithm: &str,
    key: impl AsRef<[u8]>,
    iv: impl AsRef<[u8]>,
    options: &CipherOptions,
) -> Result<Decipheriv> {
    Core::new(algorithm, key.as_ref(), iv.as_ref(), options, false).map(Decipheriv)
}

/// Encrypts piece by piece. Node: `crypto.Cipheriv` (<https://nodejs.org/api/crypto.html#class-cipheriv>). It
/// may be moved to another thread; [`into_stream`](Cipheriv::into_stream) makes a stream of it. Its keys are
/// cleared when it is dropped.
///
/// ```
/// use nodecore_crypto::{CipherOptions, create_cipheriv, create_decipheriv};
///
/// let (key, iv, options) = ([1; 32], [2; 12], CipherOptions::default());
/// let mut cipher = create_cipheriv("aes-256-gcm", key, iv, &options)?;
/// cipher.set_aad(b"from me", None)?;
/// let mut sealed = cipher.update(b"some ")?;
/// sealed.extend(cipher.update(b"text")?);
/// sealed.extend(cipher.finish()?);
/// let tag = cipher.get_auth_tag()?;
///
/// let mut decipher = create_decipheriv("aes-256-gcm", key, iv, &options)?;
/// decipher.set_aad(b"from me", None)?.set_auth_tag(&tag)?;
/// let mut text = decipher.update(&sealed)?;
/// text.extend(decipher.finish()?);
/// assert_eq!(text, b"some text");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
///
/// # Differences from Node
/// `final` is called [`finish`](Cipheriv::finish), since Rust keeps that word for itself. Text is given as
/// its bytes. What comes out as UTF-16 may wait for the next call with a surrogate, as
/// [`StringDecoder`](nodecore_buffer::StringDecoder) says.
pub struct Cipheriv(Core);

/// Decrypts piece by piece. Node: `crypto.Decipheriv`
/// (<https://nodejs.org/api/crypto.html#class-decipheriv>). See [`Cipheriv`].
///
/// Of an authenticated cipher, what [`update`](Decipheriv::update) gives is not to be trusted before
/// [`finish`](Decipheriv::finish) has succeeded.
///
/// # Differences from Node
/// As [`Cipheriv`]. Without a tag, [`finish`](Decipheriv::finish) fails for ChaCha20-Poly1305 as for the
/// others, where Node lets any text pass.
pub struct Decipheriv(Core);

impl Cipheriv {
    /// Takes `data`, and gives what is encrypted of it. Node: `cipher.update(data)`.
    ///
    /// # Errors
    /// [`Code::Uncoded`], `Trying to add data in unsupported state`, after the end, or if the cipher
    /// does not take the data: those with a synthetic vector, wrapping of keys, XTS and ciphertext stealing
    /// take all of it in one call; [`Code::CryptoInvalidMessagelen`] for a text that is too long for CCM;
    /// [`Code::OutOfRange`] from 2^31 bytes on.
    pub fn update(&mut self, data: &[u8]) -> Result<Vec<u8>> {
        self.0.update(data)
    }

    /// As [`update`](Cipheriv::update), to memory of the caller's, which has [`room`](Cipheriv::room) for it.
    /// Gives the number of bytes.
    ///
    /// # Errors
    /// As [`update`](Cipheriv::update); [`Code::OutOfRange`] for an `out` that is too short, and then
    /// nothing has been taken.
    ///
    /// # Examples
    /// ```
    /// use nodecore_crypto::{CipherOptions, create_cipheriv};
    ///
    /// let mut cipher = create_cipheriv("aes-128-ctr", [0; 16], [0; 16], &CipherOptions::default())?;
    /// let mut out = [0; 64];
    /// assert_eq!(cipher.room(10), 10);
    /// assert_eq!(cipher.update_into(&[0; 10], &mut out)?, 10);
    /// assert_eq!(out[..4], [0x66, 0xe9, 0x4b, 0xd4]);
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn update_into(&mut self, data: &[u8], out: &mut [u8]) -> Result<usize> {
        self.0.update_into(data, out)
    }

    /// As [`update`](Cipheriv::update), as text. Bytes that do not make a whole character, or a whole group
    /// of digits, wait for the next call. Node: `cipher.update(data, inputEncoding, outputEncoding)`.
    ///
    /// # Errors
    /// As [`update`](Cipheriv::update); [`Code::InvalidArgValue`] if another encoding was
    /// asked for before.
    pub fn update_encoded(&mut self, data: &[u8], encoding: Encoding) -> Result<String> {
        self.0.update_encoded(data, encoding)
    }

    /// Ends it, and gives the rest. Node: `cipher.final()`.
    ///
    /// # Errors
    /// [`Code::CryptoInvalidState`] the second time; OpenSSL's, such as
    /// `ERR_OSSL_WRONG_FINAL_BLOCK_LENGTH`; [`Code::Uncoded`], `Unsupported state`, where data is missing.
    pub fn finish(&mut self) -> Result<Vec<u8>> {
        self.0.finish()
    }

    /// As [`finish`](Cipheriv::finish), to memory of the caller's, which has [`room(0)`](Cipheriv::room)
    /// bytes.
    ///
    /// # Errors
    /// As [`finish`](Cipheriv::finish); [`Code::OutOfRange`] for an `out` that is too short, and then
    /// it has not ended.
    pub fn finish_into(&mut self, out: &mut [u8]) -> Result<usize> {
        self.0.finish_into(out)
    }

    /// As [`finish`](Cipheriv::finish), as text. Node: `cipher.final(outputEncoding)`.
    ///
    /// # Errors
    /// As [`finish`](Cipheriv::finish) and [`update_encoded`](Cipheriv::update_encoded).
    pub fn finish_encoded(&mut self, encoding: Encoding) -> Result<String> {
        self.0.finish_encoded(encoding)
    }

    /// The most bytes that [`update_into`](Cipheriv::update_into) may give for `length` bytes, and
    /// [`finish_into`](Cipheriv::finish_into) for 0.
    pub fn room(&self, length: usize) -> usize {
        self.0.room(length)
    }

    /// Whether the last block is padded, which it is unless this says otherwise. Node:
    /// `cipher.setAutoPadding(autoPadding)`.
    ///
    /// # Errors
    /// [`Code::CryptoInvalidState`] after the end.
    pub fn set_auto_padding(&mut self, padding: bool) -> Result<&mut Cipheriv> {
        self.0.set_auto_padding(padding)?;
        Ok(self)
    }

    /// Adds data that is authenticated and not encrypted. Of CCM the length of the text has to be known
    /// before. Node: `cipher.setAAD(buffer[, options])`.
    ///
    /// # Errors
    /// [`Code::CryptoInvalidState`] if the cipher has no tag, or it is too late;
    /// [`Code::MissingArgs`] and
    /// [`Code::CryptoInvalidMessagelen`] for the length that CCM needs;
    /// [`Code::OutOfRange`] from 2^31 bytes on.
    ///
    /// # Differences from Node
    /// A `plaintext_length` of 2^31 or more is too long for CCM, where Node ends the process.
    pub fn set_aad(&mut self, data: &[u8], plaintext_length: Option<u32>) -> Result<&mut Cipheriv> {
        self.0.set_aad(data, plaintext_length)?;
        Ok(self)
    }

    /// The tag, once it has ended. Node: `cipher.getAuthTag()`.
    ///
    /// # Errors
    /// [`Code::CryptoInvalidState`] before the end, or if the cipher has no tag.
    pub fn get_auth_tag(&self) -> Result<Vec<u8>> {
        self.0.get_auth_tag()
    }
}

impl Decipheriv {
    /// Takes `data`, and gives what is decrypted of it. Node: `decipher.update(data)`.
    ///
    /// # Errors
    /// As [`Cipheriv::update`]. A wrapping of a key that is wrong is refused here.
    pub fn update(&mut self, data: &[u8]) -> Result<Vec<u8>> {
        self.0.update(data)
    }

    /// As [`update`](Decipheriv::update), to memory of the caller's, as [`Cipheriv::update_into`] does.
    ///
    /// # Errors
    /// As [`Cipheriv::update_into`].
    pub fn update_into(&mut self, data: &[u8], out: &mut [u8]) -> Result<usize> {
        self.0.update_into(data, out)
    }

    /// As [`update`](Decipheriv::update), as text. Bytes that do not make a whole character wait for the next
    /// call. Node: `decipher.update(data, inputEncoding, outputEncoding)`.
    ///
    /// # Errors
    /// As [`Cipheriv::update_encoded`].
    ///
    /// # Examples
    /// ```
    /// use nodecore_buffer::Encoding;
    /// use nodecore_crypto::{CipherOptions, create_cipheriv, create_decipheriv};
    ///
    /// let options = CipherOptions::default();
    /// let sealed = create_cipheriv("aes-128-ctr", [0; 16], [0; 16], &options)?.update("5 €".as_bytes())?;
    /// let mut decipher = create_decipheriv("aes-128-ctr", [0; 16], [0; 16], &options)?;
    /// assert_eq!(decipher.update_encoded(&sealed[..3], Encoding::Utf8)?, "5 ");
    /// assert_eq!(decipher.update_encoded(&sealed[3..], Encoding::Utf8)?, "€");
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn update_encoded(&mut self, data: &[u8], encoding: Encoding) -> Result<String> {
        self.0.update_encoded(data, encoding)
    }

    /// Ends it, checks the tag, and gives the rest. Node: `decipher.final()`.
    ///
    /// # Errors
    /// [`Code::Uncoded`], `Unsupported state or unable to authenticate data`, if the tag is wrong or
    /// missing; OpenSSL's, such as `ERR_OSSL_BAD_DECRYPT`; otherwise as [`Cipheriv::finish`].
    pub fn finish(&mut self) -> Result<Vec<u8>> {
        self.0.finish()
    }

    /// As [`finish`](Decipheriv::finish), to memory of the caller's, as [`Cipheriv::finish_into`] does.
    ///
    /// # Errors
    /// As [`finish`](Decipheriv::finish) and [`Cipheriv::finish_into`].
    pub fn finish_into(&mut self, out: &mut [u8]) -> Result<usize> {
        self.0.finish_into(out)
    }

    /// As [`finish`](Decipheriv::finish), as text. Node: `decipher.final(outputEncoding)`.
    ///
    /// # Errors
    /// As [`finish`](Decipheriv::finish) and [`Cipheriv::update_encoded`].
    pub fn finish_encoded(&mut self, encoding: Encoding) -> Result<String> {
        self.0.finish_encoded(encoding)
    }

    /// As [`Cipheriv::room`].
    pub fn room(&self, length: usize) -> usize {
        self.0.room(length)
    }

    /// Whether the last block is taken to be padded. Node: `decipher.setAutoPadding(autoPadding)`.
    ///
    /// # Errors
    /// As [`Cipheriv::set_auto_padding`].
    pub fn set_auto_padding(&mut self, padding: bool) -> Result<&mut Decipheriv> {
        self.0.set_auto_padding(padding)?;
        Ok(self)
    }

    /// Adds data that is authenticated and was not encrypted. Node: `decipher.setAAD(buffer[, options])`.
    ///
    /// # Errors
    /// As [`Cipheriv::set_aad`].
    ///
    /// # Differences from Node
    /// As [`Cipheriv::set_aad`].
    pub fn set_aad(&mut self, data: &[u8], plaintext_length: Option<u32>) -> Result<&mut Decipheriv> {
        self.0.set_aad(data, plaintext_length)?;
        Ok(self)
    }

    /// Says which tag the data has to have. Node: `decipher.setAuthTag(buffer)`.
    ///
    /// # Errors
    /// [`Code::CryptoInvalidAuthTag`] for another length than that of the options, or 16;
    /// [`Code::CryptoInvalidState`] the second time, or if the cipher has no tag, or it is too late;
    /// [`Code::OutOfRange`] from 2^31 bytes on.
    pub fn set_auth_tag(&mut self, tag: &[u8]) -> Result<&mut Decipheriv> {
        self.0.set_auth_tag(tag)?;
        Ok(self)
    }
}

impl fmt::Debug for Cipheriv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Cipheriv").field(&self.0).finish()
    }
}

impl fmt::Debug for Decipheriv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Decipheriv").field(&self.0).finish()
    }
}

/// The cipher of that name, fetched once.
pub(crate) fn fetched(name: &str) -> Option<&'static crate::engine::Cipher> {
    suite::Suite::find(name).map(|suite| &suite.cipher)
}
