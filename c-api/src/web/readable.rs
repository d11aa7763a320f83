//! `nodecore/web_readable.h`: the stream itself.

use std::ffi::c_void;
use std::ptr::null_mut;

use ::nodecore_error::{Code, Error, Result};
use bytes::Bytes;
use nodecore_event_loop::EventLoop;
use nodecore_stream::web::{
    PipeToOptions, Promise, QueuingStrategy, ReadableStream, ReadableStreamDefaultController,
    UnderlyingSource,
};

use super::byob::nodecore_web_byob_reader;
use super::controller::{Hooks, nodecore_web_readable_hooks};
use super::reader::nodecore_web_reader;
use super::strategy::nodecore_web_strategy;
use super::transform::nodecore_web_transform;
use super::values::nodecore_web_values;
use super::writable::nodecore_web_writable;
use super::{copied, nodecore_web_pipe_options, pipe_options, promised};
use crate::boundary::{Castable, Foreign, SizedOptions, arg, entry};
use crate::chunk::{Item, nodecore_chunk, nodecore_chunk_free};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release};
use crate::stream::{item_of, nodecore_done_cb};

#[derive(Clone, Debug)]
pub enum nodecore_web_readable {
    Items(ReadableStream<Item>),
    Bytes(ReadableStream<Bytes>),
}
impl Castable for nodecore_web_readable {}

pub type nodecore_web_next_cb = Option<
    unsafe extern "C" fn(
        chunk: *mut nodecore_chunk,
        err: *mut *mut nodecore_error,
        user: *mut c_void,
    ) -> bool,
>;

impl nodecore_web_readable {
    pub(super) fn event_loop(&self) -> EventLoop {
        match self {
            nodecore_web_readable::Items(stream) => stream.event_loop(),
            nodecore_web_readable::Bytes(stream) => stream.event_loop(),
        }
    }

    /// A handle of its own, since a hook may free the caller's.
    ///
    /// # Safety
    /// - `stream` is null or a live handle, on its loop's thread.
    pub(crate) unsafe fn own(stream: *const nodecore_web_readable) -> Result<nodecore_web_readable> {
        // SAFETY: as the caller vouches.
        unsafe { arg::object(stream, "stream") }.cloned()
    }
}

/// An iterator of the caller's.
struct Next {
    next: unsafe extern "C" fn(*mut nodecore_chunk, *mut *mut nodecore_error, *mut c_void) -> bool,
    foreign: Foreign,
}

impl Next {
    fn call(&self) -> Result<Option<Item>> {
        let (mut chunk, mut err) = (nodecore_chunk::EMPTY, null_mut());
        // SAFETY: the caller gave `next` for this user; both outputs live for the call.
        let more = unsafe { (self.next)(&raw mut chunk, &raw mut err, self.foreign.user()) };
        // SAFETY: the callback says what it made.
        let item = unsafe { item_of(&mut chunk) };
        // SAFETY: the item has references of its own; what the callback made is the library's to free.
        unsafe { nodecore_chunk_free(&raw mut chunk) };
        // SAFETY: the error is null or new, and is freed once.
        let error = unsafe { copied(err) };
        // SAFETY: as above.
        unsafe { Castable::free(err) };
        match (error, more) {
            (Some(error), _) => Err(error),
            (None, true) => item.map(Some),
            (None, false) => Ok(None),
        }
    }
}

impl UnderlyingSource<Item> for Next {
    fn pull(&self, controller: &ReadableStreamDefaultController<Item>) -> Promise<()> {
        let pulled = self.call().and_then(|item| match item {
            Some(item) => controller.enqueue(item),
            None => controller.close(),
        });
        pulled.map_or_else(Promise::rejected, Promise::resolved)
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `strategy` is null or live; `hooks` is null or a struct of the
///   size it says; hooks and `release` may be called with `user`; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_readable_new(
    lp: *mut nodecore_loop,
    strategy: *const nodecore_web_strategy,
    hooks: *const nodecore_web_readable_hooks,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_web_readable,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let out = arg::out(out, "out")?;
            let hooks = Hooks(SizedOptions::read(hooks, "hooks")?, foreign);
            let strategy = nodecore_web_strategy::read(strategy).unwrap_or_default();
            let stream = ReadableStream::new(event_loop(lp)?, hooks, strategy)?;
            out.set(nodecore_web_readable::Items(stream).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_web_readable_new`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_readable_new_bytes(
    lp: *mut nodecore_loop,
    high_water_mark: f64,
    auto_allocate: usize,
    hooks: *const nodecore_web_readable_hooks,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_web_readable,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let out = arg::out(out, "out")?;
            let hooks = Hooks(SizedOptions::read(hooks, "hooks")?, foreign);
            let auto_allocate = (auto_allocate != 0).then_some(auto_allocate);
            let stream = ReadableStream::bytes(event_loop(lp)?, hooks, auto_allocate, high_water_mark)?;
            out.set(nodecore_web_readable::Bytes(stream).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `next` and `release` may be called with `user`; `out` and `err`
///   are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_readable_from(
    lp: *mut nodecore_loop,
    next: nodecore_web_next_cb,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_web_readable,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let out = arg::out(out, "out")?;
            let items = Next { next: arg::callback(next, "next")?, foreign };
            let strategy = QueuingStrategy::new().high_water_mark(0.0);
            let stream = ReadableStream::new(event_loop(lp)?, items, strategy)?;
            out.set(nodecore_web_readable::Items(stream).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a handle that was not freed, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_readable_free(stream: *mut nodecore_web_readable) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(stream) };
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_readable_copy(
    stream: *const nodecore_web_readable,
) -> *mut nodecore_web_readable {
    // SAFETY: as the caller vouches.
    unsafe { nodecore_web_readable::own(stream) }.map_or(null_mut(), Castable::into_raw)
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_readable_locked(stream: *const nodecore_web_readable) -> bool {
    // SAFETY: as the caller vouches.
    match unsafe { arg::nullable(stream) } {
        Some(nodecore_web_readable::Items(stream)) => stream.locked(),
        Some(nodecore_web_readable::Bytes(stream)) => stream.locked(),
        None => false,
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `reason` is null or a live error; `cb` and `release`
///   may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_readable_cancel(
    stream: *mut nodecore_web_readable,
    reason: *const nodecore_error,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        promised(cb, user, release, || {
            let (stream, reason) = (nodecore_web_readable::own(stream)?, copied(reason));
            let promise = match &stream {
                nodecore_web_readable::Items(stream) => stream.cancel(reason),
                nodecore_web_readable::Bytes(stream) => stream.cancel(reason),
            };
            Ok((stream.event_loop(), promise))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_readable_get_reader(
    stream: *mut nodecore_web_readable,
    out: *mut *mut nodecore_web_reader,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(nodecore_web_reader::of(&nodecore_web_readable::own(stream)?)?.into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_readable_get_byob_reader(
    stream: *mut nodecore_web_readable,
    out: *mut *mut nodecore_web_byob_reader,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let stream = nodecore_web_readable::own(stream)?;
            let reader = match &stream {
                nodecore_web_readable::Bytes(stream) => stream.get_byob_reader()?,
                nodecore_web_readable::Items(stream) => {
                    // A stream that is locked is refused for that first.
                    drop(stream.get_reader()?);
                    let args: [&dyn std::fmt::Display; 3] =
                        [&"stream", &"must be a byte stream", &"ReadableStream"];
                    return Err(Error::from_template(Code::InvalidArgValue, &args));
                }
            };
            out.set(nodecore_web_byob_reader::new(stream.event_loop(), reader).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_readable_values(
    stream: *mut nodecore_web_readable,
    prevent_cancel: bool,
    out: *mut *mut nodecore_web_values,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let stream = nodecore_web_readable::own(stream)?;
            out.set(nodecore_web_values::of(&stream, prevent_cancel)?.into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; the other pointers are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_readable_tee(
    stream: *mut nodecore_web_readable,
    first: *mut *mut nodecore_web_readable,
    second: *mut *mut nodecore_web_readable,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let (first, second) = (arg::out(first, "first")?, arg::out(second, "second")?);
            let (one, two) = match nodecore_web_readable::own(stream)? {
                nodecore_web_readable::Items(stream) => {
                    let (one, two) = stream.tee()?;
                    (nodecore_web_readable::Items(one), nodecore_web_readable::Items(two))
                }
                nodecore_web_readable::Bytes(stream) => {
                    let (one, two) = stream.tee()?;
                    (nodecore_web_readable::Bytes(one), nodecore_web_readable::Bytes(two))
                }
            };
            first.set(one.into_raw());
            second.set(two.into_raw());
            Ok(())
        })
    }
}

/// Pipes either kind.
pub(super) fn pipe(
    stream: &nodecore_web_readable,
    dest: &nodecore_web_writable,
    options: PipeToOptions,
) -> Result<Promise<()>> {
    match stream {
        nodecore_web_readable::Items(stream) => stream.pipe_into(&dest.0, options),
        nodecore_web_readable::Bytes(stream) => stream.pipe_into(&dest.0, options),
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` and `dest` are null or live handles, on their loop's thread; `opts` is null or a struct of the size it
///   says, whose signal is null or a live handle; `cb` and `release` may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_readable_pipe_to(
    stream: *mut nodecore_web_readable,
    dest: *mut nodecore_web_writable,
    opts: *const nodecore_web_pipe_options,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        promised(cb, user, release, || {
            let stream = nodecore_web_readable::own(stream)?;
            let dest = arg::object(dest, "dest")?.clone();
            let outcome = pipe(&stream, &dest, pipe_options(opts)?);
            Ok((stream.event_loop(), outcome.unwrap_or_else(Promise::rejected)))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` and `transform` are null or live handles, on their loop's thread; `opts` is null or a struct of the
///   size it says, whose signal is null or a live handle; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_readable_pipe_through(
    stream: *mut nodecore_web_readable,
    transform: *mut nodecore_web_transform,
    opts: *const nodecore_web_pipe_options,
    out: *mut *mut nodecore_web_readable,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let stream = nodecore_web_readable::own(stream)?;
            let nodecore_web_transform { readable, writable, .. } =
                arg::object(transform, "transform")?.clone();
            // How the pipe ends is told by the two sides.
            let _outcome = pipe(&stream, &writable, pipe_options(opts)?)?;
            out.set(readable.into_raw());
            Ok(())
        })
    }
}
