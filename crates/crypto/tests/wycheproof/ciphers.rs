//! Ciphers, both ways: what is valid encrypts to the text given and decrypts to the message, what is not is
//! refused.

use nodecore_crypto::{CipherOptions, create_cipheriv, create_decipheriv};
use nodecore_error::Result;
use serde_json::Value;

use crate::{bytes, file};

/// Vectors with data that is authenticated only, and a tag.
fn authenticated(name: impl Fn(usize) -> String) -> impl Fn(&Value, &Value) -> bool {
    move |group, vector| {
        let [key, iv, aad, message, sealed, tag] =
            ["key", "iv", "aad", "msg", "ct", "tag"].map(|field| bytes(vector, field));
        let name = name(key.len());
        let options = CipherOptions::default()
            .auth_tag_length(u32::try_from(group["tagSize"].as_u64().unwrap() / 8).unwrap());
        let length = Some(u32::try_from(message.len()).unwrap());
        let opened = || -> Result<Vec<u8>> {
            let mut decipher = create_decipheriv(&name, &key, &iv, &options)?;
            decipher.set_auth_tag(&tag)?.set_aad(&aad, length)?;
            let mut text = decipher.update(&sealed)?;
            text.extend(decipher.finish()?);
            Ok(text)
        };
        let made = || -> Result<(Vec<u8>, Vec<u8>)> {
            let mut cipher = create_cipheriv(&name, &key, &iv, &options)?;
            cipher.set_aad(&aad, length)?;
            let mut text = cipher.update(&message)?;
            text.extend(cipher.finish()?);
            Ok((text, cipher.get_auth_tag()?))
        };
        let accepted = opened().is_ok_and(|text| text == message);
        assert!(
            !accepted || made().unwrap() == (sealed, tag),
            "{} encrypts to something else",
            vector["tcId"]
        );
        accepted
    }
}

/// Vectors without; `iv` is given where they have none of their own.
fn plain(name: impl Fn(usize) -> String, iv: Option<&'static str>) -> impl Fn(&Value, &Value) -> bool {
    move |_, vector| {
        let [key, message, sealed] = ["key", "msg", "ct"].map(|field| bytes(vector, field));
        let iv = match iv {
            Some(iv) => nodecore_buffer::encode(iv, nodecore_buffer::Encoding::Hex),
            None => bytes(vector, "iv"),
        };
        let name = name(key.len());
        let opened = || -> Result<Vec<u8>> {
            let mut decipher = create_decipheriv(&name, &key, &iv, &CipherOptions::default())?;
            let mut text = decipher.update(&sealed)?;
            text.extend(decipher.finish()?);
            Ok(text)
        };
        let made = || -> Result<Vec<u8>> {
            let mut cipher = create_cipheriv(&name, &key, &iv, &CipherOptions::default())?;
            let mut text = cipher.update(&message)?;
            text.extend(cipher.finish()?);
            Ok(text)
        };
        let accepted = opened().is_ok_and(|text| text == message);
        assert!(!accepted || made().unwrap() == sealed, "{} encrypts to something else", vector["tcId"]);
        accepted
    }
}

#[test]
fn aes_gcm() {
    file("aes_gcm_test.json", authenticated(|key| format!("aes-{}-gcm", 8 * key)));
}

#[test]
fn aes_ccm() {
    file("aes_ccm_test.json", authenticated(|key| format!("aes-{}-ccm", 8 * key)));
}

#[test]
fn chacha20_poly1305() {
    file("chacha20_poly1305_test.json", authenticated(|_| "chacha20-poly1305".to_owned()));
}

#[test]
fn aes_cbc_pkcs5() {
    file("aes_cbc_pkcs5_test.json", plain(|key| format!("aes-{}-cbc", 8 * key), None));
}

#[test]
fn aes_wrap() {
    file("aes_wrap_test.json", plain(|key| format!("aes-{}-wrap", 8 * key), Some("a6a6a6a6a6a6a6a6")));
}

#[test]
fn aes_kwp() {
    file("aes_kwp_test.json", plain(|key| format!("aes-{}-wrap-pad", 8 * key), Some("a65959a6")));
}
