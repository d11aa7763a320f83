//! UTF-16 code units, and `utf16le` bytes.

use crate::{JsStr, latin1};

/// A lead (high) surrogate.
pub(crate) const fn is_lead(unit: u16) -> bool {
    unit & 0xfc00 == 0xd800
}

/// A trail (low) surrogate.
pub(crate) const fn is_trail(unit: u16) -> bool {
    unit & 0xfc00 == 0xdc00
}

/// The low byte, whatever the high one is.
pub(crate) const fn low_byte(unit: u16) -> u8 {
    unit.to_le_bytes()[0]
}

/// How many code units UTF-8 text has: one for each character, two above U+FFFF.
pub(crate) fn length_of_utf8(text: &str) -> usize {
    let bytes = text.as_bytes();
    let starts = bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
    starts + bytes.iter().filter(|&&byte| byte >= 0xf0).count()
}

/// The code units of a string.
pub(crate) fn units_of(text: JsStr<'_>) -> Vec<u16> {
    match text {
        JsStr::Utf8(text) => crate::utf8::decode_utf16(text.as_bytes()),
        JsStr::Latin1(bytes) => latin1::to_utf16(bytes),
        JsStr::Utf16(units) => units.to_vec(),
    }
}

/// The bytes of a string in `utf16le`.
pub(crate) fn encode(text: JsStr<'_>) -> Vec<u8> {
    match text {
        JsStr::Utf8(_) => to_bytes(&units_of(text)),
        JsStr::Latin1(bytes) => bytes.iter().map(|&byte| [byte, 0]).collect::<Vec<_>>().into_flattened(),
        JsStr::Utf16(units) => to_bytes(units),
    }
}

/// The code units of `utf16le` bytes; an odd last byte is left out.
pub(crate) fn decode(bytes: &[u8]) -> Vec<u16> {
    bytes.as_chunks().0.iter().map(|&pair| u16::from_le_bytes(pair)).collect()
}

/// The `utf16le` bytes of code units.
pub(crate) fn to_bytes(units: &[u16]) -> Vec<u8> {
    units.iter().map(|unit| unit.to_le_bytes()).collect::<Vec<_>>().into_flattened()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_lone_surrogates() {
        assert_eq!(decode(&[0x00, 0xd8, 0x61, 0x00, 0x99]), [0xd800, 0x61]);
        assert_eq!(encode(JsStr::Utf16(&[0xd800, 0x61])), [0x00, 0xd8, 0x61, 0x00]);
    }

    #[test]
    fn all_forms_give_the_same_bytes() {
        assert_eq!(encode("é".into()), [0xe9, 0]);
        assert_eq!(encode(JsStr::Latin1(b"\xe9")), [0xe9, 0]);
        assert_eq!(length_of_utf8("é€😀"), 4);
    }
}
