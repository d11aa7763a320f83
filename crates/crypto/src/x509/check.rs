//! The checks of a certificate.

use nodecore_error::{Code, Error, Result};

use super::{X509Certificate, text};
use crate::engine::{Match, check_flag, until_nul};
use crate::key::{KeyObject, KeyType};

/// When [`X509Certificate::check_host`] and [`X509Certificate::check_email`] look at the subject besides the
/// alternative names. Node: the option `subject`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum X509SubjectCheck {
    /// If there is no alternative name of the kind looked for.
    #[default]
    Default,
    /// If no alternative name matches.
    Always,
    /// Not at all.
    Never,
}

impl X509SubjectCheck {
    /// Node's name of it.
    pub const fn name(self) -> &'static str {
        match self {
            X509SubjectCheck::Default => "default",
            X509SubjectCheck::Always => "always",
            X509SubjectCheck::Never => "never",
        }
    }

    /// That of this name.
    pub fn parse(name: &str) -> Option<X509SubjectCheck> {
        [X509SubjectCheck::Default, X509SubjectCheck::Always, X509SubjectCheck::Never]
            .into_iter()
            .find(|check| check.name() == name)
    }
}

/// How names are compared. Node: the options of `x509.checkHost` and `x509.checkEmail`, which looks at `subject` only.
///
/// ```
/// use nodecore_crypto::{X509CheckOptions, X509SubjectCheck};
///
/// let options = X509CheckOptions::new().subject(X509SubjectCheck::Never).partial_wildcards(false);
/// assert!(format!("{options:?}").contains("Never"));
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct X509CheckOptions {
    subject: X509SubjectCheck,
    wildcards: bool,
    partial_wildcards: bool,
    multi_label_wildcards: bool,
    single_label_subdomains: bool,
}

impl X509CheckOptions {
    /// Node's defaults.
    pub const fn new() -> X509CheckOptions {
        X509CheckOptions {
            subject: X509SubjectCheck::Default,
            wildcards: true,
            partial_wildcards: true,
            multi_label_wildcards: false,
            single_label_subdomains: false,
        }
    }

    /// When the subject is looked at.
    pub const fn subject(mut self, subject: X509SubjectCheck) -> X509CheckOptions {
        self.subject = subject;
        self
    }

    /// Whether `*.example.com` in the certificate stands for names below it; by default so.
    pub const fn wildcards(mut self, wildcards: bool) -> X509CheckOptions {
        self.wildcards = wildcards;
        self
    }

    /// Whether `www*.example.com` does; by default so.
    pub const fn partial_wildcards(mut self, partial_wildcards: bool) -> X509CheckOptions {
        self.partial_wildcards = partial_wildcards;
        self
    }

    /// Whether `*.example.com` stands for `a.b.example.com` too; by default not.
    pub const fn multi_label_wildcards(mut self, multi_label_wildcards: bool) -> X509CheckOptions {
        self.multi_label_wildcards = multi_label_wildcards;
        self
    }

    /// Whether a host given as `.example.com` stands for names one level below it only; by default for all.
    pub const fn single_label_subdomains(mut self, single_label_subdomains: bool) -> X509CheckOptions {
        self.single_label_subdomains = single_label_subdomains;
        self
    }

    fn flags(&self) -> u32 {
        let subject = match self.subject {
            X509SubjectCheck::Default => 0,
            X509SubjectCheck::Always => check_flag::ALWAYS_SUBJECT,
            X509SubjectCheck::Never => check_flag::NEVER_SUBJECT,
        };
        let rest = [
            (!self.wildcards, check_flag::NO_WILDCARDS),
            (!self.partial_wildcards, check_flag::NO_PARTIAL_WILDCARDS),
            (self.multi_label_wildcards, check_flag::MULTI_LABEL_WILDCARDS),
            (self.single_label_subdomains, check_flag::SINGLE_LABEL_SUBDOMAINS),
        ];
        rest.iter().filter(|(set, _)| *set).fold(subject, |flags, (_, flag)| flags | flag)
    }
}

/// Node's.
impl Default for X509CheckOptions {
    fn default() -> X509CheckOptions {
        X509CheckOptions::new()
    }
}

impl X509Certificate {
    /// The name in the certificate that stands for the host `name`, which may be a pattern such as `*.example.com`;
    /// `None` if there is none. Node: `x509.checkHost(name[, options])`
    /// (<https://nodejs.org/api/crypto.html#x509checkhostname-options>).
    ///
    /// # Errors
    /// [`Code::InvalidArgValue`] if there is a NUL in the name; [`Code::CryptoOperationFailed`] if it comes to the subject, and
    /// that is no text.
    pub fn check_host(&self, name: &str, options: &X509CheckOptions) -> Result<Option<String>> {
        let found = self.certificate().check_host(name.as_bytes(), options.flags());
        Ok(matched(found)?.map(|peer| text::latin1(&peer)))
    }

    /// Whether the certificate is of that address. Node: `x509.checkEmail(email[, options])`
    /// (<https://nodejs.org/api/crypto.html#x509checkemailemail-options>), which gives the address or `undefined`.
    ///
    /// # Errors
    /// As [`X509Certificate::check_host`].
    pub fn check_email(&self, email: &str, options: &X509CheckOptions) -> Result<bool> {
        let found = self.certificate().check_email(email.as_bytes(), options.flags());
        Ok(matched(found)?.is_some())
    }

    /// Whether the certificate is of that address, of version 4 or 6. Node: `x509.checkIP(ip)`
    /// (<https://nodejs.org/api/crypto.html#x509checkipip>), which gives the address or `undefined`. As there, the
    /// address ends at a NUL.
    ///
    /// # Errors
    /// [`Code::InvalidArgValue`] if it is no address.
    pub fn check_ip(&self, ip: &str) -> Result<bool> {
        Ok(matched(self.certificate().check_ip(&until_nul(ip.as_bytes())))?.is_some())
    }

    /// Whether `other` may have issued this one: its names and extensions say so; the signature is not looked at. Node:
    /// `x509.checkIssued(otherCert)` (<https://nodejs.org/api/crypto.html#x509checkissuedothercert>).
    pub fn check_issued(&self, other: &X509Certificate) -> bool {
        self.certificate().check_issued(other.certificate())
    }

    /// Whether the public key is the other half of `private_key`. Node: `x509.checkPrivateKey(privateKey)`
    /// (<https://nodejs.org/api/crypto.html#x509checkprivatekeyprivatekey>).
    ///
    /// # Errors
    /// [`Code::InvalidArgValue`] unless the key is private.
    pub fn check_private_key(&self, private_key: &KeyObject) -> Result<bool> {
        match (private_key.key_type(), private_key.pkey()) {
            (KeyType::Private, Some(key)) => Ok(self.certificate().check_private_key(key)),
            _ => Err(invalid_key(private_key)),
        }
    }

    /// Whether the certificate is signed by the other half of `public_key`; nothing else is looked at, not even the
    /// dates. Node: `x509.verify(publicKey)` (<https://nodejs.org/api/crypto.html#x509verifypublickey>).
    ///
    /// # Errors
    /// [`Code::InvalidArgValue`] unless the key is public.
    pub fn verify(&self, public_key: &KeyObject) -> Result<bool> {
        match (public_key.key_type(), public_key.pkey()) {
            (KeyType::Public, Some(key)) => Ok(self.certificate().verify(key)),
            _ => Err(invalid_key(public_key)),
        }
    }
}

fn matched<T>(found: Match<T>) -> Result<Option<T>> {
    match found {
        Match::Yes(value) => Ok(Some(value)),
        Match::No => Ok(None),
        Match::InvalidName => Err(Error::new(Code::InvalidArgValue, "Invalid name")),
        Match::Failed => Err(Error::from_template(Code::CryptoOperationFailed, &[&"Operation failed"])),
    }
}

fn invalid_key(key: &KeyObject) -> Error {
    let class = match key.key_type() {
        KeyType::Secret => "SecretKeyObject",
        KeyType::Public => "PublicKeyObject",
        KeyType::Private => "PrivateKeyObject",
    };
    let text = format!("The argument 'pkey' is invalid. Received {class} [KeyObject] {{}}");
    Error::new(Code::InvalidArgValue, text)
}
