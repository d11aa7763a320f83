//! Whole buffers in one call.

use bytes::Bytes;
use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};

use crate::constants::{Z_BUF_ERROR, Z_DEFAULT_MEMLEVEL, Z_DEFAULT_STRATEGY, Z_DEFAULT_WINDOWBITS};
use crate::deflate::{Codec, Flush, Gunzip, Gzip, header, trailing_junk};
use crate::libdeflate;
use crate::options::{Settings, ZlibOptions};
use crate::parallel::{self, Trailer};

/// Deflate cannot expand by more than this.
const MAX_RATIO: usize = 1032;
/// The `chunk_size` with which zlib-rs has no use for its fast loop.
const SLOW: usize = 128;
/// The smallest gzip member.
const MIN_MEMBER: usize = 18;

/// Compresses `input` into one gzip member, blocking. Node: `zlib.gzipSync(buffer[, options])`
/// (<https://nodejs.org/api/zlib.html#zlibgzipsyncbuffer-options>).
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
    gzip_body(input, &options.for_deflate()?)
}

/// Decompresses gzip members, one behind the other, blocking. What follows them is ignored if it begins with a
/// zero byte. Node: `zlib.gunzipSync(buffer[, options])`
/// (<https://nodejs.org/api/zlib.html#zlibgunzipsyncbuffer-options>).
///
/// # Errors
/// [`Code::ZDataError`] and [`Code::ZBufError`], with zlib's number as `errno`, for data that is not sound or not
/// complete; [`Code::BufferTooLarge`] past [`ZlibOptions::max_output_length`]; [`Code::TrailingJunkAfterStreamEnd`]
/// where [`ZlibOptions::reject_garbage_after_end`] is set; [`Code::OutOfRange`] for an option.
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
    gunzip_body(input, &options.for_inflate()?)
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
    Ok(gzip_operation(input.into(), options)?.spawn(lp, done))
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
    Ok(gunzip_operation(input.into(), options)?.spawn(lp, done))
}

/// The one-shot functions as futures. Node: `util.promisify(zlib.gzip)` and its like.
pub mod promises {
    use super::{Bytes, EventLoop, OperationExt, Result, ZlibOptions, gunzip_operation, gzip_operation};

    /// As [`gzip_sync`](super::gzip_sync), on the pool; dropping the future cancels.
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
        gzip_operation(input.into(), options)?.future(lp).await
    }

    /// As [`gunzip_sync`](super::gunzip_sync), on the pool; dropping the future cancels.
    ///
    /// # Errors
    /// As there.
    pub async fn gunzip(lp: &EventLoop, input: impl Into<Bytes>, options: &ZlibOptions) -> Result<Vec<u8>> {
        gunzip_operation(input.into(), options)?.future(lp).await
    }
}

fn gzip_operation(input: Bytes, options: &ZlibOptions) -> Result<impl Operation<Output = Vec<u8>> + use<>> {
    let settings = options.for_deflate()?;
    Ok(blocking(move || gzip_body(&input, &settings)))
}

fn gunzip_operation(input: Bytes, options: &ZlibOptions) -> Result<impl Operation<Output = Vec<u8>> + use<>> {
    let settings = options.for_inflate()?;
    Ok(blocking(move || gunzip_body(&input, &settings)))
}

fn gzip_body(input: &[u8], settings: &Settings) -> Result<Vec<u8>> {
    if settings.threads > 1 {
        return parallel::gzip(input, settings);
    }
    let plain = settings.window_bits == Z_DEFAULT_WINDOWBITS
        && settings.mem_level == Z_DEFAULT_MEMLEVEL
        && settings.strategy == Z_DEFAULT_STRATEGY;
    if plain {
        let header = header(settings);
        if let Some(mut out) = libdeflate::deflate(settings.level, &header, input, 8, settings.limit) {
            let mut trailer = Trailer::default();
            trailer.update(input);
            out.extend_from_slice(&trailer.bytes());
            out.shrink_to_fit();
            return Ok(out);
        }
    }
    run(&mut Gzip::new(settings), input, Vec::new(), settings)
}

fn gunzip_body(input: &[u8], settings: &Settings) -> Result<Vec<u8>> {
    let Some((out, read)) = gunzip_at_once(input, settings) else {
        return gunzip_members(input, Vec::new(), settings);
    };
    match input.get(read) {
        Some(_) if settings.reject_garbage => Err(trailing_junk()),
        Some(1..) => gunzip_members(&input[read..], out, settings),
        _ => Ok(out),
    }
}

/// The first member by libdeflate, if its length stands at the end of `input` and it is sound.
fn gunzip_at_once(input: &[u8], settings: &Settings) -> Option<(Vec<u8>, usize)> {
    // libdeflate does not check the header's own CRC, flag 2.
    let simple = matches!(input, [0x1f, 0x8b, 8, flags, ..] if flags & 2 == 0);
    if !simple || input.len() < MIN_MEMBER {
        return None;
    }
    let size = u32::from_le_bytes(*input.last_chunk()?);
    let possible = u64::from(size) <= settings.limit && size as usize / MAX_RATIO <= input.len();
    if possible { libdeflate::gunzip(input, size as usize) } else { None }
}

/// Decompresses all members, behind what `out` holds.
fn gunzip_members(input: &[u8], out: Vec<u8>, settings: &Settings) -> Result<Vec<u8>> {
    let mut codec = Gunzip::new(settings);
    let result = run(&mut codec, input, out, settings);
    if !codec.guessed {
        return result;
    }
    // So little room at a time keeps zlib-rs from its fast loop, and makes it say what is wrong.
    let settings = Settings { chunk_size: SLOW, limit: u64::MAX, ..*settings };
    run(&mut Gunzip::new(&settings), input, Vec::new(), &settings)
}

/// Runs `codec` over the whole of `input`, behind what `out` holds, `chunk_size` bytes of output at a time: the
/// limit is looked at where Node does.
fn run(codec: &mut impl Codec, input: &[u8], mut out: Vec<u8>, settings: &Settings) -> Result<Vec<u8>> {
    let mut read = 0;
    loop {
        let start = out.len();
        let grown = out.try_reserve(settings.chunk_size);
        grown.map_err(|_| Error::from_template(Code::MemoryAllocationFailed, &[]))?;
        out.resize(start + settings.chunk_size, 0);
        let step = codec.step(&input[read..], &mut out[start..], Flush::Finish)?;
        read += step.read;
        out.truncate(start + step.written);
        if out.len() as u64 > settings.limit {
            return Err(settings.too_large());
        }
        if step.ended {
            let junk = settings.reject_garbage && read < input.len();
            return if junk { Err(trailing_junk()) } else { Ok(out) };
        }
        if step.read == 0 && step.written == 0 {
            return Err(
                Error::from_template(Code::ZBufError, &[&"unexpected end of file"]).with_errno(Z_BUF_ERROR)
            );
        }
    }
}
