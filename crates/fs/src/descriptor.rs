//! Descriptors: which numbers are one, and who closes them.

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::uv::fs as uv;

/// A file descriptor, as the system numbers it.
pub type Fd = i32;

/// Refuses what cannot be a descriptor.
#[inline]
pub(crate) fn valid(fd: Fd) -> Result<Fd> {
    if fd >= 0 {
        return Ok(fd);
    }
    Err(Error::from_template(Code::OutOfRange, &[&"fd", &">= 0 && <= 2147483647", &fd]))
}

/// An open descriptor that is closed when dropped, so that no outcome of an operation leaks it: a cancelled one,
/// one whose future is gone, one whose loop closed first.
#[derive(Debug)]
pub(crate) struct Descriptor(Fd);

impl Descriptor {
    pub(crate) fn new(fd: Fd) -> Descriptor {
        Descriptor(fd)
    }

    #[inline]
    pub(crate) fn fd(&self) -> Fd {
        self.0
    }

    /// Hands it over to the caller, who closes it.
    pub(crate) fn into_fd(self) -> Fd {
        let fd = self.0;
        std::mem::forget(self);
        fd
    }

    /// Closes it and says how that went.
    pub(crate) fn close(self) -> Result<()> {
        uv::close(self.into_fd())
    }
}

impl Drop for Descriptor {
    fn drop(&mut self) {
        // Nobody is left to tell; whoever cares calls `close`.
        let _ = uv::close(self.0);
    }
}
