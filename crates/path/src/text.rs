//! What a path may be made of: code units, encodings, and the string types over them.

use std::borrow::Cow;

use nodecore_error::{Code, Error, Result};
use wide::{i16x8, u8x16};

/// One unit of a string's storage: a byte or a UTF-16 unit. Sealed.
pub trait CodeUnit: sealed::Sealed + Copy + Eq + Ord + Into<u32> + std::fmt::Debug + 'static {
    /// The string `"."` in this unit.
    const DOT: &'static [Self];
    /// The unit of an ASCII character.
    fn ascii(byte: u8) -> Self;
    /// As bytes; what is no byte becomes one that stands for nothing in a path.
    #[doc(hidden)]
    fn narrow(units: &[Self; 16]) -> u8x16;
    /// The unit's number.
    #[inline(always)]
    fn value(self) -> u32 {
        self.into()
    }
}

impl CodeUnit for u8 {
    const DOT: &'static [u8] = b".";
    #[inline(always)]
    fn ascii(byte: u8) -> u8 {
        byte
    }
    #[inline(always)]
    fn narrow(units: &[u8; 16]) -> u8x16 {
        u8x16::from(*units)
    }
}

impl CodeUnit for u16 {
    const DOT: &'static [u16] = &[b'.' as u16];
    #[inline(always)]
    fn ascii(byte: u8) -> u16 {
        byte.into()
    }
    #[inline(always)]
    fn narrow(units: &[u16; 16]) -> u8x16 {
        // Of signed numbers those that are too low become 0, those that are too high 0xFF.
        let half = |from: usize| i16x8::from(std::array::from_fn(|at| units[from + at].cast_signed()));
        u8x16::narrow_i16x8(half(0), half(8))
    }
}

/// How units make characters, which matters for letter case and for patterns only. Sealed.
pub trait Encoding: sealed::Sealed + Copy + std::fmt::Debug + 'static {
    /// The storage unit.
    type Unit: CodeUnit;
    /// Whether only ASCII letters have case.
    const CASE_IS_ASCII: bool = false;
    /// Whether `unit` may be part of a character of more units.
    #[doc(hidden)]
    #[inline(always)]
    fn is_part(unit: Self::Unit) -> bool {
        let _ = unit;
        false
    }
    /// The length JavaScript would see.
    fn utf16_len(units: &[Self::Unit]) -> usize;
    /// As UTF-16.
    fn to_utf16(units: &[Self::Unit]) -> Vec<u16>;
    /// Back from UTF-16 that came from [`Encoding::to_utf16`].
    fn from_utf16(units: Vec<u16>) -> Vec<Self::Unit>;
    /// Platform bytes, such as the current directory, in this encoding.
    ///
    /// # Errors
    /// [`Code::InvalidArgValue`] where the encoding cannot hold them (Latin-1 only).
    fn from_platform(bytes: Vec<u8>) -> Result<Vec<Self::Unit>>;
}

/// The encoding of `str`.
#[derive(Clone, Copy, Debug)]
pub struct Utf8;
/// The encoding of `[u8]`: bytes whose meaning is not known; only ASCII letters have case.
#[derive(Clone, Copy, Debug)]
pub struct Bytes;
/// The encoding of [`Latin1`]: one byte is one character, U+0000 to U+00FF.
#[derive(Clone, Copy, Debug)]
pub struct Latin1Encoding;
/// The encoding of `[u16]`: UTF-16, lone surrogates allowed, as in JavaScript.
#[derive(Clone, Copy, Debug)]
pub struct Utf16;

impl Encoding for Utf8 {
    type Unit = u8;
    #[inline(always)]
    fn is_part(unit: u8) -> bool {
        unit >= 0x80
    }
    fn utf16_len(units: &[u8]) -> usize {
        // Every character has one unit that starts it, and those beyond U+FFFF count twice.
        units.iter().map(|&byte| usize::from(byte & 0xC0 != 0x80) + usize::from(byte >= 0xF0)).sum()
    }
    fn to_utf16(units: &[u8]) -> Vec<u16> {
        String::from_utf8_lossy(units).encode_utf16().collect()
    }
    fn from_utf16(units: Vec<u16>) -> Vec<u8> {
        String::from_utf16_lossy(&units).into_bytes()
    }
    fn from_platform(bytes: Vec<u8>) -> Result<Vec<u8>> {
        Ok(utf8_or_replaced(bytes).into_bytes())
    }
}

impl Encoding for Bytes {
    type Unit = u8;
    const CASE_IS_ASCII: bool = true;
    fn utf16_len(units: &[u8]) -> usize {
        units.len()
    }
    fn to_utf16(units: &[u8]) -> Vec<u16> {
        units.iter().map(|&byte| byte.into()).collect()
    }
    fn from_utf16(units: Vec<u16>) -> Vec<u8> {
        units.into_iter().map(|unit| (unit & 0xFF) as u8).collect()
    }
    fn from_platform(bytes: Vec<u8>) -> Result<Vec<u8>> {
        Ok(bytes)
    }
}

impl Encoding for Latin1Encoding {
    type Unit = u8;
    fn utf16_len(units: &[u8]) -> usize {
        units.len()
    }
    fn to_utf16(units: &[u8]) -> Vec<u16> {
        Bytes::to_utf16(units)
    }
    fn from_utf16(units: Vec<u16>) -> Vec<u8> {
        Bytes::from_utf16(units)
    }
    fn from_platform(bytes: Vec<u8>) -> Result<Vec<u8>> {
        let text = utf8_or_replaced(bytes);
        let latin1: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
        latin1.ok_or_else(|| {
            Error::new(Code::InvalidArgValue, "The current working directory has no Latin-1 form")
                .with_path(text.as_bytes())
        })
    }
}

impl Encoding for Utf16 {
    type Unit = u16;
    #[inline(always)]
    fn is_part(unit: u16) -> bool {
        (0xD800..0xE000).contains(&unit)
    }
    fn utf16_len(units: &[u16]) -> usize {
        units.len()
    }
    fn to_utf16(units: &[u16]) -> Vec<u16> {
        units.to_vec()
    }
    fn from_utf16(units: Vec<u16>) -> Vec<u16> {
        units
    }
    fn from_platform(bytes: Vec<u8>) -> Result<Vec<u16>> {
        Ok(utf8_or_replaced(bytes).encode_utf16().collect())
    }
}

/// A string every function of this crate takes. Sealed; implemented for `&str` and `&String` (UTF-8),
/// `&[u8]`, `&[u8; N]` and `&Vec<u8>` (bytes), [`Latin1`], `&[u16]` and `&Vec<u16>` (UTF-16).
///
/// What is valid UTF-8 going in is valid UTF-8 coming out; all other types are taken unit for unit.
pub trait PathStr<'a>: sealed::Sealed + Copy {
    /// How units make characters.
    type Encoding: Encoding;
    /// What functions give back that only cut, such as `basename`.
    type Borrowed: PathStr<'a, Encoding = Self::Encoding, Borrowed = Self::Borrowed, Owned = Self::Owned>
        + std::fmt::Debug
        + Default
        + PartialEq;
    /// What functions give back that build, such as `join`.
    type Owned: OwnedStr<Unit = Unit<'a, Self>>;
    /// What functions give back that build only where something has to change: `to_namespaced_path`.
    type Cow: std::fmt::Debug + PartialEq + From<Self::Owned>;
    /// The storage.
    fn units(self) -> &'a [Unit<'a, Self>];
    /// The units from `start` up to `end`, which are at characters' edges.
    fn cut(self, start: usize, end: usize) -> Self::Borrowed;
    /// The string `"."`.
    fn dot() -> Self::Borrowed;
    /// A copy.
    fn copied(self) -> Self::Owned;
    /// An owned string of `units` that were made of whole characters.
    fn owned(units: Vec<Unit<'a, Self>>) -> Self::Owned;
    /// The string itself.
    fn unchanged(self) -> Self::Cow;
    /// Appends the units from `start` up to `end`, which are at characters' edges.
    #[doc(hidden)]
    fn append_to(self, out: &mut Self::Owned, start: usize, end: usize);
}

/// An owned string: `String`, `Vec<u8>` or `Vec<u16>`. Sealed.
pub trait OwnedStr: sealed::Sealed + std::fmt::Debug + PartialEq {
    /// The storage unit.
    type Unit: CodeUnit;
    #[doc(hidden)]
    fn with_room(units: usize) -> Self;
    #[doc(hidden)]
    fn units(&self) -> &[Self::Unit];
    #[doc(hidden)]
    fn push_ascii(&mut self, text: &'static str);
    /// To a shorter length, at a character's edge.
    #[doc(hidden)]
    fn cut_off(&mut self, len: usize);
    /// With `to` wherever there is `from`, both ASCII.
    #[doc(hidden)]
    fn replace_ascii(self, from: u8, to: u8) -> Self;
}

impl OwnedStr for String {
    type Unit = u8;
    #[inline(always)]
    fn with_room(units: usize) -> String {
        String::with_capacity(units)
    }
    #[inline(always)]
    fn units(&self) -> &[u8] {
        self.as_bytes()
    }
    #[inline(always)]
    fn push_ascii(&mut self, text: &'static str) {
        self.push_str(text);
    }
    fn cut_off(&mut self, len: usize) {
        if self.is_char_boundary(len) {
            self.truncate(len);
        }
    }
    fn replace_ascii(self, from: u8, to: u8) -> String {
        utf8_or_replaced(self.into_bytes().replace_ascii(from, to))
    }
}

impl<U: CodeUnit> OwnedStr for Vec<U>
where
    Vec<U>: sealed::Sealed,
{
    type Unit = U;
    #[inline(always)]
    fn with_room(units: usize) -> Vec<U> {
        Vec::with_capacity(units)
    }
    #[inline(always)]
    fn units(&self) -> &[U] {
        self
    }
    #[inline(always)]
    fn push_ascii(&mut self, text: &'static str) {
        self.extend(text.bytes().map(U::ascii));
    }
    fn cut_off(&mut self, len: usize) {
        self.truncate(len);
    }
    fn replace_ascii(mut self, from: u8, to: u8) -> Vec<U> {
        for unit in &mut self {
            *unit = if *unit == U::ascii(from) { U::ascii(to) } else { *unit };
        }
        self
    }
}

/// The code unit of the string type `P`.
pub type Unit<'a, P> = <<P as PathStr<'a>>::Encoding as Encoding>::Unit;

/// Latin-1 text, as JavaScript engines store most strings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Latin1<'a>(pub &'a [u8]);

impl<'a> PathStr<'a> for &'a str {
    type Encoding = Utf8;
    type Borrowed = &'a str;
    type Owned = String;
    type Cow = Cow<'a, str>;
    #[inline(always)]
    fn units(self) -> &'a [u8] {
        self.as_bytes()
    }
    #[inline]
    fn cut(self, start: usize, end: usize) -> &'a str {
        self.get(start..end).unwrap_or_default()
    }
    fn dot() -> &'a str {
        "."
    }
    fn copied(self) -> String {
        self.to_owned()
    }
    #[inline]
    fn owned(units: Vec<u8>) -> String {
        utf8_or_replaced(units)
    }
    #[inline(always)]
    fn unchanged(self) -> Cow<'a, str> {
        Cow::Borrowed(self)
    }
    #[inline(always)]
    fn append_to(self, out: &mut String, start: usize, end: usize) {
        out.push_str(self.get(start..end).unwrap_or_default());
    }
}

impl<'a> PathStr<'a> for Latin1<'a> {
    type Encoding = Latin1Encoding;
    type Borrowed = Latin1<'a>;
    type Owned = Vec<u8>;
    type Cow = Cow<'a, [u8]>;
    #[inline(always)]
    fn units(self) -> &'a [u8] {
        self.0
    }
    #[inline]
    fn cut(self, start: usize, end: usize) -> Latin1<'a> {
        Latin1(self.0.get(start..end).unwrap_or_default())
    }
    fn dot() -> Latin1<'a> {
        Latin1(b".")
    }
    fn copied(self) -> Vec<u8> {
        self.0.to_vec()
    }
    #[inline]
    fn owned(units: Vec<u8>) -> Vec<u8> {
        units
    }
    #[inline(always)]
    fn unchanged(self) -> Cow<'a, [u8]> {
        Cow::Borrowed(self.0)
    }
    #[inline(always)]
    fn append_to(self, out: &mut Vec<u8>, start: usize, end: usize) {
        out.extend_from_slice(self.0.get(start..end).unwrap_or_default());
    }
}

macro_rules! path_str_slice {
    ($unit:ty, $encoding:ty) => {
        impl<'a> PathStr<'a> for &'a [$unit] {
            type Encoding = $encoding;
            type Borrowed = &'a [$unit];
            type Owned = Vec<$unit>;
            type Cow = Cow<'a, [$unit]>;
            #[inline(always)]
            fn units(self) -> &'a [$unit] {
                self
            }
            #[inline]
            fn cut(self, start: usize, end: usize) -> &'a [$unit] {
                self.get(start..end).unwrap_or_default()
            }
            fn dot() -> &'a [$unit] {
                <$unit as CodeUnit>::DOT
            }
            fn copied(self) -> Vec<$unit> {
                self.to_vec()
            }
            #[inline]
            fn owned(units: Vec<$unit>) -> Vec<$unit> {
                units
            }
            #[inline(always)]
            fn unchanged(self) -> Cow<'a, [$unit]> {
                Cow::Borrowed(self)
            }
            #[inline(always)]
            fn append_to(self, out: &mut Vec<$unit>, start: usize, end: usize) {
                out.extend_from_slice(self.get(start..end).unwrap_or_default());
            }
        }
    };
}
path_str_slice!(u8, Bytes);
path_str_slice!(u16, Utf16);

macro_rules! path_str_as {
    ($($type:ty => $slice:ty $(, $n:ident)?;)*) => {$(
        impl<'a $(, const $n: usize)?> PathStr<'a> for &'a $type {
            type Encoding = <&'a $slice as PathStr<'a>>::Encoding;
            type Borrowed = &'a $slice;
            type Owned = <&'a $slice as PathStr<'a>>::Owned;
            type Cow = <&'a $slice as PathStr<'a>>::Cow;
            #[inline(always)]
            fn units(self) -> &'a [Unit<'a, Self>] {
                <&'a $slice>::units(self)
            }
            #[inline]
            fn cut(self, start: usize, end: usize) -> Self::Borrowed {
                <&'a $slice>::cut(self, start, end)
            }
            fn dot() -> Self::Borrowed {
                <&'a $slice>::dot()
            }
            fn copied(self) -> Self::Owned {
                <&'a $slice>::copied(self)
            }
            #[inline]
            fn owned(units: Vec<Unit<'a, Self>>) -> Self::Owned {
                <&'a $slice as PathStr<'a>>::owned(units)
            }
            #[inline(always)]
            fn unchanged(self) -> Self::Cow {
                <&'a $slice>::unchanged(self)
            }
            #[inline(always)]
            fn append_to(self, out: &mut Self::Owned, start: usize, end: usize) {
                <&'a $slice>::append_to(self, out, start, end);
            }
        }
    )*};
}
path_str_as! {
    String => str;
    Vec<u8> => [u8];
    Vec<u16> => [u16];
    [u8; N] => [u8], N;
    [u16; N] => [u16], N;
}

/// JavaScript's `toLowerCase`.
pub(crate) fn to_lower_case(units: &[u16]) -> Vec<u16> {
    let mut out = Vec::with_capacity(units.len());
    // Lone surrogates have no case and end words, so the valid runs between them are lowered one by one.
    let mut run = String::new();
    for item in char::decode_utf16(units.iter().copied()) {
        match item {
            Ok(c) => run.push(c),
            Err(lone) => {
                out.extend(run.to_lowercase().encode_utf16());
                run.clear();
                out.push(lone.unpaired_surrogate());
            }
        }
    }
    out.extend(run.to_lowercase().encode_utf16());
    out
}

/// Node reads bytes that are not UTF-8 with U+FFFD in their place, and so does this.
fn utf8_or_replaced(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for u8 {}
    impl Sealed for u16 {}
    impl Sealed for super::Utf8 {}
    impl Sealed for super::Bytes {}
    impl Sealed for super::Latin1Encoding {}
    impl Sealed for super::Utf16 {}
    impl Sealed for super::Latin1<'_> {}
    impl Sealed for String {}
    impl Sealed for Vec<u8> {}
    impl Sealed for Vec<u16> {}
    impl Sealed for &str {}
    impl Sealed for &String {}
    impl Sealed for &[u8] {}
    impl Sealed for &[u16] {}
    impl Sealed for &Vec<u8> {}
    impl Sealed for &Vec<u16> {}
    impl<const N: usize> Sealed for &[u8; N] {}
    impl<const N: usize> Sealed for &[u16; N] {}
}
