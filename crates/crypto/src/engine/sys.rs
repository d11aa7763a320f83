//! Functions and values of libcrypto that openssl-sys does not declare, as the headers of OpenSSL 3.6 do.

use std::ffi::{c_char, c_int, c_uchar, c_uint, c_ulong, c_void};

use openssl_sys::{BIGNUM, BN_CTX, BN_GENCB, EVP_CIPHER, EVP_CIPHER_CTX, EVP_MD, OPENSSL_INIT_SETTINGS};

/// `OPENSSL_INIT_NO_LOAD_CONFIG` of openssl/crypto.h.
pub(super) const INIT_NO_LOAD_CONFIG: u64 = 0x80;
/// `EVP_MD_FLAG_XOF` of openssl/evp.h.
pub(super) const MD_FLAG_XOF: c_ulong = 0x2;

/// `EVP_CIPH_FLAG_CTS` of openssl/evp.h.
pub(super) const CIPH_FLAG_CTS: c_ulong = 0x4000;
/// `EVP_CIPH_WRAP_MODE` of openssl/evp.h.
pub(super) const CIPH_WRAP_MODE: u32 = 0x10002;
/// `EVP_CTRL_AEAD_SET_IVLEN` of openssl/evp.h.
pub(super) const CTRL_AEAD_SET_IVLEN: c_int = 0x9;
/// `EVP_CTRL_AEAD_GET_TAG` of openssl/evp.h.
pub(super) const CTRL_AEAD_GET_TAG: c_int = 0x10;
/// `EVP_CTRL_AEAD_SET_TAG` of openssl/evp.h.
pub(super) const CTRL_AEAD_SET_TAG: c_int = 0x11;

/// `EC_builtin_curve` of openssl/ec.h.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(super) struct BuiltinCurve {
    pub(super) nid: c_int,
    pub(super) comment: *const c_char,
}

/// openssl/md5.h
#[expect(non_snake_case, reason = "C's names, as openssl-sys has those of the others")]
#[repr(C)]
#[derive(Clone)]
pub(crate) struct MD5_CTX {
    state: [c_uint; 4],
    pub(super) Nl: c_uint,
    pub(super) Nh: c_uint,
    data: [c_uint; 16],
    pub(super) num: c_uint,
}

unsafe extern "C" {
    /// openssl/md5.h
    pub(super) fn MD5_Init(ctx: *mut MD5_CTX) -> c_int;
    /// openssl/md5.h
    pub(super) fn MD5_Update(ctx: *mut MD5_CTX, data: *const c_void, len: usize) -> c_int;
    /// openssl/md5.h
    pub(super) fn MD5_Final(out: *mut c_uchar, ctx: *mut MD5_CTX) -> c_int;
    /// openssl/evp.h
    pub(super) fn EVP_MD_is_a(md: *const EVP_MD, name: *const c_char) -> c_int;
    /// openssl/crypto.h
    pub(super) fn OPENSSL_init_crypto(options: u64, settings: *const OPENSSL_INIT_SETTINGS) -> c_int;
    /// openssl/crypto.h
    pub(super) fn CRYPTO_secure_malloc_init(size: usize, minsize: usize) -> c_int;
    /// openssl/crypto.h
    pub(super) fn CRYPTO_secure_used() -> usize;
    /// openssl/err.h
    pub(super) fn ERR_error_string_n(error: c_ulong, buf: *mut c_char, len: usize);
    /// openssl/evp.h
    pub(super) fn EVP_MD_get_flags(md: *const EVP_MD) -> c_ulong;
    /// openssl/evp.h
    #[cfg(test)]
    pub(super) fn EVP_MD_names_do_all(
        md: *const EVP_MD,
        each: extern "C" fn(*const c_char, *mut c_void),
        data: *mut c_void,
    ) -> c_int;
    /// openssl/evp.h
    pub(super) fn EVP_CIPHER_get0_name(cipher: *const EVP_CIPHER) -> *const c_char;
    /// openssl/evp.h
    pub(super) fn EVP_CIPHER_get_mode(cipher: *const EVP_CIPHER) -> c_int;
    /// openssl/evp.h
    pub(super) fn EVP_CipherFinal_ex(ctx: *mut EVP_CIPHER_CTX, out: *mut u8, len: *mut c_int) -> c_int;
    /// openssl/evp.h
    pub(super) fn EVP_MD_get0_name(md: *const EVP_MD) -> *const c_char;
    /// openssl/crypto.h
    pub(super) fn OPENSSL_cleanse(bytes: *mut c_void, len: usize);
    /// openssl/bn.h
    pub(super) fn BN_GENCB_new() -> *mut BN_GENCB;
    /// openssl/bn.h
    pub(super) fn BN_GENCB_free(cb: *mut BN_GENCB);
    /// openssl/bn.h
    pub(super) fn BN_GENCB_set(
        cb: *mut BN_GENCB,
        call: extern "C" fn(c_int, c_int, *mut BN_GENCB) -> c_int,
        arg: *mut c_void,
    );
    /// openssl/bn.h
    pub(super) fn BN_GENCB_get_arg(cb: *mut BN_GENCB) -> *mut c_void;
    /// openssl/bn.h
    pub(super) fn BN_check_prime(p: *const BIGNUM, ctx: *mut BN_CTX, cb: *mut BN_GENCB) -> c_int;
    /// openssl/bn.h
    pub(super) fn BN_is_one(a: *const BIGNUM) -> c_int;
    /// openssl/bn.h
    pub(super) fn BN_is_zero(a: *const BIGNUM) -> c_int;
    /// openssl/bn.h
    pub(super) fn BN_get_word(a: *const BIGNUM) -> c_ulong;
    /// openssl/ec.h
    pub(super) fn EC_get_builtin_curves(curves: *mut BuiltinCurve, count: usize) -> usize;
}
