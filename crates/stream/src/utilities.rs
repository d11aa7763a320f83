//! The small functions of the module: aborting, destroying, and questions about any stream.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use nodecore_error::{Class, Error, Result};
use nodecore_events::AbortSignal;

use crate::finished::{AnyStream, FinishedOptions, finished};
use crate::machine::{flag, read, write};
use crate::promises;

/// Destroys `stream` with an `AbortError` when `signal` is aborted, or at once if it is already.
///
/// The signal lets go of the stream when the stream is done. Node:
/// [`stream.addAbortSignal`](https://nodejs.org/api/stream.html#streamaddabortsignalsignal-stream).
///
/// ```
/// use nodecore_event_loop::{EventLoop, RunMode};
/// use nodecore_stream::{AbortController, Readable, ReadableOptions, add_abort_signal};
///
/// let lp = EventLoop::new()?;
/// let controller = AbortController::new();
/// let stream = Readable::<u8>::pushed(&lp, ReadableOptions::default());
/// add_abort_signal(&controller.signal(), &stream);
/// stream.on_error(|error| assert_eq!(error.to_string(), "The operation was aborted"));
/// controller.abort();
/// assert!(stream.destroyed());
/// lp.run(RunMode::Default);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn add_abort_signal(signal: &AbortSignal, stream: impl Into<AnyStream>) {
    let stream = stream.into();
    if signal.aborted() {
        return stream.destroy(Some(signal.error()));
    }
    let (target, reason) = (Rc::downgrade(&stream.0), signal.clone());
    let id = signal.on_abort(move || {
        if let Some(stream) = target.upgrade() {
            stream.destroy(Some(reason.error()));
        }
    });
    let signal = signal.clone();
    finished(stream, FinishedOptions::default(), move |_| {
        signal.off(id);
    });
}

/// Destroys `stream`, with an `AbortError` if there is no other. Node: `stream.destroy(stream, error)`.
pub fn destroy(stream: impl Into<AnyStream>, error: Option<Error>) {
    let stream = stream.into();
    if !stream.destroyed() {
        stream.destroy(Some(error.unwrap_or_else(Error::abort)));
    }
}

/// Destroys the stream, with an `AbortError` if it was not done, and waits until it has closed. Node:
/// `await using stream = …`, which is `readable[Symbol.asyncDispose]()`.
///
/// # Errors
/// An error of the stream's other than that `AbortError`.
pub fn dispose(stream: impl Into<AnyStream>) -> Pin<Box<dyn Future<Output = Result<()>>>> {
    let stream = stream.into();
    let mut aborted = false;
    if !stream.destroyed() {
        let (r, w) = (stream.0.read_flags(), stream.0.write_flags());
        let done = if r.any(flag::PRESENT) { r.any(read::END_EMITTED) } else { w.any(write::FINISHED) };
        aborted = !done;
        stream.destroy(aborted.then(Error::abort));
    }
    let closed = promises::finished(stream, FinishedOptions::default());
    Box::pin(async move {
        match closed.await {
            Err(error) if aborted && error.class() == Class::AbortError => Ok(()),
            result => result,
        }
    })
}

/// Whether the stream has emitted an error. Node:
/// [`stream.isErrored`](https://nodejs.org/api/stream.html#streamiserroredstream).
pub fn is_errored(stream: impl Into<AnyStream>) -> bool {
    let AnyStream(stream) = stream.into();
    stream.read_flags().any(flag::ERROR_EMITTED) || stream.write_flags().any(flag::ERROR_EMITTED)
}

/// Whether the stream has been read from or destroyed. Node: `stream.isDisturbed`.
pub fn is_disturbed(stream: impl Into<AnyStream>) -> bool {
    let AnyStream(stream) = stream.into();
    let r = stream.read_flags();
    let aborted = r.any(flag::DESTROYED | flag::ERRORED) && !r.any(read::END_EMITTED | flag::OFF);
    r.any(flag::PRESENT) && (r.any(read::DATA_EMITTED) || aborted)
}

/// Whether the stream can be read from; `None` if it has no readable side. Node:
/// [`stream.isReadable`](https://nodejs.org/api/stream.html#streamisreadablestream).
pub fn is_readable(stream: impl Into<AnyStream>) -> Option<bool> {
    stream.into().0.can_read()
}

/// Whether the stream can be written to; `None` if it has no writable side. Node: `stream.isWritable`.
pub fn is_writable(stream: impl Into<AnyStream>) -> Option<bool> {
    stream.into().0.can_write()
}

/// Whether the stream has been destroyed. Node: `stream.isDestroyed`.
pub fn is_destroyed(stream: impl Into<AnyStream>) -> bool {
    stream.into().destroyed()
}
