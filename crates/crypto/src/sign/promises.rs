//! Signatures as futures.

use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, OperationExt};

use super::{SignOptions, sign_operation, verify_operation};
use crate::key::KeyInput;

/// As [`sign_sync`](crate::sign_sync), on the pool. Node: `util.promisify(crypto.sign)`.
///
/// # Errors
/// As there.
pub async fn sign(
    lp: &EventLoop,
    algorithm: Option<&str>,
    data: &[u8],
    key: impl Into<KeyInput<'_>>,
    options: &SignOptions,
) -> Result<Vec<u8>> {
    sign_operation(algorithm, data, &key.into(), options)?.future(lp).await
}

/// As [`verify_sync`](crate::verify_sync), on the pool. Node: `util.promisify(crypto.verify)`.
///
/// # Errors
/// As there.
pub async fn verify(
    lp: &EventLoop,
    algorithm: Option<&str>,
    data: &[u8],
    key: impl Into<KeyInput<'_>>,
    signature: &[u8],
    options: &SignOptions,
) -> Result<bool> {
    verify_operation(algorithm, data, &key.into(), signature, options)?.future(lp).await
}
