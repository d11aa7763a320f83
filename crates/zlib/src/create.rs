//! The functions that make streams, by Node's names.

use nodecore_error::Result;
use nodecore_event_loop::EventLoop;

use crate::options::{BrotliOptions, Mode, ZlibOptions, ZstdOptions};
use crate::stream::ZlibStream;

/// Makes a stream that compresses to the zlib format. Node: `zlib.createDeflate([options])`
/// (<https://nodejs.org/api/zlib.html#zlibcreatedeflateoptions>).
///
/// # Errors
/// As [`create_gzip`].
pub fn create_deflate(lp: &EventLoop, options: &ZlibOptions) -> Result<ZlibStream> {
    ZlibStream::new(lp, Mode::Deflate, options)
}

/// Makes a stream that decompresses the zlib format. Node: `zlib.createInflate([options])`
/// (<https://nodejs.org/api/zlib.html#zlibcreateinflateoptions>).
///
/// It fails with the errors of [`inflate_sync`](crate::inflate_sync).
///
/// # Errors
/// As [`create_gzip`].
pub fn create_inflate(lp: &EventLoop, options: &ZlibOptions) -> Result<ZlibStream> {
    ZlibStream::new(lp, Mode::Inflate, options)
}

/// Makes a stream that compresses into one gzip member. Node: `zlib.createGzip([options])`
/// (<https://nodejs.org/api/zlib.html#zlibcreategzipoptions>).
///
/// # Errors
/// [`Code::OutOfRange`](nodecore_error::Code::OutOfRange) for an option;
/// [`Code::MemoryAllocationFailed`](nodecore_error::Code::MemoryAllocationFailed) for a `chunk_size` beyond all memory.
///
/// # Examples
/// ```
/// use std::{cell::RefCell, rc::Rc};
///
/// use bytes::Bytes;
/// use nodecore_event_loop::{EventLoop, RunMode};
/// use nodecore_zlib::{ZlibOptions, create_gzip, gunzip_sync};
///
/// let (lp, options) = (EventLoop::new()?, ZlibOptions::new());
/// let gzip = create_gzip(&lp, &options)?;
/// let packed = Rc::new(RefCell::new(Vec::new()));
/// let sink = Rc::clone(&packed);
/// gzip.on_data(move |chunk| sink.borrow_mut().extend_from_slice(&chunk));
/// gzip.write(Bytes::from("hello "));
/// gzip.end_chunk(Bytes::from("world"));
/// lp.run(RunMode::Default);
/// assert_eq!(gunzip_sync(&packed.borrow(), &options)?, b"hello world");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn create_gzip(lp: &EventLoop, options: &ZlibOptions) -> Result<ZlibStream> {
    ZlibStream::new(lp, Mode::Gzip, options)
}

/// Makes a stream that decompresses gzip members, one behind the other. Node: `zlib.createGunzip([options])`
/// (<https://nodejs.org/api/zlib.html#zlibcreategunzipoptions>).
///
/// It fails with the errors of [`gunzip_sync`](crate::gunzip_sync).
///
/// # Errors
/// As [`create_gzip`].
pub fn create_gunzip(lp: &EventLoop, options: &ZlibOptions) -> Result<ZlibStream> {
    ZlibStream::new(lp, Mode::Gunzip, options)
}

/// Makes a stream that compresses to deflate's blocks alone. Node: `zlib.createDeflateRaw([options])`
/// (<https://nodejs.org/api/zlib.html#zlibcreatedeflaterawoptions>).
///
/// # Errors
/// As [`create_gzip`].
pub fn create_deflate_raw(lp: &EventLoop, options: &ZlibOptions) -> Result<ZlibStream> {
    ZlibStream::new(lp, Mode::DeflateRaw, options)
}

/// Makes a stream that decompresses deflate's blocks alone. Node: `zlib.createInflateRaw([options])`
/// (<https://nodejs.org/api/zlib.html#zlibcreateinflaterawoptions>).
///
/// It fails with the errors of [`inflate_raw_sync`](crate::inflate_raw_sync).
///
/// # Errors
/// As [`create_gzip`].
pub fn create_inflate_raw(lp: &EventLoop, options: &ZlibOptions) -> Result<ZlibStream> {
    ZlibStream::new(lp, Mode::InflateRaw, options)
}

/// Makes a stream that decompresses gzip members or the zlib format, as the data says. Node: `zlib.createUnzip([options])`
/// (<https://nodejs.org/api/zlib.html#zlibcreateunzipoptions>).
///
/// It fails with the errors of [`unzip_sync`](crate::unzip_sync).
///
/// # Errors
/// As [`create_gzip`].
pub fn create_unzip(lp: &EventLoop, options: &ZlibOptions) -> Result<ZlibStream> {
    ZlibStream::new(lp, Mode::Unzip, options)
}

/// Makes a stream that compresses to brotli. Node: `zlib.createBrotliCompress([options])`
/// (<https://nodejs.org/api/zlib.html#zlibcreatebrotlicompressoptions>).
///
/// # Errors
/// Those of [`brotli_compress_sync`](crate::brotli_compress_sync) that an option has.
pub fn create_brotli_compress(lp: &EventLoop, options: &BrotliOptions) -> Result<ZlibStream> {
    ZlibStream::new(lp, Mode::BrotliCompress, options)
}

/// Makes a stream that decompresses brotli. Node: `zlib.createBrotliDecompress([options])`
/// (<https://nodejs.org/api/zlib.html#zlibcreatebrotlidecompressoptions>).
///
/// It fails with the errors of [`brotli_decompress_sync`](crate::brotli_decompress_sync).
///
/// # Errors
/// Those of [`brotli_decompress_sync`](crate::brotli_decompress_sync) that an option has.
pub fn create_brotli_decompress(lp: &EventLoop, options: &BrotliOptions) -> Result<ZlibStream> {
    ZlibStream::new(lp, Mode::BrotliDecompress, options)
}

/// Makes a stream that compresses to a Zstandard frame. Node: `zlib.createZstdCompress([options])`
/// (<https://nodejs.org/api/zlib.html#zlibcreatezstdcompressoptions>).
///
/// # Errors
/// Those of [`zstd_compress_sync`](crate::zstd_compress_sync) that an option has.
pub fn create_zstd_compress(lp: &EventLoop, options: &ZstdOptions) -> Result<ZlibStream> {
    ZlibStream::new(lp, Mode::ZstdCompress, options)
}

/// Makes a stream that decompresses Zstandard frames, one behind the other. Node: `zlib.createZstdDecompress([options])`
/// (<https://nodejs.org/api/zlib.html#zlibcreatezstddecompressoptions>).
///
/// It fails with the errors of [`zstd_decompress_sync`](crate::zstd_decompress_sync).
///
/// # Errors
/// Those of [`zstd_decompress_sync`](crate::zstd_decompress_sync) that an option has.
pub fn create_zstd_decompress(lp: &EventLoop, options: &ZstdOptions) -> Result<ZlibStream> {
    ZlibStream::new(lp, Mode::ZstdDecompress, options)
}
