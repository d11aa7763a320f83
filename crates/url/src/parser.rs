//! The basic URL parser (<https://url.spec.whatwg.org/#concept-basic-url-parser>).
//!
//! The standard's state machine, read as a grammar over slices: each state that only looks ahead for its
//! delimiter is a search for it. Output goes to one buffer; [`Parts`] says where its components are.

mod path;

use std::borrow::Cow;

use crate::fast::{Authority, find_from};
use crate::{Url, host, percent};

pub(crate) use path::dots;
use path::{is_drive_letter, starts_with_drive_letter};

/// Inputs above this are refused, so that offsets fit in `u32` however much escaping adds.
pub(crate) const MAX_INPUT: usize = 1 << 29;

/// What the standard does with a scheme depends only on this.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
    Ws,
    Wss,
    Ftp,
    File,
    /// Not special.
    #[default]
    Other,
}

impl Scheme {
    /// The kind of a lower-case scheme without its colon.
    pub(crate) fn of(name: &[u8]) -> Scheme {
        match name {
            b"http" => Scheme::Http,
            b"https" => Scheme::Https,
            b"ws" => Scheme::Ws,
            b"wss" => Scheme::Wss,
            b"ftp" => Scheme::Ftp,
            b"file" => Scheme::File,
            _ => Scheme::Other,
        }
    }

    pub(crate) fn is_special(self) -> bool {
        self != Scheme::Other
    }

    pub(crate) fn default_port(self) -> Option<u16> {
        match self {
            Scheme::Http | Scheme::Ws => Some(80),
            Scheme::Https | Scheme::Wss => Some(443),
            Scheme::Ftp => Some(21),
            Scheme::File | Scheme::Other => None,
        }
    }

    /// Where `\` is a slash.
    fn is_slash(self, byte: u8) -> bool {
        byte == b'/' || (byte == b'\\' && self.is_special())
    }
}

/// Where the components of a serialised URL are.
///
/// ```text
/// https://user:pass@example.org:8080/path?query#hash
///      |      |    ||          |    |    |     |
///      |      |    ||          |    |    |     fragment_start
///      |      |    ||          |    |    query_start
///      |      |    ||          |    path_start
///      |      |    ||          host_end
///      |      |    |host_start
///      |      username_end
///      scheme_end
/// ```
///
/// A component that is absent is an empty range: without a query `query_start == fragment_start`, without a
/// fragment `fragment_start` is the length. Without a host `username_end`, `host_start` and `host_end` are all
/// `scheme_end + 1`; without credentials `username_end == host_start`. Between `host_end` and `path_start` is
/// `:port`, or the `/.` that keeps a path apart that starts with `//` and has no host before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parts<N = u32> {
    pub(crate) scheme_end: N,
    pub(crate) username_end: N,
    pub(crate) host_start: N,
    pub(crate) host_end: N,
    pub(crate) path_start: N,
    pub(crate) query_start: N,
    pub(crate) fragment_start: N,
    pub(crate) scheme: Scheme,
}

impl Parts<usize> {
    /// `None` if the URL is longer than offsets can say.
    pub(crate) fn narrow(&self, len: usize) -> Option<Parts> {
        u32::try_from(len).ok()?;
        // No part ends behind the URL.
        #[allow(clippy::cast_possible_truncation, reason = "the length fits")]
        let at = |offset: usize| offset as u32;
        Some(Parts {
            scheme_end: at(self.scheme_end),
            username_end: at(self.username_end),
            host_start: at(self.host_start),
            host_end: at(self.host_end),
            path_start: at(self.path_start),
            query_start: at(self.query_start),
            fragment_start: at(self.fragment_start),
            scheme: self.scheme,
        })
    }

    pub(crate) fn has_host(&self) -> bool {
        self.host_end > self.scheme_end + 1
    }
}

impl Parts {
    pub(crate) fn has_host(&self) -> bool {
        self.host_end > self.scheme_end + 1
    }

    pub(crate) fn widen(&self) -> Parts<usize> {
        Parts {
            scheme_end: self.scheme_end as usize,
            username_end: self.username_end as usize,
            host_start: self.host_start as usize,
            host_end: self.host_end as usize,
            path_start: self.path_start as usize,
            query_start: self.query_start as usize,
            fragment_start: self.fragment_start as usize,
            scheme: self.scheme,
        }
    }
}

/// Parses `input`, UTF-8, writing the serialisation to `out`, which must be empty.
///
/// With `check_only` it stops as soon as nothing after can fail, and what is in `out` means nothing.
pub(crate) fn parse(input: &[u8], base: Option<&Url>, out: &mut Vec<u8>, check_only: bool) -> Option<Parts> {
    if input.len() > MAX_INPUT {
        return None;
    }
    let text = without_tabs_and_newlines(trim(input));
    let mut parser = Parser { text: &text, out, parts: Parts::default(), check_only };
    parser.url(base)?;
    let len = parser.out.len();
    parser.parts.narrow(len)
}

/// As [`parse`], of an `input` that up to its path is what it will be, with these parts.
pub(crate) fn parse_path(input: &[u8], authority: &Authority, out: &mut Vec<u8>) -> Option<Parts> {
    let text = without_tabs_and_newlines(trim(input));
    let &Authority { scheme, scheme_end, host_end, path_start } = authority;
    let host_start = scheme_end + 3;
    let known =
        Parts { scheme_end, username_end: host_start, host_start, host_end, path_start, ..Parts::default() };
    reserve(&text, out);
    out.extend_from_slice(text.get(..path_start)?);
    let mut parser = Parser { text: &text, out, parts: Parts { scheme, ..known }, check_only: false };
    parser.path_and_rest(path_start + usize::from(text.get(path_start) == Some(&b'/')));
    let len = parser.out.len();
    parser.parts.narrow(len)
}

/// Room for `text` with what is not ASCII escaped, a slash or two, and a few more escapes.
fn reserve(text: &[u8], out: &mut Vec<u8>) {
    let escaped = text.iter().filter(|byte| !byte.is_ascii()).count();
    out.reserve(text.len() + 2 * escaped + 16);
}

/// Removes what the standard removes at both ends: C0 controls and spaces.
fn trim(input: &[u8]) -> &[u8] {
    let start = input.iter().position(|&byte| byte > b' ').unwrap_or(input.len());
    let end = input.iter().rposition(|&byte| byte > b' ').map_or(start, |last| last + 1);
    &input[start..end]
}

/// Removes what the standard removes everywhere: tabs and newlines.
pub(crate) fn without_tabs_and_newlines(input: &[u8]) -> Cow<'_, [u8]> {
    if find_from(input, 0, |byte, _| (byte.wrapping_sub(b'\t') < 2) | (byte == b'\r')) == input.len() {
        return Cow::Borrowed(input);
    }
    Cow::Owned(input.iter().copied().filter(|byte| !matches!(byte, b'\t' | b'\n' | b'\r')).collect())
}

/// The length of the scheme that `input` starts with, its colon not counted.
pub(crate) fn scheme_len(input: &[u8]) -> Option<usize> {
    if !input.first()?.is_ascii_alphabetic() {
        return None;
    }
    let end = input
        .iter()
        .position(|byte| !matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'+' | b'-' | b'.'))?;
    (input[end] == b':').then_some(end)
}

/// The port of `digits`; `Err` above 65535.
pub(crate) fn port_number(digits: &[u8]) -> Result<u16, ()> {
    digits.iter().try_fold(0u16, |port, byte| {
        port.checked_mul(10).and_then(|port| port.checked_add(u16::from(byte - b'0'))).ok_or(())
    })
}

/// The parser at work on one input.
pub(crate) struct Parser<'i, 'o> {
    /// What is read, without what the standard removes first.
    pub(crate) text: &'i [u8],
    pub(crate) out: &'o mut Vec<u8>,
    pub(crate) parts: Parts<usize>,
    pub(crate) check_only: bool,
}

impl Parser<'_, '_> {
    fn url(&mut self, base: Option<&Url>) -> Option<()> {
        let Some(len) = scheme_len(self.text) else {
            return self.no_scheme(base?);
        };
        reserve(self.text, self.out);
        self.out.extend_from_slice(&self.text[..len]);
        self.out.make_ascii_lowercase();
        self.parts.scheme = Scheme::of(self.out);
        self.scheme_written();
        let at = len + 1;
        match self.parts.scheme {
            Scheme::File => self.file(at, base.filter(|base| base.parts.scheme == Scheme::File)),
            Scheme::Other => match &self.text[at..] {
                [b'/', b'/', ..] => self.authority(at + 2),
                [b'/', ..] => {
                    self.no_host();
                    self.path_and_rest(at + 1);
                    Some(())
                }
                _ => {
                    self.no_host();
                    self.opaque_path(at);
                    Some(())
                }
            },
            special => match base {
                Some(base) if base.parts.scheme == special && !self.text[at..].starts_with(b"//") => {
                    self.relative(at, base)
                }
                _ => self.special_authority(at),
            },
        }
    }

    fn no_scheme(&mut self, base: &Url) -> Option<()> {
        if self.check_only
            && !base.has_opaque_path()
            && !matches!(self.text, [b'/' | b'\\', b'/' | b'\\', ..])
        {
            // Only an authority could fail now.
            return Some(());
        }
        if base.has_opaque_path() {
            if self.text.first() != Some(&b'#') {
                return None;
            }
            self.copy(base, base.parts.fragment_start);
            self.parts = base.parts.widen();
            self.fragment(0);
            return Some(());
        }
        self.parts.scheme = base.parts.scheme;
        self.out.reserve(base.href.len());
        reserve(self.text, self.out);
        self.copy(base, base.parts.scheme_end);
        self.scheme_written();
        if self.parts.scheme == Scheme::File { self.file(0, Some(base)) } else { self.relative(0, base) }
    }

    /// `out` holds the scheme; notes its end and writes the colon.
    fn scheme_written(&mut self) {
        self.parts.scheme_end = self.out.len();
        self.out.push(b':');
    }

    fn no_host(&mut self) {
        let at = self.out.len();
        self.parts.username_end = at;
        self.parts.host_start = at;
        self.parts.host_end = at;
        self.parts.path_start = at;
    }

    /// Appends the base's serialisation from where `out` is up to `end`.
    fn copy(&mut self, base: &Url, end: u32) {
        let bytes = base.href.as_bytes();
        let written = self.out.len();
        self.out.extend_from_slice(&bytes[written..end as usize]);
    }

    /// Takes over the base's credentials, host and port. `out` is at the end of its scheme and colon.
    fn copy_authority(&mut self, base: &Url) {
        let base_parts = base.parts.widen();
        self.parts = Parts { scheme: self.parts.scheme, ..base_parts };
        if base_parts.has_host() {
            self.copy(base, base.parts.path_start);
        } else {
            // The "/." before the base's path is not part of it.
            self.no_host();
        }
    }

    /// Whether there is a slash at `at`, as this scheme has them.
    fn slash_at(&self, at: usize) -> bool {
        self.text.get(at).is_some_and(|&byte| self.parts.scheme.is_slash(byte))
    }

    fn relative(&mut self, at: usize, base: &Url) -> Option<()> {
        if self.slash_at(at) {
            if self.slash_at(at + 1) {
                return if self.parts.scheme.is_special() {
                    self.special_authority(at + 2)
                } else {
                    self.authority(at + 2)
                };
            }
            self.copy_authority(base);
            self.path_and_rest(at + 1);
            return Some(());
        }
        self.copy_authority(base);
        self.relative_to_path(at, base);
        Some(())
    }

    /// The base's path without its last segment, then the text; or the whole of it before `?`, `#` or nothing.
    fn relative_to_path(&mut self, at: usize, base: &Url) {
        self.out.extend_from_slice(base.pathname().as_bytes());
        match self.text.get(at) {
            Some(b'?') => self.query_and_rest(at),
            None | Some(b'#') => {
                self.separate_path();
                self.parts.query_start = self.out.len();
                self.out.extend_from_slice(base.query_with_mark().as_bytes());
                self.fragment(at);
            }
            Some(_) => {
                self.shorten();
                self.path_and_rest(at);
            }
        }
    }

    fn special_authority(&mut self, at: usize) -> Option<()> {
        let slashes = self.text[at..].iter().take_while(|&&byte| byte == b'/' || byte == b'\\').count();
        self.authority(at + slashes)
    }

    /// Credentials, host and port; `at` is behind the slashes.
    fn authority(&mut self, at: usize) -> Option<()> {
        let text = self.text;
        let scheme = self.parts.scheme;
        let special = scheme.is_special();
        self.out.extend_from_slice(b"//");
        self.parts.username_end = self.out.len();
        let ends = |byte: u8| (byte == b'/') | (byte == b'?') | (byte == b'#') | ((byte == b'\\') & special);
        let mut start = at;
        let mut host_end =
            find_from(text, at, |byte, _| ends(byte) | (byte == b'@') | (byte == b':') | (byte == b'['));
        let mut end = host_end;
        if matches!(text.get(end), Some(b'@' | b':' | b'[')) {
            end = find_from(text, end, |byte, _| ends(byte));
            if let Some(length) = text[at..end].iter().rposition(|&byte| byte == b'@') {
                start = at + length + 1;
                if start == end {
                    return None;
                }
                self.credentials(&text[at..at + length]);
            }
            host_end = port_colon(&text[start..end]).map_or(end, |length| start + length);
        }
        self.parts.host_start = self.out.len();
        if host_end == start && (special || host_end < end) {
            return None;
        }
        host::parse(&text[start..host_end], special, self.out)?;
        self.parts.host_end = self.out.len();
        if host_end < end {
            let digits = &text[host_end + 1..end];
            if !digits.iter().all(u8::is_ascii_digit) {
                return None;
            }
            let port = port_number(digits).ok()?;
            if !digits.is_empty() {
                self.port(Some(port));
            }
        }
        self.parts.path_start = self.out.len();
        self.path_start(end);
        Some(())
    }

    pub(crate) fn credentials(&mut self, credentials: &[u8]) {
        let colon = credentials.iter().position(|&byte| byte == b':');
        let (username, password) = match colon {
            Some(colon) => (&credentials[..colon], &credentials[colon + 1..]),
            None => (credentials, &credentials[..0]),
        };
        percent::encode(username, percent::USERINFO, self.out);
        self.parts.username_end = self.out.len();
        if !password.is_empty() {
            self.out.push(b':');
            percent::encode(password, percent::USERINFO, self.out);
        }
        if !username.is_empty() || !password.is_empty() {
            self.out.push(b'@');
        }
    }

    /// Writes `:port` unless it is the scheme's own.
    pub(crate) fn port(&mut self, port: Option<u16>) {
        if let Some(port) = port.filter(|&port| Some(port) != self.parts.scheme.default_port()) {
            self.out.push(b':');
            host::write_decimal(port, self.out);
        }
    }

    /// After an authority: a path with its slash, or nothing.
    fn path_start(&mut self, at: usize) {
        if self.slash_at(at) {
            self.path_and_rest(at + 1);
        } else if self.parts.scheme.is_special() {
            self.path_and_rest(at);
        } else if !self.check_only {
            self.query_and_rest(at);
        }
    }

    fn file(&mut self, at: usize, base: Option<&Url>) -> Option<()> {
        self.out.extend_from_slice(b"//");
        let start = self.out.len();
        self.parts.username_end = start;
        self.parts.host_start = start;
        if self.slash_at(at) && self.slash_at(at + 1) {
            return self.file_host(at + 2);
        }
        if let Some(base) = base {
            self.copy(base, base.parts.host_end);
        }
        self.parts.host_end = self.out.len();
        self.parts.path_start = self.out.len();
        if self.slash_at(at) {
            if let Some(base) = base
                && !starts_with_drive_letter(&self.text[at + 1..])
                && let [b'/', drive @ ..] = base.pathname().as_bytes()
                && let Some(drive) = drive.get(..2)
                && is_drive_letter(drive)
                && drive[1] == b':'
                && matches!(base.pathname().as_bytes().get(3), None | Some(b'/'))
            {
                self.out.push(b'/');
                self.out.extend_from_slice(drive);
            }
            self.path_and_rest(at + 1);
            return Some(());
        }
        match base {
            Some(base) if !starts_with_drive_letter(&self.text[at..]) => self.relative_to_path(at, base),
            _ => self.path_and_rest(at),
        }
        Some(())
    }

    fn file_host(&mut self, at: usize) -> Option<()> {
        let end = find_from(self.text, at, |byte, _| {
            (byte == b'/') | (byte == b'\\') | (byte == b'?') | (byte == b'#')
        });
        let host = &self.text[at..end];
        // "file://C:/x" has a drive where a host would be.
        let drive = is_drive_letter(host);
        if !drive && !host.is_empty() {
            self.file_host_text(host)?;
        }
        self.parts.host_end = self.out.len();
        self.parts.path_start = self.out.len();
        if drive {
            self.path_and_rest(at)
        } else {
            self.path_start(end)
        }
        Some(())
    }

    /// Writes a host that is not empty; `localhost` is none for a file.
    pub(crate) fn file_host_text(&mut self, host: &[u8]) -> Option<()> {
        let start = self.out.len();
        host::parse(host, true, self.out)?;
        if &self.out[start..] == b"localhost" {
            self.out.truncate(start);
        }
        Some(())
    }

    fn opaque_path(&mut self, at: usize) {
        let end = find_from(self.text, at, |byte, _| (byte == b'?') | (byte == b'#'));
        let path = &self.text[at..end];
        // A space that a query or fragment follows would be lost to trimming were they removed.
        match path.split_last() {
            Some((b' ', start)) if end < self.text.len() => {
                percent::encode(start, percent::C0, self.out);
                self.out.extend_from_slice(b"%20");
            }
            _ => percent::encode(path, percent::C0, self.out),
        }
        self.query_and_rest(end);
    }

    fn path_and_rest(&mut self, at: usize) {
        if !self.check_only {
            let end = self.segments(at, true);
            self.query_and_rest(end);
        }
    }

    /// The path is written, and the text at its end or at `?` or `#`.
    fn query_and_rest(&mut self, at: usize) {
        self.separate_path();
        self.parts.query_start = self.out.len();
        let mut end = at;
        if self.text.get(at) == Some(&b'?') {
            end = find_from(self.text, at, |byte, _| byte == b'#');
            self.out.push(b'?');
            self.query(&self.text[at + 1..end]);
        }
        self.fragment(end);
    }

    pub(crate) fn query(&mut self, query: &[u8]) {
        let set = if self.parts.scheme.is_special() { percent::SPECIAL_QUERY } else { percent::QUERY };
        percent::encode(query, set, self.out);
    }

    /// The text is at its end or at `#`.
    fn fragment(&mut self, at: usize) {
        self.parts.fragment_start = self.out.len();
        if let Some((b'#', fragment)) = self.text[at..].split_first() {
            self.out.push(b'#');
            percent::encode(fragment, percent::FRAGMENT, self.out);
        }
    }
}

/// The first colon that is not inside brackets.
pub(crate) fn port_colon(host_and_port: &[u8]) -> Option<usize> {
    let mut inside = false;
    host_and_port.iter().position(|&byte| {
        match byte {
            b'[' => inside = true,
            b']' => inside = false,
            _ => {}
        }
        byte == b':' && !inside
    })
}
