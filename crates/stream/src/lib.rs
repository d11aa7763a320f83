//! Node's streams as a native state machine.

#![forbid(unsafe_code)]

mod adapters;
mod chunk;
mod duplex;
mod finished;
mod host;
mod machine;
mod methods;
mod native;
mod options;
mod pipe;
mod pipeline;
mod readable;
mod transform;
mod writable;

pub use adapters::{Chunks, Reader, promises};
pub use chunk::Chunk;
pub use duplex::{Both, Duplex};
pub use finished::{AnyStream, Finished, FinishedOptions, finished};
pub use host::{DestroyDone, Done, Event, Hook, Host, Tick};
pub use machine::{Machine, MachineOptions, SideOptions};
pub use nodecore_events::{AbortController, AbortSignal, ListenerId};
pub use options::{
    DuplexOptions, ReadableOptions, TransformOptions, WritableOptions, get_default_high_water_mark,
    set_default_high_water_mark,
};
pub use pipe::PipeOptions;
pub use pipeline::{Chain, Pipeline, PipelineOptions, pipeline, pipeline_with};
pub use readable::{AsReadable, Readable, Source};
pub use transform::{Transform, TransformDone, Transformer};
pub use writable::{AsWritable, Sink, Writable};
