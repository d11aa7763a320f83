//! HMACs and MACs: their life, and as streams. `tests/node.rs` compares their values.
#![allow(clippy::unwrap_used)]

use std::cell::RefCell;
use std::rc::Rc;

use bytes::Bytes;
use nodecore_crypto::{HashOptions, create_hash_with};
use nodecore_crypto::{Hmac, Mac, MacOptions, create_hmac, create_mac, hash_into, hash_with};
use nodecore_error::{Code, Error};
use nodecore_event_loop::{EventLoop, RunMode};

fn mac() -> Mac {
    create_mac("siphash", [7; 16], &MacOptions::default()).unwrap()
}

#[test]
fn a_second_digest_of_an_hmac_is_empty() {
    let mut hmac = create_hmac("sha256", "key").unwrap();
    assert_eq!(hmac.update(b"a").unwrap().digest().unwrap().len(), 32);
    assert_eq!(hmac.digest().unwrap(), b"");
    assert_eq!(hmac.update(b"b").unwrap_err().code(), Code::CryptoHashFinalized);
    assert_eq!(format!("{hmac:?}"), "Hmac(\"finalized\")");
}

#[test]
fn a_mac_is_taken_once() {
    let mut mac = mac();
    assert_eq!(mac.update(b"a").unwrap().finish().unwrap().len(), 16);
    for error in [mac.finish().unwrap_err(), mac.update(b"b").unwrap_err()] {
        assert_eq!(error.code(), Code::CryptoMacFinalized);
        assert_eq!(error.to_string(), "MAC already finalized");
    }
}

#[test]
fn no_key_is_shown() {
    let hmac = create_hmac("sha1", "secret").unwrap();
    assert_eq!(format!("{hmac:?}"), "Hmac(SHA1)");
    assert_eq!(format!("{:?}", mac()), "Mac { finalized: false }");
}

#[test]
fn they_move_between_threads() {
    fn is_send<T: Send>() {}
    is_send::<Hmac>();
    is_send::<Mac>();
}

#[test]
fn lengths_are_checked_before_memory_is_taken() {
    let most = HashOptions::default().output_length(u32::MAX);
    let error = hash_with("shake128", b"", &most).unwrap_err();
    assert_eq!(error.code_name(), "ERR_OSSL_CRYPTO_MALLOC_FAILURE");
    assert_eq!(error.to_string(), "error:078C0100:common libcrypto routines::malloc failure");
    assert!(create_hash_with("shake128", &most).is_ok());
    let error = hash_into("sha256", b"", &mut [0; 31]).unwrap_err();
    assert_eq!(error.code(), Code::OutOfRange);
    let mut room = [9; 33];
    assert_eq!(hash_into("sha3-256", b"abc", &mut room).unwrap(), 32);
    assert_eq!((room[..2].to_vec(), room[32]), (vec![0x3a, 0x98], 9));
}

/// What a stream gives, and how it fails.
#[derive(Default)]
struct Seen {
    data: RefCell<Vec<Bytes>>,
    error: RefCell<Option<Error>>,
}

macro_rules! watched {
    ($stream:expr) => {{
        let seen = Rc::new(Seen::default());
        let to = Rc::clone(&seen);
        $stream.on_data(move |chunk| to.data.borrow_mut().push(chunk));
        let to = Rc::clone(&seen);
        $stream.on_error(move |error| *to.error.borrow_mut() = Some(error.clone()));
        seen
    }};
}

#[test]
fn an_hmac_flows_once() {
    let lp = EventLoop::new().unwrap();
    for size in [3, 100_000] {
        let input = Bytes::from(vec![1; size]);
        let stream = create_hmac("sha256", "key").unwrap().into_stream(&lp);
        let seen = watched!(stream);
        stream.write(input.clone());
        stream.end();
        assert!(!lp.run(RunMode::Default));
        let expected = create_hmac("sha256", "key").unwrap().update(&input).unwrap().digest().unwrap();
        assert_eq!(*seen.data.borrow(), [Bytes::from(expected)]);
        assert_eq!(stream.digest().unwrap(), b"");
    }
}

#[test]
fn an_hmac_that_was_taken_ends_and_takes_no_more() {
    let lp = EventLoop::new().unwrap();
    let stream = create_hmac("sha256", "key").unwrap().into_stream(&lp);
    let seen = watched!(stream);
    assert_eq!(stream.digest().unwrap().len(), 32);
    stream.end();
    lp.run(RunMode::Default);
    assert!(seen.data.borrow().is_empty() && seen.error.borrow().is_none());

    let stream = create_hmac("sha256", "key").unwrap().into_stream(&lp);
    let seen = watched!(stream);
    stream.digest().unwrap();
    stream.write(Bytes::from("a"));
    lp.run(RunMode::Default);
    assert_eq!(seen.error.take().unwrap().code(), Code::CryptoHashUpdateFailed);
}

#[test]
fn a_mac_flows_once() {
    let lp = EventLoop::new().unwrap();
    for size in [3, 100_000] {
        let input = Bytes::from(vec![1; size]);
        let stream = mac().into_stream(&lp);
        let seen = watched!(stream);
        stream.write(input.clone());
        stream.end();
        assert!(!lp.run(RunMode::Default));
        assert_eq!(*seen.data.borrow(), [Bytes::from(mac().update(&input).unwrap().finish().unwrap())]);
        assert_eq!(stream.finish().unwrap_err().code(), Code::CryptoMacFinalized);
    }
}

#[test]
fn a_mac_that_was_taken_fails_its_stream() {
    let lp = EventLoop::new().unwrap();
    for write in [true, false] {
        let stream = mac().into_stream(&lp);
        let seen = watched!(stream);
        stream.finish().unwrap();
        if write {
            stream.write(Bytes::from("a"));
        } else {
            stream.end();
        }
        lp.run(RunMode::Default);
        assert_eq!(seen.error.take().unwrap().code(), Code::CryptoMacFinalized);
    }
}

#[test]
fn a_mac_of_no_bytes_ends_its_stream() {
    let lp = EventLoop::new().unwrap();
    let options = MacOptions::default().output_length(0);
    let stream = create_mac("kmac256", [7; 16], &options).unwrap().into_stream(&lp);
    let seen = watched!(stream);
    stream.end_chunk(Bytes::from("abc"));
    assert!(!lp.run(RunMode::Default));
    assert!(seen.data.borrow().is_empty() && seen.error.borrow().is_none());
}
