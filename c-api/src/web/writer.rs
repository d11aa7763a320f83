//! `nodecore/web_writable.h`: the writer.

use std::ffi::c_void;
use std::rc::Rc;

use ::nodecore_error::Result;
use nodecore_event_loop::EventLoop;
use nodecore_stream::web::WritableStreamDefaultWriter;

use super::{copied, given, promised};
use crate::boundary::{Castable, arg, entry, total};
use crate::chunk::{Item, nodecore_chunk};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::nodecore_release;
use crate::stream::nodecore_done_cb;

#[derive(Clone, Debug)]
pub struct nodecore_web_writer {
    lp: EventLoop,
    writer: Rc<WritableStreamDefaultWriter<Item>>,
}
impl Castable for nodecore_web_writer {}

impl nodecore_web_writer {
    pub(super) fn new(lp: EventLoop, writer: WritableStreamDefaultWriter<Item>) -> nodecore_web_writer {
        nodecore_web_writer { lp, writer: Rc::new(writer) }
    }
}

/// A writer of its own, since a hook may free the caller's handle.
///
/// # Safety
/// - `writer` is null or a live handle, on its loop's thread.
unsafe fn own(writer: *const nodecore_web_writer) -> Result<nodecore_web_writer> {
    // SAFETY: as the caller vouches.
    unsafe { arg::object(writer, "writer") }.cloned()
}

/// Declared in the header.
///
/// # Safety
/// - `writer` is null or a writer that was not freed, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_writer_free(writer: *mut nodecore_web_writer) {
    // SAFETY: as the caller vouches.
    unsafe {
        // At once, even inside a call of this very writer, which holds another handle.
        nodecore_web_writer_release_lock(writer);
        Castable::free(writer);
    }
}

/// Declared in the header.
///
/// # Safety
/// - `writer` is null or a live writer, on its loop's thread; `chunk` is null or a live chunk; `cb` and `release`
///   may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_writer_write(
    writer: *mut nodecore_web_writer,
    chunk: *mut nodecore_chunk,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        promised(cb, user, release, || {
            let nodecore_web_writer { lp, writer } = own(writer)?;
            Ok((lp, writer.write(given(chunk)?)))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `writer` is null or a live writer, on its loop's thread; `cb` and `release` may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_writer_close(
    writer: *mut nodecore_web_writer,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        promised(cb, user, release, || {
            let nodecore_web_writer { lp, writer } = own(writer)?;
            Ok((lp, writer.close()))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `writer` is null or a live writer, on its loop's thread; `reason` is null or a live error; `cb` and `release`
///   may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_writer_abort(
    writer: *mut nodecore_web_writer,
    reason: *const nodecore_error,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        promised(cb, user, release, || {
            let nodecore_web_writer { lp, writer } = own(writer)?;
            Ok((lp, writer.abort(copied(reason))))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `writer` is null or a live writer, on its loop's thread; `cb` and `release` may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_writer_ready(
    writer: *mut nodecore_web_writer,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        promised(cb, user, release, || {
            let nodecore_web_writer { lp, writer } = own(writer)?;
            Ok((lp, writer.ready()))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_web_writer_ready`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_writer_closed(
    writer: *mut nodecore_web_writer,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        promised(cb, user, release, || {
            let nodecore_web_writer { lp, writer } = own(writer)?;
            Ok((lp, writer.closed()))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `writer` is null or a live writer, on its loop's thread; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_writer_desired_size(
    writer: *const nodecore_web_writer,
    out: *mut f64,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(own(writer)?.writer.desired_size()?.unwrap_or(f64::NAN));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `writer` is null or a live writer, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_writer_release_lock(writer: *mut nodecore_web_writer) {
    // SAFETY: as the caller vouches.
    if let Ok(nodecore_web_writer { writer, .. }) = unsafe { own(writer) } {
        total((), || writer.release_lock());
    }
}
