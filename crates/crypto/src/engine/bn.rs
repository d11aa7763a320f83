//! `BIGNUM`.

use std::ffi::c_int;
use std::ptr::{self, NonNull};

use openssl_sys as ffi;

/// A number, cleared on drop.
pub(super) struct Bn(NonNull<ffi::BIGNUM>);

impl Bn {
    pub(super) fn new() -> Option<Bn> {
        // SAFETY: takes no arguments.
        NonNull::new(unsafe { ffi::BN_new() }).map(Bn)
    }

    /// Of bytes, the most significant first.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Bn> {
        let len = c_int::try_from(bytes.len()).ok()?;
        // SAFETY: a slice with its length.
        NonNull::new(unsafe { ffi::BN_bin2bn(bytes.as_ptr(), len, ptr::null_mut()) }).map(Bn)
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        // SAFETY: a live number.
        unsafe { bytes(self.as_ptr()) }
    }

    pub(super) fn as_ptr(&self) -> *mut ffi::BIGNUM {
        self.0.as_ptr()
    }

    /// Hands the number over to OpenSSL.
    pub(super) fn into_ptr(self) -> *mut ffi::BIGNUM {
        let number = self.0.as_ptr();
        std::mem::forget(self);
        number
    }
}

impl Drop for Bn {
    fn drop(&mut self) {
        // SAFETY: owned, and not used again.
        unsafe { ffi::BN_clear_free(self.0.as_ptr()) };
    }
}

/// The bytes of a number, the most significant first, without leading zeroes.
///
/// # Safety
/// - `number` is live.
pub(super) unsafe fn bytes(number: *const ffi::BIGNUM) -> Vec<u8> {
    // SAFETY: a live number.
    let bits = unsafe { ffi::BN_num_bits(number) };
    let mut bytes = vec![0; usize::try_from(bits).unwrap_or(0).div_ceil(8)];
    // SAFETY: room for the number.
    unsafe { ffi::BN_bn2bin(number, bytes.as_mut_ptr()) };
    bytes
}
