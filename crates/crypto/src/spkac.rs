//! `Certificate`: signed public keys and challenges, as the HTML element `keygen` made them.

use nodecore_error::Result;

use crate::check;
use crate::engine::Spkac;

/// Functions of SPKAC. Node: `crypto.Certificate` (<https://nodejs.org/api/crypto.html#class-certificate>), whose
/// instances have the same functions.
///
/// A `spkac` is Base64, without the `SPKAC=` that the `openssl` command writes in front.
///
/// ```
/// use nodecore_crypto::Certificate;
///
/// assert!(!Certificate::verify_spkac("none")?);
/// assert_eq!(Certificate::export_challenge("none")?, None);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Certificate;

impl Certificate {
    /// Whether it is signed with the key that is in it. Node: `Certificate.verifySpkac(spkac)`, which gives `''` for no
    /// bytes at all.
    ///
    /// # Errors
    /// [`Code::OutOfRange`](nodecore_error::Code::OutOfRange) from 2^31 bytes on.
    pub fn verify_spkac(spkac: impl AsRef<[u8]>) -> Result<bool> {
        Ok(read(spkac.as_ref())?.is_some_and(|spkac| spkac.verify()))
    }

    /// The public key, in PEM; `None`, which is Node's `''`, if there is none. Node: `Certificate.exportPublicKey(spkac)`.
    ///
    /// # Errors
    /// [`Code::OutOfRange`](nodecore_error::Code::OutOfRange) from 2^31 bytes on.
    pub fn export_public_key(spkac: impl AsRef<[u8]>) -> Result<Option<Vec<u8>>> {
        Ok(read(spkac.as_ref())?.and_then(|spkac| spkac.public_key()))
    }

    /// The challenge; `None`, which is Node's `''`, if there is none. Node: `Certificate.exportChallenge(spkac)`.
    ///
    /// # Errors
    /// [`Code::OutOfRange`](nodecore_error::Code::OutOfRange) from 2^31 bytes on.
    pub fn export_challenge(spkac: impl AsRef<[u8]>) -> Result<Option<Vec<u8>>> {
        Ok(read(spkac.as_ref())?.and_then(|spkac| spkac.challenge()))
    }
}

fn read(spkac: &[u8]) -> Result<Option<Spkac>> {
    check::input("spkac is too large", spkac)?;
    Ok(Spkac::read(spkac))
}
