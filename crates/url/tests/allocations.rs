//! That parsing again into an object takes no memory, and parsing no more than the URL's own buffer.

use allocation_counter::measure;
use nodecore_url::{Latin1, Url};

fn allocations(work: impl FnOnce()) -> u64 {
    measure(work).count_total
}

const URLS: [&str; 10] = [
    "https://example.org/a/b/c/index.html",
    "https://example.org",
    "http://example.org:8080/a?b#c",
    "HTTP://User:p%40ss@EXAMPLE.com:80/a/./../b c?d e#f g",
    "https://example.org/päth/é?ü#ö",
    "http:\\\\0x7f.1\\a\\..\\b",
    "https://[2001:DB8::1]:443/x",
    "file:///C|/a/../b",
    "mailto:user@example.com?subject=hello world",
    "git+ssh://git@example.com:22/x",
];

#[test]
fn reparsing_takes_no_memory() {
    let base = Url::parse("https://example.org/a/b").expect("a valid URL");
    let mut url = base.clone();
    let mut round = || {
        for text in
            URLS.into_iter().chain(["../c?d", "//host:81/e", "http://[", "http://a b/", "http://h:99999"])
        {
            _ = url.reparse(text, Some(&base)).map_err(drop);
        }
    };
    round();
    let errors = allocations(|| _ = Url::parse("http://[").map_err(drop)) * 3;
    assert_eq!(allocations(&mut round), errors);
}

#[test]
fn parsing_takes_one_buffer() {
    for text in URLS {
        assert_eq!(allocations(|| _ = Url::parse(text)), 1, "{text}");
    }
    let text = "https://example.org/a/b/c/index.html";
    let utf16: Vec<u16> = text.encode_utf16().collect();
    assert_eq!(allocations(|| _ = Url::parse(Latin1(text.as_bytes()))), 1);
    assert_eq!(allocations(|| _ = Url::parse(&utf16[..])), 1);
    assert_eq!(allocations(|| _ = Url::can_parse(&utf16[..], None)), 0);
}
