//! The machine's host in the Rust API: lists of closures, on an event loop.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use nodecore_buffer::Encoding;
use nodecore_error::{Error, Result};
use nodecore_event_loop::EventLoop;
use nodecore_events::{Callee, ListenOptions, Listener, ListenerId, ListenerList, Listeners, uncaught};

use crate::chunk::Chunk;
use crate::duplex::Duplex;
use crate::host::{Callback, Done, Event, Hook, Host, Tick};
use crate::machine::{Flags, Inner, Lent, Machine, ReadState, WriteState, flag, read, write};
use crate::peer::{Peer, PeerEvent, PeerListener, PeerSide, PeerSides, Task};
use crate::pipe::Feed;
use crate::readable::Readable;

/// The user's functions, whatever kind of stream they are for.
pub(crate) trait Hooks<W: Chunk, R: Chunk> {
    fn origin(&self) -> Option<Rc<dyn Any>> {
        None
    }
    fn has_construct(&self) -> bool {
        false
    }
    fn construct(&self, stream: Duplex<W, R>, done: Done) {
        drop(stream);
        done.ok();
    }
    fn read(&self, stream: Duplex<W, R>, size: usize) {
        let _ = (stream, size);
    }
    fn write(&self, stream: Lent<'_, Native<W, R>>, chunk: W) {
        let _ = (stream, chunk);
    }
    fn has_writev(&self) -> bool {
        false
    }
    fn writev(&self, stream: Duplex<W, R>, chunks: Vec<W>, done: Done) {
        let _ = (stream, chunks);
        done.ok();
    }
    fn has_final(&self) -> bool {
        false
    }
    fn final_(&self, stream: Duplex<W, R>) {
        drop(stream);
    }
    fn destroy(&self, stream: Duplex<W, R>, error: Option<Error>, done: Done) {
        drop(stream);
        done.with(error);
    }
}

/// What `pipe` and `unpipe` carry.
pub(crate) struct PipeEvent<T: Chunk> {
    pub(crate) source: Readable<T>,
    /// Of `unpipe`: whether the pipe it is about has been taken apart.
    pub(crate) unpiped: Rc<Cell<bool>>,
}

impl<T: Chunk> Clone for PipeEvent<T> {
    fn clone(&self) -> PipeEvent<T> {
        PipeEvent { source: self.source.clone(), unpiped: Rc::clone(&self.unpiped) }
    }
}

/// A listener of `data`: a pipe is called as itself, because nearly all chunks go through one.
pub(crate) enum OnData<T: Chunk> {
    Function(Listener<T>),
    Pipe(Rc<Feed<T>>),
}

impl<T: Chunk> Callee for OnData<T> {
    type Arg = T;

    #[inline(always)]
    fn call(&self, chunk: T) {
        match self {
            OnData::Function(function) => function(chunk),
            OnData::Pipe(feed) => feed.write(chunk),
        }
    }
}

impl<T: Chunk> Clone for OnData<T> {
    #[inline]
    fn clone(&self) -> OnData<T> {
        match self {
            OnData::Function(function) => OnData::Function(Rc::clone(function)),
            OnData::Pipe(feed) => OnData::Pipe(Rc::clone(feed)),
        }
    }
}

/// Which list a [`ListenerId`] is in.
pub(crate) mod tag {
    pub(crate) const ERROR: u32 = 64;
    pub(crate) const DATA: u32 = 65;
    pub(crate) const PIPE: u32 = 66;
    pub(crate) const UNPIPE: u32 = 67;
    /// `unpipe` too, of a pipe itself.
    pub(crate) const PIPED: u32 = 68;
}

/// The listeners that do not depend on what the stream carries.
#[derive(Default)]
pub(crate) struct Events {
    plain: [Listeners<()>; 8],
    pub(crate) error: Listeners<Error>,
}

impl Events {
    pub(crate) fn of(&self, event: Event) -> &Listeners<()> {
        &self.plain[event as usize]
    }

    fn clear(&self) {
        self.plain.iter().for_each(Listeners::clear);
        self.error.clear();
    }
}

pub(crate) struct Native<W: Chunk, R: Chunk> {
    lp: EventLoop,
    events: Events,
    data: ListenerList<OnData<R>>,
    pipe: Listeners<PipeEvent<W>>,
    unpipe: Listeners<PipeEvent<W>>,
    /// Where the readable side is piped to.
    pipes: RefCell<Vec<Weak<dyn WritableObject<R>>>>,
    hooks: Box<dyn Hooks<W, R>>,
}

impl<W: Chunk, R: Chunk> Native<W, R> {
    pub(crate) fn new(lp: &EventLoop, hooks: impl Hooks<W, R> + 'static) -> Native<W, R> {
        Native {
            lp: lp.clone(),
            events: Events::default(),
            data: ListenerList::new(),
            pipe: Listeners::new(),
            unpipe: Listeners::new(),
            pipes: RefCell::default(),
            hooks: Box::new(hooks),
        }
    }
}

impl<W: Chunk, R: Chunk> Host for Native<W, R> {
    type Write = W;
    type Read = R;

    fn has_construct(&self) -> bool {
        self.hooks.has_construct()
    }

    fn construct(&self, machine: Machine<Self>) -> Result<()> {
        let done = machine.done(Hook::Construct);
        self.hooks.construct(Duplex(machine), done);
        Ok(())
    }

    fn read(&self, machine: Machine<Self>, size: usize) -> Result<()> {
        self.hooks.read(Duplex(machine), size);
        Ok(())
    }

    #[inline]
    fn write(&self, machine: Lent<'_, Self>, chunk: W) {
        self.hooks.write(machine, chunk);
    }

    fn has_writev(&self) -> bool {
        self.hooks.has_writev()
    }

    fn writev(&self, machine: Machine<Self>, chunks: Vec<W>) {
        let done = machine.done(Hook::Write);
        self.hooks.writev(Duplex(machine), chunks, done);
    }

    fn has_final(&self) -> bool {
        self.hooks.has_final()
    }

    fn final_(&self, machine: Machine<Self>) -> Result<()> {
        self.hooks.final_(Duplex(machine));
        Ok(())
    }

    fn destroy(&self, machine: Machine<Self>, error: Option<Error>) -> Result<()> {
        let done = machine.done(Hook::Destroy);
        self.hooks.destroy(Duplex(machine), error, done);
        Ok(())
    }

    fn emit(&self, event: Event) {
        self.events.of(event).emit(());
    }

    #[inline(always)]
    fn emit_data(&self, chunk: R) {
        self.data.emit(chunk);
    }

    fn emit_error(&self, error: Error) {
        if self.events.error.is_empty() {
            uncaught(error);
        } else {
            self.events.error.emit(error);
        }
    }

    fn listens_readable(&self) -> bool {
        !self.events.of(Event::Readable).is_empty()
    }

    fn listens_data(&self) -> bool {
        !self.data.is_empty()
    }

    fn next_tick(&self, machine: Machine<Self>, tick: Tick) {
        self.lp.next_tick(move || machine.run_tick(tick));
    }

    /// Listeners often own the stream that they listen to; letting go of them frees both.
    fn closed(&self) {
        self.events.clear();
        self.data.clear();
        self.pipe.clear();
        // A pipe that was made late is still taken apart; it owns neither stream.
        self.unpipe.retain(|id| id.tag() == tag::PIPED);
    }
}

/// A stream of any kind, without what it carries.
pub(crate) trait StreamObject: Peer {
    fn event_loop(&self) -> &EventLoop;
    fn origin(&self) -> Option<Rc<dyn Any>>;
    fn events(&self) -> &Events;
    fn read_flags(&self) -> &Flags;
    fn write_flags(&self) -> &Flags;
    fn read_error(&self) -> Option<Error>;
    fn write_error(&self) -> Option<Error>;
    fn is_readable(&self) -> bool;
    fn is_writable(&self) -> bool;
    fn error_or_destroy(&self, error: Error);
    fn on(&self, event: Event, how: How, listener: Listener<()>) -> ListenerId;
    fn off(&self, id: ListenerId) -> bool;
    fn event_names(&self) -> Vec<&'static str>;
    fn listeners_of(&self, name: &str) -> usize;
    fn remove_all(&self, event: Option<Event>);
    fn remove_named(&self, name: &str);
}

/// How a listener is added.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    Append,
    Once,
    Prepend,
    PrependOnce,
}

impl How {
    fn is_once(self) -> bool {
        matches!(self, How::Once | How::PrependOnce)
    }

    /// Adds a listener to a list.
    pub(crate) fn add<C: Callee>(self, list: &ListenerList<C>, id: ListenerId, listener: C) {
        match self {
            How::Append => list.append(id, listener),
            How::Once => list.append_once(id, listener),
            How::Prepend => list.prepend(id, listener),
            How::PrependOnce => list.prepend_once(id, listener),
        }
    }
}

impl From<ListenOptions> for How {
    fn from(options: ListenOptions) -> How {
        match (options.prepend, options.once) {
            (false, false) => How::Append,
            (false, true) => How::Once,
            (true, false) => How::Prepend,
            (true, true) => How::PrependOnce,
        }
    }
}

/// A stream that can be read from.
pub(crate) trait ReadableObject<T: Chunk>: StreamObject {
    fn state(&self) -> &ReadState<T>;
    fn data(&self) -> &ListenerList<OnData<T>>;
    fn pipes(&self) -> &RefCell<Vec<Weak<dyn WritableObject<T>>>>;
    fn read(&self, size: Option<usize>) -> Option<T>;
    fn push(&self, chunk: Option<T>) -> bool;
    fn try_push(&self, chunk: T) -> Result<bool>;
    fn push_text(&self, text: T) -> bool;
    fn set_encoding(&self, encoding: Encoding);
    fn unshift(&self, chunk: Option<T>) -> bool;
    fn pause(&self);
    fn resume(&self);
    fn is_paused(&self) -> bool;
    fn on_data(&self, how: How, listener: Listener<T>) -> ListenerId;
    fn feed(&self, feed: Rc<Feed<T>>) -> ListenerId;
}

/// A stream that can be written to.
pub(crate) trait WritableObject<T: Chunk>: StreamObject {
    fn state(&self) -> &WriteState<T>;
    fn pipe_events(&self) -> &Listeners<PipeEvent<T>>;
    fn unpipe_events(&self) -> &Listeners<PipeEvent<T>>;
    fn write(&self, chunk: T, callback: Option<Callback>) -> bool;
    /// As `write`, without a callback.
    fn take_in(&self, chunk: T) -> bool;
    fn end_with(&self, chunk: Option<T>, callback: Option<Callback>);
    fn cork(&self);
    fn uncork(&self);
    fn needs_drain(&self) -> bool;
}

impl<W: Chunk, R: Chunk> Peer for Inner<Native<W, R>> {
    fn sides(&self) -> PeerSides {
        let (r, w) = (&self.r.flags, &self.w.flags);
        let mut sides = PeerSides { read: side(r), write: side(w) };
        let both = sides.read.state && sides.write.state;
        sides.read.present = sides.read.state && !(both && r.any(flag::OFF));
        sides.write.present = sides.write.state && !(both && w.any(flag::OFF));
        sides.read.open = sides.read.state.then(|| Inner::is_readable(self));
        sides.write.open = sides.write.state.then(|| Inner::is_writable(self));
        sides.read.ended = r.any(read::ENDED);
        sides.read.done = r.any(read::END_EMITTED);
        sides.read.empty = self.r.length.get() == 0;
        sides.write.ended = w.any(write::ENDED);
        sides.write.done = w.any(write::FINISHED);
        sides.write.empty = self.w.length.get() == 0;
        sides.write.pending = self.w.pending.get() != 0;
        sides
    }

    fn error(&self) -> Option<Error> {
        self.write_error().or_else(|| self.read_error())
    }

    fn listen(&self, event: PeerEvent, once: bool, listener: PeerListener) -> ListenerId {
        let how = if once { How::Once } else { How::Append };
        let plain = match event {
            PeerEvent::End => Event::End,
            PeerEvent::Finish => Event::Finish,
            PeerEvent::Close => Event::Close,
            PeerEvent::Error => {
                let id = ListenerId::new(tag::ERROR);
                how.add(&self.host.events.error, id, Rc::new(move |error| listener(Some(error))));
                return id;
            }
        };
        self.on(plain, how, Rc::new(move |()| listener(None)))
    }

    fn forget(&self, id: ListenerId) {
        self.off(id);
    }

    fn destroy(&self, error: Option<Error>) {
        Inner::destroy(self, error);
    }

    fn end(&self) {
        Inner::end(self, None);
    }

    fn next_tick(&self, task: Task) {
        self.host.lp.next_tick(task);
    }
}

/// What both sides say alike.
fn side(flags: &Flags) -> PeerSide {
    PeerSide {
        state: flags.any(flag::PRESENT),
        destroyed: flags.any(flag::DESTROYED),
        closed: flags.any(flag::CLOSED),
        errored: flags.any(flag::ERRORED),
        error_emitted: flags.any(flag::ERROR_EMITTED),
        closes: flags.only(flag::AUTO_DESTROY | flag::EMIT_CLOSE, flag::AUTO_DESTROY | flag::EMIT_CLOSE),
        ..PeerSide::default()
    }
}

impl<W: Chunk, R: Chunk> StreamObject for Inner<Native<W, R>> {
    fn event_loop(&self) -> &EventLoop {
        &self.host.lp
    }
    fn origin(&self) -> Option<Rc<dyn Any>> {
        self.host.hooks.origin()
    }
    fn events(&self) -> &Events {
        &self.host.events
    }
    fn read_flags(&self) -> &Flags {
        &self.r.flags
    }
    fn write_flags(&self) -> &Flags {
        &self.w.flags
    }
    fn read_error(&self) -> Option<Error> {
        self.r.errored.borrow().clone()
    }
    fn write_error(&self) -> Option<Error> {
        self.w.errored.borrow().clone()
    }
    fn is_readable(&self) -> bool {
        Inner::is_readable(self)
    }
    fn is_writable(&self) -> bool {
        Inner::is_writable(self)
    }
    fn error_or_destroy(&self, error: Error) {
        Inner::error_or_destroy(self, error, false);
    }

    fn on(&self, event: Event, how: How, listener: Listener<()>) -> ListenerId {
        let id = ListenerId::new(event as u32);
        let removes = event == Event::Readable && how.is_once();
        let listener = if removes { removing(self, id, listener) } else { listener };
        how.add(self.host.events.of(event), id, listener);
        if event == Event::Readable {
            self.readable_listener_added();
        }
        id
    }

    fn off(&self, id: ListenerId) -> bool {
        match id.tag() {
            tag::ERROR => self.host.events.error.remove(id),
            tag::PIPE => self.host.pipe.remove(id),
            tag::UNPIPE | tag::PIPED => self.host.unpipe.remove(id),
            tag::DATA => {
                let removed = self.host.data.remove(id);
                self.data_listener_removed();
                removed
            }
            plain => {
                let removed =
                    self.host.events.plain.get(plain as usize).is_some_and(|listeners| listeners.remove(id));
                if plain == Event::Readable as u32 {
                    self.tick(crate::host::TickKind::ReadableListeners);
                }
                removed
            }
        }
    }

    fn event_names(&self) -> Vec<&'static str> {
        let host = &self.host;
        let plain =
            PLAIN.iter().filter(|event| !host.events.of(**event).is_empty()).map(|event| event.name());
        let others = [
            ("error", host.events.error.is_empty()),
            ("data", host.data.is_empty()),
            ("pipe", host.pipe.is_empty()),
            ("unpipe", host.unpipe.is_empty()),
        ];
        plain.chain(others.iter().filter(|(_, empty)| !empty).map(|(name, _)| *name)).collect()
    }

    fn listeners_of(&self, name: &str) -> usize {
        let host = &self.host;
        match name {
            "error" => host.events.error.len(),
            "data" => host.data.len(),
            "pipe" => host.pipe.len(),
            "unpipe" => host.unpipe.len(),
            _ => named(name).map_or(0, |event| host.events.of(event).len()),
        }
    }

    fn remove_named(&self, name: &str) {
        let host = &self.host;
        match name {
            "error" => host.events.error.clear(),
            "pipe" => host.pipe.clear(),
            "unpipe" => host.unpipe.clear(),
            "data" => {
                host.data.clear();
                self.data_listener_removed();
            }
            _ => named(name).into_iter().for_each(|event| self.remove_all(Some(event))),
        }
    }

    fn remove_all(&self, event: Option<Event>) {
        let host = &self.host;
        match event {
            Some(event) => host.events.of(event).clear(),
            None => {
                host.events.clear();
                host.data.clear();
                host.pipe.clear();
                host.unpipe.clear();
                self.data_listener_removed();
            }
        }
        if event.is_none_or(|event| event == Event::Readable) {
            self.tick(crate::host::TickKind::ReadableListeners);
        }
    }
}

/// The events that carry nothing.
const PLAIN: [Event; 8] = [
    Event::Readable,
    Event::End,
    Event::Pause,
    Event::Resume,
    Event::Drain,
    Event::Prefinish,
    Event::Finish,
    Event::Close,
];

fn named(name: &str) -> Option<Event> {
    PLAIN.into_iter().find(|event| event.name() == name)
}

/// A listener that runs once tells the machine that it is gone before it runs.
fn removing<W: Chunk, R: Chunk, A: 'static>(
    stream: &Inner<Native<W, R>>,
    id: ListenerId,
    listener: Listener<A>,
) -> Listener<A> {
    let stream = Rc::downgrade(&stream.machine().0);
    Rc::new(move |arg| {
        if let Some(stream) = stream.upgrade() {
            stream.off(id);
        }
        listener(arg);
    })
}

impl<W: Chunk, R: Chunk> ReadableObject<R> for Inner<Native<W, R>> {
    fn state(&self) -> &ReadState<R> {
        &self.r
    }
    fn data(&self) -> &ListenerList<OnData<R>> {
        &self.host.data
    }
    fn pipes(&self) -> &RefCell<Vec<Weak<dyn WritableObject<R>>>> {
        &self.host.pipes
    }
    fn read(&self, size: Option<usize>) -> Option<R> {
        Inner::read(self, size)
    }
    fn push(&self, chunk: Option<R>) -> bool {
        Inner::push(self, chunk)
    }
    fn try_push(&self, chunk: R) -> Result<bool> {
        if R::SPLITS && !self.r.flags.any(flag::OBJECT_MODE) {
            chunk.check_units()?;
        }
        Ok(self.push_chunk(chunk, false))
    }
    fn push_text(&self, text: R) -> bool {
        self.push_chunk(text, true)
    }
    fn set_encoding(&self, encoding: Encoding) {
        Inner::set_encoding(self, encoding);
    }
    fn unshift(&self, chunk: Option<R>) -> bool {
        Inner::unshift(self, chunk)
    }
    fn pause(&self) {
        Inner::pause(self);
    }
    fn resume(&self) {
        Inner::resume(self);
    }
    fn is_paused(&self) -> bool {
        Inner::is_paused(self)
    }

    fn on_data(&self, how: How, listener: Listener<R>) -> ListenerId {
        let id = ListenerId::new(tag::DATA);
        let listener = if how.is_once() { removing(self, id, listener) } else { listener };
        how.add(&self.host.data, id, OnData::Function(listener));
        self.data_listener_added();
        id
    }

    fn feed(&self, feed: Rc<Feed<R>>) -> ListenerId {
        let id = ListenerId::new(tag::DATA);
        self.host.data.append(id, OnData::Pipe(feed));
        self.data_listener_added();
        id
    }
}

impl<W: Chunk, R: Chunk> WritableObject<W> for Inner<Native<W, R>> {
    fn state(&self) -> &WriteState<W> {
        &self.w
    }
    fn pipe_events(&self) -> &Listeners<PipeEvent<W>> {
        &self.host.pipe
    }
    fn unpipe_events(&self) -> &Listeners<PipeEvent<W>> {
        &self.host.unpipe
    }
    fn write(&self, chunk: W, callback: Option<Callback>) -> bool {
        Inner::write(self, chunk, callback).unwrap_or(false)
    }
    fn take_in(&self, chunk: W) -> bool {
        Inner::write(self, chunk, None).unwrap_or(false)
    }
    fn end_with(&self, chunk: Option<W>, callback: Option<Callback>) {
        match chunk {
            Some(chunk) => Inner::end_with(self, chunk, callback),
            None => Inner::end(self, callback),
        }
    }
    fn cork(&self) {
        Inner::cork(self);
    }
    fn uncork(&self) {
        Inner::uncork(self);
    }
    fn needs_drain(&self) -> bool {
        Inner::needs_drain(self)
    }
}
