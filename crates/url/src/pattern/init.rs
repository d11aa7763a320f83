//! The components of a pattern or of an input, given one by one
//! (<https://urlpattern.spec.whatwg.org/#canon-processing-for-init>).

use super::component::Component;
use super::{canonicalise, parser};
use crate::Url;
use crate::parser::Scheme;

/// The components of a pattern, or of a URL to match, one by one: Node's `URLPatternInit`.
///
/// In a pattern a component that is not given matches anything; in an input it is empty. With a base URL those that
/// are not given come from it, as far as they are not more specific than one that is.
///
/// ```
/// use nodecore_url::{UrlPattern, UrlPatternInit, UrlPatternOptions};
///
/// let init = UrlPatternInit::new().hostname("*.example.org").pathname("/books/:id");
/// let pattern = UrlPattern::from_init(&init, UrlPatternOptions::new())?;
/// assert!(pattern.test("https://www.example.org/books/7?a#b", None));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UrlPatternInit {
    /// In the order of [`UrlPatternComponent`](super::UrlPatternComponent).
    pub(super) components: [Option<String>; 8],
    pub(super) base_url: Option<String>,
}

impl UrlPatternInit {
    /// No component.
    pub fn new() -> UrlPatternInit {
        UrlPatternInit::default()
    }

    /// The scheme, with or without its `:`.
    pub fn protocol(self, value: impl Into<String>) -> UrlPatternInit {
        self.with(PROTOCOL, value.into())
    }

    /// The user name.
    pub fn username(self, value: impl Into<String>) -> UrlPatternInit {
        self.with(USERNAME, value.into())
    }

    /// The password.
    pub fn password(self, value: impl Into<String>) -> UrlPatternInit {
        self.with(PASSWORD, value.into())
    }

    /// The host without its port.
    pub fn hostname(self, value: impl Into<String>) -> UrlPatternInit {
        self.with(HOSTNAME, value.into())
    }

    /// The port.
    pub fn port(self, value: impl Into<String>) -> UrlPatternInit {
        self.with(PORT, value.into())
    }

    /// The path.
    pub fn pathname(self, value: impl Into<String>) -> UrlPatternInit {
        self.with(PATHNAME, value.into())
    }

    /// The query, with or without its `?`.
    pub fn search(self, value: impl Into<String>) -> UrlPatternInit {
        self.with(SEARCH, value.into())
    }

    /// The fragment, with or without its `#`.
    pub fn hash(self, value: impl Into<String>) -> UrlPatternInit {
        self.with(HASH, value.into())
    }

    /// The URL that what is not given comes from.
    pub fn base_url(mut self, value: impl Into<String>) -> UrlPatternInit {
        self.base_url = Some(value.into());
        self
    }

    pub(super) fn with(mut self, component: usize, value: String) -> UrlPatternInit {
        self.components[component] = Some(value);
        self
    }

    fn has_any(&self, components: &[usize]) -> bool {
        components.iter().any(|&component| self.components[component].is_some())
    }
}

pub(super) const PROTOCOL: usize = 0;
pub(super) const USERNAME: usize = 1;
pub(super) const PASSWORD: usize = 2;
pub(super) const HOSTNAME: usize = 3;
pub(super) const PORT: usize = 4;
pub(super) const PATHNAME: usize = 5;
pub(super) const SEARCH: usize = 6;
pub(super) const HASH: usize = 7;

/// Processes `init` as a pattern; what is in neither it nor its base URL is `None`.
pub(super) fn for_pattern(init: &UrlPatternInit) -> Option<[Option<String>; 8]> {
    process(init, true)
}

/// Processes `init` as a URL.
pub(super) fn for_url(init: &UrlPatternInit) -> Option<[String; 8]> {
    process(init, false).map(|components| components.map(Option::unwrap_or_default))
}

fn process(init: &UrlPatternInit, pattern: bool) -> Option<[Option<String>; 8]> {
    let mut out: [Option<String>; 8] = Default::default();
    let base = match &init.base_url {
        Some(base) => Some(Url::parse(base).ok()?),
        None => None,
    };
    if let Some(base) = &base {
        inherit(init, base, pattern, &mut out);
    }
    let [protocol, username, password, hostname, port, pathname, search, hash] = &init.components;
    // A pattern is canonicalised when it is compiled.
    let canonical = |value: &str, canonicalise: canonicalise::Canonicalise| {
        if pattern { Some(value.to_owned()) } else { canonicalise(value) }
    };
    if let Some(value) = protocol {
        let value = value.strip_suffix(':').unwrap_or(value);
        out[PROTOCOL] = Some(canonical(value, canonicalise::protocol)?);
    }
    if let Some(value) = username {
        out[USERNAME] = Some(canonical(value, canonicalise::username)?);
    }
    if let Some(value) = password {
        out[PASSWORD] = Some(canonical(value, canonicalise::password)?);
    }
    if let Some(value) = hostname {
        out[HOSTNAME] = Some(canonical(value, canonicalise::hostname)?);
    }
    let scheme = out[PROTOCOL].clone().unwrap_or_default();
    if let Some(value) = port {
        out[PORT] = Some(if pattern { value.clone() } else { canonicalise::port_of(value, &scheme)? });
    }
    if let Some(value) = pathname {
        let value = absolute(value, base.as_ref(), pattern);
        let special = scheme.is_empty() || Scheme::of(scheme.as_bytes()).is_special();
        let canonicalise = if special { canonicalise::pathname } else { canonicalise::opaque_pathname };
        out[PATHNAME] = Some(canonical(&value, canonicalise)?);
    }
    if let Some(value) = search {
        let value = value.strip_prefix('?').unwrap_or(value);
        out[SEARCH] = Some(canonical(value, canonicalise::search)?);
    }
    if let Some(value) = hash {
        let value = value.strip_prefix('#').unwrap_or(value);
        out[HASH] = Some(canonical(value, canonicalise::hash)?);
    }
    Some(out)
}

/// Takes from `base` what `init` does not give, up to the first component that it does give. User name and password
/// are never taken for a pattern.
fn inherit(init: &UrlPatternInit, base: &Url, pattern: bool, out: &mut [Option<String>; 8]) {
    let authority = [PROTOCOL, HOSTNAME, PORT];
    if !pattern && !init.has_any(&authority) && !init.has_any(&[USERNAME]) {
        out[USERNAME] = Some(base.username().to_owned());
        if !init.has_any(&[PASSWORD]) {
            out[PASSWORD] = Some(base.password().to_owned());
        }
    }
    for component in [PROTOCOL, HOSTNAME, PORT, PATHNAME, SEARCH, HASH] {
        if init.has_any(&[component]) {
            return;
        }
        let value = component_of(base, component);
        out[component] = Some(if pattern { escaped(value) } else { value.to_owned() });
    }
}

/// `pathname` after the last slash of the base's path, unless it starts with one itself.
fn absolute<'a>(pathname: &'a str, base: Option<&Url>, pattern: bool) -> std::borrow::Cow<'a, str> {
    let starts: &[&str] = if pattern { &["/", "\\/", "{/"] } else { &["/"] };
    let is_absolute = starts.iter().any(|start| pathname.starts_with(start));
    let Some(base) = base.filter(|base| !is_absolute && !base.has_opaque_path()) else {
        return pathname.into();
    };
    let path = if pattern { escaped(base.pathname()) } else { base.pathname().to_owned() };
    match path.rfind('/') {
        Some(slash) => format!("{}{pathname}", &path[..=slash]).into(),
        None => pathname.into(),
    }
}

/// A component of `url` without the mark before or after it.
pub(super) fn component_of(url: &Url, component: usize) -> &str {
    match component {
        PROTOCOL => url.protocol().strip_suffix(':').unwrap_or_default(),
        USERNAME => url.username(),
        PASSWORD => url.password(),
        HOSTNAME => url.hostname(),
        PORT => url.port(),
        PATHNAME => url.pathname(),
        SEARCH => url.search().strip_prefix('?').unwrap_or_default(),
        _ => url.hash().strip_prefix('#').unwrap_or_default(),
    }
}

/// Whether `protocol` matches one of the special schemes.
pub(super) fn matches_special(protocol: &Component) -> bool {
    ["http", "https", "ws", "wss", "ftp", "file"].iter().any(|scheme| protocol.test(scheme))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    parser::escape(text, &mut out);
    out
}
