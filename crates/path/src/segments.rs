//! What both flavours share: taking out what is not normal, cutting the last component.

use crate::scan::{Window, low, marks};
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
    let mut window = Window::new::<F, U>(path, base, true);
    while window.dirty == 0 && !window.last {
        window = window.next::<F, U>(path);
    }
    window.dirty == 0
}

/// As [`is_clean`], with no separators but the flavour's own.
#[inline]
pub(crate) fn is_normal<F: Flavour, U: CodeUnit>(path: &[U], base: usize) -> bool {
    let mut window = Window::new::<F, U>(path, base, true);
    while window.dirty | window.alien == 0 && !window.last {
        window = window.next::<F, U>(path);
    }
    window.dirty | window.alien == 0
}

/// Where a normalized path goes.
trait Sink<U> {
    /// The path that is normalized.
    fn source(&self) -> &[U];
    /// What has been written.
    fn written(&self) -> &[U];
    fn truncate(&mut self, len: usize);
    /// Makes room, before anything is appended.
    fn reserve(&mut self, units: usize);
    /// Appends a part of the source.
    fn append(&mut self, start: usize, end: usize);
}

/// Into a new string.
struct Copying<'a, P: PathStr<'a>> {
    path: P,
    out: P::Owned,
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
    fn reserve(&mut self, units: usize) {
        self.out = P::Owned::with_room(units);
    }
    #[inline(always)]
    fn append(&mut self, start: usize, end: usize) {
        self.path.append_to(&mut self.out, start, end);
    }
}

/// Over the source itself. What is written never reaches what has yet to be read: every unit was read before.
struct InPlace<'b, U> {
    buf: &'b mut [U],
    written: usize,
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
    fn reserve(&mut self, _: usize) {}
    #[inline(always)]
    fn append(&mut self, start: usize, end: usize) {
        if start != self.written {
            self.buf.copy_within(start..end, self.written);
        }
        self.written += end - start;
    }
}

/// How to normalize a path.
#[derive(Clone, Copy)]
pub(crate) struct Rules {
    /// Where the root ends, which stays as it is.
    pub(crate) base: usize,
    /// Whether `..` segments stay that have nothing to take away.
    pub(crate) above: bool,
    /// Whether a separator at the end stays.
    pub(crate) trailing: bool,
}

/// Normalizes what comes behind the root; separators stay as they are. `window` is the path's first one, which
/// starts before the root or, where that is written, behind it.
///
/// The units of a window that stay are the bits of a word. A segment goes with the separator behind it, so that
/// taking out one and the one before it clears a row of bits, and nothing is written before that is known.
#[inline(always)]
fn rewrite<F: Flavour, U: CodeUnit>(sink: &mut impl Sink<U>, mut window: Window, rules: Rules) {
    let first = window.at;
    let mut root = low(rules.base - first);
    window.dirty &= !root;
    // What no `..` takes away, of what is written and of this window.
    let (mut floor, mut fixed) = (sink.written().len(), root);
    // The units that belong to the last segment of the window before, if that goes.
    let mut gone = 0;
    loop {
        let mut keep = low(window.len) & !std::mem::take(&mut gone);
        let mut over = 0;
        let mut dirty = window.dirty;
        while dirty != 0 {
            let at = dirty.trailing_zeros() as usize;
            dirty &= dirty - 1;
            let ends = window.ends >> at;
            let end = at + if ends & 1 != 0 { 1 } else { 3 - (ends >> 1 & 1) as usize };
            let mut start = at;
            (gone, over) = (low(end.saturating_sub(window.len)), 0);
            if end == at + 3 {
                let before = keep & low(at) & !fixed;
                if let Some(last) = before.checked_ilog2() {
                    // The last one is the separator behind the segment.
                    match (before & window.ends & !(1 << last)).checked_ilog2() {
                        Some(sep) => start = sep as usize + 1,
                        None => {
                            cut_back::<F, U>(sink, floor, 0);
                            start = 0;
                        }
                    }
                } else if sink.written().len() > floor {
                    cut_back::<F, U>(sink, floor, 1);
                } else if rules.above {
                    fixed = low(end);
                    (gone, over) = (0, gone);
                    continue;
                }
            }
            keep &= low(start) | !low(end) | fixed;
        }
        if window.last && !rules.trailing {
            if let Some(last) = (keep & !root).checked_ilog2() {
                keep &= !(window.ends & 1 << last);
            } else if sink.written().len() > rules.base
                && sink.written().last().is_some_and(|&unit| F::is_sep(unit))
            {
                sink.truncate(sink.written().len() - 1);
            }
        }
        if window.at == first {
            sink.reserve(if window.last { keep.count_ones() as usize } else { sink.source().len() });
        }
        if fixed != 0 {
            floor = sink.written().len() + (keep & fixed).count_ones() as usize;
        }
        let mut at = window.at;
        while keep != 0 {
            let start = at + keep.trailing_zeros() as usize;
            keep >>= keep.trailing_zeros();
            let len = keep.trailing_ones();
            at = start + len as usize;
            sink.append(start, at);
            keep = keep.checked_shr(len).unwrap_or(0);
        }
        if window.last {
            return;
        }
        window = window.next::<F, U>(sink.source());
        (root, fixed) = (0, over);
    }
}

/// Takes the last segment off what is written, all but its last `skip` units seen as text.
#[inline(never)]
fn cut_back<F: Flavour, U: CodeUnit>(sink: &mut impl Sink<U>, floor: usize, skip: usize) {
    let written = sink.written();
    let tail = written.get(floor..written.len().saturating_sub(skip)).unwrap_or_default();
    let keep = tail.iter().rposition(|&unit| F::is_sep(unit)).map_or(0, |sep| sep + 1);
    sink.truncate(floor + keep);
}

/// A copy of `path` that is normalized; `window` starts where the path does.
#[inline]
pub(crate) fn normalized<'a, F: Flavour, P: PathStr<'a>>(path: P, window: Window, rules: Rules) -> P::Owned {
    let mut sink = Copying { path, out: P::Owned::with_room(0) };
    rewrite::<F, _>(&mut sink, window, rules);
    sink.out
}

/// Normalizes `buf`; `window` starts where it does, or behind the root.
#[inline]
pub(crate) fn compact_from<F: Flavour, U: CodeUnit>(buf: &mut Vec<U>, window: Window, rules: Rules) {
    let mut sink = InPlace { written: window.at, buf };
    rewrite::<F, U>(&mut sink, window, rules);
    let written = sink.written;
    buf.truncate(written);
}

/// Normalizes `buf` behind its root.
#[inline]
pub(crate) fn compact<F: Flavour, U: CodeUnit>(buf: &mut Vec<U>, rules: Rules) {
    let window = Window::new::<F, U>(buf, rules.base, true);
    if window.dirty != 0 || !window.last {
        compact_from::<F, U>(buf, window, rules);
    } else if !rules.trailing && buf.len() > rules.base && buf.last().is_some_and(|&unit| F::is_sep(unit)) {
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
