//! HKDF, PBKDF2 and the primality test.

use nodecore_crypto::{CheckPrimeOptions, check_prime_sync, hkdf_sync, pbkdf2_sync};
use nodecore_error::Code;
use serde_json::Value;

use crate::{bytes, file};

#[test]
fn hkdf() {
    for digest in ["sha1", "sha256", "sha512"] {
        file(&format!("hkdf_{digest}_test.json"), |_, vector| {
            let [ikm, salt, info, okm] = ["ikm", "salt", "info", "okm"].map(|name| bytes(vector, name));
            let key = hkdf_sync(digest, ikm, salt, info, size(vector, "size"));
            if vector["result"] == "invalid" {
                assert!(key.as_ref().is_err_and(|error| error.code() == Code::CryptoInvalidKeylen));
            }
            key.is_ok_and(|key| key == okm)
        });
    }
}

#[test]
fn pbkdf2() {
    for digest in ["sha1", "sha256", "sha512"] {
        file(&format!("pbkdf2_hmac{digest}_test.json"), |_, vector| {
            let [password, salt, dk] = ["password", "salt", "dk"].map(|name| bytes(vector, name));
            let iterations = u32::try_from(size(vector, "iterationCount")).unwrap();
            let key = pbkdf2_sync(password, salt, iterations, size(vector, "dkLen"), digest);
            key.is_ok_and(|key| key == dk)
        });
    }
}

#[test]
fn primality() {
    file("primality_test.json", |_, vector| {
        let value = bytes(vector, "value");
        // A number in two's complement: none below zero can be asked about, and no such one is to be a prime.
        let negative = value.first().is_some_and(|byte| byte & 0x80 != 0);
        !negative && check_prime_sync(value, &CheckPrimeOptions::new()).unwrap()
    });
}

fn size(vector: &Value, field: &str) -> usize {
    usize::try_from(vector[field].as_u64().unwrap()).unwrap()
}
