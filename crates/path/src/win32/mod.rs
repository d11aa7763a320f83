//! Windows paths, on every platform: Node's `path.win32`.
//! See <https://nodejs.org/api/path.html#pathwin32>.

mod relative;
mod resolve;
mod root;

use nodecore_error::Result;

use crate::environment::{Environment, ProcessEnvironment};
use crate::glob;
use crate::parsed::{self, ParsedPath};
use crate::scan::{Window, low};
use crate::segments::{self, Rules, Win32, compact, compact_from, concat, extension_start, last_component};
use crate::text::{CodeUnit, Encoding, OwnedStr, PathStr, Unit};
use relative::{way, way_utf16};
use resolve::{directory_of, resolve_units, resolved};
use root::{
    Device, Root, drive_len, is_ascii, is_reserved, is_reserved_but_last, is_sep, leading_seps, names_device,
    root, root_end, same_ascii_letter,
};

/// Stands between the segments of a path: `\`.
pub const SEP: &str = "\\";
/// Stands between the paths of a list such as `PATH`: `;`.
pub const DELIMITER: &str = ";";

const BACKSLASH: u8 = b'\\';

/// The last component of `path`, without `suffix` if it ends so. Borrows.
/// Node: [`path.basename`](https://nodejs.org/api/path.html#pathbasenamepath-suffix).
///
/// # Examples
/// ```
/// use nodecore_path::win32;
/// assert_eq!(win32::basename("C:\\foo.html", Some(".html")), "foo");
/// ```
#[inline]
pub fn basename<'a, P: PathStr<'a>>(path: P, suffix: Option<P>) -> P::Borrowed {
    segments::basename::<Win32, P>(path, suffix, drive_len(path.units()))
}

/// All of `path` before its last component. Borrows.
/// Node: [`path.dirname`](https://nodejs.org/api/path.html#pathdirnamepath).
///
/// # Examples
/// ```
/// use nodecore_path::win32;
/// assert_eq!(win32::dirname("C:\\foo\\bar"), "C:\\foo");
/// ```
pub fn dirname<'a, P: PathStr<'a>>(path: P) -> P::Borrowed {
    let units = path.units();
    let root = root_end(units);
    match last_component::<Win32, _>(units, root) {
        Some((start, _)) if start > root => path.cut(0, start - 1),
        _ if root == 0 => P::dot(),
        _ => path.cut(0, root),
    }
}

/// The extension of `path`, from the last dot of its last component on; empty if there is none or it is the
/// component's first character. Borrows. Node:
/// [`path.extname`](https://nodejs.org/api/path.html#pathextnamepath).
///
/// # Examples
/// ```
/// assert_eq!(nodecore_path::win32::extname("C:\\a\\index.html"), ".html");
/// ```
#[inline]
pub fn extname<'a, P: PathStr<'a>>(path: P) -> P::Borrowed {
    segments::extname::<Win32, P>(path, drive_len(path.units()))
}

/// A path from its pieces: `dir` goes before `root`, `base` before `name` and `ext`.
/// Node: [`path.format`](https://nodejs.org/api/path.html#pathformatpathobject).
///
/// # Examples
/// ```
/// use nodecore_path::{ParsedPath, win32};
/// let parsed = ParsedPath { dir: "C:\\path\\dir", base: "file.txt", ..ParsedPath::default() };
/// assert_eq!(win32::format(&parsed), "C:\\path\\dir\\file.txt");
/// ```
#[inline]
pub fn format<'a, P: PathStr<'a>>(parsed: &ParsedPath<P>) -> P::Owned {
    parsed::format::<Win32, P>(parsed)
}

/// Whether `path` starts with a separator or with a drive and a separator.
/// Node: [`path.isAbsolute`](https://nodejs.org/api/path.html#pathisabsolutepath).
///
/// # Examples
/// ```
/// use nodecore_path::win32;
/// assert!(win32::is_absolute("C:/") && win32::is_absolute("//server"));
/// assert!(!win32::is_absolute("C:foo"));
/// ```
#[inline]
pub fn is_absolute<'a, P: PathStr<'a>>(path: P) -> bool {
    let units = path.units();
    units.get(drive_len(units)).is_some_and(|&unit| is_sep(unit))
}

/// Joins `paths` with backslashes and normalizes the result.
/// Node: [`path.join`](https://nodejs.org/api/path.html#pathjoinpaths).
///
/// # Examples
/// ```
/// use nodecore_path::win32;
/// assert_eq!(win32::join(&["C:\\foo", "bar", "..", "baz/"]), "C:\\foo\\baz\\");
/// assert_eq!(win32::join(&["//server", "share"]), "\\\\server\\share\\");
/// ```
pub fn join<'a, P: PathStr<'a>>(paths: &[P]) -> P::Owned {
    let mut buf = concat::<Win32, P>(paths);
    if buf.is_empty() {
        return P::dot().copied();
    }
    // A server is meant only where the first path that is not empty says so itself.
    let first = paths.iter().map(|path| path.units()).find(|units| !units.is_empty()).unwrap_or_default();
    let server = leading_seps(first) == 2 && first.len() > 2;
    if !server {
        let seps = leading_seps(&buf);
        if seps >= 2 {
            buf.drain(..seps - 1);
            buf[0] = CodeUnit::ascii(BACKSLASH);
        }
    }
    if let Some(Plain { base, window, dirty, alien }) = plain::<P::Encoding>(&buf) {
        if dirty {
            let trailing = is_sep(buf[buf.len() - 1]);
            compact_from::<Win32, _>(&mut buf, window, Rules { base, above: base == 0, trailing });
            if buf.is_empty() {
                buf.push(CodeUnit::ascii(b'.'));
                if trailing {
                    buf.push(CodeUnit::ascii(BACKSLASH));
                }
            }
        }
        if alien {
            write_backslashes(&mut buf);
        }
        return P::owned(buf);
    }
    if names_device::<P::Encoding>(&buf) {
        write_backslashes(&mut buf);
        return P::owned(buf);
    }
    P::owned(normalized::<P::Encoding>(buf))
}

/// Whether `path` matches the glob `pattern`. A [`Glob`](crate::Glob) spares parsing the pattern again.
/// Node: [`path.matchesGlob`](https://nodejs.org/api/path.html#pathmatchesglobpath-pattern).
///
/// # Errors
/// As [`Glob::win32`](crate::Glob::win32).
///
/// # Examples
/// ```
/// use nodecore_path::win32;
/// assert!(win32::matches_glob("/foo/bar", "/foo/*")?);
/// assert!(win32::matches_glob("/foo/bird", "/foo/{bar,b?rd}")?);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn matches_glob<'a, P: PathStr<'a>>(path: P, pattern: P) -> Result<bool> {
    glob::matches_glob(path, pattern, true)
}

/// Takes `.`, `..` and repeated separators out of `path`, and writes the separators as backslashes.
/// Node: [`path.normalize`](https://nodejs.org/api/path.html#pathnormalizepath).
///
/// # Examples
/// ```
/// use nodecore_path::win32;
/// assert_eq!(win32::normalize("C:\\temp\\\\foo\\bar\\..\\"), "C:\\temp\\foo\\");
/// assert_eq!(win32::normalize("C:////temp//foo"), "C:\\temp\\foo");
/// ```
pub fn normalize<'a, P: PathStr<'a>>(path: P) -> P::Owned {
    let units = path.units();
    if units.is_empty() {
        return P::dot().copied();
    }
    if let Some(Plain { base, window, dirty, alien }) = plain::<P::Encoding>(units) {
        let out = if dirty {
            let trailing = is_sep(units[units.len() - 1]);
            let rules = Rules { base, above: base == 0, trailing };
            let mut out = segments::normalized::<Win32, _>(path, window, rules);
            if out.units().is_empty() {
                out.push_ascii(if trailing { ".\\" } else { "." });
            }
            out
        } else {
            path.copied()
        };
        return if alien { out.replace_ascii(b'/', BACKSLASH) } else { out };
    }
    // Room for what may be added: a dot and a backslash in front, a backslash behind.
    let mut buf = Vec::with_capacity(units.len() + 3);
    buf.extend_from_slice(units);
    P::owned(normalized::<P::Encoding>(buf))
}

/// The pieces of `path`. Borrows. Node: [`path.parse`](https://nodejs.org/api/path.html#pathparsepath).
///
/// # Examples
/// ```
/// let parsed = nodecore_path::win32::parse("C:\\path\\dir\\file.txt");
/// assert_eq!((parsed.root, parsed.dir, parsed.base), ("C:\\", "C:\\path\\dir", "file.txt"));
/// assert_eq!((parsed.name, parsed.ext), ("file", ".txt"));
/// ```
pub fn parse<'a, P: PathStr<'a>>(path: P) -> ParsedPath<P::Borrowed> {
    let units = path.units();
    let root_len = root_end(units);
    let root = path.cut(0, root_len);
    let Some((start, end)) = last_component::<Win32, _>(units, root_len) else {
        return ParsedPath { root, dir: root, ..ParsedPath::default() };
    };
    let dot = extension_start(units, start, end);
    ParsedPath {
        root,
        dir: if start > root_len { path.cut(0, start - 1) } else { root },
        base: path.cut(start, end),
        ext: path.cut(dot, end),
        name: path.cut(start, dot),
    }
}

/// The way from `from` to `to`, both resolved against the process's current directory if they are relative.
/// Letter case does not count. Node: [`path.relative`](https://nodejs.org/api/path.html#pathrelativefrom-to).
///
/// # Errors
/// As [`Environment::cwd`]; only if a path is relative.
///
/// # Examples
/// ```
/// use nodecore_path::win32;
/// assert_eq!(win32::relative("C:\\orandea\\test\\aaa", "c:\\orandea\\impl\\bbb")?, "..\\..\\impl\\bbb");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn relative<'a, P: PathStr<'a>>(from: P, to: P) -> Result<P::Owned> {
    relative_with(&ProcessEnvironment, from, to)
}

/// As [`relative`], with current directories of the caller's.
///
/// # Errors
/// As [`Environment::cwd`].
pub fn relative_with<'a, P: PathStr<'a>>(env: &impl Environment, from: P, to: P) -> Result<P::Owned> {
    if from.units() == to.units() {
        return Ok(P::owned(Vec::new()));
    }
    let from = resolved(from, |drive| directory_of::<P>(env, drive))?;
    let to = resolved(to, |drive| directory_of::<P>(env, drive))?;
    Ok(way_between::<P>(&from, &to))
}

/// As [`relative`], with a current directory in the paths' own encoding, for every drive. Cannot fail.
///
/// # Examples
/// ```
/// use nodecore_path::win32;
/// assert_eq!(win32::relative_in("C:\\data", "test\\aaa", "c:\\data\\impl"), "..\\..\\impl");
/// ```
pub fn relative_in<'a, P: PathStr<'a>>(cwd: P, from: P, to: P) -> P::Owned {
    if from.units() == to.units() {
        return P::owned(Vec::new());
    }
    let resolved = |path| resolved(path, |_| Ok(cwd.units().to_vec()));
    let ends = resolved(from).and_then(|from| Ok((from, resolved(to)?)));
    let (from, to) = ends.unwrap_or_default();
    way_between::<P>(&from, &to)
}

fn way_between<'a, P: PathStr<'a>>(from: &[Unit<'a, P>], to: &[Unit<'a, P>]) -> P::Owned {
    if P::Encoding::CASE_IS_ASCII || (is_ascii(from) && is_ascii(to)) {
        return P::owned(way(from, to, to, same_ascii_letter));
    }
    let way = way_utf16(&P::Encoding::to_utf16(from), &P::Encoding::to_utf16(to));
    P::owned(P::Encoding::from_utf16(way))
}

/// Resolves `paths` from the right until the path is absolute and has a drive or server, at last against the
/// process's current directories, and normalizes it, without a separator at the end.
/// Node: [`path.resolve`](https://nodejs.org/api/path.html#pathresolvepaths).
///
/// # Errors
/// As [`Environment::cwd`].
///
/// # Examples
/// ```
/// use nodecore_path::win32;
/// assert_eq!(win32::resolve(&["C:\\a", "D:\\b", "C:c", "..\\d"])?, "C:\\a\\d");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn resolve<'a, P: PathStr<'a>>(paths: &[P]) -> Result<P::Owned> {
    resolve_with(&ProcessEnvironment, paths)
}

/// As [`resolve`], with current directories of the caller's.
///
/// # Errors
/// As [`Environment::cwd`].
pub fn resolve_with<'a, P: PathStr<'a>>(env: &impl Environment, paths: &[P]) -> Result<P::Owned> {
    resolve_units(paths, |drive| directory_of::<P>(env, drive)).map(P::owned)
}

/// As [`resolve`], with a current directory in the paths' own encoding, for every drive: what a program that
/// keeps its own, as Node does, calls to spare a system call each time. Cannot fail.
///
/// # Examples
/// ```
/// use nodecore_path::win32;
/// assert_eq!(win32::resolve_in("C:\\Users\\me", &["..\\you", "x"]), "C:\\Users\\you\\x");
/// assert_eq!(win32::resolve_in("C:\\Users\\me", &["D:x"]), "D:\\x");
/// ```
pub fn resolve_in<'a, P: PathStr<'a>>(cwd: P, paths: &[P]) -> P::Owned {
    P::owned(resolve_units(paths, |_| Ok(cwd.units().to_vec())).unwrap_or_default())
}

/// `path`, resolved, in the form that has no length limit: `\\?\C:\…` or `\\?\UNC\server\share\…`.
/// Node: [`path.toNamespacedPath`](https://nodejs.org/api/path.html#pathtonamespacedpathpath).
///
/// # Errors
/// As [`Environment::cwd`].
///
/// # Examples
/// ```
/// use nodecore_path::win32;
/// assert_eq!(win32::to_namespaced_path("C:\\a\\..\\b")?, "\\\\?\\C:\\b");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn to_namespaced_path<'a, P: PathStr<'a>>(path: P) -> Result<P::Cow> {
    to_namespaced_path_with(&ProcessEnvironment, path)
}

/// As [`to_namespaced_path`], with current directories of the caller's.
///
/// # Errors
/// As [`Environment::cwd`].
pub fn to_namespaced_path_with<'a, P: PathStr<'a>>(env: &impl Environment, path: P) -> Result<P::Cow> {
    if path.units().is_empty() {
        return Ok(path.unchanged());
    }
    Ok(namespaced(path, resolve_units(&[path], |drive| directory_of::<P>(env, drive))?))
}

/// As [`to_namespaced_path`], with a current directory in the path's own encoding, for every drive. Cannot
/// fail.
pub fn to_namespaced_path_in<'a, P: PathStr<'a>>(cwd: P, path: P) -> P::Cow {
    if path.units().is_empty() {
        return path.unchanged();
    }
    namespaced(path, resolve_units(&[path], |_| Ok(cwd.units().to_vec())).unwrap_or_default())
}

/// `path`, which is `buf` when resolved.
fn namespaced<'a, P: PathStr<'a>>(path: P, mut buf: Vec<Unit<'a, P>>) -> P::Cow {
    let back = CodeUnit::ascii(BACKSLASH);
    let local = [b'?', b'.'].map(CodeUnit::ascii);
    if buf.len() < 8 && P::Encoding::utf16_len(&buf) <= 2 {
        return path.unchanged();
    }
    match buf[..] {
        [a, b, c, ..] if a == back && b == back && !local.contains(&c) => {
            insert_ascii(&mut buf, 2, b"?\\UNC\\");
        }
        [_, _, c, ..] if drive_len(&buf) == 2 && c == back => insert_ascii(&mut buf, 0, b"\\\\?\\"),
        _ => {}
    }
    P::owned(buf).into()
}

/// Makes all separators the flavour's own.
fn write_backslashes<U: CodeUnit>(units: &mut [U]) {
    for unit in units {
        *unit = if *unit == U::ascii(b'/') { U::ascii(BACKSLASH) } else { *unit };
    }
}

fn insert_ascii<U: CodeUnit>(buf: &mut Vec<U>, at: usize, text: &[u8]) {
    buf.splice(at..at, text.iter().map(|&byte| U::ascii(byte)));
}

/// What is known of a path that starts as most do, and has no colon but its drive's.
struct Plain {
    /// Where its root ends: none, a separator, a drive or a share and a separator.
    base: usize,
    /// All of it.
    window: Window,
    /// Whether a segment is not normal.
    dirty: bool,
    /// Whether there is a slash.
    alien: bool,
}

/// Nothing of a long path and of devices: these are looked at in full elsewhere.
#[inline]
fn plain<E: Encoding>(path: &[E::Unit]) -> Option<Plain> {
    let window = Window::new::<Win32, _>(path, 0, true);
    if !window.last || path.len() < 2 {
        return None;
    }
    let (base, colons) = match (drive_len(path), window.ends & 7) {
        (0, 0b000 | 0b010 | 0b100 | 0b110) => (0, window.colon),
        (0, 0b001 | 0b101) => (1, window.colon),
        (0, 0b011) => (share_end(path, window.ends)?, window.colon),
        (2, 0b100) if path.len() > 2 => (3, window.colon & !0b111),
        _ => return None,
    };
    if colons != 0 || (base == 0 && is_reserved_but_last::<E>(path)) {
        return None;
    }
    Some(Plain { base, window, dirty: window.dirty & !low(base) != 0, alien: window.alien != 0 })
}

/// Where the root ends of a path that starts with a server and a share, single separators behind both.
fn share_end<U: CodeUnit>(path: &[U], ends: u64) -> Option<usize> {
    let server = 2 + (ends >> 2).trailing_zeros() as usize;
    let share = server + 1 + (ends >> server >> 1).trailing_zeros() as usize;
    let device = server == 3 && (path[2] == U::ascii(b'.') || path[2] == U::ascii(b'?'));
    (share > server + 1 && share < path.len() && !device).then_some(share + 1)
}

/// Normalizes `buf`, not empty.
fn normalized<E: Encoding>(mut buf: Vec<E::Unit>) -> Vec<E::Unit> {
    let (back, colon) = (E::Unit::ascii(BACKSLASH), E::Unit::ascii(b':'));
    let len = buf.len();
    if len == 1 {
        if is_sep(buf[0]) {
            buf[0] = back;
        }
        return buf;
    }
    let first_colon = buf.iter().position(|&unit| unit == colon);
    let Root { mut device, mut end, absolute } = root(&buf);
    match (device, first_colon) {
        (Device::Local { .. }, Some(at)) if at >= 4 && is_reserved::<E>(&buf[4..at]) => {
            device = Device::Local { sign: CodeUnit::ascii(b'?'), name: &buf[4..=at] };
            end = at + 1;
        }
        (Device::None, Some(at)) if !absolute && is_reserved::<E>(&buf[..at]) => {
            device = Device::Named(&buf[..=at]);
            end = at + 1;
        }
        _ => {}
    }
    // A device's name in front must not be taken for the device. Node takes the last unit for the colon
    // where there is none.
    let named = match first_colon {
        Some(at) => is_reserved::<E>(&buf[..at]),
        None => is_reserved_but_last::<E>(&buf),
    };
    // Nor may a relative path with a colon become a drive's (CVE-2024-36139).
    let loose = !absolute && device.is_none() && first_colon.is_some();
    let stream =
        loose && (0..len).any(|at| buf[at] == colon && buf.get(at + 1).is_none_or(|&unit| is_sep(unit)));
    let trailing = is_sep(buf[len - 1]);

    let written = device.len() + usize::from(absolute);
    let in_place = matches!(device, Device::None | Device::Named(_)) && written == end;
    let base = if in_place {
        if absolute {
            buf[end - 1] = back;
        }
        end
    } else {
        let mut out = Vec::with_capacity(len + 3);
        device.push_to(&mut out);
        if absolute {
            out.push(back);
        }
        let base = out.len();
        out.extend_from_slice(&buf[end..]);
        buf = out;
        base
    };
    compact::<Win32, _>(&mut buf, Rules { base, above: !absolute, trailing: false });
    write_backslashes(&mut buf[base..]);
    if buf.len() == base && !absolute {
        buf.push(CodeUnit::ascii(b'.'));
    }
    if trailing && buf.len() > base {
        buf.push(back);
    }
    if named || stream || (loose && drive_len(&buf) > 0) {
        insert_ascii(&mut buf, 0, b".\\");
    }
    buf
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_path_does_not_become_a_drive() {
        assert_eq!(normalize("./a/../C:/b"), r".\C:\b");
        assert_eq!(normalize("test/../C:foo"), r".\C:foo");
        assert_eq!(normalize("CON:foo"), r".\CON:foo");
        assert_eq!(join(&["a", "..", "C:", "b"]), r".\C:\b");
    }

    #[test]
    fn devices_of_utf16_and_latin1_are_devices() {
        let wide: Vec<u16> = "COM\u{B9}:x".encode_utf16().collect();
        assert_eq!(String::from_utf16(&normalize(&wide)).unwrap(), ".\\COM\u{B9}:x");
        assert_eq!(normalize(crate::Latin1(b"COM\xB9:x")), b".\\COM\xB9:x");
    }

    #[test]
    fn letter_case_does_not_part_paths() {
        assert_eq!(relative("C:\\Stra\u{DF}e\\\u{C9}t\u{E9}", "c:\\STRA\u{DF}E\\x").unwrap(), "..\\x");
        assert_eq!(relative("C:\\\u{130}\\a", "C:\\i\u{307}\\b").unwrap(), "..\\b");
        // Of bytes only ASCII letters have case.
        assert_eq!(relative(b"C:\\\xC9\\a", b"C:\\\xE9\\b").unwrap(), b"..\\..\\\xE9\\b");
    }
}
