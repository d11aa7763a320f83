//! Glob patterns, in both flavours: `pattern FF path`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nodecore_fuzz::{Text, fields};
use nodecore_path::{Glob, posix, win32};

fuzz_target!(|data: &[u8]| {
    let [pattern, path] = fields(data).map(Text::new);
    // Node allows a hundred thousand alternatives, and they take their time: over a minute there, seconds here.
    if alternatives(&pattern.utf16) > 2000 {
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

/// At most how many patterns the ranges of `pattern` (`{1..68}`) stand for.
fn alternatives(pattern: &[u16]) -> usize {
    let digit = |unit: &u16| {
        u8::try_from(*unit).ok().filter(u8::is_ascii_digit).map(|digit| usize::from(digit - b'0'))
    };
    let runs = pattern.split(|unit| digit(unit).is_none()).filter(|run| !run.is_empty());
    let numbers = runs.map(|run| {
        run.iter().filter_map(digit).fold(0, |n: usize, digit| n.saturating_mul(10).saturating_add(digit))
    });
    // A range may go from any number of the pattern to any other.
    let dots = pattern.windows(2).filter(|pair| pair == &[u16::from(b'.'); 2]).count();
    let longest = numbers.max().unwrap_or(0).saturating_add(1);
    longest.saturating_pow(u32::try_from(dots).unwrap_or(u32::MAX))
}
