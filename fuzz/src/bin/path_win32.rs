//! `path.win32`: up to four paths, `path FF path …`.
#![no_main]

#[path = "../flavour.rs"]
mod flavour;

use flavour::Directories;
use libfuzzer_sys::fuzz_target;
use nodecore_fuzz::{Text, fields};
use nodecore_path::win32 as path;

const CWD: &str = "C:\\Users\\me";

/// Whether no colon is there but a drive's. Others make `normalize` and `join` guard against devices in ways of their
/// own, by a `.\` that the next time takes away.
fn is_settled(path: &str) -> bool {
    // Node normalizes a device without a path twice, each time to less.
    if matches!(path.as_bytes(), [b'/' | b'\\', b'/' | b'\\', b'.' | b'?', ..]) {
        return false;
    }
    if path.split(['/', '\\']).any(is_almost_device) {
        return false;
    }
    // A colon behind anything but a drive's letter may move to where it is read as something else.
    let drive = path.starts_with(|sign: char| sign.is_ascii_alphabetic());
    path.char_indices().all(|(at, sign)| sign != ':' || (at == 1 && drive))
}

/// Whether Node writes `.\` before the name, as it does to keep the name of a device from being taken for one, and takes
/// it away the next time: it looks for a colon and takes the last unit for it, a letter or a separator.
fn is_almost_device(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let mut units = name.chars();
    units.next_back();
    is_device(&name) || is_device(units.as_str())
}

fn is_device(name: &str) -> bool {
    let numbered = |rest: &str| matches!(rest, "¹" | "²" | "³") || matches!(rest.as_bytes(), [b'1'..=b'9']);
    matches!(name, "CON" | "PRN" | "AUX" | "NUL")
        || name.strip_prefix("COM").or_else(|| name.strip_prefix("LPT")).is_some_and(numbered)
}

fuzz_target!(|data: &[u8]| {
    flavour::check(data);
    let [one, other] = fields(data);
    let doubled = |path: &[u8]| matches!(path, [b'/' | b'\\', b'/' | b'\\', ..]);
    let joined = [one, b"\\", other].concat();
    if !one.is_empty()
        && !other.is_empty()
        && !doubled(&joined)
        && is_settled(&String::from_utf8_lossy(&joined))
    {
        assert_eq!(path::join(&[one, other]), path::normalize(&joined), "{one:?}, {other:?}");
    }
    let text = Text::new(one);
    let wide = path::to_namespaced_path_with(&Directories, &text.utf16[..]).unwrap();
    if let Some(utf8) = &text.utf8 {
        let narrow = path::to_namespaced_path_with(&Directories, utf8.as_str()).unwrap();
        assert!(narrow.encode_utf16().eq(wide.iter().copied()));
        let resolved = path::resolve_with(&Directories, &[utf8.as_str()]).unwrap();
        // The path itself, or what it resolves to behind a prefix.
        assert!(
            narrow == *utf8 || narrow.ends_with(resolved.trim_start_matches('\\')),
            "{utf8:?}, {narrow:?}"
        );
    }
});
