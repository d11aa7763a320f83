//! What the fuzz targets share: how the fuzzer's bytes become fields and strings, and checks that several make.
//!
//! A target is one file of `src/bin`, named `MODULE_WHAT.rs`. `cargo xtask fuzz` finds it, and gives it the dictionary
//! `dictionaries/MODULE.dict` and the seeds of `seeds/MODULE.txt`.

#![allow(clippy::unwrap_used, missing_docs, reason = "a target fails by panicking")]

use nodecore_error::Result;
use nodecore_path::Latin1;
use nodecore_url::{Input, Url};

/// What parts the fields of an input: a byte that is in no UTF-8.
pub const SEPARATOR: u8 = 0xFF;

/// The first `N` fields of an input; those that are not there are empty.
pub fn fields<const N: usize>(data: &[u8]) -> [&[u8]; N] {
    let mut parts = data.splitn(N, |&byte| byte == SEPARATOR);
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}

/// A JavaScript string in every form that can hold it.
#[derive(Clone, Debug, Default)]
pub struct Text {
    pub utf16: Vec<u16>,
    /// Where there is no lone surrogate.
    pub utf8: Option<String>,
    /// Where all is below U+0100.
    pub latin1: Option<Vec<u8>>,
}

impl Text {
    /// UTF-8, in which the bytes F8 to FB stand for a high surrogate, FC to FE for a low one, and all else that is
    /// malformed for U+FFFD.
    pub fn new(bytes: &[u8]) -> Text {
        let mut utf16 = Vec::with_capacity(bytes.len());
        for chunk in bytes.utf8_chunks() {
            utf16.extend(chunk.valid().encode_utf16());
            utf16.extend(chunk.invalid().first().map(|byte| match byte {
                0xF8..=0xFB => 0xD83D,
                0xFC..=0xFE => 0xDE00,
                _ => 0xFFFD,
            }));
        }
        let utf8 = String::from_utf16(&utf16).ok();
        let latin1 = utf16.iter().map(|&unit| u8::try_from(unit).ok()).collect();
        Text { utf16, utf8, latin1 }
    }

    pub fn as_latin1(&self) -> Option<Latin1<'_>> {
        self.latin1.as_deref().map(Latin1)
    }

    /// With U+FFFD for lone surrogates.
    pub fn lossy(&self) -> String {
        String::from_utf16_lossy(&self.utf16)
    }
}

/// Checks one URL: its components make up its `href`, and the `href` is parsed to itself.
pub fn check_url(url: &Url) {
    let href = url.href();
    assert!(href.is_ascii(), "{href:?} is not ASCII");
    let again = Url::parse(href).unwrap_or_else(|error| panic!("{href:?} is not parsed again: {error}"));
    assert_eq!(again.href(), href, "parsed again");
    assert_eq!(parts(&again), parts(url), "parsed again, {href:?}");
    assert!(Url::can_parse(href, None));

    let take = |rest: &str, part: &str| {
        rest.strip_prefix(part)
            .unwrap_or_else(|| panic!("{part:?} is not next in {rest:?} of {href:?}"))
            .to_owned()
    };
    let mut rest = take(href, url.protocol());
    if rest.starts_with("//") {
        rest = take(&rest, "//");
        if !url.username().is_empty() || !url.password().is_empty() {
            rest = take(&rest, url.username());
            if !url.password().is_empty() {
                rest = take(&take(&rest, ":"), url.password());
            }
            rest = take(&rest, "@");
        }
        rest = take(&rest, url.host());
    } else {
        assert_eq!((url.username(), url.password(), url.host()), ("", "", ""));
        if url.pathname().starts_with("//") {
            rest = take(&rest, "/.");
        }
    }
    rest = take(&rest, url.pathname());
    for (sign, part) in [("?", url.search()), ("#", url.hash())] {
        if rest.starts_with(sign) {
            rest = take(&rest, if part.is_empty() { sign } else { part });
        } else {
            assert_eq!(part, "");
        }
    }
    assert_eq!(rest, "", "the end of {href:?}");
    let port = if url.port().is_empty() { String::new() } else { format!(":{}", url.port()) };
    assert_eq!(url.host(), format!("{}{port}", url.hostname()));
    assert_eq!(url.to_string(), href);
    nodecore_url::format(url, nodecore_url::FormatOptions::new().unicode(true));
    drop(nodecore_url::url_to_http_options(url));
}

/// All that the getters show.
pub fn parts(url: &Url) -> [String; 10] {
    let origin = url.origin();
    [
        url.protocol(),
        url.username(),
        url.password(),
        url.host(),
        url.hostname(),
        url.port(),
        url.pathname(),
        url.search(),
        url.hash(),
        &origin,
    ]
    .map(str::to_owned)
}

/// Parses `text` in each of its forms, and into the same object again, and checks that they agree.
pub fn parse_url(text: &Text, base: Option<&Url>) -> Option<Url> {
    let first = parse_form(&text.utf16[..], base);
    let others = [
        text.utf8.as_deref().map(|text| parse_form(text, base)),
        text.as_latin1().map(|text| parse_form(text, base)),
        Some(parse_form(&*text.lossy(), base)),
    ];
    for other in others.into_iter().flatten() {
        match (&first, &other) {
            (Ok(one), Ok(other)) => assert_eq!((one.href(), parts(one)), (other.href(), parts(other))),
            (Err(one), Err(other)) => assert_eq!(one.to_string(), other.to_string()),
            _ => panic!("forms disagree: {first:?}, {other:?}"),
        }
    }
    first.ok()
}

fn parse_form(input: impl Input, base: Option<&Url>) -> Result<Url> {
    let result = match base {
        Some(base) => Url::parse_with_base(input, base),
        None => Url::parse(input),
    };
    assert_eq!(Url::can_parse(input, base), result.is_ok(), "can_parse");
    let mut used = Url::parse("https://user:pass@host.example:8080/a/b/c?query#hash").unwrap();
    let before = used.clone();
    match (used.reparse(input, base), &result) {
        (Ok(()), Ok(url)) => assert_eq!((used.href(), parts(&used)), (url.href(), parts(url)), "reparse"),
        (Err(_), Err(_)) => assert_eq!(used, before, "a failed reparse leaves the URL as it was"),
        (other, _) => panic!("reparse gives {other:?}, parse {result:?}"),
    }
    result
}
