//! Legacy `url.parse`, `url.format` and `url.resolve`: `from FF to`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nodecore_fuzz::{Text, fields};
use nodecore_url::legacy::{self, LegacyUrl};

fuzz_target!(|data: &[u8]| {
    let [from, to] = fields(data).map(|field| Text::new(field).lossy());
    for slashes in [false, true] {
        let Ok(url) = legacy::parse(&from, slashes) else { continue };
        assert_eq!((legacy::format(&url), url.to_string()), (url.href.clone(), url.href.clone()));
        if let (Some(path), Some(pathname)) = (&url.path, &url.pathname) {
            assert_eq!(*path, format!("{pathname}{}", url.search.as_deref().unwrap_or_default()));
        }
    }
    match (legacy::resolve(&from, &to), legacy::resolve_object(&from, &to)) {
        (Ok(text), Ok(url)) => assert_eq!(text, legacy::format(&url)),
        (Err(_), Err(_)) => {}
        (text, url) => panic!("resolve gives {text:?}, resolve_object {url:?}"),
    }
    let [protocol, host, rest] = fields(data).map(|field| Some(Text::new(field).lossy()));
    for slashes in [None, Some(false), Some(true)] {
        let (protocol, host, rest) = (protocol.clone(), host.clone(), rest.clone());
        let url = LegacyUrl {
            protocol,
            slashes,
            host,
            pathname: rest.clone(),
            search: rest,
            ..LegacyUrl::default()
        };
        legacy::format(&url);
    }
});
