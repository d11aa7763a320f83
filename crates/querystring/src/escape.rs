//! Percent-encoding: `escape`, `unescape`, `unescapeBuffer`.

use nodecore_error::{Code, Error, Result};

use crate::text::{QueryStr, percent};

/// Percent-encodes all but letters, digits and `-_.!~*'()`.
/// Node: [`querystring.escape`](https://nodejs.org/api/querystring.html#querystringescapestr).
///
/// # Errors
/// [`Code::InvalidUri`] for UTF-16 that ends with a surrogate. Elsewhere Node takes a surrogate and whatever follows for
/// a pair, and so does this.
///
/// # Examples
/// ```
/// assert_eq!(nodecore_querystring::escape("a b&c=é")?, "a%20b%26c%3D%C3%A9");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn escape<'a, S: QueryStr<'a>>(text: S) -> Result<String> {
    let units = text.units();
    let mut out = Vec::with_capacity(units.len() + units.len() / 2);
    escape_to::<S>(units, &mut out)?;
    Ok(into_string(out))
}

/// Undoes [`escape`], as `decodeURIComponent` does; where that would throw, as [`unescape_buffer`] does.
/// Node: [`querystring.unescape`](https://nodejs.org/api/querystring.html#querystringunescapestr).
///
/// # Examples
/// ```
/// assert_eq!(nodecore_querystring::unescape("a%20b%zz"), "a b%zz");
/// ```
pub fn unescape<'a, S: QueryStr<'a>>(text: S) -> S::Text {
    unescape_units::<S>(text.units())
}

/// The bytes that `text` stands for: `%` and two hexadecimal digits are a byte, malformed sequences stay, and of all other
/// characters only the low byte counts. With `decode_spaces` a plus is a space.
/// Node: `querystring.unescapeBuffer`, which its documentation leaves out.
///
/// # Examples
/// ```
/// assert_eq!(nodecore_querystring::unescape_buffer("a%20%FF%2", false), b"a \xFF%2");
/// ```
pub fn unescape_buffer<'a, S: QueryStr<'a>>(text: S, decode_spaces: bool) -> Vec<u8> {
    unescape_bytes(&S::to_utf16(text.units()), decode_spaces)
}

pub(crate) fn unescape_units<'a, S: QueryStr<'a>>(units: &[S::Unit]) -> S::Text {
    match S::decoded(units) {
        Some(text) => text,
        None => S::from_bytes(unescape_bytes(&S::to_utf16(units), false)),
    }
}

fn unescape_bytes(units: &[u16], decode_spaces: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(units.len());
    let mut at = 0;
    while at < units.len() {
        let unit = units[at];
        if unit == u16::from(b'%')
            && let Some(byte) = percent(&units[at..])
        {
            out.push(byte);
            at += 3;
            continue;
        }
        out.push(if decode_spaces && unit == u16::from(b'+') { b' ' } else { (unit & 0xFF) as u8 });
        at += 1;
    }
    out
}

/// Which ASCII characters stay.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        plain[byte as usize] = byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'_' | b'.' | b'!' | b'~' | b'*' | b'\'' | b'(' | b')');
        byte += 1;
    }
    plain
};

fn is_plain(unit: u32) -> bool {
    PLAIN.get(unit as usize).is_some_and(|&plain| plain)
}

fn push_percent(out: &mut Vec<u8>, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.extend([b'%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
}

/// What was written is ASCII and strings of the caller's.
pub(crate) fn into_string(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

pub(crate) fn escape_to<'a, S: QueryStr<'a>>(units: &[S::Unit], out: &mut Vec<u8>) -> Result<()> {
    let mut rest = units;
    loop {
        let plain = rest.iter().position(|&unit| !is_plain(unit.into())).unwrap_or(rest.len());
        S::push_ascii(&rest[..plain], out);
        let Some((&unit, after)) = rest[plain..].split_first() else { return Ok(()) };
        rest = after;
        let unit: u32 = unit.into();
        if unit < 0x80 || S::UTF8 {
            push_percent(out, (unit & 0xFF) as u8);
            continue;
        }
        let character = if (0xD800..0xE000).contains(&unit) {
            let Some((&low, after)) = rest.split_first() else {
                return Err(Error::from_template(Code::InvalidUri, &[]));
            };
            rest = after;
            0x1_0000 + ((unit & 0x3FF) << 10 | (low.into() & 0x3FF))
        } else {
            unit
        };
        let mut buffer = [0; 4];
        for byte in char::from_u32(character).unwrap_or_default().encode_utf8(&mut buffer).bytes() {
            push_percent(out, byte);
        }
    }
}
