//! Asynchronous functions as futures; dropping one cancels. Node: `util.promisify(crypto.scrypt)` and its like.

use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, OperationExt};

pub use crate::agreement::promises::diffie_hellman;
pub use crate::key::promises::{generate_key, generate_key_pair};
pub use crate::sign::promises::{sign, verify};

use crate::kdf::{
    Argon2Parameters, ScryptOptions, argon2_operation, hkdf_operation, pbkdf2_operation, scrypt_operation,
};
use crate::kem::{Encapsulated, decapsulate_operation, encapsulate_operation};
use crate::key::KeyInput;
use crate::prime::{
    CheckPrimeOptions, GeneratePrimeOptions, check_prime_operation, generate_prime_operation,
};
use crate::random::{random_bytes_operation, random_fill_operation, random_int_operation};
use crate::secret::Secret;

/// As [`pbkdf2_sync`](crate::pbkdf2_sync), on the pool.
///
/// # Errors
/// As there.
pub async fn pbkdf2(
    lp: &EventLoop,
    password: impl AsRef<[u8]>,
    salt: impl AsRef<[u8]>,
    iterations: u32,
    keylen: usize,
    digest: &str,
) -> Result<Vec<u8>> {
    let work = pbkdf2_operation(password.as_ref(), salt.as_ref(), iterations, keylen, digest)?;
    work.future(lp).await.map(Secret::into_vec)
}

/// As [`scrypt_sync`](crate::scrypt_sync), on the pool.
///
/// # Errors
/// As there.
///
/// # Examples
/// ```
/// use nodecore_crypto::{ScryptOptions, promises, scrypt_sync};
/// use nodecore_event_loop::EventLoop;
///
/// let (lp, options) = (EventLoop::new()?, ScryptOptions::new().cost(16));
/// let key = lp.block_on(promises::scrypt(&lp, "password", "salt", 32, &options))?;
/// assert_eq!(key, scrypt_sync("password", "salt", 32, &options)?);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub async fn scrypt(
    lp: &EventLoop,
    password: impl AsRef<[u8]>,
    salt: impl AsRef<[u8]>,
    keylen: usize,
    options: &ScryptOptions,
) -> Result<Vec<u8>> {
    let work = scrypt_operation(password.as_ref(), salt.as_ref(), keylen, options)?;
    work.future(lp).await.map(Secret::into_vec)
}

/// As [`hkdf_sync`](crate::hkdf_sync), on the pool.
///
/// # Errors
/// As there.
pub async fn hkdf(
    lp: &EventLoop,
    digest: &str,
    key: impl AsRef<[u8]>,
    salt: impl AsRef<[u8]>,
    info: impl AsRef<[u8]>,
    length: usize,
) -> Result<Vec<u8>> {
    let work = hkdf_operation(digest, key.as_ref(), salt.as_ref(), info.as_ref(), length)?;
    work.future(lp).await.map(Secret::into_vec)
}

/// As [`argon2_sync`](crate::argon2_sync), on the pool.
///
/// # Errors
/// As there.
pub async fn argon2(lp: &EventLoop, algorithm: &str, parameters: &Argon2Parameters<'_>) -> Result<Vec<u8>> {
    argon2_operation(algorithm, parameters)?.future(lp).await.map(Secret::into_vec)
}

/// As [`random_bytes_sync`](crate::random_bytes_sync), on the pool.
///
/// # Errors
/// As there.
pub async fn random_bytes(lp: &EventLoop, size: usize) -> Result<Vec<u8>> {
    random_bytes_operation(size)?.future(lp).await.map(Secret::into_vec)
}

/// As [`random_fill_sync`](crate::random_fill_sync), on the pool; gives the buffer.
///
/// # Errors
/// As there.
pub async fn random_fill(
    lp: &EventLoop,
    buffer: Vec<u8>,
    offset: usize,
    size: Option<usize>,
) -> Result<Vec<u8>> {
    random_fill_operation(buffer, offset, size)?.future(lp).await
}

/// As [`random_int_sync`](crate::random_int_sync), on the pool.
///
/// # Errors
/// As there.
pub async fn random_int(lp: &EventLoop, min: Option<i64>, max: i64) -> Result<i64> {
    random_int_operation(min, max)?.future(lp).await
}

/// As [`generate_prime_sync`](crate::generate_prime_sync), on the pool.
///
/// # Errors
/// As there.
pub async fn generate_prime(lp: &EventLoop, size: u32, options: &GeneratePrimeOptions) -> Result<Vec<u8>> {
    generate_prime_operation(size, options)?.future(lp).await
}

/// As [`check_prime_sync`](crate::check_prime_sync), on the pool.
///
/// # Errors
/// As there.
pub async fn check_prime(
    lp: &EventLoop,
    candidate: impl AsRef<[u8]>,
    options: &CheckPrimeOptions,
) -> Result<bool> {
    check_prime_operation(candidate.as_ref(), options)?.future(lp).await
}

/// As [`encapsulate_sync`](crate::encapsulate_sync), on the pool.
///
/// # Errors
/// As there.
pub async fn encapsulate(lp: &EventLoop, key: impl Into<KeyInput<'_>>) -> Result<Encapsulated> {
    encapsulate_operation(&key.into())?.future(lp).await
}

/// As [`decapsulate_sync`](crate::decapsulate_sync), on the pool.
///
/// # Errors
/// As there.
pub async fn decapsulate(lp: &EventLoop, key: impl Into<KeyInput<'_>>, ciphertext: &[u8]) -> Result<Vec<u8>> {
    decapsulate_operation(&key.into(), ciphertext)?.future(lp).await.map(Secret::into_vec)
}
