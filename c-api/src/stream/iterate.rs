//! `nodecore/stream_iterate.h`: streams made of iterators, iterators over streams, and what goes over all chunks.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ffi::c_void;
use std::future::{Future, poll_fn, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use ::nodecore_error::Result;
use ::nodecore_stream::{
    ByteChunk, Chunks, HelperOptions, IteratorOptions, Readable, ReadableOptions, consumers,
};
use bytes::Bytes;
use futures_core::Stream;
use nodecore_event_loop::EventLoop;

use super::create::{nodecore_stream_options, options_of, readable_options};
use super::promise::{ChunkCall, NextCall, Promise, nodecore_chunk_fn, nodecore_next_cb};
use super::{DoneCall, lend, lend_error, nodecore_done, nodecore_done_cb, nodecore_stream, readable};
use crate::abort::nodecore_abort_signal;
use crate::boundary::{Castable, Foreign, SizedOptions, arg, entry};
use crate::chunk::{Item, nodecore_chunk};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release};
use crate::str::nodecore_buf;

// ---- Readable.from ----

pub type nodecore_from_fn = Option<unsafe extern "C" fn(done: *mut nodecore_done, user: *mut c_void)>;

/// The caller's function that gives the next chunk, as a stream.
struct Given {
    next: unsafe extern "C" fn(done: *mut nodecore_done, user: *mut c_void),
    foreign: Foreign,
    pending: Option<Promise>,
}

impl Stream for Given {
    type Item = Result<Item>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Item>>> {
        let mut promise = self.pending.take().unwrap_or_else(|| {
            let promise = Promise::default();
            // SAFETY: the caller gave the function for this user, which is released with this.
            unsafe { (self.next)(promise.done(), self.foreign.user()) };
            promise
        });
        match Pin::new(&mut promise).poll(context) {
            Poll::Ready(result) => Poll::Ready(result.transpose()),
            Poll::Pending => {
                self.pending = Some(promise);
                Poll::Pending
            }
        }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `opts` is null or a struct of the size it says, which points to
///   what it says; `next` and `release` may be called with `user`; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_from(
    lp: *mut nodecore_loop,
    opts: *const nodecore_stream_options,
    next: nodecore_from_fn,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let out = arg::out(out, "out")?;
            let next = arg::callback(next, "next")?;
            let mut options = readable_options(&options_of(opts)?);
            // Node's own for such streams.
            options.object_mode |= opts.is_null();
            options.high_water_mark = options.high_water_mark.or(Some(1));
            let given = Given { next, foreign, pending: None };
            let stream = Readable::from_stream_with(event_loop(lp)?, options, given);
            out.set(nodecore_stream::from(stream).into_raw());
            Ok(())
        })
    }
}

// ---- The iterator ----

#[derive(Debug)]
pub struct nodecore_stream_iterator(Rc<Iteration>);
impl Castable for nodecore_stream_iterator {}

struct Iteration {
    /// Taken while it is polled, and gone when the iterator is freed.
    chunks: RefCell<Option<Chunks<Item>>>,
    freed: Cell<bool>,
    waiting: RefCell<VecDeque<NextCall>>,
    running: Cell<bool>,
    waker: Cell<Option<Waker>>,
    lp: EventLoop,
}

impl std::fmt::Debug for Iteration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Iteration").field("freed", &self.freed).finish_non_exhaustive()
    }
}

impl Iteration {
    fn poll(&self, context: &mut Context<'_>) -> Poll<Result<Option<Item>>> {
        let chunks = self.chunks.borrow_mut().take();
        let Some(mut chunks) = chunks else { return Poll::Ready(Ok(None)) };
        let polled = Pin::new(&mut chunks).poll_next(context);
        // A function of the caller's that ran meanwhile may have freed the iterator.
        if !self.freed.get() {
            *self.chunks.borrow_mut() = Some(chunks);
        }
        self.waker.set(Some(context.waker().clone()));
        polled.map(Option::transpose)
    }

    /// Answers those who wait, in order.
    async fn answer(self: Rc<Self>) {
        loop {
            let call = self.waiting.borrow_mut().pop_front();
            let Some(call) = call else { break };
            let next = poll_fn(|context| self.poll(context)).await;
            call.run(next);
        }
        self.running.set(false);
    }
}

impl Drop for nodecore_stream_iterator {
    fn drop(&mut self) {
        self.0.freed.set(true);
        let chunks = self.0.chunks.borrow_mut().take();
        drop(chunks);
        if let Some(waker) = self.0.waker.take() {
            waker.wake();
        }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_iterator_new(
    stream: *mut nodecore_stream,
    keep: bool,
    out: *mut *mut nodecore_stream_iterator,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let stream = readable(stream)?;
            let options = IteratorOptions::default().destroy_on_return(!keep);
            let iteration = Iteration {
                chunks: RefCell::new(Some(stream.iterator(options))),
                freed: Cell::new(false),
                waiting: RefCell::default(),
                running: Cell::new(false),
                waker: Cell::default(),
                lp: stream.event_loop(),
            };
            out.set(nodecore_stream_iterator(Rc::new(iteration)).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `iterator` is null or a live iterator, on its loop's thread; `cb` and `release` may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_iterator_next(
    iterator: *mut nodecore_stream_iterator,
    cb: nodecore_next_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    let call = NextCall::new(cb, Foreign::new(user, release));
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(std::ptr::null_mut(), move || {
            let call = call.checked()?;
            let iteration = Rc::clone(&arg::object(iterator, "iterator")?.0);
            iteration.waiting.borrow_mut().push_back(call);
            if !iteration.running.replace(true) {
                let lp = iteration.lp.clone();
                lp.spawn_local(iteration.answer());
            }
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `iterator` is null or one that was not freed, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_iterator_free(iterator: *mut nodecore_stream_iterator) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(iterator) };
}

// ---- Helpers ----

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_helper_options {
    pub struct_size: usize,
    pub concurrency: usize,
    pub has_high_water_mark: bool,
    pub high_water_mark: usize,
    pub signal: *const nodecore_abort_signal,
}

impl SizedOptions for nodecore_helper_options {
    const ZERO: Self = nodecore_helper_options {
        struct_size: 0,
        concurrency: 0,
        has_high_water_mark: false,
        high_water_mark: 0,
        signal: std::ptr::null(),
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// # Safety
/// - `opts` is null or a struct of the size it says, whose signal is null or live.
unsafe fn helper_options(opts: *const nodecore_helper_options) -> Result<HelperOptions> {
    // SAFETY: as the caller vouches.
    let opts = unsafe { nodecore_helper_options::read(opts, "opts") }?;
    let mut options = HelperOptions::default().concurrency(opts.concurrency.max(1));
    options.high_water_mark = opts.has_high_water_mark.then_some(opts.high_water_mark);
    // SAFETY: as the caller vouches.
    options.signal = unsafe { nodecore_abort_signal::nullable(opts.signal) };
    Ok(options)
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `opts` is null or a struct of the size it says; `f` and
///   `release` may be called with `user`; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_map(
    stream: *mut nodecore_stream,
    opts: *const nodecore_helper_options,
    f: nodecore_chunk_fn,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let call = ChunkCall::new(f, Foreign::new(user, release));
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let out = arg::out(out, "out")?;
            let (call, options) = (call.checked()?, helper_options(opts)?);
            let made =
                readable(stream)?.filter_map_with(move |item, signal| call.call(item, signal), options);
            out.set(nodecore_stream::from(made).into_raw());
            Ok(())
        })
    }
}

pub type nodecore_flat_map_fn = Option<
    unsafe extern "C" fn(
        chunk: *mut nodecore_chunk,
        signal: *const nodecore_abort_signal,
        to: *mut nodecore_stream,
        user: *mut c_void,
    ),
>;

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_stream_map`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_flat_map(
    stream: *mut nodecore_stream,
    opts: *const nodecore_helper_options,
    f: nodecore_flat_map_fn,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let out = arg::out(out, "out")?;
            let (f, options) = (arg::callback(f, "fn")?, helper_options(opts)?);
            let stream = readable(stream)?;
            let lp = stream.event_loop();
            let made = stream.flat_map_with(
                move |item, signal| {
                    let to = Readable::pushed(&lp, ReadableOptions::default().object_mode(true));
                    let mut handle = nodecore_stream::from(to.clone());
                    let signal = nodecore_abort_signal::from(signal);
                    // SAFETY: the caller gave the function for this user; the handles live for the call.
                    item.lend(|chunk| f(chunk, &raw const signal, &raw mut handle, foreign.user()));
                    ready(Ok(to))
                },
                options,
            );
            out.set(nodecore_stream::from(made).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_drop(
    stream: *mut nodecore_stream,
    count: usize,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(nodecore_stream::from(readable(stream)?.drop(count)).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_stream_drop`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_take(
    stream: *mut nodecore_stream,
    count: usize,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(nodecore_stream::from(readable(stream)?.take(count)).into_raw());
            Ok(())
        })
    }
}

/// Runs `work` as a task of the stream's loop, and tells its outcome.
fn run<T: 'static>(
    stream: &Readable<Item>,
    work: impl Future<Output = Result<T>> + 'static,
    tell: impl FnOnce(Result<T>) + 'static,
) {
    stream.event_loop().spawn_local(async move { tell(work.await) });
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `opts` is null or a struct of the size it says; `f`
///   and `f_release` may be called with `f_user`, `cb` and `release` with `user`; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_for_each(
    stream: *mut nodecore_stream,
    opts: *const nodecore_helper_options,
    f: nodecore_chunk_fn,
    f_user: *mut c_void,
    f_release: nodecore_release,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let each = ChunkCall::new(f, Foreign::new(f_user, f_release));
    let call = DoneCall::new(cb, Foreign::new(user, release));
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let (each, call, options) = (each.checked()?, call.checked()?, helper_options(opts)?);
            let stream = readable(stream)?;
            let work = stream.for_each_with(
                move |item, signal| {
                    let done = each.call(item, signal);
                    async move { done.await.map(drop) }
                },
                options,
            );
            run(&stream, work, move |result| call.run(result.err().as_ref()));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_stream_for_each`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_find(
    stream: *mut nodecore_stream,
    opts: *const nodecore_helper_options,
    f: nodecore_chunk_fn,
    f_user: *mut c_void,
    f_release: nodecore_release,
    cb: nodecore_next_cb,
    user: *mut c_void,
    release: nodecore_release,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let each = ChunkCall::new(f, Foreign::new(f_user, f_release));
    let call = NextCall::new(cb, Foreign::new(user, release));
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let (each, call, options) = (each.checked()?, call.checked()?, helper_options(opts)?);
            let stream = readable(stream)?;
            let work = stream.find_with(
                move |item, signal| {
                    let answer = each.call(item, signal);
                    async move { answer.await.map(|given| given.is_some()) }
                },
                options,
            );
            run(&stream, work, move |result| call.run(result));
            Ok(())
        })
    }
}

pub type nodecore_array_cb = Option<
    unsafe extern "C" fn(
        err: *const nodecore_error,
        chunks: *mut nodecore_chunk,
        count: usize,
        user: *mut c_void,
    ),
>;

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `opts` is null or a struct of the size it says; `cb`
///   and `release` may be called with `user`; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_to_array(
    stream: *mut nodecore_stream,
    opts: *const nodecore_helper_options,
    cb: nodecore_array_cb,
    user: *mut c_void,
    release: nodecore_release,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let (cb, options) = (arg::callback(cb, "cb")?, helper_options(opts)?);
            let stream = readable(stream)?;
            run(&stream, stream.to_array(options), move |result| match result {
                // SAFETY: the caller gave `cb` for this user, which is released after it.
                Ok(items) => Item::lend_all(items, |chunks, count| {
                    cb(std::ptr::null(), chunks, count, foreign.user());
                }),
                Err(error) => lend_error(Some(&error), |err| {
                    cb(err, std::ptr::null_mut(), 0, foreign.user());
                }),
            });
            Ok(())
        })
    }
}

// ---- Consumers ----

pub type nodecore_bytes_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, data: *mut nodecore_buf, user: *mut c_void)>;

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `cb` and `release` may be called with `user`; `err` is
///   null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_bytes(
    stream: *mut nodecore_stream,
    cb: nodecore_bytes_cb,
    user: *mut c_void,
    release: nodecore_release,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe { entry(err, move || consume(stream, cb, foreign, consumers::buffer)) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_stream_bytes`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_text(
    stream: *mut nodecore_stream,
    cb: nodecore_bytes_cb,
    user: *mut c_void,
    release: nodecore_release,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe { entry(err, move || consume(stream, cb, foreign, consumers::text)) }
}

/// # Safety
/// - as for [`nodecore_stream_bytes`].
unsafe fn consume<T, F>(
    stream: *mut nodecore_stream,
    cb: nodecore_bytes_cb,
    foreign: Foreign,
    all: impl FnOnce(&Readable<Bytes>) -> F,
) -> Result<()>
where
    T: Into<nodecore_buf> + 'static,
    F: Future<Output = Result<T>> + 'static,
{
    // SAFETY: as the caller vouches.
    let (cb, stream) = unsafe { (arg::callback(cb, "cb")?, readable(stream)?) };
    let bytes = stream.map_with(|item, _| ready(item.into_bytes()), HelperOptions::default());
    run(&stream, all(&bytes), move |result: Result<T>| {
        // SAFETY: the caller gave `cb` for this user, which is released after it.
        let call = |err, data| unsafe { cb(err, data, foreign.user()) };
        match result {
            Ok(data) => lend(data, |data| call(std::ptr::null(), data)),
            Err(error) => lend_error(Some(&error), |err| call(err, std::ptr::null_mut())),
        }
    });
    Ok(())
}
