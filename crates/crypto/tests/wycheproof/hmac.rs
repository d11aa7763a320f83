//! HMAC, and the same through `createMac`.

use nodecore_crypto::{MacOptions, create_hmac, create_mac};

use crate::{bytes, file};

#[test]
fn hmac() {
    for (name, digest) in [
        ("hmac_sha1", "sha1"),
        ("hmac_sha256", "sha256"),
        ("hmac_sha384", "sha384"),
        ("hmac_sha512", "sha512"),
        ("hmac_sha3_256", "sha3-256"),
    ] {
        file(&format!("{name}_test.json"), |group, vector| {
            let [key, message, tag] = ["key", "msg", "tag"].map(|field| bytes(vector, field));
            let full = create_hmac(digest, &key).unwrap().update(&message).unwrap().digest().unwrap();
            let mut mac = create_mac("hmac", &key, &MacOptions::default().digest(digest)).unwrap();
            assert_eq!(mac.update(&message).unwrap().finish().unwrap(), full);
            // The tag is as much of the digest as the group says.
            let size = usize::try_from(group["tagSize"].as_u64().unwrap() / 8).unwrap();
            full.get(..size).is_some_and(|start| start == tag)
        });
    }
}
