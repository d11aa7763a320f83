//! `nodecore/fs_stream.h`: the caller's functions in place of the system's calls.

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use ::nodecore_error::{Code, Error, Result};
use bytes::Bytes;
use nodecore_fs::{Fd, Flags, HookFuture, ReadFs, StreamFs, WriteFs};

use super::nodecore_fd;
use super::streams::nodecore_fs_stream_options;
use crate::boundary::{Castable, Foreign, SizedOptions, arg, total};
use crate::error::nodecore_error;
use crate::str::nodecore_str;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_fs_stream_hooks {
    pub struct_size: usize,
    pub open: Option<
        unsafe extern "C" fn(
            path: nodecore_str,
            flags: i32,
            mode: u32,
            done: *mut nodecore_fs_done,
            user: *mut c_void,
        ),
    >,
    pub read: Option<
        unsafe extern "C" fn(
            fd: nodecore_fd,
            buffer: *mut c_void,
            len: usize,
            position: i64,
            done: *mut nodecore_fs_done,
            user: *mut c_void,
        ),
    >,
    pub write: Option<
        unsafe extern "C" fn(
            fd: nodecore_fd,
            data: *const c_void,
            len: usize,
            position: i64,
            done: *mut nodecore_fs_done,
            user: *mut c_void,
        ),
    >,
    pub writev: Option<
        unsafe extern "C" fn(
            fd: nodecore_fd,
            parts: *const nodecore_str,
            count: usize,
            position: i64,
            done: *mut nodecore_fs_done,
            user: *mut c_void,
        ),
    >,
    pub fsync: Option<unsafe extern "C" fn(fd: nodecore_fd, done: *mut nodecore_fs_done, user: *mut c_void)>,
    pub close: Option<unsafe extern "C" fn(fd: nodecore_fd, done: *mut nodecore_fs_done, user: *mut c_void)>,
}

impl SizedOptions for nodecore_fs_stream_hooks {
    const ZERO: Self = nodecore_fs_stream_hooks {
        struct_size: 0,
        open: None,
        read: None,
        write: None,
        writev: None,
        fsync: None,
        close: None,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// What a function of the caller's works with, kept until it has replied.
enum Held {
    Nothing,
    /// To be filled.
    Room(Vec<u8>),
    /// To be written, and the views of it.
    Parts(
        #[expect(dead_code, reason = "kept alive")] Vec<Bytes>,
        #[expect(dead_code, reason = "kept alive")] Vec<nodecore_str>,
    ),
}

/// A reply that comes once.
struct Reply {
    result: RefCell<Option<Result<(usize, Held)>>>,
    waker: Cell<Option<Waker>>,
}

impl Reply {
    fn settle(&self, result: Result<(usize, Held)>) {
        *self.result.borrow_mut() = Some(result);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

/// What comes of a call, as a future.
struct Replied(Rc<Reply>);

impl Future for Replied {
    type Output = Result<(usize, Held)>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let result = self.0.result.take();
        match result {
            Some(result) => Poll::Ready(result),
            None => {
                self.0.waker.set(Some(context.waker().clone()));
                Poll::Pending
            }
        }
    }
}

/// What a function of the caller's replies with.
pub struct nodecore_fs_done {
    reply: Rc<Reply>,
    held: Held,
}
impl Castable for nodecore_fs_done {}

impl fmt::Debug for nodecore_fs_done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("nodecore_fs_done").finish_non_exhaustive()
    }
}

impl nodecore_fs_done {
    /// Calls a function of the caller's, and keeps what it works with until it has replied.
    fn call(held: Held, call: impl FnOnce(*mut nodecore_fs_done)) -> Replied {
        let reply = Rc::new(Reply { result: RefCell::new(None), waker: Cell::new(None) });
        call(nodecore_fs_done { reply: Rc::clone(&reply), held }.into_raw());
        Replied(reply)
    }
}

/// Declared in the header.
///
/// # Safety
/// - `done` is null or was given to a function of the caller's and is not ended; `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_done_call(
    done: *mut nodecore_fs_done,
    err: *const nodecore_error,
    value: usize,
) {
    if done.is_null() {
        return;
    }
    // SAFETY: the caller vouches for a `done` that is ended once.
    let done = unsafe { Box::from_raw(done) };
    // SAFETY: as the caller vouches.
    let error = unsafe { arg::nullable(err) }.map(|err| err.error().clone());
    let nodecore_fs_done { reply, held } = *done;
    total((), || reply.settle(error.map_or(Ok((value, held)), Err)));
}

/// Declared in the header.
///
/// # Safety
/// - `done` is as for [`nodecore_fs_done_call`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_done_free(done: *mut nodecore_fs_done) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(done) };
}

/// The functions with their `user`.
pub(super) struct Hooks {
    table: nodecore_fs_stream_hooks,
    foreign: Foreign,
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table.fmt(f)
    }
}

/// Node's check of its option `fs`.
fn required(there: bool, name: &str) -> Result<()> {
    if there {
        return Ok(());
    }
    let text = format!("The \"hooks.{name}\" property must be of type function. Received null");
    Err(Error::new(Code::InvalidArgType, text))
}

fn missing<T: 'static>(name: &str) -> HookFuture<T> {
    Box::pin(std::future::ready(Err(Error::from_template(Code::MethodNotImplemented, &[&name]))))
}

fn signed(position: Option<u64>) -> i64 {
    position.map_or(-1, |position| i64::try_from(position).unwrap_or(i64::MAX))
}

impl Hooks {
    /// # Safety
    /// - `hooks` is null or a struct of the size it says, whose functions may be called with the user.
    pub(super) unsafe fn read(hooks: *const nodecore_fs_stream_hooks, foreign: Foreign) -> Result<Hooks> {
        // SAFETY: as the caller vouches.
        Ok(Hooks { table: unsafe { nodecore_fs_stream_hooks::read(hooks, "hooks") }?, foreign })
    }

    fn check(&self, opts: &nodecore_fs_stream_options) -> Result<()> {
        required(opts.has_fd || self.table.open.is_some(), "open")?;
        required(opts.no_auto_close || self.table.close.is_some(), "close")
    }

    pub(super) fn check_read(&self, opts: &nodecore_fs_stream_options) -> Result<()> {
        required(self.table.read.is_some(), "read")?;
        self.check(opts)
    }

    pub(super) fn check_write(&self, opts: &nodecore_fs_stream_options) -> Result<()> {
        required(self.table.write.is_some() || self.table.writev.is_some(), "write")?;
        required(!opts.flush || self.table.fsync.is_some(), "fsync")?;
        self.check(opts)
    }

    fn write_parts(&self, fd: Fd, bytes: Vec<Bytes>, position: Option<u64>) -> HookFuture<usize> {
        let views: Vec<nodecore_str> = bytes.iter().map(|part| nodecore_str::new(part)).collect();
        let (user, at) = (self.foreign.user(), signed(position));
        let (parts, count) = (views.as_ptr(), views.len());
        let first = views.first().copied().unwrap_or(nodecore_str::NONE);
        let held = Held::Parts(bytes, views);
        let several = self.table.writev;
        let one = self.table.write.filter(|_| count == 1 || several.is_none());
        let replied = match (one, several) {
            // SAFETY: the caller gave the function for this user; the bytes live until the reply.
            (Some(write), _) => nodecore_fs_done::call(held, |done| unsafe {
                write(fd, first.data.cast(), first.len, at, done, user);
            }),
            // SAFETY: as above, and the views as well.
            (None, Some(writev)) => nodecore_fs_done::call(held, |done| unsafe {
                writev(fd, parts, count, at, done, user);
            }),
            (None, None) => return missing("write"),
        };
        Box::pin(async move { replied.await.map(|(written, _)| written) })
    }
}

impl StreamFs for Hooks {
    fn open(&self, path: &[u8], flags: Flags, mode: u32) -> HookFuture<Fd> {
        let Some(open) = self.table.open else { return missing("open") };
        let user = self.foreign.user();
        let replied = nodecore_fs_done::call(Held::Nothing, |done| {
            // SAFETY: the caller gave the function for this user; the path lives for the call.
            unsafe { open(nodecore_str::new(path), flags.bits(), mode, done, user) };
        });
        Box::pin(async move {
            let (fd, _) = replied.await?;
            Fd::try_from(fd)
                .map_err(|_| Error::from_template(Code::OutOfRange, &[&"fd", &">= 0 && <= 2147483647", &fd]))
        })
    }

    fn fsync(&self, fd: Fd) -> HookFuture<()> {
        let Some(fsync) = self.table.fsync else { return missing("fsync") };
        let user = self.foreign.user();
        // SAFETY: the caller gave the function for this user.
        let replied = nodecore_fs_done::call(Held::Nothing, |done| unsafe { fsync(fd, done, user) });
        Box::pin(async move { replied.await.map(drop) })
    }

    fn close(&self, fd: Fd) -> HookFuture<()> {
        let Some(close) = self.table.close else { return missing("close") };
        let user = self.foreign.user();
        // SAFETY: the caller gave the function for this user.
        let replied = nodecore_fs_done::call(Held::Nothing, |done| unsafe { close(fd, done, user) });
        Box::pin(async move { replied.await.map(drop) })
    }
}

impl ReadFs for Hooks {
    fn read(&self, fd: Fd, size: usize, position: Option<u64>) -> HookFuture<Bytes> {
        let Some(read) = self.table.read else { return missing("read") };
        let mut room = match arg::reserve("size", size) {
            Ok(room) => room,
            Err(error) => return Box::pin(std::future::ready(Err(error))),
        };
        let (user, at) = (self.foreign.user(), signed(position));
        let (buffer, len) = (room.as_mut_ptr(), room.len());
        let replied = nodecore_fs_done::call(Held::Room(room), |done| {
            // SAFETY: the caller gave the function for this user; the room lives until the reply.
            unsafe { read(fd, buffer.cast(), len, at, done, user) };
        });
        Box::pin(async move {
            let (filled, held) = replied.await?;
            let Held::Room(mut room) = held else { return Ok(Bytes::new()) };
            room.truncate(filled);
            Ok(Bytes::from(room))
        })
    }
}

impl WriteFs for Hooks {
    fn write(&self, fd: Fd, data: Bytes, position: Option<u64>) -> HookFuture<usize> {
        self.write_parts(fd, vec![data], position)
    }

    fn writev(&self, fd: Fd, chunks: &[Bytes], position: Option<u64>) -> HookFuture<usize> {
        self.write_parts(fd, chunks.to_vec(), position)
    }
}
