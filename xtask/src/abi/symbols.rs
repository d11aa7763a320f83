//! Declared functions = `c-api/symbols.txt` = what the shared library exports.

use super::{Inputs, headers};
use crate::kit::{self, Result, Tally};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

const HEAD: &str = "# The functions libnodecore exports, sorted; checked by `cargo xtask abi` against the headers and\n\
                    # the library, and written by `cargo xtask abi --write-symbols`. A name is never taken away.\n";

/// The contents of symbols.txt.
pub(super) fn text(names: &BTreeSet<String>) -> String {
    names.iter().fold(HEAD.to_owned(), |text, name| text + name + "\n")
}

/// The names in symbols.txt; empty where there is no such file.
pub(crate) fn listed(path: &Path) -> Result<Vec<String>> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = kit::read(path)?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(lines.map(str::to_owned).collect())
}

pub(super) fn check(inputs: &Inputs, tally: &mut Tally) -> Result<()> {
    let listed = listed(&inputs.symbols())?;
    let sorted: BTreeSet<String> = listed.iter().cloned().collect();
    if listed.iter().eq(sorted.iter()) {
        tally.pass("symbols.txt is sorted and names nothing twice");
    } else {
        tally.fail("symbols.txt", "not sorted, or a name stands there twice");
    }
    let declared = headers::declared(&inputs.include)?;
    compare(tally, "the headers", &declared, "symbols.txt", &sorted);
    compare(tally, "symbols.txt", &sorted, "the shared library's exports", &exported(&inputs.library)?);
    Ok(())
}

/// Every symbol the dynamic linker sees, of this library's own.
fn exported(library: &Path) -> Result<BTreeSet<String>> {
    let text = kit::must(Command::new("nm").args(["-D", "--defined-only"]).arg(library))?;
    Ok(text
        .lines()
        .filter_map(|line| line.split_whitespace().last())
        .map(|name| name.split('@').next().unwrap_or(name).to_owned())
        .collect())
}

fn compare(tally: &mut Tally, left: &str, a: &BTreeSet<String>, right: &str, b: &BTreeSet<String>) {
    let what = format!("{left} = {right}");
    let list = |names: Vec<&String>| names.iter().map(|name| format!("\n  {name}")).collect::<String>();
    let (only_a, only_b): (Vec<_>, Vec<_>) = (a.difference(b).collect(), b.difference(a).collect());
    if only_a.is_empty() && only_b.is_empty() {
        tally.pass(&format!("{what} ({} functions)", a.len()));
        return;
    }
    let mut why = String::new();
    if !only_a.is_empty() {
        why += &format!("only in {left}:{}\n", list(only_a));
    }
    if !only_b.is_empty() {
        why += &format!("only in {right}:{}\n", list(only_b));
    }
    tally.fail(&what, &why);
}
