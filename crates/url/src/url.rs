//! The `URL` class.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use nodecore_error::{Code, Error, Result};

use crate::fast::{self, Scan};
use crate::input::Input;
use crate::parser::{self, Parts, Scheme};
use crate::short;

/// A URL, always valid and always normalised: Node's `URL`
/// (<https://nodejs.org/api/url.html#class-url>).
///
/// It is one buffer holding [`href`](Url::href) and the places of its components, so every getter but
/// [`origin`](Url::origin) is a slice of it. The URL Standard decides what is valid.
///
/// ```
/// use nodecore_url::Url;
///
/// let mut url = Url::parse("https://User:pass@EXAMPLE.org:443/a/../b?q=1#top")?;
/// assert_eq!(url.href(), "https://User:pass@example.org/b?q=1#top");
/// assert_eq!((url.hostname(), url.port(), url.pathname()), ("example.org", "", "/b"));
/// url.set_port("8080");
/// assert_eq!(url.host(), "example.org:8080");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
///
/// # Differences from Node
/// Where Node 26 has yet to follow a change of the URL Standard, this follows the Standard.
#[derive(Clone)]
pub struct Url {
    pub(crate) href: String,
    pub(crate) parts: Parts,
}

impl Url {
    /// Parses an absolute URL: `new URL(input)`.
    ///
    /// # Errors
    /// [`Code::InvalidUrl`], with the input, if it is not a valid absolute URL. Inputs above 512 MiB are refused.
    pub fn parse(input: impl Input) -> Result<Url> {
        parse_new(input, None).ok_or_else(|| invalid(input, None))
    }

    /// Parses `input` relative to `base`: `new URL(input, base)`.
    ///
    /// ```
    /// use nodecore_url::Url;
    ///
    /// let base = Url::parse("https://example.org/a/b?c")?;
    /// assert_eq!(Url::parse_with_base("../d#e", &base)?.href(), "https://example.org/d#e");
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Code::InvalidUrl`], with input and base, if the result is not a valid URL.
    pub fn parse_with_base(input: impl Input, base: &Url) -> Result<Url> {
        parse_new(input, Some(base)).ok_or_else(|| invalid(input, Some(base.href())))
    }

    /// As [`Url::parse_with_base`] with a base that is text: `new URL(input, base)`.
    ///
    /// # Errors
    /// [`Code::InvalidUrl`], with input and base as given, if either is not valid.
    pub fn resolve(input: impl Input, base: impl Input) -> Result<Url> {
        parse_new(base, None)
            .and_then(|base| parse_new(input, Some(&base)))
            .ok_or_else(|| base.with_utf8(|base| invalid(input, Some(base))))
    }

    /// Whether [`Url::parse`] would succeed, or [`Url::parse_with_base`] with a base: `URL.canParse(input[, base])`.
    ///
    /// ```
    /// use nodecore_url::Url;
    ///
    /// assert!(Url::can_parse("https://example.org/", None));
    /// assert!(!Url::can_parse("/path", None));
    /// assert!(!Url::can_parse("https://example.org:99999/", None));
    /// ```
    pub fn can_parse(input: impl Input, base: Option<&Url>) -> bool {
        short::is_valid(input) || input.with_bytes(|input| can_parse(input, base))
    }

    /// Parses again into this object, keeping its buffer, so that as a rule nothing is allocated. After an error
    /// the object is as it was.
    ///
    /// # Errors
    /// As [`Url::parse`] and [`Url::parse_with_base`].
    pub fn reparse(&mut self, input: impl Input, base: Option<&Url>) -> Result<()> {
        if let Some(parts) = short::scan(input)
            && let Some(href) = input.copy_graphic(std::mem::take(&mut self.href))
        {
            *self = Url { href, parts };
            return Ok(());
        }
        let done = input.with_bytes(|input| self.reparse_slowly(input, base));
        done.ok_or_else(|| invalid(input, base.map(Url::href)))
    }

    #[inline(never)]
    fn reparse_slowly(&mut self, input: &[u8], base: Option<&Url>) -> Option<()> {
        let mut out = SPARE.try_with(Cell::take).unwrap_or_default();
        out.clear();
        let parts = parse_into(input, base, &mut out);
        match (parts, String::from_utf8(out)) {
            (Some(parts), Ok(href)) => {
                keep_spare(std::mem::replace(&mut self.href, href).into_bytes());
                self.parts = parts;
                return Some(());
            }
            (_, Ok(out)) => keep_spare(out.into_bytes()),
            (_, Err(error)) => keep_spare(error.into_bytes()),
        }
        None
    }

    /// The whole URL, serialised.
    #[inline]
    pub fn href(&self) -> &str {
        &self.href
    }

    /// As [`href`](Url::href), without a copy.
    #[inline]
    pub fn into_href(self) -> String {
        self.href
    }

    /// The origin, such as `https://example.org`; `null` for schemes that have none.
    pub fn origin(&self) -> Cow<'_, str> {
        match self.parts.scheme {
            Scheme::Other => self.blob_origin().unwrap_or(Cow::Borrowed("null")),
            Scheme::File => Cow::Borrowed("null"),
            _ if self.parts.username_end == self.parts.host_start => {
                Cow::Borrowed(self.slice(0, self.parts.path_start))
            }
            _ => Cow::Owned(format!("{}//{}", self.protocol(), self.host())),
        }
    }

    /// The scheme with its colon, such as `https:`.
    pub fn protocol(&self) -> &str {
        self.slice(0, self.parts.scheme_end + 1)
    }

    /// The user name, percent-encoded; empty without one.
    pub fn username(&self) -> &str {
        if self.has_credentials() {
            self.slice(self.parts.scheme_end + 3, self.parts.username_end)
        } else {
            ""
        }
    }

    /// The password, percent-encoded; empty without one.
    pub fn password(&self) -> &str {
        // From past the ":" to before the "@"; without a password the "@" alone lies between.
        let (start, end) = (self.parts.username_end, self.parts.host_start);
        if end > start + 1 { self.slice(start + 1, end - 1) } else { "" }
    }

    /// Host name and, where it is not the scheme's default, `:port`.
    pub fn host(&self) -> &str {
        if self.parts.has_host() { self.slice(self.parts.host_start, self.parts.path_start) } else { "" }
    }

    /// The host without the port; an IPv6 address is in brackets.
    pub fn hostname(&self) -> &str {
        self.slice(self.parts.host_start, self.parts.host_end)
    }

    /// The port in decimal; empty where it is the scheme's default.
    pub fn port(&self) -> &str {
        let (start, end) = (self.parts.host_end, self.parts.path_start);
        if self.parts.has_host() && end > start { self.slice(start + 1, end) } else { "" }
    }

    /// The path.
    pub fn pathname(&self) -> &str {
        self.slice(self.parts.path_start, self.parts.query_start)
    }

    /// The query with its `?`; empty if there is none or nothing in it.
    pub fn search(&self) -> &str {
        match self.query_with_mark() {
            "?" => "",
            search => search,
        }
    }

    /// The fragment with its `#`; empty if there is none or nothing in it.
    pub fn hash(&self) -> &str {
        match self.fragment_with_mark() {
            "#" => "",
            hash => hash,
        }
    }

    pub(crate) fn slice(&self, start: u32, end: u32) -> &str {
        self.href.get(start as usize..end as usize).unwrap_or_default()
    }

    pub(crate) fn query_with_mark(&self) -> &str {
        self.slice(self.parts.query_start, self.parts.fragment_start)
    }

    pub(crate) fn fragment_with_mark(&self) -> &str {
        self.href.get(self.parts.fragment_start as usize..).unwrap_or_default()
    }

    pub(crate) fn has_credentials(&self) -> bool {
        self.parts.host_start > self.parts.username_end
    }

    pub(crate) fn has_opaque_path(&self) -> bool {
        self.parts.scheme == Scheme::Other && !self.parts.has_host() && !self.pathname().starts_with('/')
    }

    fn blob_origin(&self) -> Option<Cow<'static, str>> {
        if self.protocol() != "blob:" {
            return None;
        }
        let inner = parse_new(self.pathname(), None)?;
        match inner.parts.scheme {
            Scheme::Http | Scheme::Https => Some(Cow::Owned(inner.origin().into_owned())),
            _ => None,
        }
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.href)
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Url").field(&self.href).finish()
    }
}

impl From<Url> for String {
    fn from(url: Url) -> String {
        url.into_href()
    }
}

impl FromStr for Url {
    type Err = Error;

    fn from_str(input: &str) -> Result<Url> {
        Url::parse(input)
    }
}

impl AsRef<str> for Url {
    fn as_ref(&self) -> &str {
        &self.href
    }
}

impl PartialEq for Url {
    fn eq(&self, other: &Url) -> bool {
        self.href == other.href
    }
}

impl Eq for Url {}

impl PartialOrd for Url {
    fn partial_cmp(&self, other: &Url) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Url {
    fn cmp(&self, other: &Url) -> std::cmp::Ordering {
        self.href.cmp(&other.href)
    }
}

impl Hash for Url {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.href.hash(state);
    }
}

#[inline(always)]
pub(crate) fn parse_new<I: Input>(input: I, base: Option<&Url>) -> Option<Url> {
    if let Some(parts) = short::scan(input)
        && let Some(href) = input.copy_graphic(input.buffer())
    {
        return Some(Url { href, parts });
    }
    input.with_bytes(|input| parse_slowly(input, base))
}

#[inline(never)]
fn can_parse(input: &[u8], base: Option<&Url>) -> bool {
    fast::is_valid(input) || parser::parse(input, base, &mut Vec::new(), true).is_some()
}

thread_local! {
    /// A buffer for [`Url::reparse`] to write to, which must not lose what it has before it succeeds.
    static SPARE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

fn keep_spare(buffer: Vec<u8>) {
    // What one long URL needed is not held for ever.
    if buffer.capacity() <= 1 << 12 {
        _ = SPARE.try_with(|spare| spare.set(buffer));
    }
}

#[inline(never)]
fn parse_slowly(input: &[u8], base: Option<&Url>) -> Option<Url> {
    let mut out = Vec::new();
    let parts = parse_into(input, base, &mut out)?;
    // A serialised URL is ASCII.
    let href = String::from_utf8(out).ok()?;
    Some(Url { href, parts })
}

/// Parses to `out`, which must be empty.
#[inline(always)]
fn parse_into(input: &[u8], base: Option<&Url>, out: &mut Vec<u8>) -> Option<Parts> {
    match fast::scan(input) {
        Scan::Whole(parts) => {
            out.extend_from_slice(input);
            Some(parts)
        }
        Scan::LacksSlash(parts) => {
            let (start, rest) = input.split_at(parts.path_start as usize);
            out.reserve(input.len() + 1);
            out.extend_from_slice(start);
            out.push(b'/');
            out.extend_from_slice(rest);
            Some(parts)
        }
        Scan::Authority(authority) => parser::parse_path(input, &authority, out),
        Scan::Nothing => parser::parse(input, base, out, false),
    }
}

#[cold]
fn invalid(input: impl Input, base: Option<&str>) -> Error {
    let error = input.with_utf8(|input| Error::from_template(Code::InvalidUrl, &[]).with_input(input));
    match base {
        Some(base) => error.with_base(base),
        None => error,
    }
}
