//! `nodecore/web.h` and the headers beside it, a file for each family of verbs; here is what they share. The streams
//! carry [`Item`], byte streams bytes.

pub(crate) mod byob;
pub(crate) mod compression;
pub(crate) mod controller;
pub(crate) mod convert;
pub(crate) mod readable;
pub(crate) mod reader;
pub(crate) mod strategy;
pub(crate) mod text;
pub(crate) mod transform;
pub(crate) mod values;
pub(crate) mod writable;
pub(crate) mod writer;

use std::ffi::c_void;
use std::ptr::{null, null_mut};

use ::nodecore_error::{Error, Result};
use nodecore_event_loop::EventLoop;
use nodecore_stream::web::{PipeToOptions, Promise};

use crate::abort::nodecore_abort_signal;
use crate::boundary::{Foreign, SizedOptions, arg, entry};
use crate::chunk::{Item, nodecore_chunk};
use crate::error::{nodecore_error, nodecore_status};
use crate::stream::{Work, item_of, lend_error, nodecore_done, nodecore_done_cb};

pub type nodecore_web_read_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, chunk: *mut nodecore_chunk, user: *mut c_void)>;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_web_pipe_options {
    pub struct_size: usize,
    pub prevent_close: bool,
    pub prevent_abort: bool,
    pub prevent_cancel: bool,
    pub signal: *const nodecore_abort_signal,
}
impl SizedOptions for nodecore_web_pipe_options {
    const ZERO: Self = nodecore_web_pipe_options {
        struct_size: 0,
        prevent_close: false,
        prevent_abort: false,
        prevent_cancel: false,
        signal: null(),
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// # Safety
/// - `opts` is null or a struct of the size it says, whose signal is null or a live handle.
unsafe fn pipe_options(opts: *const nodecore_web_pipe_options) -> Result<PipeToOptions> {
    // SAFETY: as the caller vouches.
    let opts: nodecore_web_pipe_options = unsafe { SizedOptions::read(opts, "opts") }?;
    let options = PipeToOptions::default()
        .prevent_close(opts.prevent_close)
        .prevent_abort(opts.prevent_abort)
        .prevent_cancel(opts.prevent_cancel);
    // SAFETY: as the caller vouches.
    let signal = unsafe { nodecore_abort_signal::nullable(opts.signal) };
    Ok(signal.iter().fold(options, PipeToOptions::signal))
}

/// A chunk that the caller gives and keeps.
///
/// # Safety
/// - `chunk` is null or a live chunk.
unsafe fn given(chunk: *mut nodecore_chunk) -> Result<Item> {
    // SAFETY: as the caller vouches.
    unsafe { item_of(arg::object_mut(chunk, "chunk")?) }
}

/// A copy of a nullable error of the caller's.
///
/// # Safety
/// - `err` is null or a live error.
unsafe fn copied(err: *const nodecore_error) -> Option<Error> {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(err) }.map(|err| err.error().clone())
}

/// What a promise is told to: the caller's callback, unless there is none, and its `user`.
struct Told {
    cb: nodecore_done_cb,
    foreign: Foreign,
}

impl Told {
    fn of(self, lp: &EventLoop, promise: &Promise<()>) {
        let Told { cb: Some(cb), foreign } = self else { return };
        promise.then(lp, move |result| {
            // SAFETY: the caller gave `cb` for this user, which is not released yet.
            lend_error(result.err().as_ref(), |err| unsafe { cb(err, foreign.user()) });
        });
    }
}

/// What the functions that end in a promise share: the guard first, then the checks of `start`.
///
/// # Safety
/// - `cb` and `release` may be called with `user`.
unsafe fn promised(
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: crate::event_loop::nodecore_release,
    start: impl FnOnce() -> Result<(EventLoop, Promise<()>)>,
) -> nodecore_status {
    let told = Told { cb, foreign: Foreign::new(user, release) };
    // SAFETY: `err` is null.
    unsafe {
        entry(null_mut(), move || {
            let (lp, promise) = start()?;
            told.of(&lp, &promise);
            Ok(())
        })
    }
}

/// As [`promised`], of a read.
///
/// # Safety
/// - `cb` and `release` may be called with `user`.
unsafe fn read_by<T: Clone + Into<Item> + 'static>(
    lp: &EventLoop,
    read: &Promise<Option<T>>,
    cb: unsafe extern "C" fn(*const nodecore_error, *mut nodecore_chunk, *mut c_void),
    foreign: Foreign,
) {
    read.then(lp, move |read| match read {
        // SAFETY: the caller gave `cb` for this user, which is not released yet.
        Ok(Some(chunk)) => chunk.into().lend(|chunk| unsafe { cb(null(), chunk, foreign.user()) }),
        // SAFETY: as above.
        Ok(None) => unsafe { cb(null(), null_mut(), foreign.user()) },
        // SAFETY: as above.
        Err(error) => lend_error(Some(&error), |err| unsafe { cb(err, null_mut(), foreign.user()) }),
    });
}

/// The promise of a hook, and the `done` that settles it.
fn hooked(call: impl FnOnce(*mut nodecore_done)) -> Promise<()> {
    let promise = Promise::pending();
    call(Work::Web(promise.clone()).into_done());
    promise
}
