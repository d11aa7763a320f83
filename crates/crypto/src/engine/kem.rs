//! Key encapsulation with `EVP_PKEY`.

use std::ptr;

use nodecore_error::{Code, Error, Result};
use openssl_sys as ffi;

use super::pkey::Ctx;
use super::sys_sign as sys;
use super::{Family, Pkey, forget};
use crate::secret::Secret;

/// A new secret, and what the owner of the private key makes it of.
///
/// # Errors
/// [`Code::CryptoOperationFailed`] for a key that cannot do it.
pub(crate) fn encapsulate(key: &Pkey) -> Result<(Secret, Vec<u8>)> {
    encapsulated(key).ok_or_else(|| failed("Encapsulation failed"))
}

/// The secret that `ciphertext` was made with.
///
/// # Errors
/// [`Code::CryptoOperationFailed`] for a key that cannot do it, and for a ciphertext that is none of it.
pub(crate) fn decapsulate(key: &Pkey, ciphertext: &[u8]) -> Result<Secret> {
    decapsulated(key, ciphertext).ok_or_else(|| failed("Decapsulation failed"))
}

/// Errors of OpenSSL's are left out, as in Node.
fn failed(text: &str) -> Error {
    forget();
    Error::from_template(Code::CryptoOperationFailed, &[&text])
}

fn encapsulated(key: &Pkey) -> Option<(Secret, Vec<u8>)> {
    let ctx = Ctx::of(key)?;
    let ctx = ctx.as_ptr();
    let (mut secret_len, mut sealed_len) = (0, 0);
    // SAFETY: a live context; no buffers ask for the lengths only.
    let told = unsafe {
        ffi::EVP_PKEY_encapsulate_init(ctx, ptr::null()) == 1
            && set_operation(ctx, key)
            && ffi::EVP_PKEY_encapsulate(
                ctx,
                ptr::null_mut(),
                &raw mut sealed_len,
                ptr::null_mut(),
                &raw mut secret_len,
            ) == 1
    };
    if !told {
        return None;
    }
    let mut secret = Secret::zeroed(secret_len).ok()?;
    let mut sealed = vec![0; sealed_len];
    // SAFETY: as above, with room for as many bytes as were told.
    let done = unsafe {
        ffi::EVP_PKEY_encapsulate(
            ctx,
            sealed.as_mut_ptr(),
            &raw mut sealed_len,
            secret.as_mut_ptr(),
            &raw mut secret_len,
        )
    };
    sealed.truncate(sealed_len);
    (done == 1 && secret_len == secret.len()).then_some((secret, sealed))
}

fn decapsulated(key: &Pkey, ciphertext: &[u8]) -> Option<Secret> {
    let ctx = Ctx::of(key)?;
    let ctx = ctx.as_ptr();
    let mut len = 0;
    // SAFETY: a live context, and `ciphertext.len()` readable bytes; no buffer asks for the length only.
    let told = unsafe {
        ffi::EVP_PKEY_decapsulate_init(ctx, ptr::null()) == 1
            && set_operation(ctx, key)
            && ffi::EVP_PKEY_decapsulate(
                ctx,
                ptr::null_mut(),
                &raw mut len,
                ciphertext.as_ptr(),
                ciphertext.len(),
            ) == 1
    };
    if !told {
        return None;
    }
    let mut secret = Secret::zeroed(len).ok()?;
    // SAFETY: as above, with room for `len` bytes.
    let done = unsafe {
        ffi::EVP_PKEY_decapsulate(
            ctx,
            secret.as_mut_ptr(),
            &raw mut len,
            ciphertext.as_ptr(),
            ciphertext.len(),
        )
    };
    (done == 1 && len == secret.len()).then_some(secret)
}

/// Says what is to be done, for keys that have to be told.
///
/// # Safety
/// - `ctx` was begun with `key`.
unsafe fn set_operation(ctx: *mut ffi::EVP_PKEY_CTX, key: &Pkey) -> bool {
    let operation = match key.family() {
        Family::Rsa | Family::RsaPss => c"RSASVE",
        Family::Ec | Family::X25519 | Family::X448 => c"DHKEM",
        _ => return true,
    };
    // SAFETY: as the caller says, and a NUL-terminated name.
    unsafe { sys::EVP_PKEY_CTX_set_kem_op(ctx, operation.as_ptr()) == 1 }
}
