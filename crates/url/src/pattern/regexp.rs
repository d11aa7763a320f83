//! The regular expressions of groups, as far as the [`Program`](super::program::Program) can run them.
//!
//! That is: characters, `.`, `\d \w \s` and their opposites, classes of these, groups, alternatives, and repeats of
//! what is not empty. Everything else (assertions, back references, named groups, properties of Unicode, sets of
//! strings), and everything that is an error, is left to a full engine.

use super::program::{DOT, Node, Set};

/// How deep groups and classes may nest; a full engine's stack is not endless.
const MAX_DEPTH: usize = 250;

/// As many instructions as a counted repeat may become.
const MAX_SIZE: usize = 4096;

/// `source` as a tree, if it is of the simple kind.
pub(super) fn parse(source: &str, ignore_case: bool) -> Option<Node> {
    let mut parser = Parser { bytes: source.as_bytes(), at: 0, depth: 0, ignore_case };
    let node = parser.alternatives()?;
    (parser.at == source.len()).then_some(node)
}

/// Whether an engine that works on its stack can be given `source`.
pub(super) fn is_shallow(source: &str) -> bool {
    let (mut depth, mut bytes) = (0usize, source.bytes());
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => _ = bytes.next(),
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return false;
        }
    }
    true
}

/// Appends `text` as a regular expression that matches it.
pub(super) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        if is_syntax(c) {
            out.push('\\');
        }
        out.push(c);
    }
}

fn is_syntax(c: char) -> bool {
    matches!(c, '.' | '+' | '*' | '?' | '^' | '$' | '{' | '}' | '(' | ')' | '[' | ']' | '|' | '/' | '\\')
}

const fn range(first: u8, last: u8) -> Set {
    let (mut set, mut byte) = (0, first);
    while byte <= last {
        set |= 1 << byte;
        byte += 1;
    }
    set
}

const DIGIT: Set = range(b'0', b'9');
const LOWER: Set = range(b'a', b'z');
const UPPER: Set = range(b'A', b'Z');
const WORD: Set = DIGIT | LOWER | UPPER | 1 << b'_';
const SPACE: Set = range(b'\t', b'\r') | 1 << b' ';

struct Parser<'i> {
    bytes: &'i [u8],
    at: usize,
    depth: usize,
    ignore_case: bool,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn alternatives(&mut self) -> Option<Node> {
        let mut nodes = vec![self.sequence()?];
        while self.eat(b'|') {
            nodes.push(self.sequence()?);
        }
        if nodes.len() == 1 { nodes.pop() } else { Some(Node::Any(nodes)) }
    }

    fn sequence(&mut self) -> Option<Node> {
        let mut nodes = Vec::new();
        while !matches!(self.peek(), None | Some(b'|' | b')')) {
            let atom = self.atom()?;
            nodes.push(self.quantified(atom)?);
        }
        Some(Node::All(nodes))
    }

    fn atom(&mut self) -> Option<Node> {
        let byte = self.next()?;
        match byte {
            b'.' => Some(Node::Set(DOT)),
            b'(' => {
                if !self.eat(b'?') || !self.eat(b':') || self.depth == MAX_DEPTH {
                    return None;
                }
                self.depth += 1;
                let node = self.alternatives()?;
                self.depth -= 1;
                self.eat(b')').then_some(node)
            }
            b'[' => self.class().map(Node::Set),
            b'\\' => {
                if let Some(set) = self.peek().and_then(class_escape) {
                    self.at += 1;
                    return Some(Node::Set(set));
                }
                let escaped = self.next()?;
                let literal =
                    control_escape(escaped).or_else(|| is_syntax(char::from(escaped)).then_some(escaped))?;
                Some(self.literal(literal))
            }
            b'/' => Some(self.literal(byte)),
            _ if is_syntax(char::from(byte)) || !byte.is_ascii() => None,
            _ => Some(self.literal(byte)),
        }
    }

    fn literal(&self, byte: u8) -> Node {
        Node::Set(self.fold(1 << byte))
    }

    /// Without regard to case a letter stands for both of its forms.
    fn fold(&self, set: Set) -> Set {
        if !self.ignore_case {
            return set;
        }
        let shift = b'a' - b'A';
        set | (set & UPPER) << shift | (set & LOWER) >> shift
    }

    fn quantified(&mut self, node: Node) -> Option<Node> {
        let (min, max) = match self.peek() {
            Some(b'*') => (0, None),
            Some(b'+') => (1, None),
            Some(b'?') => (0, Some(1)),
            Some(b'{') => {
                self.at += 1;
                let min = self.number()?;
                let max = if !self.eat(b',') {
                    Some(min)
                } else if self.peek() == Some(b'}') {
                    None
                } else {
                    Some(self.number()?)
                };
                // What closes the braces is taken below.
                if self.peek() != Some(b'}') || max.is_some_and(|max| max < min) {
                    return None;
                }
                (min, max)
            }
            _ => return Some(node),
        };
        self.at += 1;
        let greedy = !self.eat(b'?');
        if matches!(self.peek(), Some(b'*' | b'+' | b'?' | b'{')) || node.is_nullable() {
            return None;
        }
        let node = Node::Repeat { node: Box::new(node), min, max, greedy };
        (node.size() <= MAX_SIZE).then_some(node)
    }

    fn number(&mut self) -> Option<u32> {
        let start = self.at;
        let mut number = 0u32;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            number = number.checked_mul(10)?.checked_add(u32::from(digit - b'0'))?;
            self.at += 1;
        }
        (self.at > start).then_some(number)
    }

    /// What is after `[`, up to and with `]`. The syntax is that of the flag `v`, without sets in sets.
    fn class(&mut self) -> Option<Set> {
        let negated = self.eat(b'^');
        let mut set = 0;
        while !self.eat(b']') {
            if self.peek() == Some(b'\\')
                && let Some(escape) = self.bytes.get(self.at + 1).copied().and_then(class_escape)
            {
                self.at += 2;
                set |= escape;
                continue;
            }
            let first = self.class_char()?;
            if !self.eat(b'-') {
                set |= 1 << first;
                continue;
            }
            let last = self.class_char()?;
            if last < first {
                return None;
            }
            set |= range(first, last);
        }
        let set = self.fold(set);
        Some(if negated { !set } else { set })
    }

    fn class_char(&mut self) -> Option<u8> {
        let byte = self.next()?;
        match byte {
            b'\\' => {
                let escaped = self.next()?;
                let stands_for_itself = is_syntax(char::from(escaped))
                    || matches!(
                        escaped,
                        b'&' | b'-'
                            | b'!'
                            | b'#'
                            | b'%'
                            | b','
                            | b':'
                            | b';'
                            | b'<'
                            | b'='
                            | b'>'
                            | b'@'
                            | b'`'
                            | b'~'
                    );
                control_escape(escaped).or_else(|| stands_for_itself.then_some(escaped))
            }
            b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'/' | b'-' | b'|' | 0x80.. => None,
            // Two of these in a row are an operator, or kept for one.
            _ if byte.is_ascii_punctuation() && byte != b'_' && self.peek() == Some(byte) => None,
            _ => Some(byte),
        }
    }
}

fn class_escape(byte: u8) -> Option<Set> {
    match byte {
        b'd' => Some(DIGIT),
        b'D' => Some(!DIGIT),
        b'w' => Some(WORD),
        b'W' => Some(!WORD),
        b's' => Some(SPACE),
        b'S' => Some(!SPACE),
        _ => None,
    }
}

fn control_escape(byte: u8) -> Option<u8> {
    match byte {
        b't' => Some(b'\t'),
        b'n' => Some(b'\n'),
        b'v' => Some(0x0b),
        b'f' => Some(0x0c),
        b'r' => Some(b'\r'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::program::Program;

    /// Against a full engine: each that is simple must match the same.
    #[test]
    fn simple_ones_match_what_an_engine_matches() {
        let sources = [
            "a",
            "",
            "a|b",
            "a||b",
            "(?:ab)+c?",
            "[a-c]*",
            "[^a-c]+",
            r"\d+",
            r"\w\W",
            r"[\s\d]+",
            r"[\-\]]",
            "a{2}",
            "a{2,}",
            "a{1,3}?b",
            ".*",
            r"\.",
            "[.]",
            "[^]",
            "[]",
            "[A-b]",
            r"[^\W]",
            "(?:a|ab)(?:c|bcd)",
            r"\/",
            "a/b",
            "[a^]",
            "x{0}",
            "[_-a]",
        ];
        let inputs = [
            "", "a", "b", "A", "ab", "ababc", "abcd", "aa", "aaa", "aaab", "1 2", "12", "a-", "-]", ".", "/",
            "é",
        ];
        for ignore_case in [false, true] {
            for source in sources {
                let node = parse(source, ignore_case).unwrap_or_else(|| panic!("{source} is simple"));
                let flags = if ignore_case { "uvi" } else { "uv" };
                let engine = regress::Regex::with_flags(&format!("^(?:{source})$"), flags)
                    .unwrap_or_else(|error| panic!("{source}: {error}"));
                for input in inputs.iter().filter(|input| input.is_ascii()) {
                    let ours = Program::new(&node, ignore_case).run(input.as_bytes(), &mut []);
                    assert_eq!(ours, engine.find(input).is_some(), "{source} on {input:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_not_simple() {
        for source in [
            "(?=a)",
            "^a",
            "a$",
            r"\b",
            r"(?<n>a)",
            r"\1",
            "(?:a*)*",
            "(?:a?){2}",
            "a**",
            "a{2,1}",
            "{",
            "a{",
            "]",
            r"\m",
            r"\-",
            r"[\m]",
            "[a-]",
            "[(]",
            "[&&]",
            "[[a]]",
            "[b-a]",
            r"\p{L}",
            r"[\d-z]",
            "(a)",
            "a)",
            "(?:a",
            "[a",
            "a{5000}",
            r"\u0061",
            r"\x41",
            "?",
        ] {
            assert!(parse(source, false).is_none(), "{source}");
        }
        assert!(is_shallow(&"(?:a)".repeat(1000)));
        assert!(!is_shallow(&"(?:".repeat(1000)));
    }
}
