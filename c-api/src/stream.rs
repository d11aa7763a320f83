//! `nodecore/stream.h`.

use std::ffi::c_void;
use std::ptr::null_mut;

use ::nodecore_error::{Code, Error, Result};
use bytes::Bytes;
use nodecore_stream::web::Promise;
use nodecore_stream::{
    DestroyDone, Done, Duplex, Event, PipeOptions, Pipeline, PipelineOptions, Readable, ReadableOptions,
    Sink, Source, Transform, TransformDone, TransformOptions, Transformer, Writable, WritableOptions,
};

use crate::boundary::{Castable, Foreign, SizedOptions, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release};
use crate::str::nodecore_buf;

#[derive(Debug)]
pub struct nodecore_readable(pub(crate) Readable);
impl Castable for nodecore_readable {}

#[derive(Debug)]
pub struct nodecore_writable(pub(crate) Writable);
impl Castable for nodecore_writable {}

#[derive(Debug)]
pub struct nodecore_transform(pub(crate) Duplex);
impl Castable for nodecore_transform {}

#[derive(Debug)]
pub enum nodecore_done {
    Plain(Done),
    Transform(TransformDone<Bytes>),
    Web(Promise<()>),
}
impl Castable for nodecore_done {}

impl nodecore_done {
    fn call(self, result: Result<Option<Bytes>>) {
        match self {
            nodecore_done::Plain(done) => done.call(result.map(|_| ())),
            nodecore_done::Transform(done) => done.call(result),
            nodecore_done::Web(promise) => promise.settle(result.map(|_| ())),
        }
    }
}

pub type nodecore_event_cb = Option<unsafe extern "C" fn(err: *const nodecore_error, user: *mut c_void)>;
pub type nodecore_data_cb = Option<unsafe extern "C" fn(chunk: *mut nodecore_buf, user: *mut c_void)>;
pub type nodecore_done_cb = Option<unsafe extern "C" fn(err: *const nodecore_error, user: *mut c_void)>;

pub const NODECORE_EVENT_READABLE: i32 = 1;
pub const NODECORE_EVENT_END: i32 = 2;
pub const NODECORE_EVENT_PAUSE: i32 = 3;
pub const NODECORE_EVENT_RESUME: i32 = 4;
pub const NODECORE_EVENT_DRAIN: i32 = 5;
pub const NODECORE_EVENT_FINISH: i32 = 6;
pub const NODECORE_EVENT_ERROR: i32 = 7;
pub const NODECORE_EVENT_CLOSE: i32 = 8;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_stream_options {
    pub struct_size: usize,
    pub high_water_mark: usize,
    pub no_auto_destroy: bool,
    pub no_emit_close: bool,
}
impl SizedOptions for nodecore_stream_options {
    const ZERO: Self = nodecore_stream_options {
        struct_size: 0,
        high_water_mark: 0,
        no_auto_destroy: false,
        no_emit_close: false,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_readable_hooks {
    pub struct_size: usize,
    pub read: Option<unsafe extern "C" fn(stream: *mut nodecore_readable, size: usize, user: *mut c_void)>,
    pub destroy: Option<
        unsafe extern "C" fn(
            stream: *mut nodecore_readable,
            err: *const nodecore_error,
            done: *mut nodecore_done,
            user: *mut c_void,
        ),
    >,
}
impl SizedOptions for nodecore_readable_hooks {
    const ZERO: Self = nodecore_readable_hooks { struct_size: 0, read: None, destroy: None };
    const MIN_SIZE: usize = size_of::<Self>();
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_writable_hooks {
    pub struct_size: usize,
    pub write: Option<
        unsafe extern "C" fn(
            stream: *mut nodecore_writable,
            chunk: *mut nodecore_buf,
            done: *mut nodecore_done,
            user: *mut c_void,
        ),
    >,
    pub final_: Option<
        unsafe extern "C" fn(stream: *mut nodecore_writable, done: *mut nodecore_done, user: *mut c_void),
    >,
    pub destroy: Option<
        unsafe extern "C" fn(
            stream: *mut nodecore_writable,
            err: *const nodecore_error,
            done: *mut nodecore_done,
            user: *mut c_void,
        ),
    >,
}
impl SizedOptions for nodecore_writable_hooks {
    const ZERO: Self = nodecore_writable_hooks { struct_size: 0, write: None, final_: None, destroy: None };
    const MIN_SIZE: usize = size_of::<Self>();
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_transform_hooks {
    pub struct_size: usize,
    pub transform: Option<
        unsafe extern "C" fn(
            stream: *mut nodecore_transform,
            chunk: *mut nodecore_buf,
            done: *mut nodecore_done,
            user: *mut c_void,
        ),
    >,
    pub flush: Option<
        unsafe extern "C" fn(stream: *mut nodecore_transform, done: *mut nodecore_done, user: *mut c_void),
    >,
}
impl SizedOptions for nodecore_transform_hooks {
    const ZERO: Self = nodecore_transform_hooks { struct_size: 0, transform: None, flush: None };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// Lends `chunk` to a callback; what it did not take is released after it.
pub(crate) fn lend(chunk: impl Into<nodecore_buf>, call: impl FnOnce(*mut nodecore_buf)) {
    let mut buf = chunk.into();
    call(&raw mut buf);
    drop(buf.into_bytes());
}

/// Lends an error, or null, to a callback.
pub(crate) fn lend_error(error: Option<&Error>, call: impl FnOnce(*const nodecore_error)) {
    let error = error.map(|error| nodecore_error::new(error.clone()));
    call(error.as_ref().map_or(std::ptr::null(), std::ptr::from_ref));
}

struct ReadableHooks(nodecore_readable_hooks, Foreign);

impl Source<Bytes> for ReadableHooks {
    fn read(&self, stream: &Readable, size: usize) {
        let mut handle = nodecore_readable(stream.clone());
        if let Some(read) = self.0.read {
            // SAFETY: the caller gave the hook for this user; the handle lives for the call.
            unsafe { read(&raw mut handle, size, self.1.user()) };
        }
    }

    fn destroy(&self, stream: &Readable, error: Option<Error>, done: DestroyDone) {
        let Some(destroy) = self.0.destroy else { return done.with(error) };
        let mut handle = nodecore_readable(stream.clone());
        let done = nodecore_done::Plain(done).into_raw();
        // SAFETY: as in `read`; the hook calls `done` once.
        lend_error(error.as_ref(), |err| unsafe { destroy(&raw mut handle, err, done, self.1.user()) });
    }
}

struct WritableHooks(nodecore_writable_hooks, Foreign);

impl Sink<Bytes> for WritableHooks {
    fn write(&self, stream: &Writable, chunk: Bytes, done: Done) {
        let mut handle = nodecore_writable(stream.clone());
        let Some(write) = self.0.write else { return done.ok() };
        let done = nodecore_done::Plain(done).into_raw();
        // SAFETY: the caller gave the hook for this user; the handle lives for the call; `done` is called once.
        lend(chunk, |chunk| unsafe { write(&raw mut handle, chunk, done, self.1.user()) });
    }

    fn has_final(&self) -> bool {
        self.0.final_.is_some()
    }

    fn final_(&self, stream: &Writable, done: Done) {
        let mut handle = nodecore_writable(stream.clone());
        let Some(final_) = self.0.final_ else { return done.ok() };
        // SAFETY: as in `write`.
        unsafe { final_(&raw mut handle, nodecore_done::Plain(done).into_raw(), self.1.user()) };
    }

    fn destroy(&self, stream: &Writable, error: Option<Error>, done: DestroyDone) {
        let Some(destroy) = self.0.destroy else { return done.with(error) };
        let mut handle = nodecore_writable(stream.clone());
        let done = nodecore_done::Plain(done).into_raw();
        // SAFETY: as in `write`.
        lend_error(error.as_ref(), |err| unsafe { destroy(&raw mut handle, err, done, self.1.user()) });
    }
}

struct TransformHooks(nodecore_transform_hooks, Foreign);

impl Transformer<Bytes, Bytes> for TransformHooks {
    fn transform(&self, stream: &Transform, chunk: Bytes, done: TransformDone<Bytes>) {
        let mut handle = nodecore_transform(Duplex::clone(stream));
        let Some(transform) = self.0.transform else { return done.push(chunk) };
        let done = nodecore_done::Transform(done).into_raw();
        // SAFETY: the caller gave the hook for this user; the handle lives for the call; `done` is called once.
        lend(chunk, |chunk| unsafe { transform(&raw mut handle, chunk, done, self.1.user()) });
    }

    fn flush(&self, stream: &Transform, done: TransformDone<Bytes>) {
        let mut handle = nodecore_transform(Duplex::clone(stream));
        let Some(flush) = self.0.flush else { return done.ok() };
        // SAFETY: as in `transform`.
        unsafe { flush(&raw mut handle, nodecore_done::Transform(done).into_raw(), self.1.user()) };
    }
}

/// Declared in the header.
///
/// # Safety
/// - `done` is null or came from a hook and was not called; `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_done_call(done: *mut nodecore_done, err: *const nodecore_error) {
    // SAFETY: as the caller vouches.
    let (done, err) = unsafe { (take_done(done), arg::nullable(err)) };
    if let Some(done) = done {
        let result = err.map_or(Ok(None), |err| Err(err.error().clone()));
        total((), || done.call(result));
    }
}

/// Declared in the header.
///
/// # Safety
/// - `done` is null or came from a hook and was not called; `data` is null or points to `len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_done_push(done: *mut nodecore_done, data: *const c_void, len: usize) {
    // SAFETY: as the caller vouches.
    let (done, data) = unsafe { (take_done(done), arg::data(data, len, "data")) };
    if let Some(done) = done {
        let result = data.map(|data| (!data.is_empty()).then(|| Bytes::copy_from_slice(data)));
        total((), || done.call(result));
    }
}

/// # Safety
/// - `done` is null or came from a hook and was not called.
unsafe fn take_done(done: *mut nodecore_done) -> Option<nodecore_done> {
    // SAFETY: `into_raw` made it of a `Box`, and it is taken once, says the caller.
    (!done.is_null()).then(|| *unsafe { Box::from_raw(done) })
}

// ---- Readable ----

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `opts` and `hooks` are null or structs of the size they
///   say; hooks and `release` may be called with `user`; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_readable_new(
    lp: *mut nodecore_loop,
    opts: *const nodecore_stream_options,
    hooks: *const nodecore_readable_hooks,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_readable,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let out = arg::out(out, "out")?;
            let opts: nodecore_stream_options = SizedOptions::read(opts, "opts")?;
            let hooks: nodecore_readable_hooks = SizedOptions::read(hooks, "hooks")?;
            arg::callback(hooks.read, "hooks.read")?;
            let nodecore_stream_options { high_water_mark, no_auto_destroy, no_emit_close, .. } = opts;
            let mut options =
                ReadableOptions::default().auto_destroy(!no_auto_destroy).emit_close(!no_emit_close);
            if high_water_mark != 0 {
                options = options.high_water_mark(high_water_mark);
            }
            let stream = Readable::new(event_loop(lp)?, options, ReadableHooks(hooks, foreign));
            out.set(nodecore_readable(stream).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a handle that was not freed, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_readable_free(stream: *mut nodecore_readable) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(stream) };
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_readable_copy(stream: *const nodecore_readable) -> *mut nodecore_readable {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(stream) }
        .map_or(null_mut(), |stream| nodecore_readable(stream.0.clone()).into_raw())
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `data` is null or points to `len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_readable_push(
    stream: *mut nodecore_readable,
    data: *const c_void,
    len: usize,
) -> bool {
    // SAFETY: as the caller vouches.
    match unsafe { (arg::nullable(stream), arg::data(data, len, "data")) } {
        (Some(stream), Ok(data)) => push(&stream.0, Bytes::copy_from_slice(data)),
        _ => false,
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `chunk` is null or a live buffer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_readable_push_buf(
    stream: *mut nodecore_readable,
    chunk: *mut nodecore_buf,
) -> bool {
    // SAFETY: as the caller vouches.
    match unsafe { (arg::nullable(stream), chunk.as_mut()) } {
        (Some(stream), Some(chunk)) => push(&stream.0, chunk.share()),
        _ => false,
    }
}

fn push(stream: &Readable, chunk: Bytes) -> bool {
    let stream = stream.clone();
    total(false, || stream.push(Some(chunk)))
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_readable_push_end(stream: *mut nodecore_readable) {
    // SAFETY: as the caller vouches.
    if let Some(stream) = unsafe { readable(stream) } {
        total((), || _ = stream.push(None));
    }
}

/// A stream of its own, since a callback may free the caller's handle.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
unsafe fn readable(stream: *const nodecore_readable) -> Option<Readable> {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(stream) }.map(|stream| stream.0.clone())
}

/// As [`readable`].
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
unsafe fn writable(stream: *const nodecore_writable) -> Option<Writable> {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(stream) }.map(|stream| stream.0.clone())
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `out` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_readable_read(
    stream: *mut nodecore_readable,
    n: usize,
    out: *mut nodecore_buf,
) -> bool {
    // SAFETY: as the caller vouches.
    let (Some(stream), Ok(out)) = (unsafe { (readable(stream), arg::out(out, "out")) }) else { return false };
    match total(None, || stream.read((n != 0).then_some(n))) {
        Some(chunk) => {
            out.set(chunk.into());
            true
        }
        None => false,
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_readable_pause(stream: *mut nodecore_readable) {
    // SAFETY: as the caller vouches.
    if let Some(stream) = unsafe { readable(stream) } {
        total((), || stream.pause());
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_readable_resume(stream: *mut nodecore_readable) {
    // SAFETY: as the caller vouches.
    if let Some(stream) = unsafe { readable(stream) } {
        total((), || stream.resume());
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `cb` and `release` may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_readable_on_data(
    stream: *mut nodecore_readable,
    cb: nodecore_data_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(null_mut(), move || {
            let cb = arg::callback(cb, "cb")?;
            let stream = arg::object(stream, "stream")?.0.clone();
            // SAFETY: the caller gave `cb` for this user, which is released with the listener.
            stream.on_data_shared(move |chunk| lend(chunk, |chunk| cb(chunk, foreign.user())));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_readable_on_data`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_readable_on(
    stream: *mut nodecore_readable,
    event: i32,
    cb: nodecore_event_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        listen(cb, user, release, |call| {
            let stream = arg::object(stream, "stream")?.0.clone();
            match event {
                NODECORE_EVENT_READABLE => _ = stream.on_shared(Event::Readable, move || call.run(None)),
                NODECORE_EVENT_END => _ = stream.on_shared(Event::End, move || call.run(None)),
                NODECORE_EVENT_PAUSE => _ = stream.on_shared(Event::Pause, move || call.run(None)),
                NODECORE_EVENT_RESUME => _ = stream.on_shared(Event::Resume, move || call.run(None)),
                NODECORE_EVENT_CLOSE => _ = stream.on_shared(Event::Close, move || call.run(None)),
                NODECORE_EVENT_ERROR => _ = stream.on_error(move |error| call.run(Some(error))),
                _ => return Err(unknown_event(event)),
            }
            Ok(())
        })
    }
}

fn unknown_event(event: i32) -> Error {
    Error::from_template(Code::OutOfRange, &[&"event", &"an event of this kind of stream", &event])
}

/// Declared in the header.
///
/// # Safety
/// - `stream` and `dest` are null or live handles, on their loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_readable_pipe(
    stream: *mut nodecore_readable,
    dest: *mut nodecore_writable,
    keep_open: bool,
) -> nodecore_status {
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), || {
            let (stream, dest) =
                (arg::object(stream, "stream")?.0.clone(), arg::object(dest, "dest")?.0.clone());
            stream.pipe(&dest, PipeOptions::default().end(!keep_open));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_readable_destroy(
    stream: *mut nodecore_readable,
    err: *const nodecore_error,
) {
    // SAFETY: as the caller vouches.
    if let (Some(stream), err) = unsafe { (readable(stream), arg::nullable(err)) } {
        total((), || stream.destroy(err.map(|err| err.error().clone())));
    }
}

// ---- Writable ----

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_readable_new`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_writable_new(
    lp: *mut nodecore_loop,
    opts: *const nodecore_stream_options,
    hooks: *const nodecore_writable_hooks,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_writable,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let out = arg::out(out, "out")?;
            let opts: nodecore_stream_options = SizedOptions::read(opts, "opts")?;
            let hooks: nodecore_writable_hooks = SizedOptions::read(hooks, "hooks")?;
            arg::callback(hooks.write, "hooks.write")?;
            let nodecore_stream_options { high_water_mark, no_auto_destroy, no_emit_close, .. } = opts;
            let mut options =
                WritableOptions::default().auto_destroy(!no_auto_destroy).emit_close(!no_emit_close);
            if high_water_mark != 0 {
                options = options.high_water_mark(high_water_mark);
            }
            let stream = Writable::new(event_loop(lp)?, options, WritableHooks(hooks, foreign));
            out.set(nodecore_writable(stream).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a handle that was not freed, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_writable_free(stream: *mut nodecore_writable) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(stream) };
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_writable_copy(stream: *const nodecore_writable) -> *mut nodecore_writable {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(stream) }
        .map_or(null_mut(), |stream| nodecore_writable(stream.0.clone()).into_raw())
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `data` is null or points to `len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_writable_write(
    stream: *mut nodecore_writable,
    data: *const c_void,
    len: usize,
) -> bool {
    // SAFETY: as the caller vouches.
    match unsafe { (writable(stream), arg::data(data, len, "data")) } {
        (Some(stream), Ok(data)) => total(false, || stream.write(Bytes::copy_from_slice(data))),
        _ => false,
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `chunk` is null or a live buffer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_writable_write_buf(
    stream: *mut nodecore_writable,
    chunk: *mut nodecore_buf,
) -> bool {
    // SAFETY: as the caller vouches.
    match unsafe { (writable(stream), chunk.as_mut()) } {
        (Some(stream), Some(chunk)) => {
            let chunk = chunk.share();
            total(false, || stream.write(chunk))
        }
        _ => false,
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_writable_end(stream: *mut nodecore_writable) {
    // SAFETY: as the caller vouches.
    if let Some(stream) = unsafe { writable(stream) } {
        total((), || stream.end());
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_writable_cork(stream: *mut nodecore_writable) {
    // SAFETY: as the caller vouches.
    if let Some(stream) = unsafe { writable(stream) } {
        total((), || stream.cork());
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_writable_uncork(stream: *mut nodecore_writable) {
    // SAFETY: as the caller vouches.
    if let Some(stream) = unsafe { writable(stream) } {
        total((), || stream.uncork());
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `cb` and `release` may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_writable_on(
    stream: *mut nodecore_writable,
    event: i32,
    cb: nodecore_event_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        listen(cb, user, release, |call| {
            let stream = arg::object(stream, "stream")?.0.clone();
            match event {
                NODECORE_EVENT_DRAIN => _ = stream.on_shared(Event::Drain, move || call.run(None)),
                NODECORE_EVENT_FINISH => _ = stream.on_shared(Event::Finish, move || call.run(None)),
                NODECORE_EVENT_CLOSE => _ = stream.on_shared(Event::Close, move || call.run(None)),
                NODECORE_EVENT_ERROR => _ = stream.on_error(move |error| call.run(Some(error))),
                _ => return Err(unknown_event(event)),
            }
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_writable_destroy(
    stream: *mut nodecore_writable,
    err: *const nodecore_error,
) {
    // SAFETY: as the caller vouches.
    if let (Some(stream), err) = unsafe { (writable(stream), arg::nullable(err)) } {
        total((), || stream.destroy(err.map(|err| err.error().clone())));
    }
}

// ---- Transform ----

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_readable_new`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_transform_new(
    lp: *mut nodecore_loop,
    opts: *const nodecore_stream_options,
    hooks: *const nodecore_transform_hooks,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_transform,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let out = arg::out(out, "out")?;
            let opts: nodecore_stream_options = SizedOptions::read(opts, "opts")?;
            let hooks: nodecore_transform_hooks = SizedOptions::read(hooks, "hooks")?;
            arg::callback(hooks.transform, "hooks.transform")?;
            let nodecore_stream_options { high_water_mark, no_auto_destroy, no_emit_close, .. } = opts;
            let mut options =
                TransformOptions::default().auto_destroy(!no_auto_destroy).emit_close(!no_emit_close);
            if high_water_mark != 0 {
                options = options.high_water_mark(high_water_mark);
            }
            let stream = Transform::new(event_loop(lp)?, options, TransformHooks(hooks, foreign));
            out.set(nodecore_transform(Duplex::clone(&stream)).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a handle that was not freed, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_transform_free(stream: *mut nodecore_transform) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(stream) };
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `data` is null or points to `len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_transform_push(
    stream: *mut nodecore_transform,
    data: *const c_void,
    len: usize,
) -> bool {
    // SAFETY: as the caller vouches.
    match unsafe { (arg::nullable(stream), arg::data(data, len, "data")) } {
        (Some(stream), Ok(data)) => push(&stream.0.readable(), Bytes::copy_from_slice(data)),
        _ => false,
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_transform_readable(
    stream: *const nodecore_transform,
) -> *mut nodecore_readable {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(stream) }
        .map_or(null_mut(), |stream| nodecore_readable(stream.0.readable()).into_raw())
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_transform_writable(
    stream: *const nodecore_transform,
) -> *mut nodecore_writable {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(stream) }
        .map_or(null_mut(), |stream| nodecore_writable(stream.0.writable()).into_raw())
}

// ---- Several streams ----

/// Declared in the header.
///
/// # Safety
/// - `source`, `dest` and the `count` pointers of `transforms` are null or live handles, on their loop's
///   thread; `cb` and `release` may be called with `user`; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_pipeline(
    source: *mut nodecore_readable,
    transforms: *const *mut nodecore_transform,
    count: usize,
    dest: *mut nodecore_writable,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let call = EventCall { cb: None, foreign: Foreign::new(user, release) };
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let call = EventCall { cb: Some(arg::callback(cb, "cb")?), ..call };
            let source = &arg::object(source, "source")?.0;
            let dest = &arg::object(dest, "dest")?.0;
            let mut line = Pipeline::from(source);
            for &transform in arg::slice(transforms, count, "transforms")? {
                line = line.through(&arg::object(transform.cast_const(), "transforms")?.0);
            }
            line.to(dest, PipelineOptions::default(), move |result| call.run(result.err().as_ref()))
        })
    }
}

/// A listener of the caller's with its `user`.
struct EventCall {
    cb: nodecore_event_cb,
    foreign: Foreign,
}

impl EventCall {
    fn run(&self, error: Option<&Error>) {
        if let Some(cb) = self.cb {
            // SAFETY: the caller gave `cb` for this user, which is not released yet.
            lend_error(error, |err| unsafe { cb(err, self.foreign.user()) });
        }
    }
}

/// What the `_on` functions share: the guard first, then the checks, then `add`.
///
/// # Safety
/// - `cb` and `release` may be called with `user`.
unsafe fn listen(
    cb: nodecore_event_cb,
    user: *mut c_void,
    release: nodecore_release,
    add: impl FnOnce(EventCall) -> Result<()>,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: `err` is null.
    unsafe {
        entry(null_mut(), move || {
            let cb = Some(arg::callback(cb, "cb")?);
            add(EventCall { cb, foreign })
        })
    }
}
