//! Options that have been checked, and what Node says about a wrong choice.

use std::fmt::Display;

use nodecore_error::{Code, Error, Result};

use super::sealed::{Check, Checked};
use super::{BrotliOptions, Common, Family, Mode, Options, ZlibOptions, ZstdOptions};
use crate::codec::{Codec, Flush, no_memory};
use crate::constants as c;
use crate::constants::{
    BROTLI_PARAM_NDIRECT, Z_DEFAULT_CHUNK, Z_DEFAULT_LEVEL, Z_DEFAULT_MEMLEVEL, Z_DEFAULT_STRATEGY,
    Z_DEFAULT_WINDOWBITS, Z_FIXED, Z_MAX_LEVEL, Z_MAX_MEMLEVEL, Z_MAX_WINDOWBITS, Z_MIN_CHUNK, Z_MIN_LEVEL,
    Z_MIN_MEMLEVEL, Z_MIN_WINDOWBITS,
};
use crate::{brotli, deflate, inflate, zstd};

/// The largest `maxOutputLength`, and the one where none is given: Node's `buffer.kMaxLength`.
const MAX_LENGTH: u64 = (1 << 53) - 1;
/// A `chunkSize` up to this is not doubted, in bytes.
const PLAIN: usize = 1 << 20;
/// The most threads one stream or call may use.
const MAX_THREADS: u32 = 256;

/// The checked options for a mode.
pub(crate) fn checked(mode: Mode, options: &impl Options) -> Result<Settings> {
    Ok(options.checked(mode)?.0)
}

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

    /// Whether a codec may refuse it. A compressor brings its level into its range.
    fn is_doubtful(&self, mode: Mode) -> bool {
        let (params, dictionary, level) = match self {
            Own::Zlib(_) => return false,
            Own::Brotli(own) => (&own.params, &own.dictionary, c::BROTLI_PARAM_QUALITY),
            Own::Zstd(own) => (&own.params, &own.dictionary, c::ZSTD_c_compressionLevel),
        };
        let is_level = |key| key == level && !mode.decompresses();
        !dictionary.is_empty() || params.iter().any(|&(key, _)| !is_level(key))
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
        if own.is_doubtful(mode) {
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
    within(format_args!("options.{name}"), given.unwrap_or(default), min, max)
}

/// `value`, if it is within a range.
///
/// # Errors
/// Node's, which says so of `name`.
pub(crate) fn within(name: impl Display, value: i32, min: i32, max: i32) -> Result<i32> {
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
