//! Signatures, RSA encryption and encapsulation: the forms, the streams, and what is refused.
#![allow(clippy::unwrap_used)]

use std::cell::Cell;
use std::rc::Rc;

use bytes::Bytes;
use nodecore_buffer::Encoding;
use nodecore_crypto::{
    DsaEncoding, KeyInput, KeyPair, KeyPairOptions, RsaOptions, Sign, SignOptions, Verify, create_secret_key,
    create_sign, create_verify, decapsulate_sync, encapsulate_sync, generate_key_pair_sync, private_decrypt,
    private_encrypt, promises, public_decrypt, public_encrypt, sign, sign_sync, verify_sync,
};
use nodecore_error::Code;
use nodecore_event_loop::{EventLoop, RunMode};

fn pair(name: &str) -> KeyPair {
    let options = KeyPairOptions::new().modulus_length(1024).named_curve("P-256");
    generate_key_pair_sync(name, &options).unwrap()
}

#[test]
fn the_forms_agree() {
    let lp = EventLoop::new().unwrap();
    let pair = pair("rsa");
    let options = SignOptions::new();
    // PKCS#1 has nothing random in it.
    let whole = sign_sync(Some("sha256"), b"hello", &pair.private_key, &options).unwrap();
    let mut parts = create_sign("RSA-SHA256").unwrap();
    parts.update(b"hel").unwrap().update(b"lo").unwrap();
    assert_eq!(parts.sign(&pair.private_key, &options).unwrap(), whole);
    let future = lp.block_on(promises::sign(&lp, Some("sha256"), b"hello", &pair.private_key, &options));
    assert_eq!(future.unwrap(), whole);
    let done = Rc::new(Cell::new(0));
    let count = Rc::clone(&done);
    let expected = whole.clone();
    sign(&lp, Some("sha256"), b"hello", &pair.private_key, &options, move |signature| {
        assert_eq!(signature.unwrap(), expected);
        count.set(count.get() + 1);
    })
    .unwrap();
    assert_eq!(done.get(), 0, "never before it returns");
    lp.run(RunMode::Default);
    assert_eq!(done.get(), 1);
    let good = promises::verify(&lp, Some("sha256"), b"hello", &pair.public_key, &whole, &options);
    assert!(lp.block_on(good).unwrap());
}

#[test]
fn streams_sign_and_verify() {
    let lp = EventLoop::new().unwrap();
    let pair = pair("ec");
    let options = SignOptions::new().dsa_encoding(DsaEncoding::IeeeP1363);
    let message = vec![7_u8; 100_000];
    let sign = create_sign("sha256").unwrap().into_stream(&lp);
    let verify = create_verify("sha256").unwrap().into_stream(&lp);
    sign.write(Bytes::from(message.clone()));
    // The chunk is on the pool.
    assert_eq!(sign.sign(&pair.private_key, &options).unwrap_err().code(), Code::InvalidState);
    sign.end();
    for chunk in message.chunks(999) {
        verify.write(Bytes::copy_from_slice(chunk));
    }
    verify.end();
    lp.run(RunMode::Default);
    assert!(sign.writable_finished() && verify.writable_finished());
    let signature = sign.sign(&pair.private_key, &options).unwrap();
    assert_eq!(signature.len(), 64);
    assert!(verify.verify(&pair.public_key, &signature, &options).unwrap());
    assert!(verify_sync(Some("sha256"), &message, &pair.public_key, &signature, &options).unwrap());
    assert_eq!(sign.sign(&pair.private_key, &options).unwrap_err().code(), Code::CryptoInvalidState);
}

#[test]
fn a_chunk_after_the_signature_fails_the_stream() {
    let lp = EventLoop::new().unwrap();
    let pair = pair("ec");
    let stream = create_sign("sha256").unwrap().into_stream(&lp);
    let failed = Rc::new(Cell::new(false));
    let seen = Rc::clone(&failed);
    stream.on_error(move |error| seen.set(error.code() == Code::CryptoInvalidState));
    let text = stream.sign_encoded(&pair.private_key, &SignOptions::new(), Encoding::Hex).unwrap();
    assert!(text.starts_with("30"));
    stream.write(Bytes::from("late"));
    lp.run(RunMode::Default);
    assert!(failed.get());
}

#[test]
fn a_message_is_used_up_by_openssl_only() {
    let (rsa, ed) = (pair("rsa"), pair("ed25519"));
    let options = SignOptions::new();
    let mut sign = create_sign("sha256").unwrap();
    let refused = sign.sign(&ed.private_key, &options).unwrap_err();
    assert_eq!(refused.code(), Code::CryptoUnsupportedOperation);
    assert!(sign.sign(&rsa.public_key, &options).is_err());
    assert!(sign.sign(KeyInput::pem("no key"), &options).is_err());
    sign.update(b"x").unwrap().sign(&rsa.private_key, &options).unwrap();
    assert_eq!(sign.sign(&rsa.private_key, &options).unwrap_err().to_string(), "Not initialised");
    assert_eq!(sign.update(b"x").unwrap_err().code(), Code::CryptoInvalidState);
    let mut sign = create_sign("sha256").unwrap();
    assert_eq!(sign.sign(&rsa.private_key, &options.clone().padding(9)).unwrap_err().code(), Code::Openssl);
    assert_eq!(sign.sign(&rsa.private_key, &options).unwrap_err().code(), Code::CryptoInvalidState);
}

#[test]
fn pss_restrictions_hold() {
    let options = KeyPairOptions::new().modulus_length(1024).hash_algorithm("sha256").salt_length(20);
    let pair = generate_key_pair_sync("rsa-pss", &options).unwrap();
    let plain = SignOptions::new();
    let signature = sign_sync(None, b"x", &pair.private_key, &plain).unwrap();
    assert!(verify_sync(Some("sha256"), b"x", &pair.public_key, &signature, &plain).unwrap());
    let refused = |digest, options: &SignOptions| {
        sign_sync(digest, b"x", &pair.private_key, options).unwrap_err().code_name().to_owned()
    };
    assert_eq!(refused(Some("sha1"), &plain), "ERR_OSSL_DIGEST_NOT_ALLOWED");
    assert_eq!(refused(Some("sha256"), &plain.clone().salt_length(19)), "ERR_OSSL_PSS_SALTLEN_TOO_SMALL");
    assert_eq!(refused(Some("sha256"), &plain.padding(1)), "ERR_OSSL_ILLEGAL_OR_UNSUPPORTED_PADDING_MODE");
}

#[test]
fn contexts_bind() {
    for name in ["ed25519", "ed448", "ml-dsa-44"] {
        let pair = pair(name);
        let with = |context: &[u8]| SignOptions::new().context(context);
        let signature = sign_sync(None, b"x", &pair.private_key, &with(b"a")).unwrap();
        let good =
            |context: &[u8]| verify_sync(None, b"x", &pair.public_key, &signature, &with(context)).unwrap();
        assert!(good(b"a") && !good(b"b") && !good(b""), "{name}");
        let error = sign_sync(None, b"x", &pair.private_key, &with(&[0; 256])).unwrap_err();
        assert_eq!(error.code(), Code::OutOfRange);
    }
    let error =
        sign_sync(None, b"x", &pair("rsa").private_key, &SignOptions::new().context(b"a")).unwrap_err();
    assert_eq!(error.to_string(), "Context parameter is unsupported");
}

/// RFC 8032, 7.1 and 7.2: Ed25519 and Ed25519ctx.
#[test]
fn ed25519_is_that_of_the_paper() {
    let hex = |text: &str| nodecore_buffer::encode(text, Encoding::Hex);
    let seed = hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    let signature =
        sign_sync(None, b"", KeyInput::raw_private(&seed, "ed25519"), &SignOptions::new()).unwrap();
    assert_eq!(signature[..8], hex("e5564300c360ac72"));
    let seed = hex("0305334e381af78f141cb666f6199f57bc3495335a256a95bd2a55bf546663f6");
    let options = SignOptions::new().context(b"foo");
    let message = hex("f726936d19c800494e3fdaff20b276a8");
    let signature = sign_sync(None, &message, KeyInput::raw_private(&seed, "ed25519"), &options).unwrap();
    assert_eq!(signature[..8], hex("55a4cc2f70a54e04"));
}

#[test]
fn rsa_goes_both_ways() {
    let pair = pair("rsa");
    let options = RsaOptions::new();
    for message in [&b""[..], b"hello"] {
        let sealed = public_encrypt(&pair.private_key, message, &options).unwrap();
        assert_eq!(private_decrypt(&pair.private_key, &sealed, &options).unwrap(), message);
        let signed = private_encrypt(&pair.private_key, message, &options).unwrap();
        assert_eq!(public_decrypt(&pair.public_key, &signed, &options).unwrap(), message);
    }
    // Implicit rejection: other bytes, and the same each time.
    let pkcs1 = RsaOptions::new().padding(1);
    let sealed = public_encrypt(&pair.public_key, b"hello", &options).unwrap();
    let opened = private_decrypt(&pair.private_key, &sealed, &pkcs1).unwrap();
    assert_ne!(opened, b"hello");
    assert_eq!(private_decrypt(&pair.private_key, &sealed, &pkcs1).unwrap(), opened);
    let error = private_decrypt(&pair.public_key, &sealed, &options).unwrap_err();
    assert_eq!(error.to_string(), "Invalid key object type public, expected private.");
}

#[test]
fn secrets_are_encapsulated() {
    for (name, secret, sealed) in
        [("ml-kem-512", 32, 768), ("rsa", 128, 128), ("ec", 32, 65), ("x25519", 32, 32)]
    {
        let pair = pair(name);
        let made = encapsulate_sync(&pair.public_key).unwrap();
        assert_eq!((made.shared_key().len(), made.ciphertext().len()), (secret, sealed), "{name}");
        assert_eq!(decapsulate_sync(&pair.private_key, made.ciphertext()).unwrap(), made.shared_key());
        let shown = format!("{made:?}");
        assert!(!shown.contains("shared_key"), "{shown}");
        let error = decapsulate_sync(&pair.private_key, &made.ciphertext()[1..]).unwrap_err();
        assert_eq!(error.to_string(), "Decapsulation failed");
    }
    let lp = EventLoop::new().unwrap();
    let pair = pair("ml-kem-512");
    let (secret, sealed) = lp.block_on(promises::encapsulate(&lp, &pair.public_key)).unwrap().into_parts();
    assert_eq!(lp.block_on(promises::decapsulate(&lp, &pair.private_key, &sealed)).unwrap(), secret);
    assert!(encapsulate_sync(&create_secret_key(b"x")).is_err());
}

#[test]
fn they_may_be_moved_to_another_thread() {
    fn moves<T: Send>() {}
    moves::<Sign>();
    moves::<Verify>();
    moves::<SignOptions>();
}
