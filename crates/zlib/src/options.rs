//! What the caller may choose, and what Node says about a wrong choice.

use std::fmt::Display;

use bytes::Bytes;
use nodecore_error::{Code, Error, Result};

use crate::codec::{Codec, Flush, no_memory};
use crate::constants as c;
use crate::constants::{
    BROTLI_OPERATION_EMIT_METADATA, BROTLI_OPERATION_FINISH, BROTLI_OPERATION_FLUSH, BROTLI_PARAM_NDIRECT,
    Z_BLOCK, Z_DEFAULT_CHUNK, Z_DEFAULT_LEVEL, Z_DEFAULT_MEMLEVEL, Z_DEFAULT_STRATEGY, Z_DEFAULT_WINDOWBITS,
    Z_FINISH, Z_FIXED, Z_FULL_FLUSH, Z_MAX_LEVEL, Z_MAX_MEMLEVEL, Z_MAX_WINDOWBITS, Z_MIN_CHUNK, Z_MIN_LEVEL,
    Z_MIN_MEMLEVEL, Z_MIN_WINDOWBITS, Z_PARTIAL_FLUSH, Z_SYNC_FLUSH,
};
use crate::frame::Format;
use crate::{brotli, deflate, inflate, zstd};

/// The largest `maxOutputLength`, and the one where none is given: Node's `buffer.kMaxLength`.
const MAX_LENGTH: u64 = (1 << 53) - 1;
/// A `chunkSize` up to this is not doubted, in bytes.
const PLAIN: usize = 1 << 20;
/// The most threads one stream or call may use.
const MAX_THREADS: u32 = 256;

/// What is done to the bytes: Node's classes, by the numbers that `zlib.constants` has for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum Mode {
    /// Compresses to the zlib format.
    Deflate = 1,
    /// Decompresses the zlib format.
    Inflate = 2,
    /// Compresses to a gzip member.
    Gzip = 3,
    /// Decompresses gzip members.
    Gunzip = 4,
    /// Compresses to deflate's blocks alone.
    DeflateRaw = 5,
    /// Decompresses deflate's blocks alone.
    InflateRaw = 6,
    /// Decompresses gzip members or the zlib format, as the data says.
    Unzip = 7,
    /// Decompresses brotli.
    BrotliDecompress = 8,
    /// Compresses to brotli.
    BrotliCompress = 9,
    /// Compresses to a Zstandard frame.
    ZstdCompress = 10,
    /// Decompresses Zstandard frames.
    ZstdDecompress = 11,
}

impl Mode {
    /// Every mode, in the order of their numbers.
    pub const ALL: [Mode; 11] = [
        Mode::Deflate,
        Mode::Inflate,
        Mode::Gzip,
        Mode::Gunzip,
        Mode::DeflateRaw,
        Mode::InflateRaw,
        Mode::Unzip,
        Mode::BrotliDecompress,
        Mode::BrotliCompress,
        Mode::ZstdCompress,
        Mode::ZstdDecompress,
    ];

    /// The mode of a number, such as [`GZIP`](crate::constants::GZIP).
    pub fn from_number(number: i32) -> Option<Mode> {
        Mode::ALL.into_iter().find(|&mode| mode as i32 == number)
    }

    pub(crate) fn family(self) -> Family {
        match self {
            Mode::BrotliDecompress | Mode::BrotliCompress => Family::Brotli,
            Mode::ZstdCompress | Mode::ZstdDecompress => Family::Zstd,
            _ => Family::Zlib,
        }
    }

    /// The format, of deflate's family.
    pub(crate) fn format(self) -> Format {
        match self {
            Mode::Gzip | Mode::Gunzip => Format::Gzip,
            Mode::DeflateRaw | Mode::InflateRaw => Format::Raw,
            Mode::Unzip => Format::Auto,
            _ => Format::Zlib,
        }
    }

    pub(crate) fn decompresses(self) -> bool {
        matches!(
            self,
            Mode::Inflate
                | Mode::Gunzip
                | Mode::InflateRaw
                | Mode::Unzip
                | Mode::BrotliDecompress
                | Mode::ZstdDecompress
        )
    }
}

/// Codecs that share their options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Zlib,
    Brotli,
    Zstd,
}

impl Family {
    /// The numbers of its flushes begin at 0 and end here.
    pub(crate) fn last_flush(self) -> i32 {
        match self {
            Family::Zlib => Z_BLOCK,
            Family::Brotli => BROTLI_OPERATION_EMIT_METADATA,
            Family::Zstd => c::ZSTD_e_end,
        }
    }

    fn finish(self) -> i32 {
        match self {
            Family::Zlib => Z_FINISH,
            Family::Brotli => BROTLI_OPERATION_FINISH,
            Family::Zstd => c::ZSTD_e_end,
        }
    }

    /// What `flush()` does where no kind is given.
    pub(crate) fn full_flush(self) -> i32 {
        match self {
            Family::Zlib => Z_FULL_FLUSH,
            Family::Brotli => BROTLI_OPERATION_FLUSH,
            Family::Zstd => c::ZSTD_e_flush,
        }
    }

    /// The flush that has this number.
    pub(crate) fn flush(self, number: i32) -> Flush {
        match (self, number) {
            (Family::Zlib, Z_PARTIAL_FLUSH) => Flush::Partial,
            (Family::Zlib, Z_SYNC_FLUSH)
            | (Family::Brotli, BROTLI_OPERATION_FLUSH)
            | (Family::Zstd, c::ZSTD_e_flush) => Flush::Sync,
            (Family::Zlib, Z_FULL_FLUSH) => Flush::Full,
            (Family::Zlib, Z_BLOCK) => Flush::Block,
            (Family::Zlib, Z_FINISH)
            | (Family::Brotli, BROTLI_OPERATION_FINISH)
            | (Family::Zstd, c::ZSTD_e_end) => Flush::Finish,
            (Family::Brotli, BROTLI_OPERATION_EMIT_METADATA) => Flush::Metadata,
            _ => Flush::No,
        }
    }
}

/// The options that all codecs have.
#[derive(Clone, Debug, Default)]
struct Common {
    chunk_size: Option<usize>,
    max_output_length: Option<u64>,
    flush: Option<i32>,
    finish_flush: Option<i32>,
    reject_garbage_after_end: bool,
    dictionary: Bytes,
    threads: u32,
}

/// The methods of options that all codecs have.
macro_rules! common_options {
    () => {
        /// Every option as Node has it where it is not given.
        pub fn new() -> Self {
            Self::default()
        }

        /// The size of the pieces that a stream gives out, in bytes: 64 or more, 16384 where not given.
        #[must_use]
        pub fn chunk_size(mut self, bytes: usize) -> Self {
            self.common.chunk_size = Some(bytes);
            self
        }

        /// The most bytes that a one-shot call gives out; more is `ERR_BUFFER_TOO_LARGE`. Streams do not look at it.
        #[must_use]
        pub fn max_output_length(mut self, bytes: u64) -> Self {
            self.common.max_output_length = Some(bytes);
            self
        }

        /// What a stream does with each chunk beside taking it: a flush of this codec, by its number in
        /// [`constants`](crate::constants).
        #[must_use]
        pub fn flush(mut self, kind: i32) -> Self {
            self.common.flush = Some(kind);
            self
        }

        /// What is done at the end of the input. A decompressor that is told to flush there, and not to finish, takes
        /// data that stops in the middle.
        #[must_use]
        pub fn finish_flush(mut self, kind: i32) -> Self {
            self.common.finish_flush = Some(kind);
            self
        }

        /// Bytes that the data may refer to: compressor and decompressor need the same. Empty is none.
        #[must_use]
        pub fn dictionary(mut self, dictionary: impl Into<Bytes>) -> Self {
            self.common.dictionary = dictionary.into();
            self
        }

        /// Makes what follows the compressed data an error. Decompression only.
        #[must_use]
        pub fn reject_garbage_after_end(mut self, reject: bool) -> Self {
            self.common.reject_garbage_after_end = reject;
            self
        }
    };
}

/// The options of the deflate family. Node: `zlib` options (<https://nodejs.org/api/zlib.html#class-options>).
///
/// Values are checked where they are used, in Node's order and with Node's texts. A dictionary is ignored by gzip. With
/// [`reject_garbage_after_end`](ZlibOptions::reject_garbage_after_end) a second gzip member is garbage too.
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
    common: Common,
    window_bits: Option<i32>,
    level: Option<i32>,
    mem_level: Option<i32>,
    strategy: Option<i32>,
}

impl ZlibOptions {
    common_options!();

    /// The base two logarithm of the window, 8 to 15, for gzip 9 to 15. Compressors take 8 for 9. Inflate, gunzip and
    /// unzip take 0 too, for the largest.
    ///
    /// # Differences from Node
    /// Decompressors check it, and what a zlib header says about the window, and then use the largest: data that
    /// needs more than was asked for is no error.
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

    /// Compresses on up to `threads` threads (256 at most), which costs about 1 MiB for each; 0 and 1 are one
    /// thread. Gzip only, with `flush` and `finish_flush` as they are where not given.
    ///
    /// Streams use the loop's pool; one-shot calls start threads of their own, which end with the call. The output
    /// is one ordinary gzip member, slightly larger than that of one thread, and depends on the input's bytes
    /// and the options only: not on how it was cut into chunks, on timing, or on the number of threads above 1.
    ///
    /// # Differences from Node
    /// Node has no such option.
    #[must_use]
    pub fn threads(mut self, threads: u32) -> ZlibOptions {
        self.common.threads = threads;
        self
    }
}

/// The options of brotli. Node: `BrotliOptions` (<https://nodejs.org/api/zlib.html#class-brotlioptions>).
///
/// ```
/// use nodecore_zlib::{BrotliOptions, brotli_compress_sync, brotli_decompress_sync, constants};
///
/// let options = BrotliOptions::new().param(constants::BROTLI_PARAM_QUALITY, 5);
/// let packed = brotli_compress_sync(&[b'x'; 10_000], &options)?;
/// assert_eq!(brotli_decompress_sync(&packed, &BrotliOptions::new())?, [b'x'; 10_000]);
///
/// let error = brotli_compress_sync(b"", &BrotliOptions::new().param(9, 1)).unwrap_err();
/// assert_eq!(error.code().name(), "ERR_BROTLI_INVALID_PARAM");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct BrotliOptions {
    common: Common,
    params: Vec<(i32, i64)>,
}

impl BrotliOptions {
    common_options!();

    /// Sets a parameter, `BROTLI_PARAM_*` of a compressor or `BROTLI_DECODER_PARAM_*` of a decompressor. Node: a key of
    /// `params`. Brotli brings values that are out of range into it, and -1 is as good as none, as in Node.
    #[must_use]
    pub fn param(mut self, key: i32, value: i64) -> BrotliOptions {
        self.params.push((key, value));
        self
    }
}

/// The options of Zstandard. Node: `ZstdOptions` (<https://nodejs.org/api/zlib.html#class-zstdoptions>).
///
/// ```
/// use nodecore_zlib::{ZstdOptions, constants, zstd_compress_sync, zstd_decompress_sync};
///
/// let options = ZstdOptions::new().param(constants::ZSTD_c_checksumFlag, 1);
/// let mut packed = zstd_compress_sync(&[b'x'; 10_000], &options)?;
/// assert_eq!(zstd_decompress_sync(&packed, &ZstdOptions::new())?, [b'x'; 10_000]);
///
/// *packed.last_mut().unwrap() ^= 1;
/// let error = zstd_decompress_sync(&packed, &ZstdOptions::new()).unwrap_err();
/// assert_eq!((error.code().name(), error.errno()), ("ZSTD_error_checksum_wrong", Some(22)));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ZstdOptions {
    common: Common,
    params: Vec<(i32, i64)>,
    pledged_src_size: Option<i64>,
}

impl ZstdOptions {
    common_options!();

    /// Sets a parameter, `ZSTD_c_*` of a compressor or `ZSTD_d_*` of a decompressor. Node: a key of `params`. A value of
    /// -1 is as good as none, as in Node.
    #[must_use]
    pub fn param(mut self, key: i32, value: i64) -> ZstdOptions {
        self.params.push((key, value));
        self
    }

    /// How much input there will be, in bytes; other input is `ZSTD_error_srcSize_wrong`. Compression only, but always
    /// checked.
    #[must_use]
    pub fn pledged_src_size(mut self, bytes: i64) -> ZstdOptions {
        self.pledged_src_size = Some(bytes);
        self
    }

    /// Compresses on `threads` threads of zstd's own (256 at most), beside the one that calls; 0 and 1 are none.
    /// Another spelling of [`ZSTD_c_nbWorkers`](crate::constants::ZSTD_c_nbWorkers), which it has precedence over. Compression only.
    ///
    /// # Differences from Node
    /// Node has no such option, and takes `ZSTD_c_nbWorkers` without heeding it.
    #[must_use]
    pub fn threads(mut self, threads: u32) -> ZstdOptions {
        self.common.threads = threads;
        self
    }
}

mod sealed {
    use super::{Mode, Result, Settings};

    /// Options that have been checked.
    #[derive(Debug)]
    pub struct Checked(pub(super) Settings);

    pub trait Check {
        /// The checked options for a mode.
        fn checked(&self, mode: Mode) -> Result<Checked>;
    }
}

use sealed::{Check, Checked};

/// The checked options for a mode.
pub(crate) fn checked(mode: Mode, options: &impl Options) -> Result<Settings> {
    Ok(options.checked(mode)?.0)
}

/// [`ZlibOptions`], [`BrotliOptions`] or [`ZstdOptions`].
pub trait Options: Check {}

impl Options for ZlibOptions {}
impl Options for BrotliOptions {}
impl Options for ZstdOptions {}

/// Options with the defaults filled in, all within their ranges.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) mode: Mode,
    pub(crate) chunk_size: usize,
    pub(crate) limit: u64,
    pub(crate) flush: Flush,
    pub(crate) finish: Flush,
    pub(crate) reject_garbage: bool,
    pub(crate) threads: usize,
    pub(crate) own: Own,
}

/// The options of one family.
#[derive(Clone, Debug)]
pub(crate) enum Own {
    Zlib(deflate::Settings),
    Brotli(brotli::Settings),
    Zstd(zstd::Settings),
}

impl Settings {
    /// A codec at the start of a stream.
    pub(crate) fn codec(&self) -> Result<Box<dyn Codec>> {
        self.own.codec(self.mode, self.reject_garbage)
    }

    /// What Node throws when the output passes `maxOutputLength`.
    pub(crate) fn too_large(&self) -> Error {
        Error::from_template(Code::BufferTooLarge, &[&self.limit])
    }
}

impl Own {
    fn codec(&self, mode: Mode, single: bool) -> Result<Box<dyn Codec>> {
        Ok(match self {
            Own::Zlib(own) if mode.decompresses() => {
                Box::new(inflate::Decompressor::new(mode.format(), own, single)?)
            }
            Own::Zlib(own) => Box::new(deflate::Compressor::new(mode.format(), own)?),
            Own::Brotli(own) if mode.decompresses() => Box::new(brotli::Decompressor::new(own)?),
            Own::Brotli(own) => Box::new(brotli::Compressor::new(own)?),
            Own::Zstd(own) if mode.decompresses() => Box::new(zstd::Decompressor::new(own)?),
            Own::Zstd(own) => Box::new(zstd::Compressor::new(own)?),
        })
    }

    /// Whether a codec may refuse it.
    fn is_doubtful(&self) -> bool {
        match self {
            Own::Zlib(_) => false,
            Own::Brotli(own) => !own.params.is_empty() || !own.dictionary.is_empty(),
            Own::Zstd(own) => !own.params.is_empty() || !own.dictionary.is_empty(),
        }
    }
}

impl Check for ZlibOptions {
    fn checked(&self, mode: Mode) -> Result<Checked> {
        belongs(mode, Family::Zlib)?;
        let zero = matches!(mode, Mode::Inflate | Mode::Gunzip | Mode::Unzip);
        let min_window = if mode == Mode::Gzip { Z_MIN_WINDOWBITS + 1 } else { Z_MIN_WINDOWBITS };
        let window_bits = match self.window_bits {
            Some(0) if zero => Z_DEFAULT_WINDOWBITS,
            given => in_range("windowBits", given, Z_DEFAULT_WINDOWBITS, min_window, Z_MAX_WINDOWBITS)?,
        };
        let level = level(self.level.unwrap_or(Z_DEFAULT_LEVEL), "options.level")?;
        let mem_level =
            in_range("memLevel", self.mem_level, Z_DEFAULT_MEMLEVEL, Z_MIN_MEMLEVEL, Z_MAX_MEMLEVEL)?;
        let strategy = strategy(self.strategy.unwrap_or(Z_DEFAULT_STRATEGY), "options.strategy")?;
        let dictionary = self.common.dictionary.clone();
        let own = deflate::Settings { window_bits, level, mem_level, strategy, dictionary };
        self.common.check(mode, Own::Zlib(own))
    }
}

impl Check for BrotliOptions {
    fn checked(&self, mode: Mode) -> Result<Checked> {
        belongs(mode, Family::Brotli)?;
        let params = checked_params(&self.params, BROTLI_PARAM_NDIRECT, Code::BrotliInvalidParam)?;
        let own = brotli::Settings { params, dictionary: self.common.dictionary.clone() };
        self.common.check(mode, Own::Brotli(own))
    }
}

impl Check for ZstdOptions {
    fn checked(&self, mode: Mode) -> Result<Checked> {
        belongs(mode, Family::Zstd)?;
        let last = if mode.decompresses() { c::ZSTD_d_windowLogMax } else { c::ZSTD_c_overlapLog };
        let mut params = checked_params(&self.params, last, Code::ZstdInvalidParam)?;
        let pledged = match self.pledged_src_size {
            None => None,
            Some(size) => match u64::try_from(size) {
                Ok(size) if size <= MAX_LENGTH => Some(size),
                Ok(_) => return Err(pledged_error("be a safe integer")),
                Err(_) => return Err(pledged_error("be non-negative")),
            },
        };
        if !mode.decompresses() && self.common.threads > 1 {
            params.retain(|&(key, _)| key != c::ZSTD_c_nbWorkers);
            params.push((c::ZSTD_c_nbWorkers, self.common.threads));
        }
        let own = zstd::Settings { params, pledged, dictionary: self.common.dictionary.clone() };
        self.common.check(mode, Own::Zstd(own))
    }
}

impl Common {
    fn check(&self, mode: Mode, own: Own) -> Result<Checked> {
        let family = mode.family();
        if own.is_doubtful() {
            // Node makes the codec before it looks at the other options.
            drop(own.codec(mode, false)?);
        }
        let chunk_size = self.chunk_size.unwrap_or(Z_DEFAULT_CHUNK);
        if chunk_size < Z_MIN_CHUNK {
            return Err(out_of_range("chunkSize", format_args!(">= {Z_MIN_CHUNK}"), chunk_size as u64));
        }
        // One that no memory could hold fails here, and not where the first piece is needed.
        if chunk_size > PLAIN && !has_memory(chunk_size) {
            return Err(no_memory());
        }
        let flush = in_range("flush", self.flush, 0, 0, family.last_flush())?;
        let finish = in_range("finishFlush", self.finish_flush, family.finish(), 0, family.last_flush())?;
        let limit = self.max_output_length.unwrap_or(MAX_LENGTH);
        if !(1..=MAX_LENGTH).contains(&limit) {
            return Err(out_of_range("maxOutputLength", format_args!(">= 1 and <= {MAX_LENGTH}"), limit));
        }
        if self.threads > MAX_THREADS {
            return Err(out_of_range(
                "threads",
                format_args!(">= 0 and <= {MAX_THREADS}"),
                self.threads.into(),
            ));
        }
        Ok(Checked(Settings {
            mode,
            chunk_size,
            limit,
            flush: family.flush(flush),
            finish: family.flush(finish),
            reject_garbage: self.reject_garbage_after_end,
            threads: self.threads.max(1) as usize,
            own,
        }))
    }
}

/// Every parameter once, in the order of their numbers.
fn checked_params(given: &[(i32, i64)], last: i32, code: Code) -> Result<Vec<(i32, u32)>> {
    let mut params: Vec<(i32, u32)> = Vec::new();
    for &(key, value) in given {
        if !(0..=last).contains(&key) {
            return Err(Error::from_template(code, &[&key]));
        }
        // Node puts it into an array of such numbers.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let value = value as u32;
        params.retain(|&(other, _)| other != key);
        if value != u32::MAX {
            params.push((key, value));
        }
    }
    params.sort_unstable();
    Ok(params)
}

/// Checks that a mode is of the family of the options that are given with it.
fn belongs(mode: Mode, family: Family) -> Result<()> {
    if mode.family() == family {
        return Ok(());
    }
    let what = format!("is not one for options of {family:?}");
    Err(Error::from_template(Code::InvalidArgValue, &[&"mode", &what, &format_args!("{mode:?}")]))
}

/// The level, 0 to 9, out of one that may be -1.
pub(crate) fn level(level: i32, name: &str) -> Result<i32> {
    let level = within(name, level, Z_MIN_LEVEL, Z_MAX_LEVEL)?;
    Ok(if level == Z_DEFAULT_LEVEL { 6 } else { level })
}

pub(crate) fn strategy(strategy: i32, name: &str) -> Result<i32> {
    within(name, strategy, Z_DEFAULT_STRATEGY, Z_FIXED)
}

pub(crate) fn has_memory(bytes: usize) -> bool {
    Vec::<u8>::new().try_reserve_exact(bytes).is_ok()
}

fn pledged_error(text: &str) -> Error {
    Error::new(Code::OutOfRange, format!("pledgedSrcSize must {text}"))
}

fn in_range(name: &str, given: Option<i32>, default: i32, min: i32, max: i32) -> Result<i32> {
    within(&format!("options.{name}"), given.unwrap_or(default), min, max)
}

/// `value`, if it is within a range.
///
/// # Errors
/// Node's, which says so of `name`.
pub(crate) fn within(name: &str, value: i32, min: i32, max: i32) -> Result<i32> {
    if (min..=max).contains(&value) {
        return Ok(value);
    }
    let range = format!(">= {min} and <= {max}");
    Err(Error::from_template(Code::OutOfRange, &[&name, &range, &value]))
}

fn out_of_range(name: &str, range: impl Display, value: u64) -> Error {
    let received = separated(value);
    Error::from_template(Code::OutOfRange, &[&format_args!("options.{name}"), &range, &received])
}

/// `value` as Node shows it in such errors: with separators above 2 to the 32nd.
pub(crate) fn separated(value: u64) -> String {
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
