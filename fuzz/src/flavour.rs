//! What holds for the paths of both flavours. A target includes this file and names its flavour `path`.

use nodecore_error::Result;
use nodecore_fuzz::{SEPARATOR, Text};
use nodecore_path::{Environment, Latin1, ParsedPath, PathStr};

use super::{CWD, is_settled, path};

/// The directories of no machine, so that a finding is one everywhere.
#[derive(Debug)]
pub struct Directories;

impl Environment for Directories {
    fn cwd(&self) -> Result<Vec<u8>> {
        Ok(CWD.into())
    }

    fn drive_cwd(&self, drive: &str) -> Option<Vec<u8>> {
        (drive == "D:").then(|| b"D:\\work".to_vec())
    }
}

/// Results as UTF-16, so that forms can be compared.
pub trait ToUnits {
    fn to_units(&self) -> Vec<u16>;
}

impl ToUnits for &str {
    fn to_units(&self) -> Vec<u16> {
        self.encode_utf16().collect()
    }
}
impl ToUnits for String {
    fn to_units(&self) -> Vec<u16> {
        self.as_str().to_units()
    }
}
impl ToUnits for &[u8] {
    fn to_units(&self) -> Vec<u16> {
        self.iter().map(|&byte| byte.into()).collect()
    }
}
impl ToUnits for Vec<u8> {
    fn to_units(&self) -> Vec<u16> {
        self.as_slice().to_units()
    }
}
impl ToUnits for Latin1<'_> {
    fn to_units(&self) -> Vec<u16> {
        self.0.to_units()
    }
}
impl ToUnits for &[u16] {
    fn to_units(&self) -> Vec<u16> {
        self.to_vec()
    }
}
impl ToUnits for Vec<u16> {
    fn to_units(&self) -> Vec<u16> {
        self.clone()
    }
}

fn listed<T: ToUnits>(parsed: &ParsedPath<T>) -> [Vec<u16>; 5] {
    [&parsed.root, &parsed.dir, &parsed.base, &parsed.ext, &parsed.name].map(ToUnits::to_units)
}

/// The results of every function that is the same for all forms.
fn all<'a, P: PathStr<'a>>(paths: &[P]) -> Vec<Vec<u16>>
where
    P::Borrowed: ToUnits,
    P::Owned: ToUnits,
{
    let (first, last) = (paths[0], paths[paths.len() - 1]);
    let mut out = vec![
        path::basename(first, None).to_units(),
        path::basename(first, Some(last)).to_units(),
        path::dirname(first).to_units(),
        path::extname(first).to_units(),
        vec![u16::from(path::is_absolute(first))],
        path::join(paths).to_units(),
        path::normalize(first).to_units(),
        path::resolve_with(&Directories, paths).unwrap().to_units(),
        path::format(&ParsedPath { root: first, dir: last, base: first, ext: last, name: first }).to_units(),
    ];
    out.extend(listed(&path::parse(first)));
    out
}

fn relative<'a, P: PathStr<'a>>(paths: &[P]) -> Vec<u16>
where
    P::Owned: ToUnits,
{
    path::relative_with(&Directories, paths[0], paths[paths.len() - 1]).unwrap().to_units()
}

/// Checks the paths of an input: up to four, parted by [`SEPARATOR`].
pub fn check(data: &[u8]) {
    let raw: Vec<&[u8]> = data.splitn(4, |&byte| byte == SEPARATOR).collect();
    let texts: Vec<Text> = raw.iter().map(|field| Text::new(field)).collect();
    let wide: Vec<&[u16]> = texts.iter().map(|text| &text.utf16[..]).collect();
    let expected = (all(&wide), relative(&wide));
    if let Some(utf8) = texts.iter().map(|text| text.utf8.as_deref()).collect::<Option<Vec<_>>>() {
        assert_eq!((all(&utf8), relative(&utf8)), expected, "UTF-8, {utf8:?}");
        if utf8.iter().all(|text| text.is_ascii()) {
            let bytes: Vec<&[u8]> = utf8.iter().map(|text| text.as_bytes()).collect();
            assert_eq!((all(&bytes), relative(&bytes)), expected, "bytes, {utf8:?}");
        }
        check_one(utf8[0]);
    }
    if let Some(latin1) = texts.iter().map(Text::as_latin1).collect::<Option<Vec<_>>>() {
        assert_eq!((all(&latin1), relative(&latin1)), expected, "Latin-1, {latin1:?}");
    }
    // Bytes are cut and put together at the same places as Latin-1, as all that counts is ASCII but for a device.
    let bytes = all(&raw);
    relative(&raw);
    if raw.iter().all(|field| is_settled(&String::from_utf8_lossy(field))) {
        let latin1: Vec<Latin1<'_>> = raw.iter().map(|&field| Latin1(field)).collect();
        assert_eq!(bytes, all(&latin1), "bytes and Latin-1, {raw:?}");
    }
}

fn check_one(one: &str) {
    let normal = path::normalize(one);
    if is_settled(one) {
        assert_eq!(path::normalize(&*normal), normal, "normalize twice, {one:?}");
        assert_eq!(path::is_absolute(&*normal), path::is_absolute(one), "{one:?} and {normal:?}");
        assert_eq!(path::join(&[one]), normal, "join of {one:?} alone");
    }
    let resolved = path::resolve_with(&Directories, &[one]).unwrap();
    assert!(path::is_absolute(&*resolved), "{one:?} resolved to {resolved:?}");
    // Node takes a root of devices that stands alone for a path on the current drive.
    if resolved != r"\\.\" && resolved != r"\\?\" {
        assert_eq!(
            path::resolve_with(&Directories, &[&*resolved]).unwrap(),
            resolved,
            "resolve twice, {one:?}"
        );
    }
    assert_eq!(path::relative_with(&Directories, one, one).unwrap(), "", "{one:?} from itself");

    let parsed = path::parse(one);
    assert_eq!(parsed.base, format!("{}{}", parsed.name, parsed.ext), "{one:?}");
    // Node's `parse` takes a root with nothing behind it for no name, and finds an extension in `/..`.
    if !parsed.base.is_empty() {
        assert_eq!(parsed.base, path::basename(one, None), "{one:?}");
        assert!(parsed.base == ".." || parsed.ext == path::extname(one), "{one:?}");
    }
    assert!(one.starts_with(parsed.root) && parsed.dir.starts_with(parsed.root), "{one:?}");
    assert!(one.starts_with(parsed.dir) && one.contains(parsed.base), "{one:?}");
    let formatted = path::format(&parsed);
    // `/..` again: one slash more, before or behind, and there is no extension.
    if parsed.base != ".." {
        assert_eq!(path::parse(&*formatted), parsed, "{one:?} by way of {formatted:?}");
    }
}
