//! Glob patterns, in both flavours: `pattern FF path`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nodecore_fuzz::{Text, fields};
use nodecore_path::{Glob, posix, win32};

fuzz_target!(|data: &[u8]| {
    let [pattern, path] = fields(data).map(Text::new);
    // Each of these makes a hundred thousand patterns, which is Node's limit and takes its time.
    let digits = pattern.utf16.split(|&unit| u8::try_from(unit).map_or(true, |byte| !byte.is_ascii_digit()));
    if digits.map(<[u16]>::len).max().unwrap_or(0) > 3 {
        return;
    }
    let (wide, wide_path) = (&pattern.utf16[..], &path.utf16[..]);
    let globs = [Glob::posix(wide), Glob::win32(wide)].map(|glob| glob.unwrap());
    let matches = globs.each_ref().map(|glob| glob.is_match(wide_path));
    let once = match data.len() % 2 {
        0 => posix::matches_glob(wide_path, wide),
        _ => win32::matches_glob(wide_path, wide),
    };
    assert_eq!(once.unwrap(), matches[data.len() % 2]);
    if let (Some(pattern), Some(path)) = (pattern.utf8.as_deref(), path.utf8.as_deref()) {
        let globs = [Glob::posix(pattern), Glob::win32(pattern)].map(|glob| glob.unwrap());
        assert_eq!(globs.map(|glob| glob.is_match(path)), matches, "UTF-8");
    }
    if let (Some(pattern), Some(path)) = (pattern.as_latin1(), path.as_latin1()) {
        let globs = [Glob::posix(pattern), Glob::win32(pattern)].map(|glob| glob.unwrap());
        assert_eq!(globs.map(|glob| glob.is_match(path)), matches, "Latin-1");
    }
    // A path without signs is its own pattern.
    if let Some(path) = path.utf8.as_deref()
        && !path.is_empty()
        && path.split('/').all(|part| !part.is_empty() && part.chars().all(char::is_alphanumeric))
    {
        assert!(Glob::posix(path).unwrap().is_match(path), "{path:?}");
        assert!(Glob::win32(path).unwrap().is_match(path), "{path:?}");
        assert!(Glob::posix("**").unwrap().is_match(path), "** and {path:?}");
    }
});
