//! Signatures and ciphertexts: `mode digest-length digest signature-length (two bytes) signature key…`. Whatever the key and
//! the signature are, verifying ends, in parts as in one go, and nothing but a key of one's own makes something good.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use nodecore_crypto::{
    DsaEncoding, KeyEncoding, KeyInput, KeyObject, KeyPairOptions, RsaOptions, SignOptions,
    create_public_key, create_verify, decapsulate_sync, generate_key_pair_sync, private_decrypt,
    public_decrypt, verify_sync,
};

/// Keys of our own, made once, nobody else's signatures of which are good.
fn keys() -> &'static [KeyObject] {
    static KEYS: OnceLock<Vec<KeyObject>> = OnceLock::new();
    KEYS.get_or_init(|| {
        let options = KeyPairOptions::new().modulus_length(1024).named_curve("P-256");
        ["rsa", "rsa-pss", "dsa", "ec", "ed25519", "ed448", "ml-dsa-44", "ml-kem-512", "x25519"]
            .iter()
            .map(|name| generate_key_pair_sync(name, &options).expect(name).private_key)
            .collect()
    })
}

/// The first `len` bytes, or all if there are fewer, and the rest.
fn split(data: &[u8], len: usize) -> (&[u8], &[u8]) {
    data.split_at(len.min(data.len()))
}

fuzz_target!(|data: &[u8]| {
    let [mode, digest_len, data @ ..] = data else { return };
    let (digest, data) = split(data, usize::from(*digest_len % 32));
    let [high, low, data @ ..] = data else { return };
    let (signature, key) = split(data, usize::from(u16::from_be_bytes([*high, *low])));
    let digest = match mode % 4 {
        0 => None,
        1 => Some("sha256"),
        _ => std::str::from_utf8(digest).ok(),
    };
    let mut options = SignOptions::new();
    if mode & 4 != 0 {
        options = options.dsa_encoding(DsaEncoding::IeeeP1363);
    }
    if mode & 8 != 0 {
        options = options.padding(i32::from(mode >> 5));
    }
    if mode & 16 != 0 {
        options = options.context(signature.get(..signature.len().min(300)).unwrap_or_default());
    }
    // A key of any bytes.
    if let Ok(key) = create_public_key(&KeyInput::der(key, KeyEncoding::Spki)) {
        let whole = verify_sync(digest, b"message", &key, signature, &options);
        if let (Some(name), true) = (digest, mode & 16 == 0)
            && let Ok(mut verify) = create_verify(name)
        {
            verify.update(b"mess").expect("open").update(b"age").expect("open");
            let parts = verify.verify(&key, signature, &options);
            // X9.31 binds the digest otherwise; what is malformed is an error in parts and wrong in one.
            if mode & 8 == 0
                && let (Ok(parts), Ok(whole)) = (parts, whole)
            {
                assert_eq!(parts, whole);
            }
        }
        _ = public_decrypt(&key, signature, &RsaOptions::new());
    }
    // A key of our own.
    let key = &keys()[usize::from(*mode >> 2) % keys().len()];
    assert!(!verify_sync(digest, b"message", key, signature, &options).is_ok_and(|good| good), "forged");
    for padding in [1, 3, 4] {
        _ = private_decrypt(key, signature, &RsaOptions::new().padding(padding));
    }
    _ = decapsulate_sync(key, signature);
});
