//! What a URL may be parsed from: UTF-8, Latin-1 or UTF-16, as a JavaScript engine holds its strings.

use nodecore_path::Latin1;

/// Text in one of the forms that the parsers take: `&str`, [`Latin1`], or UTF-16 as `&[u16]`, well-formed or not.
///
/// `&str` is taken as it is. The others cost next to nothing while they are ASCII, which URLs nearly always
/// are, and are transcoded otherwise; an unpaired surrogate becomes U+FFFD. Sealed.
pub trait Input: Copy + sealed::Sealed {
    /// Calls `f` with the text as UTF-8.
    #[doc(hidden)]
    fn with_utf8<T>(self, f: impl FnOnce(&str) -> T) -> T;

    /// Calls `f` with bytes that are the text's if they are ASCII, and else hold what is not.
    #[doc(hidden)]
    fn with_ascii<T>(self, f: impl FnOnce(&[u8]) -> T) -> T;

    /// The text as a string with what `scan` makes of its bytes; `scan` may only take ASCII, and says where a slash
    /// is to be put in.
    #[doc(hidden)]
    fn to_ascii<T>(self, scan: impl FnOnce(&[u8]) -> Option<(T, Option<usize>)>) -> Option<(T, String)>;

    /// Replaces `out` by the text, which is ASCII, with a slash put in at `slash`.
    #[doc(hidden)]
    fn write_ascii(self, slash: Option<usize>, out: &mut String);
}

impl Input for &str {
    #[inline(always)]
    fn with_utf8<T>(self, f: impl FnOnce(&str) -> T) -> T {
        f(self)
    }

    #[inline(always)]
    fn with_ascii<T>(self, f: impl FnOnce(&[u8]) -> T) -> T {
        f(self.as_bytes())
    }

    #[inline(always)]
    fn to_ascii<T>(self, scan: impl FnOnce(&[u8]) -> Option<(T, Option<usize>)>) -> Option<(T, String)> {
        let (found, slash) = scan(self.as_bytes())?;
        if slash.is_none() {
            return Some((found, self.to_owned()));
        }
        let mut out = String::with_capacity(self.len() + 1);
        self.write_ascii(slash, &mut out);
        Some((found, out))
    }

    #[inline(always)]
    fn write_ascii(self, slash: Option<usize>, out: &mut String) {
        out.clear();
        match slash.and_then(|slash| self.split_at_checked(slash)) {
            Some((start, rest)) => {
                out.push_str(start);
                out.push('/');
                out.push_str(rest);
            }
            None => out.push_str(self),
        }
    }
}

impl Input for &String {
    #[inline(always)]
    fn with_utf8<T>(self, f: impl FnOnce(&str) -> T) -> T {
        f(self)
    }

    #[inline(always)]
    fn with_ascii<T>(self, f: impl FnOnce(&[u8]) -> T) -> T {
        f(self.as_bytes())
    }

    #[inline(always)]
    fn to_ascii<T>(self, scan: impl FnOnce(&[u8]) -> Option<(T, Option<usize>)>) -> Option<(T, String)> {
        self.as_str().to_ascii(scan)
    }

    #[inline(always)]
    fn write_ascii(self, slash: Option<usize>, out: &mut String) {
        self.as_str().write_ascii(slash, out);
    }
}

impl Input for Latin1<'_> {
    #[inline]
    fn with_utf8<T>(self, f: impl FnOnce(&str) -> T) -> T {
        // ASCII is the same in both.
        match std::str::from_utf8(self.0) {
            Ok(text) if text.is_ascii() => f(text),
            _ => f(&widen(self.0)),
        }
    }

    #[inline(always)]
    fn with_ascii<T>(self, f: impl FnOnce(&[u8]) -> T) -> T {
        f(self.0)
    }

    #[inline(always)]
    fn to_ascii<T>(self, scan: impl FnOnce(&[u8]) -> Option<(T, Option<usize>)>) -> Option<(T, String)> {
        let (found, slash) = scan(self.0)?;
        let mut text = Vec::with_capacity(padded(self.0.len() + 1));
        text.extend_from_slice(self.0);
        finish(found, text, slash)
    }

    #[inline]
    fn write_ascii(self, slash: Option<usize>, out: &mut String) {
        write_bytes(self.0.iter().copied(), slash, out);
    }
}

impl Input for &[u16] {
    #[inline]
    fn with_utf8<T>(self, f: impl FnOnce(&str) -> T) -> T {
        if self.len() <= SHORT {
            let mut buffer = [0; SHORT];
            let bytes = narrow(self, &mut buffer[..self.len()]);
            if let Ok(text) = std::str::from_utf8(bytes) {
                return f(text);
            }
        }
        f(&String::from_utf16_lossy(self))
    }

    #[inline(always)]
    fn with_ascii<T>(self, f: impl FnOnce(&[u8]) -> T) -> T {
        if self.len() <= SHORT {
            let mut buffer = [0; SHORT];
            return f(narrow(self, &mut buffer[..self.len()]));
        }
        f(narrow(self, &mut vec![0; self.len()]))
    }

    #[inline(always)]
    fn to_ascii<T>(self, scan: impl FnOnce(&[u8]) -> Option<(T, Option<usize>)>) -> Option<(T, String)> {
        // It becomes the result as it is, so it is not looked at anywhere else.
        let mut text = Vec::with_capacity(padded(self.len() + 1));
        if !extend_narrow(self, &mut text) {
            return None;
        }
        let (found, slash) = scan(&text)?;
        finish(found, text, slash)
    }

    #[inline]
    fn write_ascii(self, slash: Option<usize>, out: &mut String) {
        write_bytes(self.iter().map(|unit| unit.to_le_bytes()[0]), slash, out);
    }
}

/// UTF-16 up to this long is narrowed on the stack.
const SHORT: usize = 256;

/// The low bytes of `units`, or one byte that is not ASCII if `units` are not. `buffer` is as long as they are.
#[inline(always)]
fn narrow<'b>(units: &[u16], buffer: &'b mut [u8]) -> &'b [u8] {
    let mut seen = 0;
    for (byte, &unit) in buffer.iter_mut().zip(units) {
        seen |= unit;
        *byte = unit.to_le_bytes()[0];
    }
    if seen < 0x80 { buffer } else { &[0x80] }
}

/// Appends the low bytes of `units`; `false` if they are not ASCII.
#[inline(always)]
fn extend_narrow(units: &[u16], out: &mut Vec<u8>) -> bool {
    let Some(last) = units.last_chunk::<STEP>() else {
        out.extend(units.iter().map(|unit| unit.to_le_bytes()[0]));
        return units.iter().all(|&unit| unit < 0x80);
    };
    let mut seen = [0; STEP];
    let mut block = |units: &[u16; STEP]| {
        let mut bytes = [0; STEP];
        for index in 0..STEP {
            seen[index] |= units[index];
            bytes[index] = units[index].to_le_bytes()[0];
        }
        bytes
    };
    for units in units.as_chunks().0 {
        out.extend_from_slice(&block(units));
    }
    // The last block overlaps the one before, which saves a loop over what is left.
    out.truncate(units.len() - STEP);
    out.extend_from_slice(&block(last));
    seen.iter().fold(0, |seen, unit| seen | unit) < 0x80
}

/// The standard library checks UTF-8 in steps of this, and what is left over byte by byte.
const STEP: usize = 16;

fn padded(length: usize) -> usize {
    length.next_multiple_of(STEP)
}

#[inline(always)]
fn finish<T>(found: T, mut text: Vec<u8>, slash: Option<usize>) -> Option<(T, String)> {
    if let Some(slash) = slash {
        text.insert(slash, b'/');
    }
    let length = text.len();
    text.extend_from_slice(&[0; STEP][..padded(length) - length]);
    let mut text = String::from_utf8(text).ok()?;
    text.truncate(length);
    Some((found, text))
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

#[inline(always)]
fn write_bytes(bytes: impl ExactSizeIterator<Item = u8>, slash: Option<usize>, out: &mut String) {
    let mut text = std::mem::take(out).into_bytes();
    text.clear();
    text.reserve_exact(bytes.len() + usize::from(slash.is_some()));
    text.extend(bytes);
    if let Some(slash) = slash {
        text.insert(slash, b'/');
    }
    *out = String::from_utf8(text).unwrap_or_default();
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
        for text in [
            "",
            "0123456789abcdef",
            "0123456789abcdef0",
            "0123456789abcdef0123456789abcde\u{e9}",
            "abc",
            "caf\u{e9}\u{80}\u{ff}",
            &long,
        ] {
            let latin1: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
            let utf16: Vec<u16> = text.encode_utf16().collect();
            assert_eq!(Latin1(&latin1).with_utf8(str::to_owned), text);
            assert_eq!(utf16.with_utf8(str::to_owned), text);
            let ascii = text.is_ascii();
            let mut narrow = Vec::new();
            assert_eq!(extend_narrow(&utf16, &mut narrow), ascii);
            assert!(!ascii || narrow == text.as_bytes());
            assert!(text.with_ascii(|bytes| bytes == text.as_bytes()));
            assert_eq!(Latin1(&latin1).with_ascii(|bytes| bytes == text.as_bytes()), ascii);
            assert_eq!(utf16.with_ascii(|bytes| bytes == text.as_bytes()), ascii);
        }
        let (mut out, units) = (String::from("old"), [0x61, 0x62, 0x63]);
        units.write_ascii(Some(1), &mut out);
        assert_eq!(out, "a/bc");
        Latin1(b"abc").write_ascii(None, &mut out);
        assert_eq!(out, "abc");
        "abc".write_ascii(Some(3), &mut out);
        assert_eq!(out, "abc/");
        assert_eq!([0x61, 0xd800, 0x62].with_utf8(str::to_owned), "a\u{fffd}b");
    }
}
