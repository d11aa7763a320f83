//! `nodecore/web_byob.h`: reading into memory of the reader's.

use std::cell::RefCell;
use std::ffi::c_void;
use std::ptr::null_mut;
use std::rc::Rc;

use ::nodecore_error::Result;
use bytes::{Bytes, BytesMut};
use nodecore_event_loop::EventLoop;
use nodecore_stream::web::{ByobRead, Promise, ReadableStreamByobReader, ReadableStreamByobRequest};

use super::{copied, promised};
use crate::boundary::{Castable, Foreign, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::nodecore_release;
use crate::stream::{lend_error, nodecore_done_cb};

pub type nodecore_web_byob_read_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, filled: usize, ended: bool, user: *mut c_void)>;

#[derive(Clone, Debug)]
pub struct nodecore_web_byob_reader {
    lp: EventLoop,
    reader: Rc<ReadableStreamByobReader>,
}
impl Castable for nodecore_web_byob_reader {}

impl nodecore_web_byob_reader {
    pub(super) fn new(lp: EventLoop, reader: ReadableStreamByobReader) -> nodecore_web_byob_reader {
        nodecore_web_byob_reader { lp, reader: Rc::new(reader) }
    }
}

#[derive(Debug)]
pub struct nodecore_web_byob_request {
    request: ReadableStreamByobRequest,
    /// The room to fill, once it was asked for: it stays where it is whatever becomes of the stream.
    view: RefCell<Option<BytesMut>>,
}
impl Castable for nodecore_web_byob_request {}

impl nodecore_web_byob_request {
    pub(super) fn give(request: ReadableStreamByobRequest) -> *mut nodecore_web_byob_request {
        nodecore_web_byob_request { request, view: RefCell::new(None) }.into_raw()
    }

    /// Gives the room back to the stream, with what was written to it; the request outlives the handle.
    fn put_back(&self) -> ReadableStreamByobRequest {
        let view = self.view.take();
        if let Some(view) = view {
            self.request.put_view(view);
        }
        self.request.clone()
    }
}

impl Drop for nodecore_web_byob_request {
    fn drop(&mut self) {
        self.put_back();
    }
}

/// A reader of its own, since a hook may free the caller's handle.
///
/// # Safety
/// - `reader` is null or a live handle, on its loop's thread.
unsafe fn own(reader: *const nodecore_web_byob_reader) -> Result<nodecore_web_byob_reader> {
    // SAFETY: as the caller vouches.
    unsafe { arg::object(reader, "reader") }.cloned()
}

/// Declared in the header.
///
/// # Safety
/// - `reader` is null or a reader that was not freed, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_byob_reader_free(reader: *mut nodecore_web_byob_reader) {
    // SAFETY: as the caller vouches.
    unsafe {
        // At once, even inside a call of this very reader, which holds another handle.
        nodecore_web_byob_reader_release_lock(reader);
        Castable::free(reader);
    }
}

/// Declared in the header.
///
/// # Safety
/// - `reader` is null or a live reader, on its loop's thread; `view` is null or points to `len` writable bytes until
///   `release` is called; `cb` and `release` may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_byob_reader_read(
    reader: *mut nodecore_web_byob_reader,
    view: *mut c_void,
    len: usize,
    min: usize,
    cb: nodecore_web_byob_read_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), move || {
            let cb = arg::callback(cb, "cb")?;
            let nodecore_web_byob_reader { lp, reader } = own(reader)?;
            if len != 0 {
                arg::object(view.cast_const().cast::<u8>(), "view")?;
            }
            let memory = BytesMut::from(Bytes::from(arg::reserve("len", len)?));
            let read: Promise<ByobRead> = reader.read(memory, min);
            read.then(&lp, move |read| match read {
                Ok(ByobRead { value, done }) => {
                    let filled = value.unwrap_or_default();
                    // SAFETY: no more was read than there was room for at `view`, which the caller keeps until now.
                    std::ptr::copy_nonoverlapping(filled.as_ptr(), view.cast::<u8>(), filled.len());
                    // SAFETY: the caller gave `cb` for this user, which is not released yet.
                    cb(std::ptr::null(), filled.len(), done, foreign.user());
                }
                // SAFETY: as above.
                Err(error) => lend_error(Some(&error), |err| cb(err, 0, false, foreign.user())),
            });
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `reader` is null or a live reader, on its loop's thread; `reason` is null or a live error; `cb` and `release`
///   may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_byob_reader_cancel(
    reader: *mut nodecore_web_byob_reader,
    reason: *const nodecore_error,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        promised(cb, user, release, || {
            let nodecore_web_byob_reader { lp, reader } = own(reader)?;
            Ok((lp, reader.cancel(copied(reason))))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `reader` is null or a live reader, on its loop's thread; `cb` and `release` may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_byob_reader_closed(
    reader: *mut nodecore_web_byob_reader,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        promised(cb, user, release, || {
            let nodecore_web_byob_reader { lp, reader } = own(reader)?;
            Ok((lp, reader.closed()))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `reader` is null or a live reader, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_byob_reader_release_lock(reader: *mut nodecore_web_byob_reader) {
    // SAFETY: as the caller vouches.
    if let Ok(nodecore_web_byob_reader { reader, .. }) = unsafe { own(reader) } {
        total((), || reader.release_lock());
    }
}

/// Declared in the header.
///
/// # Safety
/// - `request` is null or a handle that was not freed, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_byob_request_free(request: *mut nodecore_web_byob_request) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(request) };
}

/// Declared in the header.
///
/// # Safety
/// - `request` is null or a live handle, on its loop's thread; `len` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_byob_request_view(
    request: *mut nodecore_web_byob_request,
    len: *mut usize,
) -> *mut c_void {
    // SAFETY: as the caller vouches.
    let (Some(request), Ok(len)) = (unsafe { (arg::nullable(request), arg::out(len, "len")) }) else {
        return null_mut();
    };
    let mut view = request.view.borrow_mut();
    if view.is_none() {
        *view = request.request.take_view().ok();
    }
    len.set(view.as_ref().map_or(0, |view| view.len()));
    view.as_mut().map_or(null_mut(), |view| view.as_mut_ptr().cast())
}

/// Declared in the header.
///
/// # Safety
/// - `request` is null or a live handle, on its loop's thread; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_byob_request_respond(
    request: *mut nodecore_web_byob_request,
    count: usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { entry(err, || arg::object(request, "request")?.put_back().respond(count)) }
}

/// Declared in the header.
///
/// # Safety
/// - `request` is null or a live handle, on its loop's thread; `data` is null or points to `len` readable bytes;
///   `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_byob_request_respond_with_new_view(
    request: *mut nodecore_web_byob_request,
    data: *const c_void,
    len: usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let request = arg::object(request, "request")?;
            let data = BytesMut::from(arg::data(data, len, "data")?);
            request.put_back().respond_with_new_view(data)
        })
    }
}
