//! Functions and values of libcrypto that openssl-sys does not declare, as the headers of OpenSSL 3.6 do.

use std::ffi::{c_char, c_int, c_uchar, c_uint, c_ulong, c_void};

use openssl_sys::{EVP_MD, OPENSSL_INIT_SETTINGS};

/// `OPENSSL_INIT_NO_LOAD_CONFIG` of openssl/crypto.h.
pub(super) const INIT_NO_LOAD_CONFIG: u64 = 0x80;
/// `EVP_MD_FLAG_XOF` of openssl/evp.h.
pub(super) const MD_FLAG_XOF: c_ulong = 0x2;

/// openssl/md5.h
#[repr(C)]
#[derive(Clone)]
pub(crate) struct MD5_CTX {
    state: [c_uint; 4],
    length: [c_uint; 2],
    data: [c_uint; 16],
    num: c_uint,
}

unsafe extern "C" {
    /// openssl/crypto.h
    pub(super) fn OPENSSL_cleanse(ptr: *mut c_void, len: usize);
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
}
