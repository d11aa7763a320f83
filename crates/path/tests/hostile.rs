//! Sixteen MiB of what could take time that grows faster than its length. These end, or the run never does.

#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

use nodecore_path::{Glob, Latin1, PathStr, posix, win32};

const SIZE: usize = 16 << 20;

const PATTERNS: &[&str] = &[
    "/", "\\", ".", "..", "../", "./", "a/", "a/../", "../a/", "a/./", "//a", ":", "a:", "C:\\", "\\\\a",
    ".a", "a.", "CON:\\", "\u{E9}/",
];

fn all<'a, P: PathStr<'a>>(text: P, short: P) {
    posix::basename(text, None);
    posix::basename(text, Some(text));
    posix::basename(text, Some(short));
    posix::dirname(text);
    posix::extname(text);
    posix::is_absolute(text);
    posix::join(&[short, text, short, text]);
    posix::normalize(text);
    posix::format(&posix::parse(text));
    posix::relative(text, short).unwrap();
    posix::relative(short, text).unwrap();
    posix::resolve(&[text, short, text]).unwrap();
    win32::basename(text, None);
    win32::basename(text, Some(short));
    win32::dirname(text);
    win32::extname(text);
    win32::is_absolute(text);
    win32::join(&[short, text, short, text]);
    win32::normalize(text);
    win32::format(&win32::parse(text));
    win32::relative(text, short).unwrap();
    win32::relative(short, text).unwrap();
    win32::resolve(&[text, short, text]).unwrap();
    win32::to_namespaced_path(text).unwrap();
}

#[test]
fn long_paths_are_linear() {
    for pattern in PATTERNS {
        let text = pattern.repeat(SIZE / pattern.len());
        all(text.as_str(), "\u{E9}/x");
        all(Latin1(&text.as_bytes()[..SIZE / 16]), Latin1(b"C:\\x"));
    }
}

#[test]
fn many_short_segments_are_linear() {
    let parts = vec![".."; SIZE / 16];
    assert_eq!(posix::join(&parts).len(), parts.len() * 3 - 1);
    let parts = vec!["a"; SIZE / 16];
    assert_eq!(win32::join(&parts).len(), parts.len() * 2 - 1);
}

#[test]
fn long_paths_match_globs_in_time() {
    for pattern in PATTERNS {
        let text = pattern.repeat(SIZE / 8 / pattern.len());
        for glob in ["**", "**/a", "**/*/a/**", "a/**/b/**/c", "*", "*a*b*c", "?(a)", "[!a]*"] {
            Glob::posix(glob).unwrap().is_match(text.as_str());
            Glob::win32(glob).unwrap().is_match(text.as_bytes());
        }
    }
}

/// What makes a regular expression try for longer than anyone waits.
#[test]
fn hostile_globs_end() {
    let name = "a".repeat(2000);
    let deep = "a/".repeat(300);
    for pattern in [
        "*a*a*a*a*a*a*a*a*a*a*a*a*b".to_owned(),
        "+(a|a)b".to_owned(),
        "*(+(a)|?(a)a|*)b".to_owned(),
        "+(*|.d)".repeat(20),
        "!(a)".repeat(40),
        "!(!(!(a)))".repeat(12),
        "{a,b}".repeat(40),
        "{".repeat(30_000),
        "{a,".repeat(20_000),
        "@(".repeat(20_000),
        "!(a|".repeat(10_000),
        "[".repeat(60_000),
        "**/a/".repeat(150),
        "**/../a/b/".repeat(1000),
        "{1..999999999}".to_owned(),
        "{1..9}{1..9}{1..9}{1..9}{1..9}{1..9}".to_owned(),
        format!("{}b", "**/".repeat(150)),
        format!("{}b", "**/*a/".repeat(80)),
        format!("{}b", "*a".repeat(200)),
        format!("{}b", "**/*a*a*a/".repeat(40)),
        "{aa,a}*{aa,a}*{aa,a}b".to_owned(),
        "*{a,aa,aaa}*{a,aa,aaa}*{a,aa,aaa}*b".to_owned(),
        format!("{}a{}", "{a,".repeat(60), "}".repeat(60)),
        format!("{}b", "[a-z]*".repeat(60)),
    ] {
        let glob = Glob::posix(pattern.as_str()).unwrap();
        for path in [&name, &deep] {
            let matched = glob.is_match(path.as_str());
            assert_eq!(posix::matches_glob(path.as_str(), pattern.as_str()).unwrap(), matched, "{pattern}");
        }
    }
    assert!(Glob::posix(&"a".repeat(65_537)).is_err());
}
