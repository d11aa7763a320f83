//! What the caller may choose.

mod mode;
mod settings;

use bytes::Bytes;

#[allow(unused_imports, reason = "the docs name them")]
use crate::constants::{Z_DEFAULT_STRATEGY, Z_FIXED};

pub(crate) use mode::Family;
pub use mode::Mode;
#[cfg(feature = "zip")]
pub(crate) use settings::separated;
pub(crate) use settings::{Own, Settings, checked, has_memory, level, strategy, within};

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
    use nodecore_error::Result;

    use super::{Mode, Settings};

    /// Options that have been checked.
    #[derive(Debug)]
    pub struct Checked(pub(super) Settings);

    pub trait Check {
        /// The checked options for a mode.
        fn checked(&self, mode: Mode) -> Result<Checked>;
    }
}

/// [`ZlibOptions`], [`BrotliOptions`] or [`ZstdOptions`].
pub trait Options: sealed::Check {}

impl Options for ZlibOptions {}
impl Options for BrotliOptions {}
impl Options for ZstdOptions {}
