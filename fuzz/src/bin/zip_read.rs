//! ZIP archives: `mode bytes`. What is read is written again and read again, with the same names and
//! contents.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nodecore_error::Result;
use nodecore_zlib::zip::{ZipArchiveOptions, ZipBuffer, ZipContentOptions, ZipEntry};

/// Far more than an input needs in order to be interesting, and little enough to be quick.
const LIMIT: u64 = 1 << 20;

/// The pieces of an entry in one, or the error that ends them.
fn pieces(entry: &ZipEntry, options: &ZipContentOptions) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    for piece in entry.content_iterator(options)? {
        out.extend_from_slice(&piece?);
        assert!(out.len() as u64 <= LIMIT, "more than was allowed");
    }
    Ok(out)
}

fuzz_target!(|data: &[u8]| {
    let Some((&mode, data)) = data.split_first() else { return };
    let options = ZipContentOptions::new().max_size(LIMIT).verify(mode & 1 == 0);
    let zip = match ZipBuffer::new(data.to_vec()) {
        Ok(zip) => zip,
        Err(error) => {
            assert!(error.code().name().starts_with("ERR_ZIP_"), "{error}");
            return;
        }
    };
    let again = zip.to_buffer_sync(&ZipArchiveOptions::new()).expect("what is read can be written");
    let again = match ZipBuffer::new(again) {
        Ok(again) => again,
        // The comment holds an end record, which Node writes and then refuses too.
        Err(error) if error.to_string().contains("ambiguous end of central directory") => return,
        Err(error) => panic!("what is written cannot be read: {error}"),
    };
    assert!(again.keys().eq(zip.keys()) && again.comment() == zip.comment());
    for (name, entry) in zip.entries() {
        let other = again.get(name).expect("the name is there");
        assert_eq!(
            (entry.size(), entry.mode(), entry.method()),
            (other.size(), other.mode(), other.method())
        );
        let content = entry.content_sync(&options);
        assert_eq!(content, other.content_sync(&options));
        match (content, pieces(entry, &options)) {
            (Ok(content), Ok(pieces)) => assert_eq!(content, pieces),
            (Ok(content), Err(error)) => panic!("{} bytes at once, and {error} in pieces", content.len()),
            (Err(error), Ok(pieces)) => panic!("{error} at once, and {} bytes in pieces", pieces.len()),
            (Err(_), Err(_)) => {}
        }
    }
});
