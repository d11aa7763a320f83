//! What a run came to: the table, and JSON with everything.

use super::expect::{Expectations, Surprises};
use super::proof::SWAPPED;
use super::run::Verdict;
use super::{Row, files};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The percentages of what the stock runtime passes that are to be reached: of each module, and of all.
const MARK: f64 = 90.0;
const MARK_ALL: f64 = 95.0;

/// A run and what is to be said of it.
#[derive(Debug)]
pub(super) struct Run<'a> {
    pub(super) suite: &'a str,
    pub(super) runtime: &'a str,
    pub(super) stock_only: bool,
    /// Whether the suite looked for leaked globals.
    pub(super) leaks: bool,
    /// The modules that the addon swaps.
    pub(super) swapped: &'a BTreeSet<String>,
    pub(super) seconds: f64,
    pub(super) rows: &'a [Row<'a>],
    pub(super) expected: &'a Expectations,
    pub(super) surprises: &'a Surprises,
}

/// How many files of a module went how.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sum {
    pub(super) files: usize,
    pub(super) apart: usize,
    pub(super) skipped: usize,
    pub(super) stock_fails: usize,
    pub(super) eligible: usize,
    pub(super) passed: usize,
    pub(super) stock_seconds: f64,
    pub(super) seconds: f64,
}

impl Sum {
    fn of<'a>(rows: impl Iterator<Item = &'a Row<'a>>) -> Sum {
        let mut sum = Sum::default();
        for row in rows {
            sum.files += 1;
            match row.stock.as_ref().map(|attempt| attempt.verdict) {
                _ if row.apart.is_some() => sum.apart += 1,
                Some(Verdict::Passed) => sum.eligible += 1,
                Some(Verdict::Skipped) => sum.skipped += 1,
                _ => sum.stock_fails += 1,
            }
            sum.passed += usize::from(row.passed());
            sum.stock_seconds += row.stock.as_ref().map_or(0.0, |attempt| attempt.seconds);
            sum.seconds += row.nodecore.as_ref().map_or(0.0, |attempt| attempt.seconds);
        }
        sum
    }

    /// The percentage of the eligible that pass; none of none.
    pub(super) fn percent(&self) -> Option<f64> {
        (self.eligible > 0).then(|| self.passed as f64 * 100.0 / self.eligible as f64)
    }
}

impl Run<'_> {
    /// The sums of the modules that any file is about, and of all; with the mark of each.
    pub(super) fn sums(&self) -> Vec<(&'static str, Sum, f64)> {
        let mut sums: Vec<_> = files::modules()
            .map(|module| (module, Sum::of(self.rows.iter().filter(|row| row.file.module == module)), MARK))
            .filter(|(_, sum, _)| sum.files > 0)
            .collect();
        sums.push(("all", Sum::of(self.rows.iter()), MARK_ALL));
        sums
    }

    /// Why files are not counted, and how many for each reason.
    fn apart(&self) -> BTreeMap<&'static str, usize> {
        let mut reasons = BTreeMap::new();
        for apart in self.rows.iter().filter_map(|row| row.apart) {
            *reasons.entry(apart.reason()).or_default() += 1;
        }
        reasons
    }

    /// The versions of nodecore that proved themselves.
    pub(super) fn nodecore(&self) -> String {
        let proved = self.rows.iter().filter_map(|row| row.nodecore.as_ref()?.nodecore.as_ref());
        let versions: BTreeMap<&str, ()> = proved.map(|(version, _)| (version.as_str(), ())).collect();
        versions.keys().copied().collect::<Vec<_>>().join(", ")
    }

    /// Why a row's failure was to be expected.
    pub(super) fn reason(&self, row: &Row) -> Option<&str> {
        let attempt = row.nodecore.as_ref().filter(|attempt| attempt.verdict != Verdict::Passed)?;
        self.expected.reason(&row.file.name, row.file.module, attempt)
    }

    pub(super) fn json(&self) -> Value {
        let modules: Vec<Value> = self
            .sums()
            .iter()
            .map(|(module, sum, mark)| {
                json!({
                    "module": module, "files": sum.files, "apart": sum.apart, "skipped": sum.skipped,
                    "stock_fails": sum.stock_fails, "eligible": sum.eligible, "passed": sum.passed,
                    "percent": sum.percent(), "mark": mark,
                    "stock_seconds": sum.stock_seconds, "seconds": sum.seconds,
                })
            })
            .collect();
        let files: Vec<Value> = self
            .rows
            .iter()
            .map(|row| {
                json!({
                    "name": row.file.name, "module": row.file.module, "flags": row.file.flags,
                    "apart": row.apart.map(files::Apart::reason), "stock": row.stock,
                    "nodecore": row.nodecore, "again": row.again, "expected": self.reason(row),
                })
            })
            .collect();
        json!({
            "suite": self.suite, "runtime": self.runtime, "nodecore": self.nodecore(),
            "stock_only": self.stock_only, "leaked_globals": self.leaks, "swapped": self.swapped,
            "seconds": self.seconds, "modules": modules, "apart": self.apart(), "files": files,
            "surprises": self.surprises,
        })
    }

    /// Prints the table, what is surprising, and the closing line; with `each`, every file that did not pass.
    pub(super) fn print(&self, each: bool) {
        let nodecore = self.nodecore();
        let on = if nodecore.is_empty() { String::new() } else { format!(", nodecore {nodecore}") };
        println!("Node's tests of {} on Node {}{on}, {:.0} s", self.suite, self.runtime, self.seconds);
        if !self.leaks {
            println!(
                "(without its search for leaked globals: Node {} has some it does not know)",
                self.runtime
            );
        }
        let missing: Vec<&str> =
            SWAPPED.iter().copied().filter(|name| !self.swapped.contains(*name)).collect();
        if !self.stock_only && !missing.is_empty() {
            println!("(not swapped by the addon: {})", missing.join(", "));
        }
        println!();
        println!(
            "{:<12} {:>6} {:>6} {:>8} {:>11} {:>9} {:>9} {:>8}  mark",
            "module", "files", "apart", "skipped", "stock fails", "eligible", "nodecore", "percent"
        );
        for (module, sum, mark) in self.sums() {
            let (passed, percent, said) = match sum.percent() {
                Some(percent) if !self.stock_only => {
                    let said = if percent >= mark { "reached" } else { "missed" };
                    (sum.passed.to_string(), format!("{percent:.1} %"), format!("{mark:.0} % {said}"))
                }
                _ => ("-".to_owned(), "-".to_owned(), format!("{mark:.0} %")),
            };
            println!(
                "{module:<12} {:>6} {:>6} {:>8} {:>11} {:>9} {passed:>9} {percent:>8}  {said}",
                sum.files, sum.apart, sum.skipped, sum.stock_fails, sum.eligible
            );
        }
        println!();
        for (reason, files) in self.apart() {
            println!("{files} apart: {reason}");
        }
        let all = Sum::of(self.rows.iter());
        if self.stock_only {
            for row in self.rows {
                let failed = |verdict| !matches!(verdict, Verdict::Passed | Verdict::Skipped);
                if let Some(stock) = row.stock.as_ref().filter(|stock| failed(stock.verdict)) {
                    println!("{} on stock: {}: {}", row.file.name, stock.verdict.name(), stock.line);
                }
            }
            println!("{} passed, {} failed, {} skipped", all.eligible, all.stock_fails, all.skipped);
            return;
        }
        if each {
            self.print_each();
        }
        let expected = self.rows.iter().filter(|row| self.reason(row).is_some()).count();
        println!("{expected} of {} failures are named in expected-failures.toml", all.eligible - all.passed);
        for row in self.rows.iter().filter(|row| row.again) {
            println!("passed only when run again, alone: {}", row.file.name);
        }
        for (what, lines) in [
            ("unexpected failure", &self.surprises.unexpected_failures),
            ("unexpected success", &self.surprises.unexpected_successes),
            ("not in the suite, or never counted", &self.surprises.stale),
        ] {
            lines.iter().for_each(|line| println!("{what}: {line}"));
        }
        let skipped = if all.skipped > 0 { format!(", {} skipped", all.skipped) } else { String::new() };
        println!("{} passed, {} failed{skipped}", all.passed, all.eligible - all.passed);
    }

    fn print_each(&self) {
        for row in self.rows {
            let name = &row.file.name;
            if let Some(apart) = row.apart {
                println!("{name}: apart: {}", apart.reason());
                continue;
            }
            match (&row.stock, &row.nodecore) {
                (None, None) => println!("{name}: not run"),
                (Some(stock), None) => println!("{name}: stock {}: {}", stock.verdict.name(), stock.line),
                (_, Some(ours)) if ours.verdict == Verdict::Passed => println!("{name}: passed"),
                (_, Some(ours)) => {
                    println!("{name}: {}: {}", ours.verdict.name(), ours.line);
                    if self.rows.len() == 1 {
                        ours.tail.lines().for_each(|line| println!("    {line}"));
                    }
                    if let Some(reason) = self.reason(row) {
                        println!("    expected: {reason}");
                    }
                }
            }
        }
        println!();
    }
}
