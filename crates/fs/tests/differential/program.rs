//! Random programs over a scratch tree, as lines that four interpreters run: ours, Node's (`interpreter.js`) and C's
//! (`tests/differential/fs_programs.c` of the repository).
//!
//! A line is a call: its name and its arguments, parted by tabs, every byte that is no printable ASCII, and `%`,
//! written `%XX`. A line `program` begins a program. In a path a first `$` is the current directory; text `*N` is N
//! times `x`; `#N` is the file of slot N; `-` is an argument that is not given.
//!
//! What goes through links to directories (`recursive` of `readdir` and `opendir`, `dereference` of `cp`) is not run
//! where there are any: a few that lead upwards make more paths than anybody can wait for, here and in Node.

use std::fmt::{self, Write};

use nodecore_testdata::node::Random;

/// A call: its name and arguments.
pub(crate) struct Call(pub(crate) Vec<String>);

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields: Vec<String> = self.0.iter().map(|field| escape(field.as_bytes())).collect();
        f.write_str(&fields.join("\t"))
    }
}

pub(crate) struct Program(pub(crate) Vec<Call>);

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("program\n")?;
        self.0.iter().try_for_each(|call| writeln!(f, "{call}"))
    }
}

/// `%XX` for what is no printable ASCII.
pub(crate) fn escape(bytes: &[u8]) -> String {
    let mut out = String::new();
    for &byte in bytes {
        match byte {
            b'%' | 0..=0x1f | 0x7f.. => _ = write!(out, "%{byte:02X}"),
            _ => out.push(char::from(byte)),
        }
    }
    out
}

const NAMES: &[&str] = &["a", "b", "c", "d", "e", "f", "g", "l", "x.js", "\u{e9}", ".h"];
const TEXTS: &[&str] = &["", "text", "other text\n", "caf\u{e9}", "*70000", "*9"];
const FLAGS: &[&str] =
    &["r", "r+", "w", "wx", "w+", "wx+", "a", "ax", "a+", "ax+", "as", "as+", "rs", "rs+", "sr", "xa+"];
const TIMES: &[&str] = &["1000", "2000.5", "0", "86400.125", "-1", "999999999"];
const MODES: &[&str] = &["420", "384", "493", "292", "448", "511", "0", "2541", "73"];
const PATTERNS: &[&str] = &[
    "*",
    "**",
    "**/*",
    "*/",
    "**/",
    "*.js",
    "**/*.js",
    "a/**",
    "a/*",
    "./b/*",
    "*/*",
    "{a,b}/*",
    "a/b/c",
    "**/a",
    "a/../*",
    ".*",
    "[ab]/**/*.{js,ts}",
    "!(a)",
    "none/*",
    "x.js/**",
    "caf?",
    ".",
    "",
    "l/*",
    "l/**",
    "l/",
    "b/**",
    "**/**/c",
    "d/**/f",
];

macro_rules! call {
    ($($part:expr),+ $(,)?) => { Call(vec![$($part.to_string()),+]) };
}

/// What may be generated.
pub(crate) struct Grammar<'a> {
    /// The names of the calls there are; all of them if there is no list.
    pub(crate) calls: Option<&'a [String]>,
}

impl Grammar<'_> {
    fn has(&self, name: &str) -> bool {
        self.calls.is_none_or(|calls| calls.iter().any(|call| call == name))
    }

    /// Programs have links either to files, as far as one can know, or to anything.
    pub(crate) fn program(&self, random: &mut Random) -> Program {
        let wild = random.below(2) == 0;
        let mut maker = Maker { random, wild, c: self.calls.is_some() };
        let mut calls = maker.start();
        calls.retain(|call| self.has(&call.0[0]));
        let length = calls.len() + 8 + maker.random.below(30);
        while calls.len() < length {
            let call = maker.call();
            if self.has(&call.0[0]) {
                calls.push(call);
            }
        }
        Program(calls)
    }
}

/// Every pattern with every other to exclude by, on two trees: a program for each pattern and tree.
pub(crate) fn searches() -> impl Iterator<Item = Program> {
    let directories = [&["a/b/c", "b/a", "d/e", ".h/a", "x.js", "none"][..], &["b/a/b", "d/f/a"]];
    let files = [
        &["a/b/f", "a/x.js", "a/.h/f", "b/a/y.ts", "d/f", "d/e/f", "f", "g.js", "caf\u{e9}", "x.js/c"][..],
        &["a", "x.js", "b/f", "b/a/x.js", "d/f/b", ".h"],
    ];
    let links =
        [&[("f", "l"), ("none", "d/l"), ("e", "d/c")][..], &[("d", "l"), ("a", "b/l"), ("none", "c")]];
    (0..2).flat_map(move |tree| {
        PATTERNS.iter().map(move |pattern| {
            let mut calls = Vec::new();
            calls.extend(directories[tree].iter().map(|path| call!["mkdir", path, "true", "511"]));
            calls.extend(files[tree].iter().map(|path| call!["writeFile", path, "", "-", "438", "false"]));
            calls.extend(links[tree].iter().map(|(target, path)| call!["symlink", target, path]));
            for exclude in PATTERNS {
                calls.push(call!["glob", pattern, "false", exclude]);
                calls.push(call!["glob", pattern, "true", exclude]);
            }
            Program(calls)
        })
    })
}

struct Maker<'a> {
    random: &'a mut Random,
    wild: bool,
    /// For the C interface, where some arguments are not there to be wrong.
    c: bool,
}

impl Maker<'_> {
    fn flip(&mut self) -> bool {
        self.random.below(2) == 0
    }

    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        self.random.pick(from)
    }

    /// What most programs begin with, so that there is something to work on.
    fn start(&mut self) -> Vec<Call> {
        let mut calls = Vec::new();
        for _ in 0..2 + self.random.below(5) {
            let at = self.plain();
            if let Some((above, _)) = at.rsplit_once('/') {
                calls.push(call!["mkdir", above, "true", "511"]);
            }
            calls.push(match self.random.below(5) {
                0 => call!["mkdir", at, "true", "493"],
                1 => call!["symlink", self.target(), at],
                _ => call!["writeFile", at, self.text(), "-", "438", "false"],
            });
        }
        if self.flip() {
            calls.push(call!["symlink", "loop", "loop"]);
        }
        for slot in 0..self.random.below(3) {
            let flags = self.pick(&["w+", "a+", "r", "wx"]);
            calls.push(call!["open", slot, self.plain(), flags, "438"]);
        }
        calls
    }

    fn plain(&mut self) -> String {
        let depth = [1, 1, 1, 2, 2, 3][self.random.below(6)];
        (0..depth).map(|_| self.pick(NAMES)).collect::<Vec<_>>().join("/")
    }

    fn path(&mut self) -> String {
        let plain = self.plain();
        match self.random.below(60) {
            0 => String::new(),
            1 => format!("{plain}\0"),
            2 => "n".repeat(256),
            3 => format!("{plain}/{}", "n".repeat(255)),
            4 => "./".repeat(2100) + &plain,
            5 => format!("{}{plain}", "./".repeat(2030)),
            6 => "loop".to_owned(),
            7 => format!("loop/{plain}"),
            8 => format!("none/{plain}"),
            9 => ".".to_owned(),
            10 => format!("$/{plain}"),
            11 => format!("{plain}/.."),
            12 => format!("{plain}/../{}", self.plain()),
            13 => format!("{plain}/."),
            14 => plain.replace('/', "//"),
            15 | 16 => format!("./{plain}"),
            17..=20 => format!("{plain}/"),
            _ => plain,
        }
    }

    /// Where a link points to.
    fn target(&mut self) -> String {
        if !self.wild {
            return self.pick(&["f", "g", "x.js", "none", "l", "../f", "$/f"]).to_owned();
        }
        match self.random.below(8) {
            0 => ".".to_owned(),
            1 => "..".to_owned(),
            2 => format!("../{}", self.pick(NAMES)),
            3 => format!("$/{}", self.plain()),
            _ => self.path().replace('\0', ""),
        }
    }

    /// Of what is made: in C zero stands for the default, and is no mode.
    fn mode(&mut self) -> &'static str {
        match self.random.pick(MODES) {
            "0" if self.c => "511",
            mode => mode,
        }
    }

    /// As [`Maker::mode`], of the flags of files as a whole: those of `r` are zero.
    fn flag(&mut self, from: &[&'static str]) -> &'static str {
        match self.pick(from) {
            "r" if self.c => "-",
            flag => flag,
        }
    }

    fn slot(&mut self) -> usize {
        self.random.below(3)
    }

    fn text(&mut self) -> &'static str {
        // More than the pool takes at a time.
        if self.random.below(40) == 0 { "*600000" } else { self.pick(TEXTS) }
    }

    /// A path, or a file that is open.
    fn file(&mut self) -> String {
        if self.random.below(5) == 0 { format!("#{}", self.slot()) } else { self.path() }
    }

    fn position(&mut self) -> &'static str {
        self.pick(&["-", "-", "0", "3", "100", "80000"])
    }

    /// The offset and length of a part of a buffer.
    fn part(&mut self) -> (&'static str, &'static str) {
        if self.c || self.flip() {
            return ("0", "-");
        }
        (self.pick(&["0", "1", "4", "17", "70001"]), self.pick(&["-", "0", "1", "5", "70000"]))
    }

    fn flags(&mut self) -> &'static str {
        match self.random.below(20) {
            0 => self.pick(&["", "zz", "R", "r w"]),
            _ => self.pick(FLAGS),
        }
    }

    fn call(&mut self) -> Call {
        match self.random.below(4) {
            0 => self.file_call(),
            1 => self.tree_call(),
            _ => self.name_call(),
        }
    }

    /// Calls on open files.
    fn file_call(&mut self) -> Call {
        let slot = self.slot();
        match self.random.below(18) {
            0..=4 => call!["open", slot, self.path(), self.flags(), self.mode()],
            5 => call!["close", slot],
            6 | 7 => {
                let (offset, length) = self.part();
                let size = self.pick(&["0", "1", "16", "70000"]);
                call!["read", slot, size, offset, length, self.position()]
            }
            8 => call!["readv", slot, self.pick(&["1", "8", "0"]), self.pick(&["4", "100"]), self.position()],
            9..=11 => {
                let (offset, length) = self.part();
                call!["write", slot, self.text(), offset, length, self.position()]
            }
            12 => call!["writev", slot, self.text(), self.text(), self.position()],
            13 => call!["fstat", slot],
            14 => call!["ftruncate", slot, self.pick(&["0", "3", "100"])],
            15 => call!["fchmod", slot, self.pick(MODES)],
            16 => call!["futimes", slot, self.time(), self.time()],
            _ => call![self.pick(&["fsync", "fdatasync"]), slot],
        }
    }

    /// Calls on names.
    fn name_call(&mut self) -> Call {
        let (path, other) = (self.path(), self.path());
        match self.random.below(34) {
            0 => call!["stat", path],
            1 => call!["lstat", path],
            2 => call!["access", path, self.random.below(9)],
            3 => call!["exists", path],
            4..=6 => {
                let flag = self.flag(&["-", "-", "-", "r+", "a+", "w+", "wx", "ax+", "rs"]);
                call!["readFile", self.file(), flag]
            }
            7..=9 => {
                let flag = self.flag(&["-", "-", "-", "wx", "a", "r+", "r", "w+", "ax", "as"]);
                call!["writeFile", self.file(), self.text(), flag, self.mode(), self.random.below(20) == 0]
            }
            10 | 11 => {
                let flag = self.flag(&["-", "-", "ax", "w", "a+"]);
                call!["appendFile", self.file(), self.text(), flag, self.mode(), self.random.below(20) == 0]
            }
            12 => call!["truncate", path, self.pick(&["0", "3", "100", "80000"])],
            13 | 14 => call!["copyFile", path, other, self.random.below(5)],
            15..=17 => call!["rename", path, other],
            18 => call!["link", path, other],
            19 | 20 => call!["symlink", self.target(), path],
            21 => call!["readlink", path],
            22 => call!["realpath", path],
            23 => call!["realpathNative", path],
            24..=26 => call!["mkdir", self.made(path), self.flip(), self.mode()],
            27 => call!["rmdir", path],
            28 | 29 => call!["unlink", path],
            30 => call!["chmod", path, self.pick(MODES)],
            31 => call!["utimes", path, self.time(), self.time()],
            32 => call!["lutimes", path, self.time(), self.time()],
            _ => call!["mkdtemp", path],
        }
    }

    /// Node never returns from a recursive `mkdir` of an empty path.
    fn made(&mut self, path: String) -> String {
        if path.is_empty() { "d/e".to_owned() } else { path }
    }

    fn time(&mut self) -> &'static str {
        match self.random.below(20) {
            0 if !self.c => self.pick(&["NaN", "Infinity", "-Infinity"]),
            _ => self.pick(TIMES),
        }
    }

    /// Calls on trees.
    fn tree_call(&mut self) -> Call {
        let path = self.path();
        let [a, b] = [self.flip(), self.flip()];
        match self.random.below(12) {
            0..=2 => call!["readdir", path, a, b],
            3 | 4 => call!["opendir", path, b],
            // In `a/..` is `a`, by way of which all else is reached: Node removes all at once, and how far it comes is
            // chance.
            5 | 6 => call!["rm", path, a, b && !path.ends_with("/..")],
            7 | 8 => {
                call!["glob", self.pick(PATTERNS), a, if self.flip() { self.pick(PATTERNS) } else { "-" }]
            }
            _ => {
                let mut options = String::new();
                for (letter, often) in [('f', 2), ('r', 1), ('e', 4), ('p', 3), ('v', 4), ('d', 4)] {
                    if self.random.below(often) == 0 {
                        options.push(letter);
                    }
                }
                // Node refuses the two together, in the arguments.
                if self.random.below(8) != 0 && options.contains('d') {
                    options = options.replace('v', "");
                }
                call!["cp", path, self.path(), options, self.random.below(3)]
            }
        }
    }
}
