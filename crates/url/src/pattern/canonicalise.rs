//! The form in which a URL has each of its components (<https://urlpattern.spec.whatwg.org/#canon>).
//!
//! The URL parser does it, started in the middle as the setters of `URL` start it, or its encoder alone where there is
//! nothing else to do. Each function gives `None` where the parser fails.

use crate::parser::Scheme;
use crate::parser::{port_number, without_tabs_and_newlines};
use crate::{Url, percent};

/// A function of this file.
pub(super) type Canonicalise = fn(&str) -> Option<String>;

pub(super) fn protocol(value: &str) -> Option<String> {
    if value.is_empty() {
        return Some(String::new());
    }
    // What is behind a ":" would be read as more than a protocol; Node refuses it.
    let value = value.strip_suffix(':').unwrap_or(value);
    if value.contains(':') {
        return None;
    }
    let url = Url::parse(&format!("{value}://dummy.invalid/")).ok()?;
    Some(url.protocol().trim_end_matches(':').to_owned())
}

pub(super) fn username(value: &str) -> Option<String> {
    encoded(value.as_bytes(), percent::USERINFO)
}

pub(super) fn password(value: &str) -> Option<String> {
    encoded(value.as_bytes(), percent::USERINFO)
}

pub(super) fn hostname(value: &str) -> Option<String> {
    if value.is_empty() {
        return Some(String::new());
    }
    let mut url = dummy()?;
    url.set_hostname(value).then(|| url.hostname().to_owned())
}

pub(super) fn ipv6_hostname(value: &str) -> Option<String> {
    let fits = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b'[' | b']' | b':');
    value.bytes().all(fits).then(|| value.to_ascii_lowercase())
}

pub(super) fn port(value: &str) -> Option<String> {
    port_of(value, "")
}

/// As [`port`] in a URL of the scheme `protocol`, whose own port is no port.
pub(super) fn port_of(value: &str, protocol: &str) -> Option<String> {
    if value.is_empty() {
        return Some(String::new());
    }
    let value = without_tabs_and_newlines(value.as_bytes());
    let digits = value.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(value.len());
    if digits == 0 {
        return None;
    }
    let port = port_number(&value[..digits]).ok()?;
    let is_default = Scheme::of(protocol.as_bytes()).default_port() == Some(port);
    Some(if is_default { String::new() } else { port.to_string() })
}

pub(super) fn pathname(value: &str) -> Option<String> {
    if value.is_empty() {
        return Some(String::new());
    }
    let mut url = dummy()?;
    if value.starts_with('/') {
        return url.set_pathname(value).then(|| url.pathname().to_owned());
    }
    // Where the value does not start a path, its own start must not be taken for a segment's: "." and ".." stay.
    if !url.set_pathname(&format!("/-{value}")) {
        return None;
    }
    // Dots that take back more than the value has are an error, as in Node; the Standard says nothing.
    url.pathname().get(2..).map(str::to_owned)
}

/// The path of a scheme that is not special, opaque or, behind a slash, of segments.
///
/// For the Standard it is always opaque (<https://github.com/whatwg/urlpattern/issues/267>), which no path of segments
/// of such a URL would match; Node, Bun and Deno all read it as the URL parser does, and so does this.
pub(super) fn opaque_pathname(value: &str) -> Option<String> {
    let value = without_tabs_and_newlines(value.as_bytes());
    let end = value.iter().position(|&byte| byte == b'?' || byte == b'#').unwrap_or(value.len());
    let (path, after) = value.split_at(end);
    if path.first() == Some(&b'/') {
        let mut url = Url::parse("x://h").ok()?;
        return url.set_pathname(std::str::from_utf8(path).ok()?).then(|| url.pathname().to_owned());
    }
    // A space before a query would be lost to trimming were the query removed.
    match path.strip_suffix(b" ") {
        Some(path) if !after.is_empty() => encoded(path, percent::C0).map(|path| path + "%20"),
        _ => encoded(path, percent::C0),
    }
}

pub(super) fn search(value: &str) -> Option<String> {
    encoded(&without_tabs_and_newlines(value.as_bytes()), percent::SPECIAL_QUERY)
}

pub(super) fn hash(value: &str) -> Option<String> {
    encoded(&without_tabs_and_newlines(value.as_bytes()), percent::FRAGMENT)
}

fn dummy() -> Option<Url> {
    Url::parse("https://dummy.invalid/").ok()
}

fn encoded(value: &[u8], set: u8) -> Option<String> {
    let mut out = Vec::with_capacity(value.len());
    percent::encode(value, set, &mut out);
    String::from_utf8(out).ok()
}
