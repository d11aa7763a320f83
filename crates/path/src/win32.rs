//! Windows paths, on every platform: Node's `path.win32`.
//! See <https://nodejs.org/api/path.html#pathwin32>.

use std::borrow::Cow;

use nodecore_error::Result;

use crate::environment::{Environment, ProcessEnvironment};
use crate::glob;
use crate::parsed::{self, ParsedPath};
use crate::segments::{self, Flavour, Win32, compact, concat, extension_start, first_dirty, last_component};
use crate::text::{CodeUnit, Encoding, PathStr, Unit, Utf16, to_lower_case};

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

/// The extension of `path`, from the last dot of its last component on; empty if there is none or it is the component's
/// first character. Borrows. Node: [`path.extname`](https://nodejs.org/api/path.html#pathextnamepath).
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
pub fn format<'a, P: PathStr<'a>>(parsed: &ParsedPath<P>) -> P::Owned {
    parsed::format(parsed, BACKSLASH)
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
    if names_device::<P::Encoding>(&buf) {
        for unit in buf.iter_mut().filter(|unit| is_sep(**unit)) {
            *unit = CodeUnit::ascii(BACKSLASH);
        }
        return P::owned(buf);
    }
    P::owned(if is_normal::<P::Encoding>(&buf) { buf } else { normalized::<P::Encoding>(buf) })
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
    if is_normal::<P::Encoding>(units) {
        return path.copied();
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

/// The way from `from` to `to`, both resolved against the process's current directory if they are relative. Letter case
/// does not count. Node: [`path.relative`](https://nodejs.org/api/path.html#pathrelativefrom-to).
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
    let from = resolved(env, from)?;
    let to = resolved(env, to)?;
    if P::Encoding::CASE_IS_ASCII || (is_ascii(&from) && is_ascii(&to)) {
        return Ok(P::owned(way(&from, &to, &to, same_ascii_letter)));
    }
    let way = way_utf16(&P::Encoding::to_utf16(&from), &P::Encoding::to_utf16(&to));
    Ok(P::owned(P::Encoding::from_utf16(way)))
}

/// Resolves `paths` from the right until the path is absolute and has a drive or server, at last against the process's
/// current directories, and normalizes it, without a separator at the end.
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
    resolve_units(env, paths).map(P::owned)
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
pub fn to_namespaced_path<'a, P: PathStr<'a>>(path: P) -> Result<P::Owned> {
    to_namespaced_path_with(&ProcessEnvironment, path)
}

/// As [`to_namespaced_path`], with current directories of the caller's.
///
/// # Errors
/// As [`Environment::cwd`].
pub fn to_namespaced_path_with<'a, P: PathStr<'a>>(env: &impl Environment, path: P) -> Result<P::Owned> {
    if path.units().is_empty() {
        return Ok(path.copied());
    }
    let mut buf = resolve_units(env, &[path])?;
    let back = CodeUnit::ascii(BACKSLASH);
    let local = [b'?', b'.'].map(CodeUnit::ascii);
    if buf.len() < 8 && P::Encoding::utf16_len(&buf) <= 2 {
        return Ok(path.copied());
    }
    match buf[..] {
        [a, b, c, ..] if a == back && b == back && !local.contains(&c) => {
            insert_ascii(&mut buf, 2, b"?\\UNC\\");
        }
        [_, _, c, ..] if drive_len(&buf) == 2 && c == back => insert_ascii(&mut buf, 0, b"\\\\?\\"),
        _ => {}
    }
    Ok(P::owned(buf))
}

#[inline(always)]
fn is_sep<U: CodeUnit>(unit: U) -> bool {
    Win32::is_sep(unit)
}

/// 2 if `units` start with a drive letter and a colon, else 0.
#[inline]
fn drive_len<U: CodeUnit>(units: &[U]) -> usize {
    match units {
        [letter, colon, ..] if is_letter(*letter) && *colon == U::ascii(b':') => 2,
        _ => 0,
    }
}

#[inline]
fn is_letter<U: CodeUnit>(unit: U) -> bool {
    u8::try_from(unit.value()).is_ok_and(|byte| byte.is_ascii_alphabetic())
}

fn is_ascii<U: CodeUnit>(units: &[U]) -> bool {
    units.iter().fold(0, |all, unit| all | unit.value()) < 0x80
}

#[inline]
fn same_ascii_letter<U: CodeUnit>(a: U, b: U) -> bool {
    a == b || (a.value() ^ b.value() == 0x20 && is_letter(a) && is_letter(b))
}

fn leading_seps<U: CodeUnit>(units: &[U]) -> usize {
    units.iter().take_while(|&&unit| is_sep(unit)).count()
}

fn insert_ascii<U: CodeUnit>(buf: &mut Vec<U>, at: usize, text: &[u8]) {
    buf.splice(at..at, text.iter().map(|&byte| U::ascii(byte)));
}

/// The DOS devices' names, which Windows finds in every directory. The superscript digits count.
fn is_reserved<E: Encoding>(name: &[E::Unit]) -> bool {
    let upper = |unit: &E::Unit| match unit.value() {
        value @ 0x61..=0x7A => value - 0x20,
        value => value,
    };
    let is = |text: &[u8; 3]| name.iter().take(3).map(upper).eq(text.iter().map(|&byte| byte.into()));
    match name.len() {
        3 => is(b"CON") || is(b"PRN") || is(b"AUX") || is(b"NUL"),
        4 | 5 if is(b"COM") || is(b"LPT") => match E::to_utf16(&name[3..])[..] {
            [digit] => matches!(digit, 0x31..=0x39 | 0xB9 | 0xB2 | 0xB3),
            // Bytes may be UTF-8.
            [0xC2, digit] => E::CASE_IS_ASCII && matches!(digit, 0xB9 | 0xB2 | 0xB3),
            _ => false,
        },
        _ => false,
    }
}

/// Whether all of `path` but its last unit, as JavaScript counts them, is such a name.
fn is_reserved_but_last<E: Encoding>(path: &[E::Unit]) -> bool {
    // The longest is COM¹ and one more character, in UTF-8.
    if !(4..=8).contains(&path.len()) || !is_letter(path[0]) {
        return false;
    }
    if path[path.len() - 1].value() < 0x80 || E::CASE_IS_ASCII {
        return is_reserved::<E>(&path[..path.len() - 1]);
    }
    let units = E::to_utf16(path);
    is_reserved::<Utf16>(&units[..units.len() - 1])
}

/// Whether a segment between backslashes is a device's name with a colon behind it.
fn names_device<E: Encoding>(path: &[E::Unit]) -> bool {
    let (back, colon) = (E::Unit::ascii(BACKSLASH), E::Unit::ascii(b':'));
    path.contains(&colon)
        && path.split(|&unit| unit == back).any(|part| {
            part.iter().position(|&unit| unit == colon).is_some_and(|index| is_reserved::<E>(&part[..index]))
        })
}

/// What a path starts from.
#[derive(Clone, Copy)]
enum Device<'a, U> {
    None,
    /// `C:`, or a device's name with its colon: taken as it stands.
    Named(&'a [U]),
    /// `\\server\share`.
    Share {
        server: &'a [U],
        share: &'a [U],
    },
    /// `\\.` or `\\?`, and for [`normalize`] the name of a reserved device with its colon.
    Local {
        sign: U,
        name: &'a [U],
    },
}

struct Root<'a, U> {
    device: Device<'a, U>,
    /// Where what comes after starts.
    end: usize,
    absolute: bool,
}

impl<U: CodeUnit> Device<'_, U> {
    fn is_none(&self) -> bool {
        matches!(self, Device::None)
    }

    fn push_to(&self, out: &mut Vec<U>) {
        let back = U::ascii(BACKSLASH);
        match *self {
            Device::None => {}
            Device::Named(name) => out.extend_from_slice(name),
            Device::Share { server, share } => {
                out.extend([back, back]);
                out.extend_from_slice(server);
                out.push(back);
                out.extend_from_slice(share);
            }
            Device::Local { sign, name } => {
                out.extend([back, back, sign]);
                if !name.is_empty() {
                    out.push(back);
                    out.extend_from_slice(name);
                }
            }
        }
    }

    fn len(&self) -> usize {
        match self {
            Device::None => 0,
            Device::Named(name) => name.len(),
            Device::Share { server, share } => server.len() + share.len() + 3,
            Device::Local { name, .. } => name.len() + 4,
        }
    }

    fn same<E: Encoding<Unit = U>>(&self, other: &Self) -> bool {
        match (self, other) {
            (Device::Named(a), Device::Named(b)) => same_text::<E>(a, b),
            (Device::Local { sign: a, .. }, Device::Local { sign: b, .. }) => a == b,
            (Device::Share { server: a, share: b }, Device::Share { server: c, share: d }) => {
                same_text::<E>(a, c) && same_text::<E>(b, d)
            }
            _ => false,
        }
    }
}

/// Whether the two are the same but for letter case.
fn same_text<E: Encoding>(a: &[E::Unit], b: &[E::Unit]) -> bool {
    if E::CASE_IS_ASCII || (is_ascii(a) && is_ascii(b)) {
        return a.len() == b.len() && a.iter().zip(b).all(|(&a, &b)| same_ascii_letter(a, b));
    }
    a == b || to_lower_case(&E::to_utf16(a)) == to_lower_case(&E::to_utf16(b))
}

/// Two separators, a server, separators, a share.
fn share<U: CodeUnit>(path: &[U]) -> Option<(&[U], &[U], usize)> {
    if leading_seps(path) != 2 {
        return None;
    }
    let server = path[2..].split(|&unit| is_sep(unit)).next().unwrap_or_default();
    let rest = &path[2 + server.len()..];
    let share = rest[leading_seps(rest)..].split(|&unit| is_sep(unit)).next().unwrap_or_default();
    let end = path.len() - rest.len() + leading_seps(rest) + share.len();
    (!server.is_empty() && !share.is_empty()).then_some((server, share, end))
}

/// The root as `dirname` and `parse` see it: a share has its separator, a drive too.
fn root_end<U: CodeUnit>(path: &[U]) -> usize {
    if leading_seps(path) > 0 {
        return share(path).map_or(1, |(_, _, end)| path.len().min(end + 1));
    }
    let drive = drive_len(path);
    if drive > 0 && path.get(drive).is_some_and(|&unit| is_sep(unit)) { drive + 1 } else { drive }
}

/// The root as `resolve` and `normalize` see it.
fn root<U: CodeUnit>(path: &[U]) -> Root<'_, U> {
    match leading_seps(path) {
        0 => match drive_len(path) {
            0 => Root { device: Device::None, end: 0, absolute: false },
            drive => {
                let absolute = path.get(drive).is_some_and(|&unit| is_sep(unit));
                Root { device: Device::Named(&path[..drive]), end: drive + usize::from(absolute), absolute }
            }
        },
        _ => match share(path) {
            None => Root { device: Device::None, end: 1, absolute: true },
            Some((&[sign], _, _)) if sign == U::ascii(b'.') || sign == U::ascii(b'?') => {
                Root { device: Device::Local { sign, name: &[] }, end: 4, absolute: true }
            }
            Some((server, share, end)) => {
                Root { device: Device::Share { server, share }, end, absolute: true }
            }
        },
    }
}

/// Whether `path` is certainly normal. Paths with colons behind the drive, and shares, are looked at in full elsewhere.
fn is_normal<E: Encoding>(path: &[E::Unit]) -> bool {
    let back = E::Unit::ascii(BACKSLASH);
    let base = match drive_len(path) {
        0 => usize::from(path.first() == Some(&back)),
        drive if path.get(drive) == Some(&back) => drive + 1,
        _ => return false,
    };
    first_dirty::<Win32, _>(path, base).is_none()
        && !path[base..].contains(&CodeUnit::ascii(b':'))
        && !is_reserved_but_last::<E>(path)
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
    // A device's name in front must not be taken for the device. Node takes the last unit for the colon where there is none.
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
    if let Some(dirty) = first_dirty::<Win32, _>(&buf, base) {
        compact::<Win32, _>(&mut buf, base, dirty, !absolute);
    } else if trailing && buf.len() > base {
        buf.truncate(buf.len() - 1);
    }
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

fn resolve_units<'a, P: PathStr<'a>>(env: &impl Environment, paths: &[P]) -> Result<Vec<Unit<'a, P>>> {
    let back = CodeUnit::ascii(BACKSLASH);
    let colon = CodeUnit::ascii(b':');
    let mut device = Device::None;
    let mut absolute = false;
    // The first of the paths that make the tail; those between with another device are left out.
    let mut first = paths.len();
    for (index, path) in paths.iter().enumerate().rev() {
        if path.units().is_empty() {
            continue;
        }
        let root = root(path.units());
        if !root.device.is_none() {
            if device.is_none() {
                device = root.device;
            } else if !device.same::<P::Encoding>(&root.device) {
                continue;
            }
        }
        if !absolute {
            first = index;
            absolute = root.absolute;
        }
        if absolute && !device.is_none() {
            break;
        }
    }

    let cwd = match device {
        Device::None => {
            let mut cwd = P::Encoding::from_platform(env.cwd()?)?;
            let as_is = match paths {
                [] => true,
                [path] => {
                    (path.units().is_empty() || path.units() == CodeUnit::DOT)
                        && cwd.first().is_some_and(|&unit| is_sep(unit))
                }
                _ => false,
            };
            if as_is {
                cwd.iter_mut().filter(|unit| is_sep(**unit)).for_each(|unit| *unit = back);
                return Ok(cwd);
            }
            cwd
        }
        Device::Named(name) if !absolute => {
            let letter: String = name.iter().filter_map(|unit| char::from_u32(unit.value())).collect();
            let dir = match env.drive_cwd(&letter).filter(|dir| !dir.is_empty()) {
                Some(dir) => dir,
                None => env.cwd()?,
            };
            let dir = P::Encoding::from_platform(dir)?;
            if dir.get(2) == Some(&back) && !same_text::<P::Encoding>(&dir[..2], name) {
                vec![name[0], colon, back]
            } else {
                dir
            }
        }
        _ => Vec::new(),
    };

    let mut cwd_tail: &[_] = &[];
    if !cwd.is_empty() {
        let root = root(&cwd);
        let fits = root.device.is_none() || device.is_none() || device.same::<P::Encoding>(&root.device);
        if fits {
            if device.is_none() {
                device = root.device;
            }
            if !absolute {
                cwd_tail = &cwd[root.end..];
                absolute = root.absolute;
            }
        }
    }

    let tails = paths[first..].iter().map(|path| path.units()).filter(|units| !units.is_empty());
    let room: usize = tails.clone().map(|units| units.len() + 1).sum();
    let mut buf = Vec::with_capacity(device.len() + cwd_tail.len() + room + 2);
    device.push_to(&mut buf);
    if absolute {
        buf.push(back);
    }
    let base = buf.len();
    buf.extend_from_slice(cwd_tail);
    for units in tails {
        let root = root(units);
        if root.device.is_none() || device.same::<P::Encoding>(&root.device) {
            if buf.len() > base {
                buf.push(back);
            }
            buf.extend_from_slice(&units[root.end..]);
        }
    }
    match first_dirty::<Win32, _>(&buf, base) {
        Some(dirty) => compact::<Win32, _>(&mut buf, base, dirty, !absolute),
        None if buf.len() > base && buf.last() == Some(&back) => buf.truncate(buf.len() - 1),
        None => {}
    }
    if buf.is_empty() {
        buf.push(CodeUnit::ascii(b'.'));
    }
    Ok(buf)
}

/// `path` resolved, without a copy where it has a drive and is normal already.
fn resolved<'a, P: PathStr<'a>>(env: &impl Environment, path: P) -> Result<Cow<'a, [Unit<'a, P>]>> {
    let units = path.units();
    let back = CodeUnit::ascii(BACKSLASH);
    if drive_len(units) == 2
        && units.get(2) == Some(&back)
        && (units.len() == 3 || units.last() != Some(&back))
        && first_dirty::<Win32, _>(units, 3).is_none()
    {
        return Ok(Cow::Borrowed(units));
    }
    resolve_units(env, &[path]).map(Cow::Owned)
}

/// The way between two resolved paths; `from` and `to` are what is compared, by `same`, `shown` is what `to` looks like,
/// unit for unit.
fn way<U: CodeUnit>(from: &[U], to: &[U], shown: &[U], same: impl Fn(U, U) -> bool) -> Vec<U> {
    let back = U::ascii(BACKSLASH);
    let cut = |start: usize, end: usize| shown.get(start..end).unwrap_or_default();
    if from.len() == to.len() && from.iter().zip(to).all(|(&a, &b)| same(a, b)) {
        return Vec::new();
    }
    let trimmed = |path: &[U]| {
        let start = path.iter().take_while(|&&unit| unit == back).count();
        let end =
            path[start..].iter().rposition(|&unit| unit != back).map_or(path.len(), |last| start + last + 1);
        (start, end)
    };
    let ((from_start, from_end), (to_start, to_end)) = (trimmed(from), trimmed(to));
    let (from, to) = (&from[from_start..from_end], &to[to_start..to_end]);
    let length = from.len().min(to.len());
    let equal = from.iter().zip(to).position(|(&a, &b)| !same(a, b)).unwrap_or(length);
    let mut common = from[..equal].iter().rposition(|&unit| unit == back);
    if equal < length {
        if common.is_none() {
            return shown.to_vec();
        }
    } else if to.len() > length && (to[equal] == back || equal == 2) {
        let skip = usize::from(to[equal] == back);
        return cut(to_start + equal + skip, shown.len()).to_vec();
    } else if from.len() > length {
        if from[equal] == back {
            common = Some(equal);
        } else if equal == 2 {
            common = Some(3);
        }
    }
    let common = common.unwrap_or(0);
    let ups = match from.get(common + 1..) {
        Some(rest) => rest.iter().filter(|&&unit| unit == back).count() + 1,
        None => 0,
    };
    let start = to_start + common;
    let rest = cut(start, to_end);
    let mut out = Vec::with_capacity(ups * 3 + rest.len());
    for index in 0..ups {
        if index > 0 {
            out.push(back);
        }
        out.extend([U::ascii(b'.'), U::ascii(b'.')]);
    }
    let skip = usize::from(ups == 0 && shown.get(start) == Some(&back));
    out.extend_from_slice(cut(start + skip, to_end));
    out
}

/// As [`way`], for paths whose letters are not all ASCII.
fn way_utf16(from: &[u16], to: &[u16]) -> Vec<u16> {
    if from == to {
        return Vec::new();
    }
    let (from_lower, to_lower) = (to_lower_case(from), to_lower_case(to));
    if from_lower.len() == from.len() && to_lower.len() == to.len() {
        return way(&from_lower, &to_lower, to, |a, b| a == b);
    }
    if from_lower == to_lower {
        return Vec::new();
    }
    // Lowering changed a length, so places in the one are not places in the other: segments are compared instead.
    let back = u16::from(BACKSLASH);
    let split = |path: &'_ [u16]| path.strip_suffix(&[back]).unwrap_or(path).len();
    let (from, to_cut) = (&from[..split(from)], &to[..split(to)]);
    let from_parts: Vec<&[u16]> = from.split(|&unit| unit == back).collect();
    let to_parts: Vec<&[u16]> = to_cut.split(|&unit| unit == back).collect();
    let same = from_parts.iter().zip(&to_parts).take_while(|(a, b)| same_text::<Utf16>(a, b)).count();
    if same == 0 {
        return to.to_vec();
    }
    let mut parts: Vec<&[u16]> = vec![&[b'.' as u16, b'.' as u16]; from_parts.len() - same];
    parts.extend_from_slice(&to_parts[same..]);
    let mut out = parts.join(&back);
    // Node leaves the separator behind the last `..` unless one path is part of the other.
    if same == to_parts.len() || same == from_parts.len() {
        return out;
    }
    if parts.is_empty() {
        out.clear();
    }
    out
}
