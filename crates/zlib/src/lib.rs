//! Node's zlib module (<https://nodejs.org/api/zlib.html>): gzip and gunzip, in one call or as streams, and Compression
//! Streams.
//!
//! | Node | here |
//! |---|---|
//! | `zlib.gzipSync`, `zlib.gunzipSync` | [`gzip_sync`], [`gunzip_sync`] |
//! | `zlib.gzip`, `zlib.gunzip` | [`gzip`], [`gunzip`]; as futures in [`promises`] |
//! | `zlib.createGzip`, `zlib.createGunzip` | [`create_gzip`], [`create_gunzip`] |
//! | `CompressionStream`, `DecompressionStream` | [`web`] |
//! | options | [`ZlibOptions`] |
//! | `zlib.constants` | [`constants`] |
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
//! - One-shot calls give other compressed bytes than Node (libdeflate does the work), of the same format and about
//!   the same size. Where an option asks for what libdeflate cannot do, zlib-rs does it.
//! - [`ZlibOptions::threads`] compresses on several threads.
//! - A gunzip stream sometimes says `invalid distance too far back` where Node says `invalid distance code` or
//!   `invalid literal/length code`; the one-shot calls do not.
//! - A few malformed Huffman tables that zlib refuses are accepted by [`gunzip_sync`] and its siblings, if size
//!   and CRC-32 of the result are right: tables with no code at all, and unused symbols beyond the alphabet.

#![deny(unsafe_code)]

pub mod constants;
mod deflate;
mod libdeflate;
mod oneshot;
mod options;
mod parallel;
mod parallel_stream;
mod stream;
pub mod web;

pub use oneshot::{gunzip, gunzip_sync, gzip, gzip_sync, promises};
pub use options::ZlibOptions;
pub use stream::{ZlibStream, create_gunzip, create_gzip};
