//! `fileURLToPath`, `fileURLToPathBuffer` and `pathToFileURL`.

use std::borrow::Cow;

use nodecore_error::{Class, Code, Error, Result, inspect};
use nodecore_path::{posix, win32};

use crate::fast::{self, Scan};
use crate::parser::{Parts, Scheme};
use crate::{Url, host, percent};

/// Options of [`file_url_to_path`], [`file_url_to_path_buffer`] and [`path_to_file_url`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileUrlOptions {
    /// Whether the path is a Windows path; `None` asks the platform.
    pub windows: Option<bool>,
}

impl FileUrlOptions {
    /// The defaults: paths as on this platform.
    #[must_use]
    pub fn new() -> FileUrlOptions {
        FileUrlOptions::default()
    }

    /// Sets [`windows`](FileUrlOptions::windows).
    #[must_use]
    pub fn windows(mut self, windows: bool) -> FileUrlOptions {
        self.windows = Some(windows);
        self
    }

    fn is_windows(self) -> bool {
        self.windows.unwrap_or(cfg!(windows))
    }
}

/// What functions take that in Node take a `URL` or a string: `&Url` or `&str`. Sealed.
pub trait UrlOrText: sealed::Sealed {
    /// The URL, parsed if it is text.
    ///
    /// # Errors
    /// As [`Url::parse`].
    fn to_url(&self) -> Result<Cow<'_, Url>>;

    /// The path, if this is a `file:` URL without a host, and already what it will be; `None` says nothing.
    #[doc(hidden)]
    fn local_path(&self) -> Option<&str>;
}

impl UrlOrText for &Url {
    fn to_url(&self) -> Result<Cow<'_, Url>> {
        Ok(Cow::Borrowed(self))
    }

    fn local_path(&self) -> Option<&str> {
        (self.parts.scheme == Scheme::File && self.hostname().is_empty()).then(|| self.pathname())
    }
}

impl UrlOrText for &str {
    fn to_url(&self) -> Result<Cow<'_, Url>> {
        Url::parse(*self).map(Cow::Owned)
    }

    fn local_path(&self) -> Option<&str> {
        match fast::scan(self.as_bytes()) {
            Scan::Whole(parts) if parts.scheme == Scheme::File => {
                self.get(parts.path_start as usize..parts.query_start as usize)
            }
            _ => None,
        }
    }
}

/// The path of a `file:` URL: Node's [`fileURLToPath`](https://nodejs.org/api/url.html#urlfileurltopathurl-options).
///
/// ```
/// use nodecore_url::{FileUrlOptions, file_url_to_path};
///
/// let posix = FileUrlOptions::new().windows(false);
/// assert_eq!(file_url_to_path("file:///tmp/a%20b", posix)?, "/tmp/a b");
/// let windows = FileUrlOptions::new().windows(true);
/// assert_eq!(file_url_to_path("file:///C:/a%20b", windows)?, r"C:\a b");
/// assert_eq!(file_url_to_path("file://server/share/x", windows)?, r"\\server\share\x");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
///
/// # Errors
/// [`Code::InvalidUrl`] for text that is no URL; [`Code::InvalidUrlScheme`] if it is not `file:`;
/// [`Code::InvalidFileUrlHost`] for a host where the platform has none; [`Code::InvalidFileUrlPath`] for an escaped
/// slash, or a Windows path without a drive; a `URIError` without a code for escapes that are not UTF-8 (see
/// [`file_url_to_path_buffer`]).
pub fn file_url_to_path(url: impl UrlOrText, options: FileUrlOptions) -> Result<String> {
    if !options.is_windows()
        && let Some(path) = url.local_path().and_then(decode_path)
    {
        return Ok(path);
    }
    let url = url.to_url()?;
    check_scheme(&url)?;
    let path = url.pathname().as_bytes();
    if options.is_windows() {
        if has_escape(path, |byte| byte == b'/' || byte == b'\\') {
            return Err(invalid_path(&url, "must not include encoded \\ or / characters"));
        }
        let mut path = decode_strictly(&url.pathname().replace('/', "\\"))?;
        match windows_server(&url, path.as_bytes())? {
            Some(server) => path.insert_str(0, &server),
            None => _ = path.remove(0),
        }
        Ok(path)
    } else {
        check_no_host(&url)?;
        if has_escape(path, |byte| byte == b'/') {
            return Err(invalid_path(&url, "must not include encoded / characters"));
        }
        decode_strictly(url.pathname())
    }
}

/// As [`file_url_to_path`], in bytes, so that names that are not UTF-8 come back as they were: Node's
/// [`fileURLToPathBuffer`](https://nodejs.org/api/url.html#urlfileurltopathbufferurl-options).
///
/// Escapes are taken as they come: `%2F` becomes a slash, and a `%` that starts no escape stays.
///
/// # Errors
/// As [`file_url_to_path`], but for those of escapes.
pub fn file_url_to_path_buffer(url: impl UrlOrText, options: FileUrlOptions) -> Result<Vec<u8>> {
    let url = url.to_url()?;
    check_scheme(&url)?;
    let mut out = Vec::with_capacity(url.pathname().len());
    if options.is_windows() {
        percent::decode(url.pathname().replace('/', "\\").as_bytes(), &mut out);
        match windows_server(&url, &out)? {
            Some(server) => out = [server.as_bytes(), &out].concat(),
            None => _ = out.remove(0),
        }
        return Ok(out);
    }
    check_no_host(&url)?;
    percent::decode(url.pathname().as_bytes(), &mut out);
    Ok(out)
}

/// The `file:` URL of a path: Node's [`pathToFileURL`](https://nodejs.org/api/url.html#urlpathtofileurlpath-options).
///
/// The path is made absolute and normalised first. It may be bytes that are not UTF-8: they are escaped one by one.
///
/// ```
/// use nodecore_url::{FileUrlOptions, path_to_file_url};
///
/// let posix = FileUrlOptions::new().windows(false);
/// assert_eq!(path_to_file_url("/tmp/100% #1?.txt", posix)?.href(), "file:///tmp/100%25%20%231%3F.txt");
/// assert_eq!(path_to_file_url(b"/caf\xe9/", posix)?.href(), "file:///caf%E9/");
/// let windows = FileUrlOptions::new().windows(true);
/// assert_eq!(path_to_file_url(r"\\server\share\a b", windows)?.href(), "file://server/share/a%20b");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
///
/// # Errors
/// For Windows paths [`Code::InvalidArgValue`] for a UNC path without server or resource, [`Code::InvalidUrl`] for a
/// server that is no host. Those of asking for the current directory, where the path is relative.
///
/// # Differences from Node
/// Windows' flavour does on every platform what Node does on Windows; elsewhere Node doubles the slash that ends a
/// drive's root. Control characters that end a path are escaped like others; Node drops them.
pub fn path_to_file_url(path: impl AsRef<[u8]>, options: FileUrlOptions) -> Result<Url> {
    let path = path.as_ref();
    if options.is_windows() {
        return windows_url(path);
    }
    let mut resolved = posix::resolve(&[path])?;
    if path.ends_with(b"/") && !resolved.ends_with(b"/") {
        resolved.push(b'/');
    }
    // It is normalised, so what is left to do of the URL parser is the escaping.
    let mut href = Vec::with_capacity(FILE.len() + resolved.len());
    href.extend_from_slice(FILE.as_bytes());
    percent::encode(&resolved, percent::FILE_PATH, &mut href);
    let start = FILE.len();
    let parts = Parts {
        scheme_end: start - 3,
        username_end: start,
        host_start: start,
        host_end: start,
        path_start: start,
        query_start: href.len(),
        fragment_start: href.len(),
        scheme: Scheme::File,
    };
    match (parts.narrow(href.len()), String::from_utf8(href)) {
        (Some(parts), Ok(href)) => Ok(Url { href, parts }),
        _ => Err(Error::from_template(Code::InvalidUrl, &[]).with_input(path)),
    }
}

const FILE: &str = "file://";

fn check_scheme(url: &Url) -> Result<()> {
    if url.parts.scheme == Scheme::File {
        return Ok(());
    }
    Err(Error::from_template(Code::InvalidUrlScheme, &[&"file"]))
}

fn check_no_host(url: &Url) -> Result<()> {
    if url.hostname().is_empty() {
        return Ok(());
    }
    // The platform by Node's name for it.
    let platform = match std::env::consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    Err(Error::from_template(Code::InvalidFileUrlHost, &[&platform]))
}

fn invalid_path(url: &Url, why: &str) -> Error {
    Error::from_template(Code::InvalidFileUrlPath, &[&why]).with_input(url.href())
}

fn has_escape(path: &[u8], wanted: impl Fn(u8) -> bool) -> bool {
    memchr::memchr_iter(b'%', path).any(|at| percent::escaped(&path[at..]).is_some_and(&wanted))
}

/// A decoded path; `None` where an escape is malformed, or is of a slash.
fn decode_path(path: &str) -> Option<String> {
    let mut rest = path.as_bytes();
    let mut out = Vec::with_capacity(rest.len());
    while let Some(at) = memchr::memchr(b'%', rest) {
        let byte = percent::escaped(&rest[at..]).filter(|&byte| byte != b'/')?;
        out.extend_from_slice(&rest[..at]);
        out.push(byte);
        rest = &rest[at + 3..];
    }
    out.extend_from_slice(rest);
    String::from_utf8(out).ok()
}

/// JavaScript's `decodeURIComponent`, of ASCII text.
pub(crate) fn decode_strictly(text: &str) -> Result<String> {
    let malformed = || Error::new(Code::Uncoded, "URI malformed").with_class(Class::URIError);
    let bytes = text.as_bytes();
    if memchr::memchr_iter(b'%', bytes).any(|at| percent::escaped(&bytes[at..]).is_none()) {
        return Err(malformed());
    }
    let mut out = Vec::with_capacity(bytes.len());
    percent::decode(bytes, &mut out);
    String::from_utf8(out).map_err(|_| malformed())
}

/// The server that goes before a decoded path with `\`; without one, an error unless the path has a drive, whose
/// leading `\` is then to go.
fn windows_server(url: &Url, path: &[u8]) -> Result<Option<String>> {
    if !url.hostname().is_empty() {
        return Ok(Some(format!("\\\\{}", host::to_unicode(url.hostname()))));
    }
    match path {
        [_, letter, b':', ..] if letter.is_ascii_alphabetic() => Ok(None),
        _ => Err(invalid_path(url, "must be absolute")),
    }
}

fn windows_url(path: &[u8]) -> Result<Url> {
    let is_separator = |byte: Option<&u8>| matches!(byte, Some(b'/' | b'\\'));
    let is_unc = path.starts_with(b"\\\\");
    let mut resolved = if is_unc { path.to_vec() } else { win32::resolve(&[path])? };
    let mut url = Url {
        href: String::from("file:///"),
        parts: Parts {
            scheme_end: 4,
            username_end: 7,
            host_start: 7,
            host_end: 7,
            path_start: 7,
            query_start: 8,
            fragment_start: 8,
            scheme: Scheme::File,
        },
    };
    let mut resource: &[u8] = &resolved;
    if resolved.starts_with(b"\\\\") && resolved.len() > 2 || is_unc {
        let start = if resolved.starts_with(b"\\\\?\\UNC\\") { 8 } else { 2 };
        let Some(length) = memchr::memchr(b'\\', resolved.get(start..).unwrap_or_default()) else {
            return Err(invalid_unc(&resolved, "Missing UNC resource path"));
        };
        if start == 2 && length == 0 {
            return Err(invalid_unc(&resolved, "Empty UNC servername"));
        }
        let server = String::from_utf8_lossy(&resolved[start..start + length]);
        resource = &resolved[start + length..];
        if !url.set_hostname(&server) {
            return Err(Error::from_template(Code::InvalidUrl, &[])
                .with_input(resource)
                .with_base(server.as_bytes()));
        }
    } else if is_separator(path.last()) && !is_separator(resolved.last()) {
        resolved.push(b'\\');
        resource = &resolved;
    }
    let mut escaped = Vec::with_capacity(resource.len());
    for (index, segment) in resource.split(|&byte| byte == b'\\').enumerate() {
        if index > 0 {
            escaped.push(b'/');
        }
        percent::encode(segment, percent::FILE_PATH, &mut escaped);
    }
    match std::str::from_utf8(&escaped) {
        Ok(escaped) if url.set_pathname(escaped) => Ok(url),
        _ => Err(Error::from_template(Code::InvalidUrl, &[]).with_input(path)),
    }
}

fn invalid_unc(path: &[u8], why: &str) -> Error {
    Error::from_template(Code::InvalidArgValue, &[&"path", &why, &inspect(path)])
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for &crate::Url {}
    impl Sealed for &str {}
}

#[cfg(test)]
mod tests {
    use super::*;

    const POSIX: FileUrlOptions = FileUrlOptions { windows: Some(false) };
    const WINDOWS: FileUrlOptions = FileUrlOptions { windows: Some(true) };

    fn windows(path: &str) -> String {
        match path_to_file_url(path, WINDOWS) {
            Ok(url) => {
                assert_eq!(url, Url::parse(url.href()).unwrap());
                url.href().to_owned()
            }
            Err(error) => error.to_string(),
        }
    }

    // Expected values: Node 26.10.
    #[test]
    fn every_ascii_character_is_escaped_as_node_does() {
        let all: Vec<u8> = std::iter::once(b'/').chain(1..128).collect();
        let url = path_to_file_url(&all, POSIX).unwrap();
        assert_eq!(
            url.href(),
            "file:///%01%02%03%04%05%06%07%08%09%0A%0B%0C%0D%0E%0F%10%11%12%13%14%15%16%17%18%19%1A%1B%1C%1D%1E%1F\
             %20!%22%23$%25&'()*+,-./0123456789:;%3C=%3E%3F@ABCDEFGHIJKLMNOPQRSTUVWXYZ%5B%5C%5D%5E_%60\
             abcdefghijklmnopqrstuvwxyz%7B%7C%7D%7E%7F"
        );
        assert_eq!(url.pathname(), &url.href()[7..]);
        assert_eq!(Url::parse(url.href()).unwrap().pathname(), url.pathname());
        assert_eq!(file_url_to_path_buffer(&url, POSIX).unwrap(), all);
    }

    #[test]
    fn posix_paths() {
        let href = |path: &str| path_to_file_url(path, POSIX).unwrap().href().to_owned();
        assert_eq!(href("/a//b/../c"), "file:///a/c");
        assert_eq!(href("/a/"), "file:///a/");
        assert_eq!(href("/"), "file:///");
        assert_eq!(href("/a\0b"), "file:///a%00b");
        assert_eq!(href("/%2e%2E/%2e"), "file:///%252e%252E/%252e");
        assert_eq!(href("/C|/é"), "file:///C%7C/%C3%A9");
        assert!(href("a/").starts_with("file:///") && href("a/").ends_with("/a/"));
    }

    #[test]
    fn windows_paths() {
        assert_eq!(windows(r"C:\a\"), "file:///C:/a/");
        assert_eq!(windows("C:\\"), "file:///C:/");
        assert_eq!(windows("c:/a/"), "file:///c:/a/");
        assert_eq!(windows(r"\\?\C:\x"), "file:///C:/x");
        assert_eq!(windows(r"\\?\UNC\server\share\x"), "file://server/share/x");
        assert_eq!(windows(r"\\.\pipe\x"), "file://./pipe/x");
        assert_eq!(windows(r"\\a\b\..\..\c"), "file://a/c");
        assert_eq!(windows("\\\\a\\b\\%#?\n\\\\"), "file://a/b/%25%23%3F%0A//");
        assert_eq!(windows("//a/b/c"), "file://a/b/c");
        assert_eq!(windows(r"\\localhost\b\c"), "file:///b/c");
        assert_eq!(windows(r"\\exämple\s\f"), "file://xn--exmple-cua/s/f");
        assert_eq!(windows(r"\\?\UNC\\x"), "file:///x");
    }

    #[test]
    fn unc_paths_that_lack_a_part() {
        let missing =
            |received: &str| format!("The argument 'path' Missing UNC resource path. Received {received}");
        assert_eq!(windows(r"\\"), missing(r"'\\\\'"));
        assert_eq!(windows(r"\\a'b"), missing(r#""\\\\a'b""#));
        assert_eq!(windows("\\\\a\"b'"), missing("`\\\\\\\\a\"b'`"));
        assert_eq!(
            windows("\\\\\0\u{1b}\u{7f}\u{80}\u{8}\u{c}\u{b}"),
            missing(r"'\\\\\x00\x1B\x7F\x80\b\f\x0B'")
        );
        assert_eq!(
            windows(&format!(r"\\{}", "a".repeat(200))),
            missing(&format!(r"'\\\\{}...", "a".repeat(123)))
        );
        assert_eq!(windows(r"\\\x"), r"The argument 'path' Empty UNC servername. Received '\\\\\\x'");
        let error = path_to_file_url(r"\\a b\s\f", WINDOWS).unwrap_err();
        assert_eq!(error.code(), Code::InvalidUrl);
        assert_eq!((error.input(), error.base()), (Some(&br"\s\f"[..]), Some(&b"a b"[..])));
    }

    #[test]
    fn urls_to_paths() {
        let path = |url: &str, options| file_url_to_path(url, options).map_err(|error| error.to_string());
        assert_eq!(path("file:///a?b#c", POSIX).as_deref(), Ok("/a"));
        assert_eq!(path("file:///a%5cb", POSIX).as_deref(), Ok("/a\\b"));
        assert_eq!(path("file:///%F0%9F%92%A9%00", POSIX).as_deref(), Ok("/💩\0"));
        assert_eq!(path("file:///c:", WINDOWS).as_deref(), Ok("c:"));
        assert_eq!(path("file:///%43:/x", WINDOWS).as_deref(), Ok("C:\\x"));
        assert_eq!(path("file://xn--bcher-kva/a/b", WINDOWS).as_deref(), Ok("\\\\bücher\\a\\b"));
        let buffer = |url: &str, options| file_url_to_path_buffer(url, options).unwrap();
        assert_eq!(buffer("file:///%ff%2f%zz", POSIX), b"/\xff/%zz");
        assert_eq!(buffer("file:///C:/a%2Fb", WINDOWS), br"C:\a/b");
        assert_eq!(buffer("file://xn--bcher-kva/a", WINDOWS), "\\\\bücher\\a".as_bytes());
    }

    #[test]
    fn errors_are_nodes() {
        let check = |url: &str, options, code: Code, message: &str, input: Option<&str>| {
            let error = file_url_to_path(url, options).unwrap_err();
            assert_eq!((error.code(), error.to_string().as_str()), (code, message));
            assert_eq!(error.input(), input.map(str::as_bytes));
            assert_eq!(error.class() == Class::URIError, code == Code::Uncoded);
        };
        check("nope", POSIX, Code::InvalidUrl, "Invalid URL", Some("nope"));
        check("http://a", POSIX, Code::InvalidUrlScheme, "The URL must be of scheme file", None);
        let encoded = "File URL path must not include encoded / characters";
        check("file:///a%2fb", POSIX, Code::InvalidFileUrlPath, encoded, Some("file:///a%2fb"));
        let encoded = "File URL path must not include encoded \\ or / characters";
        check("file:///C:/%5c", WINDOWS, Code::InvalidFileUrlPath, encoded, Some("file:///C:/%5c"));
        let absolute = "File URL path must be absolute";
        check("file:///1:/x", WINDOWS, Code::InvalidFileUrlPath, absolute, Some("file:///1:/x"));
        for url in ["file:///%", "file:///%zz", "file:///%ff", "file:///%ed%a0%80"] {
            check(url, POSIX, Code::Uncoded, "URI malformed", None);
            check(url, WINDOWS, Code::Uncoded, "URI malformed", None);
        }
        #[cfg(target_os = "linux")]
        check(
            "file://host/a",
            POSIX,
            Code::InvalidFileUrlHost,
            "File URL host must be \"localhost\" or empty on linux",
            None,
        );
    }
}
