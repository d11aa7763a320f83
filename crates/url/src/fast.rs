//! The short way for URLs that are already what they will serialise to, as nearly all are.
//!
//! It only reads: where it can tell the components of such a URL it says so, and everything else is left to the
//! parser proper. Nothing here decides that a URL is invalid.

use crate::host;
use crate::parser::{MAX_INPUT, Parts, Scheme, dots};

/// What [`scan`] found.
pub(crate) enum Scan {
    /// The URL is what it will be.
    Whole(Parts),
    /// It lacks the slash of an empty path, which these count.
    LacksSlash(Parts),
    /// It will be what it is up to its path, and may need changes from there on.
    Authority(Authority),
    /// This says nothing.
    Nothing,
}

/// The components of an `http:` or `https:` URL without credentials, or of a `file:` URL without a host, that needs no
/// change, or none before its path.
#[inline(always)]
pub(crate) fn scan(input: &[u8]) -> Scan {
    let Some(authority) = authority(input) else { return Scan::Nothing };
    let mut end = authority.path_start;
    let slash = input.get(end) != Some(&b'/');
    if !slash {
        let Some(path_end) = path_end(input, end) else { return Scan::Authority(authority) };
        end = path_end;
    }
    let shift = usize::from(slash);
    let query_start = end;
    if input.get(end) == Some(&b'?') {
        end = query_end(input, end + 1);
    }
    let fragment_start = end;
    if input.get(end) == Some(&b'#') {
        end = fragment_end(input, end + 1);
    }
    if end != input.len() {
        return Scan::Authority(authority);
    }
    let start = authority.scheme_end + 3;
    // MAX_INPUT is far below 2^32.
    #[allow(clippy::cast_possible_truncation, reason = "no input is longer than MAX_INPUT")]
    let at = |offset: usize| offset as u32;
    let parts = Parts {
        scheme_end: at(authority.scheme_end),
        username_end: at(start),
        host_start: at(start),
        host_end: at(authority.host_end),
        path_start: at(authority.path_start),
        query_start: at(query_start + shift),
        fragment_start: at(fragment_start + shift),
        scheme: authority.scheme,
    };
    if slash { Scan::LacksSlash(parts) } else { Scan::Whole(parts) }
}

/// Whether what may fail of a URL, all before its path, is there and valid. `false` says nothing.
#[inline]
pub(crate) fn is_valid(input: &[u8]) -> bool {
    authority(input).is_some()
}

/// What is before a path, without credentials.
pub(crate) struct Authority {
    pub(crate) scheme: Scheme,
    pub(crate) scheme_end: usize,
    pub(crate) host_end: usize,
    pub(crate) path_start: usize,
}

/// Scheme, host and port, up to `/`, `?`, `#` or the end.
#[inline(always)]
fn authority(input: &[u8]) -> Option<Authority> {
    if input.len() > MAX_INPUT {
        return None;
    }
    let (scheme, scheme_end) = if input.starts_with(b"https://") {
        (Scheme::Https, 5)
    } else if input.starts_with(b"http://") {
        (Scheme::Http, 4)
    } else {
        return file_authority(input);
    };
    let start = scheme_end + 3;
    let host_end = host_end(input, start);
    let name = &input[start..host_end];
    if name.is_empty() || ends_in_number(name) {
        return None;
    }
    let path_start = match input.get(host_end) {
        None | Some(b'/' | b'?' | b'#') => host_end,
        Some(b':') => port_end(input, host_end + 1, scheme)?,
        Some(_) => return None,
    };
    Some(Authority { scheme, scheme_end, host_end, path_start })
}

/// The absence of one, before a path that does not start with a drive letter and `|`.
fn file_authority(input: &[u8]) -> Option<Authority> {
    let path = input.strip_prefix(b"file://")?;
    if path.first() != Some(&b'/') || path.get(2) == Some(&b'|') {
        return None;
    }
    Some(Authority { scheme: Scheme::File, scheme_end: 4, host_end: 7, path_start: 7 })
}

/// The end of a port that is written as it will be: no default, no leading zero.
#[cold]
fn port_end(input: &[u8], start: usize, scheme: Scheme) -> Option<usize> {
    let digits = input[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let end = start + digits;
    let port = &input[start..end];
    if digits == 0 || port[0] == b'0' || !matches!(input.get(end), None | Some(b'/' | b'?' | b'#')) {
        return None;
    }
    let number = crate::parser::port_number(port).ok()?;
    (Some(number) != scheme.default_port()).then_some(end)
}

/// A domain as it comes out of the host parser, of letters, digits, `-`, `.` and `_`, without the `--` of `xn--`.
#[inline(always)]
fn host_end(input: &[u8], start: usize) -> usize {
    find(input, start, stops_host)
}

#[inline(always)]
pub(crate) fn stops_host(byte: u8, before: u8) -> bool {
    let letter = byte.wrapping_sub(b'a') < 26;
    let digit_or_mark = (byte.wrapping_sub(b'-') < 13) & (byte != b'/');
    !(letter | digit_or_mark | (byte == b'_')) | ((byte == b'-') & (before == b'-'))
}

/// As the host parser's question, but a wrong yes is allowed.
#[inline(always)]
fn ends_in_number(name: &[u8]) -> bool {
    match name.last() {
        // Of a number the last digit is decimal, or hexadecimal after "0x".
        Some(last) if last.is_ascii_hexdigit() || matches!(last, b'x' | b'.') => host::ends_in_number(name),
        _ => false,
    }
}

/// The end of a path that needs no escape; `None` if a segment of it is `.` or `..`, or it has a `\`.
#[inline(always)]
fn path_end(input: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at = find(input, at, stops_path);
        match input.get(at) {
            None => return Some(at),
            Some(b'.' | b'%') => {
                let rest = &input[at..];
                let length = rest.iter().position(|byte| matches!(byte, b'/' | b'\\' | b'?' | b'#'));
                if dots(&rest[..length.unwrap_or(rest.len())]) != 0 {
                    return None;
                }
                at += 1;
            }
            Some(b'\\') => return None,
            Some(_) => return Some(at),
        }
    }
}

/// Whether this is a path with its slash that needs no change, and nothing else.
pub(crate) fn is_path(value: &[u8]) -> bool {
    value.first() == Some(&b'/') && path_end(value, 0) == Some(value.len())
}

/// What is escaped or ends a path, `\`, and what may be the start of a segment of dots.
#[inline(always)]
pub(crate) fn stops_path(byte: u8, before: u8) -> bool {
    is_not_graphic(byte)
        | (byte | 1 == b'#')
        | (byte == b'<')
        | (byte | 1 == b'?')
        | (byte | 2 == b'^')
        | (byte == b'`')
        | (byte == b'{')
        | (byte == b'}')
        | ((before == b'/') & ((byte == b'.') | (byte == b'%')))
}

#[inline(always)]
fn query_end(input: &[u8], start: usize) -> usize {
    find(input, start, |byte, _| {
        is_not_graphic(byte) | (byte | 1 == b'#') | (byte == b'\'') | (byte | 2 == b'>')
    })
}

#[inline(always)]
fn fragment_end(input: &[u8], start: usize) -> usize {
    find(input, start, |byte, _| is_not_graphic(byte) | (byte == b'"') | (byte == b'`') | (byte | 2 == b'>'))
}

#[inline(always)]
fn is_not_graphic(byte: u8) -> bool {
    byte.wrapping_sub(b'!') >= 94
}

pub(crate) const LANES: usize = 16;

/// The first index from `start` on at which `stop` holds of the byte and the one before, or the length.
///
/// `stop` has no branches, so the compiler makes vector code of each block. `start` is at least 1.
#[inline(always)]
pub(crate) fn find(input: &[u8], start: usize, stop: impl Fn(u8, u8) -> bool) -> usize {
    let mut at = start;
    while let (Some(block), Some(before)) = (block(input, at), block(input, at - 1)) {
        let stops = stops(block, before, &stop);
        if stops != 0 {
            return at + stops.trailing_zeros() as usize / 8;
        }
        at += LANES;
    }
    // The rest is looked at with bytes before it that are known not to stop.
    let last = input.len().wrapping_sub(LANES);
    if at < input.len()
        && let (Some(block), Some(before)) = (block(input, last), block(input, last.wrapping_sub(1)))
    {
        let stops = stops(block, before, &stop) >> ((at - last) * 8);
        return if stops == 0 { input.len() } else { at + stops.trailing_zeros() as usize / 8 };
    }
    let rest = input.get(at..).unwrap_or_default();
    let (mut block, mut before) = ([0; LANES], [0; LANES]);
    if rest.is_empty() || rest.len() > LANES {
        return at;
    }
    block[..rest.len()].copy_from_slice(rest);
    before[1..].copy_from_slice(&block[..LANES - 1]);
    before[0] = input[at - 1];
    let stops = stops(&block, &before, &stop);
    at + rest.len().min(stops.trailing_zeros() as usize / 8)
}

/// As [`find`], from any `start`; before the first byte is a NUL.
#[inline(always)]
pub(crate) fn find_from(input: &[u8], start: usize, stop: impl Fn(u8, u8) -> bool) -> usize {
    match input.first() {
        Some(&first) if start == 0 && stop(first, 0) => 0,
        _ => find(input, start.max(1), stop).min(input.len()),
    }
}

#[inline(always)]
pub(crate) fn block(input: &[u8], at: usize) -> Option<&[u8; LANES]> {
    input.get(at..)?.first_chunk()
}

/// A byte of ones for each byte that stops.
#[inline(always)]
pub(crate) fn stops(block: &[u8; LANES], before: &[u8; LANES], stop: impl Fn(u8, u8) -> bool) -> u128 {
    let mut lanes = [0u8; LANES];
    for index in 0..LANES {
        lanes[index] = if stop(block[index], before[index]) { 0xff } else { 0 };
    }
    u128::from_le_bytes(lanes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::percent::{FRAGMENT, PATH, SPECIAL_QUERY, is_in};

    #[test]
    fn finds_at_every_place() {
        for length in 1..70 {
            for start in 1..=length {
                for stop in start..=length {
                    let mut text = vec![b'a'; length];
                    if stop < length {
                        text[stop] = b'"';
                    }
                    assert_eq!(find(&text, start, |byte, _| byte == b'"'), stop);
                }
            }
        }
    }

    /// The sets of [`percent`](crate::percent), said once more in arithmetic.
    #[test]
    fn the_sets_agree_with_the_table() {
        for byte in 0..=255 {
            let text = [b'/', b'a', byte];
            let stops = |set| if is_in(byte, set) { 2 } else { 3 };
            assert_eq!(query_end(&text, 2), stops(SPECIAL_QUERY), "{byte:#x}");
            assert_eq!(fragment_end(&text, 2), stops(FRAGMENT), "{byte:#x}");
            let path = if byte == b'\\' { None } else { Some(stops(PATH)) };
            assert_eq!(path_end(&text, 0), path, "{byte:#x}");
        }
    }
}
