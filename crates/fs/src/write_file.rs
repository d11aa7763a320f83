//! `writeFile` and `appendFile`.

use std::task::Poll;

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, Operation, Request, Slice};
use nodecore_events::AbortSignal;

use crate::abort;
use crate::descriptor::Fd;
use crate::flags::Flags;
use crate::path_arg::FileArg;
use crate::target::{Opened, Target};

/// How [`write_file`] and [`append_file`] write.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WriteFileOptions {
    /// How the file is opened. Default `'w'`, and `'a'` for [`append_file`].
    pub flag: Option<Flags>,
    /// The permissions of a file that is made. Default `0o666`, less the umask.
    pub mode: u32,
    /// Whether to wait until everything is on the device.
    pub flush: bool,
    /// Ends the callback and future forms when it is aborted; what is written until then stays.
    pub signal: Option<AbortSignal>,
}

impl Default for WriteFileOptions {
    fn default() -> WriteFileOptions {
        WriteFileOptions { flag: None, mode: 0o666, flush: false, signal: None }
    }
}

impl WriteFileOptions {
    /// Sets how the file is opened.
    #[must_use]
    pub fn flag(mut self, flag: Flags) -> WriteFileOptions {
        self.flag = Some(flag);
        self
    }

    /// Sets the permissions of a file that is made.
    #[must_use]
    pub fn mode(mut self, mode: u32) -> WriteFileOptions {
        self.mode = mode;
        self
    }

    /// Sets whether to wait until everything is on the device.
    #[must_use]
    pub fn flush(mut self, flush: bool) -> WriteFileOptions {
        self.flush = flush;
        self
    }

    /// Sets what ends it.
    #[must_use]
    pub fn signal(mut self, signal: &AbortSignal) -> WriteFileOptions {
        self.signal = Some(signal.clone());
        self
    }
}

/// Writes the whole of `data` to a file, which is made or replaced: a path, or a descriptor from where it stands,
/// which stays open. Success means that every byte was taken and that closing the file reported nothing.
///
/// Node: [`fs.writeFileSync`](https://nodejs.org/api/fs.html#fswritefilesyncfile-data-options).
///
/// # Errors
/// [`Code::InvalidArgValue`] for a path with NUL; otherwise the system's. What was written until then stays.
///
/// # Examples
/// ```
/// use nodecore_fs::{mkdtemp_sync, read_file_sync, rmdir_sync, unlink_sync, write_file_sync};
///
/// let dir = mkdtemp_sync(std::env::temp_dir().join("example-"))?;
/// write_file_sync(dir.join("a"), b"some text", &Default::default())?;
/// assert_eq!(read_file_sync(dir.join("a"), &Default::default())?, b"some text");
/// unlink_sync(dir.join("a"))?;
/// rmdir_sync(dir)?;
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn write_file_sync(file: impl FileArg, data: impl AsRef<[u8]>, options: &WriteFileOptions) -> Result<()> {
    run_in_place(WriteFile::new(&file, data, options, Flags::W)?)
}

/// As [`write_file_sync`]; `done` is called once, later, from the loop. It is one trip to the pool, which it leaves to
/// others every 512 KiB; that is also where a cancelled one stops.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn write_file(
    lp: &EventLoop,
    file: impl FileArg,
    data: impl AsRef<[u8]> + Send + 'static,
    options: &WriteFileOptions,
    done: impl FnOnce(Result<()>) + 'static,
) -> Result<Request> {
    let operation = WriteFile { even_nothing: true, ..WriteFile::new(&file, data, options, Flags::W)? };
    Ok(abort::spawn(lp, options.signal.as_ref(), operation, done))
}

/// As [`write_file_sync`], behind what is there.
///
/// Node: [`fs.appendFileSync`](https://nodejs.org/api/fs.html#fsappendfilesyncpath-data-options).
///
/// # Errors
/// As [`write_file_sync`].
pub fn append_file_sync(
    file: impl FileArg,
    data: impl AsRef<[u8]>,
    options: &WriteFileOptions,
) -> Result<()> {
    run_in_place(WriteFile::new(&file, data, options, Flags::A)?)
}

/// As [`append_file_sync`]; `done` is called once, later, from the loop.
///
/// # Errors
/// Those of the arguments; `done` is then not called.
pub fn append_file(
    lp: &EventLoop,
    file: impl FileArg,
    data: impl AsRef<[u8]> + Send + 'static,
    options: &WriteFileOptions,
    done: impl FnOnce(Result<()>) + 'static,
) -> Result<Request> {
    let operation = WriteFile { even_nothing: true, ..WriteFile::new(&file, data, options, Flags::A)? };
    Ok(abort::spawn(lp, options.signal.as_ref(), operation, done))
}

pub(crate) mod promises {
    use nodecore_event_loop::EventLoop;

    use super::{Flags, WriteFile, WriteFileOptions};
    use crate::path_arg::FileArg;
    use crate::promise::{Promise, abortable};

    /// As [`append_file`](crate::append_file()), as a future.
    pub fn append_file(
        lp: &EventLoop,
        file: impl FileArg,
        data: impl AsRef<[u8]> + Send + 'static,
        options: &WriteFileOptions,
    ) -> Promise<()> {
        abortable(lp, options.signal.as_ref(), WriteFile::new(&file, data, options, Flags::A))
    }

    /// As [`write_file`](crate::write_file()), as a future.
    pub fn write_file(
        lp: &EventLoop,
        file: impl FileArg,
        data: impl AsRef<[u8]> + Send + 'static,
        options: &WriteFileOptions,
    ) -> Promise<()> {
        abortable(lp, options.signal.as_ref(), WriteFile::new(&file, data, options, Flags::W))
    }
}

pub(crate) fn write_file_op<D: AsRef<[u8]> + Send + 'static>(
    fd: Fd,
    data: D,
    options: &WriteFileOptions,
) -> Result<impl Operation<Output = ()> + use<D>> {
    WriteFile::new(&fd, data, options, Flags::W)
}

struct WriteFile<D> {
    target: Target,
    flags: Flags,
    mode: u32,
    flush: bool,
    data: D,
    /// Whether no data at all are written too, to a descriptor or with `flush`, which tells whether it could be: Node's
    /// callback form.
    even_nothing: bool,
    written: usize,
    file: Option<Opened>,
}

impl<D: AsRef<[u8]>> WriteFile<D> {
    fn new(file: &impl FileArg, data: D, options: &WriteFileOptions, flags: Flags) -> Result<WriteFile<D>> {
        Ok(WriteFile {
            target: Target::new(file)?,
            flags: options.flag.unwrap_or(flags),
            mode: options.mode,
            flush: options.flush,
            data,
            even_nothing: false,
            written: 0,
            file: None,
        })
    }

    /// The body. `spend` counts bytes and says whether to go on.
    fn step(&mut self, mut spend: impl FnMut(usize) -> bool) -> Poll<Result<()>> {
        let file = match &self.file {
            Some(file) => file,
            None => self.file.insert(self.target.open(self.flags, self.mode)?),
        };
        let asked = self.even_nothing && (self.flush || matches!(file, Opened::Callers(_)));
        if asked && self.data.as_ref().is_empty() {
            uv::write(file.fd(), &[], None)?;
        }
        while let Some(left @ [_, ..]) = self.data.as_ref().get(self.written..) {
            let written = uv::write(file.fd(), &left[..left.len().min(Slice::UNITS)], None)?;
            if written == 0 {
                return Poll::Ready(Err(Error::system_code(Code::EIO, "write")));
            }
            self.written += written;
            if self.written < self.data.as_ref().len() && !spend(written) {
                return Poll::Pending;
            }
        }
        if self.flush {
            uv::fsync(file.fd())?;
        }
        Poll::Ready(self.file.take().map_or(Ok(()), Opened::finish))
    }
}

impl<D: AsRef<[u8]> + Send + 'static> Operation for WriteFile<D> {
    type Output = ();

    fn advance(&mut self, slice: &mut Slice) -> Poll<Result<()>> {
        self.step(|bytes| slice.spend(bytes))
    }
}

/// The sync form of borrowed data, which an [`Operation`] cannot hold.
fn run_in_place<D: AsRef<[u8]>>(mut operation: WriteFile<D>) -> Result<()> {
    loop {
        if let Poll::Ready(result) = operation.step(|_| true) {
            return result;
        }
    }
}
