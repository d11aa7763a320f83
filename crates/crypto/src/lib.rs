//! Node's crypto module (<https://nodejs.org/api/crypto.html>): digests so far.
//!
//! | Node | here |
//! |---|---|
//! | `crypto.createHash` | [`create_hash`] |
//! | `crypto.hash` | [`hash`], [`hash_encoded`] |
//! | `hash.update`, `digest`, `copy` | [`Hash`](struct@Hash) |
//! | a `Hash` as a stream | [`HashStream`] |
//!
//! ```
//! use nodecore_buffer::Encoding;
//! use nodecore_crypto::hash_encoded;
//!
//! assert_eq!(hash_encoded("sha1", b"abc", Encoding::Base64Url)?, "qZk-NkcGgWq6PiVxeFDCbJzQ2J0");
//! # Ok::<(), nodecore_error::Error>(())
//! ```

mod algorithm;
mod engine;
mod hash;
mod key;
mod secret;
mod stream;

/// The functions with a callback as futures.
pub mod promises {
    pub use crate::key::promises::{generate_key, generate_key_pair};
}

pub use hash::{Hash, create_hash, hash, hash_encoded};
pub use key::{
    AsymmetricKeyDetails, ExportedKey, Jwk, KeyEncoding, KeyExport, KeyInput, KeyObject, KeyPair,
    KeyPairOptions, KeyType, create_private_key, create_public_key, create_secret_key, generate_key,
    generate_key_pair, generate_key_pair_sync, generate_key_sync,
};
pub use stream::HashStream;
