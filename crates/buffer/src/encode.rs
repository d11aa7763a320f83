//! From strings to bytes.

use crate::{Encoding, JsStr, base64, hex, latin1, utf8, utf16};

/// The bytes of a string. Node: `Buffer.from(string, encoding)`
/// (<https://nodejs.org/api/buffer.html#static-method-bufferfromstring-encoding>).
///
/// Nothing fails: `utf8` writes lone surrogates as U+FFFD; `latin1` and `ascii` keep the low byte of every code
/// unit; `base64` and `base64url` read either alphabet, skip what is in neither, and end at the first `=`;
/// `hex` ends at the first pair that is not two digits.
///
/// # Examples
/// ```
/// use nodecore_buffer::{Encoding, JsStr, encode};
///
/// assert_eq!(encode("é", Encoding::Utf8), [0xc3, 0xa9]);
/// assert_eq!(encode(JsStr::Latin1(&[0xe9]), Encoding::Utf8), [0xc3, 0xa9]);
/// assert_eq!(encode(&[0xd800u16][..], Encoding::Utf8), "\u{fffd}".as_bytes());
/// assert_eq!(encode("é", Encoding::Utf16le), [0xe9, 0]);
/// assert_eq!(encode("-_\n+/", Encoding::Base64), [0xfb, 0xff, 0xbf]);
/// assert_eq!(encode("c0ffee?!", Encoding::Hex), [0xc0, 0xff, 0xee]);
/// ```
pub fn encode<'a>(text: impl Into<JsStr<'a>>, encoding: Encoding) -> Vec<u8> {
    let text = text.into();
    match (encoding, text) {
        (Encoding::Utf8, JsStr::Utf8(text)) => text.as_bytes().to_vec(),
        (Encoding::Utf8, JsStr::Latin1(bytes)) => latin1::to_utf8(bytes).into_bytes(),
        (Encoding::Utf8, JsStr::Utf16(units)) => utf8::from_utf16(units).into_bytes(),
        (Encoding::Utf16le, _) => utf16::encode(text),
        (Encoding::Latin1 | Encoding::Ascii, _) => text.low_bytes().into_owned(),
        (Encoding::Base64 | Encoding::Base64Url, _) => base64::decode(&text.low_bytes()),
        (Encoding::Hex, _) => hex::decode(&text.low_bytes()),
    }
}

/// Writes as much of a string as `out` has room for, and says how many bytes that is. Node:
/// `buf.write(string, encoding)` (<https://nodejs.org/api/buffer.html#bufwritestring-offset-length-encoding>);
/// `offset` and `length` are the slice.
///
/// A character of `utf8`, and a code unit of `utf16le`, is written whole or not at all.
///
/// # Examples
/// ```
/// use nodecore_buffer::{Encoding, write};
///
/// let mut out = [0; 4];
/// assert_eq!(write("a€€", &mut out, Encoding::Utf8), 4);
/// assert_eq!(&out, "a€".as_bytes());
/// assert_eq!(write("€€", &mut out, Encoding::Utf8), 3);
/// ```
pub fn write<'a>(text: impl Into<JsStr<'a>>, out: &mut [u8], encoding: Encoding) -> usize {
    let text = text.into();
    match (encoding, text) {
        (Encoding::Utf8, JsStr::Utf8(text)) => {
            copy_prefix(&text.as_bytes()[..utf8::floor_char_boundary(text, out.len())], out)
        }
        (Encoding::Utf8, JsStr::Latin1(bytes)) => {
            encoding_rs::mem::convert_latin1_to_utf8_partial(bytes, out).1
        }
        (Encoding::Utf8, JsStr::Utf16(units)) => {
            encoding_rs::mem::convert_utf16_to_utf8_partial(units, out).1
        }
        (Encoding::Utf16le, _) => {
            let room = out.len() / 2 * 2;
            copy_prefix(&encode(text.prefix(room / 2), encoding), &mut out[..room])
        }
        (Encoding::Latin1 | Encoding::Ascii, _) => copy_prefix(&text.prefix(out.len()).low_bytes(), out),
        (Encoding::Hex, _) => copy_prefix(&encode(text.prefix(out.len().saturating_mul(2)), encoding), out),
        // What base64 skips is not known before it is decoded.
        (Encoding::Base64 | Encoding::Base64Url, _) => copy_prefix(&encode(text, encoding), out),
    }
}

/// The bytes a string takes. Node: `Buffer.byteLength(string, encoding)`
/// (<https://nodejs.org/api/buffer.html#static-method-bufferbytelengthstring-encoding>).
///
/// For `base64`, `base64url` and `hex` this is an upper bound reckoned from the length, as in Node: what [`encode`]
/// would skip is counted.
///
/// # Differences from Node
/// Node takes an unknown encoding for `utf8` here, though nowhere else; that is left to the caller.
///
/// # Examples
/// ```
/// use nodecore_buffer::{Encoding, byte_length};
///
/// assert_eq!(byte_length("a€😀", Encoding::Utf8), 8);
/// assert_eq!(byte_length("a€😀", Encoding::Utf16le), 8);
/// assert_eq!(byte_length("YQ==", Encoding::Base64), 1);
/// assert_eq!(byte_length("no hex", Encoding::Hex), 3);
/// ```
pub fn byte_length<'a>(text: impl Into<JsStr<'a>>, encoding: Encoding) -> usize {
    let text = text.into();
    match (encoding, text) {
        (Encoding::Utf8, JsStr::Utf8(text)) => text.len(),
        (Encoding::Utf8, JsStr::Latin1(bytes)) => latin1::length_in_utf8(bytes),
        (Encoding::Utf8, JsStr::Utf16(units)) => utf8::length_of_utf16(units),
        (Encoding::Utf16le, _) => text.len() * 2,
        (Encoding::Latin1 | Encoding::Ascii, _) => text.len(),
        (Encoding::Base64 | Encoding::Base64Url, _) => base64::byte_length(text),
        (Encoding::Hex, _) => text.len() / 2,
    }
}

fn copy_prefix(bytes: &[u8], out: &mut [u8]) -> usize {
    let length = bytes.len().min(out.len());
    out[..length].copy_from_slice(&bytes[..length]);
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_string_agree() {
        for text in ["", "plain", "caf\u{e9}", "\u{161}\u{20ac}", "a😀=", "YWJj=", "\u{131}1"] {
            let units: Vec<u16> = text.encode_utf16().collect();
            let latin1: Option<Vec<u8>> = units.iter().map(|&unit| u8::try_from(unit).ok()).collect();
            for encoding in Encoding::ALL {
                let bytes = encode(text, encoding);
                assert_eq!(encode(&units, encoding), bytes, "{text} {encoding}");
                assert_eq!(byte_length(&units, encoding), byte_length(text, encoding), "{text} {encoding}");
                if let Some(latin1) = &latin1 {
                    assert_eq!(encode(JsStr::Latin1(latin1), encoding), bytes, "{text} {encoding}");
                    assert_eq!(byte_length(JsStr::Latin1(latin1), encoding), byte_length(text, encoding));
                }
                assert!(bytes.len() <= byte_length(text, encoding), "{text} {encoding}");
            }
        }
    }

    #[test]
    fn writes_whole_characters_only() {
        let units: Vec<u16> = "a€é😀".encode_utf16().collect();
        let all = encode("a€é😀", Encoding::Utf8);
        for room in 0..12 {
            let (mut from_utf8, mut from_utf16) = ([0; 12], [0; 12]);
            let written = write("a€é😀", &mut from_utf8[..room], Encoding::Utf8);
            assert_eq!(write(&units, &mut from_utf16[..room], Encoding::Utf8), written);
            assert_eq!(from_utf8, from_utf16);
            assert_eq!(&from_utf8[..written], &all[..written]);
            assert_eq!(written, [0, 1, 1, 1, 4, 4, 6, 6, 6, 6, 10, 10][room]);
            assert_eq!(write("a€é😀", &mut from_utf8[..room], Encoding::Utf16le), (room / 2 * 2).min(10));
            assert_eq!(write("YWJjZGVm", &mut from_utf8[..room], Encoding::Base64), room.min(6));
        }
    }
}
