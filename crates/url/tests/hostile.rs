//! Long inputs of the kinds that make careless parsers quadratic, in all functions, which must neither panic nor take
//! for ever: a quadratic step would be noticed as a test that does not end, not by a clock.

use nodecore_url::{
    FileUrlOptions, Latin1, Url, UrlSearchParams, domain_to_ascii, domain_to_unicode,
    file_url_to_path_buffer, legacy, path_to_file_url,
};

const LENGTH: usize = 1 << 17;

fn exercise(input: &str) {
    let utf16: Vec<u16> = input.encode_utf16().collect();
    let base = Url::parse("https://user:pass@example.org/a/b/c?d#e").expect("a valid URL");
    let parsed = Url::parse(input);
    assert_eq!(parsed.is_ok(), Url::can_parse(input, None));
    assert_eq!(parsed.ok(), Url::parse(&utf16[..]).ok());
    _ = Url::parse(Latin1(input.as_bytes()));
    let mut url = base.clone();
    _ = url.reparse(input, Some(&base));
    url.set_pathname(input);
    url.set_search(input);
    url.set_hash(input);
    url.set_username(input);
    url.set_password(input);
    url.set_host(input);
    url.set_port(input);
    url.set_protocol(input);
    assert_eq!(Url::parse(url.href()).as_ref(), Ok(&url));
    let mut params = UrlSearchParams::parse(input);
    params.sort();
    params.delete("a", None);
    params.set("b", "c");
    assert_eq!(UrlSearchParams::parse(&params.to_string()), params);
    _ = domain_to_unicode(&domain_to_ascii(input));
    for windows in [false, true] {
        let options = FileUrlOptions::new().windows(windows);
        if let Ok(url) = path_to_file_url(input, options) {
            _ = file_url_to_path_buffer(&url, options);
        }
    }
    _ = legacy::parse(input, true);
    _ = legacy::resolve("http://example.org/a/b", input);
}

#[test]
fn long_runs() {
    for unit in [
        "/", ".", "../", "/..", "%2e", "%", "@", ":", "?", "#", "&", "=", "a=b&", "\\", "[", "é", "\t", "a.",
        "xn--a.", "1.", "-",
    ] {
        let run = unit.repeat(LENGTH / unit.len());
        for start in ["", "http://", "http://h/", "file://", "file:///", "x:", "http://u:p@h:80/?", "a/"] {
            exercise(&format!("{start}{run}"));
        }
    }
}

#[test]
fn many_changes_to_one_query() {
    let mut url = Url::parse("http://h/").expect("a valid URL");
    let mut params = url.search_params_mut();
    for index in 0..20_000 {
        params.append("a", &index.to_string());
    }
    params.delete("a", Some("7"));
    drop(params);
    assert_eq!(url.search_params().size(), 19_999);
}
