//! Keys as bytes without a frame.

use nodecore_error::{Code, Error, Result};

use super::details::{TYPES, asymmetric_key_type};
use super::import::RawFormat;
use super::{KeyObject, KeyType, incompatible, invalid_property, missing_property};
use crate::engine::{Half, Params, Pkey, curve, public_point, short_name};
use crate::secret::Secret;

/// Whether a key of the type `name` has bytes of that format.
fn has(name: &str, format: RawFormat) -> bool {
    let [okp, lattice, slh, ec] = [
        matches!(name, "ed25519" | "ed448" | "x25519" | "x448"),
        name.starts_with("ml-"),
        name.starts_with("slh-"),
        name == "ec",
    ];
    match format {
        RawFormat::Public => okp || lattice || slh || ec,
        RawFormat::Private => okp || slh || ec,
        RawFormat::Seed => lattice,
    }
}

pub(super) fn import(format: RawFormat, data: &[u8], name: &str, named_curve: Option<&str>) -> Result<Pkey> {
    if !TYPES.contains(&name) {
        return Err(Error::new(Code::InvalidArgValue, format!("Invalid asymmetricKeyType: {name}")));
    }
    if !has(name, format) {
        return Err(incompatible());
    }
    let invalid = || Error::new(Code::InvalidArgValue, "Invalid key data");
    if name != "ec" {
        let openssl = name.to_ascii_uppercase();
        let key = match format {
            RawFormat::Public => Pkey::from_raw_public(&openssl, data),
            RawFormat::Private => Pkey::from_raw_private(&openssl, data),
            RawFormat::Seed => from_seed(&openssl, data),
        };
        return key.ok_or_else(invalid);
    }
    let named_curve = named_curve.ok_or_else(|| missing_property("key.namedCurve", "string"))?;
    let nid = curve(named_curve)
        .ok_or_else(|| Error::from_template(Code::CryptoInvalidCurve, &[&"Invalid EC curve name"]))?;
    let key = match format {
        RawFormat::Public => ec_key(nid, data, None),
        _ => public_point(nid, data).and_then(|point| ec_key(nid, &point, Some(data))),
    };
    // A number shorter or longer than the curve's is another number by mistake.
    key.filter(|key| format == RawFormat::Public || data.len() == field_len(key)).ok_or_else(invalid)
}

/// The key of ML-DSA or ML-KEM that grows from `seed`.
pub(super) fn from_seed(name: &str, seed: &[u8]) -> Option<Pkey> {
    Pkey::from_params(name, Half::Both, &Params::new().octets(c"seed", seed))
}

/// A key on the curve `nid` of its point and, if it is private, its number.
pub(super) fn ec_key(nid: i32, point: &[u8], private: Option<&[u8]>) -> Option<Pkey> {
    let params = Params::new().text(c"group", short_name(nid)?).octets(c"pub", point);
    match private {
        None => Pkey::from_params("EC", Half::Public, &params),
        Some(private) => Pkey::from_params("EC", Half::Both, &params.big(c"priv", private)),
    }
}

/// Bytes of a private number on the curve.
pub(super) fn field_len(key: &Pkey) -> usize {
    usize::try_from(key.bits()).unwrap_or(0).div_ceil(8)
}

pub(super) fn export(key: &KeyObject, format: RawFormat, compressed: bool) -> Result<Vec<u8>> {
    let fits = match key.key_type() {
        KeyType::Secret => false,
        KeyType::Public => format == RawFormat::Public,
        KeyType::Private => format != RawFormat::Public,
    };
    let Some(pkey) = key.pkey().filter(|_| fits) else {
        return Err(invalid_property("options.format", format.name()));
    };
    let name = asymmetric_key_type(pkey).unwrap_or_default();
    if !has(name, format) {
        return Err(incompatible());
    }
    let bytes = match format {
        RawFormat::Public if name == "ec" => pkey.octets(c"pub").map(|point| encode_point(point, compressed)),
        RawFormat::Public => pkey.raw_public(),
        RawFormat::Private if name == "ec" => pkey.number(c"priv").map(|number| pad(number, field_len(pkey))),
        RawFormat::Private => pkey.raw_private(),
        RawFormat::Seed => pkey.octets(c"seed"),
    };
    bytes.ok_or_else(|| Error::from_template(Code::CryptoOperationFailed, &[&"Failed to get raw key"]))
}

/// Puts zeros before a number up to `len` bytes.
pub(super) fn pad(number: Vec<u8>, len: usize) -> Vec<u8> {
    if number.len() >= len {
        return number;
    }
    let mut padded = vec![0; len - number.len()];
    padded.extend_from_slice(&Secret::from(number));
    padded
}

/// The point in the form asked for (SEC 1, 2.3.3); OpenSSL gives it in that of the key.
fn encode_point(point: Vec<u8>, compressed: bool) -> Vec<u8> {
    match point.split_first() {
        Some((4, xy)) if compressed => {
            let (x, y) = xy.split_at(xy.len() / 2);
            let odd = y.last().is_some_and(|last| last & 1 == 1);
            [&[if odd { 3 } else { 2 }], x].concat()
        }
        _ => point,
    }
}
