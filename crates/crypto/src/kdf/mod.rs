//! Key derivation: PBKDF2, scrypt, HKDF and Argon2.

mod argon2;
mod hkdf;
mod pbkdf2;
mod scrypt;

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, OperationExt, Request};

pub use argon2::{Argon2Parameters, argon2, argon2_sync};
pub use hkdf::{hkdf, hkdf_sync};
pub use pbkdf2::{pbkdf2, pbkdf2_sync};
pub use scrypt::{ScryptOptions, scrypt, scrypt_sync};

pub(crate) use argon2::argon2_operation;
pub(crate) use hkdf::{extract_and_expand, hkdf_operation};
pub(crate) use pbkdf2::pbkdf2_operation;
pub(crate) use scrypt::scrypt_operation;

use crate::algorithm::{Algorithm, c_text};
use crate::engine::LegacyMd;
use crate::secret::Secret;

/// A digest by any name that OpenSSL knows.
#[derive(Clone, Copy, Debug)]
enum Digest {
    Known(Algorithm),
    /// One that fails when it is to be computed.
    Legacy(LegacyMd),
}

impl Digest {
    /// The digest of that name.
    ///
    /// # Errors
    /// [`Code::CryptoInvalidDigest`].
    fn find(name: &str) -> Result<Digest> {
        if let Some(algorithm) = Algorithm::parse(name) {
            return Ok(Digest::Known(algorithm));
        }
        match LegacyMd::find(c_text(name)) {
            Some(md) => Ok(Digest::Legacy(md)),
            None => Err(Error::from_template(Code::CryptoInvalidDigest, &[&name])),
        }
    }

    /// # Errors
    /// OpenSSL's with that text, for one that it cannot compute.
    fn known(self, failed: &str) -> Result<Algorithm> {
        match self {
            Digest::Known(algorithm) => Ok(algorithm),
            Digest::Legacy(md) => Err(md.fetch_as(failed)),
        }
    }
}

/// An error that is no more than its text.
fn failed(text: &str) -> Error {
    Error::from_template(Code::Uncoded, &[&text])
}

/// Starts a derivation on the pool. What nobody takes is cleared.
fn spawn(
    lp: &EventLoop,
    operation: impl OperationExt<Output = Secret>,
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Request {
    operation.spawn(lp, |key| done(key.map(Secret::into_vec)))
}
