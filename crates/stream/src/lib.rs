//! Node's streams as a native state machine, with Node's order of events and its backpressure.
//!
//! | for | use |
//! |---|---|
//! | reading | [`Readable`], made with a [`Source`], a function, an iterator, a `futures` stream, or pushed to |
//! | writing | [`Writable`], made with a [`Sink`], a function, or an asynchronous function |
//! | both | [`Duplex`], made with a [`Both`], of two streams, or of a function; [`duplex_pair`] |
//! | changing what passes | [`Transform`], made with a [`Transformer`] or a function |
//! | connecting | [`pipeline()`], [`Pipeline`], [`Readable::pipe`], [`compose()`], [`Composition`] |
//! | items one by one | [`Readable::map`] and the other helpers, [`Chunks`], [`consumers`] |
//! | text | [`Readable::set_encoding`], [`Writable::write_text`], [`TextOrBytes`] |
//! | learning the end | [`finished()`], [`promises`], [`is_errored`] and its like |
//! | stopping | [`Readable::destroy`], [`add_abort_signal`], [`dispose`] |
//! | `std::io` | [`Reader`], [`Writer`], [`BlockingIter`], [`Readable::from_read`], [`Writable::to_write`] |
//! | `futures` | [`Chunks`], [`ChunkSink`], [`AsyncReader`], [`AsyncWriter`], [`Readable::from_stream`], [`Writable::from_sink`] |
//! | other languages | [`Machine`] over a [`Host`]; [`finished_peer`] and [`PeerPipeline`] over a [`Peer`] |
//!
//! A stream lives on one event loop and is a handle: clones are the same stream. What flows is [`bytes::Bytes`], or
//! in object mode any [`Chunk`]. Everything is called without a borrow held, so any callback may do anything to any
//! stream, destroy it, or drop its last handle.
//!
//! # Differences from Node
//!
//! - Listeners are released once `close` has been emitted, because they often own the stream. Only `pipe` and
//!   `unpipe` can be emitted later, and go to listeners that were added later.
//! - A read that is re-entered never makes `readableLength` negative, and `_writev` loses nothing that is written
//!   while it runs; a chunk that was reported as lost is not written after all.
//! - An `error` that nobody listens to goes to the handler of [`nodecore_events::set_uncaught_handler`]; without one
//!   it panics in the event loop, where Node ends the process.
//! - What waits in the loop's queues is owned by the loop: [`close`](nodecore_event_loop::EventLoop::close) it to
//!   free streams that were left half-way. A [`pipeline()`] owns its streams until it is done; streams that are
//!   composed, paired or combined own each other until they close, so destroy those that are not used to the end.
//! - Callbacks of writes that follow each other have a tick each; in Node those that are one function share one.
//! - A write to one end of a pair during which the other end reads is done; in Node its callback is never called.

#![forbid(unsafe_code)]

mod adapters;
mod bridge;
mod chunk;
mod chunks;
mod compose;
pub mod consumers;
mod duplex;
mod duplex_from;
mod finished;
mod from;
mod helpers;
mod host;
mod machine;
mod methods;
mod native;
mod options;
mod pair;
mod peer;
mod pipe;
mod pipeline;
pub mod promises;
mod readable;
mod running;
mod text;
mod transform;
mod utilities;
pub mod web;
mod wrap;
mod writable;

pub use adapters::{AsyncReader, AsyncWriter, BlockingIter, ChunkSink, Reader, Writer};
pub use chunk::{ByteChunk, Chunk};
pub use chunks::{Chunks, IteratorOptions};
pub use compose::{AsDuplex, Composable, Composition, compose};
pub use duplex::{Both, Duplex};
pub use duplex_from::Input;
pub use finished::{AnyStream, Finished, FinishedOptions, finished, finished_peer};
pub use helpers::HelperOptions;
pub use host::{DestroyDone, Done, Event, Hook, Host, Tick, WeakDone};
pub use machine::{Lent, Machine, MachineOptions, ReadView, SideOptions, SideView, WriteView};
pub use nodecore_events::{AbortController, AbortSignal, ListenOptions, ListenerId};
pub use options::{
    DuplexOptions, ReadableOptions, TransformOptions, WritableOptions, get_default_high_water_mark,
    high_water_mark_of, set_default_high_water_mark,
};
pub use pair::duplex_pair;
pub use peer::{Peer, PeerEvent, PeerListener, PeerSide, PeerSides, Task, TaskQueues};
pub use pipe::PipeOptions;
pub use pipeline::{Chain, Pipeline, PipelineOptions, pipeline, pipeline_with};
pub use readable::{AsReadable, Readable, Source};
pub use running::{PeerPipeline, Place, Pump};
pub use text::{FromText, TextOrBytes};
pub use transform::{Transform, TransformDone, Transformer};
pub use utilities::{
    add_abort_signal, destroy, dispose, is_destroyed, is_disturbed, is_errored, is_readable, is_writable,
};
pub use wrap::{OldSource, Wrapped};
pub use writable::{AsWritable, Sink, Writable};
