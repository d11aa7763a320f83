//! The suite's own `parallel.status`: which of its files are not to be run where.
//!
//! Sections `[condition]`, and in them `name: OUTCOME, …`. A condition is made of `$system==linux` and the
//! like, the word `true`, `&&`, `||` and parentheses. Of the outcomes only SKIP matters here: a flaky test
//! has to pass.

use std::env::consts::{ARCH, OS};

#[derive(Debug, Default)]
pub(super) struct Status {
    /// Condition, and the names it skips; a `*` at a name's end stands for anything.
    skips: Vec<(String, String)>,
}

/// The value of a `$variable` on this machine; what is not known is like nothing.
pub(super) fn here(variable: &str) -> Option<&'static str> {
    match variable {
        "system" => Some(if OS == "windows" { "win32" } else { OS }),
        "arch" => Some(match ARCH {
            "x86_64" => "x64",
            "x86" => "ia32",
            "aarch64" => "arm64",
            other => other,
        }),
        "mode" => Some("release"),
        "type" => Some("simple"),
        "asan" | "pointer_compression" => Some("off"),
        _ => None,
    }
}

impl Status {
    pub(super) fn parse(text: &str) -> Status {
        let mut status = Status::default();
        let mut condition = "true";
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default().trim();
            if let Some(inner) = line.strip_prefix('[') {
                condition = inner.trim_end_matches(']');
            } else if let Some((name, outcomes)) = line.split_once(':')
                && outcomes.split(',').any(|outcome| outcome.trim() == "SKIP")
            {
                status.skips.push((condition.to_owned(), name.trim().to_owned()));
            }
        }
        status
    }

    /// Whether the file `stem` is skipped where variables have the values that `value` says.
    pub(super) fn skips(&self, stem: &str, value: &dyn Fn(&str) -> Option<&'static str>) -> bool {
        self.skips.iter().any(|(condition, name)| {
            let same = match name.strip_suffix('*') {
                Some(start) => stem.starts_with(start),
                None => stem == name,
            };
            same && holds(condition, value)
        })
    }
}

/// Whether a condition holds; one that cannot be read does not.
fn holds(condition: &str, value: &dyn Fn(&str) -> Option<&'static str>) -> bool {
    let mut reader = Reader { rest: condition, value };
    let result = reader.any(0);
    result == Some(true) && reader.rest.trim().is_empty()
}

struct Reader<'a> {
    rest: &'a str,
    value: &'a dyn Fn(&str) -> Option<&'static str>,
}

impl<'a> Reader<'a> {
    /// Nothing that people write is deeper.
    const DEPTH: usize = 32;

    fn take(&mut self, token: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn word(&mut self) -> Option<&'a str> {
        let rest = self.rest.trim_start();
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        self.rest = &rest[end..];
        (end > 0).then(|| &rest[..end])
    }

    fn any(&mut self, depth: usize) -> Option<bool> {
        let mut result = self.all(depth)?;
        while self.take("||") || self.take(",") {
            result |= self.all(depth)?;
        }
        Some(result)
    }

    fn all(&mut self, depth: usize) -> Option<bool> {
        let mut result = self.one(depth)?;
        while self.take("&&") {
            result &= self.one(depth)?;
        }
        Some(result)
    }

    fn one(&mut self, depth: usize) -> Option<bool> {
        if depth > Self::DEPTH {
            return None;
        }
        if self.take("(") {
            let result = self.any(depth + 1)?;
            return self.take(")").then_some(result);
        }
        if self.take("$") {
            let name = self.word()?;
            let unequal = self.take("!=");
            let is = if unequal || self.take("==") { self.word()? } else { "on" };
            return Some(((self.value)(name) == Some(is)) != unequal);
        }
        Some(self.word()? == "true")
    }
}

#[cfg(test)]
mod tests {
    use super::{Status, holds};

    fn linux(variable: &str) -> Option<&'static str> {
        match variable {
            "system" => Some("linux"),
            "arch" => Some("x64"),
            _ => None,
        }
    }

    #[test]
    fn conditions() {
        for (condition, expected) in [
            ("true", true),
            ("$system==linux", true),
            (" $system == linux ", true),
            ("$system==win32", false),
            ("$system!=win32", true),
            ("$system==win32 || $system==linux", true),
            ("$system==linux && $arch==arm", false),
            ("$system==linux && ($arch==arm || $arch==x64)", true),
            ("$asan==on", false),
            ("$asan", false),
            ("$system==linux &&", false),
            ("(($system==linux)", false),
            ("", false),
        ] {
            assert_eq!(holds(condition, &linux), expected, "{condition}");
        }
        assert!(!holds(&"(".repeat(100_000), &linux));
    }

    #[test]
    fn files_are_skipped_where_the_section_holds() {
        let status = Status::parse(
            "prefix parallel\n\n# About\n[true]\n[$system==linux]\n# why\ntest-a: SKIP\ntest-b: PASS, FLAKY\n\
             test-c*: PASS,SKIP # why\n[$system==win32]\ntest-d: SKIP\n",
        );
        for (name, expected) in [("test-a", true), ("test-b", false), ("test-c1", true), ("test-d", false)] {
            assert_eq!(status.skips(name, &linux), expected, "{name}");
        }
    }
}
