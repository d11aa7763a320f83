//! Signatures, key agreement and key encapsulation, here and by OpenSSL and aws-lc called directly.

use std::cell::Cell;
use std::hint::black_box;
use std::rc::Rc;

use aws_lc_rs::agreement::{self, ECDH_P256, PrivateKey, UnparsedPublicKey as Theirs, X25519};
use aws_lc_rs::kem::{Ciphertext, DecapsulationKey, ML_KEM_768};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, ED25519, EcdsaKeyPair, Ed25519KeyPair,
    KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
    UnparsedPublicKey, VerificationAlgorithm,
};
use nodecore::crypto::{
    KeyEncoding, KeyExport, KeyInput, KeyPair, KeyPairOptions, SignOptions, create_private_key,
    decapsulate_sync, diffie_hellman_sync, encapsulate_sync, generate_key_pair_sync, sign, sign_sync,
    verify_sync,
};
use nodecore::event_loop::{EventLoop, RunMode};

use super::{measure, measure_once, must};

/// Our own.
pub(super) const BODIES: &[(&str, fn())] = &[
    ("rsa-2048-sign", || ours_sign("rsa", Some("sha256"))),
    ("rsa-2048-verify", || ours_verify("rsa", Some("sha256"))),
    ("p256-sign", || ours_sign("ec", Some("sha256"))),
    ("p256-verify", || ours_verify("ec", Some("sha256"))),
    ("ed25519-sign", || ours_sign("ed25519", None)),
    ("ed25519-verify", || ours_verify("ed25519", None)),
    ("ml-dsa-65-sign", || ours_sign("ml-dsa-65", None)),
    ("ml-dsa-65-verify", || ours_verify("ml-dsa-65", None)),
    ("ml-kem-768-encapsulate", ours_encapsulate),
    ("ml-kem-768-decapsulate", ours_decapsulate),
    ("x25519-agree", || ours_agree("x25519")),
    ("p256-agree", || ours_agree("ec")),
    ("private-key-pem", ours_pem),
    ("rsa-2048-sign-64-parallel", ours_parallel),
];

/// Those of others.
pub(super) const PEERS: &[(&str, &str, fn())] = &[
    ("OpenSSL", "rsa-2048-sign", || openssl_sign("rsa", true)),
    ("OpenSSL", "rsa-2048-verify", || openssl_verify("rsa", true)),
    ("OpenSSL", "p256-sign", || openssl_sign("ec", true)),
    ("OpenSSL", "p256-verify", || openssl_verify("ec", true)),
    ("OpenSSL", "ed25519-sign", || openssl_sign("ed25519", false)),
    ("OpenSSL", "ed25519-verify", || openssl_verify("ed25519", false)),
    ("OpenSSL", "ml-dsa-65-sign", || openssl_sign("ml-dsa-65", false)),
    ("OpenSSL", "ml-dsa-65-verify", || openssl_verify("ml-dsa-65", false)),
    ("OpenSSL", "x25519-agree", || openssl_agree("x25519")),
    ("OpenSSL", "p256-agree", || openssl_agree("ec")),
    ("OpenSSL", "private-key-pem", openssl_pem),
    ("aws-lc", "rsa-2048-sign", aws_lc_rsa_sign),
    ("aws-lc", "rsa-2048-verify", aws_lc_rsa_verify),
    ("aws-lc", "p256-sign", aws_lc_p256_sign),
    ("aws-lc", "p256-verify", aws_lc_p256_verify),
    ("aws-lc", "ed25519-sign", aws_lc_ed25519_sign),
    ("aws-lc", "ed25519-verify", aws_lc_ed25519_verify),
    ("aws-lc", "x25519-agree", || aws_lc_agree(&X25519)),
    ("aws-lc", "p256-agree", || aws_lc_agree(&ECDH_P256)),
    ("aws-lc", "ml-kem-768-encapsulate", aws_lc_encapsulate),
    ("aws-lc", "ml-kem-768-decapsulate", aws_lc_decapsulate),
];

const MESSAGE: [u8; 64] = [b'a'; 64];

fn pair(name: &str) -> KeyPair {
    let options = KeyPairOptions::new().modulus_length(2048).named_curve("P-256");
    must(generate_key_pair_sync(name, &options))
}

/// Times `once`; `check` is what every language finds.
fn timed<T>(check: impl ToString, once: impl Fn() -> T) {
    measure(&check.to_string(), |times| {
        for _ in 0..times {
            black_box(once());
        }
    });
}

fn ours_sign(name: &str, digest: Option<&str>) {
    let (pair, options) = (pair(name), SignOptions::new());
    let sign = || must(sign_sync(digest, black_box(&MESSAGE), &pair.private_key, &options));
    timed(must(verify_sync(digest, &MESSAGE, &pair.public_key, &sign(), &options)), sign);
}

fn ours_verify(name: &str, digest: Option<&str>) {
    let (pair, options) = (pair(name), SignOptions::new());
    let signature = must(sign_sync(digest, &MESSAGE, &pair.private_key, &options));
    let verify = || must(verify_sync(digest, black_box(&MESSAGE), &pair.public_key, &signature, &options));
    timed(verify(), verify);
}

fn ours_encapsulate() {
    let pair = pair("ml-kem-768");
    timed(must(encapsulate_sync(&pair.public_key)).ciphertext().len(), || {
        must(encapsulate_sync(&pair.public_key))
    });
}

fn ours_decapsulate() {
    let pair = pair("ml-kem-768");
    let made = must(encapsulate_sync(&pair.public_key));
    let open = || must(decapsulate_sync(&pair.private_key, black_box(made.ciphertext())));
    timed(open() == made.shared_key(), open);
}

fn ours_agree(name: &str) {
    let (mine, theirs) = (pair(name), pair(name));
    let agree = |private: &KeyPair, public: &KeyPair| {
        let (private, public) = (KeyInput::from(&private.private_key), KeyInput::from(&public.public_key));
        must(diffie_hellman_sync(black_box(&private), &public))
    };
    timed(agree(&mine, &theirs) == agree(&theirs, &mine), || agree(&mine, &theirs));
}

fn pem(pair: &KeyPair) -> Vec<u8> {
    must(pair.private_key.export(&KeyExport::pem(KeyEncoding::Pkcs8))).into_bytes()
}

fn ours_pem() {
    let pem = pem(&pair("ec"));
    let read = || must(create_private_key(&KeyInput::pem(black_box(&pem))));
    timed(read().asymmetric_key_type().unwrap_or_default(), read);
}

fn ours_parallel() {
    let (lp, pair, options) = (must(EventLoop::new()), pair("rsa"), SignOptions::new());
    let bytes = Rc::new(Cell::new(0));
    measure_once(|| {
        bytes.set(0);
        for _ in 0..64 {
            let bytes = Rc::clone(&bytes);
            must(sign(&lp, Some("sha256"), &MESSAGE, &pair.private_key, &options, move |signature| {
                bytes.set(bytes.get() + must(signature).len());
            }));
        }
        lp.run(RunMode::Default);
        bytes.get()
    });
}

type OpensslKey = openssl::pkey::PKey<openssl::pkey::Private>;

fn openssl_key(name: &str) -> OpensslKey {
    must(OpensslKey::private_key_from_pem(&pem(&pair(name))))
}

fn openssl_signature(key: &OpensslKey, digested: bool) -> Vec<u8> {
    let digest = openssl::hash::MessageDigest::sha256();
    let signer = if digested {
        openssl::sign::Signer::new(digest, key)
    } else {
        openssl::sign::Signer::new_without_digest(key)
    };
    must(must(signer).sign_oneshot_to_vec(black_box(&MESSAGE)))
}

fn openssl_good(key: &OpensslKey, digested: bool, signature: &[u8]) -> bool {
    let digest = openssl::hash::MessageDigest::sha256();
    let verifier = if digested {
        openssl::sign::Verifier::new(digest, key)
    } else {
        openssl::sign::Verifier::new_without_digest(key)
    };
    must(must(verifier).verify_oneshot(signature, black_box(&MESSAGE)))
}

fn openssl_sign(name: &str, digested: bool) {
    let key = openssl_key(name);
    timed(openssl_good(&key, digested, &openssl_signature(&key, digested)), || {
        openssl_signature(&key, digested)
    });
}

fn openssl_verify(name: &str, digested: bool) {
    let key = openssl_key(name);
    let signature = openssl_signature(&key, digested);
    timed(openssl_good(&key, digested, &signature), || openssl_good(&key, digested, &signature));
}

fn openssl_agree(name: &str) {
    let (mine, theirs) = (openssl_key(name), openssl_key(name));
    let agree = |private: &OpensslKey, public: &OpensslKey| {
        let mut deriver = must(openssl::derive::Deriver::new(private));
        must(deriver.set_peer(black_box(public)));
        must(deriver.derive_to_vec())
    };
    timed(agree(&mine, &theirs) == agree(&theirs, &mine), || agree(&mine, &theirs));
}

fn openssl_pem() {
    let pem = pem(&pair("ec"));
    timed("ec", || must(OpensslKey::private_key_from_pem(black_box(&pem))));
}

/// The key in the bytes of PKCS#8.
fn pkcs8(name: &str) -> Vec<u8> {
    must(pair(name).private_key.export(&KeyExport::der(KeyEncoding::Pkcs8))).into_bytes()
}

fn aws_lc_good(algorithm: &'static dyn VerificationAlgorithm, key: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(algorithm, key).verify(black_box(&MESSAGE), signature).is_ok()
}

/// With the public key read before, as ours is.
fn aws_lc_verify(algorithm: &'static dyn VerificationAlgorithm, key: &[u8], signature: &[u8]) {
    let key = must(ParsedPublicKey::new(algorithm, key));
    let good = || key.verify_sig(black_box(&MESSAGE), signature).is_ok();
    timed(good(), good);
}

fn aws_lc_rsa() -> (RsaKeyPair, Vec<u8>) {
    let key = must(RsaKeyPair::from_pkcs8(&pkcs8("rsa")));
    let signature = aws_lc_rsa_signature(&key);
    (key, signature)
}

fn aws_lc_rsa_signature(key: &RsaKeyPair) -> Vec<u8> {
    let mut signature = vec![0; key.public_modulus_len()];
    must(key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), black_box(&MESSAGE), &mut signature));
    signature
}

fn aws_lc_rsa_sign() {
    let (key, signature) = aws_lc_rsa();
    let good = aws_lc_good(&RSA_PKCS1_2048_8192_SHA256, key.public_key().as_ref(), &signature);
    timed(good, || aws_lc_rsa_signature(&key));
}

fn aws_lc_rsa_verify() {
    let (key, signature) = aws_lc_rsa();
    aws_lc_verify(&RSA_PKCS1_2048_8192_SHA256, key.public_key().as_ref(), &signature);
}

fn aws_lc_p256() -> EcdsaKeyPair {
    must(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &pkcs8("ec")))
}

fn aws_lc_p256_sign() {
    let key = aws_lc_p256();
    let sign = || must(key.sign(&SystemRandom::new(), black_box(&MESSAGE)));
    timed(aws_lc_good(&ECDSA_P256_SHA256_ASN1, key.public_key().as_ref(), sign().as_ref()), sign);
}

fn aws_lc_p256_verify() {
    let key = aws_lc_p256();
    let signature = must(key.sign(&SystemRandom::new(), &MESSAGE));
    aws_lc_verify(&ECDSA_P256_SHA256_ASN1, key.public_key().as_ref(), signature.as_ref());
}

fn aws_lc_ed25519() -> Ed25519KeyPair {
    must(Ed25519KeyPair::from_pkcs8_maybe_unchecked(&pkcs8("ed25519")))
}

fn aws_lc_ed25519_sign() {
    let key = aws_lc_ed25519();
    let sign = || key.sign(black_box(&MESSAGE));
    timed(aws_lc_good(&ED25519, key.public_key().as_ref(), sign().as_ref()), sign);
}

fn aws_lc_ed25519_verify() {
    let key = aws_lc_ed25519();
    aws_lc_verify(&ED25519, key.public_key().as_ref(), key.sign(&MESSAGE).as_ref());
}

fn aws_lc_agree(algorithm: &'static agreement::Algorithm) {
    let (mine, theirs) = (must(PrivateKey::generate(algorithm)), must(PrivateKey::generate(algorithm)));
    let agree = |private: &PrivateKey, public: &PrivateKey| {
        let public = Theirs::new(algorithm, must(public.compute_public_key()));
        agreement::agree(black_box(private), public, "no secret", |secret| Ok(secret.to_vec()))
    };
    let public = must(theirs.compute_public_key());
    timed(must(agree(&mine, &theirs)) == must(agree(&theirs, &mine)), || {
        let public = Theirs::new(algorithm, black_box(public.as_ref()));
        must(agreement::agree(&mine, public, "no secret", |secret| Ok(secret.to_vec())))
    });
}

fn aws_lc_encapsulate() {
    let key = must(must(DecapsulationKey::generate(&ML_KEM_768)).encapsulation_key());
    let make = || must(key.encapsulate());
    timed(make().0.as_ref().len(), make);
}

fn aws_lc_decapsulate() {
    let key = must(DecapsulationKey::generate(&ML_KEM_768));
    let (sealed, secret) = must(must(key.encapsulation_key()).encapsulate());
    let open = || must(key.decapsulate(Ciphertext::from(black_box(sealed.as_ref()))));
    timed(open().as_ref() == secret.as_ref(), open);
}
