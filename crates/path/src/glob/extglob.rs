//! From the text of a pattern's segment to its steps: stars, classes, and the groups `?(…)`, `*(…)`, `+(…)`, `@(…)`, `!(…)`.
//!
//! Which places are "at the start", where a dot must be written out, and how nested groups melt into one, is Node's
//! definition; it shows in what matches.

use super::Text;
use super::segment::{Class, Node, Property, Segment, pair_surrogates};

/// Groups within groups of another kind, beyond which a parenthesis is a character.
const MAX_LEVELS: usize = 2;
/// Groups within groups of any kind: bounds recursion.
const MAX_DEPTH: usize = 100;
/// Negated groups look at all that follows them, groups there included. Patterns that need more parts match nothing.
const MAX_PARTS: usize = 1 << 16;

#[derive(Clone, Debug)]
enum Part {
    Text(Text),
    Item(usize),
}

/// A group, if it has a kind, whose parts are its alternatives; else a sequence.
#[derive(Clone, Debug)]
struct Item {
    kind: Option<u8>,
    parts: Vec<Part>,
    parent: Option<usize>,
    index: usize,
    /// The last alternative ended without text of its own.
    bare: bool,
}

struct Tree {
    items: Vec<Item>,
    negations: Vec<usize>,
    /// How many parts there are altogether.
    size: usize,
}

const ROOT: usize = 0;

/// What `text`, one segment of a pattern without slashes, means.
pub(super) fn compile(text: &[u32], fold: bool) -> Segment {
    if text == [u32::from(b'*'); 2] {
        return Segment::Globstar;
    }
    let mut tree = Tree { items: Vec::new(), negations: Vec::new(), size: 0 };
    tree.add(None, None);
    tree.parse(text, ROOT, 0, 0, 0);
    tree.flatten(ROOT);
    tree.fill_negations();
    let mut out = Compiled::default();
    let nodes = match tree.size {
        0..MAX_PARTS => tree.sequence(ROOT, None, &mut out),
        _ => return Segment::Magic { nodes: vec![Node::Never], unicode: false, fold },
    };
    if out.unicode {
        // Characters count, not UTF-16 units: the pattern has to be read so, too.
        let paired = pair_surrogates(text);
        if paired.len() < text.len() {
            return compile(&paired, fold);
        }
    }
    if out.magic {
        return Segment::Magic { nodes, unicode: out.unicode, fold };
    }
    let literal = nodes.into_iter().filter_map(|node| match node {
        Node::Unit(unit) => Some(unit),
        _ => None,
    });
    Segment::Literal(literal.collect())
}

fn kind_at(text: &[u32], at: usize) -> Option<u8> {
    let kind = u8::try_from(*text.get(at)?).ok().filter(|byte| b"!?+*@".contains(byte))?;
    (text.get(at + 1) == Some(&u32::from(b'('))).then_some(kind)
}

/// Whether a group of `kind` may count one of `inner` right inside as its own level while parsing.
fn takes_in(kind: u8, inner: u8) -> bool {
    let these: &[u8] = match kind {
        b'!' | b'?' | b'@' => b"?@",
        b'*' | b'+' => b"*+?@",
        _ => b"",
    };
    these.contains(&inner)
}

/// Whether the alternatives of a group of `inner`, alone in an alternative of `kind`, may stand in its place.
fn adopts(kind: u8, inner: u8) -> bool {
    let these: &[u8] = match kind {
        b'!' | b'@' => b"@",
        b'?' => b"?@",
        b'*' => b"*+?@",
        b'+' => b"+@",
        _ => b"",
    };
    these.contains(&inner)
}

/// As [`adopts`], with an empty alternative added.
fn adopts_with_empty(kind: u8, inner: u8) -> bool {
    let these: &[u8] = match kind {
        b'!' | b'@' => b"?",
        b'+' => b"?*",
        _ => b"",
    };
    these.contains(&inner)
}

/// What a group of `kind` with nothing but a group of `inner` in it is.
fn merged(kind: u8, inner: u8) -> Option<u8> {
    match (kind, inner) {
        (b'!', b'!') => Some(b'@'),
        (b'?' | b'+', b'*') | (b'?', b'+') | (b'+', b'?') => Some(b'*'),
        (b'@', inner) => Some(inner),
        _ => None,
    }
}

/// Follows brackets, in which no group starts.
#[derive(Default)]
struct Brackets {
    start: Option<usize>,
    negated: bool,
}

impl Brackets {
    /// Whether the unit at `at` belongs to a class or starts one.
    fn takes(&mut self, unit: u32, at: usize) -> bool {
        let Some(start) = self.start else {
            if unit == u32::from(b'[') {
                *self = Brackets { start: Some(at), negated: false };
                return true;
            }
            return false;
        };
        if at == start + 1 && [u32::from(b'!'), u32::from(b'^')].contains(&unit) {
            self.negated = true;
        } else if unit == u32::from(b']') && at > start + 1 && !(at == start + 2 && self.negated) {
            self.start = None;
        }
        true
    }
}

impl Tree {
    fn add(&mut self, kind: Option<u8>, parent: Option<usize>) -> usize {
        let index = parent.map_or(0, |parent| self.items[parent].parts.len());
        self.items.push(Item { kind, parts: Vec::new(), parent, index, bare: false });
        self.size += 1;
        self.items.len() - 1
    }

    fn push_text(&mut self, item: usize, text: &mut Text) {
        if !text.is_empty() {
            self.items[item].parts.push(Part::Text(std::mem::take(text)));
        }
    }

    fn item(&self, item: usize) -> &Item {
        &self.items[item]
    }

    /// Parses into `item` from `at` on, the opening parenthesis where it is a group. Gives back where it stopped.
    fn parse(&mut self, text: &[u32], item: usize, at: usize, level: usize, depth: usize) -> usize {
        let kind = self.item(item).kind;
        let start = at;
        let mut at = if kind.is_some() { at + 1 } else { at };
        let mut brackets = Brackets::default();
        let mut plain = Text::new();
        let mut alternatives = Vec::new();
        let mut part = if kind.is_some() { self.add(None, Some(item)) } else { item };
        while at < text.len() {
            let unit = text[at];
            if brackets.takes(unit, at) {
                plain.push(unit);
                at += 1;
                continue;
            }
            if let Some(inner) = kind_at(text, at).filter(|_| depth < MAX_DEPTH) {
                let own = kind.is_some_and(|kind| takes_in(kind, inner));
                if level <= MAX_LEVELS || own {
                    self.push_text(part, &mut plain);
                    let group = self.add(Some(inner), Some(part));
                    if inner == b'!' {
                        self.negations.push(group);
                    }
                    self.items[part].parts.push(Part::Item(group));
                    at = self.parse(text, group, at + 1, level + usize::from(!own), depth + 1);
                    continue;
                }
            }
            if kind.is_some() && unit == u32::from(b'|') {
                self.push_text(part, &mut plain);
                alternatives.push(part);
                part = self.add(None, Some(item));
                at += 1;
                continue;
            }
            if kind.is_some() && unit == u32::from(b')') {
                self.items[item].bare = plain.is_empty();
                self.push_text(part, &mut plain);
                alternatives.push(part);
                self.items[item].parts = alternatives.into_iter().map(Part::Item).collect();
                return at + 1;
            }
            plain.push(unit);
            at += 1;
        }
        if kind.is_some() {
            // Never closed: text after all.
            let whole = text[start - 1..].to_vec();
            self.items[item].kind = None;
            self.items[item].parts = vec![Part::Text(whole)];
        } else {
            self.push_text(part, &mut plain);
        }
        at
    }

    /// The group that is all there is in `part`, an alternative.
    fn only_group(&self, part: &Part) -> Option<(usize, u8)> {
        let Part::Item(alternative) = part else { return None };
        let alternative = self.item(*alternative);
        match alternative.parts[..] {
            [Part::Item(group)] if alternative.kind.is_none() => Some((group, self.item(group).kind?)),
            _ => None,
        }
    }

    fn flatten(&mut self, item: usize) {
        let Some(_) = self.item(item).kind else {
            for at in 0..self.item(item).parts.len() {
                if let Part::Item(child) = self.items[item].parts[at] {
                    self.flatten(child);
                }
            }
            return;
        };
        // The count is Node's.
        for _ in 0..10 {
            let mut done = true;
            let mut at = 0;
            while at < self.item(item).parts.len() {
                let part = self.item(item).parts[at].clone();
                if let Part::Item(child) = part {
                    self.flatten(child);
                    done &= !self.melt(item, at);
                }
                at += 1;
            }
            if done {
                break;
            }
        }
    }

    /// Takes a group alone in its alternative into the group around it, if the two kinds allow.
    fn melt(&mut self, item: usize, at: usize) -> bool {
        let Some(kind) = self.item(item).kind else { return false };
        let part = self.item(item).parts[at].clone();
        let Some((group, inner)) = self.only_group(&part) else { return false };
        let with_empty = !adopts(kind, inner) && adopts_with_empty(kind, inner);
        if adopts(kind, inner) || with_empty {
            if with_empty {
                let empty = self.add(None, Some(group));
                self.items[group].parts.push(Part::Item(empty));
            }
            let parts = self.item(group).parts.clone();
            self.adopt(item, &parts);
            self.items[item].parts.splice(at..=at, parts);
            return true;
        }
        match merged(kind, inner) {
            Some(kind) if self.item(item).parts.len() == 1 => {
                let parts = self.item(group).parts.clone();
                self.adopt(item, &parts);
                self.items[item].parts = parts;
                self.items[item].kind = Some(kind);
                self.items[item].bare = false;
                true
            }
            _ => false,
        }
    }

    fn adopt(&mut self, parent: usize, parts: &[Part]) {
        for part in parts {
            if let Part::Item(child) = part {
                self.items[*child].parent = Some(parent);
            }
        }
    }

    /// Gives every alternative of a negated group all that follows the group: none may match as far as the end.
    fn fill_negations(&mut self) {
        while let Some(negation) = self.negations.pop() {
            if self.item(negation).kind != Some(b'!') {
                continue;
            }
            let alternatives = self.item(negation).parts.clone();
            let mut child = negation;
            while let Some(parent) = self.item(child).parent {
                if self.item(parent).kind.is_none() {
                    let after = self.item(child).index + 1;
                    let rest = self.item(parent).parts.get(after..).unwrap_or_default().to_vec();
                    for part in &rest {
                        for alternative in &alternatives {
                            if let Part::Item(alternative) = *alternative {
                                self.copy_in(alternative, part);
                            }
                        }
                    }
                }
                child = parent;
            }
        }
    }

    fn copy_in(&mut self, to: usize, part: &Part) {
        if self.size >= MAX_PARTS {
            return;
        }
        self.size += 1;
        let copy = match part {
            Part::Text(text) => Part::Text(text.clone()),
            Part::Item(item) => {
                let Item { kind, parts, .. } = self.item(*item).clone();
                let copy = self.add(kind, Some(to));
                for part in &parts {
                    self.copy_in(copy, part);
                }
                Part::Item(copy)
            }
        };
        self.items[to].parts.push(copy);
    }

    fn is_start(&self, item: usize) -> bool {
        let mut item = item;
        while let Some(parent) = self.item(item).parent {
            let before = self.item(parent).parts.iter().take(self.item(item).index);
            let negated = |part: &Part| match part {
                Part::Item(part) => self.item(*part).kind == Some(b'!'),
                Part::Text(_) => false,
            };
            if !before.into_iter().all(negated) {
                return false;
            }
            item = parent;
        }
        true
    }

    fn is_end(&self, item: usize) -> bool {
        let mut item = item;
        while let Some(parent) = self.item(item).parent {
            if self.item(parent).kind == Some(b'!') {
                return true;
            }
            if self.item(item).kind.is_some() && self.item(item).index + 1 != self.item(parent).parts.len() {
                return false;
            }
            item = parent;
        }
        true
    }

    fn sequence(&self, item: usize, dot: Option<bool>, out: &mut Compiled) -> Vec<Node> {
        let parts = &self.item(item).parts;
        let start = self.is_start(item);
        let whole = start && self.is_end(item) && parts.iter().all(|part| matches!(part, Part::Text(_)));
        let mut nodes = Vec::new();
        for part in parts {
            match part {
                Part::Text(text) => text_nodes(text, whole, &mut nodes, out),
                Part::Item(part) if self.item(*part).kind.is_some() => {
                    self.group(*part, dot, &mut nodes, out)
                }
                Part::Item(part) => nodes.extend(self.sequence(*part, dot, out)),
            }
        }
        if let (true, Some(Part::Text(first))) = (start, parts.first()) {
            let dots = [u32::from(b'.'); 2];
            let only_dots = parts.len() == 1 && (first[..] == dots[..1] || first[..] == dots);
            if !only_dots {
                guard_dots(&mut nodes, dot.unwrap_or(false));
            }
        }
        if let Some(parent) = self.item(item).parent
            && self.item(parent).kind == Some(b'!')
        {
            nodes.push(Node::End);
        }
        nodes
    }

    fn alternatives(&self, item: usize, dot: bool, out: &mut Compiled) -> Vec<Vec<Node>> {
        let whole = self.is_start(item) && self.is_end(item);
        let mut all = Vec::new();
        for part in &self.item(item).parts {
            if let Part::Item(part) = part {
                let nodes = self.sequence(*part, Some(dot), out);
                if !(whole && nodes.is_empty()) {
                    all.push(nodes);
                }
            }
        }
        all
    }

    fn group(&self, item: usize, dot: Option<bool>, nodes: &mut Vec<Node>, out: &mut Compiled) {
        let Some(kind) = self.item(item).kind else { return };
        let dots = dot.unwrap_or(false);
        let start = self.is_start(item);
        let magic = out.magic;
        let body = self.alternatives(item, dots, out);
        if kind != b'!' && body.iter().all(Vec::is_empty) && start && self.is_end(item) {
            // `@()` and such, where nothing else is, stand for themselves. Behind a negation Node reads that text as a
            // regular expression; all that is left of `@()` then is the sign.
            out.magic = magic;
            let alone = self.item(item).parent == Some(ROOT) && self.item(ROOT).parts.len() == 1;
            let text = self.text_of(item);
            let length = if alone || kind != b'@' { text.len() } else { 1 };
            nodes.extend(text.into_iter().take(length).map(Node::Unit));
            return;
        }
        out.magic = true;
        let bare = kind == b'!' && self.item(item).bare;
        if bare && start && !dots {
            nodes.push(Node::NoDot);
        }
        nodes.push(match kind {
            _ if bare => Node::Star { empty: false },
            b'!' => Node::Not { these: body, dot: !start || dots },
            b'@' => Node::One(body),
            b'?' => Node::Maybe(body),
            _ => {
                // Only the first round is at the start.
                let more = if dots { body.clone() } else { self.alternatives(item, true, out) };
                Node::Repeat { first: body, more, empty: kind == b'*' }
            }
        });
    }

    fn text_of(&self, item: usize) -> Text {
        let item = self.item(item);
        let mut out = Text::new();
        if let Some(kind) = item.kind {
            out.extend([kind.into(), u32::from(b'(')]);
        }
        for (index, part) in item.parts.iter().enumerate() {
            if index > 0 && item.kind.is_some() {
                out.push(b'|'.into());
            }
            match part {
                Part::Text(text) => out.extend(text),
                Part::Item(part) => out.extend(self.text_of(*part)),
            }
        }
        if item.kind.is_some() {
            out.push(b')'.into());
        }
        out
    }
}

#[derive(Default)]
struct Compiled {
    magic: bool,
    unicode: bool,
}

/// Where a wildcard or class comes first, it does not take a dot, or not `.` and `..` as the whole.
fn guard_dots(nodes: &mut Vec<Node>, dot: bool) {
    let wild = |node: Option<&Node>| match node {
        Some(Node::Any | Node::Star { .. }) => true,
        Some(Node::Class(class)) => class.is_plain(),
        _ => false,
    };
    let dots = nodes.iter().take(2).take_while(|node| **node == Node::Unit(b'.'.into())).count();
    let after_dots = dots > 0 && (wild(nodes.get(1)) || (dots == 2 && wild(nodes.get(2))));
    if after_dots || (dot && wild(nodes.first())) {
        nodes.insert(0, Node::NoTraversal);
    } else if !dot && wild(nodes.first()) {
        nodes.insert(0, Node::NoDot);
    }
}

fn text_nodes(text: &[u32], whole: bool, nodes: &mut Vec<Node>, out: &mut Compiled) {
    let stars = text.iter().all(|&unit| unit == u32::from(b'*'));
    // Without one behind it no bracket needs to be looked at.
    let last_close = text.iter().rposition(|&unit| unit == u32::from(b']')).unwrap_or(0);
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            0x2A => {
                if at == 0 || text[at - 1] != text[at] {
                    nodes.push(Node::Star { empty: !(whole && stars) });
                    out.magic = true;
                }
                at += 1;
            }
            0x3F => {
                nodes.push(Node::Any);
                out.magic = true;
                at += 1;
            }
            0x5B if at < last_close => match class(&text[at..], out) {
                Some((node, length)) => {
                    out.magic |= !matches!(node, Node::Unit(_));
                    nodes.push(node);
                    at += length;
                }
                None => {
                    nodes.push(Node::Unit(text[at]));
                    at += 1;
                }
            },
            unit => {
                nodes.push(Node::Unit(unit));
                at += 1;
            }
        }
    }
}

/// The class that `text` starts with, and its length; `None` if it is never closed. One that holds nothing swallows all.
fn class(text: &[u32], out: &mut Compiled) -> Option<(Node, usize)> {
    let (dash, close) = (u32::from(b'-'), u32::from(b']'));
    let mut class = Class::default();
    let mut at = 1;
    if text.get(1).is_some_and(|unit| [u32::from(b'!'), u32::from(b'^')].contains(unit)) {
        class.negated = true;
        at = 2;
    }
    let first = at;
    let mut low: Option<u32> = None;
    let mut unicode = false;
    // How Node writes the class decides whether it is one character, and so no class.
    let mut pieces = 0;
    let end = loop {
        let unit = *text.get(at)?;
        if unit == close && at > first {
            break at + 1;
        }
        let named = Property::ALL.iter().find(|(name, _)| {
            unit == u32::from(b'[')
                && text[at..].iter().copied().take(name.len()).eq(name.bytes().map(u32::from))
        });
        if let Some(&(name, property)) = named {
            if low.is_some() {
                return Some((Node::Never, text.len()));
            }
            match property {
                Property::Graph => class.outside.push(property),
                _ => class.properties.push(property),
            }
            unicode |= !matches!(property, Property::Ascii | Property::Xdigit);
            pieces += 2;
            at += name.len();
        } else if let Some(low) = low.take() {
            if unit >= low {
                class.ranges.push((low, unit));
                pieces += if unit > low { 2 } else { 1 };
            }
            at += 1;
        } else if text.get(at + 1) == Some(&dash) && text.get(at + 2) == Some(&close) {
            class.ranges.extend([(unit, unit), (dash, dash)]);
            pieces += 2;
            at += 2;
        } else if text.get(at + 1) == Some(&dash) {
            low = Some(unit);
            at += 2;
        } else {
            class.ranges.push((unit, unit));
            pieces += 1;
            at += 1;
        }
    };
    if pieces == 0 {
        return Some((Node::Never, text.len()));
    }
    out.unicode |= unicode;
    if let ([(low, _)], false, 1) = (&class.ranges[..], class.negated, pieces) {
        return Some((Node::Unit(*low), end));
    }
    Some((Node::Class(class), end))
}
