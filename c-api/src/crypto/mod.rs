//! `nodecore/crypto.h`, a file for each family.

pub(crate) mod hash;
pub(crate) mod mac;
mod state;
