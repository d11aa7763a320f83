//! Agreement as a future.

use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, OperationExt};

use super::diffie_hellman_operation;
use crate::key::KeyInput;
use crate::secret::Secret;

/// As [`diffie_hellman_sync`](crate::diffie_hellman_sync), on the pool. Node: `util.promisify(crypto.diffieHellman)`.
///
/// # Errors
/// As there.
pub async fn diffie_hellman(
    lp: &EventLoop,
    private_key: &KeyInput<'_>,
    public_key: &KeyInput<'_>,
) -> Result<Vec<u8>> {
    diffie_hellman_operation(private_key, public_key)?.future(lp).await.map(Secret::into_vec)
}
