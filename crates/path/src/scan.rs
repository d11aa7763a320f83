//! Finding the separators, dots and colons of a path, many units at a time.

use wide::u8x16;

use crate::segments::Flavour;
use crate::text::CodeUnit;

/// The units of a window at most: a bit each.
pub(crate) const WINDOW: usize = 64;
/// The units that are compared at once.
const BLOCK: usize = 16;
/// Whether a segment is `.` or `..` shows in the two units behind its first, so that the last two wait for the
/// next window.
const STEP: usize = WINDOW - 2;

/// A bit for each of up to 64 units that are one of `of`, the first unit's the lowest.
#[inline(always)]
pub(crate) fn marks<U: CodeUnit, const N: usize>(units: &[U], of: [u8; N]) -> [u64; N] {
    let len = units.len();
    let mut marks = [0; N];
    // What is left of a length that is no multiple of a block's is in a block that overlaps.
    if let (Some(first), Some(last)) = (units.first_chunk(), units.last_chunk()) {
        add(&mut marks, 0, U::narrow(first), of);
        add(&mut marks, len - BLOCK, U::narrow(last), of);
        if len > 2 * BLOCK {
            for at in [BLOCK, len.min(3 * BLOCK) - BLOCK] {
                if let Some(block) = units.get(at..).and_then(<[U]>::first_chunk) {
                    add(&mut marks, at, U::narrow(block), of);
                }
            }
        }
    } else if let (Some(first), Some(last)) = (units.first_chunk::<8>(), units.last_chunk::<8>()) {
        halves(&mut marks, len, first, last, of);
    } else if let (Some(first), Some(last)) = (units.first_chunk::<4>(), units.last_chunk::<4>()) {
        halves(&mut marks, len, first, last, of);
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
fn add<const N: usize>(marks: &mut [u64; N], at: usize, block: u8x16, of: [u8; N]) {
    for (mark, byte) in marks.iter_mut().zip(of) {
        *mark |= bits(block, byte) << at;
    }
}

/// Of `len` units, between one `HALF` and two, the first ones and the last.
#[inline(always)]
fn halves<U: CodeUnit, const N: usize, const HALF: usize>(
    marks: &mut [u64; N],
    len: usize,
    first: &[U; HALF],
    last: &[U; HALF],
    of: [u8; N],
) {
    let mut block = [U::ascii(0); BLOCK];
    block[..HALF].copy_from_slice(first);
    block[HALF..2 * HALF].copy_from_slice(last);
    let block = U::narrow(&block);
    for (mark, byte) in marks.iter_mut().zip(of) {
        let both = bits(block, byte);
        *mark |= both & ((1 << HALF) - 1) | (both >> HALF) << (len - HALF);
    }
}

/// A bit for each byte that is `wanted`.
#[inline(always)]
fn bits(block: u8x16, wanted: u8) -> u64 {
    u64::from(block.cmp_eq(u8x16::splat(wanted)).move_mask().cast_unsigned())
}

/// The lowest `count` bits.
#[inline(always)]
pub(crate) fn low(count: usize) -> u64 {
    if count < WINDOW { (1 << count) - 1 } else { !0 }
}

/// What is known of a few units of a path, a bit each, the first unit's the lowest.
#[derive(Clone, Copy)]
pub(crate) struct Window {
    /// Where it starts.
    pub(crate) at: usize,
    /// How many units it tells about.
    pub(crate) len: usize,
    /// Whether no window follows.
    pub(crate) last: bool,
    /// The starts of segments that normalizing takes out: `.`, `..` and empty ones.
    pub(crate) dirty: u64,
    /// Where a segment may end: the separators, and all that is behind the path's end.
    pub(crate) ends: u64,
    /// The separators that are not the flavour's own.
    pub(crate) alien: u64,
    /// The colons; of `win32` only.
    pub(crate) colon: u64,
}

impl Window {
    /// From `at` on; `starts` if a segment starts there.
    #[inline(always)]
    pub(crate) fn new<F: Flavour, U: CodeUnit>(path: &[U], at: usize, starts: bool) -> Window {
        let rest = path.get(at..).unwrap_or_default();
        let last = rest.len() < WINDOW;
        let [own, alien, dot, colon] = F::marks(&rest[..rest.len().min(WINDOW)]);
        let len = if last { rest.len() } else { STEP };
        let sep = own | alien;
        let ends = if last { sep | !low(len) } else { sep };
        let starts = sep << 1 | u64::from(starts);
        let dirty = starts & (sep | dot & (ends >> 1 | dot >> 1 & ends >> 2)) & low(len);
        Window { at, len, last, dirty, ends, alien, colon }
    }

    /// The one that follows.
    #[inline]
    pub(crate) fn next<F: Flavour, U: CodeUnit>(&self, path: &[U]) -> Window {
        let at = self.at + self.len;
        Window::new::<F, U>(path, at, at.checked_sub(1).is_none_or(|before| F::is_sep(path[before])))
    }
}
