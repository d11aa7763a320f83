//! Whole messages, in place.

use std::fmt;

use nodecore_error::{Code, Error, Result};

use super::core::{TAG, invalid_iv, invalid_tag, short_enough, unauthenticated};
use super::suite::{CipherMode, Suite};
use crate::engine::CipherCtx;

/// An authenticated cipher with its key, for messages that are there as a whole: they are encrypted and
/// decrypted in place, without memory being taken. Node has no such thing; the results are those of
/// [`Cipheriv`](crate::Cipheriv). Its keys are cleared when it is dropped.
///
/// ```
/// use nodecore_crypto::Aead;
///
/// let mut aead = Aead::new("chacha20-poly1305", [1; 32])?;
/// let mut message = *b"some text";
/// let tag = aead.seal(&[2; 12], b"from me", &mut message)?;
/// assert_ne!(&message, b"some text");
/// aead.open(&[2; 12], b"from me", &mut message, &tag)?;
/// assert_eq!(&message, b"some text");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub struct Aead {
    suite: &'static Suite,
    ctx: CipherCtx,
}

impl Aead {
    /// `aes-128-gcm`, `chacha20-poly1305` or another cipher in Galois counter mode, with its key.
    ///
    /// # Errors
    /// [`Code::CryptoUnknownCipher`]; [`Code::CryptoUnsupportedOperation`] for a cipher of another kind;
    /// [`Code::CryptoInvalidKeylen`].
    pub fn new(algorithm: &str, key: impl AsRef<[u8]>) -> Result<Aead> {
        let unknown = || Error::from_template(Code::CryptoUnknownCipher, &[]);
        let suite = Suite::find(algorithm).ok_or_else(unknown)?;
        if !suite.authenticated || !matches!(suite.mode, CipherMode::Gcm | CipherMode::Stream) {
            let text = format!("{algorithm} does not encrypt and authenticate in place");
            return Err(Error::from_template(Code::CryptoUnsupportedOperation, &[&text]));
        }
        let mut ctx = CipherCtx::new(&suite.cipher, true)?;
        if suite.mode == CipherMode::Stream && !ctx.set_tag_length(TAG) {
            return Err(invalid_tag(TAG));
        }
        // No message has this vector; each brings its own.
        ctx.set_key(key.as_ref(), &[0; 12])?;
        Ok(Aead { suite, ctx })
    }

    /// Encrypts `message` in place, and gives the tag of it and of `aad`. No two messages of a key may have
    /// the same `iv`, which has 12 bytes.
    ///
    /// # Errors
    /// [`Code::CryptoInvalidIv`]; [`Code::OutOfRange`] from 2^31 bytes on.
    pub fn seal(&mut self, iv: &[u8], aad: &[u8], message: &mut [u8]) -> Result<[u8; TAG]> {
        self.begin(iv, aad, message, true)?;
        let mut tag = [0; TAG];
        if !aad.is_empty() && !self.ctx.aad(aad) || !self.ctx.update_in_place(message) {
            return Err(unauthenticated());
        }
        self.ctx.finish(&mut [], "")?;
        if self.ctx.get_tag(&mut tag) { Ok(tag) } else { Err(unauthenticated()) }
    }

    /// Decrypts `message` in place, if `tag` is the tag of it and of `aad`. If it is not, the message is
    /// lost: it is zeroed.
    ///
    /// # Errors
    /// [`Code::Uncoded`], `Unsupported state or unable to authenticate data`, if the tag is wrong;
    /// [`Code::CryptoInvalidAuthTag`] unless it has 16 bytes; [`Code::CryptoInvalidIv`]; [`Code::OutOfRange`]
    /// from 2^31 bytes on.
    pub fn open(&mut self, iv: &[u8], aad: &[u8], message: &mut [u8], tag: &[u8]) -> Result<()> {
        if tag.len() != TAG {
            return Err(invalid_tag(tag.len()));
        }
        self.begin(iv, aad, message, false)?;
        let opened = self.ctx.set_tag(tag)
            && (aad.is_empty() || self.ctx.aad(aad))
            && self.ctx.update_in_place(message)
            && self.ctx.finish(&mut [], "").is_ok();
        if opened {
            return Ok(());
        }
        message.fill(0);
        Err(unauthenticated())
    }

    fn begin(&mut self, iv: &[u8], aad: &[u8], message: &[u8], encrypts: bool) -> Result<()> {
        if iv.len() != self.suite.iv_length {
            return Err(invalid_iv());
        }
        short_enough(aad, "buffer is too big")?;
        short_enough(message, "data is too long")?;
        self.ctx.restart(iv, encrypts)
    }
}

impl fmt::Debug for Aead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Aead").field(&self.suite.name).finish()
    }
}
