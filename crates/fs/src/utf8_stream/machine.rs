//! What a `Utf8Stream` does: it is being opened, writes, or waits for more, and goes from one to the next.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ffi::CString;
use std::rc::Rc;
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::uv::fs as uv;
use nodecore_event_loop::{EventLoop, OperationExt, Timeout, blocking};
use nodecore_events::{Listeners, uncaught};
use nodecore_path as path;

use super::Utf8StreamOptions;
use crate::descriptor::{Descriptor, Fd, valid};
use crate::flags::Flags;
use crate::mkdir::{MkdirOptions, mkdir_sync};
use crate::open::open_path;

type Flushed = Box<dyn FnOnce(Result<()>)>;

pub(super) struct Inner {
    pub(super) lp: EventLoop,
    pub(super) options: Utf8StreamOptions,
    pub(super) file: RefCell<Option<CString>>,
    pub(super) fd: RefCell<Option<Descriptor>>,
    /// What waits, each piece one write.
    pub(super) waiting: RefCell<VecDeque<BytesMut>>,
    /// What is being written, or could not be.
    pub(super) current: RefCell<Bytes>,
    /// The bytes of both.
    pub(super) length: Cell<usize>,
    pub(super) opening: Cell<bool>,
    pub(super) writing: Cell<bool>,
    pub(super) ending: Cell<bool>,
    pub(super) destroyed: Cell<bool>,
    pub(super) draining: Cell<bool>,
    /// That there is a file to go on with, once nothing is being written; which one, or the one that is then open.
    pub(super) reopening: RefCell<Option<Option<CString>>>,
    pub(super) flushes: RefCell<Vec<Flushed>>,
    pub(super) timer: RefCell<Option<Timeout>>,
    pub(super) ready: Listeners<()>,
    pub(super) drain: Listeners<()>,
    pub(super) dropped: Listeners<Bytes>,
    pub(super) written: Listeners<usize>,
    pub(super) finish: Listeners<()>,
    pub(super) close: Listeners<()>,
    pub(super) error: Listeners<Error>,
}

/// From how many waiting bytes on `write` says to stop.
const HIGH_WATER_MARK: usize = 16_387;
/// How long it waits before it tries again.
pub(super) const RETRY: Duration = Duration::from_millis(100);

impl Inner {
    pub(super) fn new(lp: &EventLoop, options: &Utf8StreamOptions) -> Inner {
        Inner {
            lp: lp.clone(),
            options: options.clone(),
            file: RefCell::new(None),
            fd: RefCell::new(None),
            waiting: RefCell::default(),
            current: RefCell::default(),
            length: Cell::new(0),
            opening: Cell::new(false),
            writing: Cell::new(false),
            ending: Cell::new(false),
            destroyed: Cell::new(false),
            draining: Cell::new(false),
            reopening: RefCell::new(None),
            flushes: RefCell::default(),
            timer: RefCell::new(None),
            ready: Listeners::new(),
            drain: Listeners::new(),
            dropped: Listeners::new(),
            written: Listeners::new(),
            finish: Listeners::new(),
            close: Listeners::new(),
            error: Listeners::new(),
        }
    }

    pub(super) fn check(&self) -> Result<()> {
        if self.destroyed.get() { Err(invalid_state("Utf8Stream is destroyed")) } else { Ok(()) }
    }

    /// As `check`; fails as well if the file could not be opened, so that what nobody can write does not pile
    /// up.
    pub(super) fn check_open(&self) -> Result<()> {
        self.check()?;
        let open = self.opening.get() || self.fd.borrow().is_some();
        if open { Ok(()) } else { valid(-1).map(drop) }
    }

    pub(super) fn high_water_mark(&self) -> usize {
        HIGH_WATER_MARK.max(self.options.min_length)
    }

    pub(super) fn busy(&self) -> bool {
        self.writing.get() || self.opening.get()
    }

    pub(super) fn fail(&self, error: Error) {
        for flushed in self.flushes.take() {
            flushed(Err(error.clone()));
        }
        if !self.error.emit(error.clone()) {
            uncaught(error);
        }
    }

    pub(super) fn may_retry(&self, error: &Error, length: usize) -> bool {
        let again = matches!(error.code(), Code::EAGAIN | Code::EBUSY);
        let behind = self.length.get().saturating_sub(length);
        again && self.options.retry_eagain.as_ref().is_none_or(|retry| retry(error, length, behind))
    }

    pub(super) fn open(self: &Rc<Self>, path: CString) -> Result<()> {
        let Utf8StreamOptions { append, mkdir, mode, sync, .. } = self.options;
        let open = move || {
            if mkdir {
                mkdir_sync(path::dirname(path.as_bytes()), &MkdirOptions::default().recursive(true))?;
            }
            let file = open_path(&path, if append { Flags::A } else { Flags::W }, mode)?;
            Ok((file, path))
        };
        if sync {
            let (file, path) = open()?;
            self.replace(file, path);
            let own = Rc::clone(self);
            self.lp.next_tick(move || own.opened());
            return Ok(());
        }
        self.opening.set(true);
        let own = Rc::clone(self);
        blocking(open).spawn(&self.lp, move |opened| {
            own.opening.set(false);
            match opened {
                Ok((file, path)) => {
                    own.replace(file, path);
                    own.opened();
                }
                Err(error) => {
                    own.fail(error);
                    if own.destroyed.get() || own.ending.get() {
                        own.give_up();
                    }
                }
            }
        });
        Ok(())
    }

    pub(super) fn replace(&self, file: Descriptor, path: CString) {
        let old = self.fd.replace(Some(file));
        *self.file.borrow_mut() = Some(path);
        release(old);
    }

    pub(super) fn opened(self: &Rc<Self>) {
        self.ready.emit(());
        if self.destroyed.get() {
            self.close();
        } else if !self.busy() {
            self.go_on();
        }
    }

    /// What comes next, when nothing is being written.
    pub(super) fn go_on(self: &Rc<Self>) {
        let reopening = self.reopening.take();
        if let Some(path) = reopening.and_then(|path| path.or_else(|| self.file.borrow().clone())) {
            if let Err(error) = self.open(path) {
                self.fail(error);
            }
        } else if self.fd.borrow().is_none() {
            // It could not be opened.
            if self.ending.get() {
                self.give_up();
            }
        } else if self.length.get() > 0
            && (self.ending.get()
                || self.length.get() > self.options.min_length
                || !self.flushes.borrow().is_empty())
        {
            self.pump();
        } else if self.ending.get() {
            self.destroy();
        } else {
            self.settle_flushes();
        }
    }

    /// Writes the next piece, and with `sync` all.
    pub(super) fn pump(self: &Rc<Self>) {
        loop {
            let Some(fd) = self.fd.borrow().as_ref().map(Descriptor::fd) else { return };
            if self.current.borrow().is_empty() {
                let next = self.waiting.borrow_mut().pop_front();
                *self.current.borrow_mut() = next.map(BytesMut::freeze).unwrap_or_default();
            }
            self.writing.set(true);
            let (piece, fsync) = (self.current.borrow().clone(), self.options.fsync);
            let write = move || {
                let written = uv::write(fd, &piece, None)?;
                if fsync && written == piece.len() {
                    uv::fsync(fd)?;
                }
                Ok(written)
            };
            if !self.options.sync {
                let own = Rc::clone(self);
                blocking(write).spawn(&self.lp, move |result| {
                    if own.written(result) {
                        own.pump();
                    }
                });
                return;
            }
            if !self.written(write()) {
                return;
            }
        }
    }

    /// Takes the outcome of a write. True: there is more to write.
    pub(super) fn written(self: &Rc<Self>, result: Result<usize>) -> bool {
        let left = self.current.borrow().len();
        match result {
            Ok(written) => {
                self.current.borrow_mut().advance(written);
                self.length.set(self.length.get() - written);
                self.written.emit(written);
            }
            Err(error) if self.may_retry(&error, left) => {
                if self.options.sync {
                    std::thread::sleep(RETRY);
                    return true;
                }
                let own = Rc::clone(self);
                let ms = RETRY.as_secs_f64() * 1e3;
                self.lp.set_timeout(ms, move || if own.destroyed.get() { own.close() } else { own.pump() });
                return false;
            }
            Err(error) => {
                self.writing.set(false);
                self.fail(error);
                if self.destroyed.get() || self.ending.get() {
                    self.give_up();
                }
                return false;
            }
        }
        if self.destroyed.get() {
            self.writing.set(false);
            self.close();
            return false;
        }
        let more = self.length.get();
        let partly = !self.current.borrow().is_empty();
        let reopening = self.reopening.borrow().is_some();
        if partly || (!reopening && more > 0 && (more > self.options.min_length || self.ending.get())) {
            return true;
        }
        self.writing.set(false);
        if reopening || self.ending.get() {
            self.go_on();
        } else if self.options.sync {
            if !self.draining.replace(true) {
                let own = Rc::clone(self);
                self.lp.next_tick(move || {
                    own.draining.set(false);
                    own.drained();
                });
            }
        } else {
            self.drained();
        }
        false
    }

    pub(super) fn drained(self: &Rc<Self>) {
        self.drain.emit(());
        if !self.busy() && !self.destroyed.get() {
            self.go_on();
        }
    }

    pub(super) fn flush_now(self: &Rc<Self>) {
        if self.busy() || self.destroyed.get() || self.fd.borrow().is_none() {
            return;
        }
        if self.length.get() > 0 { self.pump() } else { self.settle_flushes() }
    }

    /// All is written: waits until it is on the device.
    pub(super) fn settle_flushes(self: &Rc<Self>) {
        let flushes = self.flushes.take();
        let fd = self.fd.borrow().as_ref().map(Descriptor::fd);
        if let (false, Some(fd)) = (flushes.is_empty(), fd) {
            // The file stays open until this has come back.
            self.writing.set(true);
            let own = Rc::clone(self);
            blocking(move || Ok(uv::fsync(fd).is_ok())).spawn(&self.lp, move |_| {
                own.writing.set(false);
                flushes.into_iter().for_each(|flushed| flushed(Ok(())));
                if own.destroyed.get() {
                    own.close();
                } else if !own.busy() {
                    own.go_on();
                }
            });
        }
    }

    pub(super) fn destroy(self: &Rc<Self>) {
        if !self.destroyed.replace(true) && !self.busy() {
            self.close();
        }
    }

    /// Closes the file without having written all.
    pub(super) fn give_up(self: &Rc<Self>) {
        self.ending.set(false);
        self.destroyed.set(true);
        self.close();
    }

    /// Closes the file, which nobody uses.
    pub(super) fn close(self: &Rc<Self>) {
        self.waiting.take();
        self.current.take();
        self.length.set(0);
        let timer = self.timer.take();
        if let Some(timer) = timer {
            timer.clear();
        }
        let fd = self.fd.take();
        let close = move || {
            let Some(file) = fd else { return Ok(()) };
            // Not every file can be told to.
            let _ = uv::fsync(file.fd());
            if is_standard(file.fd()) {
                file.into_fd();
                return Ok(());
            }
            file.close()
        };
        let own = Rc::clone(self);
        blocking(close).spawn(&self.lp, move |closed| {
            if let Err(error) = closed {
                own.fail(error);
            }
            let lost = (!own.ending.get()).then(|| invalid_state("Utf8Stream is destroyed"));
            for flushed in own.flushes.take() {
                flushed(lost.clone().map_or(Ok(()), Err));
            }
            if own.ending.get() {
                own.finish.emit(());
            }
            own.close.emit(());
            own.forget_listeners();
        });
    }

    /// Nothing follows: what listens may hold the stream, and is let go.
    pub(super) fn forget_listeners(&self) {
        [&self.ready, &self.drain, &self.finish, &self.close].iter().for_each(|listeners| listeners.clear());
        self.dropped.clear();
        self.written.clear();
        self.error.clear();
    }
}

/// Standard output and error belong to the process.
fn is_standard(fd: Fd) -> bool {
    fd == 1 || fd == 2
}

fn release(file: Option<Descriptor>) {
    if let Some(file) = file.filter(|file| is_standard(file.fd())) {
        file.into_fd();
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let timer = self.timer.take();
        if let Some(timer) = timer {
            timer.clear();
        }
        release(self.fd.take());
    }
}

pub(super) fn invalid_state(what: &str) -> Error {
    Error::from_template(Code::InvalidState, &[&what])
}
