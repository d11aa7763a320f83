//! `nodecore/zlib_zip_file.h`.

use std::ffi::{c_char, c_void};
use std::ptr::{null, null_mut};

use ::nodecore_error::Result;
use bytes::Bytes;
use nodecore_event_loop::EventLoop;
use nodecore_zlib::zip::{ZipEntry, ZipFile};

use super::entry::{finish_entry, nodecore_zip_entries, nodecore_zip_entry, nodecore_zip_entry_cb};
use super::{
    content_options, entry_options, file_options, nodecore_zip_content_options, nodecore_zip_entry_options,
    nodecore_zip_file_options, stream_of,
};
use crate::boundary::{Castable, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release, nodecore_request};
use crate::fs::handle::begin;
use crate::fs::{Call, finish, path_of};
use crate::str::{nodecore_buf, nodecore_str};
use crate::stream::{lend_error, nodecore_done_cb, nodecore_stream};

#[derive(Debug)]
pub struct nodecore_zip_file {
    file: ZipFile,
    comment: String,
}
impl Castable for nodecore_zip_file {}

impl From<ZipFile> for nodecore_zip_file {
    fn from(file: ZipFile) -> nodecore_zip_file {
        let comment = file.comment();
        nodecore_zip_file { file, comment }
    }
}

/// The archive behind a handle, which a callback may free.
///
/// # Safety
/// - `file` is null or a live handle, on its thread.
unsafe fn object(file: *const nodecore_zip_file) -> Result<ZipFile> {
    // SAFETY: as the caller vouches.
    Ok(unsafe { arg::object(file, "file") }?.file.clone())
}

pub type nodecore_zip_file_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, file: *mut nodecore_zip_file, user: *mut c_void)>;
pub type nodecore_zip_delete_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, deleted: bool, user: *mut c_void)>;

/// What changes with a callback share.
///
/// # Safety
/// - `file` is null or a live handle and `lp` null or a live loop, on this thread; `cb` and `release` may be called
///   with `user`; `err` is null or writable.
unsafe fn change<F>(
    file: *mut nodecore_zip_file,
    lp: *mut nodecore_loop,
    cb: Option<F>,
    user: (*mut c_void, nodecore_release),
    err: *mut *mut nodecore_error,
    start: impl FnOnce(&ZipFile, &EventLoop, Call<F>) -> Result<()>,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        begin(cb, user, null_mut(), err, |call| {
            start(&object(file)?, event_loop(lp)?, call)?;
            Ok(None)
        })
    }
}

// ---- Opening and closing ----

/// Declared in the header.
///
/// # Safety
/// - `path` is null or as its length says; `opts` is null or a struct of the size it says; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_file_open_sync(
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_zip_file_options,
    out: *mut *mut nodecore_zip_file,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let path = path_of(arg::bytes(path, path_len, "path")?);
            let file = ZipFile::open_sync(path, &file_options(opts)?)?;
            out.set(nodecore_zip_file::from(file).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `path` is null or as its length says; `opts` is null or a struct of
///   the size it says; `cb` and `release` may be called with `user`; `req` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_file_open(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_zip_file_options,
    cb: nodecore_zip_file_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        begin(cb, (user, release), req, err, |call| {
            let lp = event_loop(lp)?;
            let path = path_of(arg::bytes(path, path_len, "path")?);
            let request = ZipFile::open(lp, path, &file_options(opts)?, move |result| {
                let run = |err, file| (call.cb)(err, file, call.user());
                match result {
                    Ok(file) => run(null(), nodecore_zip_file::from(file).into_raw()),
                    Err(error) => lend_error(Some(&error), |err| run(err, null_mut())),
                }
            });
            Ok(Some(request))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `file` is null or a live handle, on its thread; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_file_close_sync(
    file: *mut nodecore_zip_file,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { entry(err, || object(file)?.close_sync()) }
}

/// Declared in the header.
///
/// # Safety
/// - `file` is null or a live handle and `lp` null or a live loop, on this thread; `cb` and `release` may be called
///   with `user`; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_file_close(
    file: *mut nodecore_zip_file,
    lp: *mut nodecore_loop,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        change(file, lp, cb, (user, release), err, |file, lp, call| {
            file.close(lp, move |result| finish(call, result));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `file` is null or a handle that was not freed, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_file_free(file: *mut nodecore_zip_file) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(file) };
}

// ---- Looking into it ----

/// Declared in the header.
///
/// # Safety
/// - `file` is null or a live handle, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_file_size(file: *const nodecore_zip_file) -> usize {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(file) }.map_or(0, |file| total(0, || file.file.size()))
}

/// Declared in the header.
///
/// # Safety
/// - `file` is null or a live handle, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_file_comment(file: *const nodecore_zip_file) -> nodecore_str {
    // SAFETY: as the caller vouches.
    let file = unsafe { arg::nullable(file) };
    nodecore_str::nullable(file.map(|file| file.comment.as_bytes()))
}

/// Declared in the header.
///
/// # Safety
/// - `file` is null or a live handle, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_file_writable(file: *const nodecore_zip_file) -> bool {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(file) }.is_some_and(|file| total(false, || file.file.writable()))
}

/// Declared in the header.
///
/// # Safety
/// - `file` is null or a live handle, on its thread; `name` is null or as its length says; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_file_has(
    file: *const nodecore_zip_file,
    name: *const c_char,
    name_len: usize,
    out: *mut bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(object(file)?.has(arg::text(name, name_len, "name")?)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zip_file_has`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_file_get(
    file: *const nodecore_zip_file,
    name: *const c_char,
    name_len: usize,
    out: *mut *mut nodecore_zip_entry,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { get(file, name, name_len, out, err, ZipFile::get) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zip_file_has`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_file_get_sync(
    file: *const nodecore_zip_file,
    name: *const c_char,
    name_len: usize,
    out: *mut *mut nodecore_zip_entry,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { get(file, name, name_len, out, err, ZipFile::get_sync) }
}

/// # Safety
/// - as for [`nodecore_zip_file_has`].
unsafe fn get(
    file: *const nodecore_zip_file,
    name: *const c_char,
    name_len: usize,
    out: *mut *mut nodecore_zip_entry,
    err: *mut *mut nodecore_error,
    get: impl FnOnce(&ZipFile, &str) -> Result<ZipEntry>,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let found = get(&object(file)?, arg::text(name, name_len, "name")?)?;
            out.set(nodecore_zip_entry::from(found).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `file` is null or a live handle, on its thread; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_file_entries(
    file: *const nodecore_zip_file,
    out: *mut *mut nodecore_zip_entries,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { entries(file, out, err, ZipFile::values) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zip_file_entries`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_file_entries_sync(
    file: *const nodecore_zip_file,
    out: *mut *mut nodecore_zip_entries,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { entries(file, out, err, ZipFile::values_sync) }
}

/// # Safety
/// - as for [`nodecore_zip_file_entries`].
unsafe fn entries(
    file: *const nodecore_zip_file,
    out: *mut *mut nodecore_zip_entries,
    err: *mut *mut nodecore_error,
    values: impl FnOnce(&ZipFile) -> Result<Vec<ZipEntry>>,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(nodecore_zip_entries::new(values(&object(file)?)?).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `file` is null or a live handle and `lp` null or a live loop, on this thread; `name` and `opts` are null or as
///   their lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_file_stream(
    file: *mut nodecore_zip_file,
    lp: *mut nodecore_loop,
    name: *const c_char,
    name_len: usize,
    opts: *const nodecore_zip_content_options,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let (name, options) = (arg::text(name, name_len, "name")?, content_options(opts)?);
            let stream = object(file)?.stream(event_loop(lp)?, name, &options)?;
            out.set(stream_of(&stream).into_raw());
            Ok(())
        })
    }
}

// ---- Changing it ----

/// Declared in the header.
///
/// # Safety
/// - `file` is null or a live handle, on its thread; `name`, `data` and `opts` are null or as their lengths say; `out`
///   and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_file_add_sync(
    file: *mut nodecore_zip_file,
    name: *const c_char,
    name_len: usize,
    data: *const c_void,
    len: usize,
    opts: *const nodecore_zip_entry_options,
    out: *mut *mut nodecore_zip_entry,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let name = arg::text(name, name_len, "name")?;
            let data = Bytes::copy_from_slice(arg::data(data, len, "data")?);
            let made = object(file)?.add_sync(name, data, &entry_options(opts)?)?;
            if !out.is_null() {
                out.write(nodecore_zip_entry::from(made).into_raw());
            }
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `file` is null or a live handle and `lp` null or a live loop, on this thread; `name`, `data` and `opts` are null or
///   as their lengths say; `cb` and `release` may be called with `user`; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_file_add(
    file: *mut nodecore_zip_file,
    lp: *mut nodecore_loop,
    name: *const c_char,
    name_len: usize,
    data: *const c_void,
    len: usize,
    opts: *const nodecore_zip_entry_options,
    cb: nodecore_zip_entry_cb,
    user: *mut c_void,
    release: nodecore_release,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        change(file, lp, cb, (user, release), err, |file, lp, call| {
            let name = arg::text(name, name_len, "name")?;
            let data = Bytes::copy_from_slice(arg::data(data, len, "data")?);
            let options = entry_options(opts)?;
            file.add(lp, name, data, &options, move |result| finish_entry(&call, result));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `file` and `handle` are null or live, on this thread; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_file_add_entry_sync(
    file: *mut nodecore_zip_file,
    handle: *mut nodecore_zip_entry,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { entry(err, || object(file)?.add_entry_sync(&nodecore_zip_entry::object(handle)?)) }
}

/// Declared in the header.
///
/// # Safety
/// - `file` and `handle` are null or live and `lp` null or a live loop, on this thread; `cb` and `release` may be called
///   with `user`; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_file_add_entry(
    file: *mut nodecore_zip_file,
    lp: *mut nodecore_loop,
    handle: *mut nodecore_zip_entry,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        change(file, lp, cb, (user, release), err, |file, lp, call| {
            file.add_entry(lp, &nodecore_zip_entry::object(handle)?, move |result| finish(call, result));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `file` is null or a live handle, on its thread; `name` is null or as its length says; `deleted` and `err` are null
///   or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_file_delete_sync(
    file: *mut nodecore_zip_file,
    name: *const c_char,
    name_len: usize,
    deleted: *mut bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let gone = object(file)?.delete_sync(arg::text(name, name_len, "name")?)?;
            if !deleted.is_null() {
                deleted.write(gone);
            }
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `file` is null or a live handle and `lp` null or a live loop, on this thread; `name` is null or as its length says;
///   `cb` and `release` may be called with `user`; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_file_delete(
    file: *mut nodecore_zip_file,
    lp: *mut nodecore_loop,
    name: *const c_char,
    name_len: usize,
    cb: nodecore_zip_delete_cb,
    user: *mut c_void,
    release: nodecore_release,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        change(file, lp, cb, (user, release), err, |file, lp, call| {
            file.delete(lp, arg::text(name, name_len, "name")?, move |result| {
                let (deleted, error) = result.map_or_else(|error| (false, Some(error)), |gone| (gone, None));
                lend_error(error.as_ref(), |err| (call.cb)(err, deleted, call.user()));
            });
            Ok(())
        })
    }
}

// ---- Writing it out ----

/// # Safety
/// - `comment` is null or as its length says.
unsafe fn comment_of<'a>(comment: *const c_char, len: usize) -> Result<Option<&'a str>> {
    if comment.is_null() && len == 0 {
        return Ok(None);
    }
    // SAFETY: as the caller vouches.
    unsafe { arg::text(comment, len, "comment") }.map(Some)
}

/// Declared in the header.
///
/// # Safety
/// - `file` is null or a live handle and `lp` null or a live loop, on this thread; `comment` is null or as its length
///   says; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_file_compact(
    file: *mut nodecore_zip_file,
    lp: *mut nodecore_loop,
    comment: *const c_char,
    comment_len: usize,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let stream = object(file)?.compact(event_loop(lp)?, comment_of(comment, comment_len)?)?;
            out.set(stream_of(&stream).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `file` is null or a live handle, on its thread; `comment` is null or as its length says; `out` and `err` are null
///   or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_file_compact_sync(
    file: *mut nodecore_zip_file,
    comment: *const c_char,
    comment_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(object(file)?.compact_sync(comment_of(comment, comment_len)?)?.into());
            Ok(())
        })
    }
}
