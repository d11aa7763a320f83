//! `finished`: learning that a stream is done.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::{Rc, Weak};

use nodecore_error::{Code, Error, Result};
use nodecore_events::{AbortSignal, ListenerId};

use crate::host::Event;
use crate::machine::{flag, read, write};
use crate::native::{How, StreamObject, tag};

/// Any stream, whatever it carries: every kind of stream turns [`Into`] one by reference.
#[derive(Clone)]
pub struct AnyStream(pub(crate) Rc<dyn StreamObject>);

impl AnyStream {
    /// Destroys the stream.
    pub fn destroy(&self, error: Option<Error>) {
        self.0.destroy(error);
    }

    /// Whether it has been destroyed.
    pub fn destroyed(&self) -> bool {
        self.0.is_destroyed()
    }

    /// Whether its resources have been released.
    pub fn closed(&self) -> bool {
        self.0.is_closed()
    }
}

impl fmt::Debug for AnyStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnyStream").field("destroyed", &self.destroyed()).finish_non_exhaustive()
    }
}

/// Node's questions about a stream. `None` where the stream lacks the side that is asked about.
impl dyn StreamObject + '_ {
    pub(crate) fn is_destroyed(&self) -> bool {
        self.read_flags().any(flag::DESTROYED) || self.write_flags().any(flag::DESTROYED)
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.read_flags().any(flag::CLOSED) || self.write_flags().any(flag::CLOSED)
    }

    pub(crate) fn has_read_side(&self) -> bool {
        self.read_flags().any(flag::PRESENT)
            && !(self.write_flags().any(flag::PRESENT) && self.read_flags().any(flag::OFF))
    }

    pub(crate) fn has_write_side(&self) -> bool {
        self.write_flags().any(flag::PRESENT)
            && !(self.read_flags().any(flag::PRESENT) && self.write_flags().any(flag::OFF))
    }

    /// Has emitted `end`, or is about to.
    fn read_side_done(&self) -> bool {
        let r = self.read_flags();
        self.has_read_side()
            && !r.any(flag::ERRORED)
            && (r.any(read::END_EMITTED) || (r.any(read::ENDED) && self.read_length() == 0))
    }

    /// Has emitted `end`.
    pub(crate) fn has_emitted_end(&self) -> bool {
        self.has_read_side() && self.read_flags().only(flag::ERRORED | read::END_EMITTED, read::END_EMITTED)
    }

    /// Has emitted `finish`, or is about to.
    fn write_side_done(&self) -> bool {
        let w = self.write_flags();
        if !self.has_write_side() || w.any(write::FINISHED) {
            return self.has_write_side();
        }
        !w.any(flag::ERRORED) && w.any(write::ENDED) && self.write_length() == 0
    }

    pub(crate) fn can_read(&self) -> Option<bool> {
        if !self.read_flags().any(flag::PRESENT) {
            return None;
        }
        Some(!self.is_destroyed() && self.has_read_side() && self.is_readable() && !self.has_emitted_end())
    }

    pub(crate) fn can_write(&self) -> Option<bool> {
        if !self.write_flags().any(flag::PRESENT) {
            return None;
        }
        Some(!self.is_destroyed() && self.has_write_side() && self.is_writable())
    }

    /// `close` is still to come.
    fn will_emit_close(&self) -> bool {
        let w = self.write_flags();
        let flags = if w.any(flag::PRESENT) { w } else { self.read_flags() };
        let closes = flag::AUTO_DESTROY | flag::EMIT_CLOSE;
        flags.only(closes | flag::CLOSED, closes)
    }

    fn error(&self) -> Option<Error> {
        self.write_error().or_else(|| self.read_error())
    }
}

/// Options of [`finished`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FinishedOptions {
    /// Whether to wait for the end of the readable side; by default, if there is one.
    pub readable: Option<bool>,
    /// Whether to wait for the end of the writable side; by default, if there is one.
    pub writable: Option<bool>,
    /// Whether an `error` event counts; true by default.
    pub error: bool,
    /// Stops waiting, with an `AbortError`. The stream is left alone.
    pub signal: Option<AbortSignal>,
}

impl Default for FinishedOptions {
    fn default() -> FinishedOptions {
        FinishedOptions { readable: None, writable: None, error: true, signal: None }
    }
}

impl FinishedOptions {
    /// Sets `readable`.
    #[must_use]
    pub fn readable(mut self, readable: bool) -> FinishedOptions {
        self.readable = Some(readable);
        self
    }

    /// Sets `writable`.
    #[must_use]
    pub fn writable(mut self, writable: bool) -> FinishedOptions {
        self.writable = Some(writable);
        self
    }

    /// Sets `error`.
    #[must_use]
    pub fn error(mut self, error: bool) -> FinishedOptions {
        self.error = error;
        self
    }

    /// Sets `signal`.
    #[must_use]
    pub fn signal(mut self, signal: &AbortSignal) -> FinishedOptions {
        self.signal = Some(signal.clone());
        self
    }
}

type Callback = Box<dyn FnOnce(Result<()>)>;

/// A [`finished`] that waits; dropping it changes nothing.
pub struct Finished(Rc<Wait>);

struct Wait {
    stream: Weak<dyn StreamObject>,
    callback: Cell<Option<Callback>>,
    readable: bool,
    writable: bool,
    read_done: Cell<bool>,
    write_done: Cell<bool>,
    will_emit_close: Cell<bool>,
    listeners: RefCell<Vec<ListenerId>>,
    signal: RefCell<Option<(AbortSignal, ListenerId)>>,
}

impl Finished {
    /// Stops waiting: the callback will not be called, and the listeners are removed. Node's `cleanup`.
    pub fn cancel(&self) {
        self.0.cleanup();
        let callback = self.0.callback.take();
        drop(callback);
    }
}

impl fmt::Debug for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Finished").finish_non_exhaustive()
    }
}

/// Calls `done` once the stream can no longer be read from or written to, or has failed.
///
/// Node: [`stream.finished`](https://nodejs.org/api/stream.html#streamfinishedstream-options-callback). As there,
/// the listeners stay when `done` has been called; [`Finished::cancel`] removes them.
///
/// # Errors
/// `done` gets the stream's error, `ERR_STREAM_PREMATURE_CLOSE` if it closed half-way, or `ABORT_ERR`.
///
/// ```
/// use nodecore_event_loop::{EventLoop, RunMode};
/// use nodecore_stream::{FinishedOptions, Readable, finished};
///
/// let lp = EventLoop::new()?;
/// let stream = Readable::from_iter(&lp, ["a", "b"]);
/// finished(&stream, FinishedOptions::default(), |result| assert!(result.is_ok()));
/// stream.resume();
/// lp.run(RunMode::Default);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn finished(
    stream: impl Into<AnyStream>,
    options: FinishedOptions,
    done: impl FnOnce(Result<()>) + 'static,
) -> Finished {
    let AnyStream(stream) = stream.into();
    let readable = options.readable.unwrap_or_else(|| stream.has_read_side());
    let writable = options.writable.unwrap_or_else(|| stream.has_write_side());
    let will_emit_close =
        stream.will_emit_close() && stream.has_read_side() == readable && stream.has_write_side() == writable;
    let wait = Rc::new(Wait {
        stream: Rc::downgrade(&stream),
        callback: Cell::new(Some(Box::new(done))),
        readable,
        writable,
        read_done: Cell::new(stream.read_side_done()),
        write_done: Cell::new(stream.write_side_done()),
        will_emit_close: Cell::new(will_emit_close),
        listeners: RefCell::default(),
        signal: RefCell::default(),
    });

    let mut already = wait.already(&*stream);
    if already.is_some() {
        if options.error {
            wait.on_error(&*stream, |_, _| ());
        }
    } else if let Some(signal) = options.signal.as_ref().filter(|signal| signal.aborted()) {
        already = Some(Some(signal.error()));
    }
    if let Some(error) = already {
        let this = Rc::clone(&wait);
        stream.event_loop().next_tick(move || this.call(error));
        return Finished(wait);
    }

    if writable && !stream.write_flags().any(flag::PRESENT) {
        // Asked to wait for a side that is not there: its end is that of the other.
        for event in [Event::End, Event::Close] {
            wait.on(&*stream, event, Wait::wrote);
        }
    }
    wait.on(&*stream, Event::End, |wait, stream| {
        wait.read_done.set(true);
        if stream.is_destroyed() {
            wait.will_emit_close.set(false);
        }
        let close_follows = wait.will_emit_close.get() && (!stream.is_writable() || wait.writable);
        if !close_follows && (!wait.writable || wait.write_done.get()) {
            wait.call(None);
        }
    });
    wait.on(&*stream, Event::Finish, Wait::wrote);
    if options.error {
        wait.on_error(&*stream, |wait, error| wait.call(Some(error)));
    }
    wait.on(&*stream, Event::Close, |wait, stream| wait.call(wait.error_on_close(stream)));

    if let Some(signal) = options.signal {
        let (this, reason) = (Rc::downgrade(&wait), signal.clone());
        let id = signal.on_abort(move || {
            if let Some(wait) = this.upgrade() {
                wait.cleanup();
                wait.call(Some(reason.error()));
            }
        });
        *wait.signal.borrow_mut() = Some((signal, id));
    }
    Finished(wait)
}

impl Wait {
    /// The writable side has finished.
    fn wrote(self: &Rc<Self>, stream: &dyn StreamObject) {
        self.write_done.set(true);
        if stream.is_destroyed() {
            self.will_emit_close.set(false);
        }
        let close_follows = self.will_emit_close.get() && (!stream.is_readable() || self.readable);
        if !close_follows && (!self.readable || self.read_done.get()) {
            self.call(None);
        }
    }

    /// The outcome, where nothing is to be waited for.
    fn already(&self, stream: &dyn StreamObject) -> Option<Option<Error>> {
        let emitted_error =
            stream.write_flags().any(flag::ERROR_EMITTED) || stream.read_flags().any(flag::ERROR_EMITTED);
        let will_emit_close = self.will_emit_close.get();
        if stream.is_closed() {
            return Some(self.error_on_close(stream));
        }
        let done = if emitted_error {
            !will_emit_close
        } else {
            let written = !self.readable
                && (!will_emit_close || stream.can_read() == Some(true))
                && (self.write_done.get() || stream.can_write() == Some(false))
                && stream.pending() == 0;
            let read = !self.writable
                && (!will_emit_close || stream.can_write() == Some(true))
                && (self.read_done.get() || stream.can_read() == Some(false));
            written || read
        };
        done.then(|| stream.error())
    }

    fn error_on_close(&self, stream: &dyn StreamObject) -> Option<Error> {
        let error = stream.error();
        if error.is_some() {
            return error;
        }
        let unread =
            self.readable && !self.read_done.get() && stream.has_read_side() && !stream.read_side_done();
        let unwritten = self.writable && !self.write_done.get() && !stream.write_side_done();
        (unread || unwritten).then(|| Error::from_template(Code::StreamPrematureClose, &[]))
    }

    fn on(
        self: &Rc<Self>,
        stream: &dyn StreamObject,
        event: Event,
        listener: impl Fn(&Rc<Wait>, &dyn StreamObject) + 'static,
    ) {
        let wait = Rc::clone(self);
        let call = move |()| {
            if let Some(stream) = wait.stream.upgrade() {
                listener(&wait, &*stream);
            }
        };
        let id = stream.on(event, How::Append, Rc::new(call));
        self.listeners.borrow_mut().push(id);
    }

    fn on_error(self: &Rc<Self>, stream: &dyn StreamObject, listener: impl Fn(&Rc<Wait>, Error) + 'static) {
        let wait = Rc::clone(self);
        let id = ListenerId::new(tag::ERROR);
        stream.events().error.append(id, Rc::new(move |error| listener(&wait, error)));
        self.listeners.borrow_mut().push(id);
    }

    fn call(&self, error: Option<Error>) {
        self.forget_signal();
        if let Some(callback) = self.callback.take() {
            callback(error.map_or(Ok(()), Err));
        }
    }

    fn forget_signal(&self) {
        let signal = self.signal.take();
        if let Some((signal, id)) = signal {
            signal.off(id);
        }
    }

    fn cleanup(&self) {
        self.forget_signal();
        let listeners = self.listeners.take();
        if let Some(stream) = self.stream.upgrade() {
            for id in listeners {
                stream.off(id);
            }
        }
    }
}
