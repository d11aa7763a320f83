//! `nodecore/web_readable.h`: a stream as an iterator.

use std::ffi::c_void;
use std::ptr::null_mut;
use std::rc::Rc;

use ::nodecore_error::Result;
use bytes::Bytes;
use nodecore_event_loop::EventLoop;
use nodecore_stream::web::Values;

use super::readable::nodecore_web_readable;
use super::{copied, nodecore_web_read_cb, promised, read_by};
use crate::boundary::{Castable, Foreign, arg, entry};
use crate::chunk::Item;
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::nodecore_release;
use crate::stream::nodecore_done_cb;

#[derive(Clone, Debug)]
pub struct nodecore_web_values {
    lp: EventLoop,
    values: Kind,
}
impl Castable for nodecore_web_values {}

#[derive(Clone, Debug)]
enum Kind {
    Items(Rc<Values<Item>>),
    Bytes(Rc<Values<Bytes>>),
}

impl nodecore_web_values {
    pub(super) fn of(stream: &nodecore_web_readable, prevent_cancel: bool) -> Result<nodecore_web_values> {
        let values = match stream {
            nodecore_web_readable::Items(stream) => Kind::Items(Rc::new(stream.values(prevent_cancel)?)),
            nodecore_web_readable::Bytes(stream) => Kind::Bytes(Rc::new(stream.values(prevent_cancel)?)),
        };
        Ok(nodecore_web_values { lp: stream.event_loop(), values })
    }
}

/// An iterator of its own, since a hook may free the caller's handle.
///
/// # Safety
/// - `values` is null or a live handle, on its loop's thread.
unsafe fn own(values: *const nodecore_web_values) -> Result<nodecore_web_values> {
    // SAFETY: as the caller vouches.
    unsafe { arg::object(values, "values") }.cloned()
}

/// Declared in the header.
///
/// # Safety
/// - `values` is null or an iterator that was not freed, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_values_free(values: *mut nodecore_web_values) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(values) };
}

/// Declared in the header.
///
/// # Safety
/// - `values` is null or a live iterator, on its loop's thread; `cb` and `release` may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_values_next(
    values: *mut nodecore_web_values,
    cb: nodecore_web_read_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), move || {
            let cb = arg::callback(cb, "cb")?;
            let nodecore_web_values { lp, values } = own(values)?;
            match values {
                Kind::Items(values) => read_by(&lp, &values.next(), cb, foreign),
                Kind::Bytes(values) => read_by(&lp, &values.next(), cb, foreign),
            }
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `values` is null or a live iterator, on its loop's thread; `reason` is null or a live error; `cb` and `release`
///   may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_values_return(
    values: *mut nodecore_web_values,
    reason: *const nodecore_error,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        promised(cb, user, release, || {
            let (nodecore_web_values { lp, values }, reason) = (own(values)?, copied(reason));
            Ok((
                lp,
                match values {
                    Kind::Items(values) => values.return_(reason),
                    Kind::Bytes(values) => values.return_(reason),
                },
            ))
        })
    }
}
