//! As `sys`, for certificates.

use std::ffi::{c_char, c_int, c_ulong, c_void};

use openssl_sys::{
    ASN1_OBJECT, ASN1_TIME, ASN1_TYPE, BIO, EVP_PKEY, GENERAL_NAME, RSA, X509, X509_NAME, pem_password_cb,
    stack_st_ACCESS_DESCRIPTION, stack_st_ASN1_OBJECT, stack_st_GENERAL_NAME,
};

/// openssl/x509.h, openssl/asn1.h
pub(super) const XN_FLAG_SEP_COMMA_PLUS: c_ulong = 1 << 16;
pub(super) const XN_FLAG_SEP_MULTILINE: c_ulong = 4 << 16;
pub(super) const XN_FLAG_DN_REV: c_ulong = 1 << 20;
pub(super) const XN_FLAG_DUMP_UNKNOWN_FIELDS: c_ulong = 1 << 24;
pub(super) const ASN1_STRFLGS_ESC_2253: c_ulong = 1;
pub(super) const ASN1_STRFLGS_ESC_CTRL: c_ulong = 2;
pub(super) const ASN1_STRFLGS_UTF8_CONVERT: c_ulong = 0x10;
pub(super) const ASN1_STRFLGS_DUMP_UNKNOWN: c_ulong = 0x100;
pub(super) const ASN1_STRFLGS_DUMP_DER: c_ulong = 0x200;

/// openssl/obj_mac.h
pub(super) const NID_MS_UPN: c_int = 649;
pub(super) const NID_SMTP_UTF8_MAILBOX: c_int = 1208;
pub(super) const NID_XMPP_ADDR: c_int = 1209;
pub(super) const NID_SRV_NAME: c_int = 1210;
pub(super) const NID_NAI_REALM: c_int = 1211;

unsafe extern "C" {
    /// openssl/pem.h
    pub(super) fn PEM_read_bio_X509_AUX(
        bio: *mut BIO,
        out: *mut *mut X509,
        callback: pem_password_cb,
        user: *mut c_void,
    ) -> *mut X509;
    /// openssl/x509.h
    pub(super) fn X509_NAME_print_ex(
        bio: *mut BIO,
        name: *const X509_NAME,
        indent: c_int,
        flags: c_ulong,
    ) -> c_int;
    /// openssl/x509.h
    pub(super) fn X509_check_private_key(certificate: *const X509, key: *const EVP_PKEY) -> c_int;
    /// openssl/x509v3.h
    pub(super) fn X509_check_ca(certificate: *mut X509) -> c_int;
    /// openssl/x509v3.h
    pub(super) fn GENERAL_NAME_get0_value(name: *const GENERAL_NAME, kind: *mut c_int) -> *mut c_void;
    /// openssl/x509v3.h
    pub(super) fn GENERAL_NAME_get0_otherName(
        name: *const GENERAL_NAME,
        oid: *mut *mut ASN1_OBJECT,
        value: *mut *mut ASN1_TYPE,
    ) -> c_int;
    /// openssl/x509v3.h
    pub(super) fn GENERAL_NAMES_free(names: *mut stack_st_GENERAL_NAME);
    /// openssl/x509v3.h
    pub(super) fn AUTHORITY_INFO_ACCESS_free(access: *mut stack_st_ACCESS_DESCRIPTION);
    /// openssl/x509v3.h
    pub(super) fn EXTENDED_KEY_USAGE_free(usage: *mut stack_st_ASN1_OBJECT);
    /// openssl/asn1.h
    pub(super) fn ASN1_TIME_to_tm(time: *const ASN1_TIME, out: *mut libc::tm) -> c_int;
    /// openssl/ec.h
    pub(super) fn EC_curve_nid2nist(nid: c_int) -> *const c_char;
    /// openssl/evp.h
    pub(super) fn EVP_PKEY_get0_RSA(key: *const EVP_PKEY) -> *const RSA;
}
