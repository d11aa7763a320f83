//! Project Wycheproof (<https://github.com/C2SP/wycheproof>): every vector as its verdict says. `cargo xtask
//! conformance wycheproof` adds up what this prints.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

mod agreement;
mod ciphers;
mod hmac;
mod kdf;
mod sealed;
mod signatures;

use std::collections::BTreeSet;

use serde_json::Value;

/// What is expected of a vector.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Valid,
    Invalid,
    /// Either.
    Acceptable,
}

fn expected_failures(file: &str) -> BTreeSet<u64> {
    let lines = include_str!("../expected_failures.txt").lines().filter(|line| !line.starts_with("//"));
    lines.filter_map(|line| line.strip_prefix(file)?.trim().parse().ok()).collect()
}

/// Runs every vector of a file: `run` gives whether the vector was accepted, from its group and itself.
fn file(name: &str, run: impl Fn(&Value, &Value) -> bool) {
    let root = std::env::var_os("NODECORE_CONFORMANCE").map_or_else(
        || {
            std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance"))
                .to_owned()
        },
        Into::into,
    );
    let Ok(text) = std::fs::read_to_string(root.join("wycheproof").join(name)) else {
        println!("skipped: {name} is not there (set NODECORE_CONFORMANCE)");
        return;
    };
    let data: Value = serde_json::from_str(&text).unwrap();
    let (mut good, mut total) = (0, 0);
    let mut expected = expected_failures(name);
    for group in data["testGroups"].as_array().unwrap() {
        for vector in group["tests"].as_array().unwrap() {
            let verdict = match vector["result"].as_str().unwrap() {
                "valid" => Verdict::Valid,
                "invalid" => Verdict::Invalid,
                _ => Verdict::Acceptable,
            };
            total += 1;
            let accepted = run(group, vector);
            let right = verdict == Verdict::Acceptable || accepted == (verdict == Verdict::Valid);
            // One that is expected to fail has to.
            if right != expected.remove(&vector["tcId"].as_u64().unwrap()) {
                good += 1;
            } else {
                println!("{name}: {} is not as expected: {}", vector["tcId"], vector["comment"]);
            }
        }
    }
    println!("{name}: {good} of {total} as expected");
    assert!(expected.is_empty(), "{name} has no {expected:?}");
    assert_eq!((good, total), (total, data["numberOfTests"].as_u64().unwrap()), "{name}");
}

/// The bytes of a field in hexadecimal.
fn bytes(vector: &Value, field: &str) -> Vec<u8> {
    nodecore_buffer::encode(vector[field].as_str().unwrap(), nodecore_buffer::Encoding::Hex)
}
