//! Long patterns and long inputs: all of it must take time linear in the length, or this does not end.
#![allow(clippy::unwrap_used)]

use nodecore_url::{UrlPattern, UrlPatternComponent, UrlPatternInit, UrlPatternOptions};

const LONG: usize = 1 << 24;

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
        let input = format!("/{}", unit.repeat(LONG / unit.len()));
        assert_eq!(matches(&path(pattern), &input), matching, "{pattern} on {unit}");
    }
}

#[test]
fn long_patterns() {
    for unit in ["a", "/", "{a}", "{a}?", "\\a", "{a}*", "é", ".", "/../", "%2e", "a/", "{\\*}+", "]", "-"] {
        let pattern = format!("/{}", unit.repeat((LONG >> 2) / unit.len()));
        let made = path(&pattern);
        assert!(!matches(&made, "/none of them"));
        assert!(made.pathname().starts_with('/'), "{unit}");
    }
    // What is no pattern is found to be none as fast.
    for unit in [
        "(", "(a", "(?", "{", "}", ":", "((", "(a(?:", "*", ":a", "\\", "(a)", "[", "@", "https://", "#?",
        "::",
    ] {
        let text = unit.repeat(LONG / 4 / unit.len());
        for start in ["", "/", "https://", "https://example.org/", "x:", "https://[", "*://"] {
            let _ = UrlPattern::parse(
                &format!("{start}{text}"),
                Some("https://example.org"),
                UrlPatternOptions::new(),
            );
        }
        for name in ["hostname", "search"] {
            let init = match name {
                "hostname" => UrlPatternInit::new().hostname(text.as_str()),
                _ => UrlPatternInit::new().search(text.as_str()),
            };
            let _ = UrlPattern::from_init(&init, UrlPatternOptions::new());
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
