//! JavaScript strings as engines and Rust hold them.

use std::borrow::Cow;
use std::fmt;

use crate::{latin1, utf8, utf16};

/// A borrowed JavaScript string, in whichever form the caller holds it.
///
/// All three forms mean a sequence of UTF-16 code units, and give the same results everywhere.
#[derive(Clone, Copy, Debug)]
pub enum JsStr<'a> {
    /// UTF-8, as Rust has it. It cannot hold a lone surrogate.
    Utf8(&'a str),
    /// One byte a code unit, U+0000 to U+00FF (V8's one-byte strings). Not UTF-8.
    Latin1(&'a [u8]),
    /// UTF-16 code units in the machine's byte order, lone surrogates allowed.
    Utf16(&'a [u16]),
}

impl<'a> JsStr<'a> {
    /// JavaScript's `length`: the number of UTF-16 code units.
    pub fn len(self) -> usize {
        match self {
            JsStr::Utf8(text) => utf16::length_of_utf8(text),
            JsStr::Latin1(bytes) => bytes.len(),
            JsStr::Utf16(units) => units.len(),
        }
    }

    /// True where [`JsStr::len`] is 0.
    pub fn is_empty(self) -> bool {
        match self {
            JsStr::Utf8(text) => text.is_empty(),
            JsStr::Latin1(bytes) => bytes.is_empty(),
            JsStr::Utf16(units) => units.is_empty(),
        }
    }

    /// At least the first `units` code units: spares the work on the rest where cutting is cheap.
    pub(crate) fn prefix(self, units: usize) -> JsStr<'a> {
        match self {
            JsStr::Utf8(text) if !text.is_ascii() => self,
            JsStr::Utf8(text) => JsStr::Utf8(&text[..units.min(text.len())]),
            JsStr::Latin1(bytes) => JsStr::Latin1(&bytes[..units.min(bytes.len())]),
            JsStr::Utf16(all) => JsStr::Utf16(&all[..units.min(all.len())]),
        }
    }

    /// The low byte of every code unit: all that Node looks at for `latin1`, `ascii`, `base64` and `hex`.
    pub(crate) fn low_bytes(self) -> Cow<'a, [u8]> {
        match self {
            JsStr::Utf8(text) if text.is_ascii() => Cow::Borrowed(text.as_bytes()),
            JsStr::Utf8(text) => Cow::Owned(text.encode_utf16().map(utf16::low_byte).collect()),
            JsStr::Latin1(bytes) => Cow::Borrowed(bytes),
            JsStr::Utf16(units) => Cow::Owned(units.iter().copied().map(utf16::low_byte).collect()),
        }
    }

    /// True if the code unit `back` places before the end (0 is the last) is this ASCII character.
    pub(crate) fn has_ascii_at_end(self, back: usize, ascii: u8) -> bool {
        match self {
            JsStr::Utf8(text) => text.as_bytes().iter().rev().nth(back) == Some(&ascii),
            JsStr::Latin1(bytes) => bytes.iter().rev().nth(back) == Some(&ascii),
            JsStr::Utf16(units) => units.iter().rev().nth(back) == Some(&u16::from(ascii)),
        }
    }
}

impl<'a> From<&'a str> for JsStr<'a> {
    fn from(text: &'a str) -> JsStr<'a> {
        JsStr::Utf8(text)
    }
}

impl<'a> From<&'a String> for JsStr<'a> {
    fn from(text: &'a String) -> JsStr<'a> {
        JsStr::Utf8(text)
    }
}

impl<'a> From<&'a [u16]> for JsStr<'a> {
    fn from(units: &'a [u16]) -> JsStr<'a> {
        JsStr::Utf16(units)
    }
}

impl<'a> From<&'a Vec<u16>> for JsStr<'a> {
    fn from(units: &'a Vec<u16>) -> JsStr<'a> {
        JsStr::Utf16(units)
    }
}

impl<'a> From<&'a JsString> for JsStr<'a> {
    fn from(text: &'a JsString) -> JsStr<'a> {
        text.as_js_str()
    }
}

/// An owned JavaScript string, in one of the two forms an engine can adopt as it is.
///
/// `Display` (and `to_string`) shows lone surrogates as U+FFFD.
#[derive(Clone, Debug)]
pub enum JsString {
    /// One byte a code unit, U+0000 to U+00FF. Not UTF-8.
    Latin1(Vec<u8>),
    /// UTF-16 code units in the machine's byte order; may hold lone surrogates, or nothing above U+00FF.
    Utf16(Vec<u16>),
}

impl JsString {
    /// The borrowed form.
    pub fn as_js_str(&self) -> JsStr<'_> {
        match self {
            JsString::Latin1(bytes) => JsStr::Latin1(bytes),
            JsString::Utf16(units) => JsStr::Utf16(units),
        }
    }

    /// JavaScript's `length`: the number of UTF-16 code units.
    pub fn len(&self) -> usize {
        self.as_js_str().len()
    }

    /// True where [`JsString::len`] is 0.
    pub fn is_empty(&self) -> bool {
        self.as_js_str().is_empty()
    }

    /// The code units.
    pub fn into_utf16(self) -> Vec<u16> {
        match self {
            JsString::Latin1(bytes) => latin1::to_utf16(&bytes),
            JsString::Utf16(units) => units,
        }
    }
}

/// Shows lone surrogates as U+FFFD.
impl fmt::Display for JsString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JsString::Latin1(bytes) => f.pad(&latin1::to_utf8(bytes)),
            JsString::Utf16(units) => f.pad(&utf8::from_utf16(units)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_code_units() {
        assert_eq!(JsStr::from("aé€😀").len(), 5);
        assert_eq!(JsStr::Latin1(b"a\xe9").len(), 2);
        assert_eq!(JsStr::Utf16(&[0x61, 0xd800]).len(), 2);
        assert!(JsStr::from("").is_empty() && !JsStr::from("a").is_empty());
    }

    #[test]
    fn low_bytes_are_those_of_code_units() {
        let units: Vec<u16> = "aš😀".encode_utf16().collect();
        assert_eq!(*JsStr::from("aš😀").low_bytes(), [0x61, 0x61, 0x3d, 0x00]);
        assert_eq!(*JsStr::from(&units).low_bytes(), [0x61, 0x61, 0x3d, 0x00]);
    }

    #[test]
    fn shows_lone_surrogates_as_replacement() {
        assert_eq!(JsString::Utf16(vec![0x61, 0xdc00]).to_string(), "a\u{fffd}");
        assert_eq!(JsString::Latin1(vec![0xe9]).to_string(), "é");
        assert_eq!(JsString::Latin1(vec![0xe9]).into_utf16(), [0xe9]);
    }
}
