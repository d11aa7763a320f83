//! Zstandard, by its C library.

use std::cell::Cell;

use bytes::Bytes;
use nodecore_error::{Code, Error, Result};
use zstd_safe::zstd_sys::{ZSTD_EndDirective, ZSTD_strategy};
use zstd_safe::{
    CCtx, CParameter, DCtx, DParameter, ErrorCode, InBuffer, OutBuffer, ResetDirective,
    get_frame_content_size,
};

use crate::codec::{Codec, Flush, Step, no_memory, not_initialized, unexpected_end};
use crate::constants as c;

/// A compressor that holds no more than this is kept for the thread's next one, in bytes.
const SPARE: usize = 4 << 20;
/// As much output as a byte of input is believed to give, before it has given it.
const RATIO: usize = 256;

thread_local! {
    static COMPRESSOR: Cell<Option<CCtx<'static>>> = const { Cell::new(None) };
    static DECOMPRESSOR: Cell<Option<DCtx<'static>>> = const { Cell::new(None) };
}

/// The options of zstd, checked as far as can be without a codec.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// In the order of their numbers.
    pub(crate) params: Vec<(i32, u32)>,
    pub(crate) pledged: Option<u64>,
    /// Empty where there is none.
    pub(crate) dictionary: Bytes,
}

/// Compresses into one frame.
pub(crate) struct Compressor {
    context: Option<CCtx<'static>>,
    /// The size that was pledged, until the first step.
    pledged: Option<u64>,
}

impl Compressor {
    pub(crate) fn new(settings: &Settings) -> Result<Compressor> {
        let context = COMPRESSOR.take().or_else(CCtx::try_create).ok_or_else(no_memory)?;
        let mut codec = Compressor { context: Some(context), pledged: settings.pledged };
        let Some(context) = &mut codec.context else { return Ok(codec) };
        for &(key, value) in &settings.params {
            if (key, value) == (c::ZSTD_c_strategy, 0) {
                // The level's own, which has no name.
                continue;
            }
            let parameter = compression_parameter(key, value);
            if parameter.is_none_or(|parameter| context.set_parameter(parameter).is_err()) {
                return Err(not_initialized("Setting parameter failed"));
            }
        }
        if let Some(size) = settings.pledged
            && context.set_pledged_src_size(Some(size)).is_err()
        {
            return Err(not_initialized("Could not set pledged src size"));
        }
        if !settings.dictionary.is_empty() && context.load_dictionary(&settings.dictionary).is_err() {
            return Err(not_initialized("Failed to load zstd dictionary"));
        }
        Ok(codec)
    }
}

/// The parameter with Node's number; `None` for one that zstd has not or a value that it does not take.
fn compression_parameter(key: i32, value: u32) -> Option<CParameter> {
    let flag = || (value < 2).then_some(value == 1);
    Some(match key {
        c::ZSTD_c_compressionLevel => CParameter::CompressionLevel(value.cast_signed()),
        c::ZSTD_c_windowLog => CParameter::WindowLog(value),
        c::ZSTD_c_hashLog => CParameter::HashLog(value),
        c::ZSTD_c_chainLog => CParameter::ChainLog(value),
        c::ZSTD_c_searchLog => CParameter::SearchLog(value),
        c::ZSTD_c_minMatch => CParameter::MinMatch(value),
        c::ZSTD_c_targetLength => CParameter::TargetLength(value),
        c::ZSTD_c_strategy => CParameter::Strategy(strategy(value)?),
        c::ZSTD_c_enableLongDistanceMatching => CParameter::EnableLongDistanceMatching(flag()?),
        c::ZSTD_c_ldmHashLog => CParameter::LdmHashLog(value),
        c::ZSTD_c_ldmMinMatch => CParameter::LdmMinMatch(value),
        c::ZSTD_c_ldmBucketSizeLog => CParameter::LdmBucketSizeLog(value),
        c::ZSTD_c_ldmHashRateLog => CParameter::LdmHashRateLog(value),
        c::ZSTD_c_contentSizeFlag => CParameter::ContentSizeFlag(value != 0),
        c::ZSTD_c_checksumFlag => CParameter::ChecksumFlag(value != 0),
        c::ZSTD_c_dictIDFlag => CParameter::DictIdFlag(value != 0),
        c::ZSTD_c_nbWorkers => CParameter::NbWorkers(value),
        c::ZSTD_c_jobSize => CParameter::JobSize(value),
        c::ZSTD_c_overlapLog => CParameter::OverlapSizeLog(value),
        _ => return None,
    })
}

fn strategy(value: u32) -> Option<ZSTD_strategy> {
    Some(match value.cast_signed() {
        c::ZSTD_fast => ZSTD_strategy::ZSTD_fast,
        c::ZSTD_dfast => ZSTD_strategy::ZSTD_dfast,
        c::ZSTD_greedy => ZSTD_strategy::ZSTD_greedy,
        c::ZSTD_lazy => ZSTD_strategy::ZSTD_lazy,
        c::ZSTD_lazy2 => ZSTD_strategy::ZSTD_lazy2,
        c::ZSTD_btlazy2 => ZSTD_strategy::ZSTD_btlazy2,
        c::ZSTD_btopt => ZSTD_strategy::ZSTD_btopt,
        c::ZSTD_btultra => ZSTD_strategy::ZSTD_btultra,
        c::ZSTD_btultra2 => ZSTD_strategy::ZSTD_btultra2,
        _ => return None,
    })
}

impl Codec for Compressor {
    fn step(&mut self, input: &[u8], output: &mut [u8], flush: Flush) -> Result<Step> {
        let Some(context) = &mut self.context else { return Err(no_memory()) };
        // zstd itself forgets what was pledged where the first input is the last.
        let pledged = self.pledged.take().filter(|_| flush == Flush::Finish);
        if pledged.is_some_and(|size| size != input.len() as u64) {
            return Err(
                Error::from_template(Code::ZstdSrcSizeWrong, &[]).with_errno(c::ZSTD_error_srcSize_wrong)
            );
        }
        let operation = match flush {
            Flush::No => ZSTD_EndDirective::ZSTD_e_continue,
            Flush::Finish => ZSTD_EndDirective::ZSTD_e_end,
            _ => ZSTD_EndDirective::ZSTD_e_flush,
        };
        let mut from = InBuffer::around(input);
        let mut to = OutBuffer::around(output);
        loop {
            let left = context.compress_stream2(&mut to, &mut from, operation).map_err(zstd_error)?;
            let taken = from.pos() == input.len() && (left == 0 || flush == Flush::No);
            if taken || to.pos() == to.capacity() {
                let ended = taken && flush == Flush::Finish;
                return Ok(Step { read: from.pos(), written: to.pos(), ended, garbage: false });
            }
        }
    }
}

impl Drop for Compressor {
    fn drop(&mut self) {
        if let Some(mut context) = self.context.take()
            && context.sizeof() <= SPARE
            && context.reset(ResetDirective::SessionAndParameters).is_ok()
        {
            // No spare where the thread is ending.
            _ = COMPRESSOR.try_with(|spare| spare.set(Some(context)));
        }
    }
}

/// Decompresses frames, one behind the other.
pub(crate) struct Decompressor {
    context: Option<DCtx<'static>>,
    /// What it holds before it has a buffer.
    bare: usize,
    /// The largest window that it takes.
    max_window: u64,
    /// Behind a frame, and not yet in another one.
    at_end: bool,
    /// The start of what may be another frame.
    held: Vec<u8>,
    /// What followed a frame was no other: nothing more is taken.
    over: bool,
}

impl Decompressor {
    pub(crate) fn new(settings: &Settings) -> Result<Decompressor> {
        let context = DECOMPRESSOR.take().or_else(DCtx::try_create).ok_or_else(no_memory)?;
        let bare = context.sizeof();
        let mut codec = Decompressor {
            context: Some(context),
            bare,
            max_window: MAX_WINDOW,
            at_end: false,
            held: Vec::new(),
            over: false,
        };
        let Some(context) = &mut codec.context else { return Ok(codec) };
        for &(key, value) in &settings.params {
            let known = key == c::ZSTD_d_windowLogMax;
            if !known || context.set_parameter(DParameter::WindowLogMax(value)).is_err() {
                return Err(not_initialized("Setting parameter failed"));
            }
            // Zero is zstd's own.
            codec.max_window = 1 << if value == 0 { MAX_WINDOW.ilog2() } else { value };
        }
        if !settings.dictionary.is_empty() && context.load_dictionary(&settings.dictionary).is_err() {
            return Err(not_initialized("Failed to load zstd dictionary"));
        }
        Ok(codec)
    }

    /// One run of zstd, up to the end of a frame.
    fn decompress(&mut self, input: &[u8], output: &mut [u8]) -> Result<(usize, usize)> {
        let Some(context) = &mut self.context else { return Err(no_memory()) };
        let mut from = InBuffer::around(input);
        let mut to = OutBuffer::around(output);
        loop {
            let left = context.decompress_stream(&mut to, &mut from).map_err(zstd_error)?;
            self.at_end = left == 0;
            if self.at_end || from.pos() == input.len() || to.pos() == to.capacity() {
                return Ok((from.pos(), to.pos()));
            }
        }
    }

    /// Looks at what follows a frame: the number of bytes of `input` to hold, and whether another frame begins;
    /// `None` if what is there is no start of one.
    fn next_frame(&self, input: &[u8]) -> Option<(usize, bool)> {
        let wanted = MAGIC - self.held.len().min(MAGIC);
        let new = &input[..wanted.min(input.len())];
        let start = || self.held.iter().chain(new).copied().enumerate();
        let begins = start().all(|(index, byte)| is_frame(index, byte))
            || start().all(|(index, byte)| is_skippable(index, byte));
        begins.then_some((new.len(), new.len() == wanted))
    }
}

/// The bytes that say what a frame is.
const MAGIC: usize = 4;
/// The largest window that zstd takes where it is not told.
const MAX_WINDOW: u64 = (1 << 27) + 1;

/// The size of the window that the frame's header asks for, `content` bytes of a frame that has none of its own.
fn window(input: &[u8], content: u64) -> Option<u64> {
    match *input.get(MAGIC..)? {
        [descriptor, ..] if descriptor & 0x20 != 0 => Some(content),
        [_, size, ..] => {
            let base = 1_u64 << (10 + (size >> 3));
            Some(base + base / 8 * u64::from(size & 7))
        }
        _ => None,
    }
}

fn is_frame(index: usize, byte: u8) -> bool {
    byte == [0x28, 0xb5, 0x2f, 0xfd][index]
}

fn is_skippable(index: usize, byte: u8) -> bool {
    if index == 0 { byte & 0xf0 == 0x50 } else { byte == [0, 0x2a, 0x4d, 0x18][index] }
}

impl Codec for Decompressor {
    fn step(&mut self, input: &[u8], output: &mut [u8], flush: Flush) -> Result<Step> {
        let (mut read, mut written) = (0, 0);
        loop {
            if self.at_end {
                let rest = &input[read..];
                let frame = if self.over { None } else { self.next_frame(rest) };
                let Some((new, begins)) = frame else {
                    self.over = true;
                    return Ok(Step { read, written, ended: true, garbage: true });
                };
                if !begins {
                    self.held.extend_from_slice(&rest[..new]);
                    let ended = flush == Flush::Finish;
                    return Ok(Step {
                        read: read + new,
                        written,
                        ended,
                        garbage: ended && !self.held.is_empty(),
                    });
                }
                let held = std::mem::take(&mut self.held);
                self.at_end = false;
                if !held.is_empty() {
                    // So few bytes give no output.
                    self.decompress(&held, &mut output[written..])?;
                }
            }
            let (taken, given) = self.decompress(&input[read..], &mut output[written..])?;
            read += taken;
            written += given;
            if !self.at_end {
                break;
            }
        }
        let starved = read == input.len() && written < output.len();
        if flush == Flush::Finish && starved {
            return Err(unexpected_end());
        }
        Ok(Step { read, written, ended: false, garbage: false })
    }

    fn room(&self, input: &[u8]) -> Option<usize> {
        let size = get_frame_content_size(input).ok()??;
        if window(input, size)? > self.max_window {
            // With room for all of it zstd does not look at the window. Node's chunk may have that too.
            return None;
        }
        let size = usize::try_from(size).ok()?;
        // One more, so that the end is seen in the same step.
        Some(size.min(input.len().saturating_mul(RATIO)).saturating_add(1))
    }
}

impl Drop for Decompressor {
    fn drop(&mut self) {
        // A buffer larger than the next frame's would make zstd say something else of a corrupt one.
        if let Some(mut context) = self.context.take()
            && context.reset(ResetDirective::SessionAndParameters).is_ok()
            && context.sizeof() == self.bare
        {
            // No spare where the thread is ending.
            _ = DECOMPRESSOR.try_with(|spare| spare.set(Some(context)));
        }
    }
}

/// The error that Node makes of zstd's number.
fn zstd_error(result: ErrorCode) -> Error {
    // zstd's errors are the last of the numbers that a size could have.
    let number = i32::try_from(result.wrapping_neg()).unwrap_or(c::ZSTD_error_GENERIC);
    let code = match number {
        10 => Code::ZstdPrefixUnknown,
        12 => Code::ZstdVersionUnsupported,
        14 => Code::ZstdFrameParameterUnsupported,
        16 => Code::ZstdFrameParameterWindowTooLarge,
        20 => Code::ZstdCorruptionDetected,
        22 => Code::ZstdChecksumWrong,
        24 => Code::ZstdLiteralsHeaderWrong,
        30 => Code::ZstdDictionaryCorrupted,
        32 => Code::ZstdDictionaryWrong,
        34 => Code::ZstdDictionaryCreationFailed,
        40 => Code::ZstdParameterUnsupported,
        41 => Code::ZstdParameterCombinationUnsupported,
        42 => Code::ZstdParameterOutOfBound,
        44 => Code::ZstdTableLogTooLarge,
        46 => Code::ZstdMaxSymbolValueTooLarge,
        48 => Code::ZstdMaxSymbolValueTooSmall,
        50 => Code::ZstdStabilityConditionNotRespected,
        60 => Code::ZstdStageWrong,
        62 => Code::ZstdInitMissing,
        64 => Code::ZstdMemoryAllocation,
        66 => Code::ZstdWorkSpaceTooSmall,
        70 => Code::ZstdDstSizeTooSmall,
        72 => Code::ZstdSrcSizeWrong,
        74 => Code::ZstdDstBufferNull,
        80 => Code::ZstdNoForwardProgressDestFull,
        82 => Code::ZstdNoForwardProgressInputEmpty,
        // zstd has others, which are those of functions that are not used here.
        _ => Code::ZstdError,
    };
    Error::from_template(code, &[]).with_errno(number)
}

#[cfg(test)]
mod tests {
    use super::zstd_error;

    #[test]
    fn errors_have_zstds_texts() {
        for number in (0..=120_usize).filter(|&number| zstd_error(number.wrapping_neg()).errno() != Some(1)) {
            let error = zstd_error(number.wrapping_neg());
            if error.code().name() != "ZSTD_error_GENERIC" {
                assert_eq!(error.to_string(), zstd_safe::get_error_name(number.wrapping_neg()), "{number}");
            }
        }
    }
}
