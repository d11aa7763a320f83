//! Sixteen MiB of what could take time that grows faster than its length. These end, or the run never does.

#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

use nodecore_querystring::{
    Latin1, ParseOptions, StringifyOptions, Value, escape, parse, stringify, unescape, unescape_buffer,
};

const SIZE: usize = 16 << 20;

fn repeated(pattern: &str) -> String {
    pattern.repeat(SIZE / pattern.len())
}

#[test]
fn long_input_is_linear() {
    for pattern in
        ["%", "%%2", "%2", "%41", "%FF", "&", "=", "&=", "+", "a=b&", "a&", "%E2%82", "\u{E9}", "a%3"]
    {
        let text = repeated(pattern);
        let all = ParseOptions::default().max_keys(0);
        assert!(parse(text.as_str(), &all).len() <= 1, "{pattern}");
        parse(text.as_str(), &ParseOptions::default().max_keys(0).sep("&&").eq("=&"));
        assert!(unescape(text.as_str()).len() <= text.len() * 3);
        assert!(unescape_buffer(text.as_str(), true).len() <= text.len());
        assert!(escape(text.as_str()).unwrap().len() <= text.len() * 3);
        unescape(Latin1(text.as_bytes()));
    }
}

#[test]
fn many_keys_are_linear() {
    let mut text = String::with_capacity(SIZE);
    let mut count = 0;
    while text.len() < SIZE / 4 {
        text.push_str(&format!("{count}=&"));
        count += 1;
    }
    assert_eq!(parse(text.as_str(), &ParseOptions::default().max_keys(0)).len(), count);
    assert_eq!(parse(text.as_str(), &ParseOptions::default()).len(), 1000);
}

#[test]
fn long_lists_are_linear() {
    let list = vec![Value::Text("%"); SIZE / 16];
    let query = stringify([("k", Value::List(&list))], &StringifyOptions::default()).unwrap();
    assert_eq!(query.len(), list.len() * "k=%25&".len() - 1);
}
