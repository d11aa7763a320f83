//! Files, and what they have beside their content.

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::uv::fs::RawStat;

use super::{Cp, shown};
use crate::constants::COPYFILE_EXCL;

impl Cp {
    pub(super) fn file(&mut self, there: bool) -> Result<()> {
        if there {
            if self.options.force {
                uv::unlink(self.dest.c()).map_err(|error| error.with_path(self.dest.bytes()))?;
            } else {
                return self.keep();
            }
        }
        self.copy_file().map_err(|error| error.with_path(self.src.bytes()).with_dest(self.dest.bytes()))?;
        if self.options.preserve_timestamps {
            self.give_times()?;
        }
        Ok(())
    }

    /// Nothing should be there any more. Said so, libuv does not ask what the file was before, nor cut it off.
    fn copy_file(&self) -> Result<()> {
        let copy = |mode| uv::copyfile(self.src.c(), self.dest.c(), mode);
        match copy(self.options.mode | COPYFILE_EXCL) {
            Err(error) if error.code() == Code::EEXIST && self.options.mode & COPYFILE_EXCL == 0 => {
                copy(self.options.mode)
            }
            outcome => outcome,
        }
    }

    /// Leaves what is there, unless that is an error.
    pub(super) fn keep(&self) -> Result<()> {
        if self.options.error_on_exist {
            let detail = format!("{} already exists", shown(self.dest.bytes()));
            return Err(self.refuse(Code::FsCpEexist, Code::EEXIST, &detail));
        }
        Ok(())
    }

    fn give_times(&self) -> Result<()> {
        let at = |error: Error| error.with_path(self.dest.bytes());
        // Copying may have been the last access.
        let found = uv::stat(self.src.c()).map_err(|error| error.with_path(self.src.bytes()))?;
        let mode = u32::try_from(found.mode & 0o7777).unwrap_or(0o600);
        let writable = mode & 0o200 != 0;
        if !writable {
            uv::chmod(self.dest.c(), mode | 0o200).map_err(at)?;
        }
        uv::utime(self.dest.c(), times(&found)).map_err(at)?;
        if !writable {
            uv::chmod(self.dest.c(), mode).map_err(at)?;
        }
        Ok(())
    }
}

/// When a file was last read and written to.
pub(super) fn times(of: &RawStat) -> [uv::NewTime; 2] {
    [of.atime, of.mtime].map(|time| uv::NewTime::Seconds(seconds(time)))
}

/// libuv takes times as seconds.
#[allow(clippy::cast_precision_loss, reason = "libuv's own resolution is a microsecond")]
fn seconds(time: uv::RawTime) -> f64 {
    time.sec as f64 + f64::from(time.nsec) / 1e9
}
