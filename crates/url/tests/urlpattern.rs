//! web-platform-tests' own data for URL patterns, verbatim, against this crate.
//!
//! A case that fails must be named in `expected_failures.txt`, and one that is named there must fail.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use nodecore_url::{
    Url, UrlPattern, UrlPatternComponent, UrlPatternInit, UrlPatternOptions, UrlPatternResult,
};
use serde_json::{Value, json};

/// The path is from the workspace's root, or `NODECORE_CONFORMANCE`'s.
fn data(name: &str) -> Option<Value> {
    let root = std::env::var_os("NODECORE_CONFORMANCE").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance")),
        PathBuf::from,
    );
    let Ok(text) = std::fs::read_to_string(root.join("wpt/urlpattern").join(name)) else {
        println!("skipped: {name} is not there (set NODECORE_CONFORMANCE)");
        return None;
    };
    Some(serde_json::from_str(&with_scalar_values(&text)).unwrap())
}

/// The escapes of lone surrogates replaced by that of U+FFFD, as Web IDL gives strings to `URLPattern`.
fn with_scalar_values(json: &str) -> String {
    let surrogate = |text: &str| {
        let lead = text.strip_prefix("\\u").and_then(|hex| hex.get(..2)).map(str::to_ascii_lowercase);
        lead.filter(|lead| lead.starts_with('d')).map(|lead| (lead.as_str() >= "d8", lead.as_str() >= "dc"))
    };
    let (mut out, mut rest) = (String::new(), json);
    while let Some(at) = rest.find("\\u") {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match surrogate(rest) {
            Some((true, false)) if surrogate(&rest[6..]) == Some((true, true)) => 12,
            Some((true, _)) => {
                out.push_str("\\ufffd");
                rest = &rest[6..];
                continue;
            }
            _ => 6,
        };
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out + rest
}

/// Runs `check` on each case of a file and compares the numbers of those that fail with the expected ones.
fn run(file: &str, check: impl Fn(&Value) -> Result<(), String>) {
    let Some(list) = data(&format!("{file}.json")) else { return };
    let mut expected: BTreeSet<String> = include_str!("expected_failures.txt")
        .lines()
        .filter_map(|line| line.strip_prefix(file)?.strip_prefix(' ').map(str::to_owned))
        .collect();
    let cases = list.as_array().unwrap();
    let mut unexpected = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        match (check(case), expected.remove(&index.to_string())) {
            (Ok(()), false) | (Err(_), true) => {}
            (Ok(()), true) => {
                unexpected.push(format!("{file} {index}: passes, but is in expected_failures.txt"))
            }
            (Err(why), false) => unexpected.push(format!("{file} {index}: {why}\n    {case}")),
        }
    }
    unexpected.extend(expected.into_iter().map(|name| format!("{file} {name}: no such case")));
    println!("{file}: {} of {} as expected", cases.len() - unexpected.len().min(cases.len()), cases.len());
    assert!(!cases.is_empty(), "{file} has no cases");
    assert!(unexpected.is_empty(), "{} of {}:\n{}", unexpected.len(), cases.len(), unexpected.join("\n"));
}

fn component(name: &str) -> Option<UrlPatternComponent> {
    UrlPatternComponent::ALL.into_iter().find(|component| component.name() == name)
}

fn init(object: &Value) -> UrlPatternInit {
    let mut init = UrlPatternInit::new();
    for (key, value) in object.as_object().unwrap() {
        // What is no component, such as an option in the wrong place, is not looked at.
        let Some(value) = value.as_str() else { continue };
        init = match key.as_str() {
            "protocol" => init.protocol(value),
            "username" => init.username(value),
            "password" => init.password(value),
            "hostname" => init.hostname(value),
            "port" => init.port(value),
            "pathname" => init.pathname(value),
            "search" => init.search(value),
            "hash" => init.hash(value),
            "baseURL" => init.base_url(value),
            _ => panic!("no component {key}"),
        };
    }
    init
}

/// The pattern of JavaScript's arguments; what the types here do not allow is an error too.
fn pattern(args: &[Value]) -> Result<UrlPattern, String> {
    let mut options = UrlPatternOptions::new();
    if let Some(object) = args.iter().skip(1).find(|arg| arg.is_object()) {
        options = options.ignore_case(object["ignoreCase"] == true);
    }
    let base = args.get(1).and_then(Value::as_str);
    match args.first() {
        None => UrlPattern::from_init(&UrlPatternInit::new(), options).map_err(|error| error.to_string()),
        Some(Value::String(pattern)) => {
            let utf16: Vec<u16> = pattern.encode_utf16().collect();
            let made = UrlPattern::parse(pattern, base, options).map_err(|error| error.to_string());
            let again = UrlPattern::parse(&utf16[..], base, options).map_err(|error| error.to_string());
            assert_eq!(format!("{made:?}"), format!("{again:?}"), "from UTF-16");
            made
        }
        Some(_) if base.is_some() => Err("a base beside an object".into()),
        Some(object) => UrlPattern::from_init(&init(object), options).map_err(|error| error.to_string()),
    }
}

/// What each component must be: as told, or what follows from the pattern and its base.
fn expected_component(case: &Value, name: &str) -> String {
    if let Some(expected) = case["expected_obj"][name].as_str() {
        return expected.to_owned();
    }
    if is_exactly_empty(case, name) {
        return String::new();
    }
    let first = &case["pattern"][0];
    let order = ["protocol", "hostname", "port", "pathname", "search", "hash"];
    let place = order.iter().position(|component| *component == name);
    if let Some(own) = first[name].as_str().filter(|own| !own.is_empty()) {
        return own.to_owned();
    }
    let (Some(place), Some(base)) =
        (place, first["baseURL"].as_str().or_else(|| case["pattern"][1].as_str()))
    else {
        return "*".to_owned();
    };
    if first.is_object() && order[..place].iter().any(|earlier| first.get(earlier).is_some()) {
        return "*".to_owned();
    }
    let base = Url::parse(base).unwrap();
    match name {
        "protocol" => base.protocol().trim_end_matches(':'),
        "hostname" => base.hostname(),
        "port" => base.port(),
        "pathname" => base.pathname(),
        "search" => base.search().trim_start_matches('?'),
        _ => base.hash().trim_start_matches('#'),
    }
    .to_owned()
}

fn is_exactly_empty(case: &Value, name: &str) -> bool {
    case["exactly_empty_components"].as_array().is_some_and(|list| list.iter().any(|item| item == name))
}

fn exec(pattern: &UrlPattern, args: &[Value]) -> Result<Option<UrlPatternResult>, String> {
    let base = args.get(1).and_then(Value::as_str);
    let (found, tested) = match args.first() {
        Some(Value::String(input)) => {
            let utf16: Vec<u16> = input.encode_utf16().collect();
            let found = pattern.exec(input, base);
            if format!("{found:?}") != format!("{:?}", pattern.exec(&utf16[..], base)) {
                return Err("another result from UTF-16".into());
            }
            let url = match base {
                Some(base) => Url::resolve(input, base),
                None => Url::parse(input),
            };
            if let Ok(url) = url
                && (format!("{found:?}") != format!("{:?}", pattern.exec_url(&url))
                    || found.is_some() != pattern.test_url(&url))
            {
                return Err("another result from a URL".into());
            }
            let tested = pattern.test(input, base);
            (found, tested)
        }
        Some(object) if base.is_none() => {
            (pattern.exec_init(&init(object)), pattern.test_init(&init(object)))
        }
        Some(_) => return Err("a base beside an object".into()),
        None => (pattern.exec_init(&UrlPatternInit::new()), pattern.test_init(&UrlPatternInit::new())),
    };
    if tested != found.is_some() {
        return Err(format!("test says {tested}, exec {found:?}"));
    }
    Ok(found)
}

fn check_pattern(case: &Value) -> Result<(), String> {
    let args = case["pattern"].as_array().unwrap();
    let made = match (pattern(args), case["expected_obj"] == "error") {
        (Err(_), true) => return Ok(()),
        (Ok(made), true) => return Err(format!("{made:?}, expected an error")),
        (Err(error), false) => return Err(error),
        (Ok(made), false) => made,
    };
    for component in UrlPatternComponent::ALL {
        let (got, want) = (made.component(component), expected_component(case, component.name()));
        if got != want {
            return Err(format!("{}: {got:?}, expected {want:?}", component.name()));
        }
    }
    let getters = [
        made.protocol(),
        made.username(),
        made.password(),
        made.hostname(),
        made.port(),
        made.pathname(),
        made.search(),
        made.hash(),
    ];
    assert_eq!(getters, UrlPatternComponent::ALL.map(|component| made.component(component)));
    // A normal form is a pattern, and its own normal form.
    let mut again = UrlPatternInit::new();
    for component in UrlPatternComponent::ALL {
        again = with(again, component, made.component(component));
    }
    let again = UrlPattern::from_init(&again, UrlPatternOptions::new()).map_err(|error| error.to_string())?;
    for component in UrlPatternComponent::ALL {
        let (before, after) = (made.component(component), again.component(component));
        // A scheme's own port goes only where it is given as it is, not where spaces around it went.
        let port = component == UrlPatternComponent::Port && after.is_empty();
        if before != after && !port {
            return Err(format!("{before:?} is {after:?} when made again"));
        }
    }
    let Some(inputs) = case["inputs"].as_array() else { return Ok(()) };
    let found = match (exec(&made, inputs), case["expected_match"] == "error") {
        (Err(_), true) => return Ok(()),
        (Ok(found), true) => return Err(format!("{found:?}, expected an error")),
        (Err(error), false) => return Err(error),
        (Ok(found), false) => found,
    };
    let Some(found) = found else {
        return if case["expected_match"].is_null() { Ok(()) } else { Err("no match".into()) };
    };
    if case["expected_match"].is_null() {
        return Err(format!("{found:?}, expected no match"));
    }
    for component in UrlPatternComponent::ALL {
        let name = component.name();
        let result = found.component(component);
        let groups: BTreeMap<&str, Option<&str>> = result.groups().collect();
        let got = json!({ "input": result.input(), "groups": groups });
        let want = match case["expected_match"].get(name) {
            Some(want) => want.clone(),
            None if is_exactly_empty(case, name) => json!({ "input": "", "groups": {} }),
            None => json!({ "input": "", "groups": { "0": "" } }),
        };
        if got != want {
            return Err(format!("{name}: {got}, expected {want}"));
        }
    }
    Ok(())
}

fn with(init: UrlPatternInit, component: UrlPatternComponent, value: &str) -> UrlPatternInit {
    match component {
        UrlPatternComponent::Protocol => init.protocol(value),
        UrlPatternComponent::Username => init.username(value),
        UrlPatternComponent::Password => init.password(value),
        UrlPatternComponent::Hostname => init.hostname(value),
        UrlPatternComponent::Port => init.port(value),
        UrlPatternComponent::Pathname => init.pathname(value),
        UrlPatternComponent::Search => init.search(value),
        UrlPatternComponent::Hash => init.hash(value),
    }
}

#[test]
fn urlpatterntestdata() {
    run("urlpatterntestdata", check_pattern);
}

#[test]
fn compare_component() {
    run("urlpattern-compare-test-data", |case| {
        let side = |name: &str| pattern(std::slice::from_ref(&case[name]));
        let (left, right) = (side("left")?, side("right")?);
        let which = component(case["component"].as_str().unwrap()).ok_or("no such component")?;
        let want = case["expected"].as_i64().unwrap().cmp(&0);
        let got = left.compare_component(&right, which);
        let back = right.compare_component(&left, which);
        if got != want || back != want.reverse() || left.compare_component(&left, which) != Ordering::Equal {
            return Err(format!("{got:?} and back {back:?}, expected {want:?}"));
        }
        Ok(())
    });
}

#[test]
fn generate() {
    run("urlpattern-generate-test-data", |case| {
        let made = pattern(std::slice::from_ref(&case["pattern"]))?;
        let groups = case["groups"].as_object().unwrap();
        let groups: Vec<_> =
            groups.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
        // A component that there is not cannot be asked for.
        let which = component(case["component"].as_str().unwrap());
        let got = which.and_then(|which| made.generate(which, &groups));
        if got.as_deref() != case["expected"].as_str() {
            return Err(format!("{got:?}, expected {}", case["expected"]));
        }
        Ok(())
    });
}

#[test]
fn errors_are_node_s() {
    let error = UrlPattern::parse("{", None, UrlPatternOptions::new()).unwrap_err();
    assert_eq!(error.code().name(), "ERR_INVALID_URL_PATTERN");
    assert_eq!(error.class().name(), "TypeError");
    assert_eq!(error.to_string(), "Failed to construct URLPattern");
}
