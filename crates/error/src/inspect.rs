//! Values as Node's messages show them (`util.inspect`, <https://nodejs.org/api/util.html#utilinspectobject-options>).

use std::fmt::Write;

/// A string as Node's `util.inspect` shows it in a message: quoted, escaped, cut at 128 characters.
pub fn inspect(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let quote = ['\'', '"', '`'].into_iter().find(|&quote| !text.contains(quote)).unwrap_or('\'');
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\x{:02X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push(quote);
    cut(out)
}

/// Bytes as `util.inspect` shows a Buffer: the first fifty in hex.
pub fn inspect_bytes(bytes: &[u8]) -> String {
    let mut out = String::from("<Buffer");
    for byte in bytes.iter().take(50) {
        let _ = write!(out, " {byte:02x}");
    }
    if let Some(more @ 1..) = bytes.len().checked_sub(50) {
        let _ = write!(out, " ... {more} more byte{}", if more == 1 { "" } else { "s" });
    }
    out.push('>');
    cut(out)
}

/// Node cuts what it shows of a value at 128 characters.
fn cut(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(128) {
        text.truncate(end);
        text.push_str("...");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_node_shows_them() {
        assert_eq!(inspect(b"a\0b"), r"'a\x00b'");
        assert_eq!(inspect(b"it's"), r#""it's""#);
        assert_eq!(inspect("x".repeat(200).as_bytes()).len(), 131);
        assert_eq!(inspect_bytes(b"a\0"), "<Buffer 61 00>");
    }
}
