//! File URLs and paths, both ways and in both flavours.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nodecore_fuzz::{Text, check_url};
use nodecore_url::{FileUrlOptions, Url, file_url_to_path, file_url_to_path_buffer, path_to_file_url};

fuzz_target!(|data: &[u8]| {
    for windows in [false, true] {
        let options = FileUrlOptions::new().windows(windows);
        if let Ok(url) = path_to_file_url(data, options) {
            check_url(&url);
            assert_eq!(url.protocol(), "file:");
            // Without a drive it is this machine's current directory, which is no Windows path.
            if windows && !matches!(data, [b'a'..=b'z' | b'A'..=b'Z', b':', b'/' | b'\\', ..]) {
                continue;
            }
            let path =
                file_url_to_path_buffer(&url, options).unwrap_or_else(|error| panic!("{url}: {error}"));
            let again = path_to_file_url(&path, options).unwrap();
            assert_eq!(again, url, "windows: {windows}, path {:?}", String::from_utf8_lossy(&path));
            if !windows && data.starts_with(b"/") {
                let mut resolved = nodecore_path::posix::normalize(data);
                if !data.ends_with(b"/") && resolved.len() > 1 && resolved.ends_with(b"/") {
                    resolved.pop();
                }
                assert_eq!(path, resolved);
            }
        }
        let text = Text::new(data).lossy();
        let (path, bytes) = (file_url_to_path(&*text, options), file_url_to_path_buffer(&*text, options));
        if let Ok(path) = path {
            assert_eq!(bytes.unwrap(), path.as_bytes());
            let url = Url::parse(&*text).unwrap();
            assert_eq!(file_url_to_path(&url, options).unwrap(), path);
        }
    }
});
