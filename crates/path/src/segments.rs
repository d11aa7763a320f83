//! What both flavours share: looking for what is not normal, taking it out in place, cutting the last component.

use crate::text::{CodeUnit, Encoding, PathStr, Unit};

/// A flavour's separators.
pub(crate) trait Flavour {
    /// The one it writes.
    const SEP: u8;
    /// Another it reads, or the same.
    const ALT: u8;
    #[inline(always)]
    fn is_sep<U: CodeUnit>(unit: U) -> bool {
        unit == U::ascii(Self::SEP) || (Self::ALT != Self::SEP && unit == U::ascii(Self::ALT))
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Posix;
#[derive(Clone, Copy, Debug)]
pub(crate) struct Win32;

impl Flavour for Posix {
    const SEP: u8 = b'/';
    const ALT: u8 = b'/';
}

impl Flavour for Win32 {
    const SEP: u8 = b'\\';
    const ALT: u8 = b'/';
}

/// Whether a `.` or `..` segment starts at `at`.
#[inline]
fn is_dot_segment<F: Flavour, U: CodeUnit>(path: &[U], at: usize) -> bool {
    let dot = U::ascii(b'.');
    let ends = |index: usize| path.get(index).is_none_or(|&unit| F::is_sep(unit));
    path.get(at) == Some(&dot) && (ends(at + 1) || (path[at + 1] == dot && ends(at + 2)))
}

/// Where normalizing has to start, if anywhere: the start of the first segment after `base` that is `.`, `..` or empty,
/// or that follows a separator which is not the flavour's own. A single separator at the end is normal.
#[inline]
pub(crate) fn first_dirty<F: Flavour, U: CodeUnit>(path: &[U], base: usize) -> Option<usize> {
    if is_dot_segment::<F, U>(path, base) || path.get(base).is_some_and(|&unit| F::is_sep(unit)) {
        return Some(base);
    }
    let mut at = base;
    loop {
        at = suspicious_pair::<F, U>(path, at)?;
        let alien = F::ALT != F::SEP && path[at] == U::ascii(F::ALT);
        if alien {
            // The segment before it is normal, but its separator has yet to be written.
            let start = path[base..at].iter().rposition(|&unit| unit == U::ascii(F::SEP));
            return Some(start.map_or(base, |index| base + index + 1));
        }
        if path.get(at + 1).is_some_and(|&unit| F::is_sep(unit)) || is_dot_segment::<F, U>(path, at + 1) {
            return Some(at + 1);
        }
        at += 1;
    }
}

/// The first separator from `at` on which is followed by a separator or a dot, or is not the flavour's own.
#[inline]
fn suspicious_pair<F: Flavour, U: CodeUnit>(path: &[U], mut at: usize) -> Option<usize> {
    let suspicious = |this: U, next: U| {
        let (sep, alt, dot) = (U::ascii(F::SEP), U::ascii(F::ALT), U::ascii(b'.'));
        let pair = (this == sep) & ((next == sep) | (next == dot));
        if F::ALT == F::SEP { pair } else { pair | (this == alt) }
    };
    // Without a way out of the inner loop the compiler makes vector code of it.
    const STEP: usize = 16;
    while let Some(window) = path.get(at..at + STEP + 1) {
        let (these, nexts) = (&window[..STEP], &window[1..]);
        let mut hit = false;
        for index in 0..STEP {
            hit |= suspicious(these[index], nexts[index]);
        }
        if hit {
            break;
        }
        at += STEP;
    }
    while at < path.len() {
        let next = path.get(at + 1).copied().unwrap_or(U::ascii(0));
        if suspicious(path[at], next) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Normalizes `buf` from the segment that starts at `from` on, in place. `base` is where the root ends; what lies
/// between is normal already. Leaves no separator at the end. `above` keeps `..` segments that have nothing to take away.
pub(crate) fn compact<F: Flavour, U: CodeUnit>(buf: &mut Vec<U>, base: usize, from: usize, above: bool) {
    let (sep, dot) = (U::ascii(F::SEP), U::ascii(b'.'));
    let len = buf.len();
    let mut write = if from > base { from - 1 } else { base };
    let mut read = from;
    while read < len {
        if F::is_sep(buf[read]) {
            read += 1;
            continue;
        }
        let segment_end = |buf: &[U]| {
            buf[read..].iter().position(|&unit| F::is_sep(unit)).map_or(len, |length| read + length)
        };
        if is_dot_segment::<F, U>(buf, read) {
            let end = segment_end(buf);
            let parent = end - read == 2;
            if parent && write > base && !ends_in_parent(&buf[base..write], sep) {
                let start = buf[base..write].iter().rposition(|&unit| unit == sep);
                write = start.map_or(base, |index| base + index);
            } else if parent && above {
                if write > base {
                    buf[write] = sep;
                    write += 1;
                }
                buf[write..write + 2].fill(dot);
                write += 2;
            }
            read = end + 1;
            continue;
        }
        // All segments up to the next abnormal one move together.
        let end = match first_dirty::<F, U>(buf, read) {
            Some(dirty) if dirty > read => dirty - 1,
            Some(_) => segment_end(buf),
            None => len - usize::from(F::is_sep(buf[len - 1])),
        };
        if write > base {
            buf[write] = sep;
            write += 1;
        }
        // Never up: each separator written was read before it.
        if write != read {
            buf.copy_within(read..end, write);
        }
        write += end - read;
        read = end + 1;
    }
    buf.truncate(write);
}

fn ends_in_parent<U: CodeUnit>(tail: &[U], sep: U) -> bool {
    let dot = U::ascii(b'.');
    match tail {
        [before @ .., a, b] => *a == dot && *b == dot && before.last().is_none_or(|&unit| unit == sep),
        _ => false,
    }
}

/// Start and end of the last component at or after `floor`, separators behind it left out; `None` where there are only
/// separators.
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
    // Node compares lengths before it looks for the suffix, and takes up what lies behind the component where the suffix
    // is longer than the component and fits as far as it goes.
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
            buf.push(CodeUnit::ascii(F::SEP));
        }
        buf.extend_from_slice(units);
    }
    buf
}
