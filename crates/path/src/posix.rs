//! POSIX paths, on every platform: Node's `path.posix`.
//! See <https://nodejs.org/api/path.html#pathposix>.

use std::borrow::Cow;

use nodecore_error::Result;

use crate::environment::{Environment, ProcessEnvironment};
use crate::glob;
use crate::parsed::{self, ParsedPath};
use crate::scan::{Window, low};
use crate::segments::{
    self, Posix, Rules, compact, concat, extension_start, is_clean, last_component, normalized,
};
use crate::text::{CodeUnit, Encoding, OwnedStr, PathStr, Unit};

/// Stands between the segments of a path: `/`.
pub const SEP: &str = "/";
/// Stands between the paths of a list such as `PATH`: `:`.
pub const DELIMITER: &str = ":";

const SLASH: u8 = b'/';

/// The last component of `path`, without `suffix` if it ends so. Borrows.
/// Node: [`path.basename`](https://nodejs.org/api/path.html#pathbasenamepath-suffix).
///
/// # Examples
/// ```
/// use nodecore_path::posix;
/// assert_eq!(posix::basename("/foo/quux.html", None), "quux.html");
/// assert_eq!(posix::basename("/foo/quux.html", Some(".html")), "quux");
/// ```
#[inline]
pub fn basename<'a, P: PathStr<'a>>(path: P, suffix: Option<P>) -> P::Borrowed {
    segments::basename::<Posix, P>(path, suffix, 0)
}

/// All of `path` before its last component. Borrows.
/// Node: [`path.dirname`](https://nodejs.org/api/path.html#pathdirnamepath).
///
/// # Examples
/// ```
/// use nodecore_path::posix;
/// assert_eq!(posix::dirname("/foo/bar/"), "/foo");
/// assert_eq!(posix::dirname("foo"), ".");
/// ```
pub fn dirname<'a, P: PathStr<'a>>(path: P) -> P::Borrowed {
    let units = path.units();
    let rooted = is_absolute(path);
    match last_component::<Posix, _>(units, 1) {
        // Two slashes in front are a root of their own.
        Some((2, _)) if rooted => path.cut(0, 2),
        Some((start, _)) if start > 1 => path.cut(0, start - 1),
        _ if rooted => path.cut(0, 1),
        _ => P::dot(),
    }
}

/// The extension of `path`, from the last dot of its last component on; empty if there is none or it is the
/// component's first character. Borrows. Node:
/// [`path.extname`](https://nodejs.org/api/path.html#pathextnamepath).
///
/// # Examples
/// ```
/// use nodecore_path::posix;
/// assert_eq!(posix::extname("index.coffee.md"), ".md");
/// assert_eq!(posix::extname(".index"), "");
/// ```
#[inline]
pub fn extname<'a, P: PathStr<'a>>(path: P) -> P::Borrowed {
    segments::extname::<Posix, P>(path, 0)
}

/// A path from its pieces: `dir` goes before `root`, `base` before `name` and `ext`.
/// Node: [`path.format`](https://nodejs.org/api/path.html#pathformatpathobject).
///
/// # Examples
/// ```
/// use nodecore_path::{ParsedPath, posix};
/// let parsed = ParsedPath { root: "/", name: "file", ext: "txt", ..ParsedPath::default() };
/// assert_eq!(posix::format(&parsed), "/file.txt");
/// ```
#[inline]
pub fn format<'a, P: PathStr<'a>>(parsed: &ParsedPath<P>) -> P::Owned {
    parsed::format::<Posix, P>(parsed)
}

/// Whether `path` starts with a slash. Node:
/// [`path.isAbsolute`](https://nodejs.org/api/path.html#pathisabsolutepath).
///
/// # Examples
/// ```
/// assert!(nodecore_path::posix::is_absolute("/foo"));
/// ```
#[inline]
pub fn is_absolute<'a, P: PathStr<'a>>(path: P) -> bool {
    path.units().first() == Some(&CodeUnit::ascii(SLASH))
}

/// Joins `paths` with slashes and normalizes the result. One allocation.
/// Node: [`path.join`](https://nodejs.org/api/path.html#pathjoinpaths).
///
/// # Examples
/// ```
/// use nodecore_path::posix;
/// assert_eq!(posix::join(&["/foo", "bar", "baz/asdf", "quux", ".."]), "/foo/bar/baz/asdf");
/// assert_eq!(posix::join::<&str>(&[]), ".");
/// ```
pub fn join<'a, P: PathStr<'a>>(paths: &[P]) -> P::Owned {
    let slash = CodeUnit::ascii(SLASH);
    let mut buf = concat::<Posix, P>(paths);
    let root = root_len(&buf);
    let trailing = buf.last() == Some(&slash);
    compact::<Posix, _>(&mut buf, Rules { base: root, above: root == 0, trailing });
    if buf.is_empty() {
        buf.push(CodeUnit::ascii(b'.'));
        if trailing {
            buf.push(slash);
        }
    }
    P::owned(buf)
}

/// Whether `path` matches the glob `pattern`. A [`Glob`](crate::Glob) spares parsing the pattern again.
/// Node: [`path.matchesGlob`](https://nodejs.org/api/path.html#pathmatchesglobpath-pattern).
///
/// # Errors
/// As [`Glob::posix`](crate::Glob::posix).
///
/// # Examples
/// ```
/// use nodecore_path::posix;
/// assert!(posix::matches_glob("/foo/bar", "/foo/*")?);
/// assert!(posix::matches_glob("/foo/bird", "/foo/{bar,b?rd}")?);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn matches_glob<'a, P: PathStr<'a>>(path: P, pattern: P) -> Result<bool> {
    glob::matches_glob(path, pattern, false)
}

/// Takes `.`, `..` and repeated slashes out of `path`. One allocation.
/// Node: [`path.normalize`](https://nodejs.org/api/path.html#pathnormalizepath).
///
/// # Examples
/// ```
/// use nodecore_path::posix;
/// assert_eq!(posix::normalize("/foo/bar//baz/asdf/quux/.."), "/foo/bar/baz/asdf");
/// assert_eq!(posix::normalize(""), ".");
/// ```
pub fn normalize<'a, P: PathStr<'a>>(path: P) -> P::Owned {
    let units = path.units();
    if units.is_empty() {
        return P::dot().copied();
    }
    let root = root_len(units);
    let window = Window::new::<Posix, _>(units, 0, true);
    if window.last && window.dirty & !low(root) == 0 {
        return path.copied();
    }
    let trailing = units.last() == Some(&CodeUnit::ascii(SLASH));
    let mut out = normalized::<Posix, _>(path, window, Rules { base: root, above: root == 0, trailing });
    if out.units().is_empty() {
        out.push_ascii(if trailing { "./" } else { "." });
    }
    out
}

/// The pieces of `path`. Borrows. Node: [`path.parse`](https://nodejs.org/api/path.html#pathparsepath).
///
/// # Examples
/// ```
/// let parsed = nodecore_path::posix::parse("/home/user/file.txt");
/// assert_eq!((parsed.root, parsed.dir, parsed.base), ("/", "/home/user", "file.txt"));
/// assert_eq!((parsed.name, parsed.ext), ("file", ".txt"));
/// ```
pub fn parse<'a, P: PathStr<'a>>(path: P) -> ParsedPath<P::Borrowed> {
    let units = path.units();
    let root_len = root_len(units);
    let root = path.cut(0, root_len);
    let Some((start, end)) = last_component::<Posix, _>(units, root_len) else {
        return ParsedPath { root, dir: root, ..ParsedPath::default() };
    };
    // Right under the root Node takes the second dot of `..` for an extension.
    let dot = match &units[start..end] {
        [_, last] if start == 1 && units[1] == *last && *last == CodeUnit::ascii(b'.') => start + 1,
        _ => extension_start(units, start, end),
    };
    ParsedPath {
        root,
        dir: if start > root_len { path.cut(0, start - 1) } else { root },
        base: path.cut(start, end),
        ext: path.cut(dot, end),
        name: path.cut(start, dot),
    }
}

/// The way from `from` to `to`, both resolved against the process's current directory if they are relative.
/// Node: [`path.relative`](https://nodejs.org/api/path.html#pathrelativefrom-to).
///
/// # Errors
/// As [`Environment::cwd`]; only if a path is relative.
///
/// # Examples
/// ```
/// use nodecore_path::posix;
/// assert_eq!(posix::relative("/data/test/aaa", "/data/impl/bbb")?, "../../impl/bbb");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn relative<'a, P: PathStr<'a>>(from: P, to: P) -> Result<P::Owned> {
    relative_with(&ProcessEnvironment, from, to)
}

/// As [`relative`], with a current directory of the caller's.
///
/// # Errors
/// As [`Environment::cwd`].
pub fn relative_with<'a, P: PathStr<'a>>(env: &impl Environment, from: P, to: P) -> Result<P::Owned> {
    if from.units() == to.units() {
        return Ok(P::owned(Vec::new()));
    }
    let from = resolved(from, |more| cwd_of::<P>(env, more))?;
    let to = resolved(to, |more| cwd_of::<P>(env, more))?;
    Ok(P::owned(way(unrooted(&from), unrooted(&to))))
}

/// As [`relative`], with a current directory in the paths' own encoding. Cannot fail.
///
/// # Examples
/// ```
/// use nodecore_path::posix;
/// assert_eq!(posix::relative_in("/data", "test/aaa", "/data/impl"), "../../impl");
/// ```
pub fn relative_in<'a, P: PathStr<'a>>(cwd: P, from: P, to: P) -> P::Owned {
    let ends = if from.units() == to.units() {
        Ok((Cow::default(), Cow::default()))
    } else {
        let resolved = |path| resolved(path, |more| Ok(copy_of(cwd, more)));
        resolved(from).and_then(|from| Ok((from, resolved(to)?)))
    };
    let (from, to) = ends.unwrap_or_default();
    P::owned(way(unrooted(&from), unrooted(&to)))
}

/// Resolves `paths` from the right until the path is absolute, at last against the process's current
/// directory, and normalizes it, without a slash at the end. Node:
/// [`path.resolve`](https://nodejs.org/api/path.html#pathresolvepaths).
///
/// # Errors
/// As [`Environment::cwd`]; only if no path is absolute.
///
/// # Examples
/// ```
/// use nodecore_path::posix;
/// assert_eq!(posix::resolve(&["/foo/bar", "./baz"])?, "/foo/bar/baz");
/// assert_eq!(posix::resolve(&["/foo/bar", "/tmp/file/"])?, "/tmp/file");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn resolve<'a, P: PathStr<'a>>(paths: &[P]) -> Result<P::Owned> {
    resolve_with(&ProcessEnvironment, paths)
}

/// As [`resolve`], with a current directory of the caller's.
///
/// # Errors
/// As [`Environment::cwd`].
pub fn resolve_with<'a, P: PathStr<'a>>(env: &impl Environment, paths: &[P]) -> Result<P::Owned> {
    resolve_units(paths, |more| cwd_of::<P>(env, more)).map(P::owned)
}

/// As [`resolve`], with a current directory in the paths' own encoding: what a program that keeps its own,
/// as Node does, calls to spare a system call each time. Cannot fail. On Windows, too, the directory is
/// taken as it stands.
///
/// # Examples
/// ```
/// use nodecore_path::posix;
/// assert_eq!(posix::resolve_in("/home/me", &["../you", "x/"]), "/home/you/x");
/// ```
pub fn resolve_in<'a, P: PathStr<'a>>(cwd: P, paths: &[P]) -> P::Owned {
    P::owned(resolve_units(paths, |more| Ok(copy_of(cwd, more))).unwrap_or_default())
}

/// `path` itself, borrowed: namespaced paths are Windows' own.
/// Node: [`path.toNamespacedPath`](https://nodejs.org/api/path.html#pathtonamespacedpathpath).
///
/// # Errors
/// None; the `Result` is [`win32::to_namespaced_path`](crate::win32::to_namespaced_path)'s.
#[inline]
pub fn to_namespaced_path<'a, P: PathStr<'a>>(path: P) -> Result<P::Cow> {
    Ok(path.unchanged())
}

#[inline]
fn root_len<U: CodeUnit>(units: &[U]) -> usize {
    usize::from(units.first() == Some(&U::ascii(SLASH)))
}

/// What a path is built in.
type Units<'a, P> = Vec<Unit<'a, P>>;

fn resolve_units<'a, P: PathStr<'a>>(
    paths: &[P],
    cwd: impl FnOnce(usize) -> Result<Units<'a, P>>,
) -> Result<Units<'a, P>> {
    let slash = CodeUnit::ascii(SLASH);
    let mut buf = match paths.iter().rposition(|&path| is_absolute(path)) {
        Some(first) => concat::<Posix, P>(&paths[first..]),
        None => {
            let mut cwd = cwd(paths.iter().map(|path| path.units().len() + 1).sum())?;
            let as_is = match paths {
                [] => true,
                [path] => path.units().is_empty() || path.units() == CodeUnit::DOT,
                _ => false,
            };
            if as_is && cwd.first() == Some(&slash) {
                return Ok(cwd);
            }
            for path in paths {
                cwd.push(slash);
                cwd.extend_from_slice(path.units());
            }
            cwd
        }
    };
    let root = root_len(&buf);
    compact::<Posix, _>(&mut buf, Rules { base: root, above: root == 0, trailing: false });
    if buf.is_empty() {
        buf.push(CodeUnit::ascii(b'.'));
    }
    Ok(buf)
}

/// The current directory of an environment, with room for more units.
fn cwd_of<'a, P: PathStr<'a>>(env: &impl Environment, more: usize) -> Result<Units<'a, P>> {
    let mut cwd = P::Encoding::from_platform(posix_cwd(env.cwd()?))?;
    cwd.reserve_exact(more);
    Ok(cwd)
}

/// The caller's current directory, with room for more units.
fn copy_of<'a, P: PathStr<'a>>(cwd: P, more: usize) -> Units<'a, P> {
    let mut copy = Vec::with_capacity(cwd.units().len() + more);
    copy.extend_from_slice(cwd.units());
    copy
}

/// On Windows Node gives POSIX paths the current directory with slashes and without its drive.
fn posix_cwd(mut cwd: Vec<u8>) -> Vec<u8> {
    if cfg!(windows) {
        cwd.iter_mut().filter(|byte| **byte == b'\\').for_each(|byte| *byte = SLASH);
        let start = cwd.iter().position(|&byte| byte == SLASH).unwrap_or(0);
        cwd.drain(..start);
    }
    cwd
}

/// `path` resolved, without a copy where it is absolute and normal already.
fn resolved<'a, P: PathStr<'a>>(
    path: P,
    cwd: impl FnOnce(usize) -> Result<Units<'a, P>>,
) -> Result<Cow<'a, [Unit<'a, P>]>> {
    let units = path.units();
    if is_absolute(path) && is_clean::<Posix, _>(units, 1) {
        return Ok(Cow::Borrowed(units));
    }
    resolve_units(&[path], cwd).map(Cow::Owned)
}

/// An absolute, normal path as segments that each start with a slash: `/` itself has none.
fn unrooted<U: CodeUnit>(path: &[U]) -> &[U] {
    match path {
        [rest @ .., last] if *last == U::ascii(SLASH) => rest,
        _ => path,
    }
}

fn way<U: CodeUnit>(from: &[U], to: &[U]) -> Vec<U> {
    let slash = U::ascii(SLASH);
    let same = from.iter().zip(to).position(|(a, b)| a != b).unwrap_or(from.len().min(to.len()));
    let edge = |path: &[U]| path.get(same).is_none_or(|&unit| unit == slash);
    let common = if edge(from) && edge(to) {
        same
    } else {
        from[..same].iter().rposition(|&unit| unit == slash).unwrap_or(0)
    };
    let ups = from[common..].iter().filter(|&&unit| unit == slash).count();
    let rest = &to[common..];
    let mut out = Vec::with_capacity(ups * 3 + rest.len());
    for index in 0..ups {
        if index > 0 {
            out.push(slash);
        }
        out.extend([U::ascii(b'.'), U::ascii(b'.')]);
    }
    out.extend_from_slice(if ups == 0 { rest.get(1..).unwrap_or_default() } else { rest });
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use nodecore_error::{Code, Error};

    struct Gone;
    impl Environment for Gone {
        fn cwd(&self) -> Result<Vec<u8>> {
            Err(Error::system_code(Code::ENOENT, "uv_cwd"))
        }
    }

    struct Here(&'static str);
    impl Environment for Here {
        fn cwd(&self) -> Result<Vec<u8>> {
            Ok(self.0.into())
        }
    }

    #[test]
    fn the_current_directory_is_asked_only_when_needed() {
        assert_eq!(resolve_with(&Gone, &["a", "/b", "c"]).unwrap(), "/b/c");
        assert_eq!(relative_with(&Gone, "/a", "/b").unwrap(), "../b");
        assert_eq!(resolve_with(&Gone, &["a"]).unwrap_err().code(), Code::ENOENT);
        assert_eq!(resolve_with(&Here("/home/me"), &["../you", "x/"]).unwrap(), "/home/you/x");
    }

    #[test]
    fn latin1_cannot_hold_every_directory() {
        let here = Here("/\u{20AC}");
        assert_eq!(resolve_with(&here, &[crate::Latin1(b"a")]).unwrap_err().code(), Code::InvalidArgValue);
        assert_eq!(resolve_with(&Here("/\u{E9}"), &[crate::Latin1(b"a")]).unwrap(), b"/\xE9/a");
    }

    #[test]
    fn bytes_and_lone_surrogates_pass_through() {
        assert_eq!(normalize(b"a/../\xFF/./\0"), b"\xFF/\0");
        assert_eq!(join(&[&[0xD800u16, 0x2F][..], &[0xDC00]]), [0xD800, 0x2F, 0xDC00]);
    }

    #[test]
    fn suffixes_are_taken_as_node_takes_them() {
        assert_eq!(basename("/a/b.html/", Some(".html")), "b");
        assert_eq!(basename(".html", Some(".html")), "");
        assert_eq!(basename("/.html", Some(".html")), ".html");
        assert_eq!(basename("bc//", Some("abc")), "bc//");
    }
}
