//! What both kinds of stream do with their file: open it, lend it to the pool, close it when the pool is done.

use std::cell::{Cell, RefCell};
use std::ffi::CString;
use std::rc::Rc;
use std::sync::Arc;

use nodecore_error::{Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, OperationExt, blocking};
use nodecore_events::{ListenerId, Listeners, listener_mut};
use nodecore_stream::{DestroyDone, Done};

use crate::constants::{S_IFMT, S_IFREG};
use crate::descriptor::{Descriptor, Fd, valid};
use crate::flags::Flags;
use crate::open::open_path;
use crate::path_arg::FileArg;
use crate::target::Target;

/// The open file, shared with the operation that is on the pool, so that its number cannot be another file's before
/// that has come back.
#[derive(Debug)]
pub(super) struct OpenFile {
    fd: Fd,
    /// Whether the last owner closes it. Not without `auto_close`: the caller may have done so.
    ours: bool,
}

impl OpenFile {
    pub(super) fn fd(&self) -> Fd {
        self.fd
    }
}

impl Drop for OpenFile {
    fn drop(&mut self) {
        if self.ours {
            drop(Descriptor::new(self.fd));
        }
    }
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
    file: RefCell<Option<Arc<OpenFile>>>,
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
    pub(super) fn new(lp: &EventLoop, target: &impl FileArg, settings: FileSettings) -> Result<StreamFile> {
        let (path, fd) = match Target::new(target)? {
            Target::Path(path) => (Some(path), None),
            Target::Descriptor(fd) => (None, Some(valid(fd)?)),
        };
        let file = fd.map(|fd| Arc::new(OpenFile { fd, ours: settings.auto_close }));
        Ok(StreamFile {
            lp: lp.clone(),
            path,
            settings,
            file: RefCell::new(file),
            fd: Cell::new(fd),
            can_read_ahead: Cell::new(false),
            lent: Cell::new(false),
            closing: RefCell::new(None),
            opened: Listeners::default(),
            ready: Listeners::default(),
        })
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
        if !self.settings.auto_close {
            self.file.take();
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
        let FileSettings { flags, mode, auto_close, .. } = self.settings;
        let operation = blocking(move || {
            let file = open_path(&path, flags, mode)?;
            let regular =
                uv::fstat(file.fd()).is_ok_and(|found| found.mode & u64::from(S_IFMT) == u64::from(S_IFREG));
            Ok((file, regular))
        });
        let this = Rc::clone(self);
        operation.spawn(&self.lp, move |opened| match opened {
            Err(error) => {
                this.forget_listeners();
                done.fail(error);
            }
            Ok((file, regular)) => {
                let fd = file.into_fd();
                *this.file.borrow_mut() = Some(Arc::new(OpenFile { fd, ours: auto_close }));
                this.fd.set(Some(fd));
                this.can_read_ahead.set(regular);
                done.ok();
                this.opened.emit(fd);
                this.ready.emit(());
                this.forget_listeners();
            }
        });
    }

    /// `open` and `ready` come once: what listens to them may hold the stream, and is let go.
    fn forget_listeners(&self) {
        self.opened.clear();
        self.ready.clear();
    }

    /// The file for an operation on the pool, which must be followed by `give_back`. None: there is none (any more).
    pub(super) fn lend(&self) -> Option<Arc<OpenFile>> {
        let file = self.file.borrow().clone()?;
        self.lent.set(true);
        Some(file)
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
        self.fd.set(None);
        self.forget_listeners();
        let Some(file) = self.file.take().and_then(Arc::into_inner) else { return done.with(error) };
        let flush = self.settings.flush;
        let operation = blocking(move || {
            let fd = file.fd();
            std::mem::forget(file);
            let flushed = if flush { uv::fsync(fd).err() } else { None };
            Ok((flushed, uv::close(fd).err()))
        });
        // As in Node, that closing failed goes before why the stream was closed.
        operation.spawn(&self.lp, move |outcome| {
            let (flushed, closed) = outcome.unwrap_or_else(|error| (None, Some(error)));
            done.with(closed.or(error).or(flushed));
        });
    }
}
