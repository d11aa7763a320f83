//! Agreement: ECDH, X25519 and X448.

use nodecore_crypto::{Jwk, KeyEncoding, KeyInput, create_ecdh, create_private_key, diffie_hellman_sync};
use nodecore_error::Result;
use serde_json::Value;

use crate::{bytes, file};

#[test]
fn elliptic_curves_in_der() {
    for (name, curve, size) in [("secp256r1", "prime256v1", 32), ("secp384r1", "secp384r1", 48)] {
        file(&format!("ecdh_{name}_test.json"), |_, vector| {
            let number = bytes(vector, "private");
            let zeroes = number.iter().take_while(|byte| **byte == 0).count();
            let private = [vec![0; size + zeroes - number.len()], number[zeroes..].to_vec()].concat();
            let public = bytes(vector, "public");
            let private = KeyInput::raw_private(&private, "ec").named_curve(curve);
            let secret = diffie_hellman_sync(&private, &KeyInput::der(&public, KeyEncoding::Spki));
            // The same through `ECDH`, for a point of a sound key: it is the end of the DER.
            if let (Ok(secret), true) = (&secret, vector["result"] == "valid") {
                let mut pair = create_ecdh(curve).unwrap();
                pair.set_private_key(&number).unwrap();
                let compressed = public.len() < 40 + size;
                let point = &public[public.len() - if compressed { 1 + size } else { 1 + 2 * size }..];
                assert_eq!(&pair.compute_secret(point).unwrap(), secret);
            }
            agreed(vector, secret)
        });
    }
}

#[test]
fn elliptic_curves_in_pem() {
    file("ecdh_secp256r1_pem_test.json", |_, vector| {
        let [private, public] = ["private", "public"].map(|half| vector[half].as_str().unwrap());
        agreed(vector, diffie_hellman_sync(&KeyInput::pem(private), &KeyInput::pem(public)))
    });
}

#[test]
fn montgomery_curves() {
    for name in ["x25519", "x448"] {
        file(&format!("{name}_test.json"), |_, vector| {
            let [private, public] = ["private", "public"].map(|half| bytes(vector, half));
            let private = create_private_key(&KeyInput::raw_private(&private, name)).unwrap();
            agreed(vector, diffie_hellman_sync(&(&private).into(), &KeyInput::raw_public(&public, name)))
        });
    }
}

#[test]
fn json_web_keys() {
    file("x25519_jwk_test.json", |_, vector| {
        let [private, public] =
            ["private", "public"].map(|half| Jwk::parse(&vector[half].to_string()).unwrap());
        agreed(vector, diffie_hellman_sync(&KeyInput::jwk(&private), &KeyInput::jwk(&public)))
    });
}

/// Whether the secret is the one expected; there may be none, but another there is not.
fn agreed(vector: &Value, secret: Result<Vec<u8>>) -> bool {
    let Ok(secret) = secret else { return false };
    let expected = bytes(vector, "shared");
    assert!(expected == secret || vector["result"] == "invalid", "{}", vector["tcId"]);
    true
}
