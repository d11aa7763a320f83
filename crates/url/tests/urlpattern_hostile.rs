//! Long patterns and long inputs: time must grow as the length does, from 1 KiB to 16 MiB.
//!
//! What is not linear, and so not here: regular expressions on the backtracking engine (see `UrlPattern`'s *Time*), and
//! the length of the pattern times that of the input where both are long.
#![allow(clippy::unwrap_used)]

use std::time::Instant;

use nodecore_url::{UrlPattern, UrlPatternComponent, UrlPatternInit, UrlPatternOptions};

const LONG: usize = 1 << 24;

/// Runs `work` on what `make` gives for each length, 1 KiB to `longest`, and checks that a length 256 times as great takes
/// no more than 64 times as long a byte: memory that is new to the process costs up to 3 times as much a byte, a busy
/// machine more; what is quadratic takes 256 times as long.
fn assert_linear<T>(what: &str, longest: usize, make: impl Fn(usize) -> T, work: impl Fn(&T)) {
    let lengths: Vec<usize> =
        (10..=24).step_by(2).map(|bits| 1 << bits).filter(|&length| length <= longest).collect();
    let measure = |length: usize| {
        let input = make(length);
        // Enough of the short ones for the clock to see.
        let times = (1 << 14) / length + 1;
        let start = Instant::now();
        for _ in 0..times {
            work(&input);
        }
        start.elapsed().as_secs_f64() / times as f64 / length as f64
    };
    let each: Vec<f64> = lengths.iter().map(|&length| measure(length)).collect();
    for (index, pair) in each.windows(5).enumerate() {
        // A busy machine can make one run slow, but not all of four.
        let slow = |time: f64| time > 64.0 * pair[0];
        let longer = lengths[index + 4];
        assert!(
            !slow(pair[4]) || (0..3).any(|_| !slow(measure(longer))),
            "{what}: {:.2} ns a byte at {longer}, {:.2} at {}",
            pair[4] * 1e9,
            pair[0] * 1e9,
            lengths[index]
        );
    }
}

fn path(pattern: &str) -> UrlPattern {
    UrlPattern::from_init(&UrlPatternInit::new().pathname(pattern), UrlPatternOptions::new()).unwrap()
}

fn matches(pattern: &UrlPattern, input: &str) -> bool {
    let input = UrlPatternInit::new().pathname(input);
    assert_eq!(pattern.exec_init(&input).is_some(), pattern.test_init(&input));
    pattern.test_init(&input)
}

#[test]
fn long_inputs() {
    for (pattern, unit, matching) in [
        ("/*", "/", true),
        ("/:a", "a", true),
        ("/*/b", "a/", false),
        ("/*a*b", "a", false),
        ("/:a{b}?c", "a", false),
        ("/{:a-}+b", "a-", false),
        ("/(a+)b", "a", false),
        ("/((?:a+)+)!", "a", false),
        ("/((?:a|aa)+)b", "a", false),
        ("/([a-z]+)/(x+)?", "a", true),
        ("/:a*", "a/", false),
        ("/:a+", "a/b/", false),
        ("/{*a}*b", "a", false),
    ] {
        let pattern_text = pattern;
        let pattern = path(pattern);
        assert_linear(
            pattern_text,
            LONG,
            |length| format!("/{}", unit.repeat(length / unit.len())),
            |input| assert_eq!(matches(&pattern, input), matching, "{pattern_text} on {unit}"),
        );
    }
}

/// Making the canonical form of an input given by components.
#[test]
fn long_components() {
    let all = UrlPattern::from_init(&UrlPatternInit::new(), UrlPatternOptions::new()).unwrap();
    for unit in ["a", "é", "%2e/", "../", "/..", "?", "'", ".", "-", "\t", "xn--a."] {
        for component in
            ["protocol", "username", "password", "hostname", "port", "pathname", "opaque", "search", "hash"]
        {
            let make = |length: usize| {
                let text = unit.repeat(length / unit.len());
                let init = UrlPatternInit::new();
                match component {
                    "protocol" => init.protocol(text),
                    "username" => init.username(text),
                    "password" => init.password(text),
                    "hostname" => init.hostname(text),
                    "port" => init.port(text),
                    "pathname" => init.pathname(format!("/{text}")),
                    "opaque" => init.protocol("x").pathname(text),
                    "search" => init.search(text),
                    _ => init.hash(text),
                }
            };
            // There are many of these; `long_inputs` has 16 MiB.
            assert_linear(&format!("{component} of {unit}"), LONG >> 2, make, |init| {
                let _ = all.test_init(init);
            });
        }
    }
}

#[test]
fn long_patterns() {
    // A part of a pattern takes more memory than its text, so those of many parts are shorter.
    for (unit, longest) in [
        ("a", LONG),
        ("/", LONG),
        ("é", LONG),
        (".", LONG),
        ("/../", LONG),
        ("%2e", LONG),
        ("]", LONG),
        ("-", LONG),
        ("\\a", LONG >> 2),
        ("{a}", LONG >> 2),
        ("{a}?", LONG >> 2),
        ("{a}*", LONG >> 2),
        ("{\\*}+", LONG >> 2),
    ] {
        assert_linear(
            unit,
            longest,
            |length| format!("/{}", unit.repeat(length / unit.len())),
            |pattern| {
                let made = path(pattern);
                assert!(!matches(&made, "/none of them"));
                assert!(made.pathname().starts_with('/'), "{unit}");
            },
        );
    }
}

/// What is no pattern is found to be none as fast.
#[test]
fn long_patterns_that_are_none() {
    for unit in [
        "(", "(a", "(?", "{", "}", ":", "((", "(a(?:", "*", ":a", "\\", "(a)", "[", "@", "https://", "#?",
        "::",
    ] {
        let repeated = |length: usize| unit.repeat(length / unit.len());
        for start in ["", "/", "https://", "https://example.org/", "x:", "https://[", "*://"] {
            let make = |length: usize| format!("{start}{}", repeated(length));
            assert_linear(&format!("{start}{unit}"), LONG >> 4, make, |text| {
                let _ =
                    UrlPattern::parse(text.as_str(), Some("https://example.org"), UrlPatternOptions::new());
            });
        }
        for is_host in [true, false] {
            let make = |length: usize| match is_host {
                true => UrlPatternInit::new().hostname(repeated(length)),
                false => UrlPatternInit::new().search(repeated(length)),
            };
            assert_linear(unit, LONG >> 4, make, |init| {
                let _ = UrlPattern::from_init(init, UrlPatternOptions::new());
            });
        }
    }
}

#[test]
fn many_groups() {
    let groups = |count: usize| (0..count).map(|index| format!("/:g{index}")).collect::<String>();
    let input: String = (0..32_767).map(|index| format!("/v{index}")).collect();
    let pattern = path(&groups(32_767));
    let found = pattern.exec_init(&UrlPatternInit::new().pathname(input)).unwrap();
    assert_eq!(found.pathname().group("g32766"), Some("v32766"));
    assert_eq!(found.pathname().groups().len(), 32_767);
    let too_many = UrlPatternInit::new().pathname(groups(32_768));
    assert!(UrlPattern::from_init(&too_many, UrlPatternOptions::new()).is_err());
    let stars = UrlPatternInit::new().pathname("*".repeat(LONG));
    assert!(UrlPattern::from_init(&stars, UrlPatternOptions::new()).is_err());
}

#[test]
fn deep_regular_expressions() {
    for (open, close) in [("(?:", ")"), ("(?=", ")"), ("[", "]"), ("(?:a|", ")*"), ("(?<!", ")")] {
        for depth in [10, 200, 1000, 100_000] {
            let regexp = format!("/({}a{})", open.repeat(depth), close.repeat(depth));
            let init = UrlPatternInit::new().pathname(regexp);
            let made = UrlPattern::from_init(&init, UrlPatternOptions::new());
            assert_eq!(made.is_ok(), depth < 1000, "{open} {depth}");
            if let Ok(made) = made {
                let _ = matches(&made, "/a");
                assert_eq!(made.component(UrlPatternComponent::Pathname).len(), made.pathname().len());
            }
        }
    }
}
