//! RSA encryption with `EVP_PKEY`.

use std::ffi::c_int;
use std::ptr;

use nodecore_error::Result;
use openssl_sys as ffi;

use super::pkey::Ctx;
use super::sign::{NO_REASON, begun};
use super::sys_sign as sys;
use super::{Md, Pkey, cleanse, failure_thrown};

/// What is done with a key of RSA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RsaOperation {
    PublicEncrypt,
    PrivateDecrypt,
    /// A signature without a digest.
    PrivateEncrypt,
    /// What was signed so.
    PublicDecrypt,
}

/// The functions of OpenSSL that begin an operation and do it.
type Functions = (
    unsafe extern "C" fn(*mut ffi::EVP_PKEY_CTX) -> c_int,
    unsafe extern "C" fn(*mut ffi::EVP_PKEY_CTX, *mut u8, *mut usize, *const u8, usize) -> c_int,
);

impl RsaOperation {
    fn functions(self) -> Functions {
        match self {
            RsaOperation::PublicEncrypt => (ffi::EVP_PKEY_encrypt_init, ffi::EVP_PKEY_encrypt),
            RsaOperation::PrivateDecrypt => (ffi::EVP_PKEY_decrypt_init, ffi::EVP_PKEY_decrypt),
            RsaOperation::PrivateEncrypt => (ffi::EVP_PKEY_sign_init, ffi::EVP_PKEY_sign),
            RsaOperation::PublicDecrypt => (ffi::EVP_PKEY_verify_recover_init, ffi::EVP_PKEY_verify_recover),
        }
    }
}

/// How RSA pads what it encrypts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RsaPadding<'a> {
    /// `RSA_PKCS1_PADDING` and so on.
    pub(crate) padding: i32,
    /// The digest of OAEP and of its mask; without one SHA-1.
    pub(crate) oaep_hash: Option<&'a Md>,
    /// The label of OAEP.
    pub(crate) oaep_label: &'a [u8],
}

/// Does `operation` with `data`. PKCS#1 is decrypted with implicit rejection: what is not padded well gives other bytes,
/// always the same, and no error.
///
/// # Errors
/// OpenSSL's.
pub(crate) fn rsa(key: &Pkey, operation: RsaOperation, how: &RsaPadding<'_>, data: &[u8]) -> Result<Vec<u8>> {
    let failed = || failure_thrown(NO_REASON);
    let (init, run) = operation.functions();
    let ctx = Ctx::of(key).ok_or_else(failed)?;
    // SAFETY: a live context.
    begun(unsafe { init(ctx.as_ptr()) })?;
    // SAFETY: a context that was begun.
    begun(unsafe { ffi::EVP_PKEY_CTX_set_rsa_padding(ctx.as_ptr(), how.padding) })?;
    if let Some(md) = how.oaep_hash {
        // SAFETY: as above, with a live digest, which is only read.
        begun(unsafe { ffi::EVP_PKEY_CTX_set_rsa_oaep_md(ctx.as_ptr(), md.as_ptr().cast_mut()) })?;
    }
    if !how.oaep_label.is_empty() {
        set_label(&ctx, how.oaep_label)?;
    }
    let mut len = 0;
    // SAFETY: as above; no buffer asks for the length only.
    begun(unsafe { run(ctx.as_ptr(), ptr::null_mut(), &raw mut len, data.as_ptr(), data.len()) })?;
    let mut out = vec![0; len];
    // SAFETY: as above, with room for `len` bytes.
    let done = unsafe { run(ctx.as_ptr(), out.as_mut_ptr(), &raw mut len, data.as_ptr(), data.len()) };
    if done <= 0 {
        cleanse(&mut out);
        return Err(failed());
    }
    out.truncate(len);
    Ok(out)
}

/// Gives the context a copy of the label.
fn set_label(ctx: &Ctx, label: &[u8]) -> Result<()> {
    let failed = || failure_thrown(NO_REASON);
    let len = c_int::try_from(label.len()).map_err(|_| failed())?;
    // SAFETY: memory of that size, or null.
    let copy = unsafe { ffi::OPENSSL_malloc(label.len()) };
    if copy.is_null() {
        return Err(failed());
    }
    // SAFETY: room for `label.len()` bytes, which the context owns if it takes them; a context that was begun.
    unsafe {
        ptr::copy_nonoverlapping(label.as_ptr(), copy.cast(), label.len());
        let taken = sys::EVP_PKEY_CTX_set0_rsa_oaep_label(ctx.as_ptr(), copy, len);
        if taken <= 0 {
            ffi::OPENSSL_free(copy);
        }
        begun(taken)
    }
}
