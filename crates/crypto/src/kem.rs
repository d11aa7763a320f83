//! Key encapsulation.

use std::fmt;

use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};

use crate::check;
use crate::engine;
use crate::key::{KeyInput, KeyObject};
use crate::secret::Secret;
use crate::sign::pkey;

/// A new secret, and what tells it to the owner of the private key. Node: what `crypto.encapsulate` gives. The secret is cleared
/// on drop, and not shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Encapsulated {
    shared_key: Vec<u8>,
    ciphertext: Vec<u8>,
}

impl Encapsulated {
    /// The secret. Node: `sharedKey`.
    pub fn shared_key(&self) -> &[u8] {
        &self.shared_key
    }

    /// What [`decapsulate_sync`] makes the secret of. Node: `ciphertext`.
    pub fn ciphertext(&self) -> &[u8] {
        &self.ciphertext
    }

    /// Both, the secret first, which is the caller's to clear.
    pub fn into_parts(mut self) -> (Vec<u8>, Vec<u8>) {
        (std::mem::take(&mut self.shared_key), std::mem::take(&mut self.ciphertext))
    }
}

impl Drop for Encapsulated {
    fn drop(&mut self) {
        engine::cleanse(&mut self.shared_key);
    }
}

impl fmt::Debug for Encapsulated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encapsulated").field("ciphertext", &self.ciphertext).finish_non_exhaustive()
    }
}

/// Makes a new secret for the owner of the private key, of which `key` has the public half: ML-KEM, RSA (RSASVE of NIST SP
/// 800-56B), and the curves P-256, P-384, P-521, X25519 and X448 (DHKEM of RFC 9180). Node: `crypto.encapsulate(key)`
/// (<https://nodejs.org/api/crypto.html#cryptoencapsulatekey-callback>).
///
/// # Errors
/// As [`create_public_key`](crate::create_public_key) for the key;
/// [`Code::CryptoInvalidKeyObjectType`](nodecore_error::Code::CryptoInvalidKeyObjectType) for a secret one;
/// [`Code::CryptoOperationFailed`](nodecore_error::Code::CryptoOperationFailed) for one of another kind.
///
/// # Examples
/// ```
/// use nodecore_crypto::{KeyPairOptions, decapsulate_sync, encapsulate_sync, generate_key_pair_sync};
///
/// let pair = generate_key_pair_sync("ml-kem-768", &KeyPairOptions::new())?;
/// let made = encapsulate_sync(&pair.public_key)?;
/// assert_eq!(decapsulate_sync(&pair.private_key, made.ciphertext())?, made.shared_key());
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn encapsulate_sync<'a>(key: impl Into<KeyInput<'a>>) -> Result<Encapsulated> {
    encapsulate_operation(&key.into())?.run_sync()
}

/// As [`encapsulate_sync`], on the pool. Node: `crypto.encapsulate(key, callback)`.
///
/// # Errors
/// Those of reading the key; the rest goes to `done`.
pub fn encapsulate<'a>(
    lp: &EventLoop,
    key: impl Into<KeyInput<'a>>,
    done: impl FnOnce(Result<Encapsulated>) + 'static,
) -> Result<Request> {
    Ok(encapsulate_operation(&key.into())?.spawn(lp, done))
}

pub(crate) fn encapsulate_operation(
    key: &KeyInput<'_>,
) -> Result<impl Operation<Output = Encapsulated> + use<>> {
    let key = key.either()?;
    Ok(blocking(move || {
        let (secret, ciphertext) = engine::encapsulate(pkey(&key)?)?;
        Ok(Encapsulated { shared_key: secret.into_vec(), ciphertext })
    }))
}

/// The secret that `ciphertext` tells, which is the caller's to clear. Node: `crypto.decapsulate(key, ciphertext)`
/// (<https://nodejs.org/api/crypto.html#cryptodecapsulatekey-ciphertext-callback>).
///
/// A ciphertext of the right length that was not made for this key gives another secret, and no error.
///
/// # Errors
/// As [`create_private_key`](crate::create_private_key) for the key;
/// [`Code::CryptoInvalidKeyObjectType`](nodecore_error::Code::CryptoInvalidKeyObjectType) for one that is not private;
/// [`Code::CryptoOperationFailed`](nodecore_error::Code::CryptoOperationFailed) for one of another kind, and for a ciphertext
/// that is none of it.
pub fn decapsulate_sync<'a>(key: impl Into<KeyInput<'a>>, ciphertext: &[u8]) -> Result<Vec<u8>> {
    let key = private(&key.into(), ciphertext)?;
    Ok(engine::decapsulate(pkey(&key)?, ciphertext)?.into_vec())
}

/// As [`decapsulate_sync`], on the pool. Node: `crypto.decapsulate(key, ciphertext, callback)`.
///
/// # Errors
/// Those of reading the key; the rest goes to `done`.
pub fn decapsulate<'a>(
    lp: &EventLoop,
    key: impl Into<KeyInput<'a>>,
    ciphertext: &[u8],
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    let work = decapsulate_operation(&key.into(), ciphertext)?;
    Ok(work.spawn(lp, |secret| done(secret.map(Secret::into_vec))))
}

pub(crate) fn decapsulate_operation(
    key: &KeyInput<'_>,
    ciphertext: &[u8],
) -> Result<impl Operation<Output = Secret> + use<>> {
    let key = private(key, ciphertext)?;
    let ciphertext = ciphertext.to_vec();
    Ok(blocking(move || engine::decapsulate(pkey(&key)?, &ciphertext)))
}

fn private(key: &KeyInput<'_>, ciphertext: &[u8]) -> Result<KeyObject> {
    let key = key.private()?;
    check::input("ciphertext is too big", ciphertext)?;
    Ok(key)
}
