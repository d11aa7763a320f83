//! `finished`: learning that a stream is done.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::{Rc, Weak};

use nodecore_error::{Code, Error, Result};
use nodecore_events::{AbortSignal, ListenerId};

use crate::native::StreamObject;
use crate::peer::{Peer, PeerEvent, PeerSides};

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
        self.0.sides().is_closed()
    }

    /// The stream, as [`finished_peer`] and [`PeerPipeline`](crate::PeerPipeline) take it.
    pub fn to_peer(&self) -> Rc<dyn Peer> {
        Rc::clone(&self.0) as Rc<dyn Peer>
    }
}

impl fmt::Debug for AnyStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnyStream").field("destroyed", &self.destroyed()).finish_non_exhaustive()
    }
}

impl dyn StreamObject + '_ {
    pub(crate) fn is_destroyed(&self) -> bool {
        self.sides().is_destroyed()
    }

    pub(crate) fn can_read(&self) -> Option<bool> {
        self.sides().can_read()
    }

    pub(crate) fn can_write(&self) -> Option<bool> {
        self.sides().can_write()
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
    stream: Weak<dyn Peer>,
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

    /// The same for one whom the callback owns: nothing is kept by it.
    pub(crate) fn canceller(&self) -> impl FnOnce() + 'static {
        let wait = Rc::downgrade(&self.0);
        move || {
            if let Some(wait) = wait.upgrade() {
                Finished(wait).cancel();
            }
        }
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
    finished_peer(&stream.into().to_peer(), options, done)
}

/// As [`finished`], of a stream of any make.
///
/// # Errors
/// As [`finished`].
///
/// ```
/// use nodecore_event_loop::{EventLoop, RunMode};
/// use nodecore_stream::{AnyStream, FinishedOptions, Readable, finished_peer};
///
/// let lp = EventLoop::new()?;
/// let stream = Readable::from_iter(&lp, ["a", "b"]);
/// let peer = AnyStream::from(&stream).to_peer();
/// finished_peer(&peer, FinishedOptions::default(), |result| assert!(result.is_ok()));
/// stream.resume();
/// lp.run(RunMode::Default);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn finished_peer(
    stream: &Rc<dyn Peer>,
    options: FinishedOptions,
    done: impl FnOnce(Result<()>) + 'static,
) -> Finished {
    let sides = stream.sides();
    let readable = options.readable.unwrap_or(sides.read.present);
    let writable = options.writable.unwrap_or(sides.write.present);
    let will_emit_close =
        sides.will_emit_close() && sides.read.present == readable && sides.write.present == writable;
    let wait = Rc::new(Wait {
        stream: Rc::downgrade(stream),
        callback: Cell::new(Some(Box::new(done))),
        readable,
        writable,
        read_done: Cell::new(sides.read_side_done()),
        write_done: Cell::new(sides.write_side_done()),
        will_emit_close: Cell::new(will_emit_close),
        listeners: RefCell::default(),
        signal: RefCell::default(),
    });

    let mut already = wait.already(&**stream, &sides);
    if already.is_some() {
        if options.error {
            wait.on(&**stream, PeerEvent::Error, |_, _, _| ());
        }
    } else if let Some(signal) = options.signal.as_ref().filter(|signal| signal.aborted()) {
        already = Some(Some(signal.error()));
    }
    if let Some(error) = already {
        let this = Rc::clone(&wait);
        stream.next_tick(Box::new(move || this.call(error)));
        return Finished(wait);
    }

    if writable && !sides.write.state {
        // Asked to wait for a side that is not there: its end is that of the other.
        for event in [PeerEvent::End, PeerEvent::Close] {
            wait.on(&**stream, event, |wait, stream, _| {
                if stream.sides().write.open != Some(true) {
                    wait.wrote(stream);
                }
            });
        }
    }
    wait.on(&**stream, PeerEvent::End, |wait, stream, _| {
        wait.read_done.set(true);
        let sides = stream.sides();
        if sides.is_destroyed() {
            wait.will_emit_close.set(false);
        }
        let close_follows = wait.will_emit_close.get() && (sides.write.open != Some(true) || wait.writable);
        if !close_follows && (!wait.writable || wait.write_done.get()) {
            wait.call(None);
        }
    });
    wait.on(&**stream, PeerEvent::Finish, |wait, stream, _| wait.wrote(stream));
    if options.error {
        wait.on(&**stream, PeerEvent::Error, |wait, _, error| wait.call(error));
    }
    wait.on(&**stream, PeerEvent::Close, |wait, stream, _| {
        wait.call(wait.error_on_close(stream, &stream.sides()));
    });

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
    fn wrote(&self, stream: &dyn Peer) {
        self.write_done.set(true);
        let sides = stream.sides();
        if sides.is_destroyed() {
            self.will_emit_close.set(false);
        }
        let close_follows = self.will_emit_close.get() && (sides.read.open != Some(true) || self.readable);
        if !close_follows && (!self.readable || self.read_done.get()) {
            self.call(None);
        }
    }

    /// The outcome, where nothing is to be waited for.
    fn already(&self, stream: &dyn Peer, sides: &PeerSides) -> Option<Option<Error>> {
        let will_emit_close = self.will_emit_close.get();
        if sides.is_closed() {
            return Some(self.error_on_close(stream, sides));
        }
        let done = if sides.write.error_emitted || sides.read.error_emitted {
            !will_emit_close
        } else {
            let written = !self.readable
                && (!will_emit_close || sides.can_read() == Some(true))
                && (self.write_done.get() || sides.can_write() == Some(false))
                && !sides.write.pending;
            let read = !self.writable
                && (!will_emit_close || sides.can_write() == Some(true))
                && (self.read_done.get() || sides.can_read() == Some(false));
            written || read
        };
        done.then(|| stream.error())
    }

    fn error_on_close(&self, stream: &dyn Peer, sides: &PeerSides) -> Option<Error> {
        let error = stream.error();
        if error.is_some() {
            return error;
        }
        let unread = self.readable && !self.read_done.get() && sides.read.present && !sides.read_side_done();
        let unwritten = self.writable && !self.write_done.get() && !sides.write_side_done();
        (unread || unwritten).then(|| Error::from_template(Code::StreamPrematureClose, &[]))
    }

    fn on(
        self: &Rc<Self>,
        stream: &dyn Peer,
        event: PeerEvent,
        listener: impl Fn(&Rc<Wait>, &dyn Peer, Option<Error>) + 'static,
    ) {
        let wait = Rc::clone(self);
        let call = move |error| {
            if let Some(stream) = wait.stream.upgrade() {
                listener(&wait, &*stream, error);
            }
        };
        let id = stream.listen(event, false, Rc::new(call));
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
                stream.forget(id);
            }
        }
    }
}
