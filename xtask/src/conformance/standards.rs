//! `cargo xtask conformance wpt|wycheproof|all`: the standards' own data.
//!
//! A suite is an integration test of the crate it is about, which finds its data by itself and prints, for each data
//! file, `FILE: N of M as expected`. This verb runs those tests, adds up what they print, and says what it did not
//! see: suites that are not written yet, data files no test reads, cases expected to fail. None of these is counted
//! as passed.

use crate::kit::{self, Args, Outcome, Result};
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

struct Suite {
    /// What selects it, with `all`.
    group: &'static str,
    name: &'static str,
    package: &'static str,
    /// The crate's folder, and the integration test in it.
    folder: &'static str,
    test: &'static str,
    /// The folder of data.
    data: &'static str,
}

const SUITES: &[Suite] = &[
    Suite {
        group: "wpt",
        name: "web-platform-tests: URL",
        package: "nodecore-url",
        folder: "crates/url",
        test: "conformance",
        data: "wpt/url",
    },
    Suite {
        group: "wpt",
        name: "web-platform-tests: URLPattern",
        package: "nodecore-url",
        folder: "crates/url",
        test: "urlpattern",
        data: "wpt/urlpattern",
    },
    Suite {
        group: "wycheproof",
        name: "Wycheproof",
        package: "nodecore-crypto",
        folder: "crates/crypto",
        test: "wycheproof",
        data: "wycheproof",
    },
];

/// Cases as expected and in all, by data file.
type Counts = BTreeMap<String, (usize, usize)>;

pub(crate) fn run(args: Args) -> Outcome {
    let words = args.rest()?;
    let group = match words.as_slice() {
        [] => "all",
        [group] => group.as_str(),
        _ => return Err("one group at most: wpt, wycheproof or all".into()),
    };
    let chosen: Vec<&Suite> = SUITES.iter().filter(|suite| group == "all" || suite.group == group).collect();
    if chosen.is_empty() {
        return Err(format!("no group '{group}': wpt, wycheproof or all").into());
    }
    let root = kit::root();
    let mut good = true;
    let (mut passed, mut total, mut missing) = (0, 0, 0);
    for suite in chosen {
        let data = kit::conformance_dir().join(suite.data);
        let files: BTreeSet<String> = kit::files(&data, "json", false)?
            .iter()
            .filter_map(|file| Some(file.file_name()?.to_string_lossy().into_owned()))
            .collect();
        println!("\n{}", suite.name);
        if files.is_empty() {
            println!("  skipped: no data in {}", data.display());
            missing += 1;
            continue;
        }
        let tests = root.join(suite.folder).join("tests");
        // A test is a file, or a folder with a main.rs.
        if !tests.join(format!("{}.rs", suite.test)).exists()
            && !tests.join(suite.test).join("main.rs").exists()
        {
            println!("  not yet: {} files, no test {} in {}", files.len(), suite.test, suite.folder);
            missing += 1;
            continue;
        }
        let (counts, sound) = run_suite(suite, &files)?;
        let (suite_passed, suite_total) = report(&root, suite, &files, &counts)?;
        passed += suite_passed;
        total += suite_total;
        missing += files.iter().filter(|file| !counts.contains_key(*file)).count();
        good &= sound && suite_total > 0;
    }
    println!("\n{passed} of {total} cases pass; {missing} suites or files not run");
    Ok(good)
}

/// Runs a suite's test with a bar over its files; false if the test itself failed.
fn run_suite(suite: &Suite, files: &BTreeSet<String>) -> Result<(Counts, bool)> {
    let style = ProgressStyle::with_template("  {spinner} {bar:40} {pos}/{len} files  {msg}")?;
    let bar = ProgressBar::new(files.len() as u64).with_style(style).with_message("building");
    bar.enable_steady_tick(Duration::from_millis(100));
    let mut child = kit::cargo()
        .args(["test", "--quiet", "--package", suite.package, "--test", suite.test, "--", "--nocapture"])
        .env("NODECORE_CONFORMANCE", kit::conformance_dir())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let (Some(stdout), Some(mut stderr)) = (child.stdout.take(), child.stderr.take()) else {
        return Err("cargo test has no output".into());
    };
    // Read apart, so that neither pipe fills up while the other is waited for.
    let complaints = std::thread::spawn(move || {
        let mut text = Vec::new();
        // What cannot be read is missing from the report; the exit status still counts.
        let _ = stderr.read_to_end(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    });
    let mut counts = Counts::new();
    for line in BufReader::new(stdout).lines() {
        if let Some((stem, count)) = parse(&line?) {
            let file = format!("{stem}.json");
            bar.set_message(stem);
            if files.contains(&file) && counts.insert(file, count).is_none() {
                bar.inc(1);
            }
        }
    }
    let sound = child.wait()?.success();
    bar.finish_and_clear();
    let complaints = complaints.join().map_err(|_| "the reader of cargo's errors panicked")?;
    if !sound {
        println!("  FAILED: cargo test --package {} --test {}", suite.package, suite.test);
        for line in complaints.lines().take(60) {
            println!("    {line}");
        }
    }
    Ok((counts, sound))
}

/// A line `FILE: N of M as expected`, FILE with or without `.json`, after whatever libtest puts before it.
fn parse(line: &str) -> Option<(String, (usize, usize))> {
    let (before, rest) = line.split_once(": ")?;
    let file = before.split_whitespace().last()?.trim_start_matches('.').trim_end_matches(".json");
    let mut words = rest.split_whitespace();
    let good = words.next()?.parse().ok()?;
    if words.next()? != "of" {
        return None;
    }
    let all = words.next()?.parse().ok()?;
    (words.next()? == "as" && words.next()? == "expected").then(|| (file.to_owned(), (good, all)))
}

/// Prints a line for each file; returns the cases that pass, and all.
fn report(root: &Path, suite: &Suite, files: &BTreeSet<String>, counts: &Counts) -> Result<(usize, usize)> {
    let list = root.join(suite.folder).join("tests/expected_failures.txt");
    let expected = if list.exists() { kit::read(&list)? } else { String::new() };
    let (mut passed, mut total) = (0, 0);
    for file in files {
        let Some((good, all)) = counts.get(file) else {
            println!("  {file:<44} not yet: no test reads it");
            continue;
        };
        let stem = file.trim_end_matches(".json");
        let named =
            |line: &&str| line.starts_with(&format!("{stem} ")) || line.starts_with(&format!("{file} "));
        let failing = expected.lines().filter(named).count();
        let passing = good.saturating_sub(failing);
        let note = if failing > 0 { format!(", {failing} expected to fail") } else { String::new() };
        println!("  {file:<44} {passing:>5} of {all}{note}");
        passed += passing;
        total += all;
    }
    Ok((passed, total))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn counts_are_read() {
        let row = Some(("urltestdata".to_owned(), (876, 877)));
        assert_eq!(parse("urltestdata.json: 876 of 877 as expected"), row);
        assert_eq!(parse("..urltestdata: 876 of 877 as expected"), row);
        assert_eq!(parse("test url ... urltestdata.json: 876 of 877 as expected"), row);
        assert_eq!(parse("skipped: urltestdata.json is not there"), None);
        assert_eq!(parse("x.json: 1 of 2 failed"), None);
        assert_eq!(parse("test result: ok. 3 passed; 0 failed"), None);
    }
}
