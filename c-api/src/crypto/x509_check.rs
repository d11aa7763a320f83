//! `nodecore/crypto_x509.h`: the checks.

use std::ffi::c_char;

use ::nodecore_error::{Code, Error, Result};
use nodecore_crypto::{X509CheckOptions, X509SubjectCheck};

use super::key::nodecore_key;
use super::x509::nodecore_x509;
use crate::boundary::{SizedOptions, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::nodecore_buf;

pub const NODECORE_X509_SUBJECT_DEFAULT: i32 = 0;
pub const NODECORE_X509_SUBJECT_ALWAYS: i32 = 1;
pub const NODECORE_X509_SUBJECT_NEVER: i32 = 2;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_x509_check_options {
    pub struct_size: usize,
    pub subject: i32,
    pub no_wildcards: bool,
    pub no_partial_wildcards: bool,
    pub multi_label_wildcards: bool,
    pub single_label_subdomains: bool,
}

impl SizedOptions for nodecore_x509_check_options {
    const ZERO: Self = nodecore_x509_check_options {
        struct_size: 0,
        subject: 0,
        no_wildcards: false,
        no_partial_wildcards: false,
        multi_label_wildcards: false,
        single_label_subdomains: false,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// # Safety
/// - `opts` is null or a struct of the size it says.
unsafe fn options(opts: *const nodecore_x509_check_options) -> Result<X509CheckOptions> {
    // SAFETY: as the caller vouches.
    let opts = unsafe { nodecore_x509_check_options::read(opts, "opts") }?;
    let subject = match opts.subject {
        NODECORE_X509_SUBJECT_DEFAULT => X509SubjectCheck::Default,
        NODECORE_X509_SUBJECT_ALWAYS => X509SubjectCheck::Always,
        NODECORE_X509_SUBJECT_NEVER => X509SubjectCheck::Never,
        other => {
            let text = format!("The property 'options.subject' is invalid. Received {other}");
            return Err(Error::new(Code::InvalidArgValue, text));
        }
    };
    Ok(X509CheckOptions::new()
        .subject(subject)
        .wildcards(!opts.no_wildcards)
        .partial_wildcards(!opts.no_partial_wildcards)
        .multi_label_wildcards(opts.multi_label_wildcards)
        .single_label_subdomains(opts.single_label_subdomains))
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate; `name` is null or points to `name_len` readable bytes; `opts` is null or a
///   struct of the size it says; `matches`, `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_check_host(
    cert: *const nodecore_x509,
    name: *const c_char,
    name_len: usize,
    opts: *const nodecore_x509_check_options,
    matches: *mut bool,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let matches = arg::out(matches, "matches")?;
            let (cert, name) = (arg::object(cert, "cert")?, arg::text(name, name_len, "name")?);
            let found = cert.certificate().check_host(name, &options(opts)?)?;
            matches.set(found.is_some());
            if let Some(found) = found.filter(|_| !out.is_null()) {
                arg::out(out, "out")?.set(nodecore_buf::from(found.into_bytes()));
            }
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate; `email` is null or points to `email_len` readable bytes; `opts` is null or a
///   struct of the size it says; `matches` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_check_email(
    cert: *const nodecore_x509,
    email: *const c_char,
    email_len: usize,
    opts: *const nodecore_x509_check_options,
    matches: *mut bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let matches = arg::out(matches, "matches")?;
            let (cert, email) = (arg::object(cert, "cert")?, arg::text(email, email_len, "email")?);
            matches.set(cert.certificate().check_email(email, &options(opts)?)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate; `ip` is null or points to `ip_len` readable bytes; `matches` and `err` are null
///   or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_check_ip(
    cert: *const nodecore_x509,
    ip: *const c_char,
    ip_len: usize,
    matches: *mut bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let matches = arg::out(matches, "matches")?;
            let (cert, ip) = (arg::object(cert, "cert")?, arg::text(ip, ip_len, "ip")?);
            matches.set(cert.certificate().check_ip(ip)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `cert` and `other` are null or live certificates.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_check_issued(
    cert: *const nodecore_x509,
    other: *const nodecore_x509,
) -> bool {
    // SAFETY: as the caller vouches.
    let both = unsafe { (arg::nullable(cert), arg::nullable(other)) };
    total(
        false,
        || matches!(both, (Some(cert), Some(other)) if cert.certificate().check_issued(other.certificate())),
    )
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate; `private_key` is null or a live key; `fits` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_check_private_key(
    cert: *const nodecore_x509,
    private_key: *const nodecore_key,
    fits: *mut bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let fits = arg::out(fits, "fits")?;
            let (cert, key) = (arg::object(cert, "cert")?, arg::object(private_key, "private_key")?);
            fits.set(cert.certificate().check_private_key(&key.key)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `cert` is null or a live certificate; `public_key` is null or a live key; `valid` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_x509_verify(
    cert: *const nodecore_x509,
    public_key: *const nodecore_key,
    valid: *mut bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let valid = arg::out(valid, "valid")?;
            let (cert, key) = (arg::object(cert, "cert")?, arg::object(public_key, "public_key")?);
            valid.set(cert.certificate().verify(&key.key)?);
            Ok(())
        })
    }
}
