//! Matching one segment of a path against one segment of a pattern.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use super::Text;

/// One step of a pattern.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Unit(u32),
    Any,
    /// `*`, or one that must take something.
    Star {
        empty: bool,
    },
    Class(Class),
    /// A class that nothing is in: matches nowhere.
    Never,
    /// No dot here.
    NoDot,
    /// Not `.` or `..` as the whole.
    NoTraversal,
    End,
    One(Vec<Vec<Node>>),
    Maybe(Vec<Vec<Node>>),
    /// `first`, then any number of `more`; or nothing at all.
    Repeat {
        first: Vec<Vec<Node>>,
        more: Vec<Vec<Node>>,
        empty: bool,
    },
    /// Anything, where none of these match as far as the end.
    Not {
        these: Vec<Vec<Node>>,
        dot: bool,
    },
}

/// What stands between brackets.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Class {
    pub(super) ranges: Vec<(u32, u32)>,
    pub(super) properties: Vec<Property>,
    /// Those of which a character must have none, as `[:graph:]` is defined.
    pub(super) outside: Vec<Property>,
    pub(super) negated: bool,
}

/// The POSIX classes, as Node defines them by Unicode categories.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Property {
    Alnum,
    Alpha,
    Ascii,
    Blank,
    Cntrl,
    Digit,
    Graph,
    Lower,
    Print,
    Punct,
    Space,
    Upper,
    Word,
    Xdigit,
}

impl Property {
    pub(super) const ALL: [(&'static str, Property); 14] = [
        ("[:alnum:]", Property::Alnum),
        ("[:alpha:]", Property::Alpha),
        ("[:ascii:]", Property::Ascii),
        ("[:blank:]", Property::Blank),
        ("[:cntrl:]", Property::Cntrl),
        ("[:digit:]", Property::Digit),
        ("[:graph:]", Property::Graph),
        ("[:lower:]", Property::Lower),
        ("[:print:]", Property::Print),
        ("[:punct:]", Property::Punct),
        ("[:space:]", Property::Space),
        ("[:upper:]", Property::Upper),
        ("[:word:]", Property::Word),
        ("[:xdigit:]", Property::Xdigit),
    ];

    fn has(self, unit: u32) -> bool {
        use GeneralCategory as C;
        use GeneralCategoryGroup as G;
        // What is no character is a lone surrogate, of category Cs.
        let (category, group) = match char::from_u32(unit) {
            Some(c) => (c.general_category(), c.general_category_group()),
            None => (C::Surrogate, G::Other),
        };
        match self {
            Property::Alnum => group == G::Letter || matches!(category, C::LetterNumber | C::DecimalNumber),
            Property::Alpha => group == G::Letter || category == C::LetterNumber,
            Property::Ascii => unit < 0x80,
            Property::Blank => category == C::SpaceSeparator || unit == 0x09,
            Property::Cntrl => category == C::Control,
            Property::Digit => category == C::DecimalNumber,
            Property::Graph => matches!(group, G::Separator | G::Other),
            Property::Lower => category == C::LowercaseLetter,
            // So it is in Node: what cannot be printed.
            Property::Print => group == G::Other,
            Property::Punct => group == G::Punctuation,
            Property::Space => group == G::Separator || matches!(unit, 0x09..=0x0D),
            Property::Upper => category == C::UppercaseLetter,
            Property::Word => {
                group == G::Letter
                    || matches!(category, C::LetterNumber | C::DecimalNumber | C::ConnectorPunctuation)
            }
            Property::Xdigit => char::from_u32(unit).is_some_and(|c| c.is_ascii_hexdigit()),
        }
    }
}

impl Class {
    fn has(&self, unit: u32, fold: bool) -> bool {
        if !fold {
            return self.has_exactly(unit);
        }
        let Some(c) = char::from_u32(unit) else { return self.has_exactly(unit) };
        let all = [c].into_iter().chain(c.to_lowercase()).chain(c.to_uppercase());
        let mut any = all.map(|c| self.has_exactly(c.into()));
        if self.negated { any.all(|has| has) } else { any.any(|has| has) }
    }

    fn has_exactly(&self, unit: u32) -> bool {
        let some = !self.ranges.is_empty() || !self.properties.is_empty();
        let inside = self.ranges.iter().any(|&(low, high)| (low..=high).contains(&unit))
            || self.properties.iter().any(|property| property.has(unit));
        let outside = self.outside.iter().any(|property| property.has(unit));
        (some && inside != self.negated) || (!self.outside.is_empty() && outside == self.negated)
    }

    /// Whether Node would write it as one bracket, so that a dot in front of it counts.
    pub(super) fn is_plain(&self) -> bool {
        self.outside.is_empty() || (self.ranges.is_empty() && self.properties.is_empty())
    }
}

/// One segment of a pattern, ready.
#[derive(Clone, Debug)]
pub(super) enum Segment {
    Globstar,
    Literal(Text),
    Magic {
        nodes: Vec<Node>,
        /// Characters, not UTF-16 units.
        unicode: bool,
        /// Letter case does not count.
        fold: bool,
    },
}

impl Segment {
    pub(super) fn is_match<U: Copy + Into<u32>>(&self, text: &[U]) -> bool {
        match self {
            Segment::Globstar => false,
            Segment::Literal(literal) => {
                literal.len() == text.len() && literal.iter().zip(text).all(|(&a, &b)| a == b.into())
            }
            Segment::Magic { nodes, unicode: false, fold } => {
                matches(nodes, &Input { text: |at: usize| text[at].into(), len: text.len(), fold: *fold })
            }
            Segment::Magic { nodes, unicode: true, fold } => {
                let units: Vec<u32> = text.iter().map(|&unit| unit.into()).collect();
                let text = pair_surrogates(&units);
                matches(nodes, &Input { text: |at: usize| text[at], len: text.len(), fold: *fold })
            }
        }
    }
}

/// Surrogate pairs as the characters they are; lone ones stay.
pub(super) fn pair_surrogates(units: &[u32]) -> Text {
    let mut out: Text = Vec::with_capacity(units.len());
    for &unit in units {
        match out.last_mut() {
            Some(high) if (0xD800..0xDC00).contains(high) && (0xDC00..0xE000).contains(&unit) => {
                *high = 0x1_0000 + ((*high - 0xD800) << 10) + (unit - 0xDC00);
            }
            _ => out.push(unit),
        }
    }
    out
}

struct Input<F> {
    text: F,
    len: usize,
    fold: bool,
}

impl<F: Fn(usize) -> u32> Input<F> {
    fn at(&self, at: usize) -> u32 {
        (self.text)(at)
    }

    fn is_dot(&self, at: usize) -> bool {
        at < self.len && self.at(at) == u32::from(b'.')
    }

    /// Whether `node`, one that takes just one unit, takes the one at `at`.
    fn takes(&self, node: &Node, at: usize) -> bool {
        let unit = self.at(at);
        match node {
            Node::Unit(wanted) => unit == *wanted || (self.fold && same_letter(unit, *wanted)),
            Node::Any => true,
            Node::Class(class) => class.has(unit, self.fold),
            _ => false,
        }
    }

    /// Whether `node`, one that takes nothing, holds at `at`.
    fn holds(&self, node: &Node, at: usize) -> bool {
        match node {
            Node::NoDot => !self.is_dot(at),
            Node::NoTraversal => {
                at > 0 || !self.is_dot(0) || !(self.len == 1 || (self.len == 2 && self.is_dot(1)))
            }
            Node::End => at == self.len,
            _ => false,
        }
    }
}

fn same_letter(a: u32, b: u32) -> bool {
    match (char::from_u32(a), char::from_u32(b)) {
        (Some(a), Some(b)) => a.to_lowercase().eq(b.to_lowercase()) || a.to_uppercase().eq(b.to_uppercase()),
        _ => false,
    }
}

fn matches<F: Fn(usize) -> u32>(nodes: &[Node], input: &Input<F>) -> bool {
    let simple = nodes
        .iter()
        .all(|node| !matches!(node, Node::One(_) | Node::Maybe(_) | Node::Repeat { .. } | Node::Not { .. }));
    if simple {
        return matches_simple(nodes, input);
    }
    let mut ends = vec![false; input.len + 1];
    ends[input.len] = true;
    starts(nodes, ends, input)[0]
}

/// Without groups: only the last star ever needs to be tried again.
fn matches_simple<F: Fn(usize) -> u32>(nodes: &[Node], input: &Input<F>) -> bool {
    let (mut node, mut at) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        let steps = match nodes.get(node) {
            None if at == input.len => return true,
            None => None,
            Some(Node::Star { empty }) => {
                let from = at + usize::from(!empty);
                if from > input.len {
                    None
                } else {
                    retry = Some((node + 1, from));
                    Some(from - at)
                }
            }
            Some(zero @ (Node::NoDot | Node::NoTraversal | Node::End)) => input.holds(zero, at).then_some(0),
            Some(one) => (at < input.len && input.takes(one, at)).then_some(1),
        };
        match (steps, retry) {
            (Some(steps), _) => {
                node += 1;
                at += steps;
            }
            (None, Some((after, from))) if from < input.len => {
                retry = Some((after, from + 1));
                (node, at) = (after, from + 1);
            }
            (None, _) => return false,
        }
    }
}

/// From where `nodes` match so as to end at one of `ends`: sets of places, worked out from behind, so that every node is
/// looked at once for all places together and nothing is tried twice.
fn starts<F: Fn(usize) -> u32>(nodes: &[Node], mut ends: Vec<bool>, input: &Input<F>) -> Vec<bool> {
    for node in nodes.iter().rev() {
        match node {
            Node::Unit(_) | Node::Any | Node::Class(_) => {
                for at in 0..input.len {
                    ends[at] = ends[at + 1] && input.takes(node, at);
                }
                ends[input.len] = false;
            }
            Node::Never => ends.fill(false),
            Node::NoDot | Node::NoTraversal | Node::End => {
                for (at, place) in ends.iter_mut().enumerate() {
                    *place = *place && input.holds(node, at);
                }
            }
            Node::Star { empty } => {
                if !empty {
                    ends.remove(0);
                    ends.push(false);
                }
                if let Some(last) = ends.iter().rposition(|&place| place) {
                    ends[..last].fill(true);
                }
            }
            Node::One(these) => ends = any(these, &ends, input),
            Node::Maybe(these) => {
                let taken = any(these, &ends, input);
                unite(&mut ends, &taken);
            }
            Node::Repeat { first, more, empty } => {
                let mut before = ends.clone();
                loop {
                    let again = any(more, &before, input);
                    if !unite(&mut before, &again) {
                        break;
                    }
                }
                let taken = any(first, &before, input);
                if *empty {
                    unite(&mut ends, &taken);
                } else {
                    ends = taken;
                }
            }
            Node::Not { these, dot } => {
                let mut whole = vec![false; input.len + 1];
                whole[input.len] = true;
                let refused = any(these, &whole, input);
                let last = ends.iter().rposition(|&place| place);
                for (at, place) in ends.iter_mut().enumerate() {
                    *place =
                        last.is_some_and(|last| at <= last) && !refused[at] && (*dot || !input.is_dot(at));
                }
            }
        }
    }
    ends
}

fn any<F: Fn(usize) -> u32>(these: &[Vec<Node>], ends: &[bool], input: &Input<F>) -> Vec<bool> {
    let mut out = vec![false; input.len + 1];
    for nodes in these {
        unite(&mut out, &starts(nodes, ends.to_vec(), input));
    }
    out
}

/// Whether that added anything.
fn unite(to: &mut [bool], from: &[bool]) -> bool {
    let mut grown = false;
    for (to, from) in to.iter_mut().zip(from) {
        grown |= *from && !*to;
        *to |= *from;
    }
    grown
}
