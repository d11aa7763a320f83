//! `open` and `close`.

use std::ffi::CStr;

use nodecore_error::Result;
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};

use crate::descriptor::{Descriptor, Fd, valid};
use crate::flags::{Flags, FlagsArg};
use crate::path_arg::{PathArg, c_path};

/// Opens `path`, and makes it with the permissions `mode` (less the process's umask) if `flags` say so. The
/// caller closes the descriptor.
///
/// Node: [`fs.openSync`](https://nodejs.org/api/fs.html#fsopensyncpath-flags-mode). Node's defaults are `"r"` and
/// `0o666`.
///
/// # Errors
/// [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue) for a path with NUL or unknown flags;
/// otherwise the system's.
///
/// # Examples
/// ```
/// let fd = nodecore_fs::open_sync("Cargo.toml", "r", 0o666)?;
/// nodecore_fs::close_sync(fd)?;
/// let error = nodecore_fs::open_sync("none", "r+", 0o666).unwrap_err();
/// assert_eq!(error.to_string(), "ENOENT: no such file or directory, open 'none'");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn open_sync(path: impl PathArg, flags: impl FlagsArg, mode: u32) -> Result<Fd> {
    // Node looks at the flags first, but not in the promise form.
    let flags = flags.flags()?;
    open_op(&path, &flags, mode)?.run_sync().map(Descriptor::into_fd)
}

/// As [`open_sync`]; `done` is called once, later, from the loop. A file that is opened when nobody is left to be
/// told, because the loop closed, is closed again.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn open(
    lp: &EventLoop,
    path: impl PathArg,
    flags: impl FlagsArg,
    mode: u32,
    done: impl FnOnce(Result<Fd>) + 'static,
) -> Result<Request> {
    let flags = flags.flags()?;
    Ok(open_op(&path, &flags, mode)?.spawn(lp, |opened| done(opened.map(Descriptor::into_fd))))
}

/// Closes a descriptor. It is free whatever the result, which tells whether what was written arrived.
///
/// Node: [`fs.closeSync`](https://nodejs.org/api/fs.html#fsclosesyncfd).
///
/// # Errors
/// [`Code::OutOfRange`](nodecore_error::Code::OutOfRange) for a negative descriptor; otherwise the system's.
pub fn close_sync(fd: Fd) -> Result<()> {
    uv::close(valid(fd)?)
}

/// As [`close_sync`]; `done` is called once, later, from the loop. A request that is cancelled in time leaves the
/// descriptor open.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn close(lp: &EventLoop, fd: Fd, done: impl FnOnce(Result<()>) + 'static) -> Result<Request> {
    let fd = valid(fd)?;
    Ok(blocking(move || uv::close(fd)).spawn(lp, done))
}

pub(crate) fn open_op(
    path: &impl PathArg,
    flags: &impl FlagsArg,
    mode: u32,
) -> Result<impl Operation<Output = Descriptor>> {
    let (path, flags) = (c_path(path, "path")?, flags.flags()?);
    Ok(blocking(move || open_path(&path, flags, mode)))
}

/// The body of every operation that opens a file.
#[inline]
pub(crate) fn open_path(path: &CStr, flags: Flags, mode: u32) -> Result<Descriptor> {
    match uv::open(path, flags.bits(), mode) {
        Ok(fd) => Ok(Descriptor::new(fd)),
        Err(error) => Err(error.with_path(path.to_bytes())),
    }
}
