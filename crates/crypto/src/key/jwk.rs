//! JSON Web Keys (RFC 7517, 7518, 8037, and draft-ietf-cose-dilithium for `AKP`).

use std::fmt;

use nodecore_buffer::{Encoding, decode, encode};
use nodecore_error::{Code, Error, Result};
use serde_json::Value;

use super::details::asymmetric_key_type;
use super::raw::{ec_key, field_len, from_seed, pad};
use super::{Key, KeyObject};
use crate::engine::{Half, Params, Pkey, cleanse, curve, is_product, public_point};
use crate::secret::Secret;

/// A JSON Web Key: members with names, whose values are text. Node: a key of the format `jwk`.
///
/// ```
/// use nodecore_crypto::{Jwk, KeyExport, KeyInput, create_public_key};
///
/// let text = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
/// let key = create_public_key(&KeyInput::jwk(&Jwk::parse(text)?))?;
/// assert_eq!(key.export(&KeyExport::jwk())?.into_bytes(), text.as_bytes());
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Jwk {
    members: Vec<(String, Member)>,
}

#[derive(Clone, PartialEq, Eq)]
enum Member {
    Text(String),
    Flag(bool),
    List(Vec<String>),
    /// Of which only the name is kept.
    Other,
}

/// Node's curves and OpenSSL's names of them.
const CURVES: &[(&str, &str)] =
    &[("P-256", "prime256v1"), ("P-384", "secp384r1"), ("P-521", "secp521r1"), ("secp256k1", "secp256k1")];

/// The members of an RSA key, and OpenSSL's names of the numbers.
const RSA: [(&str, &std::ffi::CStr); 8] = [
    ("n", c"n"),
    ("e", c"e"),
    ("d", c"d"),
    ("p", c"rsa-factor1"),
    ("q", c"rsa-factor2"),
    ("dp", c"rsa-exponent1"),
    ("dq", c"rsa-exponent2"),
    ("qi", c"rsa-coefficient1"),
];

impl Jwk {
    /// A key without members.
    pub fn new() -> Jwk {
        Jwk::default()
    }

    /// Reads a JSON object. Of members that are no text, no boolean and no list of texts only the names are kept, as Node
    /// looks no further.
    ///
    /// # Errors
    /// [`Code::CryptoInvalidJwk`] for text that is no JSON object.
    pub fn parse(json: &str) -> Result<Jwk> {
        let Ok(Value::Object(object)) = serde_json::from_str(json) else {
            return Err(invalid("Invalid JWK format"));
        };
        let members = object.into_iter().map(|(name, value)| (name, Member::of(value)));
        Ok(Jwk { members: members.collect() })
    }

    /// The member of that name, if it is text.
    pub fn get(&self, name: &str) -> Option<&str> {
        match self.member(name)? {
            Member::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The member of that name, if it is a boolean, such as `ext`.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.member(name)? {
            Member::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The member of that name, if it is a list of texts, such as `key_ops`.
    pub fn list(&self, name: &str) -> Option<&[String]> {
        match self.member(name)? {
            Member::List(list) => Some(list),
            _ => None,
        }
    }

    fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|(known, _)| known == name).map(|(_, member)| member)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.members.iter().any(|(known, _)| known == name)
    }

    /// Sets a member.
    #[must_use]
    pub fn with(self, name: &str, value: &str) -> Jwk {
        self.set(name, Member::Text(value.to_owned()))
    }

    /// Sets a member that is a boolean.
    #[must_use]
    pub fn with_flag(self, name: &str, value: bool) -> Jwk {
        self.set(name, Member::Flag(value))
    }

    /// Sets a member that is a list of texts.
    #[must_use]
    pub fn with_list(self, name: &str, values: &[&str]) -> Jwk {
        self.set(name, Member::List(values.iter().map(|&value| value.to_owned()).collect()))
    }

    fn set(mut self, name: &str, member: Member) -> Jwk {
        if let Some(at) = self.members.iter().position(|(known, _)| known == name) {
            clear(self.members.remove(at).1);
        }
        self.members.push((name.to_owned(), member));
        self
    }

    /// The members that are text, in the order of being set; those that were parsed in the order of their names.
    pub fn members(&self) -> impl Iterator<Item = (&str, &str)> {
        self.members.iter().filter_map(|(name, member)| match member {
            Member::Text(text) => Some((&**name, &**text)),
            _ => None,
        })
    }

    /// The JSON, in memory that is never grown, which would leave a copy behind. The caller clears it.
    pub(super) fn to_json(&self) -> String {
        let mut count = Count(0);
        // Neither writer fails.
        _ = self.write(&mut count);
        let mut out = String::with_capacity(count.0);
        _ = self.write(&mut out);
        out
    }

    fn write(&self, out: &mut impl fmt::Write) -> fmt::Result {
        out.write_str("{")?;
        let mut comma = "";
        for (name, member) in &self.members {
            if matches!(member, Member::Other) {
                continue;
            }
            out.write_str(comma)?;
            write_json(out, name)?;
            out.write_str(":")?;
            member.write(out)?;
            comma = ",";
        }
        out.write_str("}")
    }

    fn push(&mut self, name: &str, bytes: Vec<u8>) {
        let bytes = Secret::from(bytes);
        self.members.push((name.to_owned(), Member::Text(decode(&bytes, Encoding::Base64Url))));
    }

    /// The bytes of a member.
    pub(crate) fn bytes(&self, name: &str) -> Option<Vec<u8>> {
        self.get(name).map(|text| encode(text, Encoding::Base64Url))
    }

    /// Writes a key.
    pub(crate) fn of(key: &KeyObject) -> Result<Jwk> {
        let mut jwk = Jwk::new();
        let (pkey, private) = match &*key.0 {
            Key::Secret(secret) => {
                jwk = jwk.with("kty", "oct");
                jwk.push("k", secret.to_vec());
                return Ok(jwk);
            }
            Key::Public(pkey) => (pkey, false),
            Key::Private(pkey) => (pkey, true),
        };
        let failed = || Error::from_template(Code::CryptoOperationFailed, &[&"Failed to export JWK"]);
        match asymmetric_key_type(pkey) {
            Some("rsa") => {
                jwk = jwk.with("kty", "RSA");
                for (name, number) in &RSA[..if private { 8 } else { 2 }] {
                    jwk.push(name, pkey.number(number).ok_or_else(failed)?);
                }
            }
            Some("ec") => {
                let group = pkey.text(c"group").ok_or_else(failed)?;
                let Some((crv, _)) = CURVES.iter().find(|(_, openssl)| *openssl == group) else {
                    let text = format!("Unsupported JWK EC curve: {group}.");
                    return Err(Error::from_template(Code::CryptoJwkUnsupportedCurve, &[&text]));
                };
                let len = field_len(pkey);
                let number = |name| pkey.number(name).map(|number| pad(number, len)).ok_or_else(failed);
                jwk = jwk.with("kty", "EC");
                jwk.push("x", number(c"qx")?);
                jwk.push("y", number(c"qy")?);
                jwk = jwk.with("crv", crv);
                if private {
                    jwk.push("d", number(c"priv")?);
                }
            }
            Some(name @ ("ed25519" | "ed448" | "x25519" | "x448")) => {
                let crv = okp_curve(name);
                jwk = jwk.with("kty", "OKP").with("crv", crv);
                jwk.push("x", pkey.raw_public().ok_or_else(failed)?);
                if private {
                    jwk.push("d", pkey.raw_private().ok_or_else(failed)?);
                }
            }
            Some(name) if akp(name).is_some() => {
                jwk = jwk.with("kty", "AKP").with("alg", akp(name).unwrap_or_default());
                jwk.push("pub", pkey.raw_public().ok_or_else(failed)?);
                if private {
                    let bytes =
                        if name.starts_with("slh-") { pkey.raw_private() } else { pkey.octets(c"seed") };
                    jwk.push("priv", bytes.ok_or_else(failed)?);
                }
            }
            _ => {
                let text = "Unsupported JWK Key Type.";
                return Err(Error::from_template(Code::CryptoJwkUnsupportedKeyType, &[&text]));
            }
        }
        Ok(jwk)
    }

    /// Reads a private key.
    pub(super) fn private_key(&self) -> Result<Pkey> {
        match self.read()? {
            (key, true) => Ok(key),
            _ => Err(invalid("JWK does not contain private key material")),
        }
    }

    /// Reads a public key, from a private one too, which has to be sound.
    pub(super) fn public_key(&self) -> Result<Pkey> {
        self.read().map(|(key, _)| key)
    }

    /// Reads a key, and tells whether it is private.
    fn read(&self) -> Result<(Pkey, bool)> {
        match self.get("kty") {
            Some("RSA") => self.rsa().map(|key| (key, self.has("d"))),
            Some("EC") => self.ec().map(|key| (key, self.has("d"))),
            Some("OKP") => self.okp().map(|key| (key, self.has("d"))),
            Some("AKP") => self.akp().map(|key| (key, self.has("priv"))),
            Some(kty) => Err(invalid(&format!("{kty} is not a supported JWK key type"))),
            None => Err(invalid("Invalid JWK format")),
        }
    }

    fn rsa(&self) -> Result<Pkey> {
        let wrong = || invalid("Invalid JWK RSA key");
        // More than two primes.
        if self.has("oth") {
            return Err(wrong());
        }
        let mut params = Params::new();
        let count = if self.has("d") { RSA.len() } else { 2 };
        for (name, number) in &RSA[..count] {
            let bytes = Secret::from(self.bytes(name).ok_or_else(wrong)?);
            params = params.big(number, &bytes);
        }
        let half = if count == 2 { Half::Public } else { Half::Both };
        if half == Half::Both {
            let [n, p, q] = ["n", "p", "q"].map(|name| Secret::from(self.bytes(name).unwrap_or_default()));
            if !is_product(&p, &q, &n) {
                return Err(wrong());
            }
        }
        Pkey::from_params("RSA", half, &params).ok_or_else(wrong)
    }

    fn ec(&self) -> Result<Pkey> {
        let wrong = || invalid("Invalid JWK EC key");
        let crv = self.get("crv").ok_or_else(wrong)?;
        let unknown = || Error::from_template(Code::CryptoInvalidCurve, &[&"Invalid EC curve name"]);
        let known = CURVES.iter().find(|(name, openssl)| *name == crv || *openssl == crv);
        let (crv, nid) =
            known.and_then(|(crv, openssl)| Some((*crv, curve(openssl)?))).ok_or_else(unknown)?;
        let [x, y] = ["x", "y"].map(|name| self.bytes(name));
        let (Some(x), Some(y)) = (x, y) else { return Err(wrong()) };
        let len = match crv {
            "P-384" => 48,
            "P-521" => 66,
            _ => 32,
        };
        if x.len() > len || y.len() > len {
            return Err(wrong());
        }
        let point = [&[4][..], &pad(x, len), &pad(y, len)].concat();
        if !self.has("d") {
            return ec_key(nid, &point, None).ok_or_else(wrong);
        }
        let number = Secret::from(self.bytes("d").ok_or_else(wrong)?);
        if public_point(nid, &number).as_ref() != Some(&point) {
            return Err(wrong());
        }
        ec_key(nid, &point, Some(&number)).ok_or_else(wrong)
    }

    fn okp(&self) -> Result<Pkey> {
        let wrong = || invalid("Invalid JWK OKP key");
        let name = match self.get("crv") {
            Some(crv @ ("Ed25519" | "Ed448" | "X25519" | "X448")) => crv.to_ascii_uppercase(),
            _ => return Err(wrong()),
        };
        let public = self.bytes("x").ok_or_else(wrong)?;
        if !self.has("d") {
            return Pkey::from_raw_public(&name, &public).ok_or_else(wrong);
        }
        let bytes = Secret::from(self.bytes("d").ok_or_else(wrong)?);
        let key = Pkey::from_raw_private(&name, &bytes).ok_or_else(wrong)?;
        if key.raw_public() == Some(public) { Ok(key) } else { Err(wrong()) }
    }

    fn akp(&self) -> Result<Pkey> {
        let wrong = || invalid("Invalid JWK AKP key");
        let name = self.get("alg").filter(|alg| akp(&alg.to_ascii_lowercase()) == Some(alg));
        let name = name.ok_or_else(|| invalid("Unsupported JWK AKP \"alg\""))?.to_ascii_uppercase();
        let public = self.bytes("pub").ok_or_else(wrong)?;
        if !self.has("priv") {
            return Pkey::from_raw_public(&name, &public).ok_or_else(wrong);
        }
        let bytes = Secret::from(self.bytes("priv").ok_or_else(wrong)?);
        let key = if name.starts_with("SLH-") {
            Pkey::from_raw_private(&name, &bytes)
        } else {
            from_seed(&name, &bytes)
        };
        let key = key.ok_or_else(wrong)?;
        if key.raw_public() == Some(public) { Ok(key) } else { Err(wrong()) }
    }
}

impl Member {
    fn of(value: Value) -> Member {
        match value {
            Value::String(text) => Member::Text(text),
            Value::Bool(flag) => Member::Flag(flag),
            Value::Array(list) => {
                let texts = list.into_iter().map(|value| match value {
                    Value::String(text) => Some(text),
                    _ => None,
                });
                texts.collect::<Option<_>>().map_or(Member::Other, Member::List)
            }
            _ => Member::Other,
        }
    }

    fn write(&self, out: &mut impl fmt::Write) -> fmt::Result {
        match self {
            Member::Text(text) => write_json(out, text),
            Member::Flag(flag) => write!(out, "{flag}"),
            Member::List(list) => {
                out.write_str("[")?;
                for (index, text) in list.iter().enumerate() {
                    out.write_str(if index == 0 { "" } else { "," })?;
                    write_json(out, text)?;
                }
                out.write_str("]")
            }
            Member::Other => Ok(()),
        }
    }
}

/// JSON.
impl fmt::Display for Jwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}

/// Counts what is written.
struct Count(usize);

impl fmt::Write for Count {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.len();
        Ok(())
    }
}

/// Writes a JSON string piece by piece, so that no copy of a secret is made on the way.
fn write_json(out: &mut impl fmt::Write, text: &str) -> fmt::Result {
    out.write_str("\"")?;
    let mut plain = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| matches!(c, '"' | '\\' | '\0'..='\x1f')) {
        out.write_str(&text[plain..at])?;
        plain = at + 1;
        match c {
            '"' | '\\' => write!(out, "\\{c}")?,
            '\n' => out.write_str("\\n")?,
            '\r' => out.write_str("\\r")?,
            '\t' => out.write_str("\\t")?,
            '\x08' => out.write_str("\\b")?,
            '\x0c' => out.write_str("\\f")?,
            c => write!(out, "\\u{:04x}", u32::from(c))?,
        }
    }
    out.write_str(&text[plain..])?;
    out.write_str("\"")
}

/// What it shows are the names of the members, never their values.
impl fmt::Debug for Jwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.members.iter().map(|(name, _)| name)).finish()
    }
}

impl Drop for Jwk {
    fn drop(&mut self) {
        for (_, value) in &mut self.members {
            clear(std::mem::replace(value, Member::Other));
        }
    }
}

fn clear(member: Member) {
    if let Member::Text(text) = member {
        cleanse(&mut text.into_bytes());
    }
}

/// The name of a curve without arithmetic, as `crv` has it.
fn okp_curve(name: &str) -> &'static str {
    match name {
        "ed25519" => "Ed25519",
        "ed448" => "Ed448",
        "x25519" => "X25519",
        _ => "X448",
    }
}

/// The name of an algorithm that is its own kind of key, as `alg` has it.
fn akp(name: &str) -> Option<&'static str> {
    const NAMES: [&str; 18] = [
        "ML-DSA-44",
        "ML-DSA-65",
        "ML-DSA-87",
        "ML-KEM-512",
        "ML-KEM-768",
        "ML-KEM-1024",
        "SLH-DSA-SHA2-128f",
        "SLH-DSA-SHA2-128s",
        "SLH-DSA-SHA2-192f",
        "SLH-DSA-SHA2-192s",
        "SLH-DSA-SHA2-256f",
        "SLH-DSA-SHA2-256s",
        "SLH-DSA-SHAKE-128f",
        "SLH-DSA-SHAKE-128s",
        "SLH-DSA-SHAKE-192f",
        "SLH-DSA-SHAKE-192s",
        "SLH-DSA-SHAKE-256f",
        "SLH-DSA-SHAKE-256s",
    ];
    NAMES.into_iter().find(|known| known.eq_ignore_ascii_case(name))
}

fn invalid(text: &str) -> Error {
    Error::from_template(Code::CryptoInvalidJwk, &[&text])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_as_serde_writes_it() {
        let awkward: String = ('\0'..='\u{ff}').chain(['\u{2028}', '\u{1f600}']).collect();
        let jwk = Jwk::new().with("kty", "oct").with(&awkward, "a").with("k", &awkward).with("kty", "x");
        let expected = format!(
            "{{{}:\"a\",\"k\":{},\"kty\":\"x\"}}",
            Value::from(awkward.as_str()),
            Value::from(awkward.as_str())
        );
        assert_eq!(jwk.to_string(), expected);
        let json = jwk.to_json();
        assert_eq!((json.as_str(), json.capacity()), (expected.as_str(), expected.len()));
    }
}
