//! The setters of `URL`: the basic URL parser started in the middle (its "state override").
//!
//! As in JavaScript a value that cannot be is ignored; the `bool` says whether it was taken.

use nodecore_error::Result;

use crate::Url;
use crate::fast;
use crate::parser::{self, Parser, Parts, Scheme};
use crate::{host, percent};

impl Url {
    /// Replaces the whole URL: `url.href = value`.
    ///
    /// # Errors
    /// [`Code::InvalidUrl`](nodecore_error::Code::InvalidUrl) if `value` is not valid; the URL stays as it was.
    pub fn set_href(&mut self, value: &str) -> Result<()> {
        self.reparse(value, None)
    }

    /// `url.protocol = value`, with or without a colon and what follows it.
    ///
    /// A special scheme (`http`, `https`, `ws`, `wss`, `ftp`, `file`) can only become another special one.
    pub fn set_protocol(&mut self, value: &str) -> bool {
        let mut value = parser::without_tabs_and_newlines(value.as_bytes()).into_owned();
        value.push(b':');
        let Some(len) = parser::scheme_len(&value) else { return false };
        value.truncate(len);
        value.make_ascii_lowercase();
        let scheme = Scheme::of(&value);
        let old = self.parts.scheme;
        if scheme.is_special() != old.is_special()
            || (scheme == Scheme::File && (self.has_credentials() || !self.port().is_empty()))
            || (old == Scheme::File && self.hostname().is_empty())
        {
            return false;
        }
        if !self.replace(0, self.parts.scheme_end, &value, Mark::SchemeEnd) {
            return false;
        }
        self.parts.scheme = scheme;
        if scheme.default_port().is_some_and(|port| self.port() == port.to_string()) {
            self.replace(self.parts.host_end, self.parts.path_start, b"", Mark::PathStart);
        }
        true
    }

    /// `url.username = value`; refused where there can be none (no host, or a `file:` URL).
    pub fn set_username(&mut self, value: &str) -> bool {
        let password = self.password().as_bytes().to_vec();
        let mut username = Vec::new();
        percent::encode(value.as_bytes(), percent::USERINFO, &mut username);
        self.set_credentials(&username, &password)
    }

    /// `url.password = value`; refused where there can be none (no host, or a `file:` URL).
    pub fn set_password(&mut self, value: &str) -> bool {
        let username = self.username().as_bytes().to_vec();
        let mut password = Vec::new();
        percent::encode(value.as_bytes(), percent::USERINFO, &mut password);
        self.set_credentials(&username, &password)
    }

    /// `url.host = value`: host name and, if given, port.
    pub fn set_host(&mut self, value: &str) -> bool {
        self.set_host_text(value, true)
    }

    /// `url.hostname = value`; a value with a port is refused.
    pub fn set_hostname(&mut self, value: &str) -> bool {
        self.set_host_text(value, false)
    }

    /// `url.port = value`; empty removes it, and digits are read up to the first other character.
    pub fn set_port(&mut self, value: &str) -> bool {
        if self.cannot_have_port() {
            return false;
        }
        if value.is_empty() {
            return self.replace(self.parts.host_end, self.parts.path_start, b"", Mark::PathStart);
        }
        self.set_port_digits(&parser::without_tabs_and_newlines(value.as_bytes()))
    }

    /// `url.pathname = value`; refused where the path is opaque, as in `mailto:`.
    pub fn set_pathname(&mut self, value: &str) -> bool {
        if self.has_opaque_path() || value.len() > parser::MAX_INPUT {
            return false;
        }
        let has_host = self.parts.has_host();
        // In the path of a file a drive letter may have to be mended.
        if has_host && self.parts.scheme != Scheme::File && fast::is_path(value.as_bytes()) {
            return self.replace_path(value.as_bytes());
        }
        let value = parser::without_tabs_and_newlines(value.as_bytes());
        let special = self.parts.scheme.is_special();
        // The parser writes the path behind a stand-in for what is before it.
        let mut out = Vec::new();
        let mut parts = self.parts.widen();
        parts.path_start = 0;
        let mut writer = Parser { text: &value, out: &mut out, parts, check_only: false };
        match value.first() {
            Some(b'/') => _ = writer.segments(1, false),
            Some(b'\\') if special => _ = writer.segments(1, false),
            None if !special && has_host => {}
            _ => _ = writer.segments(0, false),
        }
        self.replace_path(&out)
    }

    /// `url.search = value`, with or without `?`; empty removes the query.
    pub fn set_search(&mut self, value: &str) -> bool {
        if value.len() > parser::MAX_INPUT {
            return false;
        }
        let value = parser::without_tabs_and_newlines(value.as_bytes());
        let mut out = Vec::new();
        if !value.is_empty() {
            out.push(b'?');
            let mut writer =
                Parser { text: &[], out: &mut out, parts: self.parts.widen(), check_only: false };
            writer.query(value.strip_prefix(b"?").unwrap_or(&value));
        }
        self.replace_query(&out)
    }

    /// `url.hash = value`, with or without `#`; empty removes the fragment.
    pub fn set_hash(&mut self, value: &str) -> bool {
        if value.len() > parser::MAX_INPUT {
            return false;
        }
        let value = parser::without_tabs_and_newlines(value.as_bytes());
        let mut out = Vec::new();
        if !value.is_empty() {
            out.push(b'#');
            percent::encode(value.strip_prefix(b"#").unwrap_or(&value), percent::FRAGMENT, &mut out);
        }
        self.replace_fragment(&out)
    }

    fn cannot_have_port(&self) -> bool {
        self.hostname().is_empty() || self.parts.scheme == Scheme::File
    }

    fn set_credentials(&mut self, username: &[u8], password: &[u8]) -> bool {
        if self.cannot_have_port() {
            return false;
        }
        let start = self.parts.scheme_end + 3;
        let mut text = username.to_vec();
        if !password.is_empty() {
            text.push(b':');
            text.extend_from_slice(password);
        }
        if !text.is_empty() {
            text.push(b'@');
        }
        if !self.replace(start, self.parts.host_start, &text, Mark::HostStart) {
            return false;
        }
        self.parts.username_end = start + u32::try_from(username.len()).unwrap_or_default();
        true
    }

    fn set_host_text(&mut self, value: &str, with_port: bool) -> bool {
        if self.has_opaque_path() || value.len() > parser::MAX_INPUT {
            return false;
        }
        let value = parser::without_tabs_and_newlines(value.as_bytes());
        let scheme = self.parts.scheme;
        let special = scheme.is_special();
        let value = host::before_path(&value, special);
        let mut out = Vec::new();
        if scheme == Scheme::File {
            let mut writer =
                Parser { text: &[], out: &mut out, parts: self.parts.widen(), check_only: false };
            if !value.is_empty() && writer.file_host_text(value).is_none() {
                return false;
            }
            return self.replace_host(&out);
        }
        let colon = parser::port_colon(value);
        if colon == Some(0) || (colon.is_some() && !with_port) {
            return false;
        }
        let host = &value[..colon.unwrap_or(value.len())];
        if host.is_empty() && (special || self.has_credentials() || !self.port().is_empty()) {
            return false;
        }
        if host::parse(host, special, &mut out).is_none() || !self.replace_host(&out) {
            return false;
        }
        if let Some(colon) = colon {
            // A port that is not one leaves the old; the host is set all the same.
            self.set_port_digits(&value[colon + 1..]);
        }
        true
    }

    /// Takes the digits that `value` starts with as the port.
    fn set_port_digits(&mut self, value: &[u8]) -> bool {
        let end = value.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(value.len());
        let Ok(port) = parser::port_number(&value[..end]) else { return false };
        if end == 0 {
            return false;
        }
        let mut out = Vec::new();
        let mut writer = Parser { text: &[], out: &mut out, parts: self.parts.widen(), check_only: false };
        writer.port(Some(port));
        self.replace(self.parts.host_end, self.parts.path_start, &out, Mark::PathStart)
    }

    fn replace_host(&mut self, host: &[u8]) -> bool {
        if self.parts.has_host() {
            return self.replace(self.parts.host_start, self.parts.host_end, host, Mark::HostEnd);
        }
        // The first host: in come the slashes, out goes the "/." that stood for it.
        let at = self.parts.host_start;
        let text = [b"//", host].concat();
        if !self.replace(at, self.parts.path_start, &text, Mark::PathStart) {
            return false;
        }
        self.parts.username_end = at + 2;
        self.parts.host_start = at + 2;
        self.parts.host_end = self.parts.path_start;
        true
    }

    /// Replaces the path, with the `/.` before it where it needs one and without where it does not.
    fn replace_path(&mut self, path: &[u8]) -> bool {
        if self.parts.has_host() {
            return self.replace(self.parts.path_start, self.parts.query_start, path, Mark::QueryStart);
        }
        let mark: &[u8] = if path.starts_with(b"//") { b"/." } else { b"" };
        let at = self.parts.host_end;
        if !self.replace(at, self.parts.query_start, &[mark, path].concat(), Mark::QueryStart) {
            return false;
        }
        self.parts.path_start = at + u32::from(!mark.is_empty()) * 2;
        true
    }

    /// Replaces the query by what is escaped and has its `?`, or is empty.
    pub(crate) fn replace_query(&mut self, query: &[u8]) -> bool {
        self.replace(self.parts.query_start, self.parts.fragment_start, query, Mark::FragmentStart)
    }

    fn replace_fragment(&mut self, fragment: &[u8]) -> bool {
        let Ok(text) = std::str::from_utf8(fragment) else { return false };
        let start = self.parts.fragment_start as usize;
        if u32::try_from(start + text.len()).is_err() {
            return false;
        }
        self.href.truncate(start);
        self.href.push_str(text);
        true
    }

    /// Replaces a range and moves the offsets from `first` on. `false`, and nothing is changed, if the result
    /// would be too long for offsets.
    fn replace(&mut self, start: u32, end: u32, text: &[u8], first: Mark) -> bool {
        let Ok(text) = std::str::from_utf8(text) else { return false };
        let (from, to) = (start as usize, end as usize);
        let moved =
            |offset: usize, mark| if mark >= first { offset - to + from + text.len() } else { offset };
        let parts = self.parts.widen();
        let parts = Parts {
            scheme_end: moved(parts.scheme_end, Mark::SchemeEnd),
            username_end: moved(parts.username_end, Mark::UsernameEnd),
            host_start: moved(parts.host_start, Mark::HostStart),
            host_end: moved(parts.host_end, Mark::HostEnd),
            path_start: moved(parts.path_start, Mark::PathStart),
            query_start: moved(parts.query_start, Mark::QueryStart),
            fragment_start: moved(parts.fragment_start, Mark::FragmentStart),
            scheme: parts.scheme,
        };
        let Some(parts) = parts.narrow(self.href.len() - (to - from) + text.len()) else { return false };
        // In place: String::replace_range goes byte by byte.
        let mut href = std::mem::take(&mut self.href).into_bytes();
        let end = href.len();
        let moved_end = end - (to - from) + text.len();
        href.resize(end.max(moved_end), 0);
        href.copy_within(to..end, from + text.len());
        href[from..from + text.len()].copy_from_slice(text.as_bytes());
        href.truncate(moved_end);
        // Whole characters replaced whole characters.
        self.href = String::from_utf8(href).unwrap_or_default();
        self.parts = parts;
        true
    }
}

/// The fields of [`Parts`], in their order.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Mark {
    SchemeEnd,
    UsernameEnd,
    HostStart,
    HostEnd,
    PathStart,
    QueryStart,
    FragmentStart,
}
