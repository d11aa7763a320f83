//! `domainToASCII` and `domainToUnicode`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nodecore_fuzz::Text;
use nodecore_url::{Url, domain_to_ascii, domain_to_unicode};

fuzz_target!(|data: &[u8]| {
    let domain = Text::new(data).lossy();
    let ascii = domain_to_ascii(&domain);
    assert!(ascii.is_ascii());
    let unicode = domain_to_unicode(&domain);
    assert_eq!(ascii.is_empty(), unicode.is_empty());
    if ascii.is_empty() {
        return;
    }
    assert_eq!(domain_to_ascii(&ascii), ascii, "twice");
    assert_eq!(domain_to_unicode(&ascii), unicode);
    assert_eq!(domain_to_ascii(&unicode), ascii, "there and back through {unicode:?}");
    let url = Url::parse(&*format!("https://{ascii}/")).unwrap();
    assert_eq!(url.hostname(), ascii);
});
