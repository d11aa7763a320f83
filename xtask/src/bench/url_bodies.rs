//! The bodies of the URL benchmarks, ours and those of native peers.

use std::cell::RefCell;
use std::hint::black_box;

use nodecore::path::Latin1;
use nodecore::url::{self as nodecore_url, FileUrlOptions, Url, UrlPattern, UrlPatternOptions, legacy};

use super::{file, inputs, measure, measure_each, must, read, urls};

fn real() -> Vec<String> {
    urls().lines().filter(|line| Url::can_parse(*line, None)).map(str::to_owned).collect()
}

/// The first field of each line of `benches/inputs/NAME.txt`.
fn first_fields(name: &str) -> Vec<String> {
    inputs(name).into_iter().filter_map(|line| line.into_iter().next()).collect()
}

fn utf16_of(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

fn latin1_of(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect()
}

pub(super) fn reparse() {
    let url = RefCell::new(must(Url::parse("https://example.org/")));
    measure_each(&real(), |line| {
        let mut url = url.borrow_mut();
        must(url.set_href(line));
        url.href().len()
    });
}

pub(super) fn ada_reparse() {
    let url = RefCell::new(ada_url::Url::parse("https://example.org/", None).ok());
    measure_each(&real(), |line| {
        url.borrow_mut().as_mut().map_or(0, |url| {
            let _ = url.set_href(line);
            url.href().len()
        })
    });
}

pub(super) fn can_parse() {
    measure_each(&real(), |line| usize::from(Url::can_parse(line.as_str(), None)));
}

pub(super) fn ada_can_parse() {
    measure_each(&real(), |line| usize::from(ada_url::Url::can_parse(line, None)));
}

pub(super) fn url_can_parse() {
    measure_each(&real(), |line| usize::from(url::Url::parse(line).is_ok()));
}

/// Each with its base, which is empty where there is none.
fn awkward_lines() -> Vec<(String, String)> {
    let text = read(&file("awkward-urls.txt"));
    text.lines()
        .map(|line| line.split_once('\t').unwrap_or((line, "")))
        .map(|(a, b)| (a.into(), b.into()))
        .collect()
}

pub(super) fn awkward() {
    measure_each(&awkward_lines(), |(line, base)| {
        let url = if base.is_empty() { Url::parse(line) } else { Url::resolve(line, base) };
        must(url).href().len()
    });
}

pub(super) fn ada_awkward() {
    measure_each(&awkward_lines(), |(line, base)| {
        let base = (!base.is_empty()).then_some(base.as_str());
        ada_url::Url::parse(line.as_str(), base).map_or(0, |url| url.href().len())
    });
}

pub(super) fn url_awkward() {
    measure_each(&awkward_lines(), |(line, base)| {
        let url = if base.is_empty() {
            url::Url::parse(line)
        } else {
            url::Url::parse(base).and_then(|base| base.join(line))
        };
        url.map_or(0, |url| url.as_str().len())
    });
}

/// Those of the awkward URLs that need no base and are of characters up to `last`.
fn awkward_up_to(last: char) -> Vec<String> {
    let lines = awkward_lines().into_iter().filter(|(_, base)| base.is_empty()).map(|(line, _)| line);
    lines.filter(|line| line.chars().all(|c| c <= last)).collect()
}

fn parse_utf8(lines: &[String]) {
    measure_each(lines, |line| must(Url::parse(line)).href().len());
}

fn parse_latin1(lines: &[String]) {
    let lines: Vec<Vec<u8>> = lines.iter().filter_map(|line| latin1_of(line)).collect();
    measure_each(&lines, |line| must(Url::parse(Latin1(line))).href().len());
}

fn parse_utf16(lines: &[String]) {
    let lines: Vec<Vec<u16>> = lines.iter().map(|line| utf16_of(line)).collect();
    measure_each(&lines, |line| must(Url::parse(&line[..])).href().len());
}

pub(super) fn utf8() {
    parse_utf8(&real());
}

pub(super) fn latin1() {
    parse_latin1(&real());
}

pub(super) fn utf16() {
    parse_utf16(&real());
}

pub(super) fn awkward_latin1_as_utf8() {
    parse_utf8(&awkward_up_to('\u{ff}'));
}

pub(super) fn awkward_latin1() {
    parse_latin1(&awkward_up_to('\u{ff}'));
}

pub(super) fn awkward_as_utf8() {
    parse_utf8(&awkward_up_to(char::MAX));
}

pub(super) fn awkward_utf16() {
    parse_utf16(&awkward_up_to(char::MAX));
}

const CHANGED: &str = "https://example.org/a/b?c#d";

pub(super) fn set_pathname() {
    let url = RefCell::new(must(Url::parse(CHANGED)));
    measure_each(&first_fields("url-set-pathname"), |line| {
        let mut url = url.borrow_mut();
        url.set_pathname(line);
        url.href().len()
    });
}

pub(super) fn ada_set_pathname() {
    let url = RefCell::new(ada_url::Url::parse(CHANGED, None).ok());
    measure_each(&first_fields("url-set-pathname"), |line| {
        url.borrow_mut().as_mut().map_or(0, |url| {
            let _ = url.set_pathname(Some(line));
            url.href().len()
        })
    });
}

pub(super) fn url_set_pathname() {
    let url = RefCell::new(url::Url::parse(CHANGED).ok());
    measure_each(&first_fields("url-set-pathname"), |line| {
        url.borrow_mut().as_mut().map_or(0, |url| {
            url.set_path(line);
            url.as_str().len()
        })
    });
}

pub(super) fn domain_to_ascii() {
    measure_each(&first_fields("url-domains"), |line| nodecore_url::domain_to_ascii(line).len());
}

pub(super) fn ada_domain_to_ascii() {
    measure_each(&first_fields("url-domains"), |line| ada_url::Idna::ascii(line).len());
}

fn posix() -> FileUrlOptions {
    FileUrlOptions::new().windows(false)
}

/// As [`measure_each`], of what gives a path; the check is its length in JavaScript, which is at hand there.
fn measure_paths(work: impl Fn(&String) -> Option<String>) {
    let lines = first_fields("url-files");
    let check: usize = lines.iter().filter_map(&work).map(|path| path.encode_utf16().count()).sum();
    let mut next = lines.iter().cycle();
    measure(&check.to_string(), |times| {
        for line in next.by_ref().take(times) {
            black_box(work(black_box(line)));
        }
    });
}

pub(super) fn file_url_to_path() {
    measure_paths(|line| nodecore_url::file_url_to_path(line.as_str(), posix()).ok());
}

pub(super) fn url_to_file_path() {
    measure_paths(|line| {
        let path = url::Url::parse(line).ok().and_then(|url| url.to_file_path().ok())?;
        path.into_os_string().into_string().ok()
    });
}

pub(super) fn path_to_file_url() {
    measure_each(&first_fields("url-paths"), |line| {
        must(nodecore_url::path_to_file_url(line, posix())).href().len()
    });
}

pub(super) fn url_from_file_path() {
    measure_each(&first_fields("url-paths"), |line| {
        url::Url::from_file_path(line).map_or(0, |url| url.as_str().len())
    });
}

pub(super) fn legacy_parse() {
    measure_each(&real(), |line| must(legacy::parse(line, false)).href.len());
}

pub(super) fn legacy_format() {
    let parsed: Vec<_> = first_fields("urls").iter().map(|line| must(legacy::parse(line, false))).collect();
    measure_each(&parsed, |url| legacy::format(url).len());
}

pub(super) fn legacy_resolve() {
    measure_each(&inputs("url-resolve"), |line| must(legacy::resolve(&line[0], &line[1])).len());
}

pub(super) fn pattern() {
    let line = |line: &Vec<String>| {
        (must(UrlPattern::parse(line[0].as_str(), None, UrlPatternOptions::new())), line[1].clone())
    };
    let lines: Vec<_> = inputs("url-pattern").iter().map(line).collect();
    measure_each(&lines, |(pattern, url)| {
        let matches = usize::from(pattern.test(url.as_str(), None));
        match pattern.exec(url.as_str(), None) {
            Some(found) => {
                let path = found.pathname();
                matches + path.input().len() + path.group("id").map_or(0, str::len)
            }
            None => matches,
        }
    });
}
