//! Keys as PEM and DER.

use std::ffi::{CStr, c_char, c_int, c_long, c_void};
use std::ptr::{self, NonNull};

use nodecore_error::{Code, Error, Result};
use openssl_sys as ffi;

use super::bio::{Sink, Source, int};
use super::pkey::Pkey;
use super::{Cipher, failure, failure_thrown, forget, init, sys_key as sys};

/// The framing of a key in DER.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// RSA's own, RFC 8017.
    Pkcs1,
    /// Private keys, RFC 5958.
    Pkcs8,
    /// Private keys on elliptic curves, RFC 5915.
    Sec1,
    /// Public keys, RFC 5280.
    Spki,
}

/// What a private key is encrypted with when it is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Encryption<'a> {
    pub(crate) cipher: &'a str,
    pub(crate) passphrase: &'a [u8],
}

/// Gives OpenSSL the passphrase, `-1` if there is none or too little room for it.
unsafe extern "C" fn passphrase(buf: *mut c_char, size: c_int, _write: c_int, user: *mut c_void) -> c_int {
    // SAFETY: what `lend` lent for the call.
    let Some(passphrase) = (unsafe { *user.cast::<Option<&[u8]>>() }) else { return -1 };
    match c_int::try_from(passphrase.len()) {
        Ok(len) if len <= size => {
            // SAFETY: there is room for `size` bytes, and the two do not overlap.
            unsafe { ptr::copy_nonoverlapping(passphrase.as_ptr(), buf.cast::<u8>(), passphrase.len()) };
            len
        }
        _ => -1,
    }
}

fn lend(passphrase: &mut Option<&[u8]>) -> *mut c_void {
    ptr::from_mut(passphrase).cast::<c_void>()
}

/// The key, if OpenSSL gave one; its error otherwise.
fn took(key: *mut ffi::EVP_PKEY) -> Result<Pkey> {
    // SAFETY: null, or made for us.
    match unsafe { Pkey::owned(key) } {
        Some(key) => {
            // OpenSSL tries one decoder after the other, and what failed stays on its queue.
            forget();
            Ok(key)
        }
        None => Err(failure("Failed to read private key")),
    }
}

impl Pkey {
    /// Reads a private key in PEM.
    ///
    /// # Errors
    /// OpenSSL's.
    pub(crate) fn private_from_pem(pem: &[u8], mut secret: Option<&[u8]>) -> Result<Pkey> {
        let source = Source::new(pem)?;
        // SAFETY: a live BIO; the callback gets what `lend` lends for the call.
        took(unsafe {
            ffi::PEM_read_bio_PrivateKey(
                source.as_ptr(),
                ptr::null_mut(),
                Some(passphrase),
                lend(&mut secret),
            )
        })
    }

    /// Reads a private key in DER.
    ///
    /// # Errors
    /// OpenSSL's; [`Code::MissingPassphrase`] for an encrypted one without a passphrase.
    pub(crate) fn private_from_der(der: &[u8], frame: Frame, mut secret: Option<&[u8]>) -> Result<Pkey> {
        if der.is_empty() {
            return Err(failure("Failed to read private key"));
        }
        let source = Source::new(der)?;
        if frame != Frame::Pkcs8 {
            // Any private key will do, as in Node.
            // SAFETY: a live BIO.
            return took(unsafe { sys::d2i_PrivateKey_bio(source.as_ptr(), ptr::null_mut()) });
        }
        if is_encrypted(der) {
            if secret.is_none() {
                return Err(Error::from_template(Code::MissingPassphrase, &[]));
            }
            // SAFETY: a live BIO; the callback gets what `lend` lends for the call.
            return took(unsafe {
                let secret = lend(&mut secret);
                ffi::d2i_PKCS8PrivateKey_bio(source.as_ptr(), ptr::null_mut(), Some(passphrase), secret)
            });
        }
        // SAFETY: a live BIO.
        let info = unsafe { sys::d2i_PKCS8_PRIV_KEY_INFO_bio(source.as_ptr(), ptr::null_mut()) };
        let Some(info) = NonNull::new(info) else { return Err(failure("Failed to read private key")) };
        // SAFETY: `info` is live until it is freed, once.
        took(unsafe {
            let key = ffi::EVP_PKCS82PKEY(info.as_ptr());
            ffi::PKCS8_PRIV_KEY_INFO_free(info.as_ptr());
            key
        })
    }

    /// Reads a key in PEM for its public half: a public key of either framing, a certificate or a private key.
    ///
    /// # Errors
    /// OpenSSL's.
    pub(crate) fn from_pem(pem: &[u8], secret: Option<&[u8]>) -> Result<Pkey> {
        // The reasons why a public key is none stay on the queue, for the error of what is tried last.
        match public_from_pem(pem)? {
            Some(key) => Ok(key),
            None => Pkey::private_from_pem(pem, secret),
        }
    }

    /// Reads a public key in DER.
    ///
    /// # Errors
    /// `Failed to read asymmetric key`, with OpenSSL's reasons.
    pub(crate) fn public_from_der(der: &[u8], frame: Frame) -> Result<Pkey> {
        init();
        let (mut at, len) = (der.as_ptr(), c_long::from(int(der.len())?));
        // SAFETY: `len` readable bytes at `at`.
        took_public(unsafe {
            match frame {
                Frame::Pkcs1 => rsa_public(der),
                _ => ffi::d2i_PUBKEY(ptr::null_mut(), &raw mut at, len),
            }
        })
    }

    /// Writes the public half.
    ///
    /// # Errors
    /// OpenSSL's.
    pub(crate) fn write_public(&self, frame: Frame, pem: bool) -> Result<Vec<u8>> {
        let sink = Sink::new()?;
        let (key, bio) = (self.as_ptr(), sink.as_ptr());
        // SAFETY: a live key and a live BIO.
        let written = unsafe {
            match (frame, pem) {
                (Frame::Pkcs1, _) => {
                    let der = self.rsa_public_der()?;
                    if !pem {
                        return Ok(der);
                    }
                    let len = c_long::from(int(der.len())?);
                    sys::PEM_write_bio(bio, c"RSA PUBLIC KEY".as_ptr(), c"".as_ptr(), der.as_ptr(), len)
                }
                (_, true) => ffi::PEM_write_bio_PUBKEY(bio, key),
                (_, false) => ffi::i2d_PUBKEY_bio(bio, key),
            }
        };
        if written > 0 { Ok(sink.bytes()) } else { Err(failure_thrown("Failed to encode public key")) }
    }

    fn rsa_public_der(&self) -> Result<Vec<u8>> {
        // SAFETY: a live key; no buffer asks for the length only.
        let len = unsafe { sys::i2d_PublicKey(self.as_ptr(), ptr::null_mut()) };
        let Ok(len) = usize::try_from(len) else { return Err(failure_thrown("Failed to encode public key")) };
        let mut der = vec![0; len];
        let mut at = der.as_mut_ptr();
        // SAFETY: as above, with room for `len` bytes.
        match unsafe { sys::i2d_PublicKey(self.as_ptr(), &raw mut at) } {
            written if usize::try_from(written) == Ok(len) => Ok(der),
            _ => Err(failure_thrown("Failed to encode public key")),
        }
    }

    /// Writes the private key.
    ///
    /// # Errors
    /// OpenSSL's; [`Code::CryptoUnknownCipher`].
    pub(crate) fn write_private(
        &self,
        frame: Frame,
        pem: bool,
        encryption: Option<Encryption<'_>>,
    ) -> Result<Vec<u8>> {
        let sink = Sink::new()?;
        let (key, bio) = (self.as_ptr(), sink.as_ptr());
        let unknown = || Error::from_template(Code::CryptoUnknownCipher, &[]);
        let fetch = |encryption: Encryption<'_>| Cipher::fetch(encryption.cipher).ok_or_else(unknown);
        let cipher = encryption.map(fetch).transpose()?;
        let cipher = cipher.as_ref().map_or(ptr::null(), Cipher::as_ptr);
        // OpenSSL asks for a passphrase of its own if the pointer is null.
        let secret = encryption.map_or(&[][..], |encryption| encryption.passphrase);
        let secret_len = int(secret.len())?;
        let text =
            if encryption.is_some() && secret.is_empty() { c"".as_ptr().cast() } else { secret.as_ptr() };
        let text = if encryption.is_some() { text } else { ptr::null() };
        // SAFETY: a live key, a live BIO, a cipher or null, and `secret_len` readable bytes or null.
        let written = unsafe {
            match (frame, pem) {
                (Frame::Pkcs8, true) => ffi::PEM_write_bio_PKCS8PrivateKey(
                    bio,
                    key,
                    cipher,
                    text.cast(),
                    secret_len,
                    None,
                    ptr::null_mut(),
                ),
                (Frame::Pkcs8, false) if encryption.is_some() => ffi::i2d_PKCS8PrivateKey_bio(
                    bio,
                    key,
                    cipher,
                    text.cast(),
                    secret_len,
                    None,
                    ptr::null_mut(),
                ),
                (Frame::Pkcs8, false) => {
                    let info = ffi::EVP_PKEY2PKCS8(key);
                    if info.is_null() {
                        0
                    } else {
                        let written = sys::i2d_PKCS8_PRIV_KEY_INFO_bio(bio, info);
                        ffi::PKCS8_PRIV_KEY_INFO_free(info);
                        written
                    }
                }
                (_, true) => sys::PEM_write_bio_PrivateKey_traditional(
                    bio,
                    key,
                    cipher,
                    text,
                    secret_len,
                    None,
                    ptr::null_mut(),
                ),
                (_, false) => ffi::i2d_PrivateKey_bio(bio, key),
            }
        };
        if written > 0 { Ok(sink.bytes()) } else { Err(failure_thrown("Failed to encode private key")) }
    }
}

/// The RSA key in the bytes of PKCS#1, or null.
fn rsa_public(der: &[u8]) -> *mut ffi::EVP_PKEY {
    let mut key = ptr::null_mut();
    let (mut at, mut len) = (der.as_ptr(), der.len());
    // SAFETY: names are NUL-terminated, `len` bytes are readable at `at`, and the context is freed once.
    unsafe {
        let ctx = ffi::OSSL_DECODER_CTX_new_for_pkey(
            &raw mut key,
            c"DER".as_ptr(),
            c"type-specific".as_ptr(),
            c"RSA".as_ptr(),
            ffi::EVP_PKEY_PUBLIC_KEY,
            ptr::null_mut(),
            ptr::null(),
        );
        if !ctx.is_null() {
            ffi::OSSL_DECODER_from_data(ctx, &raw mut at, &raw mut len);
        }
        ffi::OSSL_DECODER_CTX_free(ctx);
    }
    key
}

/// The key of the first block that holds one; `None` if there is no such block, or OpenSSL cannot read it.
fn public_from_pem(pem: &[u8]) -> Result<Option<Pkey>> {
    for name in [c"PUBLIC KEY", c"RSA PUBLIC KEY", c"CERTIFICATE"] {
        let Some(der) = block(pem, name)? else { continue };
        let (mut at, len) = (der.as_ptr(), c_long::from(int(der.len())?));
        // SAFETY: `len` readable bytes at `at`; a certificate is freed once, its key is a reference of our own.
        let key = unsafe {
            match name.to_bytes() {
                b"PUBLIC KEY" => ffi::d2i_PUBKEY(ptr::null_mut(), &raw mut at, len),
                b"RSA PUBLIC KEY" => rsa_public(&der),
                _ => {
                    let certificate = ffi::d2i_X509(ptr::null_mut(), &raw mut at, len);
                    let key = if certificate.is_null() {
                        ptr::null_mut()
                    } else {
                        ffi::X509_get_pubkey(certificate)
                    };
                    ffi::X509_free(certificate);
                    key
                }
            }
        };
        // SAFETY: null, or made for us.
        return Ok(unsafe { Pkey::owned(key) }.inspect(|_| forget()));
    }
    Ok(None)
}

fn took_public(key: *mut ffi::EVP_PKEY) -> Result<Pkey> {
    let text = "Failed to read asymmetric key";
    took(key).map_err(|error| match error.openssl() {
        Some(details) => Error::new(Code::Openssl, text).with_openssl(details.clone()),
        None => Error::from_template(Code::Uncoded, &[&text]),
    })
}

/// The bytes in the PEM block of that name; `None` if there is none.
fn block(pem: &[u8], name: &CStr) -> Result<Option<Vec<u8>>> {
    let source = Source::new(pem)?;
    let (mut data, mut len) = (ptr::null_mut::<u8>(), 0);
    // SAFETY: a live BIO, room for a pointer and a length; no passphrase is given.
    let found = unsafe {
        sys::PEM_bytes_read_bio(
            &raw mut data,
            &raw mut len,
            ptr::null_mut(),
            name.as_ptr(),
            source.as_ptr(),
            Some(passphrase),
            lend(&mut None),
        )
    };
    if found != 1 || data.is_null() {
        forget();
        return Ok(None);
    }
    // SAFETY: `len` bytes, which are ours to free, once.
    let bytes = unsafe { std::slice::from_raw_parts(data, usize::try_from(len).unwrap_or(0)).to_vec() };
    // SAFETY: as above.
    unsafe { ffi::OPENSSL_free(data.cast::<c_void>()) };
    Ok(Some(bytes))
}

/// Whether PKCS#1 bytes are a private key: a sequence that begins with the version.
pub(crate) fn is_rsa_private(der: &[u8]) -> bool {
    matches!(content(der), Some([0x02, 0x01, 0 | 1, ..]))
}

/// What is in a sequence.
fn content(der: &[u8]) -> Option<&[u8]> {
    let (&tag, rest) = der.split_first()?;
    let (&length, rest) = rest.split_first()?;
    let skip = if length & 0x80 == 0 { 0 } else { usize::from(length & 0x7f) };
    if tag == 0x30 { rest.get(skip..) } else { None }
}

/// Whether PKCS#8 bytes are encrypted: a sequence that begins with another, not with the version.
fn is_encrypted(der: &[u8]) -> bool {
    matches!(content(der), Some([0x30, ..]))
}
