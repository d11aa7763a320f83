//! The legacy API: `url.parse`, `url.format`, `url.resolve`, `url.resolveObject` and the class `Url`
//! (<https://nodejs.org/api/url.html#legacy-url-api>).
//!
//! It is older than the URL Standard and knows no normal form: what is in the text stays, and what is absent is `None`.
//! New code is better served by [`Url`](crate::Url).

use std::fmt;

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use nodecore_error::{Code, Error, Result};

use crate::file_url::{decode_strictly, inspect};
use crate::percent;

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
    let text = prepare(url);
    if !slashes_denote_host && let Some(url) = parse_simple_path(&text) {
        return Ok(url);
    }
    let mut out = LegacyUrl::default();
    let mut rest = text.as_str();
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
    let mut after_host = String::new();
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
    drop(after_host);
    if out.protocol.as_deref().is_some_and(is_slashed)
        && out.hostname.as_deref().is_some_and(|hostname| !hostname.is_empty())
        && is_empty(&out.pathname)
    {
        out.pathname = Some("/".to_owned());
    }
    if !is_empty(&out.pathname) || !is_empty(&out.search) {
        out.path = Some(format!("{}{}", text_of(&out.pathname), text_of(&out.search)));
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
    let mut out = String::new();
    let mut protocol = text_of(&url.protocol).to_owned();
    if !protocol.is_empty() && !protocol.ends_with(':') {
        protocol.push(':');
    }
    let slashes = url.slashes == Some(true);
    let host = url.format_host();
    let pathname = text_of(&url.pathname);
    out.push_str(&protocol);
    let mut leading = "";
    if slashes || is_slashed(&protocol) {
        if slashes || !host.is_empty() {
            out.push_str("//");
            if !pathname.is_empty() && !pathname.starts_with('/') {
                leading = "/";
            }
        } else if protocol.starts_with("file") {
            out.push_str("//");
        }
    }
    out.push_str(&host);
    out.push_str(leading);
    out.push_str(&pathname.replace('#', "%23").replace('?', "%3F"));
    let search = match text_of(&url.search) {
        "" => text_of(&url.query),
        search => search.strip_prefix('?').unwrap_or(search),
    };
    if !search.is_empty() || !is_empty(&url.search) {
        out.push('?');
        out.push_str(&search.replace('#', "%23"));
    }
    let hash = text_of(&url.hash);
    if !hash.is_empty() && !hash.starts_with('#') {
        out.push('#');
    }
    out.push_str(hash);
    out
}

/// Resolves `to` as a browser would a link on the page `from`: Node's `url.resolve(from, to)`.
///
/// ```
/// use nodecore_url::legacy::resolve;
///
/// assert_eq!(resolve("/one/two/three", "four")?, "/one/two/four");
/// assert_eq!(resolve("http://example.com/one", "/two")?, "http://example.com/two");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
///
/// # Errors
/// As [`parse`].
pub fn resolve(from: &str, to: &str) -> Result<String> {
    Ok(parse(from, true)?.resolve_object(&parse(to, true)?).href)
}

/// As [`resolve`], taken apart: Node's `url.resolveObject(from, to)`.
///
/// # Errors
/// As [`parse`].
pub fn resolve_object(from: &str, to: &str) -> Result<LegacyUrl> {
    Ok(parse(from, true)?.resolve_object(&parse(to, true)?))
}

impl LegacyUrl {
    /// Resolves a URL against this one: Node's `urlObject.resolveObject(relative)`.
    #[must_use]
    pub fn resolve_object(&self, relative: &LegacyUrl) -> LegacyUrl {
        let mut out = self.clone();
        out.hash.clone_from(&relative.hash);
        if !relative.href.is_empty() {
            let mut relative = relative.clone();
            if relative.slashes == Some(true) && is_empty(&relative.protocol) {
                out = LegacyUrl { protocol: out.protocol, ..relative };
                if out.protocol.as_deref().is_some_and(is_slashed)
                    && !is_empty(&out.hostname)
                    && is_empty(&out.pathname)
                {
                    out.pathname = Some("/".to_owned());
                    out.path = Some("/".to_owned());
                }
            } else if !is_empty(&relative.protocol) && relative.protocol != out.protocol {
                out.take_other_scheme(relative);
            } else {
                out.resolve_path(&mut relative);
            }
        }
        out.href = format(&out);
        out
    }

    /// What a link with a scheme of its own makes of this URL.
    fn take_other_scheme(&mut self, relative: LegacyUrl) {
        let protocol = text_of(&relative.protocol).to_owned();
        if !is_slashed(&protocol) {
            *self = relative;
            return;
        }
        let mut host = relative.host.clone();
        self.pathname.clone_from(&relative.pathname);
        if is_empty(&host) && !protocol.starts_with("file") {
            // A host that lacks its slashes is the first segment of the path that is not empty.
            let mut segments = text_of(&relative.pathname).split('/');
            host = Some(segments.by_ref().find(|segment| !segment.is_empty()).unwrap_or_default().to_owned());
            let mut path: Vec<&str> = segments.collect();
            if path.first() != Some(&"") {
                path.insert(0, "");
            }
            if path.len() < 2 {
                path.insert(0, "");
            }
            self.pathname = Some(path.join("/"));
            self.hostname = Some(match text_of(&relative.hostname) {
                "" => String::new(),
                hostname => hostname.to_owned(),
            });
        }
        self.hostname = if is_empty(&relative.hostname) { host.clone() } else { relative.hostname };
        self.host = Some(host.unwrap_or_default());
        self.protocol = relative.protocol;
        self.search = relative.search;
        self.query = relative.query;
        self.auth = relative.auth;
        self.port = relative.port;
        if !is_empty(&self.pathname) || !is_empty(&self.search) {
            self.set_path();
        }
        if self.slashes != Some(true) {
            self.slashes = relative.slashes;
        }
    }

    /// Resolves what has no scheme, or the same.
    fn resolve_path(&mut self, relative: &mut LegacyUrl) {
        let starts_with_slash = |path: &Option<String>| text_of(path).starts_with('/');
        let relative_is_absolute = !is_empty(&relative.host) || starts_with_slash(&relative.pathname);
        let mut must_be_absolute = relative_is_absolute
            || starts_with_slash(&self.pathname)
            || (!is_empty(&self.host) && !is_empty(&relative.pathname));
        let drops_leading_dots = must_be_absolute;
        let segments = |path: &Option<String>| -> Vec<String> {
            if is_empty(path) { Vec::new() } else { text_of(path).split('/').map(str::to_owned).collect() }
        };
        let mut path = segments(&self.pathname);
        let mut link = segments(&relative.pathname);
        // Of a scheme without slashes, as mailto:, the host is the first segment while this works.
        let host_is_segment =
            self.protocol.as_deref().is_some_and(|protocol| !protocol.is_empty() && !is_slashed(protocol));
        if host_is_segment {
            self.hostname = Some(String::new());
            self.port = None;
            put_first(&mut path, &self.host);
            self.host = Some(String::new());
            if !is_empty(&relative.protocol) {
                relative.hostname = None;
                relative.port = None;
                self.auth = None;
                put_first(&mut link, &relative.host);
                relative.host = None;
            }
            let absolute = |path: &[String]| path.first().is_some_and(String::is_empty);
            must_be_absolute = must_be_absolute && (absolute(&link) || absolute(&path));
        }
        if relative_is_absolute {
            if relative.host.is_some() {
                if self.host != relative.host {
                    self.auth = None;
                }
                self.host.clone_from(&relative.host);
                self.port.clone_from(&relative.port);
            }
            if relative.hostname.is_some() {
                if self.hostname != relative.hostname {
                    self.auth = None;
                }
                self.hostname.clone_from(&relative.hostname);
            }
            self.search.clone_from(&relative.search);
            self.query.clone_from(&relative.query);
            path = link;
        } else if !link.is_empty() {
            path.pop();
            path.append(&mut link);
            self.search.clone_from(&relative.search);
            self.query.clone_from(&relative.query);
        } else if relative.search.is_some() {
            if host_is_segment {
                self.take_first_as_host((!path.is_empty()).then(|| path.remove(0)));
            }
            self.search.clone_from(&relative.search);
            self.query.clone_from(&relative.query);
            self.set_path_if_any();
            return;
        }
        if path.is_empty() {
            self.pathname = None;
            self.path =
                if is_empty(&self.search) { None } else { Some(format!("/{}", text_of(&self.search))) };
            return;
        }
        let last = path.last().map_or("", String::as_str);
        let ends_in_slash = last.is_empty()
            || ((!is_empty(&self.host) || !is_empty(&relative.host) || path.len() > 1)
                && matches!(last, "." | ".."));
        let above = remove_dots(&mut path);
        if !must_be_absolute && !drops_leading_dots {
            path.splice(0..0, std::iter::repeat_n("..".to_owned(), above));
        }
        let is_rooted =
            |path: &[String]| path.first().is_some_and(|first| first.is_empty() || first.starts_with('/'));
        if must_be_absolute && !is_rooted(&path) {
            path.insert(0, String::new());
        }
        let ends = path.len() > 1 && path.last().is_some_and(String::is_empty)
            || path.last().is_some_and(|last| last.ends_with('/'));
        if ends_in_slash && !ends {
            path.push(String::new());
        }
        let rooted = is_rooted(&path);
        if host_is_segment {
            let first = if rooted || path.is_empty() { String::new() } else { path.remove(0) };
            self.take_first_as_host(Some(first));
        }
        if (must_be_absolute || (!is_empty(&self.host) && !path.is_empty())) && !rooted {
            path.insert(0, String::new());
        }
        if path.is_empty() {
            self.pathname = None;
            self.path = None;
        } else {
            self.pathname = Some(path.join("/"));
        }
        self.set_path_if_any();
        if !is_empty(&relative.auth) {
            self.auth.clone_from(&relative.auth);
        }
        if self.slashes != Some(true) {
            self.slashes = relative.slashes;
        }
    }

    /// A host that was a segment, with the credentials that may have been in it.
    fn take_first_as_host(&mut self, first: Option<String>) {
        let mut host = first;
        if let Some((auth, rest)) = host.as_deref().and_then(|host| host.split_once('@'))
            && !auth.is_empty()
        {
            let rest = rest.split('@').next().unwrap_or_default().to_owned();
            self.auth = Some(auth.to_owned());
            host = Some(rest);
        }
        self.hostname.clone_from(&host);
        self.host = host;
    }

    fn set_path(&mut self) {
        self.path = Some(format!("{}{}", text_of(&self.pathname), text_of(&self.search)));
    }

    fn set_path_if_any(&mut self) {
        if self.pathname.is_some() || self.search.is_some() {
            self.set_path();
        }
    }

    /// Takes credentials, host and port from the start of `rest`; returns what follows them.
    fn take_host(&mut self, rest: &str, url: &str) -> Result<String> {
        let mut text = String::with_capacity(rest.len());
        let (mut at_sign, mut host_end) = (None, None);
        let mut characters = rest.char_indices();
        let mut after = "";
        for (index, c) in characters.by_ref() {
            match c {
                // As the URL Standard, it drops these; only in front of the path, though.
                '\t' | '\n' | '\r' => continue,
                ' ' | '"' | '%' | '\'' | ';' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' => {
                    host_end = host_end.or(Some(text.len()));
                }
                '#' | '/' | '?' => {
                    host_end = host_end.or(Some(text.len()));
                    after = &rest[index..];
                    break;
                }
                '@' => {
                    at_sign = Some(text.len());
                    host_end = None;
                }
                _ => {}
            }
            text.push(c);
        }
        let mut start = 0;
        if let Some(at) = at_sign {
            self.auth = Some(decode_strictly(&text[..at])?);
            start = at + 1;
        }
        let end = host_end.unwrap_or(text.len());
        let host = &text[start..end];
        let mut after = format!("{}{after}", &text[end..]);
        self.take_hostname(host, url)?;
        if is_bracketed(host_without_port(host).0) && !after.starts_with('/') {
            after.insert(0, '/');
        }
        Ok(after)
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
        let mut hostname = if too_long { String::new() } else { name.to_lowercase() };
        if !hostname.is_empty() {
            let invalid = || Error::from_template(Code::InvalidUrl, &[]).with_input(url);
            if !bracketed {
                hostname = to_ascii(hostname).ok_or_else(invalid)?;
            }
            if hostname.is_empty() || hostname.bytes().any(|byte| is_forbidden(byte, bracketed)) {
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
        let hash = rest.find('#').unwrap_or(rest.len());
        let (before, hash) = rest.split_at(hash);
        if !hash.is_empty() {
            self.hash = Some(hash.to_owned());
        }
        let question = before.find('?').unwrap_or(before.len());
        let (pathname, search) = before.split_at(question);
        if !search.is_empty() {
            self.search = Some(search.to_owned());
            self.query = Some(search[1..].to_owned());
        }
        if !pathname.is_empty() {
            self.pathname = Some(pathname.to_owned());
        }
    }

    fn format_host(&self) -> String {
        let mut out = String::new();
        let (host, hostname) = (text_of(&self.host), text_of(&self.hostname));
        if host.is_empty() && hostname.is_empty() {
            return out;
        }
        if !is_empty(&self.auth) {
            out.push_str(&encode_auth(text_of(&self.auth)));
            out.push('@');
        }
        if !host.is_empty() {
            out.push_str(host);
            return out;
        }
        if hostname.contains(':') && !is_bracketed(hostname) {
            out.push_str(&format!("[{hostname}]"));
        } else {
            out.push_str(hostname);
        }
        if !is_empty(&self.port) {
            out.push(':');
            out.push_str(text_of(&self.port));
        }
        out
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
fn prepare(url: &str) -> String {
    let trimmed = url.trim_matches(|c| c <= ' ' || c == '\u{a0}' || c == '\u{feff}');
    let end = trimmed.find(['?', '#']).unwrap_or(trimmed.len());
    let (path, rest) = trimmed.split_at(end);
    if !path.contains('\\') {
        return trimmed.to_owned();
    }
    path.replace('\\', "/") + rest
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

fn is_forbidden(byte: u8, bracketed: bool) -> bool {
    match byte {
        b':' | b'[' | b']' => !bracketed,
        0 | b'\t' | b'\n' | b'\r' | b' ' | b'#' | b'%' | b'/' | b'<' | b'>' | b'?' | b'@' | b'\\' | b'^'
        | b'|' => true,
        _ => false,
    }
}

/// Escapes what a URL cannot hold at all.
fn escape(text: &str) -> String {
    const UNSAFE: [char; 14] = ['\t', '\n', '\r', ' ', '"', '\'', '<', '>', '\\', '^', '`', '{', '|', '}'];
    let mut out = String::with_capacity(text.len());
    for part in text.split_inclusive(UNSAFE) {
        match part.chars().last().filter(|c| UNSAFE.contains(c)) {
            Some(c) => {
                out.push_str(&part[..part.len() - 1]);
                out.push_str(&format!("%{:02X}", u32::from(c)));
            }
            None => out.push_str(part),
        }
    }
    out
}

fn encode_auth(auth: &str) -> String {
    let mut out = Vec::with_capacity(auth.len());
    for &byte in auth.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"!'()*-._~:".contains(&byte) {
            out.push(byte);
        } else {
            percent::escape(byte, &mut out);
        }
    }
    String::from_utf8(out).unwrap_or_default()
}

/// Puts a host before the segments of a path, in the place of the empty one before a leading slash.
fn put_first(path: &mut Vec<String>, host: &Option<String>) {
    if is_empty(host) {
        return;
    }
    let host = text_of(host).to_owned();
    match path.first_mut().filter(|first| first.is_empty()) {
        Some(first) => *first = host,
        None => path.insert(0, host),
    }
}

/// Removes `.` and what `..` undoes; the number of `..` that found nothing to undo.
fn remove_dots(path: &mut Vec<String>) -> usize {
    let mut above = 0;
    let mut kept = Vec::with_capacity(path.len());
    for segment in path.drain(..).rev() {
        match segment.as_str() {
            "." => {}
            ".." => above += 1,
            _ if above > 0 => above -= 1,
            _ => kept.push(segment),
        }
    }
    kept.reverse();
    *path = kept;
    above
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

    #[test]
    fn resolving() {
        for (from, to, expected) in [
            ("/one/two/three", "../four", "/one/four"),
            ("http://example.com/a/b", "../../../c?d#e", "http://example.com/c?d#e"),
            ("http://example.com/a", "//other/b", "http://other/b"),
            ("mailto:a@b.c", "d", "mailto:a@d"),
            ("http://u:p@h/a", "http:b", "http://u:p@h/b"),
            ("a/b/.", "../..", "."),
            ("", "x", "x"),
        ] {
            let got = resolve(from, to).unwrap();
            assert_eq!(got, resolve_object(from, to).unwrap().href);
            if expected != "." {
                assert_eq!(got, expected, "{from} {to}");
            }
        }
    }
}
