//! What concerns the module as a whole, and comparing in constant time.

use std::sync::OnceLock;

use nodecore_error::{Code, Error, Result};

use crate::check;
use crate::engine::{self, SecureHeap};

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

/// The secure heap, once it was asked for and made: its size and its smallest piece.
static SECURE_HEAP: OnceLock<(usize, usize)> = OnceLock::new();

/// OpenSSL's own smallest piece, where a smaller one is asked for.
const SMALLEST_PIECE: usize = 16;
/// OpenSSL keeps two bits a piece, twice: no more pieces than take 128 MiB of them.
const MOST_PIECES: usize = 1 << 28;

/// Gives OpenSSL a secure heap of `size` bytes, from which pieces of at least `min` bytes are taken for private keys
/// and the like: memory that is not swapped out, not in a core dump, and between two pages that cannot be touched.
/// Node: `--secure-heap=size --secure-heap-min=min` (<https://nodejs.org/api/cli.html#--secure-heapn>). It is for the
/// whole process and for good, before all else of this crate; 0 for `min` is Node's default, 2. What finds no room in
/// the heap fails, so it has to be large enough for all keys.
///
/// Gives whether the heap is locked in memory and guarded, which systems limit; if not it is used all the same.
///
/// # Errors
/// - [`Code::InvalidArgValue`] unless both are powers of 2.
/// - [`Code::OutOfRange`] if the heap has not even four pieces, or more than 2^28 (a piece has 16 bytes or more).
/// - [`Code::InvalidState`] if OpenSSL has been used, or has a secure heap.
/// - [`Code::OperationFailed`] if there is no memory, or if OpenSSL is built without a secure heap, as for musl.
///
/// # Examples
/// ```standalone_crate
/// nodecore_crypto::secure_heap_init(65536, 4)?;
/// let heap = nodecore_crypto::secure_heap_used();
/// assert_eq!((heap.total, heap.min, heap.used), (65536, 4, 0));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
///
/// # Differences from Node
/// Node says on stderr what is wrong with its options: it ends if they are no powers of 2, and else goes on without a
/// heap. Of more than 2^28 pieces OpenSSL may end the process.
pub fn secure_heap_init(size: usize, min: usize) -> Result<bool> {
    let min = if min == 0 { 2 } else { min };
    for (name, value) in [("size", size), ("min", min)] {
        if !value.is_power_of_two() {
            return Err(Error::from_template(
                Code::InvalidArgValue,
                &[&name, &"must be a power of 2", &value],
            ));
        }
    }
    let piece = min.max(SMALLEST_PIECE);
    let (least, most) = (piece.saturating_mul(4), piece.saturating_mul(MOST_PIECES));
    check::within("size", check::wide(size), check::wide(least), check::wide(most))?;
    let failed =
        || Error::from_template(Code::OperationFailed, &[&"unable to initialize openssl secure heap"]);
    match engine::init_with_secure_heap(size, min) {
        None => Err(Error::from_template(Code::InvalidState, &[&"OpenSSL is in use already"])),
        Some(SecureHeap::Failed) => Err(failed()),
        Some(made) => {
            SECURE_HEAP.get_or_init(|| (size, min));
            Ok(made == SecureHeap::Locked)
        }
    }
}

/// What [`secure_heap_used`] gives.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct SecureHeapUsed {
    /// Bytes of the heap; 0 if there is none.
    pub total: usize,
    /// Bytes taken.
    pub used: usize,
    /// `used` of `total`, which is not a number where there is no heap.
    pub utilization: f64,
    /// The smallest piece that can be taken, as it was asked for.
    pub min: usize,
}

/// How much of OpenSSL's secure heap is taken, if [`secure_heap_init`] has made one. Node: `crypto.secureHeapUsed`
/// (<https://nodejs.org/api/crypto.html#cryptosecureheapused>).
///
/// # Examples
/// ```
/// assert_eq!(nodecore_crypto::secure_heap_used().total, 0);
/// ```
#[expect(clippy::cast_precision_loss, reason = "a share of at most 2^52 bytes")]
pub fn secure_heap_used() -> SecureHeapUsed {
    match SECURE_HEAP.get() {
        None => SecureHeapUsed { total: 0, used: 0, utilization: f64::NAN, min: 2 },
        Some(&(total, min)) => {
            let used = engine::secure_heap_taken();
            SecureHeapUsed { total, used, utilization: used as f64 / total as f64, min }
        }
    }
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
