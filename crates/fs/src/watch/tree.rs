//! A tree, watched directory by directory.
//!
//! The system tells of the entries of a directory. What such an event means is found out by looking at the
//! entry: one that is not known came, one that is not there went. A directory that came is listed, and all in
//! it came too.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::CString;
use std::ops::Bound::{Excluded, Included};
use std::rc::Rc;
use std::vec::IntoIter;

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::uv::fs::{self as uv, Directory, EntryKind, RawEntries, RawStat, RawTime};
use nodecore_event_loop::{EventLoop, FsEvent, FsEventKind};
use nodecore_path as path;

use super::{Inner, Watched};
use crate::constants::{S_IFDIR, S_IFLNK, S_IFMT};
use crate::dirent::below;
use crate::stat::is_absence;

/// A path below the root; the root itself is empty.
type Name = Rc<[u8]>;

pub(super) struct Tree {
    root: CString,
    /// In order, so that what is below a directory is one range.
    known: RefCell<BTreeMap<Name, Entry>>,
}

struct Entry {
    kind: Kind,
    identity: Identity,
    /// Of a directory, of a link, and of a root that is a file.
    event: Option<FsEvent>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Directory,
    Link,
    Other,
}

/// What tells one directory or link from the next of the same name.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Identity {
    dev: u64,
    ino: u64,
    birth: Option<RawTime>,
}

impl Identity {
    fn of(found: &RawStat) -> Identity {
        Identity { dev: found.dev, ino: found.ino, birth: Some(found.birthtime) }
    }
}

impl Kind {
    fn of(found: &RawStat) -> Kind {
        match found.mode & u64::from(S_IFMT) {
            kind if kind == u64::from(S_IFDIR) => Kind::Directory,
            kind if kind == u64::from(S_IFLNK) => Kind::Link,
            _ => Kind::Other,
        }
    }
}

/// What is done with an event, which happened to the last of the arguments.
type Heard = fn(&Rc<Tree>, &EventLoop, &Rc<Inner>, &Name, FsEventKind, &[u8]);

/// Directories whose entries are being added.
type Listings = Vec<IntoIter<(Name, EntryKind)>>;

/// Watches what is at `path` and below. What has been started refers to `inner`, also after an error.
pub(super) fn start(lp: &EventLoop, inner: &Rc<Inner>, path: &CString) -> Result<()> {
    let root = path::resolve(&[path.as_bytes()])?;
    let root = CString::new(root).map_err(|_| Error::system_code(Code::EINVAL, "stat"))?;
    let found = uv::stat(&root)?;
    let tree = Rc::new(Tree { root, known: RefCell::default() });
    *inner.watched.borrow_mut() = Watched::Tree(Rc::clone(&tree));
    let name = Name::default();
    if Kind::of(&found) == Kind::Directory {
        return tree.add(lp, inner, name, Some(&found), false);
    }
    let event = tree.watch(lp, inner, &name, Tree::on_root_event)?;
    let entry = Entry { kind: Kind::Other, identity: Identity::of(&found), event: Some(event) };
    tree.known.borrow_mut().insert(name, entry);
    Ok(())
}

impl Tree {
    /// Lets everything go, and with it what refers to the watcher.
    pub(super) fn release(&self) {
        let known = self.known.take();
        drop(known);
    }

    pub(super) fn set_ref(&self, on: bool) {
        self.known
            .borrow()
            .values()
            .filter_map(|entry| entry.event.as_ref())
            .for_each(|event| event.set_ref(on));
    }

    fn path(&self, name: &[u8]) -> Result<CString> {
        if name.is_empty() {
            return Ok(self.root.clone());
        }
        // No name that the system gives has NUL in it.
        CString::new(below(self.root.as_bytes(), name)).map_err(|_| Error::system_code(Code::ENOENT, "lstat"))
    }

    /// What is there; None if nothing is, or nothing can be found out.
    fn look(&self, name: &[u8]) -> Result<Option<RawStat>> {
        // The root is what the caller named, or what that links to.
        let found =
            self.path(name).and_then(|path| if name.is_empty() { uv::stat(&path) } else { uv::lstat(&path) });
        match found {
            Ok(found) => Ok(Some(found)),
            Err(error) if is_absence(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Has the system tell `heard` of what happens to `name`.
    fn watch(
        self: &Rc<Self>,
        lp: &EventLoop,
        inner: &Rc<Inner>,
        name: &Name,
        heard: Heard,
    ) -> Result<FsEvent> {
        let path = self.path(name)?;
        let (tree, inner_too, name) = (Rc::clone(self), Rc::clone(inner), Rc::clone(name));
        let event = FsEvent::start(lp, &path, move |lp, kind, entry| match kind {
            Ok(kind) => heard(&tree, lp, &inner_too, &name, kind, entry.unwrap_or_default()),
            Err(error) => inner_too.fail(error),
        })
        .map_err(|error| error.with_path(path.as_bytes()))?;
        event.set_ref(inner.referenced.get());
        Ok(event)
    }

    /// Adds `name` and all below. With `tell` each of them is told of, before what is below it.
    fn add(
        self: &Rc<Self>,
        lp: &EventLoop,
        inner: &Rc<Inner>,
        name: Name,
        found: Option<&RawStat>,
        tell: bool,
    ) -> Result<()> {
        // Not recursive, as a tree may be deeper than the stack is.
        let mut listings = Listings::new();
        if self.enter(lp, inner, &name, found, tell)? {
            listings.extend(self.list(&name)?);
        }
        while let Some(listing) = listings.last_mut() {
            let Some((name, kind)) = listing.next() else {
                listings.pop();
                continue;
            };
            let found = match kind {
                EntryKind::Directory | EntryKind::Link | EntryKind::Unknown => match self.look(&name)? {
                    Some(found) => Some(found),
                    None => continue,
                },
                _ => None,
            };
            if self.enter(lp, inner, &name, found.as_ref(), tell)? {
                listings.extend(self.list(&name)?);
            }
            if inner.closed.get() {
                break;
            }
        }
        Ok(())
    }

    /// Adds `name` itself; true: it is a directory, whose entries are to be added. `found` is None for what
    /// is neither directory nor link.
    fn enter(
        self: &Rc<Self>,
        lp: &EventLoop,
        inner: &Rc<Inner>,
        name: &Name,
        found: Option<&RawStat>,
        tell: bool,
    ) -> Result<bool> {
        let kind = found.map_or(Kind::Other, Kind::of);
        if !name.is_empty() && inner.ignored.matches(name) {
            return Ok(false);
        }
        if tell {
            inner.tell(FsEventKind::Rename, name);
            if inner.closed.get() {
                return Ok(false);
            }
        }
        let event = match kind {
            Kind::Directory => self.watch(lp, inner, name, Tree::on_folder_event).map(Some),
            Kind::Link => self.watch(lp, inner, name, Tree::on_link_event).map(Some),
            Kind::Other => Ok(None),
        };
        let event = match event {
            // Links lead to nothing, round in circles, and to where nobody may look. As in Node such a one is
            // not known.
            Err(error) if kind == Kind::Link && !is_exhaustion(&error) => return Ok(false),
            // What has gone since. The root must be there.
            Err(error) if is_absence(&error) && !name.is_empty() => return Ok(false),
            event => event?,
        };
        let identity = found.map(Identity::of).unwrap_or_default();
        let replaced = self.known.borrow_mut().insert(Rc::clone(name), Entry { kind, identity, event });
        drop(replaced);
        Ok(kind == Kind::Directory)
    }

    /// The entries of a directory in Node's order.
    fn list(&self, name: &Name) -> Result<Option<IntoIter<(Name, EntryKind)>>> {
        let path = self.path(name)?;
        let mut entries = RawEntries::default();
        let listed = Directory::open(&path, "scandir").and_then(|mut directory| {
            while directory.read(&mut entries)? {}
            Ok(())
        });
        match listed {
            Err(error) if is_absence(&error) && !name.is_empty() => return Ok(None),
            listed => listed.map_err(|error| error.with_path(path.as_bytes()))?,
        }
        entries.sort_from(0);
        let named = (0..entries.len()).filter_map(|index| entries.get(index));
        let named: Vec<_> = named.map(|(entry, kind)| (below(name, entry).into(), kind)).collect();
        Ok(Some(named.into_iter()))
    }

    /// Forgets `name` and all below; false if it was not known.
    fn remove(&self, name: &[u8]) -> bool {
        if name.is_empty() {
            let known = self.known.take();
            return !known.is_empty();
        }
        let mut known = self.known.borrow_mut();
        let first = known.remove(name);
        let mut gone = Vec::new();
        if first.as_ref().is_some_and(|entry| entry.kind == Kind::Directory) {
            // What is below begins with the name and a slash; '0' is the byte behind the slash.
            let (from, to) = ([name, b"/"].concat(), [name, b"0"].concat());
            let names: Vec<Name> = known
                .range::<[u8], _>((Included(&*from), Excluded(&*to)))
                .map(|(name, _)| Rc::clone(name))
                .collect();
            gone.extend(names.iter().filter_map(|name| known.remove(name)));
        }
        drop(known);
        let was_known = first.is_some();
        drop((first, gone));
        was_known
    }

    /// Something happened to `entry` of the directory `folder`.
    fn on_folder_event(
        self: &Rc<Self>,
        lp: &EventLoop,
        inner: &Rc<Inner>,
        folder: &Name,
        kind: FsEventKind,
        entry: &[u8],
    ) {
        let name: Name = below(folder, entry).into();
        let outcome = match self.look(&name) {
            Ok(Some(found)) => self.is_there(lp, inner, &name, &found),
            Ok(None) => {
                self.is_gone(inner, folder, &name);
                Ok(())
            }
            // Nobody can say more than the system did.
            Err(_) => {
                inner.tell(kind, &name);
                Ok(())
            }
        };
        if let Err(error) = outcome {
            inner.fail(error);
        }
    }

    fn is_there(
        self: &Rc<Self>,
        lp: &EventLoop,
        inner: &Rc<Inner>,
        name: &Name,
        found: &RawStat,
    ) -> Result<()> {
        let known = self.known.borrow().get(name).map(|entry| (entry.kind, entry.identity));
        let Some((was, identity)) = known else {
            return self.add(lp, inner, Rc::clone(name), Some(found), true);
        };
        let (now, same) = (Kind::of(found), identity == Identity::of(found));
        match (was, now) {
            // As in Node what is in it and not known, such as links that led to nothing, comes up.
            (Kind::Directory, Kind::Directory) if same => return self.add_unknown(lp, inner, name),
            (Kind::Directory | Kind::Other, Kind::Directory) => {}
            (Kind::Link, _) => inner.tell(FsEventKind::Rename, name),
            _ => inner.tell(FsEventKind::Change, name),
        }
        let replaced = was != now || (now != Kind::Other && !same);
        if replaced && !inner.closed.get() {
            self.remove(name);
            if self.enter(lp, inner, name, Some(found), false)? {
                self.add_unknown(lp, inner, name)?;
            }
        }
        Ok(())
    }

    /// Adds and tells of the entries of a directory that are not known.
    fn add_unknown(self: &Rc<Self>, lp: &EventLoop, inner: &Rc<Inner>, folder: &Name) -> Result<()> {
        for (name, _) in self.list(folder)?.into_iter().flatten() {
            if inner.closed.get() {
                break;
            }
            if !self.known.borrow().contains_key(&name)
                && let Some(found) = self.look(&name)?
            {
                self.add(lp, inner, name, Some(&found), true)?;
            }
        }
        Ok(())
    }

    fn is_gone(&self, inner: &Inner, folder: &Name, name: &Name) {
        if self.remove(name) {
            inner.tell(FsEventKind::Rename, name);
        } else if folder.is_empty() && matches!(self.look(b""), Ok(None)) && self.remove(b"") {
            inner.tell(FsEventKind::Rename, b"");
        }
    }

    /// Something happened to what the link `name` points to.
    fn on_link_event(
        self: &Rc<Self>,
        _: &EventLoop,
        inner: &Rc<Inner>,
        name: &Name,
        _: FsEventKind,
        _: &[u8],
    ) {
        inner.tell(FsEventKind::Rename, name);
    }

    /// Something happened to the root, which is no directory.
    fn on_root_event(
        self: &Rc<Self>,
        _: &EventLoop,
        inner: &Rc<Inner>,
        _: &Name,
        _: FsEventKind,
        entry: &[u8],
    ) {
        match self.look(b"") {
            Ok(None) => {
                self.remove(b"");
                inner.tell(FsEventKind::Rename, b"");
            }
            _ => inner.tell(FsEventKind::Change, entry),
        }
    }
}

/// Whether the system has no more to give.
fn is_exhaustion(error: &Error) -> bool {
    matches!(error.code(), Code::ENOSPC | Code::EMFILE | Code::ENFILE | Code::ENOMEM)
}
