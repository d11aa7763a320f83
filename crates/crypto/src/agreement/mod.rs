//! What two sides make together of their own private and the other's public key.

mod dh;
mod ecdh;
pub(crate) mod promises;

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};

pub use dh::{
    DiffieHellman, DiffieHellmanGroup, create_diffie_hellman, create_diffie_hellman_group,
    create_diffie_hellman_of_length, get_diffie_hellman,
};
pub use ecdh::{Ecdh, PointFormat, create_ecdh};

use crate::engine::{self, Pkey};
use crate::key::{KeyInput, KeyType};
use crate::secret::Secret;

/// The secret of a private key and another's public key, both of `dh`, `ec`, `x25519` or `x448`, blocking. Node:
/// `crypto.diffieHellman({ privateKey, publicKey })`
/// (<https://nodejs.org/api/crypto.html#cryptodiffiehellmanoptions-callback>).
///
/// Each key is a [`KeyObject`](crate::KeyObject) or any form of one; for the public key a private one does as well.
///
/// # Errors
/// [`Code::CryptoInvalidKeyObjectType`] and [`Code::CryptoIncompatibleKey`] for a [`KeyObject`](crate::KeyObject) that
/// does not fit; those of [`create_private_key`](crate::create_private_key) and
/// [`create_public_key`](crate::create_public_key) for other forms; OpenSSL's for keys that do not fit each other, and
/// for a public key that makes the same secret with every private key.
///
/// # Examples
/// ```
/// use nodecore_crypto::{KeyPairOptions, diffie_hellman_sync, generate_key_pair_sync};
///
/// let [alice, bob] = [(); 2].map(|()| generate_key_pair_sync("x25519", &KeyPairOptions::new()));
/// let (alice, bob) = (alice?, bob?);
/// let secret = diffie_hellman_sync(&(&alice.private_key).into(), &(&bob.public_key).into())?;
/// assert_eq!(secret, diffie_hellman_sync(&(&bob.private_key).into(), &(&alice.public_key).into())?);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn diffie_hellman_sync(private_key: &KeyInput<'_>, public_key: &KeyInput<'_>) -> Result<Vec<u8>> {
    let (private, public) = keys(private_key, public_key)?;
    Ok(engine::derive(&private, &public)?.into_vec())
}

/// As [`diffie_hellman_sync`], on the pool; `done` is called once, later. Node: `crypto.diffieHellman(options, callback)`.
///
/// # Errors
/// As there: what is wrong with a key is returned, what they do not make together is given to `done`.
pub fn diffie_hellman(
    lp: &EventLoop,
    private_key: &KeyInput<'_>,
    public_key: &KeyInput<'_>,
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    let work = diffie_hellman_operation(private_key, public_key)?;
    Ok(work.spawn(lp, |secret| done(secret.map(Secret::into_vec))))
}

pub(crate) fn diffie_hellman_operation(
    private_key: &KeyInput<'_>,
    public_key: &KeyInput<'_>,
) -> Result<impl Operation<Output = Secret> + use<>> {
    let (private, public) = keys(private_key, public_key)?;
    Ok(blocking(move || engine::derive(&private, &public)))
}

/// Both keys, in the order in which Node looks at them.
fn keys(private_key: &KeyInput<'_>, public_key: &KeyInput<'_>) -> Result<(Pkey, Pkey)> {
    private_key.check_kind(KeyType::Private)?;
    public_key.check_kind(KeyType::Public)?;
    private_key.check_form("options.privateKey")?;
    if let (Some(private), Some(public)) = (private_key.key_object(), public_key.key_object()) {
        let [private, public] = [private, public].map(|key| key.asymmetric_key_type().unwrap_or("undefined"));
        if private != public || !matches!(private, "dh" | "ec" | "x25519" | "x448") {
            let types = format!("{private} and {public}");
            let what = "key types for Diffie-Hellman";
            return Err(Error::from_template(Code::CryptoIncompatibleKey, &[&what, &types]));
        }
    }
    let public = public_key.to_public()?;
    Ok((private_key.to_private()?, public))
}
