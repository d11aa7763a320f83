//! `readFile`.

use std::task::Poll;

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, Slice};
use nodecore_events::AbortSignal;

use crate::abort;
use crate::descriptor::{Fd, valid};
use crate::flags::Flags;
use crate::path_arg::FileArg;
use crate::target::{Opened, Target};

/// How [`read_file`] reads.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ReadFileOptions {
    /// How the file is opened. Default `'r'`.
    pub flag: Flags,
    /// Ends the callback and future forms when it is aborted.
    pub signal: Option<AbortSignal>,
}

impl ReadFileOptions {
    /// Sets how the file is opened.
    #[must_use]
    pub fn flag(mut self, flag: Flags) -> ReadFileOptions {
        self.flag = flag;
        self
    }

    /// Sets what ends it.
    #[must_use]
    pub fn signal(mut self, signal: &AbortSignal) -> ReadFileOptions {
        self.signal = Some(signal.clone());
        self
    }
}

/// Reads a whole file: a path, or a descriptor from where it stands, which stays open.
///
/// A file is read up to the size it has when it is opened; one that has none to tell (in `/proc`, a FIFO, a
/// terminal) up to its end. The callback and future forms are one trip to the pool, which they leave to others every
/// 512 KiB, or 128 KiB while others wait; that is also where a cancelled one stops.
///
/// Node: [`fs.readFileSync`](https://nodejs.org/api/fs.html#fsreadfilesyncpath-options). Text:
/// [`nodecore_buffer::decode`].
///
/// # Errors
/// [`Code::FsFileTooLarge`] above 2 GiB; [`Code::InvalidArgValue`] for a path with NUL; [`Code::OutOfRange`] for a
/// negative descriptor; otherwise the system's.
///
/// # Examples
/// ```
/// let text = nodecore_fs::read_file_sync("Cargo.toml", &Default::default())?;
/// assert!(text.starts_with(b"[package]"));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn read_file_sync(file: impl FileArg, options: &ReadFileOptions) -> Result<Vec<u8>> {
    ReadFile { blame: false, ..read_file_op(&file, options)? }.run_sync()
}

/// As [`read_file_sync`]; `done` is called once, later, from the loop. As in Node an error here names the path even
/// where it is not about opening.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn read_file(
    lp: &EventLoop,
    file: impl FileArg,
    options: &ReadFileOptions,
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    Ok(abort::spawn(lp, options.signal.as_ref(), read_file_op(&file, options)?, done))
}

/// As [`read_file_sync`], into `buffer`. Returns the bytes read. Nothing is allocated but the path, and a file may be
/// larger than 2 GiB.
///
/// # Errors
/// [`Code::ENOBUFS`] for a file that is longer than `buffer`, which then holds its beginning; of what has no size to
/// tell (a FIFO) one byte more has been taken. [`Code::InvalidArgValue`] for a path with NUL; [`Code::OutOfRange`] for
/// a negative descriptor; otherwise the system's.
///
/// # Differences from Node
/// Node has no such function.
///
/// # Examples
/// ```
/// let mut buffer = [0; 65536];
/// let len = nodecore_fs::read_file_into_sync("Cargo.toml", &mut buffer, &Default::default())?;
/// assert!(buffer[..len].starts_with(b"[package]"));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn read_file_into_sync(
    file: impl FileArg,
    buffer: &mut [u8],
    options: &ReadFileOptions,
) -> Result<usize> {
    let mut reading = ReadFile::new(&file, options, Room::new(buffer))?;
    reading.blame = false;
    loop {
        if let Poll::Ready(result) = reading.step(|_| true) {
            return result.map(|(read, _)| read);
        }
    }
}

/// As [`read_file_into_sync`]; `done` is called once, later, from the loop, and gets the buffer back. An error names the
/// path, as that of [`read_file`] does.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn read_file_into<B: AsMut<[u8]> + Send + 'static>(
    lp: &EventLoop,
    file: impl FileArg,
    buffer: B,
    options: &ReadFileOptions,
    done: impl FnOnce(Result<(usize, B)>) + 'static,
) -> Result<Request> {
    let operation = ReadFile::new(&file, options, Room::new(buffer))?;
    Ok(abort::spawn(lp, options.signal.as_ref(), operation, done))
}

pub(crate) mod promises {
    use nodecore_event_loop::EventLoop;

    use super::{ReadFile, ReadFileOptions, Room};
    use crate::path_arg::FileArg;
    use crate::promise::{Promise, abortable};

    /// As [`read_file`](crate::read_file()), as a future.
    pub fn read_file(lp: &EventLoop, file: impl FileArg, options: &ReadFileOptions) -> Promise<Vec<u8>> {
        abortable(lp, options.signal.as_ref(), super::read_file_op(&file, options))
    }

    /// As [`read_file_into`](crate::read_file_into()), as a future.
    pub fn read_file_into<B: AsMut<[u8]> + Send + 'static>(
        lp: &EventLoop,
        file: impl FileArg,
        buffer: B,
        options: &ReadFileOptions,
    ) -> Promise<(usize, B)> {
        abortable(lp, options.signal.as_ref(), ReadFile::new(&file, options, Room::new(buffer)))
    }
}

pub(crate) fn read_file_op(file: &impl FileArg, options: &ReadFileOptions) -> Result<ReadFile<Vec<u8>>> {
    ReadFile::new(file, options, Vec::new())
}

/// The most that is read into a buffer of ours, as in Node.
const MAX_SIZE: u64 = i32::MAX as u64;

/// What is read at once where the size is not known.
const UNKNOWN_STEP: usize = 64 * 1024;

/// Where a file's bytes go.
pub(crate) trait Sink {
    type Output;

    /// The file has `size` bytes.
    fn expect(&mut self, size: u64) -> Result<()>;

    /// How many bytes there are.
    fn filled(&self) -> usize;

    /// Reads up to `max` bytes more. 0: the end.
    fn read(&mut self, fd: Fd, max: usize) -> Result<usize>;

    /// The bytes; None if they were taken before.
    fn finish(&mut self) -> Option<Self::Output>;
}

impl Sink for Vec<u8> {
    type Output = Vec<u8>;

    fn expect(&mut self, size: u64) -> Result<()> {
        let size = checked_size(size)?;
        self.try_reserve_exact(size).map_err(|_| Error::system_code(Code::ENOMEM, "read"))
    }

    fn filled(&self) -> usize {
        self.len()
    }

    fn read(&mut self, fd: Fd, max: usize) -> Result<usize> {
        let read = uv::read_to_vec(fd, self, max, None)?;
        checked_size(self.len() as u64)?;
        Ok(read)
    }

    fn finish(&mut self) -> Option<Vec<u8>> {
        Some(std::mem::take(self))
    }
}

/// A buffer of the caller's.
pub(crate) struct Room<B> {
    buffer: Option<B>,
    filled: usize,
}

impl<B> Room<B> {
    fn new(buffer: B) -> Room<B> {
        Room { buffer: Some(buffer), filled: 0 }
    }
}

impl<B: AsMut<[u8]>> Sink for Room<B> {
    type Output = (usize, B);

    fn expect(&mut self, _size: u64) -> Result<()> {
        Ok(())
    }

    fn filled(&self) -> usize {
        self.filled
    }

    fn read(&mut self, fd: Fd, max: usize) -> Result<usize> {
        let room = self.buffer.as_mut().and_then(|buffer| buffer.as_mut().get_mut(self.filled..));
        let room = room.unwrap_or_default();
        if room.is_empty() {
            return match uv::read(fd, &mut [0], None)? {
                0 => Ok(0),
                _ => Err(Error::system_code(Code::ENOBUFS, "read")),
            };
        }
        let max = max.min(room.len());
        let read = uv::read(fd, &mut room[..max], None)?;
        self.filled += read;
        Ok(read)
    }

    fn finish(&mut self) -> Option<(usize, B)> {
        self.buffer.take().map(|buffer| (self.filled, buffer))
    }
}

pub(crate) struct ReadFile<S> {
    target: Target,
    flags: Flags,
    /// Whether an error in reading names the path.
    blame: bool,
    reading: Option<Reading>,
    sink: S,
}

struct Reading {
    file: Opened,
    /// None: it did not tell.
    size: Option<usize>,
}

impl<S: Sink> ReadFile<S> {
    fn new(file: &impl FileArg, options: &ReadFileOptions, sink: S) -> Result<ReadFile<S>> {
        let target = Target::new(file)?;
        if let Target::Descriptor(fd) = target {
            valid(fd)?;
        }
        Ok(ReadFile { target, flags: options.flag, blame: true, reading: None, sink })
    }

    /// The body. `spend` counts bytes and says whether to go on.
    fn step(&mut self, spend: impl FnMut(usize) -> bool) -> Poll<Result<S::Output>> {
        match self.proceed(spend) {
            Ok(true) => {}
            Ok(false) => return Poll::Pending,
            Err(error) => return Poll::Ready(Err(self.blamed(error))),
        }
        let closed = self.reading.take().map_or(Ok(()), |reading| reading.file.finish());
        match (closed, self.sink.finish()) {
            (Err(error), _) => Poll::Ready(Err(error)),
            (Ok(()), Some(output)) => Poll::Ready(Ok(output)),
            (Ok(()), None) => Poll::Pending,
        }
    }

    fn blamed(&self, error: Error) -> Error {
        match &self.target {
            Target::Path(path) if self.blame && error.syscall().is_some() => error.with_path(path.as_bytes()),
            _ => error,
        }
    }

    /// True: that was all. False: the slice is used up.
    fn proceed(&mut self, mut spend: impl FnMut(usize) -> bool) -> Result<bool> {
        let reading = match &mut self.reading {
            Some(reading) => reading,
            None => {
                let file = self.target.open(self.flags, 0o666)?;
                self.reading.insert(Reading::begin(file, &mut self.sink)?)
            }
        };
        loop {
            let left = reading.size.map(|size| size - self.sink.filled());
            let wanted = left.unwrap_or(UNKNOWN_STEP).min(Slice::SHARE);
            let read = match self.sink.read(reading.file.fd(), wanted) {
                Err(error) if error.code() == Code::EINTR => continue,
                read => read?,
            };
            if read == 0 || left.is_some_and(|left| read >= left) {
                return Ok(true);
            }
            if !spend(read) {
                return Ok(false);
            }
        }
    }
}

impl<S: Sink<Output: Send + 'static> + Send + 'static> Operation for ReadFile<S> {
    type Output = S::Output;

    fn advance(&mut self, slice: &mut Slice) -> Poll<Result<S::Output>> {
        self.step(|bytes| slice.spend(bytes))
    }
}

impl Reading {
    fn begin(file: Opened, sink: &mut impl Sink) -> Result<Reading> {
        let found = uv::fstat(file.fd())?;
        let mut size = None;
        let is_file =
            found.mode & u64::from(crate::constants::S_IFMT) == u64::from(crate::constants::S_IFREG);
        if is_file && found.size > 0 {
            sink.expect(found.size)?;
            size = Some(usize::try_from(found.size).unwrap_or(usize::MAX));
        }
        Ok(Reading { file, size })
    }
}

fn checked_size(size: u64) -> Result<usize> {
    usize::try_from(size)
        .ok()
        .filter(|_| size <= MAX_SIZE)
        .ok_or_else(|| Error::from_template(Code::FsFileTooLarge, &[&size]))
}
