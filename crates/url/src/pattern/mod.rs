//! The `URLPattern` class (<https://urlpattern.spec.whatwg.org>).
//!
//! A constructor string becomes components (`constructor`, `init`), each component's pattern tokens (`tokenizer`) and
//! parts (`parser`), whose fixed text is put in the form that URLs have (`canonicalise`), and the parts something that
//! matches (`component`): as a rule plain comparisons, where it takes more a `program`, and a full engine of
//! regular expressions only for those of the caller's that are not simple (`regexp`).

mod canonicalise;
mod component;
mod constructor;
mod init;
mod parser;
mod program;
mod regexp;
mod result;
mod tokenizer;

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use nodecore_error::{Code, Error, Result};

use crate::input::Input;
use crate::parser::{MAX_INPUT, Scheme};
use component::Component;
use init::{HASH, HOSTNAME, PASSWORD, PATHNAME, PORT, PROTOCOL, SEARCH, USERNAME};
use parser::Options;

pub use init::UrlPatternInit;
pub use result::{UrlPatternComponentResult, UrlPatternResult};

/// A pattern that URLs match or not: Node's `URLPattern`
/// (<https://nodejs.org/api/url.html#class-urlpattern>).
///
/// Each component of a URL has a pattern of its own, in which `*` matches anything, `:name` a segment (up to the next
/// `/` of a path, or `.` of a host), `(…)` a regular expression of JavaScript's with the flag `v`, and braces group; `?`,
/// `+` and `*` after one of these say how often it may occur.
///
/// ```
/// use nodecore_url::{UrlPattern, UrlPatternOptions};
///
/// let pattern = UrlPattern::parse("/:lang(de|en)/*.html", Some("https://example.org"), UrlPatternOptions::new())?;
/// assert_eq!((pattern.hostname(), pattern.pathname()), ("example.org", "/:lang(de|en)/*.html"));
/// assert!(pattern.test("https://example.org/en/a/b.html", None));
/// assert!(!pattern.test("https://example.org/fr/a.html", None));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
///
/// # Time
/// Without regular expressions, and with simple ones (characters, classes, groups, alternatives, repeats), a match
/// takes at most the pattern's length times the input's, and as a rule no more than to read the input once. Regular
/// expressions with look-around, back references, named groups, Unicode properties, word boundaries, escapes by number,
/// nested classes, large counts, or repeats of what may be empty run on a backtracking engine: what takes exponential
/// time in JavaScript does so here. Patterns from strangers are safe if
/// [`has_regexp_groups`](UrlPattern::has_regexp_groups) is false. Making a pattern, and the canonical form of an input,
/// takes time linear in their length.
///
/// # Differences from Node
/// - Where Node 26 differs from the Standard (see [`exec`](UrlPattern::exec)), this follows the Standard.
/// - Where the scheme is not special, a path that starts with a slash is one of segments, as in Node, Bun and Deno; for
///   the Standard it is opaque, so that `/a/../b` stays. Unlike in Node one that starts with `//` has no host in it, and
///   spaces at its end stay, as web-platform-tests have it.
/// - Groups and classes in a regular expression nest at most 250 deep where it is not a simple one.
/// - An input for which a pattern of many wildcards would have to remember more than 2<sup>32</sup> attempts does not
///   match.
#[derive(Clone)]
pub struct UrlPattern {
    compiled: Arc<Compiled>,
}

#[derive(Debug)]
struct Compiled {
    components: [Component; 8],
}

impl Compiled {
    fn groups(&self) -> usize {
        self.components.iter().map(Component::groups).sum()
    }
}

/// How a [`UrlPattern`] is made: Node's options of its constructor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UrlPatternOptions {
    ignore_case: bool,
}

impl UrlPatternOptions {
    /// Node's defaults.
    pub fn new() -> UrlPatternOptions {
        UrlPatternOptions::default()
    }

    /// Whether path, query and fragment match without regard to case.
    pub fn ignore_case(mut self, ignore_case: bool) -> UrlPatternOptions {
        self.ignore_case = ignore_case;
        self
    }
}

/// A component of a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "their names say what they are")]
pub enum UrlPatternComponent {
    Protocol = PROTOCOL as isize,
    Username = USERNAME as isize,
    Password = PASSWORD as isize,
    Hostname = HOSTNAME as isize,
    Port = PORT as isize,
    Pathname = PATHNAME as isize,
    Search = SEARCH as isize,
    Hash = HASH as isize,
}

impl UrlPatternComponent {
    /// All of them, in the order of a URL.
    pub const ALL: [UrlPatternComponent; 8] = [
        UrlPatternComponent::Protocol,
        UrlPatternComponent::Username,
        UrlPatternComponent::Password,
        UrlPatternComponent::Hostname,
        UrlPatternComponent::Port,
        UrlPatternComponent::Pathname,
        UrlPatternComponent::Search,
        UrlPatternComponent::Hash,
    ];

    /// Node's name of it, such as `pathname`.
    pub fn name(self) -> &'static str {
        match self {
            UrlPatternComponent::Protocol => "protocol",
            UrlPatternComponent::Username => "username",
            UrlPatternComponent::Password => "password",
            UrlPatternComponent::Hostname => "hostname",
            UrlPatternComponent::Port => "port",
            UrlPatternComponent::Pathname => "pathname",
            UrlPatternComponent::Search => "search",
            UrlPatternComponent::Hash => "hash",
        }
    }
}

impl UrlPattern {
    /// Makes a pattern of a URL with pattern syntax in it: `new URLPattern(pattern[, base][, options])`.
    ///
    /// What `pattern` does not give comes from `base`, which is a plain URL; a component that neither gives matches
    /// anything.
    ///
    /// # Errors
    /// [`Code::InvalidUrlPattern`] if the syntax is wrong, a group's name is given twice, a regular expression is none
    /// of JavaScript's, a text cannot be in its component, `base` is no URL, or `pattern` is relative and there is no
    /// `base`. Patterns above 512 MiB are refused, and components of more than 32,767 groups, as by Node.
    pub fn parse(pattern: impl Input, base: Option<&str>, options: UrlPatternOptions) -> Result<UrlPattern> {
        pattern
            .with_utf8(|pattern| {
                if pattern.len() > MAX_INPUT {
                    return None;
                }
                let mut init = constructor::parse(pattern)?;
                match base {
                    Some(base) => init = init.base_url(base),
                    None if init.components[PROTOCOL].is_none() => return None,
                    None => {}
                }
                compile(&init, options)
            })
            .ok_or_else(invalid)
    }

    /// Makes a pattern of one for each component: `new URLPattern({ … }[, options])`.
    ///
    /// # Errors
    /// As [`UrlPattern::parse`].
    pub fn from_init(init: &UrlPatternInit, options: UrlPatternOptions) -> Result<UrlPattern> {
        let too_long = init.components.iter().flatten().any(|component| component.len() > MAX_INPUT);
        if too_long { None } else { compile(init, options) }.ok_or_else(invalid)
    }

    /// The pattern of the scheme, in its normal form.
    pub fn protocol(&self) -> &str {
        self.component(UrlPatternComponent::Protocol)
    }

    /// The pattern of the user name.
    pub fn username(&self) -> &str {
        self.component(UrlPatternComponent::Username)
    }

    /// The pattern of the password.
    pub fn password(&self) -> &str {
        self.component(UrlPatternComponent::Password)
    }

    /// The pattern of the host without its port.
    pub fn hostname(&self) -> &str {
        self.component(UrlPatternComponent::Hostname)
    }

    /// The pattern of the port.
    pub fn port(&self) -> &str {
        self.component(UrlPatternComponent::Port)
    }

    /// The pattern of the path.
    pub fn pathname(&self) -> &str {
        self.component(UrlPatternComponent::Pathname)
    }

    /// The pattern of the query.
    pub fn search(&self) -> &str {
        self.component(UrlPatternComponent::Search)
    }

    /// The pattern of the fragment.
    pub fn hash(&self) -> &str {
        self.component(UrlPatternComponent::Hash)
    }

    /// The pattern of the component that `which` names.
    pub fn component(&self, which: UrlPatternComponent) -> &str {
        &self.compiled.components[which as usize].pattern
    }

    /// Whether there are regular expressions in the pattern: `pattern.hasRegExpGroups`.
    pub fn has_regexp_groups(&self) -> bool {
        self.compiled.components.iter().any(|component| component.has_regexp_groups)
    }

    /// Orders patterns by how specific a component of theirs is: fixed text is [`Greater`](Ordering::Greater) than a
    /// regular expression, that than `:name`, and that than `*`. So a table sorted from the greatest down tries what
    /// is special before what is general.
    ///
    /// Neither the Standard nor Node has it yet; it is `URLPattern.compareComponent` of web-platform-tests.
    ///
    /// ```
    /// use nodecore_url::{UrlPattern, UrlPatternComponent, UrlPatternInit, UrlPatternOptions};
    ///
    /// let path = |path: &str| UrlPattern::from_init(&UrlPatternInit::new().pathname(path), UrlPatternOptions::new());
    /// let mut table = [path("/books/*")?, path("/books/new")?, path("/books/:id")?];
    /// table.sort_by(|a, b| b.compare_component(a, UrlPatternComponent::Pathname));
    /// assert_eq!(table.each_ref().map(UrlPattern::pathname), ["/books/new", "/books/:id", "/books/*"]);
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn compare_component(&self, other: &UrlPattern, which: UrlPatternComponent) -> Ordering {
        let component = which as usize;
        self.compiled.components[component].compare(&other.compiled.components[component])
    }

    /// The text of a component with `groups` in the places of its `:name` groups, as a URL would have it. `None` where
    /// a group has no value, a value is empty or more than a segment, or the pattern has anything else that is not
    /// fixed text.
    ///
    /// Neither the Standard nor Node has it yet; it is `URLPattern`'s `generate` of web-platform-tests.
    ///
    /// ```
    /// use nodecore_url::{UrlPattern, UrlPatternComponent::Pathname, UrlPatternInit, UrlPatternOptions};
    ///
    /// let init = UrlPatternInit::new().pathname("/books/:title");
    /// let pattern = UrlPattern::from_init(&init, UrlPatternOptions::new())?;
    /// assert_eq!(pattern.generate(Pathname, &[("title", "a b")]).as_deref(), Some("/books/a%20b"));
    /// assert_eq!(pattern.generate(Pathname, &[("title", "a/b")]), None);
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn generate(&self, which: UrlPatternComponent, groups: &[(&str, &str)]) -> Option<String> {
        let value = |name: &str| groups.iter().find(|(group, _)| *group == name).map(|(_, value)| *value);
        self.compiled.components[which as usize].generate(value)
    }
}

impl fmt::Debug for UrlPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for which in UrlPatternComponent::ALL {
            map.entry(&which.name(), &self.component(which));
        }
        map.finish()
    }
}

fn compile(init: &UrlPatternInit, options: UrlPatternOptions) -> Option<UrlPattern> {
    let mut patterns = init::for_pattern(init)?.map(|pattern| pattern.unwrap_or_else(|| "*".to_owned()));
    let default_port = Scheme::of(patterns[PROTOCOL].as_bytes()).default_port();
    if default_port.is_some_and(|port| patterns[PORT] == port.to_string()) {
        patterns[PORT].clear();
    }
    let plain = |component: usize, canonicalise| {
        Component::compile(&patterns[component], Options::DEFAULT, canonicalise)
    };
    let ignore_case = options.ignore_case;
    let last = Options { ignore_case, ..Options::DEFAULT };
    let protocol = plain(PROTOCOL, canonicalise::protocol)?;
    let hostname =
        if is_ipv6(&patterns[HOSTNAME]) { canonicalise::ipv6_hostname } else { canonicalise::hostname };
    let hostname = Component::compile(&patterns[HOSTNAME], Options::HOSTNAME, hostname)?;
    let pathname = if init::matches_special(&protocol) {
        let options = Options { ignore_case, ..Options::PATHNAME };
        Component::compile(&patterns[PATHNAME], options, canonicalise::pathname)?
    } else {
        Component::compile(&patterns[PATHNAME], last, canonicalise::opaque_pathname)?
    };
    let components = [
        protocol,
        plain(USERNAME, canonicalise::username)?,
        plain(PASSWORD, canonicalise::password)?,
        hostname,
        plain(PORT, canonicalise::port)?,
        pathname,
        Component::compile(&patterns[SEARCH], last, canonicalise::search)?,
        Component::compile(&patterns[HASH], last, canonicalise::hash)?,
    ];
    Some(UrlPattern { compiled: Arc::new(Compiled { components }) })
}

fn is_ipv6(hostname: &str) -> bool {
    ["[", "{[", "\\["].iter().any(|start| hostname.starts_with(start)) && hostname.len() > 1
}

#[cold]
fn invalid() -> Error {
    Error::from_template(Code::InvalidUrlPattern, &[])
}
