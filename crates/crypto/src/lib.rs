//! Node's crypto module (<https://nodejs.org/api/crypto.html>): digests, key derivation and random numbers.
//!
//! | Node | here |
//! |---|---|
//! | `crypto.createHash` | [`create_hash`] |
//! | `crypto.hash` | [`hash`], [`hash_encoded`] |
//! | `hash.update`, `digest`, `copy` | [`Hash`](struct@Hash) |
//! | a `Hash` as a stream | [`HashStream`] |
//! | `crypto.pbkdf2`, `scrypt`, `hkdf`, `argon2` | [`pbkdf2`], [`scrypt`], [`hkdf`], [`argon2`], and each with `_sync`; as futures in [`promises`] |
//! | `crypto.randomBytes`, `randomFill`, `randomInt` | [`random_bytes`], [`random_fill`], [`random_int`], likewise |
//! | `crypto.randomUUID`, `randomUUIDv7`, `getRandomValues` | [`random_uuid`], [`random_uuid_v7`], [`get_random_values`] |
//! | `crypto.generatePrime`, `checkPrime` | [`generate_prime`], [`check_prime`], likewise |
//! | `crypto.timingSafeEqual` | [`timing_safe_equal`] |
//! | `crypto.getCurves`, `secureHeapUsed` | [`get_curves`], [`secure_heap_used`] |
//! | `crypto.setEngine`, `getFips`, `setFips`, `constants` | [`set_engine`], [`get_fips`], [`set_fips`], [`constants`] |
//!
//! ```
//! use nodecore_buffer::Encoding;
//! use nodecore_crypto::hash_encoded;
//!
//! assert_eq!(hash_encoded("sha1", b"abc", Encoding::Base64Url)?, "qZk-NkcGgWq6PiVxeFDCbJzQ2J0");
//! # Ok::<(), nodecore_error::Error>(())
//! ```

mod algorithm;
mod check;
pub mod constants;
mod engine;
mod general;
mod hash;
mod kdf;
mod prime;
pub mod promises;
mod random;
mod secret;
mod stream;

pub use general::{
    SecureHeapUsed, cleanse, get_curves, get_fips, secure_heap_used, set_engine, set_fips, timing_safe_equal,
};
pub use hash::{Hash, create_hash, hash, hash_encoded};
pub use kdf::{
    Argon2Parameters, ScryptOptions, argon2, argon2_sync, hkdf, hkdf_sync, pbkdf2, pbkdf2_sync, scrypt,
    scrypt_sync,
};
pub use prime::{
    CheckPrimeOptions, GeneratePrimeOptions, check_prime, check_prime_sync, generate_prime,
    generate_prime_sync,
};
pub use random::{
    RandomUuidOptions, get_random_values, random_bytes, random_bytes_sync, random_fill, random_fill_sync,
    random_int, random_int_sync, random_uuid, random_uuid_v7,
};
pub use stream::HashStream;
