//! Key derivation: the three forms, the pool, and what is not shown.
#![allow(clippy::unwrap_used)]

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Instant;

use nodecore_crypto::{
    Argon2Parameters, ScryptOptions, argon2, argon2_sync, hkdf, hkdf_sync, pbkdf2, pbkdf2_sync, promises,
    scrypt, scrypt_sync,
};
use nodecore_error::{Code, Result};
use nodecore_event_loop::{EventLoop, RunMode};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn known_answers() {
    // RFC 7914, 12.
    let scrypt = |n, r, p, password: &str, salt: &str| {
        scrypt_sync(password, salt, 8, &ScryptOptions::new().cost(n).block_size(r).parallelization(p))
            .unwrap()
    };
    assert_eq!(hex(&scrypt(16, 1, 1, "", "")), "77d6576238657b20");
    assert_eq!(hex(&scrypt(16384, 8, 1, "pleaseletmein", "SodiumChloride")), "7023bdcb3afd7348");
    // RFC 5869, A.3: no salt, no info.
    assert_eq!(hex(&hkdf_sync("sha256", [11; 22], "", "", 8).unwrap()), "8da4e775a563c18f");
    // An empty key, as Node 26.10 has it.
    assert_eq!(hex(&hkdf_sync("sha256", "", "s", "i", 10).unwrap()), "e7ee38c8e709aea46ec6");
    // RFC 9106, 5.
    for (algorithm, tag) in [
        ("argon2d", "512b391b6f1162975371d309"),
        ("argon2i", "c814d9d1dc7f37aa13f0d77f"),
        ("argon2id", "0d640df58d78766c08c037a3"),
    ] {
        let parameters = Argon2Parameters::new(&[1; 32], &[2; 16]).secret(&[3; 8]).associated_data(&[4; 12]);
        let parameters = parameters.parallelism(4).tag_length(32).memory(32).passes(3);
        assert_eq!(hex(&argon2_sync(algorithm, &parameters).unwrap()[..12]), tag);
    }
}

#[test]
fn forms_agree() {
    let lp = EventLoop::new().unwrap();
    let keys = Rc::new(RefCell::new(vec![]));
    let done = |index: usize| {
        let keys = Rc::clone(&keys);
        move |key: Result<Vec<u8>>| keys.borrow_mut().push((index, key.unwrap()))
    };
    let options = ScryptOptions::new().cost(64);
    let parameters =
        Argon2Parameters::new(b"message", b"nonce678").parallelism(1).tag_length(16).memory(8).passes(1);
    let expected = [
        pbkdf2_sync("p", "s", 10, 16, "sha256").unwrap(),
        scrypt_sync("p", "s", 16, &options).unwrap(),
        hkdf_sync("sha256", "k", "s", "i", 16).unwrap(),
        argon2_sync("argon2id", &parameters).unwrap(),
    ];
    pbkdf2(&lp, "p", "s", 10, 16, "sha256", done(0)).unwrap();
    scrypt(&lp, "p", "s", 16, &options, done(1)).unwrap();
    hkdf(&lp, "sha256", "k", "s", "i", 16, done(2)).unwrap();
    argon2(&lp, "argon2id", &parameters, done(3)).unwrap();
    assert!(keys.borrow().is_empty());
    lp.run(RunMode::Default);
    keys.borrow_mut().sort();
    let indexed: Vec<_> = expected.iter().cloned().enumerate().collect();
    assert_eq!(*keys.borrow(), indexed);
    let futures = lp.block_on(async {
        [
            promises::pbkdf2(&lp, "p", "s", 10, 16, "sha256").await.unwrap(),
            promises::scrypt(&lp, "p", "s", 16, &options).await.unwrap(),
            promises::hkdf(&lp, "sha256", "k", "s", "i", 16).await.unwrap(),
            promises::argon2(&lp, "argon2id", &parameters).await.unwrap(),
        ]
    });
    assert_eq!(futures, expected);
}

/// Errors of arguments come at once, OpenSSL's with the result.
#[test]
fn errors_of_the_forms() {
    let lp = EventLoop::new().unwrap();
    let never = |_: Result<Vec<u8>>| panic!("it does not start");
    let code = |result: Result<_>| result.map(|_: nodecore_event_loop::Request| ()).unwrap_err().code();
    assert_eq!(code(pbkdf2(&lp, "", "", 0, 1, "sha1", never)), Code::OutOfRange);
    assert_eq!(code(pbkdf2(&lp, "", "", 1, 1, "nope", never)), Code::CryptoInvalidDigest);
    assert_eq!(code(hkdf(&lp, "sha1", "", "", "", 5101, never)), Code::CryptoInvalidKeylen);
    let options = ScryptOptions::new().cost(3);
    assert_eq!(code(scrypt(&lp, "", "", 1, &options, never)), Code::CryptoInvalidScryptParams);
    let parameters = Argon2Parameters::new(b"", b"");
    assert_eq!(code(argon2(&lp, "argon2", &parameters, never)), Code::InvalidArgValue);
    assert_eq!(code(argon2(&lp, "argon2i", &parameters, never)), Code::OutOfRange);
    let failed = Rc::new(Cell::new(false));
    let seen = Rc::clone(&failed);
    pbkdf2(&lp, "", "", 1, 1, "shake128", move |key| {
        let error = key.unwrap_err();
        assert_eq!(error.code_name(), "ERR_OSSL_XOF_DIGESTS_NOT_ALLOWED");
        assert_eq!(error.openssl().unwrap().reason(), Some("xof digests not allowed"));
        seen.set(true);
    })
    .unwrap();
    lp.run(RunMode::Default);
    assert!(failed.get());
}

/// Derivations take every thread of the pool, of which there are four: one is done while three that began before it, and
/// take longer, are not.
#[test]
fn several_at_once() {
    let lp = EventLoop::new().unwrap();
    let order = Rc::new(RefCell::new(vec![]));
    // Long enough that all have begun, on a busy machine too, before the shortest ends.
    let mut iterations = 20_000;
    let begin = Instant::now();
    pbkdf2_sync("p", "s", iterations, 64, "sha512").unwrap();
    while begin.elapsed().as_millis() < 20 && iterations < 1 << 24 {
        iterations *= 2;
        pbkdf2_sync("p", "s", iterations, 64, "sha512").unwrap();
    }
    for share in [16, 16, 16, 1] {
        let order = Rc::clone(&order);
        pbkdf2(&lp, "p", "s", iterations * share, 64, "sha512", move |key| {
            key.unwrap();
            order.borrow_mut().push(share);
        })
        .unwrap();
    }
    lp.run(RunMode::Default);
    assert_eq!(*order.borrow(), [1, 16, 16, 16]);
}

#[test]
fn secrets_are_not_shown() {
    let shown = format!("{:?}", Argon2Parameters::new(b"message", b"nonce678").secret(b"pepper"));
    assert!(!shown.contains("109") && !shown.contains("message") && !shown.contains("pepper"), "{shown}");
}
