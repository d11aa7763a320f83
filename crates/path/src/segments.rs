//! What both flavours share: taking out what is not normal, cutting the last component.

use crate::scan::{Scan, marks};
use crate::text::{CodeUnit, Encoding, OwnedStr, PathStr, Unit};

/// A flavour's separators.
pub(crate) trait Flavour {
    /// The one it writes, alone.
    const SEP: &'static str;
    /// Another it reads, or the same.
    const ALT: u8;
    #[inline(always)]
    fn sep<U: CodeUnit>() -> U {
        U::ascii(Self::SEP.as_bytes()[0])
    }
    #[inline(always)]
    fn is_sep<U: CodeUnit>(unit: U) -> bool {
        unit == Self::sep() || unit == U::ascii(Self::ALT)
    }
    /// Where its own separators, those it only reads, dots and colons are.
    fn marks<U: CodeUnit>(window: &[U]) -> [u64; 4];
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Posix;
#[derive(Clone, Copy, Debug)]
pub(crate) struct Win32;

impl Flavour for Posix {
    const SEP: &'static str = "/";
    const ALT: u8 = b'/';
    #[inline(always)]
    fn marks<U: CodeUnit>(window: &[U]) -> [u64; 4] {
        let [sep, dot] = marks(window, *b"/.");
        [sep, 0, dot, 0]
    }
}

impl Flavour for Win32 {
    const SEP: &'static str = "\\";
    const ALT: u8 = b'/';
    #[inline(always)]
    fn marks<U: CodeUnit>(window: &[U]) -> [u64; 4] {
        marks(window, *b"\\/.:")
    }
}

/// Whether `path` has no `.`, `..` or empty segment from `base` on. A single separator at the end is normal.
#[inline]
pub(crate) fn is_clean<F: Flavour, U: CodeUnit>(path: &[U], base: usize) -> bool {
    Scan::new::<F, U>(path, base).next::<F, U>(path, base).is_none()
}

/// Where a normalized path goes: behind a root, which is there already.
pub(crate) trait Sink<U> {
    /// The path that is normalized.
    fn source(&self) -> &[U];
    /// What has been written.
    fn written(&self) -> &[U];
    fn truncate(&mut self, len: usize);
    fn push(&mut self, ascii: &'static str);
    /// Appends a part of the source.
    fn append(&mut self, start: usize, end: usize);
}

/// Into a new string.
pub(crate) struct Copying<'a, P: PathStr<'a>> {
    pub(crate) path: P,
    pub(crate) out: P::Owned,
}

impl<'a, P: PathStr<'a>> Sink<Unit<'a, P>> for Copying<'a, P> {
    #[inline(always)]
    fn source(&self) -> &[Unit<'a, P>] {
        self.path.units()
    }
    #[inline(always)]
    fn written(&self) -> &[Unit<'a, P>] {
        self.out.units()
    }
    fn truncate(&mut self, len: usize) {
        self.out.cut_off(len);
    }
    #[inline(always)]
    fn push(&mut self, ascii: &'static str) {
        self.out.push_ascii(ascii);
    }
    #[inline(always)]
    fn append(&mut self, start: usize, end: usize) {
        self.path.append_to(&mut self.out, start, end);
    }
}

/// Over the source itself. What is written never reaches what has yet to be read: every unit was read before.
pub(crate) struct InPlace<'b, U> {
    pub(crate) buf: &'b mut Vec<U>,
    pub(crate) written: usize,
}

impl<U: CodeUnit> Sink<U> for InPlace<'_, U> {
    #[inline(always)]
    fn source(&self) -> &[U] {
        self.buf
    }
    #[inline(always)]
    fn written(&self) -> &[U] {
        &self.buf[..self.written]
    }
    fn truncate(&mut self, len: usize) {
        self.written = len;
    }
    #[inline(always)]
    fn push(&mut self, ascii: &'static str) {
        for byte in ascii.bytes() {
            self.buf[self.written] = U::ascii(byte);
            self.written += 1;
        }
    }
    #[inline(always)]
    fn append(&mut self, start: usize, end: usize) {
        if start != self.written {
            self.buf.copy_within(start..end, self.written);
        }
        self.written += end - start;
    }
}

/// How many runs wait to be written.
const RUNS: usize = 4;

/// Runs of segments that stay, not written yet, so that a `..` behind them shortens the last one and moves
/// nothing.
struct Runs {
    at: [(usize, usize); RUNS],
    count: usize,
    /// How many `..` come first.
    parents: usize,
    /// Where the root ends in what is written, and where that ends which no `..` takes away.
    base: usize,
    floor: usize,
}

impl Runs {
    #[inline(always)]
    fn add<F: Flavour, U: CodeUnit>(&mut self, sink: &mut impl Sink<U>, start: usize, end: usize) {
        if self.count == RUNS {
            self.write::<F, U>(sink);
        }
        self.at[self.count] = (start, end);
        self.count += 1;
    }

    /// Takes away the last segment; where there is none, one that leads up is put in its place if `above`.
    #[inline(always)]
    fn pop<F: Flavour, U: CodeUnit>(&mut self, sink: &mut impl Sink<U>, scan: &Scan, above: bool) {
        if let Some(last) = self.count.checked_sub(1) {
            let (start, end) = self.at[last];
            match scan.last_sep::<F, U>(sink.source(), start, end) {
                Some(sep) => self.at[last].1 = sep,
                None => self.count = last,
            }
            return;
        }
        let tail = &sink.written()[self.floor..];
        if !tail.is_empty() {
            let keep = tail.iter().rposition(|&unit| F::is_sep(unit)).unwrap_or(0);
            sink.truncate(self.floor + keep);
        } else if above {
            self.parents += 1;
        }
    }

    #[inline(always)]
    fn write<F: Flavour, U: CodeUnit>(&mut self, sink: &mut impl Sink<U>) {
        if self.parents > 0 {
            for _ in 0..std::mem::take(&mut self.parents) {
                if sink.written().len() > self.base {
                    sink.push(F::SEP);
                }
                sink.push("..");
            }
            self.floor = sink.written().len();
        }
        for &(start, end) in &self.at[..std::mem::take(&mut self.count)] {
            if sink.written().len() > self.base {
                sink.push(F::SEP);
            }
            sink.append(start, end);
        }
    }
}

/// Normalizes what comes behind the root, which ends at `base`. `dirty` is what `scan` found first. Leaves
/// no separator at the end, and those between as they are. `above` keeps `..` segments that have nothing to
/// take away.
#[inline]
pub(crate) fn rewrite<F: Flavour, U: CodeUnit>(
    sink: &mut impl Sink<U>,
    base: usize,
    mut scan: Scan,
    dirty: usize,
    above: bool,
) {
    let written = sink.written().len();
    let mut runs = Runs { at: [(0, 0); RUNS], count: 0, parents: 0, base: written, floor: written };
    let len = sink.source().len();
    let (mut read, mut dirty) = (base, Some(dirty));
    while read < len {
        let end = match dirty {
            Some(at) => at.saturating_sub(1),
            None => len - usize::from(F::is_sep(sink.source()[len - 1])),
        };
        if read < end {
            runs.add::<F, U>(sink, read, end);
        }
        let Some(at) = dirty else { break };
        let source = sink.source();
        let next = source.get(at + 1);
        if F::is_sep(source[at]) {
            read = at + 1;
        } else if next.is_none_or(|&unit| F::is_sep(unit)) {
            read = at + 2;
        } else {
            read = at + 3;
            runs.pop::<F, U>(sink, &scan, above);
        }
        if read < len {
            dirty = scan.next::<F, U>(sink.source(), read);
        }
    }
    runs.write::<F, U>(sink);
}

/// As [`rewrite`], in place; does nothing but take away a separator at the end if all is normal.
#[inline]
pub(crate) fn compact<F: Flavour, U: CodeUnit>(buf: &mut Vec<U>, base: usize, above: bool) {
    let mut scan = Scan::new::<F, U>(buf, base);
    if let Some(dirty) = scan.next::<F, U>(buf, base) {
        let mut sink = InPlace { written: base, buf };
        rewrite::<F, U>(&mut sink, base, scan, dirty, above);
        let written = sink.written;
        buf.truncate(written);
    } else if buf.len() > base && buf.last().is_some_and(|&unit| F::is_sep(unit)) {
        buf.truncate(buf.len() - 1);
    }
}

/// Start and end of the last component at or after `floor`, separators behind it left out; `None` where
/// there are only separators.
#[inline]
pub(crate) fn last_component<F: Flavour, U: CodeUnit>(path: &[U], floor: usize) -> Option<(usize, usize)> {
    let tail = path.get(floor..)?;
    let end = tail.iter().rposition(|&unit| !F::is_sep(unit))? + 1;
    let start = tail[..end].iter().rposition(|&unit| F::is_sep(unit)).map_or(0, |index| index + 1);
    Some((floor + start, floor + end))
}

/// Where the extension of the component `start..end` starts: `end` where it has none.
#[inline]
pub(crate) fn extension_start<U: CodeUnit>(path: &[U], start: usize, end: usize) -> usize {
    let dot = U::ascii(b'.');
    let component = &path[start..end];
    match component.iter().rposition(|&unit| unit == dot) {
        None | Some(0) => end,
        Some(_) if component == [dot, dot] => end,
        Some(index) => start + index,
    }
}

/// Both flavours' `basename`; `floor` is where a drive letter ends.
pub(crate) fn basename<'a, F: Flavour, P: PathStr<'a>>(
    path: P,
    suffix: Option<P>,
    floor: usize,
) -> P::Borrowed {
    let units = path.units();
    let component = last_component::<F, _>(units, floor);
    let suffix = suffix.map(P::units).unwrap_or_default();
    if suffix.is_empty() {
        return component.map_or_else(P::Borrowed::default, |(start, end)| path.cut(start, end));
    }
    if suffix == units {
        return P::Borrowed::default();
    }
    // Node compares lengths before it looks for the suffix, and takes up what lies behind the component
    // where the suffix is longer than the component and fits as far as it goes.
    let searched = || P::Encoding::utf16_len(suffix) <= P::Encoding::utf16_len(units);
    match component {
        None if searched() => path.cut(floor, units.len()),
        None => P::Borrowed::default(),
        Some((start, end)) => match &units[start..end] {
            name if name.len() > suffix.len() && name.ends_with(suffix) => {
                path.cut(start, end - suffix.len())
            }
            name if name.len() < suffix.len() && suffix.ends_with(name) && searched() => {
                path.cut(start, units.len())
            }
            _ => path.cut(start, end),
        },
    }
}

/// Both flavours' `extname`.
pub(crate) fn extname<'a, F: Flavour, P: PathStr<'a>>(path: P, floor: usize) -> P::Borrowed {
    let units = path.units();
    match last_component::<F, _>(units, floor) {
        Some((start, end)) => path.cut(extension_start(units, start, end), end),
        None => P::Borrowed::default(),
    }
}

/// All of `parts` that are not empty with a separator between, in one allocation.
pub(crate) fn concat<'a, F: Flavour, P: PathStr<'a>>(parts: &[P]) -> Vec<Unit<'a, P>> {
    let room = parts.iter().map(|part| part.units().len() + 1).sum();
    let mut buf = Vec::with_capacity(room);
    for part in parts {
        let units = part.units();
        if units.is_empty() {
            continue;
        }
        if !buf.is_empty() {
            buf.push(F::sep());
        }
        buf.extend_from_slice(units);
    }
    buf
}
