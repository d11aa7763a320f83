//! From the bytes of one encoding to those of another.

use nodecore_error::{Code, Error, Result};

use crate::utf16::is_lead;
use crate::{Encoding, JsStr, latin1, utf8, utf16};

/// Re-encodes bytes. Node: `buffer.transcode`
/// (<https://nodejs.org/api/buffer.html#buffertranscodesource-fromenc-toenc>).
///
/// `latin1` and `ascii` write `?` for a character they cannot hold, and nothing for one that is not shown (such as
/// U+200B): ICU's rule. Bytes that are not valid in `from` become U+FFFD, or an error where Node has one.
///
/// `from` and `to` also take an `Option`, so that [`Encoding::parse`]'s result serves as it is.
///
/// # Errors
/// * [`Code::IcuIllegalArgument`] if an encoding is not one of `utf8`, `utf16le`, `latin1` and `ascii` (`None`
///   included), unless `source` is empty.
/// * [`Code::IcuInvalidChar`] from invalid `utf8` to `utf16le`, and the other way for lone surrogates or a source
///   of one byte.
///
/// `errno` is ICU's number, as in Node.
///
/// # Examples
/// ```
/// use nodecore_buffer::{Encoding, transcode};
///
/// let latin1 = transcode("café €".as_bytes(), Encoding::Utf8, Encoding::Latin1)?;
/// assert_eq!(latin1, b"caf\xe9 ?");
/// let error = transcode(b"\xff", Encoding::Utf8, Encoding::parse("ucs2")).unwrap_err();
/// assert_eq!(error.to_string(), "Unable to transcode Buffer [U_INVALID_CHAR_FOUND]");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn transcode(
    source: &[u8],
    from: impl Into<Option<Encoding>>,
    to: impl Into<Option<Encoding>>,
) -> Result<Vec<u8>> {
    use Encoding::{Ascii, Latin1, Utf8, Utf16le};
    if source.is_empty() {
        return Ok(Vec::new());
    }
    let (Some(from), Some(to)) = (from.into(), to.into()) else {
        return Err(illegal_argument());
    };
    Ok(match (from, to) {
        (Utf8, Utf8) => utf8::decode(source).into_bytes(),
        (Utf8, Utf16le) => {
            let text = simdutf8::basic::from_utf8(source).map_err(|_| invalid_char())?;
            utf16::encode(JsStr::Utf8(text))
        }
        (Utf8, Latin1 | Ascii) => to_one_byte(utf8::decode(source).chars(), to),
        (Utf16le, Utf8) => {
            let units = utf16::decode(source);
            if units.is_empty() || encoding_rs::mem::utf16_valid_up_to(&units) != units.len() {
                return Err(invalid_char());
            }
            utf8::from_utf16(&units).into_bytes()
        }
        (Utf16le, Utf16le) => utf16::to_bytes(&repaired(source)),
        (Utf16le, Latin1 | Ascii) => {
            let units = utf16::decode(source);
            let chars = char::decode_utf16(units).map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER));
            to_one_byte(chars, to)
        }
        (Latin1, Utf8) => latin1::to_utf8(source).into_bytes(),
        (Latin1 | Ascii, Utf16le) => utf16::encode(JsStr::Latin1(source)),
        (Latin1, Latin1) => source.to_vec(),
        (Latin1, Ascii) => to_one_byte(source.iter().map(|&byte| char::from(byte)), to),
        (Ascii, Utf8) => seven_bit_chars(source).collect::<String>().into_bytes(),
        (Ascii, Latin1 | Ascii) => to_one_byte(seven_bit_chars(source), to),
        _ => return Err(illegal_argument()),
    })
}

fn illegal_argument() -> Error {
    Error::from_template(Code::IcuIllegalArgument, &[]).with_errno(1)
}

fn invalid_char() -> Error {
    Error::from_template(Code::IcuInvalidChar, &[]).with_errno(10)
}

fn seven_bit_chars(bytes: &[u8]) -> impl Iterator<Item = char> {
    bytes.iter().map(|&byte| if byte.is_ascii() { char::from(byte) } else { char::REPLACEMENT_CHARACTER })
}

/// The code units with U+FFFD for each lone surrogate, and for an odd last byte, which is one error with the lead
/// surrogate it may follow.
fn repaired(source: &[u8]) -> Vec<u16> {
    let mut units = utf16::decode(source);
    if source.len() % 2 == 1 && !units.last().is_some_and(|&unit| is_lead(unit)) {
        units.push(0xfffd);
    }
    encoding_rs::mem::ensure_utf16_validity(&mut units);
    units
}

fn to_one_byte(chars: impl Iterator<Item = char>, to: Encoding) -> Vec<u8> {
    let limit = if to == Encoding::Ascii { 0x80 } else { 0x100 };
    chars
        .filter_map(|char| match u8::try_from(char) {
            Ok(byte) if u32::from(byte) < limit => Some(byte),
            _ if is_default_ignorable(char) => None,
            _ => Some(b'?'),
        })
        .collect()
}

/// What ICU's converters leave out rather than substitute, found by asking Node for every character.
fn is_default_ignorable(char: char) -> bool {
    matches!(
        u32::from(char),
        0xad | 0x34f
            | 0x61c
            | 0x115f..=0x1160
            | 0x17b4..=0x17b5
            | 0x180b..=0x180f
            | 0x200b..=0x200f
            | 0x202a..=0x202e
            | 0x2060..=0x206f
            | 0x3164
            | 0xfe00..=0xfe0f
            | 0xfeff
            | 0xffa0
            | 0xfff0..=0xfff8
            | 0x1bca0..=0x1bca3
            | 0x1d173..=0x1d17a
            | 0xe0000..=0xe0fff
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use Encoding::{Ascii, Base64, Hex, Latin1, Utf8, Utf16le};

    #[test]
    fn substitutes_as_icu_does() {
        for (source, from, to, expected) in [
            (&b"a\xe2\x82\xac\xff"[..], Utf8, Latin1, &b"a??"[..]),
            (b"a\xc2\xad\xe2\x80\x8bb", Utf8, Ascii, b"ab"),
            (b"a\xc2\xad", Utf8, Latin1, b"a\xad"),
            (b"\xe9\xad", Latin1, Ascii, b"?"),
            (b"\xe9\xad", Ascii, Latin1, b"??"),
            (b"\xe9", Ascii, Utf8, b"\xef\xbf\xbd"),
            (b"\xe9", Ascii, Utf16le, b"\xe9\0"),
            (b"\x3d\xd8\x00\xde", Utf16le, Latin1, b"?"),
            (b"\x3d\xd8\x41", Utf16le, Utf16le, b"\xfd\xff"),
            (b"\x61\xe2\x82", Utf16le, Utf16le, b"\x61\xe2\xfd\xff"),
            (b"a", Utf16le, Latin1, b""),
            (b"", Base64, Hex, b""),
        ] {
            assert_eq!(transcode(source, from, to).unwrap(), expected, "{source:x?} {from} {to}");
        }
    }

    #[test]
    fn errors_are_nodes() {
        let error = transcode(b"a", Utf8, Hex).unwrap_err();
        assert_eq!(error.code().name(), "U_ILLEGAL_ARGUMENT_ERROR");
        assert_eq!(error.errno(), Some(1));
        assert_eq!(error.to_string(), "Unable to transcode Buffer [U_ILLEGAL_ARGUMENT_ERROR]");
        assert_eq!(transcode(b"a", None, Utf8).unwrap_err(), error);
        for (source, from, to) in
            [(&b"\xff"[..], Utf8, Utf16le), (b"\x00\xd8", Utf16le, Utf8), (b"a", Utf16le, Utf8)]
        {
            let error = transcode(source, from, to).unwrap_err();
            assert_eq!((error.code().name(), error.errno()), ("U_INVALID_CHAR_FOUND", Some(10)));
        }
    }
}
