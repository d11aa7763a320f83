//! What computes: OpenSSL's libcrypto through FFI, wrapped so that the rest of the crate needs no `unsafe`.
//!
//! Each wrapper owns one OpenSSL object and frees it on drop. Algorithms are fetched once and kept for good; contexts
//! are made per use and can be sent to another thread. A call that fails leaves its errors on OpenSSL's queue of the
//! thread: it is emptied at once, into the error ([`failure`]) or away ([`forget`]), so that no error shows up in a later call.

#![allow(unsafe_code, reason = "FFI: STYLE.md allows it in the engines of crypto")]

mod bio;
mod codec;
mod cipher;
mod digest;
mod error;
mod params;
mod pkey;
mod sys;
mod sys_key;

use std::ffi::CString;
use std::sync::Once;

pub(crate) use codec::{Encryption, Frame, is_rsa_private};
pub(crate) use cipher::{Cipher, CipherCtx, nid_name};
pub(crate) use digest::{Md, MdCtx};
pub(crate) use error::{failure, failure_text, forget};
pub(crate) use params::Params;
pub(crate) use pkey::{Half, Pkey, curve, is_product, modp_prime, public_point, short_name};

/// Makes libcrypto ready; every fetch begins with it. The host's openssl.cnf is left alone, and nothing is torn down at
/// exit, when pool threads may still compute.
fn init() {
    static INIT: Once = Once::new();
    INIT.call_once(|| {
        // SAFETY: settings may be null; the provider stays loaded, and texts are NUL-terminated.
        unsafe {
            sys::OPENSSL_init_crypto(
                sys::INIT_NO_LOAD_CONFIG | openssl_sys::OPENSSL_INIT_NO_ATEXIT,
                std::ptr::null(),
            );
            // A key of ML-DSA or ML-KEM is written as its seed, if it is known, as Node does.
            let provider = openssl_sys::OSSL_PROVIDER_load(std::ptr::null_mut(), c"default".as_ptr());
            for name in [c"ml-dsa.output_formats", c"ml-kem.output_formats"] {
                sys_key::OSSL_PROVIDER_add_conf_parameter(
                    provider,
                    name.as_ptr(),
                    c"seed-only,priv-only".as_ptr(),
                );
            }
        }
    });
}

/// A name for OpenSSL; `None` if there is a NUL in it, which no name has.
fn c_name(name: &str) -> Option<CString> {
    CString::new(name).ok()
}

/// Overwrites a secret in a way that is not optimised out.
pub(crate) fn cleanse(data: &mut [u8]) {
    // SAFETY: writable for its length.
    unsafe { sys_key::OPENSSL_cleanse(data.as_mut_ptr().cast(), data.len()) };
}

/// Whether both are the same bytes; takes the same time wherever they differ.
pub(crate) fn constant_time_eq(a: &[u8], b: &[u8]) -> bool {
    // SAFETY: both are readable for that length.
    a.len() == b.len()
        && unsafe { openssl_sys::CRYPTO_memcmp(a.as_ptr().cast(), b.as_ptr().cast(), a.len()) } == 0
}

/// Fills `out` from OpenSSL's generator for what stays private.
///
/// # Errors
/// OpenSSL's.
pub(crate) fn random(out: &mut [u8]) -> nodecore_error::Result<()> {
    init();
    for part in out.chunks_mut(1 << 30) {
        let len = bio::int(part.len())?;
        // SAFETY: `len` writable bytes.
        if unsafe { openssl_sys::RAND_priv_bytes(part.as_mut_ptr(), len) } != 1 {
            return Err(failure("No random bytes"));
        }
    }
    Ok(())
}
