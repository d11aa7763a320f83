//! What a URL may be parsed from: UTF-8, Latin-1 or UTF-16, as a JavaScript engine holds its strings.

use std::borrow::Cow;

/// Text in one of the forms that the parsers take.
///
/// `&str` is taken as it is. [`Latin1`] and [`Utf16`] cost next to nothing while they are ASCII, which URLs
/// nearly always are; otherwise they are transcoded first.
pub trait Input: Copy + sealed::Sealed {
    /// The text as UTF-8; an unpaired surrogate becomes U+FFFD.
    fn to_utf8(&self) -> Cow<'_, str>;
}

/// A string whose units are the code points U+0000 to U+00FF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latin1<'a>(pub &'a [u8]);

/// A string of UTF-16 code units, well-formed or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Utf16<'a>(pub &'a [u16]);

impl Input for &str {
    #[inline]
    fn to_utf8(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl Input for &String {
    #[inline]
    fn to_utf8(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl Input for Latin1<'_> {
    fn to_utf8(&self) -> Cow<'_, str> {
        // ASCII is the same in both.
        match std::str::from_utf8(self.0) {
            Ok(text) if self.0.is_ascii() => Cow::Borrowed(text),
            _ => Cow::Owned(self.0.iter().copied().map(char::from).collect()),
        }
    }
}

impl Input for Utf16<'_> {
    fn to_utf8(&self) -> Cow<'_, str> {
        Cow::Owned(String::from_utf16_lossy(self.0))
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for &str {}
    impl Sealed for &String {}
    impl Sealed for super::Latin1<'_> {}
    impl Sealed for super::Utf16<'_> {}
}
