//! `PKCS12`: a private key and certificates under a passphrase.

use std::ffi::{c_int, c_long, c_void};
use std::ptr::{self, NonNull};

use nodecore_error::{Code, Error, Result};
use openssl_sys as ffi;

use super::pkey::Pkey;
use super::{failure_oldest, forget, init};
use crate::secret::Secret;

/// What is in a bundle; certificates are in DER.
pub(crate) struct Pkcs12 {
    pub(crate) private_key: Option<Pkey>,
    pub(crate) certificate: Option<Vec<u8>>,
    pub(crate) others: Vec<Vec<u8>>,
}

/// Opens a bundle.
///
/// # Errors
/// [`Code::CryptoOperationFailed`] for bytes that are no bundle; [`Code::CryptoUnsupportedOperation`] for an algorithm of
/// OpenSSL's legacy provider; OpenSSL's for a wrong passphrase, and for a bundle that is damaged.
pub(crate) fn parse_pkcs12(bundle: &[u8], passphrase: &[u8]) -> Result<Pkcs12> {
    init();
    let failed = |text: &str| Error::from_template(Code::CryptoOperationFailed, &[&text]);
    let unread = |_| failed("Unable to read PKCS#12 data");
    let len = c_int::try_from(bundle.len()).map(c_long::from).map_err(unread)?;
    let mut at = bundle.as_ptr();
    // SAFETY: `len` readable bytes at `at`.
    let bag = unsafe { ffi::d2i_PKCS12(ptr::null_mut(), &raw mut at, len) };
    forget();
    let bag = NonNull::new(bag).map(Bag).ok_or_else(|| failed("Input is not a valid PKCS#12 structure"))?;
    // With a NUL behind it, at which it ends.
    let mut text = Secret::zeroed(passphrase.len() + 1)?;
    text[..passphrase.len()].copy_from_slice(passphrase);
    let (mut key, mut certificate, mut others) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
    // SAFETY: a live bundle, a NUL-terminated passphrase, and room for three pointers.
    let parsed = unsafe {
        ffi::PKCS12_parse(
            bag.0.as_ptr(),
            text.as_ptr().cast(),
            &raw mut key,
            &raw mut certificate,
            &raw mut others,
        )
    };
    // SAFETY: each is null or made for us.
    let (key, certificate, others) =
        unsafe { (Pkey::owned(key), Certificate::owned(certificate), Stack::owned(others)) };
    if parsed != 1 {
        return Err(match failure_oldest(Code::CryptoOperationFailed, "Unable to parse PKCS#12 bundle") {
            error if error.openssl().is_some_and(|details| details.reason() == Some("unsupported")) => {
                let text = "PKCS#12 bundle uses an unsupported algorithm; it may require the OpenSSL legacy provider";
                Error::from_template(Code::CryptoUnsupportedOperation, &[&text])
            }
            error => error,
        });
    }
    forget();
    let others = others.as_ref().map(Stack::certificates).unwrap_or_default();
    Ok(Pkcs12 { private_key: key, certificate: certificate.as_ref().and_then(Certificate::der), others })
}

struct Bag(NonNull<ffi::PKCS12>);

impl Drop for Bag {
    fn drop(&mut self) {
        // SAFETY: owned, and not used again.
        unsafe { ffi::PKCS12_free(self.0.as_ptr()) };
    }
}

struct Certificate(NonNull<ffi::X509>);

impl Certificate {
    /// # Safety
    /// - `certificate` is null, or live and the caller's.
    unsafe fn owned(certificate: *mut ffi::X509) -> Option<Certificate> {
        NonNull::new(certificate).map(Certificate)
    }

    fn der(&self) -> Option<Vec<u8>> {
        // SAFETY: live.
        unsafe { der(self.0.as_ptr()) }
    }
}

impl Drop for Certificate {
    fn drop(&mut self) {
        // SAFETY: owned, and not used again.
        unsafe { ffi::X509_free(self.0.as_ptr()) };
    }
}

/// Certificates that belong to the stack.
struct Stack(NonNull<ffi::stack_st_X509>);

impl Stack {
    /// # Safety
    /// - `stack` is null, or live and the caller's.
    unsafe fn owned(stack: *mut ffi::stack_st_X509) -> Option<Stack> {
        NonNull::new(stack).map(Stack)
    }

    fn certificates(&self) -> Vec<Vec<u8>> {
        let stack = self.0.as_ptr().cast::<ffi::OPENSSL_STACK>();
        // SAFETY: live.
        let count = unsafe { ffi::OPENSSL_sk_num(stack) };
        // SAFETY: an index below the count; what is there lives as long as the stack.
        let at = |index| unsafe { der(ffi::OPENSSL_sk_value(stack, index).cast()) };
        (0..count).filter_map(at).collect()
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        unsafe extern "C" fn free(certificate: *mut c_void) {
            // SAFETY: an element of the stack, which is not used again.
            unsafe { ffi::X509_free(certificate.cast()) };
        }
        // SAFETY: owned, and not used again.
        unsafe { ffi::OPENSSL_sk_pop_free(self.0.as_ptr().cast(), Some(free)) };
    }
}

/// A certificate in DER.
///
/// # Safety
/// - `certificate` is live.
unsafe fn der(certificate: *mut ffi::X509) -> Option<Vec<u8>> {
    // SAFETY: live; no buffer asks for the length only, then there is room for as much.
    unsafe {
        let len = ffi::i2d_X509(certificate, ptr::null_mut());
        let mut der = vec![0; usize::try_from(len).ok()?];
        let mut at = der.as_mut_ptr();
        (ffi::i2d_X509(certificate, &raw mut at) == len).then_some(der)
    }
}
