//! Finding the separators, dots and colons of a path, many units at a time.

use crate::segments::Flavour;
use crate::text::CodeUnit;

/// The units of a window at most: a bit each.
const WINDOW: usize = 64;
/// Whether a segment is `.` or `..` shows in the two units behind it, so that the last two wait for the next
/// window.
const STEP: usize = WINDOW - 2;

/// A bit for each of up to 64 units that are one of `of`, the first unit's the lowest.
#[inline(always)]
pub(crate) fn marks<U: CodeUnit, const N: usize>(units: &[U], of: [u8; N]) -> [u64; N] {
    let len = units.len();
    let mut marks = [0; N];
    // What is left of a length that is no multiple of the word's is in a word that overlaps.
    if let Some(last) = units.last_chunk::<8>() {
        let (words, rest) = units.as_chunks::<8>();
        for (index, word) in words.iter().enumerate() {
            add(&mut marks, index * 8, marks_8(u64::from_le_bytes(U::narrow(word)), of));
        }
        if !rest.is_empty() {
            add(&mut marks, len - 8, marks_8(u64::from_le_bytes(U::narrow(last)), of));
        }
    } else if let (Some(first), Some(last)) = (units.first_chunk::<4>(), units.last_chunk::<4>()) {
        add(&mut marks, 0, marks_8(u32::from_le_bytes(U::narrow(first)).into(), of));
        add(&mut marks, len - 4, marks_8(u32::from_le_bytes(U::narrow(last)).into(), of));
    } else {
        for (at, &unit) in units.iter().enumerate() {
            for (mark, byte) in marks.iter_mut().zip(of) {
                *mark |= u64::from(unit == U::ascii(byte)) << at;
            }
        }
    }
    marks
}

#[inline(always)]
fn add<const N: usize>(marks: &mut [u64; N], at: usize, found: [u64; N]) {
    for (mark, found) in marks.iter_mut().zip(found) {
        *mark |= found << at;
    }
}

/// Eight bytes in one word, the first the lowest.
#[inline(always)]
fn marks_8<const N: usize>(word: u64, of: [u8; N]) -> [u64; N] {
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    let mut marks = [0; N];
    if N == 2 && of[0] == of[1] | 1 {
        // Two that differ in the lowest bit, as `/` and `.` do, are looked for together.
        let bits = marks_8(word | 0x0101_0101_0101_0101, [of[0]])[0];
        let odd = side_by_side(word & 0x0101_0101_0101_0101);
        (marks[0], marks[1]) = (bits & odd, bits & !odd);
        return marks;
    }
    for (mark, byte) in marks.iter_mut().zip(of) {
        // A byte that is the one looked for has become zero, and only such a byte's highest bit stays unset.
        let zeroed = word ^ (u64::from(byte) * 0x0101_0101_0101_0101);
        *mark = side_by_side(!(((zeroed & LOW) + LOW) | zeroed | LOW) >> 7);
    }
    marks
}

/// The lowest bits of eight bytes, all others of which are unset.
#[inline(always)]
fn side_by_side(bits: u64) -> u64 {
    bits.wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// Looks through a path, window by window, for the segments that normalizing takes out: `.`, `..` and empty
/// ones.
pub(crate) struct Scan {
    /// Where the window starts.
    at: usize,
    /// The starts of such segments in it.
    dirty: u64,
    /// The separators in it.
    sep: u64,
    /// Whether no window follows.
    pub(crate) last: bool,
    /// Whether a separator that is not the flavour's own was seen.
    pub(crate) alien: bool,
    /// Whether a colon was seen; by `win32` only.
    pub(crate) colon: bool,
}

impl Scan {
    /// Of the segments of `path` from `base` on, where one starts.
    #[inline(always)]
    pub(crate) fn new<F: Flavour, U: CodeUnit>(path: &[U], base: usize) -> Scan {
        let mut scan = Scan { at: base, dirty: 0, sep: 0, last: true, alien: false, colon: false };
        scan.load::<F, U>(path, base, true);
        scan
    }

    #[inline(always)]
    fn load<F: Flavour, U: CodeUnit>(&mut self, path: &[U], at: usize, starts: bool) {
        let rest = path.get(at..).unwrap_or_default();
        let window = &rest[..rest.len().min(WINDOW)];
        let [own, alien, dot, colon] = F::marks(window);
        let sep = own | alien;
        self.at = at;
        self.sep = sep;
        self.last = rest.len() <= STEP;
        self.alien |= alien != 0;
        self.colon |= colon != 0;
        // Behind the end a segment ends as it does at a separator.
        let ends = if window.len() < WINDOW { sep | !0 << window.len() } else { sep };
        let starts = sep << 1 | u64::from(starts);
        let dirty = starts & (sep | dot & (ends >> 1 | dot >> 1 & ends >> 2));
        self.dirty = dirty & ((1 << window.len().min(STEP)) - 1);
    }

    /// The first such segment that starts at `from` or behind it. `from` is where a segment starts, and
    /// never goes back.
    #[inline(always)]
    pub(crate) fn next<F: Flavour, U: CodeUnit>(&mut self, path: &[U], from: usize) -> Option<usize> {
        if let Some(seen @ 0..STEP) = from.checked_sub(self.at) {
            self.dirty &= !0 << seen;
            if self.dirty != 0 {
                return Some(self.at + self.dirty.trailing_zeros() as usize);
            }
        }
        if self.last { None } else { self.next_window::<F, U>(path, from) }
    }

    #[inline(never)]
    fn next_window<F: Flavour, U: CodeUnit>(&mut self, path: &[U], from: usize) -> Option<usize> {
        let mut at = from.max(self.at + STEP);
        loop {
            self.load::<F, U>(path, at, at == from || F::is_sep(path[at - 1]));
            if self.dirty != 0 {
                return Some(at + self.dirty.trailing_zeros() as usize);
            }
            if self.last {
                return None;
            }
            at += STEP;
        }
    }

    /// The last separator in `path` from `start` up to `end`.
    #[inline(always)]
    pub(crate) fn last_sep<F: Flavour, U: CodeUnit>(
        &self,
        path: &[U],
        start: usize,
        end: usize,
    ) -> Option<usize> {
        if let (Some(low), Some(high @ 0..WINDOW)) = (start.checked_sub(self.at), end.checked_sub(self.at)) {
            let between = self.sep & ((1 << high) - 1) & (!0 << low);
            return between.checked_ilog2().map(|bit| self.at + bit as usize);
        }
        path[start..end].iter().rposition(|&unit| F::is_sep(unit)).map(|index| start + index)
    }
}
