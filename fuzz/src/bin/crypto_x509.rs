//! Certificates: any bytes. What is read has all its properties, passes through every check, and is read again out of
//! its DER and its PEM as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nodecore_crypto::{X509Certificate, X509CheckOptions, X509SubjectCheck};
use nodecore_error::{Code, Result};

/// A check may refuse a name or an address, or fail on a subject that is no text.
fn refused<T>(result: Result<T>) {
    if let Err(error) = result {
        assert!(matches!(error.code(), Code::InvalidArgValue | Code::CryptoOperationFailed), "{error}");
    }
}

fuzz_target!(|data: &[u8]| {
    let certificate = match X509Certificate::new(data) {
        Ok(certificate) => certificate,
        Err(error) => {
            assert_eq!(error.code(), Code::Openssl, "{error}");
            return;
        }
    };
    let legacy = certificate.to_legacy_object();
    assert!(!format!("{certificate:?}").is_empty());
    // An extension that cannot be read is as good as none, in both.
    assert_eq!(legacy.info_access.is_some(), certificate.info_access().is_some());
    for again in [X509Certificate::new(certificate.raw()), X509Certificate::new(certificate.to_json())] {
        let again = again.expect("what is written can be read");
        assert_eq!(again.to_legacy_object(), legacy);
        assert_eq!(again.signature_algorithm_oid(), certificate.signature_algorithm_oid());
    }
    let text = String::from_utf8_lossy(&data[..data.len().min(64)]);
    let options = X509CheckOptions::new().subject(X509SubjectCheck::Always).multi_label_wildcards(true);
    for name in [&*text, "a.example", ".example", "post@a.example", "192.0.2.1", "::1", ""] {
        refused(certificate.check_host(name, &options));
        refused(certificate.check_email(name, &options));
        refused(certificate.check_ip(name));
    }
    certificate.check_issued(&certificate);
    if let Ok(key) = certificate.public_key() {
        certificate.verify(&key).expect("the key is public");
        refused(certificate.check_private_key(&key));
    }
});
