//! As `sys`, for agreement, SPKAC and PKCS#12.

use std::ffi::{c_char, c_int, c_uchar, c_void};

use openssl_sys::{ASN1_STRING, BIGNUM, BN_CTX, DH, EC_KEY, EC_POINT, EVP_PKEY};

/// `BN_MONT_CTX` of openssl/bn.h.
#[derive(Debug)]
pub(super) enum MontCtx {}

/// `NETSCAPE_SPKAC` of openssl/x509.h.
#[derive(Debug)]
#[repr(C)]
pub(super) struct Spkac {
    pubkey: *mut c_void,
    pub(super) challenge: *mut ASN1_STRING,
}

/// The beginning of `NETSCAPE_SPKI` of openssl/x509.h.
#[derive(Debug)]
#[repr(C)]
pub(super) struct Spki {
    pub(super) spkac: *mut Spkac,
}

/// `KDF` of `ECDH_compute_key`.
pub(super) type Kdf = extern "C" fn(*const c_void, usize, *mut c_void, *mut usize) -> *mut c_void;

unsafe extern "C" {
    /// openssl/bn.h
    pub(super) fn BN_value_one() -> *const BIGNUM;
    /// openssl/bn.h
    pub(super) fn BN_mod_exp_mont_consttime(
        out: *mut BIGNUM,
        base: *const BIGNUM,
        power: *const BIGNUM,
        modulus: *const BIGNUM,
        ctx: *mut BN_CTX,
        mont: *mut MontCtx,
    ) -> c_int;
    /// openssl/dh.h
    pub(super) fn DH_compute_key_padded(out: *mut c_uchar, key: *const BIGNUM, dh: *mut DH) -> c_int;
    /// openssl/ec.h
    pub(super) fn ECDH_compute_key(
        out: *mut c_void,
        len: usize,
        point: *const EC_POINT,
        key: *const EC_KEY,
        kdf: Option<Kdf>,
    ) -> c_int;
    /// openssl/x509.h
    pub(super) fn NETSCAPE_SPKI_b64_decode(text: *const c_char, len: c_int) -> *mut Spki;
    /// openssl/x509.h
    pub(super) fn NETSCAPE_SPKI_free(spki: *mut Spki);
    /// openssl/x509.h
    pub(super) fn NETSCAPE_SPKI_get_pubkey(spki: *mut Spki) -> *mut EVP_PKEY;
    /// openssl/x509.h
    pub(super) fn NETSCAPE_SPKI_verify(spki: *mut Spki, key: *mut EVP_PKEY) -> c_int;
}
