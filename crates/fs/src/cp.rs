//! `cp`.

mod files;
mod links;
mod paths;

use std::ffi::{CStr, CString};
use std::fmt;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::uv::fs::{Directory, EntryKind, RawEntries, RawStat};
use nodecore_event_loop::{EventLoop, Slice};
use nodecore_path as path;

use crate::access::valid_mode;
use crate::crew::{self, Crew, Hand, Helper, Node, Part, Share};
use crate::dirent::kind_of_mode;
use crate::path_arg::{PathArg, c_path, path_buf};
use crate::tree::{self, Answer, Ask, Budget, Hooks, Prepared, Progress, Task, TreePath, TreeRequest, Turn};

/// How [`cp`] copies.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CpOptions {
    /// Whether links are copied as what they point to.
    pub dereference: bool,
    /// Whether something there already is an error, if not `force`.
    pub error_on_exist: bool,
    /// Whether files that are there already are overwritten. Default true.
    pub force: bool,
    /// As [`copy_file`](crate::copy_file())'s.
    pub mode: i32,
    /// Whether the copies have the times of access and of change of the files and directories.
    pub preserve_timestamps: bool,
    /// Whether directories are copied, with all that is in them; otherwise they are refused.
    pub recursive: bool,
    /// Whether links are copied as they are written; otherwise as absolute paths.
    pub verbatim_symlinks: bool,
    filter: Option<Filter>,
    hooks: Hooks,
}

impl Default for CpOptions {
    fn default() -> CpOptions {
        CpOptions {
            dereference: false,
            error_on_exist: false,
            force: true,
            mode: 0,
            preserve_timestamps: false,
            recursive: false,
            verbatim_symlinks: false,
            filter: None,
            hooks: Hooks::default(),
        }
    }
}

macro_rules! setters {
    ($( $name:ident: $type:ty, $doc:literal; )*) => { $(
        #[doc = $doc]
        #[must_use]
        pub fn $name(mut self, $name: $type) -> CpOptions {
            self.$name = $name;
            self
        }
    )* };
}

impl CpOptions {
    setters! {
        dereference: bool, "Sets whether links are copied as what they point to.";
        error_on_exist: bool, "Sets whether something there already is an error, if not `force`.";
        force: bool, "Sets whether files that are there already are overwritten.";
        mode: i32, "Sets how files are copied: 0, or `COPYFILE_*` of [`constants`](crate::constants) combined.";
        preserve_timestamps: bool, "Sets whether the copies have the times of the files and directories.";
        recursive: bool, "Sets whether directories are copied, with all that is in them.";
        verbatim_symlinks: bool, "Sets whether links are copied as they are written.";
    }

    /// Copies only what `filter` says yes to, given what is to be copied and where to. A directory that it says no to
    /// is not looked into. It runs on the loop's thread (in the sync form, on the caller's); an error ends the copying.
    #[must_use]
    pub fn filter(mut self, filter: impl Fn(&Path, &Path) -> Result<bool> + 'static) -> CpOptions {
        self.filter = Some(Filter::Now(Rc::new(filter)));
        self
    }

    /// As [`filter`](CpOptions::filter), with an answer that is waited for. Not for the sync form.
    #[must_use]
    pub fn filter_async<F>(mut self, filter: impl Fn(PathBuf, PathBuf) -> F + 'static) -> CpOptions
    where
        F: Future<Output = Result<bool>> + 'static,
    {
        self.filter = Some(Filter::Later(Rc::new(move |src, dest| Box::pin(filter(src, dest)))));
        self
    }
}

tree::hook_methods!(CpOptions);

#[derive(Clone)]
enum Filter {
    Now(Rc<NowFilter>),
    Later(Rc<LaterFilter>),
}

type NowFilter = dyn Fn(&Path, &Path) -> Result<bool>;
type LaterFilter = dyn Fn(PathBuf, PathBuf) -> Answer<bool>;

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Filter::Now(_) => "Now",
            Filter::Later(_) => "Later",
        })
    }
}

/// Copies `src` to `dest`: a file, a link, or with `recursive` a directory with all that is in it. Missing directories
/// above `dest` are made.
///
/// Node: [`fs.cpSync`](https://nodejs.org/api/fs.html#fscpsyncsrc-dest-options).
///
/// # Errors
/// - [`Code::FsCpEinval`] if the two are the same, or one is inside the other;
/// - [`Code::FsCpDirToNonDir`], [`Code::FsCpNonDirToDir`] if there is something of the other kind;
/// - [`Code::FsCpEexist`] if there is something, with `error_on_exist` and without `force`;
/// - [`Code::FsEisdir`] for a directory without `recursive`;
/// - [`Code::FsCpSymlinkToSubdirectory`] if a link would take the place of one to a directory above its own target;
/// - [`Code::FsCpFifoPipe`], [`Code::FsCpSocket`], [`Code::FsCpUnknown`] for what cannot be copied;
/// - [`Code::IncompatibleOptionPair`], [`Code::OutOfRange`], [`Code::InvalidArgValue`] for the arguments;
/// - otherwise the system's. What was copied before stays.
///
/// # Differences from Node
/// All forms do and say what Node's `fs.promises.cp` does. Node's `cpSync` is another program: it has other texts and
/// no `errno`, `syscall` and `path` for the first five, refuses broken links and loops of links, with `dereference` takes
/// every link for a directory, copies a directory into itself by way of a link until the path is too long, and ends the
/// process if a link is to take the place of a broken one.
///
/// # Examples
/// ```
/// use nodecore_fs::{CpOptions, RmOptions, cp_sync, exists_sync, mkdtemp_sync, rm_sync};
///
/// let dir = mkdtemp_sync(std::env::temp_dir().join("example-"))?;
/// let only_rust = CpOptions::default()
///     .recursive(true)
///     .filter(|from, _to| Ok(from.is_dir() || from.extension().is_some_and(|ext| ext == "rs")));
/// cp_sync("src", dir.join("copy"), &only_rust)?;
/// assert!(exists_sync(dir.join("copy/lib.rs")));
/// rm_sync(&dir, &RmOptions::default().recursive(true))?;
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn cp_sync(src: impl PathArg, dest: impl PathArg, options: &CpOptions) -> Result<()> {
    let task = Cp::new(&src, &dest, options)?;
    tree::run_sync(task, &options.hooks, &mut |(src, dest)| match &options.filter {
        Some(Filter::Now(filter)) => filter(&src, &dest),
        Some(Filter::Later(_)) => {
            let args: [&dyn fmt::Display; 3] = [&"boolean", &"filter", &"an instance of Promise"];
            Err(Error::from_template(Code::InvalidReturnValue, &args))
        }
        None => Ok(true),
    })
}

/// As [`cp_sync`]; `done` is called once, later, from the loop. Without a filter a small tree is one trip to the pool; on a
/// large one several of the pool's threads work together, so that what is copied before an error is in no order.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn cp(
    lp: &EventLoop,
    src: impl PathArg,
    dest: impl PathArg,
    options: &CpOptions,
    done: impl FnOnce(Result<()>) + 'static,
) -> Result<TreeRequest> {
    Ok(tree::start(lp, Cp::prepare(&src, &dest, options)?, done))
}

pub(crate) mod promises {
    use nodecore_event_loop::EventLoop;

    use super::{Cp, CpOptions};
    use crate::path_arg::PathArg;
    use crate::promise::{Promise, tree_promise};

    /// As [`cp_sync`](crate::cp_sync()), as a future.
    pub fn cp(lp: &EventLoop, src: impl PathArg, dest: impl PathArg, options: &CpOptions) -> Promise<()> {
        tree_promise(lp, Cp::prepare(&src, &dest, options))
    }
}

/// Copies depth first, in the order of the directories, each read to its end before anything in it is copied.
struct Cp {
    options: Plain,
    src: TreePath,
    dest: TreePath,
    next: Option<Next>,
    allowed: Option<bool>,
    /// The entries of the directories that are being copied, the innermost last.
    entries: RawEntries,
    frames: Vec<Frame>,
    copied: u64,
    share: Share<Copying, Made>,
}

/// What a directory is given at the end, if anything.
type Made = Option<Last>;

struct Last {
    dest: CString,
    /// The permissions, if it was made here.
    mode: Option<u32>,
    /// The directory whose times it gets.
    times_of: Option<CString>,
}

/// A directory that is handed over, and the one it is in.
struct Copying {
    src: CString,
    dest: CString,
    fresh: bool,
    parent: Arc<Node<Made>>,
}

/// The options that are not the caller's code.
#[derive(Clone, Copy)]
struct Plain {
    dereference: bool,
    error_on_exist: bool,
    force: bool,
    mode: i32,
    preserve_timestamps: bool,
    recursive: bool,
    verbatim_symlinks: bool,
    filtered: bool,
}

/// What the paths are at, and is to be copied next.
#[derive(Clone, Copy)]
struct Next {
    kind: EntryKind,
    /// What the paths are to be cut to after it.
    above: (usize, usize),
    /// Whether nothing can be there already: the directory was just made.
    fresh: bool,
    is_root: bool,
}

/// A directory being copied.
struct Frame {
    first: usize,
    next: usize,
    above: (usize, usize),
    fresh: bool,
    part: Part<Made>,
}

impl Cp {
    fn new(src: &impl PathArg, dest: &impl PathArg, options: &CpOptions) -> Result<Cp> {
        let plain = Plain {
            dereference: options.dereference,
            error_on_exist: options.error_on_exist,
            force: options.force,
            mode: options.mode,
            preserve_timestamps: options.preserve_timestamps,
            recursive: options.recursive,
            verbatim_symlinks: options.verbatim_symlinks,
            filtered: options.filter.is_some(),
        };
        if plain.dereference && plain.verbatim_symlinks {
            let names: [&dyn fmt::Display; 2] = [&"dereference", &"verbatimSymlinks"];
            return Err(Error::from_template(Code::IncompatibleOptionPair, &names));
        }
        valid_mode(plain.mode)?;
        let (src, dest) = (c_path(src, "src")?, c_path(dest, "dest")?);
        Ok(Cp {
            options: plain,
            src: TreePath::new(&src),
            dest: TreePath::new(&dest),
            next: Some(Next { kind: EntryKind::Unknown, above: (0, 0), fresh: false, is_root: true }),
            allowed: None,
            entries: RawEntries::default(),
            frames: Vec::new(),
            copied: 0,
            share: Share::default(),
        })
    }

    fn prepare(src: &impl PathArg, dest: &impl PathArg, options: &CpOptions) -> Result<Prepared<Cp>> {
        let ask = match options.filter.clone() {
            None => Ask::Nobody,
            Some(Filter::Now(filter)) => Ask::Now(Box::new(move |(src, dest): Pair| filter(&src, &dest))),
            Some(Filter::Later(filter)) => Ask::Later(Box::new(move |(src, dest)| filter(src, dest))),
        };
        Ok(Prepared { task: Cp::new(src, dest, options)?, hooks: options.hooks.clone(), ask })
    }

    fn refuse(&self, code: Code, reason: Code, detail: &str) -> Error {
        Error::system_error(code, reason, "cp", detail, self.dest.bytes())
    }

    fn stat_of(&self, path: &CStr) -> Result<RawStat> {
        let stat = if self.options.dereference { uv::stat } else { uv::lstat };
        stat(path).map_err(|error| error.with_path(path.to_bytes()))
    }

    /// Copies what the paths are at. True: a directory, whose entries come next.
    fn copy(&mut self, next: &Next) -> Result<bool> {
        let hinted =
            next.kind != EntryKind::Unknown && !(self.options.dereference && next.kind == EntryKind::Link);
        let mut found = match hinted {
            true => None,
            false => Some(self.stat_of(self.src.c())?),
        };
        let kind = found.as_ref().map_or(next.kind, |found| kind_of_mode(found.mode));
        let there = match next.fresh {
            true => None,
            false => match self.stat_of(self.dest.c()) {
                Ok(there) => Some(there),
                Err(error) if error.code() == Code::ENOENT => None,
                Err(error) => return Err(error),
            },
        };
        let is_dir = kind == EntryKind::Directory;
        if let Some(there) = &there {
            let from = match found {
                Some(found) => found,
                None => *found.insert(self.stat_of(self.src.c())?),
            };
            self.check_both(&from, is_dir, there)?;
        }
        if next.is_root
            && let Some(from) = &found
        {
            self.check_root(from, is_dir)?;
        }
        self.share.count(&mut self.copied, 1);
        match kind {
            EntryKind::Directory => self.enter(next, found, there.is_some()).map(|()| true),
            EntryKind::File | EntryKind::CharacterDevice | EntryKind::BlockDevice => {
                self.file(there.is_some()).map(|()| false)
            }
            EntryKind::Link => self.link(there.is_some()).map(|()| false),
            other => {
                let (code, what) = match other {
                    EntryKind::Socket => (Code::FsCpSocket, "a socket file"),
                    EntryKind::Fifo => (Code::FsCpFifoPipe, "a FIFO pipe"),
                    _ => (Code::FsCpUnknown, "an unknown file type"),
                };
                let detail = format!("cannot copy {what}: {}", shown(self.dest.bytes()));
                Err(self.refuse(code, Code::EINVAL, &detail))
            }
        }
    }

    /// Makes the directory if it is not there, and reads the one that is copied.
    fn enter(&mut self, next: &Next, found: Option<RawStat>, there: bool) -> Result<()> {
        if next.is_root && !self.options.recursive {
            let detail = format!("{} is a directory (not copied)", shown(self.src.bytes()));
            let path = self.src.bytes();
            return Err(Error::system_error(Code::FsEisdir, Code::EISDIR, "cp", &detail, path));
        }
        if there && !self.options.force {
            self.keep()?;
        }
        let mut mode = None;
        if !there {
            let found = match found {
                Some(found) => found,
                None => self.stat_of(self.src.c())?,
            };
            uv::mkdir(self.dest.c(), 0o777).map_err(|error| error.with_path(self.dest.bytes()))?;
            mode = Some(u32::try_from(found.mode & 0o7777).unwrap_or(0o700));
        }
        let first = self.entries.len();
        let at = |error: Error| error.with_path(self.src.bytes());
        let mut directory = Directory::open(self.src.c(), "opendir").map_err(at)?;
        while directory.read(&mut self.entries).map_err(at)? {}
        let times_of = self.options.preserve_timestamps.then(|| self.src.c().to_owned());
        let last = mode.is_some() || times_of.is_some();
        let part = Part::new(last.then(|| Last { dest: self.dest.c().to_owned(), mode, times_of }));
        if next.is_root {
            self.src.tidy();
            self.dest.tidy();
        }
        self.frames.push(Frame { first, next: first, above: next.above, fresh: !there, part });
        Ok(())
    }

    /// Goes on to what is to be copied next.
    fn move_on(&mut self) -> Result<()> {
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        if let Some((name, kind)) = self.entries.get(frame.next) {
            frame.next += 1;
            let above = (self.src.push(name), self.dest.push(name));
            self.next = Some(Next { kind, above, fresh: frame.fresh, is_root: false });
            return Ok(());
        }
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        self.entries.truncate(frame.first);
        self.share.leave(frame.part, self.frames.is_empty(), finish)?;
        if !self.frames.is_empty() {
            self.cut(frame.above);
        }
        Ok(())
    }

    fn cut(&mut self, above: (usize, usize)) {
        self.src.cut(above.0);
        self.dest.cut(above.1);
    }

    /// Hands over the directory that the paths are at, if others want it.
    fn hand_over(&mut self, next: &Next) -> bool {
        let under_way = self.frames.iter_mut().map(|frame| &mut frame.part);
        self.share.hand_over(under_way, |parent| Copying {
            src: self.src.c().to_owned(),
            dest: self.dest.c().to_owned(),
            fresh: next.fresh,
            parent,
        })
    }
}

/// All that is in a directory has been copied.
fn finish(made: &Made) -> Result<()> {
    let Some(Last { dest, mode, times_of }) = made else { return Ok(()) };
    let at = |error: Error| error.with_path(dest.as_bytes());
    if let Some(mode) = mode {
        uv::chmod(dest, *mode).map_err(at)?;
    }
    if let Some(src) = times_of {
        let found = uv::stat(src).map_err(|error| error.with_path(src.as_bytes()))?;
        uv::utime(dest, files::times(&found)).map_err(at)?;
    }
    Ok(())
}

impl Hand for Cp {
    type Job = Copying;

    fn crew(&mut self) -> &mut Option<Arc<Crew<Copying>>> {
        &mut self.share.crew
    }

    /// With a filter it stays alone: its questions are put in order.
    fn wants_help(&self) -> bool {
        !self.options.filtered && self.copied >= crew::ALONE
    }

    fn another(&self) -> Cp {
        Cp {
            options: self.options,
            src: TreePath::new(c""),
            dest: TreePath::new(c""),
            next: None,
            allowed: None,
            entries: RawEntries::default(),
            frames: Vec::new(),
            copied: 0,
            share: Share::default(),
        }
    }

    fn is_idle(&self) -> bool {
        self.next.is_none() && self.frames.is_empty()
    }

    fn question(&mut self) -> Option<Pair> {
        if !self.options.filtered || self.next.is_none() || self.allowed.is_some() {
            return None;
        }
        Some((path_buf(self.src.bytes().to_vec()), path_buf(self.dest.bytes().to_vec())))
    }

    fn begin(&mut self, job: Copying) -> Result<()> {
        (self.src, self.dest) = (TreePath::new(&job.src), TreePath::new(&job.dest));
        self.share.take_over(job.parent);
        let kind = EntryKind::Directory;
        let next = Next { kind, above: (0, 0), fresh: job.fresh, is_root: false };
        // It is one, or this is an error: what was handed over is left when its own entries are.
        self.copy(&next).map(|_| ())
    }

    fn step(&mut self) -> Result<()> {
        let Some(next) = self.next.take() else { return self.move_on() };
        let handed_over = next.kind == EntryKind::Directory && self.hand_over(&next);
        let entered = !handed_over && self.allowed.take() != Some(false) && self.copy(&next)?;
        if !entered && !next.is_root {
            self.cut(next.above);
        }
        Ok(())
    }

    fn cost(&self) -> usize {
        Slice::CALL * 4
    }

    fn finish(&mut self) -> Result<()> {
        Ok(())
    }
}

type Pair = (PathBuf, PathBuf);

impl Task for Cp {
    type Output = ();
    type Question = Pair;
    type Answer = bool;
    type Helper = Helper<Cp>;

    fn run(&mut self, budget: &mut Budget<'_, '_>) -> Poll<Result<Turn<Cp>>> {
        crew::work(self, budget)
    }

    fn answer(&mut self, allowed: bool) {
        self.allowed = Some(allowed);
    }

    fn progress(&self) -> Progress {
        let entries = self.copied + self.share.entries();
        Progress { entries, path: path_buf(self.src.bytes().to_vec()) }
    }

    fn helper(&mut self) -> Option<Helper<Cp>> {
        crew::helper(self)
    }
}

fn shown(path: &[u8]) -> String {
    String::from_utf8_lossy(path).into_owned()
}

/// The directory that holds `path`, as Node's `path.dirname` says.
fn parent(path: &[u8]) -> &[u8] {
    path::dirname(path)
}
