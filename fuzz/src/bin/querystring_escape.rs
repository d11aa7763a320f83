//! `querystring.escape`, `unescape` and `unescapeBuffer`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nodecore_fuzz::Text;
use nodecore_querystring::{Latin1, Latin1Text, escape, unescape, unescape_buffer};

fuzz_target!(|data: &[u8]| {
    let text = Text::new(data);
    let units = &text.utf16[..];
    let escaped = escape(units);
    // Node takes any two units for a pair if the first is a surrogate, so not each lone one is an error.
    assert!(escaped.is_ok() || text.utf8.is_none(), "{units:?}");
    let unescaped = unescape(units);
    let buffers = [false, true].map(|spaces| unescape_buffer(units, spaces));
    assert!(buffers[0].len() <= units.len() && unescaped.len() <= units.len());
    if let Some(utf8) = &text.utf8 {
        let escaped = escaped.as_ref().unwrap();
        assert_eq!(escape(utf8.as_str()).unwrap(), *escaped);
        assert_eq!(unescape(&**escaped), utf8.as_str(), "there and back");
        assert_eq!(unescape_buffer(&**escaped, false), utf8.as_bytes(), "there and back in bytes");
        assert!(unescape(utf8.as_str()).encode_utf16().eq(unescaped.iter().copied()));
        assert_eq!([false, true].map(|spaces| unescape_buffer(utf8.as_str(), spaces)), buffers);
    }
    if let Some(latin1) = &text.latin1 {
        assert_eq!(escape(Latin1(latin1)).unwrap(), *escaped.as_ref().unwrap());
        let back = match unescape(Latin1(latin1)) {
            Latin1Text::Latin1(bytes) => bytes.iter().map(|&byte| byte.into()).collect(),
            Latin1Text::Utf16(units) => units,
        };
        assert_eq!(back, &*unescaped);
        assert_eq!([false, true].map(|spaces| unescape_buffer(Latin1(latin1), spaces)), buffers);
    }
});
