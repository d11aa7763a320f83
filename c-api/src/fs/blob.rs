//! `nodecore/fs_blob.h`.

use std::ffi::{c_char, c_void};
use std::ptr::{null, null_mut};

use nodecore_fs::{Blob, promises};

use super::handle::begin;
use super::{finish_data, nodecore_fs_data_cb, path_arg};
use crate::boundary::{Castable, arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release, nodecore_request};
use crate::str::{nodecore_buf, nodecore_str};
use crate::stream::lend_error;
use crate::web::readable::nodecore_web_readable;
use crate::web::text::text_of;

pub const NODECORE_BLOB_END: i64 = i64::MAX;

#[derive(Debug)]
pub struct nodecore_blob(Blob);
impl Castable for nodecore_blob {}

const _: () = {
    const fn assert_sync<T: Send + Sync>() {}
    assert_sync::<nodecore_blob>();
};

pub type nodecore_blob_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, blob: *mut nodecore_blob, user: *mut c_void)>;

/// Declared in the header.
///
/// # Safety
/// - `path` and `type_` are null or as their lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_open_as_blob_sync(
    path: *const c_char,
    path_len: usize,
    type_: *const c_char,
    type_len: usize,
    out: *mut *mut nodecore_blob,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let kind = arg::text(type_, type_len, "type")?;
            let blob = nodecore_fs::open_as_blob_sync(path_arg(path, path_len, "path")?, kind)?;
            out.set(nodecore_blob(blob).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `path` and `type_` are null or as their lengths say; `cb` and
///   `release` may be called with `user`; `req` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_open_as_blob(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    type_: *const c_char,
    type_len: usize,
    cb: nodecore_blob_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        begin(cb, (user, release), req, err, |call| {
            let lp = event_loop(lp)?;
            let kind = arg::text(type_, type_len, "type")?;
            let opening = promises::open_as_blob(lp, path_arg(path, path_len, "path")?, kind);
            opening.then(lp, move |result| match result {
                Ok(blob) => (call.cb)(null(), nodecore_blob(blob).into_raw(), call.user()),
                Err(error) => lend_error(Some(&error), |err| (call.cb)(err, null_mut(), call.user())),
            })
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `blob` is null or one that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_blob_free(blob: *mut nodecore_blob) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(blob) };
}

/// Declared in the header.
///
/// # Safety
/// - `blob` is null or a live blob.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_blob_size(blob: *const nodecore_blob) -> u64 {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(blob) }.map_or(0, |blob| blob.0.size())
}

/// Declared in the header.
///
/// # Safety
/// - `blob` is null or a live blob.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_blob_type(blob: *const nodecore_blob) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(blob) }
        .map_or(nodecore_str::NONE, |blob| nodecore_str::new(blob.0.kind().as_bytes()))
}

/// Declared in the header.
///
/// # Safety
/// - `blob` is null or a live blob; `type_` is null or as its length says; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_blob_slice(
    blob: *const nodecore_blob,
    start: i64,
    end: i64,
    type_: *const c_char,
    type_len: usize,
    out: *mut *mut nodecore_blob,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let kind = arg::text(type_, type_len, "type")?;
            let end = Some(end).filter(|&end| end != NODECORE_BLOB_END);
            let part = arg::object(blob, "blob")?.0.slice(start, end, kind);
            out.set(nodecore_blob(part).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `blob` is null or a live blob; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_blob_bytes_sync(
    blob: *const nodecore_blob,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(arg::object(blob, "blob")?.0.bytes_sync()?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `blob` is null or a live blob; `lp` is null or a live loop, on its own thread; `cb` and `release` may be called
///   with `user`; `req` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_blob_bytes(
    blob: *const nodecore_blob,
    lp: *mut nodecore_loop,
    cb: nodecore_fs_data_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        begin(cb, (user, release), req, err, |call| {
            let lp = event_loop(lp)?;
            let reading = arg::object(blob, "blob")?.0.bytes(lp);
            reading.then(lp, move |result| finish_data(call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_blob_bytes`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_blob_text(
    blob: *const nodecore_blob,
    lp: *mut nodecore_loop,
    cb: nodecore_fs_data_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        begin(cb, (user, release), req, err, |call| {
            let lp = event_loop(lp)?;
            let reading = arg::object(blob, "blob")?.0.text(lp);
            reading.then(lp, move |result| finish_data(call, result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `blob` is null or a live blob; `lp` is null or a live loop, on its own thread; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_blob_stream(
    blob: *const nodecore_blob,
    lp: *mut nodecore_loop,
    out: *mut *mut nodecore_web_readable,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let stream = arg::object(blob, "blob")?.0.stream(event_loop(lp)?)?;
            out.set(nodecore_web_readable::Bytes(stream).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - As [`nodecore_blob_stream`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_blob_text_stream(
    blob: *const nodecore_blob,
    lp: *mut nodecore_loop,
    out: *mut *mut nodecore_web_readable,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let (blob, lp) = (arg::object(blob, "blob")?, event_loop(lp)?);
            let bytes = nodecore_web_readable::Bytes(blob.0.stream(lp)?);
            out.set(text_of(lp, &bytes)?.into_raw());
            Ok(())
        })
    }
}
