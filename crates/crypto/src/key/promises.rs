//! Keys as futures.

use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, OperationExt};

use super::{KeyObject, KeyPair, KeyPairOptions, generate_key_operation, generate_key_pair_operation};

/// As [`generate_key_pair_sync`](crate::generate_key_pair_sync), on the pool. Node:
/// `util.promisify(crypto.generateKeyPair)`.
///
/// # Errors
/// As there.
pub async fn generate_key_pair(lp: &EventLoop, key_type: &str, options: &KeyPairOptions) -> Result<KeyPair> {
    generate_key_pair_operation(key_type, options)?.future(lp).await
}

/// As [`generate_key_sync`](crate::generate_key_sync), on the pool. Node: `util.promisify(crypto.generateKey)`.
///
/// # Errors
/// As there.
pub async fn generate_key(lp: &EventLoop, key_type: &str, length: u32) -> Result<KeyObject> {
    generate_key_operation(key_type, length)?.future(lp).await
}
