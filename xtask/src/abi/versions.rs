//! The version macros and functions = Cargo.toml; the error map = the table of `nodecore-error`.

use super::Inputs;
use super::shape::Header;
use crate::ctest;
use crate::kit::{self, Result, Tally};
use nodecore_error::Code;
use std::collections::BTreeSet;
use std::process::Command;

/// Prints a line for each row of the error map.
const ERRORS: &str = r#"#include <nodecore.h>
#include <stdio.h>
#define ROW(name, number, code, text) printf("NODECORE_%s\t%d\t%d\t%s\t%s\n", #name, number, (int)NODECORE_##name, code, text);
int main(void) { NODECORE_ERROR_MAP(ROW) return 0; }
"#;

const LINKED: &str = r#"#include <nodecore.h>
#include <stdio.h>
int main(void) { printf("%lu %s\n", (unsigned long)nodecore_version(), nodecore_version_string()); return 0; }
"#;

/// The constants' names that a code gives: its own name, after `NODECORE_`.
pub(super) fn error_names() -> BTreeSet<String> {
    Code::ALL.iter().map(|code| constant(*code)).collect()
}

fn constant(code: Code) -> String {
    let name = code.name();
    // A code that Node leaves without a name still needs a constant.
    if name.is_empty() {
        return format!("NODECORE_{code:?}").to_uppercase();
    }
    // A DOMException is known by its class: `NotSupportedError`.
    let class = !name.contains('_');
    let mut constant = String::from("NODECORE_");
    let mut lower = false;
    for c in name.chars() {
        if class && lower && c.is_ascii_uppercase() {
            constant.push('_');
        }
        lower = c.is_ascii_lowercase();
        constant.push(if class { c.to_ascii_uppercase() } else { c });
    }
    constant
}

pub(super) fn check(inputs: &Inputs, header: &Header, tally: &mut Tally) -> Result<()> {
    macros(inputs, header, tally);
    linked(inputs, header, tally)?;
    errors(inputs, tally)
}

fn macros(inputs: &Inputs, header: &Header, tally: &mut Tally) {
    let core = inputs.version.split(['-', '+']).next().unwrap_or_default();
    let numbers: Vec<i128> = core.split('.').filter_map(|part| part.parse().ok()).collect();
    let hex = numbers.iter().fold(0, |hex, number| (hex << 8) | number);
    let parts = ["MAJOR", "MINOR", "PATCH", "HEX"].into_iter().zip(numbers.into_iter().chain([hex]));
    for (part, expected) in parts {
        let name = format!("NODECORE_VERSION_{part}");
        match header.constants.get(&name) {
            Some(value) if *value == expected => tally.pass(&format!("{name} = Cargo.toml's")),
            found => tally.fail(&name, &format!("{found:?} in the header, {expected} in Cargo.toml")),
        }
    }
}

/// What the linked library says of itself, and its soname.
fn linked(inputs: &Inputs, header: &Header, tally: &mut Tally) -> Result<()> {
    let what = "nodecore_version() and nodecore_version_string() = Cargo.toml's";
    let (Some(hex), Some(folder)) = (header.constants.get("NODECORE_VERSION_HEX"), inputs.library.parent())
    else {
        tally.fail(what, "no NODECORE_VERSION_HEX");
        return Ok(());
    };
    let source = inputs.work.join("version.c");
    let program = inputs.work.join("version");
    kit::write(&source, LINKED)?;
    let mut compiler = kit::tool("CC", "cc");
    compiler.arg("-I").arg(&inputs.include).arg(source).arg(&inputs.library).arg("-o").arg(&program);
    let compiled = kit::run(&mut compiler)?;
    if !compiled.good {
        tally.fail(what, &compiled.err);
        return Ok(());
    }
    let soname = ctest::soname(&inputs.library)?;
    if let Some(soname) = &soname {
        let link = inputs.work.join(soname);
        if !link.exists() {
            std::os::unix::fs::symlink(&inputs.library, link)?;
        }
    }
    let path = std::env::join_paths([inputs.work.as_path(), folder])?;
    let said = kit::must(Command::new(program).env("LD_LIBRARY_PATH", path))?;
    let expected = format!("{hex} {}", inputs.version);
    if said.trim() == expected {
        tally.pass(what);
    } else {
        tally.fail(what, &format!("the library says {}, not {expected}", said.trim()));
    }
    let parts: Vec<&str> = inputs.version.split('.').collect();
    // Before 1.0 each minor version is an ABI of its own.
    let number = if parts[0] == "0" { parts[..2].join(".") } else { parts[0].to_owned() };
    let expected = format!("libnodecore.so.{number}");
    match soname {
        Some(soname) if soname == expected => tally.pass(&format!("soname {soname}")),
        found => tally.fail("soname", &format!("{found:?}, not {expected}")),
    }
    Ok(())
}

fn errors(inputs: &Inputs, tally: &mut Tally) -> Result<()> {
    let what = "NODECORE_ERROR_MAP = the table of nodecore-error";
    let source = inputs.work.join("errors.c");
    let program = inputs.work.join("errors");
    kit::write(&source, ERRORS)?;
    let compiled = kit::run(
        kit::tool("CC", "cc")
            .args(["-std=c99", "-I"])
            .arg(&inputs.include)
            .arg(source)
            .arg("-o")
            .arg(&program),
    )?;
    if !compiled.good {
        tally.fail(what, &compiled.err);
        return Ok(());
    }
    let printed = kit::must(&mut Command::new(program))?;
    let header: Vec<String> = printed.lines().map(str::to_owned).collect();
    let ours: Vec<String> = Code::ALL
        .iter()
        .map(|code| {
            let number = -code.number();
            format!("{}\t{number}\t{number}\t{}\t{}", constant(*code), code.name(), code.text())
        })
        .collect();
    let (a, b): (BTreeSet<&String>, BTreeSet<&String>) = (header.iter().collect(), ours.iter().collect());
    let mut why = String::new();
    for row in a.difference(&b) {
        why += &format!("only in the header: {row}\n");
    }
    for row in b.difference(&a) {
        why += &format!("only in the table:  {row}\n");
    }
    if header.len() != a.len() {
        why += "a row stands twice in the header\n";
    }
    if why.is_empty() {
        tally.pass(&format!("{what} ({} rows)", header.len()));
    } else {
        tally.fail(what, &why);
    }
    Ok(())
}
