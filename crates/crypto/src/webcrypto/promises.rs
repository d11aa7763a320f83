//! The methods of `SubtleCrypto` as futures; dropping one cancels.

use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, OperationExt};

use super::job::future;
use super::{
    Algorithm, CryptoKey, EncapsulatedBits, EncapsulatedKey, GeneratedKey, KeyData, KeyFormat, KeyUsage,
    cipher, derive, digest as digests, export, generate, import, kem, sign as signatures, wrap,
};
use crate::ExportedKey;

/// As [`digest_sync`](super::digest_sync), on the pool.
///
/// # Errors
/// As there.
///
/// # Examples
/// ```
/// use nodecore_crypto::webcrypto::{Algorithm, promises};
/// use nodecore_event_loop::EventLoop;
///
/// let lp = EventLoop::new()?;
/// let digest = lp.block_on(promises::digest(&lp, &Algorithm::new("SHA-512"), b"abc"))?;
/// assert_eq!(digest[..4], [0xdd, 0xaf, 0x35, 0xa1]);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub async fn digest(lp: &EventLoop, algorithm: &Algorithm<'_>, data: &[u8]) -> Result<Vec<u8>> {
    future(lp, digests::job(algorithm)?, data).await
}

/// As [`encrypt_sync`](super::encrypt_sync), on the pool.
///
/// # Errors
/// As there.
pub async fn encrypt(
    lp: &EventLoop,
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    data: &[u8],
) -> Result<Vec<u8>> {
    future(lp, cipher::encrypt_job(algorithm, key)?, data).await
}

/// As [`decrypt_sync`](super::decrypt_sync), on the pool.
///
/// # Errors
/// As there.
pub async fn decrypt(
    lp: &EventLoop,
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    data: &[u8],
) -> Result<Vec<u8>> {
    future(lp, cipher::decrypt_job(algorithm, key)?, data).await
}

/// As [`sign_sync`](super::sign_sync), on the pool.
///
/// # Errors
/// As there.
pub async fn sign(
    lp: &EventLoop,
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    data: &[u8],
) -> Result<Vec<u8>> {
    future(lp, signatures::sign_job(algorithm, key)?, data).await
}

/// As [`verify_sync`](super::verify_sync), on the pool.
///
/// # Errors
/// As there.
pub async fn verify(
    lp: &EventLoop,
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    signature: &[u8],
    data: &[u8],
) -> Result<bool> {
    future(lp, signatures::verify_job(algorithm, key, signature)?, data).await
}

/// As [`generate_key_sync`](super::generate_key_sync), on the pool.
///
/// # Errors
/// As there.
pub async fn generate_key(
    lp: &EventLoop,
    algorithm: &Algorithm<'_>,
    extractable: bool,
    usages: &[KeyUsage],
) -> Result<GeneratedKey> {
    generate::generate_operation(algorithm, extractable, usages)?.future(lp).await
}

/// As [`import_key_sync`](super::import_key_sync), on the pool.
///
/// # Errors
/// As there.
pub async fn import_key(
    lp: &EventLoop,
    format: KeyFormat,
    data: KeyData<'_>,
    algorithm: &Algorithm<'_>,
    extractable: bool,
    usages: &[KeyUsage],
) -> Result<CryptoKey> {
    import::import_operation(format, data, algorithm, extractable, usages)?.future(lp).await
}

/// As [`export_key_sync`](super::export_key_sync), on the pool.
///
/// # Errors
/// As there.
pub async fn export_key(lp: &EventLoop, format: KeyFormat, key: &CryptoKey) -> Result<ExportedKey> {
    export::export_operation(format, key).future(lp).await
}

/// As [`get_public_key_sync`](super::get_public_key_sync), on the pool.
///
/// # Errors
/// As there.
pub async fn get_public_key(lp: &EventLoop, key: &CryptoKey, usages: &[KeyUsage]) -> Result<CryptoKey> {
    export::public_key_operation(key, usages).future(lp).await
}

/// As [`derive_bits_sync`](super::derive_bits_sync), on the pool.
///
/// # Errors
/// As there.
pub async fn derive_bits(
    lp: &EventLoop,
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    length: Option<u32>,
) -> Result<Vec<u8>> {
    future(lp, derive::bits_job(algorithm, key, length)?, &[]).await
}

/// As [`derive_key_sync`](super::derive_key_sync), on the pool.
///
/// # Errors
/// As there.
pub async fn derive_key(
    lp: &EventLoop,
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    derived: &Algorithm<'_>,
    extractable: bool,
    usages: &[KeyUsage],
) -> Result<CryptoKey> {
    future(lp, derive::key_job(algorithm, key, derived, extractable, usages)?, &[]).await
}

/// As [`wrap_key_sync`](super::wrap_key_sync), on the pool.
///
/// # Errors
/// As there.
pub async fn wrap_key(
    lp: &EventLoop,
    format: KeyFormat,
    key: &CryptoKey,
    wrapping_key: &CryptoKey,
    algorithm: &Algorithm<'_>,
) -> Result<Vec<u8>> {
    future(lp, wrap::wrap_job(format, key, wrapping_key, algorithm)?, &[]).await
}

/// As [`unwrap_key_sync`](super::unwrap_key_sync), on the pool.
///
/// # Errors
/// As there.
#[expect(clippy::too_many_arguments, reason = "Node's, with the loop")]
pub async fn unwrap_key(
    lp: &EventLoop,
    format: KeyFormat,
    wrapped: &[u8],
    unwrapping_key: &CryptoKey,
    algorithm: &Algorithm<'_>,
    unwrapped: &Algorithm<'_>,
    extractable: bool,
    usages: &[KeyUsage],
) -> Result<CryptoKey> {
    let job = wrap::unwrap_job(format, unwrapping_key, algorithm, unwrapped, extractable, usages)?;
    future(lp, job, wrapped).await
}

/// As [`encapsulate_bits_sync`](super::encapsulate_bits_sync), on the pool.
///
/// # Errors
/// As there.
pub async fn encapsulate_bits(
    lp: &EventLoop,
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
) -> Result<EncapsulatedBits> {
    future(lp, kem::encapsulate_bits_job(algorithm, key)?, &[]).await
}

/// As [`encapsulate_key_sync`](super::encapsulate_key_sync), on the pool.
///
/// # Errors
/// As there.
pub async fn encapsulate_key(
    lp: &EventLoop,
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    shared_key: &Algorithm<'_>,
    extractable: bool,
    usages: &[KeyUsage],
) -> Result<EncapsulatedKey> {
    future(lp, kem::encapsulate_key_job(algorithm, key, shared_key, extractable, usages)?, &[]).await
}

/// As [`decapsulate_bits_sync`](super::decapsulate_bits_sync), on the pool.
///
/// # Errors
/// As there.
pub async fn decapsulate_bits(
    lp: &EventLoop,
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    ciphertext: &[u8],
) -> Result<Vec<u8>> {
    future(lp, kem::decapsulate_bits_job(algorithm, key)?, ciphertext).await
}

/// As [`decapsulate_key_sync`](super::decapsulate_key_sync), on the pool.
///
/// # Errors
/// As there.
pub async fn decapsulate_key(
    lp: &EventLoop,
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    ciphertext: &[u8],
    shared_key: &Algorithm<'_>,
    extractable: bool,
    usages: &[KeyUsage],
) -> Result<CryptoKey> {
    let job = kem::decapsulate_key_job(algorithm, key, shared_key, extractable, usages)?;
    future(lp, job, ciphertext).await
}
