//! Brotli, by its C library.

mod engine;

use bytes::Bytes;
use nodecore_error::{Code, Error, Result};

use crate::codec::{Codec, Flush, Step, no_memory};
use crate::constants::{
    BROTLI_MAX_QUALITY, BROTLI_OPERATION_EMIT_METADATA, BROTLI_OPERATION_FINISH, BROTLI_OPERATION_FLUSH,
    BROTLI_OPERATION_PROCESS,
};
use engine::{Decoder, Encoder};

/// The options of brotli, checked as far as can be without a codec.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// In the order of their numbers.
    pub(crate) params: Vec<(i32, u32)>,
    /// Empty where there is none.
    pub(crate) dictionary: Bytes,
}

/// Compresses into one stream.
pub(crate) struct Compressor(Encoder);

impl Compressor {
    pub(crate) fn new(settings: &Settings) -> Result<Compressor> {
        let mut encoder = Encoder::new().ok_or_else(no_memory)?;
        let set = settings.params.iter().all(|&(parameter, value)| encoder.set(parameter, value));
        let dictionary = &settings.dictionary;
        if !set || (!dictionary.is_empty() && !encoder.attach(dictionary.clone(), BROTLI_MAX_QUALITY)) {
            return Err(Error::from_template(Code::ZlibInitializationFailed, &[]));
        }
        Ok(Compressor(encoder))
    }
}

impl Codec for Compressor {
    fn step(&mut self, input: &[u8], output: &mut [u8], flush: Flush) -> Result<Step> {
        let operation = match flush {
            Flush::No => BROTLI_OPERATION_PROCESS,
            Flush::Block | Flush::Partial | Flush::Sync | Flush::Full => BROTLI_OPERATION_FLUSH,
            Flush::Metadata => BROTLI_OPERATION_EMIT_METADATA,
            Flush::Finish => BROTLI_OPERATION_FINISH,
        };
        let call = self.0.compress(input, output, operation);
        let call = call.ok_or_else(|| {
            Error::from_template(Code::BrotliCompressionFailed, &[]).with_errno(COMPRESSION_FAILED)
        })?;
        let ended = flush == Flush::Finish && self.0.is_finished();
        Ok(Step { read: call.read, written: call.written, ended, garbage: false })
    }
}

/// The number that Node gives the error of a compressor.
const COMPRESSION_FAILED: i32 = -1;

/// Decompresses one stream.
pub(crate) struct Decompressor {
    decoder: Decoder,
    at_end: bool,
}

impl Decompressor {
    pub(crate) fn new(settings: &Settings) -> Result<Decompressor> {
        let mut decoder = Decoder::new().ok_or_else(no_memory)?;
        let set = settings.params.iter().all(|&(parameter, value)| decoder.set(parameter, value));
        let dictionary = &settings.dictionary;
        if !set || (!dictionary.is_empty() && !decoder.attach(dictionary.clone())) {
            return Err(Error::from_template(Code::ZlibInitializationFailed, &[]));
        }
        Ok(Decompressor { decoder, at_end: false })
    }
}

impl Codec for Decompressor {
    fn step(&mut self, input: &[u8], output: &mut [u8], flush: Flush) -> Result<Step> {
        let mut moved = (0, 0);
        if !self.at_end {
            let (call, ended) = self.decoder.decompress(input, output).map_err(decoder_error)?;
            (self.at_end, moved) = (ended, (call.read, call.written));
        }
        Step::of_decompressor(moved, self.at_end, (input, output), flush)
    }
}

/// The error that Node makes of the decoder's number.
fn decoder_error(number: i32) -> Error {
    let code = match number {
        -1 => Code::BrotliFormatExuberantNibble,
        -2 => Code::BrotliFormatReserved,
        -3 => Code::BrotliFormatExuberantMetaNibble,
        -4 => Code::BrotliFormatSimpleHuffmanAlphabet,
        -5 => Code::BrotliFormatSimpleHuffmanSame,
        -6 => Code::BrotliFormatClSpace,
        -7 => Code::BrotliFormatHuffmanSpace,
        -8 => Code::BrotliFormatContextMapRepeat,
        -9 => Code::BrotliFormatBlockLength1,
        -10 => Code::BrotliFormatBlockLength2,
        -11 => Code::BrotliFormatTransform,
        -12 => Code::BrotliFormatDictionary,
        -13 => Code::BrotliFormatWindowBits,
        -14 => Code::BrotliFormatPadding1,
        -15 => Code::BrotliFormatPadding2,
        -16 => Code::BrotliFormatDistance,
        -17 => Code::BrotliFormatBlockSwitch,
        -18 => Code::BrotliCompoundDictionary,
        -19 => Code::BrotliDictionaryNotSet,
        -20 => Code::BrotliInvalidArguments,
        -21 => Code::BrotliAllocContextModes,
        -22 => Code::BrotliAllocTreeGroups,
        -25 => Code::BrotliAllocContextMap,
        -26 => Code::BrotliAllocRingBuffer1,
        -27 => Code::BrotliAllocRingBuffer2,
        -30 => Code::BrotliAllocBlockTypeTrees,
        -31 => Code::BrotliUnreachable,
        // The decoder has no others.
        _ => Code::BrotliUnreachable,
    };
    Error::from_template(code, &[]).with_errno(number)
}
