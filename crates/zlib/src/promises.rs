//! The one-shot functions as futures. Node: `util.promisify(zlib.gzip)` and its like.

use bytes::Bytes;
use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, OperationExt};

use crate::oneshot::{Output, operation};
use crate::options::{BrotliOptions, Mode, Options, ZlibOptions, ZstdOptions};

/// As [`run_sync`](crate::run_sync), on the pool; dropping the future cancels.
///
/// # Errors
/// As there.
pub async fn run(
    lp: &EventLoop,
    mode: Mode,
    input: impl Into<Bytes>,
    options: &impl Options,
) -> Result<Output> {
    operation(mode, input.into(), options)?.future(lp).await
}

/// As [`deflate_sync`](crate::deflate_sync), on the pool; dropping the future cancels.
///
/// # Errors
/// As there.
pub async fn deflate(lp: &EventLoop, input: impl Into<Bytes>, options: &ZlibOptions) -> Result<Vec<u8>> {
    Ok(run(lp, Mode::Deflate, input, options).await?.buffer)
}

/// As [`inflate_sync`](crate::inflate_sync), on the pool; dropping the future cancels.
///
/// # Errors
/// As there.
pub async fn inflate(lp: &EventLoop, input: impl Into<Bytes>, options: &ZlibOptions) -> Result<Vec<u8>> {
    Ok(run(lp, Mode::Inflate, input, options).await?.buffer)
}

/// As [`gzip_sync`](crate::gzip_sync), on the pool; dropping the future cancels.
///
/// # Errors
/// As there.
///
/// # Examples
/// ```
/// use nodecore_event_loop::EventLoop;
/// use nodecore_zlib::{ZlibOptions, promises};
///
/// let (lp, options) = (EventLoop::new()?, ZlibOptions::new());
/// let text = lp.block_on(async {
///     let packed = promises::gzip(&lp, &b"hello"[..], &options).await?;
///     promises::gunzip(&lp, packed, &options).await
/// })?;
/// assert_eq!(text, b"hello");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub async fn gzip(lp: &EventLoop, input: impl Into<Bytes>, options: &ZlibOptions) -> Result<Vec<u8>> {
    Ok(run(lp, Mode::Gzip, input, options).await?.buffer)
}

/// As [`gunzip_sync`](crate::gunzip_sync), on the pool; dropping the future cancels.
///
/// # Errors
/// As there.
pub async fn gunzip(lp: &EventLoop, input: impl Into<Bytes>, options: &ZlibOptions) -> Result<Vec<u8>> {
    Ok(run(lp, Mode::Gunzip, input, options).await?.buffer)
}

/// As [`deflate_raw_sync`](crate::deflate_raw_sync), on the pool; dropping the future cancels.
///
/// # Errors
/// As there.
pub async fn deflate_raw(lp: &EventLoop, input: impl Into<Bytes>, options: &ZlibOptions) -> Result<Vec<u8>> {
    Ok(run(lp, Mode::DeflateRaw, input, options).await?.buffer)
}

/// As [`inflate_raw_sync`](crate::inflate_raw_sync), on the pool; dropping the future cancels.
///
/// # Errors
/// As there.
pub async fn inflate_raw(lp: &EventLoop, input: impl Into<Bytes>, options: &ZlibOptions) -> Result<Vec<u8>> {
    Ok(run(lp, Mode::InflateRaw, input, options).await?.buffer)
}

/// As [`unzip_sync`](crate::unzip_sync), on the pool; dropping the future cancels.
///
/// # Errors
/// As there.
pub async fn unzip(lp: &EventLoop, input: impl Into<Bytes>, options: &ZlibOptions) -> Result<Vec<u8>> {
    Ok(run(lp, Mode::Unzip, input, options).await?.buffer)
}

/// As [`brotli_compress_sync`](crate::brotli_compress_sync), on the pool; dropping the future cancels.
///
/// # Errors
/// As there.
pub async fn brotli_compress(
    lp: &EventLoop,
    input: impl Into<Bytes>,
    options: &BrotliOptions,
) -> Result<Vec<u8>> {
    Ok(run(lp, Mode::BrotliCompress, input, options).await?.buffer)
}

/// As [`brotli_decompress_sync`](crate::brotli_decompress_sync), on the pool; dropping the future cancels.
///
/// # Errors
/// As there.
pub async fn brotli_decompress(
    lp: &EventLoop,
    input: impl Into<Bytes>,
    options: &BrotliOptions,
) -> Result<Vec<u8>> {
    Ok(run(lp, Mode::BrotliDecompress, input, options).await?.buffer)
}

/// As [`zstd_compress_sync`](crate::zstd_compress_sync), on the pool; dropping the future cancels.
///
/// # Errors
/// As there.
pub async fn zstd_compress(
    lp: &EventLoop,
    input: impl Into<Bytes>,
    options: &ZstdOptions,
) -> Result<Vec<u8>> {
    Ok(run(lp, Mode::ZstdCompress, input, options).await?.buffer)
}

/// As [`zstd_decompress_sync`](crate::zstd_decompress_sync), on the pool; dropping the future cancels.
///
/// # Errors
/// As there.
pub async fn zstd_decompress(
    lp: &EventLoop,
    input: impl Into<Bytes>,
    options: &ZstdOptions,
) -> Result<Vec<u8>> {
    Ok(run(lp, Mode::ZstdDecompress, input, options).await?.buffer)
}
