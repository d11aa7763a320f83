//! The URL parser without a base.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nodecore_fuzz::{Text, check_url, parse_url};

fuzz_target!(|data: &[u8]| {
    if let Some(url) = parse_url(&Text::new(data), None) {
        check_url(&url);
    }
});
