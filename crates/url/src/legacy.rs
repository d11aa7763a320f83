//! The legacy API: `url.parse`, `url.format`, `url.resolve`, `url.resolveObject` and the class `Url`
//! (<https://nodejs.org/api/url.html#legacy-url-api>).
//!
//! It is older than the URL Standard and knows no normal form: what is in the text stays, and what is absent is `None`.
//! New code is better served by [`Url`](crate::Url).

mod resolve;

use std::borrow::Cow;
use std::fmt;

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use nodecore_error::{Code, Error, Result, inspect};

use crate::fast::{self, Scan};
use crate::file_url::decode_strictly;
use crate::{percent, short};

pub use resolve::{resolve, resolve_object};

/// A URL taken apart: Node's legacy class `Url`. Every field may be changed before [`format`](fn@format).
///
/// ```
/// use nodecore_url::legacy;
///
/// let url = legacy::parse("HTTP://user:pass@Host.com:8080/p?q=1#h", false)?;
/// assert_eq!(url.protocol.as_deref(), Some("http:"));
/// assert_eq!(url.auth.as_deref(), Some("user:pass"));
/// assert_eq!(url.host.as_deref(), Some("host.com:8080"));
/// assert_eq!(url.path.as_deref(), Some("/p?q=1"));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
///
/// # Differences from Node
/// `query` is always text; `parseQueryString` is `querystring.parse` of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct LegacyUrl {
    /// The scheme with its colon, in lower case.
    pub protocol: Option<String>,
    /// Whether `//` follows the scheme; `None` is no.
    pub slashes: Option<bool>,
    /// User name and password with their colon, decoded.
    pub auth: Option<String>,
    /// Host name and port.
    pub host: Option<String>,
    /// The port in decimal.
    pub port: Option<String>,
    /// The host name, an IPv6 address without brackets.
    pub hostname: Option<String>,
    /// The fragment with its `#`.
    pub hash: Option<String>,
    /// The query with its `?`.
    pub search: Option<String>,
    /// The query without its `?`.
    pub query: Option<String>,
    /// The path.
    pub pathname: Option<String>,
    /// Path and query.
    pub path: Option<String>,
    /// The whole, formatted.
    pub href: String,
}

/// Takes a URL apart: Node's `url.parse(urlString, false, slashesDenoteHost)`.
///
/// With `slashes_denote_host`, `//host/path` has a host even without a scheme.
///
/// # Errors
/// [`Code::InvalidArgValue`] for a host with a colon that starts no port; [`Code::InvalidUrl`] for a host that is none;
/// a `URIError` without a code for a user name or password with malformed escapes.
pub fn parse(url: &str, slashes_denote_host: bool) -> Result<LegacyUrl> {
    if let Some(url) = parse_plain(url) {
        return Ok(url);
    }
    let text = prepare(url);
    if !slashes_denote_host && let Some(url) = parse_simple_path(&text) {
        return Ok(url);
    }
    let mut out = LegacyUrl::default();
    let mut rest = &*text;
    let protocol = protocol_len(rest).map(|length| {
        let (protocol, after) = rest.split_at(length);
        rest = after;
        protocol
    });
    out.protocol = protocol.map(str::to_ascii_lowercase);
    let hostless = is_hostless(out.protocol.as_deref());
    let mut slashes = false;
    if slashes_denote_host || protocol.is_some() || has_user_and_host(rest) {
        slashes = rest.starts_with("//");
        if slashes && !hostless {
            rest = &rest[2..];
            out.slashes = Some(true);
        }
    }
    let after_host;
    if !hostless && (slashes || protocol.is_some_and(|protocol| !is_slashed(protocol))) {
        after_host = out.take_host(rest, url)?;
        rest = &after_host;
    }
    let escaped;
    if !hostless {
        escaped = escape(rest);
        rest = &escaped;
    }
    out.take_path(rest);
    if out.protocol.as_deref().is_some_and(is_slashed)
        && out.hostname.as_deref().is_some_and(|hostname| !hostname.is_empty())
        && is_empty(&out.pathname)
    {
        out.pathname = Some("/".to_owned());
    }
    if !is_empty(&out.pathname) || !is_empty(&out.search) {
        out.set_path();
    }
    out.href = format(&out);
    Ok(out)
}

/// Puts a URL together: Node's `url.format(urlObject)`.
///
/// ```
/// use nodecore_url::legacy::{self, LegacyUrl};
///
/// let url = LegacyUrl {
///     protocol: Some("https".into()),
///     hostname: Some("example.com".into()),
///     port: Some("8080".into()),
///     pathname: Some("a b?".into()),
///     query: Some("x=1".into()),
///     ..LegacyUrl::default()
/// };
/// assert_eq!(legacy::format(&url), "https://example.com:8080/a b%3F?x=1");
/// ```
pub fn format(url: &LegacyUrl) -> String {
    let fields = [&url.protocol, &url.auth, &url.host, &url.pathname, &url.search, &url.hash];
    let mut out =
        String::with_capacity(fields.iter().map(|field| text_of(field).len() + 1).sum::<usize>() + 4);
    let protocol = text_of(&url.protocol);
    let slashes = url.slashes == Some(true);
    let has_host = !is_empty(&url.host) || !is_empty(&url.hostname);
    let pathname = text_of(&url.pathname);
    out.push_str(protocol);
    if !protocol.is_empty() && !protocol.ends_with(':') {
        out.push(':');
    }
    let mut leading = "";
    if slashes || is_slashed(protocol) {
        if slashes || has_host {
            out.push_str("//");
            if !pathname.is_empty() && !pathname.starts_with('/') {
                leading = "/";
            }
        } else if protocol.starts_with("file") {
            out.push_str("//");
        }
    }
    url.format_host(&mut out);
    out.push_str(leading);
    push_escaped(pathname, true, &mut out);
    let search = match text_of(&url.search) {
        "" => text_of(&url.query),
        search => search.strip_prefix('?').unwrap_or(search),
    };
    if !search.is_empty() || !is_empty(&url.search) {
        out.push('?');
        push_escaped(search, false, &mut out);
    }
    let hash = text_of(&url.hash);
    if !hash.is_empty() && !hash.starts_with('#') {
        out.push('#');
    }
    out.push_str(hash);
    out
}

impl LegacyUrl {
    fn set_path(&mut self) {
        self.path = Some([text_of(&self.pathname), text_of(&self.search)].concat());
    }

    fn set_path_if_any(&mut self) {
        if self.pathname.is_some() || self.search.is_some() {
            self.set_path();
        }
    }

    /// Takes credentials, host and port from the start of `rest`; returns what follows them.
    fn take_host<'a>(&mut self, rest: &'a str, url: &str) -> Result<Cow<'a, str>> {
        let end = rest.bytes().position(|byte| class(byte) & END != 0).unwrap_or(rest.len());
        let (mut authority, mut path) = rest.split_at(end);
        let seen = authority.bytes().fold(0, |seen, byte| seen | class(byte));
        // As the URL Standard, it drops these; only in front of the path, though.
        if seen & DROPPED != 0 {
            let cleaned = authority.replace(['\t', '\n', '\r'], "") + path;
            return Ok(Cow::Owned(self.take_host(&cleaned, url)?.into_owned()));
        }
        let mut start = 0;
        if seen & AT != 0
            && let Some(at) = authority.rfind('@')
        {
            self.auth = Some(decode_strictly(&authority[..at])?);
            start = at + 1;
        }
        let host_len = authority.bytes().skip(start).position(|byte| class(byte) & NOT_HOST != 0);
        if let Some(length) = host_len {
            path = &rest[start + length..];
            authority = &rest[..start + length];
        }
        let host = &authority[start..];
        self.take_hostname(host, url)?;
        if is_bracketed(host_without_port(host).0) && !path.starts_with('/') {
            return Ok(Cow::Owned(format!("/{path}")));
        }
        Ok(Cow::Borrowed(path))
    }

    fn take_hostname(&mut self, host: &str, url: &str) -> Result<()> {
        let (name, port) = host_without_port(host);
        if !port.is_empty() {
            self.port = Some(port.to_owned());
        }
        let bracketed = is_bracketed(name);
        if !bracketed && name.contains(':') {
            let received = inspect(b"Invalid port in url");
            return Err(Error::from_template(Code::InvalidArgValue, &[&"url", &url, &received]));
        }
        // Its length in JavaScript.
        let too_long = name.len() > 255 && name.encode_utf16().count() > 255;
        let mut hostname = if too_long {
            String::new()
        } else if name.is_ascii() {
            name.to_ascii_lowercase()
        } else {
            name.to_lowercase()
        };
        if !hostname.is_empty() {
            let invalid = || Error::from_template(Code::InvalidUrl, &[]).with_input(url);
            if !bracketed {
                hostname = to_ascii(hostname).ok_or_else(invalid)?;
            }
            let forbidden = if bracketed { FORBIDDEN } else { FORBIDDEN | BRACKET_OR_COLON };
            if hostname.is_empty() || hostname.bytes().any(|byte| class(byte) & forbidden != 0) {
                return Err(invalid());
            }
        }
        self.host = Some(match &self.port {
            Some(port) => format!("{hostname}:{port}"),
            None => hostname.clone(),
        });
        if bracketed && hostname.len() >= 2 {
            hostname = hostname[1..hostname.len() - 1].to_owned();
        }
        self.hostname = Some(hostname);
        Ok(())
    }

    /// Takes path, query and fragment, which is all of `rest`.
    fn take_path(&mut self, rest: &str) {
        let hash = memchr::memchr(b'#', rest.as_bytes()).unwrap_or(rest.len());
        let (before, hash) = rest.split_at(hash);
        if !hash.is_empty() {
            self.hash = Some(hash.to_owned());
        }
        let question = memchr::memchr(b'?', before.as_bytes()).unwrap_or(before.len());
        let (pathname, search) = before.split_at(question);
        if !search.is_empty() {
            self.search = Some(search.to_owned());
            self.query = Some(search[1..].to_owned());
        }
        if !pathname.is_empty() {
            self.pathname = Some(pathname.to_owned());
        }
    }

    fn format_host(&self, out: &mut String) {
        let (host, hostname) = (text_of(&self.host), text_of(&self.hostname));
        if host.is_empty() && hostname.is_empty() {
            return;
        }
        if !is_empty(&self.auth) {
            push_auth(text_of(&self.auth), out);
            out.push('@');
        }
        if !host.is_empty() {
            out.push_str(host);
            return;
        }
        if hostname.contains(':') && !is_bracketed(hostname) {
            for part in ["[", hostname, "]"] {
                out.push_str(part);
            }
        } else {
            out.push_str(hostname);
        }
        if !is_empty(&self.port) {
            out.push(':');
            out.push_str(text_of(&self.port));
        }
    }
}

/// Node's `url.format(url)` of the parts as they are.
impl fmt::Display for LegacyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format(self))
    }
}

fn text_of(field: &Option<String>) -> &str {
    field.as_deref().unwrap_or_default()
}

fn is_empty(field: &Option<String>) -> bool {
    text_of(field).is_empty()
}

/// Trims, and makes slashes of the backslashes before query and fragment.
fn prepare(url: &str) -> Cow<'_, str> {
    let trimmed = url.trim_matches(|c| c <= ' ' || c == '\u{a0}' || c == '\u{feff}');
    if memchr::memchr(b'\\', trimmed.as_bytes()).is_none() {
        return Cow::Borrowed(trimmed);
    }
    let end = trimmed.find(['?', '#']).unwrap_or(trimmed.len());
    let (path, rest) = trimmed.split_at(end);
    Cow::Owned(path.replace('\\', "/") + rest)
}

/// A URL with a host, as nearly all are, of which both this API and the URL Standard take every part as it is.
fn parse_plain(url: &str) -> Option<LegacyUrl> {
    let bytes = url.as_bytes();
    let parts = match short::scan(url) {
        Some(parts) => parts,
        None => match fast::scan(bytes) {
            Scan::Whole(parts) => parts,
            _ => return None,
        },
    };
    let parts = parts.widen();
    let is_unsafe =
        |byte: u8, _| (byte == b'\'') | (byte | 2 == b'^') | (byte == b'`') | (byte.wrapping_sub(b'{') < 3);
    let host_len = parts.host_end - parts.host_start;
    if host_len == 0 || host_len > 255 || fast::find(bytes, parts.path_start, is_unsafe) != bytes.len() {
        return None;
    }
    let text = |start: usize, end: usize| url.get(start..end).unwrap_or_default().to_owned();
    let some = |start: usize, end: usize| (start < end).then(|| text(start, end));
    let has_query = parts.query_start < parts.fragment_start;
    Some(LegacyUrl {
        protocol: Some(text(0, parts.scheme_end + 1)),
        slashes: Some(true),
        auth: None,
        host: Some(text(parts.host_start, parts.path_start)),
        port: some(parts.host_end + 1, parts.path_start),
        hostname: Some(text(parts.host_start, parts.host_end)),
        hash: some(parts.fragment_start, url.len()),
        search: some(parts.query_start, parts.fragment_start),
        query: has_query.then(|| text(parts.query_start + 1, parts.fragment_start)),
        pathname: Some(text(parts.path_start, parts.query_start)),
        path: Some(text(parts.path_start, parts.fragment_start)),
        href: url.to_owned(),
    })
}

/// A path, perhaps with a query: nothing in it is looked at or escaped.
fn parse_simple_path(text: &str) -> Option<LegacyUrl> {
    let is_space = |c: char| (c.is_whitespace() && c != '\u{85}') || c == '\u{feff}';
    let question = text.find('?').unwrap_or(text.len());
    let (pathname, search) = text.split_at(question);
    if !text.starts_with('/')
        || text.starts_with("///")
        || pathname.contains('@')
        || text.contains(|c| c == '#' || is_space(c))
    {
        return None;
    }
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Some(LegacyUrl {
        search: some(search),
        query: (!search.is_empty()).then(|| search[1..].to_owned()),
        pathname: some(pathname),
        path: some(text),
        href: text.to_owned(),
        ..LegacyUrl::default()
    })
}

/// The length of a scheme and its colon.
fn protocol_len(text: &str) -> Option<usize> {
    let end =
        text.bytes().position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'.' | b'+' | b'-'))?;
    (end > 0 && text.as_bytes()[end] == b':').then_some(end + 1)
}

/// `//user@host`, which has a host whatever is before it.
fn has_user_and_host(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("//") else { return false };
    let authority = rest.split('/').next().unwrap_or_default();
    let mut pieces = authority.split('@');
    matches!((pieces.next(), pieces.next()), (Some(user), Some(host)) if !user.is_empty() && !host.is_empty())
}

fn is_hostless(protocol: Option<&str>) -> bool {
    matches!(protocol, Some("javascript" | "javascript:"))
}

/// The schemes that always have `//`, with a colon or without.
fn is_slashed(protocol: &str) -> bool {
    let name = protocol.strip_suffix(':').unwrap_or(protocol);
    matches!(name, "http" | "https" | "ftp" | "gopher" | "file" | "ws" | "wss")
}

fn is_bracketed(hostname: &str) -> bool {
    hostname.starts_with('[') && hostname.ends_with(']')
}

/// The host without the port at its end, and the port's digits.
fn host_without_port(host: &str) -> (&str, &str) {
    let name = host.trim_end_matches(|c: char| c.is_ascii_digit());
    match name.strip_suffix(':') {
        Some(hostname) => (hostname, &host[name.len()..]),
        None => (host, ""),
    }
}

/// Lenient: what is ASCII stays as it is.
fn to_ascii(hostname: String) -> Option<String> {
    if hostname.is_ascii() {
        return Some(hostname);
    }
    let ascii =
        Uts46::new().to_ascii(hostname.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow, DnsLength::Ignore);
    Some(ascii.ok()?.into_owned())
}

/// Ends an authority.
const END: u8 = 1;
/// Ends the host in an authority.
const NOT_HOST: u8 = 2;
/// Is left out of an authority.
const DROPPED: u8 = 4;
const AT: u8 = 8;
/// May not be in a host that is in brackets.
const FORBIDDEN: u8 = 16;
/// May not be in a host that is not in brackets, further to those.
const BRACKET_OR_COLON: u8 = 32;
/// Is escaped after the host.
const UNSAFE: u8 = 64;

fn class(byte: u8) -> u8 {
    CLASSES[usize::from(byte)]
}

static CLASSES: [u8; 256] = {
    const LISTS: [(u8, &[u8]); 7] = [
        (END, b"#/?"),
        (NOT_HOST, b" \"%';<>\\^`{|}"),
        (DROPPED, b"\t\n\r"),
        (AT, b"@"),
        (FORBIDDEN, b"\0\t\n\r #%/<>?@\\^|"),
        (BRACKET_OR_COLON, b":[]"),
        (UNSAFE, b"\t\n\r \"'<>\\^`{|}"),
    ];
    let mut table = [0; 256];
    let mut list = 0;
    while list < LISTS.len() {
        let (bit, bytes) = LISTS[list];
        let mut index = 0;
        while index < bytes.len() {
            table[bytes[index] as usize] |= bit;
            index += 1;
        }
        list += 1;
    }
    table
};

/// Escapes what a URL cannot hold at all.
fn escape(text: &str) -> Cow<'_, str> {
    let is_unsafe = |byte| class(byte) & UNSAFE != 0;
    if !text.bytes().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len() + 16);
    for byte in text.bytes() {
        if is_unsafe(byte) { percent::escape(byte, &mut out) } else { out.push(byte) }
    }
    // Only ASCII was taken out, and ASCII put in.
    Cow::Owned(String::from_utf8(out).unwrap_or_default())
}

/// Appends `text` with `#` escaped, and with `question` also `?`.
fn push_escaped(text: &str, question: bool, out: &mut String) {
    let other = if question { b'?' } else { b'#' };
    let mut rest = text;
    loop {
        let at = fast::find_from(rest.as_bytes(), 0, |byte, _| (byte == b'#') | (byte == other));
        out.push_str(&rest[..at]);
        let Some(&byte) = rest.as_bytes().get(at) else { return };
        out.push_str(if byte == b'#' { "%23" } else { "%3F" });
        rest = &rest[at + 1..];
    }
}

fn push_auth(auth: &str, out: &mut String) {
    let stays = |byte: u8| byte.is_ascii_alphanumeric() || b"!'()*-._~:".contains(&byte);
    if auth.bytes().all(stays) {
        out.push_str(auth);
        return;
    }
    let mut escaped = Vec::with_capacity(auth.len() + 16);
    for byte in auth.bytes() {
        if stays(byte) { escaped.push(byte) } else { percent::escape(byte, &mut escaped) }
    }
    out.push_str(&String::from_utf8(escaped).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected values: Node 26.10; tests/differential.rs compares many more.
    #[test]
    fn parsing() {
        let parts = |url: &str, slashes_denote_host| {
            let url = parse(url, slashes_denote_host).unwrap();
            [url.protocol, url.auth, url.host, url.pathname, url.search, url.hash]
                .map(Option::unwrap_or_default)
        };
        assert_eq!(parts("http://a b/c", false), ["http:", "", "a", "%20b/c", "", ""]);
        assert_eq!(parts("mailto:a@b.c?x", false), ["mailto:", "a", "b.c", "", "?x", ""]);
        assert_eq!(parts("//host/path", false), ["", "", "", "//host/path", "", ""]);
        assert_eq!(parts("//host/path", true), ["", "", "host", "/path", "", ""]);
        assert_eq!(parts("javascript:alert('a b')", false), ["javascript:", "", "", "alert('a b')", "", ""]);
        assert_eq!(parts("http://[::1]:80/x", false), ["http:", "", "[::1]:80", "/x", "", ""]);
        assert_eq!(parts("http://é.com\\é?\\#é", false), ["http:", "", "xn--9ca.com", "/é", "?%5C", "#é"]);
        assert_eq!(parse("http://user@host@x/y", false).unwrap().href, "http://user%40host@x/y");
        assert_eq!(parse("http://[::1]:80/x", false).unwrap().hostname.as_deref(), Some("::1"));
        assert_eq!(parse("", false).unwrap(), LegacyUrl::default());
    }

    /// What the short way takes comes out as it would by the long way, which a trailing space leads to.
    #[test]
    fn the_short_way_agrees_with_the_long() {
        let mut taken = 0;
        for start in ["http://h", "https://a-b.example.org", "https://x_y.example:8080", "file://"] {
            for rest in ["/", "/a/b.c/@d", "/?", "/?q=1", "/#", "/a?b?c#d?e#", "/%41;=,:!$&()*+~", "?q"] {
                for byte in (0..128).map(char::from) {
                    for url in [format!("{start}{rest}{byte}z"), format!("{start}/{byte}{rest}")] {
                        let short = parse_plain(&url);
                        taken += usize::from(short.is_some());
                        assert!(
                            short.is_none_or(|short| short == parse(&format!("{url} "), false).unwrap()),
                            "{url}"
                        );
                    }
                }
            }
        }
        assert!(taken > 2000, "{taken}");
        let long = format!("http://{}/", "h".repeat(256));
        assert_eq!(parse(&long, false).unwrap().hostname.as_deref(), Some(""));
    }

    #[test]
    fn bad_hosts() {
        let error = |url: &str| parse(url, false).unwrap_err();
        let port = error("http://a:b:c/");
        assert_eq!(port.code(), Code::InvalidArgValue);
        assert_eq!(port.to_string(), "The argument 'url' http://a:b:c/. Received 'Invalid port in url'");
        let host = error("http://a\u{a0}b/");
        assert_eq!((host.code(), host.input()), (Code::InvalidUrl, Some("http://a\u{a0}b/".as_bytes())));
        assert_eq!(error("http://a%zz@c/").to_string(), "URI malformed");
    }
}
