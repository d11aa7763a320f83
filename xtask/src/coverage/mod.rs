//! `cargo xtask coverage`: every exported name of Node is in the ledger, and what the ledger says is true.
//!
//! `tests/coverage.toml` maps names to what is here. Names are `module.name`, `module.Class#member` for members of
//! instances, `module.Class.member` for static ones, `module.constants.NAME` for constants. Three kinds of entry:
//!
//! ```toml
//! [done.path]          # module, then name = where it is
//! join = { rust = "nodecore_path::join", c = "nodecore_path_join", test = "tests/c/path.c" }
//! parse = { rust = "nodecore_path::parse", c_open = 3, test = "crates/path/src/posix.rs::tests" }
//!
//! [[na]]               # not applicable, with the reason
//! module = "buffer"
//! reason = "…"
//! names = ["atob"]
//!
//! [[open]]             # not done yet: the issue that is to do it
//! module = "fs"
//! issue = 5
//! names = ["access"]
//! ```
//!
//! `rust` is a public path that the crates' sources define; `c` a symbol of `c-api/symbols.txt`, or a type, field or
//! constant of the headers; `test` a file, with `::word` for a word in it. Each may be a list. In place of `c` stands
//! `c_open`, an issue's number, or `c_na`, a reason.

mod names;
mod paths;

use crate::kit::{self, Args, Outcome, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ledger {
    #[serde(default)]
    done: BTreeMap<String, BTreeMap<String, Done>>,
    #[serde(default)]
    na: Vec<NotApplicable>,
    #[serde(default)]
    open: Vec<Open>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Done {
    rust: OneOrMore,
    c: Option<OneOrMore>,
    c_open: Option<u32>,
    c_na: Option<String>,
    test: OneOrMore,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    fn all(&self) -> &[String] {
        match self {
            OneOrMore::One(one) => std::slice::from_ref(one),
            OneOrMore::More(more) => more,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NotApplicable {
    module: String,
    reason: String,
    names: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Open {
    module: String,
    issue: u32,
    names: Vec<String>,
}

/// The counts of one module.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    done: usize,
    rust_only: usize,
    na: usize,
    open: usize,
}

pub(crate) fn run(mut args: Args) -> Outcome {
    let list = args.flag("--names");
    args.rest()?;
    let file = kit::conformance_dir().join("node-api/node-26.10.json");
    if !file.exists() {
        println!("skipped: {} is not here", file.display());
        return Ok(true);
    }
    let modules = names::read(&file)?;
    if list {
        for (module, names) in &modules {
            names.iter().for_each(|name| println!("{module}\t{name}"));
        }
        return Ok(true);
    }
    let root = kit::root();
    let ledger: Ledger = toml::from_str(&kit::read(&root.join("tests/coverage.toml"))?)?;
    let mut problems = Vec::new();
    let counts = tally(&ledger, &modules, &mut problems);
    check_done(&ledger, &root, &mut problems)?;
    print(&counts);
    for problem in &problems {
        println!("WRONG   {problem}");
    }
    println!("{} names, {} wrong", modules.values().map(BTreeSet::len).sum::<usize>(), problems.len());
    Ok(problems.is_empty())
}

/// Counts by module, and notes names that are missing, stale, or there twice.
fn tally(
    ledger: &Ledger,
    modules: &BTreeMap<String, BTreeSet<String>>,
    problems: &mut Vec<String>,
) -> BTreeMap<String, Count> {
    let mut counts: BTreeMap<String, Count> =
        modules.keys().map(|module| (module.clone(), Count::default())).collect();
    let mut seen = BTreeSet::new();
    let mut enter = |module: &str, name: &str, add: fn(&mut Count)| {
        if !modules.get(module).is_some_and(|names| names.contains(name)) {
            problems.push(format!("{module}.{name}: stale, Node exports no such name"));
        } else if !seen.insert((module.to_owned(), name.to_owned())) {
            problems.push(format!("{module}.{name}: in the ledger twice"));
        } else if let Some(count) = counts.get_mut(module) {
            add(count);
        }
    };
    for (module, names) in &ledger.done {
        for (name, done) in names {
            let whole = done.c.is_some() || done.c_na.is_some();
            enter(module, name, if whole { |count| count.done += 1 } else { |count| count.rust_only += 1 });
        }
    }
    for entry in &ledger.na {
        entry.names.iter().for_each(|name| enter(&entry.module, name, |count| count.na += 1));
    }
    for entry in &ledger.open {
        entry.names.iter().for_each(|name| enter(&entry.module, name, |count| count.open += 1));
    }
    for (module, names) in modules {
        for name in names.iter().filter(|name| !seen.contains(&(module.clone(), (*name).clone()))) {
            problems.push(format!("{module}.{name}: missing from the ledger"));
        }
    }
    for entry in ledger.na.iter().filter(|entry| entry.reason.trim().is_empty()) {
        problems.push(format!("{}: not applicable without a reason", entry.module));
    }
    for entry in ledger.open.iter().filter(|entry| entry.issue == 0) {
        problems.push(format!("{}: open without an issue", entry.module));
    }
    counts
}

/// Holds every `done` entry against the sources, the symbols and the tests.
fn check_done(ledger: &Ledger, root: &Path, problems: &mut Vec<String>) -> Result<()> {
    let mut crates = paths::Crates::new(root)?;
    let list = root.join("c-api/symbols.txt");
    let symbols: BTreeSet<String> = if list.exists() {
        crate::abi::listed_symbols(&list)?.into_iter().collect()
    } else {
        println!(
            "c-api/symbols.txt is not here (cargo xtask abi --write-symbols): taking the headers' word for C"
        );
        crate::abi::declared_symbols(&root.join("include"))?
    };
    let header = header_text(root)?;
    let mut files: BTreeMap<String, Option<String>> = BTreeMap::new();
    for (module, names) in &ledger.done {
        for (name, done) in names {
            let mut lie = |what: String| problems.push(format!("{module}.{name}: {what}"));
            for path in done.rust.all() {
                if let Err(why) = crates.resolve(path) {
                    lie(format!("rust = \"{path}\": {why}"));
                }
            }
            for symbol in done.c.iter().flat_map(OneOrMore::all) {
                if !symbols.contains(symbol) && !in_header(&header, symbol) {
                    lie(format!("c = \"{symbol}\": neither exported nor in the headers"));
                }
            }
            let said = [done.c.is_some(), done.c_open.is_some(), done.c_na.is_some()];
            if said.iter().filter(|said| **said).count() != 1 {
                lie("wants one of c, c_open and c_na".into());
            }
            if done.c_na.as_ref().is_some_and(|reason| reason.trim().is_empty()) {
                lie("c_na without a reason".into());
            }
            if done.rust.all().is_empty() || done.test.all().is_empty() {
                lie("an empty list".into());
            }
            for test in done.test.all() {
                if let Some(why) = no_test(root, test, &mut files) {
                    lie(format!("test = \"{test}\": {why}"));
                }
            }
        }
    }
    Ok(())
}

/// Why a `test` is none, if it is none.
fn no_test(root: &Path, test: &str, files: &mut BTreeMap<String, Option<String>>) -> Option<String> {
    let (file, word) = test.split_once("::").map_or((test, None), |(file, word)| (file, Some(word)));
    let text = files.entry(file.to_owned()).or_insert_with(|| kit::read(&root.join(file)).ok());
    match (text, word) {
        (None, _) => Some("no such file".into()),
        (Some(text), Some(word)) if !words(text).any(|found| found == word) => {
            Some(format!("no word '{word}' in it"))
        }
        (Some(text), None) if !looks_like_test(file, text) => Some("no test in it".into()),
        _ => None,
    }
}

fn looks_like_test(file: &str, text: &str) -> bool {
    !file.ends_with(".rs") || text.contains("#[test]") || text.contains("proptest!")
}

/// The headers' text without comments and preprocessor conditions.
fn header_text(root: &Path) -> Result<String> {
    let mut all = String::new();
    for header in kit::files(&root.join("include"), "h", true)? {
        all += &crate::abi::without_comments(&kit::read(&header)?);
    }
    Ok(all)
}

/// Whether the headers have a type or constant of this name, or `type.field`. Functions have to be exported.
fn in_header(header: &str, name: &str) -> bool {
    if let Some((kind, field)) = name.split_once('.') {
        let Some(start) = header.find(&format!("typedef struct {kind} {{")) else { return false };
        let body = header[start..].split('}').next().unwrap_or_default();
        return words(body).any(|word| word == field);
    }
    let constant = name.starts_with("NODECORE_");
    let kind = name.starts_with("nodecore_") && header.contains(&format!(" {name};"));
    (constant && words(header).any(|word| word == name))
        || kind
        || header.contains(&format!("typedef struct {name} "))
        || header.contains(&format!("(*{name})("))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
}

fn print(counts: &BTreeMap<String, Count>) {
    println!("{:<26} {:>6} {:>10} {:>6} {:>6} {:>6}", "module", "done", "Rust only", "n.a.", "open", "names");
    let mut sum = Count::default();
    let line = |name: &str, count: &Count| {
        let Count { done, rust_only, na, open } = *count;
        let all = done + rust_only + na + open;
        println!("{name:<26} {done:>6} {rust_only:>10} {na:>6} {open:>6} {all:>6}");
    };
    for (module, count) in counts {
        line(module, count);
        sum.done += count.done;
        sum.rust_only += count.rust_only;
        sum.na += count.na;
        sum.open += count.open;
    }
    line("all", &sum);
}
