//! `pbkdf2`.

use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, Operation, Request, blocking};

use super::{Digest, failed, spawn};
use crate::check::{self, MAX};
use crate::engine;
use crate::secret::Secret;

/// What is to be derived, checked.
struct Pbkdf2 {
    iterations: i32,
    keylen: usize,
    digest: Digest,
}

impl Pbkdf2 {
    fn new(password: &[u8], salt: &[u8], iterations: u32, keylen: usize, name: &str) -> Result<Pbkdf2> {
        check::within("iterations", iterations.into(), 1, MAX)?;
        check::length("keylen", keylen)?;
        check::input("pass is too large", password)?;
        check::input("salt is too large", salt)?;
        let iterations = i32::try_from(iterations).unwrap_or(i32::MAX);
        Ok(Pbkdf2 { iterations, keylen, digest: Digest::find(name)? })
    }

    fn derive(&self, password: &[u8], salt: &[u8]) -> Result<Secret> {
        const FAILED: &str = "PBKDF2 derivation failed";
        if self.keylen == 0 {
            return Err(failed(FAILED));
        }
        let mut key = Secret::zeroed(self.keylen)?;
        engine::pbkdf2(self.digest.known(FAILED)?.md()?, password, salt, self.iterations, &mut key)?;
        Ok(key)
    }
}

pub(crate) fn pbkdf2_operation(
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    keylen: usize,
    digest: &str,
) -> Result<impl Operation<Output = Secret> + use<>> {
    let work = Pbkdf2::new(password, salt, iterations, keylen, digest)?;
    let (password, salt) = (Secret::copy(password), salt.to_vec());
    Ok(blocking(move || work.derive(&password, &salt)))
}

/// Derives a key of `keylen` bytes with PBKDF2, blocking. Node: `crypto.pbkdf2Sync`
/// (<https://nodejs.org/api/crypto.html#cryptopbkdf2syncpassword-salt-iterations-keylen-digest>).
///
/// `digest` is any name that Node takes: `sha512`, `RSA-SHA256`, `2.16.840.1.101.3.4.2.1`.
///
/// # Errors
/// [`Code::OutOfRange`](nodecore_error::Code::OutOfRange) for no iterations, and for 2^31 or more of them or of bytes;
/// [`Code::CryptoInvalidDigest`](nodecore_error::Code::CryptoInvalidDigest); OpenSSL's, `PBKDF2 derivation failed`, for a
/// digest that does not do, such as SHAKE, and for a `keylen` of 0.
///
/// # Examples
/// ```
/// let key = nodecore_crypto::pbkdf2_sync(b"password", b"salt", 2, 20, "sha1")?;
/// assert_eq!(key[..4], [0xea, 0x6c, 0x01, 0x4d]);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn pbkdf2_sync(
    password: impl AsRef<[u8]>,
    salt: impl AsRef<[u8]>,
    iterations: u32,
    keylen: usize,
    digest: &str,
) -> Result<Vec<u8>> {
    let (password, salt) = (password.as_ref(), salt.as_ref());
    Ok(Pbkdf2::new(password, salt, iterations, keylen, digest)?.derive(password, salt)?.into_vec())
}

/// As [`pbkdf2_sync`], on the pool; `done` is called once, later. Node: `crypto.pbkdf2`
/// (<https://nodejs.org/api/crypto.html#cryptopbkdf2password-salt-iterations-keylen-digest-callback>).
///
/// # Errors
/// As there: what is wrong with an argument is returned, OpenSSL's errors are given to `done`.
pub fn pbkdf2(
    lp: &EventLoop,
    password: impl AsRef<[u8]>,
    salt: impl AsRef<[u8]>,
    iterations: u32,
    keylen: usize,
    digest: &str,
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    let work = pbkdf2_operation(password.as_ref(), salt.as_ref(), iterations, keylen, digest)?;
    Ok(spawn(lp, work, done))
}
