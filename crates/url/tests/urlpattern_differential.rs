//! Generated patterns and inputs through this crate and through Node 26, compared; and on their own, for panics.
//!
//! `nodecore_testdata::node` says how Node is found. `NODECORE_CASES` is the number of cases (default 2,000),
//! `NODECORE_SEED` the seed.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use nodecore_testdata::node::{self, Comparison, Node};
use nodecore_url::{Url, UrlPattern, UrlPatternComponent, UrlPatternInit, UrlPatternOptions};
use serde_json::{Value, json};

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn text(&mut self, pieces: &[&str], most: usize) -> String {
        (0..self.below(most + 1)).map(|_| pieces[self.below(pieces.len())]).collect()
    }

    fn one(&mut self, list: &[&str]) -> String {
        list[self.below(list.len())].to_owned()
    }

    /// Syntax of patterns among text that each component may have.
    fn component(&mut self, name: &str) -> String {
        let bad = ["{", "}", "?", "+", "\\", ":", "(", ")", "(?=a)", "()", "(é)", "(\\m)", "**", "([a)"];
        let syntax = [
            "*",
            "*",
            ":a",
            ":b",
            ":é1",
            "{/:c}?",
            "{d}*",
            "{b}+",
            "(x|y)",
            "([a-c]+)",
            "(\\d+)",
            "(.*)",
            "\\:",
            "(a*)",
            "(\\p{L}+)",
            "([^\\/]+?)",
            "(a(?=b))",
            "{:e-}?",
            "(a?)+",
            "(.)",
        ];
        let plain: &[&str] = match name {
            "protocol" => &["http", "https", "s", "file", "x", "data", "javascript", "x"],
            "hostname" => {
                &["example", ".", "com", "www", "[::1]", "1", "é", "A", "%41", "example.com", "www.", "[:a]"]
            }
            "port" => &["80", "443", "8", "0", "99999", "", "8080"],
            "pathname" => &["/", "/", "a", "b", "..", ".", "é", " ", "%2e", "A", "x", "12", "#", "?"],
            _ => &["a", "b", "=", "&", "é", " ", "'", "x", "1", "#", "?", "/", ":"],
        };
        if self.chance(25) {
            return self.one(plain);
        }
        if self.chance(15) {
            return "*".to_owned();
        }
        let mut out = String::from(if name == "pathname" { "/" } else { "" });
        for _ in 0..=self.below(4) {
            out += &match self.below(20) {
                0 => self.one(&bad),
                1..10 => self.one(&syntax),
                _ => self.one(plain),
            };
        }
        out
    }

    fn pattern(&mut self) -> Value {
        let mut args = Vec::new();
        if self.chance(50) {
            let mut init = serde_json::Map::new();
            for component in UrlPatternComponent::ALL {
                if self.chance(if component == UrlPatternComponent::Pathname { 60 } else { 12 }) {
                    init.insert(component.name().into(), self.component(component.name()).into());
                }
            }
            if self.chance(15) {
                init.insert("baseURL".into(), self.url().into());
            }
            args.push(Value::Object(init));
        } else {
            args.push(self.pattern_text().into());
            if self.chance(40) {
                args.push(self.url().into());
            }
        }
        if self.chance(20) {
            args.push(json!({ "ignoreCase": true }));
        }
        Value::Array(args)
    }

    fn pattern_text(&mut self) -> String {
        let mut out =
            self.one(&["https://", "http{s}?://", "*://", "data:", "", "x:", "(http|ws)://", "file://"]);
        if self.chance(10) {
            out += &self.one(&["u@", "u:p@", ":u@", "*:*@"]);
        }
        if self.chance(70) {
            out += &self.one(&[
                "example.com",
                "*.example.com",
                ":h.com",
                "{www.}?a.com",
                "*",
                "[::1]",
                "[:::a]",
            ]);
        }
        if self.chance(20) {
            out += &self.one(&[":80", ":*", ":443", ":(8\\d)", ":"]);
        }
        out += &self.component("pathname");
        if self.chance(30) {
            out += &self.one(&["?", "\\?"]);
            out += &self.component("search");
        }
        if self.chance(20) {
            out.push('#');
            out += &self.component("hash");
        }
        out
    }

    fn url(&mut self) -> String {
        let start = self.one(&[
            "https://example.com",
            "http://www.example.com",
            "https://a.com",
            "https://u:p@b.com:8080",
            "file://",
            "data:",
            "x:",
            "x://h",
            "https://[::1]",
            "http://example.com:80",
        ]);
        start + &self.tail()
    }

    fn tail(&mut self) -> String {
        let mut out = self.text(&["/", "/", "a", "b", "x", "12", "..", "é", " ", "%2e", "A", "c", "d"], 6);
        if self.chance(30) {
            out.push('?');
            out += &self.text(&["a", "=", "b", "é", "x"], 3);
        }
        if self.chance(20) {
            out.push('#');
            out += &self.text(&["a", "b", "x"], 2);
        }
        out
    }

    fn input(&mut self) -> Value {
        if self.chance(65) {
            let base = self.chance(25);
            let mut args = vec![Value::from(if base { self.tail() } else { self.url() })];
            if base {
                args.push(self.url().into());
            }
            return Value::Array(args);
        }
        let mut init = serde_json::Map::new();
        for component in UrlPatternComponent::ALL {
            if self.chance(35) {
                let value = match component.name() {
                    "protocol" => self.one(&["http", "https:", "http", "https", "x", "data", "é", ""]),
                    "hostname" => self.one(&[
                        "example.com",
                        "www.example.com",
                        "é.com",
                        "[::1]",
                        "a.com",
                        "example.com",
                        "a b",
                        "",
                    ]),
                    "port" => self.one(&["80", "8080", "443", "", "", "", "x", "8x", "99999"]),
                    "pathname" => self.text(&["/", "a", "b", "..", "é", " ", "?", "x"], 5),
                    _ => self.text(&["a", "b", "é", "?", "#", " ", "'"], 4),
                };
                init.insert(component.name().into(), value.into());
            }
        }
        if self.chance(20) {
            init.insert("baseURL".into(), self.url().into());
        }
        json!([init])
    }
}

fn init(object: &Value) -> UrlPatternInit {
    let mut init = UrlPatternInit::new();
    for (key, value) in object.as_object().unwrap() {
        let value = value.as_str().unwrap();
        init = match key.as_str() {
            "protocol" => init.protocol(value),
            "username" => init.username(value),
            "password" => init.password(value),
            "hostname" => init.hostname(value),
            "port" => init.port(value),
            "pathname" => init.pathname(value),
            "search" => init.search(value),
            "hash" => init.hash(value),
            _ => init.base_url(value),
        };
    }
    init
}

/// What the script writes for the same case.
fn ours(pattern: &Value, input: &Value) -> Value {
    let args = pattern.as_array().unwrap();
    let ignore_case = args.last().unwrap()["ignoreCase"] == true;
    let options = UrlPatternOptions::new().ignore_case(ignore_case);
    let made = match args[0].as_str() {
        Some(text) => UrlPattern::parse(text, args.get(1).and_then(Value::as_str), options),
        None => UrlPattern::from_init(&init(&args[0]), options),
    };
    let made = match made {
        Ok(made) => made,
        Err(error) => {
            let (code, class) = (error.code().name(), error.class().name());
            return json!({ "code": code, "message": error.to_string(), "class": class });
        }
    };
    let base = input[1].as_str();
    let (found, tested) = match input[0].as_str() {
        Some(text) => (made.exec(text, base), made.test(text, base)),
        None => (made.exec_init(&init(&input[0])), made.test_init(&init(&input[0]))),
    };
    assert_eq!(found.is_some(), tested, "{pattern} {input}");
    let found = found.map(|found| {
        UrlPatternComponent::ALL.map(|component| {
            let result = found.component(component);
            json!([result.input(), result.groups().collect::<BTreeMap<_, _>>()])
        })
    });
    json!({ "ok": [UrlPatternComponent::ALL.map(|component| made.component(component)), made.has_regexp_groups(), found] })
}

/// Stands for `'` where Node leaves one that the Standard escapes; like it, it means nothing to a pattern.
const QUOTE: &str = "!";

fn is_special(protocol: &str) -> bool {
    ["http", "https", "ws", "wss", "ftp", "file"].contains(&protocol.trim_end_matches(':'))
}

/// A case changed so that what this crate says of it is what Node says of the case as it was: in all of this Node
/// departs from the Standard, and this crate does not.
fn as_node_reads(pattern: &Value, input: &Value) -> (Value, Value) {
    let (mut pattern, mut input) = (pattern.clone(), input.clone());
    // Node escapes no "'" in a query that is given on its own or in a pattern.
    let text = pattern.to_string().replace('\'', QUOTE);
    pattern = serde_json::from_str(&text).unwrap();
    // Node takes 0 for the port of "file", which has none.
    let base = pattern[0]["baseURL"].as_str().and_then(|base| Url::parse(base).ok());
    let protocol = pattern[0]["protocol"].as_str().or(base.as_ref().map(Url::protocol));
    if protocol.is_some_and(|protocol| protocol.trim_end_matches(':') == "file") && pattern[0]["port"] == "0"
    {
        pattern[0]["port"] = "".into();
    }
    if let Some(text) = input[0].as_str().map(str::to_owned) {
        let base = input[1].as_str().and_then(|base| Url::parse(base).ok());
        let url = match &base {
            Some(base) => Url::parse_with_base(text.as_str(), base),
            None => Url::parse(text.as_str()),
        };
        // A query of a URL has it escaped if the scheme is special; elsewhere it is never escaped.
        let special = url.is_ok_and(|url| is_special(url.protocol()));
        let marked = |text: &str| {
            let start = text.find(['?', '#']).filter(|_| special).unwrap_or(text.len());
            let (before, rest) = text.split_at(start);
            let (query, hash) = rest.split_at(rest.find('#').unwrap_or(rest.len()));
            before.replace('\'', QUOTE) + query + &hash.replace('\'', QUOTE)
        };
        for text in input.as_array_mut().unwrap() {
            *text = marked(text.as_str().unwrap()).into();
        }
        return (pattern, input);
    }
    for key in ["search", "hash", "pathname", "username", "password", "hostname"] {
        if let Some(text) = input[0][key].as_str().map(|text| text.replace('\'', QUOTE)) {
            input[0][key] = text.into();
        }
    }
    // Node takes two "?" from the start of a query that is given on its own, the Standard one.
    if let Some(search) = input[0]["search"].as_str().filter(|search| search.starts_with("??")) {
        input[0]["search"] = search[1..].into();
    }
    as_node_reads_a_path(&mut input[0]);
    (pattern, input)
}

/// Node parses the path of a scheme that is not special as all that follows it, and so finds a host behind "//", and
/// trims.
fn as_node_reads_a_path(init: &mut Value) {
    let base = init["baseURL"].as_str().and_then(|base| Url::parse(base).ok());
    let protocol = init["protocol"].as_str().or(base.as_ref().map(Url::protocol)).unwrap_or_default();
    let Some(pathname) = init["pathname"].as_str().filter(|_| !protocol.is_empty() && !is_special(protocol))
    else {
        return;
    };
    let mut pathname = pathname.to_owned();
    let folder = base.as_ref().and_then(|base| {
        let path = base.pathname();
        path.rfind('/').filter(|_| path.starts_with('/')).map(|slash| &path[..=slash])
    });
    if let Some(folder) = folder.filter(|_| !pathname.starts_with('/')) {
        pathname.insert_str(0, folder);
    }
    match Url::parse(&format!("x:{pathname}")) {
        Ok(url) => {
            // A path that would be resolved against the base again.
            if folder.is_some() && !url.pathname().starts_with('/') {
                spell_out_base(init);
            }
            init["pathname"] = url.pathname().into();
        }
        // What no URL has matches nothing.
        Err(_) => init["port"] = "none".into(),
    }
}

/// Gives an input what it inherits from its base besides the path, and takes the base away.
fn spell_out_base(init: &mut Value) {
    let Some(base) = init["baseURL"].as_str().and_then(|base| Url::parse(base).ok()) else { return };
    let Some(init) = init.as_object_mut() else { return };
    init.remove("baseURL");
    if !["protocol", "hostname", "port", "username"].iter().any(|name| init.contains_key(*name)) {
        init.insert("username".into(), base.username().into());
        if !init.contains_key("password") {
            init.insert("password".into(), base.password().into());
        }
    }
    for (name, value) in [("protocol", base.protocol()), ("hostname", base.hostname()), ("port", base.port())]
    {
        if init.contains_key(name) {
            break;
        }
        init.insert(name.into(), value.into());
    }
}

/// What this crate says of a case as Node reads it.
fn predicted(pattern: &Value, input: &Value) -> Value {
    let (pattern, input) = as_node_reads(pattern, input);
    serde_json::from_str(&ours(&pattern, &input).to_string().replace(QUOTE, "'")).unwrap()
}

/// Whether Node is known to write the path of this pattern in another way, or to find it invalid, so that what it
/// matches is not predicted.
fn has_another_path(pattern: &Value, ours: &Value) -> bool {
    // Node leaves an escaped "\\" in the pattern of a path, though no path of a special scheme has it.
    if pattern.to_string().contains("\\\\\\\\") {
        return true;
    }
    // As above, of each piece of the pattern that is plain text; the path may have come from the base.
    let schemes = ["http", "https", "ws", "wss", "ftp", "file"];
    let protocol = UrlPatternInit::new().protocol(ours["ok"][0][0].as_str().unwrap_or_default());
    let Ok(protocol) = UrlPattern::from_init(&protocol, UrlPatternOptions::new()) else { return false };
    let special = schemes.iter().any(|scheme| protocol.test_init(&UrlPatternInit::new().protocol(*scheme)));
    let spaced = ours["ok"][0][5].as_str().is_some_and(|path| path.contains(' ') || path.contains("%20"));
    !special && (spaced || pattern.to_string().replace("://", ":").replace("\\\\", "").contains("//"))
}

/// Whether both agree but for the path and for what matches.
fn agree_but_for_the_path(ours: &Value, theirs: &Value) -> bool {
    let without = |result: &Value| {
        let mut result = result.clone();
        result["ok"][0][UrlPatternComponent::Pathname as usize] = Value::Null;
        result["ok"][2] = Value::Null;
        result
    };
    theirs["code"] == "ERR_INVALID_URL_PATTERN" || without(ours) == without(theirs)
}

#[test]
fn node_agrees() {
    if !node::wanted("urlPattern") {
        return;
    }
    let Some(node) = Node::find() else { return };
    let (cases, seed) = (node::cases(2000), node::seed());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/urlpattern_differential.js");
    let mut child = node.command().arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut random = Random(seed);
    let (mut failed, mut matched, mut explained, mut left) = (0u64, 0u64, 0u64, cases);
    let mut comparison = Comparison::new("url", "urlPattern");
    while left > 0 {
        // Batches small enough that neither side waits for the other with a full pipe.
        let batch: Vec<(Value, Value)> =
            (0..left.min(50)).map(|_| (random.pattern(), random.input())).collect();
        left -= batch.len();
        let lines: String =
            batch.iter().map(|(pattern, input)| json!([pattern, input]).to_string() + "\n").collect();
        stdin.write_all(lines.as_bytes()).unwrap();
        for (pattern, input) in &batch {
            let mut line = String::new();
            stdout.read_line(&mut line).unwrap();
            let theirs: Value = serde_json::from_str(&line).unwrap();
            let ours = ours(pattern, input);
            failed += u64::from(theirs.get("ok").is_none());
            matched += u64::from(!theirs["ok"][2].is_null());
            let agrees = ours == theirs;
            let excused = !agrees && {
                let predicted = predicted(pattern, input);
                predicted == theirs
                    || has_another_path(pattern, &predicted) && agree_but_for_the_path(&predicted, &theirs)
            };
            explained += u64::from(excused);
            comparison
                .expect(excused || agrees, || format!("{pattern} {input}\n  ours {ours}\n  node {theirs}"));
        }
    }
    drop(stdin);
    child.wait().unwrap();
    println!("{failed} errors, {matched} matches, {explained} explained");
    comparison.close();
}

/// No pattern and no input panics, and what both say is consistent (see [`ours`]).
#[test]
fn nothing_panics() {
    let mut random = Random(node::seed() ^ 0x5eed);
    for _ in 0..node::cases(2000) {
        let (pattern, input) = (random.pattern(), random.input());
        ours(&pattern, &input);
        // Bytes of any kind, as text.
        let bytes: Vec<u8> = (0..random.below(24)).map(|_| random.next().to_le_bytes()[0]).collect();
        let noise = String::from_utf8_lossy(&bytes);
        ours(&json!([noise]), &json!([noise]));
        ours(
            &json!([{ "pathname": noise, "hostname": noise }]),
            &json!([{ "pathname": noise, "hostname": noise }]),
        );
    }
}
