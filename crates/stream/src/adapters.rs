//! Streams as Rust's own interfaces, and those as streams.

mod blocking;
mod futures;

pub use blocking::{BlockingIter, Reader, Writer};
pub use futures::{AsyncReader, AsyncWriter, ChunkSink};
