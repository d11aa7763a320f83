//! `path.posix`: up to four paths, `path FF path …`.
#![no_main]

#[path = "../flavour.rs"]
mod flavour;

use flavour::Directories;
use libfuzzer_sys::fuzz_target;
use nodecore_fuzz::fields;
use nodecore_path::posix as path;

const CWD: &str = "/home/me/work";

fn is_settled(_: &str) -> bool {
    true
}

fuzz_target!(|data: &[u8]| {
    flavour::check(data);
    let [one, other] = fields(data);
    if !one.is_empty() && !other.is_empty() {
        let joined = [one, b"/", other].concat();
        assert_eq!(path::join(&[one, other]), path::normalize(&joined), "{one:?}, {other:?}");
    }
    let there = path::relative_with(&Directories, one, other).unwrap();
    let from = path::resolve_with(&Directories, &[one, &there]).unwrap();
    assert_eq!(from, path::resolve_with(&Directories, &[other]).unwrap(), "from {one:?} to {other:?}");
});
