//! Wycheproof's cases (<https://github.com/C2SP/wycheproof>), a line for each file for `cargo xtask conformance`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

#[path = "wycheproof/hmac.rs"]
mod hmac;

use std::path::PathBuf;

use serde_json::Value;

/// Runs the cases of a file: `verdict(group, case)` says whether the crate does as the case wants. The data is not in
/// the repository; without it a line says so.
fn run(name: &str, verdict: impl Fn(&Value, &Value) -> bool) {
    let root = std::env::var_os("NODECORE_CONFORMANCE").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance")),
        PathBuf::from,
    );
    let file = root.join("wycheproof").join(format!("{name}_test.json"));
    let Ok(text) = std::fs::read_to_string(&file) else {
        println!("skipped: no {}", file.display());
        return;
    };
    let file: Value = serde_json::from_str(&text).unwrap();
    let mut failed = vec![];
    let mut count = 0;
    for group in file["testGroups"].as_array().unwrap() {
        for case in group["tests"].as_array().unwrap() {
            count += 1;
            if !verdict(group, case) {
                failed.push(case);
            }
        }
    }
    println!("{name}_test.json: {} of {count} as expected", count - failed.len());
    assert_eq!(Some(count), file["numberOfTests"].as_u64().and_then(|count| count.try_into().ok()));
    assert!(failed.is_empty(), "{name}: {failed:?}");
}

fn bytes(hex: &Value) -> Vec<u8> {
    let hex = hex.as_str().unwrap().as_bytes();
    assert!(hex.len().is_multiple_of(2));
    hex.chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}
