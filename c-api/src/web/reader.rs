//! `nodecore/web_readable.h`: the default reader.

use std::ffi::c_void;
use std::ptr::null_mut;
use std::rc::Rc;

use ::nodecore_error::Result;
use bytes::Bytes;
use nodecore_event_loop::EventLoop;
use nodecore_stream::web::ReadableStreamDefaultReader;

use super::readable::nodecore_web_readable;
use super::{copied, nodecore_web_read_cb, promised, read_by};
use crate::boundary::{Castable, Foreign, arg, entry, total};
use crate::chunk::Item;
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::nodecore_release;
use crate::stream::nodecore_done_cb;

#[derive(Clone, Debug)]
pub struct nodecore_web_reader {
    lp: EventLoop,
    reader: Reader,
}
impl Castable for nodecore_web_reader {}

#[derive(Clone, Debug)]
enum Reader {
    Items(Rc<ReadableStreamDefaultReader<Item>>),
    Bytes(Rc<ReadableStreamDefaultReader<Bytes>>),
}

impl nodecore_web_reader {
    pub(super) fn of(stream: &nodecore_web_readable) -> Result<nodecore_web_reader> {
        let reader = match stream {
            nodecore_web_readable::Items(stream) => Reader::Items(Rc::new(stream.get_reader()?)),
            nodecore_web_readable::Bytes(stream) => Reader::Bytes(Rc::new(stream.get_reader()?)),
        };
        Ok(nodecore_web_reader { lp: stream.event_loop(), reader })
    }
}

/// A reader of its own, since a hook may free the caller's handle.
///
/// # Safety
/// - `reader` is null or a live handle, on its loop's thread.
unsafe fn own(reader: *const nodecore_web_reader) -> Result<nodecore_web_reader> {
    // SAFETY: as the caller vouches.
    unsafe { arg::object(reader, "reader") }.cloned()
}

/// Declared in the header.
///
/// # Safety
/// - `reader` is null or a reader that was not freed, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_reader_free(reader: *mut nodecore_web_reader) {
    // SAFETY: as the caller vouches.
    unsafe {
        // At once, even inside a call of this very reader, which holds another handle.
        nodecore_web_reader_release_lock(reader);
        Castable::free(reader);
    }
}

/// Declared in the header.
///
/// # Safety
/// - `reader` is null or a live reader, on its loop's thread; `cb` and `release` may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_reader_read(
    reader: *mut nodecore_web_reader,
    cb: nodecore_web_read_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), move || {
            let cb = arg::callback(cb, "cb")?;
            let nodecore_web_reader { lp, reader } = own(reader)?;
            match reader {
                Reader::Items(reader) => read_by(&lp, &reader.read(), cb, foreign),
                Reader::Bytes(reader) => read_by(&lp, &reader.read(), cb, foreign),
            }
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
pub unsafe extern "C" fn nodecore_web_reader_cancel(
    reader: *mut nodecore_web_reader,
    reason: *const nodecore_error,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        promised(cb, user, release, || {
            let (nodecore_web_reader { lp, reader }, reason) = (own(reader)?, copied(reason));
            Ok((
                lp,
                match reader {
                    Reader::Items(reader) => reader.cancel(reason),
                    Reader::Bytes(reader) => reader.cancel(reason),
                },
            ))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `reader` is null or a live reader, on its loop's thread; `cb` and `release` may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_reader_closed(
    reader: *mut nodecore_web_reader,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        promised(cb, user, release, || {
            let nodecore_web_reader { lp, reader } = own(reader)?;
            Ok((
                lp,
                match reader {
                    Reader::Items(reader) => reader.closed(),
                    Reader::Bytes(reader) => reader.closed(),
                },
            ))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `reader` is null or a live reader, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_reader_release_lock(reader: *mut nodecore_web_reader) {
    // SAFETY: as the caller vouches.
    let Ok(nodecore_web_reader { reader, .. }) = (unsafe { own(reader) }) else { return };
    total((), || match reader {
        Reader::Items(reader) => reader.release_lock(),
        Reader::Bytes(reader) => reader.release_lock(),
    });
}
