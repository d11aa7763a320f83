//! `x509.toLegacyObject`.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::{X509Certificate, text};
use crate::engine::{Party, Pkey, curve, nist_name, short_name};

/// Texts by their names, in the order in which the names come first; a name may have more than one. Node: an object
/// without a prototype, whose values are strings or, for some of several, arrays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct X509Attributes(Vec<(String, Vec<String>)>);

impl X509Attributes {
    fn collect(attributes: impl Iterator<Item = (String, String)>) -> X509Attributes {
        let mut list: Vec<(String, Vec<String>)> = Vec::new();
        let mut places = HashMap::new();
        for (name, value) in attributes {
            let place = *places.entry(name).or_insert_with_key(|name| {
                list.push((name.clone(), Vec::new()));
                list.len() - 1
            });
            list[place].1.push(value);
        }
        X509Attributes(list)
    }

    /// The texts of that name, none if it is not there.
    pub fn get(&self, name: &str) -> &[String] {
        self.0.iter().find(|(known, _)| known == name).map_or(&[], |(_, values)| values)
    }

    /// Each name with its texts, one at least.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0.iter().map(|(name, values)| (name.as_str(), values.as_slice()))
    }
}

/// What there is to tell of a certificate. Node: the certificate object of `tls`
/// (<https://nodejs.org/api/tls.html#certificate-object>).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct X509LegacyObject {
    /// Whom it is about, by attributes such as `CN`.
    pub subject: X509Attributes,
    /// Who issued it.
    pub issuer: X509Attributes,
    /// As [`X509Certificate::subject_alt_name`].
    pub subjectaltname: Option<String>,
    /// As [`X509Certificate::info_access`], by method and kind of name, such as `OCSP - URI`; nothing is quoted.
    pub info_access: Option<X509Attributes>,
    /// As [`X509Certificate::ca`].
    pub ca: bool,
    /// The modulus in hexadecimal (RSA).
    pub modulus: Option<String>,
    /// The exponent in hexadecimal, after `0x` (RSA).
    pub exponent: Option<String>,
    /// The public key: in DER (RSA) or a point (EC).
    pub pubkey: Option<Vec<u8>>,
    /// Bits of the modulus (RSA), or of the group's order (EC).
    pub bits: Option<u32>,
    /// As [`X509Certificate::valid_from`].
    pub valid_from: String,
    /// As [`X509Certificate::valid_to`].
    pub valid_to: String,
    /// As [`X509Certificate::fingerprint`].
    pub fingerprint: String,
    /// As [`X509Certificate::fingerprint256`].
    pub fingerprint256: String,
    /// As [`X509Certificate::fingerprint512`].
    pub fingerprint512: String,
    /// As [`X509Certificate::key_usage`].
    pub ext_key_usage: Option<Vec<String>>,
    /// As [`X509Certificate::serial_number`].
    pub serial_number: Option<String>,
    /// As [`X509Certificate::raw`].
    pub raw: Vec<u8>,
    /// OpenSSL's name of the curve (EC).
    pub asn1_curve: Option<String>,
    /// NIST's name of the curve (EC), if it has one.
    pub nist_curve: Option<String>,
}

impl X509Certificate {
    /// All at once, as older parts of Node have it. Node: `x509.toLegacyObject()`
    /// (<https://nodejs.org/api/crypto.html#x509tolegacyobject>).
    ///
    /// # Differences from Node
    /// Node 26.10 crashes for a key on a curve that NIST has no name for; here it has no `nist_curve`.
    pub fn to_legacy_object(&self) -> X509LegacyObject {
        let certificate = self.certificate();
        let name = |party| {
            let attributes = certificate.name_attributes(party).into_iter();
            X509Attributes::collect(attributes.map(|(name, value)| (name, text::utf8(value))))
        };
        let info_access = certificate.info_access().map(|access| {
            let each = |(method, name): (String, crate::engine::GeneralName)| {
                (format!("{method} - {}", name.kind), text::plain(name))
            };
            X509Attributes::collect(access.into_iter().map(each))
        });
        let key = certificate.public_key().map(|key| KeyParts::of(&key)).unwrap_or_default();
        X509LegacyObject {
            subject: name(Party::Subject),
            issuer: name(Party::Issuer),
            subjectaltname: self.subject_alt_name().map(str::to_owned),
            info_access,
            ca: self.ca(),
            modulus: key.modulus,
            exponent: key.exponent,
            pubkey: key.pubkey,
            bits: key.bits,
            valid_from: self.valid_from().to_owned(),
            valid_to: self.valid_to().to_owned(),
            fingerprint: self.fingerprint().to_owned(),
            fingerprint256: self.fingerprint256().to_owned(),
            fingerprint512: self.fingerprint512().to_owned(),
            ext_key_usage: self.key_usage().map(<[String]>::to_vec),
            serial_number: self.serial_number().map(str::to_owned),
            raw: self.raw().to_vec(),
            asn1_curve: key.asn1_curve,
            nist_curve: key.nist_curve,
        }
    }
}

/// What is told of a key, of RSA and on elliptic curves.
#[derive(Default)]
struct KeyParts {
    modulus: Option<String>,
    exponent: Option<String>,
    pubkey: Option<Vec<u8>>,
    bits: Option<u32>,
    asn1_curve: Option<String>,
    nist_curve: Option<String>,
}

impl KeyParts {
    fn of(key: &Pkey) -> KeyParts {
        let mut parts = KeyParts::default();
        match key.type_name().as_str() {
            "RSA" | "RSA-PSS" => {
                parts.modulus = key.number(c"n").map(|n| hexadecimal(&n));
                parts.exponent = key.number(c"e").map(|e| format!("0x{}", hexadecimal(&e)));
                parts.pubkey = key.rsa_public_spki();
                parts.bits = Some(key.bits());
            }
            "EC" => {
                let nid = key.text(c"group").and_then(|name| curve(&name));
                parts.pubkey = key.octets(c"pub");
                parts.bits = Some(key.bits());
                parts.asn1_curve = nid.and_then(short_name).map(str::to_owned);
                parts.nist_curve = nid.and_then(nist_name).map(str::to_owned);
            }
            _ => {}
        }
        parts
    }
}

/// A number in capitals, without zeros in front.
fn hexadecimal(number: &[u8]) -> String {
    let mut out = String::with_capacity(number.len() * 2);
    for byte in number {
        _ = write!(out, "{byte:02X}");
    }
    match out.trim_start_matches('0') {
        "" => "0".to_owned(),
        digits => digits.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_keep_their_order() {
        let pairs = [("CN", "a"), ("O", "b"), ("CN", "c")];
        let attributes =
            X509Attributes::collect(pairs.into_iter().map(|(name, value)| (name.into(), value.into())));
        let all: Vec<_> =
            attributes.iter().map(|(name, values)| format!("{name}={}", values.join("+"))).collect();
        assert_eq!(all, ["CN=a+c", "O=b"]);
        assert_eq!(attributes.get("O"), ["b"]);
        assert!(attributes.get("C").is_empty());
    }

    #[test]
    fn numbers() {
        assert_eq!([&[][..], &[0], &[1, 0, 1], &[0, 0xab]].map(hexadecimal), ["0", "0", "10001", "AB"]);
    }
}
