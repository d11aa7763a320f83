//! HKDF, PBKDF2 and the primality test.

use nodecore_crypto::{CheckPrimeOptions, check_prime_sync, hkdf_sync, pbkdf2_sync};
use nodecore_error::{Code, Result};
use serde_json::Value;

use super::{bytes, run};

#[test]
fn hkdf() {
    for digest in ["sha1", "sha256", "sha512"] {
        run(&format!("hkdf_{digest}"), |_, case| {
            let length = usize::try_from(case["size"].as_u64().unwrap()).unwrap();
            let [ikm, salt, info] = ["ikm", "salt", "info"].map(|name| bytes(&case[name]));
            let key = hkdf_sync(digest, ikm, salt, info, length);
            if case["result"] == "invalid" {
                return key.is_err_and(|error| error.code() == Code::CryptoInvalidKeylen);
            }
            is(key, &case["okm"])
        });
    }
}

#[test]
fn pbkdf2() {
    for digest in ["sha1", "sha256", "sha512"] {
        run(&format!("pbkdf2_hmac{digest}"), |_, case| {
            let [password, salt] = ["password", "salt"].map(|name| bytes(&case[name]));
            let iterations = u32::try_from(case["iterationCount"].as_u64().unwrap()).unwrap();
            let keylen = usize::try_from(case["dkLen"].as_u64().unwrap()).unwrap();
            is(pbkdf2_sync(password, salt, iterations, keylen, digest), &case["dk"])
                == (case["result"] == "valid")
        });
    }
}

#[test]
fn primality() {
    run("primality", |_, case| {
        let value = bytes(&case["value"]);
        // A number in two's complement: none below zero can be asked about, and no such one is to be a prime.
        if value.first().is_some_and(|byte| byte & 0x80 != 0) {
            return case["result"] != "valid";
        }
        let prime = check_prime_sync(value, &CheckPrimeOptions::new()).unwrap();
        case["result"] == "acceptable" || prime == (case["result"] == "valid")
    });
}

fn is(key: Result<Vec<u8>>, expected: &Value) -> bool {
    key.is_ok_and(|key| key == bytes(expected))
}
