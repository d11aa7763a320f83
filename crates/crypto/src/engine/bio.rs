//! Memory as a `BIO`, which is how OpenSSL reads and writes keys.

use std::ffi::{c_char, c_int};
use std::marker::PhantomData;
use std::ptr::{self, NonNull};

use nodecore_error::{Code, Error, Result};
use openssl_sys as ffi;

use super::{failure, init};

/// A length as C's `int`, in which OpenSSL counts bytes.
///
/// # Errors
/// [`Code::OutOfRange`] over `i32::MAX`.
pub(super) fn int(len: usize) -> Result<c_int> {
    let given = |_| Error::from_template(Code::OutOfRange, &[&"length", &"<= 2147483647", &len]);
    c_int::try_from(len).map_err(given)
}

/// Bytes to read from.
pub(super) struct Source<'a>(NonNull<ffi::BIO>, PhantomData<&'a [u8]>);

impl<'a> Source<'a> {
    pub(super) fn new(data: &'a [u8]) -> Result<Source<'a>> {
        init();
        let len = int(data.len())?;
        // SAFETY: `data` is readable for its length, and outlives the BIO, which copies nothing.
        let bio = unsafe { ffi::BIO_new_mem_buf(data.as_ptr().cast(), len) };
        NonNull::new(bio).map(|bio| Source(bio, PhantomData)).ok_or_else(|| failure("Out of memory"))
    }

    pub(super) fn as_ptr(&self) -> *mut ffi::BIO {
        self.0.as_ptr()
    }
}

impl Drop for Source<'_> {
    fn drop(&mut self) {
        // SAFETY: owned, and not used again.
        unsafe { ffi::BIO_free_all(self.0.as_ptr()) };
    }
}

/// Memory to write into. OpenSSL clears it when it is freed.
pub(super) struct Sink(NonNull<ffi::BIO>);

impl Sink {
    pub(super) fn new() -> Result<Sink> {
        // SAFETY: the method is static.
        let bio = unsafe { ffi::BIO_new(ffi::BIO_s_mem()) };
        NonNull::new(bio).map(Sink).ok_or_else(|| failure("Out of memory"))
    }

    pub(super) fn as_ptr(&self) -> *mut ffi::BIO {
        self.0.as_ptr()
    }

    /// What was written.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut data = ptr::null_mut::<c_char>();
        // SAFETY: a live memory BIO; `data` is writable.
        let len = unsafe { ffi::BIO_get_mem_data(self.0.as_ptr(), &raw mut data) };
        match usize::try_from(len) {
            // SAFETY: `len` bytes, until the BIO is written or freed.
            Ok(len) if len > 0 && !data.is_null() => unsafe {
                std::slice::from_raw_parts(data.cast::<u8>(), len).to_vec()
            },
            _ => Vec::new(),
        }
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        // SAFETY: owned, and not used again.
        unsafe { ffi::BIO_free_all(self.0.as_ptr()) };
    }
}
