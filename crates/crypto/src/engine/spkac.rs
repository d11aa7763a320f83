//! `NETSCAPE_SPKI`: a public key and a challenge, signed.

use std::ffi::c_int;
use std::ptr::{self, NonNull};
use std::slice;

use openssl_sys as ffi;

use super::pkey::Pkey;
use super::{Frame, forget, init, sys_agree as sys};

/// A signed public key and challenge.
pub(crate) struct Spkac(NonNull<sys::Spki>);

impl Spkac {
    /// Reads Base64; `None` if there is none of the kind in it.
    pub(crate) fn read(text: &[u8]) -> Option<Spkac> {
        init();
        // No length asks OpenSSL to look for a NUL.
        let len = c_int::try_from(text.len()).ok().filter(|len| *len > 0)?;
        // SAFETY: `len` readable bytes.
        let spki = unsafe { sys::NETSCAPE_SPKI_b64_decode(text.as_ptr().cast(), len) };
        forget();
        NonNull::new(spki).map(Spkac)
    }

    /// Whether the signature is the key's.
    pub(crate) fn verify(&self) -> bool {
        let verify = |key: Pkey| {
            // SAFETY: both are live.
            unsafe { sys::NETSCAPE_SPKI_verify(self.0.as_ptr(), key.as_ptr()) > 0 }
        };
        let good = self.key().is_some_and(verify);
        forget();
        good
    }

    /// The public key in PEM; `None` if OpenSSL does not know its algorithm.
    pub(crate) fn public_key(&self) -> Option<Vec<u8>> {
        self.key()?.write_public(Frame::Spki, true).ok()
    }

    /// What the key's owner was asked to sign, in UTF-8; `None` if it is not there.
    pub(crate) fn challenge(&self) -> Option<Vec<u8>> {
        // SAFETY: a live structure; what it points to lives as long. The text is ours, and freed once.
        unsafe {
            let content = self.0.as_ref().spkac;
            let challenge = if content.is_null() { return None } else { (*content).challenge };
            if challenge.is_null() {
                return None;
            }
            let mut text = ptr::null_mut::<u8>();
            let len = ffi::ASN1_STRING_to_UTF8(&raw mut text, challenge);
            forget();
            let len = usize::try_from(len).ok()?;
            let bytes = if text.is_null() { Vec::new() } else { slice::from_raw_parts(text, len).to_vec() };
            ffi::OPENSSL_free(text.cast());
            Some(bytes)
        }
    }

    fn key(&self) -> Option<Pkey> {
        // SAFETY: live; null, or a key of which a reference is ours.
        let key = unsafe { Pkey::owned(sys::NETSCAPE_SPKI_get_pubkey(self.0.as_ptr())) };
        forget();
        key
    }
}

impl Drop for Spkac {
    fn drop(&mut self) {
        // SAFETY: owned, and not used again.
        unsafe { sys::NETSCAPE_SPKI_free(self.0.as_ptr()) };
    }
}
