//! `c-api/abi.txt`: the interface as it was recorded, by its version. What is recorded is neither changed nor taken away
//! before the version changes; what is new has to be recorded, by `--write-abi`.
//!
//! One line each for a function, a struct, a type and a constant. A struct whose first field is `struct_size` may
//! grow at its end: the library reads no further than its caller says.

use super::Inputs;
use super::shape::Header;
use crate::kit::{self, Result, Tally};
use std::collections::BTreeMap;
use std::path::PathBuf;

const HEAD: &str = "# The C interface as it is to stay until the version changes: recorded by `cargo xtask abi --write-abi`, and held\n\
                    # against the headers by `cargo xtask abi`.\n";

/// Name and kind to what is said of it.
type Lines = BTreeMap<String, String>;

#[derive(Debug, Default, PartialEq, Eq)]
struct Recorded {
    /// The part of the version that an ABI has.
    abi: String,
    lines: Lines,
}

/// How two descriptions differ.
#[derive(Debug, Default, PartialEq, Eq)]
struct Difference {
    /// What no program built before can bear.
    broken: Vec<String>,
    /// What is there besides, and not recorded.
    new: Vec<String>,
}

impl Recorded {
    fn of(header: &Header, version: &str) -> Recorded {
        let abi = version.split('.').take(2).collect::<Vec<_>>().join(".");
        Recorded { abi, lines: header.described().map(|(name, said)| (name, plain(&said))).collect() }
    }

    fn parse(text: &str) -> Result<Recorded> {
        let mut recorded = Recorded::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (name, said) =
                line.split_once(" = ").ok_or_else(|| format!("abi.txt: no \" = \" in: {line}"))?;
            if name == "abi" {
                said.clone_into(&mut recorded.abi);
            } else {
                recorded.lines.insert(name.to_owned(), said.to_owned());
            }
        }
        Ok(recorded)
    }

    fn text(&self) -> String {
        let lines = self.lines.iter().map(|(name, said)| format!("{name} = {said}\n"));
        format!("{HEAD}abi = {}\n{}", self.abi, lines.collect::<String>())
    }

    /// What `now` has made of it.
    fn difference(&self, now: &Recorded) -> Difference {
        let mut found = Difference::default();
        for (name, said) in &self.lines {
            match now.lines.get(name) {
                None => found.broken.push(format!("{name} is gone")),
                Some(same) if same == said => {}
                Some(other) if grown(said, other) => found.new.push(format!("{name} has grown: {other}")),
                Some(other) => found.broken.push(format!("{name} was {said}\n  and is {other}")),
            }
        }
        let new = now.lines.keys().filter(|name| !self.lines.contains_key(*name));
        found.new.extend(new.map(|name| format!("{name} is new")));
        found
    }
}

/// Whether `now` is a struct that tells its size, with fields behind those that it had.
fn grown(was: &str, now: &str) -> bool {
    let fields = |said: &str| said.strip_prefix("{ ")?.strip_suffix(" }").map(str::to_owned);
    match (fields(was), fields(now)) {
        (Some(was), Some(now)) => {
            was.starts_with("struct_size: usize") && now.starts_with(&format!("{was}, "))
        }
        _ => false,
    }
}

/// Without the paths and blanks that bindgen's text has.
fn plain(said: &str) -> String {
    let text = said
        .replace(":: std :: os :: raw :: ", "")
        .replace(":: std :: option :: ", "")
        .replace("unsafe extern \"C\" fn", "fn");
    [
        ("* ", "*"),
        (" < ", "<"),
        (" >", ">"),
        (" , ", ", "),
        (" :", ":"),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (" ;", ";"),
    ]
    .iter()
    .fold(text, |text, (from, to)| text.replace(from, to))
    .trim()
    .to_owned()
}

fn file(inputs: &Inputs) -> PathBuf {
    inputs.capi.join("abi.txt")
}

pub(super) fn check(inputs: &Inputs, header: &Header, tally: &mut Tally) -> Result<()> {
    let now = Recorded::of(header, &inputs.version);
    let recorded = match file(inputs) {
        file if file.exists() => Recorded::parse(&kit::read(&file)?)?,
        _ => Recorded::default(),
    };
    if recorded.abi != now.abi {
        let why = format!("it is of {}, the version is {}: record it by --write-abi", recorded.abi, now.abi);
        tally.fail("recorded ABI", &why);
        return Ok(());
    }
    let found = recorded.difference(&now);
    for what in &found.broken {
        tally.fail(
            "recorded ABI",
            &format!("{what}\nthat needs another minor version, and so another soname"),
        );
    }
    for what in &found.new {
        tally.fail("recorded ABI", &format!("{what}: record it by --write-abi"));
    }
    if found == Difference::default() {
        tally.pass(&format!("recorded ABI = the headers ({} lines)", now.lines.len()));
    }
    Ok(())
}

/// Records what the headers say, unless that breaks what was recorded.
pub(super) fn write(inputs: &Inputs, header: &Header) -> Result<()> {
    let (path, now) = (file(inputs), Recorded::of(header, &inputs.version));
    if path.exists() {
        let recorded = Recorded::parse(&kit::read(&path)?)?;
        let broken = recorded.difference(&now).broken;
        if recorded.abi == now.abi && !broken.is_empty() {
            let what = broken.join("\n");
            return Err(format!("not recorded, since it breaks the ABI of {}:\n{what}", now.abi).into());
        }
    }
    kit::write(&path, now.text())?;
    println!("c-api/abi.txt: {} lines", now.lines.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(lines: &[(&str, &str)]) -> Recorded {
        let lines = lines.iter().map(|(name, said)| ((*name).to_owned(), (*said).to_owned())).collect();
        Recorded { abi: "0.1".to_owned(), lines }
    }

    #[test]
    fn text_and_back() {
        let some = recorded(&[("const A", "1"), ("fn b", "(*const c_void, usize) -> i32")]);
        assert_eq!(Recorded::parse(&some.text()).expect("its own text"), some);
        assert!(Recorded::parse("fn b").is_err());
    }

    #[test]
    fn what_breaks_and_what_is_new() {
        let options = "{ struct_size: usize, level: i32 }";
        let was =
            recorded(&[("fn a", "()"), ("struct b", "{ x: i32 }"), ("struct c", options), ("const D", "1")]);
        let broken = |now: &[(&str, &str)]| was.difference(&recorded(now)).broken.len();
        let rest = [("struct b", "{ x: i32 }"), ("struct c", options), ("const D", "1")];
        assert_eq!(broken(&[&[("fn a", "()")][..], &rest].concat()), 0);
        assert_eq!(broken(&rest), 1, "a function is gone");
        assert_eq!(broken(&[&[("fn a", "(i32)")][..], &rest].concat()), 1, "a parameter more");
        let now =
            [("fn a", "()"), ("struct b", "{ x: i32, y: i32 }"), ("struct c", options), ("const D", "2")];
        assert_eq!(broken(&now), 2, "a struct without a size, and a constant");
        let grown = [
            ("fn a", "()"),
            ("struct b", "{ x: i32 }"),
            ("struct c", "{ struct_size: usize, level: i32, more: bool }"),
            ("const D", "1"),
            ("fn e", "()"),
        ];
        let found = was.difference(&recorded(&grown));
        assert_eq!((found.broken.len(), found.new.len()), (0, 2), "{found:?}");
        let other = [
            ("fn a", "()"),
            ("struct b", "{ x: i32 }"),
            ("struct c", "{ struct_size: usize, level: i64, more: bool }"),
            ("const D", "1"),
        ];
        assert_eq!(broken(&other), 1, "a field has changed");
    }
}
