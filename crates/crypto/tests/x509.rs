//! Certificates without a Node beside: those in tests/data/x509, and what is refused.
#![allow(clippy::unwrap_used)]

use std::time::{Duration, SystemTime};

use nodecore_crypto::{
    KeyInput, X509Certificate, X509CheckOptions, X509SubjectCheck, create_private_key, create_secret_key,
};
use nodecore_error::Code;

const RSA: &str = include_str!("data/x509/rsa.pem");
const EC: &str = include_str!("data/x509/ec.pem");
const ED25519: &str = include_str!("data/x509/ed25519.pem");
const ML_DSA: &str = include_str!("data/x509/ml-dsa-44.pem");
const KEY: &str = include_str!("data/x509/ec.key");

fn read(pem: &str) -> X509Certificate {
    X509Certificate::new(pem).unwrap()
}

#[test]
fn properties() {
    let ec = read(EC);
    assert_eq!(ec.subject(), Some("CN=ec.example"));
    assert_eq!(ec.issuer(), Some("C=DE\nO=Example\\, \\\"Ltd\\\"\nCN=rsa.example"));
    assert_eq!(ec.subject_alt_name(), Some("DNS:ec.example, DNS:*.ec.example, IP Address:192.0.2.1"));
    assert_eq!(ec.info_access(), Some("OCSP - URI:http://ocsp.example/"));
    assert_eq!(ec.valid_from(), "Jan  2 03:04:05 2025 GMT");
    assert_eq!(ec.valid_to(), "Dec 31 23:59:59 2049 GMT");
    let at = |seconds| Some(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
    assert_eq!([ec.valid_from_date(), ec.valid_to_date()], [at(1_735_787_045), at(2_524_607_999)]);
    assert_eq!(ec.serial_number(), Some("1234"));
    assert_eq!(ec.key_usage().unwrap(), ["1.3.6.1.5.5.7.3.1"]);
    assert_eq!(ec.signature_algorithm(), Some("sha256WithRSAEncryption"));
    assert_eq!(ec.signature_algorithm_oid(), Some("1.2.840.113549.1.1.11"));
    assert!(!ec.ca() && read(RSA).ca());
    assert!(ec.issuer_certificate().is_none());
    let lengths = [ec.fingerprint(), ec.fingerprint256(), ec.fingerprint512()].map(str::len);
    assert_eq!(lengths, [59, 95, 191]);
    assert_eq!(ec.to_string(), EC);
    assert_eq!(ec.to_json(), EC);
    assert_eq!(read(ED25519).info_access(), None);
    let kinds = [RSA, EC, ED25519, ML_DSA].map(|pem| read(pem).public_key().unwrap().asymmetric_key_type());
    assert_eq!(kinds, ["rsa", "ec", "ed25519", "ml-dsa-44"].map(Some));
    let debug = format!("{ec:?}");
    assert!(debug.contains("subject: Some(\"CN=ec.example\")") && debug.contains("1234"), "{debug}");
}

#[test]
fn raw_and_pem_are_the_same_certificate() {
    for pem in [RSA, EC, ED25519, ML_DSA] {
        let certificate = read(pem);
        let again = X509Certificate::new(certificate.raw()).unwrap();
        assert_eq!(again.fingerprint256(), certificate.fingerprint256());
        assert_eq!(again.to_string(), pem);
    }
}

#[test]
fn legacy_object() {
    let ec = read(EC).to_legacy_object();
    assert_eq!(ec.subject.get("CN"), ["ec.example"]);
    assert_eq!(ec.issuer.get("O"), ["Example, \"Ltd\""]);
    assert_eq!(ec.issuer.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["C", "O", "CN"]);
    assert_eq!(ec.info_access.unwrap().get("OCSP - URI"), ["http://ocsp.example/"]);
    assert_eq!(
        (ec.bits, ec.asn1_curve.as_deref(), ec.nist_curve.as_deref()),
        (Some(256), Some("prime256v1"), Some("P-256"))
    );
    assert_eq!(ec.pubkey.unwrap().len(), 65);
    assert_eq!((ec.modulus, ec.exponent), (None, None));
    let rsa = read(RSA).to_legacy_object();
    assert_eq!((rsa.bits, rsa.exponent.as_deref()), (Some(2048), Some("0x10001")));
    assert_eq!(rsa.modulus.unwrap().len(), 512);
    assert!(rsa.ca && rsa.asn1_curve.is_none());
}

#[test]
fn names() {
    let ec = read(EC);
    let host = |name, options: &X509CheckOptions| ec.check_host(name, options).unwrap();
    let usual = X509CheckOptions::new();
    assert_eq!(host("EC.example", &usual).as_deref(), Some("ec.example"));
    assert_eq!(host("www.ec.example", &usual).as_deref(), Some("*.ec.example"));
    assert_eq!(host("www.ec.example", &X509CheckOptions::new().wildcards(false)), None);
    assert_eq!(host("a.b.ec.example", &usual), None);
    let labels = X509CheckOptions::new().multi_label_wildcards(true);
    assert_eq!(host("a.b.ec.example", &labels).as_deref(), Some("*.ec.example"));
    assert_eq!(host("", &usual), None);
    assert_eq!(ec.check_host("a\0b", &usual).unwrap_err().code(), Code::InvalidArgValue);
    assert!(ec.check_ip("192.0.2.1").unwrap());
    assert!(!ec.check_ip("2001:db8::1").unwrap());
    assert_eq!(ec.check_ip("x").unwrap_err().to_string(), "Invalid name");
    let mail = read(ED25519);
    assert!(mail.check_email("Post@ED25519.example", &usual).unwrap());
    assert!(!mail.check_email("post@ed25519.example", &usual).unwrap());
    assert!(!mail.check_email("", &usual).unwrap());
    // Without alternative names of the kind the subject stands for the host, unless it is not to be looked at.
    assert_eq!(mail.check_host("ed25519.example", &usual).unwrap().as_deref(), Some("ed25519.example"));
    let never = X509CheckOptions::new().subject(X509SubjectCheck::Never);
    assert_eq!(mail.check_host("ed25519.example", &never).unwrap(), None);
    assert_eq!(X509SubjectCheck::parse("always"), Some(X509SubjectCheck::Always));
    assert_eq!(X509SubjectCheck::parse("x"), None);
}

#[test]
fn signatures_and_keys() {
    let (rsa, ec) = (read(RSA), read(EC));
    assert!(ec.check_issued(&rsa) && !rsa.check_issued(&ec) && rsa.check_issued(&rsa));
    for own in [RSA, ED25519, ML_DSA].map(read) {
        assert!(own.verify(&own.public_key().unwrap()).unwrap());
        assert!(!ec.check_issued(&own) || own.subject() == rsa.subject());
    }
    assert!(ec.verify(&rsa.public_key().unwrap()).unwrap());
    assert!(!ec.verify(&ec.public_key().unwrap()).unwrap());
    let key = create_private_key(&KeyInput::pem(KEY)).unwrap();
    assert!(ec.check_private_key(&key).unwrap() && !rsa.check_private_key(&key).unwrap());
    let public = rsa.public_key().unwrap();
    for (refused, class) in [
        (ec.check_private_key(&public), "PublicKeyObject"),
        (ec.check_private_key(&create_secret_key(b"a")), "SecretKeyObject"),
        (ec.verify(&key), "PrivateKeyObject"),
    ] {
        let error = refused.unwrap_err();
        assert_eq!(error.code(), Code::InvalidArgValue);
        assert!(error.to_string().contains(class), "{error}");
    }
}

#[test]
fn what_is_no_certificate() {
    let cut = &EC[..200];
    for (data, code) in [
        ("", "ERR_OSSL_PEM_NO_START_LINE"),
        (KEY, "ERR_OSSL_PEM_NO_START_LINE"),
        (cut, "ERR_OSSL_PEM_BAD_END_LINE"),
    ] {
        let error = X509Certificate::new(data).unwrap_err();
        assert_eq!((error.code(), error.code_name()), (Code::Openssl, code));
        assert!(error.openssl().unwrap().stack().is_empty());
    }
    // Not a single byte can be left off the end.
    let raw = read(ED25519).raw().to_vec();
    for len in 0..raw.len() {
        assert!(X509Certificate::new(&raw[..len]).is_err(), "{len}");
    }
}

#[test]
fn is_read_by_many_threads_at_once() {
    let certificate = read(EC);
    let expected = read(EC).to_legacy_object();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                assert_eq!(certificate.to_legacy_object(), expected);
                assert!(certificate.check_host("ec.example", &X509CheckOptions::new()).unwrap().is_some());
                assert_eq!(certificate.to_string(), EC);
            });
        }
    });
}
