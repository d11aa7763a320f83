//! The tokenizer of pattern strings (<https://urlpattern.spec.whatwg.org/#tokenizing>).

use crate::domain::is_after_unicode_17;

/// What a token is; the names are the Standard's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Close,
    Regexp,
    Name,
    Char,
    EscapedChar,
    OtherModifier,
    Asterisk,
    End,
    InvalidChar,
}

/// A token: where it starts in the pattern, and the range of its value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) index: u32,
    start: u32,
    end: u32,
}

impl Token {
    /// The text the token stands for: a name without its colon, a regular expression without its parentheses.
    pub(super) fn value<'i>(&self, input: &'i str) -> &'i str {
        input.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// What to do with text that no token can be made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Policy {
    Strict,
    /// Make it an [`Kind::InvalidChar`].
    Lenient,
}

/// The tokens of `input`, the last of them [`Kind::End`]; `None` if the policy is strict and there is an error.
pub(super) fn tokenize(input: &str, policy: Policy) -> Option<Vec<Token>> {
    u32::try_from(input.len()).ok()?;
    let bytes = input.as_bytes();
    let mut tokens = Vec::new();
    let mut index = 0;
    while let Some(&byte) = bytes.get(index) {
        // The value's range, and where the next token starts.
        let (kind, start, end, next) = match byte {
            b'*' => (Kind::Asterisk, index, index + 1, index + 1),
            b'+' | b'?' => (Kind::OtherModifier, index, index + 1, index + 1),
            b'{' => (Kind::Open, index, index + 1, index + 1),
            b'}' => (Kind::Close, index, index + 1, index + 1),
            b'\\' => match char_len(input, index + 1) {
                0 => (Kind::InvalidChar, index, index + 1, index + 1),
                len => (Kind::EscapedChar, index + 1, index + 1 + len, index + 1 + len),
            },
            b':' => match name_len(input, index + 1) {
                0 => (Kind::InvalidChar, index, index + 1, index + 1),
                len => (Kind::Name, index + 1, index + 1 + len, index + 1 + len),
            },
            b'(' => match regexp_end(bytes, index + 1) {
                None => (Kind::InvalidChar, index, index + 1, index + 1),
                Some(end) => (Kind::Regexp, index + 1, end, end + 1),
            },
            _ => {
                let end = index + char_len(input, index).max(1);
                (Kind::Char, index, end, end)
            }
        };
        if kind == Kind::InvalidChar && policy == Policy::Strict {
            return None;
        }
        tokens.push(token(kind, index, start, end));
        index = next;
    }
    tokens.push(token(Kind::End, index, index, index));
    Some(tokens)
}

/// All offsets fit: the input's length does.
fn token(kind: Kind, index: usize, start: usize, end: usize) -> Token {
    let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Token { kind, index: narrow(index), start: narrow(start), end: narrow(end) }
}

fn char_len(input: &str, at: usize) -> usize {
    input.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
}

fn name_len(input: &str, at: usize) -> usize {
    let rest = input.get(at..).unwrap_or_default();
    rest.char_indices()
        .find(|&(index, c)| !is_name_char(c, index == 0))
        .map_or(rest.len(), |(index, _)| index)
}

/// Whether `c` may stand in a group's name, or at its start: JavaScript's `IdentifierPart` and `IdentifierStart`.
pub(super) fn is_name_char(c: char, first: bool) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic() || matches!(c, '_' | '$') || (!first && c.is_ascii_digit());
    }
    let known = if first {
        unicode_ident::is_xid_start(c) || is_id_only(c)
    } else {
        unicode_ident::is_xid_continue(c) || is_id_only(c) || matches!(c, '\u{200c}' | '\u{200d}')
    };
    known && !is_after_unicode_17(c)
}

/// The characters that Unicode's XID properties take out of the ID properties, which JavaScript uses.
fn is_id_only(c: char) -> bool {
    matches!(
        c,
        '\u{37a}'
            | '\u{e33}'
            | '\u{eb3}'
            | '\u{309b}'..='\u{309c}'
            | '\u{fc5e}'..='\u{fc63}'
            | '\u{fdfa}'..='\u{fdfb}'
            | '\u{fe70}'
            | '\u{fe72}'
            | '\u{fe74}'
            | '\u{fe76}'
            | '\u{fe78}'
            | '\u{fe7a}'
            | '\u{fe7c}'
            | '\u{fe7e}'
            | '\u{ff9e}'..='\u{ff9f}'
    )
}

/// Where the `)` is that ends the regular expression at `start`; `None` if it is not one.
///
/// It is ASCII, not empty, and has no capturing group in it: a `(` inside is followed by `?`.
fn regexp_end(bytes: &[u8], start: usize) -> Option<usize> {
    if bytes.get(start) == Some(&b'?') {
        return None;
    }
    let mut depth = 1u32;
    let mut at = start;
    loop {
        match *bytes.get(at)? {
            0x80.. => return None,
            b'\\' => {
                if !bytes.get(at + 1)?.is_ascii() {
                    return None;
                }
                at += 1;
            }
            b')' if depth == 1 => return (at > start).then_some(at),
            b')' => depth -= 1,
            b'(' if bytes.get(at + 1) != Some(&b'?') => return None,
            b'(' => depth += 1,
            _ => {}
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(input: &str, policy: Policy) -> Option<Vec<(Kind, &str)>> {
        let tokens = tokenize(input, policy)?;
        Some(tokens.iter().map(|token| (token.kind, token.value(input))).collect())
    }

    #[test]
    fn every_kind() {
        use Kind::{Asterisk, Char, Close, End, EscapedChar, Name, Open, OtherModifier, Regexp};
        assert_eq!(
            kinds("é:a1{(\\)(?:b))}?*+\\é", Policy::Strict).unwrap(),
            [
                (Char, "é"),
                (Name, "a1"),
                (Open, "{"),
                (Regexp, "\\)(?:b)"),
                (Close, "}"),
                (OtherModifier, "?"),
                (Asterisk, "*"),
                (OtherModifier, "+"),
                (EscapedChar, "é"),
                (End, "")
            ]
        );
    }

    #[test]
    fn what_is_no_token() {
        for bad in ["\\", ":", ":1", "(", "()", "(?a)", "(a", "((a))", "(é)", "(\\é)", "(a\\", "(a("] {
            assert!(kinds(bad, Policy::Strict).is_none(), "{bad}");
            let lenient = kinds(bad, Policy::Lenient).unwrap();
            assert_eq!(lenient[0], (Kind::InvalidChar, &bad[..1]), "{bad}");
        }
    }
}
