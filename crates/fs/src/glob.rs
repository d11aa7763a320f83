//! `glob`.

mod lazy;
mod search;

use std::fmt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::EventLoop;
use nodecore_event_loop::uv::fs::EntryKind;
use nodecore_path as path;

use crate::dirent::DirEntry;
use crate::path_arg::{PathArg, path_buf};
use crate::tree::{self, Ask, Hooks, Prepared, TreeRequest};
use search::Search;

pub use lazy::{GlobEntries, glob_entries};

/// How [`glob`] looks.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct GlobOptions {
    /// Where relative patterns begin. Default: the current directory.
    pub cwd: Option<PathBuf>,
    /// Whether `**` goes through links to directories. One that leads to a directory above is not gone through.
    pub follow_symlinks: bool,
    exclude: Exclude,
    hooks: Hooks,
}

#[derive(Clone, Default)]
enum Exclude {
    #[default]
    Nothing,
    Patterns(Vec<String>),
    Function(Rc<ExcludeFn>),
}

type ExcludeFn = dyn Fn(&DirEntry) -> Result<bool>;

impl fmt::Debug for Exclude {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Exclude::Nothing => f.write_str("Nothing"),
            Exclude::Patterns(patterns) => f.debug_list().entries(patterns).finish(),
            Exclude::Function(_) => f.write_str("Function"),
        }
    }
}

impl GlobOptions {
    /// Sets where relative patterns begin.
    #[must_use]
    pub fn cwd(mut self, cwd: impl Into<PathBuf>) -> GlobOptions {
        self.cwd = Some(cwd.into());
        self
    }

    /// Sets whether `**` goes through links to directories.
    #[must_use]
    pub fn follow_symlinks(mut self, follow: bool) -> GlobOptions {
        self.follow_symlinks = follow;
        self
    }

    /// Leaves out what one of these patterns matches, and what is below it.
    #[must_use]
    pub fn exclude(mut self, patterns: impl GlobArg) -> GlobOptions {
        self.exclude = Exclude::Patterns(patterns.patterns());
        self
    }

    /// Leaves out what `exclude` says yes to, and what is below it. It is asked about what a pattern has matched so
    /// far, on the loop's thread (in the sync form, on the caller's); an error ends the search.
    #[must_use]
    pub fn exclude_fn(mut self, exclude: impl Fn(&DirEntry) -> Result<bool> + 'static) -> GlobOptions {
        self.exclude = Exclude::Function(Rc::new(exclude));
        self
    }
}

tree::hook_methods!(GlobOptions);

/// One pattern, or several.
pub trait GlobArg {
    /// All of them.
    fn patterns(&self) -> Vec<String>;
}

impl GlobArg for str {
    fn patterns(&self) -> Vec<String> {
        vec![self.to_owned()]
    }
}

impl GlobArg for String {
    fn patterns(&self) -> Vec<String> {
        vec![self.clone()]
    }
}

impl<S: AsRef<str>> GlobArg for [S] {
    fn patterns(&self) -> Vec<String> {
        self.iter().map(|pattern| pattern.as_ref().to_owned()).collect()
    }
}

impl<S: AsRef<str>> GlobArg for Vec<S> {
    fn patterns(&self) -> Vec<String> {
        self[..].patterns()
    }
}

impl<S: AsRef<str>, const N: usize> GlobArg for [S; N] {
    fn patterns(&self) -> Vec<String> {
        self[..].patterns()
    }
}

impl<T: GlobArg + ?Sized> GlobArg for &T {
    fn patterns(&self) -> Vec<String> {
        (**self).patterns()
    }
}

/// What [`glob`] has found: a path as the pattern spells it, and the entry as with Node's `withFileTypes`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct GlobEntry {
    path: Box<[u8]>,
    entry: DirEntry,
}

impl GlobEntry {
    fn new(path: &[u8], kind: EntryKind, cwd: &[u8]) -> GlobEntry {
        let absolute = match path.first() {
            Some(b'/') => path.to_vec(),
            _ => path::join(&[cwd, path]),
        };
        let parent: Arc<[u8]> = path::dirname(&absolute[..]).into();
        let entry = DirEntry::new(path::basename(&absolute[..], None), kind, parent);
        GlobEntry { path: path.into(), entry }
    }

    /// Its path, relative where the pattern is; `.` is the directory the search began in.
    pub fn path(&self) -> &Path {
        #[cfg(unix)]
        return Path::new(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(&self.path));
        #[cfg(not(unix))]
        return Path::new(std::str::from_utf8(&self.path).unwrap_or_default());
    }

    /// The bytes of [`path`](GlobEntry::path).
    pub fn path_bytes(&self) -> &[u8] {
        &self.path
    }

    /// Its name, what it is, and the absolute path of the directory that holds it.
    pub fn entry(&self) -> &DirEntry {
        &self.entry
    }
}

impl fmt::Debug for GlobEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = String::from_utf8_lossy(&self.path);
        f.debug_struct("GlobEntry").field("path", &path).field("kind", &self.entry.kind()).finish()
    }
}

/// Finds what the patterns match, each once. The order is Node's: the entries of a directory by their bytes, then the
/// directories within, the last first. What cannot be read counts as empty.
///
/// Patterns are those of [`nodecore_path::Glob`]; directories that no pattern can match in are not read.
///
/// Node: [`fs.globSync`](https://nodejs.org/api/fs.html#fsglobsyncpattern-options).
///
/// # Errors
/// [`Code::InvalidArgValue`] for a pattern of more than 65,536 UTF-16 units, or a `cwd` with NUL.
///
/// # Differences from Node
/// A function that excludes is asked once about each entry, and with the entry; Node asks more than once, and about
/// what no pattern matches. The parent of an entry is absolute in all forms; `globSync` of Node has it relative.
///
/// # Examples
/// ```
/// use nodecore_fs::{GlobOptions, glob_sync};
///
/// let found = glob_sync("src/**/*.rs", &GlobOptions::default().exclude("src/streams"))?;
/// assert!(found.iter().any(|entry| entry.path_bytes() == b"src/lib.rs"));
/// assert!(found.iter().all(|entry| !entry.path().starts_with("src/streams")));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn glob_sync(patterns: impl GlobArg, options: &GlobOptions) -> Result<Vec<GlobEntry>> {
    let search = prepare(&patterns, options)?;
    tree::run_sync(search.task, &options.hooks, &mut |entries| ask(&options.exclude, &entries))
}

/// As [`glob_sync`]; `done` is called once, later, from the loop. One trip to the pool, unless a function excludes.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn glob(
    lp: &EventLoop,
    patterns: impl GlobArg,
    options: &GlobOptions,
    done: impl FnOnce(Result<Vec<GlobEntry>>) + 'static,
) -> Result<TreeRequest> {
    Ok(tree::start(lp, prepare(&patterns, options)?, done))
}

pub(crate) mod promises {
    use nodecore_event_loop::EventLoop;

    use super::{GlobArg, GlobEntry, GlobOptions, prepare};
    use crate::promise::{Promise, tree_promise};

    /// As [`glob_sync`](crate::glob_sync()), as a future. (Node's gives the entries one by one, as
    /// [`glob_entries`](crate::glob_entries()) does.)
    pub fn glob(lp: &EventLoop, patterns: impl GlobArg, options: &GlobOptions) -> Promise<Vec<GlobEntry>> {
        tree_promise(lp, prepare(&patterns, options))
    }
}

fn ask(exclude: &Exclude, entries: &[DirEntry]) -> Result<Vec<bool>> {
    match exclude {
        Exclude::Function(function) => entries.iter().map(|entry| function(entry)).collect(),
        _ => Ok(vec![false; entries.len()]),
    }
}

fn prepare(patterns: &impl GlobArg, options: &GlobOptions) -> Result<Prepared<Search>> {
    let cwd = match &options.cwd {
        Some(cwd) => path::resolve(&[&*cwd.path_bytes()?])?,
        None => path::resolve::<&[u8]>(&[])?,
    };
    if cwd.contains(&0) {
        return Err(Error::new(Code::InvalidArgValue, "cwd must be a path without null bytes"));
    }
    let (excluded, asks) = match &options.exclude {
        Exclude::Nothing => (&[][..], false),
        Exclude::Patterns(patterns) => (&patterns[..], false),
        Exclude::Function(_) => (&[][..], true),
    };
    let task = Search::new(&patterns.patterns(), excluded, asks, cwd, options.follow_symlinks)?;
    Ok(Prepared { task, hooks: options.hooks.clone(), ask: asking(&options.exclude) })
}

fn asking(exclude: &Exclude) -> Ask<Vec<DirEntry>, Vec<bool>> {
    let exclude = exclude.clone();
    Ask::Now(Box::new(move |entries| ask(&exclude, &entries)))
}

fn shown(path: Vec<u8>) -> PathBuf {
    path_buf(path)
}
