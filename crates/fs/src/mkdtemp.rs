//! `mkdtemp`.

use std::path::PathBuf;

use nodecore_error::Result;
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};

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

pub(crate) mod promises {
    use std::path::PathBuf;

    use nodecore_event_loop::EventLoop;

    use crate::path_arg::PathArg;
    use crate::promise::{Promise, promise};

    /// As [`mkdtemp_sync`](crate::mkdtemp_sync()), as a future.
    pub fn mkdtemp(lp: &EventLoop, prefix: impl PathArg) -> Promise<PathBuf> {
        promise(lp, super::mkdtemp_op(&prefix))
    }
}

fn mkdtemp_op(prefix: &impl PathArg) -> Result<impl Operation<Output = PathBuf>> {
    let mut template = c_path(prefix, "prefix")?.into_bytes();
    template.extend_from_slice(b"XXXXXX");
    let template = c_path(&template, "prefix")?;
    Ok(blocking(move || match uv::mkdtemp(&template) {
        Ok(made) => Ok(path_buf(made.into_bytes())),
        Err(error) => Err(error.with_path(template.as_bytes())),
    }))
}
