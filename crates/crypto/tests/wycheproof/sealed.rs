//! RSA encryption and ML-KEM.

use nodecore_crypto::constants::RSA_PKCS1_PADDING;
use nodecore_crypto::{
    KeyEncoding, KeyInput, RsaOptions, create_private_key, decapsulate_sync, encapsulate_sync,
    private_decrypt, public_encrypt,
};
use serde_json::Value;

use crate::{bytes, file};

fn decrypts(group: &Value, vector: &Value, options: &RsaOptions) -> bool {
    let der = bytes(group, "privateKeyPkcs8");
    let key = create_private_key(&KeyInput::der(&der, KeyEncoding::Pkcs8)).unwrap();
    let [message, sealed] = ["msg", "ct"].map(|field| bytes(vector, field));
    let opened = private_decrypt(&key, &sealed, options);
    // Our own is opened too.
    let own = public_encrypt(&key, &message, options);
    assert!(own.is_ok_and(|own| private_decrypt(&key, &own, options).unwrap() == message));
    opened.is_ok_and(|opened| opened == message)
}

#[test]
fn rsa_oaep() {
    for name in ["sha1_mgf1sha1", "sha256_mgf1sha256"] {
        file(&format!("rsa_oaep_2048_{name}_test.json"), |group, vector| {
            assert_eq!(group["sha"], group["mgfSha"]);
            let options = RsaOptions::new()
                .oaep_hash(group["sha"].as_str().unwrap())
                .oaep_label(bytes(vector, "label"));
            decrypts(group, vector, &options)
        });
    }
}

/// What is padded badly decrypts to something else, by implicit rejection.
#[test]
fn rsa_pkcs1() {
    let options = RsaOptions::new().padding(RSA_PKCS1_PADDING);
    file("rsa_pkcs1_2048_test.json", |group, vector| decrypts(group, vector, &options));
}

#[test]
fn ml_kem() {
    file("mlkem_768_test.json", |_, vector| {
        let [seed, sealed, secret] = ["seed", "c", "K"].map(|field| bytes(vector, field));
        let key = || KeyInput::raw_seed(&seed, "ml-kem-768");
        let opened = decapsulate_sync(key(), &sealed);
        if let Ok(made) = encapsulate_sync(key()) {
            assert_eq!(decapsulate_sync(key(), made.ciphertext()).unwrap(), made.shared_key());
        }
        if vector["ek"].is_string() {
            let public = nodecore_crypto::create_public_key(&key()).unwrap();
            let raw = public.export(&nodecore_crypto::KeyExport::raw_public()).unwrap().into_bytes();
            assert!(raw == bytes(vector, "ek") || opened.is_err());
        }
        opened.is_ok_and(|opened| opened == secret)
    });
}
