//! What a component matches as a tree, the program made of it, and the machine that runs it.
//!
//! The machine tries the alternatives in the order in which a backtracking engine of JavaScript's tries them, but
//! never twice from the same place: its time is at most the program's length times the input's.

/// A set of ASCII characters, a bit each.
pub(super) type Set = u128;

/// What `.` is: anything but the ends of lines.
pub(super) const DOT: Set = !(1 << b'\n' | 1 << b'\r');

/// A regular expression over ASCII. What is repeated is never empty, which spares the machine a check.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Text(String),
    Set(Set),
    All(Vec<Node>),
    Any(Vec<Node>),
    Repeat { node: Box<Node>, min: u32, max: Option<u32>, greedy: bool },
    Group(u32, Box<Node>),
}

impl Node {
    pub(super) fn optional(self) -> Node {
        Node::Repeat { node: Box::new(self), min: 0, max: Some(1), greedy: true }
    }

    pub(super) fn repeated(self, min: u32, greedy: bool) -> Node {
        Node::Repeat { node: Box::new(self), min, max: None, greedy }
    }

    /// Whether it matches the empty text.
    pub(super) fn is_nullable(&self) -> bool {
        match self {
            Node::Text(text) => text.is_empty(),
            Node::Set(_) => false,
            Node::All(nodes) => nodes.iter().all(Node::is_nullable),
            Node::Any(nodes) => nodes.iter().any(Node::is_nullable),
            Node::Repeat { node, min, .. } => *min == 0 || node.is_nullable(),
            Node::Group(_, node) => node.is_nullable(),
        }
    }

    /// About as many instructions as it becomes.
    pub(super) fn size(&self) -> usize {
        match self {
            Node::Text(_) | Node::Set(_) => 1,
            Node::All(nodes) | Node::Any(nodes) => {
                nodes.iter().map(Node::size).fold(nodes.len() * 2, usize::saturating_add)
            }
            Node::Repeat { node, min, max, .. } => {
                let times = max.unwrap_or(*min).max(1) as usize;
                (node.size() + 2).saturating_mul(times)
            }
            Node::Group(_, node) => node.size().saturating_add(2),
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Instruction {
    /// A range of the program's text.
    Text(u32, u32),
    /// An index into the program's sets.
    Set(u32),
    /// Tries `first`, then `second`. `memo` numbers these instructions.
    Split {
        first: u32,
        second: u32,
        memo: u32,
    },
    Jump(u32),
    Save(u32),
}

/// A compiled [`Node`]. Past its last instruction it matches, where the input ends.
#[derive(Debug)]
pub(super) struct Program {
    instructions: Vec<Instruction>,
    text: String,
    sets: Vec<Set>,
    splits: u32,
    ignore_case: bool,
}

/// What the machine remembers takes at most this many bits; without a limit it could be as much as pattern times input.
const MAX_MEMO: u64 = 1 << 32;

/// As many words are remembered without an allocation.
const SMALL: usize = 16;

/// What a branch that is not taken yet, or a group to set back, is. Branches of the same instruction at neighbouring
/// places, as a loop leaves them, are one frame.
enum Frame {
    Branch { at: u32, from: usize, to: usize },
    Restore { slot: usize, old: u32 },
}

/// A place in a group that nothing matched.
pub(super) const UNSET: u32 = u32::MAX;

impl Program {
    pub(super) fn new(node: &Node, ignore_case: bool) -> Program {
        let mut program = Program {
            instructions: Vec::new(),
            text: String::new(),
            sets: Vec::new(),
            splits: 0,
            ignore_case,
        };
        program.add(node);
        program
    }

    fn here(&self) -> u32 {
        u32::try_from(self.instructions.len()).unwrap_or(u32::MAX)
    }

    fn push(&mut self, instruction: Instruction) -> usize {
        self.instructions.push(instruction);
        self.instructions.len() - 1
    }

    fn split(&mut self) -> usize {
        let memo = self.splits;
        self.splits += 1;
        self.push(Instruction::Split { first: 0, second: 0, memo })
    }

    /// Sets the two ways out of the split at `index`: the body after it and what is here.
    fn patch(&mut self, index: usize, greedy: bool) {
        let (body, past) = (u32::try_from(index + 1).unwrap_or(u32::MAX), self.here());
        if let Instruction::Split { first, second, .. } = &mut self.instructions[index] {
            (*first, *second) = if greedy { (body, past) } else { (past, body) };
        }
    }

    fn add(&mut self, node: &Node) {
        match node {
            Node::Text(text) if text.is_empty() => {}
            Node::Text(text) => {
                let start = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
                self.text.push_str(text);
                let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
                self.push(Instruction::Text(start, end));
            }
            Node::Set(set) => {
                let index = u32::try_from(self.sets.len()).unwrap_or(u32::MAX);
                self.sets.push(*set);
                self.push(Instruction::Set(index));
            }
            Node::All(nodes) => nodes.iter().for_each(|node| self.add(node)),
            Node::Any(nodes) => self.add_alternatives(nodes),
            Node::Repeat { node, min, max, greedy } => {
                for _ in 0..*min {
                    self.add(node);
                }
                match max {
                    None => {
                        let split = self.split();
                        self.add(node);
                        self.push(Instruction::Jump(u32::try_from(split).unwrap_or(u32::MAX)));
                        self.patch(split, *greedy);
                    }
                    Some(max) => {
                        let mut splits = Vec::new();
                        for _ in *min..*max {
                            splits.push(self.split());
                            self.add(node);
                        }
                        for split in splits {
                            self.patch(split, *greedy);
                        }
                    }
                }
            }
            Node::Group(group, node) => {
                self.push(Instruction::Save(group * 2));
                self.add(node);
                self.push(Instruction::Save(group * 2 + 1));
            }
        }
    }

    fn add_alternatives(&mut self, nodes: &[Node]) {
        let mut jumps = Vec::new();
        for (index, node) in nodes.iter().enumerate() {
            let split = (index + 1 < nodes.len()).then(|| self.split());
            self.add(node);
            if let Some(split) = split {
                jumps.push(self.push(Instruction::Jump(0)));
                self.patch(split, true);
            }
        }
        let here = self.here();
        for jump in jumps {
            self.instructions[jump] = Instruction::Jump(here);
        }
    }

    /// Matches the whole of `input`. The groups' places go to `slots`, two each, which start as [`UNSET`]; a group
    /// that `slots` has no room for is not noted.
    ///
    /// Gives up, as if nothing matched, where pattern and input together are too large to remember what was tried.
    pub(super) fn run(&self, input: &[u8], slots: &mut [u32]) -> bool {
        let row = input.len() as u64 + 1;
        let bits = row * u64::from(self.splits);
        if bits > MAX_MEMO {
            return false;
        }
        let Ok(words) = usize::try_from(bits.div_ceil(64)) else { return false };
        let (mut small, mut large);
        let memo: &mut [u64] = if words <= SMALL {
            small = [0; SMALL];
            &mut small
        } else {
            large = vec![0; words];
            &mut large
        };
        let mut machine = Machine { program: self, input, memo, row: input.len() + 1, stack: Vec::new() };
        machine.run(slots)
    }
}

struct Machine<'a> {
    program: &'a Program,
    input: &'a [u8],
    /// A bit for each split at each place of the input: tried already.
    memo: &'a mut [u64],
    row: usize,
    stack: Vec<Frame>,
}

impl Machine<'_> {
    fn run(&mut self, slots: &mut [u32]) -> bool {
        let (mut at, mut position) = (0, 0);
        loop {
            let Some(&instruction) = self.program.instructions.get(at as usize) else {
                if position == self.input.len() {
                    return true;
                }
                let Some(next) = self.back(slots) else { return false };
                (at, position) = next;
                continue;
            };
            let next = match instruction {
                Instruction::Text(start, end) => {
                    self.skip_text(position, start as usize, end as usize).map(|position| (at + 1, position))
                }
                Instruction::Set(set) => {
                    let set = self.program.sets[set as usize];
                    let fits =
                        self.input.get(position).is_some_and(|byte| byte.is_ascii() && set >> byte & 1 != 0);
                    fits.then_some((at + 1, position + 1))
                }
                Instruction::Jump(to) => Some((to, position)),
                Instruction::Save(slot) => {
                    let slot = slot as usize;
                    if let Some(place) = slots.get_mut(slot) {
                        let new = u32::try_from(position).unwrap_or(UNSET);
                        let old = std::mem::replace(place, new);
                        if !self.stack.is_empty() {
                            self.stack.push(Frame::Restore { slot, old });
                        }
                    }
                    Some((at + 1, position))
                }
                Instruction::Split { first, second, memo } => {
                    if self.is_new(memo as usize, position) {
                        self.push_branch(second, position);
                        Some((first, position))
                    } else {
                        None
                    }
                }
            };
            let Some(next) = next.or_else(|| self.back(slots)) else { return false };
            (at, position) = next;
        }
    }

    fn skip_text(&self, position: usize, start: usize, end: usize) -> Option<usize> {
        let text = self.program.text.as_bytes().get(start..end)?;
        let found = self.input.get(position..)?.get(..text.len())?;
        let same = if self.program.ignore_case { found.eq_ignore_ascii_case(text) } else { found == text };
        same.then_some(position + text.len())
    }

    fn is_new(&mut self, split: usize, position: usize) -> bool {
        let bit = split * self.row + position;
        let word = &mut self.memo[bit / 64];
        let new = *word >> (bit % 64) & 1 == 0;
        *word |= 1 << (bit % 64);
        new
    }

    fn push_branch(&mut self, at: u32, position: usize) {
        if let Some(Frame::Branch { at: last, to, .. }) = self.stack.last_mut()
            && *last == at
            && *to == position
        {
            *to += 1;
            return;
        }
        self.stack.push(Frame::Branch { at, from: position, to: position + 1 });
    }

    /// The branch to take next, the groups set back to what they were when it was left.
    fn back(&mut self, slots: &mut [u32]) -> Option<(u32, usize)> {
        loop {
            match self.stack.last_mut()? {
                Frame::Restore { slot, old } => slots[*slot] = *old,
                Frame::Branch { at, from, to } if *to > *from + 1 => {
                    *to -= 1;
                    return Some((*at, *to));
                }
                Frame::Branch { at, from, .. } => {
                    let next = (*at, *from);
                    self.stack.pop();
                    return Some(next);
                }
            }
            self.stack.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(node: &Node, input: &str, groups: usize) -> Option<Vec<Option<(u32, u32)>>> {
        let mut slots = vec![UNSET; groups * 2];
        let matched = Program::new(node, false).run(input.as_bytes(), &mut slots);
        let groups = slots.chunks(2).map(|pair| (pair[0] != UNSET).then_some((pair[0], pair[1])));
        matched.then(|| groups.collect())
    }

    #[test]
    fn the_order_of_alternatives_decides() {
        let any = || Node::Set(DOT);
        let pair = |greedy| {
            Node::All(vec![
                Node::Group(0, Box::new(any().repeated(0, greedy))),
                Node::Group(1, Box::new(any().repeated(0, true))),
            ])
        };
        assert_eq!(run(&pair(true), "abc", 2), Some(vec![Some((0, 3)), Some((3, 3))]));
        assert_eq!(run(&pair(false), "abc", 2), Some(vec![Some((0, 0)), Some((0, 3))]));
        let text = |text: &str| Node::Text(text.to_owned());
        let either = Node::All(vec![
            Node::Group(0, Box::new(Node::Any(vec![text("a"), text("ab"), text("abc")]))),
            Node::Group(1, Box::new(text("c"))).optional(),
        ]);
        assert_eq!(run(&either, "abc", 2), Some(vec![Some((0, 2)), Some((2, 3))]));
        assert_eq!(run(&either, "a", 2), Some(vec![Some((0, 1)), None]));
        assert_eq!(run(&either, "b", 2), None);
    }

    #[test]
    fn counted_repeats() {
        let some =
            |min, max| Node::Repeat { node: Box::new(Node::Text("ab".into())), min, max, greedy: true };
        for (times, matches) in [(1, false), (2, true), (3, true), (4, false)] {
            assert_eq!(run(&some(2, Some(3)), &"ab".repeat(times), 0).is_some(), matches, "{times}");
        }
        assert!(run(&some(2, None), &"ab".repeat(1000), 0).is_some());
        assert!(run(&some(0, Some(0)), "", 0).is_some());
    }

    #[test]
    fn nested_loops_are_linear() {
        let node =
            Node::All(vec![Node::Set(DOT).repeated(1, true).repeated(1, true), Node::Text("!".into())]);
        assert!(run(&node, &"a".repeat(1 << 20), 0).is_none());
    }
}
