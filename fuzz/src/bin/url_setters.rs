//! The setters: `url FF names FF value FF value …`, where each byte of `names` chooses the setter of a value.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nodecore_fuzz::{SEPARATOR, Text, check_url, fields};
use nodecore_url::Url;

fuzz_target!(|data: &[u8]| {
    let [url, names, values] = fields(data);
    let Ok(mut url) = Url::parse(&*Text::new(url).lossy()) else { return };
    for (&name, value) in names.iter().zip(values.split(|&byte| byte == SEPARATOR)) {
        let value = Text::new(value).lossy();
        let before = url.clone();
        let changed = match name % 10 {
            0 => url.set_protocol(&value),
            1 => url.set_username(&value),
            2 => url.set_password(&value),
            3 => url.set_host(&value),
            4 => url.set_hostname(&value),
            5 => url.set_port(&value),
            6 => url.set_pathname(&value),
            7 => url.set_search(&value),
            8 => url.set_hash(&value),
            _ => url.set_href(&value).is_ok(),
        };
        if !changed {
            assert_eq!(url, before, "a setter that says false changes nothing");
        }
        // The Standard's setter keeps a host that its parser takes away.
        if url.protocol() != "file:" || url.hostname() != "localhost" {
            check_url(&url);
        }
        if name % 10 != 0 && name % 10 != 9 {
            assert_eq!(url.protocol(), before.protocol());
        }
    }
});
