//! Key derivation: PBKDF2, scrypt, HKDF and Argon2.

mod argon2;
mod hkdf;
mod pbkdf2;
mod scrypt;

use std::sync::{Arc, Mutex, PoisonError};

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, OperationExt, Request};

pub use argon2::{Argon2Parameters, argon2, argon2_sync};
pub use hkdf::{hkdf, hkdf_sync};
pub use pbkdf2::{pbkdf2, pbkdf2_sync};
pub use scrypt::{ScryptOptions, scrypt, scrypt_sync};

pub(crate) use argon2::argon2_operation;
pub(crate) use hkdf::hkdf_operation;
pub(crate) use pbkdf2::pbkdf2_operation;
pub(crate) use scrypt::scrypt_operation;

use crate::engine::KdfMd;
use crate::secret::Secret;

/// How many digests are kept: more than there are useful names.
const KEPT: usize = 64;

/// The digest of that name.
///
/// # Errors
/// [`Code::CryptoInvalidDigest`].
pub(crate) fn digest(name: &str) -> Result<Arc<KdfMd>> {
    static FOUND: Mutex<Vec<(Box<str>, Arc<KdfMd>)>> = Mutex::new(Vec::new());
    let mut found = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, md)) = found.iter().find(|(kept, _)| **kept == *name) {
        return Ok(Arc::clone(md));
    }
    let Some(md) = KdfMd::find(name) else {
        return Err(Error::from_template(Code::CryptoInvalidDigest, &[&name]));
    };
    let md = Arc::new(md);
    if found.len() < KEPT {
        found.push((name.into(), Arc::clone(&md)));
    }
    Ok(md)
}

/// Starts a derivation on the pool. What nobody takes is cleared.
fn spawn(
    lp: &EventLoop,
    operation: impl OperationExt<Output = Secret>,
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Request {
    operation.spawn(lp, |key| done(key.map(Secret::into_vec)))
}
