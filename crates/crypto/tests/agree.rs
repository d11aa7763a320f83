//! Agreement, SPKAC and PKCS#12, without Node; some of it with the `openssl` command, if there is one.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;

use nodecore_buffer::Encoding;
use nodecore_crypto::{
    Certificate, KeyEncoding, KeyExport, KeyInput, KeyObject, KeyPairOptions, KeyType, PointFormat,
    create_diffie_hellman_group, create_ecdh, diffie_hellman, diffie_hellman_sync, generate_key_pair_sync,
    get_diffie_hellman, parse_pkcs12, promises,
};
use nodecore_event_loop::{EventLoop, RunMode};

fn pair(name: &str, options: &KeyPairOptions) -> (KeyObject, KeyObject) {
    let pair = generate_key_pair_sync(name, options).unwrap();
    (pair.private_key, pair.public_key)
}

#[test]
fn agree_in_three_forms() {
    let lp = EventLoop::new().unwrap();
    let (private, public) = pair("x25519", &KeyPairOptions::new());
    let (private, public) = (KeyInput::from(&private), KeyInput::from(&public));
    let got = Rc::new(RefCell::new(vec![diffie_hellman_sync(&private, &public).unwrap()]));
    let result = Rc::clone(&got);
    diffie_hellman(&lp, &private, &public, move |secret| result.borrow_mut().push(secret.unwrap())).unwrap();
    assert_eq!(got.borrow().len(), 1, "it is called later");
    lp.run(RunMode::Default);
    let secret = lp.block_on(promises::diffie_hellman(&lp, &private, &public)).unwrap();
    got.borrow_mut().push(secret);
    let got = got.borrow();
    assert!(got.len() == 3 && got[0].len() == 32 && got.iter().all(|secret| *secret == got[0]));
}

#[test]
fn keys_are_refused_at_once_and_secrets_later() {
    let lp = EventLoop::new().unwrap();
    let p256 = pair("ec", &KeyPairOptions::new().named_curve("P-256"));
    let p384 = pair("ec", &KeyPairOptions::new().named_curve("P-384"));
    let ed25519 = pair("ed25519", &KeyPairOptions::new());
    let refused = |private: &KeyObject, public: &KeyObject| {
        diffie_hellman(&lp, &private.into(), &public.into(), |_| unreachable!()).unwrap_err().to_string()
    };
    assert_eq!(refused(&p256.0, &ed25519.1), "Incompatible key types for Diffie-Hellman: ec and ed25519");
    assert_eq!(refused(&p256.1, &p256.1), "Invalid key object type public, expected private.");
    let failed = Rc::new(RefCell::new(String::new()));
    let result = Rc::clone(&failed);
    diffie_hellman(&lp, &(&p256.0).into(), &(&p384.1).into(), move |secret| {
        *result.borrow_mut() = secret.unwrap_err().code_name().to_owned();
    })
    .unwrap();
    lp.run(RunMode::Default);
    assert_eq!(*failed.borrow(), "ERR_OSSL_MISMATCHING_DOMAIN_PARAMETERS");
}

#[test]
fn secrets_are_text_in_any_encoding() {
    let mut group = get_diffie_hellman("modp14").unwrap();
    let public = group.generate_keys_encoded(Encoding::Base64).unwrap();
    assert_eq!(nodecore_buffer::encode(&public, Encoding::Base64), group.get_public_key().unwrap());
    let secret = group.compute_secret_encoded([4], Encoding::Hex).unwrap();
    assert_eq!(nodecore_buffer::encode(&secret, Encoding::Hex), group.compute_secret([4]).unwrap());
    let mut curve = create_ecdh("secp256k1").unwrap();
    let public = curve.generate_keys_encoded(Encoding::Hex, PointFormat::Compressed).unwrap();
    let secret =
        curve.compute_secret_encoded(nodecore_buffer::encode(&public, Encoding::Hex), Encoding::Latin1);
    assert_eq!(secret.unwrap().chars().count(), 32);
    assert!(!format!("{curve:?}{group:?}").contains(&public));
    assert_eq!(create_diffie_hellman_group("MODP2").unwrap().get_prime().unwrap().len(), 128);
}

#[test]
fn bundles_and_challenges() {
    let bundle = include_bytes!("data/agree/full.p12");
    let found = parse_pkcs12(bundle, "secret").unwrap();
    assert_eq!(found.private_key.as_ref().map(KeyObject::key_type), Some(KeyType::Private));
    assert!(found.certificate.is_some() && found.additional_certificates.len() == 1);
    assert!(format!("{found:?}").contains("ec"));
    let error = parse_pkcs12(bundle, "a\0b").unwrap_err().to_string();
    assert_eq!(error, r"The property 'options.passphrase' must not contain null bytes. Received 'a\x00b'");
    let spkac = include_bytes!("data/agree/ec.spkac");
    assert!(Certificate::verify_spkac(spkac).unwrap());
    assert_eq!(Certificate::export_challenge(spkac).unwrap().unwrap(), b"hi");
    let key = nodecore_crypto::create_public_key(&KeyInput::pem(
        &Certificate::export_public_key(spkac).unwrap().unwrap(),
    ));
    let private = found.private_key.unwrap();
    assert!(key.unwrap().equals(&nodecore_crypto::create_public_key(&(&private).into()).unwrap()));
}

/// A file of its own for each test, which are run side by side.
fn written(name: &str, bytes: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn the_openssl_command_agrees() {
    if Command::new("openssl").arg("version").output().is_err() {
        println!("skipped: there is no openssl command");
        return;
    }
    let options = KeyPairOptions::new;
    let kinds = [
        ("x25519", options()),
        ("x448", options()),
        ("ec", options().named_curve("P-256")),
        ("ec", options().named_curve("brainpoolP384r1")),
        ("ec", options().named_curve("sect283k1")),
        ("dh", options().group("modp14")),
    ];
    for (at, (name, options)) in kinds.iter().enumerate() {
        let ((private, _), (_, public)) = (pair(name, options), pair(name, options));
        let pem = |key: &KeyObject, encoding| key.export(&KeyExport::pem(encoding)).unwrap().into_bytes();
        let inkey = written(&format!("private{at}.pem"), &pem(&private, KeyEncoding::Pkcs8));
        let peer = written(&format!("public{at}.pem"), &pem(&public, KeyEncoding::Spki));
        let run = Command::new("openssl")
            .args(["pkeyutl", "-derive", "-inkey"])
            .arg(inkey)
            .arg("-peerkey")
            .arg(peer)
            .output()
            .unwrap();
        let secret = diffie_hellman_sync(&(&private).into(), &(&public).into()).unwrap();
        // The command leaves out the zeroes in front of a secret of DH.
        assert!(run.status.success() && secret.ends_with(&run.stdout), "{name}");
        assert!(secret[..secret.len() - run.stdout.len()].iter().all(|byte| *byte == 0), "{name}");
    }
}
