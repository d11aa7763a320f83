//! Matching, and what a match gives.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::component::{Component, Span};
use super::init::{
    self, HASH, HOSTNAME, PASSWORD, PATHNAME, PORT, PROTOCOL, SEARCH, USERNAME, UrlPatternInit,
};
use super::{Compiled, UrlPattern, UrlPatternComponent};
use crate::Url;
use crate::input::Input;
use crate::url::parse_new;

/// The order in which components are tried: those that tell URLs apart first.
const ORDER: [usize; 8] = [PATHNAME, HOSTNAME, PROTOCOL, PORT, SEARCH, HASH, USERNAME, PASSWORD];

impl UrlPattern {
    /// Matches a URL against the pattern: `pattern.exec(input[, base])`. `None` if it does not match, or if `input`
    /// with `base` is no valid URL.
    ///
    /// ```
    /// use nodecore_url::{UrlPattern, UrlPatternOptions};
    ///
    /// let pattern = UrlPattern::parse("https://*.example.org/books/:id?", None, UrlPatternOptions::new())?;
    /// let found = pattern.exec("https://www.example.org/books/7", None).expect("it matches");
    /// assert_eq!(found.hostname().group("0"), Some("www"));
    /// assert_eq!(found.pathname().group("id"), Some("7"));
    /// assert_eq!(found.pathname().input(), "/books/7");
    /// let found = pattern.exec("/books", Some("https://www.example.org/")).expect("it matches");
    /// assert_eq!(found.pathname().groups().collect::<Vec<_>>(), [("id", None)]);
    /// assert!(pattern.exec("https://www.example.org/books/7/8", None).is_none());
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    ///
    /// # Differences from Node
    /// A relative `input` without `base` matches nothing, as the Standard has it. Node 26 takes it for the rest of a URL
    /// that has neither scheme nor host, unlike browsers, Deno and Bun; give a `base`, or use
    /// [`exec_init`](UrlPattern::exec_init).
    pub fn exec(&self, input: impl Input, base: Option<&str>) -> Option<UrlPatternResult> {
        self.exec_owned(resolve(input, base)?)
    }

    /// As [`UrlPattern::exec`] with the components of the input: `pattern.exec({ pathname: … })`. What is not given
    /// is empty; components that cannot be in a URL match nothing.
    pub fn exec_init(&self, input: &UrlPatternInit) -> Option<UrlPatternResult> {
        let components = init::for_url(input)?;
        let parts = |component: usize| components[component].as_str();
        let spans = self.spans(parts)?;
        let mut result = self.result(String::new(), spans);
        for (component, text) in components.iter().enumerate() {
            let start = result.text.len();
            result.text.push_str(text);
            result.places[component] = start..result.text.len();
        }
        Some(result)
    }

    /// As [`UrlPattern::exec`] with a URL that is parsed already.
    pub fn exec_url(&self, input: &Url) -> Option<UrlPatternResult> {
        let spans = self.spans(|component| init::component_of(input, component))?;
        Some(self.url_result(input.clone(), spans))
    }

    /// Whether a URL matches the pattern: `pattern.test(input[, base])`, which is [`UrlPattern::exec`] without the
    /// groups.
    pub fn test(&self, input: impl Input, base: Option<&str>) -> bool {
        resolve(input, base).is_some_and(|url| self.test_url(&url))
    }

    /// As [`UrlPattern::test`] with the components of the input: `pattern.test({ pathname: … })`.
    pub fn test_init(&self, input: &UrlPatternInit) -> bool {
        init::for_url(input).is_some_and(|components| {
            ORDER.iter().all(|&component| self.compiled.components[component].test(&components[component]))
        })
    }

    /// As [`UrlPattern::test`] with a URL that is parsed already.
    pub fn test_url(&self, input: &Url) -> bool {
        ORDER
            .iter()
            .all(|&component| self.compiled.components[component].test(init::component_of(input, component)))
    }

    fn exec_owned(&self, url: Url) -> Option<UrlPatternResult> {
        let spans = self.spans(|component| init::component_of(&url, component))?;
        Some(self.url_result(url, spans))
    }

    /// What the groups of all components match, in the components' order.
    fn spans<'i>(&self, input: impl Fn(usize) -> &'i str) -> Option<Vec<Span>> {
        let components = &self.compiled.components;
        // What fails fails before anything is allocated.
        let likely = &components[PATHNAME];
        if likely.groups() == 0 && !likely.test(input(PATHNAME)) {
            return None;
        }
        let mut spans = Vec::with_capacity(self.compiled.groups());
        for (index, component) in components.iter().enumerate() {
            if !component.exec(input(index), &mut spans) {
                return None;
            }
        }
        Some(spans)
    }

    fn url_result(&self, url: Url, spans: Vec<Span>) -> UrlPatternResult {
        let href = url.href().as_ptr() as usize;
        let places = std::array::from_fn(|component| {
            let text = init::component_of(&url, component);
            if text.is_empty() {
                return 0..0;
            }
            let start = text.as_ptr() as usize - href;
            start..start + text.len()
        });
        let mut result = self.result(url.href, spans);
        result.places = places;
        result
    }

    fn result(&self, text: String, spans: Vec<Span>) -> UrlPatternResult {
        UrlPatternResult { pattern: Arc::clone(&self.compiled), text, places: Default::default(), spans }
    }
}

fn resolve(input: impl Input, base: Option<&str>) -> Option<Url> {
    match base {
        None => parse_new(input, None),
        Some(base) => parse_new(input, Some(&parse_new(base, None)?)),
    }
}

/// What [`UrlPattern::exec`] found: Node's `URLPatternResult`.
///
/// # Differences from Node
/// There is no `inputs`: they are what the caller passed.
#[derive(Clone)]
pub struct UrlPatternResult {
    pattern: Arc<Compiled>,
    text: String,
    /// Where in `text` each component is.
    places: [Range<usize>; 8],
    spans: Vec<Span>,
}

impl UrlPatternResult {
    /// What the scheme was, without its `:`, and what its groups matched.
    pub fn protocol(&self) -> UrlPatternComponentResult<'_> {
        self.component(UrlPatternComponent::Protocol)
    }

    /// The user name and its groups.
    pub fn username(&self) -> UrlPatternComponentResult<'_> {
        self.component(UrlPatternComponent::Username)
    }

    /// The password and its groups.
    pub fn password(&self) -> UrlPatternComponentResult<'_> {
        self.component(UrlPatternComponent::Password)
    }

    /// The host without its port, and its groups.
    pub fn hostname(&self) -> UrlPatternComponentResult<'_> {
        self.component(UrlPatternComponent::Hostname)
    }

    /// The port, empty where it is the scheme's own, and its groups.
    pub fn port(&self) -> UrlPatternComponentResult<'_> {
        self.component(UrlPatternComponent::Port)
    }

    /// The path and its groups.
    pub fn pathname(&self) -> UrlPatternComponentResult<'_> {
        self.component(UrlPatternComponent::Pathname)
    }

    /// The query, without its `?`, and its groups.
    pub fn search(&self) -> UrlPatternComponentResult<'_> {
        self.component(UrlPatternComponent::Search)
    }

    /// The fragment, without its `#`, and its groups.
    pub fn hash(&self) -> UrlPatternComponentResult<'_> {
        self.component(UrlPatternComponent::Hash)
    }

    /// The component that `which` names.
    pub fn component(&self, which: UrlPatternComponent) -> UrlPatternComponentResult<'_> {
        UrlPatternComponentResult { result: self, component: which as usize }
    }
}

impl fmt::Debug for UrlPatternResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for which in UrlPatternComponent::ALL {
            map.entry(&which.name(), &self.component(which));
        }
        map.finish()
    }
}

/// One component of a match: Node's `URLPatternComponentResult`, a view of its [`UrlPatternResult`].
#[derive(Clone, Copy)]
pub struct UrlPatternComponentResult<'r> {
    result: &'r UrlPatternResult,
    component: usize,
}

impl<'r> UrlPatternComponentResult<'r> {
    /// What was matched, as the URL has it.
    pub fn input(self) -> &'r str {
        let result = self.result;
        result.text.get(result.places[self.component].clone()).unwrap_or_default()
    }

    /// The groups' names and what each matched, in the pattern's order; `None` for one that was left out. A group
    /// without a name is named by its number, from `"0"`.
    pub fn groups(self) -> impl ExactSizeIterator<Item = (&'r str, Option<&'r str>)> {
        let (pattern, input) = (self.pattern(), self.input());
        self.spans()
            .iter()
            .enumerate()
            .map(move |(index, &span)| (pattern.name(index).unwrap_or_default(), slice(input, span)))
    }

    /// A group's name and what it matched, by its place from 0: what [`groups`](Self::groups) gives there.
    pub fn group_at(self, index: usize) -> Option<(&'r str, Option<&'r str>)> {
        Some((self.pattern().name(index)?, slice(self.input(), *self.spans().get(index)?)))
    }

    /// What the group `name` matched; `None` if it was left out, or there is none of that name.
    pub fn group(self, name: &str) -> Option<&'r str> {
        self.groups().find(|(group, _)| *group == name)?.1
    }

    fn pattern(self) -> &'r Component {
        &self.result.pattern.components[self.component]
    }

    fn spans(self) -> &'r [Span] {
        let before = &self.result.pattern.components[..self.component];
        let first: usize = before.iter().map(Component::groups).sum();
        self.result.spans.get(first..first + self.pattern().groups()).unwrap_or_default()
    }
}

fn slice(input: &str, span: Span) -> Option<&str> {
    let (start, end) = span?;
    input.get(start as usize..end as usize)
}

impl fmt::Debug for UrlPatternComponentResult<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups: Vec<_> = self.groups().collect();
        f.debug_struct("UrlPatternComponentResult")
            .field("input", &self.input())
            .field("groups", &groups)
            .finish()
    }
}
