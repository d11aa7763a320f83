//! Node's zlib module (<https://nodejs.org/api/zlib.html>): deflate, gzip, brotli and Zstandard, in one call or as
//! streams, and Compression Streams.
//!
//! | Node | here |
//! |---|---|
//! | `zlib.gzipSync`, `zlib.gunzipSync` and the nine like them | [`gzip_sync`], [`gunzip_sync`], …; with the option `info`: [`run_sync`] |
//! | `zlib.gzip`, `zlib.gunzip` and the nine like them | [`gzip`], [`gunzip`], …; as futures in [`promises`] |
//! | `zlib.createGzip`, `zlib.createGunzip` and the nine like them | [`create_gzip`], [`create_gunzip`], …: a [`ZlibStream`] |
//! | `CompressionStream`, `DecompressionStream` | [`web`] |
//! | `ZipBuffer`, `ZipFile`, `ZipEntry`, `createZipArchive`, `zipFiles` | [`zip`] |
//! | options | [`ZlibOptions`], [`BrotliOptions`], [`ZstdOptions`] |
//! | `zlib.crc32` | [`crc32()`] |
//! | `zlib.constants`, `zlib.codes` | [`constants`] |
//!
//! ```
//! use nodecore_zlib::{ZlibOptions, gunzip_sync, gzip_sync};
//!
//! let options = ZlibOptions::new();
//! let packed = gzip_sync(b"hello hello hello", &options)?;
//! assert_eq!(gunzip_sync(&packed, &options)?, b"hello hello hello");
//!
//! let error = gunzip_sync(&packed[..9], &options).unwrap_err();
//! assert_eq!(error.code().name(), "Z_BUF_ERROR");
//! assert_eq!(error.to_string(), "unexpected end of file");
//! # Ok::<(), nodecore_error::Error>(())
//! ```
//!
//! # Differences from Node
//!
//! - The deflate family gives other compressed bytes than Node, of the same format and about the same size: libdeflate
//!   compresses in one call, a compressor of this crate what is small; where an option asks for what they cannot do, and
//!   in streams, zlib-rs does. Brotli and
//!   Zstandard are Node's own libraries, in the same versions.
//! - [`ZlibOptions::threads`] and [`ZstdOptions::threads`] compress on several threads.
//! - An inflate or gunzip stream sometimes says `invalid distance too far back` where Node says `invalid distance
//!   code` or `invalid literal/length code`; the one-shot calls do not.
//! - A few malformed Huffman tables that zlib refuses are accepted by [`gunzip_sync`], [`inflate_sync`] and their
//!   siblings, if size and checksum of the result are right: tables with no code at all, and unused symbols beyond
//!   the alphabet.

#![deny(unsafe_code)]

mod brotli;
mod codec;
pub mod constants;
mod crc32;
mod create;
mod deflate;
mod frame;
mod functions;
mod inflate;
mod libdeflate;
mod oneshot;
mod options;
mod parallel;
mod parallel_stream;
pub mod promises;
mod small;
mod stream;
pub mod web;
#[cfg(feature = "zip")]
pub mod zip;
mod zstd;

pub use crc32::crc32;
pub use create::{
    create_brotli_compress, create_brotli_decompress, create_deflate, create_deflate_raw, create_gunzip,
    create_gzip, create_inflate, create_inflate_raw, create_unzip, create_zstd_compress,
    create_zstd_decompress,
};
pub use functions::{
    brotli_compress, brotli_compress_sync, brotli_decompress, brotli_decompress_sync, deflate, deflate_raw,
    deflate_raw_sync, deflate_sync, gunzip, gunzip_sync, gzip, gzip_sync, inflate, inflate_raw,
    inflate_raw_sync, inflate_sync, unzip, unzip_sync, zstd_compress, zstd_compress_sync, zstd_decompress,
    zstd_decompress_sync,
};
pub use oneshot::{Output, run, run_sync};
pub use options::{BrotliOptions, Mode, Options, ZlibOptions, ZstdOptions};
pub use stream::ZlibStream;
