//! `nodecore/web_transform.h`.

use std::ffi::c_void;
use std::ptr::null_mut;

use ::nodecore_error::{Error, Result};
use nodecore_stream::web::{
    Promise, ReadableWritablePair, TransformStream, TransformStreamDefaultController, Transformer,
};

use super::readable::nodecore_web_readable;
use super::strategy::nodecore_web_strategy;
use super::text::Text;
use super::writable::nodecore_web_writable;
use super::{copied, given, hooked};
use crate::boundary::{Castable, Foreign, SizedOptions, arg, entry, total};
use crate::chunk::{Item, nodecore_chunk};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release};
use crate::stream::{lend_error, nodecore_done};

pub(super) type Controller = TransformStreamDefaultController<Item, Item>;

#[derive(Clone, Debug)]
pub struct nodecore_web_transform {
    pub(super) readable: nodecore_web_readable,
    pub(super) writable: nodecore_web_writable,
    /// Of a text stream.
    pub(super) text: Option<Text>,
}
impl Castable for nodecore_web_transform {}

impl From<ReadableWritablePair<Item, Item>> for nodecore_web_transform {
    fn from(pair: ReadableWritablePair<Item, Item>) -> nodecore_web_transform {
        nodecore_web_transform {
            readable: nodecore_web_readable::Items(pair.readable),
            writable: nodecore_web_writable(pair.writable),
            text: None,
        }
    }
}

impl From<TransformStream<Item, Item>> for nodecore_web_transform {
    fn from(stream: TransformStream<Item, Item>) -> nodecore_web_transform {
        ReadableWritablePair::from(&stream).into()
    }
}

#[derive(Clone, Debug)]
pub struct nodecore_web_transform_controller(Controller);
impl Castable for nodecore_web_transform_controller {}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_web_transform_hooks {
    pub struct_size: usize,
    pub start: Option<
        unsafe extern "C" fn(
            controller: *mut nodecore_web_transform_controller,
            done: *mut nodecore_done,
            user: *mut c_void,
        ),
    >,
    pub transform: Option<
        unsafe extern "C" fn(
            controller: *mut nodecore_web_transform_controller,
            chunk: *mut nodecore_chunk,
            done: *mut nodecore_done,
            user: *mut c_void,
        ),
    >,
    pub flush: Option<
        unsafe extern "C" fn(
            controller: *mut nodecore_web_transform_controller,
            done: *mut nodecore_done,
            user: *mut c_void,
        ),
    >,
    pub cancel: Option<
        unsafe extern "C" fn(reason: *const nodecore_error, done: *mut nodecore_done, user: *mut c_void),
    >,
}
impl SizedOptions for nodecore_web_transform_hooks {
    const ZERO: Self = nodecore_web_transform_hooks {
        struct_size: 0,
        start: None,
        transform: None,
        flush: None,
        cancel: None,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// The caller's hooks with their `user`.
struct Hooks(nodecore_web_transform_hooks, Foreign);

impl Transformer<Item, Item> for Hooks {
    fn start(&self, controller: &Controller) -> Result<Promise<()>> {
        let Some(start) = self.0.start else { return Ok(Promise::resolved(())) };
        let mut handle = nodecore_web_transform_controller(controller.clone());
        // SAFETY: the caller gave the hook for this user; the handle lives for the call; `done` is called once.
        Ok(hooked(|done| unsafe { start(&raw mut handle, done, self.1.user()) }))
    }

    fn transform(&self, chunk: Item, controller: &Controller) -> Promise<()> {
        let Some(transform) = self.0.transform else {
            return controller.enqueue(chunk).map_or_else(Promise::rejected, Promise::resolved);
        };
        let mut handle = nodecore_web_transform_controller(controller.clone());
        // SAFETY: as in `start`.
        hooked(|done| chunk.lend(|chunk| unsafe { transform(&raw mut handle, chunk, done, self.1.user()) }))
    }

    fn flush(&self, controller: &Controller) -> Promise<()> {
        let Some(flush) = self.0.flush else { return Promise::resolved(()) };
        let mut handle = nodecore_web_transform_controller(controller.clone());
        // SAFETY: as in `start`.
        hooked(|done| unsafe { flush(&raw mut handle, done, self.1.user()) })
    }

    fn cancel(&self, reason: Option<Error>) -> Promise<()> {
        let Some(cancel) = self.0.cancel else { return Promise::resolved(()) };
        // SAFETY: as in `start`.
        hooked(|done| lend_error(reason.as_ref(), |reason| unsafe { cancel(reason, done, self.1.user()) }))
    }
}

/// A controller of its own, since a hook may free the caller's handle.
///
/// # Safety
/// - `controller` is null or a live handle, on its loop's thread.
unsafe fn own(controller: *const nodecore_web_transform_controller) -> Result<Controller> {
    // SAFETY: as the caller vouches.
    Ok(unsafe { arg::object(controller, "controller") }?.0.clone())
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; the strategies are null or live; `hooks` is null or a struct of
///   the size it says; hooks and `release` may be called with `user`; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_transform_new(
    lp: *mut nodecore_loop,
    writable_strategy: *const nodecore_web_strategy,
    readable_strategy: *const nodecore_web_strategy,
    hooks: *const nodecore_web_transform_hooks,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_web_transform,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let out = arg::out(out, "out")?;
            let hooks = Hooks(SizedOptions::read(hooks, "hooks")?, foreign);
            let writable = nodecore_web_strategy::read(writable_strategy).unwrap_or_default();
            let readable = nodecore_web_strategy::read(readable_strategy).unwrap_or_default();
            let stream = TransformStream::new(event_loop(lp)?, hooks, writable, readable)?;
            out.set(nodecore_web_transform::from(stream).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a handle that was not freed, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_transform_free(stream: *mut nodecore_web_transform) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(stream) };
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_transform_readable(
    stream: *const nodecore_web_transform,
) -> *mut nodecore_web_readable {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(stream) }.map_or(null_mut(), |stream| stream.readable.clone().into_raw())
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_transform_writable(
    stream: *const nodecore_web_transform,
) -> *mut nodecore_web_writable {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(stream) }.map_or(null_mut(), |stream| stream.writable.clone().into_raw())
}

/// Declared in the header.
///
/// # Safety
/// - `controller` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_transform_controller_copy(
    controller: *const nodecore_web_transform_controller,
) -> *mut nodecore_web_transform_controller {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(controller) }.cloned().map_or(null_mut(), Castable::into_raw)
}

/// Declared in the header.
///
/// # Safety
/// - `controller` is null or a handle that was not freed, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_transform_controller_free(
    controller: *mut nodecore_web_transform_controller,
) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(controller) };
}

/// Declared in the header.
///
/// # Safety
/// - `controller` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_transform_controller_desired_size(
    controller: *const nodecore_web_transform_controller,
) -> f64 {
    // SAFETY: as the caller vouches.
    unsafe { own(controller) }.ok().and_then(|controller| controller.desired_size()).unwrap_or(f64::NAN)
}

/// Declared in the header.
///
/// # Safety
/// - `controller` is null or a live handle, on its loop's thread; `chunk` is null or a live chunk; `err` is null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_transform_controller_enqueue(
    controller: *mut nodecore_web_transform_controller,
    chunk: *mut nodecore_chunk,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { entry(err, || own(controller)?.enqueue(given(chunk)?)) }
}

/// Declared in the header.
///
/// # Safety
/// - `controller` is null or a live handle, on its loop's thread; `error` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_transform_controller_error(
    controller: *mut nodecore_web_transform_controller,
    error: *const nodecore_error,
) {
    // SAFETY: as the caller vouches.
    if let (Ok(controller), error) = unsafe { (own(controller), copied(error)) } {
        total((), || controller.error(error.unwrap_or_else(Error::abort)));
    }
}

/// Declared in the header.
///
/// # Safety
/// - `controller` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_transform_controller_terminate(
    controller: *mut nodecore_web_transform_controller,
) {
    // SAFETY: as the caller vouches.
    if let Ok(controller) = unsafe { own(controller) } {
        total((), || controller.terminate());
    }
}
