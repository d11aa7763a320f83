//! The deflate codecs on zlib-rs, as step machines: no I/O, no threads, no policy.

use nodecore_error::{Code, Error, Result};
use zlib_rs::{
    Deflate, DeflateConfig, DeflateFlush, Inflate, InflateError, InflateFlush, Method, Status, Strategy,
};

use crate::constants::{Z_BUF_ERROR, Z_DATA_ERROR, Z_HUFFMAN_ONLY, Z_MEM_ERROR, Z_STREAM_ERROR};
use crate::options::Settings;

/// What zlib adds to `windowBits` for the gzip format.
const GZIP: i32 = 16;

/// What stands around deflate's blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Gzip,
    Zlib,
    Raw,
}

impl Format {
    /// zlib's `windowBits`, which says the format too.
    fn window_bits(self, bits: i32) -> i32 {
        match self {
            Format::Gzip => bits + GZIP,
            Format::Zlib => bits,
            Format::Raw => -bits,
        }
    }
}

/// The most input that one step gives to the compressor.
const MAX_STEP: usize = 1 << 30;

/// Whether more input follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flush {
    No,
    Finish,
}

/// What one step did.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    /// Bytes taken from the input.
    pub(crate) read: usize,
    /// Bytes put into the output.
    pub(crate) written: usize,
    /// The codec has ended and wants none of the input that is left.
    pub(crate) ended: bool,
}

/// A compressor or decompressor: anything that turns bytes into bytes a step at a time.
pub(crate) trait Codec: Send + 'static {
    /// Takes from `input` and fills `output` until one of them is used up, or the stream has ended.
    fn step(&mut self, input: &[u8], output: &mut [u8], flush: Flush) -> Result<Step>;
}

/// Compresses into one gzip member, or into another format.
pub(crate) struct Gzip {
    inner: Deflate,
    /// Of a gzip member.
    header: Option<[u8; 10]>,
}

impl Gzip {
    pub(crate) fn new(settings: &Settings) -> Gzip {
        Gzip::with(Format::Gzip, settings)
    }

    pub(crate) fn with(format: Format, settings: &Settings) -> Gzip {
        let header = (format == Format::Gzip).then(|| header(settings));
        Gzip { inner: deflate(settings, format.window_bits(settings.window_bits)), header }
    }
}

impl Codec for Gzip {
    fn step(&mut self, input: &[u8], output: &mut [u8], flush: Flush) -> Result<Step> {
        // zlib-rs looks at 4 GiB at most, and would take their end for the end of the input.
        let part = &input[..input.len().min(MAX_STEP)];
        let finish = flush == Flush::Finish && part.len() == input.len();
        let flush = if finish { DeflateFlush::Finish } else { DeflateFlush::NoFlush };
        let start = self.inner.total_out();
        let step = compress(&mut self.inner, part, output, flush)?;
        // zlib-rs wrote that of the level it works at.
        let header = self.header.as_ref();
        if let Some(rest) = header.zip(usize::try_from(start).ok()).and_then(|(all, at)| all.get(at..)) {
            let size = rest.len().min(step.written);
            output[..size].copy_from_slice(&rest[..size]);
        }
        Ok(step)
    }
}

/// The header that Node writes: no time, no name, Unix.
pub(crate) fn header(settings: &Settings) -> [u8; 10] {
    let extra = match (settings.level, settings.strategy) {
        (9, _) => 2,
        (0 | 1, _) | (_, Z_HUFFMAN_ONLY..) => 4,
        _ => 0,
    };
    [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, extra, 3]
}

/// A zlib-rs compressor with the settings and its own notion of `windowBits`.
fn deflate(settings: &Settings, window_bits: i32) -> Deflate {
    let strategy = Strategy::try_from(settings.strategy).unwrap_or_default();
    // At level 1 zlib-rs gives a quarter more output than zlib; its level 2 is the one that is like zlib's 1.
    let level = if settings.level == 1 { 2 } else { settings.level };
    let mem_level = settings.mem_level;
    Deflate::new_with_config(DeflateConfig {
        level,
        method: Method::Deflated,
        window_bits,
        mem_level,
        strategy,
    })
}

fn compress(codec: &mut Deflate, input: &[u8], output: &mut [u8], flush: DeflateFlush) -> Result<Step> {
    let before = (codec.total_in(), codec.total_out());
    let result = codec.compress(input, output, flush);
    let (read, written) = moved(before, (codec.total_in(), codec.total_out()));
    match result {
        Ok(status) => Ok(Step { read, written, ended: status == Status::StreamEnd }),
        Err(error) => Err(zlib_error(error as i32, codec.error_message().unwrap_or(error.as_str()))),
    }
}

/// Compresses a piece of a raw deflate stream: `block`, which follows `dictionary`. It ends at a byte boundary or, if
/// it is the `last`, ends the stream.
///
/// Each has a compressor of its own: one that is reset and used again does not always give the same bytes.
pub(crate) fn raw_block(settings: &Settings, dictionary: &[u8], block: &[u8], last: bool) -> Result<Vec<u8>> {
    let mut codec = deflate(settings, -settings.window_bits);
    if !dictionary.is_empty() {
        let set = codec.set_dictionary(dictionary);
        set.map_err(|error| zlib_error(error as i32, error.as_str()))?;
    }
    let flush = if last { DeflateFlush::Finish } else { DeflateFlush::SyncFlush };
    let mut out = vec![0; block.len() / 3 + 1024];
    let (mut read, mut written) = (0, 0);
    loop {
        let step = compress(&mut codec, &block[read..], &mut out[written..], flush)?;
        read += step.read;
        written += step.written;
        // Room that is left means that all is out, the flush marker too.
        if step.ended || (!last && read == block.len() && written < out.len()) {
            out.truncate(written);
            return Ok(out);
        }
        if written == out.len() {
            out.resize(out.len() * 2, 0);
        } else if step.read == 0 && step.written == 0 {
            return Err(zlib_error(Z_BUF_ERROR, "buffer error"));
        }
    }
}

/// A zlib-rs decompressor. Its window is always the largest: with less, zlib-rs gives wrong bytes for data that needs
/// more.
fn inflate(format: Format) -> Inflate {
    Inflate::new(format != Format::Raw, if format == Format::Gzip { 15 + 16 } else { 15 })
}

/// What zlib-rs says, instead of what is wrong, when its fast loop finds it.
const BAD_STATE: &str = "repeated call with bad state";

/// Decompresses gzip members, one behind the other, or one stream in another format.
pub(crate) struct Gunzip {
    inner: Inflate,
    at_end: bool,
    /// Whether what follows the first member is not looked at.
    single: bool,
    /// Whether the text of the error is a guess.
    pub(crate) guessed: bool,
}

impl Gunzip {
    pub(crate) fn new(settings: &Settings) -> Gunzip {
        Gunzip::with(Format::Gzip, settings)
    }

    pub(crate) fn with(format: Format, settings: &Settings) -> Gunzip {
        let single = settings.reject_garbage || format != Format::Gzip;
        Gunzip { inner: inflate(format), at_end: false, single, guessed: false }
    }

    fn inflate(&mut self, input: &[u8], output: &mut [u8], flush: InflateFlush) -> Result<(usize, usize)> {
        let before = (self.inner.total_in(), self.inner.total_out());
        let result = self.inner.decompress(input, output, flush);
        let moved = moved(before, (self.inner.total_in(), self.inner.total_out()));
        match result {
            Ok(status) => {
                self.at_end = status == Status::StreamEnd;
                Ok(moved)
            }
            Err(InflateError::NeedDict { .. }) => {
                Err(Error::from_template(Code::ZNeedDict, &[]).with_errno(2))
            }
            Err(error) => {
                let number = match error {
                    InflateError::DataError => Z_DATA_ERROR,
                    InflateError::MemError => Z_MEM_ERROR,
                    _ => Z_STREAM_ERROR,
                };
                let mut text = self.inner.error_message().unwrap_or(error.as_str());
                if text == BAD_STATE {
                    // By far the most likely of the three errors of the fast loop.
                    (self.guessed, text) = (true, "invalid distance too far back");
                }
                Err(zlib_error(number, text))
            }
        }
    }
}

impl Codec for Gunzip {
    fn step(&mut self, input: &[u8], output: &mut [u8], flush: Flush) -> Result<Step> {
        let zflush = if flush == Flush::Finish { InflateFlush::Finish } else { InflateFlush::NoFlush };
        let (mut read, mut written) = (0, 0);
        if !self.at_end {
            (read, written) = self.inflate(input, output, zflush)?;
        }
        // Another member, or what should be one; zeros are padding and end it all.
        while self.at_end && !self.single && input.get(read).is_some_and(|&first| first != 0) {
            self.inner = inflate(Format::Gzip);
            let moved = self.inflate(&input[read..], &mut output[written..], zflush)?;
            read += moved.0;
            written += moved.1;
        }
        let left = read < input.len();
        if !self.at_end && flush == Flush::Finish && !left && written < output.len() {
            return Err(zlib_error(Z_BUF_ERROR, "unexpected end of file"));
        }
        Ok(Step { read, written, ended: self.at_end && (left || flush == Flush::Finish) })
    }
}

fn moved(before: (u64, u64), after: (u64, u64)) -> (usize, usize) {
    // At most the lengths of the slices that were given.
    #[allow(clippy::cast_possible_truncation)]
    ((after.0 - before.0) as usize, (after.1 - before.1) as usize)
}

/// The error of input that goes on behind its end where that is not wanted.
pub(crate) fn trailing_junk() -> Error {
    Error::from_template(Code::TrailingJunkAfterStreamEnd, &[])
}

/// The error that Node makes of zlib's number and text.
fn zlib_error(number: i32, text: &str) -> Error {
    let code = match number {
        Z_STREAM_ERROR => return Error::new(Code::ZStreamError, text).with_errno(number),
        Z_DATA_ERROR => Code::ZDataError,
        Z_MEM_ERROR => Code::ZMemError,
        _ => Code::ZBufError,
    };
    Error::from_template(code, &[&text]).with_errno(number)
}
