//! Names as Node writes them: quoted where they would be ambiguous (CVE-2021-44532).

use std::fmt::Write as _;

use crate::engine::{GeneralName, NameText};

/// A text as a string; bytes that are no UTF-8 are replaced.
pub(super) fn utf8(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

pub(super) fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// The alternative names: `DNS:a.example, IP Address:192.0.2.1`.
pub(super) fn alternative_names(names: &[GeneralName]) -> String {
    let mut out = String::new();
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        push(&mut out, name);
    }
    out
}

/// The access to information: `OCSP - URI:http://a.example`, one a line.
pub(super) fn info_access(access: &[(String, GeneralName)]) -> String {
    let mut out = String::new();
    for (index, (method, name)) in access.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        out.push_str(method);
        out.push_str(" - ");
        push(&mut out, name);
    }
    out
}

/// The text of a name without quotes.
pub(super) fn plain(name: GeneralName) -> String {
    match name.value {
        NameText::Plain(text) => text,
        NameText::Latin1(bytes) => latin1(&bytes),
        NameText::Utf8(bytes) => utf8(bytes),
    }
}

fn push(out: &mut String, name: &GeneralName) {
    out.push_str(name.kind);
    out.push(':');
    match &name.value {
        NameText::Plain(text) => out.push_str(text),
        NameText::Latin1(bytes) => push_text(out, bytes.iter().copied().map(char::from), 0x7f..=0xff),
        NameText::Utf8(bytes) => push_text(out, String::from_utf8_lossy(bytes).chars(), 0x7f..=0x7f),
    }
}

/// Writes a text as it is, or as a JSON string if there is a separator, a quote, a backslash, a control character or a
/// character of `high` in it. In JSON the comma too is a number, so that it separates nothing.
fn push_text(
    out: &mut String,
    text: impl Iterator<Item = char> + Clone,
    high: std::ops::RangeInclusive<u32>,
) {
    let control = |c: char| u32::from(c) < 0x20 || high.contains(&u32::from(c));
    if !text.clone().any(|c| control(c) || matches!(c, '"' | '\\' | ',' | '\'')) {
        out.extend(text);
        return;
    }
    out.push('"');
    for c in text {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c == ',' || control(c) => _ = write!(out, "\\u{:04x}", u32::from(c)),
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(kind: &'static str, value: NameText) -> GeneralName {
        GeneralName { kind, value }
    }

    #[test]
    fn quotes_what_is_ambiguous() {
        let names = [
            name("DNS", NameText::Latin1(b"a.b".to_vec())),
            name("DNS", NameText::Latin1(b"a, DNS:\"b\xe4\0".to_vec())),
            name("othername", NameText::Utf8("UPN:\u{e4}".into())),
            name("othername", NameText::Utf8("UPN:\u{e4}'\x7f".into())),
        ];
        let text = alternative_names(&names);
        let expected = "DNS:a.b, DNS:\"a\\u002c DNS:\\\"b\\u00e4\\u0000\", othername:UPN:\u{e4}, \
                        othername:\"UPN:\u{e4}'\\u007f\"";
        assert_eq!(text, expected);
    }
}
