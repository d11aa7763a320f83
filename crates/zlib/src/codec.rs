//! What all codecs are: step machines, with no I/O, no threads and no policy.

use nodecore_error::{Code, Error, Result};

use crate::constants::Z_BUF_ERROR;

/// What a codec is to do with its input beside taking it, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Flush {
    /// Nothing: more follows.
    No,
    Block,
    Partial,
    Sync,
    Full,
    /// Brotli: it is metadata.
    Metadata,
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
    /// It has ended, and there is input that is not its own.
    pub(crate) garbage: bool,
}

/// A compressor or decompressor: anything that turns bytes into bytes a step at a time.
pub(crate) trait Codec: Send {
    /// Takes from `input` and fills `output`, until there is room left that nothing is there to fill with, or none is
    /// left.
    fn step(&mut self, input: &[u8], output: &mut [u8], flush: Flush) -> Result<Step>;

    /// Changes how the rest is compressed, after a flush. `output` takes what that needs, and has room for it.
    fn params(&mut self, level: i32, strategy: i32) -> Result<()> {
        let _ = (level, strategy);
        Ok(())
    }

    /// The room that takes all output of `input` in one step, where the codec is the faster for it.
    fn room(&self, input: &[u8]) -> Option<usize> {
        let _ = input;
        None
    }

    /// Whether the text of its error is a guess.
    fn guessed(&self) -> bool {
        false
    }
}

impl Step {
    /// The step of a decompressor that has come to an end of its data, or has not.
    pub(crate) fn of_decompressor(
        (read, written): (usize, usize),
        at_end: bool,
        (input, output): (&[u8], &[u8]),
        flush: Flush,
    ) -> Result<Step> {
        let left = read < input.len();
        if !at_end && flush == Flush::Finish && !left && written < output.len() {
            return Err(unexpected_end());
        }
        let ended = at_end && (left || flush == Flush::Finish);
        Ok(Step { read, written, ended, garbage: at_end && left })
    }
}

/// The error of compressed data that stops in the middle.
pub(crate) fn unexpected_end() -> Error {
    Error::from_template(Code::ZBufError, &[&"unexpected end of file"]).with_errno(Z_BUF_ERROR)
}

/// The error of input that goes on behind its end where that is not wanted.
pub(crate) fn trailing_junk() -> Error {
    Error::from_template(Code::TrailingJunkAfterStreamEnd, &[])
}

/// The error of options that a codec does not take.
pub(crate) fn not_initialized(text: &'static str) -> Error {
    Error::new(Code::ZlibInitializationFailed, text)
}

/// The error of memory that is not there.
pub(crate) fn no_memory() -> Error {
    Error::from_template(Code::MemoryAllocationFailed, &[])
}
