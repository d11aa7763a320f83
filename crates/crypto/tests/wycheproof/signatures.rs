//! Signatures: what is valid verifies in one go and, where there is such, in parts; nothing else does.

use nodecore_crypto::constants::RSA_PKCS1_PSS_PADDING;
use nodecore_crypto::{
    DsaEncoding, KeyEncoding, KeyInput, KeyObject, SignOptions, create_public_key, create_verify, sign_sync,
    verify_sync,
};
use serde_json::Value;

use crate::{bytes, file};

fn public_key(group: &Value) -> Option<KeyObject> {
    create_public_key(&KeyInput::der(&bytes(group, "publicKeyDer"), KeyEncoding::Spki)).ok()
}

/// Vectors of a digest and a signature.
fn digested(options: impl Fn(&Value) -> SignOptions) -> impl Fn(&Value, &Value) -> bool {
    move |group, vector| {
        let Some(key) = public_key(group) else { return false };
        let name = group["sha"].as_str().unwrap();
        let [message, signature] = ["msg", "sig"].map(|field| bytes(vector, field));
        let options = options(group);
        let whole = verify_sync(Some(name), &message, &key, &signature, &options).is_ok_and(|good| good);
        let mut parts = create_verify(name).unwrap();
        let (start, end) = message.split_at(message.len() / 2);
        parts.update(start).unwrap().update(end).unwrap();
        assert_eq!(parts.verify(&key, &signature, &options).is_ok_and(|good| good), whole);
        whole
    }
}

/// Vectors of a signature of the whole message, perhaps with a context.
fn whole(group: &Value, vector: &Value) -> bool {
    let Some(key) = public_key(group) else { return false };
    let context = if vector["ctx"].is_string() { bytes(vector, "ctx") } else { vec![] };
    let options = SignOptions::new().context(context);
    let [message, signature] = ["msg", "sig"].map(|field| bytes(vector, field));
    verify_sync(None, &message, &key, &signature, &options).is_ok_and(|good| good)
}

#[test]
fn dsa() {
    file("dsa_2048_256_sha256_test.json", digested(|_| SignOptions::new()));
}

#[test]
fn ecdsa() {
    for name in ["secp256k1_sha256", "secp256r1_sha256", "secp384r1_sha384", "secp521r1_sha512"] {
        file(&format!("ecdsa_{name}_test.json"), digested(|_| SignOptions::new()));
    }
}

#[test]
fn ecdsa_p1363() {
    let options = |_: &Value| SignOptions::new().dsa_encoding(DsaEncoding::IeeeP1363);
    file("ecdsa_secp256r1_sha256_p1363_test.json", digested(options));
}

#[test]
fn eddsa() {
    file("ed25519_test.json", whole);
    file("ed448_test.json", whole);
}

#[test]
fn rsa() {
    for name in ["signature_2048_sha256", "signature_4096_sha512"] {
        file(&format!("rsa_{name}_test.json"), digested(|_| SignOptions::new()));
    }
}

#[test]
fn rsa_pss() {
    let options = |group: &Value| {
        assert_eq!(group["sha"], group["mgfSha"]);
        let salt = i32::try_from(group["sLen"].as_i64().unwrap()).unwrap();
        SignOptions::new().padding(RSA_PKCS1_PSS_PADDING).salt_length(salt)
    };
    for name in ["2048_sha256_mgf1_32", "4096_sha512_mgf1_64"] {
        file(&format!("rsa_pss_{name}_test.json"), digested(options));
    }
}

#[test]
fn ml_dsa() {
    file("mldsa_65_verify_test.json", whole);
}

/// Signatures are made with randomness, so that those of the vectors are verified, and our own beside them.
#[test]
fn ml_dsa_sign() {
    file("mldsa_65_sign_seed_test.json", |group, vector| {
        // Vectors that have no message, but what is made of it.
        if !vector["msg"].is_string() {
            return false;
        }
        let seed = bytes(group, "privateSeed");
        let context = if vector["ctx"].is_string() { bytes(vector, "ctx") } else { vec![] };
        let options = SignOptions::new().context(context);
        let [message, signature] = ["msg", "sig"].map(|field| bytes(vector, field));
        let key = || KeyInput::raw_seed(&seed, "ml-dsa-65");
        let Ok(own) = sign_sync(None, &message, key(), &options) else { return false };
        assert!(verify_sync(None, &message, key(), &own, &options).unwrap());
        verify_sync(None, &message, key(), &signature, &options).unwrap()
    });
}
