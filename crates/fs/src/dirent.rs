//! What `readdir` gives.

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use nodecore_buffer::{Encoding, decode};
use nodecore_event_loop::uv::fs::{EntryKind, RawEntries};
use nodecore_path as path;

use crate::constants::{S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG, S_IFSOCK};
use crate::path_arg::path_buf;

/// The entries of a directory, or of a tree, in Node's order. The names of a directory lie in one piece of memory.
///
/// ```
/// let entries = nodecore_fs::readdir_sync("src", &Default::default())?;
/// assert!(entries.iter().any(|entry| entry.name() == b"lib.rs" && entry.is_file()));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Entries {
    /// The directories, in order. The first is the one asked for.
    runs: Vec<Run>,
    len: usize,
}

/// The entries of one directory.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    /// How many entries there are before.
    first: usize,
    /// Its path below the directory asked for, empty for that itself.
    below: Box<[u8]>,
    /// Its path as Node gives it.
    parent: Box<[u8]>,
    raw: RawEntries,
}

impl Run {
    pub(crate) fn new(root: &[u8], below: Box<[u8]>, raw: RawEntries) -> Run {
        let parent = match below.is_empty() {
            true => root.into(),
            false => path::join(&[root, &*below]).into(),
        };
        Run { first: 0, below, parent, raw }
    }

    fn dirent(&self, index: usize) -> Option<Dirent<'_>> {
        let (name, kind) = self.raw.get(index.checked_sub(self.first)?)?;
        Some(Dirent { name, kind, run: self })
    }
}

impl Entries {
    /// Adds what comes next in order.
    pub(crate) fn push(&mut self, run: Run) {
        let first = self.len;
        self.len += run.raw.len();
        self.runs.push(Run { first, ..run });
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Entry `index`, if there is one.
    pub fn get(&self, index: usize) -> Option<Dirent<'_>> {
        let run = self.runs.partition_point(|run| run.first <= index).checked_sub(1)?;
        self.runs.get(run)?.dirent(index)
    }

    /// The entries in turn.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Dirent<'_>> + '_ {
        Iter { entries: self, next: 0, run: 0 }
    }

    /// The names as strings, what Node's `readdir` returns: with `recursive`, paths below the directory.
    pub fn to_strings(&self, encoding: Encoding) -> Vec<String> {
        self.iter().map(|entry| decode(&entry.relative_path(), encoding)).collect()
    }
}

struct Iter<'a> {
    entries: &'a Entries,
    next: usize,
    run: usize,
}

impl<'a> Iterator for Iter<'a> {
    type Item = Dirent<'a>;

    fn next(&mut self) -> Option<Dirent<'a>> {
        while self.entries.runs.get(self.run + 1).is_some_and(|run| run.first <= self.next) {
            self.run += 1;
        }
        let dirent = self.entries.runs.get(self.run)?.dirent(self.next)?;
        self.next += 1;
        Some(dirent)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.entries.len() - self.next;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Iter<'_> {}

/// One entry of a directory, Node's `fs.Dirent` (<https://nodejs.org/api/fs.html#class-fsdirent>).
///
/// What it is, the questions tell for certain if `with_file_types` or `recursive` was asked for; else they say
/// what the directory itself tells, and some file systems tell nothing.
#[derive(Clone, Copy)]
pub struct Dirent<'a> {
    name: &'a [u8],
    kind: EntryKind,
    run: &'a Run,
}

macro_rules! kinds {
    ($( $name:ident $kind:ident $doc:literal ; )*) => { $(
        #[doc = $doc]
        pub fn $name(&self) -> bool {
            self.kind == EntryKind::$kind
        }
    )* };
}

macro_rules! questions {
    () => {
        kinds! {
            is_block_device BlockDevice "Whether it is a block device.";
            is_character_device CharacterDevice "Whether it is a character device.";
            is_directory Directory "Whether it is a directory.";
            is_fifo Fifo "Whether it is a FIFO.";
            is_file File "Whether it is a regular file.";
            is_socket Socket "Whether it is a socket.";
            is_symbolic_link Link "Whether it is a symbolic link.";
        }
    };
}

impl<'a> Dirent<'a> {
    /// Its name, in its own bytes.
    pub fn name(&self) -> &'a [u8] {
        self.name
    }

    /// Its name in Rust's type.
    #[cfg(unix)]
    pub fn file_name(&self) -> &'a std::ffi::OsStr {
        std::os::unix::ffi::OsStrExt::from_bytes(self.name)
    }

    /// Its name as Node shows it in `encoding`.
    pub fn name_as(&self, encoding: Encoding) -> String {
        decode(self.name, encoding)
    }

    /// The path of the directory that holds it, beginning as it was given.
    pub fn parent_path(&self) -> &'a [u8] {
        &self.run.parent
    }

    /// Its path below the directory that was read: the name itself, unless that was `recursive`.
    pub fn relative_path(&self) -> Cow<'a, [u8]> {
        if self.run.below.is_empty() {
            return Cow::Borrowed(self.name);
        }
        Cow::Owned(below(&self.run.below, self.name))
    }

    /// What it is.
    pub fn kind(&self) -> EntryKind {
        self.kind
    }

    /// The same, on its own.
    pub fn to_owned(&self) -> DirEntry {
        DirEntry::new(self.name, self.kind, self.run.parent.as_ref().into())
    }

    questions!();
}

/// An entry of a directory that belongs to nobody else: as [`Dirent`], what [`Dir`](crate::Dir),
/// [`glob`](crate::glob()) and [`Walk`](crate::Walk) give.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DirEntry {
    name: Box<[u8]>,
    kind: EntryKind,
    parent: Arc<[u8]>,
}

impl DirEntry {
    pub(crate) fn new(name: &[u8], kind: EntryKind, parent: Arc<[u8]>) -> DirEntry {
        DirEntry { name: name.into(), kind, parent }
    }

    /// Its name, in its own bytes.
    pub fn name(&self) -> &[u8] {
        &self.name
    }

    /// Its name in Rust's type.
    #[cfg(unix)]
    pub fn file_name(&self) -> &std::ffi::OsStr {
        std::os::unix::ffi::OsStrExt::from_bytes(&self.name)
    }

    /// Its name as Node shows it in `encoding`.
    pub fn name_as(&self, encoding: Encoding) -> String {
        decode(&self.name, encoding)
    }

    /// The path of the directory that holds it, beginning as it was given.
    pub fn parent_path(&self) -> &[u8] {
        &self.parent
    }

    /// Its path: [`parent_path`](DirEntry::parent_path) and the name.
    pub fn path(&self) -> PathBuf {
        path_buf(below(&self.parent, &self.name))
    }

    /// What it is.
    pub fn kind(&self) -> EntryKind {
        self.kind
    }

    questions!();
}

impl fmt::Debug for DirEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DirEntry")
            .field("name", &String::from_utf8_lossy(&self.name))
            .field("parent_path", &String::from_utf8_lossy(&self.parent))
            .field("kind", &self.kind)
            .finish()
    }
}

impl fmt::Debug for Dirent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dirent")
            .field("name", &String::from_utf8_lossy(self.name))
            .field("parent_path", &String::from_utf8_lossy(&self.run.parent))
            .field("kind", &self.kind)
            .finish()
    }
}

/// `parent/name`.
pub(crate) fn below(parent: &[u8], name: &[u8]) -> Vec<u8> {
    let mut path = Vec::with_capacity(parent.len() + 1 + name.len());
    path.extend_from_slice(parent);
    if !parent.is_empty() && !parent.ends_with(b"/") {
        path.push(b'/');
    }
    path.extend_from_slice(name);
    path
}

/// What a file of this mode is.
pub(crate) fn kind_of_mode(mode: u64) -> EntryKind {
    match u32::try_from(mode & u64::from(S_IFMT)).unwrap_or(0) {
        S_IFREG => EntryKind::File,
        S_IFDIR => EntryKind::Directory,
        S_IFLNK => EntryKind::Link,
        S_IFIFO => EntryKind::Fifo,
        S_IFSOCK => EntryKind::Socket,
        S_IFCHR => EntryKind::CharacterDevice,
        S_IFBLK => EntryKind::BlockDevice,
        _ => EntryKind::Unknown,
    }
}
