//! Blobs of files. Expected values: Node 26.10.

#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

mod common;

use bytes::BytesMut;
use common::{Scratch, open_descriptors};
use nodecore_error::{Class, Code, Error};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_fs::{Blob, open_as_blob_sync, promises};

fn text(lp: &EventLoop, blob: &Blob) -> String {
    lp.block_on(blob.text(lp)).unwrap()
}

fn chunks(lp: &EventLoop, blob: &Blob) -> Result<Vec<usize>, Error> {
    let reader = blob.stream(lp)?.get_reader()?;
    lp.block_on(async {
        let mut sizes = Vec::new();
        while let Some(chunk) = reader.read().await? {
            sizes.push(chunk.len());
        }
        Ok(sizes)
    })
}

fn streamed_text(lp: &EventLoop, blob: &Blob) -> Result<Vec<String>, Error> {
    let reader = blob.text_stream(lp)?.get_reader()?;
    lp.block_on(async {
        let mut texts = Vec::new();
        while let Some(text) = reader.read().await? {
            texts.push(text);
        }
        Ok(texts)
    })
}

/// One test, as descriptors are the whole process's.
#[test]
fn blobs() {
    let scratch = Scratch::new("blob");
    let path = scratch.0.join("f");
    let lp = EventLoop::new().unwrap();
    lp.block_on(promises::stat(&lp, "/")).unwrap();
    let before = open_descriptors();
    std::fs::write(&path, "hello world").unwrap();

    // What is there, and what is not.
    let none = scratch.0.join("none");
    for error in [
        open_as_blob_sync(&none, "").unwrap_err(),
        lp.block_on(promises::open_as_blob(&lp, &none, "")).unwrap_err(),
    ] {
        assert_eq!(
            error.to_string(),
            format!("ENOENT: no such file or directory, stat '{}'", none.display())
        );
    }
    assert_eq!(open_as_blob_sync("a\0b", "").unwrap_err().code(), Code::InvalidArgValue);
    let blob = lp.block_on(promises::open_as_blob(&lp, &path, "Text/Plain; X")).unwrap();
    assert_eq!((blob.size(), blob.kind()), (11, "Text/Plain; X"));
    assert_eq!(
        (text(&lp, &blob), blob.bytes_sync().unwrap()),
        ("hello world".to_owned(), b"hello world".to_vec())
    );
    assert_eq!(lp.block_on(blob.bytes(&lp)).unwrap(), b"hello world");
    assert_eq!(chunks(&lp, &blob).unwrap(), [11]);
    let reader = blob.stream(&lp).unwrap().get_byob_reader().unwrap();
    let mut parts = Vec::new();
    lp.block_on(async {
        loop {
            let read = reader.read(BytesMut::zeroed(6), 1).await.unwrap();
            if read.done {
                break;
            }
            parts.extend(read.value);
        }
    });
    assert_eq!(parts, [b"hello ".as_slice(), b"world"]);

    // Parts.
    let parts: [(i64, Option<i64>, &str); 11] = [
        (0, None, "hello world"),
        (2, None, "llo world"),
        (2, Some(5), "llo"),
        (-3, None, "rld"),
        (-5, Some(-2), "wor"),
        (5, Some(2), ""),
        (100, None, ""),
        (0, Some(100), "hello world"),
        (-100, Some(3), "hel"),
        (i64::MIN, Some(i64::MAX), "hello world"),
        (i64::MAX, Some(i64::MIN), ""),
    ];
    for (start, end, expected) in parts {
        let part = blob.slice(start, end, "");
        assert_eq!(
            (text(&lp, &part), part.size()),
            (expected.to_owned(), expected.len() as u64),
            "{start} {end:?}"
        );
    }
    assert_eq!(text(&lp, &blob.slice(2, Some(9), "").slice(1, Some(3), "")), "lo");
    assert_eq!((blob.slice(0, None, "X/Y").kind(), blob.slice(0, None, "x\u{e9}").kind()), ("x/y", ""));

    // A file that has been changed, in size or time, or is gone.
    let refused = |result: Result<Vec<u8>, Error>| {
        let error = result.unwrap_err();
        assert_eq!((error.class(), error.class().name()), (Class::NotReadableError, "NotReadableError"));
        assert_eq!((error.code().name(), error.to_string()), ("", "The blob could not be read".to_owned()));
        error
    };
    std::fs::write(&path, "hello WORLD!").unwrap();
    assert!(refused(blob.bytes_sync()).cause().is_none());
    refused(lp.block_on(blob.bytes(&lp)));
    refused(blob.slice(0, Some(2), "").bytes_sync());
    refused(lp.block_on(blob.text(&lp)).map(String::into_bytes));
    refused(chunks(&lp, &blob).map(|_| Vec::new()));
    let blob = open_as_blob_sync(&path, "").unwrap();
    nodecore_fs::utimes_sync(&path, 1.0, 1.0).unwrap();
    refused(blob.bytes_sync());
    let blob = open_as_blob_sync(&path, "").unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(refused(blob.bytes_sync()).cause().unwrap().code(), Code::ENOENT);
    let directory = open_as_blob_sync(&scratch.0, "").unwrap();
    assert_eq!(refused(directory.bytes_sync()).cause().unwrap().code(), Code::EISDIR);

    // Large ones, empty ones, and a mark at the beginning.
    std::fs::write(&path, vec![b'x'; 1_300_000]).unwrap();
    let blob = open_as_blob_sync(&path, "").unwrap();
    assert_eq!(lp.block_on(blob.bytes(&lp)).unwrap().len(), 1_300_000);
    assert_eq!(chunks(&lp, &blob.slice(0, Some(300_000), "")).unwrap(), [65536, 65536, 65536, 65536, 37856]);
    drop(blob.text(&lp));
    // A character on both sides of a chunk's end.
    std::fs::write(&path, "\u{e9}".repeat(32_767) + "x\u{e9}y").unwrap();
    let texts = streamed_text(&lp, &open_as_blob_sync(&path, "").unwrap()).unwrap();
    assert_eq!(texts, ["\u{e9}".repeat(32_767) + "x", "\u{e9}y".to_owned()]);
    refused(streamed_text(&lp, &blob).map(|_| Vec::new()));
    let blob = open_as_blob_sync(&path, "").unwrap();
    let reader = blob.stream(&lp).unwrap().get_reader().unwrap();
    lp.block_on(async { reader.read().await }).unwrap();
    drop(reader);
    assert_eq!(chunks(&lp, &open_as_blob_sync("/proc/version", "").unwrap()).unwrap(), [0; 0]);
    std::fs::write(&path, "\u{feff}text").unwrap();
    let blob = open_as_blob_sync(&path, "").unwrap();
    assert_eq!(streamed_text(&lp, &blob).unwrap(), ["text"]);
    assert_eq!((text(&lp, &blob), blob.size()), ("text".to_owned(), 7));
    lp.run(RunMode::Default);
    assert_eq!(open_descriptors(), before);
}
