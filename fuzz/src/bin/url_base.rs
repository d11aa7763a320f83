//! The URL parser with a base: `input FF base`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nodecore_fuzz::{Text, check_url, fields, parse_url};
use nodecore_url::Url;

fuzz_target!(|data: &[u8]| {
    let [input, base] = fields(data).map(Text::new);
    let Some(base) = parse_url(&base, None) else {
        assert!(Url::resolve(&*input.lossy(), &*base.lossy()).is_err());
        return;
    };
    let Some(url) = parse_url(&input, Some(&base)) else { return };
    check_url(&url);
    assert_eq!(
        Url::resolve(&input.utf16[..], &base.href().encode_utf16().collect::<Vec<_>>()[..]).unwrap(),
        url
    );
    // An absolute URL does not depend on the base.
    assert_eq!(Url::parse_with_base(url.href(), &base).unwrap(), url);
});
