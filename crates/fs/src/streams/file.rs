//! What both kinds of stream do with their file: open it, lend it to who reads or writes, close it when that is done.

use std::cell::{Cell, RefCell};
use std::ffi::CString;
use std::rc::Rc;
use std::sync::Arc;

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, OperationExt, blocking};
use nodecore_events::{ListenerId, Listeners, listener_mut};
use nodecore_stream::{DestroyDone, Done};

use crate::constants::{S_IFMT, S_IFREG};
use crate::descriptor::{Descriptor, Fd, valid};
use crate::flags::Flags;
use crate::handle::{FileHandle, HandleFile};
use crate::open::open_path;
use crate::path_arg::FileArg;
use crate::target::Target;

use super::hooks::StreamFs;

/// The open file, shared with the operation that is on the pool, so that its number cannot be another file's before
/// that has come back.
#[derive(Debug)]
pub(super) struct OpenFile {
    fd: Fd,
    /// Whether the last owner closes it. Not without `auto_close`: the caller may have done so.
    ours: bool,
}

impl Drop for OpenFile {
    fn drop(&mut self) {
        if self.ours {
            drop(Descriptor::new(self.fd));
        }
    }
}

/// The file while the pool has it.
pub(super) enum Lent {
    Own(Arc<OpenFile>),
    Handle(Arc<HandleFile>),
}

impl Lent {
    pub(super) fn fd(&self) -> Fd {
        match self {
            Lent::Own(file) => file.fd,
            Lent::Handle(file) => file.fd(),
        }
    }
}

/// Who opens, reads, writes and closes the file.
enum Keeper {
    /// The stream, on the pool.
    Own(RefCell<Option<Arc<OpenFile>>>),
    /// A handle, which others may use and close.
    Handle(FileHandle),
    /// The caller's functions.
    Fs(Rc<dyn StreamFs>),
}

/// The part of the options that is about the file.
pub(super) struct FileSettings {
    pub(super) flags: Flags,
    pub(super) mode: u32,
    pub(super) auto_close: bool,
    /// Wait until everything is on the device before closing.
    pub(super) flush: bool,
}

/// The file of a stream, from before it is opened until after it is closed.
pub(super) struct StreamFile {
    lp: EventLoop,
    path: Option<CString>,
    settings: FileSettings,
    keeper: Keeper,
    fd: Cell<Option<Fd>>,
    /// Whether it can be read ahead: a regular file that nobody else holds.
    can_read_ahead: Cell<bool>,
    /// Whether the pool has it.
    lent: Cell<bool>,
    /// What is to be done once the pool has given it back.
    closing: RefCell<Option<(Option<Error>, DestroyDone)>>,
    opened: Listeners<Fd>,
    ready: Listeners<()>,
}

impl StreamFile {
    /// A path, which `open` will open, or an open descriptor; by means of `fs`, if there is one.
    pub(super) fn new(
        lp: &EventLoop,
        target: &impl FileArg,
        settings: FileSettings,
        fs: Option<Rc<dyn StreamFs>>,
    ) -> Result<StreamFile> {
        let (path, fd) = match Target::new(target)? {
            Target::Path(path) => (Some(path), None),
            Target::Descriptor(fd) => (None, Some(valid(fd)?)),
        };
        let keeper = match fs {
            Some(fs) => Keeper::Fs(fs),
            None => {
                Keeper::Own(RefCell::new(fd.map(|fd| Arc::new(OpenFile { fd, ours: settings.auto_close }))))
            }
        };
        Ok(StreamFile::with(lp, path, fd, settings, keeper))
    }

    /// The file of a handle, which the stream closes.
    pub(super) fn of_handle(
        handle: &FileHandle,
        settings: FileSettings,
        fs: Option<Rc<dyn StreamFs>>,
    ) -> Result<StreamFile> {
        if fs.is_some() {
            return Err(Error::from_template(Code::MethodNotImplemented, &[&"FileHandle with fs"]));
        }
        let fd = valid(handle.fd())?;
        Ok(StreamFile::with(handle.event_loop(), None, Some(fd), settings, Keeper::Handle(handle.clone())))
    }

    fn with(
        lp: &EventLoop,
        path: Option<CString>,
        fd: Option<Fd>,
        settings: FileSettings,
        keeper: Keeper,
    ) -> StreamFile {
        StreamFile {
            lp: lp.clone(),
            path,
            settings,
            keeper,
            fd: Cell::new(fd),
            can_read_ahead: Cell::new(false),
            lent: Cell::new(false),
            closing: RefCell::new(None),
            opened: Listeners::default(),
            ready: Listeners::default(),
        }
    }

    pub(super) fn settings(&self) -> &FileSettings {
        &self.settings
    }

    pub(super) fn lp(&self) -> &EventLoop {
        &self.lp
    }

    pub(super) fn fd(&self) -> Option<Fd> {
        self.fd.get()
    }

    pub(super) fn path(&self) -> Option<&[u8]> {
        self.path.as_deref().map(std::ffi::CStr::to_bytes)
    }

    /// Reading failed: without `auto_close` the descriptor stays open, for the caller to close.
    pub(super) fn reading_failed(&self) {
        if let (false, Keeper::Own(file)) = (self.settings.auto_close, &self.keeper) {
            file.take();
        }
    }

    pub(super) fn can_read_ahead(&self) -> bool {
        self.can_read_ahead.get()
    }

    pub(super) fn on_open(&self, listener: impl FnMut(Fd) + 'static) -> ListenerId {
        let id = ListenerId::new(u32::MAX);
        self.opened.append(id, listener_mut(listener));
        id
    }

    pub(super) fn on_ready(&self, mut listener: impl FnMut() + 'static) -> ListenerId {
        let id = ListenerId::new(u32::MAX);
        self.ready.append(id, listener_mut(move |()| listener()));
        id
    }

    pub(super) fn off(&self, id: ListenerId) -> bool {
        self.opened.remove(id) || self.ready.remove(id)
    }

    /// The stream's `_construct`.
    pub(super) fn open(self: &Rc<Self>, done: Done) {
        let Some(path) = self.path.clone() else { return done.ok() };
        let FileSettings { flags, mode, .. } = self.settings;
        let this = Rc::clone(self);
        if let Keeper::Fs(fs) = &self.keeper {
            let opening = fs.open(path.as_bytes(), flags, mode);
            self.lp.spawn_local(async move { this.opened(opening.await, done) });
            return;
        }
        let operation = blocking(move || {
            let file = open_path(&path, flags, mode)?;
            let regular =
                uv::fstat(file.fd()).is_ok_and(|found| found.mode & u64::from(S_IFMT) == u64::from(S_IFREG));
            Ok((file, regular))
        });
        operation.spawn(&self.lp, move |opened| {
            let opened = opened.map(|(file, regular)| {
                let fd = file.into_fd();
                this.can_read_ahead.set(regular);
                if let Keeper::Own(file) = &this.keeper {
                    *file.borrow_mut() = Some(Arc::new(OpenFile { fd, ours: this.settings.auto_close }));
                }
                fd
            });
            this.opened(opened, done);
        });
    }

    fn opened(&self, opened: Result<Fd>, done: Done) {
        match opened {
            Ok(fd) => {
                self.fd.set(Some(fd));
                done.ok();
                self.opened.emit(fd);
                self.ready.emit(());
            }
            Err(error) => done.fail(error),
        }
        self.forget_listeners();
    }

    /// `open` and `ready` come once: what listens to them may hold the stream, and is let go.
    fn forget_listeners(&self) {
        self.opened.clear();
        self.ready.clear();
    }

    /// The file for an operation on the pool, which must be followed by `give_back`. None: there is none (any more).
    pub(super) fn lend(&self) -> Option<Lent> {
        let file = match &self.keeper {
            Keeper::Own(file) => Lent::Own(file.borrow().clone()?),
            Keeper::Handle(handle) => Lent::Handle(handle.file()?),
            Keeper::Fs(_) => return None,
        };
        self.lent.set(true);
        Some(file)
    }

    /// As [`lend`](StreamFile::lend), for the caller's functions.
    pub(super) fn lend_fd(&self) -> Option<Fd> {
        let fd = self.fd.get()?;
        self.lent.set(true);
        Some(fd)
    }

    /// Whether somebody else has closed the handle.
    pub(super) fn is_gone(&self) -> bool {
        matches!(&self.keeper, Keeper::Handle(handle) if handle.is_closed())
    }

    pub(super) fn is_lent(&self) -> bool {
        self.lent.get()
    }

    /// The operation is done, and failed with `error`. Closes the file, if that had to wait.
    pub(super) fn give_back(&self, error: Option<&Error>) {
        self.lent.set(false);
        let closing = self.closing.borrow_mut().take();
        if let Some((reason, done)) = closing {
            self.close(reason.or_else(|| error.cloned()), done);
        }
    }

    /// The stream's `_destroy`: closes the file, as soon as the pool does not use it.
    pub(super) fn destroy(&self, error: Option<Error>, done: DestroyDone) {
        if self.lent.get() {
            *self.closing.borrow_mut() = Some((error, done));
        } else {
            self.close(error, done);
        }
    }

    fn close(&self, error: Option<Error>, done: DestroyDone) {
        let fd = self.fd.take();
        self.forget_listeners();
        let flush = self.settings.flush;
        // As in Node, that closing failed goes before why the stream was closed.
        let finish = move |(flushed, closed): (Option<Error>, Option<Error>)| {
            done.with(closed.or(error).or(flushed));
        };
        match &self.keeper {
            Keeper::Own(file) => {
                let Some(file) = file.take().and_then(Arc::into_inner) else { return finish((None, None)) };
                let operation = blocking(move || {
                    let fd = file.fd;
                    std::mem::forget(file);
                    let flushed = if flush { uv::fsync(fd).err() } else { None };
                    Ok((flushed, uv::close(fd).err()))
                });
                operation.spawn(&self.lp, move |outcome| {
                    finish(outcome.unwrap_or_else(|error| (None, Some(error))));
                });
            }
            Keeper::Handle(handle) => {
                let flushing = (flush && !handle.is_closed()).then(|| handle.sync());
                let (handle, alive) = (handle.clone(), self.lp.keep_alive());
                self.lp.spawn_local(async move {
                    let flushed = match flushing {
                        Some(flushing) => flushing.await.err(),
                        None => None,
                    };
                    let closed = handle.close().await.err();
                    drop(alive);
                    finish((flushed, closed));
                });
            }
            Keeper::Fs(fs) => {
                let Some(fd) = fd else { return finish((None, None)) };
                let fs = Rc::clone(fs);
                self.lp.spawn_local(async move {
                    let flushed = if flush { fs.fsync(fd).await.err() } else { None };
                    finish((flushed, fs.close(fd).await.err()));
                });
            }
        }
    }
}
