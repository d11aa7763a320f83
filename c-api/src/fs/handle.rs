//! `nodecore/fs_handle.h`.

use std::ffi::{c_char, c_void};
use std::pin::Pin;
use std::ptr::{null, null_mut};
use std::task::{Context, Poll};

use ::nodecore_error::Result;
use ::nodecore_stream::{Readable, ReadableOptions, Writable};
use bytes::Bytes;
use futures_core::Stream;
use nodecore_event_loop::{EventLoop, Request};
use nodecore_events::AbortSignal;
use nodecore_fs::promises::FileHandle;
use nodecore_fs::{Lines, ReadFileOptions, ReadStream, WriteFileOptions, WriteStream};

use super::metadata::{finish_stat, nodecore_fs_stat_cb};
use super::streams::{nodecore_fs_stream_options, read_options, write_options};
use super::{
    Call, finish, finish_data, mode_or, nodecore_fd, nodecore_fs_cb, nodecore_fs_data_cb, nodecore_fs_io_cb,
    path_arg, range, submit,
};
use crate::abort::nodecore_abort_signal;
use crate::boundary::{Castable, Foreign, SizedOptions, arg, entry, total};
use crate::chunk::Item;
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{nodecore_loop, nodecore_loop_cb, nodecore_release, nodecore_request};
use crate::events::nodecore_listener_id;
use crate::str::{nodecore_buf, nodecore_str};
use crate::stream::{lend_error, nodecore_stream};
use crate::web::readable::nodecore_web_readable;

#[derive(Debug)]
pub struct nodecore_file_handle(FileHandle);
impl Castable for nodecore_file_handle {}

/// A handle of its own, since a callback may free the caller's.
///
/// # Safety
/// - `handle` is null or a live handle, on its loop's thread.
unsafe fn object(handle: *const nodecore_file_handle) -> Result<FileHandle> {
    // SAFETY: as the caller vouches.
    Ok(unsafe { arg::object(handle, "handle") }?.0.clone())
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_file_handle_options {
    pub struct_size: usize,
    pub signal: *const nodecore_abort_signal,
    pub flush: bool,
}

impl SizedOptions for nodecore_file_handle_options {
    const ZERO: Self = nodecore_file_handle_options { struct_size: 0, signal: null(), flush: false };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// # Safety
/// - `opts` is null or a struct of the size it says, whose signal is null or a live handle.
unsafe fn options_of(opts: *const nodecore_file_handle_options) -> Result<(bool, Option<AbortSignal>)> {
    // SAFETY: as the caller vouches.
    unsafe {
        let opts = nodecore_file_handle_options::read(opts, "opts")?;
        Ok((opts.flush, nodecore_abort_signal::nullable(opts.signal)))
    }
}

pub type nodecore_file_handle_cb = Option<
    unsafe extern "C" fn(err: *const nodecore_error, handle: *mut nodecore_file_handle, user: *mut c_void),
>;
pub type nodecore_file_handle_readv_cb = Option<
    unsafe extern "C" fn(
        err: *const nodecore_error,
        n: usize,
        bufs: *mut nodecore_buf,
        count: usize,
        user: *mut c_void,
    ),
>;

/// What operations share that are futures in Rust: the guard first, then the checks of `begin`.
///
/// # Safety
/// - `cb` and `release` may be called with `user`; `req` and `err` are null or writable.
pub(crate) unsafe fn begin<F>(
    cb: Option<F>,
    (user, release): (*mut c_void, nodecore_release),
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
    begin: impl FnOnce(Call<F>) -> Result<Option<Request>>,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let call = Call { cb: arg::callback(cb, "cb")?, foreign };
            match begin(call)? {
                Some(request) => nodecore_request::give(request, req),
                None if req.is_null() => {}
                None => req.write(null_mut()),
            }
            Ok(())
        })
    }
}

/// As [`begin`], of an operation of a handle.
///
/// # Safety
/// - `handle` is null or a live handle, on its loop's thread; the rest as for [`begin`].
unsafe fn start<F>(
    handle: *mut nodecore_file_handle,
    cb: Option<F>,
    user: (*mut c_void, nodecore_release),
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
    operation: impl FnOnce(&FileHandle, &EventLoop, Call<F>) -> Result<Option<Request>>,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        begin(cb, user, req, err, |call| {
            let handle = object(handle)?;
            operation(&handle, handle.event_loop(), call)
        })
    }
}

/// Calls a callback that is told how much was moved.
fn finish_io<T>(
    call: &Call<unsafe extern "C" fn(*const nodecore_error, usize, *mut c_void)>,
    result: Result<(usize, T)>,
) {
    let (n, error) = match result {
        Ok((n, _)) => (n, None),
        Err(error) => (0, Some(error)),
    };
    // SAFETY: the caller gave the callback for this user, which is not released yet.
    lend_error(error.as_ref(), |err| unsafe { (call.cb)(err, n, call.user()) });
}

/// Calls a callback that is lent several buffers, each cut to what was read into it.
fn finish_readv(
    call: &Call<unsafe extern "C" fn(*const nodecore_error, usize, *mut nodecore_buf, usize, *mut c_void)>,
    result: Result<(usize, Vec<Vec<u8>>)>,
) {
    let (n, rooms) = match result {
        Ok(read) => read,
        Err(error) => {
            // SAFETY: the caller gave the callback for this user, which is not released yet.
            return lend_error(Some(&error), |err| unsafe {
                (call.cb)(err, 0, null_mut(), 0, call.user());
            });
        }
    };
    let mut left = n;
    let cut = |mut room: Vec<u8>| {
        room.truncate(left);
        left -= room.len();
        nodecore_buf::from(room)
    };
    let mut bufs: Vec<nodecore_buf> = rooms.into_iter().map(cut).collect();
    // SAFETY: as above.
    unsafe { (call.cb)(null(), n, bufs.as_mut_ptr(), bufs.len(), call.user()) };
    bufs.into_iter().for_each(|buf| drop(buf.into_bytes()));
}

/// Lines as the chunks of a stream.
struct LineItems(Lines);

/// How many lines are cut ahead of who reads them.
const LINES_AHEAD: usize = 16;

impl Stream for LineItems {
    type Item = Result<Item>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Item>>> {
        let line = Pin::new(&mut self.0).poll_next(context);
        line.map(|line| line.map(|line| line.map(|text| Item::from(Bytes::from(text)))))
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `path` is null or as its length says; `cb` and `release` may be
///   called with `user`; `req` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_file_handle_open(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    flags: i32,
    mode: i32,
    cb: nodecore_file_handle_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            let (path, mode) = (path_arg(path, path_len, "path")?, mode_or(mode, 0o666)?);
            FileHandle::open(lp, path, flags, mode, move |result| match result {
                Ok(handle) => (call.cb)(null(), nodecore_file_handle(handle).into_raw(), call.user()),
                Err(error) => lend_error(Some(&error), |err| (call.cb)(err, null_mut(), call.user())),
            })
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `handle` is null or a handle that was not freed, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_file_handle_free(handle: *mut nodecore_file_handle) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(handle) };
}

/// Declared in the header.
///
/// # Safety
/// - `handle` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_file_handle_copy(
    handle: *const nodecore_file_handle,
) -> *mut nodecore_file_handle {
    // SAFETY: as the caller vouches.
    unsafe { object(handle) }.map_or(null_mut(), |handle| nodecore_file_handle(handle).into_raw())
}

/// Declared in the header.
///
/// # Safety
/// - `handle` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_file_handle_fd(handle: *const nodecore_file_handle) -> nodecore_fd {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(handle) }.map_or(-1, |handle| total(-1, || handle.0.fd()))
}

/// Declared in the header.
///
/// # Safety
/// - `handle` is null or a live handle, on its loop's thread; `cb` and `release` may be called with `user`; `err` is
///   null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_file_handle_close(
    handle: *mut nodecore_file_handle,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        start(handle, cb, (user, release), null_mut(), err, |handle, lp, call| {
            let (close, alive) = (handle.close(), lp.keep_alive());
            lp.spawn_local(async move {
                let result = close.await;
                drop(alive);
                finish(call, result);
            });
            Ok(None)
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `handle` is null or a live handle, on its loop's thread; `cb` and `release` may be called with `user`; `id` is
///   null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_file_handle_on_close(
    handle: *mut nodecore_file_handle,
    cb: nodecore_loop_cb,
    user: *mut c_void,
    release: nodecore_release,
    id: *mut nodecore_listener_id,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), move || {
            let cb = arg::callback(cb, "cb")?;
            let added = object(handle)?.on_close(move || cb(foreign.user()));
            nodecore_listener_id::from(added).give(id);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `handle` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_file_handle_off(
    handle: *mut nodecore_file_handle,
    id: nodecore_listener_id,
) -> bool {
    // SAFETY: as the caller vouches.
    unsafe { object(handle) }.is_ok_and(|handle| total(false, || handle.off(id.into())))
}

/// Declared in the header.
///
/// # Safety
/// - `handle` is null or a live handle, on its loop's thread; `cb` and `release` may be called with `user`; `req`
///   and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_file_handle_sync(
    handle: *mut nodecore_file_handle,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        start(handle, cb, (user, release), req, err, |handle, lp, call| {
            handle.sync().then(lp, move |result| finish(call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_file_handle_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_file_handle_datasync(
    handle: *mut nodecore_file_handle,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        start(handle, cb, (user, release), req, err, |handle, lp, call| {
            handle.datasync().then(lp, move |result| finish(call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_file_handle_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_file_handle_truncate(
    handle: *mut nodecore_file_handle,
    len: u64,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        start(handle, cb, (user, release), req, err, |handle, lp, call| {
            handle.truncate(len).then(lp, move |result| finish(call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_file_handle_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_file_handle_chmod(
    handle: *mut nodecore_file_handle,
    mode: u32,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        start(handle, cb, (user, release), req, err, |handle, lp, call| {
            handle.chmod(mode).then(lp, move |result| finish(call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_file_handle_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_file_handle_chown(
    handle: *mut nodecore_file_handle,
    uid: u32,
    gid: u32,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        start(handle, cb, (user, release), req, err, |handle, lp, call| {
            handle.chown(uid, gid).then(lp, move |result| finish(call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_file_handle_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_file_handle_utimes(
    handle: *mut nodecore_file_handle,
    atime: f64,
    mtime: f64,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        start(handle, cb, (user, release), req, err, |handle, lp, call| {
            handle.utimes(atime, mtime).then(lp, move |result| finish(call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_file_handle_sync`]; `opts` is null or a struct of the size it says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_file_handle_stat(
    handle: *mut nodecore_file_handle,
    opts: *const nodecore_file_handle_options,
    cb: nodecore_fs_stat_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        start(handle, cb, (user, release), req, err, |handle, lp, call| {
            let stat = match options_of(opts)?.1 {
                Some(signal) => handle.stat_until(&signal),
                None => handle.stat(),
            };
            stat.then(lp, move |result| finish_stat(call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_file_handle_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_file_handle_read(
    handle: *mut nodecore_file_handle,
    len: usize,
    position: i64,
    cb: nodecore_fs_data_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        start(handle, cb, (user, release), req, err, |handle, lp, call| {
            let room = arg::reserve("len", len)?;
            handle.read(room, &range(position)).then(lp, move |result| {
                finish_data(
                    call,
                    result.map(|(read, mut room)| {
                        room.truncate(read);
                        room
                    }),
                )
            })
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_file_handle_sync`]; `lens` is null or points to `count` sizes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_file_handle_readv(
    handle: *mut nodecore_file_handle,
    lens: *const usize,
    count: usize,
    position: i64,
    cb: nodecore_file_handle_readv_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        start(handle, cb, (user, release), req, err, |handle, lp, call| {
            let lens = arg::slice(lens, count, "lens")?;
            let rooms = lens.iter().map(|&len| arg::reserve("lens", len)).collect::<Result<Vec<_>>>()?;
            let position = u64::try_from(position).ok();
            handle.readv(rooms, position).then(lp, move |result| finish_readv(&call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_file_handle_sync`]; `data` is null or as its length says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_file_handle_write(
    handle: *mut nodecore_file_handle,
    data: *const c_void,
    len: usize,
    position: i64,
    cb: nodecore_fs_io_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        start(handle, cb, (user, release), req, err, |handle, lp, call| {
            let data = Bytes::copy_from_slice(arg::data(data, len, "data")?);
            handle.write(data, &range(position)).then(lp, move |result| finish_io(&call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_file_handle_sync`]; `parts` is null or points to `count` views.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_file_handle_writev(
    handle: *mut nodecore_file_handle,
    parts: *const nodecore_str,
    count: usize,
    position: i64,
    cb: nodecore_fs_io_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        start(handle, cb, (user, release), req, err, |handle, lp, call| {
            let parts = arg::slice(parts, count, "parts")?
                .iter()
                .map(|part| arg::data(part.data.cast(), part.len, "parts").map(Bytes::copy_from_slice))
                .collect::<Result<Vec<_>>>()?;
            let position = u64::try_from(position).ok();
            handle.writev(parts, position).then(lp, move |result| finish_io(&call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_file_handle_sync`]; `opts` is null or a struct of the size it says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_file_handle_read_file(
    handle: *mut nodecore_file_handle,
    opts: *const nodecore_file_handle_options,
    cb: nodecore_fs_data_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        start(handle, cb, (user, release), req, err, |handle, lp, call| {
            let mut options = ReadFileOptions::default();
            options.signal = options_of(opts)?.1;
            handle.read_file(&options).then(lp, move |result| finish_data(call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_file_handle_sync`]; `data` and `opts` are null or as their sizes say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_file_handle_write_file(
    handle: *mut nodecore_file_handle,
    data: *const c_void,
    len: usize,
    opts: *const nodecore_file_handle_options,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        start(handle, cb, (user, release), req, err, |handle, lp, call| {
            let (flush, signal) = options_of(opts)?;
            let mut options = WriteFileOptions::default().flush(flush);
            options.signal = signal;
            let data = Bytes::copy_from_slice(arg::data(data, len, "data")?);
            handle.write_file(data, &options).then(lp, move |result| finish(call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_file_handle_sync`]; `data` and `opts` are null or as their sizes say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_file_handle_append_file(
    handle: *mut nodecore_file_handle,
    data: *const c_void,
    len: usize,
    opts: *const nodecore_file_handle_options,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        start(handle, cb, (user, release), req, err, |handle, lp, call| {
            let (flush, signal) = options_of(opts)?;
            let mut options = WriteFileOptions::default().flush(flush);
            options.signal = signal;
            let data = Bytes::copy_from_slice(arg::data(data, len, "data")?);
            handle.append_file(data, &options).then(lp, move |result| finish(call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `handle` is null or a live handle, on its loop's thread; `opts` is null or a struct of the size it says;
///   `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_file_handle_create_read_stream(
    handle: *mut nodecore_file_handle,
    opts: *const nodecore_fs_stream_options,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let options = read_options(&nodecore_fs_stream_options::read(opts, "opts")?)?;
            let stream = ReadStream::<Item>::from_handle(&object(handle)?, &options)?;
            out.set(nodecore_stream::from(Readable::clone(&stream)).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `handle` is null or a live handle, on its loop's thread; `opts` is null or a struct of the size it says;
///   `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_file_handle_create_write_stream(
    handle: *mut nodecore_file_handle,
    opts: *const nodecore_fs_stream_options,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let options = write_options(&nodecore_fs_stream_options::read(opts, "opts")?)?;
            let stream = WriteStream::<Item>::from_handle(&object(handle)?, &options)?;
            out.set(nodecore_stream::from(Writable::clone(&stream)).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `handle` is null or a live handle, on its loop's thread; `opts` is null or a struct of the size it says;
///   `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_file_handle_read_lines(
    handle: *mut nodecore_file_handle,
    opts: *const nodecore_fs_stream_options,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let options = read_options(&nodecore_fs_stream_options::read(opts, "opts")?)?;
            let handle = object(handle)?;
            let lines = LineItems(handle.read_lines(&options)?);
            let mark = ReadableOptions::default().object_mode(true).high_water_mark(LINES_AHEAD);
            let stream = Readable::from_stream_with(handle.event_loop(), mark, lines);
            out.set(nodecore_stream::from(stream).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `handle` is null or a live handle, on its loop's thread;
///   `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_file_handle_readable_web_stream(
    handle: *mut nodecore_file_handle,
    auto_close: bool,
    out: *mut *mut nodecore_web_readable,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let stream = object(handle)?.readable_web_stream(auto_close)?;
            out.set(nodecore_web_readable::Bytes(stream).into_raw());
            Ok(())
        })
    }
}
