//! Random programs over streams, as data that two interpreters run: ours and Node's.

use serde::{Deserialize, Serialize};

/// When something is done: at once, or in one of the loop's queues.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub(crate) enum When {
    Sync,
    Tick,
    Micro,
    Immediate,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub(crate) enum Kind {
    Readable,
    Writable,
    Duplex,
    Transform,
    From,
    /// A PassThrough and a Transform, composed.
    Composed,
    /// An end of a pair whose other end writes back what it reads.
    Pair,
    /// `Duplex.from` of a readable of items and a Writable.
    Sides,
}

impl Kind {
    pub(crate) fn reads(self) -> bool {
        self != Kind::Writable
    }
    pub(crate) fn writes(self) -> bool {
        !matches!(self, Kind::Readable | Kind::From)
    }
    /// Made of several streams.
    fn compound(self) -> bool {
        matches!(self, Kind::Composed | Kind::Pair | Kind::Sides)
    }
    fn transforms(self) -> bool {
        matches!(self, Kind::Transform | Kind::Composed)
    }
}

/// What one call of a hook does.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Step {
    /// Done inside the hook, before anything else.
    pub(crate) acts: Vec<Act>,
    pub(crate) when: Option<When>,
    /// Sizes to push; `None` is the end.
    pub(crate) pushes: Vec<Option<usize>>,
    /// The number of the error to call back with.
    pub(crate) error: Option<u32>,
    /// Of a transform: the size of the chunk to call back with.
    pub(crate) value: Option<usize>,
    /// The callback is called a second time.
    pub(crate) twice: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Stream {
    pub(crate) kind: Kind,
    pub(crate) mark: Option<usize>,
    pub(crate) object_mode: bool,
    pub(crate) auto_destroy: bool,
    pub(crate) emit_close: bool,
    pub(crate) half_open: bool,
    /// The sizes of a `Readable.from`.
    pub(crate) items: Vec<usize>,
    /// One per call; then nothing is done.
    pub(crate) reads: Vec<Step>,
    /// Over and over.
    pub(crate) writes: Vec<Step>,
    pub(crate) writev: bool,
    pub(crate) construct: Option<Step>,
    pub(crate) finale: Option<Step>,
    pub(crate) destroy: Option<Step>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "op")]
pub(crate) enum Act {
    Push {
        s: usize,
        size: Option<usize>,
    },
    Unshift {
        s: usize,
        size: Option<usize>,
    },
    Read {
        s: usize,
        size: Option<usize>,
    },
    Pause {
        s: usize,
    },
    Resume {
        s: usize,
    },
    Pipe {
        s: usize,
        to: usize,
        end: bool,
    },
    Unpipe {
        s: usize,
        to: Option<usize>,
    },
    Write {
        s: usize,
        size: usize,
        callback: Option<Vec<Act>>,
    },
    End {
        s: usize,
        size: Option<usize>,
        callback: bool,
    },
    Cork {
        s: usize,
    },
    Uncork {
        s: usize,
    },
    Destroy {
        s: usize,
        error: Option<u32>,
    },
    /// Adds a listener; its `n`th call does `calls[n]`.
    On {
        s: usize,
        event: String,
        once: bool,
        calls: Vec<Vec<Act>>,
    },
    /// Removes the listener that was added as the `index`th to the stream.
    Off {
        s: usize,
        index: usize,
    },
    State {
        s: usize,
    },
    SetEncoding {
        s: usize,
        encoding: String,
    },
    WriteText {
        s: usize,
        text: String,
        encoding: String,
    },
    /// Has the stream destroyed by the program's signal.
    AddSignal {
        s: usize,
    },
    Abort,
    Finished {
        s: usize,
        readable: Option<bool>,
        writable: Option<bool>,
    },
    Pipeline {
        streams: Vec<usize>,
        end: bool,
    },
    Later {
        when: When,
        acts: Vec<Act>,
    },
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Program {
    pub(crate) streams: Vec<Stream>,
    pub(crate) acts: Vec<Act>,
}

/// splitmix64: small, seeded, the same everywhere.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).unwrap()
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    fn maybe<T>(&mut self, percent: usize, f: impl FnOnce(&mut Random) -> T) -> Option<T> {
        if self.chance(percent) { Some(f(self)) } else { None }
    }

    fn list<T>(&mut self, most: usize, mut f: impl FnMut(&mut Random) -> T) -> Vec<T> {
        let n = self.below(most + 1);
        (0..n).map(|_| f(self)).collect()
    }
}

pub(crate) fn generate(random: &mut Random) -> Program {
    let count = 1 + random.below(4);
    let kinds: Vec<Kind> = (0..count)
        .map(|index| {
            // Sources come first and sinks last, so that most programs have something to pipe.
            if count > 1 && index == 0 {
                random.pick(&[
                    Kind::Readable,
                    Kind::Readable,
                    Kind::Readable,
                    Kind::From,
                    Kind::From,
                    Kind::Duplex,
                    Kind::Duplex,
                    Kind::Composed,
                    Kind::Pair,
                    Kind::Sides,
                ])
            } else if count > 1 && index == count - 1 {
                random.pick(&[
                    Kind::Writable,
                    Kind::Writable,
                    Kind::Writable,
                    Kind::Writable,
                    Kind::Transform,
                    Kind::Transform,
                    Kind::Duplex,
                    Kind::Composed,
                    Kind::Pair,
                    Kind::Sides,
                ])
            } else {
                random.pick(&[
                    Kind::Readable,
                    Kind::Writable,
                    Kind::Duplex,
                    Kind::Transform,
                    Kind::Transform,
                    Kind::From,
                    Kind::Composed,
                    Kind::Pair,
                    Kind::Sides,
                ])
            }
        })
        .collect();
    let trouble = random.pick(&[0, 0, 3, 15]);
    let mut maker = Maker { random, kinds, trouble };
    let streams = (0..count).map(|index| maker.stream(index)).collect();
    let mut acts = Vec::new();
    // Every second program has a plan: a pipeline, or pipes.
    let chain: Vec<usize> = (0..count).collect();
    let fits = count > 1
        && maker.kinds[..count - 1].iter().all(|kind| kind.reads())
        && maker.kinds[1..].iter().all(|kind| kind.writes());
    if fits && maker.random.chance(60) {
        if maker.random.chance(50) {
            acts.push(Act::Pipeline { streams: chain, end: !maker.random.chance(10) });
        } else {
            acts.extend((1..count).map(|to| Act::Pipe { s: to - 1, to, end: true }));
        }
    }
    let busy = maker.random.pick(&[2, 6, 14]);
    for _ in 0..=maker.random.below(busy) {
        acts.push(maker.act(2));
    }
    Program { streams, acts }
}

struct Maker<'a> {
    random: &'a mut Random,
    kinds: Vec<Kind>,
    /// Percentage of errors and destroys.
    trouble: usize,
}

impl Maker<'_> {
    fn when(&mut self) -> When {
        self.random.pick(&[When::Sync, When::Sync, When::Sync, When::Tick, When::Micro, When::Immediate])
    }

    fn error(&mut self) -> Option<u32> {
        let trouble = self.trouble;
        self.random.maybe(trouble, |random| u32::try_from(random.below(100)).unwrap())
    }

    fn few(&mut self, percent: usize, depth: usize) -> Vec<Act> {
        if depth == 0 || !self.random.chance(percent) {
            return Vec::new();
        }
        (0..=self.random.below(2)).map(|_| self.act(depth - 1)).collect()
    }

    fn step(&mut self, s: usize, pushes: usize) -> Step {
        let when = self.when();
        let reads = self.kinds[s].reads();
        Step {
            acts: self.few(12, 2),
            when: Some(when),
            pushes: if reads { self.random.list(pushes, |random| Some(random.below(6))) } else { Vec::new() },
            error: self.error(),
            value: self.random.maybe(60, |random| random.below(6)),
            twice: self.trouble > 0 && self.random.chance(2),
        }
    }

    fn stream(&mut self, s: usize) -> Stream {
        let kind = self.kinds[s];
        let mark = self.random.pick(&[None, Some(0), Some(1), Some(2), Some(3), Some(5), Some(16)]);
        let mut reads: Vec<Step> = (0..self.random.below(10)).map(|_| self.step(s, 3)).collect();
        if self.random.chance(80) {
            let mut last = self.step(s, 2);
            last.pushes.push(None);
            reads.push(last);
        }
        let writes: Vec<Step> =
            (0..=self.random.below(4)).map(|_| self.step(s, if kind.transforms() { 2 } else { 0 })).collect();
        let quirky = self.random.chance(25);
        Stream {
            kind,
            mark,
            object_mode: self.random.chance(40),
            auto_destroy: !(quirky && self.random.chance(40)),
            emit_close: !(quirky && self.random.chance(30)) || kind.compound(),
            half_open: !(quirky && self.random.chance(40)),
            items: self.random.list(12, |random| 1 + random.below(5)),
            reads,
            writes,
            writev: self.random.chance(30),
            construct: if !kind.compound() && self.random.chance(12) { Some(self.step(s, 0)) } else { None },
            finale: if self.random.chance(40) {
                Some(self.step(s, if kind.transforms() { 2 } else { 0 }))
            } else {
                None
            },
            destroy: if !kind.compound() && self.random.chance(30) { Some(self.step(s, 0)) } else { None },
        }
    }

    fn which(&mut self, wanted: impl Fn(Kind) -> bool) -> Option<usize> {
        let all: Vec<usize> = (0..self.kinds.len()).filter(|&s| wanted(self.kinds[s])).collect();
        if all.is_empty() { None } else { Some(self.random.pick(&all)) }
    }

    fn act(&mut self, depth: usize) -> Act {
        loop {
            if let Some(act) = self.try_act(depth) {
                return act;
            }
        }
    }

    fn try_act(&mut self, depth: usize) -> Option<Act> {
        let reads = |maker: &mut Self| maker.which(Kind::reads);
        let writes = |maker: &mut Self| maker.which(Kind::writes);
        let any = self.random.below(self.kinds.len());
        Some(match self.random.below(34) {
            0 => Act::Push { s: reads(self)?, size: self.random.maybe(85, |random| random.below(6)) },
            1 => Act::Unshift { s: reads(self)?, size: self.random.maybe(95, |random| random.below(5)) },
            2..=4 => {
                let size = self.random.pick(&[
                    None,
                    None,
                    None,
                    Some(0),
                    Some(1),
                    Some(2),
                    Some(3),
                    Some(7),
                    Some(100),
                ]);
                Act::Read { s: reads(self)?, size }
            }
            5 => Act::Pause { s: reads(self)? },
            6 | 7 => Act::Resume { s: reads(self)? },
            8 | 9 => {
                let (s, to) = (reads(self)?, writes(self)?);
                if s >= to {
                    return None;
                }
                Act::Pipe { s, to, end: !self.random.chance(15) }
            }
            10 => {
                let s = reads(self)?;
                let to = if self.random.chance(60) { writes(self) } else { None };
                Act::Unpipe { s, to }
            }
            11..=14 => {
                let s = writes(self)?;
                let callback = if self.random.chance(30) { Some(self.few(40, depth)) } else { None };
                Act::Write { s, size: self.random.below(6), callback }
            }
            15 => {
                let s = writes(self)?;
                let size = self.random.maybe(30, |random| 1 + random.below(4));
                Act::End { s, size, callback: self.random.chance(40) }
            }
            16 => Act::Cork { s: writes(self)? },
            17 => Act::Uncork { s: writes(self)? },
            18 => {
                if !self.random.chance(5 + 3 * self.trouble) {
                    return None;
                }
                Act::Destroy { s: any, error: self.random.maybe(60, |_| 7) }
            }
            19..=23 => {
                let kind = self.kinds[any];
                let mut events = vec!["close"];
                if kind.reads() {
                    events.extend(["data", "data", "data", "readable", "readable", "end", "pause", "resume"]);
                }
                if kind.writes() {
                    events.extend(["drain", "finish", "prefinish", "pipe", "unpipe"]);
                }
                let event = self.random.pick(&events).to_owned();
                let once = self.random.chance(20);
                let calls = (0..self.random.below(4)).map(|_| self.few(45, depth)).collect();
                Act::On { s: any, event, once, calls }
            }
            24 => Act::Off { s: any, index: self.random.below(3) },
            25 | 26 => Act::State { s: any },
            27 => Act::Finished {
                s: any,
                readable: self.random.pick(&[None, None, Some(true), Some(false)]),
                writable: self.random.pick(&[None, None, Some(true), Some(false)]),
            },
            30 => {
                let encoding = self.random.pick(&["utf8", "hex", "base64", "latin1", "ascii"]).to_owned();
                Act::SetEncoding { s: reads(self)?, encoding }
            }
            31 => {
                let (text, encoding) = self.random.pick(&[
                    ("caf\u{e9}", "latin1"),
                    ("\u{20ac}", "utf8"),
                    ("0aff1", "hex"),
                    ("YWJj", "base64"),
                    ("ab", "utf16le"),
                    ("", "utf8"),
                ]);
                Act::WriteText { s: writes(self)?, text: text.to_owned(), encoding: encoding.to_owned() }
            }
            32 => Act::AddSignal { s: any },
            33 => {
                if !self.random.chance(10 + 3 * self.trouble) {
                    return None;
                }
                Act::Abort
            }
            28 | 29 if depth > 0 => {
                let when = self.random.pick(&[When::Tick, When::Micro, When::Immediate]);
                Act::Later { when, acts: (0..=self.random.below(3)).map(|_| self.act(depth - 1)).collect() }
            }
            _ => return None,
        })
    }
}
