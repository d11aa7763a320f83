//! The string types a query may come in, and what comes out of them.

use std::borrow::Cow;
use std::fmt::Debug;
use std::hash::Hash;

use crate::parse::{self, ParseOptions, Query};

/// A string the functions of this crate take. Sealed; implemented for `&str`, [`Latin1`] and `&[u16]`.
pub trait QueryStr<'a>: sealed::Sealed + Copy + 'a {
    /// The code unit.
    type Unit: Copy + Default + Eq + Into<u32> + From<u8> + 'static;
    /// What comes out: borrowed where it is a part of the input.
    type Text: Clone + Debug + Eq + Hash + 'a;
    /// Whether units are bytes of UTF-8.
    const UTF8: bool = false;
    /// The storage.
    fn units(self) -> &'a [Self::Unit];
    /// Calls `f` with a byte for each unit: the same one if it is ASCII, else one that is not.
    #[doc(hidden)]
    fn with_bytes<R>(self, f: impl FnOnce(&[u8]) -> R) -> R;
    /// A part of the input, whole characters.
    fn part(self, start: usize, end: usize) -> Self::Text;
    /// The text of `units`, whole characters.
    fn owned(units: Vec<Self::Unit>) -> Self::Text;
    /// JavaScript's `decodeURIComponent` of `units`, or `None` where that throws; with `plus` a plus is a space.
    #[doc(hidden)]
    fn decoded(units: &[Self::Unit], plus: bool) -> Option<Self::Text>;
    /// The text that `bytes` are in UTF-8, with U+FFFD for what is not.
    fn from_bytes(bytes: Vec<u8>) -> Self::Text;
    /// `self` as what [`escape`](crate::escape) gives, if it is ASCII and can be borrowed.
    #[doc(hidden)]
    fn as_ascii(self) -> Option<&'a str>;
    /// What [`parse`](crate::parse) makes of it where that depends on units that these are not.
    #[doc(hidden)]
    fn parsed_as_utf16(self, _options: &ParseOptions<'_, Self, Self::Text>) -> Option<Query<Self::Text>> {
        None
    }
    /// Calls `f` with UTF-16, or with bytes that stand for a unit each.
    #[doc(hidden)]
    fn with_low_units<R>(units: &[Self::Unit], f: impl FnOnce(LowUnits<'_>) -> R) -> R;
}

/// What `unescapeBuffer` reads.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub enum LowUnits<'u> {
    Bytes(&'u [u8]),
    Utf16(&'u [u16]),
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
    #[inline]
    fn units(self) -> &'a [u8] {
        self.as_bytes()
    }
    #[inline]
    fn with_bytes<R>(self, f: impl FnOnce(&[u8]) -> R) -> R {
        f(self.as_bytes())
    }
    #[inline]
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
    fn decoded(units: &[u8], plus: bool) -> Option<Cow<'a, str>> {
        // What was not escaped is valid and whole, so only an escaped sequence can be at fault here.
        decode_units(
            units,
            plus,
            |units| Some((percent(units)?, 3)),
            |bytes| Some(std::str::from_utf8(bytes).ok()?.to_owned()),
        )
        .map(Cow::Owned)
    }
    fn from_bytes(bytes: Vec<u8>) -> Cow<'a, str> {
        Cow::Owned(replaced(bytes))
    }
    #[inline]
    fn as_ascii(self) -> Option<&'a str> {
        Some(self)
    }
    fn parsed_as_utf16(
        self,
        options: &ParseOptions<'_, &'a str, Cow<'a, str>>,
    ) -> Option<Query<Cow<'a, str>>> {
        parse::parsed_as_utf16(self, options)
    }
    fn with_low_units<R>(units: &[u8], f: impl FnOnce(LowUnits<'_>) -> R) -> R {
        if units.is_ascii() {
            return f(LowUnits::Bytes(units));
        }
        f(LowUnits::Utf16(&String::from_utf8_lossy(units).encode_utf16().collect::<Vec<_>>()))
    }
}

impl<'a> QueryStr<'a> for &'a [u16] {
    type Unit = u16;
    type Text = Cow<'a, [u16]>;
    #[inline]
    fn units(self) -> &'a [u16] {
        self
    }
    #[inline]
    fn with_bytes<R>(self, f: impl FnOnce(&[u8]) -> R) -> R {
        let low = |unit: u16| if unit < 0x80 { unit.to_le_bytes()[0] } else { 0x80 };
        if self.len() > SHORT {
            return f(&self.iter().map(|&unit| low(unit)).collect::<Vec<_>>());
        }
        let mut bytes = [0; SHORT];
        for (byte, &unit) in bytes.iter_mut().zip(self) {
            *byte = low(unit);
        }
        f(&bytes[..self.len()])
    }
    #[inline]
    fn part(self, start: usize, end: usize) -> Cow<'a, [u16]> {
        Cow::Borrowed(&self[start..end])
    }
    fn owned(units: Vec<u16>) -> Cow<'a, [u16]> {
        Cow::Owned(units)
    }
    fn decoded(units: &[u16], plus: bool) -> Option<Cow<'a, [u16]>> {
        decoded_utf16(units, plus).map(Cow::Owned)
    }
    fn from_bytes(bytes: Vec<u8>) -> Cow<'a, [u16]> {
        Cow::Owned(replaced(bytes).encode_utf16().collect())
    }
    fn as_ascii(self) -> Option<&'a str> {
        None
    }
    fn with_low_units<R>(units: &[u16], f: impl FnOnce(LowUnits<'_>) -> R) -> R {
        f(LowUnits::Utf16(units))
    }
}

impl<'a> QueryStr<'a> for Latin1<'a> {
    type Unit = u8;
    type Text = Latin1Text<'a>;
    #[inline]
    fn units(self) -> &'a [u8] {
        self.0
    }
    #[inline]
    fn with_bytes<R>(self, f: impl FnOnce(&[u8]) -> R) -> R {
        f(self.0)
    }
    #[inline]
    fn part(self, start: usize, end: usize) -> Latin1Text<'a> {
        Latin1Text::Latin1(Cow::Borrowed(&self.0[start..end]))
    }
    fn owned(units: Vec<u8>) -> Latin1Text<'a> {
        Latin1Text::Latin1(Cow::Owned(units))
    }
    fn decoded(units: &[u8], plus: bool) -> Option<Latin1Text<'a>> {
        let narrow = |units: &[u8]| {
            let (character, length) = percent_character(units)?;
            Some((u8::try_from(u32::from(character)).ok()?, length))
        };
        match decode_units(units, plus, narrow, |bytes| Some(bytes.to_vec())) {
            Some(bytes) => Some(Latin1Text::Latin1(Cow::Owned(bytes))),
            None => decoded_utf16(units, plus).map(Latin1Text::Utf16),
        }
    }
    fn from_bytes(bytes: Vec<u8>) -> Latin1Text<'a> {
        let units: Vec<u16> = replaced(bytes).encode_utf16().collect();
        match units.iter().map(|&unit| u8::try_from(unit)).collect() {
            Ok(bytes) => Latin1Text::Latin1(Cow::Owned(bytes)),
            Err(_) => Latin1Text::Utf16(units),
        }
    }
    #[inline]
    fn as_ascii(self) -> Option<&'a str> {
        std::str::from_utf8(self.0).ok()
    }
    fn with_low_units<R>(units: &[u8], f: impl FnOnce(LowUnits<'_>) -> R) -> R {
        f(LowUnits::Bytes(units))
    }
}

/// Text up to this long is built on the stack, and then allocated once and with its exact size.
const SHORT: usize = 128;

const NO_DIGIT: u8 = 0xFF;

/// The value of each hexadecimal digit.
static DIGITS: [u8; 256] = {
    let mut digits = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 16 {
        digits[b"0123456789ABCDEF"[value as usize] as usize] = value;
        digits[b"0123456789abcdef"[value as usize] as usize] = value;
        value += 1;
    }
    digits
};

/// The byte that `%` and two hexadecimal digits at the start of `units` stand for.
#[inline]
pub(crate) fn percent<U: Copy + Into<u32>>(units: &[U]) -> Option<u8> {
    let digit = |unit: U| DIGITS.get(unit.into() as usize).copied().unwrap_or(NO_DIGIT);
    match units {
        [sign, high, low, ..] if (*sign).into() == u32::from(b'%') => {
            let (high, low) = (digit(*high), digit(*low));
            // No digit has any of the upper four bits.
            ((high | low) & 0xF0 == 0).then_some(high << 4 | low)
        }
        _ => None,
    }
}

/// The character that one to four sequences at the start of `units` stand for, and how many units they take.
fn percent_character<U: Copy + Into<u32>>(units: &[U]) -> Option<(char, usize)> {
    let mut bytes = [percent(units)?, 0, 0, 0];
    let length = match bytes[0] {
        0..0x80 => return Some((char::from(bytes[0]), 3)),
        0xC0..0xE0 => 2,
        0xE0..0xF0 => 3,
        0xF0..0xF8 => 4,
        _ => return None,
    };
    for (index, byte) in bytes.iter_mut().enumerate().take(length).skip(1) {
        *byte = percent(units.get(3 * index..)?)?;
    }
    Some((std::str::from_utf8(&bytes[..length]).ok()?.chars().next()?, 3 * length))
}

/// Decodes with `sequence`, which gives the unit that stands for the sequences that it is given the start of, and how
/// many units they take; `finish` makes the result of all.
#[inline]
fn decode_units<U: Copy + Default + Into<u32> + From<u8>, T>(
    units: &[U],
    plus: bool,
    sequence: impl Fn(&[U]) -> Option<(U, usize)>,
    finish: impl Fn(&[U]) -> Option<T>,
) -> Option<T> {
    let (mut short, mut long);
    // Decoding never makes text longer.
    let room = if units.len() <= SHORT {
        short = [U::default(); SHORT];
        &mut short[..]
    } else {
        long = vec![U::default(); units.len()];
        &mut long[..]
    };
    let mut rest = units;
    let mut length = 0;
    for slot in room.iter_mut() {
        let Some((&unit, after)) = rest.split_first() else { break };
        let code: u32 = unit.into();
        if code == u32::from(b'%') {
            let (decoded, taken) = sequence(rest)?;
            *slot = decoded;
            rest = rest.get(taken..)?;
        } else {
            *slot = if plus && code == u32::from(b'+') { U::from(b' ') } else { unit };
            rest = after;
        }
        length += 1;
    }
    finish(room.get(..length)?)
}

fn decoded_utf16<U: Copy + Into<u32>>(units: &[U], plus: bool) -> Option<Vec<u16>> {
    let mut out = Vec::with_capacity(units.len());
    let mut rest = units;
    while let Some(&unit) = rest.first() {
        let unit: u32 = unit.into();
        if unit == u32::from(b'%') {
            let (character, taken) = percent_character(rest)?;
            out.extend_from_slice(character.encode_utf16(&mut [0; 2]));
            rest = rest.get(taken..).unwrap_or_default();
            continue;
        }
        out.push(if plus && unit == u32::from(b'+') { u16::from(b' ') } else { (unit & 0xFFFF) as u16 });
        rest = &rest[1..];
    }
    Some(out)
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
