//! What no comparison with Node shows: callbacks and futures, and what is never the same twice.
#![allow(clippy::unwrap_used)]

use std::cell::RefCell;
use std::rc::Rc;

use nodecore_crypto::webcrypto::{
    self, Algorithm, CryptoKey, KeyData, KeyFormat, KeyUsage, decapsulate_key_sync, digest_sync,
    encapsulate_key_sync, encrypt_sync, export_key_sync, generate_key_sync, get_random_values,
    import_key_sync, promises, random_uuid, sign_sync, wrap_key_sync,
};
use nodecore_crypto::{KeyObject, RandomUuidOptions};
use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, RunMode};

/// Runs the loop until the callback that `start` is given has been called, once.
fn called<T: 'static>(start: impl FnOnce(&EventLoop, Box<dyn FnOnce(Result<T>)>)) -> Result<T> {
    let (lp, seen) = (EventLoop::new().unwrap(), Rc::new(RefCell::new(None)));
    let place = Rc::clone(&seen);
    start(&lp, Box::new(move |result| assert!(place.borrow_mut().replace(result).is_none())));
    assert!(seen.borrow().is_none(), "never before it returns");
    lp.run(RunMode::Default);
    seen.take().unwrap()
}

fn aes() -> CryptoKey {
    let usages = [KeyUsage::Encrypt, KeyUsage::Decrypt, KeyUsage::WrapKey, KeyUsage::UnwrapKey];
    import_key_sync(KeyFormat::Raw, KeyData::Bytes(&[7; 16]), &Algorithm::new("AES-GCM"), true, &usages)
        .unwrap()
}

#[test]
fn every_form_gives_the_same() {
    let lp = EventLoop::new().unwrap();
    let sha = Algorithm::new("SHA-256");
    let expected = digest_sync(&sha, b"abc").unwrap();
    assert_eq!(called(|lp, done| drop(webcrypto::digest(lp, &sha, b"abc", done))).unwrap(), expected);
    assert_eq!(lp.block_on(promises::digest(&lp, &sha, b"abc")).unwrap(), expected);

    let (key, gcm) = (aes(), Algorithm::new("AES-GCM").iv(&[1; 12]));
    let sealed = encrypt_sync(&gcm, &key, b"text").unwrap();
    assert_eq!(called(|lp, done| drop(webcrypto::encrypt(lp, &gcm, &key, b"text", done))).unwrap(), sealed);
    assert_eq!(called(|lp, done| drop(webcrypto::decrypt(lp, &gcm, &key, &sealed, done))).unwrap(), b"text");
    assert_eq!(lp.block_on(promises::decrypt(&lp, &gcm, &key, &sealed)).unwrap(), b"text");
    let error = lp.block_on(promises::decrypt(&lp, &gcm, &key, &sealed[1..])).unwrap_err();
    assert_eq!(error.class().name(), "OperationError");

    let ed = Algorithm::new("Ed25519");
    let generated = called(|lp, done| drop(webcrypto::generate_key(lp, &ed, true, &[KeyUsage::Sign], done)));
    let pair = generated.unwrap().into_pair().unwrap();
    let signature = sign_sync(&ed, &pair.private_key, b"text").unwrap();
    assert_eq!(lp.block_on(promises::sign(&lp, &ed, &pair.private_key, b"text")).unwrap(), signature);
    let public = lp.block_on(promises::get_public_key(&lp, &pair.private_key, &[KeyUsage::Verify])).unwrap();
    assert!(called(|lp, done| drop(webcrypto::verify(lp, &ed, &public, &signature, b"text", done))).unwrap());
    assert_eq!(public.key_object(), pair.public_key.key_object());

    let wrapped = wrap_key_sync(KeyFormat::Raw, &key, &key, &gcm).unwrap();
    let read =
        promises::unwrap_key(&lp, KeyFormat::Raw, &wrapped, &key, &gcm, &gcm, true, &[KeyUsage::Encrypt]);
    assert_eq!(KeyObject::from(&lp.block_on(read).unwrap()), KeyObject::from(&key));
    let exported = called(|lp, done| drop(webcrypto::export_key(lp, KeyFormat::Jwk, &key, done))).unwrap();
    assert_eq!(exported, export_key_sync(KeyFormat::Jwk, &key).unwrap());
}

#[test]
fn encapsulate_key() {
    let (kem, hmac) = (Algorithm::new("ML-KEM-512"), Algorithm::new("HMAC").hash("SHA-256"));
    let usages = [KeyUsage::EncapsulateKey, KeyUsage::DecapsulateKey];
    let pair = generate_key_sync(&kem, false, &usages).unwrap().into_pair().unwrap();
    let sent = encapsulate_key_sync(&kem, &pair.public_key, &hmac, true, &[KeyUsage::Sign]).unwrap();
    let found =
        decapsulate_key_sync(&kem, &pair.private_key, &sent.ciphertext, &hmac, true, &[KeyUsage::Sign])
            .unwrap();
    assert_eq!(found.key_object(), sent.shared_key.key_object());
    let error = encapsulate_key_sync(&kem, &pair.public_key, &kem, true, &[]).unwrap_err();
    assert_eq!(error.to_string(), "Unable to import ML-KEM-512 using raw-secret format");
}

#[test]
fn a_private_key_that_does_not_make_its_point_is_refused() {
    let p256 = Algorithm::new("ECDSA").named_curve("P-256");
    let pair = generate_key_sync(&p256, true, &[KeyUsage::Sign]).unwrap().into_pair().unwrap();
    let mut der = export_key_sync(KeyFormat::Pkcs8, &pair.private_key).unwrap().into_bytes();
    let import =
        |der: &[u8]| import_key_sync(KeyFormat::Pkcs8, KeyData::Bytes(der), &p256, true, &[KeyUsage::Sign]);
    import(&der).unwrap();
    // The number's 32 bytes stand behind 36 of frame.
    der[36 + 31] ^= 1;
    let error = import(&der).unwrap_err();
    assert_eq!((error.class().name(), error.to_string()), ("DataError", "Invalid keyData".to_owned()));
}

#[test]
fn a_short_point_is_written_out() {
    let p256 = Algorithm::new("ECDSA").named_curve("P-256");
    let pair =
        generate_key_sync(&p256, true, &[KeyUsage::Sign, KeyUsage::Verify]).unwrap().into_pair().unwrap();
    let export = |format, key: &CryptoKey| export_key_sync(format, key).unwrap().into_bytes();
    let long = export(KeyFormat::Spki, &pair.public_key);
    let point = export(KeyFormat::Raw, &pair.public_key);
    // The frame of 33 bytes instead of 65.
    let mut short = vec![0x30, 0x39];
    short.extend(&long[2..long.len() - 68]);
    short.extend([0x03, 0x22, 0x00, 2 + (point[64] & 1)]);
    short.extend(&point[1..33]);
    let read = import_key_sync(KeyFormat::Spki, KeyData::Bytes(&short), &p256, true, &[KeyUsage::Verify]);
    assert_eq!(export(KeyFormat::Spki, &read.unwrap()), long);
}

#[test]
fn random_things() {
    let mut bytes = [0; 64];
    get_random_values(&mut bytes).unwrap();
    assert_ne!(bytes, [0; 64]);
    assert_eq!(random_uuid(&RandomUuidOptions::new()).unwrap().len(), 36);
}

#[test]
fn nothing_secret_is_shown() {
    let shown = format!("{:?} {:?}", aes(), Algorithm::new("HKDF").salt(b"secret"));
    assert!(shown.contains("AesGcm") && !shown.contains("7, 7") && !shown.contains("secret\""), "{shown}");
}
