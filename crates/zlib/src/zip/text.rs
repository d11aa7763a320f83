//! Text inside archives: names and comments in UTF-8 or in the code page 437, and names in messages.

use std::fmt::Write;

/// The code page 437 above ASCII.
const CP437: [char; 128] = [
    'Ç', 'ü', 'é', 'â', 'ä', 'à', 'å', 'ç', 'ê', 'ë', 'è', 'ï', 'î', 'ì', 'Ä', 'Å', 'É', 'æ', 'Æ', 'ô', 'ö',
    'ò', 'û', 'ù', 'ÿ', 'Ö', 'Ü', '¢', '£', '¥', '₧', 'ƒ', 'á', 'í', 'ó', 'ú', 'ñ', 'Ñ', 'ª', 'º', '¿', '⌐',
    '¬', '½', '¼', '¡', '«', '»', '░', '▒', '▓', '│', '┤', '╡', '╢', '╖', '╕', '╣', '║', '╗', '╝', '╜', '╛',
    '┐', '└', '┴', '┬', '├', '─', '┼', '╞', '╟', '╚', '╔', '╩', '╦', '╠', '═', '╬', '╧', '╨', '╤', '╥', '╙',
    '╘', '╒', '╓', '╫', '╪', '┘', '┌', '█', '▄', '▌', '▐', '▀', 'α', 'ß', 'Γ', 'π', 'Σ', 'σ', 'µ', 'τ', 'Φ',
    'Θ', 'Ω', 'δ', '∞', 'φ', 'ε', '∩', '≡', '±', '≥', '≤', '⌠', '⌡', '÷', '≈', '°', '∙', '·', '√', 'ⁿ', '²',
    '■', '\u{a0}',
];

/// The language-encoding flag: name and comment are UTF-8.
pub(crate) const UTF8_FLAG: u16 = 0x0800;

/// Decodes a name or a comment as Node does: as UTF-8 where the flag says so, or where it is valid; as code
/// page 437 otherwise.
pub(crate) fn decode(bytes: &[u8], flags: u16) -> String {
    if flags & UTF8_FLAG != 0 {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|&byte| cp437(byte)).collect(),
    }
}

fn cp437(byte: u8) -> char {
    if byte.is_ascii() { char::from(byte) } else { CP437[usize::from(byte & 0x7f)] }
}

/// A name as `JSON.stringify` shows it, which is how Node's messages do.
pub(crate) fn quoted(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 2);
    out.push('"');
    for c in name.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::{decode, quoted};

    #[test]
    fn decodes_as_node_does() {
        assert_eq!(decode(b"\xc3\xa9", 0), "é");
        assert_eq!(decode(b"\x81\x01\xff", 0), "ü\u{1}\u{a0}");
        assert_eq!(decode(b"\x81", 0x0800), "\u{fffd}");
    }

    #[test]
    fn quotes_as_json() {
        assert_eq!(quoted("a\"\\\n\u{1}é\u{7f}"), "\"a\\\"\\\\\\n\\u0001é\u{7f}\"");
    }
}
