//! ZIP archives (<https://nodejs.org/api/zlib.html#class-zlibzipfile>): in memory, in files, and as streams.
//!
//! | Node | here |
//! |---|---|
//! | `zlib.ZipBuffer` | [`ZipBuffer`] |
//! | `zlib.ZipFile` | [`ZipFile`] |
//! | `zlib.ZipEntry` | [`ZipEntry`] |
//! | `zlib.createZipArchive`, `zlib.createZipArchiveSync` | [`create_zip_archive`], [`create_zip_archive_sync`] |
//! | `zlib.zipFiles` | [`zip_files`] |
//! | `zlib.getMaxZipContentSize`, `zlib.setMaxZipContentSize` | [`get_max_zip_content_size`], [`set_max_zip_content_size`] |
//!
//! Stored, deflate and Zstandard members are read and written, Zip64 where it is needed. Nothing is extracted
//! to disk: what is done with names such as `../../etc/passwd` is up to the caller. An archive that readers
//! could understand in different ways (two ends, headers that disagree, members that overlap) is an error.
//!
//! # Differences from Node
//!
//! - Nothing is said of being experimental.
//! - Deflated bytes are not Node's, though of about the same size; everything else is.
//! - A member of a [`ZipFile`] whose local header contradicts the directory is the error that it is in a
//!   [`ZipBuffer`]. Node 26.10 takes other bytes for its data.
//! - Some damaged Zip64 records that Node 26.10 takes are errors: of another disk, of more than 2 to the
//!   53rd, or not where the locator says.
//! - Of several faults of a damaged archive, another may be told first. More archives have two ends that could be it.
//! - When a source fails while its entry is added to a [`ZipFile`], the directory is written again as it was.

mod append;
mod archive;
mod buffer;
mod build;
mod content;
mod create;
mod disk;
mod entry;
mod extra;
mod fault;
mod file;
mod files;
mod limits;
mod names;
mod pump;
mod records;
mod source;
mod text;
mod time;

pub use archive::{
    ZipArchiveChunks, ZipArchiveOptions, create_zip_archive, create_zip_archive_from, create_zip_archive_sync,
};
pub use buffer::ZipBuffer;
pub use build::ZipMethod;
pub use content::{ZipContent, ZipContentOptions};
pub use create::ZipEntryOptions;
pub use entry::ZipEntry;
pub use file::{ZipFile, ZipFileOptions};
pub use files::{ZipFilesOptions, zip_files};
pub use limits::{get_max_zip_content_size, set_max_zip_content_size};
