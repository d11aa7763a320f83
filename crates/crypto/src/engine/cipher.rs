//! `EVP_CIPHER` and `EVP_CIPHER_CTX`.
//!
//! Tags are compared inside OpenSSL only, in a time that does not depend on the bytes, by `CRYPTO_memcmp`:
//! GCM in crypto/modes/gcm128.c (`CRYPTO_gcm128_finish`), OCB in ocb128.c (`ocb_finish`), key wrap in
//! wrap128.c, CCM in providers/implementations/ciphers/ciphercommon_ccm_hw.c
//! (`ossl_ccm_generic_auth_decrypt`), ChaCha20-Poly1305 in cipher_chacha20_poly1305_hw.c, GCM-SIV in
//! cipher_aes_gcm_siv_hw.c (`aes_gcm_siv_finish`), Triple DES wrap in cipher_tdes_wrap.c. SIV
//! (crypto/modes/siv128.c, `ossl_siv128_decrypt`) ors the differences of all bytes together.

use std::ffi::{CStr, c_int};
use std::ptr::{self, NonNull};

use nodecore_error::{Code, Error, Result};
use openssl_sys as ffi;

use super::{c_name, failure, failure_thrown, forget, init, sys};

/// By how much a wrapping may be longer than the key that it wraps: two blocks of eight bytes, and the
/// padding.
const WRAP_ROOM: usize = 24;

/// A cipher, fetched.
#[derive(Debug)]
pub(crate) struct Cipher(NonNull<ffi::EVP_CIPHER>);

// SAFETY: a fetched EVP_CIPHER does not change, and counts its references atomically.
unsafe impl Send for Cipher {}
// SAFETY: as above.
unsafe impl Sync for Cipher {}

impl Cipher {
    /// The cipher of that name in the default provider, in any case; `None` if there is none.
    pub(crate) fn fetch(name: &str) -> Option<Cipher> {
        init();
        let name = c_name(name)?;
        // SAFETY: a NUL-terminated name; the default library context and no properties.
        let cipher = unsafe { ffi::EVP_CIPHER_fetch(ptr::null_mut(), name.as_ptr(), ptr::null()) };
        if cipher.is_null() {
            forget();
        }
        NonNull::new(cipher).map(Cipher)
    }

    /// The first of its names in the provider.
    pub(crate) fn name(&self) -> String {
        // SAFETY: a live EVP_CIPHER; its name is NUL-terminated and lives as long.
        unsafe { CStr::from_ptr(sys::EVP_CIPHER_get0_name(self.0.as_ptr())) }.to_string_lossy().into_owned()
    }

    /// Its numeric identifier, if it has one.
    pub(crate) fn nid(&self) -> Option<i32> {
        // SAFETY: a live EVP_CIPHER.
        Some(unsafe { ffi::EVP_CIPHER_get_nid(self.0.as_ptr()) }).filter(|&nid| nid != ffi::NID_undef)
    }

    /// Bytes of a key.
    pub(crate) fn key_length(&self) -> usize {
        // SAFETY: a live EVP_CIPHER.
        usize::try_from(unsafe { ffi::EVP_CIPHER_get_key_length(self.0.as_ptr()) }).unwrap_or(0)
    }

    /// Bytes of an initialization vector, 0 if it takes none.
    pub(crate) fn iv_length(&self) -> usize {
        // SAFETY: a live EVP_CIPHER.
        usize::try_from(unsafe { ffi::EVP_CIPHER_get_iv_length(self.0.as_ptr()) }).unwrap_or(0)
    }

    /// Bytes of a block, 1 for a stream cipher.
    pub(crate) fn block_size(&self) -> usize {
        // SAFETY: a live EVP_CIPHER.
        usize::try_from(unsafe { ffi::EVP_CIPHER_get_block_size(self.0.as_ptr()) }).unwrap_or(0)
    }

    /// The mode: one of the numbers `EVP_CIPH_*_MODE` of openssl/evp.h.
    pub(crate) fn mode(&self) -> u32 {
        // SAFETY: a live EVP_CIPHER.
        unsafe { sys::EVP_CIPHER_get_mode(self.0.as_ptr()) }.unsigned_abs()
    }

    pub(super) fn as_ptr(&self) -> *const ffi::EVP_CIPHER {
        self.0.as_ptr()
    }

    /// Whether it steals ciphertext, and so takes one call only.
    pub(crate) fn is_cts(&self) -> bool {
        // SAFETY: a live EVP_CIPHER.
        unsafe { ffi::EVP_CIPHER_get_flags(self.0.as_ptr()) & sys::CIPH_FLAG_CTS != 0 }
    }
}

impl Drop for Cipher {
    fn drop(&mut self) {
        // SAFETY: owned, and not used again.
        unsafe { ffi::EVP_CIPHER_free(self.0.as_ptr()) };
    }
}

/// The short name of that numeric identifier, if there is one.
pub(crate) fn nid_name(nid: i32) -> Option<String> {
    // SAFETY: gives null or a static NUL-terminated string.
    let name = unsafe { ffi::OBJ_nid2sn(nid) };
    if name.is_null() {
        forget();
        return None;
    }
    // SAFETY: a static NUL-terminated string.
    Some(unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned())
}

/// A cipher under way.
#[derive(Debug)]
pub(crate) struct CipherCtx {
    ctx: NonNull<ffi::EVP_CIPHER_CTX>,
    key_length: usize,
    iv_length: usize,
    /// What `update` and `finish` may give more than they are given.
    margin: usize,
    /// Whether the key is set, without which there is no calling further.
    keyed: bool,
}

// SAFETY: an EVP_CIPHER_CTX belongs to no thread; it is used by one at a time.
unsafe impl Send for CipherCtx {}

impl CipherCtx {
    /// A context that waits for its key.
    ///
    /// # Errors
    /// OpenSSL's, if there is no memory.
    pub(crate) fn new(cipher: &Cipher, encrypt: bool) -> Result<CipherCtx> {
        let margin = match (cipher.mode(), cipher.block_size()) {
            (sys::CIPH_WRAP_MODE, _) => WRAP_ROOM,
            (_, 1) => 0,
            (_, block) => block,
        };
        // SAFETY: takes no arguments.
        let ctx =
            NonNull::new(unsafe { ffi::EVP_CIPHER_CTX_new() }).ok_or_else(|| failure("Out of memory"))?;
        let (key_length, iv_length) = (cipher.key_length(), cipher.iv_length());
        let ctx = CipherCtx { ctx, key_length, iv_length, margin, keyed: false };
        // SAFETY: both are live, and no key or vector is given.
        let ready = unsafe {
            ffi::EVP_CIPHER_CTX_set_flags(ctx.ctx.as_ptr(), ffi::EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
            ffi::EVP_CipherInit_ex(
                ctx.ctx.as_ptr(),
                cipher.0.as_ptr(),
                ptr::null_mut(),
                ptr::null(),
                ptr::null(),
                c_int::from(encrypt),
            )
        };
        if ready == 1 { Ok(ctx) } else { Err(failure("Failed to initialize cipher")) }
    }

    /// Makes the vector that long; `false` if the cipher cannot.
    pub(crate) fn set_iv_length(&mut self, length: usize) -> bool {
        let set = self.control(sys::CTRL_AEAD_SET_IVLEN, length, ptr::null_mut());
        if set {
            self.iv_length = length;
        }
        set
    }

    /// As [`CipherCtx::set_iv_length`], keeping what OpenSSL says of one that is too long.
    ///
    /// # Errors
    /// OpenSSL's, or `otherwise` if it gives none.
    pub(crate) fn use_iv_length(&mut self, length: usize, otherwise: &str) -> Result<()> {
        let count = c_int::try_from(length).map_err(|_| failure_thrown(otherwise))?;
        let (ctx, what) = (self.ctx.as_ptr(), sys::CTRL_AEAD_SET_IVLEN);
        // SAFETY: a live context; the length only is told.
        if unsafe { ffi::EVP_CIPHER_CTX_ctrl(ctx, what, count, ptr::null_mut()) } != 1 {
            return Err(failure_thrown(otherwise));
        }
        self.iv_length = length;
        Ok(())
    }

    /// Makes the tag that long; `false` if the cipher cannot.
    pub(crate) fn set_tag_length(&mut self, length: usize) -> bool {
        self.control(sys::CTRL_AEAD_SET_TAG, length, ptr::null_mut())
    }

    /// Says which tag is expected.
    pub(crate) fn set_tag(&mut self, tag: &[u8]) -> bool {
        self.control(sys::CTRL_AEAD_SET_TAG, tag.len(), tag.as_ptr().cast_mut())
    }

    /// Fills `tag` with the tag of what was encrypted.
    pub(crate) fn get_tag(&mut self, tag: &mut [u8]) -> bool {
        self.control(sys::CTRL_AEAD_GET_TAG, tag.len(), tag.as_mut_ptr())
    }

    /// OpenSSL reads or writes `length` bytes at `data`, or none if it is null.
    fn control(&mut self, what: c_int, length: usize, data: *mut u8) -> bool {
        let Ok(length) = c_int::try_from(length) else { return false };
        // SAFETY: a live context; `data` is null or has `length` bytes, and setting a tag only reads them.
        let done = unsafe { ffi::EVP_CIPHER_CTX_ctrl(self.ctx.as_ptr(), what, length, data.cast()) } == 1;
        if !done {
            forget();
        }
        done
    }

    /// Sets the key and, if the cipher takes one, the vector; both are as long as they have to be.
    ///
    /// # Errors
    /// OpenSSL's.
    pub(crate) fn set_key(&mut self, key: &[u8], iv: &[u8]) -> Result<()> {
        if key.len() != self.key_length {
            return Err(Error::new(Code::CryptoInvalidKeylen, "Invalid key length"));
        }
        self.init(key.as_ptr(), iv, -1)?;
        self.keyed = true;
        Ok(())
    }

    /// Begins anew with another vector and the key that there is; only of a cipher whose key serves both
    /// directions.
    ///
    /// # Errors
    /// OpenSSL's.
    pub(crate) fn restart(&mut self, iv: &[u8], encrypt: bool) -> Result<()> {
        if !self.keyed {
            return Err(Error::new(Code::CryptoInvalidKeylen, "Invalid key length"));
        }
        self.init(ptr::null(), iv, c_int::from(encrypt))
    }

    /// `key` is null or has `key_length` bytes; a `direction` of -1 leaves it.
    fn init(&mut self, key: *const u8, iv: &[u8], direction: c_int) -> Result<()> {
        if iv.len() != self.iv_length {
            return Err(Error::new(Code::CryptoInvalidIv, "Invalid initialization vector"));
        }
        let iv = if iv.is_empty() { ptr::null() } else { iv.as_ptr() };
        let ctx = self.ctx.as_ptr();
        // SAFETY: a live context; `key` and `iv` are null or as long as it reads.
        match unsafe { ffi::EVP_CipherInit_ex(ctx, ptr::null(), ptr::null_mut(), key, iv, direction) } {
            1 => Ok(()),
            _ => Err(failure("Failed to initialize cipher")),
        }
    }

    /// Whether the last block is padded.
    pub(crate) fn set_padding(&mut self, padding: bool) -> bool {
        // SAFETY: a live context.
        let set = unsafe { ffi::EVP_CIPHER_CTX_set_padding(self.ctx.as_ptr(), c_int::from(padding)) } == 1;
        if !set {
            forget();
        }
        set
    }

    /// Tells CCM how long the text will be.
    pub(crate) fn announce(&mut self, length: usize) -> bool {
        let Ok(length) = c_int::try_from(length) else { return false };
        // SAFETY: without input and output nothing but the length is read.
        self.keyed && unsafe { self.call(ptr::null_mut(), ptr::null(), length) }.is_some()
    }

    /// Adds data that is authenticated only.
    pub(crate) fn aad(&mut self, data: &[u8]) -> bool {
        let Ok(length) = c_int::try_from(data.len()) else { return false };
        // SAFETY: `length` readable bytes, and without output nothing is written.
        self.keyed && unsafe { self.call(ptr::null_mut(), data.as_ptr(), length) }.is_some()
    }

    /// The bytes that [`update`](CipherCtx::update) of `length` bytes wants room for.
    pub(crate) fn room(&self, length: usize) -> usize {
        length.saturating_add(self.margin)
    }

    /// Takes `data`, and writes what comes of it to `out`, which has [`room`](CipherCtx::room) for it; `None`
    /// if OpenSSL refuses.
    pub(crate) fn update(&mut self, data: &[u8], out: &mut [u8]) -> Option<usize> {
        let length = c_int::try_from(data.len()).ok()?;
        if !self.keyed || out.len() < self.room(data.len()) {
            return None;
        }
        // SAFETY: `length` readable bytes, and room for what comes of them.
        unsafe { self.call(out.as_mut_ptr(), data.as_ptr(), length) }
    }

    /// As [`update`](CipherCtx::update), in memory that is taken for it.
    pub(crate) fn update_vec(&mut self, data: &[u8]) -> Option<Vec<u8>> {
        let length = c_int::try_from(data.len()).ok()?;
        if !self.keyed {
            return None;
        }
        let mut out = Vec::new();
        out.try_reserve_exact(self.room(data.len())).ok()?;
        // SAFETY: `length` readable bytes, and room for what comes of them.
        let written = unsafe { self.call(out.as_mut_ptr(), data.as_ptr(), length) }?;
        // SAFETY: that many bytes were written, within the capacity.
        unsafe { out.set_len(written) };
        Some(out)
    }

    /// As [`update`](CipherCtx::update), over the data itself; only where a byte gives a byte.
    pub(crate) fn update_in_place(&mut self, data: &mut [u8]) -> bool {
        let Ok(length) = c_int::try_from(data.len()) else { return false };
        if !self.keyed || self.margin != 0 {
            return false;
        }
        // SAFETY: `length` readable and writable bytes; OpenSSL allows input and output to be the same
        // memory.
        unsafe { self.call(data.as_mut_ptr(), data.as_ptr(), length) == Some(data.len()) }
    }

    /// All of `data` and the end, in memory that is taken for it and has `spare` bytes left over.
    ///
    /// # Errors
    /// OpenSSL's, or `otherwise` if it gives none.
    pub(crate) fn whole(&mut self, data: &[u8], spare: usize, otherwise: &str) -> Result<Vec<u8>> {
        let refused = || failure_thrown(otherwise);
        let length = c_int::try_from(data.len()).ok().filter(|_| self.keyed).ok_or_else(refused)?;
        let mut out = Vec::new();
        let room = self.room(data.len()).saturating_add(self.margin);
        out.try_reserve_exact(room.saturating_add(spare)).map_err(|_| refused())?;
        let (mut written, mut rest): (c_int, c_int) = (0, 0);
        // SAFETY: a live context, `length` readable bytes, room for what comes of them, and behind it for the end.
        let done = unsafe {
            let at: *mut u8 = out.as_mut_ptr();
            ffi::EVP_CipherUpdate(self.ctx.as_ptr(), at, &raw mut written, data.as_ptr(), length) == 1
                && written >= 0
                && sys::EVP_CipherFinal_ex(self.ctx.as_ptr(), at.offset(written as isize), &raw mut rest) == 1
        };
        // SAFETY: that many bytes were written, within the capacity; of a text that is not authentic they are cleared.
        unsafe { out.set_len(usize::try_from(written.saturating_add(rest)).unwrap_or(0)) };
        if done {
            return Ok(out);
        }
        super::cleanse(&mut out);
        Err(refused())
    }

    /// # Safety
    /// - `data` is null or has `length` readable bytes; `out` is null or has room for what comes of them.
    unsafe fn call(&mut self, out: *mut u8, data: *const u8, length: c_int) -> Option<usize> {
        let mut written: c_int = 0;
        // SAFETY: a live context, and the caller vouches for the memory.
        if unsafe { ffi::EVP_CipherUpdate(self.ctx.as_ptr(), out, &raw mut written, data, length) } == 1 {
            return usize::try_from(written).ok();
        }
        forget();
        None
    }

    /// Ends it, and writes what is left to `out`, which has [`room`](CipherCtx::room) for it.
    ///
    /// # Errors
    /// OpenSSL's, or `otherwise` if it gives none.
    pub(crate) fn finish(&mut self, out: &mut [u8], otherwise: &str) -> Result<usize> {
        let mut written: c_int = 0;
        if self.keyed && out.len() >= self.room(0) {
            // SAFETY: a live context, and room for a block.
            let done =
                unsafe { sys::EVP_CipherFinal_ex(self.ctx.as_ptr(), out.as_mut_ptr(), &raw mut written) };
            if let (1, Ok(written)) = (done, usize::try_from(written)) {
                return Ok(written);
            }
        }
        Err(failure(otherwise))
    }
}

impl Drop for CipherCtx {
    fn drop(&mut self) {
        // SAFETY: owned, and not used again; OpenSSL clears what it held.
        unsafe { ffi::EVP_CIPHER_CTX_free(self.ctx.as_ptr()) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ciphers_are_those_of_the_standards() {
        // FIPS 197, appendix C.1.
        let aes = Cipher::fetch("AES-128-ECB").expect("AES");
        assert_eq!((aes.key_length(), aes.iv_length(), aes.block_size(), aes.mode()), (16, 0, 16, 1));
        let mut ctx = CipherCtx::new(&aes, true).expect("a context");
        let key: Vec<u8> = (0..16).collect();
        ctx.set_key(&key, &[]).expect("a key");
        let plain: Vec<u8> = (0..16).map(|digit| digit * 0x11).collect();
        let mut out = [0; 32];
        assert_eq!(ctx.update(&plain, &mut out), Some(16));
        assert_eq!(out[..4], [0x69, 0xc4, 0xe0, 0xd8]);
        assert_eq!(ctx.finish(&mut out, "").expect("the padding"), 16);
    }

    #[test]
    fn nothing_is_done_without_key_and_room() {
        let aes = Cipher::fetch("AES-128-CBC").expect("AES");
        let mut ctx = CipherCtx::new(&aes, true).expect("a context");
        assert_eq!(ctx.update(b"a", &mut [0; 17]), None);
        assert_eq!(ctx.update_vec(b"a"), None);
        assert!(!ctx.aad(b"a") && !ctx.announce(1) && !ctx.update_in_place(&mut [1]));
        assert!(ctx.restart(&[0; 16], true).is_err() && ctx.finish(&mut [0; 16], "").is_err());
        assert!(ctx.set_key(&[0; 15], &[0; 16]).is_err() && ctx.set_key(&[0; 16], &[0; 15]).is_err());
        ctx.set_key(&[0; 16], &[0; 16]).expect("a key");
        assert_eq!(ctx.update(b"a", &mut [0; 16]), None);
        assert!(!ctx.update_in_place(&mut [1]));
        assert!(ctx.finish(&mut [0; 15], "too short").is_err());
        assert!(Cipher::fetch("nope").is_none() && Cipher::fetch("aes-128-cbc\0").is_none());
        assert!(super::super::failure_text().is_none(), "the queue is empty");
    }
}
