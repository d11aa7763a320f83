//! What a key of two halves tells of itself.

use crate::engine::Pkey;

/// The algorithms that Node has names for; OpenSSL's names are these in capitals, but for `DHX`.
pub(super) const TYPES: &[&str] = &[
    "rsa",
    "rsa-pss",
    "dsa",
    "dh",
    "ec",
    "ed25519",
    "ed448",
    "x25519",
    "x448",
    "ml-dsa-44",
    "ml-dsa-65",
    "ml-dsa-87",
    "ml-kem-512",
    "ml-kem-768",
    "ml-kem-1024",
    "slh-dsa-sha2-128f",
    "slh-dsa-sha2-128s",
    "slh-dsa-sha2-192f",
    "slh-dsa-sha2-192s",
    "slh-dsa-sha2-256f",
    "slh-dsa-sha2-256s",
    "slh-dsa-shake-128f",
    "slh-dsa-shake-128s",
    "slh-dsa-shake-192f",
    "slh-dsa-shake-192s",
    "slh-dsa-shake-256f",
    "slh-dsa-shake-256s",
];

/// Node's name of the algorithm.
pub(super) fn asymmetric_key_type(key: &Pkey) -> Option<&'static str> {
    let name = key.type_name();
    if name == "DHX" {
        return Some("dh");
    }
    TYPES.iter().copied().find(|known| known.eq_ignore_ascii_case(&name))
}

/// Node: `keyObject.asymmetricKeyDetails` (<https://nodejs.org/api/crypto.html#keyobjectasymmetrickeydetails>).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AsymmetricKeyDetails {
    /// Bits of the modulus (RSA, DSA).
    pub modulus_length: Option<u32>,
    /// The public exponent, its most significant byte first (RSA). Node has a bigint.
    pub public_exponent: Option<Vec<u8>>,
    /// The digest of messages (RSA-PSS with restrictions).
    pub hash_algorithm: Option<String>,
    /// The digest of the mask (RSA-PSS with restrictions).
    pub mgf1_hash_algorithm: Option<String>,
    /// Bytes of salt at least (RSA-PSS with restrictions).
    pub salt_length: Option<i32>,
    /// Bits of q (DSA).
    pub divisor_length: Option<u32>,
    /// The curve (EC).
    pub named_curve: Option<String>,
}

impl AsymmetricKeyDetails {
    pub(super) fn of(key: &Pkey) -> AsymmetricKeyDetails {
        let mut details = AsymmetricKeyDetails::default();
        match asymmetric_key_type(key) {
            Some(name @ ("rsa" | "rsa-pss")) => {
                details.modulus_length = Some(key.bits());
                details.public_exponent = key.number(c"e");
                // OpenSSL leaves out what is as the standard's default, but for the salt's length.
                if let Some(salt) = key.integer(c"saltlen").filter(|_| name == "rsa-pss") {
                    let digest = |name| digest_name(&key.text(name).unwrap_or_default());
                    details.hash_algorithm = Some(digest(c"digest"));
                    details.mgf1_hash_algorithm = Some(digest(c"mgf1-digest"));
                    details.salt_length = Some(salt);
                }
            }
            Some("dsa") => {
                details.modulus_length = Some(key.bits());
                details.divisor_length = key.number(c"q").map(|q| bits(&q));
            }
            Some("ec") => details.named_curve = key.text(c"group"),
            _ => {}
        }
        details
    }
}

/// Bits of a number.
fn bits(number: &[u8]) -> u32 {
    let number = &number[number.iter().take_while(|&&byte| byte == 0).count()..];
    let Some((first, rest)) = number.split_first() else { return 0 };
    u32::try_from(rest.len()).unwrap_or(u32::MAX / 8).saturating_mul(8) + (8 - first.leading_zeros())
}

/// Node's name of a digest that OpenSSL calls `SHA2-512/256`.
fn digest_name(name: &str) -> String {
    if name.is_empty() {
        return "sha1".to_owned();
    }
    let name = name.to_ascii_lowercase().replace('/', "-");
    name.strip_prefix("sha2-").map_or(name.clone(), |bits| format!("sha{bits}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_of_numbers() {
        assert_eq!([bits(&[]), bits(&[0]), bits(&[1]), bits(&[0, 0x80]), bits(&[1, 0])], [0, 0, 1, 8, 9]);
    }

    #[test]
    fn digests_have_nodes_names() {
        let names = ["", "SHA2-256", "SHA2-512/256", "SHA1", "SHA3-256"].map(digest_name);
        assert_eq!(names, ["sha1", "sha256", "sha512-256", "sha1", "sha3-256"]);
    }
}
