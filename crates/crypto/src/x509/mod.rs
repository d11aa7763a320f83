//! Certificates. Node: `crypto.X509Certificate` (<https://nodejs.org/api/crypto.html#class-x509certificate>).

mod check;
mod legacy;
mod text;

use std::fmt::{self, Write as _};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use nodecore_error::Result;

use crate::engine::{Bound, Party, X509};
use crate::hash::hash;
use crate::key::KeyObject;

pub use check::{X509CheckOptions, X509SubjectCheck};
pub use legacy::{X509Attributes, X509LegacyObject};

/// An X.509 certificate. Node: `crypto.X509Certificate`
/// (<https://nodejs.org/api/crypto.html#class-x509certificate>).
///
/// It never changes, and may be shared between threads; clones are the same certificate. Each property is worked out when
/// it is first asked for, and kept.
///
/// ```
/// use nodecore_crypto::{X509Certificate, X509CheckOptions};
///
/// # let pem = include_str!("../../tests/data/x509/ec.pem");
/// let certificate = X509Certificate::new(pem)?;
/// assert_eq!(certificate.subject(), Some("CN=ec.example"));
/// assert_eq!(certificate.subject_alt_name(), Some("DNS:ec.example, DNS:*.ec.example, IP Address:192.0.2.1"));
/// let name = certificate.check_host("www.ec.example", &X509CheckOptions::new())?;
/// assert_eq!(name.as_deref(), Some("*.ec.example"));
/// assert_eq!(certificate.public_key()?.asymmetric_key_type(), Some("ec"));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
///
/// # Differences from Node
/// Texts that are `undefined` there are `None` here. Bytes that are no UTF-8 are U+FFFD in both.
#[derive(Clone)]
pub struct X509Certificate(Arc<Parts>);

struct Parts {
    certificate: X509,
    subject: OnceLock<Option<String>>,
    issuer: OnceLock<Option<String>>,
    subject_alt_name: OnceLock<Option<String>>,
    info_access: OnceLock<Option<String>>,
    valid_from: OnceLock<String>,
    valid_to: OnceLock<String>,
    fingerprint: OnceLock<String>,
    fingerprint256: OnceLock<String>,
    fingerprint512: OnceLock<String>,
    key_usage: OnceLock<Option<Vec<String>>>,
    serial_number: OnceLock<Option<String>>,
    signature: OnceLock<(Option<&'static str>, Option<String>)>,
    raw: OnceLock<Vec<u8>>,
    pem: OnceLock<String>,
}

impl X509Certificate {
    /// Reads a certificate in PEM (the first of several, with or without text around it; a trusted certificate too) or in
    /// DER. Node: `new X509Certificate(buffer)` (<https://nodejs.org/api/crypto.html#new-x509certificatebuffer>).
    ///
    /// # Errors
    /// What OpenSSL says of the attempt to read PEM ([`Code::Openssl`](nodecore_error::Code::Openssl), with Node's code,
    /// library and reason).
    pub fn new(data: impl AsRef<[u8]>) -> Result<X509Certificate> {
        let certificate = X509::parse(data.as_ref())?;
        Ok(X509Certificate(Arc::new(Parts {
            certificate,
            subject: OnceLock::new(),
            issuer: OnceLock::new(),
            subject_alt_name: OnceLock::new(),
            info_access: OnceLock::new(),
            valid_from: OnceLock::new(),
            valid_to: OnceLock::new(),
            fingerprint: OnceLock::new(),
            fingerprint256: OnceLock::new(),
            fingerprint512: OnceLock::new(),
            key_usage: OnceLock::new(),
            serial_number: OnceLock::new(),
            signature: OnceLock::new(),
            raw: OnceLock::new(),
            pem: OnceLock::new(),
        })))
    }

    fn certificate(&self) -> &X509 {
        &self.0.certificate
    }

    fn name(&self, party: Party) -> Option<String> {
        self.certificate().name_text(party).filter(|name| !name.is_empty()).map(text::utf8)
    }

    /// Whom it is about, one attribute a line, as in `C=DE\nCN=a.example`; `None` if the name is empty. Node:
    /// `x509.subject`.
    pub fn subject(&self) -> Option<&str> {
        self.0.subject.get_or_init(|| self.name(Party::Subject)).as_deref()
    }

    /// The alternative names, as in `DNS:a.example, IP Address:192.0.2.1`; `None` if it has none, or they cannot be read.
    /// A name that would be ambiguous is a JSON string (CVE-2021-44532). Node: `x509.subjectAltName`
    /// (<https://nodejs.org/api/crypto.html#x509subjectaltname>).
    pub fn subject_alt_name(&self) -> Option<&str> {
        let write = || Some(text::alternative_names(&self.certificate().alternative_names()?));
        self.0.subject_alt_name.get_or_init(write).as_deref()
    }

    /// Who issued it, as [`X509Certificate::subject`]. Node: `x509.issuer`.
    pub fn issuer(&self) -> Option<&str> {
        self.0.issuer.get_or_init(|| self.name(Party::Issuer)).as_deref()
    }

    /// The certificate of who issued it, if that is known: never for one that was read by [`X509Certificate::new`], which
    /// looks at one certificate only. Node: `x509.issuerCertificate`, which has a value for the peers of TLS.
    pub fn issuer_certificate(&self) -> Option<&X509Certificate> {
        None
    }

    /// Where more is to be found, one a line, as in `OCSP - URI:http://a.example`; `None` and quotes as for
    /// [`X509Certificate::subject_alt_name`]. Node: `x509.infoAccess`
    /// (<https://nodejs.org/api/crypto.html#x509infoaccess>).
    pub fn info_access(&self) -> Option<&str> {
        let write = || Some(text::info_access(&self.certificate().info_access()?));
        self.0.info_access.get_or_init(write).as_deref()
    }

    /// When it begins to be valid, as in `Sep  3 21:40:37 2022 GMT`; `Bad time value` if that is no date. Node:
    /// `x509.validFrom`.
    pub fn valid_from(&self) -> &str {
        self.0.valid_from.get_or_init(|| text::utf8(self.certificate().time_text(Bound::From)))
    }

    /// When it ceases to be, likewise. Node: `x509.validTo`.
    pub fn valid_to(&self) -> &str {
        self.0.valid_to.get_or_init(|| text::utf8(self.certificate().time_text(Bound::To)))
    }

    /// As [`X509Certificate::valid_from`], as a time; `None` if it is no date, or one that the system has no time for.
    /// Node: `x509.validFromDate`.
    pub fn valid_from_date(&self) -> Option<SystemTime> {
        self.date(Bound::From)
    }

    /// As [`X509Certificate::valid_to`], likewise. Node: `x509.validToDate`.
    pub fn valid_to_date(&self) -> Option<SystemTime> {
        self.date(Bound::To)
    }

    fn date(&self, bound: Bound) -> Option<SystemTime> {
        let seconds = self.certificate().time_seconds(bound)?;
        let distance = Duration::from_secs(seconds.unsigned_abs());
        match seconds {
            0.. => SystemTime::UNIX_EPOCH.checked_add(distance),
            _ => SystemTime::UNIX_EPOCH.checked_sub(distance),
        }
    }

    /// Its SHA-1, as in `AB:CD:…`. Node: `x509.fingerprint`.
    pub fn fingerprint(&self) -> &str {
        self.0.fingerprint.get_or_init(|| self.digest("sha1"))
    }

    /// Its SHA-256, likewise. Node: `x509.fingerprint256`.
    pub fn fingerprint256(&self) -> &str {
        self.0.fingerprint256.get_or_init(|| self.digest("sha256"))
    }

    /// Its SHA-512, likewise. Node: `x509.fingerprint512`.
    pub fn fingerprint512(&self) -> &str {
        self.0.fingerprint512.get_or_init(|| self.digest("sha512"))
    }

    fn digest(&self, algorithm: &str) -> String {
        let digest = hash(algorithm, self.raw()).unwrap_or_default();
        let mut out = String::with_capacity(digest.len() * 3);
        for (index, byte) in digest.iter().enumerate() {
            _ = write!(out, "{}{byte:02X}", if index > 0 { ":" } else { "" });
        }
        out
    }

    /// The extended uses of the key, by their numbers, such as `1.3.6.1.5.5.7.3.1`; `None` if it says nothing of them. Node:
    /// `x509.keyUsage`.
    pub fn key_usage(&self) -> Option<&[String]> {
        self.0.key_usage.get_or_init(|| self.certificate().extended_key_usage()).as_deref()
    }

    /// The serial number in hexadecimal. Node: `x509.serialNumber`.
    pub fn serial_number(&self) -> Option<&str> {
        self.0.serial_number.get_or_init(|| self.certificate().serial_number().map(text::utf8)).as_deref()
    }

    fn signature(&self) -> &(Option<&'static str>, Option<String>) {
        self.0.signature.get_or_init(|| self.certificate().signature_algorithm())
    }

    /// OpenSSL's name of what it is signed with, such as `ecdsa-with-SHA256`; `None` if it has none. Node:
    /// `x509.signatureAlgorithm`.
    pub fn signature_algorithm(&self) -> Option<&'static str> {
        self.signature().0
    }

    /// The number of what it is signed with, such as `1.2.840.10045.4.3.2`; `None` for one of 128 characters and
    /// more. Node: `x509.signatureAlgorithmOid`.
    pub fn signature_algorithm_oid(&self) -> Option<&str> {
        self.signature().1.as_deref()
    }

    /// The certificate in DER. Node: `x509.raw`.
    pub fn raw(&self) -> &[u8] {
        self.0.raw.get_or_init(|| self.certificate().der())
    }

    /// The key that it certifies. Node: `x509.publicKey`.
    ///
    /// # Errors
    /// OpenSSL's, for a key that it cannot read.
    pub fn public_key(&self) -> Result<KeyObject> {
        self.certificate().public_key().map(KeyObject::public)
    }

    /// The certificate in PEM, as it is displayed. Node: `x509.toJSON()`, `x509.toString()`.
    pub fn to_json(&self) -> &str {
        self.0.pem.get_or_init(|| text::utf8(self.certificate().pem()))
    }

    /// Whether it may sign certificates. Node: `x509.ca`.
    pub fn ca(&self) -> bool {
        self.certificate().is_ca()
    }
}

/// The certificate in PEM. Node: `x509.toString()`.
impl fmt::Display for X509Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.to_json())
    }
}

/// What `util.inspect` shows in Node.
impl fmt::Debug for X509Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("X509Certificate")
            .field("subject", &self.subject())
            .field("subject_alt_name", &self.subject_alt_name())
            .field("issuer", &self.issuer())
            .field("info_access", &self.info_access())
            .field("valid_from", &self.valid_from())
            .field("valid_to", &self.valid_to())
            .field("valid_from_date", &self.valid_from_date())
            .field("valid_to_date", &self.valid_to_date())
            .field("fingerprint", &self.fingerprint())
            .field("fingerprint256", &self.fingerprint256())
            .field("fingerprint512", &self.fingerprint512())
            .field("key_usage", &self.key_usage())
            .field("serial_number", &self.serial_number())
            .field("signature_algorithm", &self.signature_algorithm())
            .field("signature_algorithm_oid", &self.signature_algorithm_oid())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn is_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<super::X509Certificate>();
    }
}
