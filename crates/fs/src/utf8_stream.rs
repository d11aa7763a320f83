//! `Utf8Stream`: a fast way to write logs.

mod machine;
mod options;

use std::fmt;
use std::rc::{Rc, Weak};

use bytes::{Buf, Bytes, BytesMut};
use nodecore_error::{Class, Code, Error, Result};
use nodecore_event_loop::EventLoop;
use nodecore_event_loop::uv::fs as uv;
use nodecore_events::{ListenerId, listener_mut};

use crate::descriptor::{Descriptor, Fd, valid};
use crate::path_arg::{FileArg, PathArg, c_bytes};
use crate::target::Target;

use machine::{Inner, RETRY, invalid_state};

pub use options::Utf8StreamOptions;

/// Writes text to a file, with what waits put together into few writes. Clones are the same stream.
///
/// Node: [`fs.Utf8Stream`](https://nodejs.org/api/fs.html#class-fsutf8stream).
///
/// # Differences from Node
/// It takes bytes as well as text, so there is no `contentMode`, and lengths are counted in bytes. Dropped
/// before its [`end`](Utf8Stream::end) it closes the file; what waits is not written.
///
/// # Examples
/// ```
/// use nodecore_event_loop::{EventLoop, RunMode};
/// use nodecore_fs::{Utf8Stream, mkdtemp_sync, read_file_sync, rmdir_sync, unlink_sync};
///
/// let lp = EventLoop::new()?;
/// let dir = mkdtemp_sync(std::env::temp_dir().join("example-"))?;
/// let log = Utf8Stream::new(&lp, dir.join("log"), &Default::default())?;
/// log.write("first\n")?;
/// log.write("second\n")?;
/// log.end()?;
/// lp.run(RunMode::Default);
/// assert_eq!(read_file_sync(dir.join("log"), &Default::default())?, b"first\nsecond\n");
/// unlink_sync(dir.join("log"))?;
/// rmdir_sync(dir)?;
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone)]
pub struct Utf8Stream(Rc<Inner>);

impl Utf8Stream {
    /// A stream to a path, which is opened at once, or to an open descriptor, which it will close unless it
    /// is that of standard output or error.
    ///
    /// # Errors
    /// [`Code::InvalidArgValue`] for a path with NUL and (`RangeError`) for a `min_length` that is not
    /// smaller than `max_write`; [`Code::OutOfRange`] for a negative descriptor; with `sync` the system's.
    /// Otherwise that the file cannot be opened is the stream's `error`.
    pub fn new(lp: &EventLoop, dest: impl FileArg, options: &Utf8StreamOptions) -> Result<Utf8Stream> {
        let Utf8StreamOptions { min_length, max_write, .. } = *options;
        let target = Target::new(&dest)?;
        if min_length > 0 && min_length >= max_write {
            let text = format!(
                "The argument 'minLength' should be smaller than maxWrite ({max_write}). Received {min_length}"
            );
            return Err(Error::new(Code::InvalidArgValue, text).with_class(Class::RangeError));
        }
        let inner = Rc::new(Inner::new(lp, options));
        match target {
            Target::Path(path) => inner.open(path)?,
            Target::Descriptor(fd) => {
                *inner.fd.borrow_mut() = Some(Descriptor::new(valid(fd)?));
                let own = Rc::clone(&inner);
                lp.next_tick(move || own.opened());
            }
        }
        if options.periodic_flush > 0 {
            let weak = Rc::downgrade(&inner);
            let timer = lp.set_interval(f64::from(options.periodic_flush), move || {
                if let Some(inner) = Weak::upgrade(&weak) {
                    inner.flush_now();
                }
            });
            timer.unref();
            *inner.timer.borrow_mut() = Some(timer);
        }
        Ok(Utf8Stream(inner))
    }

    /// Has `data` written. False: much waits, and `drain` will say when it is gone.
    ///
    /// # Errors
    /// [`Code::InvalidState`] once destroyed; [`Code::OutOfRange`] if it could not be opened.
    pub fn write(&self, data: impl AsRef<[u8]>) -> Result<bool> {
        let (inner, data) = (&self.0, data.as_ref());
        inner.check_open()?;
        let options = &inner.options;
        let length = inner.length.get() + data.len();
        if options.max_length > 0 && length > options.max_length {
            inner.dropped.emit(Bytes::copy_from_slice(data));
            return Ok(inner.length.get() < inner.high_water_mark());
        }
        {
            let mut waiting = inner.waiting.borrow_mut();
            match waiting.back_mut() {
                Some(last) if last.len() + data.len() <= options.max_write => last.extend_from_slice(data),
                _ => waiting.push_back(BytesMut::from(data)),
            }
        }
        inner.length.set(length);
        if !inner.busy() && length >= options.min_length {
            inner.pump();
        }
        Ok(inner.length.get() < inner.high_water_mark())
    }

    /// Writes what waits, however little, and calls `done` when it is on the device.
    ///
    /// # Errors
    /// As [`write`](Utf8Stream::write); `done` is then not called.
    pub fn flush(&self, done: impl FnOnce(Result<()>) + 'static) -> Result<()> {
        self.0.check_open()?;
        self.0.flushes.borrow_mut().push(Box::new(done));
        self.0.flush_now();
        Ok(())
    }

    /// Writes what waits, here and now, and waits until it is on the device.
    ///
    /// # Errors
    /// [`Code::InvalidState`] once destroyed and before it is open; otherwise the system's.
    pub fn flush_sync(&self) -> Result<()> {
        let inner = &self.0;
        inner.check()?;
        let fd = self.fd();
        if fd < 0 {
            return Err(invalid_state("Invalid file descriptor"));
        }
        if !inner.writing.get() {
            let current = inner.current.take();
            if !current.is_empty() {
                inner.waiting.borrow_mut().push_front(BytesMut::from(current));
            }
        }
        loop {
            let Some(mut piece) = inner.waiting.borrow_mut().pop_front() else { break };
            while !piece.is_empty() {
                match uv::write(fd, &piece, None) {
                    Ok(written) => {
                        piece.advance(written);
                        inner.length.set(inner.length.get() - written);
                    }
                    Err(error) if inner.may_retry(&error, piece.len()) => std::thread::sleep(RETRY),
                    Err(error) => {
                        inner.waiting.borrow_mut().push_front(piece);
                        return Err(error);
                    }
                }
            }
        }
        // Not every file can be told to.
        let _ = uv::fsync(fd);
        Ok(())
    }

    /// Goes on with the file again, after it was moved away, or with another. What waits is written to the
    /// new one, what is being written to the old.
    ///
    /// # Errors
    /// [`Code::InvalidState`] once destroyed, and without a path where it has none; [`Code::InvalidArgValue`]
    /// for a path with NUL; with `sync` the system's. Otherwise that it cannot be opened is the stream's
    /// `error`, and it goes on with the old one.
    pub fn reopen(&self, path: Option<&dyn PathArg>) -> Result<()> {
        let inner = &self.0;
        inner.check()?;
        let path = match path {
            Some(path) => Some(c_bytes(&path.path_bytes()?, path.is_text(), "path")?),
            None => None,
        };
        let file = inner.file.borrow().clone();
        if path.is_none() && file.is_none() && !inner.opening.get() {
            return Err(invalid_state("Unable to reopen a file descriptor"));
        }
        if inner.ending.get() {
            return Ok(());
        }
        if inner.busy() {
            // Without a path it is the one that was asked for last.
            let asked = inner.reopening.take().flatten();
            *inner.reopening.borrow_mut() = Some(path.or(asked));
            return Ok(());
        }
        path.or(file).map_or(Ok(()), |path| inner.open(path))
    }

    /// Writes what waits, emits `finish`, and closes the file.
    ///
    /// # Errors
    /// [`Code::InvalidState`] once destroyed.
    pub fn end(&self) -> Result<()> {
        let inner = &self.0;
        inner.check()?;
        if inner.ending.replace(true) || inner.busy() {
            return Ok(());
        }
        inner.go_on();
        Ok(())
    }

    /// Closes the file; what waits is lost. Node: `destroy`, and `Symbol.dispose`.
    pub fn destroy(&self) {
        self.0.destroy();
    }
}

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident $field:ident $arg:ty;)*) => {
        $($(#[$doc])*
        pub fn $name(&self, listener: impl FnMut($arg) + 'static) -> ListenerId {
            let id = ListenerId::new(0);
            self.0.$field.append(id, listener_mut(listener));
            id
        })*
    };
}

macro_rules! plain_events {
    ($($(#[$doc:meta])* $name:ident $field:ident;)*) => {
        $($(#[$doc])*
        pub fn $name(&self, mut listener: impl FnMut() + 'static) -> ListenerId {
            let id = ListenerId::new(0);
            self.0.$field.append(id, listener_mut(move |()| listener()));
            id
        })*
    };
}

impl Utf8Stream {
    plain_events! {
        /// Calls `listener` when the file is open.
        on_ready ready;
        /// Calls `listener` when nothing is left to write.
        on_drain drain;
        /// Calls `listener` when all is written after [`end`](Utf8Stream::end).
        on_finish finish;
        /// Calls `listener` when the file is closed.
        on_close close;
    }

    events! {
        /// Calls `listener` with what is dropped for want of room.
        on_drop dropped Bytes;
        /// Calls `listener` with how many bytes were written.
        on_write written usize;
        /// Calls `listener` when the file cannot be opened, written to or closed. Without a listener that is
        /// an [`uncaught`](nodecore_events::uncaught) error.
        on_error error Error;
    }

    /// Removes a listener of any event; false if it is not there.
    pub fn off(&self, id: ListenerId) -> bool {
        let inner = &self.0;
        [&inner.ready, &inner.drain, &inner.finish, &inner.close].iter().any(|listeners| listeners.remove(id))
            || inner.dropped.remove(id)
            || inner.written.remove(id)
            || inner.error.remove(id)
    }

    /// How it was made: Node's `append`, `fsync`, `maxLength`, `minLength`, `mkdir`, `mode`, `periodicFlush`,
    /// `sync`.
    pub fn options(&self) -> &Utf8StreamOptions {
        &self.0.options
    }

    /// The path, once it is open, if it was given one.
    pub fn file(&self) -> Option<Vec<u8>> {
        self.0.file.borrow().as_ref().map(|file| file.as_bytes().to_vec())
    }

    /// The descriptor; -1 before it is open, and after it is closed.
    pub fn fd(&self) -> Fd {
        self.0.fd.borrow().as_ref().map_or(-1, Descriptor::fd)
    }

    /// Whether something is being written, or the file opened.
    pub fn writing(&self) -> bool {
        self.0.busy()
    }
}

impl fmt::Debug for Utf8Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Utf8Stream")
            .field("file", &self.0.file.borrow())
            .field("fd", &self.fd())
            .field("length", &self.0.length.get())
            .field("writing", &self.writing())
            .field("destroyed", &self.0.destroyed.get())
            .finish()
    }
}
