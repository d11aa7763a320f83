//! The string types a query may come in, and what comes out of them.

use std::borrow::Cow;
use std::fmt::Debug;
use std::hash::Hash;

/// A string the functions of this crate take. Sealed; implemented for `&str`, [`Latin1`] and `&[u16]`.
pub trait QueryStr<'a>: sealed::Sealed + Copy + 'a {
    /// The code unit.
    type Unit: Copy + Eq + Into<u32> + From<u8> + 'static;
    /// What comes out: borrowed where it is a part of the input.
    type Text: Clone + Debug + Eq + Hash + 'a;
    /// Whether units are bytes of UTF-8.
    const UTF8: bool = false;
    /// The storage.
    fn units(self) -> &'a [Self::Unit];
    /// A part of the input, whole characters.
    fn part(self, start: usize, end: usize) -> Self::Text;
    /// The text of `units`, whole characters.
    fn owned(units: Vec<Self::Unit>) -> Self::Text;
    /// JavaScript's `decodeURIComponent` of `units`, or `None` where that throws.
    fn decoded(units: &[Self::Unit]) -> Option<Self::Text>;
    /// The text that `bytes` are in UTF-8, with U+FFFD for what is not.
    fn from_bytes(bytes: Vec<u8>) -> Self::Text;
    /// Appends `units`, all ASCII.
    fn push_ascii(units: &[Self::Unit], out: &mut Vec<u8>);
    /// UTF-16.
    fn to_utf16(units: &[Self::Unit]) -> Cow<'_, [u16]>;
}

/// Latin-1 text, as JavaScript engines store most strings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Latin1<'a>(pub &'a [u8]);

/// What decoding makes of Latin-1: Latin-1 if all characters allow, else UTF-16.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Latin1Text<'a> {
    /// One byte a character.
    Latin1(Cow<'a, [u8]>),
    /// With at least one unit above 0xFF.
    Utf16(Vec<u16>),
}

impl<'a> QueryStr<'a> for &'a str {
    type Unit = u8;
    type Text = Cow<'a, str>;
    const UTF8: bool = true;
    fn units(self) -> &'a [u8] {
        self.as_bytes()
    }
    fn part(self, start: usize, end: usize) -> Cow<'a, str> {
        match self.get(start..end) {
            Some(part) => Cow::Borrowed(part),
            // A separator that is no whole character never matches, so this does not come about.
            None => Cow::Owned(String::from_utf8_lossy(&self.as_bytes()[start..end]).into_owned()),
        }
    }
    fn owned(units: Vec<u8>) -> Cow<'a, str> {
        Self::from_bytes(units)
    }
    fn decoded(units: &[u8]) -> Option<Cow<'a, str>> {
        let mut out = Vec::with_capacity(units.len());
        let mut rest = units;
        while let Some(at) = memchr::memchr(b'%', rest) {
            out.extend_from_slice(&rest[..at]);
            out.push(percent(&rest[at..])?);
            rest = &rest[at + 3..];
        }
        out.extend_from_slice(rest);
        // What was not escaped is valid and whole, so only an escaped sequence can be at fault here.
        String::from_utf8(out).ok().map(Cow::Owned)
    }
    fn from_bytes(bytes: Vec<u8>) -> Cow<'a, str> {
        Cow::Owned(replaced(bytes))
    }
    #[inline]
    fn push_ascii(units: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(units);
    }
    fn to_utf16(units: &[u8]) -> Cow<'_, [u16]> {
        Cow::Owned(String::from_utf8_lossy(units).encode_utf16().collect())
    }
}

impl<'a> QueryStr<'a> for &'a [u16] {
    type Unit = u16;
    type Text = Cow<'a, [u16]>;
    fn units(self) -> &'a [u16] {
        self
    }
    fn part(self, start: usize, end: usize) -> Cow<'a, [u16]> {
        Cow::Borrowed(&self[start..end])
    }
    fn owned(units: Vec<u16>) -> Cow<'a, [u16]> {
        Cow::Owned(units)
    }
    fn decoded(units: &[u16]) -> Option<Cow<'a, [u16]>> {
        decoded_utf16(units).map(Cow::Owned)
    }
    fn from_bytes(bytes: Vec<u8>) -> Cow<'a, [u16]> {
        Cow::Owned(replaced(bytes).encode_utf16().collect())
    }
    #[inline]
    fn push_ascii(units: &[u16], out: &mut Vec<u8>) {
        out.extend(units.iter().map(|&unit| (unit & 0xFF) as u8));
    }
    fn to_utf16(units: &[u16]) -> Cow<'_, [u16]> {
        Cow::Borrowed(units)
    }
}

impl<'a> QueryStr<'a> for Latin1<'a> {
    type Unit = u8;
    type Text = Latin1Text<'a>;
    fn units(self) -> &'a [u8] {
        self.0
    }
    fn part(self, start: usize, end: usize) -> Latin1Text<'a> {
        Latin1Text::Latin1(Cow::Borrowed(&self.0[start..end]))
    }
    fn owned(units: Vec<u8>) -> Latin1Text<'a> {
        Latin1Text::Latin1(Cow::Owned(units))
    }
    fn decoded(units: &[u8]) -> Option<Latin1Text<'a>> {
        decoded_utf16(units).map(narrowed)
    }
    fn from_bytes(bytes: Vec<u8>) -> Latin1Text<'a> {
        narrowed(replaced(bytes).encode_utf16().collect())
    }
    #[inline]
    fn push_ascii(units: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(units);
    }
    fn to_utf16(units: &[u8]) -> Cow<'_, [u16]> {
        Cow::Owned(units.iter().map(|&byte| byte.into()).collect())
    }
}

/// The byte that `%` and two hexadecimal digits at the start of `units` stand for.
pub(crate) fn percent<U: Copy + Into<u32>>(units: &[U]) -> Option<u8> {
    let digit = |unit: U| char::from_u32(unit.into())?.to_digit(16);
    match units {
        [_, high, low, ..] => u8::try_from(digit(*high)? << 4 | digit(*low)?).ok(),
        _ => None,
    }
}

fn decoded_utf16<U: Copy + Into<u32>>(units: &[U]) -> Option<Vec<u16>> {
    let mut out = Vec::with_capacity(units.len());
    let mut at = 0;
    while at < units.len() {
        let unit: u32 = units[at].into();
        if unit != u32::from(b'%') {
            out.push((unit & 0xFFFF) as u16);
            at += 1;
            continue;
        }
        let mut bytes = [percent(&units[at..])?, 0, 0, 0];
        let length = match bytes[0] {
            0..0x80 => 1,
            0xC0..0xE0 => 2,
            0xE0..0xF0 => 3,
            0xF0..0xF8 => 4,
            _ => return None,
        };
        for (index, byte) in bytes.iter_mut().enumerate().take(length).skip(1) {
            let next = units.get(at + 3 * index..)?;
            if next.first().is_none_or(|&unit| unit.into() != u32::from(b'%')) {
                return None;
            }
            *byte = percent(next)?;
        }
        out.extend(std::str::from_utf8(&bytes[..length]).ok()?.encode_utf16());
        at += 3 * length;
    }
    Some(out)
}

fn narrowed<'a>(units: Vec<u16>) -> Latin1Text<'a> {
    match units.iter().map(|&unit| u8::try_from(unit)).collect() {
        Ok(bytes) => Latin1Text::Latin1(Cow::Owned(bytes)),
        Err(_) => Latin1Text::Utf16(units),
    }
}

fn replaced(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for &str {}
    impl Sealed for &[u16] {}
    impl Sealed for super::Latin1<'_> {}
}
