//! `nodecore/web_convert.h`: Node's own streams as web streams, and back.

use ::nodecore_error::{Code, Error, Result};
use ::nodecore_stream::{Duplex, Readable, Writable};

use super::readable::nodecore_web_readable;
use super::strategy::nodecore_web_strategy;
use super::writable::nodecore_web_writable;
use crate::boundary::{Castable, arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::stream::create::{nodecore_stream_options, options_of, readable_options, writable_options};
use crate::stream::nodecore_stream;

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `strategy` is null or live; the other pointers are null
///   or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_to_web(
    stream: *mut nodecore_stream,
    strategy: *const nodecore_web_strategy,
    readable: *mut *mut nodecore_web_readable,
    writable: *mut *mut nodecore_web_writable,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let stream = nodecore_stream::object(stream)?;
            if readable.is_null() && writable.is_null() {
                arg::out(readable, "readable")?;
            }
            // Both sides are looked for before either is made a web stream.
            let source = (!readable.is_null()).then(|| stream.to_readable("stream")).transpose()?;
            let sink = (!writable.is_null()).then(|| stream.to_writable("stream")).transpose()?;
            let strategy = nodecore_web_strategy::read(strategy);
            let source = source.map(|source| source.to_web(strategy)).transpose()?;
            let sink = sink.map(|sink| sink.to_web()).transpose()?;
            if let Some(source) = source {
                arg::out(readable, "readable")?.set(nodecore_web_readable::Items(source).into_raw());
            }
            if let Some(sink) = sink {
                arg::out(writable, "writable")?.set(nodecore_web_writable(sink).into_raw());
            }
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `readable` and `writable` are null or live handles, on their loop's thread; `opts` is null or a struct of the
///   size it says; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_from_web(
    readable: *mut nodecore_web_readable,
    writable: *mut nodecore_web_writable,
    opts: *const nodecore_stream_options,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let options = options_of(opts)?;
            let stream: Result<nodecore_stream> =
                match (arg::nullable(readable).cloned(), arg::nullable(writable).cloned()) {
                    (Some(nodecore_web_readable::Items(source)), None) => {
                        Readable::from_web(&source, readable_options(&options)).map(Into::into)
                    }
                    (Some(nodecore_web_readable::Bytes(source)), None) => {
                        Readable::from_web_of(&source, readable_options(&options)).map(Into::into)
                    }
                    (None, Some(nodecore_web_writable(sink))) => {
                        Writable::from_web(&sink, writable_options(&options)).map(Into::into)
                    }
                    (Some(nodecore_web_readable::Items(source)), Some(nodecore_web_writable(sink))) => {
                        Duplex::from_web_of(&source, &sink, options).map(Into::into)
                    }
                    (Some(nodecore_web_readable::Bytes(source)), Some(nodecore_web_writable(sink))) => {
                        Duplex::from_web_of(&source, &sink, options).map(Into::into)
                    }
                    (None, None) => Err(Error::from_template(
                        Code::InvalidArgType,
                        &[&"readable", &"a valid pointer, or `writable` one", &"null"],
                    )),
                };
            out.set(stream?.into_raw());
            Ok(())
        })
    }
}
