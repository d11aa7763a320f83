//! Every function against a real Node, on generated paths: see `nodecore_testdata::node`.

#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

use std::borrow::Cow;

use nodecore_error::Result;
use nodecore_path::{Environment, Latin1, ParsedPath, PathStr, posix, win32};
use nodecore_testdata::node::{self, Comparison, ERROR, FIELD, Node, Random, show};

const SCRIPT: &str = r"
const path = require('path');
const drives = { '=C:': 'C:\\Users\\Zo\u00EB', '=D:': 'E:\\other', '=Z:': 'Z:here\\' };
Object.defineProperty(process, 'env', { value: { ...process.env, ...drives } });
function answer([name, cwd, ...args]) {
  process.cwd = () => cwd;
  const [flavour, verb] = name.split('.');
  const call = path[flavour][verb];
  if (verb === 'basename' && args.length < 2) return call(args[0], undefined);
  if (verb === 'format') {
    const [root, dir, base, ext, name] = args;
    return call({ root, dir, base, ext, name });
  }
  const result = call(...args);
  if (verb === 'parse') {
    return [result.root, result.dir, result.base, result.ext, result.name].join('\uE000');
  }
  return String(result);
}
";

struct Directories<'a>(&'a str);

impl Environment for Directories<'_> {
    fn cwd(&self) -> Result<Vec<u8>> {
        Ok(self.0.into())
    }
    fn drive_cwd(&self, drive: &str) -> Option<Vec<u8>> {
        let dir = match drive {
            "C:" => "C:\\Users\\Zo\u{EB}",
            "D:" => "E:\\other",
            "Z:" => "Z:here\\",
            _ => return None,
        };
        Some(dir.into())
    }
}

const POSIX_CWDS: &[&str] = &["/", "/home/me", "/a/foo/b", "/\u{EB}t\u{E9}"];

const WIN32_CWDS: &[&str] =
    &["/", "/home/me", "C:\\Users\\me", "D:\\", "\\\\server\\share\\dir", "/\u{EB}t\u{E9}"];

const TOKENS: &[&str] = &[
    "/",
    "/",
    "/",
    "/",
    "\\",
    "\\",
    "\\",
    "//",
    "\\\\",
    ".",
    ".",
    "..",
    "..",
    "/../",
    "/./",
    "a",
    "b",
    "A",
    "foo",
    "Foo",
    "bar",
    ".git",
    "x.html",
    ".html",
    "...",
    "C:",
    "c:",
    "D:",
    "Z:",
    ":",
    "con",
    "CON:",
    "COM1",
    "nul",
    "LPT9:",
    "com\u{B9}",
    "?",
    "\\\\?\\",
    "\\\\.\\",
    "\\\\Server\\Share",
    "server",
    "share",
    " ",
    "\u{E9}",
    "\u{C9}",
    "\u{DF}",
    "\u{3A3}",
    "\u{3C3}",
    "\u{3C2}",
    "\u{130}",
    "i\u{307}",
    "\u{23A}",
    "\u{2C65}",
    "\u{10400}",
    "\u{10428}",
    "\u{20AC}",
];

fn generate(random: &mut Random) -> Vec<u16> {
    let mut units = Vec::new();
    for _ in 0..random.below(9) {
        if random.below(60) == 0 {
            units.push(*random.pick(&[&0xD800, &0xDC00, &0xDBFF]));
        } else {
            units.extend(random.pick(TOKENS).encode_utf16());
        }
    }
    units
}

const GLOB_TOKENS: &[&str] = &[
    "/",
    "/",
    "/",
    "/",
    "/",
    "\\",
    "**",
    "**/",
    "/**",
    "**/../",
    "*",
    "*",
    "?",
    ".",
    "..",
    "a",
    "b",
    "ab",
    "A",
    "x.js",
    ".js",
    ".d",
    "{",
    "}",
    ",",
    "{a,b}",
    "{a,.d}",
    "{1..3}",
    "{01..3}",
    "{c..a..2}",
    "{,a}",
    "${a,b}",
    "{{a,b},c}",
    "{}",
    "[",
    "]",
    "[ab]",
    "[!a]",
    "[^a]",
    "[a-c]",
    "[c-a]",
    "[a-]",
    "[]a]",
    "[[:alpha:]]",
    "[[:digit:]a]",
    "[[:xdigit:]]",
    "[![:space:]]",
    "[[:graph:]]",
    "[a[:graph:]]",
    "?(",
    "*(",
    "+(",
    "@(",
    "!(",
    "|",
    ")",
    ")",
    "!(a)",
    "!(a|b)",
    "@(a|.d)",
    "*(a|b)",
    "+(*|.d)",
    "!()",
    "@()",
    "?(a)",
    "-",
    "!",
    "+",
    "@",
    "1",
    "2",
    "C:",
    "c:",
    "#",
    " ",
    "\u{E9}",
    "\u{1F600}",
    "\n",
];

/// A pattern, and a path made of like pieces, often from the pattern itself.
fn generate_glob(random: &mut Random) -> Vec<Vec<u16>> {
    let mut pattern = String::new();
    let mut path = String::new();
    for _ in 0..random.below(8) {
        let token = random.pick(GLOB_TOKENS);
        pattern.push_str(token);
        match token {
            "**" | "*" | "?" | "@(" | "!(" | "*(" => {
                for _ in 0..random.below(3) {
                    path.push_str(random.pick(&["a", "b", "/", "a/b", ".", "x.js", ".d", "\u{1F600}"]));
                }
            }
            "{a,b}" | "[ab]" | "[!a]" | "[a-c]" | "!(a)" | "+(*|.d)" | "[[:alpha:]]" => {
                path.push_str(random.pick(&["a", "b", "c", "ab", ".d", "", "\u{E9}"]));
            }
            _ if random.below(3) > 0 && !"{}[]()|,".contains(token) => path.push_str(token),
            _ => path.push_str(random.pick(&["", "", "a", "/", ".", "b"])),
        }
    }
    // Behind a negation Node takes the signs of empty groups for a regular expression's.
    let empty_group = ["?(", "*(", "+("].iter().any(|sign| pattern.contains(sign));
    if pattern.contains("!(")
        && empty_group
        && ["()", "(|", "|)", "(@", "(?"].iter().any(|end| pattern.contains(end))
    {
        pattern.truncate(0);
    }
    // Node makes regular expressions of repeated groups, which take time exponential in the path's length.
    if pattern.contains("*(") || pattern.contains("+(") {
        path = path.chars().take(10).collect();
    }
    [path, pattern].map(|text| text.encode_utf16().collect()).into()
}

/// Of three related paths, so that `relative` and suffixes have something in common.
fn related(random: &mut Random, earlier: &[Vec<u16>]) -> Vec<u16> {
    let Some(first) = earlier.first().filter(|_| random.below(2) == 0) else { return generate(random) };
    let mut units = first.clone();
    match random.below(4) {
        0 => units.truncate(random.below(units.len() + 1)),
        1 => drop(units.drain(..random.below(units.len() + 1))),
        2 => {
            for unit in &mut units {
                if u8::try_from(*unit).is_ok_and(|byte| byte.is_ascii_alphabetic()) && random.below(3) == 0 {
                    *unit ^= 0x20;
                }
            }
        }
        _ => {}
    }
    if random.below(2) == 0 {
        units.extend(generate(random));
    }
    units
}

trait ToUnits {
    fn to_units(&self) -> Vec<u16>;
}
impl ToUnits for &str {
    fn to_units(&self) -> Vec<u16> {
        self.encode_utf16().collect()
    }
}
impl ToUnits for String {
    fn to_units(&self) -> Vec<u16> {
        self.as_str().to_units()
    }
}
impl ToUnits for &[u16] {
    fn to_units(&self) -> Vec<u16> {
        self.to_vec()
    }
}
impl ToUnits for Vec<u16> {
    fn to_units(&self) -> Vec<u16> {
        self.clone()
    }
}
impl ToUnits for Latin1<'_> {
    fn to_units(&self) -> Vec<u16> {
        self.0.iter().map(|&byte| byte.into()).collect()
    }
}
impl ToUnits for Vec<u8> {
    fn to_units(&self) -> Vec<u16> {
        Latin1(self).to_units()
    }
}

impl ToUnits for Cow<'_, str> {
    fn to_units(&self) -> Vec<u16> {
        self.as_ref().to_units()
    }
}
impl ToUnits for Cow<'_, [u8]> {
    fn to_units(&self) -> Vec<u16> {
        Latin1(self).to_units()
    }
}
impl ToUnits for Cow<'_, [u16]> {
    fn to_units(&self) -> Vec<u16> {
        self.to_vec()
    }
}

fn fields<T: ToUnits>(parsed: &ParsedPath<T>) -> Vec<u16> {
    let ParsedPath { root, dir, base, ext, name } = parsed;
    [root, dir, base, ext, name].map(T::to_units).join(&FIELD)
}

macro_rules! call {
    ($flavour:ident, $verb:expr, $env:expr, $args:expr) => {{
        let args = $args;
        let fallible = |result: Result<<P as PathStr<'a>>::Owned>| match result {
            Ok(path) => path.to_units(),
            Err(error) => vec![ERROR, error.to_string().len() as u16],
        };
        match $verb {
            "basename" => $flavour::basename(args[0], args.get(1).copied()).to_units(),
            "dirname" => $flavour::dirname(args[0]).to_units(),
            "extname" => $flavour::extname(args[0]).to_units(),
            "format" => {
                let [root, dir, base, ext, name] = [args[0], args[1], args[2], args[3], args[4]];
                $flavour::format(&ParsedPath { root, dir, base, ext, name }).to_units()
            }
            "isAbsolute" => $flavour::is_absolute(args[0]).to_string().to_units(),
            "join" => $flavour::join(args).to_units(),
            "matchesGlob" => $flavour::matches_glob(args[0], args[1]).unwrap().to_string().to_units(),
            "normalize" => $flavour::normalize(args[0]).to_units(),
            "parse" => fields(&$flavour::parse(args[0])),
            "relative" => fallible($flavour::relative_with($env, args[0], args[1])),
            "resolve" => fallible($flavour::resolve_with($env, args)),
            verb => panic!("{verb}"),
        }
    }};
}

fn ours<'a, P: PathStr<'a>>(name: &str, env: &Directories<'_>, args: &[P]) -> Vec<u16>
where
    P::Borrowed: ToUnits,
    P::Owned: ToUnits,
    P::Cow: ToUnits,
{
    match name.split_once('.') {
        Some(("win32", "toNamespacedPath")) => {
            win32::to_namespaced_path_with(env, args[0]).unwrap().to_units()
        }
        Some(("posix", "toNamespacedPath")) => posix::to_namespaced_path(args[0]).unwrap().to_units(),
        Some(("win32", verb)) => call!(win32, verb, env, args),
        Some(("posix", verb)) => call!(posix, verb, env, args),
        _ => panic!("{name}"),
    }
}

/// What differs from Node's answer, if anything does.
fn difference(name: &str, cwd: &str, args: &[Vec<u16>], expected: &[u16]) -> Option<String> {
    let env = Directories(cwd);
    // Node makes regular expressions of some patterns that are none.
    if expected.starts_with(&[ERROR]) && show(expected).contains("SyntaxError") {
        return None;
    }
    let same = |form: &str, actual: &[u16]| {
        let args = || args.iter().map(|arg| show(arg)).collect::<Vec<_>>();
        (actual != expected).then(|| {
            let (expected, actual) = (show(expected), show(actual));
            format!("{form} cwd={cwd:?} {:?}\n  Node {expected:?}\n  here {actual:?}", args())
        })
    };
    let slices: Vec<&[u16]> = args.iter().map(Vec::as_slice).collect();
    let mut found = same("UTF-16", &ours(name, &env, &slices));
    if let Ok(texts) =
        args.iter().map(|arg| String::from_utf16(arg)).collect::<std::result::Result<Vec<_>, _>>()
    {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        found = found.or_else(|| same("UTF-8", &ours(name, &env, &texts)));
    }
    let narrow = |arg: &Vec<u16>| arg.iter().map(|&unit| u8::try_from(unit)).collect();
    if let Ok(bytes) = args.iter().map(narrow).collect::<std::result::Result<Vec<Vec<u8>>, _>>() {
        let texts: Vec<Latin1<'_>> = bytes.iter().map(|bytes| Latin1(bytes)).collect();
        found = found.or_else(|| same("Latin-1", &ours(name, &env, &texts)));
    }
    found
}

fn differential(name: &str, arguments: std::ops::Range<usize>) {
    if !node::wanted(name) {
        return;
    }
    let Some(node) = Node::find() else { return };
    let mut random = Random::new(name);
    let cwds = if name.starts_with("posix") { POSIX_CWDS } else { WIN32_CWDS };
    let make = || {
        let cwd = random.pick(cwds);
        let wanted = arguments.start + random.below(arguments.len());
        let mut args: Vec<Vec<u16>> = Vec::new();
        if name.ends_with("matchesGlob") {
            args = generate_glob(&mut random);
        }
        while args.len() < wanted {
            let arg = related(&mut random, &args);
            args.push(arg);
        }
        (cwd, args)
    };
    let mut comparison = Comparison::new("path", name);
    node.start(SCRIPT).ask(
        node::cases(3000),
        make,
        |(cwd, args), batch| {
            batch.text(name).text(cwd);
            for arg in args {
                batch.field(arg);
            }
        },
        |(cwd, args), expected| {
            let difference = difference(name, cwd, args, expected);
            comparison.expect(difference.is_none(), || difference.unwrap_or_default());
        },
    );
    comparison.close();
}

macro_rules! differential {
    ($($test:ident $name:literal $arguments:expr;)*) => {$(
        #[test]
        fn $test() {
            differential($name, $arguments);
        }
    )*};
}

differential! {
    posix_basename "posix.basename" 1..3;
    posix_dirname "posix.dirname" 1..2;
    posix_extname "posix.extname" 1..2;
    posix_format "posix.format" 5..6;
    posix_is_absolute "posix.isAbsolute" 1..2;
    posix_join "posix.join" 0..6;
    posix_matches_glob "posix.matchesGlob" 2..3;
    posix_normalize "posix.normalize" 1..2;
    posix_parse "posix.parse" 1..2;
    posix_relative "posix.relative" 2..3;
    posix_resolve "posix.resolve" 0..5;
    posix_to_namespaced_path "posix.toNamespacedPath" 1..2;
    win32_basename "win32.basename" 1..3;
    win32_dirname "win32.dirname" 1..2;
    win32_extname "win32.extname" 1..2;
    win32_format "win32.format" 5..6;
    win32_is_absolute "win32.isAbsolute" 1..2;
    win32_join "win32.join" 0..6;
    win32_matches_glob "win32.matchesGlob" 2..3;
    win32_normalize "win32.normalize" 1..2;
    win32_parse "win32.parse" 1..2;
    win32_relative "win32.relative" 2..3;
    win32_resolve "win32.resolve" 0..5;
    win32_to_namespaced_path "win32.toNamespacedPath" 1..2;
}
