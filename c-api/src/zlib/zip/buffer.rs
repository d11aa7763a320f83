//! `nodecore/zlib_zip_buffer.h`.

use std::cell::RefCell;
use std::ffi::{c_char, c_void};
use std::ptr::null_mut;
use std::rc::Rc;

use ::nodecore_error::Result;
use bytes::Bytes;
use nodecore_zlib::zip::{ZipBuffer, ZipEntry};

use super::entry::{finish_entry, nodecore_zip_entries, nodecore_zip_entry, nodecore_zip_entry_cb};
use super::{
    archive_options, entry_options, nodecore_zip_archive_options, nodecore_zip_data_cb,
    nodecore_zip_entry_options,
};
use crate::boundary::{Castable, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release, nodecore_request};
use crate::fs::finish_data;
use crate::fs::handle::begin;
use crate::str::{nodecore_buf, nodecore_str};

#[derive(Debug)]
pub struct nodecore_zip_buffer {
    zip: Shared,
    comment: String,
}
impl Castable for nodecore_zip_buffer {}

/// The archive, which operations that are under way hold as well.
#[derive(Clone, Debug)]
struct Shared(Rc<RefCell<ZipBuffer>>);

impl Shared {
    /// Changes the archive. `old` is what that may drop: an entry's source is destroyed with it, by functions of the
    /// caller's, which shall find the archive at rest.
    fn change<T>(&self, old: Vec<ZipEntry>, change: impl FnOnce(&mut ZipBuffer) -> T) -> T {
        let changed = change(&mut self.0.borrow_mut());
        drop(old);
        changed
    }

    fn entry(&self, name: &str) -> Vec<ZipEntry> {
        self.0.borrow().get(name).into_iter().collect()
    }

    fn entries(&self) -> Vec<ZipEntry> {
        self.0.borrow().values().cloned().collect()
    }

    /// The archive as it is, for work that may destroy a source.
    fn snapshot(&self) -> ZipBuffer {
        self.0.borrow().clone()
    }

    fn add(&self, entry: &ZipEntry) {
        self.change(self.entry(&entry.name()), |zip| zip.add_entry(entry));
    }
}

impl From<ZipBuffer> for nodecore_zip_buffer {
    fn from(zip: ZipBuffer) -> nodecore_zip_buffer {
        let comment = zip.comment();
        nodecore_zip_buffer { zip: Shared(Rc::new(RefCell::new(zip))), comment }
    }
}

/// The archive behind a handle, which a callback may free.
///
/// # Safety
/// - `zip` is null or a live handle, on its thread.
unsafe fn object(zip: *const nodecore_zip_buffer) -> Result<Shared> {
    // SAFETY: as the caller vouches.
    Ok(unsafe { arg::object(zip, "zip") }?.zip.clone())
}

/// Declared in the header.
///
/// # Safety
/// - `data` is null or points to `len` readable bytes; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_buffer_new(
    data: *const c_void,
    len: usize,
    out: *mut *mut nodecore_zip_buffer,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let zip = ZipBuffer::new(Bytes::copy_from_slice(arg::data(data, len, "data")?))?;
            out.set(nodecore_zip_buffer::from(zip).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
#[unsafe(no_mangle)]
pub extern "C" fn nodecore_zip_buffer_empty() -> *mut nodecore_zip_buffer {
    total(null_mut(), || nodecore_zip_buffer::from(ZipBuffer::default()).into_raw())
}

/// Declared in the header.
///
/// # Safety
/// - `zip` is null or a handle that was not freed, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_buffer_free(zip: *mut nodecore_zip_buffer) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(zip) };
}

// ---- Looking into it ----

/// Declared in the header.
///
/// # Safety
/// - `zip` is null or a live handle, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_buffer_size(zip: *const nodecore_zip_buffer) -> usize {
    // SAFETY: as the caller vouches.
    unsafe { object(zip) }.map_or(0, |zip| total(0, || zip.0.borrow().size()))
}

/// Declared in the header.
///
/// # Safety
/// - `zip` is null or a live handle, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_buffer_comment(zip: *const nodecore_zip_buffer) -> nodecore_str {
    // SAFETY: as the caller vouches.
    let zip = unsafe { arg::nullable(zip) };
    nodecore_str::nullable(zip.map(|zip| zip.comment.as_bytes()))
}

/// Declared in the header.
///
/// # Safety
/// - `zip` is null or a live handle, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_buffer_writable(zip: *const nodecore_zip_buffer) -> bool {
    // SAFETY: as the caller vouches.
    unsafe { object(zip) }.is_ok_and(|zip| total(false, || zip.0.borrow().writable()))
}

/// Declared in the header.
///
/// # Safety
/// - `zip` is null or a live handle, on its thread; `name` is null or as its length says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_buffer_has(
    zip: *const nodecore_zip_buffer,
    name: *const c_char,
    name_len: usize,
) -> bool {
    // SAFETY: as the caller vouches.
    let (zip, name) = unsafe { (object(zip), arg::text(name, name_len, "name")) };
    let (Ok(zip), Ok(name)) = (zip, name) else { return false };
    total(false, || zip.0.borrow().has(name))
}

/// Declared in the header.
///
/// # Safety
/// - `zip` is null or a live handle, on its thread; `name` is null or as its length says; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_buffer_get(
    zip: *const nodecore_zip_buffer,
    name: *const c_char,
    name_len: usize,
    out: *mut *mut nodecore_zip_entry,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let found = object(zip)?.0.borrow().get(arg::text(name, name_len, "name")?)?;
            out.set(nodecore_zip_entry::from(found).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `zip` is null or a live handle, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_buffer_entries(
    zip: *const nodecore_zip_buffer,
) -> *mut nodecore_zip_entries {
    // SAFETY: as the caller vouches.
    unsafe { object(zip) }
        .map_or(null_mut(), |zip| total(null_mut(), || nodecore_zip_entries::new(zip.entries()).into_raw()))
}

// ---- Changing it ----

/// Declared in the header.
///
/// # Safety
/// - `zip` is null or a live handle, on its thread; `name`, `data` and `opts` are null or as their lengths say; `out`
///   and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_buffer_add_sync(
    zip: *mut nodecore_zip_buffer,
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
            let zip = object(zip)?;
            let name = arg::text(name, name_len, "name")?;
            let data = Bytes::copy_from_slice(arg::data(data, len, "data")?);
            let options = entry_options(opts)?;
            let made = zip.change(zip.entry(name), |zip| zip.add_sync(name, data, &options))?;
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
/// - `zip` is null or a live handle and `lp` null or a live loop, on this thread; `name`, `data` and `opts` are null or
///   as their lengths say; `cb` and `release` may be called with `user`; `req` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_buffer_add(
    zip: *mut nodecore_zip_buffer,
    lp: *mut nodecore_loop,
    name: *const c_char,
    name_len: usize,
    data: *const c_void,
    len: usize,
    opts: *const nodecore_zip_entry_options,
    cb: nodecore_zip_entry_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        begin(cb, (user, release), req, err, |call| {
            let (zip, lp) = (object(zip)?, event_loop(lp)?);
            let name = arg::text(name, name_len, "name")?;
            let data = Bytes::copy_from_slice(arg::data(data, len, "data")?);
            let options = entry_options(opts)?;
            let done =
                move |result: Result<ZipEntry>| finish_entry(&call, result.inspect(|entry| zip.add(entry)));
            Ok(Some(ZipEntry::create(lp, name, data, &options, done)))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `zip` and `handle` are null or live, on this thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_buffer_add_entry(
    zip: *mut nodecore_zip_buffer,
    handle: *mut nodecore_zip_entry,
) -> nodecore_status {
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), || {
            object(zip)?.add(&nodecore_zip_entry::object(handle)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `zip` is null or a live handle, on its thread; `name` is null or as its length says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_buffer_delete(
    zip: *mut nodecore_zip_buffer,
    name: *const c_char,
    name_len: usize,
) -> bool {
    // SAFETY: as the caller vouches.
    let (zip, name) = unsafe { (object(zip), arg::text(name, name_len, "name")) };
    let (Ok(zip), Ok(name)) = (zip, name) else { return false };
    total(false, || zip.change(zip.entry(name), |zip| zip.delete(name)))
}

/// Declared in the header.
///
/// # Safety
/// - `zip` is null or a live handle, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_buffer_clear(zip: *mut nodecore_zip_buffer) {
    // SAFETY: as the caller vouches.
    if let Ok(zip) = unsafe { object(zip) } {
        total((), || zip.change(zip.entries(), ZipBuffer::clear));
    }
}

// ---- Writing it out ----

/// Declared in the header.
///
/// # Safety
/// - `zip` is null or a live handle, on its thread; `opts` is null or a struct of the size it says, whose comment is
///   none or as its length says; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_buffer_to_buffer_sync(
    zip: *mut nodecore_zip_buffer,
    opts: *const nodecore_zip_archive_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let (zip, options) = (object(zip)?.snapshot(), archive_options(opts)?);
            out.set(zip.to_buffer_sync(&options)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `zip` is null or a live handle and `lp` null or a live loop, on this thread; `opts` is null or a struct of the size
///   it says, whose comment is none or as its length says; `cb` and `release` may be called with `user`; `err` is null
///   or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_buffer_to_buffer(
    zip: *mut nodecore_zip_buffer,
    lp: *mut nodecore_loop,
    opts: *const nodecore_zip_archive_options,
    cb: nodecore_zip_data_cb,
    user: *mut c_void,
    release: nodecore_release,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        begin(cb, (user, release), null_mut(), err, |call| {
            let (zip, lp, options) = (object(zip)?.snapshot(), event_loop(lp)?, archive_options(opts)?);
            zip.to_buffer_with(lp, &options, move |result| finish_data(call, result))?;
            Ok(None)
        })
    }
}
