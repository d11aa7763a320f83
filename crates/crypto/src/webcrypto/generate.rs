//! `subtle.generateKey`.

use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, OperationExt, Request};

use super::algorithm::{Algorithm, AlgorithmName, Op, need};
use super::digest::bytes;
use super::error::{failed, operation, syntax, unsupported_usage};
use super::import::aes_length;
use super::keccak::mask;
use super::key::{CryptoKey, CryptoKeyPair, GeneratedKey, KeyAlgorithm, KeyUsage, Usages, allowed};
use crate::engine::random_bytes;
use crate::{KeyObject, KeyPairOptions, generate_key_pair_sync};

/// The smallest modulus that OpenSSL makes.
const MODULUS: u32 = 512;

/// The algorithm with its parameters, checked in Node's order.
pub(super) fn params(algorithm: &Algorithm<'_>) -> Result<KeyAlgorithm> {
    use AlgorithmName as A;
    let name = algorithm.named(Op::Generate)?;
    let mut params = KeyAlgorithm::new(name);
    match name {
        A::Hmac => {
            let hash = algorithm.need_hash("HmacKeyGenParams")?;
            let length = match algorithm.get_length() {
                Some(0) => return Err(operation("HmacKeyGenParams.length cannot be 0")),
                Some(length) => length,
                None => hash.block_bits()?,
            };
            (params.hash, params.length) = (Some(hash), Some(length));
        }
        A::Kmac128 => params.length = Some(algorithm.get_length().unwrap_or(128)),
        A::Kmac256 => params.length = Some(algorithm.get_length().unwrap_or(256)),
        A::RsaSsaPkcs1 | A::RsaPss | A::RsaOaep => {
            let bits = need(algorithm.get_modulus_length(), "modulusLength", "RsaHashedKeyGenParams")?;
            let exponent = algorithm.get_public_exponent();
            if bits < MODULUS {
                return Err(operation(&format!("algorithm.modulusLength must be at least {MODULUS}")));
            }
            let exponent = need(exponent, "publicExponent", "RsaHashedKeyGenParams")?;
            match number(exponent) {
                Some(exponent) if exponent >= 3 && exponent % 2 == 1 => {}
                Some(exponent) if exponent >= 3 => {
                    return Err(operation("algorithm.publicExponent must be odd"));
                }
                Some(_) => return Err(operation("algorithm.publicExponent must be at least 3")),
                None => {
                    return Err(operation("algorithm.publicExponent must fit in an unsigned 32-bit integer"));
                }
            }
            params.hash = Some(algorithm.need_hash("RsaHashedKeyGenParams")?);
            params.modulus_length = Some(bits);
            params.public_exponent = Some(exponent.to_vec());
        }
        A::Ecdsa | A::Ecdh => params.named_curve = Some(algorithm.need_curve("EcKeyGenParams")?),
        _ if name.is_aes() => {
            let length = need(algorithm.get_length(), "length", "AesKeyGenParams")?;
            params.length = Some(aes_length(length)?);
        }
        _ => {}
    }
    Ok(params)
}

/// A number of at most 32 bits.
fn number(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0_u32, |number, byte| Some(number.checked_mul(256)? | u32::from(*byte)))
}

/// What is made of it, without any.
struct Recipe {
    algorithm: KeyAlgorithm,
    extractable: bool,
    usages: Usages,
}

impl Recipe {
    fn new(algorithm: &Algorithm<'_>, extractable: bool, usages: &[KeyUsage]) -> Result<Recipe> {
        let (algorithm, usages) = (params(algorithm)?, Usages::of(usages));
        let name = algorithm.name;
        let (public, private) = allowed(name);
        if !usages.within(public.or(private)) {
            return Err(unsupported_usage(name));
        }
        let kept = if name.key_type().is_some() { usages.and(private) } else { usages };
        if kept.is_empty() {
            return Err(syntax("Usages cannot be empty when creating a key."));
        }
        Ok(Recipe { algorithm, extractable, usages })
    }

    fn run(self) -> Result<GeneratedKey> {
        let Recipe { algorithm, extractable, usages } = self;
        let Some(kind) = algorithm.name.key_type() else {
            let bits = algorithm.length.unwrap_or(256);
            let mut secret = crate::secret::Secret::zeroed(bytes(bits)).map_err(failed)?;
            random_bytes(&mut secret).map_err(failed)?;
            mask(&mut secret, bits as usize);
            let key = KeyObject::secret(secret.into_vec());
            return CryptoKey::new(key, algorithm, extractable, usages).map(GeneratedKey::Secret);
        };
        let mut options = KeyPairOptions::new();
        if let (Some(bits), Some(exponent)) = (algorithm.modulus_length, &algorithm.public_exponent) {
            options = options.modulus_length(bits).public_exponent(number(exponent).unwrap_or_default());
        }
        if let Some(curve) = algorithm.named_curve {
            options = options.named_curve(curve.openssl());
        }
        let pair = generate_key_pair_sync(kind, &options).map_err(failed)?;
        let (public, private) = allowed(algorithm.name);
        Ok(GeneratedKey::Pair(CryptoKeyPair {
            public_key: CryptoKey::new(pair.public_key, algorithm.clone(), true, usages.and(public))?,
            private_key: CryptoKey::new(pair.private_key, algorithm, extractable, usages.and(private))?,
        }))
    }
}

pub(super) fn generate_operation(
    algorithm: &Algorithm<'_>,
    extractable: bool,
    usages: &[KeyUsage],
) -> Result<impl OperationExt<Output = GeneratedKey> + use<>> {
    let recipe = Recipe::new(algorithm, extractable, usages)?;
    Ok(nodecore_event_loop::blocking(move || recipe.run()))
}

/// Makes a secret key (AES, `ChaCha20-Poly1305`, HMAC, KMAC) or a pair of keys (RSA, `ECDSA`, `ECDH`, EdDSA, `X25519`, `X448`,
/// ML-DSA, ML-KEM). Node: `subtle.generateKey`
/// (<https://nodejs.org/api/webcrypto.html#subtlegeneratekeyalgorithm-extractable-keyusages>).
///
/// # Errors
/// `NotSupportedError` for another algorithm; `SyntaxError` for usages that the key cannot have, and for none;
/// `OperationError` for a parameter; [`Code::MissingOption`](nodecore_error::Code::MissingOption).
///
/// # Examples
/// See [`Algorithm`] and [`sign_sync`](super::sign_sync).
pub fn generate_key_sync(
    algorithm: &Algorithm<'_>,
    extractable: bool,
    usages: &[KeyUsage],
) -> Result<GeneratedKey> {
    Recipe::new(algorithm, extractable, usages)?.run()
}

/// As [`generate_key_sync`], on the pool; `done` is called once, later.
///
/// # Errors
/// As there: what is wrong with an argument is returned, the rest is given to `done`.
pub fn generate_key(
    lp: &EventLoop,
    algorithm: &Algorithm<'_>,
    extractable: bool,
    usages: &[KeyUsage],
    done: impl FnOnce(Result<GeneratedKey>) + 'static,
) -> Result<Request> {
    Ok(generate_operation(algorithm, extractable, usages)?.spawn(lp, done))
}

/// Checks that a key can be made at all.
pub(super) fn supported(algorithm: &Algorithm<'_>) -> Result<()> {
    params(algorithm).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_fit_or_do_not() {
        assert_eq!(number(&[0, 0, 0, 0, 0, 1, 0, 1]), Some(65537));
        assert_eq!([number(&[255; 4]), number(&[1, 0, 0, 0, 0])], [Some(u32::MAX), None]);
    }

    #[test]
    fn curves_are_not_supported_by_other_names() {
        let error = params(&Algorithm::new("ECDH").named_curve("secp256k1")).expect_err("another name");
        assert_eq!(error.to_string(), "Unrecognized namedCurve");
    }
}
