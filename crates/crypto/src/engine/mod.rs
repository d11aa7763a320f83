//! What computes: OpenSSL's libcrypto through FFI, wrapped so that the rest of the crate needs no `unsafe`.
//!
//! Each wrapper owns one OpenSSL object and frees it on drop. Algorithms are fetched once and kept for good; contexts
//! are made per use and can be sent to another thread. A call that fails leaves its errors on OpenSSL's queue of the
//! thread: it is emptied at once, into the error ([`failure`]) or away ([`forget`]), so that no error shows up in a later call.

#![allow(unsafe_code, reason = "FFI: STYLE.md allows it in the engines of crypto")]

mod digest;
mod direct;
mod error;
mod mac;
mod sys;

use std::ffi::CString;
use std::sync::Once;

pub(crate) use digest::{Md, MdCtx};
pub(crate) use direct::{Direct, Kind, MAX_LENGTH, cleanse};
#[allow(unused_imports, reason = "decryption alone shows a text without an error")]
pub(crate) use error::failure_text;
pub(crate) use error::{Raised, failure, failure_as, forget};
pub(crate) use mac::{MacCtx, MacMethod, MacParams};

/// Makes libcrypto ready; every fetch begins with it. The host's openssl.cnf is left alone, and nothing is torn down at
/// exit, when pool threads may still compute.
fn init() {
    static INIT: Once = Once::new();
    INIT.call_once(|| {
        // SAFETY: settings may be null.
        unsafe {
            sys::OPENSSL_init_crypto(
                sys::INIT_NO_LOAD_CONFIG | openssl_sys::OPENSSL_INIT_NO_ATEXIT,
                std::ptr::null(),
            );
        }
    });
}

/// A name for OpenSSL; `None` if there is a NUL in it, which no name has.
fn c_name(name: &str) -> Option<CString> {
    CString::new(name).ok()
}
