//! `write` and `writev`.

use std::io::IoSlice;

use nodecore_error::Result;
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};

use crate::descriptor::{Fd, valid};
use crate::read::RangeOptions;

/// Writes `buffer`. Returns the bytes written, perhaps fewer than there are: see
/// [`write_file`](crate::write_file()) for all of them.
///
/// Node: [`fs.writeSync`](https://nodejs.org/api/fs.html#fswritesyncfd-buffer-options).
///
/// # Errors
/// [`Code::OutOfRange`](nodecore_error::Code::OutOfRange) for a range outside of the buffer or a negative
/// descriptor; otherwise the system's.
pub fn write_sync(fd: Fd, buffer: &[u8], options: &RangeOptions) -> Result<usize> {
    let range = options.for_writing(buffer.len())?;
    uv::write(valid(fd)?, &buffer[range], options.position)
}

/// As [`write_sync`]; `done` is called once, later, from the loop, and gets the buffer back.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn write<B: AsRef<[u8]> + Send + 'static>(
    lp: &EventLoop,
    fd: Fd,
    buffer: B,
    options: &RangeOptions,
    done: impl FnOnce(Result<(usize, B)>) + 'static,
) -> Result<Request> {
    Ok(write_op(fd, buffer, options, true)?.spawn(lp, done))
}

/// Writes several buffers in turn, at `position` or where the file stands. Returns the bytes written.
///
/// Node: [`fs.writevSync`](https://nodejs.org/api/fs.html#fswritevsyncfd-buffers-position).
///
/// # Errors
/// [`Code::OutOfRange`](nodecore_error::Code::OutOfRange) for a negative descriptor; otherwise the system's.
pub fn writev_sync(fd: Fd, buffers: &[IoSlice<'_>], position: Option<u64>) -> Result<usize> {
    write_slices(valid(fd)?, buffers, position)
}

/// As [`writev_sync`]; `done` is called once, later, from the loop, and gets the buffers back.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn writev<B: AsRef<[u8]> + Send + 'static>(
    lp: &EventLoop,
    fd: Fd,
    buffers: Vec<B>,
    position: Option<u64>,
    done: impl FnOnce(Result<(usize, Vec<B>)>) + 'static,
) -> Result<Request> {
    Ok(writev_op(fd, buffers, position)?.spawn(lp, done))
}

/// Unless `even_nothing`, an empty buffer is neither looked into nor written: Node's handles.
pub(crate) fn write_op<B: AsRef<[u8]> + Send + 'static>(
    fd: Fd,
    buffer: B,
    options: &RangeOptions,
    even_nothing: bool,
) -> Result<impl Operation<Output = (usize, B)> + use<B>> {
    let fd = valid(fd)?;
    let skipped = !even_nothing && buffer.as_ref().is_empty();
    let range = if skipped { 0..0 } else { options.for_writing(buffer.as_ref().len())? };
    let position = options.position;
    Ok(blocking(move || {
        if skipped {
            return Ok((0, buffer));
        }
        // What the buffer gives is asked for again: it may be another now.
        let source = buffer.as_ref().get(range).unwrap_or_default();
        uv::write(fd, source, position).map(|written| (written, buffer))
    }))
}

pub(crate) fn writev_op<B: AsRef<[u8]> + Send + 'static>(
    fd: Fd,
    buffers: Vec<B>,
    position: Option<u64>,
) -> Result<impl Operation<Output = (usize, Vec<B>)> + use<B>> {
    let fd = valid(fd)?;
    Ok(blocking(move || {
        let slices: Vec<_> = buffers.iter().map(|buffer| IoSlice::new(buffer.as_ref())).collect();
        let written = write_slices(fd, &slices, position);
        drop(slices);
        written.map(|written| (written, buffers))
    }))
}

/// Node does not ask the system where there is no buffer.
fn write_slices(fd: Fd, slices: &[IoSlice<'_>], position: Option<u64>) -> Result<usize> {
    if slices.is_empty() {
        return Ok(0);
    }
    uv::writev(fd, slices, position)
}
