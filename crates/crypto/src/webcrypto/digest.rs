//! `subtle.digest`.

use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, Request};

use super::algorithm::{Algorithm, AlgorithmName, HashAlgorithm, Op, need};
use super::error::{failed, not_supported, operation};
use super::job::{Job, spawn};
use super::keccak::{Sponge, cshake, kangaroo, mask};
use crate::algorithm::{Algorithm as Method, room, unsupported};

/// The longest customization that Node takes.
const CUSTOMIZATION: usize = 512;

pub(super) enum Params {
    Plain(HashAlgorithm),
    CShake { strength: usize, bits: u32, function: Vec<u8>, customization: Vec<u8> },
    TurboShake { strength: usize, length: usize, domain: u8 },
    Kangaroo { strength: usize, length: usize, customization: Vec<u8> },
}

/// The algorithm with its parameters, checked in Node's order.
pub(super) fn params(algorithm: &Algorithm<'_>) -> Result<Params> {
    let name = algorithm.named(Op::Digest)?;
    let strength = if name.name().ends_with("128") { 128 } else { 256 };
    let customization = |dictionary| match algorithm.get_customization().unwrap_or_default() {
        text if text.len() <= CUSTOMIZATION => Ok(text.to_vec()),
        _ => Err(operation(&format!("{dictionary}.customization must be at most {CUSTOMIZATION} bytes"))),
    };
    let whole = |dictionary| {
        let bits = need(algorithm.get_output_length(), "outputLength", dictionary)?;
        if bits == 0 || !bits.is_multiple_of(8) {
            return Err(operation(&format!("Invalid {dictionary} outputLength")));
        }
        Ok(bytes(bits))
    };
    Ok(match name {
        AlgorithmName::CShake128 | AlgorithmName::CShake256 => {
            let customization = customization("CShakeParams")?;
            let function = algorithm.get_function_name().unwrap_or_default();
            if ![&b""[..], b"KMAC", b"TupleHash", b"ParallelHash"].contains(&function) {
                return Err(not_supported("Unsupported CShakeParams functionName"));
            }
            let bits = need(algorithm.get_output_length(), "outputLength", "CShakeParams")?;
            if bits > u32::MAX - 7 {
                return Err(operation("Invalid CShakeParams outputLength"));
            }
            Params::CShake { strength, bits, function: function.to_vec(), customization }
        }
        AlgorithmName::TurboShake128 | AlgorithmName::TurboShake256 => {
            let domain = algorithm.get_domain_separation().unwrap_or(0x1f);
            if !(1..=0x7f).contains(&domain) {
                return Err(operation("TurboShakeParams.domainSeparation must be in range 0x01-0x7f"));
            }
            Params::TurboShake { strength, length: whole("TurboShakeParams")?, domain }
        }
        AlgorithmName::Kt128 | AlgorithmName::Kt256 => {
            let customization = customization("KangarooTwelveParams")?;
            Params::Kangaroo { strength, length: whole("KangarooTwelveParams")?, customization }
        }
        _ => Params::Plain(HashAlgorithm::parse(name.name()).unwrap_or(HashAlgorithm::Sha1)),
    })
}

/// Bytes that have room for `bits`.
pub(super) fn bytes(bits: u32) -> usize {
    usize::try_from(bits).unwrap_or(usize::MAX).div_ceil(8)
}

impl Params {
    fn compute(&self, data: &[u8]) -> Result<Vec<u8>> {
        match self {
            Params::Plain(hash) => plain(*hash, data),
            Params::CShake { strength, bits, function, customization } => {
                let mut out = room(bytes(*bits))?;
                cshake(*strength, function, customization, &[data], &mut out)?;
                mask(&mut out, *bits as usize);
                Ok(out)
            }
            Params::TurboShake { strength, length, domain } => {
                let mut out = room(*length)?;
                let mut sponge = Sponge::new(*strength);
                sponge.absorb(data);
                sponge.finish(*domain, &mut out);
                Ok(out)
            }
            Params::Kangaroo { strength, length, customization } => {
                let mut out = room(*length)?;
                kangaroo(*strength, data, customization, &mut out);
                Ok(out)
            }
        }
    }
}

fn plain(hash: HashAlgorithm, data: &[u8]) -> Result<Vec<u8>> {
    let method =
        Method::parse(hash.digest_name()).ok_or_else(|| unsupported("Digest method not supported"))?;
    method.digest_vec(data, method.length())
}

pub(super) fn job(algorithm: &Algorithm<'_>) -> Result<Job<Vec<u8>>> {
    let params = params(algorithm)?;
    Ok(Job::new(move |data| params.compute(data).map_err(failed)))
}

/// The digest of `data`: `SHA-1`, `SHA-256`, `SHA-384`, `SHA-512`, `SHA3-256`, `SHA3-384`, `SHA3-512`, `cSHAKE128`,
/// `cSHAKE256`, `TurboSHAKE128`, `TurboSHAKE256`, `KT128` or `KT256`. Node: `subtle.digest`
/// (<https://nodejs.org/api/webcrypto.html#subtledigestalgorithm-data>).
///
/// # Errors
/// `NotSupportedError` for another algorithm; `OperationError` for a parameter; [`Code::MissingOption`] without
/// `outputLength` where it is needed.
///
/// [`Code::MissingOption`]: nodecore_error::Code::MissingOption
///
/// # Examples
/// ```
/// use nodecore_crypto::webcrypto::{Algorithm, digest_sync};
///
/// assert_eq!(digest_sync(&Algorithm::new("SHA-1"), b"abc")?[..4], [0xa9, 0x99, 0x3e, 0x36]);
/// let turbo = digest_sync(&Algorithm::new("TurboSHAKE128").output_length(512), b"")?;
/// assert_eq!(turbo[..4], [0x1e, 0x41, 0x5f, 0x1c]);
/// let error = digest_sync(&Algorithm::new("MD5"), b"").unwrap_err();
/// assert_eq!(error.class().name(), "NotSupportedError");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn digest_sync(algorithm: &Algorithm<'_>, data: &[u8]) -> Result<Vec<u8>> {
    if let Params::Plain(hash) = params(algorithm)? {
        return plain(hash, data).map_err(failed);
    }
    job(algorithm)?.run(data)
}

/// As [`digest_sync`], on the pool; `done` is called once, later.
///
/// # Errors
/// As there: what is wrong with the algorithm is returned, the rest is given to `done`.
pub fn digest(
    lp: &EventLoop,
    algorithm: &Algorithm<'_>,
    data: &[u8],
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    Ok(spawn(lp, job(algorithm)?, data, done))
}
