//! Memory of the caller's that an operation fills on the pool.

use std::ffi::c_void;

use ::nodecore_error::Result;

use crate::boundary::arg;

/// Writable memory, lent until the callback.
#[derive(Debug)]
pub(super) struct Lent {
    data: *mut u8,
    len: usize,
}

// SAFETY: who lends it leaves it, until the callback, to whatever thread does the work.
unsafe impl Send for Lent {}

impl Lent {
    /// # Safety
    /// - `data` is null or points to `len` writable, initialised bytes that nobody else uses while this lives.
    pub(super) unsafe fn new(data: *mut c_void, len: usize, name: &str) -> Result<Lent> {
        // SAFETY: as the caller vouches.
        let memory = unsafe { arg::data_mut(data, len, name) }?;
        Ok(Lent { data: memory.as_mut_ptr(), len: memory.len() })
    }
}

impl AsMut<[u8]> for Lent {
    fn as_mut(&mut self) -> &mut [u8] {
        // SAFETY: `new` checked the length, and its caller vouched for the memory.
        unsafe { std::slice::from_raw_parts_mut(self.data, self.len) }
    }
}
