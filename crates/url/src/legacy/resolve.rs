//! `url.resolve` and `url.resolveObject`.

use nodecore_error::Result;

use super::{LegacyUrl, format, is_empty, is_slashed, parse, text_of};

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
    Ok(parse(from, true)?.resolved(parse(to, true)?).href)
}

/// As [`resolve`], taken apart: Node's `url.resolveObject(from, to)`.
///
/// # Errors
/// As [`parse`].
pub fn resolve_object(from: &str, to: &str) -> Result<LegacyUrl> {
    Ok(parse(from, true)?.resolved(parse(to, true)?))
}

impl LegacyUrl {
    /// Resolves a URL against this one: Node's `urlObject.resolveObject(relative)`.
    #[must_use]
    pub fn resolve_object(&self, relative: &LegacyUrl) -> LegacyUrl {
        self.clone().resolved(relative.clone())
    }

    fn resolved(mut self, relative: LegacyUrl) -> LegacyUrl {
        if relative.href.is_empty() {
            self.hash = relative.hash;
        } else if relative.slashes == Some(true) && is_empty(&relative.protocol) {
            self = LegacyUrl { protocol: self.protocol, ..relative };
            if self.protocol.as_deref().is_some_and(is_slashed)
                && !is_empty(&self.hostname)
                && is_empty(&self.pathname)
            {
                self.pathname = Some("/".to_owned());
                self.path = Some("/".to_owned());
            }
        } else {
            self.hash.clone_from(&relative.hash);
            if !is_empty(&relative.protocol) && relative.protocol != self.protocol {
                self.take_other_scheme(relative);
            } else {
                self.resolve_path(relative);
            }
        }
        self.href = format(&self);
        self
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
    fn resolve_path(&mut self, mut relative: LegacyUrl) {
        let starts_with_slash = |path: &Option<String>| text_of(path).starts_with('/');
        let relative_is_absolute = !is_empty(&relative.host) || starts_with_slash(&relative.pathname);
        let mut must_be_absolute = relative_is_absolute
            || starts_with_slash(&self.pathname)
            || (!is_empty(&self.host) && !is_empty(&relative.pathname));
        let drops_leading_dots = must_be_absolute;
        let (own_path, link_path) = (self.pathname.take(), relative.pathname.take());
        let (own_host, link_host);
        let mut path = segments(&own_path);
        let mut link = segments(&link_path);
        // Of a scheme without slashes, as mailto:, the host is the first segment while this works.
        let host_is_segment =
            self.protocol.as_deref().is_some_and(|protocol| !protocol.is_empty() && !is_slashed(protocol));
        if host_is_segment {
            self.hostname = Some(String::new());
            self.port = None;
            own_host = self.host.replace(String::new());
            put_first(&mut path, &own_host);
            if !is_empty(&relative.protocol) {
                relative.hostname = None;
                relative.port = None;
                self.auth = None;
                link_host = relative.host.take();
                put_first(&mut link, &link_host);
            }
            let absolute = |path: &[&str]| path.first().is_some_and(|first| first.is_empty());
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
            let first = path.first().map(|&first| first.to_owned());
            self.pathname = own_path;
            if host_is_segment {
                self.take_first_as_host(first);
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
        let last = path.last().copied().unwrap_or_default();
        let ends_in_slash = last.is_empty()
            || ((!is_empty(&self.host) || !is_empty(&relative.host) || path.len() > 1)
                && matches!(last, "." | ".."));
        let above = remove_dots(&mut path);
        if !must_be_absolute && !drops_leading_dots {
            path.splice(0..0, std::iter::repeat_n("..", above));
        }
        let is_rooted =
            |path: &[&str]| path.first().is_some_and(|first| first.is_empty() || first.starts_with('/'));
        if must_be_absolute && !is_rooted(&path) {
            path.insert(0, "");
        }
        let ends = path.len() > 1 && path.last().is_some_and(|last| last.is_empty())
            || path.last().is_some_and(|last| last.ends_with('/'));
        if ends_in_slash && !ends {
            path.push("");
        }
        let rooted = is_rooted(&path);
        if host_is_segment {
            let first = if rooted || path.is_empty() { "" } else { path.remove(0) };
            self.take_first_as_host(Some(first.to_owned()));
        }
        if (must_be_absolute || (!is_empty(&self.host) && !path.is_empty())) && !rooted {
            path.insert(0, "");
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
}

fn segments(path: &Option<String>) -> Vec<&str> {
    if is_empty(path) { Vec::new() } else { text_of(path).split('/').collect() }
}

/// Puts a host before the segments of a path, in the place of the empty one before a leading slash.
fn put_first<'p>(path: &mut Vec<&'p str>, host: &'p Option<String>) {
    if is_empty(host) {
        return;
    }
    match path.first_mut().filter(|first| first.is_empty()) {
        Some(first) => *first = text_of(host),
        None => path.insert(0, text_of(host)),
    }
}

/// Removes `.` and what `..` undoes; the number of `..` that found nothing to undo.
fn remove_dots(path: &mut Vec<&str>) -> usize {
    let mut above = 0;
    let mut kept = Vec::with_capacity(path.len() + 2);
    for &segment in path.iter().rev() {
        match segment {
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

    // Expected values: Node 26.10.
    #[test]
    fn resolving() {
        for (from, to, expected) in [
            ("/one/two/three", "../four", "/one/four"),
            ("http://example.com/a/b", "../../../c?d#e", "http://example.com/c?d#e"),
            ("http://example.com/a", "//other/b", "http://other/b"),
            ("mailto:a@b.c", "d", "mailto:a@d"),
            ("http://u:p@h/a", "http:b", "http://u:p@h/b"),
            ("a/b/.", "../..", ""),
            ("a/b/.", "../../..", "../"),
            ("", "x", "x"),
        ] {
            let got = resolve(from, to).unwrap();
            assert_eq!(got, resolve_object(from, to).unwrap().href);
            assert_eq!(got, expected, "{from} {to}");
        }
    }
}
