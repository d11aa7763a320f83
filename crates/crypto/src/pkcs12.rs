//! `parsePKCS12`.

use std::fmt;

use nodecore_error::{Code, Error, Result, inspect};

use crate::engine;
use crate::key::KeyObject;

/// What [`parse_pkcs12`] finds in a bundle.
#[derive(Clone)]
#[non_exhaustive]
pub struct Pkcs12 {
    /// The first private key. Node: `privateKey`.
    pub private_key: Option<KeyObject>,
    /// The certificate of the private key, in DER. Node: `certificate`.
    pub certificate: Option<Vec<u8>>,
    /// All other certificates, in DER. Node: `additionalCertificates`.
    pub additional_certificates: Vec<Vec<u8>>,
}

/// Opens a bundle of PKCS#12 (`.p12`, `.pfx`) in DER. Node: `crypto.parsePKCS12(bundle[, { passphrase }])`
/// (<https://nodejs.org/api/crypto.html#cryptoparsepkcs12bundle-options>); no passphrase is an empty one.
///
/// # Errors
/// [`Code::CryptoOperationFailed`] for bytes that are no bundle; OpenSSL's, `mac verify failure`, for a wrong passphrase;
/// [`Code::CryptoUnsupportedOperation`] for an algorithm of OpenSSL's legacy provider; [`Code::InvalidArgValue`] for a NUL
/// in the passphrase.
///
/// # Examples
/// ```
/// let error = nodecore_crypto::parse_pkcs12(b"no bundle", b"secret").unwrap_err();
/// assert_eq!(error.to_string(), "Input is not a valid PKCS#12 structure");
/// ```
pub fn parse_pkcs12(bundle: impl AsRef<[u8]>, passphrase: impl AsRef<[u8]>) -> Result<Pkcs12> {
    let passphrase = passphrase.as_ref();
    if passphrase.contains(&0) {
        let received = inspect(passphrase);
        let text =
            format!("The property 'options.passphrase' must not contain null bytes. Received {received}");
        return Err(Error::new(Code::InvalidArgValue, text));
    }
    let parsed = engine::parse_pkcs12(bundle.as_ref(), passphrase)?;
    Ok(Pkcs12 {
        private_key: parsed.private_key.map(KeyObject::private),
        certificate: parsed.certificate,
        additional_certificates: parsed.others,
    })
}

/// It shows nothing of the key.
impl fmt::Debug for Pkcs12 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pkcs12")
            .field("private_key", &self.private_key)
            .field("certificate", &self.certificate.as_ref().map(Vec::len))
            .field("additional_certificates", &self.additional_certificates.len())
            .finish()
    }
}
