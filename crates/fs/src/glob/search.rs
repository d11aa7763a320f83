//! The search: directory by directory, with the segments of the patterns that can still match there.

use std::collections::HashSet;
use std::ffi::CString;
use std::sync::Arc;
use std::task::Poll;

use nodecore_error::Result;
use nodecore_event_loop::Slice;
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::uv::fs::{Directory, EntryKind, RawEntries, RawStat};
use nodecore_path::{self as path, Glob, GlobSegment};

use super::{GlobEntry, shown};
use crate::constants::{S_IFDIR, S_IFMT};
use crate::dirent::{DirEntry, below, kind_of_mode};
use crate::tree::{Budget, NoHelper, Progress, Task, Turn};

pub(super) struct Search {
    patterns: Vec<Vec<Segment>>,
    excluded: Vec<Excluded>,
    asks: bool,
    follow: bool,
    cwd: Vec<u8>,
    /// Places still to be looked at, the next one last.
    stack: Vec<Place>,
    /// What was found at a place, and waits to be excluded or not.
    waiting: Option<(Place, Vec<Found>)>,
    answers: Option<Vec<bool>>,
    results: Vec<GlobEntry>,
    seen: HashSet<Box<[u8]>>,
    /// Places that more than one way leads to, and what was looked for there.
    visited: HashSet<(Box<[u8]>, Index)>,
    looked_at: u64,
    last: Vec<u8>,
}

struct Segment {
    segment: GlobSegment,
    literal: Option<Box<[u8]>>,
}

/// A segment of a pattern: that of the pattern, and its own index.
type Index = (usize, usize);

/// A pattern that excludes.
struct Excluded {
    glob: Glob,
    /// Whether it is about absolute paths, as it leaves where the search begins.
    absolute: bool,
    /// Whether it is only about what is to be looked for in a directory, not about the directory.
    below: bool,
}

/// A path, and the segments that what is in it is matched against.
struct Place {
    /// As in the results, and empty for where the search began.
    path: Vec<u8>,
    kind: Option<EntryKind>,
    active: Vec<Index>,
    /// The directories above, if links are followed.
    above: Option<Arc<Above>>,
}

struct Above {
    identity: (u64, u64),
    above: Option<Arc<Above>>,
}

/// Something that a segment matches.
struct Found {
    /// Empty for the root, and for the place itself.
    name: Box<[u8]>,
    own: bool,
    kind: EntryKind,
    /// Whether it is a result.
    whole: bool,
    /// What is to be looked for in it.
    next: Vec<Index>,
}

impl Search {
    pub(super) fn new(
        patterns: &[String],
        excluded: &[String],
        asks: bool,
        cwd: Vec<u8>,
        follow: bool,
    ) -> Result<Search> {
        let mut all = Vec::new();
        for pattern in patterns {
            for segments in Glob::posix(pattern)?.alternatives() {
                let segments: Vec<Segment> = segments.into_iter().map(Segment::new).collect();
                // `.`, `..` and nothing find nothing.
                if segments.len() > 1 || !segments.iter().all(|segment| segment.is_dots() || segment.is("")) {
                    all.push(segments);
                }
            }
        }
        let mut globs = Vec::new();
        let mut root_excluded = false;
        for pattern in excluded {
            let mut pattern = path::normalize(&pattern[..]);
            while pattern.len() > 1 && pattern.ends_with('/') {
                pattern.pop();
            }
            let absolute = pattern.starts_with('/') || pattern == ".." || pattern.starts_with("../");
            if absolute {
                let resolved = path::resolve(&[&cwd[..], pattern.as_bytes()])?;
                root_excluded |= resolved == cwd;
                pattern = String::from_utf8_lossy(&resolved).into_owned();
            }
            root_excluded |= pattern == ".";
            // Where all that is in a directory is excluded nothing in it is looked for, not even itself as `**`.
            if let Some(directory) = pattern.strip_suffix("/**") {
                globs.push(Excluded { glob: Glob::posix(directory)?, absolute, below: true });
            }
            globs.push(Excluded { glob: Glob::posix(&pattern[..])?, absolute, below: false });
        }
        let active = (0..all.len()).map(|pattern| (pattern, 0)).collect();
        let begin = Place { path: Vec::new(), kind: Some(EntryKind::Directory), active, above: None };
        let mut search = Search {
            patterns: all,
            excluded: globs,
            asks,
            follow,
            cwd,
            stack: Vec::new(),
            waiting: None,
            answers: None,
            results: Vec::new(),
            seen: HashSet::new(),
            visited: HashSet::new(),
            looked_at: 0,
            last: Vec::new(),
        };
        if !root_excluded {
            search.stack.push(begin);
        }
        Ok(search)
    }

    fn segment(&self, (pattern, index): Index) -> Option<&Segment> {
        self.patterns.get(pattern)?.get(index)
    }

    fn is_last(&self, (pattern, index): Index) -> bool {
        self.patterns.get(pattern).is_none_or(|segments| index + 1 >= segments.len())
    }

    /// For the system.
    fn absolute(&self, path: &[u8]) -> CString {
        let absolute = if path.starts_with(b"/") { path.to_vec() } else { below(&self.cwd, path) };
        // Neither `cwd` nor a name has NUL in it, but a pattern may: nothing is there.
        CString::new(absolute).unwrap_or_default()
    }

    /// Whether a path is excluded; or, with `below`, whether what is below it is.
    fn is_excluded(&self, path: &[u8], below: bool) -> bool {
        let mut excluded = self.excluded.iter().filter(|excluded| excluded.below == below);
        excluded.any(|Excluded { glob, absolute, .. }| {
            let matches = |path: &[u8]| as_text(path, |path| glob.is_match(path), |path| glob.is_match(path));
            match (*absolute, path.starts_with(b"/")) {
                (true, true) | (false, false) => matches(path),
                (true, false) => matches(&path::join(&[&self.cwd[..], path])),
                (false, true) => {
                    let below = path.strip_prefix(&self.cwd[..]).and_then(|path| path.strip_prefix(b"/"));
                    below.is_some_and(matches)
                }
            }
        })
    }

    fn add(&mut self, path: &[u8], kind: EntryKind) {
        let path = if path.is_empty() { b"." } else { path };
        if self.seen.insert(path.into()) {
            self.results.push(GlobEntry::new(path, kind, &self.cwd));
        }
    }

    /// Adds what else is active at a place once these are: behind `**`, which may be nothing, and behind `.`.
    fn close(&self, active: &[Index]) -> Vec<Index> {
        let mut all: Vec<Index> = Vec::new();
        for &index in active {
            let mut index = index;
            loop {
                if !all.contains(&index) {
                    all.push(index);
                }
                let passes =
                    self.segment(index).is_some_and(|segment| segment.is_globstar() || segment.is("."));
                if !passes || self.is_last(index) {
                    break;
                }
                index.1 += 1;
            }
        }
        all
    }

    /// What there is to find at a place.
    fn look(&self, place: &mut Place) -> Vec<Found> {
        let active = self.close(&place.active);
        let mut found: Vec<Found> = Vec::new();
        let mut entries: Option<Vec<(Box<[u8]>, EntryKind)>> = None;
        let mut from = 0;
        // A pattern at a time.
        while let Some(&(pattern, _)) = active.get(from) {
            let count = active[from..].iter().take_while(|index| index.0 == pattern).count();
            let group = &active[from..from + count];
            from += count;
            self.look_here(place, group, &mut found);
            let reads = |index: &Index| self.segment(*index).is_some_and(|s| s.literal.is_none());
            if group.iter().any(reads) {
                let entries = entries.get_or_insert_with(|| self.read(place));
                for (name, kind) in entries {
                    self.match_entry(place, group, name, *kind, &mut found);
                }
            } else {
                for &index in group {
                    self.step(place, index, &mut found);
                }
            }
        }
        found
    }

    /// Adds the place itself, if a pattern ends there.
    fn look_here(&self, place: &mut Place, group: &[Index], all: &mut Vec<Found>) {
        let ends = |kind: fn(&Segment) -> bool| {
            group.iter().any(|&index| self.is_last(index) && self.segment(index).is_some_and(kind))
        };
        let (tree, directory) =
            (ends(Segment::is_globstar), ends(|segment| segment.is("") || segment.is(".")));
        if !tree && !directory {
            return;
        }
        let at = self.absolute(&place.path);
        let known = place.kind.filter(|_| !place.path.is_empty());
        let kind = known.or_else(|| uv::lstat(&at).ok().map(|found| kind_of_mode(found.mode)));
        place.kind = kind;
        let Some(kind) = kind else { return };
        // Behind a link a separator asks no more than in Node: whatever it points to.
        if tree || matches!(kind, EntryKind::Directory | EntryKind::Link) {
            all.push(Found { name: Box::default(), own: true, kind, whole: true, next: Vec::new() });
        }
    }

    /// The entries of the directory, sorted; none if it is none.
    fn read(&self, place: &Place) -> Vec<(Box<[u8]>, EntryKind)> {
        let mut raw = RawEntries::default();
        let at = self.absolute(&place.path);
        let Ok(mut directory) = Directory::open(&at, "scandir") else { return Vec::new() };
        while directory.read(&mut raw) == Ok(true) {}
        raw.sort_from(0);
        let entry = |index| {
            let (name, kind): (&[u8], _) = raw.get(index)?;
            let kind = match kind {
                EntryKind::Unknown => {
                    let at = self.absolute(&below(&place.path, name));
                    uv::lstat(&at).map_or(kind, |found| kind_of_mode(found.mode))
                }
                kind => kind,
            };
            Some((name.into(), kind))
        };
        (0..raw.len()).filter_map(entry).collect()
    }

    fn match_entry(
        &self,
        place: &Place,
        group: &[Index],
        name: &[u8],
        kind: EntryKind,
        all: &mut Vec<Found>,
    ) {
        let mut found = Found { name: name.into(), own: false, kind, whole: false, next: Vec::new() };
        let mut is_dir = kind == EntryKind::Directory;
        if self.follow && kind == EntryKind::Link {
            is_dir = self.leads_down(place, name);
        }
        let hidden = name.first() == Some(&b'.');
        for &index in group {
            let Some(segment) = self.segment(index) else { continue };
            let last = self.is_last(index);
            if segment.is_globstar() {
                if !hidden && is_dir {
                    found.next.push(index);
                } else if !hidden && last {
                    found.whole = true;
                }
            } else if segment.is_dots() {
                self.step(place, index, all);
            } else if segment.matches(name) {
                if last {
                    found.whole = true;
                } else if is_dir {
                    found.next.push((index.0, index.1 + 1));
                }
            }
        }
        if found.whole || !found.next.is_empty() {
            all.push(found);
        }
    }

    /// Goes on without reading: where the segment is a name, `..`, or nothing, which is the root.
    fn step(&self, place: &Place, index: Index, all: &mut Vec<Found>) {
        let Some(literal) = self.segment(index).and_then(|segment| segment.literal.clone()) else { return };
        let last = self.is_last(index);
        if &*literal == b"." || (literal.is_empty() && last) || (&*literal == b".." && last) {
            return;
        }
        let mut kind = EntryKind::Unknown;
        if last || (self.asks && !literal.is_empty()) {
            let at = self.absolute(&join(&place.path, &literal));
            match uv::lstat(&at) {
                Ok(stat) => kind = kind_of_mode(stat.mode),
                Err(_) => return,
            }
        }
        let next = if last { Vec::new() } else { vec![(index.0, index.1 + 1)] };
        let again = |found: &Found| found.name == literal && found.next == next && !last;
        if !all.iter().any(again) {
            all.push(Found { name: literal, own: false, kind, whole: last, next });
        }
    }

    /// `known` is its kind, if that is known.
    fn is_directory(&self, path: &[u8], known: Option<EntryKind>) -> bool {
        let ask = || uv::lstat(&self.absolute(path)).is_ok_and(|found| is_dir(&found));
        known.map_or_else(ask, |kind| kind == EntryKind::Directory)
    }

    fn leads_down(&self, place: &Place, name: &[u8]) -> bool {
        let at = self.absolute(&below(&place.path, name));
        let Ok(found) = uv::stat(&at) else { return false };
        if !is_dir(&found) {
            return false;
        }
        let here = uv::stat(&self.absolute(&place.path)).ok().map(|here| (here.dev, here.ino));
        let mut above = place.above.as_deref();
        let identity = (found.dev, found.ino);
        while let Some(one) = above {
            if one.identity == identity {
                return false;
            }
            above = one.above.as_deref();
        }
        here != Some(identity)
    }

    /// Takes over what was found and is not excluded.
    fn go_on(&mut self, place: &Place, found: Vec<Found>, excluded: Option<&[bool]>) {
        let mut above = place.above.clone();
        if self.follow
            && let Ok(here) = uv::stat(&self.absolute(&place.path))
        {
            above = Some(Arc::new(Above { identity: (here.dev, here.ino), above }));
        }
        let mut deeper: Vec<Place> = Vec::new();
        let mut number = 0;
        for found in found {
            if found.own {
                self.add(&place.path, found.kind);
                continue;
            }
            let told = excluded.is_some_and(|excluded| excluded.get(number) == Some(&true));
            number += 1;
            let path = join(&place.path, &found.name);
            let asked = !path.is_empty() && &*found.name != b"..";
            if told || (asked && self.is_excluded(&path, false)) {
                continue;
            }
            if found.whole {
                self.add(&path, found.kind);
            }
            if found.next.is_empty() {
                continue;
            }
            let known = (found.kind != EntryKind::Unknown).then_some(found.kind);
            if asked && self.is_excluded(&path, true) && self.is_directory(&path, known) {
                continue;
            }
            match deeper.iter_mut().find(|deeper| deeper.path == path) {
                Some(deeper) => deeper.active.extend(found.next),
                None => deeper.push(Place { path, kind: known, active: found.next, above: above.clone() }),
            }
        }
        // More than one pattern may come to a place, or one by way of `..`.
        for mut place in deeper {
            place.active.retain(|index| self.visited.insert((place.path[..].into(), *index)));
            if !place.active.is_empty() {
                place.active.sort_unstable_by_key(|index| index.0);
                self.stack.push(place);
            }
        }
    }

    fn questions(&self, place: &Place, found: &[Found]) -> Vec<DirEntry> {
        let parent: Arc<[u8]> = match self.absolute(&place.path).into_bytes() {
            path if path.len() > 1 && path.ends_with(b"/") => path[..path.len() - 1].into(),
            path => path.into(),
        };
        let asked = found.iter().filter(|found| !found.own);
        asked.map(|found| DirEntry::new(&found.name, found.kind, Arc::clone(&parent))).collect()
    }

    /// Goes on until there is something to ask, or, as None says, nothing to look at any more. Pending: the budget is
    /// spent, or there are as many results as are enough.
    pub(super) fn advance(
        &mut self,
        budget: &mut Budget<'_, '_>,
        enough: usize,
    ) -> Poll<Option<Vec<DirEntry>>> {
        loop {
            if let Some((place, found)) = self.waiting.take() {
                let answers = self.answers.take().unwrap_or_default();
                self.go_on(&place, found, Some(&answers));
            }
            if self.results.len() >= enough {
                return Poll::Pending;
            }
            let Some(mut place) = self.stack.pop() else { return Poll::Ready(None) };
            self.looked_at += 1;
            let found = self.look(&mut place);
            if self.asks && !found.is_empty() {
                let questions = self.questions(&place, &found);
                self.waiting = Some((place, found));
                return Poll::Ready(Some(questions));
            }
            self.go_on(&place, found, None);
            if !budget.spend(Slice::CALL * 8) {
                self.last = place.path;
                return Poll::Pending;
            }
        }
    }

    pub(super) fn has_found(&self) -> bool {
        !self.results.is_empty()
    }

    /// The results so far, which are forgotten.
    pub(super) fn take(&mut self) -> Vec<GlobEntry> {
        std::mem::take(&mut self.results)
    }
}

impl Task for Search {
    type Output = Vec<GlobEntry>;
    type Question = Vec<DirEntry>;
    type Answer = Vec<bool>;
    type Helper = NoHelper;

    fn run(&mut self, budget: &mut Budget<'_, '_>) -> Poll<Result<Turn<Search>>> {
        self.advance(budget, usize::MAX)
            .map(|questions| Ok(questions.map_or_else(|| Turn::Done(self.take()), Turn::Ask)))
    }

    fn answer(&mut self, answers: Vec<bool>) {
        self.answers = Some(answers);
    }

    fn helper(&mut self) -> Option<NoHelper> {
        None
    }

    fn progress(&self) -> Progress {
        Progress { entries: self.looked_at, path: shown(self.last.clone()) }
    }
}

impl Segment {
    fn new(segment: GlobSegment) -> Segment {
        let literal = segment.literal().map(|text| text.into_bytes().into());
        Segment { segment, literal }
    }

    fn is_globstar(&self) -> bool {
        self.segment.is_globstar()
    }

    fn is(&self, text: &str) -> bool {
        self.literal.as_deref() == Some(text.as_bytes())
    }

    fn is_dots(&self) -> bool {
        self.is(".") || self.is("..")
    }

    fn matches(&self, name: &[u8]) -> bool {
        match &self.literal {
            Some(literal) => **literal == *name,
            None => as_text(name, |name| self.segment.is_match(name), |name| self.segment.is_match(name)),
        }
    }
}

fn is_dir(found: &RawStat) -> bool {
    found.mode & u64::from(S_IFMT) == u64::from(S_IFDIR)
}

/// Patterns are text, and see names as Node does: what is not UTF-8 replaced.
fn as_text(name: &[u8], ascii: impl Fn(&[u8]) -> bool, text: impl Fn(&str) -> bool) -> bool {
    if name.is_ascii() { ascii(name) } else { text(&String::from_utf8_lossy(name)) }
}

/// The path of what is found at a place; an empty name is the root.
fn join(place: &[u8], name: &[u8]) -> Vec<u8> {
    match name {
        b"" => b"/".to_vec(),
        b".." => {
            let up = path::join(&[place, name]);
            if up == b"." { Vec::new() } else { up }
        }
        _ => below(place, name),
    }
}
