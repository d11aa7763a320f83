//! Node's crypto module (<https://nodejs.org/api/crypto.html>), complete.
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
//! | `crypto.createCipheriv`, `createDecipheriv` | [`create_cipheriv`], [`create_decipheriv`] |
//! | `cipher.update`, `final`, `setAAD`, `getAuthTag`, `setAutoPadding` | [`Cipheriv`] |
//! | `decipher.update`, `final`, `setAAD`, `setAuthTag`, `setAutoPadding` | [`Decipheriv`] |
//! | a `Cipheriv` or a `Decipheriv` as a stream | [`CipherStream`], [`DecipherStream`] |
//! | (whole messages, in place) | [`Aead`] |
//! | `crypto.getCiphers` | [`get_ciphers`] |
//! | `crypto.getCipherInfo` | [`get_cipher_info`], [`get_cipher_info_by_nid`] |
//! | `crypto.pbkdf2`, `scrypt`, `hkdf`, `argon2` | [`pbkdf2`], [`scrypt`], [`hkdf`], [`argon2`], and each with `_sync`; as futures in [`promises`] |
//! | `crypto.randomBytes`, `randomFill`, `randomInt` | [`random_bytes`], [`random_fill`], [`random_int`], likewise |
//! | `crypto.randomUUID`, `randomUUIDv7`, `getRandomValues` | [`random_uuid`], [`random_uuid_v7`], [`get_random_values`] |
//! | `crypto.generatePrime`, `checkPrime` | [`generate_prime`], [`check_prime`], likewise |
//! | `crypto.timingSafeEqual` | [`timing_safe_equal`] |
//! | `crypto.getCurves`, `secureHeapUsed`, `--secure-heap` | [`get_curves`], [`secure_heap_used`], [`secure_heap_init`] |
//! | `crypto.setEngine`, `getFips`, `setFips`, `constants` | [`set_engine`], [`get_fips`], [`set_fips`], [`constants`] |
//! | `crypto.createSecretKey`, `createPrivateKey`, `createPublicKey` | [`create_secret_key`], [`create_private_key`], [`create_public_key`] |
//! | `crypto.diffieHellman` | [`diffie_hellman()`], likewise |
//! | `crypto.createDiffieHellman` | [`create_diffie_hellman`], [`create_diffie_hellman_of_length`], [`DiffieHellman`] |
//! | `crypto.createDiffieHellmanGroup`, `getDiffieHellman` | [`create_diffie_hellman_group`], [`get_diffie_hellman`], [`DiffieHellmanGroup`] |
//! | `crypto.createECDH`, `ECDH.convertKey` | [`create_ecdh`], [`Ecdh`] |
//! | `crypto.Certificate` | [`Certificate`] |
//! | `crypto.parsePKCS12` | [`parse_pkcs12`] |
//! | `crypto.KeyObject`, `generateKeyPair`, `generateKey` | [`KeyObject`], [`generate_key_pair`], [`generate_key`], likewise |
//! | `crypto.sign`, `verify` | [`sign`](sign()), [`verify`](verify()), likewise |
//! | `crypto.createSign`, `createVerify` | [`create_sign`], [`create_verify`] |
//! | `sign.update`, `sign`, `verify.update`, `verify` | [`Sign`], [`Verify`]; as streams [`SignStream`], [`VerifyStream`] |
//! | `crypto.publicEncrypt`, `privateDecrypt`, `privateEncrypt`, `publicDecrypt` | [`public_encrypt`], [`private_decrypt`], [`private_encrypt`], [`public_decrypt`] |
//! | `crypto.webcrypto`, `crypto.subtle` | [`webcrypto`] |
//! | `crypto.encapsulate`, `decapsulate` | [`encapsulate`], [`decapsulate`], likewise |
//! | `crypto.X509Certificate` | [`X509Certificate`] |
//!
//! ```
//! use nodecore_buffer::Encoding;
//! use nodecore_crypto::hash_encoded;
//!
//! assert_eq!(hash_encoded("sha1", b"abc", Encoding::Base64Url)?, "qZk-NkcGgWq6PiVxeFDCbJzQ2J0");
//! # Ok::<(), nodecore_error::Error>(())
//! ```

mod agreement;
mod algorithm;
mod check;
mod cipher;
pub mod constants;
mod encrypt;
mod engine;
mod general;
mod hash;
mod hmac;
mod kdf;
mod kem;
mod key;
mod keyed;
mod mac;
mod pkcs12;
mod prime;
pub mod promises;
mod random;
mod secret;
mod sign;
mod spkac;
mod stream;
pub mod webcrypto;
mod x509;

pub use agreement::{
    DiffieHellman, DiffieHellmanGroup, Ecdh, PointFormat, create_diffie_hellman, create_diffie_hellman_group,
    create_diffie_hellman_of_length, create_ecdh, diffie_hellman, diffie_hellman_sync, get_diffie_hellman,
};
pub use algorithm::get_hashes;
pub use cipher::{
    Aead, CipherInfo, CipherInfoOptions, CipherMode, CipherOptions, CipherStream, Cipheriv, DecipherStream,
    Decipheriv, create_cipheriv, create_decipheriv, get_cipher_info, get_cipher_info_by_nid, get_ciphers,
};
pub use encrypt::{RsaOptions, private_decrypt, private_encrypt, public_decrypt, public_encrypt};
pub use general::{
    SecureHeapUsed, cleanse, get_curves, get_fips, secure_heap_init, secure_heap_used, set_engine, set_fips,
    timing_safe_equal,
};
pub use hash::{
    Hash, HashOptions, create_hash, create_hash_with, hash, hash_encoded, hash_encoded_with, hash_into,
    hash_with,
};
pub use hmac::{Hmac, create_hmac};
pub use kdf::{
    Argon2Parameters, ScryptOptions, argon2, argon2_sync, hkdf, hkdf_sync, pbkdf2, pbkdf2_sync, scrypt,
    scrypt_sync,
};
pub use kem::{Encapsulated, decapsulate, decapsulate_sync, encapsulate, encapsulate_sync};
pub use key::{
    AsymmetricKeyDetails, ExportedKey, Jwk, KeyEncoding, KeyExport, KeyInput, KeyObject, KeyPair,
    KeyPairOptions, KeyType, create_private_key, create_public_key, create_secret_key, generate_key,
    generate_key_pair, generate_key_pair_sync, generate_key_sync,
};
pub use mac::{Mac, MacOptions, create_mac, get_macs};
pub use pkcs12::{Pkcs12, parse_pkcs12};
pub use prime::{
    CheckPrimeOptions, GeneratePrimeOptions, check_prime, check_prime_sync, generate_prime,
    generate_prime_sync,
};
pub use random::{
    RandomUuidOptions, get_random_values, random_bytes, random_bytes_sync, random_fill, random_fill_sync,
    random_int, random_int_sync, random_uuid, random_uuid_v7,
};
pub use sign::{
    DsaEncoding, Sign, SignOptions, SignStream, SignatureStream, Verify, VerifyStream, create_sign,
    create_verify, sign, sign_sync, verify, verify_sync,
};
pub use spkac::Certificate;
pub use stream::{DigestStream, Digester, HashStream, HmacStream, MacStream};
pub use x509::{X509Attributes, X509Certificate, X509CheckOptions, X509LegacyObject, X509SubjectCheck};
