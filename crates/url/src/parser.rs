//! The basic URL parser (<https://url.spec.whatwg.org/#concept-basic-url-parser>).
//!
//! The standard's state machine, read as a grammar over slices: each state that only looks ahead for its
//! delimiter is a search for it. Output goes to one buffer; [`Parts`] says where its components are.

use std::borrow::Cow;

use crate::{Url, host, percent};

/// Inputs above this are refused, so that offsets fit in `u32` however much escaping adds.
pub(crate) const MAX_INPUT: usize = 1 << 29;

/// What the standard does with a scheme depends only on this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
    Ws,
    Wss,
    Ftp,
    File,
    /// Not special.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
        let at = |offset: usize| u32::try_from(offset).ok();
        Some(Parts {
            scheme_end: at(self.scheme_end)?,
            username_end: at(self.username_end)?,
            host_start: at(self.host_start)?,
            host_end: at(self.host_end)?,
            path_start: at(self.path_start)?,
            query_start: at(self.query_start)?,
            fragment_start: at(self.fragment_start)?,
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

/// Parses `input`, writing the serialisation to `out`, which must be empty.
///
/// With `check_only` it stops as soon as nothing after can fail, and what is in `out` means nothing.
pub(crate) fn parse(input: &str, base: Option<&Url>, out: &mut Vec<u8>, check_only: bool) -> Option<Parts> {
    if input.len() > MAX_INPUT {
        return None;
    }
    let trimmed = trim(input.as_bytes());
    let input = without_tabs_and_newlines(trimmed);
    let parts = Parts {
        scheme_end: 0,
        username_end: 0,
        host_start: 0,
        host_end: 0,
        path_start: 0,
        query_start: 0,
        fragment_start: 0,
        scheme: Scheme::Other,
    };
    let mut parser = Parser { out, parts, check_only };
    parser.url(&input, base)?;
    let len = parser.out.len();
    parser.parts.narrow(len)
}

/// Removes what the standard removes at both ends: C0 controls and spaces.
fn trim(input: &[u8]) -> &[u8] {
    let start = input.iter().position(|&byte| byte > b' ').unwrap_or(input.len());
    let end = input.iter().rposition(|&byte| byte > b' ').map_or(start, |last| last + 1);
    &input[start..end]
}

/// Removes what the standard removes everywhere: tabs and newlines.
pub(crate) fn without_tabs_and_newlines(input: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr3(b'\t', b'\n', b'\r', input).is_none() {
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

/// A letter and `:` or `|`, at the end or before what ends a path segment.
fn starts_with_drive_letter(input: &[u8]) -> bool {
    matches!(input, [letter, b':' | b'|'] | [letter, b':' | b'|', b'/' | b'\\' | b'?' | b'#', ..] if letter.is_ascii_alphabetic())
}

fn is_drive_letter(segment: &[u8]) -> bool {
    matches!(segment, [letter, b':' | b'|'] if letter.is_ascii_alphabetic())
}

/// How many dots a segment is, written plainly or as `%2e`: 1, 2, or 0 for any other segment.
pub(crate) fn dots(segment: &[u8]) -> u8 {
    let one = |segment: &[u8]| match segment {
        [b'.', ..] => 1,
        [b'%', b'2', b'e' | b'E', ..] => 3,
        _ => 0,
    };
    match one(segment) {
        0 => 0,
        first if first == segment.len() => 1,
        first => match one(&segment[first..]) {
            0 => 0,
            second if first + second == segment.len() => 2,
            _ => 0,
        },
    }
}

/// The parser at work on one input.
pub(crate) struct Parser<'a> {
    pub(crate) out: &'a mut Vec<u8>,
    pub(crate) parts: Parts<usize>,
    pub(crate) check_only: bool,
}

impl Parser<'_> {
    fn url(&mut self, input: &[u8], base: Option<&Url>) -> Option<()> {
        let Some(len) = scheme_len(input) else {
            return self.no_scheme(input, base?);
        };
        let (name, rest) = (&input[..len], &input[len + 1..]);
        // Room for a slash or two and a few escapes.
        self.out.reserve(input.len() + 16);
        self.out.extend(name.iter().map(u8::to_ascii_lowercase));
        self.parts.scheme = Scheme::of(self.out);
        self.scheme_written();
        match self.parts.scheme {
            Scheme::File => self.file(rest, base.filter(|base| base.parts.scheme == Scheme::File)),
            Scheme::Other => match rest {
                [b'/', b'/', rest @ ..] => self.authority(rest),
                [b'/', rest @ ..] => {
                    self.no_host();
                    self.path_and_rest(rest)
                }
                _ => {
                    self.no_host();
                    self.opaque_path(rest);
                    Some(())
                }
            },
            special => match base {
                Some(base) if base.parts.scheme == special && !rest.starts_with(b"//") => {
                    self.relative(rest, base)
                }
                _ => self.special_authority(rest),
            },
        }
    }

    fn no_scheme(&mut self, input: &[u8], base: &Url) -> Option<()> {
        if self.check_only && !base.has_opaque_path() && !matches!(input, [b'/' | b'\\', b'/' | b'\\', ..]) {
            // Only an authority could fail now.
            return Some(());
        }
        if base.has_opaque_path() {
            if input.first() != Some(&b'#') {
                return None;
            }
            self.copy(base, base.parts.fragment_start);
            self.parts = base.parts.widen();
            self.fragment(input);
            return Some(());
        }
        self.parts.scheme = base.parts.scheme;
        self.out.reserve(base.href.len() + input.len());
        self.copy(base, base.parts.scheme_end);
        self.scheme_written();
        if self.parts.scheme == Scheme::File {
            self.file(input, Some(base))
        } else {
            self.relative(input, base)
        }
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

    fn relative(&mut self, input: &[u8], base: &Url) -> Option<()> {
        let slash = |byte: Option<&u8>| byte.is_some_and(|&byte| self.parts.scheme.is_slash(byte));
        if slash(input.first()) {
            if slash(input.get(1)) {
                return if self.parts.scheme.is_special() {
                    self.special_authority(&input[2..])
                } else {
                    self.authority(&input[2..])
                };
            }
            self.copy_authority(base);
            return self.path_and_rest(&input[1..]);
        }
        self.copy_authority(base);
        self.relative_to_path(input, base)
    }

    /// The base's path without its last segment, then `input`; or the whole of it before `?`, `#` or nothing.
    fn relative_to_path(&mut self, input: &[u8], base: &Url) -> Option<()> {
        self.out.extend_from_slice(base.pathname().as_bytes());
        match input.first() {
            Some(b'?') => self.query_and_rest(input),
            None | Some(b'#') => {
                self.separate_path();
                self.parts.query_start = self.out.len();
                self.out.extend_from_slice(base.query_with_mark().as_bytes());
                self.fragment(input);
            }
            Some(_) => {
                self.shorten();
                return self.path_and_rest(input);
            }
        }
        Some(())
    }

    fn special_authority(&mut self, rest: &[u8]) -> Option<()> {
        let start = rest.iter().position(|&byte| byte != b'/' && byte != b'\\').unwrap_or(rest.len());
        self.authority(&rest[start..])
    }

    /// Credentials, host and port; `rest` starts after the slashes.
    fn authority(&mut self, rest: &[u8]) -> Option<()> {
        let scheme = self.parts.scheme;
        let end = rest
            .iter()
            .position(|&byte| matches!(byte, b'/' | b'?' | b'#') || scheme.is_slash(byte))
            .unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        self.out.extend_from_slice(b"//");
        let mut host_and_port = authority;
        self.parts.username_end = self.out.len();
        if let Some(at) = memchr::memrchr(b'@', authority) {
            host_and_port = &authority[at + 1..];
            if host_and_port.is_empty() {
                return None;
            }
            self.credentials(&authority[..at]);
        }
        self.parts.host_start = self.out.len();
        let colon = port_colon(host_and_port);
        let host = &host_and_port[..colon.unwrap_or(host_and_port.len())];
        if host.is_empty() && (scheme.is_special() || colon.is_some()) {
            return None;
        }
        host::parse(host, scheme.is_special(), self.out)?;
        self.parts.host_end = self.out.len();
        if let Some(colon) = colon {
            let digits = &host_and_port[colon + 1..];
            if !digits.iter().all(u8::is_ascii_digit) {
                return None;
            }
            let port = port_number(digits).ok()?;
            if !digits.is_empty() {
                self.port(Some(port));
            }
        }
        self.parts.path_start = self.out.len();
        self.path_start(rest)
    }

    pub(crate) fn credentials(&mut self, credentials: &[u8]) {
        let colon = memchr::memchr(b':', credentials);
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
    fn path_start(&mut self, rest: &[u8]) -> Option<()> {
        if self.check_only {
            return Some(());
        }
        match rest.first() {
            Some(&byte) if self.parts.scheme.is_slash(byte) => self.path_and_rest(&rest[1..]),
            _ if self.parts.scheme.is_special() => self.path_and_rest(rest),
            _ => {
                self.query_and_rest(rest);
                Some(())
            }
        }
    }

    fn file(&mut self, input: &[u8], base: Option<&Url>) -> Option<()> {
        let slash = |byte: Option<&u8>| matches!(byte, Some(b'/' | b'\\'));
        self.out.extend_from_slice(b"//");
        let at = self.out.len();
        self.parts.username_end = at;
        self.parts.host_start = at;
        if slash(input.first()) && slash(input.get(1)) {
            return self.file_host(&input[2..]);
        }
        if let Some(base) = base {
            self.copy(base, base.parts.host_end);
        }
        self.parts.host_end = self.out.len();
        self.parts.path_start = self.out.len();
        if slash(input.first()) {
            let rest = &input[1..];
            if let Some(base) = base
                && !starts_with_drive_letter(rest)
                && let [b'/', drive @ ..] = base.pathname().as_bytes()
                && let Some(drive) = drive.get(..2)
                && is_drive_letter(drive)
                && drive[1] == b':'
                && matches!(base.pathname().as_bytes().get(3), None | Some(b'/'))
            {
                self.out.push(b'/');
                self.out.extend_from_slice(drive);
            }
            return self.path_and_rest(rest);
        }
        match base {
            Some(base) if !starts_with_drive_letter(input) => self.relative_to_path(input, base),
            _ => self.path_and_rest(input),
        }
    }

    fn file_host(&mut self, rest: &[u8]) -> Option<()> {
        let end =
            rest.iter().position(|byte| matches!(byte, b'/' | b'\\' | b'?' | b'#')).unwrap_or(rest.len());
        let (host, after) = rest.split_at(end);
        // "file://C:/x" has a drive where a host would be.
        let drive = is_drive_letter(host);
        if !drive && !host.is_empty() {
            self.file_host_text(host)?;
        }
        self.parts.host_end = self.out.len();
        self.parts.path_start = self.out.len();
        if drive { self.path_and_rest(rest) } else { self.path_start(after) }
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

    fn opaque_path(&mut self, rest: &[u8]) {
        let end = rest.iter().position(|&byte| byte == b'?' || byte == b'#').unwrap_or(rest.len());
        let (path, after) = rest.split_at(end);
        // A space that a query or fragment follows would be lost to trimming were they removed.
        match path.split_last() {
            Some((b' ', start)) if !after.is_empty() => {
                percent::encode(start, percent::C0, self.out);
                self.out.extend_from_slice(b"%20");
            }
            _ => percent::encode(path, percent::C0, self.out),
        }
        self.query_and_rest(after);
    }

    fn path_and_rest(&mut self, rest: &[u8]) -> Option<()> {
        if self.check_only {
            return Some(());
        }
        let rest = self.segments(rest, true);
        self.query_and_rest(rest);
        Some(())
    }

    /// Appends the segments of `rest`, whose first slash is already taken. Returns what follows the path, which
    /// is nothing unless `to_query`: in setters `?` and `#` are part of it.
    pub(crate) fn segments<'i>(&mut self, mut rest: &'i [u8], to_query: bool) -> &'i [u8] {
        let scheme = self.parts.scheme;
        loop {
            let end = rest
                .iter()
                .position(|&byte| match byte {
                    b'/' => true,
                    b'\\' => scheme.is_special(),
                    b'?' | b'#' => to_query,
                    _ => false,
                })
                .unwrap_or(rest.len());
            let (segment, after) = rest.split_at(end);
            let more = after.first().is_some_and(|&byte| scheme.is_slash(byte));
            match dots(segment) {
                0 => {
                    self.out.push(b'/');
                    if scheme == Scheme::File
                        && self.out.len() == self.parts.path_start + 1
                        && is_drive_letter(segment)
                    {
                        self.out.extend_from_slice(&[segment[0], b':']);
                    } else {
                        percent::encode(segment, percent::PATH, self.out);
                    }
                }
                count => {
                    if count == 2 {
                        self.shorten();
                    }
                    if !more {
                        self.out.push(b'/');
                    }
                }
            }
            if !more {
                return after;
            }
            rest = &after[1..];
        }
    }

    /// Removes the last segment, except a drive letter.
    fn shorten(&mut self) {
        let start = self.parts.path_start;
        let path = &self.out[start..];
        if self.parts.scheme == Scheme::File
            && path.len() == 3
            && path[0] == b'/'
            && path[2] == b':'
            && path[1].is_ascii_alphabetic()
        {
            return;
        }
        let keep = memchr::memrchr(b'/', path).unwrap_or(0);
        self.out.truncate(start + keep);
    }

    /// Keeps a path that starts with `//` from being read as a host.
    pub(crate) fn separate_path(&mut self) {
        let start = self.parts.path_start;
        if !self.parts.has_host() && self.out[start..].starts_with(b"//") {
            self.out.splice(start..start, *b"/.");
            self.parts.path_start += 2;
        }
    }

    /// The path is written; `rest` is empty or starts with `?` or `#`.
    fn query_and_rest(&mut self, rest: &[u8]) {
        self.separate_path();
        self.parts.query_start = self.out.len();
        let end = memchr::memchr(b'#', rest).unwrap_or(rest.len());
        if end > 0 {
            self.out.push(b'?');
            self.query(&rest[1..end]);
        }
        self.fragment(&rest[end..]);
    }

    pub(crate) fn query(&mut self, query: &[u8]) {
        let set = if self.parts.scheme.is_special() { percent::SPECIAL_QUERY } else { percent::QUERY };
        percent::encode(query, set, self.out);
    }

    /// `rest` is empty or starts with `#`.
    fn fragment(&mut self, rest: &[u8]) {
        self.parts.fragment_start = self.out.len();
        if let [b'#', fragment @ ..] = rest {
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
