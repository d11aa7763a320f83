//! From bytes to strings.

use crate::{Encoding, JsString, base64, hex, latin1, utf8, utf16};

/// The string of some bytes. Node: `buf.toString(encoding)`
/// (<https://nodejs.org/api/buffer.html#buftostringencoding-start-end>); `start` and `end` are the slice.
///
/// Nothing fails: in `utf8` every maximal invalid part becomes one U+FFFD; `utf16le` leaves out an odd last byte;
/// `ascii` drops the high bit.
///
/// # Differences from Node
/// A lone surrogate in `utf16le` becomes U+FFFD, which a `String` needs; [`decode_utf16`] and [`decode_js`] keep it.
///
/// # Examples
/// ```
/// use nodecore_buffer::{Encoding, decode};
///
/// assert_eq!(decode(b"caf\xc3\xa9", Encoding::Utf8), "café");
/// assert_eq!(decode(b"caf\xe9", Encoding::Latin1), "café");
/// assert_eq!(decode(b"caf\xe9", Encoding::Ascii), "cafi");
/// assert_eq!(decode(b"\xfb\xff", Encoding::Base64), "+/8=");
/// assert_eq!(decode(b"\xfb\xff", Encoding::Base64Url), "-_8");
/// ```
pub fn decode(bytes: &[u8], encoding: Encoding) -> String {
    match encoding {
        Encoding::Utf8 => utf8::decode(bytes),
        Encoding::Utf16le => utf8::from_utf16(&utf16::decode(bytes)),
        Encoding::Latin1 => latin1::to_utf8(bytes),
        Encoding::Ascii => latin1::to_utf8(&latin1::to_seven_bits(bytes)),
        Encoding::Base64 => base64::encode(bytes),
        Encoding::Base64Url => base64::encode_url(bytes),
        Encoding::Hex => hex::encode(bytes),
    }
}

/// As [`decode`], to UTF-16 code units, with the lone surrogates of `utf16le` kept.
///
/// # Examples
/// ```
/// use nodecore_buffer::{Encoding, decode_utf16};
///
/// assert_eq!(decode_utf16(&[0x00, 0xd8, 0x61, 0x00], Encoding::Utf16le), [0xd800, 0x61]);
/// ```
pub fn decode_utf16(bytes: &[u8], encoding: Encoding) -> Vec<u16> {
    match encoding {
        Encoding::Utf8 => utf8::decode_utf16(bytes),
        Encoding::Latin1 => latin1::to_utf16(bytes),
        _ => decode_js(bytes, encoding).into_utf16(),
    }
}

/// As [`decode_utf16`], in the form that costs an engine least: one byte a character wherever the encoding allows,
/// and for `utf8` wherever the text does.
pub fn decode_js(bytes: &[u8], encoding: Encoding) -> JsString {
    match encoding {
        Encoding::Utf8 => utf8::decode_js(bytes),
        Encoding::Utf16le => JsString::Utf16(utf16::decode(bytes)),
        Encoding::Latin1 => JsString::Latin1(bytes.to_vec()),
        Encoding::Ascii => JsString::Latin1(latin1::to_seven_bits(bytes)),
        Encoding::Base64 | Encoding::Base64Url | Encoding::Hex => {
            JsString::Latin1(decode(bytes, encoding).into_bytes())
        }
    }
}

/// True if the bytes are valid UTF-8. Node: `buffer.isUtf8` (<https://nodejs.org/api/buffer.html#bufferisutf8input>).
pub fn is_utf8(bytes: &[u8]) -> bool {
    simdutf8::basic::from_utf8(bytes).is_ok()
}

/// True if no byte is above 0x7F. Node: `buffer.isAscii` (<https://nodejs.org/api/buffer.html#bufferisasciiinput>).
pub fn is_ascii(bytes: &[u8]) -> bool {
    bytes.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_string_agree() {
        let samples: [&[u8]; 6] =
            [b"", b"plain", b"caf\xc3\xa9", b"\xff\x80a", b"\xe2\x82\xac!", b"\x3d\xd8\x00\xdex"];
        for bytes in samples {
            for encoding in Encoding::ALL {
                let text = decode(bytes, encoding);
                let units = decode_utf16(bytes, encoding);
                assert_eq!(String::from_utf16_lossy(&units), text, "{bytes:x?} {encoding}");
                let js = decode_js(bytes, encoding);
                assert_eq!(js.to_string(), text, "{bytes:x?} {encoding}");
                assert_eq!(js.into_utf16(), units, "{bytes:x?} {encoding}");
            }
        }
    }

    #[test]
    fn checks() {
        assert!(is_utf8(b"") && is_ascii(b""));
        assert!(is_utf8("é".as_bytes()) && !is_ascii("é".as_bytes()));
        assert!(!is_utf8(b"\xe9"));
    }
}
