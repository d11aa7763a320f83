//! `nodecore/web_readable.h`: what a readable stream reads from, and its controller.

use std::ffi::c_void;
use std::ptr::null_mut;

use ::nodecore_error::{Error, Result};
use nodecore_stream::ByteChunk;
use nodecore_stream::web::{
    Promise, ReadableByteStreamController, ReadableStreamDefaultController, UnderlyingByteSource,
    UnderlyingSource,
};

use super::byob::nodecore_web_byob_request;
use super::{copied, given, hooked};
use crate::boundary::{Castable, Foreign, SizedOptions, arg, entry, total};
use crate::chunk::{Item, nodecore_chunk};
use crate::error::{nodecore_error, nodecore_status};
use crate::stream::{lend_error, nodecore_done};

#[derive(Clone, Debug)]
pub enum nodecore_web_readable_controller {
    Items(ReadableStreamDefaultController<Item>),
    Bytes(ReadableByteStreamController),
}
impl Castable for nodecore_web_readable_controller {}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_web_readable_hooks {
    pub struct_size: usize,
    pub start: Option<
        unsafe extern "C" fn(
            controller: *mut nodecore_web_readable_controller,
            done: *mut nodecore_done,
            user: *mut c_void,
        ),
    >,
    pub pull: Option<
        unsafe extern "C" fn(
            controller: *mut nodecore_web_readable_controller,
            done: *mut nodecore_done,
            user: *mut c_void,
        ),
    >,
    pub cancel: Option<
        unsafe extern "C" fn(reason: *const nodecore_error, done: *mut nodecore_done, user: *mut c_void),
    >,
}
impl SizedOptions for nodecore_web_readable_hooks {
    const ZERO: Self = nodecore_web_readable_hooks { struct_size: 0, start: None, pull: None, cancel: None };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// The caller's hooks with their `user`.
pub(super) struct Hooks(pub(super) nodecore_web_readable_hooks, pub(super) Foreign);

impl Hooks {
    fn start_with(&self, mut controller: nodecore_web_readable_controller) -> Promise<()> {
        let Some(start) = self.0.start else { return Promise::resolved(()) };
        // SAFETY: the caller gave the hook for this user; the handle lives for the call; `done` is called once.
        hooked(|done| unsafe { start(&raw mut controller, done, self.1.user()) })
    }

    fn pull_with(&self, mut controller: nodecore_web_readable_controller) -> Promise<()> {
        let Some(pull) = self.0.pull else { return Promise::resolved(()) };
        // SAFETY: as in `start_with`.
        hooked(|done| unsafe { pull(&raw mut controller, done, self.1.user()) })
    }

    fn cancel_with(&self, reason: Option<&Error>) -> Promise<()> {
        let Some(cancel) = self.0.cancel else { return Promise::resolved(()) };
        // SAFETY: as in `start_with`.
        hooked(|done| lend_error(reason, |reason| unsafe { cancel(reason, done, self.1.user()) }))
    }
}

impl UnderlyingSource<Item> for Hooks {
    fn start(&self, controller: &ReadableStreamDefaultController<Item>) -> Result<Promise<()>> {
        Ok(self.start_with(nodecore_web_readable_controller::Items(controller.clone())))
    }
    fn pull(&self, controller: &ReadableStreamDefaultController<Item>) -> Promise<()> {
        self.pull_with(nodecore_web_readable_controller::Items(controller.clone()))
    }
    fn cancel(&self, reason: Option<Error>) -> Promise<()> {
        self.cancel_with(reason.as_ref())
    }
}

impl UnderlyingByteSource for Hooks {
    fn start(&self, controller: &ReadableByteStreamController) -> Result<Promise<()>> {
        Ok(self.start_with(nodecore_web_readable_controller::Bytes(controller.clone())))
    }
    fn pull(&self, controller: &ReadableByteStreamController) -> Promise<()> {
        self.pull_with(nodecore_web_readable_controller::Bytes(controller.clone()))
    }
    fn cancel(&self, reason: Option<Error>) -> Promise<()> {
        self.cancel_with(reason.as_ref())
    }
}

/// A controller of its own, since a hook may free the caller's handle.
///
/// # Safety
/// - `controller` is null or a live handle, on its loop's thread.
unsafe fn own(
    controller: *const nodecore_web_readable_controller,
) -> Result<nodecore_web_readable_controller> {
    // SAFETY: as the caller vouches.
    unsafe { arg::object(controller, "controller") }.cloned()
}

/// Declared in the header.
///
/// # Safety
/// - `controller` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_readable_controller_copy(
    controller: *const nodecore_web_readable_controller,
) -> *mut nodecore_web_readable_controller {
    // SAFETY: as the caller vouches.
    unsafe { own(controller) }.map_or(null_mut(), Castable::into_raw)
}

/// Declared in the header.
///
/// # Safety
/// - `controller` is null or a handle that was not freed, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_readable_controller_free(
    controller: *mut nodecore_web_readable_controller,
) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(controller) };
}

/// Declared in the header.
///
/// # Safety
/// - `controller` is null or a live handle, on its loop's thread; `chunk` is null or a live chunk; `err` is null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_readable_controller_enqueue(
    controller: *mut nodecore_web_readable_controller,
    chunk: *mut nodecore_chunk,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || match (own(controller)?, given(chunk)?) {
            (nodecore_web_readable_controller::Items(controller), item) => controller.enqueue(item),
            (nodecore_web_readable_controller::Bytes(controller), item) => {
                controller.enqueue(item.into_bytes()?)
            }
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `controller` is null or a live handle, on its loop's thread; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_readable_controller_close(
    controller: *mut nodecore_web_readable_controller,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || match own(controller)? {
            nodecore_web_readable_controller::Items(controller) => controller.close(),
            nodecore_web_readable_controller::Bytes(controller) => controller.close(),
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `controller` is null or a live handle, on its loop's thread; `error` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_readable_controller_error(
    controller: *mut nodecore_web_readable_controller,
    error: *const nodecore_error,
) {
    // SAFETY: as the caller vouches.
    let (controller, error) = unsafe { (own(controller), copied(error)) };
    let error = error.unwrap_or_else(Error::abort);
    total((), || match controller {
        Ok(nodecore_web_readable_controller::Items(controller)) => controller.error(error),
        Ok(nodecore_web_readable_controller::Bytes(controller)) => controller.error(error),
        Err(_) => {}
    });
}

/// Declared in the header.
///
/// # Safety
/// - `controller` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_readable_controller_desired_size(
    controller: *const nodecore_web_readable_controller,
) -> f64 {
    // SAFETY: as the caller vouches.
    let size = match unsafe { arg::nullable(controller) } {
        Some(nodecore_web_readable_controller::Items(controller)) => controller.desired_size(),
        Some(nodecore_web_readable_controller::Bytes(controller)) => controller.desired_size(),
        None => None,
    };
    size.unwrap_or(f64::NAN)
}

/// Declared in the header.
///
/// # Safety
/// - `controller` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_readable_controller_byob_request(
    controller: *mut nodecore_web_readable_controller,
) -> *mut nodecore_web_byob_request {
    // SAFETY: as the caller vouches.
    match unsafe { arg::nullable(controller) } {
        Some(nodecore_web_readable_controller::Bytes(controller)) => {
            controller.byob_request().map_or(null_mut(), nodecore_web_byob_request::give)
        }
        _ => null_mut(),
    }
}
