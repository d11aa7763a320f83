//! `nodecore/stream_pipeline.h`: several streams.

use std::convert::Infallible;
use std::ffi::c_void;
use std::ptr::null_mut;

use ::nodecore_error::{Code, Error, Result};
use ::nodecore_stream::{
    Chunk, Composition, Duplex, Finished, FinishedOptions, Pipeline, PipelineOptions, Writable,
};

use super::create::{nodecore_stream_options, options_of};
use super::{DoneCall, nodecore_done_cb, nodecore_stream, of_any, readable, writable};
use crate::abort::nodecore_abort_signal;
use crate::boundary::{Castable, Foreign, SizedOptions, arg, entry, total};
use crate::chunk::Item;
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release};

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

/// # Safety
/// - `opts` is null or a struct of the size it says, which points to what it says.
pub(crate) unsafe fn pipeline_options(opts: *const nodecore_pipeline_options) -> Result<PipelineOptions> {
    // SAFETY: as the caller vouches.
    unsafe {
        let opts = nodecore_pipeline_options::read(opts, "opts")?;
        let mut options = PipelineOptions::default().end(!opts.keep_open);
        options.signal = nodecore_abort_signal::nullable(opts.signal);
        Ok(options)
    }
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
            let options = pipeline_options(opts)?;
            let streams = objects(streams, count)?;
            let [first, middle @ .., last] = streams.as_slice() else { return Err(missing()) };
            let mut line = match first {
                // By itself, since it may be waited for on both sides.
                nodecore_stream::Duplex(duplex) => Pipeline::from(duplex),
                other => Pipeline::from(&other.to_readable("streams[0]")?),
            };
            for (index, stream) in middle.iter().enumerate() {
                line = line.through(&stream.to_duplex(&format!("streams[{}]", index + 1))?);
            }
            let done = move |result: Result<()>| call.run(result.err().as_ref());
            match last {
                nodecore_stream::Duplex(duplex) => line.to(duplex, options, done),
                other => line.to(&other.to_writable(&format!("streams[{}]", count - 1))?, options, done),
            }
        })
    }
}

/// The streams of an array.
///
/// # Safety
/// - `streams` is null or points to `count` pointers that are null or live handles, on their loop's thread.
unsafe fn objects(streams: *const *mut nodecore_stream, count: usize) -> Result<Vec<nodecore_stream>> {
    // SAFETY: as the caller vouches.
    unsafe {
        let streams = arg::slice(streams, count, "streams")?;
        streams.iter().map(|stream| nodecore_stream::object(*stream)).collect()
    }
}

fn missing() -> Error {
    Error::new(Code::MissingArgs, "The \"streams\" argument must be specified")
}

/// Declared in the header.
///
/// # Safety
/// - `streams` is null or points to `count` pointers that are null or live handles, on their loop's thread; `out`
///   and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_compose(
    streams: *const *mut nodecore_stream,
    count: usize,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let streams = objects(streams, count)?;
            let composed = match streams.as_slice() {
                [] => return Err(missing()),
                [one] => one.clone(),
                [nodecore_stream::Duplex(first), rest @ ..] => {
                    match compose(Composition::new(first), rest)? {
                        Composed::Duplex(duplex) => duplex.into(),
                        Composed::Writable(writable) => writable.into(),
                    }
                }
                // Nothing could be written to the result, nor read from it.
                [nodecore_stream::Readable(_), .., nodecore_stream::Writable(_)] => {
                    let what: [&dyn std::fmt::Display; 3] =
                        [&"streams", &"must leave a side to read from or to write to", &"a pipeline"];
                    return Err(Error::from_template(Code::InvalidArgValue, &what));
                }
                [first, rest @ ..] => {
                    let first = first.to_readable("streams[0]")?;
                    match compose::<Infallible>(Composition::of_readable(&first), rest)? {
                        Composed::Duplex(duplex) => duplex.readable().into(),
                        Composed::Writable(_) => return Err(missing()),
                    }
                }
            };
            out.set(composed.into_raw());
            Ok(())
        })
    }
}

enum Composed<W: Chunk> {
    Duplex(Duplex<W, Item>),
    Writable(Writable<W>),
}

fn compose<W: Chunk>(mut line: Composition<W, Item>, rest: &[nodecore_stream]) -> Result<Composed<W>> {
    for (index, stream) in rest.iter().enumerate() {
        let name = format!("streams[{}]", index + 1);
        if let (nodecore_stream::Writable(last), true) = (stream, index + 1 == rest.len()) {
            return line.to(last).map(Composed::Writable);
        }
        line = line.through(&stream.to_duplex(&name)?)?;
    }
    line.duplex().map(Composed::Duplex)
}

/// Declared in the header.
///
/// # Safety
/// - `source` and `dest` are null or live handles, on their loop's thread; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_from_sides(
    source: *mut nodecore_stream,
    dest: *mut nodecore_stream,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let duplex = Duplex::from_sides(&readable(source)?, &writable(dest)?);
            out.set(nodecore_stream::from(duplex).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `opts` is null or a struct of the size it says, which points to
///   what it says; `first`, `second` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_duplex_pair(
    lp: *mut nodecore_loop,
    opts: *const nodecore_stream_options,
    first: *mut *mut nodecore_stream,
    second: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let (first, second) = (arg::out(first, "first")?, arg::out(second, "second")?);
            let (one, other) =
                ::nodecore_stream::duplex_pair::<Item, Item>(event_loop(lp)?, options_of(opts)?);
            first.set(nodecore_stream::from(one).into_raw());
            second.set(nodecore_stream::from(other).into_raw());
            Ok(())
        })
    }
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_finished_options {
    pub struct_size: usize,
    pub readable: i32,
    pub writable: i32,
    pub ignore_error: bool,
    pub signal: *const nodecore_abort_signal,
}

impl SizedOptions for nodecore_finished_options {
    const ZERO: Self = nodecore_finished_options {
        struct_size: 0,
        readable: 0,
        writable: 0,
        ignore_error: false,
        signal: std::ptr::null(),
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

#[derive(Debug)]
pub struct nodecore_finished(pub(crate) Finished);
impl Castable for nodecore_finished {}

/// Whether a side is waited for; none: if there is one.
fn side(value: i32, name: &str) -> Result<Option<bool>> {
    match value {
        0 => Ok(None),
        1 => Ok(Some(true)),
        -1 => Ok(Some(false)),
        _ => Err(Error::from_template(Code::OutOfRange, &[&name, &">= -1 && <= 1", &value])),
    }
}

/// # Safety
/// - `opts` is null or a struct of the size it says, which points to what it says.
pub(crate) unsafe fn finished_options(opts: *const nodecore_finished_options) -> Result<FinishedOptions> {
    // SAFETY: as the caller vouches.
    unsafe {
        let opts = nodecore_finished_options::read(opts, "opts")?;
        let mut options = FinishedOptions::default().error(!opts.ignore_error);
        options.readable = side(opts.readable, "opts.readable")?;
        options.writable = side(opts.writable, "opts.writable")?;
        options.signal = nodecore_abort_signal::nullable(opts.signal);
        Ok(options)
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `opts` is null or a struct of the size it says; `cb`
///   and `release` may be called with `user`; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_finished(
    stream: *mut nodecore_stream,
    opts: *const nodecore_finished_options,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_finished,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let call = DoneCall::new(cb, Foreign::new(user, release));
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let call = call.checked()?;
            let options = finished_options(opts)?;
            let stream = nodecore_stream::object(stream)?;
            let waiting = ::nodecore_stream::finished(&stream, options, move |result| {
                call.run(result.err().as_ref());
            });
            if !out.is_null() {
                out.write(nodecore_finished(waiting).into_raw());
            }
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `waiting` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_finished_cancel(waiting: *mut nodecore_finished) {
    // SAFETY: as the caller vouches.
    if let Some(waiting) = unsafe { arg::nullable(waiting) } {
        total((), || waiting.0.cancel());
    }
}

/// Declared in the header.
///
/// # Safety
/// - `waiting` is null or a handle that was not freed, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_finished_free(waiting: *mut nodecore_finished) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(waiting) };
}

/// Declared in the header.
///
/// # Safety
/// - `signal` and `stream` are null or live handles, on their loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_add_abort_signal(
    signal: *const nodecore_abort_signal,
    stream: *mut nodecore_stream,
) -> nodecore_status {
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), || {
            let signal = nodecore_abort_signal::object(signal)?;
            ::nodecore_stream::add_abort_signal(&signal, &nodecore_stream::object(stream)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_abort(stream: *mut nodecore_stream) {
    // SAFETY: as the caller vouches.
    if let Ok(stream) = unsafe { nodecore_stream::object(stream) } {
        total((), || ::nodecore_stream::destroy(&stream, None));
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `cb` and `release` may be called with `user`; `err` is
///   null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_dispose(
    stream: *mut nodecore_stream,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let call = DoneCall::new(cb, Foreign::new(user, release));
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let stream = nodecore_stream::object(stream)?;
            let lp = of_any!(&stream, of => of.event_loop());
            let closed = ::nodecore_stream::dispose(&stream);
            lp.spawn_local(async move {
                call.run(closed.await.err().as_ref());
            });
            Ok(())
        })
    }
}
