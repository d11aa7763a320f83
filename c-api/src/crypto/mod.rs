//! `nodecore/crypto.h`, a file for each family.

pub(crate) mod cipher;
pub(crate) mod hash;
pub(crate) mod key;
