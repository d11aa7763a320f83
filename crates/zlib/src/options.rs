//! What the caller may choose, and what Node says about a wrong choice.

use std::fmt::Display;

use nodecore_error::{Code, Error, Result};

use crate::constants::{
    Z_DEFAULT_CHUNK, Z_DEFAULT_LEVEL, Z_DEFAULT_MEMLEVEL, Z_DEFAULT_STRATEGY, Z_DEFAULT_WINDOWBITS, Z_FIXED,
    Z_MAX_LEVEL, Z_MAX_MEMLEVEL, Z_MAX_WINDOWBITS, Z_MIN_CHUNK, Z_MIN_LEVEL, Z_MIN_MEMLEVEL,
    Z_MIN_WINDOWBITS,
};

/// The largest `maxOutputLength`, and the one where none is given: Node's `buffer.kMaxLength`.
const MAX_LENGTH: u64 = (1 << 53) - 1;
/// A `chunkSize` up to this is not doubted, in bytes.
const PLAIN: usize = 1 << 20;
/// The most threads one stream or call may use.
const MAX_THREADS: u32 = 256;

/// The options of gzip and gunzip. Node: `zlib` options (<https://nodejs.org/api/zlib.html#class-options>).
///
/// Values are checked where they are used, in Node's order and with Node's texts.
///
/// ```
/// use nodecore_zlib::{ZlibOptions, gzip_sync};
///
/// let error = gzip_sync(b"", &ZlibOptions::new().level(10)).unwrap_err();
/// assert_eq!(error.code().name(), "ERR_OUT_OF_RANGE");
/// assert_eq!(
///     error.to_string(),
///     "The value of \"options.level\" is out of range. It must be >= -1 and <= 9. Received 10"
/// );
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ZlibOptions {
    chunk_size: Option<usize>,
    max_output_length: Option<u64>,
    window_bits: Option<i32>,
    level: Option<i32>,
    mem_level: Option<i32>,
    strategy: Option<i32>,
    reject_garbage_after_end: bool,
    threads: u32,
}

impl ZlibOptions {
    /// Every option as Node has it where it is not given.
    pub fn new() -> ZlibOptions {
        ZlibOptions::default()
    }

    /// The size of the pieces that a stream gives out, in bytes: 64 or more, 16384 where not given.
    #[must_use]
    pub fn chunk_size(mut self, bytes: usize) -> ZlibOptions {
        self.chunk_size = Some(bytes);
        self
    }

    /// The most bytes that a one-shot call gives out; more is `ERR_BUFFER_TOO_LARGE`. Streams do not look at it.
    #[must_use]
    pub fn max_output_length(mut self, bytes: u64) -> ZlibOptions {
        self.max_output_length = Some(bytes);
        self
    }

    /// The base two logarithm of the window, 9 to 15; gunzip takes 8 and, for the largest, 0 too.
    ///
    /// # Differences from Node
    /// Gunzip checks it and then uses the largest: data that needs more than was asked for is no error.
    #[must_use]
    pub fn window_bits(mut self, bits: i32) -> ZlibOptions {
        self.window_bits = Some(bits);
        self
    }

    /// How hard to compress, 0 to 9; -1 means 6. Compression only, but always checked.
    #[must_use]
    pub fn level(mut self, level: i32) -> ZlibOptions {
        self.level = Some(level);
        self
    }

    /// How much memory the compressor takes, 1 to 9; 8 where not given.
    #[must_use]
    pub fn mem_level(mut self, level: i32) -> ZlibOptions {
        self.mem_level = Some(level);
        self
    }

    /// One of [`Z_DEFAULT_STRATEGY`] to [`Z_FIXED`]. Compression only, but always checked.
    #[must_use]
    pub fn strategy(mut self, strategy: i32) -> ZlibOptions {
        self.strategy = Some(strategy);
        self
    }

    /// Makes what follows the compressed data an error, a second member too. Decompression only.
    #[must_use]
    pub fn reject_garbage_after_end(mut self, reject: bool) -> ZlibOptions {
        self.reject_garbage_after_end = reject;
        self
    }

    /// Compresses on up to `threads` threads (256 at most), which costs about 1 MiB for each; 0 and 1 are one
    /// thread. Compression only.
    ///
    /// Streams use the loop's pool; one-shot calls start threads of their own, which end with the call. The output
    /// is one ordinary gzip member, slightly larger than that of one thread, and depends on the input's bytes
    /// and the options only: not on how it was cut into chunks, on timing, or on the number of threads above 1.
    ///
    /// # Differences from Node
    /// Node has no such option.
    #[must_use]
    pub fn threads(mut self, threads: u32) -> ZlibOptions {
        self.threads = threads;
        self
    }

    /// The checked options of a compressor.
    pub(crate) fn for_deflate(&self) -> Result<Settings> {
        self.check(Z_MIN_WINDOWBITS + 1, false)
    }

    /// The checked options of a decompressor.
    pub(crate) fn for_inflate(&self) -> Result<Settings> {
        self.check(Z_MIN_WINDOWBITS, true)
    }

    fn check(&self, min_window: i32, zero_window: bool) -> Result<Settings> {
        let chunk_size = self.chunk_size.unwrap_or(Z_DEFAULT_CHUNK);
        if chunk_size < Z_MIN_CHUNK {
            return Err(out_of_range("chunkSize", format_args!(">= {Z_MIN_CHUNK}"), chunk_size as u64));
        }
        // One that no memory could hold fails here, and not where the first piece is needed.
        if chunk_size > PLAIN && !has_memory(chunk_size) {
            return Err(Error::from_template(Code::MemoryAllocationFailed, &[]));
        }
        let limit = self.max_output_length.unwrap_or(MAX_LENGTH);
        if !(1..=MAX_LENGTH).contains(&limit) {
            return Err(out_of_range("maxOutputLength", format_args!(">= 1 and <= {MAX_LENGTH}"), limit));
        }
        let window_bits = match self.window_bits {
            Some(0) if zero_window => Z_DEFAULT_WINDOWBITS,
            given => in_range("windowBits", given, Z_DEFAULT_WINDOWBITS, min_window, Z_MAX_WINDOWBITS)?,
        };
        let level = in_range("level", self.level, Z_DEFAULT_LEVEL, Z_MIN_LEVEL, Z_MAX_LEVEL)?;
        let mem_level =
            in_range("memLevel", self.mem_level, Z_DEFAULT_MEMLEVEL, Z_MIN_MEMLEVEL, Z_MAX_MEMLEVEL)?;
        let strategy = in_range("strategy", self.strategy, Z_DEFAULT_STRATEGY, Z_DEFAULT_STRATEGY, Z_FIXED)?;
        if self.threads > MAX_THREADS {
            return Err(out_of_range(
                "threads",
                format_args!(">= 0 and <= {MAX_THREADS}"),
                self.threads.into(),
            ));
        }
        Ok(Settings {
            chunk_size,
            limit,
            window_bits,
            level: if level == Z_DEFAULT_LEVEL { 6 } else { level },
            mem_level,
            strategy,
            reject_garbage: self.reject_garbage_after_end,
            threads: self.threads.max(1) as usize,
        })
    }
}

/// Options with the defaults filled in, all within their ranges.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) chunk_size: usize,
    pub(crate) limit: u64,
    pub(crate) window_bits: i32,
    /// 0 to 9.
    pub(crate) level: i32,
    pub(crate) mem_level: i32,
    pub(crate) strategy: i32,
    pub(crate) reject_garbage: bool,
    pub(crate) threads: usize,
}

impl Settings {
    /// What Node throws when the output passes `maxOutputLength`.
    pub(crate) fn too_large(&self) -> Error {
        Error::from_template(Code::BufferTooLarge, &[&self.limit])
    }
}

fn has_memory(bytes: usize) -> bool {
    Vec::<u8>::new().try_reserve_exact(bytes).is_ok()
}

fn in_range(name: &str, given: Option<i32>, default: i32, min: i32, max: i32) -> Result<i32> {
    let value = given.unwrap_or(default);
    if (min..=max).contains(&value) {
        return Ok(value);
    }
    let range = format!(">= {min} and <= {max}");
    Err(Error::from_template(Code::OutOfRange, &[&format_args!("options.{name}"), &range, &value]))
}

fn out_of_range(name: &str, range: impl Display, value: u64) -> Error {
    let received = separated(value);
    Error::from_template(Code::OutOfRange, &[&format_args!("options.{name}"), &range, &received])
}

/// `value` as Node shows it in such errors: with separators above 2 to the 32nd.
fn separated(value: u64) -> String {
    let digits = value.to_string();
    if value <= 1 << 32 {
        return digits;
    }
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push('_');
        }
        out.push(digit);
    }
    out
}
