//! Whole buffers in one call.

use std::cell::Cell;

use bytes::Bytes;
use nodecore_error::{Error, Result};
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};

use crate::codec::{Codec, Flush, Step, no_memory, trailing_junk};
use crate::deflate::Settings as Deflate;
use crate::frame::{Checksum, Format, header};
use crate::libdeflate::{self, Failure, Wrapper};
use crate::options::{Mode, Options, Own, Settings, checked, has_memory};
use crate::parallel;
use crate::small::{self, is_small};

/// Deflate cannot expand by more than this.
const MAX_RATIO: usize = 1032;
/// How much more than its input zlib data is tried to give, in turn; and where so little room is taken that more of it
/// costs nothing, as it is not touched.
const GUESSES: [usize; 2] = [8, 64];
const GUESSES_OF_FEW: [usize; 2] = [32, 256];
const FEW: usize = 64 * 1024;
/// The least room that such a try has: a small input is no cause to be sparing.
const MIN_ROOM: usize = 8 * 1024;
/// The `chunk_size` with which zlib-rs has no use for its fast loop.
const SLOW: usize = 128;
/// The smallest gzip member.
const MIN_MEMBER: usize = 18;
/// Room for as much output as this is kept, as making it zero takes longer than to fill a little of it.
const SCRATCH: usize = 16 * 1024;

thread_local! {
    static SPARE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// What a one-shot call gives. Node: the object that the option `info` asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Output {
    /// The bytes.
    pub buffer: Vec<u8>,
    /// How much of the input was taken: less than all, where it goes on behind the end of the compressed data.
    /// Node: `engine.bytesWritten`.
    pub bytes_written: u64,
}

/// Compresses or decompresses in any mode, blocking. The functions that are named for one mode, such as
/// [`gzip_sync`](crate::gzip_sync), give the buffer alone.
///
/// Node: the functions whose names end in `Sync`, with the option `info`.
///
/// # Errors
/// Those of the function that is named for the mode; [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue)
/// for options of another family.
///
/// # Examples
/// ```
/// use nodecore_zlib::{Mode, ZlibOptions, run_sync};
///
/// let options = ZlibOptions::new();
/// let mut packed = run_sync(Mode::Gzip, b"hello", &options)?.buffer;
/// let size = packed.len() as u64;
/// packed.extend_from_slice(b"\0padding");
/// let output = run_sync(Mode::Gunzip, &packed, &options)?;
/// assert_eq!((&output.buffer[..], output.bytes_written), (&b"hello"[..], size));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn run_sync(mode: Mode, input: &[u8], options: &impl Options) -> Result<Output> {
    body(input, &checked(mode, options)?)
}

/// As [`run_sync`], on the pool; `done` is called once from `lp`, never before this returns.
///
/// # Errors
/// Those of the options. The others go to `done`.
pub fn run(
    lp: &EventLoop,
    mode: Mode,
    input: impl Into<Bytes>,
    options: &impl Options,
    done: impl FnOnce(Result<Output>) + 'static,
) -> Result<Request> {
    Ok(operation(mode, input.into(), options)?.spawn(lp, done))
}

pub(crate) fn operation<O: Options>(
    mode: Mode,
    input: Bytes,
    options: &O,
) -> Result<impl Operation<Output = Output> + use<O>> {
    let settings = checked(mode, options)?;
    Ok(blocking(move || body(&input, &settings)))
}

fn body(input: &[u8], settings: &Settings) -> Result<Output> {
    let whole = settings.finish == Flush::Finish;
    match &settings.own {
        Own::Zlib(own) if whole && settings.mode.decompresses() => inflated(input, own, settings),
        Own::Zlib(own) if whole => deflated(input, own, settings),
        _ => stepped(input, Output::default(), settings),
    }
}

fn deflated(input: &[u8], own: &Deflate, settings: &Settings) -> Result<Output> {
    let bytes_written = input.len() as u64;
    let format = settings.mode.format();
    if settings.threads > 1 && format == Format::Gzip {
        return Ok(Output { buffer: parallel::gzip(input, own, settings)?, bytes_written });
    }
    if own.is_plain() {
        let mut checksum = Checksum::new(format);
        checksum.update(input);
        let (header, trailer) = (header(format, own), checksum.trailer());
        let (before, after) = (header.rest(), trailer.rest());
        let deflate = if is_small(own.level, input) { small::deflate } else { libdeflate::deflate };
        if let Some(mut buffer) = deflate(own.level, before, input, after.len(), settings.limit) {
            buffer.extend_from_slice(after);
            buffer.shrink_to_fit();
            return Ok(Output { buffer, bytes_written });
        }
    }
    stepped(input, Output::default(), settings)
}

fn inflated(input: &[u8], own: &Deflate, settings: &Settings) -> Result<Output> {
    let format = match settings.mode.format() {
        Format::Auto if input.starts_with(&[0x1f, 0x8b]) => Format::Gzip,
        Format::Auto => Format::Zlib,
        format => format,
    };
    let first = match format {
        Format::Gzip => gunzip_at_once(input, settings),
        Format::Zlib if own.is_plain() => inflate_at_once(input, settings),
        _ => None,
    };
    let Some((buffer, read)) = first else { return stepped(input, Output::default(), settings) };
    let output = Output { buffer, bytes_written: read as u64 };
    match input.get(read) {
        Some(_) if settings.reject_garbage => Err(trailing_junk()),
        Some(1..) if format == Format::Gzip => stepped(&input[read..], output, settings),
        _ => Ok(output),
    }
}

/// The first member by libdeflate, if its length stands at the end of `input` and it is sound.
fn gunzip_at_once(input: &[u8], settings: &Settings) -> Option<(Vec<u8>, usize)> {
    // libdeflate does not check the header's own CRC, flag 2.
    let simple = matches!(input, [0x1f, 0x8b, 8, flags, ..] if flags & 2 == 0);
    if !simple || input.len() < MIN_MEMBER {
        return None;
    }
    let size = u32::from_le_bytes(*input.last_chunk()?);
    let possible = u64::from(size) <= settings.limit && size as usize / MAX_RATIO <= input.len();
    if possible { libdeflate::inflate(Wrapper::Gzip, input, size as usize, true).ok() } else { None }
}

/// All of it by libdeflate, if it is sound and does not expand by much.
fn inflate_at_once(input: &[u8], settings: &Settings) -> Option<(Vec<u8>, usize)> {
    let limit = usize::try_from(settings.limit).unwrap_or(usize::MAX);
    for guess in if input.len() < FEW { GUESSES_OF_FEW } else { GUESSES } {
        let wanted = input.len().saturating_mul(guess).max(MIN_ROOM);
        let room = wanted.min(limit);
        match libdeflate::inflate(Wrapper::Zlib, input, room, false) {
            Ok(output) => return Some(output),
            Err(Failure::Full) if room == wanted => {}
            Err(_) => break,
        }
    }
    None
}

/// By steps, behind what `output` holds. `input` is what that has not taken.
fn stepped(input: &[u8], output: Output, settings: &Settings) -> Result<Output> {
    let mut codec = settings.codec()?;
    let result = steps(codec.as_mut(), input, output, settings);
    if !codec.guessed() {
        return result;
    }
    // So little room at a time keeps zlib-rs from its fast loop, and makes it say what is wrong.
    let settings = Settings { chunk_size: SLOW, limit: u64::MAX, ..settings.clone() };
    steps(settings.codec()?.as_mut(), input, Output::default(), &settings)
}

/// Runs `codec` over the whole of `input`, `chunk_size` bytes of output at a time: the limit is looked at where Node
/// does.
fn steps(codec: &mut dyn Codec, input: &[u8], output: Output, settings: &Settings) -> Result<Output> {
    let Output { buffer: mut out, bytes_written } = output;
    let mut read = 0;
    let mut room = first_room(codec, input, settings);
    loop {
        let rest = &input[read..];
        let step = if out.is_empty() && room <= SCRATCH {
            in_scratch(room, &mut out, |scratch| codec.step(rest, scratch, settings.finish))?
        } else {
            let start = out.len();
            grow(&mut out, room)?;
            let step = codec.step(rest, &mut out[start..], settings.finish)?;
            out.truncate(start + step.written);
            step
        };
        read += step.read;
        if out.len() as u64 > settings.limit {
            return Err(settings.too_large());
        }
        if step.ended && step.garbage && settings.reject_garbage {
            return Err(trailing_junk());
        }
        if step.ended || step.written < room {
            out.shrink_to_fit();
            return Ok(Output { buffer: out, bytes_written: bytes_written + read as u64 });
        }
        room = settings.chunk_size;
    }
}

/// Does a step into `room` bytes that are there already, and puts what it wrote into `out`.
fn in_scratch(room: usize, out: &mut Vec<u8>, step: impl FnOnce(&mut [u8]) -> Result<Step>) -> Result<Step> {
    // No thread has two steps at once; one that had would get a scratch of its own.
    let mut scratch = SPARE.take();
    if scratch.len() < room {
        scratch.resize(SCRATCH, 0);
    }
    let step = step(&mut scratch[..room]);
    if let Ok(step) = &step {
        out.extend_from_slice(&scratch[..step.written]);
    }
    SPARE.set(scratch);
    step
}

/// The room for the first step: all that the codec asks for, as far as Node would not look at the limit before.
fn first_room(codec: &dyn Codec, input: &[u8], settings: &Settings) -> usize {
    let chunk = settings.chunk_size;
    let whole = |bytes: usize| bytes - bytes % chunk;
    let Some(wanted) = codec.room(input) else { return chunk };
    let limit = usize::try_from(settings.limit).unwrap_or(usize::MAX);
    let room = whole(wanted.saturating_add(chunk - 1)).min(whole(limit)).max(chunk);
    if has_memory(room) { room } else { chunk }
}

/// Makes `out` longer by `room` zeros.
fn grow(out: &mut Vec<u8>, room: usize) -> Result<(), Error> {
    if out.is_empty() && out.capacity() < room && has_memory(room) {
        // Large and zero from the start, which the system gives for nothing.
        *out = vec![0; room];
        return Ok(());
    }
    out.try_reserve(room).map_err(|_| no_memory())?;
    out.resize(out.len() + room, 0);
    Ok(())
}
