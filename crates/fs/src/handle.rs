//! `FileHandle`, what `promises::open` gives.

mod lines;
mod web;

use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, Slice, blocking};
use nodecore_events::{AbortSignal, ListenerId, Listeners, listener_mut};

use crate::descriptor::{Descriptor, Fd};
use crate::flags::FlagsArg;
use crate::path_arg::PathArg;
use crate::promise::{Promise, abortable, promise};
use crate::stats::Stats;
use crate::streams::{ReadStream, ReadStreamOptions, WriteStream, WriteStreamOptions};
use crate::times::FileTime;
use crate::{RangeOptions, ReadFileOptions, WriteFileOptions};

pub use lines::Lines;

/// Opens a file. Node: [`fsPromises.open`](https://nodejs.org/api/fs.html#fspromisesopenpath-flags-mode).
///
/// The future gives an error for a path with NUL or unknown flags, and the system's. A file that is opened when the
/// future is gone is closed again.
///
/// ```
/// use nodecore_event_loop::EventLoop;
/// use nodecore_fs::{RangeOptions, promises};
///
/// let lp = EventLoop::new()?;
/// lp.block_on(async {
///     let file = promises::open(&lp, "Cargo.toml", "r", 0o666).await?;
///     let (read, buffer) = file.read(vec![0; 9], &RangeOptions::default()).await?;
///     assert_eq!(&buffer[..read], b"[package]");
///     file.close().await
/// })?;
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn open<P: PathArg, F: FlagsArg>(
    lp: &EventLoop,
    path: P,
    flags: F,
    mode: u32,
) -> impl Future<Output = Result<FileHandle>> + use<P, F> {
    let opening = promise(lp, crate::open::open_op(&path, &flags, mode));
    let lp = lp.clone();
    async move { Ok(FileHandle::new(lp, opening.await?)) }
}

/// An open file. Node: [`FileHandle`](https://nodejs.org/api/fs.html#class-filehandle).
///
/// Clones are the same handle. [`close`](FileHandle::close) waits for what is under way. One that is dropped without
/// is closed as well, but then nobody is told whether that went well. After it is closed its functions give `EBADF`,
/// `file closed`.
#[derive(Clone)]
pub struct FileHandle(Rc<Inner>);

struct Inner {
    lp: EventLoop,
    state: RefCell<State>,
    /// Whether `readable_web_stream` has it.
    locked: Cell<bool>,
    close: Listeners<()>,
}

enum State {
    Open(Arc<HandleFile>),
    Closed(Arc<Closing>),
}

/// The file, held by the handle and by each operation on the pool. Whoever lets go of it last closes it.
pub(crate) struct HandleFile {
    file: Option<Descriptor>,
    /// Who is told.
    closing: Arc<Closing>,
}

/// A close that has been asked for.
#[derive(Default)]
struct Closing {
    outcome: Mutex<Outcome>,
}

#[derive(Default)]
struct Outcome {
    result: Option<Result<()>>,
    wakers: Vec<Waker>,
}

impl Closing {
    fn lock(&self) -> MutexGuard<'_, Outcome> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn settle(&self, result: Result<()>) {
        let mut outcome = self.lock();
        outcome.result = Some(result);
        let wakers = std::mem::take(&mut outcome.wakers);
        drop(outcome);
        wakers.into_iter().for_each(Waker::wake);
    }
}

impl Drop for HandleFile {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            self.closing.settle(file.close());
        }
    }
}

/// The future of [`FileHandle::close`]. The file is closed whether or not it is waited for.
pub struct Close(Arc<Closing>);

impl Future for Close {
    type Output = Result<()>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let mut outcome = self.0.lock();
        match &outcome.result {
            Some(result) => Poll::Ready(result.clone()),
            None => {
                outcome.wakers.push(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl fmt::Debug for Close {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Close").field("result", &self.0.lock().result).finish()
    }
}

/// An operation that keeps the file open.
struct Holding<O> {
    operation: O,
    _file: Arc<HandleFile>,
}

impl<O: Operation> Operation for Holding<O> {
    type Output = O::Output;

    fn advance(&mut self, slice: &mut Slice) -> Poll<Result<O::Output>> {
        self.operation.advance(slice)
    }
}

impl FileHandle {
    /// As [`promises::open`](crate::promises::open); `done` is called once, later, from the loop.
    ///
    /// # Errors
    /// Those of the arguments; `done` is then not called.
    pub fn open(
        lp: &EventLoop,
        path: impl PathArg,
        flags: impl FlagsArg,
        mode: u32,
        done: impl FnOnce(Result<FileHandle>) + 'static,
    ) -> Result<Request> {
        let own = lp.clone();
        let done = |opened: Result<_>| done(opened.map(|file| FileHandle::new(own, file)));
        Ok(crate::open::open_op(&path, &flags, mode)?.spawn(lp, done))
    }

    fn new(lp: EventLoop, file: Descriptor) -> FileHandle {
        let file = HandleFile { file: Some(file), closing: Arc::default() };
        FileHandle(Rc::new(Inner {
            lp,
            state: RefCell::new(State::Open(Arc::new(file))),
            locked: Cell::new(false),
            close: Listeners::new(),
        }))
    }

    /// The loop that it was opened on.
    pub fn event_loop(&self) -> &EventLoop {
        &self.0.lp
    }

    /// Keeps it open. None: it is closed.
    pub(crate) fn file(&self) -> Option<Arc<HandleFile>> {
        match &*self.0.state.borrow() {
            State::Open(file) => Some(Arc::clone(file)),
            State::Closed(_) => None,
        }
    }

    /// The operation that `describe` makes, which keeps the file open. `name` is Node's, for the error.
    fn hold<O: Operation>(
        &self,
        name: &'static str,
        describe: impl FnOnce(Fd) -> Result<O>,
    ) -> Result<Holding<O>> {
        let file = self.file().ok_or_else(|| Error::new(Code::EBADF, "file closed").with_syscall(name))?;
        describe(file.fd()).map(|operation| Holding { operation, _file: file })
    }

    fn start<O: Operation>(
        &self,
        name: &'static str,
        describe: impl FnOnce(Fd) -> Result<O>,
    ) -> Promise<O::Output> {
        promise(&self.0.lp, self.hold(name, describe))
    }

    fn start_abortable<O: Operation>(
        &self,
        name: &'static str,
        signal: Option<&AbortSignal>,
        describe: impl FnOnce(Fd) -> Result<O>,
    ) -> Promise<O::Output> {
        abortable(&self.0.lp, signal, self.hold(name, describe))
    }

    /// The descriptor; -1 after it was closed.
    pub fn fd(&self) -> Fd {
        self.file().map_or(-1, |file| file.fd())
    }

    /// Writes behind what is there, if it was opened for that. As in Node the same as
    /// [`write_file`](FileHandle::write_file).
    pub fn append_file(
        &self,
        data: impl AsRef<[u8]> + Send + 'static,
        options: &WriteFileOptions,
    ) -> Promise<()> {
        self.write_file(data, options)
    }

    /// Sets the permissions.
    pub fn chmod(&self, mode: u32) -> Promise<()> {
        self.start("fchmod", |fd| crate::perms::fchmod_op(fd, mode))
    }

    /// Sets the owner and group.
    pub fn chown(&self, uid: u32, gid: u32) -> Promise<()> {
        self.start("fchown", |fd| crate::perms::fchown_op(fd, uid, gid))
    }

    /// Closes the file when all that is under way has come back. A second call waits for the same. Node:
    /// `close`, and `Symbol.asyncDispose`.
    pub fn close(&self) -> Close {
        let closing = match &*self.0.state.borrow() {
            State::Open(file) => Arc::clone(&file.closing),
            State::Closed(closing) => return Close(Arc::clone(closing)),
        };
        let state = self.0.state.replace(State::Closed(Arc::clone(&closing)));
        let idle = match state {
            State::Open(file) => Arc::into_inner(file).and_then(|mut file| file.file.take()),
            State::Closed(_) => None,
        };
        let inner = Rc::clone(&self.0);
        match idle {
            Some(descriptor) => {
                let told = Arc::clone(&closing);
                blocking(move || descriptor.close()).spawn(&self.0.lp, move |result| {
                    told.settle(result);
                    inner.closed();
                });
            }
            // Whoever uses it closes it, on another thread.
            None => {
                let (close, alive) = (Close(Arc::clone(&closing)), self.0.lp.keep_alive());
                self.0.lp.spawn_local(async move {
                    let _ = close.await;
                    drop(alive);
                    inner.closed();
                });
            }
        }
        Close(closing)
    }

    /// Calls `listener` when it has been closed by [`close`](FileHandle::close). Node: the event `close`.
    pub fn on_close(&self, mut listener: impl FnMut() + 'static) -> ListenerId {
        let id = ListenerId::new(0);
        self.0.close.append(id, listener_mut(move |()| listener()));
        id
    }

    /// Removes a listener of `close`; false if it is not there.
    pub fn off(&self, id: ListenerId) -> bool {
        self.0.close.remove(id)
    }

    /// Whether it has been closed, or will be when what is under way has come back.
    pub fn is_closed(&self) -> bool {
        matches!(*self.0.state.borrow(), State::Closed(_))
    }

    /// A stream of the file's bytes, from where it stands or `options.start`. It closes the handle at the end
    /// or after an error, unless `options.auto_close` is false.
    ///
    /// Node:
    /// [`filehandle.createReadStream`](https://nodejs.org/api/fs.html#filehandlecreatereadstreamoptions).
    ///
    /// # Errors
    /// [`Code::OutOfRange`] if it is closed, and for a `start` behind `end`; [`Code::MethodNotImplemented`] with
    /// `options.fs`.
    ///
    /// # Differences from Node
    /// `options.flags` and `mode` are of no use here. A stream whose handle is closed by somebody else learns
    /// of it, and is destroyed, when it would read or write next.
    pub fn create_read_stream(&self, options: &ReadStreamOptions) -> Result<ReadStream> {
        ReadStream::from_handle(self, options)
    }

    /// A stream that writes to the file, from where it stands or `options.start`. It closes the handle when
    /// all is written or after an error, unless `options.auto_close` is false.
    ///
    /// Node:
    /// [`filehandle.createWriteStream`](https://nodejs.org/api/fs.html#filehandlecreatewritestreamoptions).
    ///
    /// # Errors
    /// [`Code::OutOfRange`] if it is closed; [`Code::MethodNotImplemented`] with `options.fs`.
    ///
    /// # Differences from Node
    /// As [`create_read_stream`](FileHandle::create_read_stream).
    pub fn create_write_stream(&self, options: &WriteStreamOptions) -> Result<WriteStream> {
        WriteStream::from_handle(self, options)
    }

    /// Waits until the data are on the device.
    pub fn datasync(&self) -> Promise<()> {
        self.start("fdatasync", crate::sync::fdatasync_op)
    }

    /// Reads into a part of `buffer`, which the future gives back with the number of bytes read.
    pub fn read<B: AsMut<[u8]> + Send + 'static>(
        &self,
        buffer: B,
        options: &RangeOptions,
    ) -> Promise<(usize, B)> {
        self.start("read", |fd| crate::read::read_op(fd, buffer, options))
    }

    /// Reads from where the file stands to its end.
    pub fn read_file(&self, options: &ReadFileOptions) -> Promise<Vec<u8>> {
        let signal = options.signal.as_ref();
        self.start_abortable("readFile", signal, |fd| crate::read_file::read_file_op(&fd, options))
    }

    /// Reads into several buffers in turn.
    pub fn readv<B: AsMut<[u8]> + Send + 'static>(
        &self,
        buffers: Vec<B>,
        position: Option<u64>,
    ) -> Promise<(usize, Vec<B>)> {
        self.start("readv", |fd| crate::read::readv_op(fd, buffers, position))
    }

    /// Information about the file.
    pub fn stat(&self) -> Promise<Stats> {
        self.start("fstat", crate::stat::fstat_op)
    }

    /// As [`stat`](FileHandle::stat), until `signal` is aborted. Node: the option `signal`.
    pub fn stat_until(&self, signal: &AbortSignal) -> Promise<Stats> {
        self.start_abortable("fstat", Some(signal), crate::stat::fstat_op)
    }

    /// Waits until data and metadata are on the device.
    pub fn sync(&self) -> Promise<()> {
        self.start("fsync", crate::sync::fsync_op)
    }

    /// Makes the file `len` bytes long.
    pub fn truncate(&self, len: u64) -> Promise<()> {
        self.start("ftruncate", |fd| crate::truncate::ftruncate_op(fd, len))
    }

    /// Sets the times of access and of change.
    pub fn utimes(&self, atime: impl Into<FileTime>, mtime: impl Into<FileTime>) -> Promise<()> {
        self.start("futimes", |fd| crate::times::futimes_op(fd, atime.into(), mtime.into()))
    }

    /// Writes a part of `buffer`, which the future gives back with the number of bytes written. As in Node an empty
    /// buffer is not written, and every part of it is empty.
    pub fn write<B: AsRef<[u8]> + Send + 'static>(
        &self,
        buffer: B,
        options: &RangeOptions,
    ) -> Promise<(usize, B)> {
        self.start("write", |fd| crate::write::write_op(fd, buffer, options, false))
    }

    /// Writes the whole of `data` from where the file stands.
    pub fn write_file(
        &self,
        data: impl AsRef<[u8]> + Send + 'static,
        options: &WriteFileOptions,
    ) -> Promise<()> {
        let signal = options.signal.as_ref();
        self.start_abortable("writeFile", signal, |fd| crate::write_file::write_file_op(fd, data, options))
    }

    /// Writes several buffers in turn.
    pub fn writev<B: AsRef<[u8]> + Send + 'static>(
        &self,
        buffers: Vec<B>,
        position: Option<u64>,
    ) -> Promise<(usize, Vec<B>)> {
        self.start("writev", |fd| crate::write::writev_op(fd, buffers, position))
    }
}

impl Inner {
    /// What listens may hold the handle, and is let go.
    fn closed(&self) {
        self.close.emit(());
        self.close.clear();
    }
}

impl fmt::Debug for FileHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileHandle").field("fd", &self.fd()).finish()
    }
}

impl HandleFile {
    pub(crate) fn fd(&self) -> Fd {
        self.file.as_ref().map_or(-1, Descriptor::fd)
    }
}
