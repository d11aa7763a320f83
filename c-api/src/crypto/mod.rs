//! `nodecore/crypto.h`, a file for each family.

pub(crate) mod aead;
pub(crate) mod agreement;
pub(crate) mod cipher;
pub(crate) mod constants;
pub(crate) mod dh;
pub(crate) mod ecdh;
pub(crate) mod encrypt;
pub(crate) mod general;
pub(crate) mod hash;
pub(crate) mod kdf;
pub(crate) mod kem;
pub(crate) mod key;
pub(crate) mod key_generate;
pub(crate) mod mac;
pub(crate) mod pkcs12;
pub(crate) mod random;
pub(crate) mod sign;
pub(crate) mod spkac;
mod state;
pub(crate) mod web;
pub(crate) mod web_data;
pub(crate) mod web_kem;
pub(crate) mod web_keys;
pub(crate) mod x509;
pub(crate) mod x509_check;
pub(crate) mod x509_legacy;
