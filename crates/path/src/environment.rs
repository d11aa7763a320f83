//! Where `resolve` and `relative` learn the current directory.

use nodecore_error::{Error, Result};

/// What relative paths are resolved against. Asked only when the answer is needed.
pub trait Environment {
    /// Node's `process.cwd()`: an absolute path, in the platform's bytes (UTF-8 on Windows).
    ///
    /// # Errors
    /// What the host reports, such as [`Code::ENOENT`](nodecore_error::Code::ENOENT) of a removed directory.
    fn cwd(&self) -> Result<Vec<u8>>;

    /// Windows' current directory of one drive: the environment variable `=C:` for the drive `C:`.
    fn drive_cwd(&self, drive: &str) -> Option<Vec<u8>> {
        let _ = drive;
        None
    }
}

/// This process: `std::env::current_dir` and the process's environment variables.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProcessEnvironment;

impl Environment for ProcessEnvironment {
    fn cwd(&self) -> Result<Vec<u8>> {
        match std::env::current_dir() {
            Ok(dir) => Ok(platform_bytes(dir.into_os_string())),
            // libuv's errno is the negative of the system's on Unix; Windows' numbers it translates itself.
            Err(error) => Err(match error.raw_os_error() {
                Some(errno) if cfg!(unix) => Error::system(-errno, "uv_cwd"),
                _ => Error::system_code(nodecore_error::Code::ENOENT, "uv_cwd"),
            }),
        }
    }

    fn drive_cwd(&self, drive: &str) -> Option<Vec<u8>> {
        std::env::var_os(format!("={drive}")).map(platform_bytes)
    }
}

#[cfg(unix)]
fn platform_bytes(text: std::ffi::OsString) -> Vec<u8> {
    use std::os::unix::ffi::OsStringExt;
    text.into_vec()
}

#[cfg(not(unix))]
fn platform_bytes(text: std::ffi::OsString) -> Vec<u8> {
    text.to_string_lossy().into_owned().into_bytes()
}
