//! As `sys`, for keys.

use std::ffi::{c_char, c_int, c_long, c_uchar, c_void};

use openssl_sys::{BIGNUM, BIO, EVP_CIPHER, EVP_PKEY, OSSL_PROVIDER, PKCS8_PRIV_KEY_INFO, pem_password_cb};

unsafe extern "C" {
    /// openssl/bn.h
    pub(super) fn BN_get_rfc2409_prime_768(number: *mut BIGNUM) -> *mut BIGNUM;
    /// openssl/bn.h
    pub(super) fn BN_get_rfc2409_prime_1024(number: *mut BIGNUM) -> *mut BIGNUM;
    /// openssl/bn.h
    pub(super) fn BN_get_rfc3526_prime_1536(number: *mut BIGNUM) -> *mut BIGNUM;
    /// openssl/bn.h
    pub(super) fn BN_get_rfc3526_prime_2048(number: *mut BIGNUM) -> *mut BIGNUM;
    /// openssl/bn.h
    pub(super) fn BN_get_rfc3526_prime_3072(number: *mut BIGNUM) -> *mut BIGNUM;
    /// openssl/bn.h
    pub(super) fn BN_get_rfc3526_prime_4096(number: *mut BIGNUM) -> *mut BIGNUM;
    /// openssl/bn.h
    pub(super) fn BN_get_rfc3526_prime_6144(number: *mut BIGNUM) -> *mut BIGNUM;
    /// openssl/bn.h
    pub(super) fn BN_get_rfc3526_prime_8192(number: *mut BIGNUM) -> *mut BIGNUM;
    /// openssl/provider.h
    pub(super) fn OSSL_PROVIDER_add_conf_parameter(
        provider: *mut OSSL_PROVIDER,
        name: *const c_char,
        value: *const c_char,
    ) -> c_int;
    /// openssl/evp.h
    pub(super) fn EVP_PKEY_get0_type_name(key: *const EVP_PKEY) -> *const c_char;
    /// openssl/ec.h
    pub(super) fn EC_curve_nist2nid(name: *const c_char) -> c_int;
    /// openssl/pem.h
    pub(super) fn PEM_bytes_read_bio(
        data: *mut *mut c_uchar,
        len: *mut c_long,
        name_found: *mut *mut c_char,
        name: *const c_char,
        bio: *mut BIO,
        callback: pem_password_cb,
        user: *mut c_void,
    ) -> c_int;
    /// openssl/pem.h
    pub(super) fn PEM_write_bio(
        bio: *mut BIO,
        name: *const c_char,
        header: *const c_char,
        data: *const c_uchar,
        len: c_long,
    ) -> c_int;
    /// openssl/pem.h
    pub(super) fn PEM_write_bio_PrivateKey_traditional(
        bio: *mut BIO,
        key: *const EVP_PKEY,
        cipher: *const EVP_CIPHER,
        passphrase: *const c_uchar,
        len: c_int,
        callback: pem_password_cb,
        user: *mut c_void,
    ) -> c_int;
    /// openssl/x509.h
    pub(super) fn d2i_PKCS8_PRIV_KEY_INFO_bio(
        bio: *mut BIO,
        out: *mut *mut PKCS8_PRIV_KEY_INFO,
    ) -> *mut PKCS8_PRIV_KEY_INFO;
    /// openssl/x509.h
    pub(super) fn i2d_PKCS8_PRIV_KEY_INFO_bio(bio: *mut BIO, info: *const PKCS8_PRIV_KEY_INFO) -> c_int;
    /// openssl/x509.h
    pub(super) fn d2i_PrivateKey_bio(bio: *mut BIO, out: *mut *mut EVP_PKEY) -> *mut EVP_PKEY;
    /// openssl/evp.h
    pub(super) fn i2d_PublicKey(key: *const EVP_PKEY, out: *mut *mut c_uchar) -> c_int;
}
