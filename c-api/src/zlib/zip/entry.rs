//! Entries and lists of them.

use std::cell::OnceCell;
use std::ffi::{c_char, c_void};
use std::ptr::{null, null_mut};

use ::nodecore_error::Result;
use bytes::Bytes;
use nodecore_zlib::zip::ZipEntry;

use super::pieces::nodecore_zip_pieces;
use super::{
    content_options, entry_options, nodecore_zip_content_options, nodecore_zip_data_cb,
    nodecore_zip_entry_options, stream_of,
};
use crate::boundary::{Castable, SizedOut, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release, nodecore_request};
use crate::fs::handle::begin;
use crate::fs::{Call, finish_data};
use crate::str::{nodecore_buf, nodecore_str};
use crate::stream::{lend_error, nodecore_stream, readable};

#[derive(Debug)]
pub struct nodecore_zip_entry {
    entry: ZipEntry,
    shown: OnceCell<Shown>,
}
impl Castable for nodecore_zip_entry {}

/// What views are lent of.
#[derive(Debug)]
struct Shown {
    name: String,
    name_bytes: Bytes,
    comment: String,
    raw: Option<Bytes>,
}

impl From<ZipEntry> for nodecore_zip_entry {
    fn from(entry: ZipEntry) -> nodecore_zip_entry {
        nodecore_zip_entry { entry, shown: OnceCell::new() }
    }
}

impl nodecore_zip_entry {
    /// The entry behind a handle, which a callback may free.
    ///
    /// # Safety
    /// - `entry` is null or a live handle, on its thread.
    pub(super) unsafe fn object(entry: *const nodecore_zip_entry) -> Result<ZipEntry> {
        // SAFETY: as the caller vouches.
        Ok(unsafe { arg::object(entry, "entry") }?.entry.clone())
    }

    fn shown(&self) -> &Shown {
        self.shown.get_or_init(|| Shown {
            name: self.entry.name(),
            name_bytes: self.entry.name_buffer(),
            comment: self.entry.comment(),
            raw: self.entry.raw_content(),
        })
    }
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_zip_entry_info {
    pub struct_size: usize,
    pub name: nodecore_str,
    pub name_bytes: nodecore_str,
    pub comment: nodecore_str,
    pub raw_content: nodecore_str,
    pub size: u64,
    pub compressed_size: u64,
    pub crc32: u32,
    pub mode: u32,
    pub flags: u32,
    pub method: i32,
    pub is_file: bool,
    pub is_directory: bool,
    pub is_symlink: bool,
    pub compressed: bool,
    pub finished: bool,
}

pub type nodecore_zip_entry_cb = Option<
    unsafe extern "C" fn(err: *const nodecore_error, entry: *mut nodecore_zip_entry, user: *mut c_void),
>;

/// Calls a callback that is given an entry.
pub(super) fn finish_entry(
    call: &Call<unsafe extern "C" fn(*const nodecore_error, *mut nodecore_zip_entry, *mut c_void)>,
    result: Result<ZipEntry>,
) {
    // SAFETY: the caller gave the callback for this user, which is not released yet.
    let run = |err, entry| unsafe { (call.cb)(err, entry, call.user()) };
    match result {
        Ok(entry) => run(null(), nodecore_zip_entry::from(entry).into_raw()),
        Err(error) => lend_error(Some(&error), |err| run(err, null_mut())),
    }
}

// ---- Making entries ----

/// Declared in the header.
///
/// # Safety
/// - `name`, `data` and `opts` are null or as their lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_entry_create_sync(
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
            let out = arg::out(out, "out")?;
            let name = arg::text(name, name_len, "name")?;
            let data = Bytes::copy_from_slice(arg::data(data, len, "data")?);
            let made = ZipEntry::create_sync(name, data, &entry_options(opts)?)?;
            out.set(nodecore_zip_entry::from(made).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `name`, `data` and `opts` are null or as their lengths say; `cb`
///   and `release` may be called with `user`; `req` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_entry_create(
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
            let lp = event_loop(lp)?;
            let name = arg::text(name, name_len, "name")?;
            let data = Bytes::copy_from_slice(arg::data(data, len, "data")?);
            let options = entry_options(opts)?;
            let done = move |result| finish_entry(&call, result);
            Ok(Some(ZipEntry::create(lp, name, data, &options, done)))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `name` and `opts` are null or as their lengths say; `source` is null or a live stream, on its loop's thread; `out`
///   and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_entry_create_stream(
    name: *const c_char,
    name_len: usize,
    source: *mut nodecore_stream,
    opts: *const nodecore_zip_entry_options,
    out: *mut *mut nodecore_zip_entry,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let name = arg::text(name, name_len, "name")?;
            let made = ZipEntry::create_stream(name, &readable(source)?, &entry_options(opts)?)?;
            out.set(nodecore_zip_entry::from(made).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `name`, `target` and `opts` are null or as their lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_entry_create_symlink(
    name: *const c_char,
    name_len: usize,
    target: *const c_char,
    target_len: usize,
    opts: *const nodecore_zip_entry_options,
    out: *mut *mut nodecore_zip_entry,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let name = arg::text(name, name_len, "name")?;
            let target = arg::text(target, target_len, "target")?;
            let made = ZipEntry::create_symlink(name, target, &entry_options(opts)?)?;
            out.set(nodecore_zip_entry::from(made).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `data` is null or points to `len` readable bytes; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_entry_read(
    data: *const c_void,
    len: usize,
    out: *mut *mut nodecore_zip_entries,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let entries = ZipEntry::read(Bytes::copy_from_slice(arg::data(data, len, "data")?))?;
            out.set(nodecore_zip_entries::new(entries).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `entry` is null or a live handle, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_entry_copy(
    entry: *const nodecore_zip_entry,
) -> *mut nodecore_zip_entry {
    // SAFETY: as the caller vouches.
    let entry = unsafe { nodecore_zip_entry::object(entry) };
    entry.map_or(null_mut(), |entry| nodecore_zip_entry::from(entry).into_raw())
}

/// Declared in the header.
///
/// # Safety
/// - `entry` is null or a handle that was not freed, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_entry_free(entry: *mut nodecore_zip_entry) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(entry) };
}

/// Declared in the header.
///
/// # Safety
/// - `handle` is null or live, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_entry_dispose(handle: *mut nodecore_zip_entry) {
    // SAFETY: as the caller vouches.
    if let Ok(entry) = unsafe { nodecore_zip_entry::object(handle) } {
        total((), || entry.dispose());
    }
}

// ---- What is known of an entry ----

/// Declared in the header.
///
/// # Safety
/// - `handle` is null or live, on its thread; `out` is null or a struct of the size it says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_entry_get_info(
    handle: *const nodecore_zip_entry,
    out: *mut nodecore_zip_entry_info,
) -> nodecore_status {
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), || {
            let out = SizedOut::new(out, size_of::<nodecore_zip_entry_info>(), "out")?;
            let handle = arg::object(handle, "entry")?;
            let (of, shown) = (&handle.entry, handle.shown());
            out.set(&nodecore_zip_entry_info {
                struct_size: 0,
                name: nodecore_str::new(shown.name.as_bytes()),
                name_bytes: nodecore_str::new(&shown.name_bytes),
                comment: nodecore_str::new(shown.comment.as_bytes()),
                raw_content: nodecore_str::nullable(shown.raw.as_deref()),
                size: of.size().unwrap_or(0),
                compressed_size: of.compressed_size().unwrap_or(0),
                crc32: of.crc32().unwrap_or(0),
                mode: of.mode(),
                flags: of.flags().into(),
                method: of.method().into(),
                is_file: of.is_file(),
                is_directory: of.is_directory(),
                is_symlink: of.is_symlink(),
                compressed: of.compressed(),
                finished: of.size().is_ok(),
            });
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `handle` is null or live, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_entry_modified(handle: *const nodecore_zip_entry) -> i64 {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(handle) }.map_or(0, |handle| total(0, || handle.entry.modified()))
}

// ---- The content ----

/// Declared in the header.
///
/// # Safety
/// - `handle` is null or live, on its thread; `opts` is null or a struct of the size it says; `out` and `err` are null
///   or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_entry_content_sync(
    handle: *mut nodecore_zip_entry,
    opts: *const nodecore_zip_content_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let content = nodecore_zip_entry::object(handle)?.content_sync(&content_options(opts)?)?;
            out.set(content.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `handle` is null or live and `lp` null or a live loop, on this thread; `opts` is null or a struct of the size it
///   says; `cb` and `release` may be called with `user`; `req` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_entry_content(
    handle: *mut nodecore_zip_entry,
    lp: *mut nodecore_loop,
    opts: *const nodecore_zip_content_options,
    cb: nodecore_zip_data_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        begin(cb, (user, release), req, err, |call| {
            let (lp, options) = (event_loop(lp)?, content_options(opts)?);
            let done = move |result| finish_data(call, result);
            nodecore_zip_entry::object(handle)?.content(lp, &options, done).map(Some)
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `handle` is null or live, on its thread; `opts` is null or a struct of the size it says; `out` and `err` are null
///   or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_entry_content_pieces(
    handle: *mut nodecore_zip_entry,
    opts: *const nodecore_zip_content_options,
    out: *mut *mut nodecore_zip_pieces,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let content = nodecore_zip_entry::object(handle)?.content_iterator(&content_options(opts)?)?;
            out.set(nodecore_zip_pieces::new(content).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `handle` is null or live and `lp` null or a live loop, on this thread; `opts` is null or a struct of the size it
///   says; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_entry_content_stream(
    handle: *mut nodecore_zip_entry,
    lp: *mut nodecore_loop,
    opts: *const nodecore_zip_content_options,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let lp = event_loop(lp)?;
            let content = nodecore_zip_entry::object(handle)?.content_iterator(&content_options(opts)?)?;
            out.set(stream_of(&content.stream(lp)).into_raw());
            Ok(())
        })
    }
}

// ---- The bytes of an entry in an archive ----

/// Declared in the header.
///
/// # Safety
/// - `handle` is null or live, on its thread; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_entry_serialize_sync(
    handle: *mut nodecore_zip_entry,
    out: *mut *mut nodecore_zip_pieces,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let pieces = nodecore_zip_entry::object(handle)?.serialized()?;
            out.set(nodecore_zip_pieces::new(pieces).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `handle` is null or live and `lp` null or a live loop, on this thread; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_entry_serialize(
    handle: *mut nodecore_zip_entry,
    lp: *mut nodecore_loop,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let stream = nodecore_zip_entry::object(handle)?.serialized_stream(event_loop(lp)?);
            out.set(stream_of(&stream).into_raw());
            Ok(())
        })
    }
}

// ---- Lists ----

#[derive(Debug)]
pub struct nodecore_zip_entries(Vec<nodecore_zip_entry>);
impl Castable for nodecore_zip_entries {}

impl nodecore_zip_entries {
    pub(super) fn new(entries: impl IntoIterator<Item = ZipEntry>) -> nodecore_zip_entries {
        nodecore_zip_entries(entries.into_iter().map(nodecore_zip_entry::from).collect())
    }
}

/// Declared in the header.
///
/// # Safety
/// - `entries` is null or a list that was not freed, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_entries_free(entries: *mut nodecore_zip_entries) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(entries) };
}

/// Declared in the header.
///
/// # Safety
/// - `entries` is null or a live list, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_entries_count(entries: *const nodecore_zip_entries) -> usize {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(entries) }.map_or(0, |entries| entries.0.len())
}

/// Declared in the header.
///
/// # Safety
/// - `entries` is null or a live list, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_entries_get(
    entries: *const nodecore_zip_entries,
    index: usize,
) -> *mut nodecore_zip_entry {
    // SAFETY: as the caller vouches.
    let entry = unsafe { arg::nullable(entries) }.and_then(|entries| entries.0.get(index));
    // Nothing here makes an exclusive reference of a handle that is lent.
    entry.map_or(null_mut(), |entry| std::ptr::from_ref(entry).cast_mut())
}

/// Declared in the header.
///
/// # Safety
/// - `entries` is null or a live list, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_entries_name(
    entries: *const nodecore_zip_entries,
    index: usize,
) -> nodecore_str {
    // SAFETY: as the caller vouches.
    let entry = unsafe { arg::nullable(entries) }.and_then(|entries| entries.0.get(index));
    total(nodecore_str::NONE, || nodecore_str::nullable(entry.map(|entry| entry.shown().name.as_bytes())))
}
