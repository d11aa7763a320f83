//! One component of a pattern, compiled.

use std::cmp::Ordering;

use super::canonicalise::Canonicalise;
use super::parser::{self, FULL_WILDCARD, Modifier, Options, Part, PartKind};
use super::program::{DOT, Node, Program, UNSET};
use super::regexp;

/// Where a group matched; `None` if it did not.
pub(super) type Span = Option<(u32, u32)>;

#[derive(Debug)]
pub(super) struct Component {
    pub(super) pattern: String,
    pub(super) parts: Vec<Part>,
    /// Which of the parts are groups.
    groups: Vec<u32>,
    pub(super) has_regexp_groups: bool,
    options: Options,
    canonicalise: Canonicalise,
    matcher: Matcher,
}

/// How a component is matched: in the cheapest way its parts allow.
#[derive(Debug)]
enum Matcher {
    /// `*`.
    Anything,
    Text(String),
    /// What can only match in one way, so that nothing need be tried twice.
    Steps(Vec<Step>, Tail),
    Program(Program),
    /// With regular expressions that are not simple.
    Engine(Box<regress::Regex>),
}

#[derive(Debug)]
enum Step {
    Text(String),
    /// A group up to the next delimiter or the end, not empty.
    Segment,
}

#[derive(Debug)]
enum Tail {
    End,
    /// A group of anything, and the text that the input ends with.
    Rest(String),
    /// Nothing, or the text and after it a group: a segment, or anything.
    Optional(String, PartKind),
}

impl Component {
    /// `None` if `pattern` is none, or has text that cannot be in this component.
    pub(super) fn compile(pattern: &str, options: Options, canonicalise: Canonicalise) -> Option<Component> {
        let parts = parser::parse(pattern, options, canonicalise)?;
        Some(Component {
            pattern: parser::generate(&parts, options),
            groups: groups(&parts),
            has_regexp_groups: parts.iter().any(|part| part.kind == PartKind::Regexp),
            matcher: matcher(&parts, options)?,
            options,
            canonicalise,
            parts,
        })
    }

    /// How many groups it has.
    pub(super) fn groups(&self) -> usize {
        self.groups.len()
    }

    /// The name of a group, by its place.
    pub(super) fn name(&self, group: usize) -> Option<&str> {
        Some(&self.parts.get(*self.groups.get(group)? as usize)?.name)
    }

    /// Whether it matches `input`, which is as a URL has it: canonical, and so ASCII.
    pub(super) fn test(&self, input: &str) -> bool {
        match &self.matcher {
            Matcher::Anything => true,
            Matcher::Text(text) => self.is_same(text, input),
            Matcher::Steps(steps, tail) => self.steps(steps, tail, input, &mut |_| {}),
            Matcher::Program(program) => program.run(input.as_bytes(), &mut []),
            Matcher::Engine(regex) => regex.find(input).is_some(),
        }
    }

    /// As [`Component::test`]; appends to `spans` what each group matched.
    pub(super) fn exec(&self, input: &str, spans: &mut Vec<Span>) -> bool {
        match &self.matcher {
            Matcher::Anything => {
                spans.push(span(0, input.len()));
                true
            }
            Matcher::Text(text) => self.is_same(text, input),
            Matcher::Steps(steps, tail) => self.steps(steps, tail, input, &mut |span| spans.push(span)),
            Matcher::Program(program) => {
                let mut slots = vec![UNSET; self.groups() * 2];
                if !program.run(input.as_bytes(), &mut slots) {
                    return false;
                }
                let pairs = slots.as_chunks::<2>().0;
                spans.extend(pairs.iter().map(|&[start, end]| (end != UNSET).then_some((start, end))));
                true
            }
            Matcher::Engine(regex) => {
                let Some(found) = regex.find(input) else { return false };
                // Named groups inside regular expressions count too, and displace those after them.
                spans.extend(
                    (1..=self.groups()).map(|group| found.group(group).and_then(|at| span(at.start, at.end))),
                );
                true
            }
        }
    }

    fn is_same(&self, text: &str, input: &str) -> bool {
        if self.options.ignore_case { text.eq_ignore_ascii_case(input) } else { text == input }
    }

    fn without_prefix<'i>(&self, input: &'i str, text: &str) -> Option<&'i str> {
        let (start, rest) = input.split_at_checked(text.len())?;
        self.is_same(text, start).then_some(rest)
    }

    fn steps(&self, steps: &[Step], tail: &Tail, input: &str, group: &mut dyn FnMut(Span)) -> bool {
        let mut rest = input;
        let at = |rest: &str| input.len() - rest.len();
        for step in steps {
            match step {
                Step::Text(text) => match self.without_prefix(rest, text) {
                    Some(after) => rest = after,
                    None => return false,
                },
                Step::Segment => {
                    let length = self.segment(rest);
                    if length == 0 {
                        return false;
                    }
                    group(span(at(rest), at(rest) + length));
                    rest = rest.get(length..).unwrap_or_default();
                }
            }
        }
        match tail {
            Tail::End => rest.is_empty(),
            Tail::Rest(suffix) => {
                let Some((_, end)) =
                    rest.len().checked_sub(suffix.len()).and_then(|middle| rest.split_at_checked(middle))
                else {
                    return false;
                };
                group(span(at(rest), at(end)));
                self.is_same(suffix, end)
            }
            Tail::Optional(prefix, kind) => {
                if rest.is_empty() {
                    group(None);
                    return true;
                }
                let Some(rest) = self.without_prefix(rest, prefix) else { return false };
                group(span(at(rest), input.len()));
                *kind == PartKind::FullWildcard || (!rest.is_empty() && self.segment(rest) == rest.len())
            }
        }
    }

    /// How far it is to the next delimiter.
    fn segment(&self, rest: &str) -> usize {
        let delimiter = self.options.delimiter;
        delimiter.and_then(|delimiter| memchr::memchr(delimiter, rest.as_bytes())).unwrap_or(rest.len())
    }

    /// Which of two components of the same kind is the more specific, part by part.
    pub(super) fn compare(&self, other: &Component) -> Ordering {
        let longest = self.parts.len().max(other.parts.len());
        (0..longest)
            .map(|index| key(self.parts.get(index)).cmp(&key(other.parts.get(index))))
            .find(|&order| order != Ordering::Equal)
            .unwrap_or(Ordering::Equal)
    }

    /// The text with the given values in the places of the groups; `None` unless there is exactly one such text.
    pub(super) fn generate<'v>(&self, value: impl Fn(&str) -> Option<&'v str>) -> Option<String> {
        let mut out = String::new();
        for part in &self.parts {
            if part.modifier != Modifier::None {
                return None;
            }
            match part.kind {
                PartKind::FixedText => out.push_str(&part.value),
                PartKind::SegmentWildcard => {
                    let value = (self.canonicalise)(value(&part.name)?)?;
                    if value.is_empty() || self.segment(&value) != value.len() {
                        return None;
                    }
                    out.push_str(&part.prefix);
                    out.push_str(&value);
                    out.push_str(&part.suffix);
                }
                PartKind::FullWildcard | PartKind::Regexp => return None,
            }
        }
        Some(out)
    }
}

fn groups(parts: &[Part]) -> Vec<u32> {
    let parts = (0..).zip(parts);
    parts.filter(|(_, part)| part.kind != PartKind::FixedText).map(|(index, _)| index).collect()
}

/// What parts are compared by. One that is not there is empty fixed text.
fn key(part: Option<&Part>) -> (PartKind, Modifier, &str, &str, &str) {
    match part {
        Some(part) => (part.kind, part.modifier, &part.prefix, &part.value, &part.suffix),
        None => (PartKind::FixedText, Modifier::None, "", "", ""),
    }
}

fn span(start: usize, end: usize) -> Span {
    Some((u32::try_from(start).ok()?, u32::try_from(end).ok()?))
}

fn matcher(parts: &[Part], options: Options) -> Option<Matcher> {
    if let [part] = parts
        && part.kind == PartKind::FullWildcard
        && part.modifier == Modifier::None
        && part.prefix.is_empty()
        && part.suffix.is_empty()
    {
        return Some(Matcher::Anything);
    }
    if let Some((mut steps, tail)) = steps(parts, options) {
        return Some(match (steps.as_mut_slice(), &tail) {
            ([], Tail::End) => Matcher::Text(String::new()),
            ([Step::Text(text)], Tail::End) => Matcher::Text(std::mem::take(text)),
            _ => Matcher::Steps(steps, tail),
        });
    }
    if let Some(node) = tree(parts, options) {
        return Some(Matcher::Program(Program::new(&node, options.ignore_case)));
    }
    engine(parts, options)
}

/// The parts as steps, if each of them can match in one way only: groups end where text follows that no segment can
/// hold, and only the last may be optional or match anything.
fn steps(parts: &[Part], options: Options) -> Option<(Vec<Step>, Tail)> {
    let mut steps = Vec::new();
    let push_text = |steps: &mut Vec<Step>, text: &str| match steps.last_mut() {
        _ if text.is_empty() => Some(()),
        Some(Step::Text(last)) => {
            last.push_str(text);
            Some(())
        }
        Some(Step::Segment) if !is_delimiter(text, options) => None,
        _ => {
            steps.push(Step::Text(text.to_owned()));
            Some(())
        }
    };
    let ambiguous = |steps: &[Step]| matches!(steps.last(), Some(Step::Segment));
    for (index, part) in parts.iter().enumerate() {
        match (part.kind, part.modifier) {
            (PartKind::FixedText, Modifier::None) => push_text(&mut steps, &part.value)?,
            (PartKind::SegmentWildcard, Modifier::None) => {
                push_text(&mut steps, &part.prefix)?;
                if ambiguous(&steps) {
                    return None;
                }
                steps.push(Step::Segment);
                push_text(&mut steps, &part.suffix)?;
            }
            (PartKind::FullWildcard, Modifier::None) => {
                push_text(&mut steps, &part.prefix)?;
                let mut suffix = part.suffix.clone();
                for part in &parts[index + 1..] {
                    if part.kind != PartKind::FixedText || part.modifier != Modifier::None {
                        return None;
                    }
                    suffix.push_str(&part.value);
                }
                return (!ambiguous(&steps)).then_some((steps, Tail::Rest(suffix)));
            }
            (PartKind::SegmentWildcard | PartKind::FullWildcard, Modifier::Optional) => {
                let last = index + 1 == parts.len();
                if !last || part.prefix.is_empty() || !part.suffix.is_empty() {
                    return None;
                }
                if ambiguous(&steps) && !is_delimiter(&part.prefix, options) {
                    return None;
                }
                return Some((steps, Tail::Optional(part.prefix.clone(), part.kind)));
            }
            _ => return None,
        }
    }
    Some((steps, Tail::End))
}

fn is_delimiter(text: &str, options: Options) -> bool {
    options.delimiter.is_some() && text.as_bytes().first() == options.delimiter.as_ref()
}

/// The parts as a tree; `None` if a regular expression in them is not simple.
///
/// It is the tree of the regular expression that the Standard makes of the parts, but for repeats of what may be empty.
fn tree(parts: &[Part], options: Options) -> Option<Node> {
    let text = |text: &str| Node::Text(text.to_owned());
    let mut nodes = Vec::with_capacity(parts.len());
    let mut group = 0;
    for part in parts {
        if part.kind == PartKind::FixedText {
            nodes.push(match part.modifier {
                _ if part.value.is_empty() => continue,
                Modifier::None => text(&part.value),
                modifier => repeated(text(&part.value), modifier),
            });
            continue;
        }
        let value = match part.kind {
            PartKind::SegmentWildcard => {
                let delimiter = options.delimiter.map_or(0, |delimiter| 1 << delimiter);
                Node::Set(!delimiter).repeated(1, false)
            }
            PartKind::FullWildcard => Node::Set(DOT).repeated(0, true),
            PartKind::Regexp | PartKind::FixedText => regexp::parse(&part.value, options.ignore_case)?,
        };
        let index = group;
        group += 1;
        let captured = |node: Node| Node::Group(index, Box::new(node));
        let around = |node: Node| Node::All(vec![text(&part.prefix), node, text(&part.suffix)]);
        let bare = part.prefix.is_empty() && part.suffix.is_empty();
        nodes.push(match part.modifier {
            Modifier::None => around(captured(value)),
            Modifier::Optional if !bare => around(captured(value)).optional(),
            // An optional group that matches nothing counts as left out.
            Modifier::Optional if part.kind == PartKind::FullWildcard => {
                captured(Node::Set(DOT).repeated(1, true)).optional()
            }
            Modifier::Optional if !value.is_nullable() => captured(value).optional(),
            Modifier::Optional => return None,
            // To repeat what matches anything is to match anything.
            _ if bare && part.kind == PartKind::FullWildcard => captured(value),
            _ if bare && value.is_nullable() => return None,
            modifier if bare => captured(repeated(value, modifier)),
            modifier => {
                let again = Node::All(vec![text(&part.suffix), text(&part.prefix), value.clone()]);
                let all = around(captured(Node::All(vec![value, again.repeated(0, true)])));
                if modifier == Modifier::ZeroOrMore { all.optional() } else { all }
            }
        });
    }
    Some(Node::All(nodes))
}

fn repeated(node: Node, modifier: Modifier) -> Node {
    match modifier {
        Modifier::Optional => node.optional(),
        Modifier::ZeroOrMore => node.repeated(0, true),
        Modifier::OneOrMore => node.repeated(1, true),
        Modifier::None => node,
    }
}

/// A full engine for the parts; `None` if what they make is no regular expression of JavaScript's.
fn engine(parts: &[Part], options: Options) -> Option<Matcher> {
    if !parts.iter().all(|part| regexp::is_shallow(&part.value)) {
        return None;
    }
    let flags = regress::Flags {
        unicode: true,
        unicode_sets: true,
        icase: options.ignore_case,
        ..regress::Flags::default()
    };
    let regex = regress::Regex::with_flags(&regular_expression(parts, options), flags).ok()?;
    Some(Matcher::Engine(Box::new(regex)))
}

/// The regular expression that the Standard makes of the parts.
fn regular_expression(parts: &[Part], options: Options) -> String {
    let mut out = String::from("^");
    for part in parts {
        let modifier = part.modifier.as_str();
        if part.kind == PartKind::FixedText {
            if part.modifier == Modifier::None {
                regexp::escape(&part.value, &mut out);
            } else {
                out.push_str("(?:");
                regexp::escape(&part.value, &mut out);
                out.push(')');
                out.push_str(modifier);
            }
            continue;
        }
        let value = match part.kind {
            PartKind::SegmentWildcard => options.segment_wildcard(),
            PartKind::FullWildcard => FULL_WILDCARD,
            PartKind::Regexp | PartKind::FixedText => &part.value,
        };
        let bare = part.prefix.is_empty() && part.suffix.is_empty();
        let (mut prefix, mut suffix) = (String::new(), String::new());
        regexp::escape(&part.prefix, &mut prefix);
        regexp::escape(&part.suffix, &mut suffix);
        out += &match part.modifier {
            Modifier::None | Modifier::Optional if bare => format!("({value}){modifier}"),
            _ if bare => format!("((?:{value}){modifier})"),
            Modifier::None | Modifier::Optional => format!("(?:{prefix}({value}){suffix}){modifier}"),
            Modifier::OneOrMore | Modifier::ZeroOrMore => {
                let optional = if part.modifier == Modifier::ZeroOrMore { "?" } else { "" };
                format!("(?:{prefix}((?:{value})(?:{suffix}{prefix}(?:{value}))*){suffix}){optional}")
            }
        };
    }
    out.push('$');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::canonicalise;

    /// SplitMix64.
    struct Random(u64);

    impl Random {
        fn below(&mut self, limit: usize) -> usize {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            usize::try_from((z ^ (z >> 31)) % limit as u64).unwrap()
        }

        fn text(&mut self, pieces: &[&str], most: usize) -> String {
            (0..self.below(most + 1)).map(|_| pieces[self.below(pieces.len())]).collect()
        }
    }

    /// However a component is matched, the regular expression that the Standard makes of it matches the same.
    #[test]
    fn all_matchers_agree_with_the_standard_s_regular_expression() {
        let pieces = [
            "/",
            "/",
            "a",
            "b",
            "A",
            ":x",
            ":y",
            "/:z",
            "*",
            "/*",
            "{/:v}?",
            "{a:w}+",
            "{b*c}*",
            "{:u/}*",
            "{ab}?",
            "{a}*",
            "(a|b)",
            "(a+)",
            "([ab]*)",
            "(.)",
            "?",
            "+",
            "*",
            "(a*)?",
            "(a{1,2}b?)+",
            "(?=a)",
            "(\\w+)",
            "(b??a)",
            "(a(?!b))",
        ];
        let inputs = ["/", "a", "b", "A", "ab", "/a", "c", "//", "a/b"];
        let mut random = Random(7);
        let (mut kinds, mut matches) = ([0; 5], 0);
        for _ in 0..4000 {
            let pattern = random.text(&pieces, 6);
            let options = [Options::DEFAULT, Options::PATHNAME][random.below(2)];
            let options = Options { ignore_case: random.below(4) == 0, ..options };
            let Some(ours) = Component::compile(&pattern, options, canonicalise::opaque_pathname) else {
                continue;
            };
            kinds[match ours.matcher {
                Matcher::Anything => 0,
                Matcher::Text(_) => 1,
                Matcher::Steps(..) => 2,
                Matcher::Program(_) => 3,
                Matcher::Engine(_) => 4,
            }] += 1;
            let regex = engine(&ours.parts, options)
                .unwrap_or_else(|| panic!("{pattern:?} is no regular expression"));
            let theirs =
                Component { matcher: regex, parts: ours.parts.clone(), pattern: String::new(), ..ours };
            let ours = Component::compile(&pattern, options, canonicalise::opaque_pathname).unwrap();
            for _ in 0..12 {
                let input = random.text(&inputs, 6);
                let (mut a, mut b) = (Vec::new(), Vec::new());
                let found = ours.exec(&input, &mut a);
                assert_eq!(found, theirs.exec(&input, &mut b), "{pattern:?} on {input:?}");
                assert_eq!(found, ours.test(&input), "{pattern:?} on {input:?}");
                if found {
                    assert_eq!(
                        a,
                        b,
                        "{pattern:?} on {input:?}: {}",
                        regular_expression(&ours.parts, options)
                    );
                    matches += 1;
                }
            }
        }
        assert!(kinds.iter().all(|&count| count > 10) && matches > 1000, "{kinds:?}, {matches} matches");
    }
}
