//! What concerns the module as a whole, and comparing in constant time.

use nodecore_error::{Code, Error, Result};

use crate::engine;

/// Whether `a` and `b` are equal, in a time that does not depend on what is in them. Node: `crypto.timingSafeEqual`
/// (<https://nodejs.org/api/crypto.html#cryptotimingsafeequala-b>). It is OpenSSL's `CRYPTO_memcmp`.
///
/// # Errors
/// [`Code::CryptoTimingSafeEqualLength`] unless they are of the same length.
///
/// # Examples
/// ```
/// assert!(nodecore_crypto::timing_safe_equal(b"secret", b"secret")?);
/// assert!(!nodecore_crypto::timing_safe_equal(b"secret", b"seccet")?);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn timing_safe_equal(a: &[u8], b: &[u8]) -> Result<bool> {
    if a.len() != b.len() {
        return Err(Error::from_template(Code::CryptoTimingSafeEqualLength, &[]));
    }
    Ok(engine::equal(a, b))
}

/// Overwrites a secret with zeroes, in a way that the compiler does not leave out. Not a function of Node's.
///
/// # Examples
/// ```
/// let mut key = nodecore_crypto::random_bytes_sync(32)?;
/// nodecore_crypto::cleanse(&mut key);
/// assert_eq!(key, [0; 32]);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn cleanse(secret: &mut [u8]) {
    engine::cleanse(secret);
}

/// The names of the elliptic curves, sorted. Node: `crypto.getCurves`
/// (<https://nodejs.org/api/crypto.html#cryptogetcurves>).
///
/// # Examples
/// ```
/// assert!(nodecore_crypto::get_curves().contains(&"secp256k1"));
/// ```
pub fn get_curves() -> Vec<&'static str> {
    let mut curves = engine::curves();
    curves.sort_unstable();
    curves
}

/// What [`secure_heap_used`] gives.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct SecureHeapUsed {
    /// Bytes of the heap.
    pub total: usize,
    /// Bytes taken.
    pub used: usize,
    /// `used` of `total`, which is not a number where there is no heap.
    pub utilization: f64,
    /// The smallest piece that can be taken.
    pub min: usize,
}

/// How much of OpenSSL's secure heap is taken. There is none here, as in a Node that was started without
/// `--secure-heap`. Node: `crypto.secureHeapUsed`
/// (<https://nodejs.org/api/crypto.html#cryptosecureheapused>).
///
/// # Examples
/// ```
/// assert_eq!(nodecore_crypto::secure_heap_used().total, 0);
/// ```
pub fn secure_heap_used() -> SecureHeapUsed {
    SecureHeapUsed { total: 0, used: 0, utilization: f64::NAN, min: 2 }
}

/// Always fails, as OpenSSL is built without engines. Node: `crypto.setEngine`
/// (<https://nodejs.org/api/crypto.html#cryptosetengineengine-flags>).
///
/// # Errors
/// [`Code::CryptoCustomEngineNotSupported`].
///
/// # Examples
/// ```
/// let error = nodecore_crypto::set_engine("dynamic", nodecore_crypto::constants::ENGINE_METHOD_ALL).unwrap_err();
/// assert_eq!(error.code().name(), "ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED");
/// ```
///
/// # Differences from Node
/// Node 26 as it is published has engines; built against an OpenSSL without them it fails in this way too.
pub fn set_engine(_id: &str, _flags: u32) -> Result<()> {
    Err(Error::from_template(Code::CryptoCustomEngineNotSupported, &[]))
}

/// Whether the algorithms are those of a FIPS provider: 0, they are not. Node: `crypto.getFips`
/// (<https://nodejs.org/api/crypto.html#cryptogetfips>), and `crypto.fips`.
///
/// # Examples
/// ```
/// assert_eq!(nodecore_crypto::get_fips(), 0);
/// ```
pub fn get_fips() -> u32 {
    0
}

/// Turns FIPS mode off, which it is; on it cannot be turned. Node: `crypto.setFips`
/// (<https://nodejs.org/api/crypto.html#cryptosetfipsbool>).
///
/// # Errors
/// [`Code::CryptoFipsUnavailable`] for `true`.
///
/// # Examples
/// ```
/// assert!(nodecore_crypto::set_fips(false).is_ok());
/// assert_eq!(nodecore_crypto::set_fips(true).unwrap_err().code().name(), "ERR_CRYPTO_FIPS_UNAVAILABLE");
/// ```
///
/// # Differences from Node
/// Node turns it on where there is no FIPS provider, and every algorithm fails from then on.
pub fn set_fips(enable: bool) -> Result<()> {
    if enable { Err(Error::from_template(Code::CryptoFipsUnavailable, &[])) } else { Ok(()) }
}
