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

/// What is taken over from the windows of a path that were normalized to the next one.
#[derive(Clone, Copy)]
struct Carry {
    /// The units written that no `..` takes away.
    floor: usize,
    /// The first units of the window that no `..` takes away, a bit each.
    fixed: u64,
    /// Its first units that belong to a segment which is gone.
    gone: u64,
}

/// The units of a window that stay, a bit each. A segment goes with the separator behind it, so that taking out
/// one and the one before it clears a row of bits; nothing is written before that is known.
#[inline(always)]
fn sift<F: Flavour, U: CodeUnit, const LONG: bool>(
    sink: &mut impl Sink<U>,
    window: &Window,
    carry: &mut Carry,
    above: bool,
) -> u64 {
    let mut keep = low(window.len) & !std::mem::take(&mut carry.gone);
    let (mut fixed, mut over) = (carry.fixed, 0);
    let mut dirty = window.dirty & !fixed;
    while dirty != 0 {
        let segment = dirty & dirty.wrapping_neg();
        dirty ^= segment;
        // With the separator behind it; what is no unit of the window drops out.
        let up = (segment | segment << 1) & window.ends == 0;
        let mut row = match segment & window.ends {
            0 if up => segment | segment << 1 | segment << 2,
            0 => segment | segment << 1,
            _ => segment,
        };
        let beyond = if LONG { low((row.ilog2() as usize + 1).saturating_sub(window.len)) } else { 0 };
        if up {
            let before = keep & (segment - 1) & !fixed;
            if let Some(last) = before.checked_ilog2() {
                // The last one is the separator behind the segment before.
                match (before & window.ends & !(1 << last)).checked_ilog2() {
                    Some(sep) => row |= (segment - 1) & (!1 << sep),
                    None => {
                        if LONG {
                            cut_back::<F, U>(sink, carry.floor, 0);
                        }
                        row |= segment - 1;
                    }
                }
            } else if LONG && sink.written().len() > carry.floor {
                cut_back::<F, U>(sink, carry.floor, 1);
            } else if above {
                fixed |= row | (segment - 1);
                over = beyond;
                continue;
            }
        }
        keep &= !row | fixed;
        carry.gone = beyond;
    }
    if LONG && fixed != 0 {
        carry.floor = sink.written().len() + (keep & fixed).count_ones() as usize;
    }
    carry.fixed = over;
    keep
}

/// Normalizes what comes behind the root; separators stay as they are. `window` is the path's first one, which
/// starts before the root or, where that is written, behind it.
#[inline(always)]
fn rewrite<F: Flavour, U: CodeUnit>(sink: &mut impl Sink<U>, window: &Window, rules: Rules) {
    if !window.last {
        return rewrite_long::<F, U>(sink, *window, rules);
    }
    let root = low(rules.base - window.at);
    let mut carry = Carry { floor: 0, fixed: root, gone: 0 };
    let mut keep = sift::<F, U, false>(sink, window, &mut carry, rules.above);
    if !rules.trailing
        && let Some(last) = (keep & !root).checked_ilog2()
    {
        keep &= !(window.ends & 1 << last);
    }
    sink.reserve(keep.count_ones() as usize);
    append(sink, window.at, keep);
}

#[inline(never)]
fn rewrite_long<F: Flavour, U: CodeUnit>(sink: &mut impl Sink<U>, mut window: Window, rules: Rules) {
    let fixed = low(rules.base - window.at);
    let mut carry = Carry { floor: sink.written().len(), fixed, gone: 0 };
    let units = sink.source().len();
    sink.reserve(units);
    loop {
        let keep = sift::<F, U, true>(sink, &window, &mut carry, rules.above);
        append(sink, window.at, keep);
        if window.last {
            break;
        }
        window = window.next::<F, U>(sink.source());
    }
    let written = sink.written();
    if !rules.trailing && written.len() > rules.base && written.last().is_some_and(|&unit| F::is_sep(unit)) {
        sink.truncate(written.len() - 1);
    }
}

/// Appends the units of the source from `at` on that have a bit.
#[inline(always)]
fn append<U: CodeUnit>(sink: &mut impl Sink<U>, mut at: usize, mut keep: u64) {
    while keep != 0 {
        let start = at + keep.trailing_zeros() as usize;
        keep >>= keep.trailing_zeros();
        let len = keep.trailing_ones();
        at = start + len as usize;
        sink.append(start, at);
        keep = keep.checked_shr(len).unwrap_or(0);
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
    if !window.last {
        // The edges of windows are not those of characters.
        let mut buf = path.units().to_vec();
        compact_from::<F, _>(&mut buf, window, rules);
        return P::owned(buf);
    }
    let mut sink = Copying { path, out: P::Owned::with_room(0) };
    rewrite::<F, _>(&mut sink, &window, rules);
    sink.out
}

/// Normalizes `buf`; `window` starts where it does, or behind the root.
#[inline]
pub(crate) fn compact_from<F: Flavour, U: CodeUnit>(buf: &mut Vec<U>, window: Window, rules: Rules) {
    let mut sink = InPlace { written: window.at, buf };
    rewrite::<F, U>(&mut sink, &window, rules);
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

#[cfg(test)]
mod tests {
    use crate::{posix, win32};

    /// Segment by segment, as the documentation has it.
    fn plainly(path: &str) -> String {
        let (root, above) = if path.starts_with('/') { ("/", false) } else { ("", true) };
        let mut kept: Vec<&str> = Vec::new();
        for segment in path.split('/') {
            match segment {
                "" | "." => {}
                ".." if kept.last().is_some_and(|&last| last != "..") => drop(kept.pop()),
                ".." if !above => {}
                _ => kept.push(segment),
            }
        }
        let mut out = format!("{root}{}", kept.join("/"));
        if out.is_empty() {
            out.push('.');
        }
        if path.ends_with('/') && !out.ends_with('/') {
            out.push('/');
        }
        out
    }

    /// Segments of all kinds over the edges of many windows.
    fn generated(seed: u64) -> String {
        const PIECES: [&str; 12] =
            ["/", "/", "/", "..", "/../", "/..", ".", "a", "\u{20AC}", "...", "long-\u{E9}segment", "/x/y/"];
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut next = |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % below
        };
        let (pieces, kinds) = (next(90), 3 + next(10));
        (0..pieces).map(|_| PIECES[usize::try_from(next(kinds)).unwrap_or(0).min(11)]).collect()
    }

    #[test]
    fn windows_leave_no_seam() {
        for seed in 0..40_000 {
            let path = generated(seed);
            if path.is_empty() {
                continue;
            }
            let expected = plainly(&path);
            assert_eq!(posix::normalize(&path), expected, "{path}");
            assert_eq!(posix::join(&[path.as_str()]), expected, "{path}");
            let wide: Vec<u16> = path.encode_utf16().collect();
            assert_eq!(String::from_utf16_lossy(&posix::normalize(&wide)), expected, "{path}");
            let absolute = plainly(&format!("/{path}"));
            let resolved = absolute.strip_suffix('/').filter(|text| !text.is_empty()).unwrap_or(&absolute);
            assert_eq!(posix::resolve_in("/", &[path.as_str()]), resolved, "{path}");
            // Two separators in front are a server's there.
            if !path.starts_with("//") {
                assert_eq!(win32::normalize(&path), expected.replace('/', "\\"), "{path}");
            }
        }
    }
}
