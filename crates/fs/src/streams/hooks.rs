//! The caller's functions in place of the system's calls.

use std::fmt;
use std::future::{Future, ready};
use std::pin::Pin;

use bytes::Bytes;
use nodecore_error::Result;

use crate::descriptor::Fd;
use crate::flags::Flags;

/// What the functions of [`StreamFs`] return. It is polled on the loop's thread.
pub type HookFuture<T> = Pin<Box<dyn Future<Output = Result<T>>>>;

/// What opens and closes the file of a stream in place of the system: for files in an archive, on another machine, in
/// memory. Node: the option `fs` of `createReadStream` and `createWriteStream`.
///
/// # Differences from Node
/// What Node finds missing when the stream is made (`read`, `open`, `close`), the compiler does.
///
/// # Examples
/// ```
/// use std::rc::Rc;
///
/// use bytes::Bytes;
/// use nodecore_error::Result;
/// use nodecore_event_loop::{EventLoop, RunMode};
/// use nodecore_fs::{Fd, Flags, HookFuture, ReadFs, ReadStreamOptions, StreamFs, create_read_stream};
///
/// #[derive(Debug)]
/// struct Memory(&'static [u8]);
///
/// impl StreamFs for Memory {
///     fn open(&self, _path: &[u8], _flags: Flags, _mode: u32) -> HookFuture<Fd> {
///         Box::pin(async { Ok(0) })
///     }
///     fn close(&self, _fd: Fd) -> HookFuture<()> {
///         Box::pin(async { Ok(()) })
///     }
/// }
///
/// impl ReadFs for Memory {
///     fn read(&self, _fd: Fd, size: usize, position: Option<u64>) -> HookFuture<Bytes> {
///         let at = position.and_then(|at| usize::try_from(at).ok()).unwrap_or(0).min(self.0.len());
///         let part = &self.0[at..];
///         let chunk = Bytes::from_static(&part[..part.len().min(size)]);
///         Box::pin(async { Ok(chunk) })
///     }
/// }
///
/// let lp = EventLoop::new()?;
/// let options = ReadStreamOptions::default().start(2).fs(Rc::new(Memory(b"in memory")));
/// let stream = create_read_stream(&lp, "any name", &options)?;
/// stream.on_data(|chunk| assert_eq!(chunk, " memory"));
/// lp.run(RunMode::Default);
/// assert_eq!(stream.bytes_read(), 7);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub trait StreamFs: fmt::Debug {
    /// Opens `path`. The number it gives is that of the caller's choice.
    fn open(&self, path: &[u8], flags: Flags, mode: u32) -> HookFuture<Fd>;

    /// Waits until everything is on the device, before [`close`](StreamFs::close), if the stream has `flush`. Default:
    /// nothing is to be done.
    fn fsync(&self, fd: Fd) -> HookFuture<()> {
        let _ = fd;
        Box::pin(ready(Ok(())))
    }

    /// Closes what [`open`](StreamFs::open) gave.
    fn close(&self, fd: Fd) -> HookFuture<()>;
}

/// A [`StreamFs`] that reads.
pub trait ReadFs: StreamFs {
    /// Reads up to `size` bytes from `position`, or from where the file stands. None are the end of the file.
    fn read(&self, fd: Fd, size: usize, position: Option<u64>) -> HookFuture<Bytes>;
}

/// A [`StreamFs`] that writes.
pub trait WriteFs: StreamFs {
    /// Writes up to all of `data` at `position`, or where the file stands, and says how much.
    fn write(&self, fd: Fd, data: Bytes, position: Option<u64>) -> HookFuture<usize>;

    /// Writes several chunks, of which there is at least one; says how much of them all. Default: writes the first.
    fn writev(&self, fd: Fd, chunks: &[Bytes], position: Option<u64>) -> HookFuture<usize> {
        match chunks.first() {
            Some(first) => self.write(fd, first.clone(), position),
            None => Box::pin(ready(Ok(0))),
        }
    }
}
