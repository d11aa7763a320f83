//! Node's crypto module (<https://nodejs.org/api/crypto.html>): digests and ciphers so far.
//!
//! | Node | here |
//! |---|---|
//! | `crypto.createHash` | [`create_hash`] |
//! | `crypto.hash` | [`hash`], [`hash_encoded`] |
//! | `hash.update`, `digest`, `copy` | [`Hash`](struct@Hash) |
//! | a `Hash` as a stream | [`HashStream`] |
//! | `crypto.createCipheriv`, `createDecipheriv` | [`create_cipheriv`], [`create_decipheriv`] |
//! | `cipher.update`, `final`, `setAAD`, `getAuthTag`, `setAutoPadding` | [`Cipheriv`] |
//! | `decipher.update`, `final`, `setAAD`, `setAuthTag`, `setAutoPadding` | [`Decipheriv`] |
//! | a `Cipheriv` or a `Decipheriv` as a stream | [`CipherStream`], [`DecipherStream`] |
//! | (whole messages, in place) | [`Aead`] |
//! | `crypto.getCiphers` | [`get_ciphers`] |
//! | `crypto.getCipherInfo` | [`get_cipher_info`], [`get_cipher_info_by_nid`] |
//!
//! ```
//! use nodecore_buffer::Encoding;
//! use nodecore_crypto::hash_encoded;
//!
//! assert_eq!(hash_encoded("sha1", b"abc", Encoding::Base64Url)?, "qZk-NkcGgWq6PiVxeFDCbJzQ2J0");
//! # Ok::<(), nodecore_error::Error>(())
//! ```

mod algorithm;
mod cipher;
mod engine;
mod hash;
mod key;
mod secret;
mod stream;

/// The functions with a callback as futures.
pub mod promises {
    pub use crate::key::promises::{generate_key, generate_key_pair};
}

pub use cipher::{
    Aead, CipherInfo, CipherInfoOptions, CipherMode, CipherOptions, CipherStream, Cipheriv, DecipherStream,
    Decipheriv, create_cipheriv, create_decipheriv, get_cipher_info, get_cipher_info_by_nid, get_ciphers,
};
pub use hash::{Hash, create_hash, hash, hash_encoded};
pub use key::{
    AsymmetricKeyDetails, ExportedKey, Jwk, KeyEncoding, KeyExport, KeyInput, KeyObject, KeyPair,
    KeyPairOptions, KeyType, create_private_key, create_public_key, create_secret_key, generate_key,
    generate_key_pair, generate_key_pair_sync, generate_key_sync,
};
pub use stream::HashStream;
