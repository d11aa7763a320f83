//! `querystring.parse` and `stringify`: `limit query FF separator FF equals`.
#![no_main]

use std::borrow::Cow;

use libfuzzer_sys::fuzz_target;
use nodecore_fuzz::{Text, fields};
use nodecore_querystring::{
    Latin1, Latin1Text, ParseOptions, Query, QueryStr, StringifyOptions, Value, parse, parse_bytes, stringify,
};

type Pairs = Vec<(Vec<u16>, Vec<Vec<u16>>)>;

fn pairs<'a, S: QueryStr<'a>>(
    [query, sep, eq]: [S; 3],
    limit: usize,
    units: impl Fn(&S::Text) -> Vec<u16>,
) -> Pairs {
    let options = ParseOptions::default().sep(sep).eq(eq).max_keys(limit);
    listed(&parse(query, &options), units)
}

fn listed<T>(query: &Query<T>, units: impl Fn(&T) -> Vec<u16>) -> Pairs {
    query.iter().map(|(key, values)| (units(key), values.iter().map(&units).collect())).collect()
}

#[allow(clippy::ptr_arg, reason = "it is called with the texts of a query")]
fn utf8(text: &Cow<'_, str>) -> Vec<u16> {
    text.encode_utf16().collect()
}

fn latin1(text: &Latin1Text<'_>) -> Vec<u16> {
    match text {
        Latin1Text::Latin1(bytes) => bytes.iter().map(|&byte| byte.into()).collect(),
        Latin1Text::Utf16(units) => units.clone(),
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((&limit, data)) = data.split_first() else { return };
    let limit = usize::from(limit % 16);
    let texts = fields::<3>(data).map(Text::new);
    let [query, sep, eq] = &texts;
    let found = pairs([&query.utf16[..], &sep.utf16, &eq.utf16], limit, |text| text.to_vec());
    let count: usize = found.iter().map(|(_, values)| values.len()).sum();
    assert!(limit == 0 || count <= limit, "{count} of {limit}");
    for (index, (key, values)) in found.iter().enumerate() {
        assert!(!values.is_empty());
        assert!(found[..index].iter().all(|(other, _)| other != key), "a key comes once");
    }
    // A separator that breaks off may part a surrogate pair, which UTF-8 cannot show.
    let is_whole = |units: &Vec<u16>| char::decode_utf16(units.iter().copied()).all(|unit| unit.is_ok());
    let whole = found.iter().all(|(key, values)| is_whole(key) && values.iter().all(is_whole));
    if let ([Some(query), Some(sep), Some(eq)], true) = ([&query.utf8, &sep.utf8, &eq.utf8], whole) {
        assert_eq!(pairs([query.as_str(), sep, eq], limit, utf8), found, "UTF-8");
        let bytes =
            parse_bytes(query.as_bytes(), &ParseOptions::default().sep(&**sep).eq(&**eq).max_keys(limit));
        assert_eq!(listed(&bytes, utf8), found, "bytes");
    }
    if let [Some(query), Some(sep), Some(eq)] = [&query.latin1, &sep.latin1, &eq.latin1] {
        assert_eq!(pairs([Latin1(query), Latin1(sep), Latin1(eq)], limit, latin1), found, "Latin-1");
    }

    // What was found comes back from its text, but for what is both empty, which `parse` leaves out.
    let well_formed = |units: &[u16]| String::from_utf16(units).ok();
    let texts: Option<Vec<(String, Vec<String>)>> = found
        .iter()
        .map(|(key, values)| {
            Some((well_formed(key)?, values.iter().map(|value| well_formed(value)).collect::<Option<_>>()?))
        })
        .collect();
    let Some(mut texts) = texts else { return };
    texts.retain(|(key, values)| !(key.is_empty() && values.iter().any(String::is_empty)));
    let lists: Vec<(&str, Vec<Value<'_, &str>>)> = texts
        .iter()
        .map(|(key, values)| (&**key, values.iter().map(|value| Value::Text(&**value)).collect()))
        .collect();
    let text = stringify(
        lists.iter().map(|(key, values)| (*key, Value::List(values))),
        &StringifyOptions::default(),
    )
    .unwrap();
    let again = parse(text.as_str(), &ParseOptions::default().max_keys(0));
    let again: Vec<(String, Vec<String>)> = again
        .iter()
        .map(|(key, values)| (key.to_string(), values.iter().map(|value| value.to_string()).collect()))
        .collect();
    assert_eq!(again, texts, "by way of {text:?}");
});
