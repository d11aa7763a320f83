//! Glob patterns: Node's `path.matchesGlob`.

mod braces;
mod direct;
mod extglob;
mod segment;

use std::collections::HashSet;

use nodecore_error::{Code, Error, Result};

use crate::text::{CodeUnit, Encoding, PathStr};
use segment::Segment;

/// Text as numbers, so that bytes, UTF-16 units and characters are treated alike.
type Text = Vec<u32>;

const SLASH: u32 = b'/' as u32;
/// Node's, in UTF-16 units.
const MAX_PATTERN_LENGTH: usize = 64 * 1024;
/// More patterns than this are not compared with each other, nor split further.
const MAX_COMPARED: usize = 512;
/// Node's bound on globstars that are tried in turn.
const MAX_GLOBSTARS: usize = 200;

/// A pattern, parsed once to be matched many times: what Node's `path.matchesGlob` keeps in its cache.
///
/// `*` and `?` stop at separators and take no leading dot, `**` takes any number of directories; `[a-z]`, `[!a]` and
/// `[[:alpha:]]` are classes; `{a,b}` and `{1..3}` are expanded; `?(…)`, `*(…)`, `+(…)`, `@(…)` and `!(…)` are groups.
/// A backslash is a separator, never an escape.
///
/// # Examples
/// ```
/// use nodecore_path::Glob;
/// let glob = Glob::posix("src/**/*.{js,ts}")?;
/// assert!(glob.is_match("src/lib/path.ts"));
/// assert!(!glob.is_match("src/lib/.path.ts"));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Glob {
    patterns: Vec<Vec<Segment>>,
    /// The empty pattern, which the empty path matches and no other.
    empty: bool,
    win32: bool,
}

impl Glob {
    /// A pattern for POSIX paths.
    ///
    /// # Errors
    /// [`Code::InvalidArgValue`] for a pattern of more than 65,536 UTF-16 units.
    pub fn posix<'a, P: PathStr<'a>>(pattern: P) -> Result<Glob> {
        Glob::new(pattern, false)
    }

    /// A pattern for Windows paths, in which backslashes are separators too.
    ///
    /// # Errors
    /// As [`Glob::posix`].
    pub fn win32<'a, P: PathStr<'a>>(pattern: P) -> Result<Glob> {
        Glob::new(pattern, true)
    }

    fn new<'a, P: PathStr<'a>>(pattern: P, win32: bool) -> Result<Glob> {
        let units = P::Encoding::to_utf16(pattern.units());
        if units.len() > MAX_PATTERN_LENGTH {
            return Err(Error::new(Code::InvalidArgValue, "pattern is too long"));
        }
        // Node takes the platform's habit, not the flavour's.
        let fold = cfg!(any(windows, target_os = "macos"));
        let text: Text = units
            .into_iter()
            .map(|unit| if unit == u16::from(b'\\') { SLASH } else { unit.into() })
            .collect();
        if text.is_empty() {
            return Ok(Glob { patterns: Vec::new(), empty: true, win32 });
        }
        let parts = braces::expand(&text).iter().map(|text| split(text, win32)).collect();
        let patterns = dedupe(simplify(parts))
            .iter()
            .map(|parts| {
                let mut segments: Vec<Segment> = parts
                    .iter()
                    .map(|part| {
                        if part.is_empty() {
                            Segment::Literal(Text::new())
                        } else {
                            extglob::compile(part, fold)
                        }
                    })
                    .collect();
                // `//?/C:/`: the question mark is Windows' own.
                let local = parts.get(2).is_some_and(|part| part[..] == [u32::from(b'?')]);
                if win32
                    && local
                    && parts[0].is_empty()
                    && parts[1].is_empty()
                    && let Some(Segment::Literal(drive)) = segments.get(3)
                    && is_drive(drive)
                {
                    segments[2] = Segment::Literal(vec![b'?'.into()]);
                }
                segments
            })
            .collect();
        Ok(Glob { patterns, empty: false, win32 })
    }

    /// What the pattern stands for, segment by segment, braces expanded: for those who walk a tree and want to know
    /// at each directory what is worth looking at.
    ///
    /// ```
    /// use nodecore_path::Glob;
    /// let glob = Glob::posix("{a,b}/*.js")?;
    /// let all: Vec<_> = glob.alternatives().collect();
    /// assert_eq!(all.len(), 2);
    /// assert_eq!(all[1][0].literal().as_deref(), Some("b"));
    /// assert!(all[1][1].is_match("x.js") && !all[1][1].is_match(".js"));
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn alternatives(&self) -> impl ExactSizeIterator<Item = Vec<GlobSegment>> + '_ {
        self.patterns.iter().map(|segments| segments.iter().cloned().map(GlobSegment).collect())
    }

    /// Whether `path` matches.
    pub fn is_match<'a, P: PathStr<'a>>(&self, path: P) -> bool {
        let units = path.units();
        if self.empty {
            return units.is_empty();
        }
        // UTF-8 that is ASCII is UTF-16 already.
        if P::Encoding::utf16_len(units) == units.len() {
            self.is_match_units(units)
        } else {
            self.is_match_units(&P::Encoding::to_utf16(units))
        }
    }

    fn is_match_units<U: CodeUnit>(&self, path: &[U]) -> bool {
        let is_sep = |unit: U| unit.into() == SLASH || (self.win32 && unit.into() == u32::from(b'\\'));
        let mut file: Vec<&[U]> = Vec::new();
        let seps = path.iter().take_while(|&&unit| is_sep(unit)).count();
        if self.win32 && seps == 2 && path.len() > 2 {
            file.push(&[]);
        }
        for (index, part) in path.split(|&unit| is_sep(unit)).enumerate() {
            // Repeated separators are one.
            let last = part.as_ptr_range().end == path.as_ptr_range().end;
            if index == 0 || last || !part.is_empty() {
                file.push(part);
            }
        }
        let drive = drive_index(&file);
        let file = resolve_dots(file, self.win32);
        self.patterns.iter().any(|pattern| {
            let literals: Vec<&[u32]> = pattern
                .iter()
                .take(4)
                .map_while(|segment| match segment {
                    Segment::Literal(text) => Some(&text[..]),
                    _ => None,
                })
                .collect();
            // The same drive, in whichever case and form, is a match for a start.
            let (from, skip) = match (drive, drive_index(&literals)) {
                (Some(from), Some(skip)) if self.win32 && same_drive(file.get(from), literals.get(skip)) => {
                    (from + 1, skip + 1)
                }
                _ => (0, 0),
            };
            matches_parts(file.get(from..).unwrap_or_default(), &pattern[skip..])
        })
    }
}

/// One segment of a [`Glob`], between two separators.
#[derive(Clone, Debug)]
pub struct GlobSegment(Segment);

impl GlobSegment {
    /// Whether it is `**`, which takes any number of segments that do not start with a dot.
    pub fn is_globstar(&self) -> bool {
        matches!(self.0, Segment::Globstar)
    }

    /// Its text, if it is one that only itself matches; lone surrogates replaced.
    pub fn literal(&self) -> Option<String> {
        match &self.0 {
            Segment::Literal(text) => {
                let chars = segment::pair_surrogates(text).into_iter().map(char::from_u32);
                Some(chars.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
            }
            _ => None,
        }
    }

    /// Whether `name`, a segment of a path, matches. Never true of `**`.
    pub fn is_match<'a, P: PathStr<'a>>(&self, name: P) -> bool {
        let units = name.units();
        if P::Encoding::utf16_len(units) == units.len() {
            self.0.is_match(units)
        } else {
            self.0.is_match(&P::Encoding::to_utf16(units))
        }
    }
}

/// Both flavours' `matchesGlob`.
pub(crate) fn matches_glob<'a, P: PathStr<'a>>(path: P, pattern: P, win32: bool) -> Result<bool> {
    match direct::matches::<P::Encoding>(path.units(), pattern.units(), win32) {
        Some(matched) => Ok(matched),
        None => Ok(Glob::new(pattern, win32)?.is_match(path)),
    }
}

fn ascii(byte: u8) -> u32 {
    byte.into()
}

fn is_dots<U: Copy + Into<u32>>(part: &[U]) -> bool {
    matches!(part.len(), 1 | 2) && part.iter().all(|&unit| unit.into() == ascii(b'.'))
}

fn is_parent<U: Copy + Into<u32>>(part: &[U]) -> bool {
    part.len() == 2 && is_dots(part)
}

fn is_globstar<U: Copy + Into<u32>>(part: &[U]) -> bool {
    part.len() == 2 && part.iter().all(|&unit| unit.into() == ascii(b'*'))
}

fn starts_with_dot<U: Copy + Into<u32>>(part: &[U]) -> bool {
    part.first().is_some_and(|&unit| unit.into() == ascii(b'.'))
}

fn is_drive<U: Copy + Into<u32>>(part: &[U]) -> bool {
    match part {
        [letter, colon] => {
            u8::try_from((*letter).into()).is_ok_and(|byte| byte.is_ascii_alphabetic())
                && (*colon).into() == ascii(b':')
        }
        _ => false,
    }
}

/// Where the drive is in `C:/` and in `//?/C:/`.
fn drive_index<U: Copy + Into<u32>>(parts: &[&[U]]) -> Option<usize> {
    match parts {
        [drive, ..] if is_drive(drive) => Some(0),
        [[], [], [sign], drive, ..] if (*sign).into() == ascii(b'?') && is_drive(drive) => Some(3),
        _ => None,
    }
}

fn same_drive<U: Copy + Into<u32>>(file: Option<&&[U]>, pattern: Option<&&[u32]>) -> bool {
    match (file, pattern) {
        (Some(file), Some(pattern)) => {
            file.len() == 2 && is_drive(file) && (file[0].into() | 0x20) == (pattern[0] | 0x20)
        }
        _ => false,
    }
}

/// A pattern's segments, repeated separators taken as one.
fn split(text: &[u32], win32: bool) -> Vec<Text> {
    let seps = text.iter().take_while(|&&unit| unit == SLASH).count();
    let mut parts = Vec::new();
    if win32 && seps == 2 && text.len() > 2 {
        parts.push(Text::new());
    }
    let pieces: Vec<&[u32]> = text.split(|&unit| unit == SLASH).collect();
    let last = pieces.len() - 1;
    for (index, piece) in pieces.into_iter().enumerate() {
        if index == 0 || index == last || !piece.is_empty() {
            parts.push(piece.to_vec());
        }
    }
    parts
}

/// Takes `.`, `..` and empty segments out of a path, in one pass.
fn resolve_dots<U: Copy + Into<u32>>(parts: Vec<&[U]>, win32: bool) -> Vec<&[U]> {
    let last = parts.len() - 1;
    let mut out: Vec<&[U]> = Vec::with_capacity(parts.len());
    for (index, part) in parts.into_iter().enumerate() {
        let inner = index > 0 && index < last;
        let root = index == 1 && part.is_empty() && out.first().is_some_and(|first| first.is_empty());
        if inner && !root && (part.is_empty() || (part.len() == 1 && is_dots(part))) {
            continue;
        }
        let gone = |before: &&[U]| {
            let stays = is_dots(before) || is_globstar(before) || (win32 && is_drive(before));
            !before.is_empty() && !stays
        };
        if is_parent(part) && out.last().is_some_and(gone) {
            out.pop();
        } else {
            out.push(part);
        }
    }
    match out[..] {
        [] => out.push(&[]),
        [first, second]
            if first.len() == 1
                && is_dots(first)
                && (second.is_empty() || (second.len() == 1 && is_dots(second))) =>
        {
            out.pop();
        }
        _ => {}
    }
    out
}

/// Node's first pass over patterns: repeated globstars, `.`, `..` and empty segments, and a globstar in front of `..`, which
/// becomes two patterns.
fn simplify(mut patterns: Vec<Vec<Text>>) -> Vec<Vec<Text>> {
    loop {
        let mut changed = false;
        let mut index = 0;
        while index < patterns.len() {
            let mut parts = std::mem::take(&mut patterns[index]);
            changed |= split_globstars(&mut parts, &mut patterns);
            let count = parts.len();
            let mut at = 0;
            parts.retain(|part| {
                at += 1;
                let (inner, second) = (at > 1 && at < count, at == 2);
                !(inner && (part.is_empty() && !second || part.len() == 1 && is_dots(part)))
            });
            if let [first, second, _, ..] = &parts[..]
                && second.is_empty()
                && !first.is_empty()
            {
                parts.remove(1);
            }
            if parts.len() == 2 && parts[0].len() == 1 && is_dots(&parts[0]) {
                let second = &parts[1];
                if second.is_empty() || (second.len() == 1 && is_dots(second)) {
                    parts.pop();
                }
            }
            changed |= parts.len() != count;
            changed |= resolve_parents(&mut parts);
            patterns[index] = parts;
            index += 1;
        }
        if !changed {
            return patterns;
        }
    }
}

fn split_globstars(parts: &mut Vec<Text>, patterns: &mut Vec<Vec<Text>>) -> bool {
    let mut changed = false;
    let mut at = 0;
    while at < parts.len() {
        if is_globstar(&parts[at]) {
            // Only here: what comes behind `..` is looked at with its globstars still repeated.
            let run = parts[at + 1..].iter().take_while(|part| is_globstar(part)).count();
            parts.drain(at + 1..=at + run);
        }
        let named = |index: usize| parts.get(index).is_some_and(|part| !part.is_empty() && !is_dots(part));
        let parent = parts.get(at + 1).is_some_and(|part| is_parent(part));
        if is_globstar(&parts[at])
            && parent
            && named(at + 2)
            && named(at + 3)
            && patterns.len() < MAX_COMPARED
        {
            changed = true;
            parts.remove(at);
            let mut other = parts.clone();
            other[at] = vec![ascii(b'*'); 2];
            patterns.push(other);
        } else {
            at += 1;
        }
    }
    changed
}

/// Takes out `x/..`. In front of a globstar at the start a `.` stays in its place.
fn resolve_parents(parts: &mut Vec<Text>) -> bool {
    let mut changed = false;
    let mut out: Vec<Text> = Vec::with_capacity(parts.len());
    let all = std::mem::take(parts);
    let mut rest = all.into_iter().peekable();
    while let Some(part) = rest.next() {
        let gone = |before: &Text| !before.is_empty() && !is_dots(before) && !is_globstar(before);
        if is_parent(&part) && out.last().is_some_and(gone) {
            changed = true;
            out.pop();
            if out.is_empty() && rest.peek().is_some_and(|next| is_globstar(next)) {
                out.push(vec![ascii(b'.')]);
            }
        } else {
            out.push(part);
        }
    }
    if out.is_empty() {
        out.push(Text::new());
    }
    *parts = out;
    changed
}

/// Node's second pass: of two patterns one of which has a star or globstar where the other has a name, the wider stays.
fn dedupe(mut patterns: Vec<Vec<Text>>) -> Vec<Vec<Text>> {
    if patterns.len() <= MAX_COMPARED {
        for first in 0..patterns.len() {
            for second in first + 1..patterns.len() {
                if let Some(wider) = wider(&patterns[first], &patterns[second]) {
                    patterns[first].clear();
                    patterns[second] = wider;
                    break;
                }
            }
        }
    }
    patterns.retain(|parts| !parts.is_empty());
    patterns
}

fn wider(a: &[Text], b: &[Text]) -> Option<Vec<Text>> {
    if a.len() != b.len() {
        return None;
    }
    let star = |part: &Text| part[..] == [ascii(b'*')];
    let covered = |part: &Text| !part.is_empty() && !starts_with_dot(part) && !is_globstar(part);
    let (mut ai, mut bi) = (0, 0);
    let mut out = Vec::new();
    let mut a_wider = None;
    while ai < a.len() && bi < b.len() {
        let (x, y) = (&a[ai], &b[bi]);
        if x == y {
            out.push(x.clone());
            (ai, bi) = (ai + 1, bi + 1);
        } else if is_globstar(x) && a.get(ai + 1) == Some(y) {
            out.push(x.clone());
            ai += 1;
        } else if is_globstar(y) && b.get(bi + 1) == Some(x) {
            out.push(y.clone());
            bi += 1;
        } else {
            let a_covers = star(x) && covered(y);
            let b_covers = star(y) && covered(x);
            if !a_covers && !b_covers || a_wider.is_some_and(|wider| wider != a_covers) {
                return None;
            }
            a_wider = Some(a_covers);
            out.push(if a_covers { x.clone() } else { y.clone() });
            (ai, bi) = (ai + 1, bi + 1);
        }
    }
    Some(out)
}

/// Segment by segment, without globstars; an empty segment behind the end, of a trailing separator, does not count.
fn matches_all<U: Copy + Into<u32>>(file: &[&[U]], pattern: &[Segment]) -> bool {
    let fits = file.len() == pattern.len()
        || (file.len() == pattern.len() + 1 && file.last().is_some_and(|last| last.is_empty()));
    fits && pattern.iter().zip(file).all(|(segment, part)| segment.is_match(part))
}

fn matches_parts<U: Copy + Into<u32>>(file: &[&[U]], pattern: &[Segment]) -> bool {
    let globstar = |segment: &Segment| matches!(segment, Segment::Globstar);
    let Some(first) = pattern.iter().position(globstar) else { return matches_all(file, pattern) };
    let last = pattern.iter().rposition(globstar).unwrap_or(first);
    let (head, tail) = (&pattern[..first], &pattern[last + 1..]);
    if file.len() < head.len() || !matches_all(&file[..head.len()], head) {
        return false;
    }
    let file = &file[head.len()..];
    let mut end = file.len();
    if !tail.is_empty() {
        // With a separator at the end or without.
        let ends = [0, 1].into_iter().find_map(|less| {
            let start = file.len().checked_sub(tail.len() + less)?;
            let fits = less == 0 || file.last().is_some_and(|last| last.is_empty());
            (fits && matches_all(&file[start..file.len() - less], tail)).then_some(start)
        });
        match ends {
            Some(start) => end = start,
            None => return false,
        }
    }
    let saw_tail = !tail.is_empty();
    if first == last {
        return !file[..end].iter().any(|part| starts_with_dot(part)) && (saw_tail || end > 0);
    }
    let sections: Vec<&[Segment]> = pattern[first + 1..last].split(globstar).collect();
    let mut search = Search { file, end, sections: &sections, saw_tail, failed: HashSet::new() };
    let needed = sections.iter().map(|section| section.len()).sum();
    search.run(0, 0, needed) == Some(true)
}

/// Finds places for the sections between globstars, one after the other.
struct Search<'a, U> {
    file: &'a [&'a [U]],
    /// Where the part behind the last globstar starts.
    end: usize,
    sections: &'a [&'a [Segment]],
    saw_tail: bool,
    /// Section and place of what did not fit: nothing is tried twice.
    failed: HashSet<(usize, usize)>,
}

impl<U: Copy + Into<u32>> Search<'_, U> {
    /// `Some(false)` is no match here, `None` no match wherever the sections before are put.
    fn run(&mut self, index: usize, from: usize, needed: usize) -> Option<bool> {
        let Some(section) = self.sections.get(index) else {
            let rest = &self.file[from..];
            let dotted = rest.iter().any(|part| starts_with_dot(part));
            return Some(!dotted && (self.saw_tail || !rest.is_empty()));
        };
        let mut at = from;
        while at + needed <= self.end {
            if self.failed.contains(&(index, at)) {
                return Some(false);
            }
            if index < MAX_GLOBSTARS && matches_all(&self.file[at..at + section.len()], section) {
                match self.run(index + 1, at + section.len(), needed - section.len()) {
                    Some(false) => {}
                    other => return other,
                }
            }
            if self.file.get(at).is_some_and(|part| starts_with_dot(part)) {
                self.failed.insert((index, from));
                return Some(false);
            }
            at += 1;
        }
        None
    }
}
