//! `readFile`.

use std::task::Poll;

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, Slice};
use nodecore_events::AbortSignal;

use crate::abort;
use crate::descriptor::valid;
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
/// 512 KiB; that is also where a cancelled one stops.
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

pub(crate) mod promises {
    use nodecore_event_loop::EventLoop;

    use super::ReadFileOptions;
    use crate::path_arg::FileArg;
    use crate::promise::{Promise, abortable};

    /// As [`read_file`](crate::read_file()), as a future.
    pub fn read_file(lp: &EventLoop, file: impl FileArg, options: &ReadFileOptions) -> Promise<Vec<u8>> {
        abortable(lp, options.signal.as_ref(), super::read_file_op(&file, options))
    }
}

pub(crate) fn read_file_op(file: &impl FileArg, options: &ReadFileOptions) -> Result<ReadFile> {
    let target = Target::new(file)?;
    if let Target::Descriptor(fd) = target {
        valid(fd)?;
    }
    Ok(ReadFile { target, flags: options.flag, blame: true, reading: None })
}

/// The most that is read, as in Node.
const MAX_SIZE: u64 = i32::MAX as u64;

/// What is read at once where the size is not known.
const UNKNOWN_STEP: usize = 64 * 1024;

pub(crate) struct ReadFile {
    target: Target,
    flags: Flags,
    /// Whether an error in reading names the path.
    blame: bool,
    reading: Option<Reading>,
}

struct Reading {
    file: Opened,
    /// None: it did not tell.
    size: Option<usize>,
    data: Vec<u8>,
}

impl Operation for ReadFile {
    type Output = Vec<u8>;

    fn advance(&mut self, slice: &mut Slice) -> Poll<Result<Vec<u8>>> {
        let reading = match &mut self.reading {
            Some(reading) => reading,
            None => {
                let file = self.target.open(self.flags, 0o666)?;
                let reading = Reading::begin(file);
                self.reading.insert(reading.map_err(|error| blamed(error, self.blame, &self.target))?)
            }
        };
        match reading.proceed(slice) {
            Ok(true) => {
                let data = std::mem::take(&mut reading.data);
                let closed = self.reading.take().map_or(Ok(()), |reading| reading.file.finish());
                Poll::Ready(closed.map(|()| data))
            }
            Ok(false) => Poll::Pending,
            Err(error) => Poll::Ready(Err(blamed(error, self.blame, &self.target))),
        }
    }
}

fn blamed(error: Error, blame: bool, target: &Target) -> Error {
    match target {
        Target::Path(path) if blame && error.syscall().is_some() => error.with_path(path.as_bytes()),
        _ => error,
    }
}

impl Reading {
    fn begin(file: Opened) -> Result<Reading> {
        let found = uv::fstat(file.fd())?;
        let mut reading = Reading { file, size: None, data: Vec::new() };
        let is_file =
            found.mode & u64::from(crate::constants::S_IFMT) == u64::from(crate::constants::S_IFREG);
        if is_file && found.size > 0 {
            let size = checked_size(found.size)?;
            reading.data.try_reserve_exact(size).map_err(|_| Error::system_code(Code::ENOMEM, "read"))?;
            reading.size = Some(size);
        }
        Ok(reading)
    }

    /// True: that was all. False: the slice is used up.
    fn proceed(&mut self, slice: &mut Slice) -> Result<bool> {
        loop {
            let wanted = self.size.map_or(UNKNOWN_STEP, |size| size - self.data.len()).min(Slice::UNITS);
            let read = match uv::read_to_vec(self.file.fd(), &mut self.data, wanted, None) {
                Err(error) if error.code() == Code::EINTR => continue,
                read => read?,
            };
            match self.size {
                _ if read == 0 => return Ok(true),
                Some(size) if self.data.len() >= size => return Ok(true),
                Some(_) => {}
                None => {
                    checked_size(self.data.len() as u64)?;
                }
            }
            if !slice.spend(read) {
                return Ok(false);
            }
        }
    }
}

fn checked_size(size: u64) -> Result<usize> {
    usize::try_from(size)
        .ok()
        .filter(|_| size <= MAX_SIZE)
        .ok_or_else(|| Error::from_template(Code::FsFileTooLarge, &[&size]))
}
