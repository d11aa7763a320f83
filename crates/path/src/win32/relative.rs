//! The way from one resolved Windows path to another.

use crate::text::{CodeUnit, Utf16, to_lower_case};

use super::BACKSLASH;
use super::root::same_text;

/// The way between two resolved paths; `from` and `to` are what is compared, by `same`, `shown` is what `to` looks like,
/// unit for unit.
pub(super) fn way<U: CodeUnit>(from: &[U], to: &[U], shown: &[U], same: impl Fn(U, U) -> bool) -> Vec<U> {
    let back = U::ascii(BACKSLASH);
    let cut = |start: usize, end: usize| shown.get(start..end).unwrap_or_default();
    if from.len() == to.len() && from.iter().zip(to).all(|(&a, &b)| same(a, b)) {
        return Vec::new();
    }
    let trimmed = |path: &[U]| {
        let start = path.iter().take_while(|&&unit| unit == back).count();
        let end =
            path[start..].iter().rposition(|&unit| unit != back).map_or(path.len(), |last| start + last + 1);
        (start, end)
    };
    let ((from_start, from_end), (to_start, to_end)) = (trimmed(from), trimmed(to));
    let (from, to) = (&from[from_start..from_end], &to[to_start..to_end]);
    let length = from.len().min(to.len());
    let equal = from.iter().zip(to).position(|(&a, &b)| !same(a, b)).unwrap_or(length);
    let mut common = from[..equal].iter().rposition(|&unit| unit == back);
    if equal < length {
        if common.is_none() {
            return shown.to_vec();
        }
    } else if to.len() > length && (to[equal] == back || equal == 2) {
        let skip = usize::from(to[equal] == back);
        return cut(to_start + equal + skip, shown.len()).to_vec();
    } else if from.len() > length {
        if from[equal] == back {
            common = Some(equal);
        } else if equal == 2 {
            common = Some(3);
        }
    }
    let common = common.unwrap_or(0);
    let ups = match from.get(common + 1..) {
        Some(rest) => rest.iter().filter(|&&unit| unit == back).count() + 1,
        None => 0,
    };
    let start = to_start + common;
    let rest = cut(start, to_end);
    let mut out = Vec::with_capacity(ups * 3 + rest.len());
    for index in 0..ups {
        if index > 0 {
            out.push(back);
        }
        out.extend([U::ascii(b'.'), U::ascii(b'.')]);
    }
    let skip = usize::from(ups == 0 && shown.get(start) == Some(&back));
    out.extend_from_slice(cut(start + skip, to_end));
    out
}

/// As [`way`], for paths whose letters are not all ASCII.
pub(super) fn way_utf16(from: &[u16], to: &[u16]) -> Vec<u16> {
    if from == to {
        return Vec::new();
    }
    let (from_lower, to_lower) = (to_lower_case(from), to_lower_case(to));
    if from_lower.len() == from.len() && to_lower.len() == to.len() {
        return way(&from_lower, &to_lower, to, |a, b| a == b);
    }
    if from_lower == to_lower {
        return Vec::new();
    }
    // Lowering changed a length, so places in the one are not places in the other: segments are compared instead.
    let back = u16::from(BACKSLASH);
    let split = |path: &'_ [u16]| path.strip_suffix(&[back]).unwrap_or(path).len();
    let (from, to_cut) = (&from[..split(from)], &to[..split(to)]);
    let from_parts: Vec<&[u16]> = from.split(|&unit| unit == back).collect();
    let to_parts: Vec<&[u16]> = to_cut.split(|&unit| unit == back).collect();
    let same = from_parts.iter().zip(&to_parts).take_while(|(a, b)| same_text::<Utf16>(a, b)).count();
    if same == 0 {
        return to.to_vec();
    }
    let mut parts: Vec<&[u16]> = vec![&[b'.' as u16, b'.' as u16]; from_parts.len() - same];
    parts.extend_from_slice(&to_parts[same..]);
    let mut out = parts.join(&back);
    // Node leaves the separator behind the last `..` unless one path is part of the other.
    if same == to_parts.len() || same == from_parts.len() {
        return out;
    }
    if parts.is_empty() {
        out.clear();
    }
    out
}
