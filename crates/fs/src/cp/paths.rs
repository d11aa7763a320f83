//! What is checked before anything is copied: that the two paths are not the same, nor one inside the other, and are of
//! the same kind.

use std::ffi::CString;

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::uv::fs::RawStat;
use nodecore_path as path;

use super::{Cp, parent, shown};
use crate::constants::{S_IFDIR, S_IFMT};
use crate::mkdir::{Blame, make_all};

impl Cp {
    /// Refuses what is there already, if it is the same or of another kind.
    pub(super) fn check_both(&self, from: &RawStat, is_dir: bool, there: &RawStat) -> Result<()> {
        if is_same(from, there) {
            return Err(self.refuse(Code::FsCpEinval, Code::EINVAL, "src and dest cannot be the same"));
        }
        let (src, dest) = (shown(self.src.bytes()), shown(self.dest.bytes()));
        match (is_dir, there.mode & u64::from(S_IFMT) == u64::from(S_IFDIR)) {
            (true, false) => {
                let detail = format!("cannot overwrite non-directory {dest} with directory {src}");
                Err(self.refuse(Code::FsCpDirToNonDir, Code::EISDIR, &detail))
            }
            (false, true) => {
                let detail = format!("cannot overwrite directory {dest} with non-directory {src}");
                Err(self.refuse(Code::FsCpNonDirToDir, Code::ENOTDIR, &detail))
            }
            _ => Ok(()),
        }
    }

    /// Refuses to copy into what is copied, and makes the directories above `dest`.
    pub(super) fn check_root(&self, from: &RawStat, is_dir: bool) -> Result<()> {
        let (src, dest) = (self.src.bytes(), self.dest.bytes());
        if is_dir && is_inside(src, dest)? {
            return Err(into_itself(src, dest, dest));
        }
        let src_parent = path::resolve(&[parent(src)])?;
        let mut below = dest.to_vec();
        loop {
            let above = path::resolve(&[parent(&below)])?;
            if above == src_parent || above == b"/" || above == below {
                break;
            }
            let Ok(c) = CString::new(above) else { break };
            match uv::stat(&c) {
                Ok(found) if is_same(from, &found) => return Err(into_itself(src, &below, &below)),
                Ok(_) => {}
                Err(error) if error.code() == Code::ENOENT => break,
                Err(error) => return Err(error.with_path(c.as_bytes())),
            }
            below = c.into_bytes();
        }
        let above = parent(dest);
        let is_there = CString::new(above).is_ok_and(|above| uv::accessible(&above, 0));
        if !is_there {
            make_all(above, 0o777, Blame::Part).map_err(|(error, len)| error.with_path(&above[..len]))?;
        }
        Ok(())
    }
}

pub(super) fn is_same(a: &RawStat, b: &RawStat) -> bool {
    a.ino != 0 && a.dev != 0 && (a.ino, a.dev) == (b.ino, b.dev)
}

/// Whether `dest` is `src` or below it, by their names.
pub(super) fn is_inside(src: &[u8], dest: &[u8]) -> Result<bool> {
    let (src, dest) = (path::resolve(&[src])?, path::resolve(&[dest])?);
    let rest = dest.strip_prefix(&src[..]);
    Ok(rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/") || src == b"/"))
}

pub(super) fn into_itself(src: &[u8], dest: &[u8], blamed: &[u8]) -> Error {
    let detail = format!("cannot copy {} to a subdirectory of self {}", shown(src), shown(dest));
    Error::system_error(Code::FsCpEinval, Code::EINVAL, "cp", &detail, blamed)
}
