//! Random bytes and numbers, and UUIDs.

mod bytes;
mod int;
mod reserve;
mod uuid;

pub use bytes::{get_random_values, random_bytes, random_bytes_sync, random_fill, random_fill_sync};
pub use int::{random_int, random_int_sync};
pub use uuid::{RandomUuidOptions, random_uuid, random_uuid_v7};

pub(crate) use bytes::{random_bytes_operation, random_fill_operation};
pub(crate) use int::random_int_operation;
