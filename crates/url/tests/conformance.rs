//! web-platform-tests' own data for URLs, verbatim, against this crate.
//!
//! A case that fails must be named in `expected_failures.txt`, and one that is named there must fail.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::PathBuf;

use nodecore_url::Url;
use serde_json::Value;

/// The path is from the workspace's root, or `NODECORE_CONFORMANCE`'s.
fn data(name: &str) -> Option<String> {
    let root = std::env::var_os("NODECORE_CONFORMANCE").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance")),
        PathBuf::from,
    );
    let text = std::fs::read_to_string(root.join("wpt/url").join(name)).ok();
    if text.is_none() {
        println!("skipped: {name} is not there (set NODECORE_CONFORMANCE)");
    }
    text
}

fn expected_failures(file: &str) -> BTreeSet<String> {
    include_str!("expected_failures.txt")
        .lines()
        .filter(|line| !line.starts_with("//") && !line.trim().is_empty())
        .filter_map(|line| line.strip_prefix(file)?.strip_prefix(' ').map(str::to_owned))
        .collect()
}

/// Runs `check` on each case and compares the names of those that fail with the expected ones.
fn run<'a>(
    file: &str,
    cases: impl IntoIterator<Item = (String, &'a Value)>,
    check: impl Fn(&Value) -> Result<(), String>,
) {
    let mut expected = expected_failures(file);
    let (mut total, mut unexpected) = (0, Vec::new());
    for (name, case) in cases {
        total += 1;
        match (check(case), expected.remove(&name)) {
            (Ok(()), false) | (Err(_), true) => {}
            (Ok(()), true) => {
                unexpected.push(format!("{file} {name}: passes, but is in expected_failures.txt"))
            }
            (Err(why), false) => unexpected.push(format!("{file} {name}: {why}")),
        }
    }
    unexpected.extend(expected.into_iter().map(|name| format!("{file} {name}: no such case")));
    println!("{file}: {} of {total} as expected", total - unexpected.len().min(total));
    assert!(total > 0, "{file} has no cases");
    assert!(unexpected.is_empty(), "{} of {total}:\n{}", unexpected.len(), unexpected.join("\n"));
}

fn cases(list: &Value) -> Vec<(String, &Value)> {
    let cases = list.as_array().unwrap().iter().filter(|case| case.is_object());
    cases.enumerate().map(|(index, case)| (index.to_string(), case)).collect()
}

fn attribute(url: &Url, name: &str) -> String {
    match name {
        "href" => url.href().to_owned(),
        "origin" => url.origin().into_owned(),
        "protocol" => url.protocol().to_owned(),
        "username" => url.username().to_owned(),
        "password" => url.password().to_owned(),
        "host" => url.host().to_owned(),
        "hostname" => url.hostname().to_owned(),
        "port" => url.port().to_owned(),
        "pathname" => url.pathname().to_owned(),
        "search" => url.search().to_owned(),
        "hash" => url.hash().to_owned(),
        _ => panic!("no attribute {name}"),
    }
}

const ATTRIBUTES: [&str; 11] = [
    "href", "origin", "protocol", "username", "password", "host", "hostname", "port", "pathname", "search",
    "hash",
];

fn compare(url: &Url, expected: &Value) -> Result<(), String> {
    for name in ATTRIBUTES {
        if let Some(want) = expected.get(name).and_then(Value::as_str) {
            let got = attribute(url, name);
            if got != want {
                return Err(format!("{name}: {got:?}, expected {want:?} ({url:?})"));
            }
        }
    }
    // What a URL serialises to must parse to the same, part for part.
    let again = Url::parse(url.href()).map_err(|_| format!("{url:?} does not parse again"))?;
    for name in ATTRIBUTES {
        if attribute(url, name) != attribute(&again, name) {
            return Err(format!("{name} differs after parsing {url:?} again"));
        }
    }
    Ok(())
}

fn check_parse(case: &Value) -> Result<(), String> {
    let input = case["input"].as_str().unwrap();
    let base = case["base"].as_str().map(Url::parse);
    let (parsed, can) = match &base {
        Some(Err(_)) => (None, false),
        Some(Ok(base)) => (Url::parse_with_base(input, base).ok(), Url::can_parse(input, Some(base))),
        None => (Url::parse(input).ok(), Url::can_parse(input, None)),
    };
    if can != parsed.is_some() {
        return Err(format!("{input:?}: can_parse says {can}, parse {parsed:?}"));
    }
    let utf16: Vec<u16> = input.encode_utf16().collect();
    let from_utf16 = match &base {
        Some(Err(_)) => None,
        Some(Ok(base)) => Url::parse_with_base(&utf16[..], base).ok(),
        None => Url::parse(&utf16[..]).ok(),
    };
    if from_utf16 != parsed {
        return Err(format!("{input:?}: {parsed:?}, but {from_utf16:?} from UTF-16"));
    }
    let mut reused = Url::parse("ws://u:p@old:1/path?query#hash").unwrap();
    if !matches!(base, Some(Err(_))) {
        let base = base.as_ref().and_then(|base| base.as_ref().ok());
        let before = reused.clone();
        let again = reused.reparse(input, base).is_ok();
        if again != parsed.is_some()
            || (again && Some(&reused) != parsed.as_ref())
            || (!again && reused != before)
        {
            return Err(format!("{input:?}: {parsed:?}, but {reused:?} into the same object"));
        }
        if again
            && ATTRIBUTES
                .iter()
                .any(|name| parsed.as_ref().map(|url| attribute(url, name)) != Some(attribute(&reused, name)))
        {
            return Err(format!("{input:?}: other parts when parsed into the same object"));
        }
    }
    match (parsed, case["failure"].as_bool() == Some(true)) {
        (None, true) => Ok(()),
        (Some(url), true) => Err(format!("{input:?}: {url:?}, expected failure")),
        (None, false) => Err(format!("{input:?}: failure, expected {}", case["href"])),
        (Some(url), false) => compare(&url, case).map_err(|why| format!("{input:?}: {why}")),
    }
}

#[test]
fn urltestdata() {
    let Some(text) = data("urltestdata.json") else { return };
    let list: Value = serde_json::from_str(&text).unwrap();
    run("urltestdata", cases(&list), check_parse);
}

/// The UTF-16 of a JSON string literal, whose `\u` escapes need not pair up.
fn utf16_literal(literal: &str) -> Vec<u16> {
    let mut units = Vec::new();
    let mut rest = literal;
    while let Some(c) = rest.chars().next() {
        if let Some(hex) = rest.strip_prefix("\\u") {
            units.push(u16::from_str_radix(&hex[..4], 16).unwrap());
            rest = &hex[4..];
        } else {
            assert_ne!(c, '\\', "an escape this reader does not know");
            units.extend(c.encode_utf16(&mut [0; 2]).iter());
            rest = &rest[c.len_utf8()..];
        }
    }
    units
}

#[test]
fn urltestdata_javascript_only() {
    let Some(text) = data("urltestdata-javascript-only.json") else { return };
    // Not valid JSON to a strict reader: the inputs hold lone surrogates, so they are read by hand.
    let inputs: Vec<Vec<u16>> = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("\"input\": \"")?.strip_suffix("\","))
        .map(utf16_literal)
        .collect();
    let strict: String = text.lines().filter(|line| !line.trim().starts_with("\"input\"")).collect();
    let list: Value = serde_json::from_str(&strict).unwrap();
    let cases = cases(&list);
    assert_eq!(cases.len(), inputs.len());
    run("urltestdata-javascript-only", cases, |case| {
        let index = list
            .as_array()
            .unwrap()
            .iter()
            .filter(|c| c.is_object())
            .position(|c| std::ptr::eq(c, case))
            .unwrap();
        compare(&Url::parse(&inputs[index][..]).map_err(|error| error.to_string())?, case)
    });
}

#[test]
fn setters() {
    let Some(text) = data("setters_tests.json") else { return };
    let file: Value = serde_json::from_str(&text).unwrap();
    let groups = file.as_object().unwrap().iter().filter(|(name, _)| *name != "comment");
    let cases = groups.flat_map(|(attribute, list)| {
        cases(list).into_iter().map(move |(index, case)| (attribute.clone(), index, case))
    });
    let cases: Vec<_> = cases.collect();
    let named = cases.iter().map(|(attribute, index, case)| (format!("{attribute}/{index}"), *case));
    run("setters_tests", named, |case| {
        let (attribute, ..) = cases.iter().find(|(_, _, other)| std::ptr::eq(*other, case)).unwrap();
        let mut url = Url::parse(case["href"].as_str().unwrap()).map_err(|error| error.to_string())?;
        let value = case["new_value"].as_str().unwrap();
        match attribute.as_str() {
            "href" => _ = url.set_href(value),
            "protocol" => _ = url.set_protocol(value),
            "username" => _ = url.set_username(value),
            "password" => _ = url.set_password(value),
            "host" => _ = url.set_host(value),
            "hostname" => _ = url.set_hostname(value),
            "port" => _ = url.set_port(value),
            "pathname" => _ = url.set_pathname(value),
            "search" => _ = url.set_search(value),
            "hash" => _ = url.set_hash(value),
            other => return Err(format!("no setter {other}")),
        }
        compare(&url, &case["expected"])
            .map_err(|why| format!("{} = {value:?} on {}: {why}", attribute, case["href"]))
    });
}

/// The escapes of lone surrogates replaced by that of U+FFFD, as a URL's input is before it is parsed.
fn with_scalar_values(json: &str) -> String {
    let surrogate = |text: &str, leads: [&str; 4]| {
        let hex = text.strip_prefix("\\u").and_then(|hex| hex.get(..2)).map(str::to_ascii_lowercase);
        hex.is_some_and(|hex| leads.contains(&hex.as_str()))
    };
    let (high, low) = (["d8", "d9", "da", "db"], ["dc", "dd", "de", "df"]);
    let (mut out, mut rest) = (String::new(), json);
    while let Some(at) = rest.find("\\u") {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if surrogate(rest, high) && surrogate(&rest[6..], low) {
            out.push_str(&rest[..12]);
            rest = &rest[12..];
            continue;
        }
        let lone = surrogate(rest, high) || surrogate(rest, low);
        out.push_str(if lone { "\\ufffd" } else { &rest[..6] });
        rest = &rest[6..];
    }
    out + rest
}

fn check_host(case: &Value) -> Result<(), String> {
    let Some(input) = case["input"].as_str() else { return Err("no input".into()) };
    let expected = case["output"].as_str();
    // Characters that end or split an authority cannot be given in a URL; such cases fail either way.
    let got = Url::parse(&format!("https://{input}/x")).ok();
    if got.as_ref().map(Url::hostname) != expected {
        return Err(format!("{input:?}: {got:?}, expected {expected:?}"));
    }
    let Some(expected) = expected else { return Ok(()) };
    for set in [Url::set_host, Url::set_hostname] {
        let mut url = Url::parse("https://x/x").unwrap();
        set(&mut url, input);
        if url.hostname() != expected {
            return Err(format!("{input:?}: {url:?} by the setter, expected {expected:?}"));
        }
    }
    Ok(())
}

#[test]
fn toascii() {
    let Some(text) = data("toascii.json") else { return };
    let list: Value = serde_json::from_str(&text).unwrap();
    run("toascii", cases(&list), check_host);
}

#[test]
fn idna_test_v2() {
    for file in ["IdnaTestV2", "IdnaTestV2-removed"] {
        let Some(text) = data(&format!("{file}.json")) else { continue };
        let list: Value = serde_json::from_str(&with_scalar_values(&text)).unwrap();
        // An empty input would make "https:///x", which is another URL.
        let list = cases(&list).into_iter().filter(|(_, case)| case["input"] != "");
        run(file, list, check_host);
    }
}

#[test]
fn percent_encoding() {
    let Some(text) = data("percent-encoding.json") else { return };
    let list: Value = serde_json::from_str(&text).unwrap();
    // Of the encodings only UTF-8 applies: a URL that is not in an HTML document knows no other.
    run("percent-encoding", cases(&list), |case| {
        let (input, output) = (case["input"].as_str().unwrap(), case["output"]["utf-8"].as_str().unwrap());
        let url = Url::parse(&format!("https://doesnotmatter.invalid/?{input}#{input}"))
            .map_err(|e| e.to_string())?;
        if url.search() != format!("?{output}") || url.hash() != format!("#{output}") {
            return Err(format!("{input:?}: {url:?}, expected {output:?}"));
        }
        Ok(())
    });
}
