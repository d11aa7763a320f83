//! Every function against a real Node, on generated queries: see `nodecore_testdata::node`.

#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, clippy::type_complexity)]

use std::borrow::Cow;

use nodecore_querystring::{
    Encodable, Latin1, Latin1Text, ParseOptions, Query, QueryStr, StringifyOptions, Value, escape, parse,
    parse_bytes, stringify, unescape, unescape_buffer,
};
use nodecore_testdata::node::{self, Comparison, ERROR, FIELD, Node, Random, show};

const SCRIPT: &str = r"
const qs = require('querystring');
const custom = (text) => {
  if (text.includes('x')) throw new Error('x');
  return `<${text}>`;
};
const fields = (query) => {
  const out = [];
  for (const key of Object.keys(query)) {
    const value = query[key];
    for (const one of Array.isArray(value) ? value : [value]) out.push(key, one);
  }
  return out.join('\uE000');
};
const value = (text) => {
  switch (text[0]) {
    case 'n': return Number(text.slice(1));
    case 'i': return BigInt(text.slice(1));
    case 'b': return text === 'btrue';
    case 'o': return null;
    default: return text.slice(1);
  }
};
function answer([name, ...args]) {
  switch (name) {
    case 'escape': return qs.escape(args[0]);
    case 'unescape': return qs.unescape(args[0]);
    case 'unescapeBuffer': return qs.unescapeBuffer(args[1], args[0] === '1').toString('latin1');
    case 'parse': {
      const options = { maxKeys: Number(args[0]) };
      if (args[1] === '1') options.decodeURIComponent = custom;
      return fields(qs.parse(args[4], args[2], args[3], options));
    }
    case 'parseBytes':
      return fields(qs.parse(Buffer.from(args[0], 'latin1').toString()));
    case 'stringify': {
      const query = {};
      for (let at = 3; at < args.length; at += 2) {
        const one = value(args[at + 1]);
        const key = `k${args[at]}`;
        if (args[at + 1] === 'l') query[key] = [];
        else if (key in query) query[key] = [].concat(query[key], one);
        else query[key] = one;
      }
      const options = args[0] === '1' ? { encodeURIComponent: (text) => `<${text}>` } : undefined;
      return qs.stringify(query, args[1], args[2], options);
    }
  }
}
";

const TOKENS: &[&str] = &[
    "a",
    "b",
    "foo",
    "bar",
    "=",
    "=",
    "=",
    "&",
    "&",
    "&",
    "+",
    "%",
    "%20",
    "%41",
    "%4",
    "%C3%A9",
    "%c3",
    "%E2%82%AC",
    "%F0%9F%98%80",
    "%ED%A0%80",
    "%FF",
    "%80",
    "%zz",
    "%2",
    "%%",
    "x",
    "1",
    "2",
    "\u{E9}",
    "\u{20AC}",
    "\u{1F600}",
    " ",
    "'",
    "(",
    "~",
    "/",
    "?",
    "#",
    ";",
    ":",
    "::",
    "&&",
    "%26",
    "%3D",
    "%2B",
    "__proto__",
    "\0",
];

fn generate(random: &mut Random, most: usize) -> Vec<u16> {
    let mut units = Vec::new();
    for _ in 0..random.below(most) {
        match random.below(80) {
            0 => units.push(*random.pick(&[&0xD800, &0xDC00, &0xDBFF])),
            _ => units.extend(random.pick(TOKENS).encode_utf16()),
        }
    }
    units
}

fn text(units: &[u16]) -> Option<String> {
    String::from_utf16(units).ok()
}

fn narrow(units: &[u16]) -> Option<Vec<u8>> {
    units.iter().map(|&unit| u8::try_from(unit).ok()).collect()
}

trait ToUnits {
    fn to_units(&self) -> Vec<u16>;
}
impl ToUnits for Cow<'_, str> {
    fn to_units(&self) -> Vec<u16> {
        self.encode_utf16().collect()
    }
}
impl ToUnits for Cow<'_, [u16]> {
    fn to_units(&self) -> Vec<u16> {
        self.to_vec()
    }
}
impl ToUnits for Latin1Text<'_> {
    fn to_units(&self) -> Vec<u16> {
        match self {
            Latin1Text::Latin1(bytes) => bytes.iter().map(|&byte| byte.into()).collect(),
            Latin1Text::Utf16(units) => units.clone(),
        }
    }
}

/// In JavaScript's order: keys that are array indices first, ascending.
fn fields<T: ToUnits>(query: &Query<T>) -> Vec<u16> {
    let mut pairs: Vec<(Vec<u16>, Vec<Vec<u16>>)> = query
        .iter()
        .map(|(key, values)| (key.to_units(), values.iter().map(ToUnits::to_units).collect()))
        .collect();
    pairs.sort_by_key(|(key, _)| {
        let index =
            text(key).and_then(|key| key.parse::<u32>().ok().filter(|index| index.to_string() == key));
        index.filter(|&index| index < u32::MAX).map_or(u64::MAX, u64::from)
    });
    let flat: Vec<Vec<u16>> = pairs
        .into_iter()
        .flat_map(|(key, values)| values.into_iter().flat_map(move |value| [key.clone(), value]))
        .collect();
    flat.join(&FIELD)
}

fn run(
    name: &str,
    make: impl Fn(&mut Random) -> Vec<Vec<u16>>,
    check: impl Fn(&[Vec<u16>]) -> Vec<(&'static str, Vec<u16>)>,
) {
    if !node::wanted(name) {
        return;
    }
    let Some(node) = Node::find() else { return };
    let mut random = Random::new(name);
    let mut comparison = Comparison::new("querystring", name);
    node.start(SCRIPT).ask(
        node::cases(3000),
        || make(&mut random),
        |case, batch| {
            batch.text(name);
            for field in case {
                batch.field(field);
            }
        },
        |case, expected| {
            let wrong = check(case).into_iter().find(|(_, actual)| {
                let threw = expected.starts_with(&[ERROR]) && actual.starts_with(&[ERROR]);
                actual != expected && !(threw && actual[1..] == expected[1..])
            });
            comparison.expect(wrong.is_none(), || {
                let (form, actual) = wrong.unwrap_or_default();
                let case: Vec<String> = case.iter().map(|field| show(field)).collect();
                format!("{form} {case:?}\n  Node {:?}\n  here {:?}", show(expected), show(&actual))
            });
        },
    );
    comparison.close();
}

fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

fn outcome(result: nodecore_error::Result<impl AsRef<str>>) -> Vec<u16> {
    match result {
        Ok(text) => units(text.as_ref()),
        Err(error) => {
            let mut out = vec![ERROR];
            out.extend(units(&format!("{}: {error}", error.class().name())));
            out
        }
    }
}

#[test]
fn escape_agrees() {
    run(
        "escape",
        |random| vec![generate(random, 10)],
        |case| {
            let mut out = vec![("UTF-16", outcome(escape(&case[0][..])))];
            out.extend(text(&case[0]).map(|text| ("UTF-8", outcome(escape(text.as_str())))));
            out.extend(narrow(&case[0]).map(|bytes| ("Latin-1", outcome(escape(Latin1(&bytes))))));
            out
        },
    );
}

#[test]
fn unescape_agrees() {
    run(
        "unescape",
        |random| vec![generate(random, 8)],
        |case| {
            let mut out = vec![("UTF-16", unescape(&case[0][..]).to_units())];
            out.extend(text(&case[0]).map(|text| ("UTF-8", unescape(text.as_str()).to_units())));
            out.extend(narrow(&case[0]).map(|bytes| ("Latin-1", unescape(Latin1(&bytes)).to_units())));
            out
        },
    );
}

#[test]
fn unescape_buffer_agrees() {
    let make = |random: &mut Random| vec![units(random.pick(&["0", "1"])), generate(random, 8)];
    run("unescapeBuffer", make, |case| {
        let spaces = case[0] == units("1");
        let wide = |bytes: Vec<u8>| bytes.into_iter().map(u16::from).collect();
        let mut out = vec![("UTF-16", wide(unescape_buffer(&case[1][..], spaces)))];
        out.extend(text(&case[1]).map(|text| ("UTF-8", wide(unescape_buffer(text.as_str(), spaces)))));
        out.extend(narrow(&case[1]).map(|bytes| ("Latin-1", wide(unescape_buffer(Latin1(&bytes), spaces)))));
        out
    });
}

fn parsed<'a, S: QueryStr<'a>>(
    case: [S; 3],
    max_keys: usize,
    decode: Option<&dyn Fn(&S::Text) -> Option<S::Text>>,
) -> Vec<u16>
where
    S::Text: ToUnits,
{
    let [sep, eq, query] = case;
    let mut options = ParseOptions::default().sep(sep).eq(eq).max_keys(max_keys);
    options.decode = decode;
    fields(&parse(query, &options))
}

/// What `custom` in the script does.
fn custom<T: ToUnits>(make: impl Fn(Vec<u16>) -> T) -> impl Fn(&T) -> Option<T> {
    move |text| {
        let text = text.to_units();
        let marked = [&units("<")[..], &text, &units(">")].concat();
        (!text.contains(&u16::from(b'x'))).then(|| make(marked))
    }
}

#[test]
fn parse_agrees() {
    let make = |random: &mut Random| {
        let separators: &[&str] = &[
            "",
            "",
            "",
            "&",
            ";",
            "&&",
            "=",
            "::",
            "+",
            "%",
            "\u{E9}",
            "\u{20AC}",
            "a",
            "%2",
            "\u{E9}&\u{E9}",
            "=\u{E9}\u{E9}",
            "\u{E9}=\u{C9}",
        ];
        let mut case: Vec<Vec<u16>> = vec![
            units(random.pick(&["0", "1", "2", "3", "1000"])),
            units(random.pick(&["0", "0", "0", "1"])),
            units(random.pick(separators)),
            units(random.pick(separators)),
        ];
        case.push(generate(random, 16));
        if random.below(50) == 0 {
            // Enough keys for the index.
            let pairs: String =
                (0..40).map(|_| format!("k{}={}&", random.below(30), random.below(9))).collect();
            case[4].extend(units(&pairs));
        }
        case
    };
    run("parse", make, |case| {
        let max_keys = show(&case[0]).parse().unwrap();
        let with_custom = case[1] == units("1");
        let decode = custom(Cow::Owned);
        let decode = with_custom.then_some(&decode as _);
        let mut out = vec![("UTF-16", parsed([&case[2][..], &case[3], &case[4]], max_keys, decode))];
        if let (Some(sep), Some(eq), Some(query)) = (text(&case[2]), text(&case[3]), text(&case[4])) {
            let decode = custom(|units| Cow::Owned(String::from_utf16(&units).unwrap()));
            let decode = with_custom.then_some(&decode as _);
            out.push(("UTF-8", parsed([sep.as_str(), &eq, &query], max_keys, decode)));
        }
        if let (Some(sep), Some(eq), Some(query)) = (narrow(&case[2]), narrow(&case[3]), narrow(&case[4])) {
            let decode = custom(|units| match narrow(&units) {
                Some(bytes) => Latin1Text::Latin1(Cow::Owned(bytes)),
                None => Latin1Text::Utf16(units),
            });
            let decode = with_custom.then_some(&decode as _);
            out.push(("Latin-1", parsed([Latin1(&sep), Latin1(&eq), Latin1(&query)], max_keys, decode)));
        }
        out
    });
}

#[test]
fn parse_bytes_agrees() {
    let make = |random: &mut Random| {
        let mut bytes = text(&generate(random, 12)).unwrap_or_default().into_bytes();
        for _ in 0..random.below(3) {
            let at = random.below(bytes.len() + 1);
            bytes.insert(at, *random.pick(&[&0x80, &0xC3, &0xE2, &0xED, &0xF0, &0xFF]));
        }
        vec![bytes.into_iter().map(u16::from).collect()]
    };
    run("parseBytes", make, |case| {
        let bytes = narrow(&case[0]).unwrap();
        vec![("bytes", fields(&parse_bytes(&bytes, &ParseOptions::default())))]
    });
}

fn stringified<'a, S: QueryStr<'a> + 'a>(
    case: &[Vec<u16>],
    text: impl Fn(&[u16]) -> S,
    show_text: impl Fn(S) -> String,
) -> Vec<u16> {
    let (sep, eq) = (show(&case[1]), show(&case[2]));
    let texts: Vec<String> = case.iter().map(|field| show(field)).collect();
    // As an object has it: one entry a key, later values join the first.
    let mut pairs: Vec<(&[u16], Vec<Value<'_, S>>, bool)> = Vec::new();
    for (index, pair) in case[3..].chunks(2).enumerate() {
        let own = &texts[4 + 2 * index];
        let value = match &own[..1] {
            "n" => Some(Value::Number(own[1..].parse().unwrap_or(f64::NAN))),
            "i" => Some(Value::BigInt(&own[1..])),
            "b" => Some(Value::Bool(own == "btrue")),
            "o" => Some(Value::Other),
            "l" => None,
            _ => Some(Value::Text(text(&pair[1][1..]))),
        };
        let entry = match pairs.iter().position(|(key, ..)| *key == &pair[0][..]) {
            Some(at) => &mut pairs[at],
            None => {
                pairs.push((&pair[0], Vec::new(), false));
                pairs.last_mut().unwrap()
            }
        };
        match value {
            Some(value) => entry.1.push(value),
            None => {
                entry.1.clear();
                entry.2 = true;
            }
        }
    }
    let pairs: Vec<(S, Value<'_, S>)> = pairs
        .iter()
        .map(|(key, values, list)| {
            let key = text(&[&units("k")[..], key].concat());
            match &values[..] {
                [value] if !list => (key, *value),
                values => (key, Value::List(values)),
            }
        })
        .collect();
    let encode = |value: Encodable<'_, S>| {
        Ok(format!(
            "<{}>",
            match value {
                Encodable::Text(text) => show_text(text),
                Encodable::Primitive(text) => text.to_owned(),
            }
        ))
    };
    let mut options = StringifyOptions::default().sep(&sep).eq(&eq);
    if case[0] == units("1") {
        options = options.encode(&encode);
    }
    outcome(stringify(pairs, &options))
}

#[test]
fn stringify_agrees() {
    let make = |random: &mut Random| {
        let custom = random.below(4) == 0;
        let separators: &[&str] = &["", "", "&", ";", "::", "\u{E9}"];
        let mut case = vec![units(if custom { "1" } else { "0" })];
        case.extend([units(random.pick(separators)), units(random.pick(separators))]);
        for _ in 0..random.below(6) {
            let mut key = generate(random, 3);
            let mut value = match random.below(8) {
                0 => {
                    let number = match random.below(4) {
                        0 => f64::from_bits(random.next()),
                        1 => (random.next() % 100_000) as f64 / 8.0,
                        2 => (random.next() as i64) as f64 * 4096.0,
                        _ => *random.pick(&[
                            &0.0,
                            &-0.0,
                            &1e21,
                            &1e-7,
                            &1e-6,
                            &123e18,
                            &f64::NAN,
                            &f64::INFINITY,
                            &0.1,
                            &5e-324,
                        ]),
                    };
                    units(&format!("n{number:e}").replace("inf", "Infinity"))
                }
                1 => units(&format!("i{}", random.next() as i64)),
                2 => units(random.pick(&["btrue", "bfalse"])),
                3 => units(random.pick(&["o", "l"])),
                _ => [units("s"), generate(random, 5)].concat(),
            };
            if custom {
                // The custom function's result is a Rust string, which has no lone surrogates.
                key = units(&String::from_utf16_lossy(&key));
                value = units(&String::from_utf16_lossy(&value));
            }
            case.extend([key, value]);
        }
        case
    };
    run("stringify", make, |case| {
        let leak16 = |units: &[u16]| &*Vec::leak(units.to_vec());
        let mut out = vec![("UTF-16", stringified(case, leak16, String::from_utf16_lossy))];
        if case.iter().all(|field| text(field).is_some()) {
            let leak8 = |units: &[u16]| &*String::leak(String::from_utf16(units).unwrap());
            out.push(("UTF-8", stringified(case, leak8, str::to_owned)));
        }
        if case.iter().all(|field| narrow(field).is_some()) {
            let leak1 = |units: &[u16]| Latin1(Vec::leak(narrow(units).unwrap()));
            let show_text = |text: Latin1<'_>| text.0.iter().map(|&byte| char::from(byte)).collect();
            out.push(("Latin-1", stringified(case, leak1, show_text)));
        }
        out
    });
}
