//! What is done to the bytes.

use crate::codec::Flush;
use crate::constants as c;
use crate::constants::{
    BROTLI_OPERATION_EMIT_METADATA, BROTLI_OPERATION_FINISH, BROTLI_OPERATION_FLUSH, Z_BLOCK, Z_FINISH,
    Z_FULL_FLUSH, Z_PARTIAL_FLUSH, Z_SYNC_FLUSH,
};
use crate::frame::Format;

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

    pub(super) fn finish(self) -> i32 {
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
