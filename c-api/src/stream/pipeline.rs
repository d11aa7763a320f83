//! `nodecore/stream_pipeline.h`: several streams.

use std::ffi::c_void;

use ::nodecore_error::{Code, Error};
use ::nodecore_stream::{Pipeline, PipelineOptions};

use super::{DoneCall, nodecore_done_cb, nodecore_stream};
use crate::abort::nodecore_abort_signal;
use crate::boundary::{Foreign, SizedOptions, arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::nodecore_release;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_pipeline_options {
    pub struct_size: usize,
    pub keep_open: bool,
    pub signal: *const nodecore_abort_signal,
}

impl SizedOptions for nodecore_pipeline_options {
    const ZERO: Self =
        nodecore_pipeline_options { struct_size: 0, keep_open: false, signal: std::ptr::null() };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// Declared in the header.
///
/// # Safety
/// - `streams` is null or points to `count` pointers that are null or live handles, on their loop's thread;
///   `opts` is null or a struct of the size it says; `cb` and `release` may be called with `user`; `err` is null
///   or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_pipeline(
    streams: *const *mut nodecore_stream,
    count: usize,
    opts: *const nodecore_pipeline_options,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let call = DoneCall::new(cb, Foreign::new(user, release));
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let call = call.checked()?;
            let opts = nodecore_pipeline_options::read(opts, "opts")?;
            let mut options = PipelineOptions::default().end(!opts.keep_open);
            options.signal = nodecore_abort_signal::nullable(opts.signal);
            let [first, middle @ .., last] = arg::slice(streams, count, "streams")? else {
                let missing = "The \"streams\" argument must be specified";
                return Err(Error::new(Code::MissingArgs, missing));
            };
            let object = |stream: &*mut nodecore_stream| nodecore_stream::object(*stream);
            let mut line = match object(first)? {
                // By itself, since it may be waited for on both sides.
                nodecore_stream::Duplex(duplex) => Pipeline::from(&duplex),
                other => Pipeline::from(&other.to_readable("streams[0]")?),
            };
            for (index, stream) in middle.iter().enumerate() {
                line = line.through(&object(stream)?.to_duplex(&format!("streams[{}]", index + 1))?);
            }
            let done = move |result: ::nodecore_error::Result<()>| call.run(result.err().as_ref());
            match object(last)? {
                nodecore_stream::Duplex(duplex) => line.to(&duplex, options, done),
                other => line.to(&other.to_writable(&format!("streams[{}]", count - 1))?, options, done),
            }
        })
    }
}
