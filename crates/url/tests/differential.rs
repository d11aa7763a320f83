//! Generated inputs through this crate and through Node 26, in one process, compared: see `nodecore_testdata::node`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

use nodecore_error::{Code, Error};
use nodecore_testdata::node::{self, Comparison, Node};
use nodecore_url::legacy::{self, LegacyUrl};
use nodecore_url::{
    FileUrlOptions, FormatOptions, Url, UrlSearchParams, domain_to_ascii, domain_to_unicode,
    file_url_to_path, file_url_to_path_buffer, format, path_to_file_url, url_to_http_options,
};
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

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// A few of the pieces, with now and then a character of any kind between.
    fn text(&mut self, pieces: &[&str], most: usize) -> String {
        let mut out = String::new();
        for _ in 0..self.below(most + 1) {
            out.push_str(self.pick(pieces));
            if self.chance(6) {
                out.push(self.character());
            }
        }
        out
    }

    fn character(&mut self) -> char {
        match self.below(4) {
            0 => char::from(u8::try_from(self.below(128)).unwrap()),
            1 => ['é', 'ß', '€', '\u{feff}', '\u{fffd}', '😀', '\u{200d}', 'Ａ', '。', '\u{ad}']
                [self.below(10)],
            _ => char::from(b'!' + u8::try_from(self.below(94)).unwrap()),
        }
    }

    fn url(&mut self) -> String {
        let scheme =
            ["http", "https", "ws", "wss", "ftp", "file", "foo", "HTTP", "blob:http", "data", "a+b-c.1", ""];
        let slashes = ["://", "://", "://", ":", ":/", ":///", ":\\\\", "//", "", ":////"];
        let mut out = String::new();
        if self.chance(5) {
            out.push_str(self.pick(&[" ", "\t", "\n", "\0"]));
        }
        out.push_str(self.pick(&scheme));
        out.push_str(self.pick(&slashes));
        if self.chance(20) {
            out += &self.text(&["user", ":", "pass", "@", "%40", "%zz", " ", "é"], 4);
            out.push('@');
        }
        out += &self.host();
        if self.chance(25) {
            out.push(':');
            out.push_str(
                self.pick(&["80", "443", "21", "8080", "65535", "65536", "", "0", "007", "8a", "\t1"]),
            );
        }
        out + &self.path() + &self.tail()
    }

    fn host(&mut self) -> String {
        match self.below(8) {
            0 => {
                let parts = [
                    "1",
                    "256",
                    "0x7f",
                    "0",
                    "077",
                    "09",
                    "4294967295",
                    ".",
                    ".",
                    ".",
                    "0x",
                    "1e3",
                    "99999999999",
                ];
                self.text(&parts, 7)
            }
            1 => format!("[{}]", self.text(&["::", ":", "1", "0", "ffff", "1.2.3.4", "abcde", "A"], 9)),
            2 => self
                .pick(&["localhost", "LOCALHOST", "C:", "C|", "c", "", ".", "..", "bücher.de", "a..b"])
                .to_owned(),
            _ => self.text(&["example", "com", "org", ".", "-", "A", "www.", "1", "_", "é", "%41", "b"], 5),
        }
    }

    fn path(&mut self) -> String {
        let pieces = [
            "/", "/", "/", "..", ".", "%2e", "%2E%2e", "a", "b c", "\\", "C:", "C|", "é", "%zz", "%41", "//",
            "{}", "^|`", "'", "%2f", "%5C", ";x", "~",
        ];
        let text = self.text(&pieces, 8);
        if self.chance(70) { format!("/{text}") } else { text }
    }

    fn tail(&mut self) -> String {
        let pieces =
            ["a=b", "&", "=", "?", "'", "\"", "<>", " ", "%20", "+", "é", "`", "{}", "#", "%e9", "|", "^"];
        let mut out = String::new();
        if self.chance(40) {
            out.push('?');
            out += &self.text(&pieces, 5);
        }
        if self.chance(30) {
            out.push('#');
            out += &self.text(&pieces, 4);
        }
        out
    }

    fn query(&mut self) -> String {
        let pieces = [
            "a",
            "b",
            "=",
            "&",
            "&",
            "+",
            "%20",
            "%",
            "%f",
            "%e2%82%ac",
            "%ff",
            "é",
            "?",
            "😀",
            "\u{ffff}",
            "z",
            "#",
        ];
        self.text(&pieces, 12)
    }

    fn file_path(&mut self) -> String {
        let pieces = [
            "/", "/", "\\", "\\", "a", "b.c", "..", ".", " ", "%", "%41", "#", "?", "C:", "é", "\n", "~",
            "|", "[", "UNC", "server",
        ];
        let start =
            self.pick(&["/", "", "C:\\", "C:/", "\\\\", "\\\\server\\", "\\\\?\\", "\\\\?\\UNC\\", "//"]);
        format!("{start}{}", self.text(&pieces, 8))
    }
}

fn parts(url: &Url) -> Value {
    json!([
        url.href(),
        url.origin(),
        url.protocol(),
        url.username(),
        url.password(),
        url.host(),
        url.hostname(),
        url.port(),
        url.pathname(),
        url.search(),
        url.hash()
    ])
}

fn pairs(params: &UrlSearchParams) -> Value {
    params.iter().map(|(name, value)| json!([name, value])).collect()
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

fn windows(windows: &Value) -> FileUrlOptions {
    FileUrlOptions::new().windows(windows == true)
}

type Outcome = Result<Value, Error>;

/// One function: how to make its arguments, and what this crate makes of them.
struct Function {
    name: &'static str,
    arguments: fn(&mut Random) -> Vec<Value>,
    run: fn(&[Value]) -> Outcome,
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

const FUNCTIONS: &[Function] = &[
    Function {
        name: "parse",
        arguments: |random| vec![random.url().into()],
        run: |args| Url::parse(text(&args[0])).map(|url| parts(&url)),
    },
    Function {
        name: "parseWithBase",
        arguments: |random| {
            let input = match random.below(4) {
                0 => random.url(),
                1 => random.path() + &random.tail(),
                2 => random.tail(),
                _ => format!(
                    "{}{}{}",
                    random.pick(&["//", "/", "\\", "C|", "http:", "file:"]),
                    random.host(),
                    random.path()
                ),
            };
            vec![input.into(), random.url().into()]
        },
        run: |args| Url::resolve(text(&args[0]), text(&args[1])).map(|url| parts(&url)),
    },
    Function {
        name: "canParse",
        arguments: |random| vec![random.url().into()],
        run: |args| Ok(Url::can_parse(text(&args[0]), None).into()),
    },
    Function {
        name: "set",
        arguments: |random| {
            let names = [
                "protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "hash",
            ];
            let name = random.pick(&names);
            let value = match name {
                "protocol" => {
                    random.pick(&["http", "https:", "file", "ws:x", "foo", "9", "é", "", "FTP:"]).to_owned()
                }
                "host" | "hostname" => {
                    random.host() + random.pick(&["", "", ":80", ":", ":8080x", "/x", "?", "#", "\\"])
                }
                "port" => random.text(&["8", "0", "443", "x", " ", "\t", "99999", "-"], 3),
                "pathname" => random.path(),
                "search" | "hash" => random.tail(),
                _ => random.text(&["a", "@", ":", "%", "é", " ", "/"], 3),
            };
            vec![random.url().into(), name.into(), value.into()]
        },
        run: |args| {
            let mut url = Url::parse(text(&args[0]))?;
            let value = text(&args[2]);
            match text(&args[1]) {
                "protocol" => url.set_protocol(value),
                "username" => url.set_username(value),
                "password" => url.set_password(value),
                "host" => url.set_host(value),
                "hostname" => url.set_hostname(value),
                "port" => url.set_port(value),
                "pathname" => url.set_pathname(value),
                "search" => url.set_search(value),
                _ => url.set_hash(value),
            };
            Ok(parts(&url))
        },
    },
    Function {
        name: "fileUrlToPath",
        arguments: |random| vec![file_url(random).into(), random.chance(50).into()],
        run: |args| file_url_to_path(text(&args[0]), windows(&args[1])).map(Value::from),
    },
    Function {
        name: "fileUrlToPathBuffer",
        arguments: |random| vec![file_url(random).into(), random.chance(50).into()],
        run: |args| {
            file_url_to_path_buffer(text(&args[0]), windows(&args[1])).map(|path| latin1(&path).into())
        },
    },
    Function {
        name: "pathToFileUrl",
        arguments: |random| vec![random.file_path().into(), random.chance(50).into()],
        run: |args| path_to_file_url(text(&args[0]), windows(&args[1])).map(|url| url.href().into()),
    },
    Function {
        name: "params",
        arguments: |random| vec![random.query().into()],
        run: |args| Ok(all_of(UrlSearchParams::parse(text(&args[0])))),
    },
    Function {
        name: "paramsOps",
        arguments: |random| {
            let op = |random: &mut Random| {
                let name = random.pick(&["a", "b", "a b", "é", ""]);
                let value = random.pick(&["", "1", "é &=+", "b"]);
                match random.below(8) {
                    0 => json!(["append", name, value]),
                    1 => json!(["delete", name]),
                    2 => json!(["delete", name, value]),
                    3 => json!(["get", name]),
                    4 => json!(["getAll", name]),
                    5 => json!(["has", name, value]),
                    6 => json!(["set", name, value]),
                    _ => json!(["sort"]),
                }
            };
            let ops: Vec<Value> = (0..random.below(6)).map(|_| op(random)).collect();
            vec![format!("http://h/?{}", random.query()).into(), ops.into()]
        },
        run: |args| {
            let mut url = Url::parse(text(&args[0]))?;
            let mut seen = Vec::new();
            for op in args[1].as_array().unwrap() {
                let (name, value) = (text(&op[1]), op.get(2).and_then(Value::as_str));
                let value_or_none = value.unwrap_or_default();
                let mut params = url.search_params_mut();
                seen.push(match text(&op[0]) {
                    "append" => {
                        params.append(name, value_or_none);
                        Value::Null
                    }
                    "delete" => {
                        params.delete(name, value);
                        Value::Null
                    }
                    "get" => params.get(name).into(),
                    "getAll" => params.get_all(name).collect(),
                    "has" => params.has(name, value).into(),
                    "set" => {
                        params.set(name, value_or_none);
                        Value::Null
                    }
                    _ => {
                        params.sort();
                        Value::Null
                    }
                });
            }
            Ok(json!([url.href(), seen, pairs(&url.search_params())]))
        },
    },
    Function {
        name: "domainToAscii",
        arguments: |random| vec![random.host().into()],
        run: |args| Ok(domain_to_ascii(text(&args[0])).into()),
    },
    Function {
        name: "domainToUnicode",
        arguments: |random| vec![random.host().into()],
        run: |args| Ok(domain_to_unicode(text(&args[0])).into()),
    },
    Function {
        name: "format",
        arguments: |random| {
            let flags = random.below(16);
            let mut args = vec![random.url().into()];
            args.extend((0..4).map(|bit| Value::from(flags >> bit & 1 == 1)));
            args
        },
        run: |args| {
            let options = FormatOptions::new()
                .auth(args[1] == true)
                .fragment(args[2] == true)
                .search(args[3] == true)
                .unicode(args[4] == true);
            Url::parse(text(&args[0])).map(|url| format(&url, options).into())
        },
    },
    Function {
        name: "httpOptions",
        arguments: |random| vec![random.url().into()],
        run: |args| {
            let o = url_to_http_options(&Url::parse(text(&args[0]))?)?;
            Ok(json!([o.protocol, o.hostname, o.hash, o.search, o.pathname, o.path, o.href, o.port, o.auth]))
        },
    },
    Function {
        name: "legacyParse",
        arguments: |random| vec![legacy_url(random).into(), random.chance(50).into()],
        run: |args| {
            let u = legacy::parse(text(&args[0]), args[1] == true)?;
            Ok(json!([
                u.protocol, u.slashes, u.auth, u.host, u.port, u.hostname, u.hash, u.search, u.query,
                u.pathname, u.path, u.href
            ]))
        },
    },
    Function {
        name: "legacyFormatObject",
        arguments: |random| {
            let mut object = json!({});
            let fields =
                ["protocol", "auth", "host", "port", "hostname", "hash", "search", "query", "pathname"];
            for name in fields {
                if random.chance(50) {
                    let value = match name {
                        "protocol" => random
                            .pick(&["http", "https:", "mailto", "file", "foo:", "javascript:", ""])
                            .to_owned(),
                        "host" | "hostname" => random.host(),
                        "port" => random.pick(&["80", "", "x"]).to_owned(),
                        "pathname" => random.path(),
                        "auth" => random.text(&["a", ":", "@", "é", " ", "%"], 4),
                        _ => random.tail(),
                    };
                    object[name] = value.into();
                }
            }
            if random.chance(30) {
                object["slashes"] = random.chance(50).into();
            }
            // In Node a query that is text is not used.
            object.as_object_mut().unwrap().remove("query");
            vec![object]
        },
        run: |args| {
            let field = |name: &str| args[0][name].as_str().map(str::to_owned);
            let url = LegacyUrl {
                protocol: field("protocol"),
                slashes: args[0]["slashes"].as_bool(),
                auth: field("auth"),
                host: field("host"),
                port: field("port"),
                hostname: field("hostname"),
                hash: field("hash"),
                search: field("search"),
                query: field("query"),
                pathname: field("pathname"),
                ..LegacyUrl::default()
            };
            Ok(legacy::format(&url).into())
        },
    },
    Function {
        name: "legacyResolve",
        arguments: |random| {
            let to = match random.below(5) {
                0 => random.path() + &random.tail(),
                1 => random.tail(),
                2 => random.text(&["../", "./", "a", "b", "/", "..", "."], 6),
                _ => legacy_url(random),
            };
            vec![legacy_url(random).into(), to.into()]
        },
        run: |args| legacy::resolve(text(&args[0]), text(&args[1])).map(Value::from),
    },
];

fn legacy_url(random: &mut Random) -> String {
    match random.below(3) {
        0 => random.url(),
        1 => {
            let start = random.pick(&[
                "http://h",
                "mailto:",
                "javascript:",
                "//h",
                "x:",
                "file:",
                "HTTP:",
                "http:",
                "x://h",
                "//u@h",
            ]);
            format!("{start}{}{}", random.path(), random.tail())
        }
        _ => {
            let start = random.pick(&["mailto:u@", "http://a:b@", "http:", "//", "", "/", "foo://", "xmpp:"]);
            format!("{start}{}{}{}", random.host(), random.path(), random.tail())
        }
    }
}

fn file_url(random: &mut Random) -> String {
    let host = if random.chance(30) { random.host() } else { String::new() };
    let start = random.pick(&["/", "/C:", "/c|", "/1:", "/%43:"]);
    format!("file://{host}{start}{}{}", random.path(), random.tail())
}

fn describe(outcome: Outcome) -> Value {
    let error = match outcome {
        Ok(value) => return json!({ "ok": value }),
        Err(error) => error,
    };
    let mut out =
        json!({ "code": error.code().name(), "message": error.to_string(), "class": error.class().name() });
    if error.code() == Code::InvalidUrl {
        let lossy = |bytes: Option<&[u8]>| bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        out["input"] = lossy(error.input()).into();
        if let Some(base) = lossy(error.base()) {
            out["base"] = base.into();
        }
    }
    out
}

/// What Node makes of a query: a name or value with an escape that `decodeURIComponent` refuses goes through
/// `querystring.unescapeBuffer`, which keeps of each UTF-16 unit the low byte. The Standard decodes its UTF-8.
fn params_cut_to_bytes(query: &str) -> Value {
    let query = query.strip_prefix('?').unwrap_or(query);
    let mut params = UrlSearchParams::new();
    for sequence in query.split('&').filter(|sequence| !sequence.is_empty()) {
        let (name, value) = sequence.split_once('=').unwrap_or((sequence, ""));
        params.append(&unescaped_by_node(name), &unescaped_by_node(value));
    }
    all_of(params)
}

/// What `params` of differential.js says of a list.
fn all_of(mut params: UrlSearchParams) -> Value {
    let (all, text) = (pairs(&params), params.to_string());
    let again: UrlSearchParams = params.iter().collect();
    params.sort();
    let entries: Value = params.entries().map(|(name, value)| json!([name, value])).collect();
    let keys: Value = params.keys().collect();
    let values: Value = params.values().collect();
    let mut each = Vec::new();
    params.iter().for_each(|(name, value)| each.extend([name, value]));
    json!([all, text, entries, params.size(), keys, values, each, again.to_string()])
}

fn unescaped_by_node(text: &str) -> String {
    let units: Vec<u16> = text.replace('+', " ").encode_utf16().collect();
    let hex = |at: usize| char::from_u32(u32::from(*units.get(at)?))?.to_digit(16);
    let escape = |at: usize| {
        (units[at] == u16::from(b'%')).then_some(())?;
        u8::try_from(hex(at + 1)? << 4 | hex(at + 2)?).ok()
    };
    // Runs of escapes have to be UTF-8 each by itself.
    let (mut at, mut run, mut strict) = (0, Vec::new(), true);
    let (mut whole, mut cut, mut escapes) = (Vec::new(), Vec::new(), 0);
    while at < units.len() {
        if let Some(byte) = escape(at) {
            run.push(byte);
            cut.push(byte);
            escapes += 1;
            at += 3;
            continue;
        }
        strict &= units[at] != u16::from(b'%');
        match std::str::from_utf8(&run) {
            Ok(run) => whole.extend(run.encode_utf16()),
            Err(_) => strict = false,
        }
        run.clear();
        whole.push(units[at]);
        cut.push(units[at].to_le_bytes()[0]);
        at += 1;
    }
    match std::str::from_utf8(&run) {
        Ok(run) => whole.extend(run.encode_utf16()),
        Err(_) => strict = false,
    }
    if strict || escapes == 0 {
        return String::from_utf16_lossy(&whole);
    }
    String::from_utf8_lossy(&cut).into_owned()
}

/// The differences that are known and meant.
fn is_explained(name: &str, args: &[Value], ours: &Value, theirs: &Value) -> bool {
    let input = text(&args[0]);
    // Elsewhere than on Windows, Node doubles the slash that ends a drive's root (see `path_to_file_url`).
    if name == "pathToFileUrl" && args[1] == true && text(&theirs["ok"]) == format!("{}/", text(&ours["ok"]))
    {
        return true;
    }
    // Node drops control characters that end a path, other than tab and newlines.
    if name == "pathToFileUrl"
        && let [.., b'%', b'0' | b'1', low] = text(&ours["ok"]).as_bytes()
        && !text(&ours["ok"]).ends_with("%09")
        && low.is_ascii_hexdigit()
    {
        return true;
    }
    if name == "params" && theirs["ok"] == params_cut_to_bytes(input) {
        return true;
    }
    // Node takes any ASCII label that starts with "xn--"; the Standard wants valid Punycode.
    args.iter().any(|arg| arg.as_str().is_some_and(|arg| arg.to_ascii_lowercase().contains("xn--")))
}

#[test]
fn node_agrees() {
    let Some(node) = Node::find() else { return };
    let mut oracle = node.start(include_str!("differential.js"));
    let mut differ = 0;
    for function in FUNCTIONS.iter().filter(|function| node::wanted(function.name)) {
        let mut random = Random(node::seed());
        let (mut explained, mut failed) = (0, 0);
        let mut comparison = Comparison::new("url", function.name);
        oracle.ask(
            node::cases(2000),
            || (function.arguments)(&mut random),
            |args, batch| _ = batch.text(function.name).text(&json!(args).to_string()),
            |args, theirs| {
                let theirs: Value = serde_json::from_str(&String::from_utf16(theirs).unwrap()).unwrap();
                let ours = describe((function.run)(args));
                failed += u64::from(theirs.get("ok").is_none());
                let is_explained = ours != theirs && is_explained(function.name, args, &ours, &theirs);
                explained += u64::from(is_explained);
                comparison.expect(ours == theirs || is_explained, || {
                    format!("{}\n  Node {theirs}\n  here {ours}", json!(args))
                });
            },
        );
        println!("{}: {failed} cases are errors, {explained} differ for a known reason", function.name);
        differ += u32::from(!comparison.report());
    }
    assert_eq!(differ, 0, "functions differ from Node");
}
