//! Bytes that are cleared before their memory is given back.

use std::fmt;
use std::ops::{Deref, DerefMut};

use nodecore_error::{Code, Error, Result};

use crate::engine;

/// Cleared on drop; its `Debug` shows the length only. It is never grown, which would leave a copy behind.
#[derive(Default)]
pub(crate) struct Secret(Vec<u8>);

impl Secret {
    /// Zeroes to be filled.
    ///
    /// # Errors
    /// [`Code::MemoryAllocationFailed`].
    pub(crate) fn zeroed(len: usize) -> Result<Secret> {
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(len).map_err(|_| Error::from_template(Code::MemoryAllocationFailed, &[]))?;
        bytes.resize(len, 0);
        Ok(Secret(bytes))
    }

    /// A copy of `bytes`.
    pub(crate) fn copy(bytes: &[u8]) -> Secret {
        Secret(bytes.to_vec())
    }

    /// Hands the bytes over, which are the caller's to clear.
    pub(crate) fn into_vec(mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        engine::cleanse(&mut self.0);
    }
}

impl Deref for Secret {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl DerefMut for Secret {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({} bytes)", self.0.len())
    }
}
