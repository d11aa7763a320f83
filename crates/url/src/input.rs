//! What a URL may be parsed from: UTF-8, Latin-1 or UTF-16, as a JavaScript engine holds its strings.

use std::borrow::Cow;

use nodecore_path::Latin1;

/// Text in one of the forms that the parsers take: `&str`, [`Latin1`], or UTF-16 as `&[u16]`, well-formed or not.
///
/// `&str` is taken as it is. The others cost next to nothing while they are ASCII, which URLs nearly always
/// are, and are transcoded otherwise; an unpaired surrogate becomes U+FFFD. Sealed.
pub trait Input: Copy + sealed::Sealed {
    /// Calls `f` with the text as UTF-8.
    #[doc(hidden)]
    fn with_utf8<T>(self, f: impl FnOnce(&str) -> T) -> T;
}

impl Input for &str {
    #[inline(always)]
    fn with_utf8<T>(self, f: impl FnOnce(&str) -> T) -> T {
        f(self)
    }
}

impl Input for &String {
    #[inline(always)]
    fn with_utf8<T>(self, f: impl FnOnce(&str) -> T) -> T {
        f(self)
    }
}

impl Input for Latin1<'_> {
    #[inline]
    fn with_utf8<T>(self, f: impl FnOnce(&str) -> T) -> T {
        // ASCII is the same in both.
        match std::str::from_utf8(self.0) {
            Ok(text) if text.is_ascii() => f(text),
            _ => f(&self.0.iter().copied().map(char::from).collect::<String>()),
        }
    }
}

impl Input for &[u16] {
    #[inline]
    fn with_utf8<T>(self, f: impl FnOnce(&str) -> T) -> T {
        let mut buffer = [0; SHORT];
        f(&narrow(self, &mut buffer))
    }
}

/// UTF-16 up to this long is narrowed on the stack.
const SHORT: usize = 256;

/// UTF-16 as UTF-8, in `buffer` if it is ASCII and fits.
fn narrow<'b>(units: &[u16], buffer: &'b mut [u8; SHORT]) -> Cow<'b, str> {
    if let Some(bytes) = buffer.get_mut(..units.len()) {
        let mut seen = 0;
        for (byte, &unit) in bytes.iter_mut().zip(units) {
            seen |= unit;
            *byte = unit.to_le_bytes()[0];
        }
        if seen < 0x80
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            return Cow::Borrowed(text);
        }
    }
    Cow::Owned(String::from_utf16_lossy(units))
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
        let long = "x".repeat(SHORT + 1);
        for text in ["", "abc", "caf\u{e9}", &long] {
            let latin1: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
            let utf16: Vec<u16> = text.encode_utf16().collect();
            assert_eq!(Latin1(&latin1).with_utf8(str::to_owned), text);
            assert_eq!(utf16.with_utf8(str::to_owned), text);
        }
        assert_eq!([0x61, 0xd800, 0x62].with_utf8(str::to_owned), "a\u{fffd}b");
    }
}
