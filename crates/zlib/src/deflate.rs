//! Deflate on zlib-rs.

use bytes::Bytes;
use nodecore_error::{Code, Error, Result};
use zlib_rs::{Deflate, DeflateConfig, DeflateFlush, Method, Status, Strategy};

use crate::codec::{Codec, Flush, Step};
use crate::constants::{
    Z_BUF_ERROR, Z_DATA_ERROR, Z_DEFAULT_MEMLEVEL, Z_DEFAULT_STRATEGY, Z_DEFAULT_WINDOWBITS, Z_MEM_ERROR,
    Z_STREAM_ERROR,
};
use crate::frame::{Checksum, Few, Format, header};

/// The most input that one call gives to zlib-rs: it looks at 4 GiB at most, and would take their end for the end of
/// the input.
const MAX_PART: usize = 1 << 30;

/// The options of the deflate family, all within their ranges.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) window_bits: i32,
    /// 0 to 9.
    pub(crate) level: i32,
    pub(crate) mem_level: i32,
    pub(crate) strategy: i32,
    /// Empty where there is none.
    pub(crate) dictionary: Bytes,
}

impl Settings {
    /// Whether all but the level is as it is where nothing is given.
    pub(crate) fn is_plain(&self) -> bool {
        self.window_bits == Z_DEFAULT_WINDOWBITS
            && self.mem_level == Z_DEFAULT_MEMLEVEL
            && self.strategy == Z_DEFAULT_STRATEGY
            && self.dictionary.is_empty()
    }
}

/// Compresses into one stream of a format.
///
/// zlib-rs makes the blocks only: its headers tell of the level it works at, and it cannot change the strategy of a
/// stream that has begun.
pub(crate) struct Compressor {
    inner: Deflate,
    settings: Settings,
    header: Few,
    checksum: Checksum,
    /// Once the blocks have ended.
    trailer: Option<Few>,
}

impl Compressor {
    pub(crate) fn new(format: Format, settings: &Settings) -> Result<Compressor> {
        let mut settings = settings.clone();
        if format == Format::Gzip {
            // As in Node, where gzip takes no notice of it.
            settings.dictionary = Bytes::new();
        }
        // zlib makes it 9 as well.
        settings.window_bits = settings.window_bits.max(9);
        let (header, checksum) = (header(format, &settings), Checksum::new(format));
        let inner = raw(&settings, &settings.dictionary)?;
        Ok(Compressor { inner, settings, header, checksum, trailer: None })
    }
}

impl Codec for Compressor {
    fn step(&mut self, input: &[u8], output: &mut [u8], flush: Flush) -> Result<Step> {
        let mut written = self.header.give(output);
        let mut read = 0;
        while self.trailer.is_none() && written < output.len() {
            let part = &input[read..input.len().min(read + MAX_PART)];
            let rest = read + part.len() < input.len();
            let kind = if rest { DeflateFlush::NoFlush } else { zlib_flush(flush) };
            let (taken, given, ended) = compress(&mut self.inner, part, &mut output[written..], kind)?;
            self.checksum.update(&part[..taken]);
            read += taken;
            written += given;
            if ended {
                let checksum = std::mem::replace(&mut self.checksum, Checksum::None);
                self.trailer = Some(checksum.trailer());
            } else if !rest || (taken == 0 && given == 0) {
                break;
            }
        }
        let mut ended = false;
        if let Some(trailer) = &mut self.trailer {
            if read < input.len() && trailer.rest().is_empty() && written == 0 {
                return Err(zlib_error(Z_BUF_ERROR, "buffer error"));
            }
            written += trailer.give(&mut output[written..]);
            ended = trailer.rest().is_empty();
        }
        Ok(Step { read, written, ended, garbage: false })
    }

    fn params(&mut self, level: i32, strategy: i32) -> Result<()> {
        let old = self.settings.strategy;
        (self.settings.level, self.settings.strategy) = (level, strategy);
        let plain = old == Z_DEFAULT_STRATEGY && strategy == Z_DEFAULT_STRATEGY;
        // What follows a flush may come from another compressor, which only knows less of what was before.
        if !plain || self.inner.set_level(zlib_rs_level(level)).is_err() {
            self.inner = raw(&self.settings, &[])?;
        }
        Ok(())
    }
}

/// At level 1 zlib-rs gives a quarter more output than zlib; its level 2 is the one that is like zlib's 1.
fn zlib_rs_level(level: i32) -> i32 {
    if level == 1 { 2 } else { level }
}

/// A zlib-rs compressor of blocks without a header.
fn raw(settings: &Settings, dictionary: &[u8]) -> Result<Deflate> {
    let mut codec = Deflate::new_with_config(DeflateConfig {
        level: zlib_rs_level(settings.level),
        method: Method::Deflated,
        window_bits: -settings.window_bits,
        mem_level: settings.mem_level,
        strategy: Strategy::try_from(settings.strategy).unwrap_or_default(),
    });
    if !dictionary.is_empty() {
        let set = codec.set_dictionary(dictionary);
        set.map_err(|error| zlib_error(error as i32, error.as_str()))?;
    }
    Ok(codec)
}

fn zlib_flush(flush: Flush) -> DeflateFlush {
    match flush {
        Flush::No => DeflateFlush::NoFlush,
        Flush::Block => DeflateFlush::Block,
        Flush::Partial => DeflateFlush::PartialFlush,
        Flush::Sync | Flush::Metadata => DeflateFlush::SyncFlush,
        Flush::Full => DeflateFlush::FullFlush,
        Flush::Finish => DeflateFlush::Finish,
    }
}

/// What was read and written, and whether the stream has ended.
fn compress(
    codec: &mut Deflate,
    input: &[u8],
    output: &mut [u8],
    flush: DeflateFlush,
) -> Result<(usize, usize, bool)> {
    let before = (codec.total_in(), codec.total_out());
    let result = codec.compress(input, output, flush);
    let (read, written) = moved(before, (codec.total_in(), codec.total_out()));
    match result {
        Ok(status) => Ok((read, written, status == Status::StreamEnd)),
        Err(error) => Err(zlib_error(error as i32, codec.error_message().unwrap_or(error.as_str()))),
    }
}

/// Compresses a piece of a raw deflate stream: `block`, which follows `dictionary`. It ends at a byte boundary or, if
/// it is the `last`, ends the stream.
///
/// Each has a compressor of its own: one that is reset and used again does not always give the same bytes.
pub(crate) fn raw_block(settings: &Settings, dictionary: &[u8], block: &[u8], last: bool) -> Result<Vec<u8>> {
    let mut codec = raw(settings, dictionary)?;
    let flush = if last { DeflateFlush::Finish } else { DeflateFlush::SyncFlush };
    let mut out = vec![0; block.len() / 3 + 1024];
    let (mut read, mut written) = (0, 0);
    loop {
        let (taken, given, ended) = compress(&mut codec, &block[read..], &mut out[written..], flush)?;
        read += taken;
        written += given;
        // Room that is left means that all is out, the flush marker too.
        if ended || (!last && read == block.len() && written < out.len()) {
            out.truncate(written);
            return Ok(out);
        }
        if written == out.len() {
            out.resize(out.len() * 2, 0);
        } else if taken == 0 && given == 0 {
            return Err(zlib_error(Z_BUF_ERROR, "buffer error"));
        }
    }
}

pub(crate) fn moved(before: (u64, u64), after: (u64, u64)) -> (usize, usize) {
    // At most the lengths of the slices that were given.
    #[allow(clippy::cast_possible_truncation)]
    ((after.0 - before.0) as usize, (after.1 - before.1) as usize)
}

/// The error that Node makes of zlib's number and text.
pub(crate) fn zlib_error(number: i32, text: &str) -> Error {
    let code = match number {
        Z_STREAM_ERROR => return Error::new(Code::ZStreamError, text).with_errno(number),
        Z_DATA_ERROR => Code::ZDataError,
        Z_MEM_ERROR => Code::ZMemError,
        _ => Code::ZBufError,
    };
    Error::from_template(code, &[&text]).with_errno(number)
}
