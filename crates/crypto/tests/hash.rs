//! Hashes: known answers, their life, and as streams.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use bytes::Bytes;
use nodecore_buffer::Encoding;
use nodecore_crypto::{Hash, HashStream, create_hash, hash, hash_encoded};
use nodecore_error::Code;
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_stream::{AsWritable, ByteChunk, Event, Readable, TextOrBytes, pipeline};

/// Algorithm, input, digest: FIPS 180-4's own examples, and a million times the letter a.
const KNOWN: [(&str, &str, &str); 15] = [
    ("DSS1", "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    ("sha1", "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    ("sha1", "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
    ("sha1", LONG, "84983e441c3bd26ebaae4aa1f95129e5e54670f1"),
    ("sha1", MILLION, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"),
    ("sha224", "abc", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"),
    ("sha256", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ("sha256", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("sha256", LONG, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
    ("sha256", MILLION, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ("sha512-224", "abc", "4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa"),
    ("sha512-256", "abc", "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"),
    (
        "sha384",
        "abc",
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
    ),
    (
        "sha512",
        "abc",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
         2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    ),
    (
        "sha512",
        MILLION,
        "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb\
         de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b",
    ),
];
const LONG: &str = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
const MILLION: &str = "(a million times the letter a)";

fn known() -> impl Iterator<Item = (&'static str, Vec<u8>, &'static str)> {
    KNOWN.into_iter().map(|(algorithm, input, digest)| {
        let input = if input == MILLION { vec![b'a'; 1_000_000] } else { input.into() };
        (algorithm, input, digest)
    })
}

#[test]
fn known_answers() {
    for (algorithm, input, digest) in known() {
        assert_eq!(hash_encoded(algorithm, &input, Encoding::Hex).unwrap(), digest);
        for size in [1, 63, 64, 65, 1000] {
            let mut hash = create_hash(algorithm).unwrap();
            for part in input.chunks(size) {
                hash.update(part).unwrap();
            }
            assert_eq!(hash.digest_encoded(Encoding::Hex).unwrap(), digest);
        }
    }
}

#[test]
fn unknown_names_are_errors() {
    let error = create_hash("nope").unwrap_err();
    assert_eq!((error.code(), error.to_string()), (Code::Uncoded, "Digest method not supported".into()));
    let error = hash("No", b"").unwrap_err();
    assert_eq!(
        (error.code(), error.to_string()),
        (Code::Uncoded, "Digest method No is not supported".into())
    );
}

#[test]
fn a_digest_is_taken_once() {
    let mut hash = create_hash("sha256").unwrap();
    let mut copy = hash.update(b"a").unwrap().copy().unwrap();
    assert_eq!(hash.digest().unwrap(), copy.digest().unwrap());
    let finalized = |error: nodecore_error::Error| {
        assert_eq!(error.code(), Code::CryptoHashFinalized);
        assert_eq!(error.to_string(), "Digest already called");
    };
    finalized(hash.digest().unwrap_err());
    finalized(hash.update(b"b").unwrap_err());
    finalized(hash.copy().unwrap_err());
}

#[test]
fn a_copy_goes_its_own_way() {
    let mut hash = create_hash("sha1").unwrap();
    hash.update(b"ab").unwrap();
    let mut copy = hash.copy().unwrap();
    copy.update(b"c").unwrap();
    hash.update(b"d").unwrap();
    assert_eq!(copy.digest().unwrap(), nodecore_crypto::hash("sha1", b"abc").unwrap());
    assert_eq!(hash.digest().unwrap(), nodecore_crypto::hash("sha1", b"abd").unwrap());
}

#[test]
fn hashes_move_between_threads() {
    fn is_send<T: Send>() {}
    is_send::<Hash>();
}

fn start(lp: &EventLoop, algorithm: &str) -> HashStream {
    create_hash(algorithm).unwrap().into_stream(lp)
}

#[test]
fn streams_give_the_digest_at_the_end() {
    let lp = EventLoop::new().unwrap();
    for (algorithm, input, digest) in known() {
        for size in [7, 16 * 1024 - 1, 16 * 1024, 100_000] {
            let stream = start(&lp, algorithm);
            let (seen, asked) = (Rc::new(RefCell::new(Vec::new())), Rc::new(RefCell::new(None)));
            let to = Rc::clone(&seen);
            stream.on_data(move |chunk| to.borrow_mut().push(chunk));
            let (to, hash) = (Rc::clone(&asked), stream.clone());
            stream.on_finish(move || *to.borrow_mut() = Some(hash.digest()));
            // Small chunks between large ones stay in order.
            let mut rest = &input[..];
            let mut small = false;
            while !rest.is_empty() {
                let (part, next) = rest.split_at(rest.len().min(if small { 3 } else { size }));
                stream.write(Bytes::copy_from_slice(part));
                (rest, small) = (next, !small);
            }
            stream.end();
            assert!(!lp.run(RunMode::Default));
            let expected = nodecore_buffer::encode(digest, Encoding::Hex);
            assert_eq!(*seen.borrow(), [Bytes::from(expected.clone())]);
            assert_eq!(asked.take(), Some(Ok(expected)));
            assert_eq!(stream.digest().unwrap_err().code(), Code::CryptoHashFinalized);
        }
    }
}

#[test]
fn pipelines_end_in_a_hash() {
    let lp = EventLoop::new().unwrap();
    let input = vec![9; 1_000_000];
    let source =
        Readable::from_iter(&lp, input.chunks(65_536).map(Bytes::copy_from_slice).collect::<Vec<_>>());
    let stream = start(&lp, "sha256");
    let (done, hash) = (Rc::new(Cell::new(false)), stream.clone());
    let to = Rc::clone(&done);
    pipeline((&source, &stream.to_writable()), move |result| to.set(result.is_ok())).unwrap();
    assert!(!lp.run(RunMode::Default));
    assert!(done.get());
    assert_eq!(hash.digest().unwrap(), nodecore_crypto::hash("sha256", &input).unwrap());
}

#[test]
fn a_digest_cannot_be_taken_from_under_the_pool() {
    let lp = EventLoop::new().unwrap();
    let stream = start(&lp, "sha256");
    stream.write(Bytes::from(vec![0; 500_000]));
    assert_eq!(stream.digest().unwrap_err().code(), Code::InvalidState);
    assert_eq!(stream.copy().unwrap_err().code(), Code::InvalidState);
    stream.end();
    lp.run(RunMode::Default);
    assert_eq!(stream.digest().unwrap(), hash("sha256", &vec![0; 500_000]).unwrap());
}

#[test]
fn writing_after_the_digest_fails() {
    let lp = EventLoop::new().unwrap();
    for size in [1, 50_000] {
        let stream = start(&lp, "sha256");
        stream.write(Bytes::from("abc"));
        stream.digest().unwrap();
        let error = Rc::new(RefCell::new(None));
        let to = Rc::clone(&error);
        stream.on_error(move |error| *to.borrow_mut() = Some(error.clone()));
        stream.write(Bytes::from(vec![0; size]));
        lp.run(RunMode::Default);
        let error = error.take().unwrap();
        assert_eq!(error.code(), Code::CryptoHashUpdateFailed);
        assert_eq!(error.to_string(), "Hash update failed");
    }
}

#[test]
fn destroying_midway_ends_it() {
    for turns in 0..5 {
        let lp = EventLoop::new().unwrap();
        let stream = start(&lp, "sha512");
        let closed = Rc::new(Cell::new(0));
        let count = Rc::clone(&closed);
        stream.on_close(move || count.set(count.get() + 1));
        stream.on(Event::Finish, || panic!("finished"));
        stream.write(Bytes::from(vec![1; 3_000_000]));
        stream.write(Bytes::from(vec![1; 3_000_000]));
        for _ in 0..turns {
            lp.run(RunMode::NoWait);
        }
        stream.destroy(None);
        assert!(!lp.run(RunMode::Default));
        assert_eq!(closed.get(), 1);
        assert!(lp.close().is_ok());
    }
}

#[test]
fn a_hash_takes_chunks_of_other_types() {
    let lp = EventLoop::new().unwrap();
    let stream: HashStream<TextOrBytes> = create_hash("sha1").unwrap().into_stream_of(&lp);
    stream.write(TextOrBytes::Bytes(Bytes::from("a")));
    stream.end_text("6263", Some(Encoding::Hex));
    let digest = Rc::new(RefCell::new(None));
    let read = Rc::clone(&digest);
    stream.on_data(move |chunk| *read.borrow_mut() = Some(chunk.into_bytes().unwrap()));
    lp.run(RunMode::Default);
    assert_eq!(digest.take().unwrap()[..4], [0xa9, 0x99, 0x3e, 0x36]);
}
