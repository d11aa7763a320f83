//! UTF-8, over `simdutf8` and `encoding_rs`.

use crate::JsString;
use crate::utf16::{is_lead, is_trail, low_byte};

/// Reads bytes as UTF-8; every maximal invalid part becomes one U+FFFD, as the WHATWG and V8 do it.
pub(crate) fn decode(bytes: &[u8]) -> String {
    match simdutf8::compat::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(error) => {
            let (valid, rest) = bytes.split_at(error.valid_up_to());
            let mut text = String::with_capacity(bytes.len());
            // Free of errors, so this borrows.
            text.push_str(&String::from_utf8_lossy(valid));
            for chunk in rest.utf8_chunks() {
                text.push_str(chunk.valid());
                if !chunk.invalid().is_empty() {
                    text.push(char::REPLACEMENT_CHARACTER);
                }
            }
            text
        }
    }
}

/// As [`decode`], to UTF-16.
pub(crate) fn decode_utf16(bytes: &[u8]) -> Vec<u16> {
    // encoding_rs asks for one unit more than the input has bytes.
    let mut units = vec![0; bytes.len() + 1];
    let written = encoding_rs::mem::convert_utf8_to_utf16(bytes, &mut units);
    units.truncate(written);
    units
}

/// As [`decode`], to Latin-1 where that can hold it.
pub(crate) fn decode_js(bytes: &[u8]) -> JsString {
    if bytes.is_ascii() {
        return JsString::Latin1(bytes.to_vec());
    }
    // Nothing above U+00FF: no lead byte above 0xC3 in what is valid.
    let narrow = bytes.chunks(64).all(|block| block.iter().fold(0, |most, &byte| byte.max(most)) <= 0xc3);
    if narrow && simdutf8::basic::from_utf8(bytes).is_ok() {
        let mut latin1 = vec![0; bytes.len()];
        let written = encoding_rs::mem::convert_utf8_to_latin1_lossy(bytes, &mut latin1);
        latin1.truncate(written);
        return JsString::Latin1(latin1);
    }
    JsString::Utf16(decode_utf16(bytes))
}

/// UTF-16 as UTF-8; lone surrogates become U+FFFD.
pub(crate) fn from_utf16(units: &[u16]) -> String {
    if encoding_rs::mem::is_basic_latin(units)
        && let Ok(text) = String::from_utf8(units.iter().copied().map(low_byte).collect())
    {
        return text;
    }
    let mut text = "\0".repeat(length_of_utf16(units));
    let (_, written) = encoding_rs::mem::convert_utf16_to_str_partial(units, &mut text);
    text.truncate(written);
    text
}

/// How many bytes [`from_utf16`] gives: 1, 2 or 3 for a code unit, and 4 rather than 6 for a pair.
pub(crate) fn length_of_utf16(units: &[u16]) -> usize {
    let mut length = units.len();
    // Sums of at most 2 * 8192 fit the 16-bit lanes this compiles to.
    for block in units.chunks(8192) {
        length += usize::from(
            block.iter().map(|&unit| u16::from(unit >= 0x80) + u16::from(unit >= 0x800)).sum::<u16>(),
        );
    }
    let pairs = |units: &[u16]| {
        let next = units.get(1..).unwrap_or_default();
        units.iter().zip(next).map(|(&a, &b)| u16::from(is_lead(a) & is_trail(b))).sum::<u16>()
    };
    for start in (0..units.len()).step_by(8192) {
        // One unit of the next block, so that a pair across the border is seen.
        let end = units.len().min(start + 8193);
        length -= 2 * usize::from(pairs(&units[start..end]));
    }
    length
}

/// The largest index not above `limit` where a character of `text` starts or `text` ends.
pub(crate) fn floor_char_boundary(text: &str, limit: usize) -> usize {
    let mut index = limit.min(text.len());
    while !text.is_char_boundary(index) {
        index -= 1;
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_maximal_parts() {
        for (bytes, text) in [
            (&b"a\xffb"[..], "a\u{fffd}b"),
            (b"\xe2\x82", "\u{fffd}"),
            (b"\xe2\x82\x41", "\u{fffd}A"),
            (b"\xed\xa0\x80", "\u{fffd}\u{fffd}\u{fffd}"),
            (b"\xf0\x80\x80\x80", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
            (b"\xf4\x90\x80\x80", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
            (b"\xf0\x9f\x98\xc3\xa9", "\u{fffd}é"),
        ] {
            assert_eq!(decode(bytes), text, "{bytes:x?}");
            assert_eq!(decode_utf16(bytes), text.encode_utf16().collect::<Vec<_>>(), "{bytes:x?}");
        }
    }

    #[test]
    fn lengths_count_pairs_across_blocks() {
        for padding in 8185..8200 {
            let mut units = vec![0x61u16; padding];
            units.extend("😀é€😀".encode_utf16());
            units.extend([0xd83d, 0xd83d, 0xde00, 0xde00]);
            let text = String::from_utf16_lossy(&units);
            assert_eq!(length_of_utf16(&units), text.len(), "{padding}");
            assert_eq!(from_utf16(&units), text, "{padding}");
        }
        for units in [vec![0x800u16; 70_000], vec![0xd800; 70_000], vec![0xdc00; 1]] {
            assert_eq!(length_of_utf16(&units), units.len() * 3);
        }
    }

    #[test]
    fn narrows_where_it_can() {
        assert!(matches!(decode_js("aé".as_bytes()), JsString::Latin1(bytes) if bytes == b"a\xe9"));
        assert!(matches!(decode_js(b"a\xe9"), JsString::Utf16(units) if units == [0x61, 0xfffd]));
    }
}
