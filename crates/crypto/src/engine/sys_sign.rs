//! As `sys`, for signatures, RSA encryption and key encapsulation.

use std::ffi::{c_char, c_int, c_void};

use openssl_sys::{ENGINE, EVP_MD_CTX, EVP_PKEY, EVP_PKEY_CTX, OSSL_LIB_CTX, OSSL_PARAM};

/// The functions that begin a signature or a verification: openssl/evp.h.
pub(super) type InitEx = unsafe extern "C" fn(
    *mut EVP_MD_CTX,
    *mut *mut EVP_PKEY_CTX,
    *const c_char,
    *mut OSSL_LIB_CTX,
    *const c_char,
    *mut EVP_PKEY,
    *const OSSL_PARAM,
) -> c_int;

unsafe extern "C" {
    /// openssl/evp.h
    pub(super) fn EVP_DigestSignInit_ex(
        ctx: *mut EVP_MD_CTX,
        pctx: *mut *mut EVP_PKEY_CTX,
        digest: *const c_char,
        library: *mut OSSL_LIB_CTX,
        properties: *const c_char,
        key: *mut EVP_PKEY,
        params: *const OSSL_PARAM,
    ) -> c_int;
    /// openssl/evp.h
    pub(super) fn EVP_DigestVerifyInit_ex(
        ctx: *mut EVP_MD_CTX,
        pctx: *mut *mut EVP_PKEY_CTX,
        digest: *const c_char,
        library: *mut OSSL_LIB_CTX,
        properties: *const c_char,
        key: *mut EVP_PKEY,
        params: *const OSSL_PARAM,
    ) -> c_int;
    /// openssl/evp.h
    pub(super) fn EVP_PKEY_CTX_set_kem_op(ctx: *mut EVP_PKEY_CTX, operation: *const c_char) -> c_int;
    /// openssl/rsa.h
    pub(super) fn EVP_PKEY_CTX_set0_rsa_oaep_label(
        ctx: *mut EVP_PKEY_CTX,
        label: *mut c_void,
        len: c_int,
    ) -> c_int;
}

/// No engine, which OpenSSL 3 has no use for.
pub(super) const NO_ENGINE: *mut ENGINE = std::ptr::null_mut();
