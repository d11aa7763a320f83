//! This crate against the `url` crate: every difference has to fall under a rule that names it and says who follows
//! the URL Standard.
//!
//! Inputs are the real URLs of `../shared/conformance/urls`, web-platform-tests' `urltestdata.json` and generated
//! ones: `NODECORE_CASES` (default 20,000) of `NODECORE_SEED`. Prints how many differences each rule explains.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::PathBuf;

use nodecore_url::Url;
use serde_json::Value;
use url::quirks;

/// What one of the two makes of an input: nothing, or the href and the parts in [`PARTS`]' order.
type Outcome = Option<[String; 11]>;

const PARTS: [&str; 11] = [
    "href", "origin", "protocol", "username", "password", "host", "hostname", "port", "pathname", "search",
    "hash",
];
const ORIGIN: usize = 1;

fn ours(input: &str, base: Option<&str>) -> Outcome {
    let url = match base {
        None => Url::parse(input),
        Some(base) => Url::resolve(input, base),
    }
    .ok()?;
    let part = str::to_owned;
    Some([
        part(url.href()),
        url.origin().into_owned(),
        part(url.protocol()),
        part(url.username()),
        part(url.password()),
        part(url.host()),
        part(url.hostname()),
        part(url.port()),
        part(url.pathname()),
        part(url.search()),
        part(url.hash()),
    ])
}

fn theirs(input: &str, base: Option<&str>) -> Outcome {
    let url = match base {
        None => url::Url::parse(input),
        Some(base) => url::Url::parse(base).and_then(|base| base.join(input)),
    }
    .ok()?;
    let part = str::to_owned;
    Some([
        part(url.as_str()),
        quirks::origin(&url),
        part(quirks::protocol(&url)),
        part(quirks::username(&url)),
        part(quirks::password(&url)),
        part(quirks::host(&url)),
        part(quirks::hostname(&url)),
        part(quirks::port(&url)),
        part(quirks::pathname(&url)),
        part(quirks::search(&url)),
        part(quirks::hash(&url)),
    ])
}

/// One input and what became of it.
struct Case<'a> {
    input: &'a str,
    base: Option<&'a str>,
    ours: &'a Outcome,
    theirs: &'a Outcome,
}

impl Case<'_> {
    /// Input and base without what the parser drops first.
    fn text(&self) -> String {
        let base = self.base.unwrap_or_default();
        format!("{} {base}", self.input).replace(['\t', '\n', '\r'], "")
    }

    fn both(&self) -> Option<(&[String; 11], &[String; 11])> {
        Some((self.ours.as_ref()?, self.theirs.as_ref()?))
    }

    /// Both are URLs whose hrefs are the same after `canonical`.
    fn same_after(&self, canonical: impl Fn(&str) -> String) -> bool {
        self.both().is_some_and(|(ours, theirs)| canonical(&ours[0]) == canonical(&theirs[0]))
    }

    fn is_file(&self) -> bool {
        self.both().is_some_and(|(ours, theirs)| ours[2] == "file:" && theirs[2] == "file:")
    }
}

/// A difference that is known: its name, its reason with the section of the URL Standard, and what it looks like.
struct Rule {
    name: &'static str,
    why: &'static str,
    explains: fn(&Case<'_>) -> bool,
}

const RULES: &[Rule] = &[
    Rule {
        name: "origin of blob",
        why: "only a blob of http or https has an origin, and only one level deep (4.7, origin of a URL)",
        explains: |case| {
            case.both().is_some_and(|(ours, theirs)| {
                ours[2] == "blob:"
                    && ours[ORIGIN] == "null"
                    && (0..PARTS.len()).all(|at| at == ORIGIN || ours[at] == theirs[at])
            })
        },
    },
    Rule {
        name: "caret in a path",
        why: "^ is in the path percent-encode set since 2023 (1.3); that crate leaves it",
        explains: |case| case.text().contains('^') && case.same_after(without_carets),
    },
    Rule {
        name: "spaces that end an opaque path",
        why: "the last is escaped before ? and # (4.4, opaque path state); that crate leaves it",
        explains: |case| {
            case.text().contains(' ') && case.same_after(|href| without_carets(&without_last_spaces(href)))
        },
    },
    Rule {
        name: "slashes after the base's scheme",
        why: "a special URL's // may be any number of slashes (4.4, special authority ignore slashes state); that \
              crate refuses a third where the base has the scheme",
        explains: |case| case.theirs.is_none() && case.base.is_some() && has_many_slashes(case.input),
    },
    Rule {
        name: "backslash after a port",
        why: "\\ ends the host of special URLs only (4.4, port state); that crate takes it for the start of a path",
        explains: |case| case.ours.is_none() && has_port_and_backslash(&case.text()),
    },
    Rule {
        name: "backslash that starts a link",
        why: "\\ is a slash in special URLs only (4.4, relative state); that crate's links start with either, or with more of them than they need",
        explains: |case| {
            let link = case.input.trim_start_matches(|c| c <= ' ');
            let canonical = |url: &Outcome| {
                url.as_ref().map(|url| without_carets(&url[0]).trim_end_matches('/').to_owned())
            };
            let is_read_as =
                |slashed: String| canonical(&ours(&slashed, case.base)) == canonical(case.theirs);
            (link.starts_with('\\') || link.starts_with("/\\"))
                && [("/", 1), ("/", 2), ("", 1)]
                    .iter()
                    .any(|(slash, count)| is_read_as(case.input.replacen('\\', slash, *count)))
        },
    },
    Rule {
        name: "Unicode 18 in Punycode",
        why: "a label has to be valid by the version of Unicode in use (3.3, domain to ASCII): 17 here, as in Node and \
              web-platform-tests; that crate's data are newer",
        explains: |case| {
            let is_new = |c: &char| !Url::can_parse(&format!("http://a{c}/"), None);
            only_theirs_has_punycode(case, |label| label.iter().any(is_new))
        },
    },
    Rule {
        name: "Punycode in Punycode",
        why: "what a label decodes to may not start with xn-- (3.3, domain to ASCII; UTS #46, validity criterion 4); \
              that crate does not look",
        explains: |case| only_theirs_has_punycode(case, |label| label.starts_with(&['x', 'n', '-', '-'])),
    },
    Rule {
        name: "user without a host",
        why: "after an @ there has to be a host (4.4, authority state); that crate takes none, where it is empty",
        explains: |case| {
            let without_host = |url: &[String; 11]| url[5].is_empty() && case.text().contains('@');
            case.ours.is_none() && case.theirs.as_ref().is_some_and(without_host)
        },
    },
    Rule {
        name: "empty segments of a file's path",
        why: "they stay (4.4, path state); that crate drops those at the start",
        explains: |case| case.is_file() && case.same_after(without_empty_segments),
    },
    Rule {
        name: "host of a file with a drive",
        why: "the host stays (4.4, file slash and path state: it was dropped until 2020); that crate drops it",
        explains: |case| case.is_file() && has_drive(case) && case.same_after(without_drive_and_host),
    },
    Rule {
        name: "drive inside a path",
        why: "a drive stays only as the first segment of a file's path (4.1, shorten a URL's path); that crate keeps it \
              wherever it is",
        explains: |case| {
            has_drive(case)
                && (case.base.is_some() || has_dots(&case.text()))
                && case.same_after(without_drives)
        },
    },
    Rule {
        name: "tab after a drive",
        why: "tabs and newlines are dropped first (4.4, basic URL parser, step 3); that crate takes one for the end of \
              the segment",
        explains: |case| {
            case.is_file()
                && has_drive(case)
                && case.input.contains(['\t', '\n'])
                && case.same_after(|href| without_drive_and_host(&href.replace(":/", ":")))
        },
    },
];

fn without_carets(href: &str) -> String {
    let end = href.find(['?', '#']).unwrap_or(href.len());
    href[..end].replace('^', "%5E") + &href[end..]
}

fn without_last_spaces(href: &str) -> String {
    let end = href.find(['?', '#']).unwrap_or(href.len());
    href[..end].trim_end_matches("%20").trim_end_matches(' ').to_owned() + &href[end..]
}

fn has_many_slashes(input: &str) -> bool {
    let slashes = input.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r'));
    slashes.take_while(|c| matches!(c, '/' | '\\')).count() > 2
}

fn has_port_and_backslash(text: &str) -> bool {
    let after = |(at, _)| &text[at + 1..];
    let mut ports = text.match_indices(':').map(after);
    ports.any(|after| after.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with('\\'))
}

fn has_dots(text: &str) -> bool {
    text.to_ascii_lowercase().replace("%2e", ".").contains("..")
}

/// A URL without the drives that its segments start with, and without empty segments, one of which may have gone for
/// one of those.
fn without_drives(href: &str) -> String {
    let href = without_carets(href);
    let end = href.find(['?', '#']).unwrap_or(href.len());
    let rest = |segment: &str| match segment.as_bytes() {
        [letter, b':' | b'|', b'\\', ..] if letter.is_ascii_alphabetic() => String::new(),
        [letter, b':' | b'|', ..] if letter.is_ascii_alphabetic() => segment[2..].to_owned(),
        _ => segment.to_owned(),
    };
    let kept: Vec<String> =
        href[..end].split('/').map(rest).filter(|rest| !matches!(rest.as_str(), "" | ".")).collect();
    kept.join("/") + &href[end..]
}

/// The other crate alone takes a host with a label of Punycode that is so when decoded.
fn only_theirs_has_punycode(case: &Case<'_>, is: impl Fn(&[char]) -> bool) -> bool {
    let Some(theirs) = case.theirs else { return false };
    let mut labels = theirs[6].split('.').filter_map(|label| label.strip_prefix("xn--"));
    case.ours.is_none() && labels.any(|label| idna::punycode::decode(label).is_some_and(|label| is(&label)))
}

/// Host and the path's segments of a file's href; then query and fragment.
fn file(href: &str) -> (String, Vec<String>, String) {
    let href = without_carets(href);
    let end = href.find(['?', '#']).unwrap_or(href.len());
    let (host, path) = href[7..end].split_once('/').unwrap_or_default();
    (host.to_owned(), path.split('/').map(str::to_owned).collect(), href[end..].to_owned())
}

fn without_empty_segments(href: &str) -> String {
    let (host, mut path, rest) = file(href);
    path.retain(|segment| !segment.is_empty());
    format!("{host} {path:?} {rest}")
}

fn has_drive(case: &Case<'_>) -> bool {
    let text = case.text();
    let bytes = text.as_bytes();
    bytes.windows(2).any(|pair| pair[0].is_ascii_alphabetic() && matches!(pair[1], b':' | b'|'))
}

fn without_drive_and_host(href: &str) -> String {
    let (_, mut path, rest) = file(href);
    path.retain(|segment| !segment.is_empty());
    for segment in &mut path {
        if segment.len() == 2 && segment.ends_with('|') {
            *segment = segment.replace('|', ":");
        }
    }
    format!("{path:?} {rest}")
}

#[test]
fn every_difference_has_a_rule() {
    let mut inputs = given();
    inputs.extend(inputs.iter().filter_map(|(_, base)| Some((base.clone()?, None))).collect::<Vec<_>>());
    let count = number("NODECORE_CASES").unwrap_or(20_000);
    let mut random = Random(number("NODECORE_SEED").unwrap_or(1));
    for _ in 0..count {
        let (input, base) = (random.url(), random.url());
        if random.below(4) == 0 {
            inputs.push((input, Some(base.clone())));
        } else {
            inputs.push((input, None));
        }
        inputs.push((base, None));
    }
    let mut explained: BTreeMap<&str, usize> = RULES.iter().map(|rule| (rule.name, 0)).collect();
    let (mut differences, mut unexplained) = (0, Vec::new());
    for (input, base) in &inputs {
        // What differs in the base is to be explained there.
        let base = match base {
            Some(base) if ours(base, None) != theirs(base, None) => continue,
            base => base,
        };
        let (ours, theirs) = (&ours(input, base.as_deref()), &theirs(input, base.as_deref()));
        #[cfg(feature = "url")]
        converts(ours, theirs);
        if ours == theirs {
            continue;
        }
        differences += 1;
        let case = Case { input, base: base.as_deref(), ours, theirs };
        match RULES.iter().find(|rule| (rule.explains)(&case)) {
            Some(rule) => *explained.entry(rule.name).or_default() += 1,
            None => {
                let part = |outcome: &Outcome| match (case.both(), outcome) {
                    (Some((a, b)), Some(parts)) => {
                        let at = (0..PARTS.len()).find(|&at| a[at] != b[at]).unwrap_or_default();
                        format!("{} {:?}", PARTS[at], parts[at])
                    }
                    (None, Some(parts)) => parts[0].clone(),
                    (_, None) => "invalid".to_owned(),
                };
                let (ours, theirs) = (part(ours), part(theirs));
                unexplained.push(format!("{input:?}, base {base:?}\n    ours {ours}\n    theirs {theirs}"));
            }
        }
    }
    println!("{} inputs, {differences} differences", inputs.len());
    for rule in RULES {
        println!("{:>7}  {}: {}", explained[rule.name], rule.name, rule.why);
    }
    let shown = &unexplained[..unexplained.len().min(60)];
    assert!(unexplained.is_empty(), "{} without a rule:\n{}", unexplained.len(), shown.join("\n"));
}

/// A URL converts if the other parser leaves its href alone; then nothing of it changes on the way there and back.
#[cfg(feature = "url")]
fn converts(ours: &Outcome, theirs: &Outcome) {
    if let Some([href, ..]) = ours {
        let url = Url::parse(href).unwrap();
        match url::Url::try_from(&url) {
            Ok(converted) => {
                assert_eq!(converted.as_str(), href);
                assert_eq!(Url::try_from(converted).as_ref(), Ok(&url));
            }
            Err(error) => {
                assert_eq!((error.code().name(), error.input()), ("ERR_INVALID_URL", Some(href.as_bytes())));
                assert_ne!(ours, theirs, "read alike, so it has to convert");
            }
        }
    }
    if let Some([href, ..]) = theirs {
        let url = url::Url::parse(href).unwrap();
        match Url::try_from(&url) {
            Ok(converted) => assert_eq!(url::Url::try_from(converted).as_ref(), Ok(&url)),
            Err(error) => {
                assert_eq!((error.code().name(), error.input()), ("ERR_INVALID_URL", Some(href.as_bytes())));
                assert_ne!(ours, theirs, "read alike, so it has to convert");
            }
        }
    }
}

/// The inputs that other people collected, with their bases.
fn given() -> Vec<(String, Option<String>)> {
    let root = std::env::var_os("NODECORE_CONFORMANCE").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance")),
        PathBuf::from,
    );
    let read = |name: &str| {
        let text = std::fs::read_to_string(root.join(name)).ok();
        if text.is_none() {
            println!("skipped: {name} is not there (set NODECORE_CONFORMANCE)");
        }
        text.unwrap_or_default()
    };
    let mut out = Vec::new();
    for name in ["urls/kasztp.txt", "urls/node_files.txt"] {
        out.extend(read(name).lines().map(|line| (line.to_owned(), None)));
    }
    let tests = serde_json::from_str(&read("wpt/url/urltestdata.json")).unwrap_or(Value::Null);
    for case in tests.as_array().into_iter().flatten().filter(|case| case.is_object()) {
        out.push((case["input"].as_str().unwrap().to_owned(), case["base"].as_str().map(str::to_owned)));
    }
    out
}

fn number<T: std::str::FromStr>(variable: &str) -> Option<T> {
    std::env::var(variable).ok()?.parse().ok()
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % limit as u64).unwrap()
    }

    fn url(&mut self) -> String {
        let mut out = String::new();
        if self.below(4) > 0 {
            out.push_str(STARTS[self.below(STARTS.len())]);
        }
        for _ in 0..self.below(9) {
            out.push_str(PIECES[self.below(PIECES.len())]);
        }
        out
    }
}

const STARTS: &[&str] = &[
    "http://",
    "https://h",
    "ws://h/",
    "wss://",
    "ftp://h",
    "file://",
    "file:///",
    "foo://h",
    "foo:",
    "foo:/",
    "foo:///",
    "http:",
    "http://u@h",
    "mailto:",
    "blob:https://h",
    "data:,",
];

const PIECES: &[&str] = &[
    "http",
    "https",
    "ws",
    "file",
    "foo",
    "blob:",
    "data:",
    "mailto:",
    ":",
    "://",
    "//",
    "/",
    "\\",
    "?",
    "#",
    "@",
    ":80",
    ":443",
    ":",
    "[::1]",
    "[1:2::3.4.5.6]",
    "127.1",
    "0x7f.1",
    "1.2.3.256",
    "localhost",
    "example.com",
    "a",
    "b",
    "C:",
    "C|",
    "..",
    ".",
    "%2e",
    "%2E%2e",
    "%",
    "%zz",
    "%41",
    "%e9",
    " ",
    "\t",
    "\n",
    "\0",
    "é",
    "bücher",
    "ß",
    "。",
    "xn--",
    "xn--a",
    "xn--bcher-kva",
    "-",
    "_",
    "^",
    "|",
    "`",
    "{",
    "}",
    "'",
    "\"",
    "<",
    ">",
    "~",
    "+",
    "&",
    "=",
    ";",
    ",",
    "!",
    "$",
    "(",
    ")",
    "*",
    "\u{7f}",
    "\u{1f}",
    "\u{ad}",
    "\u{200d}",
    "\u{fffe}",
    "😀",
    "user",
    "pass",
    "user:pass@",
    "/./",
    "/../",
    "/.//",
    "A",
    "1",
    "0",
    "99999",
    "65535",
    "\u{10ffff}",
    "\u{e000}",
];
