//! `rm`.

use std::ffi::{CStr, CString};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::uv::fs::{Directory, EntryKind, RawEntries};
use nodecore_event_loop::{EventLoop, Slice};

use crate::constants::{S_IFDIR, S_IFMT};
use crate::crew::{self, Crew, Hand, Helper, Node, Part, Share};
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

/// As [`rm_sync`]; `done` is called once, later, from the loop. A small tree is one trip to the pool; on a large one
/// several of the pool's threads work together, so that what is left after an error is in no order.
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
    share: Share<Emptying, CString>,
}

/// A directory that is handed over, and the one it is in.
pub(crate) struct Emptying {
    path: CString,
    parent: Arc<Node<CString>>,
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
    part: Part<CString>,
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
            share: Share::default(),
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
        self.share.count(&mut self.removed, 1);
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
        remove_directory(self.path.c())?;
        self.count();
        Ok(())
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
        let part = Part::new(self.path.c().to_owned());
        self.frames.push(Frame { first, next: first, above, part });
        Ok(false)
    }

    /// The innermost directory is empty, but for what was handed over.
    fn leave(&mut self) -> Result<()> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        self.entries.truncate(frame.first);
        self.path.cut(frame.above);
        let gone = self.share.leave(frame.part, self.frames.is_empty(), |path| remove_directory(path))?;
        self.share.count(&mut self.removed, gone);
        Ok(())
    }

    /// Hands over the directory at the path, if others want it.
    fn hand_over(&mut self) -> bool {
        let under_way = self.frames.iter_mut().map(|frame| &mut frame.part);
        self.share.hand_over(under_way, |parent| Emptying { path: self.path.c().to_owned(), parent })
    }
}

impl Hand for Rm {
    type Job = Emptying;

    fn crew(&mut self) -> &mut Option<Arc<Crew<Emptying>>> {
        &mut self.share.crew
    }

    fn wants_help(&self) -> bool {
        self.removed >= crew::ALONE
    }

    fn another(&self) -> Rm {
        Rm {
            options: self.options,
            root: CString::default(),
            tried: 0,
            stage: Stage::Empty,
            path: TreePath::new(c""),
            entries: RawEntries::default(),
            frames: Vec::new(),
            removed: 0,
            share: Share::default(),
        }
    }

    fn is_idle(&self) -> bool {
        self.frames.is_empty()
    }

    fn question(&mut self) -> Option<()> {
        None
    }

    fn begin(&mut self, job: Emptying) -> Result<()> {
        self.path = TreePath::new(&job.path);
        self.share.take_over(job.parent);
        if !self.enter(self.path.len())? {
            return Ok(());
        }
        let gone = self.share.leave_base(|path| remove_directory(path))?;
        self.share.count(&mut self.removed, gone);
        Ok(())
    }

    /// Removes the next entry of the innermost directory, or that itself.
    fn step(&mut self) -> Result<()> {
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        let Some((name, kind)) = self.entries.get(frame.next) else { return self.leave() };
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
        if !(directory || self.unlink()?) || self.hand_over() || self.enter(here)? {
            self.path.cut(here);
        }
        Ok(())
    }

    fn cost(&self) -> usize {
        Slice::CALL
    }

    fn finish(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Task for Rm {
    type Output = ();
    type Question = ();
    type Answer = ();
    type Helper = Helper<Rm>;

    fn run(&mut self, budget: &mut Budget<'_, '_>) -> Poll<Result<Turn<Rm>>> {
        let outcome = match self.stage {
            Stage::Empty => crew::work(self, budget),
            Stage::Look => match self.look() {
                Ok(true) => Poll::Ready(Ok(Turn::Done(()))),
                Ok(false) => {
                    self.stage = Stage::Empty;
                    crew::work(self, budget)
                }
                Err(error) => Poll::Ready(Err(error)),
            },
        };
        let Poll::Ready(Err(error)) = outcome else { return outcome };
        let again = self.options.recursive && self.tried < self.options.max_retries;
        if !again || !may_pass(&error) {
            return Poll::Ready(Err(error));
        }
        self.tried += 1;
        self.stage = Stage::Look;
        self.path = TreePath::new(&self.root);
        self.entries.truncate(0);
        self.frames.clear();
        self.removed += std::mem::take(&mut self.share).entries();
        let delay = u64::from(self.options.retry_delay) * u64::from(self.tried);
        Poll::Ready(Ok(Turn::Wait(Duration::from_millis(delay))))
    }

    fn answer(&mut self, (): ()) {}

    fn progress(&self) -> Progress {
        let entries = self.removed + self.share.entries();
        Progress { entries, path: path_buf(self.path.bytes().to_vec()) }
    }

    fn helper(&mut self) -> Option<Helper<Rm>> {
        crew::helper(self)
    }
}

/// One that is gone already is as good.
fn remove_directory(path: &CStr) -> Result<()> {
    match uv::rmdir(path) {
        Err(error) if error.code() != Code::ENOENT => Err(error.with_path(path.to_bytes())),
        _ => Ok(()),
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
