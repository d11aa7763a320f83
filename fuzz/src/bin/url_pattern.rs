//! URLPattern: what a pattern says of itself makes it again, and asking for groups changes no answer.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nodecore_fuzz::Text;
use nodecore_url::{UrlPattern, UrlPatternComponent, UrlPatternInit, UrlPatternOptions};

fuzz_target!(|data: &[u8]| {
    let text = Text::new(data).lossy();
    let (pattern, input) = text.split_once('\n').unwrap_or((&text, "https://example.org/a/b?c#d"));
    let Ok(pattern) = UrlPattern::parse(pattern, Some("https://example.org/x/"), UrlPatternOptions::new())
    else {
        return;
    };
    let part = |component| pattern.component(component);
    let init = UrlPatternInit::new()
        .protocol(part(UrlPatternComponent::Protocol))
        .username(part(UrlPatternComponent::Username))
        .password(part(UrlPatternComponent::Password))
        .hostname(part(UrlPatternComponent::Hostname))
        .port(part(UrlPatternComponent::Port))
        .pathname(part(UrlPatternComponent::Pathname))
        .search(part(UrlPatternComponent::Search))
        .hash(part(UrlPatternComponent::Hash));
    if let Ok(again) = UrlPattern::from_init(&init, UrlPatternOptions::new()) {
        for component in UrlPatternComponent::ALL {
            // `{https}:443` is written `https` and `443`, of which the second is the first's default.
            if component == UrlPatternComponent::Port && part(component) != again.component(component) {
                assert!(matches!(part(component), "21" | "80" | "443"));
                continue;
            }
            // Of a text for these the first `?` or `#` is the separator.
            if part(component).starts_with(['?', '#']) {
                continue;
            }
            assert_eq!(again.component(component), part(component), "{component:?} made again");
        }
    }
    // A regular expression of a stranger's may take for ever, as in JavaScript.
    if pattern.has_regexp_groups() {
        return;
    }
    let found = pattern.exec(input, None);
    assert_eq!(pattern.test(input, None), found.is_some());
    let units: Vec<u16> = input.encode_utf16().collect();
    assert_eq!(pattern.test(&units[..], None), found.is_some(), "as UTF-16");
});
