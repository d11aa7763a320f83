//! `rm`.

use std::ffi::CString;
use std::task::Poll;
use std::time::Duration;

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::uv::fs::{Directory, EntryKind, RawEntries};
use nodecore_event_loop::{EventLoop, Slice};

use crate::constants::{S_IFDIR, S_IFMT};
use crate::path_arg::{PathArg, c_path, path_buf};
use crate::tree::{self, Ask, Budget, Hooks, Prepared, Progress, Task, TreePath, TreeRequest, Turn};

/// How [`rm`] removes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RmOptions {
    /// Whether it is no error if there is nothing.
    pub force: bool,
    /// Whether a directory goes with all that is in it; otherwise it is refused.
    pub recursive: bool,
    /// How often to try again, with `recursive`, after `EBUSY`, `EMFILE`, `ENFILE`, `ENOTEMPTY` or `EPERM`.
    pub max_retries: u32,
    /// How long to wait before that, in milliseconds; longer by as much each time. Default 100.
    pub retry_delay: u32,
    hooks: Hooks,
}

impl Default for RmOptions {
    fn default() -> RmOptions {
        RmOptions {
            force: false,
            recursive: false,
            max_retries: 0,
            retry_delay: 100,
            hooks: Hooks::default(),
        }
    }
}

impl RmOptions {
    /// Sets whether it is no error if there is nothing.
    #[must_use]
    pub fn force(mut self, force: bool) -> RmOptions {
        self.force = force;
        self
    }

    /// Sets whether a directory goes with all that is in it.
    #[must_use]
    pub fn recursive(mut self, recursive: bool) -> RmOptions {
        self.recursive = recursive;
        self
    }

    /// Sets how often to try again.
    #[must_use]
    pub fn max_retries(mut self, times: u32) -> RmOptions {
        self.max_retries = times;
        self
    }

    /// Sets how long to wait before trying again, in milliseconds.
    #[must_use]
    pub fn retry_delay(mut self, ms: u32) -> RmOptions {
        self.retry_delay = ms;
        self
    }
}

tree::hook_methods!(RmOptions);

/// Removes what is at `path`. Symbolic links go themselves, never what they point to. What is gone already, because
/// somebody else removes the same tree, is no error.
///
/// Node: [`fs.rmSync`](https://nodejs.org/api/fs.html#fsrmsyncpath-options).
///
/// # Errors
/// [`Code::FsEisdir`] for a directory without `recursive`, [`Code::InvalidArgValue`] for a path with NUL,
/// [`Code::OutOfRange`] for a `retry_delay` beyond 2,147,483,647; otherwise the system's, naming what could not be
/// removed. What was removed before stays removed.
///
/// # Differences from Node
/// `rmSync` names only the path it was given, in a text of its own ("EACCES, Permission denied: 'd'"); here all forms
/// have the text of `fs.rm`. Of a link with a slash behind it (`link/`) `fs.rm` says, with `recursive`, that it has
/// removed it, which it has not, and `rmSync` empties the directory; here this is `ENOTDIR`.
///
/// # Examples
/// ```
/// use nodecore_fs::{MkdirOptions, RmOptions, exists_sync, mkdir_sync, mkdtemp_sync, rm_sync};
///
/// let dir = mkdtemp_sync(std::env::temp_dir().join("example-"))?;
/// mkdir_sync(dir.join("a/b"), &MkdirOptions::default().recursive(true))?;
/// rm_sync(&dir, &RmOptions::default().recursive(true))?;
/// assert!(!exists_sync(&dir));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn rm_sync(path: impl PathArg, options: &RmOptions) -> Result<()> {
    tree::run_sync(Rm::new(&path, options)?, &options.hooks, &mut |()| Ok(()))
}

/// As [`rm_sync`]; `done` is called once, later, from the loop. One trip to the pool, whatever the tree's size.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn rm(
    lp: &EventLoop,
    path: impl PathArg,
    options: &RmOptions,
    done: impl FnOnce(Result<()>) + 'static,
) -> Result<TreeRequest> {
    Ok(tree::start(lp, Rm::prepare(&path, options)?, done))
}

pub(crate) mod promises {
    use nodecore_event_loop::EventLoop;

    use super::{Rm, RmOptions};
    use crate::path_arg::PathArg;
    use crate::promise::{Promise, tree_promise};

    /// As [`rm_sync`](crate::rm_sync()), as a future.
    pub fn rm(lp: &EventLoop, path: impl PathArg, options: &RmOptions) -> Promise<()> {
        tree_promise(lp, Rm::prepare(&path, options))
    }
}

/// Removes in the order of the directories, each read to its end before anything in it goes, so that no more than one
/// is open at a time however deep the tree is.
pub(crate) struct Rm {
    options: Plain,
    root: CString,
    tried: u32,
    stage: Stage,
    path: TreePath,
    /// The entries of the directories that are being emptied, the innermost last.
    entries: RawEntries,
    frames: Vec<Frame>,
    removed: u64,
}

/// The options that are not the caller's code.
#[derive(Clone, Copy)]
struct Plain {
    force: bool,
    recursive: bool,
    max_retries: u32,
    retry_delay: u32,
}

enum Stage {
    /// Nothing is known yet.
    Look,
    /// A directory is being emptied.
    Empty,
}

/// A directory being emptied.
struct Frame {
    first: usize,
    next: usize,
    /// The length of the path above.
    above: usize,
}

impl Rm {
    fn new(path: &impl PathArg, options: &RmOptions) -> Result<Rm> {
        let root = c_path(path, "path")?;
        let RmOptions { force, recursive, max_retries, retry_delay, .. } = *options;
        if i32::try_from(retry_delay).is_err() {
            let name = "options.retryDelay";
            let range = ">= 0 && <= 2147483647";
            return Err(Error::from_template(Code::OutOfRange, &[&name, &range, &retry_delay]));
        }
        Ok(Rm {
            options: Plain { force, recursive, max_retries, retry_delay },
            tried: 0,
            stage: Stage::Look,
            path: TreePath::new(&root),
            entries: RawEntries::default(),
            frames: Vec::new(),
            removed: 0,
            root,
        })
    }

    fn prepare(path: &impl PathArg, options: &RmOptions) -> Result<Prepared<Rm>> {
        Ok(Prepared { task: Rm::new(path, options)?, hooks: options.hooks.clone(), ask: Ask::Nobody })
    }

    fn at(&self, error: Error) -> Error {
        error.with_path(self.path.bytes())
    }

    fn count(&mut self) {
        self.removed += 1;
    }

    /// What there is at the root. True: it is gone.
    fn look(&mut self) -> Result<bool> {
        let found = match uv::lstat(self.path.c()) {
            Ok(found) => found,
            // Once it was there, it is for others to remove as well.
            Err(error) if error.code() == Code::ENOENT && (self.options.force || self.tried > 0) => {
                return Ok(true);
            }
            Err(error) => return Err(self.at(error)),
        };
        if found.mode & u64::from(S_IFMT) != u64::from(S_IFDIR) && !self.unlink()? {
            return Ok(true);
        }
        if !self.options.recursive {
            let path = self.path.bytes();
            return Err(Error::system_error(Code::FsEisdir, Code::EISDIR, "rm", "is a directory", path));
        }
        match self.rmdir() {
            Ok(()) => Ok(true),
            Err(error) if is_not_empty(&error) => self.enter(self.path.len()),
            Err(error) => Err(error),
        }
    }

    fn rmdir(&mut self) -> Result<()> {
        match uv::rmdir(self.path.c()) {
            Err(error) if error.code() != Code::ENOENT => Err(self.at(error)),
            _ => {
                self.count();
                Ok(())
            }
        }
    }

    /// Removes what is no directory. True: it is one.
    fn unlink(&mut self) -> Result<bool> {
        match uv::unlink(self.path.c()) {
            Err(error) => match error.code() {
                Code::ENOENT => {}
                Code::EISDIR if self.options.recursive => return Ok(true),
                _ => return Err(self.at(error)),
            },
            Ok(()) => self.count(),
        }
        Ok(false)
    }

    /// Reads the directory at the path, which is to be emptied next.
    /// `above` is the length of the path above. True: there is nothing to be emptied any more.
    fn enter(&mut self, above: usize) -> Result<bool> {
        let first = self.entries.len();
        let mut directory = match Directory::open_no_follow(self.path.c(), "scandir") {
            Ok(directory) => directory,
            Err(error) => {
                return match error.code() {
                    Code::ENOENT => Ok(true),
                    // Something else has taken its place.
                    Code::ENOTDIR | Code::ELOOP => self.unlink().map(|_| true),
                    // One that is empty goes without being read.
                    _ => match self.rmdir() {
                        Err(also) if is_not_empty(&also) => Err(self.at(error)),
                        other => other.map(|()| true),
                    },
                };
            }
        };
        while directory.read(&mut self.entries).map_err(|error| error.with_path(self.path.bytes()))? {}
        self.frames.push(Frame { first, next: first, above });
        Ok(false)
    }

    /// Removes the next entry of the innermost directory, or that itself. True: all is done.
    fn step(&mut self) -> Result<bool> {
        let Some(frame) = self.frames.last_mut() else { return Ok(true) };
        let Some((name, kind)) = self.entries.get(frame.next) else {
            let (first, above) = (frame.first, frame.above);
            self.rmdir()?;
            self.entries.truncate(first);
            self.frames.pop();
            self.path.cut(above);
            return Ok(self.frames.is_empty());
        };
        frame.next += 1;
        let here = self.path.push(name);
        let mut directory = kind == EntryKind::Directory;
        if kind == EntryKind::Unknown {
            directory = match uv::lstat(self.path.c()) {
                Ok(found) => found.mode & u64::from(S_IFMT) == u64::from(S_IFDIR),
                Err(error) if error.code() == Code::ENOENT => false,
                Err(error) => return Err(self.at(error)),
            };
        }
        if !(directory || self.unlink()?) || self.enter(here)? {
            self.path.cut(here);
        }
        Ok(false)
    }

    fn advance(&mut self, budget: &mut Budget<'_, '_>) -> Poll<Result<()>> {
        if let Stage::Look = self.stage {
            if self.look()? {
                return Poll::Ready(Ok(()));
            }
            self.stage = Stage::Empty;
        }
        loop {
            if self.step()? {
                return Poll::Ready(Ok(()));
            }
            if !budget.spend(Slice::CALL) {
                return Poll::Pending;
            }
        }
    }
}

impl Task for Rm {
    type Output = ();
    type Question = ();
    type Answer = ();

    fn run(&mut self, budget: &mut Budget<'_, '_>) -> Poll<Result<Turn<Rm>>> {
        match self.advance(budget) {
            Poll::Ready(Err(error)) => {
                let again = self.options.recursive && self.tried < self.options.max_retries;
                if !again || !may_pass(&error) {
                    return Poll::Ready(Err(error));
                }
                self.tried += 1;
                self.stage = Stage::Look;
                self.path = TreePath::new(&self.root);
                self.entries.truncate(0);
                self.frames.clear();
                let delay = u64::from(self.options.retry_delay) * u64::from(self.tried);
                Poll::Ready(Ok(Turn::Wait(Duration::from_millis(delay))))
            }
            Poll::Ready(Ok(())) => Poll::Ready(Ok(Turn::Done(()))),
            Poll::Pending => Poll::Pending,
        }
    }

    fn answer(&mut self, (): ()) {}

    fn progress(&self) -> Progress {
        Progress { entries: self.removed, path: path_buf(self.path.bytes().to_vec()) }
    }
}

/// The answers to `rmdir` that a directory with something in it gets.
fn is_not_empty(error: &Error) -> bool {
    matches!(error.code(), Code::ENOTEMPTY | Code::EEXIST | Code::EPERM)
}

/// Errors that may not come again, by Node's list.
fn may_pass(error: &Error) -> bool {
    matches!(error.code(), Code::EBUSY | Code::EMFILE | Code::ENFILE | Code::ENOTEMPTY | Code::EPERM)
}
