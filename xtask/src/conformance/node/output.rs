//! What a failed test printed: the first line that says what is wrong, and the end.

/// The bytes kept of either end of an output.
pub(super) const KEPT: usize = 16 << 10;
/// The longest first line that is shown, in characters.
const LONGEST: usize = 300;

/// The line by which a test says that it skips itself here.
pub(super) fn skipped(stdout: &str) -> Option<&str> {
    let line = stdout.lines().find(|line| line.starts_with("1..0 # Skipped"))?;
    Some(line.trim_start_matches("1..0 # Skipped").trim_start_matches(':').trim())
}

/// The first line that says what failed, with the place in the test file `name`, if the output has them.
pub(super) fn first_failing_line(stdout: &str, stderr: &str, name: &str) -> Option<String> {
    let found = [stderr, stdout].iter().find_map(|text| error_in(text));
    let line = found.or_else(|| [stderr, stdout].iter().find_map(|text| plain(text)))?;
    let place = [stderr, stdout].iter().find_map(|text| place_in(text, name));
    let mut line = line.chars().filter(|c| !c.is_control()).take(LONGEST).collect::<String>();
    if let Some(place) = place {
        line.push_str(&format!(" (line {place})"));
    }
    Some(line)
}

/// A thrown error's message: its first line, and where that only announces what differs, what follows.
fn error_in(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let at = lines.iter().position(|line| is_error(line) || line.starts_with("Mismatched "))?;
    let mut message = lines[at].trim_start_matches("Uncaught ").to_owned();
    if message.ends_with(':') || message.ends_with("actual - expected") {
        let detail: Vec<&str> = lines[at + 1..]
            .iter()
            .take_while(|line| !line.starts_with("at "))
            .copied()
            .filter(|line| !line.is_empty() && !line.starts_with("+ actual - expected") && !is_caret(line))
            .collect();
        // Of a comparison what was there and what was to be; else what comes next.
        let side = |sign: &str| detail.iter().copied().find(|line| line.starts_with(sign));
        let told: Vec<&str> = match (side("+ "), side("- ")) {
            (None, None) => detail.first().copied().into_iter().collect(),
            (actual, expected) => actual.into_iter().chain(expected).collect(),
        };
        for line in told {
            message.push(' ');
            message.push_str(&line.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    Some(message)
}

/// Whether a line begins as `TypeError [CODE]: …` or `Error: …` does.
fn is_error(line: &str) -> bool {
    let line = line.trim_start_matches("Uncaught ").trim_start_matches('[');
    let Some((head, _)) = line.split_once(':') else { return false };
    let class = head.split(" [").next().unwrap_or(head);
    let rest = &head[class.len()..];
    let named = class.ends_with("Error") || class.ends_with("Exception");
    named
        && class.chars().all(|c| c.is_alphanumeric() || c == '_')
        && class.starts_with(char::is_uppercase)
        && (rest.is_empty() || rest.ends_with(']'))
}

/// The first line that is neither empty nor about where the runtime was; a caret ends the source that it
/// shows.
fn plain(text: &str) -> Option<String> {
    let noise = |line: &&str| {
        line.is_empty()
            || ["node:", "(node:", "(Use `node", "at ", "TAP version", "#"]
                .iter()
                .any(|start| line.starts_with(start))
    };
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let start = lines.iter().position(|line| is_caret(line)).map_or(0, |at| at + 1);
    lines[start..].iter().copied().find(|line| !noise(line)).map(str::to_owned)
}

fn is_caret(line: &str) -> bool {
    !line.is_empty() && line.chars().all(|c| c == '^' || c == '~')
}

/// The number of the first line of `name` in a stack.
fn place_in<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let lines = text.lines().filter(|line| line.trim_start().starts_with("at "));
    lines.flat_map(|line| line.match_indices(name).map(move |(at, _)| &line[at + name.len()..])).find_map(
        |rest| {
            let number = rest.strip_prefix(':')?.split(':').next()?;
            number
                .bytes()
                .all(|byte| byte.is_ascii_digit())
                .then_some(number)
                .filter(|number| !number.is_empty())
        },
    )
}

#[cfg(test)]
mod tests {
    use super::{first_failing_line, skipped};

    #[test]
    fn skips_are_read() {
        assert_eq!(skipped("1..0 # Skipped: missing crypto\n"), Some("missing crypto"));
        assert_eq!(skipped("ok\n 1..0 # Skipped: x"), None);
    }

    #[test]
    fn the_first_failing_line() {
        let stderr = "node:assert:126\n  throw new AssertionError(obj);\n  ^\n\n\
            AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:\n\n1 !== 2\n\n\
            \x20   at Object.<anonymous> (/a/test/parallel/test-fs-x.js:17:8)\n\
            \x20   at node:internal/main:1:1 {\n";
        assert_eq!(
            first_failing_line("", stderr, "test-fs-x.js").as_deref(),
            Some("AssertionError [ERR_ASSERTION]: Expected values to be strictly equal: 1 !== 2 (line 17)")
        );
        let stdout =
            "Mismatched noop function calls. Expected exactly 1, actual 0.\n    at f (test-a.js:3:1)\n";
        assert_eq!(
            first_failing_line(stdout, "(node:1) Warning: x\n", "test-a.js").as_deref(),
            Some("Mismatched noop function calls. Expected exactly 1, actual 0. (line 3)")
        );
        let bad = "/bin/node: bad option: --x\n";
        assert_eq!(first_failing_line("", bad, "t.js").as_deref(), Some("/bin/node: bad option: --x"));
        assert_eq!(first_failing_line("\n", "node:fs:1\n  f();\n  ^\n", "t.js"), None);
        let differs = "node:a:1\n  f(x);\n  ^\n\n[AssertionError [ERR_ASSERTION]: Expected:\n\
            + actual - expected\n\n\
            \x20 Comparison {\n+   code: 'A',\n-   code:  'B',\n-   c: 1\n  }\n";
        assert_eq!(
            first_failing_line("", differs, "t.js").as_deref(),
            Some("[AssertionError [ERR_ASSERTION]: Expected: + code: 'A', - code: 'B',")
        );
    }

    #[test]
    fn what_looks_like_an_error_but_is_a_sentence_is_none() {
        assert!(!super::is_error("No Error: fine"));
        assert!(!super::is_error("Error without a colon"));
        assert!(super::is_error("Uncaught RangeError [ERR_OUT_OF_RANGE]: x"));
        assert!(super::is_error("DOMException [DataError]: x"));
    }
}
