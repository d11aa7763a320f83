//! Signatures, ciphertexts and keys that the `openssl` command is given and gives. Without the command nothing is done.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

use std::path::PathBuf;
use std::process::Command;

use nodecore_crypto::{
    KeyEncoding, KeyExport, KeyPair, KeyPairOptions, RsaOptions, SignOptions, generate_key_pair_sync,
    private_decrypt, public_encrypt, sign_sync, verify_sync,
};

/// A folder of its own, gone with the test.
struct Folder(PathBuf);

impl Folder {
    /// `None` without the command.
    fn new(name: &str) -> Option<Folder> {
        if !Command::new("openssl").arg("version").output().is_ok_and(|out| out.status.success()) {
            println!("skipped: there is no openssl command");
            return None;
        }
        let path = std::env::temp_dir().join(format!("nodecore-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Some(Folder(path))
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.0.join(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.0.join(name)).unwrap()
    }

    fn keys(&self, pair: &KeyPair) {
        let private = pair.private_key.export(&KeyExport::pem(KeyEncoding::Pkcs8)).unwrap();
        let public = pair.public_key.export(&KeyExport::pem(KeyEncoding::Spki)).unwrap();
        self.write("private", &private.into_bytes());
        self.write("public", &public.into_bytes());
    }

    /// Whether `openssl pkeyutl` succeeds, run in the folder.
    fn pkeyutl(&self, arguments: &str) -> bool {
        let mut command = Command::new("openssl");
        command.arg("pkeyutl").args(arguments.split_whitespace()).current_dir(&self.0);
        command.output().unwrap().status.success()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn signatures_cross() {
    let Some(folder) = Folder::new("sign-openssl") else { return };
    let options = KeyPairOptions::new;
    let pss = SignOptions::new().padding(6).salt_length(20);
    let kinds = [
        ("rsa", options().modulus_length(1024), Some("sha256"), SignOptions::new(), "-digest sha256"),
        (
            "rsa",
            options().modulus_length(1024),
            Some("sha512-256"),
            pss,
            "-digest sha512-256 -pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:20",
        ),
        ("ec", options().named_curve("P-256"), Some("sha256"), SignOptions::new(), "-digest sha256"),
        ("ec", options().named_curve("secp256k1"), Some("sha3-256"), SignOptions::new(), "-digest sha3-256"),
        ("dsa", options().modulus_length(1024), Some("sha1"), SignOptions::new(), "-digest sha1"),
        ("ed25519", options(), None, SignOptions::new(), ""),
        ("ed448", options(), None, SignOptions::new(), ""),
    ];
    folder.write("message", b"hello");
    folder.write("other", b"hullo");
    for (name, key, digest, how, arguments) in kinds {
        let pair = generate_key_pair_sync(name, &key).unwrap();
        folder.keys(&pair);
        folder.write("signature", &sign_sync(digest, b"hello", &pair.private_key, &how).unwrap());
        let verify = "-verify -rawin -pubin -inkey public -sigfile signature";
        assert!(folder.pkeyutl(&format!("{verify} {arguments} -in message")), "{name}");
        assert!(!folder.pkeyutl(&format!("{verify} {arguments} -in other")), "{name}");
        let sign = "-sign -rawin -inkey private -out theirs -in message";
        assert!(folder.pkeyutl(&format!("{sign} {arguments}")), "{name}");
        let theirs = folder.read("theirs");
        assert!(verify_sync(digest, b"hello", &pair.public_key, &theirs, &how).unwrap(), "{name}");
        assert!(!verify_sync(digest, b"hullo", &pair.public_key, &theirs, &how).unwrap(), "{name}");
    }
}

#[test]
fn ciphertexts_cross() {
    let Some(folder) = Folder::new("encrypt-openssl") else { return };
    let pair = generate_key_pair_sync("rsa", &KeyPairOptions::new().modulus_length(2048)).unwrap();
    folder.keys(&pair);
    folder.write("message", b"hello");
    let oaep = RsaOptions::new().oaep_hash("sha256").oaep_label(b"abc");
    let arguments =
        "-pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_oaep_label:616263";
    for (how, arguments) in [(oaep, arguments), (RsaOptions::new().padding(1), "")] {
        folder.write("sealed", &public_encrypt(&pair.public_key, b"hello", &how).unwrap());
        assert!(folder.pkeyutl(&format!("-decrypt -inkey private -in sealed -out opened {arguments}")));
        assert_eq!(folder.read("opened"), b"hello");
        assert!(
            folder.pkeyutl(&format!("-encrypt -pubin -inkey public -in message -out theirs {arguments}"))
        );
        assert_eq!(private_decrypt(&pair.private_key, &folder.read("theirs"), &how).unwrap(), b"hello");
    }
}
