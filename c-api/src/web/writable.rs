//! `nodecore/web_writable.h`: the stream, its sink and its controller.

use std::ffi::c_void;
use std::ptr::null_mut;

use ::nodecore_error::{Error, Result};
use nodecore_stream::web::{Promise, UnderlyingSink, WritableStream, WritableStreamDefaultController};

use super::strategy::nodecore_web_strategy;
use super::writer::nodecore_web_writer;
use super::{copied, hooked, promised};
use crate::abort::nodecore_abort_signal;
use crate::boundary::{Castable, Foreign, SizedOptions, arg, entry, total};
use crate::chunk::{Item, nodecore_chunk};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release};
use crate::stream::{lend_error, nodecore_done, nodecore_done_cb};

#[derive(Clone, Debug)]
pub struct nodecore_web_writable(pub(crate) WritableStream<Item>);
impl Castable for nodecore_web_writable {}

#[derive(Clone, Debug)]
pub struct nodecore_web_writable_controller(WritableStreamDefaultController<Item>);
impl Castable for nodecore_web_writable_controller {}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_web_writable_hooks {
    pub struct_size: usize,
    pub start: Option<
        unsafe extern "C" fn(
            controller: *mut nodecore_web_writable_controller,
            done: *mut nodecore_done,
            user: *mut c_void,
        ),
    >,
    pub write: Option<
        unsafe extern "C" fn(
            controller: *mut nodecore_web_writable_controller,
            chunk: *mut nodecore_chunk,
            done: *mut nodecore_done,
            user: *mut c_void,
        ),
    >,
    pub close: Option<unsafe extern "C" fn(done: *mut nodecore_done, user: *mut c_void)>,
    pub abort: Option<
        unsafe extern "C" fn(reason: *const nodecore_error, done: *mut nodecore_done, user: *mut c_void),
    >,
}
impl SizedOptions for nodecore_web_writable_hooks {
    const ZERO: Self =
        nodecore_web_writable_hooks { struct_size: 0, start: None, write: None, close: None, abort: None };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// The caller's hooks with their `user`.
struct Hooks(nodecore_web_writable_hooks, Foreign);

impl UnderlyingSink<Item> for Hooks {
    fn start(&self, controller: &WritableStreamDefaultController<Item>) -> Result<Promise<()>> {
        let Some(start) = self.0.start else { return Ok(Promise::resolved(())) };
        let mut handle = nodecore_web_writable_controller(controller.clone());
        // SAFETY: the caller gave the hook for this user; the handle lives for the call; `done` is called once.
        Ok(hooked(|done| unsafe { start(&raw mut handle, done, self.1.user()) }))
    }

    fn write(&self, chunk: Item, controller: &WritableStreamDefaultController<Item>) -> Promise<()> {
        let Some(write) = self.0.write else { return Promise::resolved(()) };
        let mut handle = nodecore_web_writable_controller(controller.clone());
        // SAFETY: as in `start`.
        hooked(|done| chunk.lend(|chunk| unsafe { write(&raw mut handle, chunk, done, self.1.user()) }))
    }

    fn close(&self) -> Promise<()> {
        let Some(close) = self.0.close else { return Promise::resolved(()) };
        // SAFETY: as in `start`.
        hooked(|done| unsafe { close(done, self.1.user()) })
    }

    fn abort(&self, reason: Error) -> Promise<()> {
        let Some(abort) = self.0.abort else { return Promise::resolved(()) };
        // SAFETY: as in `start`.
        hooked(|done| lend_error(Some(&reason), |reason| unsafe { abort(reason, done, self.1.user()) }))
    }
}

impl nodecore_web_writable {
    /// A handle of its own, since a hook may free the caller's.
    ///
    /// # Safety
    /// - `stream` is null or a live handle, on its loop's thread.
    pub(crate) unsafe fn own(stream: *const nodecore_web_writable) -> Result<nodecore_web_writable> {
        // SAFETY: as the caller vouches.
        unsafe { arg::object(stream, "stream") }.cloned()
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `strategy` is null or live; `hooks` is null or a struct of the
///   size it says; hooks and `release` may be called with `user`; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_writable_new(
    lp: *mut nodecore_loop,
    strategy: *const nodecore_web_strategy,
    hooks: *const nodecore_web_writable_hooks,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_web_writable,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let out = arg::out(out, "out")?;
            let hooks = Hooks(SizedOptions::read(hooks, "hooks")?, foreign);
            let strategy = nodecore_web_strategy::read(strategy).unwrap_or_default();
            let stream = WritableStream::new(event_loop(lp)?, hooks, strategy)?;
            out.set(nodecore_web_writable(stream).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a handle that was not freed, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_writable_free(stream: *mut nodecore_web_writable) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(stream) };
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_writable_copy(
    stream: *const nodecore_web_writable,
) -> *mut nodecore_web_writable {
    // SAFETY: as the caller vouches.
    unsafe { nodecore_web_writable::own(stream) }.map_or(null_mut(), Castable::into_raw)
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_writable_locked(stream: *const nodecore_web_writable) -> bool {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(stream) }.is_some_and(|stream| stream.0.locked())
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `reason` is null or a live error; `cb` and `release`
///   may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_writable_abort(
    stream: *mut nodecore_web_writable,
    reason: *const nodecore_error,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        promised(cb, user, release, || {
            let nodecore_web_writable(stream) = nodecore_web_writable::own(stream)?;
            Ok((stream.event_loop(), stream.abort(copied(reason))))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `cb` and `release` may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_writable_close(
    stream: *mut nodecore_web_writable,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        promised(cb, user, release, || {
            let nodecore_web_writable(stream) = nodecore_web_writable::own(stream)?;
            Ok((stream.event_loop(), stream.close()))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_writable_get_writer(
    stream: *mut nodecore_web_writable,
    out: *mut *mut nodecore_web_writer,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let nodecore_web_writable(stream) = nodecore_web_writable::own(stream)?;
            out.set(nodecore_web_writer::new(stream.event_loop(), stream.get_writer()?).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `controller` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_writable_controller_copy(
    controller: *const nodecore_web_writable_controller,
) -> *mut nodecore_web_writable_controller {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(controller) }.cloned().map_or(null_mut(), Castable::into_raw)
}

/// Declared in the header.
///
/// # Safety
/// - `controller` is null or a handle that was not freed, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_writable_controller_free(
    controller: *mut nodecore_web_writable_controller,
) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(controller) };
}

/// Declared in the header.
///
/// # Safety
/// - `controller` is null or a live handle, on its loop's thread; `error` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_writable_controller_error(
    controller: *mut nodecore_web_writable_controller,
    error: *const nodecore_error,
) {
    // SAFETY: as the caller vouches.
    let (controller, error) = unsafe { (arg::nullable(controller).cloned(), copied(error)) };
    if let Some(nodecore_web_writable_controller(controller)) = controller {
        total((), || controller.error(error.unwrap_or_else(Error::abort)));
    }
}

/// Declared in the header.
///
/// # Safety
/// - `controller` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_writable_controller_signal(
    controller: *const nodecore_web_writable_controller,
) -> *mut nodecore_abort_signal {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(controller) }
        .map_or(null_mut(), |controller| nodecore_abort_signal::new(controller.0.signal()).into_raw())
}
