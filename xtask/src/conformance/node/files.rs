//! The suite: which files of a Node checkout are run, and what each asks of whoever runs it.

use super::proof;
use super::status::{self, Status};
use crate::kit::{self, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// Each module, and what the names of the files about it begin with after `test-`.
const MODULES: &[(&str, &[&str])] = &[
    ("path", &["path"]),
    ("url", &["url", "whatwg-url"]),
    ("querystring", &["querystring"]),
    ("fs", &["fs"]),
    ("crypto", &["crypto", "webcrypto"]),
    ("zlib", &["zlib"]),
    ("stream", &["stream"]),
];

/// The names of the modules, in the order they are reported in.
pub(super) fn modules() -> impl Iterator<Item = &'static str> {
    MODULES.iter().map(|(name, _)| *name)
}

/// Why a file is listed but not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Apart {
    /// It asks for `--expose-internals`: it tests what no user can reach.
    Internals,
    /// The suite's own `parallel.status` says that it is not run here.
    Status,
    /// It was seen to load none of the modules, even on the stock runtime.
    Unused,
}

impl Apart {
    pub(super) fn reason(self) -> &'static str {
        match self {
            Apart::Internals => "needs Node's internals (--expose-internals)",
            Apart::Status => "skipped by the suite's own parallel.status",
            Apart::Unused => "loads none of the modules",
        }
    }
}

/// One test file.
#[derive(Clone, Debug)]
pub(super) struct TestFile {
    pub(super) name: String,
    pub(super) module: &'static str,
    pub(super) path: PathBuf,
    /// What its `// Flags:` comment gives the runtime.
    pub(super) flags: Vec<String>,
    /// What its `// Env:` comment sets.
    pub(super) env: Vec<(String, String)>,
    /// The modules that could be ours which its text requires or imports.
    pub(super) mentions: Vec<&'static str>,
    /// Whether it is an ES module, or calls `import()`.
    pub(super) imports: bool,
    /// As far as it can be known before it is run.
    pub(super) apart: Option<Apart>,
    /// A hash of its text, by which results are kept.
    pub(super) hash: String,
}

impl TestFile {
    /// A program that asks for nothing.
    pub(super) fn plain(path: PathBuf) -> TestFile {
        TestFile {
            name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            module: "fs",
            path,
            flags: Vec::new(),
            env: Vec::new(),
            mentions: Vec::new(),
            imports: false,
            apart: None,
            hash: String::new(),
        }
    }
}

/// A checkout of Node.
#[derive(Debug)]
pub(super) struct Suite {
    pub(super) root: PathBuf,
    /// As its `src/node_version.h` says, such as `18.20.4`.
    pub(super) version: String,
    /// Every file about one of the modules, by name.
    pub(super) files: Vec<TestFile>,
}

impl Suite {
    pub(super) fn open(root: &Path) -> Result<Suite> {
        let root = fs::canonicalize(root).map_err(|error| format!("{}: {error}", root.display()))?;
        let folder = root.join("test/parallel");
        if !folder.is_dir() {
            return Err(format!("{} is no checkout of Node: no test/parallel", root.display()).into());
        }
        let version = version(&kit::read(&root.join("src/node_version.h"))?)
            .ok_or("src/node_version.h of the suite names no version")?;
        let status = folder.join("parallel.status");
        let status = if status.exists() { Status::parse(&kit::read(&status)?) } else { Status::default() };
        let mut files = Vec::new();
        for extension in ["js", "mjs"] {
            for path in kit::files(&folder, extension, false)? {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let Some(module) = module_of(&name) else { continue };
                let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
                let text = String::from_utf8_lossy(&bytes);
                let flags = words_after(&text, "Flags:");
                let internal = |flag: &String| flag.replace('_', "-") == "--expose-internals";
                let stem = name.trim_end_matches(extension).trim_end_matches('.');
                let apart = if flags.iter().any(internal) {
                    Some(Apart::Internals)
                } else {
                    status.skips(stem, &status::here).then_some(Apart::Status)
                };
                let env = words_after(&text, "Env:")
                    .iter()
                    .filter_map(|word| word.split_once('='))
                    .map(|(key, value)| (key.to_owned(), value.to_owned()))
                    .collect();
                let imports = extension == "mjs" || text.contains("import(");
                let (mentions, hash) = (proof::mentions(&text), hash(&bytes));
                files.push(TestFile { name, module, path, flags, env, mentions, imports, apart, hash });
            }
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Suite { root, version, files })
    }
}

/// The module that a file of this name is about.
pub(super) fn module_of(name: &str) -> Option<&'static str> {
    let rest = name.strip_prefix("test-")?;
    let about = |prefixes: &[&str]| prefixes.iter().any(|prefix| rest.starts_with(prefix));
    MODULES.iter().find(|(_, prefixes)| about(prefixes)).map(|(module, _)| *module)
}

/// The words of the first comment `// LABEL words`, as Node's own runner finds it.
fn words_after(text: &str, label: &str) -> Vec<String> {
    for line in text.lines() {
        for (at, _) in line.match_indices("//") {
            let comment = &line[at + 2..];
            let spaced = comment.starts_with(char::is_whitespace);
            if let Some(words) = comment.trim_start().strip_prefix(label).filter(|_| spaced) {
                return words.split_whitespace().map(str::to_owned).collect();
            }
        }
    }
    Vec::new()
}

fn version(header: &str) -> Option<String> {
    let number = |name: &str| -> Option<u32> {
        header.lines().find_map(|line| {
            let mut words = line.split_whitespace();
            (words.next()? == "#define" && words.next()? == name).then(|| words.next()?.parse().ok())?
        })
    };
    let [major, minor, patch] =
        ["MAJOR", "MINOR", "PATCH"].map(|part| number(&format!("NODE_{part}_VERSION")));
    Some(format!("{}.{}.{}", major?, minor?, patch?))
}

/// 64-bit FNV-1a: the same in every build, and no one wants to forge it.
fn hash(bytes: &[u8]) -> String {
    let start = 0xcbf2_9ce4_8422_2325_u64;
    let sum = bytes.iter().fold(start, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{sum:016x}")
}

#[cfg(test)]
mod tests {
    use super::{hash, module_of, version, words_after};

    #[test]
    fn names_tell_the_module() {
        for (name, module) in [
            ("test-path-join.js", Some("path")),
            ("test-url-parse-format.js", Some("url")),
            ("test-whatwg-url-properties.js", Some("url")),
            ("test-webcrypto-digest.js", Some("crypto")),
            ("test-fs-promises-file-handle-read.mjs", Some("fs")),
            ("test-stream2-basic.js", Some("stream")),
            ("test-webstreams-pipeline.js", None),
            ("test-buffer-alloc.js", None),
            ("fs.js", None),
        ] {
            assert_eq!(module_of(name), module, "{name}");
        }
    }

    #[test]
    fn comments_are_read() {
        let text =
            "'use strict';\n\n// Flags: --expose-gc  --no-warnings\n// Flags: --other\n//  Env: A=1 B=x=y\n";
        assert_eq!(words_after(text, "Flags:"), ["--expose-gc", "--no-warnings"]);
        assert_eq!(words_after(text, "Env:"), ["A=1", "B=x=y"]);
        assert_eq!(words_after("x(); // see http://a // Flags: --b\r\n", "Flags:"), ["--b"]);
        assert!(words_after("//Flags: --a\nconst flags = 'Flags: --b';", "Flags:").is_empty());
    }

    #[test]
    fn the_version_is_read() {
        let header =
            "#define NODE_MAJOR_VERSION 18\n#define NODE_MINOR_VERSION 20\n#define NODE_PATCH_VERSION 4\n";
        assert_eq!(version(header).as_deref(), Some("18.20.4"));
        assert_eq!(version("#define NODE_MAJOR_VERSION 18"), None);
    }

    #[test]
    fn hashes_are_fnv() {
        assert_eq!(hash(b""), "cbf29ce484222325");
        assert_eq!(hash(b"foobar"), "85944171f73967e8");
    }
}
