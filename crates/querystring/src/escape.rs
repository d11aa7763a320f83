//! Percent-encoding: `escape`, `unescape`, `unescapeBuffer`.

use std::borrow::Cow;

use nodecore_error::{Code, Error, Result};

use crate::text::{LowUnits, QueryStr, percent};

/// Percent-encodes all but letters, digits and `-_.!~*'()`. Borrows where there is nothing to encode, unless `text` is
/// UTF-16. Node: [`querystring.escape`](https://nodejs.org/api/querystring.html#querystringescapestr).
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
pub fn escape<'a, S: QueryStr<'a>>(text: S) -> Result<Cow<'a, str>> {
    let units = text.units();
    if let Some(ascii) = text.as_ascii().filter(|_| all_plain(units)) {
        return Ok(Cow::Borrowed(ascii));
    }
    let mut out = Writer::new();
    out.escape::<S>(units)?;
    Ok(Cow::Owned(out.finish()))
}

/// Undoes [`escape`], as `decodeURIComponent` does; where that would throw, as [`unescape_buffer`] does. Borrows where
/// there is nothing to decode.
/// Node: [`querystring.unescape`](https://nodejs.org/api/querystring.html#querystringunescapestr).
///
/// # Examples
/// ```
/// assert_eq!(nodecore_querystring::unescape("a%20b%zz"), "a b%zz");
/// ```
pub fn unescape<'a, S: QueryStr<'a>>(text: S) -> S::Text {
    let units = text.units();
    if text.with_bytes(|bytes| memchr::memchr(b'%', bytes).is_none()) {
        return text.part(0, units.len());
    }
    unescape_units::<S>(units)
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
    low_bytes::<S>(text.units(), decode_spaces)
}

pub(crate) fn unescape_units<'a, S: QueryStr<'a>>(units: &[S::Unit]) -> S::Text {
    match S::decoded(units, false) {
        Some(text) => text,
        None => S::from_bytes(low_bytes::<S>(units, false)),
    }
}

fn low_bytes<'a, S: QueryStr<'a>>(units: &[S::Unit], decode_spaces: bool) -> Vec<u8> {
    S::with_low_units(units, |units| match units {
        LowUnits::Bytes(bytes) => unescape_bytes(bytes, decode_spaces),
        LowUnits::Utf16(units) => unescape_bytes(units, decode_spaces),
    })
}

fn unescape_bytes<U: Copy + Into<u32>>(units: &[U], decode_spaces: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(units.len());
    let mut rest = units;
    let special = |&unit: &U| {
        let unit: u32 = unit.into();
        unit == u32::from(b'%') || (decode_spaces && unit == u32::from(b'+'))
    };
    loop {
        let plain = rest.iter().position(special).unwrap_or(rest.len());
        out.extend(rest[..plain].iter().map(|&unit| low_byte(unit)));
        rest = &rest[plain..];
        let Some(&unit) = rest.first() else { return out };
        let (byte, taken) = match percent(rest) {
            Some(byte) => (byte, 3),
            None => (if unit.into() == u32::from(b'+') { b' ' } else { b'%' }, 1),
        };
        out.push(byte);
        rest = &rest[taken..];
    }
}

/// What is left of a unit where only bytes fit.
#[inline]
fn low_byte<U: Into<u32>>(unit: U) -> u8 {
    unit.into().to_le_bytes()[0]
}

/// Which characters stay.
static PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        plain[byte as usize] = byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'_' | b'.' | b'!' | b'~' | b'*' | b'\'' | b'(' | b')');
        byte += 1;
    }
    plain
};

/// What each byte is written as, and behind it, overwritten by what follows, how long that is.
static WRITTEN: [[u8; 4]; 256] = {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut written = [[0; 4]; 256];
    let mut index = 0;
    while index < 256 {
        #[allow(clippy::cast_possible_truncation, reason = "index < 256")]
        let byte = index as u8;
        let escape = [b'%', DIGITS[index >> 4], DIGITS[index & 15], 3];
        written[index] = if PLAIN[index] { [byte, 0, 0, 1] } else { escape };
        index += 1;
    }
    written
};

#[inline(always)]
fn is_plain(unit: u32) -> bool {
    PLAIN.get(unit as usize).is_some_and(|&plain| plain)
}

/// As many units are looked at together where they may all be plain.
const BLOCK: usize = 16;

/// As [`is_plain`] of all, in a form that compilers make vectors of; and their low bytes.
#[inline(always)]
fn plain_block<U: Copy + Into<u32>>(block: &[U; BLOCK]) -> Option<[u8; BLOCK]> {
    let bytes = block.map(|unit| if unit.into() < 0x80 { low_byte(unit) } else { 0x80 });
    let mut plain = true;
    for byte in bytes {
        let within = |first: u8, last: u8| byte.wrapping_sub(first) <= last - first;
        plain &= ((byte | 0x20).wrapping_sub(b'a') < 26)
            | within(b'0', b'9')
            | within(b'\'', b'*')
            | within(b'-', b'.')
            | (byte == b'_')
            | (byte == b'!')
            | (byte == b'~');
    }
    plain.then_some(bytes)
}

fn all_plain<U: Copy + Into<u32>>(units: &[U]) -> bool {
    let (blocks, rest) = units.as_chunks::<BLOCK>();
    rest.iter().all(|&unit| is_plain(unit.into())) && blocks.iter().all(|block| plain_block(block).is_some())
}

/// What is written goes here first, so that a result of common size is allocated once and exactly.
const SCRATCH: usize = 256;
/// What a block may take: each unit three escapes, a pair, which is two units, four; and one byte that is overwritten.
const MOST: usize = BLOCK * 9 + 4;

/// Where a query is built.
pub(crate) struct Writer {
    scratch: [u8; SCRATCH],
    /// How much of it is written.
    length: usize,
    /// What was written before that.
    before: Vec<u8>,
}

impl Writer {
    #[inline]
    pub(crate) fn new() -> Writer {
        Writer { scratch: [0; SCRATCH], length: 0, before: Vec::new() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.length == 0 && self.before.is_empty()
    }

    /// The text; what was written is ASCII and strings of the caller's.
    pub(crate) fn finish(&mut self) -> String {
        let written = &self.scratch[..self.length];
        if self.before.is_empty() {
            return match std::str::from_utf8(written) {
                Ok(text) => text.to_owned(),
                Err(_) => String::from_utf8_lossy(written).into_owned(),
            };
        }
        let mut all = std::mem::take(&mut self.before);
        all.extend_from_slice(written);
        String::from_utf8(all).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }

    /// Room for at least `count` bytes, which is at most the size of the scratch.
    #[inline]
    fn room(&mut self, count: usize) -> &mut [u8] {
        if SCRATCH - self.length < count {
            self.flush();
        }
        &mut self.scratch[self.length..]
    }

    #[cold]
    fn flush(&mut self) {
        self.before.extend_from_slice(&self.scratch[..self.length]);
        self.length = 0;
    }

    /// Appends a separator, which nearly always is one character.
    #[inline(always)]
    pub(crate) fn mark(&mut self, text: &str) {
        match text.as_bytes() {
            [byte] => {
                self.room(1)[0] = *byte;
                self.length += 1;
            }
            _ => self.push(text),
        }
    }

    /// Appends text as it is.
    #[inline(never)]
    pub(crate) fn push(&mut self, text: &str) {
        let bytes = text.as_bytes();
        if bytes.len() <= SCRATCH {
            self.room(bytes.len())[..bytes.len()].copy_from_slice(bytes);
            self.length += bytes.len();
        } else {
            self.flush();
            self.before.extend_from_slice(bytes);
        }
    }

    /// Appends text, escaped.
    #[inline]
    pub(crate) fn escape<'a, S: QueryStr<'a>>(&mut self, units: &[S::Unit]) -> Result<()> {
        if units.len() < BLOCK {
            let mut plain = true;
            for (to, &unit) in self.room(BLOCK).iter_mut().zip(units) {
                *to = low_byte(unit);
                plain &= is_plain(unit.into());
            }
            if plain {
                self.length += units.len();
                return Ok(());
            }
        }
        self.escape_long::<S>(units)
    }

    fn escape_long<'a, S: QueryStr<'a>>(&mut self, units: &[S::Unit]) -> Result<()> {
        let mut rest = units;
        while !rest.is_empty() {
            let room = self.room(MOST);
            if let Some((block, after)) = rest.split_first_chunk::<BLOCK>()
                && let Some(bytes) = plain_block(block)
            {
                room[..BLOCK].copy_from_slice(&bytes);
                self.length += BLOCK;
                rest = after;
                continue;
            }
            let (part, mut after) = rest.split_at(rest.len().min(BLOCK));
            let mut length = 0;
            if S::UTF8 {
                for &unit in part {
                    write_byte(room, &mut length, low_byte(unit));
                }
            } else {
                escape_units(part, &mut after, room, &mut length)?;
            }
            self.length += length;
            rest = after;
        }
        Ok(())
    }
}

/// Writes `part`, a unit a character; of `after`, a surrogate that is the second of a pair.
#[inline]
fn escape_units<U: Copy + Into<u32>>(
    part: &[U],
    after: &mut &[U],
    room: &mut [u8],
    length: &mut usize,
) -> Result<()> {
    let mut part = part.iter();
    while let Some(&unit) = part.next() {
        let mut code: u32 = unit.into();
        if code < 0x80 {
            write_byte(room, length, low_byte(unit));
            continue;
        }
        if (0xD800..0xE000).contains(&code) {
            let low = match part.next() {
                Some(&low) => low,
                None => {
                    let (&low, rest) =
                        after.split_first().ok_or_else(|| Error::from_template(Code::InvalidUri, &[]))?;
                    *after = rest;
                    low
                }
            };
            code = 0x1_0000 + ((code & 0x3FF) << 10 | (low.into() & 0x3FF));
        }
        for &byte in char::from_u32(code).unwrap_or_default().encode_utf8(&mut [0; 4]).as_bytes() {
            write_byte(room, length, byte);
        }
    }
    Ok(())
}

#[inline(always)]
fn write_byte(room: &mut [u8], length: &mut usize, byte: u8) {
    if let Some(slot) = room.get_mut(*length..).and_then(<[u8]>::first_chunk_mut) {
        let written = WRITTEN[usize::from(byte)];
        *slot = written;
        *length += usize::from(written[3]);
    }
}
