//! The bodies for `querystring` and `URLSearchParams`.

use super::{inputs, measure, measure_each, must};
use nodecore::querystring::{self, ParseOptions, StringifyOptions, Value};
use nodecore::url::UrlSearchParams;
use std::hint::black_box;

pub(super) const BODIES: &[(&str, fn())] = &[
    ("querystring-parse", parse),
    ("querystring-stringify", stringify),
    ("querystring-escape", escape),
    ("querystring-unescape", unescape),
    ("urlsearchparams-parse", params_parse),
    ("urlsearchparams-to-string", params_to_string),
    ("urlsearchparams-parse-to-string", params_parse_to_string),
    ("urlsearchparams-get", params_get),
    ("urlsearchparams-iterate", params_iterate),
    ("urlsearchparams-sort", params_sort),
    ("urlsearchparams-append-delete", params_append_delete),
];

fn parse() {
    measure_each(&inputs("querystring"), |line| {
        querystring::parse(line[0].as_str(), &ParseOptions::default()).len()
    });
}

fn stringify() {
    let lines = inputs("querystring");
    let parsed: Vec<Vec<(String, Vec<String>)>> = lines
        .iter()
        .map(|line| {
            let query = querystring::parse(line[0].as_str(), &ParseOptions::default());
            query
                .iter()
                .map(|(key, all)| (key.to_string(), all.iter().map(ToString::to_string).collect()))
                .collect()
        })
        .collect();
    type Pair<'a> = (&'a str, Vec<Value<'a, &'a str>>);
    let values: Vec<Vec<Pair<'_>>> = parsed
        .iter()
        .map(|line| {
            line.iter()
                .map(|(key, all)| (key.as_str(), all.iter().map(|text| Value::Text(text.as_str())).collect()))
                .collect()
        })
        .collect();
    measure_each(&values, |line| {
        let pairs = line.iter().map(|(key, all)| match all.as_slice() {
            [one] => (*key, *one),
            list => (*key, Value::List(list)),
        });
        length_and_last(&must(querystring::stringify(pairs, &StringifyOptions::default())))
    });
}

fn escape() {
    measure_each(&inputs("querystring-escape"), |line| {
        length_and_last(&must(querystring::escape(line[0].as_str())))
    });
}

/// What the JavaScript bodies give of an ASCII text.
fn length_and_last(text: &str) -> usize {
    text.len() + text.bytes().next_back().map_or(0, usize::from)
}

fn unescape() {
    measure_each(&inputs("querystring-unescape"), |line| {
        querystring::unescape(line[0].as_str()).bytes().next_back().map_or(0, usize::from)
    });
}

/// The lists of all lines, with the name to look for in each.
fn lists() -> Vec<(UrlSearchParams, String)> {
    let list = |line: &Vec<String>| (UrlSearchParams::parse(line[0].as_str()), line[1].clone());
    inputs("urlsearchparams").iter().map(list).collect()
}

fn params_parse() {
    measure_each(&inputs("urlsearchparams"), |line| UrlSearchParams::parse(line[0].as_str()).size());
}

fn params_to_string() {
    measure_lists(|params, name| {
        params.set(name, "changed");
        params.to_string().len()
    });
}

fn params_parse_to_string() {
    measure_each(&inputs("urlsearchparams"), |line| {
        UrlSearchParams::parse(line[0].as_str()).to_string().len()
    });
}

fn params_get() {
    measure_each(&lists(), |(params, name)| {
        params.get(name).map_or(0, str::len) + usize::from(params.has(name, Some("none")))
    });
}

fn params_iterate() {
    measure_each(&lists(), |(params, _)| {
        params.iter().map(|(name, value)| name.len() + usize::from(!value.is_empty())).sum()
    });
}

fn params_sort() {
    measure_each(&inputs("urlsearchparams"), |line| {
        let mut params = UrlSearchParams::parse(line[0].as_str());
        params.sort();
        params.size()
    });
}

fn params_append_delete() {
    measure_lists(|params, _| {
        params.append("added", "one");
        params.append("added", "two");
        params.set("added", "three");
        let size = params.size();
        params.delete("added", None);
        size
    });
}

/// As [`measure_each`], for work that changes the lists.
fn measure_lists(work: impl Fn(&mut UrlSearchParams, &str) -> usize) {
    let mut lists = lists();
    let check: usize = lists.iter_mut().map(|(params, name)| work(params, name)).sum();
    let (mut next, count) = (0, lists.len());
    measure(&check.to_string(), |times| {
        for _ in 0..times {
            let (params, name) = &mut lists[next];
            black_box(work(black_box(params), black_box(name)));
            next = (next + 1) % count;
        }
    });
}
