//! `tests/conformance/expected-failures.toml`: which files fail, and why; and whether that is still true.
//!
//! ```toml
//! # A module that is not swapped at all: all files about it fail, and need no entry of their own; nor
//! # do files about other modules that end well but load it.
//! [not_swapped]
//! stream = "why"
//!
//! # One table for each module. A reason, or a table that limits it to suites and runtimes, by the
//! # beginning of their version. `flaky`: it may also pass.
//! [fs]
//! "test-fs-a.js" = "why"
//! "test-fs-b.js" = { reason = "why", suites = ["18"], runtimes = ["20", "26.1"], flaky = true }
//! ```
//!
//! A failure that is not named, a success of what is named, and a name that the suite does not have, are
//! wrong. Only what passes on the stock runtime is asked after: an entry for a file that fails there too is neither
//! right nor wrong.

use super::files::modules;
use super::run::{Attempt, Verdict};
use crate::kit::Result;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Raw {
    Reason(String),
    Entry(Entry),
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    reason: String,
    #[serde(default)]
    suites: Vec<String>,
    #[serde(default)]
    runtimes: Vec<String>,
    #[serde(default)]
    flaky: bool,
}

/// What holds for one suite on one runtime.
#[derive(Debug, Default)]
pub(super) struct Expectations {
    not_swapped: BTreeMap<String, String>,
    entries: BTreeMap<String, Entry>,
}

/// What was found to differ from what is expected, as lines to print.
#[derive(Debug, Default, serde::Serialize)]
pub(super) struct Surprises {
    pub(super) unexpected_failures: Vec<String>,
    pub(super) unexpected_successes: Vec<String>,
    pub(super) stale: Vec<String>,
}

impl Surprises {
    pub(super) fn is_empty(&self) -> bool {
        self.unexpected_failures.is_empty() && self.unexpected_successes.is_empty() && self.stale.is_empty()
    }
}

impl Expectations {
    /// Reads the list for this suite and runtime; both are versions.
    pub(super) fn parse(text: &str, suite: &str, runtime: &str) -> Result<Expectations> {
        let tables: BTreeMap<String, BTreeMap<String, Raw>> = toml::from_str(text)?;
        let mut found = Expectations::default();
        for (table, rows) in tables {
            for (name, row) in rows {
                let entry = match row {
                    Raw::Reason(reason) => Entry { reason, ..Entry::default() },
                    Raw::Entry(entry) => entry,
                };
                if entry.reason.trim().is_empty() {
                    return Err(format!("[{table}] {name}: no reason").into());
                }
                if table == "not_swapped" {
                    if !modules().any(|module| module == name) {
                        return Err(format!("[not_swapped] {name}: no such module").into());
                    }
                    found.not_swapped.insert(name, entry.reason);
                } else if !modules().any(|module| module == table) {
                    return Err(format!("[{table}]: no such module").into());
                } else if super::files::module_of(&name) != Some(table.as_str()) {
                    return Err(format!("[{table}] {name}: not the name of a file about {table}").into());
                } else if covers(&entry.suites, suite) && covers(&entry.runtimes, runtime) {
                    found.entries.insert(name, entry);
                }
            }
        }
        Ok(found)
    }

    /// Why this attempt at a file about `module`, eligible and not passed, was to be expected.
    pub(super) fn reason(&self, name: &str, module: &str, attempt: &Attempt) -> Option<&str> {
        if let Some(entry) = self.entries.get(name) {
            return Some(&entry.reason);
        }
        let blamed = &attempt.not_swapped;
        let declared = blamed.iter().all(|module| self.not_swapped.contains_key(module));
        let other = blamed.first().filter(|_| attempt.verdict == Verdict::NotSwapped && declared);
        let module =
            if self.not_swapped.contains_key(module) { Some(module) } else { other.map(String::as_str) };
        module.and_then(|module| self.not_swapped.get(module)).map(String::as_str)
    }

    /// Notes what is surprising about one eligible file.
    pub(super) fn check(&self, name: &str, module: &str, attempt: &Attempt, surprises: &mut Surprises) {
        let entry = self.entries.get(name);
        if attempt.verdict != Verdict::Passed {
            if self.reason(name, module, attempt).is_none() {
                let line = format!("{name}: {}: {}", attempt.verdict.name(), attempt.line);
                surprises.unexpected_failures.push(line);
            }
        } else if self.not_swapped.contains_key(module) {
            let line = format!("{name}: passes, but [not_swapped] has {module}");
            surprises.unexpected_successes.push(line);
        } else if let Some(entry) = entry.filter(|entry| !entry.flaky) {
            surprises.unexpected_successes.push(format!("{name}: passes, but was to fail: {}", entry.reason));
        }
    }

    /// Notes the names that the suite does not have, or never counts.
    pub(super) fn check_names(&self, counted: &BTreeSet<&str>, surprises: &mut Surprises) {
        let stale = self.entries.keys().filter(|name| !counted.contains(name.as_str()));
        surprises.stale.extend(stale.cloned());
    }
}

/// Whether a version begins with one of `limits`, part by part; none is no limit.
fn covers(limits: &[String], version: &str) -> bool {
    let begins = |limit: &String| {
        version.strip_prefix(limit.as_str()).is_some_and(|r| r.is_empty() || r.starts_with('.'))
    };
    limits.is_empty() || limits.iter().any(begins)
}

#[cfg(test)]
mod tests {
    use super::{Attempt, Expectations, Surprises, Verdict, covers};
    use std::collections::BTreeSet;

    const LIST: &str = r#"
        [not_swapped]
        stream = "not written yet"
        [fs]
        "test-fs-a.js" = "an object's name"
        "test-fs-b.js" = { reason = "sometimes", flaky = true }
        "test-fs-old.js" = { reason = "asks for what 18 did", suites = ["18"] }
        [crypto]
        "test-crypto-c.js" = { reason = "other OpenSSL", suites = ["18", "25.8"], runtimes = ["20"] }
    "#;

    fn attempt(verdict: Verdict, blamed: &[&str]) -> Attempt {
        Attempt {
            verdict,
            seconds: 0.0,
            line: "Error: x".to_owned(),
            tail: String::new(),
            not_swapped: blamed.iter().map(|name| (*name).to_owned()).collect(),
            nodecore: None,
        }
    }

    fn surprises(list: &Expectations, name: &str, module: &str, attempt: &Attempt) -> (usize, usize) {
        let mut found = Surprises::default();
        list.check(name, module, attempt, &mut found);
        (found.unexpected_failures.len(), found.unexpected_successes.len())
    }

    #[test]
    fn failures_and_successes() {
        let list = Expectations::parse(LIST, "18.20.4", "20.20.2").expect("a list");
        let (passed, failed) = (attempt(Verdict::Passed, &[]), attempt(Verdict::Failed, &[]));
        for (name, module, attempt, expected) in [
            ("test-fs-a.js", "fs", &failed, (0, 0)),
            ("test-fs-a.js", "fs", &passed, (0, 1)),
            ("test-fs-b.js", "fs", &failed, (0, 0)),
            ("test-fs-b.js", "fs", &passed, (0, 0)),
            ("test-fs-z.js", "fs", &failed, (1, 0)),
            ("test-fs-z.js", "fs", &attempt(Verdict::Skipped, &[]), (1, 0)),
            ("test-fs-z.js", "fs", &passed, (0, 0)),
            ("test-stream-a.js", "stream", &failed, (0, 0)),
            ("test-stream-a.js", "stream", &passed, (0, 1)),
            ("test-zlib-a.js", "zlib", &attempt(Verdict::NotSwapped, &["stream"]), (0, 0)),
            ("test-zlib-a.js", "zlib", &attempt(Verdict::NotSwapped, &["stream", "zlib"]), (1, 0)),
            ("test-zlib-a.js", "zlib", &attempt(Verdict::NotSwapped, &[]), (1, 0)),
            ("test-zlib-a.js", "zlib", &failed, (1, 0)),
        ] {
            assert_eq!(surprises(&list, name, module, attempt), expected, "{name} {attempt:?}");
        }
        assert_eq!(list.reason("test-fs-a.js", "fs", &failed), Some("an object's name"));
        let other = attempt(Verdict::NotSwapped, &["stream"]);
        assert_eq!(list.reason("test-zlib-a.js", "zlib", &other), Some("not written yet"));
    }

    #[test]
    fn stale_names_and_limits() {
        let stale = |suite, runtime| {
            let mut found = Surprises::default();
            let counted = BTreeSet::from(["test-fs-a.js", "test-fs-old.js"]);
            Expectations::parse(LIST, suite, runtime).expect("a list").check_names(&counted, &mut found);
            found.stale
        };
        assert_eq!(stale("18.20.4", "20.20.2"), ["test-crypto-c.js", "test-fs-b.js"]);
        assert_eq!(stale("25.8.1", "20.20.2"), ["test-crypto-c.js", "test-fs-b.js"]);
        assert_eq!(stale("18.20.4", "26.1.0"), ["test-fs-b.js"]);
        assert!(covers(&["18.2".to_owned()], "18.2") && !covers(&["18.2".to_owned()], "18.20.4"));
    }

    #[test]
    fn lists_that_say_nothing_are_refused() {
        for (text, part) in [
            ("[fs]\n\"test-fs-a.js\" = \" \"", "no reason"),
            ("[fs]\n\"test-zlib-a.js\" = \"x\"", "not the name of a file about fs"),
            ("[dns]\n\"test-dns-a.js\" = \"x\"", "no such module"),
            ("[not_swapped]\ndns = \"x\"", "no such module"),
            ("[fs]\n\"test-fs-a.js\" = { reason = \"x\", suite = \"18\" }", ""),
        ] {
            let error = Expectations::parse(text, "18.20.4", "20.20.2").expect_err(text).to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
