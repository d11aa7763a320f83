//! Inflate on zlib-rs.

use std::cell::Cell;

use bytes::Bytes;
use nodecore_error::{Code, Error, Result};
use zlib_rs::{Inflate, InflateError, InflateFlush, Status};

use crate::codec::{Codec, Flush, Step};
use crate::constants::{Z_DATA_ERROR, Z_MEM_ERROR, Z_NEED_DICT, Z_STREAM_ERROR};
use crate::deflate::{Settings, moved, zlib_error};
use crate::frame::Format;

thread_local! {
    /// A raw decompressor that is not in use: making one costs more than inflating a small input.
    static SPARE: Cell<Option<Inflate>> = const { Cell::new(None) };
}

/// What zlib-rs says, instead of what is wrong, when its fast loop finds it.
const BAD_STATE: &str = "repeated call with bad state";

/// A zlib-rs decompressor. Its window is always the largest: with less, zlib-rs gives wrong bytes for data that needs
/// more.
fn inflate(format: Format) -> Inflate {
    match format {
        Format::Gzip => Inflate::new(true, 15 + 16),
        Format::Auto => Inflate::new(true, 15 + 32),
        Format::Zlib => Inflate::new(true, 15),
        Format::Raw => match SPARE.take() {
            Some(mut spare) => {
                spare.reset(false);
                spare
            }
            None => Inflate::new(false, 15),
        },
    }
}

/// Decompresses gzip members, one behind the other, or one stream in another format.
pub(crate) struct Decompressor {
    inner: Option<Inflate>,
    format: Format,
    settings: Settings,
    /// The first two bytes, as far as they have come.
    start: [u8; 2],
    started: usize,
    at_end: bool,
    /// Whether what follows the first member is not looked at.
    single: bool,
    guessed: bool,
}

impl Decompressor {
    pub(crate) fn new(format: Format, settings: &Settings, single: bool) -> Result<Decompressor> {
        let mut inner = inflate(format);
        if format == Format::Raw && !settings.dictionary.is_empty() {
            let set = inner.set_dictionary(&settings.dictionary);
            set.map_err(|error| zlib_error(Z_STREAM_ERROR, error.as_str()))?;
        }
        Ok(Decompressor {
            inner: Some(inner),
            format,
            settings: Settings { dictionary: dictionary_of(format, settings), ..settings.clone() },
            start: [0; 2],
            started: 0,
            at_end: false,
            single,
            guessed: false,
        })
    }

    /// Whether members follow one another.
    fn is_gzip(&self) -> bool {
        match self.format {
            Format::Gzip => true,
            Format::Auto => self.started == 2 && self.start == [0x1f, 0x8b],
            Format::Zlib | Format::Raw => false,
        }
    }

    /// Keeps the first two bytes, and says what zlib says about a window that the header claims.
    fn look(&mut self, input: &[u8]) -> Result<()> {
        let new = (2 - self.started).min(input.len());
        self.start[self.started..self.started + new].copy_from_slice(&input[..new]);
        self.started += new;
        let is_zlib = match self.format {
            Format::Zlib => true,
            Format::Auto => !self.is_gzip(),
            Format::Gzip | Format::Raw => false,
        };
        let [method, flags] = self.start.map(i32::from);
        let sound = (method * 256 + flags) % 31 == 0 && method & 15 == 8;
        // zlib-rs knows what to say about the others.
        if new > 0 && self.started == 2 && is_zlib && sound {
            let window = (method >> 4) + 8;
            if window <= 15 && window > self.settings.window_bits {
                return Err(zlib_error(Z_DATA_ERROR, "invalid window size"));
            }
        }
        Ok(())
    }

    fn inflate(&mut self, input: &[u8], output: &mut [u8], flush: InflateFlush) -> Result<(usize, usize)> {
        let Some(inner) = &mut self.inner else { return Ok((0, 0)) };
        let before = (inner.total_in(), inner.total_out());
        let mut result = inner.decompress(input, output, flush);
        if let Err(InflateError::NeedDict { .. }) = result {
            let dictionary = &self.settings.dictionary;
            if dictionary.is_empty() {
                return Err(Error::from_template(Code::ZNeedDict, &[]).with_errno(Z_NEED_DICT));
            }
            if inner.set_dictionary(dictionary).is_err() {
                return Err(Error::new(Code::ZNeedDict, "Bad dictionary").with_errno(Z_NEED_DICT));
            }
            let (read, written) = moved(before, (inner.total_in(), inner.total_out()));
            result = inner.decompress(&input[read..], &mut output[written..], flush);
        }
        let moved = moved(before, (inner.total_in(), inner.total_out()));
        match result {
            Ok(status) => {
                self.at_end = status == Status::StreamEnd;
                Ok(moved)
            }
            Err(error) => {
                let number = match error {
                    InflateError::DataError => Z_DATA_ERROR,
                    InflateError::MemError => Z_MEM_ERROR,
                    _ => Z_STREAM_ERROR,
                };
                let mut text = inner.error_message().unwrap_or(error.as_str());
                if text == BAD_STATE {
                    // By far the most likely of the three errors of the fast loop.
                    (self.guessed, text) = (true, "invalid distance too far back");
                }
                Err(zlib_error(number, text))
            }
        }
    }
}

/// The dictionary, where the format has use for one.
fn dictionary_of(format: Format, settings: &Settings) -> Bytes {
    if format == Format::Gzip { Bytes::new() } else { settings.dictionary.clone() }
}

impl Codec for Decompressor {
    fn step(&mut self, input: &[u8], output: &mut [u8], flush: Flush) -> Result<Step> {
        let kind = match flush {
            Flush::No => InflateFlush::NoFlush,
            Flush::Block => InflateFlush::Block,
            Flush::Finish => InflateFlush::Finish,
            Flush::Partial | Flush::Sync | Flush::Full | Flush::Metadata => InflateFlush::SyncFlush,
        };
        if self.started < 2 {
            self.look(input)?;
        }
        let (mut read, mut written) = (0, 0);
        if !self.at_end {
            (read, written) = self.inflate(input, output, kind)?;
        }
        // Another member, or what should be one; zeros are padding and end it all.
        while self.at_end
            && !self.single
            && self.is_gzip()
            && input.get(read).is_some_and(|&first| first != 0)
        {
            self.inner = Some(inflate(self.format));
            let moved = self.inflate(&input[read..], &mut output[written..], kind)?;
            read += moved.0;
            written += moved.1;
        }
        Step::of_decompressor((read, written), self.at_end, (input, output), flush)
    }

    fn guessed(&self) -> bool {
        self.guessed
    }
}

impl Drop for Decompressor {
    fn drop(&mut self) {
        if self.format == Format::Raw {
            // No spare where the thread is ending.
            _ = SPARE.try_with(|spare| spare.set(self.inner.take()));
        }
    }
}
