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

    /// Whether the text starts with these characters of ASCII.
    #[doc(hidden)]
    fn opens_with<const N: usize>(self, ascii: &[u8; N]) -> bool;

    /// The units from `at` on, each as [`unit`](Input::unit) has it.
    #[doc(hidden)]
    fn block(self, at: usize) -> Option<[u8; LANES]>;

    /// The units from `at` on, which is not 0, and what is before each; before the first it may be NUL.
    #[doc(hidden)]
    #[inline(always)]
    fn pairs(self, at: usize) -> Option<[[u8; LANES]; 2]> {
        Some([self.block(at)?, self.block(at - 1)?])
    }

    /// Calls `f` with the text as UTF-8 that is not known to be that.
    #[doc(hidden)]
    fn with_bytes<T>(self, f: impl FnOnce(&[u8]) -> T) -> T;

    /// Room for what [`copy_graphic`](Input::copy_graphic) writes.
    #[doc(hidden)]
    #[inline(always)]
    fn buffer(self) -> String {
        String::with_capacity(self.units() + LANES)
    }

    /// The text in `buffer`, if all of it is graphic ASCII and it is a block or more; otherwise nothing or what is wrong.
    #[doc(hidden)]
    fn copy_graphic(self, buffer: String) -> Option<String>;
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
    fn opens_with<const N: usize>(self, ascii: &[u8; N]) -> bool {
        self.as_bytes().starts_with(ascii)
    }

    #[inline(always)]
    fn block(self, at: usize) -> Option<[u8; LANES]> {
        self.as_bytes().get(at..)?.first_chunk().copied()
    }

    #[inline(always)]
    fn with_bytes<T>(self, f: impl FnOnce(&[u8]) -> T) -> T {
        f(self.as_bytes())
    }

    #[inline(always)]
    fn buffer(self) -> String {
        String::with_capacity(self.len())
    }

    #[inline(always)]
    fn copy_graphic(self, mut buffer: String) -> Option<String> {
        buffer.clear();
        buffer.push_str(self);
        Some(buffer)
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
    fn opens_with<const N: usize>(self, ascii: &[u8; N]) -> bool {
        self.as_bytes().starts_with(ascii)
    }

    #[inline(always)]
    fn block(self, at: usize) -> Option<[u8; LANES]> {
        self.as_str().block(at)
    }

    #[inline(always)]
    fn with_bytes<T>(self, f: impl FnOnce(&[u8]) -> T) -> T {
        f(self.as_bytes())
    }

    #[inline(always)]
    fn buffer(self) -> String {
        self.as_str().buffer()
    }

    #[inline(always)]
    fn copy_graphic(self, buffer: String) -> Option<String> {
        self.as_str().copy_graphic(buffer)
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
    fn opens_with<const N: usize>(self, ascii: &[u8; N]) -> bool {
        self.0.starts_with(ascii)
    }

    #[inline(always)]
    fn block(self, at: usize) -> Option<[u8; LANES]> {
        self.0.get(at..)?.first_chunk().copied()
    }

    #[inline(always)]
    fn with_bytes<T>(self, f: impl FnOnce(&[u8]) -> T) -> T {
        if self.0.is_ascii() { f(self.0) } else { with_transcoded(self.0, f) }
    }

    #[inline(always)]
    fn copy_graphic(self, buffer: String) -> Option<String> {
        let mut out = buffer.into_bytes();
        out.clear();
        out.reserve(self.0.len() + LANES);
        out.extend_from_slice(self.0);
        // Whole blocks, so that the check has no remainder.
        out.extend_from_slice(&[0; LANES]);
        out.truncate(self.0.len().next_multiple_of(LANES));
        text_of(out, self.0.len())
    }
}

impl Input for &[u16] {
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
    fn opens_with<const N: usize>(self, ascii: &[u8; N]) -> bool {
        self.first_chunk() == Some(&ascii.map(u16::from))
    }

    #[inline(always)]
    fn block(self, at: usize) -> Option<[u8; LANES]> {
        // Or else the compiler takes the loads of blocks that overlap apart into units.
        Some(std::hint::black_box(narrow_block(self.get(at..)?.first_chunk()?)))
    }

    #[inline(always)]
    fn pairs(self, at: usize) -> Option<[[u8; LANES]; 2]> {
        let block = self.block(at)?;
        let mut before = [0; LANES];
        before[1..].copy_from_slice(&block[..LANES - 1]);
        Some([block, before])
    }

    #[inline(always)]
    fn with_bytes<T>(self, f: impl FnOnce(&[u8]) -> T) -> T {
        let mut room = [0; 128];
        match narrow_all(self, &mut room) {
            Some(ascii) => f(ascii),
            None => with_transcoded(self, f),
        }
    }

    #[inline(always)]
    fn copy_graphic(self, buffer: String) -> Option<String> {
        let mut out = buffer.into_bytes();
        out.clear();
        // Whole blocks, so that neither the copy nor the check of what is copied has a remainder.
        out.resize(self.len().next_multiple_of(LANES), 0);
        let (blocks, rest) = self.as_chunks::<LANES>();
        for (to, block) in out.as_chunks_mut::<LANES>().0.iter_mut().zip(blocks) {
            *to = narrow_block(block);
        }
        if !rest.is_empty() {
            // Over the end of the block before.
            let last = narrow_block(self.last_chunk()?);
            out.get_mut(self.len() - LANES..self.len())?.copy_from_slice(&last);
        }
        text_of(out, self.len())
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
fn narrow_block(units: &[u16; LANES]) -> [u8; LANES] {
    let mut bytes = [0; LANES];
    for index in 0..LANES {
        bytes[index] = narrow(units[index]);
    }
    bytes
}

/// The bytes of `units` in `room`, if they are ASCII and fit.
#[inline(never)]
fn narrow_all<'r>(units: &[u16], room: &'r mut [u8]) -> Option<&'r [u8]> {
    let room = room.get_mut(..units.len())?;
    let mut all = 0;
    for (to, &unit) in room.iter_mut().zip(units) {
        all |= unit;
        *to = narrow(unit);
    }
    (all < 0x80).then_some(room)
}

/// The first `length` bytes of `out` as text.
#[inline(always)]
fn text_of(out: Vec<u8>, length: usize) -> Option<String> {
    let mut out = String::from_utf8(out).ok()?;
    out.truncate(length);
    Some(out)
}

/// As much UTF-8 is written to the stack rather than to allocated memory.
const SHORT: usize = 384;

/// Calls `f` with the UTF-8 of Latin-1 or UTF-16, U+FFFD for surrogates that are not paired.
#[inline(never)]
fn with_transcoded<U: Copy + Into<u32>, T>(units: &[U], f: impl FnOnce(&[u8]) -> T) -> T {
    if units.len() <= SHORT / 3 {
        let mut room = [0; SHORT];
        let length = transcode(units, &mut room);
        return f(&room[..length]);
    }
    let mut out = Vec::with_capacity(units.len() + units.len() / 8);
    // What a piece ends with may be the first half of a pair.
    let mut rest = units;
    while !rest.is_empty() {
        let mut length = rest.len().min(SHORT / 3);
        if length < rest.len() && is_high_surrogate(rest[length - 1].into()) {
            length -= 1;
        }
        let mut room = [0; SHORT];
        let (piece, after) = rest.split_at(length);
        let written = transcode(piece, &mut room);
        out.extend_from_slice(&room[..written]);
        rest = after;
    }
    f(&out)
}

fn is_high_surrogate(unit: u32) -> bool {
    unit & 0xfc00 == 0xd800
}

/// Writes at most `SHORT / 3` units as UTF-8; how many bytes that is.
#[inline(always)]
fn transcode<U: Copy + Into<u32>>(units: &[U], room: &mut [u8; SHORT]) -> usize {
    let mut rest = units;
    let mut length = 0;
    while let Some(&first) = rest.first() {
        if let (Some((block, after)), Some(room)) =
            (rest.split_first_chunk::<LANES>(), room.get_mut(length..length + LANES))
            && block.iter().fold(0, |all, &unit| all | unit.into()) < 0x80
        {
            for (to, &unit) in room.iter_mut().zip(block) {
                *to = unit.into().to_le_bytes()[0];
            }
            length += LANES;
            rest = after;
            continue;
        }
        // As many as a block: what is not ASCII seldom comes alone.
        let (mut code, mut taken): (u32, usize) = (first.into(), 1);
        for _ in 0..LANES {
            if code >= 0x80 {
                if is_high_surrogate(code)
                    && let Some(&low) = rest.get(1)
                    && low.into() & 0xfc00 == 0xdc00
                {
                    code = 0x1_0000 + ((code & 0x3ff) << 10 | (low.into() & 0x3ff));
                    taken = 2;
                }
                let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                length += c.encode_utf8(&mut room[length..]).len();
            } else {
                room[length] = code.to_le_bytes()[0];
                length += 1;
            }
            rest = &rest[taken..];
            let Some(&next) = rest.first() else { return length };
            (code, taken) = (next.into(), 1);
        }
    }
    length
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
        for length in (0..70).chain([127, 128, 129, 1000]) {
            let plain = "x".repeat(length);
            let copied = (length == 0 || length >= LANES).then(|| plain.clone());
            let utf16: Vec<u16> = plain.encode_utf16().collect();
            for buffer in ["", "what was there before, and longer than the text may be"] {
                assert_eq!(Latin1(plain.as_bytes()).copy_graphic(buffer.to_owned()).as_ref(), Some(&plain));
                assert_eq!(utf16.copy_graphic(buffer.to_owned()), copied);
            }
            for odd in ["", "\u{e9}", "\u{80}", "\u{ff}", "\u{7ff}", "\u{ffff}", "\u{10000}", "\u{10ffff}"] {
                for text in [format!("{plain}{odd}ab"), format!("{odd}{plain}"), odd.repeat(length)] {
                    let utf16: Vec<u16> = text.encode_utf16().collect();
                    assert_eq!(utf16.with_utf8(str::to_owned), text);
                    assert_eq!(utf16.with_bytes(<[u8]>::to_vec), text.as_bytes());
                    let latin1: Option<Vec<u8>> =
                        text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
                    if let Some(latin1) = latin1 {
                        assert_eq!(Latin1(&latin1).with_utf8(str::to_owned), text);
                        assert_eq!(Latin1(&latin1).with_bytes(<[u8]>::to_vec), text.as_bytes());
                    }
                }
            }
        }
        for (units, text) in [
            (&[0x61, 0xd800, 0x62][..], "a\u{fffd}b"),
            (&[0xd800], "\u{fffd}"),
            (&[0xdc00, 0xd800, 0xd800, 0xdc00], "\u{fffd}\u{fffd}\u{10000}"),
        ] {
            assert_eq!(units.with_utf8(str::to_owned), text);
            assert_eq!(units.with_bytes(<[u8]>::to_vec), text.as_bytes());
        }
    }

    /// Units whose low byte, or whose saturated value, is a letter's or NUL's.
    #[test]
    fn what_is_not_ascii_is_never_taken_for_it() {
        let graphic = |unit: u16| narrow(unit).is_ascii_graphic();
        assert!((0..=u16::MAX).all(|unit| graphic(unit) == (0x21..0x7f).contains(&unit)));
    }
}
