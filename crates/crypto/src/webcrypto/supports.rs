//! `SubtleCrypto.supports`.

use nodecore_error::Result;

use super::algorithm::{Algorithm, Op};
use super::error::unrecognized;
use super::{cipher, derive, digest, generate, import, sign};

/// What else an operation is asked about with. Node: `lengthOrAdditionalAlgorithm`.
#[derive(Clone, Copy, Debug, Default)]
pub enum Besides<'a> {
    /// Nothing.
    #[default]
    None,
    /// The length of `deriveBits`.
    Length(u32),
    /// The algorithm of the key that comes in or out.
    Algorithm(&'a Algorithm<'a>),
}

/// Whether `operation`, by Node's name of the method, can be done with `algorithm` and its parameters. Node:
/// `SubtleCrypto.supports`
/// (<https://nodejs.org/api/webcrypto.html#static-method-subtlecryptosupportsoperation-algorithm-lengthoradditionalalgorithm>).
///
/// ```
/// use nodecore_crypto::webcrypto::{Algorithm, Besides, supports};
///
/// assert!(supports("digest", &Algorithm::new("SHA-256"), Besides::None));
/// assert!(!supports("encrypt", &Algorithm::new("SHA-256"), Besides::None));
/// let kem = Algorithm::new("ML-KEM-768");
/// assert!(supports("encapsulateKey", &kem, Besides::Algorithm(&Algorithm::new("HKDF"))));
/// ```
pub fn supports(operation: &str, algorithm: &Algorithm<'_>, besides: Besides<'_>) -> bool {
    checked(operation, algorithm, besides).is_ok()
}

fn checked(operation: &str, algorithm: &Algorithm<'_>, besides: Besides<'_>) -> Result<()> {
    let other = || match besides {
        Besides::Algorithm(other) => Some(other),
        _ => None,
    };
    match operation {
        "encrypt" | "decrypt" => cipher::params(algorithm, Op::Encrypt).map(|_| ()),
        "sign" | "verify" => sign::params(algorithm).map(|_| ()),
        "digest" => digest::params(algorithm).map(|_| ()),
        "generateKey" => generate::supported(algorithm),
        "importKey" => import::params(algorithm).map(|_| ()),
        "exportKey" => algorithm.named(Op::Export).map(|_| ()),
        "getPublicKey" => algorithm.named(Op::GetPublicKey).map(|_| ()),
        "deriveBits" => {
            let length = match besides {
                Besides::Length(length) => Some(length),
                _ => None,
            };
            derive::check_length(&derive::params(algorithm)?, length)
        }
        "deriveKey" => {
            let params = derive::params(algorithm)?;
            let other = other().ok_or_else(unrecognized)?;
            other.named(Op::KeyLength)?;
            import::params(other)?;
            derive::check_length(&params, import::key_length(other)?)
        }
        "wrapKey" => {
            cipher::params(algorithm, Op::Wrap)?;
            other().ok_or_else(unrecognized)?.named(Op::Export).map(|_| ())
        }
        "unwrapKey" => {
            cipher::params(algorithm, Op::Wrap)?;
            import::params(other().ok_or_else(unrecognized)?).map(|_| ())
        }
        "encapsulateBits" | "decapsulateBits" => algorithm.named(Op::Encapsulate).map(|_| ()),
        "encapsulateKey" | "decapsulateKey" => {
            algorithm.named(Op::Encapsulate)?;
            let other = other().ok_or_else(unrecognized)?;
            let shared = import::params(other)?;
            // What is shared has 256 bits.
            let fits = shared.length.is_none_or(|length| length.div_ceil(8) == 32);
            if shared.name.key_type().is_none() && fits { Ok(()) } else { Err(unrecognized()) }
        }
        _ => Err(unrecognized()),
    }
}
