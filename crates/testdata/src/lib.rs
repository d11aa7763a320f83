//! Loads the cases of `tests/data` and runs each through every form a module has; [`node`] compares with a real Node.
//!
//! A file is TOML: a head that says from which Node and how it was recorded, settings of the recording, and cases. A
//! case has a name, the function, its arguments, and the value *or* the error it gives:
//!
//! ```
//! let file = nodecore_testdata::parse("demo", r#"
//! node = "26.10.0"
//! recorded = "by hand"
//! [settings]
//! cwd = "/home/user"
//! [[case]]
//! name = "two parts"
//! call = "posix.join"
//! args = ["/a", "b"]
//! value = "/a/b"
//! [[case]]
//! name = "not there"
//! call = "statSync"
//! args = ["nowhere"]
//! error = { code = "ENOENT", syscall = "stat", message = "ENOENT: no such file or directory, stat 'nowhere'" }
//! "#)?;
//! assert_eq!(file.cases.len(), 2);
//! assert_eq!(file.setting("cwd"), Some("/home/user"));
//! # Ok::<(), String>(())
//! ```

#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, reason = "test data, read by tests only")]

pub mod node;

use nodecore_error::Error;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;

/// What arguments and results are written as: text, whole numbers, booleans, lists, tables of named parts.
pub use toml::Value;

/// One file of `tests/data`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The file's name without `.toml`.
    #[serde(skip)]
    pub name: String,
    /// The version of Node that gave the expected results.
    pub node: String,
    /// How it was recorded.
    pub recorded: String,
    /// What held while it was recorded, such as the current directory.
    #[serde(default)]
    pub settings: toml::Table,
    /// The cases, in order.
    #[serde(rename = "case")]
    pub cases: Vec<Case>,
}

/// One call and what it gives.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Unique in its file.
    pub name: String,
    /// Node's name of the function, such as `posix.join`.
    pub call: String,
    /// The arguments in order.
    #[serde(default)]
    pub args: Vec<Value>,
    value: Option<Value>,
    error: Option<ExpectedError>,
}

/// What a case gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Expected<'a> {
    /// It succeeds with this value.
    Value(&'a Value),
    /// It fails so.
    Error(&'a ExpectedError),
}

/// The fields of an expected error; those that are absent have to be absent from the error as well.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedError {
    /// Node's `err.code`.
    pub code: String,
    /// Node's `err.errno`, if it has one.
    pub errno: Option<i32>,
    /// Node's `err.syscall`, if it has one.
    pub syscall: Option<String>,
    /// Node's `err.message`.
    pub message: String,
}

impl File {
    /// A setting that is text.
    pub fn setting(&self, name: &str) -> Option<&str> {
        self.settings.get(name)?.as_str()
    }
}

impl Case {
    /// The value or the error of this case.
    pub fn expected(&self) -> Expected<'_> {
        match (&self.value, &self.error) {
            (_, Some(error)) => Expected::Error(error),
            (Some(value), None) => Expected::Value(value),
            // `parse` refuses a case with neither.
            (None, None) => unreachable!("a case without a result"),
        }
    }

    /// The argument at `index` as text; an argument that is absent or of another kind is an error in the data.
    ///
    /// # Errors
    /// A sentence that says which.
    pub fn text(&self, index: usize) -> Result<&str, String> {
        self.args.get(index).and_then(Value::as_str).ok_or_else(|| format!("argument {index} is no text"))
    }

    /// All arguments as text.
    ///
    /// # Errors
    /// As [`Case::text`].
    pub fn texts(&self) -> Result<Vec<&str>, String> {
        (0..self.args.len()).map(|index| self.text(index)).collect()
    }
}

/// Loads `tests/data/NAME.toml`.
///
/// # Errors
/// A sentence that names the file and what is wrong with it.
pub fn load(name: &str) -> Result<File, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data").join(format!("{name}.toml"));
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    parse(name, &text)
}

/// Reads the text of a file called `name`.
///
/// # Errors
/// A sentence that says what is wrong: a key that is not known, two cases of one name, a case with a value and an
/// error or with neither, no cases at all.
pub fn parse(name: &str, text: &str) -> Result<File, String> {
    let mut file: File = toml::from_str(text).map_err(|error| format!("{name}: {error}"))?;
    name.clone_into(&mut file.name);
    let mut seen = BTreeSet::new();
    for case in &file.cases {
        if !seen.insert(&case.name) {
            return Err(format!("{name}/{}: two cases of this name", case.name));
        }
        if case.value.is_some() == case.error.is_some() {
            return Err(format!("{name}/{}: wants a value or an error, and one of them only", case.name));
        }
    }
    if file.cases.is_empty() {
        return Err(format!("{name}: no cases"));
    }
    Ok(file)
}

/// What a form makes of a case: `Ok` of the call's result, or a sentence if the form cannot run the case.
pub type Answer = Result<Result<Value, Error>, String>;

/// Runs every case of a file through one form and returns how many there are.
///
/// # Errors
/// A line `file/case/form: what differs` for each case that gives something else than expected.
pub fn run(file: &File, form: &str, answer: impl Fn(&Case) -> Answer) -> Result<usize, String> {
    let mut wrong = Vec::new();
    for case in &file.cases {
        if let Some(difference) = difference(case.expected(), answer(case)) {
            wrong.push(format!("{}/{}/{form}: {difference}", file.name, case.name));
        }
    }
    if wrong.is_empty() { Ok(file.cases.len()) } else { Err(wrong.join("\n")) }
}

fn difference(expected: Expected<'_>, answer: Answer) -> Option<String> {
    match (expected, answer) {
        (_, Err(problem)) => Some(problem),
        (Expected::Value(expected), Ok(Ok(value))) => {
            (*expected != value).then(|| format!("{value}, not {expected}"))
        }
        (Expected::Value(expected), Ok(Err(error))) => Some(format!("error '{error}', not {expected}")),
        (Expected::Error(expected), Ok(Ok(value))) => {
            Some(format!("{value}, not error '{}'", expected.message))
        }
        (Expected::Error(expected), Ok(Err(error))) => {
            let found = ExpectedError {
                code: error.code().name().to_owned(),
                errno: error.errno(),
                syscall: error.syscall().map(str::to_owned),
                message: error.to_string(),
            };
            (found != *expected).then(|| format!("{found:?}, not {expected:?}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, parse, run};
    use nodecore_error::{Code, Error};

    const HEAD: &str = "node = \"26\"\nrecorded = \"by hand\"\n";

    #[test]
    fn bad_files_are_refused() {
        let case = "[[case]]\nname = \"a\"\ncall = \"f\"\n";
        for (body, why) in [
            ("case = []".to_owned(), "no cases"),
            (case.to_owned(), "one of them only"),
            (format!("{case}value = 1\nerror = {{ code = \"E\", message = \"m\" }}\n"), "one of them only"),
            (format!("{case}value = 1\n{case}value = 1\n"), "two cases"),
            (format!("{case}value = 1\nvalu = 2\n"), "unknown field"),
        ] {
            let refused = parse("x", &format!("{HEAD}{body}")).unwrap_err();
            assert!(refused.contains(why), "{refused}");
        }
    }

    #[test]
    fn differences_are_told() {
        let cases = "[[case]]\nname = \"a\"\ncall = \"f\"\nvalue = \"x\"\n\
                     [[case]]\nname = \"b\"\ncall = \"f\"\nerror = { code = \"EBADF\", message = \"m\" }\n";
        let file = parse("x", &format!("{HEAD}{cases}")).unwrap();
        let told = run(&file, "sync", |_| Ok(Ok(Value::String("y".into())))).unwrap_err();
        assert_eq!(told, "x/a/sync: \"y\", not \"x\"\nx/b/sync: \"y\", not error 'm'");
        let failing = |case: &super::Case| match case.name.as_str() {
            "a" => Ok(Ok(Value::String("x".into()))),
            _ => Ok(Err(Error::new(Code::EBADF, "m"))),
        };
        assert_eq!(run(&file, "sync", failing), Ok(2));
    }
}
