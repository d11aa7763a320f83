//! Copying symbolic links.

use std::ffi::CString;

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_path as path;

use super::paths::{into_itself, is_inside};
use super::{Cp, parent, shown};
use crate::constants::{S_IFDIR, S_IFMT};

impl Cp {
    /// Copies the link that the path is at.
    pub(super) fn link(&self, there: bool) -> Result<()> {
        let target = self.target(self.src.c(), !self.options.verbatim_symlinks)?;
        if !there {
            return self.make(&target);
        }
        let old = match self.target(self.dest.c(), true) {
            Ok(old) => old,
            // No link: making one says so.
            Err(error) if matches!(error.code(), Code::EINVAL | Code::UNKNOWN) => return self.make(&target),
            Err(error) => return Err(error),
        };
        let found = uv::stat(self.src.c()).map_err(|error| error.with_path(self.src.bytes()))?;
        let is_dir = found.mode & u64::from(S_IFMT) == u64::from(S_IFDIR);
        if is_dir && is_inside(&target, &old)? {
            return Err(into_itself(&target, &old, self.dest.bytes()));
        }
        if is_dir && is_inside(&old, &target)? {
            let detail = format!("cannot overwrite {} with {}", shown(&old), shown(&target));
            return Err(self.refuse(Code::FsCpSymlinkToSubdirectory, Code::EINVAL, &detail));
        }
        uv::unlink(self.dest.c()).map_err(|error| error.with_path(self.dest.bytes()))?;
        self.make(&target)
    }

    fn make(&self, target: &[u8]) -> Result<()> {
        let c = CString::new(target).map_err(|_| Error::system_code(Code::EINVAL, "symlink"))?;
        uv::symlink(&c, self.dest.c(), 0)
            .map_err(|error| error.with_path(target).with_dest(self.dest.bytes()))
    }

    /// Where a link points to; `absolute` if it is to be written so.
    fn target(&self, link: &std::ffi::CStr, absolute: bool) -> Result<Vec<u8>> {
        let target = uv::readlink(link).map_err(|error| error.with_path(link.to_bytes()))?;
        if absolute && !path::is_absolute(&target[..]) {
            return path::resolve(&[parent(link.to_bytes()), &target]);
        }
        Ok(target)
    }
}
