//! `nodecore/stream.h` and the headers it includes, a file for each family of verbs; here is what they share.

pub(crate) mod create;
pub(crate) mod events;
pub(crate) mod iterate;
pub(crate) mod machine;
pub(crate) mod peer;
pub(crate) mod pipeline;
pub(crate) mod promise;
pub(crate) mod readable;
pub(crate) mod value;
pub(crate) mod writable;

use std::cell::Cell;
use std::ffi::c_void;
use std::ptr::NonNull;

use ::nodecore_error::{Code, Error, Result};
use ::nodecore_stream::web::Promise;
use ::nodecore_stream::{AnyStream, Done, Duplex, Readable, TransformDone, Writable};
use bytes::Bytes;

use crate::boundary::{Castable, Foreign, arg, total};
use crate::chunk::{Given, Item, nodecore_chunk};
use crate::error::nodecore_error;
use crate::str::nodecore_buf;

pub const NODECORE_STREAM_READABLE: u32 = 1;
pub const NODECORE_STREAM_WRITABLE: u32 = 2;
pub const NODECORE_STREAM_DUPLEX: u32 = 3;
pub const NODECORE_STREAM_TRANSFORM: u32 = 7;

/// A stream of any kind.
#[derive(Clone, Debug)]
pub enum nodecore_stream {
    Readable(Readable<Item>),
    Writable(Writable<Item>),
    Duplex(Duplex<Item, Item>),
}
impl Castable for nodecore_stream {}

impl From<Readable<Item>> for nodecore_stream {
    fn from(stream: Readable<Item>) -> nodecore_stream {
        nodecore_stream::Readable(stream)
    }
}

impl From<Writable<Item>> for nodecore_stream {
    fn from(stream: Writable<Item>) -> nodecore_stream {
        nodecore_stream::Writable(stream)
    }
}

impl From<Duplex<Item, Item>> for nodecore_stream {
    fn from(stream: Duplex<Item, Item>) -> nodecore_stream {
        nodecore_stream::Duplex(stream)
    }
}

/// Does the same with a stream of any kind.
macro_rules! of_any {
    ($stream:expr, $name:ident => $body:expr) => {
        match $stream {
            $crate::stream::nodecore_stream::Readable($name) => $body,
            $crate::stream::nodecore_stream::Writable($name) => $body,
            $crate::stream::nodecore_stream::Duplex($name) => $body,
        }
    };
}
pub(crate) use of_any;

impl nodecore_stream {
    /// The stream behind a handle, which a callback may free.
    ///
    /// # Safety
    /// - `stream` is null or a live handle, on its loop's thread.
    pub(crate) unsafe fn object(stream: *const nodecore_stream) -> Result<nodecore_stream> {
        // SAFETY: as the caller vouches.
        unsafe { arg::object(stream, "stream") }.cloned()
    }

    /// Its readable side.
    ///
    /// # Errors
    /// [`Code::InvalidArgType`] if it has none.
    pub(crate) fn to_readable(&self, name: &str) -> Result<Readable<Item>> {
        match self {
            nodecore_stream::Readable(stream) => Ok(stream.clone()),
            nodecore_stream::Duplex(stream) => Ok(stream.readable()),
            nodecore_stream::Writable(_) => Err(unfit(name, "a readable stream", "a Writable")),
        }
    }

    /// Its writable side.
    ///
    /// # Errors
    /// [`Code::InvalidArgType`] if it has none.
    pub(crate) fn to_writable(&self, name: &str) -> Result<Writable<Item>> {
        match self {
            nodecore_stream::Writable(stream) => Ok(stream.clone()),
            nodecore_stream::Duplex(stream) => Ok(stream.writable()),
            nodecore_stream::Readable(_) => Err(unfit(name, "a writable stream", "a Readable")),
        }
    }

    /// Both its sides.
    ///
    /// # Errors
    /// [`Code::InvalidArgType`] if it has one only.
    pub(crate) fn to_duplex(&self, name: &str) -> Result<Duplex<Item, Item>> {
        match self {
            nodecore_stream::Duplex(stream) => Ok(stream.clone()),
            nodecore_stream::Readable(_) => Err(unfit(name, "a duplex stream", "a Readable")),
            nodecore_stream::Writable(_) => Err(unfit(name, "a duplex stream", "a Writable")),
        }
    }
}

fn unfit(name: &str, wanted: &str, received: &str) -> Error {
    Error::from_template(Code::InvalidArgType, &[&name, &wanted, &received])
}

impl From<&nodecore_stream> for AnyStream {
    fn from(stream: &nodecore_stream) -> AnyStream {
        of_any!(stream, stream => stream.into())
    }
}

/// The readable side of a caller's stream.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
pub(crate) unsafe fn readable(stream: *const nodecore_stream) -> Result<Readable<Item>> {
    // SAFETY: as the caller vouches.
    unsafe { arg::object(stream, "stream") }?.to_readable("stream")
}

/// The writable side of a caller's stream.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
pub(crate) unsafe fn writable(stream: *const nodecore_stream) -> Result<Writable<Item>> {
    // SAFETY: as the caller vouches.
    unsafe { arg::object(stream, "stream") }?.to_writable("stream")
}

/// What a function of the caller's calls when its work is done.
#[derive(Debug)]
pub struct nodecore_done {
    /// None once it has ended.
    work: Option<Work>,
    /// The library looks at it when the function has returned, and frees it or uses it again.
    lent: bool,
}
impl Castable for nodecore_done {}

/// Whose work it is.
#[derive(Clone, Debug)]
pub(crate) enum Work {
    Plain(Done),
    Transform(TransformDone<Item>),
    /// Of a function that gives a result.
    Promise(promise::Promise),
    /// Of a function of a web stream.
    Web(Promise<()>),
}

impl Work {
    #[inline(always)]
    fn call(self, result: Result<Option<Item>>) {
        match self {
            Work::Plain(done) => done.call(result.map(drop)),
            Work::Transform(done) => done.call(result),
            Work::Promise(promise) => promise.settle(result),
            Work::Web(promise) => promise.settle(result.map(drop)),
        }
    }

    /// Gives it to the caller.
    pub(crate) fn into_done(self) -> *mut nodecore_done {
        nodecore_done { work: Some(self), lent: false }.into_raw()
    }
}

/// Room for the work of a function that mostly ends inside it.
#[derive(Debug, Default)]
struct Spare(Cell<Option<NonNull<nodecore_done>>>);

impl Spare {
    /// Gives work to a function of the caller's, which ends it inside or later.
    fn lend(&self, work: Work, call: impl FnOnce(*mut nodecore_done)) {
        let done = self.fill(work);
        call(done);
        // SAFETY: it has just been filled, for this call.
        unsafe { self.empty(done) };
    }

    /// The handle of work for a function of the caller's, to be followed by [`empty`](Spare::empty).
    #[inline(always)]
    fn fill(&self, work: Work) -> *mut nodecore_done {
        let room = match self.0.take() {
            Some(room) => room.as_ptr(),
            None => nodecore_done { work: None, lent: true }.into_raw(),
        };
        // SAFETY: nobody else knows the room.
        unsafe { (*room).work = Some(work) };
        room
    }

    /// The function has returned.
    ///
    /// # Safety
    /// - `room` is what [`fill`](Spare::fill) gave for that function alone.
    #[inline(always)]
    unsafe fn empty(&self, room: *mut nodecore_done) {
        // SAFETY: nobody frees the room while it is lent, and no reference to it is left.
        unsafe {
            if (*room).work.is_some() {
                // It will be ended, and freed, by the caller.
                (*room).lent = false;
            } else if let Some(other) = self.0.replace(NonNull::new(room)) {
                nodecore_done::free(other.as_ptr());
            }
        }
    }
}

impl Drop for Spare {
    fn drop(&mut self) {
        if let Some(room) = self.0.take() {
            // SAFETY: `fill` made it, and `empty` has put it back since, so that nobody else knows it.
            unsafe { nodecore_done::free(room.as_ptr()) };
        }
    }
}

pub type nodecore_event_cb = Option<unsafe extern "C" fn(err: *const nodecore_error, user: *mut c_void)>;
pub type nodecore_done_cb = Option<unsafe extern "C" fn(err: *const nodecore_error, user: *mut c_void)>;
pub type nodecore_data_cb = Option<unsafe extern "C" fn(chunk: *mut nodecore_chunk, user: *mut c_void)>;

/// A callback of the caller's that gets an error or none, with its `user`.
pub(crate) struct DoneCall {
    cb: nodecore_done_cb,
    foreign: Foreign,
}

impl DoneCall {
    /// Built before anything can fail.
    pub(crate) fn new(cb: nodecore_done_cb, foreign: Foreign) -> DoneCall {
        DoneCall { cb, foreign }
    }

    /// Checks that there is a callback.
    pub(crate) fn checked(self) -> Result<DoneCall> {
        arg::callback(self.cb, "cb")?;
        Ok(self)
    }

    /// Whether there is a callback, where that is the caller's choice.
    pub(crate) fn is_some(&self) -> bool {
        self.cb.is_some()
    }

    pub(crate) fn run(&self, error: Option<&Error>) {
        if let Some(cb) = self.cb {
            // SAFETY: the caller gave `cb` for this user, which is not released yet.
            lend_error(error, |err| unsafe { cb(err, self.foreign.user()) });
        }
    }
}

/// Lends bytes to a callback; what it did not take is released after it.
pub(crate) fn lend(bytes: impl Into<nodecore_buf>, call: impl FnOnce(*mut nodecore_buf)) {
    let mut buf = bytes.into();
    call(&raw mut buf);
    drop(buf.into_bytes());
}

/// Lends an error, or null, to a callback.
pub(crate) fn lend_error(error: Option<&Error>, call: impl FnOnce(*const nodecore_error)) {
    let error = error.map(|error| nodecore_error::new(error.clone()));
    call(error.as_ref().map_or(std::ptr::null(), std::ptr::from_ref));
}

/// Declared in the header.
///
/// # Safety
/// - `done` is null or was given to a function of the caller's and is not ended; `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_done_call(done: *mut nodecore_done, err: *const nodecore_error) {
    // SAFETY: as the caller vouches.
    unsafe {
        if let Some(err) = arg::nullable(err) {
            end(done, Err(err.error().clone()));
        } else if let Some(work) = taken(done) {
            // Not by way of `end`: most chunks come here.
            total((), || work.call(Ok(None)));
        }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `done` is as for [`nodecore_done_call`]; `data` is null or points to `len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_done_push(done: *mut nodecore_done, data: *const c_void, len: usize) {
    // SAFETY: as the caller vouches.
    unsafe {
        let data = arg::data(data, len, "data");
        end(done, data.map(|data| (!data.is_empty()).then(|| Bytes::copy_from_slice(data).into())));
    }
}

/// Declared in the header.
///
/// # Safety
/// - `done` is as for [`nodecore_done_call`]; `chunk` is null or says what is there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_done_push_chunk(done: *mut nodecore_done, chunk: *mut nodecore_chunk) {
    // SAFETY: as the caller vouches.
    unsafe {
        let chunk = chunk.as_mut();
        if let Some(object) = chunk.as_ref().and_then(|chunk| chunk.given_object()) {
            // Not by way of `end`: most objects come here.
            if let Some(work) = taken(done) {
                total((), || work.call(Ok(Some(object))));
            }
        } else {
            end(done, chunk.map(|chunk| item_of(chunk)).transpose());
        }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `done` is as for [`nodecore_done_call`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_done_copy(done: *const nodecore_done) -> *mut nodecore_done {
    // SAFETY: as the caller vouches.
    let work = unsafe { arg::nullable(done) }.and_then(|done| done.work.clone());
    work.map_or(std::ptr::null_mut(), Work::into_done)
}

/// Declared in the header.
///
/// # Safety
/// - `done` is as for [`nodecore_done_call`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_done_free(done: *mut nodecore_done) {
    // SAFETY: as the caller vouches.
    if let Some(work) = unsafe { taken(done) } {
        total((), || drop(work));
    }
}

/// # Safety
/// - `done` is null or was given to a function of the caller's and is not ended.
#[inline(never)]
unsafe fn end(done: *mut nodecore_done, result: Result<Option<Item>>) {
    // SAFETY: as the caller vouches.
    if let Some(work) = unsafe { taken(done) } {
        total((), || work.call(result));
    }
}

/// Frees the handle, unless it is lent.
///
/// # Safety
/// - as for [`end`].
#[inline(always)]
unsafe fn taken(done: *mut nodecore_done) -> Option<Work> {
    // SAFETY: the caller vouches for a non-null `done`.
    let handle = unsafe { done.as_mut() }?;
    let work = handle.work.take();
    if !handle.lent {
        // SAFETY: what is not lent was made of a `Box`, and it is taken once, says the caller.
        drop(unsafe { Box::from_raw(done) });
    }
    work
}

/// What a chunk of the caller's is where no stream has a say in its encoding; text without one is UTF-8.
///
/// # Safety
/// - the fields say what is there.
pub(crate) unsafe fn item_of(chunk: &mut nodecore_chunk) -> Result<Item> {
    use ::nodecore_stream::FromText;
    use nodecore_buffer::Encoding;
    // SAFETY: as the caller vouches.
    Ok(match unsafe { chunk.given() }? {
        Given::Item(item) => item,
        Given::Text(text, encoding) => Item::from_text(text, encoding.unwrap_or(Encoding::Utf8)),
    })
}
