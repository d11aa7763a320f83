//! `mkdtemp` and `mkdtempDisposable`.

use std::cell::Cell;
use std::ffi::CString;
use std::path::{Path, PathBuf};

use nodecore_error::Result;
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};
use nodecore_path as path;

use crate::promise::Promise;
use crate::rm::{RmOptions, rm_sync};

use crate::path_arg::{PathArg, c_path, path_buf};

/// Makes a directory whose name is `prefix` and six random characters, and returns that.
///
/// Node: [`fs.mkdtempSync`](https://nodejs.org/api/fs.html#fsmkdtempsyncprefix-options).
///
/// # Errors
/// [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue) for a path with NUL; otherwise the system's.
///
/// # Examples
/// ```
/// let made = nodecore_fs::mkdtemp_sync(std::env::temp_dir().join("example-"))?;
/// nodecore_fs::rmdir_sync(&made)?;
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn mkdtemp_sync(prefix: impl PathArg) -> Result<PathBuf> {
    mkdtemp_op(&prefix)?.run_sync()
}

/// As [`mkdtemp_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn mkdtemp(
    lp: &EventLoop,
    prefix: impl PathArg,
    done: impl FnOnce(Result<PathBuf>) + 'static,
) -> Result<Request> {
    Ok(mkdtemp_op(&prefix)?.spawn(lp, done))
}

/// As [`mkdtemp_sync`], of a directory that goes with what is returned.
///
/// Node: [`fs.mkdtempDisposableSync`](https://nodejs.org/api/fs.html#fsmkdtempdisposablesyncprefix-options).
///
/// # Errors
/// As [`mkdtemp_sync`].
///
/// # Examples
/// ```
/// let dir = nodecore_fs::mkdtemp_disposable_sync(std::env::temp_dir().join("example-"))?;
/// let path = dir.path().to_owned();
/// assert!(nodecore_fs::exists_sync(&path));
/// drop(dir);
/// assert!(!nodecore_fs::exists_sync(&path));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn mkdtemp_disposable_sync(prefix: impl PathArg) -> Result<TempDir> {
    disposable_op(&prefix)?.run_sync()
}

/// As [`mkdtemp_disposable_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn mkdtemp_disposable(
    lp: &EventLoop,
    prefix: impl PathArg,
    done: impl FnOnce(Result<TempDir>) + 'static,
) -> Result<Request> {
    Ok(disposable_op(&prefix)?.spawn(lp, done))
}

/// A directory that is removed with all that is in it when this is dropped, as Node's `Symbol.dispose` does.
#[derive(Debug)]
pub struct TempDir {
    path: PathBuf,
    /// What is removed, whatever the current directory is by then.
    absolute: Vec<u8>,
    gone: Cell<bool>,
}

impl TempDir {
    /// Where it is, beginning as it was given.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes it, blocking. It is no error if it is gone. Node: `remove()` of `mkdtempDisposableSync`.
    ///
    /// # Errors
    /// The system's.
    pub fn remove_sync(&self) -> Result<()> {
        self.gone.set(true);
        rm_sync(&self.absolute, &TempDir::all())
    }

    /// As [`remove_sync`](TempDir::remove_sync), as a future. Node: `remove()` of `promises.mkdtempDisposable`.
    pub fn remove(&self, lp: &EventLoop) -> Promise<()> {
        self.gone.set(true);
        crate::rm::promises::rm(lp, &self.absolute, &TempDir::all())
    }

    /// Leaves the directory where it is.
    pub fn keep(self) -> PathBuf {
        self.gone.set(true);
        self.path.clone()
    }

    fn all() -> RmOptions {
        RmOptions::default().recursive(true).force(true)
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        if !self.gone.get() {
            // Nobody is left to tell; whoever cares removes it.
            let _ = self.remove_sync();
        }
    }
}

fn disposable_op(prefix: &impl PathArg) -> Result<impl Operation<Output = TempDir>> {
    let template = template(prefix)?;
    let absolute = path::resolve(&[template.as_bytes()])?;
    Ok(blocking(move || {
        let path = make(&template)?;
        let made = path.as_os_str().as_encoded_bytes();
        // The six characters that were replaced end both.
        let kept = absolute.len().saturating_sub(6);
        let end = &made[made.len().saturating_sub(6)..];
        let absolute = [&absolute[..kept], end].concat();
        Ok(TempDir { path, absolute, gone: Cell::new(false) })
    }))
}

pub(crate) mod promises {
    use std::path::PathBuf;

    use nodecore_event_loop::EventLoop;

    use super::TempDir;

    use crate::path_arg::PathArg;
    use crate::promise::{Promise, promise};

    /// As [`mkdtemp_sync`](crate::mkdtemp_sync()), as a future.
    pub fn mkdtemp(lp: &EventLoop, prefix: impl PathArg) -> Promise<PathBuf> {
        promise(lp, super::mkdtemp_op(&prefix))
    }

    /// As [`mkdtemp_disposable_sync`](crate::mkdtemp_disposable_sync()), as a future.
    pub fn mkdtemp_disposable(lp: &EventLoop, prefix: impl PathArg) -> Promise<TempDir> {
        promise(lp, super::disposable_op(&prefix))
    }
}

fn mkdtemp_op(prefix: &impl PathArg) -> Result<impl Operation<Output = PathBuf>> {
    let template = template(prefix)?;
    Ok(blocking(move || make(&template)))
}

fn template(prefix: &impl PathArg) -> Result<CString> {
    let mut template = c_path(prefix, "prefix")?.into_bytes();
    template.extend_from_slice(b"XXXXXX");
    c_path(&template, "prefix")
}

fn make(template: &CString) -> Result<PathBuf> {
    match uv::mkdtemp(template) {
        Ok(made) => Ok(path_buf(made.into_bytes())),
        Err(error) => Err(error.with_path(template.as_bytes())),
    }
}
