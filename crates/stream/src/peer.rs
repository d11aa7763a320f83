//! A stream as `finished` and `pipeline` see it, whoever made it.

use std::rc::Rc;

use nodecore_error::Error;
use nodecore_event_loop::EventLoop;
use nodecore_events::ListenerId;

/// A stream of any make, for [`finished_peer`](crate::finished_peer) and [`PeerPipeline`](crate::PeerPipeline): all
/// streams of this crate are peers, and a binding makes peers of the streams of its own language.
///
/// No borrow is held while any of these is called.
pub trait Peer {
    /// What is so of its two sides.
    fn sides(&self) -> PeerSides;

    /// Its first error, that of the writable side before that of the readable one.
    fn error(&self) -> Option<Error>;

    /// Adds a listener. What it is called with is `None` but for [`PeerEvent::Error`].
    fn listen(&self, event: PeerEvent, once: bool, listener: PeerListener) -> ListenerId;

    /// Removes a listener.
    fn forget(&self, id: ListenerId);

    /// Destroys the stream.
    fn destroy(&self, error: Option<Error>);

    /// Ends the writable side.
    fn end(&self);

    /// Runs `task` in the tick queue of the stream's world.
    fn next_tick(&self, task: Task);
}

/// What a [`Peer`] calls when an event is emitted.
pub type PeerListener = Rc<dyn Fn(Option<Error>)>;

/// What is run once, later.
pub type Task = Box<dyn FnOnce()>;

/// The events that tell the end of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum PeerEvent {
    /// All has been read.
    End,
    /// All has been written.
    Finish,
    /// Nothing more will happen.
    Close,
    /// The stream has failed.
    Error,
}

/// What is so of one side of a [`Peer`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PeerSide {
    /// The stream has this side.
    pub present: bool,
    /// There is a state of it: Node's `_readableState` or `_writableState`.
    pub state: bool,
    /// Node's `stream.readable` or `stream.writable`; none if it does not say.
    pub open: Option<bool>,
    /// `destroyed`.
    pub destroyed: bool,
    /// `closed`.
    pub closed: bool,
    /// `errored` is set.
    pub errored: bool,
    /// `errorEmitted`.
    pub error_emitted: bool,
    /// Both `autoDestroy` and `emitClose`: it emits `close` of its own accord.
    pub closes: bool,
    /// `ended`: the end has been pushed, or `end()` has been called and what was written before is taken.
    pub ended: bool,
    /// `endEmitted` or `finished`.
    pub done: bool,
    /// Nothing waits to be read or written.
    pub empty: bool,
    /// Callbacks of writes have to run yet.
    pub pending: bool,
}

/// What is so of a [`Peer`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PeerSides {
    /// Of the readable side.
    pub read: PeerSide,
    /// Of the writable side.
    pub write: PeerSide,
}

/// Node's questions about a stream.
impl PeerSides {
    pub(crate) fn is_destroyed(&self) -> bool {
        self.read.destroyed || self.write.destroyed
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.read.closed || self.write.closed
    }

    /// Has emitted `end`, or is about to.
    pub(crate) fn read_side_done(&self) -> bool {
        let r = &self.read;
        r.present && !r.errored && (r.done || (r.ended && r.empty))
    }

    /// Has emitted `end`.
    pub(crate) fn has_emitted_end(&self) -> bool {
        self.read.present && !self.read.errored && self.read.done
    }

    /// Has emitted `finish`, or is about to.
    pub(crate) fn write_side_done(&self) -> bool {
        let w = &self.write;
        w.present && (w.done || (!w.errored && w.ended && w.empty))
    }

    /// Whether it can be read from; `None` where it does not say.
    pub(crate) fn can_read(&self) -> Option<bool> {
        let open = self.read.open?;
        Some(!self.is_destroyed() && self.read.present && open && !self.has_emitted_end())
    }

    /// Whether it can be written to; `None` where it does not say.
    pub(crate) fn can_write(&self) -> Option<bool> {
        let open = self.write.open?;
        Some(!self.is_destroyed() && self.write.present && open)
    }

    /// `close` is still to come.
    pub(crate) fn will_emit_close(&self) -> bool {
        let side = if self.write.state { &self.write } else { &self.read };
        side.closes && !side.closed
    }
}

/// The queues in which a [`PeerPipeline`](crate::PeerPipeline) does what it does later.
pub trait TaskQueues {
    /// Runs `task` in Node's `nextTick` queue.
    fn next_tick(&self, task: Task);

    /// Runs `task` as a microtask.
    fn queue_microtask(&self, task: Task);

    /// What the pipeline is about to report: a host may attach an object to it ([`Error::with_object`]), which then is
    /// the same for all streams.
    fn made(&self, error: Error) -> Error {
        error
    }
}

impl TaskQueues for EventLoop {
    fn next_tick(&self, task: Task) {
        EventLoop::next_tick(self, task);
    }

    fn queue_microtask(&self, task: Task) {
        EventLoop::queue_microtask(self, task);
    }
}
