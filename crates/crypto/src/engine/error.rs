//! OpenSSL's error queue, and the errors Node makes of it.

use std::ffi::{CStr, c_char, c_int, c_ulong};

use nodecore_error::{Code, Error, OpensslError};
use openssl_sys as ffi;

use super::sys;

/// The error of an OpenSSL call that has failed, from what it left on this thread's queue, which is empty afterwards.
/// Node: <https://nodejs.org/api/errors.html#openssl-errors>. `otherwise` is the text if there is nothing.
pub(crate) fn failure(otherwise: &str) -> Error {
    failure_or(Code::Uncoded, otherwise)
}

/// As [`failure`], with a code for the text if there is nothing.
pub(crate) fn failure_or(code: Code, otherwise: &str) -> Error {
    match drain() {
        Some((message, details)) => Error::new(Code::Openssl, message).with_openssl(details),
        None => Error::new(code, otherwise),
    }
}

/// An error of OpenSSL's that Node raises by itself.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Raised {
    /// `EVP_R_NOT_XOF_OR_INVALID_LENGTH`
    NotXofOrInvalidLength,
    /// `ERR_R_MALLOC_FAILURE`
    MallocFailure,
}

impl Raised {
    /// The error as [`failure`] makes it of one that OpenSSL has raised.
    pub(crate) fn error(self) -> Error {
        let (library, reason) = match self {
            Raised::NotXofOrInvalidLength => (6, 178),
            Raised::MallocFailure => (15, 0xC_0100),
        };
        forget();
        // SAFETY: both touch this thread's queue only; there is no format.
        unsafe {
            ffi::ERR_new();
            ffi::ERR_set_error(library, reason, std::ptr::null());
        }
        failure("")
    }
}

/// As [`failure`], with a text of Node's own in either case.
pub(crate) fn failure_as(message: &str) -> Error {
    match drain() {
        Some((_, details)) => Error::new(Code::Openssl, message).with_openssl(details),
        None => Error::from_template(Code::Uncoded, &[&message]),
    }
}

/// As [`failure`], where Node takes the oldest error off the queue, so that `opensslErrorStack` has the others only.
pub(crate) fn failure_thrown(otherwise: &str) -> Error {
    match drain() {
        Some((message, details)) => {
            let others = &details.stack()[..details.stack().len().saturating_sub(1)];
            let others = others.to_vec();
            Error::new(Code::Openssl, message).with_openssl(details.with_stack(others))
        }
        None => Error::from_template(Code::Uncoded, &[&otherwise]),
    }
}

/// As [`failure`], where Node takes the oldest error off the queue and drops the others, so that there is no
/// `opensslErrorStack`.
pub(crate) fn failure_first(otherwise: &str) -> Error {
    match drain() {
        Some((message, details)) => {
            Error::new(Code::Openssl, message).with_openssl(details.with_stack([""; 0]))
        }
        None => Error::from_template(Code::Uncoded, &[&otherwise]),
    }
}

/// The text of the oldest error on this thread's queue, which is empty afterwards: `error:1C800064:Provider
/// routines::bad decrypt`.
pub(crate) fn failure_text() -> Option<String> {
    drain().map(|(message, _)| message)
}

/// Empties this thread's queue, where a failure is of no interest.
pub(crate) fn forget() {
    // SAFETY: takes no arguments, and touches this thread's queue only.
    unsafe { ffi::ERR_clear_error() };
}

fn drain() -> Option<(String, OpensslError)> {
    let oldest = next()?;
    let mut stack = vec![text(oldest)];
    while let Some(error) = next() {
        stack.push(text(error));
    }
    let message = stack[0].clone();
    stack.reverse();
    // SAFETY: both give null or a static string.
    let [library, reason] =
        unsafe { [ffi::ERR_lib_error_string(oldest), ffi::ERR_reason_error_string(oldest)] }.map(|text| {
            // SAFETY: null or a static NUL-terminated string.
            if text.is_null() { "".into() } else { unsafe { CStr::from_ptr(text) }.to_string_lossy() }
        });
    let mut details = OpensslError::new(&library, &reason).with_stack(stack);
    if !reason.is_empty() {
        details = details.with_code(&code(ffi::ERR_GET_LIB(oldest), &reason));
    }
    Some((message, details))
}

fn next() -> Option<c_ulong> {
    // SAFETY: takes no arguments, and touches this thread's queue only.
    let error = unsafe { ffi::ERR_get_error() };
    (error != 0).then_some(error)
}

fn text(error: c_ulong) -> String {
    let mut text = [0 as c_char; 256];
    // SAFETY: writes at most `text.len()` bytes, the last of them NUL.
    unsafe { sys::ERR_error_string_n(error, text.as_mut_ptr(), text.len()) };
    // SAFETY: NUL-terminated within the array.
    unsafe { CStr::from_ptr(text.as_ptr()) }.to_string_lossy().into_owned()
}

/// The libraries that Node names in a code, by their numbers in openssl/err.h.
const LIBRARIES: &[(c_int, &str)] = &[
    (2, "SYS"),
    (3, "BN"),
    (4, "RSA"),
    (5, "DH"),
    (6, "EVP"),
    (7, "BUF"),
    (8, "OBJ"),
    (9, "PEM"),
    (10, "DSA"),
    (11, "X509"),
    (13, "ASN1"),
    (14, "CONF"),
    (15, "CRYPTO"),
    (16, "EC"),
    (20, "SSL"),
    (32, "BIO"),
    (33, "PKCS7"),
    (34, "X509V3"),
    (35, "PKCS12"),
    (36, "RAND"),
    (37, "DSO"),
    (38, "ENGINE"),
    (39, "OCSP"),
    (40, "UI"),
    (41, "COMP"),
    (42, "ECDSA"),
    (43, "ECDH"),
    (44, "OSSL_STORE"),
    (45, "FIPS"),
    (46, "CMS"),
    (47, "TS"),
    (48, "HMAC"),
    (50, "CT"),
    (51, "ASYNC"),
    (52, "KDF"),
    (53, "SM2"),
    (128, "USER"),
];

/// Node's code: the library, if it is one of the old ones, and the reason in capitals.
fn code(library: c_int, reason: &str) -> String {
    let reason = reason.replace(' ', "_").to_ascii_uppercase();
    let library = LIBRARIES.iter().find(|(number, _)| *number == library).map(|(_, name)| *name);
    match library {
        // The reasons of SSL begin with it already.
        Some("SSL") if reason.starts_with("SSL_") => format!("ERR_OSSL_{reason}"),
        Some(library) => format!("ERR_OSSL_{library}_{reason}"),
        None => format!("ERR_OSSL_{reason}"),
    }
}
