//! `domainToASCII`, `domainToUnicode`, `format` of a `URL`, `urlToHttpOptions`.

use nodecore_error::Result;

use crate::file_url::decode_strictly;
use crate::parser::{MAX_INPUT, port_colon, without_tabs_and_newlines};
use crate::{Url, host};

/// The ASCII form of a domain, Punycode where it has to be; empty if it is none:
/// Node's [`domainToASCII`](https://nodejs.org/api/url.html#urldomaintoasciidomain).
///
/// ```
/// use nodecore_url::domain_to_ascii;
///
/// assert_eq!(domain_to_ascii("Español.com"), "xn--espaol-zwa.com");
/// assert_eq!(domain_to_ascii("xn--iñvalid.com"), "");
/// ```
pub fn domain_to_ascii(domain: &str) -> String {
    if domain.len() > MAX_INPUT {
        return String::new();
    }
    // As the host of a URL of a special scheme is set.
    let text = without_tabs_and_newlines(domain.as_bytes());
    let host = host::before_path(&text, true);
    if host.is_empty() || port_colon(host).is_some() {
        return String::new();
    }
    let mut out = Vec::with_capacity(host.len() + 8);
    match host::parse(host, true, &mut out) {
        Some(()) => String::from_utf8(out).unwrap_or_default(),
        None => String::new(),
    }
}

/// The Unicode form of a domain; empty if it is none:
/// Node's [`domainToUnicode`](https://nodejs.org/api/url.html#urldomaintounicodedomain).
///
/// ```
/// use nodecore_url::domain_to_unicode;
///
/// assert_eq!(domain_to_unicode("xn--espaol-zwa.com"), "español.com");
/// ```
pub fn domain_to_unicode(domain: &str) -> String {
    host::to_unicode(&domain_to_ascii(domain))
}

/// Options of [`format`](fn@format).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FormatOptions {
    /// Whether to include user name and password. Default: `true`.
    pub auth: bool,
    /// Whether to include the fragment. Default: `true`.
    pub fragment: bool,
    /// Whether to include the query. Default: `true`.
    pub search: bool,
    /// Whether to write the host in Unicode rather than Punycode. Default: `false`.
    pub unicode: bool,
}

impl Default for FormatOptions {
    fn default() -> FormatOptions {
        FormatOptions { auth: true, fragment: true, search: true, unicode: false }
    }
}

impl FormatOptions {
    /// The defaults.
    #[must_use]
    pub fn new() -> FormatOptions {
        FormatOptions::default()
    }

    /// Sets [`auth`](FormatOptions::auth).
    #[must_use]
    pub fn auth(mut self, auth: bool) -> FormatOptions {
        self.auth = auth;
        self
    }

    /// Sets [`fragment`](FormatOptions::fragment).
    #[must_use]
    pub fn fragment(mut self, fragment: bool) -> FormatOptions {
        self.fragment = fragment;
        self
    }

    /// Sets [`search`](FormatOptions::search).
    #[must_use]
    pub fn search(mut self, search: bool) -> FormatOptions {
        self.search = search;
        self
    }

    /// Sets [`unicode`](FormatOptions::unicode).
    #[must_use]
    pub fn unicode(mut self, unicode: bool) -> FormatOptions {
        self.unicode = unicode;
        self
    }
}

/// A URL as text, of the parts asked for: Node's
/// [`url.format(URL, options)`](https://nodejs.org/api/url.html#urlformaturl-options).
///
/// ```
/// use nodecore_url::{FormatOptions, Url, format};
///
/// let url = Url::parse("https://a:b@測試?abc#foo")?;
/// let options = FormatOptions::new().auth(false).fragment(false).unicode(true);
/// assert_eq!(format(&url, options), "https://測試/?abc");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn format(url: &Url, options: FormatOptions) -> String {
    let parts = &url.parts;
    let mut out = String::with_capacity(url.href.len());
    if options.auth || !url.has_credentials() {
        out.push_str(url.slice(0, parts.host_start));
    } else {
        out.push_str(url.slice(0, parts.scheme_end + 3));
    }
    if options.unicode && parts.has_host() {
        out.push_str(&host::to_unicode(url.hostname()));
    } else {
        out.push_str(url.hostname());
    }
    out.push_str(url.slice(parts.host_end, parts.query_start));
    if options.search {
        out.push_str(url.query_with_mark());
    }
    if options.fragment {
        out.push_str(url.fragment_with_mark());
    }
    out
}

/// What `http.request` wants to know of a URL; of [`url_to_http_options`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpOptions {
    /// The scheme with its colon.
    pub protocol: String,
    /// The host, an IPv6 address without its brackets.
    pub hostname: String,
    /// The fragment with its `#`, or empty.
    pub hash: String,
    /// The query with its `?`, or empty.
    pub search: String,
    /// The path.
    pub pathname: String,
    /// Path and query.
    pub path: String,
    /// The whole URL.
    pub href: String,
    /// The port, unless it is the scheme's own.
    pub port: Option<u16>,
    /// User name and password, decoded, with a colon between; absent without either.
    pub auth: Option<String>,
}

/// Takes a URL apart for `http.request`: Node's
/// [`urlToHttpOptions`](https://nodejs.org/api/url.html#urlurltohttpoptionsurl).
///
/// ```
/// use nodecore_url::{Url, url_to_http_options};
///
/// let options = url_to_http_options(&Url::parse("https://a:b%20c@[::1]:8080/p?q#h")?)?;
/// assert_eq!((options.hostname.as_str(), options.port), ("::1", Some(8080)));
/// assert_eq!((options.path.as_str(), options.auth.as_deref()), ("/p?q", Some("a:b c")));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
///
/// # Errors
/// A `URIError` without a code if user name or password have escapes that are not UTF-8.
pub fn url_to_http_options(url: &Url) -> Result<HttpOptions> {
    let hostname = url.hostname();
    let bare = hostname.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(hostname);
    let auth = if url.has_credentials() {
        Some(format!("{}:{}", decode_strictly(url.username())?, decode_strictly(url.password())?))
    } else {
        None
    };
    Ok(HttpOptions {
        protocol: url.protocol().to_owned(),
        hostname: bare.to_owned(),
        hash: url.hash().to_owned(),
        search: url.search().to_owned(),
        pathname: url.pathname().to_owned(),
        path: format!("{}{}", url.pathname(), url.search()),
        href: url.href().to_owned(),
        port: url.port().parse().ok(),
        auth,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected values: Node 26.10.
    #[test]
    fn domains() {
        for (domain, ascii, unicode) in [
            ("é.com", "xn--9ca.com", "é.com"),
            ("xn--bcher-kva.de", "xn--bcher-kva.de", "bücher.de"),
            ("http://é/x", "", ""),
            ("a b", "", ""),
            ("", "", ""),
            ("a/b", "a", "a"),
            ("a:80", "", ""),
            ("u@h", "", ""),
            ("[::1]", "[::1]", "[::1]"),
            ("1.2", "1.0.0.2", "1.0.0.2"),
            ("EXAMPLE.com", "example.com", "example.com"),
            ("☕.example", "xn--53h.example", "☕.example"),
            ("a\\b", "a", "a"),
            ("a%41", "aa", "aa"),
            ("%c3%a9", "xn--9ca", "é"),
            ("a..b", "a..b", "a..b"),
            ("ab\tc", "abc", "abc"),
            ("xn--1ch.com", "xn--1ch.com", "≠.com"),
        ] {
            assert_eq!(
                (domain_to_ascii(domain).as_str(), domain_to_unicode(domain).as_str()),
                (ascii, unicode)
            );
        }
    }

    #[test]
    fn formats() {
        let bare = FormatOptions { auth: false, fragment: false, search: false, unicode: true };
        for (url, expected) in [
            ("https://a:b@xn--bcher-kva.de:8080/p/q?x=1#h", "https://bücher.de:8080/p/q"),
            ("data:x,y?#", "data:x,y"),
            ("non:/.//x", "non:/.//x"),
            ("https://:p@b", "https://b/"),
            ("foo://xn--bcher-kva/", "foo://bücher/"),
            ("foo://xn--%20-xn--a/", "foo://xn--%20-xn--a/"),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(format(&url, bare), expected);
            assert_eq!(format(&url, FormatOptions::default()), url.href());
        }
        let url = Url::parse("file:///a?#").unwrap();
        assert_eq!(format(&url, FormatOptions::new().fragment(false)), "file:///a?");
        assert_eq!(format(&url, FormatOptions::new().search(false)), "file:///a#");
    }

    #[test]
    fn http_options() {
        let options = |url: &str| url_to_http_options(&Url::parse(url).unwrap());
        assert_eq!(options("http://a@b/").unwrap().auth.as_deref(), Some("a:"));
        assert_eq!(options("file:///a").unwrap().port, None);
        assert_eq!(options("https://%E9:%@a/").unwrap_err().to_string(), "URI malformed");
    }
}
