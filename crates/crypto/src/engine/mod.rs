//! What computes: OpenSSL's libcrypto through FFI, wrapped so that the rest of the crate needs no `unsafe`.
//!
//! Each wrapper owns one OpenSSL object and frees it on drop. Algorithms are fetched once and kept for good; contexts
//! are made per use and can be sent to another thread. A call that fails leaves its errors on OpenSSL's queue of the
//! thread: it is emptied at once, into the error ([`failure`]) or away ([`forget`]), so that no error shows up in a later call.

#![allow(unsafe_code, reason = "FFI: STYLE.md allows it in the engines of crypto")]

mod bio;
mod bn;
mod cipher;
mod codec;
mod derive;
mod dh;
mod digest;
mod direct;
mod ecdh;
mod encrypt;
mod error;
mod kdf;
mod kem;
mod library;
mod mac;
mod params;
mod pkcs12;
mod pkey;
mod prime;
mod random;
mod sign;
mod spkac;
mod sys;
mod sys_agree;
mod sys_key;
mod sys_sign;
mod sys_x509;
mod x509;
mod x509_names;

use std::ffi::CString;
use std::sync::Once;

pub(crate) use cipher::{Cipher, CipherCtx, nid_name};
pub(crate) use codec::{Encryption, Frame, is_rsa_private};
pub(crate) use derive::derive;
pub(crate) use dh::{Dh, Refused};
pub(crate) use digest::{LegacyMd, Md, MdCtx};
pub(crate) use direct::{Chain, Direct, Kind, MAX_LENGTH};
pub(crate) use ecdh::{EcKey, Form, convert_point};
pub(crate) use encrypt::{RsaOperation, RsaPadding, begin_rsa, rsa};
pub(crate) use error::{
    Raised, failure, failure_as, failure_oldest, failure_text, failure_thrown, failure_thrown_or, forget,
};
pub(crate) use kdf::{Argon2, Scrypt, argon2, pbkdf2, scrypt};
pub(crate) use kem::{decapsulate, encapsulate};
pub(crate) use library::{SecureHeap, ascii, cleanse, curves, equal, secure_heap_taken};
pub(crate) use mac::{MacCtx, MacMethod, MacParams};
pub(crate) use params::Params;
pub(crate) use pkcs12::parse_pkcs12;
pub(crate) use pkey::{Family, Half, Pkey, curve, is_product, modp_prime, public_point, short_name};
pub(crate) use prime::{Prime, check_prime, generate_prime};
pub(crate) use random::{fork_generation, random_bytes};
pub(crate) use sign::{Signing, sign, sign_digest, verify, verify_digest};
pub(crate) use spkac::Spkac;
pub(crate) use x509::{Bound, Match, Party, X509, check_flag, nist_name, until_nul};
pub(crate) use x509_names::{GeneralName, NameText};

/// Makes libcrypto ready; every fetch begins with it. The host's openssl.cnf is left alone, and nothing is torn down at
/// exit, when pool threads may still compute.
fn init() {
    INIT.call_once(ready);
}

static INIT: Once = Once::new();

fn ready() {
    // SAFETY: settings may be null; the provider stays loaded, and texts are NUL-terminated.
    unsafe {
        sys::OPENSSL_init_crypto(
            sys::INIT_NO_LOAD_CONFIG | openssl_sys::OPENSSL_INIT_NO_ATEXIT,
            std::ptr::null(),
        );
        // A key of ML-DSA or ML-KEM is written as its seed, if it is known, as Node does.
        let provider = openssl_sys::OSSL_PROVIDER_load(std::ptr::null_mut(), c"default".as_ptr());
        if provider.is_null() {
            return forget();
        }
        for name in [c"ml-dsa.output_formats", c"ml-kem.output_formats"] {
            sys_key::OSSL_PROVIDER_add_conf_parameter(
                provider,
                name.as_ptr(),
                c"seed-only,priv-only".as_ptr(),
            );
        }
    }
}

/// Makes libcrypto ready with a secure heap; `None` if it is ready already, when another thread may take memory.
pub(crate) fn init_with_secure_heap(size: usize, min: usize) -> Option<SecureHeap> {
    let mut made = None;
    INIT.call_once(|| {
        made = Some(library::make_secure_heap(size, min));
        ready();
    });
    made
}

/// A name for OpenSSL; `None` if there is a NUL in it, which no name has.
fn c_name(name: &str) -> Option<CString> {
    CString::new(name).ok()
}
