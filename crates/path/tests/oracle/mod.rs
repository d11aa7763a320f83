//! A real Node as the judge: one process, asked in batches through pipes.
//!
//! A message is a length in bytes (u32, little-endian) and UTF-16. In it, cases end with U+E001, and the fields of a case
//! are parted by U+E000; an answer that starts with U+E002 is an error's name and message.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

pub(crate) const FIELD: u16 = 0xE000;
pub(crate) const CASE: u16 = 0xE001;
pub(crate) const ERROR: u16 = 0xE002;

const LOOP: &str = r"
const fs = require('fs');
const fill = (size) => {
  const out = Buffer.alloc(size);
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

pub(crate) struct Oracle {
    child: Child,
    input: Option<ChildStdin>,
    output: ChildStdout,
}

impl Oracle {
    /// Starts Node with `script`, which defines `answer(fields)`. `None`, with a line that says so, where there is no Node.
    pub(crate) fn start(script: &str) -> Option<Oracle> {
        let node = node();
        let started = Command::new(&node)
            .arg("-e")
            .arg(format!("{script}\n{LOOP}"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        match started {
            Ok(mut child) => {
                let (input, output) = (child.stdin.take(), child.stdout.take().unwrap());
                Some(Oracle { child, input, output })
            }
            Err(error) => {
                println!("skipped: no Node to compare with ({}: {error})", node.to_string_lossy());
                None
            }
        }
    }

    /// The answers to `cases`, each already in the form the protocol has.
    pub(crate) fn ask(&mut self, cases: &[u16]) -> Vec<Vec<u16>> {
        let bytes: Vec<u8> = cases.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let input = self.input.as_mut().unwrap();
        input.write_all(&u32::try_from(bytes.len()).unwrap().to_le_bytes()).unwrap();
        input.write_all(&bytes).unwrap();
        input.flush().unwrap();
        let mut head = [0; 4];
        self.output.read_exact(&mut head).unwrap();
        let mut body = vec![0; u32::from_le_bytes(head) as usize];
        self.output.read_exact(&mut body).unwrap();
        let units: Vec<u16> =
            body.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        let mut answers: Vec<Vec<u16>> = units.split(|&unit| unit == CASE).map(<[u16]>::to_vec).collect();
        answers.pop();
        answers
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        self.input = None;
        let _ = self.child.wait();
    }
}

fn node() -> std::ffi::OsString {
    std::env::var_os("NODECORE_NODE").unwrap_or_else(|| "node".into())
}

/// The first number of Node's version, 0 where there is no Node.
#[allow(dead_code)]
pub(crate) fn major() -> u32 {
    let output = Command::new(node()).arg("-p").arg("process.versions.node").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.split('.').next().and_then(|major| major.parse().ok()).unwrap_or(0)
}

/// Steele and others' SplitMix64: small, and the same everywhere.
pub(crate) struct Random(u64);

impl Random {
    /// Seeded by `NODECORE_SEED`, a number, and what the caller adds to tell its sequences apart.
    pub(crate) fn new(salt: u64) -> Random {
        Random(number("NODECORE_SEED", 1).wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(salt))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// How many cases each function gets: `NODECORE_CASES`.
pub(crate) fn case_count() -> usize {
    usize::try_from(number("NODECORE_CASES", 3000)).unwrap()
}

fn number(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is not a number: {text}")),
        Err(_) => default,
    }
}

/// Fields and cases of one batch.
#[derive(Default)]
pub(crate) struct Batch(pub(crate) Vec<u16>);

impl Batch {
    pub(crate) fn field(&mut self, units: &[u16]) -> &mut Batch {
        if self.0.last().is_some_and(|&last| last != CASE) || self.0.is_empty() && !units.is_empty() {
            // The first field of a case is a name and never empty, so that its start can be told.
            if self.0.last().is_some() {
                self.0.push(FIELD);
            }
        }
        self.0.extend_from_slice(units);
        self
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Batch {
        let units: Vec<u16> = text.encode_utf16().collect();
        self.field(&units)
    }

    pub(crate) fn end(&mut self) {
        self.0.push(CASE);
    }
}

/// Readable, lone surrogates too.
pub(crate) fn show(units: &[u16]) -> String {
    char::decode_utf16(units.iter().copied())
        .map(|item| match item {
            Ok(c) if c as u32 == u32::from(FIELD) => " | ".to_owned(),
            Ok(c) => c.to_string(),
            Err(lone) => format!("\\u{:04x}", lone.unpaired_surrogate()),
        })
        .collect()
}
