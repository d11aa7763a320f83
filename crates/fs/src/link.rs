//! `link`, `symlink` and `readlink`.

use std::path::PathBuf;

use nodecore_error::Result;
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};

use crate::constants::{UV_FS_SYMLINK_DIR, UV_FS_SYMLINK_JUNCTION};
use crate::path_arg::{PathArg, c_path, path_buf};

/// Makes `new_path` another name of the file `existing_path`.
///
/// Node: [`fs.linkSync`](https://nodejs.org/api/fs.html#fslinksyncexistingpath-newpath).
///
/// # Errors
/// [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue) for a path with NUL; otherwise the system's.
pub fn link_sync(existing_path: impl PathArg, new_path: impl PathArg) -> Result<()> {
    link_op(&existing_path, &new_path)?.run_sync()
}

/// As [`link_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn link(
    lp: &EventLoop,
    existing_path: impl PathArg,
    new_path: impl PathArg,
    done: impl FnOnce(Result<()>) + 'static,
) -> Result<Request> {
    Ok(link_op(&existing_path, &new_path)?.spawn(lp, done))
}

/// Where a symbolic link points to.
///
/// Node: [`fs.readlinkSync`](https://nodejs.org/api/fs.html#fsreadlinksyncpath-options).
///
/// # Errors
/// [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue) for a path with NUL; otherwise the system's.
pub fn readlink_sync(path: impl PathArg) -> Result<PathBuf> {
    readlink_op(&path, "path")?.run_sync()
}

/// As [`readlink_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn readlink(
    lp: &EventLoop,
    path: impl PathArg,
    done: impl FnOnce(Result<PathBuf>) + 'static,
) -> Result<Request> {
    Ok(readlink_op(&path, "path")?.spawn(lp, done))
}

/// What a symbolic link is made for. Only Windows asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SymlinkKind {
    /// A file.
    #[default]
    File,
    /// A directory.
    Dir,
    /// A directory, by a junction, which needs no privilege.
    Junction,
}

impl SymlinkKind {
    fn flags(self) -> i32 {
        match self {
            SymlinkKind::File => 0,
            SymlinkKind::Dir => UV_FS_SYMLINK_DIR,
            SymlinkKind::Junction => UV_FS_SYMLINK_JUNCTION,
        }
    }
}

/// Makes a symbolic link `path` that points to `target`, which need not be there.
///
/// Node: [`fs.symlinkSync`](https://nodejs.org/api/fs.html#fssymlinksynctarget-path-type).
///
/// # Differences from Node
/// Without a type Node asks, on Windows, whether `target` is a directory.
///
/// # Errors
/// [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue) for a path with NUL; otherwise the system's.
pub fn symlink_sync(target: impl PathArg, path: impl PathArg, kind: SymlinkKind) -> Result<()> {
    symlink_op(&target, &path, kind)?.run_sync()
}

/// As [`symlink_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn symlink(
    lp: &EventLoop,
    target: impl PathArg,
    path: impl PathArg,
    kind: SymlinkKind,
    done: impl FnOnce(Result<()>) + 'static,
) -> Result<Request> {
    Ok(symlink_op(&target, &path, kind)?.spawn(lp, done))
}

pub(crate) mod promises {
    use std::path::PathBuf;

    use nodecore_event_loop::EventLoop;

    use super::SymlinkKind;
    use crate::path_arg::PathArg;
    use crate::promise::{Promise, promise};

    /// As [`link_sync`](crate::link_sync()), as a future.
    pub fn link(lp: &EventLoop, existing_path: impl PathArg, new_path: impl PathArg) -> Promise<()> {
        promise(lp, super::link_op(&existing_path, &new_path))
    }

    /// As [`readlink_sync`](crate::readlink_sync()), as a future.
    pub fn readlink(lp: &EventLoop, path: impl PathArg) -> Promise<PathBuf> {
        // Node's own slip: in this form the argument has another's name.
        promise(lp, super::readlink_op(&path, "oldPath"))
    }

    /// As [`symlink_sync`](crate::symlink_sync()), as a future.
    pub fn symlink(
        lp: &EventLoop,
        target: impl PathArg,
        path: impl PathArg,
        kind: SymlinkKind,
    ) -> Promise<()> {
        promise(lp, super::symlink_op(&target, &path, kind))
    }
}

fn link_op(existing_path: &impl PathArg, new_path: &impl PathArg) -> Result<impl Operation<Output = ()>> {
    let (existing_path, new_path) = (c_path(existing_path, "existingPath")?, c_path(new_path, "newPath")?);
    Ok(blocking(move || {
        uv::link(&existing_path, &new_path)
            .map_err(|error| error.with_path(existing_path.as_bytes()).with_dest(new_path.as_bytes()))
    }))
}

fn readlink_op(path: &impl PathArg, name: &'static str) -> Result<impl Operation<Output = PathBuf>> {
    let path = c_path(path, name)?;
    Ok(blocking(move || uv::readlink(&path).map_err(|error| error.with_path(path.as_bytes())).map(path_buf)))
}

fn symlink_op(
    target: &impl PathArg,
    path: &impl PathArg,
    kind: SymlinkKind,
) -> Result<impl Operation<Output = ()>> {
    let (target, path) = (c_path(target, "target")?, c_path(path, "path")?);
    Ok(blocking(move || {
        uv::symlink(&target, &path, kind.flags())
            .map_err(|error| error.with_path(target.as_bytes()).with_dest(path.as_bytes()))
    }))
}
