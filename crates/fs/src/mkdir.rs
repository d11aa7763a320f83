//! `mkdir`.

use std::ffi::CString;
use std::path::PathBuf;

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};

use crate::constants::{S_IFDIR, S_IFMT};
use crate::path_arg::{PathArg, c_path, path_buf};

/// How [`mkdir`] makes directories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MkdirOptions {
    /// Whether to make the directories above as well; it is then no error if it is there.
    pub recursive: bool,
    /// The permissions. Default `0o777`, less the umask.
    pub mode: u32,
}

impl Default for MkdirOptions {
    fn default() -> MkdirOptions {
        MkdirOptions { recursive: false, mode: 0o777 }
    }
}

impl MkdirOptions {
    /// Sets whether to make the directories above as well.
    #[must_use]
    pub fn recursive(mut self, recursive: bool) -> MkdirOptions {
        self.recursive = recursive;
        self
    }

    /// Sets the permissions.
    #[must_use]
    pub fn mode(mut self, mode: u32) -> MkdirOptions {
        self.mode = mode;
        self
    }
}

/// Makes the directory `path`. With `recursive`, returns the first directory that had to be made, if any.
///
/// Node: [`fs.mkdirSync`](https://nodejs.org/api/fs.html#fsmkdirsyncpath-options).
///
/// # Errors
/// [`Code::InvalidArgValue`] for a path with NUL; otherwise the system's.
///
/// # Differences from Node
/// Where nothing can be made because there is no directory to begin in (an empty path, or below `/proc`), Node 26
/// tries for ever with `recursive`; this is `ENOENT`. Where the system refuses with `recursive` for another reason than
/// permission or space (`EROFS`, `EIO`), Node looks whether something is there and says `ENOENT`; here it is the reason.
///
/// # Examples
/// ```
/// use nodecore_fs::{MkdirOptions, mkdir_sync, mkdtemp_sync, rmdir_sync};
///
/// let dir = mkdtemp_sync(std::env::temp_dir().join("example-"))?;
/// let made = mkdir_sync(dir.join("a/b"), &MkdirOptions::default().recursive(true))?;
/// assert_eq!(made, Some(dir.join("a")));
/// for path in [dir.join("a/b"), dir.join("a"), dir] {
///     rmdir_sync(path)?;
/// }
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn mkdir_sync(path: impl PathArg, options: &MkdirOptions) -> Result<Option<PathBuf>> {
    mkdir_op(&path, options, Blame::Whole)?.run_sync()
}

/// As [`mkdir_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn mkdir(
    lp: &EventLoop,
    path: impl PathArg,
    options: &MkdirOptions,
    done: impl FnOnce(Result<Option<PathBuf>>) + 'static,
) -> Result<Request> {
    Ok(mkdir_op(&path, options, Blame::Part)?.spawn(lp, done))
}

pub(crate) mod promises {
    use std::path::PathBuf;

    use nodecore_event_loop::EventLoop;

    use super::{Blame, MkdirOptions};
    use crate::path_arg::PathArg;
    use crate::promise::{Promise, promise};

    /// As [`mkdir_sync`](crate::mkdir_sync()), as a future.
    pub fn mkdir(lp: &EventLoop, path: impl PathArg, options: &MkdirOptions) -> Promise<Option<PathBuf>> {
        promise(lp, super::mkdir_op(&path, options, Blame::Part))
    }
}

/// Which path the error of a recursive `mkdir` names. Node's forms differ.
#[derive(Clone, Copy)]
pub(crate) enum Blame {
    /// The one asked for: the sync form.
    Whole,
    /// The one that could not be made: the others.
    Part,
}

fn mkdir_op(
    path: &impl PathArg,
    options: &MkdirOptions,
    blame: Blame,
) -> Result<impl Operation<Output = Option<PathBuf>>> {
    let path = c_path(path, "path")?;
    let MkdirOptions { recursive, mode } = *options;
    Ok(blocking(move || {
        if recursive {
            return make_all(path.as_bytes(), mode, blame).map_err(|(error, len)| match blame {
                Blame::Whole => error.with_path(path.as_bytes()),
                Blame::Part => error.with_path(&path.as_bytes()[..len]),
            });
        }
        uv::mkdir(&path, mode).map(|()| None).map_err(|error| error.with_path(path.as_bytes()))
    }))
}

/// Makes `path` and what is missing above it: tries the path itself first, then goes up while that says `ENOENT`, and
/// down again. An error comes with the length of the part that it is about.
pub(crate) fn make_all(path: &[u8], mode: u32, blame: Blame) -> Result<Option<PathBuf>, (Error, usize)> {
    let mut first = None;
    // The lengths of the beginnings of `path` still to be made, the longest first.
    let mut pending = vec![path.len()];
    let mut above_is_there = false;
    while let Some(&len) = pending.last() {
        let Ok(next) = CString::new(&path[..len]) else {
            return Err((Error::system_code(Code::EINVAL, "mkdir"), len));
        };
        match uv::mkdir(&next, mode) {
            Ok(()) => {
                first.get_or_insert_with(|| path_buf(next.into_bytes()));
            }
            Err(error) => match error.code() {
                Code::ENOENT => match parent(&path[..len]) {
                    Some(parent) if !above_is_there => {
                        pending.push(parent);
                        continue;
                    }
                    _ => return Err((error, path.len())),
                },
                Code::EACCES | Code::ENOSPC | Code::ENOTDIR | Code::EPERM => return Err((error, len)),
                code => {
                    let above = pending.len() > 1;
                    let found = uv::stat(&next).map_err(|missing| {
                        if code != Code::EEXIST && missing.code() == Code::ENOENT {
                            return (error, len);
                        }
                        let error = missing;
                        // A link to nothing.
                        let part = above && error.code() == Code::ENOENT && matches!(blame, Blame::Part);
                        let code = if part { Code::ENOTDIR } else { error.code() };
                        (Error::system_code(code, "mkdir"), len)
                    })?;
                    if found.mode & u64::from(S_IFMT) != u64::from(S_IFDIR) {
                        let code = if code == Code::EEXIST && above { Code::ENOTDIR } else { Code::EEXIST };
                        return Err((Error::system_code(code, "mkdir"), len));
                    }
                }
            },
        }
        pending.pop();
        above_is_there = true;
    }
    Ok(first)
}

/// The length of the path above, which need not be tidy: `a/b/` has `a/b` above it.
fn parent(path: &[u8]) -> Option<usize> {
    match memchr::memrchr(b'/', path)? {
        0 if path.len() == 1 => None,
        0 => Some(1),
        slash => Some(slash),
    }
}
