//! Node's [Web Streams](https://nodejs.org/api/webstreams.html), after the
//! [WHATWG Streams Standard](https://streams.spec.whatwg.org/).
//!
//! | Node | here |
//! |---|---|
//! | `ReadableStream`, its readers | [`ReadableStream`], [`ReadableStreamDefaultReader`], [`ReadableStreamByobReader`] |
//! | `underlyingSource`, its controllers | [`UnderlyingSource`], [`UnderlyingByteSource`], [`ReadableStreamDefaultController`], [`ReadableByteStreamController`] |
//! | `WritableStream`, its writer | [`WritableStream`], [`UnderlyingSink`], [`WritableStreamDefaultWriter`] |
//! | `TransformStream` | [`TransformStream`], [`Transformer`] |
//! | `TextEncoderStream`, `TextDecoderStream` | [`TextEncoderStream`], [`TextDecoderStream`] |
//! | `CompressionStream`, `DecompressionStream` | in the crate `nodecore-zlib`, module `web` |
//! | queuing strategies | [`QueuingStrategy`], [`CountQueuingStrategy`], [`ByteLengthQueuingStrategy`] |
//! | `Readable.toWeb`, `Readable.fromWeb`, and so on | [`Readable::to_web`](crate::Readable::to_web), [`Readable::from_web`](crate::Readable::from_web) |
//!
//! What is a promise in JavaScript is a [`Promise`] here: a future, and a callback's subject too.
//!
//! # Differences from Node
//! - Reasons are errors, or absent where a stream is cancelled without one. A stream's error is never `undefined`:
//!   an abort without a reason is an `AbortError`.
//! - Readers and writers release their lock when they are dropped.
//! - A promise that is rejected and never looked at is not reported.

mod byob_request;
mod byte_controller;
mod controller;
mod convert;
mod held;
mod pipe;
mod promise;
mod queue;
mod readable;
mod reader;
mod strategy;
mod tee;
mod text;
mod transform;
mod values;
mod writable;
mod writable_controller;
mod writer;

pub use byob_request::ReadableStreamByobRequest;
pub use byte_controller::{ReadableByteStreamController, UnderlyingByteSource};
pub use controller::{ReadableStreamDefaultController, UnderlyingSource};
pub use pipe::PipeToOptions;
pub use promise::Promise;
pub use readable::ReadableStream;
pub use reader::{ByobRead, ReadableStreamByobReader, ReadableStreamDefaultReader};
pub use strategy::{ByteLengthQueuingStrategy, CountQueuingStrategy, QueuingStrategy};
pub use text::{AsText, DecodedText, TextDecoderStream, TextEncoderStream};
pub use transform::{
    Identity, ReadableWritablePair, TransformStream, TransformStreamDefaultController, Transformer,
};
pub use values::Values;
pub use writable::WritableStream;
pub use writable_controller::{UnderlyingSink, WritableStreamDefaultController};
pub use writer::WritableStreamDefaultWriter;
