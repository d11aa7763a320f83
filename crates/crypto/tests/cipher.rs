//! Ciphers: how long things may be, what leaves an end that fails, and ciphers as streams.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use bytes::Bytes;
use nodecore_buffer::Encoding;
use nodecore_crypto::{
    Aead, CipherOptions, CipherStream, Cipheriv, DecipherStream, Decipheriv, create_cipheriv,
    create_decipheriv,
};
use nodecore_error::{Code, Error};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_stream::{
    AsReadable, AsWritable, ByteChunk, Event, PipeOptions, Readable, TextOrBytes, pipeline,
};

const KEY: [u8; 32] = [7; 32];
const IV: [u8; 12] = [9; 12];

fn cipher(name: &str) -> Cipheriv {
    create_cipheriv(name, KEY, IV, &CipherOptions::default()).unwrap()
}

fn decipher(name: &str) -> Decipheriv {
    create_decipheriv(name, KEY, IV, &CipherOptions::default()).unwrap()
}

fn sealed(name: &str, text: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut cipher = cipher(name);
    let mut sealed = cipher.update(text).unwrap();
    sealed.extend(cipher.finish().unwrap());
    (sealed, cipher.get_auth_tag().unwrap())
}

fn told(error: &Error) -> (Code, String) {
    (error.code(), error.to_string())
}

const UNAUTHENTICATED: &str = "Unsupported state or unable to authenticate data";

#[test]
fn ciphers_move_between_threads() {
    fn is_send<T: Send>() {}
    is_send::<Cipheriv>();
    is_send::<Decipheriv>();
}

#[test]
fn no_secret_is_shown() {
    let mut cipher = cipher("aes-256-gcm");
    assert_eq!(format!("{cipher:?}"), r#"Cipheriv(id-aes256-gcm("open"))"#);
    cipher.finish().unwrap();
    assert_eq!(format!("{cipher:?}"), r#"Cipheriv(id-aes256-gcm("final"))"#);
}

#[test]
fn a_tag_that_is_wrong_or_missing_lets_nothing_pass() {
    for name in ["aes-256-gcm", "chacha20-poly1305", "aes-256-gcm-siv"] {
        let (text, tag) = sealed(name, b"some text");
        for wrong in (0..8 * tag.len()).map(Some).chain([None]) {
            let mut decipher = decipher(name);
            if let Some(bit) = wrong {
                let mut tag = tag.clone();
                tag[bit / 8] ^= 1 << (bit % 8);
                decipher.set_auth_tag(&tag).unwrap();
            }
            decipher.update(&text).unwrap();
            let mut out = [0xaa; 32];
            let error = decipher.finish_into(&mut out).unwrap_err();
            assert_eq!(told(&error), (Code::Uncoded, UNAUTHENTICATED.to_owned()), "{name} {wrong:?}");
            assert_eq!(out, [0xaa; 32]);
        }
        let mut decipher = decipher(name);
        decipher.set_auth_tag(&tag).unwrap();
        assert_eq!(decipher.update(&text).unwrap(), b"some text");
        assert_eq!(decipher.finish().unwrap(), b"");
    }
}

#[test]
fn messages_in_place_are_those_of_the_cipher() {
    for name in ["aes-256-gcm", "chacha20-poly1305"] {
        let mut aead = Aead::new(name, KEY).unwrap();
        for (length, aad) in [(0, 0), (0, 5), (1, 0), (64, 20), (5000, 1)] {
            let text: Vec<u8> = (0..length).map(|at| at as u8).collect();
            let aad = vec![4; aad];
            let mut cipher = cipher(name);
            cipher.set_aad(&aad, None).unwrap();
            let expected = cipher.update(&text).unwrap();
            cipher.finish().unwrap();
            let mut message = text.clone();
            let mut tag = aead.seal(&IV, &aad, &mut message).unwrap();
            assert_eq!(message, expected, "{name} {length}");
            assert_eq!(tag[..], cipher.get_auth_tag().unwrap());
            aead.open(&IV, &aad, &mut message, &tag).unwrap();
            assert_eq!(message, text);
            message.copy_from_slice(&expected);
            tag[0] ^= 1;
            let error = aead.open(&IV, &aad, &mut message, &tag).unwrap_err();
            assert_eq!(told(&error), (Code::Uncoded, UNAUTHENTICATED.to_owned()));
            assert_eq!(message, vec![0; length]);
        }
        assert_eq!(aead.seal(&IV[1..], b"", &mut []).unwrap_err().code(), Code::CryptoInvalidIv);
        let error = aead.open(&IV, b"", &mut [], &[0; 15]).unwrap_err();
        assert_eq!(error.code(), Code::CryptoInvalidAuthTag);
    }
    let code = |name: &str| Aead::new(name, KEY).unwrap_err().code();
    assert_eq!(code("nope"), Code::CryptoUnknownCipher);
    assert_eq!(code("aes-256-cbc"), Code::CryptoUnsupportedOperation);
    assert_eq!(code("chacha20"), Code::CryptoUnsupportedOperation);
    assert_eq!(code("aes-128-gcm"), Code::CryptoInvalidKeylen);
}

#[test]
fn what_is_too_long_is_refused_before_memory_is_taken() {
    // Zeroed memory that is never touched costs nothing.
    let long = vec![0; 1 << 31];
    let refused = |error: Error, text: &str| assert_eq!(told(&error), (Code::OutOfRange, text.to_owned()));
    let options = CipherOptions::default();
    refused(create_cipheriv("aes-256-gcm", &long, IV, &options).unwrap_err(), "key is too big");
    refused(create_cipheriv("aes-256-gcm", KEY, &long, &options).unwrap_err(), "iv is too big");
    refused(cipher("aes-256-gcm").update(&long).unwrap_err(), "data is too long");
    let unsupported = (Code::Uncoded, "Trying to add data in unsupported state".to_owned());
    for data in [&long[..(1 << 31) - 1], &long[..(1 << 31) - 16]] {
        let mut cbc = create_cipheriv("aes-256-cbc", KEY, [1; 16], &CipherOptions::default()).unwrap();
        assert_eq!(told(&cbc.update(data).unwrap_err()), unsupported);
    }
    assert_eq!(told(&cipher("aes-256-gcm").update(&long[1..]).unwrap_err()), unsupported);
    refused(cipher("aes-256-gcm").set_aad(&long, None).unwrap_err(), "buffer is too big");
    refused(decipher("aes-256-gcm").set_auth_tag(&long).unwrap_err(), "buffer is too big");
    let options = options.auth_tag_length(u32::MAX);
    let error = create_cipheriv("aes-256-gcm", KEY, IV, &options).unwrap_err();
    assert_eq!(error.code(), Code::CryptoInvalidAuthTag);
}

#[test]
fn a_short_buffer_changes_nothing() {
    let mut cipher = create_cipheriv("aes-256-cbc", KEY, [1; 16], &CipherOptions::default()).unwrap();
    assert_eq!((cipher.room(0), cipher.room(5)), (16, 21));
    let error = cipher.update_into(b"12345", &mut [0; 20]).unwrap_err();
    assert_eq!(error.code(), Code::OutOfRange);
    assert_eq!(
        error.to_string(),
        "The value of \"out.length\" is out of range. It must be >= 21. Received 20"
    );
    let mut out = [0; 64];
    assert_eq!(cipher.update_into(b"1234567890123456789", &mut out).unwrap(), 16);
    assert_eq!(cipher.finish_into(&mut out[16..31]).unwrap_err().code(), Code::OutOfRange);
    assert_eq!(cipher.finish_into(&mut out[16..32]).unwrap(), 16);
    assert_eq!(cipher.room(5), 0);
    assert_eq!(cipher.update_into(b"", &mut []).unwrap_err().code(), Code::Uncoded);
    let mut decipher = create_decipheriv("aes-256-cbc", KEY, [1; 16], &CipherOptions::default()).unwrap();
    let mut text = decipher.update(&out[..32]).unwrap();
    text.extend(decipher.finish().unwrap());
    assert_eq!(text, b"1234567890123456789");
}

#[test]
fn a_wrapping_may_be_much_longer_than_the_key() {
    for (name, key, iv, by) in
        [("aes-128-wrap-pad", 16, 4, 15), ("aes-128-wrap", 16, 8, 8), ("des3-wrap", 24, 0, 16)]
    {
        let secret = vec![5; if by == 15 { 1 } else { 24 }];
        let mut cipher = create_cipheriv(name, &KEY[..key], &IV[..iv], &CipherOptions::default()).unwrap();
        let wrapped = cipher.update(&secret).unwrap();
        assert_eq!(wrapped.len(), secret.len() + by, "{name}");
        let mut decipher =
            create_decipheriv(name, &KEY[..key], &IV[..iv], &CipherOptions::default()).unwrap();
        assert_eq!(decipher.update(&wrapped).unwrap(), secret);
        assert_eq!(decipher.finish().unwrap(), b"");
    }
}

#[test]
fn one_output_encoding_is_kept_to() {
    let make = || create_cipheriv("aes-256-ctr", KEY, [0; 16], &CipherOptions::default()).unwrap();
    let mut cipher = make();
    let mut text = cipher.update_encoded(b"a", Encoding::Base64).unwrap();
    assert_eq!(text, "");
    text += &cipher.update_encoded(b"bcde", Encoding::Base64).unwrap();
    text += &cipher.finish_encoded(Encoding::Base64).unwrap();
    assert_eq!(nodecore_buffer::encode(&text, Encoding::Base64), make().update(b"abcde").unwrap());
    let mut cipher = make();
    cipher.update_encoded(b"a", Encoding::Hex).unwrap();
    let error = cipher.update_encoded(b"a", Encoding::Utf8).unwrap_err();
    assert_eq!(error.code(), Code::InvalidArgValue);
    assert_eq!(
        error.to_string(),
        "The argument 'outputEncoding' cannot be changed from 'hex'. Received 'utf8'"
    );
}

/// What is read from a stream, and the error it fails with.
type Read = (Rc<RefCell<Vec<u8>>>, Rc<RefCell<Option<Error>>>);

fn read(stream: &impl AsReadable<Item = Bytes>) -> Read {
    let stream = stream.to_readable();
    let (seen, failed): Read = Default::default();
    let to = Rc::clone(&seen);
    stream.on_data(move |chunk| to.borrow_mut().extend_from_slice(&chunk));
    let to = Rc::clone(&failed);
    stream.on_error(move |error| *to.borrow_mut() = Some(error.clone()));
    (seen, failed)
}

#[test]
fn streams_encrypt_and_decrypt() {
    let lp = EventLoop::new().unwrap();
    let text: Vec<u8> = (0..300_000_u32).map(|at| ((at * 7) >> 3) as u8).collect();
    for name in ["aes-256-gcm", "chacha20-poly1305"] {
        let (expected, tag) = sealed(name, &text);
        for size in [1000, 16 * 1024 - 1, 16 * 1024, 300_000] {
            let chunks = |data: &[u8]| data.chunks(size).map(Bytes::copy_from_slice).collect::<Vec<_>>();
            let stream: CipherStream = cipher(name).into_stream(&lp);
            let (seen, _) = read(&stream);
            let source = Readable::from_iter(&lp, chunks(&text));
            source.pipe(&stream.to_writable(), PipeOptions::default());
            assert!(!lp.run(RunMode::Default));
            assert!(*seen.borrow() == expected, "{name} {size}");
            assert_eq!(stream.get_auth_tag().unwrap(), tag);

            let stream: DecipherStream = decipher(name).into_stream(&lp);
            stream.set_auth_tag(&tag).unwrap();
            let (seen, failed) = read(&stream);
            let source = Readable::from_iter(&lp, chunks(&expected));
            let done = Rc::new(Cell::new(false));
            let to = Rc::clone(&done);
            pipeline((&source, &stream.to_writable()), move |result| to.set(result.is_ok())).unwrap();
            assert!(!lp.run(RunMode::Default));
            assert!(*seen.borrow() == text, "{name} {size}");
            assert!(done.get() && failed.borrow().is_none());
        }
    }
}

#[test]
fn streams_with_padding_give_their_last_block() {
    let lp = EventLoop::new().unwrap();
    let stream =
        create_cipheriv("aes-256-cbc", KEY, [0; 16], &CipherOptions::default()).unwrap().into_stream(&lp);
    let (seen, _) = read(&stream);
    stream.write(Bytes::from("abc"));
    stream.end();
    lp.run(RunMode::Default);
    assert_eq!(seen.borrow().len(), 16);
    let stream =
        create_cipheriv("aes-256-cbc", KEY, [0; 16], &CipherOptions::default()).unwrap().into_stream(&lp);
    stream.set_auto_padding(false).unwrap();
    let (_, failed) = read(&stream);
    stream.write(Bytes::from("abc"));
    stream.end();
    lp.run(RunMode::Default);
    let error = failed.take().unwrap();
    assert_eq!(error.code_name(), "ERR_OSSL_WRONG_FINAL_BLOCK_LENGTH");
    assert_eq!(error.openssl().unwrap().reason(), Some("wrong final block length"));
}

#[test]
fn a_stream_with_a_wrong_tag_fails_at_its_end() {
    let lp = EventLoop::new().unwrap();
    let (text, mut tag) = sealed("aes-256-gcm", &[3; 100_000]);
    tag[15] ^= 1;
    let stream = decipher("aes-256-gcm").into_stream(&lp);
    stream.set_aad(b"", None).unwrap();
    stream.set_auth_tag(&tag).unwrap();
    let (seen, failed) = read(&stream);
    stream.on(Event::End, || panic!("it has not ended well"));
    stream.write(Bytes::from(text));
    stream.end();
    lp.run(RunMode::Default);
    assert_eq!(seen.borrow().len(), 100_000);
    assert_eq!(told(&failed.take().unwrap()), (Code::Uncoded, UNAUTHENTICATED.to_owned()));
}

#[test]
fn data_that_is_refused_fails_the_stream() {
    let lp = EventLoop::new().unwrap();
    for size in [1, 100_000] {
        let mut done = cipher("aes-256-gcm");
        done.finish().unwrap();
        let stream = done.into_stream(&lp);
        let (_, failed) = read(&stream);
        stream.write(Bytes::from(vec![0; size]));
        lp.run(RunMode::Default);
        let text = "Trying to add data in unsupported state".to_owned();
        assert_eq!(told(&failed.take().unwrap()), (Code::Uncoded, text));
    }
}

#[test]
fn a_cipher_on_the_pool_is_out_of_reach() {
    let lp = EventLoop::new().unwrap();
    let stream = cipher("aes-256-gcm").into_stream(&lp);
    let (seen, _) = read(&stream);
    stream.write(Bytes::from(vec![0; 500_000]));
    assert_eq!(stream.get_auth_tag().unwrap_err().code(), Code::InvalidState);
    assert_eq!(stream.set_auto_padding(true).unwrap_err().code(), Code::InvalidState);
    stream.end();
    lp.run(RunMode::Default);
    assert_eq!(stream.get_auth_tag().unwrap(), sealed("aes-256-gcm", &vec![0; 500_000]).1);
    assert_eq!(seen.borrow().len(), 500_000);
}

#[test]
fn destroying_midway_ends_it() {
    for turns in 0..5 {
        let lp = EventLoop::new().unwrap();
        let stream = cipher("aes-256-gcm").into_stream(&lp);
        let closed = Rc::new(Cell::new(0));
        let count = Rc::clone(&closed);
        stream.on_close(move || count.set(count.get() + 1));
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
fn streams_take_chunks_of_other_types() {
    let lp = EventLoop::new().unwrap();
    let stream: CipherStream<TextOrBytes> = cipher("aes-256-gcm").into_stream_of(&lp);
    let seen = Rc::new(RefCell::new(Vec::new()));
    let to = Rc::clone(&seen);
    stream.on_data(move |chunk| to.borrow_mut().extend_from_slice(&chunk.into_bytes().unwrap()));
    stream.write(TextOrBytes::Bytes(Bytes::from("some ")));
    stream.end_text("text", None);
    lp.run(RunMode::Default);
    assert_eq!(*seen.borrow(), sealed("aes-256-gcm", b"some text").0);
}
