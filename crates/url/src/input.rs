//! What a URL may be parsed from: UTF-8, Latin-1 or UTF-16, as a JavaScript engine holds its strings.

use std::borrow::Cow;

use nodecore_path::Latin1;

use crate::fast::LANES;

/// Text in one of the forms that the parsers take: `&str`, [`Latin1`], or UTF-16 as `&[u16]`, well-formed or not.
///
/// `&str` is taken as it is. The others cost next to nothing while they are ASCII, which URLs nearly always
/// are, and are transcoded otherwise; an unpaired surrogate becomes U+FFFD. Sealed.
pub trait Input: Copy + sealed::Sealed {
    /// Calls `f` with the text as UTF-8.
    #[doc(hidden)]
    fn with_utf8<T>(self, f: impl FnOnce(&str) -> T) -> T;

    /// How many code units there are.
    #[doc(hidden)]
    fn units(self) -> usize;

    /// The unit at `at`, which is in the text; what is not ASCII as a byte that is not graphic.
    #[doc(hidden)]
    fn unit(self, at: usize) -> u8;

    /// The units from `at` on, each as [`unit`](Input::unit) has it.
    #[doc(hidden)]
    fn block(self, at: usize) -> Option<[u8; LANES]>;

    /// Whether it is cheaper to look at the text that [`to_ascii`](Input::to_ascii) makes than at the units.
    #[doc(hidden)]
    const WIDE: bool = false;

    /// The text, if it is ASCII and short.
    #[doc(hidden)]
    fn to_ascii(self) -> Option<String>;

    /// Replaces `out` by the text, if it is ASCII and short.
    #[doc(hidden)]
    fn write_ascii(self, out: &mut String) -> Option<()>;
}

impl Input for &str {
    #[inline(always)]
    fn with_utf8<T>(self, f: impl FnOnce(&str) -> T) -> T {
        f(self)
    }

    #[inline(always)]
    fn units(self) -> usize {
        self.len()
    }

    #[inline(always)]
    fn unit(self, at: usize) -> u8 {
        self.as_bytes()[at]
    }

    #[inline(always)]
    fn block(self, at: usize) -> Option<[u8; LANES]> {
        self.as_bytes().get(at..)?.first_chunk().copied()
    }

    #[inline(always)]
    fn to_ascii(self) -> Option<String> {
        Some(self.to_owned())
    }

    #[inline(always)]
    fn write_ascii(self, out: &mut String) -> Option<()> {
        out.clear();
        out.push_str(self);
        Some(())
    }
}

impl Input for &String {
    #[inline(always)]
    fn with_utf8<T>(self, f: impl FnOnce(&str) -> T) -> T {
        f(self)
    }

    #[inline(always)]
    fn units(self) -> usize {
        self.len()
    }

    #[inline(always)]
    fn unit(self, at: usize) -> u8 {
        self.as_bytes()[at]
    }

    #[inline(always)]
    fn block(self, at: usize) -> Option<[u8; LANES]> {
        self.as_str().block(at)
    }

    #[inline(always)]
    fn to_ascii(self) -> Option<String> {
        Some(self.to_owned())
    }

    #[inline(always)]
    fn write_ascii(self, out: &mut String) -> Option<()> {
        self.as_str().write_ascii(out)
    }
}

impl Input for Latin1<'_> {
    #[inline(always)]
    fn with_utf8<T>(self, f: impl FnOnce(&str) -> T) -> T {
        f(&utf8_of_latin1(self.0))
    }

    #[inline(always)]
    fn units(self) -> usize {
        self.0.len()
    }

    #[inline(always)]
    fn unit(self, at: usize) -> u8 {
        self.0[at]
    }

    #[inline(always)]
    fn block(self, at: usize) -> Option<[u8; LANES]> {
        self.0.get(at..)?.first_chunk().copied()
    }

    #[inline(always)]
    fn to_ascii(self) -> Option<String> {
        join(ends(self.0, |byte| byte)?, self.0.len())
    }

    #[inline(always)]
    fn write_ascii(self, out: &mut String) -> Option<()> {
        join_in(ends(self.0, |byte| byte)?, self.0.len(), out)
    }
}

impl Input for &[u16] {
    const WIDE: bool = true;

    #[inline(always)]
    fn with_utf8<T>(self, f: impl FnOnce(&str) -> T) -> T {
        f(&utf8_of_utf16(self))
    }

    #[inline(always)]
    fn units(self) -> usize {
        self.len()
    }

    #[inline(always)]
    fn unit(self, at: usize) -> u8 {
        narrow(self[at])
    }

    #[inline(always)]
    fn block(self, at: usize) -> Option<[u8; LANES]> {
        let units: &[u16; LANES] = self.get(at..)?.first_chunk()?;
        let mut bytes = [0; LANES];
        for index in 0..LANES {
            bytes[index] = narrow(units[index]);
        }
        Some(bytes)
    }

    #[inline(always)]
    fn to_ascii(self) -> Option<String> {
        if !is_ascii(self) {
            return None;
        }
        join(ends(self, narrow)?, self.len())
    }

    #[inline(always)]
    fn write_ascii(self, out: &mut String) -> Option<()> {
        join_in(ends(self, narrow)?, self.len(), out)
    }
}

/// A unit as a byte, which is not graphic if the unit is not ASCII: one instruction where there is a saturating one.
#[inline(always)]
fn narrow(unit: u16) -> u8 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte")]
    let byte = unit.cast_signed().clamp(0, 255) as u8;
    byte
}

#[inline(always)]
fn is_ascii(units: &[u16]) -> bool {
    let all = |units: &[u16]| units.iter().fold(0, |all, unit| all | unit);
    match (units.first_chunk::<HALF>(), units.last_chunk::<HALF>()) {
        (Some(first), Some(last)) if units.len() <= 2 * HALF => all(first) | all(last) < 0x80,
        _ => all(units) < 0x80,
    }
}

/// Half of the longest text that is short.
const HALF: usize = 2 * LANES;

/// The first and the last units of a short text, 32 each, which overlap; of fewer than 32, 16 each and zeros.
#[inline(always)]
fn ends<N: Copy>(text: &[N], narrow: impl Fn(N) -> u8) -> Option<[[u8; HALF]; 2]> {
    let mut ends = [[0; HALF]; 2];
    if text.len() > 2 * HALF {
        return None;
    }
    if let (Some(first), Some(last)) = (text.first_chunk::<HALF>(), text.last_chunk::<HALF>()) {
        for index in 0..HALF {
            ends[0][index] = narrow(first[index]);
        }
        for index in 0..HALF {
            ends[1][index] = narrow(last[index]);
        }
        return Some(ends);
    }
    let (first, last) = (text.first_chunk::<LANES>()?, text.last_chunk::<LANES>()?);
    for index in 0..LANES {
        ends[0][index] = narrow(first[index]);
    }
    for index in 0..LANES {
        ends[1][index] = narrow(last[index]);
    }
    Some(ends)
}

#[inline(always)]
fn join(ends: [[u8; HALF]; 2], length: usize) -> Option<String> {
    let mut out = String::with_capacity(length);
    join_in(ends, length, &mut out)?;
    Some(out)
}

/// Replaces `out` by the text of `length` that has these ends.
#[inline(always)]
fn join_in(ends: [[u8; HALF]; 2], length: usize, out: &mut String) -> Option<()> {
    let text = std::str::from_utf8(ends.as_flattened()).ok()?;
    out.clear();
    if length >= HALF {
        out.push_str(text.get(..HALF)?);
        out.truncate(length - HALF);
        out.push_str(text.get(HALF..)?);
    } else {
        out.push_str(text.get(..LANES)?);
        out.truncate(length - LANES);
        out.push_str(text.get(HALF..HALF + LANES)?);
    }
    Some(())
}

#[inline(never)]
fn utf8_of_latin1(text: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(text) {
        // ASCII is the same in both.
        Ok(text) if text.is_ascii() => Cow::Borrowed(text),
        _ => Cow::Owned(widen(text)),
    }
}

#[inline(never)]
fn utf8_of_utf16(text: &[u16]) -> String {
    if text.iter().fold(0, |all, unit| all | unit) < 0x80
        && let Ok(text) = String::from_utf8(text.iter().map(|&unit| narrow(unit)).collect())
    {
        return text;
    }
    String::from_utf16_lossy(text)
}

/// Latin-1 as UTF-8.
fn widen(latin1: &[u8]) -> String {
    let mut out = Vec::with_capacity(latin1.len() + latin1.iter().filter(|byte| !byte.is_ascii()).count());
    for &byte in latin1 {
        if byte.is_ascii() {
            out.push(byte);
        } else {
            out.extend_from_slice(&[0xc0 | byte >> 6, 0x80 | byte & 0x3f]);
        }
    }
    String::from_utf8(out).unwrap_or_default()
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for &str {}
    impl Sealed for &String {}
    impl Sealed for nodecore_path::Latin1<'_> {}
    impl Sealed for &[u16] {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms_become_the_same_text() {
        let long = "x".repeat(2 * HALF + 1);
        for text in [
            "",
            "abc",
            "0123456789abcdef",
            "0123456789abcdef0",
            "0123456789abcdef0123456789abcdef",
            "0123456789abcdef0123456789abcde\u{e9}",
            "caf\u{e9}\u{80}\u{ff}",
            &long[1..],
            &long,
        ] {
            let latin1: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
            let utf16: Vec<u16> = text.encode_utf16().collect();
            assert_eq!(Latin1(&latin1).with_utf8(str::to_owned), text);
            assert_eq!(utf16.with_utf8(str::to_owned), text);
            let short = (LANES..=2 * HALF).contains(&text.len()) && text.is_ascii();
            let expected = short.then_some(text);
            assert_eq!(Latin1(&latin1).to_ascii().as_deref(), expected);
            assert_eq!(utf16.to_ascii().as_deref(), expected);
            let mut out = String::from("old");
            assert_eq!(utf16.write_ascii(&mut out).is_some(), short);
            assert_eq!(out, expected.unwrap_or("old"));
        }
        assert_eq!([0x61, 0xd800, 0x62].with_utf8(str::to_owned), "a\u{fffd}b");
    }

    /// Units whose low byte, or whose saturated value, is a letter's or NUL's.
    #[test]
    fn what_is_not_ascii_is_never_taken_for_it() {
        let graphic = |unit: u16| narrow(unit).is_ascii_graphic();
        assert!((0..=u16::MAX).all(|unit| graphic(unit) == (0x21..0x7f).contains(&unit)));
    }
}
