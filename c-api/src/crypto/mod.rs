//! `nodecore/crypto.h`, a file for each family.

pub(crate) mod aead;
pub(crate) mod cipher;
pub(crate) mod constants;
pub(crate) mod general;
pub(crate) mod hash;
pub(crate) mod kdf;
pub(crate) mod key;
pub(crate) mod key_generate;
pub(crate) mod mac;
pub(crate) mod random;
mod state;
pub(crate) mod x509;
pub(crate) mod x509_check;
pub(crate) mod x509_legacy;
