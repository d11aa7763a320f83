//! The short way for URLs that are already what they will serialise to, as nearly all are.
//!
//! It only reads: where it can tell the components of such a URL it says so, and everything else is left to the
//! parser proper. Nothing here decides that a URL is invalid.

use crate::host;
use crate::parser::{MAX_INPUT, Parts, Scheme};
use crate::percent::{self, FRAGMENT, PATH, SPECIAL_QUERY};

/// What [`scan`] found.
pub(crate) struct Scan {
    /// The components, the missing slash counted.
    pub(crate) parts: Parts,
    /// Whether the input lacks the slash of an empty path.
    slash: bool,
}

impl Scan {
    /// The length of the serialisation of `input`.
    #[inline(always)]
    pub(crate) fn length(&self, input: &str) -> usize {
        input.len() + usize::from(self.slash)
    }

    /// Appends the serialisation of `input`.
    #[inline(always)]
    pub(crate) fn write(&self, input: &str, out: &mut String) {
        if self.slash
            && let Some((start, rest)) = input.split_at_checked(self.parts.path_start as usize)
        {
            out.push_str(start);
            out.push('/');
            out.push_str(rest);
        } else {
            out.push_str(input);
        }
    }
}

/// The components of an `http:` or `https:` URL without credentials that needs no change but perhaps a slash.
#[inline]
pub(crate) fn scan(input: &[u8]) -> Option<Scan> {
    let authority = authority(input)?;
    let mut end = authority.path_start;
    let slash = input.get(end) != Some(&b'/');
    if !slash {
        end = path_end(input, end)?;
    }
    let shift = usize::from(slash);
    let query_start = end;
    if input.get(end) == Some(&b'?') {
        end = plain_end(input, end + 1, SPECIAL_QUERY);
    }
    let fragment_start = end;
    if input.get(end) == Some(&b'#') {
        end = plain_end(input, end + 1, FRAGMENT);
    }
    if end != input.len() {
        return None;
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
    Some(Scan { parts, slash })
}

/// Whether what may fail of a URL, all before its path, is there and valid. `false` says nothing.
#[inline]
pub(crate) fn is_valid(input: &[u8]) -> bool {
    authority(input).is_some()
}

struct Authority {
    scheme: Scheme,
    scheme_end: usize,
    host_end: usize,
    path_start: usize,
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
        return None;
    };
    let start = scheme_end + 3;
    let rest = input.get(start..)?;
    let (length, dashes) = host::plain_run(rest);
    let name = &rest[..length];
    if length == 0 || (dashes && host::has_punycode(name)) || host::ends_in_number(name) {
        return None;
    }
    let host_end = start + length;
    let path_start = match input.get(host_end) {
        None | Some(b'/' | b'?' | b'#') => host_end,
        Some(b':') => port_end(input, host_end + 1, scheme)?,
        Some(_) => return None,
    };
    Some(Authority { scheme, scheme_end, host_end, path_start })
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

/// The end of a path without anything to escape, `\`, or a segment that could be `.` or `..`.
#[inline(always)]
fn path_end(input: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    let mut after_slash = false;
    while let Some(&byte) = input.get(at) {
        let class = CLASSES[byte as usize];
        if class & STOP != 0 {
            break;
        }
        if after_slash & (class & DOT != 0) {
            return None;
        }
        after_slash = byte == b'/';
        at += 1;
    }
    Some(at)
}

const STOP: u8 = 1;
const DOT: u8 = 2;

static CLASSES: [u8; 256] = {
    let mut table = [0; 256];
    let mut index = 0u8;
    loop {
        if percent::is_in(index, PATH) || index == b'\\' {
            table[index as usize] = STOP;
        } else if index == b'.' || index == b'%' {
            table[index as usize] = DOT;
        }
        if index == 255 {
            break;
        }
        index += 1;
    }
    table
};

/// The end of what needs no escape in `set`.
#[inline(always)]
fn plain_end(input: &[u8], start: usize, set: u8) -> usize {
    let mut at = start;
    while input.get(at).is_some_and(|&byte| !percent::is_in(byte, set)) {
        at += 1;
    }
    at
}
