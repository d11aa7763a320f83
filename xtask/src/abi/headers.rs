//! The headers by themselves: they compile, alone and together, and what they declare.

use super::Inputs;
use crate::kit::{self, Result, Tally};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

const WARNINGS: &[&str] = &["-Wall", "-Wextra", "-Werror", "-pedantic"];
const C: &[&str] = &["-std=c99", "-xc"];
const CPP: &[&str] = &["-std=c++17", "-xc++"];

fn compiler(cpp: bool, include: &Path) -> Command {
    let mut command = if cpp { kit::tool("CXX", "c++") } else { kit::tool("CC", "cc") };
    command.args(if cpp { CPP } else { C }).args(WARNINGS).arg("-I").arg(include);
    command
}

pub(super) fn check(inputs: &Inputs, tally: &mut Tally) -> Result<()> {
    let headers = kit::files(&inputs.include, "h", true)?;
    if headers.is_empty() {
        tally.fail("include/", "no headers");
        return Ok(());
    }
    for header in &headers {
        let name = header.strip_prefix(&inputs.include)?.display().to_string();
        alone(inputs, &name, tally)?;
    }
    for header in kit::files(&inputs.include, "hpp", true)? {
        let name = header.strip_prefix(&inputs.include)?.display().to_string();
        let good = compile(inputs, true, "alone", &format!("#include <{name}>\n#include <{name}>\n"))?;
        report(tally, &format!("{name} alone as C++17"), good);
    }
    together(inputs, &headers, tally)
}

/// One header as the first line of a translation unit, and twice, in both languages.
fn alone(inputs: &Inputs, name: &str, tally: &mut Tally) -> Result<()> {
    for (cpp, language) in [(false, "C99"), (true, "C++17")] {
        // ISO C forbids an empty translation unit, and a header of macros only would be one.
        let text = format!("#include <{name}>\n#include <{name}>\ntypedef int not_empty;\n");
        let good = compile(inputs, cpp, "alone", &text)?;
        report(tally, &format!("{name} alone as {language}"), good);
    }
    Ok(())
}

/// Every header twice in each of two translation units of one program, in both languages.
fn together(inputs: &Inputs, headers: &[PathBuf], tally: &mut Tally) -> Result<()> {
    let mut text = String::new();
    for header in headers.iter().chain(headers.iter().rev()) {
        text += &format!("#include <{}>\n", header.strip_prefix(&inputs.include)?.display());
    }
    for (cpp, language) in [(false, "C99"), (true, "C++17")] {
        let extension = if cpp { "cc" } else { "c" };
        let first = inputs.work.join(format!("first.{extension}"));
        let second = inputs.work.join(format!("second.{extension}"));
        kit::write(&first, format!("{text}int second(void);\nint main(void) {{ return second(); }}\n"))?;
        kit::write(&second, format!("{text}int second(void);\nint second(void) {{ return 0; }}\n"))?;
        let program = inputs.work.join("together");
        let ran = kit::run(compiler(cpp, &inputs.include).arg(&first).arg(&second).arg("-o").arg(program))?;
        report(tally, &format!("all headers, twice, in two units of one program as {language}"), ran);
    }
    Ok(())
}

fn compile(inputs: &Inputs, cpp: bool, name: &str, text: &str) -> Result<kit::Ran> {
    let source = inputs.work.join(format!("{name}.{}", if cpp { "cc" } else { "c" }));
    kit::write(&source, text)?;
    kit::run(compiler(cpp, &inputs.include).arg("-fsyntax-only").arg(source))
}

fn report(tally: &mut Tally, what: &str, ran: kit::Ran) {
    if ran.good { tally.pass(what) } else { tally.fail(what, &ran.err) }
}

/// The functions declared with `NODECORE_API`, by reading the text of every header.
pub(crate) fn declared(include: &Path) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for header in kit::files(include, "h", true)? {
        let text = without_comments(&kit::read(&header)?);
        let code: String =
            text.lines().filter(|line| !line.trim_start().starts_with('#')).collect::<Vec<_>>().join("\n");
        for declaration in code.split("NODECORE_API").skip(1) {
            let head = declaration.split('(').next().unwrap_or_default();
            let name = head.rsplit(|c: char| !c.is_alphanumeric() && c != '_').find(|word| !word.is_empty());
            let name =
                name.ok_or_else(|| format!("{}: NODECORE_API without a function", header.display()))?;
            if !names.insert(name.to_owned()) {
                return Err(format!("{}: {name} is declared twice", header.display()).into());
            }
        }
    }
    Ok(names)
}

/// A header's text with every comment made a space.
pub(crate) fn without_comments(text: &str) -> String {
    let mut rest = text;
    let mut out = String::with_capacity(text.len());
    while let Some((before, after)) = rest.split_once("/*") {
        out += before;
        out.push(' ');
        rest = after.split_once("*/").map_or("", |(_, tail)| tail);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::without_comments;

    #[test]
    fn comments_go() {
        assert_eq!(without_comments("a /* b */ c /** d\n */e"), "a   c  e");
        assert_eq!(without_comments("a /* never closed"), "a  ");
    }
}
