//! Pattern strings to parts, and back (<https://urlpattern.spec.whatwg.org/#parsing-pattern-strings>).

use std::collections::HashSet;

use super::canonicalise::Canonicalise;
use super::tokenizer::{self, Kind, Policy, Token};

/// What a part matches; the names are the Standard's. In the order in which one is more specific than another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PartKind {
    FullWildcard,
    SegmentWildcard,
    Regexp,
    FixedText,
}

/// How often a part may occur. In the order in which one is more specific than another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Modifier {
    ZeroOrMore,
    Optional,
    OneOrMore,
    None,
}

impl Modifier {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Modifier::ZeroOrMore => "*",
            Modifier::Optional => "?",
            Modifier::OneOrMore => "+",
            Modifier::None => "",
        }
    }
}

/// One piece of a pattern: fixed text, or a group with what stands before and after it.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) kind: PartKind,
    pub(super) modifier: Modifier,
    /// Of a group; empty for fixed text.
    pub(super) name: String,
    pub(super) prefix: String,
    /// The fixed text, or the regular expression.
    pub(super) value: String,
    pub(super) suffix: String,
}

/// How the parts of a component are split into segments.
#[derive(Clone, Copy, Debug)]
pub(super) struct Options {
    pub(super) delimiter: Option<u8>,
    pub(super) prefix: Option<u8>,
    pub(super) ignore_case: bool,
}

impl Options {
    pub(super) const DEFAULT: Options = Options { delimiter: None, prefix: None, ignore_case: false };
    pub(super) const HOSTNAME: Options = Options { delimiter: Some(b'.'), prefix: None, ignore_case: false };
    pub(super) const PATHNAME: Options =
        Options { delimiter: Some(b'/'), prefix: Some(b'/'), ignore_case: false };

    /// The regular expression that `:name` stands for.
    pub(super) fn segment_wildcard(self) -> &'static str {
        match self.delimiter {
            Some(b'/') => r"[^\/]+?",
            Some(_) => r"[^\.]+?",
            None => "[^]+?",
        }
    }

    /// Whether `text` is nothing but the prefix character; so is no text where there is no such character.
    fn is_prefix(self, text: &str) -> bool {
        text.as_bytes() == self.prefix.as_slice()
    }
}

/// The regular expression that `*` stands for.
pub(super) const FULL_WILDCARD: &str = ".*";

/// As many groups as a component of Node's takes, where they become one regular expression.
const MAX_GROUPS: usize = 32_767;

/// The parts of `input`; `None` if it is no pattern.
pub(super) fn parse(input: &str, options: Options, canonicalise: Canonicalise) -> Option<Vec<Part>> {
    let mut parser = Parser {
        input,
        tokens: tokenizer::tokenize(input, Policy::Strict)?,
        index: 0,
        options,
        canonicalise,
        parts: Vec::new(),
        names: HashSet::new(),
        pending: String::new(),
        numbered: 0,
    };
    while parser.index < parser.tokens.len() {
        parser.part()?;
    }
    Some(parser.parts)
}

struct Parser<'i> {
    input: &'i str,
    tokens: Vec<Token>,
    index: usize,
    options: Options,
    canonicalise: Canonicalise,
    parts: Vec<Part>,
    names: HashSet<&'i str>,
    /// Fixed text that is not a part yet.
    pending: String,
    numbered: usize,
}

/// What is between the prefix and the modifier: a name, a regular expression or `*`, or both.
#[derive(Clone, Copy)]
struct Group<'i> {
    name: Option<&'i str>,
    /// With whether it is an asterisk.
    regexp: Option<(&'i str, bool)>,
}

impl<'i> Parser<'i> {
    /// Takes what comes next: a group with its prefix, a character, something in braces, or the end.
    fn part(&mut self) -> Option<()> {
        let char = self.take(Kind::Char);
        if let Some(group) = self.group() {
            let mut prefix = char.unwrap_or_default();
            if !prefix.is_empty() && !self.options.is_prefix(prefix) {
                self.pending.push_str(prefix);
                prefix = "";
            }
            self.flush()?;
            let modifier = self.modifier();
            return self.add_group(prefix, group, "", modifier);
        }
        if let Some(text) = char.or_else(|| self.take(Kind::EscapedChar)) {
            self.pending.push_str(text);
            return Some(());
        }
        if self.take(Kind::Open).is_some() {
            return self.braces();
        }
        self.flush()?;
        self.take(Kind::End).map(|_| ())
    }

    fn braces(&mut self) -> Option<()> {
        let prefix = self.text();
        let group = self.group();
        let suffix = self.text();
        self.take(Kind::Close)?;
        let modifier = self.modifier();
        if let Some(group) = group {
            self.flush()?;
            return self.add_group(&prefix, group, &suffix, modifier);
        }
        // Without a group between them the two texts are one.
        if modifier == Modifier::None {
            self.pending.push_str(&prefix);
            return Some(());
        }
        self.flush()?;
        if !prefix.is_empty() {
            let value = (self.canonicalise)(&prefix)?;
            self.add_text(value, modifier);
        }
        Some(())
    }

    fn take(&mut self, kind: Kind) -> Option<&'i str> {
        let token = self.tokens.get(self.index).filter(|token| token.kind == kind)?;
        self.index += 1;
        Some(token.value(self.input))
    }

    fn group(&mut self) -> Option<Group<'i>> {
        let name = self.take(Kind::Name);
        let mut regexp = self.take(Kind::Regexp).map(|regexp| (regexp, false));
        if name.is_none() && regexp.is_none() {
            regexp = self.take(Kind::Asterisk).map(|_| (FULL_WILDCARD, true));
        }
        (name.is_some() || regexp.is_some()).then_some(Group { name, regexp })
    }

    fn modifier(&mut self) -> Modifier {
        match self.take(Kind::OtherModifier).or_else(|| self.take(Kind::Asterisk)) {
            Some("?") => Modifier::Optional,
            Some("*") => Modifier::ZeroOrMore,
            Some(_) => Modifier::OneOrMore,
            None => Modifier::None,
        }
    }

    fn text(&mut self) -> String {
        let mut text = String::new();
        while let Some(char) = self.take(Kind::Char).or_else(|| self.take(Kind::EscapedChar)) {
            text.push_str(char);
        }
        text
    }

    /// Makes a part of the pending text.
    fn flush(&mut self) -> Option<()> {
        if !self.pending.is_empty() {
            let value = (self.canonicalise)(&std::mem::take(&mut self.pending))?;
            self.add_text(value, Modifier::None);
        }
        Some(())
    }

    fn add_text(&mut self, value: String, modifier: Modifier) {
        self.parts.push(Part {
            kind: PartKind::FixedText,
            modifier,
            name: String::new(),
            prefix: String::new(),
            value,
            suffix: String::new(),
        });
    }

    fn add_group(&mut self, prefix: &str, group: Group<'i>, suffix: &str, modifier: Modifier) -> Option<()> {
        let segment = self.options.segment_wildcard();
        let regexp = group.regexp.map_or(segment, |(regexp, _)| regexp);
        let kind = match regexp {
            FULL_WILDCARD => PartKind::FullWildcard,
            regexp if regexp == segment => PartKind::SegmentWildcard,
            _ => PartKind::Regexp,
        };
        let name = match group.name {
            Some(name) if !self.names.insert(name) => return None,
            Some(name) => name.to_owned(),
            None => {
                self.numbered += 1;
                (self.numbered - 1).to_string()
            }
        };
        if self.names.len() + self.numbered > MAX_GROUPS {
            return None;
        }
        self.parts.push(Part {
            kind,
            modifier,
            name,
            prefix: (self.canonicalise)(prefix)?,
            value: if kind == PartKind::Regexp { regexp.to_owned() } else { String::new() },
            suffix: (self.canonicalise)(suffix)?,
        });
        Some(())
    }
}

/// The pattern string that `parts` came from, in its normal form.
pub(super) fn generate(parts: &[Part], options: Options) -> String {
    let mut out = String::new();
    for (index, part) in parts.iter().enumerate() {
        if part.kind == PartKind::FixedText {
            if part.modifier == Modifier::None {
                escape(&part.value, &mut out);
                continue;
            }
            out.push('{');
            escape(&part.value, &mut out);
            out.push('}');
            out.push_str(part.modifier.as_str());
            continue;
        }
        let previous = index.checked_sub(1).and_then(|index| parts.get(index));
        generate_group(part, previous, parts.get(index + 1), options, &mut out);
    }
    out
}

fn generate_group(
    part: &Part,
    previous: Option<&Part>,
    next: Option<&Part>,
    options: Options,
    out: &mut String,
) {
    let custom_name = has_custom_name(part);
    let grouping = needs_grouping(part, previous, next, options);
    if grouping {
        out.push('{');
    }
    escape(&part.prefix, out);
    if custom_name {
        out.push(':');
        out.push_str(&part.name);
    }
    match part.kind {
        PartKind::Regexp => {
            out.push('(');
            out.push_str(&part.value);
            out.push(')');
        }
        PartKind::SegmentWildcard if !custom_name => {
            out.push('(');
            out.push_str(options.segment_wildcard());
            out.push(')');
        }
        PartKind::FullWildcard => {
            // Elsewhere an asterisk would be read as the modifier of what is before it.
            let apart = previous.is_none_or(|previous| {
                previous.kind == PartKind::FixedText || previous.modifier != Modifier::None
            });
            if !custom_name && (apart || grouping || !part.prefix.is_empty()) {
                out.push('*');
            } else {
                out.push_str("(.*)");
            }
        }
        PartKind::SegmentWildcard | PartKind::FixedText => {}
    }
    if part.kind == PartKind::SegmentWildcard && custom_name && starts_as_name(&part.suffix) {
        out.push('\\');
    }
    escape(&part.suffix, out);
    if grouping {
        out.push('}');
    }
    out.push_str(part.modifier.as_str());
}

/// Whether the group must be in braces, so as to keep its prefix and suffix, or its name, apart from the rest.
fn needs_grouping(part: &Part, previous: Option<&Part>, next: Option<&Part>, options: Options) -> bool {
    if !part.suffix.is_empty() || (!part.prefix.is_empty() && !options.is_prefix(&part.prefix)) {
        return true;
    }
    if let Some(next) = next
        && has_custom_name(part)
        && part.kind == PartKind::SegmentWildcard
        && part.modifier == Modifier::None
        && next.prefix.is_empty()
        && next.suffix.is_empty()
    {
        let joins = match next.kind {
            PartKind::FixedText => starts_as_name(&next.value),
            _ => !has_custom_name(next),
        };
        if joins {
            return true;
        }
    }
    part.prefix.is_empty()
        && options.prefix.is_some()
        && previous.is_some_and(|previous| {
            previous.kind == PartKind::FixedText
                && previous.value.as_bytes().last() == options.prefix.as_ref()
        })
}

fn has_custom_name(part: &Part) -> bool {
    !part.name.starts_with(|c: char| c.is_ascii_digit())
}

fn starts_as_name(text: &str) -> bool {
    text.starts_with(|c| tokenizer::is_name_char(c, false))
}

/// Appends `text` as a pattern that matches it.
pub(super) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        if matches!(c, '+' | '*' | '?' | ':' | '{' | '}' | '(' | ')' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
}
