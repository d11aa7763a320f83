//! A file that is read or written whole.

use std::ffi::CString;

use nodecore_error::Result;

use crate::descriptor::{Descriptor, Fd};
use crate::flags::Flags;
use crate::open::open_path;
use crate::path_arg::{FileArg, FileTarget, c_bytes};

/// What the caller named.
#[derive(Debug)]
pub(crate) enum Target {
    Path(CString),
    Descriptor(Fd),
}

/// What is open: ours to close, or the caller's.
#[derive(Debug)]
pub(crate) enum Opened {
    Ours(Descriptor),
    Callers(Fd),
}

impl Target {
    #[inline]
    pub(crate) fn new(file: &(impl FileArg + ?Sized)) -> Result<Target> {
        Ok(match file.file()? {
            FileTarget::Path { bytes, text } => Target::Path(c_bytes(&bytes, text, "path")?),
            FileTarget::Descriptor(fd) => Target::Descriptor(fd),
        })
    }

    #[inline]
    pub(crate) fn open(&self, flags: Flags, mode: u32) -> Result<Opened> {
        match self {
            Target::Path(path) => open_path(path, flags, mode).map(Opened::Ours),
            Target::Descriptor(fd) => Ok(Opened::Callers(*fd)),
        }
    }
}

impl Opened {
    #[inline]
    pub(crate) fn fd(&self) -> Fd {
        match self {
            Opened::Ours(file) => file.fd(),
            Opened::Callers(fd) => *fd,
        }
    }

    /// Closes what is ours, and says how that went.
    pub(crate) fn finish(self) -> Result<()> {
        match self {
            Opened::Ours(file) => file.close(),
            Opened::Callers(_) => Ok(()),
        }
    }
}
