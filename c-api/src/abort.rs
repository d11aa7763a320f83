//! `nodecore/abort.h`.

use std::ffi::c_void;
use std::ptr::null_mut;

use ::nodecore_error::Result;
use nodecore_event_loop::EventLoop;
use nodecore_events::{AbortController, AbortSignal};

use crate::boundary::{Castable, Foreign, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_loop_cb, nodecore_release};
use crate::events::nodecore_listener_id;

#[derive(Debug)]
pub struct nodecore_abort_controller(AbortController);
impl Castable for nodecore_abort_controller {}

#[derive(Debug)]
pub struct nodecore_abort_signal(AbortSignal);
impl Castable for nodecore_abort_signal {}

impl From<AbortSignal> for nodecore_abort_signal {
    fn from(signal: AbortSignal) -> nodecore_abort_signal {
        nodecore_abort_signal(signal)
    }
}

impl nodecore_abort_signal {
    pub(crate) fn new(signal: AbortSignal) -> nodecore_abort_signal {
        nodecore_abort_signal(signal)
    }

    /// The signal behind a handle that a caller passed, such as a field of options; `None` for null.
    ///
    /// # Safety
    /// - `signal` is null or a live handle, on its thread.
    pub(crate) unsafe fn nullable(signal: *const nodecore_abort_signal) -> Option<AbortSignal> {
        // SAFETY: as the caller vouches.
        unsafe { arg::nullable(signal) }.map(|signal| signal.0.clone())
    }

    /// The same, where null is an error.
    ///
    /// # Safety
    /// - as for [`nodecore_abort_signal::nullable`].
    pub(crate) unsafe fn object(signal: *const nodecore_abort_signal) -> Result<AbortSignal> {
        // SAFETY: as the caller vouches.
        Ok(unsafe { arg::object(signal, "signal") }?.0.clone())
    }
}

/// Declared in the header.
///
/// # Safety
/// - `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_abort_controller_new(
    out: *mut *mut nodecore_abort_controller,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            arg::out(out, "out")?.set(nodecore_abort_controller(AbortController::new()).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `controller` is null or a controller that was not freed, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_abort_controller_free(controller: *mut nodecore_abort_controller) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(controller) };
}

/// Declared in the header.
///
/// # Safety
/// - `controller` is null or a live controller, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_abort_controller_signal(
    controller: *const nodecore_abort_controller,
) -> *mut nodecore_abort_signal {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(controller) }
        .map_or(null_mut(), |controller| nodecore_abort_signal(controller.0.signal()).into_raw())
}

/// Declared in the header.
///
/// # Safety
/// - `controller` is null or a live controller, on its thread; `reason` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_abort_controller_abort(
    controller: *mut nodecore_abort_controller,
    reason: *const nodecore_error,
) {
    // SAFETY: as the caller vouches.
    let (controller, reason) = unsafe { (arg::nullable(controller), arg::nullable(reason)) };
    if let Some(controller) = controller {
        // A listener may free the handle.
        let controller = controller.0.clone();
        total((), || match reason {
            Some(reason) => controller.abort_with(reason.error().clone()),
            None => controller.abort(),
        });
    }
}

/// Declared in the header.
///
/// # Safety
/// - `reason` is null or a live error; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_abort_signal_abort(
    reason: *const nodecore_error,
    out: *mut *mut nodecore_abort_signal,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let reason = arg::nullable(reason).map(|reason| reason.error().clone());
            out.set(nodecore_abort_signal(AbortSignal::abort(reason)).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_abort_signal_timeout(
    lp: *mut nodecore_loop,
    ms: u32,
    out: *mut *mut nodecore_abort_signal,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(nodecore_abort_signal(AbortSignal::timeout(event_loop(lp)?, ms.into())?).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `signals` is null or points to `count` pointers, each null or a live signal, on its thread; `out` and `err`
///   are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_abort_signal_any(
    signals: *const *const nodecore_abort_signal,
    count: usize,
    out: *mut *mut nodecore_abort_signal,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let sources = arg::slice(signals, count, "signals")?
                .iter()
                .map(|&signal| nodecore_abort_signal::object(signal))
                .collect::<Result<Vec<AbortSignal>>>()?;
            out.set(nodecore_abort_signal(AbortSignal::any(&sources)).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `signal` is null or a handle that was not freed, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_abort_signal_free(signal: *mut nodecore_abort_signal) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(signal) };
}

/// Declared in the header.
///
/// # Safety
/// - `signal` is null or a live handle, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_abort_signal_copy(
    signal: *const nodecore_abort_signal,
) -> *mut nodecore_abort_signal {
    // SAFETY: as the caller vouches.
    unsafe { nodecore_abort_signal::nullable(signal) }
        .map_or(null_mut(), |signal| nodecore_abort_signal(signal).into_raw())
}

/// Declared in the header.
///
/// # Safety
/// - `signal` is null or a live handle, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_abort_signal_aborted(signal: *const nodecore_abort_signal) -> bool {
    // SAFETY: as the caller vouches.
    unsafe { nodecore_abort_signal::nullable(signal) }.is_some_and(|signal| signal.aborted())
}

/// Declared in the header.
///
/// # Safety
/// - `signal` is null or a live handle, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_abort_signal_reason(
    signal: *const nodecore_abort_signal,
) -> *mut nodecore_error {
    // SAFETY: as the caller vouches.
    let signal = unsafe { nodecore_abort_signal::nullable(signal) };
    total(null_mut(), || {
        signal
            .and_then(|signal| signal.reason())
            .map_or(null_mut(), |reason| nodecore_error::new(reason).into_raw())
    })
}

/// Declared in the header.
///
/// # Safety
/// - `signal` is null or a live handle, on its thread; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_abort_signal_throw_if_aborted(
    signal: *const nodecore_abort_signal,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { entry(err, || nodecore_abort_signal::object(signal)?.throw_if_aborted()) }
}

/// Declared in the header.
///
/// # Safety
/// - `signal` is null or a live handle, on its thread; `cb` and `release` may be called with `user`; `id` is null
///   or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_abort_signal_on_abort(
    signal: *mut nodecore_abort_signal,
    cb: nodecore_loop_cb,
    user: *mut c_void,
    release: nodecore_release,
    id: *mut nodecore_listener_id,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { add_listener(signal, |_| Ok(None), cb, Foreign::new(user, release), id) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_abort_signal_on_abort`]; `lp` is null or a live loop, on its own thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_abort_signal_add_listener(
    signal: *mut nodecore_abort_signal,
    lp: *mut nodecore_loop,
    cb: nodecore_loop_cb,
    user: *mut c_void,
    release: nodecore_release,
    id: *mut nodecore_listener_id,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        add_listener(
            signal,
            |signal| {
                let lp = event_loop(lp)?;
                Ok(signal.aborted().then(|| lp.clone()))
            },
            cb,
            foreign,
            id,
        )
    }
}

/// Declared in the header.
///
/// # Safety
/// - `signal` is null or a live handle, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_abort_signal_off(
    signal: *mut nodecore_abort_signal,
    id: nodecore_listener_id,
) -> bool {
    // SAFETY: as the caller vouches.
    unsafe { nodecore_abort_signal::nullable(signal) }
        .is_some_and(|signal| total(false, || signal.off(id.into())))
}

/// Adds `cb` to the signal, or to the microtasks of the loop that `at_once` names.
///
/// # Safety
/// - as for [`nodecore_abort_signal_on_abort`].
unsafe fn add_listener(
    signal: *mut nodecore_abort_signal,
    at_once: impl FnOnce(&AbortSignal) -> Result<Option<EventLoop>>,
    cb: nodecore_loop_cb,
    foreign: Foreign,
    id: *mut nodecore_listener_id,
) -> nodecore_status {
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), move || {
            let cb = arg::callback(cb, "cb")?;
            let signal = nodecore_abort_signal::object(signal)?;
            let at_once = at_once(&signal)?;
            // SAFETY: the caller gave `cb` for this user, which is not released yet.
            let call = move || cb(foreign.user());
            let added = match at_once {
                Some(lp) => {
                    lp.queue_microtask(call);
                    nodecore_listener_id::NONE
                }
                None => signal.on_abort(call).into(),
            };
            added.give(id);
            Ok(())
        })
    }
}
