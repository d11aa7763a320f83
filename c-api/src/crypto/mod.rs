//! `nodecore/crypto.h`, a file for each family.

pub(crate) mod constants;
pub(crate) mod general;
pub(crate) mod hash;
pub(crate) mod kdf;
pub(crate) mod random;
