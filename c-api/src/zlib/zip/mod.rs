//! `nodecore/zlib_zip.h` and the headers it includes, a file for each concept; here is what they share.

pub(crate) mod archive;
pub(crate) mod buffer;
pub(crate) mod entry;
pub(crate) mod file;
pub(crate) mod pieces;

use std::pin::Pin;
use std::task::{Context, Poll};

use ::nodecore_error::{Code, Error, Result};
use ::nodecore_stream::{Chunks, Readable, ReadableOptions};
use bytes::Bytes;
use futures_core::Stream;
use nodecore_zlib::zip::{
    ZipArchiveOptions, ZipContentOptions, ZipEntryOptions, ZipFileOptions, ZipFilesOptions, ZipMethod,
};

use crate::boundary::{SizedOptions, arg};
use crate::chunk::Item;
use crate::error::nodecore_error;
use crate::str::{nodecore_buf, nodecore_str};
use crate::stream::nodecore_stream;

pub const NODECORE_ZIP_STORE: i32 = ZipMethod::Store as i32;
pub const NODECORE_ZIP_DEFLATE: i32 = ZipMethod::Deflate as i32;
pub const NODECORE_ZIP_ZSTD: i32 = ZipMethod::Zstd as i32;

pub type nodecore_zip_data_cb = Option<
    unsafe extern "C" fn(err: *const nodecore_error, data: *mut nodecore_buf, user: *mut std::ffi::c_void),
>;

/// Text of an option's, if there is any.
///
/// # Safety
/// - `text` is none or as its length says.
unsafe fn optional<'a>(text: nodecore_str, name: &str) -> Result<Option<&'a str>> {
    if text.data.is_null() {
        return Ok(None);
    }
    // SAFETY: as the caller vouches.
    unsafe { arg::text(text.data, text.len, name) }.map(Some)
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_zip_entry_options {
    pub struct_size: usize,
    pub comment: nodecore_str,
    pub modified: i64,
    pub mode: u32,
    pub method: i32,
    pub has_modified: bool,
    pub has_mode: bool,
    pub has_method: bool,
}

impl SizedOptions for nodecore_zip_entry_options {
    const ZERO: Self = nodecore_zip_entry_options {
        struct_size: 0,
        comment: nodecore_str::NONE,
        modified: 0,
        mode: 0,
        method: 0,
        has_modified: false,
        has_mode: false,
        has_method: false,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// # Safety
/// - `opts` is null or a struct of the size it says, whose comment is none or as its length says.
unsafe fn entry_options(opts: *const nodecore_zip_entry_options) -> Result<ZipEntryOptions> {
    // SAFETY: as the caller vouches.
    let (opts, comment) = unsafe {
        let opts = nodecore_zip_entry_options::read(opts, "opts")?;
        (opts, optional(opts.comment, "opts.comment")?)
    };
    let mut options = ZipEntryOptions::new();
    if let Some(comment) = comment {
        options = options.comment(comment);
    }
    if opts.has_modified {
        options = options.modified(opts.modified);
    }
    if opts.has_mode {
        options = options.mode(opts.mode);
    }
    if opts.has_method {
        options = options.method(method(opts.method)?);
    }
    Ok(options)
}

fn method(number: i32) -> Result<ZipMethod> {
    match number {
        NODECORE_ZIP_STORE => Ok(ZipMethod::Store),
        NODECORE_ZIP_DEFLATE => Ok(ZipMethod::Deflate),
        NODECORE_ZIP_ZSTD => Ok(ZipMethod::Zstd),
        _ => {
            let allowed = "must be 0 (store), 8 (deflate), or 93 (zstd)";
            let message = format!("The property 'options.method' {allowed}. Received {number}");
            Err(Error::new(Code::InvalidArgValue, message))
        }
    }
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_zip_content_options {
    pub struct_size: usize,
    pub max_size: u64,
    pub has_max_size: bool,
    pub no_verify: bool,
}

impl SizedOptions for nodecore_zip_content_options {
    const ZERO: Self =
        nodecore_zip_content_options { struct_size: 0, max_size: 0, has_max_size: false, no_verify: false };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// # Safety
/// - `opts` is null or a struct of the size it says.
unsafe fn content_options(opts: *const nodecore_zip_content_options) -> Result<ZipContentOptions> {
    // SAFETY: as the caller vouches.
    let opts = unsafe { nodecore_zip_content_options::read(opts, "opts") }?;
    let options = ZipContentOptions::new().verify(!opts.no_verify);
    Ok(if opts.has_max_size { options.max_size(opts.max_size) } else { options })
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_zip_archive_options {
    pub struct_size: usize,
    pub comment: nodecore_str,
    pub base_offset: u64,
}

impl SizedOptions for nodecore_zip_archive_options {
    const ZERO: Self =
        nodecore_zip_archive_options { struct_size: 0, comment: nodecore_str::NONE, base_offset: 0 };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// # Safety
/// - `opts` is null or a struct of the size it says, whose comment is none or as its length says.
unsafe fn archive_options(opts: *const nodecore_zip_archive_options) -> Result<ZipArchiveOptions> {
    // SAFETY: as the caller vouches.
    unsafe {
        let opts = nodecore_zip_archive_options::read(opts, "opts")?;
        archive_of(opts.comment, opts.base_offset)
    }
}

/// # Safety
/// - `comment` is none or as its length says.
unsafe fn archive_of(comment: nodecore_str, base_offset: u64) -> Result<ZipArchiveOptions> {
    let options = ZipArchiveOptions::new().base_offset(base_offset);
    // SAFETY: as the caller vouches.
    let comment = unsafe { optional(comment, "opts.comment") }?;
    Ok(if let Some(comment) = comment { options.comment(comment) } else { options })
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_zip_files_options {
    pub struct_size: usize,
    pub comment: nodecore_str,
    pub base_offset: u64,
    pub keep_symlinks: bool,
}

impl SizedOptions for nodecore_zip_files_options {
    const ZERO: Self = nodecore_zip_files_options {
        struct_size: 0,
        comment: nodecore_str::NONE,
        base_offset: 0,
        keep_symlinks: false,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// # Safety
/// - as for [`archive_options`].
unsafe fn files_options(opts: *const nodecore_zip_files_options) -> Result<ZipFilesOptions> {
    // SAFETY: as the caller vouches.
    unsafe {
        let opts = nodecore_zip_files_options::read(opts, "opts")?;
        let archive = archive_of(opts.comment, opts.base_offset)?;
        Ok(ZipFilesOptions::new().archive(archive).follow_symlinks(!opts.keep_symlinks))
    }
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_zip_file_options {
    pub struct_size: usize,
    pub writable: bool,
}

impl SizedOptions for nodecore_zip_file_options {
    const ZERO: Self = nodecore_zip_file_options { struct_size: 0, writable: false };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// # Safety
/// - `opts` is null or a struct of the size it says.
unsafe fn file_options(opts: *const nodecore_zip_file_options) -> Result<ZipFileOptions> {
    // SAFETY: as the caller vouches.
    let opts = unsafe { nodecore_zip_file_options::read(opts, "opts") }?;
    Ok(ZipFileOptions::new().writable(opts.writable))
}

/// A stream of bytes as one of the C API's.
fn stream_of(stream: &Readable) -> nodecore_stream {
    struct Items(Chunks<Bytes>);

    impl Stream for Items {
        type Item = Result<Item>;

        fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Item>>> {
            let chunk = Pin::new(&mut self.0).poll_next(context);
            chunk.map(|chunk| chunk.map(|chunk| chunk.map(Item::from)))
        }
    }

    let options = ReadableOptions::default().high_water_mark(stream.readable_high_water_mark());
    Readable::from_stream_with(&stream.event_loop(), options, Items(Chunks::new(stream))).into()
}
