//! `realpath` and `realpath.native`.

use std::ffi::CString;
use std::path::PathBuf;

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};
use nodecore_path as path;

use crate::constants::{S_IFIFO, S_IFLNK, S_IFMT, S_IFSOCK};
use crate::path_arg::{PathArg, c_path, path_buf};

/// The absolute path of `path`, with `.`, `..` and every symbolic link resolved. An error names the call and the part
/// of the path that failed, as Node's own (JavaScript) `realpath` does.
///
/// Node: [`fs.realpathSync`](https://nodejs.org/api/fs.html#fsrealpathsyncpath-options).
///
/// # Errors
/// [`Code::InvalidArgValue`] for a path with NUL; otherwise the system's.
pub fn realpath_sync(path: impl PathArg) -> Result<PathBuf> {
    realpath_op(&path)?.run_sync()
}

/// As [`realpath_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn realpath(
    lp: &EventLoop,
    path: impl PathArg,
    done: impl FnOnce(Result<PathBuf>) + 'static,
) -> Result<Request> {
    Ok(realpath_op(&path)?.spawn(lp, done))
}

/// As [`realpath_sync`], with the errors of the C library's function of this name.
///
/// Node: [`fs.realpathSync.native`](https://nodejs.org/api/fs.html#fsrealpathsyncnativepath-options).
///
/// # Errors
/// [`Code::InvalidArgValue`] for a path with NUL; otherwise the system's.
pub fn realpath_native_sync(path: impl PathArg) -> Result<PathBuf> {
    realpath_native_op(&path)?.run_sync()
}

/// As [`realpath_native_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn realpath_native(
    lp: &EventLoop,
    path: impl PathArg,
    done: impl FnOnce(Result<PathBuf>) + 'static,
) -> Result<Request> {
    Ok(realpath_native_op(&path)?.spawn(lp, done))
}

pub(crate) mod promises {
    use std::path::PathBuf;

    use nodecore_event_loop::EventLoop;

    use crate::path_arg::PathArg;
    use crate::promise::{Promise, promise};

    /// As [`realpath_native_sync`](crate::realpath_native_sync()), which is what Node has here, as a future.
    pub fn realpath(lp: &EventLoop, path: impl PathArg) -> Promise<PathBuf> {
        promise(lp, super::realpath_native_op(&path))
    }
}

fn realpath_native_op(path: &impl PathArg) -> Result<impl Operation<Output = PathBuf>> {
    let path = c_path(path, "path")?;
    Ok(blocking(move || match uv::realpath(&path) {
        Ok(real) => Ok(path_buf(real)),
        Err(error) => Err(error.with_path(path.as_bytes())),
    }))
}

fn realpath_op(path: &impl PathArg) -> Result<impl Operation<Output = PathBuf>> {
    let path = c_path(path, "path")?;
    Ok(blocking(move || match uv::realpath(&path) {
        Ok(real) => Ok(path_buf(real)),
        Err(_) => walk(path.as_bytes()).map(path_buf),
    }))
}

/// Resolves part by part, to find the one that fails.
fn walk(given: &[u8]) -> Result<Vec<u8>> {
    let mut path = path::resolve(&[given])?;
    // Up to here `path` is known to have no link in it.
    let mut known = 0;
    // Whether the link that was followed last leads to a pipe or a socket. In /proc such a target is a mere
    // description, where nothing is to be found.
    let mut nameless = false;
    while known < path.len() {
        let from = if path.get(known) == Some(&b'/') { known + 1 } else { known };
        let end = memchr::memchr(b'/', &path[from..]).map_or(path.len(), |slash| from + slash);
        if end == from {
            break;
        }
        let part = c(&path[..end], "lstat")?;
        let found = match uv::lstat(&part) {
            Err(error) if nameless && end == path.len() && error.code() == Code::ENOENT => return Ok(path),
            found => found.map_err(|error| error.with_path(part.as_bytes()))?,
        };
        if found.mode & u64::from(S_IFMT) != u64::from(S_IFLNK) {
            known = end;
            continue;
        }
        // `stat` finds loops, which reading links one by one would not.
        let behind = uv::stat(&part).map_err(|error| error.with_path(part.as_bytes()))?;
        let kind = behind.mode & u64::from(S_IFMT);
        nameless = kind == u64::from(S_IFIFO) || kind == u64::from(S_IFSOCK);
        let target = uv::readlink(&part).map_err(|error| error.with_path(part.as_bytes()))?;
        let rest = path.get(end + 1..).unwrap_or_default();
        let above: &[u8] = if known == 0 { b"/" } else { &path[..known] };
        path = path::resolve(&[above, &target, rest])?;
        known = 0;
    }
    Ok(path)
}

fn c(path: &[u8], syscall: &'static str) -> Result<CString> {
    CString::new(path).map_err(|_| Error::system_code(Code::EINVAL, syscall))
}
