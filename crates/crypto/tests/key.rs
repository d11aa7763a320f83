//! Keys, without Node.
#![allow(clippy::unwrap_used)]

use std::cell::RefCell;
use std::rc::Rc;

use nodecore_crypto::{
    ExportedKey, Jwk, KeyEncoding, KeyExport, KeyInput, KeyPairOptions, KeyType, create_private_key,
    create_public_key, create_secret_key, generate_key, generate_key_pair, generate_key_pair_sync,
    generate_key_sync, promises,
};
use nodecore_event_loop::{EventLoop, RunMode};

#[test]
fn secret_keys() {
    let key = create_secret_key(b"abc");
    assert_eq!((key.key_type(), key.symmetric_key_size()), (KeyType::Secret, Some(3)));
    assert_eq!((key.asymmetric_key_type(), key.asymmetric_key_details()), (None, None));
    assert!(key.equals(&create_secret_key(b"abc")));
    assert!(!key.equals(&create_secret_key(b"abd")) && !key.equals(&create_secret_key(b"ab")));
    assert!(create_secret_key(b"").equals(&create_secret_key(b"")));
    assert_eq!(key.export(&KeyExport::bytes()).unwrap(), ExportedKey::Bytes(b"abc".to_vec()));
    assert_eq!(key.export(&KeyExport::jwk()).unwrap().into_bytes(), br#"{"kty":"oct","k":"YWJj"}"#);
    let error = key.export(&KeyExport::pem(KeyEncoding::Pkcs8)).unwrap_err();
    assert_eq!(error.to_string(), "The property 'options.format' is invalid. Received 'pem'");
    assert!(!format!("{key:?}").contains("abc"));
}

#[test]
fn generate_pairs_in_three_forms() {
    let lp = EventLoop::new().unwrap();
    let options = KeyPairOptions::new().named_curve("P-384");
    let got = Rc::new(RefCell::new(vec![generate_key_pair_sync("ec", &options).unwrap()]));
    let result = Rc::clone(&got);
    generate_key_pair(&lp, "ec", &options, move |pair| result.borrow_mut().push(pair.unwrap())).unwrap();
    lp.run(RunMode::Default);
    let pair = lp.block_on(promises::generate_key_pair(&lp, "ec", &options)).unwrap();
    got.borrow_mut().push(pair);
    let got = got.borrow();
    assert_eq!(got.len(), 3);
    for (index, pair) in got.iter().enumerate() {
        let public = create_public_key(&KeyInput::from(&pair.private_key)).unwrap();
        assert!(public.equals(&pair.public_key) && !public.equals(&pair.private_key));
        assert!(got[..index].iter().all(|earlier| !earlier.public_key.equals(&public)));
    }
    let error = create_public_key(&KeyInput::from(&got[0].public_key)).unwrap_err();
    assert_eq!(error.to_string(), "Invalid key object type public, expected private.");
}

#[test]
fn generate_keys_in_three_forms() {
    let lp = EventLoop::new().unwrap();
    assert_eq!(generate_key_sync("hmac", 65).unwrap().symmetric_key_size(), Some(8));
    let size = Rc::new(RefCell::new(None));
    let got = Rc::clone(&size);
    generate_key(&lp, "aes", 192, move |key| *got.borrow_mut() = key.unwrap().symmetric_key_size()).unwrap();
    lp.run(RunMode::Default);
    assert_eq!(*size.borrow(), Some(24));
    let key = lp.block_on(promises::generate_key(&lp, "aes", 128)).unwrap();
    assert_eq!(key.symmetric_key_size(), Some(16));
}

/// The texts are those of Node 26.
#[test]
fn what_cannot_be_made_is_refused() {
    let options = KeyPairOptions::new;
    let error = |name: &str, options: &KeyPairOptions| {
        let error = generate_key_pair_sync(name, options).unwrap_err();
        format!("{} {error}", error.code_name())
    };
    let cases = [
        (
            "nope",
            options(),
            "ERR_INVALID_ARG_VALUE The argument 'type' must be a supported key type. Received 'nope'",
        ),
        (
            "rsa",
            options(),
            "ERR_INVALID_ARG_TYPE The \"options.modulusLength\" property must be of type number. Received undefined",
        ),
        (
            "rsa",
            options().modulus_length(100),
            "ERR_OSSL_KEY_SIZE_TOO_SMALL error:1C8000AB:Provider routines::key size too small",
        ),
        (
            "rsa",
            options().modulus_length(1024).public_exponent(2),
            "ERR_OSSL_RSA_PUB_EXPONENT_OUT_OF_RANGE error:020000B2:rsa routines::pub exponent out of range",
        ),
        (
            "rsa-pss",
            options().modulus_length(1024).hash_algorithm("x"),
            "ERR_CRYPTO_INVALID_DIGEST Invalid digest: x",
        ),
        (
            "rsa-pss",
            options().modulus_length(1024).mgf1_hash_algorithm("x"),
            "ERR_CRYPTO_INVALID_DIGEST Invalid MGF1 digest: x",
        ),
        (
            "ec",
            options(),
            "ERR_INVALID_ARG_TYPE The \"options.namedCurve\" property must be of type string. Received undefined",
        ),
        ("ec", options().named_curve("x"), "ERR_CRYPTO_INVALID_CURVE Invalid EC curve name"),
        (
            "dh",
            options(),
            "ERR_MISSING_OPTION At least one of the group, prime, or primeLength options is required",
        ),
        ("dh", options().group("x"), "ERR_CRYPTO_UNKNOWN_DH_GROUP Unknown DH group"),
        (
            "dh",
            options().group("modp14").prime(&[1, 2, 3]),
            "ERR_INCOMPATIBLE_OPTION_PAIR Option \"group\" cannot be used in combination with option \"prime\"",
        ),
        (
            "dh",
            options().prime_length(128),
            "ERR_OSSL_DH_MODULUS_TOO_SMALL error:0280007E:Diffie-Hellman routines::modulus too small",
        ),
    ];
    for (name, options, text) in cases {
        assert_eq!(error(name, &options), text);
    }
    let refused = |name, length| generate_key_sync(name, length).unwrap_err().to_string();
    assert_eq!(
        refused("hmac", 7),
        "The value of \"options.length\" is out of range. It must be >= 8 && <= 2147483647. Received 7"
    );
    assert_eq!(
        refused("aes", 100),
        "The property 'options.length' must be one of: 128, 192, 256. Received 100"
    );
    assert_eq!(refused("x", 128), "The argument 'type' must be a supported key type. Received 'x'");
}

#[test]
fn encrypted_keys_want_their_passphrase() {
    let pair = generate_key_pair_sync("ed25519", &KeyPairOptions::new()).unwrap();
    for export in [KeyExport::pem(KeyEncoding::Pkcs8), KeyExport::der(KeyEncoding::Pkcs8)] {
        let bytes = pair.private_key.export(&export.encrypted("aes-128-cbc", "secret")).unwrap().into_bytes();
        let input = || {
            if bytes.starts_with(b"-----") {
                KeyInput::pem(&bytes)
            } else {
                KeyInput::der(&bytes, KeyEncoding::Pkcs8)
            }
        };
        assert!(create_private_key(&input().passphrase("secret")).unwrap().equals(&pair.private_key));
        let error = create_private_key(&input().passphrase("wrong")).unwrap_err();
        assert_eq!(error.code_name(), "ERR_OSSL_BAD_DECRYPT");
        assert!(create_private_key(&input()).is_err());
    }
    let error =
        pair.private_key.export(&KeyExport::pem(KeyEncoding::Pkcs8).encrypted("nope", "secret")).unwrap_err();
    assert_eq!(error.code_name(), "ERR_CRYPTO_UNKNOWN_CIPHER");
}

#[test]
fn json_web_keys_are_json() {
    assert!(Jwk::parse("").is_err() && Jwk::parse("[]").is_err() && Jwk::parse("{").is_err());
    let jwk = Jwk::parse(r#"{"kty":"oct","k":"YQ","x":1,"y":{"z":[]}}"#).unwrap();
    assert_eq!(jwk.get("k"), Some("YQ"));
    assert_eq!(jwk.get("x"), None);
    assert_eq!(jwk.to_string(), r#"{"k":"YQ","kty":"oct"}"#);
    assert!(!format!("{jwk:?}").contains("YQ"));
    let deep = format!("{}{}", r#"{"a":"#, "[".repeat(100_000));
    assert!(Jwk::parse(&deep).is_err());
}
