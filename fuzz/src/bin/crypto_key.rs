//! Keys: `form bytes`. What is imported is exported in every form, imported again, and the same key.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nodecore_crypto::{
    ExportedKey, Jwk, KeyEncoding, KeyExport, KeyInput, KeyObject, KeyType, create_private_key,
    create_public_key,
};
use nodecore_error::Result;

const PASSPHRASE: &[u8] = b"abc";
const ENCODINGS: [KeyEncoding; 4] =
    [KeyEncoding::Pkcs8, KeyEncoding::Pkcs1, KeyEncoding::Sec1, KeyEncoding::Spki];
const NAMES: [&str; 8] = ["x25519", "ed25519", "x448", "ed448", "ec", "ml-kem-512", "ml-dsa-44", "rsa"];
const CURVES: [&str; 4] = ["P-256", "P-521", "secp256k1", "nope"];

/// Imports a key of the kind of `like`.
fn import(input: &KeyInput<'_>, like: &KeyObject) -> Result<KeyObject> {
    match like.key_type() {
        KeyType::Private => create_private_key(input),
        _ => create_public_key(input),
    }
}

/// What has been exported leads to the same key, which is exported to the same.
fn back(key: &KeyObject, how: &KeyExport<'_>, input: impl Fn(&[u8]) -> Result<KeyObject>, what: &str) {
    let Ok(ExportedKey::Bytes(bytes)) = key.export(how) else { return };
    let again = input(&bytes).unwrap_or_else(|error| panic!("{what} is not imported: {error}"));
    assert!(again.equals(key), "{what} is another key");
    assert_eq!(again.asymmetric_key_type(), key.asymmetric_key_type(), "{what}");
    let twice = again.export(how).unwrap_or_else(|error| panic!("{what} is not exported again: {error}"));
    assert!(twice == ExportedKey::Bytes(bytes), "{what} is exported to something else");
}

fn check(key: &KeyObject, encrypts: bool) {
    let kind = key.asymmetric_key_type().unwrap_or_default();
    assert!(key.equals(key), "{kind} is not itself");
    let _ = key.asymmetric_key_details();
    for encoding in ENCODINGS {
        let what = format!("{kind} as {}", encoding.name());
        back(key, &KeyExport::pem(encoding), |text| import(&KeyInput::pem(text), key), &what);
        back(key, &KeyExport::der(encoding), |data| import(&KeyInput::der(data, encoding), key), &what);
    }
    let raw_public = |data: &[u8]| {
        let details = key.asymmetric_key_details();
        let curve = details.as_ref().and_then(|details| details.named_curve.as_deref());
        let input = KeyInput::raw_public(data, kind);
        create_public_key(&curve.map_or(input.clone(), |curve| input.named_curve(curve)))
    };
    if key.key_type() == KeyType::Public {
        back(key, &KeyExport::raw_public(), raw_public, &format!("{kind} as bytes"));
        back(key, &KeyExport::raw_public_compressed(), raw_public, &format!("{kind} as bytes in short"));
    }
    // The parts of a key that is damaged are refused here; those in DER are not looked at as closely.
    if let Ok(ExportedKey::Jwk(jwk)) = key.export(&KeyExport::jwk())
        && let Ok(again) = import(&KeyInput::jwk(&jwk), key)
    {
        assert!(again.equals(key), "{kind} as JWK is another key");
        let parsed = Jwk::parse(&jwk.to_string()).expect("what is written is JSON");
        assert!(import(&KeyInput::jwk(&parsed), key).is_ok_and(|parsed| parsed.equals(key)));
    }
    if key.key_type() == KeyType::Private {
        let public = create_public_key(&KeyInput::from(key)).expect("every private key has a public half");
        check(&public, false);
        let how = KeyExport::pem(KeyEncoding::Pkcs8).encrypted("aes-128-cbc", PASSPHRASE);
        if encrypts && let Ok(sealed) = key.export(&how) {
            let sealed = sealed.into_bytes();
            let opened = create_private_key(&KeyInput::pem(&sealed).passphrase(PASSPHRASE));
            assert!(opened.is_ok_and(|opened| opened.equals(key)), "{kind}, encrypted");
            assert!(create_private_key(&KeyInput::pem(&sealed)).is_err());
        }
    }
}

/// Whether a key derivation may ask for so many rounds that it takes minutes: it is named, and there is a number of more
/// than two bytes.
fn takes_long(der: &[u8]) -> bool {
    // PKCS#5 and PKCS#12 of RSA's object identifiers, and scrypt.
    let names: [&[u8]; 3] = [
        b"\x2a\x86\x48\x86\xf7\x0d\x01\x05",
        b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c",
        b"\x2b\x06\x01\x04\x01\xda\x47",
    ];
    let named = names.iter().any(|name| der.windows(name.len()).any(|part| part == *name));
    named && der.windows(2).any(|pair| pair[0] == 2 && (3..9).contains(&pair[1]))
}

fuzz_target!(|data: &[u8]| {
    let Some((&form, data)) = data.split_first() else { return };
    let passphrase = form & 8 != 0;
    let decoded: Vec<u8> = match form & 7 {
        0 => {
            let text: String =
                String::from_utf8_lossy(data).lines().filter(|line| !line.contains('-')).collect();
            nodecore_buffer::encode(&text, nodecore_buffer::Encoding::Base64)
        }
        _ => data.to_vec(),
    };
    if passphrase && takes_long(&decoded) {
        return;
    }
    let jwk;
    let input = match form & 7 {
        0 => KeyInput::pem(data),
        number @ 1..=4 => KeyInput::der(data, ENCODINGS[usize::from(number - 1)]),
        5 => {
            let Ok(parsed) = Jwk::parse(&String::from_utf8_lossy(data)) else { return };
            jwk = parsed;
            KeyInput::jwk(&jwk)
        }
        _ => {
            let [format, name, rest @ ..] = data else { return };
            let name = NAMES[usize::from(name % 8)];
            let input = match format % 3 {
                0 => KeyInput::raw_public(rest, name),
                1 => KeyInput::raw_private(rest, name),
                _ => KeyInput::raw_seed(rest, name),
            };
            if name == "ec" || format & 64 != 0 {
                input.named_curve(CURVES[usize::from(format >> 2 & 3)])
            } else {
                input
            }
        }
    };
    let input = if passphrase { input.passphrase(PASSPHRASE) } else { input };
    for key in [create_private_key(&input), create_public_key(&input)].into_iter().flatten() {
        check(&key, form & 16 != 0);
    }
});
