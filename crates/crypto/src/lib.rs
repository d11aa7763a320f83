//! Node's crypto module (<https://nodejs.org/api/crypto.html>): digests and MACs.
//!
//! | Node | here |
//! |---|---|
//! | `crypto.createHash` | [`create_hash`](create_hash()), [`create_hash_with`] |
//! | `crypto.hash` | [`hash`](hash()), [`hash_with`], [`hash_encoded`], [`hash_encoded_with`], [`hash_into`] |
//! | `hash.update`, `digest`, `copy` | [`Hash`](struct@Hash) |
//! | `crypto.createHmac`, `hmac.update`, `digest` | [`create_hmac`], [`Hmac`] |
//! | `crypto.createMac`, `mac.update`, `final` | [`create_mac`], [`Mac`] |
//! | `crypto.getHashes`, `getMacs` | [`get_hashes`], [`get_macs`] |
//! | a `Hash`, `Hmac`, `Mac` as a stream | [`HashStream`], [`HmacStream`], [`MacStream`] |
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
mod hmac;
mod mac;
mod stream;

pub use algorithm::get_hashes;
pub use hash::{
    Hash, HashOptions, create_hash, create_hash_with, hash, hash_encoded, hash_encoded_with, hash_into,
    hash_with,
};
pub use hmac::{Hmac, create_hmac};
pub use mac::{Mac, MacOptions, create_mac, get_macs};
pub use stream::{DigestStream, Digester, HashStream, HmacStream, MacStream};
