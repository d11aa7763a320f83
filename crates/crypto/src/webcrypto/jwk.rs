//! JSON Web Keys with what they say of their use.

use nodecore_error::Result;

use super::algorithm::AlgorithmName;
use super::error::{data, invalid_key_data};
use super::import::Importing;
use super::key::{CryptoKey, KeyAlgorithm, KeyUsage, Usages};
use crate::{Jwk, KeyInput, KeyObject, KeyType, create_private_key, create_public_key};

/// `kty` of keys of that algorithm.
fn kty(name: AlgorithmName) -> &'static str {
    match name.key_type() {
        None => "oct",
        Some("rsa") => "RSA",
        Some("ec") => "EC",
        Some(_) if name.is_lattice() => "AKP",
        Some(_) => "OKP",
    }
}

/// `use` of keys of that algorithm.
fn intended(name: AlgorithmName) -> &'static str {
    if name.can(super::algorithm::Op::Sign) { "sig" } else { "enc" }
}

/// Which half it is.
pub(super) fn half(name: AlgorithmName, key: &Jwk) -> KeyType {
    let private = if name.is_lattice() { "priv" } else { "d" };
    if key.has(private) { KeyType::Private } else { KeyType::Public }
}

/// What all keys are checked for.
fn check(importing: &Importing, key: &Jwk, members: &[&str]) -> Result<()> {
    let name = importing.algorithm.name;
    match key.get("kty") {
        None => return Err(data("Invalid keyData")),
        Some(found) if found != kty(name) => return Err(data("Invalid JWK \"kty\" Parameter")),
        Some(_) => {}
    }
    if members.iter().any(|member| key.get(member).is_none()) {
        return Err(data("Invalid keyData"));
    }
    if !importing.usages.is_empty() && key.get("use").is_some_and(|found| found != intended(name)) {
        return Err(data("Invalid JWK \"use\" Parameter"));
    }
    if let Some(ops) = key.list("key_ops") {
        let mut seen = Usages::default();
        for usage in ops.iter().filter_map(|op| KeyUsage::parse(op)) {
            if seen.has(usage) {
                return Err(data("Duplicate key operation"));
            }
            seen = seen.or(Usages::of(&[usage]));
        }
        if !importing.usages.within(seen) {
            return Err(data("Key operations and usage mismatch"));
        }
    }
    if importing.extractable && key.flag("ext") == Some(false) {
        return Err(data("JWK \"ext\" Parameter and extractable mismatch"));
    }
    Ok(())
}

/// The bytes of a secret key.
pub(super) fn secret(importing: &Importing, key: &Jwk) -> Result<Vec<u8>> {
    check(importing, key, &["k"])?;
    Ok(key.bytes("k").unwrap_or_default())
}

/// The name that JSON Web Keys have for the algorithm of the key, if there is one.
fn alg(algorithm: &KeyAlgorithm) -> Option<String> {
    use AlgorithmName as A;
    let bits = || algorithm.hash.and_then(|hash| hash.jwk_bits());
    let length = algorithm.length.unwrap_or_default();
    Some(match algorithm.name {
        A::AesCbc | A::AesCtr | A::AesGcm | A::AesOcb | A::AesKw => {
            format!("A{length}{}", &algorithm.name.name()[4..])
        }
        A::ChaCha20Poly1305 => "C20P".to_owned(),
        A::Hmac => format!("HS{}", bits()?),
        A::Kmac128 => "K128".to_owned(),
        A::Kmac256 => "K256".to_owned(),
        A::RsaSsaPkcs1 => format!("RS{}", bits()?),
        A::RsaPss => format!("PS{}", bits()?),
        A::RsaOaep => match bits()? {
            "1" => "RSA-OAEP".to_owned(),
            bits => format!("RSA-OAEP-{bits}"),
        },
        A::Ed25519 | A::Ed448 => algorithm.name.name().to_owned(),
        _ => return None,
    })
}

fn wrong_alg() -> nodecore_error::Error {
    data("JWK \"alg\" does not match the requested algorithm")
}

/// Refuses a secret key that is told to be for another algorithm.
pub(super) fn check_alg(algorithm: &KeyAlgorithm, found: Option<&str>) -> Result<()> {
    match (found, alg(algorithm)) {
        (Some(found), Some(alg)) if found != alg => Err(wrong_alg()),
        _ => Ok(()),
    }
}

/// A key of two halves.
pub(super) fn pair(importing: &Importing, half: KeyType, key: &Jwk) -> Result<KeyObject> {
    let algorithm = &importing.algorithm;
    let private = half == KeyType::Private;
    let members: &[&str] = match (kty(algorithm.name), private) {
        ("RSA", false) => &["n", "e"],
        ("RSA", true) => &["n", "e", "d", "p", "q", "dp", "dq", "qi"],
        ("EC", _) => &["crv", "x", "y"],
        ("OKP", _) => &["crv", "x"],
        _ => &["alg", "pub"],
    };
    check(importing, key, members)?;
    let (crv, name) = (key.get("crv"), algorithm.name);
    let expected = match (kty(name), algorithm.named_curve, algorithm.hash) {
        ("EC", Some(curve), _) => {
            if crv != Some(curve.name()) {
                return Err(data("JWK \"crv\" does not match the requested algorithm"));
            }
            // ES256, ES384 and ES512.
            let digits = &curve.name()[2..];
            let digits = if digits == "521" { "512" } else { digits };
            (name == AlgorithmName::Ecdsa).then(|| vec![format!("ES{digits}")])
        }
        ("RSA", _, Some(hash)) => hash.jwk_bits().map(|bits| {
            vec![match (name, bits) {
                (AlgorithmName::RsaSsaPkcs1, _) => format!("RS{bits}"),
                (AlgorithmName::RsaPss, _) => format!("PS{bits}"),
                (_, "1") => "RSA-OAEP".to_owned(),
                _ => format!("RSA-OAEP-{bits}"),
            }]
        }),
        ("AKP", ..) => {
            if key.get("alg") != Some(name.name()) {
                return Err(data("JWK \"alg\" Parameter and algorithm name mismatch"));
            }
            None
        }
        _ => {
            if crv != Some(name.name()) {
                return Err(data("JWK \"crv\" Parameter and algorithm name mismatch"));
            }
            matches!(name, AlgorithmName::Ed25519 | AlgorithmName::Ed448)
                .then(|| vec![name.name().to_owned(), "EdDSA".to_owned()])
        }
    };
    if let (Some(expected), Some(found)) = (expected, key.get("alg"))
        && !expected.iter().any(|alg| alg == found)
    {
        return Err(wrong_alg());
    }
    let input = KeyInput::jwk(key);
    let read = if private { create_private_key(&input) } else { create_public_key(&input) };
    read.map_err(invalid_key_data)
}

/// Writes a key.
pub(super) fn write(key: &CryptoKey) -> Result<Jwk> {
    let usages: Vec<&str> = key.usages().into_iter().map(KeyUsage::name).collect();
    let mut jwk = Jwk::new().with_list("key_ops", &usages).with_flag("ext", key.extractable());
    if let Some(alg) = alg(key.algorithm()) {
        jwk = jwk.with("alg", &alg);
    }
    let plain = Jwk::of(key.key_object())?;
    for (name, value) in plain.members() {
        jwk = jwk.with(name, value);
    }
    Ok(jwk)
}
