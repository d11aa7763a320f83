//! `read` and `readv`.

use std::io::IoSliceMut;

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};

use crate::descriptor::{Fd, valid};

/// Which part of a buffer a [`read`] or [`write`](crate::write()) uses, and where in the file.
///
/// ```
/// use nodecore_fs::RangeOptions;
///
/// let options = RangeOptions::default().offset(4).length(8).position(100);
/// # let _ = options;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RangeOptions {
    /// Where the part of the buffer begins. Default 0.
    pub offset: usize,
    /// How long it is. Default: to the end of the buffer.
    pub length: Option<usize>,
    /// Where in the file. Default: where the file stands, which then moves on.
    pub position: Option<u64>,
}

impl RangeOptions {
    /// Sets where the part of the buffer begins.
    #[must_use]
    pub fn offset(mut self, offset: usize) -> RangeOptions {
        self.offset = offset;
        self
    }

    /// Sets how long the part of the buffer is.
    #[must_use]
    pub fn length(mut self, length: usize) -> RangeOptions {
        self.length = Some(length);
        self
    }

    /// Sets where in the file.
    #[must_use]
    pub fn position(mut self, position: u64) -> RangeOptions {
        self.position = Some(position);
        self
    }

    /// The part of a buffer of `size` bytes; Node's checks for reading, in its words.
    fn for_reading(&self, size: usize) -> Result<std::ops::Range<usize>> {
        let room = i128::try_from(size).unwrap_or(0) - i128::try_from(self.offset).unwrap_or(0);
        if self.length.unwrap_or(usize::from(room != 0)) == 0 {
            return Ok(0..0);
        }
        if size == 0 {
            let why = "is empty and cannot be written";
            return Err(Error::from_template(Code::InvalidArgValue, &[&"buffer", &why, &"<Buffer >"]));
        }
        let length = match self.length {
            None if room < 0 => return Err(out_of_range("length", ">= 0", room)),
            None => size - self.offset,
            Some(length) if length as u128 > room.max(0).unsigned_abs() => {
                return Err(out_of_range("length", &format!("<= {room}"), length));
            }
            Some(length) => length,
        };
        self.checked_position()?;
        Ok(self.offset..self.offset + length)
    }

    /// As `for_reading`, for writing, where Node checks the offset first.
    pub(crate) fn for_writing(&self, size: usize) -> Result<std::ops::Range<usize>> {
        let Some(room) = size.checked_sub(self.offset) else {
            return Err(out_of_range("offset", &format!("<= {size}"), self.offset));
        };
        let length = self.length.unwrap_or(room);
        if length > room {
            return Err(out_of_range("length", &format!("<= {room}"), length));
        }
        self.checked_position()?;
        Ok(self.offset..self.offset + length)
    }

    fn checked_position(&self) -> Result<()> {
        match self.position {
            Some(position) if i64::try_from(position).is_err() => {
                Err(out_of_range("position", ">= -1 && <= 9223372036854775807", position))
            }
            _ => Ok(()),
        }
    }
}

fn out_of_range(name: &str, must: &str, received: impl std::fmt::Display) -> Error {
    Error::from_template(Code::OutOfRange, &[&name, &must, &received])
}

/// Reads into `buffer`. Returns the bytes read: perhaps fewer than there is room for, 0 at the end of the file.
///
/// Node: [`fs.readSync`](https://nodejs.org/api/fs.html#fsreadsyncfd-buffer-options).
///
/// # Errors
/// [`Code::OutOfRange`] for a range outside of the buffer or a negative descriptor, [`Code::InvalidArgValue`] where
/// a range that is not empty is asked of an empty buffer; otherwise the system's.
pub fn read_sync(fd: Fd, buffer: &mut [u8], options: &RangeOptions) -> Result<usize> {
    let range = options.for_reading(buffer.len())?;
    read_range(valid(fd)?, &mut buffer[range], options.position)
}

/// As [`read_sync`]; `done` is called once, later, from the loop, and gets the buffer back.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn read<B: AsMut<[u8]> + Send + 'static>(
    lp: &EventLoop,
    fd: Fd,
    buffer: B,
    options: &RangeOptions,
    done: impl FnOnce(Result<(usize, B)>) + 'static,
) -> Result<Request> {
    Ok(read_op(fd, buffer, options)?.spawn(lp, done))
}

/// Reads into several buffers in turn, at `position` or where the file stands. Returns the bytes read.
///
/// Node: [`fs.readvSync`](https://nodejs.org/api/fs.html#fsreadvsyncfd-buffers-position).
///
/// # Errors
/// [`Code::OutOfRange`] for a negative descriptor; `EINVAL` where there is no buffer; otherwise the system's.
pub fn readv_sync(fd: Fd, buffers: &mut [IoSliceMut<'_>], position: Option<u64>) -> Result<usize> {
    uv::readv(valid(fd)?, buffers, position)
}

/// As [`readv_sync`]; `done` is called once, later, from the loop, and gets the buffers back.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn readv<B: AsMut<[u8]> + Send + 'static>(
    lp: &EventLoop,
    fd: Fd,
    buffers: Vec<B>,
    position: Option<u64>,
    done: impl FnOnce(Result<(usize, Vec<B>)>) + 'static,
) -> Result<Request> {
    Ok(readv_op(fd, buffers, position)?.spawn(lp, done))
}

pub(crate) fn read_op<B: AsMut<[u8]> + Send + 'static>(
    fd: Fd,
    mut buffer: B,
    options: &RangeOptions,
) -> Result<impl Operation<Output = (usize, B)> + use<B>> {
    let fd = valid(fd)?;
    let range = options.for_reading(buffer.as_mut().len())?;
    let position = options.position;
    Ok(blocking(move || {
        // What the buffer gives is asked for again: it may be another now.
        let target = buffer.as_mut().get_mut(range).unwrap_or_default();
        read_range(fd, target, position).map(|read| (read, buffer))
    }))
}

pub(crate) fn readv_op<B: AsMut<[u8]> + Send + 'static>(
    fd: Fd,
    mut buffers: Vec<B>,
    position: Option<u64>,
) -> Result<impl Operation<Output = (usize, Vec<B>)> + use<B>> {
    let fd = valid(fd)?;
    Ok(blocking(move || {
        let mut slices: Vec<_> = buffers.iter_mut().map(|buffer| IoSliceMut::new(buffer.as_mut())).collect();
        let read = uv::readv(fd, &mut slices, position);
        drop(slices);
        read.map(|read| (read, buffers))
    }))
}

/// Node does not ask the system where there is nothing to read.
#[inline]
fn read_range(fd: Fd, target: &mut [u8], position: Option<u64>) -> Result<usize> {
    if target.is_empty() {
        return Ok(0);
    }
    uv::read(fd, target, position)
}
