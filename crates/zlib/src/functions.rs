//! The one-shot functions, by Node's names.

use bytes::Bytes;
#[allow(unused_imports, reason = "the docs name it")]
use nodecore_error::Code;
use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, Request};

use crate::oneshot::{run, run_sync};
use crate::options::{BrotliOptions, Mode, ZlibOptions, ZstdOptions};

/// Compresses `input` to the zlib format, blocking.
/// Node: `zlib.deflateSync(buffer[, options])` (<https://nodejs.org/api/zlib.html#zlibdeflatesyncbuffer-options>).
///
/// # Errors
/// [`Code::OutOfRange`] for an option; [`Code::BufferTooLarge`] past [`ZlibOptions::max_output_length`].
///
/// # Examples
/// ```
/// use nodecore_zlib::{ZlibOptions, deflate_sync, inflate_sync};
///
/// let options = ZlibOptions::new().dictionary(&b"hello world"[..]);
/// let packed = deflate_sync(b"hello hello world", &options)?;
/// assert_eq!(inflate_sync(&packed, &options)?, b"hello hello world");
///
/// let error = inflate_sync(&packed, &ZlibOptions::new()).unwrap_err();
/// assert_eq!((error.code().name(), error.errno()), ("Z_NEED_DICT", Some(2)));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn deflate_sync(input: &[u8], options: &ZlibOptions) -> Result<Vec<u8>> {
    Ok(run_sync(Mode::Deflate, input, options)?.buffer)
}

/// Decompresses the zlib format, blocking. What follows it is ignored.
/// Node: `zlib.inflateSync(buffer[, options])` (<https://nodejs.org/api/zlib.html#zlibinflatesyncbuffer-options>).
///
/// # Errors
/// [`Code::ZDataError`] and [`Code::ZBufError`], with zlib's number as `errno`, for data that is not sound or not
/// complete; [`Code::ZNeedDict`] for data that needs a dictionary; [`Code::BufferTooLarge`] past
/// [`ZlibOptions::max_output_length`]; [`Code::TrailingJunkAfterStreamEnd`] where
/// [`ZlibOptions::reject_garbage_after_end`] is set; [`Code::OutOfRange`] for an option.
pub fn inflate_sync(input: &[u8], options: &ZlibOptions) -> Result<Vec<u8>> {
    Ok(run_sync(Mode::Inflate, input, options)?.buffer)
}

/// Compresses `input` into one gzip member, blocking.
/// Node: `zlib.gzipSync(buffer[, options])` (<https://nodejs.org/api/zlib.html#zlibgzipsyncbuffer-options>).
///
/// # Errors
/// [`Code::OutOfRange`] for an option; [`Code::BufferTooLarge`] past [`ZlibOptions::max_output_length`].
///
/// # Examples
/// ```
/// use nodecore_zlib::{ZlibOptions, gzip_sync};
///
/// let packed = gzip_sync(&[b'x'; 10_000], &ZlibOptions::new().level(9))?;
/// assert!(packed.len() < 100);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn gzip_sync(input: &[u8], options: &ZlibOptions) -> Result<Vec<u8>> {
    Ok(run_sync(Mode::Gzip, input, options)?.buffer)
}

/// Decompresses gzip members, one behind the other, blocking. What follows them is ignored if it begins with a
/// zero byte.
/// Node: `zlib.gunzipSync(buffer[, options])` (<https://nodejs.org/api/zlib.html#zlibgunzipsyncbuffer-options>).
///
/// # Errors
/// [`Code::ZDataError`] and [`Code::ZBufError`], with zlib's number as `errno`, for data that is not sound or not
/// complete; [`Code::ZNeedDict`] for data that needs a dictionary; [`Code::BufferTooLarge`] past
/// [`ZlibOptions::max_output_length`]; [`Code::TrailingJunkAfterStreamEnd`] where
/// [`ZlibOptions::reject_garbage_after_end`] is set; [`Code::OutOfRange`] for an option.
///
/// # Examples
/// ```
/// use nodecore_zlib::{ZlibOptions, gunzip_sync};
///
/// let error = gunzip_sync(b"not gzip", &ZlibOptions::new()).unwrap_err();
/// assert_eq!((error.code().name(), error.errno()), ("Z_DATA_ERROR", Some(-3)));
/// assert_eq!(error.to_string(), "incorrect header check");
/// ```
pub fn gunzip_sync(input: &[u8], options: &ZlibOptions) -> Result<Vec<u8>> {
    Ok(run_sync(Mode::Gunzip, input, options)?.buffer)
}

/// Compresses `input` to deflate's blocks alone, blocking.
/// Node: `zlib.deflateRawSync(buffer[, options])` (<https://nodejs.org/api/zlib.html#zlibdeflaterawsyncbuffer-options>).
///
/// # Errors
/// [`Code::OutOfRange`] for an option; [`Code::BufferTooLarge`] past [`ZlibOptions::max_output_length`].
pub fn deflate_raw_sync(input: &[u8], options: &ZlibOptions) -> Result<Vec<u8>> {
    Ok(run_sync(Mode::DeflateRaw, input, options)?.buffer)
}

/// Decompresses deflate's blocks alone, blocking. What follows them is ignored.
/// Node: `zlib.inflateRawSync(buffer[, options])` (<https://nodejs.org/api/zlib.html#zlibinflaterawsyncbuffer-options>).
///
/// # Errors
/// [`Code::ZDataError`] and [`Code::ZBufError`], with zlib's number as `errno`, for data that is not sound or not
/// complete; [`Code::ZNeedDict`] for data that needs a dictionary; [`Code::BufferTooLarge`] past
/// [`ZlibOptions::max_output_length`]; [`Code::TrailingJunkAfterStreamEnd`] where
/// [`ZlibOptions::reject_garbage_after_end`] is set; [`Code::OutOfRange`] for an option.
///
/// # Examples
/// ```
/// use nodecore_zlib::{ZlibOptions, constants, inflate_raw_sync};
///
/// // Data that stops in the middle gives what is there, where no end is asked for.
/// let options = ZlibOptions::new().finish_flush(constants::Z_SYNC_FLUSH);
/// assert_eq!(inflate_raw_sync(&[0xca, 0x48, 0xcd], &options)?, b"he");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn inflate_raw_sync(input: &[u8], options: &ZlibOptions) -> Result<Vec<u8>> {
    Ok(run_sync(Mode::InflateRaw, input, options)?.buffer)
}

/// Decompresses gzip members or the zlib format, as the data says, blocking.
/// Node: `zlib.unzipSync(buffer[, options])` (<https://nodejs.org/api/zlib.html#zlibunzipsyncbuffer-options>).
///
/// # Errors
/// [`Code::ZDataError`] and [`Code::ZBufError`], with zlib's number as `errno`, for data that is not sound or not
/// complete; [`Code::ZNeedDict`] for data that needs a dictionary; [`Code::BufferTooLarge`] past
/// [`ZlibOptions::max_output_length`]; [`Code::TrailingJunkAfterStreamEnd`] where
/// [`ZlibOptions::reject_garbage_after_end`] is set; [`Code::OutOfRange`] for an option.
///
/// # Examples
/// ```
/// use nodecore_zlib::{ZlibOptions, deflate_sync, gzip_sync, unzip_sync};
///
/// let options = ZlibOptions::new();
/// for packed in [gzip_sync(b"hello", &options)?, deflate_sync(b"hello", &options)?] {
///     assert_eq!(unzip_sync(&packed, &options)?, b"hello");
/// }
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn unzip_sync(input: &[u8], options: &ZlibOptions) -> Result<Vec<u8>> {
    Ok(run_sync(Mode::Unzip, input, options)?.buffer)
}

/// Compresses `input` to brotli, blocking.
/// Node: `zlib.brotliCompressSync(buffer[, options])` (<https://nodejs.org/api/zlib.html#zlibbrotlicompresssyncbuffer-options>).
///
/// # Errors
/// [`Code::BrotliInvalidParam`], [`Code::ZlibInitializationFailed`] and [`Code::OutOfRange`] for an option;
/// [`Code::BufferTooLarge`] past [`BrotliOptions::max_output_length`].
pub fn brotli_compress_sync(input: &[u8], options: &BrotliOptions) -> Result<Vec<u8>> {
    Ok(run_sync(Mode::BrotliCompress, input, options)?.buffer)
}

/// Decompresses brotli, blocking. What follows it is ignored.
/// Node: `zlib.brotliDecompressSync(buffer[, options])` (<https://nodejs.org/api/zlib.html#zlibbrotlidecompresssyncbuffer-options>).
///
/// # Errors
/// Codes that begin with `ERR__ERROR_`, with brotli's number as `errno`, for data that is not sound; [`Code::ZBufError`]
/// for data that is not complete; and those of [`brotli_compress_sync`].
pub fn brotli_decompress_sync(input: &[u8], options: &BrotliOptions) -> Result<Vec<u8>> {
    Ok(run_sync(Mode::BrotliDecompress, input, options)?.buffer)
}

/// Compresses `input` to a Zstandard frame, blocking.
/// Node: `zlib.zstdCompressSync(buffer[, options])` (<https://nodejs.org/api/zlib.html#zlibzstdcompresssyncbuffer-options>).
///
/// # Errors
/// [`Code::ZstdInvalidParam`], [`Code::ZlibInitializationFailed`] and [`Code::OutOfRange`] for an option;
/// [`Code::ZstdSrcSizeWrong`] for input of another size than was pledged; [`Code::BufferTooLarge`] past
/// [`ZstdOptions::max_output_length`].
pub fn zstd_compress_sync(input: &[u8], options: &ZstdOptions) -> Result<Vec<u8>> {
    Ok(run_sync(Mode::ZstdCompress, input, options)?.buffer)
}

/// Decompresses Zstandard frames, one behind the other, blocking. What follows them and is no
/// frame is ignored.
/// Node: `zlib.zstdDecompressSync(buffer[, options])` (<https://nodejs.org/api/zlib.html#zlibzstddecompresssyncbuffer-options>).
///
/// # Errors
/// Codes that begin with `ZSTD_error_`, with zstd's number as `errno`, for data that is not sound; [`Code::ZBufError`]
/// for data that is not complete; and those of [`zstd_compress_sync`].
pub fn zstd_decompress_sync(input: &[u8], options: &ZstdOptions) -> Result<Vec<u8>> {
    Ok(run_sync(Mode::ZstdDecompress, input, options)?.buffer)
}

/// As [`deflate_sync`], on the pool; `done` is called once from `lp`, never before this returns.
/// Node: `zlib.deflate(buffer[, options], callback)`.
///
/// # Errors
/// Those of the options. The others go to `done`.
pub fn deflate(
    lp: &EventLoop,
    input: impl Into<Bytes>,
    options: &ZlibOptions,
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    run(lp, Mode::Deflate, input, options, |result| done(result.map(|output| output.buffer)))
}

/// As [`inflate_sync`], on the pool; `done` is called once from `lp`, never before this returns.
/// Node: `zlib.inflate(buffer[, options], callback)`.
///
/// # Errors
/// Those of the options. The others go to `done`.
pub fn inflate(
    lp: &EventLoop,
    input: impl Into<Bytes>,
    options: &ZlibOptions,
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    run(lp, Mode::Inflate, input, options, |result| done(result.map(|output| output.buffer)))
}

/// As [`gzip_sync`], on the pool; `done` is called once from `lp`, never before this returns.
/// Node: `zlib.gzip(buffer[, options], callback)`.
///
/// # Errors
/// Those of the options. The others go to `done`.
pub fn gzip(
    lp: &EventLoop,
    input: impl Into<Bytes>,
    options: &ZlibOptions,
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    run(lp, Mode::Gzip, input, options, |result| done(result.map(|output| output.buffer)))
}

/// As [`gunzip_sync`], on the pool; `done` is called once from `lp`, never before this returns.
/// Node: `zlib.gunzip(buffer[, options], callback)`.
///
/// # Errors
/// Those of the options. The others go to `done`.
pub fn gunzip(
    lp: &EventLoop,
    input: impl Into<Bytes>,
    options: &ZlibOptions,
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    run(lp, Mode::Gunzip, input, options, |result| done(result.map(|output| output.buffer)))
}

/// As [`deflate_raw_sync`], on the pool; `done` is called once from `lp`, never before this returns.
/// Node: `zlib.deflateRaw(buffer[, options], callback)`.
///
/// # Errors
/// Those of the options. The others go to `done`.
pub fn deflate_raw(
    lp: &EventLoop,
    input: impl Into<Bytes>,
    options: &ZlibOptions,
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    run(lp, Mode::DeflateRaw, input, options, |result| done(result.map(|output| output.buffer)))
}

/// As [`inflate_raw_sync`], on the pool; `done` is called once from `lp`, never before this returns.
/// Node: `zlib.inflateRaw(buffer[, options], callback)`.
///
/// # Errors
/// Those of the options. The others go to `done`.
pub fn inflate_raw(
    lp: &EventLoop,
    input: impl Into<Bytes>,
    options: &ZlibOptions,
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    run(lp, Mode::InflateRaw, input, options, |result| done(result.map(|output| output.buffer)))
}

/// As [`unzip_sync`], on the pool; `done` is called once from `lp`, never before this returns.
/// Node: `zlib.unzip(buffer[, options], callback)`.
///
/// # Errors
/// Those of the options. The others go to `done`.
pub fn unzip(
    lp: &EventLoop,
    input: impl Into<Bytes>,
    options: &ZlibOptions,
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    run(lp, Mode::Unzip, input, options, |result| done(result.map(|output| output.buffer)))
}

/// As [`brotli_compress_sync`], on the pool; `done` is called once from `lp`, never before this returns.
/// Node: `zlib.brotliCompress(buffer[, options], callback)`.
///
/// # Errors
/// Those of the options. The others go to `done`.
pub fn brotli_compress(
    lp: &EventLoop,
    input: impl Into<Bytes>,
    options: &BrotliOptions,
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    run(lp, Mode::BrotliCompress, input, options, |result| done(result.map(|output| output.buffer)))
}

/// As [`brotli_decompress_sync`], on the pool; `done` is called once from `lp`, never before this returns.
/// Node: `zlib.brotliDecompress(buffer[, options], callback)`.
///
/// # Errors
/// Those of the options. The others go to `done`.
pub fn brotli_decompress(
    lp: &EventLoop,
    input: impl Into<Bytes>,
    options: &BrotliOptions,
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    run(lp, Mode::BrotliDecompress, input, options, |result| done(result.map(|output| output.buffer)))
}

/// As [`zstd_compress_sync`], on the pool; `done` is called once from `lp`, never before this returns.
/// Node: `zlib.zstdCompress(buffer[, options], callback)`.
///
/// # Errors
/// Those of the options. The others go to `done`.
pub fn zstd_compress(
    lp: &EventLoop,
    input: impl Into<Bytes>,
    options: &ZstdOptions,
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    run(lp, Mode::ZstdCompress, input, options, |result| done(result.map(|output| output.buffer)))
}

/// As [`zstd_decompress_sync`], on the pool; `done` is called once from `lp`, never before this returns.
/// Node: `zlib.zstdDecompress(buffer[, options], callback)`.
///
/// # Errors
/// Those of the options. The others go to `done`.
pub fn zstd_decompress(
    lp: &EventLoop,
    input: impl Into<Bytes>,
    options: &ZstdOptions,
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    run(lp, Mode::ZstdDecompress, input, options, |result| done(result.map(|output| output.buffer)))
}
