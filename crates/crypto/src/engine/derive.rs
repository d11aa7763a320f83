//! `EVP_PKEY_derive`: what two keys have in common.

use std::ptr;

use nodecore_error::Result;
use openssl_sys as ffi;

use super::pkey::{Ctx, Pkey};
use super::{Params, failure_thrown};
use crate::secret::Secret;

/// The text where OpenSSL gives no reason, which Node has for all of this.
const FAILED: &str = "diffieHellman failed";

/// What the private half of `private` and the public half of `public` make: of DH as long as its prime, of an elliptic
/// curve the first coordinate, as long as its field. The public half is checked first.
///
/// # Errors
/// OpenSSL's: keys of two groups, a point that is not on the curve, a secret that is the same whatever the private key.
pub(crate) fn derive(private: &Pkey, public: &Pkey) -> Result<Secret> {
    let failed = || failure_thrown(FAILED);
    let ctx = Ctx::of(private).ok_or_else(failed)?;
    let ctx = ctx.as_ptr();
    // SAFETY: a live context and a live key, of which the context takes a reference of its own.
    let ready = unsafe {
        ffi::EVP_PKEY_derive_init(ctx) == 1 && ffi::EVP_PKEY_derive_set_peer(ctx, public.as_ptr()) == 1
    };
    if !ready {
        return Err(failed());
    }
    if matches!(private.type_name().as_str(), "DH" | "DHX") {
        let pad = Params::new().unsigned(c"pad", 1);
        // SAFETY: a live context and a list that ends.
        if unsafe { ffi::EVP_PKEY_CTX_set_params(ctx, pad.list().as_mut_ptr()) } != 1 {
            return Err(failed());
        }
    }
    let mut len = 0;
    // SAFETY: a live context; no buffer asks for the length only.
    if unsafe { ffi::EVP_PKEY_derive(ctx, ptr::null_mut(), &raw mut len) } != 1 {
        return Err(failed());
    }
    let mut secret = Secret::zeroed(len)?;
    // SAFETY: as above, with room for `len` bytes.
    match unsafe { ffi::EVP_PKEY_derive(ctx, secret.as_mut_ptr(), &raw mut len) } {
        1 if len == secret.len() => Ok(secret),
        1 => Ok(Secret::copy(secret.get(..len).unwrap_or_default())),
        _ => Err(failed()),
    }
}
